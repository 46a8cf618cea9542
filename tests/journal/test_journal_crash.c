// kill -9 at random moments: what was told is there, what is there was tried, and it goes on from there.
#include "journal_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

enum { SHARDS = 4, KILLS = 50 };

typedef struct Told {
    uint64_t attempted, durable;
} Told;

static size_t write_marker(uint64_t tick, uint8_t* buffer) {
    memcpy(buffer, &tick, sizeof tick);
    return sizeof tick;
}

static size_t encode_marker(void* user, uint32_t shard, uint8_t* buffer, size_t capacity, uint64_t* out_world_hash) {
    *out_world_hash = *(uint64_t*)user + shard;
    return write_marker(*(uint64_t*)user, buffer);
}

/// Append for ever, telling through the pipe what is tried and what is durable; a snapshot now and then.
static _Noreturn void run_server(const char* folder, int pipe_fd) {
    InfJournalDef def = test_def(folder, SHARDS);
    InfSnapshotDef snapshot_def = inf_snapshot_def_default();
    InfJournal* journal;
    InfSnapshotWriter* writer;
    snapshot_def.capacity_bytes = 4096;
    if (inf_journal_open(&def, &journal, NULL) != INF_OK ||
        inf_snapshot_writer_create(journal, &snapshot_def, &writer, NULL) != INF_OK) {
        _exit(1);
    }
    Told told = {0};
    for (uint64_t tick = inf_journal_durable_tick(journal) + 1;; tick++) {
        InfStatementRow row = {.tick = tick, .soul_id = 1, .amount_credits = 1, .reason = "upkeep"};
        InfJournalRows rows = {.projected_tick = tick, .statements = &row, .statement_count = 1};
        told.attempted = tick;
        if (write(pipe_fd, &told, sizeof told) != sizeof told || append_tick(journal, tick, &rows) != INF_OK) {
            _exit(2);
        }
        if (tick % 4 == 0 && inf_journal_wait(journal, tick - 2, -1) != INF_OK) {
            _exit(3);
        }
        told.durable = inf_journal_durable_tick(journal);
        if (tick % 64 == 0) {
            uint64_t marker = tick;
            inf_snapshot_begin(writer, encode_marker, &marker);
        }
        inf_snapshot_poll(writer, NULL);
    }
}

/// What was told before the kill: the pipe outlives the child.
static Told drain(int pipe_fd) {
    Told told = {0}, next;
    while (read(pipe_fd, &next, sizeof next) == sizeof next) {
        told = next;
    }
    return told;
}

/// @param told_before, found_before  from the earlier rounds  @return the head that is there now
static uint64_t check_after_kill(const char* folder, Told told, uint64_t told_before, uint64_t found_before) {
    InfJournalDef def = test_def(folder, SHARDS);
    InfJournal* journal;
    InfJournalError error;
    InfSnapshotSet* set;
    uint64_t head;
    ENSURE_SAY(inf_journal_open(&def, &journal, &error) == INF_OK, "%s", error.text);
    ENSURE_SAY(read_all(journal, &head, &error) == INF_OK, "%s", error.text);
    uint64_t least = told.durable > told_before ? told.durable : told_before;
    uint64_t most = told.attempted > found_before ? told.attempted : found_before;
    ENSURE_SAY(least <= head && head <= most, "told %llu <= found %llu <= tried %llu", (unsigned long long)least,
               (unsigned long long)head, (unsigned long long)most);
    ENSURE_EQ_U64(head, inf_journal_projected_tick(journal));
    InfJournalQuery* query;
    static InfStatementRow rows[1 << 16];
    uint32_t count;
    ENSURE(inf_journal_query_open(journal, &query) == INF_OK);
    ENSURE(inf_journal_query_statements(query, 1, 0, rows, 1 << 16, &count) == INF_OK);
    ENSURE_EQ_U64(head, count); // each tick's row exactly once
    inf_journal_query_close(query);
    InfResult result = inf_snapshot_set_load(journal, 0, NULL, NULL, &set);
    if (result == INF_OK) {
        uint64_t marker;
        memcpy(&marker, set->items[0].payload, sizeof marker);
        ENSURE(marker == set->tick && set->tick <= head);
        inf_snapshot_set_free(set);
    } else {
        ENSURE_EQ_U64(INF_ERROR_NOT_FOUND, result);
    }
    inf_journal_close(journal);
    return head;
}

TEST_RANDOM(killed_fifty_times) {
    TestFolder folder = folder_make();
    TestRandom random = {seed};
    uint64_t before = 0, found = 0, told_total = 0;
    for (int round = 0; round < KILLS; round++) {
        int ends[2];
        ENSURE(pipe(ends) == 0);
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            run_server(folder.path, ends[1]);
        }
        close(ends[1]);
        // Mostly in the middle of its work; now and then while it opens the journal.
        struct pollfd first_tick = {.fd = ends[0], .events = POLLIN};
        if (round % 5 != 0) {
            ENSURE(poll(&first_tick, 1, 60000) == 1);
        }
        usleep((useconds_t)test_random_below(&random, 60000));
        kill(child, SIGKILL);
        int status;
        ENSURE(waitpid(child, &status, 0) == child);
        ENSURE_SAY(WIFSIGNALED(status), "the server ended by itself with %d", WEXITSTATUS(status));
        Told told = drain(ends[0]);
        close(ends[0]);
        found = check_after_kill(folder.path, told, before, found);
        before = told.durable > before ? told.durable : before;
        told_total += told.durable > 0;
    }
    printf("%d kills, %llu ticks confirmed\n", KILLS, (unsigned long long)before);
    ENSURE(before > KILLS && told_total > KILLS / 4);
    folder_remove(folder.path);
}
