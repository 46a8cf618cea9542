/// @file canonical.h
/// JSON in the one form of RFC 8785, so that a signature holds whoever wrote the text: no blanks, members ordered by
/// their names' UTF-16 code units, numbers as ECMAScript writes them, only the escapes that are needed.
///
/// Values are jansson's. A number is a double there and here: an integer beyond ±(2^53 - 1) has no exact form and is
/// refused, both ways; whoever needs one (an id, a seed) writes it as a text of digits. U+0000 is refused in texts.
#ifndef INFINITY_SOULS_CANONICAL_H
#define INFINITY_SOULS_CANONICAL_H

#include "souls/fault.h"

#include <jansson.h>
#include <stdint.h>

/// Largest text of one soul or one record, and deepest nesting.
#define INF_CANONICAL_BYTES_MAX (1024u * 1024u)
#define INF_CANONICAL_DEPTH_MAX 32
/// Largest integer that is a double exactly, with all its neighbours.
#define INF_CANONICAL_INTEGER_MAX INT64_C(9007199254740991)
#define INF_CANONICAL_NUMBER_BYTES 32

/// Write a value. @param out_bytes length without the terminating zero; may be null
/// @return free() it; null: NUMBER, DEPTH or MEMORY
char* inf_canonical_text(const json_t* value, size_t* out_bytes, InfSoulsError* error);
/// As inf_canonical_text(), after a prefix that is put in front and without those members of the outermost object
/// whose names are listed: what is signed.
/// @param left_out  ended by null; may be null
char* inf_canonical_text_without(const json_t* value, const char* prefix, const char* const* left_out, size_t* out_bytes,
                                 InfSoulsError* error);

/// As inf_canonical_text(), of an object of which one member stands there as a canonical text already: that goes in where
/// the object has some value of that name.
char* inf_canonical_text_with(const json_t* object, const char* name, const char* text, size_t byte_count, size_t* out_bytes,
                              InfSoulsError* error);

typedef enum InfCanonicalForm {
    INF_CANONICAL_STRICT, ///< the bytes must be the canonical form themselves (one final newline is forgiven)
    INF_CANONICAL_ANY,    ///< any layout and order; doubled names are refused all the same
} InfCanonicalForm;

/// Read a text that somebody else wrote. Integers beyond what is exact are told when it is written again.
/// @return json_decref() it; null: SIZE, DEPTH, TRUNCATED, JSON, NUMBER, CANONICAL or MEMORY
json_t* inf_canonical_read(const char* text, size_t byte_count, size_t bytes_max, InfCanonicalForm form,
                           InfSoulsError* error);

/// A finite number as ECMAScript's Number.toString writes it: the fewest digits that give the same double, the
/// nearest of those. @return false: not finite
bool inf_canonical_number(double value, char out[INF_CANONICAL_NUMBER_BYTES]);
/// Order of two member names (UTF-8): by UTF-16 code units. Negative, 0 or positive.
int inf_canonical_compare(const char* left, const char* right);

#define INF_SHA256_BYTES 32
void inf_canonical_hash(const void* bytes, size_t byte_count, uint8_t out[INF_SHA256_BYTES]);

/// Lower-case hexadecimal digits, the only form that is read. @param out room for 2 * byte_count + 1
char* inf_hex_write(const uint8_t* bytes, size_t byte_count, char* out);
/// @return false: not exactly 2 * byte_count digits; out is then zeroed
bool inf_hex_read(const char* text, uint8_t* out, size_t byte_count);

#endif
