// What a passage over the border carries, as bytes: u32 version, u64 tick, i64 carried, i64 banked, the soul's row, the
// ship's row. Indices inside are dead outside their shard; whoever takes it in sets them anew.
#include "border/border.h"
#include "soul/join.h"

#define PASSAGE_VERSION 1u

// ---- names that hold everywhere ---------------------------------------------------------------------------------------------
//
// Each galaxy counts its souls from one, so a number of its own says nothing abroad, or names a stranger. On its way a soul
// knows others by their identities (known to the directory), and those who have none by their number stirred with the seed
// and generator of the galaxy that gave it: nobody's number elsewhere, and undone when it comes home.

#define STIR_MASK (INF_ID_ELSEWHERE - 1)
#define SEQUENCE_ABROAD_MAX UINT64_C(0xffffffff) // what is above the numbers that are given tells whether it is one of ours

static uint64_t stir_key(const InfWorld* world)
{
    return inf_hash_combine(world->galaxy.seed, world->galaxy.version) & STIR_MASK;
}

uint64_t inf_soul_id_abroad(const InfWorld* world, uint64_t who)
{
    if (who == 0 || (who & INF_ID_ELSEWHERE) != 0) {
        return who;
    }
    uint32_t index1 = inf_map_get(&world->known_map, who);
    if (index1 != 0) {
        return inf_soul_id_elsewhere(inf_directory_at(world, index1)->identity);
    }
    if (who >> 48 >= world->header.shard_count || (who & INF_SEQUENCE_MASK) > SEQUENCE_ABROAD_MAX) {
        return 0;
    }
    uint64_t x = (who ^ stir_key(world)) * UINT64_C(0x9e3779b97f4a7c15) & STIR_MASK;
    x ^= x >> 31;
    x = x * UINT64_C(0xbf58476d1ce4e5b9) & STIR_MASK;
    return INF_ID_ELSEWHERE | (x ^ x >> 31);
}

/// The number x with x * n = 1 modulo 2^64, of an odd n: each step doubles the bits that are right.
static uint64_t inverse(uint64_t n)
{
    uint64_t x = n;
    for (uint32_t i = 0; i < 5; i++) {
        x *= 2 - n * x;
    }
    return x;
}

uint64_t inf_soul_id_at_home(const InfWorld* world, uint64_t who)
{
    if ((who & INF_ID_ELSEWHERE) == 0) {
        return 0; // a number of no galaxy that is told
    }
    uint32_t index1 = inf_map_get(&world->known_map, who);
    if (index1 != 0) {
        uint64_t soul = inf_directory_at(world, index1)->soul;
        return soul != 0 ? soul : who;
    }
    uint64_t x = who & STIR_MASK; // two shifts by 31 undo each other within 62 bits
    x ^= x >> 31;
    x = x * inverse(UINT64_C(0xbf58476d1ce4e5b9)) & STIR_MASK;
    x ^= x >> 31;
    x = (x * inverse(UINT64_C(0x9e3779b97f4a7c15)) & STIR_MASK) ^ stir_key(world);
    bool ours = x != 0 && (x & INF_SEQUENCE_MASK) <= SEQUENCE_ABROAD_MAX && inf_id_is_given(&world->header, x, world->header.soul_sequence);
    return ours ? x : who;
}

void inf_soul_rename(const InfWorld* world, InfSoul* soul, uint64_t (*name)(const InfWorld* world, uint64_t who))
{
    soul->parent = name(world, soul->parent);
    for (uint32_t i = 0; i < INF_MEMORIES; i++) {
        soul->memories[i].who = name(world, soul->memories[i].who);
    }
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        uint64_t who = name(world, soul->relations[i].who);
        soul->relations[i].who = who != soul->id ? who : 0;
    }
    inf_soul_gather_relations(soul); // two names may have become one
}

// ---- bytes ------------------------------------------------------------------------------------------------------------------

size_t inf_passage_write(const InfPassage* passage, uint8_t bytes[INF_TRANSFER_BYTES])
{
    InfWriter writer = inf_writer_make(bytes, INF_TRANSFER_BYTES);
    inf_write_u32(&writer, PASSAGE_VERSION);
    inf_write_u64(&writer, passage->tick);
    inf_write_i64(&writer, passage->carried_credits);
    inf_write_i64(&writer, passage->banked_credits);
    inf_write_bytes(&writer, &passage->soul, sizeof passage->soul);
    inf_write_bytes(&writer, &passage->ship, sizeof passage->ship);
    return writer.ok ? writer.at : 0;
}

InfResult inf_passage_read(const uint8_t* bytes, size_t count, InfPassage* out)
{
    _Static_assert(sizeof(InfSoul) + sizeof(InfShip) + 28 <= INF_TRANSFER_BYTES, "a soul with its ship fits");
    InfReader reader = inf_reader_make(bytes, count);
    if (inf_read_u32(&reader) != PASSAGE_VERSION) {
        return INF_ERROR_VERSION;
    }
    out->tick = inf_read_u64(&reader);
    out->carried_credits = inf_read_i64(&reader);
    out->banked_credits = inf_read_i64(&reader);
    inf_read_bytes(&reader, &out->soul, sizeof out->soul);
    inf_read_bytes(&reader, &out->ship, sizeof out->ship);
    return inf_reader_done(&reader) ? INF_OK : INF_ERROR_FORMAT;
}

uint32_t inf_world_border_room(const InfWorld* world)
{
    return inf_pool_room(&world->crossing_pool);
}

void inf_crossing_passage(const InfWorld* world, uint32_t crossing_index1, InfPassage* out)
{
    const InfCrossing* crossing = inf_crossing_at(world, crossing_index1);
    const InfDirectoryEntry* entry = inf_directory_at(world, crossing->directory_index1);
    out->tick = crossing->tick;
    out->carried_credits = entry->carried_credits;
    out->banked_credits = entry->banked_credits;
    out->soul = crossing->soul[0];
    out->ship = crossing->ship[0];
    inf_soul_rename(world, &out->soul, inf_soul_id_abroad);
}
