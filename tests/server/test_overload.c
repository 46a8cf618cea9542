// The load controller with made-up loads: a machine for which a snapshot costs so much per ship and so much for itself.
#include "test.h"

#include <server/overload.h>

#define BUDGET 600u

/// Load of a tick in thousandths, if everything told at full detail takes `full`.
static uint32_t load_of(const InfOverload* overload, uint32_t full) {
    uint32_t a_snapshot = 500 + 500 * inf_overload_ships(overload) / 64; // half of it whatever is in it
    return full * a_snapshot / 1000 / inf_overload_every(overload);
}

static void run(InfOverload* overload, uint32_t full, uint32_t ticks) {
    for (uint32_t i = 0; i < ticks; i++) {
        inf_overload_note(overload, load_of(overload, full), BUDGET);
    }
}

TEST(within_the_budget_nothing_falls) {
    InfOverload overload = {0};
    run(&overload, BUDGET, 10000);
    ENSURE_EQ_U64(0, overload.step);
    ENSURE_EQ_U64(64, inf_overload_ships(&overload));
    ENSURE_EQ_U64(1, inf_overload_every(&overload));
}

TEST(one_slow_tick_is_no_reason) {
    InfOverload overload = {0};
    run(&overload, 300, 100);
    inf_overload_note(&overload, 4000, BUDGET);
    inf_overload_note(&overload, 900, BUDGET);
    run(&overload, 300, 1);
    ENSURE_EQ_U64(0, overload.step);
    run(&overload, 300, 200);
    ENSURE_EQ_U64(0, overload.step);
}

TEST(ships_give_way_before_snapshots_do) {
    InfOverload overload = {0};
    uint32_t ships = 64, every = 1;
    for (uint32_t i = 0; i < 2000; i++) {
        run(&overload, 5000, 1);
        uint32_t now_ships = inf_overload_ships(&overload), now_every = inf_overload_every(&overload);
        ENSURE(now_ships <= ships && now_every >= every);
        ENSURE(now_every == 1 || now_ships == 16); // only when nothing is left of the other
        ships = now_ships;
        every = now_every;
    }
    ENSURE_EQ_U64(16, ships);
    ENSURE_EQ_U64(4, every);
}

TEST(each_step_has_time_to_take_effect) {
    InfOverload overload = {0};
    uint32_t last = 0, step = 0;
    for (uint32_t i = 0; i < 500; i++) {
        run(&overload, 5000, 1);
        if (overload.step != step) {
            ENSURE_EQ_U64(step + 1, overload.step);
            ENSURE(step == 0 || i - last > INF_OVERLOAD_SETTLE_TICKS);
            step = overload.step;
            last = i;
        }
    }
    ENSURE_EQ_U64(INF_OVERLOAD_STEP_COUNT - 1, step);
}

TEST(it_stops_where_the_budget_holds_and_stays_there) {
    for (uint32_t full = 620; full < 2400; full += 20) {
        InfOverload overload = {0};
        run(&overload, full, 200);
        uint32_t step = overload.step, changes = 0;
        uint32_t most = inf_overload_ships(&overload) > 16 ? BUDGET : 1000;
        ENSURE_SAY(load_of(&overload, full) <= most, "%u leaves a load of %u", full, load_of(&overload, full));
        ENSURE(step > 0);
        for (uint32_t i = 0; i < 20000; i++) {
            uint32_t before = overload.step;
            run(&overload, full, 1);
            changes += overload.step != before;
        }
        ENSURE_SAY(changes <= 24, "%u: %u changes in 20,000 ticks", full, changes); // rarer and rarer tries
    }
}

TEST(detail_comes_back_after_a_calm) {
    InfOverload overload = {0};
    run(&overload, 5000, 500);
    uint32_t step = overload.step;
    run(&overload, 100, INF_OVERLOAD_CALM_TICKS / 2);
    ENSURE_EQ_U64(step, overload.step); // not at once
    run(&overload, 100, (INF_OVERLOAD_CALM_TICKS + INF_OVERLOAD_SETTLE_TICKS + 2) * INF_OVERLOAD_STEP_COUNT);
    ENSURE_EQ_U64(0, overload.step);
}

TEST(a_load_that_comes_and_goes_is_followed_ever_more_slowly) {
    InfOverload overload = {0};
    uint32_t changes_first = 0, changes_last = 0;
    for (uint32_t round = 0; round < 40; round++) {
        for (uint32_t i = 0; i < 400; i++) {
            uint32_t before = overload.step;
            run(&overload, i < 150 ? 900 : 300, 1);
            changes_first += round < 10 && overload.step != before;
            changes_last += round >= 30 && overload.step != before;
        }
    }
    ENSURE_SAY(changes_last < changes_first, "%u changes at first, %u at last", changes_first, changes_last);
}
