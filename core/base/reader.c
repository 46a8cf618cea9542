// Variable-length integers; the rest of the reader and writer is inline in reader.h.
#include "infinity/reader.h"

uint64_t inf_read_varint(InfReader* reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = inf_read_u8(reader);
        bool is_padding = byte == 0 && shift != 0; // a longer form of a shorter number
        bool overflows = shift == 63 && byte > 1;
        if (!reader->ok || is_padding || overflows) {
            break;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    reader->ok = false;
    return 0;
}

void inf_write_varint(InfWriter* writer, uint64_t value)
{
    uint8_t bytes[10];
    size_t count = 0;
    for (; value >= 0x80; value >>= 7) {
        bytes[count++] = (uint8_t)(value | 0x80);
    }
    bytes[count++] = (uint8_t)value;
    inf_write_bytes(writer, bytes, count);
}
