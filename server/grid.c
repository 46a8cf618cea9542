// The side is chosen so that a cell holds few points; the box from a sample of the points without its outermost
// twentieths, so that one far traveller does not make the cells useless. A search looks at the lines of cells that a
// sphere touches. The sphere is a little larger than the one that held enough the last time, for crowds are dense here
// and sparse there, but change little from tick to tick.
#include "server/grid.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE 64u
#define PER_CELL_HALVES 5u
#define BEHIND 8u // what is copied in blocks may run over the end
#define SEEN_BONUS 0.7f
#define BUCKETS 256u

InfGridPoint* inf_grid_begin(InfGrid* grid, uint32_t count) {
    if (count <= grid->capacity) {
        return grid->unsorted;
    }
    uint32_t capacity = count + count / 2 + 64;
    inf_grid_free(grid);
    grid->unsorted = malloc(capacity * sizeof(InfGridPoint));
    grid->cells = malloc(capacity * sizeof(uint16_t));
    grid->x = malloc(5 * (size_t)(capacity + BEHIND) * sizeof(float));
    if (grid->unsorted == NULL || grid->cells == NULL || grid->x == NULL) {
        inf_grid_free(grid);
        return NULL;
    }
    size_t stride = capacity + BEHIND;
    grid->y = grid->x + stride;
    grid->z = grid->y + stride;
    grid->weight = grid->z + stride;
    grid->row = (uint32_t*)(grid->weight + stride);
    grid->capacity = capacity;
    return grid->unsorted;
}

void inf_grid_free(InfGrid* grid) {
    free(grid->unsorted);
    free(grid->cells);
    free(grid->x);
    memset(grid, 0, sizeof(*grid));
}

static bool make_search(InfGridSearch* search, uint32_t count) {
    if (count <= search->capacity) {
        return true;
    }
    uint32_t capacity = count + count / 2 + 64;
    inf_grid_search_free(search);
    search->keys = malloc((capacity + BEHIND) * sizeof(float));
    search->rows = malloc((capacity + BEHIND) * sizeof(uint32_t));
    search->capacity = search->keys != NULL && search->rows != NULL ? capacity : 0;
    return search->capacity > 0;
}

void inf_grid_search_free(InfGridSearch* search) {
    free(search->keys);
    free(search->rows);
    memset(search, 0, sizeof(*search));
}

static float axis_of(const InfGridPoint* point, int axis) {
    return axis == 0 ? point->x : axis == 1 ? point->y : point->z;
}

/// Low and high of the bulk along one axis.
static void measure(const InfGrid* grid, int axis, float* low, float* high) {
    float sample[SAMPLE];
    uint32_t count = grid->count < SAMPLE ? grid->count : SAMPLE;
    for (uint32_t i = 0; i < count; i++) {
        float value = axis_of(&grid->unsorted[(uint64_t)i * grid->count / count], axis);
        uint32_t at = i;
        for (; at > 0 && sample[at - 1] > value; at--) {
            sample[at] = sample[at - 1];
        }
        sample[at] = value;
    }
    *low = count > 0 ? sample[count / 20] : 0;
    *high = count > 0 ? sample[count - 1 - count / 20] : 0;
}

static uint32_t cell_along(const InfGrid* grid, float value, int axis) {
    float at = (value - grid->low[axis]) / grid->cell[axis], last = (float)(grid->side - 1);
    return at > last ? grid->side - 1 : at > 0 ? (uint32_t)at : 0;
}

void inf_grid_sort(InfGrid* grid, uint32_t count) {
    grid->count = count;
    grid->side = 1;
    while (grid->side < INF_GRID_SIDE_MAX && grid->side * grid->side * grid->side * PER_CELL_HALVES < 2 * count) {
        grid->side++;
    }
    for (int axis = 0; axis < 3; axis++) {
        float high;
        measure(grid, axis, &grid->low[axis], &high);
        float cell = (high - grid->low[axis]) / (float)grid->side;
        grid->cell[axis] = cell > 1.0f ? cell : 1.0f;
    }
    uint32_t cells = grid->side * grid->side * grid->side;
    memset(grid->from, 0, (cells + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < count; i++) {
        const InfGridPoint* point = &grid->unsorted[i];
        uint32_t cell = (cell_along(grid, point->z, 2) * grid->side + cell_along(grid, point->y, 1)) * grid->side +
                        cell_along(grid, point->x, 0);
        grid->cells[i] = (uint16_t)cell;
        grid->from[cell + 1]++;
    }
    for (uint32_t i = 0; i < cells; i++) {
        grid->from[i + 1] += grid->from[i];
    }
    for (uint32_t i = count; i > 0; i--) { // from the back: the end of a cell runs down to its beginning
        const InfGridPoint* point = &grid->unsorted[i - 1];
        uint32_t at = --grid->from[grid->cells[i - 1] + 1];
        grid->x[at] = point->x;
        grid->y[at] = point->y;
        grid->z[at] = point->z;
        grid->weight[at] = point->weight;
        grid->row[at] = point->row;
    }
    for (uint32_t i = 0; i < cells; i++) {
        grid->from[i] = grid->from[i + 1];
    }
    grid->from[cells] = count;
}

/// Cells along an axis that a stretch touches, both included.
typedef struct Span {
    uint32_t low, high;
} Span;

static Span span_of(const InfGrid* grid, int axis, float from, float reach) {
    return (Span){cell_along(grid, from - reach, axis), cell_along(grid, from + reach, axis)};
}

/// How far a cell is along an axis, squared. Outermost cells have no end.
static float off_of(const InfGrid* grid, int axis, float from, uint32_t cell) {
    float low = grid->low[axis] + (float)cell * grid->cell[axis], high = low + grid->cell[axis];
    float off = from < low && cell > 0 ? low - from : from > high && cell + 1 < grid->side ? from - high : 0;
    return off * off;
}

/// Keys and rows of the points in all cells that the sphere touches. @return how many; *inside: so many are in the sphere
static uint32_t collect(const InfGrid* grid, InfGridSearch* search, const float from[3], float reach, uint32_t* inside) {
    const float *restrict x = grid->x, *restrict y = grid->y, *restrict z = grid->z, *restrict weight = grid->weight;
    const float here_x = from[0], here_y = from[1], here_z = from[2], within = reach * reach;
    uint32_t count = 0, sum = 0;
    Span span_z = span_of(grid, 2, here_z, reach);
    for (uint32_t cell_z = span_z.low; cell_z <= span_z.high; cell_z++) {
        float left = within - off_of(grid, 2, here_z, cell_z);
        Span span_y = span_of(grid, 1, here_y, __builtin_sqrtf(left > 0 ? left : 0));
        for (uint32_t cell_y = span_y.low; cell_y <= span_y.high; cell_y++) {
            float rest = left - off_of(grid, 1, here_y, cell_y);
            Span span_x = span_of(grid, 0, here_x, __builtin_sqrtf(rest > 0 ? rest : 0));
            uint32_t line = (cell_z * grid->side + cell_y) * grid->side;
            uint32_t begin = grid->from[line + span_x.low], length = grid->from[line + span_x.high + 1] - begin;
            float* restrict keys = search->keys + count;
            uint32_t* restrict rows = search->rows + count;
            for (uint32_t i = 0; i < length; i++) {
                float dx = x[begin + i] - here_x, dy = y[begin + i] - here_y, dz = z[begin + i] - here_z;
                float key = (dx * dx + dy * dy + dz * dz) * weight[begin + i];
                keys[i] = key;
                rows[i] = grid->row[begin + i];
                sum += key <= within;
            }
            count += length;
        }
    }
    *inside = sum;
    return count;
}

static uint32_t bits_of(float key) {
    uint32_t bits;
    memcpy(&bits, &key, sizeof(bits));
    return bits >> 20;
}

// Keys are not negative, so their bits rise with them: one pass counts, one picks. (A quickselect's guesses go wrong half
// of the time; it took four times as long.) Buckets are counted down from the greatest key's: 256 of them reach to a
// 256th of its distance, and nearer ones are all in the first. Returns a key that is above all that were picked.
static float pick(InfGridSearch* search, uint32_t count, uint32_t wanted, const uint32_t* marks, uint32_t mark) {
    uint32_t buckets[BUCKETS] = {0};
    uint32_t sum = 0, last = 0, kept = 0;
    float greatest = 0;
    float* keys = search->keys;
    uint32_t* rows = search->rows;
    for (uint32_t i = 0; i < count; i++) {
        greatest = keys[i] > greatest ? keys[i] : greatest;
    }
    uint32_t high = bits_of(greatest), base = high > BUCKETS - 1 ? high - (BUCKETS - 1) : 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bits = bits_of(keys[i] * (marks[rows[i]] == mark ? SEEN_BONUS : 1.0f));
        uint32_t bucket = bits > base ? bits - base : 0;
        buckets[bucket]++;
        memcpy(&keys[i], &bucket, sizeof(bucket)); // its key is not needed any more
    }
    while (sum + buckets[last] < wanted) {
        sum += buckets[last++];
    }
    uint32_t room_in_last = wanted - sum;
    for (uint32_t i = 0; i < count && kept < wanted; i++) {
        uint32_t bucket;
        memcpy(&bucket, &keys[i], sizeof(bucket));
        uint32_t is_last = bucket == last && room_in_last > 0;
        room_in_last -= is_last;
        rows[kept] = rows[i]; // overwritten by the next if it is not wanted
        kept += (bucket < last) | is_last;
    }
    uint32_t bits = (base + last + 1) << 20;
    float farthest;
    memcpy(&farthest, &bits, sizeof(bits));
    return farthest;
}

uint32_t inf_grid_find(const InfGrid* grid, InfGridSearch* search, const float from[3], uint32_t wanted, const uint32_t* marks, uint32_t mark,
                       float* reach, const uint32_t** out) {
    float radius = *reach > 0 ? *reach * 1.3f : grid->cell[0];
    if (!make_search(search, grid->count)) {
        return 0;
    }
    *out = search->rows;
    if (grid->count <= wanted) {
        memcpy(search->rows, grid->row, grid->count * sizeof(uint32_t));
        return grid->count;
    }
    for (;;) {
        uint32_t inside, count = collect(grid, search, from, radius, &inside);
        if (inside >= wanted || (count == grid->count && radius > 1e9f)) {
            *reach = __builtin_sqrtf(pick(search, count, wanted, marks, mark));
            return wanted;
        }
        radius *= inside < wanted / 4 ? 1.6f : 1.2f;
    }
}
