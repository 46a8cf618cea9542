/// @file fanout.h
/// Player sockets: many WebSocket connections, each of which gets one small frame a tick. One thread owns it; hands may help.
///
/// The way of a tick: inf_fanout_poll() reads what came, inf_fanout_next() hands it out in order; the caller
/// computes, stages replies (inf_fanout_send) and snapshots (begin/end_frame), waits until the tick is durable,
/// and lets all staged bytes go with inf_fanout_flush(): one non-blocking send per client.
///
/// Hands (hands.h) may share the work of one tick: between two calls of anything else, each hand may call send, begin_frame,
/// end_frame, hold, begin_direct, end_direct and flush_direct for clients that no other hand has at the time, after inf_fanout_take_lane().
///
/// A snapshot is written in place, straight into the client's send buffer behind a prebuilt header. A client
/// that has not taken its last snapshot whole gets none now (begin_frame returns null), so that its baseline is
/// always the last frame that was begun and ended. Small messages are queued in order; when the queue fills up,
/// detail is dropped first, and a client that does not even take what is reliable is disconnected.
#ifndef INFINITY_SERVER_FANOUT_H
#define INFINITY_SERVER_FANOUT_H

#include "server/hands.h"
#include "server/ws.h"

/// A connection. {0} is null; a stale id is recognised and treated as null.
typedef struct InfClientId {
    uint32_t index1, generation;
} InfClientId;

typedef struct InfFanoutDef {
    uint32_t clients_max;          ///< [1, 65535], default 4096
    uint32_t frame_bytes_max;      ///< longest snapshot, [128, 65535], default 16384
    uint32_t reliable_bytes_max;   ///< bound of queued messages per client, default 65536
    uint32_t message_bytes_max;    ///< longest incoming message, [1, 65536], default 65536
    uint32_t inbox_bytes;          ///< what may wait for inf_fanout_next(), at least 262144, default 4 MiB
    uint32_t messages_per_s;       ///< per client, default 60
    uint32_t messages_burst;       ///< default 120
    uint32_t bytes_per_s;          ///< per client, default 65536
    uint32_t bytes_burst;          ///< default 262144
    uint32_t ping_ms, idle_ms;     ///< 15 s and 30 s
    uint32_t write_deadline_ms;    ///< how long bytes may wait for a reader, 30 s
    uint32_t close_wait_ms;        ///< how long to wait for the answer to a close frame, 2 s
    uint32_t send_buffer_bytes;    ///< SO_SNDBUF; small, so that a slow reader sees fresh things; 65536
    InfHands* hands;               ///< that send together; null: only the caller does
} InfFanoutDef;

InfFanoutDef inf_fanout_def_default(void);

typedef struct InfFanout InfFanout;

/// Clients that one hand tells before it sends to them. Writing and sending by turns, one client at a time, each would find the
/// other's code and data in the first cache.
#define INF_FANOUT_DIRECT 64u

/// @return null if memory or descriptors are short or the def is out of range
InfFanout* inf_fanout_create(const InfFanoutDef* def);
/// Closes all sockets at once, without goodbye (see inf_fanout_close_all).
void inf_fanout_destroy(InfFanout* fanout);

/// A descriptor that is readable when inf_fanout_poll() has something to do.
int inf_fanout_fd(const InfFanout* fanout);
/// Read, write and keep time; never waits. @param now_ms monotonic
void inf_fanout_poll(InfFanout* fanout, uint64_t now_ms);

typedef enum InfFanoutEventKind {
    INF_FANOUT_OPENED,  ///< a new client
    INF_FANOUT_MESSAGE, ///< a whole binary message
    INF_FANOUT_CLOSED   ///< the last event of this client; its id is stale after the next call
} InfFanoutEventKind;

typedef struct InfFanoutEvent {
    InfFanoutEventKind kind;
    InfClientId client;
    const uint8_t* bytes; ///< valid until the next inf_fanout_next() or inf_fanout_poll()
    size_t byte_count;
    uint16_t code; ///< why it closed: an InfWsClose, a peer's own code, or 1006 when the line broke
} InfFanoutEvent;

/// Next event in the order in which things came. @return false when there is none
bool inf_fanout_next(InfFanout* fanout, InfFanoutEvent* out);

/// Take over a connected, non-blocking stream socket whose upgrade has been judged good.
/// @param answer  the HTTP answer, sent first and at once
/// @param more    bytes that the client sent behind its request head
/// @return null id if there is no room; the descriptor is then still the caller's
InfClientId inf_fanout_adopt(InfFanout* fanout, int fd, const InfWsHandshake* handshake, const char* address,
                             const uint8_t* more, size_t more_bytes, uint64_t now_ms);

typedef enum InfSendKind {
    INF_SEND_RELIABLE, ///< must arrive, or the client is disconnected with a reason
    INF_SEND_DETAIL    ///< may be left out when the client reads slowly
} InfSendKind;

/// Stage a small message. @return false if it was dropped, the client is gone, or it has just been disconnected
bool inf_fanout_send(InfFanout* fanout, InfClientId client, const uint8_t* bytes, size_t byte_count, InfSendKind kind);

/// Begin a snapshot, one per tick. @return where to write up to `frame_bytes_max` bytes, or null if the client has not
/// taken its last one whole, two wait for the disk already, it is closing, or is gone. Until end_frame() nothing else may be staged for this client.
uint8_t* inf_fanout_begin_frame(InfFanout* fanout, InfClientId client);
/// Stage the snapshot. 0 bytes takes it back.
void inf_fanout_end_frame(InfFanout* fanout, InfClientId client, size_t byte_count);

/// What is staged is one tick's, whole; it goes with the next inf_fanout_flush_sealed(), and what is staged from now on
/// does not. Seal again only after that, or both ticks go together.
void inf_fanout_seal(InfFanout* fanout);
/// Let what is sealed go, by all hands.
void inf_fanout_flush_sealed(InfFanout* fanout);
/// Let everything staged go: seal and flush.
void inf_fanout_flush(InfFanout* fanout);
/// From now on this thread is that hand, below inf_hands_count(); a thread that never says so is hand 0.
void inf_fanout_take_lane(uint32_t hand);
/// From here to inf_fanout_end_direct() this hand tells one client, and all that it stages goes with the hand's next
/// inf_fanout_flush_direct(): call it only if all that it tells is durable, and do nothing else with the client before that.
/// What is told is written to memory that is still in the cache, and what the kernel does not take is kept. If something waits
/// for the client already nothing is done, and it is staged as ever. After INF_FANOUT_DIRECT clients the flush comes by itself.
void inf_fanout_begin_direct(InfFanout* fanout, InfClientId client);
void inf_fanout_end_direct(InfFanout* fanout, InfClientId client);
/// Send what this hand has told directly.
void inf_fanout_flush_direct(InfFanout* fanout);
/// Its memory will be needed in a moment.
void inf_fanout_fetch(const InfFanout* fanout, InfClientId client);
/// Let what is staged for one client go.
void inf_fanout_flush_client(InfFanout* fanout, InfClientId client);

/// Say goodbye behind what is staged; takes effect at the next flush.
/// @param reason  up to 123 bytes are sent; null = the code's own text
void inf_fanout_close(InfFanout* fanout, InfClientId client, uint16_t code, const char* reason);
void inf_fanout_close_all(InfFanout* fanout, uint16_t code, const char* reason);

/// The Origin that the client's page came from ("" for programs) and the address it came from. Null if stale.
const char* inf_fanout_get_origin(const InfFanout* fanout, InfClientId client);
const char* inf_fanout_get_address(const InfFanout* fanout, InfClientId client);

/// Say goodbye at once and throw away what has not been flushed: it will never be durable.
void inf_fanout_fail_all(InfFanout* fanout, uint16_t code, const char* reason);

/// Live connections from one address.
uint32_t inf_fanout_count_address(const InfFanout* fanout, const char* address);

/// Numbers since creation, but for `clients`, which is now.
typedef struct InfFanoutStats {
    uint64_t clients, opened, closed, messages_in, bytes_in, messages_out, frames_out, bytes_out, sends;
    uint64_t frames_skipped, short_writes, filled, details_dropped, floods, slow, protocol_errors;
} InfFanoutStats;
InfFanoutStats inf_fanout_get_stats(const InfFanout* fanout);

#endif
