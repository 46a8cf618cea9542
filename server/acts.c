// The machine of acts; see acts.h. What each act puts into a tick is in acts_inputs.c, how a request is read in
// acts_read.c, files in acts_file.c.
#include "server/acts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEDS_MAX 4096u

void inf_deed_free(InfDeed* deed) {
    inf_deed_free_bindings(deed);
    inf_deed_drop_signatures(deed);
    json_decref(deed->record);
    free(deed->document);
    inf_lineage_destroy(deed->lineage);
    free(deed);
}

/// One of a group is answered when all are.
static void reply(InfBorder* border, InfDeed* deed, int status, json_t* json) {
    InfDeedGroup* group = deed->group;
    deed->step = INF_DEED_OVER;
    if (group == NULL && deed->request == NULL) { // whoever asked was answered when it began to wait for signatures
        json_decref(json);
        return;
    }
    if (group == NULL) {
        inf_border_reply(border, deed->request, status, json);
        return;
    }
    json_object_set_new(json, "soul", inf_id_json(deed->souls[0]));
    json_object_set_new(json, "status", json_integer(status));
    json_array_append_new(group->answers, json);
    *(status == 200 ? &group->done : &group->refused) += 1;
    if (--group->left == 0) {
        inf_border_reply(border, group->request, 200,
                         json_pack("{s:I, s:I, s:o}", "done", (json_int_t)group->done, "refused", (json_int_t)group->refused, "souls",
                                   group->answers));
        free(group);
    }
}

void inf_deed_done(InfBorder* border, InfDeed* deed, json_t* answer) {
    inf_metric_add(&border->server->metrics.acts_done, 1);
    inf_log(INF_LOG_INFO, "souls", "an act was done", "act", INF_LOG_STRING, inf_act_word(deed->act), "name", INF_LOG_STRING, deed->name,
            "soul", INF_LOG_INT, (int64_t)deed->souls[0], "by", INF_LOG_STRING, deed->is_by_host ? "host" : "itself", NULL);
    inf_paper_note_end(border, deed, 200, deed->name);
    reply(border, deed, 200, answer);
}

void inf_deed_fail(InfBorder* border, InfDeed* deed, int status, const char* error, const char* reason, const char* what_to_do) {
    inf_metric_add(&border->server->metrics.acts_refused, 1);
    inf_log(INF_LOG_INFO, "souls", "an act was refused", "act", INF_LOG_STRING, inf_act_word(deed->act), "name", INF_LOG_STRING,
            deed->name, "soul", INF_LOG_INT, (int64_t)deed->souls[0], "by", INF_LOG_STRING, deed->is_by_host ? "host" : "itself",
            "reason", INF_LOG_STRING, reason, NULL);
    inf_paper_note_end(border, deed, status, reason);
    reply(border, deed, status, inf_error_json(error, reason, what_to_do));
}

void inf_deed_fail_by_rules(InfBorder* border, InfDeed* deed) {
    const char* what_to_do = "Nothing was changed.";
    switch (deed->result) {
    case INF_ERROR_FUNDS: what_to_do = "Nothing was changed. Price and fee are burned from what it carries and has banked; both together are not enough."; break;
    case INF_ERROR_DOCKED: what_to_do = "Nothing was changed. Wait until they are docked at the same station (wait_s)."; break;
    case INF_ERROR_CONSENT: what_to_do = "Nothing was changed. Ask, and come again within ten minutes."; break;
    case INF_ERROR_FULL: what_to_do = "Nothing was changed. Try again later."; break;
    default: break;
    }
    inf_deed_fail(border, deed, 409, "refused", inf_result_text(deed->result), what_to_do);
}

// ---- steps between ticks ----------------------------------------------------------------------------------------------------

bool inf_deed_is_on_the_way(const InfBorder* border, const InfDeed* deed, uint64_t id) {
    return inf_border_now_ms() < deed->until_ms && inf_border_soul(border, id, NULL, NULL) == NULL &&
           inf_shards_locate_soul(border->server->shards, id) != UINT32_MAX;
}

bool inf_deed_is_bound(const InfBorder* border, uint64_t id) {
    const InfSoul* soul = inf_border_soul(border, id, NULL, NULL);
    return soul != NULL && inf_soul_is_bound(soul);
}

bool inf_deed_needs_identity(const InfDeed* deed, uint32_t i) {
    return deed->input != INF_INPUT_KIND_Copy || i == deed->soul_count - 1; // who pays for a copy needs none
}

static void step_bind(InfBorder* border, InfDeed* deed) {
    bool all = true;
    if (!inf_deed_has_signatures(border, deed, INF_DEED_BIND)) {
        return; // founding records of those who keep their own keys
    }
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        if (inf_deed_is_on_the_way(border, deed, deed->souls[i])) {
            return;
        }
        if (inf_deed_needs_identity(deed, i) && !inf_deed_is_bound(border, deed->souls[i])) {
            all = false;
            if (!inf_deed_submit_bind(border, deed, i)) {
                return;
            }
        }
    }
    if (deed->step == INF_DEED_BIND) {
        deed->step = all ? INF_DEED_ASK : INF_DEED_BOUND;
        deed->tick = inf_shards_now(border->server->shards) + 1;
    }
}

/// Does the act need the consent of its n-th soul, and has it been given?
static bool needs_consent(const InfBorder* border, const InfDeed* deed, uint32_t i) {
    if (!deed->is_by_host && deed->souls[i] == deed->asker) {
        return false;
    }
    uint32_t shard;
    return inf_border_soul(border, deed->souls[i], &shard, NULL) != NULL &&
           !inf_world_has_consent(border->server->worlds[shard], deed->souls[i], deed->is_by_host ? 0 : deed->asker, deed->act);
}

/// Strangers cannot become one, whatever they agree to; so nobody is asked.
static bool are_strangers(const InfBorder* border, const InfDeed* deed) {
    const InfSoul* a = inf_border_soul(border, deed->souls[0], NULL, NULL);
    const InfSoul* b = inf_border_soul(border, deed->souls[1], NULL, NULL);
    return a != NULL && b != NULL && memcmp(a->root, b->root, 32) != 0;
}

static void step_ask(InfBorder* border, InfDeed* deed) {
    bool any = false;
    if (deed->input == INF_INPUT_KIND_Merge && are_strangers(border, deed)) {
        inf_deed_fail(border, deed, 409, "unrelated", inf_result_text(INF_ERROR_UNRELATED), "Nothing was changed.");
        return;
    }
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        uint32_t shard;
        if (inf_deed_is_on_the_way(border, deed, deed->souls[i])) {
            return;
        }
        if (inf_deed_agrees_by_signing(border, deed, i)) {
            deed->answers[i] = 1; // or does not, when it reads what it is to sign
            continue;
        }
        if (inf_border_soul(border, deed->souls[i], &shard, NULL) == NULL) {
            inf_deed_fail(border, deed, 409, "refused", "The soul is between two places, or not alive in this galaxy any more.", "Nothing was changed.");
            return;
        }
        if (!needs_consent(border, deed, i)) {
            deed->answers[i] = 1;
            snprintf(deed->refusal, sizeof(deed->refusal), "%s has agreed before.", deed->name);
            continue;
        }
        InfInput input = {.kind = INF_INPUT_KIND_Ask};
        input.Ask.soul = deed->is_by_host ? 0 : deed->asker;
        input.Ask.of = deed->souls[i];
        input.Ask.act = (uint8_t)deed->act;
        if (!inf_border_submit(border, shard, &input)) {
            return;
        }
        deed->is_asked[i] = true;
        any = true;
    }
    deed->tick = inf_shards_now(border->server->shards) + 1;
    deed->until_ms = deed->is_asked_again ? deed->until_ms : inf_border_now_ms() + deed->wait_ms;
    deed->is_asked_again = false;
    deed->step = any || deed->input == 0 ? INF_DEED_ASKED : INF_DEED_OFFER; // who only wanted an answer has it in the next tick
}

bool inf_deed_is_docked(const InfBorder* border, const InfDeed* deed) {
    uint32_t shard0 = 0, place0 = 0;
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        uint32_t shard, count;
        uint64_t host = 0;
        const InfSoul* soul = inf_border_soul(border, deed->souls[i], &shard, &host);
        soul = soul != NULL && host != 0 ? inf_border_soul(border, host, &shard, NULL) : soul;
        if (soul == NULL) {
            return !inf_deed_is_on_the_way(border, deed, host != 0 ? host : deed->souls[i]); // if it is gone, that is told
        }
        const InfWorld* world = border->server->worlds[shard];
        const InfShip* ship = soul->ship_index1 != 0 ? &inf_world_ships(world, &count)[soul->ship_index1 - 1] : NULL;
        if (ship == NULL || ship->state != INF_SHIP_STATE_DOCKED) {
            return false;
        }
        if (i > 0 && (shard != shard0 || ship->place_index1 != place0)) {
            return false;
        }
        shard0 = shard;
        place0 = ship->place_index1;
    }
    return true;
}

/// One after the other: what is written about a lineage goes on from its newest record, and there is one of those.
static bool is_engaged(const InfBorder* border, const InfDeed* deed) {
    bool branches = deed->input == INF_INPUT_KIND_Copy || deed->input == INF_INPUT_KIND_Merge;
    for (const InfDeed* other = border->deeds; other != NULL; other = other->next) {
        bool may_meet = branches || other->input == INF_INPUT_KIND_Copy || other->input == INF_INPUT_KIND_Merge;
        for (uint32_t i = 0; other != deed && other->step == INF_DEED_ACT && may_meet && i < deed->soul_count * other->soul_count; i++) {
            if (deed->souls[i / other->soul_count] == other->souls[i % other->soul_count]) {
                return true;
            }
        }
    }
    return false;
}

static bool goes_over_border(const InfDeed* deed) { return deed->input == INF_INPUT_KIND_Depart && deed->way != INF_WAY_GALAXY; }

/// What shard 0 has room for at its border, less those who are on their way there: who leaves its shard and finds none is sent
/// home, after a departure that was for nothing.
static uint32_t room_at_border(InfBorder* border) {
    uint32_t room = inf_world_border_room(inf_border_heart(border)), coming = 0;
    for (const InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        bool comes = deed->step == INF_DEED_ACT || (deed->step == INF_DEED_LEAVING && !inf_border_knows(border, deed->transfer));
        coming += comes && goes_over_border(deed) ? deed->soul_count : 0;
    }
    return room > coming ? room - coming : 0;
}

static void step_dock(InfBorder* border, InfDeed* deed, uint32_t* room) {
    bool waits = inf_border_now_ms() < deed->until_ms;
    bool is_docked = inf_deed_is_docked(border, deed);
    if (waits && (!is_docked || (goes_over_border(deed) && *room < deed->soul_count))) {
        return;
    }
    if (deed->input == INF_INPUT_KIND_Depart && deed->way == INF_WAY_SERVER && inf_deed_gather_crew(border, deed)) {
        memset(deed->is_asked, 0, sizeof(deed->is_asked)); // somebody came aboard: they are asked, too
        memset(deed->answers, 0, sizeof(deed->answers));
        inf_deed_drop_signatures(deed);
        deed->step = INF_DEED_BIND;
        return;
    }
    if (!is_docked && !deed->is_drafted && deed->input != INF_INPUT_KIND_Arrive && deed->input != INF_INPUT_KIND_Bind) {
        deed->result = INF_ERROR_DOCKED; // nobody is to sign for nothing
        inf_deed_fail_by_rules(border, deed);
        return;
    }
    if (!inf_deed_is_signed(border, deed) || is_engaged(border, deed)) {
        return;
    }
    deed->result = INF_OK;
    if (inf_deed_submit_act(border, deed) && deed->step == INF_DEED_DOCK) {
        deed->tick = inf_shards_now(border->server->shards) + 1;
        deed->step = INF_DEED_ACT;
        *room -= goes_over_border(deed) && *room >= deed->soul_count ? deed->soul_count : 0;
    }
}

void inf_acts_before_tick(InfBorder* border) {
    bool is_durable = inf_shards_durable_tick(border->server->shards) == inf_shards_now(border->server->shards);
    bool departs = false;
    uint32_t room = is_durable ? room_at_border(border) : 0;
    inf_papers_before_tick(border);
    if (is_durable) {
        inf_deeds_prepare_bindings(border);
    }
    for (InfDeed* deed = border->deeds; deed != NULL && is_durable; deed = deed->next) {
        if (deed->step == INF_DEED_BIND) {
            step_bind(border, deed);
            inf_deed_free_bindings(deed);
        }
        if (deed->step == INF_DEED_ASK) {
            step_ask(border, deed);
        }
        if (deed->step == INF_DEED_OFFER && (deed->input != INF_INPUT_KIND_Depart || deed->way != INF_WAY_SERVER)) {
            deed->step = INF_DEED_DOCK;
        }
        if (deed->step == INF_DEED_DOCK) {
            step_dock(border, deed, &room);
            departs |= deed->step == INF_DEED_ACT;
        }
    }
    if (is_durable) {
        inf_deeds_offer(border);
    }
    if (departs) {
        inf_border_reach(border, INF_KILL_DEPARTING);
    }
}

// ---- other servers ------------------------------------------------------------------------------------------------------------

void inf_acts_take_errand(InfBorder* border, InfErrand* errand) {
    if (errand->kind == INF_ERRAND_KIND_OFFER) {
        inf_deeds_take_offers(border, errand);
    } else {
        inf_deed_take_release(border, errand->user, errand);
    }
    inf_errand_free(errand);
}

// ---- beginning and end ------------------------------------------------------------------------------------------------------------

void inf_acts_begin(InfBorder* border, InfRequest* request) {
    if (request->kind == INF_REQUEST_ACT_SIGN || request->kind == INF_REQUEST_ACT_PAPERS || request->kind == INF_REQUEST_ACT_WITHDRAW) {
        inf_papers_answer(border, request);
        return;
    }
    uint32_t count = 0;
    for (const InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        count++;
    }
    bool are_many = inf_deeds_are_many(request);
    if (count + (are_many ? INF_DEED_GROUP_MAX : 1) > DEEDS_MAX) {
        inf_border_reply_error(border, request, 503, "busy", "Too many acts are under way.", "Try again in a second.");
        return;
    }
    InfDeed* last = NULL;
    InfDeed* deed = are_many ? inf_deeds_read_many(border, request, &last) : inf_deed_read(border, request);
    if (deed != NULL) {
        (last != NULL ? last : deed)->next = border->deeds;
        border->deeds = deed;
        if (request->kind == INF_REQUEST_ACT_UPLOAD) {
            inf_deed_begin_upload(border, deed);
        }
    }
}

bool inf_acts_are_waiting(const InfBorder* border) { return border->deeds != NULL; }

void inf_acts_free(InfBorder* border) {
    while (border->deeds != NULL) {
        InfDeed* next = border->deeds->next;
        InfDeedGroup* group = border->deeds->group;
        if (border->deeds->step == INF_DEED_OVER || (group == NULL && border->deeds->request == NULL)) { // it is answered
        } else if (group == NULL) {
            inf_request_free(border->deeds->request);
        } else if (--group->left == 0) {
            inf_request_free(group->request);
            json_decref(group->answers);
            free(group);
        }
        inf_deed_free(border->deeds);
        border->deeds = next;
    }
}
