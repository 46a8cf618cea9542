// Danger: fleeing, hiding, robbing, avenging.
//
// A mind knows that it has one life. Whether it answers fire is courage, aggression and anger against fear and the odds;
// who runs runs to a dock, because nothing follows there, and remembers where it was.
#include "mind/mind.h"

static float strength_of(const InfShip* ship)
{
    const InfHull* hull = inf_hull(ship->hull_kind);
    float weapons = (float)(inf_count_modules(ship, INF_MODULE_PULSE_LASER) * 12u +
                            inf_count_modules(ship, INF_MODULE_MISSILE_RACK) * 15u);
    return (ship->hull + ship->shield + hull->shield * 0.3f) * (weapons + 0.5f);
}

static bool is_armed(const InfShip* ship)
{
    return inf_count_modules(ship, INF_MODULE_PULSE_LASER) + inf_count_modules(ship, INF_MODULE_MISSILE_RACK) > 0;
}

static const InfShip* ship_here(const InfMindView* view, uint64_t id)
{
    uint32_t index1 = id == 0 ? 0 : inf_map_get(&view->world->ship_map, id);
    if (index1 == 0) {
        return NULL;
    }
    const InfShip* ship = inf_ship_at(view->world, index1);
    bool here = ship->place_index1 == view->place_index1 &&
                (ship->state == INF_SHIP_STATE_SPACE || ship->state == INF_SHIP_STATE_WRECK || ship->state == INF_SHIP_STATE_POD);
    return here ? ship : NULL;
}

static void say_aloud(InfMindView* view, InfSituation situation, uint64_t to)
{
    char line[INF_SAY_BYTES];
    inf_dialogue_line(view, situation, to, line);
    (void)inf_soul_say(view->world, view->soul_index1, INF_REACH_PLACE, 0, line); // nobody near enough: no harm
}

void inf_mind_react(InfMindView* view)
{
    InfSoul* soul = view->soul;
    uint64_t aggressor = view->ship->aggressor;
    const InfShip* enemy = ship_here(view, aggressor);
    float odds = enemy == NULL ? 1.0f : strength_of(view->ship) / (strength_of(view->ship) + strength_of(enemy));
    int32_t nerve = inf_soul_trait(soul, INF_TRAIT_COURAGE) / 2 + inf_soul_trait(soul, INF_TRAIT_AGGRESSION) / 2 +
                    soul->feelings[INF_FEELING_ANGER] / 2 + (int32_t)(odds * 1000.0f);
    int32_t doubt = 900 + soul->feelings[INF_FEELING_FEAR] / 2;
    bool law = enemy != NULL && (enemy->flags & INF_SHIP_PATROL) != 0;
    if (enemy != NULL && is_armed(view->ship) && nerve > doubt && !law && inf_mind_is_built_in(soul)) {
        inf_mind_begin(view, INF_ACTIVITY_AVENGE);
        soul->companion = aggressor;
        soul->plan_phase = 2;
        inf_mind_step_fight(view);
        return;
    }
    inf_mind_begin(view, INF_ACTIVITY_FLEE);
    soul->companion = aggressor;
    inf_soul_remember(view->world, soul, INF_MEMORY_FLED, enemy == NULL ? 0 : enemy->owner, 0, 400);
    if (inf_rng_ratio(inf_soul_rng(soul), 1, 2)) {
        say_aloud(view, INF_SAY_FLEE, enemy == NULL ? 0 : enemy->owner);
    }
    inf_mind_step_flee(view);
}

void inf_mind_step_flee(InfMindView* view)
{
    InfSoul* soul = view->soul;
    if (view->station_index1 != 0) { // safe
        inf_mind_end(view, true);
        if (inf_mind_is_built_in(soul)) {
            inf_mind_begin(view, INF_ACTIVITY_HIDE);
            inf_mind_step_pause(view);
        }
        return;
    }
    if (view->ship->state != INF_SHIP_STATE_SPACE || view->ship->spool != 0) {
        inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS / 3);
        return;
    }
    uint32_t looks = soul->plan_step >> INF_PLAN_STALL_SHIFT;
    if (looks > INF_TUNE_MIND_STALL_MAX) {
        inf_mind_end(view, false);
        return;
    }
    soul->plan_step += 1u << INF_PLAN_STALL_SHIFT;
    uint32_t ship_index1 = soul->ship_index1;
    if (view->ship->order == INF_ORDER_DOCK || view->ship->order == INF_ORDER_CRUISE) {
        inf_mind_sleep(view, 100);
        return;
    }
    uint8_t station = inf_mind_find_body(view, INF_PLACE_STATION);
    InfOrder order = {.kind = INF_ORDER_DOCK, .body = station};
    if (station != INF_BODY_NONE && inf_ship_order(view->world, ship_index1, &order) == INF_OK) {
        inf_mind_sleep(view, 150);
        return;
    }
    if (view->place->body != 0) { // to the star: away from here at least
        order = (InfOrder){.kind = INF_ORDER_CRUISE, .body = 0};
        if (inf_ship_order(view->world, ship_index1, &order) == INF_OK) {
            inf_mind_sleep(view, 150);
            return;
        }
    }
    if (ship_here(view, soul->companion) != NULL) {
        order = (InfOrder){.kind = INF_ORDER_FLEE, .target = soul->companion};
        (void)inf_ship_order(view->world, ship_index1, &order); // refused: it waits and tries again
        inf_mind_sleep(view, 100);
        return;
    }
    inf_mind_end(view, true); // nobody is after it any more
}

uint64_t inf_mind_find_prey(InfMindView* view)
{
    const InfSoul* soul = view->soul;
    if (view->place == NULL || view->place->law == INF_LAW_CHARTED || view->ship->state != INF_SHIP_STATE_SPACE ||
        !is_armed(view->ship)) {
        return 0;
    }
    int32_t scruples = inf_soul_trait(soul, INF_TRAIT_HONESTY) + inf_soul_trait(soul, INF_TRAIT_EMPATHY) / 2 +
                       soul->feelings[INF_FEELING_FEAR] / 2;
    int32_t drive = inf_soul_trait(soul, INF_TRAIT_AGGRESSION) + view->hunger + inf_soul_trait(soul, INF_TRAIT_GREED) / 4;
    // Whoever lies in wait takes what comes; others give in to the chance only now and then.
    bool robber = drive > scruples + 150 &&
                  (soul->activity == INF_ACTIVITY_ROB || inf_rng_ratio(inf_soul_rng(view->soul), 1, 5));
    int32_t revenge = inf_soul_trait(soul, INF_TRAIT_AGGRESSION) + inf_soul_trait(soul, INF_TRAIT_COURAGE) -
                      soul->feelings[INF_FEELING_FEAR]; // against those it hates
    if (!robber && revenge < 900) {
        return 0;
    }
    float own = strength_of(view->ship);
    uint64_t best = 0;
    int32_t best_value = 0;
    uint32_t index1 = view->place->first_ship;
    for (uint32_t i = 0; i < 8 && index1 != 0; i++) {
        const InfShip* other = inf_ship_at(view->world, index1);
        index1 = other->next_in_place;
        if (other == view->ship || other->state != INF_SHIP_STATE_SPACE || other->owner == 0 ||
            (other->flags & INF_SHIP_PATROL) != 0) {
            continue;
        }
        const InfRelation* relation = inf_soul_relation(soul, other->owner);
        bool hated = relation != NULL && relation->affection < -300 && revenge >= 900;
        if (!robber && !hated) continue;
        if (strength_of(other) > own * 0.8f || (relation != NULL && relation->affection > 100)) continue;
        int32_t value = 100 + (int32_t)inf_ship_cargo_units(other) * 10 + (relation != NULL ? -relation->affection : 0);
        if (value > best_value) {
            best = other->id;
            best_value = value;
        }
    }
    return best;
}

enum { FIGHT_GO, FIGHT_WAIT, FIGHT_ATTACK, FIGHT_LOOT };
#define WAITS_MAX 8u

void inf_mind_hunt(InfMindView* view, uint64_t prey)
{
    const InfShip* target = ship_here(view, prey);
    const InfRelation* relation = target == NULL ? NULL : inf_soul_relation(view->soul, target->owner);
    inf_mind_begin(view, relation != NULL && relation->affection < -300 ? INF_ACTIVITY_AVENGE : INF_ACTIVITY_ROB);
    view->soul->companion = prey;
    view->soul->plan_phase = FIGHT_ATTACK;
    inf_mind_step_fight(view);
}

void inf_mind_step_fight(InfMindView* view)
{
    InfSoul* soul = view->soul;
    bool rob = soul->activity == INF_ACTIVITY_ROB;
    if (soul->plan_phase == FIGHT_GO) {
        InfGo go = inf_mind_go(view, inf_plan_address(soul), soul->plan_body, false);
        if (go == INF_GO_UNDER_WAY) return;
        if (go == INF_GO_FAILED) {
            inf_mind_end(view, false);
            return;
        }
        soul->plan_phase = FIGHT_WAIT;
        soul->plan_units = 0;
    }
    if (view->ship->state != INF_SHIP_STATE_SPACE) {
        inf_mind_end(view, false);
        return;
    }
    if (soul->plan_phase == FIGHT_WAIT) {
        uint64_t prey = inf_mind_find_prey(view);
        if (prey == 0) {
            if (++soul->plan_units > WAITS_MAX) {
                inf_mind_end(view, false);
            } else {
                inf_mind_sleep(view, 250);
            }
            return;
        }
        soul->companion = prey;
        soul->plan_phase = FIGHT_ATTACK;
    }
    const InfShip* target = ship_here(view, soul->companion);
    if (target == NULL) { // gone
        inf_mind_end(view, false);
        return;
    }
    float full = inf_hull(view->ship->hull_kind)->hull;
    if (view->ship->hull < full * (0.25f + 0.35f * (float)(1000 - inf_soul_trait(soul, INF_TRAIT_COURAGE)) / 1000.0f)) {
        inf_mind_begin(view, INF_ACTIVITY_FLEE);
        inf_mind_step_flee(view);
        return;
    }
    if (target->state == INF_SHIP_STATE_WRECK) {
        soul->plan_phase = FIGHT_LOOT;
    }
    uint32_t looks = soul->plan_step >> INF_PLAN_STALL_SHIFT;
    if (looks > 2u * INF_TUNE_MIND_STALL_MAX) {
        inf_mind_end(view, false);
        return;
    }
    soul->plan_step += 1u << INF_PLAN_STALL_SHIFT;
    InfOrderKind kind = soul->plan_phase == FIGHT_LOOT ? INF_ORDER_LOOT : INF_ORDER_ATTACK;
    if (view->ship->order == kind && view->ship->target == target->id) {
        inf_mind_sleep(view, 100);
        return;
    }
    if (kind == INF_ORDER_LOOT && soul->plan_units == 0xffffffffu) { // the order to loot has been carried out
        inf_soul_feel(view->world, soul, INF_FEELING_JOY, 150);
        inf_mind_end(view, true);
        return;
    }
    InfOrder order = {.kind = kind, .target = target->id, .range_m = 4000.0f};
    if (inf_ship_order(view->world, soul->ship_index1, &order) != INF_OK) {
        inf_mind_end(view, false);
        return;
    }
    if (kind == INF_ORDER_LOOT) {
        soul->plan_units = 0xffffffffu;
    } else {
        if (!rob || inf_rng_ratio(inf_soul_rng(soul), 1, 3)) { // most robbers say nothing
            say_aloud(view, rob ? INF_SAY_ROB : INF_SAY_AVENGE, target->owner);
        }
        inf_soul_feel(view->world, soul, INF_FEELING_ANGER, -150);
    }
    inf_mind_sleep(view, 100);
}
