// Two children: the reader connects to all of the sender's sockets and reads them dry, by epoll as frames come or all of
// them when a tick has been sent, as infinity-load (bench/load/main.c) does; the sender wakes every
// tick, sends each client its frame, and between the ticks reads what comes by epoll, as a server must. The numbers
// lie in a shared page. Whoever sends otherwise than by one send a client is a RawSendWay; ways take turns of a tick.
#include "raw_send.h"

#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GAP_MS_MAX 2000
#define PER_SOURCE 2000u
#define INPUT_BYTES 48
/// As infinity-load.
#define SENTINEL_EVERY 32u
#define GATHER_STEP_US 3000u
#define GATHER_MAX_US 70000u

typedef struct Shared {
    RawSendResult result;
    volatile bool is_connected, is_done;
    uint32_t gap_ms[GAP_MS_MAX + 1];
} Shared;

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

typedef struct Address {
    struct sockaddr_storage to;
    socklen_t bytes;
} Address;

static int listen_somewhere(bool is_unix, Address* address)
{
    memset(address, 0, sizeof *address);
    int fd;
    if (is_unix) { // an abstract name, chosen by the kernel
        struct sockaddr_un* to = (struct sockaddr_un*)&address->to;
        to->sun_family = AF_UNIX;
        address->bytes = sizeof(sa_family_t);
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
    } else {
        struct sockaddr_in* to = (struct sockaddr_in*)&address->to;
        to->sin_family = AF_INET;
        to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address->bytes = sizeof *to;
        fd = socket(AF_INET, SOCK_STREAM, 0);
    }
    if (fd < 0 || bind(fd, (struct sockaddr*)&address->to, address->bytes) != 0 || listen(fd, 1024) != 0) {
        return -1;
    }
    address->bytes = sizeof address->to;
    return getsockname(fd, (struct sockaddr*)&address->to, &address->bytes) == 0 ? fd : -1;
}

static int connect_one(const RawSendDef* def, const Address* address, uint32_t i)
{
    int on = 1, fd = socket(def->is_unix ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        return -1;
    }
    if (!def->is_unix) {
        struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + i / PER_SOURCE)};
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (bind(fd, (struct sockaddr*)&from, sizeof from) != 0) {
            return -1;
        }
    }
    return connect(fd, (const struct sockaddr*)&address->to, address->bytes) == 0 ? fd : -1;
}

typedef struct Reader {
    const RawSendDef* def;
    Shared* shared;
    int epoll_fd;
    int* fds;
    uint64_t* last_us;
} Reader;

static void read_one(Reader* reader, uint32_t client, uint64_t now)
{
    static uint8_t buffer[1 << 18];
    if (recv(reader->fds[client], buffer, sizeof buffer, MSG_DONTWAIT) <= 0) {
        return;
    }
    uint64_t gap_ms = (now - reader->last_us[client]) / 1000;
    if (reader->last_us[client] != 0) {
        reader->shared->gap_ms[gap_ms < GAP_MS_MAX ? gap_ms : GAP_MS_MAX]++;
    }
    reader->last_us[client] = now;
}

static void read_eagerly(Reader* reader)
{
    struct epoll_event events[512];
    int ready = epoll_wait(reader->epoll_fd, events, 512, 5);
    uint64_t now = now_us();
    for (int i = 0; i < ready; i++) {
        read_one(reader, events[i].data.u32, now);
    }
}

/// As infinity-load: when a tick's first frames have come, wait until no more come, and read all sockets.
static void read_in_turn(Reader* reader)
{
    struct epoll_event events[512];
    if (epoll_wait(reader->epoll_fd, events, 512, 20) <= 0) {
        return;
    }
    uint64_t from_us = now_us();
    do {
        nanosleep(&(struct timespec){.tv_nsec = GATHER_STEP_US * 1000}, NULL);
    } while (epoll_wait(reader->epoll_fd, events, 512, 0) > 0 && now_us() - from_us < GATHER_MAX_US);
    uint64_t now = 0;
    for (uint32_t i = 0; i < reader->def->clients; i++) {
        now = i % 64 == 0 ? now_us() : now;
        read_one(reader, i, now);
    }
}

static _Noreturn void read_all(const RawSendDef* def, const Address* address, Shared* shared)
{
    static const uint8_t input[INPUT_BYTES];
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0}); // as infinity-load
    int epoll_fd = epoll_create1(0);
    int* fds = calloc(def->clients, sizeof *fds);
    uint64_t* last_us = calloc(def->clients, sizeof *last_us);
    for (uint32_t i = 0; i < def->clients; i++) {
        fds[i] = connect_one(def, address, i);
        struct epoll_event event = {.events = EPOLLIN | (def->is_eager ? 0u : (uint32_t)EPOLLET), .data.u32 = i};
        bool is_watched = def->is_eager || i % SENTINEL_EVERY == 0;
        if (fds[i] < 0 || (is_watched && epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fds[i], &event) != 0)) {
            _exit(1);
        }
    }
    Reader reader = {.def = def, .shared = shared, .epoll_fd = epoll_fd, .fds = fds, .last_us = last_us};
    uint64_t before_us = now_us();
    double due = 0;
    for (uint32_t next = 0; !shared->is_done;) {
        if (def->is_eager) {
            read_eagerly(&reader);
        } else {
            read_in_turn(&reader);
        }
        uint64_t now = now_us();
        due += (double)(now - before_us) * 1e-6 * def->inputs_per_s;
        before_us = now;
        for (; due >= 1; due -= 1) {
            send(fds[next++ % def->clients], input, sizeof input, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
    }
    _exit(0);
}

static void read_inputs(int epoll_fd, const int* fds, uint64_t until_us)
{
    static uint8_t buffer[4096];
    for (uint64_t now; (now = now_us()) < until_us;) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll_fd, events, 256, (int)((until_us - now + 999) / 1000));
        for (int i = 0; i < ready; i++) {
            recv(fds[events[i].data.u32], buffer, sizeof buffer, MSG_DONTWAIT);
        }
    }
}

// ---- the sender --------------------------------------------------------------------------------------------------------

static void* open_direct(const RawSendBatch* batch, int kind)
{
    (void)kind;
    return (void*)(uintptr_t)batch; // it keeps nothing; anything but NULL will do
}

static uint32_t send_direct(void* state, const RawSendBatch* batch)
{
    (void)state;
    uint32_t whole = 0;
    for (uint32_t i = 0; i < batch->clients; i++) {
        whole += send(batch->fds[i], batch->frame, batch->frame_bytes, MSG_DONTWAIT | MSG_NOSIGNAL) ==
                 (ssize_t)batch->frame_bytes;
    }
    return whole;
}

const RawSendWay raw_send_direct = {.open = open_direct, .send = send_direct};

/// Where the accounts stand. Threads that io_uring makes belong to the process; the sender has no second one of its own.
typedef struct Mark {
    double cpu_s, own_cpu_s, wall_s;
} Mark;

static double own_cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/// What all processors have worked since the machine began; guests stand in user already.
static double machine_busy_s(void)
{
    unsigned long long user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, steal = 0;
    FILE* file = fopen("/proc/stat", "r");
    if (file != NULL) {
        if (fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &wait, &irq,
                   &softirq, &steal) != 8) {
            user = nice = system = irq = softirq = steal = 0;
        }
        fclose(file);
    }
    return (double)(user + nice + system + irq + softirq + steal) / (double)sysconf(_SC_CLK_TCK);
}

static Mark mark_now(void)
{
    return (Mark){.cpu_s = bench_cpu_s(), .own_cpu_s = own_cpu_s(), .wall_s = bench_wall_s()};
}

typedef struct Sender {
    const RawSendDef* def;
    const RawSendWay* ways;
    void* states[RAW_SEND_WAYS_MAX];
    RawSendBatch batch;
    int epoll_fd;
    uint64_t next_us; ///< when the next tick sends
} Sender;

/// Some ticks by one way; each ends when the next is due. Its time to send first must have come.
/// @return CPU a frame, microseconds
static double take_turn(Sender* sender, uint32_t way, uint32_t ticks, RawSendShare* share)
{
    double busy_from_s = machine_busy_s(); // reading that costs too much to stand within the marks
    Mark from = mark_now();
    uint64_t frames_before = share->frames;
    for (uint32_t tick = 0; tick < ticks; tick++) {
        double send_from_s = bench_cpu_s();
        uint32_t whole = sender->ways[way].send(sender->states[way], &sender->batch);
        share->send_cpu_s += bench_cpu_s() - send_from_s;
        share->frames += whole;
        share->short_sends += sender->batch.clients - whole;
        sender->next_us += 1000000u / sender->def->hz;
        read_inputs(sender->epoll_fd, sender->batch.fds, sender->next_us);
    }
    Mark to = mark_now();
    share->cpu_s += to.cpu_s - from.cpu_s;
    share->worker_cpu_s += (to.cpu_s - from.cpu_s) - (to.own_cpu_s - from.own_cpu_s);
    share->wall_s += to.wall_s - from.wall_s;
    share->busy_s += machine_busy_s() - busy_from_s;
    return (to.cpu_s - from.cpu_s) * 1e6 / (double)(share->frames - frames_before + 1);
}

/// Who follows whom must not stay the same, or one would always pay for the other. The same order in each run.
static void shuffle(uint32_t* order, uint32_t count, uint32_t* chance)
{
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (uint32_t i = count; i > 1; i--) {
        *chance = *chance * 1664525u + 1013904223u;
        uint32_t at = (*chance >> 16) % i, way = order[i - 1];
        order[i - 1] = order[at];
        order[at] = way;
    }
}

static void take_turns(Sender* sender, RawSendResult* result)
{
    const RawSendDef* def = sender->def;
    if (def->ways == NULL) {
        take_turn(sender, 0, def->hz * def->seconds, &result->ways[0]);
    } else {
        RawSendShare nobody = {0};
        take_turn(sender, 0, def->hz, &nobody);
        uint32_t order[RAW_SEND_WAYS_MAX], chance = 1;
        for (uint32_t round = 0; round < def->rounds; round++) {
            shuffle(order, def->way_count, &chance);
            for (uint32_t i = 0; i < def->way_count; i++) {
                result->turn_us[order[i]][round] = take_turn(sender, order[i], 1, &result->ways[order[i]]);
            }
        }
    }
    double cpu_s = 0;
    for (uint32_t i = 0; i < RAW_SEND_WAYS_MAX; i++) {
        result->frames += result->ways[i].frames;
        result->short_sends += result->ways[i].short_sends;
        cpu_s += result->ways[i].cpu_s;
    }
    result->cpu_us_per_frame = cpu_s * 1e6 / (double)(result->frames + 1);
}

static _Noreturn void send_all(const RawSendDef* def, int listener, Shared* shared)
{
    int* fds = calloc(def->clients, sizeof *fds);
    int epoll_fd = epoll_create1(0), on = 1, buffer_bytes = 65536;
    for (uint32_t i = 0; i < def->clients; i++) {
        fds[i] = accept4(listener, NULL, NULL, 0); // every call below says for itself whether it waits
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        if (fds[i] < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fds[i], &event) != 0) {
            _exit(1);
        }
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    }
    Sender sender = {.def = def,
                     .ways = def->ways != NULL ? def->ways : &raw_send_direct,
                     .batch = {fds, def->clients, calloc(1, def->frame_bytes), def->frame_bytes},
                     .epoll_fd = epoll_fd};
    for (uint32_t i = 0; i < (def->ways != NULL ? def->way_count : 1); i++) {
        sender.states[i] = sender.ways[i].open(&sender.batch, sender.ways[i].kind);
        if (sender.states[i] == NULL) {
            _exit(1);
        }
    }
    sender.next_us = now_us() + 200000;
    read_inputs(epoll_fd, fds, sender.next_us);
    take_turns(&sender, &shared->result);
    shared->is_done = true;
    _exit(0);
}

// ---- both --------------------------------------------------------------------------------------------------------------

static double percentile_99(const uint32_t* counts)
{
    double all = 0, sum = 0;
    for (int i = 0; i <= GAP_MS_MAX; i++) {
        all += counts[i];
    }
    for (int i = 0; i <= GAP_MS_MAX; i++) {
        sum += counts[i];
        if (sum >= all * 0.99) {
            return i;
        }
    }
    return GAP_MS_MAX;
}

bool raw_send_run(const RawSendDef* def, RawSendResult* out, const char** error)
{
    memset(out, 0, sizeof *out);
    *error = "sockets cannot be had (ulimit -n?)";
    Address address;
    int listener = listen_somewhere(def->is_unix, &address);
    Shared* shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (listener < 0 || shared == MAP_FAILED || def->clients == 0 || def->hz == 0 ||
        (def->ways != NULL && (def->way_count == 0 || def->way_count > RAW_SEND_WAYS_MAX ||
                               def->rounds > RAW_SEND_ROUNDS_MAX))) {
        return false;
    }
    pid_t sender = fork();
    if (sender == 0) {
        send_all(def, listener, shared);
    }
    pid_t reader = sender > 0 ? fork() : -1;
    if (reader == 0) {
        close(listener);
        read_all(def, &address, shared);
    }
    close(listener);
    // A reader that ends before everything is sent has failed, and the sender would wait for it for ever.
    int status = -1;
    pid_t ended = reader > 0 ? wait(&status) : -1;
    if (sender > 0 && ended != sender && !shared->is_done) {
        kill(sender, SIGKILL);
    }
    shared->is_done = true;
    if (sender > 0 && ended != sender) {
        waitpid(sender, &status, 0);
    } else if (reader > 0 && ended != reader) {
        waitpid(reader, NULL, 0);
    }
    if (reader > 0 && WIFSIGNALED(status)) {
        *error = strsignal(WTERMSIG(status));
    }
    bool is_fine = reader > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && shared->result.frames > 0;
    *out = shared->result;
    out->gap_p99_ms = percentile_99(shared->gap_ms);
    munmap(shared, sizeof *shared);
    return is_fine;
}
