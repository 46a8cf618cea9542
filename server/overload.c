// See overload.h.
#include "server/overload.h"

#include <stdbool.h>

/// The mean forgets an eighth of itself each tick.
#define MEAN_TICKS 8u
/// So many ticks in a row are no accident.
#define OVER_TICKS 4u
/// To tell less often costs players more than to show fewer ships, and saves less: only if ticks were late for so long.
#define LATE_TICKS 20u
#define LATE_PERMILLE 1000u
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

static void fall(InfOverload* overload) {
    overload->step++;
    overload->settle_ticks = INF_OVERLOAD_SETTLE_TICKS;
    overload->calm_ticks = 0;
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
    overload->since_up_ticks = 1;
}

void inf_overload_note(InfOverload* overload, uint32_t load_permille, uint32_t budget_permille) {
    load_permille = load_permille < 2000 ? load_permille : 2000; // one hanging disk is no reason to show less for long
    overload->mean_permille = (overload->mean_permille * (MEAN_TICKS - 1) + load_permille + MEAN_TICKS / 2) / MEAN_TICKS;
    bool is_rate = overload->step + 1 < INF_OVERLOAD_STEP_COUNT && steps[overload->step + 1].every > inf_overload_every(overload);
    uint32_t limit_permille = is_rate ? LATE_PERMILLE : budget_permille;
    overload->over_ticks = load_permille > limit_permille ? overload->over_ticks + 1 : 0;
    if (overload->calm_needed == 0) {
        overload->calm_needed = INF_OVERLOAD_CALM_TICKS;
    }
    if (overload->since_up_ticks != 0 && ++overload->since_up_ticks > 4 * TOO_EARLY_TICKS) {
        overload->since_up_ticks = 0; // it went well: the next time need not wait so long
        overload->calm_needed = INF_OVERLOAD_CALM_TICKS;
    }
    if (overload->settle_ticks > 0) {
        overload->settle_ticks--;
        return;
    }
    bool is_over = overload->mean_permille > limit_permille && overload->over_ticks >= (is_rate ? LATE_TICKS : OVER_TICKS);
    if (is_over && overload->step + 1 < INF_OVERLOAD_STEP_COUNT) {
        fall(overload);
        return;
    }
    bool was_rate = overload->step > 0 && inf_overload_every(overload) > steps[overload->step - 1].every;
    uint32_t allowed_permille = was_rate ? (LATE_PERMILLE + budget_permille) / 2 : budget_permille;
    if (overload->step == 0 || overload->mean_permille * 5 > allowed_permille * 4) {
        overload->calm_ticks = 0;
    } else if (++overload->calm_ticks >= overload->calm_needed) {
        rise(overload);
    }
}
