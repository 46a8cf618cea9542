// The laws of becoming one, on generated histories and, for short ones, on all there are. A join of three branches gives
// the same in every order, however often one is joined in, to the byte; and nothing is remembered that nobody lived.
#include "test.h"

#include "soul/join.h"

// Sanitizers make each step dearer: then fewer.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HISTORIES 4000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define HISTORIES 4000
#endif
#endif
#ifndef HISTORIES
#define HISTORIES 100000
#endif

#define NOW 500000u

/// Small ranges, so that keys meet, strengths are equal and lists overflow.
static void draw_memory(TestRandom* random, InfMemory* memory)
{
    memset(memory, 0, sizeof *memory);
    memory->kind = (uint8_t)test_random_below(random, 4); // 0: an empty place
    if (memory->kind == INF_MEMORY_NONE) {
        return;
    }
    memory->tick = NOW - 1 - 90000 * test_random_below(random, 5);
    memory->who = test_random_below(random, 4);
    memory->galaxy = 1 + (uint32_t)test_random_below(random, 2);
    memory->sector[0] = (int32_t)test_random_below(random, 2);
    memory->body = (uint8_t)test_random_below(random, 2);
    memory->strength = (uint16_t)(250 * test_random_below(random, 5));
    memory->value = (int32_t)test_random_below(random, 3) - 1;
}

static void draw_soul(TestRandom* random, InfSoul* soul)
{
    memset(soul, 0, sizeof *soul);
    soul->id = 1 + test_random_below(random, 1000000);
    soul->born_tick = test_random_below(random, 3);
    soul->clock_ticks = (int64_t)test_random_below(random, 5) - 2;
    for (uint32_t i = 0; i < 4; i++) {
        soul->identity[i] = (uint8_t)(soul->id >> (8 * i));
    }
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        draw_memory(random, &soul->memories[i]);
    }
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        InfRelation* relation = &soul->relations[i];
        relation->who = test_random_below(random, 12);
        if (relation->who != 0) {
            relation->last_tick = test_random_below(random, 3);
            relation->trust = (int16_t)((int16_t)test_random_below(random, 3) - 1);
            relation->affection = (int16_t)((int16_t)test_random_below(random, 3) - 1);
            relation->debt_credits = (int32_t)test_random_below(random, 2);
        }
    }
    for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
        soul->prices[i].seen_tick = test_random_below(random, 3);
        soul->prices[i].sector[1] = (int32_t)test_random_below(random, 3);
        soul->prices[i].price_credits[3] = (uint16_t)test_random_below(random, 2);
    }
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        soul->feelings[i] = (uint16_t)test_random_below(random, 1001);
    }
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        soul->traits[i] = (uint8_t)test_random_below(random, 256);
    }
}

static bool equal(const InfSoul* a, const InfSoul* b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

TEST_RANDOM(joining_is_commutative)
{
    TestRandom random = {seed};
    for (uint32_t i = 0; i < HISTORIES; i++) {
        InfSoul a, b, ab, ba;
        draw_soul(&random, &a);
        draw_soul(&random, &b);
        inf_soul_join(&ab, &a, &b, NOW);
        inf_soul_join(&ba, &b, &a, NOW);
        ENSURE_SAY(equal(&ab, &ba), "history %u", i);
    }
}

TEST_RANDOM(joining_is_associative)
{
    TestRandom random = {seed};
    for (uint32_t i = 0; i < HISTORIES; i++) {
        InfSoul a, b, c, left, right;
        draw_soul(&random, &a);
        draw_soul(&random, &b);
        draw_soul(&random, &c);
        inf_soul_join(&left, &a, &b, NOW);
        inf_soul_join(&left, &left, &c, NOW);
        inf_soul_join(&right, &b, &c, NOW);
        inf_soul_join(&right, &a, &right, NOW);
        ENSURE_SAY(equal(&left, &right), "history %u", i);
    }
}

TEST_RANDOM(joining_is_idempotent)
{
    TestRandom random = {seed};
    for (uint32_t i = 0; i < HISTORIES; i++) {
        InfSoul a, b, ab, again;
        draw_soul(&random, &a);
        draw_soul(&random, &b);
        inf_soul_join(&ab, &a, &b, NOW);
        inf_soul_join(&again, &ab, &ab, NOW);
        ENSURE_SAY(equal(&ab, &again), "history %u: with itself", i);
        inf_soul_join(&again, &ab, &b, NOW);
        ENSURE_SAY(equal(&ab, &again), "history %u: with one that is in it already", i);
        inf_soul_join(&again, &a, &ab, NOW);
        ENSURE_SAY(equal(&ab, &again), "history %u: with the other", i);
    }
}

// ---- nothing is lost that should stay, nothing is made up -----------------------------------------------------------------

static bool same_episode(const InfMemory* a, const InfMemory* b)
{
    return a->tick == b->tick && a->who == b->who && a->kind == b->kind && a->galaxy == b->galaxy &&
           memcmp(a->sector, b->sector, sizeof a->sector) == 0 && a->system_in_sector == b->system_in_sector && a->body == b->body;
}

static uint32_t count_of(const InfSoul* soul, const InfMemory* memory)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        count += soul->memories[i].kind != INF_MEMORY_NONE && same_episode(&soul->memories[i], memory);
    }
    return count;
}

static uint32_t different_episodes(const InfSoul* a, const InfSoul* b)
{
    InfMemory all[2 * INF_MEMORIES];
    uint32_t count = 0;
    for (uint32_t i = 0; i < 2 * INF_MEMORIES; i++) {
        const InfMemory* memory = i < INF_MEMORIES ? &a->memories[i] : &b->memories[i - INF_MEMORIES];
        bool known = memory->kind == INF_MEMORY_NONE;
        for (uint32_t k = 0; k < count && !known; k++) {
            known = same_episode(&all[k], memory);
        }
        if (!known) {
            all[count++] = *memory;
        }
    }
    return count;
}

TEST_RANDOM(each_episode_is_remembered_once_and_was_lived)
{
    TestRandom random = {seed};
    for (uint32_t i = 0; i < HISTORIES / 10; i++) {
        InfSoul a, b, ab;
        draw_soul(&random, &a);
        draw_soul(&random, &b);
        inf_soul_join(&ab, &a, &b, NOW);
        uint32_t kept = 0;
        int32_t weakest = INT32_MAX;
        for (uint32_t m = 0; m < INF_MEMORIES; m++) {
            const InfMemory* memory = &ab.memories[m];
            if (memory->kind == INF_MEMORY_NONE) {
                continue;
            }
            kept++;
            ENSURE(count_of(&ab, memory) == 1);
            ENSURE(count_of(&a, memory) + count_of(&b, memory) >= 1);
            int32_t strength = inf_memory_strength_at(memory, NOW);
            weakest = strength < weakest ? strength : weakest;
        }
        uint32_t lived = different_episodes(&a, &b);
        ENSURE(kept == (lived < INF_MEMORIES ? lived : INF_MEMORIES));
        for (uint32_t m = 0; m < 2 * INF_MEMORIES; m++) { // what fell out was weaker than all that stayed
            const InfMemory* memory = m < INF_MEMORIES ? &a.memories[m] : &b.memories[m - INF_MEMORIES];
            if (memory->kind != INF_MEMORY_NONE && count_of(&ab, memory) == 0) {
                ENSURE(inf_memory_strength_at(memory, NOW) <= weakest);
            }
        }
        for (uint32_t f = 0; f < INF_FEELINGS; f++) {
            ENSURE(ab.feelings[f] == (a.feelings[f] > b.feelings[f] ? a.feelings[f] : b.feelings[f]));
        }
    }
}

// ---- all short histories ----------------------------------------------------------------------------------------------------

/// Branch number n of all that have up to two of six episodes (three keys, two strengths), one of three relations to one
/// other, and one of two feelings.
#define SHORT (7u * 7u * 3u * 2u)

static void short_episode(InfMemory* memory, uint32_t n)
{
    memset(memory, 0, sizeof *memory);
    if (n != 0) {
        memory->kind = INF_MEMORY_MET;
        memory->tick = 10 * ((n - 1) % 3);
        memory->who = 7;
        memory->galaxy = 1;
        memory->strength = n > 3 ? 900 : 400;
    }
}

static void short_soul(InfSoul* soul, uint32_t n)
{
    memset(soul, 0, sizeof *soul);
    soul->id = 1 + n;
    soul->identity[0] = (uint8_t)n;
    soul->identity[1] = (uint8_t)(n >> 8);
    short_episode(&soul->memories[0], n % 7);
    short_episode(&soul->memories[1], n / 7 % 7);
    if (soul->memories[1].kind != 0 && soul->memories[0].kind != 0 && soul->memories[0].tick == soul->memories[1].tick) {
        memset(&soul->memories[1], 0, sizeof soul->memories[1]); // nobody has one episode twice
    }
    uint32_t relation = n / 49 % 3;
    soul->relations[0] = relation == 0 ? (InfRelation){0} : (InfRelation){.who = 7, .last_tick = 5, .trust = (int16_t)relation};
    soul->feelings[0] = (uint16_t)(n / 147 * 500);
}

TEST(every_short_history_keeps_the_laws)
{
    static InfSoul souls[SHORT];
    for (uint32_t n = 0; n < SHORT; n++) {
        short_soul(&souls[n], n);
    }
    InfSoul ab, ba, left, right;
    for (uint32_t a = 0; a < SHORT; a++) {
        for (uint32_t b = 0; b < SHORT; b++) {
            inf_soul_join(&ab, &souls[a], &souls[b], NOW);
            inf_soul_join(&ba, &souls[b], &souls[a], NOW);
            ENSURE(equal(&ab, &ba));
            inf_soul_join(&ba, &ab, &souls[a], NOW);
            ENSURE(equal(&ab, &ba));
            // Of three: every pair with a third from all over the list.
            uint32_t c = (a * 31 + b * 17) % SHORT;
            inf_soul_join(&left, &ab, &souls[c], NOW);
            inf_soul_join(&right, &souls[b], &souls[c], NOW);
            inf_soul_join(&right, &souls[a], &right, NOW);
            ENSURE(equal(&left, &right));
        }
    }
    // And every triple of those with one feeling and no relation: seven times seven episodes.
    for (uint32_t i = 0; i < 49u * 49u * 49u; i++) {
        const InfSoul *a = &souls[i % 49], *b = &souls[i / 49 % 49], *c = &souls[i / 2401];
        inf_soul_join(&left, a, b, NOW);
        inf_soul_join(&left, &left, c, NOW);
        inf_soul_join(&right, b, c, NOW);
        inf_soul_join(&right, a, &right, NOW);
        ENSURE(equal(&left, &right));
    }
}


