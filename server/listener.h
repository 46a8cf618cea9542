/// @file listener.h
/// One port for everything: accepts, looks at just enough of the request to know what it is, and hands the socket
/// on: `/ws` to the fan-out, all else, still unread, to the HTTP part. Owned by the fan-out's thread.
#ifndef INFINITY_SERVER_LISTENER_H
#define INFINITY_SERVER_LISTENER_H

#include "server/fanout.h"

/// Takes over a socket from which nothing has been read. @return false if it cannot; the caller closes it
typedef bool InfHandOver(void* user, int fd, bool is_admin, bool is_proxied);

typedef struct InfListenerDef {
    const char* host;            ///< address to bind, e.g. "127.0.0.1", "::", "0.0.0.0"; null = no TCP
    uint16_t port;               ///< 0 = any free one
    const char* unix_path;       ///< for a reverse proxy, mode 0660; null = none
    const char* admin_path;      ///< for the host's own commands, mode 0600; null = none
    InfWsRules rules;            ///< must outlive the listener
    uint32_t heads_max;          ///< request heads being read at once, default 2048
    uint32_t heads_per_address;  ///< of these from one address, default 64
    uint32_t sockets_per_address; ///< players' sockets from one address, default 64; loopback is free
    uint32_t head_ms;            ///< a head must be complete in this time, default 5 s
    InfHandOver* hand_over;
    void* hand_over_user;
} InfListenerDef;

InfListenerDef inf_listener_def_default(void);

typedef struct InfListener InfListener;

/// @param error  written on failure: what is wrong and what to do
InfListener* inf_listener_create(const InfListenerDef* def, InfFanout* fanout, char* error, size_t error_bytes);
/// Closes the listening sockets and removes the socket files.
void inf_listener_destroy(InfListener* listener);
int inf_listener_fd(const InfListener* listener);
void inf_listener_poll(InfListener* listener, uint64_t now_ms);
/// The TCP port really bound.
uint16_t inf_listener_get_port(const InfListener* listener);

typedef struct InfListenerStats {
    uint64_t accepted, refused, timeouts, out_of_descriptors;
} InfListenerStats;
InfListenerStats inf_listener_get_stats(const InfListener* listener);

#endif
