// RFC 8785 over jansson values; see canonical.h.
//
// Shortest digits: for 1 to 17 digits, take the correctly rounded decimal and look whether it reads back as the same
// double. At a power of two the doubles below lie closer than those above, and the nearest decimal of some length may
// read as another double while the next one up reads back (5.684341886080802e-14 is 2^-44), so that one is tried too.
// Digits and exponent are printed without a decimal point: no locale can get in between.
#include "souls/canonical.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

static bool reads_back(uint64_t digits, int exponent, double value)
{
    char text[48];
    snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, exponent);
    return strtod(text, NULL) == value;
}

// Up to three decimals, as most numbers that people write have: two decimals of at most 15 digits are never the same
// double, so if this one is the value, no shorter one is.
static int decimals_find(double value, char digits[24], int* out_exponent)
{
    if (value < 0.001 || value >= 1e9) return 0;
    uint64_t number = (uint64_t)(value * 1000.0 + 0.5);
    if ((double)number / 1000.0 != value) return 0;
    int exponent = -3;
    while (number % 10 == 0) number /= 10, exponent++;
    int written = 0;
    char back[24];
    for (; number != 0; number /= 10) back[written++] = (char)('0' + number % 10);
    for (int i = 0; i < written; i++) digits[i] = back[written - 1 - i];
    digits[written] = '\0';
    *out_exponent = written + exponent;
    return written;
}

// value > 0. *out_exponent: value is 0.DIGITS times ten to it (ECMAScript's n). @return how many digits
static int digits_find(double value, char digits[24], int* out_exponent)
{
    int plain = decimals_find(value, digits, out_exponent);
    if (plain > 0) return plain;
    for (int count = 1; count <= 17; count++) {
        char text[48];
        snprintf(text, sizeof text, "%.*e", count - 1, value);
        uint64_t number = 0;
        const char* at = text;
        for (; *at != 'e'; at++) {
            if (*at >= '0' && *at <= '9') number = number * 10 + (uint64_t)(*at - '0');
        }
        int exponent = atoi(at + 1) - (count - 1);
        if (!reads_back(number, exponent, value)) {
            int power;
            if (frexp(value, &power) != 0.5 || !reads_back(number + 1, exponent, value)) continue;
            number++;
        }
        int written = snprintf(digits, 24, "%llu", (unsigned long long)number);
        *out_exponent = written + exponent;
        while (written > 1 && digits[written - 1] == '0') digits[--written] = '\0';
        return written;
    }
    __builtin_unreachable(); // 17 digits always read back
}

bool inf_canonical_number(double value, char out[INF_CANONICAL_NUMBER_BYTES])
{
    if (!isfinite(value)) return false;
    if (value == 0) {
        memcpy(out, "0", 2);
        return true;
    }
    if (value < 0) *out++ = '-', value = -value;
    char digits[24];
    int n, k = digits_find(value, digits, &n);
    if (k <= n && n <= 21) {
        memcpy(out, digits, (size_t)k);
        memset(out + k, '0', (size_t)(n - k));
        out[n] = '\0';
    } else if (0 < n && n <= 21) {
        memcpy(out, digits, (size_t)n);
        out[n] = '.';
        memcpy(out + n + 1, digits + n, (size_t)(k - n) + 1);
    } else if (-6 < n && n <= 0) {
        memcpy(out, "0.", 2);
        memset(out + 2, '0', (size_t)-n);
        memcpy(out + 2 - n, digits, (size_t)k + 1);
    } else {
        *out++ = digits[0];
        if (k > 1) {
            *out++ = '.';
            memcpy(out, digits + 1, (size_t)k - 1);
            out += k - 1;
        }
        int power = n - 1; // three digits at most
        *out++ = 'e';
        *out++ = power < 0 ? '-' : '+';
        snprintf(out, 4, "%u", (unsigned)abs(power) % 1000);
    }
    return true;
}

// ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────

typedef struct Out {
    char* bytes;
    size_t count, capacity;
    InfSoulsError* error;
    bool ok;
} Out;

// What is different in the outermost object.
typedef struct Outermost {
    const char* const* left_out; // or null
    const char *name, *text;     // a member whose text is there, or null
    size_t byte_count;
} Outermost;

static bool out_room(Out* out, size_t more)
{
    if (!out->ok) return false;
    if (out->capacity - out->count > more) return true; // one is kept for the final zero
    size_t capacity = (out->capacity + more) * 2;
    char* bytes = realloc(out->bytes, capacity);
    if (bytes == NULL) return out->ok = inf_souls_fail(out->error, INF_SOULS_MEMORY, "%s", "");
    out->bytes = bytes;
    out->capacity = capacity;
    return true;
}

static void out_put(Out* out, const char* bytes, size_t count)
{
    if (!out_room(out, count)) return;
    memcpy(out->bytes + out->count, bytes, count);
    out->count += count;
}

static void write_text(Out* out, const char* text, size_t count)
{
    if (!out_room(out, 2 + count)) return;
    out_put(out, "\"", 1);
    size_t plain = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out_put(out, text + plain, i - plain);
        plain = i + 1;
        char escape[8] = {'\\', (char)c, 0};
        switch (c) {
        case '"': case '\\': break;
        case '\b': escape[1] = 'b'; break;
        case '\t': escape[1] = 't'; break;
        case '\n': escape[1] = 'n'; break;
        case '\f': escape[1] = 'f'; break;
        case '\r': escape[1] = 'r'; break;
        default: snprintf(escape, sizeof escape, "\\u%04x", c); break;
        }
        out_put(out, escape, strlen(escape));
    }
    out_put(out, text + plain, count - plain);
    out_put(out, "\"", 1);
}

int inf_canonical_compare(const char* left, const char* right)
{
    const unsigned char *a = (const unsigned char*)left, *b = (const unsigned char*)right;
    while (*a == *b && *a != 0) a++, b++;
    // UTF-8 keeps the order of code points; UTF-16 puts those above U+FFFF (lead byte F0 and up) before U+E000 to
    // U+FFFF (lead byte EE or EF). The bytes that differ first are lead bytes whenever this matters.
    if (*a >= 0xee && *b >= 0xee && (*a >= 0xf0) != (*b >= 0xf0)) return *a >= 0xf0 ? -1 : 1;
    return (int)*a - (int)*b;
}

typedef struct Member {
    const char* name;
    const json_t* value;
} Member;

static int compare_members(const void* left, const void* right)
{
    return inf_canonical_compare(((const Member*)left)->name, ((const Member*)right)->name);
}

// Small objects, most often in order already, are not worth a call of qsort.
static void members_sort(Member* members, size_t count)
{
    if (count > 64) {
        qsort(members, count, sizeof *members, compare_members);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        Member member = members[i];
        size_t at = i;
        for (; at > 0 && inf_canonical_compare(members[at - 1].name, member.name) > 0; at--) members[at] = members[at - 1];
        members[at] = member;
    }
}

static bool is_left_out(const char* name, const Outermost* outermost)
{
    for (const char* const* left_out = outermost != NULL ? outermost->left_out : NULL; left_out != NULL && *left_out != NULL; left_out++) {
        if (strcmp(name, *left_out) == 0) return true;
    }
    return false;
}

static void write_value(Out* out, const json_t* value, int depth, const Outermost* outermost);

static void write_object(Out* out, const json_t* object, int depth, const Outermost* outermost)
{
    enum { MEMBERS_NEAR = 64 };
    Member near[MEMBERS_NEAR];
    size_t count = 0, room = json_object_size(object);
    Member* members = room <= MEMBERS_NEAR ? near : malloc(room * sizeof *members);
    if (members == NULL) {
        out->ok = inf_souls_fail(out->error, INF_SOULS_MEMORY, "%s", "");
        return;
    }
    for (void* at = json_object_iter((json_t*)object); at != NULL; at = json_object_iter_next((json_t*)object, at)) {
        Member member = {json_object_iter_key(at), json_object_iter_value(at)};
        if (!is_left_out(member.name, outermost)) members[count++] = member;
    }
    members_sort(members, count);
    out_put(out, "{", 1);
    for (size_t i = 0; i < count && out->ok; i++) {
        if (i > 0) out_put(out, ",", 1);
        write_text(out, members[i].name, strlen(members[i].name));
        out_put(out, ":", 1);
        bool is_there = outermost != NULL && outermost->name != NULL && strcmp(members[i].name, outermost->name) == 0;
        if (is_there) out_put(out, outermost->text, outermost->byte_count);
        else write_value(out, members[i].value, depth + 1, NULL);
    }
    out_put(out, "}", 1);
    if (members != near) free(members);
}

// Digits of an integer, from the back. @return where they begin; the text ends with out + 23
static const char* digits_of(int64_t integer, char out[24])
{
    char* at = out + 23;
    uint64_t rest = integer < 0 ? -(uint64_t)integer : (uint64_t)integer;
    *at = '\0';
    do *--at = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (integer < 0) *--at = '-';
    return at;
}

static void write_number(Out* out, const json_t* value)
{
    char text[INF_CANONICAL_NUMBER_BYTES];
    if (json_is_integer(value)) {
        json_int_t integer = json_integer_value(value);
        if (integer > INF_CANONICAL_INTEGER_MAX || integer < -INF_CANONICAL_INTEGER_MAX) {
            out->ok = inf_souls_fail(out->error, INF_SOULS_NUMBER, "%lld", (long long)integer);
            return;
        }
        const char* digits = digits_of(integer, text);
        out_put(out, digits, (size_t)(text + 23 - digits));
        return;
    } else if (!inf_canonical_number(json_real_value(value), text)) {
        out->ok = inf_souls_fail(out->error, INF_SOULS_NUMBER, "not finite");
        return;
    }
    out_put(out, text, strlen(text));
}

static void write_value(Out* out, const json_t* value, int depth, const Outermost* outermost)
{
    if (!out->ok) return;
    if (depth > INF_CANONICAL_DEPTH_MAX) {
        out->ok = inf_souls_fail(out->error, INF_SOULS_DEPTH, "%s", "");
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT: write_object(out, value, depth, outermost); break;
    case JSON_ARRAY:
        out_put(out, "[", 1);
        for (size_t i = 0; i < json_array_size(value) && out->ok; i++) {
            if (i > 0) out_put(out, ",", 1);
            write_value(out, json_array_get(value, i), depth + 1, NULL);
        }
        out_put(out, "]", 1);
        break;
    case JSON_STRING: write_text(out, json_string_value(value), json_string_length(value)); break;
    case JSON_INTEGER: case JSON_REAL: write_number(out, value); break;
    case JSON_TRUE: out_put(out, "true", 4); break;
    case JSON_FALSE: out_put(out, "false", 5); break;
    case JSON_NULL: out_put(out, "null", 4); break;
    }
}

static char* text_of(const json_t* value, const char* prefix, const Outermost* outermost, size_t* out_bytes, InfSoulsError* error)
{
    Out out = {malloc(1024), 0, 1024, error, true};
    if (out.bytes == NULL || value == NULL) {
        free(out.bytes);
        inf_souls_fail(error, INF_SOULS_MEMORY, "%s", "");
        return NULL;
    }
    out_put(&out, prefix, strlen(prefix));
    write_value(&out, value, 1, outermost);
    if (!out.ok) {
        free(out.bytes);
        return NULL;
    }
    out.bytes[out.count] = '\0';
    if (out_bytes != NULL) *out_bytes = out.count;
    return out.bytes;
}

char* inf_canonical_text_without(const json_t* value, const char* prefix, const char* const* left_out, size_t* out_bytes,
                                 InfSoulsError* error)
{
    return text_of(value, prefix, &(Outermost){.left_out = left_out}, out_bytes, error);
}

char* inf_canonical_text_with(const json_t* object, const char* name, const char* text, size_t byte_count, size_t* out_bytes,
                              InfSoulsError* error)
{
    return text_of(object, "", &(Outermost){.name = name, .text = text, .byte_count = byte_count}, out_bytes, error);
}

char* inf_canonical_text(const json_t* value, size_t* out_bytes, InfSoulsError* error)
{
    return text_of(value, "", NULL, out_bytes, error);
}

// ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

// jansson goes down by calling itself, so the depth is looked at before it begins. Wrong JSON is its to tell.
static bool depth_fits(const char* text, size_t byte_count)
{
    int depth = 0;
    bool is_text = false;
    for (size_t i = 0; i < byte_count; i++) {
        char c = text[i];
        if (is_text) {
            if (c == '\\') i++;
            else if (c == '"') is_text = false;
        } else if (c == '"') {
            is_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > INF_CANONICAL_DEPTH_MAX) return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}

// Does the text end inside a word, a number, an escape or a character? Then it was cut off: a whole text ends with a
// bracket, and one that is cut behind a bracket is told so by jansson.
static bool ends_inside_token(const char* text, size_t byte_count, const json_error_t* fault)
{
    size_t begin = 0;
    while (begin < byte_count && strchr(" \t\r\n", text[begin]) != NULL) begin++;
    if (begin == byte_count || (text[begin] != '{' && text[begin] != '[')) return false;
    while (byte_count > 0 && strchr(" \t\r\n", text[byte_count - 1]) != NULL) byte_count--;
    return byte_count > 0 && text[byte_count - 1] != '}' && text[byte_count - 1] != ']' &&
           json_error_code(fault) == json_error_invalid_syntax && fault->position >= 0 &&
           (size_t)fault->position >= byte_count;
}

static bool ends_inside_character(const char* text, size_t byte_count)
{
    size_t back = 1;
    while (back <= 3 && back <= byte_count && ((unsigned char)text[byte_count - back] & 0xc0) == 0x80) back++;
    if (back > 3 || back > byte_count) return false;
    unsigned char lead = (unsigned char)text[byte_count - back];
    return lead >= 0xc2 && lead <= 0xf4 && back < (lead >= 0xf0 ? 4u : lead >= 0xe0 ? 3u : 2u);
}

json_t* inf_canonical_read(const char* text, size_t byte_count, size_t bytes_max, InfCanonicalForm form,
                           InfSoulsError* error)
{
    if (byte_count > bytes_max) {
        inf_souls_fail(error, INF_SOULS_SIZE, "%zu bytes, at most %zu", byte_count, bytes_max);
        return NULL;
    }
    if (!depth_fits(text, byte_count)) {
        inf_souls_fail(error, INF_SOULS_DEPTH, "at most %d", INF_CANONICAL_DEPTH_MAX);
        return NULL;
    }
    json_error_t fault;
    json_t* value = json_loadb(text, byte_count, JSON_REJECT_DUPLICATES, &fault);
    if (value == NULL) {
        enum json_error_code code = json_error_code(&fault);
        bool is_cut = code == json_error_premature_end_of_input || ends_inside_character(text, byte_count) ||
                      ends_inside_token(text, byte_count, &fault);
        inf_souls_fail(error,
                       is_cut                                    ? INF_SOULS_TRUNCATED
                       : code == json_error_numeric_overflow     ? INF_SOULS_NUMBER
                       : code == json_error_out_of_memory        ? INF_SOULS_MEMORY
                                                                 : INF_SOULS_JSON,
                       "line %d, column %d", fault.line, fault.column);
        return NULL;
    }
    if (form == INF_CANONICAL_ANY) return value;
    size_t again_bytes = 0;
    char* again = inf_canonical_text(value, &again_bytes, error);
    if (again != NULL) {
        if (byte_count == again_bytes + 1 && text[again_bytes] == '\n') byte_count--;
        if (byte_count != again_bytes || memcmp(text, again, again_bytes) != 0) {
            size_t at = 0;
            while (at < byte_count && at < again_bytes && text[at] == again[at]) at++;
            inf_souls_fail(error, INF_SOULS_CANONICAL, "at byte %zu", at);
            free(again);
            again = NULL;
        }
    }
    if (again == NULL) {
        json_decref(value);
        return NULL;
    }
    free(again);
    return value;
}

// ── hashes and digits ────────────────────────────────────────────────────────────────────────────────────────────

_Static_assert(crypto_hash_sha256_BYTES == INF_SHA256_BYTES, "as the header says");

void inf_canonical_hash(const void* bytes, size_t byte_count, uint8_t out[INF_SHA256_BYTES])
{
    crypto_hash_sha256(out, bytes, byte_count);
}

char* inf_hex_write(const uint8_t* bytes, size_t byte_count, char* out)
{
    for (size_t i = 0; i < byte_count; i++) {
        out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    out[2 * byte_count] = '\0';
    return out;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool inf_hex_read(const char* text, uint8_t* out, size_t byte_count)
{
    bool is_well = text != NULL && strlen(text) == 2 * byte_count;
    for (size_t i = 0; is_well && i < byte_count; i++) {
        int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        is_well = high >= 0 && low >= 0;
        if (is_well) out[i] = (uint8_t)(high << 4 | low);
    }
    if (!is_well) memset(out, 0, byte_count);
    return is_well;
}
