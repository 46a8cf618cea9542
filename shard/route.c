// The batches of a tick: what other worlds have for each, then what clients sent, as much as fits.
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

void inf_shards_route(InfShards* shards)
{
    InfWriter batches[INF_SHARDS_MAX];
    for (uint32_t s = 0; s < shards->count; s++) {
        batches[s] = inf_writer_make(shards->queues[s].batch, INF_SHARD_INPUT_BYTES);
    }
    inf_worlds_route(shards->worlds, shards->count, batches);
    for (uint32_t s = 0; s < shards->count; s++) {
        shards->queues[s].batch_bytes = batches[s].at;
        take_clients(&shards->queues[s]);
    }
}
