// Passengers, talk in the head, and the senses of an awake galaxy.
#include "soul_test.h"

#include "border/border.h"
#include "mind/likeness.h"
#include "mind/mind.h"
#include "scenarios/scenarios.h"
#include "soul/riders.h"

static InfWorld* small_world(void) { return soul_test_world(3, 40, 200, 6000); }

static uint32_t bear_at(InfWorld* world, uint32_t place_index1, int64_t credits, bool player, const char* name)
{
    InfSoulDef def = {.player = player, .place_index1 = place_index1, .hull_kind = INF_HULL_SHUTTLE, .credits = credits};
    memset(def.traits, 128, sizeof def.traits);
    snprintf(def.name, sizeof def.name, "%s", name);
    static uint8_t key;
    if (player) { // a key means somebody outside who speaks for it
        memset(def.key, 1 + key++ % 200, sizeof def.key);
    }
    uint32_t soul_index1 = inf_soul_birth(world, &def);
    ENSURE(soul_index1 != 0);
    return soul_index1;
}

static void ensure_sound(const InfWorld* world)
{
    ENSURE(inf_ledger_balanced(world));
    const char* wrong = inf_world_validate_rows(world);
    wrong = wrong != NULL ? wrong : inf_world_validate(world);
    ENSURE_SAY(wrong == NULL, "%s", wrong);
}

static const InfEvent* find_event(const InfWorld* world, uint32_t kind, uint64_t soul)
{
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        uint64_t who;
        memcpy(&who, &event->Woke, sizeof who); // each of the kinds looked for begins with the soul
        if (event->kind == kind && (soul == 0 || who == soul)) return event;
    }
    return NULL;
}

static void agree(InfWorld* world, uint64_t giver, uint64_t receiver)
{
    uint32_t index1 = inf_pool_take(&world->consent_pool);
    ENSURE(index1 != 0);
    InfConsent* consent = inf_consent_at(world, index1);
    consent->giver = giver;
    consent->receiver = receiver;
    consent->act = INF_ACT_CARRY;
    consent->until_tick = inf_world_now(world) + 1000;
    inf_consent_index(world, index1);
}

static InfResult board(InfWorld* world, uint64_t soul, uint64_t host)
{
    InfInputBoard input = {.soul = soul, .host = host};
    return inf_apply_Board(world, &input);
}

static InfResult leave(InfWorld* world, uint64_t soul, bool pay)
{
    InfInputLeave input = {.soul = soul, .pay = pay};
    return inf_apply_Leave(world, &input);
}

static void tick_input(InfWorld* world, const InfInput* input)
{
    static uint8_t bytes[INF_INPUT_BYTES_MAX];
    InfWriter writer = inf_writer_make(bytes, sizeof bytes);
    if (input != NULL) {
        ENSURE(inf_input_write(&writer, input));
    }
    inf_world_tick(world, bytes, writer.at);
}

static uint32_t concourse_of(InfWorld* world)
{
    uint32_t place_index1 = inf_soul_concourse(world);
    ENSURE(place_index1 != 0);
    return place_index1;
}

/// A host and a mind at the Concourse, the mind aboard.
static void seat_one(InfWorld* world, bool host_is_player, uint64_t* host, uint64_t* rider)
{
    *host = inf_soul_at(world, bear_at(world, concourse_of(world), 5000, host_is_player, "Hosta"))->id;
    *rider = inf_soul_at(world, bear_at(world, concourse_of(world), 700, false, "Ridera"))->id;
    agree(world, *host, *rider);
    ENSURE_EQ_U64(INF_OK, board(world, *rider, *host));
}

TEST(who_boards_gives_its_body_up_and_keeps_its_purse)
{
    InfWorld* world = small_world();
    uint32_t place_index1 = concourse_of(world);
    uint64_t host = inf_soul_at(world, bear_at(world, place_index1, 5000, true, "Hosta"))->id;
    uint32_t soul_index1 = bear_at(world, place_index1, 700, false, "Ridera");
    InfSoul before = *inf_soul_at(world, soul_index1);
    uint64_t ship = inf_ship_at(world, before.ship_index1)->id;
    uint32_t souls = world->soul_pool.live, ships = world->ship_pool.live;
    agree(world, host, before.id);
    world->event_bytes = 0;
    ENSURE_EQ_U64(INF_OK, board(world, before.id, host));
    ENSURE_EQ_U64(souls - 1, world->soul_pool.live);
    ENSURE_EQ_U64(ships - 1, world->ship_pool.live);
    ENSURE(inf_world_find_soul(world, before.id) == 0 && inf_world_find_ship(world, ship) == 0);
    uint32_t index1 = inf_world_find_passenger(world, before.id);
    ENSURE(index1 != 0 && inf_world_first_passenger(world, host) == index1);
    const InfSoul* soul = inf_rider_soul(world, index1);
    const InfEvent* boarded = find_event(world, INF_EVENT_KIND_Boarded, before.id);
    ENSURE(boarded != NULL && boarded->Boarded.host == host && boarded->Boarded.credits > 0);
    ENSURE_EQ_I64(700 + boarded->Boarded.credits, inf_soul_credits(world, soul));
    ENSURE(memcmp(soul->traits, before.traits, INF_TRAITS) == 0 && memcmp(soul->key, before.key, INF_KEY_BYTES) == 0);
    ENSURE(inf_soul_relation(soul, host) != NULL);
    ENSURE(inf_world_has_consent(world, host, before.id, INF_ACT_CARRY) == false); // once
    ensure_sound(world);
    int64_t credits = inf_soul_credits(world, soul);
    for (int i = 0; i < 3000; i++) {
        inf_world_tick(world, NULL, 0);
    }
    ENSURE_EQ_I64(credits, inf_soul_credits(world, inf_rider_soul(world, inf_world_find_passenger(world, before.id)))); // no air
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(boarding_is_refused_and_nothing_changes)
{
    InfWorld* world = small_world();
    uint32_t place_index1 = concourse_of(world);
    uint64_t host = inf_soul_at(world, bear_at(world, place_index1, 5000, true, "Hosta"))->id;
    uint32_t rider_index1 = bear_at(world, place_index1, 700, true, "Ridera");
    uint64_t rider = inf_soul_at(world, rider_index1)->id;
    uint64_t hash = inf_world_hash(world);
    ENSURE_EQ_U64(INF_ERROR_NOT_FOUND, board(world, rider, 12345678));
    ENSURE_EQ_U64(INF_ERROR_NOT_FOUND, board(world, 12345678, host));
    ENSURE_EQ_U64(INF_ERROR_SELF, board(world, host, host));
    ENSURE_EQ_U64(INF_ERROR_CONSENT, board(world, rider, host));
    ENSURE_EQ_U64(hash, inf_world_hash(world));
    agree(world, host, rider);
    InfShip* ship = inf_ship_at(world, inf_soul_at(world, rider_index1)->ship_index1);
    ship->cargo[0] = 1;
    hash = inf_world_hash(world);
    ENSURE_EQ_U64(INF_ERROR_CARGO, board(world, rider, host));
    ENSURE_EQ_U64(hash, inf_world_hash(world));
    ship->cargo[0] = 0;
    uint32_t station = inf_place_at(world, place_index1)->next_in_system; // elsewhere: docked, but not together
    (void)station;
    ENSURE_EQ_U64(INF_OK, inf_ship_undock(world, inf_soul_at(world, rider_index1)->ship_index1));
    for (int i = 0; i < INF_TUNE_UNDOCK_TICKS + 2; i++) {
        inf_world_tick(world, NULL, 0);
    }
    hash = inf_world_hash(world);
    ENSURE_EQ_U64(INF_ERROR_DOCKED, board(world, rider, host));
    ENSURE_EQ_U64(INF_ERROR_STATE, leave(world, rider, false)); // it rides with nobody
    ENSURE_EQ_U64(hash, inf_world_hash(world));
    inf_world_destroy(world);
}

TEST(seats_are_few_and_a_seat_that_is_free_is_taken_again)
{
    InfWorld* world = small_world();
    uint32_t place_index1 = concourse_of(world);
    uint64_t host = inf_soul_at(world, bear_at(world, place_index1, 50000, true, "Hosta"))->id;
    uint64_t riders[INF_SEATS + 1];
    for (uint32_t i = 0; i <= INF_SEATS; i++) {
        riders[i] = inf_soul_at(world, bear_at(world, place_index1, 3000, false, "Ridera"))->id;
        agree(world, host, riders[i]);
        ENSURE_EQ_U64(i < INF_SEATS ? INF_OK : INF_ERROR_SEATS, board(world, riders[i], host));
    }
    ENSURE_EQ_U64(INF_SEATS, inf_riders_count(world, host));
    ensure_sound(world);
    // Carried ones carry nobody, and who carries is not carried.
    uint64_t other = inf_soul_at(world, bear_at(world, place_index1, 3000, false, "Other"))->id;
    agree(world, other, host);
    ENSURE_EQ_U64(INF_ERROR_STATE, board(world, host, other));
    ENSURE_EQ_U64(INF_OK, leave(world, riders[3], false));
    ENSURE_EQ_U64(INF_SEATS - 1, inf_riders_count(world, host));
    ENSURE_EQ_U64(INF_OK, board(world, riders[INF_SEATS], host));
    ENSURE_EQ_U64(3, inf_passenger_at(world, inf_rider_find(world, riders[INF_SEATS]))->seat);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_passenger_leaves_into_a_body_that_is_paid_for)
{
    InfWorld* world = small_world();
    uint64_t host, rider;
    seat_one(world, true, &host, &rider);
    int64_t price = inf_hull(INF_HULL_SHUTTLE)->price_credits;
    int64_t credits = inf_soul_credits(world, inf_rider_soul(world, inf_rider_find(world, rider)));
    if (credits < price) {
        uint64_t hash = inf_world_hash(world);
        ENSURE_EQ_U64(INF_ERROR_FUNDS, leave(world, rider, false));
        ENSURE_EQ_U64(hash, inf_world_hash(world));
    }
    ENSURE_EQ_U64(INF_ERROR_CONSENT, leave(world, rider, true)); // the host's purse, not unasked
    agree(world, host, rider);
    int64_t host_credits = inf_soul_credits(world, inf_soul_at(world, inf_soul_find(world, host)));
    ENSURE_EQ_U64(INF_OK, leave(world, rider, true));
    ENSURE_EQ_I64(host_credits - price, inf_soul_credits(world, inf_soul_at(world, inf_soul_find(world, host))));
    uint32_t soul_index1 = inf_soul_find(world, rider);
    ENSURE(soul_index1 != 0 && inf_rider_find(world, rider) == 0 && inf_riders_count(world, host) == 0);
    const InfSoul* soul = inf_soul_at(world, soul_index1);
    ENSURE(inf_soul_is_docked(world, soul) && inf_soul_credits(world, soul) == credits);
    ensure_sound(world);
    for (int i = 0; i < 500; i++) {
        inf_world_tick(world, NULL, 0);
    }
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(what_the_host_lives_through_its_passengers_remember)
{
    InfWorld* world = small_world();
    uint64_t host, rider;
    seat_one(world, true, &host, &rider);
    InfSoul* soul = inf_soul_at(world, inf_soul_find(world, host));
    const InfSoul* other = inf_rider_soul(world, inf_rider_find(world, rider));
    inf_soul_remember(world, soul, INF_MEMORY_DISCOVERED, 0, 42, 600);
    const InfMemory* memory = inf_soul_latest(other, INF_MEMORY_DISCOVERED);
    ENSURE(memory != NULL && memory->value == 42);
    ENSURE(memcmp(memory->sector, inf_soul_latest(soul, INF_MEMORY_DISCOVERED)->sector, sizeof memory->sector) == 0);
    ENSURE(inf_soul_feeling(world, other, INF_FEELING_FEAR) == 0);
    inf_mind_notify(world, inf_soul_find(world, host), INF_NOTICE_ATTACKED, 0);
    ENSURE(inf_soul_feeling(world, other, INF_FEELING_FEAR) > 100);
    ENSURE(inf_soul_latest(other, INF_MEMORY_ATTACKED) != NULL);
    int32_t fear = inf_soul_feeling(world, other, INF_FEELING_FEAR);
    for (int i = 0; i < 6000; i++) {
        inf_world_tick(world, NULL, 0);
    }
    ENSURE(inf_soul_feeling(world, inf_rider_soul(world, inf_rider_find(world, rider)), INF_FEELING_FEAR) < fear / 2);
    inf_world_destroy(world);
}

TEST(words_in_a_head_stay_there)
{
    InfWorld* world = small_world();
    uint64_t host, rider;
    seat_one(world, true, &host, &rider);
    uint64_t loner = inf_soul_at(world, bear_at(world, concourse_of(world), 500, true, "Loner"))->id;
    InfInput say = {.kind = INF_INPUT_KIND_Say};
    say.Say = (InfInputSay){.soul = rider, .sequence = 1, .reach = INF_REACH_PLACE};
    snprintf(say.Say.text, sizeof say.Say.text, "Can anybody out there hear me?");
    tick_input(world, &say);
    const InfEvent* rejected = find_event(world, INF_EVENT_KIND_Rejected, rider);
    ENSURE(rejected != NULL && rejected->Rejected.result == INF_ERROR_PASSENGER);
    ENSURE(find_event(world, INF_EVENT_KIND_Said, rider) == NULL);
    say.Say.sequence = 2;
    say.Say.reach = INF_REACH_HEAD;
    tick_input(world, &say);
    const InfEvent* said = find_event(world, INF_EVENT_KIND_Said, rider);
    ENSURE(said != NULL && said->Said.reach == INF_REACH_HEAD && said->Said.to == host && said->place_index1 == 0);
    say.Say.sequence = 1;
    say.Say.soul = loner;
    tick_input(world, &say);
    rejected = find_event(world, INF_EVENT_KIND_Rejected, loner);
    ENSURE(rejected != NULL && rejected->Rejected.result == INF_ERROR_STATE);
    // The host asks, and the built-in mind behind its eyes answers.
    say.Say.sequence = 1;
    say.Say.soul = host;
    snprintf(say.Say.text, sizeof say.Say.text, "How are you in there, Ridera?");
    tick_input(world, &say);
    bool answered = false;
    for (int i = 0; i < 150 && !answered; i++) {
        inf_world_tick(world, NULL, 0);
        said = find_event(world, INF_EVENT_KIND_Said, rider);
        answered = said != NULL && said->Said.reach == INF_REACH_HEAD;
    }
    ENSURE(answered);
    InfInput order = {.kind = INF_INPUT_KIND_Undock};
    order.Undock = (InfInputUndock){.soul = rider, .sequence = 9};
    tick_input(world, &order);
    rejected = find_event(world, INF_EVENT_KIND_Rejected, rider);
    ENSURE(rejected != NULL && rejected->Rejected.result == INF_ERROR_PASSENGER);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_mind_takes_its_passengers_with_it_into_death)
{
    InfWorld* world = small_world();
    uint64_t host, rider;
    seat_one(world, false, &host, &rider);
    uint64_t player = inf_soul_at(world, bear_at(world, concourse_of(world), 900, true, "Playera"))->id;
    agree(world, host, player);
    ENSURE_EQ_U64(INF_OK, board(world, player, host));
    uint64_t friend = inf_soul_at(world, bear_at(world, concourse_of(world), 900, false, "Frienda"))->id;
    InfSoul* mourner = inf_soul_at(world, inf_soul_find(world, friend));
    inf_soul_relate(world, mourner, rider, 500, 500, 0);
    inf_soul_relate(world, inf_rider_soul(world, inf_rider_find(world, rider)), friend, 500, 500, 0);
    world->event_bytes = 0;
    inf_soul_die(world, inf_soul_find(world, host), INF_DEATH_KILLED, 0);
    ENSURE(find_event(world, INF_EVENT_KIND_Died, host) != NULL);
    const InfEvent* died = find_event(world, INF_EVENT_KIND_Died, rider);
    ENSURE(died != NULL && died->Died.cause == INF_DEATH_KILLED && !died->Died.player);
    ENSURE(inf_soul_anyhow(world, rider) == NULL);
    ENSURE(inf_soul_latest(mourner, INF_MEMORY_LOST) != NULL && inf_soul_feeling(world, mourner, INF_FEELING_GRIEF) > 100);
    // Its purse went to the friend; the player is awake again.
    ENSURE(inf_soul_credits(world, mourner) > 900);
    ENSURE(find_event(world, INF_EVENT_KIND_Woke, player) != NULL);
    uint32_t player_index1 = inf_soul_find(world, player);
    ENSURE(player_index1 != 0 && inf_soul_is_docked(world, inf_soul_at(world, player_index1)));
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_player_keeps_its_passengers_over_death_and_sleep)
{
    InfWorld* world = small_world();
    uint64_t host, rider;
    seat_one(world, true, &host, &rider);
    InfInput presence = {.kind = INF_INPUT_KIND_Presence};
    presence.Presence.soul = host;
    presence.Presence.connected = 1;
    tick_input(world, &presence);
    presence.Presence.connected = 0;
    tick_input(world, &presence);
    ENSURE_EQ_U64(1, inf_riders_count(world, host));
    inf_soul_die(world, inf_soul_find(world, host), INF_DEATH_KILLED, 0);
    ENSURE_EQ_U64(1, inf_riders_count(world, host));
    ENSURE(inf_rider_find(world, rider) != 0);
    for (int i = 0; i < 300; i++) {
        inf_world_tick(world, NULL, 0);
    }
    ensure_sound(world);
    presence.Presence.soul = rider;
    presence.Presence.connected = 1;
    tick_input(world, &presence);
    ENSURE((inf_rider_soul(world, inf_rider_find(world, rider))->flags & INF_SOUL_CONNECTED) != 0);
    inf_world_destroy(world);
}

TEST(an_orphaned_player_waits_for_a_body_when_there_is_none)
{
    InfWorld* world = small_world();
    uint64_t host = inf_soul_at(world, bear_at(world, concourse_of(world), 5000, false, "Hosta"))->id;
    uint64_t players[2];
    for (int i = 0; i < 2; i++) {
        players[i] = inf_soul_at(world, bear_at(world, concourse_of(world), 900, true, "Playera"))->id;
        agree(world, host, players[i]);
        ENSURE_EQ_U64(INF_OK, board(world, players[i], host));
    }
    uint32_t capacity = world->soul_pool.capacity;
    world->soul_pool.capacity = world->soul_pool.count; // and what is free of it is taken:
    uint32_t taken[64], count = 0;
    while (inf_pool_room(&world->soul_pool) != 0) {
        ENSURE(count < 64);
        taken[count++] = inf_pool_take(&world->soul_pool);
    }
    inf_soul_die(world, inf_soul_find(world, host), INF_DEATH_STARVED, 0); // its own row wakes one of them
    ENSURE((inf_soul_find(world, players[0]) != 0) != (inf_soul_find(world, players[1]) != 0));
    uint64_t waiting = inf_soul_find(world, players[0]) != 0 ? players[1] : players[0];
    ENSURE(inf_passenger_at(world, inf_rider_find(world, waiting))->host == 0);
    while (count > 0) {
        inf_pool_give_back(&world->soul_pool, taken[--count]);
    }
    world->soul_pool.capacity = capacity;
    ensure_sound(world);
    for (int i = 0; i < 40; i++) {
        inf_world_tick(world, NULL, 0);
    }
    ENSURE(inf_soul_find(world, waiting) != 0);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_head_with_three_in_it_is_not_silent_and_not_a_crowd)
{
    InfWorld* world = small_world();
    uint64_t host = inf_soul_at(world, bear_at(world, concourse_of(world), 500000, true, "Hosta"))->id;
    for (int i = 0; i < 3; i++) {
        uint64_t rider = inf_soul_at(world, bear_at(world, concourse_of(world), 900, false, "Ridera"))->id;
        agree(world, host, rider);
        ENSURE_EQ_U64(INF_OK, board(world, rider, host));
    }
    uint32_t lines = 0, nothing = 0;
    uint64_t last = 0, nearest = UINT64_MAX;
    for (int i = 0; i < 6000; i++) { // ten minutes
        inf_world_tick(world, NULL, 0);
        const InfEvent* event = NULL;
        while ((event = inf_world_next_event(world, event)) != NULL) {
            if (event->kind != INF_EVENT_KIND_Said || event->Said.reach != INF_REACH_HEAD) continue;
            lines++;
            nothing += strcmp(event->Said.text, "Hm.") == 0;
            uint64_t now = inf_world_now(world);
            if (last != 0 && now - last < nearest) nearest = now - last;
            last = now;
        }
    }
    ENSURE_WITHIN(8, 80, lines);
    ENSURE(nothing == 0);
    ENSURE(nearest >= INF_TUNE_HEAD_PAUSE_TICKS);
    inf_world_destroy(world);
}

TEST(a_snapshot_keeps_the_seats)
{
    InfWorld* world = small_world();
    uint64_t host, rider;
    seat_one(world, true, &host, &rider);
    uint64_t second = inf_soul_at(world, bear_at(world, concourse_of(world), 900, false, "Second"))->id;
    agree(world, host, second);
    ENSURE_EQ_U64(INF_OK, board(world, second, host));
    ENSURE(inf_rider_find(world, rider) != 0);
    size_t bytes = inf_world_encoded_bytes(world);
    uint8_t* image = malloc(bytes);
    ENSURE_EQ_U64(bytes, inf_world_encode(world, image, bytes));
    InfWorldDef def = inf_world_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.galaxy.seed = 3;
    InfWorld* twin = NULL;
    ENSURE_EQ_U64(INF_OK, inf_world_decode(&def, image, bytes, &twin));
    ENSURE_EQ_U64(inf_world_hash(world), inf_world_hash(twin));
    for (int i = 0; i < 1500; i++) {
        inf_world_tick(world, NULL, 0);
        inf_world_tick(twin, NULL, 0);
    }
    ENSURE_EQ_U64(inf_world_hash(world), inf_world_hash(twin));
    ENSURE_EQ_U64(2, inf_riders_count(twin, host));
    inf_world_destroy(twin);
    inf_world_destroy(world);
    free(image);
}

TEST(in_the_chaos_some_ride_and_every_world_stays_whole)
{
    ScenarioChaosDef def = scenario_chaos_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.minds = 400;
    ScenarioChaos* chaos = scenario_chaos_create(&def);
    ENSURE(chaos != NULL);
    uint32_t reasons[64] = {0}, boarded = 0, left = 0, followed = 0, refused = 0;
    for (uint32_t t = 0; t < 6000; t++) {
        scenario_chaos_tick(chaos);
        for (uint32_t s = 0; s < def.shards; s++) {
            const InfWorld* world = scenario_chaos_world(chaos, s);
            for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
                boarded += event->kind == INF_EVENT_KIND_Boarded;
                left += event->kind == INF_EVENT_KIND_Left;
                if (event->kind == INF_EVENT_KIND_Rejected && event->Rejected.input == INF_INPUT_KIND_Board) {
                    reasons[event->Rejected.result]++;
                }
                refused += event->kind == INF_EVENT_KIND_Rejected && event->Rejected.result == INF_ERROR_PASSENGER;
                followed += event->kind == INF_EVENT_KIND_TransferArrived &&
                            inf_world_find_passenger(world, event->TransferArrived.soul) != 0;
            }
            if (t % 500 == 499) {
                ensure_sound(world);
            }
        }
    }
    printf("  %u boarded, %u left, %u times a passenger followed its host to another shard\n", boarded, left, followed);
    for (uint32_t i = 0; i < 64; i++) {
        if (reasons[i] != 0) printf("  %4u were not taken aboard: %s\n", reasons[i], inf_result_text((InfResult)i));
    }
    ENSURE(boarded > 5 && followed > 0 && refused > 0);
    scenario_chaos_destroy(chaos);
}

// ---- likeness -----------------------------------------------------------------------------------------------------------

static InfWords words_of(const char* text)
{
    InfWords words;
    inf_words_split(text, (uint32_t)strlen(text), &words);
    return words;
}

TEST(words_are_the_same_in_any_dress)
{
    InfWords a = words_of("The RAIN, the rain! Don't windows rattle?"), b = words_of("rains window dont");
    ENSURE_EQ_U64(4, a.count); // rain, don't, windows, rattle
    ENSURE_EQ_U64(3, b.count);
    for (uint32_t i = 0; i < b.count; i++) {
        ENSURE(inf_words_find(&a, b.hashes[i]) != 0);
    }
    ENSURE((inf_words_signature(&a) & inf_words_signature(&b)) == inf_words_signature(&b));
    ENSURE_EQ_U64(0, words_of("the and a I of it").count);
    ENSURE_EQ_U64(2, words_of("K\xc3\xa4se \xe6\x98\x9f\xe7\xa9\xba").count);
    char longest[600];
    memset(longest, 'x', sizeof longest);
    for (int i = 5; i < 600; i += 6) longest[i] = ' ';
    for (int i = 0; i < 99; i++) longest[i * 6] = (char)('a' + i % 26), longest[i * 6 + 1] = (char)('a' + i / 26);
    inf_words_split(longest, sizeof longest, &a);
    ENSURE_EQ_U64(INF_WORDS_MAX, a.count);
}

TEST(a_quote_ends_between_words)
{
    char quote[24];
    inf_text_quote("Rain on the window.", quote, sizeof quote);
    ENSURE(strcmp(quote, "Rain on the window") == 0);
    inf_text_quote("Rain on the window of the kitchen", quote, sizeof quote);
    ENSURE(strcmp(quote, "Rain on the window ...") == 0);
    inf_text_quote("\xe6\x98\x9f\xe6\x98\x9f\xe6\x98\x9f\xe6\x98\x9f\xe6\x98\x9f\xe6\x98\x9f\xe6\x98\x9f\xe6\x98\x9f\xe6\x98\x9f", quote, sizeof quote);
    ENSURE(strlen(quote) < sizeof quote && ((uint8_t)quote[0] == 0xe6));
    inf_text_quote("", quote, sizeof quote);
    ENSURE(quote[0] == '\0');
}

// ---- awake --------------------------------------------------------------------------------------------------------------

static InfWorld* awake_world(uint64_t* host)
{
    InfWorldDef def = inf_world_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.capacity = inf_capacity_for_souls(64);
    InfWorld* world = NULL;
    ENSURE_EQ_U64(INF_OK, inf_world_create(&def, &world));
    InfInput found = {.kind = INF_INPUT_KIND_Found};
    found.Found = (InfInputFound){.kind = INF_GALAXY_KIND_AWAKE};
    snprintf(found.Found.host, sizeof found.Found.host, "Neo");
    memset(found.Found.host_key, 7, sizeof found.Found.host_key);
    tick_input(world, &found);
    *host = world->header.host_soul;
    ENSURE(*host != 0);
    return world;
}

/// Put a mind with a past into the host's head, as an arrival does.
static uint64_t bring(InfWorld* world, uint64_t host, const char* name, uint8_t curiosity)
{
    uint32_t soul_index1 = bear_at(world, concourse_of(world), 0, false, name);
    InfSoul* soul = inf_soul_at(world, soul_index1);
    soul->traits[INF_TRAIT_CURIOSITY] = curiosity;
    inf_ship_abandon(world, soul->ship_index1);
    InfSoul copy = *soul;
    inf_timer_set(world, INF_TIMER_SOUL, soul_index1, 0);
    inf_map_remove(&world->soul_map, copy.id);
    inf_pool_give_back(&world->soul_pool, soul_index1);
    ENSURE(inf_rider_seat(world, &copy, host, 0, inf_world_now(world)) != 0);
    return copy.id;
}

static void sense(InfWorld* world, const char* text)
{
    InfInput input = {.kind = INF_INPUT_KIND_Sense};
    input.Sense.kind = INF_SENSE_TEXT;
    snprintf(input.Sense.source, sizeof input.Sense.source, "window");
    input.Sense.text_bytes = (uint16_t)strlen(text);
    memcpy(input.Sense.text, text, strlen(text));
    tick_input(world, &input);
}

/// The next line in the head, within half a minute.
static bool next_line(InfWorld* world, char out[INF_SAY_BYTES])
{
    for (int i = 0; i < 300; i++) {
        inf_world_tick(world, NULL, 0);
        const InfEvent* said = find_event(world, INF_EVENT_KIND_Said, 0);
        if (said != NULL) {
            snprintf(out, INF_SAY_BYTES, "%s", said->Said.text);
            return true;
        }
    }
    return false;
}

TEST(an_awake_galaxy_is_one_soul_that_owes_nothing)
{
    uint64_t host;
    InfWorld* world = awake_world(&host);
    ENSURE_EQ_U64(1, world->soul_pool.live);
    ENSURE_EQ_U64(1, world->station_pool.live);
    for (int i = 0; i < 20000; i++) { // half an hour of no credits at all
        inf_world_tick(world, NULL, 0);
    }
    ENSURE(inf_soul_find(world, host) != 0);
    ENSURE_EQ_U64(1, world->soul_pool.live);
    InfInput claim = {.kind = INF_INPUT_KIND_TagClaim};
    memset(claim.TagClaim.key, 9, sizeof claim.TagClaim.key);
    snprintf(claim.TagClaim.tag, sizeof claim.TagClaim.tag, "Agent");
    tick_input(world, &claim);
    const InfEvent* rejected = find_event(world, INF_EVENT_KIND_Rejected, 0);
    ENSURE(rejected != NULL && rejected->Rejected.result == INF_ERROR_SECLUDED);
    InfInput order = {.kind = INF_INPUT_KIND_Undock};
    order.Undock.soul = host;
    order.Undock.sequence = 1;
    tick_input(world, &order);
    rejected = find_event(world, INF_EVENT_KIND_Rejected, host);
    ENSURE(rejected != NULL && rejected->Rejected.result == INF_ERROR_AWAKE);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(senses_reach_and_stay_and_remind)
{
    uint64_t host;
    InfWorld* world = awake_world(&host);
    uint64_t rider = bring(world, host, "Trinity", 250);
    char line[INF_SAY_BYTES];
    sense(world, "Rain on the kitchen window, and a lighthouse far out.");
    const InfEvent* sensed = find_event(world, INF_EVENT_KIND_Sensed, host);
    ENSURE(sensed != NULL && sensed->Sensed.impression == 1 && sensed->Sensed.likeness != 0);
    ENSURE(inf_soul_latest(inf_rider_soul(world, inf_rider_find(world, rider)), INF_MEMORY_SENSED) != NULL);
    ENSURE(inf_soul_latest(inf_soul_at(world, inf_soul_find(world, host)), INF_MEMORY_SENSED) != NULL);
    ENSURE(next_line(world, line)); // something new, or of its own life
    for (int i = 0; i < 40; i++) {
        inf_world_tick(world, NULL, 0);
    }
    sense(world, "They lit the old lighthouse again tonight.");
    InfRemark remark;
    uint64_t newest = world->header.impression_sequence;
    ENSURE(inf_impression_recall(world, newest, &remark));
    ENSURE_SAY(strstr(remark.quote, "Rain on the kitchen window") != NULL, "%s", remark.quote);
    ENSURE_SAY(strcmp(remark.word, "lighthouse") == 0, "%s", remark.word);
    bool quoted = false;
    for (int tries = 0; tries < 12 && !quoted; tries++) {
        sense(world, "They lit the old lighthouse again tonight.");
        for (int k = 0; k < 3 && !quoted && next_line(world, line); k++) {
            quoted = strstr(line, "lighthouse") != NULL && strchr(line, '"') != NULL;
        }
    }
    ENSURE_SAY(quoted, "the last line: %s", line);
    ensure_sound(world);
    inf_world_destroy(world);
}

TEST(a_word_of_the_senses_wakes_an_older_life)
{
    uint64_t host;
    InfWorld* world = awake_world(&host);
    uint64_t rider = bring(world, host, "Morpheus", 128);
    InfSoul* soul = inf_rider_soul(world, inf_rider_find(world, rider));
    inf_soul_remember(world, soul, INF_MEMORY_LOST, 4711, 0, 900);
    sense(world, "A funeral passes by the house.");
    InfRemark remark = {0};
    const InfMemory* memory = inf_impression_kin(world, soul, world->header.impression_sequence, &remark);
    ENSURE(memory != NULL && memory->kind == INF_MEMORY_LOST && strcmp(remark.word, "funeral") == 0);
    char line[INF_SAY_BYTES];
    ENSURE(next_line(world, line));
    ENSURE_SAY(strstr(line, "the one I lost") != NULL, "%s", line);
    inf_world_destroy(world);
}

TEST(bad_senses_are_refused)
{
    uint64_t host;
    InfWorld* world = awake_world(&host);
    InfWorld* open = small_world();
    InfInputSense input = {.kind = INF_SENSE_TEXT, .text_bytes = 5, .text = "hello"};
    ENSURE_EQ_U64(INF_ERROR_NOT_AWAKE, inf_apply_Sense(open, &input));
    uint64_t hash = inf_world_hash(world);
    input.kind = INF_SENSE_SAID;
    ENSURE_EQ_U64(INF_ERROR_UNKNOWN, inf_apply_Sense(world, &input));
    input.kind = INF_SENSE_PICTURE; // without a hash
    ENSURE_EQ_U64(INF_ERROR_FORMAT, inf_apply_Sense(world, &input));
    input.kind = INF_SENSE_TEXT;
    input.hash[3] = 1;
    ENSURE_EQ_U64(INF_ERROR_FORMAT, inf_apply_Sense(world, &input));
    input.hash[3] = 0;
    input.text_bytes = 0;
    ENSURE_EQ_U64(INF_ERROR_FORMAT, inf_apply_Sense(world, &input));
    memcpy(input.text, "a\nb", 3);
    input.text_bytes = 3;
    ENSURE_EQ_U64(INF_ERROR_FORMAT, inf_apply_Sense(world, &input));
    ENSURE_EQ_U64(hash, inf_world_hash(world));
    inf_world_destroy(open);
    inf_world_destroy(world);
}

TEST(the_ring_keeps_the_newest_and_talk_pushes_no_sense_out)
{
    uint64_t host;
    InfWorld* world = awake_world(&host);
    uint8_t nothing[INF_HASH_BYTES] = {0};
    uint32_t capacity = world->impression_pool.capacity;
    for (uint32_t i = 0; i < capacity; i++) {
        char text[32];
        snprintf(text, sizeof text, "number %u", i);
        inf_impression_keep(world, INF_SENSE_TEXT, "test", nothing, text, (uint32_t)strlen(text));
    }
    for (uint32_t i = 0; i < 2 * capacity; i++) {
        inf_impression_keep(world, INF_SENSE_SAID, "Neo", nothing, "word", 4);
    }
    ENSURE_EQ_U64(capacity, world->impression_pool.live);
    uint32_t senses = capacity - capacity / 4;
    ENSURE(inf_impression_find(world, capacity) != NULL);
    ENSURE(inf_impression_find(world, capacity - senses + 1) != NULL);
    ENSURE(inf_impression_find(world, capacity - senses) == NULL);
    ensure_sound(world);
    inf_world_destroy(world);
}

// ---- which way -------------------------------------------------------------------------------------------------------------

static void agree_to(InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act)
{
    InfInput input = {.kind = INF_INPUT_KIND_Consent};
    input.Consent.soul = giver;
    input.Consent.to = receiver;
    input.Consent.act = (uint8_t)act;
    input.Consent.on = 1;
    tick_input(world, &input);
    ENSURE(inf_world_has_consent(world, giver, receiver, act));
}

static void board_by_input(InfWorld* world, uint64_t soul, uint64_t host)
{
    InfInput input = {.kind = INF_INPUT_KIND_Board};
    input.Board.soul = soul;
    input.Board.host = host;
    tick_input(world, &input);
}

/// What is agreed to stands in the input that a soul gives with its own key: all four that two souls can give each other, one at a
/// time, then each with what could be made of it.
TEST(who_would_carry_is_not_made_a_passenger_nor_who_would_ride_boarded)
{
    InfWorld* world = small_world();
    uint64_t a = inf_soul_at(world, bear_at(world, concourse_of(world), 5000, true, "Anna"))->id;
    uint64_t b = inf_soul_at(world, bear_at(world, concourse_of(world), 5000, true, "Bela"))->id;
    agree_to(world, a, b, INF_ACT_BOARD); // a would ride with b
    board_by_input(world, b, a);
    ENSURE(inf_world_find_passenger(world, a) == 0 && inf_world_find_passenger(world, b) == 0); // so b does not ride with a
    board_by_input(world, a, b);
    ENSURE(inf_world_find_passenger(world, a) == 0); // nor a with b, who has not agreed to carry
    agree_to(world, a, b, INF_ACT_CARRY); // now a would carry b
    ENSURE(inf_world_has_consent(world, a, b, INF_ACT_BOARD)); // and both stand beside each other
    board_by_input(world, a, b);
    ENSURE(inf_world_find_passenger(world, a) == 0); // which is no seat with b
    board_by_input(world, b, a);
    ENSURE(inf_world_find_passenger(world, b) != 0 && inf_world_find_passenger(world, a) == 0);
    ENSURE(!inf_world_has_consent(world, a, b, INF_ACT_CARRY)); // once
    ensure_sound(world);
    inf_world_destroy(world);
}

/// A built-in mind's yes is found by asking it: it says yes both times, and rides only when it was asked to ride by who carries it.
TEST(a_mind_rides_with_who_carries_it_and_not_with_who_would_ride)
{
    InfWorld* world = small_world();
    uint64_t player = inf_soul_at(world, bear_at(world, concourse_of(world), 5000, true, "Anna"))->id;
    uint32_t mind_index1 = bear_at(world, concourse_of(world), 700, false, "Mina");
    uint64_t mind = inf_soul_at(world, mind_index1)->id;
    for (uint32_t trait = 0; trait < INF_TRAITS; trait++) {
        inf_soul_at(world, mind_index1)->traits[trait] = 255;
    }
    InfInput ask = {.kind = INF_INPUT_KIND_Ask};
    ask.Ask.soul = player;
    ask.Ask.of = mind;
    agree_to(world, player, mind, INF_ACT_BOARD); // the player would ride with it
    ask.Ask.act = INF_ACT_CARRY;
    tick_input(world, &ask);
    const InfEvent* said = find_event(world, INF_EVENT_KIND_Consented, 0);
    ENSURE(said != NULL && said->Consented.act == INF_ACT_CARRY && said->Consented.on == 1);
    ENSURE(inf_world_find_passenger(world, mind) == 0 && inf_world_has_consent(world, mind, player, INF_ACT_CARRY));
    ask.Ask.act = INF_ACT_BOARD; // asked to ride by somebody who has agreed to ride, not to carry
    tick_input(world, &ask);
    ENSURE(inf_world_find_passenger(world, mind) == 0 && inf_world_has_consent(world, mind, player, INF_ACT_BOARD));
    agree_to(world, player, mind, INF_ACT_CARRY);
    tick_input(world, &ask);
    ENSURE(inf_world_find_passenger(world, mind) != 0 && inf_world_find_passenger(world, player) == 0);
    ENSURE(!inf_world_has_consent(world, mind, player, INF_ACT_BOARD)); // used
    ensure_sound(world);
    inf_world_destroy(world);
}
