// Words of a text as hashes, and how much they tell; see likeness.h.
#include "mind/likeness.h"

#include "infinity/hash.h"

#include <string.h>

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 || c == '\'';
}

/// Words that stand in every text and tell nothing, normalised.
static bool is_common(const char* word, uint32_t bytes)
{
    static const char common[][8] = {
        "the", "and", "for", "are", "was", "were", "with", "that", "thi", "you", "your", "from", "have", "has",
        "had", "not", "but", "all", "can", "she", "her", "him", "they", "them", "their", "our", "out", "what",
        "who", "how", "when", "where", "there", "here", "then", "than", "will", "would", "could", "should",
        "into", "about", "just", "its", "been", "being", "doe", "did", "very", "some", "any", "one", "too",
        "also", "over", "again", "now", "see", "say", "said", "look", "like", "know", "get", "got", "let",
        "may", "must", "such", "these", "those", "which", "while", "because"};
    char padded[8] = {0};
    if (bytes >= sizeof padded) {
        return false;
    }
    memcpy(padded, word, bytes);
    for (uint32_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (memcmp(common[i], padded, sizeof padded) == 0) {
            return true;
        }
    }
    return false;
}

/// The normalised form; its length, 0 if it does not count.
static uint32_t normalise(const char* word, uint32_t bytes, char out[INF_WORD_BYTES])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < bytes && count < INF_WORD_BYTES; i++) {
        char c = word[i];
        if (c != '\'') {
            out[count++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    if (count > 3 && out[count - 1] == 's' && out[count - 2] != 's') {
        count--;
    }
    return count < 3 || is_common(out, count) ? 0 : count;
}

uint32_t inf_words_find(const InfWords* words, uint32_t hash)
{
    for (uint32_t i = 0; i < words->count; i++) {
        if (words->hashes[i] == hash) {
            return i + 1;
        }
    }
    return 0;
}

void inf_words_split(const char* text, uint32_t text_bytes, InfWords* out)
{
    out->count = 0;
    uint32_t at = 0;
    while (at < text_bytes && text[at] != '\0' && out->count < INF_WORDS_MAX) {
        uint32_t start = at;
        while (at < text_bytes && text[at] != '\0' && is_letter((uint8_t)text[at])) {
            at++;
        }
        if (at == start) {
            at++;
            continue;
        }
        char normal[INF_WORD_BYTES];
        uint32_t bytes = normalise(text + start, at - start, normal);
        if (bytes == 0) {
            continue;
        }
        uint32_t hash = (uint32_t)inf_hash_bytes(normal, bytes, 0);
        hash = hash == 0 ? 1 : hash;
        if (inf_words_find(out, hash) == 0) {
            out->hashes[out->count] = hash;
            out->starts[out->count] = (uint16_t)start;
            out->bytes[out->count++] = (uint8_t)(at - start > 255 ? 255 : at - start);
        }
    }
}

uint64_t inf_words_signature(const InfWords* words)
{
    uint64_t signature = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        signature |= UINT64_C(1) << (words->hashes[i] & 63u);
    }
    return signature;
}

uint32_t inf_word_weight(uint32_t texts)
{
    return 1000u / (2u + texts) + 1u;
}

void inf_text_quote(const char* text, char* out, uint32_t out_bytes)
{
    static const char more[] = " ...";
    uint32_t room = out_bytes - 1, count = 0, blank = 0;
    while (text[count] != '\0' && count < room) {
        count++;
    }
    if (text[count] == '\0') {
        memcpy(out, text, count);
    } else {
        room -= (uint32_t)sizeof more - 1;
        for (uint32_t i = 0; i <= room; i++) {
            blank = text[i] == ' ' ? i : blank;
        }
        count = blank != 0 ? blank : room;
        while (count > 0 && ((uint8_t)text[count] & 0xc0u) == 0x80u) {
            count--; // not inside a character
        }
        memcpy(out, text, count);
        memcpy(out + count, more, sizeof more - 1);
        count += (uint32_t)sizeof more - 1;
    }
    while (count > 0 && (out[count - 1] == ' ' || out[count - 1] == '.') && text[count] == '\0') {
        count--; // the sentence that it is quoted in brings its own stop
    }
    out[count] = '\0';
}
