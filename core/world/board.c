// Piracy: clamps on a disabled ship. One pass takes the cargo that fits and a share of the carried credits, all of it
// together or nothing; then the clamps let go. The victim keeps its life, its ship and what is banked.
#include "world/ships.h"

bool inf_ship_can_be_boarded(const InfShip* ship)
{
    return ship->state == INF_SHIP_STATE_SPACE && ship->pilot_index1 != 0 && ship->shield <= 0 &&
           ship->hull <= inf_hull(ship->hull_kind)->hull * (float)INF_TUNE_BOARD_HULL_PERMILLE / 1000.0f;
}

static int64_t take_credits(InfWorld* world, const InfShip* ship, const InfShip* target)
{
    if (ship->pilot_index1 == 0) {
        return 0;
    }
    const InfSoul *robber = inf_soul_at(world, ship->pilot_index1), *victim = inf_soul_at(world, target->pilot_index1);
    int64_t credits = inf_account_at(world, victim->carried_account)->credits * INF_TUNE_BOARD_CREDITS_PERMILLE / 1000;
    if (credits < 1 || inf_ledger_move(world, victim->carried_account, robber->carried_account, credits,
                                       INF_REASON_ROBBERY) != INF_OK) {
        return 0;
    }
    inf_income_count(world, INF_TRADE_PIRACY, credits);
    return credits;
}

void inf_board_tick(InfWorld* world, uint32_t ship_index1, uint32_t slot, uint32_t target_index1)
{
    InfShip *ship = inf_ship_at(world, ship_index1), *target = inf_ship_at(world, target_index1);
    const InfModule* clamps = inf_module(INF_MODULE_BOARDING_CLAMPS);
    float reach = clamps->range_m + inf_hull(ship->hull_kind)->radius_m + inf_hull(target->hull_kind)->radius_m;
    if (!inf_ship_can_be_boarded(target) ||
        inf_vec3_distance(inf_ship_position(world, ship_index1), inf_ship_position(world, target_index1)) > reach) {
        return; // waits for its chance
    }
    uint64_t robber = inf_ship_soul(world, ship), victim = inf_ship_soul(world, target);
    uint64_t robber_ship = ship->id, victim_ship = target->id;
    uint32_t place_index1 = ship->place_index1;
    ship->modules_on &= (uint8_t)~(1u << slot);
    inf_module_begin_cycle(world, ship, slot);
    uint32_t room = inf_ship_cargo_free(ship);
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        uint32_t units = inf_min_u32(target->cargo[good], room);
        ship->cargo[good] = (uint16_t)(ship->cargo[good] + units);
        target->cargo[good] = (uint16_t)(target->cargo[good] - units);
        room -= units;
    }
    int64_t credits = take_credits(world, ship, target);
    INF_EMIT(world, place_index1, Robbed, event)
    {
        event->Robbed.soul = victim;
        event->Robbed.robber = robber;
        event->Robbed.credits = credits;
    }
    inf_place_heat(world, place_index1, INF_HOT_LINGER_TICKS);
    (void)inf_ship_note_attack(world, target_index1, robber_ship);
    if (inf_ship_is_here(world, target_index1, victim_ship, place_index1)) {
        inf_ship_notify(world, target_index1, INF_NOTICE_ROBBED, robber);
    }
}
