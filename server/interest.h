/// @file interest.h
/// What each client sees of the ships around it. Records (infinity/wire.h) are the same for every client, so a place
/// that somebody looks at is walked once a tick: each ship is quantised once and its full and its delta record are
/// made once; a client's snapshot is then a matter of copying.
///
/// - Up to INF_INTEREST_SHARED ships in a place: everybody there sees all of them; even the run of records is shared.
/// - More: each client has a set of the nearest and most important ones, found by a grid over the place, chosen
///   anew every few ticks. Who is not in the set any more is told as gone.
/// A client that did not get the tick before gets full records of what it sees; if that was long ago or elsewhere it is told
/// everything anew (flag "forget"). When clients are told every second or fourth tick only, deltas over so many ticks are made
/// once per ship as well, and one that missed its turn gets deltas made for it.
///
/// Hands may write for different clients side by side, once all places that are looked at have been prepared.
#ifndef INFINITY_SERVER_INTEREST_H
#define INFINITY_SERVER_INTEREST_H

#include "server/hands.h"

#include <infinity/wire.h>
#include <infinity/world.h>

/// Ships of a place that are all shown to everybody there.
#define INF_INTEREST_SHARED 64u
/// Ships that one client sees in a fuller place, at most: a look may ask for fewer.
#define INF_INTEREST_SEEN 64u
/// A full place's sets are chosen anew every so many ticks, the clients in turn.
#define INF_INTEREST_EVERY_TICKS 8u
/// With more ships than this in a place they are chosen anew more seldom.
#define INF_INTEREST_CROWD 1000u
#define INF_INTEREST_CROWD_TICKS 10u
/// Room that a snapshot's content can take.
#define INF_INTEREST_BYTES_MAX (INF_VIEW_HEAD_BYTES + (INF_INTEREST_SHARED + 2 * INF_INTEREST_SEEN + 1) * INF_VIEW_RECORD_BYTES_MAX)
/// Room for an encoded Ship frame.
#define INF_INTEREST_SHIP_BYTES 96u

/// Clients are told at least every so many ticks.
#define INF_INTEREST_STRIDE_MAX 4u

typedef struct InfInterest InfInterest;

/// @param worlds  [shard_count], must outlive it
/// @param hands   that view the ships of a place together, and write side by side; null: only the caller does
InfInterest* inf_interest_create(const InfWorld* const* worlds, uint32_t shard_count, InfHands* hands);
void inf_interest_destroy(InfInterest* interest);
/// The worlds have ticked: what was gathered before is the baseline now.
/// @param every  which tick each client is told, [1, INF_INTEREST_STRIDE_MAX]
void inf_interest_begin_tick(InfInterest* interest, uint64_t tick, uint32_t every);
/// Walk a place, once a tick, by all hands, before several hands write for those who look at it. One hand alone needs no preparing.
/// @param ships_max  as in the looks that follow
void inf_interest_prepare(InfInterest* interest, uint32_t shard, uint32_t place_index1, uint32_t ships_max);
/// Rows of the place's ships so that neighbours lie near each other. Valid in this tick; 0 if the place is not full.
uint32_t inf_interest_neighbours(const InfInterest* interest, uint32_t shard, uint32_t place_index1, const uint32_t** rows);

/// What one client has been told. Zero it to begin.
typedef struct InfSight {
    uint64_t tick;           ///< of the last snapshot that it got
    uint32_t shard, place_index1, place_generation;
    uint32_t seen_count;     ///< of `seen`; used in a full place only
    bool is_shared;
    float reach;             ///< of the last choice, in the view's units
    uint32_t seen[INF_INTEREST_SEEN];
} InfSight;

/// Where a client looks from.
typedef struct InfLook {
    uint32_t shard, place_index1; ///< place 0: nothing is seen
    uint32_t ship_index1;         ///< its own ship there, or 0
    uint32_t important[4];        ///< ships always shown if they are there, or 0: target, attacker, ...
    uint32_t ships_max;           ///< see so many at most, [8, INF_INTEREST_SEEN]; 0 = INF_INTEREST_SEEN
    uint32_t turn;                ///< any number that differs between clients: whose turn to choose anew
} InfLook;

/// Write the content of a Snapshot frame and move the client's sight on. Call it only if the frame will be sent.
/// @param hand  whose scratch is used; 0 if there is one only
/// @param out  INF_INTEREST_BYTES_MAX free
/// @param told  [INF_INTEREST_SHARED + INF_INTEREST_SEEN] rows of ships whose Ship frame the client needs now
/// @return bytes
size_t inf_interest_write(InfInterest* interest, uint32_t hand, InfSight* sight, const InfLook* look, uint8_t* out,
                          uint32_t* told, uint32_t* told_count);

/// The encoded Ship frame of a ship that was told about in this tick.
const uint8_t* inf_interest_ship_frame(const InfInterest* interest, uint32_t shard, uint32_t row, size_t* bytes);

#endif
