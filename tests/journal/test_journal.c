// The behaviour of a journal: each test runs over every store.
#include "journal_test.h"
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

typedef struct Bench {
    bool on_disk;
    TestFolder folder;
    InfJournal* journal;
} Bench;

static Bench bench_open(bool on_disk, uint32_t shard_count) {
    Bench bench = {.on_disk = on_disk};
    InfJournalError error;
    bench.folder = folder_make();
    InfJournalDef def = test_def(bench.folder.path, shard_count);
    InfResult result = on_disk ? inf_journal_open(&def, &bench.journal, &error)
                               : inf_journal_open_memory(&def, &bench.journal, &error);
    ENSURE_SAY(result == INF_OK, "%s", error.text);
    return bench;
}

/// Close and open again where the store keeps anything.
static void bench_reopen(Bench* bench) {
    if (bench->on_disk) {
        InfJournalError error;
        InfJournalDef def = test_def(bench->folder.path, inf_journal_get_meta(bench->journal)->shard_count);
        inf_journal_close(bench->journal);
        ENSURE_SAY(inf_journal_open(&def, &bench->journal, &error) == INF_OK, "%s", error.text);
    }
}

static void bench_close(Bench* bench) {
    inf_journal_close(bench->journal);
    folder_remove(bench->folder.path);
}

#define TEST_BOTH(name)                                                                                                \
    static void both_##name(bool on_disk);                                                                             \
    TEST(memory_##name) {                                                                                              \
        both_##name(false);                                                                                            \
    }                                                                                                                  \
    TEST(sqlite_##name) {                                                                                              \
        both_##name(true);                                                                                             \
    }                                                                                                                  \
    static void both_##name(bool on_disk)

TEST_BOTH(is_empty_at_first) {
    Bench bench = bench_open(on_disk, 4);
    uint64_t head;
    InfJournalError error;
    for (int round = 0; round < 2; round++) {
        ENSURE_EQ_U64(0, inf_journal_durable_tick(bench.journal));
        ENSURE_EQ_U64(0, inf_journal_appended_tick(bench.journal));
        ENSURE_EQ_U64(42, inf_journal_get_meta(bench.journal)->seed);
        ENSURE_EQ_U64(1700000000, inf_journal_get_meta(bench.journal)->created_unix_s);
        ENSURE(read_all(bench.journal, &head, &error) == INF_OK && head == 0);
        ENSURE(inf_journal_wait(bench.journal, 0, 0) == INF_OK);
        ENSURE(inf_journal_wait(bench.journal, 1, 0) == INF_ERROR_RANGE);
        bench_reopen(&bench);
    }
    bench_close(&bench);
}

TEST_BOTH(keeps_what_is_appended) {
    Bench bench = bench_open(on_disk, 16);
    uint64_t head;
    InfJournalError error;
    for (uint64_t tick = 1; tick <= 200; tick++) {
        ENSURE(append_tick(bench.journal, tick, NULL) == INF_OK);
        if (tick == 100) {
            ENSURE(inf_journal_wait(bench.journal, tick, -1) == INF_OK);
            bench_reopen(&bench);
            ENSURE_EQ_U64(100, inf_journal_durable_tick(bench.journal));
        }
    }
    ENSURE(inf_journal_wait(bench.journal, 200, 10000) == INF_OK);
    ENSURE(read_all(bench.journal, &head, &error) == INF_OK);
    ENSURE_EQ_U64(200, head);
    InfJournalTip tip = inf_journal_get_tip(bench.journal, 3);
    bench_reopen(&bench);
    InfJournalTip again = inf_journal_get_tip(bench.journal, 3);
    ENSURE(tip.tick == again.tick && memcmp(tip.hash, again.hash, sizeof tip.hash) == 0);
    ENSURE(read_all(bench.journal, &head, &error) == INF_OK && head == 200);
    ENSURE(inf_journal_verify(bench.journal, &error) == INF_OK);
    bench_close(&bench);
}

TEST_BOTH(keeps_the_head_of_quiet_ticks) {
    Bench bench = bench_open(on_disk, 2);
    ENSURE(inf_journal_append(bench.journal, 5, NULL, 0, NULL) == INF_OK);
    ENSURE(inf_journal_append(bench.journal, 1000, NULL, 0, NULL) == INF_OK);
    ENSURE(inf_journal_wait(bench.journal, 1000, -1) == INF_OK);
    bench_reopen(&bench);
    ENSURE_EQ_U64(1000, inf_journal_durable_tick(bench.journal));
    ENSURE(inf_journal_append(bench.journal, 1000, NULL, 0, NULL) == INF_ERROR_RANGE);
    ENSURE(inf_journal_append(bench.journal, 1001, NULL, 0, NULL) == INF_OK);
    ENSURE_EQ_U64(0, inf_journal_get_tip(bench.journal, 0).tick);
    bench_close(&bench);
}

TEST_BOTH(refuses_bad_appends_and_stays_as_it_was) {
    Bench bench = bench_open(on_disk, 4);
    InfJournal* journal = bench.journal;
    ENSURE(append_tick(journal, 10, NULL) == INF_OK);
    InfJournalTip tips[4];
    for (uint32_t shard = 0; shard < 4; shard++) {
        tips[shard] = inf_journal_get_tip(journal, shard);
    }
    uint8_t byte = 1;
    InfJournalRecord falling[2] = {{.shard = 2, .inputs = &byte, .inputs_bytes = 1},
                                   {.shard = 1, .inputs = &byte, .inputs_bytes = 1}};
    InfJournalRecord twice[2] = {{.shard = 2, .inputs = &byte, .inputs_bytes = 1},
                                 {.shard = 2, .inputs = &byte, .inputs_bytes = 1}};
    InfJournalRecord unknown = {.shard = 4, .inputs = &byte, .inputs_bytes = 1};
    InfJournalRecord huge = {.shard = 0, .inputs = &byte, .inputs_bytes = (size_t)INF_JOURNAL_INPUT_BYTES_MAX + 1};
    ENSURE(inf_journal_append(journal, 11, falling, 2, NULL) == INF_ERROR_RANGE);
    ENSURE(inf_journal_append(journal, 11, twice, 2, NULL) == INF_ERROR_RANGE);
    ENSURE(inf_journal_append(journal, 11, &unknown, 1, NULL) == INF_ERROR_RANGE);
    ENSURE(inf_journal_append(journal, 11, &huge, 1, NULL) == INF_ERROR_RANGE);
    ENSURE(inf_journal_append(journal, 10, NULL, 0, NULL) == INF_ERROR_RANGE);
    ENSURE(inf_journal_append(journal, 9, NULL, 0, NULL) == INF_ERROR_RANGE);
    ENSURE(inf_journal_append(journal, INF_JOURNAL_TICK_MAX + 1, NULL, 0, NULL) == INF_ERROR_RANGE);
    ENSURE_EQ_U64(10, inf_journal_appended_tick(journal));
    for (uint32_t shard = 0; shard < 4; shard++) {
        InfJournalTip tip = inf_journal_get_tip(journal, shard);
        ENSURE(tip.tick == tips[shard].tick && memcmp(tip.hash, tips[shard].hash, sizeof tip.hash) == 0);
    }
    ENSURE(inf_journal_append(journal, INF_JOURNAL_TICK_MAX, &falling[0], 1, NULL) == INF_OK);
    ENSURE(inf_journal_wait(journal, INF_JOURNAL_TICK_MAX, -1) == INF_OK);
    bench_reopen(&bench);
    ENSURE_EQ_U64(INF_JOURNAL_TICK_MAX, inf_journal_durable_tick(bench.journal));
    bench_close(&bench);
}

TEST_BOTH(cursor_reads_one_shard_from_a_tick_and_checks_the_link) {
    Bench bench = bench_open(on_disk, 4);
    InfJournalTip at_20[4];
    InfJournalCursor* cursor;
    InfJournalRecord record;
    InfJournalError error;
    for (uint64_t tick = 1; tick <= 50; tick++) {
        ENSURE(append_tick(bench.journal, tick, NULL) == INF_OK);
        for (uint32_t shard = 0; shard < 4 && tick == 20; shard++) {
            at_20[shard] = inf_journal_get_tip(bench.journal, shard);
        }
    }
    ENSURE(inf_journal_wait(bench.journal, 50, -1) == INF_OK);
    for (int trusted = 0; trusted < 2; trusted++) {
        ENSURE(inf_journal_cursor_open(bench.journal, 2, 21, trusted ? NULL : at_20, &cursor, &error) == INF_OK);
        for (uint64_t tick = 21; tick <= 50; tick++) {
            if (shard_acts(2, tick)) {
                ENSURE(inf_journal_cursor_next(cursor, &record) == INF_OK);
                ENSURE(record.tick == tick && record.shard == 2 && record_is_right(&record));
            }
        }
        ENSURE(inf_journal_cursor_next(cursor, &record) == INF_ERROR_NOT_FOUND);
        ENSURE(inf_journal_cursor_next(cursor, &record) == INF_ERROR_NOT_FOUND);
        inf_journal_cursor_close(cursor);
    }
    at_20[2].hash[5] ^= 1; // as from a snapshot of another history
    ENSURE(inf_journal_cursor_open(bench.journal, 2, 21, at_20, &cursor, &error) == INF_OK);
    ENSURE(inf_journal_cursor_next(cursor, &record) == INF_ERROR_HASH);
    ENSURE_EQ_U64(2, inf_journal_cursor_get_error(cursor)->shard);
    ENSURE(strstr(inf_journal_cursor_get_error(cursor)->text, "does not follow") != NULL);
    ENSURE(inf_journal_cursor_next(cursor, &record) == INF_ERROR_HASH);
    inf_journal_cursor_close(cursor);
    ENSURE(inf_journal_cursor_open(bench.journal, 4, 1, NULL, &cursor, &error) == INF_ERROR_RANGE);
    bench_close(&bench);
}

TEST_BOTH(hash_is_what_the_header_says) {
    Bench bench = bench_open(on_disk, 1);
    uint8_t inputs[3] = {1, 2, 3};
    InfJournalRecord record = {.shard = 0, .world_hash = 9, .inputs = inputs, .inputs_bytes = 3};
    InfJournalRecord first, second = record;
    ENSURE(inf_journal_append(bench.journal, 1, &record, 1, NULL) == INF_OK);
    first = record;
    ENSURE(inf_journal_append(bench.journal, 2, &second, 1, NULL) == INF_OK);
    ENSURE(memcmp(second.previous, first.hash, sizeof first.hash) == 0);
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
    inf_journal_record_hash(inf_journal_get_meta(bench.journal)->galaxy_id, &second, hash);
    ENSURE(memcmp(hash, second.hash, sizeof hash) == 0);
    static const uint8_t zeros[INF_JOURNAL_HASH_BYTES];
    ENSURE(memcmp(first.previous, zeros, sizeof zeros) == 0);
    // Computed apart with Python's hashlib: the format must not move unseen.
    static const uint8_t known[4] = {0xd3, 0xa6, 0xaf, 0x13};
    ENSURE_SAY(memcmp(first.hash, known, 4) == 0, "%02x %02x %02x %02x", first.hash[0], first.hash[1], first.hash[2],
               first.hash[3]);
    bench_close(&bench);
}

TEST_BOTH(event_fd_tells_of_durable_ticks) {
    Bench bench = bench_open(on_disk, 2);
    struct pollfd wait_for = {.fd = inf_journal_event_fd(bench.journal), .events = POLLIN};
    ENSURE(wait_for.fd >= 0 && poll(&wait_for, 1, 0) == 0);
    ENSURE(append_tick(bench.journal, 1, NULL) == INF_OK);
    ENSURE(poll(&wait_for, 1, 10000) == 1);
    uint64_t count;
    ENSURE(read(wait_for.fd, &count, sizeof count) == sizeof count && count == 1);
    ENSURE_EQ_U64(1, inf_journal_durable_tick(bench.journal));
    InfJournalStats stats = inf_journal_get_stats(bench.journal);
    ENSURE(stats.commits == 1 && stats.ticks == 1);
    bench_close(&bench);
}

TEST_BOTH(rows_are_kept_and_found) {
    Bench bench = bench_open(on_disk, 4);
    InfStatementRow statements[3] = {
        {.tick = 3, .soul_id = 77, .amount_credits = -5, .balance_credits = 95, .counterpart_id = 78, .reason = "upkeep"},
        {.tick = 4, .soul_id = 77, .amount_credits = INT64_MAX, .balance_credits = INT64_MIN, .account = INF_JOURNAL_BANKED,
         .counterpart_id = UINT64_MAX, .reason = "market sale"},
        {.tick = 4, .soul_id = 78, .amount_credits = 5, .balance_credits = 5, .reason = "upkeep"},
    };
    InfDiscoveryRow discovery = {.tick = 2, .soul_id = 77, .sector_x = INT32_MIN, .sector_y = -1, .sector_z = INT32_MAX,
                                 .system_index = UINT32_MAX, .system_name = "Ö'; DROP TABLE records", .soul_name = "Ada"};
    InfObituaryRow obituary = {.tick = 5, .soul_id = 79, .killer_id = 77, .age_ticks = 72000, .left_credits = 12,
                               .soul_name = "Bo", .cause = "laser", .killer_name = "Ada", .place = "belt of Tau"};
    InfSoulRow souls[6] = {{.soul_id = 77, .tick = 1, .born_tick = 1, .kind = INF_JOURNAL_PLAYER, .shard = 3, .name = "Ada"},
                           {.soul_id = 77, .tick = 5, .born_tick = 1, .kind = INF_JOURNAL_MIND, .shard = 2, .name = "Eve"},
                           // States alone: of one that was never heard of, of one that is there, twice
                           {.soul_id = 78, .tick = 2, .state = INF_JOURNAL_ENDED, .state_tick = 2, .with_id = 77, .is_state_only = 1, .name = "Bo"},
                           {.soul_id = 80, .tick = 2, .state_tick = 2, .kind = INF_JOURNAL_MIND, .name = "Cy", .traits = {7}},
                           {.soul_id = 80, .tick = 3, .state = INF_JOURNAL_IN_FLIGHT, .state_tick = 3, .is_state_only = 1, .name = "?", .server = {1}},
                           {.soul_id = 80, .tick = 4, .state = INF_JOURNAL_GONE, .state_tick = 4, .is_state_only = 1, .name = "?", .server = {2}}};
    souls[1].key[31] = 9;
    InfFeelingsRow felt[6] = {{.soul_id = 25, .tick = 1, .every_ticks = 2, .values = {1, 1000}}, // of 25 phase 5: -4, -2, 0
                              {.soul_id = 25, .tick = 3, .every_ticks = 2, .values = {2}},
                              {.soul_id = 81, .tick = 4, .every_ticks = 1, .values = {9}},
                              {.soul_id = 25, .tick = 5, .every_ticks = 4, .is_thinned = 1, .values = {65535, 3}},
                              {.soul_id = 81, .tick = 5, .every_ticks = 0},
                              {.soul_id = 82, .tick = 5, .every_ticks = 1, .values = {4}}};
    InfHabitRow habits[6] = {{.soul_id = 77, .tick = 1, .times = 2, .habit = "sold"},
                             {.soul_id = 77, .tick = 2, .times = 1, .habit = "gave", .with_id = 80},
                             {.soul_id = 77, .tick = 3, .times = 1, .habit = "gave", .with_id = UINT64_MAX},
                             {.soul_id = 78, .tick = 3, .times = 9, .habit = "sold"},
                             {.soul_id = 77, .tick = 4, .times = 3, .habit = "gave", .with_id = 80},
                             {.soul_id = 77, .tick = 5, .times = 5, .habit = "sold"}};
    InfTagRow tag = {.soul_id = 77, .tick = 1, .tag = "Ada"};
    static InfLineageRow lineage[4]; // two of one soul, one of another, one a second time
    for (uint32_t i = 0; i < 4; i++) {
        lineage[i] = (InfLineageRow){.tick = 2 + i, .soul_id = 77, .hash = {(uint8_t)(i % 3)}, .identity = {i == 1}, .act = "founded",
                                     .text_bytes = INF_JOURNAL_RECORD_BYTES};
        memset(lineage[i].text, 'a' + (int)i, sizeof lineage[i].text);
    }
    InfJournalRows rows = {.projected_tick = 5, .statements = statements, .statement_count = 3, .discoveries = &discovery,
                           .discovery_count = 1, .obituaries = &obituary, .obituary_count = 1, .souls = souls,
                           .soul_count = 6, .tags = &tag, .tag_count = 1, .lineage = lineage, .lineage_count = 4, .feelings = felt,
                           .feeling_count = 6, .habits = habits, .habit_count = 6};
    ENSURE(append_tick(bench.journal, 6, &rows) == INF_OK);
    ENSURE_EQ_U64(5, inf_journal_projected_tick(bench.journal));
    // Once only: rows of ticks that are in already, or beyond what is projected, are refused.
    ENSURE(append_tick(bench.journal, 7, &rows) == INF_ERROR_RANGE);
    rows.projected_tick = 8;
    ENSURE(append_tick(bench.journal, 7, &rows) == INF_ERROR_RANGE);
    statements[0].tick = 6;
    memset(statements[0].reason, 'x', sizeof statements[0].reason);
    rows = (InfJournalRows){.projected_tick = 6, .statements = statements, .statement_count = 1};
    ENSURE(append_tick(bench.journal, 7, &rows) == INF_ERROR_RANGE); // the text does not end
    souls[2].tick = 6;
    souls[2].state = INF_JOURNAL_SOUL_STATES;
    ENSURE(append_tick(bench.journal, 7, &(InfJournalRows){.projected_tick = 6, .souls = &souls[2], .soul_count = 1}) == INF_ERROR_RANGE);
    ENSURE(append_tick(bench.journal, 7, &(InfJournalRows){.projected_tick = 6, .feelings = felt, .feeling_count = 1}) == INF_ERROR_RANGE);
    habits[0] = (InfHabitRow){.soul_id = 77, .tick = 6, .habit = "sold"};
    ENSURE(append_tick(bench.journal, 7, &(InfJournalRows){.projected_tick = 6, .habits = habits, .habit_count = 1}) == INF_ERROR_RANGE); // no time
    habits[0] = (InfHabitRow){.soul_id = 77, .tick = 6, .times = 1};
    ENSURE(append_tick(bench.journal, 7, &(InfJournalRows){.projected_tick = 6, .habits = habits, .habit_count = 1}) == INF_ERROR_RANGE); // no word
    snprintf(statements[0].reason, sizeof statements[0].reason, "gift");
    ENSURE(append_tick(bench.journal, 7, &rows) == INF_OK);
    ENSURE(inf_journal_wait(bench.journal, 7, -1) == INF_OK);
    for (int round = 0; round < 2; round++) {
        InfJournalQuery* query;
        InfStatementRow found[10];
        InfDiscoveryRow found_discovery;
        InfObituaryRow found_obituary;
        InfSoulRow found_soul;
        InfTagRow found_tag;
        uint32_t count;
        ENSURE(inf_journal_query_open(bench.journal, &query) == INF_OK);
        ENSURE(inf_journal_query_statements(query, 77, 0, found, 10, &count) == INF_OK && count == 3);
        ENSURE_EQ_STR("gift", found[0].reason);
        ENSURE(found[0].tick == 6 && found[1].tick == 4 && found[2].tick == 3 && found[2].sequence == 1);
        ENSURE(found[1].amount_credits == INT64_MAX && found[1].balance_credits == INT64_MIN);
        ENSURE(found[1].account == INF_JOURNAL_BANKED && found[2].account == INF_JOURNAL_CARRIED);
        ENSURE(found[1].counterpart_id == UINT64_MAX && found[2].counterpart_id == 78);
        uint64_t before = found[1].sequence;
        ENSURE(inf_journal_query_statements(query, 77, before, found, 10, &count) == INF_OK && count == 1);
        ENSURE(inf_journal_query_statements(query, 77, 0, found, 2, &count) == INF_OK && count == 2);
        ENSURE(inf_journal_query_statements(query, 5, 0, found, 2, &count) == INF_OK && count == 0);
        ENSURE(inf_journal_query_discoveries(query, 0, &found_discovery, 1, &count) == INF_OK && count == 1);
        discovery.sequence = 1;
        ENSURE(memcmp(&found_discovery, &discovery, sizeof discovery) == 0);
        ENSURE(inf_journal_query_obituaries(query, 0, &found_obituary, 1, &count) == INF_OK && count == 1);
        obituary.sequence = 1;
        ENSURE(memcmp(&found_obituary, &obituary, sizeof obituary) == 0);
        ENSURE(inf_journal_query_soul(query, 77, &found_soul) == INF_OK);
        ENSURE(memcmp(&found_soul, &souls[1], sizeof souls[1]) == 0);
        ENSURE(inf_journal_query_soul(query, 1, &found_soul) == INF_ERROR_NOT_FOUND);
        InfSoulRow departed[4];
        ENSURE(inf_journal_query_departed(query, 0, departed, 4, &count) == INF_OK && count == 2);
        ENSURE(departed[0].soul_id == 78 && departed[0].state == INF_JOURNAL_ENDED && departed[0].with_id == 77 && departed[0].is_state_only == 0);
        ENSURE(departed[1].soul_id == 80 && departed[1].state == INF_JOURNAL_GONE && departed[1].state_tick == 4 && departed[1].server[0] == 2);
        ENSURE(departed[1].traits[0] == 7 && strcmp(departed[1].name, "Cy") == 0); // what was known of it stays
        ENSURE(inf_journal_query_departed(query, 78, departed, 4, &count) == INF_OK && count == 1);
        ENSURE(inf_journal_query_departed(query, 0, departed, 1, &count) == INF_OK && count == 1 && departed[0].soul_id == 78);
        InfFeelingsRow samples[6];
        ENSURE(inf_journal_query_feelings(query, 0, 0, samples, 6, &count) == INF_OK && count == 3);
        ENSURE(samples[0].soul_id == 25 && samples[0].tick == 1 && samples[0].values[1] == 1000); // 3 was thinned out, 81 let go
        ENSURE(samples[1].tick == 5 && samples[1].every_ticks == 4 && samples[1].is_thinned == 0 && samples[1].values[0] == 65535);
        ENSURE(samples[2].soul_id == 82);
        ENSURE(inf_journal_query_feelings(query, 25, 1, samples, 1, &count) == INF_OK && count == 1 && samples[0].tick == 5);
        InfHabitSum did[3];
        ENSURE(inf_journal_query_habits(query, 77, did, 3, &count) == INF_OK && count == 2);
        ENSURE(strcmp(did[0].habit, "gave") == 0 && did[0].times == 5 && did[0].others == 2 && did[0].tick == 4);
        ENSURE(strcmp(did[1].habit, "sold") == 0 && did[1].times == 7 && did[1].others == 1 && did[1].tick == 5);
        ENSURE(inf_journal_query_habits(query, 77, did, 1, &count) == INF_OK && count == 1 && did[0].times == 5);
        ENSURE(inf_journal_query_habits(query, 79, did, 3, &count) == INF_OK && count == 0);
        ENSURE(inf_journal_query_tag(query, "Ada", &found_tag) == INF_OK && memcmp(&found_tag, &tag, sizeof tag) == 0);
        ENSURE(inf_journal_query_tag(query, "ada", &found_tag) == INF_ERROR_NOT_FOUND);
        static InfLineageRow records[4];
        ENSURE(inf_journal_query_lineage(query, lineage[0].identity, 0, records, 4, &count) == INF_OK && count == 2);
        ENSURE(records[1].position == 1 && records[1].tick == 4 && records[0].text[INF_JOURNAL_RECORD_BYTES - 1] == 'a');
        ENSURE(memcmp(&records[0], &lineage[0], sizeof records[0]) == 0);
        ENSURE(inf_journal_query_lineage(query, lineage[0].identity, 1, records, 4, &count) == INF_OK && count == 1);
        ENSURE(inf_journal_query_record(query, lineage[1].hash, records) == INF_OK && records[0].text[0] == 'b');
        ENSURE(inf_journal_query_record(query, (uint8_t[32]){9}, records) == INF_ERROR_NOT_FOUND);
        inf_journal_query_close(query);
        bench_reopen(&bench);
        ENSURE_EQ_U64(6, inf_journal_projected_tick(bench.journal));
    }
    bench_close(&bench);
}

typedef struct Reader {
    InfJournal* journal;
    bool good;
    atomic_bool stop;
} Reader;

/// Reads and queries while another thread appends.
static void* read_beside(void* user) {
    Reader* reader = user;
    reader->good = true;
    while (!atomic_load(&reader->stop) && reader->good) {
        InfJournalCursor* cursor;
        InfJournalRecord record;
        InfJournalError error;
        InfResult result = inf_journal_cursor_open(reader->journal, INF_JOURNAL_ALL_SHARDS, 1, NULL, &cursor, &error);
        reader->good = result == INF_OK;
        while (result == INF_OK) {
            result = inf_journal_cursor_next(cursor, &record);
            reader->good = reader->good && (result != INF_OK || record_is_right(&record));
        }
        reader->good = reader->good && result == INF_ERROR_NOT_FOUND;
        inf_journal_cursor_close(cursor);
        reader->good = reader->good && inf_journal_wait(reader->journal, 1, -1) == INF_OK;
    }
    return NULL;
}

TEST_BOTH(is_read_while_it_is_written) {
    Bench bench = bench_open(on_disk, 4);
    Reader reader = {.journal = bench.journal};
    pthread_t thread;
    ENSURE(append_tick(bench.journal, 1, NULL) == INF_OK);
    ENSURE(pthread_create(&thread, NULL, read_beside, &reader) == 0);
    for (uint64_t tick = 2; tick <= 400; tick++) {
        ENSURE(append_tick(bench.journal, tick, NULL) == INF_OK);
    }
    ENSURE(inf_journal_wait(bench.journal, 400, -1) == INF_OK);
    atomic_store(&reader.stop, true);
    pthread_join(thread, NULL);
    ENSURE(reader.good);
    bench_close(&bench);
}

TEST(stores_make_the_same_chain) {
    Bench memory = bench_open(false, 16), sqlite = bench_open(true, 16);
    for (uint64_t tick = 1; tick <= 100; tick++) {
        ENSURE(append_tick(memory.journal, tick, NULL) == INF_OK && append_tick(sqlite.journal, tick, NULL) == INF_OK);
    }
    for (uint32_t shard = 0; shard < 16; shard++) {
        InfJournalTip one = inf_journal_get_tip(memory.journal, shard), two = inf_journal_get_tip(sqlite.journal, shard);
        ENSURE(one.tick == two.tick && memcmp(one.hash, two.hash, sizeof one.hash) == 0);
    }
    bench_close(&memory);
    bench_close(&sqlite);
}

TEST(slow_disk_makes_groups) {
    Bench bench = bench_open(true, 4);
    for (uint64_t tick = 1; tick <= 2000; tick++) {
        ENSURE(append_tick(bench.journal, tick, NULL) == INF_OK);
    }
    ENSURE(inf_journal_wait(bench.journal, 2000, -1) == INF_OK);
    InfJournalStats stats = inf_journal_get_stats(bench.journal);
    ENSURE_EQ_U64(2000, stats.ticks);
    ENSURE_SAY(stats.commits < 1900, "%llu commits", (unsigned long long)stats.commits);
    uint64_t head;
    InfJournalError error;
    ENSURE(read_all(bench.journal, &head, &error) == INF_OK && head == 2000);
    bench_close(&bench);
}
