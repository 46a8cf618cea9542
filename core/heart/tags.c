// The Heart's registry of tags (shard 0). A tag belongs to the key that claimed it first, for ever. Two tags may not look
// alike: they are compared by skeleton (infinity/text.h). A key has one tag.
//
// The maps from skeleton and key to a row are derived and keyed by 64-bit hashes, salted with the galaxy's seed. If two
// skeletons ever share a hash, the later one counts as taken: a refusal, never a mix-up.
#include "economy/economy.h"
#include "infinity/text.h"

static uint64_t salted_hash(const InfWorld* world, const void* bytes, size_t count, uint64_t salt)
{
    uint64_t hash = inf_hash_combine(inf_hash_bytes(bytes, count, world->galaxy.seed), salt);
    return hash == 0 ? 1 : hash;
}

static uint64_t skeleton_hash(const InfWorld* world, const void* skeleton)
{
    return salted_hash(world, skeleton, INF_NAME_BYTES, 0x746167u);
}

static uint64_t key_hash(const InfWorld* world, const void* key)
{
    return salted_hash(world, key, INF_KEY_BYTES, 0x6b6579u);
}

void inf_tag_index(InfWorld* world, uint32_t tag_index1)
{
    const InfTag* tag = inf_tag_at(world, tag_index1);
    inf_map_set(&world->tag_map, skeleton_hash(world, tag->skeleton), tag_index1);
    inf_map_set(&world->key_map, key_hash(world, tag->key), tag_index1);
}

static size_t tag_bytes(const char* tag)
{
    size_t count = 0;
    while (count < INF_NAME_BYTES && tag[count] != '\0') {
        count++;
    }
    return count;
}

uint32_t inf_world_find_tag(const InfWorld* world, const char* tag)
{
    char skeleton[INF_NAME_BYTES];
    if (inf_tag_skeleton(tag, tag_bytes(tag), skeleton) != INF_TEXT_OK) {
        return 0;
    }
    uint32_t index1 = inf_map_get(&world->tag_map, skeleton_hash(world, skeleton));
    return index1 != 0 && memcmp(inf_tag_at(world, index1)->skeleton, skeleton, INF_NAME_BYTES) == 0 ? index1 : 0;
}

uint32_t inf_world_find_tag_by_key(const InfWorld* world, const uint8_t key[INF_KEY_BYTES])
{
    uint32_t index1 = inf_map_get(&world->key_map, key_hash(world, key));
    return index1 != 0 && memcmp(inf_tag_at(world, index1)->key, key, INF_KEY_BYTES) == 0 ? index1 : 0;
}

// ---- players from other galaxies ------------------------------------------------------------------------------------------

/// The free tag that a player could have: the name, or the name with a number; false if there is none.
static bool free_tag(const InfWorld* world, const char* name, char tag[INF_NAME_BYTES], char skeleton[INF_NAME_BYTES])
{
    for (uint32_t number = 1; number <= 9; number++) {
        size_t bytes = tag_bytes(name);
        memset(tag, 0, INF_NAME_BYTES);
        memcpy(tag, name, bytes < INF_NAME_BYTES ? bytes : INF_NAME_BYTES - 1);
        if (number > 1) {
            if (bytes + 2 >= INF_NAME_BYTES) {
                return false;
            }
            tag[bytes] = ' ';
            tag[bytes + 1] = (char)('0' + number);
        }
        if (inf_tag_skeleton(tag, tag_bytes(tag), skeleton) == INF_TEXT_OK &&
            inf_map_get(&world->tag_map, skeleton_hash(world, skeleton)) == 0) {
            return true;
        }
    }
    return false;
}

InfResult inf_tag_may_admit(const InfWorld* world, const InfSoul* soul)
{
    uint32_t by_key = inf_map_get(&world->key_map, key_hash(world, soul->key));
    if (by_key != 0) {
        const InfTag* tag = inf_tag_at(world, by_key);
        return tag->soul == soul->id && memcmp(tag->key, soul->key, INF_KEY_BYTES) == 0 ? INF_OK : INF_ERROR_EXISTS;
    }
    char tag[INF_NAME_BYTES], skeleton[INF_NAME_BYTES];
    if (!free_tag(world, (const char*)soul->name, tag, skeleton)) {
        return INF_ERROR_EXISTS;
    }
    return inf_pool_room(&world->tag_pool) > 0 ? INF_OK : INF_ERROR_FULL;
}

void inf_tag_admit(InfWorld* world, InfSoul* soul)
{
    uint32_t by_key = inf_map_get(&world->key_map, key_hash(world, soul->key));
    if (by_key == 0) {
        char name[INF_NAME_BYTES], skeleton[INF_NAME_BYTES];
        bool free = free_tag(world, (const char*)soul->name, name, skeleton);
        by_key = inf_pool_take(&world->tag_pool);
        INF_ASSERT(free && by_key != 0);
        InfTag* tag = inf_tag_at(world, by_key);
        tag->soul = soul->id;
        memcpy(tag->name, name, INF_NAME_BYTES);
        memcpy(tag->skeleton, skeleton, INF_NAME_BYTES);
        memcpy(tag->key, soul->key, INF_KEY_BYTES);
        inf_tag_index(world, by_key);
    }
    memcpy(soul->name, inf_tag_at(world, by_key)->name, INF_NAME_BYTES);
}

InfResult inf_apply_TagClaim(InfWorld* world, const InfInputTagClaim* input)
{
    static const uint8_t no_key[INF_KEY_BYTES];
    char skeleton[INF_NAME_BYTES];
    if (world->header.shard != 0) {
        return INF_ERROR_STATE;
    }
    if (world->header.galaxy_kind != INF_GALAXY_KIND_OPEN) {
        return INF_ERROR_SECLUDED;
    }
    if (memcmp(input->key, no_key, INF_KEY_BYTES) == 0) {
        return INF_ERROR_SIGNATURE;
    }
    if (inf_tag_skeleton(input->tag, tag_bytes(input->tag), skeleton) != INF_TEXT_OK) {
        return INF_ERROR_FORMAT;
    }
    uint32_t by_key = inf_map_get(&world->key_map, key_hash(world, input->key));
    uint32_t by_tag = inf_map_get(&world->tag_map, skeleton_hash(world, skeleton));
    if (by_key != 0 || by_tag != 0) {
        // The same key with the tag that it has: a repetition. All else is somebody else's, or a second tag.
        return by_key == by_tag && memcmp(inf_tag_at(world, by_key)->key, input->key, INF_KEY_BYTES) == 0
                   ? INF_OK
                   : INF_ERROR_EXISTS;
    }
    uint32_t concourse = inf_soul_concourse(world);
    if (concourse == 0 || world->tag_pool.live >= world->tag_pool.capacity) {
        return INF_ERROR_FULL;
    }
    InfSoulDef def = {.player = true,
                      .place_index1 = concourse,
                      .hull_kind = INF_HULL_SHUTTLE,
                      .credits = INF_TUNE_BIRTH_PLAYER_CREDITS};
    memcpy(def.key, input->key, INF_KEY_BYTES);
    memcpy(def.name, input->tag, tag_bytes(input->tag));
    inf_traits_mix(inf_world_rng(world), NULL, NULL, def.traits);
    uint32_t soul_index1 = inf_soul_birth(world, &def);
    if (soul_index1 == 0) {
        return INF_ERROR_FULL;
    }
    uint32_t tag_index1 = inf_pool_take(&world->tag_pool);
    INF_ASSERT(tag_index1 != 0);
    InfTag* tag = inf_tag_at(world, tag_index1);
    tag->soul = inf_soul_at(world, soul_index1)->id;
    memcpy(tag->name, def.name, INF_NAME_BYTES);
    memcpy(tag->skeleton, skeleton, INF_NAME_BYTES);
    memcpy(tag->key, input->key, INF_KEY_BYTES);
    inf_tag_index(world, tag_index1);
    return INF_OK;
}
