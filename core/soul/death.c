// Death. A mind's is for ever: it is told, its will is carried out, those who loved it grieve, its accounts are closed
// and its row goes back. A player's is a bill: the same soul wakes at its clone bay in a new shuttle, and what it
// carried stays with the wreck.
//
// Nobody is looked for among all souls: who grieves and who inherits is among the eight that the dead knew best (love
// that was not returned is not in that list: such a mind learns of the death when it looks for the dead).
#include "soul/riders.h"

#define HEIRS_MAX ((uint32_t)INF_HEIRS_MAX)

/// Those of this shard that the dead was bonded to most, falling by affection, then by the order of the list.
static uint32_t find_heirs(const InfWorld* world, const InfSoul* dead, uint32_t heirs[HEIRS_MAX], int64_t* weight)
{
    uint32_t count = 0;
    int16_t affection[HEIRS_MAX];
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        const InfRelation* relation = &dead->relations[i];
        uint32_t other = inf_soul_find(world, relation->who);
        if (other == 0 || relation->affection < INF_TUNE_BOND_AFFECTION / 2) {
            continue;
        }
        uint32_t at = count < HEIRS_MAX ? count++ : HEIRS_MAX;
        if (at == HEIRS_MAX) {
            if (relation->affection <= affection[HEIRS_MAX - 1]) continue;
            at = HEIRS_MAX - 1;
        }
        while (at > 0 && affection[at - 1] < relation->affection) {
            heirs[at] = heirs[at - 1];
            affection[at] = affection[at - 1];
            at--;
        }
        heirs[at] = other;
        affection[at] = relation->affection;
    }
    *weight = 0;
    for (uint32_t i = 0; i < count; i++) {
        *weight += affection[i];
    }
    return count;
}

uint32_t inf_soul_heirs(const InfWorld* world, uint32_t soul_index1, uint64_t heirs[INF_HEIRS_MAX])
{
    const InfSoul* soul = inf_soul_at(world, soul_index1);
    uint32_t rows[HEIRS_MAX];
    int64_t weight;
    uint32_t count = inf_soul_is_mind(soul) ? find_heirs(world, soul, rows, &weight) : 0;
    for (uint32_t i = 0; i < count; i++) {
        heirs[i] = inf_soul_at(world, rows[i])->id;
    }
    return count;
}

static void empty_account(InfWorld* world, uint32_t account, const uint32_t* heirs, uint32_t heir_count)
{
    int64_t left = inf_account_at(world, account)->credits;
    for (uint32_t i = 0; i < heir_count && left > 0; i++) {
        int64_t share = left / (int64_t)(heir_count - i) + (i == 0 ? left / 4 : 0); // the closest gets a quarter more
        share = inf_min_i64(share, left);
        if (share > 0) {
            InfSoul* heir = inf_soul_at(world, heirs[i]);
            InfResult moved = inf_ledger_move(world, account, heir->banked_account, share, INF_REASON_INHERITANCE);
            INF_ASSERT(moved == INF_OK);
            left -= share;
        }
    }
    if (left > 0) {
        InfResult burned = inf_ledger_move(world, account, inf_ledger_own(INF_ACCOUNT_BURN), left, INF_REASON_LOST);
        INF_ASSERT(burned == INF_OK);
    }
}

/// Who knew the dead and cared for it feels it, remembers it, and holds it against the killer.
static void grieve(InfWorld* world, const InfSoul* dead, uint64_t killer_soul)
{
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        InfSoul* mourner = inf_soul_anyhow(world, dead->relations[i].who);
        if (mourner == NULL) continue;
        const InfRelation* bond = inf_soul_relation(mourner, dead->id);
        if (bond == NULL || bond->affection < 150 || mourner->id == killer_soul) continue;
        int32_t affection = bond->affection;
        inf_soul_feel(world, mourner, INF_FEELING_GRIEF, affection);
        inf_soul_feel(world, mourner, INF_FEELING_JOY, -affection);
        inf_soul_remember(world, mourner, INF_MEMORY_LOST, dead->id, inf_name_hash((const char*)dead->name),
                          (uint32_t)affection);
        if (killer_soul != 0) {
            inf_soul_feel(world, mourner, INF_FEELING_ANGER, affection);
            inf_soul_relate(world, mourner, killer_soul, -affection, -affection, 0);
        }
    }
}

/// The ship of one who starved or was erased; who was shot has no ship any more when it comes here.
static void let_go_of_ship(InfWorld* world, InfSoul* dead)
{
    if (dead->ship_index1 != 0) {
        inf_ship_abandon(world, dead->ship_index1);
        dead->ship_index1 = 0;
    }
}

/// Its will is carried out, it is mourned, its pockets are closed.
static void take_leave(InfWorld* world, InfSoul* dead, uint64_t killer_soul)
{
    uint32_t heirs[HEIRS_MAX];
    int64_t weight;
    uint32_t heir_count = find_heirs(world, dead, heirs, &weight);
    empty_account(world, dead->carried_account, heirs, heir_count);
    empty_account(world, dead->banked_account, heirs, heir_count);
    grieve(world, dead, killer_soul);
    inf_account_close(world, dead->carried_account);
    inf_account_close(world, dead->banked_account);
}

void inf_rider_die(InfWorld* world, uint32_t passenger_index1, InfDeathCause cause, uint64_t killer_soul, uint32_t place_index1)
{
    InfSoul* dead = inf_rider_soul(world, passenger_index1);
    INF_EMIT(world, place_index1, Died, event)
    {
        event->Died.soul = dead->id;
        event->Died.killer = killer_soul;
        event->Died.born_tick = dead->born_tick - (uint64_t)dead->clock_ticks;
        event->Died.credits = inf_soul_credits(world, dead);
        event->Died.cause = (uint8_t)cause;
        memcpy(event->Died.name, dead->name, INF_NAME_BYTES);
    }
    world->header.deaths[cause]++;
    take_leave(world, dead, killer_soul);
    inf_rider_remove(world, passenger_index1);
}

static void die_for_ever(InfWorld* world, uint32_t soul_index1, uint64_t killer_soul)
{
    InfSoul* dead = inf_soul_at(world, soul_index1);
    take_leave(world, dead, killer_soul);
    let_go_of_ship(world, dead);
    inf_timer_set(world, INF_TIMER_SOUL, soul_index1, 0);
    inf_map_remove(&world->soul_map, dead->id);
    inf_pool_give_back(&world->soul_pool, soul_index1);
}

static int64_t bill(InfWorld* world, InfSoul* soul, int64_t fee)
{
    int64_t paid = inf_min_i64(inf_account_at(world, soul->banked_account)->credits, fee);
    if (paid > 0) {
        InfResult moved = inf_ledger_move(world, soul->banked_account, inf_ledger_own(INF_ACCOUNT_BURN), paid, INF_REASON_CLONE);
        INF_ASSERT(moved == INF_OK);
    }
    soul->debt_credits = inf_min_i64(inf_add_saturating_i64(soul->debt_credits, fee - paid), INF_TUNE_DEBT_MAX_CREDITS);
    return fee;
}

bool inf_soul_wake(InfWorld* world, uint32_t soul_index1)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    INF_ASSERT(!inf_soul_is_mind(soul) && soul->ship_index1 == 0);
    InfSystemAddress bay = {0, 0, 0, 0};
    bool paid = (soul->flags & INF_SOUL_CLONE) != 0;
    if (paid) {
        bay = (InfSystemAddress){soul->clone_sector[0], soul->clone_sector[1], soul->clone_sector[2],
                                 soul->clone_system_in_sector};
    }
    if (!paid) { // where the transfer of a wake leads
        memset(soul->clone_sector, 0, sizeof soul->clone_sector);
        soul->clone_system_in_sector = 0;
        soul->clone_body = inf_soul_concourse_body(world);
    }
    uint32_t shard = inf_system_shard(bay, world->header.shard_count);
    uint32_t place_index1 = 0;
    if (shard == world->header.shard) {
        uint32_t system_index1 = paid ? inf_system_enter(world, bay) : 0;
        place_index1 = !paid ? inf_soul_concourse(world) : system_index1 == 0 ? 0 : inf_place_enter(world, system_index1, soul->clone_body);
        if (place_index1 == 0 || inf_place_at(world, place_index1)->station_index1 == 0) {
            return false;
        }
    } else if (!inf_transfer_ready_for(world, soul->id)) {
        return false;
    }
    InfShipDef def = {.owner = soul->id,
                      .pilot_index1 = soul_index1,
                      .place_index1 = place_index1,
                      .hull_kind = INF_HULL_SHUTTLE,
                      .docked = place_index1 != 0,
                      .modules = {INF_MODULE_JUMP_DRIVE, INF_MODULE_MINING_LASER, INF_MODULE_PULSE_LASER}};
    uint32_t ship_index1 = inf_ship_create(world, &def);
    if (ship_index1 == 0) {
        return false;
    }
    soul->ship_index1 = ship_index1;
    soul->upkeep_tick = inf_world_now(world); // nobody breathes in between
    int64_t fee = bill(world, soul, paid ? INF_TUNE_WAKE_CREDITS : INF_TUNE_WAKE_UNPAID_CREDITS);
    INF_EMIT(world, place_index1, Woke, event)
    {
        event->Woke.soul = soul->id;
        event->Woke.fee_credits = fee;
    }
    if (place_index1 == 0) {
        InfResult sent = inf_transfer_wake(world, ship_index1, shard);
        INF_ASSERT(sent == INF_OK);
    }
    return true;
}

void inf_soul_die(InfWorld* world, uint32_t soul_index1, InfDeathCause cause, uint64_t killer_soul)
{
    INF_ASSERT(inf_pool_is_live(&world->soul_pool, soul_index1) && (uint32_t)cause < INF_DEATH_COUNT);
    InfSoul* soul = inf_soul_at(world, soul_index1);
    bool player = !inf_soul_is_mind(soul);
    if (soul->bounty_credits > 0) {
        inf_bounty_settle(world, soul_index1, killer_soul);
    }
    uint32_t killer = killer_soul == soul->id ? 0 : inf_soul_find(world, killer_soul);
    // Who was shot has no ship any more; it happened where the killer is.
    uint32_t place_index1 = inf_soul_here(world, soul);
    if (place_index1 == 0 && killer != 0) {
        place_index1 = inf_soul_here(world, inf_soul_at(world, killer));
    }
    INF_EMIT(world, place_index1, Died, event)
    {
        event->Died.soul = soul->id;
        event->Died.killer = killer_soul;
        event->Died.born_tick = soul->born_tick - (uint64_t)soul->clock_ticks; // in ticks of this galaxy
        event->Died.credits = inf_soul_credits(world, soul);
        event->Died.cause = (uint8_t)cause;
        event->Died.player = player;
        memcpy(event->Died.name, soul->name, INF_NAME_BYTES);
    }
    if (killer != 0) {
        inf_soul_remember(world, inf_soul_at(world, killer), INF_MEMORY_KILLED, soul->id, 0, 700);
    }
    if (!player) {
        world->header.deaths[cause]++;
        uint64_t id = soul->id;
        die_for_ever(world, soul_index1, killer_soul);
        inf_riders_orphan(world, id, cause, killer_soul, place_index1);
        return;
    }
    world->header.player_deaths[cause]++;
    let_go_of_ship(world, soul);
    inf_soul_feel(world, soul, INF_FEELING_PAIN, 600);
    if (killer_soul != 0) {
        inf_soul_remember(world, soul, INF_MEMORY_ATTACKED, killer_soul, 0, 800);
        inf_soul_relate(world, soul, killer_soul, -300, -400, 0);
    }
    // Waking may have to wait for room (a full pool of ships, a full outbox): then the soul's timer tries again.
    uint64_t id = soul->id;
    if (!inf_soul_wake(world, soul_index1)) {
        inf_timer_set(world, INF_TIMER_SOUL, soul_index1, inf_world_now(world) + 10);
    } else if (inf_soul_find(world, id) != 0) {
        inf_timer_set(world, INF_TIMER_SOUL, soul_index1, inf_world_now(world) + 10);
    }
}
