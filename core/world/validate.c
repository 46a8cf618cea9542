// Is this world whole? Two passes: rows (indices in range, so that nothing that reads the state can run off), then
// meaning (books, lists, links). A decode runs both before a world is handed out; INF_VALIDATE builds run them each tick.
#include "world/internal.h"

#define CHECK(condition, text)                                                                          \
    do {                                                                                                \
        if (!(condition)) {                                                                             \
            return text;                                                                                \
        }                                                                                               \
    } while (0)

static uint32_t row_u32(const InfPool* pool, uint32_t index1, uint32_t offset)
{
    uint32_t value;
    memcpy(&value, pool->rows + (size_t)(index1 - 1) * pool->row_bytes + offset, 4);
    return value;
}

static const char* check_pool(const InfPool* pool)
{
    uint32_t live = 0;
    for (uint32_t i = 1; i <= pool->count; i++) {
        live += row_u32(pool, i, pool->generation_offset) & 1u;
    }
    CHECK(live == pool->live, "a pool's count of live rows is wrong");
    uint32_t free_rows = 0;
    for (uint32_t i = pool->free_head; i != 0; i = row_u32(pool, i, pool->next_free_offset)) {
        CHECK(i <= pool->count && !inf_pool_is_live(pool, i), "a free list leads to a live row or nowhere");
        CHECK(++free_rows <= pool->count - pool->live, "a free list is a ring");
    }
    CHECK(free_rows == pool->count - pool->live, "a free row is not on the free list");
    return NULL;
}

static bool live_or_none(const InfPool* pool, uint32_t index1)
{
    return index1 == 0 || inf_pool_is_live(pool, index1);
}

static const char* check_ship_row(const InfWorld* world, const InfShip* ship)
{
    CHECK(ship->id != 0, "a ship has no id");
    CHECK(ship->hull_kind < INF_HULL_COUNT && ship->state < INF_SHIP_STATE_COUNT && ship->order < INF_ORDER_COUNT,
          "a ship's kind, state or order is unknown");
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        CHECK(ship->modules[i] < INF_MODULE_COUNT, "a module is unknown");
    }
    CHECK(live_or_none(&world->soul_pool, ship->pilot_index1), "a ship's pilot is nobody");
    CHECK(live_or_none(&world->place_pool, ship->place_index1), "a ship's place is none");
    CHECK(live_or_none(&world->place_pool, ship->destination_index1), "a ship's destination is none");
    CHECK(live_or_none(&world->place_pool, ship->from_place_index1), "the place that a ship left is none");
    CHECK(live_or_none(&world->ship_pool, ship->next_in_place), "a place's list leads nowhere");
    CHECK(live_or_none(&world->ship_pool, ship->previous_in_place), "a place's list leads nowhere");
    CHECK(ship->loot_credits >= 0, "loot is negative");
    return NULL;
}

static const char* check_soul_row(const InfWorld* world, const InfSoul* soul)
{
    CHECK(soul->id != 0, "a soul has no id");
    CHECK(inf_pool_is_live(&world->account_pool, soul->carried_account), "a soul has no pocket");
    CHECK(inf_pool_is_live(&world->account_pool, soul->banked_account), "a soul has no account");
    CHECK(live_or_none(&world->ship_pool, soul->ship_index1), "a soul's ship is none");
    CHECK((soul->rng[0] | soul->rng[1]) != 0, "a soul's random stream is empty");
    CHECK(soul->name[INF_NAME_BYTES - 1] == 0, "a name has no end");
    CHECK(soul->activity < INF_ACTIVITY_COUNT && soul->plan_good < INF_GOODS, "an activity is unknown");
    return NULL;
}

static const char* check_place_row(const InfWorld* world, const InfPlace* place)
{
    CHECK(inf_pool_is_live(&world->system_pool, place->system_index1), "a place has no system");
    CHECK(live_or_none(&world->station_pool, place->station_index1), "a place's station is none");
    CHECK(live_or_none(&world->place_pool, place->next_in_system), "a system's list leads nowhere");
    CHECK(live_or_none(&world->ship_pool, place->first_ship) && live_or_none(&world->ship_pool, place->last_ship) &&
              live_or_none(&world->ship_pool, place->docked_first) && live_or_none(&world->ship_pool, place->docked_last),
          "a place's list leads nowhere");
    CHECK(place->kind < INF_PLACE_COUNT, "a place's kind is unknown");
    return NULL;
}

#define EACH(pool_name, i)                                                                              \
    for (uint32_t i = 1; i <= world->pool_name.count; i++)                                              \
        if (inf_pool_is_live(&world->pool_name, i))

const char* inf_world_validate_rows(const InfWorld* world)
{
    const InfPool* pools[] = {&world->account_pool, &world->system_pool, &world->place_pool, &world->station_pool,
                              &world->ship_pool, &world->soul_pool, &world->transfer_pool, &world->tag_pool};
    for (uint32_t p = 0; p < sizeof pools / sizeof pools[0]; p++) {
        const char* wrong = check_pool(pools[p]);
        if (wrong != NULL) {
            return wrong;
        }
    }
    const char* wrong = NULL;
    CHECK(world->account_pool.count >= INF_ACCOUNT_ESCROW, "the shard's own accounts are missing");
    EACH(account_pool, i) { CHECK(inf_account_at(world, i)->kind < INF_ACCOUNT_COUNT, "an account's kind is unknown"); }
    EACH(system_pool, i)
    {
        CHECK(live_or_none(&world->place_pool, inf_system_at(world, i)->first_place), "a system's list leads nowhere");
    }
    EACH(place_pool, i)
    {
        if ((wrong = check_place_row(world, inf_place_at(world, i))) != NULL) {
            return wrong;
        }
    }
    EACH(station_pool, i)
    {
        const InfStation* station = inf_station_at(world, i);
        CHECK(inf_pool_is_live(&world->place_pool, station->place_index1), "a station has no place");
        CHECK(inf_pool_is_live(&world->account_pool, station->account), "a station has no till");
    }
    EACH(ship_pool, i)
    {
        if ((wrong = check_ship_row(world, inf_ship_at(world, i))) != NULL) {
            return wrong;
        }
    }
    EACH(soul_pool, i)
    {
        if ((wrong = check_soul_row(world, inf_soul_at(world, i))) != NULL) {
            return wrong;
        }
    }
    EACH(transfer_pool, i)
    {
        const InfTransfer* transfer = inf_transfer_at(world, i);
        CHECK(transfer->payload_bytes <= INF_TRANSFER_BYTES && transfer->destination < world->header.shard_count &&
                  transfer->credits >= 0,
              "a transfer is malformed");
    }
    EACH(tag_pool, i)
    {
        const InfTag* tag = inf_tag_at(world, i);
        CHECK(tag->name[INF_NAME_BYTES - 1] == 0 && tag->skeleton[INF_NAME_BYTES - 1] == 0, "a tag has no end");
    }
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

const char* inf_world_validate(const InfWorld* world)
{
    const char* wrong = NULL;
    CHECK(inf_ledger_balanced(world), "the books do not balance");
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
    return NULL;
}
