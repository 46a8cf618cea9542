// Jumps between shards: souls with their ships that go from one shard into another and on again, through the real outboxes,
// routing, inputs and receipts; the books and the number of souls are held against the beginning at the end. Beside it, in
// the same run, the bytes of such a transfer copied the five times that it takes at least (row to outbox, to input, to the
// batch, out of it, to row).
#include "bench.h"
#include "local_galaxy.h"

#include "core/world/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COPIES 5
#define RAW_SLOTS 4096u

/// A system that another shard knows: every soul that comes there finds its star's place.
static bool choose_target(const LocalGalaxy* galaxy, uint32_t shard, uint32_t draw, InfSystemAddress* out)
{
    uint32_t count;
    const InfKnownSystem* systems = inf_world_systems(galaxy->worlds[shard], &count);
    for (uint32_t i = 0; i < count; i++) {
        const InfKnownSystem* system = &systems[(draw + i) % count];
        if ((system->generation & 1u) != 0) {
            *out = (InfSystemAddress){system->sector[0], system->sector[1], system->sector[2], system->in_sector};
            return true;
        }
    }
    return false;
}

/// Send up to `wanted` ships that are in space, each destination in turn. @return how many went
static uint32_t send_from(LocalGalaxy* galaxy, uint32_t shard, uint32_t wanted, uint32_t* cursor)
{
    InfWorld* world = galaxy->worlds[shard];
    uint32_t sent = 0;
    for (uint32_t step = 0; step < world->ship_pool.count && sent < wanted; step++) {
        uint32_t ship_index1 = *cursor % world->ship_pool.count + 1;
        InfShip* ship = inf_ship_at(world, ship_index1);
        (*cursor)++;
        if ((ship->generation & 1u) == 0 || ship->pilot_index1 == 0 || ship->state != INF_SHIP_STATE_SPACE || ship->spool ||
            !inf_transfer_ready(world)) {
            continue;
        }
        uint32_t destination = (shard + 1 + *cursor % (galaxy->shard_count - 1)) % galaxy->shard_count;
        InfSystemAddress address;
        if (!choose_target(galaxy, destination, *cursor * 2654435761u, &address)) {
            continue;
        }
        ship->jump_sector[0] = address.x;
        ship->jump_sector[1] = address.y;
        ship->jump_sector[2] = address.z;
        ship->jump_system_in_sector = address.index;
        sent += inf_transfer_ship(world, ship_index1, destination) == INF_OK;
    }
    return sent;
}

static uint64_t batch_bytes(const LocalGalaxy* galaxy)
{
    uint64_t bytes = 0;
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        bytes += galaxy->input_bytes[shard];
    }
    return bytes;
}

/// All souls, those in flight too: each is counted once it has been let go or not yet been taken.
static uint64_t settle_and_count(LocalGalaxy* galaxy)
{
    for (int i = 0; i < 5; i++) { // the last ones arrive; a death or birth in so short a time would be seen below
        local_galaxy_tick(galaxy);
    }
    return local_galaxy_souls(galaxy);
}

static double copy_us(size_t bytes, uint32_t count)
{
    uint8_t* memory = calloc(RAW_SLOTS, 2 * bytes);
    if (memory == NULL) {
        return 0;
    }
    double start = bench_cpu_s();
    for (uint32_t i = 0; i < count; i++) {
        uint8_t* at = memory + (size_t)(i * 2654435761u % RAW_SLOTS) * 2 * bytes;
        for (uint32_t copy = 0; copy < COPIES; copy++) {
            memcpy(at + (copy % 2 ? bytes : 0), at + (copy % 2 ? 0 : bytes), bytes);
            __asm__ volatile("" : : "r"(at) : "memory");
        }
    }
    double spent = bench_cpu_s() - start;
    free(memory);
    return spent * 1e6 / count;
}

BENCH(jump, "souls and ships from shard to shard: --minds 20000 --ticks 200 --per-tick 2000")
{
    uint32_t minds = (uint32_t)bench_option(&args, "minds", 20000), per_tick = (uint32_t)bench_option(&args, "per-tick", 2000);
    int64_t ticks = bench_option(&args, "ticks", 200), warm = bench_option(&args, "warm", 1200);
    uint32_t shards = (uint32_t)bench_option(&args, "shards", 16);
    if (shards < 2 || shards > INF_SHARDS_MAX || (shards & (shards - 1)) != 0) {
        fprintf(stderr, "infinity-bench: --shards wants a power of two from 2 to %d\n", INF_SHARDS_MAX);
        return 2;
    }
    LocalGalaxy* galaxy = local_galaxy_create(42, shards, minds, minds + 4096, 100000);
    double idle_s = 0;
    for (int64_t i = 0; i < warm; i++) { // so that many are in space
        double start = bench_cpu_s();
        local_galaxy_tick(galaxy);
        idle_s = i >= warm / 2 ? idle_s + bench_cpu_s() - start : 0;
    }
    idle_s /= (double)(warm - warm / 2 > 0 ? warm - warm / 2 : 1);
    uint64_t souls = settle_and_count(galaxy), before = local_galaxy_transfers(galaxy), bytes = 0, jumps = 0;
    uint32_t cursors[INF_SHARDS_MAX] = {0};
    double spent = 0, worst = 0;
    for (int64_t i = 0; i < ticks; i++) {
        double start = bench_cpu_s();
        for (uint32_t shard = 0; shard < shards; shard++) {
            jumps += send_from(galaxy, shard, per_tick / shards, &cursors[shard]);
        }
        local_galaxy_route(galaxy);
        bytes += batch_bytes(galaxy);
        local_galaxy_run(galaxy);
        double tick_s = bench_cpu_s() - start;
        spent += tick_s;
        worst = tick_s > worst ? tick_s : worst;
    }
    uint64_t transfers = local_galaxy_transfers(galaxy) - before, souls_after = settle_and_count(galaxy);
    const char* wrong = local_galaxy_check_books(galaxy);
    local_galaxy_destroy(galaxy);
    if (wrong != NULL || jumps == 0 || souls_after + souls / 100 < souls || souls_after > souls + souls / 100) {
        bench_say("wrong: %s (%llu souls before, %llu after, %llu jumps)", wrong != NULL ? wrong : "souls or jumps are missing",
                  (unsigned long long)souls, (unsigned long long)souls_after, (unsigned long long)jumps);
        return 1;
    }
    double own_s = spent - idle_s * (double)ticks, us = own_s * 1e6 / (double)jumps;
    size_t payload = sizeof(InfSoul) + sizeof(InfShip) + 20;
    double raw_us = copy_us(payload, 1000000);
    bench_result("jumps", (double)jumps);
    bench_result("jumps_per_tick", (double)jumps / (double)ticks);
    bench_result("other_transfers", (double)(transfers - jumps));
    bench_result("cpu_us_per_jump", us);
    bench_result("jumps_per_cpu_s", 1e6 / us);
    bench_result("raw_copy_us_per_jump", raw_us);
    bench_result("ratio", us / raw_us);
    bench_result("bytes_per_jump", (double)bytes / (double)transfers);
    bench_result("worst_tick_cpu_ms", worst * 1000);
    bench_result("souls", (double)souls);
    bench_result("souls_after", (double)souls_after);
    return 0;
}
