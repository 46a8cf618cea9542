// Key files; see keys.h.
#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

_Static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_SEEDBYTES == 32, "64 hexadecimal digits each");

bool cli_key_draw(CliKey* key) {
    if (sodium_init() < 0) return false;
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];
    crypto_sign_keypair(public_key, secret_key);
    sodium_bin2hex(key->public_hex, sizeof key->public_hex, public_key, sizeof public_key);
    // The seed stands first in libsodium's secret key; all the rest follows from it.
    sodium_bin2hex(key->secret_hex, sizeof key->secret_hex, secret_key, crypto_sign_SEEDBYTES);
    sodium_memzero(secret_key, sizeof secret_key);
    return true;
}

void cli_key_wipe(CliKey* key) { sodium_memzero(key, sizeof *key); }

bool cli_key_write(const char* path, const char* of, const char* name, const char* soul, const CliKey* key, bool is_new) {
    char fresh[PATH_MAX];
    snprintf(fresh, sizeof fresh, "%s%s", path, is_new ? "" : ".new");
    int fd = open(fresh, O_WRONLY | O_CREAT | O_CLOEXEC | (is_new ? O_EXCL : O_TRUNC), 0600);
    if (fd < 0) return false;
    FILE* file = fdopen(fd, "w");
    json_t* text = json_pack("{s:i, s:s, s:s*, s:s*, s:s, s:s}", "infinity_key", 1, "of", of, "name", name, "soul", soul, "public_key",
                             key->public_hex, "secret_key", key->secret_hex);
    bool is_written = file != NULL && text != NULL && json_dumpf(text, file, JSON_INDENT(1)) == 0 && fputc('\n', file) != EOF &&
                      fflush(file) == 0 && fsync(fd) == 0;
    int reason = errno;
    json_decref(text);
    if (file != NULL) fclose(file);
    else close(fd);
    if (is_written && !is_new) {
        is_written = rename(fresh, path) == 0;
        reason = errno;
    }
    if (!is_written) {
        unlink(fresh);
        errno = reason;
    }
    return is_written;
}

bool cli_key_ensure(const char* path, const char* of, const char* name) {
    if (access(path, F_OK) == 0) return true;
    CliKey key;
    if (!cli_key_draw(&key)) {
        errno = EIO;
        return false;
    }
    bool is_written = cli_key_write(path, of, name, NULL, &key, true);
    cli_key_wipe(&key);
    return is_written;
}
