// replay: how many times faster than real time a journal is run again. A galaxy of one shard is recorded in which a
// thousand players fly around each other at the Concourse, each sending an input every second; then it is opened anew
// and replayed from its first tick, hash checks included.
#include "bench.h"

#include <shard/shards.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void remove_folder(const char* folder)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) {
        fprintf(stderr, "infinity-bench: %s could not be removed\n", folder);
    }
}

static uint64_t soul_of(const InfWorld* world, uint32_t player, uint8_t key[INF_KEY_BYTES])
{
    memset(key, 0x5a, INF_KEY_BYTES);
    memcpy(key, &player, sizeof player);
    uint32_t tag_index1 = inf_world_find_tag_by_key(world, key), count;
    return tag_index1 != 0 ? inf_world_tags(world, &count)[tag_index1 - 1].soul : 0;
}

static void claim(InfShards* shards, uint32_t player)
{
    InfInput input;
    memset(&input, 0, sizeof input);
    input.kind = INF_INPUT_KIND_TagClaim;
    soul_of(inf_shards_world(shards, 0), player, input.TagClaim.key);
    snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Bench %c%c%c", 'a' + player / 676 % 26, 'a' + player / 26 % 26,
             'a' + player % 26);
    inf_shards_submit(shards, 0, &input);
}

static void act(InfShards* shards, uint32_t player, uint32_t players, uint32_t sequence)
{
    const InfWorld* world = inf_shards_world(shards, 0);
    uint8_t key[INF_KEY_BYTES];
    uint32_t count, soul_index1 = inf_world_find_soul(world, soul_of(world, player, key));
    if (soul_index1 == 0) {
        return;
    }
    const InfSoul* soul = &inf_world_souls(world, &count)[soul_index1 - 1];
    const InfShip* ship = soul->ship_index1 != 0 ? &inf_world_ships(world, &count)[soul->ship_index1 - 1] : NULL;
    InfInput input;
    memset(&input, 0, sizeof input);
    if ((soul->flags & INF_SOUL_CONNECTED) == 0) {
        input.kind = INF_INPUT_KIND_Presence;
        input.Presence.soul = soul->id;
        input.Presence.connected = 1;
    } else if (ship == NULL || ship->state == INF_SHIP_STATE_DOCKED) {
        input.kind = INF_INPUT_KIND_Undock;
    } else {
        uint32_t other_index1 = inf_world_find_soul(world, soul_of(world, (player * 7 + sequence) % players, key));
        const InfSoul* other = other_index1 != 0 ? &inf_world_souls(world, &count)[other_index1 - 1] : soul;
        input.kind = INF_INPUT_KIND_Order;
        input.Order.order = INF_ORDER_ORBIT;
        input.Order.range_m = 2000;
        input.Order.target = other->ship_index1 != 0 ? inf_world_ships(world, &count)[other->ship_index1 - 1].id : 0;
    }
    inf_input_set_soul(&input, soul->id);
    if (input.kind != INF_INPUT_KIND_Presence) {
        input.Undock.sequence = sequence;
    }
    inf_shards_submit(shards, 0, &input);
}

static uint32_t hot_ships(const InfWorld* world)
{
    uint32_t count, ships = 0;
    const InfPlace* places = inf_world_places(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        ships += places[i].hot != 0 ? places[i].ship_count : 0;
    }
    return ships;
}

static int record(const InfShardsDef* def, uint32_t players, uint32_t ticks, uint32_t* hot, uint64_t* hash, uint64_t* now)
{
    InfShardsError error;
    InfShards* shards;
    if (inf_shards_open(def, &shards, &error) != INF_OK) {
        fprintf(stderr, "infinity-bench: %s\n", error.text);
        return 1;
    }
    uint64_t sum = 0;
    for (uint32_t t = 0; t < ticks; t++) {
        for (uint32_t player = 0; player < players; player++) {
            if (t * 50 <= player && player < t * 50 + 50) {
                claim(shards, player);
            } else if (t > 30 && (player + t) % 10 == 0) {
                act(shards, player, players, t);
            }
        }
        if (inf_shards_tick(shards) != INF_OK) {
            fprintf(stderr, "infinity-bench: %s\n", inf_shards_error(shards));
            inf_shards_abandon(shards);
            return 1;
        }
        sum += hot_ships(inf_shards_world(shards, 0));
    }
    inf_shards_wait_durable(shards, -1);
    *hot = (uint32_t)(sum / ticks);
    *hash = inf_shards_hash(shards);
    *now = inf_shards_now(shards);
    inf_shards_abandon(shards);
    return 0;
}

BENCH(replay, "a journal with a thousand ships in one hot place, run again: --ships 1120 --ticks 3000")
{
    uint32_t players = (uint32_t)bench_option(&args, "ships", 1120), ticks = (uint32_t)bench_option(&args, "ticks", 3000);
    char folder[] = "/tmp/infinity-replay-XXXXXX";
    if (ticks == 0 || mkdtemp(folder) == NULL) {
        fprintf(stderr, "infinity-bench: no folder in /tmp, or no ticks\n");
        return 1;
    }
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.shard_count = 1;
    def.minds = 0;
    def.souls_capacity = players + 1000;
    def.stations_radius_mly = 0;
    def.threads = 1;
    def.snapshot_ticks = 0;
    uint32_t hot = 0;
    uint64_t hash = 0, now = 0;
    if (record(&def, players, ticks, &hot, &hash, &now) != 0) {
        remove_folder(folder);
        return 1;
    }
    def.read_only = true;
    def.from_beginning = true;
    InfShards* shards;
    InfShardsError error;
    double start = bench_cpu_s(), start_wall = bench_wall_s();
    InfResult result = inf_shards_open(&def, &shards, &error);
    double cpu_s = bench_cpu_s() - start, wall_s = bench_wall_s() - start_wall;
    if (result != INF_OK) {
        fprintf(stderr, "infinity-bench: %s\n", error.text);
        remove_folder(folder);
        return 1;
    }
    bool same = inf_shards_hash(shards) == hash && inf_shards_now(shards) == now;
    inf_shards_abandon(shards);
    remove_folder(folder);
    if (!same) {
        fprintf(stderr, "infinity-bench: the replay ended with another hash\n");
        return 1;
    }
    double seconds = (double)now / INF_TICKS_PER_SECOND;
    bench_say("%.0f s of a galaxy, %u ships hot on average, again in %.2f s of CPU: the same hash", seconds, hot, cpu_s);
    bench_result("times_real_time", seconds / cpu_s);
    bench_result("times_real_time_wall", seconds / wall_s);
    bench_result("hot_ships", hot);
    bench_result("ticks", (double)now);
    return 0;
}
