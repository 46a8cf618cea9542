// Mining. A belt's place holds ore that runs down and grows back in closed form. A laser brings some units per cycle,
// more of them in a rich belt; what they are is drawn by the belt's mix. In hot places every laser cycles by itself;
// in quiet ones the whole cycles since work_tick are taken in at once, at the same rate, when the ship's timer rings
// or somebody looks.
#include "world/ships.h"

static uint32_t ore_capacity(const InfBody* belt)
{
    return (uint32_t)belt->richness * INF_TUNE_BELT_UNITS_PER_RICHNESS;
}

static void grow_ore(InfWorld* world, uint32_t place_index1, const InfBody* belt)
{
    InfPlace* place = inf_place_at(world, place_index1);
    uint64_t now = inf_world_now(world), full = ore_capacity(belt);
    if (full == 0 || place->ore_units >= full) {
        place->ore_tick = now;
        return;
    }
    // Only whole units grow; the time that they took is used up, the rest waits.
    uint64_t grown = (now - place->ore_tick) * full / INF_TUNE_BELT_REGROW_TICKS;
    if (place->ore_units + grown >= full) {
        place->ore_units = (uint32_t)full;
        place->ore_tick = now;
        return;
    }
    place->ore_units += (uint32_t)grown;
    place->ore_tick += (grown * INF_TUNE_BELT_REGROW_TICKS + full - 1) / full;
}

void inf_ore_update(InfWorld* world, uint32_t place_index1)
{
    InfBody belt;
    if (inf_system_body(world, place_index1, &belt) && belt.kind == INF_BODY_BELT) {
        grow_ore(world, place_index1, &belt);
    }
}

static uint32_t units_per_cycle(const InfBody* belt)
{
    uint32_t amount = (uint32_t)inf_module(INF_MODULE_MINING_LASER)->amount;
    uint32_t units = amount * (INF_TUNE_MINE_RICHNESS_STEP + belt->richness) / INF_TUNE_MINE_RICHNESS_STEP;
    return units == 0 ? 1 : units;
}

uint32_t inf_mine_laser_count(const InfShip* ship)
{
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        count += ship->modules[slot] == INF_MODULE_MINING_LASER;
    }
    return count;
}

static InfVec3 nearest_rock(const InfWorld* world, const InfShip* ship, InfVec3 position_m, float* surface_m, float* radius_m)
{
    InfSystemAddress address = inf_place_address(world, ship->place_index1);
    uint32_t body = inf_place_at(world, ship->place_index1)->body;
    InfVec3 best = inf_vec3(0, 0, 0);
    *surface_m = INF_F32_MAX;
    *radius_m = 0;
    for (uint32_t i = 0; i < INF_BELT_ROCKS; i++) {
        float radius;
        InfVec3 rock = inf_belt_rock(address, body, i, &radius);
        float surface = inf_vec3_distance(rock, position_m) - radius;
        if (surface < *surface_m) {
            *surface_m = surface;
            *radius_m = radius;
            best = rock;
        }
    }
    return best;
}

InfVec3 inf_mine_point(const InfWorld* world, const InfShip* ship, InfVec3 position_m)
{
    float surface, radius;
    InfVec3 rock = nearest_rock(world, ship, position_m, &surface, &radius);
    InfVec3 back = inf_vec3_normalise(inf_vec3_sub(position_m, rock), inf_vec3(0, 0, 1));
    return inf_vec3_add_scaled(rock, back, radius + 400.0f + inf_hull(ship->hull_kind)->radius_m);
}

bool inf_mine_is_in_range(const InfWorld* world, const InfShip* ship, InfVec3 position_m)
{
    float surface, radius;
    (void)nearest_rock(world, ship, position_m, &surface, &radius);
    return surface <= inf_module(INF_MODULE_MINING_LASER)->range_m;
}

static bool tells_cycles(const InfWorld* world, const InfShip* ship)
{
    return ship->pilot_index1 != 0 &&
           (inf_soul_at(world, ship->pilot_index1)->flags & (INF_SOUL_PLAYER | INF_SOUL_EXTERNAL)) != 0;
}

static void put_aboard(InfWorld* world, uint32_t ship_index1, uint32_t good, uint32_t units)
{
    if (units == 0) {
        return;
    }
    InfShip* ship = inf_ship_at(world, ship_index1);
    ship->cargo[good] = (uint16_t)(ship->cargo[good] + units);
    world->header.units_mined += units;
    if (tells_cycles(world, ship)) {
        INF_EMIT(world, ship->place_index1, Mined, event)
        {
            event->Mined.soul = inf_ship_soul(world, ship);
            event->Mined.ship = ship->id;
            event->Mined.good = (uint8_t)good;
            event->Mined.units = units;
        }
    }
}

static uint32_t draw_ore(InfWorld* world, const InfBody* belt)
{
    uint64_t at = inf_rng_below(inf_world_rng(world), 1000);
    for (uint32_t kind = 0; kind + 1 < INF_ORE_COUNT; kind++) {
        if (at < belt->ore_permille[kind]) {
            return kind;
        }
        at -= belt->ore_permille[kind];
    }
    return INF_ORE_COUNT - 1;
}

uint32_t inf_mine_cycle(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t place_index1 = ship->place_index1;
    InfBody belt;
    if (!inf_system_body(world, place_index1, &belt) || belt.kind != INF_BODY_BELT) {
        return 0;
    }
    grow_ore(world, place_index1, &belt);
    InfPlace* place = inf_place_at(world, place_index1);
    uint32_t units = inf_min_u32(units_per_cycle(&belt), inf_min_u32(place->ore_units, inf_ship_cargo_free(ship)));
    if (units == 0) {
        return 0;
    }
    place->ore_units -= units;
    put_aboard(world, ship_index1, draw_ore(world, &belt), units);
    inf_ship_goal(world, ship_index1, INF_GOAL_MINE);
    return units;
}

static uint32_t cycle_ticks(const InfShip* ship)
{
    uint32_t lasers = inf_mine_laser_count(ship);
    uint32_t ticks = inf_module(INF_MODULE_MINING_LASER)->cycle_ticks;
    return lasers == 0 ? ticks : (ticks + lasers - 1) / lasers;
}

void inf_mine_settle(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t place_index1 = ship->place_index1;
    uint64_t cycles = (inf_world_now(world) - ship->work_tick) / cycle_ticks(ship);
    InfBody belt;
    if (cycles == 0 || !inf_system_body(world, place_index1, &belt) || belt.kind != INF_BODY_BELT) {
        return;
    }
    ship->work_tick += cycles * cycle_ticks(ship);
    grow_ore(world, place_index1, &belt);
    InfPlace* place = inf_place_at(world, place_index1);
    uint64_t wanted = cycles * units_per_cycle(&belt);
    uint32_t units = inf_min_u32(place->ore_units, inf_ship_cargo_free(ship));
    units = wanted < units ? (uint32_t)wanted : units;
    place->ore_units -= units;
    uint32_t left = units;
    for (uint32_t kind = 0; kind < INF_ORE_COUNT; kind++) {
        uint32_t part = units * belt.ore_permille[kind] / 1000u;
        put_aboard(world, ship_index1, kind, part);
        left -= part;
    }
    for (; left > 0; left--) { // what rounding left: fewer units than kinds
        put_aboard(world, ship_index1, draw_ore(world, &belt), 1);
    }
    if (units > 0) {
        inf_ship_goal(world, ship_index1, INF_GOAL_MINE);
    }
}

uint64_t inf_mine_end_tick(const InfWorld* world, const InfShip* ship)
{
    InfBody belt;
    uint32_t per_cycle = inf_system_body(world, ship->place_index1, &belt) ? units_per_cycle(&belt) : 1;
    uint32_t cycles = (inf_ship_cargo_free(ship) + per_cycle - 1) / per_cycle;
    return inf_world_now(world) + (uint64_t)(cycles == 0 ? 1 : cycles) * cycle_ticks(ship);
}

void inf_mine_end(InfWorld* world, uint32_t ship_index1)
{
    const InfShip* ship = inf_ship_at(world, ship_index1);
    if (inf_ship_cargo_free(ship) == 0) {
        inf_ship_clear_order(world, ship_index1);
        if (ship->pilot_index1 != 0) {
            inf_soul_alarm(world, ship->pilot_index1, INF_ALARM_HOLD);
        }
        inf_ship_notify(world, ship_index1, INF_NOTICE_HOLD_FULL, 0);
        return;
    }
    bool some = inf_ship_cargo_units(ship) != 0; // the belt has run dry: go with what there is
    inf_ship_end_order(world, ship_index1, some ? INF_NOTICE_ORDER_DONE : INF_NOTICE_ORDER_FAILED);
}
