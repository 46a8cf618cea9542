// Replay: how fast a journal gives its galaxy back. One shard, so many players at one spot in a hot place, most orbiting each
// other, a quarter flying by hand, each giving an order every few seconds; lived once into a real journal in a folder of its
// own, then replayed from the first tick and held against the hash of the life.
#include "bench.h"

#include <shard/shards.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SETTLE_TICKS 400u // claims, undocking, getting under way
#define CLAIMS_PER_TICK 20u

typedef struct Players {
    uint64_t* souls;
    uint32_t count;
} Players;

static int remove_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static InfShards* open_galaxy(const InfShardsDef* def)
{
    InfShards* shards;
    InfShardsError error;
    if (inf_shards_open(def, &shards, &error) != INF_OK) {
        fprintf(stderr, "infinity-bench: %s\n", error.text);
        exit(1);
    }
    return shards;
}

static void submit(InfShards* shards, const InfInput* input)
{
    if (inf_shards_submit(shards, 0, input) != INF_OK) {
        fprintf(stderr, "infinity-bench: an input found no room\n");
        exit(1);
    }
}

static void claim(InfShards* shards, uint32_t player)
{
    InfInput input = {.kind = INF_INPUT_KIND_TagClaim};
    memcpy(input.TagClaim.key, &player, sizeof player);
    input.TagClaim.key[31] = 1;
    static const char letters[] = "abdefghkmt"; // none looks like another
    snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Pilot %c%c%c%c", letters[player / 1000 % 10],
             letters[player / 100 % 10], letters[player / 10 % 10], letters[player % 10]);
    submit(shards, &input);
}

static void go_out(InfShards* shards, Players* players, uint32_t player)
{
    uint8_t key[INF_KEY_BYTES] = {0};
    memcpy(key, &player, sizeof player);
    key[31] = 1;
    const InfWorld* world = inf_shards_world(shards, 0);
    uint32_t tag_index1 = inf_world_find_tag_by_key(world, key), count;
    if (tag_index1 == 0) {
        return;
    }
    players->souls[player] = inf_world_tags(world, &count)[tag_index1 - 1].soul;
    InfInput input = {.kind = INF_INPUT_KIND_Presence};
    input.Presence.soul = players->souls[player];
    input.Presence.connected = 1;
    submit(shards, &input);
    input = (InfInput){.kind = INF_INPUT_KIND_Undock};
    input.Undock.soul = players->souls[player];
    submit(shards, &input);
}

static uint64_t ship_of(const InfWorld* world, uint64_t soul)
{
    uint32_t count, soul_index1 = inf_world_find_soul(world, soul);
    uint32_t ship_index1 = soul_index1 != 0 ? inf_world_souls(world, &count)[soul_index1 - 1].ship_index1 : 0;
    return ship_index1 != 0 ? inf_world_ships(world, &count)[ship_index1 - 1].id : 0;
}

static void act(InfShards* shards, const Players* players, uint32_t player, uint32_t tick)
{
    const InfWorld* world = inf_shards_world(shards, 0);
    InfInput input = {.kind = INF_INPUT_KIND_Order};
    if (player % 4 == 0) {
        input.kind = INF_INPUT_KIND_Helm;
        input.Helm.soul = players->souls[player];
        input.Helm.thrust[2] = (int8_t)(40 + tick % 80);
        input.Helm.turn[1] = (int8_t)((player + tick) % 100 - 50);
    } else {
        input.Order.soul = players->souls[player];
        input.Order.order = INF_ORDER_ORBIT;
        input.Order.target = ship_of(world, players->souls[(player * 7919u + tick / 50 + 1) % players->count]);
        input.Order.range_m = (float)(1000 + player * 37 % 9000);
    }
    submit(shards, &input);
}

static uint32_t ships_hot(const InfWorld* world)
{
    uint32_t count, ships = 0;
    const InfPlace* places = inf_world_places(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        ships += (places[i].generation & 1u) != 0 && places[i].hot ? places[i].ship_count : 0;
    }
    return ships;
}

static void live(InfShards* shards, Players* players, uint32_t ticks)
{
    for (uint32_t tick = 0; tick < ticks; tick++) {
        for (uint32_t i = 0; i < CLAIMS_PER_TICK; i++) {
            uint32_t player = tick * CLAIMS_PER_TICK + i;
            if (player < players->count) {
                claim(shards, player);
            }
            if (tick >= 5 && player - 5 * CLAIMS_PER_TICK < players->count) {
                go_out(shards, players, player - 5 * CLAIMS_PER_TICK);
            }
        }
        if (tick >= SETTLE_TICKS / 2) {
            for (uint32_t player = tick % 50; player < players->count; player += 50) { // each every five seconds
                act(shards, players, player, tick);
            }
        }
        if (inf_shards_tick(shards) != INF_OK) {
            fprintf(stderr, "infinity-bench: %s\n", inf_shards_error(shards));
            exit(1);
        }
    }
}

BENCH(replay, "a journal of players in a hot place lived again: --ships 1000 --ticks 6000")
{
    Players players = {.count = (uint32_t)bench_option(&args, "ships", 1000)};
    uint32_t ticks = SETTLE_TICKS + (uint32_t)bench_option(&args, "ticks", 6000);
    players.count = players.count < 2 ? 2 : players.count > SETTLE_TICKS / 4 * CLAIMS_PER_TICK ? SETTLE_TICKS / 4 * CLAIMS_PER_TICK : players.count;
    players.souls = calloc(players.count, sizeof *players.souls);
    char folder[] = "/tmp/inf-replay-XXXXXX";
    if (players.souls == NULL || mkdtemp(folder) == NULL) {
        perror("infinity-bench");
        return 1;
    }
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.shard_count = 1;
    def.threads = 1;
    def.minds = 0;
    def.souls_capacity = players.count * 2;
    def.stations_radius_mly = 0; // the Concourse alone
    def.snapshot_ticks = 0;
    InfShards* shards = open_galaxy(&def);
    double live_start = bench_cpu_s();
    live(shards, &players, ticks);
    double live_cpu_s = bench_cpu_s() - live_start;
    uint32_t hot = ships_hot(inf_shards_world(shards, 0));
    inf_shards_wait_durable(shards, -1);
    uint64_t hash = inf_shards_hash(shards), lived = inf_shards_now(shards);
    inf_shards_abandon(shards);

    def.read_only = true;
    def.from_beginning = true;
    double cpu_start = bench_cpu_s(), wall_start = bench_wall_s();
    shards = open_galaxy(&def);
    double cpu_s = bench_cpu_s() - cpu_start, wall_s = bench_wall_s() - wall_start;
    bool same = inf_shards_now(shards) == lived && inf_shards_hash(shards) == hash;
    inf_shards_abandon(shards);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(players.souls);

    bench_say("%u ships hot, %llu ticks: lived in %.2f s of CPU, replayed in %.2f s (%.2f s by the clock), %s", hot,
              (unsigned long long)lived, live_cpu_s, cpu_s, wall_s, same ? "the same galaxy" : "ANOTHER GALAXY");
    bench_result("times_real_time", (double)lived / INF_TICKS_PER_SECOND / cpu_s);
    bench_result("times_real_time_by_clock", (double)lived / INF_TICKS_PER_SECOND / wall_s);
    bench_result("ticks_per_cpu_s", (double)lived / cpu_s);
    bench_result("ships_hot", hot);
    bench_result("ticks", (double)lived);
    bench_result_hash("hash", hash);
    return same ? 0 : 1;
}
