// Ledger, markets, upkeep, law, tags, charting and founding: properties that must hold whatever the tuning is.
#include "test.h"

#include "bench/local_galaxy.h"
#include "core/economy/economy.h"
#include "core/soul/soul.h"

static InfWorld* make_world(uint64_t seed, uint32_t minds)
{
    InfWorldDef def = inf_world_def_default();
    def.galaxy.seed = seed;
    def.capacity = inf_capacity_for_souls(512);
    def.allocator = local_allocator();
    InfWorld* world = NULL;
    ENSURE(inf_world_create(&def, &world) == INF_OK);
    ENSURE(inf_world_found(world, minds, 16000) == INF_OK);
    return world;
}

static uint32_t make_soul(InfWorld* world, bool player, int64_t credits)
{
    uint32_t place = inf_soul_concourse(world);
    ENSURE(place != 0);
    InfSoulDef def = {.player = player, .place_index1 = place, .hull_kind = INF_HULL_HAULER, .credits = credits};
    inf_traits_mix(inf_world_rng(world), NULL, NULL, def.traits);
    uint32_t soul = inf_soul_birth(world, &def);
    ENSURE(soul != 0);
    return soul;
}

static uint32_t station_of(InfWorld* world, uint32_t soul)
{
    uint32_t station = inf_soul_docked_station(world, inf_soul_at(world, soul));
    ENSURE(station != 0);
    return station;
}

static int64_t credits_of(const InfWorld* world, uint32_t soul)
{
    return inf_soul_credits(world, inf_soul_at(world, soul));
}

TEST(ledger_refuses_what_cannot_be)
{
    InfWorld* world = make_world(1, 0);
    uint32_t a = inf_account_open(world, INF_ACCOUNT_STATION, 0), b = inf_account_open(world, INF_ACCOUNT_STATION, 0);
    uint32_t mint = inf_ledger_own(INF_ACCOUNT_MINT), burn = inf_ledger_own(INF_ACCOUNT_BURN);
    uint64_t before = inf_world_hash(world);
    ENSURE(inf_ledger_move(world, mint, a, 0, INF_REASON_BIRTH) == INF_ERROR_RANGE);
    ENSURE(inf_ledger_move(world, mint, a, -5, INF_REASON_BIRTH) == INF_ERROR_RANGE);
    ENSURE(inf_ledger_move(world, mint, a, INT64_MAX, INF_REASON_BIRTH) == INF_ERROR_RANGE);
    ENSURE(inf_ledger_move(world, a, b, 1, INF_REASON_PAY) == INF_ERROR_FUNDS);
    ENSURE_EQ_U64(before, inf_world_hash(world));
    int64_t minted = world->header.minted_credits[INF_REASON_BIRTH], burned = world->header.burned_credits[INF_REASON_TAX];
    ENSURE(inf_ledger_move(world, mint, a, 100, INF_REASON_BIRTH) == INF_OK);
    ENSURE(inf_ledger_move(world, a, b, 60, INF_REASON_PAY) == INF_OK);
    ENSURE(inf_ledger_move(world, b, burn, 25, INF_REASON_TAX) == INF_OK);
    ENSURE_EQ_I64(40, inf_account_credits(world, a));
    ENSURE_EQ_I64(35, inf_account_credits(world, b));
    ENSURE_EQ_I64(minted + 100, world->header.minted_credits[INF_REASON_BIRTH]);
    ENSURE_EQ_I64(burned + 25, world->header.burned_credits[INF_REASON_TAX]);
    ENSURE(inf_ledger_balanced(world));
    inf_account_at(world, a)->credits++; // a credit out of nothing is found
    ENSURE(!inf_ledger_balanced(world));
    inf_account_at(world, a)->credits--;
    world->header.minted_credits[INF_REASON_LAW]++; // and so is a counter that tells another story
    ENSURE(!inf_ledger_sound(world));
    inf_world_destroy(world);
}

TEST(ledger_balances_at_the_bounds)
{
    InfWorld* world = make_world(1, 0);
    uint32_t a = inf_account_open(world, INF_ACCOUNT_STATION, 0), mint = inf_ledger_own(INF_ACCOUNT_MINT);
    int moves = 0;
    while (inf_ledger_move(world, mint, a, INT64_C(1000000000000000), INF_REASON_SUBSIDY) == INF_OK) {
        world->event_bytes = 0;
        moves++;
    }
    ENSURE(moves > 3900 && moves <= 4000); // 4·10^18 at most
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

TEST(price_falls_with_stock_within_bounds)
{
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        int64_t base = inf_good_base_price(good), last = INT64_MAX;
        for (int64_t stock = -1000; stock < 300000; stock += 250) {
            int64_t price = inf_market_price_milli(base, stock, 100000);
            ENSURE(price <= last);
            ENSURE(price <= base * INF_TUNE_PRICE_MAX_PERMILLE && price >= base * INF_TUNE_PRICE_MIN_PERMILLE);
            last = price;
        }
        ENSURE_EQ_I64(base * 1000, inf_market_price_milli(base, 100000, 100000));
        ENSURE_EQ_I64(base * INF_TUNE_PRICE_MIN_PERMILLE, last);
    }
}

TEST_RANDOM(looking_often_changes_nothing)
{
    TestRandom random = {seed};
    InfWorld* often = make_world(seed, 0);
    InfWorld* once = make_world(seed, 0);
    uint32_t count = often->station_pool.count;
    ENSURE(count != 0);
    for (int round = 0; round < 300; round++) {
        uint32_t station = 1 + (uint32_t)(test_random_u64(&random) % count);
        often->header.tick += 1 + test_random_u64(&random) % 5000;
        inf_station_update(often, station);
        once->header.tick = often->header.tick;
        for (uint32_t good = 0; round % 50 == 49 && good < INF_GOODS; good++) {
            // A push past the settled point in both, so that both directions run.
            int32_t push = (int32_t)(test_random_u64(&random) % 400000);
            inf_station_update(once, station);
            ENSURE_EQ_I64(inf_station_at(often, station)->stock[good], inf_station_at(once, station)->stock[good]);
            inf_station_at(often, station)->stock[good] = push;
            inf_station_at(once, station)->stock[good] = push;
        }
    }
    for (uint32_t station = 1; station <= count; station++) {
        inf_station_update(often, station);
        inf_station_update(once, station);
        ENSURE(memcmp(inf_station_at(often, station)->stock, inf_station_at(once, station)->stock,
                      sizeof inf_station_at(once, station)->stock) == 0);
    }
    ENSURE(inf_ledger_balanced(often));
    inf_world_destroy(often);
    inf_world_destroy(once);
}

TEST_RANDOM(no_round_trip_gains_at_one_station)
{
    TestRandom random = {seed};
    InfWorld* world = make_world(seed, 0);
    uint32_t soul = make_soul(world, true, 1000000);
    InfStation* station = inf_station_at(world, station_of(world, soul));
    InfShip* ship = inf_ship_at(world, inf_soul_at(world, soul)->ship_index1);
    for (int round = 0; round < 200; round++) {
        uint32_t good = (uint32_t)(test_random_u64(&random) % INF_GOODS);
        station->stock[good] = (int32_t)(test_random_u64(&random) % (uint64_t)(3 * inf_station_target_milli(station, good)));
        int64_t before = credits_of(world, soul);
        for (int step = 0; step < 20; step++) {
            bool sell = test_random_u64(&random) % 2 != 0;
            (void)inf_market_trade(world, soul, good, sell, 1 + (uint32_t)(test_random_u64(&random) % 60), 0);
        }
        while (ship->cargo[good] > 0 && inf_market_trade(world, soul, good, true, ship->cargo[good], 0) == INF_OK) {
        }
        ENSURE_EQ_U64(0, ship->cargo[good]);
        ENSURE_SAY(credits_of(world, soul) <= before, "good %u", good);
        world->event_bytes = 0;
    }
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

TEST_RANDOM(splitting_a_trade_never_helps)
{
    TestRandom random = {seed};
    InfWorld* world = make_world(seed, 0);
    uint32_t soul = make_soul(world, true, 1000000);
    InfStation* station = inf_station_at(world, station_of(world, soul));
    InfShip* ship = inf_ship_at(world, inf_soul_at(world, soul)->ship_index1);
    uint32_t till = station->account; // so full that it never stops a trade
    ENSURE(inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), till, 100000000, INF_REASON_SUBSIDY) == INF_OK);
    ENSURE(inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), inf_soul_at(world, soul)->carried_account, 100000000,
                           INF_REASON_BIRTH) == INF_OK);
    for (int round = 0; round < 100; round++) {
        uint32_t good = (uint32_t)(test_random_u64(&random) % INF_GOODS), units = 2 + (uint32_t)(test_random_u64(&random) % 100);
        int32_t stock = (int32_t)(inf_station_target_milli(station, good) + 101000);
        bool sell = round % 2 != 0;
        int64_t moved[2];
        for (int split = 0; split < 2; split++) {
            station->stock[good] = stock;
            memset(ship->cargo, 0, sizeof ship->cargo);
            ship->cargo[good] = (uint16_t)(sell ? units : 0);
            int64_t before = credits_of(world, soul);
            for (uint32_t left = units; left > 0; left -= split ? 1 : units) {
                ENSURE(inf_market_trade(world, soul, good, sell, split ? 1 : units, 0) == INF_OK);
            }
            moved[split] = credits_of(world, soul) - before;
        }
        ENSURE(moved[1] <= moved[0]); // one by one never brings more, never costs less
        world->event_bytes = 0;
        if (sell) { // give it back, or the till runs dry
            ENSURE(inf_soul_pay(world, inf_soul_at(world, soul), till, moved[0] + moved[1], INF_REASON_GIFT) == INF_OK);
        }
    }
    inf_world_destroy(world);
}

TEST(trade_keeps_to_its_limits)
{
    InfWorld* world = make_world(3, 0);
    uint32_t soul = make_soul(world, true, 100000);
    uint32_t station_index1 = station_of(world, soul);
    InfStation* station = inf_station_at(world, station_index1);
    InfShip* ship = inf_ship_at(world, inf_soul_at(world, soul)->ship_index1);
    int64_t target = inf_station_target_milli(station, INF_GOOD_METALS);
    station->stock[INF_GOOD_METALS] = (int32_t)target;
    int64_t base = inf_good_base_price(INF_GOOD_METALS);
    uint64_t before = inf_world_hash(world);
    ENSURE(inf_market_trade(world, soul, INF_GOODS, false, 1, 0) == INF_ERROR_RANGE);
    ENSURE(inf_market_trade(world, soul, INF_GOOD_METALS, false, 0, 0) == INF_ERROR_RANGE);
    ENSURE(inf_market_trade(world, soul, INF_GOOD_METALS, true, 1, 0) == INF_ERROR_CARGO);
    ENSURE(inf_market_trade(world, soul, INF_GOOD_METALS, false, 10, base / 2) == INF_ERROR_PRICE);
    ENSURE_EQ_U64(before, inf_world_hash(world));
    // A limit stops the trade where the price passes it, not before.
    ENSURE(inf_market_trade(world, soul, INF_GOOD_METALS, false, 200, base + base / 10) == INF_OK);
    uint32_t bought = ship->cargo[INF_GOOD_METALS];
    ENSURE(bought > 0 && bought < 200);
    ENSURE(inf_market_trade(world, soul, INF_GOOD_METALS, false, 1, base + base / 10) == INF_ERROR_PRICE);
    InfMarketView view;
    inf_station_market(world, station_index1, &view);
    ENSURE(view.buy_credits[INF_GOOD_METALS] > view.sell_credits[INF_GOOD_METALS]);
    ENSURE_EQ_I64(station->stock[INF_GOOD_METALS] / 1000, view.stock_units[INF_GOOD_METALS]);
    // An empty till buys nothing.
    ENSURE(inf_ledger_move(world, station->account, inf_ledger_own(INF_ACCOUNT_BURN),
                           inf_account_credits(world, station->account), INF_REASON_TAX) == INF_OK);
    ENSURE(inf_market_trade(world, soul, INF_GOOD_METALS, true, 1, 0) == INF_ERROR_FUNDS);
    ENSURE_EQ_U64(bought, ship->cargo[INF_GOOD_METALS]);
    inf_world_destroy(world);
}

TEST_RANDOM(air_is_exact_however_often_one_looks)
{
    TestRandom random = {seed};
    InfWorld* world = make_world(seed, 0);
    uint32_t soul = make_soul(world, false, 100000);
    uint64_t born = inf_soul_at(world, soul)->upkeep_tick;
    uint64_t ticks = inf_soul_ticks_per_credit(world, inf_soul_at(world, soul));
    for (int look = 0; look < 500; look++) {
        world->header.tick += test_random_u64(&random) % 300;
        ENSURE(inf_upkeep_charge(world, soul));
        ENSURE_EQ_I64(100000 - (int64_t)((world->header.tick - born) / ticks), credits_of(world, soul));
        world->event_bytes = 0;
    }
    int64_t milli;
    uint64_t zero;
    inf_soul_burn(world, soul, &milli, &zero);
    world->header.tick = zero - 1;
    ENSURE(inf_upkeep_charge(world, soul));
    ENSURE_EQ_I64(1, credits_of(world, soul));
    uint64_t id = inf_soul_at(world, soul)->id;
    world->header.tick = zero;
    ENSURE(!inf_upkeep_charge(world, soul)); // a mind lives once
    ENSURE_EQ_U64(0, inf_world_find_soul(world, id));
    ENSURE_EQ_I64(1, world->header.deaths[INF_DEATH_STARVED]);
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

TEST(debt_closes_shops_one_after_the_other)
{
    InfWorld* world = make_world(5, 0);
    uint32_t soul_index1 = make_soul(world, true, 100);
    InfSoul* soul = inf_soul_at(world, soul_index1);
    soul->flags |= INF_SOUL_CONNECTED;
    int64_t milli;
    uint64_t zero;
    inf_soul_burn(world, soul_index1, &milli, &zero);
    world->header.tick = zero + 50 * inf_soul_ticks_per_credit(world, soul);
    ENSURE(inf_upkeep_charge(world, soul_index1)); // a player does not die of it
    ENSURE_EQ_I64(0, credits_of(world, soul_index1));
    ENSURE_EQ_I64(50, soul->debt_credits);
    ENSURE(inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), soul->carried_account, 200000, INF_REASON_BIRTH) == INF_OK);
    InfInputCloneBay clone = {.soul = soul->id};
    uint64_t before = inf_world_hash(world);
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_FRIGATE) == INF_ERROR_DENIED);
    ENSURE_EQ_U64(before, inf_world_hash(world));
    ENSURE(inf_shop_module(world, soul_index1, 0, INF_MODULE_CABIN) == INF_OK);
    soul->debt_credits = INF_TUNE_DEBT_NO_MODULES_CREDITS;
    ENSURE(inf_shop_module(world, soul_index1, 0, INF_MODULE_SCANNER) == INF_ERROR_DENIED);
    ENSURE(inf_apply_CloneBay(world, &clone) == INF_OK);
    soul->flags &= ~INF_SOUL_CLONE;
    soul->debt_credits = INF_TUNE_DEBT_NO_CLONES_CREDITS;
    ENSURE(inf_apply_CloneBay(world, &clone) == INF_ERROR_DENIED);
    ENSURE(inf_service(world, soul_index1, INF_SERVICE_PAY_DEBT, 0) == INF_OK);
    ENSURE_EQ_I64(0, soul->debt_credits);
    ENSURE(inf_apply_CloneBay(world, &clone) == INF_OK);
    ENSURE(inf_apply_CloneBay(world, &clone) == INF_ERROR_EXISTS);
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_FRIGATE) == INF_OK);
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

TEST(shop_trades_in_and_refuses_whole)
{
    InfWorld* world = make_world(6, 0);
    uint32_t soul_index1 = make_soul(world, true, 9000);
    InfShip* ship = inf_ship_at(world, inf_soul_at(world, soul_index1)->ship_index1);
    uint64_t before = inf_world_hash(world);
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_CRUISER) == INF_ERROR_FUNDS);
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_POD) == INF_ERROR_UNKNOWN);
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_HAULER) == INF_ERROR_EXISTS);
    ENSURE(inf_shop_module(world, soul_index1, 7, INF_MODULE_SCANNER) == INF_ERROR_RANGE);
    ENSURE(inf_shop_module(world, soul_index1, 0, INF_MODULE_COUNT) == INF_ERROR_UNKNOWN);
    ENSURE_EQ_U64(before, inf_world_hash(world));
    ship->cargo[INF_GOOD_ORE] = 100;
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_SHUTTLE) == INF_ERROR_CARGO);
    ship->cargo[INF_GOOD_ORE] = 0;
    int64_t credits = credits_of(world, soul_index1);
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_INTERCEPTOR) == INF_OK);
    int64_t difference = inf_hull(INF_HULL_INTERCEPTOR)->price_credits -
                         inf_hull(INF_HULL_HAULER)->price_credits * INF_TUNE_TRADE_IN_PERMILLE / 1000;
    ENSURE_EQ_I64(credits - difference, credits_of(world, soul_index1));
    ENSURE_EQ_U64(INF_HULL_INTERCEPTOR, ship->hull_kind);
    ENSURE(ship->hull == inf_hull(INF_HULL_INTERCEPTOR)->hull);
    // There and back again costs, always.
    ENSURE(inf_shop_ship(world, soul_index1, INF_HULL_HAULER) == INF_OK);
    ENSURE(credits_of(world, soul_index1) < credits);
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

TEST(bank_fee_and_payments)
{
    InfWorld* world = make_world(7, 0);
    uint32_t payer_index1 = make_soul(world, true, 1000), payee_index1 = make_soul(world, false, 10);
    InfSoul *payer = inf_soul_at(world, payer_index1), *payee = inf_soul_at(world, payee_index1);
    ENSURE(inf_bank(world, payer_index1, false, 1) == INF_ERROR_RANGE);
    ENSURE(inf_bank(world, payer_index1, false, 1001) == INF_ERROR_FUNDS);
    ENSURE(inf_bank(world, payer_index1, false, 401) == INF_OK);
    ENSURE_EQ_I64(599, inf_account_credits(world, payer->carried_account));
    ENSURE_EQ_I64(396, inf_account_credits(world, payer->banked_account)); // 1 %, rounded up
    ENSURE(inf_bank(world, payer_index1, true, 397) == INF_ERROR_FUNDS);
    ENSURE(inf_bank(world, payer_index1, true, 96) == INF_OK);
    InfInputPay pay = {.soul = payer->id, .payee = payee->id, .credits = 200};
    ENSURE(inf_apply_Pay(world, &pay) == INF_OK);
    ENSURE_EQ_I64(210, credits_of(world, payee_index1));
    const InfRelation* relation = inf_soul_relation(payee, payer->id);
    ENSURE(relation != NULL && relation->affection > 0);
    uint64_t before = inf_world_hash(world);
    pay.credits = -200;
    ENSURE(inf_apply_Pay(world, &pay) == INF_ERROR_RANGE);
    pay.credits = 10000;
    ENSURE(inf_apply_Pay(world, &pay) == INF_ERROR_FUNDS);
    pay.payee = 12345;
    pay.credits = 1;
    ENSURE(inf_apply_Pay(world, &pay) == INF_ERROR_NOT_FOUND);
    pay.payee = payer->id;
    ENSURE(inf_apply_Pay(world, &pay) == INF_ERROR_RANGE);
    ENSURE_EQ_U64(before, inf_world_hash(world));
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

TEST(bounties_pay_the_hunter_once)
{
    InfWorld* world = make_world(8, 0);
    uint32_t giver = make_soul(world, true, 1000), target = make_soul(world, false, 500), hunter = make_soul(world, false, 500);
    InfInputBounty bounty = {.soul = inf_soul_at(world, giver)->id, .target = inf_soul_at(world, target)->id, .credits = 1};
    ENSURE(inf_apply_Bounty(world, &bounty) == INF_ERROR_RANGE);
    bounty.credits = 300;
    ENSURE(inf_apply_Bounty(world, &bounty) == INF_OK);
    ENSURE(inf_apply_Bounty(world, &bounty) == INF_OK);
    ENSURE_EQ_I64(600, inf_soul_at(world, target)->bounty_credits);
    ENSURE_EQ_I64(600, inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_ESCROW)));
    inf_bounty_settle(world, target, inf_soul_at(world, hunter)->id);
    inf_bounty_settle(world, target, inf_soul_at(world, hunter)->id);
    ENSURE_EQ_I64(1100, credits_of(world, hunter));
    ENSURE_EQ_I64(0, inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_ESCROW)));
    ENSURE_EQ_I64(600, world->header.income_credits[INF_TRADE_BOUNTIES]);
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

TEST(crime_is_fined_where_there_is_law)
{
    InfWorld* world = make_world(9, 0);
    uint32_t doer = make_soul(world, false, 5000), victim = make_soul(world, false, 500);
    InfSoul* soul = inf_soul_at(world, doer);
    uint32_t doer_ship = soul->ship_index1, victim_ship = inf_soul_at(world, victim)->ship_index1;
    uint32_t place = inf_ship_at(world, doer_ship)->place_index1;
    uint8_t law = inf_place_at(world, place)->law;
    inf_place_at(world, place)->law = INF_LAW_WILD;
    inf_law_crime(world, place, doer_ship, victim_ship, true);
    ENSURE_EQ_I64(0, soul->bounty_credits);
    inf_place_at(world, place)->law = INF_LAW_OPEN;
    int64_t whole = credits_of(world, doer);
    inf_law_crime(world, place, doer_ship, victim_ship, false);
    inf_law_crime(world, place, doer_ship, victim_ship, false); // the second shot of the same fight
    ENSURE_EQ_I64(INF_TUNE_LAW_HARM_BOUNTY_CREDITS, soul->bounty_credits);
    inf_law_crime(world, place, doer_ship, victim_ship, true);
    ENSURE_EQ_I64(INF_TUNE_LAW_HARM_BOUNTY_CREDITS + INF_TUNE_LAW_KILL_BOUNTY_CREDITS, soul->bounty_credits);
    ENSURE_EQ_I64(whole, credits_of(world, doer) + soul->bounty_credits); // out of its own pocket
    int64_t bounty = inf_soul_at(world, victim)->bounty_credits;
    inf_law_crime(world, place, victim_ship, doer_ship, true); // against a criminal: lawful
    ENSURE_EQ_I64(bounty, inf_soul_at(world, victim)->bounty_credits);
    inf_place_at(world, place)->law = law;
    ENSURE(inf_ledger_balanced(world));
    inf_world_destroy(world);
}

static InfInputTagClaim claim(uint8_t key, const char* tag)
{
    InfInputTagClaim input = {0};
    memset(input.key, key, sizeof input.key);
    snprintf(input.tag, sizeof input.tag, "%s", tag);
    return input;
}

TEST(a_tag_belongs_to_its_first_key)
{
    InfWorld* world = make_world(10, 0);
    InfInputTagClaim nova = claim(1, "Nova"), again = claim(2, "nova"), like = claim(2, "N0va"), second = claim(1, "Vega");
    InfInputTagClaim bad = claim(3, "a\x01"), none = claim(0, "Nobody"), other = claim(2, "Vega");
    ENSURE(inf_apply_TagClaim(world, &nova) == INF_OK);
    uint32_t souls = world->soul_pool.live;
    uint64_t before = inf_world_hash(world);
    ENSURE(inf_apply_TagClaim(world, &nova) == INF_OK); // a repetition: nothing new
    ENSURE(inf_apply_TagClaim(world, &again) == INF_ERROR_EXISTS);
    ENSURE(inf_apply_TagClaim(world, &like) == INF_ERROR_EXISTS);
    ENSURE(inf_apply_TagClaim(world, &second) == INF_ERROR_EXISTS);
    ENSURE(inf_apply_TagClaim(world, &bad) == INF_ERROR_FORMAT);
    ENSURE(inf_apply_TagClaim(world, &none) == INF_ERROR_SIGNATURE);
    ENSURE_EQ_U64(before, inf_world_hash(world));
    ENSURE_EQ_U64(souls, world->soul_pool.live);
    ENSURE(inf_apply_TagClaim(world, &other) == INF_OK);
    uint32_t tag = inf_world_find_tag(world, "NOVA");
    ENSURE(tag != 0);
    ENSURE_EQ_U64(tag, inf_world_find_tag_by_key(world, nova.key));
    uint32_t soul_index1 = inf_world_find_soul(world, inf_tag_at(world, tag)->soul);
    ENSURE(soul_index1 != 0);
    ENSURE_EQ_I64(INF_TUNE_BIRTH_PLAYER_CREDITS, credits_of(world, soul_index1));
    ENSURE(station_of(world, soul_index1) != 0);
    inf_world_derive(world); // as after a restart
    ENSURE_EQ_U64(tag, inf_world_find_tag(world, "Nova"));
    ENSURE(inf_world_find_tag(world, "Rigel") == 0);
    inf_world_destroy(world);
}

TEST(charting_pays_the_first_alone)
{
    InfWorld* world = make_world(11, 0);
    uint32_t first = make_soul(world, false, 100), late = make_soul(world, false, 100);
    InfSystemAddress far = {0, 0, 0, 0};
    for (far.x = 4; inf_sector_system_count(&world->galaxy, far.x, 0, 0) == 0; far.x++) {
    }
    uint32_t system = inf_system_enter(world, far);
    ENSURE(system != 0);
    inf_charting_visit(world, first, system);
    int64_t paid = credits_of(world, first) - 100;
    ENSURE(paid >= INF_TUNE_CHARTING_CREDITS);
    ENSURE_EQ_U64(inf_soul_at(world, first)->id, inf_system_at(world, system)->discoverer);
    inf_charting_visit(world, late, system);
    ENSURE_EQ_I64(100, credits_of(world, late));
    ENSURE_EQ_U64(inf_soul_at(world, first)->id, inf_system_at(world, system)->discoverer);
    uint32_t home = inf_system_enter(world, (InfSystemAddress){0, 0, 0, 0});
    inf_charting_visit(world, late, home);
    ENSURE_EQ_I64(100, credits_of(world, late));
    ENSURE_EQ_U64(0, inf_system_at(world, home)->discoverer);
    ENSURE_EQ_I64(paid, world->header.minted_credits[INF_REASON_CHARTING]);
    inf_world_destroy(world);
}

TEST(founding_deals_out_every_mind_once)
{
    LocalGalaxy* one = local_galaxy_create(42, 16, 1003, 400, 40000);
    LocalGalaxy* two = local_galaxy_create(42, 16, 1003, 400, 40000);
    ENSURE_EQ_U64(1003, local_galaxy_souls(one));
    for (uint32_t shard = 0; shard < 16; shard++) {
        ENSURE_EQ_U64(inf_world_hash(one->worlds[shard]), inf_world_hash(two->worlds[shard]));
        ENSURE(inf_ledger_balanced(one->worlds[shard]));
    }
    const char* wrong = local_galaxy_check_books(one);
    ENSURE_SAY(wrong == NULL, "%s", wrong);
    ENSURE(inf_world_found(one->worlds[3], 1, 40000) == INF_ERROR_STATE);
    local_galaxy_destroy(one);
    local_galaxy_destroy(two);
}

TEST(books_balance_over_all_shards_while_minds_live)
{
    LocalGalaxy* galaxy = local_galaxy_create(7, 16, 600, 400, 40000);
    for (int tick = 0; tick < 6000; tick++) {
        local_galaxy_tick(galaxy);
        if (tick % 50 == 0) {
            const char* wrong = local_galaxy_check_books(galaxy);
            ENSURE_SAY(wrong == NULL, "%s at tick %d", wrong, tick);
        }
    }
    ENSURE(local_galaxy_transfers(galaxy) > 0);
    local_galaxy_destroy(galaxy);
}
