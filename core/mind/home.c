// What a mind does first when it has docked: tell the board what it has seen and read what others saw, fuel up, repair,
// put savings away, and now and then a better ship.
#include "mind/mind.h"

static bool same_station(const InfPriceNote* a, const InfPriceNote* b)
{
    return a->body == b->body && inf_same_system(inf_note_address(a), inf_note_address(b));
}

/// Keep the note if it is news; the oldest goes. True if it was taken.
static bool keep_note(InfPriceNote notes[INF_PRICE_NOTES], const InfPriceNote* news)
{
    uint32_t oldest = 0;
    for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
        if (notes[i].seen_tick != 0 && same_station(&notes[i], news)) {
            if (notes[i].seen_tick >= news->seen_tick) {
                return false;
            }
            notes[i] = *news;
            return true;
        }
        if (notes[i].seen_tick < notes[oldest].seen_tick) {
            oldest = i;
        }
    }
    if (notes[oldest].seen_tick >= news->seen_tick) {
        return false;
    }
    notes[oldest] = *news;
    return true;
}

void inf_mind_exchange_prices(InfPriceNote a[INF_PRICE_NOTES], InfPriceNote b[INF_PRICE_NOTES])
{
    InfPriceNote before[INF_PRICE_NOTES];
    memcpy(before, a, sizeof before);
    for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
        if (b[i].seen_tick != 0) keep_note(a, &b[i]);
    }
    for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
        if (before[i].seen_tick != 0) keep_note(b, &before[i]);
    }
}

static void exchange_with_board(InfMindView* view)
{
    InfStation* station = inf_station_at(view->world, view->station_index1);
    InfPriceNote own;
    inf_station_note(view->world, view->station_index1, &own);
    own.seen_tick = view->now == 0 ? 1 : view->now;
    for (uint32_t i = 0; i < INF_PRICE_NOTES; i++) {
        const InfPriceNote* note = &view->soul->prices[i];
        if (note->seen_tick != 0 && !same_station(note, &own)) {
            keep_note(station->board, note);
        }
    }
    keep_note(view->soul->prices, &own);
}

void inf_mind_refuel(InfMindView* view, int64_t reserve_credits)
{
    uint32_t full = inf_hull(view->ship->hull_kind)->fuel;
    int64_t purse = view->credits - reserve_credits;
    if (view->station_index1 == 0 || purse <= 0 || view->ship->fuel >= full) {
        return;
    }
    int64_t units = inf_min_i64(full - view->ship->fuel, purse * 1000 / INF_TUNE_FUEL_MILLI_CREDITS);
    if (units > 0) {
        (void)inf_service(view->world, view->soul_index1, INF_SERVICE_REFUEL, (uint32_t)units);
        view->credits = inf_soul_credits(view->world, view->soul);
    }
}

static void repair(InfMindView* view)
{
    float full = inf_hull(view->ship->hull_kind)->hull;
    if (view->ship->hull < full * 0.8f && view->credits > 2 * INF_TUNE_MIND_RESERVE_CREDITS) {
        (void)inf_service(view->world, view->soul_index1, INF_SERVICE_REPAIR, 0);
        view->credits = inf_soul_credits(view->world, view->soul);
    }
}

/// The hull that suits a mind best: by what it likes doing.
static uint8_t wanted_hull(const InfSoul* soul, const InfShip* ship)
{
    int32_t fight = inf_soul_trait(soul, INF_TRAIT_AGGRESSION) + inf_soul_trait(soul, INF_TRAIT_COURAGE) / 2 -
                    inf_soul_trait(soul, INF_TRAIT_HONESTY);
    int32_t haul = inf_soul_trait(soul, INF_TRAIT_GREED) + inf_soul_trait(soul, INF_TRAIT_WANDERLUST) / 2;
    int32_t dig = inf_soul_trait(soul, INF_TRAIT_DILIGENCE) + inf_soul_trait(soul, INF_TRAIT_ORDER) / 2;
    if (fight > 500) {
        return ship->hull_kind == INF_HULL_INTERCEPTOR || ship->hull_kind == INF_HULL_FRIGATE ? INF_HULL_FRIGATE
                                                                                            : INF_HULL_INTERCEPTOR;
    }
    return haul > dig + (ship->hull_kind == INF_HULL_MINER ? 200 : 0) ? INF_HULL_HAULER : INF_HULL_MINER;
}

static void fit(InfMindView* view, InfModuleKind kind, uint32_t wanted)
{
    uint32_t slots = inf_min_u32(inf_hull(view->ship->hull_kind)->slots, INF_MODULE_SLOTS);
    uint32_t have = inf_count_modules(view->ship, kind);
    for (uint32_t slot = 0; slot < slots && have < wanted; slot++) {
        if (view->ship->modules[slot] != INF_MODULE_NONE) continue;
        if (view->credits < inf_module(kind)->price_credits * 2) return;
        if (inf_shop_module(view->world, view->soul_index1, slot, kind) != INF_OK) return;
        view->credits = inf_soul_credits(view->world, view->soul);
        have++;
    }
}

static void better_ship(InfMindView* view)
{
    InfSoul* soul = view->soul;
    uint8_t hull = wanted_hull(soul, view->ship);
    soul->hull_wanted = hull;
    int64_t price = inf_hull(hull)->price_credits;
    // The thrifty wait until much more is left than the price.
    int64_t left = 600 + price * inf_soul_trait(soul, INF_TRAIT_THRIFT) / 2000;
    if (hull != view->ship->hull_kind && price > inf_hull(view->ship->hull_kind)->price_credits &&
        view->credits > price + left) {
        if (inf_shop_ship(view->world, view->soul_index1, hull) == INF_OK) {
            inf_soul_feel(view->world, soul, INF_FEELING_JOY, 400);
            inf_mind_look(view);
        }
    }
    if (view->credits > 4000) {
        bool fighter = view->ship->hull_kind == INF_HULL_INTERCEPTOR || view->ship->hull_kind == INF_HULL_FRIGATE;
        fit(view, INF_MODULE_JUMP_DRIVE, 1);
        fit(view, fighter ? INF_MODULE_PULSE_LASER : INF_MODULE_MINING_LASER, fighter ? 3 : 2);
        fit(view, INF_MODULE_SHIELD_BOOSTER, 1);
    }
}

/// The hungry give their hull for a shuttle and live on the difference.
static void poorer_ship(InfMindView* view)
{
    if (view->hunger > 600 && inf_ship_cargo_units(view->ship) > 0) {
        inf_mind_sell_cargo(view, 0);
        view->hunger = inf_soul_feeling(view->world, view->soul, INF_FEELING_HUNGER);
    }
    if (view->hunger > 600 && view->ship->hull_kind != INF_HULL_SHUTTLE && view->ship->hull_kind != INF_HULL_POD &&
        inf_shop_ship(view->world, view->soul_index1, INF_HULL_SHUTTLE) == INF_OK) {
        inf_soul_feel(view->world, view->soul, INF_FEELING_JOY, -200);
        inf_mind_look(view);
    }
}

static void bank(InfMindView* view)
{
    InfSoul* soul = view->soul;
    int64_t carried = inf_account_at(view->world, soul->carried_account)->credits;
    // Traders need coin; the thrifty and the frightened put more away.
    int64_t keep = 800 + inf_hull(view->ship->hull_kind)->cargo_units * 60 - inf_soul_trait(soul, INF_TRAIT_THRIFT) / 2 -
                   soul->feelings[INF_FEELING_FEAR] / 2;
    if (carried > 2 * keep && carried - keep > 200) {
        (void)inf_bank(view->world, view->soul_index1, false, carried - keep);
    }
}

/// Who has more than enough spends some of it where it docks; the thrifty less. Fortunes so come back to the tills.
static void enjoy(InfMindView* view)
{
    int64_t spare = view->credits - INF_TUNE_LEISURE_FROM_CREDITS;
    int64_t share = (1200 - inf_soul_trait(view->soul, INF_TRAIT_THRIFT)) * INF_TUNE_LEISURE_PERMILLE / 1000;
    int64_t spent = spare * share / 1000;
    if (view->station_index1 == 0 || spent < 1) {
        return;
    }
    uint32_t till = inf_station_at(view->world, view->station_index1)->account;
    if (inf_soul_pay(view->world, view->soul, till, spent, INF_REASON_LEISURE) == INF_OK) {
        inf_soul_feel(view->world, view->soul, INF_FEELING_JOY, 40);
        view->credits -= spent;
    }
}

void inf_mind_settle_in(InfMindView* view)
{
    exchange_with_board(view);
    if (view->ship->fuel < inf_hull(view->ship->hull_kind)->fuel * 2 / 5) {
        inf_mind_refuel(view, 2 * INF_TUNE_MIND_RESERVE_CREDITS);
    }
    repair(view);
    if (view->credits > 4000) {
        better_ship(view);
    } else if (view->credits < 600) {
        poorer_ship(view);
    }
    enjoy(view);
    if (view->credits > 1500) {
        bank(view);
    }
    inf_mind_meet_friends(view);
}
