// Is this world whole? First pass, rows: each by itself, and what it points to, so that nothing that reads the state can run
// off. The second, what they mean together, is in validate.c.
#include "world/validate.h"

/// Of deep space: a light-year from the star.
#define INF_PLACE_KM_MAX INT64_C(9460730472580)
/// Three thousand years; products with daily amounts fit.
#define INF_TICK_MAX (UINT64_C(1) << 40)

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

/// Finite, and small enough that nothing that is worked out from it is not.
static bool is_sound(float value, float limit)
{
    return value >= -limit && value <= limit;
}

static bool are_sound(const float* values, uint32_t count, float limit)
{
    bool sound = true;
    for (uint32_t i = 0; i < count; i++) {
        sound = sound && is_sound(values[i], limit);
    }
    return sound;
}

static bool in_range(int64_t value, int64_t low, int64_t high)
{
    return value >= low && value <= high;
}

// ---- rows by themselves: also what arrives from another shard has to pass these ---------------------------------

static const char* check_note(const InfPriceNote* note, uint64_t now)
{
    CHECK(note->seen_tick <= now && note->profile < INF_STATION_PROFILE_COUNT, "a price list is malformed");
    return NULL;
}

const char* inf_soul_check(const InfSoul* soul, uint64_t now)
{
    CHECK(soul->id != 0, "a soul has no id");
    CHECK((soul->rng[0] | soul->rng[1]) != 0, "a soul's random stream is empty");
    CHECK(soul->name[INF_NAME_BYTES - 1] == 0, "a name has no end");
    CHECK(soul->activity < INF_ACTIVITY_COUNT && soul->plan_good < INF_GOODS, "an activity is unknown");
    CHECK(soul->goal < INF_GOAL_COUNT && soul->trade <= INF_GOODS && soul->hull_wanted < INF_HULL_COUNT,
          "a soul's goal, ware or wish is unknown");
    uint64_t own = inf_soul_time(soul, now);
    CHECK(in_range(soul->clock_ticks, -(int64_t)INF_OWN_TIME_MAX, (int64_t)INF_OWN_TIME_MAX) && own <= INF_OWN_TIME_MAX,
          "a soul's own time is out of range");
    CHECK(soul->born_tick <= own && soul->feelings_tick <= now && soul->upkeep_tick <= now, "a soul is of the future");
    CHECK(in_range(soul->debt_credits, 0, INF_POCKET_CREDITS_MAX) && in_range(soul->bounty_credits, 0, INF_POCKET_CREDITS_MAX) &&
              in_range(soul->earned_credits, -INF_POCKET_CREDITS_MAX, 4 * INF_POCKET_CREDITS_MAX),
          "a soul's credits are out of range");
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        CHECK(soul->feelings[i] <= 1000, "a feeling is too strong");
    }
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        const InfMemory* memory = &soul->memories[i];
        CHECK(memory->kind < INF_MEMORY_COUNT && memory->strength <= 1000 && memory->tick <= own, "a memory is malformed");
    }
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        const InfRelation* relation = &soul->relations[i];
        CHECK(in_range(relation->affection, -1000, 1000) && in_range(relation->trust, -1000, 1000) &&
                  in_range(relation->debt_credits, -1000000000, 1000000000) && relation->last_tick <= own,
              "a relation is malformed");
    }
    const char* wrong = NULL;
    for (uint32_t i = 0; i < INF_PRICE_NOTES && wrong == NULL; i++) {
        wrong = check_note(&soul->prices[i], now);
    }
    return wrong;
}

const char* inf_ship_check(const InfShip* ship, uint64_t now)
{
    CHECK(ship->id != 0, "a ship has no id");
    CHECK(ship->hull_kind < INF_HULL_COUNT && ship->state < INF_SHIP_STATE_COUNT && ship->order < INF_ORDER_COUNT,
          "a ship's kind, state or order is unknown");
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        CHECK(ship->modules[i] < INF_MODULE_COUNT, "a module is unknown");
    }
    CHECK(ship->hull >= 0 && is_sound(ship->hull, 1e9f) && ship->shield >= 0 && is_sound(ship->shield, 1e9f),
          "a ship's hull or shield is out of range");
    CHECK(ship->order_range_m >= 0 && is_sound(ship->order_range_m, 1e9f), "a ship's distance to keep is out of range");
    CHECK(are_sound(ship->leg_from_m, 3, 9.4e12f) && are_sound(ship->leg_to_m, 3, 9.4e12f), // kilometres in a cruise
          "a ship's leg is out of range");
    CHECK(ship->leg_end_tick == 0 || (ship->leg_start_tick < ship->leg_end_tick && ship->leg_start_tick <= now &&
                                      ship->leg_end_tick - ship->leg_start_tick < UINT32_MAX),
          "a ship's leg ends before it begins");
    CHECK(ship->update_tick <= now && ship->aggressor_tick <= now, "a ship is of the future");
    uint64_t pause = (ship->flags & INF_SHIP_PATROL) != 0 ? INF_TICKS_PER_DAY : 0; // a drone's: until when it waits
    CHECK(ship->work_tick <= now + pause, "a ship's work is of the future");
    CHECK(in_range(ship->loot_credits, 0, INF_POCKET_CREDITS_MAX), "loot is out of range");
    CHECK(ship->loot_credits == 0 || ship->state == INF_SHIP_STATE_WRECK, "loot lies in a ship that is no wreck");
    return NULL;
}

// ---- rows and what they point to ----------------------------------------------------------------------------------

static const char* check_ship_row(const InfWorld* world, uint32_t ship_index1)
{
    const InfShip* ship = inf_ship_at(world, ship_index1);
    const InfHeader* header = &world->header;
    const char* wrong = inf_ship_check(ship, header->tick);
    if (wrong != NULL) {
        return wrong;
    }
    CHECK(inf_id_is_given(header, ship->id, header->ship_sequence), "a ship's id is yet to be given");
    CHECK(ship->timer_tick == 0 || ship->timer_tick > header->tick, "a ship's timer is past");
    CHECK(live_or_none(&world->soul_pool, ship->pilot_index1), "a ship's pilot is nobody");
    CHECK(live_or_none(&world->place_pool, ship->place_index1), "a ship's place is none");
    CHECK(live_or_none(&world->place_pool, ship->destination_index1), "a ship's destination is none");
    CHECK(live_or_none(&world->place_pool, ship->from_place_index1), "the place that a ship left is none");
    CHECK(live_or_none(&world->ship_pool, ship->next_in_place), "a place's list leads nowhere");
    CHECK(live_or_none(&world->ship_pool, ship->previous_in_place), "a place's list leads nowhere");
    CHECK(ship->state != INF_SHIP_STATE_NONE && ship->place_index1 != 0, "a ship is nowhere");
    uint32_t system_index1 = inf_place_at(world, ship->place_index1)->system_index1;
    CHECK(ship->destination_index1 == 0 || inf_place_at(world, ship->destination_index1)->system_index1 == system_index1,
          "a ship's destination is in another system");
    if (ship->state == INF_SHIP_STATE_CRUISE) {
        uint32_t from = ship->from_place_index1; // 0: from deep space
        CHECK(ship->leg_end_tick != 0 && (from == 0 || inf_place_at(world, from)->system_index1 == system_index1),
              "a cruise comes from nowhere");
        CHECK(ship->timer_tick != 0, "a cruise has no end");
    }
    CHECK(ship->state != INF_SHIP_STATE_DOCKED || inf_place_at(world, ship->place_index1)->station_index1 != 0,
          "a ship is docked where no station is");
    CHECK(ship->state != INF_SHIP_STATE_WRECK || ship->pilot_index1 == 0, "a wreck has a pilot");
    const InfMotion* motion = inf_motion_at(world, ship_index1);
    CHECK(are_sound(motion->position_m, 3, 1e9f) && are_sound(motion->velocity_m_per_s, 3, 1e9f) &&
              are_sound(motion->attitude, 4, 1.01f),
          "a ship's motion is out of range");
    const float* q = motion->attitude;
    float square = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
    CHECK(ship->state == INF_SHIP_STATE_DOCKED || ship->state == INF_SHIP_STATE_CRUISE || (square > 0.98f && square < 1.02f),
          "a ship's attitude is no direction");
    return NULL;
}

static const char* check_soul_row(const InfWorld* world, const InfSoul* soul)
{
    const InfHeader* header = &world->header;
    const char* wrong = inf_soul_check(soul, header->tick);
    if (wrong != NULL) {
        return wrong;
    }
    CHECK(inf_id_is_given(header, soul->id, header->soul_sequence), "a soul's id is yet to be given");
    CHECK(soul->timer_tick == 0 || soul->timer_tick > header->tick, "a soul's timer is past");
    CHECK(inf_pool_is_live(&world->account_pool, soul->carried_account) &&
              inf_account_at(world, soul->carried_account)->kind == INF_ACCOUNT_CARRIED,
          "a soul has no pocket");
    CHECK(inf_pool_is_live(&world->account_pool, soul->banked_account) &&
              inf_account_at(world, soul->banked_account)->kind == INF_ACCOUNT_BANKED,
          "a soul has no account");
    CHECK(live_or_none(&world->ship_pool, soul->ship_index1), "a soul's ship is none");
    CHECK(soul->ship_index1 != 0 || (soul->flags & INF_SOUL_PLAYER) != 0, "a mind has no ship");
    return NULL;
}

static const char* check_place_row(const InfWorld* world, uint32_t place_index1)
{
    const InfPlace* place = inf_place_at(world, place_index1);
    CHECK(inf_pool_is_live(&world->system_pool, place->system_index1), "a place has no system");
    CHECK(live_or_none(&world->place_pool, place->next_in_system), "a system's list leads nowhere");
    CHECK(live_or_none(&world->ship_pool, place->first_ship) && live_or_none(&world->ship_pool, place->last_ship) &&
              live_or_none(&world->ship_pool, place->docked_first) && live_or_none(&world->ship_pool, place->docked_last),
          "a place's list leads nowhere");
    CHECK(place->kind < INF_PLACE_COUNT && place->hot <= 1, "a place's kind is unknown");
    CHECK(place->ore_tick <= world->header.tick && place->hot_until_tick <= world->header.tick + INF_TICKS_PER_MONTH,
          "a place is of the future");
    CHECK((place->kind == INF_PLACE_STATION) == (place->station_index1 != 0) &&
              live_or_none(&world->station_pool, place->station_index1) &&
              (place->station_index1 == 0 || inf_station_at(world, place->station_index1)->place_index1 == place_index1),
          "a place's station is none");
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(in_range(place->position_km[i], -INF_PLACE_KM_MAX, INF_PLACE_KM_MAX), "a place is out of range");
    }
    // What is generated has to be what the row says; asked by the place's own name, once per decode.
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_world_bodies(world, inf_place_address(world, place_index1), bodies);
    bool deep = place->kind == INF_PLACE_DEEP;
    CHECK(deep ? place->body == INF_BODY_NONE : place->body < count && bodies[place->body].kind == place->kind,
          "a place is at a body that is not there");
    return NULL;
}

static const char* check_header(const InfHeader* header)
{
    const int64_t* counters[] = {header->deaths, header->player_deaths, header->minted_credits, header->burned_credits,
                                 &header->births, &header->trades, &header->units_mined, &header->jumps,
                                 &header->shots, &header->discoveries};
    static const uint8_t counts[] = {INF_CAUSES_MAX, INF_CAUSES_MAX, INF_REASONS_MAX, INF_REASONS_MAX, 1, 1, 1, 1, 1, 1};
    for (uint32_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        for (uint32_t j = 0; j < counts[i]; j++) {
            CHECK(in_range(counters[i][j], 0, 100 * INF_POCKET_CREDITS_MAX), "a counter is out of range");
        }
    }
    CHECK(header->tick <= INF_TICK_MAX, "the tick is out of range");
    CHECK((header->rng[0] | header->rng[1]) != 0, "the shard's random stream is empty");
    CHECK(header->galaxy_kind < INF_GALAXY_KIND_COUNT, "the kind of the galaxy is unknown");
    CHECK(header->soul_sequence < INF_SEQUENCE_MASK / 2 && header->ship_sequence < INF_SEQUENCE_MASK / 2 &&
              header->transfer_sequence < INF_SEQUENCE_MASK / 2,
          "a sequence is out of range");
    for (uint32_t i = 0; i < INF_SHARDS_MAX; i++) {
        CHECK(header->out_sequence[i] < INF_SEQUENCE_MASK && header->in_sequence[i] < INF_SEQUENCE_MASK,
              "a sequence is out of range");
    }
    return NULL;
}

static const char* check_accounts(const InfWorld* world)
{
    CHECK(world->account_pool.count >= INF_LEDGER_OWN_COUNT, "the shard's own accounts are missing");
    EACH(account_pool, i)
    {
        const InfAccount* account = inf_account_at(world, i);
        CHECK(account->kind > INF_ACCOUNT_NONE && account->kind < INF_ACCOUNT_COUNT, "an account's kind is unknown");
        bool own = inf_ledger_is_own(account->kind);
        CHECK((i <= INF_LEDGER_OWN_COUNT) == own && (!own || inf_ledger_own((InfAccountKind)account->kind) == i),
              "the shard's own accounts are out of order");
        CHECK(in_range(account->credits, -4000 * INF_POCKET_CREDITS_MAX, 4000 * INF_POCKET_CREDITS_MAX) &&
                  (own || account->credits <= INF_POCKET_CREDITS_MAX),
              "an account is out of range");
    }
    for (uint32_t i = 1; i <= INF_LEDGER_OWN_COUNT; i++) {
        CHECK(inf_pool_is_live(&world->account_pool, i), "the shard's own accounts are missing");
    }
    return NULL;
}

static const char* check_station_row(const InfWorld* world, uint32_t station_index1)
{
    const InfStation* station = inf_station_at(world, station_index1);
    uint64_t now = world->header.tick;
    CHECK(inf_pool_is_live(&world->place_pool, station->place_index1) &&
              inf_place_at(world, station->place_index1)->station_index1 == station_index1,
          "a station has no place");
    CHECK(inf_pool_is_live(&world->account_pool, station->account) &&
              inf_account_at(world, station->account)->kind == INF_ACCOUNT_STATION,
          "a station has no till");
    CHECK(station->profile < INF_STATION_PROFILE_COUNT, "a station's profile is unknown");
    CHECK(station->size >= 4, "a station is smaller than the smallest");
    CHECK(station->update_tick <= now && station->last_talk_tick <= now, "a station is of the future");
    CHECK(station->timer_tick == 0 || station->timer_tick > now, "a station's timer is past");
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        CHECK(in_range(station->stock[good], 0, 1 << 30), "a station's stock is out of range");
    }
    const char* wrong = NULL;
    for (uint32_t i = 0; i < INF_PRICE_NOTES && wrong == NULL; i++) {
        wrong = check_note(&station->board[i], now);
    }
    return wrong;
}

static const char* check_system_row(const InfWorld* world, const InfKnownSystem* system)
{
    InfSystemAddress address = {system->sector[0], system->sector[1], system->sector[2], system->in_sector};
    CHECK(inf_system_exists(&world->galaxy, address) &&
              inf_system_shard(address, world->header.shard_count) == world->header.shard,
          "a system is not of this shard");
    CHECK(live_or_none(&world->place_pool, system->first_place), "a system's list leads nowhere");
    CHECK(system->discovered_tick <= world->header.tick && system->visits < UINT64_MAX / 2, "a system is of the future");
    return NULL;
}

static const char* check_transfer_row(const InfWorld* world, const InfTransfer* transfer)
{
    const InfHeader* header = &world->header;
    CHECK(transfer->payload_bytes <= INF_TRANSFER_BYTES && transfer->destination < header->shard_count &&
              transfer->destination != header->shard && transfer->kind < INF_TRANSFER_COUNT &&
              in_range(transfer->credits, 0, 4 * INF_POCKET_CREDITS_MAX) && transfer->sent_tick <= header->tick,
          "a transfer is malformed");
    CHECK(transfer->sequence != 0 && transfer->sequence <= header->out_sequence[transfer->destination] &&
              (transfer->id & INF_SEQUENCE_MASK) <= header->transfer_sequence,
          "a transfer's number is yet to be given");
    return NULL;
}

// ---- rows of the border -------------------------------------------------------------------------------------------------

static const char* check_directory_row(const InfWorld* world, uint32_t index1)
{
    const InfDirectoryEntry* entry = inf_directory_at(world, index1);
    bool escrow = entry->state == INF_DIRECTORY_IN_FLIGHT || entry->state == INF_DIRECTORY_AWAY;
    CHECK(world->header.shard == 0, "a directory is in a shard that has none");
    CHECK(entry->state > INF_DIRECTORY_NONE && entry->state < INF_DIRECTORY_COUNT && entry->tick <= world->header.tick,
          "an identity's state is unknown");
    CHECK(in_range(entry->carried_credits, 0, escrow ? INF_POCKET_CREDITS_MAX : 0) &&
              in_range(entry->banked_credits, 0, escrow ? INF_POCKET_CREDITS_MAX : 0),
          "an identity's escrow is out of range");
    CHECK(entry->state == INF_DIRECTORY_IN_FLIGHT ? inf_pool_is_live(&world->crossing_pool, entry->crossing_index1) &&
                                                        inf_crossing_at(world, entry->crossing_index1)->directory_index1 == index1
                                                  : entry->crossing_index1 == 0,
          "an identity is in flight and nothing crosses");
    CHECK(entry->soul == 0 || inf_id_is_given(&world->header, entry->soul, world->header.soul_sequence),
          "an identity's soul is yet to be born");
    return NULL;
}

static const char* check_crossing_row(const InfWorld* world, uint32_t index1)
{
    const InfCrossing* crossing = inf_crossing_at(world, index1);
    uint64_t now = world->header.tick;
    CHECK(crossing->tick <= now && inf_pool_is_live(&world->directory_pool, crossing->directory_index1),
          "what crosses is not in the directory");
    const InfDirectoryEntry* entry = inf_directory_at(world, crossing->directory_index1);
    const InfSoul* soul = crossing->soul;
    CHECK(entry->crossing_index1 == index1 && entry->soul == soul->id && entry->epoch == crossing->epoch &&
              memcmp(entry->identity, soul->identity, INF_HASH_BYTES) == 0 &&
              memcmp(entry->transfer, crossing->transfer, INF_PASSAGE_BYTES) == 0,
          "what crosses is another in the directory");
    const char* wrong = inf_soul_check(soul, now);
    if (wrong != NULL) {
        return wrong;
    }
    CHECK(soul->bounty_credits == 0 && soul->carried_account == 0 && soul->banked_account == 0,
          "what crosses still has an account");
    return crossing->ship[0].id != 0 ? inf_ship_check(crossing->ship, now) : NULL;
}

static const char* check_consent_row(const InfConsent* consent)
{
    CHECK(consent->giver != 0 && consent->giver != consent->receiver && consent->act > INF_ACT_NONE &&
              consent->act < INF_ACT_COUNT && consent->until_tick <= 2 * INF_TICK_MAX,
          "a consent is malformed");
    return NULL;
}

static const char* check_passenger_row(const InfWorld* world, const InfPassenger* passenger)
{
    const InfSoul* soul = passenger->soul;
    const char* wrong = inf_soul_check(soul, world->header.tick);
    if (wrong != NULL) {
        return wrong;
    }
    CHECK(inf_id_is_given(&world->header, soul->id, world->header.soul_sequence), "a passenger's id is yet to be given");
    uint64_t now = world->header.tick;
    CHECK(passenger->boarded_tick <= now && passenger->last_talk_tick <= now && passenger->host != soul->id &&
              passenger->seat < INF_SEATS && soul->ship_index1 == 0 && soul->bounty_credits == 0 &&
              (soul->timer_tick == 0 || soul->timer_tick > now),
          "a passenger is malformed");
    CHECK(passenger->host != 0 || (soul->flags & INF_SOUL_PLAYER) != 0, "a passenger rides with nobody");
    CHECK(inf_pool_is_live(&world->account_pool, soul->carried_account) &&
              inf_account_at(world, soul->carried_account)->kind == INF_ACCOUNT_CARRIED &&
              inf_pool_is_live(&world->account_pool, soul->banked_account) &&
              inf_account_at(world, soul->banked_account)->kind == INF_ACCOUNT_BANKED,
          "a passenger has no pockets");
    CHECK(live_or_none(&world->passenger_pool, passenger->next_of_host), "a host's list of passengers leads nowhere");
    return NULL;
}

static const char* check_impression_row(const InfWorld* world, const InfImpression* impression)
{
    const InfHeader* header = &world->header;
    CHECK(impression->tick <= header->tick && impression->sequence != 0 &&
              impression->sequence <= header->impression_sequence && impression->kind < INF_SENSE_COUNT &&
              impression->text_bytes <= INF_SENSE_BYTES && impression->source[INF_SENSE_SOURCE_BYTES - 1] == 0,
          "an impression is malformed");
    return NULL;
}

static const char* check_pools(const InfWorld* world)
{
    const InfPool* pools[] = {&world->account_pool, &world->system_pool, &world->place_pool, &world->station_pool,
                              &world->ship_pool, &world->soul_pool, &world->transfer_pool, &world->tag_pool,
                              &world->directory_pool, &world->crossing_pool, &world->consent_pool, &world->passenger_pool,
                              &world->impression_pool};
    const char* wrong = NULL;
    for (uint32_t p = 0; p < sizeof pools / sizeof pools[0] && wrong == NULL; p++) {
        wrong = check_pool(pools[p]);
    }
    return wrong;
}

#define EACH_ROW(pool_name, i, check)                                                                   \
    EACH(pool_name, i)                                                                                  \
    {                                                                                                   \
        if ((wrong = check) != NULL) {                                                                  \
            return wrong;                                                                               \
        }                                                                                               \
    }

const char* inf_world_validate_rows(const InfWorld* world)
{
    const char* wrong = check_pools(world);
    if (wrong != NULL || (wrong = check_header(&world->header)) != NULL || (wrong = check_accounts(world)) != NULL) {
        return wrong;
    }
    EACH_ROW(system_pool, i, check_system_row(world, inf_system_at(world, i)))
    EACH_ROW(place_pool, i, check_place_row(world, i))
    EACH_ROW(station_pool, i, check_station_row(world, i))
    EACH_ROW(ship_pool, i, check_ship_row(world, i))
    EACH_ROW(soul_pool, i, check_soul_row(world, inf_soul_at(world, i)))
    EACH_ROW(transfer_pool, i, check_transfer_row(world, inf_transfer_at(world, i)))
    EACH_ROW(directory_pool, i, check_directory_row(world, i))
    EACH_ROW(crossing_pool, i, check_crossing_row(world, i))
    EACH_ROW(consent_pool, i, check_consent_row(inf_consent_at(world, i)))
    EACH_ROW(passenger_pool, i, check_passenger_row(world, inf_passenger_at(world, i)))
    EACH_ROW(impression_pool, i, check_impression_row(world, inf_impression_at(world, i)))
    EACH(tag_pool, i)
    {
        const InfTag* tag = inf_tag_at(world, i);
        CHECK(tag->name[0] != 0 && tag->name[INF_NAME_BYTES - 1] == 0 && tag->skeleton[INF_NAME_BYTES - 1] == 0,
              "a tag has no end");
    }
    return NULL;
}
