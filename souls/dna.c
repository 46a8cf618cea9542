// DNA files and sampling; see dna.h.
#include "souls/dna.h"

#include "souls/fields.h"
#include "souls/words.h"

#include <infinity/random.h>
#include <infinity/text.h>

#include <string.h>
#include <strings.h>

static const char* const origin_words[INF_DNA_ORIGIN_COUNT] = {
#define X(number, NAME, word) [number] = word,
    INF_DNA_ORIGINS(X)
#undef X
};

void inf_dna_draw(InfDna* dna, uint64_t seed)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, UINT64_C(0x646e61)); // "dna"
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        uint32_t throws = (uint32_t)inf_rng_below(&rng, 256) + (uint32_t)inf_rng_below(&rng, 256);
        if ((dna->known >> i & 1) == 0) dna->traits[i] = (uint8_t)(throws / 2);
    }
    dna->known = (1u << INF_TRAITS) - 1;
    dna->has_seed = true;
    dna->seed = seed;
}

json_t* inf_dna_build(const InfDna* dna)
{
    json_t *object = json_object(), *traits = json_object();
    bool is_well = object != NULL && traits != NULL && dna->origin < INF_DNA_ORIGIN_COUNT &&
                   json_object_set_new(object, "format", json_string("infinity-dna-1")) == 0 &&
                   json_object_set_new(object, "origin", json_string(origin_words[dna->origin])) == 0;
    for (uint32_t i = 0; is_well && i < INF_TRAITS; i++) {
        if ((dna->known >> i & 1) == 0) continue;
        is_well = json_object_set_new(traits, inf_words_trait[i], json_real(inf_trait_number(dna->traits[i]))) == 0;
    }
    is_well = is_well && json_object_set(object, "traits", traits) == 0 &&
              (dna->name[0] == '\0' || json_object_set_new(object, "name", json_string(dna->name)) == 0) &&
              (dna->note[0] == '\0' || json_object_set_new(object, "note", json_string(dna->note)) == 0) &&
              (!dna->has_seed || inf_fields_set_id(object, "seed", dna->seed)) &&
              (dna->credits < 0 || json_object_set_new(object, "credits", json_integer(dna->credits)) == 0) &&
              (dna->hull < 0 || dna->hull >= INF_HULL_COUNT ||
               json_object_set_new(object, "hull", json_string(inf_words_hull[dna->hull])) == 0);
    json_decref(traits);
    if (is_well) return object;
    json_decref(object);
    return NULL;
}

static void traits_read(InfFields* parent, InfDna* out)
{
    const json_t* object = inf_fields_object(parent, "traits");
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "traits.", parent->error);
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        if (!inf_fields_has(&fields, inf_words_trait[i])) continue;
        out->traits[i] = inf_trait_of(inf_fields_number(&fields, inf_words_trait[i], 0, 1));
        out->known |= 1u << i;
    }
    // Name what is no trait: a person has misspelt it.
    const char* name;
    json_t* value;
    json_object_foreach((json_t*)object, name, value) {
        uint32_t i = 0;
        while (i < INF_TRAITS && strcmp(name, inf_words_trait[i]) != 0) i++;
        if (i == INF_TRAITS) inf_fields_fail(&fields, INF_SOULS_UNKNOWN_FIELD, name);
    }
    parent->ok &= inf_fields_end(&fields);
}

// Hulls are written with or without their capital letter.
static int32_t hull_read(InfFields* fields)
{
    const char* word = inf_fields_text(fields, "hull", 32);
    for (int32_t i = 0; fields->ok && i < INF_HULL_COUNT; i++) {
        if (strcasecmp(word, inf_words_hull[i]) == 0 && i != INF_HULL_POD) return i;
    }
    inf_fields_fail(fields, INF_SOULS_FIELD, "hull");
    return -1;
}

bool inf_dna_read(const char* text, size_t byte_count, InfDna* out, InfSoulsError* error)
{
    InfSoulsError fault = {0};
    memset(out, 0, sizeof *out);
    out->credits = -1;
    out->hull = -1;
    json_t* object = inf_canonical_read(text, byte_count, INF_DNA_BYTES_MAX, INF_CANONICAL_ANY, &fault);
    InfFields fields = inf_fields_make(object, "", &fault);
    fields.ok &= object != NULL;
    if (inf_fields_has(&fields, "format")) {
        const char* format = inf_fields_text(&fields, "format", 40);
        if (fields.ok && strcmp(format, "infinity-dna-1") != 0) {
            inf_fields_fail(&fields, strncmp(format, "infinity-dna-", 13) == 0 ? INF_SOULS_VERSION : INF_SOULS_KIND, "format");
        }
    }
    if (inf_fields_has(&fields, "traits")) traits_read(&fields, out);
    if (inf_fields_has(&fields, "name")) inf_fields_text_copy(&fields, "name", out->name, sizeof out->name);
    if (fields.ok && out->name[0] != '\0' && inf_text_check(out->name, strlen(out->name), INF_NAME_BYTES - 1) != INF_TEXT_OK) {
        inf_fields_fail(&fields, INF_SOULS_FIELD, "name");
    }
    if (inf_fields_has(&fields, "note")) inf_fields_text_copy(&fields, "note", out->note, sizeof out->note);
    if (inf_fields_has(&fields, "origin")) out->origin = inf_fields_choice(&fields, "origin", origin_words, INF_DNA_ORIGIN_COUNT);
    out->has_seed = inf_fields_has(&fields, "seed");
    if (out->has_seed) out->seed = inf_fields_id(&fields, "seed");
    if (inf_fields_has(&fields, "credits")) out->credits = inf_fields_integer(&fields, "credits", 0, INF_CANONICAL_INTEGER_MAX);
    if (inf_fields_has(&fields, "hull")) out->hull = hull_read(&fields);
    bool is_well = inf_fields_end(&fields);
    json_decref(object);
    if (is_well) return true;
    memset(out, 0, sizeof *out);
    if (error != NULL && error->fault == INF_SOULS_OK) *error = fault;
    return false;
}

// ── sampling ─────────────────────────────────────────────────────────────────────────────────────────────────────

void inf_dna_count(InfDnaCounts* counts, const char* habit, uint64_t times, uint64_t others)
{
    uint64_t again = others < times ? times - others : 0;
#define X(NAME, name, text)                                                                             \
    if (strcmp(habit, #name) == 0) counts->name += times;
    INF_HABITS(X)
#undef X
    if (strcmp(habit, "gave") == 0) counts->gave_again += again;
    if (strcmp(habit, "whispered") == 0) counts->whispered_again += again;
}

uint64_t inf_dna_counted(const InfDnaCounts* counts)
{
    uint64_t sum = 0;
#define X(NAME, name, text) sum += counts->name < UINT64_MAX / 2 - sum ? counts->name : UINT64_MAX / 2 - sum;
    INF_HABITS(X)
#undef X
    return sum;
}

static uint8_t estimate(uint64_t evidence_for, uint64_t evidence_against)
{
    const uint64_t most = UINT64_C(1) << 40;
    if (evidence_for > most) evidence_for = most;
    if (evidence_against > most) evidence_against = most;
    return (uint8_t)(255 * (6 + evidence_for) / (12 + evidence_for + evidence_against));
}

void inf_dna_sample(const InfDnaCounts* counts, uint8_t out_traits[INF_TRAITS])
{
    const uint64_t most = UINT64_C(1) << 40;
    InfDnaCounts cut = *counts; // so that no sum below runs over
#define X(NAME, name, text)                                                                             \
    if (cut.name > most) cut.name = most;
    INF_HABITS(X)
#undef X
    if (cut.whispered_again > cut.whispered) cut.whispered_again = cut.whispered;
    if (cut.gave_again > cut.gave) cut.gave_again = cut.gave;
    const InfDnaCounts* c = &cut;
#define X(TRAIT, evidence_for, evidence_against)                                                        \
    out_traits[INF_TRAIT_##TRAIT] = estimate(evidence_for, evidence_against);
    INF_DNA_FORMULA(X)
#undef X
}
