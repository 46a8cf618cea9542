// Acts on souls over the connection of their player: the same questions as `POST /api/souls/…`, and the same answers. The
// connection has proved the key, so no order is signed; what stands in a lineage for ever is signed all the same.
#include "server/border.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Bytes of an answer that are told at once; the rest goes with later ticks, so that no queue overflows.
#define PIECE_BYTES 24000u

struct InfActAnswer {
    InfActAnswer* next;
    uint64_t connection;
    uint32_t number;
    uint16_t status;
    char* text;
    size_t text_bytes, at;
};

static const struct {
    const char* word;
    InfRequestKind kind;
} words[] = {
    {"found", INF_REQUEST_ACT_FOUND},       {"copy", INF_REQUEST_ACT_COPY}, {"merge", INF_REQUEST_ACT_MERGE},   {"cut", INF_REQUEST_ACT_CUT},
    {"download", INF_REQUEST_ACT_DOWNLOAD}, {"sign", INF_REQUEST_ACT_SIGN}, {"papers", INF_REQUEST_ACT_PAPERS}, {"withdraw", INF_REQUEST_ACT_WITHDRAW},
    {"sample", INF_REQUEST_ACT_SAMPLE},
};

/// Number of a connection, never 0.
static uint64_t connection_of(InfClientId client) { return (uint64_t)client.generation << 32 | client.index1; }

static InfSession* find_session(InfServer* server, uint64_t connection) {
    uint32_t slot = (uint32_t)connection - 1;
    InfSession* session = slot < server->session_end ? &server->sessions[slot] : NULL;
    return session != NULL && session->state == INF_SESSION_PLAYING && connection_of(session->client) == connection ? session : NULL;
}

void inf_session_take_act(InfServer* server, InfSession* session, const InfFrameAct* frame) {
    size_t which = 0;
    while (which < sizeof(words) / sizeof(words[0]) && strcmp(words[which].word, frame->what) != 0) {
        which++;
    }
    bool is_known = which < sizeof(words) / sizeof(words[0]);
    InfRequest* request = inf_request_create(is_known ? words[which].kind : INF_REQUEST_ACT_PAPERS);
    if (request == NULL) {
        inf_session_refuse(server, session, INF_ERROR_FULL, 0, "Too much happens at once", "Try again in a moment");
        return;
    }
    request->player = session->soul;
    request->connection = connection_of(session->client);
    request->number = frame->number;
    if (!is_known) {
        inf_border_reply_error(server->border, request, 404, "not found", "There is no act of that name.",
                               "It is one of: found, copy, merge, cut, download, sample, sign, papers, withdraw.");
    } else if (!inf_session_take_token(server, session, INF_INPUT_KIND_Copy)) {
        inf_border_reply_error(server->border, request, 429, "busy", "Too many acts at once.", "Send fewer; this one was not done.");
    } else {
        request->body = json_loadb((const char*)frame->json, frame->json_bytes, JSON_REJECT_DUPLICATES, NULL);
        inf_border_answer(server->border, request);
    }
}

/// The next piece. @return whether there are others, and somebody who hears them
static bool tell_piece(InfServer* server, InfActAnswer* answer) {
    InfSession* session = find_session(server, answer->connection);
    static uint8_t bytes[PIECE_BYTES + 16];
    if (session == NULL) {
        return false;
    }
    size_t count = answer->text_bytes - answer->at < PIECE_BYTES ? answer->text_bytes - answer->at : PIECE_BYTES;
    bool is_more = answer->at + count < answer->text_bytes;
    InfWriter writer = inf_writer_make(bytes, sizeof(bytes));
    inf_write_u8(&writer, INF_FRAME_KIND_Answer);
    inf_write_u32(&writer, answer->number);
    inf_write_u16(&writer, answer->status);
    inf_write_u8(&writer, is_more);
    inf_write_u16(&writer, (uint16_t)count);
    inf_write_bytes(&writer, answer->text + answer->at, count);
    answer->at += count;
    bool is_told = writer.ok && inf_fanout_send(server->fanout, session->client, bytes, writer.at, INF_SEND_RELIABLE);
    inf_session_flush(server, session);
    return is_told && is_more;
}

static void free_answer(InfActAnswer* answer) {
    free(answer->text);
    free(answer);
}

void inf_session_answer_act(InfServer* server, const InfRequest* request) {
    InfActAnswer* answer = calloc(1, sizeof(*answer));
    if (answer == NULL) {
        return;
    }
    *answer = (InfActAnswer){.connection = request->connection, .number = request->number, .status = (uint16_t)request->status};
    answer->text = json_dumps(request->answer, JSON_COMPACT);
    answer->text_bytes = answer->text != NULL ? strlen(answer->text) : 0;
    if (answer->text == NULL || !tell_piece(server, answer)) {
        free_answer(answer);
        return;
    }
    answer->next = server->act_answers;
    server->act_answers = answer;
}

void inf_session_acts_after_tick(InfServer* server) {
    for (InfActAnswer** at = &server->act_answers; *at != NULL;) {
        InfActAnswer* answer = *at;
        if (tell_piece(server, answer)) {
            at = &answer->next;
        } else {
            *at = answer->next;
            free_answer(answer);
        }
    }
}

void inf_session_acts_free(InfServer* server) {
    while (server->act_answers != NULL) {
        InfActAnswer* answer = server->act_answers;
        server->act_answers = answer->next;
        free_answer(answer);
    }
}

void inf_session_tell_paper(InfServer* server, uint64_t soul, const json_t* json) {
    char* text = json_dumps(json, JSON_COMPACT);
    size_t text_bytes = text != NULL ? strlen(text) : 0;
    static uint8_t bytes[sizeof(((InfFramePaper*)0)->json) + 8];
    for (uint32_t i = 0; i < server->session_end && text_bytes > 0 && text_bytes <= sizeof(((InfFramePaper*)0)->json); i++) {
        InfSession* session = &server->sessions[i];
        if (session->state == INF_SESSION_PLAYING && session->soul == soul) {
            InfWriter writer = inf_writer_make(bytes, sizeof(bytes));
            inf_write_u8(&writer, INF_FRAME_KIND_Paper);
            inf_write_u16(&writer, (uint16_t)text_bytes);
            inf_write_bytes(&writer, text, text_bytes);
            inf_fanout_send(server->fanout, session->client, bytes, writer.at, INF_SEND_RELIABLE);
            inf_session_flush(server, session);
        }
    }
    free(text);
}
