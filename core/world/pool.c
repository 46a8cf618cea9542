// Pools of rows with generations, and the maps from ids to rows.
#include "world/internal.h"

static uint32_t* row_u32(const InfPool* pool, uint32_t index1, uint32_t offset)
{
    return (uint32_t*)(void*)(pool->rows + (size_t)(index1 - 1) * pool->row_bytes + offset);
}

uint32_t inf_pool_take(InfPool* pool)
{
    uint32_t index1 = pool->free_head;
    uint32_t generation = 0;
    if (inf_pool_room(pool) == 0) {
        return 0;
    }
    if (index1 != 0) {
        pool->free_head = *row_u32(pool, index1, pool->next_free_offset);
        generation = *row_u32(pool, index1, pool->generation_offset);
    } else if (pool->count < pool->capacity) {
        index1 = ++pool->count;
    } else {
        return 0;
    }
    INF_ASSERT((generation & 1u) == 0);
    memset(pool->rows + (size_t)(index1 - 1) * pool->row_bytes, 0, pool->row_bytes);
    *row_u32(pool, index1, pool->generation_offset) = generation + 1;
    pool->live++;
    return index1;
}

void inf_pool_give_back(InfPool* pool, uint32_t index1)
{
    INF_ASSERT(inf_pool_is_live(pool, index1));
    uint32_t generation = *row_u32(pool, index1, pool->generation_offset);
    memset(pool->rows + (size_t)(index1 - 1) * pool->row_bytes, 0, pool->row_bytes);
    *row_u32(pool, index1, pool->generation_offset) = generation + 1;
    *row_u32(pool, index1, pool->next_free_offset) = pool->free_head;
    pool->free_head = index1;
    pool->live--;
}

bool inf_pool_is_live(const InfPool* pool, uint32_t index1)
{
    return index1 != 0 && index1 <= pool->count && (*row_u32(pool, index1, pool->generation_offset) & 1u) != 0;
}

static uint32_t map_slot(const InfMap* map, uint64_t key)
{
    return (uint32_t)inf_hash_u64(key) & map->mask;
}

uint32_t inf_map_get(const InfMap* map, uint64_t key)
{
    INF_ASSERT(key != 0);
    for (uint32_t slot = map_slot(map, key); map->keys[slot] != 0; slot = (slot + 1) & map->mask) {
        if (map->keys[slot] == key) {
            return map->values[slot];
        }
    }
    return 0;
}

void inf_map_set(InfMap* map, uint64_t key, uint32_t value)
{
    INF_ASSERT(key != 0 && map->count < map->mask);
    uint32_t slot = map_slot(map, key);
    while (map->keys[slot] != 0 && map->keys[slot] != key) {
        slot = (slot + 1) & map->mask;
    }
    map->count += map->keys[slot] == 0;
    map->keys[slot] = key;
    map->values[slot] = value;
}

void inf_map_remove(InfMap* map, uint64_t key)
{
    uint32_t slot = map_slot(map, key);
    while (map->keys[slot] != key) {
        if (map->keys[slot] == 0) {
            return;
        }
        slot = (slot + 1) & map->mask;
    }
    map->count--;
    // Shift the rest of the run back, so that no look-up stops too early.
    for (uint32_t next = (slot + 1) & map->mask; map->keys[next] != 0; next = (next + 1) & map->mask) {
        uint32_t home = map_slot(map, map->keys[next]);
        if (((next - home) & map->mask) >= ((next - slot) & map->mask)) {
            map->keys[slot] = map->keys[next];
            map->values[slot] = map->values[next];
            slot = next;
        }
    }
    map->keys[slot] = 0;
}

uint64_t inf_address_key(InfSystemAddress address)
{
    uint64_t xy = (uint64_t)(uint32_t)address.x << 32 | (uint32_t)address.y;
    uint64_t zi = (uint64_t)(uint32_t)address.z << 32 | address.index;
    uint64_t key = inf_hash_combine(xy, zi);
    return key != 0 ? key : 1;
}
