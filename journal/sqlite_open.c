/// sqlite_open.c: making a journal, and deciding whether one that is there may be believed. Nothing is written
/// into an existing database before all checks have passed, so a refused one is as it was found.
#include "sqlite.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static InfResult make_folder(const char* folder, InfJournalError* error) {
    char path[4096];
    size_t length = strlen(folder);
    if (length == 0 || length >= sizeof path - 64) {
        return JOURNAL_ERROR(error, INF_ERROR_RANGE, "the galaxy folder's path is empty or longer than %zu bytes",
                             sizeof path - 65);
    }
    memcpy(path, folder, length + 1);
    for (char* slash = path + 1;; slash++) {
        if (*slash != '/' && *slash != 0) {
            continue;
        }
        char kept = *slash;
        *slash = 0;
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            InfResult result = errno == EACCES || errno == EROFS || errno == EPERM ? INF_ERROR_DENIED
                               : errno == ENOSPC                                   ? INF_ERROR_FULL
                                                                                   : INF_ERROR_IO;
            return JOURNAL_ERROR(error, result, "cannot make the galaxy folder %s: %s", path, strerror(errno));
        }
        *slash = kept;
        if (kept == 0) {
            return INF_OK;
        }
    }
}

static void sync_folder(const char* folder) {
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd); // a file system without synced folders has nothing to offer here
        close(fd);
    }
}

static InfResult run(SqliteJournal* sqlite, const char* text, const char* doing, InfJournalError* error) {
    return sqlite3_exec(sqlite->db, text, NULL, NULL, NULL) == SQLITE_OK
               ? INF_OK
               : sqlite_failed(sqlite->db, sqlite->db_path, doing, error);
}

static InfResult read_number(SqliteJournal* sqlite, const char* text, int64_t* out, InfJournalError* error) {
    sqlite3_stmt* statement = NULL;
    InfResult result = INF_OK;
    if (sqlite3_prepare_v2(sqlite->db, text, -1, &statement, NULL) != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW) {
        result = sqlite_failed(sqlite->db, sqlite->db_path, "open the journal", error);
    } else {
        *out = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return result;
}

static InfResult write_meta(SqliteJournal* sqlite, const InfJournalMeta* meta, InfJournalError* error) {
    sqlite3_stmt* statement = NULL;
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
    journal_meta_hash(meta, STORE_SCHEMA_VERSION, hash);
    if (sqlite3_prepare_v2(sqlite->db, "INSERT INTO meta VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &statement, NULL) ==
        SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, STORE_SCHEMA_VERSION);
        sqlite3_bind_blob(statement, 2, meta->galaxy_id, INF_GALAXY_ID_BYTES, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, (int64_t)meta->seed);
        sqlite3_bind_int64(statement, 4, meta->generator_version);
        sqlite3_bind_int64(statement, 5, meta->rules_version);
        sqlite3_bind_int64(statement, 6, meta->shard_count);
        sqlite3_bind_int64(statement, 7, (int64_t)meta->created_unix_s);
        sqlite3_bind_blob(statement, 8, hash, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
        sqlite3_step(statement);
    }
    return sqlite3_finalize(statement) == SQLITE_OK
               ? INF_OK
               : sqlite_failed(sqlite->db, sqlite->db_path, "make the journal", error);
}

static InfResult write_first_head(SqliteJournal* sqlite, const InfJournalMeta* meta, InfJournalError* error) {
    sqlite3_stmt* statement = NULL;
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
    JournalHead head = {.tips = calloc(meta->shard_count, sizeof *head.tips)};
    int tips_bytes = (int)(meta->shard_count * JOURNAL_HEAD_BYTES_PER_SHARD);
    if (head.tips == NULL) {
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for a journal");
    }
    journal_head_hash(meta, &head, hash);
    free(head.tips);
    if (sqlite3_prepare_v2(sqlite->db, "INSERT INTO head VALUES (1, 0, 0, ?, ?)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_zeroblob(statement, 1, tips_bytes);
        sqlite3_bind_blob(statement, 2, hash, INF_JOURNAL_HASH_BYTES, SQLITE_STATIC);
        sqlite3_step(statement);
    }
    return sqlite3_finalize(statement) == SQLITE_OK
               ? INF_OK
               : sqlite_failed(sqlite->db, sqlite->db_path, "make the journal", error);
}

static InfResult create_tables(SqliteJournal* sqlite, const char* folder, InfJournalMeta* meta, InfJournalError* error) {
    char text[128];
    if (sodium_is_zero(meta->galaxy_id, sizeof meta->galaxy_id)) {
        randombytes_buf(meta->galaxy_id, sizeof meta->galaxy_id);
    }
    meta->created_unix_s = meta->created_unix_s != 0 ? meta->created_unix_s : (uint64_t)time(NULL);
    snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d", STORE_APPLICATION_ID,
             STORE_SCHEMA_VERSION);
    const char* doing = "make the journal";
    InfResult result = run(sqlite, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", doing,
                           error);
    result = result != INF_OK ? result : run(sqlite, "BEGIN IMMEDIATE", doing, error);
    result = result != INF_OK ? result : run(sqlite, text, doing, error);
    for (int i = 0; i < STORE_OBJECT_COUNT && result == INF_OK; i++) {
        result = run(sqlite, sqlite_schema[i].sql, doing, error);
    }
    result = result != INF_OK ? result : write_meta(sqlite, meta, error);
    result = result != INF_OK ? result : write_first_head(sqlite, meta, error);
    result = result != INF_OK ? result : run(sqlite, "COMMIT", doing, error);
    sync_folder(folder);
    return result;
}

/// Every table, index and view that this program made must be there as it made it. Others (a host's own index)
/// are left alone, except triggers, which could change what is written.
static InfResult check_schema(SqliteJournal* sqlite, InfJournalError* error) {
    sqlite3_stmt* found = NULL;
    InfResult result = INF_OK;
    if (sqlite3_prepare_v2(sqlite->db,
                           "SELECT count(*) FROM sqlite_schema WHERE type = ? AND name = ? AND tbl_name = ? AND sql = ? AND "
                           "(rootpage > 0 OR type = 'view')",
                           -1, &found, NULL) != SQLITE_OK) {
        result = sqlite_failed(sqlite->db, sqlite->db_path, "read the schema", error);
    }
    for (int i = 0; i < STORE_OBJECT_COUNT && result == INF_OK; i++) {
        const StoreObject* object = &sqlite_schema[i];
        sqlite3_reset(found);
        sqlite3_bind_text(found, 1, object->type, -1, SQLITE_STATIC);
        sqlite3_bind_text(found, 2, object->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(found, 3, object->table, -1, SQLITE_STATIC);
        sqlite3_bind_text(found, 4, object->sql, -1, SQLITE_STATIC);
        if (sqlite3_step(found) != SQLITE_ROW) {
            result = sqlite_failed(sqlite->db, sqlite->db_path, "read the schema", error);
        } else if (sqlite3_column_int(found, 0) != 1) {
            result = JOURNAL_ERROR(error, INF_ERROR_FORMAT,
                                   "%s has no %s `%s` as this program makes it: the schema was damaged or altered; restore a "
                                   "backup",
                                   sqlite->db_path, object->type, object->name);
        }
    }
    sqlite3_finalize(found);
    int64_t triggers = 0;
    if (result == INF_OK) {
        result = read_number(sqlite, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'", &triggers, error);
    }
    if (result == INF_OK && triggers > 0) {
        result = JOURNAL_ERROR(error, INF_ERROR_FORMAT, "%s has triggers, which could change what is written; drop them",
                               sqlite->db_path);
    }
    return result;
}

static InfResult load_meta(SqliteJournal* sqlite, InfJournalMeta* meta, InfJournalError* error) {
    sqlite3_stmt* statement = NULL;
    InfResult result = INF_OK;
    if (sqlite3_prepare_v2(sqlite->db,
                           "SELECT schema_version, galaxy_id, seed, generator_version, rules_version, shard_count, "
                           "created_unix_s, hash FROM meta WHERE id = 1",
                           -1, &statement, NULL) != SQLITE_OK) {
        return sqlite_failed(sqlite->db, sqlite->db_path, "read what galaxy it is", error);
    }
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        result = sqlite_failed(sqlite->db, sqlite->db_path, "read what galaxy it is", error);
    } else if (code == SQLITE_DONE || sqlite3_column_bytes(statement, 1) != INF_GALAXY_ID_BYTES ||
               sqlite3_column_bytes(statement, 7) != INF_JOURNAL_HASH_BYTES) {
        result = JOURNAL_ERROR(error, INF_ERROR_FORMAT, "%s does not say what galaxy it is; restore a backup",
                               sqlite->db_path);
    } else {
        uint8_t hash[INF_JOURNAL_HASH_BYTES];
        memcpy(meta->galaxy_id, sqlite3_column_blob(statement, 1), INF_GALAXY_ID_BYTES);
        meta->seed = (uint64_t)sqlite3_column_int64(statement, 2);
        meta->generator_version = (uint32_t)sqlite3_column_int64(statement, 3);
        meta->rules_version = (uint32_t)sqlite3_column_int64(statement, 4);
        meta->shard_count = (uint32_t)sqlite3_column_int64(statement, 5);
        meta->created_unix_s = (uint64_t)sqlite3_column_int64(statement, 6);
        journal_meta_hash(meta, (uint32_t)sqlite3_column_int64(statement, 0), hash);
        if (!journal_hash_equal(hash, sqlite3_column_blob(statement, 7)) || meta->shard_count < 1 ||
            meta->shard_count > INF_JOURNAL_SHARDS_MAX) {
            result = JOURNAL_ERROR(error, INF_ERROR_HASH,
                                   "what %s says about its galaxy does not match its hash: it was damaged or altered; restore "
                                   "a backup",
                                   sqlite->db_path);
        }
    }
    sqlite3_finalize(statement);
    return result;
}

static InfResult compare_meta(const char* folder, const InfJournalMeta* wanted, const InfJournalMeta* found,
                              InfJournalError* error) {
    if (!sodium_is_zero(wanted->galaxy_id, INF_GALAXY_ID_BYTES) &&
        memcmp(wanted->galaxy_id, found->galaxy_id, INF_GALAXY_ID_BYTES) != 0) {
        char wanted_hex[2 * INF_GALAXY_ID_BYTES + 1], found_hex[2 * INF_GALAXY_ID_BYTES + 1];
        sodium_bin2hex(wanted_hex, sizeof wanted_hex, wanted->galaxy_id, INF_GALAXY_ID_BYTES);
        sodium_bin2hex(found_hex, sizeof found_hex, found->galaxy_id, INF_GALAXY_ID_BYTES);
        return JOURNAL_ERROR(error, INF_ERROR_STATE, "%s holds galaxy %s, not %s; serve the right folder", folder,
                             found_hex, wanted_hex);
    }
    if (wanted->seed != found->seed) {
        return JOURNAL_ERROR(error, INF_ERROR_STATE,
                             "%s holds the galaxy of seed %llu, not %llu; a galaxy keeps its seed: correct it in the "
                             "configuration or serve another folder",
                             folder, (unsigned long long)found->seed, (unsigned long long)wanted->seed);
    }
    if (wanted->shard_count != found->shard_count) {
        return JOURNAL_ERROR(error, INF_ERROR_STATE,
                             "%s holds a galaxy of %u shards, not %u; a galaxy keeps their number: correct it in the "
                             "configuration or serve another folder",
                             folder, found->shard_count, wanted->shard_count);
    }
    if (wanted->generator_version != found->generator_version || wanted->rules_version != found->rules_version) {
        return JOURNAL_ERROR(error, INF_ERROR_VERSION,
                             "%s was made with generator version %u and rules version %u, this program has %u and %u; the same "
                             "journal gives the same world only with the same ones: run a program that has them",
                             folder, found->generator_version, found->rules_version, wanted->generator_version,
                             wanted->rules_version);
    }
    return INF_OK;
}

/// The last record of each chain must be the one that the head names, and nothing may lie behind the head.
static InfResult check_ends(SqliteJournal* sqlite, const InfJournalMeta* meta, const JournalHead* head,
                            InfJournalError* error) {
    sqlite3_stmt* statement = NULL;
    InfResult result = INF_OK;
    int64_t last = 0;
    result = read_number(sqlite, "SELECT coalesce(max(id), 0) FROM records", &last, error);
    if (result == INF_OK && head->tick < (uint64_t)last >> 16) {
        result = journal_error(error, INF_ERROR_HASH, (uint32_t)(last & 0xffff), (uint64_t)last >> 16,
                               "%s holds a record of tick %llu behind its head at tick %llu: it was damaged or altered; "
                               "restore a backup",
                               sqlite->db_path, (unsigned long long)last >> 16, (unsigned long long)head->tick);
    }
    if (result == INF_OK && sqlite3_prepare_v2(sqlite->db,
                                               "SELECT world_hash, previous, hash, inputs FROM records WHERE id = ?", -1,
                                               &statement, NULL) != SQLITE_OK) {
        result = sqlite_failed(sqlite->db, sqlite->db_path, "read the last records", error);
    }
    for (uint32_t shard = 0; shard < meta->shard_count && result == INF_OK; shard++) {
        const InfJournalTip* tip = &head->tips[shard];
        if (tip->tick == 0) {
            continue;
        }
        sqlite3_reset(statement);
        sqlite3_bind_int64(statement, 1, (int64_t)(tip->tick << 16 | shard));
        int code = sqlite3_step(statement);
        bool matches = false;
        if (code != SQLITE_ROW && code != SQLITE_DONE) {
            result = sqlite_failed(sqlite->db, sqlite->db_path, "read the last records", error);
            break;
        }
        if (code == SQLITE_ROW && sqlite3_column_bytes(statement, 1) == INF_JOURNAL_HASH_BYTES &&
            sqlite3_column_bytes(statement, 2) == INF_JOURNAL_HASH_BYTES) {
            InfJournalRecord record = {.shard = shard,
                                       .tick = tip->tick,
                                       .world_hash = (uint64_t)sqlite3_column_int64(statement, 0),
                                       .inputs = sqlite3_column_blob(statement, 3),
                                       .inputs_bytes = (size_t)sqlite3_column_bytes(statement, 3)};
            memcpy(record.previous, sqlite3_column_blob(statement, 1), INF_JOURNAL_HASH_BYTES);
            inf_journal_record_hash(meta->galaxy_id, &record, record.hash);
            matches = journal_hash_equal(record.hash, tip->hash);
        }
        if (!matches) {
            result = journal_error(error, INF_ERROR_HASH, shard, tip->tick,
                                   "the last record of shard %u, tick %llu, is missing in %s or does not match its hash: it "
                                   "was damaged or altered; restore a backup",
                                   shard, (unsigned long long)tip->tick, sqlite->db_path);
        }
    }
    sqlite3_finalize(statement);
    return result;
}

static InfResult check_witness(SqliteJournal* sqlite, const char* folder, const JournalHead* head, const uint8_t* hash,
                               InfJournalError* error) {
    const JournalWitness* witness = &sqlite->witness;
    bool lost = witness->found && (head->tick < witness->tick ||
                                   (head->tick == witness->tick && !journal_hash_equal(hash, witness->head_hash)));
    return !lost ? INF_OK
                 : journal_error(error, INF_ERROR_HASH, INF_JOURNAL_ALL_SHARDS, witness->tick,
                                 "%s ends at tick %llu, but had confirmed tick %llu: the end of it (or journal.db-wal) was "
                                 "lost or damaged. Restore a backup; if an older journal.db was put here on purpose, remove "
                                 "%s/journal.head",
                                 sqlite->db_path, (unsigned long long)head->tick, (unsigned long long)witness->tick, folder);
}

static InfResult check_contents(SqliteJournal* sqlite, const InfJournalDef* def, InfJournalMeta* meta, JournalHead* head,
                                uint8_t head_hash[INF_JOURNAL_HASH_BYTES], InfJournalError* error) {
    bool writable = def->mode != INF_JOURNAL_READ;
    struct stat status;
    InfResult result = check_schema(sqlite, error);
    result = result != INF_OK ? result : load_meta(sqlite, meta, error);
    if (result == INF_OK && (def->mode == INF_JOURNAL_OPEN_OR_CREATE)) {
        result = compare_meta(def->folder, &def->meta, meta, error);
    }
    // The witness before the head: a running server may move both while we look.
    result = result != INF_OK ? result : journal_witness_open(def->folder, writable, meta, &sqlite->witness, error);
    if (result != INF_OK) {
        return result;
    }
    head->tips = calloc(meta->shard_count, sizeof *head->tips);
    if (head->tips == NULL) {
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for a journal");
    }
    bool small = stat(sqlite->db_path, &status) == 0 && status.st_size < (off_t)INF_JOURNAL_CHECK_BYTES;
    result = run(sqlite, "BEGIN", "read the journal", error);
    if (result == INF_OK && def->check == INF_JOURNAL_CHECK_AUTO && small) {
        result = sqlite_check_pages(sqlite->db, sqlite->db_path, false, error);
    }
    result = result != INF_OK
                 ? result
                 : sqlite_load_head(sqlite->db, sqlite->db_path, meta, head, head_hash, error);
    result = result != INF_OK ? result : check_ends(sqlite, meta, head, error);
    result = result != INF_OK ? result : check_witness(sqlite, def->folder, head, head_hash, error);
    return result != INF_OK ? result : run(sqlite, "COMMIT", "read the journal", error);
}

/// What lies at the path: *out_is_new if nothing does, or an empty database (a creation that was cut off).
static InfResult identify(SqliteJournal* sqlite, const InfJournalDef* def, bool* out_is_new, InfJournalError* error) {
    int64_t application = 0, version = 0, objects = 0;
    InfResult result = read_number(sqlite, "SELECT count(*) FROM sqlite_schema", &objects, error);
    result = result != INF_OK ? result : read_number(sqlite, "PRAGMA application_id", &application, error);
    result = result != INF_OK ? result : read_number(sqlite, "PRAGMA user_version", &version, error);
    if (result != INF_OK) {
        return result;
    }
    *out_is_new = objects == 0 && application == 0 && version == 0;
    if (*out_is_new) {
        if (journal_witness_exists(def->folder)) {
            return JOURNAL_ERROR(error, INF_ERROR_FORMAT,
                                 "%s is empty, but %s/journal.head says that there was a galaxy; restore a backup (or remove "
                                 "journal.head to begin a new galaxy)",
                                 sqlite->db_path, def->folder);
        }
        return def->mode == INF_JOURNAL_OPEN || def->mode == INF_JOURNAL_READ
                   ? JOURNAL_ERROR(error, INF_ERROR_NOT_FOUND, "%s holds no galaxy yet", def->folder)
                   : INF_OK;
    }
    if (application != STORE_APPLICATION_ID) {
        return JOURNAL_ERROR(error, INF_ERROR_FORMAT, "%s is a database of another program, not a journal; serve another "
                             "folder or move it away",
                             sqlite->db_path);
    }
    if (version > STORE_SCHEMA_VERSION) {
        return JOURNAL_ERROR(error, INF_ERROR_VERSION,
                             "%s has schema version %lld, this program knows up to %d: it was written by a newer program; "
                             "run that one",
                             sqlite->db_path, (long long)version, STORE_SCHEMA_VERSION);
    }
    if (version >= 1 && version < STORE_SCHEMA_VERSION) {
        return JOURNAL_ERROR(error, INF_ERROR_VERSION,
                             "%s has schema version %lld, this program writes %d: it was made by an older program with other "
                             "rules, and only those give the same galaxy again; run the older program, or begin a new galaxy "
                             "in another folder. Nothing was changed",
                             sqlite->db_path, (long long)version, STORE_SCHEMA_VERSION);
    }
    if (version != STORE_SCHEMA_VERSION) {
        return JOURNAL_ERROR(error, INF_ERROR_FORMAT, "%s has the unknown schema version %lld: it was damaged; restore a "
                             "backup",
                             sqlite->db_path, (long long)version);
    }
    return def->mode != INF_JOURNAL_CREATE
               ? INF_OK
               : JOURNAL_ERROR(error, INF_ERROR_EXISTS, "%s holds a galaxy already", def->folder);
}

/// From here on the database is written. The full checkpoint rewrites whatever the write-ahead log holds and syncs
/// it: after a failed fsync the system may hold pages that it will never write by itself.
static InfResult prepare_writing(SqliteJournal* sqlite, const InfJournalMeta* meta, const JournalHead* head,
                                 const uint8_t* head_hash, InfJournalError* error) {
    const char* doing = "prepare the journal for writing";
    char text[160];
    snprintf(text, sizeof text, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -%d",
             STORE_CACHE_KIB);
    InfResult result = run(sqlite, text, doing, error);
    result = result != INF_OK ? result : sqlite_checkpoint(sqlite, SQLITE_CHECKPOINT_TRUNCATE, error);
    result = result != INF_OK ? result : sqlite_prepare_commit(sqlite, error);
    if (result != INF_OK) {
        return result;
    }
    sqlite->tips_blob = malloc((size_t)meta->shard_count * JOURNAL_HEAD_BYTES_PER_SHARD);
    if (sqlite->tips_blob == NULL) {
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory for a journal");
    }
    if (!journal_witness_write(&sqlite->witness, meta, head->tick, head_hash) || fsync(sqlite->witness.fd) != 0) {
        return JOURNAL_ERROR(error, errno == ENOSPC ? INF_ERROR_FULL : INF_ERROR_IO, "cannot write journal.head beside %s: %s",
                             sqlite->db_path, strerror(errno));
    }
    sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return INF_OK;
}

static void sqlite_close_state(SqliteJournal* sqlite) {
    for (int i = 0; i < STORE_COUNT; i++) {
        sqlite3_finalize(sqlite->statements[i]);
    }
    sqlite3_close(sqlite->db);
    journal_witness_close(&sqlite->witness);
    journal_lock_release(sqlite->lock);
    free(sqlite->tips_blob);
    free(sqlite->db_path);
    free(sqlite);
}

static void sqlite_close(InfJournal* journal) {
    SqliteJournal* sqlite = journal->state;
    if (inf_journal_has_failed(journal)) {
        sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    sqlite_close_state(sqlite);
}

static const JournalStore sqlite_store = {
    .commit = sqlite_commit,
    .idle = sqlite_idle,
    .snapshot_record = sqlite_snapshot_record,
    .snapshot_find = sqlite_snapshot_find,
    .cursor_open = sqlite_cursor_open,
    .cursor_next = sqlite_cursor_next,
    .cursor_close = sqlite_cursor_close,
    .check = sqlite_check,
    .query_open = sqlite_query_open,
    .query_close = sqlite_query_close,
    .query_statements = sqlite_query_statements,
    .query_discoveries = sqlite_query_discoveries,
    .query_obituaries = sqlite_query_obituaries,
    .query_soul = sqlite_query_soul,
    .query_departed = sqlite_query_departed,
    .query_feelings = sqlite_query_feelings,
    .query_habits = sqlite_query_habits,
    .query_tag = sqlite_query_tag,
    .query_lineage = sqlite_query_lineage,
    .query_record = sqlite_query_record,
    .close = sqlite_close,
};

static InfResult connect_in_mode(SqliteJournal* sqlite, const InfJournalDef* def, InfJournalError* error) {
    struct stat status;
    bool exists = stat(sqlite->db_path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
        return JOURNAL_ERROR(error, INF_ERROR_FORMAT, "%s is not a file", sqlite->db_path);
    }
    if (!exists && journal_witness_exists(def->folder)) {
        return JOURNAL_ERROR(error, INF_ERROR_NOT_FOUND,
                             "%s is missing, but %s/journal.head says that there was a galaxy; restore a backup (or remove "
                             "journal.head to begin a new galaxy)",
                             sqlite->db_path, def->folder);
    }
    if (!exists && (def->mode == INF_JOURNAL_OPEN || def->mode == INF_JOURNAL_READ)) {
        return JOURNAL_ERROR(error, INF_ERROR_NOT_FOUND, "there is no galaxy in %s (no journal.db)", def->folder);
    }
    if (def->mode != INF_JOURNAL_READ) {
        InfResult result = journal_lock_take(def->folder, &sqlite->lock, error);
        return result != INF_OK ? result
                                : sqlite_connect(sqlite->db_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, false,
                                                 &sqlite->db, error);
    }
    InfResult result = sqlite_connect(sqlite->db_path, SQLITE_OPEN_READONLY, false, &sqlite->db, error);
    int64_t objects;
    if (result == INF_OK && read_number(sqlite, "SELECT count(*) FROM sqlite_schema", &objects, error) == INF_ERROR_DENIED) {
        // A folder in which no -shm file can be made, after a clean stop: nobody writes, so no locks are needed.
        char wal_path[4200];
        snprintf(wal_path, sizeof wal_path, "%s-wal", sqlite->db_path);
        if (stat(wal_path, &status) != 0 || status.st_size == 0) {
            sqlite3_close(sqlite->db);
            sqlite->immutable = true;
            result = sqlite_connect(sqlite->db_path, SQLITE_OPEN_READONLY, true, &sqlite->db, error);
        }
    }
    return result;
}

static InfResult open_state(SqliteJournal* sqlite, const InfJournalDef* def, InfJournalMeta* meta, JournalHead* head,
                            InfJournalError* error) {
    uint8_t head_hash[INF_JOURNAL_HASH_BYTES];
    bool is_new = false;
    InfResult result = connect_in_mode(sqlite, def, error);
    result = result != INF_OK ? result : identify(sqlite, def, &is_new, error);
    if (result == INF_OK && is_new) {
        *meta = def->meta;
        result = create_tables(sqlite, def->folder, meta, error);
    }
    result = result != INF_OK ? result : check_contents(sqlite, def, meta, head, head_hash, error);
    if (result == INF_OK && def->mode != INF_JOURNAL_READ) {
        result = prepare_writing(sqlite, meta, head, head_hash, error);
    }
    return result;
}

InfResult inf_journal_open(const InfJournalDef* def, InfJournal** out_journal, InfJournalError* out_error) {
    *out_journal = NULL;
    InfResult result = journal_check_def(def, out_error);
    if (result == INF_OK && def->folder == NULL) {
        result = JOURNAL_ERROR(out_error, INF_ERROR_RANGE, "a journal on disk needs a folder");
    }
    if (result == INF_OK && (def->mode == INF_JOURNAL_OPEN_OR_CREATE || def->mode == INF_JOURNAL_CREATE)) {
        result = make_folder(def->folder, out_error);
    }
    if (result != INF_OK) {
        return result;
    }
    SqliteJournal* sqlite = calloc(1, sizeof *sqlite);
    size_t path_bytes = strlen(def->folder) + sizeof "/journal.db";
    char* path = malloc(path_bytes);
    if (sqlite == NULL || path == NULL) {
        free(sqlite);
        free(path);
        return JOURNAL_ERROR(out_error, INF_ERROR_MEMORY, "out of memory for a journal");
    }
    snprintf(path, path_bytes, "%s/journal.db", def->folder);
    sqlite->db_path = path;
    sqlite->witness.fd = -1;
    InfJournalMeta meta = {0};
    JournalHead head = {0};
    result = open_state(sqlite, def, &meta, &head, out_error);
    InfJournal* journal = result == INF_OK ? journal_create(&sqlite_store, &meta, def->folder) : NULL;
    if (journal == NULL) {
        result = result != INF_OK ? result : JOURNAL_ERROR(out_error, INF_ERROR_MEMORY, "out of memory for a journal");
        sqlite_close_state(sqlite);
        free(head.tips);
        return result;
    }
    journal->state = sqlite;
    journal->read_only = def->mode == INF_JOURNAL_READ;
    result = journal_start(journal, &head, out_error);
    if (result == INF_OK && def->check == INF_JOURNAL_CHECK_FULL) {
        result = inf_journal_verify(journal, out_error);
    }
    free(head.tips);
    if (result != INF_OK) {
        inf_journal_close(journal);
        return result;
    }
    *out_journal = journal;
    return INF_OK;
}
