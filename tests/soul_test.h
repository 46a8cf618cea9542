/// @file soul_test.h
/// A founded world for the tests of souls and minds.
#ifndef SOUL_TEST_H
#define SOUL_TEST_H

#include "test.h"

#include "world/internal.h"

static void* soul_test_reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
{
    (void)user, (void)old_bytes;
    if (new_bytes == 0) {
        free(old);
        return NULL;
    }
    void* memory = aligned_alloc(64, (new_bytes + 63) & ~(size_t)63);
    if (memory != NULL && old != NULL) {
        memcpy(memory, old, old_bytes < new_bytes ? old_bytes : new_bytes);
        free(old);
    }
    return memory;
}

static inline InfWorld* soul_test_world(uint64_t seed, uint32_t minds, uint32_t souls_capacity, uint64_t radius_mly)
{
    InfWorldDef def = inf_world_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.galaxy.seed = seed;
    def.capacity = inf_capacity_for_souls(souls_capacity);
    InfWorld* world = NULL;
    ENSURE_EQ_U64(INF_OK, inf_world_create(&def, &world));
    ENSURE_EQ_U64(INF_OK, inf_world_found(world, minds, radius_mly));
    return world;
}

/// The first live soul, index1.
static inline uint32_t soul_test_first(const InfWorld* world)
{
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (inf_pool_is_live(&world->soul_pool, i)) return i;
    }
    return 0;
}

#endif
