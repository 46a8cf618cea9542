/// @file feelings.h
/// What souls felt, over time: for those who are played, bound to an identity or looked at. A soul's log holds at most
/// INF_FEELINGS_SAMPLES samples of all the time since it began: when it is full every second one is let go and the
/// interval doubles. Nothing here is part of the galaxy; it is kept beside the read models of the journal (table
/// `feelings`), INF_FEELINGS_SOULS × INF_FEELINGS_SAMPLES rows at most, and read back at a start.
#ifndef INFINITY_SERVER_FEELINGS_H
#define INFINITY_SERVER_FEELINGS_H

#include <infinity/world.h>
#include <journal/rows.h>

#define INF_FEELINGS_SAMPLES 240
/// Souls that are followed at once; the one that was asked for least lately gives way.
#define INF_FEELINGS_SOULS 512
/// Ticks between samples at first.
#define INF_FEELINGS_EVERY_TICKS 20u

typedef struct InfFeelingsLog {
    uint64_t soul, touched_tick;
    uint32_t every_ticks, count;
    bool is_thinned; ///< and the table does not know yet
    uint64_t ticks[INF_FEELINGS_SAMPLES];
    uint16_t values[INF_FEELINGS_SAMPLES][INF_FEELINGS];
} InfFeelingsLog;

typedef struct InfFeelingsDesk InfFeelingsDesk;
/// Takes a row that shall be kept.
typedef void InfFeelingsKeep(void* user, const InfFeelingsRow* row);

/// @param keep  may be null: nothing is kept. @return null: out of memory
InfFeelingsDesk* inf_feelings_desk_create(InfFeelingsKeep* keep, void* user);
void inf_feelings_desk_destroy(InfFeelingsDesk* desk); ///< null is allowed
/// Take back what was kept, row by row, by soul and tick. What does not fit a log is passed over.
void inf_feelings_load(InfFeelingsDesk* desk, const InfFeelingsRow* rows, uint32_t count);
/// Follow a soul from now on. @return its log; valid until the next call
InfFeelingsLog* inf_feelings_follow(InfFeelingsDesk* desk, uint64_t soul, uint64_t now_tick);
/// A log that is there, without beginning one. @return null: none
const InfFeelingsLog* inf_feelings_find(const InfFeelingsDesk* desk, uint64_t soul);
/// Is a sample due in this tick?
bool inf_feelings_is_due(const InfFeelingsLog* log, uint64_t now_tick);
/// Take in what it feels now. Only when a sample is due.
void inf_feelings_add(InfFeelingsDesk* desk, InfFeelingsLog* log, uint64_t now_tick, const uint16_t feelings[INF_FEELINGS]);
/// The logs that are in use, for the one who samples. @param at  0 at first. @return null: no more
InfFeelingsLog* inf_feelings_next(InfFeelingsDesk* desk, uint32_t* at);

#endif
