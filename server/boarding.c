// The host of the server brings two minds together: one shall ride in the other's head. Nothing is done without them: the
// rider asks whether it may (the carrier's will answers), then the carrier asks it aboard (the rider's will answers, and it
// boards). A player, or a mind that is driven from outside, answers itself, within `wait_s`.
//
//     POST /api/souls/board {"soul": id of who rides, "host": id of who carries, "wait_s": seconds}
#include "server/internal.h"

#include <infinity/soul.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_S_MAX 3600
#define STEP_TICKS 20u ///< a mind answers at once; this is for the disk

struct InfBoarding {
    InfBoarding* next;
    InfRequest* request;
    uint64_t rider, carrier, until_tick, asked_tick;
    bool is_invited; ///< the carrier has agreed, the rider was asked aboard
};

static void answer(InfServer* server, InfRequest* request, int status, json_t* json) {
    request->status = status;
    request->answer = json;
    inf_mailbox_answer(server->mailbox, request);
}

static uint64_t read_id(const json_t* body, const char* name) {
    const char* text = json_string_value(json_object_get(body, name));
    char* end;
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return 0;
    }
    uint64_t id = strtoull(text, &end, 10);
    return *end == 0 ? id : 0;
}

static bool ask(InfServer* server, uint64_t asker, uint64_t of) {
    InfSoulAt at;
    InfInput input = {.kind = INF_INPUT_KIND_Ask};
    input.Ask.soul = asker;
    input.Ask.of = of;
    input.Ask.act = INF_ACT_BOARD;
    return inf_soul_locate(server, of, &at) && inf_shards_submit(server->shards, at.shard, &input) == INF_OK;
}

void inf_boarding_begin(InfServer* server, InfRequest* request) {
    uint64_t rider = read_id(request->body, "soul"), carrier = read_id(request->body, "host");
    InfSoulAt at, with;
    if (!inf_soul_locate(server, rider, &at) || !inf_soul_locate(server, carrier, &with) || at.host != 0 || with.host != 0) {
        answer(server, request, 404, inf_error_json("not found", "\"soul\" and \"host\" are the ids of two souls with bodies in this galaxy.",
                                                    "GET /api/souls?find=NAME lists who lives here."));
        return;
    }
    InfBoarding* boarding = calloc(1, sizeof(*boarding));
    if (boarding == NULL || !ask(server, rider, carrier)) {
        free(boarding);
        answer(server, request, 503, inf_error_json("busy", "Too many things happen in one tick.", "Try again in a second."));
        return;
    }
    json_int_t wait_s = json_integer_value(json_object_get(request->body, "wait_s"));
    uint64_t now = inf_shards_now(server->shards);
    *boarding = (InfBoarding){.next = server->boardings, .request = request, .rider = rider, .carrier = carrier, .asked_tick = now + 1,
                              .until_tick = now + STEP_TICKS + (uint64_t)(wait_s < 0 ? 0 : wait_s > WAIT_S_MAX ? WAIT_S_MAX : wait_s) * INF_TICKS_PER_SECOND};
    server->boardings = boarding;
}

/// @return true: it is over and was answered
static bool go_on(InfServer* server, InfBoarding* boarding) {
    uint64_t now = inf_shards_now(server->shards);
    InfSoulAt rider, carrier;
    bool is_here = inf_soul_locate(server, boarding->rider, &rider), is_there = inf_soul_locate(server, boarding->carrier, &carrier);
    if (is_here && rider.host == boarding->carrier) {
        answer(server, boarding->request, 200, json_pack("{s:b, s:s, s:s}", "aboard", 1, "name", (const char*)rider.soul->name, "host",
                                                         (const char*)carrier.soul->name));
        return true;
    }
    bool agreed = is_there && inf_world_has_consent(carrier.world, boarding->carrier, boarding->rider, INF_ACT_BOARD);
    if (is_here && agreed && (!boarding->is_invited || now - boarding->asked_tick >= STEP_TICKS)) {
        boarding->is_invited = ask(server, boarding->carrier, boarding->rider); // again, until they are docked together
        boarding->asked_tick = now + 1;
    }
    if (is_here && is_there && now < boarding->until_tick) {
        return false;
    }
    answer(server, boarding->request, 409,
           inf_error_json("refused", agreed ? "It may come aboard, and did not: it does not want to, or they are not docked at the same station."
                                            : "It may not come aboard: who shall carry it does not agree, or they are not in the same system.",
                          "Nothing was changed but what was asked. Try again when they are together (wait_s)."));
    return true;
}

void inf_boardings_durable(InfServer* server) {
    for (InfBoarding** at = &server->boardings; *at != NULL;) {
        InfBoarding* boarding = *at;
        if (go_on(server, boarding)) {
            *at = boarding->next;
            free(boarding);
        } else {
            at = &boarding->next;
        }
    }
}

void inf_boardings_free(InfServer* server) {
    while (server->boardings != NULL) {
        InfBoarding* boarding = server->boardings;
        server->boardings = boarding->next;
        free(boarding);
    }
}
