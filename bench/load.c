// The whole server under load: a child process serves a new galaxy, this one is its players. They sign in, undock, fly by
// hand and talk. What is measured: the server's CPU over all, the bytes each player gets, and how evenly snapshots
// come (every 100 ms is perfect).
#include "bench.h"

#include <client/client.h>
#include <server/server.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Bot {
    InfClient* client;
    bool is_out;
    double last_s;
    uint32_t frames;
} Bot;

static double* gaps_ms;
static uint32_t gap_count, gap_max;
static uint64_t bytes_total, frames_total, closed_total;

static _Noreturn void serve(const char* folder, uint32_t players, uint32_t minds, int port_pipe)
{
    InfServerDef def = inf_server_def_default();
    def.folder = folder;
    def.port = 0;
    def.players_max = players + 10;
    def.minds = minds;
    def.log_level = INF_LOG_WARNING;
    InfServerError error;
    InfServer* server = inf_server_create(&def, &error);
    uint16_t port = server != NULL ? inf_server_get_port(server) : 0;
    if (server == NULL) {
        fprintf(stderr, "%s\n", error.text);
    }
    if (write(port_pipe, &port, sizeof port) != sizeof port || server == NULL) {
        _exit(1);
    }
    _exit(inf_server_run(server, &error) == INF_SERVER_OK ? 0 : 1); // ended by a signal
}

static void act(Bot* bot, uint32_t number, uint32_t round)
{
    InfInput input;
    memset(&input, 0, sizeof input);
    if (!bot->is_out) {
        input.kind = INF_INPUT_KIND_Undock;
        bot->is_out = true;
    } else if (round % 50 == number % 50) {
        input.kind = INF_INPUT_KIND_Say;
        input.Say.reach = INF_REACH_PLACE;
        snprintf(input.Say.text, sizeof input.Say.text, "Bot %u was here.", number);
    } else {
        input.kind = INF_INPUT_KIND_Helm;
        input.Helm.thrust[2] = (int8_t)(round / 20 % 2 ? 127 : 40);
        input.Helm.turn[1] = (int8_t)((int)(number * 37 + round * 3) % 200 - 100);
    }
    inf_client_send_input(bot->client, &input);
}

static void read_bot(Bot* bot, bool counts)
{
    if (inf_client_state(bot->client) == INF_CLIENT_CLOSED || !inf_client_run(bot->client)) {
        closed_total += inf_client_state(bot->client) == INF_CLIENT_CLOSED && bot->frames != UINT32_MAX;
        bot->frames = UINT32_MAX;
        return;
    }
    size_t bytes;
    for (const uint8_t* frame; (frame = inf_client_next_frame(bot->client, &bytes)) != NULL;) {
        bytes_total += counts ? bytes : 0;
        if (frame[0] != INF_FRAME_KIND_Snapshot) {
            continue;
        }
        double now = bench_wall_s();
        if (counts && bot->last_s > 0 && gap_count < gap_max) {
            gaps_ms[gap_count++] = (now - bot->last_s) * 1000;
        }
        frames_total += counts;
        bot->last_s = now;
        bot->frames++;
    }
}

static int by_value(const void* a, const void* b)
{
    double x = *(const double*)a, y = *(const double*)b;
    return x < y ? -1 : x > y;
}

/// All bots for so long. A round is 100 ms; every bot does something in each.
/// While it counts, the last `stalled` of them neither read nor write: half-open lines.
static void play(Bot* bots, uint32_t all, double seconds, bool counts, uint32_t stalled)
{
    uint32_t count = counts ? all - stalled : all;
    struct pollfd* fds = calloc(count, sizeof *fds);
    double begin = bench_wall_s();
    uint32_t round = 0;
    while (bench_wall_s() - begin < seconds) {
        if (bench_wall_s() - begin > round * 0.1) {
            round++;
            for (uint32_t i = 0; i < count; i++) {
                if (inf_client_state(bots[i].client) == INF_CLIENT_READY) {
                    act(&bots[i], i, round);
                }
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            fds[i].fd = inf_client_fd(bots[i].client);
            fds[i].events = (short)(POLLIN | (inf_client_wants_write(bots[i].client) ? POLLOUT : 0));
            fds[i].revents = 0;
        }
        poll(fds, count, 5);
        for (uint32_t i = 0; i < count; i++) {
            if (fds[i].revents != 0) {
                read_bot(&bots[i], counts);
            }
        }
    }
    free(fds);
}

static double child_cpu_s(pid_t child)
{
    char path[64];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    FILE* file = fopen(path, "r");
    if (file != NULL) {
        if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) {
            user = system = 0;
        }
        fclose(file);
    }
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static int measure(pid_t child, Bot* bots, uint32_t count, uint16_t port, double seconds, uint32_t stalled)
{
    for (uint32_t i = 0; i < count; i++) {
        InfClientDef def = {.host = "127.0.0.1", .port = port};
        memcpy(def.seed, &i, sizeof i);
        static const char letters[] = "abcdefghkmopqstuz"; // no two of them, or pairs of them, look alike
        snprintf(def.tag, sizeof def.tag, "Bot%c%c%c", letters[i % 17], letters[i / 17 % 17], letters[i / 289 % 17]);
        bots[i].client = inf_client_create(&def);
        if (bots[i].client == NULL) {
            fprintf(stderr, "infinity-bench: no socket for bot %u\n", i);
            return 1;
        }
    }
    play(bots, count, 5, false, 0);
    uint32_t ready = 0;
    for (uint32_t i = 0; i < count; i++) {
        ready += inf_client_state(bots[i].client) == INF_CLIENT_READY;
    }
    if (ready < count) {
        bench_say("%u of %u bots are in; the last that is not says: %s", ready, count, inf_client_text(bots[count - 1].client));
    }
    double cpu = child_cpu_s(child), begin = bench_wall_s();
    play(bots, count, seconds, true, stalled);
    ready -= ready > stalled ? stalled : 0;
    double took = bench_wall_s() - begin;
    cpu = child_cpu_s(child) - cpu;
    qsort(gaps_ms, gap_count, sizeof *gaps_ms, by_value);
    bench_result("clients", ready);
    bench_result("core_share", cpu / took);
    bench_result("bytes_per_client_s", (double)bytes_total / took / ready);
    bench_result("snapshots_per_client_s", (double)frames_total / took / ready);
    bench_result("gap_p50_ms", gap_count ? gaps_ms[gap_count / 2] : 0);
    bench_result("gap_p99_ms", gap_count ? gaps_ms[gap_count / 100 * 99] : 0);
    bench_result("closed", (double)closed_total);
    return ready > 0 && gap_count > 0 ? 0 : 1;
}

BENCH(load, "the whole server and its players: --clients 200 --minds 2000 --seconds 10 --stalled 0")
{
    uint32_t count = (uint32_t)bench_option(&args, "clients", 200);
    uint32_t minds = (uint32_t)bench_option(&args, "minds", 2000);
    double seconds = (double)bench_option(&args, "seconds", 10);
    uint32_t stalled = (uint32_t)bench_option(&args, "stalled", 0);
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    char folder[256], command[300];
    snprintf(folder, sizeof folder, "%s/infinity-load-XXXXXX", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    int pipe_fds[2];
    if (count == 0 || count > 4000 || mkdtemp(folder) == NULL || pipe(pipe_fds) != 0) {
        fprintf(stderr, "infinity-bench: 1 to 4000 clients, and room in TMPDIR or /tmp\n");
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        serve(folder, count, minds, pipe_fds[1]);
    }
    uint16_t port = 0;
    Bot* bots = calloc(count, sizeof *bots);
    gap_max = count * (uint32_t)(seconds + 1) * 12;
    gaps_ms = calloc(gap_max, sizeof *gaps_ms);
    int result = 1;
    if (child > 0 && bots != NULL && gaps_ms != NULL && read(pipe_fds[0], &port, sizeof port) == sizeof port && port != 0) {
        result = measure(child, bots, count, port, seconds, stalled < count ? stalled : 0);
    }
    for (uint32_t i = 0; bots != NULL && i < count; i++) {
        inf_client_destroy(bots[i].client);
    }
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0) {
        bench_say("%s could not be removed", folder);
    }
    free(bots);
    free(gaps_ms);
    return result;
}
