// Founding: the stations known from the start, and the first minds.
//
// Every shard walks the same list (sectors by z, y, x, systems by index, stations by body) and makes what is its own. The
// minds are dealt out by weight along the list: up to station i there are floor(minds * weight up to i / whole weight), so
// every shard knows its part without the others, and the parts add up to `minds` exactly.
//
// Founding comes before history: it tells no events (a large founding would not fit a tick's buffer).
#include "economy/economy.h"
#include "soul/soul.h"

#include "infinity/text.h"

typedef struct Founding {
    InfWorld* world;
    uint64_t at_concourse; ///< minds on the Concourse before its share is counted
    uint64_t minds, weight_sum, weight_before; ///< sum 0: the first walk, which only adds up
    uint32_t told_bytes;
    InfResult result;
} Founding;

/// People live where there is wealth, and close to the Heart: a station there counts ten times one far out.
static uint64_t station_weight(const InfBody* station, uint64_t distance_mly)
{
    static const uint8_t by_profile[INF_STATION_PROFILE_COUNT] = {
        [INF_STATION_HUB] = 4,       [INF_STATION_MINING] = 3,    [INF_STATION_REFINERY] = 3, [INF_STATION_FARM] = 2,
        [INF_STATION_INDUSTRY] = 3,  [INF_STATION_HIGH_TECH] = 2, [INF_STATION_MILITARY] = 1, [INF_STATION_OUTPOST] = 1};
    uint32_t profile = station->profile < INF_STATION_PROFILE_COUNT ? station->profile : 0;
    uint64_t near = 10000u + 90000u * 100u / (100u + distance_mly / 1000 * (distance_mly / 1000)); // ten-thousandths
    return (uint64_t)by_profile[profile] * (300u + station->wealth) * near / 10000u;
}

static uint8_t first_hull(InfRng* rng, const uint8_t traits[INF_TRAITS])
{
    uint64_t draw = inf_rng_below(rng, 100);
    if (traits[INF_TRAIT_AGGRESSION] > 170 && draw < 40) {
        return INF_HULL_INTERCEPTOR;
    }
    if (traits[INF_TRAIT_GREED] > 140 && draw < 45) {
        return INF_HULL_HAULER;
    }
    return draw < 40 ? INF_HULL_MINER : INF_HULL_SHUTTLE;
}

static bool bear(InfWorld* world, uint32_t place_index1)
{
    InfRng* rng = inf_world_rng(world);
    InfSoulDef def = {.player = false, .place_index1 = place_index1};
    inf_traits_mix(rng, NULL, NULL, def.traits);
    def.hull_kind = first_hull(rng, def.traits);
    def.credits = inf_rng_range(rng, INF_TUNE_BIRTH_MIND_CREDITS, 4 * INF_TUNE_BIRTH_MIND_CREDITS); // lives already lived
    return inf_soul_birth(world, &def) != 0;
}

static void found_system(Founding* founding, InfSystemAddress address, const InfSystem* system, uint64_t distance_mly)
{
    InfWorld* world = founding->world;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_system_bodies(&world->galaxy, system, bodies);
    bool own = inf_system_shard(address, world->header.shard_count) == world->header.shard;
    uint32_t system_index1 = 0;
    if (founding->weight_sum != 0 && own) {
        system_index1 = inf_system_enter(world, address);
        if (system_index1 == 0) {
            founding->result = INF_ERROR_FULL;
            return;
        }
        inf_system_at(world, system_index1)->visits = 1;
    }
    for (uint32_t body = 0; body < count; body++) {
        if (bodies[body].kind != INF_BODY_STATION) {
            continue;
        }
        uint64_t before = founding->weight_before;
        founding->weight_before += station_weight(&bodies[body], distance_mly);
        if (system_index1 == 0) {
            continue;
        }
        uint32_t place_index1 = inf_place_enter(world, system_index1, body);
        uint64_t minds = inf_mul_div_u64(founding->minds, founding->weight_before, founding->weight_sum) -
                         inf_mul_div_u64(founding->minds, before, founding->weight_sum);
        if (place_index1 == 0) {
            founding->result = INF_ERROR_FULL;
            return;
        }
        if (place_index1 == inf_soul_concourse(world)) {
            minds += founding->at_concourse;
        }
        world->header.founded_minds += (uint32_t)minds;
        inf_station_grow(world, inf_place_at(world, place_index1)->station_index1, (uint32_t)minds);
        for (; minds > 0; minds--) {
            if (!bear(world, place_index1)) {
                founding->result = INF_ERROR_FULL;
                return;
            }
            world->event_bytes = founding->told_bytes;
        }
    }
}

static void walk(Founding* founding, uint64_t radius_mly)
{
    static const InfSystemAddress heart_address = {0, 0, 0, 0};
    const InfGalaxyDef* galaxy = &founding->world->galaxy;
    InfSystem heart, system;
    inf_system_generate(galaxy, heart_address, &heart);
    int32_t reach = (int32_t)((radius_mly + INF_SECTOR_MLY / 2 + 4000) / INF_SECTOR_MLY) + 1;
    founding->weight_before = 0;
    for (int32_t z = -reach; z <= reach; z++) {
        for (int32_t y = -reach; y <= reach; y++) {
            for (int32_t x = -reach; x <= reach && founding->result == INF_OK; x++) {
                uint32_t count = inf_sector_system_count(galaxy, x, y, z);
                for (uint32_t index = 0; index < count; index++) {
                    InfSystemAddress address = {x, y, z, index};
                    inf_system_generate(galaxy, address, &system);
                    uint64_t distance_mly = inf_system_distance_mly(&heart, &system);
                    if (system.station_count != 0 && distance_mly <= radius_mly) {
                        found_system(founding, address, &system, distance_mly);
                    }
                }
            }
        }
    }
}

InfResult inf_world_found(InfWorld* world, uint32_t minds, uint64_t stations_radius_mly)
{
    static const uint64_t radius_mly_max = 1000000; // two million sectors: minutes
    if (world->header.tick > 1 || world->station_pool.live != 0) {
        return INF_ERROR_STATE;
    }
    if (stations_radius_mly > radius_mly_max) {
        return INF_ERROR_RANGE;
    }
    // One in twenty begins where the newcomers wake.
    Founding founding = {.world = world, .at_concourse = minds / 20, .minds = minds - minds / 20, .result = INF_OK};
    walk(&founding, stations_radius_mly);
    founding.weight_sum = founding.weight_before; // the Heart's own station is always within: never zero
    INF_ASSERT(founding.weight_sum != 0);
    uint32_t told_bytes = world->event_bytes;
    founding.told_bytes = told_bytes;
    walk(&founding, stations_radius_mly);
    world->event_bytes = told_bytes;
    InfHeader* header = &world->header;
    header->grant_credits = (int64_t)header->founded_minds * INF_TUNE_GRANT_MIND_CREDITS +
                            (int64_t)world->station_pool.live * INF_TUNE_GRANT_STATION_CREDITS;
    header->treasury_tick = header->tick;
    header->known_radius_mly = (uint32_t)stations_radius_mly;
    return founding.result;
}

/// An awake galaxy: the Concourse, and one soul for whom everything comes from outside.
static InfResult found_awake(InfWorld* world, const InfInputFound* input)
{
    uint32_t bytes = 0;
    while (bytes < INF_NAME_BYTES && input->host[bytes] != '\0') {
        bytes++;
    }
    if (inf_text_check(input->host, bytes, INF_NAME_BYTES - 1) != INF_TEXT_OK) {
        return INF_ERROR_FORMAT;
    }
    if (input->minds != 0) {
        return INF_ERROR_RANGE;
    }
    if (world->header.shard != 0) {
        return INF_OK;
    }
    uint32_t place_index1 = inf_soul_concourse(world);
    if (place_index1 == 0) {
        return INF_ERROR_FULL;
    }
    InfSoulDef def = {.place_index1 = place_index1, .hull_kind = INF_HULL_SHUTTLE};
    memset(def.traits, 128, sizeof def.traits); // what its host is like is not for us to draw
    memcpy(def.name, input->host, bytes);
    memcpy(def.key, input->host_key, INF_KEY_BYTES);
    uint32_t soul_index1 = inf_soul_birth(world, &def);
    if (soul_index1 == 0) {
        return INF_ERROR_FULL;
    }
    InfSoul* host = inf_soul_at(world, soul_index1);
    host->flags |= INF_SOUL_EXTERNAL;
    world->header.host_soul = host->id;
    return INF_OK;
}

InfResult inf_apply_Found(InfWorld* world, const InfInputFound* input)
{
    if (world->header.tick != 1) {
        return INF_ERROR_STATE;
    }
    if (input->kind >= INF_GALAXY_KIND_COUNT) {
        return INF_ERROR_UNKNOWN;
    }
    world->header.galaxy_kind = input->kind;
    InfResult result = input->kind == INF_GALAXY_KIND_AWAKE ? found_awake(world, input)
                                                            : inf_world_found(world, input->minds, input->stations_radius_mly);
    if (result != INF_OK) {
        world->header.galaxy_kind = INF_GALAXY_KIND_OPEN;
    }
    return result;
}
