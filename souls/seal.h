/// @file seal.h
/// Sealing with age (https://age-encryption.org, Debian package `age`): the program is run by its arguments, without a
/// shell, in a process of its own, with pipes. A soul is signed first and sealed then: whoever opens it can check it.
#ifndef INFINITY_SOULS_SEAL_H
#define INFINITY_SOULS_SEAL_H

#include "souls/fault.h"

#include <stdint.h>

/// Largest text that is sealed or opened.
#define INF_SEAL_BYTES_MAX (8u * 1024u * 1024u)
#define INF_SEAL_RECIPIENTS_MAX 16
/// Longest that age may take when nobody is asked for a passphrase.
#define INF_SEAL_SECONDS_MAX 60

/// Is it an age recipient ("age1…")?
bool inf_seal_recipient_check(const char* recipient);
/// Is the text sealed by age (binary or armoured)?
bool inf_seal_is_sealed(const void* bytes, size_t byte_count);

/// Seal to recipients, or (recipient_count 0) by a passphrase that age asks for at the terminal.
/// @param armour  as lines of text
/// @return free() it; null: FIELD (a recipient), PROGRAM (age is not installed or says no; its sentence is in `where`)
uint8_t* inf_seal(const char* const* recipients, size_t recipient_count, bool armour, const void* bytes,
                  size_t byte_count, size_t* out_bytes, InfSoulsError* error);
/// Open with an identity file, or (null) by a passphrase that age asks for. The result has a zero behind its end.
uint8_t* inf_unseal(const char* identity_path, const void* bytes, size_t byte_count, size_t* out_bytes,
                    InfSoulsError* error);

#endif
