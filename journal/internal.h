/// @file internal.h
/// What the files of journal/ share: the journal object, its queue of batches, and the table of functions
/// that a store (memory, sqlite; later jetstream) implements. The common part validates, chains, queues and
/// publishes; a store commits batches, reads them back and says what it holds when it is opened.
#ifndef INFINITY_JOURNAL_INTERNAL_H
#define INFINITY_JOURNAL_INTERNAL_H

#include <journal/journal.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define JOURNAL_DEF_COOKIE 0x4a4e4c31u
#define JOURNAL_HEAD_BYTES_PER_SHARD (8 + INF_JOURNAL_HASH_BYTES)

/// One appended tick on its way to the store. Its memory is kept and used again: no allocation in steady state.
typedef struct JournalBatch {
    uint64_t tick;
    InfJournalRecord* records; ///< [shard_count]; inputs point into `inputs`
    uint32_t record_count;
    uint8_t* inputs;
    size_t inputs_capacity;
    InfJournalTip* tips;       ///< [shard_count] after this tick
    uint64_t projected_tick;   ///< after this tick
    InfJournalRows rows;       ///< points into row_memory
    uint8_t* row_memory;
    size_t row_capacity;
} JournalBatch;

/// What a store holds when it is opened, and what it must hold after a commit.
typedef struct JournalHead {
    uint64_t tick;
    uint64_t projected_tick;
    InfJournalTip* tips; ///< [shard_count], owned by whoever made it
} JournalHead;

/// One row of the table of snapshots.
typedef struct JournalSnapshotRow {
    uint64_t tick;
    uint32_t shard;
    uint64_t world_hash;
    InfJournalTip tip;
    uint64_t file_bytes;
    uint8_t file_hash[INF_JOURNAL_HASH_BYTES];
} JournalSnapshotRow;

typedef struct JournalStore {
    /// Commit within append, on the caller's thread; no thread, no queue.
    bool synchronous;
    /// All batches in one atomic and durable step; on failure none of them counts.
    InfResult (*commit)(InfJournal* journal, const JournalBatch* const* batches, uint32_t count, InfJournalError* error);
    /// After a commit was published and nothing is queued: housekeeping. May be null.
    InfResult (*idle)(InfJournal* journal, bool closing, InfJournalError* error);
    /// Make rows of one complete set durable. Null: snapshots are not kept.
    InfResult (*snapshot_record)(InfJournal* journal, const JournalSnapshotRow* rows, uint32_t count,
                                 InfJournalError* error);
    /// Rows of the newest set below before_tick. @return INF_OK, INF_ERROR_NOT_FOUND or the damage
    InfResult (*snapshot_find)(InfJournal* journal, uint64_t before_tick, JournalSnapshotRow* rows,
                               InfJournalError* error);

    /// Raw reading of committed records in (tick, shard) order; the cursor above verifies.
    InfResult (*cursor_open)(InfJournal* journal, uint32_t shard, uint64_t from_tick, void** out_raw, JournalHead* head,
                             InfJournalError* error);
    InfResult (*cursor_next)(void* raw, InfJournalRecord* record, InfJournalError* error);
    void (*cursor_close)(void* raw);
    /// The store's own check of its structure. May be null.
    InfResult (*check)(InfJournal* journal, InfJournalError* error);

    InfResult (*query_open)(InfJournal* journal, void** out_raw, InfJournalError* error);
    void (*query_close)(void* raw);
    InfResult (*query_statements)(void* raw, uint64_t soul_id, uint64_t before, InfStatementRow* rows, uint32_t capacity,
                                  uint32_t* count, InfJournalError* error);
    InfResult (*query_discoveries)(void* raw, uint64_t before, InfDiscoveryRow* rows, uint32_t capacity,
                                   uint32_t* count, InfJournalError* error);
    InfResult (*query_obituaries)(void* raw, uint64_t before, InfObituaryRow* rows, uint32_t capacity,
                                  uint32_t* count, InfJournalError* error);
    InfResult (*query_soul)(void* raw, uint64_t soul_id, InfSoulRow* row, InfJournalError* error);
    InfResult (*query_departed)(void* raw, uint64_t after_id, InfSoulRow* rows, uint32_t capacity, uint32_t* count,
                                InfJournalError* error);
    InfResult (*query_feelings)(void* raw, uint64_t after_soul, uint64_t after_tick, InfFeelingsRow* rows, uint32_t capacity,
                                uint32_t* count, InfJournalError* error);
    InfResult (*query_habits)(void* raw, uint64_t soul_id, InfHabitSum* sums, uint32_t capacity, uint32_t* count,
                              InfJournalError* error);
    InfResult (*query_lineage)(void* raw, const uint8_t identity[32], uint32_t from_position, InfLineageRow* rows,
                               uint32_t capacity, uint32_t* count, InfJournalError* error);
    InfResult (*query_record)(void* raw, const uint8_t hash[32], InfLineageRow* row, InfJournalError* error);
    InfResult (*query_tag)(void* raw, const char* tag, InfTagRow* row, InfJournalError* error);

    void (*close)(InfJournal* journal);
} JournalStore;

struct InfJournal {
    const JournalStore* store;
    void* state; ///< the store's
    InfJournalMeta meta;
    char* folder;
    bool read_only;

    // The appending thread's.
    uint64_t appended_tick, projected_tick;
    InfJournalTip* tips;

    // Shared.
    _Atomic uint64_t durable_tick;
    atomic_bool failed;
    int event_fd;
    pthread_mutex_t mutex; ///< guards all below
    pthread_cond_t work, done;
    JournalBatch ring[INF_JOURNAL_QUEUE_TICKS];
    uint32_t ring_first, ring_count;
    bool thread_runs, stop;
    pthread_t thread;
    InfJournalError error;
    InfJournalStats stats;
    const JournalSnapshotRow* snapshot_rows; ///< asked to be recorded; null when answered
    uint32_t snapshot_count;
    InfResult snapshot_result;
    InfJournalError snapshot_error;
};

/// @return result, for `return journal_error(...)`. error may be null.
InfResult journal_error(InfJournalError* error, InfResult result, uint32_t shard, uint64_t tick, const char* format, ...)
    __attribute__((format(printf, 5, 6)));
#define JOURNAL_ERROR(error, result, ...) journal_error(error, result, INF_JOURNAL_ALL_SHARDS, 0, __VA_ARGS__)

/// Allocate the common part; a store's open then fills meta, state and the head.
InfJournal* journal_create(const JournalStore* store, const InfJournalMeta* meta, const char* folder);
/// Set the position from what the store holds and start the thread.
InfResult journal_start(InfJournal* journal, const JournalHead* head, InfJournalError* error);
void journal_destroy(InfJournal* journal); ///< frees the common part only
InfResult journal_check_def(const InfJournalDef* def, InfJournalError* error);
uint64_t journal_now_ns(void);
/// Ask the journal thread to record a set; rows stay the caller's until journal_snapshot_answer says other than STATE.
InfResult journal_snapshot_ask(InfJournal* journal, const JournalSnapshotRow* rows, uint32_t count);
InfResult journal_snapshot_answer(InfJournal* journal, InfJournalError* error);

// chain.c: bytes and hashes.
void journal_put_u32(uint8_t* at, uint32_t value);
void journal_put_u64(uint8_t* at, uint64_t value);
uint32_t journal_get_u32(const uint8_t* at);
uint64_t journal_get_u64(const uint8_t* at);
void journal_hash(const char* domain, const void* bytes, size_t count, uint8_t out[INF_JOURNAL_HASH_BYTES]);
void journal_meta_hash(const InfJournalMeta* meta, uint32_t schema_version, uint8_t out[INF_JOURNAL_HASH_BYTES]);
void journal_head_hash(const InfJournalMeta* meta, const JournalHead* head, uint8_t out[INF_JOURNAL_HASH_BYTES]);
void journal_snapshot_row_hash(const InfJournalMeta* meta, const JournalSnapshotRow* row,
                               uint8_t out[INF_JOURNAL_HASH_BYTES]);
bool journal_hash_equal(const uint8_t* a, const uint8_t* b);

// lock.c
typedef struct JournalLock JournalLock;
InfResult journal_lock_take(const char* folder, JournalLock** out_lock, InfJournalError* error);
void journal_lock_release(JournalLock* lock);

// witness.c
typedef struct JournalWitness {
    uint64_t tick;
    uint8_t head_hash[INF_JOURNAL_HASH_BYTES];
    uint64_t counter;
    int fd;
    bool found; ///< a valid slot was there when it was opened
} JournalWitness;
InfResult journal_witness_open(const char* folder, bool writable, const InfJournalMeta* meta, JournalWitness* witness,
                               InfJournalError* error);
/// @return false if the system refused. Not synced: it is there against kill -9 and damage, not power loss.
bool journal_witness_write(JournalWitness* witness, const InfJournalMeta* meta, uint64_t tick, const uint8_t* head_hash);
bool journal_witness_exists(const char* folder);
void journal_witness_close(JournalWitness* witness);

#endif
