/// backup.c: a copy that opens like the original, made while the galaxy runs. SQLite's backup copies one state of
/// the database in one read transaction (writers go on: the log is write-ahead); snapshots are recorded files that
/// never change, so they are copied after it and, if the server deletes one meanwhile, left out of the copy.
/// Everything is made under a temporary name and renamed last: a destination with journal.db is a whole one.
#include "snapshot_internal.h"
#include "sqlite.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4400, FOLDER_BYTES_MAX = 4000 };

/// out has PATH_BYTES; folder at most FOLDER_BYTES_MAX (checked once at the door) and a few more for `unfinished`.
static const char* join_path(char* out, const char* folder, const char* name) {
    size_t folder_bytes = strlen(folder), name_bytes = strlen(name);
    INF_ASSERT(folder_bytes + name_bytes + 2 <= PATH_BYTES);
    memcpy(out, folder, folder_bytes);
    out[folder_bytes] = '/';
    memcpy(out + folder_bytes + 1, name, name_bytes + 1);
    return out;
}

static InfResult sync_path(const char* path, int flags, InfJournalError* error) {
    int fd = open(path, flags | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0) {
        close(fd);
    }
    return synced ? INF_OK
                  : JOURNAL_ERROR(error, reason == ENOSPC ? INF_ERROR_FULL : INF_ERROR_IO, "cannot sync %s: %s", path,
                                  strerror(reason));
}

static InfResult make_folder(const char* path, InfJournalError* error) {
    return mkdir(path, 0700) == 0 || errno == EEXIST
               ? INF_OK
               : JOURNAL_ERROR(error, errno == EACCES || errno == EROFS ? INF_ERROR_DENIED : INF_ERROR_IO,
                               "cannot make the folder %s: %s", path, strerror(errno));
}

/// All of it: a disk that fills up takes a part first and says why at the next try.
static bool write_all(int fd, const uint8_t* bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

static InfResult copy_file(const char* from, const char* to, InfJournalError* error) {
    static _Thread_local uint8_t buffer[1 << 16];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        return JOURNAL_ERROR(error, errno == ENOENT ? INF_ERROR_NOT_FOUND : INF_ERROR_IO, "cannot open %s: %s", from,
                             strerror(errno));
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t got = 0;
    bool good = out >= 0;
    while (good && (got = read(in, buffer, sizeof buffer)) != 0) {
        good = (got < 0 && errno == EINTR) || (got > 0 && write_all(out, buffer, (size_t)got));
    }
    good = good && fsync(out) == 0;
    int reason = errno;
    close(in);
    if (out >= 0) {
        close(out);
    }
    return good ? INF_OK
                : JOURNAL_ERROR(error, reason == ENOSPC ? INF_ERROR_FULL : INF_ERROR_IO, "cannot copy %s to %s: %s", from, to,
                                strerror(reason));
}

/// Copy the database of an open journal into the file `to`.
static InfResult copy_database(InfJournal* journal, const char* to, InfJournalError* error) {
    SqliteJournal* sqlite = journal->state;
    sqlite3* source = NULL;
    sqlite3* target = NULL;
    InfResult result = sqlite_connect(sqlite->db_path, SQLITE_OPEN_READONLY, sqlite->immutable, &source, error);
    result = result != INF_OK
                 ? result
                 : sqlite_connect(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, false, &target, error);
    if (result == INF_OK) {
        // The copy is checked and synced as a whole before it gets its name: no journal file is needed for it.
        sqlite3_exec(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL, NULL);
        sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
        int code = backup != NULL ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
        sqlite3_backup_finish(backup);
        if (code != SQLITE_DONE) {
            result = sqlite_failed(target, to, "copy the journal", error);
        }
    }
    sqlite3_close(source);
    sqlite3_close(target);
    return result != INF_OK ? result : sync_path(to, O_RDWR, error);
}

/// Copy the recorded snapshots of the copy. One that went away meanwhile is no failure: its set is then skipped on
/// load, like any incomplete one.
static InfResult copy_snapshots(InfJournal* source, InfJournal* copy, const char* destination, InfJournalError* error) {
    char from[PATH_BYTES], to[PATH_BYTES];
    JournalSnapshotRow* rows = calloc(copy->meta.shard_count, sizeof *rows);
    InfResult result = rows != NULL ? INF_OK : JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for a backup");
    uint64_t before = 0;
    join_path(to, destination, "snapshots");
    result = result != INF_OK ? result : make_folder(to, error);
    while (result == INF_OK && copy->store->snapshot_find(copy, before, rows, NULL) == INF_OK) {
        before = rows[0].tick;
        for (uint32_t shard = 0; shard < copy->meta.shard_count && result == INF_OK; shard++) {
            snapshot_path(from, sizeof from, source->folder, before, shard, "");
            snapshot_path(to, sizeof to, destination, before, shard, "");
            result = copy_file(from, to, error);
            result = result != INF_OK ? result : snapshot_file_load(to, &copy->meta, &rows[shard], NULL, NULL, error);
        }
        if (result == INF_ERROR_NOT_FOUND || result == INF_ERROR_HASH) {
            for (uint32_t shard = 0; shard < copy->meta.shard_count; shard++) {
                snapshot_path(to, sizeof to, destination, before, shard, "");
                unlink(to);
            }
            result = INF_OK;
        }
    }
    free(rows);
    join_path(to, destination, "snapshots");
    return result != INF_OK ? result : sync_path(to, O_RDONLY | O_DIRECTORY, error);
}

/// The destination gets its journal under a folder of its own first, so that a half copy never looks whole.
static InfResult make_copy(InfJournal* source, const char* destination, const char* working, uint64_t* out_head,
                           InfJournalError* error) {
    char from[PATH_BYTES], to[PATH_BYTES];
    InfJournal* copy = NULL;
    InfJournalDef def = inf_journal_def_default();
    join_path(to, working, "journal.db");
    InfResult result = copy_database(source, to, error);
    if (result != INF_OK) {
        return result;
    }
    def.folder = working;
    def.mode = INF_JOURNAL_OPEN;
    def.check = INF_JOURNAL_CHECK_FULL;
    result = inf_journal_open(&def, &copy, error);
    result = result != INF_OK ? result : copy_snapshots(source, copy, destination, error);
    if (result == INF_OK && out_head != NULL) {
        *out_head = inf_journal_durable_tick(copy);
    }
    inf_journal_close(copy);
    result = result != INF_OK ? result : sync_path(to, O_RDWR, error);
    static const char* const names[] = {"journal.head", "journal.db"};
    for (size_t i = 0; i < 2 && result == INF_OK; i++) {
        join_path(from, working, names[i]);
        join_path(to, destination, names[i]);
        if (rename(from, to) != 0) {
            result = JOURNAL_ERROR(error, INF_ERROR_IO, "cannot rename %s to %s: %s", from, to, strerror(errno));
        }
    }
    return result != INF_OK ? result : sync_path(destination, O_RDONLY | O_DIRECTORY, error);
}

static void remove_working(const char* working) {
    static const char* const names[] = {"journal.db",      "journal.db-wal", "journal.db-shm", "journal.db-journal",
                                        "journal.head", "journal.lock"};
    char path[PATH_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        join_path(path, working, names[i]);
        unlink(path);
    }
    rmdir(working);
}

InfResult inf_journal_backup(const char* folder, const char* destination, uint64_t* out_head,
                             InfJournalError* out_error) {
    char path[PATH_BYTES], working[PATH_BYTES];
    struct stat status;
    InfJournal* source = NULL;
    InfJournalDef def = inf_journal_def_default();
    if (folder == NULL || destination == NULL || strlen(folder) > FOLDER_BYTES_MAX || strlen(destination) > FOLDER_BYTES_MAX) {
        return JOURNAL_ERROR(out_error, INF_ERROR_RANGE, "a backup needs a galaxy folder and a destination");
    }
    def.folder = folder;
    def.mode = INF_JOURNAL_READ;
    def.check = INF_JOURNAL_CHECK_ENDS;
    InfResult result = inf_journal_open(&def, &source, out_error);
    result = result != INF_OK ? result : make_folder(destination, out_error);
    if (result != INF_OK) {
        inf_journal_close(source);
        return result;
    }
    join_path(path, destination, "journal.db");
    join_path(working, destination, "unfinished");
    if (stat(path, &status) == 0) {
        result = JOURNAL_ERROR(out_error, INF_ERROR_EXISTS, "%s holds a journal already; choose another destination",
                               destination);
    } else {
        remove_working(working);
        result = make_folder(working, out_error);
        result = result != INF_OK ? result : make_copy(source, destination, working, out_head, out_error);
        remove_working(working);
    }
    inf_journal_close(source);
    return result;
}
