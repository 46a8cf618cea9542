/// @file server.h
/// The server: one galaxy, its tick loop, players' sockets and HTTP. `infinity serve` is a thin shell around it.
///
///     collect inputs ─► inf_shards_tick ─► what each client sees ─► wait until durable ─► send
///
/// One thread runs the loop and owns the worlds and the players' sockets; libwebsockets has its own; the journal and
/// the worlds have theirs.
#ifndef INFINITY_SERVER_SERVER_H
#define INFINITY_SERVER_SERVER_H

#include "server/log.h"
#include "shard/shards.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Who may send souls here.
typedef enum InfBorderOpen { INF_BORDER_CLOSED, INF_BORDER_PEERS, INF_BORDER_OPEN } InfBorderOpen;
/// Who may name a server on this machine or in a private network.
typedef enum InfBorderPrivate { INF_BORDER_PRIVATE_NONE, INF_BORDER_PRIVATE_HOST, INF_BORDER_PRIVATE_ALL } InfBorderPrivate;

/// Souls between servers; see docs/border.md.
typedef struct InfBorderDef {
    InfBorderOpen open;
    InfBorderPrivate private_addresses;
    const char* peers;      ///< public keys in hexadecimal, separated by blanks; null = none
    int64_t claim_max;      ///< credits that a stranger's soul may bring
    const char* url;        ///< how others reach this server; null or empty = where it listens
    const char* ca_file;    ///< PEM certificates to trust; null = the system's
    uint32_t retry_ms;      ///< first wait before a letter is sent again
    const char* kill_at;    ///< for tests: "point" or "point:n", where the process kills itself; null = never
} InfBorderDef;

typedef struct InfServerDef {
    uint32_t cookie;         ///< set by inf_server_def_default()
    const char* folder;      ///< the galaxy's folder; made when missing
    const char* name;        ///< what the galaxy is called, up to 63 bytes
    const char* host;        ///< address to listen on; null = no TCP
    uint16_t port;           ///< 0 = any free one
    const char* unix_path;   ///< socket for a reverse proxy; null = none
    const char* web_root;    ///< folder of the page; null = none
    const char* const* origins; ///< pages on other hosts that may connect
    size_t origin_count;
    const char* const* hosts; ///< names that this server goes by; none = any
    size_t host_count;
    uint32_t players_max;    ///< connected at the same time, [1, 65535]
    uint32_t sockets_per_address; ///< players' sockets from one address; loopback is free
    const char* tls_certificate; ///< PEM file; null = no HTTPS
    const char* tls_key;     ///< PEM file
    uint16_t tls_port;       ///< 0 = any free one
    InfBorderDef border;
    uint64_t seed;           ///< of a new galaxy
    uint32_t minds;          ///< of a new galaxy
    InfGalaxyKind kind;      ///< of a new galaxy
    bool kind_is_wanted;     ///< a galaxy that is there has to be of that kind
    const char* host_soul;   ///< name of an awake galaxy's host
    uint8_t host_key[INF_KEY_BYTES]; ///< public key by which it signs in; zero: nobody can
    uint32_t threads;        ///< that tick worlds; 0 = one per core
    uint32_t tick_ms;        ///< between two ticks, [10, 1000]. A tick is 100 ms of the galaxy's time whatever this says
    uint32_t tick_budget_percent; ///< of this time that ticks may take before detail falls, [1, 100]
    uint32_t tick_late_percent;   ///< of this time from which, when no detail is left, clients are told less often, [1, 100]
    int32_t nice;            ///< of all its threads, [-20, 19], if the system allows it; 0 = leave it
    uint32_t snapshot_ticks; ///< between snapshots
    InfLogStyle log_style;
    InfLogLevel log_level;
    /// Told while the journal is replayed; may be null.
    void (*progress)(void* user, uint64_t done_ticks, uint64_t all_ticks);
    void* progress_user;
} InfServerDef;
/// Every field valid but folder: 127.0.0.1:8080, 1000 players, seed 42, 10,000 minds.
InfServerDef inf_server_def_default(void);

typedef enum InfServerFault {
    INF_SERVER_OK,
    INF_SERVER_FAULT_GALAXY,  ///< the galaxy could not be opened, or its journal failed; `result` says more
    INF_SERVER_FAULT_ADDRESS, ///< an address, port or socket cannot be had
    INF_SERVER_FAULT_SETTINGS, ///< the galaxy that is there is another than the one wanted
    INF_SERVER_FAULT_OTHER
} InfServerFault;

/// What went wrong and what to do, for a person.
typedef struct InfServerError {
    InfServerFault fault;
    InfResult result;
    char text[1024];
} InfServerError;

typedef struct InfServer InfServer;

/// Open (or make) the galaxy, replay its journal, listen. Strings in the def must outlive the server.
/// @return null with *error filled
InfServer* inf_server_create(const InfServerDef* def, InfServerError* error);
/// Run until inf_server_stop() or a failure. On the way out clients are told and everything is saved.
/// @return INF_SERVER_OK, or the fault with *error filled
InfServerFault inf_server_run(InfServer* server, InfServerError* error);
/// Ask the loop to end. Safe in a signal handler and from any thread; null is allowed.
void inf_server_stop(InfServer* server);
/// Closes everything; takes a snapshot if the run ended well. Null is allowed.
void inf_server_destroy(InfServer* server);

/// The TCP port really bound.
uint16_t inf_server_get_port(const InfServer* server);
/// The port of HTTPS really bound; 0 without.
uint16_t inf_server_get_tls_port(const InfServer* server);
/// For reading, between create and run, and after run.
InfShards* inf_server_get_shards(InfServer* server);

#endif
