/// @file pilot.h
/// One simulated player: signs in, undocks, flies, fires, speaks, and checks all that it is told. The fleet holds what
/// pilots share and the sums of what they found.
#ifndef INF_LOAD_PILOT_H
#define INF_LOAD_PILOT_H

#include "sight.h"

#include <client/client.h>

typedef enum LoadScene { LOAD_IDLE, LOAD_MOVE, LOAD_BATTLE, LOAD_CHAT } LoadScene;

#define LOAD_GAP_MS_MAX 10000u
#define LOAD_ACK_MS_MAX 10000u
/// Each so manieth pilot also runs the real viewer and decodes every event, as a check of the lean way.
#define LOAD_PROOF_EVERY 128u
/// Of each so manieth pilot the kernel tells when its bytes came.
#define LOAD_STAMP_EVERY 16u

typedef struct LoadSums {
    uint64_t snapshots, snapshot_bytes, frames, bytes, events, fired_events, said_events;
    uint64_t inputs, accepted, rejected, refused, said;
    uint64_t ticks_skipped;  ///< ticks that lay between two snapshots of a client
    uint64_t decode_errors;  ///< a frame or event that does not decode, an unknown ship
    uint64_t sequence_errors; ///< ticks out of order, a delta without what it builds on
    uint64_t implausible;    ///< a position or speed or number that cannot be
    uint64_t proof_errors;   ///< the lean sight and the real viewer differ
    uint64_t acks, acks_lost;
    uint64_t ships_seen;     ///< summed over snapshots
    uint32_t gap_ms[LOAD_GAP_MS_MAX + 1], ack_ms[LOAD_ACK_MS_MAX + 1];
    uint32_t arrival_gap_ms[LOAD_GAP_MS_MAX + 1]; ///< by the kernel's time of arrival, of some pilots
} LoadSums;

void load_sums_add(LoadSums* to, const LoadSums* from);

typedef struct LoadFleet {
    LoadScene scene;
    bool measuring;      ///< else nothing is summed but errors
    uint64_t now_us;     ///< monotonic, of this turn of the loop
    uint32_t ready, closed;
    LoadSums sums;
    char first_error[160];
    char first_closed[160];
} LoadFleet;

typedef struct LoadPilot {
    InfClient* client;
    uint32_t number;
    bool was_ready, is_lost;
    bool watches_out; ///< epoll also asks whether it can write
    uint64_t started_us, ready_us;

    uint64_t ship;
    uint8_t ship_state, order;
    uint32_t own_index1; ///< its row + 1
    uint64_t last_snapshot_us;
    uint64_t arrived_us, last_arrived_us; ///< by the kernel's clock: what is being read; the snapshot before. 0: not known
    bool is_stamped;
    uint64_t ack_sent_us;
    uint32_t ack_sequence;
    uint64_t undock_us, spoke_us, ordered_us;
    uint64_t random;
    LoadSight sight;
    InfViewer* viewer; ///< of those that prove
} LoadPilot;

void load_pilot_begin(LoadPilot* pilot, LoadFleet* fleet, uint32_t number, uint64_t seed);
/// Its turn comes soon: fetch what it will look at into the cache.
void load_pilot_fetch(const LoadPilot* pilot);
/// Take in what the socket has. @return false once the connection is closed
bool load_pilot_run(LoadPilot* pilot, LoadFleet* fleet);
/// Its turn to act: at most one input.
void load_pilot_act(LoadPilot* pilot, LoadFleet* fleet);
void load_pilot_end(LoadPilot* pilot);

#endif
