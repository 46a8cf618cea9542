/// @file route.h
/// What goes from world to world: a pure function of the worlds of a galaxy, shared by everything that steps them in
/// lockstep (the shards, scenes, benchmarks, fuzzers).
#ifndef INFINITY_ROUTE_H
#define INFINITY_ROUTE_H

#include "infinity/soul.h"
#include "infinity/world.h"

/// Transfers that one world offers to one other in a tick at most; the rest waits in its outbox.
#define INF_ROUTE_WINDOW 64

/// Does a transfer of that kind carry a soul? Then the soul is in flight until it is taken in.
static inline bool inf_transfer_has_soul(uint32_t kind)
{
    return kind == INF_TRANSFER_JUMP || kind == INF_TRANSFER_WAKE || kind == INF_TRANSFER_CUT || kind == INF_TRANSFER_RIDER;
}

/// Append to each world's batch of the next tick what other worlds have for it: first receipts and transfers in the order
/// (source, destination, sequence). What is carried is what outboxes and watermarks say, so nothing has to be remembered
/// between ticks or over a restart. What a destination has no room for, and what no longer fits into a batch, is not
/// offered now.
/// @param worlds   shard i at index i, none in a tick
/// @param count    [1, INF_SHARDS_MAX]
/// @param batches  one writer per world
INF_API void inf_worlds_route(InfWorld* const* worlds, uint32_t count, InfWriter* batches);

/// The world that a soul is in or flies to; UINT32_MAX if neither.
INF_API uint32_t inf_worlds_locate_soul(InfWorld* const* worlds, uint32_t count, uint64_t soul);

/// The row of a soul that is between two worlds, as it left. Indices in it are dead.
/// @return false if it is not in flight
INF_API bool inf_worlds_read_flying(InfWorld* const* worlds, uint32_t count, uint64_t soul, InfSoul* out);

#endif
