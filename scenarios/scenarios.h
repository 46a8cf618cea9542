/// @file scenarios.h
/// Scenes that tests, benchmarks and the WebAssembly build share. Pure like the core: no file, clock or C library, memory
/// from the given allocator at creation only, and the same bits everywhere.
#ifndef INFINITY_SCENARIOS_H
#define INFINITY_SCENARIOS_H

#include "infinity/world.h"

/// A galaxy of a few shards in lockstep, with minds that live their lives and scripted players who do everything that
/// the rules allow and much that they do not: they trade, fight, die, mine, jump, shout, repeat old inputs and
/// send nonsense. Transfers go from shard to shard as a server would carry them.
typedef struct ScenarioChaos ScenarioChaos;

#define SCENARIO_SHARDS_MAX 4u

typedef struct ScenarioChaosDef {
    uint64_t seed;    ///< of the players' deeds; the galaxy's seed is 1
    uint32_t shards;  ///< a power of two, [1, SCENARIO_SHARDS_MAX]
    uint32_t minds;
    uint32_t players; ///< [1, 1000]
    uint64_t stations_radius_mly;
    InfCapacity capacity; ///< of each world; souls 0: enough for everybody. Less is allowed: pools then run full
    InfAllocator allocator;
} ScenarioChaosDef;

/// 2 shards, 1,600 minds, 240 players; the allocator is to be set.
ScenarioChaosDef scenario_chaos_def_default(void);
/// Null if there is not enough memory.
ScenarioChaos* scenario_chaos_create(const ScenarioChaosDef* def);
void scenario_chaos_destroy(ScenarioChaos* chaos);
void scenario_chaos_tick(ScenarioChaos* chaos);
/// Over all worlds.
uint64_t scenario_chaos_hash(const ScenarioChaos* chaos);
InfWorld* scenario_chaos_world(const ScenarioChaos* chaos, uint32_t shard);
/// Put another world in its place (a decoded one); the old one is the caller's now.
InfWorld* scenario_chaos_swap(ScenarioChaos* chaos, uint32_t shard, InfWorld* world);
/// The inputs of a shard's last tick, for whoever runs a twin of it.
const uint8_t* scenario_chaos_inputs(const ScenarioChaos* chaos, uint32_t shard, size_t* bytes);
InfWorldDef scenario_chaos_world_def(const ScenarioChaos* chaos, uint32_t shard);

/// The golden scene: its hash after so many ticks. 0 if there is not enough memory.
uint64_t scenario_golden(const InfAllocator* allocator, uint32_t ticks);

#endif
