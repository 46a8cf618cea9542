// Bare systems: a star by a real initial-mass function and its age, law and wealth by the distance from the
// Heart, and how many of each body there are. No loop, no division but for the dying stars; the bodies themselves
// are made on demand (bodies.c) and must agree with the counts here.
#include "galaxy/space.h"

#define CHARTED_LY 60.0f
#define OPEN_LY 220.0f
#define COLONIES_LY 2000.0f // lawful pockets lie in the wild within this distance
#define WEALTH_LY 90.0f     // where wealth is half of the Heart's

#define X(number, name, word, meaning) word,
static const char* const spectral_words[] = {INF_SPECTRAL_CLASSES(X)};
static const char* const law_words[] = {INF_LAWS(X)};
static const char* const body_kind_words[] = {INF_BODY_KINDS(X)};
static const char* const planet_class_words[] = {INF_PLANET_CLASSES(X)};
static const char* const station_profile_words[] = {INF_STATION_PROFILES(X)};
#undef X

const char* inf_spectral_word(uint32_t spectral)
{
    return spectral < INF_SPECTRAL_COUNT ? spectral_words[spectral] : "unknown";
}

const char* inf_law_word(uint32_t law)
{
    return law < INF_LAW_COUNT ? law_words[law] : "unknown";
}

const char* inf_body_kind_word(uint32_t kind)
{
    return kind < INF_BODY_KIND_COUNT ? body_kind_words[kind] : "unknown";
}

const char* inf_planet_class_word(uint32_t planet_class)
{
    return planet_class < INF_PLANET_CLASS_COUNT ? planet_class_words[planet_class] : "unknown";
}

const char* inf_station_profile_word(uint32_t profile)
{
    return profile < INF_STATION_PROFILE_COUNT ? station_profile_words[profile] : "unknown";
}

InfGalaxyDef inf_galaxy_def_default(uint64_t seed)
{
    return (InfGalaxyDef){.seed = seed, .version = INF_GALAXY_VERSION};
}

// ---- Stars ----------------------------------------------------------------------------------------

typedef struct StarRow {
    uint64_t luminosity_usol;
    uint32_t mass_msol, temperature_k, radius_km, lifetime_myr;
} StarRow;

static const StarRow star_rows[257] = {
#include "galaxy/stars.inl"
};

static inline uint64_t blend_u64(uint64_t a, uint64_t b, uint32_t part)
{
    return a + (uint64_t)((int64_t)(b - a) * (int64_t)part >> 16);
}

static inline uint32_t blend_u32(uint32_t a, uint32_t b, uint32_t part)
{
    return a + (uint32_t)(((int64_t)b - (int64_t)a) * (int64_t)part >> 16);
}

// radius^2 * temperature^4 against the Sun's.
static uint64_t luminosity_of(uint32_t radius_km, uint32_t temperature_k)
{
    uint64_t radius = (uint64_t)radius_km * 1000000u / SUN_KM;
    uint64_t heat = ((uint64_t)temperature_k << 16) / 5772; // 16 bits behind the point
    heat = heat * heat >> 16;
    return inf_mul_div_u64(radius * radius / 1000000u, heat * heat >> 16, 65536);
}

// A star past its time: a giant for a tenth of its life, then what is left of it.
static void grow_old(Star* star, uint32_t age_myr, uint32_t lifetime_myr)
{
    uint32_t past_myr = age_myr - lifetime_myr, swollen_myr = lifetime_myr / 10 + 1;
    uint32_t born_msol = star->mass_msol;
    star->subclass = 0;
    if (past_myr < swollen_myr) {
        uint32_t part = (uint32_t)((uint64_t)past_myr * 65536 / swollen_myr);
        star->is_giant = 1;
        star->temperature_k = blend_u32(4900, 3300, part);
        star->radius_km = blend_u32(10, 90, (uint32_t)((uint64_t)part * part >> 16)) * SUN_KM;
        star->luminosity_usol = luminosity_of(star->radius_km, star->temperature_k);
    } else if (born_msol < 8000) { // final mass: Kalirai et al., ApJ 676, 594, 2008
        star->spectral = INF_SPECTRAL_WHITE_DWARF;
        star->mass_msol = 394 + born_msol * 109 / 1000;
        star->radius_km = 12500 - star->mass_msol * 5; // the heavier, the smaller
        star->temperature_k = 4000 + 26000u * 300u / (300u + past_myr);
        star->luminosity_usol = luminosity_of(star->radius_km, star->temperature_k);
    } else if (born_msol < 25000) {
        star->spectral = INF_SPECTRAL_NEUTRON;
        star->mass_msol = 1200 + (born_msol - 8000) / 20;
        star->radius_km = 12;
        star->temperature_k = 600000;
        star->luminosity_usol = 34700;
    } else {
        star->spectral = INF_SPECTRAL_BLACK_HOLE;
        star->mass_msol = 5000 + (born_msol - 25000) / 4;
        star->radius_km = star->mass_msol * 295 / 100000;
        star->temperature_k = 0;
        star->luminosity_usol = 0;
    }
}

// Class and subclass by temperature, without a branch that chance could mispredict.
static void classify(Star* star)
{
    static const uint32_t floors_k[9] = {60000, 30000, 10000, 7500, 6000, 5200, 3700, 2300, 400};
    uint32_t t = star->temperature_k, spectral = 0;
    for (unsigned i = 1; i < 8; i++) {
        spectral += t < floors_k[i];
    }
    star->spectral = (uint8_t)spectral;
    uint32_t top = floors_k[spectral], bottom = floors_k[spectral + 1];
    uint32_t below = t < top ? top - 1 - t : 0;
    uint32_t subclass = below * 10 / (top - bottom);
    star->subclass = spectral == INF_SPECTRAL_BROWN_DWARF || subclass > 9 ? 0 : (uint8_t)subclass;
}

Star space_star(uint32_t rarity, uint32_t age_myr)
{
    rarity |= 1;
    uint32_t octave = (uint32_t)__builtin_clz(rarity);
    uint32_t scaled = rarity << octave; // the top bit is set
    uint32_t row = (31 - octave) * 8 + (scaled >> 28 & 7), part = scaled >> 12 & 0xffff;
    const StarRow *a = &star_rows[row], *b = a + 1;
    Star star = {
        .luminosity_usol = blend_u64(a->luminosity_usol, b->luminosity_usol, part),
        .mass_msol = blend_u32(a->mass_msol, b->mass_msol, part),
        .temperature_k = blend_u32(a->temperature_k, b->temperature_k, part),
        .radius_km = blend_u32(a->radius_km, b->radius_km, part),
    };
    uint32_t lifetime_myr = blend_u32(a->lifetime_myr, b->lifetime_myr, part);
    if (__builtin_expect(age_myr > lifetime_myr, 0)) {
        grow_old(&star, age_myr, lifetime_myr);
        if (!star.is_giant) {
            return star;
        }
    }
    classify(&star);
    return star;
}

static inline uint64_t star_bits(uint64_t system_hash)
{
    return inf_hash_u64(system_hash ^ 0xe7037ed1a0b428dbu);
}

uint32_t space_rarity(uint64_t system_hash)
{
    return (uint32_t)(star_bits(system_hash) >> 32);
}

// ---- Law and wealth -------------------------------------------------------------------------------

typedef struct Standing {
    float distance_ly; // as it feels: some regions are better connected than others
    bool is_colony;
    InfLaw law;
} Standing;

// The regions are cubes of 4 sectors; one in 64 is a colony.
static Standing standing(uint64_t galaxy_hash, InfSystemAddress address)
{
    uint64_t region = space_sector_hash(~galaxy_hash, address.x >> 2, address.y >> 2, address.z >> 2);
    float x = (float)address.x, y = (float)address.y, z = (float)address.z;
    float distance = 8.0f * __builtin_sqrtf(x * x + y * y + z * z);
    Standing result = {.distance_ly = distance * (0.8f + 0.4f * 0x1p-16f * (float)(uint32_t)(region & 0xffff))};
    result.is_colony = (region >> 32 & 63) == 0 && distance < COLONIES_LY;
    result.law = result.distance_ly < CHARTED_LY                       ? INF_LAW_CHARTED
                 : result.distance_ly < OPEN_LY || result.is_colony ? INF_LAW_OPEN
                                                                       : INF_LAW_WILD;
    return result;
}

InfLaw inf_system_law(const InfGalaxyDef* def, InfSystemAddress address)
{
    return space_is_heart(address) ? INF_LAW_CHARTED : standing(space_galaxy_hash(def), address).law;
}

// ---- Systems --------------------------------------------------------------------------------------

static inline uint32_t scale_u8(uint64_t bits, unsigned shift, uint32_t bound)
{
    return (uint32_t)(bits >> shift & 0xff) * bound >> 8;
}

static inline uint32_t steps_u8(uint64_t bits, unsigned shift, const uint8_t thresholds[3])
{
    uint32_t draw = (uint32_t)(bits >> shift & 0xff);
    return (uint32_t)(draw >= thresholds[0]) + (draw >= thresholds[1]) + (draw >= thresholds[2]);
}

// Shares of 256, by class: a second star (Duchene and Kraus, ARA&A 51, 269, 2013), and planets at most.
static const uint8_t companion_chance[INF_SPECTRAL_COUNT] = {205, 190, 150, 128, 113, 105, 67, 50, 60, 12, 20};
static const uint8_t planets_most[INF_SPECTRAL_COUNT] = {2, 2, 4, 7, 8, 8, 6, 4, 3, 2, 2};
// 0, 1, 2 or 3 of them, by law: below the first threshold of 256 none, and so on.
static const uint8_t belt_steps[INF_LAW_COUNT][3] = {{20, 150, 230}, {80, 190, 245}, {120, 215, 250}};
static const uint8_t station_steps[INF_LAW_COUNT][3] = {{34, 122, 205}, {150, 225, 252}, {248, 255, 255}};

void inf_system_generate(const InfGalaxyDef* def, InfSystemAddress address, InfSystem* out)
{
    if (space_is_heart(address)) {
        space_heart_system(out);
        return;
    }
    uint64_t galaxy_hash = space_galaxy_hash(def);
    uint64_t sector_hash = space_sector_hash(galaxy_hash, address.x, address.y, address.z);
    uint64_t hash = space_system_hash(sector_hash, address.index);
    uint64_t bits = star_bits(hash), counts = inf_hash_u64(hash ^ 0x1d8e4e27c47d124fu);

    // Stars are born evenly over ten billion years, but one system in 12 is young: else there would be one
    // blue star in a million systems, and nobody would meet one.
    uint32_t age_myr = (uint32_t)(bits & 0xffff) * 10000 >> 16;
    age_myr = (bits >> 16 & 0xff) < 21 ? age_myr / 64 : age_myr;
    Star star = space_star((uint32_t)(bits >> 32), age_myr);
    Standing place = standing(galaxy_hash, address);

    memset(out, 0, sizeof *out);
    out->address = address;
    space_position(sector_hash, hash, address, out->position_mly);
    out->age_myr = age_myr;
    out->luminosity_usol = star.luminosity_usol;
    out->mass_msol = star.mass_msol;
    out->temperature_k = star.temperature_k;
    out->radius_km = star.radius_km;
    out->spectral = star.spectral;
    out->subclass = star.subclass;
    out->is_giant = star.is_giant;
    out->law = (uint8_t)place.law;

    float luck = 0.7f + 0.6f * 0x1p-8f * (float)(uint32_t)(counts & 0xff);
    float wealth = luck * (1000.0f * WEALTH_LY) / (WEALTH_LY + place.distance_ly) + (place.is_colony ? 150.0f : 0.0f);
    out->wealth = (uint16_t)inf_minf(wealth, 950.0f);

    uint32_t second = (uint32_t)(bits >> 24 & 0xff), chance = companion_chance[star.spectral];
    out->star_count = (uint8_t)(1 + (second < chance) + (second < chance / 5));
    uint32_t planets = scale_u8(counts, 8, planets_most[star.spectral] + 1u);
    uint32_t moons = scale_u8(counts, 16, 2 * planets + 1);
    out->planet_count = (uint8_t)planets;
    out->moon_count = (uint8_t)inf_min_u32(moons, 12);
    out->belt_count = (uint8_t)steps_u8(counts, 24, belt_steps[place.law]);
    out->station_count = (uint8_t)steps_u8(counts, 32, station_steps[place.law]);
}

uint32_t inf_system_shard(InfSystemAddress address, uint32_t shard_count)
{
    INF_ASSERT(shard_count != 0 && (shard_count & (shard_count - 1)) == 0);
    if (space_is_origin_sector(address)) {
        return 0;
    }
    uint64_t hash = space_sector_hash(0x71c9d0e5b0a3f84du, address.x, address.y, address.z);
    return (uint32_t)space_system_hash(hash, address.index) & (shard_count - 1);
}

// ---- Distance -------------------------------------------------------------------------------------

static uint64_t axis_distance(int32_t sector_a, int32_t in_a, int32_t sector_b, int32_t in_b)
{
    return inf_abs_i64(((int64_t)sector_a - sector_b) * INF_SECTOR_MLY + in_a - in_b);
}

uint64_t inf_system_distance_mly(const InfSystem* a, const InfSystem* b)
{
    uint64_t dx = axis_distance(a->address.x, a->position_mly[0], b->address.x, b->position_mly[0]);
    uint64_t dy = axis_distance(a->address.y, a->position_mly[1], b->address.y, b->position_mly[1]);
    uint64_t dz = axis_distance(a->address.z, a->position_mly[2], b->address.z, b->position_mly[2]);
    uint64_t all = dx | dy | dz;
    if (all >> 31 == 0) {
        return inf_isqrt_u64(dx * dx + dy * dy + dz * dz); // below 3 * 2^62
    }
    // The sum of squares in 128 bits, and its root by Newton's method from 31 good bits.
    uint64_t low = 0, high = 0;
    uint64_t parts[3] = {dx, dy, dz};
    for (unsigned i = 0; i < 3; i++) {
        uint64_t low_part, high_part = inf_mul_u64(parts[i], parts[i], &low_part);
        low += low_part;
        high += high_part + (low < low_part);
    }
    unsigned shift = 33 - (unsigned)__builtin_clzll(all);
    uint64_t rough = (dx >> shift) * (dx >> shift) + (dy >> shift) * (dy >> shift) + (dz >> shift) * (dz >> shift);
    uint64_t root = ((uint64_t)inf_isqrt_u64(rough) + 3) << shift; // not below the root
    for (;;) {
        uint64_t next = (root + inf_div_u128(high, low, root)) / 2;
        if (next >= root) { // from above it falls until it is the root, rounded down
            return root;
        }
        root = next;
    }
}
