// The small things that everything is made of: hashing, chance, sines, roots, exact fractions.
#include "bench/bench.h"
#include "infinity/hash.h"
#include "infinity/math.h"
#include "infinity/random.h"

#include <stdlib.h>

static uint64_t sink;

static void measure_hash(uint32_t megabytes)
{
    size_t byte_count = (size_t)1 << 20;
    uint8_t* bytes = calloc(1, byte_count);
    if (bytes == NULL) {
        return;
    }
    double start = bench_cpu_s();
    for (uint32_t i = 0; i < megabytes; i++) {
        sink += inf_hash_bytes(bytes, byte_count, i);
    }
    bench_result("hash_gb_per_cpu_s", (double)megabytes * (double)byte_count * 1e-9 / (bench_cpu_s() - start));
    InfHasher hasher;
    inf_hasher_init(&hasher, 0);
    uint32_t rows = megabytes * 10000;
    start = bench_cpu_s();
    for (uint32_t i = 0; i < rows; i++) { // rows of state: 72 bytes at a time
        inf_hasher_add(&hasher, bytes + (i & 1023) * 72, 72);
    }
    sink += inf_hasher_end(&hasher);
    bench_result("hash_rows_gb_per_cpu_s", rows * 72e-9 / (bench_cpu_s() - start));
    free(bytes);
}

#define MEASURE(name, expression)                                                                       \
    do {                                                                                                \
        double start = bench_cpu_s();                                                                   \
        for (uint32_t i = 0; i < count; i++) {                                                          \
            sink += (uint64_t)(expression);                                                             \
        }                                                                                               \
        bench_result(name "_ns", (bench_cpu_s() - start) * 1e9 / count);                                \
    } while (0)

BENCH(base, "hash, random numbers, polynomials, wide integers")
{
    uint32_t count = (uint32_t)bench_option(&args, "count", 20000000);
    measure_hash((uint32_t)bench_option(&args, "megabytes", 2000));
    InfRng rng;
    inf_rng_seed(&rng, 1, 1);
    MEASURE("rng_next", inf_rng_next(&rng));
    MEASURE("rng_below", inf_rng_below(&rng, i | 1));
    MEASURE("sin", inf_sinf((float)i * 0.001f) * 100.0f + 100.0f);
    MEASURE("atan2", inf_atan2f((float)i, 1e7f) * 100.0f);
    MEASURE("exp", inf_expf((float)(i & 15)));
    MEASURE("log", inf_logf((float)i + 1.0f));
    MEASURE("isqrt", inf_isqrt_u64(i * 0x9e3779b97f4a7c15u));
    MEASURE("mul_div_wide", inf_mul_div_u64(i * 0x9e3779b97f4a7c15u, 1000003, 0xd1b54a32d192ed03u));
    bench_result_hash("hash", sink);
    return 0;
}
