// The host of the server brings two minds together: one shall ride in the other's head. Nothing is done without them: the
// rider asks whether it may (act carry: the carrier's will answers), then the carrier asks it aboard (act board: the rider's
// will answers, and it boards). A player, or a mind that is driven from outside, answers itself, within `wait_s`.
//
//     POST /api/souls/board {"soul": id of who rides, "host": id of who carries, "wait_s": seconds}
//
// And it lets one out again: who rides is asked whether it will be moved (act cut, by the host of the server), and then
// leaves into a body that it pays for, once it is docked with who carries it.
//
//     POST /api/souls/leave {"soul": id of who rides, "wait_s": seconds}
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
    bool is_asked;   ///< who carries was asked; not while one of them is between two systems
    bool is_invited; ///< the carrier has agreed, the rider was asked aboard
    bool is_leaving;
};

static void answer(InfServer* server, InfRequest* request, int status, json_t* json) {
    request->status = status;
    request->answer = json;
    inf_mailbox_answer(server->mailbox, request);
}

static uint32_t count_riders(const InfWorld* world, uint64_t host) {
    uint32_t count, riders = 0;
    const InfPassenger* rows = inf_world_passengers(world, &count);
    for (uint32_t at = inf_world_first_passenger(world, host); at != 0; at = rows[at - 1].next_of_host) {
        riders++;
    }
    return riders;
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

static bool ask(InfServer* server, uint64_t asker, uint64_t of, InfAct act) {
    InfSoulAt at;
    InfInput input = {.kind = INF_INPUT_KIND_Ask};
    input.Ask.soul = asker;
    input.Ask.of = of;
    input.Ask.act = (uint8_t)act;
    return inf_soul_locate(server, of, &at) && inf_shards_submit(server->shards, at.shard, &input) == INF_OK;
}

/// Here, or between two systems.
static bool lives(InfServer* server, uint64_t soul) {
    InfSoulAt at;
    return inf_soul_locate(server, soul, &at) || (soul != 0 && inf_shards_locate_soul(server->shards, soul) != UINT32_MAX);
}

static void refuse(InfServer* server, const InfBoarding* boarding, int status, const char* error, const char* reason, const char* what_to_do) {
    answer(server, boarding->request, status, inf_error_json(error, reason, what_to_do));
}

static bool leave(InfServer* server, const InfBoarding* boarding, uint32_t shard) {
    InfInput input = {.kind = INF_INPUT_KIND_Leave};
    input.Leave.soul = boarding->rider;
    return inf_shards_submit(server->shards, shard, &input) == INF_OK;
}

static bool are_both_here(InfServer* server, const InfBoarding* boarding) {
    InfSoulAt rider, carrier;
    return inf_soul_locate(server, boarding->rider, &rider) && inf_soul_locate(server, boarding->carrier, &carrier);
}

static void begin(InfServer* server, InfRequest* request, InfBoarding made) {
    InfBoarding* boarding = calloc(1, sizeof(*boarding));
    bool waits = !made.is_leaving && !are_both_here(server, &made);
    if (boarding != NULL && !waits) {
        made.is_asked = made.is_leaving ? ask(server, 0, made.rider, INF_ACT_CUT) : ask(server, made.rider, made.carrier, INF_ACT_CARRY);
    }
    if (boarding == NULL || (!waits && !made.is_asked)) {
        free(boarding);
        answer(server, request, 503, inf_error_json("busy", "Too many things happen in one tick.", "Try again in a second."));
        return;
    }
    json_int_t wait_s = json_integer_value(json_object_get(request->body, "wait_s"));
    uint64_t now = inf_shards_now(server->shards);
    *boarding = made;
    boarding->request = request;
    boarding->asked_tick = now + 1;
    boarding->until_tick = now + STEP_TICKS + (uint64_t)(wait_s < 0 ? 0 : wait_s > WAIT_S_MAX ? WAIT_S_MAX : wait_s) * INF_TICKS_PER_SECOND;
    boarding->next = server->boardings;
    server->boardings = boarding;
}

void inf_boarding_begin(InfServer* server, InfRequest* request) {
    uint64_t rider = read_id(request->body, "soul"), carrier = read_id(request->body, "host");
    InfSoulAt at;
    bool rides = (inf_soul_locate(server, rider, &at) && at.host != 0) || (inf_soul_locate(server, carrier, &at) && at.host != 0);
    if (!lives(server, rider) || !lives(server, carrier) || rides) {
        answer(server, request, 404, inf_error_json("not found", "\"soul\" and \"host\" are the ids of two souls with bodies in this galaxy.",
                                                    "infinity soul list (GET /api/souls?find=NAME) tells who lives here."));
        return;
    }
    begin(server, request, (InfBoarding){.rider = rider, .carrier = carrier});
}

void inf_boarding_begin_leave(InfServer* server, InfRequest* request) {
    uint64_t rider = read_id(request->body, "soul");
    InfSoulAt at;
    if (!inf_soul_locate(server, rider, &at) || at.host == 0) {
        answer(server, request, 404, inf_error_json("not found", "\"soul\" is the id of a soul that rides in another's head in this galaxy.",
                                                    "GET /api/souls lists who lives here; who rides has a host."));
    } else if (server->kind == INF_GALAXY_KIND_AWAKE) {
        answer(server, request, 409, inf_error_json("refused", "In an awake galaxy there are no bodies to leave into.", "Nothing was changed. It can be cut to another server."));
    } else {
        begin(server, request, (InfBoarding){.rider = rider, .carrier = at.host, .is_leaving = true});
    }
}

/// A built-in mind has answered in the tick that asked it; others take their time.
static bool has_said_no(const InfServer* server, const InfBoarding* boarding, const InfSoul* soul) {
    return (soul->flags & (INF_SOUL_PLAYER | INF_SOUL_EXTERNAL)) == 0 && inf_shards_now(server->shards) >= boarding->asked_tick;
}

/// @return true: it is over and was answered
static bool go_on_leaving(InfServer* server, InfBoarding* boarding) {
    uint64_t now = inf_shards_now(server->shards);
    InfSoulAt rider;
    bool is_here = inf_soul_locate(server, boarding->rider, &rider);
    if (is_here && rider.host == 0) {
        answer(server, boarding->request, 200, json_pack("{s:b, s:s}", "left", 1, "name", (const char*)rider.soul->name));
        return true;
    }
    bool agreed = is_here && inf_world_has_consent(rider.world, boarding->rider, 0, INF_ACT_CUT);
    if (agreed && (!boarding->is_invited || now - boarding->asked_tick >= STEP_TICKS)) {
        boarding->is_invited = leave(server, boarding, rider.shard); // again, until they are docked
        boarding->asked_tick = now + 1;
    }
    if (is_here && !agreed && has_said_no(server, boarding, rider.soul)) {
        refuse(server, boarding, 403, "no consent", "It was asked, and will stay where it is.", "Nothing was changed. Somebody whom it trusts may ask it.");
        return true;
    }
    if (lives(server, boarding->rider) && now < boarding->until_tick) {
        return false;
    }
    refuse(server, boarding, 409, "refused",
           !is_here ? "It is not in this galaxy any more."
           : agreed ? "It would leave, and cannot: who carries it is not docked, it has not the price of a body, or there is no room for one."
                    : "It was asked whether it will leave, and has not answered.",
           "Nothing was changed but what was asked. Try again when they are docked (wait_s).");
    return true;
}

/// @return true: it is over and was answered
static bool go_on(InfServer* server, InfBoarding* boarding) {
    uint64_t now = inf_shards_now(server->shards);
    InfSoulAt rider, carrier;
    bool is_here = inf_soul_locate(server, boarding->rider, &rider), is_there = inf_soul_locate(server, boarding->carrier, &carrier);
    if (is_here && rider.host == boarding->carrier) {
        answer(server, boarding->request, 200, json_pack("{s:b, s:s, s:s}", "aboard", 1, "name", (const char*)rider.soul->name, "host",
                                                         is_there ? (const char*)carrier.soul->name : ""));
        return true;
    }
    bool rides = (is_here && rider.host != 0) || (is_there && carrier.host != 0);
    bool live = lives(server, boarding->rider) && lives(server, boarding->carrier);
    if (!boarding->is_asked && is_here && is_there) {
        boarding->is_asked = ask(server, boarding->rider, boarding->carrier, INF_ACT_CARRY);
    }
    bool agreed = is_there && inf_world_has_consent(carrier.world, boarding->carrier, boarding->rider, INF_ACT_CARRY);
    bool is_full = is_there && count_riders(carrier.world, boarding->carrier) >= INF_SEATS;
    if (is_here && agreed && !is_full && (!boarding->is_invited || now - boarding->asked_tick >= STEP_TICKS)) {
        boarding->is_invited = ask(server, boarding->carrier, boarding->rider, INF_ACT_BOARD); // again, until they are docked together
        boarding->asked_tick = now + 1;
    }
    if (live && !rides && !is_full && now < boarding->until_tick) {
        return false;
    }
    refuse(server, boarding, 409, "refused",
           !live    ? "One of them is not in this galaxy any more."
           : rides  ? "One of them rides in the head of another already."
           : is_full ? "It may not come aboard: all eight seats of who shall carry it are taken."
           : !(is_here && is_there) ? "One of them is between two systems."
           : agreed ? "It may come aboard, and did not: it does not want to, or they are not docked at the same station."
                    : "It may not come aboard: who shall carry it does not agree, or they are not in the same system.",
           is_full ? "Nothing was changed. Somebody may leave first, or it rides with another."
                   : "Nothing was changed but what was asked. Try again when they are together (wait_s).");
    return true;
}

void inf_boardings_durable(InfServer* server) {
    if (inf_shards_durable_tick(server->shards) != inf_shards_now(server->shards)) {
        return; // what the worlds say is ahead of the disk
    }
    for (InfBoarding** at = &server->boardings; *at != NULL;) {
        InfBoarding* boarding = *at;
        if (boarding->is_leaving ? go_on_leaving(server, boarding) : go_on(server, boarding)) {
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
        inf_request_free(boarding->request);
        free(boarding);
    }
}
