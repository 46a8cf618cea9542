/// @file chaos.h
/// The inside of the chaos scene: what its files share.
#ifndef SCENARIOS_CHAOS_H
#define SCENARIOS_CHAOS_H

#include "infinity/random.h"
#include "infinity/soul.h"
#include "scenarios/scenarios.h"

#define BATCH_BYTES (1u << 18)
#define PLAYERS_MAX 1000u
#define TRAVELLERS_MAX 8u

typedef struct Player {
    uint64_t soul;
    uint32_t sequence;
    uint8_t connected;
    uint8_t key[INF_KEY_BYTES];
} Player;

typedef struct Batch {
    uint8_t* bytes;
    size_t count;
} Batch;

struct ScenarioChaos {
    ScenarioChaosDef def;
    InfWorld* worlds[SCENARIO_SHARDS_MAX];
    Batch batches[SCENARIO_SHARDS_MAX];
    Player players[PLAYERS_MAX];
    InfRng rng;
    InfInput input;
    InfInputArrive travellers[TRAVELLERS_MAX]; ///< who left the galaxy, as they would come back
    uint32_t traveller_count;
};

static inline uint64_t scenario_chaos_below(ScenarioChaos* chaos, uint64_t bound)
{
    return inf_rng_below(&chaos->rng, bound);
}
/// The scene's input, zeroed, of that kind; and put it into a shard's batch.
InfInput* scenario_chaos_begin(ScenarioChaos* chaos, InfInputKind kind);
void scenario_chaos_add(ScenarioChaos* chaos, uint32_t shard);
/// What a player does with others at its station, and with a head that it rides in: one input, its soul to be set.
void scenario_chaos_among_neighbours(ScenarioChaos* chaos, const Player* player, const InfWorld* world, const InfShip* ship);
void scenario_chaos_in_head(ScenarioChaos* chaos);
/// What hosts do with souls in a tick: identities, copies, merges, departures, answers, arrivals, and much that is wrong.
void scenario_chaos_souls(ScenarioChaos* chaos);

#endif
