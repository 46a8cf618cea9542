/// @file soul.h
/// What the files of core/soul/ and core/mind/ share beside core/world/internal.h. Nothing here is state.
///
/// A trait is a byte, 0..255; rules read it as thousandths. A feeling is 0..1000.
#ifndef INF_CORE_SOUL_H
#define INF_CORE_SOUL_H

#include "infinity/tuning.h"
#include "world/internal.h"

/// A trait in thousandths.
static inline int32_t inf_soul_trait(const InfSoul* soul, InfTraitKind trait)
{
    return (int32_t)soul->traits[trait] * 1000 / 255;
}
static inline bool inf_soul_is_mind(const InfSoul* soul) { return (soul->flags & INF_SOUL_PLAYER) == 0; }

/// value * 2^(-ticks / half_ticks), rounded down; half_ticks > 0. Integers only: the same on every machine.
int32_t inf_decay(int32_t value, uint64_t ticks, uint32_t half_ticks);
/// Bring the stored feelings up to now, hunger included.
void inf_soul_feelings_update(InfWorld* world, uint32_t soul_index1);
/// Company (a talk, a friend docking beside): loneliness falls, joy rises a little.
void inf_soul_company(InfWorld* world, InfSoul* soul, int32_t warmth);

/// What an episode is about. Fields that are zero do not count when likeness is judged.
typedef struct InfLikeness {
    InfMemoryKind kind;
    uint64_t who;
    bool at; ///< `address` and `body` count
    InfSystemAddress address;
    uint8_t body; ///< 255: any body of the system
} InfLikeness;
/// Strength of an episode now, faded with age; 0..1000.
int32_t inf_memory_strength(const InfWorld* world, const InfSoul* soul, const InfMemory* memory);
int32_t inf_memory_strength_at(const InfMemory* memory, uint64_t own_now); ///< at a moment of the soul's own time
/// The episode most like what is asked for, weighed by its strength; null if nothing is alike at all.
const InfMemory* inf_soul_recall(const InfWorld* world, const InfSoul* soul, const InfLikeness* like);
/// Newest episode of a kind; null if there is none.
const InfMemory* inf_soul_latest(const InfSoul* soul, InfMemoryKind kind);
/// How much a place frightens by memory of attacks, robberies and flights there: 0..1000. body 255: the system.
int32_t inf_soul_dread(const InfWorld* world, const InfSoul* soul, InfSystemAddress address, uint8_t body);

/// A soul of this shard by id; 0 if it is not here.
static inline uint32_t inf_soul_find(const InfWorld* world, uint64_t id)
{
    return id == 0 ? 0 : inf_map_get(&world->soul_map, id);
}
/// The ship of a riding soul's host; 0: it does not ride here, or its host has no ship now (core/soul/riders.c).
uint32_t inf_rider_ship(const InfWorld* world, uint64_t soul);
/// Place where the soul is: where it is docked or flies, in cruise where it goes; 0 without a ship. A passenger is where
/// its host is.
static inline uint32_t inf_soul_here(const InfWorld* world, const InfSoul* soul)
{
    uint32_t ship_index1 = soul->ship_index1 != 0 ? soul->ship_index1 : inf_rider_ship(world, soul->id);
    return ship_index1 == 0 ? 0 : inf_ship_at(world, ship_index1)->place_index1;
}
static inline bool inf_soul_is_docked(const InfWorld* world, const InfSoul* soul)
{
    return soul->ship_index1 != 0 && inf_ship_at(world, soul->ship_index1)->state == INF_SHIP_STATE_DOCKED;
}

/// A personal name, given and family, drawn from the stream.
void inf_name_draw(InfRng* rng, char out[INF_NAME_BYTES]);
/// The beginning of a soul's own stream, a function of its id.
static inline void inf_soul_seed(const InfWorld* world, uint64_t soul, InfRng* rng)
{
    inf_rng_seed(rng, inf_hash_combine(world->galaxy.seed, soul), 0x6d696e64u);
}
/// The name that a mind of that id drew at its birth, if it came without one.
void inf_name_of_id(const InfWorld* world, uint64_t soul, char out[INF_NAME_BYTES]);
/// Thirty-one bits of a name, by which a memory knows whether a drawn name was the right one.
static inline int32_t inf_name_hash(const char name[INF_NAME_BYTES])
{
    return (int32_t)(inf_hash_bytes(name, INF_NAME_BYTES, 0) & 0x7fffffffu);
}
/// Traits of a child: each from one parent or between them, with a little chance. Null parents: by chance alone.
void inf_traits_mix(InfRng* rng, const uint8_t* mother, const uint8_t* father, uint8_t out[INF_TRAITS]);
/// The place of the Concourse, the first station of the Heart's system; 0 in other shards or if there is no room.
uint32_t inf_soul_concourse(InfWorld* world);
/// Its body in the Heart's system, the same in every shard.
uint8_t inf_soul_concourse_body(const InfWorld* world);
/// Put a player without a ship back to life; false if it has to be tried again later.
bool inf_soul_wake(InfWorld* world, uint32_t soul_index1);

#endif
