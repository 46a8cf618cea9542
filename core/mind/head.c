// Talk inside a head. Whoever is in it hears every word: the host and its passengers, nobody else. A built-in passenger
// answers what is said to it, has something to say to what the senses bring, and now and then speaks by itself, out of
// what it feels and remembers; all of it at the pace of people, and never into a line that was only just said.
//
// A talk among built-in minds ends: an answer to an answer is less and less likely (plan_phase counts how deep it is).
#include "soul/riders.h"

#include "mind/mind.h"

#include "infinity/text.h"

#define DEPTH_MAX 3u
/// So many who hear a person turn to it.
#define NOTICING 2u

static InfSoul* host_soul(const InfWorld* world, uint64_t host)
{
    uint32_t index1 = inf_soul_find(world, host);
    return index1 != 0 ? inf_soul_at(world, index1) : NULL;
}

static void pull_timer(InfWorld* world, uint32_t passenger_index1, uint64_t ticks)
{
    uint64_t tick = inf_world_now(world) + ticks;
    uint64_t set = inf_rider_soul(world, passenger_index1)->timer_tick;
    if (set == 0 || set > tick) {
        inf_timer_set(world, INF_TIMER_PASSENGER, passenger_index1, tick);
    }
}

/// When somebody last spoke in that head (as far as its passengers know).
static uint64_t last_word_tick(const InfWorld* world, uint64_t host)
{
    uint64_t last = 0;
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        uint64_t tick = inf_passenger_at(world, i)->last_talk_tick;
        last = tick > last ? tick : last;
    }
    return last;
}

static size_t bytes_of(const char* text)
{
    size_t count = 0;
    while (count < INF_SAY_BYTES && text[count] != '\0') {
        count++;
    }
    return count;
}

static void emit_said(InfWorld* world, const InfSoul* soul, uint64_t host, const char* text, size_t bytes)
{
    INF_EMIT(world, 0, Said, event)
    {
        event->Said.soul = soul->id;
        event->Said.to = host;
        event->Said.reach = INF_REACH_HEAD;
        memcpy(event->Said.name, soul->name, INF_NAME_BYTES);
        memcpy(event->Said.text, text, bytes);
    }
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        inf_passenger_at(world, i)->last_talk_tick = inf_world_now(world);
    }
    if (world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE) { // here talk is kept: its passengers live by it
        uint8_t speaker[INF_HASH_BYTES] = {0};
        memcpy(speaker, &soul->id, sizeof soul->id);
        (void)inf_impression_keep(world, INF_SENSE_SAID, (const char*)soul->name, speaker, text, (uint32_t)bytes);
    }
}

/// A built-in passenger takes it in and will answer.
static void hear(InfWorld* world, uint32_t passenger_index1, uint64_t speaker, const char* text, uint32_t depth)
{
    InfSoul* soul = inf_rider_soul(world, passenger_index1);
    uint32_t intent = (uint32_t)inf_dialogue_understand(text);
    soul->companion = speaker;
    soul->plan_phase = (uint8_t)depth;
    soul->plan_step = (soul->plan_step & ~INF_PLAN_INTENT_MASK) | (intent << INF_PLAN_INTENT_SHIFT);
    pull_timer(world, passenger_index1, 18 + inf_rng_below(inf_soul_rng(soul), 30)); // people think before they answer
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/// Is it called by the first part of its name?
static bool is_called(const char* text, const InfSoul* soul)
{
    const char* name = (const char*)soul->name;
    for (const char* at = text; *at != '\0'; at++) {
        uint32_t i = 0;
        while (name[i] != '\0' && name[i] != ' ' && lower(at[i]) == lower(name[i])) {
            i++;
        }
        if (i >= 3 && (name[i] == '\0' || name[i] == ' ')) {
            return true;
        }
    }
    return false;
}

/// A person (or a mind from outside) has spoken: whoever is called answers, else those who turn to it most readily.
static void tell_head(InfWorld* world, const InfSoul* speaker, uint64_t host, const char* text)
{
    uint32_t best[NOTICING] = {0};
    int32_t best_readiness[NOTICING] = {INT32_MIN, INT32_MIN};
    bool called = false;
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        const InfSoul* soul = inf_rider_soul(world, i);
        if (soul->id == speaker->id || !inf_mind_is_built_in(soul)) continue;
        if (is_called(text, soul)) {
            hear(world, i, speaker->id, text, 0);
            called = true;
        }
        const InfRelation* relation = inf_soul_relation(soul, speaker->id);
        int32_t value = inf_soul_trait(soul, INF_TRAIT_SOCIABILITY) + (relation != NULL ? relation->affection : 0) +
                        (int32_t)inf_rng_below(inf_soul_rng(inf_rider_soul(world, i)), 300);
        for (uint32_t k = 0; k < NOTICING; k++) {
            if (value > best_readiness[k]) {
                for (uint32_t j = NOTICING - 1; j > k; j--) {
                    best[j] = best[j - 1];
                    best_readiness[j] = best_readiness[j - 1];
                }
                best[k] = i;
                best_readiness[k] = value;
                break;
            }
        }
    }
    for (uint32_t k = 0; k < NOTICING && !called; k++) {
        // The second one not always: a head is not a choir.
        if (best[k] != 0 && (k == 0 || inf_rng_ratio(inf_soul_rng(inf_rider_soul(world, best[k])), 1, 3))) {
            hear(world, best[k], speaker->id, text, 0);
        }
    }
    uint32_t host_index1 = inf_soul_find(world, host);
    if (host_index1 != 0 && host != speaker->id && (best[0] == 0 || is_called(text, inf_soul_at(world, host_index1)))) {
        inf_mind_hear(world, host_index1, speaker->id, text);
    }
}

InfResult inf_head_say(InfWorld* world, InfSoul* soul, uint64_t host, const char* text)
{
    size_t bytes = bytes_of(text);
    if (bytes == 0 || inf_text_check(text, bytes, INF_SAY_BYTES - 1) != INF_TEXT_OK) {
        return INF_ERROR_FORMAT;
    }
    if (inf_riders_first(world, host) == 0) {
        return INF_ERROR_STATE; // it is alone in there
    }
    emit_said(world, soul, host, text, bytes);
    tell_head(world, soul, host, text);
    return INF_OK;
}

// ---- what they say ------------------------------------------------------------------------------------------------------

/// What a passenger looks at: the world through its host, its own soul. False while the host has no body.
static bool look(InfWorld* world, InfSoul* soul, uint64_t host, InfMindView* view)
{
    InfSoul* carrier = host_soul(world, host);
    if (carrier == NULL || carrier->ship_index1 == 0) {
        return false;
    }
    memset(view, 0, sizeof *view);
    view->world = world;
    view->soul_index1 = 0;
    view->soul = soul;
    view->host = host;
    view->ship = inf_ship_at(world, carrier->ship_index1);
    view->place_index1 = view->ship->place_index1;
    view->place = view->place_index1 != 0 ? inf_place_at(world, view->place_index1) : NULL;
    view->station_index1 = view->ship->state == INF_SHIP_STATE_DOCKED && view->place != NULL ? view->place->station_index1 : 0;
    view->here = view->place_index1 != 0 ? inf_place_address(world, view->place_index1) : (InfSystemAddress){0, 0, 0, 0};
    view->credits = inf_soul_credits(world, soul);
    view->now = inf_world_now(world);
    return true;
}

/// The line is meant for one of them, who may answer.
static void say(InfMindView* view, InfSituation situation, uint64_t to, uint32_t depth)
{
    char line[INF_SAY_BYTES];
    InfWorld* world = view->world;
    InfSoul* soul = view->soul;
    inf_dialogue_line(view, situation, to, line);
    emit_said(world, soul, view->host, line, bytes_of(line));
    if (depth >= DEPTH_MAX || !inf_rng_ratio(inf_soul_rng(soul), DEPTH_MAX - depth, DEPTH_MAX + 1)) {
        return;
    }
    uint32_t other = inf_rider_find(world, to);
    if (other != 0 && inf_mind_is_built_in(inf_rider_soul(world, other))) {
        hear(world, other, soul->id, line, depth + 1);
    } else if (to == view->host && depth == 0) {
        inf_mind_hear(world, inf_soul_find(world, to), soul->id, line);
    }
}

static InfSituation situation_of_memory(const InfMemory* memory)
{
    switch (memory->kind) {
    case INF_MEMORY_LOST: return INF_SAY_OLD_LOST;
    case INF_MEMORY_ATTACKED:
    case INF_MEMORY_ROBBED:
    case INF_MEMORY_FLED: return INF_SAY_OLD_HARM;
    case INF_MEMORY_TRADED:
    case INF_MEMORY_MINED: return INF_SAY_OLD_WORK;
    case INF_MEMORY_DISCOVERED: return INF_SAY_OLD_FOUND;
    case INF_MEMORY_STARVED: return INF_SAY_OLD_HUNGER;
    case INF_MEMORY_BORN: return INF_SAY_OLD_BORN;
    default: return INF_SAY_OLD_KIN;
    }
}

/// To what the senses brought: what it is like, or what it was in another life, or that it is new.
static void remark_on(InfMindView* view, uint32_t impression)
{
    InfWorld* world = view->world;
    InfSoul* soul = view->soul;
    InfRemark remark;
    if (!inf_impression_recall(world, impression, &remark)) {
        return;
    }
    view->remark = &remark;
    InfRemark kin = remark;
    const InfMemory* memory = inf_impression_kin(world, soul, impression, &kin);
    bool reminded = remark.quote[0] != '\0' && remark.word[0] != '\0';
    if (memory != NULL && (!reminded || (!remark.is_same && inf_rng_ratio(inf_soul_rng(soul), 2, 5)))) {
        view->remark = &kin;
        if (memory->kind == INF_MEMORY_LOST) {
            inf_soul_feel(world, soul, INF_FEELING_GRIEF, 60);
        }
        say(view, situation_of_memory(memory), view->host, 1);
    } else if (reminded) {
        inf_soul_feel(world, soul, INF_FEELING_JOY, 25);
        say(view, INF_SAY_REMIND, view->host, 1);
    } else if (remark.word[0] != '\0') {
        inf_soul_feel(world, soul, INF_FEELING_BOREDOM, -120);
        inf_soul_feel(world, soul, INF_FEELING_JOY, inf_soul_trait(soul, INF_TRAIT_CURIOSITY) / 20);
        say(view, INF_SAY_UNKNOWN, view->host, 1);
    } else {
        say(view, INF_SAY_PICTURE, view->host, 1);
    }
    inf_soul_company(world, soul, 60);
}

static InfSituation answer_to(InfMindView* view, uint32_t intent)
{
    InfSoul* soul = view->soul;
    const InfRelation* grudge = inf_soul_relation(soul, soul->companion);
    if (grudge != NULL && grudge->affection < -250) {
        return INF_SAY_GRUDGE;
    }
    switch (intent) {
    case INF_INTENT_ABOARD: return INF_SAY_ABOARD;
    case INF_INTENT_PART: return INF_SAY_PART;
    case INF_INTENT_DANGER: return INF_SAY_WARNING;
    case INF_INTENT_FEEL: return INF_SAY_MOOD;
    case INF_INTENT_WHO: return INF_SAY_WHO;
    case INF_INTENT_THANKS:
    case INF_INTENT_BYE: return INF_SAY_BYE;
    case INF_INTENT_INSULT:
        inf_soul_feel(view->world, soul, INF_FEELING_ANGER, 150);
        inf_soul_relate(view->world, soul, soul->companion, -120, -60, 0);
        return INF_SAY_STUNG;
    case INF_INTENT_HELLO: return INF_SAY_REUNION;
    default: break;
    }
    if (soul->companion != view->host) {
        return inf_rng_ratio(inf_soul_rng(soul), 1, 3) ? INF_SAY_STORY : INF_SAY_FELLOW;
    }
    return inf_rng_ratio(inf_soul_rng(soul), 1, 2) ? INF_SAY_STORY : INF_SAY_MOOD;
}

static void answer(InfMindView* view, uint32_t intent)
{
    InfSoul* soul = view->soul;
    if (intent == INF_INTENT_SENSED) {
        remark_on(view, soul->plan_units);
        return;
    }
    uint64_t to = soul->companion;
    if (inf_soul_anyhow(view->world, to) == NULL) {
        return; // gone already
    }
    if (intent != INF_INTENT_INSULT) {
        inf_soul_relate(view->world, soul, to, 12, 8, 0);
    }
    inf_soul_company(view->world, soul, 200);
    say(view, answer_to(view, intent), to, soul->plan_phase);
}

/// Somebody to say it to: a fellow passenger by chance, else the host.
static uint64_t choose_listener(InfMindView* view)
{
    uint32_t count = inf_riders_count(view->world, view->host);
    uint32_t skip = (uint32_t)inf_rng_below(inf_soul_rng(view->soul), count + 1);
    for (uint32_t i = inf_riders_first(view->world, view->host); i != 0; i = inf_passenger_at(view->world, i)->next_of_host) {
        if (inf_rider_soul(view->world, i)->id == view->soul->id) continue;
        if (skip == 0) return inf_rider_soul(view->world, i)->id;
        skip--;
    }
    return view->host;
}

/// The newest things that were perceived, one of them by chance; 0: nothing of late.
static uint64_t recent_impression(InfMindView* view)
{
    uint64_t newest = view->world->header.impression_sequence;
    for (uint32_t tries = 0; tries < 8 && newest > 0; tries++) {
        uint64_t sequence = newest - inf_rng_below(inf_soul_rng(view->soul), newest < 24 ? newest : 24);
        const InfImpression* impression = inf_impression_find(view->world, sequence);
        if (impression != NULL && impression->kind != INF_SENSE_SAID && impression->text_bytes != 0) {
            return sequence;
        }
    }
    return 0;
}

static void speak_up(InfMindView* view)
{
    InfRng* rng = inf_soul_rng(view->soul);
    uint64_t to = choose_listener(view);
    InfRemark remark;
    uint64_t impression = view->world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE ? recent_impression(view) : 0;
    InfSituation situation = INF_SAY_RIDE;
    uint64_t draw = inf_rng_below(rng, 10);
    if (impression != 0 && draw < 5 && inf_impression_recall(view->world, impression, &remark)) {
        view->remark = &remark;
        situation = INF_SAY_MUSE;
    } else if (draw < 7) {
        situation = INF_SAY_STORY;
    } else if (draw < 8 && view->world->header.galaxy_kind != INF_GALAXY_KIND_AWAKE) {
        situation = INF_SAY_MOOD;
    }
    inf_soul_company(view->world, view->soul, 120);
    say(view, situation, to, 0);
}

void inf_head_turn(InfWorld* world, uint32_t passenger_index1)
{
    InfSoul* soul = inf_rider_soul(world, passenger_index1);
    uint64_t host = inf_passenger_at(world, passenger_index1)->host, now = inf_world_now(world);
    InfMindView view;
    if (!look(world, soul, host, &view)) {
        return;
    }
    uint64_t quiet_since = last_word_tick(world, host);
    if (quiet_since + INF_TUNE_HEAD_PAUSE_TICKS > now) { // somebody has only just spoken
        inf_timer_set(world, INF_TIMER_PASSENGER, passenger_index1,
                      quiet_since + INF_TUNE_HEAD_PAUSE_TICKS + inf_rng_below(inf_soul_rng(soul), 12));
        return;
    }
    uint32_t intent = inf_intent_of(soul);
    soul->plan_step &= ~INF_PLAN_INTENT_MASK;
    if (intent != INF_INTENT_NONE) {
        answer(&view, intent);
    } else {
        speak_up(&view);
    }
    // The sociable speak more often; more of them in a head, each of them less.
    uint64_t pause = INF_TUNE_HEAD_TALK_TICKS * (uint64_t)(1600 - inf_soul_trait(soul, INF_TRAIT_SOCIABILITY)) / 1000u;
    pause = pause * (2 + inf_riders_count(world, host)) / 3;
    inf_timer_set(world, INF_TIMER_PASSENGER, passenger_index1, now + pause + inf_rng_below(inf_soul_rng(soul), pause / 2 + 1));
}

// ---- what makes them speak ----------------------------------------------------------------------------------------------

static void intend(InfWorld* world, uint32_t passenger_index1, InfIntent intent, uint64_t about, uint32_t units, uint64_t ticks)
{
    InfSoul* soul = inf_rider_soul(world, passenger_index1);
    soul->companion = about;
    soul->plan_units = units;
    soul->plan_phase = DEPTH_MAX; // nobody has to answer that
    soul->plan_step = (soul->plan_step & ~INF_PLAN_INTENT_MASK) | ((uint32_t)intent << INF_PLAN_INTENT_SHIFT);
    pull_timer(world, passenger_index1, ticks);
}

/// The built-in passenger with the most of two traits, a little by chance; not `not_soul`, not one with something to say.
static uint32_t readiest(InfWorld* world, uint64_t host, InfTraitKind trait, uint64_t not_soul)
{
    uint32_t best = 0;
    int32_t best_value = -1;
    for (uint32_t i = inf_riders_first(world, host); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
        InfSoul* soul = inf_rider_soul(world, i);
        if (soul->id == not_soul || !inf_mind_is_built_in(soul) || inf_intent_of(soul) != INF_INTENT_NONE) continue;
        int32_t value = inf_soul_trait(soul, trait) + inf_soul_trait(soul, INF_TRAIT_SOCIABILITY) +
                        (int32_t)inf_rng_below(inf_soul_rng(soul), 1000);
        if (value > best_value) {
            best = i;
            best_value = value;
        }
    }
    return best;
}

void inf_head_sensed(InfWorld* world, uint64_t host, uint64_t impression)
{
    uint32_t first = readiest(world, host, INF_TRAIT_CURIOSITY, 0);
    if (first == 0) {
        return;
    }
    InfRng* rng = inf_soul_rng(inf_rider_soul(world, first));
    intend(world, first, INF_INTENT_SENSED, host, (uint32_t)impression, 15 + inf_rng_below(rng, 30));
    uint32_t second = inf_rng_ratio(rng, 1, 2) ? readiest(world, host, INF_TRAIT_EMPATHY, 0) : 0;
    if (second != 0) {
        intend(world, second, INF_INTENT_SENSED, host, (uint32_t)impression, 70 + inf_rng_below(rng, 60));
    }
}

void inf_head_greet(InfWorld* world, uint64_t host, uint64_t who, bool comes)
{
    uint32_t index1 = readiest(world, host, INF_TRAIT_EMPATHY, who);
    if (index1 != 0) {
        intend(world, index1, comes ? INF_INTENT_ABOARD : INF_INTENT_PART, who, 0, 20);
    }
}

bool inf_head_host_answers(InfWorld* world, uint32_t host_index1)
{
    InfSoul* soul = inf_soul_at(world, host_index1);
    uint32_t rider = inf_rider_find(world, soul->companion);
    InfMindView view;
    if (rider == 0 || inf_passenger_at(world, rider)->host != soul->id || !look(world, soul, soul->id, &view)) {
        return false;
    }
    uint32_t intent = inf_intent_of(soul);
    soul->plan_step &= ~INF_PLAN_INTENT_MASK;
    uint64_t to = soul->companion;
    inf_soul_relate(world, soul, to, 12, 8, 0);
    inf_soul_company(world, soul, 200);
    char line[INF_SAY_BYTES];
    inf_dialogue_line(&view, answer_to(&view, intent), to, line);
    emit_said(world, soul, soul->id, line, bytes_of(line));
    soul->companion = 0;
    return true;
}
