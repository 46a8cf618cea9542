// Between shards: one protocol for a jump, a wake in a far clone bay, a cut, a payment and word of an identity. Here what leaves;
// what arrives is in transfer_in.c.
//
// The source takes the thing out of its world into its outbox (state), with a sequence that is consecutive per
// destination. The destination takes it in as an input if it is the next one of that source, once for ever: its
// watermark in_sequence[] is state too. A soul for which it has no room it does not take (no change); it stays in the outbox
// and is offered again. Where only the place is new and finds no room, it comes out at the nearest place that is known.
// When the watermark has passed a transfer, a receipt, as an input, empties the outbox. So whoever carries transfers needs
// no memory of its own: both sides' states tell what is to be carried.
//
// A payment is never refused: where the payee is not, it goes on to where the host says that the payee (else the payer)
// is now (`forward`), and is burned as lost only if neither is anywhere.
//
// Credits in flight: SENT grows when something leaves, RECEIVED falls when it arrives; over all shards
// SENT + RECEIVED is what is on its way.
//
// Passengers follow their host, one transfer each, right behind it: the sequence is consecutive, so they come after it,
// and in the same tick if there is room. Should the host have gone on by then, they go after it like a payment does.
#include "border/border.h"
#include "soul/riders.h"

bool inf_transfer_ready(const InfWorld* world)
{
    return world->transfer_pool.live < world->transfer_pool.capacity;
}

bool inf_transfer_ready_for(const InfWorld* world, uint64_t soul)
{
    return world->transfer_pool.live + 1 + inf_riders_count(world, soul) <= world->transfer_pool.capacity;
}

InfTransfer* inf_transfer_open(InfWorld* world, InfTransferKind kind, uint32_t destination, uint64_t soul)
{
    INF_ASSERT(destination < world->header.shard_count && destination != world->header.shard);
    uint32_t index1 = inf_pool_take(&world->transfer_pool);
    if (index1 == 0) {
        return NULL;
    }
    InfTransfer* transfer = inf_transfer_at(world, index1);
    transfer->id = inf_world_new_id(world, &world->header.transfer_sequence);
    transfer->sequence = ++world->header.out_sequence[destination];
    transfer->sent_tick = world->header.tick;
    transfer->soul = soul;
    transfer->destination = (uint16_t)destination;
    transfer->kind = (uint8_t)kind;
    return transfer;
}

/// Both pockets into flight. What they held is written behind the version.
static void send_pockets(InfWorld* world, const InfSoul* soul, InfTransfer* transfer, InfWriter* writer)
{
    int64_t carried = inf_account_credits(world, soul->carried_account);
    int64_t banked = inf_account_credits(world, soul->banked_account);
    uint32_t sent = inf_ledger_own(INF_ACCOUNT_SENT);
    if (carried > 0) {
        INF_ASSERT(inf_ledger_move(world, soul->carried_account, sent, carried, INF_REASON_TRANSFER_OUT) == INF_OK);
    }
    if (banked > 0) {
        INF_ASSERT(inf_ledger_move(world, soul->banked_account, sent, banked, INF_REASON_TRANSFER_OUT) == INF_OK);
    }
    transfer->credits = carried + banked;
    inf_write_u32(writer, INF_TRANSFER_VERSION);
    inf_write_i64(writer, carried);
    inf_write_i64(writer, banked);
    inf_account_close(world, soul->carried_account);
    inf_account_close(world, soul->banked_account);
}

// Payload of RIDER: as of JUMP up to the pockets, u64 host, u64 tick of boarding, u8 seat, soul's row.
static void send_rider(InfWorld* world, uint32_t passenger_index1, uint32_t destination)
{
    const InfPassenger* rider = inf_passenger_at(world, passenger_index1);
    InfTransfer* transfer = inf_transfer_open(world, INF_TRANSFER_RIDER, destination, rider->soul->id);
    INF_ASSERT(transfer != NULL); // room for all was there
    InfWriter writer = inf_writer_make(transfer->payload, INF_TRANSFER_BYTES);
    send_pockets(world, rider->soul, transfer, &writer);
    inf_write_u64(&writer, rider->host);
    inf_write_u64(&writer, rider->boarded_tick);
    inf_write_u8(&writer, rider->seat);
    inf_write_bytes(&writer, rider->soul, sizeof *rider->soul);
    INF_ASSERT(writer.ok);
    transfer->payload_bytes = (uint32_t)writer.at;
    inf_rider_remove(world, passenger_index1);
}

static void send_riders(InfWorld* world, uint64_t host, uint32_t destination)
{
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_riders_first(world, host)) {
        send_rider(world, i, destination);
    }
}

static void write_aim(InfWriter* writer, const InfCutAim* aim)
{
    inf_write_u8(writer, aim->way);
    inf_write_u8(writer, aim->body);
    inf_write_bytes(writer, aim->transfer, sizeof aim->transfer);
    inf_write_bytes(writer, aim->destination, sizeof aim->destination);
    inf_write_bytes(writer, aim->host_identity, sizeof aim->host_identity);
}

InfResult inf_transfer_cut_rider(InfWorld* world, uint32_t passenger_index1, const InfCutAim* aim)
{
    const InfPassenger* rider = inf_passenger_at(world, passenger_index1);
    InfTransfer* transfer = inf_transfer_open(world, INF_TRANSFER_CUT, 0, rider->soul->id);
    if (transfer == NULL) {
        return INF_ERROR_FULL;
    }
    static const InfShip none;
    InfWriter writer = inf_writer_make(transfer->payload, INF_TRANSFER_BYTES);
    send_pockets(world, rider->soul, transfer, &writer);
    inf_write_bytes(&writer, rider->soul, sizeof *rider->soul);
    inf_write_bytes(&writer, &none, sizeof none);
    write_aim(&writer, aim);
    INF_ASSERT(writer.ok);
    transfer->payload_bytes = (uint32_t)writer.at;
    inf_rider_remove(world, passenger_index1);
    return INF_OK;
}

// Payload of JUMP, WAKE and CUT: u32 version, i64 carried, i64 banked, soul's row, ship's row. Indices inside are dead
// outside their shard and are set anew on arrival. A cut adds where it leads: u8 way, u8 body, passage, destination, identity
// of the host. A passenger that goes over the border has no ship: its row is zero.
static InfResult send_ship(InfWorld* world, InfTransferKind kind, uint32_t ship_index1, uint32_t destination,
                           const InfCutAim* aim)
{
    _Static_assert(sizeof(InfSoul) + sizeof(InfShip) + 20 + sizeof(InfCutAim) <= INF_TRANSFER_BYTES, "a soul with its ship fits");
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t soul_index1 = ship->pilot_index1;
    INF_ASSERT(soul_index1 != 0);
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint64_t id = soul->id;
    if (!inf_transfer_ready_for(world, id)) {
        return INF_ERROR_FULL;
    }
    InfTransfer* transfer = inf_transfer_open(world, kind, destination, id);
    INF_ASSERT(transfer != NULL);
    if (ship->state == INF_SHIP_STATE_SPACE || ship->state == INF_SHIP_STATE_POD) {
        inf_place_remove_ship(world, ship_index1);
    } else if (ship->state == INF_SHIP_STATE_DOCKED && ship->place_index1 != 0) {
        inf_place_remove_docked(world, ship_index1);
    }
    InfWriter writer = inf_writer_make(transfer->payload, INF_TRANSFER_BYTES);
    send_pockets(world, soul, transfer, &writer);
    if (soul->bounty_credits > 0) { // the reward on its head goes along
        INF_ASSERT(inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_ESCROW), inf_ledger_own(INF_ACCOUNT_SENT),
                                   soul->bounty_credits, INF_REASON_TRANSFER_OUT) == INF_OK);
        transfer->credits += soul->bounty_credits;
    }
    inf_write_bytes(&writer, soul, sizeof *soul);
    inf_write_bytes(&writer, ship, sizeof *ship);
    if (aim != NULL) {
        write_aim(&writer, aim);
    }
    INF_ASSERT(writer.ok);
    transfer->payload_bytes = (uint32_t)writer.at;

    inf_timer_set(world, INF_TIMER_SOUL, soul_index1, 0);
    inf_map_remove(&world->soul_map, soul->id);
    inf_pool_give_back(&world->soul_pool, soul_index1);
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, 0);
    inf_map_remove(&world->ship_map, ship->id);
    memset(inf_motion_at(world, ship_index1), 0, sizeof(InfMotion));
    inf_pool_give_back(&world->ship_pool, ship_index1);
    send_riders(world, id, destination);
    return INF_OK;
}

InfResult inf_transfer_ship(InfWorld* world, uint32_t ship_index1, uint32_t destination_shard)
{
    return send_ship(world, INF_TRANSFER_JUMP, ship_index1, destination_shard, NULL);
}

InfResult inf_transfer_wake(InfWorld* world, uint32_t ship_index1, uint32_t destination_shard)
{
    return send_ship(world, INF_TRANSFER_WAKE, ship_index1, destination_shard, NULL);
}

InfResult inf_transfer_cut(InfWorld* world, uint32_t ship_index1, uint32_t destination_shard, const InfCutAim* aim)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    ship->jump_sector[0] = aim->address.x;
    ship->jump_sector[1] = aim->address.y;
    ship->jump_sector[2] = aim->address.z;
    ship->jump_system_in_sector = aim->address.index;
    return send_ship(world, INF_TRANSFER_CUT, ship_index1, destination_shard, aim);
}

InfResult inf_transfer_note(InfWorld* world, uint32_t destination_shard, uint64_t soul, const uint8_t* payload, size_t bytes)
{
    INF_ASSERT(bytes <= INF_TRANSFER_BYTES);
    InfTransfer* transfer = inf_transfer_open(world, INF_TRANSFER_KNOWN, destination_shard, soul);
    if (transfer == NULL) {
        return INF_ERROR_FULL;
    }
    memcpy(transfer->payload, payload, bytes);
    transfer->payload_bytes = (uint32_t)bytes;
    return INF_OK;
}

static void write_pay(InfTransfer* transfer, uint64_t payer)
{
    InfWriter writer = inf_writer_make(transfer->payload, INF_TRANSFER_BYTES);
    inf_write_u32(&writer, INF_TRANSFER_VERSION);
    inf_write_u64(&writer, payer);
    transfer->payload_bytes = (uint32_t)writer.at;
}

InfResult inf_transfer_pay(InfWorld* world, uint32_t destination_shard, uint64_t payee, uint64_t payer,
                           uint32_t payer_account, int64_t credits)
{
    if (destination_shard >= world->header.shard_count || destination_shard == world->header.shard || payee == 0) {
        return INF_ERROR_RANGE;
    }
    if (!inf_transfer_ready(world)) {
        return INF_ERROR_FULL;
    }
    InfResult result = inf_ledger_move(world, payer_account, inf_ledger_own(INF_ACCOUNT_SENT), credits, INF_REASON_PAY);
    if (result != INF_OK) {
        return result;
    }
    InfTransfer* transfer = inf_transfer_open(world, INF_TRANSFER_PAY, destination_shard, payee);
    transfer->credits = credits;
    write_pay(transfer, payer);
    return INF_OK;
}

static uint32_t find_transfer(const InfWorld* world, uint64_t id)
{
    for (uint32_t i = 1; i <= world->transfer_pool.count; i++) {
        if (inf_pool_is_live(&world->transfer_pool, i) && inf_transfer_at(world, i)->id == id) {
            return i;
        }
    }
    return 0;
}

InfResult inf_apply_TransferReceipt(InfWorld* world, const InfInputTransferReceipt* input)
{
    uint32_t index1 = find_transfer(world, input->transfer);
    if (index1 == 0 || inf_transfer_at(world, index1)->destination != input->destination) {
        return INF_ERROR_NOT_FOUND;
    }
    inf_pool_give_back(&world->transfer_pool, index1);
    return INF_OK;
}
