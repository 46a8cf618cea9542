// The bank at every station, and payments between souls. Banked credits are safe from robbers; banking them burns a fee.
#include "economy/economy.h"

#include "soul/riders.h"

InfResult inf_bank(InfWorld* world, uint32_t soul_index1, bool withdraw, int64_t credits)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    if (inf_soul_docked_station(world, soul) == 0) {
        return INF_ERROR_STATE;
    }
    if (withdraw) {
        return inf_ledger_move(world, soul->banked_account, soul->carried_account, credits, INF_REASON_BANK);
    }
    if (credits < 2 || credits > INT64_C(1000000000000000)) {
        return INF_ERROR_RANGE; // a single credit would be all fee
    }
    if (inf_account_at(world, soul->carried_account)->credits < credits) {
        return INF_ERROR_FUNDS;
    }
    int64_t fee = (credits * INF_TUNE_BANK_FEE_PERMILLE + 999) / 1000;
    InfResult result = inf_ledger_move(world, soul->carried_account, inf_ledger_own(INF_ACCOUNT_BURN), fee,
                                       INF_REASON_BANK_FEE);
    if (result == INF_OK) {
        result = inf_ledger_move(world, soul->carried_account, soul->banked_account, credits - fee, INF_REASON_BANK);
    }
    return result;
}

InfResult inf_apply_Bank(InfWorld* world, const InfInputBank* input)
{
    uint32_t soul_index1 = inf_world_find_soul(world, input->soul);
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    return input->withdraw > 1 ? INF_ERROR_RANGE : inf_bank(world, soul_index1, input->withdraw != 0, input->credits);
}

/// A gift is remembered, the more the greater it is.
static void remember_gift(InfWorld* world, InfSoul* payee, uint64_t payer, int64_t credits)
{
    int32_t weight = (int32_t)inf_clamp_i64(credits / 5, 5, 300);
    inf_soul_relate(world, payee, payer, weight, weight / 2, 0);
    inf_soul_remember(world, payee, INF_MEMORY_HELPED, payer, (int32_t)inf_min_i64(credits, INT32_MAX), (uint32_t)weight);
    inf_soul_feel(world, payee, INF_FEELING_JOY, weight);
}

InfResult inf_apply_Pay(InfWorld* world, const InfInputPay* input)
{
    uint32_t payer_index1 = inf_world_find_soul(world, input->soul);
    if (payer_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (input->payee == input->soul || input->payee == 0 || input->payee_shard >= world->header.shard_count ||
        input->credits < 1) {
        return INF_ERROR_RANGE;
    }
    InfSoul* payer = inf_soul_at(world, payer_index1);
    if (inf_account_at(world, payer->carried_account)->credits < input->credits) {
        return INF_ERROR_FUNDS;
    }
    InfSoul* payee = inf_soul_anyhow(world, input->payee);
    if (payee == NULL) {
        if (input->payee_shard == world->header.shard) {
            return INF_ERROR_NOT_FOUND;
        }
        return inf_transfer_pay(world, input->payee_shard, input->payee, payer->id, payer->carried_account,
                                input->credits);
    }
    InfResult result = inf_ledger_move(world, payer->carried_account, payee->carried_account, input->credits,
                                       INF_REASON_PAY);
    if (result != INF_OK) {
        return result;
    }
    inf_income_count(world, INF_TRADE_GIFTS, input->credits);
    if ((payee->flags & INF_SOUL_PLAYER) == 0) {
        remember_gift(world, payee, payer->id, input->credits);
    }
    INF_EMIT(world, inf_soul_here(world, payee), Paid, event) {
        event->Paid.soul = payee->id;
        event->Paid.payer = payer->id;
        event->Paid.credits = input->credits;
    }
    return INF_OK;
}
