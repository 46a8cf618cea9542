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
    inf_map_set(&world->known_map, inf_soul_id_elsewhere(entry->identity), index1);
    if (!inf_is_zero(entry->transfer, INF_PASSAGE_BYTES)) {
        inf_map_set(&world->passage_map, passage_key(world, entry->transfer), index1);
    }
}

void inf_consent_index(InfWorld* world, uint32_t index1)
{
    const InfConsent* consent = inf_consent_at(world, index1);
    inf_map_set(&world->consent_map, consent_key(world, consent->giver, consent->receiver, consent->act), index1);
}

void inf_consent_unindex(InfWorld* world, uint32_t index1)
{
    const InfConsent* consent = inf_consent_at(world, index1);
    inf_map_remove(&world->consent_map, consent_key(world, consent->giver, consent->receiver, consent->act));
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

// ---- entries ----------------------------------------------------------------------------------------------------------

uint32_t inf_directory_enter(InfWorld* world, const uint8_t* identity)
{
    uint32_t index1 = inf_world_find_identity(world, identity);
    if (index1 != 0 || inf_map_get(&world->identity_map, identity_key(world, identity)) != 0) {
        return index1; // two identities of one 64-bit key: the later one finds no room
    }
    index1 = inf_pool_take(&world->directory_pool);
    if (index1 != 0) {
        InfDirectoryEntry* entry = inf_directory_at(world, index1);
        memcpy(entry->identity, identity, INF_HASH_BYTES);
        entry->tick = inf_world_now(world);
        inf_directory_index(world, index1);
    }
    return index1;
}

void inf_directory_pass(InfWorld* world, uint32_t index1, const uint8_t* transfer, const uint8_t* server)
{
    InfDirectoryEntry* entry = inf_directory_at(world, index1);
    if (!inf_is_zero(entry->transfer, INF_PASSAGE_BYTES)) {
        inf_map_remove(&world->passage_map, passage_key(world, entry->transfer));
    }
    memcpy(entry->transfer, transfer, INF_PASSAGE_BYTES);
    memcpy(entry->server, server, INF_KEY_BYTES);
    inf_map_set(&world->passage_map, passage_key(world, transfer), index1);
    entry->tick = inf_world_now(world);
}

bool inf_passage_is_new(const InfWorld* world, const uint8_t* transfer)
{
    return !inf_is_zero(transfer, INF_PASSAGE_BYTES) && inf_map_get(&world->passage_map, passage_key(world, transfer)) == 0;
}

void inf_directory_set_soul(InfWorld* world, uint32_t index1, uint64_t soul)
{
    InfDirectoryEntry* entry = inf_directory_at(world, index1);
    entry->soul = soul;
    inf_directory_index(world, index1);
}

InfPassageAnswer inf_world_passage_answer(const InfWorld* world, const uint8_t identity[INF_HASH_BYTES],
                                          const uint8_t transfer[INF_PASSAGE_BYTES], uint32_t epoch)
{
    uint32_t index1 = inf_world_find_identity(world, identity);
    if (index1 == 0) {
        return INF_PASSAGE_NEW;
    }
    const InfDirectoryEntry* entry = inf_directory_at(world, index1);
    if (epoch > entry->epoch) {
        return epoch > entry->refused_epoch ? INF_PASSAGE_NEW : INF_PASSAGE_REFUSED;
    }
    uint32_t ago = entry->epoch - epoch;
    if (ago >= 64) {
        return INF_PASSAGE_FORGOTTEN;
    }
    bool accepted = (entry->accepted_epochs >> ago & 1u) != 0;
    if (accepted && ago == 0 && memcmp(entry->transfer, transfer, INF_PASSAGE_BYTES) != 0) {
        accepted = false; // the same life by another way: one of the two is a forgery or from a restored backup
    }
    return accepted ? INF_PASSAGE_ACCEPTED : INF_PASSAGE_REFUSED;
}

void inf_directory_begin_epoch(InfDirectoryEntry* entry, uint32_t epoch, bool accepted)
{
    INF_ASSERT(epoch > entry->epoch);
    uint32_t steps = epoch - entry->epoch;
    entry->accepted_epochs = steps >= 64 ? 0 : entry->accepted_epochs << steps;
    entry->accepted_epochs |= accepted;
    entry->epoch = epoch;
}

// ---- telling shard 0 what happened to an identity elsewhere --------------------------------------------------------------

#define KNOWN_VERSION 1u

InfResult inf_directory_may_tell(const InfWorld* world, const uint8_t* identity, uint64_t soul)
{
    if (world->header.shard != 0) {
        return inf_transfer_ready(world) ? INF_OK : INF_ERROR_FULL;
    }
    uint32_t index1 = inf_world_find_identity(world, identity);
    if (index1 != 0) {
        return inf_directory_at(world, index1)->soul == soul ? INF_OK : INF_ERROR_EXISTS;
    }
    return inf_pool_room(&world->directory_pool) > 0 ? INF_OK : INF_ERROR_FULL;
}

static void note(InfWorld* world, const uint8_t* identity, uint64_t soul, uint32_t epoch, InfDirectoryState state)
{
    uint32_t index1 = inf_directory_enter(world, identity);
    if (index1 == 0) {
        return; // full: the soul lives on; before it can leave the galaxy it needs an entry
    }
    InfDirectoryEntry* entry = inf_directory_at(world, index1);
    bool fresh = entry->state == INF_DIRECTORY_NONE;
    if (fresh || (state == INF_DIRECTORY_MERGED && entry->state == INF_DIRECTORY_HERE && entry->soul == soul)) {
        entry->state = (uint8_t)state;
        entry->epoch = epoch > entry->epoch ? epoch : entry->epoch;
        entry->tick = inf_world_now(world);
        inf_directory_set_soul(world, index1, soul);
    }
}

void inf_directory_tell(InfWorld* world, const uint8_t* identity, uint64_t soul, uint32_t epoch, InfDirectoryState state)
{
    if (world->header.shard == 0) {
        note(world, identity, soul, epoch, state);
        return;
    }
    uint8_t payload[4 + INF_HASH_BYTES + 5];
    InfWriter writer = inf_writer_make(payload, sizeof payload);
    inf_write_u32(&writer, KNOWN_VERSION);
    inf_write_bytes(&writer, identity, INF_HASH_BYTES);
    inf_write_u32(&writer, epoch);
    inf_write_u8(&writer, (uint8_t)state);
    InfResult sent = inf_transfer_note(world, 0, soul, payload, writer.at);
    INF_ASSERT(writer.ok && sent == INF_OK); // inf_directory_may_tell() said so
}

InfResult inf_directory_take(InfWorld* world, const InfInputTransferIn* input)
{
    InfReader reader = inf_reader_make(input->payload, input->payload_bytes);
    uint8_t identity[INF_HASH_BYTES];
    uint32_t version = inf_read_u32(&reader);
    inf_read_bytes(&reader, identity, sizeof identity);
    uint32_t epoch = inf_read_u32(&reader);
    uint8_t state = inf_read_u8(&reader);
    if (!inf_reader_done(&reader) || version != KNOWN_VERSION || inf_is_zero(identity, sizeof identity)) {
        return INF_ERROR_FORMAT;
    }
    if (world->header.shard != 0 || input->credits != 0 || epoch > INF_EPOCH_MAX ||
        (state != INF_DIRECTORY_HERE && state != INF_DIRECTORY_MERGED) ||
        !inf_id_is_given(&world->header, input->soul, world->header.soul_sequence)) {
        return INF_ERROR_RANGE;
    }
    if (state == INF_DIRECTORY_MERGED && inf_world_find_soul(world, input->soul) != 0) {
        return INF_ERROR_STATE; // it lives here
    }
    note(world, identity, input->soul, epoch, (InfDirectoryState)state);
    return INF_OK;
}

void inf_border_derive(InfWorld* world)
{
    inf_border_reserve(world);
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
