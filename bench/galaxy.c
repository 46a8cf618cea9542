// How fast space is made: bare systems (with the count of their sector) per CPU second, then what is made on demand.
#include "bench/bench.h"
#include "infinity/galaxy.h"
#include "infinity/hash.h"
#include "infinity/random.h"

static uint32_t generate_block(const InfGalaxyDef* def, int32_t side, uint64_t* sum)
{
    uint32_t total = 0;
    for (int32_t z = -4; z < 4; z++) {
        for (int32_t y = -side; y < side; y++) {
            for (int32_t x = -side; x < side; x++) {
                uint32_t count = inf_sector_system_count(def, x, y, z);
                for (uint32_t i = 0; i < count; i++, total++) {
                    InfSystem system;
                    inf_system_generate(def, (InfSystemAddress){x, y, z, i}, &system);
                    *sum = inf_hash_combine(*sum, system.luminosity_usol ^ (uint64_t)system.mass_msol << 40);
                }
            }
        }
    }
    return total;
}

/// The least that a system can cost: a generator of its own, seeded by its address, and a draw for each of its numbers.
static double measure_raw(uint32_t count, uint64_t* sum)
{
    enum { DRAWS = 6 }; // position (3), class, mass, luminosity
    double start = bench_cpu_s();
    for (uint32_t i = 0; i < count; i++) {
        InfRng rng;
        inf_rng_seed(&rng, inf_hash_combine(42, i), i);
        for (uint32_t draw = 0; draw < DRAWS; draw++) {
            *sum ^= inf_rng_next(&rng);
        }
    }
    return bench_cpu_s() - start;
}

static void measure_details(const InfGalaxyDef* def, uint32_t rounds)
{
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    InfSystemAddress near[64];
    char name[INF_NAME_BYTES];
    int64_t at_km[3];
    uint64_t made = 0;
    double start = bench_cpu_s();
    for (uint32_t i = 0; i < rounds; i++) {
        inf_system_generate(def, (InfSystemAddress){(int32_t)i, 0, 0, i % 4}, &system);
        made += inf_system_bodies(def, &system, bodies);
    }
    double bodies_s = bench_cpu_s() - start;
    bench_result("bodies_per_cpu_s", (double)made / bodies_s);
    start = bench_cpu_s();
    for (uint32_t i = 0; i < rounds; i++) {
        inf_system_name(def, (InfSystemAddress){(int32_t)i, 0, 0, i % 4}, name);
    }
    bench_result("names_per_cpu_s", rounds / (bench_cpu_s() - start));
    inf_system_generate(def, (InfSystemAddress){0}, &system);
    uint32_t count = inf_system_bodies(def, &system, bodies);
    start = bench_cpu_s();
    for (uint32_t i = 0; i < rounds; i++) {
        inf_body_position(bodies, count, i % count, i * 7919ull, at_km);
    }
    bench_result("positions_per_cpu_s", rounds / (bench_cpu_s() - start));
    uint32_t searches = rounds / 200 + 1;
    start = bench_cpu_s();
    for (uint32_t i = 0; i < searches; i++) {
        inf_system_generate(def, (InfSystemAddress){(int32_t)i, 3, 0, 0}, &system);
        (void)inf_system_neighbours(def, &system, 15000, near, 64);
    }
    bench_result("neighbours_15_ly_us", (bench_cpu_s() - start) * 1e6 / searches);
}

BENCH(galaxy, "generate space: bare systems, bodies, names, neighbours")
{
    InfGalaxyDef def = inf_galaxy_def_default((uint64_t)bench_option(&args, "seed", 42));
    int32_t side = (int32_t)bench_option(&args, "side", 250);
    uint64_t sum = 0;
    (void)generate_block(&def, 20, &sum); // warm caches and clocks
    sum = 0;
    double start = bench_cpu_s();
    uint32_t total = generate_block(&def, side, &sum);
    double taken_s = bench_cpu_s() - start;
    bench_say("%u systems in %.2f CPU seconds", (unsigned)total, taken_s);
    bench_result("systems", total);
    bench_result("systems_per_cpu_s", total / taken_s);
    bench_result_hash("hash", sum);
    double raw_s = measure_raw(total, &sum);
    bench_result("raw_systems_per_cpu_s", total / raw_s);
    bench_result_hash("raw_hash", sum); // so that the loop is not left out
    bench_result("ratio", taken_s / raw_s);
    measure_details(&def, 200000);
    return 0;
}
