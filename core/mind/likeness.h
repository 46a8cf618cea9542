/// @file likeness.h
/// Likeness of texts: how a mind finds what a word reminds it of. Integers only, the same on every machine.
///
/// A text becomes the set of its words, each as a hash of its normalised form: ASCII letters in lower case, apostrophes
/// dropped, a plain plural's s dropped, nothing shorter than three bytes and none of the words that every text has.
/// The signature has one bit of 64 per word: two texts without a bit in common have no word in common.
#ifndef INF_CORE_LIKENESS_H
#define INF_CORE_LIKENESS_H

#include "infinity/base.h"

#define INF_WORDS_MAX 96u
#define INF_WORD_BYTES 32u

typedef struct InfWords {
    uint32_t count;
    uint32_t hashes[INF_WORDS_MAX]; ///< of the normalised words, each once, in the order of the text; never 0
    uint16_t starts[INF_WORDS_MAX]; ///< where it stands in the text
    uint8_t bytes[INF_WORDS_MAX];   ///< and how long it is there
} InfWords;

/// Up to `text_bytes` bytes or the first zero.
void inf_words_split(const char* text, uint32_t text_bytes, InfWords* out);
uint64_t inf_words_signature(const InfWords* words);
/// Place of a word in the list plus one, 0: not in it.
uint32_t inf_words_find(const InfWords* words, uint32_t hash);
/// What a shared word counts for that stands in `texts` texts: rare words tell more. Above 0.
uint32_t inf_word_weight(uint32_t texts);
/// The beginning of a text, cut between words to below `out_bytes` with an ellipsis if need be.
void inf_text_quote(const char* text, char* out, uint32_t out_bytes);

#endif
