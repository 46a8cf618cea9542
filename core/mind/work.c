// Plain activities: mining, travelling and exploring, work for wages, and those that only let time pass.
#include "mind/mind.h"

enum { MINE_GO, MINE_DIG, MINE_HOME };

static void choose_buyer(InfMindView* view)
{
    InfOffer sale = inf_mind_best_sale(view, NULL);
    InfSoul* soul = view->soul;
    uint8_t station = inf_mind_find_body(view, INF_PLACE_STATION);
    // The known best buyer, unless it is in another system and the next station is at hand.
    if (sale.rate > 0 && (station == INF_BODY_NONE || inf_same_system(sale.address, view->here))) {
        inf_mind_aim(soul, sale.address, sale.body);
    } else if (station != INF_BODY_NONE) {
        inf_mind_aim(soul, view->here, station);
    }
}

void inf_mind_step_mine(InfMindView* view)
{
    InfSoul* soul = view->soul;
    InfShip* ship = view->ship;
    if (soul->plan_phase == MINE_GO) {
        InfGo go = inf_mind_go(view, inf_plan_address(soul), soul->plan_body, false);
        if (go == INF_GO_UNDER_WAY) return;
        if (go == INF_GO_FAILED) {
            inf_mind_end(view, false);
            return;
        }
        uint64_t prey = inf_mind_find_prey(view);
        if (prey != 0) {
            inf_mind_hunt(view, prey);
            return;
        }
        soul->plan_phase = MINE_DIG;
        soul->plan_step &= 0x00ffffffu;
        InfOrder order = {.kind = INF_ORDER_MINE};
        if (inf_ship_cargo_free(ship) > 0 && inf_ship_order(view->world, soul->ship_index1, &order) == INF_OK) {
            inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
            return;
        }
    }
    if (soul->plan_phase == MINE_DIG) {
        uint32_t looks = soul->plan_step >> INF_PLAN_STALL_SHIFT; // the hold is counted only when digging ends
        if (ship->state == INF_SHIP_STATE_SPACE && ship->order == INF_ORDER_MINE) {
            // Home with half a load rather than dead with a full one.
            bool in_need = view->hunger > 700 && looks > 1;
            if (!in_need && looks * INF_TUNE_MIND_WATCH_TICKS < INF_TUNE_MINE_SHIFT_TICKS) {
                soul->plan_step += 1u << INF_PLAN_STALL_SHIFT;
                inf_mind_sleep(view, INF_TUNE_MIND_WATCH_TICKS);
                return;
            }
            InfOrder stop = {.kind = INF_ORDER_STOP};
            (void)inf_ship_order(view->world, soul->ship_index1, &stop); // going home ends it as well
        }
        uint32_t units = inf_ship_cargo_units(ship);
        inf_soul_remember(view->world, soul, INF_MEMORY_MINED, 0, (int32_t)units, units > 0 ? 150 : 300);
        soul->plan_phase = MINE_HOME;
        soul->plan_step &= 0x00ffffffu;
        choose_buyer(view);
    }
    InfGo go = inf_mind_go(view, inf_plan_address(soul), soul->plan_body, true);
    if (go == INF_GO_UNDER_WAY) return;
    if (go == INF_GO_THERE) {
        inf_mind_sell_cargo(view, view->hunger > 500 ? 0 : 450);
        inf_mind_end(view, inf_mind_earned(view) > 0);
        return;
    }
    inf_mind_end(view, false);
}

void inf_mind_step_travel(InfMindView* view)
{
    InfSoul* soul = view->soul;
    InfSystemAddress target = inf_plan_address(soul);
    bool arrived = inf_same_system(target, view->here);
    bool explore = soul->activity == INF_ACTIVITY_EXPLORE;
    if (arrived && !explore && soul->plan_body == 0 && view->ship->state == INF_SHIP_STATE_SPACE) {
        // In the system that it wanted: now to a station of it.
        uint8_t body = inf_mind_find_body(view, INF_PLACE_STATION);
        if (body == INF_BODY_NONE) {
            inf_mind_end(view, false);
            return;
        }
        inf_mind_aim(soul, target, body);
    }
    if (arrived && explore && view->ship->state == INF_SHIP_STATE_SPACE && view->ship->spool == 0) {
        // Charting is paid on arrival. Look around, mine what there is, then home by way of an idle decision.
        inf_soul_feel(view->world, soul, INF_FEELING_JOY, 200);
        inf_soul_feel(view->world, soul, INF_FEELING_BOREDOM, -500);
        inf_soul_remember(view->world, soul, INF_MEMORY_DISCOVERED, 0, 0, 600);
        uint8_t belt = inf_count_modules(view->ship, INF_MODULE_MINING_LASER) > 0 && inf_ship_cargo_free(view->ship) > 3
                           ? inf_mind_find_body(view, INF_PLACE_BELT)
                           : (uint8_t)INF_BODY_NONE;
        inf_mind_end(view, true);
        if (belt != INF_BODY_NONE) {
            inf_mind_begin(view, INF_ACTIVITY_MINE);
            inf_mind_aim(soul, view->here, belt);
            inf_mind_step_mine(view);
        }
        return;
    }
    InfGo go = inf_mind_go(view, target, soul->plan_body, !explore && soul->plan_body != 0);
    if (go == INF_GO_UNDER_WAY) return;
    inf_mind_end(view, go == INF_GO_THERE);
}

void inf_mind_step_work(InfMindView* view)
{
    InfSoul* soul = view->soul;
    if (view->station_index1 == 0) {
        inf_mind_end(view, false);
        return;
    }
    if (soul->plan_phase == 0) { // the shift begins; it is paid when it is over
        soul->plan_phase = 1;
        soul->plan_units = (uint32_t)(view->now + INF_TUNE_WAGE_SHIFT_TICKS);
        inf_mind_sleep(view, INF_TUNE_WAGE_SHIFT_TICKS);
        return;
    }
    int32_t left = (int32_t)(soul->plan_units - (uint32_t)view->now);
    if (left > 0) {
        inf_mind_sleep(view, (uint64_t)left);
        return;
    }
    InfResult paid = inf_service(view->world, view->soul_index1, INF_SERVICE_WORK,
                                 INF_TUNE_WAGE_SHIFT_TICKS / INF_TICKS_PER_SECOND);
    inf_mind_end(view, paid == INF_OK);
}

void inf_mind_step_pause(InfMindView* view)
{
    InfSoul* soul = view->soul;
    if (soul->plan_phase == 0) {
        uint64_t ticks = 900;
        if (soul->activity == INF_ACTIVITY_REST) ticks = 600 + (uint64_t)(1000 - inf_soul_trait(soul, INF_TRAIT_DILIGENCE));
        if (soul->activity == INF_ACTIVITY_HIDE) ticks = 600 + 2u * soul->feelings[INF_FEELING_FEAR];
        if (soul->activity == INF_ACTIVITY_MOURN) {
            ticks = 600 + soul->feelings[INF_FEELING_GRIEF];
            const InfMemory* lost = inf_soul_latest(soul, INF_MEMORY_LOST);
            soul->companion = lost == NULL ? 0 : lost->who;
            InfStation* station = view->station_index1 == 0 ? NULL : inf_station_at(view->world, view->station_index1);
            if (station != NULL && view->now >= station->last_talk_tick + INF_TUNE_TALK_PLACE_TICKS) {
                char line[INF_SAY_BYTES];
                inf_dialogue_line(view, INF_SAY_MOURN, soul->companion, line);
                if (inf_soul_say(view->world, view->soul_index1, INF_REACH_PLACE, 0, line) == INF_OK) {
                    station->last_talk_tick = view->now;
                }
            }
        }
        if (view->hunger > 500) ticks = ticks / 3 + 60;
        soul->plan_phase = 1;
        soul->plan_units = (uint32_t)(view->now + ticks);
        inf_mind_sleep(view, ticks);
        return;
    }
    int32_t left = (int32_t)(soul->plan_units - (uint32_t)view->now);
    if (left > 0) {
        inf_mind_sleep(view, (uint64_t)left);
        return;
    }
    switch (soul->activity) {
    case INF_ACTIVITY_REST:
        inf_soul_feel(view->world, soul, INF_FEELING_PAIN, -250);
        inf_soul_feel(view->world, soul, INF_FEELING_FEAR, -150);
        break;
    case INF_ACTIVITY_HIDE: inf_soul_feel(view->world, soul, INF_FEELING_FEAR, -300); break;
    case INF_ACTIVITY_MOURN: inf_soul_feel(view->world, soul, INF_FEELING_GRIEF, -200); break;
    default: break;
    }
    inf_mind_end(view, true);
}
