// A copy: a second soul with the same past and its own future. It remembers, feels and wants the same as the original at
// that moment, wakes in a new body in the same station, and draws from its own stream from then on. Credits are not
// doubled: who asked for it pays the body and a fee (burned) and gives it its first breath.
#include "border/border.h"
#include "infinity/text.h"

static size_t name_bytes(const char* name)
{
    size_t count = 0;
    while (count < INF_NAME_BYTES && name[count] != '\0') {
        count++;
    }
    return count;
}

static bool has_identity(const InfWorld* world, const uint8_t* identity)
{
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (inf_pool_is_live(&world->soul_pool, i) && memcmp(inf_soul_at(world, i)->identity, identity, INF_HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

/// A body and the fee (both burned), and the copy's first credits.
static int64_t price_credits(void)
{
    return inf_hull(INF_HULL_SHUTTLE)->price_credits + INF_TUNE_COPY_FEE_CREDITS + INF_TUNE_COPY_PURSE_CREDITS;
}

static InfResult check(const InfWorld* world, const InfInputCopy* input, const InfSoul* payer, const InfSoul* of)
{
    if (input->by_host > 1 || input->external > 1) {
        return INF_ERROR_RANGE;
    }
    if (inf_is_zero(input->key, INF_KEY_BYTES) || inf_is_zero(input->identity, INF_HASH_BYTES) ||
        inf_is_zero(input->lineage, INF_HASH_BYTES) || inf_is_zero(input->lineage_of, INF_HASH_BYTES)) {
        return INF_ERROR_FORMAT;
    }
    if (input->name[0] != '\0' && inf_text_check(input->name, name_bytes(input->name), INF_NAME_BYTES - 1) != INF_TEXT_OK) {
        return INF_ERROR_FORMAT;
    }
    if (!inf_soul_is_bound(of)) {
        return INF_ERROR_UNBOUND;
    }
    if (inf_souls_docked_together(world, payer, of) == 0) {
        return INF_ERROR_DOCKED;
    }
    if (!inf_soul_agreed(world, of->id, payer->id, input->by_host, INF_ACT_COPY)) {
        return INF_ERROR_CONSENT;
    }
    if (inf_soul_credits(world, payer) < price_credits()) {
        return INF_ERROR_FUNDS;
    }
    return has_identity(world, input->identity) ? INF_ERROR_EXISTS : INF_OK;
}

/// The same mind: what it is like, what it feels, what it remembers, whom and what it knows.
static void resemble(InfWorld* world, InfSoul* copy, InfSoul* of)
{
    uint64_t now = inf_world_now(world);
    inf_soul_feel(world, of, INF_FEELING_JOY, 0); // brings all of them up to now
    memcpy(copy->feelings, of->feelings, sizeof copy->feelings);
    memcpy(copy->memories, of->memories, sizeof copy->memories);
    memcpy(copy->relations, of->relations, sizeof copy->relations);
    memcpy(copy->prices, of->prices, sizeof copy->prices);
    copy->feelings_tick = of->feelings_tick;
    copy->clock_ticks = of->clock_ticks;
    copy->born_tick = inf_soul_time(of, now);
    if (inf_soul_is_mind(of)) { // the same home
        memcpy(copy->clone_sector, of->clone_sector, sizeof copy->clone_sector);
        copy->clone_system_in_sector = of->clone_system_in_sector;
        copy->clone_body = of->clone_body;
        copy->hull_wanted = of->hull_wanted;
    }
    static const int32_t closeness = 300;
    inf_soul_relate(world, of, copy->id, closeness, closeness, 0);
    inf_soul_relate(world, copy, of->id, closeness, closeness, 0);
    inf_soul_remember(world, of, INF_MEMORY_COPIED, copy->id, 0, 600);
    inf_soul_remember(world, copy, INF_MEMORY_COPIED, of->id, 0, 600);
}

InfResult inf_apply_Copy(InfWorld* world, const InfInputCopy* input)
{
    uint32_t payer_index1 = inf_world_find_soul(world, input->soul), of_index1 = inf_world_find_soul(world, input->of);
    if (payer_index1 == 0 || of_index1 == 0) {
        return inf_world_find_passenger(world, payer_index1 == 0 ? input->soul : input->of) != 0 ? INF_ERROR_PASSENGER
                                                                                                 : INF_ERROR_NOT_FOUND;
    }
    InfSoul* payer = inf_soul_at(world, payer_index1);
    InfSoul* of = inf_soul_at(world, of_index1);
    InfResult result = check(world, input, payer, of);
    if (result == INF_OK) {
        result = inf_directory_may_tell(world, input->identity, 0);
    }
    if (result != INF_OK) {
        return result;
    }
    InfSoulDef def = {.parent = of->id, .place_index1 = inf_soul_here(world, of), .hull_kind = INF_HULL_SHUTTLE};
    memcpy(def.traits, of->traits, INF_TRAITS);
    memcpy(def.name, input->name[0] != '\0' ? input->name : (const char*)of->name, INF_NAME_BYTES);
    uint32_t copy_index1 = inf_soul_birth(world, &def);
    if (copy_index1 == 0) {
        return INF_ERROR_FULL;
    }
    InfSoul* copy = inf_soul_at(world, copy_index1);
    resemble(world, copy, of);
    copy->flags |= input->external ? (uint32_t)INF_SOUL_EXTERNAL : 0;
    memcpy(of->lineage, input->lineage_of, INF_HASH_BYTES);
    inf_soul_bind(world, copy, input->key, input->identity, of->root, input->lineage);
    inf_directory_tell(world, copy->identity, copy->id, copy->epoch, INF_DIRECTORY_HERE);

    uint32_t burn = inf_ledger_own(INF_ACCOUNT_BURN);
    bool paid = inf_soul_pay(world, payer, burn, inf_hull(INF_HULL_SHUTTLE)->price_credits, INF_REASON_BODY) == INF_OK;
    paid = paid && inf_soul_pay(world, payer, burn, INF_TUNE_COPY_FEE_CREDITS, INF_REASON_FEE) == INF_OK;
    paid = paid && inf_soul_pay(world, payer, copy->carried_account, INF_TUNE_COPY_PURSE_CREDITS, INF_REASON_GIFT) == INF_OK;
    INF_ASSERT(paid);
    inf_consent_use(world, of->id, payer->id, input->by_host, INF_ACT_COPY);
    world->header.copies++;
    INF_EMIT(world, def.place_index1, Copied, event)
    {
        event->Copied.soul = payer->id;
        event->Copied.of = of->id;
        event->Copied.copy = copy->id;
        event->Copied.credits = price_credits();
        memcpy(event->Copied.identity, copy->identity, INF_HASH_BYTES);
        memcpy(event->Copied.name, copy->name, INF_NAME_BYTES);
    }
    return INF_OK;
}
