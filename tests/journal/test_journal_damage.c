// Each byte of a journal flipped, each truncation: either it is detected, or it is harmless (the same records, the
// same head, the same galaxy). A journal is never believed with other contents than were appended.
#include "journal_test.h"
#include <signal.h>
#include <sys/wait.h>

enum { SHARDS = 4, TICKS = 12, WORKERS = 2 };

typedef struct Outcome {
    uint32_t detected, harmless;
    uint32_t lied; ///< other records, another head or another galaxy without an error
} Outcome;

/// A clean journal of about 64 KiB after TICKS ticks.
static void make_clean(const char* folder) {
    InfJournalDef def = test_def(folder, SHARDS);
    InfJournal* journal;
    InfJournalError error;
    ENSURE_SAY(inf_journal_open(&def, &journal, &error) == INF_OK, "%s", error.text);
    for (uint64_t tick = 1; tick <= TICKS; tick++) {
        InfStatementRow row = {.tick = tick, .soul_id = tick % 5, .amount_credits = (int64_t)tick, .reason = "upkeep"};
        InfJournalRows rows = {.projected_tick = tick, .statements = &row, .statement_count = 1};
        ENSURE(append_tick(journal, tick, &rows) == INF_OK);
    }
    ENSURE(inf_journal_wait(journal, TICKS, -1) == INF_OK);
    inf_journal_close(journal);
}

/// The same, ended by kill -9: the write-ahead log is there and nothing of it is in the database yet.
static void make_killed(const char* folder) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        InfJournalDef def = test_def(folder, SHARDS);
        InfJournal* journal;
        if (inf_journal_open(&def, &journal, NULL) != INF_OK) {
            _exit(1);
        }
        for (uint64_t tick = 1; tick <= TICKS; tick++) {
            if (append_tick(journal, tick, NULL) != INF_OK || inf_journal_wait(journal, tick, -1) != INF_OK) {
                _exit(1);
            }
        }
        kill(getpid(), SIGKILL);
    }
    int status;
    ENSURE(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
}

/// Open and read everything as a server does at its start.
static void judge(const char* folder, Outcome* outcome) {
    InfJournalDef def = test_def(folder, SHARDS);
    InfJournal* journal;
    InfJournalError error;
    uint64_t head = 0;
    InfResult result = inf_journal_open(&def, &journal, &error);
    if (result == INF_OK) {
        const InfJournalMeta* meta = inf_journal_get_meta(journal);
        bool same = meta->seed == 42 && meta->shard_count == SHARDS && meta->created_unix_s == 1700000000 &&
                    meta->galaxy_id[0] == 7 && inf_journal_durable_tick(journal) == TICKS;
        result = read_all(journal, &head, &error);
        if (result == INF_OK && (!same || head != TICKS)) {
            outcome->lied++;
        } else if (result == INF_OK) {
            outcome->harmless++;
        }
        inf_journal_close(journal);
    }
    if (result != INF_OK) {
        ENSURE(strlen(error.text) > 20);
        outcome->detected++;
    }
}

typedef struct Files {
    uint8_t* bytes[3];
    size_t counts[3];
} Files;
static const char* const file_names[3] = {"journal.db", "journal.db-wal", "journal.head"};

static Files files_take(const char* folder) {
    Files files = {0};
    for (int i = 0; i < 3; i++) {
        if (file_exists(folder, file_names[i])) {
            files.bytes[i] = file_read(folder, file_names[i], &files.counts[i]);
        }
    }
    return files;
}

/// Lay out the files anew, `which` replaced by these bytes.
static void files_put(const char* folder, const Files* files, int which, const uint8_t* bytes, size_t count) {
    file_remove(folder, "journal.db-shm");
    for (int i = 0; i < 3; i++) {
        if (files->bytes[i] == NULL) {
            file_remove(folder, file_names[i]);
        } else if (i == which) {
            file_write(folder, file_names[i], bytes, count);
        } else {
            file_write(folder, file_names[i], files->bytes[i], files->counts[i]);
        }
    }
}

static void files_free(Files* files) {
    for (int i = 0; i < 3; i++) {
        free(files->bytes[i]);
    }
}

/// How many bytes apart the tried positions are: 1 tries all. INF_TEST_STRIDE overrides it (slow sanitizers).
static size_t stride(size_t normal) {
    const char* text = getenv("INF_TEST_STRIDE");
    return text != NULL && atoi(text) > 0 ? (size_t)atoi(text) : normal;
}

typedef struct Trial {
    const Files* files;
    int which;      ///< of the files
    bool cut;       ///< truncate to each length; otherwise flip each byte
    size_t normal_stride;
    uint64_t seed;
} Trial;

/// Every WORKERS-th position, in a folder of its own.
static Outcome try_share(const char* folder, const Trial* trial, int worker) {
    Outcome outcome = {0};
    TestRandom random = {trial->seed + (uint64_t)worker};
    uint8_t* bytes = trial->files->bytes[trial->which];
    size_t count = trial->files->counts[trial->which], step = stride(trial->normal_stride);
    for (size_t at = (size_t)worker * step; at < count; at += WORKERS * step) {
        Outcome before = outcome;
        size_t place = at + test_random_below(&random, step);
        place = place < count ? place : count - 1;
        uint8_t mask = trial->cut ? 0 : (uint8_t)(1 + test_random_below(&random, 255));
        bytes[place] ^= mask;
        files_put(folder, trial->files, trial->which, bytes, trial->cut ? place : count);
        judge(folder, &outcome);
        bytes[place] ^= mask;
        if (outcome.lied != before.lied) {
            printf("%s: believed with byte %zu changed by 0x%02x (0: cut there)\n", file_names[trial->which], place, mask);
        }
    }
    return outcome;
}

static TestFolder memory_folder(void);

/// All positions, by some processes at once.
static Outcome try_all(const Trial* trial) {
    Outcome sum = {0};
    pid_t workers[WORKERS];
    int ends[WORKERS][2];
    for (int worker = 0; worker < WORKERS; worker++) {
        ENSURE(pipe(ends[worker]) == 0);
        fflush(NULL);
        workers[worker] = fork();
        if (workers[worker] == 0) {
            TestFolder folder = memory_folder();
            Outcome outcome = try_share(folder.path, trial, worker);
            folder_remove(folder.path);
            fflush(NULL);
            _exit(write(ends[worker][1], &outcome, sizeof outcome) == sizeof outcome ? 0 : 1);
        }
        close(ends[worker][1]);
    }
    bool whole = true;
    for (int worker = 0; worker < WORKERS; worker++) {
        Outcome outcome = {0};
        whole = whole && read(ends[worker][0], &outcome, sizeof outcome) == sizeof outcome;
        close(ends[worker][0]);
        waitpid(workers[worker], NULL, 0);
        sum.detected += outcome.detected;
        sum.harmless += outcome.harmless;
        sum.lied += outcome.lied;
    }
    printf("%s of %s (%zu bytes): %u detected, %u harmless, %u believed\n", trial->cut ? "cuts" : "flips",
           file_names[trial->which], trial->files->counts[trial->which], sum.detected, sum.harmless, sum.lied);
    ENSURE(whole && sum.lied == 0);
    return sum;
}

/// The folder lies in memory: 200,000 openings should not wait for a disk.
static TestFolder memory_folder(void) {
    if (access("/dev/shm", W_OK) != 0 || getenv("INF_TEST_DIR") != NULL) {
        return folder_make();
    }
    TestFolder folder;
    snprintf(folder.path, sizeof folder.path, "/dev/shm/journal-XXXXXX");
    ENSURE(mkdtemp(folder.path) != NULL);
    return folder;
}

TEST_RANDOM(database_with_a_flipped_byte) {
    TestFolder folder = memory_folder();
    make_clean(folder.path);
    Files files = files_take(folder.path);
    Outcome outcome = try_all(&(Trial){.files = &files, .which = 0, .normal_stride = 1, .seed = seed});
    ENSURE(outcome.detected > outcome.harmless / 4 && outcome.harmless > 0); // unused bytes of pages are harmless
    files_free(&files);
    folder_remove(folder.path);
}

TEST_RANDOM(database_cut_short) {
    TestFolder folder = memory_folder();
    make_clean(folder.path);
    Files files = files_take(folder.path);
    Outcome outcome = try_all(&(Trial){.files = &files, .which = 0, .cut = true, .normal_stride = 1, .seed = seed});
    ENSURE(outcome.harmless == 0);
    files_free(&files);
    folder_remove(folder.path);
}

TEST_RANDOM(log_after_kill_with_a_flipped_byte) {
    TestFolder folder = memory_folder();
    make_killed(folder.path);
    Files files = files_take(folder.path);
    ENSURE(files.counts[1] > 0);
    Outcome outcome = try_all(&(Trial){.files = &files, .which = 1, .normal_stride = 31, .seed = seed});
    ENSURE(outcome.detected > 0);
    files_free(&files);
    folder_remove(folder.path);
}

TEST_RANDOM(log_after_kill_cut_short) {
    TestFolder folder = memory_folder();
    make_killed(folder.path);
    Files files = files_take(folder.path);
    Outcome outcome = try_all(&(Trial){.files = &files, .which = 1, .cut = true, .normal_stride = 31, .seed = seed});
    ENSURE(outcome.detected > 0);
    files_free(&files);
    folder_remove(folder.path);
}

TEST_RANDOM(witness_with_a_flipped_byte_or_cut_short) {
    TestFolder folder = memory_folder();
    make_killed(folder.path);
    Files files = files_take(folder.path);
    for (int cut = 0; cut < 2; cut++) {
        Outcome outcome = try_all(&(Trial){.files = &files, .which = 2, .cut = cut, .normal_stride = 1, .seed = seed});
        ENSURE(outcome.detected == 0);
    }
    files_free(&files);
    folder_remove(folder.path);
}
