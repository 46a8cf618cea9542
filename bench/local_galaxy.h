/// @file local_galaxy.h
/// All shards of a galaxy in one thread, without journal or server: for benchmarks, tests and tuning. Transfers are
/// carried by inf_worlds_route(), as the shards do it.
#ifndef INF_BENCH_LOCAL_GALAXY_H
#define INF_BENCH_LOCAL_GALAXY_H

#include "infinity/world.h"

typedef struct LocalGalaxy {
    InfWorld* worlds[INF_SHARDS_MAX];
    uint8_t* inputs[INF_SHARDS_MAX]; ///< encoded inputs of the next tick
    size_t input_bytes[INF_SHARDS_MAX], input_capacity[INF_SHARDS_MAX];
    uint32_t shard_count;
} LocalGalaxy;

/// Memory for worlds from the C library.
InfAllocator local_allocator(void);
/// Ends the program with a message if that cannot be made.
LocalGalaxy* local_galaxy_create(uint64_t seed, uint32_t shard_count, uint32_t minds, uint32_t souls_capacity,
                                 uint64_t radius_mly);
/// Of worlds that are there; they end with the galaxy.
LocalGalaxy* local_galaxy_adopt(InfWorld* const* worlds, uint32_t shard_count);
void local_galaxy_destroy(LocalGalaxy* galaxy);
/// Into the next tick of a shard.
void local_galaxy_submit(LocalGalaxy* galaxy, uint32_t shard, const InfInput* input);
/// One tick of every shard, or its two halves: transfers become inputs; the inputs are run (until then `inputs` can be
/// read).
void local_galaxy_route(LocalGalaxy* galaxy);
void local_galaxy_run(LocalGalaxy* galaxy);
void local_galaxy_tick(LocalGalaxy* galaxy);
/// Transfers between shards, ever.
uint64_t local_galaxy_transfers(const LocalGalaxy* galaxy);
/// Sum of a counter over shards is the caller's; live souls here. Souls in flight are not counted.
uint64_t local_galaxy_souls(const LocalGalaxy* galaxy);
/// Minted − burned = souls + stations + escrow + in flight, over all shards: null if so, else what is wrong.
const char* local_galaxy_check_books(const LocalGalaxy* galaxy);

#endif
