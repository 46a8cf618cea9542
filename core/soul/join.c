// The law by which two branches of one soul become one. Pure, and a join of a lattice in what they are made of: the result
// is the same in whatever order and however often branches are joined (commutative, associative, idempotent), for one
// moment `own_now` of their common time.
//
//   memories   an episode is the same if tick, who, kind and place are; of two the stronger stays. The strongest twelve are
//              kept: by strength faded to now, then strength, value, and last the episode's own fields, so that no two
//              are equal
//   relations  per person the larger (last tick, trust, affection, debt); the newest eight
//   prices     per station the larger (tick seen, prices); the newest four
//   feelings, traits, clock    the larger
//
// Why this is associative though things are dropped: each list takes, per key, the largest of an order and then the first
// n of the same order. What falls out has n larger ones before it, and those do not get fewer.
//
// Who lives on (name, key, identity, body) is decided by inf_soul_precedes() alone: a player first, then who was born
// first, then the smaller identity. A total order, so its smallest is the same in every order, too.
#include "soul/join.h"

static int compare_u64(uint64_t a, uint64_t b) { return a < b ? -1 : a > b; }
static int compare_i64(int64_t a, int64_t b) { return a < b ? -1 : a > b; }

bool inf_soul_precedes(const InfSoul* a, const InfSoul* b)
{
    bool player_a = (a->flags & INF_SOUL_PLAYER) != 0, player_b = (b->flags & INF_SOUL_PLAYER) != 0;
    if (player_a != player_b) {
        return player_a;
    }
    if (a->born_tick != b->born_tick) {
        return a->born_tick < b->born_tick;
    }
    return memcmp(a->identity, b->identity, INF_HASH_BYTES) <= 0;
}

// ---- memories -------------------------------------------------------------------------------------------------------------

/// What makes it this episode and no other.
static int compare_episode(const InfMemory* a, const InfMemory* b)
{
    int order = compare_u64(a->tick, b->tick);
    order = order != 0 ? order : compare_u64(a->who, b->who);
    order = order != 0 ? order : compare_i64(a->kind, b->kind);
    order = order != 0 ? order : compare_i64(a->galaxy, b->galaxy);
    for (uint32_t i = 0; i < 3 && order == 0; i++) {
        order = compare_i64(a->sector[i], b->sector[i]);
    }
    order = order != 0 ? order : compare_i64(a->system_in_sector, b->system_in_sector);
    return order != 0 ? order : compare_i64(a->body, b->body);
}

static int compare_strength(const InfMemory* a, const InfMemory* b, uint64_t own_now)
{
    int order = compare_i64(inf_memory_strength_at(a, own_now), inf_memory_strength_at(b, own_now));
    order = order != 0 ? order : compare_i64(a->strength, b->strength);
    return order != 0 ? order : compare_i64(a->value, b->value);
}

/// Put an episode where it belongs among the `*count` strongest so far.
static void take_memory(InfMemory* list, uint32_t* count, const InfMemory* memory, uint64_t own_now)
{
    if (memory->kind == INF_MEMORY_NONE) {
        return;
    }
    for (uint32_t i = 0; i < *count; i++) {
        if (compare_episode(&list[i], memory) == 0) {
            if (compare_strength(&list[i], memory, own_now) >= 0) {
                return;
            }
            memmove(list + i, list + i + 1, (*count - i - 1) * sizeof *list); // the stronger one comes in below
            --*count;
            break;
        }
    }
    uint32_t at = *count;
    for (; at > 0; at--) {
        int order = compare_strength(&list[at - 1], memory, own_now);
        order = order != 0 ? order : compare_episode(&list[at - 1], memory);
        if (order > 0) {
            break;
        }
    }
    if (at == INF_MEMORIES) {
        return;
    }
    uint32_t kept = *count < INF_MEMORIES ? *count : INF_MEMORIES - 1;
    memmove(list + at + 1, list + at, (kept - at) * sizeof *list);
    list[at] = *memory;
    list[at].reserved = 0;
    *count = kept + 1;
}

// ---- relations ------------------------------------------------------------------------------------------------------------

static int compare_relation(const InfRelation* a, const InfRelation* b)
{
    int order = compare_u64(a->last_tick, b->last_tick);
    order = order != 0 ? order : compare_i64(a->trust, b->trust);
    order = order != 0 ? order : compare_i64(a->affection, b->affection);
    return order != 0 ? order : compare_i64(a->debt_credits, b->debt_credits);
}

static void take_relation(InfRelation* list, uint32_t* count, const InfRelation* relation)
{
    if (relation->who == 0) {
        return;
    }
    for (uint32_t i = 0; i < *count; i++) {
        if (list[i].who == relation->who) {
            if (compare_relation(&list[i], relation) >= 0) {
                return;
            }
            memmove(list + i, list + i + 1, (*count - i - 1) * sizeof *list);
            --*count;
            break;
        }
    }
    uint32_t at = *count;
    for (; at > 0; at--) {
        int order = compare_relation(&list[at - 1], relation);
        order = order != 0 ? order : compare_u64(list[at - 1].who, relation->who);
        if (order > 0) {
            break;
        }
    }
    if (at == INF_RELATIONS) {
        return;
    }
    uint32_t kept = *count < INF_RELATIONS ? *count : INF_RELATIONS - 1;
    memmove(list + at + 1, list + at, (kept - at) * sizeof *list);
    list[at] = *relation;
    *count = kept + 1;
}

// ---- prices ---------------------------------------------------------------------------------------------------------------

static int compare_station(const InfPriceNote* a, const InfPriceNote* b)
{
    int order = 0;
    for (uint32_t i = 0; i < 3 && order == 0; i++) {
        order = compare_i64(a->sector[i], b->sector[i]);
    }
    order = order != 0 ? order : compare_i64(a->system_in_sector, b->system_in_sector);
    return order != 0 ? order : compare_i64(a->body, b->body);
}

static int compare_note(const InfPriceNote* a, const InfPriceNote* b)
{
    int order = compare_u64(a->seen_tick, b->seen_tick);
    for (uint32_t i = 0; i < INF_GOODS && order == 0; i++) {
        order = compare_i64(a->price_credits[i], b->price_credits[i]);
    }
    return order != 0 ? order : compare_i64(a->profile, b->profile);
}

static void take_note(InfPriceNote* list, uint32_t* count, const InfPriceNote* note)
{
    if (note->seen_tick == 0) {
        return;
    }
    for (uint32_t i = 0; i < *count; i++) {
        if (compare_station(&list[i], note) == 0) {
            if (compare_note(&list[i], note) >= 0) {
                return;
            }
            memmove(list + i, list + i + 1, (*count - i - 1) * sizeof *list);
            --*count;
            break;
        }
    }
    uint32_t at = *count;
    for (; at > 0; at--) {
        int order = compare_note(&list[at - 1], note);
        order = order != 0 ? order : compare_station(&list[at - 1], note);
        if (order > 0) {
            break;
        }
    }
    if (at == INF_PRICE_NOTES) {
        return;
    }
    uint32_t kept = *count < INF_PRICE_NOTES ? *count : INF_PRICE_NOTES - 1;
    memmove(list + at + 1, list + at, (kept - at) * sizeof *list);
    list[at] = *note;
    memset(list[at].reserved, 0, sizeof list[at].reserved);
    *count = kept + 1;
}

// ---- the whole --------------------------------------------------------------------------------------------------------------

void inf_soul_join(InfSoul* out, const InfSoul* a, const InfSoul* b, uint64_t own_now)
{
    const InfSoul* both[2] = {a, b};
    InfMemory memories[INF_MEMORIES];
    InfRelation relations[INF_RELATIONS];
    InfPriceNote prices[INF_PRICE_NOTES];
    uint32_t memory_count = 0, relation_count = 0, price_count = 0;
    memset(memories, 0, sizeof memories);
    memset(relations, 0, sizeof relations);
    memset(prices, 0, sizeof prices);
    for (uint32_t side = 0; side < 2; side++) {
        for (uint32_t i = 0; i < INF_MEMORIES; i++) {
            take_memory(memories, &memory_count, &both[side]->memories[i], own_now);
        }
        for (uint32_t i = 0; i < INF_RELATIONS; i++) {
            take_relation(relations, &relation_count, &both[side]->relations[i]);
        }
        for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
            take_note(prices, &price_count, &both[side]->prices[i]);
        }
    }
    // What was moved up leaves copies behind the end.
    memset(memories + memory_count, 0, (INF_MEMORIES - memory_count) * sizeof *memories);
    memset(relations + relation_count, 0, (INF_RELATIONS - relation_count) * sizeof *relations);
    memset(prices + price_count, 0, (INF_PRICE_NOTES - price_count) * sizeof *prices);

    InfSoul joined = inf_soul_precedes(a, b) ? *a : *b;
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        joined.feelings[i] = a->feelings[i] > b->feelings[i] ? a->feelings[i] : b->feelings[i];
    }
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        joined.traits[i] = a->traits[i] > b->traits[i] ? a->traits[i] : b->traits[i];
    }
    joined.clock_ticks = a->clock_ticks > b->clock_ticks ? a->clock_ticks : b->clock_ticks;
    memcpy(joined.memories, memories, sizeof memories);
    memcpy(joined.relations, relations, sizeof relations);
    memcpy(joined.prices, prices, sizeof prices);
    *out = joined;
}
