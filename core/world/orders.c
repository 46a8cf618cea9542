// The inputs that fly a ship. Each is checked by the call that it stands for, before anything changes.
#include "world/ships.h"

#include "soul/riders.h"

static InfResult ship_of(const InfWorld* world, uint64_t soul_id, uint32_t* ship_index1)
{
    uint32_t soul_index1 = inf_world_find_soul(world, soul_id);
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    *ship_index1 = inf_soul_at(world, soul_index1)->ship_index1;
    return *ship_index1 != 0 ? INF_OK : INF_ERROR_STATE;
}

InfResult inf_apply_Undock(InfWorld* world, const InfInputUndock* input)
{
    uint32_t ship_index1;
    InfResult result = ship_of(world, input->soul, &ship_index1);
    return result == INF_OK ? inf_ship_undock(world, ship_index1) : result;
}

InfResult inf_apply_Order(InfWorld* world, const InfInputOrder* input)
{
    uint32_t ship_index1;
    InfResult result = ship_of(world, input->soul, &ship_index1);
    if (result != INF_OK) {
        return result;
    }
    if (input->order >= INF_ORDER_COUNT) {
        return INF_ERROR_UNKNOWN;
    }
    InfOrder order;
    memset(&order, 0, sizeof order);
    order.kind = (InfOrderKind)input->order;
    order.target = input->target;
    order.range_m = input->range_m;
    order.body = input->body;
    order.system = (InfSystemAddress){input->sector[0], input->sector[1], input->sector[2], input->system_in_sector};
    return inf_ship_order(world, ship_index1, &order);
}

InfResult inf_apply_Helm(InfWorld* world, const InfInputHelm* input)
{
    uint32_t ship_index1;
    InfResult result = ship_of(world, input->soul, &ship_index1);
    if (result != INF_OK) {
        return result;
    }
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return INF_ERROR_STATE;
    }
    for (int axis = 0; axis < 3; axis++) {
        if (input->thrust[axis] == INT8_MIN || input->turn[axis] == INT8_MIN) {
            return INF_ERROR_RANGE;
        }
    }
    inf_place_heat(world, ship->place_index1, INF_HOT_LINGER_TICKS);
    if (ship->spool) {
        inf_jump_break(world, ship_index1, INF_OK);
    }
    if (ship->order != INF_ORDER_HELM) {
        inf_ship_clear_order(world, ship_index1);
        ship->order = INF_ORDER_HELM;
    }
    memcpy(ship->helm_thrust, input->thrust, sizeof ship->helm_thrust);
    memcpy(ship->helm_turn, input->turn, sizeof ship->helm_turn);
    return INF_OK;
}

InfResult inf_apply_Module(InfWorld* world, const InfInputModule* input)
{
    uint32_t ship_index1;
    InfResult result = ship_of(world, input->soul, &ship_index1);
    return result == INF_OK ? inf_ship_module(world, ship_index1, input->slot, input->on != 0, input->target) : result;
}

InfResult inf_apply_Scan(InfWorld* world, const InfInputScan* input)
{
    uint32_t ship_index1;
    InfResult result = ship_of(world, input->soul, &ship_index1);
    if (result != INF_OK) {
        return result;
    }
    const InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return INF_ERROR_STATE;
    }
    uint32_t target_index1 = inf_ship_find_target(world, ship, input->target);
    if (target_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    float reach = inf_ship_has_module(ship, INF_MODULE_SCANNER) ? (float)INF_TUNE_SCAN_RANGE_M
                                                                : (float)INF_TUNE_SCAN_BARE_RANGE_M;
    float distance = inf_vec3_distance(inf_ship_position(world, ship_index1), inf_ship_position(world, target_index1));
    if (!(distance <= reach)) {
        return INF_ERROR_DISTANCE;
    }
    const InfShip* target = inf_ship_at(world, target_index1);
    const InfSoul* pilot = target->pilot_index1 != 0 ? inf_soul_at(world, target->pilot_index1) : NULL;
    bool ghost = pilot != NULL && ((pilot->flags & INF_SOUL_PLAYER) == 0 || (pilot->flags & INF_SOUL_GHOST) != 0);
    INF_EMIT(world, ship->place_index1, Scanned, event)
    {
        event->Scanned.soul = input->soul;
        event->Scanned.ship = target->id;
        event->Scanned.hull_kind = target->hull_kind;
        event->Scanned.ghost = ghost;
        event->Scanned.close = distance <= (float)INF_TUNE_SCAN_CLOSE_RANGE_M;
        if (pilot != NULL && !ghost) {
            event->Scanned.owner = pilot->id;
            memcpy(event->Scanned.name, pilot->name, sizeof event->Scanned.name);
        }
        event->Scanned.bounty_credits = pilot != NULL ? pilot->bounty_credits : 0;
        if (event->Scanned.close) {
            event->Scanned.hull = target->hull;
            event->Scanned.shield = inf_ship_shield(world, target);
            memcpy(event->Scanned.cargo, target->cargo, sizeof event->Scanned.cargo);
        }
    }
    if (ghost) {
        inf_ship_goal(world, ship_index1, INF_GOAL_GHOST);
    }
    return INF_OK;
}

InfResult inf_apply_Transponder(InfWorld* world, const InfInputTransponder* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    InfSoul* soul = inf_soul_at(world, soul_index1);
    if ((soul->flags & INF_SOUL_PLAYER) == 0) {
        return INF_ERROR_DENIED; // a mind has no tag to show
    }
    if (input->on != 0) {
        soul->flags &= ~(uint32_t)INF_SOUL_GHOST;
    } else {
        soul->flags |= INF_SOUL_GHOST;
    }
    return INF_OK;
}

/// The container that this soul threw out just before and that still drifts near; 0 if there is none. The newest ships
/// of a place stand last in its list; no farther back than that.
static uint32_t find_container(const InfWorld* world, const InfShip* ship, uint64_t soul, InfVec3 here)
{
    uint32_t looks = 64;
    for (uint32_t i = inf_place_at(world, ship->place_index1)->last_ship; i != 0 && looks > 0;
         i = inf_ship_at(world, i)->previous_in_place, looks--) {
        const InfShip* other = inf_ship_at(world, i);
        if (other->state == INF_SHIP_STATE_WRECK && other->hull_kind == INF_HULL_POD && other->owner == soul &&
            inf_vec3_distance(here, inf_ship_position(world, i)) <= (float)INF_TUNE_LOOT_RANGE_M) {
            return i;
        }
    }
    return 0;
}

InfResult inf_apply_Jettison(InfWorld* world, const InfInputJettison* input)
{
    uint32_t ship_index1;
    InfResult result = ship_of(world, input->soul, &ship_index1);
    if (result != INF_OK) {
        return result;
    }
    InfShip* ship = inf_ship_at(world, ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return INF_ERROR_STATE;
    }
    if (input->good >= INF_GOODS || input->units == 0 || input->units > INF_CARGO_MAX) {
        return INF_ERROR_RANGE;
    }
    if (ship->cargo[input->good] < input->units) {
        return INF_ERROR_CARGO;
    }
    InfVec3 here = inf_ship_position(world, ship_index1);
    uint32_t container_index1 = find_container(world, ship, input->soul, here);
    if (container_index1 != 0 && inf_ship_at(world, container_index1)->cargo[input->good] + input->units > INF_CARGO_MAX) {
        container_index1 = 0;
    }
    if (container_index1 == 0) {
        InfShipDef def;
        memset(&def, 0, sizeof def);
        def.owner = input->soul;
        def.place_index1 = ship->place_index1;
        def.hull_kind = INF_HULL_POD;
        container_index1 = inf_ship_create(world, &def);
        if (container_index1 == 0) {
            return INF_ERROR_FULL;
        }
        inf_ship_make_wreck(world, container_index1, 0);
        InfVec3 behind = inf_vec3_add(here, inf_vec3(0, 0, -inf_hull(ship->hull_kind)->radius_m - 50.0f));
        inf_vec3_store(inf_motion_at(world, container_index1)->position_m, inf_vec3_limit(behind, INF_PLACE_RADIUS_M));
    }
    InfShip* container = inf_ship_at(world, container_index1);
    container->cargo[input->good] = (uint16_t)(container->cargo[input->good] + input->units);
    ship->cargo[input->good] = (uint16_t)(ship->cargo[input->good] - input->units);
    return INF_OK;
}

// A human comes to the helm or leaves it. While a human flies in space the place is hot. When they leave, the ship
// flies on for a minute and then sleeps: it stops, its modules are off and its place may cool down. A sleeping ship
// can still be attacked, like any other.
InfResult inf_apply_Presence(InfWorld* world, const InfInputPresence* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    uint32_t rider_index1 = inf_rider_find(world, input->soul);
    if (rider_index1 != 0) { // nothing flies, nothing is paid
        InfSoul* rider = inf_rider_soul(world, rider_index1);
        rider->flags = input->connected != 0 ? rider->flags | INF_SOUL_CONNECTED : rider->flags & ~(uint32_t)INF_SOUL_CONNECTED;
        return INF_OK;
    }
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    InfSoul* soul = inf_soul_at(world, soul_index1);
    bool was = (soul->flags & INF_SOUL_CONNECTED) != 0, is = input->connected != 0;
    // Who sleeps at a station breathes less: what was breathed so far is paid at the rate of so far.
    if (was != is && !inf_upkeep_charge(world, soul_index1)) {
        return INF_OK; // the air had run out: a mind that was steered from outside is dead
    }
    if (is) {
        soul->flags |= INF_SOUL_CONNECTED;
    } else {
        soul->flags &= ~(uint32_t)INF_SOUL_CONNECTED;
    }
    if (soul->ship_index1 == 0 || was == is) {
        return INF_OK;
    }
    InfShip* ship = inf_ship_at(world, soul->ship_index1);
    if (ship->state != INF_SHIP_STATE_SPACE) {
        return INF_OK;
    }
    if (is) {
        bool asleep = inf_ship_is_hot(world, ship) && !ship->spool && !inf_ship_is_travelling(ship);
        inf_place_heat(world, ship->place_index1, INF_HOT_LINGER_TICKS);
        if (asleep) {
            inf_timer_set(world, INF_TIMER_SHIP, soul->ship_index1, 0); // awake again
        }
        return INF_OK;
    }
    inf_place_heat(world, ship->place_index1, INF_TUNE_SLEEP_TICKS);
    if (ship->timer_tick == 0) {
        inf_timer_set(world, INF_TIMER_SHIP, soul->ship_index1, inf_world_now(world) + INF_TUNE_SLEEP_TICKS);
    }
    return INF_OK;
}
