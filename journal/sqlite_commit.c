/// sqlite_commit.c: one transaction for all queued ticks: records, rows of read models, head. SQLite appends it to
/// the write-ahead log and syncs that once (synchronous=FULL); moving pages from the log into the database is
/// done when nothing is queued, so that a tick rarely waits for it.
#include "sqlite.h"
#include <errno.h>
#include <stdlib.h>

static const char* const statement_texts[STORE_COUNT] = {
    [STORE_BEGIN] = "BEGIN IMMEDIATE",
    [STORE_COMMIT] = "COMMIT",
    [STORE_RECORD] = "INSERT INTO records (id, world_hash, previous, hash, inputs) VALUES (?, ?, ?, ?, ?)",
    [STORE_HEAD] = "UPDATE head SET tick = ?, projected_tick = ?, tips = ?, hash = ? WHERE id = 1",
    [STORE_STATEMENT] = "INSERT INTO statements (tick, soul_id, account, amount_credits, balance_credits, "
                                   "reason, counterpart_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
    [STORE_DISCOVERY] = "INSERT INTO discoveries (tick, sector_x, sector_y, sector_z, system_index, "
                                   "system_name, soul_id, soul_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    [STORE_OBITUARY] = "INSERT INTO obituaries (tick, soul_id, soul_name, cause, killer_id, killer_name, "
                                  "place, age_ticks, left_credits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STORE_SOUL] = "INSERT OR REPLACE INTO souls (soul_id, tick, name, kind, key, born_tick, shard, state, state_tick, "
                              "with_id, server, traits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STORE_SOUL_STATE] = "INSERT INTO souls (soul_id, tick, name, kind, key, born_tick, shard, state, state_tick, with_id, "
                              "server, traits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (soul_id) DO UPDATE SET tick = "
                              "excluded.tick, state = excluded.state, state_tick = excluded.state_tick, with_id = "
                              "excluded.with_id, server = excluded.server",
    [STORE_TAG] = "INSERT OR REPLACE INTO tags (tag, tick, key, soul_id) VALUES (?, ?, ?, ?)",
    [STORE_LINEAGE] = "INSERT OR IGNORE INTO lineage (hash, identity, position, tick, soul_id, act, text) "
                                 "VALUES (?1, ?2, (SELECT coalesce(max(position) + 1, 0) FROM lineage WHERE identity = ?2), "
                                 "?3, ?4, ?5, ?6)",
    [STORE_FEELINGS] = "INSERT OR REPLACE INTO feelings (soul_id, tick, every_ticks, felt) VALUES (?, ?, ?, ?)",
    [STORE_FEELINGS_THIN] = "DELETE FROM feelings WHERE soul_id = ?1 AND (tick - ?2) % ?3 != 0",
    [STORE_FEELINGS_FORGET] = "DELETE FROM feelings WHERE soul_id = ?1",
    [STORE_HABIT] = "INSERT INTO habits (soul_id, habit, with_id, times, tick) VALUES (?, ?, ?, ?, ?) ON CONFLICT (soul_id, habit, "
                    "with_id) DO UPDATE SET times = times + excluded.times, tick = excluded.tick",
    [STORE_SNAPSHOT] = "INSERT OR REPLACE INTO snapshots (tick, shard, world_hash, tip_tick, tip_hash, "
                                  "file_bytes, file_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    [STORE_SNAPSHOT_FORGET] = "DELETE FROM snapshots WHERE tick NOT IN "
                                         "(SELECT DISTINCT tick FROM snapshots ORDER BY tick DESC LIMIT ?)",
};

static int count_wal_pages(void* user, sqlite3* db, const char* name, int pages) {
    ((SqliteJournal*)user)->wal_pages = pages;
    return SQLITE_OK;
}

InfResult sqlite_prepare_commit(SqliteJournal* sqlite, InfJournalError* error) {
    for (int i = 0; i < STORE_COUNT; i++) {
        if (sqlite3_prepare_v3(sqlite->db, statement_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &sqlite->statements[i], NULL) !=
            SQLITE_OK) {
            return sqlite_failed(sqlite->db, sqlite->db_path, "prepare the journal for writing", error);
        }
    }
    sqlite3_wal_hook(sqlite->db, count_wal_pages, sqlite);
    return INF_OK;
}

InfResult sqlite_checkpoint(SqliteJournal* sqlite, int mode, InfJournalError* error) {
    int code = sqlite3_wal_checkpoint_v2(sqlite->db, "main", mode, NULL, NULL);
    if (code == SQLITE_OK) {
        sqlite->wal_pages = 0;
    }
    // A reader (backup, a person's query) may hold the log; then it is done another time.
    return code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED
               ? INF_OK
               : sqlite_failed(sqlite->db, sqlite->db_path, "move the write-ahead log into the journal", error);
}

static bool step(SqliteJournal* sqlite, StoreStatement which) {
    sqlite3_stmt* statement = sqlite->statements[which];
    int code = sqlite3_step(statement);
    // Reset returns the same code and clears the statement for the next row.
    return sqlite3_reset(statement) == SQLITE_OK && code == SQLITE_DONE;
}

static void bind_text(sqlite3_stmt* statement, int index, const char* text) {
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void bind_id(sqlite3_stmt* statement, int index, uint64_t value) {
    sqlite3_bind_int64(statement, index, (int64_t)value);
}

static bool put_records(SqliteJournal* sqlite, const JournalBatch* batch) {
    sqlite3_stmt* statement = sqlite->statements[STORE_RECORD];
    for (uint32_t i = 0; i < batch->record_count; i++) {
        const InfJournalRecord* record = &batch->records[i];
        bind_id(statement, 1, record->tick << 16 | record->shard);
        bind_id(statement, 2, record->world_hash);
        sqlite3_bind_blob(statement, 3, record->previous, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 4, record->hash, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
        if (record->inputs_bytes > 0) {
            sqlite3_bind_blob64(statement, 5, record->inputs, record->inputs_bytes, SQLITE_STATIC);
        } else {
            sqlite3_bind_zeroblob(statement, 5, 0);
        }
        if (!step(sqlite, STORE_RECORD)) {
            return false;
        }
    }
    return true;
}

static bool put_statements(SqliteJournal* sqlite, const InfJournalRows* rows) {
    sqlite3_stmt* statement = sqlite->statements[STORE_STATEMENT];
    for (uint32_t i = 0; i < rows->statement_count; i++) {
        const InfStatementRow* row = &rows->statements[i];
        bind_id(statement, 1, row->tick);
        bind_id(statement, 2, row->soul_id);
        bind_text(statement, 3, row->account == INF_JOURNAL_BANKED ? "banked" : "carried");
        sqlite3_bind_int64(statement, 4, row->amount_credits);
        sqlite3_bind_int64(statement, 5, row->balance_credits);
        bind_text(statement, 6, row->reason);
        bind_id(statement, 7, row->counterpart_id);
        if (!step(sqlite, STORE_STATEMENT)) {
            return false;
        }
    }
    return true;
}

static bool put_discoveries(SqliteJournal* sqlite, const InfJournalRows* rows) {
    sqlite3_stmt* statement = sqlite->statements[STORE_DISCOVERY];
    for (uint32_t i = 0; i < rows->discovery_count; i++) {
        const InfDiscoveryRow* row = &rows->discoveries[i];
        bind_id(statement, 1, row->tick);
        sqlite3_bind_int64(statement, 2, row->sector_x);
        sqlite3_bind_int64(statement, 3, row->sector_y);
        sqlite3_bind_int64(statement, 4, row->sector_z);
        sqlite3_bind_int64(statement, 5, row->system_index);
        bind_text(statement, 6, row->system_name);
        bind_id(statement, 7, row->soul_id);
        bind_text(statement, 8, row->soul_name);
        if (!step(sqlite, STORE_DISCOVERY)) {
            return false;
        }
    }
    return true;
}

static bool put_obituaries(SqliteJournal* sqlite, const InfJournalRows* rows) {
    sqlite3_stmt* statement = sqlite->statements[STORE_OBITUARY];
    for (uint32_t i = 0; i < rows->obituary_count; i++) {
        const InfObituaryRow* row = &rows->obituaries[i];
        bind_id(statement, 1, row->tick);
        bind_id(statement, 2, row->soul_id);
        bind_text(statement, 3, row->soul_name);
        bind_text(statement, 4, row->cause);
        bind_id(statement, 5, row->killer_id);
        bind_text(statement, 6, row->killer_name);
        bind_text(statement, 7, row->place);
        bind_id(statement, 8, row->age_ticks);
        sqlite3_bind_int64(statement, 9, row->left_credits);
        if (!step(sqlite, STORE_OBITUARY)) {
            return false;
        }
    }
    return true;
}

static bool put_souls(SqliteJournal* sqlite, const InfJournalRows* rows) {
    sqlite3_stmt* statement;
    for (uint32_t i = 0; i < rows->soul_count; i++) { // in their order: a later one of the same soul counts
        const InfSoulRow* row = &rows->souls[i];
        StoreStatement which = row->is_state_only ? STORE_SOUL_STATE : STORE_SOUL;
        statement = sqlite->statements[which];
        bind_id(statement, 1, row->soul_id);
        bind_id(statement, 2, row->tick);
        bind_text(statement, 3, row->name);
        bind_text(statement, 4, row->kind == INF_JOURNAL_MIND ? "mind" : "player");
        sqlite3_bind_blob(statement, 5, row->key, sizeof row->key, SQLITE_STATIC);
        bind_id(statement, 6, row->born_tick);
        sqlite3_bind_int64(statement, 7, row->shard);
        bind_text(statement, 8, inf_journal_state_word(row->state));
        bind_id(statement, 9, row->state_tick);
        bind_id(statement, 10, row->with_id);
        sqlite3_bind_blob(statement, 11, row->server, sizeof row->server, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 12, row->traits, sizeof row->traits, SQLITE_STATIC);
        if (!step(sqlite, which)) {
            return false;
        }
    }
    statement = sqlite->statements[STORE_TAG];
    for (uint32_t i = 0; i < rows->tag_count; i++) {
        const InfTagRow* row = &rows->tags[i];
        bind_text(statement, 1, row->tag);
        bind_id(statement, 2, row->tick);
        sqlite3_bind_blob(statement, 3, row->key, sizeof row->key, SQLITE_STATIC);
        bind_id(statement, 4, row->soul_id);
        if (!step(sqlite, STORE_TAG)) {
            return false;
        }
    }
    return true;
}

static bool put_lineage(SqliteJournal* sqlite, const InfJournalRows* rows) {
    sqlite3_stmt* statement = sqlite->statements[STORE_LINEAGE];
    for (uint32_t i = 0; i < rows->lineage_count; i++) {
        const InfLineageRow* row = &rows->lineage[i];
        sqlite3_bind_blob(statement, 1, row->hash, sizeof row->hash, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 2, row->identity, sizeof row->identity, SQLITE_STATIC);
        bind_id(statement, 3, row->tick);
        bind_id(statement, 4, row->soul_id);
        bind_text(statement, 5, row->act);
        sqlite3_bind_text(statement, 6, row->text, (int)row->text_bytes, SQLITE_STATIC);
        if (!step(sqlite, STORE_LINEAGE)) {
            return false;
        }
    }
    return true;
}

static bool put_feelings(SqliteJournal* sqlite, const InfJournalRows* rows) {
    for (uint32_t i = 0; i < rows->feeling_count; i++) {
        const InfFeelingsRow* row = &rows->feelings[i];
        if (row->every_ticks == 0 || row->is_thinned) {
            StoreStatement which = row->every_ticks == 0 ? STORE_FEELINGS_FORGET : STORE_FEELINGS_THIN;
            bind_id(sqlite->statements[which], 1, row->soul_id);
            if (which == STORE_FEELINGS_THIN) {
                bind_id(sqlite->statements[which], 2, row->soul_id % INF_JOURNAL_FEELINGS_PHASE);
                bind_id(sqlite->statements[which], 3, row->every_ticks);
            }
            if (!step(sqlite, which)) {
                return false;
            }
        }
        uint8_t felt[2 * INF_JOURNAL_FEELINGS];
        for (uint32_t f = 0; f < INF_JOURNAL_FEELINGS; f++) {
            felt[2 * f] = (uint8_t)row->values[f];
            felt[2 * f + 1] = (uint8_t)(row->values[f] >> 8);
        }
        sqlite3_stmt* statement = sqlite->statements[STORE_FEELINGS];
        bind_id(statement, 1, row->soul_id);
        bind_id(statement, 2, row->tick);
        sqlite3_bind_int64(statement, 3, row->every_ticks);
        sqlite3_bind_blob(statement, 4, felt, sizeof felt, SQLITE_TRANSIENT);
        if (row->every_ticks != 0 && !step(sqlite, STORE_FEELINGS)) {
            return false;
        }
    }
    return true;
}

static bool put_habits(SqliteJournal* sqlite, const InfJournalRows* rows) {
    sqlite3_stmt* statement = sqlite->statements[STORE_HABIT];
    for (uint32_t i = 0; i < rows->habit_count; i++) {
        const InfHabitRow* row = &rows->habits[i];
        bind_id(statement, 1, row->soul_id);
        bind_text(statement, 2, row->habit);
        bind_id(statement, 3, row->with_id);
        sqlite3_bind_int64(statement, 4, row->times);
        bind_id(statement, 5, row->tick);
        if (!step(sqlite, STORE_HABIT)) {
            return false;
        }
    }
    return true;
}

static bool put_head(InfJournal* journal, const JournalBatch* batch, uint8_t hash[INF_JOURNAL_HASH_BYTES]) {
    SqliteJournal* sqlite = journal->state;
    sqlite3_stmt* statement = sqlite->statements[STORE_HEAD];
    JournalHead head = {.tick = batch->tick, .projected_tick = batch->projected_tick, .tips = batch->tips};
    uint32_t shards = journal->meta.shard_count;
    for (uint32_t shard = 0; shard < shards; shard++) {
        uint8_t* at = sqlite->tips_blob + shard * JOURNAL_HEAD_BYTES_PER_SHARD;
        journal_put_u64(at, batch->tips[shard].tick);
        memcpy(at + 8, batch->tips[shard].hash, INF_JOURNAL_HASH_BYTES);
    }
    journal_head_hash(&journal->meta, &head, hash);
    bind_id(statement, 1, head.tick);
    bind_id(statement, 2, head.projected_tick);
    sqlite3_bind_blob(statement, 3, sqlite->tips_blob, (int)(shards * JOURNAL_HEAD_BYTES_PER_SHARD), SQLITE_STATIC);
    sqlite3_bind_blob(statement, 4, hash, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
    return step(sqlite, STORE_HEAD) && sqlite3_changes(sqlite->db) == 1;
}

/// The error must be taken before the rollback replaces it.
static InfResult give_up(SqliteJournal* sqlite, const char* doing, InfJournalError* error) {
    InfResult result = sqlite_failed(sqlite->db, sqlite->db_path, doing, error);
    sqlite3_exec(sqlite->db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

InfResult sqlite_commit(InfJournal* journal, const JournalBatch* const* batches, uint32_t count,
                        InfJournalError* error) {
    SqliteJournal* sqlite = journal->state;
    const JournalBatch* last = batches[count - 1];
    uint8_t head_hash[INF_JOURNAL_HASH_BYTES];
    char doing[64];
    snprintf(doing, sizeof doing, "keep tick %llu", (unsigned long long)last->tick);
    if (sqlite->wal_pages > STORE_CHECKPOINT_PAGES_MAX) {
        InfResult result = sqlite_checkpoint(sqlite, SQLITE_CHECKPOINT_PASSIVE, error);
        if (result != INF_OK) {
            return result;
        }
    }
    if (!step(sqlite, STORE_BEGIN)) {
        return sqlite_failed(sqlite->db, sqlite->db_path, doing, error);
    }
    for (uint32_t i = 0; i < count; i++) {
        const InfJournalRows* rows = &batches[i]->rows;
        if (!put_records(sqlite, batches[i]) || !put_statements(sqlite, rows) || !put_discoveries(sqlite, rows) ||
            !put_obituaries(sqlite, rows) || !put_souls(sqlite, rows) || !put_lineage(sqlite, rows) ||
            !put_feelings(sqlite, rows) || !put_habits(sqlite, rows)) {
            return give_up(sqlite, doing, error);
        }
    }
    if (!put_head(journal, last, head_hash) || !step(sqlite, STORE_COMMIT)) {
        return give_up(sqlite, doing, error);
    }
    if (!journal_witness_write(&sqlite->witness, &journal->meta, last->tick, head_hash)) {
        return JOURNAL_ERROR(error, errno == ENOSPC ? INF_ERROR_FULL : INF_ERROR_IO,
                             "cannot write journal.head beside %s: %s; check the disk, then start again. Everything that was "
                             "confirmed is kept",
                             sqlite->db_path, strerror(errno));
    }
    int pages = 0, highwater = 0;
    if (sqlite3_db_status(sqlite->db, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highwater, 1) == SQLITE_OK) {
        pthread_mutex_lock(&journal->mutex);
        journal->stats.file_bytes_written += (uint64_t)pages * (4096 + 24);
        pthread_mutex_unlock(&journal->mutex);
    }
    return INF_OK;
}

InfResult sqlite_idle(InfJournal* journal, bool closing, InfJournalError* error) {
    SqliteJournal* sqlite = journal->state;
    return sqlite->wal_pages < STORE_CHECKPOINT_PAGES
               ? INF_OK
               : sqlite_checkpoint(sqlite, SQLITE_CHECKPOINT_PASSIVE, error);
}

InfResult sqlite_snapshot_record(InfJournal* journal, const JournalSnapshotRow* rows, uint32_t count,
                                 InfJournalError* error) {
    SqliteJournal* sqlite = journal->state;
    sqlite3_stmt* statement = sqlite->statements[STORE_SNAPSHOT];
    const char* doing = "record a snapshot";
    if (!step(sqlite, STORE_BEGIN)) {
        return sqlite_failed(sqlite->db, sqlite->db_path, doing, error);
    }
    for (uint32_t i = 0; i < count; i++) {
        const JournalSnapshotRow* row = &rows[i];
        uint8_t hash[INF_JOURNAL_HASH_BYTES];
        journal_snapshot_row_hash(&journal->meta, row, hash);
        bind_id(statement, 1, row->tick);
        sqlite3_bind_int64(statement, 2, row->shard);
        bind_id(statement, 3, row->world_hash);
        bind_id(statement, 4, row->tip.tick);
        sqlite3_bind_blob(statement, 5, row->tip.hash, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
        bind_id(statement, 6, row->file_bytes);
        sqlite3_bind_blob(statement, 7, row->file_hash, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 8, hash, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
        if (!step(sqlite, STORE_SNAPSHOT)) {
            return give_up(sqlite, doing, error);
        }
    }
    sqlite3_bind_int(sqlite->statements[STORE_SNAPSHOT_FORGET], 1, 2);
    if (!step(sqlite, STORE_SNAPSHOT_FORGET) || !step(sqlite, STORE_COMMIT)) {
        return give_up(sqlite, doing, error);
    }
    return INF_OK;
}
