// A merge: two branches of one lineage, docked in the same station, become one. What they are made of is joined by the pure
// law (core/soul/join.c); credits are summed, pocket by pocket; the other body is sold. Who lives on does not depend on
// who asked.
#include "border/border.h"
#include "soul/join.h"
#include "soul/riders.h"

/// Its passengers take free seats of the one that lives on.
static void move_passengers(InfWorld* world, uint64_t from, uint64_t to)
{
    for (uint32_t i = inf_riders_first(world, from); i != 0; i = inf_riders_first(world, from)) {
        const InfPassenger passenger = *inf_passenger_at(world, i);
        inf_rider_remove(world, i);
        uint32_t index1 = inf_rider_seat(world, passenger.soul, to, passenger.seat, passenger.boarded_tick);
        INF_ASSERT(index1 != 0); // the row was just given back
    }
}

static InfResult check(const InfWorld* world, const InfInputMerge* input, const InfSoul* a, const InfSoul* b)
{
    if (input->by_host > 1) {
        return INF_ERROR_RANGE;
    }
    if (inf_is_zero(input->lineage, INF_HASH_BYTES)) {
        return INF_ERROR_FORMAT;
    }
    if (!inf_soul_is_bound(a) || !inf_soul_is_bound(b)) {
        return INF_ERROR_UNBOUND;
    }
    if (memcmp(a->root, b->root, INF_HASH_BYTES) != 0) {
        return INF_ERROR_UNRELATED;
    }
    if ((a->flags & b->flags & INF_SOUL_PLAYER) != 0) {
        return INF_ERROR_PLAYER; // two people stay two
    }
    if (inf_souls_docked_together(world, a, b) == 0) {
        return INF_ERROR_DOCKED;
    }
    if (!inf_soul_agreed(world, a->id, a->id, input->by_host, INF_ACT_MERGE) ||
        !inf_soul_agreed(world, b->id, a->id, input->by_host, INF_ACT_MERGE)) {
        return INF_ERROR_CONSENT;
    }
    if (inf_riders_count(world, a->id) + inf_riders_count(world, b->id) > inf_seats_of(world)) {
        return INF_ERROR_SEATS;
    }
    InfResult result = inf_directory_may_tell(world, a->identity, a->id);
    return result == INF_OK ? inf_directory_may_tell(world, b->identity, b->id) : result;
}

static int64_t give_all(InfWorld* world, uint32_t from, uint32_t to)
{
    int64_t credits = inf_account_credits(world, from);
    if (credits > 0) {
        InfResult moved = inf_ledger_move(world, from, to, credits, INF_REASON_MERGED);
        INF_ASSERT(moved == INF_OK);
    }
    return credits > 0 ? credits : 0;
}

static void forget_other(InfSoul* soul, uint64_t other)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        if (soul->relations[i].who != 0 && soul->relations[i].who != other && soul->relations[i].who != soul->id) {
            soul->relations[kept++] = soul->relations[i];
        }
    }
    memset(soul->relations + kept, 0, (INF_RELATIONS - kept) * sizeof *soul->relations);
}

InfResult inf_apply_Merge(InfWorld* world, const InfInputMerge* input)
{
    if (input->soul == input->other) {
        return INF_ERROR_SELF;
    }
    uint32_t a_index1 = inf_world_find_soul(world, input->soul), b_index1 = inf_world_find_soul(world, input->other);
    if (a_index1 == 0 || b_index1 == 0) {
        return inf_world_find_passenger(world, a_index1 == 0 ? input->soul : input->other) != 0 ? INF_ERROR_PASSENGER
                                                                                                : INF_ERROR_NOT_FOUND;
    }
    InfResult result = check(world, input, inf_soul_at(world, a_index1), inf_soul_at(world, b_index1));
    if (result != INF_OK) {
        return result;
    }
    bool first = inf_soul_precedes(inf_soul_at(world, a_index1), inf_soul_at(world, b_index1));
    uint32_t lives_index1 = first ? a_index1 : b_index1, ends_index1 = first ? b_index1 : a_index1;
    InfSoul* lives = inf_soul_at(world, lives_index1);
    InfSoul* ends = inf_soul_at(world, ends_index1);
    if (inf_account_credits(world, lives->carried_account) > INF_POCKET_CREDITS_MAX / 4 ||
        inf_account_credits(world, lives->banked_account) > INF_POCKET_CREDITS_MAX / 4) {
        return INF_ERROR_RANGE;
    }
    inf_consent_use(world, input->other, input->soul, input->by_host, INF_ACT_MERGE);
    if (input->by_host) {
        inf_consent_use(world, input->soul, input->soul, true, INF_ACT_MERGE);
    }
    uint32_t place_index1 = inf_soul_here(world, lives);
    inf_soul_feelings_update(world, lives_index1);
    inf_soul_feelings_update(world, ends_index1);
    uint64_t now = inf_world_now(world);
    uint64_t own_a = inf_soul_time(lives, now), own_b = inf_soul_time(ends, now);
    InfSoul joined;
    inf_soul_join(&joined, lives, ends, own_a > own_b ? own_a : own_b);
    *lives = joined; // row fields are those of the one that precedes: its own
    forget_other(lives, ends->id);
    memcpy(lives->lineage, input->lineage, INF_HASH_BYTES);
    lives->debt_credits = inf_min_i64(lives->debt_credits + ends->debt_credits, INF_TUNE_DEBT_MAX_CREDITS);
    lives->bounty_credits += ends->bounty_credits; // in escrow either way: a head keeps its price
    ends->bounty_credits = 0;

    (void)inf_ship_scrap(world, ends_index1, lives->ship_index1);
    int64_t credits = give_all(world, ends->carried_account, lives->carried_account) +
                      give_all(world, ends->banked_account, lives->banked_account);
    move_passengers(world, ends->id, lives->id);
    inf_soul_remember(world, lives, INF_MEMORY_MERGED, ends->id, (int32_t)inf_min_i64(credits, 1000000000), 700);
    inf_directory_tell(world, ends->identity, ends->id, ends->epoch, INF_DIRECTORY_MERGED);
    world->header.merges++;
    INF_EMIT(world, place_index1, Merged, event)
    {
        event->Merged.soul = lives->id;
        event->Merged.ended = ends->id;
        event->Merged.credits = credits;
        memcpy(event->Merged.identity, lives->identity, INF_HASH_BYTES);
        memcpy(event->Merged.ended_identity, ends->identity, INF_HASH_BYTES);
        memcpy(event->Merged.name, lives->name, INF_NAME_BYTES);
        memcpy(event->Merged.ended_name, ends->name, INF_NAME_BYTES);
    }
    inf_soul_remove(world, ends_index1);
    return INF_OK;
}
