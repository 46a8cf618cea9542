// What a stranger can take of HTTP: places for heads, memory for bodies, connections, time.
#include "http_test.h"

#include "server/address.h"

#include <libwebsockets.h>

#define CROWD 300

static int crowd[CROWD];

static uint16_t port(void) { return inf_listener_get_port(listener); }

static void say(int fd, const char* text) { ENSURE(send(fd, text, strlen(text), MSG_NOSIGNAL) >= 0); }

/// What came to one of the crowd so far, as text. @return false when the line has ended
static bool hear(int fd, char* out, size_t out_bytes) {
    size_t used = strlen(out);
    ssize_t got = recv(fd, out + used, out_bytes - 1 - used, MSG_DONTWAIT);
    out[used + (got > 0 ? (size_t)got : 0)] = 0;
    return got > 0 || (got < 0 && errno == EAGAIN);
}

static void leave(int count) {
    for (int i = 0; i < count; i++) {
        close(crowd[i]);
    }
}

TEST(slow_heads_keep_nobody_out) {
    head_ms = 1500;
    open_all();
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = net_connect(port(), 0);
        say(crowd[i], "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    }
    uint64_t begin_ms = now_ms();
    for (int i = 0; i < 20; i++) {
        step();
    }
    ENSURE_EQ_I64(200, ask("GET /healthz", "}"));
    ENSURE(now_ms() - begin_ms < 1400); // not only when they had been let go
    char text[1024] = "";
    for (int i = 0; i < 2000 && hear(crowd[0], text, sizeof(text)); i++) {
        step();
    }
    ENSURE_SAY(strstr(text, " 408 ") != NULL, "%s", text);
    leave(CROWD);
    close_all();
    head_ms = 5000;
}

TEST(a_head_in_pieces_and_a_head_that_is_too_long) {
    open_all();
    crowd[0] = net_connect(port(), 0);
    const char* head = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    char text[2048] = "";
    for (const char* at = head; *at != 0; at++) {
        say(crowd[0], (char[]){*at, 0});
        step();
    }
    for (int i = 0; i < 1000 && strstr(text, "}") == NULL && hear(crowd[0], text, sizeof(text)); i++) {
        step();
    }
    ENSURE_SAY(strstr(text, "200 OK") != NULL, "%s", text);
    close(crowd[0]);
    static char big[9000];
    memset(big, 'a', sizeof(big) - 1);
    memcpy(big, "GET / HTTP/1.1\r\nX: ", 19);
    ENSURE_EQ_I64(431, ask_on(net_connect(port(), 0), big, "8192"));
    ENSURE_EQ_I64(400, ask_on(net_connect(port(), 0), "\x16\x03\x01\x02", "no HTTP request"));
    close_all();
}

TEST(a_body_that_dribbles_is_ended) {
    http_def.body_ms = 400;
    open_all();
    crowd[0] = net_connect(port(), 0);
    say(crowd[0], "POST /api/souls/ask HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n");
    char text[2048] = "";
    uint64_t begin_ms = now_ms(), sent_ms = 0;
    while (hear(crowd[0], text, sizeof(text)) && now_ms() - begin_ms < 8000) {
        if (now_ms() - sent_ms > 50 && text[0] == 0) {
            sent_ms = now_ms();
            say(crowd[0], " ");
        }
        step();
    }
    ENSURE_SAY(strstr(text, " 408 ") != NULL, "%s after %d ms", text, (int)(now_ms() - begin_ms));
    close(crowd[0]);
    close_all();
    http_def.body_ms = 0;
}

TEST(bodies_of_many_are_bounded_together) {
    enum { SENDERS = 16, BODY = 3 << 20 };
    static char part[65536], texts[SENDERS][2048];
    static size_t sent[SENDERS];
    memset(part, ' ', sizeof(part));
    memset(texts, 0, sizeof(texts));
    memset(sent, 0, sizeof(sent));
    open_all();
    for (int i = 0; i < SENDERS; i++) {
        crowd[i] = net_connect(port(), 0);
        char head[160];
        snprintf(head, sizeof(head), "POST /border/arrivals HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", BODY + 1);
        say(crowd[i], head);
    }
    int refused = 0, whole = 0;
    uint64_t begin_ms = now_ms();
    // All but the last byte. 3 MiB take 4 MiB, of 32 for all: eight have room, and the others hear of it.
    while ((refused < SENDERS - 8 || refused + whole < SENDERS) && now_ms() - begin_ms < 20000) {
        refused = whole = 0;
        for (int i = 0; i < SENDERS; i++) {
            size_t left = BODY - sent[i] < sizeof(part) ? BODY - sent[i] : sizeof(part);
            bool is_open = hear(crowd[i], texts[i], sizeof(texts[i]));
            ssize_t took = is_open && texts[i][0] == 0 && left > 0 ? send(crowd[i], part, left, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
            sent[i] += took > 0 ? (size_t)took : 0;
            refused += !is_open || texts[i][0] != 0;
            whole += is_open && texts[i][0] == 0 && sent[i] == BODY;
        }
        step();
    }
    ENSURE_SAY(whole >= 6 && whole <= 8 && refused == SENDERS - whole, "%d whole, %d refused", whole, refused);
    bool is_told = false;
    for (int i = 0; i < SENDERS; i++) {
        is_told = is_told || strstr(texts[i], " 503 ") != NULL;
        close(crowd[i]);
    }
    ENSURE(is_told);
    int status = 503;
    for (int i = 0; i < 200 && status == 503; i++) { // room again when they have left
        status = ask_on(net_connect(port(), 0), "POST /api/souls/ask HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", "}");
    }
    ENSURE_EQ_I64(200, status);
    close_all();
}

TEST(one_address_has_so_many_connections) {
    enum { PLACES = 64 };
    http_def.bounds_this_machine = true;
    open_all();
    const char* head = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    for (int i = 0; i < PLACES; i++) {
        char text[2048] = "";
        crowd[i] = net_connect(port(), 0);
        say(crowd[i], head);
        for (int k = 0; k < 1000 && strstr(text, "}") == NULL && hear(crowd[i], text, sizeof(text)); k++) {
            step();
        }
        ENSURE_SAY(strstr(text, "200 OK") != NULL, "connection %d: %s", i, text);
    }
    ENSURE_EQ_I64(429, ask("GET /healthz", "Close some"));
    ENSURE_EQ_I64(200, ask_on(net_connect_unix(admin_path), "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "}"));
    leave(10);
    int status = 429;
    for (int i = 0; i < 200 && status == 429; i++) {
        status = ask("GET /healthz", "\n\n");
    }
    ENSURE_EQ_I64(200, status);
    for (int i = 10; i < PLACES; i++) {
        close(crowd[i]);
    }
    close_all();
    http_def.bounds_this_machine = false;
}

TEST(bodies_without_a_length_do_not_hold_the_line) {
    open_all();
    ENSURE_EQ_I64(411, ask_on(net_connect(port(), 0), "POST /api/souls/ask HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", NULL));
    ENSURE_EQ_I64(411, ask_on(net_connect(port(), 0), "GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", NULL));
    ENSURE(!has("healthy"));
    // Nothing says how long the body is: it is none, and the line is ended.
    ENSURE_EQ_I64(200, ask_on(net_connect(port(), 0), "POST /api/souls/ask HTTP/1.1\r\nHost: a\r\n\r\n", NULL));
    ENSURE(has("connection: close"));
    close_all();
}

TEST(addresses_are_told_apart_as_households_are) {
    char out[INF_ADDRESS_BYTES];
    static const char* const cases[][2] = {{"192.0.2.7", "192.0.2.7"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
                                           {"[2001:db8:1:2::9]", "2001:db8:1:2::"}, {"::ffff:192.0.2.7", "192.0.2.7"},
                                           {"::1", "::1"}, {"unknown", "unknown"}, {"", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        inf_address_read(cases[i][0], out);
        ENSURE_EQ_STR(cases[i][1], out);
    }
    ENSURE(inf_address_is_free("127.0.0.1") && inf_address_is_free("::1") && inf_address_is_free("") &&
           !inf_address_is_free("192.0.2.7") && !inf_address_is_free("1270.0.0.1"));
}

TEST(a_crowd_is_told_so_and_the_host_comes_in) {
    http_def.connections_max = 3;
    memset(&metrics, 0, sizeof(metrics));
    open_all();
    static const char head[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int kept[3];
    for (int i = 0; i < 3; i++) { // answered, and kept open
        kept[i] = net_connect(inf_listener_get_port(listener), 0);
        ENSURE(send(kept[i], head, sizeof(head) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(head) - 1);
    }
    for (int i = 0; i < 200 && inf_metric_get(&metrics.http_connections) < 3; i++) {
        step();
    }
    ENSURE_EQ_U64(3, inf_metric_get(&metrics.http_connections));
    ENSURE_EQ_I64(503, ask("GET /healthz", NULL));
    ENSURE(has("Too many connections are open"));
    ENSURE_EQ_U64(1, inf_metric_get(&metrics.http_refused));
    ENSURE_EQ_I64(200, ask_on(net_connect_unix(admin_path), head, NULL)); // the host's own door
    for (int i = 0; i < 3; i++) {
        close(kept[i]);
    }
    for (int i = 0; i < 500 && inf_metric_get(&metrics.http_connections) > 0; i++) {
        step();
    }
    ENSURE_EQ_U64(0, inf_metric_get(&metrics.http_connections));
    ENSURE_EQ_I64(200, ask("GET /healthz", "}"));
    http_def.connections_max = 0;
    close_all();
}
