// Ships in a world: places, orders quiet and hot, docking, cruise, jump, mining, presence, and refusals.
#include "flight_test.h"

TEST(a_place_is_made_once_and_a_missing_body_not_at_all)
{
    InfWorld* world = flight_world();
    uint32_t system = inf_system_enter(world, (InfSystemAddress){0, 0, 0, 0});
    uint32_t star = inf_place_enter(world, system, 0), live = world->place_pool.live;
    ENSURE(star != 0 && inf_place_enter(world, system, 0) == star && world->place_pool.live == live);
    ENSURE(inf_place_enter(world, system, 200) == 0 && world->place_pool.live == live);
    ENSURE(inf_system_enter(world, (InfSystemAddress){0, 0, 0, 77}) == 0);
    uint8_t station = flight_body(world, INF_BODY_STATION);
    uint32_t place = inf_place_enter(world, system, station);
    ENSURE(inf_place_has_station(world, place));
    ENSURE(inf_station_at(world, inf_place_at(world, place)->station_index1)->place_index1 == place);
    flight_end(world);
}

TEST(undock_and_dock_in_a_quiet_place)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    InfShip* ship = flight_ship(world, soul);
    ENSURE(!inf_ship_is_hot(world, ship));
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_DOCK}) == INF_OK);
    const InfEvent* docked = flight_wait(world, INF_EVENT_KIND_Docked, 400);
    ENSURE(docked != NULL && docked->Docked.ship == ship->id);
    ENSURE(ship->state == INF_SHIP_STATE_DOCKED && ship->order == INF_ORDER_STOP && ship->timer_tick == 0);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_DOCK}) == INF_ERROR_STATE);
    flight_end(world);
}

TEST(undock_and_dock_in_a_hot_place)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_player(world, 0);
    flight_connect(world, soul, true);
    ENSURE(inf_ship_undock(world, inf_soul_at(world, soul)->ship_index1) == INF_OK);
    ENSURE(inf_ship_undock(world, inf_soul_at(world, soul)->ship_index1) == INF_ERROR_STATE);
    ENSURE(flight_wait(world, INF_EVENT_KIND_Undocked, 40) != NULL);
    InfShip* ship = flight_ship(world, soul);
    ENSURE(inf_ship_is_hot(world, ship));
    flight_ticks(world, 100);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_DOCK}) == INF_OK);
    ENSURE(flight_wait(world, INF_EVENT_KIND_Docked, 600) != NULL);
    ENSURE(ship->state == INF_SHIP_STATE_DOCKED);
    flight_end(world);
}

TEST(cruise_takes_a_while_and_docks_by_itself)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    InfShip* ship = flight_ship(world, soul);
    uint32_t home = ship->place_index1, fuel = ship->fuel;
    uint8_t belt = flight_body(world, INF_BODY_BELT);
    ENSURE(belt != INF_BODY_NONE);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_CRUISE, .body = belt}) == INF_OK);
    const InfEvent* started = flight_wait(world, INF_EVENT_KIND_CruiseStarted, INF_TUNE_ALIGN_TICKS + 2);
    ENSURE(started != NULL && ship->state == INF_SHIP_STATE_CRUISE && started->CruiseStarted.end_tick == ship->timer_tick);
    uint64_t ticks = ship->timer_tick - inf_world_now(world);
    ENSURE_WITHIN(INF_TUNE_CRUISE_BASE_TICKS - 1, INF_TUNE_CRUISE_MAX_TICKS, ticks);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_MINE}) == INF_ERROR_STATE);
    ENSURE(flight_wait(world, INF_EVENT_KIND_Arrived, (uint32_t)ticks + 1) != NULL);
    ENSURE(ship->state == INF_SHIP_STATE_SPACE && inf_place_at(world, ship->place_index1)->body == belt);
    ENSURE(ship->fuel < fuel && ship->fuel + 1000 > fuel);
    InfVec3 at = inf_ship_position(world, inf_soul_at(world, soul)->ship_index1);
    ENSURE_WITHIN(INF_TUNE_ARRIVE_NEAR_M - 1, INF_TUNE_ARRIVE_FAR_M + 1, inf_vec3_length(at));
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_CRUISE, .body = belt}) == INF_ERROR_STATE);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_CRUISE, .body = 250}) == INF_ERROR_NOT_FOUND);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_DOCK, .body = inf_place_at(world, home)->body}) == INF_OK);
    ENSURE(flight_wait(world, INF_EVENT_KIND_Docked, INF_TUNE_CRUISE_MAX_TICKS + 2000) != NULL);
    ENSURE(ship->place_index1 == home);
    flight_end(world);
}

TEST(dropping_out_of_cruise_makes_a_place_that_ends_with_its_last_ship)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    InfShip* ship = flight_ship(world, soul);
    uint32_t places = world->place_pool.live;
    uint8_t belt = flight_body(world, INF_BODY_BELT);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_CRUISE, .body = belt}) == INF_OK);
    ENSURE(flight_wait(world, INF_EVENT_KIND_CruiseStarted, 60) != NULL);
    places = world->place_pool.live;
    flight_ticks(world, 30);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_STOP}) == INF_OK);
    ENSURE(ship->state == INF_SHIP_STATE_SPACE && inf_place_at(world, ship->place_index1)->kind == INF_PLACE_DEEP);
    ENSURE(world->place_pool.live == places + 1);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_CRUISE, .body = belt}) == INF_OK);
    ENSURE(flight_wait(world, INF_EVENT_KIND_CruiseStarted, 60) != NULL);
    ENSURE(world->place_pool.live == places);
    ENSURE(flight_wait(world, INF_EVENT_KIND_Arrived, INF_TUNE_CRUISE_MAX_TICKS) != NULL);
    flight_end(world);
}

TEST(heating_and_cooling_do_not_move_a_ship)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    uint32_t ship_index1 = inf_soul_at(world, soul)->ship_index1;
    InfShip* ship = inf_ship_at(world, ship_index1);
    flight_move(world, ship_index1, ship->place_index1, inf_vec3(30000, -5000, 2000));
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_DOCK}) == INF_OK);
    flight_ticks(world, 200);
    InfMotion quiet, hot;
    ENSURE(inf_ship_motion(world, ship_index1, &quiet));
    ENSURE(inf_vec3_length(inf_vec3_load(quiet.velocity_m_per_s)) > 50.0f);
    inf_place_heat(world, ship->place_index1, 50);
    ENSURE(inf_ship_motion(world, ship_index1, &hot));
    ENSURE(memcmp(&quiet, &hot, sizeof hot) == 0);
    flight_ticks(world, 20);
    ENSURE(inf_ship_motion(world, ship_index1, &hot));
    inf_place_cool(world, ship->place_index1);
    ENSURE(inf_ship_motion(world, ship_index1, &quiet));
    ENSURE_WITHIN(0, 1.0f, inf_vec3_distance(inf_vec3_load(quiet.position_m), inf_vec3_load(hot.position_m)));
    ENSURE(flight_wait(world, INF_EVENT_KIND_Docked, 3000) != NULL);
    flight_end(world);
}

static InfSystemAddress neighbour(const InfWorld* world, uint32_t range_mly)
{
    InfSystem heart;
    InfSystemAddress near[8];
    inf_system_generate(inf_world_galaxy(world), (InfSystemAddress){0, 0, 0, 0}, &heart);
    uint32_t count = inf_system_neighbours(inf_world_galaxy(world), &heart, range_mly, near, 8);
    ENSURE(count > 0);
    return near[count - 1];
}

TEST(a_jump_takes_fuel_and_ends_at_the_star)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    uint32_t ship_index1 = inf_soul_at(world, soul)->ship_index1;
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfSystemAddress to = neighbour(world, 15000);
    InfSystem from_system, to_system;
    inf_system_generate(inf_world_galaxy(world), (InfSystemAddress){0, 0, 0, 0}, &from_system);
    inf_system_generate(inf_world_galaxy(world), to, &to_system);
    uint32_t fuel = ship->fuel, cost = inf_jump_fuel(ship, inf_system_distance_mly(&from_system, &to_system));
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_JUMP, .system = {0, 0, 0, 0}}) == INF_ERROR_STATE);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_JUMP, .system = {0, 0, 0, 99}}) == INF_ERROR_NOT_FOUND);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_JUMP, .system = {900, 0, 0, 0}}) != INF_OK);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_JUMP, .system = to}) == INF_OK);
    ENSURE(ship->spool == 1 && ship->fuel == fuel);
    const InfEvent* jumped = flight_wait(world, INF_EVENT_KIND_Jumped, INF_TUNE_SPOOL_TICKS + 1);
    ENSURE(jumped != NULL && flight_event(world, INF_EVENT_KIND_Entered) != NULL);
    ENSURE(ship->fuel == fuel - cost && ship->spool == 0 && ship->state == INF_SHIP_STATE_SPACE);
    InfSystemAddress now = inf_place_address(world, ship->place_index1);
    ENSURE(memcmp(&now, &to, sizeof to) == 0 && inf_place_at(world, ship->place_index1)->body == 0);
    flight_end(world);
}

TEST(a_jump_is_refused_without_drive_or_fuel_and_broken_by_a_hit_or_an_order)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    uint32_t ship_index1 = inf_soul_at(world, soul)->ship_index1;
    InfShip* ship = inf_ship_at(world, ship_index1);
    InfOrder jump = {.kind = INF_ORDER_JUMP, .system = neighbour(world, 15000)};
    ship->modules[0] = INF_MODULE_NONE;
    ENSURE(inf_jump_range_mly(ship) == 0);
    ENSURE(flight_order(world, soul, jump) == INF_ERROR_MODULE);
    ship->modules[0] = INF_MODULE_JUMP_DRIVE;
    uint32_t fuel = ship->fuel;
    ship->fuel = 5;
    ENSURE(flight_order(world, soul, jump) == INF_ERROR_FUEL && ship->spool == 0);
    ship->fuel = fuel;
    ENSURE(flight_order(world, soul, jump) == INF_OK);
    ENSURE(flight_order(world, soul, jump) == INF_ERROR_STATE);
    inf_ship_damage(world, ship_index1, 1.0f, 0); // a scratch
    ENSURE(ship->spool == 1);
    inf_ship_damage(world, ship_index1, 50.0f, 0);
    ENSURE(ship->spool == 0 && ship->order == INF_ORDER_STOP && ship->timer_tick == 0);
    ENSURE(flight_order(world, soul, jump) == INF_OK);
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_STOP}) == INF_OK);
    ENSURE(ship->spool == 0 && ship->fuel == fuel);
    flight_ticks(world, INF_TUNE_SPOOL_TICKS + 5);
    ENSURE(flight_event(world, INF_EVENT_KIND_Jumped) == NULL && ship->fuel == fuel);
    flight_end(world);
}

TEST(a_full_outbox_makes_the_spool_go_on)
{
    InfWorldDef def = flight_world_def(400);
    def.shard_count = 2;
    def.capacity.transfers = 1;
    InfWorld* world = NULL;
    ENSURE(inf_world_create(&def, &world) == INF_OK && inf_world_found(world, 0, 10000) == INF_OK);
    inf_world_tick(world, NULL, 0);
    InfSystem heart;
    InfSystemAddress near[32];
    inf_system_generate(inf_world_galaxy(world), (InfSystemAddress){0, 0, 0, 0}, &heart);
    uint32_t count = inf_system_neighbours(inf_world_galaxy(world), &heart, 18000, near, 32), far = 0;
    while (far < count && inf_system_shard(near[far], 2) == 0) {
        far++;
    }
    ENSURE(far < count);
    uint32_t a = flight_undocked_player(world, 0), b = flight_undocked_player(world, 1);
    uint64_t a_soul = inf_soul_at(world, a)->id;
    InfShip* waiting = flight_ship(world, b);
    InfOrder jump = {.kind = INF_ORDER_JUMP, .system = near[far]};
    ENSURE(flight_order(world, a, jump) == INF_OK);
    flight_ticks(world, 3);
    ENSURE(flight_order(world, b, jump) == INF_OK);
    flight_ticks(world, INF_TUNE_SPOOL_TICKS + 30);
    ENSURE(inf_world_find_soul(world, a_soul) == 0 && world->transfer_pool.live == 1);
    ENSURE(waiting->spool == 1 && waiting->state == INF_SHIP_STATE_SPACE && waiting->fuel == inf_hull(waiting->hull_kind)->fuel);
    uint32_t box_count;
    InfInputTransferReceipt receipt = {.transfer = inf_world_transfers(world, &box_count)[0].id, .destination = 1};
    ENSURE(inf_apply_TransferReceipt(world, &receipt) == INF_OK);
    ENSURE(flight_wait(world, INF_EVENT_KIND_Jumped, INF_TICKS_PER_SECOND + 1) != NULL);
    ENSURE(world->transfer_pool.live == 1 && world->header.jumps == 2);
    flight_end(world);
}

/// Ticks until the hold is full, in a hot or a quiet belt, beside the rock from the start.
static uint32_t ticks_to_fill(bool hot)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    uint32_t ship_index1 = inf_soul_at(world, soul)->ship_index1;
    InfShip* ship = inf_ship_at(world, ship_index1);
    uint32_t system = inf_place_at(world, ship->place_index1)->system_index1;
    uint32_t place = inf_place_enter(world, system, flight_body(world, INF_BODY_BELT));
    float radius;
    InfVec3 rock = inf_belt_rock((InfSystemAddress){0, 0, 0, 0}, inf_place_at(world, place)->body, 0, &radius);
    if (hot) {
        flight_connect(world, soul, true);
    }
    flight_move(world, ship_index1, place, inf_vec3_add(rock, inf_vec3(0, 0, radius + 420)));
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_MINE}) == INF_OK);
    uint32_t ore = inf_place_at(world, place)->ore_units, ticks = 0;
    while (inf_ship_cargo_free(ship) > 0 && ticks < 5000) {
        inf_world_tick(world, NULL, 0);
        ticks++;
    }
    inf_world_tick(world, NULL, 0);
    ENSURE(inf_ship_cargo_units(ship) == inf_hull(ship->hull_kind)->cargo_units && ship->order == INF_ORDER_STOP);
    ENSURE(inf_place_at(world, place)->ore_units < ore && world->header.units_mined == inf_ship_cargo_units(ship));
    ENSURE(flight_order(world, soul, (InfOrder){.kind = INF_ORDER_MINE}) == INF_ERROR_CARGO);
    flight_end(world);
    return ticks;
}

TEST(mining_is_as_quick_in_a_quiet_belt_as_in_a_hot_one)
{
    uint32_t quiet = ticks_to_fill(false), hot = ticks_to_fill(true);
    printf("full after %u ticks quiet, %u hot\n", quiet, hot);
    ENSURE_WITHIN(0.8 * hot, 1.2 * hot, quiet);
}

TEST(a_belt_runs_down_and_grows_back)
{
    InfWorld* world = flight_world();
    uint32_t system = inf_system_enter(world, (InfSystemAddress){0, 0, 0, 0});
    uint32_t place = inf_place_enter(world, system, flight_body(world, INF_BODY_BELT));
    uint32_t full = inf_place_at(world, place)->ore_units;
    ENSURE(full > 0);
    inf_place_at(world, place)->ore_units = 0;
    inf_place_at(world, place)->ore_tick = inf_world_now(world);
    uint32_t before = 0;
    for (uint32_t i = 0; i < 40; i++) { // in small steps as in one
        world->header.tick += INF_TUNE_BELT_REGROW_TICKS / 80;
        inf_ore_update(world, place);
        ENSURE(inf_place_at(world, place)->ore_units >= before);
        before = inf_place_at(world, place)->ore_units;
    }
    ENSURE_WITHIN(full / 2.0 - 2, full / 2.0 + 2, before);
    world->header.tick += INF_TUNE_BELT_REGROW_TICKS;
    inf_ore_update(world, place);
    ENSURE(inf_place_at(world, place)->ore_units == full);
    inf_world_destroy(world);
}

TEST(a_human_makes_a_place_hot_and_a_ship_left_alone_sleeps)
{
    InfWorld* world = flight_world();
    uint32_t soul = flight_undocked_player(world, 0);
    InfShip* ship = flight_ship(world, soul);
    ENSURE(!inf_ship_is_hot(world, ship) && world->hot_count == 0);
    flight_connect(world, soul, true);
    ENSURE(inf_ship_is_hot(world, ship) && world->hot_count == 1);
    flight_ticks(world, 3 * INF_HOT_LINGER_TICKS);
    ENSURE(inf_ship_is_hot(world, ship));
    InfInputHelm helm = {.soul = inf_soul_at(world, soul)->id, .sequence = 1, .thrust = {0, 0, 127}};
    ENSURE(inf_apply_Helm(world, &helm) == INF_OK && ship->order == INF_ORDER_HELM);
    flight_ticks(world, 50);
    ENSURE(inf_vec3_length(inf_vec3_load(inf_motion_at(world, inf_soul_at(world, soul)->ship_index1)->velocity_m_per_s)) > 100.0f);
    flight_connect(world, soul, false);
    flight_ticks(world, INF_TUNE_SLEEP_TICKS - 10);
    ENSURE(inf_ship_is_hot(world, ship) && ship->order == INF_ORDER_HELM);
    flight_ticks(world, INF_HOT_LINGER_TICKS + 20);
    ENSURE(!inf_ship_is_hot(world, ship) && ship->order == INF_ORDER_STOP && world->hot_count == 0);
    flight_connect(world, soul, true);
    ENSURE(inf_ship_is_hot(world, ship));
    flight_end(world);
}

TEST(orders_between_ships_hot)
{
    InfWorld* world = flight_world();
    uint32_t a = flight_undocked_player(world, 0), b = flight_undocked_player(world, 1);
    uint32_t ai = inf_soul_at(world, a)->ship_index1, bi = inf_soul_at(world, b)->ship_index1;
    InfShip *as = inf_ship_at(world, ai), *bs = inf_ship_at(world, bi);
    flight_connect(world, a, true);
    flight_move(world, ai, as->place_index1, inf_vec3(9000, 0, 0));
    flight_move(world, bi, bs->place_index1, inf_vec3(0, 0, 0));
    ENSURE(flight_order(world, a, (InfOrder){.kind = INF_ORDER_APPROACH, .target = 12345}) == INF_ERROR_NOT_FOUND);
    ENSURE(flight_order(world, a, (InfOrder){.kind = INF_ORDER_APPROACH, .target = as->id}) == INF_ERROR_NOT_FOUND);
    ENSURE(flight_order(world, a, (InfOrder){.kind = INF_ORDER_APPROACH, .target = bs->id, .range_m = 500}) == INF_OK);
    for (int i = 0; i < 800 && as->order == INF_ORDER_APPROACH; i++) {
        inf_world_tick(world, NULL, 0);
    }
    ENSURE(as->order == INF_ORDER_STOP);
    ENSURE_WITHIN(300, 700, inf_vec3_distance(inf_ship_position(world, ai), inf_ship_position(world, bi)));
    ENSURE(flight_order(world, a, (InfOrder){.kind = INF_ORDER_ORBIT, .target = bs->id, .range_m = 2000}) == INF_OK);
    flight_ticks(world, 600);
    float least = 1e9f, most = 0;
    for (int i = 0; i < 400; i++) {
        inf_world_tick(world, NULL, 0);
        float d = inf_vec3_distance(inf_ship_position(world, ai), inf_ship_position(world, bi));
        least = inf_minf(least, d);
        most = inf_maxf(most, d);
    }
    printf("orbit at 2000 m: %.0f to %.0f m\n", (double)least, (double)most);
    ENSURE_WITHIN(1500, 2500, least);
    ENSURE_WITHIN(1500, 2500, most);
    ENSURE(flight_order(world, a, (InfOrder){.kind = INF_ORDER_KEEP_RANGE, .target = bs->id, .range_m = 4000}) == INF_OK);
    flight_ticks(world, 800);
    ENSURE_WITHIN(3800, 4200, inf_vec3_distance(inf_ship_position(world, ai), inf_ship_position(world, bi)));
    ENSURE(flight_order(world, a, (InfOrder){.kind = INF_ORDER_FLEE, .target = bs->id}) == INF_OK);
    flight_ticks(world, 300);
    ENSURE(inf_vec3_distance(inf_ship_position(world, ai), inf_ship_position(world, bi)) > 8000.0f);
    flight_end(world);
}

TEST_RANDOM(a_refused_input_changes_nothing)
{
    TestRandom random = {seed};
    InfWorld* world = flight_world();
    uint32_t souls[4];
    for (uint8_t i = 0; i < 4; i++) {
        souls[i] = flight_undocked_player(world, i);
    }
    flight_connect(world, souls[0], true);
    static const uint8_t kinds[] = {INF_INPUT_KIND_Undock, INF_INPUT_KIND_Order, INF_INPUT_KIND_Helm, INF_INPUT_KIND_Module,
                                    INF_INPUT_KIND_Scan, INF_INPUT_KIND_Transponder, INF_INPUT_KIND_Jettison};
    uint32_t refused = 0, taken = 0;
    for (int i = 0; i < 1500; i++) {
        InfInput input;
        memset(&input, 0, sizeof input);
        input.kind = kinds[test_random_below(&random, sizeof kinds)];
        uint8_t* bytes = (uint8_t*)&input + offsetof(InfInput, Undock);
        for (int k = 0; k < 56; k++) {
            bytes[k] = test_random_below(&random, 3) != 0 ? 0 : (uint8_t)test_random_u64(&random);
        }
        inf_input_set_soul(&input, inf_soul_at(world, souls[test_random_below(&random, 4)])->id);
        uint64_t target = flight_ship(world, souls[test_random_below(&random, 4)])->id;
        if (input.kind == INF_INPUT_KIND_Order && i % 2 == 0) input.Order.target = target;
        if (input.kind == INF_INPUT_KIND_Module && i % 2 == 0) input.Module.target = target, input.Module.slot %= 4;
        uint64_t before = inf_world_hash(world);
        InfResult result = INF_OK;
        switch (input.kind) {
        case INF_INPUT_KIND_Undock: result = inf_apply_Undock(world, &input.Undock); break;
        case INF_INPUT_KIND_Order: result = inf_apply_Order(world, &input.Order); break;
        case INF_INPUT_KIND_Helm: result = inf_apply_Helm(world, &input.Helm); break;
        case INF_INPUT_KIND_Module: result = inf_apply_Module(world, &input.Module); break;
        case INF_INPUT_KIND_Scan: result = inf_apply_Scan(world, &input.Scan); break;
        case INF_INPUT_KIND_Transponder: result = inf_apply_Transponder(world, &input.Transponder); break;
        default: result = inf_apply_Jettison(world, &input.Jettison); break;
        }
        if (result != INF_OK) {
            refused++;
            ENSURE_SAY(inf_world_hash(world) == before, "%s: %s", inf_input_word(input.kind), inf_result_text(result));
        } else {
            taken++;
        }
        if (i % 10 == 0) {
            inf_world_tick(world, NULL, 0);
        }
        const char* wrong = i % 50 == 0 ? inf_world_validate(world) : NULL;
        ENSURE_SAY(wrong == NULL, "%s", wrong);
    }
    ENSURE(refused > 100 && taken > 100);
    flight_end(world);
}
