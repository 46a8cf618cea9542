// The border (shard 0). A soul that leaves for another galaxy or a file lies here as a crossing until the answer is durable:
//
//   Depart ──► IN_FLIGHT (epoch + 1, crossing, credits in escrow)
//                ├─ Settle accepted, to a server ──► GONE   escrow burned as exported
//                ├─ Settle accepted, into a file ──► AWAY   escrow stays: the file wakes here with it, or
//                │                                          Claim ──► GONE when it woke elsewhere
//                └─ Settle refused ──► HERE: it stands on the Concourse again, with everything; the epoch stays risen
//
// While it waits, a row of each pool that its body needs is kept free (InfPool.reserved): coming back never fails. What
// comes to the border and cannot be sent (no room, an identity that is another's, a used passage) comes back at once.
#include "border/border.h"
#include "economy/economy.h"
#include "soul/riders.h"
#include "world/ships.h"

#define CREW_TICKS 10u

void inf_border_reserve(InfWorld* world)
{
    world->soul_pool.reserved = world->ship_pool.reserved = world->crossing_pool.live;
    world->account_pool.reserved = 2 * world->crossing_pool.live;
    const InfPool* pools[] = {&world->soul_pool, &world->ship_pool, &world->account_pool};
    for (uint32_t i = 0; i < 3; i++) {
        INF_ASSERT(pools[i]->live + pools[i]->reserved <= pools[i]->capacity);
    }
}

// ---- bodies ---------------------------------------------------------------------------------------------------------------

static uint32_t take_ship(InfWorld* world, const InfShip* from, uint64_t soul, uint32_t soul_index1, uint32_t place_index1)
{
    if (from->id == 0) {
        InfShipDef def = {.owner = soul, .pilot_index1 = soul_index1, .place_index1 = place_index1, .docked = true,
                          .hull_kind = INF_HULL_SHUTTLE};
        return inf_ship_create(world, &def);
    }
    uint32_t ship_index1 = inf_pool_take(&world->ship_pool);
    INF_ASSERT(ship_index1 != 0);
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t generation = ship->generation;
    ship->id = from->id;
    ship->generation = generation;
    ship->owner = soul;
    ship->pilot_index1 = soul_index1;
    ship->hull_kind = from->hull_kind;
    ship->hull = from->hull;
    ship->shield = from->shield;
    ship->fuel = from->fuel;
    memcpy(ship->modules, from->modules, sizeof ship->modules);
    memcpy(ship->cargo, from->cargo, sizeof ship->cargo);
    ship->update_tick = inf_world_now(world);
    inf_ship_index(world, ship_index1);
    inf_ship_put_docked(world, ship_index1, place_index1);
    return ship_index1;
}

static void move(InfWorld* world, uint32_t from, uint32_t to, int64_t credits, InfReason reason)
{
    if (credits > 0 && from != to) {
        InfResult moved = inf_ledger_move(world, from, to, credits, reason);
        INF_ASSERT(moved == INF_OK);
    }
}

uint32_t inf_border_embody(InfWorld* world, const InfSoul* from, const InfShip* ship, int64_t carried_credits,
                           uint32_t from_carried, int64_t banked_credits, uint32_t from_banked, InfReason reason)
{
    uint32_t place_index1 = inf_border_place(world);
    INF_ASSERT(place_index1 != 0 && inf_world_has_room(world));
    uint32_t soul_index1 = inf_pool_take(&world->soul_pool);
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t generation = soul->generation;
    *soul = *from;
    soul->generation = generation;
    soul->next_free = 0;
    soul->timer_tick = 0;
    soul->ship_index1 = 0;
    soul->feelings_tick = soul->upkeep_tick = inf_world_now(world); // nobody breathes or feels in between
    soul->companion = 0;
    soul->activity = INF_ACTIVITY_IDLE;
    soul->plan_units = soul->plan_step = soul->plan_phase = 0;
    soul->plan_body = INF_BODY_NONE;
    soul->flags &= ~(uint32_t)INF_SOUL_CONNECTED;
    soul->carried_account = inf_account_open(world, INF_ACCOUNT_CARRIED, soul->id);
    soul->banked_account = inf_account_open(world, INF_ACCOUNT_BANKED, soul->id);
    INF_ASSERT(soul->carried_account != 0 && soul->banked_account != 0);
    inf_soul_index(world, soul_index1);
    soul->ship_index1 = take_ship(world, ship, soul->id, soul_index1, place_index1);
    INF_ASSERT(soul->ship_index1 != 0);
    move(world, from_carried, soul->carried_account, carried_credits, reason);
    move(world, from_banked, soul->banked_account, banked_credits, reason);
    soul->earned_credits = inf_soul_credits(world, soul);
    inf_soul_arrived(world, soul_index1);
    return soul_index1;
}

uint64_t inf_border_host(const InfWorld* world, const uint8_t* host_identity)
{
    uint64_t host = world->header.host_soul;
    if (world->header.galaxy_kind != INF_GALAXY_KIND_AWAKE) {
        uint32_t index1 = inf_is_zero(host_identity, INF_HASH_BYTES) ? 0 : inf_world_find_identity(world, host_identity);
        host = index1 != 0 ? inf_directory_at(world, index1)->soul : 0;
    }
    bool room = inf_world_find_soul(world, host) != 0 && inf_riders_count(world, host) < inf_seats_of(world) &&
                inf_world_has_room_for_rider(world);
    return room ? host : 0;
}

uint32_t inf_border_seat_or_embody(InfWorld* world, uint64_t host, const InfSoul* soul, const InfShip* ship, int64_t carried_credits,
                                   uint32_t from_carried, int64_t banked_credits, uint32_t from_banked, InfReason reason)
{
    if (host == 0 || host == soul->id || ship->id != 0) { // who has a ship flies it
        return inf_border_embody(world, soul, ship, carried_credits, from_carried, banked_credits, from_banked, reason);
    }
    InfSoul rider = *soul;
    rider.feelings_tick = rider.upkeep_tick = inf_world_now(world);
    rider.flags &= ~(uint32_t)INF_SOUL_CONNECTED;
    rider.carried_account = inf_account_open(world, INF_ACCOUNT_CARRIED, soul->id);
    rider.banked_account = inf_account_open(world, INF_ACCOUNT_BANKED, soul->id);
    INF_ASSERT(rider.carried_account != 0 && rider.banked_account != 0);
    uint32_t index1 = inf_rider_seat(world, &rider, host, 0, inf_world_now(world));
    INF_ASSERT(index1 != 0);
    move(world, from_carried, rider.carried_account, carried_credits, reason);
    move(world, from_banked, rider.banked_account, banked_credits, reason);
    INF_EMIT(world, inf_soul_here(world, inf_rider_soul(world, index1)), Boarded, event)
    {
        event->Boarded.soul = soul->id;
        event->Boarded.host = host;
        event->Boarded.seat = inf_passenger_at(world, index1)->seat;
        memcpy(event->Boarded.name, soul->name, INF_NAME_BYTES);
    }
    inf_head_greet(world, host, soul->id, true);
    return 0;
}

uint32_t inf_border_place(InfWorld* world)
{
    static const InfSystemAddress heart = {0, 0, 0, 0};
    uint32_t place_index1 = inf_soul_concourse(world);
    return place_index1 != 0 && inf_place_at(world, place_index1)->station_index1 != 0
               ? place_index1
               : inf_place_nearest_known(world, heart, true);
}

void inf_border_tell_appeared(InfWorld* world, const InfSoul* soul, InfWay way, bool returned, const uint8_t* transfer,
                              const uint8_t* source)
{
    INF_EMIT(world, inf_soul_here(world, soul), Appeared, event)
    {
        event->Appeared.soul = soul->id;
        event->Appeared.born_tick = soul->born_tick - (uint64_t)soul->clock_ticks; // in ticks of this galaxy
        event->Appeared.credits = inf_soul_credits(world, soul);
        event->Appeared.epoch = soul->epoch;
        event->Appeared.way = (uint8_t)way;
        event->Appeared.returned = returned;
        event->Appeared.player = (soul->flags & INF_SOUL_PLAYER) != 0;
        memcpy(event->Appeared.transfer, transfer, INF_PASSAGE_BYTES);
        memcpy(event->Appeared.source, source, INF_KEY_BYTES);
        memcpy(event->Appeared.identity, soul->identity, INF_HASH_BYTES);
        memcpy(event->Appeared.key, soul->key, INF_KEY_BYTES);
        memcpy(event->Appeared.name, soul->name, INF_NAME_BYTES);
    }
}

// ---- leaving ---------------------------------------------------------------------------------------------------------------

InfResult inf_border_may_leave(const InfWorld* world, const InfSoul* soul, const uint8_t* transfer)
{
    if (!inf_passage_is_new(world, transfer)) {
        return INF_ERROR_EXISTS;
    }
    uint32_t index1 = inf_world_find_identity(world, soul->identity);
    if (index1 != 0) {
        const InfDirectoryEntry* entry = inf_directory_at(world, index1);
        if (entry->state != INF_DIRECTORY_HERE || entry->soul != soul->id) {
            return INF_ERROR_EXISTS;
        }
        if (entry->epoch >= INF_EPOCH_MAX || entry->refused_epoch >= INF_EPOCH_MAX) {
            return INF_ERROR_RANGE;
        }
    }
    bool room = inf_pool_room(&world->crossing_pool) > 0 && (index1 != 0 || inf_pool_room(&world->directory_pool) > 0);
    return !room ? INF_ERROR_FULL : soul->epoch >= INF_EPOCH_MAX ? INF_ERROR_RANGE : INF_OK;
}

static uint32_t max_u32(uint32_t a, uint32_t b) { return a > b ? a : b; }

void inf_border_leave(InfWorld* world, const InfLeaving* leaving)
{
    uint32_t border = inf_ledger_own(INF_ACCOUNT_BORDER), directory_index1 = 0;
    if (inf_border_may_leave(world, &leaving->soul, leaving->transfer) == INF_OK) {
        directory_index1 = inf_directory_enter(world, leaving->soul.identity);
    }
    if (directory_index1 == 0) {
        uint32_t soul_index1 = inf_border_embody(world, &leaving->soul, &leaving->ship, leaving->carried_credits,
                                                 leaving->from_carried, leaving->banked_credits, leaving->from_banked,
                                                 INF_REASON_TRANSFER_IN);
        inf_border_tell_appeared(world, inf_soul_at(world, soul_index1), (InfWay)leaving->way, true, leaving->transfer, leaving->destination);
        return;
    }
    InfDirectoryEntry* entry = inf_directory_at(world, directory_index1);
    uint32_t crossing_index1 = inf_pool_take(&world->crossing_pool);
    InfCrossing* crossing = inf_crossing_at(world, crossing_index1);
    inf_directory_set_soul(world, directory_index1, leaving->soul.id);
    inf_directory_pass(world, directory_index1, leaving->transfer, leaving->destination);
    inf_directory_begin_epoch(entry, max_u32(max_u32(entry->epoch, leaving->soul.epoch), entry->refused_epoch) + 1, false);
    entry->state = INF_DIRECTORY_IN_FLIGHT;
    entry->crossing_index1 = crossing_index1;
    entry->carried_credits = leaving->carried_credits;
    entry->banked_credits = leaving->banked_credits;
    move(world, leaving->from_carried, border, leaving->carried_credits, INF_REASON_BORDER);
    move(world, leaving->from_banked, border, leaving->banked_credits, INF_REASON_BORDER);

    crossing->tick = inf_world_now(world);
    crossing->directory_index1 = directory_index1;
    crossing->epoch = entry->epoch;
    crossing->way = leaving->way;
    memcpy(crossing->transfer, leaving->transfer, INF_PASSAGE_BYTES);
    memcpy(crossing->destination, leaving->destination, INF_KEY_BYTES);
    memcpy(crossing->host_identity, leaving->host_identity, INF_HASH_BYTES);
    InfSoul* soul = crossing->soul;
    *soul = leaving->soul;
    soul->epoch = entry->epoch;
    soul->generation = soul->next_free = soul->ship_index1 = soul->carried_account = soul->banked_account = 0;
    soul->timer_tick = 0;
    soul->flags &= ~(uint32_t)INF_SOUL_CONNECTED;
    crossing->ship[0] = leaving->ship;
    world->header.departures++;
    inf_border_reserve(world);
}

// ---- the answer --------------------------------------------------------------------------------------------------------------

static void tell_settled(InfWorld* world, const InfDirectoryEntry* entry, int64_t credits)
{
    INF_EMIT(world, 0, Settled, event)
    {
        event->Settled.soul = entry->soul;
        event->Settled.credits = credits;
        event->Settled.epoch = entry->epoch;
        event->Settled.state = entry->state;
        memcpy(event->Settled.transfer, entry->transfer, INF_PASSAGE_BYTES);
        memcpy(event->Settled.identity, entry->identity, INF_HASH_BYTES);
        memcpy(event->Settled.server, entry->server, INF_KEY_BYTES);
    }
}

int64_t inf_border_export(InfWorld* world, InfDirectoryEntry* entry)
{
    int64_t credits = entry->carried_credits + entry->banked_credits;
    move(world, inf_ledger_own(INF_ACCOUNT_BORDER), inf_ledger_own(INF_ACCOUNT_BURN), credits, INF_REASON_EXPORTED);
    entry->carried_credits = entry->banked_credits = 0;
    return credits;
}

static void come_back(InfWorld* world, InfDirectoryEntry* entry, uint32_t crossing_index1)
{
    const InfCrossing* crossing = inf_crossing_at(world, crossing_index1);
    InfSoul soul = crossing->soul[0];
    InfShip ship = crossing->ship[0];
    InfWay way = (InfWay)crossing->way;
    uint8_t host_identity[INF_HASH_BYTES];
    memcpy(host_identity, crossing->host_identity, sizeof host_identity);
    int64_t carried = entry->carried_credits, banked = entry->banked_credits;
    uint32_t border = inf_ledger_own(INF_ACCOUNT_BORDER);
    inf_pool_give_back(&world->crossing_pool, crossing_index1);
    inf_border_reserve(world);
    entry->crossing_index1 = 0;
    entry->carried_credits = entry->banked_credits = 0;
    entry->state = INF_DIRECTORY_HERE;
    inf_border_seat_or_embody(world, inf_border_host(world, host_identity), &soul, &ship, carried, border, banked, border,
                              INF_REASON_BORDER);
    tell_settled(world, entry, carried + banked);
    inf_border_tell_appeared(world, inf_soul_anyhow(world, soul.id), way, true, entry->transfer, entry->server);
}

/// Those who left in its head, in the same tick. They were not sent: that is done when their host was taken in, and while its
/// crossing is on its way to the border a server waits so long for it (server/border_out.c).
static void bring_crew_home(InfWorld* world, const uint8_t* host_identity, uint64_t host_tick)
{
    for (uint32_t i = 1; i <= world->crossing_pool.count; i++) {
        const InfCrossing* crossing = inf_crossing_at(world, i);
        bool is_crew = inf_pool_is_live(&world->crossing_pool, i) && crossing->tick <= host_tick &&
                       host_tick - crossing->tick < CREW_TICKS &&
                       memcmp(crossing->host_identity, host_identity, INF_HASH_BYTES) == 0;
        if (is_crew) {
            InfDirectoryEntry* entry = inf_directory_at(world, crossing->directory_index1);
            entry->tick = inf_world_now(world);
            come_back(world, entry, i);
        }
    }
}

InfResult inf_apply_Settle(InfWorld* world, const InfInputSettle* input)
{
    if (input->accepted > 1) {
        return INF_ERROR_RANGE;
    }
    uint32_t index1 = inf_world_find_passage(world, input->transfer);
    if (index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    InfDirectoryEntry* entry = inf_directory_at(world, index1);
    if (entry->state != INF_DIRECTORY_IN_FLIGHT) {
        return INF_ERROR_STATE; // answered before
    }
    uint32_t crossing_index1 = entry->crossing_index1;
    entry->tick = inf_world_now(world);
    if (!input->accepted) {
        uint64_t left_tick = inf_crossing_at(world, crossing_index1)->tick;
        come_back(world, entry, crossing_index1);
        bring_crew_home(world, entry->identity, left_tick);
        return INF_OK;
    }
    bool file = inf_crossing_at(world, crossing_index1)->way == INF_WAY_FILE;
    entry->crossing_index1 = 0;
    entry->state = file ? INF_DIRECTORY_AWAY : INF_DIRECTORY_GONE;
    int64_t credits = file ? entry->carried_credits + entry->banked_credits : inf_border_export(world, entry);
    inf_pool_give_back(&world->crossing_pool, crossing_index1);
    inf_border_reserve(world);
    tell_settled(world, entry, credits);
    return INF_OK;
}

InfResult inf_apply_Claim(InfWorld* world, const InfInputClaim* input)
{
    uint32_t index1 = inf_world_find_identity(world, input->identity);
    if (index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (inf_is_zero(input->server, INF_KEY_BYTES)) {
        return INF_ERROR_FORMAT;
    }
    InfDirectoryEntry* entry = inf_directory_at(world, index1);
    if (entry->epoch > input->epoch) {
        return INF_ERROR_STALE;
    }
    if (entry->epoch != input->epoch || memcmp(entry->transfer, input->transfer, INF_PASSAGE_BYTES) != 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (entry->state != INF_DIRECTORY_AWAY) {
        return INF_ERROR_STATE; // it woke here, or was claimed before: entry->server tells by whom
    }
    int64_t credits = inf_border_export(world, entry);
    entry->state = INF_DIRECTORY_GONE;
    inf_directory_pass(world, index1, input->transfer, input->server);
    tell_settled(world, entry, credits);
    return INF_OK;
}
