/// @file grid.h
/// Points sorted into the cells of a box, made anew each tick, to ask for those near to one of them. The box covers the
/// bulk of the points; what lies outside stands in the outermost cells. Points of a cell lie side by side, cells along x
/// too, so that a neighbourhood is a few straight runs.
#ifndef INFINITY_SERVER_GRID_H
#define INFINITY_SERVER_GRID_H

#include <stdbool.h>
#include <stdint.h>

#define INF_GRID_SIDE_MAX 16u

typedef struct InfGridPoint {
    float x, y, z;
    float weight; ///< its squared distance counts so much: above 1 it comes later
    uint32_t row; ///< the caller's
} InfGridPoint;

/// Zero it to begin; inf_grid_free() at the end.
typedef struct InfGrid {
    float low[3], cell[3]; ///< of the box, and the size of a cell
    uint32_t side, count, capacity;
    uint32_t from[INF_GRID_SIDE_MAX * INF_GRID_SIDE_MAX * INF_GRID_SIDE_MAX + 1];
    InfGridPoint* unsorted;
    uint16_t* cells;
    float *x, *y, *z, *weight; ///< sorted; one slab with `row`
    uint32_t* row;
} InfGrid;

/// What a search needs for itself: each thread that searches has its own. Zero it to begin.
typedef struct InfGridSearch {
    float* keys;
    uint32_t* rows;
    uint32_t capacity;
} InfGridSearch;

/// Where to put up to `count` points before inf_grid_sort(). Null if memory is short.
InfGridPoint* inf_grid_begin(InfGrid* grid, uint32_t count);
void inf_grid_sort(InfGrid* grid, uint32_t count);
/// Rows of the `wanted` points nearest to `from`, in no order, as exact as 12 bits of a squared distance are (a distance
/// to 6 in 100). A row whose mark is `mark` counts as nearer than it is, so that a choice does not flicker.
/// @param reach  how far the last search of this viewer reached, or 0; is set anew
/// @param out    valid until the next search
/// @return how many, at most `wanted`; 0 if memory is short
uint32_t inf_grid_find(const InfGrid* grid, InfGridSearch* search, const float from[3], uint32_t wanted, const uint32_t* marks, uint32_t mark,
                       float* reach, const uint32_t** out);
void inf_grid_free(InfGrid* grid);
void inf_grid_search_free(InfGridSearch* search);

#endif
