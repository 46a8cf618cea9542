/// @file sqlite.h
/// What the files of the SQLite store share. Layout of the database: docs/journal.md.
#ifndef INFINITY_JOURNAL_SQLITE_H
#define INFINITY_JOURNAL_SQLITE_H

#include "internal.h"
#include <sqlite3.h>

#define STORE_SCHEMA_VERSION 4
#define STORE_APPLICATION_ID 0x494e464a /* "INFJ" */
#define STORE_CHECKPOINT_PAGES 4000       ///< of the write-ahead log, taken over when nothing is queued
#define STORE_CACHE_KIB 32768             ///< of the one who writes: rows of lineages lie all over their table
#define STORE_CHECKPOINT_PAGES_MAX 16000  ///< taken over before the next commit even if something is queued

/// Rows that a commit writes, each by one prepared statement.
typedef enum StoreStatement {
    STORE_BEGIN,
    STORE_COMMIT,
    STORE_RECORD,
    STORE_HEAD,
    STORE_STATEMENT,
    STORE_DISCOVERY,
    STORE_OBITUARY,
    STORE_SOUL,
    STORE_SOUL_STATE,
    STORE_TAG,
    STORE_LINEAGE,
    STORE_FEELINGS,
    STORE_FEELINGS_THIN,
    STORE_FEELINGS_FORGET,
    STORE_HABIT,
    STORE_SNAPSHOT,
    STORE_SNAPSHOT_FORGET,
    STORE_COUNT
} StoreStatement;

typedef struct SqliteJournal {
    sqlite3* db;
    sqlite3_stmt* statements[STORE_COUNT];
    JournalLock* lock;
    JournalWitness witness;
    uint8_t* tips_blob; ///< [shard_count × JOURNAL_HEAD_BYTES_PER_SHARD]
    char* db_path;
    bool immutable;     ///< read-only folder without a write-ahead log
    int wal_pages;
} SqliteJournal;

/// What sqlite_schema must hold: `sql` is executed at creation, and SQLite keeps its text.
typedef struct StoreObject {
    const char *type, *name, *table, *sql;
} StoreObject;
#define STORE_OBJECT_COUNT 16
extern const StoreObject sqlite_schema[STORE_OBJECT_COUNT];

/// Fill error from the connection's last error. `doing`: what was tried, as in "cannot <doing>".
InfResult sqlite_failed(sqlite3* db, const char* path, const char* doing, InfJournalError* error);
InfResult sqlite_connect(const char* path, int flags, bool immutable, sqlite3** out_db, InfJournalError* error);
/// Head row; checks its hash. head->tips has room for shard_count.
InfResult sqlite_load_head(sqlite3* db, const char* path, const InfJournalMeta* meta, JournalHead* head,
                           uint8_t out_hash[INF_JOURNAL_HASH_BYTES], InfJournalError* error);
InfResult sqlite_check_pages(sqlite3* db, const char* path, bool full, InfJournalError* error);
InfResult sqlite_prepare_commit(SqliteJournal* sqlite, InfJournalError* error);
InfResult sqlite_checkpoint(SqliteJournal* sqlite, int mode, InfJournalError* error);

// sqlite_commit.c
InfResult sqlite_commit(InfJournal* journal, const JournalBatch* const* batches, uint32_t count, InfJournalError* error);
InfResult sqlite_idle(InfJournal* journal, bool closing, InfJournalError* error);
InfResult sqlite_snapshot_record(InfJournal* journal, const JournalSnapshotRow* rows, uint32_t count,
                                 InfJournalError* error);
// sqlite_read.c
InfResult sqlite_cursor_open(InfJournal* journal, uint32_t shard, uint64_t from_tick, void** out_raw, JournalHead* head,
                             InfJournalError* error);
InfResult sqlite_cursor_next(void* raw, InfJournalRecord* record, InfJournalError* error);
void sqlite_cursor_close(void* raw);
InfResult sqlite_snapshot_find(InfJournal* journal, uint64_t before_tick, JournalSnapshotRow* rows,
                               InfJournalError* error);
InfResult sqlite_check(InfJournal* journal, InfJournalError* error);
// sqlite_query.c
InfResult sqlite_query_open(InfJournal* journal, void** out_raw, InfJournalError* error);
void sqlite_query_close(void* raw);
InfResult sqlite_query_statements(void* raw, uint64_t soul_id, uint64_t before, InfStatementRow* rows, uint32_t capacity,
                                  uint32_t* count, InfJournalError* error);
InfResult sqlite_query_discoveries(void* raw, uint64_t before, InfDiscoveryRow* rows, uint32_t capacity,
                                   uint32_t* count, InfJournalError* error);
InfResult sqlite_query_obituaries(void* raw, uint64_t before, InfObituaryRow* rows, uint32_t capacity, uint32_t* count,
                                  InfJournalError* error);
InfResult sqlite_query_soul(void* raw, uint64_t soul_id, InfSoulRow* row, InfJournalError* error);
InfResult sqlite_query_departed(void* raw, uint64_t after_id, InfSoulRow* rows, uint32_t capacity, uint32_t* count,
                                InfJournalError* error);
InfResult sqlite_query_feelings(void* raw, uint64_t after_soul, uint64_t after_tick, InfFeelingsRow* rows, uint32_t capacity,
                                uint32_t* count, InfJournalError* error);
InfResult sqlite_query_habits(void* raw, uint64_t soul_id, InfHabitSum* sums, uint32_t capacity, uint32_t* count,
                              InfJournalError* error);
InfResult sqlite_query_lineage(void* raw, const uint8_t identity[32], uint32_t from_position, InfLineageRow* rows,
                               uint32_t capacity, uint32_t* count, InfJournalError* error);
InfResult sqlite_query_record(void* raw, const uint8_t hash[32], InfLineageRow* row, InfJournalError* error);
InfResult sqlite_query_tag(void* raw, const char* tag, InfTagRow* row, InfJournalError* error);

#endif
