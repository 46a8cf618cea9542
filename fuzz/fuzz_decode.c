// Snapshots of full-lived worlds, changed where it hurts and then hashed anew so that the change gets past the hash:
// the decoder refuses, or gives a world in which a hundred ticks trip nothing.
// The bytes: u8 stage, u8 how, then changes: u8 what, u32 where, u8 style, value.
#include "core/world/internal.h"
#include "fuzz.h"
#include "tests/world/steer.h"

#define STAGES 4u
#define CHANGES_MAX 24u

static uint8_t* stage_bytes[STAGES];
static size_t stage_count[STAGES];

static InfWorldDef world_def(void)
{
    InfWorldDef def = inf_world_def_default();
    def.capacity = (InfCapacity){.souls = 24, .ships = 40, .systems = 12, .places = 64, .stations = 12, .transfers = 4,
                                 .tags = 6, .event_bytes = 1u << 16};
    def.shard_count = 2;
    def.allocator = steer_allocator();
    return def;
}

// Stages of one shard of two: lives, with players in space and something waiting in the outbox in the later ones.
static void make_stages(void)
{
    static InfInput input;
    InfWorldDef def = world_def();
    InfWorld* world;
    FUZZ_ENSURE(inf_world_create(&def, &world) == INF_OK);
    InfResult founded = inf_world_found(world, 14, 9000);
    FUZZ_ENSURE(founded == INF_OK || founded == INF_ERROR_FULL);
    static const uint32_t ticks[STAGES] = {20, 900, 3000, 9000};
    for (uint32_t stage = 0, tick = 0; stage < STAGES; stage++) {
        for (; tick < ticks[stage]; tick++) {
            uint8_t batch[1024];
            InfWriter writer = inf_writer_make(batch, sizeof batch);
            memset(&input, 0, sizeof input);
            if (tick < 3) {
                input.kind = INF_INPUT_KIND_TagClaim;
                memset(input.TagClaim.key, (int)(tick + 1), INF_KEY_BYTES);
                snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Player %c", (char)('A' + tick));
                inf_input_write(&writer, &input);
            } else if (tick < 12 && world->tag_pool.live == 3) {
                uint64_t soul = inf_tag_at(world, 1 + tick % 3)->soul;
                input.kind = tick < 6 ? INF_INPUT_KIND_Presence : tick < 9 ? INF_INPUT_KIND_Undock : INF_INPUT_KIND_Pay;
                if (tick < 6) {
                    input.Presence.soul = soul;
                    input.Presence.connected = 1;
                } else if (tick < 9) {
                    input.Undock.soul = soul;
                } else {
                    input.Pay.soul = soul;
                    input.Pay.payee = UINT64_C(1) << 48 | 1;
                    input.Pay.payee_shard = 1;
                    input.Pay.credits = 5;
                }
                inf_input_write(&writer, &input);
            }
            inf_world_tick(world, batch, writer.at);
        }
        stage_count[stage] = inf_world_encoded_bytes(world);
        stage_bytes[stage] = malloc(stage_count[stage]);
        FUZZ_ENSURE(inf_world_encode(world, stage_bytes[stage], stage_count[stage]) == stage_count[stage]);
    }
    inf_world_destroy(world);
}

static uint64_t changed(InfReader* reader, uint64_t old, uint32_t bytes)
{
    uint8_t style = inf_read_u8(reader);
    uint64_t all = bytes == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * bytes) - 1;
    switch (style % 8) {
    case 0: return 0;
    case 1: return old + 1;
    case 2: return old - 1;
    case 3: return inf_read_u8(reader) % 48;
    case 4: return old ^ (UINT64_C(1) << (style / 8 % (8 * bytes) % 64));
    case 5: return all >> (style / 8 % 4);
    case 6: return UINT64_C(1) << (8 * bytes - 1);
    default: return inf_read_u64(reader);
    }
}

// A number in a row, in a motion, in the header or at the head of a pool.
static void change_world(InfWorld* world, InfReader* reader)
{
    InfPool* pools[] = {&world->account_pool, &world->system_pool, &world->place_pool, &world->station_pool,
                        &world->ship_pool, &world->soul_pool, &world->transfer_pool, &world->tag_pool};
    uint8_t what = inf_read_u8(reader);
    uint32_t where = inf_read_u16(reader);
    uint8_t* at;
    size_t bytes;
    uint32_t target = what % 16;
    if (target >= 8 && target < 11) {
        target = 4; // ships and souls more often
    } else if (target >= 11 && target < 14) {
        target = 5;
    }
    if (target < 8) {
        InfPool* pool = pools[target];
        if (pool->count == 0) {
            return;
        }
        at = pool->rows + (size_t)(inf_read_u8(reader) % pool->count) * pool->row_bytes;
        bytes = pool->row_bytes;
    } else if (target == 14 && world->ship_pool.count != 0) {
        at = (uint8_t*)&world->motions[inf_read_u8(reader) % world->ship_pool.count];
        bytes = sizeof(InfMotion);
    } else if (what / 16 < 4) {
        InfPool* pool = pools[where % 8];
        uint32_t* heads[] = {&pool->count, &pool->free_head, &pool->live};
        uint32_t* head = heads[what / 16 % 3];
        uint32_t value = (uint32_t)changed(reader, *head, 4);
        *head = head == &pool->count && value > pool->capacity ? pool->capacity : value;
        return;
    } else {
        at = (uint8_t*)&world->header;
        bytes = sizeof world->header;
    }
    static const uint8_t widths[] = {1, 2, 4, 8};
    uint32_t width = widths[what / 16 % 4];
    at += where % bytes / width * width;
    uint64_t value = 0;
    memcpy(&value, at, width);
    value = changed(reader, value, width);
    memcpy(at, &value, width);
}

static void run(const uint8_t* bytes, size_t count)
{
    InfWorldDef def = world_def();
    InfWorld* world;
    InfResult result = inf_world_decode(&def, bytes, count, &world);
    FUZZ_ENSURE((result == INF_OK) == (world != NULL));
    if (result != INF_OK) {
        return;
    }
    size_t again_bytes = inf_world_encoded_bytes(world);
    uint8_t* again = malloc(again_bytes);
    FUZZ_ENSURE(inf_world_encode(world, again, again_bytes) == again_bytes);
    InfWorld* twin;
    FUZZ_ENSURE(inf_world_decode(&def, again, again_bytes, &twin) == INF_OK);
    FUZZ_ENSURE(inf_world_hash(world) == inf_world_hash(twin));
    free(again);
    for (int i = 0; i < 100; i++) {
        inf_world_tick(world, NULL, 0);
        inf_world_tick(twin, NULL, 0);
    }
    FUZZ_ENSURE(inf_world_hash(world) == inf_world_hash(twin));
    inf_world_destroy(twin);
    inf_world_destroy(world);
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    if (stage_bytes[0] == NULL) {
        make_stages();
    }
    InfReader reader = inf_reader_make(bytes, count);
    uint32_t stage = inf_read_u8(&reader) % STAGES;
    uint8_t how = inf_read_u8(&reader);
    uint8_t* snapshot;
    size_t snapshot_bytes = stage_count[stage];
    if (how % 8 != 0) { // fields of the world itself, encoded anew
        InfWorldDef def = world_def();
        InfWorld* world;
        FUZZ_ENSURE(inf_world_decode(&def, stage_bytes[stage], stage_count[stage], &world) == INF_OK);
        for (uint32_t i = 0; i < CHANGES_MAX && inf_reader_left(&reader) != 0; i++) {
            change_world(world, &reader);
        }
        snapshot_bytes = inf_world_encoded_bytes(world);
        snapshot = malloc(snapshot_bytes);
        FUZZ_ENSURE(inf_world_encode(world, snapshot, snapshot_bytes) == snapshot_bytes);
        inf_world_destroy(world);
    } else { // bytes of the snapshot: head, schema, counts; cut or not
        snapshot = malloc(snapshot_bytes);
        memcpy(snapshot, stage_bytes[stage], snapshot_bytes);
        if (how / 8 % 4 == 0) {
            size_t cut = inf_read_u32(&reader) % (snapshot_bytes - 8);
            snapshot_bytes = cut < 32 ? 32 : cut;
        }
        for (uint32_t i = 0; i < CHANGES_MAX && inf_reader_left(&reader) != 0; i++) {
            uint32_t at = inf_read_u32(&reader);
            size_t range = at >> 31 != 0 ? snapshot_bytes - 8 : snapshot_bytes < 6000 ? snapshot_bytes - 8 : 6000;
            at = at % (uint32_t)range;
            snapshot[at] = (uint8_t)changed(&reader, snapshot[at], 1);
        }
        uint64_t hash = inf_hash_bytes(snapshot, snapshot_bytes - 8, 1);
        memcpy(snapshot + snapshot_bytes - 8, &hash, 8);
    }
    run(snapshot, snapshot_bytes);
    free(snapshot);
    return 0;
}
