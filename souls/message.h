/// @file message.h
/// What two servers say to each other when a soul moves between them: canonical JSON, each with `message` (its kind),
/// `version` and `server` (the key of who speaks), signed by that server: each by itself, or all of a batch by a seal. Every field is bounded; unknown ones are refused.
///
///     asker ── offer ──► destination        welcome, or reason: signed, nothing is stored
///     source ─ arrival ► destination        receipt or refusal: signed, for ever; problem: unsigned, nothing is known yet
///     waker ── claim ──► home of the file   release or refusal
///
/// The structs below come from one table; each has a function-free shape so that servers can fill them on the stack.
#ifndef INFINITY_SOULS_MESSAGE_H
#define INFINITY_SOULS_MESSAGE_H

#include "souls/lineage.h"

#define INF_MESSAGE_VERSION 1
/// Messages in one body, and the largest body.
#define INF_MESSAGE_BATCH_MAX 64
#define INF_MESSAGE_BATCH_BYTES_MAX (4u * 1024u * 1024u)
#define INF_MESSAGE_SECRET_BYTES_MAX 128
#define INF_MESSAGE_TEXT_BYTES 200
/// scheme://host:port of a server.
#define INF_MESSAGE_URL_BYTES 256

/// Why a server says no. X(number, NAME, "word", "sentence"): words are wire format.
#define INF_BORDER_REASONS(X)                                                                           \
    X(0, NONE, "none", "no reason was given")                                                           \
    X(1, CLOSED, "closed", "the border is closed")                                                      \
    X(2, UNINVITED, "uninvited", "this galaxy is secluded: souls come by invitation only")              \
    X(3, FULL, "full", "there is no room left")                                                         \
    X(4, CLAIM, "claim", "it claims more credits than this galaxy honours")                             \
    X(5, VERSION, "version", "this galaxy does not know that version")                                  \
    X(6, STALE, "stale", "this galaxy has met the soul with this epoch or a later one")                 \
    X(7, FORGED, "forged", "a signature or the lineage does not hold")                                  \
    X(8, FORK, "fork", "the soul has lived twice: its lineage forks")                                   \
    X(9, FOREIGN, "foreign", "it is for another server, or from another than it says")                  \
    X(10, UNKNOWN, "unknown", "this galaxy knows nothing of it")                                        \
    X(11, ELSEWHERE, "elsewhere", "the file woke somewhere else already")                               \
    X(12, BUSY, "busy", "this galaxy has too much to do; ask again later")                              \
    X(13, HOST, "host", "the soul's host is not here")                                                  \
    X(14, RULES, "rules", "the galaxy's rules did not take it in")

#define X(number, NAME, ...) INF_BORDER_REASON_##NAME = number,
typedef enum InfBorderReason { INF_BORDER_REASONS(X) INF_BORDER_REASON_COUNT } InfBorderReason;
#undef X
/// One plain sentence. Static lifetime.
const char* inf_border_reason_text(uint32_t reason);
/// Word of INF_GALAXY_KINDS.
const char* inf_border_galaxy_word(uint32_t kind);

// Fields: H(name, bytes) bytes as hexadecimal digits; U(name) u32; N(name) a number in [0, 2^53); T(name, bytes) a text
// with its terminating zero; W(name, list) the number of a word; B(name, max) 0 to max bytes, as digits;
// D(name) the document: an object, borrowed.

/// May this soul come? `key` and `name` tell who asks; `to` may be zero if the destination's key is not known yet.
#define INF_MESSAGE_Offer(H, U, N, T, W, B, D)                                                          \
    H(identity, 32) H(root, 32) H(key, 32) H(host, 32) H(to, 32) U(epoch) T(name, INF_NAME_BYTES)       \
    N(carried_credits) N(banked_credits) N(unix_seconds)                                                \
    H(galaxy, INF_SOULS_GALAXY_BYTES) T(galaxy_name, INF_NAME_BYTES)
/// Yes, until `until`, with at most so many credits. `offer`: SHA-256 of what was signed of the offer. `url`: the address that
/// the server says is its own; whoever knows it by another one believes this, and no stranger who passes its letters on.
#define INF_MESSAGE_Welcome(H, U, N, T, W, B, D)                                                        \
    H(identity, 32) U(epoch) H(offer, 32) N(until) N(claim_credits) T(url, INF_MESSAGE_URL_BYTES)       \
    H(galaxy, INF_SOULS_GALAXY_BYTES) T(galaxy_name, INF_NAME_BYTES) W(galaxy_kind, galaxy)
/// No, not as it stands.
#define INF_MESSAGE_Reason(H, U, N, T, W, B, D)                                                         \
    H(identity, 32) U(epoch) H(offer, 32) W(reason, reason) T(text, INF_MESSAGE_TEXT_BYTES)             \
    H(galaxy, INF_SOULS_GALAXY_BYTES)
/// Here it is. Signed by the soul too. `host`: identity of whom it rides in, or zero. `secret`: of a soul whose key the
/// server kept, sealed to the destination's key; or empty. `document_hash`: SHA-256 of the document's canonical text.
#define INF_MESSAGE_Arrival(H, U, N, T, W, B, D)                                                        \
    H(transfer, INF_SOULS_TRANSFER_BYTES) H(to, 32) H(galaxy, INF_SOULS_GALAXY_BYTES) H(identity, 32)   \
    H(root, 32) H(key, 32) U(epoch) H(lineage, 32) H(host, 32) N(carried_credits) N(banked_credits)     \
    B(secret, INF_MESSAGE_SECRET_BYTES_MAX) H(document_hash, 32) D(document)
/// It lives here now. For ever the same answer to the same transfer.
#define INF_MESSAGE_Receipt(H, U, N, T, W, B, D)                                                        \
    H(transfer, INF_SOULS_TRANSFER_BYTES) H(to, 32) H(identity, 32) U(epoch) N(tick)                    \
    H(galaxy, INF_SOULS_GALAXY_BYTES)
/// It does not and never will live here by this transfer.
#define INF_MESSAGE_Refusal(H, U, N, T, W, B, D)                                                        \
    H(transfer, INF_SOULS_TRANSFER_BYTES) H(to, 32) H(identity, 32) U(epoch) N(tick)                    \
    H(galaxy, INF_SOULS_GALAXY_BYTES) W(reason, reason) T(text, INF_MESSAGE_TEXT_BYTES)
/// A file that left your galaxy is to wake here: let it go. `transfer`: as in the file.
#define INF_MESSAGE_Claim(H, U, N, T, W, B, D)                                                          \
    H(transfer, INF_SOULS_TRANSFER_BYTES) H(to, 32) H(identity, 32) U(epoch) H(document_hash, 32)       \
    N(unix_seconds) H(galaxy, INF_SOULS_GALAXY_BYTES)
/// It is yours, with these credits. For ever the same answer to the same server. `secret`: as in an arrival, of a soul
/// whose key its home kept; or empty.
#define INF_MESSAGE_Release(H, U, N, T, W, B, D)                                                        \
    H(transfer, INF_SOULS_TRANSFER_BYTES) H(to, 32) H(identity, 32) U(epoch) N(tick)                    \
    H(galaxy, INF_SOULS_GALAXY_BYTES) N(carried_credits) N(banked_credits)                              \
    B(secret, INF_MESSAGE_SECRET_BYTES_MAX)
/// Something was wrong with the message itself; nothing is known or stored. Unsigned: it binds nobody.
#define INF_MESSAGE_Problem(H, U, N, T, W, B, D) W(reason, reason) T(text, INF_MESSAGE_TEXT_BYTES)

/// The last message of a batch that its server signs once: `digest` is SHA-256 over the SHA-256 of what would be signed of
/// each message before it, in their order (of a problem: 32 zeros); those have no `server_signature` then. `secret`: the key
/// that secrets of a batch of arrivals are locked with (keyring.h), sealed to the destination's key; or empty.
#define INF_MESSAGE_Seal(H, U, N, T, W, B, D) U(count) H(digest, 32) B(secret, INF_MESSAGE_SECRET_BYTES_MAX)

/// X(number, Name, NAME of the signature's kind, "word")
#define INF_MESSAGES(X)                                                                                 \
    X(0, Offer, OFFER, "offer")                                                                         \
    X(1, Welcome, WELCOME, "welcome")                                                                   \
    X(2, Reason, REASON, "reason")                                                                      \
    X(3, Arrival, ARRIVAL, "arrival")                                                                   \
    X(4, Receipt, RECEIPT, "receipt")                                                                   \
    X(5, Refusal, REFUSAL, "refusal")                                                                   \
    X(6, Claim, CLAIM, "claim")                                                                         \
    X(7, Release, RELEASE, "release")                                                                   \
    X(8, Problem, KIND_COUNT, "problem")                                                                \
    X(9, Seal, SEAL, "seal")

#define INF_MESSAGE_AS_H(name, byte_count) uint8_t name[byte_count];
#define INF_MESSAGE_AS_U(name) uint32_t name;
#define INF_MESSAGE_AS_N(name) int64_t name;
#define INF_MESSAGE_AS_T(name, byte_count) char name[byte_count];
#define INF_MESSAGE_AS_W(name, list) uint32_t name;
#define INF_MESSAGE_AS_B(name, byte_count) uint32_t name##_bytes; uint8_t name[byte_count];
#define INF_MESSAGE_AS_D(name) const json_t* name;
/// Each message: `server` (who speaks), then its fields. InfMessageOffer, InfMessageWelcome, …
#define X(number, Name, ...)                                                                            \
    typedef struct InfMessage##Name {                                                                   \
        uint8_t server[32];                                                                             \
        INF_MESSAGE_##Name(INF_MESSAGE_AS_H, INF_MESSAGE_AS_U, INF_MESSAGE_AS_N, INF_MESSAGE_AS_T, INF_MESSAGE_AS_W,   \
                           INF_MESSAGE_AS_B, INF_MESSAGE_AS_D)                                                \
    } InfMessage##Name;
INF_MESSAGES(X)
#undef X
#define X(number, Name, ...) INF_MESSAGE_KIND_##Name = number,
typedef enum InfMessageKind { INF_MESSAGES(X) INF_MESSAGE_KIND_COUNT } InfMessageKind;
#undef X

const char* inf_message_word(InfMessageKind kind);
/// What an object says it is, or INF_MESSAGE_KIND_COUNT.
InfMessageKind inf_message_kind(const json_t* object);

/// Struct to object, unsigned. @param message the struct of that kind
/// @return json_decref() it; null: FIELD (a text that is not UTF-8, a negative number) or MEMORY
json_t* inf_message_build(InfMessageKind kind, const void* message, InfSoulsError* error);
/// Build and sign with the speaker's key, which must be `server`'s. A problem is not signed (key may be null).
json_t* inf_message_make(InfMessageKind kind, const void* message, const InfSignKey* server, InfSoulsError* error);
/// Object to struct: form only. Faults: KIND, VERSION, MISSING, FIELD, UNKNOWN_FIELD. Of an arrival the document's
/// hash is checked too (HASH). `document` borrows from the object.
bool inf_message_read(InfMessageKind kind, const json_t* object, void* out, InfSoulsError* error);
/// Read, and check that `server` signed it. @param server  the only one that is believed, or null: whoever the message
/// names; the caller then decides about out->server
bool inf_message_open(InfMessageKind kind, const json_t* object, const uint8_t server[32], void* out,
                      InfSoulsError* error);
/// Sign a batch of unsigned messages (inf_message_build()) of this server at once, by a seal behind them.
/// @param secret  may be null
bool inf_message_seal(json_t* batch, const InfSignKey* server, const uint8_t* secret, uint32_t secret_bytes, InfSoulsError* error);
/// What the seal of a batch says. Without a seal each message is signed by itself.
typedef struct InfSealing {
    bool is_there, holds;
    InfMessageSeal seal; ///< if it holds
    InfSoulsError error; ///< if it does not
} InfSealing;
void inf_message_seal_read(const json_t* batch, InfSealing* out);
/// inf_message_open() of a message of that batch.
bool inf_message_open_of(const InfSealing* sealing, InfMessageKind kind, const json_t* object, const uint8_t server[32], void* out,
                         InfSoulsError* error);

/// Of an arrival: did the soul agree (soul_signature, or a mandate for the message's server)?
bool inf_message_arrival_agreed(const json_t* object, const InfMessageArrival* arrival, InfSoulsError* error);

#endif
