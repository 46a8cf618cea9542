// The batches of a tick: what other worlds have for each, then what clients sent, as much as fits.
//
// The first part is a pure function of the worlds (infinity/route.h), so the journal does not keep it: a million minds send
// five hundred souls a tick from shard to shard, which would be a megabyte in each tick. A replay computes it again. That this
// is so is said by a mark, the two bytes of input kind 0, which is none, at the head of shard 0's record: in the first tick after
// a galaxy is opened, and in the tick behind each snapshot, so that wherever a replay begins it is told before it is needed.
// Journals without the mark were written by programs that kept everything; they are replayed as they stand. Whether what is
// computed is what was lived is told by the worlds' hashes that the journal carries.
#include "shard/internal.h"

static void take_clients(InfShardQueue* queue)
{
    size_t room = INF_SHARD_INPUT_BYTES - queue->batch_bytes, taken = queue->next_bytes;
    if (taken > room) { // whole inputs only; the rest comes in the next tick
        static _Thread_local InfInput input;
        InfReader reader = inf_reader_make(queue->next, queue->next_bytes);
        taken = 0;
        while (inf_reader_left(&reader) != 0 && inf_input_read(&reader, &input) == INF_OK && reader.at <= room) {
            taken = reader.at;
        }
    }
    memcpy(queue->batch + queue->batch_bytes, queue->next, taken);
    queue->batch_bytes += taken;
    queue->next_bytes -= taken;
    memmove(queue->next, queue->next + taken, queue->next_bytes);
}

void inf_shards_route_worlds(InfShards* shards)
{
    InfWriter batches[INF_SHARDS_MAX];
    for (uint32_t s = 0; s < shards->count; s++) {
        batches[s] = inf_writer_make(shards->queues[s].batch, INF_SHARD_INPUT_BYTES);
    }
    inf_worlds_route(shards->worlds, shards->count, batches);
    for (uint32_t s = 0; s < shards->count; s++) {
        shards->queues[s].batch_bytes = shards->queues[s].routed_bytes = batches[s].at;
    }
}

void inf_shards_route(InfShards* shards)
{
    inf_shards_route_worlds(shards);
    for (uint32_t s = 0; s < shards->count; s++) {
        take_clients(&shards->queues[s]);
    }
}

size_t inf_shards_journalled(InfShards* shards, uint32_t shard, const uint8_t** out_inputs)
{
    const InfShardQueue* queue = &shards->queues[shard];
    const uint8_t* inputs = queue->batch + queue->routed_bytes;
    size_t bytes = queue->batch_bytes - queue->routed_bytes;
    *out_inputs = inputs;
    if (shard != 0 || !shards->tells_routes) {
        return bytes;
    }
    memset(shards->marked, 0, INF_SHARD_MARK_BYTES);
    memcpy(shards->marked + INF_SHARD_MARK_BYTES, inputs, bytes);
    *out_inputs = shards->marked;
    return INF_SHARD_MARK_BYTES + bytes;
}

bool inf_shards_is_marked(const InfJournalRecord* record)
{
    return record->shard == 0 && record->inputs_bytes >= INF_SHARD_MARK_BYTES && record->inputs[0] == 0 &&
           record->inputs[1] == 0;
}
