// How many connections there may be at once: of one address, by HTTP and by HTTPS. What comes by HTTP is turned away in plain
// words before libwebsockets has it. HTTPS it accepts itself: who is too many there can only be told after a handshake, so
// there are some places for those who are only told, and beyond these the door shuts at once. The host's own socket always has
// places left: all that is counted here together is less than what libwebsockets holds.
//
// What a connection counts as stands in its opaque pointer, from when libwebsockets has it until it is destroyed.
#include "server/http_internal.h"

#include "server/address.h"
#include "server/ws.h"

#include <sys/socket.h>
#include <unistd.h>

enum { GUEST_COUNTED = 1, GUEST_PLAIN = 2, GUEST_TLS = 4, GUEST_TOO_MANY = 8, GUEST_SLOT_SHIFT = 8 };

uint32_t inf_http_slot_of(const char* address) {
    uint32_t hash = 2166136261u;
    for (const char* at = address; *at != 0; at++) {
        hash = *at == ' ' ? hash : (hash ^ (uint8_t)*at) * 16777619u;
    }
    return hash % INF_HTTP_ALLOWANCES;
}

void inf_crowd_open(InfHttp* http) {
    http->crowd.plain_max = http->def.connections_max != 0 ? http->def.connections_max : INF_HTTP_CONNECTIONS;
    http->crowd.tls_max = http->def.tls_connections_max != 0 ? http->def.tls_connections_max : INF_HTTP_TLS_CONNECTIONS;
}

/// Too many connections of one address? They are counted by the slot that it shares with few others.
static bool is_crowded(const InfHttp* http, const char* address, uint32_t most) {
    return (!inf_address_is_free(address) || http->def.bounds_this_machine) && http->crowd.of_address[inf_http_slot_of(address)] >= most;
}

static void count(InfHttp* http, struct lws* wsi, const char* address, uintptr_t guest) {
    InfCrowd* crowd = &http->crowd;
    uint32_t slot = inf_http_slot_of(address);
    crowd->of_address[slot]++;
    crowd->plain += (guest & GUEST_PLAIN) != 0;
    crowd->tls += (guest & GUEST_TLS) != 0;
    lws_set_opaque_user_data(wsi, (void*)(GUEST_COUNTED | guest | (uintptr_t)slot << GUEST_SLOT_SHIFT));
    inf_metric_set(&http->def.metrics->http_connections, crowd->plain + crowd->tls);
}

void inf_crowd_leave(InfHttp* http, struct lws* wsi) {
    InfCrowd* crowd = &http->crowd;
    uintptr_t guest = (uintptr_t)lws_get_opaque_user_data(wsi);
    if ((guest & GUEST_COUNTED) != 0) {
        lws_set_opaque_user_data(wsi, NULL);
        crowd->of_address[guest >> GUEST_SLOT_SHIFT]--;
        crowd->plain -= (guest & GUEST_PLAIN) != 0;
        crowd->tls -= (guest & GUEST_TLS) != 0;
        inf_metric_set(&http->def.metrics->http_connections, crowd->plain + crowd->tls);
    }
}

// --------------------------------------------------------------------------------- HTTPS

bool inf_crowd_may_knock(InfHttp* http, int fd) {
    char address[INF_ADDRESS_BYTES];
    inf_address_of(fd, address);
    bool may = http->crowd.tls < http->crowd.tls_max + INF_HTTP_TOLD &&
               !is_crowded(http, address, INF_HTTP_CONNECTIONS_PER_ADDRESS + INF_HTTP_TOLD_PER_ADDRESS);
    inf_metric_add(&http->def.metrics->http_refused, !may);
    return may;
}

void inf_crowd_enter(InfHttp* http, struct lws* wsi) {
    char address[INF_ADDRESS_BYTES];
    inf_address_of(lws_get_socket_fd(wsi), address);
    bool is_too_many = http->crowd.tls >= http->crowd.tls_max || is_crowded(http, address, INF_HTTP_CONNECTIONS_PER_ADDRESS);
    count(http, wsi, address, GUEST_TLS | (is_too_many ? GUEST_TOO_MANY : 0));
}

int inf_crowd_tell(InfExchange* exchange, InfHttp* http) {
    static const char* const later[] = {"retry-after:", "5", NULL};
    inf_metric_add(&http->def.metrics->http_refused, 1);
    exchange->close_after = true;
    return inf_exchange_json(exchange, 503, inf_error_json("busy", "Too many connections are open, from your address or in all.",
                                                           "Try again in a few seconds. One connection is enough."), later);
}

bool inf_crowd_is_too_many(struct lws* wsi) { return ((uintptr_t)lws_get_opaque_user_data(wsi) & GUEST_TOO_MANY) != 0; }

// --------------------------------------------------------------------------------- HTTP

static void turn_away(InfHttp* http, int fd, int status, const char* reason) {
    InfWsHandshake answer = {.verdict = INF_WS_REFUSE, .status = status, .reason = reason};
    char text[1024], unread[INF_WS_HEAD_BYTES_MAX];
    while (recv(fd, unread, sizeof(unread), MSG_DONTWAIT) == sizeof(unread)) {
    } // or the end would be a reset, and the answer lost
    send(fd, text, inf_ws_write_answer(&answer, text, sizeof(text)), MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
    inf_metric_add(&http->def.metrics->http_refused, 1);
}

void inf_crowd_adopt(InfHttp* http, int fd, uint8_t door) {
    char address[INF_ADDRESS_BYTES];
    inf_address_of(fd, address);
    if (door == INF_DOOR_PUBLIC && is_crowded(http, address, INF_HTTP_CONNECTIONS_PER_ADDRESS)) {
        turn_away(http, fd, 429, "Too many connections from your address. Close some and try again.");
    } else if (door != INF_DOOR_ADMIN && http->crowd.plain >= http->crowd.plain_max) {
        turn_away(http, fd, 503, "Too many connections are open. Try again in a few seconds.");
    } else {
        http->doors[fd] = door;
        struct lws* wsi = lws_adopt_socket_vhost(http->host, fd); // on failure it has closed the socket itself
        if (wsi != NULL) {
            count(http, wsi, address, door != INF_DOOR_ADMIN ? GUEST_PLAIN : 0);
        }
    }
}
