// The keyring: derived and arrived secrets, killed at any moment, opened again.
#include "souls/keyring.h"
#include "souls_test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static void begin(void)
{
    snprintf(folder, sizeof folder, "keyring-test-XXXXXX");
    ENSURE(inf_sign_start() && mkdtemp(folder) != NULL);
}

static void end(void)
{
    static const char* const names[] = {"souls.key", "keyring.db", "keyring.db-wal", "keyring.db-shm"};
    for (size_t i = 0; i < 4; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static InfKeyring* opened(void)
{
    InfSoulsError error = {0};
    InfKeyring* keyring = inf_keyring_open(folder, &error);
    ENSURE_SAY(keyring != NULL, "%s: %s", error.where, inf_souls_fault_text(error.fault));
    return keyring;
}

TEST(derived_keys_come_back_and_are_never_given_twice)
{
    begin();
    InfKeyring* keyring = opened();
    InfSignKey first, second, again;
    uint64_t number, other;
    uint8_t identity[32] = {1}, stranger[32] = {2};
    ENSURE(inf_keyring_derive(keyring, &first, &number, NULL) && inf_keyring_keep(keyring, identity, number, NULL));
    ENSURE(inf_keyring_keep(keyring, identity, number, NULL)); // once more is fine
    inf_keyring_close(keyring);
    keyring = opened();
    ENSURE(inf_keyring_get(keyring, identity, &again, NULL) && memcmp(&again, &first, sizeof first) == 0);
    ENSURE(inf_keyring_derive(keyring, &second, &other, NULL) && other > number);
    ENSURE(memcmp(first.public_key, second.public_key, 32) != 0);
    InfSoulsError error = {0};
    ENSURE(!inf_keyring_keep(keyring, identity, other, &error) && error.fault == INF_SOULS_EXISTS);
    error = (InfSoulsError){0};
    ENSURE(!inf_keyring_get(keyring, stranger, &again, &error) && error.fault == INF_SOULS_NOT_FOUND);
    ENSURE(inf_keyring_count(keyring) == 1 && inf_keyring_has(keyring, identity) && !inf_keyring_has(keyring, stranger));
    json_t* object = json_pack("{s:i}", "x", 1);
    ENSURE(inf_keyring_get(keyring, identity, &again, NULL));
    ENSURE(inf_sign_object(INF_SIGN_LINEAGE, object, "soul_signature", &again, NULL)); // what was read back signs
    ENSURE(inf_sign_object_check(INF_SIGN_LINEAGE, object, "soul_signature", first.public_key));
    json_decref(object);
    struct stat about;
    char path[128];
    snprintf(path, sizeof path, "%s/keyring.db", folder);
    ENSURE(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600);
    snprintf(path, sizeof path, "%s/souls.key", folder);
    ENSURE(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600);
    inf_keyring_close(keyring);
    end();
}

TEST(a_secret_travels_sealed_and_is_forgotten)
{
    begin();
    InfKeyring* keyring = opened();
    InfSignKey server, other_server, key, again;
    inf_sign_key_draw(&server);
    inf_sign_key_draw(&other_server);
    uint64_t number;
    uint8_t identity[32] = {7}, sealed[INF_KEYRING_SEALED_BYTES];
    ENSURE(inf_keyring_derive(keyring, &key, &number, NULL) && inf_keyring_keep(keyring, identity, number, NULL));
    ENSURE(inf_keyring_seal(keyring, identity, server.public_key, sealed, NULL));
    char home[64];
    memcpy(home, folder, sizeof home);
    begin(); // the other galaxy
    InfKeyring* there = opened();
    InfSoulsError error = {0};
    ENSURE(!inf_keyring_take(there, identity, key.public_key, sealed, sizeof sealed, &other_server, &error) &&
           error.fault == INF_SOULS_KEY);
    error = (InfSoulsError){0};
    ENSURE(!inf_keyring_take(there, identity, server.public_key, sealed, sizeof sealed, &server, &error) &&
           error.fault == INF_SOULS_KEY);
    sealed[40] ^= 1;
    ENSURE(!inf_keyring_take(there, identity, key.public_key, sealed, sizeof sealed, &server, NULL));
    sealed[40] ^= 1;
    ENSURE(inf_keyring_take(there, identity, key.public_key, sealed, sizeof sealed, &server, NULL));
    ENSURE(inf_keyring_take(there, identity, key.public_key, sealed, sizeof sealed, &server, NULL)); // a repeated envelope
    ENSURE(inf_keyring_get(there, identity, &again, NULL) && memcmp(&again, &key, sizeof key) == 0);
    // Home forgets; it comes back, and is known again.
    ENSURE(inf_keyring_forget(keyring, identity, NULL) && inf_keyring_count(keyring) == 0);
    error = (InfSoulsError){0};
    ENSURE(!inf_keyring_get(keyring, identity, &again, &error) && error.fault == INF_SOULS_FORGOTTEN);
    ENSURE(inf_keyring_seal(there, identity, server.public_key, sealed, NULL) && inf_keyring_forget(there, identity, NULL));
    ENSURE(inf_keyring_take(keyring, identity, key.public_key, sealed, sizeof sealed, &server, NULL));
    ENSURE(inf_keyring_get(keyring, identity, &again, NULL) && memcmp(&again, &key, sizeof key) == 0);
    inf_keyring_close(there);
    end();
    memcpy(folder, home, sizeof folder);
    inf_keyring_close(keyring);
    end();
}

TEST(secrets_of_a_batch_are_locked_with_one_key)
{
    begin();
    InfKeyring* keyring = opened();
    TestServer far = test_server_make(2), third = test_server_make(3);
    uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES], sealed[INF_KEYRING_SEALED_BYTES], opened_key[INF_KEYRING_BATCH_KEY_BYTES];
    ENSURE(inf_keyring_batch_key(far.key.public_key, batch_key, sealed, NULL));
    ENSURE(inf_keyring_batch_key_open(sealed, sizeof sealed, &far.key, opened_key) && memcmp(batch_key, opened_key, sizeof batch_key) == 0);
    ENSURE(!inf_keyring_batch_key_open(sealed, sizeof sealed, &third.key, opened_key));
    ENSURE(!inf_keyring_batch_key_open(sealed, sizeof sealed - 1, &far.key, opened_key));
    for (uint8_t i = 1; i < 4; i++) {
        InfSignKey key, again;
        uint64_t number;
        uint8_t identity[32] = {i}, another[32] = {0x80, i}, locked[INF_KEYRING_LOCKED_BYTES];
        ENSURE(inf_keyring_derive(keyring, &key, &number, NULL) && inf_keyring_keep(keyring, identity, number, NULL));
        ENSURE(inf_keyring_lock(keyring, identity, batch_key, locked, NULL));
        ENSURE(inf_keyring_forget(keyring, identity, NULL) && !inf_keyring_has(keyring, identity)); // near or not
        ENSURE(!inf_keyring_take_locked(keyring, another, key.public_key, locked, sizeof locked, batch_key, NULL));
        ENSURE(!inf_keyring_take_locked(keyring, identity, key.public_key, locked, sizeof locked - 1, batch_key, NULL));
        ENSURE(!inf_keyring_take_locked(keyring, identity, far.key.public_key, locked, sizeof locked, batch_key, NULL));
        locked[5] ^= 1;
        ENSURE(!inf_keyring_take_locked(keyring, identity, key.public_key, locked, sizeof locked, batch_key, NULL));
        locked[5] ^= 1;
        ENSURE(!inf_keyring_has(keyring, identity));
        ENSURE(inf_keyring_take_locked(keyring, identity, key.public_key, locked, sizeof locked, batch_key, NULL));
        ENSURE(inf_keyring_get(keyring, identity, &again, NULL) && memcmp(&key, &again, sizeof key) == 0);
    }
    inf_keyring_close(keyring);
    end();
}

TEST(what_was_kept_outlives_kill_9)
{
    begin();
    inf_keyring_close(opened());
    int kept_before = 0;
    for (int round = 0; round < 8; round++) {
        int ends[2];
        ENSURE(pipe(ends) == 0);
        pid_t child = fork();
        if (child == 0) {
            InfKeyring* keyring = inf_keyring_open(folder, NULL);
            if (keyring == NULL) _exit(1);
            for (;;) {
                InfSignKey key;
                uint64_t number;
                if (!inf_keyring_derive(keyring, &key, &number, NULL)) _exit(1);
                if (!inf_keyring_keep(keyring, key.public_key, number, NULL)) _exit(1);
                if (write(ends[1], key.public_key, 32) != 32) _exit(1);
            }
        }
        close(ends[1]);
        uint8_t told[64][32];
        int count = 0;
        while (count < 5 + round && read(ends[0], told[count], 32) == 32) count++;
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        ENSURE(WIFSIGNALED(status));
        while (count < 64 && read(ends[0], told[count], 32) == 32) count++;
        close(ends[0]);
        InfKeyring* keyring = opened();
        for (int i = 0; i < count; i++) {
            InfSignKey key;
            ENSURE(inf_keyring_get(keyring, told[i], &key, NULL) && memcmp(key.public_key, told[i], 32) == 0);
        }
        ENSURE(inf_keyring_count(keyring) >= (uint64_t)(kept_before + count));
        kept_before = (int)inf_keyring_count(keyring);
        inf_keyring_close(keyring);
    }
    end();
}

TEST(a_batch_is_durable_as_a_whole)
{
    begin();
    InfKeyring* keyring = opened();
    InfSignKey key;
    uint64_t numbers[10];
    for (int i = 0; i < 10; i++) ENSURE(inf_keyring_derive(keyring, &key, &numbers[i], NULL));
    ENSURE(inf_keyring_begin(keyring, NULL));
    for (uint8_t i = 0; i < 10; i++) {
        uint8_t identity[32] = {i};
        ENSURE(inf_keyring_keep(keyring, identity, numbers[i], NULL));
    }
    InfKeyring* other = opened(); // sees nothing of it yet
    ENSURE(inf_keyring_count(other) == 0 && inf_keyring_count(keyring) == 10);
    ENSURE(inf_keyring_commit(keyring, NULL) && inf_keyring_count(other) == 10);
    inf_keyring_close(other);
    inf_keyring_close(keyring);
    end();
}

TEST(a_keyring_is_copied_while_it_is_used)
{
    begin();
    InfKeyring* keyring = opened();
    InfSignKey key, again;
    uint64_t number;
    uint8_t identity[32] = {4};
    ENSURE(inf_keyring_derive(keyring, &key, &number, NULL) && inf_keyring_keep(keyring, identity, number, NULL));
    char home[64], command[200];
    memcpy(home, folder, sizeof home);
    begin();
    bool is_copied = true;
    ENSURE(inf_keyring_copy("nowhere", folder, &is_copied, NULL) && !is_copied);
    ENSURE(inf_keyring_copy(home, folder, &is_copied, NULL) && is_copied);
    InfSoulsError error = {0};
    ENSURE(!inf_keyring_copy(home, folder, &is_copied, &error) && error.fault == INF_SOULS_IO); // never over another
    snprintf(command, sizeof command, "cp %s/souls.key %s/souls.key", home, folder);
    ENSURE(system(command) == 0);
    InfKeyring* copy = opened();
    ENSURE(inf_keyring_get(copy, identity, &again, NULL) && memcmp(&again, &key, sizeof key) == 0);
    ENSURE(inf_keyring_derive(copy, &again, &number, NULL) && memcmp(&again, &key, sizeof key) != 0);
    inf_keyring_close(copy);
    end();
    memcpy(folder, home, sizeof folder);
    inf_keyring_close(keyring);
    end();
}

static InfKeyring* shared;
static void* many(void* argument)
{
    uint8_t identity[32] = {0};
    for (int i = 0; i < 25; i++) {
        InfSignKey key, again;
        uint64_t number;
        identity[0] = (uint8_t)i, identity[1] = (uint8_t)(intptr_t)argument;
        if (!inf_keyring_derive(shared, &key, &number, NULL) || !inf_keyring_keep(shared, identity, number, NULL) ||
            !inf_keyring_get(shared, identity, &again, NULL) || memcmp(&key, &again, sizeof key) != 0) {
            return argument;
        }
    }
    return NULL;
}

TEST(threads_share_it)
{
    begin();
    shared = opened();
    pthread_t threads[3];
    for (intptr_t i = 0; i < 3; i++) ENSURE(pthread_create(&threads[i], NULL, many, (void*)(i + 1)) == 0);
    for (int i = 0; i < 3; i++) {
        void* failed;
        pthread_join(threads[i], &failed);
        ENSURE(failed == NULL);
    }
    ENSURE(inf_keyring_count(shared) == 75);
    inf_keyring_close(shared);
    end();
}

TEST(a_wrong_key_file_is_told)
{
    begin();
    char path[128];
    snprintf(path, sizeof path, "%s/souls.key", folder);
    FILE* file = fopen(path, "w");
    fputs("{\"infinity_key\": 1, \"public_key\": \"00\"}", file);
    fclose(file);
    InfSoulsError error = {0};
    ENSURE(inf_keyring_open(folder, &error) == NULL && error.fault == INF_SOULS_FIELD);
    end();
}
