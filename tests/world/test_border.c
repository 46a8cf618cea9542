// What can be done with a soul: each act by itself, each refusal (which changes nothing), and stories that cross galaxies.
#include "test.h"

#include "../soul_test.h"
#include "border/border.h"
#include "infinity/route.h"
#include "mind/mind.h"
#include "soul/join.h"
#include "soul/riders.h"

// ---- a world and its inputs -------------------------------------------------------------------------------------------------

static uint8_t batch[1u << 16];

static void ensure_sound(const InfWorld* world)
{
    const char* wrong = inf_world_validate_rows(world);
    wrong = wrong != NULL ? wrong : inf_world_validate(world);
    ENSURE_SAY(wrong == NULL, "%s", wrong);
}

static const InfEvent* find_event(const InfWorld* world, uint32_t kind)
{
    const InfEvent* event = NULL;
    while ((event = inf_world_next_event(world, event)) != NULL && event->kind != kind) {
    }
    return event;
}

/// One tick with one input. @return why it was refused, INF_OK if it was not
static InfResult give(InfWorld* world, const InfInput* input)
{
    InfWriter writer = inf_writer_make(batch, sizeof batch);
    ENSURE(inf_input_write(&writer, input));
    inf_world_tick(world, batch, writer.at);
    ensure_sound(world);
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Rejected && event->Rejected.input == input->kind) {
            return (InfResult)event->Rejected.result;
        }
    }
    return INF_OK;
}

static InfWorld* through_bytes(const InfWorld* world)
{
    size_t bytes = inf_world_encoded_bytes(world);
    uint8_t* image = malloc(bytes);
    ENSURE(image != NULL && inf_world_encode(world, image, bytes) == bytes);
    InfWorldDef def = inf_world_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.galaxy = world->galaxy;
    def.shard = world->header.shard;
    def.shard_count = world->header.shard_count;
    def.capacity = world->capacity;
    InfWorld* copy = NULL;
    ENSURE_EQ_U64(INF_OK, inf_world_decode(&def, image, bytes, &copy));
    free(image);
    return copy;
}

/// Refused with that reason, and but for the tick nothing is different.
static void refuse(InfWorld* world, const InfInput* input, InfResult expected)
{
    InfWorld* twin = through_bytes(world);
    InfResult result = give(world, input);
    ENSURE_SAY(result == expected, "%s: expected \"%s\", got \"%s\"", inf_input_word(input->kind), inf_result_text(expected),
               inf_result_text(result));
    inf_world_tick(twin, NULL, 0);
    ENSURE_EQ_U64(inf_world_hash(twin), inf_world_hash(world));
    inf_world_destroy(twin);
}

static InfSoul* soul_of(const InfWorld* world, uint64_t id)
{
    InfSoul* soul = inf_soul_anyhow(world, id);
    ENSURE(soul != NULL);
    return soul;
}

static int64_t credits_of(const InfWorld* world, uint64_t id) { return inf_soul_credits(world, soul_of(world, id)); }

static void fill(uint8_t* bytes, size_t count, uint8_t value) { memset(bytes, value, count); }

/// Somebody on the Concourse, even-tempered, with credits.
static uint64_t bear(InfWorld* world, int64_t credits, bool player, uint8_t mark)
{
    InfSoulDef def = {.player = player, .place_index1 = inf_soul_concourse(world), .hull_kind = INF_HULL_SHUTTLE, .credits = credits};
    memset(def.traits, 128, sizeof def.traits);
    snprintf(def.name, sizeof def.name, "%s %c", player ? "Player" : "Mind", 'A' + mark % 26);
    if (player) {
        fill(def.key, sizeof def.key, mark);
    }
    uint32_t index1 = inf_soul_birth(world, &def);
    ENSURE(index1 != 0);
    return inf_soul_at(world, index1)->id;
}

static InfInput bind_of(uint64_t soul, uint8_t mark)
{
    InfInput input = {.kind = INF_INPUT_KIND_Bind};
    input.Bind.soul = soul;
    fill(input.Bind.key, INF_KEY_BYTES, mark);
    fill(input.Bind.identity, INF_HASH_BYTES, mark);
    fill(input.Bind.root, INF_HASH_BYTES, mark);
    fill(input.Bind.lineage, INF_HASH_BYTES, mark);
    return input;
}

static uint64_t bear_bound(InfWorld* world, int64_t credits, uint8_t mark)
{
    uint64_t id = bear(world, credits, false, mark);
    InfInput input = bind_of(id, mark);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    return id;
}

static InfInput ask_of(uint64_t asker, uint64_t of, InfAct act)
{
    InfInput input = {.kind = INF_INPUT_KIND_Ask};
    input.Ask.soul = asker;
    input.Ask.of = of;
    input.Ask.act = (uint8_t)act;
    return input;
}

static InfInput consent_of(uint64_t giver, uint64_t to, InfAct act, bool on)
{
    InfInput input = {.kind = INF_INPUT_KIND_Consent};
    input.Consent.soul = giver;
    input.Consent.to = to;
    input.Consent.act = (uint8_t)act;
    input.Consent.on = on;
    return input;
}

static InfInput copy_of(uint64_t payer, uint64_t of, uint8_t mark)
{
    InfInput input = {.kind = INF_INPUT_KIND_Copy};
    input.Copy.soul = payer;
    input.Copy.of = of;
    fill(input.Copy.key, INF_KEY_BYTES, mark);
    fill(input.Copy.identity, INF_HASH_BYTES, mark);
    fill(input.Copy.lineage, INF_HASH_BYTES, (uint8_t)(mark + 1));
    fill(input.Copy.lineage_of, INF_HASH_BYTES, (uint8_t)(mark + 2));
    return input;
}

/// A copy that the soul makes of itself. @return its id
static uint64_t copy_self(InfWorld* world, uint64_t of, uint8_t mark)
{
    InfInput input = copy_of(of, of, mark);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    const InfEvent* event = find_event(world, INF_EVENT_KIND_Copied);
    ENSURE(event != NULL && event->Copied.of == of);
    return event->Copied.copy;
}

static InfInput merge_of(uint64_t soul, uint64_t other)
{
    InfInput input = {.kind = INF_INPUT_KIND_Merge};
    input.Merge.soul = soul;
    input.Merge.other = other;
    fill(input.Merge.lineage, INF_HASH_BYTES, 0xee);
    return input;
}

static InfInput depart_of(uint64_t soul, InfWay way, uint8_t passage)
{
    InfInput input = {.kind = INF_INPUT_KIND_Depart};
    input.Depart.soul = soul;
    input.Depart.way = (uint8_t)way;
    fill(input.Depart.transfer, INF_PASSAGE_BYTES, passage);
    fill(input.Depart.lineage, INF_HASH_BYTES, 0xdd);
    if (way == INF_WAY_SERVER) {
        fill(input.Depart.destination, INF_KEY_BYTES, 0xb0);
    }
    return input;
}

static InfInput settle_of(uint8_t passage, bool accepted)
{
    InfInput input = {.kind = INF_INPUT_KIND_Settle};
    fill(input.Settle.transfer, INF_PASSAGE_BYTES, passage);
    input.Settle.accepted = accepted;
    return input;
}

static const InfDirectoryEntry* entry_of(const InfWorld* world, uint8_t mark)
{
    uint8_t identity[INF_HASH_BYTES];
    fill(identity, sizeof identity, mark);
    uint32_t index1 = inf_world_find_identity(world, identity);
    ENSURE(index1 != 0);
    return inf_directory_at(world, index1);
}

/// What another galaxy gets: the envelope that its shell would make of the crossing.
static InfInput arrival_of(const InfWorld* world, uint8_t mark)
{
    const InfDirectoryEntry* entry = entry_of(world, mark);
    ENSURE(entry->crossing_index1 != 0);
    const InfCrossing* crossing = inf_crossing_at(world, entry->crossing_index1);
    InfPassage passage;
    inf_crossing_passage(world, entry->crossing_index1, &passage);
    InfInput input = {.kind = INF_INPUT_KIND_Arrive};
    InfInputArrive* arrive = &input.Arrive;
    memcpy(arrive->transfer, crossing->transfer, INF_PASSAGE_BYTES);
    fill(arrive->source, INF_KEY_BYTES, 0xa0);
    arrive->epoch = crossing->epoch;
    arrive->way = crossing->way;
    memcpy(arrive->identity, passage.soul.identity, INF_HASH_BYTES);
    memcpy(arrive->root, passage.soul.root, INF_HASH_BYTES);
    memcpy(arrive->lineage, passage.soul.lineage, INF_HASH_BYTES);
    memcpy(arrive->key, passage.soul.key, INF_KEY_BYTES);
    memcpy(arrive->host, crossing->host_identity, INF_HASH_BYTES);
    // Whom it knows goes by names that hold everywhere: here, by their identities.
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        uint32_t known = inf_world_find_identity_of(world, passage.soul.memories[i].who);
        uint64_t who = passage.soul.memories[i].who & INF_ID_ELSEWHERE ? passage.soul.memories[i].who : 0;
        passage.soul.memories[i].who = known != 0 ? inf_soul_id_elsewhere(inf_directory_at(world, known)->identity) : who;
    }
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        uint32_t known = inf_world_find_identity_of(world, passage.soul.relations[i].who);
        uint64_t who = passage.soul.relations[i].who & INF_ID_ELSEWHERE ? passage.soul.relations[i].who : 0;
        passage.soul.relations[i].who = known != 0 ? inf_soul_id_elsewhere(inf_directory_at(world, known)->identity) : who;
    }
    arrive->payload_bytes = (uint16_t)inf_passage_write(&passage, arrive->payload);
    return input;
}

static InfWorld* home(void) { return soul_test_world(3, 40, 300, 6000); }
static InfWorld* abroad(void) { return soul_test_world(8, 40, 300, 6000); }

static int64_t supply(const InfWorld* world)
{
    return -inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_MINT)) - inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_BURN));
}

static void run(InfWorld* world, uint32_t ticks)
{
    for (; ticks > 0; ticks--) {
        inf_world_tick(world, NULL, 0);
    }
    ensure_sound(world);
}

/// Nobody flies off while a test is busy with others.
static void keep(InfWorld* world, uint64_t id);
static void bring(InfWorld* world, uint64_t id, uint32_t place_index1)
{
    inf_ship_at(world, soul_of(world, id)->ship_index1)->phase = 0;
    inf_ship_put_docked(world, soul_of(world, id)->ship_index1, place_index1);
    keep(world, id);
}

static void keep(InfWorld* world, uint64_t id)
{
    inf_timer_set(world, INF_TIMER_SOUL, inf_world_find_soul(world, id), 0);
}

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

// ---- passengers over the border ---------------------------------------------------------------------------------------------------------

static InfInput board_of(uint64_t soul, uint64_t host)
{
    InfInput input = {.kind = INF_INPUT_KIND_Board};
    input.Board.soul = soul;
    input.Board.host = host;
    return input;
}

TEST(the_crew_goes_first_and_finds_its_seats_again)
{
    InfWorld *a = home(), *b = abroad();
    uint64_t host = bear_bound(a, 3000, 1), rider = bear_bound(a, 3000, 2);
    keep(a, host);
    InfInput input = consent_of(host, rider, INF_ACT_BOARD, true);
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
