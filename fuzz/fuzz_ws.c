// Frames of a client, whole and cut into pieces: the same must come out, and nothing may be read or written outside.
// The first byte says how the stream is cut.
#include "fuzz.h"
#include "server/ws.h"

typedef struct Seen {
    uint64_t hash;
    uint32_t events;
    InfWsEvent last;
} Seen;

static Seen run(const uint8_t* bytes, size_t count, size_t piece)
{
    static uint8_t message[4096];
    InfWsParser parser;
    inf_ws_parser_init(&parser, message, sizeof message);
    Seen seen = {.hash = 14695981039346656037u};
    for (size_t from = 0; from < count; from += piece) {
        size_t size = count - from < piece ? count - from : piece;
        uint8_t* exact = malloc(size); // its end is guarded
        memcpy(exact, bytes + from, size);
        const uint8_t* at = exact;
        size_t left = size;
        for (;;) {
            InfWsEvent event = inf_ws_parser_next(&parser, &at, &left);
            FUZZ_ENSURE(at + left == exact + size);
            if (event.kind == INF_WS_EVENT_NONE) {
                break;
            }
            FUZZ_ENSURE(event.payload_bytes <= (event.kind == INF_WS_EVENT_MESSAGE ? sizeof message : INF_WS_CONTROL_BYTES_MAX));
            FUZZ_ENSURE(seen.last.kind < INF_WS_EVENT_CLOSE); // nothing comes after a goodbye
            for (size_t i = 0; i < event.payload_bytes; i++) {
                seen.hash = (seen.hash ^ event.payload[i]) * 1099511628211u;
            }
            seen.hash = (seen.hash ^ event.kind ^ (uint64_t)event.code << 8) * 1099511628211u;
            seen.events++;
            seen.last = event;
        }
        FUZZ_ENSURE(left == 0 || seen.last.kind >= INF_WS_EVENT_CLOSE);
        free(exact);
    }
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    if (count < 2) {
        return 0;
    }
    Seen whole = run(bytes + 1, count - 1, count);
    Seen pieces = run(bytes + 1, count - 1, 1 + bytes[0] % 32);
    FUZZ_ENSURE(whole.hash == pieces.hash && whole.events == pieces.events);
    return 0;
}
