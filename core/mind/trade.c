// What pays: trades by remembered prices, sales of what is aboard, mining. All offers are in credits per thousand ticks,
// so that they can be compared with each other and with wages.
//
// A price note is a middle price; a station buys SPREAD below it. A price moves while one trades (by stock), so of a
// margin that is read off a note three quarters count for a small load and half for a big one; and it grows stale.
#include "mind/mind.h"

#define LOCAL_TICKS 900     // undock, cruise, dock
#define JUMP_TICKS 1300     // undock, spool, cruise in, dock
#define NOTE_HALF_TICKS 54000u

static int64_t note_sell_price(const InfPriceNote* note, uint32_t good)
{
    return (int64_t)note->price_credits[good] * (1000 - INF_TUNE_SPREAD_PERMILLE) / 1000;
}

typedef struct Leg {
    bool possible;
    int64_t ticks, fuel_credits;
    int32_t dread;
} Leg;

static Leg leg_to(InfMindView* view, InfSystemAddress address, uint8_t body)
{
    Leg leg = {true, LOCAL_TICKS, 1, 0};
    if (!inf_same_system(address, view->here)) {
        uint64_t distance = inf_mind_distance(view, address);
        uint32_t fuel = inf_jump_fuel(view->ship, distance);
        leg.ticks = JUMP_TICKS;
        leg.fuel_credits = (int64_t)fuel * INF_TUNE_FUEL_MILLI_CREDITS / 1000 + 1;
        // A tank is filled before the jump, if it can be paid.
        leg.possible = distance <= inf_jump_range_mly(view->ship) && fuel + 2000 <= inf_hull(view->ship->hull_kind)->fuel &&
                       (fuel + 2000 <= view->ship->fuel || view->credits > leg.fuel_credits * 3 + INF_TUNE_MIND_RESERVE_CREDITS) &&
                       inf_count_modules(view->ship, INF_MODULE_JUMP_DRIVE) > 0;
    }
    if (leg.possible) {
        leg.dread = inf_soul_dread(view->world, view->soul, address, body);
    }
    return leg;
}

/// Notes that count here: the mind's own, then the station's board.
static const InfPriceNote* note_at(const InfMindView* view, uint32_t i)
{
    if (i < INF_PRICE_NOTES) {
        return &view->soul->prices[i];
    }
    return view->station_index1 == 0 ? NULL
                                     : &inf_station_at(view->world, view->station_index1)->board[i - INF_PRICE_NOTES];
}

static bool note_is_here(const InfMindView* view, const InfPriceNote* note)
{
    return view->place != NULL && inf_same_system(inf_note_address(note), view->here) && note->body == view->place->body;
}

static int64_t trust_in_note(const InfMindView* view, const InfPriceNote* note)
{
    uint64_t age = view->now > note->seen_tick ? view->now - note->seen_tick : 0;
    return inf_decay(1000, age, NOTE_HALF_TICKS);
}

InfOffer inf_mind_best_trade(InfMindView* view, const InfMarketView* market)
{
    InfOffer best = {.body = INF_BODY_NONE};
    int64_t room = inf_ship_cargo_free(view->ship);
    int64_t purse = view->credits - INF_TUNE_MIND_RESERVE_CREDITS;
    if (room <= 0 || purse <= 0) {
        return best;
    }
    for (uint32_t i = 0; i < 2 * INF_PRICE_NOTES; i++) {
        const InfPriceNote* note = note_at(view, i);
        if (note == NULL || note->seen_tick == 0 || note_is_here(view, note)) continue;
        int64_t trust = trust_in_note(view, note);
        int64_t best_profit = 0, best_units = 0;
        uint8_t best_good = 0;
        for (uint32_t good = 0; good < INF_GOODS; good++) {
            int64_t buy = market->buy_credits[good], there = note_sell_price(note, good);
            int64_t margin = there - buy - (there + buy) / 14; // what the load itself does to both prices
            if (margin <= 0) continue;
            int64_t stock = market->stock_units[good] / 4; // emptying a market is dear
            int64_t units = inf_min_i64(inf_min_i64(room, stock), buy > 0 ? purse / (buy + buy / 8 + 1) : room);
            if (units <= 0) continue;
            int64_t shrink = units > 60 ? 500 : 750;
            int64_t profit = units * margin * shrink / 1000 * trust / 1000;
            if (profit > best_profit) {
                best_profit = profit;
                best_units = units;
                best_good = (uint8_t)good;
            }
        }
        if (best_profit < 20 || (best_profit * 1000 / LOCAL_TICKS) <= best.rate) continue;
        Leg leg = leg_to(view, inf_note_address(note), note->body);
        if (!leg.possible) continue;
        int64_t profit = best_profit - leg.fuel_credits;
        int64_t rate = profit * 1000 / leg.ticks * (1000 - leg.dread * 2 / 3) / 1000;
        if (rate > best.rate) {
            best = (InfOffer){.rate = rate,
                              .profit = profit,
                              .address = inf_note_address(note),
                              .units = (uint32_t)best_units,
                              .good = best_good,
                              .body = note->body};
        }
    }
    return best;
}

InfOffer inf_mind_best_sale(InfMindView* view, const InfMarketView* market)
{
    InfOffer best = {.body = INF_BODY_NONE};
    const InfShip* ship = view->ship;
    int64_t here = 0;
    for (uint32_t good = 0; good < INF_GOODS && market != NULL; good++) {
        here += ship->cargo[good] * market->sell_credits[good];
    }
    for (uint32_t i = 0; i < 2 * INF_PRICE_NOTES; i++) {
        const InfPriceNote* note = note_at(view, i);
        if (note == NULL || note->seen_tick == 0 || note_is_here(view, note)) continue;
        int64_t there = 0;
        for (uint32_t good = 0; good < INF_GOODS; good++) {
            there += ship->cargo[good] * note_sell_price(note, good);
        }
        there = there * trust_in_note(view, note) / 1000;
        int64_t gain = there - here;
        if (gain * 1000 / LOCAL_TICKS <= best.rate) continue;
        Leg leg = leg_to(view, inf_note_address(note), note->body);
        if (!leg.possible) continue;
        int64_t rate = (gain - leg.fuel_credits) * 1000 / leg.ticks * (1000 - leg.dread / 2) / 1000;
        if (rate > best.rate) {
            best = (InfOffer){.rate = rate, .profit = gain, .address = inf_note_address(note), .body = note->body};
        }
    }
    return best;
}

InfOffer inf_mind_mining(InfMindView* view, const InfMarketView* market)
{
    InfOffer offer = {.body = INF_BODY_NONE};
    uint32_t lasers = inf_count_modules(view->ship, INF_MODULE_MINING_LASER);
    int64_t room = inf_ship_cargo_free(view->ship);
    if (lasers == 0 || room < 4) {
        return offer;
    }
    if (inf_mind_here(view)->belt_count == 0) {
        return offer;
    }
    // A mixed load at what this station gives for it, less for what the load itself does to the price.
    int64_t price_tenths = 0;
    static const int64_t share[INF_ORE_COUNT] = {3, 4, 1, 2};
    for (uint32_t ore = 0; ore < INF_ORE_COUNT; ore++) {
        price_tenths += share[ore] * (market != NULL ? market->sell_credits[ore] : inf_good_base_price(ore) * 7 / 10);
    }
    // Some five units in three cycles of a laser; a shift is so long and no longer.
    int64_t unit_ticks = inf_max_i64(1, (int64_t)inf_module(INF_MODULE_MINING_LASER)->cycle_ticks * 6 / 10 / (int64_t)lasers);
    room = inf_min_i64(room, INF_TUNE_MINE_SHIFT_TICKS / unit_ticks);
    int64_t ticks = 2 * LOCAL_TICKS - 300 + room * unit_ticks;
    int64_t dread = inf_soul_dread(view->world, view->soul, view->here, INF_BODY_NONE);
    offer.profit = room * price_tenths / 10 * 9 / 10;
    offer.rate = offer.profit * 1000 / ticks * (1000 - dread / 2) / 1000;
    offer.address = view->here;
    offer.body = 0; // which belt is chosen when it is done
    return offer;
}

int64_t inf_mind_sell_cargo(InfMindView* view, int32_t least_permille)
{
    int64_t before = inf_soul_credits(view->world, view->soul);
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        uint32_t units = view->ship->cargo[good];
        if (units == 0) continue;
        int64_t limit = inf_good_base_price(good) * least_permille / 1000;
        (void)inf_market_trade(view->world, view->soul_index1, good, true, units, limit); // what is not taken stays
    }
    view->credits = inf_soul_credits(view->world, view->soul);
    return view->credits - before;
}

// ---- the activity -----------------------------------------------------------------------------------------------

enum { TRADE_BUY, TRADE_GO, TRADE_SELL };

void inf_mind_step_trade(InfMindView* view)
{
    InfSoul* soul = view->soul;
    switch (soul->plan_phase) {
    case TRADE_BUY: {
        if (view->station_index1 == 0) {
            inf_mind_end(view, false);
            return;
        }
        if (soul->plan_units > 0) {
            int64_t purse = view->credits - INF_TUNE_MIND_RESERVE_CREDITS;
            InfMarketView market;
            inf_station_market(view->world, view->station_index1, &market);
            int64_t price = market.buy_credits[soul->plan_good];
            uint32_t units = soul->plan_units;
            units = inf_min_u32(units, (uint32_t)inf_clamp_i64(price > 0 ? purse / price : 0, 0, UINT16_MAX));
            // Not past a price that would eat a third of a usual margin.
            if (units == 0 || inf_market_trade(view->world, view->soul_index1, soul->plan_good, false, units,
                                               price + price / 6 + 1) != INF_OK) {
                inf_mind_end(view, false);
                return;
            }
        }
        if (!inf_same_system(inf_plan_address(soul), view->here)) {
            inf_mind_refuel(view, 40);
        }
        soul->plan_phase = TRADE_GO;
    }
        __attribute__((fallthrough));
    case TRADE_GO: {
        InfGo go = inf_mind_go(view, inf_plan_address(soul), soul->plan_body, true);
        if (go == INF_GO_UNDER_WAY) {
            return;
        }
        if (go == INF_GO_FAILED) {
            inf_mind_end(view, false); // the goods stay aboard; where to sell them is decided anew
            return;
        }
        soul->plan_phase = TRADE_SELL;
    }
        __attribute__((fallthrough));
    default: {
        inf_mind_sell_cargo(view, view->hunger > 500 ? 0 : 450);
        inf_mind_end(view, true);
        return;
    }
    }
}
