/// @file ships.h
/// Calls between the files about ships: place.c, ship.c, dock.c, cruise.c, jump.c, hot.c, combat.c, mining.c,
/// patrol.c. What other topics may call stands in internal.h.
///
/// A ship in space is moved in one of two ways. In a *hot* place inf_hot_tick() integrates it and orders end by
/// where it is. In a *quiet* place it flies a leg (leg_from_m to leg_to_m between two ticks; both ticks 0: at rest
/// where its motion row says) and its timer ends the order. The timer of a ship in space serves, in this order: the
/// spool of a jump (spool == 1), the alignment before a cruise (is_travelling()), in a quiet place the end of the
/// leg or of the work, in a hot one the moment when a player's ship without its human falls asleep.
#ifndef INF_CORE_WORLD_SHIPS_H
#define INF_CORE_WORLD_SHIPS_H

#include "infinity/flight.h"
#include "infinity/tuning.h"
#include "world/internal.h"

/// A wreck is at most so full of one good, so that u16 holds it.
#define INF_CARGO_MAX 60000u

static inline bool inf_ship_is_here(const InfWorld* world, uint32_t ship_index1, uint64_t id, uint32_t place_index1)
{
    if (!inf_pool_is_live(&world->ship_pool, ship_index1)) {
        return false;
    }
    const InfShip* ship = inf_ship_at(world, ship_index1);
    return ship->id == id && ship->place_index1 == place_index1 &&
           (ship->state == INF_SHIP_STATE_SPACE || ship->state == INF_SHIP_STATE_WRECK);
}
static inline bool inf_ship_is_hot(const InfWorld* world, const InfShip* ship)
{
    return ship->place_index1 != 0 && ship->state != INF_SHIP_STATE_CRUISE &&
           inf_place_at(world, ship->place_index1)->hot != 0;
}
/// On its way to another place of the system: aligning, or told to dock at a station elsewhere.
static inline bool inf_ship_is_travelling(const InfShip* ship)
{
    return (ship->order == INF_ORDER_CRUISE || ship->order == INF_ORDER_DOCK) && ship->destination_index1 != 0 &&
           ship->destination_index1 != ship->place_index1;
}
/// A ship in the same place that may be aimed at: in space or a wreck, uncloaked; 0 if there is none.
uint32_t inf_ship_find_target(const InfWorld* world, const InfShip* ship, uint64_t target);
/// The same, looking first where it was found last: for each tick of a hot place.
uint32_t inf_ship_find_target_again(const InfWorld* world, const InfShip* ship, uint64_t target, uint32_t* found_index1);
bool inf_ship_has_module(const InfShip* ship, InfModuleKind kind);
/// The shield as it is now, in a quiet place too.
float inf_ship_shield(const InfWorld* world, const InfShip* ship);
InfVec3 inf_ship_position(const InfWorld* world, uint32_t ship_index1);
/// InfBodyKind, INF_BODY_NONE if the system has no such body.
uint32_t inf_system_body_kind(const InfWorld* world, uint32_t system_index1, uint32_t body);
/// The generated body of a place; false in deep space.
bool inf_system_body(const InfWorld* world, uint32_t place_index1, InfBody* out);
/// The station's place that an order to dock here means.
bool inf_place_has_station(const InfWorld* world, uint32_t place_index1);
void inf_ship_notify(InfWorld* world, uint32_t ship_index1, InfNotice notice, uint64_t who);
void inf_ship_goal(InfWorld* world, uint32_t ship_index1, InfGoal goal);
/// Give an alarm once; a false `holds` arms it again.
void inf_ship_alarm(InfWorld* world, uint32_t ship_index1, InfAlarm alarm, bool holds);
/// Is this a player's ship whose human is away?
bool inf_ship_is_unattended(const InfWorld* world, const InfShip* ship);
bool inf_ship_is_watched(const InfWorld* world, const InfShip* ship);
/// The soul id of the pilot, 0 if none.
uint64_t inf_ship_soul(const InfWorld* world, const InfShip* ship);
void inf_ship_burn_fuel(InfWorld* world, uint32_t ship_index1, uint32_t fuel);

/// Bring motion, shield and mined ore of a ship in a quiet place up to now and end its leg.
void inf_ship_settle(InfWorld* world, uint32_t ship_index1);
/// Begin or go on with the order in a quiet place: leg and timer. The ship is settled.
void inf_ship_plan(InfWorld* world, uint32_t ship_index1);
/// Both ways of moving meet here when a place heats up or cools down.
void inf_ship_go_hot(InfWorld* world, uint32_t ship_index1);
void inf_ship_go_quiet(InfWorld* world, uint32_t ship_index1);
/// Back to STOP; the row stays where it is.
void inf_ship_clear_order(InfWorld* world, uint32_t ship_index1);
void inf_ship_end_order(InfWorld* world, uint32_t ship_index1, InfNotice notice);
/// Put a ship that is nowhere into space at a point of a place, at rest unless the place is hot and it brings a speed.
void inf_ship_put_in_space(InfWorld* world, uint32_t ship_index1, uint32_t place_index1, InfVec3 position_m,
                           InfVec3 velocity_m_per_s);
/// A point that depends on the ship and the tick only, between two radii, flattened towards the plane.
InfVec3 inf_ship_point(const InfWorld* world, const InfShip* ship, float near_m, float far_m);

// dock.c
void inf_ship_undock_end(InfWorld* world, uint32_t ship_index1);
void inf_ship_dock(InfWorld* world, uint32_t ship_index1);
// cruise.c
InfResult inf_cruise_check(InfWorld* world, const InfShip* ship, uint32_t body, uint32_t* destination_index1);
void inf_cruise_align(InfWorld* world, uint32_t ship_index1);
void inf_cruise_start(InfWorld* world, uint32_t ship_index1);
void inf_cruise_arrive(InfWorld* world, uint32_t ship_index1);
InfResult inf_cruise_drop_out(InfWorld* world, uint32_t ship_index1);
// jump.c
InfResult inf_jump_start(InfWorld* world, uint32_t ship_index1, InfSystemAddress address);
void inf_jump_break(InfWorld* world, uint32_t ship_index1, InfResult why);
void inf_jump_end(InfWorld* world, uint32_t ship_index1);
/// Does an interdictor hold this ship?
bool inf_ship_is_held(const InfWorld* world, uint32_t ship_index1);
// mining.c
void inf_ore_update(InfWorld* world, uint32_t place_index1);
/// Where to mine: the nearest rock, and a point beside it.
InfVec3 inf_mine_point(const InfWorld* world, const InfShip* ship, InfVec3 position_m);
uint32_t inf_mine_laser_count(const InfShip* ship);
bool inf_mine_is_in_range(const InfWorld* world, const InfShip* ship, InfVec3 position_m);
/// One cycle of one laser. @return units that came aboard
uint32_t inf_mine_cycle(InfWorld* world, uint32_t ship_index1);
/// Quiet: take in the whole cycles since work_tick.
void inf_mine_settle(InfWorld* world, uint32_t ship_index1);
uint64_t inf_mine_end_tick(const InfWorld* world, const InfShip* ship);
/// Hold full or belt empty: end the order and tell.
void inf_mine_end(InfWorld* world, uint32_t ship_index1);
// combat.c
/// Let the modules of a ship work for one tick of a hot place.
void inf_ship_modules_tick(InfWorld* world, uint32_t ship_index1);
bool inf_module_is_weapon(uint32_t module);
/// Make a wreck of a ship in space: cargo, credits, decay. The soul has been let go of by the caller.
void inf_ship_make_wreck(InfWorld* world, uint32_t ship_index1, int64_t loot_credits);
void inf_wreck_decay(InfWorld* world, uint32_t ship_index1);
/// Take what fits out of the wreck. @return INF_OK, INF_ERROR_DISTANCE, INF_ERROR_CARGO (nothing fits)
InfResult inf_wreck_loot(InfWorld* world, uint32_t ship_index1, uint32_t wreck_index1);
float inf_loot_range_m(const InfShip* ship);
/// Somebody does harm to the ship: who did, and whether it is a crime. @return true if this begins an attack
bool inf_ship_note_attack(InfWorld* world, uint32_t ship_index1, uint64_t shooter_ship);
void inf_ship_tell_attack(InfWorld* world, uint32_t ship_index1, uint64_t shooter_ship);
// board.c
bool inf_ship_can_be_boarded(const InfShip* ship);
/// Clamps on: take cargo that fits and a share of the carried credits, if the target is disabled and near.
void inf_board_tick(InfWorld* world, uint32_t ship_index1, uint32_t slot, uint32_t target_index1);
/// May the module cycle again?
bool inf_module_is_ready(const InfWorld* world, const InfShip* ship, uint32_t slot);
void inf_module_begin_cycle(const InfWorld* world, InfShip* ship, uint32_t slot);
// intercept.c
bool inf_intercept_is_meant(const InfWorld* world, const InfShip* ship, uint64_t target);
/// Pull a ship in cruise out into deep space and follow it there. @return INF_OK, INF_ERROR_DISTANCE (not from or to
/// here), _STATE (busy or the interdictor cools), _FUEL, _FULL; nothing has changed unless INF_OK
InfResult inf_intercept(InfWorld* world, uint32_t ship_index1, uint32_t slot, uint64_t target);
// patrol.c
/// Target or leave. @return false if the drone has left (the row is gone)
bool inf_patrol_think(InfWorld* world, uint32_t ship_index1);
void inf_patrol_leave(InfWorld* world, uint32_t ship_index1);

#endif
