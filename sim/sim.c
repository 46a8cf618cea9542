// infinity-sim [--seed S] [--runs N] [--seconds T] [--ticks N]: galaxies with faults, everything drawn from a seed.
//
// Each run draws a galaxy (shards, minds, threads, time between snapshots) and lives it in a folder of its own. Players throw
// inputs that make sense, nonsense, late ones and repetitions. At drawn moments the process is as good as killed (closed
// without a last snapshot), and what a bad disk does to snapshots is done: lost, torn, a byte turned over. Then the galaxy is
// opened again. What must hold, always:
//   * the galaxy is where it was at its last durable tick: the same hash as was seen there;
//   * credits are conserved at every tick; each soul is in one place; every world is whole;
//   * at the end, a replay of the journal from the first tick gives the same galaxy.
// A failure prints the seed that shows it again: infinity-sim --seed S --runs 1. Last line: `N passed, N failed`.
#include "shard/shards.h"
#include "tests/world/steer.h"

#include <infinity/random.h>

#include <dirent.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PLAYERS_MAX 40u
#define TICKS_MAX 100000u
#define HASHES (TICKS_MAX + 10000u) // a close makes a few ticks more

typedef struct Sim {
    uint64_t seed;
    InfRng rng;
    InfShardsDef def;
    char folder[64];
    InfShards* shards;
    uint64_t* hashes; // of tick i; 0: not lived yet
    uint32_t ticks, players, crashes, damages;
    char wrong[1200];
} Sim;

static uint64_t below(Sim* sim, uint64_t bound)
{
    return inf_rng_below(&sim->rng, bound);
}

static bool fail(Sim* sim, const char* what)
{
    snprintf(sim->wrong, sizeof sim->wrong, "%s", what);
    return false;
}

static int remove_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static bool open_galaxy(Sim* sim)
{
    InfShardsError error;
    return inf_shards_open(&sim->def, &sim->shards, &error) == INF_OK || fail(sim, error.text);
}

static void claim_tags(Sim* sim)
{
    static const char letters[] = "abdefghkmt"; // none looks like another
    for (uint32_t i = 0; i < sim->players; i++) {
        InfInput input = {.kind = INF_INPUT_KIND_TagClaim};
        for (uint32_t k = 0; k < INF_KEY_BYTES; k++) {
            input.TagClaim.key[k] = (uint8_t)inf_rng_next(&sim->rng);
        }
        snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Sim %c%c", letters[i / 10 % 10], letters[i % 10]);
        inf_shards_submit(sim->shards, 0, &input);
    }
}

/// What clients do: mostly what steer_input() draws, with a sequence now and then that is old, new or far ahead.
static void throw_inputs(Sim* sim)
{
    static InfInput input;
    static uint8_t bytes[512];
    for (uint64_t inputs = below(sim, 4); inputs > 0; inputs--) {
        uint32_t shard = below(sim, 2) == 0 ? 0 : (uint32_t)below(sim, inf_shards_count(sim->shards));
        for (uint32_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)inf_rng_next(&sim->rng);
        }
        InfReader dice = inf_reader_make(bytes, sizeof bytes);
        steer_input(inf_shards_world(sim->shards, shard), &dice, &input);
        if (input.kind == INF_INPUT_KIND_TransferIn || input.kind == INF_INPUT_KIND_TransferReceipt ||
            input.kind == INF_INPUT_KIND_Found || input.kind == INF_INPUT_KIND_TagClaim || input.kind == INF_INPUT_KIND_MindBirth) {
            continue; // the host's own; it does not lie to itself
        }
        if (inf_input_is_client(input.kind) && below(sim, 2) == 0) {
            input.Undock.sequence = (uint32_t)below(sim, 2 * (inf_shards_now(sim->shards) + 1));
        }
        for (uint64_t times = 1 + below(sim, 8) / 7; times > 0; times--) { // sent again by a client that heard nothing
            inf_shards_submit(sim->shards, shard, &input);
        }
    }
}

static bool live(Sim* sim, uint64_t until)
{
    while (inf_shards_now(sim->shards) < until) {
        throw_inputs(sim);
        if (inf_shards_tick(sim->shards) != INF_OK) {
            return fail(sim, inf_shards_error(sim->shards));
        }
        uint64_t now = inf_shards_now(sim->shards), hash = inf_shards_hash(sim->shards);
        sim->hashes[now] = hash;
        if (!inf_shards_credits_conserved(sim->shards)) {
            return fail(sim, "credits are not conserved");
        }
        if (now % 100 == 0 && inf_shards_check(sim->shards) != NULL) {
            return fail(sim, inf_shards_check(sim->shards));
        }
        if (below(sim, 50) == 0) {
            inf_shards_set_observed(sim->shards, below(sim, 2) == 0);
        }
        if (below(sim, 200) == 0) {
            usleep(1000); // lets a snapshot's child get on
        }
    }
    return true;
}

/// What a bad disk does to snapshots. The journal alone must be enough.
static void damage_snapshots(Sim* sim)
{
    char path[512], name[128];
    snprintf(path, sizeof path, "%s/snapshots", sim->folder);
    DIR* folder = opendir(path);
    for (struct dirent* entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.' || below(sim, 3) != 0) {
            continue;
        }
        snprintf(name, sizeof name, "%.100s", entry->d_name);
        snprintf(path, sizeof path, "%s/snapshots/%s", sim->folder, name);
        struct stat status;
        if (stat(path, &status) != 0 || status.st_size == 0 || !S_ISREG(status.st_mode)) {
            continue;
        }
        sim->damages++;
        off_t at = (off_t)below(sim, (uint64_t)status.st_size);
        switch (below(sim, 3)) {
        case 0: unlink(path); break;
        case 1:
            if (truncate(path, at) != 0) {
                perror(path);
            }
            break;
        default: {
            FILE* file = fopen(path, "r+b");
            if (file != NULL) {
                fseeko(file, at, SEEK_SET);
                int old = fgetc(file);
                fseeko(file, at, SEEK_SET);
                fputc((old == EOF ? 0 : old) ^ 0x20, file);
                fclose(file);
            }
        }
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

/// After the crash: at a tick that was lived, not before the newest that was promised, with the hash of then.
static bool come_back(Sim* sim, uint64_t promised, uint64_t lived)
{
    if (!open_galaxy(sim)) {
        return false;
    }
    uint64_t now = inf_shards_now(sim->shards);
    if (now < promised) {
        return fail(sim, "a tick that was durable is gone");
    }
    if (now > lived && promised == lived) { // a clean close lives on until its last snapshot is recorded
        sim->hashes[now] = inf_shards_hash(sim->shards);
    }
    memset(sim->hashes + now + 1, 0, (HASHES - now - 1) * sizeof *sim->hashes); // what was lived after that never was
    if (inf_shards_hash(sim->shards) != sim->hashes[now]) {
        snprintf(sim->wrong, sizeof sim->wrong, "the galaxy is not what it was at tick %" PRIu64 " (durable %" PRIu64 ", hash %" PRIx64 ", then %" PRIx64 ")",
                 now, promised, inf_shards_hash(sim->shards), sim->hashes[now]);
        return false;
    }
    const char* wrong = inf_shards_check(sim->shards);
    return wrong == NULL || fail(sim, wrong);
}

static bool run(Sim* sim)
{
    if (!open_galaxy(sim)) {
        return false;
    }
    sim->hashes[inf_shards_now(sim->shards)] = inf_shards_hash(sim->shards);
    claim_tags(sim);
    while (inf_shards_now(sim->shards) < sim->ticks) {
        uint64_t left = sim->ticks - inf_shards_now(sim->shards);
        uint64_t span = 1 + below(sim, left < 600 ? left : 600);
        if (!live(sim, inf_shards_now(sim->shards) + span)) {
            return false;
        }
        if (below(sim, 3) == 0 && inf_shards_snapshot(sim->shards) == INF_OK) {
            usleep((useconds_t)below(sim, 20000));
        }
        uint64_t promised = inf_shards_durable_tick(sim->shards);
        if (below(sim, 2) == 0 && inf_shards_wait_durable(sim->shards, -1) == INF_OK) {
            promised = inf_shards_durable_tick(sim->shards);
        }
        uint64_t lived = inf_shards_now(sim->shards);
        if (below(sim, 5) == 0) {
            inf_shards_close(sim->shards);
            promised = lived;
        } else {
            inf_shards_abandon(sim->shards);
        }
        sim->shards = NULL;
        sim->crashes++;
        if (below(sim, 2) == 0) {
            damage_snapshots(sim);
        }
        sim->def.threads = 1 + (uint32_t)below(sim, 4);
        if (!come_back(sim, promised, lived)) {
            return false;
        }
    }
    uint64_t tick = inf_shards_now(sim->shards), hash = inf_shards_hash(sim->shards);
    inf_shards_wait_durable(sim->shards, -1);
    inf_shards_abandon(sim->shards);
    sim->shards = NULL;
    sim->def.read_only = sim->def.from_beginning = true;
    if (!open_galaxy(sim)) {
        return false;
    }
    return (inf_shards_now(sim->shards) == tick && inf_shards_hash(sim->shards) == hash) ||
           fail(sim, "a replay from the first tick gives another galaxy");
}

static bool simulate(uint64_t seed, uint32_t ticks)
{
    static Sim sim;
    memset(&sim, 0, sizeof sim);
    sim.seed = seed;
    inf_rng_seed(&sim.rng, seed, 0x73696d);
    snprintf(sim.folder, sizeof sim.folder, "/tmp/inf-sim-XXXXXX");
    sim.hashes = calloc(HASHES, sizeof *sim.hashes);
    if (sim.hashes == NULL || mkdtemp(sim.folder) == NULL) {
        perror("infinity-sim");
        exit(1);
    }
    sim.ticks = ticks;
    sim.players = 1 + (uint32_t)below(&sim, PLAYERS_MAX);
    sim.def = inf_shards_def_default();
    sim.def.store = INF_SHARDS_FOLDER;
    sim.def.folder = sim.folder;
    sim.def.seed = inf_rng_next(&sim.rng);
    sim.def.shard_count = 1u << below(&sim, 5);
    sim.def.minds = (uint32_t)below(&sim, 300);
    sim.def.souls_capacity = sim.def.minds + 100 + (uint32_t)below(&sim, 400);
    sim.def.stations_radius_mly = 8000 + below(&sim, 16000);
    sim.def.threads = 1 + (uint32_t)below(&sim, 4);
    sim.def.snapshot_ticks = 50 + (uint32_t)below(&sim, 800);
    bool well = run(&sim);
    printf("seed %" PRIu64 ": %u shards, %u minds, %u players, %u crashes, %u snapshots damaged: %s\n", seed, sim.def.shard_count,
           sim.def.minds, sim.players, sim.crashes, sim.damages, well ? "well" : sim.wrong);
    if (sim.shards != NULL) {
        inf_shards_abandon(sim.shards);
    }
    if (well) {
        nftw(sim.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    } else {
        printf("its folder is kept: %s; again: infinity-sim --seed %" PRIu64 " --runs 1 --ticks %u\n", sim.folder, seed, ticks);
    }
    free(sim.hashes);
    return well;
}

static int64_t option(int argc, char** argv, const char* name, int64_t otherwise)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            char* end;
            long long value = strtoll(argv[i + 1], &end, 10);
            if (*end != '\0' || end == argv[i + 1] || value < 0) {
                fprintf(stderr, "infinity-sim: %s wants a whole number, not %s\n", name, argv[i + 1]);
                exit(2);
            }
            return value;
        }
    }
    return otherwise;
}

int main(int argc, char** argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i += 2) {
        if ((strcmp(argv[i], "--seed") != 0 && strcmp(argv[i], "--runs") != 0 && strcmp(argv[i], "--seconds") != 0 &&
             strcmp(argv[i], "--ticks") != 0) || i + 1 == argc) {
            fprintf(stderr, "usage: infinity-sim [--seed S] [--runs N] [--seconds T] [--ticks N]\n");
            return 2;
        }
    }
    const char* test_seed = getenv("INF_TEST_SEED");
    bool is_given = test_seed != NULL && *test_seed != '\0';
    uint64_t seed = (uint64_t)option(argc, argv, "--seed", is_given ? strtoll(test_seed, NULL, 0) : (int64_t)time(NULL));
    uint64_t runs = (uint64_t)option(argc, argv, "--runs", 1000);
    int64_t seconds = option(argc, argv, "--seconds", 600);
    uint32_t ticks = (uint32_t)option(argc, argv, "--ticks", 3000);
    if (ticks > TICKS_MAX) {
        fprintf(stderr, "infinity-sim: --ticks is at most %u\n", TICKS_MAX);
        return 2;
    }
    time_t end = time(NULL) + (time_t)seconds;
    unsigned passed = 0, failed = 0;
    for (uint64_t i = 0; i < runs && time(NULL) < end; i++) {
        if (simulate(seed + i, ticks)) {
            passed++;
        } else {
            failed++;
        }
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
