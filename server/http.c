// libwebsockets in a thread of its own. Sockets come in through a queue, answers from the tick thread through the
// mailbox; both wake the thread with lws_cancel_service(), its one call that is allowed from elsewhere.
#include "server/http.h"

#include "server/http_files.h"
#include "server/http_routes.h"
#include "server/log.h"

#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHUNK_BYTES 16384
#define HEAD_BYTES 4096
#define HEALTH_AGE_MS 5000
#define HAND_OVER_MAX 1024
#define DESCRIPTORS_MAX 65536
#define ALLOWANCES 4096
#define REQUESTS_PER_S 50u
#define REQUESTS_BURST 200u

// Rights go with the door, never with a name in the request: libwebsockets chooses a virtual host by the Host header,
// so there is just one, and the door is remembered by descriptor.
enum { DOOR_PUBLIC, DOOR_PROXIED, DOOR_ADMIN };

typedef struct HandOver {
    struct HandOver* next;
    int fd;
    uint8_t door;
} HandOver;

/// One HTTP exchange; on a kept-alive connection they follow each other.
typedef struct Exchange {
    struct lws* wsi;
    const InfRoute* route;
    InfRequest* request; ///< in the mailbox
    const uint8_t* from; ///< what is being sent: a file's bytes or `owned`
    char* owned;
    size_t byte_count, sent;
    char* posted;
    size_t posted_bytes;
    uint64_t next_cursor;
    uint64_t lines;
    bool close_after, head_only, streaming;
    bool body_unread; ///< a body follows that nobody will read: answer at once and close
} Exchange;

/// How much one address may still ask now. Addresses that share a slot share the allowance.
typedef struct Allowance {
    uint64_t level_milli, filled_ms;
} Allowance;

struct InfHttp {
    InfHttpDef def;
    Allowance allowances[ALLOWANCES];
    InfHttpFiles files;
    struct lws_context* context;
    struct lws_vhost* host;
    uint8_t doors[DESCRIPTORS_MAX]; // by descriptor: where the connection came in
    pthread_t thread;
    bool has_thread;
    _Atomic bool stopping;
    pthread_mutex_t lock;
    HandOver *first, *last;
    uint32_t waiting;
};

static const char csp[] = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
                          "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; "
                          "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static uint64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static InfHttp* http_of(struct lws* wsi) { return lws_context_user(lws_get_context(wsi)); }
static int door_of(struct lws* wsi) {
    int fd = lws_get_socket_fd(wsi);
    return fd >= 0 && fd < DESCRIPTORS_MAX ? http_of(wsi)->doors[fd] : DOOR_PUBLIC;
}
static bool is_admin(struct lws* wsi) { return door_of(wsi) == DOOR_ADMIN; }

static void forget(Exchange* exchange) {
    free(exchange->owned);
    free(exchange->posted);
    struct lws* wsi = exchange->wsi;
    memset(exchange, 0, sizeof(*exchange));
    exchange->wsi = wsi;
}

// --------------------------------------------------------------------------------- answering

static bool add_header(struct lws* wsi, const char* name, const char* value, uint8_t** at, uint8_t* end) {
    return lws_add_http_header_by_name(wsi, (const unsigned char*)name, (const unsigned char*)value,
                                       (int)strlen(value), at, end) == 0;
}

/// Write the head; `extra` is pairs of name and value, ended by null. @return 0, or -1 to close
static int send_head(Exchange* exchange, int status, const char* type, const char* const* extra) {
    struct lws* wsi = exchange->wsi;
    uint8_t buffer[LWS_PRE + HEAD_BYTES];
    uint8_t *at = buffer + LWS_PRE, *end = buffer + sizeof(buffer) - 1;
    InfHttp* http = http_of(wsi);
    inf_metric_add(&http->def.metrics->http_requests, 1);
    if (status >= 400) {
        inf_metric_add(&http->def.metrics->http_errors, 1);
    }
    exchange->close_after |= exchange->streaming || exchange->body_unread || door_of(wsi) != DOOR_PUBLIC;
    bool fine = lws_add_http_header_status(wsi, (unsigned)status, &at, end) == 0;
    fine = fine && (status == 304 || add_header(wsi, "content-type:", type, &at, end));
    if (!exchange->streaming && status != 304) {
        fine = fine && lws_add_http_header_content_length(wsi, exchange->byte_count, &at, end) == 0;
    }
    fine = fine && add_header(wsi, "content-security-policy:", csp, &at, end) &&
           add_header(wsi, "x-content-type-options:", "nosniff", &at, end) &&
           add_header(wsi, "referrer-policy:", "no-referrer", &at, end) &&
           add_header(wsi, "cross-origin-opener-policy:", "same-origin", &at, end) &&
           add_header(wsi, "cross-origin-resource-policy:", "same-origin", &at, end);
    for (; fine && extra != NULL && *extra != NULL; extra += 2) {
        fine = add_header(wsi, extra[0], extra[1], &at, end);
    }
    if (exchange->close_after) {
        fine = fine && add_header(wsi, "connection:", "close", &at, end);
    }
    if (!fine || lws_finalize_write_http_header(wsi, buffer + LWS_PRE, &at, end) != 0) {
        return -1;
    }
    return 0;
}

/// The whole body is out: end the exchange or the connection.
static int finish(Exchange* exchange) {
    bool close_after = exchange->close_after;
    struct lws* wsi = exchange->wsi;
    forget(exchange);
    return close_after || lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

static int start_body(Exchange* exchange) {
    if (exchange->head_only || (exchange->byte_count == 0 && !exchange->streaming)) {
        return finish(exchange);
    }
    if (exchange->body_unread && exchange->byte_count <= CHUNK_BYTES) {
        uint8_t buffer[LWS_PRE + CHUNK_BYTES]; // while it waits for a body, libwebsockets gives no turn to write
        memcpy(buffer + LWS_PRE, exchange->from, exchange->byte_count);
        lws_write(exchange->wsi, buffer + LWS_PRE, exchange->byte_count, LWS_WRITE_HTTP_FINAL);
        return finish(exchange);
    }
    lws_callback_on_writable(exchange->wsi);
    return 0;
}

static int answer_text(Exchange* exchange, int status, const char* type, char* owned, size_t byte_count,
                       const char* const* extra) {
    exchange->owned = owned;
    exchange->from = (const uint8_t*)owned;
    exchange->byte_count = owned ? byte_count : 0;
    return send_head(exchange, status, type, extra) != 0 ? -1 : start_body(exchange);
}

static int answer_json(Exchange* exchange, int status, json_t* json, const char* const* extra) {
    static const char* const no_store[] = {"cache-control:", "no-store", NULL};
    char* text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return answer_text(exchange, status, "application/json", text, text ? strlen(text) : 0, extra ? extra : no_store);
}

static int answer_error(Exchange* exchange, int status, const char* error, const char* reason, const char* what_to_do) {
    return answer_json(exchange, status, inf_error_json(error, reason, what_to_do), NULL);
}

/// Whether the client takes a content coding, not refusing it by q=0.
static bool takes_coding(struct lws* wsi, const char* coding) {
    char list[256];
    if (lws_hdr_copy(wsi, list, sizeof(list), WSI_TOKEN_HTTP_ACCEPT_ENCODING) <= 0) {
        return false;
    }
    const char* at = strstr(list, coding);
    return at != NULL && strncmp(at + strlen(coding), ";q=0", 4) != 0;
}

static int answer_file(Exchange* exchange, const InfHttpFile* file) {
    char match[128], etag[48];
    bool is_zstd = file->zstd != NULL && takes_coding(exchange->wsi, "zstd");
    int length = lws_hdr_copy(exchange->wsi, match, sizeof(match), WSI_TOKEN_HTTP_IF_NONE_MATCH);
    // Each form of the bytes has a tag of its own: "hash" and "hash-z".
    snprintf(etag, sizeof(etag), "%.*s%s\"", (int)strlen(file->etag) - 1, file->etag, is_zstd ? "-z" : "");
    const char* extra[] = {"etag:", etag, "cache-control:",
                           file->immutable ? "public, max-age=31536000, immutable" : "no-cache",
                           file->zstd != NULL ? "vary:" : NULL, "accept-encoding",
                           is_zstd ? "content-encoding:" : NULL, "zstd", NULL};
    if (length > 0 && strstr(match, etag) != NULL) {
        return send_head(exchange, 304, file->type, extra) != 0 ? -1 : finish(exchange);
    }
    exchange->from = is_zstd ? file->zstd : file->bytes;
    exchange->byte_count = is_zstd ? file->zstd_count : file->byte_count;
    return send_head(exchange, 200, file->type, extra) != 0 ? -1 : start_body(exchange);
}

static int answer_health(Exchange* exchange, InfHttp* http) {
    uint64_t age_ms = monotonic_ms() - inf_metric_get(&http->def.metrics->tick_at_ms);
    bool fine = age_ms < HEALTH_AGE_MS;
    return answer_json(exchange, fine ? 200 : 503,
                       json_pack("{s:b, s:I, s:I}", "healthy", fine, "tick",
                                 (json_int_t)inf_metric_get(&http->def.metrics->tick), "last_tick_ms_ago",
                                 (json_int_t)age_ms),
                       NULL);
}

static int answer_metrics(Exchange* exchange, InfHttp* http) {
    size_t bytes = inf_metrics_write(http->def.metrics, NULL, 0) + 256; // numbers may grow in between
    char* text = malloc(bytes);
    size_t used = text ? inf_metrics_write(http->def.metrics, text, bytes) : 0;
    return answer_text(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", text,
                       used < bytes ? used : bytes - 1, NULL);
}

static int ask_world(Exchange* exchange, InfHttp* http, InfRequest* request) {
    request->owner = exchange;
    if (!inf_mailbox_post(http->def.mailbox, request)) {
        inf_request_free(request);
        return answer_error(exchange, 503, "busy", "Too many requests wait for the galaxy.", "Try again in a second.");
    }
    exchange->request = request;
    return 0;
}

/// Lines from a page of an answer. The last line says that nothing is missing.
static void write_lines(Exchange* exchange, json_t* page) {
    char* text = NULL;
    size_t used = 0;
    FILE* stream = open_memstream(&text, &used);
    if (stream == NULL) {
        return;
    }
    size_t index;
    json_t* item;
    json_array_foreach(page, index, item) {
        json_dumpf(item, stream, JSON_COMPACT);
        fputc('\n', stream);
        exchange->lines++;
    }
    if (exchange->next_cursor == 0) {
        fprintf(stream, "{\"end\":true,\"count\":%llu}\n", (unsigned long long)exchange->lines);
    }
    fclose(stream);
    free(exchange->owned);
    exchange->owned = text;
    exchange->from = (const uint8_t*)text;
    exchange->byte_count = used;
    exchange->sent = 0;
}

/// The tick thread has answered.
static int take_answer(Exchange* exchange, InfRequest* request) {
    exchange->request = NULL;
    bool is_page = exchange->route->kind == INF_ROUTE_STREAM && request->status == 200;
    if (!is_page) {
        if (exchange->streaming) {
            inf_request_free(request);
            return -1; // broke off in the middle; the missing last line tells
        }
        int status = request->status;
        json_t* answer = json_incref(request->answer);
        inf_request_free(request);
        return answer_json(exchange, status, answer, NULL);
    }
    exchange->next_cursor = request->next_cursor;
    bool first = !exchange->streaming;
    exchange->streaming = true;
    write_lines(exchange, request->answer);
    inf_request_free(request);
    if (first) {
        static const char* const extra[] = {"cache-control:", "no-store", "content-disposition:",
                                            "attachment; filename=galaxy.jsonl", NULL};
        return send_head(exchange, 200, "application/x-ndjson", extra) != 0 ? -1 : start_body(exchange);
    }
    lws_callback_on_writable(exchange->wsi);
    return 0;
}

static int write_body(Exchange* exchange, InfHttp* http) {
    if (exchange->from == NULL) {
        return 0;
    }
    uint8_t buffer[LWS_PRE + CHUNK_BYTES];
    size_t left = exchange->byte_count - exchange->sent;
    size_t take = left < CHUNK_BYTES ? left : CHUNK_BYTES;
    bool last = take == left && (!exchange->streaming || exchange->next_cursor == 0);
    memcpy(buffer + LWS_PRE, exchange->from + exchange->sent, take);
    if (lws_write(exchange->wsi, buffer + LWS_PRE, take, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)take) {
        return -1;
    }
    exchange->sent += take;
    if (last) {
        return finish(exchange);
    }
    if (exchange->sent < exchange->byte_count) {
        lws_callback_on_writable(exchange->wsi);
        return 0;
    }
    InfRequest* request = inf_request_create(exchange->route->request);
    if (request == NULL) {
        return -1;
    }
    request->cursor = exchange->next_cursor;
    request->owner = exchange;
    exchange->from = NULL;
    if (!inf_mailbox_post(http->def.mailbox, request)) {
        inf_request_free(request);
        return -1;
    }
    exchange->request = request;
    return 0;
}

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

static int start_world(Exchange* exchange, InfHttp* http) {
    InfRequest* request = inf_request_create(exchange->route->request);
    if (request == NULL) {
        return -1;
    }
    Query query = {.wsi = exchange->wsi};
    const char* wrong = inf_route_read_query(exchange->route, read_query, &query, request);
    if (wrong == NULL && exchange->posted_bytes > 0) {
        json_error_t error;
        request->body = json_loadb(exchange->posted, exchange->posted_bytes, JSON_REJECT_DUPLICATES, &error);
        wrong = request->body == NULL ? "The body is not JSON." : NULL;
    }
    if (wrong != NULL) {
        inf_request_free(request);
        return answer_error(exchange, 400, "bad request", wrong, "Correct it; GET /api lists what there is.");
    }
    return ask_world(exchange, http, request);
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

static int start_file(Exchange* exchange, InfHttp* http, const char* method, const char* path) {
    const InfHttpFile* file = is_admin(exchange->wsi) ? NULL : inf_http_files_find(&http->files, path);
    if (file != NULL && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)) {
        return answer_file(exchange, file);
    }
    if (file != NULL) {
        static const char* const allow[] = {"allow:", "GET, HEAD", NULL};
        return answer_json(exchange, 405, inf_error_json("method not allowed", "Files can only be read.", "Use GET."),
                           allow);
    }
    if (strcmp(path, "/ws") == 0) {
        static const char* const upgrade[] = {"upgrade:", "websocket", NULL};
        exchange->close_after = true;
        return answer_json(exchange, 426,
                           inf_error_json("upgrade required", "Players' sockets open on a fresh connection.",
                                          "Connect again and send the upgrade as the first request."),
                           upgrade);
    }
    if (strncmp(path, "/api", 4) == 0) {
        return answer_error(exchange, 404, "not found", "There is no such address.", "GET /api lists what there is.");
    }
    static const char page[] = "There is nothing here. The galaxy is at /\n";
    return answer_text(exchange, 404, "text/plain; charset=utf-8", strdup(page), sizeof(page) - 1, NULL);
}

/// What an address is known by: behind a proxy the last one that it forwarded for.
static uint32_t address_slot(struct lws* wsi) {
    char text[128] = "";
    if (door_of(wsi) == DOOR_PROXIED) {
        lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_X_FORWARDED_FOR);
        char* comma = strrchr(text, ',');
        memmove(text, comma != NULL ? comma + 1 : text, strlen(comma != NULL ? comma + 1 : text) + 1);
    } else {
        lws_get_peer_simple(wsi, text, sizeof(text));
    }
    uint32_t hash = 2166136261u;
    for (const char* at = text; *at != 0; at++) {
        hash = *at == ' ' ? hash : (hash ^ (uint8_t)*at) * 16777619u;
    }
    return hash % ALLOWANCES;
}

/// One bucket per address, for what costs the tick thread something.
static bool may_ask(InfHttp* http, struct lws* wsi) {
    if (is_admin(wsi)) {
        return true;
    }
    Allowance* allowance = &http->allowances[address_slot(wsi)];
    uint64_t now_ms = monotonic_ms(), passed = now_ms - allowance->filled_ms;
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

static int start_exchange(struct lws* wsi, Exchange* exchange, const char* path) {
    InfHttp* http = http_of(wsi);
    exchange->wsi = wsi;
    forget(exchange);
    const char* method = read_method(wsi);
    exchange->head_only = strcmp(method, "HEAD") == 0;
    char length[24] = "";
    lws_hdr_copy(wsi, length, sizeof(length), WSI_TOKEN_HTTP_CONTENT_LENGTH);
    uint64_t body_bytes = strtoull(length, NULL, 10);
    exchange->body_unread = strcmp(method, "GET") != 0 && !exchange->head_only;
    bool wrong_method;
    exchange->route = inf_route_find(method, path, is_admin(wsi), &wrong_method);
    if (wrong_method) {
        static const char* const allow[] = {"allow:", "GET, HEAD", NULL};
        return answer_json(exchange, 405,
                           inf_error_json("method not allowed", "That address is not for this method.",
                                          "GET /api lists what there is."),
                           allow);
    }
    if (exchange->route == NULL) {
        return start_file(exchange, http, method, path);
    }
    switch (exchange->route->kind) {
    case INF_ROUTE_HEALTH:
        return answer_health(exchange, http);
    case INF_ROUTE_METRICS:
        return answer_metrics(exchange, http);
    case INF_ROUTE_INDEX:
        return answer_json(exchange, 200, inf_routes_to_json(is_admin(wsi)), NULL);
    default:
        break;
    }
    if (!may_ask(http, wsi)) {
        static const char* const later[] = {"retry-after:", "1", NULL};
        return answer_json(exchange, 429,
                           inf_error_json("too many requests", "At most 50 a second, 200 at once.",
                                          "Wait a second. The whole galaxy is one request: GET /api/galaxy."),
                           later);
    }
    if (body_bytes > INF_HTTP_BODY_BYTES_MAX) {
        return answer_error(exchange, 413, "too large", "A body may have 65536 bytes at most.", "Send less.");
    }
    exchange->body_unread = false;
    if (exchange->route->method[0] == 'P' && body_bytes > 0) {
        return 0; // goes on when the body is here
    }
    return start_world(exchange, http);
}

/// Bytes behind the body make libwebsockets tell its completion again, when the answer is already on its way.
static bool awaits_body(const Exchange* exchange) {
    return exchange->route != NULL && exchange->request == NULL && exchange->from == NULL;
}

static int take_body(Exchange* exchange, const char* bytes, size_t byte_count) {
    if (exchange->posted_bytes + byte_count > INF_HTTP_BODY_BYTES_MAX) {
        return -1;
    }
    char* grown = realloc(exchange->posted, exchange->posted_bytes + byte_count);
    if (grown == NULL) {
        return -1;
    }
    memcpy(grown + exchange->posted_bytes, bytes, byte_count);
    exchange->posted = grown;
    exchange->posted_bytes += byte_count;
    return 0;
}

// --------------------------------------------------------------------------------- the thread

static void adopt_waiting(InfHttp* http) {
    pthread_mutex_lock(&http->lock);
    HandOver* list = http->first;
    http->first = http->last = NULL;
    http->waiting = 0;
    pthread_mutex_unlock(&http->lock);
    while (list != NULL) {
        HandOver* next = list->next;
        http->doors[list->fd] = list->door;
        // On failure libwebsockets has closed the socket itself.
        lws_adopt_socket_vhost(http->host, list->fd);
        free(list);
        list = next;
    }
}

static void take_answers(InfHttp* http) {
    for (InfRequest* request; (request = inf_mailbox_collect(http->def.mailbox)) != NULL;) {
        Exchange* exchange = request->owner;
        struct lws* wsi = exchange->wsi;
        if (take_answer(exchange, request) != 0) {
            lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_ASYNC);
        }
    }
}

static int on_http(struct lws* wsi, enum lws_callback_reasons reason, void* user, void* in, size_t byte_count) {
    Exchange* exchange = user;
    switch (reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED: {
        adopt_waiting(http_of(wsi));
        take_answers(http_of(wsi));
        return 0;
    }
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: // libwebsockets would take it; players' sockets are not its business
        lws_return_http_status(wsi, 426, "Players' sockets open on a fresh connection. Connect again.");
        return 1;
    case LWS_CALLBACK_HTTP:
        return start_exchange(wsi, exchange, in);
    case LWS_CALLBACK_HTTP_BODY:
        return awaits_body(exchange) ? take_body(exchange, in, byte_count) : 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return awaits_body(exchange) ? start_world(exchange, http_of(wsi)) : 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return write_body(exchange, http_of(wsi));
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL: // comes alone when a connection dies between two requests
    case LWS_CALLBACK_CLOSED_HTTP:
        if (exchange != NULL) {
            if (exchange->request != NULL) {
                inf_mailbox_abandon(http_of(wsi)->def.mailbox, exchange->request);
            }
            forget(exchange);
        }
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {{"http", on_http, sizeof(Exchange), 0, 0, NULL, 0},
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

InfHttp* inf_http_create(const InfHttpDef* def, char* error, size_t error_bytes) {
    InfHttp* http = calloc(1, sizeof(*http));
    if (http == NULL) {
        snprintf(error, error_bytes, "out of memory");
        return NULL;
    }
    http->def = *def;
    pthread_mutex_init(&http->lock, NULL);
    if (!inf_http_files_load(&http->files, def->web_root, error, error_bytes)) {
        inf_http_destroy(http);
        return NULL;
    }
    lws_set_log_level(LLL_ERR | LLL_WARN, write_lws_log);
    struct lws_context_creation_info info = {.port = CONTEXT_PORT_NO_LISTEN_SERVER,
                                             .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
                                             .protocols = protocols,
                                             .timeout_secs = 10,
                                             .keepalive_timeout = 20,
                                             .pt_serv_buf_size = 16384,
                                             .max_http_header_pool = 128,
                                             .fd_limit_per_thread = 1024,
                                             .user = http};
    http->context = lws_create_context(&info);
    http->host = http->context != NULL ? lws_create_vhost(http->context, &info) : NULL;
    if (http->host == NULL) {
        snprintf(error, error_bytes, "libwebsockets could not start");
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
        HandOver* next = http->first->next;
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
    HandOver* item = fd < DESCRIPTORS_MAX ? malloc(sizeof(*item)) : NULL;
    if (item == NULL) {
        return false;
    }
    uint8_t door = (uint8_t)(admin ? DOOR_ADMIN : is_proxied ? DOOR_PROXIED : DOOR_PUBLIC);
    *item = (HandOver){.fd = fd, .door = door};
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

size_t inf_http_get_file_count(const InfHttp* http) { return http->files.count; }
