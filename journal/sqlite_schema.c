/// sqlite_schema.c: the tables, the translation of SQLite's errors, and the rows that say what a database is.
///
/// Records have the key tick × 65536 + shard, so a tick appends at the end of one B-tree (a key that starts with
/// the shard touches one page per shard and tick: 16 pages instead of 1 to 3 in each commit).
#include "sqlite.h"
#include <errno.h>
#include <stdlib.h>

const StoreObject sqlite_schema[STORE_OBJECT_COUNT] = {
    {"table", "meta", "meta",
     "CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL,"
     " galaxy_id BLOB NOT NULL, seed INTEGER NOT NULL, generator_version INTEGER NOT NULL,"
     " rules_version INTEGER NOT NULL, shard_count INTEGER NOT NULL, created_unix_s INTEGER NOT NULL,"
     " hash BLOB NOT NULL)"},
    {"table", "head", "head",
     "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), tick INTEGER NOT NULL, projected_tick"
     " INTEGER NOT NULL, tips BLOB NOT NULL, hash BLOB NOT NULL)"},
    {"table", "records", "records",
     "CREATE TABLE records (id INTEGER PRIMARY KEY, world_hash INTEGER NOT NULL, previous BLOB NOT"
     " NULL, hash BLOB NOT NULL, inputs BLOB NOT NULL)"},
    {"view", "journal", "journal",
     "CREATE VIEW journal AS SELECT id >> 16 AS tick, id & 65535 AS shard, world_hash, previous,"
     " hash, inputs FROM records"},
    {"table", "snapshots", "snapshots",
     "CREATE TABLE snapshots (tick INTEGER NOT NULL, shard INTEGER NOT NULL, world_hash INTEGER NOT"
     " NULL, tip_tick INTEGER NOT NULL, tip_hash BLOB NOT NULL, file_bytes INTEGER NOT NULL,"
     " file_hash BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (tick, shard)) WITHOUT ROWID"},
    {"table", "statements", "statements",
     "CREATE TABLE statements (sequence INTEGER PRIMARY KEY, tick INTEGER NOT NULL, soul_id INTEGER"
     " NOT NULL, account TEXT NOT NULL, amount_credits INTEGER NOT NULL, balance_credits INTEGER NOT"
     " NULL, reason TEXT NOT NULL, counterpart_id INTEGER NOT NULL)"},
    {"index", "statements_by_soul", "statements",
     "CREATE INDEX statements_by_soul ON statements (soul_id)"},
    {"table", "discoveries", "discoveries",
     "CREATE TABLE discoveries (sequence INTEGER PRIMARY KEY, tick INTEGER NOT NULL, sector_x INTEGER"
     " NOT NULL, sector_y INTEGER NOT NULL, sector_z INTEGER NOT NULL, system_index INTEGER NOT NULL,"
     " system_name TEXT NOT NULL, soul_id INTEGER NOT NULL, soul_name TEXT NOT NULL)"},
    {"table", "obituaries", "obituaries",
     "CREATE TABLE obituaries (sequence INTEGER PRIMARY KEY, tick INTEGER NOT NULL, soul_id INTEGER"
     " NOT NULL, soul_name TEXT NOT NULL, cause TEXT NOT NULL, killer_id INTEGER NOT NULL,"
     " killer_name TEXT NOT NULL, place TEXT NOT NULL, age_ticks INTEGER NOT NULL, left_credits"
     " INTEGER NOT NULL)"},
    {"table", "souls", "souls",
     "CREATE TABLE souls (soul_id INTEGER PRIMARY KEY, tick INTEGER NOT NULL, name TEXT NOT NULL,"
     " kind TEXT NOT NULL, key BLOB NOT NULL, born_tick INTEGER NOT NULL, shard INTEGER NOT NULL, state TEXT NOT"
     " NULL, state_tick INTEGER NOT NULL, with_id INTEGER NOT NULL, server BLOB NOT NULL,"
     " traits BLOB NOT NULL)"},
    {"index", "souls_departed", "souls",
     "CREATE INDEX souls_departed ON souls (soul_id) WHERE state NOT IN ('here', 'riding')"},
    {"table", "feelings", "feelings",
     "CREATE TABLE feelings (soul_id INTEGER NOT NULL, tick INTEGER NOT NULL, every_ticks INTEGER NOT NULL,"
     " felt BLOB NOT NULL, PRIMARY KEY (soul_id, tick)) WITHOUT ROWID"},
    {"table", "habits", "habits",
     "CREATE TABLE habits (soul_id INTEGER NOT NULL, habit TEXT NOT NULL, with_id INTEGER NOT NULL, times INTEGER NOT NULL,"
     " tick INTEGER NOT NULL, PRIMARY KEY (soul_id, habit, with_id)) WITHOUT ROWID"},
    {"table", "tags", "tags",
     "CREATE TABLE tags (tag TEXT PRIMARY KEY, tick INTEGER NOT NULL, key BLOB NOT NULL, soul_id"
     " INTEGER NOT NULL) WITHOUT ROWID"},
    {"table", "lineage", "lineage",
     "CREATE TABLE lineage (hash BLOB PRIMARY KEY, identity BLOB NOT NULL, position INTEGER NOT NULL,"
     " tick INTEGER NOT NULL, soul_id INTEGER NOT NULL, act TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID"},
    {"index", "lineage_by_identity", "lineage",
     "CREATE INDEX lineage_by_identity ON lineage (identity, position)"},
};

InfResult sqlite_failed(sqlite3* db, const char* path, const char* doing, InfJournalError* error) {
    int code = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
    int reason = db != NULL ? sqlite3_system_errno(db) : 0;
    const char* text = db != NULL ? sqlite3_errmsg(db) : "out of memory";
    bool is_full = (code & 0xff) == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT);
    switch (is_full ? SQLITE_FULL : code & 0xff) {
    case SQLITE_FULL:
        return JOURNAL_ERROR(error, INF_ERROR_FULL,
                             "cannot %s: no space left for %s; free some space on that disk and start again. Everything "
                             "that was confirmed is kept",
                             doing, path);
    case SQLITE_NOTADB:
        return JOURNAL_ERROR(error, INF_ERROR_FORMAT,
                             "%s is not a journal: its beginning is not that of an SQLite database; it was damaged or "
                             "another file took its place. Restore a backup",
                             path);
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
        return JOURNAL_ERROR(error, INF_ERROR_FORMAT,
                             "cannot %s: %s is damaged (%s). Nothing was changed; keep a copy for examination and restore "
                             "a backup",
                             doing, path, text);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return JOURNAL_ERROR(error, INF_ERROR_DENIED, "cannot %s: %s cannot be opened or written (%s%s%s); check owner, "
                             "permissions and mount of its folder",
                             doing, path, text, reason != 0 ? ": " : "", reason != 0 ? strerror(reason) : "");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return JOURNAL_ERROR(error, INF_ERROR_STATE, "cannot %s: another program is writing in %s; end it and start again",
                             doing, path);
    case SQLITE_NOMEM:
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "cannot %s: out of memory for %s", doing, path);
    case SQLITE_IOERR:
        return JOURNAL_ERROR(error, INF_ERROR_IO,
                             "cannot %s: the system reported an error on %s (%s%s%s); check the disk (and its log), then "
                             "start again. Everything that was confirmed is kept",
                             doing, path, text, reason != 0 ? ": " : "", reason != 0 ? strerror(reason) : "");
    default:
        return JOURNAL_ERROR(error, INF_ERROR_FORMAT, "cannot %s: %s is not a journal that this program knows (%s)", doing,
                             path, text);
    }
}

InfResult sqlite_connect(const char* path, int flags, bool immutable, sqlite3** out_db, InfJournalError* error) {
    sqlite3* db = NULL;
    int code;
    *out_db = NULL;
    if (immutable) {
        char* uri = sqlite3_mprintf("file:%w?immutable=1", path);
        // A path may hold characters that mean something in a URI.
        bool plain = uri != NULL && strpbrk(path, "?#%\"") == NULL;
        code = plain ? sqlite3_open_v2(uri, &db, flags | SQLITE_OPEN_URI, NULL) : sqlite3_open_v2(path, &db, flags, NULL);
        sqlite3_free(uri);
    } else {
        code = sqlite3_open_v2(path, &db, flags, NULL);
    }
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(db, 1);
        sqlite3_busy_timeout(db, 5000);
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
        *out_db = db;
        return INF_OK;
    }
    InfResult result = sqlite_failed(db, path, "open the journal", error);
    sqlite3_close(db);
    return result;
}

InfResult sqlite_load_head(sqlite3* db, const char* path, const InfJournalMeta* meta, JournalHead* head,
                           uint8_t out_hash[INF_JOURNAL_HASH_BYTES], InfJournalError* error) {
    sqlite3_stmt* statement = NULL;
    size_t tips_bytes = (size_t)meta->shard_count * JOURNAL_HEAD_BYTES_PER_SHARD;
    InfResult result;
    if (sqlite3_prepare_v2(db, "SELECT tick, projected_tick, tips, hash FROM head WHERE id = 1", -1, &statement, NULL) !=
        SQLITE_OK) {
        return sqlite_failed(db, path, "read the head", error);
    }
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        result = sqlite_failed(db, path, "read the head", error);
    } else if (code == SQLITE_DONE || sqlite3_column_type(statement, 2) != SQLITE_BLOB ||
               (size_t)sqlite3_column_bytes(statement, 2) != tips_bytes ||
               sqlite3_column_type(statement, 3) != SQLITE_BLOB ||
               sqlite3_column_bytes(statement, 3) != INF_JOURNAL_HASH_BYTES) {
        result = JOURNAL_ERROR(error, INF_ERROR_FORMAT, "%s has no readable head (how far it goes); restore a backup", path);
    } else {
        head->tick = (uint64_t)sqlite3_column_int64(statement, 0);
        head->projected_tick = (uint64_t)sqlite3_column_int64(statement, 1);
        const uint8_t* tips = sqlite3_column_blob(statement, 2);
        for (uint32_t shard = 0; shard < meta->shard_count; shard++) {
            head->tips[shard].tick = journal_get_u64(tips + shard * JOURNAL_HEAD_BYTES_PER_SHARD);
            memcpy(head->tips[shard].hash, tips + shard * JOURNAL_HEAD_BYTES_PER_SHARD + 8, INF_JOURNAL_HASH_BYTES);
        }
        journal_head_hash(meta, head, out_hash);
        result = journal_hash_equal(out_hash, sqlite3_column_blob(statement, 3))
                     ? INF_OK
                     : JOURNAL_ERROR(error, INF_ERROR_HASH,
                                     "the head of %s (how far it goes) does not match its hash: it was damaged or altered; "
                                     "restore a backup",
                                     path);
    }
    sqlite3_finalize(statement);
    return result;
}

InfResult sqlite_check_pages(sqlite3* db, const char* path, bool full, InfJournalError* error) {
    sqlite3_stmt* statement = NULL;
    if (sqlite3_prepare_v2(db, full ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)", -1, &statement, NULL) !=
        SQLITE_OK) {
        return sqlite_failed(db, path, "check the journal", error);
    }
    InfResult result = INF_OK;
    int code = sqlite3_step(statement);
    const char* text = code == SQLITE_ROW ? (const char*)sqlite3_column_text(statement, 0) : NULL;
    if (code != SQLITE_ROW) {
        result = sqlite_failed(db, path, "check the journal", error);
    } else if (text == NULL || strcmp(text, "ok") != 0) {
        result = JOURNAL_ERROR(error, INF_ERROR_FORMAT,
                               "%s is damaged (%.300s). Nothing was changed; keep a copy for examination and restore a "
                               "backup",
                               path, text != NULL ? text : "no answer");
    }
    sqlite3_finalize(statement);
    return result;
}
