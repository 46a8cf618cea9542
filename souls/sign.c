// Signatures over canonical JSON; see sign.h.
#include "souls/sign.h"

#include "souls/document.h"
#include "souls/fields.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(crypto_sign_PUBLICKEYBYTES == INF_SIGN_KEY_BYTES && crypto_sign_SEEDBYTES == INF_SIGN_SEED_BYTES &&
                   crypto_sign_BYTES == INF_SIGN_BYTES && crypto_sign_SECRETKEYBYTES == sizeof(((InfSignKey*)0)->secret_key),
               "as the header says");

static const char* const prefixes[INF_SIGN_KIND_COUNT] = {
#define X(NAME, prefix) [INF_SIGN_##NAME] = prefix,
    INF_SIGN_KINDS(X)
#undef X
};

// An arrival names its document by hash, so the document need not be gone through a second time.
static const char* const signatures[] = {"soul_signature", "other_signature", "server_signature", "mandate", NULL};
static const char* const signatures_and_document[] = {"soul_signature", "other_signature", "server_signature",
                                                      "mandate",        "document",        NULL};

bool inf_sign_start(void)
{
    return sodium_init() >= 0;
}

// ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────

void inf_sign_key_draw(InfSignKey* out)
{
    crypto_sign_keypair(out->public_key, out->secret_key);
}

void inf_sign_key_from_seed(const uint8_t seed[INF_SIGN_SEED_BYTES], InfSignKey* out)
{
    crypto_sign_seed_keypair(out->public_key, out->secret_key, seed);
}

void inf_sign_key_wipe(InfSignKey* key)
{
    sodium_memzero(key, sizeof *key);
}

// A player's recovery file: {"jwk": {"crv":"Ed25519","d":base64url of the seed,"kty":"OKP","x":…}, "tag":…, "what":…}.
static bool read_recovery(const json_t* object, uint8_t public_key[INF_SIGN_KEY_BYTES], uint8_t seed[INF_SIGN_SEED_BYTES], InfSoulsError* error)
{
    const json_t* jwk = json_object_get(object, "jwk");
    const char *x = json_string_value(json_object_get(jwk, "x")), *d = json_string_value(json_object_get(jwk, "d"));
    const char* curve = json_string_value(json_object_get(jwk, "crv"));
    size_t x_bytes = 0, d_bytes = 0;
    bool is_well = x != NULL && d != NULL && curve != NULL && strcmp(curve, "Ed25519") == 0 &&
                   sodium_base642bin(public_key, INF_SIGN_KEY_BYTES, x, strlen(x), NULL, &x_bytes, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                   sodium_base642bin(seed, INF_SIGN_SEED_BYTES, d, strlen(d), NULL, &d_bytes, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                   x_bytes == INF_SIGN_KEY_BYTES && d_bytes == INF_SIGN_SEED_BYTES;
    return is_well || inf_souls_fail(error, INF_SOULS_FIELD, "jwk");
}

bool inf_sign_key_read(const char* path, InfSignKey* out, InfSoulsError* error)
{
    char text[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = fd >= 0 ? read(fd, text, sizeof text) : -1;
    int reason = errno;
    if (fd >= 0) close(fd);
    if (count < 0) return inf_souls_fail(error, INF_SOULS_IO, "%s: %s", path, strerror(reason));
    InfSoulsError fault = {0};
    json_t* object = (size_t)count < sizeof text
                         ? inf_canonical_read(text, (size_t)count, sizeof text, INF_CANONICAL_ANY, &fault)
                         : NULL;
    sodium_memzero(text, sizeof text);
    uint8_t seed[INF_SIGN_SEED_BYTES], public_key[INF_SIGN_KEY_BYTES];
    bool is_well;
    if (json_object_get(object, "jwk") != NULL) {
        is_well = read_recovery(object, public_key, seed, &fault);
    } else {
        InfFields fields = inf_fields_make(object, "", &fault);
        inf_fields_integer(&fields, "infinity_key", 1, 1);
        inf_fields_hex(&fields, "public_key", public_key, sizeof public_key);
        inf_fields_hex(&fields, "secret_key", seed, sizeof seed);
        is_well = fields.ok;
    }
    if (is_well) {
        inf_sign_key_from_seed(seed, out);
        is_well = memcmp(public_key, out->public_key, sizeof public_key) == 0;
        if (!is_well) inf_souls_fail(&fault, INF_SOULS_KEY, "public_key");
    }
    sodium_memzero(seed, sizeof seed);
    json_decref(object);
    if (is_well) return true;
    inf_sign_key_wipe(out);
    char sentence[256];
    return inf_souls_fail(error, fault.fault != INF_SOULS_OK ? fault.fault : INF_SOULS_SIZE, "%s: no key file (%s)", path,
                          inf_souls_error_text(&fault, sentence, sizeof sentence));
}

bool inf_sign_key_write(const char* path, const char* of, const char* name, const InfSignKey* key, InfSoulsError* error)
{
    char public_hex[65], secret_hex[65];
    json_t* object = json_pack("{s:i, s:s, s:s*, s:s, s:s}", "infinity_key", 1, "of", of, "name", name, "public_key",
                               inf_hex_write(key->public_key, 32, public_hex), "secret_key",
                               inf_hex_write(key->secret_key, 32, secret_hex));
    sodium_memzero(secret_hex, sizeof secret_hex);
    char* text = object != NULL ? json_dumps(object, JSON_INDENT(1)) : NULL;
    json_decref(object);
    if (text == NULL) return inf_souls_fail(error, INF_SOULS_MEMORY, "%s", path);
    size_t byte_count = strlen(text);
    text[byte_count] = '\n'; // in place of the final zero
    bool is_written = inf_souls_file_write(path, text, byte_count + 1, false, error);
    sodium_memzero(text, byte_count + 1);
    free(text);
    return is_written;
}

// ── objects ──────────────────────────────────────────────────────────────────────────────────────────────────────

char* inf_sign_bytes(InfSignKind kind, const json_t* object, size_t* out_bytes, InfSoulsError* error)
{
    return inf_canonical_text_without(object, prefixes[kind],
                                      kind == INF_SIGN_ARRIVAL ? signatures_and_document : signatures, out_bytes, error);
}

bool inf_sign_body_hash(InfSignKind kind, const json_t* object, uint8_t out[INF_SHA256_BYTES])
{
    size_t count;
    char* bytes = inf_sign_bytes(kind, object, &count, NULL);
    if (bytes == NULL) return false;
    inf_canonical_hash(bytes, count, out);
    free(bytes);
    return true;
}

bool inf_sign_object_all(InfSignKind kind, json_t* object, size_t count, const char* const* signature_names,
                         const InfSignKey* const* keys, InfSoulsError* error)
{
    size_t byte_count;
    char* bytes = inf_sign_bytes(kind, object, &byte_count, error);
    bool is_well = bytes != NULL;
    for (size_t i = 0; i < count && is_well; i++) {
        if (keys[i] == NULL) continue;
        uint8_t signature[INF_SIGN_BYTES];
        crypto_sign_detached(signature, NULL, (const unsigned char*)bytes, byte_count, keys[i]->secret_key);
        is_well = inf_fields_set_hex(object, signature_names[i], signature, sizeof signature) ||
                  inf_souls_fail(error, INF_SOULS_MEMORY, "%s", signature_names[i]);
    }
    free(bytes);
    return is_well;
}

bool inf_sign_object(InfSignKind kind, json_t* object, const char* signature_name, const InfSignKey* key,
                     InfSoulsError* error)
{
    return inf_sign_object_all(kind, object, 1, &signature_name, &key, error);
}

bool inf_sign_bytes_check(const char* bytes, size_t byte_count, const json_t* object, const char* signature_name,
                          const uint8_t public_key[INF_SIGN_KEY_BYTES])
{
    uint8_t signature[INF_SIGN_BYTES];
    return inf_hex_read(json_string_value(json_object_get(object, signature_name)), signature, sizeof signature) &&
           crypto_sign_verify_detached(signature, (const unsigned char*)bytes, byte_count, public_key) == 0;
}

bool inf_sign_object_check(InfSignKind kind, const json_t* object, const char* signature_name,
                           const uint8_t public_key[INF_SIGN_KEY_BYTES])
{
    size_t count;
    char* bytes = inf_sign_bytes(kind, object, &count, NULL);
    bool holds = bytes != NULL && inf_sign_bytes_check(bytes, count, object, signature_name, public_key);
    free(bytes);
    return holds;
}

// ── mandates ─────────────────────────────────────────────────────────────────────────────────────────────────────

json_t* inf_mandate_build(const InfMandate* mandate)
{
    json_t* object = json_pack("{s:s, s:s, s:I, s:I}", "format", "infinity-mandate-1", "act", "departed", "epoch",
                               (json_int_t)mandate->epoch, "until", (json_int_t)mandate->until);
    bool is_well = inf_fields_set_hex(object, "identity", mandate->identity, 32) &&
                   inf_fields_set_hex(object, "server", mandate->server, 32) &&
                   inf_fields_set_hex(object, "to", mandate->to, 32);
    if (is_well) return object;
    json_decref(object);
    return NULL;
}

bool inf_mandate_read(const json_t* object, InfMandate* out, InfSoulsError* error)
{
    InfSoulsError fault = {0};
    uint8_t signature[INF_SIGN_BYTES];
    memset(out, 0, sizeof *out);
    InfFields fields = inf_fields_make(object, "mandate.", &fault);
    inf_fields_word(&fields, "format", "infinity-mandate-1");
    inf_fields_word(&fields, "act", "departed");
    out->epoch = (uint32_t)inf_fields_integer(&fields, "epoch", 1, UINT32_MAX);
    out->until = (uint64_t)inf_fields_integer(&fields, "until", 0, INF_CANONICAL_INTEGER_MAX);
    inf_fields_hex(&fields, "identity", out->identity, 32);
    inf_fields_hex(&fields, "server", out->server, 32);
    inf_fields_hex(&fields, "to", out->to, 32);
    inf_fields_hex(&fields, "soul_signature", signature, sizeof signature);
    if (inf_fields_end(&fields)) return true;
    if (error != NULL && error->fault == INF_SOULS_OK) *error = fault;
    return false;
}

bool inf_sign_soul_bytes_check(const char* bytes, size_t byte_count, const json_t* object, const uint8_t key[32],
                               const uint8_t identity[32], uint32_t epoch, const uint8_t server[32], InfSoulsError* error)
{
    const json_t* signature = json_object_get(object, "soul_signature");
    const json_t* given = json_object_get(object, "mandate");
    if (signature == NULL && given == NULL) return inf_souls_fail(error, INF_SOULS_UNSIGNED, "soul_signature");
    if (signature != NULL && given != NULL) return inf_souls_fail(error, INF_SOULS_UNKNOWN_FIELD, "mandate");
    if (signature != NULL) {
        return inf_sign_bytes_check(bytes, byte_count, object, "soul_signature", key) ||
               inf_souls_fail(error, INF_SOULS_SOUL_SIGNATURE, "soul_signature");
    }
    InfMandate mandate;
    if (!inf_mandate_read(given, &mandate, error)) return false;
    if (!inf_sign_object_check(INF_SIGN_MANDATE, given, "soul_signature", key)) {
        return inf_souls_fail(error, INF_SOULS_SOUL_SIGNATURE, "mandate");
    }
    if (memcmp(mandate.identity, identity, 32) != 0 || memcmp(mandate.server, server, 32) != 0 || mandate.epoch != epoch) {
        return inf_souls_fail(error, INF_SOULS_MANDATE, "mandate");
    }
    return true;
}

bool inf_sign_soul_check(InfSignKind kind, const json_t* object, const uint8_t key[32], const uint8_t identity[32],
                         uint32_t epoch, const uint8_t server[32], InfSoulsError* error)
{
    size_t count;
    char* bytes = inf_sign_bytes(kind, object, &count, error);
    bool holds = bytes != NULL && inf_sign_soul_bytes_check(bytes, count, object, key, identity, epoch, server, error);
    free(bytes);
    return holds;
}
