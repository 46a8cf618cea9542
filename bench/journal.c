// journal: a galaxy of 16 shards writes its ticks as a server does, and beside it, in the same run, the bare limit:
// write and fdatasync of the same bytes. A tick is a real one (its records, head and rows), but the pause between
// two ticks is shortened from 100 ms to --pause_us, so that the run is short while the disk still comes to rest
// between two syncs as it does in life.
#include "bench.h"

#include <journal/journal.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHARDS = 16, INPUT_BYTES_MAX = 4096, STATEMENTS = 8 };

static uint64_t random_next(uint64_t* state) {
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static int compare_doubles(const void* a, const void* b) {
    double one = *(const double*)a, two = *(const double*)b;
    return one < two ? -1 : one > two;
}

static double percentile(double* sorted, int64_t count, double share) {
    return sorted[(int64_t)((double)(count - 1) * share)];
}

/// 100 players, each with a helm input (32 bytes) in most ticks and an order (24 to 80 bytes) now and then, spread
/// over the shards as their systems are; half of them are at the Heart.
static uint32_t make_records(uint64_t* state, int64_t players, InfJournalRecord* records,
                             uint8_t inputs[SHARDS][INPUT_BYTES_MAX]) {
    size_t bytes[SHARDS] = {0};
    uint32_t count = 0;
    for (int64_t player = 0; player < players; player++) {
        uint32_t shard = player % 2 == 0 ? 0 : (uint32_t)(player / 2) % SHARDS;
        size_t wanted = random_next(state) % 10 < 7 ? 32 : 0;
        wanted += random_next(state) % 10 == 0 ? 24 + random_next(state) % 57 : 0;
        for (size_t i = 0; i < wanted && bytes[shard] < INPUT_BYTES_MAX; i++) {
            inputs[shard][bytes[shard]++] = (uint8_t)random_next(state);
        }
    }
    for (uint32_t shard = 0; shard < SHARDS; shard++) {
        if (bytes[shard] > 0) {
            records[count++] = (InfJournalRecord){.shard = shard, .inputs = inputs[shard], .inputs_bytes = bytes[shard]};
        }
    }
    return count;
}

static InfJournalRows make_rows(uint64_t* state, uint64_t tick, InfStatementRow* statements) {
    for (int i = 0; i < STATEMENTS; i++) {
        statements[i] = (InfStatementRow){.tick = tick,
                                          .soul_id = random_next(state) % 100,
                                          .amount_credits = (int64_t)(random_next(state) % 1000) - 500,
                                          .balance_credits = 10000,
                                          .reason = "market sale"};
    }
    return (InfJournalRows){.projected_tick = tick, .statements = statements, .statement_count = STATEMENTS};
}

static void remove_folder(const char* folder) {
    DIR* open_folder = opendir(folder);
    for (struct dirent* entry; open_folder != NULL && (entry = readdir(open_folder)) != NULL;) {
        unlinkat(dirfd(open_folder), entry->d_name, 0);
    }
    if (open_folder != NULL) {
        closedir(open_folder);
    }
    rmdir(folder);
}

BENCH(journal, "commit of one tick of 16 shards, beside write and fdatasync of the same bytes") {
    int64_t ticks = bench_option(&args, "ticks", 2000), players = bench_option(&args, "players", 100);
    int64_t pause_us = bench_option(&args, "pause_us", 2000);
    char folder[4096];
    const char* base = getenv("INF_BENCH_DIR"); // the disk to measure; the working folder otherwise
    snprintf(folder, sizeof folder, "%s/bench-journal-XXXXXX", base != NULL ? base : ".");
    InfJournalDef def = inf_journal_def_default();
    InfJournal* journal = NULL;
    InfJournalError error;
    double* commit_ms = calloc((size_t)ticks + 1, sizeof *commit_ms);
    double* raw_ms = calloc((size_t)ticks + 1, sizeof *raw_ms);
    static uint8_t inputs[SHARDS][INPUT_BYTES_MAX];
    static uint8_t raw_bytes[1 << 20];
    if (ticks < 1 || commit_ms == NULL || raw_ms == NULL || mkdtemp(folder) == NULL) {
        bench_say("cannot prepare the journal's benchmark: %s", strerror(errno));
        return 1;
    }
    def.folder = folder;
    def.meta.shard_count = SHARDS;
    if (inf_journal_open(&def, &journal, &error) != INF_OK) {
        bench_say("%s", error.text);
        return 1;
    }
    char raw_path[4200];
    snprintf(raw_path, sizeof raw_path, "%s/raw", folder);
    int raw_fd = open(raw_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    uint64_t state = 42, log_bytes = 0, raw_total = 0;
    double cpu_s = 0;
    int failure = raw_fd < 0;
    for (int64_t i = 0; i < ticks && !failure; i++) {
        uint64_t tick = (uint64_t)i + 1;
        InfJournalRecord records[SHARDS];
        InfStatementRow statements[STATEMENTS];
        uint32_t count = make_records(&state, players, records, inputs);
        InfJournalRows rows = make_rows(&state, tick, statements);
        double begin_s = bench_wall_s(), begin_cpu_s = bench_cpu_s();
        failure = inf_journal_append(journal, tick, records, count, &rows) != INF_OK ||
                  inf_journal_wait(journal, tick, -1) != INF_OK;
        commit_ms[i] = (bench_wall_s() - begin_s) * 1000;
        cpu_s += bench_cpu_s() - begin_cpu_s;
        usleep((useconds_t)pause_us);
        // The bare limit: what SQLite wrote for this tick, by one write and one fdatasync.
        uint64_t written = inf_journal_get_stats(journal).file_bytes_written;
        size_t raw_count = written - log_bytes < sizeof raw_bytes ? written - log_bytes : sizeof raw_bytes;
        log_bytes = written;
        raw_total += raw_count;
        begin_s = bench_wall_s();
        failure = failure || write(raw_fd, raw_bytes, raw_count) != (ssize_t)raw_count || fdatasync(raw_fd) != 0;
        raw_ms[i] = (bench_wall_s() - begin_s) * 1000;
        usleep((useconds_t)pause_us);
    }
    InfJournalStats stats = inf_journal_get_stats(journal);
    inf_journal_close(journal);
    struct stat status = {0};
    char path[4200];
    snprintf(path, sizeof path, "%s/journal.db", folder);
    failure = failure || stat(path, &status) != 0;
    close(raw_fd);
    remove_folder(folder);
    if (failure) {
        bench_say("the journal failed: %s", strerror(errno));
        return 1;
    }
    qsort(commit_ms, (size_t)ticks, sizeof *commit_ms, compare_doubles);
    qsort(raw_ms, (size_t)ticks, sizeof *raw_ms, compare_doubles);
    bench_say("%lld ticks of %d shards, %lld players; append to durable, beside one write and fdatasync of the same bytes",
              (long long)ticks, SHARDS, (long long)players);
    bench_result("commit_p50_ms", percentile(commit_ms, ticks, 0.50));
    bench_result("commit_p99_ms", percentile(commit_ms, ticks, 0.99));
    bench_result("commit_max_ms", commit_ms[ticks - 1]);
    bench_result("raw_p50_ms", percentile(raw_ms, ticks, 0.50));
    bench_result("raw_p99_ms", percentile(raw_ms, ticks, 0.99));
    bench_result("bytes_per_tick", (double)status.st_size / (double)ticks);
    bench_result("input_bytes_per_tick", (double)stats.input_bytes / (double)ticks);
    bench_result("log_bytes_per_tick", (double)raw_total / (double)ticks);
    bench_result("cpu_us_per_tick", cpu_s * 1e6 / (double)ticks);
    bench_result("records_per_tick", (double)stats.records / (double)ticks);
    free(commit_ms);
    free(raw_ms);
    return 0;
}
