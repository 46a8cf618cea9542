// Arrivals from another galaxy or a file (shard 0). The rule that keeps each identity in one place: every departure raises
// its epoch, and a life is taken in only if it is newer than every life of that identity that was ever known here, and
// was not refused. A file that was downloaded here wakes with exactly the epoch that it left with, once.
//
// INF_ERROR_STATE, _FULL and _EXISTS (for the identity being here) may pass with time; INF_ERROR_STALE and _REFUSED are for
// ever. The shell has checked signatures, charter and claim; here is checked what would break the world.
#include "border/border.h"
#include "infinity/text.h"
#include "soul/riders.h"
#include "world/ships.h"

#define CREDITS_MAX (INF_POCKET_CREDITS_MAX / 1000)
/// All that other galaxies bring is less than one pocket may hold, so no pocket here ever overflows, whoever lies; and the
/// counter of it stays within what a snapshot may hold.
#define BROUGHT_MAX (INF_POCKET_CREDITS_MAX / 8)
#define BROUGHT_EVER_MAX (50 * INF_POCKET_CREDITS_MAX)

// ---- which life is this? ---------------------------------------------------------------------------------------------------

static InfResult judge(const InfWorld* world, const InfInputArrive* input, uint32_t index1)
{
    if (index1 == 0) {
        return inf_pool_room(&world->directory_pool) > 0 ? INF_OK : INF_ERROR_FULL;
    }
    const InfDirectoryEntry* entry = inf_directory_at(world, index1);
    bool own_file = entry->state == INF_DIRECTORY_AWAY && input->way == INF_WAY_FILE && input->epoch == entry->epoch &&
                    memcmp(input->transfer, entry->transfer, INF_PASSAGE_BYTES) == 0;
    if (own_file) {
        return INF_OK;
    }
    switch (inf_world_passage_answer(world, input->identity, input->transfer, input->epoch)) {
    case INF_PASSAGE_ACCEPTED: return INF_ERROR_EXISTS;
    case INF_PASSAGE_REFUSED: return input->epoch <= entry->refused_epoch ? INF_ERROR_REFUSED : INF_ERROR_STALE;
    case INF_PASSAGE_FORGOTTEN: return INF_ERROR_STALE;
    default: break;
    }
    switch (entry->state) {
    case INF_DIRECTORY_HERE: return INF_ERROR_EXISTS;
    case INF_DIRECTORY_IN_FLIGHT: return INF_ERROR_STATE; // the answer to its own departure comes first
    case INF_DIRECTORY_MERGED: return INF_ERROR_STALE;
    default: return INF_OK;
    }
}

// ---- is it whole? -----------------------------------------------------------------------------------------------------------

/// The row as this galaxy holds it: its own time goes on, its plans and prices are of no use here.
static InfResult adopt_soul(const InfWorld* world, const InfInputArrive* input, uint64_t id, const InfPassage* passage,
                            InfSoul* soul)
{
    uint64_t now = inf_world_now(world);
    *soul = passage->soul;
    uint64_t own = inf_soul_time(soul, passage->tick);
    int64_t clock_max = (int64_t)INF_OWN_TIME_MAX;
    if (passage->tick > INF_OWN_TIME_MAX || soul->clock_ticks > clock_max || soul->clock_ticks < -clock_max ||
        own > INF_OWN_TIME_MAX) {
        return INF_ERROR_RANGE;
    }
    soul->id = id;
    soul->epoch = input->epoch;
    soul->clock_ticks = (int64_t)own - (int64_t)now;
    soul->timer_tick = 0;
    soul->feelings_tick = soul->upkeep_tick = now;
    soul->companion = 0;
    soul->debt_credits = soul->bounty_credits = soul->earned_credits = 0;
    soul->client_sequence = 0;
    soul->activity = INF_ACTIVITY_IDLE;
    soul->trade = 0;
    soul->flags &= INF_SOUL_PLAYER | INF_SOUL_GHOST | INF_SOUL_EXTERNAL;
    memset(soul->prices, 0, sizeof soul->prices);
    memset(soul->plan_sector, 0, sizeof soul->plan_sector);
    soul->plan_system_in_sector = soul->plan_units = soul->plan_step = 0;
    soul->plan_body = INF_BODY_NONE;
    soul->plan_good = soul->plan_phase = 0;
    memset(soul->clone_sector, 0, sizeof soul->clone_sector); // the Concourse is its home now
    soul->clone_system_in_sector = 0;
    soul->clone_body = inf_soul_concourse_body(world);
    memcpy(soul->key, input->key, INF_KEY_BYTES);
    memcpy(soul->identity, input->identity, INF_HASH_BYTES);
    memcpy(soul->root, input->root, INF_HASH_BYTES);
    memcpy(soul->lineage, input->lineage, INF_HASH_BYTES);
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        soul->memories[i].reserved = 0;
    }
    inf_soul_rename(world, soul, inf_soul_id_at_home);
    if (world->header.galaxy_kind != INF_GALAXY_KIND_OPEN && (soul->flags & INF_SOUL_PLAYER) != 0) {
        soul->flags = (soul->flags & ~(uint32_t)INF_SOUL_PLAYER) | INF_SOUL_EXTERNAL; // it is decided by its own key
    }
    if (inf_soul_check(soul, now) != NULL) {
        return INF_ERROR_RANGE;
    }
    size_t bytes = 0;
    while (soul->name[bytes] != 0) {
        bytes++;
    }
    return inf_text_check((const char*)soul->name, bytes, INF_NAME_BYTES - 1) == INF_TEXT_OK ? INF_OK : INF_ERROR_FORMAT;
}

/// The ship: hull, modules, fuel and cargo as far as such a hull can have them.
static InfResult adopt_ship(const InfPassage* passage, InfShip* ship)
{
    const InfShip* from = &passage->ship;
    memset(ship, 0, sizeof *ship);
    if (from->id == 0) {
        return INF_OK;
    }
    const InfHull* hull = inf_hull(from->hull_kind);
    if (from->hull_kind >= INF_HULL_COUNT || from->hull_kind == INF_HULL_POD || !(from->hull > 0.0f) ||
        !(from->hull <= hull->hull) || !(from->shield >= 0.0f) || from->fuel > hull->fuel ||
        inf_ship_cargo_units(from) > hull->cargo_units) {
        return INF_ERROR_RANGE;
    }
    for (uint32_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        if (from->modules[slot] >= INF_MODULE_COUNT || (slot >= hull->slots && from->modules[slot] != INF_MODULE_NONE)) {
            return INF_ERROR_RANGE;
        }
    }
    ship->id = from->id;
    ship->hull_kind = from->hull_kind;
    ship->hull = from->hull;
    ship->shield = from->shield < hull->shield ? from->shield : hull->shield;
    ship->fuel = from->fuel;
    memcpy(ship->modules, from->modules, sizeof ship->modules);
    memcpy(ship->cargo, from->cargo, sizeof ship->cargo);
    return INF_OK;
}

static bool may_bring(const InfWorld* world, const InfPassage* passage)
{
    int64_t brought = world->header.minted_credits[INF_REASON_BROUGHT] + passage->carried_credits + passage->banked_credits;
    return brought <= BROUGHT_EVER_MAX && brought - world->header.burned_credits[INF_REASON_EXPORTED] <= BROUGHT_MAX;
}

static InfResult check_form(const InfWorld* world, const InfInputArrive* input, InfPassage* passage)
{
    if (world->header.shard != 0) {
        return INF_ERROR_STATE;
    }
    if (input->way != INF_WAY_SERVER && input->way != INF_WAY_FILE) {
        return INF_ERROR_WAY;
    }
    if (inf_is_zero(input->transfer, INF_PASSAGE_BYTES) || inf_is_zero(input->source, INF_KEY_BYTES) ||
        inf_is_zero(input->identity, INF_HASH_BYTES) || inf_is_zero(input->root, INF_HASH_BYTES) ||
        inf_is_zero(input->lineage, INF_HASH_BYTES) || inf_is_zero(input->key, INF_KEY_BYTES)) {
        return INF_ERROR_FORMAT;
    }
    InfResult result = inf_passage_read(input->payload, input->payload_bytes, passage);
    if (result != INF_OK) {
        return result;
    }
    if (input->epoch == 0 || input->epoch > INF_EPOCH_MAX || passage->carried_credits < 0 ||
        passage->carried_credits > CREDITS_MAX || passage->banked_credits < 0 || passage->banked_credits > CREDITS_MAX ||
        !may_bring(world, passage)) {
        return INF_ERROR_RANGE;
    }
    return INF_OK;
}

InfResult inf_apply_Arrive(InfWorld* world, const InfInputArrive* input)
{
    InfPassage passage;
    InfResult result = check_form(world, input, &passage);
    uint32_t index1 = result == INF_OK ? inf_world_find_identity(world, input->identity) : 0;
    result = result == INF_OK ? judge(world, input, index1) : result;
    if (result != INF_OK) {
        return result;
    }
    uint64_t known = index1 != 0 ? inf_directory_at(world, index1)->soul : 0;
    uint64_t id = known != 0 ? known : inf_soul_id_elsewhere(input->identity);
    bool taken = inf_world_find_soul(world, id) != 0 || inf_world_find_passenger(world, id) != 0 ||
                 (known == 0 && inf_map_get(&world->known_map, id) != index1);
    InfSoul soul;
    InfShip ship;
    result = taken ? INF_ERROR_EXISTS : adopt_soul(world, input, id, &passage, &soul);
    result = result == INF_OK ? adopt_ship(&passage, &ship) : result;
    result = result == INF_OK && (soul.flags & INF_SOUL_PLAYER) != 0 ? inf_tag_may_admit(world, &soul) : result;
    if (result != INF_OK) {
        return result;
    }
    bool awake = world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE;
    uint64_t host = inf_border_host(world, input->host);
    if (awake) { // there are no bodies but the host's: the ship stays behind
        memset(&ship, 0, sizeof ship);
    }
    if (awake && host == 0) {
        return INF_ERROR_SEATS;
    }
    if (!inf_world_has_room(world) || inf_border_place(world) == 0) {
        return INF_ERROR_FULL;
    }
    // From here on nothing is refused.
    index1 = index1 != 0 ? index1 : inf_directory_enter(world, input->identity);
    if (index1 == 0) {
        return INF_ERROR_FULL;
    }
    InfDirectoryEntry* entry = inf_directory_at(world, index1);
    bool escrow = entry->state == INF_DIRECTORY_AWAY && entry->epoch == input->epoch;
    uint32_t from = inf_ledger_own(escrow ? INF_ACCOUNT_BORDER : INF_ACCOUNT_MINT);
    int64_t carried = escrow ? entry->carried_credits : passage.carried_credits;
    int64_t banked = escrow ? entry->banked_credits : passage.banked_credits;
    if (escrow) {
        entry->carried_credits = entry->banked_credits = 0;
        entry->accepted_epochs |= 1u;
    } else {
        inf_border_export(world, entry); // a newer life ends what a file of an older one could claim
        inf_directory_begin_epoch(entry, input->epoch, true);
    }
    entry->state = INF_DIRECTORY_HERE;
    inf_directory_set_soul(world, index1, id);
    inf_directory_pass(world, index1, input->transfer, input->source);
    ship.id = ship.id != 0 ? inf_world_new_id(world, &world->header.ship_sequence) : 0;
    if ((soul.flags & INF_SOUL_PLAYER) != 0) {
        inf_tag_admit(world, &soul);
    }
    inf_border_seat_or_embody(world, host, &soul, &ship, carried, from, banked, from,
                              escrow ? INF_REASON_BORDER : INF_REASON_BROUGHT);
    InfSoul* here = inf_soul_anyhow(world, id);
    inf_soul_remember(world, here, INF_MEMORY_CROSSED, 0, (int32_t)input->epoch, 700);
    world->header.arrivals++;
    inf_border_tell_appeared(world, here, (InfWay)input->way, false, input->transfer, input->source);
    return INF_OK;
}

InfResult inf_apply_Refuse(InfWorld* world, const InfInputRefuse* input)
{
    if (world->header.shard != 0) {
        return INF_ERROR_STATE;
    }
    if (inf_is_zero(input->transfer, INF_PASSAGE_BYTES) || inf_is_zero(input->identity, INF_HASH_BYTES) ||
        inf_is_zero(input->source, INF_KEY_BYTES)) {
        return INF_ERROR_FORMAT;
    }
    if (input->epoch == 0 || input->epoch >= INF_EPOCH_MAX) {
        return INF_ERROR_RANGE;
    }
    switch (inf_world_passage_answer(world, input->identity, input->transfer, input->epoch)) {
    case INF_PASSAGE_ACCEPTED: return INF_ERROR_EXISTS; // it was taken in: that is for ever, too
    case INF_PASSAGE_FORGOTTEN: return INF_ERROR_STALE;
    case INF_PASSAGE_REFUSED: return INF_OK;
    default: break;
    }
    uint32_t index1 = inf_directory_enter(world, input->identity);
    if (index1 == 0) {
        return INF_ERROR_FULL;
    }
    InfDirectoryEntry* entry = inf_directory_at(world, index1);
    entry->refused_epoch = input->epoch;
    if (entry->state == INF_DIRECTORY_NONE) {
        entry->state = INF_DIRECTORY_REFUSED;
        inf_directory_pass(world, index1, input->transfer, input->source);
    }
    entry->tick = inf_world_now(world);
    return INF_OK;
}
