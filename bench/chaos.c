// The chaotic scene as a measure: how many ticks a second, and the hash at the end, so that fast but wrong is seen.
#include "bench.h"
#include "scenarios/scenarios.h"

#include <stdio.h>
#include <stdlib.h>

static void* reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
{
    (void)user, (void)old_bytes;
    if (new_bytes == 0) {
        free(old);
        return NULL;
    }
    INF_ASSERT(old == NULL);
    return aligned_alloc(64, (new_bytes + 63) & ~(size_t)63);
}

BENCH(chaos, "the golden scene, 2 shards, 1,600 minds, 240 players: --ticks 10000")
{
    uint32_t ticks = (uint32_t)bench_option(&args, "ticks", 10000);
    InfAllocator allocator = {.reallocate = reallocate};
    double start = bench_cpu_s();
    uint64_t hash = scenario_golden(&allocator, ticks);
    double spent = bench_cpu_s() - start;
    bench_say("%u ticks of both shards in %.2f s of CPU, hash %016llx", ticks, spent, (unsigned long long)hash);
    bench_result("ticks", ticks);
    bench_result("ticks_per_cpu_s", spent > 0 ? ticks / spent : 0);
    bench_result_hash("hash", hash);
    return hash != 0 ? 0 : 1;
}
