#include "local_galaxy.h"

#include "infinity/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LOCAL_INPUT_BYTES (1u << 20) // of one shard in one tick

// Fresh pages from the system: aligned, zeroed, and resident only once they are used.
static void* reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
{
    (void)user;
    void* memory = NULL;
    if (new_bytes != 0) {
        memory = mmap(NULL, new_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            return NULL;
        }
        if (old != NULL) {
            memcpy(memory, old, old_bytes < new_bytes ? old_bytes : new_bytes);
        }
    }
    if (old != NULL) {
        munmap(old, old_bytes);
    }
    return memory;
}

InfAllocator local_allocator(void)
{
    return (InfAllocator){.reallocate = reallocate, .gives_zeroed = true};
}

static void fail(const char* what, const char* why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

LocalGalaxy* local_galaxy_create(uint64_t seed, uint32_t shard_count, uint32_t minds, uint32_t souls_capacity,
                                 uint64_t radius_mly)
{
    InfWorld* worlds[INF_SHARDS_MAX];
    for (uint32_t shard = 0; shard < shard_count; shard++) {
        InfWorldDef def = inf_world_def_default();
        def.shard = shard;
        def.shard_count = shard_count;
        def.galaxy.seed = seed;
        def.capacity = inf_capacity_for_souls(souls_capacity);
        def.allocator = local_allocator();
        InfResult result = inf_world_create(&def, &worlds[shard]);
        if (result == INF_OK) {
            result = inf_world_found(worlds[shard], minds, radius_mly);
        }
        if (result != INF_OK) {
            fail("founding a shard", inf_result_text(result));
        }
    }
    return local_galaxy_adopt(worlds, shard_count);
}

LocalGalaxy* local_galaxy_adopt(InfWorld* const* worlds, uint32_t shard_count)
{
    LocalGalaxy* galaxy = calloc(1, sizeof *galaxy);
    if (galaxy == NULL) {
        fail("galaxy", "out of memory");
    }
    galaxy->shard_count = shard_count;
    for (uint32_t shard = 0; shard < shard_count; shard++) {
        galaxy->worlds[shard] = worlds[shard];
        galaxy->input_capacity[shard] = LOCAL_INPUT_BYTES;
        galaxy->inputs[shard] = malloc(LOCAL_INPUT_BYTES);
        if (galaxy->inputs[shard] == NULL) {
            fail("inputs", "out of memory");
        }
    }
    return galaxy;
}

void local_galaxy_destroy(LocalGalaxy* galaxy)
{
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        inf_world_destroy(galaxy->worlds[shard]);
        free(galaxy->inputs[shard]);
    }
    free(galaxy);
}

void local_galaxy_submit(LocalGalaxy* galaxy, uint32_t shard, const InfInput* input)
{
    InfWriter writer = inf_writer_make(galaxy->inputs[shard] + galaxy->input_bytes[shard],
                                       galaxy->input_capacity[shard] - galaxy->input_bytes[shard]);
    if (!inf_input_write(&writer, input)) {
        fail("inputs", "an input does not fit");
    }
    galaxy->input_bytes[shard] += writer.at;
}

void local_galaxy_route(LocalGalaxy* galaxy)
{
    InfWriter batches[INF_SHARDS_MAX];
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) { // what does not fit is offered again next tick
        batches[shard] = inf_writer_make(galaxy->inputs[shard], galaxy->input_capacity[shard]);
        batches[shard].at = galaxy->input_bytes[shard];
    }
    inf_worlds_route(galaxy->worlds, galaxy->shard_count, batches);
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        galaxy->input_bytes[shard] = batches[shard].at;
    }
}

void local_galaxy_run(LocalGalaxy* galaxy)
{
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        inf_world_tick(galaxy->worlds[shard], galaxy->inputs[shard], galaxy->input_bytes[shard]);
        galaxy->input_bytes[shard] = 0;
    }
}

void local_galaxy_tick(LocalGalaxy* galaxy)
{
    local_galaxy_route(galaxy);
    local_galaxy_run(galaxy);
}

uint64_t local_galaxy_transfers(const LocalGalaxy* galaxy)
{
    uint64_t transfers = 0;
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        transfers += inf_world_header(galaxy->worlds[shard])->transfer_sequence;
    }
    return transfers;
}

uint64_t local_galaxy_souls(const LocalGalaxy* galaxy)
{
    uint64_t souls = 0;
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        uint32_t count = 0;
        const InfSoul* rows = inf_world_souls(galaxy->worlds[shard], &count);
        for (uint32_t i = 0; i < count; i++) {
            souls += rows[i].generation & 1u;
        }
    }
    return souls;
}

const char* local_galaxy_check_books(const LocalGalaxy* galaxy)
{
    int64_t minted = 0, burned = 0, held = 0, in_flight = 0, in_outboxes = 0;
    for (uint32_t shard = 0; shard < galaxy->shard_count; shard++) {
        const InfWorld* world = galaxy->worlds[shard];
        const InfHeader* header = inf_world_header(world);
        int64_t sum = 0;
        uint32_t count = 0;
        for (uint32_t reason = 0; reason < INF_REASONS_MAX; reason++) {
            minted += header->minted_credits[reason];
            burned += header->burned_credits[reason];
        }
        const InfAccount* accounts = inf_world_accounts(world, &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((accounts[i].generation & 1u) == 0) {
                continue;
            }
            int64_t credits = accounts[i].credits;
            sum += credits;
            if (accounts[i].kind == INF_ACCOUNT_SENT || accounts[i].kind == INF_ACCOUNT_RECEIVED) {
                in_flight += credits;
            } else if (accounts[i].kind >= INF_ACCOUNT_ESCROW) {
                held += credits;
            }
        }
        if (sum != 0) {
            return "the accounts of a shard do not sum to zero";
        }
        // In flight: what waits in an outbox and was not taken in yet.
        const InfTransfer* transfers = inf_world_transfers(world, &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((transfers[i].generation & 1u) != 0 &&
                transfers[i].sequence > inf_world_header(galaxy->worlds[transfers[i].destination])->in_sequence[shard]) {
                in_outboxes += transfers[i].credits;
            }
        }
    }
    if (minted - burned != held + in_flight) {
        return "minted less burned is not what souls, stations, escrow and flight hold";
    }
    return in_flight == in_outboxes ? NULL : "the books' flight is not what is in the outboxes";
}
