// A battle on the real server (served.h), `infinity-load` beside it with everybody in the Concourse's space, and
// afterwards in the same run a bare epoll loop (raw_send.h) that sends ready-made frames of the same size at the same
// rate. The server's CPU is that of its whole process, all threads and all work, over the time in which the load
// generator measures. `curve` is the same for several numbers of players.
#include "bench.h"
#include "raw_send.h"
#include "served.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESULTS_MAX 64

/// What is told of a run, in order.
typedef struct Results {
    struct {
        char name[40];
        double value;
    } rows[RESULTS_MAX];
    uint32_t count;
} Results;

typedef struct Battle {
    uint32_t clients, hz, seconds, minds, settle, budget_percent, late_percent, raw_seconds;
    bool is_unix, keep, is_eager;
    const char* scene;
    Served served;
    pid_t load;
    FILE* load_out;
    ServedMetrics before, after;
    Results results;
} Battle;

static void add(Battle* battle, const char* name, double value)
{
    Results* results = &battle->results;
    if (results->count < RESULTS_MAX) {
        snprintf(results->rows[results->count].name, sizeof results->rows->name, "%s", name);
        results->rows[results->count++].value = value;
    }
}

static double result(const Battle* battle, const char* name)
{
    for (uint32_t i = 0; i < battle->results.count; i++) {
        if (strcmp(battle->results.rows[i].name, name) == 0) {
            return battle->results.rows[i].value;
        }
    }
    return 0;
}

static bool start_server(Battle* battle)
{
    char settings[512], budget[64] = "", late[64] = "";
    if (battle->budget_percent != 0) {
        snprintf(budget, sizeof budget, "tick_budget_percent = %u\n", battle->budget_percent);
    }
    if (battle->late_percent != 0) {
        snprintf(late, sizeof late, "tick_late_percent = %u\n", battle->late_percent);
    }
    snprintf(settings, sizeof settings, "minds = %u\nplayers = %u\ntick_ms = %u\n%s%s%s", battle->minds, battle->clients + 16,
             1000 / battle->hz, budget, late, battle->is_unix ? "socket = battle.sock\n" : "");
    return served_start(&battle->served, settings);
}

static bool start_load(Battle* battle)
{
    char clients[16], seconds[16], settle[16], port[16], tick_hz[16], threads[16], socket_path[PATH_MAX + 32];
    snprintf(clients, sizeof clients, "%u", battle->clients);
    snprintf(seconds, sizeof seconds, "%u", battle->seconds);
    snprintf(settle, sizeof settle, "%u", battle->settle);
    snprintf(tick_hz, sizeof tick_hz, "%u", battle->hz);
    snprintf(threads, sizeof threads, "%ld", battle->is_eager ? 1 : sysconf(_SC_NPROCESSORS_ONLN));
    snprintf(port, sizeof port, "%u", battle->served.port);
    snprintf(socket_path, sizeof socket_path, "%s/battle.sock", battle->served.folder);
    char* arguments[] = {"infinity-load", "--clients", clients, "--seconds", seconds, "--settle", settle, "--scene",
                         (char*)(uintptr_t)battle->scene, "--hz", "1", "--json", "--tell", "--tick-hz", tick_hz, "--threads", threads,
                         battle->is_unix ? "--unix" : "--port", battle->is_unix ? socket_path : port,
                         battle->is_eager ? NULL : "--in-turns", NULL};
    battle->load = served_start_program(&battle->served, "infinity-load", arguments, &battle->load_out);
    return battle->load > 0;
}

static bool run_raw(Battle* battle, const char* report, double cpu_us)
{
    RawSendDef def = {.clients = battle->clients,
                      .hz = battle->hz,
                      .seconds = battle->raw_seconds,
                      // A frame of some hundred bytes has a header of 4.
                      .frame_bytes = (uint32_t)(served_field(report, "bytes_per_tick") +
                                                served_field(report, "frames_per_tick") * 4 + 0.5),
                      .inputs_per_s = (uint32_t)(served_field(report, "inputs") / served_field(report, "seconds")),
                      .is_unix = battle->is_unix,
                      .is_eager = battle->is_eager};
    RawSendResult raw;
    const char* error;
    if (!raw_send_run(&def, &raw, &error)) {
        fprintf(stderr, "infinity-bench: the bare loop failed: %s\n", error);
        return false;
    }
    add(battle, "raw_cpu_us_per_snapshot", raw.cpu_us_per_frame);
    add(battle, "ratio", cpu_us / raw.cpu_us_per_frame);
    add(battle, "raw_gap_p99_ms", raw.gap_p99_ms);
    add(battle, "raw_short_sends", (double)raw.short_sends);
    return true;
}

static double grown(const Battle* battle, const char* name)
{
    return served_metric(&battle->after, name) - served_metric(&battle->before, name);
}

static void add_load(Battle* battle, const char* report)
{
    static const char* const names[] = {"delivered", "gap_p50_ms", "gap_p99_ms", "gap_max_ms", "arrival_gap_p99_ms", "connected", "flying", "signin_s",
                                        "bytes_per_snapshot", "bytes_per_tick", "frames_per_tick", "ships_seen", "inputs",
                                        "ack_p50_ms", "ack_p99_ms", "fired_events", "decode_errors", "sequence_errors",
                                        "implausible", "proof_errors", "refused"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        add(battle, names[i], served_field(report, names[i]));
    }
    add(battle, "load_cores", served_field(report, "cores"));
}

/// What the server says of itself. @param wall_s  between the two looks
static void add_server(Battle* battle, double wall_s)
{
    double ticks = served_ticks(&battle->after) - served_ticks(&battle->before);
    add(battle, "tick_p50_ms", served_tick_percentile_ms(&battle->before, &battle->after, 0.5));
    add(battle, "tick_p99_ms", served_tick_percentile_ms(&battle->before, &battle->after, 0.99));
    double missing = floor(wall_s * battle->hz - ticks), late = grown(battle, "infinity_ticks_late");
    add(battle, "slowed_ticks", missing > late + 1 ? missing : late); // one is lost in the rounding of the window
    add(battle, "detail_ships", served_metric(&battle->after, "infinity_detail_ships"));
    add(battle, "snapshot_every_ticks", served_metric(&battle->after, "infinity_snapshot_every_ticks"));
    add(battle, "load_share", served_metric(&battle->after, "infinity_load_share"));
    add(battle, "journal_lag_ms", served_metric(&battle->after, "infinity_journal_lag_us") * 1e-3);
    static const char* const phases[] = {"worlds", "prepare", "tell", "send"};
    for (int i = 0; i < 4; i++) {
        char metric[64], name[40];
        snprintf(metric, sizeof metric, "infinity_%s_us", phases[i]);
        snprintf(name, sizeof name, "%s_ms", phases[i]);
        add(battle, name, grown(battle, metric) * 1e-3 / (ticks > 0 ? ticks : 1));
    }
    double sends = grown(battle, "infinity_sends"), told = ticks > 0 ? ticks : 1;
    add(battle, "sends_per_tick", sends / told);
    add(battle, "kib_per_tick", grown(battle, "infinity_bytes_out") / 1024 / told);
    add(battle, "snapshots_per_tick", grown(battle, "infinity_frames_out") / told);
    add(battle, "clients_waited", grown(battle, "infinity_clients_waited"));
    add(battle, "detail_falls", served_metric(&battle->after, "infinity_detail_falls"));
    add(battle, "detail_rises", served_metric(&battle->after, "infinity_detail_rises"));
    add(battle, "frames_skipped", grown(battle, "infinity_frames_skipped"));
    add(battle, "short_writes", grown(battle, "infinity_short_writes"));
    add(battle, "server_mib", served_metric(&battle->after, "process_resident_memory_bytes") / 1048576);
}

static bool measure(Battle* battle)
{
    static char line[8192];
    if (!start_server(battle)) {
        return false;
    }
    bench_say("%u clients, everybody in the Concourse's space; connecting", battle->clients);
    if (!start_load(battle) || !served_wait_line(battle->load_out, "measuring", line, sizeof line)) {
        fprintf(stderr, "infinity-bench: infinity-load does not start\n");
        return false;
    }
    pid_t server = battle->served.server;
    double busy[2], softirq[2], wall_s = bench_wall_s(), cpu_s = served_cpu_s(server);
    served_machine_s(&busy[0], &softirq[0]);
    bool is_fine = served_metrics(&battle->served, &battle->before);
    is_fine = served_wait_line(battle->load_out, "measured", line, sizeof line) && is_fine;
    cpu_s = served_cpu_s(server) - cpu_s;
    wall_s = bench_wall_s() - wall_s;
    served_machine_s(&busy[1], &softirq[1]);
    is_fine = served_metrics(&battle->served, &battle->after) && is_fine &&
              served_wait_line(battle->load_out, "{", line, sizeof line);
    served_say_log(&battle->served, "infinity-load");
    served_stop_program(&battle->load, &battle->load_out);
    served_stop_program(&battle->served.server, &battle->served.server_out);
    if (!is_fine || served_field(line, "snapshots") == 0) {
        served_say_log(&battle->served, "infinity");
        fprintf(stderr, "infinity-bench: no snapshots came, or /metrics did not answer\n");
        return false;
    }
    double cpu_us = cpu_s * 1e6 / served_field(line, "snapshots");
    add(battle, "clients", battle->clients);
    add(battle, "hz", battle->hz);
    add(battle, "seconds", served_field(line, "seconds"));
    add_server(battle, wall_s);
    add_load(battle, line);
    add(battle, "server_cores", cpu_s / wall_s);
    add(battle, "machine_busy_cores", (busy[1] - busy[0]) / wall_s);
    add(battle, "softirq_cores", (softirq[1] - softirq[0]) / wall_s);
    add(battle, "server_ms_per_tick", cpu_s * 1e3 / (served_ticks(&battle->after) - served_ticks(&battle->before)));
    add(battle, "cpu_us_per_snapshot", cpu_us);
    return run_raw(battle, line, cpu_us);
}

static bool run(Battle* battle)
{
    battle->results.count = 0;
    if (!served_open(&battle->served)) {
        return false;
    }
    bool is_fine = measure(battle);
    served_stop_program(&battle->load, &battle->load_out);
    served_close(&battle->served, battle->keep);
    return is_fine;
}

static bool read_options(Battle* battle, const BenchArgs* args, int64_t seconds, int64_t settle)
{
    battle->hz = (uint32_t)bench_option(args, "hz", 10);
    battle->seconds = (uint32_t)bench_option(args, "seconds", seconds);
    battle->minds = (uint32_t)bench_option(args, "minds", 100);
    battle->settle = (uint32_t)bench_option(args, "settle", settle);
    battle->budget_percent = (uint32_t)bench_option(args, "budget", 0);
    battle->late_percent = (uint32_t)bench_option(args, "late", 0);
    battle->raw_seconds = battle->seconds < 20 ? battle->seconds : 20;
    battle->is_unix = bench_flag(args, "unix");
    battle->is_eager = bench_flag(args, "eager");
    battle->keep = bench_flag(args, "keep");
    battle->scene = bench_flag(args, "move") ? "move" : "battle";
    if (battle->hz < 1 || battle->hz > 100 || 1000 % battle->hz != 0) {
        fprintf(stderr, "infinity-bench: --hz wants ticks of whole milliseconds: 1, 2, 4, 5, 8, 10, 20, 25, 40, 50 or 100\n");
        return false;
    }
    return true;
}

BENCH(battle, "players of a real server in one place: --clients 1000 --seconds 20 [--hz 10] [--unix] [--eager] [--budget 60] [--late 100] [--move] [--minds 100]")
{
    static Battle battle;
    battle.clients = (uint32_t)bench_option(&args, "clients", 1000);
    if (!read_options(&battle, &args, 20, 10)) {
        return 2;
    }
    if (battle.clients < 1 || battle.clients > 19900) {
        fprintf(stderr, "infinity-bench: --clients wants 1 to 19900\n");
        return 2;
    }
    if (!run(&battle)) {
        return 1;
    }
    for (uint32_t i = 0; i < battle.results.count; i++) {
        bench_result(battle.results.rows[i].name, battle.results.rows[i].value);
    }
    return 0;
}

BENCH(curve, "what a player costs among 100 to 10,000 of them, at full detail: --seconds 8 [--settle 5] [--largest 10000] [--budget 100] [--unix]")
{
    static Battle battle;
    static const uint32_t counts[] = {100, 300, 1000, 3000, 8825, 10000};
    static const char* const names[] = {"cpu_us_per_snapshot", "raw_cpu_us_per_snapshot", "ratio", "delivered", "tick_p99_ms",
                                        "gap_p99_ms", "ships_seen", "machine_busy_cores"};
    int64_t largest = bench_option(&args, "largest", 10000);
    double at_1000 = 0, at_8825 = 0;
    if (!read_options(&battle, &args, 8, 5)) {
        return 2;
    }
    if (battle.budget_percent == 0) {
        battle.budget_percent = 100; // each size is shown all the ships that it can be
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts && counts[i] <= largest; i++) {
        battle.clients = counts[i];
        if (!run(&battle)) {
            return 1;
        }
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%u", names[k], counts[i]);
            bench_result(name, result(&battle, names[k]));
        }
        at_1000 = counts[i] == 1000 ? result(&battle, "cpu_us_per_snapshot") : at_1000;
        at_8825 = counts[i] == 8825 ? result(&battle, "cpu_us_per_snapshot") : at_8825;
    }
    if (at_1000 > 0 && at_8825 > 0) {
        bench_result("growth_1000_to_8825", at_8825 / at_1000 - 1);
    }
    return 0;
}
