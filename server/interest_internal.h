/// @file interest_internal.h
/// The inside of InfInterest: interest.c walks places once a tick and fills what is here, interest_write.c reads it for each
/// client. Several hands may read side by side; each has a desk of its own.
#ifndef INFINITY_SERVER_INTEREST_INTERNAL_H
#define INFINITY_SERVER_INTEREST_INTERNAL_H

#include "server/grid.h"
#include "server/interest.h"

#define PLACES_MAX 8192u // a power of two; more places looked at in a tick than that show nothing new
#define NEVER UINT64_MAX
#define NO_SHIP UINT32_MAX
/// So many ships are worth waking hands for, who view so many at a time.
#define VIEWED_TOGETHER 1000u
#define VIEWED_AT_ONCE 256u
/// Who got nothing for longer than this is told everything anew.
#define LATE_TICKS 16u
/// Views are kept for so many ticks while clients are told less often than each: a power of two above the stride.
#define KEPT_TICKS 8u
_Static_assert(KEPT_TICKS > INF_INTEREST_STRIDE_MAX, "a stride's baseline is kept");
/// Fewest ships that a look may ask for: its own, those that concern it, and a few more.
#define SHIPS_MIN 8u
/// A record is copied whole words at a time, whatever its length; there is room behind it.
#define COPY_BYTES 32u
_Static_assert(COPY_BYTES >= INF_VIEW_RECORD_BYTES_MAX, "one copy takes a record");

/// Bits of Slot.meta above the record's length.
#define SLOT_LENGTH 31u
#define SLOT_SLOW 32u  // new in its place or renamed: look at its Row
#define SLOT_ABSENT 64u // not where it was

typedef struct Slot {
    uint8_t record[COPY_BYTES - 1]; // the delta; as it was predicted: none; new in its place: the full record
    uint8_t meta;
} Slot;
_Static_assert(sizeof(Slot) == COPY_BYTES && INF_VIEW_RECORD_BYTES_MAX <= SLOT_LENGTH, "two slots in a cache line");

typedef struct Row {
    InfShipView view;
    uint64_t tick; // when the view was made
    uint64_t identity;
    uint32_t place_index1;
    uint32_t full_at; // in the records' buffer
    uint32_t named_tick; // low bits: when it was new or renamed last
    uint32_t since_tick; // low bits: when it was new
    bool is_new;     // was not in this place in the tick before
    bool is_renamed; // its Ship frame has changed
} Row;

/// The encoded Ship frame of a row: apart from what is read for each client and tick.
typedef struct Name {
    uint8_t byte_count;
    uint8_t bytes[INF_INTEREST_SHIP_BYTES - 1];
} Name;

typedef struct Rows {
    Row* rows;
    Name* names;
    Slot* slots;
    uint32_t count;
    // While clients are told less often only.
    InfShipView (*kept)[KEPT_TICKS]; // views by tick
    Slot* wide;                      // as `slots`, over a stride
    uint32_t kept_count;
} Rows;

typedef enum RunKind { RUN_FULL, RUN_DELTA, RUN_WIDE, RUN_KINDS } RunKind;

typedef struct Run {
    uint32_t at, bytes, count;
    bool made;
} Run;

/// A ship that has left a place.
typedef struct Leaving {
    uint32_t tick, since_tick; // low bits: when it was gone, and since when it had been there
    uint32_t row;
} Leaving;

typedef struct Place {
    uint32_t shard, index1, generation;
    uint64_t tick, since_tick; // gathered last, and in every tick since
    uint32_t* ships; // rows
    uint32_t ship_count, ship_capacity;
    uint32_t* gone; // rows that left since the tick before
    uint32_t gone_count, gone_capacity;
    uint32_t before_count;
    bool is_continued; // it was gathered in the tick before too
    Run runs[RUN_KINDS];
    Leaving* left; // in the last KEPT_TICKS, while clients are told less often
    uint32_t left_count, left_capacity;
    uint64_t vague_tick; // the last in which it was not known since when a ship had been there
    uint64_t wide_tick;  // in which the wide slots of its ships were made
    uint64_t grid_tick;
    InfGrid grid;
} Place;

/// A hand's scratch.
typedef struct Desk {
    _Alignas(64) uint32_t* marks[INF_SHARDS_MAX]; // by row: who is in the set at hand
    uint32_t mark_counts[INF_SHARDS_MAX];
    uint32_t mark;
    InfGridSearch search;
} Desk;

struct InfInterest {
    const InfWorld* const* worlds;
    uint32_t shard_count;
    uint64_t tick;
    uint32_t every;      // which tick each client is told
    uint64_t kept_since; // views have been kept in each tick since, or NEVER
    Rows rows[INF_SHARDS_MAX];
    Place* places[PLACES_MAX];
    uint32_t place_count;
    uint8_t* records;
    uint32_t record_bytes, record_capacity;
    InfHands* hands; // null: the caller views alone
    Desk* desks;
    uint32_t desk_count;
};

/// A place, walked in this tick; null if the look is at none, or at one too many.
Place* inf_interest_look_at(InfInterest* interest, uint32_t shard, uint32_t place_index1);
/// The place if it has been walked lately, or null.
Place* inf_interest_known_place(const InfInterest* interest, uint32_t shard, uint32_t index1);
/// The records of all ships of a place, one after the other. Wide ones need their slots.
void inf_interest_make_run(InfInterest* interest, Place* place, RunKind kind);
/// The deltas of a place's ships over a stride, if they can be made, into the wide slots: once a tick.
void inf_interest_make_wide(InfInterest* interest, Place* place);
/// Sort the place's ships into a grid, once a tick. @return false if memory is short
bool inf_interest_make_grid(InfInterest* interest, Place* place);

static inline bool inf_interest_is_here(const InfInterest* interest, const Place* place, const Row* row) {
    return row->tick == interest->tick && row->place_index1 == place->index1;
}

#endif
