/// @file habits.h
/// What a player does, told by its inputs, in words that count themselves: so many sales, jumps, gifts. The journal keeps the
/// counts (its read model `habits`), and DNA is sampled from them (dna.h).
#ifndef INFINITY_SOULS_HABITS_H
#define INFINITY_SOULS_HABITS_H

#include <infinity/message.h>

/// X(NAME, name, "what is counted")
#define INF_HABITS(X)                                                                                   \
    X(SOLD, sold, "sales at a market")                                                                  \
    X(BOUGHT, bought, "purchases at a market")                                                          \
    X(MINED, mined, "orders to mine")                                                                   \
    X(JUMPED, jumped, "orders to jump")                                                                 \
    X(WANDERED, wandered, "orders to jump, cruise and approach")                                        \
    X(ATTACKED, attacked, "orders to attack")                                                           \
    X(FLED, fled, "orders to flee")                                                                     \
    X(LOOTED, looted, "orders to loot")                                                                 \
    X(DOCKED, docked, "orders to dock")                                                                 \
    X(SCANNED, scanned, "scans")                                                                        \
    X(GAVE, gave, "payments to somebody")                                                               \
    X(TALKED, talked, "lines said to a place or crew")                                                  \
    X(WHISPERED, whispered, "lines said to one soul")                                                   \
    X(JOKED, joked, "lines with a laugh in them")                                                       \
    X(BANKED, banked, "deposits")                                                                       \
    X(WITHDREW, withdrew, "withdrawals")                                                                \
    X(REPAIRED, repaired, "repairs and refuellings")                                                    \
    X(WORKED, worked, "hours of work at a station")                                                     \
    X(INSURED, insured, "clone bays paid")                                                              \
    X(HID, hid, "times the transponder was switched off")                                               \
    X(SHOWED, showed, "times it was switched on")                                                       \
    X(HUNTED, hunted, "bounties set")                                                                   \
    X(JETTISONED, jettisoned, "cargo thrown out")                                                       \
    X(REFITTED, refitted, "ships and modules bought")                                                   \
    X(HELMED, helmed, "minutes at the helm by hand")                                                    \
    X(ASKED, asked, "times it asked for another's consent")                                             \
    X(AGREED, agreed, "times it agreed to another's act")

typedef enum InfHabit {
#define X(NAME, name, text) INF_HABIT_##NAME,
    INF_HABITS(X)
#undef X
    INF_HABIT_COUNT
} InfHabit;

/// One input shows so many at most.
#define INF_HABITS_SHOWN_MAX 2

typedef struct InfHabitShown {
    InfHabit habit;
    uint64_t with; ///< whom it paid or whispered to, so that knowing somebody again can be told; else 0
} InfHabitShown;

/// Which habits an input shows. Of the helm, which speaks many times a second, one tick a minute is looked at.
/// @param tick  in which the input is done
/// @return how many were written to `out`; 0 for most kinds
uint32_t inf_habits_of(const InfInput* input, uint64_t tick, InfHabitShown out[INF_HABITS_SHOWN_MAX]);
/// "sold", "bought", …; as in the journal's table. Null for a number beyond.
const char* inf_habit_word(uint32_t habit);

#endif
