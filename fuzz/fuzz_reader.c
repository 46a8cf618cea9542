// The first byte of each step chooses a read, over exactly the bytes given (the sanitizer guards their ends). A
// varint that is accepted must be written back as the same bytes.
#include "fuzz.h"
#include "infinity/reader.h"

static uint64_t read_some(InfReader* reader, uint8_t kind)
{
    uint8_t target[256];
    switch (kind % 9) {
    case 0: return inf_read_u8(reader);
    case 1: return inf_read_u16(reader);
    case 2: return inf_read_u32(reader);
    case 3: return inf_read_u64(reader);
    case 4: return (uint64_t)inf_read_i64(reader);
    case 5: return inf_read_f32(reader) > 0;
    case 6: inf_read_bytes(reader, target, kind); return 0;
    case 7: return inf_read_fits(reader, (uint64_t)kind << 56, kind) && !reader->ok;
    default: break;
    }
    size_t start = reader->at;
    uint64_t value = inf_read_varint(reader);
    if (reader->ok) {
        uint8_t again[10];
        InfWriter writer = inf_writer_make(again, sizeof again);
        inf_write_varint(&writer, value);
        FUZZ_ENSURE(writer.ok && writer.at == reader->at - start);
        FUZZ_ENSURE(memcmp(again, reader->bytes + start, writer.at) == 0);
    }
    return value;
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    InfReader reader = inf_reader_make(bytes, count);
    while (reader.ok && reader.at < reader.count) {
        uint8_t kind = inf_read_u8(&reader);
        size_t before = reader.at;
        uint64_t value = read_some(&reader, kind);
        FUZZ_ENSURE(reader.at >= before && reader.at <= reader.count);
        FUZZ_ENSURE(reader.ok || value == 0);
    }
    size_t stopped = reader.at;
    (void)inf_read_u64(&reader);
    FUZZ_ENSURE(reader.ok || reader.at == stopped);
    return 0;
}
