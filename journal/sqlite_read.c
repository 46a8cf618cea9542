/// sqlite_read.c: reading records and snapshot rows, each reader with a read-only connection of its own and one
/// read transaction, so that it sees one state of the journal while commits go on.
#include "sqlite.h"
#include <stdlib.h>

typedef struct SqliteCursor {
    sqlite3* db;
    sqlite3_stmt* statement;
    const char* path;
} SqliteCursor;

static InfResult open_reader(InfJournal* journal, sqlite3** out_db, InfJournalError* error) {
    SqliteJournal* sqlite = journal->state;
    return sqlite_connect(sqlite->db_path, SQLITE_OPEN_READONLY, sqlite->immutable, out_db, error);
}

InfResult sqlite_cursor_open(InfJournal* journal, uint32_t shard, uint64_t from_tick, void** out_raw, JournalHead* head,
                             InfJournalError* error) {
    SqliteCursor* cursor = calloc(1, sizeof *cursor);
    uint8_t head_hash[INF_JOURNAL_HASH_BYTES];
    if (cursor == NULL) {
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for reading a journal");
    }
    cursor->path = ((SqliteJournal*)journal->state)->db_path;
    InfResult result = open_reader(journal, &cursor->db, error);
    if (result == INF_OK && sqlite3_exec(cursor->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
        result = sqlite_failed(cursor->db, cursor->path, "read the journal", error);
    }
    result = result != INF_OK ? result
                              : sqlite_load_head(cursor->db, cursor->path, &journal->meta, head, head_hash, error);
    const char* text = shard == INF_JOURNAL_ALL_SHARDS
                           ? "SELECT id, world_hash, previous, hash, inputs FROM records WHERE id >= ?1 ORDER BY id"
                           : "SELECT id, world_hash, previous, hash, inputs FROM records WHERE id >= ?1 AND "
                             "(id & 65535) = ?2 ORDER BY id";
    if (result == INF_OK && sqlite3_prepare_v2(cursor->db, text, -1, &cursor->statement, NULL) != SQLITE_OK) {
        result = sqlite_failed(cursor->db, cursor->path, "read the journal", error);
    }
    if (result != INF_OK) {
        sqlite_cursor_close(cursor);
        return result;
    }
    sqlite3_bind_int64(cursor->statement, 1,
                       from_tick > INF_JOURNAL_TICK_MAX ? INT64_MAX : (int64_t)(from_tick << 16));
    if (shard != INF_JOURNAL_ALL_SHARDS) {
        sqlite3_bind_int64(cursor->statement, 2, shard);
    }
    *out_raw = cursor;
    return INF_OK;
}

InfResult sqlite_cursor_next(void* raw, InfJournalRecord* record, InfJournalError* error) {
    SqliteCursor* cursor = raw;
    int code = sqlite3_step(cursor->statement);
    if (code == SQLITE_DONE) {
        return INF_ERROR_NOT_FOUND;
    }
    if (code != SQLITE_ROW) {
        return sqlite_failed(cursor->db, cursor->path, "read the journal", error);
    }
    uint64_t id = (uint64_t)sqlite3_column_int64(cursor->statement, 0);
    record->tick = id >> 16;
    record->shard = (uint32_t)(id & 0xffff);
    record->world_hash = (uint64_t)sqlite3_column_int64(cursor->statement, 1);
    record->inputs = sqlite3_column_blob(cursor->statement, 4);
    record->inputs_bytes = (size_t)sqlite3_column_bytes(cursor->statement, 4);
    if (sqlite3_column_type(cursor->statement, 1) != SQLITE_INTEGER ||
        sqlite3_column_type(cursor->statement, 2) != SQLITE_BLOB ||
        sqlite3_column_bytes(cursor->statement, 2) != INF_JOURNAL_HASH_BYTES ||
        sqlite3_column_type(cursor->statement, 3) != SQLITE_BLOB ||
        sqlite3_column_bytes(cursor->statement, 3) != INF_JOURNAL_HASH_BYTES ||
        sqlite3_column_type(cursor->statement, 4) != SQLITE_BLOB) {
        return journal_error(error, INF_ERROR_FORMAT, record->shard, record->tick,
                             "the record of shard %u, tick %llu in %s is malformed: it was damaged or altered; restore a "
                             "backup and compare with it",
                             record->shard, (unsigned long long)record->tick, cursor->path);
    }
    memcpy(record->previous, sqlite3_column_blob(cursor->statement, 2), INF_JOURNAL_HASH_BYTES);
    memcpy(record->hash, sqlite3_column_blob(cursor->statement, 3), INF_JOURNAL_HASH_BYTES);
    return INF_OK;
}

void sqlite_cursor_close(void* raw) {
    SqliteCursor* cursor = raw;
    sqlite3_finalize(cursor->statement);
    sqlite3_close(cursor->db);
    free(cursor);
}

static InfResult read_snapshot_row(const InfJournalMeta* meta, const char* path, sqlite3_stmt* statement,
                                   JournalSnapshotRow* row, InfJournalError* error) {
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
    row->tick = (uint64_t)sqlite3_column_int64(statement, 0);
    row->shard = (uint32_t)sqlite3_column_int64(statement, 1);
    row->world_hash = (uint64_t)sqlite3_column_int64(statement, 2);
    row->tip.tick = (uint64_t)sqlite3_column_int64(statement, 3);
    row->file_bytes = (uint64_t)sqlite3_column_int64(statement, 5);
    bool whole = sqlite3_column_bytes(statement, 4) == INF_JOURNAL_HASH_BYTES &&
                 sqlite3_column_bytes(statement, 6) == INF_JOURNAL_HASH_BYTES &&
                 sqlite3_column_bytes(statement, 7) == INF_JOURNAL_HASH_BYTES;
    if (whole) {
        memcpy(row->tip.hash, sqlite3_column_blob(statement, 4), INF_JOURNAL_HASH_BYTES);
        memcpy(row->file_hash, sqlite3_column_blob(statement, 6), INF_JOURNAL_HASH_BYTES);
        journal_snapshot_row_hash(meta, row, hash);
        whole = journal_hash_equal(hash, sqlite3_column_blob(statement, 7));
    }
    return whole ? INF_OK
                 : journal_error(error, INF_ERROR_HASH, row->shard, row->tick,
                                 "what %s says about the snapshot of shard %u, tick %llu does not match its hash; that "
                                 "snapshot is not used",
                                 path, row->shard, (unsigned long long)row->tick);
}

InfResult sqlite_snapshot_find(InfJournal* journal, uint64_t before_tick, JournalSnapshotRow* rows,
                               InfJournalError* error) {
    const char* path = ((SqliteJournal*)journal->state)->db_path;
    const char* text = "SELECT tick, shard, world_hash, tip_tick, tip_hash, file_bytes, file_hash, hash FROM snapshots "
                       "WHERE tick = (SELECT max(tick) FROM snapshots WHERE tick < ?) ORDER BY shard";
    sqlite3* db = NULL;
    sqlite3_stmt* statement = NULL;
    uint32_t count = 0;
    InfResult result = open_reader(journal, &db, error);
    if (result != INF_OK) {
        return result;
    }
    int code = sqlite3_prepare_v2(db, text, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, before_tick == 0 || before_tick > INT64_MAX ? INT64_MAX : (int64_t)before_tick);
        while (result == INF_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
            rows[0].tick = (uint64_t)sqlite3_column_int64(statement, 0);
            if (count == journal->meta.shard_count || (uint32_t)sqlite3_column_int64(statement, 1) != count) {
                result = journal_error(error, INF_ERROR_FORMAT, count, rows[0].tick,
                                       "the snapshot of tick %llu does not have each shard once; it is not used",
                                       (unsigned long long)rows[0].tick);
                break;
            }
            result = read_snapshot_row(&journal->meta, path, statement, &rows[count++], error);
        }
    }
    if (result == INF_OK && code != SQLITE_DONE) {
        result = sqlite_failed(db, path, "look for snapshots", error);
    } else if (result == INF_OK && count == 0) {
        result = JOURNAL_ERROR(error, INF_ERROR_NOT_FOUND, "there is no snapshot");
    } else if (result == INF_OK && count != journal->meta.shard_count) {
        result = journal_error(error, INF_ERROR_FORMAT, count, rows[0].tick,
                               "the snapshot of tick %llu has %u of %u shards; it is not used",
                               (unsigned long long)rows[0].tick, count, journal->meta.shard_count);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return result;
}

InfResult sqlite_check(InfJournal* journal, InfJournalError* error) {
    sqlite3* db = NULL;
    InfResult result = open_reader(journal, &db, error);
    if (result == INF_OK) {
        result = sqlite_check_pages(db, ((SqliteJournal*)journal->state)->db_path, true, error);
        sqlite3_close(db);
    }
    return result;
}
