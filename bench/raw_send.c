// Two children: the reader connects to all of the sender's sockets and reads them dry by epoll; the sender wakes every
// tick, sends each client its frame, and between the ticks reads what comes by epoll, as a server must. The numbers
// lie in a shared page.
#include "raw_send.h"

#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
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

static _Noreturn void read_all(const RawSendDef* def, const Address* address, Shared* shared)
{
    static uint8_t buffer[1 << 18];
    static const uint8_t input[INPUT_BYTES];
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0}); // as infinity-load
    int epoll_fd = epoll_create1(0);
    int* fds = calloc(def->clients, sizeof *fds);
    uint64_t* last_us = calloc(def->clients, sizeof *last_us);
    for (uint32_t i = 0; i < def->clients; i++) {
        fds[i] = connect_one(def, address, i);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        if (fds[i] < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fds[i], &event) != 0) {
            _exit(1);
        }
    }
    uint64_t before_us = now_us();
    double due = 0;
    for (uint32_t next = 0; !shared->is_done;) {
        struct epoll_event events[512];
        int ready = epoll_wait(epoll_fd, events, 512, 5);
        uint64_t now = now_us();
        for (int i = 0; i < ready; i++) {
            uint32_t client = events[i].data.u32;
            if (recv(fds[client], buffer, sizeof buffer, MSG_DONTWAIT) <= 0) {
                continue;
            }
            uint64_t gap_ms = (now - last_us[client]) / 1000;
            if (last_us[client] != 0) {
                shared->gap_ms[gap_ms < GAP_MS_MAX ? gap_ms : GAP_MS_MAX]++;
            }
            last_us[client] = now;
        }
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

static _Noreturn void send_all(const RawSendDef* def, int listener, Shared* shared)
{
    int* fds = calloc(def->clients, sizeof *fds);
    uint8_t* frame = calloc(1, def->frame_bytes);
    int epoll_fd = epoll_create1(0), on = 1, buffer_bytes = 65536;
    for (uint32_t i = 0; i < def->clients; i++) {
        fds[i] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        if (fds[i] < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fds[i], &event) != 0) {
            _exit(1);
        }
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    }
    uint64_t next_us = now_us() + 200000, tick_us = 1000000u / def->hz;
    double cpu_from_s = bench_cpu_s();
    for (uint32_t tick = 0; tick < def->hz * def->seconds; tick++) {
        read_inputs(epoll_fd, fds, next_us);
        next_us += tick_us;
        for (uint32_t i = 0; i < def->clients; i++) {
            ssize_t sent = send(fds[i], frame, def->frame_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
            shared->result.short_sends += sent != (ssize_t)def->frame_bytes;
            shared->result.frames += sent == (ssize_t)def->frame_bytes;
        }
    }
    shared->result.cpu_us_per_frame = (bench_cpu_s() - cpu_from_s) * 1e6 / (double)(shared->result.frames + 1);
    shared->is_done = true;
    _exit(0);
}

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
    if (listener < 0 || shared == MAP_FAILED || def->clients == 0 || def->hz == 0) {
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
    bool is_fine = reader > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && shared->result.frames > 0;
    *out = shared->result;
    out->gap_p99_ms = percentile_99(shared->gap_ms);
    munmap(shared, sizeof *shared);
    return is_fine;
}
