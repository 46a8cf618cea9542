/// @file senses.h
/// What an awake galaxy's host perceives, on its way in: pictures kept by content, the host's token, and the form of a
/// sense. Knows files, no world; safe from any thread.
#ifndef INFINITY_SERVER_SENSES_H
#define INFINITY_SERVER_SENSES_H

#include <infinity/message.h>

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INF_PICTURE_BYTES_MAX (2u << 20)
#define INF_PICTURE_HASH_BYTES 32
/// Hexadecimal digits and a terminator.
#define INF_HOST_TOKEN_BYTES 65

/// What a picture is by its first bytes: "image/png", "image/jpeg", "image/webp". @return null: none of these
const char* inf_picture_type(const uint8_t* bytes, size_t byte_count);
/// Keep a picture in FOLDER/senses/<hash>, durable when this returns; the same picture again costs nothing.
/// @return null if it is kept, else a sentence that says what is wrong with it, or with the disk
const char* inf_picture_keep(const char* folder, const uint8_t* bytes, size_t byte_count, uint8_t hash[INF_PICTURE_HASH_BYTES]);
/// @param hex  64 lower-case hexadecimal digits, all else is refused  @return malloc'd bytes, or null
uint8_t* inf_picture_load(const char* folder, const char* hex, size_t* byte_count);
/// Is it kept?
bool inf_picture_is_kept(const char* folder, const uint8_t hash[INF_PICTURE_HASH_BYTES]);
/// Remove what is in FOLDER/senses and not needed, if it is a day old. @return how many were removed
size_t inf_pictures_sweep(const char* folder, bool (*is_needed)(void* user, const uint8_t hash[INF_PICTURE_HASH_BYTES]), void* user);

/// The host's token in FOLDER/host.token (mode 600), drawn when missing. @return null if fine, else what is wrong
const char* inf_host_token_ensure(const char* folder, char out[INF_HOST_TOKEN_BYTES]);

/// Bring a posted sense into one form: {"kind": 0 text | 1 picture | 2 transcript, "source", "text", "hash"}. Runs of
/// blanks and line ends become one blank. @param body  {"kind"?, "source"?, "text"?, "picture"?: hash}
/// @return null if fine (*out is the caller's), else a sentence that says what is wrong
const char* inf_sense_read(const json_t* body, json_t** out);
/// That form as an input.
void inf_sense_to_input(const json_t* sense, InfInputSense* out);
/// Is an input a sense that may be perceived? The same rules, for who sends inputs; whether a picture is kept is not
/// looked at. @return null if it is, else what is wrong, for the sender
const char* inf_sense_check(const InfInputSense* sense);

#endif
