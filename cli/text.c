// Words for people; see text.h.
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BYTES 63

int cli_text_distance(const char* left, const char* right) {
    // Optimal string alignment: rows[i % 3][j] is the distance of the first i and j letters.
    int rows[3][WORD_BYTES + 1];
    size_t left_bytes = strnlen(left, WORD_BYTES), right_bytes = strnlen(right, WORD_BYTES);
    for (size_t j = 0; j <= right_bytes; j++) rows[0][j] = (int)j;
    for (size_t i = 1; i <= left_bytes; i++) {
        int *now = rows[i % 3], *before = rows[(i + 2) % 3], *before_that = rows[(i + 1) % 3];
        int l = tolower((unsigned char)left[i - 1]);
        now[0] = (int)i;
        for (size_t j = 1; j <= right_bytes; j++) {
            int r = tolower((unsigned char)right[j - 1]);
            int best = before[j - 1] + (l != r);
            if (before[j] + 1 < best) best = before[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && l == tolower((unsigned char)right[j - 2]) &&
                r == tolower((unsigned char)left[i - 2]) && before_that[j - 2] + 1 < best) {
                best = before_that[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return rows[left_bytes % 3][right_bytes];
}

const char* cli_text_nearest(const char* word, const char* const* words, size_t word_count) {
    const char* nearest = NULL;
    int allowed = strlen(word) < 5 ? 2 : (int)strlen(word) / 3 + 1;
    for (size_t i = 0; i < word_count; i++) {
        int distance = cli_text_distance(word, words[i]);
        // A distance as long as the known word would suggest anything for everything.
        if (distance < (int)strlen(words[i]) && distance <= allowed) {
            allowed = distance - 1;
            nearest = words[i];
        }
    }
    return nearest;
}

bool cli_text_read_u64(const char* text, uint64_t min, uint64_t max, uint64_t* out) {
    bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char* digits = is_hex ? text + 2 : text;
    if (digits[0] == '\0' || !isxdigit((unsigned char)digits[0])) return false;
    char* end;
    errno = 0;
    uint64_t value = strtoull(digits, &end, is_hex ? 16 : 10);
    if (errno != 0 || *end != '\0' || end == digits || value < min || value > max) return false;
    *out = value;
    return true;
}

const char* cli_text_count(char out[CLI_TEXT_BYTES], int64_t value) {
    char digits[CLI_TEXT_BYTES];
    uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    int digit_count = snprintf(digits, sizeof digits, "%" PRIu64, magnitude);
    char* to = out;
    if (value < 0) *to++ = '-';
    for (int i = 0; i < digit_count; i++) {
        if (i > 0 && (digit_count - i) % 3 == 0) *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

const char* cli_text_credits(char out[CLI_TEXT_BYTES], int64_t credits) {
    cli_text_count(out, credits);
    strcat(out, " \u20a1"); // at most 26 + 4 bytes
    return out;
}

const char* cli_text_bytes(char out[CLI_TEXT_BYTES], uint64_t bytes) {
    static const char* const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    double value = (double)bytes;
    size_t unit = 0;
    while (value >= 999.95 && unit + 1 < sizeof units / sizeof *units) value /= 1000, unit++;
    snprintf(out, CLI_TEXT_BYTES, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return out;
}

const char* cli_text_seconds(char out[CLI_TEXT_BYTES], uint64_t seconds) {
    uint64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    if (seconds < 60) snprintf(out, CLI_TEXT_BYTES, "%" PRIu64 " s", seconds);
    else if (minutes < 60) snprintf(out, CLI_TEXT_BYTES, "%" PRIu64 " min %" PRIu64 " s", minutes, seconds % 60);
    else if (hours < 24) snprintf(out, CLI_TEXT_BYTES, "%" PRIu64 " h %" PRIu64 " min", hours, minutes % 60);
    else snprintf(out, CLI_TEXT_BYTES, "%" PRIu64 " d %" PRIu64 " h", days, hours % 24);
    return out;
}

void cli_text_clean(char* text) {
    // C0, DEL, and the C1 range as UTF-8 (C2 80 .. C2 9F).
    for (unsigned char* at = (unsigned char*)text; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7f) *at = '?';
        else if (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f) at[0] = at[1] = '?';
    }
}
