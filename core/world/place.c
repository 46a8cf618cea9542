// Systems and places. A system's row is made when somebody first comes there, a place's when somebody first comes
// to that body; what nobody has been to is nothing but the seed. Ships in space and ships docked hang in two lists
// of the place, in the order in which they came.
//
// A place is *hot* while a human flies there, a weapon fires or somebody is held, and a while longer: then every
// ship in it is integrated each tick. Else it is quiet and costs nothing; see ships.h for what changes.
#include "world/ships.h"

uint32_t inf_system_enter(InfWorld* world, InfSystemAddress address)
{
    uint32_t index1 = inf_world_find_system(world, address);
    if (index1 != 0) {
        return index1;
    }
    if (inf_map_get(&world->system_map, inf_address_key(address)) != 0 ||
        !inf_system_exists(&world->galaxy, address)) {
        return 0; // two systems of 2^64 share a key: the second stays uncharted
    }
    index1 = inf_pool_take(&world->system_pool);
    if (index1 == 0) {
        return 0;
    }
    InfKnownSystem* system = inf_system_at(world, index1);
    system->sector[0] = address.x;
    system->sector[1] = address.y;
    system->sector[2] = address.z;
    system->in_sector = address.index;
    inf_map_set(&world->system_map, inf_address_key(address), index1);
    return index1;
}

static InfSystemAddress system_address(const InfWorld* world, uint32_t system_index1)
{
    const InfKnownSystem* system = inf_system_at(world, system_index1);
    return (InfSystemAddress){system->sector[0], system->sector[1], system->sector[2], system->in_sector};
}

static uint32_t generate(const InfWorld* world, uint32_t system_index1, InfSystem* system,
                         InfBody bodies[INF_SYSTEM_BODIES_MAX])
{
    InfSystemAddress address = system_address(world, system_index1);
    inf_world_generate(world, address, system);
    return inf_world_bodies(world, address, bodies);
}

static uint32_t take_place(InfWorld* world, uint32_t system_index1)
{
    uint32_t index1 = inf_pool_take(&world->place_pool);
    if (index1 == 0) {
        return 0;
    }
    InfKnownSystem* system = inf_system_at(world, system_index1);
    InfPlace* place = inf_place_at(world, index1);
    place->system_index1 = system_index1;
    place->next_in_system = system->first_place;
    system->first_place = index1;
    system->place_count++;
    place->ore_tick = inf_world_now(world);
    return index1;
}

static void give_place_back(InfWorld* world, uint32_t place_index1)
{
    InfPlace* place = inf_place_at(world, place_index1);
    InfKnownSystem* system = inf_system_at(world, place->system_index1);
    uint32_t* link = &system->first_place;
    while (*link != place_index1) {
        link = &inf_place_at(world, *link)->next_in_system;
    }
    *link = place->next_in_system;
    system->place_count--;
    inf_pool_give_back(&world->place_pool, place_index1);
}

uint32_t inf_place_enter(InfWorld* world, uint32_t system_index1, uint32_t body)
{
    for (uint32_t i = inf_system_at(world, system_index1)->first_place; i != 0;
         i = inf_place_at(world, i)->next_in_system) {
        const InfPlace* place = inf_place_at(world, i);
        if (place->kind != INF_PLACE_DEEP && place->body == body) {
            return i;
        }
    }
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    if (body >= generate(world, system_index1, &system, bodies)) {
        return 0;
    }
    uint32_t place_index1 = take_place(world, system_index1);
    if (place_index1 == 0) {
        return 0;
    }
    const InfBody* of = &bodies[body];
    InfPlace* place = inf_place_at(world, place_index1);
    place->kind = of->kind;
    place->body = (uint8_t)body;
    place->law = system.law;
    if (of->kind == INF_BODY_BELT) {
        place->ore_units = (uint32_t)of->richness * INF_TUNE_BELT_UNITS_PER_RICHNESS;
    }
    if (of->kind == INF_BODY_STATION) {
        uint32_t station_index1 = inf_pool_take(&world->station_pool);
        if (station_index1 == 0) {
            give_place_back(world, place_index1);
            return 0;
        }
        InfStation* station = inf_station_at(world, station_index1);
        station->place_index1 = place_index1;
        station->profile = of->profile;
        station->wealth = (uint8_t)((uint32_t)of->wealth * 255u / 1000u);
        station->law = system.law;
        station->update_tick = inf_world_now(world);
        place->station_index1 = station_index1;
        inf_station_found(world, station_index1);
    }
    return place_index1;
}

uint32_t inf_place_enter_deep(InfWorld* world, uint32_t system_index1, const int64_t position_km[3])
{
    uint32_t place_index1 = take_place(world, system_index1);
    if (place_index1 == 0) {
        return 0;
    }
    InfPlace* place = inf_place_at(world, place_index1);
    place->kind = INF_PLACE_DEEP;
    place->body = INF_BODY_NONE;
    place->law = (uint8_t)inf_system_law(&world->galaxy, system_address(world, system_index1));
    memcpy(place->position_km, position_km, sizeof place->position_km);
    return place_index1;
}

void inf_place_position(const InfWorld* world, uint32_t place_index1, uint64_t tick, int64_t out_km[3])
{
    const InfPlace* place = inf_place_at(world, place_index1);
    if (place->kind == INF_PLACE_DEEP) {
        memcpy(out_km, place->position_km, sizeof place->position_km);
        return;
    }
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = generate(world, place->system_index1, &system, bodies);
    inf_body_position(bodies, count, place->body, tick, out_km);
}

uint32_t inf_system_body_kind(const InfWorld* world, uint32_t system_index1, uint32_t body)
{
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = generate(world, system_index1, &system, bodies);
    return body < count ? bodies[body].kind : INF_BODY_NONE;
}

bool inf_system_body(const InfWorld* world, uint32_t place_index1, InfBody* out)
{
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    const InfPlace* place = inf_place_at(world, place_index1);
    uint32_t count = generate(world, place->system_index1, &system, bodies);
    if (place->kind == INF_PLACE_DEEP || place->body >= count) {
        return false;
    }
    *out = bodies[place->body];
    return true;
}

bool inf_place_has_station(const InfWorld* world, uint32_t place_index1)
{
    return place_index1 != 0 && inf_place_at(world, place_index1)->station_index1 != 0;
}

// ---- hot and quiet ------------------------------------------------------------------------------------------------

static void hot_list_add(InfWorld* world, uint32_t place_index1)
{
    uint32_t at = world->hot_count++;
    for (; at > 0 && world->hot_places[at - 1] > place_index1; at--) {
        world->hot_places[at] = world->hot_places[at - 1];
    }
    world->hot_places[at] = place_index1;
}

static void hot_list_remove(InfWorld* world, uint32_t place_index1)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->hot_count; i++) {
        if (world->hot_places[i] != place_index1) {
            world->hot_places[kept++] = world->hot_places[i];
        }
    }
    world->hot_count = kept;
}

void inf_place_heat(InfWorld* world, uint32_t place_index1, uint32_t linger_ticks)
{
    InfPlace* place = inf_place_at(world, place_index1);
    uint64_t until = inf_world_now(world) + linger_ticks;
    if (place->hot_until_tick < until) {
        place->hot_until_tick = until;
    }
    if (place->hot) {
        return;
    }
    for (uint32_t i = place->first_ship; i != 0; i = inf_ship_at(world, i)->next_in_place) {
        inf_ship_go_hot(world, i);
    }
    place->hot = 1;
    hot_list_add(world, place_index1);
}

void inf_place_cool(InfWorld* world, uint32_t place_index1)
{
    InfPlace* place = inf_place_at(world, place_index1);
    if (!place->hot) {
        return;
    }
    place->hot = 0;
    place->hot_until_tick = 0;
    hot_list_remove(world, place_index1);
    for (uint32_t i = place->first_ship; i != 0;) {
        uint32_t next = inf_ship_at(world, i)->next_in_place;
        if (inf_ship_at(world, i)->flags & INF_SHIP_PATROL && inf_ship_at(world, i)->state == INF_SHIP_STATE_SPACE) {
            if (place->ship_count == 1) { // the last one may take a deep-space place with it
                inf_patrol_leave(world, i);
                return;
            }
            inf_patrol_leave(world, i);
        } else {
            inf_ship_go_quiet(world, i);
        }
        i = next;
    }
    inf_place_release_if_empty(world, place_index1);
}

// ---- lists --------------------------------------------------------------------------------------------------------

static void link_ship(InfWorld* world, uint32_t ship_index1, uint32_t* first, uint32_t* last, uint32_t* count)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    INF_ASSERT(ship->next_in_place == 0 && ship->previous_in_place == 0 && *first != ship_index1);
    ship->previous_in_place = *last;
    if (*last != 0) {
        inf_ship_at(world, *last)->next_in_place = ship_index1;
    } else {
        *first = ship_index1;
    }
    *last = ship_index1;
    ++*count;
}

static void unlink_ship(InfWorld* world, uint32_t ship_index1, uint32_t* first, uint32_t* last, uint32_t* count)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t next = ship->next_in_place, previous = ship->previous_in_place;
    INF_ASSERT(*count > 0);
    if (previous != 0) {
        inf_ship_at(world, previous)->next_in_place = next;
    } else {
        INF_ASSERT(*first == ship_index1);
        *first = next;
    }
    if (next != 0) {
        inf_ship_at(world, next)->previous_in_place = previous;
    } else {
        INF_ASSERT(*last == ship_index1);
        *last = previous;
    }
    ship->next_in_place = 0;
    ship->previous_in_place = 0;
    --*count;
}

void inf_place_add_ship(InfWorld* world, uint32_t place_index1, uint32_t ship_index1)
{
    InfPlace* place = inf_place_at(world, place_index1);
    link_ship(world, ship_index1, &place->first_ship, &place->last_ship, &place->ship_count);
    InfShip* ship = inf_ship_at(world, ship_index1);
    ship->place_index1 = place_index1;
    ship->leg_start_tick = 0;
    ship->leg_end_tick = 0;
    ship->update_tick = inf_world_now(world);
    if (inf_ship_is_watched(world, ship)) {
        inf_place_heat(world, place_index1, INF_HOT_LINGER_TICKS);
    }
}

void inf_place_remove_ship(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t place_index1 = ship->place_index1;
    InfPlace* place = inf_place_at(world, place_index1);
    unlink_ship(world, ship_index1, &place->first_ship, &place->last_ship, &place->ship_count);
    ship->place_index1 = 0;
    inf_place_release_if_empty(world, place_index1);
}

void inf_place_add_docked(InfWorld* world, uint32_t place_index1, uint32_t ship_index1)
{
    InfPlace* place = inf_place_at(world, place_index1);
    link_ship(world, ship_index1, &place->docked_first, &place->docked_last, &place->docked_count);
    inf_ship_at(world, ship_index1)->place_index1 = place_index1;
}

void inf_place_remove_docked(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfPlace* place = inf_place_at(world, ship->place_index1);
    unlink_ship(world, ship_index1, &place->docked_first, &place->docked_last, &place->docked_count);
    ship->place_index1 = 0;
}

void inf_place_release_if_empty(InfWorld* world, uint32_t place_index1)
{
    InfPlace* place = inf_place_at(world, place_index1);
    if (place->kind != INF_PLACE_DEEP || place->ship_count != 0 || place->docked_count != 0) {
        return;
    }
    if (place->hot) {
        place->hot = 0;
        hot_list_remove(world, place_index1);
    }
    give_place_back(world, place_index1);
}
