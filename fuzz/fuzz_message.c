// The codecs of inputs, events and frames: any bytes are refused or read; what was read and is written again is the bytes
// that were read; texts have an end; nothing is written past the room.
#include "fuzz.h"
#include "infinity/message.h"

static union {
#define X(number, Name, ...) InfFrame##Name Name;
    INF_FRAMES_TABLE(X)
#undef X
} frame;

static void check_texts(const InfStructInfo* info, const uint8_t* row)
{
    for (uint32_t f = 0; f < info->field_count; f++) {
        const InfFieldInfo* field = &info->fields[f];
        if (field->type == INF_TYPE_TEXT) {
            FUZZ_ENSURE(memchr(row + field->offset, 0, field->count) != NULL);
        } else if (field->type == INF_TYPE_BYTES) {
            uint16_t length;
            memcpy(&length, row + field->offset, 2);
            FUZZ_ENSURE(length <= field->count);
        }
    }
}

static void check_again(const uint8_t* bytes, size_t count, const uint8_t* again, size_t again_count)
{
    FUZZ_ENSURE(again_count == count && memcmp(bytes, again, count) == 0);
}

static void fuzz_inputs(const uint8_t* bytes, size_t count)
{
    static InfInput input;
    static uint8_t again[INF_INPUT_BYTES_MAX + 64];
    InfReader reader = inf_reader_make(bytes, count);
    while (inf_reader_left(&reader) != 0) {
        size_t from = reader.at;
        if (inf_input_read(&reader, &input) != INF_OK) {
            break;
        }
        check_texts(inf_input_info(input.kind), (const uint8_t*)&input + offsetof(InfInput, Undock));
        InfWriter writer = inf_writer_make(again, INF_INPUT_BYTES_MAX);
        FUZZ_ENSURE(inf_input_write(&writer, &input));
        check_again(bytes + from, reader.at - from, again, writer.at);
        InfWriter narrow = inf_writer_make(again, writer.at - 1);
        again[writer.at - 1] = 0xa5;
        FUZZ_ENSURE(!inf_input_write(&narrow, &input) && again[writer.at - 1] == 0xa5);
        inf_input_set_soul(&input, inf_input_soul(&input));
        (void)inf_input_sequence(&input);
    }
}

static void fuzz_events(const uint8_t* bytes, size_t count)
{
    static InfEvent event;
    static uint8_t again[8192];
    InfReader reader = inf_reader_make(bytes, count);
    while (inf_reader_left(&reader) != 0) {
        size_t from = reader.at;
        if (inf_event_read(&reader, &event) != INF_OK) {
            break;
        }
        InfWriter writer = inf_writer_make(again, sizeof again);
        FUZZ_ENSURE(inf_event_write(&writer, &event));
        check_again(bytes + from, reader.at - from, again, writer.at);
    }
}

static void fuzz_frame(const uint8_t* bytes, size_t count)
{
    static uint8_t again[sizeof frame + 64];
    uint32_t kind = bytes[0];
    const InfStructInfo* info = inf_frame_info(kind);
    InfReader reader = inf_reader_make(bytes, count);
    if (inf_frame_read(&reader, kind, &frame, sizeof frame) != INF_OK) {
        return;
    }
    FUZZ_ENSURE(info != NULL);
    check_texts(info, (const uint8_t*)&frame);
    InfWriter writer = inf_writer_make(again, sizeof again);
    FUZZ_ENSURE(inf_frame_write(&writer, kind, &frame));
    check_again(bytes, reader.at, again, writer.at);
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    if (count < 2) {
        return 0;
    }
    switch (bytes[0] % 3) {
    case 0: fuzz_inputs(bytes + 1, count - 1); break;
    case 1: fuzz_events(bytes + 1, count - 1); break;
    default: fuzz_frame(bytes + 1, count - 1); break;
    }
    return 0;
}
