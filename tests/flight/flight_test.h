/// @file flight_test.h
/// A small world for tests of ships: one shard, stations within 10 light-years of the Heart, no minds unless asked for.
#ifndef INFINITY_FLIGHT_TEST_H
#define INFINITY_FLIGHT_TEST_H

#include "core/world/ships.h"
#include "test.h"

static inline void* flight_reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
{
    (void)user, (void)old_bytes;
    if (new_bytes == 0) {
        free(old);
        return NULL;
    }
    ENSURE(old == NULL);
    return aligned_alloc(64, (new_bytes + 63) & ~(size_t)63);
}

static inline InfWorldDef flight_world_def(uint32_t souls)
{
    InfWorldDef def = inf_world_def_default();
    def.allocator.reallocate = flight_reallocate;
    def.capacity = inf_capacity_for_souls(souls);
    return def;
}

static inline InfWorld* flight_world(void)
{
    InfWorldDef def = flight_world_def(400);
    InfWorld* world = NULL;
    ENSURE(inf_world_create(&def, &world) == INF_OK);
    ENSURE(inf_world_found(world, 0, 10000) == INF_OK);
    inf_world_tick(world, NULL, 0);
    return world;
}

static inline void flight_ticks(InfWorld* world, uint32_t ticks)
{
    for (uint32_t i = 0; i < ticks; i++) {
        inf_world_tick(world, NULL, 0);
    }
}

static inline void flight_input(InfWorld* world, const InfInput* input)
{
    static uint8_t bytes[INF_INPUT_BYTES_MAX];
    InfWriter writer = inf_writer_make(bytes, sizeof bytes);
    ENSURE(inf_input_write(&writer, input));
    inf_world_tick(world, bytes, writer.at);
}

/// The first event of a kind in the last tick.
static inline const InfEvent* flight_event(const InfWorld* world, InfEventKind kind)
{
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind == kind) {
            return event;
        }
    }
    return NULL;
}

/// Tick until an event of that kind; null after `ticks_max`.
static inline const InfEvent* flight_wait(InfWorld* world, InfEventKind kind, uint32_t ticks_max)
{
    for (uint32_t i = 0; i < ticks_max; i++) {
        inf_world_tick(world, NULL, 0);
        const InfEvent* event = flight_event(world, kind);
        if (event != NULL) {
            return event;
        }
    }
    return NULL;
}

/// A new player, docked on the Concourse: index1 of the soul.
static inline uint32_t flight_player(InfWorld* world, uint8_t number)
{
    InfInput input;
    memset(&input, 0, sizeof input);
    input.kind = INF_INPUT_KIND_TagClaim;
    memset(input.TagClaim.key, number + 1, INF_KEY_BYTES);
    snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Pilot%c", 'A' + number);
    flight_input(world, &input);
    uint32_t tag_index1 = inf_world_find_tag_by_key(world, input.TagClaim.key), count;
    ENSURE(tag_index1 != 0);
    uint32_t soul_index1 = inf_world_find_soul(world, inf_world_tags(world, &count)[tag_index1 - 1].soul);
    ENSURE(soul_index1 != 0);
    return soul_index1;
}

static inline InfShip* flight_ship(const InfWorld* world, uint32_t soul_index1)
{
    return inf_ship_at(world, inf_soul_at(world, soul_index1)->ship_index1);
}

static inline void flight_connect(InfWorld* world, uint32_t soul_index1, bool connected)
{
    InfInputPresence input = {.soul = inf_soul_at(world, soul_index1)->id, .connected = connected};
    ENSURE(inf_apply_Presence(world, &input) == INF_OK);
}

/// Out of the station; back when the ship is in space.
static inline uint32_t flight_undocked_player(InfWorld* world, uint8_t number)
{
    uint32_t soul_index1 = flight_player(world, number);
    ENSURE(inf_ship_undock(world, inf_soul_at(world, soul_index1)->ship_index1) == INF_OK);
    ENSURE(flight_wait(world, INF_EVENT_KIND_Undocked, INF_TUNE_UNDOCK_TICKS + 2) != NULL);
    ENSURE(flight_ship(world, soul_index1)->state == INF_SHIP_STATE_SPACE);
    return soul_index1;
}

static inline InfResult flight_order(InfWorld* world, uint32_t soul_index1, InfOrder order)
{
    return inf_ship_order(world, inf_soul_at(world, soul_index1)->ship_index1, &order);
}

/// A body of that kind in the Heart's system, INF_BODY_NONE if none.
static inline uint8_t flight_body(const InfWorld* world, InfBodyKind kind)
{
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    inf_system_generate(inf_world_galaxy(world), (InfSystemAddress){0, 0, 0, 0}, &system);
    uint32_t count = inf_system_bodies(inf_world_galaxy(world), &system, bodies);
    for (uint32_t i = 0; i < count; i++) {
        if (bodies[i].kind == kind) {
            return (uint8_t)i;
        }
    }
    return INF_BODY_NONE;
}

/// Move a ship in space to another place at once, as if it had cruised there.
static inline void flight_move(InfWorld* world, uint32_t ship_index1, uint32_t place_index1, InfVec3 at)
{
    inf_ship_clear_order(world, ship_index1);
    inf_place_remove_ship(world, ship_index1);
    inf_ship_put_in_space(world, ship_index1, place_index1, at, inf_vec3(0, 0, 0));
}

static inline void flight_end(InfWorld* world)
{
    const char* wrong = inf_world_validate(world);
    ENSURE_SAY(wrong == NULL, "%s", wrong);
    inf_world_destroy(world);
}

#endif
