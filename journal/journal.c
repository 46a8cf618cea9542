/// journal.c: the part that all stores share. The appending thread fills the next free batch of a ring, without
/// a lock, and counts it in; the journal thread takes all that are counted in, has the store commit them as
/// one, and only then publishes their last tick. Batches keep their memory, so a steady galaxy allocates nothing.
///
///   ring:  | free | committing … committing | queued … queued | being filled | free |
///                 ^ ring_first              <-------- ring_count -------->
#include "internal.h"
#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

InfResult journal_error(InfJournalError* error, InfResult result, uint32_t shard, uint64_t tick, const char* format,
                        ...) {
    if (error != NULL) {
        error->result = result;
        error->shard = shard;
        error->tick = tick;
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
    }
    return result;
}

uint64_t journal_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

InfJournalDef inf_journal_def_default(void) {
    return (InfJournalDef){
        .mode = INF_JOURNAL_OPEN_OR_CREATE,
        .check = INF_JOURNAL_CHECK_AUTO,
        .meta = {.generator_version = 1, .rules_version = 1, .shard_count = 16},
        .cookie = JOURNAL_DEF_COOKIE,
    };
}

InfResult journal_check_def(const InfJournalDef* def, InfJournalError* error) {
    if (error != NULL) {
        memset(error, 0, sizeof *error);
        error->shard = INF_JOURNAL_ALL_SHARDS;
    }
    if (def == NULL || def->cookie != JOURNAL_DEF_COOKIE) {
        return JOURNAL_ERROR(error, INF_ERROR_RANGE, "the journal's def was not made by inf_journal_def_default");
    }
    if (sodium_init() < 0) {
        return JOURNAL_ERROR(error, INF_ERROR_IO, "libsodium cannot be initialised");
    }
    if (def->meta.shard_count < 1 || def->meta.shard_count > INF_JOURNAL_SHARDS_MAX) {
        return JOURNAL_ERROR(error, INF_ERROR_RANGE, "a galaxy has 1 to %d shards, not %u", INF_JOURNAL_SHARDS_MAX,
                             def->meta.shard_count);
    }
    return INF_OK;
}

InfJournal* journal_create(const JournalStore* store, const InfJournalMeta* meta, const char* folder) {
    InfJournal* journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        return NULL;
    }
    journal->store = store;
    journal->meta = *meta;
    journal->event_fd = -1;
    journal->error.shard = INF_JOURNAL_ALL_SHARDS;
    journal->folder = folder != NULL ? strdup(folder) : NULL;
    pthread_mutex_init(&journal->mutex, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&journal->work, &attributes);
    pthread_cond_init(&journal->done, &attributes);
    pthread_condattr_destroy(&attributes);
    if (folder != NULL && journal->folder == NULL) {
        journal_destroy(journal);
        return NULL;
    }
    return journal;
}

void journal_destroy(InfJournal* journal) {
    for (uint32_t i = 0; i < INF_JOURNAL_QUEUE_TICKS; i++) {
        free(journal->ring[i].records);
        free(journal->ring[i].tips);
        free(journal->ring[i].inputs);
        free(journal->ring[i].row_memory);
    }
    if (journal->event_fd >= 0) {
        close(journal->event_fd);
    }
    pthread_cond_destroy(&journal->work);
    pthread_cond_destroy(&journal->done);
    pthread_mutex_destroy(&journal->mutex);
    free(journal->tips);
    free(journal->folder);
    free(journal);
}

static void announce(InfJournal* journal) {
    uint64_t one = 1;
    if (journal->event_fd >= 0 && write(journal->event_fd, &one, sizeof one) < 0) {
        return; // full counter: it is readable already
    }
}

/// Commit some batches and publish, or fail. Called without the mutex.
static void commit_batches(InfJournal* journal, const JournalBatch* const* batches, uint32_t count) {
    InfJournalError error = {.shard = INF_JOURNAL_ALL_SHARDS};
    uint64_t begin_ns = journal_now_ns();
    InfResult result = journal->store->commit(journal, batches, count, &error);
    uint64_t took_ns = journal_now_ns() - begin_ns;
    pthread_mutex_lock(&journal->mutex);
    if (result == INF_OK) {
        InfJournalStats* stats = &journal->stats;
        stats->commits++;
        stats->ticks += count;
        stats->commit_ns_last = took_ns;
        stats->commit_ns_max = took_ns > stats->commit_ns_max ? took_ns : stats->commit_ns_max;
        for (uint32_t i = 0; i < count; i++) {
            const InfJournalRows* rows = &batches[i]->rows;
            stats->records += batches[i]->record_count;
            stats->rows += inf_journal_rows_count(rows);
            for (uint32_t r = 0; r < batches[i]->record_count; r++) {
                stats->input_bytes += batches[i]->records[r].inputs_bytes;
            }
        }
        atomic_store_explicit(&journal->durable_tick, batches[count - 1]->tick, memory_order_release);
    } else {
        journal->error = error;
        atomic_store_explicit(&journal->failed, true, memory_order_release);
    }
    pthread_cond_broadcast(&journal->done);
    pthread_mutex_unlock(&journal->mutex);
    announce(journal);
}

static void fail_journal(InfJournal* journal, const InfJournalError* error) {
    pthread_mutex_lock(&journal->mutex);
    if (!journal->failed) {
        journal->error = *error;
        atomic_store_explicit(&journal->failed, true, memory_order_release);
    }
    pthread_cond_broadcast(&journal->done);
    pthread_mutex_unlock(&journal->mutex);
    announce(journal);
}

/// Called with the mutex; leaves it while the store works.
static void record_snapshot(InfJournal* journal) {
    const JournalSnapshotRow* rows = journal->snapshot_rows;
    uint32_t count = journal->snapshot_count;
    InfJournalError error = {.shard = INF_JOURNAL_ALL_SHARDS};
    InfResult result = INF_ERROR_IO;
    if (journal->failed) {
        error = journal->error;
    } else {
        pthread_mutex_unlock(&journal->mutex);
        result = journal->store->snapshot_record(journal, rows, count, &error);
        if (result == INF_ERROR_IO) {
            fail_journal(journal, &error); // what the failed sync left behind cannot be known
        }
        pthread_mutex_lock(&journal->mutex);
    }
    journal->snapshot_result = result;
    journal->snapshot_error = error;
    journal->snapshot_rows = NULL;
    pthread_mutex_unlock(&journal->mutex);
    announce(journal);
    pthread_mutex_lock(&journal->mutex);
}

static void* journal_thread(void* user) {
    InfJournal* journal = user;
    bool tidy = true;
    pthread_mutex_lock(&journal->mutex);
    for (;;) {
        uint32_t count = journal->failed ? 0 : journal->ring_count;
        if (count > 0) {
            const JournalBatch* batches[INF_JOURNAL_QUEUE_TICKS];
            for (uint32_t i = 0; i < count; i++) {
                batches[i] = &journal->ring[(journal->ring_first + i) % INF_JOURNAL_QUEUE_TICKS];
            }
            pthread_mutex_unlock(&journal->mutex);
            commit_batches(journal, batches, count);
            pthread_mutex_lock(&journal->mutex);
            journal->ring_first = (journal->ring_first + count) % INF_JOURNAL_QUEUE_TICKS;
            journal->ring_count -= count;
            pthread_cond_broadcast(&journal->done);
            tidy = false;
        } else if (journal->snapshot_rows != NULL) {
            record_snapshot(journal);
        } else if (!tidy && !journal->failed && journal->store->idle != NULL) {
            InfJournalError error = {.shard = INF_JOURNAL_ALL_SHARDS};
            pthread_mutex_unlock(&journal->mutex);
            tidy = true;
            if (journal->store->idle(journal, false, &error) != INF_OK) {
                fail_journal(journal, &error);
            }
            pthread_mutex_lock(&journal->mutex);
        } else if (journal->stop) {
            break;
        } else {
            pthread_cond_wait(&journal->work, &journal->mutex);
        }
    }
    pthread_mutex_unlock(&journal->mutex);
    return NULL;
}

InfResult journal_start(InfJournal* journal, const JournalHead* head, InfJournalError* error) {
    uint32_t shards = journal->meta.shard_count;
    journal->tips = calloc(shards, sizeof *journal->tips);
    if (journal->tips == NULL) {
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for a journal of %u shards", shards);
    }
    memcpy(journal->tips, head->tips, shards * sizeof *journal->tips);
    journal->appended_tick = head->tick;
    journal->projected_tick = head->projected_tick;
    journal->durable_tick = head->tick;
    if (journal->read_only) {
        return INF_OK;
    }
    for (uint32_t i = 0; i < INF_JOURNAL_QUEUE_TICKS; i++) {
        JournalBatch* batch = &journal->ring[i];
        batch->records = calloc(shards, sizeof *batch->records);
        batch->tips = calloc(shards, sizeof *batch->tips);
        if (batch->records == NULL || batch->tips == NULL) {
            return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for a journal of %u shards", shards);
        }
    }
    journal->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (journal->event_fd < 0) {
        return JOURNAL_ERROR(error, INF_ERROR_IO, "cannot make an eventfd: %s", strerror(errno));
    }
    if (!journal->store->synchronous) {
        int reason = pthread_create(&journal->thread, NULL, journal_thread, journal);
        if (reason != 0) {
            return JOURNAL_ERROR(error, INF_ERROR_IO, "cannot start the journal's thread: %s", strerror(reason));
        }
        journal->thread_runs = true;
    }
    return INF_OK;
}

void inf_journal_close(InfJournal* journal) {
    if (journal == NULL) {
        return;
    }
    if (journal->thread_runs) {
        pthread_mutex_lock(&journal->mutex);
        journal->stop = true;
        pthread_cond_broadcast(&journal->work);
        pthread_mutex_unlock(&journal->mutex);
        pthread_join(journal->thread, NULL);
    }
    journal->store->close(journal);
    journal_destroy(journal);
}

static bool text_ends(const char* text, size_t capacity) {
    return memchr(text, 0, capacity) != NULL;
}

/// Every row's tick is new, every text ends, every enumeration is known.
static bool rows_are_good(const InfJournalRows* rows, uint64_t projected_tick, uint64_t tick) {
#define IS_NEW(row) ((row)->tick > projected_tick && (row)->tick <= rows->projected_tick)
    if (rows->projected_tick < projected_tick || rows->projected_tick > tick) {
        return false;
    }
    for (uint32_t i = 0; i < rows->statement_count; i++) {
        const InfStatementRow* row = &rows->statements[i];
        if (!IS_NEW(row) || row->account > INF_JOURNAL_BANKED || !text_ends(row->reason, sizeof row->reason)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rows->discovery_count; i++) {
        const InfDiscoveryRow* row = &rows->discoveries[i];
        if (!IS_NEW(row) || !text_ends(row->system_name, sizeof row->system_name) ||
            !text_ends(row->soul_name, sizeof row->soul_name)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rows->obituary_count; i++) {
        const InfObituaryRow* row = &rows->obituaries[i];
        if (!IS_NEW(row) || !text_ends(row->soul_name, sizeof row->soul_name) ||
            !text_ends(row->cause, sizeof row->cause) || !text_ends(row->killer_name, sizeof row->killer_name) ||
            !text_ends(row->place, sizeof row->place)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rows->soul_count; i++) {
        const InfSoulRow* row = &rows->souls[i];
        if (!IS_NEW(row) || row->kind > INF_JOURNAL_MIND || row->state >= INF_JOURNAL_SOUL_STATES || row->is_state_only > 1 ||
            row->state_tick > row->tick || !text_ends(row->name, sizeof row->name)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rows->tag_count; i++) {
        const InfTagRow* row = &rows->tags[i];
        if (!IS_NEW(row) || !text_ends(row->tag, sizeof row->tag) || row->tag[0] == 0) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rows->lineage_count; i++) {
        const InfLineageRow* row = &rows->lineage[i];
        if (!IS_NEW(row) || !text_ends(row->act, sizeof row->act) || row->text_bytes == 0 ||
            row->text_bytes > INF_JOURNAL_RECORD_BYTES) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rows->feeling_count; i++) {
        const InfFeelingsRow* row = &rows->feelings[i];
        if (!IS_NEW(row) || row->soul_id > INT64_MAX || row->is_thinned > 1) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rows->habit_count; i++) {
        const InfHabitRow* row = &rows->habits[i];
        if (!IS_NEW(row) || !text_ends(row->habit, sizeof row->habit) || row->habit[0] == 0 || row->times == 0) {
            return false;
        }
    }
    return true;
#undef IS_NEW
}

static bool reserve(uint8_t** memory, size_t* capacity, size_t needed) {
    if (needed <= *capacity) {
        return true;
    }
    size_t bytes = *capacity > 0 ? *capacity : 4096;
    while (bytes < needed) {
        bytes *= 2;
    }
    uint8_t* grown = realloc(*memory, bytes);
    if (grown == NULL) {
        return false;
    }
    *memory = grown;
    *capacity = bytes;
    return true;
}

static bool copy_rows(JournalBatch* batch, const InfJournalRows* rows) {
    memset(&batch->rows, 0, sizeof batch->rows);
    if (rows == NULL) {
        return true;
    }
    size_t bytes = 0;
#define X(Type, one, many) bytes += rows->one##_count * sizeof(Type);
    INF_JOURNAL_ROW_KINDS(X)
#undef X
    if (!reserve(&batch->row_memory, &batch->row_capacity, bytes)) {
        return false;
    }
    uint8_t* at = batch->row_memory;
    batch->rows = *rows;
#define X(Type, one, many)                                                                                             \
    if (rows->one##_count > 0) {                                                                                       \
        memcpy(at, rows->many, rows->one##_count * sizeof(Type));                                                      \
        batch->rows.many = (const void*)at;                                                                            \
        at += rows->one##_count * sizeof(Type);                                                                        \
    }
    INF_JOURNAL_ROW_KINDS(X)
#undef X
    return true;
}

static InfResult check_append(const InfJournal* journal, uint64_t tick, const InfJournalRecord* records, uint32_t count,
                              const InfJournalRows* rows, size_t* out_bytes) {
    if (tick <= journal->appended_tick || tick > INF_JOURNAL_TICK_MAX || count > journal->meta.shard_count) {
        return INF_ERROR_RANGE;
    }
    *out_bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (records[i].shard >= journal->meta.shard_count || (i > 0 && records[i].shard <= records[i - 1].shard) ||
            records[i].inputs_bytes > INF_JOURNAL_INPUT_BYTES_MAX) {
            return INF_ERROR_RANGE;
        }
        *out_bytes += records[i].inputs_bytes;
    }
    return rows == NULL || rows_are_good(rows, journal->projected_tick, tick) ? INF_OK : INF_ERROR_RANGE;
}

/// Fill the batch and extend the chains. Nothing of the journal changes before all memory is there.
static InfResult fill_batch(InfJournal* journal, JournalBatch* batch, uint64_t tick, InfJournalRecord* records,
                            uint32_t count, const InfJournalRows* rows, size_t inputs_bytes) {
    if (!reserve(&batch->inputs, &batch->inputs_capacity, inputs_bytes) || !copy_rows(batch, rows)) {
        return INF_ERROR_MEMORY;
    }
    uint8_t* at = batch->inputs;
    for (uint32_t i = 0; i < count; i++) {
        InfJournalRecord* record = &records[i];
        InfJournalTip* tip = &journal->tips[record->shard];
        record->tick = tick;
        memcpy(record->previous, tip->hash, INF_JOURNAL_HASH_BYTES);
        inf_journal_record_hash(journal->meta.galaxy_id, record, record->hash);
        tip->tick = tick;
        memcpy(tip->hash, record->hash, INF_JOURNAL_HASH_BYTES);
        batch->records[i] = *record;
        batch->records[i].inputs = at;
        if (record->inputs_bytes > 0) {
            memcpy(at, record->inputs, record->inputs_bytes);
            at += record->inputs_bytes;
        }
    }
    batch->record_count = count;
    batch->tick = tick;
    journal->appended_tick = tick;
    journal->projected_tick = rows != NULL ? rows->projected_tick : journal->projected_tick;
    batch->projected_tick = journal->projected_tick;
    memcpy(batch->tips, journal->tips, journal->meta.shard_count * sizeof *batch->tips);
    return INF_OK;
}

InfResult inf_journal_append(InfJournal* journal, uint64_t tick, InfJournalRecord* records, uint32_t count,
                             const InfJournalRows* rows) {
    if (journal->read_only) {
        return INF_ERROR_STATE;
    }
    if (inf_journal_has_failed(journal)) {
        return INF_ERROR_IO;
    }
    size_t inputs_bytes;
    InfResult result = check_append(journal, tick, records, count, rows, &inputs_bytes);
    if (result != INF_OK) {
        return result;
    }
    if (journal->store->synchronous) {
        const JournalBatch* batch = &journal->ring[0];
        result = fill_batch(journal, &journal->ring[0], tick, records, count, rows, inputs_bytes);
        if (result == INF_OK) {
            commit_batches(journal, &batch, 1);
        }
        return result != INF_OK ? result : inf_journal_has_failed(journal) ? INF_ERROR_IO : INF_OK;
    }
    pthread_mutex_lock(&journal->mutex);
    while (journal->ring_count == INF_JOURNAL_QUEUE_TICKS && !journal->failed) {
        pthread_cond_wait(&journal->done, &journal->mutex);
    }
    bool failed = journal->failed;
    JournalBatch* batch = &journal->ring[(journal->ring_first + journal->ring_count) % INF_JOURNAL_QUEUE_TICKS];
    pthread_mutex_unlock(&journal->mutex);
    if (failed) {
        return INF_ERROR_IO;
    }
    // The slot stays the same while the thread works: it moves first and count together.
    result = fill_batch(journal, batch, tick, records, count, rows, inputs_bytes);
    if (result != INF_OK) {
        return result;
    }
    pthread_mutex_lock(&journal->mutex);
    journal->ring_count++;
    if (journal->ring_count > journal->stats.queue_ticks_max) {
        journal->stats.queue_ticks_max = journal->ring_count;
    }
    pthread_cond_signal(&journal->work);
    pthread_mutex_unlock(&journal->mutex);
    return INF_OK;
}

const InfJournalMeta* inf_journal_get_meta(const InfJournal* journal) {
    return &journal->meta;
}

uint64_t inf_journal_durable_tick(const InfJournal* journal) {
    return atomic_load_explicit(&((InfJournal*)journal)->durable_tick, memory_order_acquire);
}

uint64_t inf_journal_appended_tick(const InfJournal* journal) {
    return journal->appended_tick;
}

uint64_t inf_journal_projected_tick(const InfJournal* journal) {
    return journal->projected_tick;
}

InfJournalTip inf_journal_get_tip(const InfJournal* journal, uint32_t shard) {
    INF_ASSERT(shard < journal->meta.shard_count);
    return journal->tips[shard];
}

InfResult inf_journal_wait(InfJournal* journal, uint64_t tick, int timeout_ms) {
    if (tick <= inf_journal_durable_tick(journal)) {
        return INF_OK;
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&journal->mutex);
    InfResult result = INF_OK;
    while (tick > inf_journal_durable_tick(journal)) {
        uint64_t queued_tick = inf_journal_durable_tick(journal);
        if (journal->ring_count > 0) {
            uint32_t last = (journal->ring_first + journal->ring_count - 1) % INF_JOURNAL_QUEUE_TICKS;
            queued_tick = journal->ring[last].tick;
        }
        if (journal->failed) {
            result = INF_ERROR_IO;
            break;
        }
        if (tick > queued_tick) {
            result = INF_ERROR_RANGE;
            break;
        }
        if (timeout_ms < 0) {
            pthread_cond_wait(&journal->done, &journal->mutex);
        } else if (timeout_ms == 0 || pthread_cond_timedwait(&journal->done, &journal->mutex, &until) == ETIMEDOUT) {
            result = tick <= inf_journal_durable_tick(journal) ? INF_OK : INF_ERROR_STATE;
            break;
        }
    }
    pthread_mutex_unlock(&journal->mutex);
    return result;
}

int inf_journal_event_fd(const InfJournal* journal) {
    return journal->event_fd;
}

bool inf_journal_has_failed(const InfJournal* journal) {
    return atomic_load_explicit(&((InfJournal*)journal)->failed, memory_order_acquire);
}

InfJournalError inf_journal_get_error(const InfJournal* journal) {
    pthread_mutex_t* mutex = &((InfJournal*)journal)->mutex;
    pthread_mutex_lock(mutex);
    InfJournalError error = journal->error;
    pthread_mutex_unlock(mutex);
    return error;
}

InfJournalStats inf_journal_get_stats(const InfJournal* journal) {
    pthread_mutex_t* mutex = &((InfJournal*)journal)->mutex;
    pthread_mutex_lock(mutex);
    InfJournalStats stats = journal->stats;
    pthread_mutex_unlock(mutex);
    return stats;
}

InfResult journal_snapshot_ask(InfJournal* journal, const JournalSnapshotRow* rows, uint32_t count) {
    if (journal->read_only || journal->store->snapshot_record == NULL || !journal->thread_runs) {
        return INF_ERROR_STATE;
    }
    pthread_mutex_lock(&journal->mutex);
    journal->snapshot_rows = rows;
    journal->snapshot_count = count;
    journal->snapshot_result = INF_ERROR_STATE;
    pthread_cond_signal(&journal->work);
    pthread_mutex_unlock(&journal->mutex);
    return INF_OK;
}

InfResult journal_snapshot_answer(InfJournal* journal, InfJournalError* error) {
    pthread_mutex_lock(&journal->mutex);
    InfResult result = journal->snapshot_rows != NULL ? INF_ERROR_STATE : journal->snapshot_result;
    if (result != INF_OK && result != INF_ERROR_STATE && error != NULL) {
        *error = journal->snapshot_error;
    }
    pthread_mutex_unlock(&journal->mutex);
    return result;
}
