// What clients see, against the plain truth: every ship that a viewer holds is exactly the quantised ship of the
// world, whatever came, left, changed rows or was skipped.
#include "test.h"

#include "core/world/internal.h"

#include <infinity/message.h>
#include <server/interest.h>

#define VIEWERS 6
#define ROWS 1024

typedef struct Client {
    InfSight sight;
    InfViewer viewer;
    uint32_t ship_index1;
    uint32_t frames, skipped, late_bytes, late_frames;
    bool was_late;
    uint64_t named[ROWS]; // by row + 1: the ship that it was told the name of
} Client;

static InfWorld* world;
static InfInterest* interest;
static uint32_t place_index1, other_place_index1;
static Client clients[VIEWERS];
static uint32_t ships_max; // of the looks

static void* reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes) {
    if (new_bytes == 0) {
        free(old);
        return NULL;
    }
    return aligned_alloc(64, (new_bytes + 63) & ~(size_t)63);
}

static uint32_t add_ship(uint32_t place, uint32_t hull) {
    InfShipDef def = {.place_index1 = place, .hull_kind = (uint8_t)(hull % 4)};
    uint32_t index1 = inf_ship_create(world, &def);
    ENSURE(index1 != 0);
    inf_ship_at(world, index1)->flags = INF_SHIP_CRIMINAL;
    return index1;
}

static void give_order(TestRandom* random, uint32_t index1) {
    uint32_t count, target = inf_place_at(world, place_index1)->first_ship;
    const InfShip* ships = inf_world_ships(world, &count);
    for (uint64_t i = test_random_below(random, 20); i > 0 && ships[target - 1].next_in_place != 0; i--) {
        target = ships[target - 1].next_in_place;
    }
    InfOrder order = {.kind = test_random_below(random, 2) ? INF_ORDER_ORBIT : INF_ORDER_APPROACH,
                      .target = inf_ship_at(world, target)->id,
                      .range_m = 500.0f + (float)test_random_below(random, 5000)};
    if (target != index1) {
        inf_ship_order(world, index1, &order);
    }
}

static void open_world(uint64_t seed, uint32_t ships) {
    TestRandom random = {seed};
    InfWorldDef def = inf_world_def_default();
    def.capacity = inf_capacity_for_souls(2000);
    def.allocator.reallocate = reallocate;
    ENSURE(inf_world_create(&def, &world) == INF_OK);
    uint32_t system = inf_system_enter(world, (InfSystemAddress){0, 0, 0, 0});
    place_index1 = inf_place_enter(world, system, 0);
    other_place_index1 = inf_place_enter(world, system, 1);
    for (uint32_t i = 0; i < ships; i++) {
        add_ship(place_index1, i);
    }
    inf_place_heat(world, place_index1, 100000);
    for (uint32_t i = 0; i < ships; i++) {
        give_order(&random, i + 1);
    }
    static const InfWorld* worlds[1];
    worlds[0] = world;
    interest = inf_interest_create(worlds, 1, NULL);
    memset(clients, 0, sizeof(clients));
    for (uint32_t i = 0; i < VIEWERS; i++) {
        clients[i].ship_index1 = i + 1;
    }
}

static void close_world(void) {
    inf_interest_destroy(interest);
    inf_world_destroy(world);
}

static bool is_in_place(uint32_t index1, uint32_t place) {
    const InfShip* ship = inf_ship_at(world, index1);
    return (ship->generation & 1u) != 0 && ship->place_index1 == place && ship->state == INF_SHIP_STATE_SPACE;
}

static void check_against_world(const Client* client, uint32_t place) {
    bool sees_itself = false;
    for (uint32_t i = 0; i < client->viewer.count; i++) {
        uint32_t index1 = client->viewer.indices[i] + 1;
        ENSURE(is_in_place(index1, place));
        InfMotion motion;
        InfShipView view;
        ENSURE(inf_ship_motion(world, index1, &motion));
        inf_view_quantise(inf_ship_at(world, index1), &motion, false, &view);
        ENSURE_SAY(memcmp(&view, &client->viewer.now[i], sizeof(view)) == 0, "ship %u", index1);
        ENSURE_EQ_U64(inf_ship_at(world, index1)->id, client->named[index1]);
        sees_itself |= index1 == client->ship_index1;
    }
    uint32_t there = inf_place_at(world, place)->ship_count, most = ships_max != 0 ? ships_max : INF_INTEREST_SEEN;
    if (there <= most) {
        ENSURE_EQ_U64(there, client->viewer.count);
    } else {
        ENSURE(client->viewer.count <= most);
        ENSURE(client->viewer.count + 16 >= most); // those who left are replaced a few ticks later
        ENSURE(sees_itself || !is_in_place(client->ship_index1, place) || client->sight.tick % INF_INTEREST_EVERY_TICKS != 0);
    }
}

static void look(Client* client, uint32_t turn, uint32_t place) {
    static uint8_t bytes[INF_INTEREST_BYTES_MAX];
    uint32_t told[INF_INTEREST_SHARED + INF_INTEREST_SEEN], told_count;
    InfLook from = {.place_index1 = place, .ship_index1 = client->ship_index1, .turn = turn, .ships_max = ships_max};
    size_t count = inf_interest_write(interest, 0, &client->sight, &from, bytes, told, &told_count);
    ENSURE(count <= sizeof(bytes) && told_count <= INF_INTEREST_SHARED + INF_INTEREST_SEEN);
    for (uint32_t i = 0; i < told_count; i++) {
        size_t frame_bytes;
        InfFrameShip frame;
        const uint8_t* at = inf_interest_ship_frame(interest, 0, told[i], &frame_bytes);
        InfReader reader = inf_reader_make(at, frame_bytes);
        ENSURE(inf_frame_read(&reader, at[0], &frame, sizeof(frame)) == INF_OK);
        ENSURE(frame.index == told[i] && frame.ship == inf_ship_at(world, told[i] + 1)->id);
        client->named[told[i] + 1] = frame.ship;
    }
    client->late_frames += client->was_late;
    client->late_bytes += client->was_late ? (uint32_t)count : 0;
    client->was_late = false;
    InfResult result = inf_viewer_apply(&client->viewer, bytes, count);
    ENSURE_SAY(result == INF_OK, "%s", inf_result_text(result));
    client->frames++;
    check_against_world(client, place);
}

static void come_and_go(TestRandom* random, uint32_t ships) {
    for (uint64_t i = test_random_below(random, 4); i > 0; i--) {
        uint32_t index1 = 1 + (uint32_t)test_random_below(random, ships);
        if (is_in_place(index1, place_index1) && index1 > VIEWERS) {
            inf_place_remove_ship(world, index1);
            inf_place_add_ship(world, other_place_index1, index1);
        } else if (is_in_place(index1, other_place_index1)) {
            inf_place_remove_ship(world, index1);
            inf_place_add_ship(world, place_index1, index1);
            give_order(random, index1);
        }
    }
}

/// @param every  which tick each client is told, in turns; 0: it changes all the time
/// @return mean bytes of the frames that did not follow the last one
static uint32_t live_at(uint64_t seed, uint32_t ships, uint32_t ticks, uint32_t every) {
    TestRandom random = {seed};
    open_world(seed, ships);
    uint32_t stride = every != 0 ? every : 1, bytes = 0, frames = 0;
    for (uint32_t t = 0; t < ticks; t++) {
        inf_world_tick(world, NULL, 0);
        come_and_go(&random, ships);
        if (every == 0 && test_random_below(&random, 15) == 0) {
            stride = 1u << test_random_below(&random, 3);
        }
        inf_interest_begin_tick(interest, inf_world_header(world)->tick, stride);
        if (test_random_below(&random, 4) != 0) { // several hands want it, one alone does not
            inf_interest_prepare(interest, 0, place_index1, ships_max);
            inf_interest_prepare(interest, 0, other_place_index1, ships_max);
        }
        for (uint32_t i = 0; i < VIEWERS; i++) {
            if ((t + i) % stride != 0 || (i > 0 && test_random_below(&random, 10) == 0)) {
                clients[i].skipped++;
                clients[i].was_late = true;
                continue;
            }
            // the last one wanders between the places
            uint32_t place = i == VIEWERS - 1 && (t / 20) % 2 ? other_place_index1 : place_index1;
            look(&clients[i], i, place);
        }
    }
    for (uint32_t i = 0; i < VIEWERS - 1; i++) {
        bytes += clients[i].late_bytes;
        frames += clients[i].late_frames;
    }
    ENSURE(clients[0].frames > 0 && clients[1].skipped > 0);
    close_world();
    return bytes / (frames != 0 ? frames : 1);
}

static void live(uint64_t seed, uint32_t ships, uint32_t ticks) { live_at(seed, ships, ticks, 1); }

TEST_RANDOM(a_small_place_is_seen_whole) { live(seed, 40, 150); }
TEST_RANDOM(a_crowd_is_seen_in_part_and_exactly) { live(seed, 400, 150); }
TEST_RANDOM(under_load_fewer_are_seen_and_as_exactly) {
    ships_max = 24;
    live(seed, 400, 150);
    live(seed, 30, 150);
    ships_max = 0;
}
TEST_RANDOM(told_every_second_or_fourth_tick_it_is_as_exact) {
    for (uint32_t every = 0; every <= 4; every = every == 0 ? 2 : every * 2) {
        live_at(seed, 400, 150, every);
        live_at(seed, 40, 150, every);
        live_at(seed, INF_INTEREST_SHARED + 8, 300, every);
        ships_max = 16;
        live_at(seed, 100, 150, every);
        ships_max = 0;
    }
}
TEST_RANDOM(told_every_second_tick_a_frame_is_little_larger) {
    uint32_t late = live_at(seed, 400, 200, 2);
    ENSURE_SAY(late < INF_INTEREST_SEEN * INF_VIEW_FULL_BYTES * 2 / 3, "%u bytes", late); // full records would be 1856
}
TEST_RANDOM(a_place_that_fills_and_empties) { live(seed, INF_INTEREST_SHARED + 8, 300); }

TEST(the_nearest_are_chosen) {
    open_world(7, 300);
    for (uint32_t t = 0; t < 50; t++) {
        inf_world_tick(world, NULL, 0);
        inf_interest_begin_tick(interest, inf_world_header(world)->tick, 1);
        look(&clients[0], 0, place_index1);
    }
    memset(&clients[0].sight, 0, sizeof(clients[0].sight)); // chosen anew in this tick
    inf_world_tick(world, NULL, 0);
    inf_interest_begin_tick(interest, inf_world_header(world)->tick, 1);
    look(&clients[0], 0, place_index1);
    InfMotion own, motion;
    ENSURE(inf_ship_motion(world, 1, &own));
    float farthest = 0, nearest_missed = 1e30f;
    for (uint32_t i = 1; i < 300; i++) {
        ENSURE(inf_ship_motion(world, i + 1, &motion));
        float d2 = 0;
        for (int k = 0; k < 3; k++) {
            float d = motion.position_m[k] - own.position_m[k];
            d2 += d * d;
        }
        bool is_seen = false;
        for (uint32_t k = 0; k < clients[0].viewer.count; k++) {
            is_seen |= clients[0].viewer.indices[k] == i;
        }
        farthest = is_seen && d2 > farthest ? d2 : farthest;
        nearest_missed = !is_seen && d2 < nearest_missed ? d2 : nearest_missed;
    }
    ENSURE_EQ_U64(INF_INTEREST_SEEN, clients[0].viewer.count);
    ENSURE(nearest_missed > farthest * 0.85f); // as exact as the choice is: 12 bits of the squared distance
    close_world();
}

TEST(the_target_is_always_shown) {
    open_world(9, 300);
    static uint8_t bytes[INF_INTEREST_BYTES_MAX];
    uint32_t told[INF_INTEREST_SHARED + INF_INTEREST_SEEN], told_count;
    for (uint32_t target = 10; target < 300; target += 29) {
        inf_world_tick(world, NULL, 0);
        inf_interest_begin_tick(interest, inf_world_header(world)->tick, 1);
        Client fresh;
        memset(&fresh, 0, sizeof(fresh));
        InfLook from = {.place_index1 = place_index1, .ship_index1 = 1, .important = {target, 0, 0, 0}};
        size_t count = inf_interest_write(interest, 0, &fresh.sight, &from, bytes, told, &told_count);
        ENSURE(inf_viewer_apply(&fresh.viewer, bytes, count) == INF_OK);
        bool is_seen = false;
        for (uint32_t k = 0; k < fresh.viewer.count; k++) {
            is_seen |= fresh.viewer.indices[k] + 1 == target;
        }
        ENSURE(is_seen);
    }
    close_world();
}

TEST(who_left_for_a_place_that_was_not_looked_at_before_is_gone) {
    open_world(11, 300);
    for (uint32_t index1 = 101; index1 <= 300; index1++) {
        inf_place_remove_ship(world, index1);
        inf_place_add_ship(world, other_place_index1, index1);
    }
    for (uint32_t t = 0; t <= 10; t++) { // told every second tick
        inf_world_tick(world, NULL, 0);
        if (t == 10) {
            uint32_t leaving = clients[0].viewer.indices[3] + 1;
            inf_place_remove_ship(world, leaving);
            inf_place_add_ship(world, place_index1, leaving);
        }
        inf_interest_begin_tick(interest, inf_world_header(world)->tick, 2);
        if (t != 9) {
            inf_interest_prepare(interest, 0, place_index1, 0);
        }
        inf_interest_prepare(interest, 0, other_place_index1, 0);
        if (t % 2 == 0) {
            look(&clients[0], 1, other_place_index1); // a turn in which tick 10 does not choose anew
        }
    }
    close_world();
}

TEST(between_places_nothing_is_seen) {
    open_world(3, 10);
    inf_world_tick(world, NULL, 0);
    inf_interest_begin_tick(interest, inf_world_header(world)->tick, 1);
    look(&clients[0], 0, place_index1);
    ENSURE_EQ_U64(10, clients[0].viewer.count);
    inf_world_tick(world, NULL, 0);
    inf_interest_begin_tick(interest, inf_world_header(world)->tick, 1);
    uint8_t bytes[INF_INTEREST_BYTES_MAX];
    uint32_t told[INF_INTEREST_SHARED + INF_INTEREST_SEEN], told_count;
    InfLook nowhere = {.place_index1 = 0};
    size_t count = inf_interest_write(interest, 0, &clients[0].sight, &nowhere, bytes, told, &told_count);
    ENSURE(inf_viewer_apply(&clients[0].viewer, bytes, count) == INF_OK);
    ENSURE_EQ_U64(0, clients[0].viewer.count);
    close_world();
}
