// A crowded place: so many ships at one spot, everybody orbiting somebody, a third firing, integrated at 10 Hz. Hulls and
// shields are topped up between ticks (outside the clock), so that the crowd stays as large as asked for.
#include "bench.h"
#include "crowd.h"

#include <stdio.h>

BENCH(hot, "a crowded place, integrated at 10 Hz: --ships 8825 --ticks 200")
{
    uint32_t ships = (uint32_t)bench_option(&args, "ships", 8825);
    uint32_t ticks = (uint32_t)bench_option(&args, "ticks", 200);
    InfWorld* world = crowd_create(ships < 2 ? 2 : ships);
    if (world == NULL) {
        fprintf(stderr, "infinity-bench: not enough memory\n");
        return 1;
    }
    for (int i = 0; i < 20; i++) { // warm up: everybody gets under way
        inf_world_tick(world, NULL, 0);
        crowd_top_up(world);
    }
    double total = 0, worst = 0;
    int64_t shots = inf_world_header(world)->shots;
    for (uint32_t i = 0; i < ticks; i++) {
        double start = bench_cpu_s();
        inf_world_tick(world, NULL, 0);
        double spent = bench_cpu_s() - start;
        total += spent;
        worst = spent > worst ? spent : worst;
        crowd_top_up(world);
    }
    shots = inf_world_header(world)->shots - shots;
    double tick_ms = ticks != 0 ? total * 1000 / ticks : 0;
    bench_say("%u ships, %u ticks: %.3f ms of CPU a tick (worst %.3f), %.0f ns a ship, %.1f shots a tick", ships, ticks, tick_ms,
              worst * 1000, ships != 0 ? tick_ms * 1e6 / ships : 0, ticks != 0 ? (double)shots / ticks : 0);
    bench_result("ships", ships);
    bench_result("tick_cpu_ms", tick_ms);
    bench_result("worst_tick_cpu_ms", worst * 1000);
    bench_result("shots_per_tick", ticks != 0 ? (double)shots / ticks : 0);
    inf_world_destroy(world);
    return 0;
}
