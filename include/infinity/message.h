/// @file message.h
/// Inputs, events and frames: structs and codec, all made from the tables. An encoded message is
///     u16 number, u16 bytes of what follows, fields in order (little-endian;
///     T: u8 count + characters; B: u16 count + bytes)
/// (a frame has a u8 number and no length: the WebSocket message is its length).
#ifndef INFINITY_MESSAGE_H
#define INFINITY_MESSAGE_H

#include "infinity/reader.h"
#include "infinity/state.h"
#include "infinity/tables/frames.inl"

#define INF_MESSAGE_T(name, bytes) char name[bytes];
#define INF_MESSAGE_B(name, bytes)                                                                      \
    uint16_t name##_bytes;                                                                              \
    uint8_t name[bytes];

#define X(number, Name, ...)                                                                            \
    typedef struct InfInput##Name {                                                                     \
        INF_INPUT_##Name(INF_STRUCT_F, INF_STRUCT_A, INF_MESSAGE_T, INF_MESSAGE_B)                      \
    } InfInput##Name;
INF_INPUTS_TABLE(X)
#undef X
#define X(number, Name, ...)                                                                            \
    typedef struct InfEvent##Name {                                                                     \
        INF_EVENT_##Name(INF_STRUCT_F, INF_STRUCT_A, INF_MESSAGE_T, INF_MESSAGE_B)                      \
    } InfEvent##Name;
INF_EVENTS_TABLE(X)
#undef X
#define X(number, Name, ...)                                                                            \
    typedef struct InfFrame##Name {                                                                     \
        INF_FRAME_##Name(INF_STRUCT_F, INF_STRUCT_A, INF_MESSAGE_T, INF_MESSAGE_B)                      \
    } InfFrame##Name;
INF_FRAMES_TABLE(X)
#undef X

typedef enum InfInputKind {
    INF_INPUT_NONE = 0,
#define X(number, Name, ...) INF_INPUT_KIND_##Name = number,
    INF_INPUTS_TABLE(X)
#undef X
        INF_INPUT_KINDS_END
} InfInputKind;
typedef enum InfEventKind {
    INF_EVENT_NONE = 0,
#define X(number, Name, ...) INF_EVENT_KIND_##Name = number,
    INF_EVENTS_TABLE(X)
#undef X
        INF_EVENT_KINDS_END
} InfEventKind;
typedef enum InfFrameKind {
    INF_FRAME_NONE = 0,
#define X(number, Name, ...) INF_FRAME_KIND_##Name = number,
    INF_FRAMES_TABLE(X)
#undef X
        INF_FRAME_KINDS_END
} InfFrameKind;

/// A decoded input.
typedef struct InfInput {
    uint16_t kind; ///< InfInputKind
    uint16_t reserved[3];
    union {
#define X(number, Name, ...) InfInput##Name Name;
        INF_INPUTS_TABLE(X)
#undef X
    };
} InfInput;

/// An event as it lies in a world's event buffer. Walk with inf_world_next_event().
typedef struct InfEvent {
    uint16_t kind;         ///< InfEventKind
    uint16_t total_bytes;  ///< from this event to the next; a multiple of 8
    uint32_t place_index1; ///< where it happened; 0: nowhere
    union {
#define X(number, Name, ...) InfEvent##Name Name;
        INF_EVENTS_TABLE(X)
#undef X
    };
} InfEvent;

/// Bytes of an encoded input at most.
#define INF_INPUT_BYTES_MAX (INF_TRANSFER_BYTES + 256)

/// Append an encoded input. False (writer not ok) if there is no room or the kind is unknown.
INF_API bool inf_input_write(InfWriter* writer, const InfInput* input);
/// Read one input; every field is checked for form only (lengths, text terminated). On failure the
/// reader is not ok and `out` is unspecified.
INF_API InfResult inf_input_read(InfReader* reader, InfInput* out);
/// May a client send this kind itself?
INF_API bool inf_input_is_client(uint32_t kind);
INF_API const char* inf_input_word(uint32_t kind);
/// The soul that an input is about, 0 if none; and set it (a server sets it from the session).
INF_API uint64_t inf_input_soul(const InfInput* input);
INF_API void inf_input_set_soul(InfInput* input, uint64_t soul);
INF_API uint32_t inf_input_sequence(const InfInput* input);

INF_API bool inf_event_write(InfWriter* writer, const InfEvent* event);
INF_API InfResult inf_event_read(InfReader* reader, InfEvent* out);
INF_API InfReach inf_event_reach(uint32_t kind);
INF_API const char* inf_event_word(uint32_t kind);

/// Append / read a frame: `frame` points to the InfFrame<Name> of that kind.
INF_API bool inf_frame_write(InfWriter* writer, uint32_t kind, const void* frame);
INF_API InfResult inf_frame_read(InfReader* reader, uint32_t kind, void* frame, size_t frame_bytes);

/// Reflection, for schemas and generated types. `type` is a letter pair such as "u8", or "text", "bytes", "struct".
typedef struct InfStructInfo InfStructInfo;
typedef struct InfFieldInfo {
    const char* name;
    uint8_t type; ///< InfFieldType
    uint8_t element_bytes;
    uint16_t count;
    uint32_t offset;
    const InfStructInfo* of; ///< for structs
} InfFieldInfo;
struct InfStructInfo {
    const char* name;
    uint32_t number, bytes, field_count, reserved;
    const InfFieldInfo* fields;
    const char* text; ///< docs of the table
};
typedef enum InfFieldType {
    INF_TYPE_u8, INF_TYPE_i8, INF_TYPE_u16, INF_TYPE_i16, INF_TYPE_u32, INF_TYPE_i32, INF_TYPE_u64, INF_TYPE_i64,
    INF_TYPE_f32, INF_TYPE_TEXT, INF_TYPE_BYTES, INF_TYPE_STRUCT
} InfFieldType;
/// Null for an unknown number.
INF_API const InfStructInfo* inf_input_info(uint32_t kind);
INF_API const InfStructInfo* inf_event_info(uint32_t kind);
INF_API const InfStructInfo* inf_frame_info(uint32_t kind);

#endif
