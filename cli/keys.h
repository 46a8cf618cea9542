/// @file keys.h
/// Key files: an Ed25519 key pair as JSON, readable by its owner alone. Written durably, never over another key.
///     {"infinity_key": 1, "of": "mind", "name": "Ada", "soul": "17", "public_key": hex, "secret_key": hex of the seed}
#ifndef INFINITY_CLI_KEYS_H
#define INFINITY_CLI_KEYS_H

#include <stdbool.h>

typedef struct CliKey {
    char public_hex[65], secret_hex[65]; ///< wipe with cli_key_wipe
} CliKey;

/// @return false: this machine has no source of chance
bool cli_key_draw(CliKey* key);
void cli_key_wipe(CliKey* key);
/// @param of    whose: "architect", "server", "mind"
/// @param name, soul  may be null
/// @param is_new  true: the file must not exist (errno EEXIST); false: it is replaced as a whole
/// @return false: errno tells why; nothing is left behind
bool cli_key_write(const char* path, const char* of, const char* name, const char* soul, const CliKey* key, bool is_new);
/// Draw and write a key unless the file is there. @return false: errno tells why
bool cli_key_ensure(const char* path, const char* of, const char* name);

#endif
