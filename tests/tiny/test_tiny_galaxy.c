// A galaxy of four shards whose pools are always full: births, jumps, arrivals and payments are refused or wait in outboxes
// that are full themselves. Nothing asserts, nothing is lost, credits are conserved at every tick, and who waits is let in
// when there is room again.
#include "test.h"

#include "bench/local_galaxy.h"
#include "tests/world/steer.h"
#include "world/internal.h"

#define SHARDS 4u
#define TICKS 20000u

typedef struct Tally {
    uint64_t refused_full, waits, outbox_full, souls_full, arrived;
} Tally;

static InfWorld* found(uint32_t shard, uint64_t seed, const InfCapacity* capacity)
{
    InfWorldDef def = inf_world_def_default();
    def.shard = shard;
    def.shard_count = SHARDS;
    def.galaxy.seed = seed;
    def.capacity = *capacity;
    def.allocator = steer_allocator();
    InfWorld* world;
    ENSURE(inf_world_create(&def, &world) == INF_OK);
    // As many stations and minds as there is room for: the founding says that it did not get to the end.
    ENSURE(inf_world_found(world, 400, 12000) == INF_ERROR_FULL);
    ENSURE(inf_world_validate_rows(world) == NULL && inf_world_validate(world) == NULL);
    return world;
}

static void throw(LocalGalaxy* galaxy, TestRandom* random)
{
    static InfInput input;
    static uint8_t bytes[4096];
    uint32_t shard = (uint32_t)test_random_below(random, SHARDS);
    test_random_bytes(random, bytes, 512);
    InfReader dice = inf_reader_make(bytes, sizeof bytes);
    if (test_random_below(random, 8) == 0) { // a birth by hand
        steer_input_of(galaxy->worlds[shard], &dice, INF_INPUT_KIND_MindBirth, &input);
        input.MindBirth.name[0] = 0;
        input.MindBirth.credits = (int64_t)test_random_below(random, 2000);
        input.MindBirth.hull = (uint8_t)(1 + test_random_below(random, 2));
    } else {
        steer_input(galaxy->worlds[shard], &dice, &input);
    }
    if (input.kind != INF_INPUT_KIND_TransferIn && input.kind != INF_INPUT_KIND_TransferReceipt &&
        input.kind != INF_INPUT_KIND_Found) {
        local_galaxy_submit(galaxy, shard, &input);
    }
}

static void tally_events(const InfWorld* world, Tally* tally)
{
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        tally->refused_full += event->kind == INF_EVENT_KIND_Rejected && event->Rejected.result == INF_ERROR_FULL;
        tally->arrived += event->kind == INF_EVENT_KIND_TransferArrived;
    }
    tally->outbox_full += !inf_transfer_ready(world);
    tally->souls_full += world->soul_pool.live == world->soul_pool.capacity;
}

static uint64_t waiting(const LocalGalaxy* galaxy)
{
    uint64_t sum = 0;
    for (uint32_t s = 0; s < SHARDS; s++) {
        uint32_t count;
        const InfTransfer* rows = inf_world_transfers(galaxy->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            sum += (rows[i].generation & 1u) != 0 && inf_world_now(galaxy->worlds[s]) > rows[i].sent_tick + 50;
        }
    }
    return sum;
}

static void check(const LocalGalaxy* galaxy)
{
    for (uint32_t s = 0; s < SHARDS; s++) {
        const char* wrong = inf_world_validate_rows(galaxy->worlds[s]);
        wrong = wrong != NULL ? wrong : inf_world_validate(galaxy->worlds[s]);
        if (wrong != NULL) {
            printf("shard %u: %s\n", s, wrong);
        }
        ENSURE(wrong == NULL);
    }
}

static Tally run(uint64_t seed, const InfCapacity* capacity)
{
    TestRandom random = {seed};
    InfWorld* worlds[SHARDS];
    uint64_t galaxy_seed = test_random_u64(&random);
    for (uint32_t s = 0; s < SHARDS; s++) {
        worlds[s] = found(s, galaxy_seed, capacity);
    }
    LocalGalaxy* galaxy = local_galaxy_adopt(worlds, SHARDS);
    Tally tally = {0, 0, 0, 0, 0};
    for (uint32_t tick = 0; tick < TICKS; tick++) {
        for (uint64_t inputs = test_random_below(&random, 4); inputs > 0; inputs--) {
            throw(galaxy, &random);
        }
        local_galaxy_tick(galaxy);
        const char* wrong = local_galaxy_check_books(galaxy);
        if (wrong != NULL) {
            printf("tick %u: %s\n", tick, wrong);
        }
        ENSURE(wrong == NULL);
        for (uint32_t s = 0; s < SHARDS; s++) {
            tally_events(galaxy->worlds[s], &tally);
            ENSURE(inf_world_dropped_events(galaxy->worlds[s]) == 0);
        }
        tally.waits += waiting(galaxy) != 0;
        if (tick % 50 == 0) {
            check(galaxy);
        }
    }
    check(galaxy);
    local_galaxy_destroy(galaxy);
    return tally;
}

TEST_RANDOM(full_pools_for_ever)
{
    static const InfCapacity capacities[] = {
        {.souls = 8, .ships = 12, .systems = 6, .places = 24, .stations = 4, .transfers = 3, .tags = 4, .event_bytes = 1u << 18},
        {.souls = 12, .ships = 13, .systems = 12, .places = 24, .stations = 3, .transfers = 1, .tags = 8, .event_bytes = 1u << 18},
        {.souls = 9, .ships = 20, .systems = 3, .places = 12, .stations = 2, .transfers = 2, .tags = 2, .event_bytes = 1u << 18},
    };
    Tally all = {0, 0, 0, 0, 0};
    for (uint32_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
        Tally tally = run(seed + i, &capacities[i]);
        printf("%u: %llu refused for want of room, %llu ticks with an old transfer waiting, %llu with a full outbox, %llu with no "
               "room for a soul, %llu arrivals\n",
               i, (unsigned long long)tally.refused_full, (unsigned long long)tally.waits, (unsigned long long)tally.outbox_full,
               (unsigned long long)tally.souls_full, (unsigned long long)tally.arrived);
        all.refused_full += tally.refused_full;
        all.waits += tally.waits;
        all.outbox_full += tally.outbox_full;
        all.souls_full += tally.souls_full;
        all.arrived += tally.arrived;
    }
    ENSURE(all.refused_full > 100 && all.souls_full > 1000 && all.waits > 100 && all.outbox_full > 10 && all.arrived > 10);
}

#ifdef INF_TINY
TEST(the_tiny_build_has_tiny_pools)
{
    InfCapacity capacity = inf_capacity_for_souls(100000);
    ENSURE(capacity.souls < 16 && capacity.transfers < 4 && capacity.stations < 16);
    Tally tally = run(1, &capacity);
    ENSURE(tally.refused_full > 0);
}
#endif
