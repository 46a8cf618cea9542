/// snapshot_read.c: loading a set. A file is believed only if its own hash, its header, what the journal recorded
/// about it and the galaxy agree; a set only if all its files are. Payloads are handed out after all of that.
#include "snapshot_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

static InfResult refuse(const char* path, const JournalSnapshotRow* row, const char* reason, InfJournalError* error) {
    return journal_error(error, INF_ERROR_HASH, row->shard, row->tick,
                         "the snapshot %s is not used: %s. An older one or the whole journal takes its place", path, reason);
}

static InfResult read_file(const char* path, const JournalSnapshotRow* row, uint8_t** out_bytes, InfJournalError* error) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return refuse(path, row, errno == ENOENT ? "it is missing" : strerror(errno), error);
    }
    if (fstat(fd, &status) != 0 || (uint64_t)status.st_size != row->file_bytes ||
        row->file_bytes < SNAPSHOT_HEADER_BYTES + INF_JOURNAL_HASH_BYTES) {
        close(fd);
        return refuse(path, row, "it is not as long as it was written", error);
    }
    uint8_t* bytes = malloc(row->file_bytes);
    size_t fill = 0;
    while (bytes != NULL && fill < row->file_bytes) {
        ssize_t got = read(fd, bytes + fill, row->file_bytes - fill);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        fill += (size_t)got;
    }
    close(fd);
    if (bytes == NULL || fill != row->file_bytes) {
        free(bytes);
        return refuse(path, row, bytes == NULL ? "out of memory" : "it cannot be read", error);
    }
    *out_bytes = bytes;
    return INF_OK;
}

static const char* check_bytes(const uint8_t* bytes, const InfJournalMeta* meta, const JournalSnapshotRow* row,
                               SnapshotHeader* header) {
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
    size_t hashed_bytes = row->file_bytes - INF_JOURNAL_HASH_BYTES;
    journal_hash(SNAPSHOT_HASH_DOMAIN, bytes, hashed_bytes, hash);
    if (!journal_hash_equal(hash, bytes + hashed_bytes) || !journal_hash_equal(hash, row->file_hash)) {
        return "it does not match its hash";
    }
    const char* reason = snapshot_header_get(bytes, header);
    if (reason != NULL) {
        return reason;
    }
    if (memcmp(header->galaxy_id, meta->galaxy_id, INF_GALAXY_ID_BYTES) != 0) {
        return "it is of another galaxy";
    }
    if (header->shard != row->shard || header->tick != row->tick || header->world_hash != row->world_hash ||
        header->tip.tick != row->tip.tick || !journal_hash_equal(header->tip.hash, row->tip.hash) ||
        header->stored_bytes != row->file_bytes - SNAPSHOT_HEADER_BYTES - INF_JOURNAL_HASH_BYTES) {
        return "it is not the one that the journal recorded";
    }
    if (header->flags == SNAPSHOT_FLAG_ZSTD &&
        ZSTD_getFrameContentSize(bytes + SNAPSHOT_HEADER_BYTES, header->stored_bytes) != header->payload_bytes) {
        return "its compressed part is malformed";
    }
    return NULL;
}

InfResult snapshot_file_load(const char* path, const InfJournalMeta* meta, const JournalSnapshotRow* row,
                             uint8_t** out_payload, size_t* out_payload_bytes, InfJournalError* error) {
    uint8_t* bytes = NULL;
    SnapshotHeader header;
    InfResult result = read_file(path, row, &bytes, error);
    if (result != INF_OK) {
        return result;
    }
    const char* reason = check_bytes(bytes, meta, row, &header);
    if (reason != NULL || out_payload == NULL) {
        free(bytes);
        return reason != NULL ? refuse(path, row, reason, error) : INF_OK;
    }
    if (header.flags == SNAPSHOT_FLAG_ZSTD) {
        uint8_t* payload = malloc(header.payload_bytes > 0 ? header.payload_bytes : 1);
        size_t got = payload == NULL ? 0
                                     : ZSTD_decompress(payload, header.payload_bytes, bytes + SNAPSHOT_HEADER_BYTES,
                                                       header.stored_bytes);
        free(bytes);
        if (payload == NULL || ZSTD_isError(got) || got != header.payload_bytes) {
            free(payload);
            return refuse(path, row, payload == NULL ? "out of memory" : "its compressed part is malformed", error);
        }
        bytes = payload;
    } else {
        memmove(bytes, bytes + SNAPSHOT_HEADER_BYTES, header.payload_bytes);
    }
    *out_payload = bytes;
    *out_payload_bytes = header.payload_bytes;
    return INF_OK;
}

static InfResult load_set(InfJournal* journal, const JournalSnapshotRow* rows, InfSnapshotSet* set,
                          InfJournalError* error) {
    InfSnapshotItem* items = (InfSnapshotItem*)set->items;
    InfJournalTip* tips = (InfJournalTip*)set->tips;
    char path[4300];
    set->tick = rows[0].tick;
    if (set->tick > inf_journal_durable_tick(journal)) {
        return journal_error(error, INF_ERROR_STATE, INF_JOURNAL_ALL_SHARDS, set->tick,
                             "the snapshot of tick %llu is ahead of its journal; it is not used",
                             (unsigned long long)set->tick);
    }
    for (uint32_t shard = 0; shard < set->shard_count; shard++) {
        uint8_t* payload = NULL;
        snapshot_path(path, sizeof path, journal->folder, set->tick, shard, "");
        InfResult result =
            snapshot_file_load(path, &journal->meta, &rows[shard], &payload, &items[shard].payload_bytes, error);
        if (result != INF_OK) {
            return result;
        }
        items[shard].payload = payload;
        items[shard].world_hash = rows[shard].world_hash;
        items[shard].tip = rows[shard].tip;
        tips[shard] = rows[shard].tip;
    }
    return INF_OK;
}

static InfSnapshotSet* make_set(uint32_t shard_count) {
    InfSnapshotSet* set = calloc(1, sizeof *set);
    InfSnapshotItem* items = calloc(shard_count, sizeof *items);
    InfJournalTip* tips = calloc(shard_count, sizeof *tips);
    if (set == NULL || items == NULL || tips == NULL) {
        free(set);
        free(items);
        free(tips);
        return NULL;
    }
    *set = (InfSnapshotSet){.shard_count = shard_count, .items = items, .tips = tips};
    return set;
}

InfResult inf_snapshot_set_load(InfJournal* journal, uint64_t before_tick, InfSnapshotReport* report, void* user,
                                InfSnapshotSet** out_set) {
    *out_set = NULL;
    if (journal->store->snapshot_find == NULL) {
        return INF_ERROR_NOT_FOUND;
    }
    JournalSnapshotRow* rows = calloc(journal->meta.shard_count, sizeof *rows);
    InfResult result = rows != NULL ? INF_OK : INF_ERROR_MEMORY;
    while (result == INF_OK) {
        InfJournalError error = {.shard = INF_JOURNAL_ALL_SHARDS};
        result = journal->store->snapshot_find(journal, before_tick, rows, &error);
        if (result == INF_ERROR_NOT_FOUND) {
            break;
        }
        before_tick = result == INF_OK ? rows[0].tick : error.tick;
        if (result == INF_OK) {
            InfSnapshotSet* set = make_set(journal->meta.shard_count);
            result = set != NULL ? load_set(journal, rows, set, &error) : INF_ERROR_MEMORY;
            if (result == INF_OK) {
                *out_set = set;
                break;
            }
            inf_snapshot_set_free(set);
        }
        if (report != NULL) {
            report(user, &error);
        }
        // Try the one before it; without a tick to go on from there is none.
        result = result == INF_ERROR_MEMORY ? result : before_tick == 0 ? INF_ERROR_NOT_FOUND : INF_OK;
    }
    free(rows);
    return result;
}

void inf_snapshot_set_release(InfSnapshotSet* set, uint32_t shard) {
    InfSnapshotItem* item = (InfSnapshotItem*)&set->items[shard];
    free((void*)item->payload);
    item->payload = NULL;
    item->payload_bytes = 0;
}

void inf_snapshot_set_free(InfSnapshotSet* set) {
    if (set == NULL) {
        return;
    }
    for (uint32_t shard = 0; shard < set->shard_count; shard++) {
        free((void*)set->items[shard].payload);
    }
    free((void*)set->items);
    free((void*)set->tips);
    free(set);
}
