/// chain.c: the bytes that are hashed. Every hash is BLAKE2b-256 over a domain text with its closing zero and
/// then little-endian fields, so that no hash of one kind can pass for another.
///
///   record   "infinity journal record 1", galaxy 16, shard 4, tick 8, previous 32, world_hash 8, bytes 8, inputs
///   head     "infinity journal head 1", galaxy 16, tick 8, projected 8, shards × (tip tick 8, tip hash 32)
///   meta     "infinity journal meta 1", galaxy 16, seed 8, generator 4, rules 4, shards 4, created 8, schema 4
///   snapshot "infinity journal snapshot 1", galaxy 16, tick 8, shard 4, world 8, tip tick 8, bytes 8, tip 32, file 32
#include "internal.h"
#include <sodium.h>

static void hash_begin(crypto_generichash_state* state, const char* domain, const uint8_t* galaxy_id) {
    crypto_generichash_init(state, NULL, 0, INF_JOURNAL_HASH_BYTES);
    crypto_generichash_update(state, (const unsigned char*)domain, strlen(domain) + 1);
    if (galaxy_id != NULL) {
        crypto_generichash_update(state, galaxy_id, INF_GALAXY_ID_BYTES);
    }
}

void journal_put_u32(uint8_t* at, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

void journal_put_u64(uint8_t* at, uint64_t value) {
    for (int i = 0; i < 8; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

uint32_t journal_get_u32(const uint8_t* at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint64_t journal_get_u64(const uint8_t* at) {
    return (uint64_t)journal_get_u32(at) | (uint64_t)journal_get_u32(at + 4) << 32;
}

bool journal_hash_equal(const uint8_t* a, const uint8_t* b) {
    return memcmp(a, b, INF_JOURNAL_HASH_BYTES) == 0;
}

void journal_hash(const char* domain, const void* bytes, size_t count, uint8_t out[INF_JOURNAL_HASH_BYTES]) {
    crypto_generichash_state state;
    hash_begin(&state, domain, NULL);
    crypto_generichash_update(&state, bytes, count);
    crypto_generichash_final(&state, out, INF_JOURNAL_HASH_BYTES);
}

void inf_journal_record_hash(const uint8_t galaxy_id[INF_GALAXY_ID_BYTES], const InfJournalRecord* record,
                             uint8_t out_hash[INF_JOURNAL_HASH_BYTES]) {
    uint8_t fields[4 + 8 + INF_JOURNAL_HASH_BYTES + 8 + 8];
    journal_put_u32(fields, record->shard);
    journal_put_u64(fields + 4, record->tick);
    memcpy(fields + 12, record->previous, INF_JOURNAL_HASH_BYTES);
    journal_put_u64(fields + 44, record->world_hash);
    journal_put_u64(fields + 52, record->inputs_bytes);
    crypto_generichash_state state;
    hash_begin(&state, "infinity journal record 1", galaxy_id);
    crypto_generichash_update(&state, fields, sizeof fields);
    if (record->inputs_bytes > 0) {
        crypto_generichash_update(&state, record->inputs, record->inputs_bytes);
    }
    crypto_generichash_final(&state, out_hash, INF_JOURNAL_HASH_BYTES);
}

void journal_head_hash(const InfJournalMeta* meta, const JournalHead* head, uint8_t out[INF_JOURNAL_HASH_BYTES]) {
    uint8_t fields[16];
    journal_put_u64(fields, head->tick);
    journal_put_u64(fields + 8, head->projected_tick);
    crypto_generichash_state state;
    hash_begin(&state, "infinity journal head 1", meta->galaxy_id);
    crypto_generichash_update(&state, fields, sizeof fields);
    for (uint32_t shard = 0; shard < meta->shard_count; shard++) {
        uint8_t tip[JOURNAL_HEAD_BYTES_PER_SHARD];
        journal_put_u64(tip, head->tips[shard].tick);
        memcpy(tip + 8, head->tips[shard].hash, INF_JOURNAL_HASH_BYTES);
        crypto_generichash_update(&state, tip, sizeof tip);
    }
    crypto_generichash_final(&state, out, INF_JOURNAL_HASH_BYTES);
}

void journal_meta_hash(const InfJournalMeta* meta, uint32_t schema_version, uint8_t out[INF_JOURNAL_HASH_BYTES]) {
    uint8_t fields[32];
    journal_put_u64(fields, meta->seed);
    journal_put_u32(fields + 8, meta->generator_version);
    journal_put_u32(fields + 12, meta->rules_version);
    journal_put_u32(fields + 16, meta->shard_count);
    journal_put_u64(fields + 20, meta->created_unix_s);
    journal_put_u32(fields + 28, schema_version);
    crypto_generichash_state state;
    hash_begin(&state, "infinity journal meta 1", meta->galaxy_id);
    crypto_generichash_update(&state, fields, sizeof fields);
    crypto_generichash_final(&state, out, INF_JOURNAL_HASH_BYTES);
}

void journal_snapshot_row_hash(const InfJournalMeta* meta, const JournalSnapshotRow* row,
                               uint8_t out[INF_JOURNAL_HASH_BYTES]) {
    uint8_t fields[36];
    journal_put_u64(fields, row->tick);
    journal_put_u32(fields + 8, row->shard);
    journal_put_u64(fields + 12, row->world_hash);
    journal_put_u64(fields + 20, row->tip.tick);
    journal_put_u64(fields + 28, row->file_bytes);
    crypto_generichash_state state;
    hash_begin(&state, "infinity journal snapshot 1", meta->galaxy_id);
    crypto_generichash_update(&state, fields, sizeof fields);
    crypto_generichash_update(&state, row->tip.hash, INF_JOURNAL_HASH_BYTES);
    crypto_generichash_update(&state, row->file_hash, INF_JOURNAL_HASH_BYTES);
    crypto_generichash_final(&state, out, INF_JOURNAL_HASH_BYTES);
}
