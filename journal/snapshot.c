/// snapshot.c: the bytes of a snapshot file, and the rules for their names.
///
///   offset bytes
///        0     8  "INFSNAP\n"
///        8     4  format version (1)
///       12     4  flags: 1 = payload is one zstd frame
///       16    16  galaxy id
///       32     4  shard
///       36     4  reserved, zero
///       40     8  tick
///       48     8  world hash
///       56     8  tip tick: last record of the shard's chain at that tick
///       64    32  tip hash
///       96     8  payload bytes as encoded
///      104     8  payload bytes as stored
///      112    16  reserved, zero
///      128     n  stored payload
///    128+n    32  BLAKE2b-256("infinity snapshot file 1\0", all bytes before)
///
/// Name: snapshots/TICK-SHARD.snap, decimal, zero-padded to 15 and 4 digits; ".tmp" while it is written.
#include "snapshot_internal.h"
#include <sodium.h>
#include <stdlib.h>

InfSnapshotDef inf_snapshot_def_default(void) {
    return (InfSnapshotDef){.capacity_bytes = (size_t)256 << 20, .compress = true, .cookie = SNAPSHOT_DEF_COOKIE};
}

void snapshot_header_put(uint8_t bytes[SNAPSHOT_HEADER_BYTES], const SnapshotHeader* header) {
    memset(bytes, 0, SNAPSHOT_HEADER_BYTES);
    memcpy(bytes, "INFSNAP\n", 8);
    journal_put_u32(bytes + 8, SNAPSHOT_VERSION);
    journal_put_u32(bytes + 12, header->flags);
    memcpy(bytes + 16, header->galaxy_id, INF_GALAXY_ID_BYTES);
    journal_put_u32(bytes + 32, header->shard);
    journal_put_u64(bytes + 40, header->tick);
    journal_put_u64(bytes + 48, header->world_hash);
    journal_put_u64(bytes + 56, header->tip.tick);
    memcpy(bytes + 64, header->tip.hash, INF_JOURNAL_HASH_BYTES);
    journal_put_u64(bytes + 96, header->payload_bytes);
    journal_put_u64(bytes + 104, header->stored_bytes);
}

const char* snapshot_header_get(const uint8_t bytes[SNAPSHOT_HEADER_BYTES], SnapshotHeader* header) {
    if (memcmp(bytes, "INFSNAP\n", 8) != 0) {
        return "it is not a snapshot";
    }
    if (journal_get_u32(bytes + 8) != SNAPSHOT_VERSION) {
        return "it is of a format version that this program does not know";
    }
    header->flags = journal_get_u32(bytes + 12);
    memcpy(header->galaxy_id, bytes + 16, INF_GALAXY_ID_BYTES);
    header->shard = journal_get_u32(bytes + 32);
    header->tick = journal_get_u64(bytes + 40);
    header->world_hash = journal_get_u64(bytes + 48);
    header->tip.tick = journal_get_u64(bytes + 56);
    memcpy(header->tip.hash, bytes + 64, INF_JOURNAL_HASH_BYTES);
    header->payload_bytes = journal_get_u64(bytes + 96);
    header->stored_bytes = journal_get_u64(bytes + 104);
    if (header->flags > SNAPSHOT_FLAG_ZSTD || journal_get_u32(bytes + 36) != 0 || !sodium_is_zero(bytes + 112, 16)) {
        return "its header is malformed";
    }
    if (header->payload_bytes > SNAPSHOT_PAYLOAD_BYTES_MAX || header->stored_bytes > SNAPSHOT_PAYLOAD_BYTES_MAX ||
        (header->flags == 0 && header->payload_bytes != header->stored_bytes)) {
        return "its sizes are impossible";
    }
    return NULL;
}

void snapshot_path(char* path, size_t capacity, const char* folder, uint64_t tick, uint32_t shard, const char* suffix) {
    snprintf(path, capacity, "%s/snapshots/%015llu-%04u.snap%s", folder, (unsigned long long)tick, shard, suffix);
}

bool snapshot_name_parse(const char* name, uint64_t* out_tick) {
    if (strlen(name) != 25 || strspn(name, "0123456789") != 15 || name[15] != '-' ||
        strspn(name + 16, "0123456789") != 4 || strcmp(name + 20, ".snap") != 0) {
        return false;
    }
    *out_tick = strtoull(name, NULL, 10);
    return true;
}
