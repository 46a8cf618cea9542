// A station's market.
//
// Price. A good's price follows from its stock alone: 3 times the base when all is gone, the base at the target, 0.35
// times the base at twice the target and above, straight lines between. A unit is priced at the stock half a unit along
// its way, in milli-credits, and a trade of n units adds the n prices up. So buying n and selling n pass through the same
// prices, and the spread (4 % each way) makes every round trip a loss; sums are rounded against the trader, so splitting a
// trade never helps (property tests in tests/test_economy.c).
//
// Stock. A maker's stock settles at 1.7 targets, a user's at 0.4, and moves there by the day's flow (a quarter of it when
// traders pushed it beyond). It is worked out when somebody looks. Floors of products with the absolute tick are taken,
// so looking twice gives the same as looking once.
//
// Till. A station pays out of its own till, and pays less when that runs low: from the full price at half of its normal
// size down to 0.3 of it when empty. At its turn (every 15 minutes) half of what is too much is burned (TAX) and half of
// what is missing is minted (SUBSIDY), as far as the shard's treasury goes: the Heart grants so much a day, taxes come
// back to it. So the grant, not the trade, decides how much money comes into the galaxy, and with it how many can live.
#include "economy/economy.h"
#include "economy/profiles.inl"

typedef struct Profile {
    int32_t target_units, flow_units;
} Profile;

static const Profile profiles[INF_STATION_PROFILE_COUNT][INF_GOODS] = {
#define X(PROFILE, GOOD, target, flow) [INF_STATION_##PROFILE][INF_GOOD_##GOOD] = {target, flow},
    INF_PROFILE_GOODS(X)
#undef X
};

static Profile profile_of(const InfStation* station, uint32_t good)
{
    INF_ASSERT(good < INF_GOODS);
    Profile profile = profiles[station->profile < INF_STATION_PROFILE_COUNT ? station->profile : 0][good];
    if (profile.target_units == 0) {
        int32_t units = (int32_t)(INF_PROFILE_REST_CREDITS / inf_good_base_price(good)) + 1;
        profile = (Profile){units * 2 + 10, -units};
    }
    return profile;
}

/// Milli-units per unit of the table: wealth and the common scale.
static int64_t target_scale(const InfStation* station)
{
    return (500 + inf_station_wealth(station)) * INF_TUNE_TARGET_PERMILLE / 1000 * station->size / 4;
}

static int64_t flow_scale(const InfStation* station)
{
    return (500 + inf_station_wealth(station)) * INF_TUNE_FLOW_PERMILLE / 1000 * station->size / 4;
}

int64_t inf_station_wealth(const InfStation* station)
{
    return (int64_t)station->wealth * 4; // the row has a byte
}

int64_t inf_station_target_milli(const InfStation* station, uint32_t good)
{
    return profile_of(station, good).target_units * target_scale(station);
}

int64_t inf_station_till_normal(const InfStation* station)
{
    int64_t lawful = station->law == INF_LAW_CHARTED ? 1000
                     : station->law == INF_LAW_OPEN  ? INF_TUNE_TILL_OPEN_PERMILLE
                                                     : INF_TUNE_TILL_WILD_PERMILLE;
    int64_t usual = INF_TUNE_TILL_BASE_CREDITS + INF_TUNE_TILL_WEALTH_CREDITS * inf_station_wealth(station) / 1000;
    return usual * lawful / 1000 * station->size / 4;
}

int64_t inf_market_price_milli(int64_t base_credits, int64_t stock_milli, int64_t target_milli)
{
    const int64_t high = INF_TUNE_PRICE_MAX_PERMILLE, low = INF_TUNE_PRICE_MIN_PERMILLE;
    INF_ASSERT(target_milli > 0);
    if (stock_milli <= 0) {
        return base_credits * high;
    }
    if (stock_milli <= target_milli) {
        return base_credits * high - base_credits * (high - 1000) * stock_milli / target_milli;
    }
    if (stock_milli < 2 * target_milli) {
        return base_credits * 1000 - base_credits * (1000 - low) * (stock_milli - target_milli) / target_milli;
    }
    return base_credits * low;
}

static int64_t ask_milli(int64_t middle_milli)
{
    return middle_milli * (1000 + INF_TUNE_SPREAD_PERMILLE) / 1000 + 1;
}

/// @param purse_permille  what the till leaves of the price, inf_station_purse_permille()
static int64_t bid_milli(int64_t middle_milli, int64_t purse_permille)
{
    return middle_milli * (1000 - INF_TUNE_SPREAD_PERMILLE) / 1000 * purse_permille / 1000;
}

static int64_t purse_permille(const InfWorld* world, const InfStation* station)
{
    int64_t enough = inf_station_till_normal(station) * INF_TUNE_TILL_POOR_PERMILLE / 1000;
    int64_t till = inf_account_at(world, station->account)->credits;
    return till >= enough ? 1000 : INF_TUNE_BID_MIN_PERMILLE + (1000 - INF_TUNE_BID_MIN_PERMILLE) * till / enough;
}

// ---- stock and till as functions of time ------------------------------------------------------------------------

static int64_t settled_milli(const Profile* profile, int64_t target_milli)
{
    return target_milli * (profile->flow_units > 0 ? INF_TUNE_STOCK_RICH_PERMILLE : INF_TUNE_STOCK_POOR_PERMILLE) / 1000;
}

/// How much of a daily flow has run between two ticks: exact, so that parts add up to the whole.
static int64_t flowed(int64_t per_day, uint64_t from_tick, uint64_t to_tick)
{
    const uint64_t day = INF_TICKS_PER_DAY;
    int64_t days = (int64_t)(to_tick / day - from_tick / day);
    return per_day * days + per_day * (int64_t)(to_tick % day) / (int64_t)day -
           per_day * (int64_t)(from_tick % day) / (int64_t)day;
}

static void update_stock(InfStation* station, uint32_t good, uint64_t now)
{
    Profile profile = profile_of(station, good);
    int64_t settled = settled_milli(&profile, profile.target_units * target_scale(station));
    int64_t stock = station->stock[good];
    bool rising = stock < settled;
    int64_t per_day = profile.flow_units * flow_scale(station);
    if (rising != (per_day > 0)) {
        per_day = -per_day / 4; // against the grain: traders pushed it past the point where it settles
    }
    stock += flowed(per_day, station->update_tick, now);
    station->stock[good] = (int32_t)(rising ? inf_min_i64(stock, settled) : inf_max_i64(stock, settled));
}

/// Grant what has fallen due since the last look; at most two days' worth waits.
static void update_treasury(InfWorld* world)
{
    InfHeader* header = &world->header;
    header->treasury_credits += flowed(header->grant_credits, header->treasury_tick, header->tick);
    header->treasury_credits = inf_min_i64(header->treasury_credits, 2 * header->grant_credits);
    header->treasury_tick = header->tick;
}

static void update_till(InfWorld* world, const InfStation* station)
{
    update_treasury(world);
    int64_t gap = inf_station_till_normal(station) - inf_account_at(world, station->account)->credits;
    InfResult result = INF_OK;
    if (gap < -1) {
        result = inf_ledger_move(world, station->account, inf_ledger_own(INF_ACCOUNT_BURN), -gap / 2, INF_REASON_TAX);
        world->header.treasury_credits += -gap / 2;
    } else if (gap > 1 && world->header.treasury_credits >= 8) {
        // Never more than an eighth of the treasury: nobody's turn empties it for the others.
        int64_t paid = inf_min_i64(gap / 2, world->header.treasury_credits / 8);
        result = inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), station->account, paid, INF_REASON_SUBSIDY);
        world->header.treasury_credits -= paid;
    }
    INF_ASSERT(result == INF_OK);
}

void inf_station_update(InfWorld* world, uint32_t station_index1)
{
    InfStation* station = inf_station_at(world, station_index1);
    uint64_t now = inf_world_now(world);
    if (now <= station->update_tick) {
        return;
    }
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        update_stock(station, good, now);
    }
    station->update_tick = now;
}

void inf_station_found(InfWorld* world, uint32_t station_index1)
{
    InfStation* station = inf_station_at(world, station_index1);
    uint64_t now = inf_world_now(world);
    if (station->account == 0) {
        station->account = inf_account_open(world, INF_ACCOUNT_STATION, 0);
        INF_ASSERT(station->account != 0);
    }
    station->size = 4;
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        Profile profile = profile_of(station, good);
        // Trade goes on already when history begins: somewhere between settled and what trade makes of it.
        int64_t target = inf_station_target_milli(station, good);
        int64_t settled = settled_milli(&profile, target);
        station->stock[good] = (int32_t)(settled + (target - settled) * inf_rng_range(inf_world_rng(world), 0, 800) / 1000);
    }
    // At the founding, full tills; a station that is met later waits for its share of the grant.
    if (now <= 1 || world->header.grant_credits == 0) {
        InfResult result = inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), station->account,
                                           inf_station_till_normal(station), INF_REASON_SUBSIDY);
        INF_ASSERT(result == INF_OK);
    } else {
        update_till(world, station);
    }
    station->update_tick = now;
    inf_timer_set(world, INF_TIMER_STATION, station_index1,
                  now + 1 + inf_rng_below(inf_world_rng(world), INF_TUNE_STATION_TURN_TICKS));
}

void inf_station_grow(InfWorld* world, uint32_t station_index1, uint32_t souls)
{
    InfStation* station = inf_station_at(world, station_index1);
    int64_t till = inf_station_till_normal(station);
    int64_t size = inf_clamp_i64((int64_t)souls * 4 / INF_TUNE_SOULS_PER_SIZE, 4, UINT8_MAX);
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        station->stock[good] = (int32_t)inf_min_i64((int64_t)station->stock[good] * size / station->size, INT32_MAX / 2);
    }
    station->size = (uint8_t)size;
    if (inf_station_till_normal(station) > till) {
        InfResult result = inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), station->account,
                                           inf_station_till_normal(station) - till, INF_REASON_SUBSIDY);
        INF_ASSERT(result == INF_OK);
    }
}

void inf_station_timer(InfWorld* world, uint32_t station_index1)
{
    inf_station_update(world, station_index1);
    update_till(world, inf_station_at(world, station_index1));
    inf_station_bear(world, station_index1);
    inf_timer_set(world, INF_TIMER_STATION, station_index1, inf_world_now(world) + INF_TUNE_STATION_TURN_TICKS);
}

int64_t inf_station_opportunity(InfWorld* world, uint32_t station_index1)
{
    InfStation* station = inf_station_at(world, station_index1);
    int64_t sum = 0, weight = 0;
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        Profile profile = profile_of(station, good);
        int64_t target = inf_station_target_milli(station, good);
        int64_t settled = settled_milli(&profile, target);
        int64_t way = target - settled; // from the settled stock to the target: what trade would close
        int64_t left = inf_clamp_i64((target - station->stock[good]) * 1000 / way, 0, 1000);
        int64_t value = (profile.flow_units > 0 ? profile.flow_units : -profile.flow_units) * inf_good_base_price(good);
        sum += left * value;
        weight += value;
    }
    return weight == 0 ? 0 : sum / weight;
}

// ---- trade --------------------------------------------------------------------------------------------------------

uint32_t inf_soul_docked_station(const InfWorld* world, const InfSoul* soul)
{
    if (soul->ship_index1 == 0) {
        return 0;
    }
    const InfShip* ship = inf_ship_at(world, soul->ship_index1);
    if (ship->state != INF_SHIP_STATE_DOCKED || ship->place_index1 == 0) {
        return 0;
    }
    return inf_place_at(world, ship->place_index1)->station_index1;
}

/// A trade as far as it can go: units, and their price added up.
typedef struct Deal {
    uint32_t units;
    int64_t milli;
    InfResult stopped_by; ///< why not one unit more; INF_OK: all were dealt
} Deal;

static Deal deal_up_to(const InfWorld* world, const InfStation* station, uint32_t good, bool sell, uint32_t units,
                       int64_t limit_credits, int64_t purse_credits)
{
    int64_t purse = purse_permille(world, station); // of the till before the trade
    int64_t base = inf_good_base_price(good), target = inf_station_target_milli(station, good);
    int64_t stock = station->stock[good];
    Deal deal = {0, 0, INF_OK};
    while (deal.units < units) {
        int64_t price = sell ? bid_milli(inf_market_price_milli(base, stock + 500, target), purse)
                             : ask_milli(inf_market_price_milli(base, stock - 500, target));
        if (sell ? stock > INT32_MAX - 1000 : stock < 1000) {
            deal.stopped_by = INF_ERROR_STOCK;
        } else if (limit_credits > 0 && (sell ? price < limit_credits * 1000 : price > limit_credits * 1000)) {
            deal.stopped_by = INF_ERROR_PRICE;
        } else if ((deal.milli + price + (sell ? 0 : 999)) / 1000 > purse_credits) {
            deal.stopped_by = INF_ERROR_FUNDS;
        } else {
            deal.units++;
            deal.milli += price;
            stock += sell ? 1000 : -1000;
            continue;
        }
        break;
    }
    return deal;
}

InfResult inf_market_trade(InfWorld* world, uint32_t soul_index1, uint32_t good, bool sell, uint32_t units,
                           int64_t limit_credits)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t station_index1 = inf_soul_docked_station(world, soul);
    if (good >= INF_GOODS || units == 0 || units > UINT16_MAX || limit_credits < 0 ||
        limit_credits > INT32_MAX) {
        return INF_ERROR_RANGE;
    }
    if (station_index1 == 0) {
        return INF_ERROR_STATE;
    }
    InfShip* ship = inf_ship_at(world, soul->ship_index1);
    uint32_t room = sell ? ship->cargo[good] : inf_ship_cargo_free(ship);
    if (room == 0) {
        return INF_ERROR_CARGO;
    }
    inf_station_update(world, station_index1);
    InfStation* station = inf_station_at(world, station_index1);
    int64_t payer_credits = sell ? inf_account_at(world, station->account)->credits : inf_soul_credits(world, soul);
    Deal deal = deal_up_to(world, station, good, sell, inf_min_u32(units, room), limit_credits, payer_credits);
    int64_t credits = sell ? deal.milli / 1000 : (deal.milli + 999) / 1000;
    if (deal.units == 0 || credits == 0) {
        return deal.stopped_by != INF_OK ? deal.stopped_by : INF_ERROR_PRICE;
    }
    InfResult result = sell ? inf_ledger_move(world, station->account, soul->carried_account, credits, INF_REASON_SELL)
                            : inf_soul_pay(world, soul, station->account, credits, INF_REASON_BUY);
    if (result != INF_OK) {
        return result;
    }
    int32_t moved = (int32_t)deal.units * 1000;
    station->stock[good] += sell ? moved : -moved;
    ship->cargo[good] = (uint16_t)(sell ? ship->cargo[good] - deal.units : ship->cargo[good] + deal.units);
    world->header.trades++;
    // What was bought counts against the trade that sells it later, so that hauling counts its profit. A soul's row keeps
    // the good that it bought last: ore of another kind was mined.
    bool mined = sell && good < INF_ORE_COUNT && soul->trade != good + 1;
    if (!sell) {
        soul->trade = (uint8_t)(good + 1);
    } else if (soul->trade == good + 1 && ship->cargo[good] == 0) {
        soul->trade = 0;
    }
    inf_income_count(world, mined ? INF_TRADE_MINING : INF_TRADE_HAULING, sell ? credits : -credits);
    INF_EMIT(world, ship->place_index1, Traded, event) {
        event->Traded.soul = soul->id;
        event->Traded.good = (uint8_t)good;
        event->Traded.sell = sell;
        event->Traded.units = deal.units;
        event->Traded.credits = credits;
    }
    if (mined) {
        inf_soul_goal(world, soul_index1, INF_GOAL_SELL);
    }
    return INF_OK;
}

InfResult inf_apply_Trade(InfWorld* world, const InfInputTrade* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (input->sell > 1) {
        return INF_ERROR_RANGE;
    }
    return inf_market_trade(world, soul_index1, input->good, input->sell != 0, input->units, input->limit_credits);
}

// ---- reading --------------------------------------------------------------------------------------------------------

/// The station as it is now, without a change to the world.
static InfStation station_now(const InfWorld* world, uint32_t station_index1)
{
    InfStation station = *inf_station_at(world, station_index1);
    uint64_t now = inf_world_now(world);
    for (uint32_t good = 0; good < INF_GOODS && now > station.update_tick; good++) {
        update_stock(&station, good, now);
    }
    return station;
}

void inf_station_market(const InfWorld* world, uint32_t station_index1, InfMarketView* out)
{
    memset(out, 0, sizeof *out);
    if (!inf_pool_is_live(&world->station_pool, station_index1)) {
        return;
    }
    InfStation station = station_now(world, station_index1);
    int64_t purse = purse_permille(world, &station);
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        int64_t base = inf_good_base_price(good), target = inf_station_target_milli(&station, good);
        out->buy_credits[good] = (ask_milli(inf_market_price_milli(base, station.stock[good] - 500, target)) + 999) / 1000;
        out->sell_credits[good] = bid_milli(inf_market_price_milli(base, station.stock[good] + 500, target), purse) / 1000;
        out->stock_units[good] = station.stock[good] / 1000;
    }
    out->fuel_milli_credits = INF_TUNE_FUEL_MILLI_CREDITS;
    out->repair_credits = INF_TUNE_REPAIR_CREDITS;
    out->clone_credits = inf_station_clone_credits(&station);
    out->dock_credits = inf_station_dock_credits(&station);
}

void inf_station_note(InfWorld* world, uint32_t station_index1, InfPriceNote* out)
{
    inf_station_update(world, station_index1);
    const InfStation* station = inf_station_at(world, station_index1);
    const InfPlace* place = inf_place_at(world, station->place_index1);
    const InfKnownSystem* system = inf_system_at(world, place->system_index1);
    memset(out, 0, sizeof *out);
    out->seen_tick = inf_world_now(world);
    memcpy(out->sector, system->sector, sizeof out->sector);
    out->system_in_sector = system->in_sector;
    int64_t purse = purse_permille(world, station); // what counts is what one gets there
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        int64_t price = inf_market_price_milli(inf_good_base_price(good), station->stock[good],
                                               inf_station_target_milli(station, good)) * purse / 1000;
        out->price_credits[good] = (uint16_t)inf_min_i64((price + 500) / 1000, UINT16_MAX);
    }
    out->body = place->body;
    out->profile = station->profile;
}

int64_t inf_world_price_level(const InfWorld* world)
{
    int64_t sum = 0, count = 0;
    for (uint32_t i = 1; i <= world->station_pool.count; i++) {
        if (!inf_pool_is_live(&world->station_pool, i)) {
            continue;
        }
        InfStation station = station_now(world, i);
        for (uint32_t good = 0; good < INF_GOODS; good++) {
            int64_t base = inf_good_base_price(good);
            sum += inf_market_price_milli(base, station.stock[good], inf_station_target_milli(&station, good)) / base;
            count++;
        }
    }
    return count == 0 ? 1000 : sum / count;
}
