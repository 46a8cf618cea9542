// Ships on the wire: quantise, records, and the viewer that takes them in. Formats in infinity/wire.h.
#include "infinity/wire.h"
#include "infinity/math.h"

static int32_t quantise(float value, float per_unit, int32_t limit)
{
    float scaled = value * per_unit;
    if (!(scaled > -(float)limit)) { // NaN too
        return -limit;
    }
    if (scaled >= (float)limit) {
        return limit;
    }
    return (int32_t)(scaled < 0.0f ? scaled - 0.5f : scaled + 0.5f);
}

static uint8_t fraction(float value, float full)
{
    if (!(value > 0.0f) || !(full > 0.0f)) {
        return 0;
    }
    float part = value / full * 255.0f;
    return part >= 255.0f ? 255 : part < 1.0f ? 1 : (uint8_t)part; // alive is never 0
}

// Largest component left out (2 bits), the others in units of 1/511 of 1/sqrt(2), 10 bits each, signed.
static uint32_t pack_attitude(const float q[4])
{
    uint32_t largest = 0;
    for (uint32_t i = 1; i < 4; i++) {
        float a = q[i] < 0.0f ? -q[i] : q[i], b = q[largest] < 0.0f ? -q[largest] : q[largest];
        if (a > b) {
            largest = i;
        }
    }
    float sign = q[largest] < 0.0f ? -1.0f : 1.0f;
    uint32_t packed = largest;
    for (uint32_t i = 0; i < 4; i++) {
        if (i != largest) {
            int32_t part = quantise(q[i] * sign, 1.41421356f * 511.0f, 511);
            packed = packed << 10 | ((uint32_t)part & 1023u);
        }
    }
    return packed;
}

static void unpack_attitude(uint32_t packed, float q[4])
{
    uint32_t largest = packed >> 30;
    float sum = 0.0f;
    for (uint32_t i = 4; i-- > 0;) {
        if (i != largest) {
            int32_t part = (int32_t)(packed & 1023u);
            part = part >= 512 ? part - 1024 : part;
            packed >>= 10;
            q[i] = (float)part * (1.0f / (1.41421356f * 511.0f));
            sum += q[i] * q[i];
        }
    }
    q[largest] = sum < 1.0f ? __builtin_sqrtf(1.0f - sum) : 0.0f;
}

void inf_view_quantise(const InfShip* ship, const InfMotion* motion, bool ghost, InfShipView* out)
{
    const InfHull* hull = inf_hull(ship->hull_kind);
    for (uint32_t i = 0; i < 3; i++) {
        out->position[i] = quantise(motion->position_m[i], INF_VIEW_POSITION_PER_M, (1 << 23) - 1);
        out->velocity[i] = (int16_t)quantise(motion->velocity_m_per_s[i], INF_VIEW_VELOCITY_PER_M_PER_S, 32767);
    }
    out->generation = (uint16_t)ship->generation;
    out->attitude = pack_attitude(motion->attitude);
    out->hull_kind = ship->hull_kind;
    out->shield = fraction(ship->shield, hull->shield);
    out->hull = fraction(ship->hull, hull->hull);
    float speed2 = motion->velocity_m_per_s[0] * motion->velocity_m_per_s[0] +
                   motion->velocity_m_per_s[1] * motion->velocity_m_per_s[1] +
                   motion->velocity_m_per_s[2] * motion->velocity_m_per_s[2];
    out->state = (uint8_t)((ship->state & INF_VIEW_STATE_MASK) | (ghost ? INF_VIEW_GHOST : 0u) |
                           (ship->spool ? INF_VIEW_SPOOL : 0u) | (speed2 > 1.0f ? INF_VIEW_THRUST : 0u) |
                           (ship->order == INF_ORDER_MINE ? INF_VIEW_MINING : 0u) | (ship->owner == 0 ? INF_VIEW_DRONE : 0u));
}

void inf_view_motion(const InfShipView* view, InfMotion* out)
{
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < 3; i++) {
        out->position_m[i] = (float)view->position[i] * (1.0f / INF_VIEW_POSITION_PER_M);
        out->velocity_m_per_s[i] = (float)view->velocity[i] * (1.0f / INF_VIEW_VELOCITY_PER_M_PER_S);
    }
    unpack_attitude(view->attitude, out->attitude);
}

void inf_view_predict(InfShipView* view, uint32_t ticks)
{
    // 1/16 m/s over 0.1 s is 1/160 m, a fifth of 1/32 m.
    for (uint32_t i = 0; i < 3; i++) {
        view->position[i] += view->velocity[i] / 5 * (int32_t)ticks;
    }
}

static uint8_t* put_u24(uint8_t* at, uint32_t value)
{
    at[0] = (uint8_t)value, at[1] = (uint8_t)(value >> 8), at[2] = (uint8_t)(value >> 16);
    return at + 3;
}

static uint8_t* put_u16(uint8_t* at, uint32_t value)
{
    at[0] = (uint8_t)value, at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

static uint8_t* put_u32(uint8_t* at, uint32_t value)
{
    return put_u16(put_u16(at, value), value >> 16);
}

static uint8_t* put_position(uint8_t* at, const InfShipView* view)
{
    for (uint32_t i = 0; i < 3; i++) {
        at = put_u24(at, (uint32_t)view->position[i]);
    }
    return at;
}

static uint8_t* put_velocity(uint8_t* at, const InfShipView* view)
{
    for (uint32_t i = 0; i < 3; i++) {
        at = put_u16(at, (uint16_t)view->velocity[i]);
    }
    return at;
}

uint32_t inf_view_write_full(uint32_t ship_index, const InfShipView* now, uint8_t* out)
{
    uint8_t* at = put_u24(out, ship_index);
    *at++ = 0xff;
    at = put_u16(at, now->generation);
    *at++ = now->hull_kind;
    *at++ = now->state;
    at = put_velocity(put_position(at, now), now);
    at = put_u32(at, now->attitude);
    *at++ = now->shield;
    *at++ = now->hull;
    return (uint32_t)(at - out);
}

uint32_t inf_view_write_gone(uint32_t ship_index, uint8_t* out)
{
    uint8_t* at = put_u24(out, ship_index);
    *at++ = 0x80;
    return (uint32_t)(at - out);
}

static bool small(const int32_t d[3])
{
    return d[0] >= -128 && d[0] <= 127 && d[1] >= -128 && d[1] <= 127 && d[2] >= -128 && d[2] <= 127;
}

static bool any(const int32_t d[3])
{
    return (d[0] | d[1] | d[2]) != 0;
}

uint32_t inf_view_write_delta(uint32_t ship_index, const InfShipView* before, const InfShipView* now, uint32_t ticks, uint8_t* out)
{
    if (before->generation != now->generation || before->hull_kind != now->hull_kind) {
        return inf_view_write_full(ship_index, now, out);
    }
    int32_t moved[3], faster[3];
    for (uint32_t i = 0; i < 3; i++) {
        moved[i] = now->position[i] - (before->position[i] + before->velocity[i] / 5 * (int32_t)ticks);
        faster[i] = now->velocity[i] - before->velocity[i];
    }
    uint32_t mask = (any(moved) ? small(moved) ? 1u : 2u : 0u) | (any(faster) ? small(faster) ? 4u : 8u : 0u) |
                    (before->attitude != now->attitude ? 16u : 0u) |
                    (before->shield != now->shield || before->hull != now->hull ? 32u : 0u) |
                    (before->state != now->state ? 64u : 0u);
    if (mask == 0) {
        return 0;
    }
    uint8_t* at = put_u24(out, ship_index);
    *at++ = (uint8_t)mask;
    if (mask & 1u) {
        at[0] = (uint8_t)moved[0], at[1] = (uint8_t)moved[1], at[2] = (uint8_t)moved[2];
        at += 3;
    } else if (mask & 2u) {
        at = put_position(at, now);
    }
    if (mask & 4u) {
        at[0] = (uint8_t)faster[0], at[1] = (uint8_t)faster[1], at[2] = (uint8_t)faster[2];
        at += 3;
    } else if (mask & 8u) {
        at = put_velocity(at, now);
    }
    if (mask & 16u) {
        at = put_u32(at, now->attitude);
    }
    if (mask & 32u) {
        *at++ = now->shield;
        *at++ = now->hull;
    }
    if (mask & 64u) {
        *at++ = now->state;
    }
    return (uint32_t)(at - out);
}

void inf_view_write_head(uint64_t tick, uint8_t flags, uint16_t count, uint8_t out[INF_VIEW_HEAD_BYTES])
{
    uint8_t* at = put_u32(put_u32(out, (uint32_t)tick), (uint32_t)(tick >> 32));
    *at++ = flags;
    put_u16(at, count);
}

// ---- the client's side ------------------------------------------------------------------------------------------

static uint32_t read_u24(InfReader* reader)
{
    uint32_t low = inf_read_u16(reader);
    return low | (uint32_t)inf_read_u8(reader) << 16;
}

static int32_t read_i24(InfReader* reader)
{
    uint32_t value = read_u24(reader);
    return (int32_t)(value ^ 0x800000u) - 0x800000;
}

static void read_position(InfReader* reader, InfShipView* view)
{
    for (uint32_t i = 0; i < 3; i++) {
        view->position[i] = read_i24(reader);
    }
}

static void read_velocity(InfReader* reader, InfShipView* view)
{
    for (uint32_t i = 0; i < 3; i++) {
        view->velocity[i] = inf_read_i16(reader);
    }
}

static void read_full(InfReader* reader, InfShipView* view)
{
    memset(view, 0, sizeof *view);
    view->generation = inf_read_u16(reader);
    view->hull_kind = inf_read_u8(reader);
    view->state = inf_read_u8(reader);
    read_position(reader, view);
    read_velocity(reader, view);
    view->attitude = inf_read_u32(reader);
    view->shield = inf_read_u8(reader);
    view->hull = inf_read_u8(reader);
}

static void read_delta(InfReader* reader, uint32_t mask, InfShipView* view) // `view` is predicted already
{
    if (mask & 1u) {
        for (uint32_t i = 0; i < 3; i++) {
            view->position[i] += inf_read_i8(reader);
        }
    } else if (mask & 2u) {
        read_position(reader, view);
    }
    if (mask & 4u) {
        for (uint32_t i = 0; i < 3; i++) {
            view->velocity[i] = (int16_t)(view->velocity[i] + inf_read_i8(reader));
        }
    } else if (mask & 8u) {
        read_velocity(reader, view);
    }
    if (mask & 16u) {
        view->attitude = inf_read_u32(reader);
    }
    if (mask & 32u) {
        view->shield = inf_read_u8(reader);
        view->hull = inf_read_u8(reader);
    }
    if (mask & 64u) {
        view->state = inf_read_u8(reader);
    }
}

static uint32_t lower_bound(const InfViewer* viewer, uint32_t index)
{
    uint32_t low = 0, high = viewer->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (viewer->indices[middle] < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void insert(InfViewer* viewer, uint32_t at, uint32_t index)
{
    for (uint32_t i = viewer->count; i > at; i--) {
        viewer->indices[i] = viewer->indices[i - 1];
        viewer->before[i] = viewer->before[i - 1];
        viewer->now[i] = viewer->now[i - 1];
    }
    viewer->indices[at] = index;
    viewer->count++;
}

static void erase(InfViewer* viewer, uint32_t at)
{
    viewer->count--;
    for (uint32_t i = at; i < viewer->count; i++) {
        viewer->indices[i] = viewer->indices[i + 1];
        viewer->before[i] = viewer->before[i + 1];
        viewer->now[i] = viewer->now[i + 1];
    }
}

static InfResult take_record(InfViewer* viewer, InfReader* reader)
{
    uint32_t index = read_u24(reader);
    uint32_t mask = inf_read_u8(reader);
    uint32_t at = lower_bound(viewer, index);
    bool known = at < viewer->count && viewer->indices[at] == index;
    if (mask == 0xff) {
        if (!known) {
            if (viewer->count == INF_VIEW_SHIPS_MAX) {
                return INF_ERROR_FULL;
            }
            insert(viewer, at, index);
        }
        InfShipView fresh;
        read_full(reader, &fresh);
        bool same = known && viewer->before[at].generation == fresh.generation;
        viewer->now[at] = fresh;
        if (!same) {
            viewer->before[at] = fresh;
        }
    } else if (mask == 0x80) {
        if (known) {
            erase(viewer, at);
        }
    } else if (mask > 0x80 || mask == 0) {
        return INF_ERROR_FORMAT;
    } else if (!known) {
        return INF_ERROR_NOT_FOUND;
    } else {
        read_delta(reader, mask, &viewer->now[at]);
    }
    return reader->ok ? INF_OK : INF_ERROR_TRUNCATED;
}

// One pass that checks without changing: same walk over a scratch copy would cost 60 KB of stack, so lengths and
// known rows are checked by a dry run on the indices alone.
static InfResult check(const InfViewer* viewer, InfReader reader, uint32_t count, bool forget)
{
    uint32_t known = forget ? 0 : viewer->count;
    for (uint32_t r = 0; r < count; r++) {
        uint32_t index = read_u24(&reader);
        uint32_t mask = inf_read_u8(&reader);
        uint32_t at = lower_bound(viewer, index);
        bool there = !forget && at < viewer->count && viewer->indices[at] == index;
        if (mask == 0xff) {
            inf_read_view(&reader, INF_VIEW_FULL_BYTES - 4);
            known += !there;
        } else if (mask != 0x80) {
            if (mask > 0x80 || mask == 0 || (mask & 3u) == 3u || (mask & 12u) == 12u) {
                return INF_ERROR_FORMAT;
            }
            if (!there) {
                return INF_ERROR_NOT_FOUND;
            }
            static const uint8_t bytes[7] = {3, 9, 3, 6, 4, 2, 1};
            for (uint32_t bit = 0; bit < 7; bit++) {
                inf_read_view(&reader, mask >> bit & 1u ? bytes[bit] : 0);
            }
        }
        if (!reader.ok) {
            return INF_ERROR_TRUNCATED;
        }
    }
    return known > INF_VIEW_SHIPS_MAX ? INF_ERROR_FULL : inf_reader_done(&reader) ? INF_OK : INF_ERROR_FORMAT;
}

InfResult inf_viewer_apply(InfViewer* viewer, const uint8_t* records, size_t bytes)
{
    InfReader reader = inf_reader_make(records, bytes);
    uint64_t tick = inf_read_u64(&reader);
    uint32_t flags = inf_read_u8(&reader);
    uint32_t count = inf_read_u16(&reader);
    if (!reader.ok) {
        return INF_ERROR_TRUNCATED;
    }
    InfResult result = check(viewer, reader, count, (flags & 1u) != 0);
    if (result != INF_OK) {
        return result;
    }
    if (flags & 1u) {
        viewer->count = 0;
    }
    uint64_t gap = tick > viewer->tick ? tick - viewer->tick : 1;
    uint32_t ticks = gap < INF_VIEW_GAP_TICKS_MAX ? (uint32_t)gap : INF_VIEW_GAP_TICKS_MAX;
    viewer->tick = tick;
    for (uint32_t i = 0; i < viewer->count; i++) { // `before` is a tick before, whenever the last snapshot was
        inf_view_predict(&viewer->now[i], ticks - 1);
        viewer->before[i] = viewer->now[i];
        inf_view_predict(&viewer->now[i], 1);
    }
    for (uint32_t r = 0; r < count; r++) {
        result = take_record(viewer, &reader);
        if (result != INF_OK) { // the same ship twice with a removal between: not from our server
            viewer->count = 0;
            return result;
        }
    }
    return INF_OK;
}

uint32_t inf_viewer_sample(const InfViewer* viewer, float alpha, float* out, uint32_t ships_max)
{
    uint32_t count = viewer->count < ships_max ? viewer->count : ships_max;
    alpha = alpha < 0.0f ? 0.0f : alpha > 4.0f ? 4.0f : alpha;
    for (uint32_t i = 0; i < count; i++) {
        InfMotion a, b;
        inf_view_motion(&viewer->before[i], &a);
        inf_view_motion(&viewer->now[i], &b);
        float* row = out + (size_t)i * INF_VIEW_SAMPLE_FLOATS;
        float dot = 0.0f;
        for (uint32_t k = 0; k < 4; k++) {
            dot += a.attitude[k] * b.attitude[k];
        }
        float sign = dot < 0.0f ? -1.0f : 1.0f, norm = 0.0f;
        float turn = alpha > 1.0f ? 1.0f : alpha; // attitude is not predicted ahead
        for (uint32_t k = 0; k < 4; k++) {
            row[3 + k] = a.attitude[k] * (1.0f - turn) + b.attitude[k] * sign * turn;
            norm += row[3 + k] * row[3 + k];
        }
        norm = norm > 0.0f ? 1.0f / __builtin_sqrtf(norm) : 0.0f;
        for (uint32_t k = 0; k < 4; k++) {
            row[3 + k] *= norm;
        }
        for (uint32_t k = 0; k < 3; k++) {
            row[k] = alpha <= 1.0f ? a.position_m[k] + (b.position_m[k] - a.position_m[k]) * alpha
                                   : b.position_m[k] + b.velocity_m_per_s[k] * 0.1f * (alpha - 1.0f);
            row[7 + k] = b.velocity_m_per_s[k];
        }
        const InfShipView* now = &viewer->now[i];
        row[10] = (float)now->shield * (1.0f / 255.0f);
        row[11] = (float)now->hull * (1.0f / 255.0f);
        row[12] = (float)now->hull_kind;
        row[13] = (float)now->state;
        row[14] = (float)viewer->indices[i];
        row[15] = (float)now->generation;
    }
    return count;
}
