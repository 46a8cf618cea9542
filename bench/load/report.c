// What was measured, as lines or as one JSON object.
#include "load.h"

#include <stdio.h>

static uint32_t percentile(const uint32_t* counts, uint32_t last, double share)
{
    uint64_t all = 0, sum = 0;
    for (uint32_t i = 0; i <= last; i++) {
        all += counts[i];
    }
    for (uint32_t i = 0; i <= last; i++) {
        sum += counts[i];
        if (all != 0 && (double)sum >= share * (double)all) {
            return i;
        }
    }
    return 0;
}

typedef struct Line {
    const char* name;
    double value;
} Line;

void load_report(const LoadOptions* options, const LoadResult* result)
{
    const LoadSums* sums = &result->fleet.sums;
    double seconds = (double)result->measured_us * 1e-6;
    double expected = seconds * options->tick_hz * options->clients;
    double snapshots = sums->snapshots != 0 ? (double)sums->snapshots : 1;
    const Line lines[] = {
        {"clients", options->clients},
        {"connected", result->connected},
        {"closed", result->fleet.closed},
        {"flying", result->flying},
        {"signin_s", (double)result->connected_us * 1e-6},
        {"seconds", seconds},
        {"snapshots", (double)sums->snapshots},
        {"expected", expected},
        {"delivered", (double)sums->snapshots / expected},
        {"gap_p50_ms", percentile(sums->gap_ms, LOAD_GAP_MS_MAX, 0.5)},
        {"gap_p99_ms", percentile(sums->gap_ms, LOAD_GAP_MS_MAX, 0.99)},
        {"gap_max_ms", percentile(sums->gap_ms, LOAD_GAP_MS_MAX, 1.0)},
        {"arrival_gap_p50_ms", percentile(sums->arrival_gap_ms, LOAD_GAP_MS_MAX, 0.5)},
        {"arrival_gap_p99_ms", percentile(sums->arrival_gap_ms, LOAD_GAP_MS_MAX, 0.99)},
        {"ticks_skipped", (double)sums->ticks_skipped},
        {"bytes_per_snapshot", (double)sums->snapshot_bytes / snapshots},
        {"bytes_per_tick", (double)sums->bytes / snapshots},
        {"frames_per_tick", (double)sums->frames / snapshots},
        {"ships_seen", (double)sums->ships_seen / snapshots},
        {"inputs", (double)sums->inputs},
        {"accepted", (double)sums->accepted},
        {"rejected", (double)sums->rejected},
        {"refused", (double)sums->refused},
        {"acks", (double)sums->acks},
        {"acks_lost", (double)sums->acks_lost},
        {"ack_p50_ms", percentile(sums->ack_ms, LOAD_ACK_MS_MAX, 0.5)},
        {"ack_p99_ms", percentile(sums->ack_ms, LOAD_ACK_MS_MAX, 0.99)},
        {"events", (double)sums->events},
        {"fired_events", (double)sums->fired_events},
        {"said", (double)sums->said},
        {"said_events", (double)sums->said_events},
        {"decode_errors", (double)sums->decode_errors},
        {"sequence_errors", (double)sums->sequence_errors},
        {"implausible", (double)sums->implausible},
        {"proof_errors", (double)sums->proof_errors},
        {"cpu_s", result->cpu_s},
        {"cores", seconds > 0 ? result->cpu_s / seconds : 0},
        {"cpu_us_per_snapshot", result->cpu_s * 1e6 / snapshots},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (options->json) {
            printf("%s\"%s\": %.10g", i == 0 ? "{" : ", ", lines[i].name, lines[i].value);
        } else {
            printf("%-20s %.10g\n", lines[i].name, lines[i].value);
        }
    }
    fputs(options->json ? "}\n" : "", stdout);
    if (result->fleet.first_error[0] != 0) {
        fprintf(stderr, "infinity-load: the first thing that was wrong: %s\n", result->fleet.first_error);
    }
    if (result->fleet.first_closed[0] != 0) {
        fprintf(stderr, "infinity-load: the first connection that was lost: %s\n", result->fleet.first_closed);
    }
}
