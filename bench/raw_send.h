/// @file raw_send.h
/// The peer of the server's sockets: a bare epoll loop that sends ready-made frames, one send per client and tick, and
/// does nothing else. What the kernel takes for that is the least that any server could spend.
#ifndef INF_BENCH_RAW_SEND_H
#define INF_BENCH_RAW_SEND_H

#include <stdbool.h>
#include <stdint.h>

typedef struct RawSendDef {
    uint32_t clients, hz, seconds;
    uint32_t frame_bytes;   ///< of each frame, its header included
    uint32_t inputs_per_s;  ///< small messages that come the other way, over all clients, and are read one by one
    bool is_unix;           ///< Unix sockets instead of TCP over loopback
} RawSendDef;

typedef struct RawSendResult {
    uint64_t frames, short_sends;
    double cpu_us_per_frame; ///< of the sending process
    double gap_p99_ms;       ///< between frames as its reader saw them
} RawSendResult;

/// Runs sender and reader in two child processes. @return false with *error set if sockets cannot be had
bool raw_send_run(const RawSendDef* def, RawSendResult* out, const char** error);

#endif
