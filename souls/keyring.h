/// @file keyring.h
/// The keyring of a server: secrets of the souls that live on it and hold no key of their own.
///
/// | secret of | where it is from | where it lies |
/// | --- | --- | --- |
/// | a mind of this galaxy that needs an identity for the first time | derived from `souls.key` by a number that is never given twice | the number only |
/// | a copy | likewise | likewise |
/// | a mind that arrived | came sealed to this server's key | `keyring.db` |
///
/// `souls.key` is a key file (sign.h) whose secret half feeds the derivation; `keyring.db` is SQLite, synchronous FULL,
/// both readable by their owner alone. Whatever a call reports as done is on the disk. What was forgotten is never signed
/// for again; that a server *cannot* still know it, nobody can promise (docs/souls.md). A soul whose key a person or
/// program holds is not in here: it signs for itself.
///
/// Safe from several threads.
#ifndef INFINITY_SOULS_KEYRING_H
#define INFINITY_SOULS_KEYRING_H

#include "souls/sign.h"

/// Bytes of a secret that is sealed to a server's key.
#define INF_KEYRING_SEALED_BYTES (INF_SIGN_SEED_BYTES + 48)
/// The key of a batch of arrivals, sealed to the destination once, and a secret that is locked with it.
#define INF_KEYRING_BATCH_KEY_BYTES INF_SIGN_SEED_BYTES
#define INF_KEYRING_LOCKED_BYTES (INF_SIGN_SEED_BYTES + 16)

typedef struct InfKeyring InfKeyring;

/// Open, or create, the keyring of a galaxy's folder. @return null: IO, or KEY if souls.key is not one
InfKeyring* inf_keyring_open(const char* folder, InfSoulsError* error);
void inf_keyring_close(InfKeyring* keyring); ///< null is fine

/// A fresh key pair for a soul to be bound or copied; that its number was given is on the disk before this returns (numbers
/// are set aside by the dozen), so that it is never given again. Not between begin and commit. Nothing is kept under an identity yet: inf_keyring_keep() does that.
bool inf_keyring_derive(InfKeyring* keyring, InfSignKey* out, uint64_t* out_number, InfSoulsError* error);
/// Keep a derived key under the identity that was founded with it. Repeating it is fine; another key is EXISTS.
bool inf_keyring_keep(InfKeyring* keyring, const uint8_t identity[32], uint64_t number, InfSoulsError* error);
/// Keep a secret that arrived, opened with this server's key. Faults: KEY (it does not open, or is another soul's).
/// @param public_key  the soul's key, which the secret must belong to
bool inf_keyring_take(InfKeyring* keyring, const uint8_t identity[32], const uint8_t public_key[32],
                      const uint8_t* sealed, size_t sealed_bytes, const InfSignKey* server, InfSoulsError* error);
/// The key pair of a soul that is kept: to sign with. Wipe it.
/// Faults: NOT_FOUND (it signs for itself, or was never here), FORGOTTEN.
bool inf_keyring_get(InfKeyring* keyring, const uint8_t identity[32], InfSignKey* out, InfSoulsError* error);
bool inf_keyring_has(InfKeyring* keyring, const uint8_t identity[32]);
/// Its secret, sealed so that only that server can open it.
bool inf_keyring_seal(InfKeyring* keyring, const uint8_t identity[32], const uint8_t server[32],
                      uint8_t out[INF_KEYRING_SEALED_BYTES], InfSoulsError* error);
/// Many secrets for one server: a key is drawn and sealed to it, each secret is locked with that key (XSalsa20-Poly1305, the
/// nonce is of the identity). Draw a key for one batch only; wipe it.
bool inf_keyring_batch_key(const uint8_t server[32], uint8_t out_key[INF_KEYRING_BATCH_KEY_BYTES],
                           uint8_t out_sealed[INF_KEYRING_SEALED_BYTES], InfSoulsError* error);
bool inf_keyring_batch_key_open(const uint8_t* sealed, size_t sealed_bytes, const InfSignKey* server,
                                uint8_t out_key[INF_KEYRING_BATCH_KEY_BYTES]);
bool inf_keyring_lock(InfKeyring* keyring, const uint8_t identity[32], const uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES],
                      uint8_t out[INF_KEYRING_LOCKED_BYTES], InfSoulsError* error);
/// inf_keyring_take() of one that is locked with the key of a batch.
bool inf_keyring_take_locked(InfKeyring* keyring, const uint8_t identity[32], const uint8_t public_key[32],
                             const uint8_t* locked, size_t locked_bytes, const uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES],
                             InfSoulsError* error);
/// After its departure was settled, its file released, or it was merged away. It stays known that it was here; taking it
/// in again (it came back) makes it known anew. Forgetting what is not there is fine.
bool inf_keyring_forget(InfKeyring* keyring, const uint8_t identity[32], InfSoulsError* error);
/// Between these two the calls of this thread become durable together, by the commit: a server that takes in a batch pays
/// for the disk once. What they reported as done is done only if the commit gives true; otherwise nothing is.
/// Other threads wait meanwhile.
bool inf_keyring_begin(InfKeyring* keyring, InfSoulsError* error);
bool inf_keyring_commit(InfKeyring* keyring, InfSoulsError* error);
/// Copy the keyring's database of one galaxy's folder into another, while it is used or not; a folder without one is fine.
/// (souls.key is a file like others.) Copy it after the journal: then no soul of the journal lacks its key, but for those
/// that left meanwhile. @param out_copied  false: there was none
bool inf_keyring_copy(const char* from_folder, const char* to_folder, bool* out_copied, InfSoulsError* error);
/// How many secrets are kept.
uint64_t inf_keyring_count(InfKeyring* keyring);

#endif
