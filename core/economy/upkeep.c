// What life costs: air all the time and insurance by hull, one credit each so many ticks; docking when a ship docks; fuel
// and repair as a service of the station.
//
// Air is worked out when somebody looks: whole credits that have fallen due since upkeep_tick are burned, and upkeep_tick
// moves by just their ticks, so no fraction is lost however often one looks. Who cannot pay: a mind dies; a player's debt
// grows, and with it what the Concourse refuses (shop.c): ships, then modules, then clone bays.
// A player who sleeps (no human at the helm, docked) breathes a tenth: nobody comes back from a week away to ruin.
#include "economy/economy.h"

#define MILLI_TICKS_PER_CREDIT (1000 * INF_TICKS_PER_SECOND)

uint64_t inf_soul_ticks_per_credit(const InfWorld* world, const InfSoul* soul)
{
    int64_t milli_per_s = INF_TUNE_AIR_MILLI_PER_S;
    if (soul->ship_index1 != 0) {
        const InfShip* ship = inf_ship_at(world, soul->ship_index1);
        milli_per_s += inf_hull(ship->hull_kind)->price_credits / INF_TUNE_INSURANCE_PRICE_PER_MILLI_S;
        bool asleep = (soul->flags & (INF_SOUL_PLAYER | INF_SOUL_CONNECTED)) == INF_SOUL_PLAYER;
        if (asleep && ship->state == INF_SHIP_STATE_DOCKED) {
            milli_per_s = inf_max_i64(1, milli_per_s / 10);
        }
    }
    return (uint64_t)(MILLI_TICKS_PER_CREDIT / milli_per_s);
}

void inf_soul_burn(const InfWorld* world, uint32_t soul_index1, int64_t* milli_credits_per_s, uint64_t* zero_tick)
{
    *milli_credits_per_s = 0;
    *zero_tick = UINT64_MAX;
    if (!inf_pool_is_live(&world->soul_pool, soul_index1)) {
        return;
    }
    if (world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE) {
        return; // nobody pays for air there
    }
    const InfSoul* soul = inf_soul_at(world, soul_index1);
    uint64_t ticks = inf_soul_ticks_per_credit(world, soul);
    *milli_credits_per_s = (int64_t)(MILLI_TICKS_PER_CREDIT / ticks);
    uint64_t credits = (uint64_t)inf_soul_credits(world, soul);
    if (credits < UINT64_MAX / 2 / ticks) {
        *zero_tick = soul->upkeep_tick + credits * ticks;
    }
}

/// The air's part goes to the books as AIR, the hull's as INSURANCE; by shares of the rate, air first.
static void burn(InfWorld* world, InfSoul* soul, int64_t credits)
{
    uint32_t account = inf_ledger_own(INF_ACCOUNT_BURN);
    int64_t insurance = 0;
    if (soul->ship_index1 != 0) {
        int64_t rate = inf_hull(inf_ship_at(world, soul->ship_index1)->hull_kind)->price_credits /
                       INF_TUNE_INSURANCE_PRICE_PER_MILLI_S;
        insurance = credits * rate / (INF_TUNE_AIR_MILLI_PER_S + rate);
    }
    InfResult result = INF_OK;
    if (credits > insurance) {
        result = inf_soul_pay(world, soul, account, credits - insurance, INF_REASON_AIR);
    }
    if (result == INF_OK && insurance > 0) {
        result = inf_soul_pay(world, soul, account, insurance, INF_REASON_INSURANCE);
    }
    INF_ASSERT(result == INF_OK);
}

static void run_out_of_air(InfWorld* world, uint32_t soul_index1)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t ship_index1 = soul->ship_index1;
    if (ship_index1 != 0 && inf_ship_at(world, ship_index1)->state != INF_SHIP_STATE_DOCKED) {
        inf_ship_abandon(world, ship_index1);
    }
    inf_bounty_settle(world, soul_index1, 0);
    inf_soul_die(world, soul_index1, INF_DEATH_STARVED, 0);
}

bool inf_upkeep_charge(InfWorld* world, uint32_t soul_index1)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint64_t now = inf_world_now(world);
    if (world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE) {
        soul->upkeep_tick = now;
        return true;
    }
    bool player = (soul->flags & INF_SOUL_PLAYER) != 0;
    uint64_t ticks = inf_soul_ticks_per_credit(world, soul);
    uint64_t due = now > soul->upkeep_tick ? (now - soul->upkeep_tick) / ticks : 0;
    int64_t credits = inf_soul_credits(world, soul);
    uint64_t left = (uint64_t)credits * ticks; // from upkeep_tick on; balances are far below 2^40
    bool warned_before = soul->upkeep_tick + left <= soul->upkeep_tick + INF_TUNE_ALARM_MONEY_TICKS;
    if (due > 0) {
        int64_t owed = (int64_t)due;
        int64_t paid = inf_min_i64(owed, credits);
        soul->upkeep_tick += due * ticks;
        if (paid > 0) {
            burn(world, soul, paid);
        }
        if (player && owed > paid) {
            bool first = soul->debt_credits == 0;
            soul->debt_credits = inf_min_i64(soul->debt_credits + owed - paid, INF_TUNE_DEBT_MAX_CREDITS);
            if (first) {
                inf_soul_alarm(world, soul_index1, INF_ALARM_DEBT);
            }
        }
        left -= inf_min_i64(owed, credits) * (int64_t)ticks;
    }
    if (!player) {
        if (inf_soul_credits(world, soul) == 0) {
            run_out_of_air(world, soul_index1);
            return false;
        }
    } else if (!warned_before && soul->upkeep_tick + left <= now + INF_TUNE_ALARM_MONEY_TICKS) {
        inf_soul_alarm(world, soul_index1, INF_ALARM_MONEY);
    }
    return true;
}

int64_t inf_station_dock_credits(const InfStation* station)
{
    return INF_TUNE_DOCK_CREDITS + 2 * INF_TUNE_DOCK_CREDITS * inf_station_wealth(station) / 1000;
}

void inf_dock_charge(InfWorld* world, uint32_t soul_index1, uint32_t station_index1)
{
    // Nobody is turned away for want of a fee: air has its own law.
    const InfStation* station = inf_station_at(world, station_index1);
    (void)inf_soul_pay(world, inf_soul_at(world, soul_index1), station->account, inf_station_dock_credits(station),
                       INF_REASON_DOCKING);
}

/// Units of a service at so many milli-credits each that a soul can pay, at most `wanted`; pays for them.
static InfResult serve(InfWorld* world, InfSoul* soul, const InfStation* station, int64_t milli, int64_t wanted,
                       InfReason reason, int64_t* served)
{
    int64_t affordable = inf_soul_credits(world, soul) * 1000 / milli;
    *served = inf_min_i64(wanted, affordable);
    if (*served <= 0) {
        return wanted <= 0 ? INF_ERROR_STATE : INF_ERROR_FUNDS;
    }
    return inf_soul_pay(world, soul, station->account, (*served * milli + 999) / 1000, reason);
}

static InfResult refuel(InfWorld* world, InfSoul* soul, const InfStation* station, uint32_t units)
{
    InfShip* ship = inf_ship_at(world, soul->ship_index1);
    uint32_t full = inf_hull(ship->hull_kind)->fuel;
    uint32_t missing = full > ship->fuel ? full - ship->fuel : 0;
    int64_t served;
    InfResult result = serve(world, soul, station, INF_TUNE_FUEL_MILLI_CREDITS,
                             units == 0 ? missing : inf_min_u32(units, missing), INF_REASON_FUEL, &served);
    if (result == INF_OK) {
        ship->fuel += (uint32_t)served;
    }
    return result;
}

static InfResult repair(InfWorld* world, InfSoul* soul, const InfStation* station, uint32_t units)
{
    InfShip* ship = inf_ship_at(world, soul->ship_index1);
    float full = inf_hull(ship->hull_kind)->hull;
    uint32_t missing = ship->hull < full ? (uint32_t)(full - ship->hull) : 0;
    if (ship->hull + (float)missing < full) {
        missing++; // a started point counts
    }
    int64_t served;
    InfResult result = serve(world, soul, station, INF_TUNE_REPAIR_CREDITS * 1000,
                             units == 0 ? missing : inf_min_u32(units, missing), INF_REASON_REPAIR, &served);
    if (result == INF_OK) {
        ship->hull = inf_minf(full, ship->hull + (float)served);
    }
    return result;
}

static InfResult pay_debt(InfWorld* world, InfSoul* soul, uint32_t units)
{
    int64_t wanted = units == 0 ? soul->debt_credits : inf_min_i64(units, soul->debt_credits);
    int64_t paid = inf_min_i64(wanted, inf_soul_credits(world, soul));
    if (paid <= 0) {
        return soul->debt_credits == 0 ? INF_ERROR_STATE : INF_ERROR_FUNDS;
    }
    InfResult result = inf_soul_pay(world, soul, inf_ledger_own(INF_ACCOUNT_BURN), paid, INF_REASON_AIR);
    if (result == INF_OK) {
        soul->debt_credits -= paid;
    }
    return result;
}

/// `units`: seconds of work. A wage feeds a soul and a shuttle; a till below half of its normal size pays less.
static InfResult work(InfWorld* world, InfSoul* soul, const InfStation* station, uint32_t units)
{
    if (units == 0 || units > INF_TICKS_PER_DAY / INF_TICKS_PER_SECOND) {
        return INF_ERROR_RANGE;
    }
    int64_t till = inf_account_at(world, station->account)->credits;
    int64_t fill = inf_clamp_i64(till * 2000 / inf_station_till_normal(station), 0, 1000);
    int64_t wage = INF_TUNE_WAGE_MILLI_PER_S * fill / 1000 * units / 1000;
    if (wage == 0) {
        return INF_ERROR_FUNDS;
    }
    InfResult result = inf_ledger_move(world, station->account, soul->carried_account, wage, INF_REASON_WAGE);
    if (result == INF_OK) {
        inf_income_count(world, INF_TRADE_WAGES, wage);
    }
    return result;
}

InfResult inf_service(InfWorld* world, uint32_t soul_index1, InfService service, uint32_t units)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul);
    if (station_index1 == 0) {
        return INF_ERROR_STATE;
    }
    inf_station_update(world, station_index1);
    const InfStation* station = inf_station_at(world, station_index1);
    switch (service) {
    case INF_SERVICE_REFUEL: return refuel(world, soul, station, units);
    case INF_SERVICE_REPAIR: return repair(world, soul, station, units);
    case INF_SERVICE_PAY_DEBT: return pay_debt(world, soul, units);
    case INF_SERVICE_WORK: return work(world, soul, station, units);
    default: return INF_ERROR_UNKNOWN;
    }
}

InfResult inf_apply_Service(InfWorld* world, const InfInputService* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (input->service >= INF_SERVICE_COUNT) {
        return INF_ERROR_UNKNOWN;
    }
    if (input->service == INF_SERVICE_WORK) {
        return INF_ERROR_DENIED; // a shift is time spent, and only the built-in mind's activities count it
    }
    return inf_service(world, soul_index1, (InfService)input->service, input->units);
}
