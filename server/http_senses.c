// What HTTP does for an awake galaxy: who may feed and who may look, pictures in and out. A sense goes on to the tick
// thread in one form (senses.h); a picture's bytes stay here and in the galaxy's folder.
//
// To feed: the admin socket, or the host's token. To look: these, or a program on this machine that came straight in, by a
// name of this machine (a page of another name that was made to resolve to it is none of ours).
#include "server/http_internal.h"

#include "server/senses.h"

#include <infinity/tables/constants.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SENSES_PER_S 10u
#define SENSES_BURST 50u
/// A request that waits for news is answered before this.
#define WAIT_TIMEOUT_S 40

static bool is_token(const InfHttp* http, const char* text) {
    const char* token = http->def.host_token;
    return token != NULL && strlen(text) == strlen(token) && sodium_memcmp(text, token, strlen(token)) == 0;
}

static bool is_host(struct lws* wsi) {
    static const char scheme[] = "Bearer ";
    char text[256];
    if (inf_http_is_admin(wsi)) {
        return true;
    }
    if (lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HTTP_AUTHORIZATION) > 0) {
        return strncasecmp(text, scheme, sizeof(scheme) - 1) == 0 && is_token(inf_http_of(wsi), text + sizeof(scheme) - 1);
    }
    // A page cannot send a header for a picture.
    return lws_get_urlarg_by_name(wsi, "token=", text, sizeof(text)) != NULL && is_token(inf_http_of(wsi), text);
}

static bool is_this_machine(const char* name) {
    static const char* const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t bytes = strlen(names[i]);
        if (strncasecmp(name, names[i], bytes) == 0 && (name[bytes] == '\0' || name[bytes] == ':')) {
            return true;
        }
    }
    return false;
}

static bool is_near(struct lws* wsi) {
    char peer[64] = "", host[256] = "";
    if (inf_http_door(wsi) != INF_DOOR_PUBLIC || lws_hdr_copy(wsi, host, sizeof(host), WSI_TOKEN_HOST) <= 0) {
        return false;
    }
    lws_get_peer_simple(wsi, peer, sizeof(peer));
    bool is_loopback = strncmp(peer, "127.", 4) == 0 || strcmp(peer, "::1") == 0 || strncmp(peer, "::ffff:127.", 11) == 0;
    return is_loopback && is_this_machine(host);
}

static bool may_feed(InfHttp* http) {
    uint64_t now_ms = inf_http_now_ms(), passed = now_ms - http->senses.filled_ms;
    http->senses.level_milli += (passed > 60000 ? 60000 : passed) * SENSES_PER_S;
    if (http->senses.level_milli > SENSES_BURST * 1000ull) {
        http->senses.level_milli = SENSES_BURST * 1000ull;
    }
    http->senses.filled_ms = now_ms;
    if (http->senses.level_milli < 1000) {
        return false;
    }
    http->senses.level_milli -= 1000;
    return true;
}

/// @return 0: go on; 1: *result is what the exchange came to
static int refuse(InfExchange* exchange, int status, const char* error, const char* reason, const char* what, int* result) {
    static const char* const ask[] = {"www-authenticate:", "Bearer", "cache-control:", "no-store", NULL};
    static const char* const later[] = {"retry-after:", "1", "cache-control:", "no-store", NULL};
    *result = inf_exchange_json(exchange, status, inf_error_json(error, reason, what),
                                status == 401 ? ask : status == 429 ? later : NULL);
    return 1;
}

int inf_exchange_gate_senses(InfExchange* exchange, InfHttp* http, int* result) {
    InfRouteKind kind = exchange->route->kind;
    if (kind != INF_ROUTE_SENSE && kind != INF_ROUTE_PICTURE && kind != INF_ROUTE_AWAKE) {
        return 0;
    }
    if (http->def.awake_folder == NULL) {
        return refuse(exchange, 404, "not awake", "Only an awake galaxy has senses.",
                      "infinity serve --awake --host NAME makes one.", result);
    }
    bool host = is_host(exchange->wsi);
    if (!host && (kind == INF_ROUTE_SENSE || !is_near(exchange->wsi))) {
        return refuse(exchange, 401, "not the host", "That is for the host of this galaxy.",
                      "Send \"Authorization: Bearer\" and the token in host.token of the galaxy's folder.", result);
    }
    if (kind == INF_ROUTE_SENSE && !may_feed(http)) {
        return refuse(exchange, 429, "too many senses", "At most 10 a second, 50 at once: minds need time to think.",
                      "Wait a second.", result);
    }
    if (kind == INF_ROUTE_AWAKE) {
        lws_set_timeout(exchange->wsi, PENDING_TIMEOUT_HTTP_CONTENT, WAIT_TIMEOUT_S);
    }
    return 0;
}

int inf_exchange_picture(InfExchange* exchange, InfHttp* http, const char* path) {
    static const char* const extra[] = {"cache-control:", "private, max-age=31536000, immutable", NULL};
    const char* name = strrchr(path, '/') + 1;
    size_t byte_count = 0;
    uint8_t* bytes = inf_picture_load(http->def.awake_folder, name, &byte_count);
    if (bytes == NULL) {
        return inf_exchange_error(exchange, 404, "not found", "There is no such picture, or it is forgotten.",
                                  "Pictures are named by the SHA-256 of their bytes; GET /api/awake lists the newest.");
    }
    return inf_exchange_text(exchange, 200, inf_picture_type(bytes, byte_count), (char*)bytes, byte_count, extra);
}

static json_t* read_query_text(struct lws* wsi, const char* name) {
    char value[2 * INF_SENSE_BYTES];
    const char* text = lws_get_urlarg_by_name(wsi, name, value, sizeof(value));
    return text != NULL ? json_string(text) : NULL;
}

static const char* read_picture(InfExchange* exchange, InfHttp* http, json_t** body) {
    uint8_t hash[INF_PICTURE_HASH_BYTES];
    char hex[2 * INF_PICTURE_HASH_BYTES + 1];
    const char* wrong = inf_picture_keep(http->def.awake_folder, (const uint8_t*)exchange->posted, exchange->posted_bytes, hash);
    if (wrong != NULL) {
        return wrong;
    }
    sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    json_t *source = read_query_text(exchange->wsi, "source="), *text = read_query_text(exchange->wsi, "text=");
    *body = json_pack("{s:s, s:s, s:o*, s:o*}", "kind", "picture", "picture", hex, "source", source, "text", text);
    return *body != NULL ? NULL : "source and text must be UTF-8.";
}

/// By its content type: JSON, plain text, or a picture.
static const char* read_sense(InfExchange* exchange, InfHttp* http, json_t** out) {
    char type[128] = "";
    *out = NULL;
    lws_hdr_copy(exchange->wsi, type, sizeof(type), WSI_TOKEN_HTTP_CONTENT_TYPE);
    if (exchange->posted_bytes == 0) {
        return "The body is empty.";
    }
    json_t* body = NULL;
    const char* wrong = NULL;
    if (strncasecmp(type, "image/", 6) == 0 || strncasecmp(type, "application/octet-stream", 24) == 0) {
        wrong = read_picture(exchange, http, &body);
    } else if (strncasecmp(type, "text/plain", 10) == 0) {
        json_t* text = json_stringn(exchange->posted, exchange->posted_bytes);
        json_t* source = read_query_text(exchange->wsi, "source=");
        body = json_pack("{s:o, s:o*}", "text", text, "source", source);
        wrong = body == NULL ? "The text must be UTF-8 without zeros." : NULL;
    } else {
        json_error_t error;
        body = json_loadb(exchange->posted, exchange->posted_bytes, JSON_REJECT_DUPLICATES, &error);
        wrong = body == NULL ? "The body is neither JSON nor, by its Content-Type, text/plain or image/*." : NULL;
    }
    if (wrong == NULL) {
        wrong = inf_sense_read(body, out);
    }
    json_decref(body);
    return wrong;
}

int inf_exchange_sense(InfExchange* exchange, InfHttp* http) {
    json_t* sense;
    const char* wrong = read_sense(exchange, http, &sense);
    if (wrong != NULL) {
        return inf_exchange_error(exchange, 400, "bad sense", wrong, "Nothing was perceived. Correct it; docs/awake.md has the forms.");
    }
    InfRequest* request = inf_request_create(INF_REQUEST_SENSE);
    if (request == NULL) {
        json_decref(sense);
        return -1;
    }
    request->is_host = true;
    request->body = sense;
    return inf_exchange_ask(exchange, http, request);
}
