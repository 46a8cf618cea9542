// Among people: talking, answering, begging, giving. Whoever talks gets to know somebody, is less lonely, and hears what
// the other knows about prices. Aloud only so often per station; the rest is a quiet word that changes the two alike.
#include "mind/mind.h"
#include "soul/riders.h"

#define FACES_SEEN 10u

static uint32_t mind_docked_here(const InfMindView* view, uint64_t id)
{
    uint32_t other = inf_soul_find(view->world, id);
    if (other == 0 || other == view->soul_index1 || view->station_index1 == 0) {
        return 0;
    }
    const InfSoul* soul = inf_soul_at(view->world, other);
    return inf_soul_is_docked(view->world, soul) && inf_soul_here(view->world, soul) == view->place_index1 ? other : 0;
}

uint32_t inf_mind_find_company(InfMindView* view)
{
    const InfSoul* soul = view->soul;
    uint32_t best = 0;
    int32_t best_value = INT32_MIN;
    for (uint32_t i = 0; i < INF_RELATIONS; i++) { // friends first
        const InfRelation* relation = &soul->relations[i];
        if (relation->who == 0 || relation->affection <= best_value || relation->affection < 0) continue;
        uint32_t other = mind_docked_here(view, relation->who);
        if (other != 0) {
            best = other;
            best_value = relation->affection;
        }
    }
    // A new face with the sociable and the trusting, from somewhere among those docked here.
    int32_t open = inf_soul_trait(soul, INF_TRAIT_FAITH) + inf_soul_trait(soul, INF_TRAIT_SOCIABILITY);
    if (best != 0 && !inf_rng_ratio(inf_soul_rng(view->soul), (uint64_t)open, 5000)) {
        return best;
    }
    uint32_t skip = (uint32_t)inf_rng_below(inf_soul_rng(view->soul), FACES_SEEN);
    uint32_t index1 = view->place->docked_first, found = best;
    for (uint32_t i = 0; i < FACES_SEEN && index1 != 0; i++) {
        const InfShip* ship = inf_ship_at(view->world, index1);
        index1 = ship->next_in_place;
        if (ship->pilot_index1 == 0 || ship->pilot_index1 == view->soul_index1) continue;
        const InfRelation* relation = inf_soul_relation(soul, inf_soul_at(view->world, ship->pilot_index1)->id);
        if (relation != NULL && relation->affection < 0) continue;
        found = ship->pilot_index1;
        if (i >= skip) break;
    }
    return found;
}

static InfStation* station_of(const InfMindView* view)
{
    return view->station_index1 == 0 ? NULL : inf_station_at(view->world, view->station_index1);
}

/// Say it aloud if the room is quiet enough; a mind that it is said to may answer. True if it was said.
static bool say_if_quiet(InfMindView* view, InfSituation situation, uint64_t to)
{
    InfStation* station = station_of(view);
    if (station == NULL || view->now < station->last_talk_tick + INF_TUNE_TALK_PLACE_TICKS) {
        return false;
    }
    char line[INF_SAY_BYTES];
    inf_dialogue_line(view, situation, to, line);
    if (inf_soul_say(view->world, view->soul_index1, INF_REACH_PLACE, 0, line) != INF_OK) {
        return false;
    }
    station->last_talk_tick = view->now;
    uint32_t hearer = mind_docked_here(view, to);
    if (hearer != 0 && inf_mind_is_built_in(inf_soul_at(view->world, hearer))) {
        inf_mind_hear(view->world, hearer, view->soul->id, line);
    }
    return true;
}

void inf_mind_meet_friends(InfMindView* view)
{
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        const InfRelation* relation = &view->soul->relations[i];
        if (relation->who == 0 || (relation->affection < 200 && relation->affection > -250)) continue;
        uint32_t other = mind_docked_here(view, relation->who);
        if (other == 0) continue;
        if (relation->affection > 0) {
            inf_soul_company(view->world, view->soul, 80);
        } else {
            inf_soul_feel(view->world, view->soul, INF_FEELING_ANGER, 80);
        }
        // People notice being greeted; among minds it is said now and then.
        if (!inf_mind_is_built_in(inf_soul_at(view->world, other)) || inf_rng_ratio(inf_soul_rng(view->soul), 1, 6)) {
            say_if_quiet(view, relation->affection > 0 ? INF_SAY_REUNION : INF_SAY_GRUDGE, relation->who);
        }
        return;
    }
}

bool inf_mind_find_friend(InfMindView* view, InfSystemAddress* address, uint8_t* body)
{
    const InfRelation* best = NULL;
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        const InfRelation* relation = &view->soul->relations[i];
        if (relation->who != 0 && relation->affection >= 120 && (best == NULL || relation->affection > best->affection)) {
            best = relation;
        }
    }
    uint32_t other = best == NULL ? 0 : inf_soul_find(view->world, best->who);
    if (other == 0 || !inf_soul_is_docked(view->world, inf_soul_at(view->world, other))) {
        return false;
    }
    uint32_t place_index1 = inf_soul_here(view->world, inf_soul_at(view->world, other));
    *address = inf_place_address(view->world, place_index1);
    *body = inf_place_at(view->world, place_index1)->body;
    if (place_index1 == view->place_index1 || inf_soul_dread(view->world, view->soul, *address, *body) > 400) {
        return false;
    }
    uint64_t distance = inf_same_system(*address, view->here) ? 0 : inf_mind_distance(view, *address);
    return distance <= inf_jump_range_mly(view->ship) && inf_jump_fuel(view->ship, distance) + 1500 < view->ship->fuel;
}

/// How two get on: alike in temper, honest, merry; 0..100.
static int32_t sympathy(const InfSoul* a, const InfSoul* b)
{
    static const uint8_t matters[] = {INF_TRAIT_EMPATHY, INF_TRAIT_HONESTY, INF_TRAIT_HUMOUR, INF_TRAIT_CURIOSITY,
                                      INF_TRAIT_AGGRESSION};
    int32_t apart = 0;
    for (uint32_t i = 0; i < sizeof matters; i++) {
        apart += (int32_t)inf_abs_i64(a->traits[matters[i]] - b->traits[matters[i]]);
    }
    return (int32_t)inf_clamp_i64(100 - apart / 6 + b->traits[INF_TRAIT_HUMOUR] / 12, 0, 100);
}

static void get_on(InfWorld* world, InfSoul* a, InfSoul* b)
{
    inf_soul_relate(world, a, b->id, sympathy(a, b) - 10, 12 + inf_soul_trait(a, INF_TRAIT_FAITH) / 60, 0);
    inf_soul_company(world, a, 350);
}

enum { TALK_OPEN, TALK_ON };

void inf_mind_step_talk(InfMindView* view)
{
    InfSoul* soul = view->soul;
    InfWorld* world = view->world;
    uint32_t other_index1 = mind_docked_here(view, soul->companion);
    if (other_index1 == 0) {
        inf_mind_end(view, false);
        return;
    }
    InfSoul* other = inf_soul_at(world, other_index1);
    if (soul->plan_phase == TALK_OPEN) {
        soul->plan_phase = TALK_ON;
        bool first = inf_soul_relation(soul, other->id) == NULL;
        get_on(world, soul, other);
        if (inf_soul_is_mind(other)) {
            get_on(world, other, soul);
            inf_mind_exchange_prices(soul->prices, other->prices);
        }
        inf_soul_remember(world, soul, INF_MEMORY_TALKED, other->id, 0, 120);
        inf_soul_remember(world, other, INF_MEMORY_TALKED, soul->id, 0, 100);
        const InfRelation* bond = inf_soul_relation(soul, other->id);
        InfSituation situation = first ? INF_SAY_GREETING : (InfSituation)INF_SAY_MOOD;
        if (!first && inf_rng_ratio(inf_soul_rng(soul), 1, 2)) {
            situation = inf_rng_ratio(inf_soul_rng(soul), 1, 2) ? INF_SAY_STORY : INF_SAY_SMALL_TALK;
        }
        if (!first && bond != NULL && bond->affection > 150 && inf_rng_ratio(inf_soul_rng(soul), 1, 3)) {
            situation = INF_SAY_REUNION;
        }
        say_if_quiet(view, situation, other->id);
        inf_mind_sleep(view, 120 + inf_rng_below(inf_soul_rng(soul), 120));
        return;
    }
    if (inf_rng_ratio(inf_soul_rng(soul), 2, 3)) {
        say_if_quiet(view, inf_rng_ratio(inf_soul_rng(soul), 2, 3) ? INF_SAY_TIP : INF_SAY_WARNING, other->id);
    }
    inf_mind_end(view, true);
}

// ---- begging and giving --------------------------------------------------------------------------------------------

/// What this mind would give to that one now, 0: nothing. Out of empathy, affection and plenty.
static int64_t gift_of(const InfWorld* world, const InfSoul* giver, uint64_t beggar)
{
    int64_t carried = inf_account_at(world, giver->carried_account)->credits;
    int64_t spare = inf_soul_credits(world, giver) - 6 * INF_TUNE_MIND_RESERVE_CREDITS;
    if (spare <= 0 || carried <= 0) {
        return 0;
    }
    const InfRelation* relation = inf_soul_relation(giver, beggar);
    int32_t heart = inf_soul_trait(giver, INF_TRAIT_EMPATHY) + inf_soul_trait(giver, INF_TRAIT_FAITH) / 3 -
                    inf_soul_trait(giver, INF_TRAIT_GREED) / 2 +
                    (relation == NULL ? 0 : relation->affection - (relation->debt_credits > 200 ? 300 : 0));
    if (heart < 550) {
        return 0;
    }
    return inf_min_i64(inf_min_i64(40 + heart / 8, spare / 3), carried);
}

static bool give(InfWorld* world, uint32_t giver_index1, uint32_t beggar_index1, int64_t credits)
{
    InfSoul* giver = inf_soul_at(world, giver_index1);
    InfSoul* beggar = inf_soul_at(world, beggar_index1);
    if (credits < 1 || inf_ledger_move(world, giver->carried_account, beggar->carried_account, credits, INF_REASON_GIFT) != INF_OK) {
        return false;
    }
    inf_income_count(world, INF_TRADE_GIFTS, credits);
    int32_t amount = (int32_t)inf_min_i64(credits, 1000000);
    inf_soul_relate(world, giver, beggar->id, 40, 0, amount);
    inf_soul_relate(world, beggar, giver->id, 160, 120, -amount);
    inf_soul_remember(world, giver, INF_MEMORY_HELPED_OTHER, beggar->id, amount, 250);
    inf_soul_remember(world, beggar, INF_MEMORY_HELPED, giver->id, amount, 500);
    inf_soul_feel(world, giver, INF_FEELING_JOY, 100);
    inf_soul_company(world, beggar, 250);
    INF_EMIT(world, inf_soul_here(world, giver), Activity, event)
    {
        event->Activity.soul = giver->id;
        event->Activity.activity = INF_ACTIVITY_HELP;
    }
    INF_EMIT(world, inf_soul_here(world, beggar), Paid, event)
    {
        event->Paid.soul = beggar->id;
        event->Paid.payer = giver->id;
        event->Paid.credits = credits;
    }
    return true;
}

/// Ask those who know this mind, then a few strangers. True if somebody gave.
static bool ask_around(InfMindView* view)
{
    InfSoul* soul = view->soul;
    bool given = false;
    for (uint32_t i = 0; i < INF_RELATIONS && !given; i++) {
        uint32_t other = mind_docked_here(view, soul->relations[i].who);
        if (other == 0 || !inf_mind_is_built_in(inf_soul_at(view->world, other))) continue;
        given = give(view->world, other, view->soul_index1, gift_of(view->world, inf_soul_at(view->world, other), soul->id));
    }
    uint32_t index1 = view->place->docked_first;
    for (uint32_t i = 0; i < 4 && index1 != 0 && !given; i++) {
        const InfShip* ship = inf_ship_at(view->world, index1);
        index1 = ship->next_in_place;
        uint32_t other = ship->pilot_index1;
        if (other == 0 || other == view->soul_index1 || !inf_mind_is_built_in(inf_soul_at(view->world, other))) continue;
        given = give(view->world, other, view->soul_index1, gift_of(view->world, inf_soul_at(view->world, other), soul->id));
    }
    return given;
}

void inf_mind_step_beg(InfMindView* view)
{
    InfSoul* soul = view->soul;
    if (view->station_index1 == 0) { // adrift
        if (soul->plan_phase == 0) {
            soul->plan_phase = 1;
            char line[INF_SAY_BYTES];
            inf_dialogue_line(view, INF_SAY_BEG, 0, line);
            (void)inf_soul_say(view->world, view->soul_index1, INF_REACH_PLACE, 0, line); // nobody near: nobody hears
            inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
        } else {
            inf_mind_end(view, false);
            inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
        }
        return;
    }
    if (soul->plan_phase == 0) {
        soul->plan_phase = 1;
        say_if_quiet(view, INF_SAY_BEG, 0);
        inf_mind_sleep(view, 60);
        return;
    }
    bool given = inf_mind_earned(view) > 0; // a person was quicker
    given = given || ask_around(view);
    if (given) {
        view->credits = inf_soul_credits(view->world, soul);
        say_if_quiet(view, INF_SAY_THANKS, 0);
    } else {
        inf_soul_feel(view->world, soul, INF_FEELING_ANGER, 60);
        inf_soul_feel(view->world, soul, INF_FEELING_LONELINESS, 60);
    }
    inf_mind_end(view, given);
    if (!given) { // begging in vain: a shift brings bread
        inf_mind_begin(view, INF_ACTIVITY_WORK);
        inf_mind_step_work(view);
    }
}

// ---- answering --------------------------------------------------------------------------------------------------------

static InfSituation answer_to(InfMindView* view, uint32_t intent, uint32_t other_index1)
{
    InfSoul* soul = view->soul;
    const InfRelation* grudge = inf_soul_relation(soul, soul->companion);
    if (grudge != NULL && grudge->affection < -250 && intent != INF_INTENT_NEWCOMER) {
        return INF_SAY_GRUDGE;
    }
    switch (intent) {
    case INF_INTENT_NEWCOMER: return INF_SAY_NEWCOMER;
    case INF_INTENT_WORK: return INF_SAY_TIP;
    case INF_INTENT_DANGER: return INF_SAY_WARNING;
    case INF_INTENT_FEEL: return INF_SAY_MOOD;
    case INF_INTENT_WHO: return INF_SAY_WHO;
    case INF_INTENT_THANKS:
        inf_soul_feel(view->world, soul, INF_FEELING_JOY, 60);
        return INF_SAY_BYE;
    case INF_INTENT_BYE: return INF_SAY_BYE;
    case INF_INTENT_INSULT:
        inf_soul_feel(view->world, soul, INF_FEELING_ANGER, 150);
        inf_soul_relate(view->world, soul, soul->companion, -120, -60, 0);
        return INF_SAY_STUNG;
    case INF_INTENT_HELP:
        if (other_index1 != 0 && inf_soul_credits(view->world, inf_soul_at(view->world, other_index1)) < 400 &&
            give(view->world, view->soul_index1, other_index1, gift_of(view->world, soul, soul->companion))) {
            return INF_SAY_GIVE;
        }
        return INF_SAY_REFUSE;
    case INF_INTENT_HELLO: {
        const InfRelation* relation = inf_soul_relation(soul, soul->companion);
        return relation == NULL || relation->affection < 60 ? INF_SAY_GREETING : INF_SAY_REUNION;
    }
    default: return inf_rng_ratio(inf_soul_rng(soul), 1, 2) ? INF_SAY_SMALL_TALK : INF_SAY_STORY;
    }
}

void inf_mind_answer(InfMindView* view)
{
    InfSoul* soul = view->soul;
    if (inf_head_host_answers(view->world, view->soul_index1)) {
        return; // a passenger had spoken
    }
    uint32_t intent = inf_intent_of(soul);
    soul->plan_step &= ~INF_PLAN_INTENT_MASK;
    uint32_t other = inf_soul_find(view->world, soul->companion);
    if (other == 0 || inf_soul_here(view->world, inf_soul_at(view->world, other)) != view->place_index1) {
        return; // gone already
    }
    if (intent != INF_INTENT_INSULT) {
        inf_soul_relate(view->world, soul, soul->companion, 15 + inf_soul_trait(soul, INF_TRAIT_FAITH) / 50, 8, 0);
    }
    inf_soul_company(view->world, soul, 250);
    inf_soul_remember(view->world, soul, INF_MEMORY_TALKED, soul->companion, 0, 200);
    char line[INF_SAY_BYTES];
    inf_dialogue_line(view, answer_to(view, intent, other), soul->companion, line);
    (void)inf_soul_say(view->world, view->soul_index1, INF_REACH_PLACE, 0, line); // in cruise nobody hears it
    InfStation* station = station_of(view);
    if (station == NULL) {
        return;
    }
    station->last_talk_tick = view->now;
    if (soul->activity == INF_ACTIVITY_IDLE && !inf_mind_is_built_in(inf_soul_at(view->world, other))) {
        // It stays for a while: who talks to it may have more to say.
        inf_mind_begin(view, INF_ACTIVITY_REST);
        soul->plan_phase = 1;
        soul->plan_units = (uint32_t)(view->now + 250);
    }
}
