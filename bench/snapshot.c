// What a snapshot costs: a crowded place, a client at each ship's helm, each gets its own snapshot each tick through
// the real encoder (server/interest.h) and the real fan-out (server/fanout.h). Beside it, in the same run and by
// turns, a bare loop of send(2) with ready-made frames of just those sizes to as many sockets. Clients are read
// dry by a child process. Clock: CPU time of this process around the two loops; the world's own tick is outside.
#include "bench.h"
#include "crowd.h"

#include <infinity/world.h>
#include <server/fanout.h>
#include <server/interest.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Client {
    InfClientId id;
    int raw_fd;
    InfSight sight;
    uint32_t ship_index1;
    size_t bytes;
} Client;

/// The other side: connect, read everything, for ever.
static _Noreturn void read_all(uint16_t port, uint32_t count)
{
    static uint8_t buffer[1 << 16];
    int epoll_fd = epoll_create1(0);
    for (uint32_t i = 0; i < count; i++) {
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (fd < 0 || connect(fd, (struct sockaddr*)&to, sizeof to) != 0 ||
            epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
            _exit(1);
        }
    }
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll_fd, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (recv(events[i].data.fd, buffer, sizeof buffer, MSG_DONTWAIT) == 0) {
                _exit(0);
            }
        }
    }
}

static int listen_on_loopback(uint16_t* port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr*)&address, bytes) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, (struct sockaddr*)&address, &bytes) != 0) {
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

static bool accept_all(int listener, InfFanout* fanout, Client* clients, uint32_t count)
{
    const InfWsHandshake handshake = {.verdict = INF_WS_UPGRADE, .status = 101};
    int on = 1;
    for (uint32_t i = 0; i < 2 * count; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) {
            return false;
        }
        if (i % 2 == 0) {
            clients[i / 2].id = inf_fanout_adopt(fanout, fd, &handshake, "", NULL, 0, 1000);
        } else {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            clients[i / 2].raw_fd = fd;
        }
    }
    return true;
}

/// As the server does it for its clients (server/tell.c).
static void send_snapshots(InfInterest* interest, InfFanout* fanout, Client* clients, uint32_t count, uint32_t place_index1,
                           uint64_t tick)
{
    inf_interest_begin_tick(interest, tick, 1);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t* frame = inf_fanout_begin_frame(fanout, clients[i].id);
        if (frame == NULL) {
            clients[i].bytes = 0;
            continue;
        }
        uint32_t told[INF_INTEREST_SHARED + INF_INTEREST_SEEN], told_count;
        InfLook look = {.place_index1 = place_index1, .ship_index1 = clients[i].ship_index1, .turn = i};
        size_t bytes = inf_interest_write(interest, 0, &clients[i].sight, &look, frame + 3, told, &told_count);
        frame[0] = 6; // Snapshot
        frame[1] = (uint8_t)bytes;
        frame[2] = (uint8_t)(bytes >> 8);
        clients[i].bytes = bytes + 3;
        inf_fanout_end_frame(fanout, clients[i].id, bytes + 3);
    }
    inf_fanout_flush(fanout);
}

static void send_raw(const Client* clients, uint32_t count)
{
    static uint8_t ready[4 + 65536];
    for (uint32_t i = 0; i < count; i++) {
        if (clients[i].bytes > 0) {
            ssize_t sent = send(clients[i].raw_fd, ready, clients[i].bytes + 4, MSG_DONTWAIT | MSG_NOSIGNAL);
            (void)sent;
        }
    }
}

static int measure(InfWorld* world, InfFanout* fanout, Client* clients, uint32_t count, uint32_t ticks)
{
    const InfWorld* worlds[1] = {world};
    InfInterest* interest = inf_interest_create(worlds, 1, NULL);
    uint32_t ship_count;
    uint32_t place_index1 = inf_world_ships(world, &ship_count)[0].place_index1;
    double cpu_s = 0, raw_s = 0, bytes = 0, snapshots = 0;
    for (uint32_t i = 0; i < count; i++) {
        clients[i].ship_index1 = i % ship_count + 1;
    }
    for (uint32_t t = 0; t < ticks + 10; t++) {
        inf_world_tick(world, NULL, 0);
        crowd_top_up(world);
        bool counts = t >= 10; // first the whole sets are told, then what changes
        double a = bench_cpu_s();
        send_snapshots(interest, fanout, clients, count, place_index1, inf_world_header(world)->tick);
        double b = bench_cpu_s();
        usleep(20000); // let the readers read
        double c = bench_cpu_s();
        send_raw(clients, count);
        double d = bench_cpu_s();
        usleep(20000);
        inf_fanout_poll(fanout, 2000 + t);
        for (uint32_t i = 0; counts && i < count; i++) {
            bytes += (double)clients[i].bytes;
            snapshots += clients[i].bytes > 0;
        }
        cpu_s += counts ? b - a : 0;
        raw_s += counts ? d - c : 0;
    }
    InfFanoutStats stats = inf_fanout_get_stats(fanout);
    inf_interest_destroy(interest);
    if (snapshots == 0) {
        fprintf(stderr, "infinity-bench: no snapshot was sent\n");
        return 1;
    }
    bench_result("clients", count);
    bench_result("ships", ship_count);
    bench_result("bytes_per_snapshot", bytes / snapshots);
    bench_result("cpu_us_per_snapshot", cpu_s / snapshots * 1e6);
    bench_result("raw_cpu_us_per_snapshot", raw_s / snapshots * 1e6);
    bench_result("ratio", cpu_s / raw_s);
    bench_result("skipped", (double)stats.frames_skipped);
    return 0;
}

BENCH(snapshot, "snapshots of a crowded place to clients, beside bare sends: --clients 1000 --ships 1000 --ticks 100")
{
    uint32_t count = (uint32_t)bench_option(&args, "clients", 1000);
    uint32_t ships = (uint32_t)bench_option(&args, "ships", 1000);
    uint32_t ticks = (uint32_t)bench_option(&args, "ticks", 100);
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    uint16_t port;
    int listener = listen_on_loopback(&port);
    pid_t child = listener >= 0 ? fork() : -1;
    if (child == 0) {
        close(listener);
        read_all(port, 2 * count);
    }
    InfFanoutDef def = inf_fanout_def_default();
    def.clients_max = count > 0 && count <= 65535 ? count : 1;
    InfFanout* fanout = inf_fanout_create(&def);
    Client* clients = calloc(count + 1, sizeof(Client));
    InfWorld* world = crowd_create(ships < 2 ? 2 : ships);
    int result = 1;
    if (child < 0 || fanout == NULL || clients == NULL || world == NULL || count == 0 || count > 65535 ||
        !accept_all(listener, fanout, clients, count)) {
        fprintf(stderr, "infinity-bench: not enough memory, descriptors (ulimit -n) or sockets for %u clients\n", count);
    } else {
        result = measure(world, fanout, clients, count, ticks);
    }
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    inf_fanout_destroy(fanout);
    inf_world_destroy(world);
    free(clients);
    return result;
}
