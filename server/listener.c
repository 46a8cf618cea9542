// Accepting. Each socket waits in a slot until its request head is here whole, up to 8 KiB: libwebsockets has a place for
// few heads at once, so one who sends many heads slowly would keep everybody else out. What is for libwebsockets is peeked
// at, not read: its 4.1 can adopt a socket with bytes already read, but mishandles a body among them (it calls
// its completion for ever). Only a request for /ws is read here. Slots are edge-triggered, since bytes that were peeked at
// stay readable.
// A spare descriptor is kept, so that even when the process has none left, a newcomer can be taken and closed
// instead of leaving it in the queue, where it would wake us for ever.
#include "server/listener.h"

#include "server/address.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ACCEPTS_AT_ONCE 64
#define BACKLOG 512

enum { DOOR_TCP, DOOR_UNIX, DOOR_ADMIN, DOOR_COUNT };

typedef struct Pending {
    int fd;
    uint8_t door;
    bool is_upgrade;
    uint32_t byte_count;
    uint64_t since_ms;
    char address[INF_ADDRESS_BYTES];
    uint8_t bytes[INF_WS_HEAD_BYTES_MAX];
} Pending;

struct InfListener {
    InfListenerDef def;
    InfFanout* fanout;
    int epoll_fd, spare_fd;
    int doors[DOOR_COUNT];
    char paths[DOOR_COUNT][108];
    uint16_t port;
    Pending* pendings;
    uint32_t* free_list;
    uint32_t free_count;
    uint64_t now_ms, swept_ms;
    InfListenerStats stats;
};

InfListenerDef inf_listener_def_default(void) {
    return (InfListenerDef){.host = "127.0.0.1",
                            .port = 7777,
                            .heads_max = 2048,
                            .heads_per_address = 64,
                            .sockets_per_address = 64,
                            .head_ms = 5000};
}

// ------------------------------------------------------------------------------------- doors

static bool watch(InfListener* listener, int fd, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN | (token < DOOR_COUNT ? 0u : (uint32_t)EPOLLET), .data.u64 = token};
    return epoll_ctl(listener->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool open_tcp(InfListener* listener, char* error, size_t error_bytes) {
    char service[8];
    snprintf(service, sizeof(service), "%u", listener->def.port);
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo* found = NULL;
    int wrong = getaddrinfo(listener->def.host, service, &hints, &found);
    if (wrong != 0) {
        snprintf(error, error_bytes, "cannot find the address '%s': %s; set 'host' to an address of this machine",
                 listener->def.host, gai_strerror(wrong));
        return false;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    bool fine = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
                bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0 &&
                watch(listener, fd, DOOR_TCP);
    int failure = errno;
    freeaddrinfo(found);
    if (!fine) {
        const char* hint = failure == EADDRINUSE ? "; another program listens there: stop it, or choose another with --port"
                           : failure == EACCES   ? "; ports below 1024 are for root: choose another with --port"
                           : failure == EADDRNOTAVAIL ? "; set 'host' to an address of this machine"
                                                      : "";
        snprintf(error, error_bytes, "cannot listen on %s port %u: %s%s", listener->def.host, listener->def.port,
                 strerror(failure), hint);
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    struct sockaddr_storage bound;
    socklen_t bound_bytes = sizeof(bound);
    getsockname(fd, (struct sockaddr*)&bound, &bound_bytes);
    listener->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6*)&bound)->sin6_port
                                                       : ((struct sockaddr_in*)&bound)->sin_port);
    listener->doors[DOOR_TCP] = fd;
    return true;
}

static bool open_unix(InfListener* listener, int door, const char* path, mode_t mode, char* error,
                      size_t error_bytes) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path)) {
        snprintf(error, error_bytes, "the socket path '%s' is longer than %zu bytes; choose a shorter folder", path,
                 sizeof(address.sun_path) - 1);
        return false;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct stat info;
    if (fd >= 0 && lstat(path, &info) == 0 && S_ISSOCK(info.st_mode)) {
        if (connect(fd, (struct sockaddr*)&address, sizeof(address)) == 0) {
            snprintf(error, error_bytes, "another server answers on '%s'; stop it first", path);
            close(fd);
            return false;
        }
        unlink(path); // left behind by a server that was killed
    }
    mode_t before = umask(0777 & ~mode);
    bool fine = fd >= 0 && bind(fd, (struct sockaddr*)&address, sizeof(address)) == 0;
    int failure = errno;
    umask(before);
    fine = fine && listen(fd, BACKLOG) == 0 && watch(listener, fd, (uint64_t)door);
    if (!fine) {
        snprintf(error, error_bytes, "cannot listen on the socket '%s': %s", path, strerror(failure));
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    strcpy(listener->paths[door], path);
    listener->doors[door] = fd;
    return true;
}

InfListener* inf_listener_create(const InfListenerDef* def, InfFanout* fanout, char* error, size_t error_bytes) {
    InfListener* listener = calloc(1, sizeof(*listener));
    if (listener == NULL) {
        snprintf(error, error_bytes, "out of memory");
        return NULL;
    }
    listener->def = *def;
    listener->fanout = fanout;
    for (int i = 0; i < DOOR_COUNT; i++) {
        listener->doors[i] = -1;
    }
    listener->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    listener->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    listener->pendings = calloc(def->heads_max, sizeof(Pending));
    listener->free_list = calloc(def->heads_max, sizeof(uint32_t));
    if (listener->epoll_fd < 0 || !listener->pendings || !listener->free_list) {
        snprintf(error, error_bytes, "out of memory or descriptors");
        inf_listener_destroy(listener);
        return NULL;
    }
    for (uint32_t i = 0; i < def->heads_max; i++) {
        listener->pendings[i].fd = -1;
        listener->free_list[listener->free_count++] = def->heads_max - 1 - i;
    }
    if ((def->host && !open_tcp(listener, error, error_bytes)) ||
        (def->unix_path && !open_unix(listener, DOOR_UNIX, def->unix_path, 0660, error, error_bytes)) ||
        (def->admin_path && !open_unix(listener, DOOR_ADMIN, def->admin_path, 0600, error, error_bytes))) {
        inf_listener_destroy(listener);
        return NULL;
    }
    return listener;
}

void inf_listener_destroy(InfListener* listener) {
    if (listener == NULL) {
        return;
    }
    for (int i = 0; i < DOOR_COUNT; i++) {
        if (listener->doors[i] >= 0) {
            close(listener->doors[i]);
        }
        if (listener->paths[i][0] != 0) {
            unlink(listener->paths[i]);
        }
    }
    for (uint32_t i = 0; listener->pendings && i < listener->def.heads_max; i++) {
        if (listener->pendings[i].fd >= 0) {
            close(listener->pendings[i].fd);
        }
    }
    if (listener->epoll_fd >= 0) {
        close(listener->epoll_fd);
    }
    if (listener->spare_fd >= 0) {
        close(listener->spare_fd);
    }
    free(listener->pendings);
    free(listener->free_list);
    free(listener);
}

int inf_listener_fd(const InfListener* listener) { return listener->epoll_fd; }
uint16_t inf_listener_get_port(const InfListener* listener) { return listener->port; }
InfListenerStats inf_listener_get_stats(const InfListener* listener) { return listener->stats; }

// ------------------------------------------------------------------------------------- heads

/// Forget the slot. @return its descriptor, out of the epoll set
static int release_pending(InfListener* listener, uint32_t index) {
    Pending* pending = &listener->pendings[index];
    int fd = pending->fd;
    epoll_ctl(listener->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    pending->fd = -1;
    listener->free_list[listener->free_count++] = index;
    return fd;
}

static void refuse(InfListener* listener, uint32_t index, int status, const char* reason) {
    InfWsHandshake answer = {.verdict = INF_WS_REFUSE, .status = status, .reason = reason};
    char text[1024];
    size_t bytes = inf_ws_write_answer(&answer, text, sizeof(text));
    int fd = release_pending(listener, index);
    // Bytes that nobody has read would make the end a reset, and the answer might be lost.
    ssize_t unread = recv(fd, listener->pendings[index].bytes, sizeof(listener->pendings[index].bytes), MSG_DONTWAIT);
    (void)unread;
    send(fd, text, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    close(fd);
    listener->stats.refused++;
}

static bool address_has_room(const InfListener* listener, const char* address) {
    return inf_address_is_free(address) ||
           inf_fanout_count_address(listener->fanout, address) < listener->def.sockets_per_address;
}

static void upgrade(InfListener* listener, uint32_t index) {
    Pending* pending = &listener->pendings[index];
    InfWsHandshake handshake;
    inf_ws_handshake_parse((const char*)pending->bytes, pending->byte_count, &listener->def.rules, &handshake);
    if (handshake.verdict == INF_WS_MORE) {
        return;
    }
    if (handshake.verdict == INF_WS_REFUSE) {
        refuse(listener, index, handshake.status, handshake.reason);
        return;
    }
    char address[INF_ADDRESS_BYTES];
    inf_address_read(pending->door == DOOR_TCP ? pending->address : handshake.forwarded_for, address);
    if (!address_has_room(listener, address)) {
        refuse(listener, index, 429, "Too many connections from your address. Close some and try again.");
        return;
    }
    // The head stays in the slot's bytes, which are not reused before this function returns.
    int fd = release_pending(listener, index);
    InfClientId client =
        inf_fanout_adopt(listener->fanout, fd, &handshake, address, pending->bytes + handshake.head_bytes,
                         pending->byte_count - handshake.head_bytes, listener->now_ms);
    if (client.index1 == 0) {
        InfWsHandshake full = {.verdict = INF_WS_REFUSE, .status = 503, .reason = "The server is full. Try again later."};
        char text[1024];
        send(fd, text, inf_ws_write_answer(&full, text, sizeof(text)), MSG_DONTWAIT | MSG_NOSIGNAL);
        close(fd);
        listener->stats.refused++;
    }
}

/// Read what there is of an upgrade's head. @return false if the line is dead
static bool read_head(Pending* pending) {
    for (;;) {
        size_t room = sizeof(pending->bytes) - pending->byte_count;
        ssize_t got = room > 0 ? recv(pending->fd, pending->bytes + pending->byte_count, room, MSG_DONTWAIT) : 0;
        if (room == 0 || (got < 0 && errno == EAGAIN)) {
            return true;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        pending->byte_count += (uint32_t)got;
    }
}

static void hand_on(InfListener* listener, uint32_t index) {
    int door = listener->pendings[index].door;
    int fd = release_pending(listener, index);
    if (listener->def.hand_over == NULL ||
        !listener->def.hand_over(listener->def.hand_over_user, fd, door == DOOR_ADMIN, door == DOOR_UNIX)) {
        close(fd);
        listener->stats.refused++;
    }
}

/// Look at what there is without reading it, and hand a head on when it is whole.
static void look_ahead(InfListener* listener, uint32_t index) {
    Pending* pending = &listener->pendings[index];
    ssize_t got = recv(pending->fd, pending->bytes, sizeof(pending->bytes), MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        close(release_pending(listener, index));
        return;
    }
    int wants = pending->door == DOOR_ADMIN ? 0 : inf_ws_wants_upgrade((const char*)pending->bytes, (size_t)got);
    pending->is_upgrade = wants == 1;
    if (wants != 0) {
        return;
    }
    if (pending->bytes[0] < 'A' || pending->bytes[0] > 'Z') {
        refuse(listener, index, 400, "That is no HTTP request. HTTPS has a port of its own, if it is served.");
    } else if (memmem(pending->bytes, (size_t)got, "\r\n\r\n", 4) != NULL) {
        hand_on(listener, index);
    } else if ((size_t)got == sizeof(pending->bytes)) {
        refuse(listener, index, 431, "The request head is longer than 8192 bytes.");
    }
}

/// Something has come: find out where the socket belongs.
static void look(InfListener* listener, uint32_t index) {
    Pending* pending = &listener->pendings[index];
    if (!pending->is_upgrade) {
        look_ahead(listener, index);
    }
    if (pending->fd >= 0 && pending->is_upgrade) {
        if (read_head(pending)) {
            upgrade(listener, index);
        } else {
            close(release_pending(listener, index));
        }
    }
}

static bool too_many_heads(const InfListener* listener, const char* address) {
    if (inf_address_is_free(address)) {
        return false;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < listener->def.heads_max; i++) {
        count += listener->pendings[i].fd >= 0 && strcmp(listener->pendings[i].address, address) == 0;
    }
    return count >= listener->def.heads_per_address;
}

static void accept_some(InfListener* listener, int door) {
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        struct sockaddr_storage from;
        socklen_t from_bytes = sizeof(from);
        from.ss_family = AF_UNSPEC;
        int fd = accept4(listener->doors[door], (struct sockaddr*)&from, &from_bytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if ((errno == EMFILE || errno == ENFILE) && listener->spare_fd >= 0) {
                close(listener->spare_fd);
                fd = accept(listener->doors[door], NULL, NULL);
                if (fd >= 0) {
                    close(fd);
                }
                listener->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
                listener->stats.out_of_descriptors++;
            }
            return;
        }
        listener->stats.accepted++;
        char address[INF_ADDRESS_BYTES];
        inf_address_write(&from, address);
        if (listener->free_count == 0 || too_many_heads(listener, address)) {
            close(fd);
            listener->stats.refused++;
            continue;
        }
        uint32_t index = listener->free_list[--listener->free_count];
        Pending* pending = &listener->pendings[index];
        pending->fd = fd;
        pending->door = (uint8_t)door;
        pending->byte_count = 0;
        pending->is_upgrade = false;
        pending->since_ms = listener->now_ms;
        memcpy(pending->address, address, sizeof(address));
        if (!watch(listener, fd, DOOR_COUNT + index)) {
            close(release_pending(listener, index));
            continue;
        }
        look(listener, index); // most often it is there already
    }
}

void inf_listener_poll(InfListener* listener, uint64_t now_ms) {
    listener->now_ms = now_ms;
    struct epoll_event events[64];
    int count = epoll_wait(listener->epoll_fd, events, 64, 0);
    for (int i = 0; i < count; i++) {
        uint64_t token = events[i].data.u64;
        if (token < DOOR_COUNT) {
            accept_some(listener, (int)token);
        } else if (listener->pendings[token - DOOR_COUNT].fd >= 0) {
            look(listener, (uint32_t)(token - DOOR_COUNT));
        }
    }
    if (now_ms - listener->swept_ms < 250) {
        return;
    }
    listener->swept_ms = now_ms;
    for (uint32_t i = 0; i < listener->def.heads_max; i++) {
        Pending* pending = &listener->pendings[i];
        if (pending->fd >= 0 && now_ms - pending->since_ms > listener->def.head_ms) {
            listener->stats.timeouts++;
            refuse(listener, i, 408, "The request head did not come in 5 seconds.");
        }
    }
}
