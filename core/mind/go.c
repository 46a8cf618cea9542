// Getting about: one call brings a body on towards a place, whatever it is doing now. It looks at the ship only, so it
// may be called at any time and any number of times.
#include "mind/mind.h"

bool inf_mind_is_under_way(const InfShip* ship)
{
    switch (ship->state) {
    case INF_SHIP_STATE_CRUISE: return true;
    case INF_SHIP_STATE_DOCKED: return ship->phase == 1; // undocking
    case INF_SHIP_STATE_SPACE:
        return ship->spool != 0 || (ship->order != INF_ORDER_STOP && ship->order != INF_ORDER_HELM);
    default: return false;
    }
}

uint64_t inf_mind_distance(InfMindView* view, InfSystemAddress address)
{
    InfSystem to;
    inf_world_generate(view->world, address, &to);
    return inf_system_distance_mly(inf_mind_here(view), &to);
}

/// One more look without progress. True if it has been too many.
static bool stalled(InfSoul* soul)
{
    uint32_t stalls = soul->plan_step >> INF_PLAN_STALL_SHIFT;
    if (stalls >= INF_TUNE_MIND_STALL_MAX) {
        return true;
    }
    soul->plan_step += 1u << INF_PLAN_STALL_SHIFT;
    return false;
}

InfGo inf_mind_go(InfMindView* view, InfSystemAddress address, uint8_t body, bool dock)
{
    InfShip* ship = view->ship;
    uint32_t ship_index1 = view->soul->ship_index1;
    bool docked = ship->state == INF_SHIP_STATE_DOCKED;
    if (ship->state == INF_SHIP_STATE_CRUISE || (docked && ship->phase == 1) || ship->spool != 0) {
        if (stalled(view->soul)) {
            return INF_GO_FAILED;
        }
        inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
        return INF_GO_UNDER_WAY;
    }
    if ((!docked && ship->state != INF_SHIP_STATE_SPACE) || view->place == NULL) {
        return INF_GO_FAILED;
    }
    bool same = inf_same_system(view->here, address);
    bool at = same && view->place->kind != INF_PLACE_DEEP && view->place->body == body;
    if (at && (dock ? docked : !docked)) {
        return INF_GO_THERE;
    }
    if (stalled(view->soul)) {
        return INF_GO_FAILED;
    }
    if (docked) {
        if (inf_ship_undock(view->world, ship_index1) != INF_OK) {
            return INF_GO_FAILED;
        }
        inf_mind_sleep(view, INF_TUNE_UNDOCK_TICKS + 20u);
        return INF_GO_UNDER_WAY;
    }
    InfOrder order = {.kind = !same ? INF_ORDER_JUMP : dock ? INF_ORDER_DOCK : INF_ORDER_CRUISE,
                      .body = body,
                      .system = address};
    if (ship->order != order.kind) { // else it is being carried out: only wait
        if (inf_ship_order(view->world, ship_index1, &order) != INF_OK) {
            return INF_GO_FAILED;
        }
    }
    inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
    return INF_GO_UNDER_WAY;
}

bool inf_mind_space_is_tight(const InfWorld* world)
{
    const InfPool* pools[] = {&world->system_pool, &world->place_pool, &world->station_pool};
    for (uint32_t i = 0; i < 3; i++) {
        if (pools[i]->live >= pools[i]->capacity / 4 * 3) {
            return true;
        }
    }
    return false;
}

const InfSystem* inf_mind_here(InfMindView* view)
{
    if (!view->knows_system) {
        inf_world_generate(view->world, view->here, &view->system);
        view->knows_system = true;
    }
    return &view->system;
}

#define ORE_WORTH_GOING_UNITS 150u

/// Among the places of the system that somebody has been to. Cheaper than generating all bodies, and it knows how much
/// ore is left.
static uint8_t find_known_body(InfMindView* view, InfPlaceKind kind)
{
    InfWorld* world = view->world;
    uint8_t best = INF_BODY_NONE;
    int64_t best_score = INT64_MIN;
    uint32_t index1 = inf_system_at(world, view->place->system_index1)->first_place;
    for (uint32_t i = 0; i < INF_SYSTEM_BODIES_MAX && index1 != 0; i++) {
        const InfPlace* place = inf_place_at(world, index1);
        index1 = place->next_in_system;
        if (place->kind != (uint8_t)kind || (kind == INF_PLACE_BELT && place->ore_units < ORE_WORTH_GOING_UNITS)) continue;
        int64_t score = kind == INF_PLACE_BELT ? place->ore_units / 50u
                        : place->station_index1 != 0 ? 500 + (int64_t)inf_station_at(world, place->station_index1)->wealth
                                                     : 0;
        score += (int64_t)inf_rng_below(inf_soul_rng(view->soul), 400);
        score -= inf_soul_dread(world, view->soul, view->here, place->body);
        if (score > best_score) {
            best = place->body;
            best_score = score;
        }
    }
    return best;
}

uint8_t inf_mind_find_body(InfMindView* view, InfPlaceKind kind)
{
    InfWorld* world = view->world;
    const InfSystem* system = inf_mind_here(view);
    uint32_t existing = kind == INF_PLACE_BELT ? system->belt_count : system->station_count;
    if (existing == 0) {
        return INF_BODY_NONE;
    }
    bool full = world->station_pool.live >= world->station_pool.capacity ||
                world->place_pool.live >= world->place_pool.capacity;
    // Now and then it looks around for itself.
    if (full || !inf_rng_ratio(inf_soul_rng(view->soul), 1, 16)) {
        uint8_t known = find_known_body(view, kind);
        if (known != INF_BODY_NONE || full) {
            return known;
        }
    }
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_world_bodies(world, view->here, bodies);
    uint8_t best = INF_BODY_NONE;
    int64_t best_score = INT64_MIN;
    for (uint32_t i = 0; i < count; i++) {
        if (bodies[i].kind != (uint8_t)kind) continue;
        int64_t score = kind == INF_PLACE_BELT ? bodies[i].richness : 500 + bodies[i].wealth / 2;
        score += (int64_t)inf_rng_below(inf_soul_rng(view->soul), 400);
        score -= inf_soul_dread(world, view->soul, view->here, (uint8_t)i);
        if (score > best_score) {
            best = (uint8_t)i;
            best_score = score;
        }
    }
    return best;
}
