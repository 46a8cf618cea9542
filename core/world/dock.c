// Leaving and entering stations. Docked ships cannot be seen or hit. Undocking takes some seconds and ends by the
// ship's timer; docking ends by the leg's timer in a quiet place, by nearness and speed in a hot one.
#include "world/ships.h"

InfResult inf_ship_undock(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_DOCKED || ship->phase != 0) {
        return INF_ERROR_STATE;
    }
    ship->phase = 1;
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, inf_world_now(world) + INF_TUNE_UNDOCK_TICKS);
    return INF_OK;
}

void inf_ship_undock_end(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t place_index1 = ship->place_index1;
    inf_place_remove_docked(world, ship_index1);
    ship->phase = 0;
    InfVec3 from = inf_ship_point(world, ship, 1000.0f, 2000.0f);
    InfVec3 out = inf_vec3_normalise(from, inf_vec3(1, 0, 0));
    InfMotion* motion = inf_motion_at(world, ship_index1);
    InfQuat attitude = inf_quat_look(out, inf_vec3(0, 0, 1));
    motion->attitude[0] = attitude.x;
    motion->attitude[1] = attitude.y;
    motion->attitude[2] = attitude.z;
    motion->attitude[3] = attitude.w;
    inf_ship_put_in_space(world, ship_index1, place_index1, from,
                          inf_vec3_scale(out, inf_hull(ship->hull_kind)->speed_m_per_s * 0.25f));
    INF_EMIT(world, place_index1, Undocked, event)
    {
        event->Undocked.soul = inf_ship_soul(world, ship);
        event->Undocked.ship = ship->id;
    }
    inf_ship_goal(world, ship_index1, INF_GOAL_UNDOCK);
    inf_ship_notify(world, ship_index1, INF_NOTICE_UNDOCKED, 0);
}

void inf_ship_put_docked(InfWorld* world, uint32_t ship_index1, uint32_t place_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    INF_ASSERT(inf_place_has_station(world, place_index1));
    if (ship->state == INF_SHIP_STATE_DOCKED && ship->place_index1 != 0) {
        inf_place_remove_docked(world, ship_index1);
    } else if (ship->state == INF_SHIP_STATE_SPACE) {
        inf_place_remove_ship(world, ship_index1);
    }
    inf_ship_clear_order(world, ship_index1);
    ship->state = INF_SHIP_STATE_DOCKED;
    ship->from_place_index1 = 0;
    ship->modules_on = 0;
    ship->missiles = 0;
    ship->weapon_target = 0;
    ship->aggressor = 0;
    ship->held_until_tick = 0;
    ship->flags &= ~(uint32_t)(INF_SHIP_CRIMINAL | INF_SHIP_FIRED_FIRST);
    ship->shield = inf_hull(ship->hull_kind)->shield;
    ship->alarms &= (uint8_t)~(1u << INF_ALARM_SHIELD);
    InfMotion* motion = inf_motion_at(world, ship_index1);
    memset(motion, 0, sizeof *motion);
    motion->attitude[3] = 1.0f;
    inf_place_add_docked(world, place_index1, ship_index1);
}

void inf_ship_dock(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t place_index1 = ship->place_index1;
    if (!inf_place_has_station(world, place_index1)) {
        inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_FAILED);
        return;
    }
    inf_ship_put_docked(world, ship_index1, place_index1);
    if (ship->pilot_index1 != 0) {
        inf_dock_charge(world, ship->pilot_index1, inf_place_at(world, place_index1)->station_index1);
    }
    INF_EMIT(world, place_index1, Docked, event)
    {
        event->Docked.soul = inf_ship_soul(world, ship);
        event->Docked.ship = ship->id;
    }
    inf_ship_notify(world, ship_index1, INF_NOTICE_DOCKED, 0);
}
