// Births: so many that the number of minds comes back to what the galaxy was founded for and grants the living of.
//
// A station bears at its turn, by chance: the more the fewer live in the shard (none at 1.3 times its founding), the more
// work there is that trade has not settled (inf_station_opportunity), the wealthier it is; and never with a till half
// empty. So hunger ends births before it ends lives. A child of two who are bonded gets its start from both; others are
// called into life by the station, which pays their start out of its till.
#include "economy/economy.h"

#define BOND_AFFECTION 250

static bool can_be_parent(const InfWorld* world, uint32_t soul_index1)
{
    const InfSoul* soul = inf_soul_at(world, soul_index1);
    return (soul->flags & INF_SOUL_PLAYER) == 0 && inf_soul_credits(world, soul) > 3 * INF_TUNE_BIRTH_MIND_CREDITS;
}

/// Two bonded minds docked at a place; the first pair after a random start. False if there is none.
static bool find_parents(InfWorld* world, const InfPlace* place, uint32_t* mother, uint32_t* father)
{
    uint64_t skip = inf_rng_below(inf_world_rng(world), place->docked_count);
    uint32_t looked = 0;
    for (uint32_t i = place->docked_first; i != 0 && looked < 16; i = inf_ship_at(world, i)->next_in_place) {
        if (skip > 0) {
            skip--;
            continue;
        }
        looked++;
        uint32_t one = inf_ship_at(world, i)->pilot_index1;
        if (one == 0 || !can_be_parent(world, one)) {
            continue;
        }
        const InfSoul* soul = inf_soul_at(world, one);
        for (uint32_t r = 0; r < INF_RELATIONS; r++) {
            uint32_t other = soul->relations[r].affection >= BOND_AFFECTION
                                 ? inf_world_find_soul(world, soul->relations[r].who)
                                 : 0;
            if (other != 0 && can_be_parent(world, other)) {
                *mother = one;
                *father = other;
                return true;
            }
        }
    }
    return false;
}

static void bear_child(InfWorld* world, uint32_t place_index1, uint32_t mother_index1, uint32_t father_index1)
{
    InfRng* rng = inf_world_rng(world);
    InfSoul* mother = inf_soul_at(world, mother_index1);
    InfSoul* father = inf_soul_at(world, father_index1);
    InfSoulDef def = {.player = false, .parent = mother->id, .place_index1 = place_index1, .hull_kind = INF_HULL_SHUTTLE};
    inf_traits_mix(rng, mother->traits, father->traits, def.traits);
    uint32_t child_index1 = inf_soul_birth(world, &def);
    if (child_index1 == 0) {
        return;
    }
    InfSoul* child = inf_soul_at(world, child_index1);
    int64_t half = INF_TUNE_BIRTH_MIND_CREDITS / 2;
    InfResult first = inf_soul_pay(world, mother, child->carried_account, half, INF_REASON_GIFT);
    InfResult second = inf_soul_pay(world, father, child->carried_account, half, INF_REASON_GIFT);
    INF_ASSERT(first == INF_OK && second == INF_OK);
    InfSoul* kin[3] = {mother, father, child};
    for (uint32_t i = 0; i < 3; i++) {
        for (uint32_t other = 0; other < 3; other++) {
            if (i != other) {
                inf_soul_relate(world, kin[i], kin[other]->id, i < 2 && other < 2 ? 100 : 600, 400, 0);
            }
        }
    }
    inf_soul_feel(world, mother, INF_FEELING_JOY, 400);
    inf_soul_feel(world, father, INF_FEELING_JOY, 400);
}

static void call_into_life(InfWorld* world, uint32_t station_index1)
{
    const InfStation* station = inf_station_at(world, station_index1);
    InfSoulDef def = {.player = false, .place_index1 = station->place_index1, .hull_kind = INF_HULL_SHUTTLE};
    inf_traits_mix(inf_world_rng(world), NULL, NULL, def.traits);
    if (inf_account_at(world, station->account)->credits < 4 * INF_TUNE_BIRTH_MIND_CREDITS) {
        return;
    }
    uint32_t child_index1 = inf_soul_birth(world, &def);
    if (child_index1 != 0) {
        InfResult result = inf_ledger_move(world, station->account, inf_soul_at(world, child_index1)->carried_account,
                                           INF_TUNE_BIRTH_MIND_CREDITS, INF_REASON_GIFT);
        INF_ASSERT(result == INF_OK);
    }
}

void inf_station_bear(InfWorld* world, uint32_t station_index1)
{
    const InfStation* station = inf_station_at(world, station_index1);
    const InfPlace* place = inf_place_at(world, station->place_index1);
    int64_t founded = world->header.founded_minds;
    int64_t most = founded * INF_TUNE_BIRTH_ROOM_PERMILLE / 1000;
    int64_t room = most - (int64_t)world->soul_pool.live;
    int64_t till = inf_account_at(world, station->account)->credits;
    if (world->header.galaxy_kind != INF_GALAXY_KIND_OPEN) {
        return; // who comes there was invited
    }
    if (room <= 0 || place->docked_count >= INF_TUNE_STATION_SOULS_MAX || till * 2 < inf_station_till_normal(station)) {
        return;
    }
    int64_t chance = INF_TUNE_BIRTH_PERMILLE * room / most; // of 1000, if nobody trades and the station is of middle wealth
    chance = chance * inf_station_opportunity(world, station_index1) * (500 + inf_station_wealth(station)) / 1000 *
             station->size / 4;
    if (!inf_rng_ratio(inf_world_rng(world), (uint64_t)chance, 1000000)) {
        return;
    }
    uint32_t mother, father;
    if (place->docked_count >= 2 && find_parents(world, place, &mother, &father)) {
        bear_child(world, station->place_index1, mother, father);
    } else {
        call_into_life(world, station_index1);
    }
}
