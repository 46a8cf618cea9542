// What waits for signatures. A soul that keeps its own key signs for itself: its founding record, the records of a copy or
// a merge, a mandate for each departure. The server writes them, and an act that needs some waits (INF_DEED_SIGN) with a
// *paper*: a number, and the exact texts that are still to be signed, each by one key.
//
//     written ─► told: as the answer (202), and to the players of those who have to sign ─► signatures come ─► all there? ─► on
//                                                              ▲ more is written that stands on them ◄──────┘
//
// A paper is good for one act, once, for some minutes, and for exactly its bytes. It ends when it is carried out, when its
// time is over, when who asked or who should sign takes it back, when the world has gone on, and with the server's life;
// in all of these but the first nothing was changed. How the newest ended is remembered, so that who comes late is told.
#include "server/acts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define ENDS 512u // ended papers that are remembered

// A number tells this server, and nobody else, which of its runs wrote it: 4 bytes of the run, 6 of chance, 6 that only it can
// make of these. So who comes with a paper from before a restart is told that, and not that there never was one.
#define RUN_BYTES 4u
#define CHANCE_BYTES 6u
#define MARK_BYTES (INF_PAPER_BYTES - RUN_BYTES - CHANCE_BYTES)

static struct {
    uint8_t paper[INF_PAPER_BYTES];
    int status;
    char reason[200];
} ends[ENDS];
static uint32_t end_count;

static void mark_of(const InfBorder* border, const uint8_t paper[INF_PAPER_BYTES], uint8_t out[MARK_BYTES]) {
    static const char purpose[] = "infinity-paper-1";
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, border->key.secret_key, 32, sizeof(hash));
    crypto_generichash_update(&state, (const uint8_t*)purpose, sizeof(purpose));
    crypto_generichash_update(&state, paper, RUN_BYTES + CHANCE_BYTES);
    crypto_generichash_final(&state, hash, sizeof(hash));
    memcpy(out, hash, MARK_BYTES);
}

static void draw_number(const InfBorder* border, uint8_t paper[INF_PAPER_BYTES]) {
    memcpy(paper, border->run, RUN_BYTES);
    randombytes_buf(paper + RUN_BYTES, CHANCE_BYTES);
    mark_of(border, paper, paper + RUN_BYTES + CHANCE_BYTES);
}

/// Of this server, and written before it was started the last time?
static bool is_of_earlier_run(const InfBorder* border, const uint8_t paper[INF_PAPER_BYTES]) {
    uint8_t mark[MARK_BYTES];
    mark_of(border, paper, mark);
    return sodium_memcmp(mark, paper + RUN_BYTES + CHANCE_BYTES, MARK_BYTES) == 0 && memcmp(paper, border->run, RUN_BYTES) != 0;
}

void inf_paper_note_end(InfBorder* border, const InfDeed* deed, int status, const char* reason) {
    (void)border;
    if (deed->has_paper) {
        uint32_t at = end_count++ % ENDS;
        memcpy(ends[at].paper, deed->paper, INF_PAPER_BYTES);
        ends[at].status = status;
        snprintf(ends[at].reason, sizeof(ends[at].reason), "%s", reason);
    }
}

bool inf_soul_keeps_key(const InfSoul* soul) { return (soul->flags & (INF_SOUL_PLAYER | INF_SOUL_EXTERNAL)) != 0; }

// ---- what is to be signed ---------------------------------------------------------------------------------------------------

void inf_deed_put_to_sign(InfDeed* deed, InfSignKind kind, json_t* object, const char* signature, const char* by, const InfSoul* soul,
                          const uint8_t key[32]) {
    InfToSign* item = &deed->to_sign[deed->to_sign_count++];
    *item = (InfToSign){.kind = kind, .object = object, .signature = signature, .by = by, .soul = soul != NULL ? soul->id : 0};
    memcpy(item->key, key, 32);
}

void inf_deed_drop_signatures(InfDeed* deed) {
    for (uint32_t i = 0; i < INF_DEED_SOULS; i++) {
        json_decref(deed->mandates[i]);
        json_decref(deed->foundings[i]);
        deed->mandates[i] = deed->foundings[i] = NULL;
    }
    for (uint32_t i = 0; i < deed->draft_count; i++) {
        json_decref(deed->drafts[i].object);
    }
    deed->draft_count = deed->to_sign_count = 0;
    deed->is_drafted = false;
    inf_sign_key_wipe(&deed->fresh);
}

bool inf_deed_agrees_by_signing(const InfBorder* border, const InfDeed* deed, uint32_t i) {
    const InfSoul* soul = inf_border_soul(border, deed->souls[i], NULL, NULL);
    if (soul == NULL || deed->group != NULL || !inf_soul_keeps_key(soul)) {
        return false;
    }
    switch (deed->input) {
    case INF_INPUT_KIND_Copy: return i == deed->soul_count - 1;
    case INF_INPUT_KIND_Merge: return true;
    case INF_INPUT_KIND_Depart: return deed->way != INF_WAY_GALAXY;
    default: return false;
    }
}

/// Mandates of those who leave and keep their own keys.
static bool draft_mandates(InfBorder* border, InfDeed* deed) {
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        const InfSoul* soul = inf_border_soul(border, deed->souls[i], NULL, NULL);
        InfSignKey key;
        if (soul == NULL) {
            inf_deed_lost(border, deed);
            return false;
        }
        bool has_key = inf_soul_key(border, soul->identity, soul->key, &key);
        inf_sign_key_wipe(&key);
        if (has_key || deed->mandates[i] != NULL) {
            continue;
        }
        if (!inf_soul_keeps_key(soul) || deed->group != NULL) {
            inf_deed_keeps_own_key(border, deed);
            return false;
        }
        InfMandate mandate = {.epoch = inf_border_next_epoch(border, soul), .until = (uint64_t)time(NULL) + INF_PAPER_SECONDS_MAX};
        memcpy(mandate.identity, soul->identity, 32);
        memcpy(mandate.server, border->key.public_key, 32);
        memcpy(mandate.to, deed->destination, 32);
        deed->mandates[i] = inf_mandate_build(&mandate);
        if (deed->mandates[i] != NULL) {
            inf_deed_put_to_sign(deed, INF_SIGN_MANDATE, deed->mandates[i], "soul_signature", "soul", soul, soul->key);
        }
    }
    return true;
}

static bool draft(InfBorder* border, InfDeed* deed) {
    deed->to_sign_count = 0;
    switch (deed->input) {
    case INF_INPUT_KIND_Copy:
    case INF_INPUT_KIND_Merge: return inf_deed_draft_branch(border, deed);
    case INF_INPUT_KIND_Depart: return deed->way == INF_WAY_GALAXY || draft_mandates(border, deed);
    default: return true;
    }
}

// ---- the paper -----------------------------------------------------------------------------------------------------------------

static const char* kind_word(InfSignKind kind) { return kind == INF_SIGN_MANDATE ? "mandate" : "lineage"; }

static json_t* item_json(const InfBorder* border, const InfDeed* deed, uint32_t number) {
    const InfToSign* item = &deed->to_sign[number];
    size_t byte_count = 0;
    char* text = inf_sign_bytes(item->kind, item->object, &byte_count, NULL);
    json_t* json = json_pack("{s:I, s:s, s:s, s:o, s:s%}", "number", (json_int_t)number, "by", item->by, "kind", kind_word(item->kind), "key",
                             inf_hex_json(item->key, 32), "text", text != NULL ? text : "", byte_count);
    free(text);
    if (item->soul != 0) {
        const InfSoul* soul = inf_border_soul(border, item->soul, NULL, NULL);
        json_object_set_new(json, "soul", inf_id_json(item->soul));
        json_object_set_new(json, "name", json_string(soul != NULL ? (const char*)soul->name : ""));
    }
    return json;
}

static json_t* paper_json(const InfBorder* border, const InfDeed* deed) {
    json_t* list = json_array();
    for (uint32_t i = 0; i < deed->to_sign_count; i++) {
        if (!deed->to_sign[i].is_given) {
            json_array_append_new(list, item_json(border, deed, i));
        }
    }
    const InfSoul* asker = deed->asker != 0 ? inf_border_soul(border, deed->asker, NULL, NULL) : NULL;
    json_t* json = json_pack("{s:o, s:s, s:o, s:s, s:o, s:s, s:I, s:o}", "paper", inf_hex_json(deed->paper, INF_PAPER_BYTES), "act",
                             inf_act_word(deed->act), "asker", inf_id_json(deed->asker), "asker_name",
                             asker != NULL ? (const char*)asker->name : deed->is_by_host ? "the host" : "", "soul", inf_id_json(deed->souls[0]),
                             "name", deed->name, "until", (json_int_t)deed->sign_until_unix_s, "sign", list);
    if (deed->input == INF_INPUT_KIND_Copy && deed->copy_founding.is_copy) { // what `copy` in the record stands for
        json_object_set_new(json, "founding", inf_founding_build(&deed->copy_founding));
    }
    if (deed->input == INF_INPUT_KIND_Depart && deed->way == INF_WAY_SERVER) {
        json_object_set_new(json, "to", json_string(deed->url));
    }
    return json;
}

static bool waits_for_signatures(const InfDeed* deed) {
    for (uint32_t i = 0; i < deed->to_sign_count; i++) {
        if (!deed->to_sign[i].is_given) {
            return true;
        }
    }
    return false;
}

static bool waits_for(const InfDeed* deed, uint64_t soul) {
    for (uint32_t i = 0; i < deed->to_sign_count; i++) {
        if (!deed->to_sign[i].is_given && deed->to_sign[i].soul == soul) {
            return true;
        }
    }
    return false;
}

/// Players of those who have to sign see it, but for the one that is answered.
static void tell_signers(InfBorder* border, const InfDeed* deed, json_t* json) {
    for (uint32_t i = 0; i < deed->to_sign_count; i++) {
        const InfToSign* item = &deed->to_sign[i];
        bool is_answered = deed->request != NULL && !deed->is_by_host && item->soul == deed->request->player;
        if (!item->is_given && item->soul != 0 && !is_answered) {
            inf_session_tell_paper(border->server, item->soul, json);
        }
    }
}

bool inf_deed_has_signatures(InfBorder* border, InfDeed* deed, InfDeedStep then) {
    if (!waits_for_signatures(deed)) {
        return true;
    }
    if (!deed->has_paper) {
        draw_number(border, deed->paper);
        deed->has_paper = true;
    }
    uint64_t patience_ms = deed->is_by_host ? deed->wait_ms : deed->sign_ms;
    deed->step = INF_DEED_SIGN;
    deed->signed_step = then;
    deed->sign_until_ms = inf_border_now_ms() + patience_ms;
    deed->sign_until_unix_s = (uint64_t)time(NULL) + patience_ms / 1000u;
    json_t* json = paper_json(border, deed);
    tell_signers(border, deed, json);
    if (deed->request != NULL && !deed->is_by_host) {
        inf_border_reply(border, deed->request, 202, json);
        deed->request = NULL;
    } else { // the host waits for its answer
        json_decref(json);
    }
    return false;
}

bool inf_deed_is_signed(InfBorder* border, InfDeed* deed) {
    if (!deed->is_drafted) {
        if (!draft(border, deed)) {
            return false;
        }
        deed->is_drafted = true;
    }
    for (bool is_whole = false; !is_whole;) {
        if (!inf_deed_has_signatures(border, deed, INF_DEED_DOCK)) {
            return false;
        }
        is_whole = deed->input != INF_INPUT_KIND_Copy;
        uint32_t before = deed->draft_count;
        if (!is_whole && !inf_deed_draft_rest(border, deed, &is_whole)) {
            return false;
        }
        is_whole |= deed->draft_count == before;
    }
    return true;
}

// ---- requests ---------------------------------------------------------------------------------------------------------------------

static InfDeed* find(const InfBorder* border, const uint8_t paper[INF_PAPER_BYTES]) {
    for (InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        if (deed->has_paper && deed->step != INF_DEED_OVER && memcmp(deed->paper, paper, INF_PAPER_BYTES) == 0) {
            return deed;
        }
    }
    return NULL;
}

static void answer_ended(InfBorder* border, InfRequest* request, const uint8_t paper[INF_PAPER_BYTES]) {
    char reason[260];
    for (uint32_t i = 0; i < (end_count < ENDS ? end_count : ENDS); i++) {
        if (memcmp(ends[i].paper, paper, INF_PAPER_BYTES) == 0) {
            bool is_done = ends[i].status == 200;
            snprintf(reason, sizeof(reason), "%s%s", is_done ? "That was signed and carried out already: " : "That is over: ", ends[i].reason);
            inf_border_reply_error(border, request, is_done ? 409 : 410, is_done ? "used" : "over", reason,
                                   is_done ? "Nothing was changed again." : "Nothing was changed. Ask anew, and sign what is written then.");
            return;
        }
    }
    if (is_of_earlier_run(border, paper)) {
        inf_border_reply_error(border, request, 410, "over", "This server was started anew since that was written, and what waited for signatures then is void.",
                               "If all of it had been signed before, look whether it was done (GET /api/soul). Else nothing was changed: ask anew, and sign what is written then.");
        return;
    }
    inf_border_reply_error(border, request, 404, "not found", "Nothing of that number waits for signatures here.",
                           "Nothing was changed. POST /api/souls/papers lists what waits; or ask anew.");
}

/// Signatures of a request, checked one by one. @return null if each holds
static const char* check_signatures(const InfDeed* deed, const json_t* list, json_t* good[INF_DEED_SOULS]) {
    size_t index;
    json_t* entry;
    if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > INF_DEED_SOULS) {
        return "\"signatures\" is an array of {\"number\", \"signature\"}.";
    }
    json_array_foreach((json_t*)list, index, entry) {
        const json_t* number = json_object_get(entry, "number");
        json_int_t n = json_integer_value(number);
        const char* signature = json_string_value(json_object_get(entry, "signature"));
        uint8_t bytes[INF_SIGN_BYTES];
        if (!json_is_integer(number) || n < 0 || n >= (json_int_t)deed->to_sign_count || !inf_hex_read(signature, bytes, sizeof(bytes))) {
            return "A signature has the \"number\" of what it signs, and 128 hexadecimal digits.";
        }
        const InfToSign* item = &deed->to_sign[n];
        json_t* trial = json_copy(item->object); // nothing is set before all of them hold
        bool holds = trial != NULL && json_object_set_new(trial, item->signature, json_string(signature)) == 0 &&
                     inf_sign_object_check(item->kind, trial, item->signature, item->key);
        json_decref(trial);
        if (item->is_given) {
            return "That one is signed already.";
        }
        if (!holds) {
            return "A signature does not hold: it is by another key, or of another text.";
        }
        good[n] = json_object_get(entry, "signature");
    }
    return NULL;
}

static bool read_paper(const json_t* body, uint8_t paper[INF_PAPER_BYTES]) {
    return inf_hex_read(json_string_value(json_object_get(body, "paper")), paper, INF_PAPER_BYTES);
}

static void sign(InfBorder* border, InfRequest* request) {
    uint8_t paper[INF_PAPER_BYTES];
    json_t* good[INF_DEED_SOULS] = {NULL};
    if (!read_paper(request->body, paper)) {
        inf_border_reply_error(border, request, 400, "bad request", "\"paper\" is the number of what is to be signed (32 hexadecimal digits).",
                               "See docs/souls.md, Signing for oneself.");
        return;
    }
    InfDeed* deed = find(border, paper);
    if (deed != NULL && deed->step == INF_DEED_SIGN && inf_border_now_ms() >= deed->sign_until_ms) {
        inf_border_reply_error(border, request, 410, "over", "That was to be signed earlier: its time is over.",
                               "Nothing was changed. Ask anew, and sign what is written then.");
        return;
    }
    if (deed == NULL) {
        answer_ended(border, request, paper);
        return;
    }
    if (deed->step != INF_DEED_SIGN) {
        inf_border_reply_error(border, request, 409, "under way", "All of that is signed, and being carried out.", "Nothing is to be done.");
        return;
    }
    const char* wrong = check_signatures(deed, json_object_get(request->body, "signatures"), good);
    if (wrong != NULL) {
        inf_metric_add(&border->server->metrics.acts_refused, 1);
        inf_border_reply_error(border, request, 403, "not signed", wrong, "Nothing was changed. Sign each \"text\" as it stands, byte by byte, with its \"key\".");
        return;
    }
    for (uint32_t i = 0; i < deed->to_sign_count; i++) {
        if (good[i] != NULL) {
            json_object_set(deed->to_sign[i].object, deed->to_sign[i].signature, good[i]);
            deed->to_sign[i].is_given = true;
        }
    }
    if (waits_for_signatures(deed)) {
        inf_border_reply(border, request, 202, paper_json(border, deed));
        return;
    }
    deed->step = deed->signed_step;
    deed->until_ms = inf_border_now_ms() + deed->wait_ms;
    if (deed->request == NULL) {
        deed->request = request; // it hears how it ends
    } else {
        inf_border_reply(border, request, 200, json_pack("{s:b, s:s, s:o}", "signed", 1, "act", inf_act_word(deed->act), "paper", inf_hex_json(paper, sizeof(paper))));
    }
}

/// What waits for one soul's signature.
static void list_papers(InfBorder* border, InfRequest* request, uint64_t soul) {
    json_t* list = json_array();
    for (const InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        if (deed->step == INF_DEED_SIGN && (waits_for(deed, soul) || (deed->asker == soul && !deed->is_by_host))) {
            json_array_append_new(list, paper_json(border, deed));
        }
    }
    inf_border_reply(border, request, 200, json_pack("{s:o}", "papers", list));
}

static bool can_end(const InfDeed* deed) {
    return deed->step != INF_DEED_ACT && deed->step != INF_DEED_LEAVING && deed->step != INF_DEED_RECALL && deed->step != INF_DEED_OVER;
}

/// Ended by the one who asked, or by one who should have signed.
static void end_withdrawn(InfBorder* border, InfDeed* deed) {
    const InfSoul* by = inf_border_soul(border, deed->withdrawn_by, NULL, NULL);
    bool is_asker = deed->withdrawn_by == deed->asker && !deed->is_by_host;
    char reason[160];
    snprintf(reason, sizeof(reason), is_asker ? "%s has taken it back." : "%s does not sign.", by != NULL ? (const char*)by->name : "The soul");
    inf_deed_fail(border, deed, is_asker ? 409 : 403, is_asker ? "withdrawn" : "no consent", reason, "Nothing was changed.");
}

static void withdraw(InfBorder* border, InfRequest* request, uint64_t soul) {
    uint8_t paper[INF_PAPER_BYTES];
    const json_t* member = json_object_get(request->body, "paper");
    uint32_t count = 0;
    if (member != NULL && !read_paper(request->body, paper)) {
        inf_border_reply_error(border, request, 400, "bad request", "\"paper\" has 32 hexadecimal digits.", "Leave it out to take back all that you have asked for.");
        return;
    }
    for (InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        bool is_named = member != NULL && deed->has_paper && memcmp(deed->paper, paper, INF_PAPER_BYTES) == 0;
        bool is_own = deed->asker == soul && !deed->is_by_host && deed->request != request;
        if (can_end(deed) && !deed->is_withdrawn && (member != NULL ? is_named && (is_own || waits_for(deed, soul)) : is_own)) {
            deed->is_withdrawn = true;
            deed->withdrawn_by = soul;
            count++;
            if (deed->step != INF_DEED_OFFERED) { // else when the other server has answered
                end_withdrawn(border, deed);
            }
        }
    }
    if (count == 0) {
        inf_border_reply_error(border, request, 404, "not found", "Nothing of it is under way that could be taken back.",
                               "What is in a tick already is done: look at the soul.");
    } else {
        inf_border_reply(border, request, 200, json_pack("{s:I}", "withdrawn", (json_int_t)count));
    }
}

void inf_papers_answer(InfBorder* border, InfRequest* request) {
    if (!json_is_object(request->body)) {
        inf_border_reply_error(border, request, 400, "bad request", "The body must be a JSON object.", "See docs/souls.md, Signing for oneself.");
        return;
    }
    if (request->kind == INF_REQUEST_ACT_SIGN) {
        sign(border, request); // signatures speak for themselves
        return;
    }
    uint64_t soul = 0;
    bool is_list = request->kind == INF_REQUEST_ACT_PAPERS;
    const char* wrong = inf_order_check(border, request, is_list ? "papers" : "withdraw", &soul);
    if (wrong != NULL) {
        inf_border_reply_error(border, request, 403, "not allowed", wrong, "Sign the order with the soul's key; see docs/border.md, Acts.");
    } else if (is_list) {
        list_papers(border, request, soul);
    } else {
        withdraw(border, request, soul);
    }
}

// ---- time ----------------------------------------------------------------------------------------------------------------------------

void inf_papers_before_tick(InfBorder* border) {
    uint64_t now_ms = inf_border_now_ms();
    for (InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        if (deed->is_withdrawn && deed->step != INF_DEED_OFFERED && can_end(deed)) {
            end_withdrawn(border, deed);
        } else if (deed->step == INF_DEED_SIGN && now_ms >= deed->sign_until_ms) {
            inf_deed_fail(border, deed, 409, "not signed", "It was not signed in time.", "Nothing was changed. Ask anew, and sign what is written then.");
        }
    }
}

void inf_border_tell_papers(InfBorder* border, uint64_t soul) {
    for (const InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        if (deed->step == INF_DEED_SIGN && waits_for(deed, soul)) {
            json_t* json = paper_json(border, deed);
            inf_session_tell_paper(border->server, soul, json);
            json_decref(json);
        }
    }
}
