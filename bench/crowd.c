// The crowd of crowd.h.
#include "crowd.h"

#include "core/world/internal.h"

#include <stdlib.h>

static void* reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
{
    (void)user, (void)old_bytes;
    if (new_bytes == 0) {
        free(old);
        return NULL;
    }
    INF_ASSERT(old == NULL);
    return aligned_alloc(64, (new_bytes + 63) & ~(size_t)63);
}

InfWorld* crowd_create(uint32_t ships)
{
    InfWorldDef def = inf_world_def_default();
    def.capacity = inf_capacity_for_souls(ships + 1000);
    def.allocator.reallocate = reallocate;
    InfWorld* world;
    if (inf_world_create(&def, &world) != INF_OK) {
        return NULL;
    }
    uint32_t system_index1 = inf_system_enter(world, (InfSystemAddress){0, 0, 0, 0});
    uint32_t place_index1 = inf_place_enter(world, system_index1, 0);
    static const uint8_t hulls[] = {INF_HULL_SHUTTLE, INF_HULL_INTERCEPTOR, INF_HULL_FRIGATE, INF_HULL_MINER};
    for (uint32_t i = 0; i < ships; i++) {
        InfShipDef ship = {.place_index1 = place_index1, .hull_kind = hulls[i % 4]};
        uint32_t index1 = inf_ship_create(world, &ship);
        INF_ASSERT(index1 != 0);
        inf_ship_at(world, index1)->flags = INF_SHIP_CRIMINAL; // an open brawl: no law is called each tick
    }
    inf_place_heat(world, place_index1, INF_HOT_LINGER_TICKS);
    uint32_t first = inf_place_at(world, place_index1)->first_ship;
    for (uint32_t i = 0; i < ships; i++) {
        uint32_t index1 = first + i, target_index1 = first + (i * 7919u + 13u) % ships;
        if (target_index1 == index1) {
            target_index1 = first + (i + 1) % ships;
        }
        InfOrder order = {.kind = i % 3 == 0 ? INF_ORDER_ATTACK : INF_ORDER_ORBIT,
                          .target = inf_ship_at(world, target_index1)->id,
                          .range_m = 3000.0f};
        INF_ASSERT(inf_ship_order(world, index1, &order) == INF_OK);
    }
    return world;
}

void crowd_top_up(InfWorld* world)
{
    for (uint32_t i = 1; i <= world->ship_pool.count; i++) {
        InfShip* ship = inf_ship_at(world, i);
        ship->hull = inf_hull(ship->hull_kind)->hull;
        ship->shield = inf_hull(ship->hull_kind)->shield;
    }
}
