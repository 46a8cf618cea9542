// What moving a soul costs. Part one: cuts between two shards through the real shards code (routing, outboxes, inputs,
// journal in memory): souls with ship, hold and wallet go from a station of one shard to a station of the other and back,
// as fast as the ticks go. At the end everybody is counted and the books are held against each other.
#include "transfer.h"

#include <infinity/soul.h>
#include <shard/shards.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Cuts {
    InfShards* shards;
    uint32_t souls;
    InfInput aim[2]; ///< the Depart to the station of the other shard
    uint32_t cursor[2];
} Cuts;

static bool open_galaxy(Cuts* cuts, uint32_t souls, uint32_t threads)
{
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_MEMORY;
    def.shard_count = 2;
    def.minds = 0;
    def.souls_capacity = 2 * souls + 1000;
    def.threads = threads;
    InfShardsError error;
    if (inf_shards_open(&def, &cuts->shards, &error) != INF_OK) {
        fprintf(stderr, "infinity-bench: %s\n", error.text);
        return false;
    }
    return true;
}

/// Souls that are decided from outside, so that they stay where they are put.
static void bear(Cuts* cuts, uint32_t souls)
{
    for (uint32_t i = 0; i < souls; i++) {
        InfInput input = {.kind = INF_INPUT_KIND_MindBirth};
        memcpy(input.MindBirth.key, &(uint32_t){i + 1}, 4);
        input.MindBirth.credits = 1000000;
        input.MindBirth.hull = INF_HULL_SHUTTLE;
        memset(input.MindBirth.traits, 128, INF_TRAITS);
        inf_shards_submit(cuts->shards, i % 2, &input);
        if (i % 400 == 399) {
            inf_shards_tick(cuts->shards);
        }
    }
    inf_shards_tick(cuts->shards);
}

static bool aim(Cuts* cuts)
{
    for (uint32_t s = 0; s < 2; s++) {
        const InfWorld* other = inf_shards_world(cuts->shards, 1 - s);
        uint32_t count, places;
        const InfStation* stations = inf_world_stations(other, &count);
        if (count == 0) {
            return false;
        }
        InfSystemAddress address = inf_place_address(other, stations[0].place_index1);
        InfInputDepart* depart = &cuts->aim[s].Depart;
        cuts->aim[s].kind = INF_INPUT_KIND_Depart;
        depart->way = INF_WAY_GALAXY;
        memcpy(depart->sector, &address, sizeof depart->sector);
        depart->system_in_sector = address.index;
        depart->body = inf_world_places(other, &places)[stations[0].place_index1 - 1].body;
        memset(depart->lineage, 7, INF_HASH_BYTES);
    }
    return true;
}

/// Everybody who is docked is told to go, up to what the route offers in a tick. @return how many
static uint32_t send(Cuts* cuts, uint32_t per_tick)
{
    uint32_t sent = 0;
    for (uint32_t s = 0; s < 2; s++) {
        uint32_t count, told = 0;
        const InfSoul* souls = inf_world_souls(inf_shards_world(cuts->shards, s), &count);
        for (uint32_t i = 0; i < count && told < per_tick; i++) {
            const InfSoul* soul = &souls[cuts->cursor[s]++ % count]; // everybody in turn
            if ((soul->generation & 1u) == 0) {
                continue;
            }
            cuts->aim[s].Depart.soul = soul->id;
            told += inf_shards_submit(cuts->shards, s, &cuts->aim[s]) == INF_OK;
        }
        sent += told;
    }
    return sent;
}

static uint32_t arrived(const Cuts* cuts)
{
    uint32_t count = 0;
    for (uint32_t s = 0; s < 2; s++) {
        const InfWorld* world = inf_shards_world(cuts->shards, s);
        for (const InfEvent* event = inf_world_next_event(world, NULL); event != NULL; event = inf_world_next_event(world, event)) {
            count += event->kind == INF_EVENT_KIND_Appeared;
        }
    }
    return count;
}

static int cuts_between_shards(BenchArgs args)
{
    uint32_t souls = (uint32_t)bench_option(&args, "souls", 4000);
    double seconds = (double)bench_option(&args, "seconds", 5);
    Cuts cuts = {.souls = souls};
    if (!open_galaxy(&cuts, souls, (uint32_t)bench_option(&args, "threads", 1))) {
        return 1;
    }
    bear(&cuts, souls);
    if (!aim(&cuts)) {
        fprintf(stderr, "infinity-bench: a shard has no station\n");
        return 1;
    }
    uint64_t done = 0, ticks = 0;
    double start = bench_wall_s(), cpu = bench_cpu_s(), worst = 0;
    while (bench_wall_s() - start < seconds) {
        double begin = bench_wall_s();
        send(&cuts, 64); // as many as one shard offers another in a tick
        if (inf_shards_tick(cuts.shards) != INF_OK) {
            fprintf(stderr, "infinity-bench: %s\n", inf_shards_error(cuts.shards));
            return 1;
        }
        double spent = bench_wall_s() - begin;
        worst = spent > worst ? spent : worst;
        done += arrived(&cuts);
        ticks++;
    }
    double wall = bench_wall_s() - start;
    cpu = bench_cpu_s() - cpu;
    for (int i = 0; i < 5; i++) {
        inf_shards_tick(cuts.shards);
    }
    InfTotals totals;
    inf_shards_totals(cuts.shards, &totals);
    const char* wrong = inf_shards_check(cuts.shards);
    bool whole = wrong == NULL && totals.minds == souls && totals.in_flight_souls == 0;
    bench_say("%llu cuts between two shards in %.2f s, %llu ticks, journal in memory; %.1f us CPU each; longest tick %.2f ms; %s",
              (unsigned long long)done, wall, (unsigned long long)ticks, cpu * 1e6 / (double)(done + 1), worst * 1e3,
              whole ? "everybody is in one place and every credit is somewhere" : wrong != NULL ? wrong : "somebody is missing");
    bench_result("cuts_per_s_shards", (double)done / wall);
    bench_result("cut_cpu_us_shards", done != 0 ? cpu * 1e6 / (double)done : 0);
    inf_shards_abandon(cuts.shards);
    return whole ? 0 : 1;
}

BENCH(transfer, "souls that are copied and moved: --souls 4000 --seconds 5 --threads 1 --copies 2000 --minds 1500 --founded 6000 --server-seconds 8")
{
    if (bench_flag(&args, "servers-only")) {
        return bench_transfer_servers(args);
    }
    int copies = bench_transfer_copies(args), shards = cuts_between_shards(args), servers = bench_transfer_servers(args);
    return copies != 0 ? copies : shards != 0 ? shards : servers;
}
