// Any address of any galaxy: bodies agree with the bare system, names end inside their bytes, orbits and
// distances are defined, neighbours exist.
#include "fuzz.h"
#include "infinity/galaxy.h"
#include "infinity/reader.h"

static InfSystem read_system(InfReader* reader, const InfGalaxyDef* def)
{
    InfSystemAddress address = {.x = inf_read_i32(reader), .y = inf_read_i32(reader), .z = inf_read_i32(reader)};
    address.index = inf_read_u32(reader);
    InfSystem system;
    inf_system_generate(def, address, &system);
    return system;
}

static void check_name(const char name[INF_NAME_BYTES])
{
    size_t length = strnlen(name, INF_NAME_BYTES);
    FUZZ_ENSURE(length >= 3 && length < INF_NAME_BYTES);
    for (size_t i = 0; i < INF_NAME_BYTES; i++) {
        FUZZ_ENSURE(i < length ? name[i] >= ' ' && name[i] <= 'z' : name[i] == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    InfReader reader = inf_reader_make(bytes, count);
    InfGalaxyDef def = {.seed = inf_read_u64(&reader), .version = inf_read_u32(&reader)};
    InfSystem system = read_system(&reader, &def), other = read_system(&reader, &def);
    uint64_t tick = inf_read_u64(&reader);
    uint32_t range_mly = inf_read_u16(&reader) % 20000;

    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    char name[INF_NAME_BYTES];
    uint32_t body_count = inf_system_bodies(&def, &system, bodies);
    FUZZ_ENSURE(body_count <= INF_SYSTEM_BODIES_MAX);
    FUZZ_ENSURE(body_count == (uint32_t)system.star_count + system.planet_count + system.moon_count +
                                  system.belt_count + system.station_count);
    inf_system_name(&def, system.address, name);
    check_name(name);
    for (uint32_t i = 0; i < body_count; i++) {
        int64_t at_km[3];
        inf_body_name(&def, &system, bodies, body_count, i, name);
        check_name(name);
        inf_body_position(bodies, body_count, i, tick, at_km);
    }
    FUZZ_ENSURE(inf_system_distance_mly(&system, &other) == inf_system_distance_mly(&other, &system));
    FUZZ_ENSURE(inf_system_shard(system.address, 16) < 16);
    InfSystemAddress near[8];
    uint32_t near_count = inf_system_neighbours(&def, &system, range_mly, near, 8);
    for (uint32_t i = 0; i < near_count; i++) {
        FUZZ_ENSURE(inf_system_exists(&def, near[i]));
    }
    return 0;
}
