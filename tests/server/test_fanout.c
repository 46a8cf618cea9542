// The fan-out and the listener on real sockets, with a clock of our own.
#include "test.h"

#include "server/listener.h"
#include "net_client.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <poll.h>

typedef struct Stage {
    InfFanout* fanout;
    InfListener* listener;
    uint64_t now_ms;
    InfClientId last;
    int opened, closed, messages;
    uint16_t code;
    size_t bytes;
    uint8_t payload[65536];
    int handed_over;
    char handed[8192];
} Stage;

static Stage stage;
static NetClient clients[8];

static bool take_over(void* user, int fd, bool is_admin, bool is_proxied) {
    stage.handed_over++;
    char bytes[4096];
    ssize_t count = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    ENSURE(count > 0);
    snprintf(stage.handed, sizeof(stage.handed), "%s%s%.*s", is_admin ? "admin " : "", is_proxied ? "proxied " : "",
             (int)count, bytes);
    close(fd);
    return true;
}

static void stage_open_with(InfFanoutDef fanout_def, InfListenerDef listener_def) {
    memset(&stage, 0, sizeof(stage));
    stage.now_ms = 1000000;
    char error[256] = "";
    stage.fanout = inf_fanout_create(&fanout_def);
    ENSURE(stage.fanout != NULL);
    listener_def.hand_over = take_over;
    stage.listener = inf_listener_create(&listener_def, stage.fanout, error, sizeof(error));
    ENSURE_SAY(stage.listener != NULL, "%s", error);
    for (int i = 0; i < 8; i++) {
        clients[i].fd = -1;
        clients[i].count = clients[i].at = 0;
    }
}

static InfListenerDef listener_def(void) {
    InfListenerDef def = inf_listener_def_default();
    def.port = 0;
    return def;
}

static void stage_open(void) { stage_open_with(inf_fanout_def_default(), listener_def()); }

static void stage_close(void) {
    for (int i = 0; i < 8; i++) {
        if (clients[i].fd >= 0) {
            close(clients[i].fd);
        }
    }
    inf_listener_destroy(stage.listener);
    inf_fanout_destroy(stage.fanout);
}

static void step_by(uint64_t ms) {
    stage.now_ms += ms;
    struct pollfd wait[2] = {{inf_fanout_fd(stage.fanout), POLLIN, 0}, {inf_listener_fd(stage.listener), POLLIN, 0}};
    poll(wait, 2, 1);
    inf_listener_poll(stage.listener, stage.now_ms);
    inf_fanout_poll(stage.fanout, stage.now_ms);
    for (InfFanoutEvent event; inf_fanout_next(stage.fanout, &event);) {
        stage.last = event.client;
        stage.opened += event.kind == INF_FANOUT_OPENED;
        if (event.kind == INF_FANOUT_MESSAGE) {
            stage.messages++;
            stage.bytes = event.byte_count;
            memcpy(stage.payload, event.bytes, event.byte_count);
        } else if (event.kind == INF_FANOUT_CLOSED) {
            stage.closed++;
            stage.code = event.code;
        }
    }
}

static void step(void) {
    for (int i = 0; i < 3; i++) {
        step_by(1);
    }
}

static uint16_t port(void) { return inf_listener_get_port(stage.listener); }

/// A client that is upgraded; its id is stage.last.
static NetClient* join(int index) {
    NetClient* client = &clients[index];
    client->fd = net_connect(port(), 0);
    client->count = client->at = 0;
    net_send(client, net_upgrade, strlen(net_upgrade));
    int before = stage.opened;
    for (int i = 0; i < 50 && stage.opened == before; i++) {
        step();
    }
    ENSURE(stage.opened == before + 1);
    for (int i = 0; i < 50 && client->count == 0; i++) {
        step();
        ENSURE(net_receive(client));
    }
    uint8_t* end = memmem(client->bytes, client->count, "\r\n\r\n", 4);
    ENSURE(end != NULL && memcmp(client->bytes, "HTTP/1.1 101", 12) == 0);
    client->at = (size_t)(end - client->bytes) + 4;
    return client;
}

/// Step until a frame comes. @return false if the line was closed first
static bool wait_frame(NetClient* client, NetFrame* frame) {
    for (int i = 0; i < 100; i++) {
        bool open = net_receive(client);
        if (net_next_frame(client, frame)) {
            return true;
        }
        if (!open) {
            return false;
        }
        step();
    }
    return false;
}

/// The server says goodbye with `code`, and closes once we answered.
static void expect_close(NetClient* client, unsigned code) {
    NetFrame frame;
    do {
        ENSURE(wait_frame(client, &frame));
    } while (frame.first != 0x88);
    ENSURE(frame.bytes >= 2);
    ENSURE_EQ_U64(code, (unsigned)frame.payload[0] << 8 | frame.payload[1]);
    uint8_t echo[2] = {frame.payload[0], frame.payload[1]};
    net_send_frame(client, 0x88, echo, 2);
    int before = stage.closed;
    for (int i = 0; i < 100 && net_receive(client); i++) {
        step();
    }
    close(client->fd); // the server has shut its side; now we do
    client->fd = -1;
    for (int i = 0; i < 100 && stage.closed == before; i++) {
        step();
    }
    ENSURE(stage.closed == before + 1);
    ENSURE_EQ_U64(code, stage.code);
}

TEST(a_message_goes_both_ways) {
    stage_open();
    NetClient* client = join(0);
    net_send_frame(client, 0x82, "hello", 5);
    step();
    ENSURE(stage.messages == 1 && stage.bytes == 5 && memcmp(stage.payload, "hello", 5) == 0);
    ENSURE(inf_fanout_send(stage.fanout, stage.last, (const uint8_t*)"there", 5, INF_SEND_RELIABLE));
    inf_fanout_flush(stage.fanout);
    NetFrame frame;
    ENSURE(wait_frame(client, &frame));
    ENSURE(frame.first == 0x82 && frame.bytes == 5 && memcmp(frame.payload, "there", 5) == 0);
    stage_close();
}

TEST(nothing_leaves_before_the_flush) {
    stage_open();
    NetClient* client = join(0);
    InfClientId id = stage.last;
    inf_fanout_send(stage.fanout, id, (const uint8_t*)"x", 1, INF_SEND_RELIABLE);
    uint8_t* at = inf_fanout_begin_frame(stage.fanout, id);
    memset(at, 7, 200);
    inf_fanout_end_frame(stage.fanout, id, 200);
    net_send_frame(client, 0x89, "p", 1); // not even a pong may overtake it
    step();
    net_receive(client);
    NetFrame frame;
    ENSURE(!net_next_frame(client, &frame));
    inf_fanout_flush(stage.fanout);
    ENSURE(wait_frame(client, &frame) && frame.bytes == 1 && frame.payload[0] == 'x');
    ENSURE(wait_frame(client, &frame) && frame.bytes == 200 && frame.payload[199] == 7);
    ENSURE(wait_frame(client, &frame) && frame.first == 0x8a);
    stage_close();
}

TEST(a_sealed_tick_goes_alone) {
    stage_open();
    NetClient* client = join(0);
    InfClientId id = stage.last;
    for (uint8_t tick = 1; tick <= 20; tick++) { // each tick is released after the next has been staged
        ENSURE(inf_fanout_send(stage.fanout, id, &tick, 1, INF_SEND_RELIABLE));
        if (tick == 1) {
            inf_fanout_seal(stage.fanout);
            continue;
        }
        step();
        NetFrame frame;
        net_receive(client);
        ENSURE(!net_next_frame(client, &frame));
        inf_fanout_flush_sealed(stage.fanout);
        inf_fanout_seal(stage.fanout);
        ENSURE(wait_frame(client, &frame));
        ENSURE(frame.bytes == 1 && frame.payload[0] == tick - 1);
        step();
        ENSURE(!net_next_frame(client, &frame));
    }
    net_send_frame(client, 0x83, "", 0); // the last tick is taken back
    NetFrame frame;
    ENSURE(wait_frame(client, &frame));
    ENSURE(frame.first == 0x88);
    inf_fanout_flush_sealed(stage.fanout);
    step();
    ENSURE(!net_next_frame(client, &frame));
    stage_close();
}

static bool stage_snapshot(uint8_t number) {
    uint8_t* at = inf_fanout_begin_frame(stage.fanout, stage.last);
    if (at != NULL) {
        memset(at, number, 300);
        inf_fanout_end_frame(stage.fanout, stage.last, 300);
    }
    return at != NULL;
}

TEST(a_slow_disk_holds_one_snapshot_and_the_next) {
    stage_open();
    NetClient* client = join(0);
    ENSURE(stage_snapshot(1));
    ENSURE(!stage_snapshot(1)); // one per tick
    inf_fanout_seal(stage.fanout);
    ENSURE(stage_snapshot(2)); // tick 1 is still on its way to the disk
    for (uint8_t tick = 3; tick < 40; tick++) {
        ENSURE(inf_fanout_send(stage.fanout, stage.last, &tick, 1, INF_SEND_RELIABLE));
        inf_fanout_flush_sealed(stage.fanout);
        inf_fanout_seal(stage.fanout);
        NetFrame frame;
        ENSURE(wait_frame(client, &frame) && frame.bytes == 300 && frame.payload[299] == tick - 2);
        if (tick > 3) {
            ENSURE(wait_frame(client, &frame) && frame.bytes == 1 && frame.payload[0] == tick - 1);
        }
        ENSURE(!net_next_frame(client, &frame));
        ENSURE(stage_snapshot(tick));
    }
    stage_close();
}

TEST(frames_of_all_sizes_arrive_whole) {
    stage_open();
    NetClient* client = join(0);
    InfClientId id = stage.last;
    size_t sizes[] = {1, 124, 125, 126, 127, 600, 4096, 16384};
    for (int i = 0; i < 8; i++) {
        uint8_t* at = inf_fanout_begin_frame(stage.fanout, id);
        ENSURE(at != NULL);
        for (size_t k = 0; k < sizes[i]; k++) {
            at[k] = (uint8_t)(k + sizes[i]);
        }
        inf_fanout_end_frame(stage.fanout, id, sizes[i]);
        inf_fanout_flush(stage.fanout);
        NetFrame frame;
        ENSURE(wait_frame(client, &frame));
        ENSURE_EQ_U64(sizes[i], frame.bytes);
        for (size_t k = 0; k < sizes[i]; k++) {
            ENSURE(frame.payload[k] == (uint8_t)(k + sizes[i]));
        }
    }
    stage_close();
}

TEST(a_frame_taken_back_sends_nothing) {
    stage_open();
    NetClient* client = join(0);
    ENSURE(inf_fanout_begin_frame(stage.fanout, stage.last) != NULL);
    ENSURE(inf_fanout_begin_frame(stage.fanout, stage.last) == NULL);
    ENSURE(!inf_fanout_send(stage.fanout, stage.last, (const uint8_t*)"x", 1, INF_SEND_RELIABLE));
    inf_fanout_end_frame(stage.fanout, stage.last, 0);
    ENSURE(inf_fanout_send(stage.fanout, stage.last, (const uint8_t*)"x", 1, INF_SEND_RELIABLE));
    inf_fanout_flush(stage.fanout);
    NetFrame frame;
    ENSURE(wait_frame(client, &frame) && frame.bytes == 1);
    stage_close();
}

TEST(a_slow_reader_skips_snapshots_and_keeps_order) {
    InfFanoutDef def = inf_fanout_def_default();
    def.send_buffer_bytes = 4096;
    stage_open_with(def, listener_def());
    NetClient* client = &clients[0];
    client->fd = net_connect(port(), 4096);
    net_send(client, net_upgrade, strlen(net_upgrade));
    for (int i = 0; i < 50 && stage.opened == 0; i++) {
        step();
    }
    InfClientId id = stage.last;
    uint32_t sent = 0;
    for (uint32_t tick = 0; tick < 60; tick++) { // it does not read
        uint32_t word = 0x80000000u | tick;
        ENSURE(inf_fanout_send(stage.fanout, id, (uint8_t*)&word, 4, INF_SEND_RELIABLE));
        uint8_t* at = inf_fanout_begin_frame(stage.fanout, id);
        if (at != NULL) {
            memset(at, 0, 8000);
            memcpy(at, &sent, 4);
            sent++;
            inf_fanout_end_frame(stage.fanout, id, 8000);
        }
        inf_fanout_flush(stage.fanout);
        step();
    }
    InfFanoutStats stats = inf_fanout_get_stats(stage.fanout);
    ENSURE(stats.frames_skipped > 0 && stats.short_writes > 0 && sent < 60);
    ENSURE_EQ_U64(60, stats.frames_skipped + sent);
    ENSURE(stage.closed == 0);
    uint32_t next_word = 0, next_frame = 0; // now it reads: each message once and in order
    for (int i = 0; i < 2000 && (next_word < 60 || next_frame < sent); i++) {
        net_receive(client);
        if (i == 0) {
            client->at = (size_t)((uint8_t*)memmem(client->bytes, client->count, "\r\n\r\n", 4) - client->bytes) + 4;
        }
        for (NetFrame frame; net_next_frame(client, &frame);) {
            uint32_t word;
            memcpy(&word, frame.payload, 4);
            if (frame.bytes == 4) {
                ENSURE_EQ_U64(0x80000000u | next_word, word);
                next_word++;
            } else {
                ENSURE_EQ_U64(next_frame, word);
                next_frame++;
            }
        }
        memmove(client->bytes, client->bytes + client->at, client->count - client->at);
        client->count -= client->at;
        client->at = 0;
        step();
    }
    ENSURE_EQ_U64(60, next_word);
    ENSURE_EQ_U64(sent, next_frame);
    ENSURE(inf_fanout_begin_frame(stage.fanout, id) != NULL); // it has caught up
    stage_close();
}

TEST(a_reader_that_never_reads_loses_detail_and_then_the_line) {
    InfFanoutDef def = inf_fanout_def_default();
    def.send_buffer_bytes = 4096;
    def.reliable_bytes_max = 8192;
    stage_open_with(def, listener_def());
    clients[0].fd = net_connect(port(), 4096);
    net_send(&clients[0], net_upgrade, strlen(net_upgrade));
    for (int i = 0; i < 50 && stage.opened == 0; i++) {
        step();
    }
    InfClientId id = stage.last;
    uint8_t line[500] = {0};
    bool alive = true;
    int rounds = 0;
    while (alive && rounds++ < 5000) {
        inf_fanout_send(stage.fanout, id, line, sizeof(line), INF_SEND_DETAIL);
        alive = inf_fanout_send(stage.fanout, id, line, sizeof(line), INF_SEND_RELIABLE);
        inf_fanout_flush(stage.fanout);
    }
    ENSURE(!alive);
    InfFanoutStats stats = inf_fanout_get_stats(stage.fanout);
    ENSURE(stats.details_dropped > 0);
    ENSURE_EQ_U64(1, stats.slow);
    for (int i = 0; i < 10; i++) {
        step_by(500); // it does not even take the goodbye
    }
    ENSURE(stage.closed == 1 && stage.code == INF_WS_CLOSE_TOO_SLOW);
    stage_close();
}

TEST(bytes_that_wait_too_long_end_the_line) {
    InfFanoutDef def = inf_fanout_def_default();
    def.send_buffer_bytes = 4096;
    def.idle_ms = 1000000;
    stage_open_with(def, listener_def());
    clients[0].fd = net_connect(port(), 4096);
    net_send(&clients[0], net_upgrade, strlen(net_upgrade));
    for (int i = 0; i < 50 && stage.opened == 0; i++) {
        step();
    }
    InfClientId id = stage.last;
    for (int i = 0; i < 40; i++) {
        uint8_t* at = inf_fanout_begin_frame(stage.fanout, id);
        if (at != NULL) {
            memset(at, 0, 16000);
            inf_fanout_end_frame(stage.fanout, id, 16000);
        }
        inf_fanout_flush(stage.fanout);
        step();
    }
    ENSURE(inf_fanout_get_stats(stage.fanout).frames_skipped > 0);
    for (int i = 0; i < 80 && stage.closed == 0; i++) {
        step_by(500);
    }
    ENSURE(stage.closed == 1 && stage.code == INF_WS_CLOSE_TOO_SLOW);
    stage_close();
}

TEST(one_stalled_client_holds_nobody_up) {
    stage_open();
    join(0);
    InfClientId stalled = stage.last;
    NetClient* good = join(1);
    InfClientId id = stage.last;
    for (uint32_t tick = 0; tick < 200; tick++) {
        InfClientId both[2] = {stalled, id};
        for (int i = 0; i < 2; i++) {
            uint8_t* at = inf_fanout_begin_frame(stage.fanout, both[i]);
            if (at != NULL) {
                memset(at, 0, 16000);
                memcpy(at, &tick, 4);
                inf_fanout_end_frame(stage.fanout, both[i], 16000);
            }
        }
        inf_fanout_flush(stage.fanout);
        NetFrame frame;
        ENSURE(wait_frame(good, &frame));
        uint32_t got;
        memcpy(&got, frame.payload, 4);
        ENSURE_EQ_U64(tick, got);
    }
    stage_close();
}

TEST(pings_are_answered_and_sent) {
    stage_open();
    NetClient* client = join(0);
    net_send_frame(client, 0x89, "abc", 3);
    NetFrame frame;
    ENSURE(wait_frame(client, &frame));
    ENSURE(frame.first == 0x8a && frame.bytes == 3 && memcmp(frame.payload, "abc", 3) == 0);
    step_by(15001);
    ENSURE(wait_frame(client, &frame));
    ENSURE(frame.first == 0x89);
    net_send_frame(client, 0x8a, "", 0);
    step();
    step_by(14000);
    step_by(15000); // the pong counted, so it is not idle yet
    ENSURE(stage.closed == 0);
    stage_close();
}

TEST(a_silent_client_is_dropped) {
    stage_open();
    NetClient* client = join(0);
    step_by(15001);
    step_by(15001);
    expect_close(client, INF_WS_CLOSE_IDLE);
    stage_close();
}

TEST(a_goodbye_is_answered_with_its_code) {
    stage_open();
    NetClient* client = join(0);
    net_send_frame(client, 0x88, "\x0f\xa0 so long", 10); // 4000
    NetFrame frame;
    ENSURE(wait_frame(client, &frame));
    ENSURE(frame.first == 0x88 && frame.bytes == 2 && memcmp(frame.payload, "\x0f\xa0", 2) == 0);
    for (int i = 0; i < 20 && net_receive(client); i++) {
        step();
    }
    ENSURE(!net_receive(client)); // the server ends the stream first
    close(client->fd);
    client->fd = -1;
    step();
    ENSURE(stage.closed == 1 && stage.code == 4000);
    stage_close();
}

TEST(wrong_frames_get_their_code) {
    struct {
        uint8_t first;
        const char* payload;
        size_t bytes;
        unsigned code;
    } cases[] = {{0x81, "text", 4, 1003}, {0x83, "", 0, 1002}, {0xc2, "", 0, 1002}, {0x80, "", 0, 1002},
                 {0x09, "", 0, 1002},     {0x88, "\x03", 1, 1002}, {0x88, "\x03\xe8\xff", 3, 1007},
                 {0x88, "\x03\xec", 2, 1002}};
    stage_open();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        NetClient* client = join(0);
        net_send_frame(client, cases[i].first, cases[i].payload, cases[i].bytes);
        expect_close(client, cases[i].code);
    }
    NetClient* client = join(0); // too long
    static uint8_t big[65537];
    net_send_frame(client, 0x82, big, sizeof(big));
    expect_close(client, 1009);
    client = join(0); // no mask
    net_send(client, "\x82\x01x", 3);
    expect_close(client, 1002);
    ENSURE_EQ_U64(10, inf_fanout_get_stats(stage.fanout).protocol_errors);
    stage_close();
}

TEST(a_broken_line_is_told) {
    stage_open();
    NetClient* client = join(0);
    InfClientId id = stage.last;
    close(client->fd);
    client->fd = -1;
    step();
    ENSURE(stage.closed == 1 && stage.code == 1006);
    ENSURE(!inf_fanout_send(stage.fanout, id, (const uint8_t*)"x", 1, INF_SEND_RELIABLE)); // its id is stale
    ENSURE(inf_fanout_begin_frame(stage.fanout, id) == NULL);
    join(1);
    ENSURE(stage.last.index1 == id.index1 && stage.last.generation != id.generation);
    stage_close();
}

TEST(the_server_says_why_it_leaves) {
    stage_open();
    NetClient* client = join(0);
    inf_fanout_send(stage.fanout, stage.last, (const uint8_t*)"last", 4, INF_SEND_RELIABLE);
    inf_fanout_close_all(stage.fanout, INF_WS_CLOSE_GOING_AWAY, NULL);
    inf_fanout_flush(stage.fanout);
    NetFrame frame;
    ENSURE(wait_frame(client, &frame) && frame.bytes == 4);
    expect_close(client, INF_WS_CLOSE_GOING_AWAY);
    stage_close();
}

TEST(a_failure_takes_back_what_was_not_released) {
    stage_open();
    NetClient* client = join(0);
    inf_fanout_send(stage.fanout, stage.last, (const uint8_t*)"not durable", 11, INF_SEND_RELIABLE);
    net_send_frame(client, 0x83, "", 0);
    NetFrame frame;
    ENSURE(wait_frame(client, &frame));
    ENSURE(frame.first == 0x88);
    stage_close();
}

TEST(a_flood_of_messages_ends_the_line) {
    stage_open();
    NetClient* client = join(0);
    for (int i = 0; i < 200; i++) {
        net_send_frame(client, 0x82, "x", 1);
    }
    expect_close(client, INF_WS_CLOSE_POLICY);
    ENSURE(stage.messages <= 121);
    ENSURE_EQ_U64(1, inf_fanout_get_stats(stage.fanout).floods);
    stage_close();
}

TEST(a_flood_of_pings_and_of_bytes_ends_the_line) {
    stage_open();
    NetClient* client = join(0);
    for (int i = 0; i < 200; i++) {
        net_send_frame(client, 0x89, "x", 1);
    }
    expect_close(client, INF_WS_CLOSE_POLICY);
    client = join(0);
    static uint8_t big[60000];
    for (int i = 0; i < 6; i++) {
        net_send_frame(client, 0x82, big, sizeof(big));
        step();
    }
    expect_close(client, INF_WS_CLOSE_POLICY);
    ENSURE(stage.messages - 0 <= 126);
    stage_close();
}

TEST(the_allowed_pace_is_never_a_flood) {
    stage_open();
    NetClient* client = join(0);
    for (int i = 0; i < 500; i++) {
        net_send_frame(client, 0x82, "x", 1);
        step_by(17); // just below 60 a second
    }
    ENSURE(stage.closed == 0 && stage.messages == 500);
    stage_close();
}

TEST(the_upgrade_may_come_byte_by_byte_with_a_frame_behind) {
    stage_open();
    NetClient* client = &clients[0];
    client->fd = net_connect(port(), 0);
    for (size_t i = 0; i < strlen(net_upgrade); i++) {
        net_send(client, net_upgrade + i, 1);
        step_by(1);
    }
    net_send_frame(client, 0x82, "a", 1);
    step();
    ENSURE(stage.opened == 1 && stage.messages == 1);
    client = &clients[1]; // and all in one packet
    client->fd = net_connect(port(), 0);
    uint8_t both[1024];
    size_t bytes = strlen(net_upgrade);
    memcpy(both, net_upgrade, bytes);
    memcpy(both + bytes, "\x82\x81\0\0\0\0b", 7);
    net_send(client, both, bytes + 7);
    step();
    ENSURE(stage.opened == 2 && stage.messages == 2 && stage.payload[0] == 'b');
    stage_close();
}

TEST(a_slow_head_is_cut_off) {
    stage_open();
    NetClient* client = &clients[0];
    client->fd = net_connect(port(), 0);
    net_send(client, "GET /ws HT", 10);
    step();
    for (int i = 0; i < 12; i++) {
        step_by(500);
        net_send(client, "T", 1);
    }
    for (int i = 0; i < 20 && net_receive(client); i++) {
        step();
    }
    ENSURE(memmem(client->bytes, client->count, "408", 3) != NULL);
    ENSURE_EQ_U64(1, inf_listener_get_stats(stage.listener).timeouts);
    stage_close();
}

TEST(other_requests_are_handed_on_unread) {
    stage_open();
    NetClient* client = &clients[0];
    client->fd = net_connect(port(), 0);
    net_send(client, "GET /api/status HTTP/1.1\r\n", 26);
    step();
    ENSURE(stage.handed_over == 0); // not before its head is here
    net_send(client, "\r\n", 2);
    step();
    ENSURE(stage.handed_over == 1);
    ENSURE_EQ_STR("GET /api/status HTTP/1.1\r\n\r\n", stage.handed);
    stage_close();
}

TEST(a_bad_upgrade_is_told_what_is_wrong) {
    stage_open();
    NetClient* client = &clients[0];
    client->fd = net_connect(port(), 0);
    const char* head = "GET /ws HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Version: 13\r\n\r\n";
    net_send(client, head, strlen(head));
    for (int i = 0; i < 20 && net_receive(client); i++) {
        step();
    }
    ENSURE(memmem(client->bytes, client->count, "403 Forbidden", 13) != NULL);
    ENSURE(stage.opened == 0);
    stage_close();
}

TEST(a_full_server_says_so) {
    InfFanoutDef def = inf_fanout_def_default();
    def.clients_max = 1;
    stage_open_with(def, listener_def());
    join(0);
    NetClient* client = &clients[1];
    client->fd = net_connect(port(), 0);
    net_send(client, net_upgrade, strlen(net_upgrade));
    for (int i = 0; i < 20 && net_receive(client); i++) {
        step();
    }
    ENSURE(memmem(client->bytes, client->count, "503", 3) != NULL);
    close(clients[0].fd);
    clients[0].fd = -1;
    step();
    ENSURE(stage.closed == 1);
    join(2); // there is room again
    stage_close();
}

TEST(a_taken_port_is_explained) {
    stage_open();
    InfListenerDef def = listener_def();
    def.port = port();
    char error[256] = "";
    ENSURE(inf_listener_create(&def, stage.fanout, error, sizeof(error)) == NULL);
    ENSURE_SAY(strstr(error, "another program listens there") != NULL, "%s", error);
    def.host = "no.such.host.invalid";
    ENSURE(inf_listener_create(&def, stage.fanout, error, sizeof(error)) == NULL);
    ENSURE_SAY(strstr(error, "cannot find the address") != NULL, "%s", error);
    stage_close();
}

TEST(unix_sockets_for_proxy_and_host) {
    char proxy[64], admin[64];
    snprintf(proxy, sizeof(proxy), "/tmp/inf-test-%d-p.sock", (int)getpid());
    snprintf(admin, sizeof(admin), "/tmp/inf-test-%d-a.sock", (int)getpid());
    InfListenerDef def = listener_def();
    def.host = NULL;
    def.unix_path = proxy;
    def.admin_path = admin;
    stage_open_with(inf_fanout_def_default(), def);
    struct stat info;
    ENSURE(stat(admin, &info) == 0 && (info.st_mode & 0777) == 0600);
    NetClient* client = &clients[0];
    client->fd = net_connect_unix(proxy);
    ENSURE(client->fd >= 0);
    const char* head = "GET /ws HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1, 203.0.113.9\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Version: 13\r\n\r\n";
    net_send(client, head, strlen(head));
    step();
    ENSURE(stage.opened == 1);
    ENSURE_EQ_STR("203.0.113.9", inf_fanout_get_address(stage.fanout, stage.last));
    clients[1].fd = net_connect_unix(admin); // no players on the host's own socket
    net_send(&clients[1], head, strlen(head));
    step();
    ENSURE(stage.opened == 1 && strncmp(stage.handed, "admin GET /ws", 13) == 0);
    InfFanoutDef other_def = inf_fanout_def_default();
    InfFanout* other = inf_fanout_create(&other_def);
    char error[256] = "";
    ENSURE(inf_listener_create(&def, other, error, sizeof(error)) == NULL);
    ENSURE_SAY(strstr(error, "another server answers") != NULL, "%s", error);
    inf_fanout_destroy(other);
    stage_close();
    ENSURE(stat(admin, &info) != 0 && stat(proxy, &info) != 0);
}

TEST(too_many_from_one_address_behind_a_proxy) {
    char proxy[64];
    snprintf(proxy, sizeof(proxy), "/tmp/inf-test-%d-q.sock", (int)getpid());
    InfListenerDef def = listener_def();
    def.unix_path = proxy;
    def.sockets_per_address = 2;
    stage_open_with(inf_fanout_def_default(), def);
    const char* head = "GET /ws HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Version: 13\r\n\r\n";
    for (int i = 0; i < 3; i++) {
        clients[i].fd = net_connect_unix(proxy);
        net_send(&clients[i], head, strlen(head));
        step();
    }
    ENSURE(stage.opened == 2);
    net_receive(&clients[2]);
    ENSURE(memmem(clients[2].bytes, clients[2].count, "429", 3) != NULL);
    stage_close();
}

TEST(running_out_of_descriptors_is_survived) {
    stage_open();
    struct rlimit before, low;
    ENSURE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    int fds[4];
    for (int i = 0; i < 4; i++) {
        fds[i] = net_connect(port(), 0);
    }
    low = before;
    low.rlim_cur = (rlim_t)fds[3] + 2; // room for one more, then none
    ENSURE(setrlimit(RLIMIT_NOFILE, &low) == 0);
    for (int i = 0; i < 5; i++) {
        step();
    }
    setrlimit(RLIMIT_NOFILE, &before);
    ENSURE(inf_listener_get_stats(stage.listener).out_of_descriptors > 0);
    for (int i = 0; i < 4; i++) {
        close(fds[i]);
    }
    step();
    join(0);
    stage_close();
}

TEST_RANDOM(noise_never_hurts) {
    TestRandom random = {seed};
    stage_open();
    for (int round = 0; round < 40; round++) {
        NetClient* client = join(0);
        uint8_t noise[512];
        size_t bytes = 1 + test_random_below(&random, sizeof(noise));
        test_random_bytes(&random, noise, bytes);
        noise[0] = test_random_below(&random, 2) ? 0x82 : noise[0];
        net_send(client, noise, bytes);
        step();
        close(client->fd);
        client->fd = -1;
        step();
    }
    ENSURE(stage.closed == 40);
    join(1);
    stage_close();
}
