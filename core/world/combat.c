// Fights: modules that cycle, damage, death, wrecks. A laser hits by range and angular speed against its tracking,
// by chance from the world's stream; a missile flies until its rack's cycle ends and hits if its target is still
// near enough, so that it can be outrun. Shield first, then hull; at zero the ship is a wreck with part of its cargo
// and of the credits its pilot carried, which wait in escrow until somebody takes them or the wreck decays.
#include "world/ships.h"

bool inf_module_is_weapon(uint32_t module)
{
    return module == INF_MODULE_PULSE_LASER || module == INF_MODULE_MISSILE_RACK;
}

// ---- harm ---------------------------------------------------------------------------------------------------------

static bool is_recent(const InfWorld* world, const InfShip* ship, uint64_t aggressor)
{
    return ship->aggressor == aggressor && aggressor != 0 &&
           inf_world_now(world) - ship->aggressor_tick <= INF_TUNE_ATTACK_MEMORY_TICKS;
}

bool inf_ship_note_attack(InfWorld* world, uint32_t ship_index1, uint64_t shooter_id)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    bool again = is_recent(world, ship, shooter_id);
    ship->aggressor = shooter_id;
    ship->aggressor_tick = inf_world_now(world);
    uint32_t shooter_index1 = inf_world_find_ship(world, shooter_id);
    if (again || shooter_index1 == 0) {
        return false;
    }
    InfShip* shooter = inf_ship_at(world, shooter_index1);
    bool answers = is_recent(world, shooter, ship->id) || (ship->flags & INF_SHIP_CRIMINAL) != 0;
    if (!answers && (shooter->flags & INF_SHIP_PATROL) == 0) {
        shooter->flags |= INF_SHIP_FIRED_FIRST;
        inf_law_crime(world, ship->place_index1, shooter_index1, ship_index1, false); // calls the drones, too
    }
    return true;
}

void inf_ship_tell_attack(InfWorld* world, uint32_t ship_index1, uint64_t shooter_id)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->pilot_index1 == 0) {
        return;
    }
    inf_soul_alarm(world, ship->pilot_index1, INF_ALARM_ATTACKED);
    inf_ship_notify(world, ship_index1, INF_NOTICE_ATTACKED, shooter_id);
}

void inf_ship_make_wreck(InfWorld* world, uint32_t ship_index1, int64_t loot_credits)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    INF_ASSERT(ship->pilot_index1 == 0 && ship->state == INF_SHIP_STATE_SPACE);
    inf_ship_settle(world, ship_index1);
    inf_ship_clear_order(world, ship_index1);
    if ((ship->flags & INF_SHIP_PATROL) != 0) {
        inf_place_at(world, ship->place_index1)->drones--;
    }
    ship->state = INF_SHIP_STATE_WRECK;
    ship->hull = 0;
    ship->shield = 0;
    ship->fuel = 0;
    ship->modules_on = 0;
    ship->missiles = 0;
    ship->flags = 0;
    ship->weapon_target = 0;
    ship->loot_credits = loot_credits;
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        ship->cargo[good] = (uint16_t)((uint32_t)ship->cargo[good] * INF_TUNE_WRECK_CARGO_PERMILLE / 1000u);
    }
    memset(inf_motion_at(world, ship_index1)->velocity_m_per_s, 0, sizeof(float) * 3);
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, inf_world_now(world) + INF_TUNE_WRECK_TICKS);
}

/// What a dead pilot carried goes half into the wreck; the other half is the will's.
static int64_t take_loot(InfWorld* world, const InfSoul* soul)
{
    int64_t loot = inf_account_at(world, soul->carried_account)->credits * INF_TUNE_WRECK_CREDITS_PERMILLE / 1000;
    if (loot < 1 || inf_ledger_move(world, soul->carried_account, inf_ledger_own(INF_ACCOUNT_ESCROW), loot,
                                    INF_REASON_ROBBERY) != INF_OK) {
        return 0;
    }
    return loot;
}

static void destroy(InfWorld* world, uint32_t ship_index1, uint64_t killer_ship)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t place_index1 = ship->place_index1;
    uint32_t killer_index1 = inf_world_find_ship(world, killer_ship);
    uint64_t killer_soul = killer_index1 != 0 ? inf_ship_soul(world, inf_ship_at(world, killer_index1)) : 0;
    INF_EMIT(world, place_index1, Destroyed, event)
    {
        event->Destroyed.soul = inf_ship_soul(world, ship);
        event->Destroyed.ship = ship->id;
        event->Destroyed.killer = killer_soul;
    }
    if (killer_soul != 0 && (inf_ship_at(world, killer_index1)->flags & INF_SHIP_FIRED_FIRST) != 0 &&
        (ship->flags & (INF_SHIP_CRIMINAL | INF_SHIP_FIRED_FIRST)) == 0) {
        inf_law_crime(world, place_index1, killer_index1, ship_index1, true);
    }
    uint32_t pilot = ship->pilot_index1;
    int64_t loot = 0;
    if (pilot != 0) {
        InfSoul* soul = inf_soul_at(world, pilot);
        loot = take_loot(world, soul);
        soul->ship_index1 = 0;
        ship->pilot_index1 = 0;
    }
    inf_ship_make_wreck(world, ship_index1, loot);
    if (pilot != 0) {
        inf_soul_die(world, pilot, INF_DEATH_KILLED, killer_soul);
    }
}

void inf_ship_damage(InfWorld* world, uint32_t ship_index1, float damage, uint64_t shooter_ship)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE || !(damage > 0)) {
        return;
    }
    const InfHull* hull = inf_hull(ship->hull_kind);
    uint64_t id = ship->id;
    uint32_t place_index1 = ship->place_index1;
    inf_place_heat(world, place_index1, INF_HOT_LINGER_TICKS);
    bool begins = inf_ship_note_attack(world, ship_index1, shooter_ship);
    float through = damage - ship->shield;
    ship->shield = inf_maxf(ship->shield - damage, 0.0f);
    if (through > 0) {
        ship->hull -= through;
    }
    if (ship->hull <= 0) {
        destroy(world, ship_index1, shooter_ship);
        return;
    }
    inf_ship_alarm(world, ship_index1, INF_ALARM_SHIELD, ship->shield <= 0 && hull->shield > 0);
    inf_ship_alarm(world, ship_index1, INF_ALARM_HULL, ship->hull < hull->hull * (float)INF_TUNE_HULL_ALARM_PERMILLE / 1000.0f);
    if (ship->spool && damage >= (hull->hull + hull->shield) * (float)INF_TUNE_SPOOL_BREAK_PERMILLE / 1000.0f) {
        inf_jump_break(world, ship_index1, INF_ERROR_STATE);
        begins = true; // the pilot has to think again
    }
    if (begins && inf_ship_is_here(world, ship_index1, id, place_index1)) {
        inf_ship_tell_attack(world, ship_index1, shooter_ship);
    }
}

// ---- modules ------------------------------------------------------------------------------------------------------

/// module_ready holds the low 16 bits of a tick; a wait longer than the cycle is one that ended long ago.
bool inf_module_is_ready(const InfWorld* world, const InfShip* ship, uint32_t slot)
{
    uint16_t wait = (uint16_t)(ship->module_ready[slot] - (uint16_t)inf_world_now(world));
    return wait == 0 || wait > inf_module(ship->modules[slot])->cycle_ticks;
}

void inf_module_begin_cycle(const InfWorld* world, InfShip* ship, uint32_t slot)
{
    ship->module_ready[slot] = (uint16_t)(inf_world_now(world) + inf_module(ship->modules[slot])->cycle_ticks);
}

static void tell_shot(InfWorld* world, const InfShip* ship, uint64_t target, uint32_t module, bool hit, float damage)
{
    world->header.shots++;
    INF_EMIT(world, ship->place_index1, Fired, event)
    {
        event->Fired.ship = ship->id;
        event->Fired.target = target;
        event->Fired.module = (uint8_t)module;
        event->Fired.hit = hit;
        event->Fired.damage = hit ? damage : 0;
    }
}

/// Chance of a hit: full within range, none at one and a half of it; half when the target crosses the sky as fast as
/// the turret can follow.
static float hit_chance(const InfModule* laser, const InfMotion* from, const InfMotion* to, float radius_m)
{
    InfVec3 way = inf_vec3_sub(inf_vec3_load(to->position_m), inf_vec3_load(from->position_m));
    float distance = inf_maxf(inf_vec3_length(way), 1.0f);
    if (distance > laser->range_m * 1.5f) {
        return 0;
    }
    InfVec3 relative = inf_vec3_sub(inf_vec3_load(to->velocity_m_per_s), inf_vec3_load(from->velocity_m_per_s));
    InfVec3 across = inf_vec3_cross(way, relative);
    float angular = inf_vec3_length(across) / (distance * distance);
    float ratio = angular / (laser->tracking_rad_per_s * (0.5f + radius_m / 40.0f)); // big ships are hit more easily
    float chance = 1.0f / (1.0f + ratio * ratio);
    return distance <= laser->range_m ? chance : chance * (1.5f - distance / laser->range_m) * 2.0f;
}

static void laser_tick(InfWorld* world, uint32_t ship_index1, uint32_t slot, uint32_t target_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    const InfShip* target = inf_ship_at(world, target_index1);
    const InfModule* laser = inf_module(INF_MODULE_PULSE_LASER);
    float chance = hit_chance(laser, inf_motion_at(world, ship_index1), inf_motion_at(world, target_index1),
                              inf_hull(target->hull_kind)->radius_m);
    if (chance <= 0) {
        return; // out of reach: waits
    }
    inf_module_begin_cycle(world, ship, slot);
    bool hit = inf_rng_f32(inf_world_rng(world)) < chance;
    inf_place_heat(world, ship->place_index1, INF_HOT_LINGER_TICKS);
    tell_shot(world, ship, target->id, INF_MODULE_PULSE_LASER, hit, laser->amount);
    uint64_t shooter = ship->id, victim = target->id;
    uint32_t place_index1 = ship->place_index1;
    if (hit) {
        inf_ship_damage(world, target_index1, laser->amount, shooter);
    } else if (inf_ship_note_attack(world, target_index1, shooter) &&
               inf_ship_is_here(world, target_index1, victim, place_index1)) {
        inf_ship_tell_attack(world, target_index1, shooter);
    }
}

static void missile_tick(InfWorld* world, uint32_t ship_index1, uint32_t slot, uint32_t target_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    const InfShip* target = inf_ship_at(world, target_index1);
    const InfModule* rack = inf_module(INF_MODULE_MISSILE_RACK);
    const InfMotion *from = inf_motion_at(world, ship_index1), *to = inf_motion_at(world, target_index1);
    float distance = inf_vec3_distance(inf_vec3_load(from->position_m), inf_vec3_load(to->position_m));
    uint8_t bit = (uint8_t)(1u << slot);
    uint64_t shooter = ship->id, victim = target->id;
    uint32_t place_index1 = ship->place_index1;
    if ((ship->missiles & bit) == 0) {
        float flight_m = (float)INF_TUNE_MISSILE_SPEED_M_PER_S * (float)rack->cycle_ticks * INF_TICK_SECONDS;
        if (distance > inf_minf(rack->range_m, flight_m)) {
            return;
        }
        ship->missiles |= bit;
        inf_module_begin_cycle(world, ship, slot);
        inf_place_heat(world, place_index1, INF_HOT_LINGER_TICKS);
        if (inf_ship_note_attack(world, target_index1, shooter) && inf_ship_is_here(world, target_index1, victim, place_index1)) {
            inf_ship_tell_attack(world, target_index1, shooter);
        }
        return;
    }
    ship->missiles &= (uint8_t)~bit;
    // It has flown for a cycle at its speed: a target that is farther off by now has outrun it.
    float reach_m = (float)INF_TUNE_MISSILE_SPEED_M_PER_S * (float)rack->cycle_ticks * INF_TICK_SECONDS;
    bool hit = distance <= reach_m;
    tell_shot(world, ship, victim, INF_MODULE_MISSILE_RACK, hit, rack->amount);
    if (hit) {
        inf_ship_damage(world, target_index1, rack->amount, shooter);
    }
}

static void interdictor_tick(InfWorld* world, uint32_t ship_index1, uint32_t slot, uint32_t target_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    const InfModule* interdictor = inf_module(INF_MODULE_INTERDICTOR);
    InfVec3 from = inf_vec3_load(inf_motion_at(world, ship_index1)->position_m);
    InfVec3 to = inf_vec3_load(inf_motion_at(world, target_index1)->position_m);
    if (inf_vec3_distance(from, to) > interdictor->range_m) {
        return;
    }
    inf_module_begin_cycle(world, ship, slot);
    uint64_t shooter = ship->id, victim = inf_ship_at(world, target_index1)->id;
    uint32_t place_index1 = ship->place_index1;
    inf_place_heat(world, place_index1, interdictor->cycle_ticks + INF_HOT_LINGER_TICKS); // it holds until its next cycle
    InfShip* target = inf_ship_at(world, target_index1);
    target->held_until_tick = inf_world_now(world) + interdictor->cycle_ticks + 1; // until the next cycle holds it again
    bool stopped = target->spool != 0 || inf_ship_is_travelling(target);
    if (target->spool) {
        inf_jump_break(world, target_index1, INF_ERROR_DENIED);
    } else if (stopped) {
        inf_ship_clear_order(world, target_index1);
    }
    bool begins = inf_ship_note_attack(world, target_index1, shooter);
    if ((begins || stopped) && inf_ship_is_here(world, target_index1, victim, place_index1)) {
        inf_ship_tell_attack(world, target_index1, shooter);
    }
}

static void mining_tick(InfWorld* world, uint32_t ship_index1, uint32_t slot)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfVec3 here = inf_vec3_load(inf_motion_at(world, ship_index1)->position_m);
    inf_module_begin_cycle(world, ship, slot);
    if (ship->order == INF_ORDER_MINE && ship->phase == 0) {
        return; // still on its way to the rock
    }
    if (inf_place_at(world, ship->place_index1)->kind != INF_PLACE_BELT || !inf_mine_is_in_range(world, ship, here)) {
        ship->modules_on &= (uint8_t)~(1u << slot);
        return;
    }
    uint64_t id = ship->id;
    uint32_t place_index1 = ship->place_index1;
    uint32_t units = inf_mine_cycle(world, ship_index1);
    if ((units == 0 || inf_ship_cargo_free(ship) == 0) && inf_ship_is_here(world, ship_index1, id, place_index1)) {
        ship->modules_on &= (uint8_t)~(1u << slot);
        if (ship->order == INF_ORDER_MINE) {
            inf_mine_end(world, ship_index1);
        } else if (ship->pilot_index1 != 0 && inf_ship_cargo_free(ship) == 0) {
            inf_soul_alarm(world, ship->pilot_index1, INF_ALARM_HOLD);
        }
    }
}

static void mend_tick(const InfWorld* world, InfShip* ship, uint32_t slot, const InfModule* module)
{
    const InfHull* hull = inf_hull(ship->hull_kind);
    if (ship->modules[slot] == INF_MODULE_SHIELD_BOOSTER && ship->shield < hull->shield) {
        ship->shield = inf_minf(hull->shield, ship->shield + module->amount);
        inf_module_begin_cycle(world, ship, slot);
    } else if (ship->modules[slot] == INF_MODULE_HULL_REPAIRER && ship->hull < hull->hull) {
        ship->hull = inf_minf(hull->hull, ship->hull + module->amount);
        inf_module_begin_cycle(world, ship, slot);
    }
}

void inf_ship_modules_tick(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint64_t id = ship->id;
    uint32_t place_index1 = ship->place_index1;
    for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        if ((ship->modules_on >> slot & 1u) == 0) {
            continue;
        }
        uint32_t kind = ship->modules[slot];
        const InfModule* module = inf_module(kind);
        if (!inf_module_is_ready(world, ship, slot)) {
            continue;
        }
        uint32_t target_index1 = 0;
        if (inf_module_is_weapon(kind) || kind == INF_MODULE_INTERDICTOR ||
            kind == INF_MODULE_BOARDING_CLAMPS) {
            target_index1 = inf_ship_find_target_again(world, ship, ship->weapon_target,
                                                       &inf_motion_at(world, ship_index1)->found_index1[1]);
            if (target_index1 == 0 || inf_ship_at(world, target_index1)->state != INF_SHIP_STATE_SPACE) {
                ship->modules_on &= (uint8_t)~(1u << slot); // nobody there any more
                ship->missiles &= (uint8_t)~(1u << slot);
                continue;
            }
        }
        switch (kind) {
        case INF_MODULE_PULSE_LASER: laser_tick(world, ship_index1, slot, target_index1); break;
        case INF_MODULE_MISSILE_RACK: missile_tick(world, ship_index1, slot, target_index1); break;
        case INF_MODULE_INTERDICTOR: interdictor_tick(world, ship_index1, slot, target_index1); break;
        case INF_MODULE_BOARDING_CLAMPS: inf_board_tick(world, ship_index1, slot, target_index1); break;
        case INF_MODULE_MINING_LASER: mining_tick(world, ship_index1, slot); break;
        case INF_MODULE_SHIELD_BOOSTER:
        case INF_MODULE_HULL_REPAIRER: mend_tick(world, ship, slot, module); break;
        default: break;
        }
        // What a shot set off may have gone as far as this ship's own end.
        if (!inf_ship_is_here(world, ship_index1, id, place_index1) || ship->state != INF_SHIP_STATE_SPACE) {
            return;
        }
    }
}

// ---- wrecks -------------------------------------------------------------------------------------------------------

void inf_wreck_decay(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->loot_credits > 0) {
        InfResult result = inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_ESCROW), inf_ledger_own(INF_ACCOUNT_BURN),
                                           ship->loot_credits, INF_REASON_LOST);
        INF_ASSERT(result == INF_OK);
        ship->loot_credits = 0;
    }
    inf_ship_destroy(world, ship_index1);
}

float inf_loot_range_m(const InfShip* ship)
{
    if (inf_ship_has_module(ship, INF_MODULE_TRACTOR)) {
        return inf_module(INF_MODULE_TRACTOR)->range_m;
    }
    return (float)INF_TUNE_LOOT_RANGE_M;
}

InfResult inf_wreck_loot(InfWorld* world, uint32_t ship_index1, uint32_t wreck_index1)
{
    InfShip *ship = inf_ship_at(world, ship_index1), *wreck = inf_ship_at(world, wreck_index1);
    if (wreck->state != INF_SHIP_STATE_WRECK) {
        return INF_ERROR_STATE;
    }
    if (inf_vec3_distance(inf_ship_position(world, ship_index1), inf_ship_position(world, wreck_index1)) >
        inf_loot_range_m(ship)) {
        return INF_ERROR_DISTANCE;
    }
    uint32_t room = inf_ship_cargo_free(ship), taken = 0;
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        uint32_t units = inf_min_u32(wreck->cargo[good], room);
        ship->cargo[good] = (uint16_t)(ship->cargo[good] + units);
        wreck->cargo[good] = (uint16_t)(wreck->cargo[good] - units);
        room -= units;
        taken += units;
    }
    int64_t credits = wreck->loot_credits;
    if (credits > 0 && ship->pilot_index1 != 0) {
        InfSoul* soul = inf_soul_at(world, ship->pilot_index1);
        InfResult result = inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_ESCROW), soul->carried_account, credits,
                                           INF_REASON_SALVAGE);
        INF_ASSERT(result == INF_OK);
        wreck->loot_credits = 0;
        inf_income_count(world, INF_TRADE_SALVAGE, credits);
    }
    if (inf_ship_cargo_units(wreck) == 0 && wreck->loot_credits == 0) { // nothing left: it breaks up
        inf_timer_set(world, INF_TIMER_SHIP, wreck_index1, inf_world_now(world) + INF_TICKS_PER_SECOND);
    }
    return taken != 0 || credits > 0 ? INF_OK : INF_ERROR_CARGO;
}
