// The law's drones: ships without a soul that come when somebody fires first in charted space, hunt whoever did, and
// leave when nobody is left to hunt. A few in one place at most, and none when the place has cooled down.
#include "world/ships.h"

static bool hunt(InfWorld* world, uint32_t drone_index1, uint32_t criminal_index1)
{
    InfOrder order;
    memset(&order, 0, sizeof order);
    order.kind = INF_ORDER_ATTACK;
    order.target = inf_ship_at(world, criminal_index1)->id;
    order.range_m = 4000.0f;
    if (inf_ship_order(world, drone_index1, &order) != INF_OK) {
        return false; // it hides or has just gone
    }
    inf_ship_at(world, drone_index1)->work_tick = 0;
    return true;
}

void inf_patrol_answer(InfWorld* world, uint32_t place_index1, uint32_t criminal_ship_index1)
{
    InfPlace* place = inf_place_at(world, place_index1);
    // Drones that are here and idle find their prey themselves, once a second.
    if (place->drones >= INF_TUNE_PATROL_DRONES_MAX || place->law != INF_LAW_CHARTED || !inf_ship_is_here(world, criminal_ship_index1,
                                                           inf_ship_at(world, criminal_ship_index1)->id, place_index1)) {
        return;
    }
    inf_place_heat(world, place_index1, INF_HOT_LINGER_TICKS);
    InfVec3 there = inf_ship_position(world, criminal_ship_index1);
    for (uint32_t i = 0; i < INF_TUNE_PATROL_CALL_DRONES && place->drones < INF_TUNE_PATROL_DRONES_MAX; i++) {
        InfShipDef def;
        memset(&def, 0, sizeof def);
        def.place_index1 = place_index1;
        def.hull_kind = INF_HULL_INTERCEPTOR;
        def.modules[0] = INF_MODULE_PULSE_LASER;
        def.modules[1] = INF_MODULE_PULSE_LASER;
        def.modules[2] = INF_MODULE_SHIELD_BOOSTER;
        uint32_t drone_index1 = inf_ship_create(world, &def);
        if (drone_index1 == 0) {
            return; // no room: the law is blind today
        }
        InfShip* drone = inf_ship_at(world, drone_index1);
        drone->flags |= INF_SHIP_PATROL;
        place->drones++;
        drone->modules_on = 1u << 2;
        InfVec3 at = inf_vec3_add(there, inf_ship_point(world, drone, 18000.0f, 28000.0f));
        inf_vec3_store(inf_motion_at(world, drone_index1)->position_m, inf_vec3_limit(at, INF_PLACE_RADIUS_M));
        (void)hunt(world, drone_index1, criminal_ship_index1);
    }
}

void inf_patrol_leave(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    INF_ASSERT((ship->flags & INF_SHIP_PATROL) != 0 && ship->pilot_index1 == 0);
    inf_place_at(world, ship->place_index1)->drones--;
    inf_ship_destroy(world, ship_index1);
}

bool inf_patrol_think(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t target_index1 = ship->order == INF_ORDER_ATTACK ? inf_ship_find_target(world, ship, ship->target) : 0;
    if (target_index1 != 0 && inf_ship_at(world, target_index1)->state == INF_SHIP_STATE_SPACE &&
        (inf_ship_at(world, target_index1)->flags & INF_SHIP_CRIMINAL) != 0) {
        return true;
    }
    uint64_t now = inf_world_now(world);
    if (ship->work_tick != 0 && now < ship->work_tick && now % INF_TICKS_PER_SECOND != 0) {
        return true; // idle: looks around once a second
    }
    const InfPlace* place = inf_place_at(world, ship->place_index1);
    for (uint32_t i = place->first_ship; i != 0; i = inf_ship_at(world, i)->next_in_place) {
        const InfShip* other = inf_ship_at(world, i);
        if ((other->flags & INF_SHIP_CRIMINAL) != 0 && other->state == INF_SHIP_STATE_SPACE &&
            hunt(world, ship_index1, i)) {
            return true;
        }
    }
    if (ship->work_tick == 0) {
        inf_ship_clear_order(world, ship_index1);
        ship->work_tick = now + INF_TUNE_PATROL_IDLE_TICKS;
    } else if (now >= ship->work_tick) {
        inf_patrol_leave(world, ship_index1);
        return false;
    }
    return true;
}
