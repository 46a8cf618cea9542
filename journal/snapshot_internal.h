/// @file snapshot_internal.h
/// What the writer, the reader and the backup of snapshots share.
#ifndef INFINITY_SNAPSHOT_INTERNAL_H
#define INFINITY_SNAPSHOT_INTERNAL_H

#include "internal.h"
#include <journal/snapshot.h>

#define SNAPSHOT_DEF_COOKIE 0x534e4150u
#define SNAPSHOT_VERSION 1
#define SNAPSHOT_FLAG_ZSTD 1
#define SNAPSHOT_HEADER_BYTES 128
#define SNAPSHOT_PAYLOAD_BYTES_MAX ((uint64_t)1 << 36)
#define SNAPSHOT_HASH_DOMAIN "infinity snapshot file 1"

typedef struct SnapshotHeader {
    uint32_t flags;
    uint8_t galaxy_id[INF_GALAXY_ID_BYTES];
    uint32_t shard;
    uint64_t tick, world_hash;
    InfJournalTip tip;
    uint64_t payload_bytes, stored_bytes;
} SnapshotHeader;

void snapshot_header_put(uint8_t bytes[SNAPSHOT_HEADER_BYTES], const SnapshotHeader* header);
/// @return null, or what is wrong with it
const char* snapshot_header_get(const uint8_t bytes[SNAPSHOT_HEADER_BYTES], SnapshotHeader* header);
void snapshot_path(char* path, size_t capacity, const char* folder, uint64_t tick, uint32_t shard, const char* suffix);
/// Is this the name of a finished snapshot file?
bool snapshot_name_parse(const char* name, uint64_t* out_tick);
/// Read one file and validate everything against what the journal recorded.
/// @param out_payload malloc'ed; null: validate only
InfResult snapshot_file_load(const char* path, const InfJournalMeta* meta, const JournalSnapshotRow* row,
                             uint8_t** out_payload, size_t* out_payload_bytes, InfJournalError* error);

#endif
