/// @file signin.h
/// Proof that a client holds the secret key of an Ed25519 public key, without passwords. The server sends a fresh
/// challenge (frame Challenge); the client signs these bytes, one after the other, with no separators:
///
///     "infinity sign-in v1"   19 bytes of ASCII
///     galaxy                  16 bytes, as in the challenge: an answer for one galaxy is none for another
///     origin                  UTF-8, as in the frame SignIn: the page's origin, or "" from a program
///     nonce                   32 bytes, as in the challenge
///     expires_unix_s          u64, little-endian, as in the challenge
///
/// All but the origin have fixed lengths, so no two different tuples give the same bytes.
#ifndef INFINITY_SERVER_SIGNIN_H
#define INFINITY_SERVER_SIGNIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INF_SIGNIN_NONCE_BYTES 32
#define INF_SIGNIN_GALAXY_BYTES 16
#define INF_SIGNIN_KEY_BYTES 32
#define INF_SIGNIN_SIGNATURE_BYTES 64
#define INF_SIGNIN_ORIGIN_BYTES_MAX 127
#define INF_SIGNIN_SECONDS 60
#define INF_SIGNIN_MESSAGE_BYTES_MAX (19 + 16 + INF_SIGNIN_ORIGIN_BYTES_MAX + 32 + 8)

/// X(number, NAME, what is wrong, what to do)
#define INF_SIGNIN_FAULTS(X)                                                                              \
    X(0, OK, "signed in", "")                                                                             \
    X(1, NO_CHALLENGE, "there is no open challenge", "Connect again; each challenge is good for one try") \
    X(2, EXPIRED, "the challenge has expired", "Sign the new challenge at once")       \
    X(3, ORIGIN, "the signed origin is not the page's origin", "Sign the origin that the browser sends") \
    X(4, SIGNATURE, "the signature does not fit key and challenge", "Sign with the key that you name")

typedef enum InfSignInFault {
#define X(number, name, what, help) INF_SIGNIN_##name = number,
    INF_SIGNIN_FAULTS(X)
#undef X
} InfSignInFault;

const char* inf_signin_fault_text(InfSignInFault fault);
const char* inf_signin_fault_help(InfSignInFault fault);

/// One connection's challenge.
typedef struct InfSignIn {
    uint8_t nonce[INF_SIGNIN_NONCE_BYTES];
    uint64_t expires_unix_s;
    bool is_open;
} InfSignIn;

/// Draw a new challenge; an older one of this connection is void.
void inf_signin_begin(InfSignIn* signin, uint64_t now_unix_s);

/// The bytes to sign. @return how many, 0 if the origin is too long
size_t inf_signin_message(const InfSignIn* signin, const uint8_t galaxy[INF_SIGNIN_GALAXY_BYTES], const char* origin,
                          uint8_t out[INF_SIGNIN_MESSAGE_BYTES_MAX]);

/// Judge an answer. Whatever comes out, the challenge is used up.
/// @param origin       what the client says that it signed
/// @param page_origin  the Origin header of its upgrade, "" if it had none; must be equal if there was one
InfSignInFault inf_signin_verify(InfSignIn* signin, const uint8_t galaxy[INF_SIGNIN_GALAXY_BYTES],
                                 const uint8_t key[INF_SIGNIN_KEY_BYTES],
                                 const uint8_t signature[INF_SIGNIN_SIGNATURE_BYTES], const char* origin,
                                 const char* page_origin, uint64_t now_unix_s);

#endif
