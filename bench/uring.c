// Would a server that hands its frames to the kernel by io_uring, 256 at a time, spend less than one that calls send for
// each client? The bare loop of raw_send.h sends the same frames to the same sockets and the same reader, by turns of a
// tick: by send, by a plain ring, and by rings with one more of the kernel's helps each. A ring's sends are done in the
// submitting call itself while the socket has room, so what can be saved is the way into the kernel and the look-up of
// the file, not the work of TCP. A kernel without io_uring is a result, too.
#include "bench.h"
#include "raw_send.h"

#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 256u
/// After that the kernel's polling thread sleeps: it must not work into another way's turn.
#define POLLER_IDLE_MS 10

typedef struct Kind {
    const char *name, *text;
    unsigned setup;    ///< IORING_SETUP_*
    bool has_files;    ///< sockets registered, and the ring's own descriptor
    bool may_wait;     ///< without MSG_DONTWAIT: a full socket holds the batch up
    bool is_quiet;     ///< only failures are told
} Kind;

#define DEFER (IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)

static const Kind kinds[] = {
    {"uring", "a plain ring", 0, false, false, false},
    {"uring_defer", "one issuer, work deferred", DEFER, false, false, false},
    {"uring_registered", "so, and files registered", DEFER, true, false, false},
    {"uring_wait", "so, and sends may wait", DEFER, true, true, false},
    {"uring_quiet", "registered, success not told", DEFER, true, false, true},
    {"uring_sqpoll", "a thread of the kernel's polls", IORING_SETUP_SQPOLL, true, false, false},
};
#define KINDS (sizeof kinds / sizeof *kinds)
_Static_assert(KINDS + 1 <= RAW_SEND_WAYS_MAX, "direct and all kinds take turns");

typedef struct Ring {
    struct io_uring ring;
    const Kind* kind;
} Ring;

static int open_ring(struct io_uring* ring, const Kind* kind)
{
    struct io_uring_params params = {.flags = kind->setup, .sq_thread_idle = POLLER_IDLE_MS};
    return io_uring_queue_init_params(BATCH, ring, &params);
}

static void* open_way(const RawSendBatch* batch, int at)
{
    static Ring rings[KINDS]; // for as long as the sending process lives
    Ring* ring = &rings[at];
    ring->kind = &kinds[at];
    int error = open_ring(&ring->ring, ring->kind);
    if (error == 0 && ring->kind->has_files) {
        error = io_uring_register_files(&ring->ring, batch->fds, batch->clients);
        error = error == 0 && io_uring_register_ring_fd(&ring->ring) != 1 ? -EINVAL : error;
    }
    if (error != 0) {
        bench_say("%s: %s", ring->kind->name, strerror(-error));
        return NULL;
    }
    return ring;
}

static void prepare(Ring* ring, const RawSendBatch* batch, uint32_t client)
{
    const Kind* kind = ring->kind;
    struct io_uring_sqe* sqe = io_uring_get_sqe(&ring->ring);
    while (sqe == NULL) { // the poller tells of sends before it gives back their places
        io_uring_sqring_wait(&ring->ring);
        sqe = io_uring_get_sqe(&ring->ring);
    }
    int fd = kind->has_files ? (int)client : batch->fds[client];
    int flags = MSG_NOSIGNAL | (kind->may_wait ? 0 : MSG_DONTWAIT);
    flags |= kind->is_quiet || kind->may_wait ? MSG_WAITALL : 0; // then a short send is a failure, and told
    io_uring_prep_send(sqe, fd, batch->frame, batch->frame_bytes, flags);
    sqe->flags |= kind->has_files ? IOSQE_FIXED_FILE : 0;
    sqe->flags |= kind->is_quiet ? IOSQE_CQE_SKIP_SUCCESS : 0;
}

/// Takes in what is told. @return how many were told, and how many of these were sent whole
static uint32_t collect(Ring* ring, uint32_t frame_bytes, uint32_t* whole)
{
    struct io_uring_cqe* cqe;
    unsigned head, told = 0;
    io_uring_for_each_cqe(&ring->ring, head, cqe)
    {
        told++;
        *whole += cqe->res == (int)frame_bytes;
    }
    io_uring_cq_advance(&ring->ring, told);
    return told;
}

static _Noreturn void fail(const Ring* ring, int submitted)
{
    bench_say("%s: %s", ring->kind->name, submitted < 0 ? strerror(-submitted) : "not all was submitted");
    _exit(1);
}

static uint32_t send_way(void* state, const RawSendBatch* batch)
{
    Ring* ring = state;
    uint32_t whole = 0;
    for (uint32_t from = 0; from < batch->clients; from += BATCH) {
        uint32_t count = batch->clients - from < BATCH ? batch->clients - from : BATCH;
        for (uint32_t i = 0; i < count; i++) {
            prepare(ring, batch, from + i);
        }
        if (ring->kind->is_quiet) { // no send waits, so all are done when the call returns
            int submitted = io_uring_submit(&ring->ring);
            if (submitted != (int)count) {
                fail(ring, submitted);
            }
            whole += count - collect(ring, batch->frame_bytes, &(uint32_t){0});
            continue;
        }
        int submitted = io_uring_submit_and_wait(&ring->ring, count);
        for (uint32_t told = 0; submitted >= 0 && (told += collect(ring, batch->frame_bytes, &whole)) < count;) {
            struct io_uring_cqe* cqe;
            submitted = io_uring_wait_cqe(&ring->ring, &cqe);
        }
        if (submitted < 0) {
            fail(ring, submitted);
        }
    }
    return whole;
}

static void add(const char* way, const char* what, double value)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%s", way, what);
    bench_result(name, value);
}

static int compare(const void* a, const void* b)
{
    double x = *(const double*)a, y = *(const double*)b;
    return (x > y) - (x < y);
}

/// What a way costs as a multiple of direct in the same round: the median and the quarters, since the cost of both drifts
/// by more from second to second than they differ.
static void report_ratio(const char* name, const RawSendResult* result, uint32_t way, uint32_t rounds)
{
    static double ratios[RAW_SEND_ROUNDS_MAX];
    double cheaper = 0;
    for (uint32_t i = 0; i < rounds; i++) {
        ratios[i] = result->turn_us[way][i] / result->turn_us[0][i];
        cheaper += ratios[i] < 1;
    }
    qsort(ratios, rounds, sizeof *ratios, compare);
    add(name, "ratio", ratios[rounds / 2]);
    add(name, "ratio_p25", ratios[rounds / 4]);
    add(name, "ratio_p75", ratios[rounds * 3 / 4]);
    add(name, "cheaper", cheaper / rounds);
    bench_say("%-17s %.3f of direct in the middle round (quarters %.3f and %.3f), cheaper in %.0f %% of them", "",
              ratios[rounds / 2], ratios[rounds / 4], ratios[rounds * 3 / 4], cheaper * 100 / rounds);
    if (strcmp(name, "uring_registered") == 0) { // all that helps, and no second core for it
        bench_result("ratio", ratios[rounds / 2]);
    }
}

static void report(const char* name, const char* text, const RawSendShare* share)
{
    double per_frame = 1e6 / (double)(share->frames + 1), us = share->cpu_s * per_frame;
    // Two clocks, read one after the other: none can come out a little below.
    double worker_us = share->worker_cpu_s > 0 ? share->worker_cpu_s * per_frame : 0;
    add(name, "us", us);
    add(name, "send_us", share->send_cpu_s * per_frame);
    add(name, "worker_us", worker_us);
    add(name, "machine_us", share->busy_s * per_frame);
    add(name, "busy_cores", share->busy_s / share->wall_s);
    add(name, "short_sends", (double)share->short_sends);
    bench_say("%-17s %6.2f us a frame (%.2f while sending, %.2f the kernel's threads), %5.2f the whole machine, "
              "%.2f cores busy  %s",
              name, us, share->send_cpu_s * per_frame, worker_us, share->busy_s * per_frame,
              share->busy_s / share->wall_s, text);
}

/// Which kinds this kernel has. @return how many ways, direct among them
static uint32_t choose(RawSendWay* ways, const Kind** chosen)
{
    uint32_t count = 0;
    ways[count++] = raw_send_direct;
    for (size_t i = 0; i < KINDS; i++) {
        struct io_uring ring;
        int error = open_ring(&ring, &kinds[i]);
        if (error != 0) {
            bench_say("%s cannot be had here: %s", kinds[i].name, strerror(-error));
            continue;
        }
        io_uring_queue_exit(&ring);
        chosen[count] = &kinds[i];
        ways[count++] = (RawSendWay){.open = open_way, .send = send_way, .kind = (int)i};
    }
    return count;
}

BENCH(uring, "frames by io_uring against one send a client: --clients 8825 --hz 10 --bytes 1400 --rounds 60 [--unix]")
{
    RawSendWay ways[RAW_SEND_WAYS_MAX];
    const Kind* chosen[RAW_SEND_WAYS_MAX] = {0};
    RawSendDef def = {.clients = (uint32_t)bench_option(&args, "clients", 8825),
                      .hz = (uint32_t)bench_option(&args, "hz", 10),
                      .frame_bytes = (uint32_t)bench_option(&args, "bytes", 1400),
                      .is_unix = bench_flag(&args, "unix"),
                      .is_eager = true,
                      .ways = ways};
    // As in battle: each says something once a second.
    def.inputs_per_s = (uint32_t)bench_option(&args, "inputs", def.clients);
    def.rounds = (uint32_t)bench_option(&args, "rounds", 60);
    if (def.clients < 1 || def.clients > 15000 || def.hz < 1 || def.hz > 1000 || def.frame_bytes < 1 ||
        def.frame_bytes > 32768 || def.rounds < 1 || def.rounds > RAW_SEND_ROUNDS_MAX) {
        fprintf(stderr, "infinity-bench: --clients wants 1 to 15000, --hz 1 to 1000, --bytes 1 to 32768, "
                        "--rounds 1 to 1000\n");
        return 2;
    }
    bench_result("clients", def.clients);
    bench_result("hz", def.hz);
    bench_result("frame_bytes", def.frame_bytes);
    def.way_count = choose(ways, chosen);
    bench_result("kinds", def.way_count - 1);
    if (def.way_count == 1) {
        bench_say("this kernel lets nobody use io_uring, so there is nothing to compare");
        return 0;
    }
    static RawSendResult result;
    const char* error;
    if (!raw_send_run(&def, &result, &error)) {
        fprintf(stderr, "infinity-bench: the bare loop failed: %s\n", error);
        return 1;
    }
    report("direct", "one send a client", &result.ways[0]);
    for (uint32_t i = 1; i < def.way_count; i++) {
        report(chosen[i]->name, chosen[i]->text, &result.ways[i]);
        report_ratio(chosen[i]->name, &result, i, def.rounds);
    }
    bench_result("rounds", def.rounds);
    bench_result("gap_p99_ms", result.gap_p99_ms);
    return 0;
}
