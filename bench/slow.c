// Slow readers: 200 players whose program stands still beside 50 who play. The first measurement is with all of them
// reading. The second begins when the 200 are stopped (SIGSTOP: their lines stay open and nothing is read) and lasts until they
// have been let go, so that everything they cost falls into it. Their sockets take little, so that the server meets full buffers
// within seconds. What counts is that the ticks, and what the 50 get, are the same; and that memory stays bounded.
#include "bench.h"
#include "served.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/// Nobody who says nothing is kept for longer (server/fanout.h: 30 s, and 2 s for a goodbye), and a little.
#define LET_GO_S 34
#define RECEIVE_BUFFER "8192"

typedef struct Slow {
    uint32_t clients, stalled, seconds;
    Served served;
    pid_t readers;
    FILE* readers_out;
    ServedMetrics before, after;
} Slow;

static pid_t start_load(const Slow* slow, uint32_t clients, uint32_t seconds, const char* seed, const char* buffer, FILE** out)
{
    char count[16], seconds_text[16], port[16];
    snprintf(count, sizeof count, "%u", clients);
    snprintf(seconds_text, sizeof seconds_text, "%u", seconds);
    snprintf(port, sizeof port, "%u", slow->served.port);
    char* arguments[] = {"infinity-load", "--clients", count, "--seconds", seconds_text, "--settle", "5", "--scene", "battle",
                         "--seed", (char*)(uintptr_t)seed, "--receive-buffer", (char*)(uintptr_t)buffer, "--port", port, "--json", "--tell", NULL};
    return served_start_program(&slow->served, "infinity-load", arguments, out);
}

/// Fifty who play, for so long. @param stops  the others stop reading when it is measured  @param line  their report
static bool play(Slow* slow, bool stops, char* line, size_t line_bytes)
{
    FILE* out;
    pid_t load = start_load(slow, slow->clients, slow->seconds, "1", "0", &out);
    bool is_fine = load > 0 && served_wait_line(out, "measuring", line, line_bytes) &&
                   served_metrics(&slow->served, &slow->before) && (!stops || kill(slow->readers, SIGSTOP) == 0) && served_wait_line(out, "measured", line, line_bytes) &&
                   served_metrics(&slow->served, &slow->after) && served_wait_line(out, "{", line, line_bytes);
    served_stop_program(&load, &out);
    return is_fine;
}

static void report(const Slow* slow, const char* when, const char* line)
{
    static const char* const names[] = {"delivered", "gap_p99_ms"};
    char name[64];
    snprintf(name, sizeof name, "tick_p50_ms_%s", when);
    bench_result(name, served_tick_percentile_ms(&slow->before, &slow->after, 0.5));
    snprintf(name, sizeof name, "tick_p99_ms_%s", when);
    bench_result(name, served_tick_percentile_ms(&slow->before, &slow->after, 0.99));
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s_%s", names[i], when);
        bench_result(name, served_field(line, names[i]));
    }
    snprintf(name, sizeof name, "tick_max_ms_%s", when);
    bench_result(name, served_tick_percentile_ms(&slow->before, &slow->after, 1));
    snprintf(name, sizeof name, "filled_%s", when);
    bench_result(name, served_metric(&slow->after, "infinity_filled") - served_metric(&slow->before, "infinity_filled"));
    snprintf(name, sizeof name, "snapshots_left_out_%s", when);
    bench_result(name, served_metric(&slow->after, "infinity_frames_skipped") - served_metric(&slow->before, "infinity_frames_skipped"));
    snprintf(name, sizeof name, "server_mib_%s", when);
    bench_result(name, served_metric(&slow->after, "process_resident_memory_bytes") / 1048576);
}

static bool measure(Slow* slow)
{
    static char line[8192];
    bench_result("clients", slow->clients);
    bench_result("stalled", slow->stalled);
    slow->readers = start_load(slow, slow->stalled, 3600, "2", RECEIVE_BUFFER, &slow->readers_out);
    if (slow->readers <= 0 || !served_wait_line(slow->readers_out, "measuring", line, sizeof line) ||
        !play(slow, false, line, sizeof line)) {
        return false;
    }
    report(slow, "all_read", line);
    double p99 = served_tick_percentile_ms(&slow->before, &slow->after, 0.99);
    if (!play(slow, true, line, sizeof line)) {
        return false;
    }
    report(slow, "stalled", line);
    bench_result("growth", served_tick_percentile_ms(&slow->before, &slow->after, 0.99) / p99 - 1);
    for (uint32_t seconds = slow->seconds; seconds < LET_GO_S; seconds++) {
        sleep(1);
    }
    if (!served_metrics(&slow->served, &slow->after)) {
        return false;
    }
    bench_result("clients_left", served_metric(&slow->after, "infinity_clients"));
    bench_result("server_mib_after", served_metric(&slow->after, "process_resident_memory_bytes") / 1048576);
    return true;
}

BENCH(slow, "players who read nothing beside players: --clients 50 --stalled 200 --seconds 34")
{
    static Slow slow;
    slow.clients = (uint32_t)bench_option(&args, "clients", 50);
    slow.stalled = (uint32_t)bench_option(&args, "stalled", 200);
    slow.seconds = (uint32_t)bench_option(&args, "seconds", LET_GO_S);
    if (slow.clients < 1 || slow.stalled < 1 || slow.seconds < 1 || slow.seconds > 600) {
        fprintf(stderr, "infinity-bench: --clients and --stalled want 1 or more, --seconds 1 to 600 (the stalled are let go after 30)\n");
        return 2;
    }
    if (!served_open(&slow.served)) {
        return 1;
    }
    char settings[128];
    snprintf(settings, sizeof settings, "minds = 100\nplayers = %u\n", slow.clients + slow.stalled + 16);
    bool is_fine = served_start(&slow.served, settings) && measure(&slow);
    if (slow.readers > 0) {
        kill(slow.readers, SIGCONT);
    }
    served_stop_program(&slow.readers, &slow.readers_out);
    served_close(&slow.served, bench_flag(&args, "keep"));
    return is_fine ? 0 : 1;
}
