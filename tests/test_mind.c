// Minds: nobody gets stuck, nothing is asserted, the books balance, and the same world gives the same lives.
#include "soul_test.h"

#include "mind/mind.h"

/// Each live soul has a timer in the future, or its ship has one.
static void ensure_nobody_is_stuck(const InfWorld* world)
{
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (!inf_pool_is_live(&world->soul_pool, i)) continue;
        const InfSoul* soul = inf_soul_at(world, i);
        ENSURE_SAY(soul->timer_tick > inf_world_now(world), "soul %u activity %u timer %" PRIu64 " now %" PRIu64, i,
                   soul->activity, soul->timer_tick, inf_world_now(world));
        ENSURE_SAY(soul->timer_tick <= inf_world_now(world) + 2 * INF_TICKS_PER_DAY, "soul %u sleeps too long", i);
        ENSURE(soul->ship_index1 != 0);
    }
}

static uint64_t begun[INF_ACTIVITY_COUNT], said_count;

static void count_events(const InfWorld* world)
{
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Activity) begun[event->Activity.activity]++;
        if (event->kind == INF_EVENT_KIND_Said) {
            if (++said_count % 400 < 3) printf("  %s: %s\n", event->Said.name, event->Said.text);
        }
    }
}

static void report(const InfWorld* world)
{
    uint32_t by_activity[INF_ACTIVITY_COUNT] = {0}, by_hull[INF_HULL_COUNT] = {0}, docked = 0, cruising = 0;
    int64_t credits = 0;
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (!inf_pool_is_live(&world->soul_pool, i)) continue;
        const InfSoul* soul = inf_soul_at(world, i);
        by_activity[soul->activity]++;
        credits += inf_soul_credits(world, soul);
        const InfShip* ship = inf_ship_at(world, soul->ship_index1);
        by_hull[ship->hull_kind]++;
        docked += ship->state == INF_SHIP_STATE_DOCKED;
        cruising += ship->state == INF_SHIP_STATE_CRUISE;
    }
    printf("pools: systems %u/%u places %u/%u stations %u/%u accounts %u/%u ships %u/%u\n", world->system_pool.live, world->system_pool.capacity, world->place_pool.live, world->place_pool.capacity, world->station_pool.live, world->station_pool.capacity, world->account_pool.live, world->account_pool.capacity, world->ship_pool.live, world->ship_pool.capacity);
    printf("tick %" PRIu64 ": %u souls, mean %" PRId64 " credits, %u docked, %u cruising, price level %" PRId64
           ", mined %" PRId64 " trades %" PRId64 " jumps %" PRId64 " births %" PRId64 " shots %" PRId64 " charted %" PRId64 "\n  ",
           inf_world_now(world), world->soul_pool.live, world->soul_pool.live ? credits / world->soul_pool.live : 0, docked,
           cruising, inf_world_price_level(world), world->header.units_mined, world->header.trades, world->header.jumps,
           world->header.births, world->header.shots, world->header.discoveries);
    for (uint32_t i = 0; i < INF_ACTIVITY_COUNT; i++) printf("%s %u, ", inf_activity_word(i), by_activity[i]);
    printf("\n  begun: ");
    for (uint32_t i = 0; i < INF_ACTIVITY_COUNT; i++) printf("%s %" PRIu64 ", ", inf_activity_word(i), begun[i]);
    printf("said %" PRIu64 "\n  ", said_count);
    for (uint32_t i = 0; i < INF_HULL_COUNT; i++) printf("%s %u, ", inf_hull(i)->word, by_hull[i]);
    for (uint32_t i = 0; i < INF_DEATH_COUNT; i++) printf("died %s %" PRId64 ", ", inf_cause_word(i), world->header.deaths[i]);
    for (uint32_t i = 1; i < INF_TRADE_COUNT; i++) printf("%s %" PRId64 ", ", inf_trade_word(i), world->header.income_credits[i]);
    printf("\n");
}

TEST(two_thousand_minds_live_for_three_days)
{
    InfWorld* world = soul_test_world(7, 2000, 3000, 30000);
    for (uint64_t tick = 1; tick <= 3 * INF_TICKS_PER_DAY; tick++) {
        inf_world_tick(world, NULL, 0);
        count_events(world);
        if (tick % 18000 == 0) {
            ensure_nobody_is_stuck(world);
            ENSURE(inf_ledger_balanced(world));
            const char* wrong = inf_world_validate(world);
            ENSURE_SAY(wrong == NULL, "%s", wrong);
            report(world);
        }
    }
    ENSURE(world->soul_pool.live > 500);
    ENSURE(world->header.units_mined > 0 && world->header.trades > 0 && world->header.jumps > 0);
    inf_world_destroy(world);
}
