// The walks whose hashes every build must agree on: gcc and clang at any -O, sanitizers, WebAssembly
// (tests/galaxy/wasm_golden.mjs walks the same in JavaScript over the module's exports).
// A change of a number here changes every galaxy, or every recorded battle: raise the version, say why.
#ifndef TESTS_GALAXY_GOLDEN_H
#define TESTS_GALAXY_GOLDEN_H

#include "infinity/galaxy.h"
#include "infinity/hash.h"
#include "infinity/math.h"

#define GOLDEN_GALAXY_HASH 0xd39da57e2cee4753u
#define GOLDEN_MATH_HASH 0x07132c3bceb1575eu
#define GOLDEN_GALAXY_SYSTEMS 200000u

static inline void golden_add_sector(InfHasher* hasher, const InfGalaxyDef* def, int32_t x, int32_t y, int32_t z,
                                     uint32_t* total)
{
    uint32_t count = inf_sector_system_count(def, x, y, z);
    for (uint32_t i = 0; i < count; i++, (*total)++) {
        InfSystem system;
        inf_system_generate(def, (InfSystemAddress){x, y, z, i}, &system);
        inf_hasher_add(hasher, &system, sizeof system);
        if (*total % 16 == 0) {
            InfBody bodies[INF_SYSTEM_BODIES_MAX];
            char name[INF_NAME_BYTES];
            int64_t at_km[3];
            uint32_t body_count = inf_system_bodies(def, &system, bodies);
            inf_hasher_add(hasher, bodies, body_count * sizeof *bodies);
            inf_system_name(def, system.address, name);
            inf_hasher_add(hasher, name, sizeof name);
            inf_body_name(def, &system, bodies, body_count, body_count - 1, name);
            inf_hasher_add(hasher, name, sizeof name);
            inf_body_position(bodies, body_count, body_count - 1, (uint64_t)*total * 1000003u, at_km);
            inf_hasher_add(hasher, at_km, sizeof at_km);
        }
    }
}

// A block around the Heart, then ever wider circles of it, then the eight corners of space.
static inline uint64_t golden_galaxy_hash(void)
{
    InfGalaxyDef def = inf_galaxy_def_default(42);
    InfHasher hasher;
    inf_hasher_init(&hasher, 0);
    uint32_t total = 0;
    for (int32_t stride = 1; total < GOLDEN_GALAXY_SYSTEMS; stride *= 3) {
        for (int32_t z = -4; z < 4; z++) {
            for (int32_t y = -40; y < 40; y++) {
                for (int32_t x = -40; x < 40; x++) {
                    golden_add_sector(&hasher, &def, x * stride, y * stride, z, &total);
                }
            }
        }
    }
    for (int corner = 0; corner < 8; corner++) {
        golden_add_sector(&hasher, &def, corner & 1 ? INT32_MAX : INT32_MIN, corner & 2 ? INT32_MAX : INT32_MIN,
                          corner & 4 ? 1 : -1, &total);
    }
    return inf_hasher_end(&hasher);
}

static inline void golden_add_f32(InfHasher* hasher, float value)
{
    inf_hasher_add(hasher, &value, sizeof value);
}

// All scalar functions over floats of every size, the odd ones included: bit patterns in steps.
static inline uint64_t golden_math_hash(void)
{
    InfHasher hasher;
    inf_hasher_init(&hasher, 0);
    for (uint32_t i = 0; i < 100000; i++) {
        float x = inf_f32_from_bits(i * 42949u), y = inf_f32_from_bits(i * 2654435761u);
        if (!inf_is_finite(x) || !inf_is_finite(y)) {
            continue; // a NaN's bits are the one thing that machines differ in
        }
        golden_add_f32(&hasher, inf_sinf(x));
        golden_add_f32(&hasher, inf_cosf(x));
        golden_add_f32(&hasher, inf_atan2f(x, y));
        golden_add_f32(&hasher, inf_asinf(x));
        golden_add_f32(&hasher, inf_acosf(x));
        golden_add_f32(&hasher, inf_expf(x));
        golden_add_f32(&hasher, inf_logf(x));
        golden_add_f32(&hasher, inf_powf(x, y));
    }
    return inf_hasher_end(&hasher);
}

#endif
