// HTTP through the real listener and libwebsockets' thread; this test plays the tick thread.
#include "http_test.h"

TEST(files_come_with_type_cache_and_policy) {
    open_all();
    ENSURE_EQ_I64(200, ask("GET /", "</title>"));
    ENSURE(has("content-type: text/html; charset=utf-8") && has("cache-control: no-cache"));
    ENSURE(has("content-security-policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"));
    ENSURE(has("frame-ancestors 'none'") && has("x-content-type-options: nosniff"));
    ENSURE(has("cross-origin-opener-policy: same-origin"));
    ENSURE_EQ_I64(200, ask("GET /assets/main-a1b2c3d4.js", "export"));
    ENSURE(has("content-type: text/javascript") && has("immutable"));
    ENSURE_EQ_I64(200, ask("GET /assets/core.wasm", "\r\n\r\nwasm"));
    ENSURE(has("content-type: application/wasm") && has("no-cache"));
    close_all();
}

TEST(a_known_file_is_not_sent_again) {
    open_all();
    ENSURE_EQ_I64(200, ask("GET /", "</title>"));
    char etag[64] = "";
    ENSURE(sscanf(strstr((char*)client.bytes, "etag: "), "etag: %63s", etag) == 1);
    char line[256];
    snprintf(line, sizeof(line), "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: %s\r\n\r\n", etag);
    ENSURE_EQ_I64(304, ask_on(net_connect(inf_listener_get_port(listener), 0), line, "\r\n\r\n"));
    ENSURE(!has("<title>"));
    close_all();
}

TEST(large_files_come_compressed_to_who_takes_it) {
    static char text[8192];
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        text[i] = "lorem ipsum "[i % 12];
    }
    text[sizeof(text) - 1] = 0;
    extra_file = text;
    open_all();
    const char* plain = "GET /assets/long-a1b2c3d4e.js HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, zstd;q=0\r\n\r\n";
    const char* packed = "GET /assets/long-a1b2c3d4e.js HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br, zstd\r\n\r\n";
    ENSURE_EQ_I64(200, ask_on(net_connect(inf_listener_get_port(listener), 0), plain, "lorem ipsum lo"));
    ENSURE(has("content-length: 8191") && !has("content-encoding") && has("vary: accept-encoding"));
    ENSURE_EQ_I64(200, ask_on(net_connect(inf_listener_get_port(listener), 0), packed, "\r\n\r\n"));
    ENSURE(has("content-encoding: zstd") && has("-z\"") && !has("content-length: 8191"));
    extra_file = NULL;
    close_all();
}

TEST(head_has_no_body) {
    open_all();
    ENSURE_EQ_I64(200, ask("HEAD /", "\r\n\r\n"));
    ENSURE(has("content-length: 36") && !has("<title>"));
    close_all();
}

TEST(nothing_else_can_be_reached) {
    open_all();
    const char* paths[] = {"GET /.secret", "GET /../etc/passwd", "GET /%2e%2e/%2e%2e/etc/passwd", "GET /nothing",
                           "GET /assets", "GET /assets/", "GET //etc/passwd", "GET /api/nothing", "GET /index.html/"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        int status = ask(paths[i], "\r\n\r\n");
        ENSURE_SAY(status == 404 || status == 403 || status == 400, "%s: %d", paths[i], status);
        ENSURE(!has("root:") && !has("hidden"));
    }
    close_all();
}

TEST(wrong_methods_are_told_what_is_allowed) {
    open_all();
    ENSURE_EQ_I64(405, ask("DELETE /api/status", "what_to_do"));
    ENSURE(has("allow: GET"));
    ENSURE_EQ_I64(405, ask("PUT /", "what_to_do"));
    ENSURE_EQ_I64(405, ask("POST /metrics", "what_to_do"));
    close_all();
}

TEST(health_follows_the_ticks) {
    open_all();
    ENSURE_EQ_I64(200, ask("GET /healthz", "}"));
    ENSURE(has("\"healthy\":true"));
    inf_metric_set(&metrics.tick_at_ms, now_ms() - 60000);
    ENSURE_EQ_I64(503, ask("GET /healthz", "}"));
    close_all();
}

TEST(metrics_are_prometheus_text) {
    open_all();
    inf_metric_set(&metrics.tick, 4711);
    inf_metrics_note_tick(&metrics, 1500);
    inf_metrics_note_tick(&metrics, 9000000);
    ENSURE_EQ_U64(1600, inf_metrics_tick_us(&metrics, 500)); // the end of its bucket
    ENSURE_EQ_U64(10000000, inf_metrics_tick_us(&metrics, 990));
    ENSURE(inf_metrics_resident_bytes() > 100000);
    ENSURE_EQ_I64(200, ask("GET /metrics", "process_resident_memory_bytes "));
    ENSURE(has("infinity_tick 4711\n") && has("# TYPE infinity_frames_skipped counter"));
    ENSURE(has("infinity_tick_seconds_bucket{le=\"0.002\"} ") && has("infinity_tick_seconds_bucket{le=\"+Inf\"} "));
    ENSURE(has("infinity_build_info{version=\""));
    close_all();
    memset(&metrics, 0, sizeof(metrics)); // when nobody writes to them any more
}

TEST(questions_reach_the_tick_thread) {
    open_all();
    ENSURE_EQ_I64(200, ask("GET /api/market?system=-3,4,5,6&station=7", "}"));
    ENSURE(asked == 1 && last.kind == INF_REQUEST_MARKET);
    ENSURE(last.system_x == -3 && last.system_y == 4 && last.system_z == 5 && last.system_index == 6 && last.station == 7);
    ENSURE(has("application/json") && has("no-store"));
    ENSURE_EQ_I64(404, ask("GET /api/market?system=0,0,0,0&station=99", "what_to_do"));
    ENSURE_EQ_I64(200, ask("GET /api", "routes"));
    ENSURE(has("/api/galaxy") && !has("/api/minds"));
    close_all();
}

TEST(wrong_questions_do_not) {
    open_all();
    const char* lines[] = {"GET /api/market", "GET /api/market?system=", "GET /api/market?system=1,2,3",
                           "GET /api/market?system=1,2,3,4,5", "GET /api/market?system=1,2,3,x",
                           "GET /api/market?system=99999999999,0,0,0", "GET /api/market?system=1,2,3,-1",
                           "GET /api/market?system=0,0,0,0&station=abc", "GET /api/soul", "GET /api/soul?soul=-1",
                           "GET /api/soul?soul=99999999999999999999999", "GET /api/galaxy?cursor=x"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        int status = ask(lines[i], "what_to_do");
        ENSURE_SAY(status == 400, "%s: %d", lines[i], status);
    }
    ENSURE(asked == 0);
    close_all();
}

TEST(the_galaxy_streams_and_says_when_it_ends) {
    open_all();
    ENSURE_EQ_I64(200, ask("GET /api/galaxy", NULL));
    ENSURE(has("{\"number\":0}\n") && has("{\"number\":999}\n") && has("{\"end\":true,\"count\":1000}\n"));
    ENSURE(has("application/x-ndjson"));
    ENSURE_EQ_U64(10, (uint64_t)asked);
    close_all();
}

TEST(only_the_admin_socket_can_act) {
    open_all();
    const char* body = "POST /api/minds HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\n\r\n{\"name\":\"Vesna\"}";
    const char* good = "POST /api/minds HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\n{\"name\":\"Vesna\"}";
    const char* none = "POST /api/minds HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nnot json!";
    const char* big = "POST /api/minds HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n{";
    int status = ask_on(net_connect(inf_listener_get_port(listener), 0), good, "what_to_do");
    ENSURE(status == 404 && asked == 0);
    ENSURE_EQ_I64(200, ask_on(net_connect_unix(admin_path), good, "Vesna"));
    ENSURE(asked == 1 && last.kind == INF_REQUEST_BIRTH);
    ENSURE_EQ_I64(400, ask_on(net_connect_unix(admin_path), body, "what_to_do")); // its last brace is cut off
    ENSURE_EQ_I64(400, ask_on(net_connect_unix(admin_path), none, "what_to_do"));
    ENSURE_EQ_I64(413, ask_on(net_connect_unix(admin_path), big, "what_to_do"));
    ENSURE_EQ_I64(404, ask_on(net_connect_unix(admin_path), "GET / HTTP/1.1\r\nHost: a\r\n\r\n", NULL));
    ENSURE(asked == 1);
    close_all();
}

TEST(no_host_name_opens_the_admin_door) {
    open_all();
    const char* names[] = {"a", "admin", "admin:1", "localhost", "", "http", "default"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char head[256];
        snprintf(head, sizeof(head), "POST /api/stop HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n\r\n{}", names[i]);
        int status = ask_on(net_connect(inf_listener_get_port(listener), 0), head, "\r\n\r\n");
        ENSURE_SAY(status >= 400, "%s: %d", names[i], status);
    }
    ENSURE(asked == 0);
    close_all();
}

TEST(an_asker_that_leaves_is_forgotten) {
    open_all();
    for (int i = 0; i < 20; i++) {
        NetClient leaver = {.fd = net_connect(inf_listener_get_port(listener), 0)};
        const char* head = "GET /api/status HTTP/1.1\r\nHost: a\r\n\r\n";
        net_send(&leaver, head, strlen(head));
        struct pollfd wait = {inf_listener_fd(listener), POLLIN, 0};
        poll(&wait, 1, 20);
        inf_listener_poll(listener, now_ms());
        close(leaver.fd);
        if (i % 3 == 0) {
            answer_requests();
        }
    }
    ENSURE_EQ_I64(200, ask("GET /api/status", "}"));
    close_all();
}

TEST(many_requests_on_one_connection) {
    open_all();
    client.fd = net_connect(inf_listener_get_port(listener), 0);
    for (int i = 0; i < 5; i++) {
        client.count = client.at = 0;
        const char* head = "GET /api/status HTTP/1.1\r\nHost: a\r\n\r\n";
        net_send(&client, head, strlen(head));
        for (int k = 0; k < 500 && (client.count == 0 || !has("}")); k++) {
            step();
            ENSURE(net_receive(&client));
            client.bytes[client.count] = 0;
        }
        ENSURE(has("200 OK"));
    }
    ENSURE_EQ_U64(5, (uint64_t)asked);
    close_all();
}

TEST(too_many_questions_at_once_are_told_to_wait) {
    InfMailbox* small = inf_mailbox_create(8, NULL, NULL);
    InfRequest* held[8];
    for (int i = 0; i < 8; i++) { // the tick thread is busy
        held[i] = inf_request_create(INF_REQUEST_STATUS);
        ENSURE(inf_mailbox_post(small, held[i]));
    }
    InfRequest* more = inf_request_create(INF_REQUEST_STATUS);
    ENSURE(!inf_mailbox_post(small, more));
    inf_request_free(more);
    InfRequest* taken = inf_mailbox_take(small); // one is being answered while its asker leaves
    for (int i = 0; i < 8; i++) {
        inf_mailbox_abandon(small, held[i]);
    }
    inf_mailbox_answer(small, taken);
    ENSURE(inf_mailbox_take(small) == NULL);
    ENSURE(inf_mailbox_collect(small) == NULL);
    inf_mailbox_destroy(small);
}

TEST(a_flood_of_questions_is_told_to_wait) {
    enum { FLOOD = 300 };
    open_all();
    static int fds[FLOOD];
    static char got[2048];
    const char* head = "GET /api/soul?soul=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (int i = 0; i < FLOOD; i++) { // all at once, so that a slow machine sees the same flood
        fds[i] = net_connect(inf_listener_get_port(listener), 0);
        ENSURE(send(fds[i], head, strlen(head), MSG_NOSIGNAL) > 0);
    }
    int refused = 0, busy = 0, open = FLOOD;
    for (int round = 0; round < 2000 && open > 0; round++) {
        step();
        for (int i = 0; i < FLOOD; i++) {
            ssize_t bytes = fds[i] >= 0 ? recv(fds[i], got, sizeof(got) - 1, MSG_DONTWAIT) : -1;
            if (bytes < 0) {
                continue;
            }
            got[bytes] = 0;
            if (strstr(got, " 429 ") != NULL) {
                refused++;
                ENSURE(strstr(got, "retry-after: 1") != NULL);
            }
            busy += strstr(got, " 503 ") != NULL; // the mailbox was full just then
            close(fds[i]);
            fds[i] = -1;
            open--;
        }
    }
    // The allowance is 200 at once; of those, what the loop cannot take at the moment is told so. Everybody is answered.
    ENSURE_SAY(refused > 0 && refused <= 100 && asked > 0 && open == 0 && refused + busy + asked == FLOOD,
               "%d refused, %d busy, %d asked, %d open", refused, busy, asked, open);
    ENSURE_EQ_I64(200, ask("GET /healthz", "}")); // what costs nothing is not limited
    ENSURE_EQ_I64(200, ask_on(net_connect_unix(admin_path), "GET /api/status HTTP/1.1\r\nHost: a\r\n\r\n", "}"));
    close_all();
}

TEST(a_websocket_on_a_used_connection_is_told_to_reconnect) {
    open_all();
    ENSURE_EQ_I64(426, ask_on(net_connect_unix(admin_path), net_upgrade, "Connect again"));
    close_all();
}

TEST(garbage_is_survived) {
    open_all();
    const char* bad[] = {"\x16\x03\x01\x02\x00", "GET\r\n\r\n", "\r\n\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "FOO / HTTP/1.1\r\n\r\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        NetClient noisy = {.fd = net_connect(inf_listener_get_port(listener), 0)};
        net_send(&noisy, bad[i], strlen(bad[i]));
        for (int k = 0; k < 10; k++) {
            step();
        }
        close(noisy.fd);
    }
    ENSURE_EQ_I64(200, ask("GET /healthz", "}"));
    close_all();
}
