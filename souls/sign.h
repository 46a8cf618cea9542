/// @file sign.h
/// Ed25519 signatures over canonical JSON. What is signed is a prefix that says what kind of thing it is (so that a
/// signature for one kind never holds for another), then the object in canonical form without its signatures:
///
///     "infinity-lineage-1\n" {"act":"founded",…}
///
/// "Without its signatures" leaves out the outermost members `soul_signature`, `other_signature`, `server_signature` and
/// `mandate`, so all who sign an object sign the same bytes, in any order. (An arrival leaves out its `document` too: it
/// has the document's hash.)
///
/// Keys, identities and hashes are written as 64 lower-case hexadecimal digits, signatures as 128.
/// All of libsodium's calls here are safe from any thread after inf_sign_start().
#ifndef INFINITY_SOULS_SIGN_H
#define INFINITY_SOULS_SIGN_H

#include "souls/canonical.h"

#define INF_SIGN_KEY_BYTES 32
#define INF_SIGN_SEED_BYTES 32
#define INF_SIGN_BYTES 64

/// X(NAME, "prefix"): what a signature is for.
#define INF_SIGN_KINDS(X)                                                                               \
    X(LINEAGE, "infinity-lineage-1\n")                                                                  \
    X(DOCUMENT, "infinity-soul-1\n")                                                                    \
    X(MANDATE, "infinity-mandate-1\n")                                                                  \
    X(OFFER, "infinity-offer-1\n")                                                                      \
    X(WELCOME, "infinity-welcome-1\n")                                                                  \
    X(REASON, "infinity-reason-1\n")                                                                    \
    X(ARRIVAL, "infinity-arrival-1\n")                                                                  \
    X(RECEIPT, "infinity-receipt-1\n")                                                                  \
    X(REFUSAL, "infinity-refusal-1\n")                                                                  \
    X(CLAIM, "infinity-claim-1\n")                                                                      \
    X(RELEASE, "infinity-release-1\n")                                                                  \
    X(ORDER, "infinity-order-1\n")                                                                      \
    X(SEAL, "infinity-seal-1\n")

typedef enum InfSignKind {
#define X(NAME, prefix) INF_SIGN_##NAME,
    INF_SIGN_KINDS(X)
#undef X
    INF_SIGN_KIND_COUNT
} InfSignKind;

/// A key pair. Wipe it when it has done its work.
typedef struct InfSignKey {
    uint8_t public_key[INF_SIGN_KEY_BYTES];
    uint8_t secret_key[64]; ///< the seed, then the public key
} InfSignKey;

/// Call once before anything else of souls/. @return false: this machine has no source of chance
bool inf_sign_start(void);
void inf_sign_key_draw(InfSignKey* out);
void inf_sign_key_from_seed(const uint8_t seed[INF_SIGN_SEED_BYTES], InfSignKey* out);
void inf_sign_key_wipe(InfSignKey* key);
/// A key file as the command line writes it: {"infinity_key": 1, …, "public_key": hex, "secret_key": hex of the seed}.
/// The public half is worked out and must agree. A recovery file that a browser has saved is a key file, too.
bool inf_sign_key_read(const char* path, InfSignKey* out, InfSoulsError* error);
/// Write such a file, readable by its owner alone, durably, never over another. @param of "soul", "souls", …
/// @param name  may be null
bool inf_sign_key_write(const char* path, const char* of, const char* name, const InfSignKey* key, InfSoulsError* error);

/// Sign the object and set its member `signature_name` ("soul_signature", …).
bool inf_sign_object(InfSignKind kind, json_t* object, const char* signature_name, const InfSignKey* key,
                     InfSoulsError* error);
/// Does the member hold for this key? False for a missing or malformed one. Tells no error: the caller knows which.
bool inf_sign_object_check(InfSignKind kind, const json_t* object, const char* signature_name,
                           const uint8_t public_key[INF_SIGN_KEY_BYTES]);
/// The bytes that are signed; for those who sign or check elsewhere (a browser). @return free() it; null: see canonical.h
char* inf_sign_bytes(InfSignKind kind, const json_t* object, size_t* out_bytes, InfSoulsError* error);
/// As inf_sign_object_check(), with those bytes at hand: an object with several signatures is written out once.
bool inf_sign_bytes_check(const char* bytes, size_t byte_count, const json_t* object, const char* signature_name,
                          const uint8_t public_key[INF_SIGN_KEY_BYTES]);
/// Sign with several keys, the object being written out once; a null key is passed over.
bool inf_sign_object_all(InfSignKind kind, json_t* object, size_t count, const char* const* signature_names,
                         const InfSignKey* const* keys, InfSoulsError* error);
/// SHA-256 of the signed bytes: the same whoever has signed already.
bool inf_sign_body_hash(InfSignKind kind, const json_t* object, uint8_t out[INF_SHA256_BYTES]);

/// A soul whose secret key a person or program holds can let a server sign one departure for it, in one short
/// statement that it can sign beforehand:
///
///     {"act":"departed","epoch":6,"format":"infinity-mandate-1","identity":…,"server":…,"soul_signature":…,
///      "to":…,"until":…}
///
/// An object with the member `mandate` in place of `soul_signature` is signed by that server alone.
typedef struct InfMandate {
    uint8_t identity[32];
    uint8_t server[32]; ///< who may sign for the soul
    uint8_t to[32];     ///< the server it goes to; zero: a file
    uint64_t until;     ///< Unix seconds: the server may not use it later (for the server to heed: it is no part of checks)
    uint32_t epoch;     ///< the epoch of that departure, and no other
} InfMandate;

/// @return json_decref() it, unsigned: sign it with kind MANDATE and "soul_signature"; null: out of memory
json_t* inf_mandate_build(const InfMandate* mandate);
bool inf_mandate_read(const json_t* object, InfMandate* out, InfSoulsError* error);

/// Did the soul agree to this object: by its own signature, or by a mandate for this identity, epoch and server?
/// Faults: UNSIGNED, SOUL_SIGNATURE, MANDATE.
bool inf_sign_soul_check(InfSignKind kind, const json_t* object, const uint8_t key[32], const uint8_t identity[32],
                         uint32_t epoch, const uint8_t server[32], InfSoulsError* error);
/// The same with the signed bytes at hand.
bool inf_sign_soul_bytes_check(const char* bytes, size_t byte_count, const json_t* object, const uint8_t key[32],
                               const uint8_t identity[32], uint32_t epoch, const uint8_t server[32], InfSoulsError* error);

#endif
