// Two hundred and forty lines that nobody reads beside sixty that are read, told and sent to by two hands: who reads gets
// every snapshot, whole and in order; who does not costs a bounded memory and is let go. The clock is the test's own.
#include "test.h"

#include "server/fanout.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define READERS 60u
#define STALLED 240u
#define ALL (READERS + STALLED)
#define FRAME_BYTES 900u
#define TICK_MS 100u

typedef struct Line {
    InfClientId id;
    int fd; // the client's end
    bool is_stalled, is_closed;
    uint16_t code;
    uint32_t next_tick; // that must come next
    size_t got;         // bytes of the frame at hand
    uint8_t frame[4 + FRAME_BYTES];
} Line;

typedef struct Stage {
    InfHands* hands;
    InfFanout* fanout;
    uint64_t now_ms;
    uint32_t tick;
    bool is_direct;
    Line lines[ALL];
} Stage;

static Stage stage;

static void open_stage(void) {
    memset(&stage, 0, sizeof(stage));
    stage.now_ms = 1000000;
    stage.hands = inf_hands_create(2);
    ENSURE(stage.hands != NULL && inf_hands_count(stage.hands) == 2);
    InfFanoutDef def = inf_fanout_def_default();
    def.hands = stage.hands;
    def.clients_max = ALL;
    def.send_buffer_bytes = 16384;
    stage.fanout = inf_fanout_create(&def);
    ENSURE(stage.fanout != NULL);
    const InfWsHandshake handshake = {.verdict = INF_WS_UPGRADE, .status = 101};
    for (uint32_t i = 0; i < ALL; i++) {
        Line* line = &stage.lines[i];
        int fds[2];
        ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
        line->id = inf_fanout_adopt(stage.fanout, fds[0], &handshake, "", NULL, 0, stage.now_ms);
        ENSURE(line->id.index1 == i + 1);
        line->fd = fds[1];
        line->is_stalled = i % 5 != 0;
        char answer[1024];
        ENSURE(recv(line->fd, answer, sizeof(answer), 0) > 0);
    }
    for (InfFanoutEvent event; inf_fanout_next(stage.fanout, &event);) {
        ENSURE(event.kind == INF_FANOUT_OPENED);
    }
}

static void close_stage(void) {
    for (uint32_t i = 0; i < ALL; i++) {
        close(stage.lines[i].fd);
    }
    inf_fanout_destroy(stage.fanout);
    inf_hands_destroy(stage.hands);
}

static void tell(void* user, uint32_t hand, uint32_t from, uint32_t to) {
    inf_fanout_take_lane(hand);
    for (uint32_t i = from; i < to; i++) {
        InfClientId id = stage.lines[i].id;
        if (stage.is_direct) {
            inf_fanout_begin_direct(stage.fanout, id);
        }
        uint8_t* at = inf_fanout_begin_frame(stage.fanout, id);
        if (at != NULL) {
            memset(at, (int)(i & 0xff), FRAME_BYTES);
            memcpy(at, &stage.tick, sizeof(stage.tick));
            inf_fanout_end_frame(stage.fanout, id, FRAME_BYTES);
        }
        if (stage.is_direct) {
            inf_fanout_end_direct(stage.fanout, id);
        }
    }
    inf_fanout_flush_direct(stage.fanout);
}

/// Take what came: every tick's frame must be there.
static void read_line(Line* line, uint32_t number) {
    for (;;) {
        ssize_t got = recv(line->fd, line->frame + line->got, sizeof(line->frame) - line->got, 0);
        if (got <= 0) {
            break;
        }
        line->got += (size_t)got;
        if (line->got == sizeof(line->frame)) {
            uint32_t tick;
            memcpy(&tick, line->frame + 4, sizeof(tick));
            ENSURE_EQ_U64(line->next_tick, tick);
            ENSURE(line->frame[0] == 0x82 && line->frame[4 + FRAME_BYTES - 1] == (uint8_t)number);
            line->next_tick++;
            line->got = 0;
        }
    }
}

static void run_tick(void) {
    stage.is_direct = stage.tick % 2 == 0; // and in turns the way of a slow disk
    inf_hands_do(stage.hands, ALL, 32, tell, &stage);
    inf_fanout_flush(stage.fanout);
    stage.tick++;
    stage.now_ms += TICK_MS;
    for (uint32_t i = 0; i < ALL; i++) {
        Line* line = &stage.lines[i];
        if (!line->is_stalled) {
            read_line(line, i);
        }
        if (stage.tick % 50 == 0) { // everybody shows to be alive: it is the unread bytes that end a line here
            static const uint8_t pong[6] = {0x8a, 0x80, 0, 0, 0, 0};
            ssize_t sent = send(line->fd, pong, sizeof(pong), MSG_NOSIGNAL);
            ENSURE(sent == sizeof(pong) || line->is_closed || line->is_stalled);
        }
    }
    inf_fanout_poll(stage.fanout, stage.now_ms);
    for (InfFanoutEvent event; inf_fanout_next(stage.fanout, &event);) {
        Line* line = &stage.lines[event.client.index1 - 1];
        if (event.kind == INF_FANOUT_CLOSED) {
            line->is_closed = true;
            line->code = event.code;
        }
    }
}

TEST(who_reads_gets_all_beside_many_who_do_not) {
    open_stage();
    for (uint32_t i = 0; i < 500; i++) {
        run_tick();
        for (uint32_t k = 0; k < ALL; k += 5) {
            ENSURE_EQ_U64(stage.tick, stage.lines[k].next_tick); // each tick, in its tick
        }
    }
    InfFanoutStats stats = inf_fanout_get_stats(stage.fanout);
    ENSURE_EQ_U64(READERS, stats.clients);
    ENSURE_EQ_U64(STALLED, stats.slow);
    for (uint32_t i = 0; i < ALL; i++) {
        ENSURE(stage.lines[i].is_closed == stage.lines[i].is_stalled);
        ENSURE(!stage.lines[i].is_closed || stage.lines[i].code == INF_WS_CLOSE_TOO_SLOW);
    }
    // A stalled line took what its socket took, and one snapshot more at most: then it was told nothing.
    uint64_t stalled_bytes = stats.bytes_out - READERS * (uint64_t)500 * (4 + FRAME_BYTES);
    ENSURE_SAY(stalled_bytes < STALLED * 200000ull, "%llu bytes for those who read nothing", (unsigned long long)stalled_bytes);
    ENSURE(stats.frames_skipped > STALLED * 100u);
    close_stage();
}

TEST(who_reads_again_goes_on_with_whole_snapshots) {
    open_stage();
    for (uint32_t i = 0; i < 200; i++) { // 20 seconds: shorter than patience
        run_tick();
    }
    ENSURE(inf_fanout_get_stats(stage.fanout).frames_skipped > 0);
    ENSURE_EQ_U64(ALL, inf_fanout_get_stats(stage.fanout).clients);
    for (uint32_t i = 0; i < ALL; i++) {
        Line* line = &stage.lines[i];
        for (uint32_t last = 0; line->is_stalled;) { // what it finds is in order, with ticks left out
            ssize_t got = recv(line->fd, line->frame + line->got, sizeof(line->frame) - line->got, 0);
            if (got <= 0) {
                inf_fanout_poll(stage.fanout, stage.now_ms);
                got = recv(line->fd, line->frame + line->got, sizeof(line->frame) - line->got, 0);
                if (got <= 0) {
                    break;
                }
            }
            line->got += (size_t)got;
            if (line->got == sizeof(line->frame)) {
                uint32_t tick;
                memcpy(&tick, line->frame + 4, sizeof(tick));
                ENSURE(tick >= last && tick < stage.tick);
                last = tick;
                line->got = 0;
            }
        }
        line->is_stalled = false;
        line->next_tick = stage.tick;
    }
    for (uint32_t i = 0; i < 20; i++) {
        run_tick();
    }
    for (uint32_t i = 0; i < ALL; i++) {
        ENSURE_EQ_U64(stage.tick, stage.lines[i].next_tick);
    }
    close_stage();
}
