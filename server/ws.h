/// @file ws.h
/// RFC 6455 as pure functions over bytes: the request head of an upgrade, and frames from a client.
/// No sockets, no clock, so that tests and fuzzers can drive each byte.
#ifndef INFINITY_SERVER_WS_H
#define INFINITY_SERVER_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Longest request head that is read before it is refused.
#define INF_WS_HEAD_BYTES_MAX 8192
/// Longest message, all fragments together.
#define INF_WS_MESSAGE_BYTES_MAX 65536
/// A server's frame header for payloads up to 65,535 bytes.
#define INF_WS_HEADER_BYTES_MAX 4
/// Longest payload of a control frame (RFC 6455, 5.5).
#define INF_WS_CONTROL_BYTES_MAX 125

/// Why a connection is closed. Numbers below 4000 are RFC 6455's; those above are ours.
/// X(number, NAME, text): numbers are wire format, never reused.
#define INF_WS_CLOSES(X)                                                                                 \
    X(1000, NORMAL, "bye")                                                                               \
    X(1001, GOING_AWAY, "the server is stopping; come back in a moment")                                 \
    X(1002, PROTOCOL, "that is not RFC 6455")                                                            \
    X(1003, UNSUPPORTED, "only binary messages are understood here")                                     \
    X(1007, BAD_TEXT, "that text is not UTF-8")                                                          \
    X(1008, POLICY, "too much at once; send less")                                                       \
    X(1009, TOO_BIG, "a message may have 65536 bytes at most")                                           \
    X(1011, INTERNAL, "the server failed; come back in a moment")                                        \
    X(4001, IDLE, "nothing was heard from you for 30 seconds; connect again")                            \
    X(4002, TOO_SLOW, "you read too slowly; connect again on a better line")                             \
    X(4003, SIGN_IN, "the sign-in failed; connect again and sign the new challenge")                     \
    X(4004, REPLACED, "you signed in elsewhere; only one connection may steer a soul")                   \
    X(4005, FULL, "the server is full; try again later")

typedef enum InfWsClose {
#define X(number, name, text) INF_WS_CLOSE_##name = number,
    INF_WS_CLOSES(X)
#undef X
} InfWsClose;

/// One sentence for people; never null; static lifetime; below 123 bytes, so that it fits a close frame.
const char* inf_ws_close_text(InfWsClose code);

// ------------------------------------------------------------------------------------ handshake

/// Who may open a player's socket.
typedef struct InfWsRules {
    const char* const* origins; ///< allowed Origin values besides the server's own host, e.g. "https://a.example"
    size_t origin_count;
    const char* const* hosts; ///< allowed Host values, without port; none = any well-formed host
    size_t host_count;
} InfWsRules;

typedef enum InfWsVerdict {
    INF_WS_MORE,    ///< the head is not complete yet
    INF_WS_UPGRADE, ///< answer with inf_ws_write_answer(), then speak frames
    INF_WS_REFUSE   ///< answer with inf_ws_write_answer(), then close
} InfWsVerdict;

typedef struct InfWsHandshake {
    InfWsVerdict verdict;
    int status;         ///< HTTP status of the answer: 101, 400, 403, 405, 414, 426, 431
    const char* reason; ///< one plain sentence: what is wrong and what to do; static lifetime
    size_t head_bytes;  ///< length of the head with its empty line; frames may follow it at once
    char accept[32];    ///< value of Sec-WebSocket-Accept
    char origin[256];   ///< as sent, empty when there was none (programs send none)
    char host[256];     ///< as sent, with port
    char forwarded_for[64]; ///< last address in X-Forwarded-For, empty if none; believe it from a proxy only
} InfWsHandshake;

/// Judge a request head that has been read so far.
void inf_ws_handshake_parse(const char* bytes, size_t byte_count, const InfWsRules* rules, InfWsHandshake* out);

/// Whether the bytes read so far are (the beginning of) a request for `/ws`: 1 yes, 0 no, -1 not known yet.
int inf_ws_wants_upgrade(const char* bytes, size_t byte_count);

/// Write the answer to a judged head. @return bytes written, 0 if the buffer is below 1024 bytes
size_t inf_ws_write_answer(const InfWsHandshake* handshake, char* out, size_t out_bytes);

// --------------------------------------------------------------------------------------- frames

typedef enum InfWsOpcode {
    INF_WS_OP_CONTINUE = 0,
    INF_WS_OP_TEXT = 1,
    INF_WS_OP_BINARY = 2,
    INF_WS_OP_CLOSE = 8,
    INF_WS_OP_PING = 9,
    INF_WS_OP_PONG = 10
} InfWsOpcode;

typedef enum InfWsEventKind {
    INF_WS_EVENT_NONE,    ///< all bytes are taken; feed more
    INF_WS_EVENT_MESSAGE, ///< a whole binary message
    INF_WS_EVENT_PING,    ///< answer with a pong of the same payload
    INF_WS_EVENT_PONG,
    INF_WS_EVENT_CLOSE,   ///< the peer says goodbye; `code` is 1000 if it gave none
    INF_WS_EVENT_FAIL     ///< close with `code`; the parser takes no more
} InfWsEventKind;

typedef struct InfWsEvent {
    InfWsEventKind kind;
    uint16_t code;
    const uint8_t* payload; ///< valid until the next call
    size_t payload_bytes;
} InfWsEvent;

/// State of one client's incoming bytes. Bytes may come cut anywhere.
typedef struct InfWsParser {
    uint8_t* message;      ///< the caller's, `message_bytes_max` long
    size_t message_bytes_max;
    size_t message_bytes;  ///< collected so far, over all fragments
    uint64_t left_bytes;   ///< of the current frame's payload
    uint32_t mask_offset;
    uint8_t header[14];
    uint8_t header_bytes, header_need;
    uint8_t mask[4];
    uint8_t control[INF_WS_CONTROL_BYTES_MAX];
    uint8_t control_bytes;
    uint8_t opcode;        ///< of the current frame
    bool fin, in_payload, in_message, failed;
} InfWsParser;

/// @param message  buffer for one message, owned by the caller, at least as long-lived as the parser
void inf_ws_parser_init(InfWsParser* parser, uint8_t* message, size_t message_bytes_max);

/// Take bytes until something has happened or all are taken.
/// @param bytes, byte_count  moved on by what was taken
InfWsEvent inf_ws_parser_next(InfWsParser* parser, const uint8_t** bytes, size_t* byte_count);

/// Write a server's frame header. @param out at least INF_WS_HEADER_BYTES_MAX @param payload_bytes up to 65,535
/// @return 2 or 4
size_t inf_ws_write_header(uint8_t* out, InfWsOpcode opcode, size_t payload_bytes);

/// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool inf_utf8_is_valid(const uint8_t* bytes, size_t byte_count);

#endif
