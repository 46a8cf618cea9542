// What moving a soul costs. Part two: a copy with its signed lineage, by all that a server does for it: a fresh key from the
// keyring (SQLite, durable), the founding record of the copy and its identity, the two records of the lineage, each written
// as canonical JSON and signed by its soul and by the server, the inputs Record, Record and Copy through the real shards
// with a journal on the disk, and the ticks that apply them. All threads count: CPU of the process over the number of copies.
#include "transfer.h"

#include <infinity/soul.h>
#include <shard/shards.h>
#include <souls/keyring.h>
#include <souls/lineage.h>

#include <sodium.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ORIGINALS 32u

typedef struct Copies {
    InfShards* shards;
    InfKeyring* keyring;
    InfSignKey server;
    uint64_t originals[ORIGINALS];
    uint32_t made;
    uint64_t lineage_bytes;
} Copies;

static int remove_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static bool submit(Copies* copies, const InfInput* input) { return inf_shards_submit(copies->shards, 0, input) == INF_OK; }

static const InfSoul* soul_of(const Copies* copies, uint64_t id)
{
    uint32_t shard, index1, count;
    return inf_shards_find_soul(copies->shards, id, &shard, &index1)
               ? &inf_world_souls(inf_shards_world(copies->shards, shard), &count)[index1 - 1]
               : NULL;
}

static void begin_record(const Copies* copies, InfLineageRecord* record, InfLineageAct act, const uint8_t* identity, uint32_t epoch)
{
    memset(record, 0, sizeof *record);
    record->act = act;
    record->epoch = epoch;
    record->tick = inf_shards_now(copies->shards) + 1;
    memcpy(record->identity, identity, 32);
    memcpy(record->galaxy, inf_shards_galaxy_id(copies->shards), sizeof record->galaxy);
    memcpy(record->server, copies->server.public_key, 32);
}

static void found(const Copies* copies, InfLineageRecord* record, const uint8_t* key, const char* name)
{
    InfFounding* founding = &record->founding;
    record->has_founding = true;
    memcpy(founding->key, key, 32);
    memcpy(founding->galaxy, inf_shards_galaxy_id(copies->shards), sizeof founding->galaxy);
    randombytes_buf(founding->nonce, sizeof founding->nonce);
    founding->tick = record->tick;
    snprintf(founding->name, sizeof founding->name, "%.*s", INF_NAME_BYTES - 1, name);
}

/// Write, sign by soul and server, and put it into the tick.
static bool put_record(Copies* copies, uint64_t soul, const InfLineageRecord* record, const InfSignKey* key, uint8_t out_hash[32])
{
    static InfInput input;
    size_t bytes = 0;
    char* text = inf_lineage_write(record, &copies->server, key, NULL, &bytes, out_hash, NULL);
    if (text == NULL || bytes > INF_RECORD_BYTES) {
        free(text);
        return false;
    }
    memset(&input, 0, sizeof input);
    input.kind = INF_INPUT_KIND_Record;
    input.Record.soul = soul;
    input.Record.act = (uint8_t)record->act;
    memcpy(input.Record.identity, record->identity, 32);
    memcpy(input.Record.hash, out_hash, 32);
    memcpy(input.Record.text, text, bytes);
    input.Record.text_bytes = (uint16_t)bytes;
    copies->lineage_bytes += bytes;
    free(text);
    return submit(copies, &input);
}

static bool bind(Copies* copies, const InfSoul* soul, const InfSignKey* key, uint64_t number)
{
    InfLineageRecord record;
    InfInput input = {.kind = INF_INPUT_KIND_Bind};
    static const uint8_t nobody[32];
    begin_record(copies, &record, INF_LINEAGE_FOUNDED, nobody, 1);
    found(copies, &record, key->public_key, (const char*)soul->name);
    inf_founding_identity(&record.founding, record.identity);
    input.Bind.soul = soul->id;
    memcpy(input.Bind.key, key->public_key, 32);
    memcpy(input.Bind.identity, record.identity, 32);
    memcpy(input.Bind.root, record.identity, 32);
    return inf_keyring_keep(copies->keyring, record.identity, number, NULL) &&
           put_record(copies, soul->id, &record, key, input.Bind.lineage) && submit(copies, &input);
}

/// As the server does it for the soul itself; see server/acts_inputs.c.
static bool copy(Copies* copies, const InfSoul* of)
{
    InfSignKey fresh, key;
    uint64_t number;
    InfLineageRecord made, original;
    InfInput input = {.kind = INF_INPUT_KIND_Copy};
    if (!inf_keyring_get(copies->keyring, of->identity, &key, NULL) || !inf_keyring_derive(copies->keyring, &fresh, &number, NULL)) {
        return false;
    }
    begin_record(copies, &made, INF_LINEAGE_COPIED, of->identity, 1);
    found(copies, &made, fresh.public_key, (const char*)of->name);
    made.founding.is_copy = true;
    memcpy(made.founding.parent, of->identity, 32);
    memcpy(made.founding.root, of->root, 32);
    inf_founding_identity(&made.founding, made.identity);
    begin_record(copies, &original, INF_LINEAGE_COPIED, of->identity, of->epoch);
    original.previous_count = 1;
    memcpy(original.previous[0], of->lineage, 32);
    memcpy(original.other, made.identity, 32);
    bool fine = inf_keyring_keep(copies->keyring, made.identity, number, NULL) &&
                put_record(copies, of->id, &original, &key, input.Copy.lineage_of);
    made.previous_count = 1;
    memcpy(made.previous[0], input.Copy.lineage_of, 32);
    memcpy(made.other, of->identity, 32);
    fine = fine && put_record(copies, 0, &made, &fresh, input.Copy.lineage);
    input.Copy.soul = of->id;
    input.Copy.of = of->id;
    memcpy(input.Copy.name, of->name, INF_NAME_BYTES);
    memcpy(input.Copy.key, fresh.public_key, 32);
    memcpy(input.Copy.identity, made.identity, 32);
    return fine && submit(copies, &input);
}

static uint32_t copied_in_tick(const Copies* copies)
{
    uint32_t count = 0;
    const InfWorld* world = inf_shards_world(copies->shards, 0);
    for (const InfEvent* event = inf_world_next_event(world, NULL); event != NULL; event = inf_world_next_event(world, event)) {
        count += event->kind == INF_EVENT_KIND_Copied;
    }
    return count;
}

/// A soul that stays where it is put, since it is decided from outside, with a key of the keyring's.
static bool give_birth(Copies* copies, uint32_t index)
{
    InfInput input = {.kind = INF_INPUT_KIND_MindBirth};
    InfSignKey key;
    uint64_t number;
    if (!inf_keyring_derive(copies->keyring, &key, &number, NULL)) {
        return false;
    }
    memcpy(input.MindBirth.key, key.public_key, 32);
    input.MindBirth.credits = 1000000;
    input.MindBirth.hull = INF_HULL_SHUTTLE;
    memset(input.MindBirth.traits, 128, INF_TRAITS);
    submit(copies, &input);
    inf_shards_tick(copies->shards);
    uint32_t count;
    const InfSoul* souls = inf_world_souls(inf_shards_world(copies->shards, 0), &count);
    for (uint32_t i = 0; i < count; i++) {
        if ((souls[i].generation & 1u) != 0 && memcmp(souls[i].key, key.public_key, 32) == 0) {
            copies->originals[index] = souls[i].id;
            bool fine = bind(copies, &souls[i], &key, number);
            inf_shards_tick(copies->shards);
            return fine;
        }
    }
    return false;
}

static bool prepare(Copies* copies, const char* folder, uint32_t wanted)
{
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.shard_count = 1;
    def.minds = 0;
    def.souls_capacity = wanted + 1000;
    def.threads = 1;
    InfShardsError error;
    if (!inf_sign_start() || inf_shards_open(&def, &copies->shards, &error) != INF_OK ||
        (copies->keyring = inf_keyring_open(folder, NULL)) == NULL) {
        fprintf(stderr, "infinity-bench: the galaxy of the bench cannot be made in %s\n", folder);
        return false;
    }
    inf_sign_key_draw(&copies->server);
    for (uint32_t i = 0; i < ORIGINALS; i++) {
        if (!give_birth(copies, i)) {
            return false;
        }
    }
    return inf_shards_wait_durable(copies->shards, -1) == INF_OK;
}

static bool make_all(Copies* copies, uint32_t wanted)
{
    while (copies->made < wanted) {
        uint32_t before = copies->made;
        for (uint32_t i = 0; i < ORIGINALS; i++) {
            const InfSoul* of = soul_of(copies, copies->originals[i]);
            if (of == NULL || !copy(copies, of)) {
                return false;
            }
        }
        if (inf_shards_tick(copies->shards) != INF_OK) {
            return false;
        }
        copies->made += copied_in_tick(copies);
        if (copies->made == before) {
            return false; // the rules took none
        }
    }
    return inf_shards_wait_durable(copies->shards, -1) == INF_OK;
}

int bench_transfer_copies(BenchArgs args)
{
    uint32_t wanted = (uint32_t)bench_option(&args, "copies", 2000);
    char folder[] = "/tmp/inf-bench-copies-XXXXXX";
    Copies copies = {0};
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    bool fine = prepare(&copies, folder, wanted);
    double cpu = bench_cpu_s(), wall = bench_wall_s();
    fine = fine && make_all(&copies, wanted);
    cpu = bench_cpu_s() - cpu;
    wall = bench_wall_s() - wall;
    const char* wrong = fine ? inf_shards_check(copies.shards) : "the copies could not be made";
    uint32_t count = 0;
    if (fine) {
        inf_world_souls(inf_shards_world(copies.shards, 0), &count);
    }
    bench_say("%u copies with signed lineages in %.2f s, journal and keyring on the disk, %.0f bytes of records each; %s", copies.made, wall,
              (double)copies.lineage_bytes / (double)(copies.made + 1), wrong == NULL ? "the galaxy is whole" : wrong);
    bench_result("copy_cpu_us", copies.made != 0 ? cpu * 1e6 / (double)copies.made : 0);
    bench_result("copies_per_s", (double)copies.made / wall);
    inf_keyring_close(copies.keyring);
    if (copies.shards != NULL) {
        inf_shards_abandon(copies.shards);
    }
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return wrong == NULL ? 0 : 1;
}
