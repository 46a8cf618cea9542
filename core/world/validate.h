// What both passes of inf_world_validate() are written in (validate_rows.c, validate.c).
#ifndef INF_CORE_WORLD_VALIDATE_H
#define INF_CORE_WORLD_VALIDATE_H

#include "world/internal.h"

#define CHECK(condition, text)                                                                          \
    do {                                                                                                \
        if (!(condition)) {                                                                             \
            return text;                                                                                \
        }                                                                                               \
    } while (0)

/// For every live row of a pool of `world`.
#define EACH(pool_name, i)                                                                              \
    for (uint32_t i = 1; i <= world->pool_name.count; i++)                                              \
        if (inf_pool_is_live(&world->pool_name, i))

#endif
