/// @file http.h
/// Everything cold that speaks HTTP: the client's files, a small REST, metrics, health. Runs libwebsockets in its
/// own thread; questions about the world go through the mailbox to the tick thread.
#ifndef INFINITY_SERVER_HTTP_H
#define INFINITY_SERVER_HTTP_H

#include "server/mailbox.h"
#include "server/metrics.h"

#include <stddef.h>

typedef struct InfHttpDef {
    const char* web_root; ///< folder with index.html; null or missing = the API only
    InfMailbox* mailbox;
    InfMetrics* metrics;
    /// What can be done with a request without the world is done here, on HTTP's thread: it may set `prepared`, or
    /// `status` and `answer`: then it is answered at once. May be null.
    void (*prepare)(void* user, InfRequest* request);
    void* prepare_user;
    const char* tls_certificate; ///< PEM file with the chain; null: no HTTPS
    const char* tls_key;         ///< PEM file
    const char* tls_host;        ///< address to listen on; null: all
    uint32_t connections_max, tls_connections_max; ///< at once, by HTTP and by HTTPS; 0: as many as is good
    uint16_t tls_port;           ///< 0: any free one
    const char* awake_folder;    ///< an awake galaxy's folder, where pictures lie; null: not awake
    uint32_t body_ms;            ///< a body has to be here by then, and has a second more for each 32 kB; 0: 30 s
    bool bounds_this_machine;    ///< limits per address hold on loopback too, which is free of them else
    const char* host_token;      ///< of an awake galaxy, see senses.h; must outlive this
} InfHttpDef;

typedef struct InfHttp InfHttp;

/// Loads the files and starts the thread. @param error written on failure
InfHttp* inf_http_create(const InfHttpDef* def, char* error, size_t error_bytes);
/// Stops the thread and closes its sockets.
void inf_http_destroy(InfHttp* http);

/// An InfHandOver (listener.h) whose user is the InfHttp; safe from any thread.
bool inf_http_hand_over(void* http, int fd, bool is_admin, bool is_proxied);

/// The port of HTTPS really bound; 0 without.
uint16_t inf_http_get_tls_port(const InfHttp* http);
/// Files served, for the log.
size_t inf_http_get_file_count(const InfHttp* http);

#endif
