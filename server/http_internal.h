/// @file http_internal.h
/// The inside of InfHttp: http.c has the thread, the doors and what is asked; http_answer.c what is answered.
#ifndef INFINITY_SERVER_HTTP_INTERNAL_H
#define INFINITY_SERVER_HTTP_INTERNAL_H

#include "server/http.h"
#include "server/http_files.h"
#include "server/http_routes.h"

#include <libwebsockets.h>
#include <pthread.h>

#define INF_HTTP_DESCRIPTORS_MAX 65536
#define INF_HTTP_ALLOWANCES 4096
// Connections at once; libwebsockets holds INF_HTTP_DESCRIPTORS of all sorts, so some are left for the host's own socket.
#define INF_HTTP_DESCRIPTORS 1024
#define INF_HTTP_CONNECTIONS 512u
#define INF_HTTP_TLS_CONNECTIONS 384u
#define INF_HTTP_CONNECTIONS_PER_ADDRESS 64u
#define INF_HTTP_TOLD 32u ///< HTTPS beyond that, which are only told that they are too many
#define INF_HTTP_TOLD_PER_ADDRESS 8u

// Rights go with the door, never with a name in the request: libwebsockets chooses a virtual host by the Host header,
// so there is just one, and the door is remembered by descriptor.
enum { INF_DOOR_PUBLIC, INF_DOOR_PROXIED, INF_DOOR_ADMIN };

typedef struct InfHandOverItem {
    struct InfHandOverItem* next;
    int fd;
    uint8_t door;
} InfHandOverItem;

/// One HTTP exchange; on a kept-alive connection they follow each other.
typedef struct InfExchange {
    struct lws* wsi;
    const InfRoute* route;
    InfRequest* request; ///< in the mailbox
    const uint8_t* from; ///< what is being sent: a file's bytes or `owned`
    char* owned;
    size_t byte_count, sent;
    char* posted;
    size_t posted_bytes, posted_capacity;
    uint64_t body_until_ms;
    uint64_t next_cursor;
    uint64_t lines;
    bool close_after, head_only, streaming;
    bool body_unread; ///< a body follows that nobody will read: answer at once and close
} InfExchange;

/// How much one address may still ask now. Addresses that share a slot share the allowance.
typedef struct InfAllowance {
    uint64_t level_milli, filled_ms;
} InfAllowance;

/// Connections that are open; http_crowd.c.
typedef struct InfCrowd {
    uint32_t plain, plain_max, tls, tls_max;
    uint16_t of_address[INF_HTTP_ALLOWANCES]; ///< by slots of addresses, as allowances
} InfCrowd;

struct InfHttp {
    InfHttpDef def;
    InfAllowance allowances[INF_HTTP_ALLOWANCES];
    size_t bodies_bytes;                       ///< memory of all bodies
    InfAllowance senses; ///< of all who feed them together
    InfHttpFiles files;
    struct lws_context* context;
    struct lws_vhost* host;
    InfCrowd crowd;
    uint16_t tls_port; ///< 0: no HTTPS
    uint8_t doors[INF_HTTP_DESCRIPTORS_MAX]; // by descriptor: where the connection came in
    pthread_t thread;
    bool has_thread;
    _Atomic bool stopping;
    pthread_mutex_t lock;
    InfHandOverItem *first, *last;
    uint32_t waiting;
};

uint64_t inf_http_now_ms(void); ///< monotonic
InfHttp* inf_http_of(struct lws* wsi);
int inf_http_door(struct lws* wsi);
bool inf_http_is_admin(struct lws* wsi);

// Each of these gives 0, or -1 when the connection is to be closed.
void inf_exchange_forget(InfExchange* exchange);
/// @param owned  freed when sent; `extra` is pairs of header name and value, ended by null
int inf_exchange_text(InfExchange* exchange, int status, const char* type, char* owned, size_t byte_count,
                      const char* const* extra);
int inf_exchange_json(InfExchange* exchange, int status, json_t* json, const char* const* extra);
int inf_exchange_error(InfExchange* exchange, int status, const char* error, const char* reason, const char* what_to_do);
int inf_exchange_file(InfExchange* exchange, const InfHttpFile* file);
int inf_exchange_health(InfExchange* exchange, InfHttp* http);
int inf_exchange_metrics(InfExchange* exchange, InfHttp* http);
/// Post a request to the tick thread.
int inf_exchange_ask(InfExchange* exchange, InfHttp* http, InfRequest* request);
// http_crowd.c: how many there may be.
uint32_t inf_http_slot_of(const char* address);
void inf_crowd_open(InfHttp* http);
bool inf_crowd_may_knock(InfHttp* http, int fd);           ///< by HTTPS, before the handshake
void inf_crowd_enter(InfHttp* http, struct lws* wsi);      ///< by HTTPS
void inf_crowd_adopt(InfHttp* http, int fd, uint8_t door); ///< a socket of the listener's
void inf_crowd_leave(InfHttp* http, struct lws* wsi);
bool inf_crowd_is_too_many(struct lws* wsi);               ///< it is to be told so, and closed
int inf_crowd_tell(InfExchange* exchange, InfHttp* http);
// http_senses.c: an awake galaxy.
/// May this exchange go on? @return 0: yes, 1: it was refused and *result is what to return
int inf_exchange_gate_senses(InfExchange* exchange, InfHttp* http, int* result);
/// Send the picture that a path names.
int inf_exchange_picture(InfExchange* exchange, InfHttp* http, const char* path);
/// The body is here: read it and ask the tick thread to perceive it.
int inf_exchange_sense(InfExchange* exchange, InfHttp* http);
/// The tick thread has answered.
int inf_exchange_take_answer(InfExchange* exchange, InfRequest* request);
/// It is this connection's turn to write.
int inf_exchange_write(InfExchange* exchange, InfHttp* http);

#endif
