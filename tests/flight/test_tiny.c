// The chaotic scene in worlds whose pools run full all the time: every limit is met, refused and survived.
#include "flight_test.h"
#include "scenarios/scenarios.h"

typedef struct Counts {
    uint64_t full, accepted;
} Counts;

static Counts run_tiny(uint64_t seed, InfCapacity capacity)
{
    ScenarioChaosDef def = scenario_chaos_def_default();
    def.seed = seed;
    def.minds = 4;
    def.stations_radius_mly = 0; // the Concourse alone: it must fit
    def.players = 24;
    def.allocator.reallocate = flight_reallocate;
    def.capacity = capacity;
    ScenarioChaos* chaos = scenario_chaos_create(&def);
    ENSURE(chaos != NULL);
    Counts counts = {0, 0};
    for (int t = 0; t < 6000; t++) {
        scenario_chaos_tick(chaos);
        for (uint32_t s = 0; s < def.shards; s++) {
            const InfWorld* world = scenario_chaos_world(chaos, s);
            for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
                counts.full += event->kind == INF_EVENT_KIND_Rejected && event->Rejected.result == INF_ERROR_FULL;
                counts.accepted += event->kind == INF_EVENT_KIND_Accepted;
            }
            if (t % 25 == 0) {
                const char* wrong = inf_world_validate(world);
                ENSURE_SAY(wrong == NULL, "tick %d, shard %u: %s", t, s, wrong);
            }
        }
    }
    scenario_chaos_destroy(chaos);
    return counts;
}

TEST_RANDOM(pools_of_a_few_places)
{
    TestRandom random = {seed};
    Counts all = {0, 0};
    for (int i = 0; i < 6; i++) {
        InfCapacity capacity = {.souls = 6 + (uint32_t)test_random_below(&random, 10),
                                .ships = 8 + (uint32_t)test_random_below(&random, 16),
                                .systems = 4 + (uint32_t)test_random_below(&random, 8),
                                .places = 12 + (uint32_t)test_random_below(&random, 30),
                                .stations = 4 + (uint32_t)test_random_below(&random, 8),
                                .transfers = 1 + (uint32_t)test_random_below(&random, 3),
                                .tags = 30,
                                .event_bytes = 1u << 18};
        Counts counts = run_tiny(test_random_u64(&random), capacity);
        all.full += counts.full;
        all.accepted += counts.accepted;
    }
    ENSURE(all.full > 0 && all.accepted > 100);
}

TEST(the_pools_of_the_tiny_build)
{
    InfCapacity capacity = {.souls = 8, .ships = 12, .systems = 6, .places = 24, .stations = 8, .transfers = 3, .tags = 40,
                            .event_bytes = 1u << 18};
    Counts counts = run_tiny(1, capacity);
    ENSURE(counts.full > 0 && counts.accepted > 100);
}
