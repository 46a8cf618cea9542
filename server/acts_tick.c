// Acts on souls, the other half of acts.c: what a tick made of what was put into it. The worlds tell by events what was done and
// what the rules refused; an act goes on, or ends, when that is durable.
//
// A crew goes together: if its host could not leave after all, who had left before it is called home from the border.
#include "server/acts.h"

#include <stdio.h>
#include <string.h>

#define RECALL_MS 15000u
#define HOME_TICKS 20u // one that is here so long after it has left, and was not at the border, was sent home

static void take_event(InfDeed* deed, const InfEvent* event) {
    switch (event->kind) {
    case INF_EVENT_KIND_Rejected:
        if (event->Rejected.input == deed->input && event->Rejected.sequence == 0 && deed->step == INF_DEED_ACT) {
            if (event->Rejected.soul == deed->souls[0]) {
                deed->result = (InfResult)event->Rejected.result;
            }
            for (uint32_t i = 1; deed->input == INF_INPUT_KIND_Depart && i < deed->soul_count; i++) {
                deed->rider_result = event->Rejected.soul == deed->souls[i] ? (InfResult)event->Rejected.result : deed->rider_result;
            }
        }
        break;
    case INF_EVENT_KIND_Consented:
        for (uint32_t i = 0; i < deed->soul_count; i++) {
            if (deed->is_asked[i] && event->Consented.giver == deed->souls[i] && event->Consented.act == deed->act &&
                event->Consented.soul == (deed->is_by_host ? 0 : deed->asker)) {
                deed->answers[i] = event->Consented.on ? 1 : -1;
                snprintf(deed->refusal, sizeof(deed->refusal), "%s does not agree: \"%s\"", event->Consented.name,
                         inf_will_sentence(event->Consented.reason));
            }
        }
        break;
    case INF_EVENT_KIND_Copied:
        if (deed->input == INF_INPUT_KIND_Copy && memcmp(event->Copied.identity, deed->identity, 32) == 0) {
            deed->made = event->Copied.copy;
            deed->is_seen = true;
        }
        break;
    case INF_EVENT_KIND_Merged:
        if (deed->input == INF_INPUT_KIND_Merge && deed->step == INF_DEED_ACT &&
            (event->Merged.soul == deed->souls[0] || event->Merged.ended == deed->souls[0])) {
            deed->made = event->Merged.soul;
            deed->is_seen = true;
        }
        break;
    case INF_EVENT_KIND_Bound:
        deed->is_seen |= deed->input == INF_INPUT_KIND_Bind && memcmp(event->Bound.identity, deed->identity, 32) == 0;
        break;
    case INF_EVENT_KIND_Departed:
        deed->is_seen |= deed->input == INF_INPUT_KIND_Depart && memcmp(event->Departed.transfer, deed->transfer, 16) == 0;
        for (uint32_t i = 1; deed->input == INF_INPUT_KIND_Depart && i < deed->soul_count; i++) {
            deed->has_left[i] |= memcmp(event->Departed.transfer, deed->rider_transfers[i], 16) == 0;
        }
        break;
    case INF_EVENT_KIND_Appeared:
        if (deed->input == INF_INPUT_KIND_Arrive && memcmp(event->Appeared.transfer, deed->transfer, 16) == 0) {
            deed->made = event->Appeared.soul;
            deed->is_seen = true;
        }
        break;
    default: break;
    }
}

static bool is_of_acts(uint32_t kind) {
    return kind == INF_EVENT_KIND_Rejected || kind == INF_EVENT_KIND_Consented || kind == INF_EVENT_KIND_Copied ||
           kind == INF_EVENT_KIND_Merged || kind == INF_EVENT_KIND_Departed || kind == INF_EVENT_KIND_Bound || kind == INF_EVENT_KIND_Appeared;
}

void inf_acts_after_tick(InfBorder* border) {
    if (border->deeds == NULL) {
        return;
    }
    for (uint32_t s = 0; s < border->server->shard_count; s++) {
        const InfWorld* world = border->server->worlds[s];
        for (const InfEvent* event = inf_world_next_event(world, NULL); event != NULL; event = inf_world_next_event(world, event)) {
            if (is_of_acts(event->kind)) {
                for (InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
                    take_event(deed, event);
                }
            }
        }
    }
}

/// A built-in mind answers in the tick in which it is asked. If it did not, the rules had no room for what it agreed to: many
/// were asked at once, and what they have agreed to makes room when it is done.
static bool was_not_heard(const InfBorder* border, const InfDeed* deed) {
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        const InfSoul* soul = deed->is_asked[i] && deed->answers[i] == 0 ? inf_border_soul(border, deed->souls[i], NULL, NULL) : NULL;
        if (soul != NULL && !inf_soul_keeps_key(soul)) {
            return true;
        }
    }
    return false;
}

static void conclude_asked(InfBorder* border, InfDeed* deed) {
    bool all = true;
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        if (deed->answers[i] < 0) {
            inf_deed_fail(border, deed, 403, "no consent", deed->refusal, "Nothing was changed. Somebody whom it trusts may ask it.");
            return;
        }
        all &= deed->answers[i] > 0;
    }
    if (all) {
        if (deed->act == INF_ACT_SAMPLE || deed->act == INF_ACT_SHOW || deed->request->kind == INF_REQUEST_ACT_ASK) {
            inf_deed_done(border, deed, inf_deed_answer(border, deed));
        } else {
            deed->step = INF_DEED_OFFER;
        }
    } else if (inf_border_now_ms() >= deed->until_ms) {
        inf_deed_fail(border, deed, 409, "no answer", "The soul was asked and has not answered.",
                      "Nothing was changed. A player, or a mind that is driven from outside, answers itself; come again then.");
    } else if (was_not_heard(border, deed)) {
        deed->is_asked_again = true;
        deed->step = INF_DEED_ASK;
    }
}

static bool is_torn(const InfDeed* deed) {
    bool any = false;
    for (uint32_t i = 1; i < deed->soul_count; i++) {
        any |= deed->has_left[i];
    }
    return any && !deed->is_seen;
}

static void conclude_act(InfBorder* border, InfDeed* deed) {
    if (is_torn(deed)) {
        deed->step = INF_DEED_RECALL;
        deed->recall_until_ms = inf_border_now_ms() + RECALL_MS;
        return;
    }
    if (deed->rider_result != INF_OK && deed->result == INF_ERROR_ABOARD) {
        deed->result = deed->rider_result; // why it is aboard still
    }
    deed->rider_result = INF_OK;
    if (deed->is_seen) {
        if (deed->input == INF_INPUT_KIND_Depart && deed->way != INF_WAY_GALAXY) {
            deed->step = INF_DEED_LEAVING;
        } else {
            inf_deed_done(border, deed, inf_deed_answer(border, deed));
        }
    } else if (deed->result != INF_OK) {
        bool may_wait = (deed->result == INF_ERROR_DOCKED || deed->result == INF_ERROR_FULL) && inf_border_now_ms() < deed->until_ms;
        if (may_wait) {
            deed->step = INF_DEED_DOCK;
        } else {
            inf_deed_fail_by_rules(border, deed);
        }
    } else {
        inf_deed_fail(border, deed, 409, "refused", "The rules did not take it.", "Nothing was changed. Try again.");
    }
}

/// Its host could not leave, so nobody of the crew does: they wait at the border for it and were not sent.
static void conclude_recall(InfBorder* border, InfDeed* deed) {
    bool all = true;
    for (uint32_t i = 1; i < deed->soul_count; i++) {
        bool is_home = inf_border_soul(border, deed->souls[i], NULL, NULL) != NULL;
        deed->has_left[i] = deed->has_left[i] && !is_home && inf_border_recall(border, deed->rider_transfers[i]);
        all &= !deed->has_left[i];
    }
    if (all || inf_border_now_ms() >= deed->recall_until_ms) {
        InfResult why = deed->rider_result != INF_OK ? deed->rider_result : deed->result != INF_OK ? deed->result : INF_ERROR_FULL;
        char reason[200];
        snprintf(reason, sizeof(reason), "Not all of the crew could leave: %s", inf_result_text(why));
        inf_deed_fail(border, deed, 409, "refused", reason,
                      all ? "They are together as before; who had left is home again, a fee the poorer. Try again later."
                          : "Who had left follows, or comes home by itself: infinity soul show tells where everybody is.");
    }
}

/// It is out of its shard; shard 0 lets it out of the galaxy, or sends it home.
static void conclude_leaving(InfBorder* border, InfDeed* deed) {
    uint32_t count, index1 = inf_world_find_passage(inf_border_heart(border), deed->transfer);
    const InfDirectoryEntry* entry = index1 != 0 ? &inf_world_directory(inf_border_heart(border), &count)[index1 - 1] : NULL;
    InfDirectoryState wanted = deed->way == INF_WAY_FILE ? INF_DIRECTORY_AWAY : INF_DIRECTORY_IN_FLIGHT;
    bool was_there = deed->way == INF_WAY_SERVER && inf_border_knows(border, deed->transfer); // and may be answered already
    if (was_there || (entry != NULL && (entry->state == wanted || entry->state == INF_DIRECTORY_GONE))) {
        inf_deed_done(border, deed, inf_deed_answer(border, deed));
    } else if (entry == NULL && inf_shards_now(border->server->shards) > deed->tick + HOME_TICKS &&
               inf_border_soul(border, deed->souls[0], NULL, NULL) != NULL) {
        inf_deed_fail(border, deed, 409, "refused", "The border did not let it out; it is home again.", "Nothing was changed. Try again.");
    }
}

void inf_acts_durable(InfBorder* border) {
    uint64_t now = inf_shards_now(border->server->shards);
    for (InfDeed** at = &border->deeds; *at != NULL;) {
        InfDeed* deed = *at;
        bool is_due = deed->tick != 0 && deed->tick <= now;
        if (deed->step == INF_DEED_BOUND && is_due) {
            bool all = true;
            for (uint32_t i = 0; i < deed->soul_count; i++) {
                all &= !inf_deed_needs_identity(deed, i) || inf_deed_is_bound(border, deed->souls[i]);
            }
            bool waits = false;
            for (uint32_t i = 0; i < deed->soul_count; i++) {
                waits |= inf_deed_is_on_the_way(border, deed, deed->souls[i]);
            }
            deed->step = waits ? INF_DEED_BIND : INF_DEED_ASK;
            if (!all && !waits) {
                inf_deed_fail(border, deed, 409, "refused", "The soul could not be given an identity.", "Nothing was changed. Try again.");
            }
        } else if (deed->step == INF_DEED_ASKED && is_due) {
            conclude_asked(border, deed);
        } else if (deed->step == INF_DEED_ACT && is_due) {
            conclude_act(border, deed);
        }
        if (deed->step == INF_DEED_RECALL) {
            conclude_recall(border, deed);
        }
        if (deed->step == INF_DEED_LEAVING) {
            conclude_leaving(border, deed);
        }
        if (deed->step == INF_DEED_OVER) {
            *at = deed->next;
            inf_deed_free(deed);
        } else {
            at = &deed->next;
        }
    }
}
