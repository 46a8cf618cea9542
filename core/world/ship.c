// Ships: their rows, their pilots, and the change between quiet legs and integrated motion. See ships.h for the model.
#include "world/ships.h"

// ---- rows ---------------------------------------------------------------------------------------------------------

static const uint8_t first_modules[] = {INF_MODULE_JUMP_DRIVE, INF_MODULE_MINING_LASER, INF_MODULE_PULSE_LASER};

static bool has_no_modules(const uint8_t modules[INF_MODULE_SLOTS])
{
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        if (modules[i] != INF_MODULE_NONE) {
            return false;
        }
    }
    return true;
}

uint32_t inf_ship_create(InfWorld* world, const InfShipDef* def)
{
    uint32_t index1 = inf_pool_take(&world->ship_pool);
    if (index1 == 0) {
        return 0;
    }
    const InfHull* hull = inf_hull(def->hull_kind);
    InfShip* ship = inf_ship_at(world, index1);
    ship->id = inf_world_new_id(world, &world->header.ship_sequence);
    ship->owner = def->owner;
    ship->pilot_index1 = def->pilot_index1;
    ship->hull_kind = def->hull_kind;
    ship->hull = hull->hull;
    ship->shield = hull->shield;
    ship->fuel = hull->fuel;
    ship->update_tick = inf_world_now(world);
    if (has_no_modules(def->modules)) {
        memcpy(ship->modules, first_modules, inf_min_u32(hull->slots, sizeof first_modules));
    } else {
        memcpy(ship->modules, def->modules, sizeof ship->modules);
    }
    InfMotion* motion = inf_motion_at(world, index1);
    memset(motion, 0, sizeof *motion);
    motion->attitude[3] = 1.0f;
    inf_ship_index(world, index1);
    if (def->place_index1 != 0 && def->docked) {
        inf_ship_put_docked(world, index1, def->place_index1);
    } else if (def->place_index1 != 0) {
        inf_ship_put_in_space(world, index1, def->place_index1, inf_ship_point(world, ship, 3000.0f, 12000.0f),
                              inf_vec3(0, 0, 0));
    }
    return index1;
}

static void leave_place(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state == INF_SHIP_STATE_DOCKED && ship->place_index1 != 0) {
        inf_place_remove_docked(world, ship_index1);
    } else if (ship->state == INF_SHIP_STATE_SPACE || ship->state == INF_SHIP_STATE_WRECK ||
               ship->state == INF_SHIP_STATE_POD) {
        inf_place_remove_ship(world, ship_index1);
    }
    ship->place_index1 = 0;
    ship->state = INF_SHIP_STATE_NONE;
}

void inf_ship_destroy(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    INF_ASSERT(ship->pilot_index1 == 0);
    INF_ASSERT(ship->loot_credits == 0);
    leave_place(world, ship_index1);
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, 0);
    inf_map_remove(&world->ship_map, ship->id);
    memset(inf_motion_at(world, ship_index1), 0, sizeof(InfMotion));
    inf_pool_give_back(&world->ship_pool, ship_index1);
}

void inf_ship_abandon(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->pilot_index1 != 0) {
        inf_soul_at(world, ship->pilot_index1)->ship_index1 = 0;
        ship->pilot_index1 = 0;
    }
    if (ship->state == INF_SHIP_STATE_SPACE) {
        inf_ship_make_wreck(world, ship_index1, 0);
    } else if (ship->state != INF_SHIP_STATE_WRECK) {
        inf_ship_destroy(world, ship_index1);
    }
}

uint32_t inf_ship_cargo_units(const InfShip* ship)
{
    uint32_t units = 0;
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        units += ship->cargo[good];
    }
    return units;
}

uint32_t inf_ship_cargo_free(const InfShip* ship)
{
    uint32_t room = inf_hull(ship->hull_kind)->cargo_units, used = inf_ship_cargo_units(ship);
    return used < room ? room - used : 0;
}

bool inf_ship_has_module(const InfShip* ship, InfModuleKind kind)
{
    for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        if (ship->modules[slot] == kind) {
            return true;
        }
    }
    return false;
}

// ---- the pilot ----------------------------------------------------------------------------------------------------

bool inf_ship_is_watched(const InfWorld* world, const InfShip* ship)
{
    return ship->pilot_index1 != 0 && (inf_soul_at(world, ship->pilot_index1)->flags & INF_SOUL_CONNECTED) != 0;
}

bool inf_ship_is_unattended(const InfWorld* world, const InfShip* ship)
{
    if (ship->pilot_index1 == 0) {
        return false;
    }
    uint32_t flags = inf_soul_at(world, ship->pilot_index1)->flags;
    return (flags & INF_SOUL_PLAYER) != 0 && (flags & INF_SOUL_CONNECTED) == 0;
}

uint64_t inf_ship_soul(const InfWorld* world, const InfShip* ship)
{
    return ship->pilot_index1 != 0 ? inf_soul_at(world, ship->pilot_index1)->id : 0;
}

void inf_ship_notify(InfWorld* world, uint32_t ship_index1, InfNotice notice, uint64_t who)
{
    uint32_t pilot = inf_ship_at(world, ship_index1)->pilot_index1;
    if (pilot != 0) {
        inf_mind_notify(world, pilot, notice, who);
    }
}

void inf_ship_goal(InfWorld* world, uint32_t ship_index1, InfGoal goal)
{
    uint32_t pilot = inf_ship_at(world, ship_index1)->pilot_index1;
    if (pilot != 0 && (inf_soul_at(world, pilot)->flags & INF_SOUL_PLAYER) != 0) {
        inf_soul_goal(world, pilot, goal);
    }
}

void inf_ship_alarm(InfWorld* world, uint32_t ship_index1, InfAlarm alarm, bool holds)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint8_t bit = (uint8_t)(1u << alarm);
    if (!holds) {
        ship->alarms &= (uint8_t)~bit;
    } else if ((ship->alarms & bit) == 0) {
        ship->alarms |= bit;
        if (ship->pilot_index1 != 0) {
            inf_soul_alarm(world, ship->pilot_index1, alarm);
        }
    }
}

void inf_ship_burn_fuel(InfWorld* world, uint32_t ship_index1, uint32_t fuel)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    ship->fuel -= inf_min_u32(ship->fuel, fuel);
    uint64_t low = (uint64_t)inf_hull(ship->hull_kind)->fuel * INF_TUNE_FUEL_ALARM_PERMILLE / 1000u;
    inf_ship_alarm(world, ship_index1, INF_ALARM_FUEL, ship->fuel < low);
}

// ---- motion -------------------------------------------------------------------------------------------------------

bool inf_ship_motion(const InfWorld* world, uint32_t ship_index1, InfMotion* out)
{
    const InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->place_index1 == 0 || ship->state == INF_SHIP_STATE_DOCKED || ship->state == INF_SHIP_STATE_CRUISE ||
        ship->state == INF_SHIP_STATE_NONE) {
        return false;
    }
    if (ship->leg_end_tick == 0) {
        *out = *inf_motion_at(world, ship_index1);
        return true;
    }
    uint64_t now = inf_world_now(world);
    uint64_t gone = now > ship->leg_start_tick ? now - ship->leg_start_tick : 0;
    uint64_t total = ship->leg_end_tick - ship->leg_start_tick;
    inf_flight_leg_motion(inf_hull(ship->hull_kind), ship->leg_from_m, ship->leg_to_m, (uint32_t)total,
                          (uint32_t)(gone < total ? gone : total), out);
    return true;
}

InfVec3 inf_ship_position(const InfWorld* world, uint32_t ship_index1)
{
    InfMotion motion;
    if (!inf_ship_motion(world, ship_index1, &motion)) {
        return inf_vec3(0, 0, 0);
    }
    return inf_vec3_load(motion.position_m);
}

InfVec3 inf_ship_point(const InfWorld* world, const InfShip* ship, float near_m, float far_m)
{
    InfRng rng;
    inf_rng_seed(&rng, ship->id, inf_world_now(world));
    float sine, cosine;
    inf_sincosf(inf_rng_f32(&rng) * INF_TAU, &sine, &cosine);
    InfVec3 direction = inf_vec3(cosine, sine, (inf_rng_f32(&rng) - 0.5f) * 0.5f);
    return inf_vec3_scale(inf_vec3_normalise(direction, inf_vec3(1, 0, 0)), near_m + (far_m - near_m) * inf_rng_f32(&rng));
}

void inf_ship_put_in_space(InfWorld* world, uint32_t ship_index1, uint32_t place_index1, InfVec3 position_m,
                           InfVec3 velocity_m_per_s)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfMotion* motion = inf_motion_at(world, ship_index1);
    inf_vec3_store(motion->position_m, position_m);
    ship->state = INF_SHIP_STATE_SPACE;
    inf_place_add_ship(world, place_index1, ship_index1);
    bool hot = inf_place_at(world, place_index1)->hot != 0;
    inf_vec3_store(motion->velocity_m_per_s, hot ? velocity_m_per_s : inf_vec3(0, 0, 0));
}

float inf_ship_shield(const InfWorld* world, const InfShip* ship)
{
    float full = inf_hull(ship->hull_kind)->shield;
    if (ship->state != INF_SHIP_STATE_SPACE || inf_ship_is_hot(world, ship)) {
        return ship->shield;
    }
    uint64_t ticks = inf_world_now(world) - ship->update_tick;
    if (ticks >= INF_TUNE_SHIELD_RECHARGE_TICKS) {
        return full;
    }
    return inf_minf(full, ship->shield + full * (float)(uint32_t)ticks / (float)INF_TUNE_SHIELD_RECHARGE_TICKS);
}

static void settle_shield(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    ship->shield = inf_ship_shield(world, ship);
    ship->update_tick = inf_world_now(world);
    inf_ship_alarm(world, ship_index1, INF_ALARM_SHIELD,
                   ship->shield <= 0 && inf_hull(ship->hull_kind)->shield > 0);
}

void inf_ship_settle(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE || inf_ship_is_hot(world, ship)) {
        return;
    }
    InfMotion motion;
    if (inf_ship_motion(world, ship_index1, &motion)) {
        *inf_motion_at(world, ship_index1) = motion;
    }
    ship->leg_start_tick = 0;
    ship->leg_end_tick = 0;
    settle_shield(world, ship_index1);
    if (ship->order == INF_ORDER_MINE && ship->phase == 1) {
        inf_mine_settle(world, ship_index1);
    }
}

void inf_ship_go_hot(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return;
    }
    inf_ship_settle(world, ship_index1);
    if (ship->spool || inf_ship_is_travelling(ship)) {
        return; // their timer means the same in both
    }
    bool sleeps_later = inf_ship_is_unattended(world, ship) && ship->order != INF_ORDER_STOP;
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1,
                  sleeps_later ? inf_world_now(world) + INF_TUNE_SLEEP_TICKS : 0);
}

void inf_ship_go_quiet(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return;
    }
    ship->update_tick = inf_world_now(world);
    ship->work_tick = inf_world_now(world);
    ship->missiles = 0;
    ship->flags &= ~(uint32_t)(INF_SHIP_CRIMINAL | INF_SHIP_FIRED_FIRST); // the fight is over
    for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        if (ship->modules[slot] != INF_MODULE_MINING_LASER) {
            ship->modules_on &= (uint8_t)~(1u << slot);
        }
    }
    if (inf_ship_is_unattended(world, ship) && !ship->spool && ship->order != INF_ORDER_DOCK &&
        ship->order != INF_ORDER_CRUISE) {
        inf_ship_clear_order(world, ship_index1); // it sleeps until its human is back; an attack would wake the place
    }
    inf_ship_plan(world, ship_index1);
}
