/// cursor.c: reading with verification, whatever the store. Three things must hold, and each catches what the
/// others cannot: a record's hash covers all its bytes; its `previous` is the hash of the shard's record before
/// (nothing lost, doubled or moved in between); and the last one is the one that the head names (nothing lost
/// at the end). Order over all shards is checked too.
#include "internal.h"
#include <stdlib.h>

struct InfJournalCursor {
    InfJournal* journal;
    void* raw;
    uint32_t shard;
    uint64_t from_tick;
    JournalHead head;
    InfJournalTip* seen; ///< [shard_count]
    bool* is_known;      ///< [shard_count] seen[] is the end of that chain so far
    uint64_t last_key;   ///< tick × 65536 + shard of the record before, of whatever shard
    bool ended;
    InfJournalError error;
};

InfResult inf_journal_cursor_open(InfJournal* journal, uint32_t shard, uint64_t from_tick, const InfJournalTip* previous,
                                  InfJournalCursor** out_cursor, InfJournalError* out_error) {
    *out_cursor = NULL;
    uint32_t shards = journal->meta.shard_count;
    if (shard >= shards && shard != INF_JOURNAL_ALL_SHARDS) {
        return JOURNAL_ERROR(out_error, INF_ERROR_RANGE, "there is no shard %u in a galaxy of %u", shard, shards);
    }
    InfJournalCursor* cursor = calloc(1, sizeof *cursor);
    InfJournalTip* head_tips = calloc(shards, sizeof *head_tips);
    InfJournalTip* seen = calloc(shards, sizeof *seen);
    bool* is_known = calloc(shards, sizeof *is_known);
    InfResult result = INF_ERROR_MEMORY;
    if (cursor == NULL || head_tips == NULL || seen == NULL || is_known == NULL) {
        free(cursor);
        free(head_tips);
        free(seen);
        free(is_known);
        return JOURNAL_ERROR(out_error, result, "out of memory for reading a journal");
    }
    *cursor = (InfJournalCursor){.journal = journal,
                                 .shard = shard,
                                 .from_tick = from_tick,
                                 .head = {.tips = head_tips},
                                 .seen = seen,
                                 .is_known = is_known,
                                 .error = {.shard = INF_JOURNAL_ALL_SHARDS}};
    for (uint32_t i = 0; i < shards; i++) {
        is_known[i] = from_tick <= 1 || previous != NULL;
        if (from_tick > 1 && previous != NULL) {
            seen[i] = previous[i];
        }
    }
    result = journal->store->cursor_open(journal, shard, from_tick, &cursor->raw, &cursor->head, out_error);
    if (result != INF_OK) {
        inf_journal_cursor_close(cursor);
        return result;
    }
    *out_cursor = cursor;
    return INF_OK;
}

static InfResult check_record(InfJournalCursor* cursor, const InfJournalRecord* record) {
    uint32_t shards = cursor->journal->meta.shard_count;
    uint64_t key = record->tick << 16 | record->shard;
    if (record->shard >= shards || record->tick < cursor->from_tick || record->tick > cursor->head.tick ||
        key <= cursor->last_key) {
        return journal_error(&cursor->error, INF_ERROR_FORMAT, record->shard, record->tick,
                             "the journal holds a record of shard %u, tick %llu, which cannot be there (%u shards, head at "
                             "tick %llu); restore a backup",
                             record->shard, (unsigned long long)record->tick, shards,
                             (unsigned long long)cursor->head.tick);
    }
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
    inf_journal_record_hash(cursor->journal->meta.galaxy_id, record, hash);
    if (!journal_hash_equal(hash, record->hash)) {
        return journal_error(&cursor->error, INF_ERROR_HASH, record->shard, record->tick,
                             "the record of shard %u, tick %llu does not match its hash: it was damaged or altered; "
                             "restore a backup and compare with it",
                             record->shard, (unsigned long long)record->tick);
    }
    InfJournalTip* seen = &cursor->seen[record->shard];
    if (cursor->is_known[record->shard] && !journal_hash_equal(seen->hash, record->previous)) {
        return journal_error(&cursor->error, INF_ERROR_HASH, record->shard, record->tick,
                             "the record of shard %u, tick %llu does not follow the one of tick %llu: records are missing "
                             "or were altered between them; restore a backup and compare with it",
                             record->shard, (unsigned long long)record->tick, (unsigned long long)seen->tick);
    }
    cursor->last_key = key;
    seen->tick = record->tick;
    memcpy(seen->hash, record->hash, INF_JOURNAL_HASH_BYTES);
    cursor->is_known[record->shard] = true;
    return INF_OK;
}

static InfResult check_end(InfJournalCursor* cursor) {
    for (uint32_t shard = 0; shard < cursor->journal->meta.shard_count; shard++) {
        if (cursor->shard != INF_JOURNAL_ALL_SHARDS && cursor->shard != shard) {
            continue;
        }
        const InfJournalTip* seen = &cursor->seen[shard];
        const InfJournalTip* tip = &cursor->head.tips[shard];
        bool is_end = cursor->is_known[shard]
                          ? seen->tick == tip->tick && journal_hash_equal(seen->hash, tip->hash)
                          : tip->tick < cursor->from_tick;
        if (!is_end) {
            return journal_error(&cursor->error, INF_ERROR_HASH, shard, tip->tick,
                                 "shard %u must end with the record of tick %llu, but ends with that of tick %llu: records "
                                 "are missing or were altered; restore a backup and compare with it",
                                 shard, (unsigned long long)tip->tick, (unsigned long long)seen->tick);
        }
    }
    cursor->ended = true;
    return INF_ERROR_NOT_FOUND;
}

InfResult inf_journal_cursor_next(InfJournalCursor* cursor, InfJournalRecord* out_record) {
    if (cursor->error.result != INF_OK) {
        return cursor->error.result;
    }
    if (cursor->ended) {
        return INF_ERROR_NOT_FOUND;
    }
    InfResult result = cursor->journal->store->cursor_next(cursor->raw, out_record, &cursor->error);
    if (result == INF_ERROR_NOT_FOUND) {
        return check_end(cursor);
    }
    return result == INF_OK ? check_record(cursor, out_record) : result;
}

uint64_t inf_journal_cursor_head(const InfJournalCursor* cursor) {
    return cursor->head.tick;
}

const InfJournalError* inf_journal_cursor_get_error(const InfJournalCursor* cursor) {
    return &cursor->error;
}

void inf_journal_cursor_close(InfJournalCursor* cursor) {
    if (cursor == NULL) {
        return;
    }
    if (cursor->raw != NULL) {
        cursor->journal->store->cursor_close(cursor->raw);
    }
    free(cursor->head.tips);
    free(cursor->seen);
    free(cursor->is_known);
    free(cursor);
}

InfResult inf_journal_verify(InfJournal* journal, InfJournalError* out_error) {
    InfResult result = journal->store->check != NULL ? journal->store->check(journal, out_error) : INF_OK;
    InfJournalCursor* cursor;
    if (result != INF_OK) {
        return result;
    }
    result = inf_journal_cursor_open(journal, INF_JOURNAL_ALL_SHARDS, 0, NULL, &cursor, out_error);
    while (result == INF_OK) {
        InfJournalRecord record;
        result = inf_journal_cursor_next(cursor, &record);
        if (result == INF_ERROR_NOT_FOUND) {
            inf_journal_cursor_close(cursor);
            return INF_OK;
        }
        if (result != INF_OK) {
            if (out_error != NULL) {
                *out_error = cursor->error;
            }
            inf_journal_cursor_close(cursor);
        }
    }
    return result;
}
