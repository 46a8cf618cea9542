/// witness.c: `journal.head`, a second opinion about how far the journal had come.
///
/// SQLite drops a damaged write-ahead log silently from the first bad frame on: to it that is an unfinished
/// commit. But those commits were told to people. So after every commit the tick and the head's hash are
/// written here, into one of two slots in turn, without a sync (2 µs): it survives kill -9, and after power loss
/// it is at worst older than the database, which is harmless. A database that is behind it has lost
/// something, and is not opened.
///
///   slot (128 bytes, at 0 and at 512): "INFHEAD1" 8, galaxy 16, counter 8, tick 8, head hash 32, zeros 24, check 32
///   check = BLAKE2b-256("infinity journal witness 1\0", the 96 bytes before it)
#include "internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOT_BYTES = 128, SLOT_BODY_BYTES = 96, SLOT_STRIDE = 512 };

static void witness_path(const char* folder, char* path, size_t capacity) {
    snprintf(path, capacity, "%s/journal.head", folder);
}

bool journal_witness_exists(const char* folder) {
    char path[4096];
    struct stat status;
    witness_path(folder, path, sizeof path);
    return stat(path, &status) == 0 && status.st_size > 0;
}

InfResult journal_witness_open(const char* folder, bool writable, const InfJournalMeta* meta, JournalWitness* witness,
                               InfJournalError* error) {
    char path[4096];
    witness_path(folder, path, sizeof path);
    memset(witness, 0, sizeof *witness);
    witness->fd = open(path, writable ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0600);
    if (witness->fd < 0) {
        return !writable ? INF_OK : JOURNAL_ERROR(error, INF_ERROR_IO, "cannot open %s: %s", path, strerror(errno));
    }
    for (int slot = 0; slot < 2; slot++) {
        uint8_t bytes[SLOT_BYTES], check[INF_JOURNAL_HASH_BYTES];
        if (pread(witness->fd, bytes, SLOT_BYTES, slot * SLOT_STRIDE) != SLOT_BYTES) {
            continue;
        }
        journal_hash("infinity journal witness 1", bytes, SLOT_BODY_BYTES, check);
        if (memcmp(bytes, "INFHEAD1", 8) != 0 || !journal_hash_equal(check, bytes + SLOT_BODY_BYTES)) {
            continue;
        }
        if (memcmp(bytes + 8, meta->galaxy_id, INF_GALAXY_ID_BYTES) != 0) {
            return JOURNAL_ERROR(error, INF_ERROR_STATE,
                                 "%s belongs to another galaxy than journal.db beside it; if journal.db was put here on "
                                 "purpose, remove journal.head",
                                 path);
        }
        if (!witness->found || journal_get_u64(bytes + 24) > witness->counter) {
            witness->found = true;
            witness->counter = journal_get_u64(bytes + 24);
            witness->tick = journal_get_u64(bytes + 32);
            memcpy(witness->head_hash, bytes + 40, INF_JOURNAL_HASH_BYTES);
        }
    }
    return INF_OK;
}

bool journal_witness_write(JournalWitness* witness, const InfJournalMeta* meta, uint64_t tick, const uint8_t* head_hash) {
    uint8_t bytes[SLOT_BYTES] = {0};
    witness->counter++;
    witness->tick = tick;
    memcpy(bytes, "INFHEAD1", 8);
    memcpy(bytes + 8, meta->galaxy_id, INF_GALAXY_ID_BYTES);
    journal_put_u64(bytes + 24, witness->counter);
    journal_put_u64(bytes + 32, tick);
    memcpy(bytes + 40, head_hash, INF_JOURNAL_HASH_BYTES);
    journal_hash("infinity journal witness 1", bytes, SLOT_BODY_BYTES, bytes + SLOT_BODY_BYTES);
    return pwrite(witness->fd, bytes, SLOT_BYTES, (off_t)(witness->counter % 2) * SLOT_STRIDE) == SLOT_BYTES;
}

void journal_witness_close(JournalWitness* witness) {
    if (witness->fd >= 0) {
        close(witness->fd);
    }
    witness->fd = -1;
}
