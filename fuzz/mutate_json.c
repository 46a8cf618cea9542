// One change of one value of a JSON document; see mutate_json.h.
#include "fuzz/mutate_json.h"

#include "souls/canonical.h"

#include <infinity/random.h>

#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t* bytes, size_t count, size_t bytes_max);

enum { DOCUMENT_BYTES_MAX = 1 << 16, COPIES_MAX = 64 };

// Where a value hangs: in an object under a name, or in an array at a place.
typedef struct Spot {
    json_t* parent;
    const char* name;
    size_t at;
} Spot;

static size_t spots_count(const json_t* value)
{
    size_t count = 0, i;
    const char* name;
    json_t* child;
    if (json_is_object(value)) {
        json_object_foreach((json_t*)value, name, child) count += 1 + spots_count(child);
    } else {
        json_array_foreach(value, i, child) count += 1 + spots_count(child);
    }
    return count;
}

// *number counts down; at zero the spot is found.
static bool spot_find(json_t* value, size_t* number, Spot* out)
{
    size_t i;
    const char* name;
    json_t* child;
    if (json_is_object(value)) {
        json_object_foreach(value, name, child) {
            if ((*number)-- == 0) {
                *out = (Spot){value, name, 0};
                return true;
            }
            if (spot_find(child, number, out)) return true;
        }
    } else {
        json_array_foreach(value, i, child) {
            if ((*number)-- == 0) {
                *out = (Spot){value, NULL, i};
                return true;
            }
            if (spot_find(child, number, out)) return true;
        }
    }
    return false;
}

static json_t* spot_value(const Spot* spot)
{
    return spot->name != NULL ? json_object_get(spot->parent, spot->name) : json_array_get(spot->parent, spot->at);
}

// Takes the value over.
static void spot_set(const Spot* spot, json_t* value)
{
    if (value == NULL) return;
    if (spot->name != NULL) json_object_set_new(spot->parent, spot->name, value);
    else json_array_set_new(spot->parent, spot->at, value);
}

static void spot_remove(const Spot* spot)
{
    if (spot->name != NULL) json_object_del(spot->parent, spot->name);
    else json_array_remove(spot->parent, spot->at);
}

// At the edges of what numbers and texts may be.
static json_t* edge_value(InfRng* rng)
{
    static const char* const texts[] = {"",  "a", "ab", "abc", "A", "a b", " a", "a ", "a  b", "\n", "\x01", "\xc3\xa9", "x\xcc\x81", "\xcc\x81",
                                        "\xe2\x80\x8b", "\xf0\x9f\x98\x80", "17", "0"};
    char text[256];
    uint64_t kind = inf_rng_below(rng, 10);
    if (kind < 4) { // beside a power of two or of ten
        json_int_t number = 1;
        if (kind < 3) number <<= inf_rng_below(rng, 63);
        else for (uint64_t power = inf_rng_below(rng, 19); power > 0; power--) number *= 10;
        number += (json_int_t)inf_rng_below(rng, 3) - 1;
        return json_integer(inf_rng_below(rng, 4) == 0 ? -number : number);
    }
    if (kind == 4) return json_integer((json_int_t)inf_rng_below(rng, 1100) - 50);
    if (kind == 5) return json_string(texts[inf_rng_below(rng, sizeof texts / sizeof *texts)]);
    if (kind == 6) { // one digit again and again, as many as keys, hashes and ids have, or one more or less
        size_t count = ((size_t)8 << inf_rng_below(rng, 5)) + inf_rng_below(rng, 3) - 1;
        memset(text, "0123456789abcdefF"[inf_rng_below(rng, 17)], count);
        return json_stringn(text, count);
    }
    if (kind == 7) return json_real(((double)inf_rng_below(rng, 1 << 20) - 524288) / (double)(1u << inf_rng_below(rng, 31)));
    switch (inf_rng_below(rng, 5)) {
    case 0: return json_null();
    case 1: return json_true();
    case 2: return json_false();
    case 3: return json_array();
    default: return json_object();
    }
}

static void change(json_t* document, InfRng* rng)
{
    size_t count = spots_count(document);
    if (count == 0) return;
    Spot spot, other;
    size_t number = inf_rng_below(rng, count), other_number = inf_rng_below(rng, count);
    if (!spot_find(document, &number, &spot)) return;
    const json_t* value = spot_value(&spot);
    switch (inf_rng_below(rng, 6)) {
    case 0: spot_remove(&spot); break;
    case 1:
        if (spot_find(document, &other_number, &other)) spot_set(&spot, json_deep_copy(spot_value(&other)));
        break;
    case 2: // once more or often, in the array; under another name in an object
        if (spot.name == NULL) {
            for (uint64_t copies = inf_rng_below(rng, 3) == 0 ? inf_rng_below(rng, COPIES_MAX) : 1; copies > 0; copies--) {
                json_array_append_new(spot.parent, json_deep_copy(value));
            }
        } else if (spot_find(document, &other_number, &other) && other.name != NULL) {
            json_object_set_new(spot.parent, other.name, json_deep_copy(value));
        }
        break;
    case 3:
        if (json_is_integer(value)) {
            json_int_t integer = json_integer_value(value);
            if (llabs(integer) < (json_int_t)1 << 61) spot_set(&spot, json_integer(integer + (json_int_t)inf_rng_below(rng, 5) - 2));
            break;
        }
        // fall through
    default: spot_set(&spot, edge_value(rng)); break;
    }
}

size_t fuzz_mutate_json(uint8_t* bytes, size_t count, size_t bytes_max, unsigned seed, size_t before)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 1);
    if (inf_rng_below(&rng, 2) == 0 || count < before || bytes_max < before) return LLVMFuzzerMutate(bytes, count, bytes_max);
    json_t* document = inf_canonical_read((const char*)bytes + before, count - before, DOCUMENT_BYTES_MAX, INF_CANONICAL_ANY, NULL);
    if (document == NULL) return LLVMFuzzerMutate(bytes, count, bytes_max);
    for (uint64_t changes = 1 + inf_rng_below(&rng, 2); changes > 0; changes--) change(document, &rng);
    size_t written;
    char* text = inf_canonical_text(document, &written, NULL);
    json_decref(document);
    if (text == NULL || written > bytes_max - before) {
        free(text);
        return LLVMFuzzerMutate(bytes, count, bytes_max);
    }
    memcpy(bytes + before, text, written);
    free(text);
    return before + written;
}
