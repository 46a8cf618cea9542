// The request head of an upgrade. Read line by line; each header that matters may come once only, since a
// proxy and we must not see two different requests in the same bytes.
#include "server/ws.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

typedef struct Slice {
    const char* at;
    size_t bytes;
} Slice;

typedef struct Head {
    Slice host, origin, key, version, upgrade, connection, forwarded;
    bool twice;
} Head;

static void refuse(InfWsHandshake* out, int status, const char* reason) {
    out->verdict = INF_WS_REFUSE;
    out->status = status;
    out->reason = reason;
}

static bool slice_is(Slice slice, const char* text) {
    return slice.bytes == strlen(text) && strncasecmp(slice.at, text, slice.bytes) == 0;
}

/// Whether a comma-separated list has the token, whatever its case.
static bool list_has(Slice list, const char* token) {
    while (list.bytes > 0) {
        const char* comma = memchr(list.at, ',', list.bytes);
        Slice item = {list.at, comma ? (size_t)(comma - list.at) : list.bytes};
        list.at += item.bytes + (comma ? 1 : 0);
        list.bytes -= item.bytes + (comma ? 1 : 0);
        while (item.bytes > 0 && (*item.at == ' ' || *item.at == '\t')) {
            item.at++, item.bytes--;
        }
        while (item.bytes > 0 && (item.at[item.bytes - 1] == ' ' || item.at[item.bytes - 1] == '\t')) {
            item.bytes--;
        }
        if (slice_is(item, token)) {
            return true;
        }
    }
    return false;
}

static void keep(Head* head, Slice* field, Slice value) {
    head->twice |= field->at != NULL;
    *field = value;
}

/// One header line. @return false when it is malformed
static bool read_header(Head* head, Slice line) {
    const char* colon = memchr(line.at, ':', line.bytes);
    if (colon == NULL || colon == line.at) {
        return false;
    }
    Slice name = {line.at, (size_t)(colon - line.at)};
    for (size_t i = 0; i < name.bytes; i++) {
        unsigned char c = (unsigned char)name.at[i];
        if (c <= ' ' || c >= 127 || strchr("()<>@,;\\\"/[]?={}", c) != NULL) {
            return false; // also refuses folded lines, which begin with a blank
        }
    }
    Slice value = {colon + 1, line.bytes - name.bytes - 1};
    while (value.bytes > 0 && (*value.at == ' ' || *value.at == '\t')) {
        value.at++, value.bytes--;
    }
    while (value.bytes > 0 && (value.at[value.bytes - 1] == ' ' || value.at[value.bytes - 1] == '\t')) {
        value.bytes--;
    }
    for (size_t i = 0; i < value.bytes; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if ((c < ' ' && c != '\t') || c == 127) {
            return false;
        }
    }
    if (slice_is(name, "host")) {
        keep(head, &head->host, value);
    } else if (slice_is(name, "origin")) {
        keep(head, &head->origin, value);
    } else if (slice_is(name, "sec-websocket-key")) {
        keep(head, &head->key, value);
    } else if (slice_is(name, "sec-websocket-version")) {
        keep(head, &head->version, value);
    } else if (slice_is(name, "upgrade")) {
        keep(head, &head->upgrade, value);
    } else if (slice_is(name, "connection")) {
        keep(head, &head->connection, value);
    } else if (slice_is(name, "x-forwarded-for")) {
        head->forwarded = value;
    } else if (slice_is(name, "content-length") || slice_is(name, "transfer-encoding")) {
        return slice_is(value, "0"); // an upgrade has no body; a body here would be read as frames
    }
    return true;
}

static bool host_is_well_formed(Slice host) {
    if (host.bytes == 0 || host.bytes > 255) {
        return false;
    }
    for (size_t i = 0; i < host.bytes; i++) {
        unsigned char c = (unsigned char)host.at[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    strchr(".-_:[]", c) != NULL;
        if (!fine || c == 0) {
            return false;
        }
    }
    return true;
}

static Slice host_without_port(Slice host) {
    if (host.at[0] == '[') {
        const char* end = memchr(host.at, ']', host.bytes);
        return end ? (Slice){host.at, (size_t)(end - host.at) + 1} : host;
    }
    const char* colon = memchr(host.at, ':', host.bytes);
    return colon ? (Slice){host.at, (size_t)(colon - host.at)} : host;
}

static bool host_is_allowed(const InfWsRules* rules, Slice host) {
    Slice name = host_without_port(host);
    for (size_t i = 0; i < rules->host_count; i++) {
        if (slice_is(name, rules->hosts[i])) {
            return true;
        }
    }
    return rules->host_count == 0;
}

static bool origin_is_allowed(const InfWsRules* rules, Slice origin, Slice host) {
    for (size_t i = 0; i < rules->origin_count; i++) {
        if (slice_is(origin, rules->origins[i])) {
            return true;
        }
    }
    size_t scheme = origin.bytes > 7 && strncasecmp(origin.at, "http://", 7) == 0    ? 7
                    : origin.bytes > 8 && strncasecmp(origin.at, "https://", 8) == 0 ? 8
                                                                                      : 0;
    return scheme != 0 && origin.bytes - scheme == host.bytes &&
           strncasecmp(origin.at + scheme, host.at, host.bytes) == 0;
}

static bool key_is_valid(Slice key) {
    char text[25];
    if (key.bytes != 24) {
        return false;
    }
    for (size_t i = 0; i < 22; i++) {
        unsigned char c = (unsigned char)key.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/')) {
            return false;
        }
    }
    memcpy(text, key.at, 24);
    text[24] = 0;
    char raw[24];
    return key.at[22] == '=' && key.at[23] == '=' && lws_b64_decode_string(text, raw, sizeof(raw)) == 16;
}

static void write_accept(Slice key, char* out, size_t out_bytes) {
    unsigned char joined[24 + 36], digest[20];
    memcpy(joined, key.at, 24);
    memcpy(joined + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    lws_SHA1(joined, sizeof(joined), digest);
    lws_b64_encode_string((const char*)digest, sizeof(digest), out, (int)out_bytes);
}

static void copy_text(char* out, size_t out_bytes, Slice slice) {
    size_t bytes = slice.bytes < out_bytes - 1 ? slice.bytes : out_bytes - 1;
    if (bytes > 0) {
        memcpy(out, slice.at, bytes);
    }
    out[bytes] = 0;
}

static void copy_last_forwarded(InfWsHandshake* out, Slice list) {
    const char* at = list.at;
    for (size_t i = 0; i < list.bytes; i++) {
        if (list.at[i] == ',') {
            at = list.at + i + 1;
        }
    }
    size_t bytes = list.bytes - (size_t)(at - list.at);
    while (bytes > 0 && *at == ' ') {
        at++, bytes--;
    }
    copy_text(out->forwarded_for, sizeof(out->forwarded_for), (Slice){at, bytes});
}

int inf_ws_wants_upgrade(const char* bytes, size_t byte_count) {
    static const char start[] = "GET /ws";
    size_t known = sizeof(start) - 1;
    if (memcmp(bytes, start, byte_count < known ? byte_count : known) != 0) {
        return 0;
    }
    if (byte_count <= known) {
        return -1;
    }
    return bytes[known] == ' ' || bytes[known] == '?';
}

static void judge_head(const Head* head, const InfWsRules* rules, InfWsHandshake* out) {
    if (head->twice) {
        refuse(out, 400, "A header that may come once came twice.");
    } else if (!host_is_well_formed(head->host)) {
        refuse(out, 400, "The Host header is missing or malformed.");
    } else if (!host_is_allowed(rules, head->host)) {
        refuse(out, 403, "This server does not go by that Host name. Add it to 'hosts' in the configuration.");
    } else if (!list_has(head->upgrade, "websocket") || !list_has(head->connection, "upgrade")) {
        refuse(out, 426, "This address speaks WebSocket only. Send Upgrade: websocket and Connection: Upgrade.");
    } else if (!slice_is(head->version, "13")) {
        refuse(out, 426, "Only WebSocket version 13 is spoken here.");
    } else if (!key_is_valid(head->key)) {
        refuse(out, 400, "Sec-WebSocket-Key must be 16 bytes in base64.");
    } else if (head->origin.at != NULL && !origin_is_allowed(rules, head->origin, head->host)) {
        refuse(out, 403, "Pages from that origin may not connect. Add it to 'origins' in the configuration.");
    } else {
        out->verdict = INF_WS_UPGRADE;
        out->status = 101;
        out->reason = "Switching Protocols";
        write_accept(head->key, out->accept, sizeof(out->accept));
        copy_text(out->origin, sizeof(out->origin), head->origin);
        copy_text(out->host, sizeof(out->host), head->host);
        copy_last_forwarded(out, head->forwarded);
    }
}

void inf_ws_handshake_parse(const char* bytes, size_t byte_count, const InfWsRules* rules, InfWsHandshake* out) {
    memset(out, 0, sizeof(*out));
    out->verdict = INF_WS_MORE;
    size_t limit = byte_count < INF_WS_HEAD_BYTES_MAX ? byte_count : INF_WS_HEAD_BYTES_MAX;
    const char* end = limit >= 4 ? memmem(bytes, limit, "\r\n\r\n", 4) : NULL;
    if (end == NULL) {
        if (byte_count >= INF_WS_HEAD_BYTES_MAX) {
            refuse(out, 431, "The request head is longer than 8192 bytes.");
        }
        return;
    }
    out->head_bytes = (size_t)(end - bytes) + 4;
    Slice rest = {bytes, out->head_bytes - 2};
    Head head = {0};
    for (bool first = true; rest.bytes > 0; first = false) {
        const char* line_end = memmem(rest.at, rest.bytes, "\r\n", 2);
        if (line_end == NULL) {
            break; // cannot be: the head ends with an empty line
        }
        Slice line = {rest.at, (size_t)(line_end - rest.at)};
        rest.at += line.bytes + 2;
        rest.bytes -= line.bytes + 2;
        if (first) {
            bool get = line.bytes > 4 && memcmp(line.at, "GET ", 4) == 0;
            bool http11 = line.bytes > 9 && memcmp(line.at + line.bytes - 9, " HTTP/1.1", 9) == 0;
            if (!get) {
                refuse(out, 405, "A WebSocket is opened with GET.");
                return;
            }
            if (!http11 || inf_ws_wants_upgrade(line.at, line.bytes) != 1 ||
                memchr(line.at + 4, ' ', line.bytes - 4 - 9) != NULL) {
                refuse(out, 400, "The request line must be GET /ws HTTP/1.1.");
                return;
            }
        } else if (!read_header(&head, line)) {
            refuse(out, 400, "A request header is malformed.");
            return;
        }
    }
    judge_head(&head, rules, out);
}

static const char* status_text(int status) {
    switch (status) {
    case 403:
        return "Forbidden";
    case 405:
        return "Method Not Allowed";
    case 426:
        return "Upgrade Required";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    case 408:
        return "Request Timeout";
    case 429:
        return "Too Many Requests";
    default:
        return "Bad Request";
    }
}

size_t inf_ws_write_answer(const InfWsHandshake* handshake, char* out, size_t out_bytes) {
    if (out_bytes < 1024) {
        return 0;
    }
    if (handshake->verdict == INF_WS_UPGRADE) {
        return (size_t)snprintf(out, out_bytes,
                                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                                handshake->accept);
    }
    return (size_t)snprintf(out, out_bytes,
                            "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            "Content-Length: %zu\r\n%s%sX-Content-Type-Options: nosniff\r\n"
                            "Connection: close\r\n\r\n%s\n",
                            handshake->status, status_text(handshake->status), strlen(handshake->reason) + 1,
                            handshake->status == 426 ? "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" : "",
                            handshake->status == 405 ? "Allow: GET\r\n" : "", handshake->reason);
}
