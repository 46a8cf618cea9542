// Bodies that are left and bodies that are found: what copies, merges and passages share.
#include "border/border.h"
#include "economy/economy.h"
#include "world/ships.h"

uint32_t inf_souls_docked_together(const InfWorld* world, const InfSoul* a, const InfSoul* b)
{
    if (!inf_soul_is_docked(world, a) || !inf_soul_is_docked(world, b)) {
        return 0;
    }
    uint32_t here = inf_soul_here(world, a);
    bool stay = inf_ship_at(world, a->ship_index1)->phase == 0 && inf_ship_at(world, b->ship_index1)->phase == 0;
    return stay && here == inf_soul_here(world, b) ? here : 0;
}

int64_t inf_ship_scrap_credits(const InfWorld* world, const InfShip* ship, uint32_t station_index1)
{
    const InfHull* hull = inf_hull(ship->hull_kind);
    int64_t worth = hull->price_credits * (int64_t)inf_clampf(ship->hull / hull->hull * 1000.0f, 0.0f, 1000.0f) / 1000;
    for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        worth += inf_module(ship->modules[slot])->price_credits;
    }
    return inf_min_i64(worth * INF_TUNE_SCRAP_PERMILLE / 1000, inf_account_credits(world, inf_station_at(world, station_index1)->account));
}

static void move_cargo(InfWorld* world, InfShip* from, uint32_t heir_ship, uint32_t station_index1)
{
    static const int64_t stock_max = 1 << 29; // thousandths; far below what a snapshot may hold
    InfStation* station = inf_station_at(world, station_index1);
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        uint32_t units = from->cargo[good], kept = 0;
        if (heir_ship != 0) {
            InfShip* to = inf_ship_at(world, heir_ship);
            kept = inf_min_u32(units, inf_ship_cargo_free(to));
            to->cargo[good] = (uint16_t)(to->cargo[good] + kept);
        }
        int64_t stock = (int64_t)station->stock[good] + (int64_t)(units - kept) * 1000;
        station->stock[good] = (int32_t)inf_min_i64(stock, inf_max_i64(stock_max, station->stock[good])); // the rest is thrown out
        from->cargo[good] = 0;
    }
}

int64_t inf_ship_scrap(InfWorld* world, uint32_t soul_index1, uint32_t heir_ship)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul), ship_index1 = soul->ship_index1;
    INF_ASSERT(station_index1 != 0 && heir_ship != ship_index1);
    InfShip* ship = inf_ship_at(world, ship_index1);
    inf_station_update(world, station_index1);
    int64_t paid = inf_ship_scrap_credits(world, ship, station_index1);
    if (paid > 0) {
        InfResult moved = inf_ledger_move(world, inf_station_at(world, station_index1)->account, soul->carried_account, paid, INF_REASON_SHIP);
        INF_ASSERT(moved == INF_OK);
    }
    move_cargo(world, ship, heir_ship, station_index1);
    soul->ship_index1 = 0;
    ship->pilot_index1 = 0;
    inf_ship_destroy(world, ship_index1);
    return paid > 0 ? paid : 0;
}

void inf_soul_remove(InfWorld* world, uint32_t soul_index1)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    INF_ASSERT(soul->ship_index1 == 0);
    inf_account_close(world, soul->carried_account);
    inf_account_close(world, soul->banked_account);
    inf_timer_set(world, INF_TIMER_SOUL, soul_index1, 0);
    inf_map_remove(&world->soul_map, soul->id);
    inf_pool_give_back(&world->soul_pool, soul_index1);
}

void inf_ship_still(InfShip* ship)
{
    InfShip still;
    memset(&still, 0, sizeof still);
    still.id = ship->id;
    still.owner = ship->owner;
    still.hull_kind = ship->hull_kind;
    still.hull = ship->hull;
    still.shield = ship->shield;
    still.fuel = ship->fuel;
    memcpy(still.modules, ship->modules, sizeof still.modules);
    memcpy(still.cargo, ship->cargo, sizeof still.cargo);
    *ship = still;
}
