// One pass over the records: each is bounded, found, applied and judged. What is wrong is reported at once; the load
// generator counts it and never repairs it.
#include "sight.h"

#include <infinity/flight.h>

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX INF_VIEW_SHIPS_MAX
/// A little outside is allowed: rounding, and a tick between the step and the clamp.
#define PLACE_LIMIT ((int64_t)((INF_PLACE_RADIUS_M + 100.0f) * INF_VIEW_POSITION_PER_M))
#define SPEED_LIMIT ((int32_t)(700.0f * INF_VIEW_VELOCITY_PER_M_PER_S))

static uint32_t u16_at(const uint8_t* at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8; }
static uint32_t u24_at(const uint8_t* at) { return u16_at(at) | (uint32_t)at[2] << 16; }
static int32_t i24_at(const uint8_t* at) { return (int32_t)(u24_at(at) ^ 0x800000u) - 0x800000; }

static uint64_t u64_at(const uint8_t* at)
{
    uint64_t value;
    memcpy(&value, at, 8); // little-endian, as the frame
    return value;
}

/// Bytes behind a delta's mask, by its bits.
static uint32_t delta_bytes(uint32_t mask)
{
    return (mask & 1u) * 3 + (mask >> 1 & 1u) * 9 + (mask >> 2 & 1u) * 3 + (mask >> 3 & 1u) * 6 + (mask >> 4 & 1u) * 4 +
           (mask >> 5 & 1u) * 2 + (mask >> 6 & 1u);
}

static LoadFault judge(const LoadRow* row)
{
    int64_t x = row->position[0], y = row->position[1], z = row->position[2];
    if (x * x + y * y + z * z > PLACE_LIMIT * PLACE_LIMIT) {
        return LOAD_FAULT_PLACE;
    }
    int32_t a = row->velocity[0], b = row->velocity[1], c = row->velocity[2];
    return (int64_t)a * a + (int64_t)b * b + (int64_t)c * c > (int64_t)SPEED_LIMIT * SPEED_LIMIT ? LOAD_FAULT_SPEED
                                                                                                : LOAD_FINE;
}

static uint32_t find_from(const LoadSight* sight, uint32_t from, uint32_t index)
{
    for (uint32_t i = from; i < sight->count; i++) {
        if (sight->rows[i].index == index) {
            return i;
        }
    }
    for (uint32_t i = 0; i < from && i < sight->count; i++) {
        if (sight->rows[i].index == index) {
            return i;
        }
    }
    return UINT32_MAX;
}

static LoadRow* append_row(LoadSight* sight)
{
    if (sight->count == sight->capacity) {
        uint32_t wanted = sight->capacity == 0 ? 72 : sight->capacity * 2;
        LoadRow* rows = sight->capacity < ROWS_MAX ? realloc(sight->rows, wanted * sizeof *rows) : NULL;
        if (rows == NULL) {
            return NULL;
        }
        sight->rows = rows;
        sight->capacity = wanted;
    }
    return &sight->rows[sight->count++];
}

static void predict(LoadSight* sight, int32_t ticks)
{
    for (uint32_t i = 0; i < sight->count; i++) {
        LoadRow* row = &sight->rows[i];
        row->position[0] += row->velocity[0] / 5 * ticks;
        row->position[1] += row->velocity[1] / 5 * ticks;
        row->position[2] += row->velocity[2] / 5 * ticks;
    }
}

static const uint8_t* take_position(LoadRow* row, const uint8_t* at)
{
    row->position[0] = i24_at(at);
    row->position[1] = i24_at(at + 3);
    row->position[2] = i24_at(at + 6);
    return at + 9;
}

static const uint8_t* take_velocity(LoadRow* row, const uint8_t* at)
{
    for (int k = 0; k < 3; k++) {
        row->velocity[k] = (int16_t)u16_at(at + 2 * k);
    }
    return at + 6;
}

static LoadFault take_full(LoadSight* sight, uint32_t found, uint32_t index, const uint8_t* at)
{
    LoadRow* row = found != UINT32_MAX ? &sight->rows[found] : append_row(sight);
    if (row == NULL) {
        return LOAD_FAULT_MEMORY;
    }
    uint16_t generation = (uint16_t)u16_at(at);
    if (found == UINT32_MAX || row->generation != generation) {
        row->ship = 0;
    }
    row->index = index;
    row->generation = generation;
    take_velocity(row, take_position(row, at + 4));
    return judge(row);
}

static LoadFault take_delta(LoadRow* row, uint32_t mask, const uint8_t* at)
{
    if (mask & 1u) {
        for (int k = 0; k < 3; k++) {
            row->position[k] += (int8_t)at[k];
        }
        at += 3;
    } else if (mask & 2u) {
        at = take_position(row, at);
    }
    if (mask & 4u) {
        for (int k = 0; k < 3; k++) {
            row->velocity[k] = (int16_t)(row->velocity[k] + (int8_t)at[k]);
        }
    } else if (mask & 8u) {
        take_velocity(row, at);
    }
    return judge(row);
}

static LoadFault take_records(LoadSight* sight, const uint8_t* at, const uint8_t* end, uint32_t count)
{
    uint32_t next = 0;
    for (uint32_t r = 0; r < count; r++) {
        if (end - at < 4) {
            return LOAD_FAULT_FORM;
        }
        uint32_t index = u24_at(at), mask = at[3];
        at += 4;
        uint32_t found = next < sight->count && sight->rows[next].index == index ? next : find_from(sight, next, index);
        LoadFault fault = LOAD_FINE;
        if (mask == 0x80) {
            if (found == UINT32_MAX) {
                return LOAD_FAULT_UNKNOWN;
            }
            sight->count--;
            memmove(&sight->rows[found], &sight->rows[found + 1], (sight->count - found) * sizeof(LoadRow));
            next = found;
            continue;
        }
        if (mask == 0xff) {
            if (end - at < INF_VIEW_FULL_BYTES - 4) {
                return LOAD_FAULT_FORM;
            }
            fault = take_full(sight, found, index, at);
            at += INF_VIEW_FULL_BYTES - 4;
            found = found != UINT32_MAX ? found : sight->count - 1;
        } else {
            uint32_t bytes = delta_bytes(mask);
            if (mask == 0 || mask > 0x80 || (mask & 3u) == 3u || (mask & 12u) == 12u || end - at < (ptrdiff_t)bytes) {
                return LOAD_FAULT_FORM;
            }
            if (found == UINT32_MAX) {
                return LOAD_FAULT_UNKNOWN;
            }
            fault = take_delta(&sight->rows[found], mask, at);
            at += bytes;
        }
        if (fault != LOAD_FINE) {
            return fault;
        }
        next = found + 1;
    }
    return at == end ? LOAD_FINE : LOAD_FAULT_FORM;
}

LoadFault load_sight_apply(LoadSight* sight, const uint8_t* records, size_t bytes, uint32_t* out_ticks)
{
    *out_ticks = 0;
    if (bytes < INF_VIEW_HEAD_BYTES) {
        return LOAD_FAULT_FORM;
    }
    uint64_t tick = u64_at(records);
    bool forget = (records[8] & 1u) != 0;
    uint32_t count = u16_at(records + 9);
    if (sight->tick != 0) {
        if (tick <= sight->tick) {
            return LOAD_FAULT_SEQUENCE;
        }
        *out_ticks = (uint32_t)(tick - sight->tick);
    } else if (!forget && count != 0) {
        return LOAD_FAULT_SEQUENCE;
    }
    sight->tick = tick;
    if (forget) {
        sight->count = 0;
    }
    predict(sight, *out_ticks < INF_VIEW_GAP_TICKS_MAX ? (int32_t)*out_ticks : INF_VIEW_GAP_TICKS_MAX);
    return take_records(sight, records + INF_VIEW_HEAD_BYTES, records + bytes, count);
}

LoadRow* load_sight_find(const LoadSight* sight, uint32_t index)
{
    uint32_t found = find_from(sight, 0, index);
    return found != UINT32_MAX ? &sight->rows[found] : NULL;
}

void load_sight_free(LoadSight* sight)
{
    free(sight->rows);
    memset(sight, 0, sizeof *sight);
}

bool load_sight_equals(const LoadSight* sight, const InfViewer* viewer)
{
    if (sight->tick != viewer->tick || sight->count != viewer->count) {
        return false;
    }
    for (uint32_t i = 0; i < viewer->count; i++) {
        const LoadRow* row = load_sight_find(sight, viewer->indices[i]);
        const InfShipView* view = &viewer->now[i];
        if (row == NULL || row->generation != view->generation ||
            memcmp(row->position, view->position, sizeof row->position) != 0 ||
            memcmp(row->velocity, view->velocity, sizeof row->velocity) != 0) {
            return false;
        }
    }
    return true;
}
