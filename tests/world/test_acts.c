// What can be done with a soul inside a galaxy: the will, consent, identity, copies and merges; each refusal changes nothing.
#include "border_test.h"

// ---- the will -----------------------------------------------------------------------------------------------------------------

TEST(a_mind_agrees_for_a_reason_that_it_tells)
{
    InfWorld* world = home();
    InfSoul* mind = soul_of(world, bear_bound(world, 5000, 1));
    InfSoul* asker = soul_of(world, bear(world, 5000, true, 2));
    memset(mind->feelings, 0, sizeof mind->feelings);
    InfAnswer answer = inf_soul_answer(world, mind, asker, INF_ACT_COPY);
    ENSURE(!answer.agrees && answer.weight <= 0 && answer.reason == INF_WILL_ALONE); // to a stranger it stays the only one
    inf_soul_relate(world, mind, asker->id, 700, 500, 0);
    answer = inf_soul_answer(world, mind, asker, INF_ACT_COPY);
    ENSURE(answer.agrees && answer.reason == INF_WILL_FOND);
    inf_soul_relate(world, mind, asker->id, -1600, -1000, 0);
    answer = inf_soul_answer(world, mind, asker, INF_ACT_SHOW);
    ENSURE(!answer.agrees && answer.reason == INF_WILL_GRUDGE);
    // Fear keeps from a file and drives away from a place.
    memset(mind->relations, 0, sizeof mind->relations);
    mind->traits[INF_TRAIT_COURAGE] = 20;
    mind->feelings[INF_FEELING_FEAR] = 1000;
    mind->feelings_tick = inf_world_now(world);
    answer = inf_soul_answer(world, mind, NULL, INF_ACT_DOWNLOAD);
    ENSURE(!answer.agrees && answer.reason == INF_WILL_AFRAID);
    answer = inf_soul_answer(world, mind, NULL, INF_ACT_CUT);
    ENSURE(answer.agrees && answer.reason == INF_WILL_ESCAPE);
    for (uint32_t act = 1; act < INF_ACT_COUNT; act++) { // the same question, the same answer
        InfAnswer again = inf_soul_answer(world, mind, asker, (InfAct)act);
        answer = inf_soul_answer(world, mind, asker, (InfAct)act);
        ENSURE(answer.weight == again.weight && answer.agrees == again.agrees && answer.reason == again.reason);
        ENSURE(inf_will_sentence(answer.reason)[0] != 0);
    }
    inf_world_destroy(world);
}

TEST(asking_and_agreeing)
{
    InfWorld* world = home();
    uint64_t mind = bear_bound(world, 5000, 1), player = bear(world, 5000, true, 2), other = bear(world, 50, true, 3);
    keep(world, mind);
    InfInput input = ask_of(player, mind, INF_ACT_COPY);
    ENSURE_EQ_U64(INF_OK, give(world, &input)); // it was asked; it does not want to
    const InfEvent* event = find_event(world, INF_EVENT_KIND_Consented);
    ENSURE(event != NULL && event->Consented.soul == player && event->Consented.giver == mind && !event->Consented.on);
    ENSURE(!inf_world_has_consent(world, mind, player, INF_ACT_COPY));
    inf_soul_relate(world, soul_of(world, mind), player, 900, 900, 0);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    event = find_event(world, INF_EVENT_KIND_Consented);
    ENSURE(event != NULL && event->Consented.on && event->Consented.reason == INF_WILL_FOND);
    ENSURE(inf_world_has_consent(world, mind, player, INF_ACT_COPY));
    ENSURE(!inf_world_has_consent(world, mind, player, INF_ACT_CUT) && !inf_world_has_consent(world, mind, other, INF_ACT_COPY) &&
           !inf_world_has_consent(world, mind, 0, INF_ACT_COPY));
    // A player answers for itself.
    input = ask_of(mind, player, INF_ACT_BOARD);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    event = find_event(world, INF_EVENT_KIND_Asked);
    ENSURE(event != NULL && event->Asked.soul == player && event->Asked.asker == mind && event->Asked.act == INF_ACT_BOARD);
    input = consent_of(player, mind, INF_ACT_BOARD, true);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    ENSURE(inf_world_has_consent(world, player, mind, INF_ACT_BOARD));
    input.Consent.on = 0;
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    ENSURE(!inf_world_has_consent(world, player, mind, INF_ACT_BOARD));
    ENSURE_EQ_U64(INF_OK, give(world, &input)); // a plain no is told, too
    ENSURE(find_event(world, INF_EVENT_KIND_Consented)->Consented.on == 0);
    // The host of the server asks as nobody.
    input = ask_of(0, mind, INF_ACT_SHOW);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    event = find_event(world, INF_EVENT_KIND_Consented);
    ENSURE(event != NULL && event->Consented.soul == 0 && event->Consented.on == inf_world_has_consent(world, mind, 0, INF_ACT_SHOW));
    // Agreement does not last.
    run(world, INF_TUNE_CONSENT_TICKS + 5);
    ENSURE(!inf_world_has_consent(world, mind, player, INF_ACT_COPY));
    input = ask_of(player, mind, INF_ACT_NONE);
    refuse(world, &input, INF_ERROR_UNKNOWN);
    input = ask_of(player, mind, INF_ACT_COUNT);
    refuse(world, &input, INF_ERROR_UNKNOWN);
    input = ask_of(player, player, INF_ACT_COPY);
    refuse(world, &input, INF_ERROR_SELF);
    input = ask_of(player, 0x7777777777777777u, INF_ACT_COPY);
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    input = consent_of(player, player, INF_ACT_COPY, true);
    refuse(world, &input, INF_ERROR_SELF);
    input = consent_of(player, mind, INF_ACT_COUNT, true);
    refuse(world, &input, INF_ERROR_UNKNOWN);
    input = consent_of(player, 0x123456789abcu, INF_ACT_COPY, true);
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    input = ask_of(player, mind, INF_ACT_MERGE);
    refuse(world, &input, INF_ERROR_UNRELATED);
    inf_world_destroy(world);
}

TEST(one_giver_cannot_fill_the_list_of_consents)
{
    InfWorld* world = home();
    uint64_t player = bear(world, 100, true, 2);
    uint32_t given = 0;
    for (uint32_t i = 0; i < 12; i++) {
        uint64_t other = bear(world, 100, false, (uint8_t)(10 + i));
        InfInput input = consent_of(player, other, INF_ACT_SHOW, true);
        InfResult result = give(world, &input);
        ENSURE(result == (i < INF_TUNE_CONSENTS_MAX ? INF_OK : INF_ERROR_FULL));
        given += result == INF_OK;
    }
    ENSURE_EQ_U64(INF_TUNE_CONSENTS_MAX, given);
    inf_world_destroy(world);
}

// ---- identity -------------------------------------------------------------------------------------------------------------------

TEST(an_identity_is_given_once)
{
    InfWorld* world = home();
    uint64_t mind = bear(world, 500, false, 1), player = bear(world, 500, true, 2);
    InfInput input = bind_of(mind, 0x11);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    const InfSoul* soul = soul_of(world, mind);
    ENSURE(soul->epoch == 1 && soul->key[0] == 0x11 && soul->identity[31] == 0x11 && inf_mind_is_built_in(soul));
    const InfEvent* event = find_event(world, INF_EVENT_KIND_Bound);
    ENSURE(event != NULL && event->Bound.soul == mind && event->Bound.epoch == 1);
    ENSURE(entry_of(world, 0x11)->state == INF_DIRECTORY_HERE && entry_of(world, 0x11)->soul == mind);
    input = bind_of(mind, 0x12);
    refuse(world, &input, INF_ERROR_EXISTS);
    input = bind_of(mind, 0x11);
    fill(input.Bind.lineage, INF_HASH_BYTES, 0x99); // a newer record of the same
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    ENSURE(soul_of(world, mind)->lineage[5] == 0x99);
    fill(input.Bind.key, INF_KEY_BYTES, 0x77);
    refuse(world, &input, INF_ERROR_DENIED);
    input = bind_of(player, 0x33);
    refuse(world, &input, INF_ERROR_DENIED); // a player's key is its own
    fill(input.Bind.key, INF_KEY_BYTES, 2);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    input = bind_of(bear(world, 500, false, 4), 0x11);
    refuse(world, &input, INF_ERROR_EXISTS); // it is somebody's already
    input = bind_of(0x4242, 0x44);
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    input = bind_of(bear(world, 500, false, 5), 0);
    refuse(world, &input, INF_ERROR_FORMAT);
    inf_world_destroy(world);
}

TEST(a_record_is_told_whole_and_changes_nothing)
{
    InfWorld* world = home();
    InfInput input = {.kind = INF_INPUT_KIND_Record};
    input.Record.soul = 7;
    input.Record.act = INF_LINEAGE_FOUNDED;
    fill(input.Record.hash, INF_HASH_BYTES, 1);
    fill(input.Record.identity, INF_HASH_BYTES, 2);
    input.Record.text_bytes = 20;
    memcpy(input.Record.text, "{\"act\":\"founded\"}   ", 20);
    InfWorld* twin = through_bytes(world);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    inf_world_tick(twin, NULL, 0);
    ENSURE_EQ_U64(inf_world_hash(twin), inf_world_hash(world));
    const InfEvent* event = find_event(world, INF_EVENT_KIND_Recorded);
    ENSURE(event != NULL && event->Recorded.text_bytes == 20 && memcmp(event->Recorded.text, input.Record.text, 20) == 0);
    ENSURE(event->total_bytes < 200);
    input.Record.text_bytes = 0;
    refuse(world, &input, INF_ERROR_FORMAT);
    input.Record.act = 200;
    refuse(world, &input, INF_ERROR_UNKNOWN);
    inf_world_destroy(twin);
    inf_world_destroy(world);
}

// ---- copies ---------------------------------------------------------------------------------------------------------------------

TEST(a_copy_has_the_same_past_and_its_own_future)
{
    InfWorld* world = home();
    uint64_t of = bear_bound(world, 5000, 1), friend_id = bear(world, 100, false, 2);
    inf_soul_relate(world, soul_of(world, of), friend_id, 400, 300, 25);
    inf_soul_remember(world, soul_of(world, of), INF_MEMORY_HELPED, friend_id, 25, 800);
    int64_t before = supply(world);
    uint64_t copy = copy_self(world, of, 0x51);
    InfSoul *a = soul_of(world, of), *b = soul_of(world, copy);
    ENSURE(copy != of && b->parent == of && b->epoch == 1);
    ENSURE(memcmp(a->traits, b->traits, INF_TRAITS) == 0 && memcmp(a->root, b->root, INF_HASH_BYTES) == 0);
    ENSURE(memcmp(a->identity, b->identity, INF_HASH_BYTES) != 0 && memcmp(a->rng, b->rng, sizeof a->rng) != 0);
    ENSURE(a->lineage[0] == 0x53 && b->lineage[0] == 0x52 && b->key[0] == 0x51);
    const InfRelation* bond = inf_soul_relation(b, friend_id);
    ENSURE(bond != NULL && bond->affection == 400 && bond->debt_credits == 25);
    ENSURE(inf_soul_latest(b, INF_MEMORY_HELPED) != NULL && inf_soul_latest(b, INF_MEMORY_COPIED)->who == of);
    ENSURE(inf_soul_relation(a, copy) != NULL && inf_soul_relation(b, of) != NULL);
    int64_t price = inf_hull(INF_HULL_SHUTTLE)->price_credits + INF_TUNE_COPY_FEE_CREDITS;
    ENSURE_EQ_I64(INF_TUNE_COPY_PURSE_CREDITS, credits_of(world, copy));
    ENSURE_EQ_I64(before - price, supply(world)); // what was paid is burned; the purse is a gift
    ENSURE(entry_of(world, 0x51)->soul == copy);
    // A copy of the copy is of the same root.
    ENSURE_EQ_U64(INF_OK, inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), soul_of(world, copy)->carried_account, 5000, INF_REASON_BIRTH));
    uint64_t third = copy_self(world, copy, 0x61);
    ENSURE(memcmp(soul_of(world, third)->root, a->root, INF_HASH_BYTES) == 0);
    inf_world_destroy(world);
}

TEST(copies_that_are_refused)
{
    InfWorld* world = home();
    uint64_t of = bear_bound(world, 5000, 1), poor = bear_bound(world, 1000, 2), unbound = bear(world, 5000, false, 3);
    uint64_t player = bear(world, 5000, true, 4);
    keep(world, of);
    InfInput input = copy_of(player, of, 0x51);
    refuse(world, &input, INF_ERROR_CONSENT);
    input.Copy.by_host = 1;
    refuse(world, &input, INF_ERROR_CONSENT); // the host has to ask, too
    input = copy_of(of, of, 0x51);
    input.Copy.by_host = 1;
    refuse(world, &input, INF_ERROR_CONSENT);
    input.Copy.by_host = 2;
    refuse(world, &input, INF_ERROR_RANGE);
    input = copy_of(poor, poor, 0x51);
    refuse(world, &input, INF_ERROR_FUNDS);
    input = copy_of(unbound, unbound, 0x51);
    refuse(world, &input, INF_ERROR_UNBOUND);
    input = copy_of(of, of, 1);
    refuse(world, &input, INF_ERROR_EXISTS); // its own identity
    input = copy_of(of, of, 0);
    refuse(world, &input, INF_ERROR_FORMAT);
    input = copy_of(of, 0x777, 0x51);
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    input = copy_of(of, of, 0x51);
    ENSURE_EQ_U64(INF_OK, inf_ship_undock(world, soul_of(world, of)->ship_index1));
    refuse(world, &input, INF_ERROR_DOCKED);
    // With consent it works once.
    inf_soul_relate(world, soul_of(world, poor), player, 1000, 1000, 0);
    InfInput ask = ask_of(player, poor, INF_ACT_COPY);
    ENSURE_EQ_U64(INF_OK, give(world, &ask));
    input = copy_of(player, poor, 0x71);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    input = copy_of(player, poor, 0x81);
    refuse(world, &input, INF_ERROR_CONSENT);
    inf_world_destroy(world);
}

TEST(a_copy_is_paid_from_the_pocket_and_then_from_the_bank)
{
    InfWorld* world = home();
    uint64_t of = bear_bound(world, 5000, 1);
    const InfSoul* soul = soul_of(world, of);
    ENSURE_EQ_U64(INF_OK, inf_bank(world, inf_world_find_soul(world, of), false, 4000));
    int64_t carried = inf_account_credits(world, soul->carried_account), banked = inf_account_credits(world, soul->banked_account);
    int64_t price = inf_hull(INF_HULL_SHUTTLE)->price_credits + INF_TUNE_COPY_FEE_CREDITS + INF_TUNE_COPY_PURSE_CREDITS;
    ENSURE(carried > 0 && carried < price && carried + banked >= price);
    uint64_t copy = copy_self(world, of, 0x51);
    ENSURE_EQ_I64(0, inf_account_credits(world, soul->carried_account));
    ENSURE_EQ_I64(carried + banked - price, inf_account_credits(world, soul->banked_account));
    ENSURE_EQ_I64(INF_TUNE_COPY_PURSE_CREDITS, credits_of(world, copy));
    inf_world_destroy(world);
}

/// What the station paid for a body in the last tick.
static int64_t find_scrap(const InfWorld* world)
{
    int64_t credits = 0;
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        credits += event->kind == INF_EVENT_KIND_Ledger && event->Ledger.reason == INF_REASON_SHIP ? event->Ledger.credits : 0;
    }
    return credits;
}

// ---- merges ---------------------------------------------------------------------------------------------------------------------

// Two branches of one mind live different days. Ada and Bo shared a childhood on the Concourse: a debt to Kim. Then Ada
// was robbed by Rook and learned fear; Bo was helped by Kim and learned joy. When they become one again, she who lives on
// remembers all of it, each thing once: the debt, the robbery and the help.
TEST(two_branches_of_one_mind_live_different_days_and_become_one)
{
    InfWorld* world = home();
    uint64_t ada = bear_bound(world, 5000, 1), kim = bear(world, 100, false, 10), rook = bear(world, 100, false, 17);
    keep(world, ada);
    inf_soul_relate(world, soul_of(world, ada), kim, 200, 200, -50);
    inf_soul_remember(world, soul_of(world, ada), INF_MEMORY_HELPED, kim, 50, 600);

    uint64_t bo = copy_self(world, ada, 0x51);
    keep(world, bo);
    keep(world, ada);
    run(world, 2000); // a day apart
    inf_soul_remember(world, soul_of(world, ada), INF_MEMORY_ROBBED, rook, 300, 700);
    inf_soul_relate(world, soul_of(world, ada), rook, -600, -500, 0);
    inf_soul_feel(world, soul_of(world, ada), INF_FEELING_FEAR, 600);
    run(world, 700);
    inf_soul_remember(world, soul_of(world, bo), INF_MEMORY_HELPED_OTHER, kim, 80, 500);
    inf_soul_relate(world, soul_of(world, bo), kim, 300, 100, 50);
    inf_soul_feel(world, soul_of(world, bo), INF_FEELING_JOY, 500);
    bring(world, ada, inf_soul_concourse(world)); // where they meet again
    bring(world, bo, inf_soul_concourse(world));

    int64_t together = credits_of(world, ada) + credits_of(world, bo), before = supply(world);
    int32_t fear = inf_soul_feeling(world, soul_of(world, ada), INF_FEELING_FEAR);
    int32_t joy = inf_soul_feeling(world, soul_of(world, bo), INF_FEELING_JOY);
    inf_ship_at(world, soul_of(world, bo)->ship_index1)->cargo[INF_GOOD_ORE] = 7;
    InfInput input = merge_of(ada, bo);
    refuse(world, &input, INF_ERROR_CONSENT);
    InfInput yes = ask_of(ada, bo, INF_ACT_MERGE);
    ENSURE_EQ_U64(INF_OK, give(world, &yes)); // they were one once
    ENSURE(inf_world_has_consent(world, bo, ada, INF_ACT_MERGE));
    ENSURE_EQ_U64(INF_OK, give(world, &input));

    const InfEvent* event = find_event(world, INF_EVENT_KIND_Merged);
    ENSURE(event != NULL && event->Merged.soul == ada && event->Merged.ended == bo);
    ENSURE(inf_soul_anyhow(world, bo) == NULL && inf_world_find_soul(world, ada) != 0);
    const InfSoul* one = soul_of(world, ada);
    ENSURE(inf_soul_latest(one, INF_MEMORY_ROBBED)->who == rook);
    ENSURE(inf_soul_latest(one, INF_MEMORY_HELPED_OTHER)->who == kim);
    uint32_t debts = 0;
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        debts += one->memories[i].kind == INF_MEMORY_HELPED && one->memories[i].who == kim;
    }
    ENSURE_EQ_U64(1, debts); // what both lived through is remembered once
    ENSURE(inf_soul_relation(one, rook)->affection == -600);
    ENSURE(inf_soul_relation(one, kim)->affection == 500 && inf_soul_relation(one, kim)->debt_credits == 0); // Bo's is newer
    ENSURE(inf_soul_relation(one, bo) == NULL);
    ENSURE_WITHIN(fear - 2, fear, inf_soul_feeling(world, one, INF_FEELING_FEAR));
    ENSURE_WITHIN(joy - 2, joy, inf_soul_feeling(world, one, INF_FEELING_JOY));
    ENSURE_WITHIN(before - 2000, before + 2000, supply(world)); // the station paid for the shuttle; the Heart looks after its till
    int64_t sold = find_scrap(world);
    ENSURE_WITHIN(together + sold - 20, together + sold, credits_of(world, ada)); // but for some air
    ENSURE_EQ_U64(7, inf_ship_at(world, one->ship_index1)->cargo[INF_GOOD_ORE]);
    ENSURE(entry_of(world, 0x51)->state == INF_DIRECTORY_MERGED && entry_of(world, 1)->state == INF_DIRECTORY_HERE);
    ENSURE(one->lineage[0] == 0xee);
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    inf_world_destroy(world);
}

TEST(who_lives_on_does_not_depend_on_who_asks)
{
    for (uint32_t turn = 0; turn < 2; turn++) {
        InfWorld* world = home();
        uint64_t a = bear_bound(world, 5000, 1);
        uint64_t b = copy_self(world, a, 0x51);
        uint64_t asker = turn == 0 ? a : b, other = turn == 0 ? b : a;
        InfInput yes = ask_of(asker, other, INF_ACT_MERGE), input = merge_of(asker, other);
        ENSURE_EQ_U64(INF_OK, give(world, &yes));
        ENSURE_EQ_U64(INF_OK, give(world, &input));
        ENSURE(inf_soul_anyhow(world, a) != NULL && inf_soul_anyhow(world, b) == NULL);
        inf_world_destroy(world);
    }
}

TEST(merges_that_are_refused)
{
    InfWorld* world = home();
    uint64_t a = bear_bound(world, 5000, 1), b = bear_bound(world, 5000, 2), c = bear(world, 100, false, 3);
    InfInput input = merge_of(a, b);
    refuse(world, &input, INF_ERROR_UNRELATED);
    input = merge_of(a, c);
    refuse(world, &input, INF_ERROR_UNBOUND);
    input = merge_of(a, a);
    refuse(world, &input, INF_ERROR_SELF);
    input = merge_of(a, 0x999);
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    uint64_t d = copy_self(world, a, 0x51);
    input = merge_of(a, d);
    input.Merge.by_host = 1;
    refuse(world, &input, INF_ERROR_CONSENT);
    fill(input.Merge.lineage, INF_HASH_BYTES, 0);
    refuse(world, &input, INF_ERROR_FORMAT);
    inf_world_destroy(world);
}

TEST(a_tick_takes_a_bounded_number_of_acts_whatever_comes)
{
    InfWorld* world = home();
    static uint8_t many[1u << 19];
    uint64_t mind = bear(world, 500, false, 1);
    InfWriter writer = inf_writer_make(many, sizeof many);
    uint32_t given = 0;
    for (InfInput input = bind_of(mind, 0x11); inf_input_write(&writer, &input); given++) {
        fill(input.Bind.lineage, INF_HASH_BYTES, (uint8_t)(1 + given % 200));
    }
    ENSURE(given > 2000);
    inf_world_tick(world, many, writer.at - writer.at % (writer.at / given));
    ensure_sound(world);
    uint32_t bound = 0, refused = 0;
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        bound += event->kind == INF_EVENT_KIND_Bound;
        refused += event->kind == INF_EVENT_KIND_Rejected && event->Rejected.result == INF_ERROR_FULL;
    }
    ENSURE_EQ_U64(512, bound);
    ENSURE(refused > 1000 && bound + refused <= given);
    inf_world_destroy(world);
}
