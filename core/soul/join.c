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

// ---- the law of a list -----------------------------------------------------------------------------------------------------

/// A list that is joined: per key the largest row of an order, and of these the first `capacity`.
typedef struct Law {
    uint32_t row_bytes, capacity;
    int (*key)(const void* a, const void* b);                    ///< 0: they are about the same thing
    int (*rank)(const void* a, const void* b, uint64_t own_now); ///< equals are told apart by their keys
} Law;

/// Put a row where it belongs among the `*count` first so far.
static void take(const Law* law, void* list, uint32_t* count, const void* row, uint64_t own_now)
{
    uint8_t* rows = list;
    size_t bytes = law->row_bytes;
    for (uint32_t i = 0; i < *count; i++) {
        if (law->key(rows + i * bytes, row) == 0) {
            if (law->rank(rows + i * bytes, row, own_now) >= 0) {
                return;
            }
            memmove(rows + i * bytes, rows + (i + 1) * bytes, (*count - i - 1) * bytes); // the larger one comes in below
            --*count;
            break;
        }
    }
    uint32_t at = *count;
    for (; at > 0; at--) {
        const void* above = rows + (at - 1) * bytes;
        int order = law->rank(above, row, own_now);
        order = order != 0 ? order : law->key(above, row);
        if (order > 0) {
            break;
        }
    }
    if (at == law->capacity) {
        return;
    }
    uint32_t kept = *count < law->capacity ? *count : law->capacity - 1;
    memmove(rows + (at + 1) * bytes, rows + at * bytes, (kept - at) * bytes);
    memcpy(rows + at * bytes, row, bytes);
    *count = kept + 1;
}

// ---- memories -------------------------------------------------------------------------------------------------------------

/// What makes it this episode and no other.
static int compare_episode(const void* row_a, const void* row_b)
{
    const InfMemory *a = row_a, *b = row_b;
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

static int compare_strength(const void* row_a, const void* row_b, uint64_t own_now)
{
    const InfMemory *a = row_a, *b = row_b;
    int order = compare_i64(inf_memory_strength_at(a, own_now), inf_memory_strength_at(b, own_now));
    order = order != 0 ? order : compare_i64(a->strength, b->strength);
    return order != 0 ? order : compare_i64(a->value, b->value);
}

// ---- relations ------------------------------------------------------------------------------------------------------------

static int compare_person(const void* a, const void* b)
{
    return compare_u64(((const InfRelation*)a)->who, ((const InfRelation*)b)->who);
}

static int compare_relation(const void* row_a, const void* row_b, uint64_t own_now)
{
    (void)own_now;
    const InfRelation *a = row_a, *b = row_b;
    int order = compare_u64(a->last_tick, b->last_tick);
    order = order != 0 ? order : compare_i64(a->trust, b->trust);
    order = order != 0 ? order : compare_i64(a->affection, b->affection);
    return order != 0 ? order : compare_i64(a->debt_credits, b->debt_credits);
}

// ---- prices ---------------------------------------------------------------------------------------------------------------

static int compare_station(const void* row_a, const void* row_b)
{
    const InfPriceNote *a = row_a, *b = row_b;
    int order = 0;
    for (uint32_t i = 0; i < 3 && order == 0; i++) {
        order = compare_i64(a->sector[i], b->sector[i]);
    }
    order = order != 0 ? order : compare_i64(a->system_in_sector, b->system_in_sector);
    return order != 0 ? order : compare_i64(a->body, b->body);
}

static int compare_note(const void* row_a, const void* row_b, uint64_t own_now)
{
    (void)own_now;
    const InfPriceNote *a = row_a, *b = row_b;
    int order = compare_u64(a->seen_tick, b->seen_tick);
    for (uint32_t i = 0; i < INF_GOODS && order == 0; i++) {
        order = compare_i64(a->price_credits[i], b->price_credits[i]);
    }
    return order != 0 ? order : compare_i64(a->profile, b->profile);
}

// ---- the whole --------------------------------------------------------------------------------------------------------------

static const Law memory_law = {sizeof(InfMemory), INF_MEMORIES, compare_episode, compare_strength};
static const Law relation_law = {sizeof(InfRelation), INF_RELATIONS, compare_person, compare_relation};
static const Law price_law = {sizeof(InfPriceNote), INF_PRICE_NOTES, compare_station, compare_note};

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
            InfMemory memory = both[side]->memories[i];
            memory.reserved = 0;
            if (memory.kind != INF_MEMORY_NONE) {
                take(&memory_law, memories, &memory_count, &memory, own_now);
            }
        }
        for (uint32_t i = 0; i < INF_RELATIONS; i++) {
            const InfRelation* relation = &both[side]->relations[i];
            if (relation->who != 0) {
                take(&relation_law, relations, &relation_count, relation, own_now);
            }
        }
        for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
            InfPriceNote note = both[side]->prices[i];
            memset(note.reserved, 0, sizeof note.reserved);
            if (note.seen_tick != 0) {
                take(&price_law, prices, &price_count, &note, own_now);
            }
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

void inf_soul_gather_relations(InfSoul* soul)
{
    InfRelation relations[INF_RELATIONS];
    uint32_t count = 0;
    memset(relations, 0, sizeof relations);
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        if (soul->relations[i].who != 0) {
            take(&relation_law, relations, &count, &soul->relations[i], 0);
        }
    }
    memset(relations + count, 0, (INF_RELATIONS - count) * sizeof *relations);
    memcpy(soul->relations, relations, sizeof relations);
}
