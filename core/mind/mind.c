// The frame of the built-in mind: notices pull the timer near, the timer takes a step. See mind.h.
#include "mind/mind.h"

#include "soul/riders.h"

void inf_mind_look(InfMindView* view)
{
    InfSoul* soul = inf_soul_at(view->world, view->soul_index1);
    view->soul = soul;
    view->ship = inf_ship_at(view->world, soul->ship_index1);
    view->place_index1 = view->ship->place_index1;
    view->place = view->place_index1 != 0 ? inf_place_at(view->world, view->place_index1) : NULL;
    view->station_index1 =
        view->ship->state == INF_SHIP_STATE_DOCKED && view->place != NULL ? view->place->station_index1 : 0;
    view->here = view->place_index1 != 0 ? inf_place_address(view->world, view->place_index1)
                                         : (InfSystemAddress){0, 0, 0, 0};
    view->credits = inf_soul_credits(view->world, soul);
    view->knows_system = false;
    view->now = inf_world_now(view->world);
}

void inf_mind_sleep(InfMindView* view, uint64_t ticks)
{
    // A tenth of chance, so that minds that did the same together drift apart.
    uint64_t spread = ticks / 10 + 1;
    inf_timer_set(view->world, INF_TIMER_SOUL, view->soul_index1,
                  view->now + ticks + inf_rng_below(inf_soul_rng(view->soul), spread));
}

void inf_mind_aim(InfSoul* soul, InfSystemAddress address, uint8_t body)
{
    soul->plan_sector[0] = address.x;
    soul->plan_sector[1] = address.y;
    soul->plan_sector[2] = address.z;
    soul->plan_system_in_sector = address.index;
    soul->plan_body = body;
}

void inf_mind_begin(InfMindView* view, InfActivity activity)
{
    InfSoul* soul = view->soul;
    // While idle, plan_phase keeps what was done last: doing it again bores.
    if (soul->activity == INF_ACTIVITY_IDLE && soul->plan_phase == (uint8_t)activity) {
        inf_soul_feel(view->world, soul, INF_FEELING_BOREDOM, 40);
    } else {
        inf_soul_feel(view->world, soul, INF_FEELING_BOREDOM, -80);
    }
    soul->activity = (uint8_t)activity;
    soul->plan_phase = 0;
    soul->plan_units = 0;
    soul->plan_step &= INF_PLAN_NOTICE_MASK | INF_PLAN_INTENT_MASK;
    soul->earned_credits = inf_soul_credits(view->world, soul);
    INF_EMIT(view->world, view->place_index1, Activity, event)
    {
        event->Activity.soul = soul->id;
        event->Activity.activity = (uint8_t)activity;
    }
}

int64_t inf_mind_earned(const InfMindView* view)
{
    return inf_soul_credits(view->world, view->soul) - view->soul->earned_credits;
}

void inf_mind_end(InfMindView* view, bool well)
{
    InfSoul* soul = view->soul;
    uint8_t activity = soul->activity;
    int32_t profit = (int32_t)inf_clamp_i64(inf_mind_earned(view), -1000000000, 1000000000);
    if (activity == INF_ACTIVITY_TRADE && profit != 0) {
        inf_soul_remember(view->world, soul, INF_MEMORY_TRADED, 0, profit, profit > 0 ? 250 : 350);
    }
    if (profit > 0) {
        inf_soul_feel(view->world, soul, INF_FEELING_JOY, (int32_t)inf_clamp_i64((int64_t)profit * 300 / (view->credits + 400), 3, 150));
    } else if (!well) {
        inf_soul_feel(view->world, soul, INF_FEELING_ANGER, 20);
    }
    soul->activity = INF_ACTIVITY_IDLE;
    soul->plan_phase = activity;
    soul->plan_units = 0;
    soul->companion = 0;
    soul->plan_step &= INF_PLAN_NOTICE_MASK | INF_PLAN_INTENT_MASK;
    // The patient and the lazy take longer before they begin something new.
    uint64_t pause = (uint64_t)(INF_TUNE_MIND_PAUSE_TICKS * (1500 - inf_soul_trait(soul, INF_TRAIT_DILIGENCE)) / 1500);
    inf_mind_sleep(view, view->hunger > 600 ? 20 : 20 + pause);
}

static void pull_timer(InfWorld* world, uint32_t soul_index1, uint64_t ticks)
{
    uint64_t tick = inf_world_now(world) + ticks;
    uint64_t set = inf_soul_at(world, soul_index1)->timer_tick;
    if (set == 0 || set > tick) {
        inf_timer_set(world, INF_TIMER_SOUL, soul_index1, tick);
    }
}

static uint64_t pilot_of_ship(const InfWorld* world, uint64_t ship)
{
    uint32_t ship_index1 = ship == 0 ? 0 : inf_map_get(&world->ship_map, ship);
    uint32_t pilot = ship_index1 == 0 ? 0 : inf_ship_at(world, ship_index1)->pilot_index1;
    return pilot == 0 ? 0 : inf_soul_at(world, pilot)->id;
}

/// What harm does to anybody, player or mind: pain, fear, anger, and it is remembered who did it.
static void feel_harm(InfWorld* world, InfSoul* soul, InfNotice notice)
{
    uint64_t aggressor = soul->ship_index1 == 0 ? 0 : inf_ship_at(world, soul->ship_index1)->aggressor;
    uint64_t who = pilot_of_ship(world, aggressor);
    bool robbed = notice == INF_NOTICE_ROBBED;
    inf_soul_feel(world, soul, INF_FEELING_FEAR, robbed ? 200 : 500);
    inf_soul_feel(world, soul, INF_FEELING_PAIN, robbed ? 300 : 100);
    inf_soul_feel(world, soul, INF_FEELING_ANGER, robbed ? 400 : 200);
    inf_soul_remember(world, soul, robbed ? INF_MEMORY_ROBBED : INF_MEMORY_ATTACKED, who, 0, robbed ? 700 : 500);
    if (who != 0) {
        inf_soul_relate(world, soul, who, robbed ? -350 : -150, robbed ? -400 : -200, 0);
    }
}

/// What a passenger feels of it (the episode itself it remembers as its host does).
static void share_harm(InfWorld* world, const InfSoul* host, InfSoul* rider, InfNotice notice)
{
    uint64_t who = pilot_of_ship(world, host->ship_index1 == 0 ? 0 : inf_ship_at(world, host->ship_index1)->aggressor);
    bool robbed = notice == INF_NOTICE_ROBBED;
    inf_soul_feel(world, rider, INF_FEELING_FEAR, robbed ? 200 : 500);
    inf_soul_feel(world, rider, INF_FEELING_ANGER, robbed ? 200 : 100);
    if (who != 0 && who != rider->id) {
        inf_soul_relate(world, rider, who, robbed ? -200 : -100, robbed ? -250 : -150, 0);
    }
}

void inf_mind_notify(InfWorld* world, uint32_t soul_index1, InfNotice notice, uint64_t who)
{
    (void)who;
    InfSoul* soul = inf_soul_at(world, soul_index1);
    if (notice == INF_NOTICE_ATTACKED || notice == INF_NOTICE_ROBBED) {
        feel_harm(world, soul, notice);
        for (uint32_t i = inf_riders_first(world, soul->id); i != 0; i = inf_passenger_at(world, i)->next_of_host) {
            share_harm(world, soul, inf_rider_soul(world, i), notice); // one body, and all of them in it
        }
    }
    if (!inf_soul_is_mind(soul)) {
        return;
    }
    soul->plan_step |= 1u << notice;
    pull_timer(world, soul_index1, notice == INF_NOTICE_ATTACKED ? 2 : INF_TUNE_MIND_REACTION_TICKS);
}

void inf_mind_hear(InfWorld* world, uint32_t soul_index1, uint64_t speaker, const char* text)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    if (!inf_mind_is_built_in(soul)) {
        if (inf_soul_is_mind(soul)) {
            inf_soul_company(world, soul, 60);
        }
        return;
    }
    bool busy = soul->activity == INF_ACTIVITY_FLEE || soul->activity == INF_ACTIVITY_ROB ||
                soul->activity == INF_ACTIVITY_AVENGE || soul->activity == INF_ACTIVITY_MOURN;
    if (busy) {
        return;
    }
    uint32_t intent = (uint32_t)inf_dialogue_understand(text);
    soul->companion = speaker;
    soul->plan_step = (soul->plan_step & ~INF_PLAN_INTENT_MASK) | (intent << INF_PLAN_INTENT_SHIFT) |
                      (1u << INF_NOTICE_SPOKEN_TO);
    pull_timer(world, soul_index1, 12 + inf_rng_below(inf_soul_rng(soul), 14)); // people think before they answer
}

void inf_mind_welcome(InfWorld* world, uint32_t place_index1, uint64_t newcomer)
{
    uint32_t best = 0;
    int32_t best_value = -1;
    uint32_t ship_index1 = inf_place_at(world, place_index1)->docked_first;
    for (uint32_t i = 0; i < 16 && ship_index1 != 0; i++) {
        const InfShip* ship = inf_ship_at(world, ship_index1);
        ship_index1 = ship->next_in_place;
        if (ship->pilot_index1 == 0) continue;
        const InfSoul* soul = inf_soul_at(world, ship->pilot_index1);
        if (!inf_mind_is_built_in(soul) || soul->id == newcomer) continue;
        int32_t value = inf_soul_trait(soul, INF_TRAIT_SOCIABILITY) + inf_soul_trait(soul, INF_TRAIT_EMPATHY);
        bool leaves = ship->phase == 1 || (soul->activity != INF_ACTIVITY_IDLE && soul->activity != INF_ACTIVITY_REST &&
                                           soul->activity != INF_ACTIVITY_TALK && soul->activity != INF_ACTIVITY_WORK);
        value = leaves ? value / 4 : value;
        if (value > best_value) {
            best = ship->pilot_index1;
            best_value = value;
        }
    }
    if (best == 0) {
        return;
    }
    InfSoul* soul = inf_soul_at(world, best);
    soul->companion = newcomer;
    soul->plan_step = (soul->plan_step & ~INF_PLAN_INTENT_MASK) |
                      ((uint32_t)INF_INTENT_NEWCOMER << INF_PLAN_INTENT_SHIFT) | (1u << INF_NOTICE_SPOKEN_TO);
    pull_timer(world, best, 40);
}

/// A starving body goes mining by itself: wages alone need not pay for the air. True if it has set out.
static bool reflex_mine(InfMindView* view)
{
    uint8_t belt = inf_count_modules(view->ship, INF_MODULE_MINING_LASER) > 0 && inf_ship_cargo_free(view->ship) > 3
                       ? inf_mind_find_body(view, INF_PLACE_BELT)
                       : (uint8_t)INF_BODY_NONE;
    if (belt == INF_BODY_NONE) {
        return false;
    }
    inf_mind_begin(view, INF_ACTIVITY_MINE);
    inf_mind_aim(view->soul, view->here, belt);
    view->soul->plan_units = view->soul->client_sequence;
    inf_mind_step_mine(view);
    return true;
}

/// Decided from outside: only what keeps the body alive, and only while its own orders do not. The first order that
/// comes from outside ends what a reflex has begun.
static void reflexes(InfMindView* view, uint32_t notices)
{
    if ((notices & (1u << INF_NOTICE_ATTACKED)) != 0 && view->ship->state == INF_SHIP_STATE_SPACE &&
        inf_soul_feeling(view->world, view->soul, INF_FEELING_FEAR) > 300) {
        inf_mind_react(view);
        return;
    }
    if (view->soul->activity == INF_ACTIVITY_FLEE) {
        inf_mind_step_flee(view);
        return;
    }
    if (view->soul->activity == INF_ACTIVITY_MINE) {
        if (view->soul->plan_units == view->soul->client_sequence) {
            inf_mind_step_mine(view);
        } else {
            inf_mind_end(view, false);
        }
        return;
    }
    if (view->station_index1 != 0) {
        if (view->hunger > 500 && inf_ship_cargo_units(view->ship) > 0) {
            inf_mind_sell_cargo(view, 0);
        }
        if (view->ship->fuel < inf_hull(view->ship->hull_kind)->fuel / 4) {
            inf_mind_refuel(view, INF_TUNE_MIND_RESERVE_CREDITS);
        }
        if (view->hunger > 600 && !reflex_mine(view)) {
            (void)inf_service(view->world, view->soul_index1, INF_SERVICE_WORK,
                              INF_TUNE_WAGE_SHIFT_TICKS / INF_TICKS_PER_SECOND);
            inf_mind_sleep(view, INF_TUNE_WAGE_SHIFT_TICKS);
        }
    } else if (view->hunger > 900 && view->ship->state == INF_SHIP_STATE_SPACE && !inf_mind_is_under_way(view->ship)) {
        uint8_t body = inf_mind_find_body(view, INF_PLACE_STATION);
        if (body != INF_BODY_NONE) {
            (void)inf_mind_go(view, view->here, body, true);
        }
    }
}

static void step(InfMindView* view)
{
    switch ((InfActivity)view->soul->activity) {
    case INF_ACTIVITY_MINE: inf_mind_step_mine(view); break;
    case INF_ACTIVITY_TRADE: inf_mind_step_trade(view); break;
    case INF_ACTIVITY_TRAVEL:
    case INF_ACTIVITY_EXPLORE: inf_mind_step_travel(view); break;
    case INF_ACTIVITY_TALK: inf_mind_step_talk(view); break;
    case INF_ACTIVITY_REST:
    case INF_ACTIVITY_HIDE:
    case INF_ACTIVITY_MOURN:
    case INF_ACTIVITY_HELP: inf_mind_step_pause(view); break;
    case INF_ACTIVITY_FLEE: inf_mind_step_flee(view); break;
    case INF_ACTIVITY_ROB:
    case INF_ACTIVITY_AVENGE: inf_mind_step_fight(view); break;
    case INF_ACTIVITY_BEG: inf_mind_step_beg(view); break;
    case INF_ACTIVITY_WORK: inf_mind_step_work(view); break;
    case INF_ACTIVITY_IDLE:
    default: inf_mind_decide(view); break;
    }
}

static void turn(InfMindView* view)
{
    InfSoul* soul = view->soul;
    uint32_t notices = soul->plan_step & INF_PLAN_NOTICE_MASK;
    soul->plan_step &= ~INF_PLAN_NOTICE_MASK;
    if ((soul->flags & INF_SOUL_EXTERNAL) != 0) {
        reflexes(view, notices);
        return;
    }
    if ((notices & (1u << INF_NOTICE_ATTACKED)) != 0 && view->ship->state == INF_SHIP_STATE_SPACE &&
        soul->activity != INF_ACTIVITY_FLEE && soul->activity != INF_ACTIVITY_AVENGE) {
        inf_mind_react(view);
        return;
    }
    if ((notices & (1u << INF_NOTICE_DOCKED)) != 0 && view->station_index1 != 0) {
        inf_mind_settle_in(view);
        inf_mind_look(view);
    }
    if (inf_intent_of(soul) != INF_INTENT_NONE) {
        inf_mind_answer(view);
    }
    if ((notices & (1u << INF_NOTICE_ORDER_FAILED)) != 0) {
        uint32_t stalls = (soul->plan_step >> INF_PLAN_STALL_SHIFT) + 2;
        soul->plan_step = (soul->plan_step & 0x00ffffffu) | (inf_min_u32(stalls, 255) << INF_PLAN_STALL_SHIFT);
    }
    step(view);
}

void inf_mind_timer(InfWorld* world, uint32_t soul_index1)
{
    InfMindView view = {.world = world, .soul_index1 = soul_index1};
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint64_t id = soul->id;
    if (world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE) {
        inf_soul_feelings_update(world, soul_index1); // the host lives elsewhere: nothing is decided for it
    } else if (soul->ship_index1 != 0) {
        inf_mind_look(&view);
        inf_soul_feelings_update(world, soul_index1);
        view.hunger = soul->feelings[INF_FEELING_HUNGER];
        if (view.hunger > 900) {
            inf_soul_remember(world, soul, INF_MEMORY_STARVED, 0, (int32_t)view.credits, 300);
        }
        turn(&view);
    } // Else it waits: who loses its ship dies today, but a rule to come may allow it.
    // Whatever happened, the mind wakes again.
    if (soul->id == id && inf_pool_is_live(&world->soul_pool, soul_index1) && soul->timer_tick <= inf_world_now(world)) {
        inf_timer_set(world, INF_TIMER_SOUL, soul_index1, inf_world_now(world) + INF_TUNE_MIND_WATCH_TICKS);
    }
}
