// Sealing with age: there and back, and its refusals.
#include "souls/seal.h"
#include "souls_test.h"

#include <unistd.h>

// An age key pair, made by its own program.
static char folder[64], identity_path[96], recipient[160];

static void begin(void)
{
    snprintf(folder, sizeof folder, "seal-test-XXXXXX");
    ENSURE(mkdtemp(folder) != NULL);
    snprintf(identity_path, sizeof identity_path, "%s/key.txt", folder);
    char command[256];
    snprintf(command, sizeof command, "age-keygen -o %s 2>/dev/null && age-keygen -y %s", identity_path, identity_path);
    FILE* pipe = popen(command, "r");
    ENSURE(pipe != NULL && fgets(recipient, sizeof recipient, pipe) != NULL && pclose(pipe) == 0);
    recipient[strcspn(recipient, "\n")] = '\0';
}

static void end(void)
{
    unlink(identity_path);
    rmdir(folder);
}

TEST_RANDOM(what_is_sealed_can_be_opened)
{
    TestRandom random = {seed};
    begin();
    for (int i = 0; i < 4; i++) {
        size_t count = i == 0 ? 0 : test_random_below(&random, 1000000) + 1, sealed_count, open_count;
        uint8_t* bytes = malloc(count + 1);
        test_random_bytes(&random, bytes, count);
        InfSoulsError error = {0};
        const char* recipients[] = {recipient, recipient};
        uint8_t* sealed = inf_seal(recipients, 1 + (size_t)i % 2, i % 2 == 0, bytes, count, &sealed_count, &error);
        ENSURE_SAY(sealed != NULL, "%s", error.where);
        ENSURE(inf_seal_is_sealed(sealed, sealed_count) && sealed_count > count);
        uint8_t* opened = inf_unseal(identity_path, sealed, sealed_count, &open_count, &error);
        ENSURE_SAY(opened != NULL, "%s", error.where);
        ENSURE(open_count == count && memcmp(opened, bytes, count) == 0 && opened[count] == 0);
        sealed[sealed_count / 2] ^= 1; // damaged
        error = (InfSoulsError){0};
        ENSURE(inf_unseal(identity_path, sealed, sealed_count, &open_count, &error) == NULL && error.fault == INF_SOULS_PROGRAM);
        free(opened);
        free(sealed);
        free(bytes);
    }
    end();
}

TEST(wrong_recipients_keys_and_a_missing_program_are_told)
{
    begin();
    size_t count, again;
    InfSoulsError error = {0};
    static const char* const bad[] = {"--passphrase", "age1", "age1 x", "AGE1QQQQQQQQQQQQQQQQQQQQQQ", "ssh-ed25519 AAAA"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error = (InfSoulsError){0};
        ENSURE(inf_seal(&bad[i], 1, false, "x", 1, &count, &error) == NULL && error.fault == INF_SOULS_FIELD);
    }
    const char* unknown = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"; // its checksum is wrong
    error = (InfSoulsError){0};
    ENSURE(inf_seal(&unknown, 1, false, "x", 1, &count, &error) == NULL && error.fault == INF_SOULS_PROGRAM);
    ENSURE_SAY(strstr(error.where, "recipient") != NULL, "%s", error.where);
    const char* right = recipient;
    uint8_t* sealed = inf_seal(&right, 1, false, "hello", 5, &count, NULL);
    ENSURE(sealed != NULL && !inf_seal_is_sealed("hello", 5));
    char first[96], first_folder[64];
    memcpy(first, identity_path, sizeof first);
    memcpy(first_folder, folder, sizeof first_folder);
    begin(); // somebody else
    error = (InfSoulsError){0};
    ENSURE(inf_unseal(identity_path, sealed, count, &again, &error) == NULL && error.fault == INF_SOULS_PROGRAM);
    ENSURE_SAY(strstr(error.where, "no identity matched") != NULL, "%s", error.where);
    end();
    memcpy(identity_path, first, sizeof first);
    memcpy(folder, first_folder, sizeof folder);
    char path[4096];
    snprintf(path, sizeof path, "%s", getenv("PATH"));
    setenv("PATH", "/nowhere", 1);
    error = (InfSoulsError){0};
    ENSURE(inf_unseal(identity_path, sealed, count, &again, &error) == NULL && error.fault == INF_SOULS_PROGRAM);
    ENSURE_SAY(strstr(error.where, "install") != NULL, "%s", error.where);
    setenv("PATH", path, 1);
    free(sealed);
    end();
}
