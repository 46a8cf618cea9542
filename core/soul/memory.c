// Memory: twelve episodes. An episode fades with age; one like it (kind, who, place) merges into it and strengthens
// it; a new one takes the place of the weakest. The first thing, having been born, fades ten times slower.
#include "soul/soul.h"

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
    if (memory->kind == INF_MEMORY_NONE) {
        return 0;
    }
    uint64_t now = inf_soul_time(soul, inf_world_now(world)), age = now > memory->tick ? now - memory->tick : 0;
    uint32_t half = memory->kind == INF_MEMORY_BORN ? 10u * INF_TUNE_HALF_MEMORY_TICKS : INF_TUNE_HALF_MEMORY_TICKS;
    return inf_decay(memory->strength, age, half);
}

void inf_soul_remember(InfWorld* world, InfSoul* soul, InfMemoryKind kind, uint64_t who, int32_t value,
                       uint32_t strength)
{
    INF_ASSERT(kind != INF_MEMORY_NONE && (uint32_t)kind < INF_MEMORY_COUNT);
    InfSystemAddress address = {0, 0, 0, 0};
    uint8_t body = INF_BODY_NONE;
    uint32_t place_index1 = inf_soul_here(world, soul);
    if (place_index1 != 0) {
        address = inf_place_address(world, place_index1);
        body = inf_place_at(world, place_index1)->body;
    }
    uint32_t weakest = 0, galaxy = inf_galaxy_mark(&world->galaxy);
    int32_t weakest_strength = INT32_MAX;
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        InfMemory* memory = &soul->memories[i];
        int32_t now_strength = inf_memory_strength(world, soul, memory);
        if (memory->kind == kind && memory->who == who && memory->body == body && memory->galaxy == galaxy &&
            same_system(address_of(memory), address)) {
            // Alike: the newer value counts for a quarter of what is known, and it is felt more strongly.
            memory->value += (int32_t)(((int64_t)value - memory->value) / (memory->kind == INF_MEMORY_BORN ? 1 : 4));
            memory->strength = (uint16_t)inf_clamp_i64((int64_t)now_strength / 2 + strength, 1, 1000);
            memory->tick = inf_soul_time(soul, inf_world_now(world));
            return;
        }
        if (now_strength < weakest_strength) {
            weakest = i;
            weakest_strength = now_strength;
        }
    }
    if (weakest_strength > (int32_t)strength) {
        return; // nothing to write home about
    }
    soul->memories[weakest] = (InfMemory){
        .tick = inf_soul_time(soul, inf_world_now(world)),
        .who = who,
        .sector = {address.x, address.y, address.z},
        .system_in_sector = address.index,
        .galaxy = galaxy,
        .value = value,
        .strength = (uint16_t)inf_clamp_i64(strength, 1, 1000),
        .kind = (uint8_t)kind,
        .body = body,
    };
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
