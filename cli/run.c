// `infinity run`: a galaxy that lives without a server, as fast as the core can, and the report of it.
#include "cli.h"
#include "report.h"
#include "text.h"

#include <shard/shards.h>

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uint64_t minds = 10000, days = 7, seed = 42, threads;
static const char* report_folder;

static volatile sig_atomic_t is_stopping;

static void stop(int signal_number) {
    (void)signal_number;
    is_stopping = 1;
}

static double clock_s(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare_credits(const void* left, const void* right) {
    int64_t l = *(const int64_t*)left, r = *(const int64_t*)right;
    return l < r ? -1 : l > r ? 1 : 0;
}

// How the money of souls is spread. `credits` has room for all.
static void spread_sample(const InfShards* shards, InfReportDay* day, int64_t* credits, size_t capacity) {
    size_t count = 0;
    for (uint32_t shard = 0; shard < inf_shards_count(shards); shard++) {
        const InfWorld* world = inf_shards_world(shards, shard);
        uint32_t row_count;
        const InfSoul* souls = inf_world_souls(world, &row_count);
        for (uint32_t i = 0; i < row_count && count < capacity; i++) {
            if ((souls[i].generation & 1) == 0) continue;
            credits[count++] = inf_account_credits(world, souls[i].carried_account) +
                               inf_account_credits(world, souls[i].banked_account);
        }
    }
    if (count == 0) return;
    qsort(credits, count, sizeof *credits, compare_credits);
    day->median_credits = credits[count / 2];
    int64_t all = 0, rich = 0;
    for (size_t i = 0; i < count; i++) {
        all += credits[i];
        if (i >= count - (count + 9) / 10) rich += credits[i];
    }
    day->souls_credits = all;
    day->richest_tenth_permille = all > 0 ? rich * 1000 / all : 0;
}

static void day_sample(const InfShards* shards, InfReportDay* day, int64_t* credits, size_t capacity) {
    InfTotals totals;
    inf_shards_totals(shards, &totals);
    *day = (InfReportDay){
        .population = (int64_t)(totals.minds + totals.in_flight_souls),
        .births = totals.births,
        .trades = totals.trades,
        .units_mined = totals.units_mined,
        .jumps = totals.jumps,
        .shots = totals.shots,
        .discoveries = totals.discoveries,
        .supply_credits = totals.minted_credits - totals.burned_credits,
        .price_level = (double)totals.price_level_milli / 1000,
    };
    memcpy(day->deaths, totals.deaths, sizeof day->deaths);
    memcpy(day->income_credits, totals.income_credits, sizeof day->income_credits);
    for (uint32_t shard = 0; shard < inf_shards_count(shards); shard++) {
        const InfHeader* header = inf_world_header(inf_shards_world(shards, shard));
        for (size_t i = 0; i < INF_REASONS_MAX; i++) {
            day->minted_credits[i] += header->minted_credits[i];
            day->burned_credits[i] += header->burned_credits[i];
        }
    }
    spread_sample(shards, day, credits, capacity);
}

static void progress_show(uint64_t tick, uint64_t tick_count, double wall_s, int64_t population, bool is_day_end) {
    char alive[CLI_TEXT_BYTES], left[CLI_TEXT_BYTES];
    double rate = wall_s > 0 ? (double)tick / INF_TICKS_PER_SECOND / wall_s : 0;
    double left_s = tick > 0 ? wall_s * (double)(tick_count - tick) / (double)tick : 0;
    cli_text_count(alive, population);
    cli_text_seconds(left, (uint64_t)left_s);
    if (!isatty(STDERR_FILENO)) {
        if (is_day_end) {
            fprintf(stderr, "day %" PRIu64 " of %" PRIu64 ": %s minds, %.0f times real time, %s left\n", tick / INF_TICKS_PER_DAY,
                    tick_count / INF_TICKS_PER_DAY, alive, rate, left);
        }
        return;
    }
    int width = 30, filled = (int)((double)width * (double)tick / (double)tick_count);
    fprintf(stderr, "\r\x1b[K[");
    for (int i = 0; i < width; i++) fputs(i < filled ? "#" : "-", stderr);
    fprintf(stderr, "] day %.1f of %" PRIu64 "  %s minds  %.0f times real time  %s left (Ctrl-C ends after this)",
            (double)tick / INF_TICKS_PER_DAY, tick_count / INF_TICKS_PER_DAY, alive, rate, left);
    fflush(stderr);
}

// Live the days; fill the report's rows. What does not add up ends it.
static void live(InfShards* shards, InfReport* report, int64_t* credits, size_t capacity) {
    double wall_start = clock_s(CLOCK_MONOTONIC), cpu_start = clock_s(CLOCK_PROCESS_CPUTIME_ID), shown_s = wall_start;
    uint64_t tick_count = report->days * INF_TICKS_PER_DAY, start_tick = inf_shards_now(shards);
    for (uint64_t tick = 1; tick <= tick_count && report->broken == NULL; tick++) {
        if (inf_shards_tick(shards) != INF_OK) {
            report->broken = inf_shards_error(shards);
            break;
        }
        report->ticks = inf_shards_now(shards) - start_tick;
        if (!inf_shards_credits_conserved(shards)) report->broken = "credits are not conserved";
        report->ticks_checked++;
        bool is_day_end = tick % INF_TICKS_PER_DAY == 0;
        if (is_day_end) {
            const char* wrong = inf_shards_check(shards);
            if (wrong != NULL) report->broken = wrong;
            report->day_count++;
            day_sample(shards, &report->rows[report->day_count], credits, capacity);
        }
        double now_s = tick % 64 == 0 || is_day_end ? clock_s(CLOCK_MONOTONIC) : shown_s;
        if (now_s - shown_s >= 0.5 || is_day_end) {
            shown_s = now_s;
            progress_show(tick, tick_count, now_s - wall_start, report->rows[report->day_count].population, is_day_end);
        }
        if (is_stopping) break;
    }
    if (isatty(STDERR_FILENO)) fputs("\r\x1b[K", stderr);
    report->wall_seconds = clock_s(CLOCK_MONOTONIC) - wall_start;
    report->cpu_seconds = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
    report->final_hash = inf_shards_hash(shards);
}

static CliExit report_print(const InfReport* report) {
    if (cli_json) {
        json_t* object = inf_report_json(report);
        json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
        json_decref(object);
        printf("\n");
        return CLI_EXIT_OK;
    }
    const InfReportDay *first = &report->rows[0], *end = &report->rows[report->day_count];
    char a[CLI_TEXT_BYTES], b[CLI_TEXT_BYTES], c[CLI_TEXT_BYTES];
    printf("%zu days, %s ticks in %.1f s (%.0f times real time)\n", report->day_count, cli_text_count(a, (int64_t)report->ticks),
           report->wall_seconds, report->wall_seconds > 0 ? (double)report->ticks / INF_TICKS_PER_SECOND / report->wall_seconds : 0);
    printf("minds %s at first, %s now; price level %.3f; ", cli_text_count(a, first->population), cli_text_count(b, end->population),
           end->price_level);
    printf("%s in being; hash %016" PRIx64 "\n", cli_text_credits(c, end->supply_credits), report->final_hash);
    if (report_folder != NULL) printf("report: %s/report.md\n", report_folder);
    return CLI_EXIT_OK;
}

static CliExit run_run(int argument_count, const char** arguments) {
    (void)argument_count, (void)arguments;
    if (report_folder != NULL && mkdir(report_folder, 0755) != 0 && errno != EEXIST) {
        return cli_fail(errno == ENOSPC ? CLI_EXIT_DISK : CLI_EXIT_FAILED, "%s cannot be made: %s", report_folder, strerror(errno));
    }
    if (report_folder != NULL && access(report_folder, W_OK | X_OK) != 0) {
        return cli_fail(CLI_EXIT_FAILED, "%s cannot be written to: %s", report_folder, strerror(errno));
    }
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_NONE;
    def.seed = seed;
    def.minds = (uint32_t)minds;
    def.threads = (uint32_t)threads;
    InfShards* shards = NULL;
    InfShardsError error = {0};
    if (inf_shards_open(&def, &shards, &error) != INF_OK) return cli_fail(CLI_EXIT_FAILED, "the galaxy could not be made: %s", error.text);

    InfReport report = {.minds = minds, .days = days, .seed = seed};
    size_t capacity = 0;
    for (uint32_t shard = 0; shard < inf_shards_count(shards); shard++) {
        uint32_t row_count;
        inf_world_souls(inf_shards_world(shards, shard), &row_count);
        capacity += row_count;
    }
    capacity = capacity * 2 + 1024; // a sample that meets more souls than this leaves the last ones out
    report.rows = calloc(days + 1, sizeof *report.rows);
    int64_t* credits = malloc(capacity * sizeof *credits);
    CliExit result = CLI_EXIT_OK;
    if (report.rows == NULL || credits == NULL) {
        result = cli_fail(CLI_EXIT_FAILED, "out of memory");
    } else {
        struct sigaction action = {.sa_handler = stop}, before;
        sigaction(SIGINT, &action, &before);
        day_sample(shards, &report.rows[0], credits, capacity);
        live(shards, &report, credits, capacity);
        sigaction(SIGINT, &before, NULL);
        char path[1024];
        if (report.day_count == 0 && report.broken == NULL) {
            result = cli_fail(CLI_EXIT_FAILED, "ended before the first day was over: no report");
        } else if (report_folder != NULL && !inf_report_write(&report, report_folder, path, sizeof path)) {
            result = cli_fail(errno == ENOSPC || errno == EIO ? CLI_EXIT_DISK : CLI_EXIT_FAILED, "%s cannot be written: %s", path, strerror(errno));
        } else if (report.broken != NULL) {
            result = cli_fail(CLI_EXIT_DAMAGED, "at tick %" PRIu64 ": %s", report.ticks, report.broken);
        } else {
            result = report_print(&report);
        }
    }
    free(credits);
    free(report.rows);
    inf_shards_close(shards);
    return result;
}

static const CliOption options[] = {
    {"minds", CLI_NUMBER, &minds, "N", 1, 1000000, "minds at the founding (default: 10000)"},
    {"days", CLI_NUMBER, &days, "D", 1, 10000, "days to live, of two hours each (default: 7)"},
    {"seed", CLI_NUMBER, &seed, "S", 0, UINT64_MAX, "seed of the galaxy (default: 42)"},
    {"report", CLI_TEXT, &report_folder, "DIR", 0, 0, "write report.json, report.md and plots there"},
    {"threads", CLI_NUMBER, &threads, "N", 0, 256, "threads (default: 0, one for each processor)"},
};
const CliCommand cli_run = {
    .name = "run",
    .usage = "[--minds N] [--days D] [--seed S] [--report DIR] [--threads N]",
    .brief = "Lives a galaxy without a server, as fast as it can, and reports on it",
    .help = "The same numbers give the same galaxy, whatever the threads. After every tick it is checked that no credit\n"
            "came from nowhere or went nowhere, and every day the whole world. Ctrl-C ends with the days that are over.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 0,
    .arguments_max = 0,
    .run = run_run,
};
