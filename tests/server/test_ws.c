// RFC 6455 without sockets: frames and the request head, whole and cut at every byte.
#include "test.h"

#include "server/ws.h"

#define MAX_BYTES (65536 + 4096)

/// Builds what a client sends.
typedef struct Wire {
    uint8_t bytes[MAX_BYTES * 2];
    size_t count;
} Wire;

typedef struct Frame {
    uint8_t first;      // FIN, RSV, opcode
    const void* payload;
    size_t bytes;
    bool unmasked;
    int length_form;    // 0 shortest, 126, 127
} Frame;

static Wire wire;

static void put(Frame frame) {
    static const uint8_t mask[4] = {0x11, 0xfe, 0x3c, 0x80};
    uint8_t* at = wire.bytes + wire.count;
    int form = frame.length_form ? frame.length_form : frame.bytes < 126 ? 0 : frame.bytes < 65536 ? 126 : 127;
    *at++ = frame.first;
    *at++ = (uint8_t)((frame.unmasked ? 0 : 0x80) | (form ? form : (int)frame.bytes));
    for (int i = form == 127 ? 7 : form == 126 ? 1 : -1; i >= 0; i--) {
        *at++ = (uint8_t)((uint64_t)frame.bytes >> (8 * i));
    }
    if (!frame.unmasked) {
        memcpy(at, mask, 4);
        at += 4;
    }
    for (size_t i = 0; i < frame.bytes; i++) {
        at[i] = ((const uint8_t*)frame.payload)[i] ^ (frame.unmasked ? 0 : mask[i & 3]);
    }
    wire.count = (size_t)(at - wire.bytes) + frame.bytes;
}

static void put_frame(uint8_t first, const void* payload, size_t bytes) {
    put((Frame){first, payload, bytes, false, 0});
}

static uint8_t message_buffer[65536];

/// What came out of the parser, as text: "M5 P0 C1000 F1002".
static const char* run(size_t piece) {
    static char seen[4096];
    InfWsParser parser;
    inf_ws_parser_init(&parser, message_buffer, sizeof(message_buffer));
    seen[0] = 0;
    for (size_t from = 0; from < wire.count; from += piece) {
        size_t count = wire.count - from < piece ? wire.count - from : piece;
        const uint8_t* bytes = wire.bytes + from;
        for (;;) {
            InfWsEvent event = inf_ws_parser_next(&parser, &bytes, &count);
            size_t used = strlen(seen);
            if (event.kind == INF_WS_EVENT_NONE) {
                break;
            }
            static const char letters[] = " MPOCF";
            snprintf(seen + used, sizeof(seen) - used, "%s%c%zu", used ? " " : "", letters[event.kind],
                     event.kind >= INF_WS_EVENT_CLOSE ? (size_t)event.code : event.payload_bytes);
        }
    }
    wire.count = wire.count;
    return seen;
}

/// Whole, and in pieces of 1, 2, 3 and 7 bytes, the same must come out.
static void expect(const char* wanted) {
    size_t pieces[] = {sizeof(wire.bytes), 1, 2, 3, 7};
    for (int i = 0; i < 5; i++) {
        const char* seen = run(pieces[i]);
        ENSURE_SAY(strcmp(seen, wanted) == 0, "wanted '%s', got '%s' in pieces of %zu", wanted, seen, pieces[i]);
    }
    wire.count = 0;
}

#define FIN 0x80
static uint8_t big[70000];

TEST(frames_of_every_length_form) {
    size_t sizes[] = {0, 1, 125, 126, 127, 128, 65535, 65536};
    const char* wanted[] = {"M0", "M1", "M125", "M126", "M127", "M128", "M65535", "M65536"};
    for (int i = 0; i < 8; i++) {
        put_frame(FIN | 2, big, sizes[i]);
        expect(wanted[i]);
    }
}

TEST(payload_is_unmasked_across_pieces) {
    for (size_t i = 0; i < 300; i++) {
        big[i] = (uint8_t)(i * 7);
    }
    put_frame(FIN | 2, big, 300);
    for (size_t piece = 1; piece < 20; piece++) {
        memset(message_buffer, 0, 300);
        ENSURE_EQ_STR("M300", run(piece));
        ENSURE(memcmp(message_buffer, big, 300) == 0);
    }
    wire.count = 0;
    memset(big, 0, 300);
}

TEST(fragments_become_one_message) {
    put_frame(2, "ab", 2);
    put_frame(0, "", 0);
    put_frame(0, "cd", 2);
    put_frame(FIN | 0, "e", 1);
    expect("M5");
}

TEST(control_frames_come_between_fragments) {
    put_frame(2, "ab", 2);
    put_frame(FIN | 9, "ping", 4);
    put_frame(0, "cd", 2);
    put_frame(FIN | 10, "", 0);
    put_frame(FIN | 0, "e", 1);
    expect("P4 O0 M5");
}

TEST(many_messages_in_one_read) {
    for (int i = 0; i < 5; i++) {
        put_frame(FIN | 2, "abc", 3);
    }
    expect("M3 M3 M3 M3 M3");
}

TEST(a_message_has_a_bound_over_all_fragments) {
    put_frame(FIN | 2, big, 65537);
    expect("F1009");
    put_frame(2, big, 65000);
    put_frame(FIN | 0, big, 536);
    expect("M65536");
    put_frame(2, big, 65000);
    put_frame(FIN | 0, big, 537);
    expect("F1009");
}

TEST(a_length_beyond_all_is_refused_before_it_is_read) {
    static const uint8_t head[] = {0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4};
    memcpy(wire.bytes, head, sizeof(head));
    wire.count = sizeof(head);
    expect("F1009");
    memcpy(wire.bytes, head, sizeof(head));
    wire.bytes[2] = 0xff; // the highest bit must be 0
    wire.count = sizeof(head);
    expect("F1002");
}

TEST(bad_frames) {
    struct {
        Frame frame;
        const char* wanted;
    } cases[] = {{{FIN | 2, "a", 1, true, 0}, "F1002"},        // no mask
                 {{FIN | 0x40 | 2, "a", 1, false, 0}, "F1002"}, // reserved bits
                 {{FIN | 0x20 | 2, "a", 1, false, 0}, "F1002"},
                 {{FIN | 0x10 | 2, "a", 1, false, 0}, "F1002"},
                 {{FIN | 0x70 | 9, "a", 1, false, 0}, "F1002"},
                 {{FIN | 3, "a", 1, false, 0}, "F1002"}, // reserved opcodes
                 {{FIN | 4, "a", 1, false, 0}, "F1002"},
                 {{FIN | 5, "a", 1, false, 0}, "F1002"},
                 {{FIN | 6, "a", 1, false, 0}, "F1002"},
                 {{FIN | 7, "a", 1, false, 0}, "F1002"},
                 {{FIN | 11, "a", 1, false, 0}, "F1002"},
                 {{FIN | 12, "a", 1, false, 0}, "F1002"},
                 {{FIN | 13, "a", 1, false, 0}, "F1002"},
                 {{FIN | 14, "a", 1, false, 0}, "F1002"},
                 {{FIN | 15, "a", 1, false, 0}, "F1002"},
                 {{FIN | 0, "a", 1, false, 0}, "F1002"},      // nothing to continue
                 {{0, "a", 1, false, 0}, "F1002"},
                 {{9, "a", 1, false, 0}, "F1002"},            // fragmented control frames
                 {{10, "a", 1, false, 0}, "F1002"},
                 {{8, "\x03\xe8", 2, false, 0}, "F1002"},
                 {{FIN | 9, big, 126, false, 0}, "F1002"},    // long control frames
                 {{FIN | 10, big, 126, false, 0}, "F1002"},
                 {{FIN | 8, big, 126, false, 0}, "F1002"},
                 {{FIN | 9, big, 65536, false, 0}, "F1002"},
                 {{FIN | 2, big, 100, false, 126}, "F1002"},  // not the shortest form
                 {{FIN | 2, big, 100, false, 127}, "F1002"},
                 {{FIN | 2, big, 1000, false, 127}, "F1002"},
                 {{FIN | 1, "text", 4, false, 0}, "F1003"},   // text is not spoken here
                 {{1, "text", 4, false, 0}, "F1003"},
                 {{FIN | 1, "\xff", 1, false, 0}, "F1003"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wire.count = 0;
        put(cases[i].frame);
        const char* seen = run(sizeof(wire.bytes));
        ENSURE_SAY(strcmp(seen, cases[i].wanted) == 0, "case %zu: wanted %s, got %s", i, cases[i].wanted, seen);
        expect(cases[i].wanted);
    }
}

TEST(a_message_must_end_before_the_next) {
    put_frame(2, "a", 1);
    put_frame(FIN | 2, "b", 1);
    expect("F1002");
    put_frame(2, "a", 1);
    put_frame(FIN | 1, "b", 1);
    expect("F1002");
    put_frame(2, "a", 1);
    put_frame(FIN | 0, "b", 1);
    put_frame(FIN | 0, "c", 1);
    expect("M2 F1002");
}

TEST(close_codes) {
    unsigned good[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999};
    unsigned bad[] = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535};
    char wanted[16];
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        uint8_t payload[2] = {(uint8_t)(good[i] >> 8), (uint8_t)good[i]};
        put_frame(FIN | 8, payload, 2);
        snprintf(wanted, sizeof(wanted), "C%u", good[i]);
        expect(wanted);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t payload[2] = {(uint8_t)(bad[i] >> 8), (uint8_t)bad[i]};
        put_frame(FIN | 8, payload, 2);
        expect("F1002");
    }
}

TEST(close_payloads) {
    put_frame(FIN | 8, "", 0);
    expect("C1000");
    put_frame(FIN | 8, "\x03", 1);
    expect("F1002");
    put_frame(FIN | 8, "\x03\xe8 bye \xc3\xa9", 9);
    expect("C1000");
    put_frame(FIN | 8, "\x03\xe8\xff", 3);
    expect("F1007");
    put_frame(FIN | 8, "\x03\xe8\xc3", 3);
    expect("F1007");
    put_frame(FIN | 8, "\x03\xe8\xed\xa0\x80", 5);
    expect("F1007");
}

TEST(nothing_counts_after_close_or_failure) {
    put_frame(FIN | 8, "\x03\xe8", 2);
    put_frame(FIN | 2, "a", 1);
    expect("C1000");
    put_frame(FIN | 3, "", 0);
    put_frame(FIN | 2, "a", 1);
    expect("F1002");
}

TEST(server_headers) {
    uint8_t out[4];
    ENSURE(inf_ws_write_header(out, INF_WS_OP_BINARY, 0) == 2 && out[0] == 0x82 && out[1] == 0);
    ENSURE(inf_ws_write_header(out, INF_WS_OP_CLOSE, 125) == 2 && out[0] == 0x88 && out[1] == 125);
    ENSURE(inf_ws_write_header(out, INF_WS_OP_BINARY, 126) == 4 && out[1] == 126 && out[2] == 0 && out[3] == 126);
    ENSURE(inf_ws_write_header(out, INF_WS_OP_BINARY, 65535) == 4 && out[2] == 0xff && out[3] == 0xff);
}

TEST(close_texts_fit_a_frame) {
#define X(number, name, text) ENSURE(strlen(inf_ws_close_text(INF_WS_CLOSE_##name)) <= 123);
    INF_WS_CLOSES(X)
#undef X
}

TEST(utf8) {
    const char* good[] = {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                          "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
    const char* bad[] = {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                         "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc2", "\xe1\x80", "\xf1\x80\x80", "\xc2\x41", "\xfe"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ENSURE_SAY(inf_utf8_is_valid((const uint8_t*)good[i], strlen(good[i])), "good %zu", i);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ENSURE_SAY(!inf_utf8_is_valid((const uint8_t*)bad[i], strlen(bad[i])), "bad %zu", i);
    }
}

TEST_RANDOM(random_streams_are_the_same_in_any_pieces) {
    TestRandom random = {seed};
    for (int round = 0; round < 200; round++) {
        wire.count = 0;
        int frames = 1 + (int)test_random_below(&random, 6);
        for (int i = 0; i < frames; i++) {
            static const uint8_t firsts[] = {0x82, 0x82, 0x02, 0x00, 0x80, 0x89, 0x8a, 0x88, 0x81, 0x83, 0x92};
            put((Frame){firsts[test_random_below(&random, test_random_below(&random, 3) ? 7 : 11)], big,
                        test_random_below(&random, 200), test_random_below(&random, 30) == 0, 0});
        }
        char whole[4096];
        snprintf(whole, sizeof(whole), "%s", run(sizeof(wire.bytes)));
        for (int k = 0; k < 4; k++) {
            size_t piece = 1 + test_random_below(&random, 40);
            ENSURE_EQ_STR(whole, run(piece));
        }
    }
    wire.count = 0;
}

// ---- the request head --------------------------------------------------------------------------------------

static const char good_head[] = "GET /ws HTTP/1.1\r\nHost: galaxy.example:7777\r\nUpgrade: websocket\r\n"
                                "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                "Sec-WebSocket-Version: 13\r\n\r\n";
static const InfWsRules open_rules;

static InfWsHandshake shake(const char* head, const InfWsRules* rules) {
    InfWsHandshake out;
    inf_ws_handshake_parse(head, strlen(head), rules, &out);
    return out;
}

/// The good head with one piece replaced.
static const char* with(const char* old, const char* fresh) {
    static char head[8192];
    const char* at = strstr(good_head, old);
    ENSURE(at != NULL);
    snprintf(head, sizeof(head), "%.*s%s%s", (int)(at - good_head), good_head, fresh, at + strlen(old));
    return head;
}

TEST(handshake_answers_as_the_rfc_says) {
    InfWsHandshake got = shake(good_head, &open_rules);
    ENSURE(got.verdict == INF_WS_UPGRADE);
    ENSURE_EQ_STR("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", got.accept);
    ENSURE_EQ_U64(strlen(good_head), got.head_bytes);
    ENSURE_EQ_STR("galaxy.example:7777", got.host);
    char answer[1024];
    size_t bytes = inf_ws_write_answer(&got, answer, sizeof(answer));
    ENSURE(bytes > 4 && strncmp(answer, "HTTP/1.1 101 ", 13) == 0 && memcmp(answer + bytes - 4, "\r\n\r\n", 4) == 0);
}

TEST(handshake_waits_for_the_whole_head) {
    for (size_t bytes = 0; bytes < strlen(good_head); bytes++) {
        InfWsHandshake out;
        inf_ws_handshake_parse(good_head, bytes, &open_rules, &out);
        ENSURE(out.verdict == INF_WS_MORE);
    }
}

TEST(handshake_takes_what_browsers_and_proxies_send) {
    ENSURE(shake(with("Connection: Upgrade", "Connection: keep-alive, Upgrade"), &open_rules).status == 101);
    ENSURE(shake(with("websocket", "WebSocket"), &open_rules).status == 101);
    ENSURE(shake(with("Host:", "hOsT:"), &open_rules).status == 101);
    ENSURE(shake(with("/ws ", "/ws?v=1 "), &open_rules).status == 101);
    InfWsHandshake got = shake(with("Upgrade: ", "X-Forwarded-For: 9.9.9.9, 10.1.2.3\r\nUpgrade: "), &open_rules);
    ENSURE(got.status == 101);
    ENSURE_EQ_STR("10.1.2.3", got.forwarded_for);
    got = shake(with("Upgrade: ", "Origin: http://GALAXY.example:7777\r\nUpgrade: "), &open_rules);
    ENSURE(got.status == 101);
    ENSURE_EQ_STR("http://GALAXY.example:7777", got.origin);
}

TEST(handshake_refusals) {
    struct {
        const char *old, *fresh;
        int status;
    } cases[] = {{"GET", "POST", 405},
                 {"GET", "get", 405},
                 {"HTTP/1.1", "HTTP/1.0", 400},
                 {"HTTP/1.1", "HTTP/2", 400},
                 {"/ws ", "/wsx ", 400},
                 {"/ws ", "/ws x ", 400},
                 {"Host: galaxy.example:7777\r\n", "", 400},
                 {"Host: ", "Host: a\r\nHost: ", 400},
                 {"galaxy.example", "gal axy", 400},
                 {"galaxy.example", "a/b", 400},
                 {"Host:", "Host :", 400},
                 {"Host:", " folded\r\nHost:", 400},
                 {"Host:", "nonsense\r\nHost:", 400},
                 {"Host:", ": x\r\nHost:", 400},
                 {"example", "exa\x01mple", 400},
                 {"Upgrade: websocket", "Upgrade: h2c", 426},
                 {"Upgrade: websocket\r\n", "", 426},
                 {"Connection: Upgrade", "Connection: close", 426},
                 {"Version: 13", "Version: 8", 426},
                 {"Sec-WebSocket-Version: 13\r\n", "", 426},
                 {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=", 400},
                 {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQAA", 400},
                 {"dGhlIHNhbXBsZSBub25jZQ==", "d!hlIHNhbXBsZSBub25jZQ==", 400},
                 {"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400},
                 {"Upgrade: ", "Content-Length: 5\r\nUpgrade: ", 400},
                 {"Upgrade: ", "Transfer-Encoding: chunked\r\nUpgrade: ", 400},
                 {"Upgrade: ", "Origin: https://evil.example\r\nUpgrade: ", 403},
                 {"Upgrade: ", "Origin: null\r\nUpgrade: ", 403},
                 {"Upgrade: ", "Origin: http://galaxy.example:7777.evil.example\r\nUpgrade: ", 403},
                 {"Upgrade: ", "Origin: ftp://galaxy.example:7777\r\nUpgrade: ", 403},
                 {"Upgrade: ", "Origin: http://galaxy.example:7777\r\nOrigin: http://x\r\nUpgrade: ", 400}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        InfWsHandshake got = shake(with(cases[i].old, cases[i].fresh), &open_rules);
        ENSURE_SAY(got.verdict == INF_WS_REFUSE && got.status == cases[i].status, "case %zu: %d %s", i, got.status,
                   got.reason ? got.reason : "");
        char answer[1024];
        ENSURE(inf_ws_write_answer(&got, answer, sizeof(answer)) > 0);
        ENSURE(strstr(answer, got.reason) != NULL);
    }
}

TEST(handshake_rules_of_the_host) {
    const char* origins[] = {"https://elsewhere.example"};
    const char* hosts[] = {"galaxy.example", "[::1]"};
    InfWsRules rules = {origins, 1, hosts, 2};
    ENSURE(shake(good_head, &rules).status == 101);
    ENSURE(shake(with("galaxy.example", "other.example"), &rules).status == 403);
    ENSURE(shake(with("galaxy.example:7777", "[::1]:7777"), &rules).status == 101);
    ENSURE(shake(with("Upgrade: ", "Origin: https://elsewhere.example\r\nUpgrade: "), &rules).status == 101);
    ENSURE(shake(with("Upgrade: ", "Origin: http://elsewhere.example\r\nUpgrade: "), &rules).status == 403);
}

TEST(handshake_head_has_a_bound) {
    static char head[20000];
    size_t used = (size_t)snprintf(head, sizeof(head), "GET /ws HTTP/1.1\r\nHost: a\r\nX: ");
    memset(head + used, 'x', sizeof(head) - used - 1);
    ENSURE(shake(head, &open_rules).status == 431);
    memcpy(head + 8190, "\r\n\r\n", 5);
    ENSURE(shake(head, &open_rules).status == 431);
}

TEST(only_ws_is_ours) {
    ENSURE(inf_ws_wants_upgrade("GET /ws HTTP", 12) == 1);
    ENSURE(inf_ws_wants_upgrade("GET /ws?x", 9) == 1);
    ENSURE(inf_ws_wants_upgrade("GET /", 5) == -1);
    ENSURE(inf_ws_wants_upgrade("", 0) == -1);
    ENSURE(inf_ws_wants_upgrade("GET /ws", 7) == -1);
    ENSURE(inf_ws_wants_upgrade("GET /wsx", 8) == 0);
    ENSURE(inf_ws_wants_upgrade("POST /ws ", 9) == 0);
    ENSURE(inf_ws_wants_upgrade("\x16\x03\x01", 3) == 0);
}
