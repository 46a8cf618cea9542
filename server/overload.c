// See overload.h.
#include "server/overload.h"

#include <stdbool.h>

/// The mean forgets an eighth of itself each tick.
#define MEAN_TICKS 8u
/// So many ticks in a row are no accident.
#define OVER_TICKS 4u
/// To tell less often costs players more than to show fewer ships, and saves less: only if ticks were late for so long.
#define LATE_TICKS 20u
/// So long after a step its gain is measured.
#define MEASURE_TICKS 40u
/// A tick that was not calm undoes so many that were: one in five may be short of time, and it is a calm all the same.
#define CALM_LOSS_TICKS 4u
/// Detail that has to fall within this time of its return came back too early.
#define TOO_EARLY_TICKS 300u

static const struct {
    uint32_t ships, every;
} steps[] = {
#define X(ships, every) {ships, every},
    INF_OVERLOAD_STEPS(X)
#undef X
};

uint32_t inf_overload_ships(const InfOverload* overload) { return steps[overload->step].ships; }
uint32_t inf_overload_every(const InfOverload* overload) { return steps[overload->step].every; }

/// Does the step above this one give way by showing fewer ships, or by telling less often?
static bool is_rate_step(uint32_t step) { return steps[step].every > steps[step - 1].every; }

static void fall(InfOverload* overload) {
    overload->step++;
    overload->settle_ticks = INF_OVERLOAD_SETTLE_TICKS;
    overload->calm_ticks = 0;
    overload->fell_at_permille = overload->mean_permille;
    overload->since_fall_ticks = 1;
    if (overload->since_up_ticks != 0 && overload->since_up_ticks < TOO_EARLY_TICKS) {
        uint32_t needed = overload->calm_needed * 2;
        overload->calm_needed = needed < INF_OVERLOAD_CALM_TICKS_MAX ? needed : INF_OVERLOAD_CALM_TICKS_MAX;
    }
    overload->since_up_ticks = 0;
}

static void rise(InfOverload* overload) {
    overload->step--;
    overload->settle_ticks = INF_OVERLOAD_SETTLE_TICKS;
    overload->calm_ticks = 0;
    overload->since_fall_ticks = 0;
    overload->since_up_ticks = 1;
}

/// What the last step has saved is known better with each tick. It cannot have saved more than its share of what is told.
static void measure(InfOverload* overload) {
    if (overload->since_fall_ticks == 0 || overload->since_fall_ticks++ > MEASURE_TICKS) {
        return;
    }
    uint32_t step = overload->step;
    uint32_t least = steps[step].ships * steps[step - 1].every * 1000 / (steps[step - 1].ships * steps[step].every);
    uint32_t left = overload->mean_permille * 1000 / overload->fell_at_permille;
    overload->left_permille[step] = left < least ? least : left > 1000 ? 1000 : left;
}

/// Would the load without the last step leave a tenth to spare?
static bool is_calm(const InfOverload* overload, uint32_t budget_permille, uint32_t late_permille) {
    uint64_t allowed_permille = is_rate_step(overload->step) ? late_permille : budget_permille;
    return overload->mean_permille * 10000ull <= allowed_permille * 9 * overload->left_permille[overload->step];
}

/// Being told less often hurts most, so it is taken back sooner than fewer ships are.
static uint32_t calm_needed(const InfOverload* overload) {
    return is_rate_step(overload->step) ? overload->calm_needed * 3 / 10 : overload->calm_needed;
}

void inf_overload_note(InfOverload* overload, uint32_t load_permille, uint32_t budget_permille, uint32_t late_permille) {
    load_permille = load_permille < 2000 ? load_permille : 2000; // one hanging disk is no reason to show less for long
    overload->mean_permille = (overload->mean_permille * (MEAN_TICKS - 1) + load_permille + MEAN_TICKS / 2) / MEAN_TICKS;
    bool is_last = overload->step + 1 == INF_OVERLOAD_STEP_COUNT, is_rate = !is_last && is_rate_step(overload->step + 1);
    uint32_t limit_permille = is_rate ? late_permille : budget_permille;
    uint32_t judged_permille = is_rate ? overload->mean_permille : load_permille; // over two seconds some tick is always short
    overload->over_ticks = judged_permille > limit_permille ? overload->over_ticks + 1 : 0;
    if (overload->calm_needed == 0) {
        overload->calm_needed = INF_OVERLOAD_CALM_TICKS;
    }
    if (overload->since_up_ticks != 0 && ++overload->since_up_ticks > 4 * TOO_EARLY_TICKS) {
        overload->since_up_ticks = 0; // it went well: the next time need not wait so long
        overload->calm_needed = INF_OVERLOAD_CALM_TICKS;
    }
    measure(overload);
    if (overload->settle_ticks > 0) {
        overload->settle_ticks--;
        return;
    }
    if (!is_last && overload->mean_permille > limit_permille && overload->over_ticks >= (is_rate ? LATE_TICKS : OVER_TICKS)) {
        fall(overload);
        return;
    }
    if (overload->step == 0) {
        overload->calm_ticks = 0;
    } else if (!is_calm(overload, budget_permille, late_permille)) {
        overload->calm_ticks -= overload->calm_ticks < CALM_LOSS_TICKS ? overload->calm_ticks : CALM_LOSS_TICKS;
    } else if (++overload->calm_ticks >= calm_needed(overload)) {
        rise(overload);
    }
}
