// Inputs of players: form, right, pace and text are judged here, before the journal; sense is judged by the core.
// A sequence that is not above the newest taken one is a repetition after a lost line, and is passed over in
// silence; the core holds to the same rule, so that it also holds over a restart.
#include "server/internal.h"

#include <infinity/text.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/// How often each verb may be used: per second and at once, in tenths.
static void pace_of(uint32_t kind, uint32_t* per_tick_tenths, uint32_t* burst_tenths) {
    switch (kind) {
    case INF_INPUT_KIND_Helm: // 30 a second; only the newest of a tick counts
        *per_tick_tenths = 30;
        *burst_tenths = 600;
        break;
    case INF_INPUT_KIND_Say:
        *per_tick_tenths = 1;
        *burst_tenths = 50;
        break;
    case INF_INPUT_KIND_Order:
    case INF_INPUT_KIND_Module:
        *per_tick_tenths = 10;
        *burst_tenths = 200;
        break;
    case INF_INPUT_KIND_Pay:
    case INF_INPUT_KIND_Bounty:
        *per_tick_tenths = 2;
        *burst_tenths = 50;
        break;
    default:
        *per_tick_tenths = 5;
        *burst_tenths = 100;
        break;
    }
}

static void refill(InfServer* server, InfSession* session) {
    uint64_t now = inf_shards_now(server->shards);
    uint64_t passed = session->refilled_tick == 0 ? 100000 : now - session->refilled_tick;
    if (passed == 0) {
        return;
    }
    session->refilled_tick = now > 0 ? now : 1;
    for (uint32_t kind = 1; kind < INF_INPUT_KINDS_END; kind++) {
        uint32_t per_tick, burst;
        pace_of(kind, &per_tick, &burst);
        uint64_t level = session->level_tenths[kind] + passed * per_tick;
        session->level_tenths[kind] = (uint16_t)(level > burst ? burst : level);
    }
}

bool inf_session_take_token(InfServer* server, InfSession* session, uint32_t kind) {
    refill(server, session);
    if (session->level_tenths[kind] < 10) {
        return false;
    }
    session->level_tenths[kind] = (uint16_t)(session->level_tenths[kind] - 10);
    return true;
}

static void submit(InfServer* server, InfSession* session, const InfInput* input) {
    uint32_t shard = inf_shards_locate_soul(server->shards, session->soul);
    InfResult result = shard == UINT32_MAX ? INF_ERROR_DEAD : inf_shards_submit(server->shards, shard, input);
    if (result == INF_OK) {
        inf_metric_add(&server->metrics.inputs_taken, 1);
    } else {
        inf_session_refuse(server, session, result, inf_input_sequence(input),
                           result == INF_ERROR_DEAD ? "Your soul is not in this galaxy" : "Too much happens at once",
                           result == INF_ERROR_DEAD ? "Sign in again" : "Try again in a moment");
    }
}

void inf_session_submit_helm(InfServer* server, InfSession* session) {
    InfInput input;
    session->has_helm = false;
    memset(&input, 0, offsetof(InfInput, Helm));
    input.kind = INF_INPUT_KIND_Helm;
    input.Helm = session->helm;
    submit(server, session, &input);
}

void inf_session_take_input(InfServer* server, InfSession* session, const uint8_t* bytes, size_t byte_count) {
    InfReader reader = inf_reader_make(bytes, byte_count);
    InfInput input;
    if (inf_input_read(&reader, &input) != INF_OK || !inf_reader_done(&reader)) {
        inf_session_refuse(server, session, INF_ERROR_FORMAT, 0, "That input is malformed",
                           "The inputs are in include/infinity/tables/inputs.inl");
        return;
    }
    if (input.kind == INF_INPUT_KIND_Sense && server->kind == INF_GALAXY_KIND_AWAKE) {
        inf_awake_take_input(server, session, &input.Sense);
        return;
    }
    uint32_t sequence = inf_input_sequence(&input);
    if (!inf_input_is_client(input.kind)) {
        inf_session_refuse(server, session, INF_ERROR_DENIED, sequence, "That is not for players to do",
                           "Only the server itself may do it");
        return;
    }
    if (sequence <= session->sequence) {
        return; // done already
    }
    session->sequence = sequence;
    if (!inf_session_take_token(server, session, input.kind)) {
        char what[96];
        snprintf(what, sizeof(what), "Too many inputs of the kind '%s' at once", inf_input_word(input.kind));
        inf_session_refuse(server, session, INF_ERROR_DENIED, sequence, what, "Send fewer; this one was not done");
        return;
    }
    if (input.kind == INF_INPUT_KIND_Say) {
        InfTextFault fault = inf_text_check(input.Say.text, strlen(input.Say.text), INF_SAY_BYTES - 1);
        if (fault != INF_TEXT_OK) {
            inf_session_refuse(server, session, INF_ERROR_FORMAT, sequence, "That cannot be said",
                               inf_text_fault_text(fault));
            return;
        }
    }
    inf_input_set_soul(&input, session->soul);
    if (input.kind == INF_INPUT_KIND_Helm) {
        session->helm = input.Helm;
        session->has_helm = true;
        return;
    }
    if (session->has_helm) {
        inf_session_submit_helm(server, session); // keep the order
    }
    submit(server, session, &input);
}
