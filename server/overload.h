/// @file overload.h
/// What gives way when there is more to do in a tick than time: first how many ships each client sees in a crowd, then how
/// often it is told, and only when all of that is used up does the tick itself come late. A pure function of the measured
/// loads, so that it can be tested with made-up ones. Nobody is disconnected for load.
///
/// The load of a tick is the share of its time that its work took. Detail falls a step when the mean load of the last ticks
/// and each of the last few is above the budget; how often clients are told falls when the mean was longer than it may be for
/// two seconds on end, and the next step waits until the last one can have shown its effect. What a step saved is measured, so that
/// it is known what the load would be without it: a step is taken back after a time in which that load would have left a tenth
/// to spare, a rate of telling after three tenths of that time. Each time it had to be taken again soon after, that time has to be twice as long.
#ifndef INFINITY_SERVER_OVERLOAD_H
#define INFINITY_SERVER_OVERLOAD_H

#include <stdint.h>

/// Steps of detail: ships that a client sees in a crowd, and every which tick it is told.
/// X(ships, every): the order is that in which detail falls.
#define INF_OVERLOAD_STEPS(X) \
    X(64, 1)                  \
    X(48, 1)                  \
    X(32, 1)                  \
    X(16, 1)                  \
    X(16, 2)                  \
    X(16, 4)

enum {
#define X(ships, every) +1
    INF_OVERLOAD_STEP_COUNT = 0 INF_OVERLOAD_STEPS(X)
#undef X
};

/// A step takes its effect within so many ticks: a full place's sets are chosen anew in this time.
#define INF_OVERLOAD_SETTLE_TICKS 12u
/// Calm before detail comes back, at first and at most.
#define INF_OVERLOAD_CALM_TICKS 100u
#define INF_OVERLOAD_CALM_TICKS_MAX 3200u

/// Zero it to begin.
typedef struct InfOverload {
    uint32_t step;        ///< [0, INF_OVERLOAD_STEP_COUNT)
    uint32_t mean_permille; ///< of the load, over the last ticks
    uint32_t fell_at_permille; ///< the mean when the last step down was taken
    uint32_t since_fall_ticks; ///< while that step's gain is measured
    uint32_t left_permille[INF_OVERLOAD_STEP_COUNT]; ///< what each step leaves of the load of the one above
    uint32_t over_ticks;  ///< so many ticks in a row were over the budget
    uint32_t settle_ticks; ///< until the next step down may be judged
    uint32_t calm_ticks;  ///< ticks with something to spare, less four for each without
    uint32_t calm_needed; ///< 0 = INF_OVERLOAD_CALM_TICKS
    uint32_t since_up_ticks; ///< since detail came back last; 0 = never
} InfOverload;

/// Take in how much of its time the last tick took. @param load_permille  1000 = all of it
/// @param budget_permille  what ticks may take before fewer ships are shown, [1, 1000]
/// @param late_permille  what they may take before clients are told less often, [1, 1000]
void inf_overload_note(InfOverload* overload, uint32_t load_permille, uint32_t budget_permille, uint32_t late_permille);
uint32_t inf_overload_ships(const InfOverload* overload);
uint32_t inf_overload_every(const InfOverload* overload);

#endif
