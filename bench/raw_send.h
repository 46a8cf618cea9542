/// @file raw_send.h
/// The peer of the server's sockets: a bare epoll loop that sends ready-made frames, one send per client and tick, and
/// does nothing else. What the kernel takes for that is the least that any server could spend. Other ways to hand the
/// same frames to the kernel can take turns with that one on the same sockets.
#ifndef INF_BENCH_RAW_SEND_H
#define INF_BENCH_RAW_SEND_H

#include <stdbool.h>
#include <stdint.h>

#define RAW_SEND_WAYS_MAX 8
#define RAW_SEND_ROUNDS_MAX 1000

/// What one tick sends: the same frame to each.
typedef struct RawSendBatch {
    const int* fds;
    uint32_t clients;
    const uint8_t* frame;
    uint32_t frame_bytes;
} RawSendBatch;

/// One way to send. Both functions run in the sending process.
typedef struct RawSendWay {
    void* (*open)(const RawSendBatch* batch, int kind);          ///< NULL if it cannot be had
    uint32_t (*send)(void* state, const RawSendBatch* batch);    ///< @return how many frames were taken whole
    int kind;                                                    ///< passed to open
} RawSendWay;

typedef struct RawSendDef {
    uint32_t clients, hz, seconds;
    uint32_t frame_bytes;   ///< of each frame, its header included
    uint32_t inputs_per_s;  ///< small messages that come the other way, over all clients, and are read one by one
    bool is_unix;           ///< Unix sockets instead of TCP over loopback
    bool is_eager;          ///< the reader reads as soon as something comes, instead of a tick's frames when it has been sent
    const RawSendWay* ways; ///< that take turns, a tick each, in another order in each round; NULL: one send a client, no turns
    uint32_t way_count;     ///< with ways: from 1 to RAW_SEND_WAYS_MAX
    uint32_t rounds;        ///< with ways, instead of seconds: after one second by the first that counts for none
} RawSendDef;

/// One way's share. CPU is that of the sending process; a tick's lasts until the next one begins to send.
typedef struct RawSendShare {
    uint64_t frames, short_sends;
    double cpu_s;          ///< all threads: the sending one and what the kernel runs in the process's name
    double worker_cpu_s;   ///< of that, the kernel's threads
    double send_cpu_s;     ///< of cpu_s, what passed while frames were sent and not while inputs were read
    double wall_s, busy_s; ///< by the clock; what all processors worked meanwhile, readers and interrupts included
} RawSendShare;

typedef struct RawSendResult {
    uint64_t frames, short_sends;
    double cpu_us_per_frame; ///< of the sending process
    double gap_p99_ms;       ///< between frames as its reader saw them
    RawSendShare ways[RAW_SEND_WAYS_MAX]; ///< without def->ways the first is all there is
    double turn_us[RAW_SEND_WAYS_MAX][RAW_SEND_ROUNDS_MAX]; ///< with ways: CPU a frame in each round
} RawSendResult;

/// One send for each client.
extern const RawSendWay raw_send_direct;

/// Runs sender and reader in two child processes. @return false with *error set if sockets cannot be had
bool raw_send_run(const RawSendDef* def, RawSendResult* out, const char** error);

#endif
