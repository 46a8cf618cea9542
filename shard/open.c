// Opening a galaxy (found it, or restore a snapshot and replay what came after), and closing it. Its tick is in shards.c.
#define _GNU_SOURCE
#include "shard/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define SHARDS_COOKIE 0x5a4d5ul

InfShardsDef inf_shards_def_default(void)
{
    return (InfShardsDef){.cookie = SHARDS_COOKIE,
                          .store = INF_SHARDS_NONE,
                          .seed = 42,
                          .shard_count = 16,
                          .minds = 2000,
                          .stations_radius_mly = 48000,
                          .snapshot_ticks = 10 * 60 * INF_TICKS_PER_SECOND};
}

// Pools are big and fill slowly: pages of a fresh mapping are zero and cost nothing until they are touched.
static void* map_reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
{
    (void)user;
    if (new_bytes == 0) {
        munmap(old, old_bytes);
        return NULL;
    }
    void* memory = mmap(NULL, new_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

InfAllocator inf_shards_allocator(void)
{
    return (InfAllocator){.reallocate = map_reallocate, .gives_zeroed = true};
}

static InfResult fail(InfShardsError* error, InfResult result, const char* format, ...)
{
    error->result = result;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return result;
}

// ---- worlds -----------------------------------------------------------------------------------------------------

static InfWorldDef world_def(const InfShards* shards, uint32_t shard, uint32_t souls_capacity)
{
    InfWorldDef def = inf_world_def_default();
    def.shard = shard;
    def.shard_count = shards->count;
    def.galaxy = shards->galaxy;
    // Souls are not spread evenly: twice the mean, and a floor that a small galaxy may grow into.
    uint32_t mean = souls_capacity / shards->count;
    def.capacity = inf_capacity_for_souls(mean * 2 + 512);
    def.allocator = inf_shards_allocator();
    return def;
}

static InfResult create_worlds(InfShards* shards, uint32_t souls_capacity, InfShardsError* error)
{
    for (uint32_t s = 0; s < shards->count; s++) {
        InfWorldDef def = world_def(shards, s, souls_capacity);
        InfResult result = inf_world_create(&def, &shards->worlds[s]);
        if (result != INF_OK) {
            return fail(error, result, "Cannot create shard %u: %s. Ask for fewer minds.", s, inf_result_text(result));
        }
    }
    return INF_OK;
}

static void destroy_worlds(InfShards* shards)
{
    for (uint32_t s = 0; s < shards->count; s++) {
        inf_world_destroy(shards->worlds[s]);
        shards->worlds[s] = NULL;
    }
}

static uint32_t wanted_capacity(const InfShardsDef* def)
{
    uint32_t wanted = def->souls_capacity != 0 ? def->souls_capacity : def->minds + def->minds / 2 + 4096;
    return wanted < def->minds ? def->minds : wanted;
}

static InfResult found(InfShards* shards, InfShardsError* error)
{
    const InfShardsDef* def = &shards->def;
    uint32_t souls_capacity = wanted_capacity(def);
    InfResult result = create_worlds(shards, souls_capacity, error);
    if (result != INF_OK) {
        return result;
    }
    shards->created = true;
    InfInput input = {.kind = INF_INPUT_KIND_Found};
    input.Found = (InfInputFound){.minds = def->minds,
                                  .souls_capacity = souls_capacity,
                                  .stations_radius_mly = def->stations_radius_mly,
                                  .kind = (uint8_t)def->kind};
    if (def->kind == INF_GALAXY_KIND_AWAKE) {
        input.Found.minds = 0;
        snprintf(input.Found.host, sizeof input.Found.host, "%s", def->host != NULL ? def->host : "");
        memcpy(input.Found.host_key, def->host_key, sizeof input.Found.host_key);
    }
    for (uint32_t s = 0; s < shards->count; s++) {
        inf_shards_submit(shards, s, &input);
    }
    bool observed = shards->observed;
    shards->observed = true;
    result = inf_shards_tick(shards);
    if (result == INF_OK) {
        result = inf_shards_wait_durable(shards, -1);
    }
    shards->observed = observed;
    if (result != INF_OK) {
        return fail(error, result, "Cannot found the galaxy: %s", inf_shards_error(shards));
    }
    for (uint32_t s = 0; s < shards->count; s++) {
        for (const InfEvent* event = inf_world_next_event(shards->worlds[s], NULL); event != NULL;
             event = inf_world_next_event(shards->worlds[s], event)) {
            if (event->kind == INF_EVENT_KIND_Rejected) {
                return fail(error, event->Rejected.result, "Cannot found the galaxy in shard %u: %s.", s,
                            inf_result_text(event->Rejected.result));
            }
        }
    }
    return INF_OK;
}

// ---- restore and replay -------------------------------------------------------------------------------------------

static void report_damaged(void* user, const InfJournalError* error)
{
    (void)user;
    fprintf(stderr, "infinity: a snapshot is damaged and skipped: %s\n", error->text);
}

typedef struct Restoring {
    InfShards* shards;
    InfSnapshotSet* set;
    InfResult results[INF_SHARDS_MAX];
} Restoring;

static void restore_one(void* user, uint32_t shard)
{
    Restoring* restoring = user;
    InfWorld** world = &restoring->shards->worlds[shard];
    const InfSnapshotItem* item = &restoring->set->items[shard];
    InfWorldDef def = world_def(restoring->shards, shard, 0);
    InfResult result = inf_world_decode(&def, item->payload, item->payload_bytes, world);
    if (result == INF_OK && inf_world_hash(*world) != item->world_hash) {
        result = INF_ERROR_HASH;
    }
    restoring->results[shard] = result;
    inf_snapshot_set_release(restoring->set, shard); // or it stands in memory twice
}

static InfResult restore_set(InfShards* shards, InfSnapshotSet* set)
{
    Restoring restoring = {.shards = shards, .set = set};
    inf_threads_run(shards->threads, shards->count, restore_one, &restoring);
    for (uint32_t s = 0; s < shards->count; s++) {
        if (restoring.results[s] != INF_OK) {
            destroy_worlds(shards);
            return restoring.results[s];
        }
    }
    return INF_OK;
}

// The newest snapshot that can be used. `tips` are the chains' ends at its tick; false: replay from the first tick.
static bool restore(InfShards* shards, InfJournalTip tips[INF_SHARDS_MAX])
{
    // The rows of the read models must be made from ticks after the snapshot.
    uint64_t before = inf_journal_projected_tick(shards->journal) + 1;
    if (shards->def.until_tick != 0 && shards->def.until_tick < before) {
        before = shards->def.until_tick + 1;
    }
    InfSnapshotSet* set;
    while (before > 1 && inf_snapshot_set_load(shards->journal, before, report_damaged, NULL, &set) == INF_OK) {
        InfResult result = set->shard_count == shards->count ? restore_set(shards, set) : INF_ERROR_RANGE;
        before = set->tick;
        if (result == INF_OK) {
            shards->tick = shards->last_snapshot_tick = set->tick;
            memcpy(tips, set->tips, shards->count * sizeof tips[0]);
            inf_snapshot_set_free(set);
            return true;
        }
        fprintf(stderr, "infinity: the snapshot of tick %llu cannot be used (%s); an older one is.\n",
                (unsigned long long)set->tick, inf_result_text(result));
        inf_snapshot_set_free(set);
    }
    return false;
}

// The founding input is the first of every shard; it says how large the worlds are.
static InfResult read_capacity(InfShards* shards, uint32_t* souls_capacity, InfShardsError* error)
{
    InfJournalCursor* cursor;
    InfJournalError journal_error = {0};
    InfResult result = inf_journal_cursor_open(shards->journal, 0, 1, NULL, &cursor, &journal_error);
    if (result != INF_OK) {
        return fail(error, result, "%s", journal_error.text);
    }
    InfJournalRecord record;
    result = inf_journal_cursor_next(cursor, &record);
    static InfInput input;
    size_t mark_bytes = result == INF_OK && inf_shards_is_marked(&record) ? INF_SHARD_MARK_BYTES : 0;
    InfReader reader = inf_reader_make(record.inputs + mark_bytes, result == INF_OK ? record.inputs_bytes - mark_bytes : 0);
    if (result != INF_OK) {
        fail(error, result, "%s", inf_journal_cursor_get_error(cursor)->text);
    } else if (inf_input_read(&reader, &input) != INF_OK || input.kind != INF_INPUT_KIND_Found) {
        result = fail(error, INF_ERROR_FORMAT, "The journal does not begin with the founding of a galaxy.");
    } else {
        *souls_capacity = input.Found.souls_capacity;
    }
    inf_journal_cursor_close(cursor);
    return result;
}

static InfResult take_record(InfShards* shards, const InfJournalRecord* record, InfShardsError* error)
{
    if (record->world_hash != 0 && inf_world_hash(shards->worlds[record->shard]) != record->world_hash) {
        return fail(error, INF_ERROR_HASH,
                    "Replay differs from what was lived: shard %u before tick %llu has another hash than the journal says. "
                    "The journal was made by other rules, or memory is faulty. Nothing was changed; restore a backup or run "
                    "the program that made it.",
                    record->shard, (unsigned long long)record->tick);
    }
    InfShardQueue* queue = &shards->queues[record->shard];
    size_t mark_bytes = inf_shards_is_marked(record) ? INF_SHARD_MARK_BYTES : 0, bytes = record->inputs_bytes - mark_bytes;
    if (bytes > INF_SHARD_INPUT_BYTES - queue->batch_bytes) {
        return fail(error, INF_ERROR_RANGE, "The record of shard %u, tick %llu is too large.", record->shard,
                    (unsigned long long)record->tick);
    }
    if (bytes > 0) {
        memcpy(queue->batch + queue->batch_bytes, record->inputs + mark_bytes, bytes);
        queue->batch_bytes += bytes;
    }
    return INF_OK;
}

static InfResult replay_ticks(InfShards* shards, InfJournalCursor* cursor, InfShardsError* error)
{
    uint64_t head = inf_journal_cursor_head(cursor);
    if (shards->def.until_tick != 0 && shards->def.until_tick < head) {
        head = shards->def.until_tick;
    }
    uint64_t first = shards->tick, projected = inf_journal_projected_tick(shards->journal);
    shards->rows_tick = projected;
    InfJournalRecord record;
    bool computes_routes = false; // until the journal says so, everything stands in the records
    InfResult next = inf_journal_cursor_next(cursor, &record);
    while (shards->tick < head) {
        uint64_t tick = shards->tick + 1;
        computes_routes = computes_routes || (next == INF_OK && record.tick == tick && inf_shards_is_marked(&record));
        if (computes_routes) {
            inf_shards_route_worlds(shards);
        }
        for (uint32_t s = 0; s < shards->count && !computes_routes; s++) {
            shards->queues[s].batch_bytes = 0;
        }
        for (; next == INF_OK && record.tick == tick; next = inf_journal_cursor_next(cursor, &record)) {
            InfResult result = take_record(shards, &record, error);
            if (result != INF_OK) {
                return result;
            }
        }
        if (next != INF_OK && next != INF_ERROR_NOT_FOUND) {
            return fail(error, next, "%s", inf_journal_cursor_get_error(cursor)->text);
        }
        inf_shards_compute(shards);
        shards->tick = tick;
        if (tick > projected && !shards->read_only && inf_shards_project(shards) != INF_OK) {
            return fail(error, INF_ERROR_MEMORY, "Out of memory while the journal was replayed.");
        }
        if (shards->def.progress != NULL && (tick % 1000 == 0 || tick == head)) {
            shards->def.progress(shards->def.progress_user, tick - first, head - first);
        }
    }
    shards->replayed_ticks = shards->tick - first;
    return INF_OK;
}

static InfResult reopen(InfShards* shards, InfShardsError* error)
{
    InfJournalTip tips[INF_SHARDS_MAX];
    bool restored = !shards->def.from_beginning && restore(shards, tips);
    if (!restored) {
        uint32_t souls_capacity = 0;
        InfResult result = read_capacity(shards, &souls_capacity, error);
        if (result == INF_OK) {
            result = create_worlds(shards, souls_capacity, error);
        }
        if (result != INF_OK) {
            return result;
        }
    }
    InfJournalCursor* cursor;
    InfJournalError journal_error = {0};
    InfResult result = inf_journal_cursor_open(shards->journal, INF_JOURNAL_ALL_SHARDS, shards->tick + 1,
                                               restored ? tips : NULL, &cursor, &journal_error);
    if (result != INF_OK) {
        return fail(error, result, "%s", journal_error.text);
    }
    result = replay_ticks(shards, cursor, error);
    inf_journal_cursor_close(cursor);
    return result;
}

static InfResult open_journal(InfShards* shards, InfShardsError* error)
{
    InfJournalDef def = inf_journal_def_default();
    def.folder = shards->def.folder;
    def.meta.seed = shards->def.seed;
    def.meta.generator_version = INF_GALAXY_VERSION;
    def.meta.rules_version = INF_RULES_VERSION;
    def.meta.shard_count = shards->def.shard_count;
    InfJournalError journal_error = {0};
    InfResult result;
    if (shards->def.store == INF_SHARDS_MEMORY) {
        def.mode = INF_JOURNAL_CREATE;
        result = inf_journal_open_memory(&def, &shards->journal, &journal_error);
    } else {
        def.mode = shards->read_only ? INF_JOURNAL_READ : INF_JOURNAL_OPEN;
        result = inf_journal_open(&def, &shards->journal, &journal_error);
        if (result == INF_ERROR_NOT_FOUND && !shards->read_only) {
            def.mode = INF_JOURNAL_CREATE;
            result = inf_journal_open(&def, &shards->journal, &journal_error);
        }
    }
    if (result != INF_OK) {
        return fail(error, result, "%s", journal_error.text);
    }
    const InfJournalMeta* meta = inf_journal_get_meta(shards->journal);
    if (meta->shard_count > INF_SHARDS_MAX || (meta->shard_count & (meta->shard_count - 1)) != 0) {
        return fail(error, INF_ERROR_RANGE, "The galaxy has %u shards; this program runs powers of two up to %d.",
                    meta->shard_count, INF_SHARDS_MAX);
    }
    if (meta->generator_version != INF_GALAXY_VERSION || meta->rules_version != INF_RULES_VERSION) {
        return fail(error, INF_ERROR_VERSION,
                    "The galaxy was made with generator version %u and rules version %u; this program has %u and %u, and only "
                    "the same ones give the same galaxy again. Run a program that has them, or begin a new galaxy in another "
                    "folder. Nothing was changed.",
                    meta->generator_version, meta->rules_version, INF_GALAXY_VERSION, INF_RULES_VERSION);
    }
    shards->count = meta->shard_count;
    shards->galaxy.seed = meta->seed;
    shards->galaxy.version = meta->generator_version;
    return INF_OK;
}

static InfResult open_snapshots(InfShards* shards, InfShardsError* error)
{
    InfSnapshotDef def = inf_snapshot_def_default();
    for (uint32_t s = 0; s < shards->count; s++) {
        size_t bytes = inf_world_encoded_bytes_max(shards->worlds[s]);
        def.capacity_bytes = bytes > def.capacity_bytes || s == 0 ? bytes : def.capacity_bytes;
    }
    InfJournalError journal_error = {0};
    InfResult result = inf_snapshot_writer_create(shards->journal, &def, &shards->snapshots, &journal_error);
    return result == INF_OK ? INF_OK : fail(error, result, "%s", journal_error.text);
}

static bool take_buffers(InfShards* shards)
{
    for (uint32_t s = 0; s < shards->count; s++) {
        shards->queues[s].next = malloc(INF_SHARD_INPUT_BYTES);
        shards->queues[s].batch = malloc(INF_SHARD_INPUT_BYTES);
        if (shards->queues[s].next == NULL || shards->queues[s].batch == NULL) {
            return false;
        }
    }
    shards->tells_routes = true;
    shards->marked = malloc(INF_SHARD_MARK_BYTES + INF_SHARD_INPUT_BYTES);
    shards->threads = inf_threads_create(shards->def.threads);
    return shards->threads != NULL && shards->marked != NULL;
}

static InfResult open_all(InfShards* shards, InfShardsError* error)
{
    InfResult result = shards->def.store != INF_SHARDS_NONE ? open_journal(shards, error) : INF_OK;
    if (result != INF_OK) {
        return result;
    }
    if (!take_buffers(shards)) {
        return fail(error, INF_ERROR_MEMORY, "Out of memory.");
    }
    bool empty = shards->journal == NULL || inf_journal_appended_tick(shards->journal) == 0;
    if (empty && shards->read_only) {
        return fail(error, INF_ERROR_NOT_FOUND, "There is nothing to replay: the galaxy has not begun.");
    }
    result = empty ? found(shards, error) : reopen(shards, error);
    if (result == INF_OK && shards->def.store == INF_SHARDS_FOLDER && !shards->read_only) {
        result = open_snapshots(shards, error);
    }
    // From the one that was loaded: a server that dies again and again before its time takes one at last, too.
    shards->next_snapshot_tick =
        shards->def.snapshot_ticks != 0 ? shards->last_snapshot_tick + shards->def.snapshot_ticks : UINT64_MAX;
    return result;
}

InfResult inf_shards_open(const InfShardsDef* def, InfShards** out, InfShardsError* error)
{
    *out = NULL;
    memset(error, 0, sizeof *error);
    INF_ASSERT(def->cookie == SHARDS_COOKIE);
    if (def->shard_count == 0 || def->shard_count > INF_SHARDS_MAX || (def->shard_count & (def->shard_count - 1)) != 0) {
        return fail(error, INF_ERROR_RANGE, "The number of shards must be a power of two up to %d.", INF_SHARDS_MAX);
    }
    InfShards* shards = calloc(1, sizeof *shards);
    if (shards == NULL) {
        return fail(error, INF_ERROR_MEMORY, "Out of memory.");
    }
    shards->def = *def;
    shards->read_only = def->store == INF_SHARDS_FOLDER && def->read_only;
    shards->count = def->shard_count;
    shards->galaxy = (InfGalaxyDef){.seed = def->seed, .version = INF_GALAXY_VERSION};
    InfResult result = open_all(shards, error);
    if (result != INF_OK) {
        inf_shards_abandon(shards);
        return result;
    }
    *out = shards;
    return INF_OK;
}

void inf_shards_abandon(InfShards* shards)
{
    if (shards == NULL) {
        return;
    }
    inf_snapshot_writer_destroy(shards->snapshots);
    inf_journal_close(shards->journal);
    inf_threads_destroy(shards->threads);
    destroy_worlds(shards);
    for (uint32_t s = 0; s < INF_SHARDS_MAX; s++) {
        free(shards->queues[s].next);
        free(shards->queues[s].batch);
    }
    inf_rows_free(&shards->rows);
    free(shards->marked);
    free(shards);
}

void inf_shards_close(InfShards* shards)
{
    // A snapshot, and ticks until it is recorded: they also bring in the rows of its tick.
    if (shards != NULL && shards->snapshots != NULL && !shards->failed) {
        shards->next_snapshot_tick = shards->tick + 1;
        shards->observed = true;
        uint64_t before = shards->last_snapshot_tick;
        for (int i = 0; i < 3000 && shards->last_snapshot_tick == before; i++) {
            if (inf_shards_tick(shards) != INF_OK || inf_shards_wait_durable(shards, -1) != INF_OK) {
                break;
            }
            struct timespec moment = {0, 2000000};
            nanosleep(&moment, NULL);
        }
    }
    inf_shards_abandon(shards);
}
