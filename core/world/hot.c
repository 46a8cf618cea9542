// One tick of a hot place, in passes over arrays in scratch memory so that no ship's turn depends on another's:
//   1. gather: who is in space here, and each one's target, looked up once
//   2. steer: from all motions as they are now, the command of each ship
//   3. fly: all ships one step
//   4. work: recharge, modules that cycle (lasers fire here)
//   5. end: orders that are fulfilled by where the ship is now
// Passes 4 and 5 can end ships, souls and even the place; each ship is looked at again before its turn.
#include "world/ships.h"

typedef struct HotShips {
    uint32_t count;
    uint32_t* index1;
    uint32_t* target_index1; ///< of the order; 0: none or gone
    uint64_t* ids;
    InfFlightCommand* commands;
} HotShips;

static bool aims_order(uint32_t order)
{
    return order == INF_ORDER_APPROACH || order == INF_ORDER_ORBIT || order == INF_ORDER_KEEP_RANGE ||
           order == INF_ORDER_ALIGN || order == INF_ORDER_LOOT || order == INF_ORDER_FLEE || order == INF_ORDER_ATTACK;
}

static uint32_t find_target(const InfWorld* world, uint32_t ship_index1)
{
    const InfShip* ship = inf_ship_at(world, ship_index1);
    return inf_ship_find_target_again(world, ship, ship->target, &inf_motion_at(world, ship_index1)->found_index1[0]);
}

#define AHEAD 6u

/// A row will be looked at soon. With thousands of ships it is memory that a tick waits for.
static void fetch_row(const void* row, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += 64) {
        __builtin_prefetch((const char*)row + at);
    }
}

static void fetch_ship(const InfWorld* world, const HotShips* ships, uint32_t i)
{
    if (i + AHEAD < ships->count) {
        fetch_row(inf_ship_at(world, ships->index1[i + AHEAD]), sizeof(InfShip));
    }
}

static void fetch_motions(const InfWorld* world, const HotShips* ships, uint32_t i)
{
    if (i + AHEAD < ships->count) {
        uint32_t target_index1 = ships->target_index1[i + AHEAD];
        fetch_row(inf_motion_at(world, ships->index1[i + AHEAD]), sizeof(InfMotion));
        if (target_index1 != 0) {
            fetch_row(inf_motion_at(world, target_index1), sizeof(InfMotion));
        }
    }
}

static bool gather(InfWorld* world, const InfPlace* place, HotShips* ships)
{
    uint32_t room = place->ship_count;
    // Asked only when the heat is half gone: souls' rows are far from ships'.
    bool asks = place->hot_until_tick <= inf_world_now(world) + INF_HOT_LINGER_TICKS / 2, watched = false;
    memset(ships, 0, sizeof *ships);
    ships->index1 = inf_scratch_take(world, room * sizeof *ships->index1);
    ships->target_index1 = inf_scratch_take(world, room * sizeof *ships->target_index1);
    ships->ids = inf_scratch_take(world, room * sizeof *ships->ids);
    ships->commands = inf_scratch_take(world, room * sizeof *ships->commands);
    for (uint32_t i = place->first_ship; i != 0; i = inf_ship_at(world, i)->next_in_place) {
        const InfShip* ship = inf_ship_at(world, i);
        if (i > AHEAD) { // who came one after the other mostly has rows one behind the other
            fetch_row(inf_ship_at(world, i - AHEAD), sizeof(InfShip));
        }
        if (ship->state != INF_SHIP_STATE_SPACE) {
            continue;
        }
        INF_ASSERT(ships->count < room);
        watched = watched || (asks && inf_ship_is_watched(world, ship));
        ships->index1[ships->count] = i;
        ships->ids[ships->count] = ship->id;
        ships->target_index1[ships->count] =
            ship->target != 0 && aims_order(ship->order) ? find_target(world, i) : 0;
        ships->count++;
    }
    return watched;
}

// ---- steering -----------------------------------------------------------------------------------------------------

/// Towards a point that moves, so as to come to rest beside it at the range.
static InfVec3 approach(const InfHull* hull, InfVec3 here, InfVec3 there, InfVec3 their_velocity, float range_m)
{
    InfVec3 way = inf_vec3_sub(there, here);
    float distance = inf_vec3_length(way);
    float speed = inf_flight_approach_speed(hull, inf_maxf(distance - range_m, 0.0f));
    InfVec3 direction = inf_vec3_normalise(way, inf_vec3(0, 0, 0));
    return inf_vec3_limit(inf_vec3_add_scaled(their_velocity, direction, speed), hull->speed_m_per_s);
}

static InfVec3 keep_range(const InfHull* hull, InfVec3 here, InfVec3 there, InfVec3 their_velocity, float range_m)
{
    InfVec3 way = inf_vec3_sub(there, here);
    float off = inf_vec3_length(way) - range_m;
    float speed = inf_flight_approach_speed(hull, inf_absf(off));
    InfVec3 direction = inf_vec3_normalise(way, inf_vec3(1, 0, 0));
    return inf_vec3_limit(inf_vec3_add_scaled(their_velocity, direction, off < 0 ? -speed : speed), hull->speed_m_per_s);
}

static InfVec3 orbit(const InfHull* hull, InfVec3 here, InfVec3 there, InfVec3 their_velocity, float range_m)
{
    InfVec3 out = inf_vec3_sub(here, there);
    float distance = inf_vec3_length(out);
    InfVec3 direction = inf_vec3_normalise(out, inf_vec3(1, 0, 0));
    InfVec3 axis = inf_absf(direction.z) < 0.9f ? inf_vec3(0, 0, 1) : inf_vec3(1, 0, 0);
    InfVec3 along = inf_vec3_normalise(inf_vec3_cross(axis, direction), inf_vec3(0, 1, 0));
    // The circle must be one that the side thrusters can hold.
    float round = inf_sqrtf(0.5f * INF_THRUST_SIDE * hull->acceleration_m_per_s2 * inf_maxf(range_m, 100.0f));
    float off = distance - range_m;
    float share = inf_clampf(off / inf_maxf(range_m, 500.0f), -1.0f, 1.0f);
    float inward = inf_flight_approach_speed(hull, inf_absf(off)) * (share < 0 ? -1.0f : 1.0f);
    InfVec3 wanted = inf_vec3_scale(along, inf_minf(round, hull->speed_m_per_s) * (1.0f - inf_absf(share) * 0.7f));
    wanted = inf_vec3_add_scaled(wanted, direction, -inward);
    return inf_vec3_limit(inf_vec3_add(wanted, their_velocity), hull->speed_m_per_s);
}

static void steer(const InfWorld* world, uint32_t ship_index1, uint32_t target_index1, InfFlightCommand* out)
{
    const InfShip* ship = inf_ship_at(world, ship_index1);
    const InfMotion* motion = inf_motion_at(world, ship_index1);
    const InfHull* hull = inf_hull(ship->hull_kind);
    InfVec3 here = inf_vec3_load(motion->position_m);
    InfVec3 there = inf_vec3(0, 0, 0), their_velocity = inf_vec3(0, 0, 0), velocity = inf_vec3(0, 0, 0);
    InfVec3 aim = inf_vec3(0, 0, 0);
    if (target_index1 != 0) { // no target: the centre of the place, where its station is
        there = inf_vec3_load(inf_motion_at(world, target_index1)->position_m);
        their_velocity = inf_vec3_load(inf_motion_at(world, target_index1)->velocity_m_per_s);
    }
    if (inf_ship_is_travelling(ship)) {
        aim = inf_vec3_load(ship->leg_to_m);
        velocity = inf_vec3_scale(inf_vec3_normalise(aim, inf_vec3(0, 0, 1)), hull->speed_m_per_s * 0.75f);
        inf_flight_steer(motion, hull, velocity, aim, out);
        return;
    }
    switch (ship->order) {
    case INF_ORDER_HELM:
        inf_flight_helm(motion, hull, ship->helm_thrust, ship->helm_turn, out);
        return;
    case INF_ORDER_APPROACH: velocity = approach(hull, here, there, their_velocity, ship->order_range_m); break;
    case INF_ORDER_LOOT: velocity = approach(hull, here, there, their_velocity, inf_loot_range_m(ship) * 0.5f); break;
    case INF_ORDER_KEEP_RANGE:
        velocity = keep_range(hull, here, there, their_velocity, ship->order_range_m);
        aim = inf_vec3_sub(there, here);
        break;
    case INF_ORDER_ORBIT: velocity = orbit(hull, here, there, their_velocity, ship->order_range_m); break;
    case INF_ORDER_ATTACK:
        if (target_index1 != 0) {
            velocity = orbit(hull, here, there, their_velocity, ship->order_range_m);
            aim = inf_vec3_sub(there, here);
        }
        break;
    case INF_ORDER_ALIGN:
        aim = inf_vec3_sub(there, here);
        velocity = inf_vec3_scale(inf_vec3_normalise(aim, inf_vec3(0, 0, 1)), hull->speed_m_per_s);
        break;
    case INF_ORDER_FLEE:
        velocity = inf_vec3_scale(inf_vec3_normalise(inf_vec3_sub(here, there), inf_vec3(1, 0, 0)), hull->speed_m_per_s);
        break;
    case INF_ORDER_DOCK:
        velocity = approach(hull, here, there, their_velocity, (float)INF_TUNE_DOCK_RANGE_M * 0.75f);
        break;
    case INF_ORDER_MINE:
        if (ship->phase == 0) {
            velocity = approach(hull, here, inf_vec3_load(ship->leg_to_m), inf_vec3(0, 0, 0), 0);
        }
        break;
    default: break; // STOP, JUMP: at rest
    }
    inf_flight_steer(motion, hull, velocity, aim, out);
}

// ---- what is reached ----------------------------------------------------------------------------------------------

static bool is_beside(const InfMotion* motion, const InfMotion* other, float range_m)
{
    InfVec3 way = inf_vec3_sub(inf_vec3_load(other->position_m), inf_vec3_load(motion->position_m));
    InfVec3 speed = inf_vec3_sub(inf_vec3_load(other->velocity_m_per_s), inf_vec3_load(motion->velocity_m_per_s));
    return inf_vec3_length_squared(way) <= range_m * range_m && inf_vec3_length_squared(speed) <= 20.0f * 20.0f;
}

static void end_orders(InfWorld* world, uint32_t ship_index1, uint32_t target_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    const InfMotion* motion = inf_motion_at(world, ship_index1);
    static const InfMotion centre = {.attitude = {0, 0, 0, 1}};
    const InfMotion* other = target_index1 != 0 ? inf_motion_at(world, target_index1) : &centre;
    if (ship->target != 0 && target_index1 == 0 && aims_order(ship->order)) {
        inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_FAILED); // gone, docked or destroyed
        return;
    }
    switch (ship->order) {
    case INF_ORDER_APPROACH:
        if (is_beside(motion, other, ship->order_range_m + 100.0f)) {
            inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_DONE);
        }
        break;
    case INF_ORDER_FLEE:
        if (inf_vec3_length(inf_vec3_load(motion->position_m)) > INF_PLACE_RADIUS_M - 1000.0f ||
            inf_vec3_distance(inf_vec3_load(motion->position_m), inf_vec3_load(other->position_m)) > 120000.0f) {
            inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_DONE);
        }
        break;
    case INF_ORDER_ATTACK:
        if (inf_ship_at(world, target_index1)->state != INF_SHIP_STATE_SPACE) { // a wreck by now
            inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_DONE);
        }
        break;
    case INF_ORDER_LOOT:
        if (inf_vec3_distance(inf_vec3_load(motion->position_m), inf_vec3_load(other->position_m)) <=
            inf_loot_range_m(ship)) {
            InfResult result = inf_wreck_loot(world, ship_index1, target_index1);
            inf_ship_end_order(world, ship_index1, result == INF_OK ? INF_NOTICE_ORDER_DONE : INF_NOTICE_ORDER_FAILED);
        }
        break;
    case INF_ORDER_DOCK:
        if (!inf_ship_is_travelling(ship)) {
            InfVec3 velocity = inf_vec3_load(motion->velocity_m_per_s);
            const float range = (float)INF_TUNE_DOCK_RANGE_M, speed = (float)INF_TUNE_DOCK_SPEED_M_PER_S;
            if (inf_vec3_length_squared(inf_vec3_load(motion->position_m)) <= range * range &&
                inf_vec3_length_squared(velocity) <= speed * speed) {
                inf_ship_dock(world, ship_index1);
            }
        }
        break;
    case INF_ORDER_MINE:
        if (ship->phase == 0) {
            InfMotion rock = centre;
            memcpy(rock.position_m, ship->leg_to_m, sizeof rock.position_m);
            if (is_beside(motion, &rock, 300.0f)) {
                ship->phase = 1;
            }
        } else if (ship->modules_on == 0) { // its lasers were switched off by hand
            inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_FAILED);
        }
        break;
    default: break;
    }
}

void inf_hot_tick(InfWorld* world, uint32_t place_index1)
{
    InfPlace* place = inf_place_at(world, place_index1);
    INF_ASSERT(place->hot);
    HotShips ships;
    if (gather(world, place, &ships)) {
        inf_place_heat(world, place_index1, INF_HOT_LINGER_TICKS);
    } else if (inf_world_now(world) >= place->hot_until_tick) {
        inf_place_cool(world, place_index1);
        return;
    }
    for (uint32_t i = 0; i < ships.count; i++) {
        fetch_ship(world, &ships, i);
        fetch_motions(world, &ships, i);
        steer(world, ships.index1[i], ships.target_index1[i], &ships.commands[i]);
    }
    for (uint32_t i = 0; i < ships.count; i++) {
        fetch_ship(world, &ships, i);
        fetch_motions(world, &ships, i);
        inf_flight_step(inf_motion_at(world, ships.index1[i]),
                        inf_hull(inf_ship_at(world, ships.index1[i])->hull_kind), &ships.commands[i]);
    }
    for (uint32_t i = 0; i < ships.count; i++) {
        uint32_t index1 = ships.index1[i];
        fetch_ship(world, &ships, i);
        if (!inf_ship_is_here(world, index1, ships.ids[i], place_index1)) {
            continue;
        }
        InfShip* ship = inf_ship_at(world, index1);
        if (ship->state != INF_SHIP_STATE_SPACE) {
            continue;
        }
        float full = inf_hull(ship->hull_kind)->shield;
        if (ship->shield < full) {
            ship->shield = inf_minf(full, ship->shield + full / (float)INF_TUNE_SHIELD_RECHARGE_TICKS);
            if (ship->alarms & 1u << INF_ALARM_SHIELD && ship->shield > full * 0.2f) {
                inf_ship_alarm(world, index1, INF_ALARM_SHIELD, false);
            }
        }
        if (ship->modules_on != 0) {
            inf_ship_modules_tick(world, index1);
        }
    }
    for (uint32_t i = 0; i < ships.count; i++) {
        uint32_t index1 = ships.index1[i];
        fetch_ship(world, &ships, i);
        if (!inf_ship_is_here(world, index1, ships.ids[i], place_index1) ||
            inf_ship_at(world, index1)->state != INF_SHIP_STATE_SPACE) {
            continue;
        }
        if (inf_ship_at(world, index1)->flags & INF_SHIP_PATROL && !inf_patrol_think(world, index1)) {
            continue;
        }
        const InfShip* ship = inf_ship_at(world, index1);
        uint32_t target = ships.target_index1[i];
        if (ship->target != 0) { // as of now: the pass before may have changed either
            target = aims_order(ship->order) ? find_target(world, index1) : 0;
        }
        end_orders(world, index1, target);
    }
}
