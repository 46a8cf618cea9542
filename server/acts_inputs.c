// What each act puts into a tick: the records of the lineage first, then the input that names the newest of them. Both
// are in one tick, so a record is durable with the act that it tells of. (One whose act the rules refuse stays behind:
// it is in no soul's lineage, and nothing ever stands on it.)
#include "server/acts.h"

#include <souls/dna.h>

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BINDINGS_PER_TICK 256u
#define CREW_SECONDS 5u // that the mandates of a crew must hold yet: all of them are used, or none

static uint64_t next_tick(const InfBorder* border) { return inf_shards_now(border->server->shards) + 1; }

InfLineageRecord inf_deed_record(const InfBorder* border, const InfSoul* soul, InfLineageAct act, const uint8_t previous[32]) {
    InfLineageRecord record = {.act = act, .epoch = soul->epoch, .tick = next_tick(border), .previous_count = previous != NULL};
    memcpy(record.identity, soul->identity, 32);
    memcpy(record.galaxy, border->galaxy, sizeof(record.galaxy));
    memcpy(record.server, border->key.public_key, 32);
    if (previous != NULL) {
        memcpy(record.previous[0], previous, 32);
    }
    return record;
}

bool inf_deed_submit_record(InfBorder* border, uint64_t soul, const json_t* object, InfLineageAct act, const uint8_t identity[32],
                            uint8_t out_hash[32]) {
    size_t byte_count = 0;
    InfLineageRecord record;
    char* text = inf_lineage_text(object, &byte_count, out_hash, NULL);
    bool fine = text != NULL && inf_lineage_read_object(object, &record, NULL) && record.act == act && memcmp(record.identity, identity, 32) == 0 &&
                inf_border_record(border, soul, text, byte_count, out_hash, &record);
    free(text);
    return fine;
}

/// Sign with what is there, name it and put it into the tick. @param key  of the soul, or null: then by its mandate
static bool submit_record(InfBorder* border, uint64_t soul, const InfLineageRecord* record, const InfSignKey* key, json_t* mandate,
                          uint8_t out_hash[32]) {
    size_t byte_count = 0;
    char* text = NULL;
    InfSoulsError error = {0};
    if (mandate == NULL) {
        text = inf_lineage_write(record, &border->key, key, NULL, &byte_count, out_hash, &error);
    } else {
        json_t* object = inf_lineage_build(record);
        if (object != NULL && json_object_set(object, "mandate", mandate) == 0 &&
            inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &border->key, &error)) {
            text = inf_lineage_text(object, &byte_count, out_hash, &error);
        }
        json_decref(object);
    }
    bool fine = text != NULL && inf_border_record(border, soul, text, byte_count, out_hash, record);
    if (fine && mandate == NULL) {
        inf_lineage_know(border->known, out_hash); // a soul that comes back brings it along
    }
    free(text);
    return fine;
}

void inf_deed_draw_founding(const InfBorder* border, InfFounding* founding, const uint8_t key[32], const char* name) {
    memcpy(founding->key, key, 32);
    memcpy(founding->galaxy, border->galaxy, sizeof(founding->galaxy));
    randombytes_buf(founding->nonce, sizeof(founding->nonce));
    founding->tick = next_tick(border);
    snprintf(founding->name, sizeof(founding->name), "%.*s", INF_NAME_BYTES - 1, name);
}

// ---- identity ----------------------------------------------------------------------------------------------------------------

/// A key that is kept, and what founds its soul.
struct InfBinding {
    InfSignKey key;
    uint64_t number;
    InfLineageRecord record;
};

void inf_deed_free_bindings(InfDeed* deed) {
    for (uint32_t i = 0; i < INF_DEED_SOULS; i++) {
        if (deed->bindings[i] != NULL) {
            inf_sign_key_wipe(&deed->bindings[i]->key);
            free(deed->bindings[i]);
            deed->bindings[i] = NULL;
        }
    }
}

/// Who keeps its own key founds itself: it is told what to sign. @return false: no key was drawn
static bool ask_founding(InfBorder* border, InfDeed* deed, uint32_t which, const InfSoul* soul) {
    if (deed->foundings[which] != NULL) {
        return false;
    }
    if (deed->group != NULL) {
        inf_deed_fail(border, deed, 409, "no identity",
                      "That soul keeps its own key and has no identity yet: it founds it itself, by signing its founding record.",
                      "Send it alone: then it is asked to sign. See docs/souls.md, Signing for oneself.");
        return false;
    }
    InfLineageRecord record = inf_deed_record(border, soul, INF_LINEAGE_FOUNDED, NULL);
    inf_deed_draw_founding(border, &record.founding, soul->key, (const char*)soul->name);
    record.has_founding = true;
    record.epoch = soul->epoch != 0 ? soul->epoch : 1;
    inf_founding_identity(&record.founding, record.identity);
    deed->foundings[which] = inf_lineage_build(&record);
    if (deed->foundings[which] != NULL) {
        inf_deed_put_to_sign(deed, INF_SIGN_LINEAGE, deed->foundings[which], "soul_signature", "soul", soul, soul->key);
    }
    return false;
}

/// Draws the key; inf_deeds_prepare_bindings() keeps it. @return false: the deed has failed
static bool draw_binding(InfBorder* border, InfDeed* deed, uint32_t which) {
    const InfSoul* soul = inf_border_soul(border, deed->souls[which], NULL, NULL);
    InfBinding* binding = calloc(1, sizeof(*binding));
    if (soul != NULL && inf_soul_keeps_key(soul)) {
        free(binding);
        return ask_founding(border, deed, which, soul);
    }
    if (soul == NULL || binding == NULL || !inf_keyring_derive(border->keyring, &binding->key, &binding->number, NULL)) {
        inf_deed_fail(border, deed, 409, "refused", "The soul is not here any more, or the keyring is shut.", "Nothing was changed.");
    } else {
        InfLineageRecord* record = &binding->record;
        *record = inf_deed_record(border, soul, INF_LINEAGE_FOUNDED, NULL);
        inf_deed_draw_founding(border, &record->founding, binding->key.public_key, (const char*)soul->name);
        record->has_founding = true;
        record->epoch = soul->epoch != 0 ? soul->epoch : 1;
        inf_founding_identity(&record->founding, record->identity);
        deed->bindings[which] = binding;
        return true;
    }
    free(binding);
    return false;
}

void inf_deeds_prepare_bindings(InfBorder* border) {
    uint32_t count = 0;
    for (InfDeed* deed = border->deeds;
         deed != NULL && count < BINDINGS_PER_TICK && inf_border_has_record_room(border, count + INF_DEED_SOULS); deed = deed->next) {
        for (uint32_t i = 0; deed->step == INF_DEED_BIND && i < deed->soul_count; i++) {
            const InfSoul* soul = inf_border_soul(border, deed->souls[i], NULL, NULL);
            if ((soul != NULL ? !inf_soul_is_bound(soul) : !inf_deed_is_on_the_way(border, deed, deed->souls[i])) &&
                deed->bindings[i] == NULL && inf_deed_needs_identity(deed, i)) {
                count += draw_binding(border, deed, i);
            }
        }
    }
    bool fine = count > 0 && inf_keyring_begin(border->keyring, NULL);
    bool is_kept = fine;
    for (InfDeed* deed = border->deeds; deed != NULL && fine; deed = deed->next) {
        for (uint32_t i = 0; i < deed->soul_count; i++) {
            const InfBinding* binding = deed->bindings[i];
            is_kept = is_kept && (binding == NULL || inf_keyring_keep(border->keyring, binding->record.identity, binding->number, NULL));
        }
    }
    fine = fine && inf_keyring_commit(border->keyring, NULL) && is_kept;
    for (InfDeed* deed = border->deeds; deed != NULL && count > 0 && !fine; deed = deed->next) {
        inf_deed_free_bindings(deed); // the disk refuses: they wait
    }
}

/// The identity that a soul has signed for itself.
static bool submit_founding(InfBorder* border, const InfSoul* soul, uint32_t shard, json_t* record) {
    InfInput input = {.kind = INF_INPUT_KIND_Bind};
    InfLineageRecord read;
    if (!inf_lineage_read_object(record, &read, NULL) || !inf_sign_object(INF_SIGN_LINEAGE, record, "server_signature", &border->key, NULL) ||
        !inf_deed_submit_record(border, soul->id, record, INF_LINEAGE_FOUNDED, read.identity, input.Bind.lineage)) {
        return false;
    }
    input.Bind.soul = soul->id;
    memcpy(input.Bind.key, soul->key, 32);
    memcpy(input.Bind.identity, read.identity, 32);
    memcpy(input.Bind.root, read.identity, 32);
    return inf_border_submit(border, shard, &input);
}

bool inf_deed_submit_bind(InfBorder* border, InfDeed* deed, uint32_t which) {
    uint32_t shard;
    const InfSoul* soul = inf_border_soul(border, deed->souls[which], &shard, NULL);
    InfBinding* binding = deed->bindings[which];
    if (soul != NULL && deed->foundings[which] != NULL) {
        return submit_founding(border, soul, shard, deed->foundings[which]);
    }
    if (soul == NULL || binding == NULL) {
        return false;
    }
    static InfInput input;
    memset(&input, 0, sizeof(input));
    input.kind = INF_INPUT_KIND_Bind;
    input.Bind.soul = soul->id;
    memcpy(input.Bind.key, binding->key.public_key, 32);
    memcpy(input.Bind.identity, binding->record.identity, 32);
    memcpy(input.Bind.root, binding->record.identity, 32);
    return submit_record(border, soul->id, &binding->record, &binding->key, NULL, input.Bind.lineage) &&
           inf_border_submit(border, shard, &input);
}

void inf_deed_keeps_own_key(InfBorder* border, InfDeed* deed) {
    inf_deed_fail(border, deed, 409, "own key", "The soul's key is not here: only whoever has it can sign for this in its lineage.",
                  "Nothing was changed. See docs/souls.md, Signing for oneself.");
}

void inf_deed_lost(InfBorder* border, InfDeed* deed) {
    inf_deed_fail(border, deed, 409, "refused", "The soul is between two places, or not alive in this galaxy any more.", "Nothing was changed.");
}

// ---- acts ----------------------------------------------------------------------------------------------------------------------

bool inf_deed_write_home(InfBorder* border, const InfSoul* soul, const InfSignKey* key, uint8_t head[32], json_t** out_home) {
    InfLineageLinks last;
    memcpy(head, soul->lineage, 32);
    *out_home = NULL;
    if (!inf_lineage_log_links(border->log, soul->lineage, &last) || last.act != INF_LINEAGE_DEPARTED) {
        return true;
    }
    if (inf_border_next_epoch(border, soul) <= last.epoch) { // shard 0 had no room and sent it home: it never left, so that
        memcpy(head, last.previous[0], 32);                  // record stays behind
        return true;
    }
    InfLineageRecord home = inf_deed_record(border, soul, INF_LINEAGE_ARRIVED, soul->lineage);
    memcpy(home.peer, border->key.public_key, 32);
    memcpy(home.transfer, last.transfer, sizeof(home.transfer));
    static const char* const names[] = {"server_signature", "soul_signature"};
    const InfSignKey* keys[] = {&border->key, key};
    json_t* object = inf_lineage_build(&home);
    char* home_text = object != NULL && inf_sign_object_all(INF_SIGN_LINEAGE, object, 2, names, keys, NULL) ? inf_lineage_text(object, NULL, head, NULL) : NULL;
    free(home_text);
    if (home_text == NULL) {
        json_decref(object);
        return false;
    }
    *out_home = object;
    return true;
}

/// A soul that was refused elsewhere is home again without a record of it: that comes first now.
static bool come_home(InfBorder* border, const InfSoul* soul, const InfSignKey* key, uint8_t head[32]) {
    json_t* home;
    bool fine = inf_deed_write_home(border, soul, key, head, &home) &&
                (home == NULL || inf_deed_submit_record(border, soul->id, home, INF_LINEAGE_ARRIVED, soul->identity, head));
    json_decref(home);
    return fine;
}

/// Does a mandate still let this server sign for just that departure?
static bool fits(const InfBorder* border, const InfDeed* deed, const InfSoul* soul, const json_t* object, uint64_t left_s) {
    InfMandate mandate;
    return inf_mandate_read(object, &mandate, NULL) && memcmp(mandate.identity, soul->identity, 32) == 0 &&
           memcmp(mandate.server, border->key.public_key, 32) == 0 && memcmp(mandate.to, deed->destination, 32) == 0 &&
           mandate.epoch == inf_border_next_epoch(border, soul) && mandate.until >= (uint64_t)time(NULL) + left_s;
}

static bool submit_depart(InfBorder* border, InfDeed* deed, uint32_t which, const InfSoul* soul, uint32_t shard,
                          uint8_t transfer[INF_PASSAGE_BYTES]) {
    json_t* mandate = deed->mandates[which];
    static InfInput input;
    memset(&input, 0, sizeof(input));
    input.kind = INF_INPUT_KIND_Depart;
    InfInputDepart* depart = &input.Depart;
    depart->soul = soul->id;
    depart->by_host = deed->is_by_host;
    depart->way = (uint8_t)deed->way;
    depart->body = deed->body;
    depart->sector[0] = deed->address.x;
    depart->sector[1] = deed->address.y;
    depart->sector[2] = deed->address.z;
    depart->system_in_sector = deed->address.index;
    randombytes_buf(transfer, INF_PASSAGE_BYTES);
    memcpy(depart->transfer, transfer, sizeof(depart->transfer));
    memcpy(depart->destination, deed->destination, 32);
    bool fine = true;
    if (deed->way != INF_WAY_GALAXY) {
        InfSignKey key;
        bool has_key = inf_soul_key(border, soul->identity, soul->key, &key);
        if (!has_key && mandate == NULL) {
            inf_deed_keeps_own_key(border, deed);
            return false;
        }
        if (!has_key && !fits(border, deed, soul, mandate, 0)) {
            inf_deed_fail(border, deed, 409, "moved on", "The mandate does not fit any more: its time is over, or the soul has left and come back.",
                          "Nothing was changed. Ask anew, and sign what is written then.");
            return false;
        }
        uint8_t head[32];
        fine = come_home(border, soul, has_key ? &key : NULL, head);
        if (fine) {
            InfLineageRecord record =
                inf_deed_record(border, soul, deed->way == INF_WAY_FILE ? INF_LINEAGE_DOWNLOADED : INF_LINEAGE_DEPARTED, head);
            record.epoch = inf_border_next_epoch(border, soul);
            memcpy(record.peer, deed->destination, 32);
            memcpy(record.transfer, transfer, sizeof(record.transfer));
            fine = submit_record(border, soul->id, &record, has_key ? &key : NULL, has_key ? NULL : mandate, depart->lineage);
        }
        inf_sign_key_wipe(&key);
    }
    return fine && inf_border_submit(border, shard, &input);
}

bool inf_deed_submit_consents(InfBorder* border, const InfDeed* deed) {
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        uint32_t shard;
        bool is_other = deed->is_by_host || deed->souls[i] != deed->asker;
        if (!is_other || !inf_deed_agrees_by_signing(border, deed, i) || inf_border_soul(border, deed->souls[i], &shard, NULL) == NULL) {
            continue;
        }
        InfInput input = {.kind = INF_INPUT_KIND_Consent};
        input.Consent.soul = deed->souls[i];
        input.Consent.to = deed->is_by_host ? 0 : deed->asker;
        input.Consent.act = (uint8_t)deed->act;
        input.Consent.on = 1;
        if (!inf_border_submit(border, shard, &input)) {
            return false;
        }
    }
    return true;
}

/// Before the first of them goes: what one of a crew cannot sign, who carries it not excepted, holds up all of it.
static bool crew_can_sign(InfBorder* border, const InfDeed* deed) {
    bool all = true;
    for (uint32_t i = 0; i < deed->soul_count && all; i++) {
        const InfSoul* rider = inf_border_soul(border, deed->souls[i], NULL, NULL);
        InfSignKey key;
        all = rider == NULL || inf_soul_key(border, rider->identity, rider->key, &key) ||
              (deed->mandates[i] != NULL && fits(border, deed, rider, deed->mandates[i], CREW_SECONDS));
        inf_sign_key_wipe(&key);
    }
    return all;
}

/// Nor does anybody of a crew go when the rules would keep one of them: then its host could not leave, and they would be torn apart.
static bool crew_may_leave(InfBorder* border, InfDeed* deed) {
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        uint32_t shard;
        const InfSoul* soul = inf_border_soul(border, deed->souls[i], &shard, NULL);
        InfInputDepart depart = {.soul = deed->souls[i], .by_host = deed->is_by_host, .way = (uint8_t)deed->way};
        memset(depart.transfer, 1, sizeof(depart.transfer)); // drawn when it leaves
        memset(depart.lineage, 1, sizeof(depart.lineage));
        memcpy(depart.destination, deed->destination, sizeof(depart.destination));
        InfResult result = soul != NULL ? inf_world_may_depart(border->server->worlds[shard], &depart, true) : INF_ERROR_NOT_FOUND;
        bool agrees_then = result == INF_ERROR_CONSENT && inf_deed_agrees_by_signing(border, deed, i); // with the tick of the act
        if (result == INF_OK || agrees_then) {
            continue;
        }
        char reason[200];
        snprintf(reason, sizeof(reason), "%s cannot leave, and a crew goes together: %s", soul != NULL ? (const char*)soul->name : "One of the crew",
                 inf_result_text(result));
        inf_deed_fail(border, deed, 409, "refused", reason, "Nothing was changed. It may leave the crew first, or what keeps it may be mended.");
        return false;
    }
    return true;
}

bool inf_deed_submit_act(InfBorder* border, InfDeed* deed) {
    if (deed->input == INF_INPUT_KIND_Arrive) {
        return inf_deed_submit_upload(border, deed);
    }
    if (!inf_border_has_record_room(border, 1 + 2 * deed->soul_count)) { // all of an act's records, or none
        return false;
    }
    uint32_t shard;
    const InfSoul* soul = inf_border_soul(border, deed->souls[0], &shard, NULL);
    const InfSoul* other = deed->soul_count > 1 ? inf_border_soul(border, deed->souls[1], NULL, NULL) : soul;
    if (soul == NULL || other == NULL) {
        inf_deed_lost(border, deed);
        return false;
    }
    if (deed->input == INF_INPUT_KIND_Depart && deed->way == INF_WAY_SERVER && deed->soul_count > 1) {
        if (!crew_can_sign(border, deed)) {
            inf_deed_fail(border, deed, 409, "moved on", "Not everybody of the crew can sign: a mandate's time is over, or somebody has left and come back.",
                          "Nothing was changed. Ask anew, and sign what is written then.");
            return false;
        }
        if (!crew_may_leave(border, deed)) {
            return false;
        }
    }
    switch (deed->input) {
    case INF_INPUT_KIND_Bind: return submit_founding(border, soul, shard, deed->record);
    case INF_INPUT_KIND_Copy:
    case INF_INPUT_KIND_Merge: return inf_deed_submit_branch(border, deed);
    default: // the crew first, while its host is here; it is sent after it
        if (deed->is_by_host && !inf_deed_submit_consents(border, deed)) {
            return false;
        }
        for (uint32_t i = deed->soul_count - 1; i > 0; i--) {
            const InfSoul* rider = inf_border_soul(border, deed->souls[i], &shard, NULL);
            if (rider != NULL && !submit_depart(border, deed, i, rider, shard, deed->rider_transfers[i])) {
                deed->result = INF_ERROR_FULL;
                return i + 1 < deed->soul_count && deed->step == INF_DEED_DOCK; // some go already: what becomes of them is looked at
            }
        }
        soul = inf_border_soul(border, deed->souls[0], &shard, NULL);
        if (submit_depart(border, deed, 0, soul, shard, deed->transfer)) {
            return true;
        }
        deed->result = INF_ERROR_FULL;
        return deed->soul_count > 1 && deed->step == INF_DEED_DOCK;
    }
}

// ---- answers ---------------------------------------------------------------------------------------------------------------------

/// What the journal has counted of a soul. @return {"sold": 3, …}
static json_t* count_habits(InfServer* server, uint64_t soul, InfDnaCounts* counts) {
    InfHabitSum sums[INF_HABIT_COUNT];
    uint32_t count = 0;
    json_t* habits = json_object();
    if (server->query != NULL && inf_journal_query_habits(server->query, soul, sums, INF_HABIT_COUNT, &count) != INF_OK) {
        inf_log(INF_LOG_WARNING, "souls", "habits cannot be read", "reason", INF_LOG_STRING, inf_journal_query_error(server->query), NULL);
        count = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        inf_dna_count(counts, sums[i].habit, sums[i].times, sums[i].others);
        json_object_set_new(habits, sums[i].habit, json_integer((json_int_t)sums[i].times));
    }
    return habits;
}

/// A mind's traits are what it was born with; a player's are estimated from what it did.
static void answer_sample(InfServer* server, const InfSoul* soul, json_t* answer) {
    InfDna dna = {.origin = INF_DNA_SAMPLED, .known = (1u << INF_TRAITS) - 1, .credits = -1, .hull = -1};
    InfDnaCounts counts = {0};
    snprintf(dna.name, sizeof(dna.name), "%.*s", INF_NAME_BYTES - 1, (const char*)soul->name);
    memcpy(dna.traits, soul->traits, sizeof(dna.traits));
    snprintf(dna.note, sizeof(dna.note), "the traits of %s", dna.name);
    if ((soul->flags & INF_SOUL_PLAYER) != 0) {
        json_object_set_new(answer, "habits", count_habits(server, soul->id, &counts));
        uint64_t counted = inf_dna_counted(&counts);
        json_object_set_new(answer, "counted", json_integer((json_int_t)counted));
        inf_dna_sample(&counts, dna.traits);
        snprintf(dna.note, sizeof(dna.note), "estimated from what %s did: %" PRIu64 " %s", dna.name, counted, counted == 1 ? "act" : "acts");
    }
    json_object_set_new(answer, "dna", inf_dna_build(&dna));
}

json_t* inf_deed_answer(InfBorder* border, const InfDeed* deed) {
    json_t* answer = json_pack("{s:o, s:s, s:s, s:I}", "soul", inf_id_json(deed->souls[0]), "name", deed->name, "act",
                               inf_act_word(deed->act), "tick", (json_int_t)deed->tick);
    const InfSoul* soul = inf_border_soul(border, deed->souls[0], NULL, NULL);
    if (deed->request->kind == INF_REQUEST_ACT_ASK) {
        json_object_set_new(answer, "agreed", json_true());
        json_object_set_new(answer, "text", json_string(deed->refusal));
    } else if (deed->act == INF_ACT_SAMPLE && soul != NULL) {
        answer_sample(border->server, soul, answer);
    } else if (deed->input == INF_INPUT_KIND_Bind) {
        json_object_set_new(answer, "identity", inf_hex_json(deed->identity, 32));
    } else if (deed->input == INF_INPUT_KIND_Copy) {
        json_object_set_new(answer, "copy", inf_id_json(deed->made));
        json_object_set_new(answer, "identity", inf_hex_json(deed->identity, 32));
    } else if (deed->input == INF_INPUT_KIND_Merge) {
        json_object_set_new(answer, "lives", inf_id_json(deed->made));
    } else if (deed->input == INF_INPUT_KIND_Depart && deed->way != INF_WAY_GALAXY) {
        json_object_set_new(answer, "transfer", inf_hex_json(deed->transfer, sizeof(deed->transfer)));
        json_object_set_new(answer, "state", json_string(deed->way == INF_WAY_FILE ? "away" : "escrow"));
        size_t byte_count;
        char* text = deed->way == INF_WAY_FILE ? inf_border_file_read(border, deed->transfer, &byte_count) : NULL;
        if (text != NULL) {
            json_object_set_new(answer, "document", json_stringn(text, byte_count));
        }
        free(text);
    } else if (deed->input == INF_INPUT_KIND_Arrive) {
        json_object_set_new(answer, "soul", inf_id_json(deed->made));
        json_object_set_new(answer, "identity", inf_hex_json(deed->identity, 32));
        json_object_set_new(answer, "verified", json_boolean(!deed->is_unverified));
    }
    return answer;
}
