// What a host can do wrong and what a disk can: each gets its own text, and nothing is lost or changed.
#include "journal_test.h"
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

static InfJournalError open_error;

static InfResult try_open(const InfJournalDef* def) {
    InfJournal* journal;
    InfResult result = inf_journal_open(def, &journal, &open_error);
    ENSURE((result == INF_OK) == (journal != NULL));
    ENSURE((result == INF_OK) == (open_error.text[0] == 0));
    inf_journal_close(journal);
    return result;
}

#define ENSURE_REFUSED(expected, def, words)                                                                           \
    do {                                                                                                               \
        InfResult refused_result = try_open(def);                                                                      \
        ENSURE_SAY(refused_result == (expected) && strstr(open_error.text, words) != NULL, "%d \"%s\"",                \
                   refused_result, open_error.text);                                                                   \
    } while (0)

static void fill(const char* folder, uint32_t shards, uint64_t ticks) {
    InfJournalDef def = test_def(folder, shards);
    InfJournal* journal;
    ENSURE_SAY(inf_journal_open(&def, &journal, &open_error) == INF_OK, "%s", open_error.text);
    for (uint64_t tick = inf_journal_durable_tick(journal) + 1; tick <= ticks; tick++) {
        ENSURE(append_tick(journal, tick, NULL) == INF_OK);
    }
    ENSURE(inf_journal_wait(journal, ticks, -1) == INF_OK);
    inf_journal_close(journal);
}

static void run_sql(const char* folder, const char* text) {
    char path[512];
    sqlite3* db;
    snprintf(path, sizeof path, "%s/journal.db", folder);
    ENSURE(sqlite3_open(path, &db) == SQLITE_OK);
    int code = sqlite3_exec(db, text, NULL, NULL, NULL);
    ENSURE_SAY(code == SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

TEST(open_refuses_what_does_not_match) {
    TestFolder folder = folder_make();
    fill(folder.path, 4, 10);
    InfJournalDef def = test_def(folder.path, 4);
    ENSURE(try_open(&def) == INF_OK);
    def.meta.seed = 43;
    ENSURE_REFUSED(INF_ERROR_STATE, &def, "seed 42, not 43");
    def = test_def(folder.path, 8);
    ENSURE_REFUSED(INF_ERROR_STATE, &def, "4 shards, not 8");
    def = test_def(folder.path, 4);
    def.meta.galaxy_id[0] = 1;
    ENSURE_REFUSED(INF_ERROR_STATE, &def, "holds galaxy 0707");
    def = test_def(folder.path, 4);
    def.meta.rules_version = 2;
    ENSURE_REFUSED(INF_ERROR_VERSION, &def, "rules version 1");
    def = test_def(folder.path, 4);
    memset(def.meta.galaxy_id, 0, sizeof def.meta.galaxy_id); // any galaxy
    ENSURE(try_open(&def) == INF_OK);
    def.mode = INF_JOURNAL_CREATE;
    ENSURE_REFUSED(INF_ERROR_EXISTS, &def, "holds a galaxy already");
    def.mode = INF_JOURNAL_OPEN;
    def.meta.seed = 1; // not looked at
    ENSURE(try_open(&def) == INF_OK);
    def.cookie = 0;
    ENSURE_REFUSED(INF_ERROR_RANGE, &def, "inf_journal_def_default");
    def = test_def(folder.path, 0);
    ENSURE_REFUSED(INF_ERROR_RANGE, &def, "1 to 1024 shards");
    def = test_def(folder.path, 1025);
    ENSURE_REFUSED(INF_ERROR_RANGE, &def, "1 to 1024 shards");
    def = test_def(NULL, 1);
    ENSURE_REFUSED(INF_ERROR_RANGE, &def, "needs a folder");
    folder_remove(folder.path);
}

TEST(open_refuses_what_is_not_there) {
    TestFolder folder = folder_make();
    InfJournalDef def = test_def(folder.path, 4);
    def.mode = INF_JOURNAL_OPEN;
    ENSURE_REFUSED(INF_ERROR_NOT_FOUND, &def, "no galaxy in");
    def.mode = INF_JOURNAL_READ;
    ENSURE_REFUSED(INF_ERROR_NOT_FOUND, &def, "no galaxy in");
    ENSURE(!file_exists(folder.path, "journal.db") && !file_exists(folder.path, "journal.lock"));
    fill(folder.path, 4, 10);
    file_remove(folder.path, "journal.db");
    def.mode = INF_JOURNAL_OPEN_OR_CREATE; // must not begin a new galaxy over a lost one
    ENSURE_REFUSED(INF_ERROR_NOT_FOUND, &def, "is missing, but");
    file_write(folder.path, "journal.db", "", 0);
    ENSURE_REFUSED(INF_ERROR_FORMAT, &def, "is empty, but");
    file_remove(folder.path, "journal.head");
    ENSURE(try_open(&def) == INF_OK);
    folder_remove(folder.path);
}

TEST(open_refuses_other_files) {
    TestFolder folder = folder_make();
    InfJournalDef def = test_def(folder.path, 4);
    char text[8192];
    memset(text, 'x', sizeof text);
    file_write(folder.path, "journal.db", text, sizeof text);
    ENSURE_REFUSED(INF_ERROR_FORMAT, &def, "not that of an SQLite database");
    size_t bytes;
    uint8_t* found = file_read(folder.path, "journal.db", &bytes);
    ENSURE(bytes == sizeof text && memcmp(found, text, bytes) == 0);
    free(found);
    file_remove(folder.path, "journal.db");
    run_sql(folder.path, "CREATE TABLE recipes (name TEXT)");
    ENSURE_REFUSED(INF_ERROR_FORMAT, &def, "database of another program");
    file_remove(folder.path, "journal.db");
    char path[512];
    snprintf(path, sizeof path, "%s/journal.db", folder.path);
    ENSURE(mkdir(path, 0700) == 0);
    ENSURE_REFUSED(INF_ERROR_FORMAT, &def, "is not a file");
    folder_remove(folder.path);
}

TEST(open_refuses_newer_and_altered_schemas) {
    TestFolder folder = folder_make();
    InfJournalDef def = test_def(folder.path, 4);
    fill(folder.path, 4, 10);
    run_sql(folder.path, "PRAGMA user_version = 5");
    ENSURE_REFUSED(INF_ERROR_VERSION, &def, "written by a newer program");
    run_sql(folder.path, "PRAGMA user_version = 4; DROP INDEX statements_by_soul");
    ENSURE_REFUSED(INF_ERROR_FORMAT, &def, "no index `statements_by_soul`");
    run_sql(folder.path, "CREATE INDEX statements_by_soul ON statements (soul_id); CREATE INDEX own ON obituaries (tick)");
    ENSURE(try_open(&def) == INF_OK); // a host's own index is no harm
    run_sql(folder.path, "CREATE TRIGGER evil AFTER INSERT ON records BEGIN DELETE FROM records; END");
    ENSURE_REFUSED(INF_ERROR_FORMAT, &def, "triggers");
    folder_remove(folder.path);
}

TEST(open_and_read_refuse_altered_contents) {
    static const struct {
        const char* sql;
        const char* words;
        bool on_open; // otherwise on reading
    } cases[] = {
        {"UPDATE meta SET seed = 42, shard_count = 5", "does not match its hash", true},
        {"DELETE FROM meta", "does not say what galaxy", true},
        {"UPDATE head SET tick = tick - 1", "head of", true},
        {"DELETE FROM head", "no readable head", true},
        {"DELETE FROM records WHERE id = (SELECT max(id) FROM records)", "is missing in", true},
        {"INSERT INTO records VALUES (31 << 16, 0, zeroblob(32), zeroblob(32), x'00')", "behind its head", true},
        {"UPDATE records SET inputs = CAST(inputs || x'00' AS BLOB) WHERE id >> 16 = 15", "does not match its hash", false},
        {"UPDATE records SET world_hash = 99 WHERE id >> 16 = 15", "does not match its hash", false},
        {"DELETE FROM records WHERE id >> 16 = 15", "does not follow", false},
        {"DELETE FROM records WHERE id >> 16 < 10", "does not follow", false},
        {"UPDATE records SET inputs = 'text' WHERE id >> 16 = 15", "malformed", false},
        {"UPDATE records SET hash = x'00' WHERE id >> 16 = 15", "malformed", false},
        {"INSERT INTO records VALUES (15 << 16 | 9, 0, zeroblob(32), zeroblob(32), x'00')", "cannot be there", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TestFolder folder = folder_make();
        InfJournalDef def = test_def(folder.path, 4);
        InfJournal* journal;
        InfJournalError error = {0};
        fill(folder.path, 4, 30);
        run_sql(folder.path, cases[i].sql);
        InfResult result = inf_journal_open(&def, &journal, &error);
        if (!cases[i].on_open) {
            ENSURE_SAY(result == INF_OK, "%s: %s", cases[i].sql, error.text);
            result = inf_journal_verify(journal, &error);
            inf_journal_close(journal);
            ENSURE(error.tick >= 10 && error.tick <= 30);
            def.check = INF_JOURNAL_CHECK_FULL; // and so does opening with a full check
            ENSURE(try_open(&def) == result);
        }
        ENSURE_SAY(result != INF_OK && strstr(error.text, cases[i].words) != NULL, "%s: %d \"%s\"", cases[i].sql, result,
                   error.text);
        folder_remove(folder.path);
    }
}

TEST(open_refuses_a_database_behind_its_witness) {
    TestFolder folder = folder_make();
    InfJournalDef def = test_def(folder.path, 4);
    fill(folder.path, 4, 10);
    size_t bytes;
    uint8_t* old = file_read(folder.path, "journal.db", &bytes);
    fill(folder.path, 4, 20);
    file_write(folder.path, "journal.db", old, bytes);
    ENSURE_REFUSED(INF_ERROR_HASH, &def, "had confirmed tick 20");
    ENSURE_EQ_U64(20, open_error.tick);
    file_remove(folder.path, "journal.head"); // on purpose, as the text says
    ENSURE(try_open(&def) == INF_OK);
    free(old);
    folder_remove(folder.path);
}

TEST(second_opener_is_told_the_pid) {
    TestFolder folder = folder_make();
    InfJournalDef def = test_def(folder.path, 4);
    InfJournal* journal;
    int ready[2];
    char text[64];
    ENSURE(inf_journal_open(&def, &journal, &open_error) == INF_OK);
    ENSURE_REFUSED(INF_ERROR_STATE, &def, "already open in this process");
    ENSURE(append_tick(journal, 1, NULL) == INF_OK && inf_journal_wait(journal, 1, -1) == INF_OK);
    InfJournalDef reading = def;
    reading.mode = INF_JOURNAL_READ; // a reader may come in
    InfJournal* reader;
    ENSURE(inf_journal_open(&reading, &reader, &open_error) == INF_OK);
    uint64_t head;
    ENSURE(read_all(reader, &head, &open_error) == INF_OK && head == 1);
    ENSURE(append_tick(reader, 2, NULL) == INF_ERROR_STATE && inf_journal_event_fd(reader) == -1);
    inf_journal_close(reader);
    ENSURE(append_tick(journal, 2, NULL) == INF_OK && inf_journal_wait(journal, 2, -1) == INF_OK);
    inf_journal_close(journal);

    ENSURE(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        if (inf_journal_open(&def, &journal, NULL) == INF_OK && write(ready[1], "x", 1) == 1) {
            pause();
        }
        _exit(1);
    }
    char byte;
    ENSURE(read(ready[0], &byte, 1) == 1);
    snprintf(text, sizeof text, "served by process %ld", (long)child);
    ENSURE_REFUSED(INF_ERROR_STATE, &def, text);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ENSURE(try_open(&def) == INF_OK); // the kernel has freed the lock
    close(ready[0]);
    close(ready[1]);
    folder_remove(folder.path);
}

/// In a child with the ids of `nobody`, since root may write everywhere. @return the child's exit code
static int as_nobody(const char* folder, InfJournalMode mode) {
    pid_t child = fork();
    if (child == 0) {
        InfJournal* journal;
        InfJournalDef def = test_def(folder, 4);
        def.mode = mode;
        if (setgid(65534) != 0 || setuid(65534) != 0) {
            _exit(99);
        }
        InfResult result = inf_journal_open(&def, &journal, &open_error);
        bool says = result == INF_OK || strstr(open_error.text, "permission") != NULL;
        _exit(says ? (int)result : 98);
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(read_only_folder_is_read_but_not_served) {
    if (getuid() != 0) {
        printf("not root: the read-only folder is tried with modes only\n");
    }
    TestFolder folder = folder_make();
    char path[512];
    fill(folder.path, 4, 10);
    static const char* const names[] = {"journal.db", "journal.head", "journal.lock"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder.path, names[i]);
        ENSURE(chmod(path, 0444) == 0);
    }
    ENSURE(chmod(folder.path, 0555) == 0);
    if (getuid() == 0) {
        ENSURE_EQ_U64(INF_ERROR_DENIED, as_nobody(folder.path, INF_JOURNAL_OPEN_OR_CREATE));
        ENSURE_EQ_U64(INF_OK, as_nobody(folder.path, INF_JOURNAL_READ));
    } else {
        InfJournalDef def = test_def(folder.path, 4);
        ENSURE_REFUSED(INF_ERROR_DENIED, &def, "permission");
        def.mode = INF_JOURNAL_READ;
        ENSURE(try_open(&def) == INF_OK);
    }
    ENSURE(chmod(folder.path, 0755) == 0);
    folder_remove(folder.path);
}

/// Append until the journal fails. @return the last tick that was durable
static uint64_t append_until_failure(InfJournal* journal) {
    uint64_t durable = inf_journal_durable_tick(journal);
    for (uint64_t tick = durable + 1; tick < 100000; tick++) {
        InfResult result = append_tick(journal, tick, NULL);
        result = result != INF_OK ? result : inf_journal_wait(journal, tick, -1);
        if (result != INF_OK) {
            ENSURE_EQ_U64(INF_ERROR_IO, result);
            return durable;
        }
        durable = tick;
    }
    return 0;
}

static void ensure_failed_for_good(InfJournal* journal, uint64_t durable) {
    ENSURE(inf_journal_has_failed(journal));
    ENSURE_EQ_U64(durable, inf_journal_durable_tick(journal));
    ENSURE(append_tick(journal, durable + 1000, NULL) == INF_ERROR_IO);
    ENSURE(inf_journal_wait(journal, durable + 1, 0) == INF_ERROR_IO);
    ENSURE(inf_journal_wait(journal, durable, 0) == INF_OK);
}

static void ensure_kept(const char* folder, uint64_t durable) {
    InfJournalDef def = test_def(folder, 4);
    InfJournal* journal;
    uint64_t head;
    ENSURE_SAY(inf_journal_open(&def, &journal, &open_error) == INF_OK, "%s", open_error.text);
    ENSURE(read_all(journal, &head, &open_error) == INF_OK);
    ENSURE_SAY(head == durable || head == durable + 1, "%llu and %llu", (unsigned long long)head,
               (unsigned long long)durable); // the one that failed may be there: attempted, not confirmed
    ENSURE(append_tick(journal, head + 1, NULL) == INF_OK && inf_journal_wait(journal, head + 1, -1) == INF_OK);
    inf_journal_close(journal);
}

TEST(full_disk_fails_the_journal_and_loses_nothing) {
    TestFolder folder = folder_make();
    if (mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") != 0) {
        printf("no tmpfs can be mounted here: see the test with a file size limit\n");
        folder_remove(folder.path);
        return;
    }
    char galaxy[300];
    snprintf(galaxy, sizeof galaxy, "%s/galaxy", folder.path);
    InfJournalDef def = test_def(galaxy, 4);
    InfJournal* journal;
    ENSURE(inf_journal_open(&def, &journal, &open_error) == INF_OK);
    uint64_t durable = append_until_failure(journal);
    ENSURE_SAY(durable > 50, "%llu", (unsigned long long)durable);
    InfJournalError error = inf_journal_get_error(journal);
    ENSURE_SAY(error.result == INF_ERROR_FULL && strstr(error.text, "no space left") != NULL, "%d %s", error.result,
               error.text);
    ensure_failed_for_good(journal, durable);
    inf_journal_close(journal);
    ENSURE(mount("tmpfs", folder.path, "tmpfs", MS_REMOUNT, "size=8m") == 0); // as the text says
    ensure_kept(galaxy, durable);
    ENSURE(umount(folder.path) == 0);
    folder_remove(folder.path);
}

TEST(full_disk_refuses_to_create) {
    TestFolder folder = folder_make();
    if (mount("tmpfs", folder.path, "tmpfs", 0, "size=16k") != 0) {
        printf("no tmpfs can be mounted here\n");
        folder_remove(folder.path);
        return;
    }
    InfJournalDef def = test_def(folder.path, 4);
    ENSURE_REFUSED(INF_ERROR_FULL, &def, "no space left");
    ENSURE(mount("tmpfs", folder.path, "tmpfs", MS_REMOUNT, "size=8m") == 0);
    ENSURE_SAY(try_open(&def) == INF_OK, "%s", open_error.text); // what was begun does not stand in the way
    ENSURE(umount(folder.path) == 0);
    folder_remove(folder.path);
}

TEST(file_size_limit_fails_the_journal_and_loses_nothing) {
    TestFolder folder = folder_make();
    InfJournalDef def = test_def(folder.path, 4);
    InfJournal* journal;
    struct rlimit old, limit;
    ENSURE(inf_journal_open(&def, &journal, &open_error) == INF_OK);
    signal(SIGXFSZ, SIG_IGN);
    ENSURE(getrlimit(RLIMIT_FSIZE, &old) == 0);
    limit = old;
    limit.rlim_cur = 600000;
    ENSURE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    uint64_t durable = append_until_failure(journal);
    ENSURE(setrlimit(RLIMIT_FSIZE, &old) == 0);
    ENSURE_SAY(durable > 50, "%llu", (unsigned long long)durable);
    InfJournalError error = inf_journal_get_error(journal);
    ENSURE_SAY(strstr(error.text, "journal.db") != NULL && strstr(error.text, "confirmed is kept") != NULL, "%s", error.text);
    ensure_failed_for_good(journal, durable);
    inf_journal_close(journal);
    ensure_kept(folder.path, durable);
    folder_remove(folder.path);
}

TEST(folder_with_odd_characters) {
    TestFolder folder = folder_make();
    char galaxy[400];
    snprintf(galaxy, sizeof galaxy, "%s/a b?c#d%%41'\"é/deeper", folder.path);
    fill(galaxy, 4, 10);
    InfJournalDef def = test_def(galaxy, 4);
    def.mode = INF_JOURNAL_READ;
    ENSURE_SAY(try_open(&def) == INF_OK, "%s", open_error.text);
    folder_remove(folder.path);
}
