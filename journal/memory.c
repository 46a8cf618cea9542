/// memory.c: a journal in memory with the behaviour of the one on disk. Records and rows are kept in plain growing
/// arrays; a commit appends to them within append, so that a single-threaded test or simulation is repeatable.
/// Open cursors and queries may belong to other threads: a mutex guards the arrays, and a cursor reads only up to
/// the record count at its opening. Inputs are separate blocks that never move.
#include "internal.h"
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#define LIST(Type)                                                                                                     \
    struct {                                                                                                           \
        Type* items;                                                                                                   \
        size_t count, capacity;                                                                                        \
    }

typedef struct MemoryJournal {
    pthread_mutex_t mutex;
    LIST(InfJournalRecord) records;
#define X(Type, one, many) LIST(Type) many;
    INF_JOURNAL_ROW_KINDS(X)
#undef X
    JournalHead head;
} MemoryJournal;

typedef struct MemoryCursor {
    MemoryJournal* memory;
    size_t next, end;
    uint32_t shard;
} MemoryCursor;

static bool list_reserve(void** items, size_t* capacity, size_t needed, size_t item_bytes) {
    if (needed <= *capacity) {
        return true;
    }
    size_t wanted = *capacity > 0 ? *capacity * 2 : 64;
    wanted = wanted < needed ? needed : wanted;
    void* grown = realloc(*items, wanted * item_bytes);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

#define RESERVE(list, more)                                                                                            \
    list_reserve((void**)&(list).items, &(list).capacity, (list).count + (more), sizeof *(list).items)

static bool reserve_rows(MemoryJournal* memory, const InfJournalRows* rows) {
#define X(Type, one, many) &&RESERVE(memory->many, rows->one##_count)
    return true INF_JOURNAL_ROW_KINDS(X);
#undef X
}

static void put_soul(MemoryJournal* memory, const InfSoulRow* row) {
    for (size_t i = 0; i < memory->souls.count; i++) {
        InfSoulRow* there = &memory->souls.items[i];
        if (there->soul_id == row->soul_id) {
            InfSoulRow fresh = row->is_state_only ? *there : *row;
            fresh.tick = row->tick;
            fresh.state = row->state;
            fresh.state_tick = row->state_tick;
            fresh.with_id = row->with_id;
            memcpy(fresh.server, row->server, sizeof fresh.server);
            *there = fresh;
            return;
        }
    }
    memory->souls.items[memory->souls.count] = *row;
    memory->souls.items[memory->souls.count++].is_state_only = 0;
}

/// Kept in the order of (soul, tick), as a query wants them.
static void put_feelings(MemoryJournal* memory, const InfFeelingsRow* row) {
    size_t kept = 0, at = 0;
    for (size_t i = 0; i < memory->feelings.count; i++) {
        const InfFeelingsRow* other = &memory->feelings.items[i];
        bool fits = row->every_ticks != 0 && (other->tick != row->tick) &&
                    (!row->is_thinned || (other->tick - row->soul_id % INF_JOURNAL_FEELINGS_PHASE) % row->every_ticks == 0);
        if (other->soul_id != row->soul_id || fits) {
            memory->feelings.items[kept++] = *other;
        }
    }
    memory->feelings.count = kept;
    if (row->every_ticks == 0) {
        return;
    }
    while (at < kept && (memory->feelings.items[at].soul_id < row->soul_id ||
                         (memory->feelings.items[at].soul_id == row->soul_id && memory->feelings.items[at].tick < row->tick))) {
        at++;
    }
    memmove(&memory->feelings.items[at + 1], &memory->feelings.items[at], (kept - at) * sizeof *row);
    memory->feelings.items[at] = *row;
    memory->feelings.items[at].is_thinned = 0;
    memory->feelings.count++;
}

/// Kept in the order of (soul, habit), as a query wants them.
static void put_habit(MemoryJournal* memory, const InfHabitRow* row) {
    size_t at = memory->habits.count;
    for (size_t i = memory->habits.count; i-- > 0;) {
        InfHabitRow* other = &memory->habits.items[i];
        int order = strcmp(other->habit, row->habit);
        if (other->soul_id == row->soul_id && order == 0 && other->with_id == row->with_id) {
            other->times += row->times;
            other->tick = row->tick;
            return;
        }
        at = other->soul_id > row->soul_id || (other->soul_id == row->soul_id && order > 0) ? i : at;
    }
    memmove(&memory->habits.items[at + 1], &memory->habits.items[at], (memory->habits.count - at) * sizeof *row);
    memory->habits.items[at] = *row;
    memory->habits.count++;
}

static void put_tag(MemoryJournal* memory, const InfTagRow* row) {
    for (size_t i = 0; i < memory->tags.count; i++) {
        if (strcmp(memory->tags.items[i].tag, row->tag) == 0) {
            memory->tags.items[i] = *row;
            return;
        }
    }
    memory->tags.items[memory->tags.count++] = *row;
}

static void put_lineage(MemoryJournal* memory, const InfLineageRow* row) {
    uint32_t position = 0;
    for (size_t i = 0; i < memory->lineage.count; i++) {
        const InfLineageRow* other = &memory->lineage.items[i];
        if (memcmp(other->hash, row->hash, sizeof row->hash) == 0) {
            return;
        }
        position += memcmp(other->identity, row->identity, sizeof row->identity) == 0;
    }
    memory->lineage.items[memory->lineage.count] = *row;
    memory->lineage.items[memory->lineage.count++].position = position;
}

static void put_rows(MemoryJournal* memory, const InfJournalRows* rows) {
#define PUT(list, source, number)                                                                                      \
    for (uint32_t i = 0; i < rows->number; i++) {                                                                      \
        memory->list.items[memory->list.count] = rows->source[i];                                                      \
        memory->list.items[memory->list.count].sequence = memory->list.count + 1;                                      \
        memory->list.count++;                                                                                          \
    }
    PUT(statements, statements, statement_count)
    PUT(discoveries, discoveries, discovery_count)
    PUT(obituaries, obituaries, obituary_count)
#undef PUT
    for (uint32_t i = 0; i < rows->soul_count; i++) {
        put_soul(memory, &rows->souls[i]);
    }
    for (uint32_t i = 0; i < rows->tag_count; i++) {
        put_tag(memory, &rows->tags[i]);
    }
    for (uint32_t i = 0; i < rows->lineage_count; i++) {
        put_lineage(memory, &rows->lineage[i]);
    }
    for (uint32_t i = 0; i < rows->feeling_count; i++) {
        put_feelings(memory, &rows->feelings[i]);
    }
    for (uint32_t i = 0; i < rows->habit_count; i++) {
        put_habit(memory, &rows->habits[i]);
    }
}

static InfResult memory_commit_batch(InfJournal* journal, const JournalBatch* batch, InfJournalError* error) {
    MemoryJournal* memory = journal->state;
    size_t first = memory->records.count;
    bool fits = RESERVE(memory->records, batch->record_count) && reserve_rows(memory, &batch->rows);
    for (uint32_t i = 0; fits && i < batch->record_count; i++) {
        const InfJournalRecord* record = &batch->records[i];
        uint8_t* inputs = malloc(record->inputs_bytes > 0 ? record->inputs_bytes : 1);
        fits = inputs != NULL;
        if (fits) {
            memcpy(inputs, record->inputs, record->inputs_bytes);
            memory->records.items[memory->records.count] = *record;
            memory->records.items[memory->records.count++].inputs = inputs;
        }
    }
    if (!fits) {
        while (memory->records.count > first) {
            free((void*)memory->records.items[--memory->records.count].inputs);
        }
        return journal_error(error, INF_ERROR_MEMORY, INF_JOURNAL_ALL_SHARDS, batch->tick,
                             "out of memory: tick %llu is not kept", (unsigned long long)batch->tick);
    }
    put_rows(memory, &batch->rows);
    memory->head.tick = batch->tick;
    memory->head.projected_tick = batch->projected_tick;
    memcpy(memory->head.tips, batch->tips, journal->meta.shard_count * sizeof *batch->tips);
    return INF_OK;
}

static InfResult memory_commit(InfJournal* journal, const JournalBatch* const* batches, uint32_t count,
                               InfJournalError* error) {
    MemoryJournal* memory = journal->state;
    InfResult result = INF_OK;
    pthread_mutex_lock(&memory->mutex);
    for (uint32_t i = 0; i < count && result == INF_OK; i++) {
        result = memory_commit_batch(journal, batches[i], error);
    }
    pthread_mutex_unlock(&memory->mutex);
    return result;
}

static InfResult memory_cursor_open(InfJournal* journal, uint32_t shard, uint64_t from_tick, void** out_raw,
                                    JournalHead* head, InfJournalError* error) {
    MemoryJournal* memory = journal->state;
    MemoryCursor* cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL) {
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for reading a journal");
    }
    pthread_mutex_lock(&memory->mutex);
    size_t low = 0, high = memory->records.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memory->records.items[middle].tick < from_tick) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *cursor = (MemoryCursor){.memory = memory, .next = low, .end = memory->records.count, .shard = shard};
    head->tick = memory->head.tick;
    head->projected_tick = memory->head.projected_tick;
    memcpy(head->tips, memory->head.tips, journal->meta.shard_count * sizeof *head->tips);
    pthread_mutex_unlock(&memory->mutex);
    *out_raw = cursor;
    return INF_OK;
}

static InfResult memory_cursor_next(void* raw, InfJournalRecord* record, InfJournalError* error) {
    MemoryCursor* cursor = raw;
    InfResult result = INF_ERROR_NOT_FOUND;
    pthread_mutex_lock(&cursor->memory->mutex);
    while (cursor->next < cursor->end && result != INF_OK) {
        *record = cursor->memory->records.items[cursor->next++];
        result = cursor->shard == INF_JOURNAL_ALL_SHARDS || cursor->shard == record->shard ? INF_OK
                                                                                            : INF_ERROR_NOT_FOUND;
    }
    pthread_mutex_unlock(&cursor->memory->mutex);
    return result;
}

static InfResult memory_query_open(InfJournal* journal, void** out_raw, InfJournalError* error) {
    *out_raw = journal->state;
    return INF_OK;
}

static void memory_query_close(void* raw) {
}

/// Newest first, older than `before` (0: all), where `condition` holds for `item`.
#define SELECT(memory, list, before, condition)                                                                        \
    pthread_mutex_lock(&(memory)->mutex);                                                                              \
    for (size_t i = (memory)->list.count; i > 0 && *count < capacity; i--) {                                           \
        if (((before) == 0 || (memory)->list.items[i - 1].sequence < (before)) && (condition)) {                       \
            rows[(*count)++] = (memory)->list.items[i - 1];                                                            \
        }                                                                                                              \
    }                                                                                                                  \
    pthread_mutex_unlock(&(memory)->mutex)

static InfResult memory_query_statements(void* raw, uint64_t soul_id, uint64_t before, InfStatementRow* rows,
                                         uint32_t capacity, uint32_t* count, InfJournalError* error) {
    MemoryJournal* memory = raw;
    SELECT(memory, statements, before, memory->statements.items[i - 1].soul_id == soul_id);
    return INF_OK;
}

static InfResult memory_query_discoveries(void* raw, uint64_t before, InfDiscoveryRow* rows, uint32_t capacity,
                                          uint32_t* count, InfJournalError* error) {
    MemoryJournal* memory = raw;
    SELECT(memory, discoveries, before, true);
    return INF_OK;
}

static InfResult memory_query_obituaries(void* raw, uint64_t before, InfObituaryRow* rows, uint32_t capacity,
                                         uint32_t* count, InfJournalError* error) {
    MemoryJournal* memory = raw;
    SELECT(memory, obituaries, before, true);
    return INF_OK;
}

static InfResult memory_query_soul(void* raw, uint64_t soul_id, InfSoulRow* row, InfJournalError* error) {
    MemoryJournal* memory = raw;
    InfResult result = INF_ERROR_NOT_FOUND;
    pthread_mutex_lock(&memory->mutex);
    for (size_t i = 0; i < memory->souls.count; i++) {
        if (memory->souls.items[i].soul_id == soul_id) {
            *row = memory->souls.items[i];
            result = INF_OK;
        }
    }
    pthread_mutex_unlock(&memory->mutex);
    return result;
}

static InfResult memory_query_departed(void* raw, uint64_t after_id, InfSoulRow* rows, uint32_t capacity, uint32_t* count,
                                       InfJournalError* error) {
    MemoryJournal* memory = raw;
    pthread_mutex_lock(&memory->mutex);
    for (const InfSoulRow* next = NULL; *count < capacity; after_id = next->soul_id, next = NULL) {
        for (size_t i = 0; i < memory->souls.count; i++) {
            const InfSoulRow* row = &memory->souls.items[i];
            if (row->state > INF_JOURNAL_RIDING && row->soul_id > after_id && (next == NULL || row->soul_id < next->soul_id)) {
                next = row;
            }
        }
        if (next == NULL) {
            break;
        }
        rows[(*count)++] = *next;
    }
    pthread_mutex_unlock(&memory->mutex);
    return INF_OK;
}

static InfResult memory_query_feelings(void* raw, uint64_t after_soul, uint64_t after_tick, InfFeelingsRow* rows,
                                       uint32_t capacity, uint32_t* count, InfJournalError* error) {
    MemoryJournal* memory = raw;
    pthread_mutex_lock(&memory->mutex);
    for (size_t i = 0; i < memory->feelings.count && *count < capacity; i++) {
        const InfFeelingsRow* row = &memory->feelings.items[i];
        if (row->soul_id > after_soul || (row->soul_id == after_soul && row->tick > after_tick)) {
            rows[(*count)++] = *row;
        }
    }
    pthread_mutex_unlock(&memory->mutex);
    return INF_OK;
}

static InfResult memory_query_habits(void* raw, uint64_t soul_id, InfHabitSum* sums, uint32_t capacity, uint32_t* count,
                                     InfJournalError* error) {
    MemoryJournal* memory = raw;
    pthread_mutex_lock(&memory->mutex);
    for (size_t i = 0; i < memory->habits.count; i++) {
        const InfHabitRow* row = &memory->habits.items[i];
        if (row->soul_id != soul_id) {
            continue;
        }
        if (*count == 0 || strcmp(sums[*count - 1].habit, row->habit) != 0) {
            if (*count == capacity) {
                break;
            }
            InfHabitSum* sum = &sums[(*count)++];
            memset(sum, 0, sizeof *sum);
            memcpy(sum->habit, row->habit, sizeof sum->habit);
        }
        InfHabitSum* sum = &sums[*count - 1];
        sum->times += row->times;
        sum->others++;
        sum->tick = row->tick > sum->tick ? row->tick : sum->tick;
    }
    pthread_mutex_unlock(&memory->mutex);
    return INF_OK;
}

static InfResult memory_query_tag(void* raw, const char* tag, InfTagRow* row, InfJournalError* error) {
    MemoryJournal* memory = raw;
    InfResult result = INF_ERROR_NOT_FOUND;
    pthread_mutex_lock(&memory->mutex);
    for (size_t i = 0; i < memory->tags.count; i++) {
        if (strcmp(memory->tags.items[i].tag, tag) == 0) {
            *row = memory->tags.items[i];
            result = INF_OK;
        }
    }
    pthread_mutex_unlock(&memory->mutex);
    return result;
}

static InfResult memory_query_lineage(void* raw, const uint8_t identity[32], uint32_t from_position, InfLineageRow* rows,
                                      uint32_t capacity, uint32_t* count, InfJournalError* error) {
    MemoryJournal* memory = raw;
    pthread_mutex_lock(&memory->mutex);
    for (size_t i = 0; i < memory->lineage.count && *count < capacity; i++) {
        const InfLineageRow* row = &memory->lineage.items[i];
        if (memcmp(row->identity, identity, 32) == 0 && row->position >= from_position) {
            rows[(*count)++] = *row;
        }
    }
    pthread_mutex_unlock(&memory->mutex);
    return INF_OK;
}

static InfResult memory_query_record(void* raw, const uint8_t hash[32], InfLineageRow* row, InfJournalError* error) {
    MemoryJournal* memory = raw;
    InfResult result = INF_ERROR_NOT_FOUND;
    pthread_mutex_lock(&memory->mutex);
    for (size_t i = 0; i < memory->lineage.count; i++) {
        if (memcmp(memory->lineage.items[i].hash, hash, 32) == 0) {
            *row = memory->lineage.items[i];
            result = INF_OK;
        }
    }
    pthread_mutex_unlock(&memory->mutex);
    return result;
}

static void memory_close(InfJournal* journal) {
    MemoryJournal* memory = journal->state;
    for (size_t i = 0; i < memory->records.count; i++) {
        free((void*)memory->records.items[i].inputs);
    }
    free(memory->records.items);
#define X(Type, one, many) free(memory->many.items);
    INF_JOURNAL_ROW_KINDS(X)
#undef X
    free(memory->head.tips);
    pthread_mutex_destroy(&memory->mutex);
    free(memory);
}

static const JournalStore memory_store = {
    .synchronous = true,
    .commit = memory_commit,
    .cursor_open = memory_cursor_open,
    .cursor_next = memory_cursor_next,
    .cursor_close = free,
    .query_open = memory_query_open,
    .query_close = memory_query_close,
    .query_statements = memory_query_statements,
    .query_discoveries = memory_query_discoveries,
    .query_obituaries = memory_query_obituaries,
    .query_soul = memory_query_soul,
    .query_departed = memory_query_departed,
    .query_feelings = memory_query_feelings,
    .query_habits = memory_query_habits,
    .query_tag = memory_query_tag,
    .query_lineage = memory_query_lineage,
    .query_record = memory_query_record,
    .close = memory_close,
};

InfResult inf_journal_open_memory(const InfJournalDef* def, InfJournal** out_journal, InfJournalError* out_error) {
    *out_journal = NULL;
    InfResult result = journal_check_def(def, out_error);
    if (result != INF_OK) {
        return result;
    }
    if (def->mode == INF_JOURNAL_OPEN || def->mode == INF_JOURNAL_READ) {
        return JOURNAL_ERROR(out_error, INF_ERROR_NOT_FOUND, "a journal in memory is always a new one");
    }
    InfJournalMeta meta = def->meta;
    if (sodium_is_zero(meta.galaxy_id, sizeof meta.galaxy_id)) {
        randombytes_buf(meta.galaxy_id, sizeof meta.galaxy_id);
    }
    meta.created_unix_s = meta.created_unix_s != 0 ? meta.created_unix_s : (uint64_t)time(NULL);
    MemoryJournal* memory = calloc(1, sizeof *memory);
    InfJournal* journal = journal_create(&memory_store, &meta, NULL);
    if (memory != NULL) {
        pthread_mutex_init(&memory->mutex, NULL);
        memory->head.tips = calloc(meta.shard_count, sizeof *memory->head.tips);
    }
    if (memory == NULL || journal == NULL || memory->head.tips == NULL) {
        if (memory != NULL) {
            pthread_mutex_destroy(&memory->mutex);
            free(memory->head.tips);
            free(memory);
        }
        if (journal != NULL) {
            journal_destroy(journal);
        }
        return JOURNAL_ERROR(out_error, INF_ERROR_MEMORY, "out of memory for a journal");
    }
    journal->state = memory;
    result = journal_start(journal, &memory->head, out_error);
    if (result != INF_OK) {
        inf_journal_close(journal);
        return result;
    }
    *out_journal = journal;
    return INF_OK;
}
