// golden_hash [TICKS]: the chaotic scene, its hash on the last line as "golden <16 hexadecimal digits>".
#include "scenarios/scenarios.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define GOLDEN_TICKS 10000u

static void* reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
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

int main(int argc, char** argv)
{
    InfAllocator allocator = {.reallocate = reallocate};
    uint32_t ticks = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : GOLDEN_TICKS;
    uint64_t hash = scenario_golden(&allocator, ticks);
    printf("golden %016" PRIx64 "\n", hash);
    return hash != 0 ? 0 : 1;
}
