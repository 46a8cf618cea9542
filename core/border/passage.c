// What a passage over the border carries, as bytes: u32 version, u64 tick, i64 carried, i64 banked, the soul's row, the
// ship's row. Indices inside are dead outside their shard; whoever takes it in sets them anew.
#include "border/border.h"

#define PASSAGE_VERSION 1u

size_t inf_passage_write(const InfPassage* passage, uint8_t bytes[INF_TRANSFER_BYTES])
{
    InfWriter writer = inf_writer_make(bytes, INF_TRANSFER_BYTES);
    inf_write_u32(&writer, PASSAGE_VERSION);
    inf_write_u64(&writer, passage->tick);
    inf_write_i64(&writer, passage->carried_credits);
    inf_write_i64(&writer, passage->banked_credits);
    inf_write_bytes(&writer, &passage->soul, sizeof passage->soul);
    inf_write_bytes(&writer, &passage->ship, sizeof passage->ship);
    return writer.ok ? writer.at : 0;
}

InfResult inf_passage_read(const uint8_t* bytes, size_t count, InfPassage* out)
{
    _Static_assert(sizeof(InfSoul) + sizeof(InfShip) + 28 <= INF_TRANSFER_BYTES, "a soul with its ship fits");
    InfReader reader = inf_reader_make(bytes, count);
    if (inf_read_u32(&reader) != PASSAGE_VERSION) {
        return INF_ERROR_VERSION;
    }
    out->tick = inf_read_u64(&reader);
    out->carried_credits = inf_read_i64(&reader);
    out->banked_credits = inf_read_i64(&reader);
    inf_read_bytes(&reader, &out->soul, sizeof out->soul);
    inf_read_bytes(&reader, &out->ship, sizeof out->ship);
    return inf_reader_done(&reader) ? INF_OK : INF_ERROR_FORMAT;
}

void inf_crossing_passage(const InfWorld* world, uint32_t crossing_index1, InfPassage* out)
{
    const InfCrossing* crossing = inf_crossing_at(world, crossing_index1);
    const InfDirectoryEntry* entry = inf_directory_at(world, crossing->directory_index1);
    out->tick = crossing->tick;
    out->carried_credits = entry->carried_credits;
    out->banked_credits = entry->banked_credits;
    out->soul = crossing->soul[0];
    out->ship = crossing->ship[0];
}
