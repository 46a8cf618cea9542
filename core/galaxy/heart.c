// The Heart: the one system that is written by hand, the same in every galaxy.
#include "galaxy/space.h"

void space_heart_system(InfSystem* out)
{
    *out = (InfSystem){
        .age_myr = 4600,
        .luminosity_usol = 1000000,
        .mass_msol = 1000,
        .temperature_k = 5772,
        .radius_km = SUN_KM,
        .wealth = 1000,
        .spectral = INF_SPECTRAL_G,
        .subclass = 2,
        .law = INF_LAW_CHARTED,
        .star_count = 1,
        .planet_count = 5,
        .moon_count = 4,
        .belt_count = 2,
        .station_count = 5,
    };
}

typedef struct HeartRow {
    const char* name; // null: by the common rules
    uint64_t orbit_km;
    uint32_t radius_km, mass_mearth;
    uint16_t richness, ore_permille[INF_ORE_COUNT], wealth;
    uint8_t kind, kind_detail, parent, has_rings, number; // kind_detail: planet class or profile
} HeartRow;

#define PLANET(name, orbit_au_milli, radius, mass, planet_class, rings, number)                          \
    {name, (uint64_t)(orbit_au_milli) * AU_KM / 1000, radius, mass, 0, {0}, 0, INF_BODY_PLANET,         \
     INF_PLANET_##planet_class, 0, rings, number}
#define MOON(parent, orbit, radius, mass, planet_class, number)                                          \
    {NULL, orbit, radius, mass, 0, {0}, 0, INF_BODY_MOON, INF_PLANET_##planet_class, parent, 0, number}
#define BELT(orbit_au_milli, width, richness, ice, ore, helium, titanium, number)                        \
    {NULL, (uint64_t)(orbit_au_milli) * AU_KM / 1000, width, 0, richness, {ice, ore, helium, titanium}, 0, \
     INF_BODY_BELT, 0, 0, 0, number}
#define STATION(name, parent, orbit, wealth, profile, number)                                            \
    {name, orbit, 1, 0, 0, {0}, wealth, INF_BODY_STATION, INF_STATION_##profile, parent, 0, number}

static const HeartRow heart_rows[] = {
    {NULL, 0, SUN_KM, 332946000, 0, {0}, 0, INF_BODY_STAR, 0, INF_BODY_NONE, 0, 0}, // 0
    PLANET("Ember", 420, 3100, 80, ROCK, 0, 0),                                     // 1
    PLANET("Haven", 990, 6580, 1080, OCEAN, 0, 1),                                  // 2
    MOON(2, 391000, 1690, 11, ROCK, 0),                                             // 3
    PLANET("Ochre", 1580, 4020, 190, DESERT, 0, 2),                                 // 4
    PLANET("Patience", 5100, 69200, 290000, GAS, 1, 3),                             // 5
    MOON(5, 430000, 1820, 14, ROCK, 0),                                             // 6
    MOON(5, 702000, 2480, 23, ICE, 1),                                              // 7
    MOON(5, 1240000, 2210, 17, ICE, 2),                                             // 8
    PLANET("Vigil", 11200, 15900, 3900, ICE, 0, 4),                                 // 9
    BELT(2600, 21000000, 480, 130, 640, 40, 190, 0),                                // 10
    BELT(16500, 90000000, 560, 560, 240, 150, 50, 1),                               // 11
    STATION("The Concourse", 2, 21000, 1000, HUB, 0),                               // 12
    STATION("Lowell Diggings", 10, 14000, 720, MINING, 1),                          // 13
    STATION("Harrow Gardens", 2, 64000, 800, FARM, 2),                              // 14
    STATION("Tycho Refinery", 4, 13500, 760, REFINERY, 3),                          // 15
    STATION("Watch Garrison", 5, 164000, 700, MILITARY, 4),                         // 16
};
_Static_assert(sizeof heart_rows / sizeof *heart_rows <= INF_SYSTEM_BODIES_MAX, "the Heart fits");

uint32_t space_heart_bodies(InfBody* out)
{
    uint32_t count = sizeof heart_rows / sizeof *heart_rows;
    for (uint32_t i = 0; i < count; i++) {
        const HeartRow* row = &heart_rows[i];
        InfBody* body = &out[i];
        *body = (InfBody){
            .orbit_km = row->orbit_km,
            .period_ticks = 1,
            .phase = (uint32_t)inf_hash_u64(i),
            .inclination = (i * 7 & 31) << 20, // up to 2.6 degrees
            .node = (uint32_t)(inf_hash_u64(i) >> 32),
            .radius_km = row->radius_km,
            .mass_mearth = row->mass_mearth,
            .richness = row->richness,
            .wealth = row->wealth,
            .kind = row->kind,
            .parent = row->parent,
            .has_rings = row->has_rings,
            .number = row->number,
        };
        memcpy(body->ore_permille, row->ore_permille, sizeof body->ore_permille);
        if (row->kind == INF_BODY_STAR) {
            body->temperature_k = 5772;
            body->spectral = INF_SPECTRAL_G;
            continue;
        }
        if (row->kind == INF_BODY_STATION) {
            body->profile = row->kind_detail;
        } else {
            body->planet_class = row->kind_detail;
        }
        const InfBody* parent = &out[row->parent];
        if (parent->kind == INF_BODY_STAR) {
            body->temperature_k = space_temperature_k(1000000, row->orbit_km);
            body->period_ticks = space_period_around_star(row->orbit_km, 1000);
        } else {
            body->temperature_k = parent->temperature_k;
            body->period_ticks = parent->kind == INF_BODY_BELT
                                     ? INF_TICKS_PER_DAY
                                     : space_period_around_planet(row->orbit_km, parent->mass_mearth);
        }
    }
    return count;
}

const char* space_heart_body_name(uint32_t body)
{
    return body < sizeof heart_rows / sizeof *heart_rows ? heart_rows[body].name : NULL;
}
