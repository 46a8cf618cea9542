// Cruise: from place to place of a system. A ship aligns for some seconds in its place, is then in no place at all
// until its timer rings, and comes out some way off the centre of where it went. How long it takes is fixed when it
// starts. Cruise time grows with the root of the distance, so that moons are seconds and far planets minutes away.
// In CRUISE the legs hold where it came from and goes to, in km from the star: what dropping out needs.
#include "world/ships.h"

InfResult inf_cruise_check(InfWorld* world, const InfShip* ship, uint32_t body, uint32_t* destination_index1)
{
    const InfPlace* here = inf_place_at(world, ship->place_index1);
    if (here->kind != INF_PLACE_DEEP && here->body == body) {
        return INF_ERROR_STATE; // it is there
    }
    uint32_t index1 = inf_place_enter(world, here->system_index1, body);
    if (index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    *destination_index1 = index1;
    return INF_OK;
}

static uint64_t distance_km(const InfWorld* world, uint32_t from_place, uint32_t to_place)
{
    int64_t from[3], to[3];
    uint64_t now = inf_world_now(world);
    inf_place_position(world, from_place, now, from);
    inf_place_position(world, to_place, now, to);
    uint64_t farthest = 0, delta[3];
    for (int axis = 0; axis < 3; axis++) {
        delta[axis] = inf_abs_i64(to[axis] - from[axis]);
        farthest = delta[axis] > farthest ? delta[axis] : farthest;
    }
    uint32_t shift = 0; // squares of 31 bits: three of them fit
    while (farthest >> shift >= 1u << 30) {
        shift++;
    }
    uint64_t sum = 0;
    for (int axis = 0; axis < 3; axis++) {
        uint64_t d = delta[axis] >> shift;
        sum += d * d;
    }
    return (uint64_t)inf_isqrt_u64(sum) << shift;
}

uint64_t inf_cruise_ticks(const InfWorld* world, const InfShip* ship, uint32_t from_place, uint32_t to_place)
{
    uint64_t root = inf_isqrt_u64(distance_km(world, from_place, to_place));
    uint64_t factor = (uint64_t)inf_hull(ship->hull_kind)->cruise_km_per_s; // 3,000,000 is the usual one
    uint64_t ticks = INF_TUNE_CRUISE_BASE_TICKS +
                     root * INF_TUNE_CRUISE_MILLI_TICKS_PER_SQRT_KM * 3000u / (factor == 0 ? 1 : factor);
    return ticks < INF_TUNE_CRUISE_MAX_TICKS ? ticks : INF_TUNE_CRUISE_MAX_TICKS;
}

static void load_km(float out[3], const int64_t km[3])
{
    for (int axis = 0; axis < 3; axis++) {
        out[axis] = (float)km[axis];
    }
}

void inf_cruise_align(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    int64_t from[3], to[3];
    inf_place_position(world, ship->place_index1, inf_world_now(world), from);
    inf_place_position(world, ship->destination_index1, inf_world_now(world), to);
    for (int axis = 0; axis < 3; axis++) {
        ship->leg_to_m[axis] = (float)(to[axis] - from[axis]); // the way to look; no leg is flown
    }
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, inf_world_now(world) + INF_TUNE_ALIGN_TICKS);
}

void inf_cruise_start(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t from_index1 = ship->place_index1, to_index1 = ship->destination_index1;
    if (inf_ship_is_held(world, ship_index1)) {
        inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_FAILED);
        return;
    }
    inf_ship_settle(world, ship_index1);
    uint64_t now = inf_world_now(world);
    uint64_t ticks = inf_cruise_ticks(world, ship, from_index1, to_index1);
    int64_t km[3];
    inf_place_position(world, from_index1, now, km);
    load_km(ship->leg_from_m, km);
    inf_place_position(world, to_index1, now + ticks, km);
    load_km(ship->leg_to_m, km);
    inf_ship_burn_fuel(world, ship_index1, (uint32_t)(ticks * INF_TUNE_CRUISE_FUEL_PER_MINUTE / 600u));
    INF_EMIT(world, from_index1, CruiseStarted, event)
    {
        event->CruiseStarted.soul = inf_ship_soul(world, ship);
        event->CruiseStarted.ship = ship->id;
        event->CruiseStarted.end_tick = now + ticks;
        event->CruiseStarted.body = inf_place_at(world, to_index1)->body;
    }
    // A spot in deep space may end with the ship's leaving: nothing may point to it.
    bool lasting = inf_place_at(world, from_index1)->kind != INF_PLACE_DEEP;
    inf_place_remove_ship(world, ship_index1);
    ship->state = INF_SHIP_STATE_CRUISE;
    ship->place_index1 = to_index1;
    ship->from_place_index1 = lasting ? from_index1 : 0;
    ship->leg_start_tick = now;
    ship->leg_end_tick = now + ticks;
    ship->modules_on = 0;
    ship->missiles = 0;
    ship->weapon_target = 0;
    ship->flags &= ~(uint32_t)INF_SHIP_FIRED_FIRST;
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, now + ticks);
}

void inf_cruise_arrive(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t place_index1 = ship->place_index1;
    bool docks = ship->order == INF_ORDER_DOCK;
    float full = inf_hull(ship->hull_kind)->shield;
    ship->shield = inf_minf(full, ship->shield + full * (float)(uint32_t)(ship->leg_end_tick - ship->leg_start_tick) /
                                                     (float)INF_TUNE_SHIELD_RECHARGE_TICKS);
    ship->place_index1 = 0;
    ship->from_place_index1 = 0;
    inf_ship_clear_order(world, ship_index1);
    InfVec3 at = docks ? inf_ship_point(world, ship, (float)INF_TUNE_ARRIVE_DOCK_NEAR_M, (float)INF_TUNE_ARRIVE_DOCK_FAR_M)
                       : inf_ship_point(world, ship, (float)INF_TUNE_ARRIVE_NEAR_M, (float)INF_TUNE_ARRIVE_FAR_M);
    InfVec3 in = inf_vec3_normalise(inf_vec3_negate(at), inf_vec3(1, 0, 0));
    InfMotion* motion = inf_motion_at(world, ship_index1);
    InfQuat attitude = inf_quat_look(in, inf_vec3(0, 0, 1));
    motion->attitude[0] = attitude.x;
    motion->attitude[1] = attitude.y;
    motion->attitude[2] = attitude.z;
    motion->attitude[3] = attitude.w;
    inf_ship_put_in_space(world, ship_index1, place_index1, at,
                          inf_vec3_scale(in, inf_hull(ship->hull_kind)->speed_m_per_s * 0.5f));
    INF_EMIT(world, place_index1, Arrived, event)
    {
        event->Arrived.soul = inf_ship_soul(world, ship);
        event->Arrived.ship = ship->id;
    }
    if (inf_place_at(world, place_index1)->kind == INF_PLACE_BELT) {
        inf_ship_goal(world, ship_index1, INF_GOAL_CRUISE);
    }
    if (docks) { // told to dock here: goes on by itself
        ship->order = INF_ORDER_DOCK;
        ship->destination_index1 = place_index1;
        if (!inf_ship_is_hot(world, ship)) {
            inf_ship_plan(world, ship_index1);
        }
        return;
    }
    inf_ship_notify(world, ship_index1, INF_NOTICE_ARRIVED, 0);
}

InfResult inf_cruise_drop_out(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint64_t now = inf_world_now(world);
    float share = (float)(uint32_t)(now - ship->leg_start_tick) /
                  (float)(uint32_t)(ship->leg_end_tick - ship->leg_start_tick);
    int64_t km[3];
    for (int axis = 0; axis < 3; axis++) {
        float at = inf_lerpf(ship->leg_from_m[axis], ship->leg_to_m[axis], inf_clampf(share, 0.0f, 1.0f));
        km[axis] = (int64_t)inf_clampf(at, -1e15f, 1e15f);
    }
    uint32_t place_index1 = inf_place_enter_deep(world, inf_place_at(world, ship->place_index1)->system_index1, km);
    if (place_index1 == 0) {
        return INF_ERROR_FULL;
    }
    ship->place_index1 = 0;
    ship->from_place_index1 = 0;
    inf_ship_clear_order(world, ship_index1);
    inf_ship_put_in_space(world, ship_index1, place_index1, inf_ship_point(world, ship, 1000.0f, 5000.0f),
                          inf_vec3(0, 0, 0));
    INF_EMIT(world, place_index1, Arrived, event)
    {
        event->Arrived.soul = inf_ship_soul(world, ship);
        event->Arrived.ship = ship->id;
    }
    return INF_OK;
}
