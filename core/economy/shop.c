// What a station sells besides goods: hulls, modules, clone bays. An old hull or module is taken in trade for a part of
// its price. The station is the seller: money goes to its till (and its tax burns what is too much of it).
#include "economy/economy.h"

static int64_t trade_in(int64_t price_credits)
{
    return price_credits * INF_TUNE_TRADE_IN_PERMILLE / 1000;
}

/// The soul pays (above zero) or gets (below zero); nothing changes if that cannot be.
static InfResult settle(InfWorld* world, InfSoul* soul, uint32_t station_index1, int64_t credits)
{
    uint32_t till = inf_station_at(world, station_index1)->account;
    if (credits > 0) {
        return inf_soul_pay(world, soul, till, credits, INF_REASON_SHIP);
    }
    return credits == 0 ? INF_OK : inf_ledger_move(world, till, soul->carried_account, -credits, INF_REASON_SHIP);
}

InfResult inf_shop_ship(InfWorld* world, uint32_t soul_index1, uint32_t hull_kind)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul);
    if (station_index1 == 0) {
        return INF_ERROR_STATE;
    }
    if (hull_kind >= INF_HULL_COUNT || hull_kind == INF_HULL_POD) {
        return INF_ERROR_UNKNOWN;
    }
    if (soul->debt_credits >= INF_TUNE_DEBT_NO_SHIPS_CREDITS) {
        return INF_ERROR_DENIED;
    }
    InfShip* ship = inf_ship_at(world, soul->ship_index1);
    const InfHull* hull = inf_hull(hull_kind);
    if (ship->hull_kind == hull_kind) {
        return INF_ERROR_EXISTS;
    }
    if (inf_ship_cargo_units(ship) > hull->cargo_units) {
        return INF_ERROR_CARGO;
    }
    const InfHull* old = inf_hull(ship->hull_kind);
    // A damaged hull is worth its whole part only.
    int64_t worth = trade_in(old->price_credits);
    worth = worth * (int64_t)inf_clampf(ship->hull / old->hull * 1000.0f, 0.0f, 1000.0f) / 1000;
    int64_t price = hull->price_credits - worth;
    for (uint32_t slot = hull->slots; slot < INF_MODULE_SLOTS; slot++) {
        price -= trade_in(inf_module(ship->modules[slot])->price_credits); // no slot for it in the new hull
    }
    inf_station_update(world, station_index1);
    InfResult result = settle(world, soul, station_index1, price);
    if (result != INF_OK) {
        return result;
    }
    for (uint32_t slot = hull->slots; slot < INF_MODULE_SLOTS; slot++) {
        ship->modules[slot] = INF_MODULE_NONE;
        ship->module_ready[slot] = 0;
    }
    ship->modules_on = 0;
    ship->weapon_target = 0;
    ship->hull_kind = (uint8_t)hull_kind;
    ship->hull = hull->hull;
    ship->shield = hull->shield;
    ship->fuel = inf_min_u32(ship->fuel, hull->fuel);
    return INF_OK;
}

InfResult inf_shop_module(InfWorld* world, uint32_t soul_index1, uint32_t slot, uint32_t module)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul);
    if (station_index1 == 0) {
        return INF_ERROR_STATE;
    }
    if (module >= INF_MODULE_COUNT) {
        return INF_ERROR_UNKNOWN;
    }
    InfShip* ship = inf_ship_at(world, soul->ship_index1);
    if (slot >= inf_hull(ship->hull_kind)->slots || slot >= INF_MODULE_SLOTS) {
        return INF_ERROR_RANGE;
    }
    if (module != INF_MODULE_NONE && soul->debt_credits >= INF_TUNE_DEBT_NO_MODULES_CREDITS) {
        return INF_ERROR_DENIED;
    }
    if (ship->modules[slot] == module) {
        return INF_ERROR_EXISTS;
    }
    inf_station_update(world, station_index1);
    InfResult result = settle(world, soul, station_index1,
                              inf_module(module)->price_credits - trade_in(inf_module(ship->modules[slot])->price_credits));
    if (result != INF_OK) {
        return result;
    }
    ship->modules[slot] = (uint8_t)module;
    ship->module_ready[slot] = 0;
    ship->modules_on &= (uint8_t)~(1u << slot);
    return INF_OK;
}

int64_t inf_station_clone_credits(const InfStation* station)
{
    return INF_TUNE_CLONE_CREDITS + INF_TUNE_CLONE_CREDITS * inf_station_wealth(station) / 1000;
}

InfResult inf_apply_CloneBay(InfWorld* world, const InfInputCloneBay* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul);
    if (station_index1 == 0) {
        return INF_ERROR_STATE;
    }
    if ((soul->flags & INF_SOUL_PLAYER) == 0 || soul->debt_credits >= INF_TUNE_DEBT_NO_CLONES_CREDITS) {
        return INF_ERROR_DENIED; // a mind lives once
    }
    const InfStation* station = inf_station_at(world, station_index1);
    InfSystemAddress address = inf_place_address(world, station->place_index1);
    uint8_t body = inf_place_at(world, station->place_index1)->body;
    int32_t sector[3] = {address.x, address.y, address.z};
    bool same = memcmp(soul->clone_sector, sector, sizeof sector) == 0 &&
                soul->clone_system_in_sector == address.index && soul->clone_body == body;
    if (same && (soul->flags & INF_SOUL_CLONE) != 0) {
        return INF_ERROR_EXISTS;
    }
    InfResult result = inf_soul_pay(world, soul, inf_ledger_own(INF_ACCOUNT_BURN), inf_station_clone_credits(station),
                                    INF_REASON_CLONE);
    if (result != INF_OK) {
        return result;
    }
    soul->flags |= INF_SOUL_CLONE;
    memcpy(soul->clone_sector, sector, sizeof sector);
    soul->clone_system_in_sector = address.index;
    soul->clone_body = body;
    inf_soul_goal(world, soul_index1, INF_GOAL_CLONE);
    return INF_OK;
}

InfResult inf_apply_BuyShip(InfWorld* world, const InfInputBuyShip* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    return soul_index1 == 0 ? INF_ERROR_NOT_FOUND : inf_shop_ship(world, soul_index1, input->hull);
}

InfResult inf_apply_BuyModule(InfWorld* world, const InfInputBuyModule* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    return soul_index1 == 0 ? INF_ERROR_NOT_FOUND : inf_shop_module(world, soul_index1, input->slot, input->module);
}
