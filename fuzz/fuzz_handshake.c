// The request head of an upgrade: any bytes, and a good head with the fuzzer's bytes put somewhere into it. Also
// the text rules, which see what anybody writes.
#include "fuzz.h"
#include "infinity/text.h"
#include "server/ws.h"

static const char good[] = "GET /ws HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Origin: https://a.example\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Sec-WebSocket-Version: 13\r\n\r\n";

static void judge(const char* head, size_t count)
{
    const char* origins[] = {"https://b.example"};
    const char* hosts[] = {"a.example"};
    InfWsRules rules = {origins, 1, hosts, 1};
    char* exact = malloc(count + 1);
    memcpy(exact, head, count);
    InfWsHandshake shake;
    inf_ws_handshake_parse(exact, count, &rules, &shake);
    FUZZ_ENSURE(shake.head_bytes <= count);
    FUZZ_ENSURE(shake.verdict == INF_WS_MORE || shake.reason != NULL);
    if (shake.verdict == INF_WS_UPGRADE) {
        FUZZ_ENSURE(strlen(shake.accept) == 28 && shake.head_bytes >= 4);
        FUZZ_ENSURE(memcmp(exact + shake.head_bytes - 4, "\r\n\r\n", 4) == 0);
        FUZZ_ENSURE(shake.origin[0] == 0 || strcasecmp(shake.origin, "https://b.example") == 0 ||
                    strncasecmp(shake.origin, "http", 4) == 0);
        FUZZ_ENSURE(strncasecmp(shake.host, "a.example", 9) == 0);
    }
    char answer[1024];
    FUZZ_ENSURE(shake.verdict == INF_WS_MORE || inf_ws_write_answer(&shake, answer, sizeof answer) > 0);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    judge((const char*)bytes, count);
    if (count > 2) {
        char head[sizeof good + 2048];
        size_t at = (size_t)(bytes[0] | bytes[1] << 8) % sizeof good, extra = count - 2 < 2048 ? count - 2 : 2048;
        memcpy(head, good, at);
        memcpy(head + at, bytes + 2, extra);
        memcpy(head + at + extra, good + at, sizeof good - 1 - (at < sizeof good ? at : 0));
        judge(head, sizeof good - 1 + extra);
    }
    char skeleton[INF_NAME_BYTES];
    char* exact = malloc(count + 1);
    memcpy(exact, bytes, count);
    InfTextFault fault = inf_text_check(exact, count, 239);
    FUZZ_ENSURE(fault != INF_TEXT_OK || inf_utf8_is_valid((const uint8_t*)exact, count));
    if (inf_tag_skeleton(exact, count, skeleton) == INF_TEXT_OK) {
        FUZZ_ENSURE(fault == INF_TEXT_OK && skeleton[0] != 0 && skeleton[INF_NAME_BYTES - 1] == 0);
    }
    free(exact);
    return 0;
}
