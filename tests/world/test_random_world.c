// Long random lives of whole galaxies: sixteen shards, hundreds of minds, players whose inputs are half nonsense.
#include "test.h"

#include "bench/local_galaxy.h"
#include "infinity/route.h"
#include "steer.h"
#include "world/internal.h"

#define DICE_BYTES 4096u

typedef struct Lives {
    LocalGalaxy* galaxy;
    TestRandom random;
    uint32_t players;
    uint64_t* ids; // scratch of check_souls
    size_t ids_capacity;
} Lives;

static void claim_tags(Lives* lives)
{
    static InfInput input;
    for (uint32_t i = 0; i < lives->players; i++) {
        memset(&input, 0, sizeof input);
        input.kind = INF_INPUT_KIND_TagClaim;
        test_random_bytes(&lives->random, input.TagClaim.key, sizeof input.TagClaim.key);
        snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Random %c%c", 'a' + i / 26 % 26, 'a' + i % 26);
        local_galaxy_submit(lives->galaxy, 0, &input);
    }
}

static bool is_host_only(uint32_t kind)
{
    return kind == INF_INPUT_KIND_TransferIn || kind == INF_INPUT_KIND_TransferReceipt || kind == INF_INPUT_KIND_Found ||
           kind == INF_INPUT_KIND_MindBirth;
}

static void throw_inputs(Lives* lives)
{
    static InfInput input;
    static uint8_t bytes[DICE_BYTES];
    for (uint32_t s = 0; s < lives->galaxy->shard_count; s++) {
        uint64_t dice_count = test_random_below(&lives->random, 8);
        for (; dice_count < 3; dice_count++) {
            test_random_bytes(&lives->random, bytes, 512);
            InfReader dice = inf_reader_make(bytes, sizeof bytes);
            steer_input(lives->galaxy->worlds[s], &dice, &input);
            if (!is_host_only(input.kind)) { // what is forged has no conserved credits; the fuzzers do that
                local_galaxy_submit(lives->galaxy, s, &input);
            }
        }
    }
}

static int by_id(const void* a, const void* b)
{
    uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
    return x < y ? -1 : x > y;
}

// Each soul is in one world or in one outbox that its destination has not taken it from.
static void check_souls(Lives* lives)
{
    size_t count = 0;
    for (uint32_t s = 0; s < lives->galaxy->shard_count; s++) {
        uint32_t souls, transfers;
        const InfSoul* soul_rows = inf_world_souls(lives->galaxy->worlds[s], &souls);
        const InfTransfer* transfer_rows = inf_world_transfers(lives->galaxy->worlds[s], &transfers);
        if (count + souls + transfers > lives->ids_capacity) {
            lives->ids_capacity = 2 * (count + souls + transfers);
            lives->ids = realloc(lives->ids, lives->ids_capacity * sizeof *lives->ids);
            ENSURE(lives->ids != NULL);
        }
        for (uint32_t i = 0; i < souls; i++) {
            if ((soul_rows[i].generation & 1u) != 0) {
                lives->ids[count++] = soul_rows[i].id;
            }
        }
        for (uint32_t i = 0; i < transfers; i++) {
            const InfTransfer* transfer = &transfer_rows[i];
            if ((transfer->generation & 1u) != 0 && inf_transfer_has_soul(transfer->kind) &&
                transfer->sequence > inf_world_header(lives->galaxy->worlds[transfer->destination])->in_sequence[s]) {
                lives->ids[count++] = transfer->soul;
            }
        }
    }
    qsort(lives->ids, count, sizeof *lives->ids, by_id);
    for (size_t i = 1; i < count; i++) {
        ENSURE(lives->ids[i] != lives->ids[i - 1]);
    }
}

static void check_world(const InfWorld* world)
{
    const char* wrong = inf_world_validate_rows(world);
    wrong = wrong != NULL ? wrong : inf_world_validate(world);
    if (wrong != NULL) {
        printf("shard %u: %s\n", inf_world_header(world)->shard, wrong);
    }
    ENSURE(wrong == NULL);
}

static void check_worlds(const Lives* lives)
{
    for (uint32_t s = 0; s < lives->galaxy->shard_count; s++) {
        check_world(lives->galaxy->worlds[s]);
    }
}

static InfWorld* through_bytes(const InfWorld* world)
{
    check_world(world);
    size_t bytes = inf_world_encoded_bytes(world);
    uint8_t* buffer = malloc(bytes);
    ENSURE(buffer != NULL && inf_world_encode(world, buffer, bytes) == bytes);
    InfWorldDef def = inf_world_def_default();
    def.shard = inf_world_header(world)->shard;
    def.shard_count = inf_world_header(world)->shard_count;
    def.galaxy = *inf_world_galaxy(world);
    def.capacity = (InfCapacity){.event_bytes = 1u << 20}; // the pools are those of the snapshot
    def.allocator = local_allocator();
    InfWorld* copy = NULL;
    ENSURE(inf_world_decode(&def, buffer, bytes, &copy) == INF_OK);
    free(buffer);
    ENSURE(inf_world_hash(copy) == inf_world_hash(world));
    return copy;
}

static void live(uint64_t seed, uint32_t shards, uint32_t minds, uint32_t ticks)
{
    Lives lives = {.random = {seed}, .players = 50};
    lives.galaxy = local_galaxy_create(test_random_u64(&lives.random), shards, minds, minds * 2 / shards + 100, 14000);
    claim_tags(&lives);
    InfWorld* twin = NULL;
    uint32_t twin_shard = 0;
    for (uint32_t tick = 0; tick < ticks; tick++) {
        if (tick > 2 && tick % 2 == 0) {
            throw_inputs(&lives);
        }
        if (tick % 1000 == 400) { // a world made from its bytes goes on beside it for a while, with the same inputs
            twin_shard = (uint32_t)test_random_below(&lives.random, shards);
            twin = through_bytes(lives.galaxy->worlds[twin_shard]);
        }
        local_galaxy_route(lives.galaxy);
        if (twin != NULL) {
            inf_world_tick(twin, lives.galaxy->inputs[twin_shard], lives.galaxy->input_bytes[twin_shard]);
        }
        local_galaxy_run(lives.galaxy);
        if (twin != NULL) {
            if (tick % 20 == 0) {
                ENSURE(inf_world_hash(twin) == inf_world_hash(lives.galaxy->worlds[twin_shard]));
            }
            if (tick % 1000 == 700) {
                inf_world_destroy(twin);
                twin = NULL;
            }
        }
        const char* wrong = local_galaxy_check_books(lives.galaxy);
        if (wrong != NULL) {
            printf("tick %u: %s\n", tick, wrong);
        }
        ENSURE(wrong == NULL);
        if (tick % 100 == 0) {
            check_worlds(&lives);
            check_souls(&lives);
        }
    }
    inf_world_destroy(twin);
    check_worlds(&lives);
    InfHeader sum;
    memset(&sum, 0, sizeof sum);
    for (uint32_t s = 0; s < shards; s++) {
        const InfHeader* header = inf_world_header(lives.galaxy->worlds[s]);
        sum.jumps += header->jumps;
        sum.trades += header->trades;
        sum.shots += header->shots;
        sum.units_mined += header->units_mined;
        sum.births += header->births;
        ENSURE(inf_world_dropped_events(lives.galaxy->worlds[s]) == 0);
    }
    printf("%u shards, %u ticks: %lld jumps, %lld trades, %lld shots, %lld units mined, %lld births, %llu receipts\n", shards,
           ticks, (long long)sum.jumps, (long long)sum.trades, (long long)sum.shots, (long long)sum.units_mined,
           (long long)sum.births, (unsigned long long)local_galaxy_transfers(lives.galaxy));
    ENSURE(sum.trades > 0 && sum.shots > 0 && sum.jumps > 0); // else it was no life
    local_galaxy_destroy(lives.galaxy);
    free(lives.ids);
}

TEST_RANDOM(sixteen_shards_live_through_nonsense)
{
    live(seed, 16, 600, 20000);
}

TEST_RANDOM(one_shard_lives_through_nonsense)
{
    live(seed, 1, 150, 10000);
}
