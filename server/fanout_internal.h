/// @file fanout_internal.h
/// The inside of InfFanout: one line per connection. fanout.c takes them in, reads them and keeps time; fanout_out.c
/// fills, seals and empties their send buffers. A send buffer is one straight run of bytes:
///
///     0 ........ head ............ flushed ........ sealed_at ......... tail ........ capacity
///       (sent)        (may be sent)       (sealed)           (staged)
///
/// A tick's bytes are sealed when it has been told whole, and may be sent when it is durable; meanwhile the next
/// tick's are staged behind them. `snapshot_end` is where the last released snapshot ends; while head is before it,
/// the client has not taken that snapshot whole. `held_ends` are those that wait for their tick to be durable: that is
/// the disk's slowness, not the client's, so the next may be staged behind one. Room for two snapshots is always
/// kept free, so reliable messages cannot squeeze them out.
///
/// Several hands may fill, release and send side by side, each for clients of its own (see fanout.h). What they share is in
/// their lanes, but for the list of the dead, which has a lock.
#ifndef INFINITY_SERVER_FANOUT_INTERNAL_H
#define INFINITY_SERVER_FANOUT_INTERNAL_H

#include "server/fanout.h"

#include <pthread.h>

#define INF_FANOUT_READ_BYTES 16384
/// What a line that broke without a goodbye is told as.
#define INF_WS_CODE_BROKEN 1006

typedef enum InfLineState { INF_LINE_FREE, INF_LINE_OPEN, INF_LINE_CLOSING, INF_LINE_DEAD } InfLineState;

/// Level of what may still be taken now, refilled as time passes. In thousandths.
typedef struct InfBucket {
    uint64_t level_milli;
} InfBucket;

typedef struct InfLine {
    int fd;
    uint32_t generation;
    InfLineState state;
    uint16_t code;
    bool staged, sealed, wants_out, peer_closed, shut, in_frame, is_direct;
    uint8_t* out;
    size_t head, flushed, sealed_at, tail, snapshot_end, frame_at;
    size_t held_ends[2];
    uint32_t held_count;
    uint64_t heard_ms, pinged_ms, blocked_ms, closing_ms, refilled_ms;
    InfBucket messages, bytes;
    InfWsParser parser;
    char origin[256], address[64];
} InfLine;

/// What one hand has done: who has been staged by it, and its numbers. Apart from the others', so that hands that send side
/// by side do not write to one line of the cache.
typedef struct InfFanoutLane {
    _Alignas(64) uint32_t* staged_list;
    uint32_t staged_count;
    uint8_t* direct; // buffers that stand in for the send buffers of clients that are told directly, one after the other
    uint32_t direct_count; // clients that have one of them
    InfLine* direct_lines[INF_FANOUT_DIRECT];
    InfFanoutStats stats;
} InfFanoutLane;

struct InfFanout {
    InfFanoutDef def;
    InfFanoutLane* lanes;
    uint32_t lane_count;
    int epoll_fd;
    size_t out_capacity, out_stride, direct_stride, message_stride;
    uint8_t* out_slab;
    uint8_t* message_slab;
    InfLine* clients;
    uint32_t* free_list;
    uint32_t free_count, used_high;
    uint32_t* sealed_list;
    uint32_t sealed_count;
    pthread_mutex_t dead_mutex; // of dead_list, dead_end and the counts of clients
    uint32_t* dead_list;
    uint64_t dead_begin, dead_end; // a ring; each slot is in it once at most
    uint32_t pending_free1; // client whose CLOSED event was handed out last
    uint8_t* inbox;
    size_t inbox_read, inbox_used;
    uint64_t now_ms, swept_ms;
    InfFanoutStats stats;
    uint8_t scratch[INF_FANOUT_READ_BYTES];
};

/// The lane of the hand that runs this thread.
InfFanoutLane* inf_fanout_lane(const InfFanout* fanout);
/// The line of an id; null if the id is stale.
InfLine* inf_line_find(const InfFanout* fanout, InfClientId id);
uint32_t inf_line_index(const InfFanout* fanout, const InfLine* client);

// ---- fanout_out.c
void inf_line_kill(InfFanout* fanout, InfLine* client, uint16_t code);
void inf_line_free(InfFanout* fanout, InfLine* client);
/// Send what may be sent.
void inf_line_write(InfFanout* fanout, InfLine* client);
void inf_line_stage(InfFanout* fanout, InfLine* client);
/// Make room for `bytes` at the tail by moving what is unsent to the front. The snapshots' reserve is kept.
bool inf_line_make_room(InfFanout* fanout, InfLine* client, size_t bytes, bool is_frame);
void inf_line_append(InfLine* client, InfWsOpcode opcode, const uint8_t* bytes, size_t byte_count);
/// Enter the closing state with a close frame behind what is already in the buffer.
void inf_line_start_close(InfFanout* fanout, InfLine* client, uint16_t code, const uint8_t* payload, size_t bytes);
/// What may not be sent yet is never sent.
void inf_line_take_back(InfLine* client);
/// Close from inside: what is staged but not released is not sent, for it may not be durable yet.
void inf_line_fail(InfFanout* fanout, InfLine* client, uint16_t code, const char* reason);
/// Let everything of this line go.
void inf_line_release(InfFanout* fanout, InfLine* client);

#endif
