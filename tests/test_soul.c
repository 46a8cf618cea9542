// Souls: birth and death with their books, feelings, memory, relations, speech.
#include "soul_test.h"

#include "mind/mind.h"

static InfWorld* small_world(void) { return soul_test_world(3, 40, 200, 6000); }

static uint32_t bear_at(InfWorld* world, uint32_t place_index1, int64_t credits, bool player)
{
    InfSoulDef def = {.player = player, .place_index1 = place_index1, .hull_kind = INF_HULL_SHUTTLE, .credits = credits};
    memset(def.traits, 128, sizeof def.traits);
    if (player) {
        memcpy(def.name, "Newcomer", 9);
        memset(def.key, 0x55, sizeof def.key);
    }
    return inf_soul_birth(world, &def);
}

static void ensure_sound(const InfWorld* world)
{
    ENSURE(inf_ledger_balanced(world));
    const char* wrong = inf_world_validate(world);
    ENSURE_SAY(wrong == NULL, "%s", wrong);
}

static const InfEvent* find_event(const InfWorld* world, uint32_t kind, uint64_t soul)
{
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind != kind) continue;
        uint64_t who;
        memcpy(&who, &event->Woke, sizeof who); // each of the kinds looked for begins with the soul
        if (soul == 0 || who == soul) return event;
    }
    return NULL;
}

// ---- feelings ---------------------------------------------------------------------------------------------------------

TEST(decay_halves_and_ends)
{
    ENSURE_EQ_I64(1000, inf_decay(1000, 0, 600));
    ENSURE_WITHIN(499, 500, inf_decay(1000, 600, 600));
    ENSURE_WITHIN(706, 707, inf_decay(1000, 300, 600));
    ENSURE_WITHIN(249, 250, inf_decay(1000, 1200, 600));
    ENSURE_EQ_I64(0, inf_decay(1000, 40 * 600, 600));
    ENSURE_EQ_I64(0, inf_decay(1000, UINT64_MAX, 1));
    ENSURE_EQ_I64(0, inf_decay(-5, 1, 600));
    int32_t last = 1000;
    for (uint64_t t = 0; t < 9000; t += 7) {
        int32_t value = inf_decay(1000, t, 600);
        ENSURE(value <= last);
        last = value;
    }
}

TEST(a_feeling_fades_the_same_however_often_one_looks)
{
    InfWorld* world = small_world();
    InfSoul* soul = inf_soul_at(world, soul_test_first(world));
    memset(soul->feelings, 0, sizeof soul->feelings);
    memset(soul->traits, 128, sizeof soul->traits);
    soul->feelings_tick = world->header.tick;
    inf_soul_feel(world, soul, INF_FEELING_FEAR, 1000);
    int32_t begin = inf_soul_feeling(world, soul, INF_FEELING_FEAR);
    ENSURE_WITHIN(700, 900, begin); // courage takes some
    InfSoul touched = *soul;
    for (uint32_t i = 0; i < 3600 / 60; i++) {
        world->header.tick += 60;
        inf_soul_feel(world, &touched, INF_FEELING_JOY, 0); // brings all of them up to now
    }
    int32_t once = inf_soul_feeling(world, soul, INF_FEELING_FEAR);
    int32_t often = inf_soul_feeling(world, &touched, INF_FEELING_FEAR);
    ENSURE_WITHIN(begin / 2 - 20, begin / 2 + 20, once);
    ENSURE_WITHIN(once - 60, once, often);
    inf_world_destroy(world);
}

TEST(traits_shade_feelings)
{
    InfWorld* world = small_world();
    uint32_t first = soul_test_first(world);
    InfSoul* soul = inf_soul_at(world, first);
    InfSoul brave = *soul, coward = *soul;
    memset(brave.feelings, 0, sizeof brave.feelings);
    memset(coward.feelings, 0, sizeof coward.feelings);
    brave.traits[INF_TRAIT_COURAGE] = 255;
    coward.traits[INF_TRAIT_COURAGE] = 0;
    inf_soul_feel(world, &brave, INF_FEELING_FEAR, 500);
    inf_soul_feel(world, &coward, INF_FEELING_FEAR, 500);
    ENSURE(brave.feelings[INF_FEELING_FEAR] * 3 < coward.feelings[INF_FEELING_FEAR]);
    inf_soul_feel(world, &coward, INF_FEELING_FEAR, 100000);
    ENSURE_EQ_U64(1000, coward.feelings[INF_FEELING_FEAR]);
    inf_soul_feel(world, &coward, INF_FEELING_FEAR, -100000);
    ENSURE_EQ_U64(0, coward.feelings[INF_FEELING_FEAR]);
    inf_world_destroy(world);
}

TEST(hunger_follows_the_wallet)
{
    InfWorld* world = small_world();
    uint32_t place = inf_soul_concourse(world);
    ENSURE(place != 0);
    uint32_t poor = bear_at(world, place, 20, false), rich = bear_at(world, place, 5000, false);
    ENSURE(poor != 0 && rich != 0);
    ENSURE(inf_soul_feeling(world, inf_soul_at(world, poor), INF_FEELING_HUNGER) > 800);
    ENSURE_EQ_I64(0, inf_soul_feeling(world, inf_soul_at(world, rich), INF_FEELING_HUNGER));
    inf_world_destroy(world);
}

// ---- memory and relations --------------------------------------------------------------------------------------------

TEST(memory_merges_fades_and_recalls)
{
    InfWorld* world = small_world();
    InfSoul* soul = inf_soul_at(world, soul_test_first(world));
    memset(soul->memories, 0, sizeof soul->memories);
    inf_soul_remember(world, soul, INF_MEMORY_BORN, 0, 0, 1000);
    inf_soul_remember(world, soul, INF_MEMORY_ATTACKED, 77, 0, 500);
    inf_soul_remember(world, soul, INF_MEMORY_ATTACKED, 77, 0, 500);
    uint32_t attacks = 0;
    for (uint32_t i = 0; i < INF_MEMORIES; i++) attacks += soul->memories[i].kind == INF_MEMORY_ATTACKED;
    ENSURE_EQ_U64(1, attacks); // alike: one, felt more strongly
    const InfMemory* attack = inf_soul_recall(world, soul, &(InfLikeness){.kind = INF_MEMORY_ATTACKED, .body = 255});
    ENSURE(attack != NULL && attack->strength == 750 && attack->who == 77);
    for (uint32_t i = 0; i < 40; i++) inf_soul_remember(world, soul, INF_MEMORY_TALKED, 1000 + i, 0, 100 + i);
    ENSURE(inf_soul_recall(world, soul, &(InfLikeness){.kind = INF_MEMORY_BORN, .body = 255}) != NULL);
    ENSURE(inf_soul_recall(world, soul, &(InfLikeness){.kind = INF_MEMORY_ATTACKED, .who = 77, .body = 255}) != NULL);
    ENSURE(inf_soul_recall(world, soul, &(InfLikeness){.kind = INF_MEMORY_NONE, .who = 1000, .body = 255}) == NULL);
    InfSystemAddress here = inf_place_address(world, inf_soul_here(world, soul));
    uint8_t body = inf_place_at(world, inf_soul_here(world, soul))->body;
    int32_t dread = inf_soul_dread(world, soul, here, body);
    ENSURE(dread > 0);
    ENSURE_EQ_I64(0, inf_soul_dread(world, soul, (InfSystemAddress){99, 99, 0, 0}, body));
    world->header.tick += 4 * INF_TUNE_HALF_MEMORY_TICKS;
    ENSURE(inf_soul_dread(world, soul, here, body) < dread / 8);
    inf_world_destroy(world);
}

TEST(the_weakest_stranger_is_dropped)
{
    InfWorld* world = small_world();
    InfSoul* soul = inf_soul_at(world, soul_test_first(world));
    memset(soul->relations, 0, sizeof soul->relations);
    inf_soul_relate(world, soul, 500, 900, 900, 0);
    for (uint64_t who = 600; who < 640; who++) inf_soul_relate(world, soul, who, 20, 0, 0);
    ENSURE(inf_soul_relation(soul, 500) != NULL);
    ENSURE_EQ_I64(900, inf_soul_relation(soul, 500)->affection);
    inf_soul_relate(world, soul, 500, 900, -3000, 5);
    ENSURE_EQ_I64(1000, inf_soul_relation(soul, 500)->affection);
    ENSURE_EQ_I64(-1000, inf_soul_relation(soul, 500)->trust);
    ENSURE_EQ_I64(5, inf_soul_relation(soul, 500)->debt_credits);
    inf_soul_relate(world, soul, soul->id, 900, 900, 0);
    ENSURE(inf_soul_relation(soul, soul->id) == NULL); // nobody relates to itself
    ENSURE(inf_soul_relation(soul, 0) == NULL);
    inf_world_destroy(world);
}

// ---- birth and death ---------------------------------------------------------------------------------------------------

TEST(birth_is_all_or_nothing)
{
    InfWorld* world = soul_test_world(3, 10, 1, 2000);
    uint32_t place = inf_soul_concourse(world);
    ENSURE(place != 0);
    uint32_t born = 0;
    while (born < 100000) {
        uint64_t hash_souls = world->header.soul_sequence;
        uint32_t souls = world->soul_pool.live, ships = world->ship_pool.live, accounts = world->account_pool.live;
        world->event_bytes = 0;
        if (bear_at(world, place, 300, false) == 0) {
            ENSURE_EQ_U64(hash_souls, world->header.soul_sequence);
            ENSURE_EQ_U64(souls, world->soul_pool.live);
            ENSURE_EQ_U64(ships, world->ship_pool.live);
            ENSURE_EQ_U64(accounts, world->account_pool.live);
            break;
        }
        born++;
    }
    ENSURE(born > 10);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_mind_dies_once_and_its_will_is_done)
{
    InfWorld* world = small_world();
    uint32_t place = inf_soul_concourse(world);
    uint32_t dead = bear_at(world, place, 1000, false), friend = bear_at(world, place, 0, false),
             killer = bear_at(world, place, 10, false);
    uint64_t dead_id = inf_soul_at(world, dead)->id, killer_id = inf_soul_at(world, killer)->id;
    InfSoul* loved = inf_soul_at(world, friend);
    inf_soul_relate(world, inf_soul_at(world, dead), loved->id, 700, 500, 0);
    inf_soul_relate(world, loved, dead_id, 800, 500, 0);
    uint32_t ships = world->ship_pool.live, accounts = world->account_pool.live;
    world->event_bytes = 0;
    inf_soul_die(world, dead, INF_DEATH_KILLED, killer_id);
    ENSURE_EQ_U64(0, inf_soul_find(world, dead_id));
    ENSURE_EQ_I64(1000, inf_account_credits(world, loved->banked_account));
    ENSURE_EQ_U64(ships - 1, world->ship_pool.live);
    ENSURE_EQ_U64(accounts - 2, world->account_pool.live);
    ENSURE_EQ_I64(1, world->header.deaths[INF_DEATH_KILLED]);
    ENSURE(inf_soul_feeling(world, loved, INF_FEELING_GRIEF) > 500);
    ENSURE(inf_soul_relation(loved, killer_id)->affection < -500);
    ENSURE(inf_soul_latest(loved, INF_MEMORY_LOST) != NULL);
    const InfEvent* died = find_event(world, INF_EVENT_KIND_Died, dead_id);
    ENSURE(died != NULL && died->Died.credits == 1000 && died->Died.killer == killer_id && !died->Died.player);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(what_nobody_inherits_is_burned)
{
    InfWorld* world = small_world();
    uint32_t dead = bear_at(world, inf_soul_concourse(world), 777, false);
    int64_t burned = world->header.burned_credits[INF_REASON_LOST];
    inf_soul_die(world, dead, INF_DEATH_STARVED, 0);
    ENSURE_EQ_I64(burned + 777, world->header.burned_credits[INF_REASON_LOST]);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_player_wakes_with_a_bill)
{
    InfWorld* world = small_world();
    uint32_t place = inf_soul_concourse(world);
    uint32_t index1 = bear_at(world, place, 500, true);
    InfSoul* soul = inf_soul_at(world, index1);
    uint64_t old_ship = inf_ship_at(world, soul->ship_index1)->id;
    world->event_bytes = 0;
    inf_soul_die(world, index1, INF_DEATH_KILLED, 0);
    ENSURE_EQ_U64(index1, inf_soul_find(world, soul->id));
    ENSURE(inf_ship_at(world, soul->ship_index1)->id != old_ship);
    ENSURE_EQ_U64(INF_HULL_SHUTTLE, inf_ship_at(world, soul->ship_index1)->hull_kind);
    ENSURE(inf_soul_is_docked(world, soul) && inf_soul_here(world, soul) == place);
    ENSURE_EQ_I64(INF_TUNE_WAKE_UNPAID_CREDITS, soul->debt_credits); // nothing in the bank
    ENSURE_EQ_I64(1, world->header.player_deaths[INF_DEATH_KILLED]);
    ENSURE_EQ_I64(0, world->header.deaths[INF_DEATH_KILLED]);
    const InfEvent* woke = find_event(world, INF_EVENT_KIND_Woke, soul->id);
    ENSURE(woke != NULL && woke->Woke.fee_credits == INF_TUNE_WAKE_UNPAID_CREDITS);
    ENSURE(soul->timer_tick > inf_world_now(world));
    ensure_sound(world);

    // A paid bay is cheaper, and the bank pays the bill.
    soul->flags |= INF_SOUL_CLONE;
    soul->clone_body = inf_place_at(world, place)->body;
    ENSURE_EQ_U64(INF_OK, inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), soul->banked_account, 1000, INF_REASON_BIRTH));
    int64_t debt = soul->debt_credits;
    inf_soul_die(world, index1, INF_DEATH_KILLED, 0);
    ENSURE_EQ_I64(debt, soul->debt_credits);
    ENSURE_EQ_I64(1000 - INF_TUNE_WAKE_CREDITS, inf_account_credits(world, soul->banked_account));
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_player_far_from_home_wakes_in_the_other_shard)
{
    InfWorld* worlds[2];
    for (uint32_t shard = 0; shard < 2; shard++) {
        InfWorldDef def = inf_world_def_default();
        def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
        def.shard = shard;
        def.shard_count = 2;
        def.capacity = inf_capacity_for_souls(100);
        ENSURE_EQ_U64(INF_OK, inf_world_create(&def, &worlds[shard]));
        ENSURE_EQ_U64(INF_OK, inf_world_found(worlds[shard], 20, 15000));
    }
    InfWorld* far = worlds[1];
    ENSURE_EQ_U64(0, inf_soul_concourse(far));
    uint32_t place = 0;
    for (uint32_t i = 1; i <= far->station_pool.count && place == 0; i++) place = inf_station_at(far, i)->place_index1;
    ENSURE(place != 0);
    uint32_t index1 = bear_at(far, place, 500, true);
    uint64_t id = inf_soul_at(far, index1)->id;
    inf_soul_die(far, index1, INF_DEATH_KILLED, 0);
    ENSURE_EQ_U64(0, inf_soul_find(far, id));
    ENSURE_EQ_U64(1, far->transfer_pool.live);
    ensure_sound(far);
    const InfTransfer* transfer = NULL;
    for (uint32_t i = 1; i <= far->transfer_pool.count; i++) {
        if (inf_pool_is_live(&far->transfer_pool, i)) transfer = inf_transfer_at(far, i);
    }
    ENSURE(transfer != NULL && transfer->destination == 0 && transfer->kind == INF_TRANSFER_WAKE);
    InfInputTransferIn input = {.transfer = transfer->id, .transfer_sequence = transfer->sequence, .source = 1,
                                .kind = transfer->kind, .soul = id, .credits = transfer->credits,
                                .payload_bytes = (uint16_t)transfer->payload_bytes};
    memcpy(input.payload, transfer->payload, transfer->payload_bytes);
    ENSURE_EQ_U64(INF_OK, inf_apply_TransferIn(worlds[0], &input));
    index1 = inf_soul_find(worlds[0], id);
    ENSURE(index1 != 0);
    const InfSoul* soul = inf_soul_at(worlds[0], index1);
    ENSURE(inf_soul_is_docked(worlds[0], soul) && inf_soul_here(worlds[0], soul) == inf_soul_concourse(worlds[0]));
    ENSURE_EQ_I64(INF_TUNE_WAKE_UNPAID_CREDITS, soul->debt_credits);
    ENSURE_EQ_I64(500, inf_soul_credits(worlds[0], soul));
    ENSURE(soul->timer_tick > inf_world_now(worlds[0]));
    ensure_sound(worlds[0]);
    inf_world_destroy(worlds[0]);
    inf_world_destroy(worlds[1]);
}

TEST(a_player_waits_for_a_body)
{
    InfWorld* world = small_world();
    uint32_t index1 = bear_at(world, inf_soul_concourse(world), 500, true);
    uint32_t capacity = world->ship_pool.capacity, count = world->ship_pool.count;
    uint32_t free_head = world->ship_pool.free_head;
    // In space the wreck keeps its row, so a full pool has no shuttle left.
    InfSoul* soul = inf_soul_at(world, index1);
    uint32_t ship = soul->ship_index1;
    inf_ship_at(world, ship)->pilot_index1 = 0;
    soul->ship_index1 = 0;
    world->ship_pool.capacity = count;
    world->ship_pool.free_head = 0;
    inf_soul_die(world, index1, INF_DEATH_KILLED, 0);
    ENSURE_EQ_U64(0, soul->ship_index1);
    ENSURE(soul->timer_tick > inf_world_now(world));
    inf_soul_timer(world, index1);
    ENSURE_EQ_U64(0, soul->ship_index1);
    world->ship_pool.capacity = capacity;
    world->ship_pool.free_head = free_head;
    inf_soul_timer(world, index1);
    ENSURE(soul->ship_index1 != 0 && inf_soul_is_docked(world, soul));
    inf_world_destroy(world);
}

TEST(names_are_pronounceable_and_differ)
{
    InfRng rng;
    inf_rng_seed(&rng, 5, 6);
    static char names[2000][INF_NAME_BYTES];
    uint32_t equal = 0;
    for (uint32_t i = 0; i < 2000; i++) {
        inf_name_draw(&rng, names[i]);
        ENSURE(names[i][0] >= 'A' && names[i][0] <= 'Z' && strlen(names[i]) >= 6 && strlen(names[i]) < INF_NAME_BYTES);
        ENSURE(strchr(names[i], ' ') != NULL);
        for (uint32_t k = 0; k < i; k++) equal += strcmp(names[i], names[k]) == 0;
    }
    ENSURE(equal <= 4);
}

// ---- inputs ---------------------------------------------------------------------------------------------------------------

TEST(mind_birth_checks_before_it_changes)
{
    InfWorld* world = small_world();
    InfInputMindBirth good = {.credits = 300, .hull = INF_HULL_MINER, .name = "Ada Vessen"};
    memset(good.key, 9, sizeof good.key);
    memset(good.traits, 200, sizeof good.traits);
    InfInputMindBirth bad = good;
    uint64_t before = inf_world_hash(world);
    bad.hull = INF_HULL_POD;
    ENSURE_EQ_U64(INF_ERROR_RANGE, inf_apply_MindBirth(world, &bad));
    bad = good, bad.credits = -1;
    ENSURE_EQ_U64(INF_ERROR_RANGE, inf_apply_MindBirth(world, &bad));
    bad = good, bad.credits = INT64_MAX;
    ENSURE_EQ_U64(INF_ERROR_RANGE, inf_apply_MindBirth(world, &bad));
    bad = good, bad.hull = 200;
    ENSURE_EQ_U64(INF_ERROR_RANGE, inf_apply_MindBirth(world, &bad));
    bad = good, bad.name[1] = '\x01';
    ENSURE_EQ_U64(INF_ERROR_FORMAT, inf_apply_MindBirth(world, &bad));
    ENSURE_EQ_U64(before, inf_world_hash(world));
    ENSURE_EQ_U64(INF_OK, inf_apply_MindBirth(world, &good));
    ENSURE_EQ_U64(INF_ERROR_EXISTS, inf_apply_MindBirth(world, &good));
    uint32_t index1 = inf_soul_find(world, world->header.soul_sequence);
    ENSURE(index1 != 0);
    const InfSoul* mind = inf_soul_at(world, index1);
    ENSURE_EQ_STR("Ada Vessen", (const char*)mind->name);
    ENSURE((mind->flags & INF_SOUL_EXTERNAL) != 0 && (mind->flags & INF_SOUL_PLAYER) == 0);
    ENSURE_EQ_U64(INF_HULL_MINER, inf_ship_at(world, mind->ship_index1)->hull_kind);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(saying_reaches_whom_it_should)
{
    InfWorld* world = small_world();
    uint32_t place = inf_soul_concourse(world);
    uint32_t player = bear_at(world, place, 500, true);
    uint32_t mind = bear_at(world, place, 500, false);
    uint64_t player_id = inf_soul_at(world, player)->id, mind_id = inf_soul_at(world, mind)->id;
    InfInputSay say = {.soul = player_id, .reach = INF_REACH_WHISPER, .to = mind_id, .text = "Hello, who are you?"};
    inf_world_tick(world, NULL, 0);
    world->event_bytes = 0;
    ENSURE_EQ_U64(INF_OK, inf_apply_Say(world, &say));
    const InfEvent* said = find_event(world, INF_EVENT_KIND_Said, player_id);
    ENSURE(said != NULL && said->Said.to == mind_id && said->Said.ghost == 0);
    ENSURE_EQ_STR("Hello, who are you?", said->Said.text);
    ENSURE_EQ_U64(INF_INTENT_WHO, inf_intent_of(inf_soul_at(world, mind)));

    uint64_t before = inf_world_hash(world);
    InfInputSay bad = say;
    bad.to = 123456789;
    ENSURE_EQ_U64(INF_ERROR_NOT_FOUND, inf_apply_Say(world, &bad));
    bad = say, bad.to = player_id;
    ENSURE_EQ_U64(INF_ERROR_NOT_FOUND, inf_apply_Say(world, &bad));
    bad = say, bad.reach = INF_REACH_GALAXY;
    ENSURE_EQ_U64(INF_ERROR_RANGE, inf_apply_Say(world, &bad));
    bad = say, bad.text[0] = '\0';
    ENSURE_EQ_U64(INF_ERROR_FORMAT, inf_apply_Say(world, &bad));
    bad = say, memcpy(bad.text, "a\nb", 4);
    ENSURE_EQ_U64(INF_ERROR_FORMAT, inf_apply_Say(world, &bad));
    bad = say, bad.soul = 987654321;
    ENSURE_EQ_U64(INF_ERROR_NOT_FOUND, inf_apply_Say(world, &bad));
    ENSURE_EQ_U64(before, inf_world_hash(world));

    // The mind answers within a few seconds.
    bool answered = false;
    for (uint32_t tick = 0; tick < 80 && !answered; tick++) {
        inf_world_tick(world, NULL, 0);
        answered = find_event(world, INF_EVENT_KIND_Said, mind_id) != NULL;
    }
    ENSURE(answered);
    ENSURE(inf_soul_relation(inf_soul_at(world, mind), player_id) != NULL);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(goals_come_one_at_a_time)
{
    InfWorld* world = small_world();
    uint32_t player = bear_at(world, inf_soul_concourse(world), 500, true);
    inf_soul_goal(world, player, INF_GOAL_MINE); // not its turn
    ENSURE_EQ_U64(INF_GOAL_UNDOCK, inf_soul_at(world, player)->goal);
    world->event_bytes = 0;
    inf_soul_goal(world, player, INF_GOAL_UNDOCK);
    ENSURE_EQ_U64(INF_GOAL_CRUISE, inf_soul_at(world, player)->goal);
    const InfEvent* event = find_event(world, INF_EVENT_KIND_GoalReached, inf_soul_at(world, player)->id);
    ENSURE(event != NULL && event->GoalReached.goal == INF_GOAL_UNDOCK && event->GoalReached.next == INF_GOAL_CRUISE);
    inf_world_destroy(world);
}
