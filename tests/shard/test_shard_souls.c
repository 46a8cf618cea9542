#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
// Souls through all shards and the journal: identities, copies and departures come out the same after a crash, each identity
// is in one place at every tick, and the records of lineages can be asked for.
#include "../test.h"

#include <infinity/soul.h>
#include <shard/shards.h>

#include <ftw.h>
#include <unistd.h>

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
        fprintf(stderr, "%s\n", error.text);
    }
    ENSURE(shards != NULL);
    return shards;
}

static void ensure_sound(const InfShards* shards)
{
    const char* wrong = inf_shards_check(shards);
    ENSURE_SAY(wrong == NULL, "tick %llu: %s", (unsigned long long)inf_shards_now(shards), wrong);
}

static void tick(InfShards* shards, uint32_t count)
{
    for (; count > 0; count--) {
        ENSURE(inf_shards_tick(shards) == INF_OK);
        ensure_sound(shards);
    }
}

static void give(InfShards* shards, uint32_t shard, const InfInput* input)
{
    ENSURE(inf_shards_submit(shards, shard, input) == INF_OK);
    tick(shards, 1);
    const InfWorld* world = inf_shards_world(shards, shard);
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Rejected) {
            ENSURE_SAY(event->Rejected.input != input->kind, "%s: %s", inf_input_word(input->kind),
                       inf_result_text((InfResult)event->Rejected.result));
        }
    }
}

/// A soul that is decided from outside, so that it stays where it is, bound to an identity of that mark.
static uint64_t bear(InfShards* shards, uint32_t shard, uint8_t mark)
{
    InfInput input = {.kind = INF_INPUT_KIND_MindBirth};
    memset(input.MindBirth.key, mark, INF_KEY_BYTES);
    memset(input.MindBirth.traits, 128, INF_TRAITS);
    input.MindBirth.credits = 10000;
    input.MindBirth.hull = INF_HULL_SHUTTLE;
    give(shards, shard, &input);
    uint64_t id = 0;
    for (const InfEvent* event = NULL; (event = inf_world_next_event(inf_shards_world(shards, shard), event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Born && event->Born.key[0] == mark) {
            id = event->Born.soul;
        }
    }
    ENSURE(id != 0);
    input = (InfInput){.kind = INF_INPUT_KIND_Bind};
    input.Bind.soul = id;
    memset(input.Bind.key, mark, INF_KEY_BYTES);
    memset(input.Bind.identity, mark, INF_HASH_BYTES);
    memset(input.Bind.root, mark, INF_HASH_BYTES);
    memset(input.Bind.lineage, mark, INF_HASH_BYTES);
    give(shards, shard, &input);
    return id;
}

static void depart(InfShards* shards, uint32_t shard, uint64_t soul, uint8_t passage)
{
    InfInput input = {.kind = INF_INPUT_KIND_Depart};
    input.Depart.soul = soul;
    input.Depart.way = INF_WAY_SERVER;
    memset(input.Depart.transfer, passage, INF_PASSAGE_BYTES);
    memset(input.Depart.destination, 0xb0, INF_KEY_BYTES);
    memset(input.Depart.lineage, 0xdd, INF_HASH_BYTES);
    give(shards, shard, &input);
}

static uint8_t state_of(const InfShards* shards, uint8_t mark)
{
    uint8_t identity[INF_HASH_BYTES];
    uint32_t count;
    memset(identity, mark, sizeof identity);
    uint32_t index1 = inf_world_find_identity(inf_shards_world(shards, 0), identity);
    return index1 != 0 ? inf_world_directory(inf_shards_world(shards, 0), &count)[index1 - 1].state : 0;
}

TEST(souls_are_in_one_place_through_copies_departures_and_a_crash)
{
    char folder[] = "/tmp/inf-shard-souls-XXXXXX";
    ENSURE(mkdtemp(folder) != NULL);
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.shard_count = 4;
    def.minds = 60;
    def.threads = 2;
    def.snapshot_ticks = 0;
    InfShards* shards = open_galaxy(&def);
    inf_shards_set_observed(shards, true);

    uint64_t first = bear(shards, 2, 0x21), second = bear(shards, 3, 0x31);
    tick(shards, 3); // shard 0 is told
    ENSURE(state_of(shards, 0x21) == INF_DIRECTORY_HERE && state_of(shards, 0x31) == INF_DIRECTORY_HERE);
    InfInput input = {.kind = INF_INPUT_KIND_Copy};
    input.Copy.soul = input.Copy.of = first;
    input.Copy.external = 1;
    memset(input.Copy.key, 0x22, INF_KEY_BYTES);
    memset(input.Copy.identity, 0x22, INF_HASH_BYTES);
    memset(input.Copy.lineage, 0x23, INF_HASH_BYTES);
    memset(input.Copy.lineage_of, 0x24, INF_HASH_BYTES);
    give(shards, 2, &input);
    input = (InfInput){.kind = INF_INPUT_KIND_Record};
    input.Record.soul = first;
    input.Record.act = INF_LINEAGE_COPIED;
    memset(input.Record.identity, 0x21, INF_HASH_BYTES);
    memset(input.Record.hash, 0x99, INF_HASH_BYTES);
    input.Record.text_bytes = 16;
    memcpy(input.Record.text, "{\"act\":\"copied\"}", 16);
    give(shards, 2, &input);
    depart(shards, 2, first, 1);
    depart(shards, 3, second, 2);
    tick(shards, 3);
    ENSURE(state_of(shards, 0x21) == INF_DIRECTORY_IN_FLIGHT && state_of(shards, 0x31) == INF_DIRECTORY_IN_FLIGHT);
    InfTotals totals;
    inf_shards_totals(shards, &totals);
    ENSURE(totals.border_credits > 10000);
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
    uint64_t hash = inf_shards_hash(shards);

    inf_shards_abandon(shards); // a crash while both are in flight
    shards = open_galaxy(&def);
    ensure_sound(shards);
    ENSURE(inf_shards_hash(shards) == hash);
    input = (InfInput){.kind = INF_INPUT_KIND_Settle};
    memset(input.Settle.transfer, 1, INF_PASSAGE_BYTES);
    give(shards, 0, &input); // refused: it is back
    uint32_t shard, index1;
    ENSURE(inf_shards_find_soul(shards, first, &shard, &index1) && shard == 0);
    memset(input.Settle.transfer, 2, INF_PASSAGE_BYTES);
    input.Settle.accepted = 1;
    give(shards, 0, &input);
    ENSURE(state_of(shards, 0x21) == INF_DIRECTORY_HERE && state_of(shards, 0x31) == INF_DIRECTORY_GONE);
    ENSURE(inf_shards_locate_soul(shards, second) == UINT32_MAX);
    tick(shards, 20);
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);

    InfJournalQuery* query;
    InfLineageRow row;
    uint8_t name[32];
    memset(name, 0x99, sizeof name);
    ENSURE(inf_journal_query_open(inf_shards_journal(shards), &query) == INF_OK);
    ENSURE(inf_journal_query_record(query, name, &row) == INF_OK);
    ENSURE(row.soul_id == first && row.text_bytes == 16 && strcmp(row.act, "copied") == 0 && row.identity[7] == 0x21);
    InfSoulRow soul;
    ENSURE(inf_journal_query_soul(query, first, &soul) == INF_OK && soul.key[0] == 0x21 && soul.shard == 0);
    inf_journal_query_close(query);
    inf_shards_close(shards);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
