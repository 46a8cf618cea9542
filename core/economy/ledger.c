// The ledger: double entry over accounts.
//
// Every credit is in exactly one account of one shard. A movement takes from one account what it gives to another, so
// all accounts of a shard together are zero, always. The shard's own accounts are rows 1 to 6: MINT (minus all that was
// made), BURN (all that ended), SENT, RECEIVED (minus all that came from other shards), ESCROW and BORDER (of souls that are
// on their way to another galaxy or away in a file). It follows for a whole galaxy:
// minted − burned = credits of souls and stations + escrow + border + in flight, and in flight = the sum of SENT and
// RECEIVED over all shards.
//
// An account of a soul or station never falls below zero; only MINT and RECEIVED may. Amounts are [1, 10^15] and no
// account passes ±4·10^18, so sums of two never overflow.
#include "economy/economy.h"

#define CREDITS_MAX INT64_C(1000000000000000)
#define ACCOUNT_MAX INT64_C(4000000000000000000)

void inf_ledger_found(InfWorld* world)
{
    static const uint8_t own[INF_LEDGER_OWN_COUNT] = {INF_ACCOUNT_MINT,     INF_ACCOUNT_BURN,   INF_ACCOUNT_SENT,
                                                      INF_ACCOUNT_RECEIVED, INF_ACCOUNT_ESCROW, INF_ACCOUNT_BORDER};
    for (uint32_t i = 0; i < INF_LEDGER_OWN_COUNT; i++) {
        uint32_t account = inf_account_open(world, (InfAccountKind)own[i], 0);
        INF_ASSERT(account == inf_ledger_own((InfAccountKind)own[i]));
    }
}

uint32_t inf_account_open(InfWorld* world, InfAccountKind kind, uint64_t owner)
{
    INF_ASSERT(kind > INF_ACCOUNT_NONE && kind < INF_ACCOUNT_COUNT);
    uint32_t account = inf_pool_take(&world->account_pool);
    if (account != 0) {
        InfAccount* row = inf_account_at(world, account);
        row->kind = kind;
        row->owner = owner;
    }
    return account;
}

void inf_account_close(InfWorld* world, uint32_t account)
{
    INF_ASSERT(account > INF_LEDGER_OWN_COUNT);
    INF_ASSERT(inf_account_at(world, account)->credits == 0);
    inf_pool_give_back(&world->account_pool, account);
}

/// May this account owe?
static bool may_be_negative(uint32_t kind)
{
    return kind == INF_ACCOUNT_MINT || kind == INF_ACCOUNT_RECEIVED;
}

InfResult inf_ledger_move(InfWorld* world, uint32_t payer, uint32_t payee, int64_t credits, InfReason reason)
{
    if (credits < 1 || credits > CREDITS_MAX) {
        return INF_ERROR_RANGE;
    }
    INF_ASSERT(payer != payee);
    INF_ASSERT(reason > INF_REASON_NONE && reason < INF_REASON_COUNT);
    InfAccount* from = inf_account_at(world, payer);
    InfAccount* to = inf_account_at(world, payee);
    INF_ASSERT((from->generation & 1u) != 0 && (to->generation & 1u) != 0);
    INF_ASSERT(to->kind != INF_ACCOUNT_MINT && from->kind != INF_ACCOUNT_BURN);
    if (!may_be_negative(from->kind) && from->credits < credits) {
        return INF_ERROR_FUNDS;
    }
    if (from->credits - credits < -ACCOUNT_MAX || to->credits + credits > ACCOUNT_MAX) {
        return INF_ERROR_RANGE;
    }
    from->credits -= credits;
    to->credits += credits;
    INF_ASSERT(from->kind != INF_ACCOUNT_MINT || from->credits <= 0);
    if (from->kind == INF_ACCOUNT_MINT) {
        world->header.minted_credits[reason] += credits;
    }
    if (to->kind == INF_ACCOUNT_BURN) {
        world->header.burned_credits[reason] += credits;
    }
    INF_EMIT(world, 0, Ledger, event) {
        event->Ledger.payer = from->owner;
        event->Ledger.payee = to->owner;
        event->Ledger.credits = credits;
        event->Ledger.payer_after_credits = from->credits;
        event->Ledger.payee_after_credits = to->credits;
        event->Ledger.payer_kind = (uint8_t)from->kind;
        event->Ledger.payee_kind = (uint8_t)to->kind;
        event->Ledger.reason = (uint8_t)reason;
    }
    return INF_OK;
}

bool inf_ledger_sound(const InfWorld* world)
{
    int64_t minted = 0, burned = 0;
    for (uint32_t reason = 0; reason < INF_REASON_COUNT; reason++) {
        minted += world->header.minted_credits[reason];
        burned += world->header.burned_credits[reason];
    }
    return inf_account_at(world, inf_ledger_own(INF_ACCOUNT_MINT))->credits == -minted &&
           inf_account_at(world, inf_ledger_own(INF_ACCOUNT_BURN))->credits == burned;
}

bool inf_ledger_balanced(const InfWorld* world)
{
    // Sums of low and high halves: no order of adding can overflow.
    int64_t low = 0, high = 0;
    for (uint32_t account = 1; account <= world->account_pool.count; account++) {
        const InfAccount* row = inf_account_at(world, account);
        if ((row->generation & 1u) == 0) {
            continue;
        }
        if ((row->credits < 0 && !may_be_negative(row->kind)) || row->kind == INF_ACCOUNT_NONE ||
            row->kind >= INF_ACCOUNT_COUNT) {
            return false;
        }
        low += row->credits & INT64_C(0xffffffff);
        high += row->credits >> 32;
    }
    return (low & INT64_C(0xffffffff)) == 0 && high + (low >> 32) == 0 && inf_ledger_sound(world);
}

int64_t inf_soul_credits(const InfWorld* world, const InfSoul* soul)
{
    return inf_account_at(world, soul->carried_account)->credits +
           inf_account_at(world, soul->banked_account)->credits;
}

InfResult inf_soul_pay(InfWorld* world, InfSoul* soul, uint32_t payee, int64_t credits, InfReason reason)
{
    if (credits < 1 || credits > CREDITS_MAX) {
        return INF_ERROR_RANGE;
    }
    if (inf_soul_credits(world, soul) < credits) {
        return INF_ERROR_FUNDS;
    }
    int64_t carried = inf_min_i64(inf_account_at(world, soul->carried_account)->credits, credits);
    InfResult result = INF_OK;
    if (carried > 0) {
        result = inf_ledger_move(world, soul->carried_account, payee, carried, reason);
    }
    if (result == INF_OK && credits > carried) {
        result = inf_ledger_move(world, soul->banked_account, payee, credits - carried, reason);
        INF_ASSERT(result == INF_OK || carried == 0); // the payee's bound is far above any two pockets
    }
    return result;
}

void inf_income_count(InfWorld* world, InfTrade trade, int64_t credits)
{
    INF_ASSERT(trade < INF_TRADE_COUNT);
    world->header.income_credits[trade] = inf_add_saturating_i64(world->header.income_credits[trade], credits);
}
