#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
// A galaxy of many shards: credits are conserved, each soul is in one place, and the journal gives the same galaxy again.
#include "../test.h"

#include <infinity/route.h>
#include <shard/shards.h>
#include <ftw.h>
#include <unistd.h>

static int remove_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void remove_tree(const char* path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/// A galaxy that is kept in a new folder. @param folder  a name as mkdtemp() takes it; made
static InfShardsDef def_in(char* folder)
{
    ENSURE(mkdtemp(folder) != NULL);
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    return def;
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

static void run_ticks(InfShards* shards, int ticks)
{
    for (int i = 0; i < ticks; i++) {
        ENSURE(inf_shards_tick(shards) == INF_OK);
        ENSURE(inf_shards_credits_conserved(shards));
    }
}

static uint64_t claim(InfShards* shards, const char* tag, uint8_t key_byte)
{
    InfInput input = {.kind = INF_INPUT_KIND_TagClaim};
    memset(input.TagClaim.key, key_byte, sizeof input.TagClaim.key);
    snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "%s", tag);
    ENSURE(inf_shards_submit(shards, 0, &input) == INF_OK);
    ENSURE(inf_shards_tick(shards) == INF_OK);
    uint32_t tag_index1 = inf_world_find_tag(inf_shards_world(shards, 0), tag);
    ENSURE(tag_index1 != 0);
    uint32_t count;
    return inf_world_tags(inf_shards_world(shards, 0), &count)[tag_index1 - 1].soul;
}

TEST(minds_live_in_every_number_of_shards)
{
    for (uint32_t count = 1; count <= 16; count *= 4) {
        InfShardsDef def = inf_shards_def_default();
        def.shard_count = count;
        def.minds = 300;
        def.threads = 2;
        InfShards* shards = open_galaxy(&def);
        InfTotals totals;
        inf_shards_totals(shards, &totals);
        ENSURE(totals.minds == 300);
        run_ticks(shards, 3000);
        const char* wrong = inf_shards_check(shards);
        if (wrong != NULL) {
            fprintf(stderr, "%s\n", wrong);
        }
        ENSURE(wrong == NULL);
        inf_shards_totals(shards, &totals);
        ENSURE(totals.minds + totals.in_flight_souls > 200);
        ENSURE(totals.trades > 0);
        inf_shards_close(shards);
    }
}

/// @return how often the soul spoke, as its galaxy's journal has counted
static uint64_t lines_of(const char* folder, uint64_t soul)
{
    InfJournalDef def = inf_journal_def_default();
    def.folder = folder;
    def.mode = INF_JOURNAL_READ;
    InfJournal* journal;
    InfJournalQuery* query;
    InfHabitSum sums[4];
    uint32_t count;
    ENSURE(inf_journal_open(&def, &journal, NULL) == INF_OK && inf_journal_query_open(journal, &query) == INF_OK);
    ENSURE(inf_journal_query_habits(query, soul, sums, 4, &count) == INF_OK && count <= 1);
    ENSURE(count == 0 || strcmp(sums[0].habit, "talked") == 0);
    inf_journal_query_close(query);
    inf_journal_close(journal);
    return count == 0 ? 0 : sums[0].times;
}

static void speak(InfShards* shards, uint64_t soul, uint32_t sequence)
{
    InfInput input = {.kind = INF_INPUT_KIND_Say, .Say = {.soul = soul, .sequence = sequence, .reach = INF_REACH_PLACE, .text = "Here I am."}};
    ENSURE(inf_shards_submit(shards, inf_shards_locate_soul(shards, soul), &input) == INF_OK);
    ENSURE(inf_shards_tick(shards) == INF_OK);
}

TEST(what_a_player_did_is_counted_once_also_through_crashes)
{
    char folder[] = "/tmp/inf-habits-XXXXXX";
    InfShardsDef def = def_in(folder);
    def.minds = 50;
    InfShards* shards = open_galaxy(&def);
    uint64_t soul = claim(shards, "Talker", 1);
    uint32_t count, mind1 = 0;
    const InfSoul* souls = inf_world_souls(inf_shards_world(shards, 0), &count);
    while (mind1 < count && ((souls[mind1].generation & 1u) == 0 || souls[mind1].id == soul)) {
        mind1++;
    }
    uint64_t mind = mind1 < count ? souls[mind1].id : 0;
    inf_shards_set_observed(shards, true);
    for (uint32_t i = 0; i < 20; i++) {
        speak(shards, soul, i + 1);
        if (mind != 0 && inf_shards_locate_soul(shards, mind) != UINT32_MAX) {
            speak(shards, mind, i + 1); // of minds nothing is counted
        }
    }
    run_ticks(shards, 2);
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
    ENSURE_EQ_U64(20, lines_of(folder, soul));
    speak(shards, soul, 21); // in a record, and its row is not yet in
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
    ENSURE_EQ_U64(20, lines_of(folder, soul));
    inf_shards_abandon(shards);
    for (int i = 0; i < 2; i++) { // what was lived is lived again, and counted once
        shards = open_galaxy(&def);
        ENSURE(inf_shards_replayed_ticks(shards) > 0);
        inf_shards_set_observed(shards, true);
        run_ticks(shards, 2);
        ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
        ENSURE_EQ_U64(21, lines_of(folder, soul));
        ENSURE(mind == 0 || lines_of(folder, mind) == 0);
        inf_shards_abandon(shards);
    }
    remove_tree(folder);
}

TEST(threads_do_not_change_anything)
{
    uint64_t hashes[2];
    for (uint32_t t = 0; t < 2; t++) {
        InfShardsDef def = inf_shards_def_default();
        def.minds = 400;
        def.threads = t == 0 ? 1 : 4;
        InfShards* shards = open_galaxy(&def);
        run_ticks(shards, 2000);
        hashes[t] = inf_shards_hash(shards);
        inf_shards_close(shards);
    }
    ENSURE(hashes[0] == hashes[1]);
}

TEST(a_journal_gives_the_same_galaxy_again)
{
    char folder[] = "/tmp/inf-shards-XXXXXX";
    InfShardsDef def = def_in(folder);
    def.minds = 200;
    def.threads = 2;
    def.snapshot_ticks = 300;
    InfShards* shards = open_galaxy(&def);
    ENSURE(inf_shards_was_created(shards));
    uint64_t soul = claim(shards, "Wanderer", 1);
    inf_shards_set_observed(shards, true);
    for (uint32_t i = 0; i < 900; i++) {
        if (i % 7 == 0) {
            InfInput input = {.kind = INF_INPUT_KIND_Say};
            input.Say.soul = soul;
            input.Say.sequence = i + 1;
            input.Say.reach = INF_REACH_PLACE;
            snprintf(input.Say.text, sizeof input.Say.text, "Line %u.", i);
            uint32_t shard = inf_shards_locate_soul(shards, soul);
            ENSURE(inf_shards_submit(shards, shard, &input) == INF_OK);
        }
        ENSURE(inf_shards_tick(shards) == INF_OK);
        usleep(200);
    }
    for (int i = 0; i < 2000 && inf_shards_last_snapshot_tick(shards) == 0; i++) { // the child takes its time
        ENSURE(inf_shards_tick(shards) == INF_OK);
        usleep(5000);
    }
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
    uint64_t tick = inf_shards_now(shards), hash = inf_shards_hash(shards);
    ENSURE(inf_shards_last_snapshot_tick(shards) > 0);
    inf_shards_abandon(shards); // as after a crash: no last snapshot

    shards = open_galaxy(&def);
    ENSURE(!inf_shards_was_created(shards));
    ENSURE(inf_shards_now(shards) == tick && inf_shards_hash(shards) == hash);
    ENSURE(inf_shards_check(shards) == NULL);
    ENSURE(inf_shards_replayed_ticks(shards) < tick);
    inf_shards_abandon(shards);

    def.from_beginning = true;
    shards = open_galaxy(&def);
    ENSURE(inf_shards_now(shards) == tick && inf_shards_hash(shards) == hash);
    ENSURE(inf_shards_replayed_ticks(shards) == tick);
    def.from_beginning = false;
    run_ticks(shards, 50); // it goes on from there
    inf_shards_close(shards);

    shards = open_galaxy(&def); // the last snapshot of a clean close
    ENSURE(inf_shards_replayed_ticks(shards) < 200);
    ENSURE(inf_shards_check(shards) == NULL);
    inf_shards_abandon(shards);

    def.read_only = true; // beside it, up to a tick
    def.until_tick = tick;
    shards = open_galaxy(&def);
    ENSURE(inf_shards_now(shards) == tick && inf_shards_hash(shards) == hash);
    inf_shards_abandon(shards);
    remove_tree(folder);
}

// What goes from shard to shard is computed again by a replay and not kept.
TEST(minds_add_nothing_to_the_journal)
{
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_MEMORY;
    def.shard_count = 4;
    def.minds = 2000;
    InfShards* shards = open_galaxy(&def);
    run_ticks(shards, 1);
    uint64_t before = inf_journal_get_stats(inf_shards_journal(shards)).input_bytes, transfers = 0;
    run_ticks(shards, 1500);
    for (uint32_t s = 0; s < 4; s++) {
        transfers += inf_world_header(inf_shards_world(shards, s))->transfer_sequence;
    }
    ENSURE(transfers > 100);
    ENSURE(inf_journal_get_stats(inf_shards_journal(shards)).input_bytes == before);
    inf_shards_abandon(shards);
}

/// What a soul's client has counted to, wherever the soul is.
static uint32_t sequence_of(const InfShards* shards, uint64_t id, bool* is_flying)
{
    static InfSoul row;
    uint32_t shard, index1, count;
    *is_flying = !inf_shards_find_soul(shards, id, &shard, &index1);
    if (!*is_flying) {
        ENSURE(!inf_shards_read_flying(shards, id, &row));
        return inf_world_souls(inf_shards_world(shards, shard), &count)[index1 - 1].client_sequence;
    }
    ENSURE(inf_shards_read_flying(shards, id, &row) && row.id == id);
    return row.client_sequence;
}

TEST(a_soul_between_two_shards_is_read_as_it_left)
{
    enum { SOULS = 300 };
    static uint64_t ids[SOULS];
    uint32_t count, known = 0, flights = 0;
    InfShardsDef def = inf_shards_def_default();
    def.minds = 2000;
    InfShards* shards = open_galaxy(&def);
    for (uint32_t s = 0; s < inf_shards_count(shards); s++) {
        const InfSoul* souls = inf_world_souls(inf_shards_world(shards, s), &count);
        for (uint32_t i = 0; i < count && known < SOULS; i++) {
            InfInput input = {.kind = INF_INPUT_KIND_Undock};
            if ((souls[i].generation & 1u) != 0) {
                input.Undock.soul = ids[known] = souls[i].id;
                input.Undock.sequence = 1000 + known++;
                ENSURE(inf_shards_submit(shards, s, &input) == INF_OK);
            }
        }
    }
    ENSURE(known == SOULS);
    for (int tick = 0; tick < 6000 && flights < 20; tick++) {
        run_ticks(shards, 1);
        for (uint32_t i = 0; i < SOULS; i++) {
            bool is_flying;
            if (inf_shards_locate_soul(shards, ids[i]) != UINT32_MAX) { // it lives
                ENSURE_EQ_U64(1000 + i, sequence_of(shards, ids[i], &is_flying));
                flights += is_flying;
            }
        }
    }
    ENSURE(flights >= 20);
    inf_shards_abandon(shards);
}

TEST(a_galaxy_of_other_rules_is_not_opened)
{
    const uint32_t versions[][2] = {{INF_GALAXY_VERSION, INF_RULES_VERSION + 1}, {INF_GALAXY_VERSION, INF_RULES_VERSION - 1},
                                    {INF_GALAXY_VERSION + 1, INF_RULES_VERSION}};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        char folder[] = "/tmp/inf-shards-XXXXXX";
        ENSURE(mkdtemp(folder) != NULL);
        InfJournalDef journal_def = inf_journal_def_default();
        InfJournal* journal;
        journal_def.folder = folder;
        journal_def.mode = INF_JOURNAL_CREATE;
        journal_def.meta.generator_version = versions[i][0];
        journal_def.meta.rules_version = versions[i][1];
        ENSURE(inf_journal_open(&journal_def, &journal, NULL) == INF_OK);
        static uint8_t bytes[INF_INPUT_BYTES_MAX];
        InfWriter writer = inf_writer_make(bytes, sizeof bytes);
        InfInput input = {.kind = INF_INPUT_KIND_Found};
        input.Found = (InfInputFound){.minds = 10, .souls_capacity = 100, .stations_radius_mly = 4000};
        ENSURE(inf_input_write(&writer, &input));
        InfJournalRecord record = {.shard = 0, .inputs = bytes, .inputs_bytes = writer.at};
        ENSURE(inf_journal_append(journal, 1, &record, 1, NULL) == INF_OK && inf_journal_wait(journal, 1, -1) == INF_OK);
        inf_journal_close(journal);
        for (int read_only = 0; read_only < 2; read_only++) {
            InfShardsDef def = inf_shards_def_default();
            InfShards* shards;
            InfShardsError error;
            def.store = INF_SHARDS_FOLDER;
            def.folder = folder;
            def.read_only = read_only != 0;
            ENSURE(inf_shards_open(&def, &shards, &error) == INF_ERROR_VERSION && shards == NULL);
            ENSURE_SAY(strstr(error.text, "rules version") != NULL, "%s", error.text);
        }
        ENSURE(inf_journal_open(&journal_def, &journal, NULL) == INF_ERROR_EXISTS); // and it is as it was
        remove_tree(folder);
    }
}

enum { OLD_SHARDS = 4, OLD_TICKS = 900, OLD_SOULS = 3000 };

/// A galaxy lived and journalled by hand as programs once did it: every record holds all that its shard took in.
static void live_old_galaxy(const char* folder, uint64_t hashes[OLD_SHARDS])
{
    static uint8_t bytes[OLD_SHARDS][1u << 20];
    InfWorld* worlds[OLD_SHARDS];
    InfJournalDef journal_def = inf_journal_def_default();
    InfJournal* journal;
    uint64_t routed_bytes = 0;
    journal_def.folder = folder;
    journal_def.mode = INF_JOURNAL_CREATE;
    journal_def.meta.seed = 42;
    journal_def.meta.shard_count = OLD_SHARDS;
    journal_def.meta.generator_version = INF_GALAXY_VERSION;
    journal_def.meta.rules_version = INF_RULES_VERSION;
    ENSURE(inf_journal_open(&journal_def, &journal, NULL) == INF_OK);
    for (uint32_t s = 0; s < OLD_SHARDS; s++) {
        InfWorldDef def = inf_world_def_default();
        def.shard = s;
        def.shard_count = OLD_SHARDS;
        def.galaxy = (InfGalaxyDef){.seed = 42, .version = INF_GALAXY_VERSION};
        def.capacity = inf_capacity_for_souls(OLD_SOULS / OLD_SHARDS * 2 + 512);
        extern InfAllocator inf_shards_allocator(void);
        def.allocator = inf_shards_allocator();
        ENSURE(inf_world_create(&def, &worlds[s]) == INF_OK);
    }
    for (uint64_t tick = 1; tick <= OLD_TICKS; tick++) {
        InfWriter batches[OLD_SHARDS];
        InfJournalRecord records[OLD_SHARDS];
        uint32_t count = 0;
        for (uint32_t s = 0; s < OLD_SHARDS; s++) {
            batches[s] = inf_writer_make(bytes[s], sizeof bytes[s]);
        }
        inf_worlds_route(worlds, OLD_SHARDS, batches);
        for (uint32_t s = 0; s < OLD_SHARDS; s++) {
            InfInput input = {.kind = INF_INPUT_KIND_Found};
            input.Found = (InfInputFound){.minds = 1200, .souls_capacity = OLD_SOULS, .stations_radius_mly = 48000};
            ENSURE(tick > 1 || inf_input_write(&batches[s], &input));
            routed_bytes += tick > 1 ? batches[s].at : 0;
            if (batches[s].at != 0) {
                records[count++] = (InfJournalRecord){.shard = s, .inputs = bytes[s], .inputs_bytes = batches[s].at,
                                                      .world_hash = tick % 100 == 0 ? inf_world_hash(worlds[s]) : 0};
            }
        }
        ENSURE(inf_journal_append(journal, tick, records, count, NULL) == INF_OK);
        for (uint32_t s = 0; s < OLD_SHARDS; s++) {
            inf_world_tick(worlds[s], bytes[s], batches[s].at);
        }
    }
    ENSURE(routed_bytes > 10000);
    inf_journal_close(journal);
    for (uint32_t s = 0; s < OLD_SHARDS; s++) {
        hashes[s] = inf_world_hash(worlds[s]);
        inf_world_destroy(worlds[s]);
    }
}

TEST(an_old_journal_is_replayed_as_it_stands_and_goes_on)
{
    char folder[] = "/tmp/inf-shards-XXXXXX";
    uint64_t hashes[OLD_SHARDS];
    ENSURE(mkdtemp(folder) != NULL);
    live_old_galaxy(folder, hashes);
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.snapshot_ticks = 0;
    InfShards* shards = open_galaxy(&def);
    ENSURE(inf_shards_now(shards) == OLD_TICKS && inf_shards_replayed_ticks(shards) == OLD_TICKS);
    for (uint32_t s = 0; s < OLD_SHARDS; s++) {
        ENSURE(inf_world_hash(inf_shards_world(shards, s)) == hashes[s]);
    }
    for (int part = 0; part < 2; part++) { // twice: the second opening stands behind a mark
        run_ticks(shards, 700);
        ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
        uint64_t hash = inf_shards_hash(shards), now = inf_shards_now(shards);
        ENSURE(inf_shards_durable_tick(shards) == now);
        inf_shards_abandon(shards);
        shards = open_galaxy(&def);
        ENSURE(inf_shards_now(shards) == now && inf_shards_hash(shards) == hash);
    }
    inf_shards_abandon(shards);
    remove_tree(folder);
}

TEST(a_world_goes_through_bytes_and_marches_in_step)
{
    InfShardsDef def = inf_shards_def_default();
    def.shard_count = 1;
    def.minds = 300;
    InfShards* shards = open_galaxy(&def);
    run_ticks(shards, 1500);
    const InfWorld* live = inf_shards_world(shards, 0);
    size_t bytes = inf_world_encoded_bytes(live);
    ENSURE(bytes <= inf_world_encoded_bytes_max(live));
    uint8_t* buffer = malloc(bytes);
    ENSURE(inf_world_encode(live, buffer, bytes) == bytes);
    InfShards* other_shards = open_galaxy(&def); // for its allocator and definition
    (void)other_shards;
    InfWorldDef world_def = inf_world_def_default();
    world_def.shard_count = 1;
    world_def.galaxy = inf_shards_galaxy(shards);
    extern InfAllocator inf_shards_allocator(void);
    world_def.allocator = inf_shards_allocator();
    InfWorld* copy;
    ENSURE(inf_world_decode(&world_def, buffer, bytes, &copy) == INF_OK);
    ENSURE(inf_world_hash(copy) == inf_world_hash(live));
    for (int i = 0; i < 1000; i++) {
        ENSURE(inf_shards_tick(shards) == INF_OK);
        inf_world_tick(copy, NULL, 0);
        ENSURE(inf_world_hash(copy) == inf_world_hash(live));
    }
    inf_world_destroy(copy);
    // Damage is refused: any byte, any length.
    for (size_t i = 0; i < 400; i++) {
        size_t at = i * 7919 % bytes;
        buffer[at] ^= 0x40;
        ENSURE(inf_world_decode(&world_def, buffer, bytes, &copy) != INF_OK && copy == NULL);
        buffer[at] ^= 0x40;
        ENSURE(inf_world_decode(&world_def, buffer, at, &copy) != INF_OK && copy == NULL);
    }
    free(buffer);
    inf_shards_close(other_shards);
    inf_shards_close(shards);
}
