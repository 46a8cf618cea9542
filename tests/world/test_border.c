// Over the border: departures, answers, arrivals, files, crews; stories that cross galaxies and shards.
#include "border_test.h"

// ---- over the border --------------------------------------------------------------------------------------------------------------

TEST(a_departure_waits_in_escrow_for_its_answer)
{
    InfWorld* world = home();
    uint64_t id = bear_bound(world, 3000, 1);
    inf_ship_at(world, soul_of(world, id)->ship_index1)->cargo[INF_GOOD_FOOD] = 5;
    int64_t had = credits_of(world, id), before = supply(world);
    InfInput input = depart_of(id, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    ENSURE(inf_soul_anyhow(world, id) == NULL);
    const InfDirectoryEntry* entry = entry_of(world, 1);
    ENSURE(entry->state == INF_DIRECTORY_IN_FLIGHT && entry->epoch == 2);
    int64_t escrow = entry->carried_credits + entry->banked_credits;
    ENSURE_EQ_I64(escrow, inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_BORDER)));
    ENSURE_WITHIN(had - INF_TUNE_BORDER_FEE_CREDITS - 1, had - INF_TUNE_BORDER_FEE_CREDITS, escrow);
    ENSURE(find_event(world, INF_EVENT_KIND_Departed) != NULL);
    InfWorld* twin = through_bytes(world); // over a restart, too
    ENSURE_EQ_U64(inf_world_hash(world), inf_world_hash(twin));
    inf_world_destroy(world);
    world = twin;
    refuse(world, &input, INF_ERROR_NOT_FOUND); // it is gone: a repetition does nothing

    input = settle_of(9, false);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    const InfSoul* back = soul_of(world, id);
    ENSURE(back->epoch == 2 && inf_soul_is_docked(world, back));
    ENSURE_WITHIN(escrow - 1, escrow, credits_of(world, id));
    ENSURE_EQ_U64(5, inf_ship_at(world, back->ship_index1)->cargo[INF_GOOD_FOOD]);
    ENSURE(find_event(world, INF_EVENT_KIND_Appeared)->Appeared.returned == 1);
    ENSURE(entry_of(world, 1)->state == INF_DIRECTORY_HERE && world->crossing_pool.live == 0 && world->soul_pool.reserved == 0);
    refuse(world, &input, INF_ERROR_STATE);
    input = depart_of(id, INF_WAY_SERVER, 9);
    refuse(world, &input, INF_ERROR_EXISTS); // a passage is used once
    input = depart_of(id, INF_WAY_SERVER, 10);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    ENSURE(entry_of(world, 1)->epoch == 3);
    escrow = entry_of(world, 1)->carried_credits + entry_of(world, 1)->banked_credits;
    input = settle_of(10, true);
    int64_t burned = world->header.burned_credits[INF_REASON_EXPORTED];
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    ENSURE_EQ_I64(burned + escrow, world->header.burned_credits[INF_REASON_EXPORTED]);
    ENSURE(entry_of(world, 1)->state == INF_DIRECTORY_GONE && supply(world) < before);
    ENSURE_EQ_I64(0, inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_BORDER)));
    refuse(world, &input, INF_ERROR_STATE);
    input = settle_of(77, true);
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    inf_world_destroy(world);
}

TEST(departures_that_are_refused)
{
    InfWorld* world = home();
    uint64_t id = bear_bound(world, 3000, 1), unbound = bear(world, 3000, false, 2), poor = bear_bound(world, 20, 3);
    keep(world, id);
    InfInput input = depart_of(id, INF_WAY_SERVER, 9);
    input.Depart.way = INF_WAY_COUNT;
    refuse(world, &input, INF_ERROR_WAY);
    input = depart_of(id, INF_WAY_SERVER, 9);
    input.Depart.by_host = 1;
    refuse(world, &input, INF_ERROR_CONSENT); // nobody is sent away without being asked
    input = depart_of(id, INF_WAY_SERVER, 0);
    refuse(world, &input, INF_ERROR_FORMAT);
    input = depart_of(id, INF_WAY_SERVER, 9);
    fill(input.Depart.destination, INF_KEY_BYTES, 0);
    refuse(world, &input, INF_ERROR_FORMAT);
    input = depart_of(id, INF_WAY_FILE, 9);
    fill(input.Depart.destination, INF_KEY_BYTES, 1);
    refuse(world, &input, INF_ERROR_FORMAT);
    input = depart_of(unbound, INF_WAY_SERVER, 9);
    refuse(world, &input, INF_ERROR_UNBOUND);
    input = depart_of(poor, INF_WAY_SERVER, 9);
    refuse(world, &input, INF_ERROR_FUNDS);
    input = depart_of(id, INF_WAY_GALAXY, 9);
    input.Depart.sector[0] = 1 << 30;
    refuse(world, &input, INF_ERROR_NOT_FOUND);
    input = depart_of(id, INF_WAY_GALAXY, 9);
    input.Depart.body = inf_soul_concourse_body(world);
    refuse(world, &input, INF_ERROR_STATE); // it is there
    ENSURE_EQ_U64(INF_OK, inf_ledger_move(world, soul_of(world, unbound)->carried_account, inf_ledger_own(INF_ACCOUNT_ESCROW), 100, INF_REASON_BOUNTY));
    soul_of(world, id)->bounty_credits = 100;
    input = depart_of(id, INF_WAY_SERVER, 9);
    refuse(world, &input, INF_ERROR_WANTED);
    ENSURE_EQ_U64(INF_OK, inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_ESCROW), soul_of(world, unbound)->carried_account, 100, INF_REASON_BOUNTY));
    soul_of(world, id)->bounty_credits = 0;
    soul_of(world, id)->debt_credits = 3;
    refuse(world, &input, INF_ERROR_DEBT);
    soul_of(world, id)->debt_credits = 0;
    ENSURE_EQ_U64(INF_OK, inf_ship_undock(world, soul_of(world, id)->ship_index1));
    refuse(world, &input, INF_ERROR_DOCKED);
    inf_world_destroy(world);
}

TEST(a_soul_goes_abroad_and_comes_home_the_same)
{
    InfWorld *a = home(), *b = abroad();
    run(a, 5000); // the galaxies are not of one age
    uint64_t id = bear_bound(a, 3000, 1), friend_id = bear_bound(a, 100, 2);
    inf_soul_relate(a, soul_of(a, id), friend_id, 400, 400, 0);
    inf_soul_remember(a, soul_of(a, id), INF_MEMORY_HELPED, friend_id, 5, 900);
    uint64_t helped = inf_soul_latest(soul_of(a, id), INF_MEMORY_HELPED)->tick;
    InfInput input = depart_of(id, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    InfInput envelope = arrival_of(a, 1);
    int64_t escrow = inf_account_credits(a, inf_ledger_own(INF_ACCOUNT_BORDER)), before = supply(b);
    ENSURE_EQ_U64(INF_OK, give(b, &envelope));
    ENSURE_EQ_I64(before + escrow, supply(b)); // minted as brought
    uint64_t there = find_event(b, INF_EVENT_KIND_Appeared)->Appeared.soul;
    ENSURE(there == inf_soul_id_elsewhere(envelope.Arrive.identity) && soul_of(b, there)->epoch == 2);
    ENSURE(inf_soul_latest(soul_of(b, there), INF_MEMORY_HELPED)->tick == helped); // in its own time
    ENSURE((inf_soul_latest(soul_of(b, there), INF_MEMORY_HELPED)->who & INF_ID_ELSEWHERE) != 0);
    ENSURE(soul_of(b, there)->born_tick <= inf_soul_time(soul_of(b, there), inf_world_now(b)));
    refuse(b, &envelope, INF_ERROR_EXISTS); // the same envelope again: it is in
    ENSURE(inf_world_passage_answer(b, envelope.Arrive.identity, envelope.Arrive.transfer, 2) == INF_PASSAGE_ACCEPTED);
    InfInput refusal = {.kind = INF_INPUT_KIND_Refuse};
    memcpy(refusal.Refuse.transfer, envelope.Arrive.transfer, INF_PASSAGE_BYTES);
    memcpy(refusal.Refuse.identity, envelope.Arrive.identity, INF_HASH_BYTES);
    fill(refusal.Refuse.source, INF_KEY_BYTES, 0xa0);
    refusal.Refuse.epoch = 2;
    refuse(b, &refusal, INF_ERROR_EXISTS); // what was accepted cannot be refused
    input = settle_of(9, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));

    run(b, 300);
    keep(b, there);
    inf_soul_remember(b, soul_of(b, there), INF_MEMORY_DISCOVERED, 0, 1, 900);
    bring(b, there, inf_soul_concourse(b));
    input = depart_of(there, INF_WAY_SERVER, 20);
    ENSURE_EQ_U64(INF_OK, give(b, &input));
    InfInput home_again = arrival_of(b, 1);
    ENSURE(home_again.Arrive.epoch == 3);
    ENSURE_EQ_U64(INF_OK, give(a, &home_again));
    const InfSoul* back = soul_of(a, id); // under the id that it was born with
    ENSURE(back->epoch == 3 && inf_soul_latest(back, INF_MEMORY_HELPED)->tick == helped);
    ENSURE(inf_soul_latest(back, INF_MEMORY_HELPED)->who == friend_id && inf_soul_relation(back, friend_id) != NULL);
    ENSURE(inf_soul_latest(back, INF_MEMORY_DISCOVERED)->galaxy == inf_galaxy_mark(&b->galaxy));
    refuse(a, &envelope, INF_ERROR_STALE);   // an older life never comes in again
    refuse(b, &envelope, INF_ERROR_EXISTS);  // and there the answer stays the same: it had come in
    ENSURE(inf_world_passage_answer(b, envelope.Arrive.identity, envelope.Arrive.transfer, 2) == INF_PASSAGE_ACCEPTED);
    inf_world_destroy(a);
    inf_world_destroy(b);
}

/// Numbers of souls begin anew in every galaxy: who is known by one abroad must not be taken for another there.
TEST(whom_a_soul_knows_is_nobody_else_in_another_galaxy)
{
    InfWorld *a = home(), *b = abroad();
    uint64_t id = bear_bound(a, 3000, 1), unbound = 0;
    bear(b, 100, false, 0);
    uint64_t foreign = bear_bound(b, 3000, 3);
    while (unbound != foreign && (unbound & INF_SEQUENCE_MASK) < (foreign & INF_SEQUENCE_MASK)) {
        unbound = bear(a, 100, false, 0); // without identity; the last one has the number that another has at b
    }
    ENSURE_EQ_U64(foreign, unbound);
    // The one of b came to a, and is friends with our soul; so is the one of a who has its number.
    bring(b, foreign, inf_soul_concourse(b));
    InfInput input = depart_of(foreign, INF_WAY_SERVER, 30);
    ENSURE_EQ_U64(INF_OK, give(b, &input));
    InfInput envelope = arrival_of(b, 3);
    ENSURE_EQ_U64(INF_OK, give(a, &envelope));
    input = settle_of(30, true);
    ENSURE_EQ_U64(INF_OK, give(b, &input));
    uint64_t guest = find_event(a, INF_EVENT_KIND_Appeared)->Appeared.soul;
    inf_soul_relate(a, soul_of(a, id), unbound, 300, 100, 7);
    inf_soul_relate(a, soul_of(a, id), guest, -200, 50, 0);
    inf_soul_remember(a, soul_of(a, id), INF_MEMORY_HELPED, unbound, 5, 900);

    input = depart_of(id, INF_WAY_SERVER, 31);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    envelope = arrival_of(a, 1);
    ENSURE_EQ_U64(INF_OK, give(b, &envelope));
    uint64_t there = find_event(b, INF_EVENT_KIND_Appeared)->Appeared.soul;
    const InfSoul* soul = soul_of(b, there);
    ENSURE(inf_soul_relation(soul, foreign) != NULL && inf_soul_relation(soul, foreign)->affection == -200);
    uint32_t friends = 0;
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        friends += soul->relations[i].who != 0;
        for (uint32_t k = 0; k < i; k++) {
            ENSURE(soul->relations[i].who == 0 || soul->relations[i].who != soul->relations[k].who);
        }
    }
    ENSURE(friends >= 2 && inf_soul_latest(soul, INF_MEMORY_HELPED)->who != foreign);
    input = settle_of(31, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));

    keep(b, there);
    bring(b, there, inf_soul_concourse(b));
    input = depart_of(there, INF_WAY_SERVER, 32);
    ENSURE_EQ_U64(INF_OK, give(b, &input));
    envelope = arrival_of(b, 1);
    ENSURE_EQ_U64(INF_OK, give(a, &envelope));
    soul = soul_of(a, id); // at home everybody is who they were
    ENSURE(inf_soul_relation(soul, unbound) != NULL && inf_soul_relation(soul, unbound)->affection == 300);
    ENSURE(inf_soul_relation(soul, guest) != NULL && inf_soul_latest(soul, INF_MEMORY_HELPED)->who == unbound);
    inf_world_destroy(a);
    inf_world_destroy(b);
}

TEST(a_branch_that_was_abroad_remembers_what_both_lived_once)
{
    InfWorld *a = home(), *b = abroad();
    run(a, 3000);
    uint64_t stays = bear_bound(a, 8000, 1);
    inf_soul_remember(a, soul_of(a, stays), INF_MEMORY_STARVED, 0, 3, 950);
    uint64_t goes = copy_self(a, stays, 0x51);
    ENSURE_EQ_U64(INF_OK, inf_ledger_move(a, inf_ledger_own(INF_ACCOUNT_MINT), soul_of(a, goes)->carried_account, 2000, INF_REASON_BIRTH));
    InfInput input = depart_of(goes, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    InfInput envelope = arrival_of(a, 0x51);
    ENSURE_EQ_U64(INF_OK, give(b, &envelope));
    uint64_t there = inf_soul_id_elsewhere(envelope.Arrive.identity);
    keep(b, there);
    input = settle_of(9, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    run(b, 900);
    bring(b, there, inf_soul_concourse(b));
    input = depart_of(there, INF_WAY_SERVER, 21);
    ENSURE_EQ_U64(INF_OK, give(b, &input));
    envelope = arrival_of(b, 0x51);
    ENSURE_EQ_U64(INF_OK, give(a, &envelope));
    keep(a, goes);
    bring(a, stays, inf_soul_concourse(a));
    input = consent_of(goes, stays, INF_ACT_MERGE, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    input = merge_of(stays, goes);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    uint32_t starved = 0;
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        starved += soul_of(a, stays)->memories[i].kind == INF_MEMORY_STARVED && soul_of(a, stays)->memories[i].value == 3;
    }
    ENSURE_EQ_U64(1, starved);
    ENSURE(inf_soul_latest(soul_of(a, stays), INF_MEMORY_CROSSED) != NULL);
    inf_world_destroy(a);
    inf_world_destroy(b);
}

TEST(a_refusal_is_for_ever_and_the_next_life_is_not_refused)
{
    InfWorld *a = home(), *b = abroad();
    uint64_t id = bear_bound(a, 3000, 1);
    InfInput input = depart_of(id, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    InfInput envelope = arrival_of(a, 1);
    InfInput refusal = {.kind = INF_INPUT_KIND_Refuse};
    memcpy(refusal.Refuse.transfer, envelope.Arrive.transfer, INF_PASSAGE_BYTES);
    memcpy(refusal.Refuse.identity, envelope.Arrive.identity, INF_HASH_BYTES);
    fill(refusal.Refuse.source, INF_KEY_BYTES, 0xa0);
    refusal.Refuse.epoch = 2;
    ENSURE_EQ_U64(INF_OK, give(b, &refusal));
    ENSURE_EQ_U64(INF_OK, give(b, &refusal)); // said twice is said once
    refuse(b, &envelope, INF_ERROR_REFUSED);
    ENSURE(inf_world_passage_answer(b, envelope.Arrive.identity, envelope.Arrive.transfer, 2) == INF_PASSAGE_REFUSED);
    input = settle_of(9, false);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    input = depart_of(id, INF_WAY_SERVER, 10);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    envelope = arrival_of(a, 1);
    ENSURE(envelope.Arrive.epoch == 3);
    ENSURE_EQ_U64(INF_OK, give(b, &envelope));
    inf_world_destroy(a);
    inf_world_destroy(b);
}

TEST(a_file_wakes_once)
{
    InfWorld *a = home(), *b = abroad();
    uint64_t id = bear_bound(a, 3000, 1), second = bear_bound(a, 3000, 2);
    InfInput input = depart_of(id, INF_WAY_FILE, 9);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    InfInput file = arrival_of(a, 1);
    refuse(a, &file, INF_ERROR_STALE); // before it was written down for good it does not wake
    input = settle_of(9, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    ENSURE(entry_of(a, 1)->state == INF_DIRECTORY_AWAY);
    int64_t escrow = inf_account_credits(a, inf_ledger_own(INF_ACCOUNT_BORDER)), before = supply(a);
    ENSURE(escrow > 0);
    InfInput rich = file; // credits come out of escrow, whatever the file says
    InfPassage passage;
    ENSURE_EQ_U64(INF_OK, inf_passage_read(file.Arrive.payload, file.Arrive.payload_bytes, &passage));
    passage.carried_credits = 999999;
    rich.Arrive.payload_bytes = (uint16_t)inf_passage_write(&passage, rich.Arrive.payload);
    ENSURE_EQ_U64(INF_OK, give(a, &rich));
    ENSURE_EQ_I64(before, supply(a));
    ENSURE_WITHIN(escrow - 1, escrow, credits_of(a, id));
    refuse(a, &file, INF_ERROR_EXISTS);
    // Another file wakes in another galaxy: home lets go of it.
    input = depart_of(second, INF_WAY_FILE, 11);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    file = arrival_of(a, 2);
    input = settle_of(11, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    InfInput claim = {.kind = INF_INPUT_KIND_Claim};
    fill(claim.Claim.transfer, INF_PASSAGE_BYTES, 11);
    fill(claim.Claim.identity, INF_HASH_BYTES, 2);
    fill(claim.Claim.server, INF_KEY_BYTES, 0xb0);
    claim.Claim.epoch = 3;
    refuse(a, &claim, INF_ERROR_NOT_FOUND);
    claim.Claim.epoch = 1;
    refuse(a, &claim, INF_ERROR_STALE);
    claim.Claim.epoch = 2;
    ENSURE_EQ_U64(INF_OK, give(a, &claim));
    ENSURE(entry_of(a, 2)->state == INF_DIRECTORY_GONE && entry_of(a, 2)->server[0] == 0xb0);
    ENSURE_EQ_I64(0, inf_account_credits(a, inf_ledger_own(INF_ACCOUNT_BORDER)));
    refuse(a, &claim, INF_ERROR_STATE);
    refuse(a, &file, INF_ERROR_STALE); // it lives elsewhere now
    ENSURE_EQ_U64(INF_OK, give(b, &file));
    inf_world_destroy(a);
    inf_world_destroy(b);
}

TEST(arrivals_that_are_refused)
{
    InfWorld *a = home(), *b = abroad();
    uint64_t id = bear_bound(a, 3000, 1);
    InfInput input = depart_of(id, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    const InfInput good = arrival_of(a, 1);
    InfPassage passage;
    ENSURE_EQ_U64(INF_OK, inf_passage_read(good.Arrive.payload, good.Arrive.payload_bytes, &passage));
    struct {
        size_t offset;
        InfResult expected;
    } zeroes[] = {{offsetof(InfInputArrive, transfer), INF_ERROR_FORMAT}, {offsetof(InfInputArrive, source), INF_ERROR_FORMAT},
                  {offsetof(InfInputArrive, identity), INF_ERROR_FORMAT}, {offsetof(InfInputArrive, root), INF_ERROR_FORMAT},
                  {offsetof(InfInputArrive, lineage), INF_ERROR_FORMAT},  {offsetof(InfInputArrive, key), INF_ERROR_FORMAT}};
    for (uint32_t i = 0; i < sizeof zeroes / sizeof zeroes[0]; i++) {
        InfInput bad = good;
        memset((uint8_t*)&bad.Arrive + zeroes[i].offset, 0, 16);
        if (i > 0) {
            memset((uint8_t*)&bad.Arrive + zeroes[i].offset, 0, 32);
        }
        refuse(b, &bad, zeroes[i].expected);
    }
    InfInput bad = good;
    bad.Arrive.way = INF_WAY_GALAXY;
    refuse(b, &bad, INF_ERROR_WAY);
    bad = good;
    bad.Arrive.epoch = 0;
    refuse(b, &bad, INF_ERROR_RANGE);
    bad.Arrive.epoch = UINT32_MAX;
    refuse(b, &bad, INF_ERROR_RANGE);
    bad = good;
    bad.Arrive.payload_bytes--;
    refuse(b, &bad, INF_ERROR_FORMAT);
    bad = good;
    bad.Arrive.payload[0] = 99;
    refuse(b, &bad, INF_ERROR_VERSION);
#define SPOIL(field, value, expected)                                                                   \
    {                                                                                                   \
        InfPassage spoiled = passage;                                                                   \
        spoiled.field = (value);                                                                        \
        bad = good;                                                                                     \
        bad.Arrive.payload_bytes = (uint16_t)inf_passage_write(&spoiled, bad.Arrive.payload);           \
        refuse(b, &bad, expected);                                                                      \
    }
    SPOIL(carried_credits, -1, INF_ERROR_RANGE)
    SPOIL(banked_credits, INT64_MAX, INF_ERROR_RANGE)
    SPOIL(tick, UINT64_MAX, INF_ERROR_RANGE)
    SPOIL(soul.clock_ticks, INT64_MIN, INF_ERROR_RANGE)
    SPOIL(soul.born_tick, UINT64_MAX, INF_ERROR_RANGE)
    SPOIL(soul.feelings[3], 1001, INF_ERROR_RANGE)
    SPOIL(soul.memories[0].kind, 200, INF_ERROR_RANGE)
    SPOIL(soul.name[0], 0, INF_ERROR_FORMAT)
    SPOIL(soul.name[0], 7, INF_ERROR_FORMAT)
    SPOIL(ship.hull_kind, 99, INF_ERROR_RANGE)
    SPOIL(ship.hull, 1e9f, INF_ERROR_RANGE)
    SPOIL(ship.cargo[2], 60000, INF_ERROR_RANGE)
    SPOIL(ship.modules[7], 3, INF_ERROR_RANGE)
    SPOIL(ship.fuel, UINT32_MAX, INF_ERROR_RANGE)
    refuse(a, &good, INF_ERROR_STALE); // it has not even left for good
    ENSURE_EQ_U64(INF_OK, give(b, &good));
    inf_world_destroy(a);
    inf_world_destroy(b);
}

TEST(what_crosses_finds_a_body_even_in_a_full_galaxy)
{
    InfWorldDef def = inf_world_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.capacity = inf_capacity_for_souls(64);
    def.capacity.souls = 20;
    InfWorld* world = NULL;
    ENSURE_EQ_U64(INF_OK, inf_world_create(&def, &world));
    ENSURE_EQ_U64(INF_OK, inf_world_found(world, 4, 3000));
    uint64_t id = bear_bound(world, 3000, 1);
    InfInput input = depart_of(id, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    uint32_t born = 0;
    InfSoulDef other = {.place_index1 = inf_soul_concourse(world), .hull_kind = INF_HULL_SHUTTLE, .credits = 100000};
    while (inf_soul_birth(world, &other) != 0) {
        born++;
    }
    ENSURE(born > 5 && world->soul_pool.live == world->soul_pool.capacity - 1 && !inf_world_has_room(world));
    input = settle_of(9, false);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    ENSURE(inf_soul_anyhow(world, id) != NULL && world->soul_pool.live == world->soul_pool.capacity);
    inf_world_destroy(world);
}

// ---- between shards -----------------------------------------------------------------------------------------------------------------

typedef struct Shards {
    InfWorld* worlds[2];
} Shards;

static void open_shards(Shards* shards)
{
    for (uint32_t s = 0; s < 2; s++) {
        InfWorldDef def = inf_world_def_default();
        def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
        def.galaxy.seed = 5;
        def.shard = s;
        def.shard_count = 2;
        def.capacity = inf_capacity_for_souls(200);
        ENSURE_EQ_U64(INF_OK, inf_world_create(&def, &shards->worlds[s]));
        ENSURE_EQ_U64(INF_OK, inf_world_found(shards->worlds[s], 20, 12000));
    }
}

static void tick_shards(Shards* shards, uint32_t shard, const InfInput* input)
{
    static uint8_t bytes[2][1u << 18];
    InfWriter batches[2] = {inf_writer_make(bytes[0], sizeof bytes[0]), inf_writer_make(bytes[1], sizeof bytes[1])};
    inf_worlds_route(shards->worlds, 2, batches);
    if (input != NULL) {
        ENSURE(inf_input_write(&batches[shard], input));
    }
    for (uint32_t s = 0; s < 2; s++) {
        inf_world_tick(shards->worlds[s], bytes[s], batches[s].at);
        ensure_sound(shards->worlds[s]);
    }
}

static uint32_t a_station(const InfWorld* world)
{
    for (uint32_t i = 1; i <= world->station_pool.count; i++) {
        if (inf_pool_is_live(&world->station_pool, i)) {
            return inf_station_at(world, i)->place_index1;
        }
    }
    return 0;
}

static int64_t all_credits(const Shards* shards)
{
    int64_t sum = 0;
    for (uint32_t s = 0; s < 2; s++) {
        sum += supply(shards->worlds[s]);
    }
    return sum;
}

TEST(a_cut_leads_to_a_station_of_another_shard_and_over_its_border)
{
    Shards shards;
    open_shards(&shards);
    InfWorld *heart = shards.worlds[0], *far = shards.worlds[1];
    uint64_t id = bear_bound(heart, 5000, 1);
    keep(heart, id);
    uint32_t place_index1 = a_station(far);
    ENSURE(place_index1 != 0);
    InfSystemAddress address = inf_place_address(far, place_index1);
    InfInput input = depart_of(id, INF_WAY_GALAXY, 0);
    fill(input.Depart.lineage, INF_HASH_BYTES, 0);
    memcpy(input.Depart.sector, &address, sizeof input.Depart.sector);
    input.Depart.system_in_sector = address.index;
    input.Depart.body = inf_place_at(far, place_index1)->body;
    int64_t had = credits_of(heart, id), before = all_credits(&shards);
    tick_shards(&shards, 0, &input);
    ENSURE(inf_soul_anyhow(heart, id) == NULL);
    ENSURE(inf_worlds_locate_soul(shards.worlds, 2, id) == 1); // on its way
    tick_shards(&shards, 0, NULL);
    ENSURE(inf_soul_is_docked(far, soul_of(far, id)) && inf_soul_here(far, soul_of(far, id)) == place_index1);
    ENSURE(find_event(far, INF_EVENT_KIND_Appeared) != NULL);
    ENSURE_WITHIN(had - INF_TUNE_CUT_FEE_CREDITS - 2, had - INF_TUNE_CUT_FEE_CREDITS, credits_of(far, id));
    ENSURE(all_credits(&shards) <= before - INF_TUNE_CUT_FEE_CREDITS);

    // A soul of the other shard gets its identity: shard 0 is told.
    InfSoulDef def = {.place_index1 = place_index1, .hull_kind = INF_HULL_SHUTTLE, .credits = 900};
    uint64_t native = inf_soul_at(far, inf_soul_birth(far, &def))->id;
    keep(far, native);
    input = bind_of(native, 7);
    tick_shards(&shards, 1, &input);
    tick_shards(&shards, 1, NULL);
    ENSURE(entry_of(heart, 7)->state == INF_DIRECTORY_HERE && entry_of(heart, 7)->soul == native);
    // From there it leaves the galaxy: by shard 0.
    bring(far, native, place_index1);
    input = depart_of(native, INF_WAY_SERVER, 30);
    tick_shards(&shards, 1, &input);
    tick_shards(&shards, 1, NULL);
    ENSURE(entry_of(heart, 7)->state == INF_DIRECTORY_IN_FLIGHT && entry_of(heart, 7)->epoch == 2);
    ENSURE(inf_soul_anyhow(far, native) == NULL && inf_worlds_locate_soul(shards.worlds, 2, native) == UINT32_MAX);
    input = settle_of(30, false);
    tick_shards(&shards, 0, &input);
    ENSURE(inf_soul_is_docked(heart, soul_of(heart, native)));

    // What the border cannot take comes back at once: that passage was used before.
    bring(far, id, place_index1);
    input = depart_of(id, INF_WAY_SERVER, 30);
    tick_shards(&shards, 1, &input);
    tick_shards(&shards, 1, NULL);
    ENSURE(inf_soul_is_docked(heart, soul_of(heart, id)) && entry_of(heart, 1)->state == INF_DIRECTORY_HERE);
    const InfEvent* event = find_event(heart, INF_EVENT_KIND_Appeared);
    ENSURE(event != NULL && event->Appeared.returned == 1);
    inf_world_destroy(heart);
    inf_world_destroy(far);
}

static const int64_t trillion = INT64_C(1000000000000);

/// Somebody from another galaxy, as rich as one may be.
static InfInput rich_arrival(void)
{
    InfWorld* there = abroad();
    uint64_t id = bear_bound(there, 3000, 5);
    InfInput input = depart_of(id, INF_WAY_SERVER, 40);
    ENSURE_EQ_U64(INF_OK, give(there, &input));
    input = arrival_of(there, 5);
    InfPassage passage;
    ENSURE_EQ_U64(INF_OK, inf_passage_read(input.Arrive.payload, input.Arrive.payload_bytes, &passage));
    passage.carried_credits = passage.banked_credits = trillion;
    input.Arrive.payload_bytes = (uint16_t)inf_passage_write(&passage, input.Arrive.payload);
    inf_world_destroy(there);
    return input;
}

TEST(wealth_that_came_over_the_border_stops_no_other_transfer)
{
    Shards shards;
    open_shards(&shards);
    InfWorld *heart = shards.worlds[0], *far = shards.worlds[1];
    uint64_t friend_id = bear_bound(heart, 500, 1);
    keep(heart, friend_id);
    InfInput input = rich_arrival();
    uint64_t rich = inf_soul_id_elsewhere(input.Arrive.identity);
    tick_shards(&shards, 0, &input);
    keep(heart, rich);
    input = (InfInput){.kind = INF_INPUT_KIND_Bank};
    input.Bank.soul = rich;
    input.Bank.withdraw = 1;
    input.Bank.credits = trillion;
    tick_shards(&shards, 0, &input);
    ENSURE(inf_account_credits(heart, soul_of(heart, rich)->carried_account) > 2 * trillion - 1000); // more than one may bring

    uint32_t place_index1 = a_station(far);
    InfSystemAddress address = inf_place_address(far, place_index1);
    input = depart_of(rich, INF_WAY_GALAXY, 0);
    memcpy(input.Depart.sector, &address, sizeof input.Depart.sector);
    input.Depart.system_in_sector = address.index;
    input.Depart.body = inf_place_at(far, place_index1)->body;
    keep(heart, rich);
    tick_shards(&shards, 0, &input);
    tick_shards(&shards, 0, NULL);
    ENSURE(inf_soul_anyhow(far, rich) != NULL); // it has arrived
    keep(far, rich);
    input = (InfInput){.kind = INF_INPUT_KIND_Pay};
    input.Pay.soul = rich;
    input.Pay.payee = friend_id;
    input.Pay.payee_shard = 0;
    input.Pay.credits = trillion + trillion / 2;
    tick_shards(&shards, 1, &input);
    tick_shards(&shards, 1, NULL);
    ENSURE(credits_of(heart, friend_id) > trillion); // and so has its gift
    tick_shards(&shards, 1, NULL);
    ENSURE(heart->transfer_pool.live == 0 && far->transfer_pool.live == 0);

    // All that others bring stays below what one pocket may hold, so that the books of a lying neighbour end here.
    input = rich_arrival();
    for (int i = 0; i < 200; i++) {
        ENSURE_EQ_U64(INF_OK, inf_ledger_move(heart, inf_ledger_own(INF_ACCOUNT_MINT), inf_ledger_own(INF_ACCOUNT_BURN), trillion,
                                              INF_REASON_BROUGHT));
        heart->event_bytes = 0;
    }
    fill(input.Arrive.identity, INF_HASH_BYTES, 99);
    fill(input.Arrive.transfer, INF_PASSAGE_BYTES, 99);
    refuse(heart, &input, INF_ERROR_RANGE);
    inf_world_destroy(heart);
    inf_world_destroy(far);
}

// ---- passengers over the border ---------------------------------------------------------------------------------------------------------

static InfInput board_of(uint64_t soul, uint64_t host)
{
    InfInput input = {.kind = INF_INPUT_KIND_Board};
    input.Board.soul = soul;
    input.Board.host = host;
    return input;
}

TEST(a_crew_comes_home_with_its_host)
{
    InfWorld* a = home();
    uint64_t host = bear_bound(a, 3000, 1), rider = bear_bound(a, 3000, 2), early = bear_bound(a, 3000, 3);
    int64_t before = supply(a);
    const uint64_t riders[] = {early, rider};
    for (uint8_t i = 0; i < 2; i++) {
        keep(a, host);
        InfInput input = consent_of(host, riders[i], INF_ACT_CARRY, true);
        ENSURE_EQ_U64(INF_OK, give(a, &input));
        keep(a, host);
        input = board_of(riders[i], host);
        ENSURE_EQ_U64(INF_OK, give(a, &input));
    }
    keep(a, host);
    InfInput input = depart_of(early, INF_WAY_SERVER, 11);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    for (int i = 0; i < 12; i++) { // so long that it may have been sent
        keep(a, host);
        run(a, 1);
    }
    keep(a, host);
    input = depart_of(rider, INF_WAY_SERVER, 10);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    keep(a, host);
    input = depart_of(host, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    input = settle_of(9, false);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    uint32_t passenger = inf_world_find_passenger(a, rider);
    ENSURE(passenger != 0 && inf_soul_at(a, inf_rider_host(a, rider))->id == host);
    ENSURE_EQ_U64(INF_DIRECTORY_HERE, entry_of(a, 2)->state);
    ENSURE(entry_of(a, 2)->crossing_index1 == 0 && entry_of(a, 2)->carried_credits == 0);
    ENSURE_EQ_U64(INF_DIRECTORY_IN_FLIGHT, entry_of(a, 3)->state); // nobody knows what became of it yet
    input = settle_of(10, true);
    refuse(a, &input, INF_ERROR_STATE); // it was never sent
    input = settle_of(11, false);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    ENSURE(inf_world_find_passenger(a, early) != 0);
    ENSURE(supply(a) <= before);
    inf_world_destroy(a);
}

TEST(the_crew_goes_first_and_finds_its_seats_again)
{
    InfWorld *a = home(), *b = abroad();
    uint64_t host = bear_bound(a, 3000, 1), rider = bear_bound(a, 3000, 2);
    keep(a, host);
    InfInput input = consent_of(host, rider, INF_ACT_CARRY, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    input = board_of(rider, host);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    ENSURE(inf_world_find_passenger(a, rider) != 0);
    keep(a, host);
    input = depart_of(host, INF_WAY_SERVER, 9);
    refuse(a, &input, INF_ERROR_ABOARD);
    input = depart_of(rider, INF_WAY_GALAXY, 0);
    refuse(a, &input, INF_ERROR_PASSENGER);
    input = depart_of(rider, INF_WAY_SERVER, 10);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    InfInput rider_envelope = arrival_of(a, 2);
    ENSURE(rider_envelope.Arrive.host[0] == 1);
    keep(a, host);
    input = depart_of(host, INF_WAY_SERVER, 9);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    InfInput host_envelope = arrival_of(a, 1);
    ENSURE_EQ_U64(INF_OK, give(b, &host_envelope)); // the host first, so that there is a seat
    ENSURE_EQ_U64(INF_OK, give(b, &rider_envelope));
    uint64_t rider_there = inf_soul_id_elsewhere(rider_envelope.Arrive.identity);
    ENSURE(inf_world_find_passenger(b, rider_there) != 0);
    ENSURE(inf_soul_at(b, inf_rider_host(b, rider_there))->id == inf_soul_id_elsewhere(host_envelope.Arrive.identity));
    refuse(b, &rider_envelope, INF_ERROR_EXISTS);
    // One that is refused finds a body at home, since its host is gone by then.
    input = settle_of(9, true);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    input = settle_of(10, false);
    ENSURE_EQ_U64(INF_OK, give(a, &input));
    ENSURE(inf_world_find_soul(a, rider) != 0 && inf_soul_is_docked(a, soul_of(a, rider)));
    inf_world_destroy(a);
    inf_world_destroy(b);
}
