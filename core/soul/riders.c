// Passengers: rows, seats, boarding, leaving, and what becomes of them when their host dies. See riders.h.
//
// Boarding sells the body: the ship goes to the station for half of its price, the soul leaves the pool of souls and
// takes a seat; its pockets stay as they are and nothing is charged or earned while it rides. Leaving is the other way
// round, and the new body is paid for.
#include "soul/riders.h"

#include "border/border.h"
#include "economy/economy.h"
#include "mind/mind.h"

uint32_t inf_rider_find(const InfWorld* world, uint64_t soul)
{
    return soul == 0 ? 0 : inf_map_get(&world->passenger_map, soul);
}

uint32_t inf_world_find_passenger(const InfWorld* world, uint64_t soul)
{
    return inf_rider_find(world, soul);
}

uint32_t inf_riders_first(const InfWorld* world, uint64_t host)
{
    return host == 0 || world->passenger_pool.live == 0 ? 0 : inf_map_get(&world->host_map, host);
}

uint32_t inf_world_first_passenger(const InfWorld* world, uint64_t host)
{
    return inf_riders_first(world, host);
}

uint32_t inf_riders_count(const InfWorld* world, uint64_t host)
{
    uint32_t count = 0;
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        count++;
    }
    return count;
}

InfSoul* inf_soul_anyhow(const InfWorld* world, uint64_t soul)
{
    uint32_t index1 = inf_soul_find(world, soul);
    if (index1 != 0) {
        return inf_soul_at(world, index1);
    }
    index1 = inf_rider_find(world, soul);
    return index1 != 0 ? inf_rider_soul(world, index1) : NULL;
}

uint32_t inf_rider_host(const InfWorld* world, uint64_t soul)
{
    uint32_t index1 = inf_rider_find(world, soul);
    return index1 == 0 ? 0 : inf_soul_find(world, inf_passenger_at(world, index1)->host);
}

uint32_t inf_rider_ship(const InfWorld* world, uint64_t soul)
{
    uint32_t host_index1 = world->passenger_pool.live == 0 ? 0 : inf_rider_host(world, soul);
    return host_index1 == 0 ? 0 : inf_soul_at(world, host_index1)->ship_index1;
}

uint32_t inf_seats_of(const InfWorld* world)
{
    // They follow a jump one behind the other, all of them or none.
    return inf_min_u32(INF_SEATS, world->transfer_pool.capacity - 1);
}

// ---- lists ----------------------------------------------------------------------------------------------------------

static void link_rider(InfWorld* world, uint32_t index1)
{
    InfPassenger* rider = inf_passenger_at(world, index1);
    rider->next_of_host = 0;
    uint32_t first = inf_riders_first(world, rider->host);
    if (first == 0 || inf_passenger_at(world, first)->seat > rider->seat) {
        rider->next_of_host = first;
        inf_map_set(&world->host_map, rider->host, index1);
        return;
    }
    InfPassenger* before = inf_passenger_at(world, first);
    while (before->next_of_host != 0 && inf_passenger_at(world, before->next_of_host)->seat < rider->seat) {
        before = inf_passenger_at(world, before->next_of_host);
    }
    rider->next_of_host = before->next_of_host;
    before->next_of_host = index1;
}

static void unlink_rider(InfWorld* world, uint32_t index1)
{
    InfPassenger* rider = inf_passenger_at(world, index1);
    uint32_t at = inf_riders_first(world, rider->host);
    if (at == index1) {
        if (rider->next_of_host != 0) {
            inf_map_set(&world->host_map, rider->host, rider->next_of_host);
        } else {
            inf_map_remove(&world->host_map, rider->host);
        }
    } else {
        while (inf_passenger_at(world, at)->next_of_host != index1) {
            at = inf_passenger_at(world, at)->next_of_host;
        }
        inf_passenger_at(world, at)->next_of_host = rider->next_of_host;
    }
    rider->next_of_host = 0;
}

void inf_rider_index(InfWorld* world, uint32_t passenger_index1)
{
    InfPassenger* rider = inf_passenger_at(world, passenger_index1);
    inf_map_set(&world->passenger_map, rider->soul->id, passenger_index1);
    if (rider->host != 0) {
        link_rider(world, passenger_index1);
    }
}

static uint32_t free_seat(const InfWorld* world, uint64_t host, uint32_t wanted)
{
    uint32_t taken = 0;
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        taken |= 1u << inf_passenger_at(world, i)->seat;
    }
    if (wanted < INF_SEATS && (taken & 1u << wanted) == 0) {
        return wanted;
    }
    uint32_t seat = 0;
    while ((taken & 1u << seat) != 0) {
        seat++;
    }
    return seat;
}

uint32_t inf_rider_seat(InfWorld* world, const InfSoul* soul, uint64_t host, uint32_t seat, uint64_t boarded_tick)
{
    INF_ASSERT(host != 0 && inf_riders_count(world, host) < INF_SEATS);
    seat = free_seat(world, host, seat);
    uint32_t index1 = inf_pool_take(&world->passenger_pool);
    if (index1 == 0) {
        return 0;
    }
    InfPassenger* rider = inf_passenger_at(world, index1);
    rider->host = host;
    rider->boarded_tick = boarded_tick;
    rider->last_talk_tick = inf_world_now(world);
    rider->seat = (uint8_t)seat;
    InfSoul* own = rider->soul;
    *own = *soul;
    own->generation = own->next_free = own->ship_index1 = 0; // of a row of its own that it no longer has
    own->timer_tick = 0;
    own->activity = INF_ACTIVITY_IDLE;
    own->companion = 0;
    own->plan_phase = 0;
    own->plan_units = 0;
    own->plan_step = 0;
    own->trade = 0;
    own->feelings[INF_FEELING_HUNGER] = 0; // nobody pays for air in here
    inf_rider_index(world, index1);
    inf_timer_set(world, INF_TIMER_PASSENGER, index1, inf_world_now(world) + 50 + inf_rng_below(inf_soul_rng(own), 100));
    return index1;
}

void inf_rider_remove(InfWorld* world, uint32_t passenger_index1)
{
    InfPassenger* rider = inf_passenger_at(world, passenger_index1);
    inf_timer_set(world, INF_TIMER_PASSENGER, passenger_index1, 0);
    if (rider->host != 0) {
        unlink_rider(world, passenger_index1);
    }
    inf_map_remove(&world->passenger_map, rider->soul->id);
    inf_pool_give_back(&world->passenger_pool, passenger_index1);
}

// ---- aboard -----------------------------------------------------------------------------------------------------------

static InfResult check_board(const InfWorld* world, uint32_t soul_index1, uint32_t host_index1)
{
    if (world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE) {
        return INF_ERROR_STATE;
    }
    const InfSoul* soul = inf_soul_at(world, soul_index1);
    const InfSoul* host = inf_soul_at(world, host_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul);
    if (station_index1 == 0 || station_index1 != inf_soul_docked_station(world, host)) {
        return INF_ERROR_DOCKED;
    }
    if (inf_riders_first(world, soul->id) != 0) {
        return INF_ERROR_STATE; // who carries others cannot be carried
    }
    if (soul->bounty_credits > 0) {
        return INF_ERROR_WANTED; // a head is no hiding place
    }
    if (inf_riders_count(world, host->id) >= inf_seats_of(world)) {
        return INF_ERROR_SEATS;
    }
    if (inf_pool_room(&world->passenger_pool) == 0) {
        return INF_ERROR_FULL;
    }
    // A built-in mind knows that what it leaves in the hold is left; others are told first.
    return !inf_mind_is_built_in(soul) && inf_ship_cargo_units(inf_ship_at(world, soul->ship_index1)) != 0 ? INF_ERROR_CARGO : INF_OK;
}

static void sell_cargo(InfWorld* world, uint32_t soul_index1)
{
    const InfShip* ship = inf_ship_at(world, inf_soul_at(world, soul_index1)->ship_index1);
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        if (ship->cargo[good] != 0) { // what the station cannot pay goes with the ship
            (void)inf_market_trade(world, soul_index1, good, true, ship->cargo[good], 0);
        }
    }
}

InfResult inf_apply_Board(InfWorld* world, const InfInputBoard* input)
{
    uint32_t soul_index1 = inf_soul_find(world, input->soul);
    uint32_t host_index1 = inf_soul_find(world, input->host);
    if (soul_index1 == 0 || host_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (soul_index1 == host_index1) {
        return INF_ERROR_SELF;
    }
    InfResult result = check_board(world, soul_index1, host_index1);
    if (result != INF_OK) {
        return result;
    }
    if (!inf_world_has_consent(world, input->host, input->soul, INF_ACT_CARRY)) {
        return INF_ERROR_CONSENT;
    }
    if (!inf_upkeep_charge(world, soul_index1)) {
        return INF_ERROR_DEAD; // the air of before had run out
    }
    (void)inf_consent_spend(world, input->host, input->soul, INF_ACT_CARRY);
    (void)inf_consent_spend(world, input->soul, input->host, INF_ACT_BOARD); // if it was asked
    InfSoul* soul = inf_soul_at(world, soul_index1);
    InfSoul* host = inf_soul_at(world, host_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul);
    uint32_t place_index1 = inf_station_at(world, station_index1)->place_index1;
    sell_cargo(world, soul_index1);
    InfShip* ship = inf_ship_at(world, soul->ship_index1);
    int64_t credits = inf_ship_scrap_credits(world, ship, station_index1);
    if (credits > 0) {
        InfResult paid = inf_ledger_move(world, inf_station_at(world, station_index1)->account, soul->carried_account,
                                         credits, INF_REASON_SHIP);
        INF_ASSERT(paid == INF_OK);
    }
    inf_soul_feelings_update(world, soul_index1);
    inf_soul_relate(world, soul, host->id, 120, 120, 0);
    inf_soul_relate(world, host, soul->id, 80, 60, 0);
    inf_soul_remember(world, soul, INF_MEMORY_MET, host->id, 0, 400);
    ship->pilot_index1 = 0;
    inf_ship_destroy(world, soul->ship_index1);
    soul->ship_index1 = 0;
    InfSoul copy = *soul;
    inf_timer_set(world, INF_TIMER_SOUL, soul_index1, 0);
    inf_map_remove(&world->soul_map, soul->id);
    inf_pool_give_back(&world->soul_pool, soul_index1);
    uint32_t index1 = inf_rider_seat(world, &copy, input->host, 0, inf_world_now(world));
    INF_ASSERT(index1 != 0); // there was room
    INF_EMIT(world, place_index1, Boarded, event)
    {
        event->Boarded.soul = copy.id;
        event->Boarded.host = input->host;
        event->Boarded.credits = credits;
        event->Boarded.seat = inf_passenger_at(world, index1)->seat;
        memcpy(event->Boarded.name, copy.name, INF_NAME_BYTES);
    }
    inf_head_greet(world, input->host, copy.id, true);
    return INF_OK;
}

// ---- out again --------------------------------------------------------------------------------------------------------

uint32_t inf_rider_embody(InfWorld* world, uint32_t passenger_index1)
{
    uint32_t soul_index1 = inf_pool_take(&world->soul_pool);
    if (soul_index1 == 0) {
        return 0;
    }
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t generation = soul->generation;
    *soul = *inf_rider_soul(world, passenger_index1);
    soul->generation = generation;
    soul->next_free = 0;
    soul->timer_tick = 0;
    soul->activity = INF_ACTIVITY_IDLE;
    soul->companion = 0;
    soul->plan_phase = 0;
    soul->plan_step = 0;
    soul->plan_units = 0;
    soul->upkeep_tick = inf_world_now(world); // it breathes from now on
    inf_soul_index(world, soul_index1);
    inf_rider_remove(world, passenger_index1);
    return soul_index1;
}

InfResult inf_apply_Leave(InfWorld* world, const InfInputLeave* input)
{
    uint32_t index1 = inf_rider_find(world, input->soul);
    if (index1 == 0) {
        return inf_soul_find(world, input->soul) != 0 ? INF_ERROR_STATE : INF_ERROR_NOT_FOUND;
    }
    if (world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE) {
        return INF_ERROR_STATE; // there are no bodies
    }
    if (input->pay > 1) {
        return INF_ERROR_RANGE;
    }
    uint64_t host_id = inf_passenger_at(world, index1)->host;
    uint32_t host_index1 = inf_soul_find(world, host_id);
    uint32_t station_index1 = host_index1 == 0 ? 0 : inf_soul_docked_station(world, inf_soul_at(world, host_index1));
    if (station_index1 == 0) {
        return INF_ERROR_DOCKED;
    }
    InfSoul* host = inf_soul_at(world, host_index1);
    if (input->pay != 0 && !inf_world_has_consent(world, host_id, input->soul, INF_ACT_CARRY)) {
        return INF_ERROR_CONSENT;
    }
    if (inf_pool_room(&world->soul_pool) == 0 || inf_pool_room(&world->ship_pool) == 0) {
        return INF_ERROR_FULL;
    }
    int64_t credits = inf_hull(INF_HULL_SHUTTLE)->price_credits;
    InfSoul* payer = input->pay != 0 ? host : inf_rider_soul(world, index1);
    InfResult result = inf_soul_pay(world, payer, inf_ledger_own(INF_ACCOUNT_BURN), credits, INF_REASON_BODY);
    if (result != INF_OK) {
        return result;
    }
    if (input->pay != 0) {
        (void)inf_consent_spend(world, host_id, input->soul, INF_ACT_CARRY);
        inf_soul_relate(world, inf_rider_soul(world, index1), host_id, 200, 150, 0);
    }
    uint32_t place_index1 = inf_station_at(world, station_index1)->place_index1;
    uint32_t soul_index1 = inf_rider_embody(world, index1);
    INF_ASSERT(soul_index1 != 0); // there was room
    InfShipDef def = {.owner = input->soul,
                      .pilot_index1 = soul_index1,
                      .place_index1 = place_index1,
                      .hull_kind = INF_HULL_SHUTTLE,
                      .docked = true};
    InfSoul* soul = inf_soul_at(world, soul_index1);
    soul->ship_index1 = inf_ship_create(world, &def);
    INF_ASSERT(soul->ship_index1 != 0);
    INF_EMIT(world, place_index1, Left, event)
    {
        event->Left.soul = soul->id;
        event->Left.host = host_id;
        event->Left.credits = credits;
        memcpy(event->Left.name, soul->name, INF_NAME_BYTES);
    }
    inf_soul_arrived(world, soul_index1);
    inf_head_greet(world, host_id, soul->id, false);
    return INF_OK;
}

// ---- the host's end ------------------------------------------------------------------------------------------------------

/// A player in somebody's head that has died: it wakes at its clone bay, as soon as there is room for a body.
static void wake(InfWorld* world, uint32_t passenger_index1)
{
    uint32_t soul_index1 = inf_rider_embody(world, passenger_index1);
    if (soul_index1 == 0) {
        inf_timer_set(world, INF_TIMER_PASSENGER, passenger_index1, inf_world_now(world) + 10);
        return;
    }
    uint64_t id = inf_soul_at(world, soul_index1)->id;
    (void)inf_soul_wake(world, soul_index1); // if not now, its timer tries again
    soul_index1 = inf_soul_find(world, id);
    if (soul_index1 != 0) {
        inf_timer_set(world, INF_TIMER_SOUL, soul_index1, inf_world_now(world) + 10);
    }
}

void inf_riders_orphan(InfWorld* world, uint64_t host, InfDeathCause cause, uint64_t killer_soul, uint32_t place_index1)
{
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_riders_first(world, host)) {
        InfSoul* soul = inf_rider_soul(world, i);
        if (inf_soul_is_mind(soul)) {
            inf_rider_die(world, i, cause, killer_soul, place_index1);
            continue;
        }
        world->header.player_deaths[cause]++;
        INF_EMIT(world, place_index1, Died, event)
        {
            event->Died.soul = soul->id;
            event->Died.killer = killer_soul;
            event->Died.born_tick = soul->born_tick - (uint64_t)soul->clock_ticks;
            event->Died.credits = inf_soul_credits(world, soul);
            event->Died.cause = (uint8_t)cause;
            event->Died.player = 1;
            memcpy(event->Died.name, soul->name, INF_NAME_BYTES);
        }
        inf_soul_feel(world, soul, INF_FEELING_PAIN, 600);
        unlink_rider(world, i);
        inf_passenger_at(world, i)->host = 0;
        wake(world, i);
    }
}

void inf_rider_timer(InfWorld* world, uint32_t passenger_index1)
{
    InfPassenger* rider = inf_passenger_at(world, passenger_index1);
    if (rider->host == 0) {
        wake(world, passenger_index1);
        return;
    }
    inf_soul_feel(world, rider->soul, INF_FEELING_JOY, 0); // brings all feelings up to now
    uint64_t id = rider->soul->id;
    if (inf_mind_is_built_in(rider->soul)) {
        inf_head_turn(world, passenger_index1);
    }
    if (inf_rider_find(world, id) == passenger_index1 && rider->soul->timer_tick <= inf_world_now(world)) {
        inf_timer_set(world, INF_TIMER_PASSENGER, passenger_index1, inf_world_now(world) + INF_TUNE_HEAD_WATCH_TICKS);
    }
}
