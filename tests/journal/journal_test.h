/// journal_test.h: folders to work in, and records and rows that are a function of (shard, tick), so that what is
/// read back can be checked without keeping it.
#ifndef INFINITY_JOURNAL_TEST_H
#define INFINITY_JOURNAL_TEST_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <journal/journal.h>
#include <journal/snapshot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <test.h>
#include <unistd.h>

enum { RECORD_BYTES_MAX = 700 };

typedef struct TestFolder {
    char path[256];
} TestFolder;

static inline TestFolder folder_make(void) {
    TestFolder folder;
    const char* base = getenv("INF_TEST_DIR") != NULL ? getenv("INF_TEST_DIR") : "/tmp";
    mkdir(base, 0700);
    snprintf(folder.path, sizeof folder.path, "%s/journal-XXXXXX", base);
    ENSURE(mkdtemp(folder.path) != NULL);
    return folder;
}

static inline void folder_remove_at(int parent, const char* name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    DIR* folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (folder != NULL) {
        for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
            bool is_itself = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
            if (!is_itself && unlinkat(fd, entry->d_name, 0) != 0) {
                folder_remove_at(fd, entry->d_name);
            }
        }
        closedir(folder);
    }
    unlinkat(parent, name, AT_REMOVEDIR);
}

static inline void folder_remove(const char* path) {
    folder_remove_at(AT_FDCWD, path);
}

/// The bytes of folder/name; malloc'ed.
static inline uint8_t* file_read(const char* folder, const char* name, size_t* out_bytes) {
    char path[1024];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDONLY);
    ENSURE_SAY(fd >= 0 && fstat(fd, &status) == 0, "%s: %s", path, strerror(errno));
    uint8_t* bytes = malloc((size_t)status.st_size + 1);
    ENSURE(bytes != NULL && read(fd, bytes, (size_t)status.st_size) == status.st_size);
    close(fd);
    *out_bytes = (size_t)status.st_size;
    return bytes;
}

static inline void file_write(const char* folder, const char* name, const void* bytes, size_t count) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ENSURE_SAY(fd >= 0, "%s: %s", path, strerror(errno));
    ENSURE(write(fd, bytes, count) == (ssize_t)count);
    close(fd);
}

static inline void file_remove(const char* folder, const char* name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

static inline bool file_exists(const char* folder, const char* name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static inline InfJournalDef test_def(const char* folder, uint32_t shard_count) {
    InfJournalDef def = inf_journal_def_default();
    def.folder = folder;
    def.meta.seed = 42;
    def.meta.shard_count = shard_count;
    memset(def.meta.galaxy_id, 7, sizeof def.meta.galaxy_id);
    def.meta.created_unix_s = 1700000000;
    return def;
}

/// Which shards act in a tick, and with which bytes.
static inline bool shard_acts(uint32_t shard, uint64_t tick) {
    TestRandom random = {tick * 1000 + shard};
    return test_random_below(&random, 3) != 0;
}

static inline size_t inputs_make(uint32_t shard, uint64_t tick, uint8_t bytes[RECORD_BYTES_MAX]) {
    TestRandom random = {tick * 7919 + shard};
    size_t count = test_random_below(&random, RECORD_BYTES_MAX + 1);
    test_random_bytes(&random, bytes, count);
    return count;
}

static inline uint64_t world_hash_of(uint32_t shard, uint64_t tick) {
    return tick % 10 == 0 ? tick * 31 + shard + 1 : 0;
}

static inline InfResult append_tick(InfJournal* journal, uint64_t tick, const InfJournalRows* rows) {
    static uint8_t inputs[64][RECORD_BYTES_MAX];
    InfJournalRecord records[64];
    uint32_t count = 0;
    for (uint32_t shard = 0; shard < inf_journal_get_meta(journal)->shard_count; shard++) {
        if (shard_acts(shard, tick)) {
            records[count] = (InfJournalRecord){
                .shard = shard, .world_hash = world_hash_of(shard, tick), .inputs = inputs[shard]};
            records[count++].inputs_bytes = inputs_make(shard, tick, inputs[shard]);
        }
    }
    return inf_journal_append(journal, tick, records, count, rows);
}

static inline bool record_is_right(const InfJournalRecord* record) {
    uint8_t inputs[RECORD_BYTES_MAX];
    size_t bytes = inputs_make(record->shard, record->tick, inputs);
    return shard_acts(record->shard, record->tick) && record->inputs_bytes == bytes &&
           record->world_hash == world_hash_of(record->shard, record->tick) &&
           (bytes == 0 || memcmp(record->inputs, inputs, bytes) == 0);
}

/// Read everything. @return INF_OK and the head if it is exactly ticks 1 to head; otherwise the error.
static inline InfResult read_all(InfJournal* journal, uint64_t* out_head, InfJournalError* error) {
    InfJournalCursor* cursor;
    InfJournalRecord record;
    uint32_t shards = inf_journal_get_meta(journal)->shard_count;
    InfResult result = inf_journal_cursor_open(journal, INF_JOURNAL_ALL_SHARDS, 1, NULL, &cursor, error);
    if (result != INF_OK) {
        return result;
    }
    uint64_t head = inf_journal_cursor_head(cursor);
    bool right = true;
    result = inf_journal_cursor_next(cursor, &record);
    for (uint64_t tick = 1; tick <= head && (result == INF_OK || result == INF_ERROR_NOT_FOUND); tick++) {
        for (uint32_t shard = 0; shard < shards; shard++) {
            bool here = result == INF_OK && record.tick == tick && record.shard == shard;
            right = right && here == shard_acts(shard, tick) && (!here || record_is_right(&record));
            if (here) {
                result = inf_journal_cursor_next(cursor, &record);
            }
        }
    }
    if (error != NULL) {
        *error = *inf_journal_cursor_get_error(cursor);
    }
    inf_journal_cursor_close(cursor);
    *out_head = head;
    ENSURE(result != INF_OK || !right); // nothing behind the head
    ENSURE(right || (result != INF_OK && result != INF_ERROR_NOT_FOUND));
    return result == INF_ERROR_NOT_FOUND ? INF_OK : result;
}

#endif
