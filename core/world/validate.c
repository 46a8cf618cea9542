// Is this world whole? Second pass, meaning: books, lists, links. The first, rows, is in validate_rows.c. A decode runs both
// before a world is handed out; INF_VALIDATE builds run them each tick.
#include "world/validate.h"

/// Every account belongs to one and only one: marks lie in the tick's scratch, which is free between ticks.
static const char* check_owners(const InfWorld* world)
{
    uint8_t* marks = world->scratch;
    uint32_t count = world->account_pool.count, marked = INF_LEDGER_OWN_COUNT;
    CHECK(count <= world->scratch_bytes, "there is no room to count accounts");
    memset(marks, 0, count);
    EACH(soul_pool, i)
    {
        const InfSoul* soul = inf_soul_at(world, i);
        marks[soul->carried_account - 1]++;
        marks[soul->banked_account - 1]++;
        marked += 2;
    }
    EACH(station_pool, i)
    {
        marks[inf_station_at(world, i)->account - 1]++;
        marked++;
    }
    EACH(passenger_pool, i)
    {
        const InfSoul* soul = inf_passenger_at(world, i)->soul;
        marks[soul->carried_account - 1]++;
        marks[soul->banked_account - 1]++;
        marked += 2;
    }
    for (uint32_t i = INF_LEDGER_OWN_COUNT; i < count; i++) {
        CHECK(marks[i] == (inf_pool_is_live(&world->account_pool, i + 1) ? 1 : 0), "an account belongs to nobody or to two");
    }
    CHECK(marked == world->account_pool.live, "an account belongs to nobody or to two");
    return NULL;
}

/// Escrow is what is on heads and in wrecks.
static const char* check_escrow(const InfWorld* world)
{
    int64_t held = 0;
    EACH(soul_pool, i) { held = inf_add_saturating_i64(held, inf_soul_at(world, i)->bounty_credits); }
    EACH(ship_pool, i) { held = inf_add_saturating_i64(held, inf_ship_at(world, i)->loot_credits); }
    CHECK(held == inf_account_at(world, INF_ACCOUNT_ESCROW)->credits, "escrow is not what is on heads and in wrecks");
    return NULL;
}

/// It sits where its host's list says, and the list rises by seat.
static const char* check_seat(const InfWorld* world, uint32_t passenger_index1)
{
    uint64_t host = inf_passenger_at(world, passenger_index1)->host;
    if (host == 0) {
        return NULL;
    }
    CHECK(inf_world_find_soul(world, host) != 0, "a passenger's host is not here");
    uint32_t seen = 0, found = 0;
    int32_t seat = -1;
    for (uint32_t i = inf_world_first_passenger(world, host); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        const InfPassenger* passenger = inf_passenger_at(world, i);
        CHECK(++seen <= INF_SEATS && passenger->host == host && (int32_t)passenger->seat > seat, "a host's list of passengers is torn");
        seat = passenger->seat;
        found += i == passenger_index1;
    }
    CHECK(found == 1, "a passenger is not in its host's list");
    return NULL;
}

/// What is in escrow at the border is what is in flight and away.
static const char* check_border(const InfWorld* world)
{
    int64_t held = 0;
    EACH(directory_pool, i)
    {
        const InfDirectoryEntry* entry = inf_directory_at(world, i);
        held = inf_add_saturating_i64(held, entry->carried_credits + entry->banked_credits);
        CHECK(inf_world_find_identity(world, entry->identity) == i, "an identity is not found");
        bool elsewhere = entry->state != INF_DIRECTORY_HERE;
        CHECK(!elsewhere || (inf_world_find_soul(world, entry->soul) == 0 && inf_world_find_passenger(world, entry->soul) == 0),
              "a soul is here that the directory has elsewhere");
    }
    CHECK(held == inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_BORDER)),
          "the border's escrow is not what is in flight and away");
    EACH(passenger_pool, i)
    {
        const InfSoul* soul = inf_passenger_at(world, i)->soul;
        CHECK(inf_world_find_passenger(world, soul->id) == i && inf_world_find_soul(world, soul->id) == 0,
              "a passenger is in two places");
        CHECK(inf_account_at(world, soul->carried_account)->owner == soul->id &&
                  inf_account_at(world, soul->banked_account)->owner == soul->id,
              "a passenger's account is another's");
        const char* wrong = check_seat(world, i);
        if (wrong != NULL) {
            return wrong;
        }
    }
    return NULL;
}

static const char* check_places_of_systems(const InfWorld* world)
{
    uint32_t listed = 0;
    EACH(system_pool, i)
    {
        const InfKnownSystem* system = inf_system_at(world, i);
        InfSystemAddress address = {system->sector[0], system->sector[1], system->sector[2], system->in_sector};
        CHECK(inf_world_find_system(world, address) == i, "a system is not found by its address");
        uint32_t seen = 0;
        for (uint32_t p = system->first_place; p != 0; p = inf_place_at(world, p)->next_in_system) {
            CHECK(inf_place_at(world, p)->system_index1 == i && ++seen <= system->place_count, "a system's list is torn");
        }
        CHECK(seen == system->place_count, "a system's list is torn");
        listed += seen;
    }
    CHECK(listed == world->place_pool.live, "a place is in no system's list");
    return NULL;
}

static const char* check_list(const InfWorld* world, uint32_t place_index1, uint32_t first, uint32_t last, uint32_t count,
                              bool docked)
{
    uint32_t seen = 0, previous = 0;
    for (uint32_t i = first; i != 0; i = inf_ship_at(world, i)->next_in_place) {
        const InfShip* ship = inf_ship_at(world, i);
        CHECK(++seen <= count, "a place's list is longer than its count");
        CHECK(ship->place_index1 == place_index1 && ship->previous_in_place == previous, "a place's list is torn");
        CHECK((ship->state == INF_SHIP_STATE_DOCKED) == docked && ship->state != INF_SHIP_STATE_CRUISE,
              "a ship is in the wrong list of its place");
        previous = i;
    }
    CHECK(seen == count && previous == last, "a place's list is shorter than its count");
    return NULL;
}

static uint32_t drones_in(const InfWorld* world, const InfPlace* place)
{
    uint32_t count = 0;
    for (uint32_t i = place->first_ship; i != 0; i = inf_ship_at(world, i)->next_in_place) {
        count += (inf_ship_at(world, i)->flags & INF_SHIP_PATROL) != 0;
    }
    return count;
}

const char* inf_world_validate(const InfWorld* world)
{
    const char* wrong = check_owners(world);
    CHECK(inf_ledger_balanced(world), "the books do not balance");
    if (wrong != NULL || (wrong = check_escrow(world)) != NULL || (wrong = check_border(world)) != NULL || (wrong = check_places_of_systems(world)) != NULL) {
        return wrong;
    }
    EACH(account_pool, i)
    {
        const InfAccount* account = inf_account_at(world, i);
        bool below = account->kind == INF_ACCOUNT_MINT || account->kind == INF_ACCOUNT_RECEIVED;
        CHECK(below || account->credits >= 0, "an account is below zero");
    }
    uint32_t listed = 0, expected = 0;
    EACH(place_pool, i)
    {
        const InfPlace* place = inf_place_at(world, i);
        wrong = check_list(world, i, place->first_ship, place->last_ship, place->ship_count, false);
        if (wrong == NULL) {
            wrong = check_list(world, i, place->docked_first, place->docked_last, place->docked_count, true);
        }
        if (wrong != NULL) {
            return wrong;
        }
        CHECK(place->drones == drones_in(world, place), "a place's count of drones is wrong");
        listed += place->ship_count + place->docked_count;
    }
    EACH(ship_pool, i)
    {
        const InfShip* ship = inf_ship_at(world, i);
        expected += ship->state != INF_SHIP_STATE_CRUISE && ship->state != INF_SHIP_STATE_NONE;
        CHECK(inf_world_find_ship(world, ship->id) == i, "a ship is not found by its id");
        CHECK(ship->pilot_index1 == 0 || inf_soul_at(world, ship->pilot_index1)->ship_index1 == i,
              "a ship's pilot sits elsewhere");
    }
    CHECK(listed == expected, "a ship is in no place's list");
    EACH(soul_pool, i)
    {
        const InfSoul* soul = inf_soul_at(world, i);
        CHECK(inf_world_find_soul(world, soul->id) == i, "a soul is not found by its id");
        CHECK(soul->ship_index1 == 0 || inf_ship_at(world, soul->ship_index1)->pilot_index1 == i,
              "a soul's ship has another pilot");
        CHECK(inf_account_at(world, soul->carried_account)->owner == soul->id &&
                  inf_account_at(world, soul->banked_account)->owner == soul->id,
              "a soul's account is another's");
    }
    EACH(tag_pool, i)
    {
        const InfTag* tag = inf_tag_at(world, i);
        CHECK(inf_world_find_tag_by_key(world, tag->key) == i, "a tag is not found by its key");
    }
    return NULL;
}
