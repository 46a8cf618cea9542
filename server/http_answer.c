// Answers: heads with the page's policy, bodies in pieces, JSON, files, and lines that go on for as long as there are more.
#include "server/http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 16384
#define HEAD_BYTES 4096
#define HEALTH_AGE_MS 5000

static const char csp[] = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
                          "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; "
                          "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

void inf_exchange_forget(InfExchange* exchange) {
    struct lws* wsi = exchange->wsi;
    free(exchange->owned);
    if (exchange->posted != NULL) {
        free(exchange->posted);
        inf_http_of(wsi)->bodies_bytes -= exchange->posted_capacity;
    }
    memset(exchange, 0, sizeof(*exchange));
    exchange->wsi = wsi;
}

static bool add_header(struct lws* wsi, const char* name, const char* value, uint8_t** at, uint8_t* end) {
    return lws_add_http_header_by_name(wsi, (const unsigned char*)name, (const unsigned char*)value,
                                       (int)strlen(value), at, end) == 0;
}

/// Write the head; `extra` is pairs of name and value, ended by null. @return 0, or -1 to close
static int send_head(InfExchange* exchange, int status, const char* type, const char* const* extra) {
    struct lws* wsi = exchange->wsi;
    uint8_t buffer[LWS_PRE + HEAD_BYTES];
    uint8_t *at = buffer + LWS_PRE, *end = buffer + sizeof(buffer) - 1;
    InfHttp* http = inf_http_of(wsi);
    inf_metric_add(&http->def.metrics->http_requests, 1);
    if (status >= 400) {
        inf_metric_add(&http->def.metrics->http_errors, 1);
    }
    exchange->close_after |= exchange->streaming || exchange->body_unread || inf_http_door(wsi) != INF_DOOR_PUBLIC;
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
static int finish(InfExchange* exchange) {
    bool close_after = exchange->close_after;
    struct lws* wsi = exchange->wsi;
    inf_exchange_forget(exchange);
    return close_after || lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

static int start_body(InfExchange* exchange) {
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

int inf_exchange_text(InfExchange* exchange, int status, const char* type, char* owned, size_t byte_count,
                       const char* const* extra) {
    exchange->owned = owned;
    exchange->from = (const uint8_t*)owned;
    exchange->byte_count = owned ? byte_count : 0;
    return send_head(exchange, status, type, extra) != 0 ? -1 : start_body(exchange);
}

int inf_exchange_json(InfExchange* exchange, int status, json_t* json, const char* const* extra) {
    static const char* const no_store[] = {"cache-control:", "no-store", NULL};
    char* text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return inf_exchange_text(exchange, status, "application/json", text, text ? strlen(text) : 0, extra ? extra : no_store);
}

int inf_exchange_error(InfExchange* exchange, int status, const char* error, const char* reason, const char* what_to_do) {
    return inf_exchange_json(exchange, status, inf_error_json(error, reason, what_to_do), NULL);
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

int inf_exchange_file(InfExchange* exchange, const InfHttpFile* file) {
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

int inf_exchange_health(InfExchange* exchange, InfHttp* http) {
    uint64_t age_ms = inf_http_now_ms() - inf_metric_get(&http->def.metrics->tick_at_ms);
    bool fine = age_ms < HEALTH_AGE_MS;
    return inf_exchange_json(exchange, fine ? 200 : 503,
                       json_pack("{s:b, s:I, s:I}", "healthy", fine, "tick",
                                 (json_int_t)inf_metric_get(&http->def.metrics->tick), "last_tick_ms_ago",
                                 (json_int_t)age_ms),
                       NULL);
}

int inf_exchange_metrics(InfExchange* exchange, InfHttp* http) {
    size_t bytes = inf_metrics_write(http->def.metrics, NULL, 0) + 256; // numbers may grow in between
    char* text = malloc(bytes);
    size_t used = text ? inf_metrics_write(http->def.metrics, text, bytes) : 0;
    return inf_exchange_text(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", text,
                       used < bytes ? used : bytes - 1, NULL);
}

int inf_exchange_ask(InfExchange* exchange, InfHttp* http, InfRequest* request) {
    request->owner = exchange;
    if (!inf_mailbox_post(http->def.mailbox, request)) {
        inf_request_free(request);
        return inf_exchange_error(exchange, 503, "busy", "Too many requests wait for the galaxy.", "Try again in a second.");
    }
    exchange->request = request;
    lws_set_timeout(exchange->wsi, NO_PENDING_TIMEOUT, 0); // an act may wait for somebody's answer
    return 0;
}

/// Lines from a page of an answer. The last line says that nothing is missing.
static void write_lines(InfExchange* exchange, json_t* page) {
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

int inf_exchange_take_answer(InfExchange* exchange, InfRequest* request) {
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
        return inf_exchange_json(exchange, status, answer, NULL);
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

int inf_exchange_write(InfExchange* exchange, InfHttp* http) {
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
