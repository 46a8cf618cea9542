// What goes from shard to shard. Needs no memory: the outboxes and watermarks in the worlds tell what is to be carried,
// so it goes on after a restart as if nothing had been.
#include "shard/internal.h"

#include <stdlib.h>

static bool add(InfShardQueue* queue, const InfInput* input)
{
    InfWriter writer = inf_writer_make(queue->batch + queue->batch_bytes, INF_SHARD_INPUT_BYTES - queue->batch_bytes);
    if (!inf_input_write(&writer, input)) {
        return false;
    }
    queue->batch_bytes += writer.at;
    return true;
}

static uint16_t forward_of(const InfShards* shards, const InfTransfer* transfer)
{
    uint32_t shard = inf_shards_locate_soul(shards, transfer->soul);
    if (shard == UINT32_MAX && transfer->payload_bytes >= 12) {
        InfReader reader = inf_reader_make(transfer->payload, transfer->payload_bytes);
        inf_read_u32(&reader);
        shard = inf_shards_locate_soul(shards, inf_read_u64(&reader)); // the payer
    }
    return shard < shards->count ? (uint16_t)shard : UINT16_MAX;
}

static bool offer(InfShards* shards, uint32_t source, const InfTransfer* transfer, InfInput* input)
{
    InfShardQueue* queue = &shards->queues[transfer->destination];
    if (transfer->kind != INF_TRANSFER_PAY && !inf_world_has_room(shards->worlds[transfer->destination])) {
        return false;
    }
    input->kind = INF_INPUT_KIND_TransferIn;
    InfInputTransferIn* in = &input->TransferIn;
    in->transfer = transfer->id;
    in->transfer_sequence = transfer->sequence;
    in->source = (uint16_t)source;
    in->forward = transfer->kind == INF_TRANSFER_PAY ? forward_of(shards, transfer) : UINT16_MAX;
    in->kind = transfer->kind;
    in->soul = transfer->soul;
    in->credits = transfer->credits;
    in->payload_bytes = (uint16_t)transfer->payload_bytes;
    memcpy(in->payload, transfer->payload, transfer->payload_bytes);
    return add(queue, input);
}

static int by_destination_and_sequence(const void* a, const void* b)
{
    const InfTransfer* x = *(const InfTransfer* const*)a;
    const InfTransfer* y = *(const InfTransfer* const*)b;
    if (x->destination != y->destination) {
        return x->destination < y->destination ? -1 : 1;
    }
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

static void route_outbox(InfShards* shards, uint32_t source, InfInput* input)
{
    const InfTransfer* waiting[1024];
    uint32_t waiting_count = 0, row_count;
    const InfTransfer* rows = inf_world_transfers(shards->worlds[source], &row_count);
    for (uint32_t i = 0; i < row_count; i++) {
        const InfTransfer* transfer = &rows[i];
        if ((transfer->generation & 1u) == 0) {
            continue;
        }
        const InfHeader* there = inf_world_header(shards->worlds[transfer->destination]);
        if (transfer->sequence <= there->in_sequence[source]) { // taken in: tell the source
            input->kind = INF_INPUT_KIND_TransferReceipt;
            input->TransferReceipt.transfer = transfer->id;
            input->TransferReceipt.destination = transfer->destination;
            add(&shards->queues[source], input);
        } else if (transfer->sequence <= there->in_sequence[source] + 64 && waiting_count < 1024) {
            waiting[waiting_count++] = transfer;
        }
    }
    qsort(waiting, waiting_count, sizeof waiting[0], by_destination_and_sequence);
    uint32_t blocked = UINT32_MAX; // destination that has no room now: its later ones must wait too
    for (uint32_t i = 0; i < waiting_count; i++) {
        if (waiting[i]->destination != blocked && !offer(shards, source, waiting[i], input)) {
            blocked = waiting[i]->destination;
        }
    }
}

void inf_shards_route(InfShards* shards)
{
    static _Thread_local InfInput input;
    for (uint32_t s = 0; s < shards->count; s++) {
        shards->queues[s].batch_bytes = 0;
    }
    for (uint32_t s = 0; s < shards->count; s++) {
        route_outbox(shards, s, &input);
    }
    for (uint32_t s = 0; s < shards->count; s++) {
        InfShardQueue* queue = &shards->queues[s];
        size_t room = INF_SHARD_INPUT_BYTES - queue->batch_bytes;
        if (queue->next_bytes <= room) {
            memcpy(queue->batch + queue->batch_bytes, queue->next, queue->next_bytes);
            queue->batch_bytes += queue->next_bytes;
            queue->next_bytes = 0;
            continue;
        }
        InfReader reader = inf_reader_make(queue->next, queue->next_bytes); // as many whole inputs as fit
        size_t taken = 0;
        while (inf_reader_left(&reader) != 0 && inf_input_read(&reader, &input) == INF_OK && reader.at <= room) {
            taken = reader.at;
        }
        memcpy(queue->batch + queue->batch_bytes, queue->next, taken);
        queue->batch_bytes += taken;
        memmove(queue->next, queue->next + taken, queue->next_bytes - taken);
        queue->next_bytes -= taken;
    }
}
