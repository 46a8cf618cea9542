// A galaxy left to itself for days, as fast as it goes: what lives, what it lives on, and whether the books hold at every
// tick. For tuning (docs/rules/economy.md); `infinity run` makes the report for people.
#include "bench.h"
#include "local_galaxy.h"

#include <stdio.h>
#include <string.h>

typedef struct Sums {
    int64_t minted[INF_REASONS_MAX], burned[INF_REASONS_MAX], income[INF_TRADES_MAX], deaths[INF_CAUSES_MAX];
    int64_t births, trades, mined, jumps, discoveries, price_permille, stations;
    int64_t souls, wallet, till, docked, hulls[INF_HULL_COUNT], activities[INF_ACTIVITY_COUNT];
} Sums;

static Sums measure(const LocalGalaxy* galaxy)
{
    Sums sums;
    memset(&sums, 0, sizeof sums);
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        const InfWorld* world = galaxy->worlds[shard];
        const InfHeader* header = inf_world_header(world);
        for (uint32_t i = 0; i < INF_REASONS_MAX; i++) {
            sums.minted[i] += header->minted_credits[i];
            sums.burned[i] += header->burned_credits[i];
        }
        for (uint32_t i = 0; i < INF_TRADES_MAX; i++) {
            sums.income[i] += header->income_credits[i];
        }
        for (uint32_t i = 0; i < INF_CAUSES_MAX; i++) {
            sums.deaths[i] += header->deaths[i];
        }
        sums.births += header->births;
        sums.trades += header->trades;
        sums.mined += header->units_mined;
        sums.jumps += header->jumps;
        sums.discoveries += header->discoveries;
        uint32_t count = 0;
        const InfStation* stations = inf_world_stations(world, &count);
        int64_t live = 0;
        for (uint32_t i = 0; i < count; i++) {
            live += stations[i].generation & 1u;
        }
        sums.stations += live;
        sums.price_permille += inf_world_price_level(world) * live;
        const InfAccount* accounts = inf_world_accounts(world, &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((accounts[i].generation & 1u) != 0) {
                sums.wallet += accounts[i].kind == INF_ACCOUNT_CARRIED || accounts[i].kind == INF_ACCOUNT_BANKED
                                   ? accounts[i].credits
                                   : 0;
                sums.till += accounts[i].kind == INF_ACCOUNT_STATION ? accounts[i].credits : 0;
            }
        }
        const InfSoul* souls = inf_world_souls(world, &count);
        uint32_t ships_count = 0;
        const InfShip* ships = inf_world_ships(world, &ships_count);
        for (uint32_t i = 0; i < count; i++) {
            if ((souls[i].generation & 1u) != 0) {
                sums.souls++;
                sums.activities[souls[i].activity < INF_ACTIVITY_COUNT ? souls[i].activity : 0]++;
                if (souls[i].ship_index1 != 0) {
                    const InfShip* ship = &ships[souls[i].ship_index1 - 1];
                    sums.hulls[ship->hull_kind < INF_HULL_COUNT ? ship->hull_kind : 0]++;
                    sums.docked += ship->state == INF_SHIP_STATE_DOCKED;
                }
            }
        }
    }
    sums.price_permille /= sums.stations != 0 ? sums.stations : 1;
    return sums;
}

static void row(const char* title, const int64_t* now, const int64_t* before, uint32_t count,
                const char* (*word)(uint32_t))
{
    char line[1024] = "";
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t value = now[i] - (before != 0 ? before[i] : 0);
        if (value != 0 && at < sizeof line - 64) {
            at += (size_t)snprintf(line + at, sizeof line - at, "  %s %lld", word(i), (long long)value);
        }
    }
    bench_say("  %-9s%s", title, line);
}

static const char* hull_word(uint32_t kind)
{
    return inf_hull(kind)->word;
}

/// What a newcomer finds: prices for ore on the Concourse, and how full it is.
static void concourse(const LocalGalaxy* galaxy)
{
    const InfWorld* world = galaxy->worlds[0];
    uint32_t count = 0;
    const InfPlace* places = inf_world_places(world, &count);
    uint32_t ship_count = 0, here = 0;
    const InfShip* ships = inf_world_ships(world, &ship_count);
    for (uint32_t i = 0; i < ship_count; i++) {
        if ((ships[i].generation & 1u) != 0 && ships[i].place_index1 != 0 && ships[i].pilot_index1 != 0) {
            InfSystemAddress at = inf_place_address(world, ships[i].place_index1);
            here += at.x == 0 && at.y == 0 && at.z == 0 && at.index == 0;
        }
    }
    bench_say("  Heart: %u souls in the system", here);
    for (uint32_t i = 1; i <= count; i++) {
        InfSystemAddress at = (places[i - 1].generation & 1u) != 0 ? inf_place_address(world, i) : (InfSystemAddress){1, 0, 0, 0};
        if (at.x == 0 && at.y == 0 && at.z == 0 && at.index == 0 && places[i - 1].station_index1 != 0) {
            InfMarketView market;
            inf_station_market(world, places[i - 1].station_index1, &market);
            bench_say("  Heart, body %u: %u docked; pays for ice %lld, ore %lld, helium-3 %lld, titanium %lld, metals %lld, food %lld",
                      places[i - 1].body, places[i - 1].docked_count, (long long)market.sell_credits[0],
                      (long long)market.sell_credits[1], (long long)market.sell_credits[2], (long long)market.sell_credits[3],
                      (long long)market.sell_credits[INF_GOOD_METALS], (long long)market.sell_credits[INF_GOOD_FOOD]);
        }
    }
}

BENCH(economy, "a galaxy left to itself (--minds 10000 --hours 14 --seed 42 --radius 100): population, prices, books")
{
    uint32_t minds = (uint32_t)bench_option(&args, "minds", 10000);
    uint64_t hours = (uint64_t)bench_option(&args, "hours", 14), every = (uint64_t)bench_option(&args, "every", 2);
    uint32_t capacity = (uint32_t)bench_option(&args, "capacity", minds / 4 + 2048);
    double start = bench_cpu_s();
    LocalGalaxy* galaxy = local_galaxy_create((uint64_t)bench_option(&args, "seed", 42), 16, minds, capacity,
                                              (uint64_t)bench_option(&args, "radius", 100) * 1000);
    Sums before = measure(galaxy);
    concourse(galaxy);
    int64_t low = before.souls, high = before.souls, price_low = before.price_permille, price_high = before.price_permille;
    for (uint64_t hour = every; hour <= hours; hour += every) {
        for (uint64_t tick = 0; tick < every * 36000; tick++) {
            local_galaxy_tick(galaxy);
            if (tick % 100 == 0) {
                const char* wrong = local_galaxy_check_books(galaxy);
                if (wrong != 0) {
                    bench_say("the books are wrong: %s", wrong);
                    return 1;
                }
            }
        }
        Sums sums = measure(galaxy);
        bench_say("hour %llu: souls %lld (docked %lld) births %lld  price %lld  wallets %lld  tills %lld of %lld stations  "
                  "trades %lld  mined %lld  jumps %lld  charted %lld  cpu %.1f s",
                  (unsigned long long)hour, (long long)sums.souls, (long long)sums.docked,
                  (long long)(sums.births - before.births), (long long)sums.price_permille, (long long)sums.wallet,
                  (long long)sums.till, (long long)sums.stations, (long long)(sums.trades - before.trades),
                  (long long)(sums.mined - before.mined), (long long)(sums.jumps - before.jumps),
                  (long long)(sums.discoveries - before.discoveries), bench_cpu_s() - start);
        row("minted", sums.minted, before.minted, INF_REASON_COUNT, inf_reason_word);
        row("burned", sums.burned, before.burned, INF_REASON_COUNT, inf_reason_word);
        row("income", sums.income, before.income, INF_TRADE_COUNT, inf_trade_word);
        row("deaths", sums.deaths, before.deaths, INF_DEATH_COUNT, inf_cause_word);
        row("doing", sums.activities, 0, INF_ACTIVITY_COUNT, inf_activity_word);
        row("hulls", sums.hulls, 0, INF_HULL_COUNT, hull_word);
        concourse(galaxy);
        low = sums.souls < low ? sums.souls : low;
        high = sums.souls > high ? sums.souls : high;
        price_low = sums.price_permille < price_low ? sums.price_permille : price_low;
        price_high = sums.price_permille > price_high ? sums.price_permille : price_high;
        before = sums;
    }
    bench_result("minds", (double)before.souls);
    bench_result("minds_low", (double)low);
    bench_result("minds_high", (double)high);
    bench_result("price_low_permille", (double)price_low);
    bench_result("price_high_permille", (double)price_high);
    bench_result("cpu_s", bench_cpu_s() - start);
    local_galaxy_destroy(galaxy);
    return 0;
}
