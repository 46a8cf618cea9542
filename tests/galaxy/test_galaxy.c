// core/galaxy: the same space from every build, and one worth flying in.
#include "golden.h"
#include "infinity/random.h"
#include "test.h"

#include <math.h>

static const InfSystemAddress heart;

static InfSystem generate(const InfGalaxyDef* def, int32_t x, int32_t y, int32_t z, uint32_t index)
{
    InfSystem system;
    inf_system_generate(def, (InfSystemAddress){x, y, z, index}, &system);
    return system;
}

TEST(galaxy_has_its_golden_hash)
{
    ENSURE_EQ_U64(GOLDEN_GALAXY_HASH, golden_galaxy_hash());
}

// ---- The Heart ------------------------------------------------------------------------------------

TEST_RANDOM(the_heart_is_the_same_in_every_galaxy)
{
    InfGalaxyDef def = inf_galaxy_def_default(seed);
    ENSURE(inf_system_exists(&def, heart));
    InfSystem system = generate(&def, 0, 0, 0, 0);
    ENSURE(system.position_mly[0] == 0 && system.position_mly[1] == 0 && system.position_mly[2] == 0);
    ENSURE(system.spectral == INF_SPECTRAL_G && system.law == INF_LAW_CHARTED && system.wealth == 1000);
    ENSURE_EQ_U64(INF_LAW_CHARTED, inf_system_law(&def, heart));
    char name[INF_NAME_BYTES];
    inf_system_name(&def, heart, name);
    ENSURE_EQ_STR("Heart", name);

    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_system_bodies(&def, &system, bodies), oceans = 0, giants = 0, belts = 0, profiles = 0;
    uint32_t station_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        oceans += bodies[i].planet_class == INF_PLANET_OCEAN;
        giants += bodies[i].planet_class == INF_PLANET_GAS;
        belts += bodies[i].kind == INF_BODY_BELT;
        if (bodies[i].kind == INF_BODY_STATION) {
            inf_body_name(&def, &system, bodies, count, i, name);
            ENSURE((strcmp(name, "The Concourse") == 0) == (station_count == 0));
            ENSURE((bodies[i].profile == INF_STATION_HUB) == (station_count == 0));
            ENSURE((bodies[i].wealth == 1000) == (station_count == 0));
            ENSURE((profiles >> bodies[i].profile & 1) == 0);
            profiles |= 1u << bodies[i].profile;
            station_count++;
        }
    }
    ENSURE(oceans >= 1 && giants >= 1 && belts >= 2 && station_count >= 3);
}

// ---- Systems and their bodies ---------------------------------------------------------------------

static void check_body(const InfSystem* system, const InfBody* bodies, uint32_t i)
{
    const InfBody* body = &bodies[i];
    ENSURE(body->kind < INF_BODY_KIND_COUNT && (body->parent < i || body->parent == INF_BODY_NONE));
    ENSURE(body->period_ticks >= 1 && body->radius_km >= 1 && body->orbit_km < (uint64_t)1 << 60);
    ENSURE((body->planet_class != 0) == (body->kind == INF_BODY_PLANET || body->kind == INF_BODY_MOON));
    ENSURE((body->profile != 0) == (body->kind == INF_BODY_STATION));
    ENSURE(body->planet_class < INF_PLANET_CLASS_COUNT && body->profile < INF_STATION_PROFILE_COUNT);
    ENSURE(body->wealth <= 1000 && body->richness <= 1000);
    ENSURE((body->richness != 0) == (body->kind == INF_BODY_BELT));
    uint32_t ore = 0;
    for (uint32_t k = 0; k < INF_ORE_COUNT; k++) {
        ore += body->ore_permille[k];
    }
    ENSURE_EQ_U64(body->kind == INF_BODY_BELT ? 1000 : 0, ore);
    if (i == 0) {
        ENSURE(body->kind == INF_BODY_STAR && body->orbit_km == 0 && body->spectral == system->spectral);
    } else {
        ENSURE(body->orbit_km != 0);
    }
    if (body->kind == INF_BODY_MOON) {
        ENSURE(bodies[body->parent].kind == INF_BODY_PLANET);
        ENSURE(body->radius_km < bodies[body->parent].radius_km);
        ENSURE(body->orbit_km > bodies[body->parent].radius_km);
    }
    if (body->kind == INF_BODY_PLANET || body->kind == INF_BODY_BELT) {
        ENSURE(body->parent == 0 && body->orbit_km > 2 * (uint64_t)system->radius_km);
    }
}

static void check_system(const InfGalaxyDef* def, const InfSystem* system)
{
    ENSURE(system->spectral < INF_SPECTRAL_COUNT && system->subclass <= 9 && system->law < INF_LAW_COUNT);
    ENSURE(system->star_count >= 1 && system->star_count <= INF_SYSTEM_STARS_MAX && system->wealth <= 1000);
    ENSURE_EQ_U64(system->law, inf_system_law(def, system->address));
    for (uint32_t axis = 0; axis < 3; axis++) {
        ENSURE(system->position_mly[axis] >= -4000 && system->position_mly[axis] < 4000);
    }
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_system_bodies(def, system, bodies), kinds[INF_BODY_KIND_COUNT] = {0};
    ENSURE(count <= INF_SYSTEM_BODIES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        check_body(system, bodies, i);
        kinds[bodies[i].kind]++;
    }
    ENSURE(kinds[INF_BODY_STAR] == system->star_count && kinds[INF_BODY_PLANET] == system->planet_count);
    ENSURE(kinds[INF_BODY_MOON] == system->moon_count && kinds[INF_BODY_BELT] == system->belt_count);
    ENSURE(kinds[INF_BODY_STATION] == system->station_count);
    char name[INF_NAME_BYTES];
    for (uint32_t i = 0; i < count; i++) {
        inf_body_name(def, system, bodies, count, i, name);
        ENSURE_SAY(strlen(name) >= 2 && strlen(name) < INF_NAME_BYTES, "\"%s\"", name);
        int64_t at_km[3];
        inf_body_position(bodies, count, i, UINT64_MAX, at_km);
        inf_body_position(bodies, count, i, 0, at_km);
    }
}

TEST_RANDOM(systems_and_bodies_are_sound)
{
    InfGalaxyDef def = inf_galaxy_def_default(seed);
    InfRng rng;
    inf_rng_seed(&rng, seed, 1);
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t shift = (uint32_t)inf_rng_below(&rng, 32); // near and far
        int32_t x = (int32_t)inf_rng_next(&rng) >> shift, y = (int32_t)inf_rng_next(&rng) >> shift;
        int32_t z = (int32_t)inf_rng_next(&rng) >> inf_rng_below(&rng, 32);
        uint32_t count = inf_sector_system_count(&def, x, y, z);
        ENSURE(count <= INF_SECTOR_SYSTEMS_MAX);
        InfSystem system = generate(&def, x, y, z, (uint32_t)inf_rng_below(&rng, INF_SECTOR_SYSTEMS_MAX));
        ENSURE_EQ_U64(system.address.index < count, inf_system_exists(&def, system.address));
        check_system(&def, &system);
    }
    InfSystem beyond = generate(&def, 1, 2, 3, UINT32_MAX);
    check_system(&def, &beyond);
    ENSURE(!inf_system_exists(&def, beyond.address));
}

TEST(the_ends_of_space_are_whole)
{
    InfGalaxyDef def = inf_galaxy_def_default(9);
    static const int32_t ends[] = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX};
    for (uint32_t i = 0; i < 343; i++) {
        InfSystem system = generate(&def, ends[i % 7], ends[i / 7 % 7], ends[i / 49], i % 8);
        (void)inf_sector_density_milli(&def, system.address.x, system.address.y, system.address.z);
        check_system(&def, &system);
        InfSystemAddress near[8];
        uint32_t count = inf_system_neighbours(&def, &system, 16000, near, 8);
        for (uint32_t k = 0; k < count; k++) {
            ENSURE(inf_system_exists(&def, near[k]));
        }
    }
}

TEST(no_two_systems_of_a_sector_touch)
{
    InfGalaxyDef def = inf_galaxy_def_default(5);
    for (int32_t x = 1; x < 2000; x++) {
        for (uint32_t a = 0; a < INF_SECTOR_SYSTEMS_MAX; a++) {
            for (uint32_t b = 0; b < a; b++) {
                InfSystem one = generate(&def, x, 0, 0, a), two = generate(&def, x, 0, 0, b);
                bool same_octant = true;
                for (uint32_t axis = 0; axis < 3; axis++) {
                    same_octant &= (one.position_mly[axis] < 0) == (two.position_mly[axis] < 0);
                }
                ENSURE(!same_octant);
            }
        }
    }
}

// ---- What there is ----------------------------------------------------------------------------------

// The shares of Kroupa's function, after ten billion years of dying.
TEST(stars_come_in_their_natural_shares)
{
    InfGalaxyDef def = inf_galaxy_def_default(11);
    uint32_t counts[INF_SPECTRAL_COUNT] = {0}, total = 0, giants = 0;
    for (int32_t y = -150; y < 150; y++) {
        for (int32_t x = -150; x < 150; x++) {
            uint32_t count = inf_sector_system_count(&def, x, y, 1);
            for (uint32_t i = 0; i < count; i++, total++) {
                InfSystem system = generate(&def, x, y, 1, i);
                counts[system.spectral]++;
                giants += system.is_giant;
            }
        }
    }
    ENSURE(total > 100000);
    double percent = 100.0 / total;
    ENSURE_WITHIN(60, 67, counts[INF_SPECTRAL_M] * percent);
    ENSURE_WITHIN(15.5, 17.5, counts[INF_SPECTRAL_BROWN_DWARF] * percent);
    ENSURE_WITHIN(9, 12, counts[INF_SPECTRAL_K] * percent);
    ENSURE_WITHIN(2, 3, counts[INF_SPECTRAL_G] * percent);
    ENSURE_WITHIN(1.4, 2.2, counts[INF_SPECTRAL_F] * percent);
    ENSURE_WITHIN(3.5, 5, counts[INF_SPECTRAL_WHITE_DWARF] * percent);
    ENSURE_WITHIN(0.1, 0.7, counts[INF_SPECTRAL_A] * percent);
    ENSURE_WITHIN(0.1, 0.5, counts[INF_SPECTRAL_B] * percent);
    ENSURE_WITHIN(0.2, 0.7, counts[INF_SPECTRAL_NEUTRON] * percent);
    ENSURE_WITHIN(0.03, 0.3, counts[INF_SPECTRAL_BLACK_HOLE] * percent);
    ENSURE_WITHIN(0.2, 3, giants * percent);
}

TEST(a_sun_is_a_sun)
{
    // Any generated star near one solar mass on the main sequence has the Sun's light, warmth and size, and
    // all obey luminosity = radius^2 * temperature^4.
    InfGalaxyDef def = inf_galaxy_def_default(3);
    uint32_t suns = 0;
    for (int32_t x = -20000; x < 20000; x++) {
        InfSystem system = generate(&def, x, 3, 1, 0);
        if (system.spectral == INF_SPECTRAL_BLACK_HOLE || system.spectral == INF_SPECTRAL_NEUTRON ||
            (system.mass_msol < 150 && system.spectral != INF_SPECTRAL_WHITE_DWARF)) {
            continue; // the table's steps are too wide for the faintest
        }
        double radius = system.radius_km / 695700.0, heat = system.temperature_k / 5772.0;
        double light = radius * radius * heat * heat * heat * heat;
        ENSURE_WITHIN(light * 0.93 - 2e-6, light * 1.07 + 2e-6, (double)system.luminosity_usol * 1e-6);
        if (system.mass_msol > 970 && system.mass_msol < 1030 && !system.is_giant &&
            system.spectral == INF_SPECTRAL_G) {
            ENSURE_WITHIN(0.8, 1.25, (double)system.luminosity_usol * 1e-6);
            suns++;
        }
    }
    ENSURE(suns > 50);
}

TEST(the_plane_never_ends)
{
    InfGalaxyDef def = inf_galaxy_def_default(77);
    static const int32_t directions[4][2] = {{1, 0}, {0, -1}, {1, 1}, {-3, 2}};
    for (uint32_t d = 0; d < 4; d++) {
        uint32_t empty_run = 0, total = 0;
        for (int32_t i = 0; i < 10000; i++) {
            int32_t x = i * directions[d][0], y = i * directions[d][1];
            ENSURE(inf_sector_density_milli(&def, x, y, 0) > 100);
            uint32_t here = 0; // a column of the disc as wide as one jump
            for (int32_t z = -1; z <= 1; z++) {
                here += inf_sector_system_count(&def, x, y, z);
            }
            empty_run = here == 0 ? empty_run + 1 : 0;
            ENSURE_SAY(empty_run < 16, "%" PRIu32 " empty sectors before step %" PRId32, empty_run, i);
            total += here;
        }
        ENSURE(total > 10000);
    }
    ENSURE(inf_sector_density_milli(&def, INT32_MIN, INT32_MAX, 0) > 100);
    ENSURE_EQ_U64(0, inf_sector_density_milli(&def, 0, 0, 100000));
}

TEST_RANDOM(the_heart_has_company)
{
    InfGalaxyDef def = inf_galaxy_def_default(seed);
    uint32_t sectors = 0, systems = 0, charted = 0, with_belt = 0, with_station = 0, stations = 0, wild_stations = 0;
    uint64_t near_wealth = 0;
    for (int32_t z = -6; z <= 6; z++) {
        for (int32_t y = -6; y <= 6; y++) {
            for (int32_t x = -6; x <= 6; x++, sectors++) {
                uint32_t count = inf_sector_system_count(&def, x, y, z);
                systems += count;
                for (uint32_t i = 0; i < count; i++) {
                    InfSystem system = generate(&def, x, y, z, i);
                    near_wealth += system.wealth;
                    charted += system.law == INF_LAW_CHARTED;
                    if (system.law == INF_LAW_CHARTED) {
                        with_belt += system.belt_count != 0;
                        with_station += system.station_count != 0;
                        stations += system.station_count;
                    }
                }
            }
        }
    }
    ENSURE_WITHIN(2.0, 3.2, (double)systems / sectors);
    ENSURE(charted > systems / 2);
    ENSURE(with_belt * 10 > charted * 8 && with_station * 10 > charted * 8);
    ENSURE_WITHIN(1.3, 2.2, (double)stations / charted);
    uint32_t far_systems = 0;
    uint64_t far_wealth = 0;
    for (int32_t y = 0; y < 40; y++) {
        for (int32_t x = 900; x < 940; x++) {
            uint32_t count = inf_sector_system_count(&def, x, y, 0);
            for (uint32_t i = 0; i < count; i++, far_systems++) {
                InfSystem system = generate(&def, x, y, 0, i);
                ENSURE_EQ_U64(INF_LAW_WILD, system.law);
                wild_stations += system.station_count;
                far_wealth += system.wealth;
            }
        }
    }
    ENSURE(wild_stations * 10 < far_systems);
    ENSURE(far_wealth * systems * 5 < near_wealth * far_systems);
}

TEST(arms_voids_and_clusters_show)
{
    // Counts in blocks of the plane far out spread far more than chance alone would make them.
    InfGalaxyDef def = inf_galaxy_def_default(21);
    double sum = 0, squares = 0;
    uint32_t blocks = 0;
    for (int32_t by = 0; by < 30; by++) {
        for (int32_t bx = 0; bx < 30; bx++, blocks++) {
            uint32_t count = 0;
            for (int32_t i = 0; i < 64; i++) {
                count += inf_sector_system_count(&def, 500 + bx * 40 + i % 8, by * 40 + i / 8, 0);
            }
            sum += count;
            squares += (double)count * count;
        }
    }
    double mean = sum / blocks, variance = squares / blocks - mean * mean;
    ENSURE_SAY(variance > 4 * mean, "mean %g, variance %g", mean, variance);
}

// ---- Orbits -----------------------------------------------------------------------------------------

static double distance_km(const int64_t a[3], const int64_t b[3])
{
    double dx = (double)(a[0] - b[0]), dy = (double)(a[1] - b[1]), dz = (double)(a[2] - b[2]);
    return sqrt(dx * dx + dy * dy + dz * dz);
}

TEST_RANDOM(bodies_keep_to_their_orbits)
{
    InfGalaxyDef def = inf_galaxy_def_default(seed);
    InfRng rng;
    inf_rng_seed(&rng, seed, 2);
    static const int64_t origin[3];
    for (uint32_t round = 0; round < 500; round++) {
        InfSystem system = generate(&def, (int32_t)inf_rng_range(&rng, -50, 50), 0, 0, round % 8);
        InfBody bodies[INF_SYSTEM_BODIES_MAX];
        uint32_t count = inf_system_bodies(&def, &system, bodies);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t tick = inf_rng_below(&rng, (uint64_t)1 << 40);
            int64_t now[3], next[3], later[3], parent[3] = {0};
            inf_body_position(bodies, count, i, tick, now);
            inf_body_position(bodies, count, i, tick + 1, next);
            if (bodies[i].parent != INF_BODY_NONE) {
                inf_body_position(bodies, count, bodies[i].parent, tick, parent);
            }
            double orbit = (double)bodies[i].orbit_km;
            ENSURE_WITHIN(orbit * (1 - 1e-7) - 4, orbit * (1 + 1e-7) + 4, distance_km(now, parent));
            if (bodies[i].parent == INF_BODY_NONE || bodies[bodies[i].parent].orbit_km == 0) {
                ENSURE_WITHIN(orbit * (1 - 1e-7) - 4, orbit * (1 + 1e-7) + 4, distance_km(now, origin));
                // No jump from tick to tick: within a few km per AU of the speed on the circle.
                double step = 6.283185307 * orbit / (double)bodies[i].period_ticks;
                ENSURE_WITHIN(step * 0.999 - 4 - orbit * 4e-8, step * 1.001 + 4 + orbit * 4e-8, distance_km(now, next));
                inf_body_position(bodies, count, i, tick + bodies[i].period_ticks, later);
                ENSURE(memcmp(now, later, sizeof now) == 0); // a full turn
            }
        }
    }
}

TEST(a_year_is_as_long_as_kepler_says)
{
    InfGalaxyDef def = inf_galaxy_def_default(1);
    InfSystem system = generate(&def, 0, 0, 0, 0);
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_system_bodies(&def, &system, bodies);
    for (uint32_t i = 0; i < count; i++) {
        if (bodies[i].kind != INF_BODY_PLANET) {
            continue;
        }
        double au = (double)bodies[i].orbit_km / 149597871.0;
        double ticks = pow(au, 1.5) * 365.25 * 864000.0 / 12.0;
        ENSURE_WITHIN(ticks * 0.9999, ticks * 1.0001, bodies[i].period_ticks);
    }
}

// ---- Distances, neighbours, shards --------------------------------------------------------------------

__extension__ typedef unsigned __int128 Wide;

static void ensure_distance(const InfSystem* a, const InfSystem* b)
{
    Wide squared = 0;
    const int32_t* sa = &a->address.x;
    const int32_t* sb = &b->address.x;
    for (uint32_t axis = 0; axis < 3; axis++) {
        int64_t d = ((int64_t)sa[axis] - sb[axis]) * 8000 + a->position_mly[axis] - b->position_mly[axis];
        squared += (Wide)(uint64_t)(d < 0 ? -d : d) * (uint64_t)(d < 0 ? -d : d);
    }
    uint64_t distance = inf_system_distance_mly(a, b);
    ENSURE((Wide)distance * distance <= squared && (Wide)(distance + 1) * (distance + 1) > squared);
    ENSURE_EQ_U64(distance, inf_system_distance_mly(b, a));
}

TEST_RANDOM(distances_are_exact_everywhere)
{
    InfGalaxyDef def = inf_galaxy_def_default(seed);
    InfRng rng;
    inf_rng_seed(&rng, seed, 3);
    for (uint32_t i = 0; i < 100000; i++) {
        int32_t c[6];
        for (uint32_t k = 0; k < 6; k++) {
            c[k] = (int32_t)inf_rng_next(&rng) >> inf_rng_below(&rng, 32);
        }
        InfSystem a = generate(&def, c[0], c[1], c[2], 0), b = generate(&def, c[3], c[4], c[5], 1);
        ensure_distance(&a, &b);
    }
    InfSystem low = generate(&def, INT32_MIN, INT32_MIN, INT32_MIN, 0);
    InfSystem high = generate(&def, INT32_MAX, INT32_MAX, INT32_MAX, 0);
    ensure_distance(&low, &high);
    ENSURE_EQ_U64(0, inf_system_distance_mly(&low, &low));
}

// Against the dumbest search: every system of the cube, by distance.
TEST_RANDOM(neighbours_are_the_nearest)
{
    InfGalaxyDef def = inf_galaxy_def_default(seed);
    InfRng rng;
    inf_rng_seed(&rng, seed, 4);
    for (uint32_t round = 0; round < 40; round++) {
        InfSystem from = generate(&def, (int32_t)inf_rng_range(&rng, -300, 300), (int32_t)inf_rng_range(&rng, -300, 300),
                                  (int32_t)inf_rng_range(&rng, -3, 3), (uint32_t)inf_rng_below(&rng, 8));
        uint32_t range_mly = (uint32_t)inf_rng_range(&rng, 1000, 30000), most = (uint32_t)inf_rng_range(&rng, 1, 60);
        InfSystemAddress found[64];
        uint32_t count = inf_system_neighbours(&def, &from, range_mly, found, most);
        ENSURE(count <= most);
        uint64_t last = 0;
        for (uint32_t i = 0; i < count; i++) {
            InfSystem near;
            inf_system_generate(&def, found[i], &near);
            uint64_t distance = inf_system_distance_mly(&from, &near);
            ENSURE(inf_system_exists(&def, found[i]) && distance >= last && distance <= range_mly);
            ENSURE(memcmp(&found[i], &from.address, sizeof found[i]) != 0);
            last = distance;
        }
        uint32_t within = 0, nearer = 0;
        for (int32_t dz = -5; dz <= 5; dz++) {
            for (int32_t dy = -5; dy <= 5; dy++) {
                for (int32_t dx = -5; dx <= 5; dx++) {
                    int32_t x = from.address.x + dx, y = from.address.y + dy, z = from.address.z + dz;
                    uint32_t here = inf_sector_system_count(&def, x, y, z);
                    for (uint32_t i = 0; i < here; i++) {
                        InfSystem other = generate(&def, x, y, z, i);
                        uint64_t distance = inf_system_distance_mly(&from, &other);
                        bool is_self = memcmp(&other.address, &from.address, sizeof other.address) == 0;
                        within += !is_self && distance < range_mly;
                        nearer += !is_self && distance < last;
                    }
                }
            }
        }
        ENSURE(within < most ? count >= within : count == most);
        ENSURE(nearer < count || count == 0);
    }
}

TEST(shards_share_evenly_and_the_origin_is_shard_0)
{
    uint32_t counts[16] = {0};
    for (int32_t x = -50; x < 50; x++) {
        for (int32_t y = -50; y < 50; y++) {
            for (uint32_t i = 0; i < 4; i++) {
                InfSystemAddress address = {x, y, 1, i};
                uint32_t shard = inf_system_shard(address, 16);
                ENSURE(shard < 16);
                ENSURE_EQ_U64(shard & 3, inf_system_shard(address, 4));
                ENSURE_EQ_U64(0, inf_system_shard(address, 1));
                counts[shard]++;
            }
        }
    }
    for (uint32_t i = 0; i < 16; i++) {
        ENSURE_WITHIN(2500 - 330, 2500 + 330, counts[i]);
    }
    for (uint32_t i = 0; i < 8; i++) {
        ENSURE_EQ_U64(0, inf_system_shard((InfSystemAddress){0, 0, 0, i}, 64));
    }
}

// ---- Names ------------------------------------------------------------------------------------------

static int compare_names(const void* a, const void* b)
{
    return strcmp((const char*)a, (const char*)b);
}

static bool is_vowel(char letter)
{
    return strchr("aeiouyAEIOUY", letter) != NULL;
}

// Letters, single spaces, capitals at the start of words, a vowel in each word, no long run of consonants.
static void check_readable(const char* name)
{
    uint32_t consonants = 0, vowels = 0, same = 0;
    ENSURE_SAY(strlen(name) >= 3 && strlen(name) <= 20, "%s", name);
    for (uint32_t i = 0; name[i] != 0; i++) {
        bool is_start = i == 0 || name[i - 1] == ' ';
        bool is_upper = name[i] >= 'A' && name[i] <= 'Z', is_lower = name[i] >= 'a' && name[i] <= 'z';
        ENSURE_SAY(name[i] == ' ' ? !is_start : is_start ? is_upper : is_lower, "%s", name);
        consonants = is_vowel(name[i]) || name[i] == ' ' ? 0 : consonants + 1;
        vowels = is_vowel(name[i]) && name[i] != 'y' ? vowels + 1 : 0;
        same = i != 0 && name[i] == name[i - 1] ? same + 1 : 0;
        ENSURE_SAY(consonants <= 6 && vowels <= 6 && same < 2, "%s", name);
    }
}

TEST(a_name_of_open_syllables_of_one_vowel_is_drawn_again)
{
    InfGalaxyDef def = {.seed = UINT64_C(0x2f333b0d05000d0d), .version = 0x690d0d5e}; // found by fuzz_galaxy
    char name[INF_NAME_BYTES];
    inf_system_name(&def, (InfSystemAddress){-298308155, 0, 0, 0}, name);
    check_readable(name);
}

TEST(names_read_well_and_seldom_repeat)
{
    enum { COUNT = 100000 };
    static char names[COUNT][INF_NAME_BYTES];
    InfGalaxyDef def = inf_galaxy_def_default(13);
    uint32_t count = 0;
    for (int32_t x = -200; count < COUNT; x++) {
        for (int32_t y = -150; y < 150 && count < COUNT; y += 3) {
            uint32_t here = inf_sector_system_count(&def, x, y, 0);
            for (uint32_t i = 0; i < here && count < COUNT; i++) {
                inf_system_name(&def, (InfSystemAddress){x, y, 0, i}, names[count]);
                check_readable(names[count]);
                count++;
            }
        }
    }
    qsort(names, COUNT, INF_NAME_BYTES, compare_names);
    uint32_t repeated = 0;
    for (uint32_t i = 1; i < COUNT; i++) {
        repeated += strcmp(names[i], names[i - 1]) == 0;
    }
    ENSURE_SAY(repeated < COUNT / 50, "%" PRIu32 " of %d names were taken", repeated, COUNT);
}

TEST(names_of_bodies_tell_them_apart)
{
    InfGalaxyDef def = inf_galaxy_def_default(13);
    for (int32_t x = -500; x < 500; x++) {
        InfSystem system = generate(&def, x, 0, 0, 0);
        InfBody bodies[INF_SYSTEM_BODIES_MAX];
        char names[INF_SYSTEM_BODIES_MAX][INF_NAME_BYTES];
        uint32_t count = inf_system_bodies(&def, &system, bodies);
        for (uint32_t i = 0; i < count; i++) {
            inf_body_name(&def, &system, bodies, count, i, names[i]);
            for (uint32_t k = 0; k < i; k++) {
                ENSURE_SAY(strcmp(names[i], names[k]) != 0, "%s", names[i]);
            }
        }
    }
}

TEST(words_of_kinds)
{
    ENSURE_EQ_STR("G", inf_spectral_word(INF_SPECTRAL_G));
    ENSURE_EQ_STR("wild", inf_law_word(INF_LAW_WILD));
    ENSURE_EQ_STR("belt", inf_body_kind_word(INF_BODY_BELT));
    ENSURE_EQ_STR("ocean", inf_planet_class_word(INF_PLANET_OCEAN));
    ENSURE_EQ_STR("hub", inf_station_profile_word(INF_STATION_HUB));
    ENSURE_EQ_STR("unknown", inf_station_profile_word(200));
}
