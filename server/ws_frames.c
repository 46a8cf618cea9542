// Frames from a client. The parser is a machine with two states, header and payload; a header says by its
// first two bytes how long it is, so bytes are counted, never looked back for. Payload bytes are unmasked into
// the message (data) or into a small buffer (control), since control frames may come between fragments.
#include "server/ws.h"

#include <string.h>

const char* inf_ws_close_text(InfWsClose code) {
    switch (code) {
#define X(number, name, text)                                                                            \
    case INF_WS_CLOSE_##name:                                                                            \
        return text;
        INF_WS_CLOSES(X)
#undef X
    }
    return "closed";
}

bool inf_utf8_is_valid(const uint8_t* bytes, size_t byte_count) {
    size_t i = 0;
    while (i < byte_count) {
        uint8_t lead = bytes[i];
        if (lead < 0x80) {
            i++;
            continue;
        }
        size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4 || byte_count - i <= more) {
            return false;
        }
        uint8_t second = bytes[i + 1];
        uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return false;
        }
        for (size_t k = 2; k <= more; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return false;
            }
        }
        i += more + 1;
    }
    return true;
}

void inf_ws_parser_init(InfWsParser* parser, uint8_t* message, size_t message_bytes_max) {
    memset(parser, 0, sizeof(*parser));
    parser->message = message;
    parser->message_bytes_max = message_bytes_max;
    parser->header_need = 2;
}

static InfWsEvent fail(InfWsParser* parser, InfWsClose code) {
    parser->failed = true;
    return (InfWsEvent){.kind = INF_WS_EVENT_FAIL, .code = (uint16_t)code};
}

static bool close_code_is_valid(unsigned code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// Judge the first two bytes. @return 0 or the close code
static InfWsClose judge_start(InfWsParser* parser) {
    uint8_t first = parser->header[0], second = parser->header[1];
    uint8_t opcode = first & 0x0f;
    bool fin = (first & 0x80) != 0;
    if ((first & 0x70) != 0 || (second & 0x80) == 0) {
        return INF_WS_CLOSE_PROTOCOL; // no extension was agreed; a client must mask
    }
    switch (opcode) {
    case INF_WS_OP_CONTINUE:
        if (!parser->in_message) {
            return INF_WS_CLOSE_PROTOCOL;
        }
        break;
    case INF_WS_OP_TEXT:
        return parser->in_message ? INF_WS_CLOSE_PROTOCOL : INF_WS_CLOSE_UNSUPPORTED;
    case INF_WS_OP_BINARY:
        if (parser->in_message) {
            return INF_WS_CLOSE_PROTOCOL;
        }
        break;
    case INF_WS_OP_CLOSE:
    case INF_WS_OP_PING:
    case INF_WS_OP_PONG:
        if (!fin || (second & 0x7f) > INF_WS_CONTROL_BYTES_MAX) {
            return INF_WS_CLOSE_PROTOCOL;
        }
        break;
    default:
        return INF_WS_CLOSE_PROTOCOL;
    }
    parser->opcode = opcode;
    parser->fin = fin;
    return (InfWsClose)0;
}

/// The header is complete: read length and mask. @return 0 or the close code
static InfWsClose judge_length(InfWsParser* parser) {
    const uint8_t* at = parser->header + 2;
    uint64_t length = parser->header[1] & 0x7f;
    if (length == 126) {
        length = (uint64_t)at[0] << 8 | at[1];
        at += 2;
        if (length < 126) {
            return INF_WS_CLOSE_PROTOCOL; // must be the shortest form
        }
    } else if (length == 127) {
        length = 0;
        for (int i = 0; i < 8; i++) {
            length = length << 8 | at[i];
        }
        at += 8;
        if (length < 65536 || length >> 63) {
            return INF_WS_CLOSE_PROTOCOL;
        }
    }
    memcpy(parser->mask, at, 4);
    parser->mask_offset = 0;
    parser->left_bytes = length;
    parser->in_payload = true;
    if (parser->opcode >= INF_WS_OP_CLOSE) {
        parser->control_bytes = 0;
    } else {
        if (parser->opcode == INF_WS_OP_BINARY) {
            parser->message_bytes = 0;
            parser->in_message = true;
        }
        if (length > parser->message_bytes_max - parser->message_bytes) {
            return INF_WS_CLOSE_TOO_BIG;
        }
    }
    return (InfWsClose)0;
}

static void unmask(InfWsParser* parser, uint8_t* out, const uint8_t* in, size_t count) {
    uint32_t offset = parser->mask_offset;
    for (size_t i = 0; i < count; i++) {
        out[i] = in[i] ^ parser->mask[(offset + i) & 3];
    }
    parser->mask_offset = (uint32_t)(offset + count) & 3;
}

static InfWsEvent frame_done(InfWsParser* parser) {
    parser->in_payload = false;
    parser->header_bytes = 0;
    parser->header_need = 2;
    switch (parser->opcode) {
    case INF_WS_OP_PING:
        return (InfWsEvent){INF_WS_EVENT_PING, 0, parser->control, parser->control_bytes};
    case INF_WS_OP_PONG:
        return (InfWsEvent){INF_WS_EVENT_PONG, 0, parser->control, parser->control_bytes};
    case INF_WS_OP_CLOSE: {
        unsigned code = INF_WS_CLOSE_NORMAL;
        if (parser->control_bytes == 1) {
            return fail(parser, INF_WS_CLOSE_PROTOCOL);
        }
        if (parser->control_bytes >= 2) {
            code = (unsigned)parser->control[0] << 8 | parser->control[1];
            if (!close_code_is_valid(code)) {
                return fail(parser, INF_WS_CLOSE_PROTOCOL);
            }
            if (!inf_utf8_is_valid(parser->control + 2, parser->control_bytes - 2u)) {
                return fail(parser, INF_WS_CLOSE_BAD_TEXT);
            }
        }
        parser->failed = true; // nothing may follow a close frame
        return (InfWsEvent){INF_WS_EVENT_CLOSE, (uint16_t)code, parser->control, parser->control_bytes};
    }
    default:
        if (!parser->fin) {
            return (InfWsEvent){.kind = INF_WS_EVENT_NONE};
        }
        parser->in_message = false;
        return (InfWsEvent){INF_WS_EVENT_MESSAGE, 0, parser->message, parser->message_bytes};
    }
}

InfWsEvent inf_ws_parser_next(InfWsParser* parser, const uint8_t** bytes, size_t* byte_count) {
    while (!parser->failed) {
        if (!parser->in_payload) {
            while (parser->header_bytes < parser->header_need && *byte_count > 0) {
                parser->header[parser->header_bytes++] = *(*bytes)++;
                --*byte_count;
            }
            if (parser->header_bytes < parser->header_need) {
                break;
            }
            if (parser->header_need == 2) {
                InfWsClose wrong = judge_start(parser);
                if (wrong != 0) {
                    return fail(parser, wrong);
                }
                uint8_t length = parser->header[1] & 0x7f;
                parser->header_need = (uint8_t)(length == 127 ? 14 : length == 126 ? 8 : 6);
                continue;
            }
            InfWsClose wrong = judge_length(parser);
            if (wrong != 0) {
                return fail(parser, wrong);
            }
        }
        size_t take = parser->left_bytes < *byte_count ? (size_t)parser->left_bytes : *byte_count;
        if (parser->opcode >= INF_WS_OP_CLOSE) {
            unmask(parser, parser->control + parser->control_bytes, *bytes, take);
            parser->control_bytes = (uint8_t)(parser->control_bytes + take);
        } else {
            unmask(parser, parser->message + parser->message_bytes, *bytes, take);
            parser->message_bytes += take;
        }
        parser->left_bytes -= take;
        *bytes += take;
        *byte_count -= take;
        if (parser->left_bytes > 0) {
            break;
        }
        InfWsEvent event = frame_done(parser);
        if (event.kind != INF_WS_EVENT_NONE) {
            return event;
        }
    }
    return (InfWsEvent){.kind = INF_WS_EVENT_NONE};
}

size_t inf_ws_write_header(uint8_t* out, InfWsOpcode opcode, size_t payload_bytes) {
    out[0] = (uint8_t)(0x80 | opcode);
    if (payload_bytes < 126) {
        out[1] = (uint8_t)payload_bytes;
        return 2;
    }
    out[1] = 126;
    out[2] = (uint8_t)(payload_bytes >> 8);
    out[3] = (uint8_t)payload_bytes;
    return 4;
}
