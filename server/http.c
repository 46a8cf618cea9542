// libwebsockets in a thread of its own. Sockets come in through a queue, answers from the tick thread through the
// mailbox; both wake the thread with lws_cancel_service(), its one call that is allowed from elsewhere.
#include "server/http_internal.h"

#include "server/address.h"
#include "server/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HAND_OVER_MAX 1024
#define REQUESTS_PER_S 50u
#define REQUESTS_BURST 200u
/// Of all bodies that are being received or answered: each may be a letter of 4 MiB, from anybody.
#define BODIES_BYTES_MAX (32u << 20)
/// A body has this time, and more for long ones.
#define BODY_MS 30000u
#define BODY_BYTES_PER_MS 32u

uint64_t inf_http_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

InfHttp* inf_http_of(struct lws* wsi) { return lws_context_user(lws_get_context(wsi)); }
int inf_http_door(struct lws* wsi) {
    if (lws_is_ssl(wsi)) { // accepted by libwebsockets itself: what its descriptor was before says nothing
        return INF_DOOR_PUBLIC;
    }
    int fd = lws_get_socket_fd(wsi);
    return fd >= 0 && fd < INF_HTTP_DESCRIPTORS_MAX ? inf_http_of(wsi)->doors[fd] : INF_DOOR_PUBLIC;
}
bool inf_http_is_admin(struct lws* wsi) { return inf_http_door(wsi) == INF_DOOR_ADMIN; }

// --------------------------------------------------------------------------------- asking

typedef struct Query {
    struct lws* wsi;
    char value[256];
} Query;

static const char* read_query(void* user, const char* name) {
    Query* query = user;
    char with_equals[32];
    snprintf(with_equals, sizeof(with_equals), "%s=", name);
    return lws_get_urlarg_by_name(query->wsi, with_equals, query->value, sizeof(query->value));
}

static int start_world(InfExchange* exchange, InfHttp* http) {
    if (exchange->route->kind == INF_ROUTE_SENSE) {
        return inf_exchange_sense(exchange, http);
    }
    InfRequest* request = inf_request_create(exchange->route->request);
    if (request == NULL) {
        return -1;
    }
    request->is_host = inf_http_is_admin(exchange->wsi);
    Query query = {.wsi = exchange->wsi};
    const char* wrong = inf_route_read_query(exchange->route, read_query, &query, request);
    if (wrong == NULL && exchange->posted_bytes > 0) {
        json_error_t error;
        request->body = json_loadb(exchange->posted, exchange->posted_bytes, JSON_REJECT_DUPLICATES, &error);
        wrong = request->body == NULL ? "The body is not JSON." : NULL;
    }
    if (wrong != NULL) {
        inf_request_free(request);
        return inf_exchange_error(exchange, 400, "bad request", wrong, "Correct it; GET /api lists what there is.");
    }
    if (http->def.prepare != NULL) {
        http->def.prepare(http->def.prepare_user, request);
    }
    if (request->status != 0) {
        int status = request->status;
        json_t* answer = json_incref(request->answer);
        inf_request_free(request);
        return inf_exchange_json(exchange, status, answer, NULL);
    }
    return inf_exchange_ask(exchange, http, request);
}

static const char* read_method(struct lws* wsi) {
    static const struct {
        enum lws_token_indexes token;
        const char* method;
    } methods[] = {{WSI_TOKEN_GET_URI, "GET"},         {WSI_TOKEN_POST_URI, "POST"},
                   {WSI_TOKEN_HEAD_URI, "HEAD"},       {WSI_TOKEN_PUT_URI, "PUT"},
                   {WSI_TOKEN_PATCH_URI, "PATCH"},     {WSI_TOKEN_DELETE_URI, "DELETE"},
                   {WSI_TOKEN_OPTIONS_URI, "OPTIONS"}, {WSI_TOKEN_CONNECT, "CONNECT"}};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (lws_hdr_total_length(wsi, methods[i].token) > 0) {
            return methods[i].method;
        }
    }
    return "?";
}

static int start_file(InfExchange* exchange, InfHttp* http, const char* method, const char* path) {
    const InfHttpFile* file = inf_http_is_admin(exchange->wsi) ? NULL : inf_http_files_find(&http->files, path);
    if (file != NULL && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)) {
        return inf_exchange_file(exchange, file);
    }
    if (file != NULL) {
        static const char* const allow[] = {"allow:", "GET, HEAD", NULL};
        return inf_exchange_json(exchange, 405, inf_error_json("method not allowed", "Files can only be read.", "Use GET."),
                           allow);
    }
    if (strcmp(path, "/ws") == 0) {
        static const char* const upgrade[] = {"upgrade:", "websocket", NULL};
        exchange->close_after = true;
        return inf_exchange_json(exchange, 426,
                           inf_error_json("upgrade required", "Players' sockets open on a fresh connection.",
                                          "Connect again and send the upgrade as the first request."),
                           upgrade);
    }
    if (strncmp(path, "/api", 4) == 0) {
        return inf_exchange_error(exchange, 404, "not found", "There is no such address.", "GET /api lists what there is.");
    }
    static const char page[] = "There is nothing here. The galaxy is at /\n";
    return inf_exchange_text(exchange, 404, "text/plain; charset=utf-8", strdup(page), sizeof(page) - 1, NULL);
}

/// What an asker is known by: behind a proxy the last address that it forwarded for.
static uint32_t asker_slot(struct lws* wsi) {
    char text[128] = "", address[INF_ADDRESS_BYTES];
    if (inf_http_door(wsi) == INF_DOOR_PROXIED) {
        lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_X_FORWARDED_FOR);
        const char* last = strrchr(text, ',');
        last = last != NULL ? last + 1 : text;
        inf_address_read(last + strspn(last, " "), address);
    } else {
        inf_address_of(lws_get_socket_fd(wsi), address);
    }
    return inf_http_slot_of(address);
}

/// One bucket per address, for what costs the tick thread something.
static bool may_ask(InfHttp* http, struct lws* wsi) {
    if (inf_http_is_admin(wsi)) {
        return true;
    }
    InfAllowance* allowance = &http->allowances[asker_slot(wsi)];
    uint64_t now_ms = inf_http_now_ms(), passed = now_ms - allowance->filled_ms;
    allowance->level_milli += (passed > 60000 ? 60000 : passed) * REQUESTS_PER_S;
    if (allowance->level_milli > REQUESTS_BURST * 1000ull) {
        allowance->level_milli = REQUESTS_BURST * 1000ull;
    }
    allowance->filled_ms = now_ms;
    if (allowance->level_milli < 1000) {
        return false;
    }
    allowance->level_milli -= 1000;
    return true;
}

static size_t body_bytes_max(const InfExchange* exchange) { return (size_t)exchange->route->body_kib * 1024; }

static int start_exchange(struct lws* wsi, InfExchange* exchange, const char* path) {
    InfHttp* http = inf_http_of(wsi);
    exchange->wsi = wsi;
    inf_exchange_forget(exchange);
    const char* method = read_method(wsi);
    exchange->head_only = strcmp(method, "HEAD") == 0;
    char length[24] = "";
    bool has_length = lws_hdr_copy(wsi, length, sizeof(length), WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0;
    uint64_t body_bytes = strtoull(length, NULL, 10);
    exchange->body_unread = strcmp(method, "GET") != 0 && !exchange->head_only;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0) {
        exchange->body_unread = true; // libwebsockets 4.1 would read its pieces as requests
        return inf_exchange_error(exchange, 411, "length required", "A body in pieces is not taken here.",
                                  "Send it whole, with its Content-Length.");
    }
    if (inf_crowd_is_too_many(wsi)) {
        return inf_crowd_tell(exchange, http);
    }
    bool wrong_method;
    exchange->route = inf_route_find(method, path, inf_http_is_admin(wsi), &wrong_method);
    if (wrong_method) {
        static const char* const allow[] = {"allow:", "GET, HEAD", NULL};
        return inf_exchange_json(exchange, 405,
                           inf_error_json("method not allowed", "That address is not for this method.",
                                          "GET /api lists what there is."),
                           allow);
    }
    if (exchange->route == NULL) {
        return start_file(exchange, http, method, path);
    }
    switch (exchange->route->kind) {
    case INF_ROUTE_HEALTH:
        return inf_exchange_health(exchange, http);
    case INF_ROUTE_METRICS:
        return inf_exchange_metrics(exchange, http);
    case INF_ROUTE_INDEX:
        return inf_exchange_json(exchange, 200, inf_routes_to_json(inf_http_is_admin(wsi)), NULL);
    default:
        break;
    }
    int result;
    if (inf_exchange_gate_senses(exchange, http, &result) != 0) {
        return result;
    }
    if (exchange->route->kind == INF_ROUTE_PICTURE) {
        return inf_exchange_picture(exchange, http, path);
    }
    if (!may_ask(http, wsi)) {
        static const char* const later[] = {"retry-after:", "1", NULL};
        return inf_exchange_json(exchange, 429,
                           inf_error_json("too many requests", "At most 50 a second, 200 at once.",
                                          "Wait a second. The whole galaxy is one request: GET /api/galaxy."),
                           later);
    }
    if (body_bytes > body_bytes_max(exchange)) {
        char reason[64];
        snprintf(reason, sizeof(reason), "A body may have %u KiB at most.", exchange->route->body_kib);
        return inf_exchange_error(exchange, 413, "too large", reason, "Send less.");
    }
    exchange->body_unread = false;
    exchange->close_after |= exchange->route->method[0] == 'P' && !has_length; // libwebsockets would wait for one
    if (exchange->route->method[0] == 'P' && body_bytes > 0) {
        exchange->body_until_ms = inf_http_now_ms() + http->def.body_ms + body_bytes / BODY_BYTES_PER_MS;
        return 0; // goes on when the body is here
    }
    return start_world(exchange, http);
}

/// Bytes behind the body make libwebsockets tell its completion again, when the answer is already on its way.
static bool awaits_body(const InfExchange* exchange) {
    return exchange->route != NULL && exchange->request == NULL && exchange->from == NULL;
}

static bool reserve_body(InfExchange* exchange, size_t needed) {
    InfHttp* http = inf_http_of(exchange->wsi);
    size_t capacity = exchange->posted_capacity > 4096 ? exchange->posted_capacity : 4096;
    while (capacity < needed) {
        capacity *= 2;
    }
    if (capacity == exchange->posted_capacity) {
        return true;
    }
    size_t more = capacity - exchange->posted_capacity;
    bool has_room = http->bodies_bytes + more <= BODIES_BYTES_MAX || inf_http_is_admin(exchange->wsi);
    char* grown = has_room ? realloc(exchange->posted, capacity) : NULL;
    if (grown == NULL) {
        return false;
    }
    http->bodies_bytes += more;
    exchange->posted = grown;
    exchange->posted_capacity = capacity;
    return true;
}

static int take_body(InfExchange* exchange, const char* bytes, size_t byte_count) {
    if (exchange->posted_bytes + byte_count > body_bytes_max(exchange)) {
        return -1;
    }
    if (inf_http_now_ms() > exchange->body_until_ms) { // libwebsockets ends the silent, and not who sends a little now and then
        exchange->body_unread = true;
        return inf_exchange_error(exchange, 408, "too slow", "The body took too long.", "Send it at once.");
    }
    if (!reserve_body(exchange, exchange->posted_bytes + byte_count)) {
        exchange->body_unread = true;
        return inf_exchange_error(exchange, 503, "busy", "Too many large bodies come at once.", "Try again in a second.");
    }
    memcpy(exchange->posted + exchange->posted_bytes, bytes, byte_count);
    exchange->posted_bytes += byte_count;
    return 0;
}

// --------------------------------------------------------------------------------- the thread

static void adopt_waiting(InfHttp* http) {
    pthread_mutex_lock(&http->lock);
    InfHandOverItem* list = http->first;
    http->first = http->last = NULL;
    http->waiting = 0;
    pthread_mutex_unlock(&http->lock);
    while (list != NULL) {
        InfHandOverItem* next = list->next;
        inf_crowd_adopt(http, list->fd, list->door);
        free(list);
        list = next;
    }
}

static void take_answers(InfHttp* http) {
    for (InfRequest* request; (request = inf_mailbox_collect(http->def.mailbox)) != NULL;) {
        InfExchange* exchange = request->owner;
        struct lws* wsi = exchange->wsi;
        if (inf_exchange_take_answer(exchange, request) != 0) {
            lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_ASYNC);
        }
    }
}

static int on_http(struct lws* wsi, enum lws_callback_reasons reason, void* user, void* in, size_t byte_count) {
    InfExchange* exchange = user;
    switch (reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED: {
        adopt_waiting(inf_http_of(wsi));
        take_answers(inf_http_of(wsi));
        return 0;
    }
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION: // HTTPS, which libwebsockets accepts itself
        return !inf_crowd_may_knock(inf_http_of(wsi), (int)(intptr_t)in);
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        if (lws_is_ssl(wsi)) {
            inf_crowd_enter(inf_http_of(wsi), wsi);
        }
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        inf_crowd_leave(inf_http_of(wsi), wsi);
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: // libwebsockets would take it; players' sockets are not its business
        lws_return_http_status(wsi, 426, "Players' sockets open on a fresh connection. Connect again.");
        return 1;
    case LWS_CALLBACK_HTTP:
        return start_exchange(wsi, exchange, in);
    case LWS_CALLBACK_HTTP_BODY:
        return awaits_body(exchange) ? take_body(exchange, in, byte_count) : 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return awaits_body(exchange) ? start_world(exchange, inf_http_of(wsi)) : 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return inf_exchange_write(exchange, inf_http_of(wsi));
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL: // comes alone when a connection dies between two requests
    case LWS_CALLBACK_CLOSED_HTTP:
        if (exchange != NULL) {
            if (exchange->request != NULL) {
                inf_mailbox_abandon(inf_http_of(wsi)->def.mailbox, exchange->request);
            }
            inf_exchange_forget(exchange);
        }
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {{"http", on_http, sizeof(InfExchange), 0, 0, NULL, 0},
                                                 {NULL, NULL, 0, 0, 0, NULL, 0}};

static void write_lws_log(int level, const char* line) {
    inf_log(level & LLL_ERR ? INF_LOG_ERROR : INF_LOG_WARNING, "http", line, NULL);
}

static void wake(void* user) { lws_cancel_service(((InfHttp*)user)->context); }

static void* run(void* user) {
    InfHttp* http = user;
    while (!http->stopping && lws_service(http->context, 0) >= 0) {
    }
    return NULL;
}

/// The file is there and looks as it should, so that a wrong one is named and not only refused.
static bool check_pem(const char* setting, const char* path, const char* wanted, char* error, size_t error_bytes) {
    char bytes[8192];
    FILE* file = fopen(path, "re");
    size_t count = file != NULL ? fread(bytes, 1, sizeof(bytes) - 1, file) : 0;
    bytes[count] = 0;
    if (file == NULL) {
        snprintf(error, error_bytes, "%s: the file '%s' cannot be read: %s", setting, path, strerror(errno));
        return false;
    }
    fclose(file);
    if (strstr(bytes, wanted) == NULL || strstr(bytes, "-----BEGIN") == NULL) {
        snprintf(error, error_bytes, "%s: the file '%s' is no PEM file with a %s; see docs/border.md, HTTPS", setting, path,
                 strcmp(wanted, "CERTIFICATE-----") == 0 ? "certificate" : "private key");
        return false;
    }
    return true;
}

/// The numeric form of an address, as libwebsockets wants it. @return null: all addresses
static const char* numeric_address(const char* host, char out[INET6_ADDRSTRLEN]) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    if (host == NULL || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0 ||
        getaddrinfo(host, NULL, &hints, &found) != 0) {
        return NULL;
    }
    int wrong = getnameinfo(found->ai_addr, found->ai_addrlen, out, INET6_ADDRSTRLEN, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(found);
    return wrong == 0 ? out : NULL;
}

/// HTTPS beside HTTP: a virtual host that listens itself, since only it can speak TLS.
static bool open_tls(InfHttp* http, struct lws_context_creation_info info, char* error, size_t error_bytes) {
    const InfHttpDef* def = &http->def;
    char address[INET6_ADDRSTRLEN];
    if (!check_pem("tls_certificate", def->tls_certificate, "CERTIFICATE-----", error, error_bytes) ||
        !check_pem("tls_key", def->tls_key, "PRIVATE KEY-----", error, error_bytes)) {
        return false;
    }
    info.vhost_name = "tls";
    info.port = def->tls_port;
    info.iface = numeric_address(def->tls_host, address);
    info.ssl_cert_filepath = def->tls_certificate;
    info.ssl_private_key_filepath = def->tls_key;
    info.alpn = "http/1.1";
    info.options |= LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    struct lws_vhost* host = lws_create_vhost(http->context, &info);
    int port = host != NULL ? lws_get_vhost_listen_port(host) : 0;
    if (host == NULL || port <= 0) {
        snprintf(error, error_bytes,
                 "HTTPS cannot be served on port %u: the port is taken, or '%s' and '%s' are damaged or do not belong together",
                 def->tls_port, def->tls_certificate, def->tls_key);
        return false;
    }
    http->tls_port = (uint16_t)port;
    return true;
}

InfHttp* inf_http_create(const InfHttpDef* def, char* error, size_t error_bytes) {
    InfHttp* http = calloc(1, sizeof(*http));
    if (http == NULL) {
        snprintf(error, error_bytes, "out of memory");
        return NULL;
    }
    http->def = *def;
    http->def.body_ms = def->body_ms != 0 ? def->body_ms : BODY_MS;
    inf_crowd_open(http);
    pthread_mutex_init(&http->lock, NULL);
    if (!inf_http_files_load(&http->files, def->web_root, error, error_bytes)) {
        inf_http_destroy(http);
        return NULL;
    }
    lws_set_log_level(LLL_ERR | LLL_WARN, write_lws_log);
    struct lws_context_creation_info info = {.port = CONTEXT_PORT_NO_LISTEN_SERVER,
                                             .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                                                        (def->tls_certificate != NULL ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0),
                                             .protocols = protocols,
                                             .timeout_secs = 10,
                                             .keepalive_timeout = 20,
                                             .pt_serv_buf_size = 16384,
                                             .max_http_header_pool = INF_HTTP_DESCRIPTORS, // made when they are needed
                                             .fd_limit_per_thread = INF_HTTP_DESCRIPTORS,
                                             .user = http};
    http->context = lws_create_context(&info);
    http->host = http->context != NULL ? lws_create_vhost(http->context, &info) : NULL;
    if (http->host == NULL) {
        snprintf(error, error_bytes, "libwebsockets could not start");
        inf_http_destroy(http);
        return NULL;
    }
    if (def->tls_certificate != NULL && !open_tls(http, info, error, error_bytes)) {
        inf_http_destroy(http);
        return NULL;
    }
    inf_mailbox_set_wake(def->mailbox, wake, http);
    if (pthread_create(&http->thread, NULL, run, http) != 0) {
        snprintf(error, error_bytes, "cannot start a thread");
        inf_http_destroy(http);
        return NULL;
    }
    http->has_thread = true;
    return http;
}

void inf_http_destroy(InfHttp* http) {
    if (http == NULL) {
        return;
    }
    if (http->has_thread) {
        http->stopping = true;
        lws_cancel_service(http->context);
        pthread_join(http->thread, NULL);
    }
    inf_mailbox_set_wake(http->def.mailbox, NULL, NULL);
    if (http->context != NULL) {
        lws_context_destroy(http->context);
    }
    while (http->first != NULL) {
        InfHandOverItem* next = http->first->next;
        close(http->first->fd);
        free(http->first);
        http->first = next;
    }
    inf_http_files_free(&http->files);
    pthread_mutex_destroy(&http->lock);
    free(http);
}

bool inf_http_hand_over(void* user, int fd, bool admin, bool is_proxied) {
    InfHttp* http = user;
    InfHandOverItem* item = fd < INF_HTTP_DESCRIPTORS_MAX ? malloc(sizeof(*item)) : NULL;
    if (item == NULL) {
        return false;
    }
    uint8_t door = (uint8_t)(admin ? INF_DOOR_ADMIN : is_proxied ? INF_DOOR_PROXIED : INF_DOOR_PUBLIC);
    *item = (InfHandOverItem){.fd = fd, .door = door};
    pthread_mutex_lock(&http->lock);
    bool room = http->waiting < HAND_OVER_MAX;
    if (room) {
        http->waiting++;
        if (http->last != NULL) {
            http->last->next = item;
        } else {
            http->first = item;
        }
        http->last = item;
    }
    pthread_mutex_unlock(&http->lock);
    if (!room) {
        free(item);
        return false;
    }
    lws_cancel_service(http->context);
    return true;
}

uint16_t inf_http_get_tls_port(const InfHttp* http) { return http->tls_port; }
size_t inf_http_get_file_count(const InfHttp* http) { return http->files.count; }
