// A small galaxy of two full-lived shards, with inputs of every kind made from the bytes (tests/world/steer.h), transfers
// carried as a host does it, and forged ones. The fuzz tree builds with INF_VALIDATE: each world is walked in each tick.
// No input may trip an assertion, and without forged transfers no credit may be lost over all shards.
#include "bench/local_galaxy.h"
#include "core/world/internal.h"
#include "fuzz.h"
#include "tests/world/steer.h"

#define SHARDS 2u
#define STAGES 3u
#define TICKS_MAX 240u

static struct {
    uint8_t* bytes[SHARDS];
    size_t count[SHARDS];
} stages[STAGES];

static InfWorldDef world_def(uint32_t shard)
{
    InfWorldDef def = inf_world_def_default();
    def.shard = shard;
    def.shard_count = SHARDS;
    def.capacity = (InfCapacity){.souls = 24, .ships = 40, .systems = 12, .places = 64, .stations = 12, .transfers = 4,
                                 .tags = 6, .event_bytes = 1u << 16};
    def.allocator = steer_allocator();
    return def;
}

static void keep_stage(const LocalGalaxy* galaxy, uint32_t stage)
{
    for (uint32_t s = 0; s < SHARDS; s++) {
        size_t bytes = inf_world_encoded_bytes(galaxy->worlds[s]);
        stages[stage].bytes[s] = malloc(bytes);
        stages[stage].count[s] = inf_world_encode(galaxy->worlds[s], stages[stage].bytes[s], bytes);
        FUZZ_ENSURE(stages[stage].count[s] == bytes);
    }
}

// Four players among the minds, at the founding, after minutes and after an hour.
static void make_stages(void)
{
    InfWorld* worlds[SHARDS];
    for (uint32_t s = 0; s < SHARDS; s++) {
        InfWorldDef def = world_def(s);
        FUZZ_ENSURE(inf_world_create(&def, &worlds[s]) == INF_OK);
        InfResult founded = inf_world_found(worlds[s], 16, 9000);
        FUZZ_ENSURE(founded == INF_OK || founded == INF_ERROR_FULL);
    }
    LocalGalaxy* galaxy = local_galaxy_adopt(worlds, SHARDS);
    static InfInput input;
    for (uint32_t i = 0; i < 4; i++) {
        memset(&input, 0, sizeof input);
        input.kind = INF_INPUT_KIND_TagClaim;
        memset(input.TagClaim.key, (int)(i + 1), INF_KEY_BYTES);
        snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Player %c", (char)('A' + i));
        local_galaxy_submit(galaxy, 0, &input);
    }
    static const uint32_t ticks[STAGES] = {3, 2000, 36000};
    uint32_t tick = 0;
    for (uint32_t stage = 0; stage < STAGES; stage++) {
        for (; tick < ticks[stage]; tick++) {
            local_galaxy_tick(galaxy);
        }
        FUZZ_ENSURE(local_galaxy_check_books(galaxy) == NULL);
        keep_stage(galaxy, stage);
    }
    local_galaxy_destroy(galaxy);
}

static void steer(LocalGalaxy* galaxy, InfReader* dice, bool* forged)
{
    static InfInput input;
    uint8_t step = inf_read_u8(dice);
    uint32_t shard = step % SHARDS;
    if (step / 2 % 16 == 15) {
        steer_transfer(galaxy->worlds[shard], galaxy->worlds[1 - shard], dice, &input);
        *forged = true;
    } else {
        steer_input(galaxy->worlds[shard], dice, &input);
        *forged = *forged || input.kind == INF_INPUT_KIND_TransferIn || input.kind == INF_INPUT_KIND_TransferReceipt;
    }
    if (input.kind != INF_INPUT_KIND_Found || inf_world_header(galaxy->worlds[shard])->tick > 1) {
        local_galaxy_submit(galaxy, shard, &input);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    if (stages[0].bytes[0] == NULL) {
        make_stages();
    }
    InfReader dice = inf_reader_make(bytes, count);
    uint32_t stage = inf_read_u8(&dice) % STAGES, ticks = 0;
    InfWorld* worlds[SHARDS];
    for (uint32_t s = 0; s < SHARDS; s++) {
        InfWorldDef def = world_def(s);
        FUZZ_ENSURE(inf_world_decode(&def, stages[stage].bytes[s], stages[stage].count[s], &worlds[s]) == INF_OK);
    }
    LocalGalaxy* galaxy = local_galaxy_adopt(worlds, SHARDS);
    bool forged = false;
    while (inf_reader_left(&dice) != 0 && ticks < TICKS_MAX) {
        for (uint32_t inputs = inf_read_u8(&dice) % 6; inputs > 0; inputs--) {
            steer(galaxy, &dice, &forged);
        }
        static const uint8_t pauses[] = {1, 1, 1, 2, 4, 9, 20, 50};
        for (uint32_t pause = pauses[inf_read_u8(&dice) % 8]; pause > 0; pause--, ticks++) {
            local_galaxy_tick(galaxy);
        }
    }
    for (uint32_t s = 0; s < SHARDS; s++) {
        const char* wrong = inf_world_validate_rows(galaxy->worlds[s]);
        wrong = wrong != NULL ? wrong : inf_world_validate(galaxy->worlds[s]);
        if (wrong != NULL) {
            fprintf(stderr, "%s\n", wrong);
        }
        FUZZ_ENSURE(wrong == NULL);
    }
    FUZZ_ENSURE(forged || local_galaxy_check_books(galaxy) == NULL);
    local_galaxy_destroy(galaxy);
    return 0;
}
