// Reading all shards together: where a soul is, sums, and the invariants that hold over the whole galaxy.
#include "shard/internal.h"

#include <infinity/hash.h>

#include <stdlib.h>

InfGalaxyDef inf_shards_galaxy(const InfShards* shards) { return shards->galaxy; }
uint32_t inf_shards_count(const InfShards* shards) { return shards->count; }
const InfWorld* inf_shards_world(const InfShards* shards, uint32_t shard) { return shards->worlds[shard]; }
InfJournal* inf_shards_journal(InfShards* shards) { return shards->journal; }
uint64_t inf_shards_now(const InfShards* shards) { return shards->tick; }
bool inf_shards_was_created(const InfShards* shards) { return shards->created; }
uint64_t inf_shards_replayed_ticks(const InfShards* shards) { return shards->replayed_ticks; }
const char* inf_shards_error(const InfShards* shards) { return shards->error; }
uint64_t inf_shards_last_snapshot_tick(const InfShards* shards) { return shards->last_snapshot_tick; }

const uint8_t* inf_shards_galaxy_id(const InfShards* shards)
{
    static const uint8_t none[INF_GALAXY_ID_BYTES];
    return shards->journal != NULL ? inf_journal_get_meta(shards->journal)->galaxy_id : none;
}

bool inf_shards_find_soul(const InfShards* shards, uint64_t soul, uint32_t* shard, uint32_t* soul_index1)
{
    for (uint32_t s = 0; s < shards->count; s++) {
        uint32_t index1 = inf_world_find_soul(shards->worlds[s], soul);
        if (index1 != 0) {
            *shard = s;
            *soul_index1 = index1;
            return true;
        }
    }
    return false;
}

static bool is_taken(const InfShards* shards, uint32_t source, const InfTransfer* transfer)
{
    return transfer->sequence <= inf_world_header(shards->worlds[transfer->destination])->in_sequence[source];
}

uint32_t inf_shards_locate_soul(const InfShards* shards, uint64_t soul)
{
    return inf_worlds_locate_soul(shards->worlds, shards->count, soul);
}

bool inf_shards_read_flying(const InfShards* shards, uint64_t soul, InfSoul* out)
{
    return inf_worlds_read_flying(shards->worlds, shards->count, soul, out);
}

uint64_t inf_shards_hash(const InfShards* shards)
{
    InfHasher hasher;
    inf_hasher_init(&hasher, shards->count);
    for (uint32_t s = 0; s < shards->count; s++) {
        inf_hasher_add_u64(&hasher, inf_world_hash(shards->worlds[s]));
    }
    return inf_hasher_end(&hasher);
}

static void add_accounts(const InfWorld* world, InfTotals* out)
{
    uint32_t count;
    const InfAccount* accounts = inf_world_accounts(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        if ((accounts[i].generation & 1u) == 0) {
            continue;
        }
        switch (accounts[i].kind) {
        case INF_ACCOUNT_MINT: out->minted_credits -= accounts[i].credits; break;
        case INF_ACCOUNT_BURN: out->burned_credits += accounts[i].credits; break;
        case INF_ACCOUNT_SENT:
        case INF_ACCOUNT_RECEIVED: out->in_flight_credits += accounts[i].credits; break;
        case INF_ACCOUNT_ESCROW: out->escrow_credits += accounts[i].credits; break;
        case INF_ACCOUNT_BORDER: out->border_credits += accounts[i].credits; break;
        case INF_ACCOUNT_CARRIED: out->carried_credits += accounts[i].credits; break;
        case INF_ACCOUNT_BANKED: out->banked_credits += accounts[i].credits; break;
        case INF_ACCOUNT_STATION: out->station_credits += accounts[i].credits; break;
        default: break;
        }
    }
}

static void add_soul(const InfSoul* soul, InfTotals* out)
{
    bool player = (soul->flags & INF_SOUL_PLAYER) != 0;
    out->players += player;
    out->minds += !player;
    out->connected += (soul->flags & INF_SOUL_CONNECTED) != 0;
    out->debt_credits += soul->debt_credits;
}

static void add_things(const InfShards* shards, uint32_t shard, InfTotals* out)
{
    const InfWorld* world = shards->worlds[shard];
    uint32_t count;
    const InfSoul* souls = inf_world_souls(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        if ((souls[i].generation & 1u) != 0) {
            add_soul(&souls[i], out);
        }
    }
    const InfPassenger* passengers = inf_world_passengers(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        if ((passengers[i].generation & 1u) != 0) {
            add_soul(passengers[i].soul, out);
            out->passengers++;
        }
    }
    const InfShip* ships = inf_world_ships(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        if ((ships[i].generation & 1u) != 0) {
            out->ships++;
            out->wrecks += ships[i].state == INF_SHIP_STATE_WRECK;
            out->drones += ships[i].owner == 0 && ships[i].state != INF_SHIP_STATE_WRECK;
        }
    }
    const InfKnownSystem* systems = inf_world_systems(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        out->systems += systems[i].generation & 1u;
    }
    const InfStation* stations = inf_world_stations(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        out->stations += stations[i].generation & 1u;
    }
    const InfPlace* places = inf_world_places(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        out->hot_places += (places[i].generation & 1u) != 0 && places[i].hot;
    }
    const InfTransfer* transfers = inf_world_transfers(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        out->in_flight_souls += (transfers[i].generation & 1u) != 0 && inf_transfer_has_soul(transfers[i].kind) &&
                                !is_taken(shards, shard, &transfers[i]);
    }
}

void inf_shards_totals(const InfShards* shards, InfTotals* out)
{
    memset(out, 0, sizeof *out);
    out->tick = shards->tick;
    int64_t level_sum = 0, level_weight = 0;
    for (uint32_t s = 0; s < shards->count; s++) {
        const InfWorld* world = shards->worlds[s];
        const InfHeader* header = inf_world_header(world);
        uint64_t stations_before = out->stations;
        add_accounts(world, out);
        add_things(shards, s, out);
        out->births += header->births;
        out->trades += header->trades;
        out->units_mined += header->units_mined;
        out->jumps += header->jumps;
        out->shots += header->shots;
        out->discoveries += header->discoveries;
        for (uint32_t i = 0; i < INF_CAUSES_MAX; i++) {
            out->deaths[i] += header->deaths[i];
            out->player_deaths[i] += header->player_deaths[i];
        }
        for (uint32_t i = 0; i < INF_TRADES_MAX; i++) {
            out->income_credits[i] += header->income_credits[i];
        }
        int64_t weight = (int64_t)(out->stations - stations_before);
        level_sum += inf_world_price_level(world) * weight;
        level_weight += weight;
    }
    out->price_level_milli = level_weight != 0 ? level_sum / level_weight : 0;
}

bool inf_shards_credits_conserved(const InfShards* shards)
{
    // Each world's own books balance (the core asserts that); what is left is that nothing arrives that was not sent.
    int64_t sent = 0, received = 0, waiting = 0;
    for (uint32_t s = 0; s < shards->count; s++) {
        const InfWorld* world = shards->worlds[s];
        sent += inf_account_credits(world, INF_ACCOUNT_SENT);
        received += inf_account_credits(world, INF_ACCOUNT_RECEIVED);
        uint32_t count;
        const InfTransfer* transfers = inf_world_transfers(world, &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((transfers[i].generation & 1u) != 0 && !is_taken(shards, s, &transfers[i])) {
                waiting += transfers[i].credits;
            }
        }
    }
    return sent + received == waiting;
}

// ---- each soul and each identity in exactly one place ----------------------------------------------------------------------

typedef struct Sighting {
    uint64_t id;
    uint8_t identity[INF_HASH_BYTES];
    uint8_t at_border; ///< it crosses
} Sighting;

typedef struct Sightings {
    Sighting* rows;
    size_t count, capacity;
} Sightings;

static void sight(Sightings* seen, uint64_t id, const uint8_t* identity, bool at_border)
{
    Sighting* row = &seen->rows[seen->count++];
    row->id = id;
    memcpy(row->identity, identity, sizeof row->identity);
    row->at_border = at_border;
}

static int by_id(const void* a, const void* b)
{
    uint64_t x = ((const Sighting*)a)->id, y = ((const Sighting*)b)->id;
    return x < y ? -1 : x > y;
}

static int by_identity(const void* a, const void* b)
{
    return memcmp(((const Sighting*)a)->identity, ((const Sighting*)b)->identity, INF_HASH_BYTES);
}

static size_t sightings_max(const InfShards* shards)
{
    size_t capacity = 1;
    for (uint32_t s = 0; s < shards->count; s++) {
        uint32_t rows;
        inf_world_souls(shards->worlds[s], &rows);
        capacity += rows;
        inf_world_passengers(shards->worlds[s], &rows);
        capacity += rows;
        inf_world_crossings(shards->worlds[s], &rows);
        capacity += rows;
        inf_world_transfers(shards->worlds[s], &rows);
        capacity += rows;
    }
    return capacity;
}

static void see(const InfShards* shards, uint32_t shard, Sightings* seen)
{
    const InfWorld* world = shards->worlds[shard];
    uint32_t rows;
    const InfSoul* souls = inf_world_souls(world, &rows);
    for (uint32_t i = 0; i < rows; i++) {
        if ((souls[i].generation & 1u) != 0) {
            sight(seen, souls[i].id, souls[i].identity, false);
        }
    }
    const InfPassenger* passengers = inf_world_passengers(world, &rows);
    for (uint32_t i = 0; i < rows; i++) {
        if ((passengers[i].generation & 1u) != 0) {
            sight(seen, passengers[i].soul[0].id, passengers[i].soul[0].identity, false);
        }
    }
    const InfCrossing* crossings = inf_world_crossings(world, &rows);
    for (uint32_t i = 0; i < rows; i++) {
        if ((crossings[i].generation & 1u) != 0) {
            sight(seen, crossings[i].soul[0].id, crossings[i].soul[0].identity, true);
        }
    }
    static const uint8_t unknown[INF_HASH_BYTES]; // what lies in an outbox is not opened
    const InfTransfer* transfers = inf_world_transfers(world, &rows);
    for (uint32_t i = 0; i < rows; i++) {
        if ((transfers[i].generation & 1u) != 0 && inf_transfer_has_soul(transfers[i].kind) &&
            !is_taken(shards, shard, &transfers[i])) {
            sight(seen, transfers[i].soul, unknown, false);
        }
    }
}

static const Sighting* find_sighting(const Sightings* seen, uint64_t id)
{
    Sighting key = {.id = id};
    return bsearch(&key, seen->rows, seen->count, sizeof *seen->rows, by_id);
}

/// Does the directory have each identity where it is? A soul that it has HERE may have died; nowhere else may it live.
static const char* check_directory(const InfShards* shards, const Sightings* seen)
{
    uint32_t rows;
    const InfDirectoryEntry* entries = inf_world_directory(shards->worlds[0], &rows);
    for (uint32_t i = 0; i < rows; i++) {
        const InfDirectoryEntry* entry = &entries[i];
        if ((entry->generation & 1u) == 0 || entry->soul == 0) {
            continue;
        }
        const Sighting* found = find_sighting(seen, entry->soul);
        bool crosses = found != NULL && found->at_border;
        if (crosses != (entry->state == INF_DIRECTORY_IN_FLIGHT)) {
            return "the directory and the border do not agree on who crosses";
        }
        if (entry->state != INF_DIRECTORY_HERE && entry->state != INF_DIRECTORY_IN_FLIGHT && found != NULL) {
            return "a soul lives here that the directory has elsewhere";
        }
    }
    return NULL;
}

static const char* check_souls(const InfShards* shards)
{
    Sightings seen = {.capacity = sightings_max(shards)};
    seen.rows = malloc(seen.capacity * sizeof *seen.rows);
    if (seen.rows == NULL) {
        return "out of memory for the check";
    }
    for (uint32_t s = 0; s < shards->count; s++) {
        see(shards, s, &seen);
    }
    static const uint8_t none[INF_HASH_BYTES];
    const char* wrong = NULL;
    qsort(seen.rows, seen.count, sizeof *seen.rows, by_identity);
    for (size_t i = 1; i < seen.count; i++) {
        if (by_identity(&seen.rows[i], &seen.rows[i - 1]) == 0 && memcmp(seen.rows[i].identity, none, sizeof none) != 0) {
            wrong = "an identity is in two places";
        }
    }
    qsort(seen.rows, seen.count, sizeof *seen.rows, by_id);
    for (size_t i = 1; i < seen.count; i++) {
        if (seen.rows[i].id == seen.rows[i - 1].id) {
            wrong = "a soul is in two places";
        }
    }
    wrong = wrong != NULL ? wrong : check_directory(shards, &seen);
    free(seen.rows);
    return wrong;
}

const char* inf_shards_check(const InfShards* shards)
{
    for (uint32_t s = 0; s < shards->count; s++) {
        const char* wrong = inf_world_validate(shards->worlds[s]);
        if (wrong != NULL) {
            return wrong;
        }
    }
    if (!inf_shards_credits_conserved(shards)) {
        return "credits in flight differ from what the outboxes hold";
    }
    InfTotals totals;
    inf_shards_totals(shards, &totals);
    if (totals.minted_credits - totals.burned_credits != totals.carried_credits + totals.banked_credits +
                                                             totals.station_credits + totals.escrow_credits + totals.border_credits +
                                                             totals.in_flight_credits) {
        return "minted minus burned is not what the accounts hold";
    }
    return check_souls(shards);
}
