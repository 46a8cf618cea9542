// A journal's database with patches: each 4 bytes of input are {page-relative offset u16, page u8, value u8}, laid over
// a database that a journal wrote. Reading it ends with an error, or gives exactly the records that were appended;
// and no record with other contents is ever handed out.
#include "fuzz.h"

#include <fcntl.h>
#include <journal/journal.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHARDS = 2, TICKS = 10 };

static char folder[] = "/tmp/fuzz-journal-XXXXXX";
static uint8_t* database;
static size_t database_bytes;

static const char* path_of(const char* name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static size_t inputs_of(uint32_t shard, uint64_t tick, uint8_t inputs[64])
{
    size_t count = (size_t)(tick * 5 + shard) % 60;
    memset(inputs, (int)(tick + shard), count);
    return count;
}

static InfJournalDef make_def(void)
{
    InfJournalDef def = inf_journal_def_default();
    def.folder = folder;
    def.meta.shard_count = SHARDS;
    def.meta.galaxy_id[0] = 1;
    def.meta.created_unix_s = 1;
    return def;
}

static void remove_folder(void)
{
    static const char* const names[] = {"journal.db", "journal.db-wal", "journal.db-shm", "journal.head", "journal.lock"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(path_of(names[i]));
    }
    rmdir(folder);
}

static void make_database(void)
{
    InfJournal* journal;
    InfJournalDef def = make_def();
    FUZZ_ENSURE(mkdtemp(folder) != NULL && atexit(remove_folder) == 0);
    FUZZ_ENSURE(inf_journal_open(&def, &journal, NULL) == INF_OK);
    for (uint64_t tick = 1; tick <= TICKS; tick++) {
        uint8_t inputs[SHARDS][64];
        InfJournalRecord records[SHARDS];
        for (uint32_t shard = 0; shard < SHARDS; shard++) {
            records[shard] = (InfJournalRecord){.shard = shard, .inputs = inputs[shard]};
            records[shard].inputs_bytes = inputs_of(shard, tick, inputs[shard]);
        }
        FUZZ_ENSURE(inf_journal_append(journal, tick, records, SHARDS, NULL) == INF_OK);
    }
    FUZZ_ENSURE(inf_journal_wait(journal, TICKS, -1) == INF_OK);
    inf_journal_close(journal);
    struct stat status;
    int fd = open(path_of("journal.db"), O_RDONLY);
    FUZZ_ENSURE(fd >= 0 && fstat(fd, &status) == 0);
    database_bytes = (size_t)status.st_size;
    database = malloc(database_bytes);
    FUZZ_ENSURE(database != NULL && read(fd, database, database_bytes) == status.st_size);
    close(fd);
}

static void lay_out(const uint8_t* bytes, size_t count)
{
    uint8_t* patched = malloc(database_bytes);
    FUZZ_ENSURE(patched != NULL);
    memcpy(patched, database, database_bytes);
    for (size_t i = 0; i + 4 <= count; i += 4) {
        size_t at = (size_t)bytes[i + 2] * 4096 + ((size_t)bytes[i] | (size_t)bytes[i + 1] << 8) % 4096;
        patched[at % database_bytes] = bytes[i + 3];
    }
    int fd = open(path_of("journal.db"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    FUZZ_ENSURE(fd >= 0 && write(fd, patched, database_bytes) == (ssize_t)database_bytes);
    close(fd);
    free(patched);
    unlink(path_of("journal.db-wal"));
    unlink(path_of("journal.db-shm"));
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    if (database == NULL) {
        make_database();
    }
    lay_out(bytes, count);
    InfJournal* journal;
    InfJournalCursor* cursor;
    InfJournalError error;
    InfJournalDef def = make_def();
    def.mode = INF_JOURNAL_READ;
    def.check = count % 2 == 0 ? INF_JOURNAL_CHECK_ENDS : INF_JOURNAL_CHECK_AUTO;
    if (inf_journal_open(&def, &journal, &error) != INF_OK) {
        FUZZ_ENSURE(error.text[0] != 0);
        return 0;
    }
    InfResult result = inf_journal_cursor_open(journal, INF_JOURNAL_ALL_SHARDS, 1, NULL, &cursor, &error);
    uint64_t read_count = 0;
    while (result == INF_OK) {
        InfJournalRecord record;
        uint8_t inputs[64];
        result = inf_journal_cursor_next(cursor, &record);
        if (result == INF_OK) {
            FUZZ_ENSURE(record.tick >= 1 && record.tick <= TICKS && record.shard < SHARDS);
            FUZZ_ENSURE(record.inputs_bytes == inputs_of(record.shard, record.tick, inputs));
            FUZZ_ENSURE(record.inputs_bytes == 0 || memcmp(record.inputs, inputs, record.inputs_bytes) == 0);
            read_count++;
        } else if (result == INF_ERROR_NOT_FOUND) {
            FUZZ_ENSURE(read_count == (uint64_t)TICKS * SHARDS && inf_journal_cursor_head(cursor) == TICKS);
            inf_journal_cursor_close(cursor);
        } else {
            FUZZ_ENSURE(inf_journal_cursor_get_error(cursor)->text[0] != 0);
            inf_journal_cursor_close(cursor);
        }
    }
    inf_journal_close(journal);
    return 0;
}
