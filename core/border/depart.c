// Departures. A passenger goes over the border by itself, with its own passage and its pockets; it says with whom it rides,
// so that it finds its seat again. Its host can go when nobody rides with it any more: the crew first, then the host.
//
// Docked, with ship, hold and both pockets: to another station of this galaxy, over the border to another
// server's galaxy, or into a file. A fee is burned. What shard 0 has to decide goes there by a transfer (kind CUT).
#include "border/border.h"
#include "soul/riders.h"
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

/// The ship that it is in: its own, or its host's.
static uint32_t ship_of(const InfWorld* world, const InfSoul* soul)
{
    return soul->ship_index1 != 0 ? soul->ship_index1 : inf_rider_ship(world, soul->id);
}

static InfResult check_within(const InfWorld* world, const InfInputDepart* input, const InfSoul* soul)
{
    InfSystemAddress address = {input->sector[0], input->sector[1], input->sector[2], input->system_in_sector};
    if (soul->ship_index1 == 0) {
        return INF_ERROR_PASSENGER;
    }
    if (!is_station(world, address, input->body)) {
        return INF_ERROR_NOT_FOUND;
    }
    return inf_world_find_place(world, address, input->body) == inf_soul_here(world, soul) ? INF_ERROR_STATE : INF_OK;
}

static InfResult check_over_border(const InfWorld* world, const InfInputDepart* input, const InfSoul* soul, bool with_crew)
{
    bool server = input->way == INF_WAY_SERVER;
    if (inf_is_zero(input->transfer, INF_PASSAGE_BYTES) || inf_is_zero(input->lineage, INF_HASH_BYTES) ||
        inf_is_zero(input->destination, INF_KEY_BYTES) == server) {
        return INF_ERROR_FORMAT;
    }
    if (!inf_soul_is_bound(soul)) {
        return INF_ERROR_UNBOUND;
    }
    if (!with_crew && inf_riders_count(world, soul->id) != 0) {
        return INF_ERROR_ABOARD;
    }
    if (soul->id == world->header.host_soul) {
        return INF_ERROR_AWAKE; // the world is in its head
    }
    return soul->bounty_credits > 0 ? INF_ERROR_WANTED : soul->debt_credits > 0 ? INF_ERROR_DEBT : INF_OK;
}

static InfResult check(const InfWorld* world, const InfInputDepart* input, const InfSoul* soul, bool with_crew)
{
    if (input->way >= INF_WAY_COUNT) {
        return INF_ERROR_WAY;
    }
    if (input->by_host > 1) {
        return INF_ERROR_RANGE;
    }
    uint32_t ship_index1 = ship_of(world, soul);
    if (ship_index1 == 0 || inf_ship_at(world, ship_index1)->state != INF_SHIP_STATE_DOCKED ||
        inf_ship_at(world, ship_index1)->phase != 0) {
        return INF_ERROR_DOCKED;
    }
    if (!inf_soul_agreed(world, soul->id, soul->id, input->by_host,
                         input->way == INF_WAY_FILE ? INF_ACT_DOWNLOAD : INF_ACT_CUT)) {
        return INF_ERROR_CONSENT;
    }
    return input->way == INF_WAY_GALAXY ? check_within(world, input, soul) : check_over_border(world, input, soul, with_crew);
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
static void pay_and_tell(InfWorld* world, InfSoul* soul, const InfInputDepart* input, int64_t fee)
{
    InfResult paid = fee > 0 ? inf_soul_pay(world, soul, inf_ledger_own(INF_ACCOUNT_BURN), fee, INF_REASON_FEE) : INF_OK;
    INF_ASSERT(paid == INF_OK);
    bool file = input->way == INF_WAY_FILE;
    inf_consent_use(world, soul->id, soul->id, input->by_host, file ? INF_ACT_DOWNLOAD : INF_ACT_CUT);
    if (!inf_is_zero(input->lineage, INF_HASH_BYTES)) {
        memcpy(soul->lineage, input->lineage, INF_HASH_BYTES);
    }
    inf_soul_feel(world, soul, INF_FEELING_JOY, 0); // brings all of them up to now
    tell_departed(world, soul, input);
}

static InfResult go_here(InfWorld* world, InfSoul* soul, const InfInputDepart* input, InfSystemAddress address, int64_t fee)
{
    uint32_t system_index1 = inf_system_enter(world, address);
    uint32_t place_index1 = system_index1 != 0 ? inf_place_enter(world, system_index1, input->body) : 0;
    if (place_index1 == 0) {
        return INF_ERROR_FULL;
    }
    static const uint8_t nowhere[INF_KEY_BYTES];
    pay_and_tell(world, soul, input, fee);
    inf_ship_put_docked(world, soul->ship_index1, place_index1);
    inf_border_tell_appeared(world, soul, INF_WAY_GALAXY, false, input->transfer, nowhere);
    inf_mind_notify(world, inf_soul_find(world, soul->id), INF_NOTICE_JUMPED, 0);
    return INF_OK;
}

static void identity_of_host(const InfWorld* world, const InfSoul* soul, uint8_t identity[INF_HASH_BYTES])
{
    uint32_t host_index1 = inf_rider_host(world, soul->id);
    memset(identity, 0, INF_HASH_BYTES);
    if (host_index1 != 0) {
        memcpy(identity, inf_soul_at(world, host_index1)->identity, INF_HASH_BYTES);
    }
}

/// What another shard has to decide: the destination's, or shard 0, which is the border.
static InfResult go_far(InfWorld* world, InfSoul* soul, const InfInputDepart* input, uint32_t shard, InfSystemAddress address,
                        int64_t fee)
{
    if (!inf_transfer_ready_for(world, soul->id)) {
        return INF_ERROR_FULL;
    }
    InfCutAim aim = {.address = address, .way = input->way, .body = input->body};
    memcpy(aim.transfer, input->transfer, INF_PASSAGE_BYTES);
    memcpy(aim.destination, input->destination, INF_KEY_BYTES);
    identity_of_host(world, soul, aim.host_identity);
    pay_and_tell(world, soul, input, fee);
    InfResult sent = soul->ship_index1 != 0
                         ? inf_transfer_cut(world, soul->ship_index1, shard, &aim)
                         : inf_transfer_cut_rider(world, inf_world_find_passenger(world, soul->id), &aim);
    INF_ASSERT(sent == INF_OK);
    return INF_OK;
}

/// On shard 0 the border is right here.
static InfResult leave_galaxy(InfWorld* world, InfSoul* soul, const InfInputDepart* input, int64_t fee)
{
    InfResult result = inf_border_may_leave(world, soul, input->transfer);
    if (result != INF_OK) {
        return result;
    }
    if (soul->ship_index1 == 0 && !inf_world_has_room(world)) {
        return INF_ERROR_FULL; // a body has to be kept free for its return
    }
    pay_and_tell(world, soul, input, fee);
    uint32_t border = inf_ledger_own(INF_ACCOUNT_BORDER), ship_index1 = soul->ship_index1;
    InfLeaving leaving = {.soul = *soul,
                          .carried_credits = inf_account_credits(world, soul->carried_account),
                          .banked_credits = inf_account_credits(world, soul->banked_account),
                          .from_carried = border,
                          .from_banked = border,
                          .way = input->way};
    memcpy(leaving.transfer, input->transfer, INF_PASSAGE_BYTES);
    memcpy(leaving.destination, input->destination, INF_KEY_BYTES);
    identity_of_host(world, soul, leaving.host_identity);
    const uint32_t pockets[2] = {soul->carried_account, soul->banked_account};
    const int64_t credits[2] = {leaving.carried_credits, leaving.banked_credits};
    for (uint32_t i = 0; i < 2; i++) {
        if (credits[i] > 0) {
            result = inf_ledger_move(world, pockets[i], border, credits[i], INF_REASON_BORDER);
            INF_ASSERT(result == INF_OK);
        }
    }
    if (ship_index1 != 0) {
        leaving.ship = *inf_ship_at(world, ship_index1);
        inf_ship_still(&leaving.ship);
        soul->ship_index1 = 0;
        inf_ship_at(world, ship_index1)->pilot_index1 = 0;
        inf_ship_destroy(world, ship_index1);
        inf_soul_remove(world, inf_soul_find(world, soul->id));
    } else {
        inf_rider_remove(world, inf_world_find_passenger(world, soul->id));
        inf_account_close(world, pockets[0]);
        inf_account_close(world, pockets[1]);
    }
    inf_border_leave(world, &leaving);
    return INF_OK;
}

static int64_t fee_of(const InfWorld* world, const InfInputDepart* input)
{
    bool is_free = world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE; // nobody earns anything there
    return is_free ? 0 : input->way == INF_WAY_GALAXY ? INF_TUNE_CUT_FEE_CREDITS : INF_TUNE_BORDER_FEE_CREDITS;
}

InfResult inf_world_may_depart(const InfWorld* world, const InfInputDepart* input, bool with_crew)
{
    const InfSoul* soul = inf_soul_anyhow(world, input->soul);
    if (soul == NULL) {
        return INF_ERROR_NOT_FOUND;
    }
    InfResult result = check(world, input, soul, with_crew);
    return result == INF_OK && inf_soul_credits(world, soul) < fee_of(world, input) ? INF_ERROR_FUNDS : result;
}

InfResult inf_apply_Depart(InfWorld* world, const InfInputDepart* input)
{
    InfResult result = inf_world_may_depart(world, input, false);
    if (result != INF_OK) {
        return result;
    }
    InfSoul* soul = inf_soul_anyhow(world, input->soul);
    bool within = input->way == INF_WAY_GALAXY;
    int64_t fee = fee_of(world, input);
    InfSystemAddress address = {0, 0, 0, 0};
    uint32_t shard = 0;
    if (within) {
        address = (InfSystemAddress){input->sector[0], input->sector[1], input->sector[2], input->system_in_sector};
        shard = inf_system_shard(address, world->header.shard_count);
    }
    if (shard != world->header.shard) {
        return go_far(world, soul, input, shard, address, fee);
    }
    return within ? go_here(world, soul, input, address, fee) : leave_galaxy(world, soul, input, fee);
}
