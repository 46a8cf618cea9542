// A snapshot file of any bytes whose hash is right (the hash is put right here, or nothing behind it would be
// reached), against a journal row that says what its header says: it is refused, or its payload is as long as told.
#include "fuzz.h"

#include <fcntl.h>
#include <journal/snapshot_internal.h>
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    SnapshotHeader header;
    InfJournalMeta meta = {.shard_count = 4};
    InfJournalError error = {0};
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
    uint8_t first[SNAPSHOT_HEADER_BYTES] = {0};
    if (sodium_init() < 0 || count < SNAPSHOT_HEADER_BYTES) {
        return 0;
    }
    uint8_t* file = malloc(count + sizeof hash);
    FUZZ_ENSURE(file != NULL);
    memcpy(file, bytes, count);
    memcpy(file, "INFSNAP\n\1\0\0\0", 12);
    memcpy(first, file, sizeof first);
    if (snapshot_header_get(first, &header) != NULL || header.payload_bytes > 1 << 20) {
        free(file);
        return 0;
    }
    if (count % 2 == 0) { // half of them with the length that they really have
        header.stored_bytes = count - SNAPSHOT_HEADER_BYTES;
        header.payload_bytes = header.flags == 0 ? header.stored_bytes : header.payload_bytes;
        snapshot_header_put(file, &header);
    }
    journal_hash(SNAPSHOT_HASH_DOMAIN, file, count, hash);
    memcpy(file + count, hash, sizeof hash);
    memcpy(meta.galaxy_id, header.galaxy_id, sizeof meta.galaxy_id);
    JournalSnapshotRow row = {.tick = header.tick,
                              .shard = header.shard,
                              .world_hash = header.world_hash,
                              .tip = header.tip,
                              .file_bytes = count + sizeof hash};
    memcpy(row.file_hash, hash, sizeof hash);
    char path[64];
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    FUZZ_ENSURE(fd >= 0 && write(fd, file, count + sizeof hash) == (ssize_t)(count + sizeof hash));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    uint8_t* payload = NULL;
    size_t payload_bytes = 0;
    if (snapshot_file_load(path, &meta, &row, &payload, &payload_bytes, &error) == INF_OK) {
        FUZZ_ENSURE(payload_bytes == header.payload_bytes);
        free(payload);
    } else {
        FUZZ_ENSURE(error.text[0] != 0);
    }
    row.file_hash[0] ^= 1;
    FUZZ_ENSURE(snapshot_file_load(path, &meta, &row, NULL, NULL, &error) == INF_ERROR_HASH);
    close(fd);
    free(file);
    return 0;
}
