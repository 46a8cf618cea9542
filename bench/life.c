// Minds at their real pace, in the real shards with a real journal on the disk: what they take of one core, of memory, of
// the journal; what a snapshot costs them; and how long it takes from the start of a process until the galaxy lives
// again from that snapshot, its files out of the page cache. One thread ticks all shards; the journal's own thread and
// the snapshot's child are counted, too.
//
// The galaxy is founded, lived through as fast as it goes (--warm ticks), then at ten ticks a second (--seconds) with every
// tick made durable as if somebody were watching; a snapshot is taken while it goes on at that pace. Then this program is
// started anew (--open FOLDER) and has to come to the same hash.
#include "bench.h"

#include "shard/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_S (1.0 / INF_TICKS_PER_SECOND)

typedef struct Pace {
    double* tick_ms; ///< each tick until it is durable
    uint32_t count, capacity;
    double next_s; ///< when the next tick is due
} Pace;

static uint64_t folder_bytes;

static int by_value(const void* a, const void* b)
{
    double x = *(const double*)a, y = *(const double*)b;
    return x < y ? -1 : x > y;
}

static double percentile(Pace* pace, double share)
{
    qsort(pace->tick_ms, pace->count, sizeof *pace->tick_ms, by_value);
    return pace->count != 0 ? pace->tick_ms[(uint32_t)((pace->count - 1) * share)] : 0;
}

static int remove_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static int add_bytes(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)path, (void)walk;
    folder_bytes += type == FTW_F ? (uint64_t)status->st_size : 0;
    return 0;
}

static uint64_t bytes_of(const char* folder, const char* part)
{
    char path[4200];
    snprintf(path, sizeof path, "%s%s", folder, part);
    folder_bytes = 0;
    nftw(path, add_bytes, 16, FTW_PHYS);
    return folder_bytes;
}

/// So that opening reads from the disk.
static int forget_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)walk;
    int fd = type == FTW_F ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fdatasync(fd);
        posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
        close(fd);
    }
    return 0;
}

static double children_cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static uint64_t peak_rss_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss * 1024;
}

static InfShards* open_galaxy(const InfShardsDef* def)
{
    InfShards* shards;
    InfShardsError error;
    if (inf_shards_open(def, &shards, &error) != INF_OK) {
        fprintf(stderr, "infinity-bench: %s\n", error.text);
        return NULL;
    }
    return shards;
}

static bool tick(InfShards* shards)
{
    if (inf_shards_tick(shards) != INF_OK) {
        fprintf(stderr, "infinity-bench: %s\n", inf_shards_error(shards));
        return false;
    }
    return true;
}

/// One tick at the pace of a galaxy that is watched. @return milliseconds until it was durable; negative: it failed
static double paced_tick(InfShards* shards, Pace* pace)
{
    double begin = bench_wall_s();
    if (!tick(shards) || inf_shards_wait_durable(shards, -1) != INF_OK) {
        return -1;
    }
    double end = bench_wall_s(), ms = (end - begin) * 1000;
    if (pace->count < pace->capacity) {
        pace->tick_ms[pace->count++] = ms;
    }
    pace->next_s += TICK_S;
    if (pace->next_s > end) {
        struct timespec rest = {0, (long)((pace->next_s - end) * 1e9)};
        nanosleep(&rest, NULL);
    } else {
        pace->next_s = end; // late: the galaxy does not hurry afterwards
    }
    return ms;
}

static bool live_unpaced(InfShards* shards, int64_t ticks)
{
    double cpu_s = bench_cpu_s();
    for (int64_t i = 0; i < ticks; i++) {
        if (!tick(shards)) {
            return false;
        }
    }
    cpu_s = bench_cpu_s() - cpu_s;
    bench_result("warm_ticks", (double)ticks);
    bench_result("warm_core_share", ticks > 0 ? cpu_s / (double)ticks * INF_TICKS_PER_SECOND : 0);
    return inf_shards_wait_durable(shards, -1) == INF_OK;
}

static bool live_at_pace(InfShards* shards, const char* folder, int64_t seconds, uint32_t minds)
{
    int64_t ticks = seconds * INF_TICKS_PER_SECOND;
    Pace pace = {.tick_ms = calloc((size_t)ticks + 1, sizeof(double)), .capacity = (uint32_t)ticks};
    InfJournalStats before = inf_journal_get_stats(inf_shards_journal(shards));
    uint64_t disk_bytes = bytes_of(folder, "/journal.db");
    double cpu_s = bench_cpu_s(), wall_s = bench_wall_s();
    bool fine = pace.tick_ms != NULL;
    pace.next_s = wall_s;
    for (int64_t i = 0; i < ticks && fine; i++) {
        fine = paced_tick(shards, &pace) >= 0;
    }
    cpu_s = bench_cpu_s() - cpu_s;
    wall_s = bench_wall_s() - wall_s;
    InfJournalStats after = inf_journal_get_stats(inf_shards_journal(shards));
    double share = cpu_s / (double)(ticks > 0 ? ticks : 1) * INF_TICKS_PER_SECOND;
    bench_result("core_share", share);
    bench_result("cpu_ms_per_mind_hour", share * 3600 * 1000 / (minds > 0 ? minds : 1));
    bench_result("pace", (double)ticks * TICK_S / wall_s);
    bench_result("tick_p50_ms", percentile(&pace, 0.5));
    bench_result("tick_p99_ms", percentile(&pace, 0.99));
    bench_result("journal_input_bytes_per_tick", (double)(after.input_bytes - before.input_bytes) / (double)ticks);
    bench_result("journal_written_bytes_per_tick",
                 (double)(after.file_bytes_written - before.file_bytes_written) / (double)ticks);
    bench_result("journal_file_bytes_per_tick",
                 ((double)bytes_of(folder, "/journal.db") - (double)disk_bytes) / (double)ticks);
    free(pace.tick_ms);
    return fine;
}

static bool measure_snapshot(InfShards* shards, const char* folder)
{
    double all_ms[6000], fork_tick_ms = 0;
    Pace pace = {.tick_ms = all_ms, .capacity = 6000};
    uint64_t last = inf_shards_last_snapshot_tick(shards);
    double cpu_s = children_cpu_s(), begin_s = bench_wall_s();
    if (inf_shards_snapshot(shards) != INF_OK) {
        fprintf(stderr, "infinity-bench: no snapshot can be written\n");
        return false;
    }
    pace.next_s = begin_s;
    for (int i = 0; i < 3000 && inf_shards_last_snapshot_tick(shards) == last; i++) {
        double ms = paced_tick(shards, &pace);
        if (ms < 0) {
            return false;
        }
        fork_tick_ms = i == 0 ? ms : fork_tick_ms;
    }
    bench_result("snapshot_s", bench_wall_s() - begin_s);
    bench_result("snapshot_cpu_s", children_cpu_s() - cpu_s);
    bench_result("snapshot_fork_ms", (double)inf_snapshot_last_fork_ns(shards->snapshots) * 1e-6);
    bench_result("snapshot_first_tick_ms", fork_tick_ms);
    bench_result("snapshot_worst_tick_ms", percentile(&pace, 1));
    bench_result("snapshot_bytes", (double)bytes_of(folder, "/snapshots"));
    return inf_shards_last_snapshot_tick(shards) != last;
}

// ---- from the disk ----------------------------------------------------------------------------------------------

static InfShardsDef def_for(const char* folder)
{
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.snapshot_ticks = 0;
    return def;
}

/// The other process: open, tell the hash, live one tick, tell that.
static int open_and_live(const char* folder)
{
    double begin_s = bench_wall_s();
    InfShardsDef def = def_for(folder);
    InfShards* shards = open_galaxy(&def);
    if (shards == NULL) {
        return 1;
    }
    double open_s = bench_wall_s() - begin_s;
    uint64_t hash = inf_shards_hash(shards);
    inf_shards_set_observed(shards, true);
    begin_s = bench_wall_s();
    if (!tick(shards) || inf_shards_wait_durable(shards, -1) != INF_OK) {
        return 1;
    }
    printf("live %016llx %.6f %.6f %.6f %llu %llu %llu\n", (unsigned long long)hash, open_s, bench_wall_s() - begin_s,
           bench_cpu_s(), (unsigned long long)inf_shards_replayed_ticks(shards), (unsigned long long)bench_rss_bytes(),
           (unsigned long long)peak_rss_bytes());
    fflush(stdout);
    inf_shards_abandon(shards);
    return 0;
}

static bool measure_start(const char* folder, uint64_t expected_hash)
{
    char self[4096], line[512] = "";
    int ends[2];
    ssize_t bytes = readlink("/proc/self/exe", self, sizeof self - 1);
    if (bytes <= 0 || pipe(ends) != 0) {
        return false;
    }
    self[bytes] = 0;
    nftw(folder, forget_one, 16, FTW_PHYS);
    double begin_s = bench_wall_s();
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        execl(self, self, "life", "--open", folder, (char*)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE* out = fdopen(ends[0], "r");
    bool told = child > 0 && out != NULL && fgets(line, sizeof line, out) != NULL;
    double live_s = bench_wall_s() - begin_s;
    if (out != NULL) {
        fclose(out);
    }
    int status = 1;
    waitpid(child, &status, 0);
    unsigned long long hash, replayed, rss, peak;
    double open_s, tick_s, cpu_s;
    if (!told || status != 0 ||
        sscanf(line, "live %llx %lf %lf %lf %llu %llu %llu", &hash, &open_s, &tick_s, &cpu_s, &replayed, &rss, &peak) != 7) {
        fprintf(stderr, "infinity-bench: the galaxy was not opened again\n");
        return false;
    }
    bench_result("start_s", live_s);
    bench_result("start_cpu_s", cpu_s);
    bench_result("start_replayed_ticks", (double)replayed);
    bench_result("start_first_tick_s", tick_s);
    bench_result("start_rss_bytes", (double)rss);
    bench_result("start_peak_rss_bytes", (double)peak);
    if (hash != expected_hash) {
        fprintf(stderr, "infinity-bench: ANOTHER GALAXY came back: hash %016llx instead of %016llx\n", hash,
                (unsigned long long)expected_hash);
    }
    return hash == expected_hash;
}

// ---- the run ----------------------------------------------------------------------------------------------------

static bool measure(const BenchArgs* args, const char* folder)
{
    InfShardsDef def = def_for(folder);
    def.seed = (uint64_t)bench_option(args, "seed", 42);
    def.minds = (uint32_t)bench_option(args, "minds", 100000);
    def.shard_count = (uint32_t)bench_option(args, "shards", 16);
    def.stations_radius_mly = (uint64_t)bench_option(args, "radius", 100) * 1000;
    def.threads = (uint32_t)bench_option(args, "threads", 1);
    def.souls_capacity = def.minds + def.minds / 20 + 4096;
    int64_t warm = bench_option(args, "warm", 600), seconds = bench_option(args, "seconds", 20);
    uint64_t before_bytes = bench_rss_bytes();
    double begin_s = bench_cpu_s();
    InfShards* shards = open_galaxy(&def);
    if (shards == NULL) {
        return false;
    }
    bench_say("founded %u minds in %.1f s of CPU", def.minds, bench_cpu_s() - begin_s);
    bench_result("found_cpu_s", bench_cpu_s() - begin_s);
    bool fine = live_unpaced(shards, warm);
    InfTotals totals;
    inf_shards_totals(shards, &totals);
    uint32_t minds = (uint32_t)(totals.minds + totals.in_flight_souls);
    bench_result("minds", minds);
    inf_shards_set_observed(shards, true);
    fine = fine && live_at_pace(shards, folder, seconds, minds);
    bench_result("rss_bytes", (double)bench_rss_bytes());
    bench_result("bytes_per_mind", (double)(bench_rss_bytes() - before_bytes) / (minds > 0 ? minds : 1));
    fine = fine && measure_snapshot(shards, folder);
    const char* wrong = fine ? inf_shards_check(shards) : NULL;
    if (wrong != NULL) {
        fprintf(stderr, "infinity-bench: the galaxy is not whole: %s\n", wrong);
        fine = false;
    }
    uint64_t hash = inf_shards_hash(shards);
    inf_shards_abandon(shards);
    fine = fine && measure_start(folder, hash);
    bench_result_hash("hash", hash);
    return fine;
}

static const char* text_option(const BenchArgs* args, const char* name)
{
    for (int i = 0; i + 1 < args->count; i++) {
        if (strcmp(args->values[i], name) == 0) {
            return args->values[i + 1];
        }
    }
    return NULL;
}

BENCH(life, "minds at their real pace, snapshot and start: --minds 100000 [--warm 600 --seconds 20 --threads 1]")
{
    const char* opened = text_option(&args, "--open");
    if (opened != NULL) {
        _exit(open_and_live(opened)); // it has told its line
    }
    char folder[4096];
    const char* base = getenv("INF_BENCH_DIR"); // the disk to measure
    snprintf(folder, sizeof folder, "%s/infinity-life-XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, "infinity-bench: no folder %s: %s\n", folder, strerror(errno));
        return 1;
    }
    bool fine = measure(&args, folder);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return fine ? 0 : 1;
}
