// The directory (shard 0): what this galaxy knows of each identity, and the maps that find it. A row is never given back:
// an epoch that was accepted here once is never accepted again, and neither is what was refused.
#include "border/border.h"

#include "soul/riders.h"

uint64_t inf_soul_id_elsewhere(const uint8_t identity[INF_HASH_BYTES])
{
    uint64_t word;
    memcpy(&word, identity, sizeof word);
    return INF_ID_ELSEWHERE | (word & (INF_ID_ELSEWHERE - 1));
}

uint32_t inf_galaxy_mark(const InfGalaxyDef* galaxy)
{
    uint32_t mark = (uint32_t)inf_hash_combine(galaxy->seed, galaxy->version);
    return mark != 0 ? mark : 1;
}

bool inf_is_zero(const uint8_t* bytes, size_t count)
{
    uint8_t any = 0;
    for (size_t i = 0; i < count; i++) {
        any |= bytes[i];
    }
    return any == 0;
}

bool inf_soul_is_bound(const InfSoul* soul)
{
    return !inf_is_zero(soul->identity, INF_HASH_BYTES);
}

static uint64_t key_of(const InfWorld* world, const void* bytes, size_t count, uint64_t salt)
{
    uint64_t hash = inf_hash_combine(inf_hash_bytes(bytes, count, world->galaxy.seed), salt);
    return hash == 0 ? 1 : hash;
}
static uint64_t identity_key(const InfWorld* world, const uint8_t* identity)
{
    return key_of(world, identity, INF_HASH_BYTES, 0x6964u);
}
static uint64_t passage_key(const InfWorld* world, const uint8_t* transfer)
{
    return key_of(world, transfer, INF_PASSAGE_BYTES, 0x7061u);
}
static uint64_t consent_key(const InfWorld* world, uint64_t giver, uint64_t receiver, uint32_t act)
{
    uint64_t words[3] = {giver, receiver, act};
    return key_of(world, words, sizeof words, 0x636fu);
}

uint32_t inf_world_find_identity(const InfWorld* world, const uint8_t identity[INF_HASH_BYTES])
{
    uint32_t index1 = inf_map_get(&world->identity_map, identity_key(world, identity));
    return index1 != 0 && memcmp(inf_directory_at(world, index1)->identity, identity, INF_HASH_BYTES) == 0 ? index1 : 0;
}

uint32_t inf_world_find_identity_of(const InfWorld* world, uint64_t soul)
{
    return soul != 0 ? inf_map_get(&world->known_map, soul) : 0;
}

uint32_t inf_world_find_passage(const InfWorld* world, const uint8_t transfer[INF_PASSAGE_BYTES])
{
    uint32_t index1 = inf_map_get(&world->passage_map, passage_key(world, transfer));
    return index1 != 0 && memcmp(inf_directory_at(world, index1)->transfer, transfer, INF_PASSAGE_BYTES) == 0 ? index1 : 0;
}

void inf_directory_index(InfWorld* world, uint32_t index1)
{
    const InfDirectoryEntry* entry = inf_directory_at(world, index1);
    inf_map_set(&world->identity_map, identity_key(world, entry->identity), index1);
    if (entry->soul != 0) {
        inf_map_set(&world->known_map, entry->soul, index1);
    }
    if (!inf_is_zero(entry->transfer, INF_PASSAGE_BYTES)) {
        inf_map_set(&world->passage_map, passage_key(world, entry->transfer), index1);
    }
}

void inf_consent_index(InfWorld* world, uint32_t index1)
{
    const InfConsent* consent = inf_consent_at(world, index1);
    inf_map_set(&world->consent_map, consent_key(world, consent->giver, consent->receiver, consent->act), index1);
}

uint32_t inf_consent_find(const InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act)
{
    uint32_t index1 = inf_map_get(&world->consent_map, consent_key(world, giver, receiver, act));
    if (index1 != 0) {
        const InfConsent* consent = inf_consent_at(world, index1);
        if (consent->giver != giver || consent->receiver != receiver || consent->act != act) {
            return 0;
        }
    }
    return index1;
}

bool inf_consent_spend(InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act)
{
    if (!inf_world_has_consent(world, giver, receiver, act)) {
        return false;
    }
    uint32_t index1 = inf_consent_find(world, giver, receiver, act);
    inf_map_remove(&world->consent_map, consent_key(world, giver, receiver, act));
    inf_pool_give_back(&world->consent_pool, index1);
    return true;
}

bool inf_world_has_consent(const InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act)
{
    uint32_t index1 = inf_consent_find(world, giver, receiver, act);
    return index1 != 0 && inf_consent_at(world, index1)->until_tick >= inf_world_now(world);
}

void inf_border_derive(InfWorld* world)
{
    for (uint32_t i = 1; i <= world->directory_pool.count; i++) {
        if (inf_pool_is_live(&world->directory_pool, i)) {
            inf_directory_index(world, i);
        }
    }
    for (uint32_t i = 1; i <= world->consent_pool.count; i++) {
        if (inf_pool_is_live(&world->consent_pool, i)) {
            inf_consent_index(world, i);
        }
    }
    for (uint32_t i = 1; i <= world->passenger_pool.count; i++) {
        if (inf_pool_is_live(&world->passenger_pool, i)) {
            inf_rider_index(world, i); // links anew, by seat
        }
    }
}
