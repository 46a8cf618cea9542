/// @file reader.h
/// Bytes in and out without running off the end. Little-endian, unaligned, one sticky `ok` flag: after
/// the first failure every read gives 0 and every write does nothing, so that a decoder checks once at the end
/// (and before it trusts a count: inf_read_fits()).
#ifndef INFINITY_READER_H
#define INFINITY_READER_H

#include "infinity/base.h"

#include <string.h>

/// Borrows the bytes; they must outlive it. at <= count always.
typedef struct InfReader {
    const uint8_t* bytes;
    size_t count, at;
    bool ok;
} InfReader;

/// Borrows the bytes. With bytes null nothing is stored but `at` counts on: "ask the size, then fill".
typedef struct InfWriter {
    uint8_t* bytes;
    size_t capacity, at;
    bool ok;
} InfWriter;

static inline InfReader inf_reader_make(const void* bytes, size_t count)
{
    return (InfReader){(const uint8_t*)bytes, count, 0, true};
}

static inline size_t inf_reader_left(const InfReader* reader)
{
    return reader->count - reader->at;
}

/// True if all was well and nothing is left over: what a decoder of a whole message returns on.
static inline bool inf_reader_done(const InfReader* reader)
{
    return reader->ok && reader->at == reader->count;
}

/// Do `count` things of at least `bytes_each` still fit into what is left? Sticky: makes ok false if not.
/// Call it before allocating or looping by a count that was read. bytes_each 0 always fits.
static inline bool inf_read_fits(InfReader* reader, uint64_t count, size_t bytes_each)
{
    if (reader->ok && bytes_each != 0 && count > inf_reader_left(reader) / bytes_each) {
        reader->ok = false;
    }
    return reader->ok;
}

/// The next `count` bytes in place, or null (ok becomes false; also null, and ok, for 0 of no bytes). The pointer borrows from the reader's bytes.
static inline const uint8_t* inf_read_view(InfReader* reader, size_t count)
{
    if (!reader->ok || count > inf_reader_left(reader)) {
        reader->ok = false;
        return NULL;
    }
    const uint8_t* view = reader->at == 0 ? reader->bytes : reader->bytes + reader->at; // null + 0 is undefined
    reader->at += count;
    return view;
}

/// Copy the next `count` bytes; on failure the target is zeroed, so that it is never uninitialised.
static inline void inf_read_bytes(InfReader* reader, void* target, size_t count)
{
    const uint8_t* view = inf_read_view(reader, count);
    if (count == 0) {
        return;
    }
    if (view != NULL) {
        memcpy(target, view, count);
    } else {
        memset(target, 0, count);
    }
}

static inline uint8_t inf_read_u8(InfReader* reader)
{
    const uint8_t* v = inf_read_view(reader, 1);
    return v != NULL ? v[0] : 0;
}

static inline uint16_t inf_read_u16(InfReader* reader)
{
    const uint8_t* v = inf_read_view(reader, 2);
    return v != NULL ? (uint16_t)(v[0] | (uint32_t)v[1] << 8) : 0;
}

static inline uint32_t inf_read_u32(InfReader* reader)
{
    const uint8_t* v = inf_read_view(reader, 4);
    return v != NULL ? (uint32_t)v[0] | (uint32_t)v[1] << 8 | (uint32_t)v[2] << 16 | (uint32_t)v[3] << 24 : 0;
}

static inline uint64_t inf_read_u64(InfReader* reader)
{
    const uint8_t* v = inf_read_view(reader, 8);
    if (v == NULL) {
        return 0;
    }
    return (uint64_t)v[0] | (uint64_t)v[1] << 8 | (uint64_t)v[2] << 16 | (uint64_t)v[3] << 24 |
           (uint64_t)v[4] << 32 | (uint64_t)v[5] << 40 | (uint64_t)v[6] << 48 | (uint64_t)v[7] << 56;
}

static inline int8_t inf_read_i8(InfReader* reader) { return (int8_t)inf_read_u8(reader); }
static inline int16_t inf_read_i16(InfReader* reader) { return (int16_t)inf_read_u16(reader); }
static inline int32_t inf_read_i32(InfReader* reader) { return (int32_t)inf_read_u32(reader); }
static inline int64_t inf_read_i64(InfReader* reader) { return (int64_t)inf_read_u64(reader); }

/// Any bit pattern, NaN included: whoever needs a finite number checks with inf_is_finite().
static inline float inf_read_f32(InfReader* reader)
{
    uint32_t bits = inf_read_u32(reader);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/// 7 bits a byte, low ones first, the top bit says "more". Accepts the shortest form only, so that a
/// value has one encoding; anything else makes ok false.
INF_API uint64_t inf_read_varint(InfReader* reader);

static inline InfWriter inf_writer_make(void* bytes, size_t capacity)
{
    return (InfWriter){(uint8_t*)bytes, capacity, 0, true};
}

/// A writer that only counts.
static inline InfWriter inf_writer_measure(void)
{
    return (InfWriter){NULL, SIZE_MAX, 0, true};
}

/// Room for `count` bytes, now written (the caller fills them), or null if there is no room or nothing is stored.
static inline uint8_t* inf_write_view(InfWriter* writer, size_t count)
{
    if (!writer->ok || count > writer->capacity - writer->at) {
        writer->ok = false;
        return NULL;
    }
    uint8_t* view = writer->bytes != NULL ? writer->bytes + writer->at : NULL;
    writer->at += count;
    return view;
}

static inline void inf_write_bytes(InfWriter* writer, const void* source, size_t count)
{
    uint8_t* view = inf_write_view(writer, count);
    if (view != NULL && count != 0) {
        memcpy(view, source, count);
    }
}

static inline void inf_write_u8(InfWriter* writer, uint8_t value)
{
    uint8_t* v = inf_write_view(writer, 1);
    if (v != NULL) {
        v[0] = value;
    }
}

static inline void inf_write_u16(InfWriter* writer, uint16_t value)
{
    uint8_t* v = inf_write_view(writer, 2);
    if (v != NULL) {
        v[0] = (uint8_t)value, v[1] = (uint8_t)(value >> 8);
    }
}

static inline void inf_write_u32(InfWriter* writer, uint32_t value)
{
    uint8_t* v = inf_write_view(writer, 4);
    if (v != NULL) {
        v[0] = (uint8_t)value, v[1] = (uint8_t)(value >> 8);
        v[2] = (uint8_t)(value >> 16), v[3] = (uint8_t)(value >> 24);
    }
}

static inline void inf_write_u64(InfWriter* writer, uint64_t value)
{
    uint8_t* v = inf_write_view(writer, 8);
    if (v != NULL) {
        v[0] = (uint8_t)value, v[1] = (uint8_t)(value >> 8);
        v[2] = (uint8_t)(value >> 16), v[3] = (uint8_t)(value >> 24);
        v[4] = (uint8_t)(value >> 32), v[5] = (uint8_t)(value >> 40);
        v[6] = (uint8_t)(value >> 48), v[7] = (uint8_t)(value >> 56);
    }
}

static inline void inf_write_i8(InfWriter* writer, int8_t value) { inf_write_u8(writer, (uint8_t)value); }
static inline void inf_write_i16(InfWriter* writer, int16_t value) { inf_write_u16(writer, (uint16_t)value); }
static inline void inf_write_i32(InfWriter* writer, int32_t value) { inf_write_u32(writer, (uint32_t)value); }
static inline void inf_write_i64(InfWriter* writer, int64_t value) { inf_write_u64(writer, (uint64_t)value); }

static inline void inf_write_f32(InfWriter* writer, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    inf_write_u32(writer, bits);
}

/// The shortest form: 1 to 10 bytes.
INF_API void inf_write_varint(InfWriter* writer, uint64_t value);

#endif
