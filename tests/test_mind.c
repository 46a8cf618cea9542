// Minds: nobody gets stuck, nothing is asserted, the books balance, and the same world gives the same lives.
#include "soul_test.h"

#include "mind/mind.h"
#include "soul/riders.h"

/// Each live soul has a timer in the future, or its ship has one.
static void ensure_nobody_is_stuck(const InfWorld* world)
{
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (!inf_pool_is_live(&world->soul_pool, i)) continue;
        const InfSoul* soul = inf_soul_at(world, i);
        ENSURE_SAY(soul->timer_tick > inf_world_now(world), "soul %u activity %u timer %" PRIu64 " now %" PRIu64, i,
                   soul->activity, soul->timer_tick, inf_world_now(world));
        ENSURE_SAY(soul->timer_tick <= inf_world_now(world) + 2 * INF_TICKS_PER_DAY, "soul %u sleeps too long", i);
        ENSURE(soul->ship_index1 != 0);
    }
}

static uint64_t begun[INF_ACTIVITY_COUNT], said_count;

static void count_events(const InfWorld* world)
{
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Activity) begun[event->Activity.activity]++;
        if (event->kind == INF_EVENT_KIND_Said) {
            if (++said_count % 5000 < 2) printf("  %s: %s\n", event->Said.name, event->Said.text);
        }
    }
}

static void report(const InfWorld* world)
{
    uint32_t by_activity[INF_ACTIVITY_COUNT] = {0}, by_hull[INF_HULL_COUNT] = {0}, docked = 0, cruising = 0;
    int64_t credits = 0;
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (!inf_pool_is_live(&world->soul_pool, i)) continue;
        const InfSoul* soul = inf_soul_at(world, i);
        by_activity[soul->activity]++;
        credits += inf_soul_credits(world, soul);
        const InfShip* ship = inf_ship_at(world, soul->ship_index1);
        by_hull[ship->hull_kind]++;
        docked += ship->state == INF_SHIP_STATE_DOCKED;
        cruising += ship->state == INF_SHIP_STATE_CRUISE;
    }
    printf("pools: systems %u/%u places %u/%u stations %u/%u accounts %u/%u ships %u/%u\n", world->system_pool.live, world->system_pool.capacity, world->place_pool.live, world->place_pool.capacity, world->station_pool.live, world->station_pool.capacity, world->account_pool.live, world->account_pool.capacity, world->ship_pool.live, world->ship_pool.capacity);
    printf("tick %" PRIu64 ": %u souls, mean %" PRId64 " credits, %u docked, %u cruising, price level %" PRId64
           ", mined %" PRId64 " trades %" PRId64 " jumps %" PRId64 " births %" PRId64 " shots %" PRId64 " charted %" PRId64 "\n  ",
           inf_world_now(world), world->soul_pool.live, world->soul_pool.live ? credits / world->soul_pool.live : 0, docked,
           cruising, inf_world_price_level(world), world->header.units_mined, world->header.trades, world->header.jumps,
           world->header.births, world->header.shots, world->header.discoveries);
    for (uint32_t i = 0; i < INF_ACTIVITY_COUNT; i++) printf("%s %u, ", inf_activity_word(i), by_activity[i]);
    uint32_t friends[5] = {0}, hates = 0;
    uint64_t feeling_sum[INF_FEELINGS] = {0};
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (!inf_pool_is_live(&world->soul_pool, i)) continue;
        const InfSoul* soul = inf_soul_at(world, i);
        int32_t best = 0, worst = 0;
        for (uint32_t k = 0; k < INF_RELATIONS; k++) {
            if (soul->relations[k].affection > best) best = soul->relations[k].affection;
            if (soul->relations[k].affection < worst) worst = soul->relations[k].affection;
        }
        friends[best >= 500 ? 4 : best >= 250 ? 3 : best >= 100 ? 2 : best > 0 ? 1 : 0]++;
        hates += worst < -300;
        for (uint32_t k = 0; k < INF_FEELINGS; k++) feeling_sum[k] += soul->feelings[k];
    }
    printf("\n  best friend none %u, below 100 %u, below 250 %u, below 500 %u, bonded %u; hating %u; mean feelings:", friends[0],
           friends[1], friends[2], friends[3], friends[4], hates);
    for (uint32_t k = 0; k < INF_FEELINGS; k++) printf(" %s %" PRIu64, inf_feeling_word(k), feeling_sum[k] / world->soul_pool.live);
    printf("\n  begun: ");
    for (uint32_t i = 0; i < INF_ACTIVITY_COUNT; i++) printf("%s %" PRIu64 ", ", inf_activity_word(i), begun[i]);
    printf("said %" PRIu64 "\n  ", said_count);
    for (uint32_t i = 0; i < INF_HULL_COUNT; i++) printf("%s %u, ", inf_hull(i)->word, by_hull[i]);
    for (uint32_t i = 0; i < INF_DEATH_COUNT; i++) printf("died %s %" PRId64 ", ", inf_cause_word(i), world->header.deaths[i]);
    for (uint32_t i = 1; i < INF_TRADE_COUNT; i++) printf("%s %" PRId64 ", ", inf_trade_word(i), world->header.income_credits[i]);
    printf("\n");
}

TEST(two_thousand_minds_live_for_three_days)
{
    InfWorld* world = soul_test_world(7, 2000, 3000, 30000);
    for (uint64_t tick = 1; tick <= 3 * INF_TICKS_PER_DAY; tick++) {
        inf_world_tick(world, NULL, 0);
        count_events(world);
        if (tick % 18000 == 0) {
            ensure_nobody_is_stuck(world);
            ENSURE(inf_ledger_balanced(world));
            const char* wrong = inf_world_validate(world);
            ENSURE_SAY(wrong == NULL, "%s", wrong);
            report(world);
        }
    }
    ENSURE(world->soul_pool.live > 500);
    ENSURE(world->header.units_mined > 0 && world->header.trades > 0 && world->header.jumps > 0);
    inf_world_destroy(world);
}

// ---- smaller scenes ---------------------------------------------------------------------------------------------------

static uint32_t bear(InfWorld* world, bool player, int64_t credits, const uint8_t traits[INF_TRAITS])
{
    uint32_t place_index1 = inf_soul_concourse(world);
    ENSURE(place_index1 != 0);
    InfSoulDef def = {.player = player, .place_index1 = place_index1, .hull_kind = INF_HULL_SHUTTLE, .credits = credits};
    memcpy(def.traits, traits, INF_TRAITS);
    if (player) {
        memcpy(def.name, "Wren", 5);
        memset(def.key, 0x77, sizeof def.key);
    }
    uint32_t index1 = inf_soul_birth(world, &def);
    ENSURE(index1 != 0);
    return index1;
}

static void even_traits(uint8_t traits[INF_TRAITS]) { memset(traits, 128, INF_TRAITS); }

TEST(the_same_world_lives_the_same_lives_and_a_restored_one_goes_on_in_step)
{
    InfWorld* a = soul_test_world(11, 300, 600, 15000);
    InfWorld* b = soul_test_world(11, 300, 600, 15000);
    for (uint32_t tick = 0; tick < 6000; tick++) {
        inf_world_tick(a, NULL, 0);
        inf_world_tick(b, NULL, 0);
    }
    ENSURE_EQ_U64(inf_world_hash(a), inf_world_hash(b));
    size_t bytes = inf_world_encoded_bytes(a);
    uint8_t* snapshot = malloc(bytes);
    ENSURE_EQ_U64(bytes, inf_world_encode(a, snapshot, bytes));
    InfWorldDef def = inf_world_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.galaxy.seed = 11;
    def.capacity = inf_capacity_for_souls(600);
    InfWorld* restored = NULL;
    ENSURE_EQ_U64(INF_OK, inf_world_decode(&def, snapshot, bytes, &restored));
    for (uint32_t tick = 0; tick < 6000; tick++) {
        inf_world_tick(a, NULL, 0);
        inf_world_tick(restored, NULL, 0);
        if (tick % 500 == 0) ENSURE_EQ_U64(inf_world_hash(a), inf_world_hash(restored));
    }
    ENSURE_EQ_U64(inf_world_hash(a), inf_world_hash(restored));
    free(snapshot);
    inf_world_destroy(a);
    inf_world_destroy(b);
    inf_world_destroy(restored);
}

TEST(somebody_at_the_bar_greets_a_newcomer)
{
    InfWorld* world = soul_test_world(5, 60, 200, 6000);
    uint8_t traits[INF_TRAITS];
    even_traits(traits);
    bear(world, false, 500, traits);
    for (uint32_t i = 0; i < 3; i++) inf_world_tick(world, NULL, 0);
    uint32_t player = bear(world, true, 500, traits);
    const char* name = (const char*)inf_soul_at(world, player)->name;
    bool greeted = false;
    for (uint32_t tick = 0; tick < 100 && !greeted; tick++) {
        inf_world_tick(world, NULL, 0);
        for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
            if (event->kind == INF_EVENT_KIND_Said && strstr(event->Said.text, name) != NULL) {
                printf("  %s: %s\n", event->Said.name, event->Said.text);
                greeted = true;
            }
        }
    }
    ENSURE(greeted);
    inf_world_destroy(world);
}

TEST(a_conversation_at_the_bar)
{
    static const char* const asked[] = {"Hello there!", "any work for me?", "is it dangerous out there? pirates?",
                                        "how are you?", "who are you", "thanks!", "you idiot", "can you help me, I am broke",
                                        "what do you think of the weather", "bye"};
    static const InfIntent meant[] = {INF_INTENT_HELLO, INF_INTENT_WORK, INF_INTENT_DANGER, INF_INTENT_FEEL, INF_INTENT_WHO,
                                      INF_INTENT_THANKS, INF_INTENT_INSULT, INF_INTENT_HELP, INF_INTENT_OTHER, INF_INTENT_BYE};
    InfWorld* world = soul_test_world(5, 60, 200, 6000);
    uint8_t traits[INF_TRAITS];
    even_traits(traits);
    traits[INF_TRAIT_HUMOUR] = 220;
    uint32_t mind = bear(world, false, 900, traits), player = bear(world, true, 500, traits);
    uint64_t mind_id = inf_soul_at(world, mind)->id, player_id = inf_soul_at(world, player)->id;
    for (uint32_t i = 0; i < 10; i++) {
        ENSURE_EQ_U64(meant[i], inf_dialogue_understand(asked[i]));
        inf_world_tick(world, NULL, 0);
        ENSURE_EQ_U64(INF_OK, inf_soul_say(world, player, INF_REACH_WHISPER, mind_id, asked[i]));
        printf("  Wren: %s\n", asked[i]);
        bool answered = false;
        for (uint32_t tick = 0; tick < 60 && !answered; tick++) {
            inf_world_tick(world, NULL, 0);
            for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
                if (event->kind == INF_EVENT_KIND_Said && event->Said.soul == mind_id) {
                    printf("  %s: %s\n", event->Said.name, event->Said.text);
                    answered = true;
                }
            }
        }
        ENSURE_SAY(answered, "no answer to: %s", asked[i]);
    }
    ENSURE(inf_soul_relation(inf_soul_at(world, mind), player_id) != NULL);
    inf_world_destroy(world);
}

TEST(every_line_can_be_said_by_somebody)
{
    InfWorld* world = soul_test_world(5, 400, 600, 15000);
    for (uint32_t tick = 0; tick < 9000; tick++) inf_world_tick(world, NULL, 0);
    // Minds of all tempers and moods, asked for every situation: no line is cut, and there is variety.
    static char seen[4000][INF_SAY_BYTES];
    uint32_t seen_count = 0, hums = 0, lines = 0;
    InfRng rng;
    inf_rng_seed(&rng, 1, 2);
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (!inf_pool_is_live(&world->soul_pool, i)) continue;
        InfMindView view = {.world = world, .soul_index1 = i};
        inf_mind_look(&view);
        InfRemark remark = {.word = "rain", .quote = "Rain on the kitchen window", .seen = "It rains again", .ago_ticks = 700};
        view.host = view.soul->id; // what is said in a head is about something
        view.remark = &remark;
        inf_traits_mix(&rng, NULL, NULL, view.soul->traits);
        for (uint32_t k = 0; k < INF_TRAITS; k++) view.soul->traits[k] = (uint8_t)inf_rng_below(&rng, 256);
        for (uint32_t k = 0; k < INF_FEELINGS; k++) view.soul->feelings[k] = (uint16_t)(inf_rng_below(&rng, 4) == 0 ? 800 : 0);
        inf_soul_remember(world, view.soul, INF_MEMORY_ATTACKED, world->soul_pool.live > 1 ? inf_soul_at(world, 1)->id : 0, 0, 900);
        inf_soul_remember(world, view.soul, INF_MEMORY_LOST, 1, 0, 900);
        uint64_t to = inf_soul_at(world, soul_test_first(world))->id;
        for (uint32_t situation = 0; situation < INF_SITUATION_COUNT; situation++) {
            char line[INF_SAY_BYTES];
            inf_dialogue_line(&view, (InfSituation)situation, to, line);
            ENSURE(line[0] != '\0' && line[INF_SAY_BYTES - 1] == '\0');
            ENSURE_SAY(strchr(line, '{') == NULL && strchr(line, '}') == NULL, "%s", line);
            lines++;
            hums += strcmp(line, "Hm.") == 0;
            uint32_t k = 0;
            while (k < seen_count && strcmp(seen[k], line) != 0) k++;
            if (k == seen_count && seen_count < 4000) memcpy(seen[seen_count++], line, INF_SAY_BYTES);
        }
    }
    printf("  %u templates, %u lines, %u different, %u times nothing to say\n", inf_dialogue_template_count(), lines,
           seen_count, hums);
    ENSURE(seen_count > 800);
    ENSURE(hums * 100 < lines);
    ENSURE(inf_dialogue_template_count() >= 80);
    inf_world_destroy(world);
}

TEST(a_mind_without_means_begs_or_works_and_lives)
{
    InfWorld* world = soul_test_world(5, 60, 200, 6000);
    uint8_t traits[INF_TRAITS];
    even_traits(traits);
    uint32_t mind = bear(world, false, 30, traits);
    uint64_t id = inf_soul_at(world, mind)->id;
    memset(inf_ship_at(world, inf_soul_at(world, mind)->ship_index1)->modules, 0, INF_MODULE_SLOTS); // cannot mine or jump
    uint64_t lived = 0;
    while (lived < INF_TICKS_PER_DAY && inf_soul_find(world, id) != 0) {
        inf_world_tick(world, NULL, 0);
        lived++;
    }
    ENSURE_SAY(lived == INF_TICKS_PER_DAY, "it died after %" PRIu64 " ticks", lived);
    inf_world_destroy(world);
}

TEST(a_mind_in_space_without_fuel_is_not_stuck)
{
    InfWorld* world = soul_test_world(5, 60, 200, 6000);
    uint8_t traits[INF_TRAITS];
    even_traits(traits);
    uint32_t mind = bear(world, false, 2000, traits);
    uint64_t id = inf_soul_at(world, mind)->id;
    uint32_t ship_index1 = inf_soul_at(world, mind)->ship_index1;
    ENSURE_EQ_U64(INF_OK, inf_ship_undock(world, ship_index1));
    for (uint32_t i = 0; i < 60; i++) inf_world_tick(world, NULL, 0);
    for (uint32_t i = 0; i < 20000 && inf_soul_find(world, id) != 0; i++) {
        inf_ship_at(world, inf_soul_at(world, mind)->ship_index1)->fuel = 0;
        inf_world_tick(world, NULL, 0);
        ENSURE(inf_soul_at(world, mind)->timer_tick > inf_world_now(world));
    }
    inf_world_destroy(world);
}

TEST(the_attacked_flee_or_answer_and_remember)
{
    InfWorld* world = soul_test_world(5, 60, 200, 6000);
    uint8_t coward[INF_TRAITS], bold[INF_TRAITS];
    even_traits(coward);
    even_traits(bold);
    coward[INF_TRAIT_COURAGE] = 10, coward[INF_TRAIT_AGGRESSION] = 10;
    bold[INF_TRAIT_COURAGE] = 250, bold[INF_TRAIT_AGGRESSION] = 250, bold[INF_TRAIT_HONESTY] = 10;
    uint32_t minds[2] = {bear(world, false, 900, coward), bear(world, false, 900, bold)};
    uint32_t player = bear(world, true, 500, bold);
    for (uint32_t k = 0; k < 2; k++) {
        inf_timer_set(world, INF_TIMER_SOUL, minds[k], inf_world_now(world) + 5000); // leave it to the scene
        ENSURE_EQ_U64(INF_OK, inf_ship_undock(world, inf_soul_at(world, minds[k])->ship_index1));
    }
    ENSURE_EQ_U64(INF_OK, inf_ship_undock(world, inf_soul_at(world, player)->ship_index1));
    for (uint32_t i = 0; i < 60; i++) {
        inf_world_tick(world, NULL, 0);
        for (uint32_t k = 0; k < 2; k++) inf_timer_set(world, INF_TIMER_SOUL, minds[k], inf_world_now(world) + 5000);
    }
    uint64_t shooter = inf_ship_at(world, inf_soul_at(world, player)->ship_index1)->id;
    InfActivity expected[2] = {INF_ACTIVITY_FLEE, INF_ACTIVITY_AVENGE};
    for (uint32_t k = 0; k < 2; k++) {
        InfSoul* soul = inf_soul_at(world, minds[k]);
        ENSURE_EQ_U64(INF_SHIP_STATE_SPACE, inf_ship_at(world, soul->ship_index1)->state);
        inf_ship_damage(world, soul->ship_index1, 10.0f, shooter);
        ENSURE(inf_soul_feeling(world, soul, INF_FEELING_FEAR) > 100);
        ENSURE(inf_soul_latest(soul, INF_MEMORY_ATTACKED) != NULL);
        for (uint32_t i = 0; i < 6 && soul->activity != expected[k]; i++) inf_world_tick(world, NULL, 0);
        ENSURE_SAY(soul->activity == expected[k], "mind %u does %s", k, inf_activity_word(soul->activity));
    }
    ENSURE(inf_soul_feeling(world, inf_soul_at(world, minds[0]), INF_FEELING_FEAR) >
           inf_soul_feeling(world, inf_soul_at(world, minds[1]), INF_FEELING_FEAR));
    inf_world_destroy(world);
}

TEST(an_external_mind_is_left_alone_until_it_starves_and_does_not)
{
    InfWorld* world = soul_test_world(5, 60, 200, 6000);
    InfInputMindBirth birth = {.credits = 400, .hull = INF_HULL_SHUTTLE};
    memset(birth.key, 3, sizeof birth.key);
    memset(birth.traits, 128, sizeof birth.traits);
    ENSURE_EQ_U64(INF_OK, inf_apply_MindBirth(world, &birth));
    uint64_t id = world->header.soul_sequence;
    uint32_t index1 = inf_soul_find(world, id);
    for (uint64_t tick = 0; tick < INF_TICKS_PER_DAY; tick++) {
        inf_world_tick(world, NULL, 0);
        ENSURE(inf_soul_find(world, id) != 0);
        const InfSoul* soul = inf_soul_at(world, index1);
        if (tick < 12000) { // it is not starving: nothing happens that nobody ordered
            ENSURE(inf_soul_is_docked(world, soul));
            ENSURE_EQ_U64(INF_ACTIVITY_IDLE, soul->activity);
        }
        ENSURE(soul->activity == INF_ACTIVITY_IDLE || soul->activity == INF_ACTIVITY_MINE);
    }
    inf_world_destroy(world);
}
