// A battle on the real server: `infinity serve` as a child on a new galaxy, `infinity-load` beside it with everybody
// in the Concourse's space, and afterwards in the same run a bare epoll loop (raw_send.h) that sends ready-made frames of
// the same size at the same rate. The server's CPU is that of its whole process, all threads and all work, over the
// time in which the load generator measures.
#include "bench.h"
#include "raw_send.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BUCKETS_MAX 64
#define PHASES 4

static const char* const phases[PHASES] = {"worlds", "prepare", "tell", "send"};

/// What /metrics told.
typedef struct Metrics {
    double le_s[BUCKETS_MAX], below[BUCKETS_MAX];
    uint32_t bucket_count;
    double ticks_late, ticks, short_writes, frames_skipped, details_dropped, resident_bytes, journal_lag_us;
    double phases_us[PHASES], slowed_ticks, detail_ships, every_ticks, load_share;
} Metrics;

typedef struct Battle {
    char folder[PATH_MAX], programs[PATH_MAX];
    uint32_t clients, hz, seconds, minds, settle, budget_percent;
    bool is_unix;
    uint16_t port;
    pid_t server, load;
    FILE *server_out, *load_out;
} Battle;

// ---- children ---------------------------------------------------------------------------------------------------

static bool find_programs(Battle* battle)
{
    ssize_t bytes = readlink("/proc/self/exe", battle->programs, sizeof battle->programs - 1);
    char* slash = bytes > 0 ? strrchr(battle->programs, '/') : NULL;
    if (slash == NULL) {
        return false;
    }
    *slash = 0;
    return true;
}

/// @param out  what it prints; null: nowhere
static pid_t start(const Battle* battle, const char* name, char* const arguments[], FILE** out)
{
    char path[PATH_MAX + 32];
    int pipe_fds[2];
    snprintf(path, sizeof path, "%s/%s", battle->programs, name);
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        char log_path[PATH_MAX + 32];
        snprintf(log_path, sizeof log_path, "%s/%s.log", battle->folder, name);
        int log_fd = open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        dup2(pipe_fds[1], 1);
        dup2(log_fd, 2);
        execv(path, arguments);
        _exit(127);
    }
    close(pipe_fds[1]);
    *out = child > 0 ? fdopen(pipe_fds[0], "r") : NULL;
    return *out != NULL ? child : -1;
}

static bool write_settings(const Battle* battle)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/infinity.conf", battle->folder);
    FILE* file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    fprintf(file, "name = Battle\nminds = %u\nplayers = %u\nport = 0\nsnapshot_minutes = 60\ntick_ms = %u\n", battle->minds,
            battle->clients + 16, 1000 / battle->hz);
    if (battle->budget_percent != 0) {
        fprintf(file, "tick_budget_percent = %u\n", battle->budget_percent);
    }
    if (battle->is_unix) {
        fprintf(file, "socket = battle.sock\n");
    }
    return fclose(file) == 0;
}

static bool start_server(Battle* battle)
{
    char line[256];
    char* arguments[] = {"infinity", "serve", "--galaxy", battle->folder, NULL};
    battle->server = write_settings(battle) ? start(battle, "infinity", arguments, &battle->server_out) : -1;
    while (battle->server > 0 && fgets(line, sizeof line, battle->server_out) != NULL) {
        const char* colon = strstr(line, "http://");
        if (colon != NULL && (colon = strchr(colon + 7, ':')) != NULL) {
            battle->port = (uint16_t)strtoul(colon + 1, NULL, 10);
            return battle->port != 0;
        }
    }
    return false;
}

static bool start_load(Battle* battle, const char* scene, const char* input_hz)
{
    char clients[16], seconds[16], settle[16], port[16], tick_hz[16], socket_path[PATH_MAX + 32];
    snprintf(clients, sizeof clients, "%u", battle->clients);
    snprintf(seconds, sizeof seconds, "%u", battle->seconds);
    snprintf(settle, sizeof settle, "%u", battle->settle);
    snprintf(tick_hz, sizeof tick_hz, "%u", battle->hz);
    snprintf(port, sizeof port, "%u", battle->port);
    snprintf(socket_path, sizeof socket_path, "%s/battle.sock", battle->folder);
    char* arguments[] = {"infinity-load", "--clients", clients, "--seconds", seconds, "--settle", settle, "--scene",
                         (char*)(uintptr_t)scene, "--hz", (char*)(uintptr_t)input_hz, "--json", "--tell", "--tick-hz", tick_hz,
                         battle->is_unix ? "--unix" : "--port", battle->is_unix ? socket_path : port, NULL};
    battle->load = start(battle, "infinity-load", arguments, &battle->load_out);
    return battle->load > 0;
}

static void stop(pid_t* child, FILE** out)
{
    if (*child > 0) {
        kill(*child, SIGTERM);
        for (int i = 0; i < 100 && waitpid(*child, NULL, WNOHANG) == 0; i++) {
            usleep(100000);
        }
        kill(*child, SIGKILL);
        waitpid(*child, NULL, 0);
    }
    if (*out != NULL) {
        fclose(*out);
    }
    *child = 0;
    *out = NULL;
}

static void remove_folder(const char* folder)
{
    pid_t child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", folder, (char*)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

// ---- looking at the server --------------------------------------------------------------------------------------

static double cpu_of_s(pid_t process)
{
    clockid_t clock;
    struct timespec now;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &now) != 0) {
        return 0;
    }
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/// Seconds that all processors together have worked since boot, and of these in interrupts.
static void machine_s(double* busy, double* softirq)
{
    unsigned long long v[8] = {0};
    FILE* file = fopen("/proc/stat", "r");
    if (file != NULL) {
        if (fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6],
                   &v[7]) != 8) {
            memset(v, 0, sizeof v);
        }
        fclose(file);
    }
    double per_s = (double)sysconf(_SC_CLK_TCK);
    *busy = (double)(v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / per_s;
    *softirq = (double)(v[5] + v[6]) / per_s;
}

static bool get(uint16_t port, const char* path, char* out, size_t out_bytes)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char request[256];
    int bytes = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    size_t used = 0;
    if (fd >= 0 && connect(fd, (struct sockaddr*)&to, sizeof to) == 0 && write(fd, request, (size_t)bytes) == bytes) {
        for (ssize_t got; used + 1 < out_bytes && (got = read(fd, out + used, out_bytes - 1 - used)) > 0;) {
            used += (size_t)got;
        }
    }
    out[used] = 0;
    close(fd);
    return strstr(out, " 200 ") != NULL;
}

static double metric(const char* text, const char* name)
{
    size_t bytes = strlen(name);
    for (const char* at = text; (at = strstr(at, name)) != NULL; at += bytes) {
        if (at[-1] == '\n' && at[bytes] == ' ') {
            return strtod(at + bytes, NULL);
        }
    }
    return 0;
}

static bool read_metrics(uint16_t port, Metrics* out)
{
    static char text[1 << 16];
    memset(out, 0, sizeof *out);
    if (!get(port, "/metrics", text, sizeof text)) {
        return false;
    }
    for (const char* at = text; (at = strstr(at, "infinity_tick_seconds_bucket{le=\"")) != NULL && out->bucket_count < BUCKETS_MAX;) {
        char* end;
        at += 33;
        out->le_s[out->bucket_count] = strncmp(at, "+Inf", 4) == 0 ? 3600 : strtod(at, NULL);
        end = strchr(at, '}');
        out->below[out->bucket_count++] = end != NULL ? strtod(end + 1, NULL) : 0;
    }
    out->ticks_late = metric(text, "infinity_ticks_late");
    out->ticks = metric(text, "infinity_tick_seconds_count");
    out->short_writes = metric(text, "infinity_short_writes");
    out->frames_skipped = metric(text, "infinity_frames_skipped");
    out->details_dropped = metric(text, "infinity_details_dropped");
    out->resident_bytes = metric(text, "process_resident_memory_bytes");
    out->slowed_ticks = metric(text, "infinity_slowed_ticks_total");
    out->detail_ships = metric(text, "infinity_detail_ships");
    out->every_ticks = metric(text, "infinity_snapshot_every_ticks");
    out->load_share = metric(text, "infinity_load_share");
    out->journal_lag_us = metric(text, "infinity_journal_lag_us");
    for (int i = 0; i < PHASES; i++) {
        char name[64];
        snprintf(name, sizeof name, "infinity_%s_us", phases[i]);
        out->phases_us[i] = metric(text, name);
    }
    return out->bucket_count > 0;
}

/// From the histogram's growth, straight within a bucket.
static double tick_percentile_ms(const Metrics* before, const Metrics* after, double share)
{
    uint32_t last = after->bucket_count - 1;
    double all = after->below[last] - before->below[last], wanted = all * share;
    for (uint32_t i = 0; i <= last; i++) {
        double sum = after->below[i] - before->below[i];
        double lower_sum = i > 0 ? after->below[i - 1] - before->below[i - 1] : 0;
        if (sum >= wanted && sum > lower_sum) {
            double lower = i > 0 ? after->le_s[i - 1] : 0;
            if (i == last) {
                return lower * 1000; // longer than the last bound
            }
            return (lower + (after->le_s[i] - lower) * (wanted - lower_sum) / (sum - lower_sum)) * 1000;
        }
    }
    return 0;
}

// ---- the run ----------------------------------------------------------------------------------------------------

static double field(const char* json, const char* name)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", name);
    const char* at = strstr(json, quoted);
    return at != NULL ? strtod(at + strlen(quoted), NULL) : 0;
}

static bool wait_line(FILE* from, const char* word, char* line, size_t line_bytes)
{
    while (fgets(line, (int)line_bytes, from) != NULL) {
        if (strncmp(line, word, strlen(word)) == 0) {
            return true;
        }
    }
    return false;
}

static void say_log(const Battle* battle, const char* name)
{
    char path[PATH_MAX + 32], line[512], last[512] = "";
    snprintf(path, sizeof path, "%s/%s.log", battle->folder, name);
    FILE* file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        snprintf(last, sizeof last, "%s", line);
        if (strcmp(name, "infinity-load") == 0 || strstr(line, "\"error\"") != NULL) {
            fputs(line, stderr);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

static bool run_raw(const Battle* battle, const char* report, double cpu_us, uint32_t seconds)
{
    double frames_per_tick = field(report, "frames_per_tick");
    RawSendDef def = {.clients = battle->clients,
                      .hz = battle->hz,
                      .seconds = seconds,
                      // A frame of some hundred bytes has a header of 4.
                      .frame_bytes = (uint32_t)(field(report, "bytes_per_tick") + frames_per_tick * 4 + 0.5),
                      .inputs_per_s = (uint32_t)(field(report, "inputs") / field(report, "seconds")),
                      .is_unix = battle->is_unix};
    RawSendResult raw;
    const char* error;
    if (!raw_send_run(&def, &raw, &error)) {
        fprintf(stderr, "infinity-bench: the bare loop failed: %s\n", error);
        return false;
    }
    bench_result("raw_cpu_us_per_snapshot", raw.cpu_us_per_frame);
    bench_result("ratio", cpu_us / raw.cpu_us_per_frame);
    bench_result("raw_gap_p99_ms", raw.gap_p99_ms);
    bench_result("raw_short_sends", (double)raw.short_sends);
    return true;
}

static bool measure(Battle* battle, const char* scene, const char* input_hz, uint32_t raw_seconds)
{
    static char line[8192];
    Metrics before, after;
    if (!start_server(battle)) {
        fprintf(stderr, "infinity-bench: `infinity serve` does not start; see %s/infinity.log\n", battle->folder);
        return false;
    }
    bench_say("%u clients, everybody in the Concourse's space; connecting", battle->clients);
    if (!start_load(battle, scene, input_hz) || !wait_line(battle->load_out, "measuring", line, sizeof line)) {
        fprintf(stderr, "infinity-bench: infinity-load does not start\n");
        return false;
    }
    double busy[2], softirq[2], wall_s = bench_wall_s(), cpu_s = cpu_of_s(battle->server);
    machine_s(&busy[0], &softirq[0]);
    bool is_fine = read_metrics(battle->port, &before);
    is_fine = wait_line(battle->load_out, "measured", line, sizeof line) && is_fine;
    cpu_s = cpu_of_s(battle->server) - cpu_s;
    wall_s = bench_wall_s() - wall_s;
    machine_s(&busy[1], &softirq[1]);
    is_fine = read_metrics(battle->port, &after) && is_fine && wait_line(battle->load_out, "{", line, sizeof line);
    say_log(battle, "infinity-load");
    stop(&battle->load, &battle->load_out);
    stop(&battle->server, &battle->server_out);
    if (!is_fine || field(line, "snapshots") == 0) {
        say_log(battle, "infinity");
        fprintf(stderr, "infinity-bench: no snapshots came, or /metrics did not answer\n");
        return false;
    }
    double cpu_us = cpu_s * 1e6 / field(line, "snapshots");
    bench_result("clients", battle->clients);
    bench_result("hz", battle->hz);
    bench_result("seconds", field(line, "seconds"));
    bench_result("tick_p50_ms", tick_percentile_ms(&before, &after, 0.5));
    bench_result("tick_p99_ms", tick_percentile_ms(&before, &after, 0.99));
    double missing = floor(wall_s * battle->hz - (after.ticks - before.ticks));
    double late = after.ticks_late - before.ticks_late;
    bench_result("slowed_ticks", missing > late + 1 ? missing : late); // one is lost in the rounding of the window
    static const char* const names[] = {"delivered", "gap_p50_ms", "gap_p99_ms", "gap_max_ms", "connected", "flying", "signin_s",
                                        "bytes_per_snapshot", "bytes_per_tick", "frames_per_tick", "ships_seen", "inputs",
                                        "ack_p50_ms", "ack_p99_ms", "fired_events", "decode_errors", "sequence_errors",
                                        "implausible", "proof_errors", "refused"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bench_result(names[i], field(line, names[i]));
    }
    bench_result("detail_ships", after.detail_ships);
    bench_result("snapshot_every_ticks", after.every_ticks);
    bench_result("load_share", after.load_share);
    for (int i = 0; i < PHASES; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s_ms", phases[i]);
        bench_result(name, (after.phases_us[i] - before.phases_us[i]) * 1e-3 / (after.ticks - before.ticks + 1e-9));
    }
    bench_result("journal_lag_ms", after.journal_lag_us * 1e-3);
    bench_result("frames_skipped", after.frames_skipped - before.frames_skipped);
    bench_result("short_writes", after.short_writes - before.short_writes);
    bench_result("server_mib", after.resident_bytes / 1048576);
    bench_result("server_cores", cpu_s / wall_s);
    bench_result("load_cores", field(line, "cores"));
    bench_result("machine_cores", (busy[1] - busy[0]) / wall_s);
    bench_result("softirq_cores", (softirq[1] - softirq[0]) / wall_s);
    bench_result("cpu_us_per_snapshot", cpu_us);
    return run_raw(battle, line, cpu_us, raw_seconds);
}

BENCH(battle, "players of a real server in one place: --clients 1000 --seconds 20 [--hz 10] [--unix] [--budget 60] [--move] [--minds 100]")
{
    static Battle battle;
    battle.clients = (uint32_t)bench_option(&args, "clients", 1000);
    battle.hz = (uint32_t)bench_option(&args, "hz", 10);
    battle.seconds = (uint32_t)bench_option(&args, "seconds", 20);
    battle.minds = (uint32_t)bench_option(&args, "minds", 100);
    battle.settle = (uint32_t)bench_option(&args, "settle", 10);
    battle.is_unix = bench_flag(&args, "unix");
    battle.budget_percent = (uint32_t)bench_option(&args, "budget", 0);
    if (battle.hz < 1 || battle.hz > 100 || 1000 % battle.hz != 0) {
        fprintf(stderr, "infinity-bench: --hz wants ticks of whole milliseconds: 1, 2, 4, 5, 8, 10, 20, 25, 40, 50 or 100\n");
        return 2;
    }
    if (battle.clients < 1 || battle.clients > 19900) {
        fprintf(stderr, "infinity-bench: --clients wants 1 to 19900\n");
        return 2;
    }
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    snprintf(battle.folder, sizeof battle.folder, "/tmp/infinity-battle-XXXXXX");
    if (!find_programs(&battle) || mkdtemp(battle.folder) == NULL) {
        fprintf(stderr, "infinity-bench: no temporary folder: %s\n", strerror(errno));
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    uint32_t raw_seconds = battle.seconds < 20 ? battle.seconds : 20;
    bool is_fine = measure(&battle, bench_flag(&args, "move") ? "move" : "battle", "1", raw_seconds);
    stop(&battle.load, &battle.load_out);
    stop(&battle.server, &battle.server_out);
    if (!bench_flag(&args, "keep")) {
        remove_folder(battle.folder);
    } else {
        bench_say("kept: %s", battle.folder);
    }
    return is_fine ? 0 : 1;
}
