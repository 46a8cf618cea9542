/// sqlite_query.c: the read models' queries, on a read-only connection of their own.
#include "sqlite.h"
#include <stdlib.h>

enum { QUERY_STATEMENTS, QUERY_DISCOVERIES, QUERY_OBITUARIES, QUERY_SOUL, QUERY_DEPARTED, QUERY_FEELINGS, QUERY_HABITS, QUERY_TAG, QUERY_LINEAGE, QUERY_RECORD, QUERY_COUNT };

static const char* const query_texts[QUERY_COUNT] = {
    [QUERY_STATEMENTS] = "SELECT sequence, tick, soul_id, account, amount_credits, balance_credits, reason, counterpart_id "
                         "FROM statements WHERE soul_id = ?2 AND sequence < ?1 ORDER BY sequence DESC LIMIT ?3",
    [QUERY_DISCOVERIES] = "SELECT sequence, tick, sector_x, sector_y, sector_z, system_index, system_name, soul_id, "
                          "soul_name FROM discoveries WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?3",
    [QUERY_OBITUARIES] = "SELECT sequence, tick, soul_id, soul_name, cause, killer_id, killer_name, place, age_ticks, "
                         "left_credits FROM obituaries WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?3",
    [QUERY_SOUL] = "SELECT soul_id, tick, name, kind, key, born_tick, shard, state, state_tick, with_id, server, traits FROM souls "
                   "WHERE soul_id = ?1",
    [QUERY_DEPARTED] = "SELECT soul_id, tick, name, kind, key, born_tick, shard, state, state_tick, with_id, server, traits FROM souls "
                       "WHERE state NOT IN ('here', 'riding') AND soul_id > ?1 ORDER BY soul_id LIMIT ?2",
    [QUERY_FEELINGS] = "SELECT soul_id, tick, every_ticks, felt FROM feelings WHERE (soul_id, tick) > (?1, ?2) "
                       "ORDER BY soul_id, tick LIMIT ?3",
    [QUERY_HABITS] = "SELECT habit, sum(times), count(*), max(tick) FROM habits WHERE soul_id = ?1 GROUP BY habit ORDER BY habit "
                     "LIMIT ?2",
    [QUERY_TAG] = "SELECT tag, tick, key, soul_id FROM tags WHERE tag = ?1",
    [QUERY_LINEAGE] = "SELECT hash, identity, position, tick, soul_id, act, text FROM lineage WHERE identity = ?1 AND "
                      "position >= ?2 ORDER BY position LIMIT ?3",
    [QUERY_RECORD] = "SELECT hash, identity, position, tick, soul_id, act, text FROM lineage WHERE hash = ?1",
};

typedef struct SqliteQuery {
    sqlite3* db;
    const char* path;
    sqlite3_stmt* statements[QUERY_COUNT];
} SqliteQuery;

InfResult sqlite_query_open(InfJournal* journal, void** out_raw, InfJournalError* error) {
    SqliteJournal* sqlite = journal->state;
    SqliteQuery* query = calloc(1, sizeof *query);
    if (query == NULL) {
        return INF_ERROR_MEMORY;
    }
    query->path = sqlite->db_path;
    InfResult result = sqlite_connect(sqlite->db_path, SQLITE_OPEN_READONLY, sqlite->immutable, &query->db, error);
    for (int i = 0; i < QUERY_COUNT && result == INF_OK; i++) {
        if (sqlite3_prepare_v3(query->db, query_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &query->statements[i], NULL) !=
            SQLITE_OK) {
            result = sqlite_failed(query->db, query->path, "prepare a query", error);
        }
    }
    if (result != INF_OK) {
        sqlite_query_close(query);
        return result;
    }
    *out_raw = query;
    return INF_OK;
}

void sqlite_query_close(void* raw) {
    SqliteQuery* query = raw;
    for (int i = 0; i < QUERY_COUNT; i++) {
        sqlite3_finalize(query->statements[i]);
    }
    sqlite3_close(query->db);
    free(query);
}

static uint64_t column_id(sqlite3_stmt* statement, int column) {
    return (uint64_t)sqlite3_column_int64(statement, column);
}

static void column_text(sqlite3_stmt* statement, int column, char* text, size_t capacity) {
    const char* found = (const char*)sqlite3_column_text(statement, column);
    snprintf(text, capacity, "%s", found != NULL ? found : "");
}

static void column_key(sqlite3_stmt* statement, int column, uint8_t key[32]) {
    memset(key, 0, 32);
    if (sqlite3_column_bytes(statement, column) == 32) {
        memcpy(key, sqlite3_column_blob(statement, column), 32);
    }
}

/// One statement of a list query, bound and ready to step.
static sqlite3_stmt* begin_list(SqliteQuery* query, int which, uint64_t before, uint64_t soul_id, uint32_t capacity) {
    sqlite3_stmt* statement = query->statements[which];
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, before == 0 || before > INT64_MAX ? INT64_MAX : (int64_t)before);
    if (which == QUERY_STATEMENTS) {
        sqlite3_bind_int64(statement, 2, (int64_t)soul_id);
    }
    sqlite3_bind_int64(statement, 3, capacity);
    return statement;
}

static InfResult end_query(SqliteQuery* query, sqlite3_stmt* statement, int code, const char* doing,
                           InfJournalError* error) {
    InfResult result = INF_OK;
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        sqlite_failed(query->db, query->path, doing, error);
        result = INF_ERROR_IO;
    }
    sqlite3_reset(statement);
    return result;
}

InfResult sqlite_query_statements(void* raw, uint64_t soul_id, uint64_t before, InfStatementRow* rows, uint32_t capacity,
                                  uint32_t* count, InfJournalError* error) {
    sqlite3_stmt* statement = begin_list(raw, QUERY_STATEMENTS, before, soul_id, capacity);
    int code = SQLITE_DONE;
    while (*count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        InfStatementRow* row = &rows[(*count)++];
        memset(row, 0, sizeof *row);
        row->sequence = column_id(statement, 0);
        row->tick = column_id(statement, 1);
        row->soul_id = column_id(statement, 2);
        const char* account = (const char*)sqlite3_column_text(statement, 3);
        row->account = account != NULL && strcmp(account, "banked") == 0 ? INF_JOURNAL_BANKED : INF_JOURNAL_CARRIED;
        row->amount_credits = sqlite3_column_int64(statement, 4);
        row->balance_credits = sqlite3_column_int64(statement, 5);
        column_text(statement, 6, row->reason, sizeof row->reason);
        row->counterpart_id = column_id(statement, 7);
    }
    return end_query(raw, statement, code, "read statements", error);
}

InfResult sqlite_query_discoveries(void* raw, uint64_t before, InfDiscoveryRow* rows, uint32_t capacity,
                                   uint32_t* count, InfJournalError* error) {
    sqlite3_stmt* statement = begin_list(raw, QUERY_DISCOVERIES, before, 0, capacity);
    int code = SQLITE_DONE;
    while (*count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        InfDiscoveryRow* row = &rows[(*count)++];
        memset(row, 0, sizeof *row);
        row->sequence = column_id(statement, 0);
        row->tick = column_id(statement, 1);
        row->sector_x = sqlite3_column_int(statement, 2);
        row->sector_y = sqlite3_column_int(statement, 3);
        row->sector_z = sqlite3_column_int(statement, 4);
        row->system_index = (uint32_t)sqlite3_column_int64(statement, 5);
        column_text(statement, 6, row->system_name, sizeof row->system_name);
        row->soul_id = column_id(statement, 7);
        column_text(statement, 8, row->soul_name, sizeof row->soul_name);
    }
    return end_query(raw, statement, code, "read discoveries", error);
}

InfResult sqlite_query_obituaries(void* raw, uint64_t before, InfObituaryRow* rows, uint32_t capacity, uint32_t* count,
                                  InfJournalError* error) {
    sqlite3_stmt* statement = begin_list(raw, QUERY_OBITUARIES, before, 0, capacity);
    int code = SQLITE_DONE;
    while (*count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        InfObituaryRow* row = &rows[(*count)++];
        memset(row, 0, sizeof *row);
        row->sequence = column_id(statement, 0);
        row->tick = column_id(statement, 1);
        row->soul_id = column_id(statement, 2);
        column_text(statement, 3, row->soul_name, sizeof row->soul_name);
        column_text(statement, 4, row->cause, sizeof row->cause);
        row->killer_id = column_id(statement, 5);
        column_text(statement, 6, row->killer_name, sizeof row->killer_name);
        column_text(statement, 7, row->place, sizeof row->place);
        row->age_ticks = column_id(statement, 8);
        row->left_credits = sqlite3_column_int64(statement, 9);
    }
    return end_query(raw, statement, code, "read obituaries", error);
}

static void read_soul(sqlite3_stmt* statement, InfSoulRow* row) {
    memset(row, 0, sizeof *row);
    row->soul_id = column_id(statement, 0);
    row->tick = column_id(statement, 1);
    column_text(statement, 2, row->name, sizeof row->name);
    const char* kind = (const char*)sqlite3_column_text(statement, 3);
    row->kind = kind != NULL && strcmp(kind, "mind") == 0 ? INF_JOURNAL_MIND : INF_JOURNAL_PLAYER;
    column_key(statement, 4, row->key);
    row->born_tick = column_id(statement, 5);
    row->shard = (uint32_t)sqlite3_column_int64(statement, 6);
    const char* state = (const char*)sqlite3_column_text(statement, 7);
    while (state != NULL && row->state < INF_JOURNAL_SOUL_STATES && strcmp(inf_journal_state_word(row->state), state) != 0) {
        row->state++;
    }
    row->state_tick = column_id(statement, 8);
    row->with_id = column_id(statement, 9);
    column_key(statement, 10, row->server);
    if (sqlite3_column_bytes(statement, 11) == sizeof row->traits) {
        memcpy(row->traits, sqlite3_column_blob(statement, 11), sizeof row->traits);
    }
}

InfResult sqlite_query_departed(void* raw, uint64_t after_id, InfSoulRow* rows, uint32_t capacity, uint32_t* count,
                                InfJournalError* error) {
    sqlite3_stmt* statement = ((SqliteQuery*)raw)->statements[QUERY_DEPARTED];
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, (int64_t)after_id);
    sqlite3_bind_int64(statement, 2, capacity);
    int code = SQLITE_DONE;
    while (*count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        read_soul(statement, &rows[(*count)++]);
    }
    return end_query(raw, statement, code, "read who has departed", error);
}

InfResult sqlite_query_feelings(void* raw, uint64_t after_soul, uint64_t after_tick, InfFeelingsRow* rows, uint32_t capacity,
                                uint32_t* count, InfJournalError* error) {
    sqlite3_stmt* statement = ((SqliteQuery*)raw)->statements[QUERY_FEELINGS];
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, (int64_t)after_soul);
    sqlite3_bind_int64(statement, 2, (int64_t)after_tick);
    sqlite3_bind_int64(statement, 3, capacity);
    int code = SQLITE_DONE;
    while (*count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        InfFeelingsRow* row = &rows[(*count)++];
        memset(row, 0, sizeof *row);
        row->soul_id = column_id(statement, 0);
        row->tick = column_id(statement, 1);
        row->every_ticks = (uint32_t)sqlite3_column_int64(statement, 2);
        const uint8_t* felt = sqlite3_column_blob(statement, 3);
        for (int f = 0; f < INF_JOURNAL_FEELINGS && sqlite3_column_bytes(statement, 3) == 2 * INF_JOURNAL_FEELINGS; f++) {
            row->values[f] = (uint16_t)(felt[2 * f] | felt[2 * f + 1] << 8);
        }
    }
    return end_query(raw, statement, code, "read feelings", error);
}

InfResult sqlite_query_habits(void* raw, uint64_t soul_id, InfHabitSum* sums, uint32_t capacity, uint32_t* count,
                              InfJournalError* error) {
    sqlite3_stmt* statement = ((SqliteQuery*)raw)->statements[QUERY_HABITS];
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, (int64_t)soul_id);
    sqlite3_bind_int64(statement, 2, capacity);
    int code = SQLITE_DONE;
    while (*count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        InfHabitSum* sum = &sums[(*count)++];
        memset(sum, 0, sizeof *sum);
        column_text(statement, 0, sum->habit, sizeof sum->habit);
        sum->times = column_id(statement, 1);
        sum->others = column_id(statement, 2);
        sum->tick = column_id(statement, 3);
    }
    return end_query(raw, statement, code, "read habits", error);
}

InfResult sqlite_query_soul(void* raw, uint64_t soul_id, InfSoulRow* row, InfJournalError* error) {
    SqliteQuery* query = raw;
    sqlite3_stmt* statement = query->statements[QUERY_SOUL];
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, (int64_t)soul_id);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        read_soul(statement, row);
    }
    InfResult result = end_query(query, statement, code, "read a soul", error);
    return result == INF_OK && code == SQLITE_DONE ? INF_ERROR_NOT_FOUND : result;
}

static void read_lineage(sqlite3_stmt* statement, InfLineageRow* row) {
    memset(row, 0, sizeof *row);
    column_key(statement, 0, row->hash);
    column_key(statement, 1, row->identity);
    row->position = (uint32_t)sqlite3_column_int64(statement, 2);
    row->tick = column_id(statement, 3);
    row->soul_id = column_id(statement, 4);
    column_text(statement, 5, row->act, sizeof row->act);
    const void* text = sqlite3_column_text(statement, 6);
    int bytes = sqlite3_column_bytes(statement, 6);
    if (text != NULL && bytes > 0 && bytes <= INF_JOURNAL_RECORD_BYTES) {
        memcpy(row->text, text, (size_t)bytes);
        row->text_bytes = (uint32_t)bytes;
    }
}

InfResult sqlite_query_lineage(void* raw, const uint8_t identity[32], uint32_t from_position, InfLineageRow* rows,
                               uint32_t capacity, uint32_t* count, InfJournalError* error) {
    sqlite3_stmt* statement = ((SqliteQuery*)raw)->statements[QUERY_LINEAGE];
    sqlite3_reset(statement);
    sqlite3_bind_blob(statement, 1, identity, 32, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 2, from_position);
    sqlite3_bind_int64(statement, 3, capacity);
    int code = SQLITE_DONE;
    while (*count < capacity && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        read_lineage(statement, &rows[(*count)++]);
    }
    return end_query(raw, statement, code, "read a lineage", error);
}

InfResult sqlite_query_record(void* raw, const uint8_t hash[32], InfLineageRow* row, InfJournalError* error) {
    sqlite3_stmt* statement = ((SqliteQuery*)raw)->statements[QUERY_RECORD];
    sqlite3_reset(statement);
    sqlite3_bind_blob(statement, 1, hash, 32, SQLITE_TRANSIENT);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        read_lineage(statement, row);
    }
    InfResult result = end_query(raw, statement, code, "read a record of a lineage", error);
    return result == INF_OK && code == SQLITE_DONE ? INF_ERROR_NOT_FOUND : result;
}

InfResult sqlite_query_tag(void* raw, const char* tag, InfTagRow* row, InfJournalError* error) {
    SqliteQuery* query = raw;
    sqlite3_stmt* statement = query->statements[QUERY_TAG];
    sqlite3_reset(statement);
    sqlite3_bind_text(statement, 1, tag, -1, SQLITE_TRANSIENT);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        memset(row, 0, sizeof *row);
        column_text(statement, 0, row->tag, sizeof row->tag);
        row->tick = column_id(statement, 1);
        column_key(statement, 2, row->key);
        row->soul_id = column_id(statement, 3);
    }
    InfResult result = end_query(query, statement, code, "read a tag", error);
    return result == INF_OK && code == SQLITE_DONE ? INF_ERROR_NOT_FOUND : result;
}
