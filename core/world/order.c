// Orders and modules: what a pilot tells the ship. Everything that can be wrong is checked before anything changes.
// In a quiet place an order is a leg or a wait that the ship's timer ends; in a hot one hot.c steers by it.
#include "world/ships.h"

static bool is_cloaked(const InfShip* ship)
{
    for (uint32_t on = ship->modules_on; on != 0; on &= on - 1) {
        if (ship->modules[__builtin_ctz(on)] == INF_MODULE_CLOAK) {
            return true;
        }
    }
    return false;
}

static bool can_be_aimed_at(const InfShip* ship, const InfShip* other)
{
    return other->place_index1 == ship->place_index1 && ship->place_index1 != 0 && other != ship &&
           (other->state == INF_SHIP_STATE_SPACE || other->state == INF_SHIP_STATE_WRECK) && !is_cloaked(other);
}

uint32_t inf_ship_find_target(const InfWorld* world, const InfShip* ship, uint64_t target)
{
    uint32_t index1 = inf_world_find_ship(world, target);
    return index1 != 0 && can_be_aimed_at(ship, inf_ship_at(world, index1)) ? index1 : 0;
}

uint32_t inf_ship_find_target_again(const InfWorld* world, const InfShip* ship, uint64_t target, uint32_t* found_index1)
{
    if (target == 0) {
        return 0;
    }
    // A row that is given back has id 0, and no id comes twice.
    if (*found_index1 == 0 || *found_index1 > world->ship_pool.count || inf_ship_at(world, *found_index1)->id != target) {
        *found_index1 = inf_world_find_ship(world, target);
        if (*found_index1 == 0) {
            return 0;
        }
    }
    return can_be_aimed_at(ship, inf_ship_at(world, *found_index1)) ? *found_index1 : 0;
}

static void set_lasers(InfShip* ship, bool on)
{
    for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        if (ship->modules[slot] == INF_MODULE_MINING_LASER) {
            ship->modules_on = (uint8_t)(on ? ship->modules_on | 1u << slot : ship->modules_on & ~(1u << slot));
        }
    }
}

void inf_ship_clear_order(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->order == INF_ORDER_MINE) {
        set_lasers(ship, false);
    }
    ship->order = INF_ORDER_STOP;
    ship->phase = 0;
    ship->spool = 0;
    ship->target = 0;
    ship->destination_index1 = 0;
    ship->leg_start_tick = 0;
    ship->leg_end_tick = 0;
    memset(ship->helm_thrust, 0, sizeof ship->helm_thrust);
    memset(ship->helm_turn, 0, sizeof ship->helm_turn);
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, 0);
}

void inf_ship_end_order(InfWorld* world, uint32_t ship_index1, InfNotice notice)
{
    uint64_t target = inf_ship_at(world, ship_index1)->target;
    inf_ship_clear_order(world, ship_index1);
    inf_ship_notify(world, ship_index1, notice, target);
}

/// A leg to a point, ended by the ship's timer.
static void fly_leg(InfWorld* world, uint32_t ship_index1, InfVec3 to)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfVec3 from = inf_vec3_load(inf_motion_at(world, ship_index1)->position_m);
    to = inf_vec3_limit(to, INF_PLACE_RADIUS_M);
    inf_vec3_store(ship->leg_from_m, from);
    inf_vec3_store(ship->leg_to_m, to);
    ship->leg_start_tick = inf_world_now(world);
    ship->leg_end_tick = ship->leg_start_tick +
                         inf_flight_leg_ticks(inf_hull(ship->hull_kind), inf_vec3_distance(from, to));
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, ship->leg_end_tick);
}

static InfVec3 beside(InfVec3 from, InfVec3 to, float range_m)
{
    InfVec3 back = inf_vec3_normalise(inf_vec3_sub(from, to), inf_vec3(1, 0, 0));
    return inf_vec3_add_scaled(to, back, range_m);
}

void inf_ship_plan(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfMotion* motion = inf_motion_at(world, ship_index1);
    memset(motion->velocity_m_per_s, 0, sizeof motion->velocity_m_per_s);
    ship->leg_start_tick = 0;
    ship->leg_end_tick = 0;
    if (ship->spool || (inf_ship_is_travelling(ship) && ship->timer_tick != 0)) {
        return;
    }
    uint64_t now = inf_world_now(world);
    InfVec3 here = inf_vec3_load(motion->position_m);
    uint32_t target_index1 = inf_ship_find_target(world, ship, ship->target);
    InfVec3 there = target_index1 != 0 ? inf_ship_position(world, target_index1) : inf_vec3(0, 0, 0);
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, 0);
    if (inf_ship_is_travelling(ship)) {
        inf_cruise_align(world, ship_index1);
        return;
    }
    switch (ship->order) {
    case INF_ORDER_APPROACH:
    case INF_ORDER_ORBIT:
    case INF_ORDER_KEEP_RANGE: fly_leg(world, ship_index1, beside(here, there, ship->order_range_m)); break;
    case INF_ORDER_LOOT: fly_leg(world, ship_index1, beside(here, there, inf_loot_range_m(ship) * 0.5f)); break;
    case INF_ORDER_FLEE: fly_leg(world, ship_index1, beside(here, there, inf_vec3_distance(here, there) + 40000.0f)); break;
    case INF_ORDER_DOCK: fly_leg(world, ship_index1, beside(here, inf_vec3(0, 0, 0), 1000.0f)); break;
    case INF_ORDER_MINE:
        if (ship->phase == 0) {
            fly_leg(world, ship_index1, inf_mine_point(world, ship, here));
        } else {
            ship->work_tick = now;
            inf_timer_set(world, INF_TIMER_SHIP, ship_index1, inf_mine_end_tick(world, ship));
        }
        break;
    case INF_ORDER_ALIGN:
    case INF_ORDER_ATTACK: inf_timer_set(world, INF_TIMER_SHIP, ship_index1, now + 1); break;
    default: inf_ship_clear_order(world, ship_index1); break; // STOP, HELM: at rest
    }
}

/// The timer of a ship in a quiet place that neither spools nor travels.
static void quiet_timer(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    inf_ship_settle(world, ship_index1);
    switch (ship->order) {
    case INF_ORDER_DOCK: inf_ship_dock(world, ship_index1); break;
    case INF_ORDER_MINE:
        if (ship->phase == 0) {
            ship->phase = 1;
            inf_ship_plan(world, ship_index1);
        } else {
            inf_mine_end(world, ship_index1);
        }
        break;
    case INF_ORDER_LOOT: {
        uint32_t wreck_index1 = inf_ship_find_target(world, ship, ship->target);
        InfResult result = wreck_index1 != 0 ? inf_wreck_loot(world, ship_index1, wreck_index1) : INF_ERROR_NOT_FOUND;
        inf_ship_end_order(world, ship_index1, result == INF_OK ? INF_NOTICE_ORDER_DONE : INF_NOTICE_ORDER_FAILED);
        break;
    }
    case INF_ORDER_ATTACK: inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_FAILED); break;
    default: inf_ship_end_order(world, ship_index1, INF_NOTICE_ORDER_DONE); break;
    }
}

void inf_ship_timer(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    switch (ship->state) {
    case INF_SHIP_STATE_DOCKED: inf_ship_undock_end(world, ship_index1); break;
    case INF_SHIP_STATE_CRUISE: inf_cruise_arrive(world, ship_index1); break;
    case INF_SHIP_STATE_WRECK: inf_wreck_decay(world, ship_index1); break;
    case INF_SHIP_STATE_SPACE:
        if (ship->spool) {
            inf_jump_end(world, ship_index1);
        } else if (inf_ship_is_travelling(ship)) {
            inf_cruise_start(world, ship_index1);
        } else if (!inf_ship_is_hot(world, ship)) {
            quiet_timer(world, ship_index1);
        } else if (inf_ship_is_unattended(world, ship) && ship->order != INF_ORDER_DOCK) { // nobody came back: sleep
            inf_ship_clear_order(world, ship_index1);
            ship->modules_on = 0;
        }
        break;
    default: break;
    }
}

static bool wants_target(InfOrderKind kind)
{
    return kind == INF_ORDER_FLEE || kind == INF_ORDER_ATTACK || kind == INF_ORDER_LOOT;
}

/// Everything that can be wrong with an order, before anything changes.
static InfResult check_order(InfWorld* world, const InfShip* ship, const InfOrder* order, uint32_t* destination_index1)
{
    *destination_index1 = 0;
    if ((uint32_t)order->kind >= INF_ORDER_COUNT || order->kind == INF_ORDER_HELM) {
        return INF_ERROR_UNKNOWN;
    }
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return INF_ERROR_STATE;
    }
    uint32_t target_index1 = inf_ship_find_target(world, ship, order->target);
    if (order->target != 0 && order->kind != INF_ORDER_CRUISE && order->kind != INF_ORDER_DOCK &&
        order->kind != INF_ORDER_JUMP && order->kind != INF_ORDER_MINE && order->kind != INF_ORDER_STOP &&
        target_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (wants_target(order->kind) && target_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    switch (order->kind) {
    case INF_ORDER_ORBIT:
    case INF_ORDER_KEEP_RANGE:
    case INF_ORDER_APPROACH:
        if (!(order->range_m >= 0 && order->range_m <= 100000.0f)) {
            return INF_ERROR_RANGE;
        }
        return INF_OK;
    case INF_ORDER_ATTACK:
        return inf_ship_at(world, target_index1)->state == INF_SHIP_STATE_SPACE ? INF_OK : INF_ERROR_STATE;
    case INF_ORDER_LOOT:
        return inf_ship_at(world, target_index1)->state == INF_SHIP_STATE_WRECK ? INF_OK : INF_ERROR_STATE;
    case INF_ORDER_MINE:
        if (inf_place_at(world, ship->place_index1)->kind != INF_PLACE_BELT) {
            return INF_ERROR_STATE;
        }
        if (inf_mine_laser_count(ship) == 0) {
            return INF_ERROR_MODULE;
        }
        return inf_ship_cargo_free(ship) == 0 ? INF_ERROR_CARGO : INF_OK;
    case INF_ORDER_CRUISE:
        return inf_cruise_check(world, ship, order->body, destination_index1);
    case INF_ORDER_DOCK:
        // The body of a station elsewhere means: cruise there first. Anything else means the station here.
        if (inf_system_body_kind(world, inf_place_at(world, ship->place_index1)->system_index1, order->body) ==
                INF_BODY_STATION &&
            inf_cruise_check(world, ship, order->body, destination_index1) == INF_OK) {
            return INF_OK;
        }
        *destination_index1 = ship->place_index1;
        return inf_place_has_station(world, ship->place_index1) ? INF_OK : INF_ERROR_NOT_FOUND;
    default: return INF_OK;
    }
}

static float range_of_order(const InfShip* ship, const InfOrder* order)
{
    float radius = inf_hull(ship->hull_kind)->radius_m;
    switch (order->kind) {
    case INF_ORDER_APPROACH: // of the centre of a place: a station may be there
        return inf_maxf(order->range_m, order->target != 0 ? radius + 200.0f : 1500.0f);
    case INF_ORDER_ORBIT:
    case INF_ORDER_KEEP_RANGE: return order->range_m > 0 ? inf_maxf(order->range_m, 300.0f) : 2500.0f;
    case INF_ORDER_ATTACK:
        return order->range_m > 0 && order->range_m <= 30000.0f ? inf_maxf(order->range_m, 300.0f) : 5000.0f;
    default: return 0;
    }
}

InfResult inf_ship_order(InfWorld* world, uint32_t ship_index1, const InfOrder* order)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state == INF_SHIP_STATE_CRUISE) {
        return order->kind == INF_ORDER_STOP ? inf_cruise_drop_out(world, ship_index1) : INF_ERROR_STATE;
    }
    uint32_t destination_index1;
    InfResult result = check_order(world, ship, order, &destination_index1);
    if (result != INF_OK) {
        return result;
    }
    if (order->kind == INF_ORDER_JUMP) {
        return inf_jump_start(world, ship_index1, order->system);
    }
    if (ship->spool) {
        inf_jump_break(world, ship_index1, INF_OK);
    }
    inf_ship_settle(world, ship_index1);
    inf_ship_clear_order(world, ship_index1);
    ship->order = (uint8_t)order->kind;
    ship->target = wants_target(order->kind) || order->kind == INF_ORDER_APPROACH || order->kind == INF_ORDER_ORBIT ||
                           order->kind == INF_ORDER_KEEP_RANGE || order->kind == INF_ORDER_ALIGN
                       ? order->target
                       : 0;
    ship->order_range_m = range_of_order(ship, order);
    ship->destination_index1 = destination_index1;
    if (order->kind == INF_ORDER_MINE) {
        set_lasers(ship, true);
        inf_vec3_store(ship->leg_to_m, inf_mine_point(world, ship, inf_ship_position(world, ship_index1)));
    }
    if (order->kind == INF_ORDER_ATTACK) {
        if (ship->weapon_target != order->target) {
            ship->missiles = 0;
        }
        ship->weapon_target = order->target;
        for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
            if (inf_module_is_weapon(ship->modules[slot])) {
                ship->modules_on |= (uint8_t)(1u << slot);
            }
        }
        inf_place_heat(world, ship->place_index1, INF_HOT_LINGER_TICKS);
    }
    if (inf_ship_is_travelling(ship)) {
        inf_cruise_align(world, ship_index1);
    } else if (!inf_ship_is_hot(world, ship)) {
        inf_ship_plan(world, ship_index1);
    }
    return INF_OK;
}

InfResult inf_ship_module(InfWorld* world, uint32_t ship_index1, uint32_t slot, bool on, uint64_t target)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (slot >= INF_MODULE_SLOTS || inf_module(ship->modules[slot])->cycle_ticks == 0 ||
        ship->modules[slot] == INF_MODULE_JUMP_DRIVE || ship->modules[slot] == INF_MODULE_SCANNER) {
        return INF_ERROR_MODULE;
    }
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return INF_ERROR_STATE;
    }
    uint8_t bit = (uint8_t)(1u << slot);
    uint32_t kind = ship->modules[slot];
    if (!on) {
        ship->modules_on &= (uint8_t)~bit;
        ship->missiles &= (uint8_t)~bit;
        return INF_OK;
    }
    bool aims = inf_module_is_weapon(kind) || kind == INF_MODULE_INTERDICTOR || kind == INF_MODULE_BOARDING_CLAMPS;
    uint64_t aim = target != 0 ? target : ship->weapon_target;
    if (kind == INF_MODULE_INTERDICTOR && inf_intercept_is_meant(world, ship, aim)) {
        return inf_intercept(world, ship_index1, slot, aim);
    }
    if (aims) {
        uint32_t target_index1 = inf_ship_find_target(world, ship, aim);
        if (target_index1 == 0) {
            return INF_ERROR_NOT_FOUND;
        }
        if (inf_ship_at(world, target_index1)->state != INF_SHIP_STATE_SPACE) {
            return INF_ERROR_STATE;
        }
    }
    if (kind == INF_MODULE_MINING_LASER && inf_place_at(world, ship->place_index1)->kind != INF_PLACE_BELT) {
        return INF_ERROR_STATE;
    }
    if (aims && ship->weapon_target != aim) {
        ship->weapon_target = aim;
        ship->missiles = 0;
    }
    ship->modules_on |= bit;
    if (kind != INF_MODULE_MINING_LASER || ship->order != INF_ORDER_MINE) {
        inf_place_heat(world, ship->place_index1, INF_HOT_LINGER_TICKS);
    }
    return INF_OK;
}
