// The codec of inputs, events and frames: one walk over field descriptors that come from the tables.
#include "infinity/message.h"

// Descriptors of a message's fields; OF is the struct, a typedef inside the function that DESCRIBE makes.
#define DESCRIBE_F(type, name) {#name, INF_TYPE_##type, sizeof(inf_##type), 1, (uint32_t)offsetof(OF, name), NULL},
#define DESCRIBE_A(type, name, count)                                                                   \
    {#name, INF_TYPE_##type, sizeof(inf_##type), count, (uint32_t)offsetof(OF, name), NULL},
#define DESCRIBE_T(name, bytes) {#name, INF_TYPE_TEXT, 1, bytes, (uint32_t)offsetof(OF, name), NULL},
#define DESCRIBE_B(name, bytes) {#name, INF_TYPE_BYTES, 1, bytes, (uint32_t)offsetof(OF, name##_bytes), NULL},

#define DESCRIBE(Group, PREFIX, Name, kind_number, doc)                                                 \
    static const InfStructInfo* describe_##Group##Name(void)                                            \
    {                                                                                                   \
        typedef Inf##Group##Name OF;                                                                    \
        static const InfFieldInfo fields[] = {                                                          \
            PREFIX##_##Name(DESCRIBE_F, DESCRIBE_A, DESCRIBE_T, DESCRIBE_B)};                           \
        static const InfStructInfo info = {#Name, kind_number, sizeof(OF), sizeof fields / sizeof fields[0], 0, \
                                           fields, doc};                                                \
        return &info;                                                                                   \
    }
#define X(number, Name, who, doc) DESCRIBE(Input, INF_INPUT, Name, number, doc)
INF_INPUTS_TABLE(X)
#undef X
#define X(number, Name, reach, doc) DESCRIBE(Event, INF_EVENT, Name, number, doc)
INF_EVENTS_TABLE(X)
#undef X
#define X(number, Name, direction, doc) DESCRIBE(Frame, INF_FRAME, Name, number, doc)
INF_FRAMES_TABLE(X)
#undef X

const InfStructInfo* inf_input_info(uint32_t kind)
{
    switch (kind) {
#define X(number, Name, ...)                                                                            \
    case number: return describe_Input##Name();
        INF_INPUTS_TABLE(X)
#undef X
    default: return NULL;
    }
}

const InfStructInfo* inf_event_info(uint32_t kind)
{
    switch (kind) {
#define X(number, Name, ...)                                                                            \
    case number: return describe_Event##Name();
        INF_EVENTS_TABLE(X)
#undef X
    default: return NULL;
    }
}

const InfStructInfo* inf_frame_info(uint32_t kind)
{
    switch (kind) {
#define X(number, Name, ...)                                                                            \
    case number: return describe_Frame##Name();
        INF_FRAMES_TABLE(X)
#undef X
    default: return NULL;
    }
}

static void write_number(InfWriter* writer, const uint8_t* at, uint32_t element_bytes)
{
    switch (element_bytes) {
    case 1: inf_write_u8(writer, *at); break;
    case 2: {
        uint16_t value;
        memcpy(&value, at, 2);
        inf_write_u16(writer, value);
        break;
    }
    case 4: {
        uint32_t value;
        memcpy(&value, at, 4);
        inf_write_u32(writer, value);
        break;
    }
    default: {
        uint64_t value;
        memcpy(&value, at, 8);
        inf_write_u64(writer, value);
    }
    }
}

static void read_number(InfReader* reader, uint8_t* at, uint32_t element_bytes)
{
    switch (element_bytes) {
    case 1: *at = inf_read_u8(reader); break;
    case 2: {
        uint16_t value = inf_read_u16(reader);
        memcpy(at, &value, 2);
        break;
    }
    case 4: {
        uint32_t value = inf_read_u32(reader);
        memcpy(at, &value, 4);
        break;
    }
    default: {
        uint64_t value = inf_read_u64(reader);
        memcpy(at, &value, 8);
    }
    }
}

static void write_fields(InfWriter* writer, const InfStructInfo* info, const uint8_t* row)
{
    for (uint32_t f = 0; f < info->field_count; f++) {
        const InfFieldInfo* field = &info->fields[f];
        const uint8_t* at = row + field->offset;
        if (field->type == INF_TYPE_TEXT) {
            uint32_t length = 0;
            while (length + 1 < field->count && length < 255 && at[length] != 0) {
                length++;
            }
            inf_write_u8(writer, (uint8_t)length);
            inf_write_bytes(writer, at, length);
        } else if (field->type == INF_TYPE_BYTES) {
            uint16_t length;
            memcpy(&length, at, 2);
            if (length > field->count) {
                writer->ok = false;
                return;
            }
            inf_write_u16(writer, length);
            inf_write_bytes(writer, at + 2, length);
        } else {
            for (uint32_t i = 0; i < field->count; i++) {
                write_number(writer, at + (size_t)i * field->element_bytes, field->element_bytes);
            }
        }
    }
}

static void read_fields(InfReader* reader, const InfStructInfo* info, uint8_t* row)
{
    for (uint32_t f = 0; f < info->field_count && reader->ok; f++) {
        const InfFieldInfo* field = &info->fields[f];
        uint8_t* at = row + field->offset;
        if (field->type == INF_TYPE_TEXT) {
            uint32_t length = inf_read_u8(reader);
            if (length >= field->count) {
                reader->ok = false;
                return;
            }
            inf_read_bytes(reader, at, length);
            memset(at + length, 0, field->count - length);
            for (uint32_t i = 0; i < length; i++) {
                if (at[i] == 0) { // a text ends where its count says, nowhere before
                    reader->ok = false;
                }
            }
        } else if (field->type == INF_TYPE_BYTES) {
            uint16_t length = inf_read_u16(reader);
            if (length > field->count) {
                reader->ok = false;
                return;
            }
            memcpy(at, &length, 2);
            inf_read_bytes(reader, at + 2, length);
        } else {
            for (uint32_t i = 0; i < field->count; i++) {
                read_number(reader, at + (size_t)i * field->element_bytes, field->element_bytes);
            }
        }
    }
}

// Head and body: u16 number, u16 bytes, fields.
static bool write_message(InfWriter* writer, const InfStructInfo* info, const void* row)
{
    if (info == NULL) {
        writer->ok = false;
        return false;
    }
    inf_write_u16(writer, (uint16_t)info->number);
    uint8_t* count = inf_write_view(writer, 2);
    size_t start = writer->at;
    write_fields(writer, info, row);
    size_t bytes = writer->at - start;
    if (!writer->ok || bytes > UINT16_MAX) {
        writer->ok = false;
        return false;
    }
    if (count != NULL) {
        count[0] = (uint8_t)bytes;
        count[1] = (uint8_t)(bytes >> 8);
    }
    return true;
}

typedef const InfStructInfo* InfoOf(uint32_t kind);

static InfResult read_message(InfReader* reader, InfoOf* info_of, uint16_t* kind, void* row)
{
    *kind = inf_read_u16(reader);
    uint16_t bytes = inf_read_u16(reader);
    const uint8_t* body = inf_read_view(reader, bytes);
    if (body == NULL) {
        return INF_ERROR_TRUNCATED;
    }
    const InfStructInfo* info = info_of(*kind);
    if (info == NULL) {
        reader->ok = false;
        return INF_ERROR_UNKNOWN;
    }
    InfReader inner = inf_reader_make(body, bytes);
    read_fields(&inner, info, row);
    if (!inf_reader_done(&inner)) {
        reader->ok = false;
        return INF_ERROR_FORMAT;
    }
    return INF_OK;
}

bool inf_input_write(InfWriter* writer, const InfInput* input)
{
    return write_message(writer, inf_input_info(input->kind), (const uint8_t*)input + offsetof(InfInput, TagClaim));
}

InfResult inf_input_read(InfReader* reader, InfInput* out)
{
    return read_message(reader, inf_input_info, &out->kind, (uint8_t*)out + offsetof(InfInput, TagClaim));
}

bool inf_event_write(InfWriter* writer, const InfEvent* event)
{
    return write_message(writer, inf_event_info(event->kind), (const uint8_t*)event + offsetof(InfEvent, Rejected));
}

InfResult inf_event_read(InfReader* reader, InfEvent* out)
{
    out->total_bytes = (uint16_t)((sizeof(InfEvent) + 7u) & ~7u);
    out->place_index1 = 0;
    return read_message(reader, inf_event_info, &out->kind, (uint8_t*)out + offsetof(InfEvent, Rejected));
}

bool inf_frame_write(InfWriter* writer, uint32_t kind, const void* frame)
{
    const InfStructInfo* info = inf_frame_info(kind);
    if (info == NULL) {
        writer->ok = false;
        return false;
    }
    inf_write_u8(writer, (uint8_t)kind);
    write_fields(writer, info, frame);
    return writer->ok;
}

InfResult inf_frame_read(InfReader* reader, uint32_t kind, void* frame, size_t frame_bytes)
{
    const InfStructInfo* info = inf_frame_info(kind);
    if (info == NULL) {
        reader->ok = false;
        return INF_ERROR_UNKNOWN;
    }
    INF_ASSERT(frame_bytes >= info->bytes);
    if (inf_read_u8(reader) != kind) {
        reader->ok = false;
        return INF_ERROR_FORMAT;
    }
    read_fields(reader, info, frame);
    return inf_reader_done(reader) ? INF_OK : INF_ERROR_FORMAT;
}

#define INF_WHO_PLAYER true
#define INF_WHO_HOST false
bool inf_input_is_client(uint32_t kind)
{
    switch (kind) {
#define X(number, Name, who, doc)                                                                       \
    case number: return INF_WHO_##who;
        INF_INPUTS_TABLE(X)
#undef X
    default: return false;
    }
}

const char* inf_input_word(uint32_t kind)
{
    const InfStructInfo* info = inf_input_info(kind);
    return info != NULL ? info->name : "unknown";
}

const char* inf_event_word(uint32_t kind)
{
    const InfStructInfo* info = inf_event_info(kind);
    return info != NULL ? info->name : "unknown";
}

InfReach inf_event_reach(uint32_t kind)
{
    switch (kind) {
#define X(number, Name, reach, doc)                                                                     \
    case number: return INF_REACH_##reach;
        INF_EVENTS_TABLE(X)
#undef X
    default: return INF_REACH_NONE;
    }
}

// Inputs of clients begin with soul and sequence: one layout for all, held by the macro INF_INPUT_BEGIN. So do the acts of
// a soul that only a host can carry out, because they need signatures.
static bool is_act(uint32_t kind)
{
    return kind == INF_INPUT_KIND_Copy || kind == INF_INPUT_KIND_Merge || kind == INF_INPUT_KIND_Depart;
}

uint64_t inf_input_soul(const InfInput* input)
{
    return inf_input_is_client(input->kind) || is_act(input->kind) ? input->Undock.soul
           : input->kind == INF_INPUT_KIND_Presence                ? input->Presence.soul
           : input->kind == INF_INPUT_KIND_Bind                    ? input->Bind.soul
           : input->kind == INF_INPUT_KIND_Record                  ? input->Record.soul
                                                                   : 0;
}

void inf_input_set_soul(InfInput* input, uint64_t soul)
{
    if (inf_input_is_client(input->kind)) {
        input->Undock.soul = soul;
    }
}

uint32_t inf_input_sequence(const InfInput* input)
{
    return inf_input_is_client(input->kind) || is_act(input->kind) ? input->Undock.sequence : 0;
}
