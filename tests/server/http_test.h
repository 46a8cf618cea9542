// A listener and libwebsockets' thread as in a server, without a world: the test is the tick thread.
#ifndef INFINITY_TEST_HTTP_TEST_H
#define INFINITY_TEST_HTTP_TEST_H

#include "test.h"

#include "net_client.h"
#include "server/http.h"
#include "server/listener.h"

#include <poll.h>
#include <sodium.h>
#include <sys/stat.h>

static InfFanout* fanout;
static InfListener* listener;
static InfHttp* http;
static InfMailbox* mailbox;
static InfMetrics metrics;
static char folder[64], admin_path[96];
static NetClient client;
static int asked;
static const char* extra_file;
static InfHttpDef http_def; // what a test wants otherwise
static uint32_t head_ms = 5000;
static InfRequest last;

static inline uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static inline void write_file(const char* name, const char* text) {
    char path[160];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE* file = fopen(path, "w");
    ENSURE(file != NULL);
    fputs(text, file);
    fclose(file);
}

static inline void open_all(void) {
    ENSURE(sodium_init() >= 0);
    snprintf(folder, sizeof(folder), "/tmp/inf-http-%d", (int)getpid());
    snprintf(admin_path, sizeof(admin_path), "%s.sock", folder);
    char assets[128];
    snprintf(assets, sizeof(assets), "%s/assets", folder);
    mkdir(folder, 0755);
    mkdir(assets, 0755);
    write_file("index.html", "<!doctype html><title>galaxy</title>");
    write_file("assets/main-a1b2c3d4.js", "export {};");
    write_file("assets/core.wasm", "wasm");
    write_file(".secret", "hidden");
    if (extra_file != NULL) {
        write_file("assets/long-a1b2c3d4e.js", extra_file);
    }
    char error[256] = "";
    InfFanoutDef fanout_def = inf_fanout_def_default();
    fanout = inf_fanout_create(&fanout_def);
    mailbox = inf_mailbox_create(64, NULL, NULL);
    http_def.web_root = folder;
    http_def.mailbox = mailbox;
    http_def.metrics = &metrics;
    http = inf_http_create(&http_def, error, sizeof(error));
    ENSURE_SAY(http != NULL, "%s", error);
    ENSURE_EQ_U64(extra_file != NULL ? 4u : 3u, inf_http_get_file_count(http));
    InfListenerDef listener_def = inf_listener_def_default();
    listener_def.port = 0;
    listener_def.head_ms = head_ms;
    listener_def.admin_path = admin_path;
    listener_def.hand_over = inf_http_hand_over;
    listener_def.hand_over_user = http;
    listener = inf_listener_create(&listener_def, fanout, error, sizeof(error));
    ENSURE_SAY(listener != NULL, "%s", error);
    inf_metric_set(&metrics.tick_at_ms, now_ms());
    asked = 0;
    client.fd = -1;
}

static inline void close_all(void) {
    if (client.fd >= 0) {
        close(client.fd);
    }
    inf_listener_destroy(listener);
    inf_http_destroy(http);
    inf_mailbox_destroy(mailbox);
    inf_fanout_destroy(fanout);
    char command[256];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ENSURE(system(command) == 0);
}

/// What the tick thread would do.
static inline void answer_requests(void) {
    for (InfRequest* request; (request = inf_mailbox_take(mailbox)) != NULL;) {
        asked++;
        last = *request;
        request->status = 200;
        if (request->kind == INF_REQUEST_GALAXY) {
            request->answer = json_array();
            for (int i = 0; i < 100; i++) {
                json_array_append_new(request->answer, json_pack("{s:I}", "number", (json_int_t)(request->cursor + (uint64_t)i)));
            }
            request->next_cursor = request->cursor < 900 ? request->cursor + 100 : 0;
        } else if (request->kind == INF_REQUEST_MARKET && request->station == 99) {
            request->status = 404;
            request->answer = inf_error_json("not found", "There is no such station.", "Ask for another.");
        } else {
            request->answer = json_pack("{s:i, s:O?}", "kind", (int)request->kind, "body", request->body);
        }
        inf_mailbox_answer(mailbox, request);
    }
}

static inline void step(void) {
    struct pollfd wait = {inf_listener_fd(listener), POLLIN, 0};
    poll(&wait, 1, 2);
    inf_listener_poll(listener, now_ms());
    answer_requests();
}

/// The whole answer to one request, until the server is silent or closes. Returns the status.
static inline int ask_on(int fd, const char* head, const char* until) {
    client.fd = fd;
    client.count = client.at = 0;
    net_send(&client, head, strlen(head));
    for (int i = 0; i < 1500; i++) {
        bool open = net_receive(&client);
        client.bytes[client.count] = 0;
        if (!open || (until != NULL && strstr((char*)client.bytes, until) != NULL)) {
            break;
        }
        step();
    }
    int status = 0;
    ENSURE_SAY(sscanf((char*)client.bytes, "HTTP/1.%*d %d", &status) == 1, "%s -> %s", head, (char*)client.bytes);
    close(client.fd);
    client.fd = -1;
    return status;
}

static inline int ask(const char* line, const char* until) {
    char head[512];
    snprintf(head, sizeof(head), "%s HTTP/1.1\r\nHost: localhost\r\n\r\n", line);
    return ask_on(net_connect(inf_listener_get_port(listener), 0), head, until);
}

static inline bool has(const char* text) { return strstr((char*)client.bytes, text) != NULL; }

#endif
