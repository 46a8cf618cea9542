// The keyring of a server; see keyring.h.
//
// One table: identity, where its secret is from (a number of the derivation, or the seed itself), and whether it was
// forgotten. Forgetting overwrites the seed in the row (secure_delete overwrites it in the file). Numbers come from
// another table that only ever grows; a block of them is committed before the first key of it is handed out.
#include "souls/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(INF_KEYRING_SEALED_BYTES == INF_SIGN_SEED_BYTES + crypto_box_SEALBYTES, "as the header says");
_Static_assert(crypto_kdf_KEYBYTES == INF_SIGN_SEED_BYTES, "the seed of souls.key feeds the derivation");

#define BLOCK 64 // numbers that are set aside at once

enum { GET, PUT, FORGET, COUNT, NEXT, STATEMENTS };
static const char* const texts[STATEMENTS] = {
    [GET] = "SELECT number, seed, forgotten FROM keys WHERE identity = ?1",
    [PUT] = ("INSERT INTO keys (identity, number, seed, forgotten) VALUES (?1, ?2, ?3, 0) ON CONFLICT (identity) DO UPDATE "
             "SET number = excluded.number, seed = excluded.seed, forgotten = 0"),
    [FORGET] = "UPDATE keys SET seed = NULL, forgotten = 1 WHERE identity = ?1",
    [COUNT] = "SELECT count(*) FROM keys WHERE forgotten = 0",
    [NEXT] = "INSERT INTO numbers (number) SELECT coalesce(max(number), 0) + 1 FROM numbers RETURNING number",
};

#define NEAR 4096 // keys that are at hand: the database and the derivation are spared

typedef struct Near {
    uint8_t identity[32];
    InfSignKey key;
    bool is_set;
} Near;

struct InfKeyring {
    sqlite3* database;
    sqlite3_stmt* statements[STATEMENTS];
    uint8_t master[crypto_kdf_KEYBYTES];
    uint64_t next_number, block_end;
    pthread_mutex_t lock; // recursive: a batch holds it
    bool is_batch;
    Near near[NEAR]; // what the rows say; a batch that fails empties it
};

static Near* near_of(InfKeyring* keyring, const uint8_t identity[32])
{
    return &keyring->near[((uint32_t)identity[0] | (uint32_t)identity[1] << 8) % NEAR];
}

static void near_clear(InfKeyring* keyring, const uint8_t identity[32])
{
    Near* near = near_of(keyring, identity);
    if (near->is_set && memcmp(near->identity, identity, 32) == 0) sodium_memzero(near, sizeof *near);
}

static void near_set(InfKeyring* keyring, const uint8_t identity[32], const InfSignKey* key)
{
    Near* near = near_of(keyring, identity);
    *near = (Near){.key = *key, .is_set = true};
    memcpy(near->identity, identity, 32);
}

static bool database_fail(InfKeyring* keyring, InfSoulsError* error)
{
    return inf_souls_fail(error, INF_SOULS_IO, "keyring.db: %s", sqlite3_errmsg(keyring->database));
}

static bool database_open(InfKeyring* keyring, const char* path, InfSoulsError* error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0600) != 0) {
        inf_souls_fail(error, INF_SOULS_IO, "%s: %s", path, strerror(errno));
        if (fd >= 0) close(fd);
        return false;
    }
    close(fd);
    if (sqlite3_open_v2(path, &keyring->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        return database_fail(keyring, error);
    }
    sqlite3_busy_timeout(keyring->database, 5000);
    static const char schema[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
        "CREATE TABLE IF NOT EXISTS keys (identity BLOB PRIMARY KEY CHECK (length(identity) = 32), number INTEGER, seed BLOB "
        "CHECK (seed IS NULL OR length(seed) = 32), forgotten INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY);";
    if (sqlite3_exec(keyring->database, schema, NULL, NULL, NULL) != SQLITE_OK) return database_fail(keyring, error);
    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(keyring->database, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &keyring->statements[i], NULL) != SQLITE_OK) {
            return database_fail(keyring, error);
        }
    }
    return true;
}

InfKeyring* inf_keyring_open(const char* folder, InfSoulsError* error)
{
    char path[4096];
    InfKeyring* keyring = calloc(1, sizeof *keyring);
    InfSignKey master;
    if (keyring == NULL || !inf_sign_start()) {
        inf_souls_fail(error, INF_SOULS_MEMORY, "keyring");
        free(keyring);
        return NULL;
    }
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&keyring->lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    snprintf(path, sizeof path, "%s/souls.key", folder);
    bool is_well = true;
    if (access(path, F_OK) != 0) {
        inf_sign_key_draw(&master);
        is_well = inf_sign_key_write(path, "souls", NULL, &master, error);
    } else {
        is_well = inf_sign_key_read(path, &master, error);
    }
    if (is_well) memcpy(keyring->master, master.secret_key, sizeof keyring->master);
    inf_sign_key_wipe(&master);
    snprintf(path, sizeof path, "%s/keyring.db", folder);
    if (is_well && database_open(keyring, path, error)) return keyring;
    inf_keyring_close(keyring);
    return NULL;
}

void inf_keyring_close(InfKeyring* keyring)
{
    if (keyring == NULL) return;
    for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(keyring->statements[i]);
    sqlite3_close(keyring->database);
    pthread_mutex_destroy(&keyring->lock);
    sodium_memzero(keyring, sizeof *keyring);
    free(keyring);
}

// ── rows; the lock is held ───────────────────────────────────────────────────────────────────────────────────────

typedef enum Found { FOUND_NONE, FOUND_KEY, FOUND_FORGOTTEN, FOUND_FAILED } Found;

static void key_derive(const InfKeyring* keyring, uint64_t number, InfSignKey* out)
{
    uint8_t seed[INF_SIGN_SEED_BYTES];
    crypto_kdf_derive_from_key(seed, sizeof seed, number, "infsouls", keyring->master);
    inf_sign_key_from_seed(seed, out);
    sodium_memzero(seed, sizeof seed);
}

static Found row_get(InfKeyring* keyring, const uint8_t identity[32], InfSignKey* out, InfSoulsError* error)
{
    Near* near = near_of(keyring, identity);
    if (near->is_set && memcmp(near->identity, identity, 32) == 0) {
        *out = near->key;
        return FOUND_KEY;
    }
    sqlite3_stmt* get = keyring->statements[GET];
    sqlite3_bind_blob(get, 1, identity, 32, SQLITE_STATIC);
    int step = sqlite3_step(get);
    Found found = FOUND_NONE;
    if (step == SQLITE_ROW) {
        const void* seed = sqlite3_column_blob(get, 1);
        found = sqlite3_column_int(get, 2) != 0 ? FOUND_FORGOTTEN : FOUND_KEY;
        if (found == FOUND_KEY && seed != NULL) inf_sign_key_from_seed(seed, out);
        else if (found == FOUND_KEY) key_derive(keyring, (uint64_t)sqlite3_column_int64(get, 0), out);
    } else if (step != SQLITE_DONE) {
        database_fail(keyring, error);
        found = FOUND_FAILED;
    }
    sqlite3_reset(get);
    sqlite3_clear_bindings(get);
    if (found == FOUND_KEY) near_set(keyring, identity, out);
    return found;
}

static bool row_put(InfKeyring* keyring, const uint8_t identity[32], const uint64_t* number, const uint8_t* seed, InfSoulsError* error)
{
    sqlite3_stmt* put = keyring->statements[PUT];
    near_clear(keyring, identity);
    sqlite3_bind_blob(put, 1, identity, 32, SQLITE_STATIC);
    if (number != NULL) sqlite3_bind_int64(put, 2, (sqlite3_int64)*number);
    if (seed != NULL) sqlite3_bind_blob(put, 3, seed, INF_SIGN_SEED_BYTES, SQLITE_STATIC);
    bool is_put = sqlite3_step(put) == SQLITE_DONE || database_fail(keyring, error);
    sqlite3_reset(put);
    sqlite3_clear_bindings(put);
    return is_put;
}

// Put a key under an identity, unless another is there.
static bool key_put(InfKeyring* keyring, const uint8_t identity[32], const InfSignKey* key, const uint64_t* number, InfSoulsError* error)
{
    InfSignKey before;
    pthread_mutex_lock(&keyring->lock);
    Found found = row_get(keyring, identity, &before, error);
    bool is_same = found == FOUND_KEY && memcmp(before.public_key, key->public_key, 32) == 0;
    bool is_put = is_same || (found == FOUND_KEY && inf_souls_fail(error, INF_SOULS_EXISTS, "keyring")) ||
                  ((found == FOUND_NONE || found == FOUND_FORGOTTEN) &&
                   row_put(keyring, identity, number, number == NULL ? key->secret_key : NULL, error));
    if (is_put) near_set(keyring, identity, key); // it is looked for next
    pthread_mutex_unlock(&keyring->lock);
    inf_sign_key_wipe(&before);
    return is_put;
}

// ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

static bool block_take(InfKeyring* keyring, InfSoulsError* error)
{
    sqlite3_stmt* next = keyring->statements[NEXT];
    bool is_well = sqlite3_step(next) == SQLITE_ROW;
    uint64_t block = is_well ? (uint64_t)sqlite3_column_int64(next, 0) : 0;
    is_well = is_well && sqlite3_step(next) == SQLITE_DONE;
    if (!is_well) database_fail(keyring, error);
    sqlite3_reset(next);
    if (!is_well) return false;
    keyring->next_number = block * BLOCK;
    keyring->block_end = keyring->next_number + BLOCK;
    return true;
}

bool inf_keyring_derive(InfKeyring* keyring, InfSignKey* out, uint64_t* out_number, InfSoulsError* error)
{
    pthread_mutex_lock(&keyring->lock);
    bool is_well = keyring->next_number < keyring->block_end ||
                   (keyring->is_batch ? inf_souls_fail(error, INF_SOULS_IO, "keyring: a number inside of a batch")
                                      : block_take(keyring, error));
    if (is_well) *out_number = keyring->next_number++;
    pthread_mutex_unlock(&keyring->lock);
    if (is_well) key_derive(keyring, *out_number, out);
    return is_well;
}

bool inf_keyring_begin(InfKeyring* keyring, InfSoulsError* error)
{
    pthread_mutex_lock(&keyring->lock);
    keyring->is_batch = sqlite3_exec(keyring->database, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
    if (keyring->is_batch) return true;
    database_fail(keyring, error);
    pthread_mutex_unlock(&keyring->lock);
    return false;
}

bool inf_keyring_commit(InfKeyring* keyring, InfSoulsError* error)
{
    bool is_well = sqlite3_exec(keyring->database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK || database_fail(keyring, error);
    if (!is_well) {
        sqlite3_exec(keyring->database, "ROLLBACK", NULL, NULL, NULL);
        sodium_memzero(keyring->near, sizeof keyring->near);
    }
    keyring->is_batch = false;
    pthread_mutex_unlock(&keyring->lock);
    return is_well;
}

bool inf_keyring_keep(InfKeyring* keyring, const uint8_t identity[32], uint64_t number, InfSoulsError* error)
{
    InfSignKey key;
    key_derive(keyring, number, &key);
    bool is_kept = key_put(keyring, identity, &key, &number, error);
    inf_sign_key_wipe(&key);
    return is_kept;
}

// What was sealed to this server: a seed, or the key of a batch.
static bool open_box(const uint8_t* sealed, size_t sealed_bytes, const InfSignKey* server, uint8_t out[INF_SIGN_SEED_BYTES])
{
    uint8_t box_public[crypto_box_PUBLICKEYBYTES], box_secret[crypto_box_SECRETKEYBYTES];
    bool is_open = sealed_bytes == INF_KEYRING_SEALED_BYTES &&
                   crypto_sign_ed25519_pk_to_curve25519(box_public, server->public_key) == 0 &&
                   crypto_sign_ed25519_sk_to_curve25519(box_secret, server->secret_key) == 0 &&
                   crypto_box_seal_open(out, sealed, sealed_bytes, box_public, box_secret) == 0;
    sodium_memzero(box_secret, sizeof box_secret);
    return is_open;
}

// The seed must be that of the public key.
static bool seed_put(InfKeyring* keyring, const uint8_t identity[32], const uint8_t public_key[32], const uint8_t seed[INF_SIGN_SEED_BYTES],
                     InfSoulsError* error)
{
    InfSignKey key;
    inf_sign_key_from_seed(seed, &key);
    bool is_taken = memcmp(key.public_key, public_key, 32) == 0 ? key_put(keyring, identity, &key, NULL, error)
                                                                : inf_souls_fail(error, INF_SOULS_KEY, "the sealed secret");
    inf_sign_key_wipe(&key);
    return is_taken;
}

bool inf_keyring_take(InfKeyring* keyring, const uint8_t identity[32], const uint8_t public_key[32],
                      const uint8_t* sealed, size_t sealed_bytes, const InfSignKey* server, InfSoulsError* error)
{
    uint8_t seed[INF_SIGN_SEED_BYTES];
    bool is_taken = open_box(sealed, sealed_bytes, server, seed) ? seed_put(keyring, identity, public_key, seed, error)
                                                                 : inf_souls_fail(error, INF_SOULS_KEY, "the sealed secret");
    sodium_memzero(seed, sizeof seed);
    return is_taken;
}

bool inf_keyring_get(InfKeyring* keyring, const uint8_t identity[32], InfSignKey* out, InfSoulsError* error)
{
    pthread_mutex_lock(&keyring->lock);
    Found found = row_get(keyring, identity, out, error);
    pthread_mutex_unlock(&keyring->lock);
    if (found == FOUND_KEY) return true;
    memset(out, 0, sizeof *out);
    return found != FOUND_FAILED &&
           inf_souls_fail(error, found == FOUND_FORGOTTEN ? INF_SOULS_FORGOTTEN : INF_SOULS_NOT_FOUND, "keyring");
}

bool inf_keyring_has(InfKeyring* keyring, const uint8_t identity[32])
{
    InfSignKey key;
    bool has = inf_keyring_get(keyring, identity, &key, NULL);
    inf_sign_key_wipe(&key);
    return has;
}

bool inf_keyring_seal(InfKeyring* keyring, const uint8_t identity[32], const uint8_t server[32],
                      uint8_t out[INF_KEYRING_SEALED_BYTES], InfSoulsError* error)
{
    uint8_t box_public[crypto_box_PUBLICKEYBYTES];
    InfSignKey key;
    if (!inf_keyring_get(keyring, identity, &key, error)) return false;
    bool is_sealed = crypto_sign_ed25519_pk_to_curve25519(box_public, server) == 0 &&
                     crypto_box_seal(out, key.secret_key, INF_SIGN_SEED_BYTES, box_public) == 0;
    inf_sign_key_wipe(&key);
    return is_sealed || inf_souls_fail(error, INF_SOULS_KEY, "the other server's key");
}

bool inf_keyring_batch_key(const uint8_t server[32], uint8_t out_key[INF_KEYRING_BATCH_KEY_BYTES],
                           uint8_t out_sealed[INF_KEYRING_SEALED_BYTES], InfSoulsError* error)
{
    uint8_t box_public[crypto_box_PUBLICKEYBYTES];
    randombytes_buf(out_key, INF_KEYRING_BATCH_KEY_BYTES);
    return (crypto_sign_ed25519_pk_to_curve25519(box_public, server) == 0 &&
            crypto_box_seal(out_sealed, out_key, INF_KEYRING_BATCH_KEY_BYTES, box_public) == 0) ||
           inf_souls_fail(error, INF_SOULS_KEY, "the other server's key");
}

bool inf_keyring_batch_key_open(const uint8_t* sealed, size_t sealed_bytes, const InfSignKey* server,
                                uint8_t out_key[INF_KEYRING_BATCH_KEY_BYTES])
{
    return open_box(sealed, sealed_bytes, server, out_key);
}

// A key of a batch locks each soul's secret once, so the identity is nonce enough.
static void nonce_of(const uint8_t identity[32], uint8_t out[crypto_secretbox_NONCEBYTES])
{
    memcpy(out, identity, crypto_secretbox_NONCEBYTES);
}

bool inf_keyring_lock(InfKeyring* keyring, const uint8_t identity[32], const uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES],
                      uint8_t out[INF_KEYRING_LOCKED_BYTES], InfSoulsError* error)
{
    InfSignKey key;
    uint8_t nonce[crypto_secretbox_NONCEBYTES];
    if (!inf_keyring_get(keyring, identity, &key, error)) return false;
    nonce_of(identity, nonce);
    crypto_secretbox_easy(out, key.secret_key, INF_SIGN_SEED_BYTES, nonce, batch_key);
    inf_sign_key_wipe(&key);
    return true;
}

bool inf_keyring_take_locked(InfKeyring* keyring, const uint8_t identity[32], const uint8_t public_key[32],
                             const uint8_t* locked, size_t locked_bytes, const uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES],
                             InfSoulsError* error)
{
    uint8_t seed[INF_SIGN_SEED_BYTES], nonce[crypto_secretbox_NONCEBYTES];
    nonce_of(identity, nonce);
    bool is_open = locked_bytes == INF_KEYRING_LOCKED_BYTES && crypto_secretbox_open_easy(seed, locked, locked_bytes, nonce, batch_key) == 0;
    bool is_taken = is_open ? seed_put(keyring, identity, public_key, seed, error)
                            : inf_souls_fail(error, INF_SOULS_KEY, "the sealed secret");
    sodium_memzero(seed, sizeof seed);
    return is_taken;
}

bool inf_keyring_forget(InfKeyring* keyring, const uint8_t identity[32], InfSoulsError* error)
{
    pthread_mutex_lock(&keyring->lock);
    sqlite3_stmt* forget = keyring->statements[FORGET];
    near_clear(keyring, identity);
    sqlite3_bind_blob(forget, 1, identity, 32, SQLITE_STATIC);
    bool is_forgotten = sqlite3_step(forget) == SQLITE_DONE || database_fail(keyring, error);
    sqlite3_reset(forget);
    sqlite3_clear_bindings(forget);
    pthread_mutex_unlock(&keyring->lock);
    return is_forgotten;
}

uint64_t inf_keyring_count(InfKeyring* keyring)
{
    pthread_mutex_lock(&keyring->lock);
    sqlite3_stmt* count = keyring->statements[COUNT];
    uint64_t result = sqlite3_step(count) == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(count, 0) : 0;
    sqlite3_reset(count);
    pthread_mutex_unlock(&keyring->lock);
    return result;
}

bool inf_keyring_copy(const char* from_folder, const char* to_folder, bool* out_copied, InfSoulsError* error)
{
    char from_path[4096], to_path[4096];
    snprintf(from_path, sizeof from_path, "%s/keyring.db", from_folder);
    snprintf(to_path, sizeof to_path, "%s/keyring.db", to_folder);
    *out_copied = false;
    if (access(from_path, F_OK) != 0) return true;
    int fd = open(to_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return inf_souls_fail(error, INF_SOULS_IO, "%s: %s", to_path, strerror(errno));
    close(fd);
    sqlite3 *from = NULL, *to = NULL;
    bool is_well = sqlite3_open_v2(from_path, &from, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
                   sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
    if (is_well) {
        sqlite3_busy_timeout(from, 5000);
        sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
        is_well = backup != NULL && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
        is_well = sqlite3_backup_finish(backup) == SQLITE_OK && is_well;
    }
    if (!is_well) inf_souls_fail(error, INF_SOULS_IO, "keyring.db: %s", sqlite3_errmsg(to != NULL ? to : from));
    sqlite3_close(from);
    is_well = sqlite3_close(to) == SQLITE_OK && is_well;
    if (!is_well) unlink(to_path);
    *out_copied = is_well;
    return is_well;
}
