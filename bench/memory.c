// Memory: what one more of each takes, resident and not reserved. Places, charted systems, stations and minds are made by the
// thousand in a world of the core; a player is signed in on the real server, whose memory is that of its process (session,
// frames, soul, ship) and, apart from that, what the kernel holds for its sockets (both ends of loopback TCP; the whole
// machine's, so only a silent machine tells it well). Beside each stands the size of its row of state.
#include "bench.h"
#include "local_galaxy.h"
#include "served.h"

#include "core/world/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MADE 20000u

// ---- the core -----------------------------------------------------------------------------------------------------

static InfWorld* make_world(uint32_t minds, uint64_t radius_mly)
{
    InfWorldDef def = inf_world_def_default();
    InfWorld* world = NULL;
    def.galaxy = inf_galaxy_def_default(42);
    def.capacity = inf_capacity_for_souls(300000);
    def.allocator = local_allocator();
    InfResult result = inf_world_create(&def, &world);
    result = result == INF_OK ? inf_world_found(world, minds, radius_mly) : result;
    if (result != INF_OK) {
        fprintf(stderr, "infinity-bench: no world of %u minds could be made: %s\n", minds, inf_result_text(result));
        exit(1);
    }
    return world;
}

static void result_each(const char* name, uint64_t bytes, uint32_t count, size_t row_bytes)
{
    char full[64];
    snprintf(full, sizeof full, "bytes_per_%s", name);
    bench_result(full, count != 0 ? (double)bytes / count : 0);
    snprintf(full, sizeof full, "row_bytes_per_%s", name);
    bench_result(full, (double)row_bytes);
}

/// Systems around the Heart, then a place in each.
static void measure_space(void)
{
    static uint32_t systems[MADE];
    InfWorld* world = make_world(0, 0);
    uint32_t count = 0;
    uint64_t before = bench_rss_bytes();
    for (int32_t x = -60; x < 60 && count < MADE; x++) {
        for (int32_t y = -60; y < 60 && count < MADE; y++) {
            for (uint32_t i = 0; i < inf_sector_system_count(&world->galaxy, x, y, 1) && count < MADE; i++) {
                uint32_t system_index1 = inf_system_enter(world, (InfSystemAddress){x, y, 1, i});
                systems[count] = system_index1;
                count += system_index1 != 0;
            }
        }
    }
    uint64_t with_systems = bench_rss_bytes();
    uint32_t places = world->place_pool.live;
    for (uint32_t i = 0; i < count; i++) {
        inf_place_enter(world, systems[i], 0);
    }
    uint32_t made = world->place_pool.live - places;
    result_each("system", with_systems - before, count, sizeof(InfKnownSystem));
    result_each("place", bench_rss_bytes() - with_systems, made, sizeof(InfPlace));
    inf_world_destroy(world);
}

/// A station comes with its system, its place and its till; a mind with its ship and two pockets.
static void measure_inhabited(void)
{
    uint64_t before = bench_rss_bytes();
    InfWorld* near = make_world(0, 24000);
    uint64_t with_near = bench_rss_bytes();
    InfWorld* far = make_world(0, 90000);
    uint64_t with_far = bench_rss_bytes();
    InfWorld* peopled = make_world(200000, 90000);
    uint64_t with_minds = bench_rss_bytes();
    uint32_t stations = far->station_pool.live - near->station_pool.live;
    result_each("station", (with_far - with_near) - (with_near - before), stations,
                sizeof(InfStation) + sizeof(InfPlace) + sizeof(InfKnownSystem) + sizeof(InfAccount));
    result_each("mind", (with_minds - with_far) - (with_far - with_near), peopled->soul_pool.live,
                sizeof(InfSoul) + sizeof(InfShip) + sizeof(InfMotion) + 2 * sizeof(InfAccount));
    bench_result("stations", stations);
    bench_result("minds", peopled->soul_pool.live);
    inf_world_destroy(near);
    inf_world_destroy(far);
    inf_world_destroy(peopled);
}

// ---- the server ---------------------------------------------------------------------------------------------------

static uint64_t rss_of(pid_t process)
{
    char path[64];
    unsigned long long pages = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    FILE* file = fopen(path, "r");
    if (file != NULL) {
        resident = fscanf(file, "%llu %llu", &pages, &resident) == 2 ? resident : 0;
        fclose(file);
    }
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// What the kernel has taken for objects (sockets among them) and for bytes that wait in TCP sockets.
static uint64_t kernel_bytes(void)
{
    char line[256];
    unsigned long long slab_kib = 0, pages = 0;
    FILE* file = fopen("/proc/meminfo", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        (void)sscanf(line, "SUnreclaim: %llu", &slab_kib);
    }
    if (file != NULL) {
        fclose(file);
    }
    file = fopen("/proc/net/sockstat", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char* at = strncmp(line, "TCP:", 4) == 0 ? strstr(line, "mem ") : NULL;
        pages = at != NULL ? strtoull(at + 4, NULL, 10) : pages;
    }
    if (file != NULL) {
        fclose(file);
    }
    return slab_kib * 1024 + pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool measure_players(Served* served, uint32_t players)
{
    char settings[64], port[16], clients[16], line[4096];
    pid_t load = 0;
    FILE* out = NULL;
    snprintf(settings, sizeof settings, "minds = 100\nplayers = %u\n", players + 16);
    if (!served_start(served, settings)) {
        return false;
    }
    snprintf(clients, sizeof clients, "%u", players);
    snprintf(port, sizeof port, "%u", served->port);
    char* arguments[] = {"infinity-load", "--clients", clients, "--seconds", "3", "--settle", "5", "--scene", "move", "--hz", "1",
                         "--json", "--tell", "--port", port, NULL};
    sleep(1);
    uint64_t before = rss_of(served->server), kernel_before = kernel_bytes();
    load = served_start_program(served, "infinity-load", arguments, &out);
    bool fine = load > 0 && served_wait_line(out, "measuring", line, sizeof line);
    if (fine) {
        sleep(2);
        uint64_t after = rss_of(served->server), kernel_after = kernel_bytes();
        bench_result("players", players);
        bench_result("bytes_per_player", ((double)after - (double)before) / players);
        bench_result("kernel_bytes_per_player", ((double)kernel_after - (double)kernel_before) / players);
        bench_result("server_bytes", (double)after);
        bench_result("load_bytes_per_player", (double)rss_of(load) / players);
        fine = served_wait_line(out, "{", line, sizeof line) && served_field(line, "connected") == players;
    }
    if (!fine) {
        fprintf(stderr, "infinity-bench: the players did not come in; is infinity-load built?\n");
        served_say_log(served, "infinity");
    }
    served_stop_program(&load, &out);
    return fine;
}

BENCH(memory, "resident bytes per player, mind, place, charted system and station: --players 2000")
{
    static Served served;
    uint32_t players = (uint32_t)bench_option(&args, "players", 2000);
    if (players < 1 || players > 15000) {
        fprintf(stderr, "infinity-bench: --players wants 1 to 15000\n");
        return 2;
    }
    if (!served_open(&served)) {
        return 1;
    }
    measure_space();
    measure_inhabited();
    bool fine = measure_players(&served, players);
    served_close(&served, false);
    return fine ? 0 : 1;
}
