// The systems around one: sectors in growing shells around its own, nearest systems kept in a sorted
// array. The order (distance, z, y, x, index) is total, so the answer does not depend on that of the search.
#include "galaxy/space.h"

typedef struct Near {
    uint64_t squared_mly;
    InfSystemAddress address;
} Near;

typedef struct Search {
    const InfSystem* from;
    uint64_t squared_most;
    uint32_t count, most;
    Near found[INF_NEIGHBOURS_MAX];
} Search;

static bool is_before(const Near* a, const Near* b)
{
    if (a->squared_mly != b->squared_mly) {
        return a->squared_mly < b->squared_mly;
    }
    if (a->address.z != b->address.z) {
        return a->address.z < b->address.z;
    }
    if (a->address.y != b->address.y) {
        return a->address.y < b->address.y;
    }
    if (a->address.x != b->address.x) {
        return a->address.x < b->address.x;
    }
    return a->address.index < b->address.index;
}

static void offer(Search* search, Near near)
{
    if (near.squared_mly > search->squared_most) {
        return;
    }
    uint32_t at = search->count;
    if (at == search->most) {
        if (!is_before(&near, &search->found[at - 1])) {
            return;
        }
        at--;
    } else {
        search->count++;
    }
    for (; at != 0 && is_before(&near, &search->found[at - 1]); at--) {
        search->found[at] = search->found[at - 1];
    }
    search->found[at] = near;
    if (search->count == search->most) {
        search->squared_most = search->found[search->count - 1].squared_mly;
    }
}

// How far along one axis a sector `offset` away begins at least.
static int64_t gap_mly(int64_t offset, int32_t position_mly)
{
    int64_t low = offset * INF_SECTOR_MLY - INF_SECTOR_MLY / 2 - position_mly;
    int64_t high = low + INF_SECTOR_MLY;
    return low > 0 ? low : high < 0 ? -high : 0;
}

static void search_sector(Search* search, const InfGalaxyDef* def, int64_t dx, int64_t dy, int64_t dz)
{
    const InfSystem* from = search->from;
    int64_t x = from->address.x + dx, y = from->address.y + dy, z = from->address.z + dz;
    if (x != (int32_t)x || y != (int32_t)y || z != (int32_t)z) {
        return; // space ends where int32 does
    }
    int64_t gx = gap_mly(dx, from->position_mly[0]);
    int64_t gy = gap_mly(dy, from->position_mly[1]);
    int64_t gz = gap_mly(dz, from->position_mly[2]);
    if ((uint64_t)(gx * gx + gy * gy + gz * gz) > search->squared_most) {
        return;
    }
    InfSystemAddress address = {(int32_t)x, (int32_t)y, (int32_t)z, 0};
    uint32_t count = inf_sector_system_count(def, address.x, address.y, address.z);
    uint64_t sector_hash = space_sector_hash(space_galaxy_hash(def), address.x, address.y, address.z);
    for (; address.index < count; address.index++) {
        int32_t position[3];
        space_position(sector_hash, space_system_hash(sector_hash, address.index), address, position);
        int64_t px = dx * INF_SECTOR_MLY + position[0] - from->position_mly[0];
        int64_t py = dy * INF_SECTOR_MLY + position[1] - from->position_mly[1];
        int64_t pz = dz * INF_SECTOR_MLY + position[2] - from->position_mly[2];
        bool is_self = dx == 0 && dy == 0 && dz == 0 && address.index == from->address.index;
        if (!is_self) {
            offer(search, (Near){(uint64_t)(px * px + py * py + pz * pz), address});
        }
    }
}

// All sectors whose largest offset is `radius`.
static void search_shell(Search* search, const InfGalaxyDef* def, int64_t radius)
{
    for (int64_t dz = -radius; dz <= radius; dz++) {
        for (int64_t dy = -radius; dy <= radius; dy++) {
            bool is_face = dz == -radius || dz == radius || dy == -radius || dy == radius;
            int64_t step = is_face || radius == 0 ? 1 : 2 * radius;
            for (int64_t dx = -radius; dx <= radius; dx += step) {
                search_sector(search, def, dx, dy, dz);
            }
        }
    }
}

uint32_t inf_system_neighbours(const InfGalaxyDef* def, const InfSystem* from, uint32_t range_mly,
                               InfSystemAddress* out, uint32_t out_max)
{
    uint64_t range = inf_min_u32(range_mly, INF_NEIGHBOURS_RANGE_MLY_MAX);
    Search search = {.from = from, .squared_most = range * range, .most = inf_min_u32(out_max, INF_NEIGHBOURS_MAX)};
    if (search.most == 0) {
        return 0;
    }
    for (int64_t radius = 0;; radius++) {
        // The nearest that a shell can be: its inner side is (radius - 1) sectors and a rest away.
        int64_t inner = radius * INF_SECTOR_MLY - INF_SECTOR_MLY;
        if (inner > 0 && (uint64_t)(inner * inner) > search.squared_most) {
            break;
        }
        search_shell(&search, def, radius);
    }
    for (uint32_t i = 0; i < search.count; i++) {
        out[i] = search.found[i].address;
    }
    return search.count;
}
