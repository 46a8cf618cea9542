// What the files of core/galaxy share: the hashes that everything generated hangs on, and stars.
//
// One 64-bit hash per sector; a hash per system from it; a random stream per purpose from that. A purpose
// has its own number, so that a change to, say, names leaves planets as they are.
#ifndef INF_CORE_GALAXY_SPACE_H
#define INF_CORE_GALAXY_SPACE_H

#include "infinity/galaxy.h"
#include "infinity/hash.h"
#include "infinity/math.h"
#include "infinity/random.h"

#define AU_KM 149597871
#define SUN_KM 695700

enum { PURPOSE_BODIES = 1, PURPOSE_NAME, PURPOSE_STATION_NAMES };

static inline bool space_is_origin_sector(InfSystemAddress address)
{
    return address.x == 0 && address.y == 0 && address.z == 0;
}

static inline bool space_is_heart(InfSystemAddress address)
{
    return space_is_origin_sector(address) && address.index == 0;
}

static inline uint64_t space_galaxy_hash(const InfGalaxyDef* def)
{
    return inf_hash_u64(def->seed + (uint64_t)def->version * 0x8ebc6af09c88c6e3u);
}

static inline uint64_t space_sector_hash(uint64_t galaxy_hash, int32_t x, int32_t y, int32_t z)
{
    uint64_t xy = (uint64_t)(uint32_t)x | (uint64_t)(uint32_t)y << 32;
    return inf_hash_u64(inf_hash_u64(galaxy_hash ^ xy) + (uint32_t)z);
}

static inline uint64_t space_system_hash(uint64_t sector_hash, uint32_t index)
{
    return inf_hash_u64(sector_hash + ((uint64_t)index + 1) * 0x589965cc75374cc3u);
}

static inline uint64_t space_address_hash(const InfGalaxyDef* def, InfSystemAddress address)
{
    uint64_t sector_hash = space_sector_hash(space_galaxy_hash(def), address.x, address.y, address.z);
    return space_system_hash(sector_hash, address.index);
}

// From the sector's centre. Each index has an octant of the sector to itself, so that two systems of
// a sector keep apart and a count of n needs no search.
static inline void space_position(uint64_t sector_hash, uint64_t system_hash, InfSystemAddress address,
                                  int32_t out_mly[3])
{
    if (space_is_heart(address)) {
        out_mly[0] = out_mly[1] = out_mly[2] = 0;
        return;
    }
    uint32_t step = (uint32_t)(sector_hash >> 60) | 1;
    uint32_t octant = (uint32_t)(sector_hash >> 56) + address.index * step;
    for (unsigned axis = 0; axis < 3; axis++) {
        int32_t half = (octant >> axis & 1) != 0 ? 0 : -INF_SECTOR_MLY / 2;
        uint32_t jitter = (uint32_t)(system_hash >> (16 * axis)) & 0xffff;
        out_mly[axis] = half + (int32_t)(jitter * (INF_SECTOR_MLY / 2) >> 16);
    }
}

// A star of its own, by how rare its first mass is (the share of stars above it, in 2^-32) and its age.
typedef struct Star {
    uint64_t luminosity_usol;
    uint32_t mass_msol, temperature_k, radius_km;
    uint8_t spectral, subclass, is_giant;
} Star;

Star space_star(uint32_t rarity, uint32_t age_myr);
// The rarity that inf_system_generate() drew for the main star.
uint32_t space_rarity(uint64_t system_hash);

// The Heart is written by hand: core/galaxy/heart.c.
void space_heart_system(InfSystem* out);
uint32_t space_heart_bodies(InfBody* out);
const char* space_heart_body_name(uint32_t body); // null: named by the common rules

// Kepler's third law, 12 times as fast. Years for solar masses and AU.
uint64_t space_period_around_star(uint64_t orbit_km, uint32_t mass_msol);
uint64_t space_period_around_planet(uint64_t orbit_km, uint32_t mass_mearth);
// Of a dark ball in the light of a star: 278 K * (luminosity / distance^2)^(1/4).
uint32_t space_temperature_k(uint64_t luminosity_usol, uint64_t orbit_km);

#endif
