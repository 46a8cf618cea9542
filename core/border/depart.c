// Departures. Docked, with ship, hold and both pockets: to another station of this galaxy, over the border to another
// server's galaxy, or into a file. A fee is burned. What shard 0 has to decide goes there by a transfer (kind CUT).
#include "border/border.h"
#include "world/ships.h"

static bool is_station(const InfWorld* world, InfSystemAddress address, uint8_t body)
{
    if (!inf_system_exists(&world->galaxy, address)) {
        return false;
    }
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_world_bodies(world, address, bodies);
    return body < count && bodies[body].kind == INF_BODY_STATION;
}

static InfResult check(const InfWorld* world, const InfInputDepart* input, const InfSoul* soul)
{
    if (input->way >= INF_WAY_COUNT) {
        return INF_ERROR_WAY;
    }
    if (input->by_host > 1) {
        return INF_ERROR_RANGE;
    }
    if (!inf_soul_is_docked(world, soul) || inf_ship_at(world, soul->ship_index1)->phase != 0) {
        return INF_ERROR_DOCKED;
    }
    if (!inf_soul_agreed(world, soul->id, soul->id, input->by_host,
                         input->way == INF_WAY_FILE ? INF_ACT_DOWNLOAD : INF_ACT_CUT)) {
        return INF_ERROR_CONSENT;
    }
    if (input->way == INF_WAY_GALAXY) {
        InfSystemAddress address = {input->sector[0], input->sector[1], input->sector[2], input->system_in_sector};
        uint32_t here = inf_soul_here(world, soul);
        if (!is_station(world, address, input->body)) {
            return INF_ERROR_NOT_FOUND;
        }
        return inf_world_find_place(world, address, input->body) == here ? INF_ERROR_STATE : INF_OK;
    }
    bool server = input->way == INF_WAY_SERVER;
    if (inf_is_zero(input->transfer, INF_PASSAGE_BYTES) || inf_is_zero(input->lineage, INF_HASH_BYTES) ||
        inf_is_zero(input->destination, INF_KEY_BYTES) == server) {
        return INF_ERROR_FORMAT;
    }
    if (!inf_soul_is_bound(soul)) {
        return INF_ERROR_UNBOUND;
    }
    return soul->bounty_credits > 0 ? INF_ERROR_WANTED : soul->debt_credits > 0 ? INF_ERROR_DEBT : INF_OK;
}

static void tell_departed(InfWorld* world, const InfSoul* soul, const InfInputDepart* input)
{
    INF_EMIT(world, inf_soul_here(world, soul), Departed, event)
    {
        event->Departed.soul = soul->id;
        event->Departed.credits = inf_soul_credits(world, soul);
        event->Departed.way = input->way;
        memcpy(event->Departed.transfer, input->transfer, INF_PASSAGE_BYTES);
        memcpy(event->Departed.destination, input->destination, INF_KEY_BYTES);
        memcpy(event->Departed.name, soul->name, INF_NAME_BYTES);
    }
}

/// What has to be done once nothing can be refused any more.
static void pay_and_tell(InfWorld* world, uint32_t soul_index1, const InfInputDepart* input, int64_t fee)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    InfResult paid = inf_soul_pay(world, soul, inf_ledger_own(INF_ACCOUNT_BURN), fee, INF_REASON_FEE);
    INF_ASSERT(paid == INF_OK);
    bool file = input->way == INF_WAY_FILE;
    inf_consent_use(world, soul->id, soul->id, input->by_host, file ? INF_ACT_DOWNLOAD : INF_ACT_CUT);
    if (!inf_is_zero(input->lineage, INF_HASH_BYTES)) {
        memcpy(soul->lineage, input->lineage, INF_HASH_BYTES);
    }
    inf_soul_feelings_update(world, soul_index1);
    tell_departed(world, soul, input);
}

static InfResult go_here(InfWorld* world, uint32_t soul_index1, const InfInputDepart* input, InfSystemAddress address)
{
    uint32_t system_index1 = inf_system_enter(world, address);
    uint32_t place_index1 = system_index1 != 0 ? inf_place_enter(world, system_index1, input->body) : 0;
    if (place_index1 == 0) {
        return INF_ERROR_FULL;
    }
    static const uint8_t nowhere[INF_KEY_BYTES];
    pay_and_tell(world, soul_index1, input, INF_TUNE_CUT_FEE_CREDITS);
    inf_ship_put_docked(world, inf_soul_at(world, soul_index1)->ship_index1, place_index1);
    inf_border_tell_appeared(world, soul_index1, INF_WAY_GALAXY, false, input->transfer, nowhere);
    inf_mind_notify(world, soul_index1, INF_NOTICE_JUMPED, 0);
    return INF_OK;
}

static InfResult go_far(InfWorld* world, uint32_t soul_index1, const InfInputDepart* input, uint32_t shard,
                        InfSystemAddress address, int64_t fee)
{
    if (!inf_transfer_ready(world)) {
        return INF_ERROR_FULL;
    }
    InfCutAim aim = {.address = address, .way = input->way, .body = input->body};
    memcpy(aim.transfer, input->transfer, INF_PASSAGE_BYTES);
    memcpy(aim.destination, input->destination, INF_KEY_BYTES);
    pay_and_tell(world, soul_index1, input, fee);
    InfResult sent = inf_transfer_cut(world, inf_soul_at(world, soul_index1)->ship_index1, shard, &aim);
    INF_ASSERT(sent == INF_OK);
    return INF_OK;
}

/// On shard 0 the border is right here.
static InfResult leave_galaxy(InfWorld* world, uint32_t soul_index1, const InfInputDepart* input)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    InfResult result = inf_border_may_leave(world, soul, input->transfer);
    if (result != INF_OK) {
        return result;
    }
    pay_and_tell(world, soul_index1, input, INF_TUNE_BORDER_FEE_CREDITS);
    uint32_t border = inf_ledger_own(INF_ACCOUNT_BORDER);
    InfLeaving leaving = {.soul = *soul,
                          .ship = *inf_ship_at(world, soul->ship_index1),
                          .carried_credits = inf_account_credits(world, soul->carried_account),
                          .banked_credits = inf_account_credits(world, soul->banked_account),
                          .from_carried = border,
                          .from_banked = border,
                          .way = input->way};
    memcpy(leaving.transfer, input->transfer, INF_PASSAGE_BYTES);
    memcpy(leaving.destination, input->destination, INF_KEY_BYTES);
    inf_ship_still(&leaving.ship);
    const uint32_t pockets[2] = {soul->carried_account, soul->banked_account};
    const int64_t credits[2] = {leaving.carried_credits, leaving.banked_credits};
    for (uint32_t i = 0; i < 2; i++) {
        if (credits[i] > 0) {
            result = inf_ledger_move(world, pockets[i], border, credits[i], INF_REASON_BORDER);
            INF_ASSERT(result == INF_OK);
        }
    }
    uint32_t ship_index1 = soul->ship_index1;
    soul->ship_index1 = 0;
    inf_ship_at(world, ship_index1)->pilot_index1 = 0;
    inf_ship_destroy(world, ship_index1);
    inf_soul_remove(world, soul_index1);
    inf_border_leave(world, &leaving);
    return INF_OK;
}

InfResult inf_apply_Depart(InfWorld* world, const InfInputDepart* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    if (soul_index1 == 0) {
        return inf_world_find_passenger(world, input->soul) != 0 ? INF_ERROR_PASSENGER : INF_ERROR_NOT_FOUND;
    }
    const InfSoul* soul = inf_soul_at(world, soul_index1);
    InfResult result = check(world, input, soul);
    if (result != INF_OK) {
        return result;
    }
    bool within = input->way == INF_WAY_GALAXY;
    int64_t fee = within ? INF_TUNE_CUT_FEE_CREDITS : INF_TUNE_BORDER_FEE_CREDITS;
    if (inf_soul_credits(world, soul) < fee) {
        return INF_ERROR_FUNDS;
    }
    InfSystemAddress address = {0, 0, 0, 0};
    uint32_t shard = 0;
    if (within) {
        address = (InfSystemAddress){input->sector[0], input->sector[1], input->sector[2], input->system_in_sector};
        shard = inf_system_shard(address, world->header.shard_count);
    }
    if (shard != world->header.shard) {
        return go_far(world, soul_index1, input, shard, address, fee);
    }
    return within ? go_here(world, soul_index1, input, address) : leave_galaxy(world, soul_index1, input);
}
