// Messages go out and in unchanged; nothing that comes in can run off; viewers see what was written.
#include "../test.h"

#include <infinity/random.h>
#include <infinity/wire.h>
#include <infinity/message.h>

static void fill_random(InfRng* rng, uint8_t* bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)inf_rng_next(rng);
    }
}

// A random message of that description: every byte of numbers random, texts and bytes of any allowed length.
static void fill_message(InfRng* rng, const InfStructInfo* info, uint8_t* row)
{
    memset(row, 0, info->bytes);
    for (uint32_t f = 0; f < info->field_count; f++) {
        const InfFieldInfo* field = &info->fields[f];
        uint8_t* at = row + field->offset;
        if (field->type == INF_TYPE_TEXT) {
            uint32_t length = (uint32_t)inf_rng_below(rng, field->count);
            length = length > 255 ? 255 : length;
            for (uint32_t i = 0; i < length; i++) {
                at[i] = (uint8_t)(1 + inf_rng_below(rng, 255));
            }
        } else if (field->type == INF_TYPE_BYTES) {
            uint16_t length = (uint16_t)inf_rng_below(rng, (uint64_t)field->count + 1);
            memcpy(at, &length, 2);
            fill_random(rng, at + 2, length);
        } else {
            fill_random(rng, at, (size_t)field->count * field->element_bytes);
        }
    }
}

TEST_RANDOM(inputs_go_out_and_in)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 1);
    static InfInput input, back;
    static uint8_t bytes[INF_INPUT_BYTES_MAX * 2], again[INF_INPUT_BYTES_MAX * 2];
    int kinds = 0;
    for (uint32_t kind = 1; kind < INF_INPUT_KINDS_END; kind++) {
        const InfStructInfo* info = inf_input_info(kind);
        if (info == NULL) {
            continue;
        }
        kinds++;
        for (int round = 0; round < 50; round++) {
            input.kind = (uint16_t)kind;
            fill_message(&rng, info, (uint8_t*)&input + offsetof(InfInput, TagClaim));
            InfWriter writer = inf_writer_make(bytes, sizeof bytes);
            ENSURE(inf_input_write(&writer, &input));
            ENSURE(writer.at <= INF_INPUT_BYTES_MAX);
            InfReader reader = inf_reader_make(bytes, writer.at);
            ENSURE(inf_input_read(&reader, &back) == INF_OK);
            ENSURE(back.kind == kind && inf_reader_done(&reader));
            InfWriter second = inf_writer_make(again, sizeof again);
            ENSURE(inf_input_write(&second, &back));
            ENSURE(second.at == writer.at && memcmp(bytes, again, writer.at) == 0);
            // Cut anywhere, it is refused.
            size_t cut = (size_t)inf_rng_below(&rng, writer.at);
            reader = inf_reader_make(bytes, cut);
            ENSURE(inf_input_read(&reader, &back) != INF_OK);
        }
    }
    ENSURE(kinds >= 20);
}

TEST_RANDOM(noise_is_refused_or_read_whole)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 2);
    static InfInput input;
    static uint8_t bytes[512], again[INF_INPUT_BYTES_MAX];
    for (int round = 0; round < 200000; round++) {
        size_t count = (size_t)inf_rng_below(&rng, sizeof bytes);
        fill_random(&rng, bytes, count);
        if (count >= 4) {
            bytes[0] = (uint8_t)inf_rng_below(&rng, INF_INPUT_KINDS_END + 2);
            bytes[1] = 0;
            bytes[2] = (uint8_t)(count - 4);
            bytes[3] = (uint8_t)((count - 4) >> 8);
        }
        InfReader reader = inf_reader_make(bytes, count);
        if (inf_input_read(&reader, &input) == INF_OK) {
            InfWriter writer = inf_writer_make(again, sizeof again);
            ENSURE(inf_input_write(&writer, &input));
            ENSURE(writer.at == reader.at && memcmp(bytes, again, writer.at) == 0); // one encoding per message
        }
    }
}

TEST(clients_may_send_only_their_own)
{
    ENSURE(inf_input_is_client(INF_INPUT_KIND_Order) && inf_input_is_client(INF_INPUT_KIND_Say));
    ENSURE(!inf_input_is_client(INF_INPUT_KIND_TransferIn) && !inf_input_is_client(INF_INPUT_KIND_TagClaim));
    ENSURE(!inf_input_is_client(INF_INPUT_KIND_Found) && !inf_input_is_client(0) && !inf_input_is_client(9999));
    InfInput input = {.kind = INF_INPUT_KIND_Trade};
    inf_input_set_soul(&input, 77);
    ENSURE(input.Trade.soul == 77 && inf_input_soul(&input) == 77);
}

static InfShipView random_view(InfRng* rng)
{
    InfMotion motion;
    InfShip ship;
    memset(&motion, 0, sizeof motion);
    memset(&ship, 0, sizeof ship);
    for (int k = 0; k < 3; k++) {
        motion.position_m[k] = inf_rng_f32(rng) * 400000.0f - 200000.0f;
        motion.velocity_m_per_s[k] = inf_rng_f32(rng) * 800.0f - 400.0f;
    }
    float sum = 0.0f;
    for (int k = 0; k < 4; k++) {
        motion.attitude[k] = inf_rng_f32(rng) * 2.0f - 1.0f;
        sum += motion.attitude[k] * motion.attitude[k];
    }
    for (int k = 0; k < 4; k++) {
        motion.attitude[k] /= __builtin_sqrtf(sum + 1e-9f);
    }
    ship.generation = 1;
    ship.hull_kind = (uint8_t)inf_rng_below(rng, INF_HULL_COUNT);
    ship.state = INF_SHIP_STATE_SPACE;
    ship.hull = inf_rng_f32(rng) * 100.0f + 1.0f;
    ship.shield = inf_rng_f32(rng) * 80.0f;
    InfShipView view;
    inf_view_quantise(&ship, &motion, inf_rng_ratio(rng, 1, 4), &view);
    InfMotion back;
    inf_view_motion(&view, &back);
    for (int k = 0; k < 3; k++) {
        ENSURE(back.position_m[k] - motion.position_m[k] < 0.02f && back.position_m[k] - motion.position_m[k] > -0.02f);
    }
    float dot = 0.0f;
    for (int k = 0; k < 4; k++) {
        dot += back.attitude[k] * motion.attitude[k];
    }
    ENSURE(dot > 0.9999f || dot < -0.9999f);
    return view;
}

// A server with 200 ships and a viewer that sees a changing set of them, with skipped frames: after every frame that
// arrives the viewer holds exactly what the server has.
TEST_RANDOM(viewer_holds_what_the_server_has)
{
    enum { SHIPS = 200, TICKS = 400 };
    InfRng rng;
    inf_rng_seed(&rng, seed, 3);
    static InfShipView before[SHIPS], now[SHIPS];
    static bool sent[SHIPS];
    static InfViewer viewer;
    static uint8_t frame[INF_VIEW_HEAD_BYTES + SHIPS * INF_VIEW_RECORD_BYTES_MAX];
    memset(&viewer, 0, sizeof viewer);
    memset(sent, 0, sizeof sent);
    for (int i = 0; i < SHIPS; i++) {
        now[i] = random_view(&rng);
    }
    uint32_t gaps = 0;
    size_t bytes_all = 0;
    uint64_t told_tick = 0; // `before` is what the viewer was told then
    for (uint64_t tick = 1; tick <= TICKS; tick++) {
        for (int i = 0; i < SHIPS; i++) {
            inf_view_predict(&now[i], 1);
            uint64_t what = inf_rng_below(&rng, 10);
            if (what < 5) {
                now[i].position[what % 3] += (int32_t)inf_rng_range(&rng, -100, 100);
                now[i].velocity[what % 3] = (int16_t)(now[i].velocity[what % 3] + inf_rng_range(&rng, -90, 90));
            } else if (what == 5) {
                now[i].attitude ^= 0x155u;
                now[i].shield = (uint8_t)inf_rng_next(&rng);
            } else if (what == 6) {
                uint16_t generation = (uint16_t)(now[i].generation + inf_rng_below(&rng, 2) * 2);
                now[i] = random_view(&rng);
                now[i].generation = generation;
            }
        }
        bool skip = inf_rng_ratio(&rng, 1, 4) && tick - told_tick < INF_VIEW_GAP_TICKS_MAX;
        uint8_t is_forgotten = inf_rng_ratio(&rng, 1, 10);
        size_t at = INF_VIEW_HEAD_BYTES;
        uint16_t count = 0;
        bool next[SHIPS];
        for (int i = 0; i < SHIPS; i++) {
            next[i] = inf_rng_ratio(&rng, sent[i] ? 15 : 1, 16);
            uint32_t wrote = 0;
            if (next[i] && (!sent[i] || is_forgotten)) {
                wrote = inf_view_write_full((uint32_t)i, &now[i], frame + at);
                ENSURE(wrote == INF_VIEW_FULL_BYTES);
            } else if (next[i]) {
                wrote = inf_view_write_delta((uint32_t)i, &before[i], &now[i], (uint32_t)(tick - told_tick), frame + at);
            } else if (sent[i] && !is_forgotten) {
                wrote = inf_view_write_gone((uint32_t)i, frame + at);
            }
            ENSURE(wrote <= INF_VIEW_RECORD_BYTES_MAX);
            at += wrote;
            count += wrote != 0;
        }
        if (skip) {
            continue;
        }
        inf_view_write_head(tick, is_forgotten, count, frame);
        memcpy(sent, next, sizeof next);
        memcpy(before, now, sizeof now);
        gaps += tick - told_tick > 1;
        told_tick = tick;
        bytes_all += at;
        static InfViewer copy;
        copy = viewer;
        ENSURE(inf_viewer_apply(&copy, frame, at - 1) != INF_OK);
        ENSURE(memcmp(&copy, &viewer, sizeof viewer) == 0); // refused: nothing changed
        ENSURE(inf_viewer_apply(&viewer, frame, at) == INF_OK);
        uint32_t seen = 0;
        for (int i = 0; i < SHIPS; i++) {
            if (!sent[i]) {
                continue;
            }
            ENSURE(seen < viewer.count && viewer.indices[seen] == (uint32_t)i);
            ENSURE(memcmp(&viewer.now[seen], &now[i], sizeof now[i]) == 0);
            seen++;
        }
        ENSURE(seen == viewer.count && viewer.tick == tick);
    }
    ENSURE(bytes_all > 0 && gaps > 0);
}

TEST_RANDOM(viewer_survives_noise)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 4);
    static InfViewer viewer;
    memset(&viewer, 0, sizeof viewer);
    static float samples[INF_VIEW_SHIPS_MAX * INF_VIEW_SAMPLE_FLOATS];
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[400];
        size_t count = (size_t)inf_rng_below(&rng, sizeof bytes);
        fill_random(&rng, bytes, count);
        if (count > 20) { // half-way sensible: few records of few ships
            bytes[9] = (uint8_t)inf_rng_below(&rng, 12);
            bytes[10] = 0;
            bytes[11] &= 7, bytes[12] = bytes[13] = 0;
            bytes[14] = inf_rng_ratio(&rng, 1, 2) ? 0xff : (uint8_t)inf_rng_next(&rng);
        }
        inf_viewer_apply(&viewer, bytes, count);
        ENSURE(viewer.count <= INF_VIEW_SHIPS_MAX);
        for (uint32_t i = 1; i < viewer.count; i++) {
            ENSURE(viewer.indices[i - 1] < viewer.indices[i]);
        }
        ENSURE(inf_viewer_sample(&viewer, 1.5f, samples, INF_VIEW_SHIPS_MAX) == viewer.count);
    }
}
