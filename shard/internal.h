/// @file internal.h
/// The inside of InfShards: who does what in a tick.
#ifndef INF_SHARD_INTERNAL_H
#define INF_SHARD_INTERNAL_H

#include "shard/shards.h"

#include <infinity/route.h>
#include <infinity/soul.h>

/// Bytes of inputs that one shard takes in one tick: what does not fit waits (transfers) or is refused (clients).
#define INF_SHARD_INPUT_BYTES (1u << 20)

typedef struct InfShardQueue {
    uint8_t* next;  ///< clients' inputs for the next tick
    size_t next_bytes;
    uint8_t* batch; ///< inputs of the tick at hand: routed ones, then clients'
    size_t batch_bytes;
    size_t routed_bytes; ///< of the batch: computed from the worlds, and so not journalled
} InfShardQueue;

/// Threads that tick worlds: thread t of n takes shard after shard from a counter.
typedef struct InfPoolOfThreads InfPoolOfThreads;
typedef void InfShardWork(void* user, uint32_t shard);
InfPoolOfThreads* inf_threads_create(uint32_t threads);
void inf_threads_destroy(InfPoolOfThreads* pool);
/// Run work for every shard in [0, count), the caller helping; returns when all are done.
void inf_threads_run(InfPoolOfThreads* pool, uint32_t count, InfShardWork* work, void* user);

/// Rows of the read models, gathered since they were last handed to the journal.
typedef struct InfRowBuffer {
#define X(Type, one, many)                                                                              \
    Type* many;                                                                                         \
    uint32_t one##_count, one##_capacity;
    INF_JOURNAL_ROW_KINDS(X)
#undef X
} InfRowBuffer;
/// Turn the events of a world's last tick into rows.
InfResult inf_rows_gather(InfRowBuffer* rows, const InfWorld* world, uint32_t shard);
/// What players' inputs of that tick tell of their habits.
InfResult inf_rows_gather_habits(InfRowBuffer* rows, const InfWorld* world, const uint8_t* inputs, size_t inputs_bytes);
/// One more sample of feelings, as it stands.
InfResult inf_rows_keep_feelings(InfRowBuffer* rows, const InfFeelingsRow* feelings);
/// The same, as the journal takes them; theirs as long as none is added.
InfJournalRows inf_rows_of(const InfRowBuffer* rows, uint64_t projected_tick);
void inf_rows_clear(InfRowBuffer* rows);
void inf_rows_free(InfRowBuffer* rows);

struct InfShards {
    InfShardsDef def;
    InfGalaxyDef galaxy;
    uint32_t count;
    InfWorld* worlds[INF_SHARDS_MAX];
    InfShardQueue queues[INF_SHARDS_MAX];
    InfPoolOfThreads* threads;
    InfJournal* journal;
    InfSnapshotWriter* snapshots;
    InfRowBuffer rows;
    uint64_t tick;
    uint64_t rows_tick; ///< rows of ticks up to this one are gathered or in the journal
    uint64_t last_snapshot_tick, next_snapshot_tick;
    uint64_t replayed_ticks;
    bool observed, created, failed, read_only;
    bool tells_routes; ///< the next record of shard 0 carries the mark of route.c
    uint8_t* marked;   ///< that record
    char error[1024];
};

/// Fill every shard's batch: receipts, transfers, then clients' inputs.
void inf_shards_route(InfShards* shards);
/// Only what the worlds have for each other: the first half of that, for a replay.
void inf_shards_route_worlds(InfShards* shards);
/// What the journal shall keep of shard's batch. Shard 0's carries the mark if it is due. @return bytes
size_t inf_shards_journalled(InfShards* shards, uint32_t shard, const uint8_t** out_inputs);
#define INF_SHARD_MARK_BYTES 2u
/// Do these inputs of shard 0 begin with the mark?
bool inf_shards_is_marked(const InfJournalRecord* record);
/// Compute the tick from the batches.
void inf_shards_compute(InfShards* shards);
/// Rows from the events and the clients' inputs of the tick that was computed.
InfResult inf_shards_project(InfShards* shards);

InfAllocator inf_shards_allocator(void);

#endif
