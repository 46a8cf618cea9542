/// @file galaxy.h
/// Space without end. What is anywhere is a pure function of (galaxy seed, generator version, address), the
/// same bit for bit from every compiler and in WebAssembly; nothing is stored and nothing is allocated.
///
/// A sector is a cube 8 light-years wide at int32 coordinates, centred on coordinates * 8 ly; the plane of the
/// galaxy is z = 0. A system is a sector and an index below the sector's system count. The origin
/// system {0, 0, 0, 0} is the Heart: the same in every galaxy.
///
/// Cost: counting a sector and generating its bare systems takes some 100 ns a system; bodies and names
/// are made on demand from the bare system.
///
/// mly: thousandths of a light-year. Every function may be called from any thread.
#ifndef INFINITY_GALAXY_H
#define INFINITY_GALAXY_H

#include "infinity/base.h"
#include "infinity/tables/constants.h" // INF_NAME_BYTES

/// The version that this program generates; a galaxy keeps the one that it was founded with.
#define INF_GALAXY_VERSION 1

#define INF_SECTOR_MLY 8000
/// A sector holds this many systems at most.
#define INF_SECTOR_SYSTEMS_MAX 8
#define INF_SYSTEM_STARS_MAX 3
#define INF_SYSTEM_BODIES_MAX 32
/// inf_system_neighbours() looks no farther and gives no more.
#define INF_NEIGHBOURS_RANGE_MLY_MAX 64000
#define INF_NEIGHBOURS_MAX 256
/// InfBody.parent: the centre of the system.
#define INF_BODY_NONE 255

/// X(number, NAME, "word", "what it means"); numbers are wire format, never renumbered.
#define INF_SPECTRAL_CLASSES(X)                                                                         \
    X(0, O, "O", "blue, above 30,000 K")                                                                \
    X(1, B, "B", "blue-white, above 10,000 K")                                                          \
    X(2, A, "A", "white, above 7,500 K")                                                                \
    X(3, F, "F", "yellow-white, above 6,000 K")                                                         \
    X(4, G, "G", "yellow, above 5,200 K")                                                               \
    X(5, K, "K", "orange, above 3,700 K")                                                               \
    X(6, M, "M", "red")                                                                                 \
    X(7, BROWN_DWARF, "brown dwarf", "too light to burn hydrogen")                                      \
    X(8, WHITE_DWARF, "white dwarf", "the ember of a star below 8 suns")                                \
    X(9, NEUTRON, "neutron star", "what a supernova left of 8 to 25 suns")                              \
    X(10, BLACK_HOLE, "black hole", "what was left of more than 25 suns")

#define INF_LAWS(X)                                                                                     \
    X(0, CHARTED, "charted", "patrol drones answer a crime")                                            \
    X(1, OPEN, "open", "bounties only")                                                                 \
    X(2, WILD, "wild", "no law")

/// The numbers are those of INF_PLACE_KINDS.
#define INF_BODY_KINDS(X)                                                                               \
    X(0, STAR, "star", "a star or what is left of one")                                                 \
    X(1, PLANET, "planet", "a planet")                                                                  \
    X(2, MOON, "moon", "a planet's moon")                                                               \
    X(3, BELT, "belt", "an asteroid belt; its position is that of its richest part")                    \
    X(4, STATION, "station", "a station")

#define INF_PLANET_CLASSES(X)                                                                           \
    X(0, NONE, "", "not a planet or moon")                                                              \
    X(1, ROCK, "rock", "airless or thin air")                                                           \
    X(2, DESERT, "desert", "hot or dry, with air")                                                      \
    X(3, OCEAN, "ocean", "water and air")                                                               \
    X(4, ICE, "ice", "frozen over")                                                                     \
    X(5, GAS, "gas giant", "no ground")

#define INF_STATION_PROFILES(X)                                                                         \
    X(0, NONE, "", "not a station")                                                                     \
    X(1, HUB, "hub", "trade in everything")                                                             \
    X(2, MINING, "mining", "brings ore and ice in")                                                     \
    X(3, REFINERY, "refinery", "ore to metals and chemicals")                                           \
    X(4, FARM, "farm", "water to food")                                                                 \
    X(5, INDUSTRY, "industry", "metals to machinery")                                                   \
    X(6, HIGH_TECH, "high-tech", "optronics and medicine")                                              \
    X(7, MILITARY, "military", "patrols and their needs")                                               \
    X(8, OUTPOST, "outpost", "the last air before the dark")

/// The first goods of the table of goods, by the same numbers.
#define INF_ORE_KINDS(X)                                                                                \
    X(0, WATER_ICE, "water ice", "")                                                                    \
    X(1, ORE, "ore", "")                                                                                \
    X(2, HELIUM_3, "helium-3", "")                                                                      \
    X(3, TITANIUM, "titanium", "")

#define X(number, name, word, meaning) INF_SPECTRAL_##name = number,
typedef enum InfSpectral { INF_SPECTRAL_CLASSES(X) INF_SPECTRAL_COUNT } InfSpectral;
#undef X
#define X(number, name, word, meaning) INF_LAW_##name = number,
typedef enum InfLaw { INF_LAWS(X) INF_LAW_COUNT } InfLaw;
#undef X
#define X(number, name, word, meaning) INF_BODY_##name = number,
typedef enum InfBodyKind { INF_BODY_KINDS(X) INF_BODY_KIND_COUNT } InfBodyKind;
#undef X
#define X(number, name, word, meaning) INF_PLANET_##name = number,
typedef enum InfPlanetClass { INF_PLANET_CLASSES(X) INF_PLANET_CLASS_COUNT } InfPlanetClass;
#undef X
#define X(number, name, word, meaning) INF_STATION_##name = number,
typedef enum InfStationProfile { INF_STATION_PROFILES(X) INF_STATION_PROFILE_COUNT } InfStationProfile;
#undef X
#define X(number, name, word, meaning) INF_ORE_##name = number,
typedef enum InfOreKind { INF_ORE_KINDS(X) INF_ORE_COUNT } InfOreKind;
#undef X

/// The word of each kind, for screens and docs; "unknown" for a number outside the table.
INF_API const char* inf_spectral_word(uint32_t spectral);
INF_API const char* inf_law_word(uint32_t law);
INF_API const char* inf_body_kind_word(uint32_t kind);
INF_API const char* inf_planet_class_word(uint32_t planet_class);
INF_API const char* inf_station_profile_word(uint32_t profile);

typedef struct InfSystemAddress {
    int32_t x, y, z;
    uint32_t index;
} InfSystemAddress;

typedef struct InfGalaxyDef {
    uint64_t seed;
    uint32_t version; ///< INF_GALAXY_VERSION
    uint32_t reserved;
} InfGalaxyDef;

/// A bare system. No padding: 72 bytes.
typedef struct InfSystem {
    InfSystemAddress address;
    int32_t position_mly[3];     ///< from the sector's centre, each in [-4000, 4000)
    uint32_t age_myr;            ///< 0 to 10000
    uint64_t luminosity_usol;    ///< of the main star, millionths of the Sun's
    uint32_t mass_msol;          ///< of the main star, thousandths of the Sun's
    uint32_t temperature_k;      ///< surface; 0 for a black hole
    uint32_t radius_km;          ///< a black hole's is that of its horizon
    uint16_t wealth;             ///< 0 to 1000, falls with the distance from the Heart
    uint8_t spectral;            ///< InfSpectral of the main star
    uint8_t subclass;            ///< 0 (hottest) to 9 for O to M, else 0
    uint8_t is_giant;            ///< 1: at the end of its life, swollen and cool
    uint8_t law;                 ///< InfLaw
    uint8_t star_count;          ///< 1 to INF_SYSTEM_STARS_MAX
    uint8_t planet_count, moon_count, belt_count, station_count;
    uint8_t reserved[9];
} InfSystem;

/// What is in a system. No padding: 72 bytes.
typedef struct InfBody {
    uint64_t orbit_km;           ///< radius of the circular orbit around the parent, 0: at its centre
    uint64_t period_ticks;       ///< at least 1. Orbits run 12 times as fast as real ones: a day is two hours
    uint32_t phase;              ///< where on the orbit at tick 0, in 2^-32 turns
    uint32_t inclination;        ///< of the orbit to the system's plane, in 2^-32 turns
    uint32_t node;               ///< direction of the ascending node, in 2^-32 turns
    uint32_t radius_km;          ///< of a belt: half its width
    uint32_t mass_mearth;        ///< thousandths of the Earth's; of a star: 2^32 - 1 at most
    uint32_t temperature_k;      ///< of the ground or cloud tops
    uint16_t richness;           ///< of a belt: 1 to 1000, else 0
    uint16_t ore_permille[INF_ORE_COUNT]; ///< of a belt: shares that sum to 1000, else 0
    uint16_t wealth;             ///< of a station: 0 to 1000, else 0
    uint8_t kind;                ///< InfBodyKind
    uint8_t planet_class;        ///< InfPlanetClass of planets and moons, else 0
    uint8_t profile;             ///< InfStationProfile of stations, else 0
    uint8_t spectral;            ///< InfSpectral of stars, else 0
    uint8_t parent;              ///< index of the body that it circles, always below its own, or INF_BODY_NONE
    uint8_t has_rings;
    uint8_t number;              ///< the how-manieth of its kind (moons: of its planet), from 0
    uint8_t reserved[13];
} InfBody;

_Static_assert(sizeof(InfSystem) == 72 && sizeof(InfBody) == 72, "no hidden padding");

/// seed as given, this program's version.
INF_API InfGalaxyDef inf_galaxy_def_default(uint64_t seed);

/// How many systems the sector has, 0 to INF_SECTOR_SYSTEMS_MAX.
INF_API uint32_t inf_sector_system_count(const InfGalaxyDef* def, int32_t x, int32_t y, int32_t z);
/// Systems to expect in the sector, in thousandths: what a map shades. Never 0 at z = 0.
INF_API uint32_t inf_sector_density_milli(const InfGalaxyDef* def, int32_t x, int32_t y, int32_t z);
/// address.index < the count of its sector.
INF_API bool inf_system_exists(const InfGalaxyDef* def, InfSystemAddress address);
/// Generate a bare system. Does not check that it exists: whoever gets an address from outside does.
/// An index of INF_SECTOR_SYSTEMS_MAX or more gives some system, without a place of its own.
INF_API void inf_system_generate(const InfGalaxyDef* def, InfSystemAddress address, InfSystem* out);

/// Fill in all bodies: stars first (the main star is 0), then planets, each followed by its moons, then belts,
/// then stations; a body's parent stands before it.
/// @param system as inf_system_generate() made it
/// @return how many: the sum of the system's counts, at most INF_SYSTEM_BODIES_MAX
INF_API uint32_t inf_system_bodies(const InfGalaxyDef* def, const InfSystem* system,
                                   InfBody out[INF_SYSTEM_BODIES_MAX]);

/// A pronounceable name in the manner of its region: 3 to 20 ASCII characters. Two systems may share a name,
/// rarely. Every name of this file is zeroed to its end.
INF_API void inf_system_name(const InfGalaxyDef* def, InfSystemAddress address, char out[INF_NAME_BYTES]);
/// "Aurelia B", "Aurelia II", "Aurelia II a", "Aurelia Belt II", "Vesta Freeport": never cut short.
/// @param body index below count
INF_API void inf_body_name(const InfGalaxyDef* def, const InfSystem* system, const InfBody* bodies,
                           uint32_t count, uint32_t body, char out[INF_NAME_BYTES]);

/// Where a body is at a tick, in km from the centre of the system: closed form, to some km per AU.
/// The system's plane is z = 0.
/// @param body index below count
INF_API void inf_body_position(const InfBody* bodies, uint32_t count, uint32_t body, uint64_t tick,
                               int64_t out_km[3]);

/// The system's law: what inf_system_generate() writes into `law`, alone.
INF_API InfLaw inf_system_law(const InfGalaxyDef* def, InfSystemAddress address);

/// The shard that a system belongs to. The origin sector is shard 0.
/// @param shard_count a power of two
INF_API uint32_t inf_system_shard(InfSystemAddress address, uint32_t shard_count);

/// Distance, rounded down; exact over all of space.
INF_API uint64_t inf_system_distance_mly(const InfSystem* a, const InfSystem* b);

/// The systems within range of one, itself left out, nearest first, at one distance by (z, y, x, index).
/// @param range_mly at most INF_NEIGHBOURS_RANGE_MLY_MAX counts
/// @param out_max   at most INF_NEIGHBOURS_MAX counts: the nearest of more are given
/// @return how many were written
INF_API uint32_t inf_system_neighbours(const InfGalaxyDef* def, const InfSystem* from, uint32_t range_mly,
                                       InfSystemAddress* out, uint32_t out_max);

#endif
