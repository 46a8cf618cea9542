// The tick of a galaxy: inputs to the journal, worlds computed, snapshots tended.
#include "shard/internal.h"

#include <stdio.h>

#define HASH_EVERY_TICKS 1000
#define HEAD_EVERY_TICKS INF_TICKS_PER_SECOND

InfResult inf_shards_submit(InfShards* shards, uint32_t shard, const InfInput* input)
{
    INF_ASSERT(shard < shards->count);
    InfShardQueue* queue = &shards->queues[shard];
    InfWriter writer = inf_writer_make(queue->next + queue->next_bytes, INF_SHARD_INPUT_BYTES - queue->next_bytes);
    if (INF_SHARD_INPUT_BYTES - queue->next_bytes < INF_INPUT_BYTES_MAX) {
        return INF_ERROR_FULL;
    }
    if (!inf_input_write(&writer, input)) {
        return INF_ERROR_FORMAT;
    }
    queue->next_bytes += writer.at;
    return INF_OK;
}

void inf_shards_set_observed(InfShards* shards, bool observed)
{
    shards->observed = observed;
}

static void compute_one(void* user, uint32_t shard)
{
    InfShards* shards = user;
    inf_world_tick(shards->worlds[shard], shards->queues[shard].batch, shards->queues[shard].batch_bytes);
}

void inf_shards_compute(InfShards* shards)
{
    inf_threads_run(shards->threads, shards->count, compute_one, shards);
}

InfResult inf_shards_project(InfShards* shards)
{
    for (uint32_t s = 0; s < shards->count; s++) {
        const InfShardQueue* queue = &shards->queues[s];
        InfResult result = inf_rows_gather(&shards->rows, shards->worlds[s], s);
        if (result == INF_OK) {
            result = inf_rows_gather_habits(&shards->rows, shards->worlds[s], queue->batch + queue->routed_bytes,
                                            queue->batch_bytes - queue->routed_bytes);
        }
        if (result != INF_OK) {
            return result;
        }
    }
    shards->rows_tick = shards->tick;
    return INF_OK;
}

InfResult inf_shards_keep_feelings(InfShards* shards, const InfFeelingsRow* row)
{
    if (shards->journal == NULL || shards->read_only || shards->rows_tick <= inf_journal_projected_tick(shards->journal)) {
        return INF_OK;
    }
    InfFeelingsRow now = *row;
    now.tick = shards->rows_tick;
    return inf_rows_keep_feelings(&shards->rows, &now);
}

static InfResult append(InfShards* shards, bool force)
{
    InfJournalRecord records[INF_SHARDS_MAX];
    uint32_t record_count = 0;
    for (uint32_t s = 0; s < shards->count; s++) {
        bool hash = (shards->tick + s) % HASH_EVERY_TICKS == 0;
        const uint8_t* inputs;
        size_t inputs_bytes = inf_shards_journalled(shards, s, &inputs);
        if (inputs_bytes == 0 && !hash) {
            continue;
        }
        InfJournalRecord* record = &records[record_count++];
        memset(record, 0, sizeof *record);
        record->shard = s;
        record->inputs = inputs;
        record->inputs_bytes = inputs_bytes;
        record->world_hash = hash ? inf_world_hash(shards->worlds[s]) : 0;
    }
    InfJournalRows rows = inf_rows_of(&shards->rows, shards->rows_tick);
    bool has_rows = inf_journal_rows_count(&rows) != 0;
    if (record_count == 0 && !has_rows && !force && !shards->observed && shards->tick % HEAD_EVERY_TICKS != 0) {
        return INF_OK;
    }
    bool newer = shards->rows_tick > inf_journal_projected_tick(shards->journal);
    InfResult result = inf_journal_append(shards->journal, shards->tick, records, record_count, newer ? &rows : NULL);
    if (result == INF_OK) {
        inf_rows_clear(&shards->rows);
        shards->tells_routes = false;
    }
    return result;
}

static InfResult journal_failed(InfShards* shards)
{
    if (!shards->failed) {
        shards->failed = true;
        InfJournalError error = inf_journal_get_error(shards->journal);
        snprintf(shards->error, sizeof shards->error, "%s", error.text[0] != 0 ? error.text : "The journal cannot be written.");
    }
    return INF_ERROR_IO;
}

static size_t encode_shard(void* user, uint32_t shard, uint8_t* buffer, size_t capacity_bytes, uint64_t* out_world_hash)
{
    const InfShards* shards = user;
    *out_world_hash = inf_world_hash(shards->worlds[shard]);
    return inf_world_encode(shards->worlds[shard], buffer, capacity_bytes);
}

static void tend_snapshots(InfShards* shards, bool due)
{
    uint64_t tick = 0;
    InfSnapshotState state = inf_snapshot_poll(shards->snapshots, &tick);
    if (state == INF_SNAPSHOT_DONE) {
        shards->last_snapshot_tick = tick;
    } else if (state == INF_SNAPSHOT_FAILED) {
        fprintf(stderr, "infinity: no snapshot was written, the galaxy lives on: %s\n",
                inf_snapshot_get_error(shards->snapshots)->text);
    }
    if (due && state != INF_SNAPSHOT_WRITING && inf_snapshot_begin(shards->snapshots, encode_shard, shards) == INF_OK) {
        shards->next_snapshot_tick = shards->def.snapshot_ticks != 0 ? shards->tick + shards->def.snapshot_ticks : UINT64_MAX;
        shards->tells_routes = true; // a replay may begin behind it
    }
}

InfResult inf_shards_tick(InfShards* shards)
{
    INF_ASSERT(!shards->read_only);
    if (shards->failed) {
        return INF_ERROR_IO;
    }
    shards->tick++;
    inf_shards_route(shards);
    bool snapshot_due = shards->snapshots != NULL && shards->tick >= shards->next_snapshot_tick;
    if (shards->journal != NULL && append(shards, snapshot_due) != INF_OK) {
        return journal_failed(shards);
    }
    inf_shards_compute(shards);
    if (shards->journal != NULL && inf_shards_project(shards) != INF_OK) {
        snprintf(shards->error, sizeof shards->error, "Out of memory for the read models.");
        shards->failed = true;
        return INF_ERROR_MEMORY;
    }
    if (shards->snapshots != NULL) {
        tend_snapshots(shards, snapshot_due);
    }
    return INF_OK;
}

InfResult inf_shards_wait_durable(InfShards* shards, int timeout_ms)
{
    if (shards->journal == NULL) {
        return INF_OK;
    }
    InfResult result = inf_journal_wait(shards->journal, inf_journal_appended_tick(shards->journal), timeout_ms);
    return result == INF_ERROR_IO ? journal_failed(shards) : result;
}

uint64_t inf_shards_durable_tick(const InfShards* shards)
{
    return shards->journal != NULL ? inf_journal_durable_tick(shards->journal) : shards->tick;
}

InfResult inf_shards_snapshot(InfShards* shards)
{
    if (shards->snapshots == NULL) {
        return INF_ERROR_STATE;
    }
    shards->next_snapshot_tick = shards->tick + 1;
    return INF_OK;
}
