/// @file client.h
/// A player's client in C: connects, signs in by key, sends inputs, takes frames in. Non-blocking: one thread can run
/// thousands from one epoll. Used by bots, tests and the load generator, and an example of how to speak the wire.
#ifndef INFINITY_CLIENT_H
#define INFINITY_CLIENT_H

#include <infinity/message.h>
#include <infinity/wire.h>

#define INF_CLIENT_SEED_BYTES 32

typedef struct InfClientDef {
    const char* host;       ///< IPv4 address, e.g. "127.0.0.1"; null with a Unix socket
    uint16_t port;
    const char* unix_path;  ///< Unix socket instead of TCP
    const char* source;     ///< local address to connect from (many connections); may be null
    uint8_t seed[INF_CLIENT_SEED_BYTES]; ///< of the Ed25519 key
    char tag[INF_NAME_BYTES];
    bool watch;             ///< look on without signing in
    uint32_t receive_bytes; ///< buffer; 0: 128 KiB
    uint32_t send_bytes;    ///< buffer; 0: 64 KiB; at least 1 KiB
    uint32_t kernel_receive_bytes; ///< of the socket's own buffer; 0: what the kernel thinks fit
    /// A receive buffer that many clients of one thread share (receive_bytes long; outlives them), or null for its own.
    /// Then take all frames after each inf_client_run() before any other client of the buffer runs: what is left of a
    /// frame that came in part is kept aside.
    uint8_t* shared_receive;
} InfClientDef;

typedef enum InfClientState {
    INF_CLIENT_CONNECTING, INF_CLIENT_UPGRADING, INF_CLIENT_CHALLENGED, INF_CLIENT_SIGNING, INF_CLIENT_READY,
    INF_CLIENT_CLOSED
} InfClientState;

typedef struct InfClient InfClient;

/// Starts to connect. Null on bad arguments or want of memory or sockets (errno tells).
InfClient* inf_client_create(const InfClientDef* def);
void inf_client_destroy(InfClient* client); ///< null is allowed; just drops the connection
int inf_client_fd(const InfClient* client);
bool inf_client_wants_write(const InfClient* client);
/// Do what the socket allows now. Call when poll says so. @return false once it is closed
bool inf_client_run(InfClient* client);
/// Only write what waits, read nothing. @return false once it is closed
bool inf_client_flush(InfClient* client);
InfClientState inf_client_state(const InfClient* client);
/// Why it closed, or what the server refused last. Never null.
const char* inf_client_text(const InfClient* client);

/// The next whole frame that came, number first; null if there is none. Valid until the next call of any function.
/// Sign-in frames (Challenge, Welcome) have been acted on already; they are handed out too.
const uint8_t* inf_client_next_frame(InfClient* client, size_t* bytes);
/// Of the Welcome frame; zeros before it.
const InfFrameWelcome* inf_client_welcome(const InfClient* client);

/// Queue a frame. @return false if it is not encodable or there is no room
bool inf_client_send(InfClient* client, uint32_t kind, const void* frame);
/// Queue an input with the next sequence number. @return that number, 0 if it could not be queued
uint32_t inf_client_send_input(InfClient* client, InfInput* input);
/// Block until READY, closed, or the time is over (for tests and small programs). @return state
InfClientState inf_client_wait_ready(InfClient* client, int timeout_ms);
/// Block until a frame of that kind is there (others are dropped), closed, or the time is over. Null then.
const uint8_t* inf_client_wait_frame(InfClient* client, uint32_t kind, int timeout_ms, size_t* bytes);

#endif
