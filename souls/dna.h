/// @file dna.h
/// DNA: what a mind is before it has lived. Sixteen traits, by words, from 0 to 1; and how they came to be:
///
///     {"format":"infinity-dna-1","name":"Ada","note":"…","origin":"written","traits":{"courage":0.7, …}}
///
/// *written* by a person; *drawn* by chance from a seed, the same for ever; *sampled* from what a player did, who agreed
/// to it. A file may leave traits out: they are then drawn, from `seed` or when the mind is born.
#ifndef INFINITY_SOULS_DNA_H
#define INFINITY_SOULS_DNA_H

#include "souls/fault.h"
#include "souls/habits.h"

#include <infinity/world.h>
#include <infinity/message.h>

#include <jansson.h>

#define INF_DNA_BYTES_MAX 65536
#define INF_DNA_NOTE_BYTES 200

/// X(number, NAME, "word")
#define INF_DNA_ORIGINS(X) X(0, WRITTEN, "written") X(1, DRAWN, "drawn") X(2, SAMPLED, "sampled")
typedef enum InfDnaOrigin {
#define X(number, NAME, word) INF_DNA_##NAME = number,
    INF_DNA_ORIGINS(X)
#undef X
    INF_DNA_ORIGIN_COUNT
} InfDnaOrigin;

typedef struct InfDna {
    char name[INF_NAME_BYTES];       ///< may be ""
    char note[INF_DNA_NOTE_BYTES];   ///< for people; may be ""
    uint32_t origin;                 ///< InfDnaOrigin
    uint32_t known;                  ///< bit i: trait i was given; the others are 0
    uint8_t traits[INF_TRAITS];      ///< 0..255
    bool has_seed;
    uint64_t seed;
    int64_t credits;                 ///< what a mind is to be born with; -1: not said
    int32_t hull;                    ///< InfHullKind; -1: not said
} InfDna;

/// All traits from a seed: each the mean of two throws, so that the middle is common and the ends are rare.
/// Traits that are known stay.
void inf_dna_draw(InfDna* dna, uint64_t seed);
/// @return json_decref() it; traits that are not known are left out
json_t* inf_dna_build(const InfDna* dna);
/// A file as text, in any layout. Faults: JSON, TRUNCATED, VERSION, FIELD, UNKNOWN_FIELD.
bool inf_dna_read(const char* text, size_t byte_count, InfDna* out, InfSoulsError* error);

// ── sampling ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// How often a player did what (souls/habits.h). `again`: towards somebody for whom it had done so before.
typedef struct InfDnaCounts {
#define X(NAME, name, text) uint64_t name;
    INF_HABITS(X)
#undef X
    uint64_t gave_again, whispered_again;
} InfDnaCounts;

/// How a trait follows: evidence for it and against it, each a sum of counts with weights.
/// X(TRAIT, for, against), c being the counts.
#define INF_DNA_FORMULA(X)                                                                              \
    X(COURAGE, 2 * c->attacked + c->hunted, 3 * c->fled + c->insured)                                   \
    X(GREED, c->sold + c->bought + 2 * c->looted, 3 * c->gave + c->jettisoned)                          \
    X(EMPATHY, 4 * c->gave + c->agreed + c->whispered, 2 * c->attacked + 2 * c->looted)                 \
    X(CURIOSITY, 2 * c->jumped + c->scanned, c->sold + c->docked)                                       \
    X(LOYALTY, 3 * c->gave_again + c->whispered_again, c->wandered / 4 + c->attacked)                   \
    X(PATIENCE, 2 * c->mined + 2 * c->worked, c->wandered / 4 + c->refitted + c->jettisoned)            \
    X(HUMOUR, 4 * c->joked, c->talked + c->whispered)                                                   \
    X(FAITH, 2 * (c->gave - c->gave_again) + 2 * c->agreed, 2 * c->scanned + 2 * c->hid)                \
    X(AGGRESSION, 3 * c->attacked + 2 * c->hunted, c->talked + c->gave + 2 * c->fled)                   \
    X(HONESTY, c->sold + c->worked + c->showed, 3 * c->looted + 2 * c->attacked + 2 * c->hid)           \
    X(DILIGENCE, c->mined + c->sold + 2 * c->worked, c->talked + c->helmed / 4)                         \
    X(THRIFT, 3 * c->banked + c->worked, 2 * c->withdrew + 2 * c->refitted + c->gave)                   \
    X(SOCIABILITY, 2 * c->talked + 2 * c->whispered + c->asked, c->mined + c->jumped)                   \
    X(RESILIENCE, c->repaired + c->insured + c->docked / 2, 2 * c->fled)                                \
    X(ORDER, c->docked + c->showed + c->banked, 2 * c->looted + 2 * c->hid + c->jettisoned)             \
    X(WANDERLUST, 3 * c->jumped, c->docked + c->mined)

/// Take in what the journal has counted.
/// @param habit   its word (inf_habit_word()); another one is passed over
/// @param others  towards how many different ones, or 1 where it is towards nobody; [1, times]
void inf_dna_count(InfDnaCounts* counts, const char* habit, uint64_t times, uint64_t others);
/// @return all that was counted, cut at 2^63
uint64_t inf_dna_counted(const InfDnaCounts* counts);
/// Estimate: 255 (6 + for) / (12 + for + against), rounded down: the middle for who did nothing of the kind, and sure only
/// after many acts. Sums are cut at 2^40.
void inf_dna_sample(const InfDnaCounts* counts, uint8_t out_traits[INF_TRAITS]);

#endif
