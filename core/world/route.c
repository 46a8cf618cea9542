// Carrying transfers between worlds; see infinity/route.h and transfer.c.
#include "infinity/route.h"

#include "infinity/soul.h"

static bool is_taken(InfWorld* const* worlds, uint32_t source, const InfTransfer* transfer)
{
    return transfer->sequence <= inf_world_header(worlds[transfer->destination])->in_sequence[source];
}

/// The transfer that a soul is in flight with; null if it is in none.
static const InfTransfer* find_flight(InfWorld* const* worlds, uint32_t count, uint64_t soul)
{
    for (uint32_t s = 0; s < count; s++) {
        uint32_t row_count;
        const InfTransfer* rows = inf_world_transfers(worlds[s], &row_count);
        for (uint32_t i = 0; i < row_count; i++) {
            if ((rows[i].generation & 1u) != 0 && rows[i].soul == soul && inf_transfer_has_soul(rows[i].kind) &&
                !is_taken(worlds, s, &rows[i])) {
                return &rows[i];
            }
        }
    }
    return NULL;
}

uint32_t inf_worlds_locate_soul(InfWorld* const* worlds, uint32_t count, uint64_t soul)
{
    for (uint32_t s = 0; s < count; s++) {
        if (inf_world_find_soul(worlds[s], soul) != 0 || inf_world_find_passenger(worlds[s], soul) != 0) {
            return s;
        }
    }
    const InfTransfer* flight = find_flight(worlds, count, soul);
    return flight != NULL ? flight->destination : UINT32_MAX;
}

bool inf_worlds_read_flying(InfWorld* const* worlds, uint32_t count, uint64_t soul, InfSoul* out)
{
    const InfTransfer* flight = find_flight(worlds, count, soul);
    if (flight == NULL) {
        return false;
    }
    InfReader reader = inf_reader_make(flight->payload, flight->payload_bytes);
    inf_read_u32(&reader); // version
    inf_read_u64(&reader); // carried
    inf_read_u64(&reader); // banked
    if (flight->kind == INF_TRANSFER_RIDER) {
        inf_read_u64(&reader); // host
        inf_read_u64(&reader); // tick of boarding
        inf_read_u8(&reader);  // seat
    }
    inf_read_bytes(&reader, out, sizeof *out);
    return reader.ok;
}

// A batch takes an input whole or not at all, and stays usable.
static bool add(InfWriter* batch, const InfInput* input)
{
    InfWriter writer = inf_writer_make(batch->bytes + batch->at, batch->capacity - batch->at);
    if (!inf_input_write(&writer, input)) {
        return false;
    }
    batch->at += writer.at;
    return true;
}

// Where the host of a passenger is, which is on its way to it.
static uint16_t host_shard_of(InfWorld* const* worlds, uint32_t count, const InfTransfer* transfer)
{
    InfReader reader = inf_reader_make(transfer->payload, transfer->payload_bytes);
    inf_read_u32(&reader); // version
    inf_read_u64(&reader); // carried
    inf_read_u64(&reader); // banked
    uint32_t shard = inf_worlds_locate_soul(worlds, count, inf_read_u64(&reader));
    return shard < count ? (uint16_t)shard : UINT16_MAX;
}

static bool has_room(const InfWorld* world, const InfTransfer* transfer)
{
    return !inf_transfer_has_soul(transfer->kind)   ? true
           : transfer->kind == INF_TRANSFER_RIDER ? inf_world_has_room_for_rider(world)
                                                  : inf_world_has_room(world);
}

// Where a payment shall go on to if the payee is not where it was sent: after the payee, else back to the payer.
static uint16_t forward_of(InfWorld* const* worlds, uint32_t count, const InfTransfer* transfer)
{
    uint32_t shard = inf_worlds_locate_soul(worlds, count, transfer->soul);
    if (shard == UINT32_MAX) {
        InfReader reader = inf_reader_make(transfer->payload, transfer->payload_bytes);
        inf_read_u32(&reader); // version
        shard = inf_worlds_locate_soul(worlds, count, inf_read_u64(&reader));
    }
    return shard < count ? (uint16_t)shard : UINT16_MAX;
}

static bool offer(InfWorld* const* worlds, uint32_t count, uint32_t source, const InfTransfer* transfer, InfWriter* batches,
                  InfInput* input)
{
    if (!has_room(worlds[transfer->destination], transfer)) {
        return false;
    }
    input->kind = INF_INPUT_KIND_TransferIn;
    InfInputTransferIn* in = &input->TransferIn;
    in->transfer = transfer->id;
    in->transfer_sequence = transfer->sequence;
    in->source = (uint16_t)source;
    in->forward = transfer->kind == INF_TRANSFER_PAY     ? forward_of(worlds, count, transfer)
                  : transfer->kind == INF_TRANSFER_RIDER ? host_shard_of(worlds, count, transfer)
                                                         : UINT16_MAX;
    in->kind = transfer->kind;
    in->soul = transfer->soul;
    in->credits = transfer->credits;
    in->payload_bytes = (uint16_t)transfer->payload_bytes;
    memcpy(in->payload, transfer->payload, transfer->payload_bytes);
    return add(&batches[transfer->destination], input);
}

static bool goes_before(const InfTransfer* a, const InfTransfer* b)
{
    return a->destination != b->destination ? a->destination < b->destination : a->sequence < b->sequence;
}

static void route_outbox(InfWorld* const* worlds, uint32_t count, uint32_t source, InfWriter* batches, InfInput* input)
{
    const InfTransfer* waiting[INF_SHARDS_MAX * INF_ROUTE_WINDOW];
    uint32_t waiting_count = 0, row_count;
    const InfTransfer* rows = inf_world_transfers(worlds[source], &row_count);
    for (uint32_t i = 0; i < row_count; i++) {
        const InfTransfer* transfer = &rows[i];
        if ((transfer->generation & 1u) == 0) {
            continue;
        }
        uint64_t watermark = inf_world_header(worlds[transfer->destination])->in_sequence[source];
        if (transfer->sequence <= watermark) { // taken in: the outbox may let go of it
            input->kind = INF_INPUT_KIND_TransferReceipt;
            input->TransferReceipt.transfer = transfer->id;
            input->TransferReceipt.destination = transfer->destination;
            add(&batches[source], input);
        } else if (transfer->sequence <= watermark + INF_ROUTE_WINDOW) {
            uint32_t at = waiting_count++; // sequences are unique, so there are at most a window of them per destination
            for (; at > 0 && goes_before(transfer, waiting[at - 1]); at--) {
                waiting[at] = waiting[at - 1];
            }
            waiting[at] = transfer;
        }
    }
    uint32_t blocked = UINT32_MAX; // a destination without room now: its later ones must wait, too
    for (uint32_t i = 0; i < waiting_count; i++) {
        if (waiting[i]->destination != blocked && !offer(worlds, count, source, waiting[i], batches, input)) {
            blocked = waiting[i]->destination;
        }
    }
}

void inf_worlds_route(InfWorld* const* worlds, uint32_t count, InfWriter* batches)
{
    INF_ASSERT(count > 0 && count <= INF_SHARDS_MAX);
    InfInput input;
    memset(&input, 0, sizeof input);
    for (uint32_t source = 0; source < count; source++) {
        route_outbox(worlds, count, source, batches, &input);
    }
}
