// `infinity replay`: computes a galaxy again from its journal, and so proves that the journal is whole.
#include "cli.h"
#include "text.h"

#include <shard/shards.h>

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t until_tick, threads;
static bool is_all;

static double monotonic_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void progress(void* user, uint64_t done_ticks, uint64_t all_ticks) {
    double* shown_s = user;
    double now_s = monotonic_s();
    if (all_ticks == 0 || now_s - *shown_s < 0.2 || !isatty(STDERR_FILENO)) return;
    *shown_s = now_s;
    int filled = (int)(30 * done_ticks / all_ticks);
    fprintf(stderr, "\r\x1b[K[");
    for (int i = 0; i < 30; i++) fputs(i < filled ? "#" : "-", stderr);
    fprintf(stderr, "] tick %" PRIu64 " of %" PRIu64, done_ticks, all_ticks);
    fflush(stderr);
}

static CliExit journal_verify(void) {
    InfJournalDef def = inf_journal_def_default();
    def.folder = cli_galaxy;
    def.mode = INF_JOURNAL_READ;
    def.check = INF_JOURNAL_CHECK_FULL;
    InfJournal* journal = NULL;
    InfJournalError error = {0};
    InfResult result = inf_journal_open(&def, &journal, &error);
    inf_journal_close(journal);
    return result == INF_OK ? CLI_EXIT_OK : cli_fail(cli_exit_of(result), "%s", error.text);
}

static CliExit replay_run(int argument_count, const char** arguments) {
    (void)argument_count, (void)arguments;
    double start_s = monotonic_s(), shown_s = start_s;
    if (is_all) {
        CliExit verified = journal_verify();
        if (verified != CLI_EXIT_OK) return verified;
    }
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = cli_galaxy;
    def.read_only = true;
    def.until_tick = until_tick;
    def.from_beginning = is_all;
    def.threads = (uint32_t)threads;
    def.progress = progress;
    def.progress_user = &shown_s;
    InfShards* shards = NULL;
    InfShardsError error = {0};
    InfResult result = inf_shards_open(&def, &shards, &error);
    if (isatty(STDERR_FILENO)) fputs("\r\x1b[K", stderr);
    if (result != INF_OK) return cli_fail(cli_exit_of(result), "%s", error.text[0] != '\0' ? error.text : inf_result_text(result));
    double seconds = monotonic_s() - start_s;
    const char* wrong = inf_shards_check(shards);
    uint64_t tick = inf_shards_now(shards), replayed = inf_shards_replayed_ticks(shards), hash = inf_shards_hash(shards);
    InfTotals totals;
    inf_shards_totals(shards, &totals);
    inf_shards_abandon(shards);
    if (wrong != NULL) return cli_fail(CLI_EXIT_DAMAGED, "the world at tick %" PRIu64 " is not whole: %s", tick, wrong);
    double rate = seconds > 0 ? (double)replayed / INF_TICKS_PER_SECOND / seconds : 0;
    char hash_text[20];
    snprintf(hash_text, sizeof hash_text, "%016" PRIx64, hash);
    if (cli_json) {
        json_t* report = json_pack("{s:I, s:s, s:I, s:f, s:f, s:b, s:I, s:I}", "tick", (json_int_t)tick, "hash", hash_text, "replayed_ticks",
                                   (json_int_t)replayed, "seconds", seconds, "times_real_time", rate, "from_beginning", is_all, "minds",
                                   (json_int_t)totals.minds, "players", (json_int_t)totals.players);
        json_dumpf(report, stdout, JSON_COMPACT);
        json_decref(report);
        printf("\n");
        return CLI_EXIT_OK;
    }
    char a[CLI_TEXT_BYTES], b[CLI_TEXT_BYTES], c[CLI_TEXT_BYTES];
    printf("tick %s, hash %s\n", cli_text_count(a, (int64_t)tick), hash_text);
    printf("%s ticks computed again from %s in %.1f s (%.0f times real time); every hash on the way matches\n",
           cli_text_count(a, (int64_t)replayed), is_all ? "the first tick" : "the newest snapshot", seconds, rate);
    printf("%s minds, %s players, %s in being; the books add up\n", cli_text_count(a, (int64_t)totals.minds),
           cli_text_count(b, (int64_t)totals.players), cli_text_credits(c, totals.minted_credits - totals.burned_credits));
    return CLI_EXIT_OK;
}

static const CliOption options[] = {
    CLI_OPTION_GALAXY,
    {"all", CLI_FLAG, &is_all, NULL, 0, 0, "verify the whole journal and replay from the first tick (default: newest snapshot)"},
    {"until", CLI_NUMBER, &until_tick, "TICK", 1, UINT64_MAX, "stop there (default: the journal's end)"},
    {"threads", CLI_NUMBER, &threads, "N", 0, 256, "threads (default: 0, one for each processor)"},
};
const CliCommand cli_replay = {
    .name = "replay",
    .usage = "[--all] [--until TICK] [--galaxy DIR]",
    .brief = "Computes a galaxy again from its journal and compares every hash",
    .help = "Reads only; works beside a running server too. Prints the tick and the hash of the world it arrives at.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 0,
    .arguments_max = 0,
    .run = replay_run,
};
