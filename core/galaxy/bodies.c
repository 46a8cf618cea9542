// What circles in a system: made from the counts of the bare system, so that both always agree.
// Order of writing: stars, planets each followed by its moons, belts, stations.
#include "galaxy/space.h"

#define BELT_STEP_PERMILLE 1350 // a belt lies this far beyond the planet before it
#define GAS_GIANT_MEARTH 12000

typedef struct Maker {
    InfRng rng;
    const InfSystem* system;
    InfBody* bodies;
    uint32_t count;
    uint8_t planets[16]; // indices of the planets
    uint32_t planet_count;
    uint8_t belts[4];
    uint32_t belt_count;
} Maker;

static InfBody* add_body(Maker* maker, InfBodyKind kind, uint32_t parent)
{
    INF_ASSERT(maker->count < INF_SYSTEM_BODIES_MAX);
    InfBody* body = &maker->bodies[maker->count++];
    memset(body, 0, sizeof *body);
    body->kind = (uint8_t)kind;
    body->parent = (uint8_t)parent;
    body->period_ticks = 1;
    return body;
}

// Somewhere on an orbit that lies within `tilt` 2^-32 turns of the plane.
static void place_on_orbit(Maker* maker, InfBody* body, uint64_t orbit_km, uint32_t tilt)
{
    body->orbit_km = orbit_km;
    body->phase = (uint32_t)inf_rng_next(&maker->rng);
    body->node = (uint32_t)inf_rng_next(&maker->rng);
    body->inclination = (uint32_t)inf_rng_below(&maker->rng, tilt);
}

static uint32_t between(Maker* maker, uint32_t low, uint32_t high)
{
    return low + (uint32_t)inf_rng_below(&maker->rng, (uint64_t)(high - low) + 1);
}

static uint32_t star_mass_mearth(uint32_t mass_msol)
{
    return (uint32_t)inf_min_i64((int64_t)mass_msol * 332946, UINT32_MAX);
}

// ---- Stars ----------------------------------------------------------------------------------------

// @return the distance that planets may reach without being torn away by a companion
static uint64_t add_stars(Maker* maker, uint32_t rarity)
{
    const InfSystem* system = maker->system;
    InfBody* main_star = add_body(maker, INF_BODY_STAR, INF_BODY_NONE);
    main_star->radius_km = system->radius_km;
    main_star->mass_mearth = star_mass_mearth(system->mass_msol);
    main_star->temperature_k = system->temperature_k;
    main_star->spectral = system->spectral;
    uint64_t orbit_km = (uint64_t)between(maker, 60, 300) * AU_KM;
    uint64_t reach_km = system->star_count > 1 ? orbit_km / 4 : (uint64_t)60 * AU_KM;
    for (uint32_t i = 1; i < system->star_count; i++) {
        // A companion is commoner than the main star, that is lighter.
        uint32_t commoner = rarity + (uint32_t)inf_rng_below(&maker->rng, (uint64_t)UINT32_MAX - rarity + 1);
        Star star = space_star(commoner, system->age_myr);
        InfBody* body = add_body(maker, INF_BODY_STAR, INF_BODY_NONE);
        body->number = (uint8_t)i;
        body->radius_km = star.radius_km;
        body->mass_mearth = star_mass_mearth(star.mass_msol);
        body->temperature_k = star.temperature_k;
        body->spectral = star.spectral;
        place_on_orbit(maker, body, orbit_km, 1u << 29);
        body->period_ticks = space_period_around_star(orbit_km, system->mass_msol + star.mass_msol);
        orbit_km *= 7;
    }
    return reach_km;
}

// ---- Planets and moons ----------------------------------------------------------------------------

// Earth's radius times a power of the mass, near what is observed.
static uint32_t planet_radius_km(uint32_t mass_mearth)
{
    float mass = 0.001f * (float)(mass_mearth + 1);
    float radius = mass < 2.0f ? 6371.0f * inf_powf(mass, 0.28f) : 5714.0f * inf_powf(mass, 0.55f);
    return (uint32_t)inf_minf(radius, mass < 400.0f ? 68000.0f : 74000.0f);
}

static uint8_t classify_ground(Maker* maker, uint32_t mass_mearth, uint32_t temperature_k)
{
    bool holds_air = mass_mearth > 250;
    if (temperature_k < 225) {
        return INF_PLANET_ICE;
    }
    if (holds_air && temperature_k < 325) {
        return inf_rng_ratio(&maker->rng, 6, 10) ? INF_PLANET_OCEAN : INF_PLANET_DESERT;
    }
    if (holds_air && temperature_k < 700) {
        return INF_PLANET_DESERT;
    }
    return INF_PLANET_ROCK;
}

static void add_planet(Maker* maker, uint64_t orbit_km)
{
    const InfSystem* system = maker->system;
    maker->planets[maker->planet_count] = (uint8_t)maker->count;
    InfBody* body = add_body(maker, INF_BODY_PLANET, 0);
    body->number = (uint8_t)maker->planet_count++;
    body->temperature_k = space_temperature_k(system->luminosity_usol, orbit_km);
    // Gas gathers beyond the line where water freezes; a few giants wandered inwards.
    bool is_giant = inf_rng_ratio(&maker->rng, body->temperature_k < 180 ? 50 : 6, 100);
    if (is_giant) {
        uint32_t size = between(maker, 110, 1400);
        body->mass_mearth = GAS_GIANT_MEARTH + size * size; // 24 to 1972 Earths, small ones more often
        body->planet_class = INF_PLANET_GAS;
    } else {
        uint32_t size = between(maker, 7, 80);
        body->mass_mearth = size * size; // 0.05 to 6.4 Earths
        body->planet_class = classify_ground(maker, body->mass_mearth, body->temperature_k);
    }
    body->radius_km = planet_radius_km(body->mass_mearth);
    body->has_rings = inf_rng_ratio(&maker->rng, is_giant ? 40 : 1, 100);
    place_on_orbit(maker, body, orbit_km, 1u << 27);
    body->period_ticks = space_period_around_star(orbit_km, system->mass_msol);
}

static void add_moons(Maker* maker, uint32_t planet, uint32_t moon_count)
{
    InfBody world = maker->bodies[planet];
    uint64_t orbit_km = (uint64_t)world.radius_km * between(maker, 4, 9);
    for (uint32_t i = 0; i < moon_count; i++) {
        InfBody* body = add_body(maker, INF_BODY_MOON, planet);
        body->number = (uint8_t)i;
        uint32_t size = between(maker, 1, 12);
        uint32_t mass_most = inf_min_u32(world.mass_mearth / 12, 60);
        body->mass_mearth = inf_min_u32(size * size, mass_most) + 1;
        body->radius_km = planet_radius_km(body->mass_mearth) - between(maker, 0, 200);
        body->temperature_k = world.temperature_k;
        body->planet_class = classify_ground(maker, body->mass_mearth, body->temperature_k);
        place_on_orbit(maker, body, orbit_km, 1u << 28);
        body->period_ticks = space_period_around_planet(orbit_km, world.mass_mearth);
        orbit_km = orbit_km * between(maker, 1350, 1900) / 1000;
    }
}

// Moons go to planets by chance, giants and the outer ones first; what is far too hot has none.
static uint32_t draw_moon_owner(Maker* maker, const InfBody planets[], uint32_t planet_count)
{
    uint32_t total = 0, weights[16];
    for (uint32_t i = 0; i < planet_count; i++) {
        bool is_gas = planets[i].planet_class == INF_PLANET_GAS;
        weights[i] = planets[i].temperature_k > 600 ? 0 : is_gas ? 6 : planets[i].temperature_k > 350 ? 1 : 2;
        total += weights[i];
    }
    if (total == 0) {
        return planet_count - 1;
    }
    uint32_t draw = (uint32_t)inf_rng_below(&maker->rng, total), owner = 0;
    while (draw >= weights[owner]) {
        draw -= weights[owner++];
    }
    return owner;
}

static void add_planets(Maker* maker, uint64_t reach_km)
{
    const InfSystem* system = maker->system;
    uint32_t first = maker->count;
    float size = inf_sqrtf(0.001f * (float)system->mass_msol);
    uint64_t orbit_km = (uint64_t)(size * (float)between(maker, 15000000, 75000000));
    orbit_km = orbit_km < (uint64_t)system->radius_km * 4 ? (uint64_t)system->radius_km * 4 : orbit_km;
    for (uint32_t i = 0; i < system->planet_count; i++) {
        add_planet(maker, orbit_km);
        uint64_t next_km = orbit_km * between(maker, 1350, 2050) / 1000;
        orbit_km = next_km < reach_km ? next_km : orbit_km * 1080 / 1000;
    }
    if (system->moon_count == 0 || system->planet_count == 0) {
        return;
    }
    InfBody planets[16];
    memcpy(planets, &maker->bodies[first], system->planet_count * sizeof *planets);
    uint32_t moon_counts[16] = {0};
    for (uint32_t i = 0; i < system->moon_count; i++) {
        moon_counts[draw_moon_owner(maker, planets, system->planet_count)]++;
    }
    maker->count = first; // write the planets again, each with its moons behind it
    for (uint32_t i = 0; i < system->planet_count; i++) {
        maker->planets[i] = (uint8_t)maker->count;
        maker->bodies[maker->count++] = planets[i];
        add_moons(maker, maker->planets[i], moon_counts[i]);
    }
}

// ---- Belts ----------------------------------------------------------------------------------------

static void fill_belt(Maker* maker, InfBody* body)
{
    static const uint16_t richer[INF_LAW_COUNT] = {0, 150, 350}; // near home the best is gone
    body->richness = (uint16_t)(between(maker, 150, 650) + richer[maker->system->law]);
    // Parts by temperature: ice where it is cold, titanium where it is hot, helium-3 far out.
    uint32_t t = body->temperature_k;
    uint32_t parts[INF_ORE_COUNT];
    parts[INF_ORE_WATER_ICE] = between(maker, 20, 100) * (t < 180 ? 6 : t < 300 ? 2 : 0);
    parts[INF_ORE_ORE] = between(maker, 100, 300);
    parts[INF_ORE_HELIUM_3] = between(maker, 5, 60) * (t < 120 ? 3 : 1);
    parts[INF_ORE_TITANIUM] = between(maker, 10, 60) * (t > 250 ? 4 : 1);
    uint32_t total = 0, given = 0;
    for (uint32_t i = 0; i < INF_ORE_COUNT; i++) {
        total += parts[i];
    }
    for (uint32_t i = 0; i < INF_ORE_COUNT; i++) {
        body->ore_permille[i] = (uint16_t)(parts[i] * 1000 / total);
        given += body->ore_permille[i];
    }
    body->ore_permille[INF_ORE_ORE] = (uint16_t)(body->ore_permille[INF_ORE_ORE] + 1000 - given);
}

static void add_belts(Maker* maker)
{
    const InfSystem* system = maker->system;
    uint32_t gap_count = maker->planet_count + 1;
    uint32_t gap = system->belt_count == 0 ? 0 : (uint32_t)inf_rng_below(&maker->rng, gap_count);
    for (uint32_t i = 0; i < system->belt_count; i++) {
        uint64_t orbit_km = AU_KM; // no planet: around the bare star
        if (gap != 0) {
            orbit_km = maker->bodies[maker->planets[gap - 1]].orbit_km * BELT_STEP_PERMILLE / 1000;
        } else if (maker->planet_count != 0) {
            orbit_km = maker->bodies[maker->planets[0]].orbit_km * 700 / 1000;
        }
        orbit_km = orbit_km * (10 + 3 * (i / gap_count)) / 10; // more belts than gaps: side by side
        maker->belts[maker->belt_count++] = (uint8_t)maker->count;
        InfBody* body = add_body(maker, INF_BODY_BELT, 0);
        body->number = (uint8_t)i;
        body->temperature_k = space_temperature_k(system->luminosity_usol, orbit_km);
        body->radius_km = (uint32_t)inf_min_i64((int64_t)(orbit_km * between(maker, 20, 80) / 1000), 2000000000);
        place_on_orbit(maker, body, orbit_km, 1u << 26);
        body->period_ticks = space_period_around_star(orbit_km, system->mass_msol);
        fill_belt(maker, body);
        gap = (gap + 1) % gap_count;
    }
}

// ---- Stations -------------------------------------------------------------------------------------

// How readily a system of each law has each profile.
static const uint8_t profile_weights[INF_LAW_COUNT][INF_STATION_PROFILE_COUNT] = {
    [INF_LAW_CHARTED] = {0, 4, 6, 6, 6, 6, 4, 2, 0},
    [INF_LAW_OPEN] = {0, 1, 7, 4, 4, 2, 1, 2, 6},
    [INF_LAW_WILD] = {0, 0, 4, 1, 1, 0, 0, 1, 9},
};

static uint32_t draw_profile(Maker* maker, uint32_t taken)
{
    uint32_t total = 0, weights[INF_STATION_PROFILE_COUNT];
    for (uint32_t i = 0; i < INF_STATION_PROFILE_COUNT; i++) {
        bool fits = (taken >> i & 1) == 0;
        fits = fits && (i != INF_STATION_MINING || maker->belt_count != 0);
        fits = fits && (i != INF_STATION_HIGH_TECH || maker->system->wealth > 400);
        weights[i] = fits ? profile_weights[maker->system->law][i] : 0;
        total += weights[i];
    }
    uint32_t draw = (uint32_t)inf_rng_below(&maker->rng, total), profile = 0;
    while (draw >= weights[profile]) {
        draw -= weights[profile++];
    }
    return profile;
}

static uint32_t find_planet(const Maker* maker, InfPlanetClass planet_class)
{
    for (uint32_t i = 0; i < maker->planet_count; i++) {
        if (maker->bodies[maker->planets[i]].planet_class == planet_class) {
            return maker->planets[i];
        }
    }
    return INF_BODY_NONE;
}

// What a station stays near: its work.
static uint32_t choose_anchor(Maker* maker, uint32_t profile)
{
    uint32_t belt = maker->belt_count != 0 ? maker->belts[inf_rng_below(&maker->rng, maker->belt_count)]
                                           : INF_BODY_NONE;
    uint32_t planet = maker->planet_count != 0 ? maker->planets[inf_rng_below(&maker->rng, maker->planet_count)]
                                               : INF_BODY_NONE;
    uint32_t ocean = find_planet(maker, INF_PLANET_OCEAN);
    bool likes_belt = profile == INF_STATION_MINING || (profile == INF_STATION_REFINERY && planet == INF_BODY_NONE);
    bool likes_ocean = profile == INF_STATION_FARM || profile == INF_STATION_HUB || profile == INF_STATION_HIGH_TECH;
    if (likes_belt && belt != INF_BODY_NONE) {
        return belt;
    }
    if (likes_ocean && ocean != INF_BODY_NONE) {
        return ocean;
    }
    if (profile == INF_STATION_OUTPOST && maker->planet_count != 0) {
        return maker->planets[maker->planet_count - 1];
    }
    return planet != INF_BODY_NONE ? planet : belt != INF_BODY_NONE ? belt : 0;
}

static void add_stations(Maker* maker)
{
    const InfSystem* system = maker->system;
    uint32_t taken = 0;
    for (uint32_t i = 0; i < system->station_count; i++) {
        uint32_t profile = draw_profile(maker, taken);
        taken |= 1u << profile;
        uint32_t anchor = choose_anchor(maker, profile);
        InfBody near = maker->bodies[anchor];
        InfBody* body = add_body(maker, INF_BODY_STATION, anchor);
        body->number = (uint8_t)i;
        body->profile = (uint8_t)profile;
        body->radius_km = 1;
        body->temperature_k = near.temperature_k;
        uint32_t wealth = system->wealth * between(maker, 650, profile == INF_STATION_HUB ? 1300 : 1150) / 1000;
        body->wealth = (uint16_t)inf_min_u32(wealth, 980);
        if (near.kind == INF_BODY_STAR) {
            place_on_orbit(maker, body, (uint64_t)near.radius_km * 30 + AU_KM / 4, 1u << 27);
            body->period_ticks = space_period_around_star(body->orbit_km, system->mass_msol);
        } else if (near.kind == INF_BODY_BELT) {
            place_on_orbit(maker, body, between(maker, 8000, 30000), 1u << 28);
            body->period_ticks = INF_TICKS_PER_DAY; // among the rocks, shepherded
        } else {
            place_on_orbit(maker, body, near.radius_km + (uint64_t)near.radius_km * between(maker, 300, 1500) / 1000, 1u << 28);
            body->period_ticks = space_period_around_planet(body->orbit_km, near.mass_mearth);
        }
    }
}

uint32_t inf_system_bodies(const InfGalaxyDef* def, const InfSystem* system, InfBody out[INF_SYSTEM_BODIES_MAX])
{
    if (space_is_heart(system->address)) {
        return space_heart_bodies(out);
    }
    // A system from outside with wild counts must not write past the end.
    INF_ASSERT(system->star_count <= INF_SYSTEM_STARS_MAX && system->planet_count <= 8 && system->moon_count <= 12);
    INF_ASSERT(system->belt_count <= 3 && system->station_count <= 3 && system->law < INF_LAW_COUNT);
    uint64_t hash = space_address_hash(def, system->address);
    Maker maker = {.system = system, .bodies = out};
    inf_rng_seed(&maker.rng, hash, PURPOSE_BODIES);
    uint64_t reach_km = add_stars(&maker, space_rarity(hash));
    add_planets(&maker, reach_km);
    add_belts(&maker);
    add_stations(&maker);
    return maker.count;
}
