/// @file courier.h
/// Carries letters to other servers: HTTPS by libcurl in a thread of its own, so that a slow or silent server costs
/// the tick nothing. One multi handle keeps connections open and uses them again.
///
/// Life of an errand: created and sent by the tick thread, run by the courier's thread, collected and freed by the
/// tick thread. Errands still under way when the courier is destroyed are dropped: whoever sends must be able to send
/// again, over restarts too, which is what the border protocol is for.
#ifndef INFINITY_SERVER_COURIER_H
#define INFINITY_SERVER_COURIER_H

#include "server/metrics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// scheme://host:port of a server, without path; a longer one is refused.
#define INF_COURIER_URL_BYTES 256

/// How an errand ended.
typedef enum InfErrandEnd {
    INF_ERRAND_ANSWERED,   ///< `status` and `answer` are the server's
    INF_ERRAND_UNREACHED,  ///< certain that no byte of the request was taken: no such host, connection refused, TLS failed
    INF_ERRAND_UNKNOWN     ///< broke off later: whether it was done is unknown
} InfErrandEnd;

typedef struct InfErrand {
    struct InfErrand* next;
    char url[INF_COURIER_URL_BYTES + 64];
    size_t base_bytes;       ///< of them, the server's address
    uint64_t sent_ms;        ///< the courier's
    char* body;              ///< JSON; null: GET. Freed with the errand.
    size_t body_bytes;
    bool allows_private;     ///< addresses of this machine and of private networks too
    uint32_t timeout_ms;     ///< for all of it; 0: the courier's
    uint32_t kind;           ///< the sender's own
    void* user;              ///< the sender's own
    /// Called on the courier's thread before it goes out: makes `body`. @return false: it does not go (`error` says why).
    /// May be null.
    bool (*pack)(struct InfErrand* errand);
    /// Called on the courier's thread when an answer is here: signatures are checked there. May be null.
    void (*unpack)(struct InfErrand* errand);
    void (*user_free)(void* user); ///< of `user`, with the errand; may be null

    InfErrandEnd end;
    int status;              ///< HTTP status, 0 if there was none
    char* answer;            ///< ends with a zero; freed with the errand
    size_t answer_bytes;
    char error[256];         ///< why there is no answer, a phrase without a full stop
} InfErrand;

typedef struct InfCourierDef {
    const char* ca_file;      ///< PEM certificates to trust; null: the system's
    uint32_t connect_ms, timeout_ms;
    size_t answer_bytes_max;
    uint32_t connections_per_host;
    uint32_t connections_max; ///< to all servers together; a letter waits until there is one for it, `timeout_ms` at most
    uint32_t errands_max;     ///< under way or waiting; more are refused
    InfMetrics* metrics;      ///< or null
    void (*wake)(void* user); ///< called on the courier's thread when an errand has ended; may be null
    void* wake_user;
} InfCourierDef;
/// 5 s to connect, 20 s in all, 4 MiB of answer, 8 connections to a server, 64 in all, 2048 letters.
InfCourierDef inf_courier_def_default(void);

typedef struct InfCourier InfCourier;

/// @return null with a reason in `error`: the CA file cannot be read, no thread
InfCourier* inf_courier_create(const InfCourierDef* def, char* error, size_t error_bytes);
/// Ends its thread; breaks off what is under way. Null is allowed.
void inf_courier_destroy(InfCourier* courier);

/// Is this a server's address: http:// or https://, a host, perhaps a port, nothing else? Writes it without a slash at
/// its end. @return null, or a phrase that says what is wrong
const char* inf_courier_check_url(const char* url, char out[INF_COURIER_URL_BYTES]);

/// @param path  begins with a slash  @param body  taken over (also on failure); null: GET. @return null without memory
InfErrand* inf_errand_create(const char* base_url, const char* path, char* body);
void inf_errand_free(InfErrand* errand);
/// Hand over. The errand comes back by inf_courier_collect(), at once and unreached if too many are under way.
void inf_courier_send(InfCourier* courier, InfErrand* errand);
/// The next that has ended, or null.
InfErrand* inf_courier_collect(InfCourier* courier);
/// Readable while ended errands wait to be collected.
int inf_courier_fd(const InfCourier* courier);
/// Sent and not yet collected.
uint32_t inf_courier_count(InfCourier* courier);

#endif
