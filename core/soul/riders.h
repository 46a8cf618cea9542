/// @file riders.h
/// Passengers: souls that ride in another's head. A passenger has no body, is in no pool of souls and in no place; it is
/// where its host is, perceives what its host perceives, and speaks to its host and fellow passengers only.
///
///   host (soul pool) ── first passenger ── next_of_host ── … at most INF_SEATS, rising by seat
///
/// The two maps (by the passenger's id, by the host's) are derived. A passenger whose host is 0 is a player whose
/// host died and for whose body there was no room yet: it tries again.
#ifndef INF_CORE_RIDERS_H
#define INF_CORE_RIDERS_H

#include "soul/soul.h"

/// Of this shard; 0: no such passenger, no passengers.
uint32_t inf_rider_find(const InfWorld* world, uint64_t soul);
uint32_t inf_riders_first(const InfWorld* world, uint64_t host);
uint32_t inf_riders_count(const InfWorld* world, uint64_t host);
static inline InfSoul* inf_rider_soul(const InfWorld* world, uint32_t passenger_index1)
{
    return inf_passenger_at(world, passenger_index1)->soul;
}
/// A soul of this shard, in a body or riding; null: not here.
InfSoul* inf_soul_anyhow(const InfWorld* world, uint64_t soul);
/// The host that a riding soul looks through, index1 in this shard; 0: it does not ride.
uint32_t inf_rider_host(const InfWorld* world, uint64_t soul);

/// Into both maps: after a decode, of all in any order.
void inf_rider_index(InfWorld* world, uint32_t passenger_index1);
/// Seats that a host may fill: fewer than INF_SEATS where the outbox could never take them all.
uint32_t inf_seats_of(const InfWorld* world);
/// A new passenger of a host with a seat of its own; the soul is copied, its pockets have to be open. `seat` is kept if it
/// is free. 0: the pool is full (all seats taken is the caller's to check).
uint32_t inf_rider_seat(InfWorld* world, const InfSoul* soul, uint64_t host, uint32_t seat, uint64_t boarded_tick);
/// Out of the maps and the pool; the soul must have been copied, its pockets stay open.
void inf_rider_remove(InfWorld* world, uint32_t passenger_index1);

/// Its host has died. A mind dies with it; a player wakes at its clone bay.
void inf_riders_orphan(InfWorld* world, uint64_t host, InfDeathCause cause, uint64_t killer_soul, uint32_t place_index1);
/// One passenger's end (death.c).
void inf_rider_die(InfWorld* world, uint32_t passenger_index1, InfDeathCause cause, uint64_t killer_soul, uint32_t place_index1);
/// Its timer: a word in the head, or the next try to wake.
void inf_rider_timer(InfWorld* world, uint32_t passenger_index1);
/// A body for a riding soul: it is in the pool of souls again, without a ship. 0: there is no room.
uint32_t inf_rider_embody(InfWorld* world, uint32_t passenger_index1);

// ---- the head (core/mind/head.c) ------------------------------------------------------------------------------------
/// Say a line to the host and its passengers. `soul` is one of them.
InfResult inf_head_say(InfWorld* world, InfSoul* soul, uint64_t host, const char* text);
/// Something came through the host's senses: a few built-in passengers will have something to say.
void inf_head_sensed(InfWorld* world, uint64_t host, uint64_t impression);
/// Somebody came aboard or is about to go: one of those aboard says something.
void inf_head_greet(InfWorld* world, uint64_t host, uint64_t who, bool comes);
/// What a built-in passenger does when its timer rings.
void inf_head_turn(InfWorld* world, uint32_t passenger_index1);
/// The built-in host's own answer to a passenger.
bool inf_head_host_answers(InfWorld* world, uint32_t host_index1);

// ---- the senses (core/mind/senses.c) ----------------------------------------------------------------------------------
/// Keep it; the oldest of its class gives way. @return its sequence
uint64_t inf_impression_keep(InfWorld* world, InfSenseKind kind, const char* source, const uint8_t hash[INF_HASH_BYTES],
                             const char* text, uint32_t text_bytes);
const InfImpression* inf_impression_find(const InfWorld* world, uint64_t sequence); ///< null: forgotten
#define INF_REMARK_QUOTE_BYTES 96u
/// What an impression brings to mind.
typedef struct InfRemark {
    char word[40];                      ///< the word that did it; of a new thing, its rarest word; empty: none
    char quote[INF_REMARK_QUOTE_BYTES]; ///< an earlier impression; empty: none
    char seen[INF_REMARK_QUOTE_BYTES];  ///< the impression itself
    uint64_t ago_ticks;                 ///< age of what is quoted
    bool is_picture, is_same;           ///< the very same picture or text
} InfRemark;
/// Search the impressions before it for the one most like it. False: it is forgotten itself.
bool inf_impression_recall(const InfWorld* world, uint64_t sequence, InfRemark* out);
/// The episode of a life that one of its words belongs to; null: none. Puts that word into `remark`.
const InfMemory* inf_impression_kin(const InfWorld* world, const InfSoul* soul, uint64_t sequence, InfRemark* remark);

#endif
