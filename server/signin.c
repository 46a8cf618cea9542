// The challenge lives in the connection, so a nonce cannot be used twice: not on another connection, which has its
// own, and not on this one, where the first try closes it. libsodium refuses keys of small order and signatures
// that are not canonical.
#include "server/signin.h"

#include <sodium.h>
#include <string.h>

static const char domain[] = "infinity sign-in v1";

const char* inf_signin_fault_text(InfSignInFault fault) {
    switch (fault) {
#define X(number, name, what, help)                                                                      \
    case INF_SIGNIN_##name:                                                                              \
        return what;
        INF_SIGNIN_FAULTS(X)
#undef X
    }
    return "the sign-in failed";
}

const char* inf_signin_fault_help(InfSignInFault fault) {
    switch (fault) {
#define X(number, name, what, help)                                                                      \
    case INF_SIGNIN_##name:                                                                              \
        return help;
        INF_SIGNIN_FAULTS(X)
#undef X
    }
    return "";
}

void inf_signin_begin(InfSignIn* signin, uint64_t now_unix_s) {
    randombytes_buf(signin->nonce, sizeof(signin->nonce));
    signin->expires_unix_s = now_unix_s + INF_SIGNIN_SECONDS;
    signin->is_open = true;
}

size_t inf_signin_message(const InfSignIn* signin, const uint8_t galaxy[INF_SIGNIN_GALAXY_BYTES], const char* origin,
                          uint8_t out[INF_SIGNIN_MESSAGE_BYTES_MAX]) {
    size_t origin_bytes = strlen(origin);
    if (origin_bytes > INF_SIGNIN_ORIGIN_BYTES_MAX) {
        return 0;
    }
    uint8_t* at = out;
    memcpy(at, domain, sizeof(domain) - 1);
    at += sizeof(domain) - 1;
    memcpy(at, galaxy, INF_SIGNIN_GALAXY_BYTES);
    at += INF_SIGNIN_GALAXY_BYTES;
    memcpy(at, origin, origin_bytes);
    at += origin_bytes;
    memcpy(at, signin->nonce, INF_SIGNIN_NONCE_BYTES);
    at += INF_SIGNIN_NONCE_BYTES;
    for (int i = 0; i < 8; i++) {
        *at++ = (uint8_t)(signin->expires_unix_s >> (8 * i));
    }
    return (size_t)(at - out);
}

InfSignInFault inf_signin_verify(InfSignIn* signin, const uint8_t galaxy[INF_SIGNIN_GALAXY_BYTES],
                                 const uint8_t key[INF_SIGNIN_KEY_BYTES],
                                 const uint8_t signature[INF_SIGNIN_SIGNATURE_BYTES], const char* origin,
                                 const char* page_origin, uint64_t now_unix_s) {
    if (!signin->is_open) {
        return INF_SIGNIN_NO_CHALLENGE;
    }
    signin->is_open = false;
    if (now_unix_s > signin->expires_unix_s) {
        return INF_SIGNIN_EXPIRED;
    }
    if (page_origin[0] != 0 && strcmp(origin, page_origin) != 0) {
        return INF_SIGNIN_ORIGIN;
    }
    uint8_t message[INF_SIGNIN_MESSAGE_BYTES_MAX];
    size_t bytes = inf_signin_message(signin, galaxy, origin, message);
    if (bytes == 0) {
        return INF_SIGNIN_ORIGIN;
    }
    return crypto_sign_verify_detached(signature, message, bytes, key) == 0 ? INF_SIGNIN_OK : INF_SIGNIN_SIGNATURE;
}
