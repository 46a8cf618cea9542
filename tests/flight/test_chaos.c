// The chaotic scene: everything happens in it, the books and lists stay whole, a restored world marches in step with
// its twin, and the whole run is the same each time.
#include "flight_test.h"
#include "scenarios/scenarios.h"

static ScenarioChaos* make_chaos(uint64_t seed)
{
    ScenarioChaosDef def = scenario_chaos_def_default();
    def.seed = seed;
    def.minds = 1200;
    def.allocator.reallocate = flight_reallocate;
    ScenarioChaos* chaos = scenario_chaos_create(&def);
    ENSURE(chaos != NULL);
    return chaos;
}

TEST(chaos_has_everything_in_it_and_stays_whole)
{
    ScenarioChaos* chaos = make_chaos(11);
    uint64_t seen[INF_EVENT_KINDS_END] = {0};
    uint32_t ships_most = 0;
    for (int t = 0; t < 4000; t++) {
        scenario_chaos_tick(chaos);
        uint32_t live = 0;
        for (uint32_t s = 0; s < 2; s++) {
            const InfWorld* world = scenario_chaos_world(chaos, s);
            for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
                seen[event->kind]++;
            }
            live += world->ship_pool.live;
            if (t % 200 == 0) {
                const char* wrong = inf_world_validate(world);
                ENSURE_SAY(wrong == NULL, "tick %d, shard %u: %s", t, s, wrong);
            }
        }
        ships_most = live > ships_most ? live : ships_most;
    }
    static const InfEventKind wanted[] = {
        INF_EVENT_KIND_Rejected, INF_EVENT_KIND_Accepted, INF_EVENT_KIND_Woke, INF_EVENT_KIND_Died, INF_EVENT_KIND_Docked,
        INF_EVENT_KIND_Arrived, INF_EVENT_KIND_JumpBroken, INF_EVENT_KIND_Jumped, INF_EVENT_KIND_Entered, INF_EVENT_KIND_Mined,
        INF_EVENT_KIND_Fired, INF_EVENT_KIND_Destroyed, INF_EVENT_KIND_Traded, INF_EVENT_KIND_Ledger, INF_EVENT_KIND_Scanned,
        INF_EVENT_KIND_TransferArrived, INF_EVENT_KIND_Paid, INF_EVENT_KIND_Alarm, INF_EVENT_KIND_GoalReached};
    for (uint32_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        ENSURE_SAY(seen[wanted[i]] > 0, "no %s", inf_event_word(wanted[i]));
    }
    ENSURE(ships_most >= 1000);
    scenario_chaos_destroy(chaos);
}

static InfWorld* restore(const ScenarioChaos* chaos, uint32_t shard)
{
    InfWorld* world = scenario_chaos_world(chaos, shard);
    size_t bytes_count = inf_world_encoded_bytes(world);
    uint8_t* bytes = malloc(bytes_count);
    ENSURE(bytes != NULL && inf_world_encode(world, bytes, bytes_count) == bytes_count);
    InfWorldDef def = scenario_chaos_world_def(chaos, shard);
    InfWorld* twin = NULL;
    InfResult result = inf_world_decode(&def, bytes, bytes_count, &twin);
    ENSURE_SAY(result == INF_OK, "%s", inf_result_text(result));
    free(bytes);
    return twin;
}

TEST(restored_worlds_march_in_step)
{
    ScenarioChaos* chaos = make_chaos(5);
    for (int t = 0; t < 1500; t++) {
        scenario_chaos_tick(chaos);
    }
    InfWorld* twins[2];
    for (uint32_t s = 0; s < 2; s++) {
        twins[s] = restore(chaos, s);
        ENSURE_EQ_U64(inf_world_hash(scenario_chaos_world(chaos, s)), inf_world_hash(twins[s]));
    }
    for (int t = 0; t < 1000; t++) {
        scenario_chaos_tick(chaos);
        for (uint32_t s = 0; s < 2; s++) {
            size_t bytes;
            const uint8_t* inputs = scenario_chaos_inputs(chaos, s, &bytes);
            inf_world_tick(twins[s], inputs, bytes);
            ENSURE_SAY(inf_world_hash(scenario_chaos_world(chaos, s)) == inf_world_hash(twins[s]), "tick %d, shard %u", t, s);
        }
    }
    for (uint32_t s = 0; s < 2; s++) {
        inf_world_destroy(twins[s]);
    }
    scenario_chaos_destroy(chaos);
}

TEST(a_run_that_is_restored_again_and_again_ends_the_same)
{
    uint64_t ends[2];
    for (int restored = 0; restored < 2; restored++) {
        ScenarioChaos* chaos = make_chaos(3);
        for (int t = 0; t < 1200; t++) {
            scenario_chaos_tick(chaos);
            if (restored && t % 97 == 96) {
                uint32_t shard = (uint32_t)t % 2;
                inf_world_destroy(scenario_chaos_swap(chaos, shard, restore(chaos, shard)));
            }
        }
        ends[restored] = scenario_chaos_hash(chaos);
        scenario_chaos_destroy(chaos);
    }
    ENSURE_EQ_U64(ends[0], ends[1]);
}

/// All credits that left a shard and have not arrived, by the books and by the outboxes.
static void ensure_credits_in_flight(const ScenarioChaos* chaos, uint32_t shards)
{
    int64_t books = 0, boxes = 0;
    for (uint32_t s = 0; s < shards; s++) {
        const InfWorld* world = scenario_chaos_world(chaos, s);
        books += inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_SENT)) +
                 inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_RECEIVED));
        uint32_t count;
        const InfTransfer* rows = inf_world_transfers(world, &count);
        for (uint32_t i = 0; i < count; i++) {
            const InfHeader* there = inf_world_header(scenario_chaos_world(chaos, rows[i].destination));
            if ((rows[i].generation & 1u) != 0 && rows[i].sequence > there->in_sequence[s]) {
                boxes += rows[i].credits;
            }
        }
    }
    ENSURE_EQ_I64(boxes, books);
}

TEST(no_credit_is_lost_or_doubled_between_shards)
{
    ScenarioChaosDef def = scenario_chaos_def_default();
    def.shards = 4;
    def.minds = 400;
    def.seed = 23;
    def.allocator.reallocate = flight_reallocate;
    ScenarioChaos* chaos = scenario_chaos_create(&def);
    ENSURE(chaos != NULL);
    for (int t = 0; t < 2500; t++) {
        scenario_chaos_tick(chaos);
        if (t % 10 == 0) {
            ensure_credits_in_flight(chaos, 4);
        }
    }
    scenario_chaos_destroy(chaos);
}

TEST(the_golden_scene_is_the_same_twice)
{
    InfAllocator allocator = {.reallocate = flight_reallocate};
    uint64_t hash = scenario_golden(&allocator, 700);
    ENSURE(hash != 0 && hash == scenario_golden(&allocator, 700) && hash != scenario_golden(&allocator, 699));
}
