// Memory: twelve episodes. An episode fades with age; one like it (kind, who, place) merges into it and strengthens
// it; a new one takes the place of the weakest. The first thing, having been born, fades ten times slower.
#include "soul/riders.h"

static InfSystemAddress address_of(const InfMemory* memory)
{
    return (InfSystemAddress){memory->sector[0], memory->sector[1], memory->sector[2], memory->system_in_sector};
}

static bool same_system(InfSystemAddress a, InfSystemAddress b)
{
    return a.x == b.x && a.y == b.y && a.z == b.z && a.index == b.index;
}

int32_t inf_memory_strength(const InfWorld* world, const InfSoul* soul, const InfMemory* memory)
{
    return inf_memory_strength_at(memory, inf_soul_time(soul, inf_world_now(world)));
}

int32_t inf_memory_strength_at(const InfMemory* memory, uint64_t own_now)
{
    if (memory->kind == INF_MEMORY_NONE) {
        return 0;
    }
    uint64_t age = own_now > memory->tick ? own_now - memory->tick : 0;
    uint32_t half = memory->kind == INF_MEMORY_BORN ? 10u * INF_TUNE_HALF_MEMORY_TICKS : INF_TUNE_HALF_MEMORY_TICKS;
    return inf_decay(memory->strength, age, half);
}

/// What came through the senses has a few places only: a life is more than the last hour.
#define SENSED_MAX 4u

/// An episode that a new one merges into, by place; the weakest (or of too many perceptions the weakest) otherwise.
static InfMemory* place_for(const InfWorld* world, InfSoul* soul, const InfMemory* fresh, bool* alike)
{
    InfMemory *weakest = &soul->memories[0], *weakest_sensed = NULL;
    int32_t weakest_strength = INT32_MAX, weakest_sensed_strength = INT32_MAX;
    uint32_t sensed = 0;
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        InfMemory* memory = &soul->memories[i];
        int32_t strength = inf_memory_strength(world, soul, memory);
        if (memory->kind == fresh->kind && memory->who == fresh->who && memory->body == fresh->body &&
            memory->galaxy == fresh->galaxy && same_system(address_of(memory), address_of(fresh)) &&
            (fresh->kind != INF_MEMORY_SENSED || memory->value == fresh->value)) {
            *alike = true;
            return memory;
        }
        if (strength < weakest_strength) {
            weakest = memory;
            weakest_strength = strength;
        }
        if (memory->kind == INF_MEMORY_SENSED) {
            sensed++;
            if (strength < weakest_sensed_strength) {
                weakest_sensed = memory;
                weakest_sensed_strength = strength;
            }
        }
    }
    *alike = false;
    if (fresh->kind == INF_MEMORY_SENSED && sensed >= SENSED_MAX) {
        return weakest_sensed;
    }
    return weakest_strength > fresh->strength ? NULL : weakest; // null: nothing to write home about
}

static void remember_at(InfWorld* world, InfSoul* soul, uint32_t place_index1, InfMemoryKind kind, uint64_t who,
                        int32_t value, uint32_t strength)
{
    InfSystemAddress address = {0, 0, 0, 0};
    uint8_t body = INF_BODY_NONE;
    if (place_index1 != 0) {
        address = inf_place_address(world, place_index1);
        body = inf_place_at(world, place_index1)->body;
    }
    InfMemory fresh = {
        .tick = inf_soul_time(soul, inf_world_now(world)),
        .who = who,
        .sector = {address.x, address.y, address.z},
        .system_in_sector = address.index,
        .galaxy = inf_galaxy_mark(&world->galaxy),
        .value = value,
        .strength = (uint16_t)inf_clamp_i64(strength, 1, 1000),
        .kind = (uint8_t)kind,
        .body = body,
    };
    bool alike;
    InfMemory* memory = place_for(world, soul, &fresh, &alike);
    if (memory == NULL) {
        return;
    }
    if (!alike) {
        *memory = fresh;
        return;
    }
    // Alike: the newer value counts for a quarter of what is known, and it is felt more strongly.
    int32_t faded = inf_memory_strength(world, soul, memory);
    memory->value += (int32_t)(((int64_t)value - memory->value) / (memory->kind == INF_MEMORY_BORN ? 1 : 4));
    memory->strength = (uint16_t)inf_clamp_i64((int64_t)faded / 2 + strength, 1, 1000);
    memory->tick = fresh.tick;
}

void inf_soul_remember(InfWorld* world, InfSoul* soul, InfMemoryKind kind, uint64_t who, int32_t value,
                       uint32_t strength)
{
    INF_ASSERT(kind != INF_MEMORY_NONE && (uint32_t)kind < INF_MEMORY_COUNT);
    uint32_t place_index1 = inf_soul_here(world, soul);
    remember_at(world, soul, place_index1, kind, who, value, strength);
    // Who rides with it was there, too.
    for (uint32_t i = inf_riders_first(world, soul->id); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        InfSoul* rider = inf_rider_soul(world, i);
        if (rider->id != who) {
            remember_at(world, rider, place_index1, kind, who, value, strength);
        }
    }
}

const InfMemory* inf_soul_recall(const InfWorld* world, const InfSoul* soul, const InfLikeness* like)
{
    const InfMemory* best = NULL;
    int32_t best_score = 0;
    uint32_t galaxy = inf_galaxy_mark(&world->galaxy);
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        const InfMemory* memory = &soul->memories[i];
        if (memory->kind == INF_MEMORY_NONE) {
            continue;
        }
        int32_t likeness = 0;
        if (like->kind != INF_MEMORY_NONE) {
            if (memory->kind != like->kind) continue;
            likeness += 4;
        }
        if (like->who != 0) {
            if (memory->who == like->who) likeness += 4;
            else if (like->kind == INF_MEMORY_NONE) continue;
        }
        if (like->at) {
            if (memory->galaxy == galaxy && same_system(address_of(memory), like->address)) {
                likeness += like->body != INF_BODY_NONE && like->body == memory->body ? 4 : 2;
            } else if (like->kind == INF_MEMORY_NONE) {
                continue;
            }
        }
        int32_t score = likeness * (inf_memory_strength(world, soul, memory) + 1);
        if (score > best_score) {
            best = memory;
            best_score = score;
        }
    }
    return best;
}

const InfMemory* inf_soul_latest(const InfSoul* soul, InfMemoryKind kind)
{
    const InfMemory* best = NULL;
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        const InfMemory* memory = &soul->memories[i];
        if (memory->kind == kind && (best == NULL || memory->tick > best->tick)) {
            best = memory;
        }
    }
    return best;
}

int32_t inf_soul_dread(const InfWorld* world, const InfSoul* soul, InfSystemAddress address, uint8_t body)
{
    int32_t dread = 0;
    uint32_t galaxy = inf_galaxy_mark(&world->galaxy);
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        const InfMemory* memory = &soul->memories[i];
        if (memory->kind != INF_MEMORY_ATTACKED && memory->kind != INF_MEMORY_ROBBED && memory->kind != INF_MEMORY_FLED) {
            continue;
        }
        if (memory->galaxy != galaxy || !same_system(address_of(memory), address)) {
            continue;
        }
        int32_t strength = inf_memory_strength(world, soul, memory);
        dread += body == INF_BODY_NONE || body == memory->body ? strength : strength / 4;
    }
    dread = dread * (1300 - inf_soul_trait(soul, INF_TRAIT_COURAGE)) / 1000;
    return dread > 1000 ? 1000 : dread;
}
