// Interception: an interdictor pulls a ship out of cruise. Who holds one at the place that the victim left or goes to may
// follow it: both come out at the spot of deep space where the victim is then, some kilometres apart. It costs the
// hunter fuel and a cycle of the interdictor, and it is an attack like a shot.
#include "world/ships.h"

/// A ship in cruise that this one can reach: to or from its own place; 0 if there is none.
static uint32_t find_prey(const InfWorld* world, const InfShip* ship, uint64_t target)
{
    uint32_t index1 = inf_world_find_ship(world, target);
    if (index1 == 0 || ship->state != INF_SHIP_STATE_SPACE) {
        return 0;
    }
    const InfShip* other = inf_ship_at(world, index1);
    bool reaches = other->from_place_index1 == ship->place_index1 || other->place_index1 == ship->place_index1;
    return other->state == INF_SHIP_STATE_CRUISE && reaches ? index1 : 0;
}

bool inf_intercept_is_meant(const InfWorld* world, const InfShip* ship, uint64_t target)
{
    uint32_t index1 = inf_world_find_ship(world, target);
    return index1 != 0 && inf_ship_at(world, index1)->state == INF_SHIP_STATE_CRUISE;
}

InfResult inf_intercept(InfWorld* world, uint32_t ship_index1, uint32_t slot, uint64_t target)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t prey_index1 = find_prey(world, ship, target);
    if (prey_index1 == 0) {
        return INF_ERROR_DISTANCE;
    }
    if (ship->spool || inf_ship_is_travelling(ship)) {
        return INF_ERROR_STATE;
    }
    if (!inf_module_is_ready(world, ship, slot)) {
        return INF_ERROR_STATE;
    }
    if (ship->fuel < INF_TUNE_INTERCEPT_FUEL) {
        return INF_ERROR_FUEL;
    }
    InfResult result = inf_cruise_drop_out(world, prey_index1);
    if (result != INF_OK) {
        return result;
    }
    uint32_t place_index1 = inf_ship_at(world, prey_index1)->place_index1;
    uint64_t prey = inf_ship_at(world, prey_index1)->id;
    inf_ship_burn_fuel(world, ship_index1, INF_TUNE_INTERCEPT_FUEL);
    inf_ship_settle(world, ship_index1);
    inf_ship_clear_order(world, ship_index1);
    inf_place_remove_ship(world, ship_index1);
    InfVec3 at = inf_vec3_add(inf_ship_position(world, prey_index1), inf_ship_point(world, ship, 5000.0f, 15000.0f));
    inf_ship_put_in_space(world, ship_index1, place_index1, at, inf_vec3(0, 0, 0));
    inf_place_heat(world, place_index1, inf_module(INF_MODULE_INTERDICTOR)->cycle_ticks + INF_HOT_LINGER_TICKS);
    inf_ship_at(world, prey_index1)->held_until_tick =
        inf_world_now(world) + inf_module(INF_MODULE_INTERDICTOR)->cycle_ticks + 1;
    ship->weapon_target = prey;
    ship->missiles = 0;
    ship->modules_on |= (uint8_t)(1u << slot);
    inf_module_begin_cycle(world, ship, slot);
    INF_EMIT(world, place_index1, Arrived, event)
    {
        event->Arrived.soul = inf_ship_soul(world, ship);
        event->Arrived.ship = ship->id;
    }
    if (inf_ship_note_attack(world, prey_index1, ship->id) && inf_ship_is_here(world, prey_index1, prey, place_index1)) {
        inf_ship_tell_attack(world, prey_index1, ship->id);
    }
    return INF_OK;
}
