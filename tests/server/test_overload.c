// The load controller with made-up loads: a machine for which a snapshot costs so much per ship and so much for itself.
#include "test.h"

#include <server/overload.h>

#define BUDGET 600u
#define LATE 1000u

/// Load of a tick in thousandths, if everything told at full detail takes `full`.
static uint32_t load_of(const InfOverload* overload, uint32_t full) {
    uint32_t a_snapshot = 500 + 500 * inf_overload_ships(overload) / 64; // half of it whatever is in it
    return full * a_snapshot / 1000 / inf_overload_every(overload);
}

static void run(InfOverload* overload, uint32_t full, uint32_t ticks) {
    for (uint32_t i = 0; i < ticks; i++) {
        inf_overload_note(overload, load_of(overload, full), BUDGET, LATE);
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
    inf_overload_note(&overload, 4000, BUDGET, LATE);
    inf_overload_note(&overload, 900, BUDGET, LATE);
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
    run(&overload, 100, INF_OVERLOAD_CALM_TICKS / 4);
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

/// Work that is done whether clients are told or not: worlds, walking places, reading what comes.
#define FIXED 120u

/// @param noise  up to so many thousandths more or less
static uint32_t noisy_load(TestRandom* random, const InfOverload* overload, uint32_t full, uint32_t noise) {
    uint32_t load = FIXED + load_of(overload, full);
    return load * (1000 - noise + (uint32_t)test_random_below(random, 2 * noise + 1)) / 1000;
}

/// A crowd comes within a minute, stays for ten and goes within a minute. @return steps taken, up and down
static uint32_t visit(TestRandom* random, InfOverload* overload, uint32_t full, uint32_t noise, uint32_t* late_ticks) {
    uint32_t changes = 0;
    for (uint32_t t = 0; t < 7200; t++) {
        uint32_t now = t < 600 ? full * t / 600 : t < 6600 ? full : full * (7200 - t) / 600;
        uint32_t before = overload->step, load = noisy_load(random, overload, now, noise);
        inf_overload_note(overload, load, BUDGET, LATE);
        changes += overload->step != before;
        *late_ticks += overload->mean_permille > 1000; // a single late tick now and then is no more than that
    }
    return changes;
}

TEST_RANDOM(a_crowd_that_comes_and_goes_costs_each_step_once_or_little_more) {
    TestRandom random = {seed};
    for (uint32_t full = 500; full <= 4500; full += 250) {
        InfOverload overload = {0};
        uint32_t late_ticks = 0, most = 0;
        uint32_t changes = visit(&random, &overload, full, 80, &late_ticks);
        for (uint32_t t = 0; t < 6000; t++) { // ten quiet minutes
            inf_overload_note(&overload, noisy_load(&random, &overload, 0, 80), BUDGET, LATE);
            most = overload.step > most ? overload.step : most;
        }
        ENSURE_EQ_U64(0, overload.step); // found back
        ENSURE_SAY(changes + most <= 2 * (INF_OVERLOAD_STEP_COUNT - 1) + 6, "%u: %u changes", full, changes);
        if (FIXED + full * 5 / 8 / 4 < 900) { // what the last step can hold
            ENSURE_SAY(late_ticks < 600, "%u: %u ticks were late", full, late_ticks);
        }
    }
}

TEST_RANDOM(a_load_near_a_limit_does_not_make_it_go_to_and_fro) {
    TestRandom random = {seed};
    for (uint32_t full = 400; full < 4000; full += 40) {
        InfOverload overload = {0};
        uint32_t changes = 0;
        for (uint32_t t = 0; t < 36000; t++) { // an hour
            uint32_t before = overload.step;
            inf_overload_note(&overload, noisy_load(&random, &overload, full, 100), BUDGET, LATE);
            changes += t >= 600 && overload.step != before;
        }
        ENSURE_SAY(changes <= 12, "%u: %u changes in an hour", full, changes);
    }
}

TEST(when_the_load_falls_clients_are_told_each_tick_again) {
    for (uint32_t full = 1800; full <= 6000; full += 300) {
        InfOverload overload = {0};
        run(&overload, full, 600);
        ENSURE(inf_overload_every(&overload) > 1);
        run(&overload, 1400, 600); // which the step before can carry: 875 of 1000
        ENSURE_EQ_U64(1, inf_overload_every(&overload));
        ENSURE_EQ_U64(16, inf_overload_ships(&overload)); // but more ships it cannot
    }
}

TEST(after_a_storm_clients_are_told_each_tick_again_within_seconds) {
    InfOverload overload = {0};
    run(&overload, 6000, 150); // thousands sign in at once
    ENSURE_EQ_U64(4, inf_overload_every(&overload));
    run(&overload, 500, 2 * (INF_OVERLOAD_CALM_TICKS * 3 / 10 + INF_OVERLOAD_SETTLE_TICKS) + 10);
    ENSURE_EQ_U64(1, inf_overload_every(&overload));
    ENSURE_EQ_U64(16, inf_overload_ships(&overload)); // ships can wait
}

TEST(without_the_step_it_would_be_late_so_it_stays) {
    InfOverload overload = {0};
    run(&overload, 1700, 600); // 1062 if all are told, 531 if every second
    ENSURE_EQ_U64(2, inf_overload_every(&overload));
    for (uint32_t i = 0; i < 30000; i++) {
        run(&overload, 1700, 1);
        ENSURE_EQ_U64(2, inf_overload_every(&overload)); // half of the time is free, and yet it is not tried
    }
}
