// How much of a core do so many minds take at their real pace? All shards in one thread, warmed up so that the minds are
// in the middle of their lives, then CPU time per tick times ten ticks a second.
#include "bench.h"
#include "local_galaxy.h"

BENCH(life, "minds living their lives: share of one core at real pace (--minds 200000 --warm 1800 --ticks 600)")
{
    uint32_t minds = (uint32_t)bench_option(&args, "minds", 200000);
    int64_t warm = bench_option(&args, "warm", 1800), ticks = bench_option(&args, "ticks", 600);
    int64_t shards = bench_option(&args, "shards", 16), radius_ly = bench_option(&args, "radius", 100);
    double start = bench_cpu_s();
    // Room for twice the even share: stations, and with them minds, are not spread evenly over the shards.
    LocalGalaxy* galaxy = local_galaxy_create((uint64_t)bench_option(&args, "seed", 42), (uint32_t)shards, minds,
                                              (uint32_t)(minds / shards * 2 + 1024), (uint64_t)radius_ly * 1000);
    bench_say("founded %u minds in %.1f s", minds, bench_cpu_s() - start);
    start = bench_cpu_s();
    for (int64_t i = 0; i < warm; i++) {
        local_galaxy_tick(galaxy);
    }
    bench_say("warmed up: %.3f of a core", (bench_cpu_s() - start) / (double)warm * INF_TICKS_PER_SECOND);
    start = bench_cpu_s();
    for (int64_t i = 0; i < ticks; i++) {
        local_galaxy_tick(galaxy);
    }
    double share = (bench_cpu_s() - start) / (double)ticks * INF_TICKS_PER_SECOND;
    const char* wrong = local_galaxy_check_books(galaxy);
    if (wrong != 0) {
        bench_say("the books are wrong: %s", wrong);
        return 1;
    }
    bench_result("minds", (double)local_galaxy_souls(galaxy));
    bench_result("core_share", share);
    bench_result("rss_bytes", (double)bench_rss_bytes());
    bench_result("transfers_per_s", (double)local_galaxy_transfers(galaxy) / (double)(warm + ticks) * INF_TICKS_PER_SECOND);
    local_galaxy_destroy(galaxy);
    return 0;
}
