// How many systems a sector has. The density is a disc (thick at the Heart, endless in the plane) times
// two spiral arms times clusters and voids (value noise of two sizes); the count is binomial: each of a sector's eight
// octants has a system or not.
#include "galaxy/space.h"

#define CORE_SECTORS 400.0f   // the disc is denser than its endless rest within this radius
#define THICK_SECTORS 80.0f   // half thickness
#define ARM_WINDING 5.0f      // radians per e-fold of the radius: arms at 22 degrees to the circle
#define ARMS_FROM_SECTORS 60.0f
#define CALM_SECTORS 15.0f    // clusters and voids fade in from here: the Heart's surroundings are even

static inline float lattice(uint64_t seed, uint32_t i, uint32_t j, uint32_t k)
{
    uint64_t h = seed + i * 0x9e3779b97f4a7c15u + j * 0xc2b2ae3d27d4eb4fu + k * 0x165667b19e3779f9u;
    h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 32)) * 0x94d049bb133111ebu;
    return (float)(uint32_t)(h >> 40) * 0x1p-24f;
}

static inline float smooth(float t)
{
    return t * t * (3.0f - 2.0f * t);
}

// Smooth noise in [0, 1) with cells of 2^bits sectors.
static inline float noise(uint64_t seed, int32_t x, int32_t y, int32_t z, unsigned bits)
{
    int32_t mask = (1 << bits) - 1;
    float scale = 1.0f / (float)(1 << bits);
    uint32_t i = (uint32_t)(x >> bits), j = (uint32_t)(y >> bits), k = (uint32_t)(z >> bits);
    float u = smooth((float)(x & mask) * scale);
    float v = smooth((float)(y & mask) * scale);
    float w = smooth((float)(z & mask) * scale);
    float near = inf_lerpf(inf_lerpf(lattice(seed, i, j, k), lattice(seed, i + 1, j, k), u),
                           inf_lerpf(lattice(seed, i, j + 1, k), lattice(seed, i + 1, j + 1, k), u), v);
    float far = inf_lerpf(inf_lerpf(lattice(seed, i, j, k + 1), lattice(seed, i + 1, j, k + 1), u),
                          inf_lerpf(lattice(seed, i, j + 1, k + 1), lattice(seed, i + 1, j + 1, k + 1), u), v);
    return inf_lerpf(near, far, w);
}

// The exponent and, linearly, the mantissa: at most 0.09 off, a bend in the arms that nobody can see.
static inline float rough_log2(float value)
{
    return ((float)inf_f32_bits(value) - (float)0x3f800000) * 0x1p-23f;
}

// Systems to expect: at least 0.15 in the plane, about 2.6 around the Heart, 7 in the densest clusters.
static float density(uint64_t galaxy_hash, int32_t x, int32_t y, int32_t z)
{
    float fx = (float)x, fy = (float)y, fz = (float)z * (1.0f / THICK_SECTORS);
    float thickness = 1.0f / (1.0f + fz * fz);
    float vertical = thickness * thickness;
    if (vertical < 1e-6f) {
        return 0.0f; // below what a count can show, and most of all sectors
    }
    float squared = fx * fx + fy * fy;
    float disc = 0.7f + 1.9f / (1.0f + squared * (1.0f / (CORE_SECTORS * CORE_SECTORS)));

    // Two arms where 2 * angle = winding * log(radius): by the double angle from x and y, without atan2.
    float arm_share = squared / (squared + ARMS_FROM_SECTORS * ARMS_FROM_SECTORS);
    float winding = ARM_WINDING * 0.5f * 0.693147f *
                    rough_log2(1.0f + squared * (1.0f / (ARMS_FROM_SECTORS * ARMS_FROM_SECTORS)));
    float sine, cosine;
    inf_sincosf(winding, &sine, &cosine);
    float along = ((fx * fx - fy * fy) * cosine + 2.0f * fx * fy * sine) / (squared + 1.0f);
    float arms = 1.0f + 0.55f * arm_share * along;

    float level = 0.6f * noise(galaxy_hash, x, y, z, 5) + 0.4f * noise(~galaxy_hash, x, y, z, 3);
    float clusters = 0.5f + 1.8f * level * level;
    float calm = squared / (squared + CALM_SECTORS * CALM_SECTORS);
    return disc * arms * inf_lerpf(1.0f, clusters, calm) * vertical;
}

uint32_t inf_sector_density_milli(const InfGalaxyDef* def, int32_t x, int32_t y, int32_t z)
{
    return (uint32_t)(density(space_galaxy_hash(def), x, y, z) * 1000.0f);
}

uint32_t inf_sector_system_count(const InfGalaxyDef* def, int32_t x, int32_t y, int32_t z)
{
    uint64_t galaxy_hash = space_galaxy_hash(def);
    float expected = density(galaxy_hash, x, y, z);
    uint32_t chance = (uint32_t)inf_minf(expected * (65536.0f / INF_SECTOR_SYSTEMS_MAX), 64000.0f);
    if (chance == 0) {
        return 0;
    }
    uint64_t sector_hash = space_sector_hash(galaxy_hash, x, y, z);
    uint64_t low = inf_hash_u64(sector_hash ^ 0x2127599bf4325c37u);
    uint64_t high = inf_hash_u64(sector_hash ^ 0x880355f21e6d1965u);
    uint32_t count = 0;
    for (unsigned shift = 0; shift < 64; shift += 16) {
        count += (uint32_t)(low >> shift & 0xffff) < chance;
        count += (uint32_t)(high >> shift & 0xffff) < chance;
    }
    bool is_heart = (x | y | z) == 0;
    return is_heart && count == 0 ? 1 : count;
}

bool inf_system_exists(const InfGalaxyDef* def, InfSystemAddress address)
{
    return address.index < INF_SECTOR_SYSTEMS_MAX &&
           address.index < inf_sector_system_count(def, address.x, address.y, address.z);
}
