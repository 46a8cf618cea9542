// What comes from another shard (transfer.c has the protocol): read with the eyes of somebody who is lied to, then taken in
// whole or not at all.
#include "border/border.h"
#include "soul/riders.h"

typedef struct Arrival {
    int64_t carried, banked;
    InfSoul soul;
    InfShip ship;
    InfCutAim aim; // of a cut
} Arrival;

static InfResult read_arrival(const InfWorld* world, const InfInputTransferIn* input, Arrival* out)
{
    InfReader reader = inf_reader_make(input->payload, input->payload_bytes);
    if (inf_read_u32(&reader) != INF_TRANSFER_VERSION) {
        return INF_ERROR_VERSION;
    }
    out->carried = inf_read_i64(&reader);
    out->banked = inf_read_i64(&reader);
    inf_read_bytes(&reader, &out->soul, sizeof out->soul);
    inf_read_bytes(&reader, &out->ship, sizeof out->ship);
    if (input->kind == INF_TRANSFER_CUT) {
        out->aim.way = inf_read_u8(&reader);
        out->aim.body = inf_read_u8(&reader);
        inf_read_bytes(&reader, out->aim.transfer, sizeof out->aim.transfer);
        inf_read_bytes(&reader, out->aim.destination, sizeof out->aim.destination);
        inf_read_bytes(&reader, out->aim.host_identity, sizeof out->aim.host_identity);
    }
    if (!inf_reader_done(&reader)) {
        return INF_ERROR_FORMAT;
    }
    const InfSoul* soul = &out->soul;
    const InfShip* ship = &out->ship;
    bool bodiless = ship->id == 0 && input->kind == INF_TRANSFER_CUT && out->aim.way != INF_WAY_GALAXY;
    // A host that lies must not get further than here: limits keep the sums and later books far from their ends. Nothing
    // that a pocket can hold may be above them: what is refused here is offered again for ever, and all behind it waits.
    const InfHeader* header = &world->header;
    static const int64_t credits_max = INF_POCKET_CREDITS_MAX;
    if (out->carried < 0 || out->banked < 0 || out->carried > credits_max || out->banked > credits_max ||
        soul->bounty_credits < 0 || soul->bounty_credits > credits_max ||
        out->carried + out->banked + soul->bounty_credits != input->credits || soul->id != input->soul ||
        inf_soul_check(soul, header->tick) != NULL || !inf_id_is_given(header, soul->id, header->soul_sequence)) {
        return INF_ERROR_RANGE;
    }
    if (!bodiless && (ship->loot_credits != 0 || !(ship->hull > 0.0f) || inf_ship_check(ship, header->tick) != NULL ||
                      !inf_id_is_given(header, ship->id, header->ship_sequence))) {
        return INF_ERROR_RANGE;
    }
    return INF_OK;
}

bool inf_world_has_room(const InfWorld* world)
{
    return inf_pool_room(&world->soul_pool) > 0 && inf_pool_room(&world->ship_pool) > 0 &&
           inf_pool_room(&world->account_pool) >= 3;
}

bool inf_world_has_room_for_rider(const InfWorld* world)
{
    return inf_pool_room(&world->passenger_pool) > 0 && inf_pool_room(&world->account_pool) >= 3;
}

static uint64_t sector_distance(const int32_t a[3], InfSystemAddress b)
{
    int64_t x = (int64_t)a[0] - b.x, y = (int64_t)a[1] - b.y, z = (int64_t)a[2] - b.z;
    return (uint64_t)inf_abs_i64(x) + (uint64_t)inf_abs_i64(y) + (uint64_t)inf_abs_i64(z);
}

/// Where to, when there is no room left for a place that nobody has been to: the nearest place of the kind that is known
/// here, by sectors. Rows of systems and places are never given up, so waiting would be for ever, and all that comes
/// behind would wait as well. 0 if nothing is known here at all.
uint32_t inf_place_nearest_known(const InfWorld* world, InfSystemAddress address, bool station)
{
    uint32_t best = 0;
    uint64_t best_distance = 0;
    for (uint32_t i = 1; i <= world->place_pool.count; i++) {
        if (!inf_pool_is_live(&world->place_pool, i)) {
            continue;
        }
        const InfPlace* place = inf_place_at(world, i);
        if (place->kind == INF_PLACE_DEEP || (station && place->station_index1 == 0)) {
            continue;
        }
        uint64_t distance = sector_distance(inf_system_at(world, place->system_index1)->sector, address);
        if (best == 0 || distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    return best;
}

/// A soul from another shard that leaves the galaxy: with its credits straight to the border, or into a body if it cannot.
static InfResult take_to_border(InfWorld* world, const Arrival* arrival)
{
    if (world->header.shard != 0 || arrival->soul.bounty_credits != 0 || !inf_soul_is_bound(&arrival->soul) ||
        (arrival->aim.way != INF_WAY_SERVER && arrival->aim.way != INF_WAY_FILE)) {
        return INF_ERROR_RANGE;
    }
    if (inf_border_place(world) == 0) {
        return INF_ERROR_FULL;
    }
    uint32_t received = inf_ledger_own(INF_ACCOUNT_RECEIVED);
    InfLeaving leaving = {.soul = arrival->soul,
                          .ship = arrival->ship,
                          .carried_credits = arrival->carried,
                          .banked_credits = arrival->banked,
                          .from_carried = received,
                          .from_banked = received,
                          .way = arrival->aim.way};
    memcpy(leaving.transfer, arrival->aim.transfer, sizeof leaving.transfer);
    memcpy(leaving.destination, arrival->aim.destination, sizeof leaving.destination);
    memcpy(leaving.host_identity, arrival->aim.host_identity, sizeof leaving.host_identity);
    inf_ship_still(&leaving.ship);
    inf_border_leave(world, &leaving);
    return INF_OK;
}

static InfResult arrive(InfWorld* world, const InfInputTransferIn* input)
{
    Arrival arrival;
    InfResult result = read_arrival(world, input, &arrival);
    if (result != INF_OK) {
        return result;
    }
    if (inf_soul_anyhow(world, arrival.soul.id) != NULL || inf_world_find_ship(world, arrival.ship.id) != 0) {
        return INF_ERROR_EXISTS;
    }
    if (!inf_world_has_room(world)) {
        return INF_ERROR_FULL;
    }
    bool wake = input->kind == INF_TRANSFER_WAKE, cut = input->kind == INF_TRANSFER_CUT;
    if (cut && arrival.aim.way != INF_WAY_GALAXY) {
        return take_to_border(world, &arrival);
    }
    const InfSoul* from = &arrival.soul;
    bool paid = (from->flags & INF_SOUL_CLONE) != 0; // who has paid no clone bay wakes on the Concourse
    InfSystemAddress address =
        wake && !paid ? (InfSystemAddress){0, 0, 0, 0}
        : wake ? (InfSystemAddress){from->clone_sector[0], from->clone_sector[1], from->clone_sector[2], from->clone_system_in_sector}
             : (InfSystemAddress){arrival.ship.jump_sector[0], arrival.ship.jump_sector[1], arrival.ship.jump_sector[2],
                                  arrival.ship.jump_system_in_sector};
    if (!inf_system_exists(&world->galaxy, address) ||
        inf_system_shard(address, world->header.shard_count) != world->header.shard) {
        return INF_ERROR_RANGE;
    }
    uint32_t system_index1 = inf_system_enter(world, address);
    uint32_t place_index1 = system_index1 == 0 ? 0
                            : wake && !paid    ? inf_soul_concourse(world)
                                               : inf_place_enter(world, system_index1, wake  ? from->clone_body
                                                                                  : cut ? arrival.aim.body
                                                                                        : 0);
    if (place_index1 == 0 || ((wake || cut) && inf_place_at(world, place_index1)->station_index1 == 0)) {
        place_index1 = inf_place_nearest_known(world, address, wake || cut);
    }
    if (place_index1 == 0) {
        return INF_ERROR_FULL;
    }
    system_index1 = inf_place_at(world, place_index1)->system_index1;
    address = inf_place_address(world, place_index1);
    arrival.ship.jump_sector[0] = address.x;
    arrival.ship.jump_sector[1] = address.y;
    arrival.ship.jump_sector[2] = address.z;
    arrival.ship.jump_system_in_sector = address.index;

    uint32_t soul_index1 = inf_pool_take(&world->soul_pool);
    uint32_t ship_index1 = inf_pool_take(&world->ship_pool);
    INF_ASSERT(soul_index1 != 0 && ship_index1 != 0);
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t generation = soul->generation;
    *soul = arrival.soul;
    soul->generation = generation;
    soul->next_free = 0;
    soul->timer_tick = 0;
    soul->ship_index1 = ship_index1;
    soul->carried_account = inf_account_open(world, INF_ACCOUNT_CARRIED, soul->id);
    soul->banked_account = inf_account_open(world, INF_ACCOUNT_BANKED, soul->id);
    INF_ASSERT(soul->carried_account != 0 && soul->banked_account != 0);
    inf_soul_index(world, soul_index1);

    InfShip* ship = inf_ship_at(world, ship_index1);
    generation = ship->generation;
    *ship = arrival.ship;
    ship->generation = generation;
    ship->next_free = 0;
    ship->timer_tick = 0;
    ship->pilot_index1 = soul_index1;
    ship->place_index1 = ship->next_in_place = ship->previous_in_place = 0;
    ship->from_place_index1 = ship->destination_index1 = 0;
    ship->target = ship->weapon_target = ship->aggressor = 0;
    ship->state = INF_SHIP_STATE_NONE;
    ship->order = INF_ORDER_STOP;
    ship->spool = 0;
    ship->modules_on = 0;
    inf_ship_index(world, ship_index1);

    uint32_t received = inf_ledger_own(INF_ACCOUNT_RECEIVED);
    if (arrival.carried > 0) {
        INF_ASSERT(inf_ledger_move(world, received, soul->carried_account, arrival.carried, INF_REASON_TRANSFER_IN) == INF_OK);
    }
    if (arrival.banked > 0) {
        INF_ASSERT(inf_ledger_move(world, received, soul->banked_account, arrival.banked, INF_REASON_TRANSFER_IN) == INF_OK);
    }
    if (soul->bounty_credits > 0) {
        INF_ASSERT(inf_ledger_move(world, received, inf_ledger_own(INF_ACCOUNT_ESCROW), soul->bounty_credits,
                                   INF_REASON_TRANSFER_IN) == INF_OK);
    }
    if (wake || cut) {
        static const uint8_t nowhere[INF_KEY_BYTES];
        inf_ship_put_docked(world, ship_index1, place_index1);
        inf_soul_arrived(world, soul_index1);
        if (cut) {
            inf_border_tell_appeared(world, soul, INF_WAY_GALAXY, false, arrival.aim.transfer, nowhere);
        }
        return INF_OK;
    }
    inf_ship_put_arrived(world, ship_index1, place_index1);
    inf_soul_arrived(world, soul_index1);
    INF_EMIT(world, place_index1, Entered, event)
    {
        event->Entered.soul = soul->id;
        event->Entered.ship = ship->id;
        memcpy(event->Entered.sector, ship->jump_sector, sizeof event->Entered.sector);
        event->Entered.system_in_sector = ship->jump_system_in_sector;
        event->Entered.source = input->source;
    }
    inf_charting_visit(world, soul_index1, system_index1);
    inf_mind_notify(world, soul_index1, INF_NOTICE_JUMPED, 0);
    return INF_OK;
}

// ---- passengers ---------------------------------------------------------------------------------------------------

typedef struct RiderArrival {
    int64_t carried, banked;
    uint64_t host, boarded_tick;
    uint32_t seat;
    InfSoul soul;
} RiderArrival;

static InfResult read_rider(const InfWorld* world, const InfInputTransferIn* input, RiderArrival* out)
{
    static const int64_t credits_max = INF_POCKET_CREDITS_MAX;
    InfReader reader = inf_reader_make(input->payload, input->payload_bytes);
    if (inf_read_u32(&reader) != INF_TRANSFER_VERSION) {
        return INF_ERROR_VERSION;
    }
    out->carried = inf_read_i64(&reader);
    out->banked = inf_read_i64(&reader);
    out->host = inf_read_u64(&reader);
    out->boarded_tick = inf_read_u64(&reader);
    out->seat = inf_read_u8(&reader);
    inf_read_bytes(&reader, &out->soul, sizeof out->soul);
    if (!inf_reader_done(&reader)) {
        return INF_ERROR_FORMAT;
    }
    const InfHeader* header = &world->header;
    bool sound = out->carried >= 0 && out->banked >= 0 && out->carried <= credits_max && out->banked <= credits_max &&
                 out->carried + out->banked == input->credits && out->soul.bounty_credits == 0 && out->soul.id == input->soul &&
                 out->host != 0 && out->host != out->soul.id && out->boarded_tick <= header->tick && out->seat < INF_SEATS &&
                 inf_soul_check(&out->soul, header->tick) == NULL &&
                 inf_id_is_given(header, out->soul.id, header->soul_sequence);
    return sound ? INF_OK : INF_ERROR_RANGE;
}

/// It goes on to where its host is by now.
static InfResult send_rider_on(InfWorld* world, const InfInputTransferIn* input)
{
    InfTransfer* transfer = inf_transfer_open(world, INF_TRANSFER_RIDER, input->forward, input->soul);
    if (transfer == NULL) {
        return INF_ERROR_FULL;
    }
    if (input->credits > 0) {
        INF_ASSERT(inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_RECEIVED), inf_ledger_own(INF_ACCOUNT_SENT),
                                   input->credits, INF_REASON_TRANSFER_OUT) == INF_OK);
    }
    transfer->credits = input->credits;
    transfer->payload_bytes = input->payload_bytes;
    memcpy(transfer->payload, input->payload, input->payload_bytes);
    return INF_OK;
}

static InfResult arrive_rider(InfWorld* world, const InfInputTransferIn* input)
{
    RiderArrival arrival;
    InfResult result = read_rider(world, input, &arrival);
    if (result != INF_OK) {
        return result;
    }
    if (inf_soul_anyhow(world, arrival.soul.id) != NULL) {
        return INF_ERROR_EXISTS;
    }
    bool here = inf_soul_find(world, arrival.host) != 0;
    if (!here && input->forward < world->header.shard_count && input->forward != world->header.shard) {
        return send_rider_on(world, input);
    }
    InfSoul* soul = &arrival.soul;
    uint32_t received = inf_ledger_own(INF_ACCOUNT_RECEIVED);
    if (!here || inf_riders_count(world, arrival.host) >= INF_SEATS) {
        // Its host is neither here nor anywhere, or has given its seat away: somebody fishes it out, in a shuttle at a station.
        static const InfShip none;
        if (!inf_world_has_room(world) || inf_border_place(world) == 0) {
            return INF_ERROR_FULL;
        }
        uint32_t soul_index1 = inf_border_embody(world, soul, &none, arrival.carried, received, arrival.banked, received,
                                                 INF_REASON_TRANSFER_IN);
        inf_soul_at(world, soul_index1)->flags |= soul->flags & (uint32_t)INF_SOUL_CONNECTED; // it never left the galaxy
        return INF_OK;
    }
    if (!inf_world_has_room_for_rider(world)) {
        return INF_ERROR_FULL;
    }
    soul->carried_account = inf_account_open(world, INF_ACCOUNT_CARRIED, soul->id);
    soul->banked_account = inf_account_open(world, INF_ACCOUNT_BANKED, soul->id);
    INF_ASSERT(soul->carried_account != 0 && soul->banked_account != 0);
    uint32_t index1 = inf_rider_seat(world, soul, arrival.host, arrival.seat, arrival.boarded_tick);
    INF_ASSERT(index1 != 0);
    if (arrival.carried > 0) {
        INF_ASSERT(inf_ledger_move(world, received, soul->carried_account, arrival.carried, INF_REASON_TRANSFER_IN) == INF_OK);
    }
    if (arrival.banked > 0) {
        INF_ASSERT(inf_ledger_move(world, received, soul->banked_account, arrival.banked, INF_REASON_TRANSFER_IN) == INF_OK);
    }
    return INF_OK;
}

static InfResult take_pay(InfWorld* world, const InfInputTransferIn* input)
{
    InfReader reader = inf_reader_make(input->payload, input->payload_bytes);
    uint32_t version = inf_read_u32(&reader);
    uint64_t payer = inf_read_u64(&reader);
    if (!inf_reader_done(&reader) || version != INF_TRANSFER_VERSION || input->credits < 1) {
        return INF_ERROR_FORMAT;
    }
    if (input->credits > INF_POCKET_CREDITS_MAX) {
        return INF_ERROR_RANGE;
    }
    uint32_t received = inf_ledger_own(INF_ACCOUNT_RECEIVED);
    const InfSoul* to = inf_soul_anyhow(world, input->soul);
    to = to != NULL ? to : inf_soul_anyhow(world, payer);
    if (to != NULL) {
        if (inf_account_credits(world, to->carried_account) > INF_POCKET_CREDITS_MAX / 4) {
            return INF_ERROR_RANGE;
        }
        INF_ASSERT(inf_ledger_move(world, received, to->carried_account, input->credits, INF_REASON_PAY) == INF_OK);
        INF_EMIT(world, 0, Paid, event)
        {
            event->Paid.soul = to->id;
            event->Paid.payer = payer;
            event->Paid.credits = input->credits;
        }
        return INF_OK;
    }
    if (input->forward < world->header.shard_count && input->forward != world->header.shard) {
        return inf_transfer_pay(world, input->forward, input->soul, payer, received, input->credits);
    }
    INF_ASSERT(inf_ledger_move(world, received, inf_ledger_own(INF_ACCOUNT_BURN), input->credits, INF_REASON_LOST) == INF_OK);
    return INF_OK;
}

InfResult inf_apply_TransferIn(InfWorld* world, const InfInputTransferIn* input)
{
    if (input->source >= world->header.shard_count || input->source == world->header.shard || input->credits < 0) {
        return INF_ERROR_RANGE;
    }
    uint64_t* watermark = &world->header.in_sequence[input->source];
    if (input->transfer_sequence <= *watermark) {
        return INF_ERROR_EXISTS; // taken in before: once per transfer, for ever
    }
    if (input->transfer_sequence != *watermark + 1) {
        return INF_ERROR_STATE; // one before it is missing
    }
    InfResult result;
    if (input->kind == INF_TRANSFER_PAY) {
        result = take_pay(world, input);
    } else if (input->kind == INF_TRANSFER_RIDER) {
        result = arrive_rider(world, input);
    } else if (input->kind == INF_TRANSFER_JUMP || input->kind == INF_TRANSFER_WAKE ||
               input->kind == INF_TRANSFER_CUT) {
        result = arrive(world, input);
    } else if (input->kind == INF_TRANSFER_KNOWN) {
        result = inf_directory_take(world, input);
    } else {
        result = INF_ERROR_UNKNOWN;
    }
    if (result != INF_OK) {
        return result;
    }
    ++*watermark;
    INF_EMIT(world, 0, TransferArrived, event)
    {
        event->TransferArrived.transfer = input->transfer;
        event->TransferArrived.source = input->source;
        event->TransferArrived.soul = input->soul;
    }
    return INF_OK;
}
