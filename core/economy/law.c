// Law: what harm done to others costs, and bounties.
//
// Charted space: patrols answer, and the doer owes a bounty on its own head. Open space: the bounty only. Wild space:
// nothing. Harm to a criminal, or to someone with a bounty, is no crime anywhere. A fine is taken from the doer's own
// credits into escrow (from a player's debt if need be), so two who play crime and hunter with each other gain nothing;
// only for a mind that has nothing the Heart mints it (LAW).
#include "economy/economy.h"

static void tell_bounty(InfWorld* world, uint32_t place_index1, uint64_t by, const InfSoul* target, int64_t credits)
{
    INF_EMIT(world, place_index1, BountySet, event) {
        event->BountySet.soul = by;
        event->BountySet.target = target->id;
        event->BountySet.credits = credits;
        event->BountySet.total_credits = target->bounty_credits;
    }
}

static void fine(InfWorld* world, uint32_t place_index1, uint32_t doer_index1, int64_t credits)
{
    InfSoul* doer = inf_soul_at(world, doer_index1);
    uint32_t escrow = inf_ledger_own(INF_ACCOUNT_ESCROW);
    int64_t own = inf_min_i64(credits, inf_soul_credits(world, doer));
    if ((doer->flags & INF_SOUL_PLAYER) == 0) {
        own = inf_min_i64(own, inf_soul_credits(world, doer) - INF_TUNE_LAW_SPARED_CREDITS); // fined, not killed
    }
    if (own > 0 && inf_soul_pay(world, doer, escrow, own, INF_REASON_BOUNTY) == INF_OK) {
        doer->bounty_credits += own;
    } else {
        own = 0;
    }
    int64_t rest = credits - own;
    if (rest > 0 && inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), escrow, rest, INF_REASON_LAW) == INF_OK) {
        doer->bounty_credits += rest;
        if ((doer->flags & INF_SOUL_PLAYER) != 0) {
            doer->debt_credits += rest;
        }
    }
    tell_bounty(world, place_index1, 0, doer, credits);
}

void inf_law_crime(InfWorld* world, uint32_t place_index1, uint32_t doer_ship, uint32_t victim_ship, bool killed)
{
    const InfPlace* place = inf_place_at(world, place_index1);
    if (place->law == INF_LAW_WILD || doer_ship == 0 || victim_ship == 0 || doer_ship == victim_ship) {
        return;
    }
    InfShip* doer = inf_ship_at(world, doer_ship);
    const InfShip* victim = inf_ship_at(world, victim_ship);
    if ((doer->flags & INF_SHIP_PATROL) != 0 || (victim->flags & INF_SHIP_CRIMINAL) != 0) {
        return;
    }
    uint32_t victim_index1 = inf_world_find_soul(world, victim->owner);
    if (victim_index1 != 0 && inf_soul_at(world, victim_index1)->bounty_credits > 0) {
        return; // hunting for a bounty is lawful
    }
    bool known = (doer->flags & INF_SHIP_CRIMINAL) != 0;
    doer->flags |= INF_SHIP_CRIMINAL;
    uint32_t doer_index1 = doer->pilot_index1;
    if (doer_index1 != 0 && (killed || !known)) {
        fine(world, place_index1, doer_index1,
             killed ? INF_TUNE_LAW_KILL_BOUNTY_CREDITS : INF_TUNE_LAW_HARM_BOUNTY_CREDITS);
    }
    if (place->law == INF_LAW_CHARTED) {
        inf_patrol_answer(world, place_index1, doer_ship);
    }
}

void inf_bounty_settle(InfWorld* world, uint32_t target_index1, uint64_t killer_soul)
{
    InfSoul* target = inf_soul_at(world, target_index1);
    int64_t credits = target->bounty_credits;
    if (credits == 0) {
        return;
    }
    uint32_t escrow = inf_ledger_own(INF_ACCOUNT_ESCROW);
    uint32_t killer_index1 = killer_soul != target->id ? inf_world_find_soul(world, killer_soul) : 0;
    if (killer_index1 != 0) {
        InfSoul* killer = inf_soul_at(world, killer_index1);
        if (inf_ledger_move(world, escrow, killer->carried_account, credits, INF_REASON_BOUNTY) != INF_OK) {
            return;
        }
        target->bounty_credits = 0;
        inf_income_count(world, INF_TRADE_BOUNTIES, credits);
        INF_EMIT(world, inf_soul_place(world, killer_index1), BountyPaid, event) {
            event->BountyPaid.soul = killer->id;
            event->BountyPaid.target = target->id;
            event->BountyPaid.credits = credits;
        }
    } else if ((target->flags & INF_SOUL_PLAYER) == 0) {
        // The mind is gone and nobody brought it down: the reward ends with it.
        InfResult result = inf_ledger_move(world, escrow, inf_ledger_own(INF_ACCOUNT_BURN), credits, INF_REASON_LOST);
        INF_ASSERT(result == INF_OK);
        target->bounty_credits = 0;
    }
}

InfResult inf_apply_Bounty(InfWorld* world, const InfInputBounty* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    uint32_t target_index1 = inf_world_find_soul(world, input->target);
    if (soul_index1 == 0 || target_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (soul_index1 == target_index1 || input->credits < INF_TUNE_BOUNTY_MIN_CREDITS ||
        input->credits > INT64_C(1000000000000)) {
        return INF_ERROR_RANGE;
    }
    InfSoul* soul = inf_soul_at(world, soul_index1);
    InfSoul* target = inf_soul_at(world, target_index1);
    InfResult result = inf_soul_pay(world, soul, inf_ledger_own(INF_ACCOUNT_ESCROW), input->credits, INF_REASON_BOUNTY);
    if (result != INF_OK) {
        return result;
    }
    target->bounty_credits += input->credits;
    tell_bounty(world, inf_soul_place(world, soul_index1), soul->id, target, input->credits);
    return INF_OK;
}
