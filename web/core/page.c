// What the page asks of the core, over plain memory: frames and inputs by the tables' codec, the snapshot view,
// the galaxy, and some quotes. The page writes bytes or a struct into a buffer, calls, and reads a buffer; the
// struct's layout is that of web/src/wire/tables.ts, which tools/gen_types.c prints from the same tables.
//
// One page, one thread: all buffers are static. Calls that take numbers from outside check them.
#include "infinity/flight.h"
#include "infinity/galaxy.h"
#include "infinity/message.h"
#include "infinity/wire.h"

#define PAGE_BYTES_MAX    65536u
#define PAGE_SYSTEMS_MAX  6000u
#define PAGE_CLOUD_MAX    40000u

static uint8_t bytes_in[PAGE_BYTES_MAX];
static uint8_t bytes_out[PAGE_BYTES_MAX];
static _Alignas(8) union {
#define X(number, Name, ...) InfFrame##Name Name;
    INF_FRAMES_TABLE(X)
#undef X
} frame;
static _Alignas(8) InfInput input;
static _Alignas(8) InfEvent event;
static InfReader events;

/// Where the page puts what came over the socket (PAGE_BYTES_MAX bytes).
INF_API uint8_t* inf_page_bytes_in(void) { return bytes_in; }
INF_API uint32_t inf_page_bytes_in_max(void) { return PAGE_BYTES_MAX; }
INF_API uint8_t* inf_page_bytes_out(void) { return bytes_out; }
INF_API void* inf_page_frame(void) { return &frame; }
/// The fields of the input or event, after its head.
INF_API void* inf_page_input(void) { return (uint8_t*)&input + offsetof(InfInput, Undock); }
INF_API void* inf_page_event(void) { return (uint8_t*)&event + offsetof(InfEvent, Rejected); }

/// Decode the message of `count` bytes in bytes_in, whose first byte is the frame's kind, into the frame buffer.
/// @return INF_OK or why not
INF_API uint32_t inf_page_frame_read(uint32_t count) {
    if (count == 0 || count > PAGE_BYTES_MAX) return INF_ERROR_TRUNCATED;
    InfReader reader = inf_reader_make(bytes_in, count);
    return inf_frame_read(&reader, bytes_in[0], &frame, sizeof frame);
}

/// Encode the frame buffer as a frame of that kind into bytes_out. @return bytes, 0: impossible
INF_API uint32_t inf_page_frame_write(uint32_t kind) {
    InfWriter writer = inf_writer_make(bytes_out, sizeof bytes_out);
    return inf_frame_write(&writer, kind, &frame) ? (uint32_t)writer.at : 0;
}

/// Wrap the input buffer, as an input of that kind, into an Input frame in bytes_out. @return bytes, 0: impossible
INF_API uint32_t inf_page_input_write(uint32_t kind) {
    if (!inf_input_is_client(kind)) return 0;
    input.kind = (uint16_t)kind;
    InfWriter inner = inf_writer_make(frame.Input.input, sizeof frame.Input.input);
    if (!inf_input_write(&inner, &input)) return 0;
    frame.Input.input_bytes = (uint16_t)inner.at;
    return inf_page_frame_write(INF_FRAME_KIND_Input);
}

/// Begin to walk the events of the Events frame that lies in the frame buffer.
INF_API void inf_page_events_begin(void) {
    memcpy(bytes_in, frame.Events.events, frame.Events.events_bytes);
    events = inf_reader_make(bytes_in, frame.Events.events_bytes);
}

/// Decode the next event into the event buffer. @return its kind, 0: no more (or the rest is malformed)
INF_API uint32_t inf_page_event_next(void) {
    if (!events.ok || inf_reader_left(&events) == 0) return 0;
    if (inf_event_read(&events, &event) != INF_OK) {
        events.ok = false;
        return 0;
    }
    return event.kind;
}

// The ships around.
static InfViewer viewer;
static float samples[INF_VIEW_SHIPS_MAX * INF_VIEW_SAMPLE_FLOATS];

INF_API float* inf_page_samples(void) { return samples; }
INF_API void inf_page_viewer_reset(void) { memset(&viewer, 0, sizeof viewer); }
INF_API double inf_page_viewer_tick(void) { return (double)viewer.tick; }
/// Take in the Snapshot frame that lies in the frame buffer. @return INF_OK or why not
INF_API uint32_t inf_page_viewer_apply(void) {
    return inf_viewer_apply(&viewer, frame.Snapshot.records, frame.Snapshot.records_bytes);
}
/// Ships at `alpha` around the newest snapshot (0 a tick before, 1 then, up to 4) into the samples buffer. @return how many
INF_API uint32_t inf_page_viewer_sample(float alpha) {
    return inf_viewer_sample(&viewer, alpha, samples, INF_VIEW_SHIPS_MAX);
}

// The galaxy.
static InfGalaxyDef galaxy;
static InfSystem system;
static InfBody bodies[INF_SYSTEM_BODIES_MAX];
static uint32_t body_count;
static char name[INF_NAME_BYTES];
static double position_km[3];

typedef struct PageSystem {
    InfSystemAddress address;
    float at_ly[3]; ///< from the Heart
    uint32_t temperature_k;
    uint8_t law, stations, spectral, reserved;
    char name[INF_NAME_BYTES];
} PageSystem;
static PageSystem systems[PAGE_SYSTEMS_MAX];
static float cloud[PAGE_CLOUD_MAX * 4];

INF_API void inf_page_galaxy_open(uint64_t seed, uint32_t version) {
    galaxy = inf_galaxy_def_default(seed);
    galaxy.version = version;
    body_count = 0;
}
/// May this page generate that version?
INF_API bool inf_page_galaxy_known(uint32_t version) { return version == INF_GALAXY_VERSION; }

static void system_at_ly(const InfSystem* s, float out[3]) {
    const int32_t sector[3] = {s->address.x, s->address.y, s->address.z};
    for (int i = 0; i < 3; i++) {
        out[i] = (float)((double)sector[i] * (INF_SECTOR_MLY / 1000.0) + (double)s->position_mly[i] / 1000.0);
    }
}

static void fill(PageSystem* out, const InfSystem* s) {
    out->address = s->address;
    system_at_ly(s, out->at_ly);
    out->temperature_k = s->temperature_k;
    out->law = s->law;
    out->stations = s->station_count;
    out->spectral = s->spectral;
    inf_system_name(&galaxy, s->address, out->name);
}

/// Open a system for the calls below; its summary is the first of inf_page_systems(). @return false: there is none
INF_API bool inf_page_system_open(int32_t x, int32_t y, int32_t z, uint32_t index) {
    InfSystemAddress address = {x, y, z, index};
    if (!inf_system_exists(&galaxy, address)) return false;
    inf_system_generate(&galaxy, address, &system);
    body_count = inf_system_bodies(&galaxy, &system, bodies);
    fill(&systems[0], &system);
    return true;
}
INF_API uint32_t inf_page_body_count(void) { return body_count; }
INF_API const InfBody* inf_page_bodies(void) { return bodies; }
INF_API const char* inf_page_body_name(uint32_t body) {
    name[0] = 0;
    if (body < body_count) inf_body_name(&galaxy, &system, bodies, body_count, body, name);
    return name;
}
/// Kilometres from the star at a tick. @return three doubles
INF_API const double* inf_page_body_position(uint32_t body, double tick) {
    int64_t km[3] = {0, 0, 0};
    if (body < body_count && tick >= 0) inf_body_position(bodies, body_count, body, (uint64_t)tick, km);
    for (int i = 0; i < 3; i++) position_km[i] = (double)km[i];
    return position_km;
}

INF_API const PageSystem* inf_page_systems(void) { return systems; }
INF_API uint32_t inf_page_system_bytes(void) { return (uint32_t)sizeof(PageSystem); }
/// All systems in the sectors up to `reach` around one. @return how many
INF_API uint32_t inf_page_systems_around(int32_t x, int32_t y, int32_t z, int32_t reach) {
    uint32_t count = 0;
    if (reach < 0 || reach > 8) return 0;
    for (int32_t dz = -reach; dz <= reach; dz++) {
        for (int32_t dy = -reach; dy <= reach; dy++) {
            for (int32_t dx = -reach; dx <= reach; dx++) {
                // Two's complement wraps at the edge of space, as addresses do.
                int32_t sx = (int32_t)((uint32_t)x + (uint32_t)dx), sy = (int32_t)((uint32_t)y + (uint32_t)dy),
                        sz = (int32_t)((uint32_t)z + (uint32_t)dz);
                uint32_t here = inf_sector_system_count(&galaxy, sx, sy, sz);
                for (uint32_t i = 0; i < here && count < PAGE_SYSTEMS_MAX; i++) {
                    InfSystem s;
                    inf_system_generate(&galaxy, (InfSystemAddress){sx, sy, sz, i}, &s);
                    fill(&systems[count++], &s);
                }
            }
        }
    }
    return count;
}

INF_API const float* inf_page_cloud(void) { return cloud; }
/// The density of space on a lattice of `step` sectors in the plane and two layers beside it, `half` steps to each
/// side of the sector: x, y, z in light-years and the density (systems a sector). @return how many
INF_API uint32_t inf_page_cloud_around(int32_t x, int32_t y, int32_t half, int32_t step) {
    uint32_t count = 0;
    if (half < 1 || half > 80 || step < 1 || step > 4096) return 0;
    for (int32_t j = -half; j <= half; j++) {
        for (int32_t i = -half; i <= half; i++) {
            int64_t sx = (int64_t)x + (int64_t)i * step, sy = (int64_t)y + (int64_t)j * step;
            if (sx > INT32_MAX || sx < INT32_MIN || sy > INT32_MAX || sy < INT32_MIN || count == PAGE_CLOUD_MAX) continue;
            uint32_t milli = inf_sector_density_milli(&galaxy, (int32_t)sx, (int32_t)sy, 0);
            float* out = &cloud[count++ * 4];
            out[0] = (float)((double)sx * (INF_SECTOR_MLY / 1000.0));
            out[1] = (float)((double)sy * (INF_SECTOR_MLY / 1000.0));
            out[2] = 0;
            out[3] = (float)milli / 1000.0f;
        }
    }
    return count;
}

static float rocks[INF_BELT_ROCKS * 4];
INF_API const float* inf_page_rocks(void) { return rocks; }
/// The rocks of a belt's place: x, y, z and radius in metres. @return how many
INF_API uint32_t inf_page_belt_rocks(int32_t x, int32_t y, int32_t z, uint32_t index, uint32_t body) {
    for (uint32_t i = 0; i < INF_BELT_ROCKS; i++) {
        InfVec3 at = inf_belt_rock((InfSystemAddress){x, y, z, index}, body, i, &rocks[i * 4 + 3]);
        inf_vec3_store(&rocks[i * 4], at);
    }
    return INF_BELT_ROCKS;
}

/// The text of a result, for what the server refuses by number.
INF_API const char* inf_page_result_text(uint32_t result) { return inf_result_text((InfResult)result); }
/// Bytes of the struct of a frame, event or input by kind, 0: unknown. The page compares them with its own tables
/// before anything else, so that an old page never misreads a new core.
INF_API uint32_t inf_page_frame_bytes(uint32_t kind) {
    const InfStructInfo* info = inf_frame_info(kind);
    return info != NULL ? info->bytes : 0;
}
INF_API uint32_t inf_page_event_bytes(uint32_t kind) {
    const InfStructInfo* info = inf_event_info(kind);
    return info != NULL ? info->bytes : 0;
}
INF_API uint32_t inf_page_input_bytes(uint32_t kind) {
    const InfStructInfo* info = inf_input_info(kind);
    return info != NULL ? info->bytes : 0;
}
