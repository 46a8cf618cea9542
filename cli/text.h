/// @file text.h
/// Words for people: numbers, money, times and sizes, and the nearest of some known words.
#ifndef INFINITY_CLI_TEXT_H
#define INFINITY_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLI_TEXT_BYTES 48

/// Edits (insert, delete, replace, swap neighbours) from one word to the other; capital letters are the same.
/// Words longer than 63 bytes are cut for this.
int cli_text_distance(const char* left, const char* right);
/// The word that was probably meant, or null when none is near. Ties: the first.
const char* cli_text_nearest(const char* word, const char* const* words, size_t word_count);

/// The whole text is one number, decimal or 0x…; no sign, no blanks. @return false: not a number, or outside [min, max]
bool cli_text_read_u64(const char* text, uint64_t min, uint64_t max, uint64_t* out);

/// Each writes to `out` and returns it.
const char* cli_text_count(char out[CLI_TEXT_BYTES], int64_t value);            ///< 1,234
const char* cli_text_credits(char out[CLI_TEXT_BYTES], int64_t credits);        ///< 1,234 ₡
const char* cli_text_bytes(char out[CLI_TEXT_BYTES], uint64_t bytes);           ///< 9.8 MB
const char* cli_text_seconds(char out[CLI_TEXT_BYTES], uint64_t seconds);       ///< 3 min 20 s

/// Replace control characters, so that a name from elsewhere cannot steer the terminal. Changes `text`.
void cli_text_clean(char* text);

#endif
