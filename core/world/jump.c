// Jumps between systems. The drive spools up for some seconds in the place, which everybody near sees; a heavy hit
// or an interdictor breaks it. Only at the end is fuel taken, and the ship is either put into the star's place of its
// new system or, if another shard keeps that, into the outbox. A full outbox makes the spool go on a second more.
#include "world/ships.h"

uint32_t inf_jump_fuel(const InfShip* ship, uint64_t distance_mly)
{
    return distance_mly < UINT32_MAX ? (uint32_t)distance_mly : UINT32_MAX;
}

uint64_t inf_jump_range_mly(const InfShip* ship)
{
    if (!inf_ship_has_module(ship, INF_MODULE_JUMP_DRIVE)) {
        return 0;
    }
    return ship->fuel < INF_TUNE_JUMP_RANGE_MLY ? ship->fuel : INF_TUNE_JUMP_RANGE_MLY;
}

static InfSystemAddress target_address(const InfShip* ship)
{
    return (InfSystemAddress){ship->jump_sector[0], ship->jump_sector[1], ship->jump_sector[2],
                              ship->jump_system_in_sector};
}

static bool same_address(InfSystemAddress a, InfSystemAddress b)
{
    return a.x == b.x && a.y == b.y && a.z == b.z && a.index == b.index;
}

static uint64_t distance_mly(const InfWorld* world, const InfShip* ship, InfSystemAddress address)
{
    InfSystem from, to;
    inf_world_generate(world, inf_place_address(world, ship->place_index1), &from);
    inf_world_generate(world, address, &to);
    return inf_system_distance_mly(&from, &to);
}

/// Can the ship jump there now? The same question at the start and at the end of the spool.
static InfResult check(const InfWorld* world, const InfShip* ship, InfSystemAddress address, uint32_t* fuel)
{
    if (!inf_ship_has_module(ship, INF_MODULE_JUMP_DRIVE)) {
        return INF_ERROR_MODULE;
    }
    if (same_address(address, inf_place_address(world, ship->place_index1))) {
        return INF_ERROR_STATE;
    }
    if (!inf_system_exists(&world->galaxy, address)) {
        return INF_ERROR_NOT_FOUND;
    }
    uint64_t distance = distance_mly(world, ship, address);
    if (distance > INF_TUNE_JUMP_RANGE_MLY) {
        return INF_ERROR_DISTANCE;
    }
    *fuel = inf_jump_fuel(ship, distance);
    return *fuel > ship->fuel ? INF_ERROR_FUEL : INF_OK;
}

InfResult inf_jump_start(InfWorld* world, uint32_t ship_index1, InfSystemAddress address)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->spool) {
        return INF_ERROR_STATE;
    }
    uint32_t fuel = 0;
    InfResult result = check(world, ship, address, &fuel);
    if (result != INF_OK) {
        return result;
    }
    inf_ship_settle(world, ship_index1);
    inf_ship_clear_order(world, ship_index1);
    ship->order = INF_ORDER_JUMP;
    ship->spool = 1;
    ship->jump_sector[0] = address.x;
    ship->jump_sector[1] = address.y;
    ship->jump_sector[2] = address.z;
    ship->jump_system_in_sector = address.index;
    uint64_t end = inf_world_now(world) + INF_TUNE_SPOOL_TICKS;
    inf_timer_set(world, INF_TIMER_SHIP, ship_index1, end);
    if (!inf_ship_is_hot(world, ship)) {
        inf_ship_plan(world, ship_index1); // comes to rest
    }
    INF_EMIT(world, ship->place_index1, JumpSpool, event)
    {
        event->JumpSpool.soul = inf_ship_soul(world, ship);
        event->JumpSpool.ship = ship->id;
        event->JumpSpool.end_tick = end;
        memcpy(event->JumpSpool.sector, ship->jump_sector, sizeof ship->jump_sector);
        event->JumpSpool.system_in_sector = ship->jump_system_in_sector;
    }
    return INF_OK;
}

void inf_jump_break(InfWorld* world, uint32_t ship_index1, InfResult why)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (!ship->spool) {
        return;
    }
    inf_ship_clear_order(world, ship_index1);
    INF_EMIT(world, ship->place_index1, JumpBroken, event)
    {
        event->JumpBroken.soul = inf_ship_soul(world, ship);
        event->JumpBroken.ship = ship->id;
        event->JumpBroken.result = (uint8_t)why;
    }
}

bool inf_ship_is_held(const InfWorld* world, uint32_t ship_index1)
{
    return inf_ship_at(world, ship_index1)->held_until_tick > inf_world_now(world);
}

static void fail(InfWorld* world, uint32_t ship_index1, InfResult why)
{
    inf_jump_break(world, ship_index1, why);
    inf_ship_notify(world, ship_index1, INF_NOTICE_ORDER_FAILED, 0);
}

static void tell_jumped(InfWorld* world, const InfShip* ship, uint32_t shard)
{
    world->header.jumps++;
    INF_EMIT(world, ship->place_index1, Jumped, event)
    {
        event->Jumped.soul = inf_ship_soul(world, ship);
        event->Jumped.ship = ship->id;
        memcpy(event->Jumped.sector, ship->jump_sector, sizeof ship->jump_sector);
        event->Jumped.system_in_sector = ship->jump_system_in_sector;
        event->Jumped.shard = (uint16_t)shard;
    }
}

static void jump_here(InfWorld* world, uint32_t ship_index1, InfSystemAddress address, uint32_t fuel)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t system_index1 = inf_system_enter(world, address);
    uint32_t place_index1 = system_index1 != 0 ? inf_place_enter(world, system_index1, 0) : 0;
    if (place_index1 == 0) {
        fail(world, ship_index1, INF_ERROR_FULL);
        return;
    }
    tell_jumped(world, ship, world->header.shard);
    inf_ship_burn_fuel(world, ship_index1, fuel);
    inf_place_remove_ship(world, ship_index1);
    ship->state = INF_SHIP_STATE_NONE;
    inf_ship_put_arrived(world, ship_index1, place_index1);
    INF_EMIT(world, place_index1, Entered, event)
    {
        event->Entered.soul = inf_ship_soul(world, ship);
        event->Entered.ship = ship->id;
        memcpy(event->Entered.sector, ship->jump_sector, sizeof ship->jump_sector);
        event->Entered.system_in_sector = ship->jump_system_in_sector;
        event->Entered.source = (uint16_t)world->header.shard;
    }
    if (ship->pilot_index1 != 0) {
        inf_charting_visit(world, ship->pilot_index1, system_index1);
        inf_ship_notify(world, ship_index1, INF_NOTICE_JUMPED, 0);
    }
}

void inf_jump_end(InfWorld* world, uint32_t ship_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfSystemAddress address = target_address(ship);
    uint32_t fuel = 0;
    InfResult result = inf_ship_is_held(world, ship_index1) ? INF_ERROR_DENIED : check(world, ship, address, &fuel);
    if (result != INF_OK) {
        fail(world, ship_index1, result);
        return;
    }
    uint32_t shard = inf_system_shard(address, world->header.shard_count);
    if (shard == world->header.shard) {
        inf_ship_settle(world, ship_index1);
        jump_here(world, ship_index1, address, fuel);
        return;
    }
    if (ship->pilot_index1 == 0) { // a drone stays in its shard
        fail(world, ship_index1, INF_ERROR_DENIED);
        return;
    }
    if (!inf_transfer_ready_for(world, inf_ship_soul(world, ship))) {
        inf_timer_set(world, INF_TIMER_SHIP, ship_index1, inf_world_now(world) + INF_TICKS_PER_SECOND);
        return;
    }
    inf_ship_settle(world, ship_index1);
    tell_jumped(world, ship, shard);
    inf_ship_burn_fuel(world, ship_index1, fuel);
    ship->modules_on = 0;
    ship->missiles = 0;
    ship->weapon_target = 0;
    ship->flags &= ~(uint32_t)(INF_SHIP_CRIMINAL | INF_SHIP_FIRED_FIRST);
    inf_ship_clear_order(world, ship_index1);
    result = inf_transfer_ship(world, ship_index1, shard);
    INF_ASSERT(result == INF_OK); // there was room
}

void inf_ship_put_arrived(InfWorld* world, uint32_t ship_index1, uint32_t place_index1)
{
    InfShip* ship = inf_ship_at(world, ship_index1);
    inf_ship_clear_order(world, ship_index1);
    ship->modules_on = 0;
    ship->missiles = 0;
    ship->weapon_target = 0;
    ship->aggressor = 0;
    ship->flags &= ~(uint32_t)(INF_SHIP_CRIMINAL | INF_SHIP_FIRED_FIRST);
    ship->place_index1 = 0;
    ship->from_place_index1 = 0;
    InfVec3 at = inf_ship_point(world, ship, (float)INF_TUNE_ARRIVE_NEAR_M, (float)INF_TUNE_ARRIVE_FAR_M);
    InfMotion* motion = inf_motion_at(world, ship_index1);
    memset(motion, 0, sizeof *motion);
    motion->attitude[3] = 1.0f;
    inf_ship_put_in_space(world, ship_index1, place_index1, at, inf_vec3(0, 0, 0));
    inf_ship_goal(world, ship_index1, INF_GOAL_JUMP);
}
