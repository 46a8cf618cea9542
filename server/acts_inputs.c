// What each act puts into a tick: the records of the lineage first, then the input that names the newest of them. Both
// are in one tick, so a record is durable with the act that it tells of. (One whose act the rules refuse stays behind:
// it is in no soul's lineage, and nothing ever stands on it.)
#include "server/acts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BINDINGS_PER_TICK 256u

static uint64_t next_tick(const InfBorder* border) { return inf_shards_now(border->server->shards) + 1; }

static InfLineageRecord record_of(const InfBorder* border, const InfSoul* soul, InfLineageAct act, const uint8_t previous[32]) {
    InfLineageRecord record = {.act = act, .epoch = soul->epoch, .tick = next_tick(border), .previous_count = previous != NULL};
    memcpy(record.identity, soul->identity, 32);
    memcpy(record.galaxy, border->galaxy, sizeof(record.galaxy));
    memcpy(record.server, border->key.public_key, 32);
    if (previous != NULL) {
        memcpy(record.previous[0], previous, 32);
    }
    return record;
}

/// Sign with what is there, name it and put it into the tick. @param key  of the soul, or null: then by its mandate
static bool submit_record(InfBorder* border, uint64_t soul, const InfLineageRecord* record, const InfSignKey* key,
                          const InfSignKey* other, json_t* mandate, uint8_t out_hash[32]) {
    size_t byte_count = 0;
    char* text = NULL;
    InfSoulsError error = {0};
    if (mandate == NULL) {
        text = inf_lineage_write(record, &border->key, key, other, &byte_count, out_hash, &error);
    } else {
        json_t* object = inf_lineage_build(record);
        if (object != NULL && json_object_set(object, "mandate", mandate) == 0 &&
            inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &border->key, &error)) {
            text = inf_lineage_text(object, &byte_count, out_hash, &error);
        }
        json_decref(object);
    }
    bool fine = text != NULL && inf_border_record(border, soul, text, byte_count, out_hash, record->act, record->identity);
    free(text);
    return fine;
}

static void draw_founding(const InfBorder* border, InfFounding* founding, const uint8_t key[32], const char* name) {
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

/// Draws the key; inf_deeds_prepare_bindings() keeps it. @return false: the deed has failed
static bool draw_binding(InfBorder* border, InfDeed* deed, uint32_t which) {
    const InfSoul* soul = inf_border_soul(border, deed->souls[which], NULL, NULL);
    InfBinding* binding = calloc(1, sizeof(*binding));
    bool has_own = soul != NULL && (soul->flags & (INF_SOUL_PLAYER | INF_SOUL_EXTERNAL)) != 0;
    if (has_own) {
        inf_deed_fail(border, deed, 409, "no identity",
                      "That soul keeps its own key and has no identity yet: it founds it itself, by signing its founding record.",
                      "POST /api/souls/found with the soul's key first; see docs/border.md, Acts.");
    } else if (soul == NULL || binding == NULL || !inf_keyring_derive(border->keyring, &binding->key, &binding->number, NULL)) {
        inf_deed_fail(border, deed, 409, "refused", "The soul is not here any more, or the keyring is shut.", "Nothing was changed.");
    } else {
        InfLineageRecord* record = &binding->record;
        *record = record_of(border, soul, INF_LINEAGE_FOUNDED, NULL);
        draw_founding(border, &record->founding, binding->key.public_key, (const char*)soul->name);
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
                deed->bindings[i] == NULL) {
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

bool inf_deed_submit_bind(InfBorder* border, InfDeed* deed, uint32_t which) {
    uint32_t shard;
    const InfSoul* soul = inf_border_soul(border, deed->souls[which], &shard, NULL);
    InfBinding* binding = deed->bindings[which];
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
    return submit_record(border, soul->id, &binding->record, &binding->key, NULL, NULL, input.Bind.lineage) &&
           inf_border_submit(border, shard, &input);
}

static void keeps_own_key(InfBorder* border, InfDeed* deed) {
    inf_deed_fail(border, deed, 409, "own key", "That soul keeps its own key: only it can sign for this in its lineage.",
                  "Nothing was changed. It leaves by its own order and mandate; see docs/border.md, Acts.");
}

// ---- acts ----------------------------------------------------------------------------------------------------------------------

/// A soul that was refused elsewhere is home again without a record of it: that comes first now.
static bool come_home(InfBorder* border, const InfSoul* soul, const InfSignKey* key, uint8_t head[32]) {
    char text[INF_LINEAGE_BYTES_MAX];
    InfLineageRecord last;
    memcpy(head, soul->lineage, 32);
    size_t byte_count = inf_lineage_log_find(border->log, soul->lineage, text);
    if (byte_count == 0 || !inf_lineage_read(text, byte_count, &last, NULL, NULL) || last.act != INF_LINEAGE_DEPARTED) {
        return true;
    }
    if (inf_border_next_epoch(border, soul) <= last.epoch) { // shard 0 had no room and sent it home: it never left, so that
        memcpy(head, last.previous[0], 32);                  // record stays behind
        return true;
    }
    InfLineageRecord home = record_of(border, soul, INF_LINEAGE_ARRIVED, soul->lineage);
    memcpy(home.peer, border->key.public_key, 32);
    memcpy(home.transfer, last.transfer, sizeof(home.transfer));
    return submit_record(border, soul->id, &home, key, NULL, NULL, head);
}

static bool submit_copy(InfBorder* border, InfDeed* deed, const InfSoul* payer, const InfSoul* of, uint32_t shard) {
    static InfInput input;
    memset(&input, 0, sizeof(input));
    input.kind = INF_INPUT_KIND_Copy;
    InfSignKey fresh, key;
    uint64_t number;
    uint8_t head[32];
    bool has_key = inf_soul_key(border, of->identity, of->key, &key);
    if (!has_key) {
        keeps_own_key(border, deed);
        return false;
    }
    if (!inf_keyring_derive(border->keyring, &fresh, &number, NULL)) {
        inf_deed_fail(border, deed, 500, "disk", "The keyring could not be written.", "Nothing was changed. Look at the disk.");
        return false;
    }
    InfLineageRecord copy = record_of(border, of, INF_LINEAGE_COPIED, NULL);
    draw_founding(border, &copy.founding, fresh.public_key, deed->name);
    copy.has_founding = copy.founding.is_copy = true;
    memcpy(copy.founding.parent, of->identity, 32);
    memcpy(copy.founding.root, of->root, 32);
    inf_founding_identity(&copy.founding, copy.identity);
    memcpy(deed->identity, copy.identity, 32);
    bool fine = inf_keyring_keep(border->keyring, copy.identity, number, NULL) && come_home(border, of, &key, head);
    if (fine) {
        InfLineageRecord original = record_of(border, of, INF_LINEAGE_COPIED, head);
        memcpy(original.other, copy.identity, 32);
        fine = submit_record(border, of->id, &original, &key, NULL, NULL, input.Copy.lineage_of);
        memcpy(copy.previous[0], input.Copy.lineage_of, 32);
        copy.previous_count = 1;
        copy.epoch = 1;
        memcpy(copy.other, of->identity, 32);
        fine = fine && submit_record(border, 0, &copy, &fresh, NULL, NULL, input.Copy.lineage);
    }
    input.Copy.soul = payer->id;
    input.Copy.of = of->id;
    input.Copy.by_host = deed->is_by_host;
    snprintf(input.Copy.name, sizeof(input.Copy.name), "%s", deed->name);
    memcpy(input.Copy.key, fresh.public_key, 32);
    memcpy(input.Copy.identity, copy.identity, 32);
    fine = fine && inf_border_submit(border, shard, &input);
    inf_sign_key_wipe(&fresh);
    inf_sign_key_wipe(&key);
    return fine;
}

/// As the rules do (core/soul/join.c): a player first, then who was born first, then the smaller identity.
static bool precedes(const InfSoul* a, const InfSoul* b) {
    bool player_a = (a->flags & INF_SOUL_PLAYER) != 0, player_b = (b->flags & INF_SOUL_PLAYER) != 0;
    if (player_a != player_b) {
        return player_a;
    }
    return a->born_tick != b->born_tick ? a->born_tick < b->born_tick : memcmp(a->identity, b->identity, 32) <= 0;
}

static bool submit_merge(InfBorder* border, InfDeed* deed, const InfSoul* a, const InfSoul* b, uint32_t shard) {
    static InfInput input;
    memset(&input, 0, sizeof(input));
    input.kind = INF_INPUT_KIND_Merge;
    const InfSoul *lives = precedes(a, b) ? a : b, *ends = lives == a ? b : a;
    InfSignKey lives_key, ends_key;
    bool has_lives = inf_soul_key(border, lives->identity, lives->key, &lives_key);
    bool has_ends = inf_soul_key(border, ends->identity, ends->key, &ends_key);
    if (!has_lives || !has_ends) {
        keeps_own_key(border, deed);
        return false;
    }
    uint8_t lives_head[32], ends_head[32];
    bool fine = come_home(border, lives, &lives_key, lives_head) &&
                come_home(border, ends, &ends_key, ends_head);
    if (fine) {
        InfLineageRecord record = record_of(border, lives, INF_LINEAGE_MERGED, lives_head);
        memcpy(record.previous[1], ends_head, 32);
        record.previous_count = 2;
        memcpy(record.other, ends->identity, 32);
        fine = submit_record(border, lives->id, &record, &lives_key, &ends_key, NULL,
                             input.Merge.lineage);
    }
    inf_sign_key_wipe(&lives_key);
    inf_sign_key_wipe(&ends_key);
    input.Merge.soul = a->id;
    input.Merge.other = b->id;
    input.Merge.by_host = deed->is_by_host;
    return fine && inf_border_submit(border, shard, &input);
}

static bool submit_depart(InfBorder* border, InfDeed* deed, const InfSoul* soul, uint32_t shard, uint8_t transfer[INF_PASSAGE_BYTES]) {
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
        if (!has_key && deed->mandate == NULL) {
            keeps_own_key(border, deed);
            return false;
        }
        uint8_t head[32];
        fine = come_home(border, soul, has_key ? &key : NULL, head);
        if (fine) {
            InfLineageRecord record =
                record_of(border, soul, deed->way == INF_WAY_FILE ? INF_LINEAGE_DOWNLOADED : INF_LINEAGE_DEPARTED, head);
            record.epoch = inf_border_next_epoch(border, soul);
            memcpy(record.peer, deed->destination, 32);
            memcpy(record.transfer, transfer, sizeof(record.transfer));
            fine = submit_record(border, soul->id, &record, has_key ? &key : NULL, NULL, deed->mandate, depart->lineage);
        }
        inf_sign_key_wipe(&key);
    }
    return fine && inf_border_submit(border, shard, &input);
}

static bool submit_found(InfBorder* border, InfDeed* deed, const InfSoul* soul, uint32_t shard) {
    InfInput input = {.kind = INF_INPUT_KIND_Bind};
    size_t byte_count = 0;
    char* text = inf_sign_object(INF_SIGN_LINEAGE, deed->record, "server_signature", &border->key, NULL)
                     ? inf_lineage_text(deed->record, &byte_count, input.Bind.lineage, NULL)
                     : NULL;
    bool fine = text != NULL &&
                inf_border_record(border, soul->id, text, byte_count, input.Bind.lineage, INF_LINEAGE_FOUNDED, deed->identity);
    free(text);
    input.Bind.soul = soul->id;
    memcpy(input.Bind.key, soul->key, 32);
    memcpy(input.Bind.identity, deed->identity, 32);
    memcpy(input.Bind.root, deed->identity, 32);
    return fine && inf_border_submit(border, shard, &input);
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
        inf_deed_fail(border, deed, 409, "refused", "The soul is between two places, or not alive in this galaxy any more.", "Nothing was changed.");
        return false;
    }
    switch (deed->input) {
    case INF_INPUT_KIND_Bind: return submit_found(border, deed, soul, shard);
    case INF_INPUT_KIND_Copy: return submit_copy(border, deed, soul, other, shard);
    case INF_INPUT_KIND_Merge: return submit_merge(border, deed, soul, other, shard);
    default: // the crew first, while its host is here; it is sent after it
        for (uint32_t i = deed->soul_count - 1; i > 0; i--) {
            const InfSoul* rider = inf_border_soul(border, deed->souls[i], &shard, NULL);
            if (rider != NULL && !submit_depart(border, deed, rider, shard, deed->rider_transfers[i])) {
                return false;
            }
        }
        soul = inf_border_soul(border, deed->souls[0], &shard, NULL);
        return submit_depart(border, deed, soul, shard, deed->transfer);
    }
}

// ---- answers ---------------------------------------------------------------------------------------------------------------------

static json_t* dna_json(const InfSoul* soul) {
    json_t* traits = json_object();
    for (uint32_t t = 0; t < INF_TRAITS; t++) {
        json_object_set_new(traits, inf_trait_word(t), json_real((double)soul->traits[t] / 255.0));
    }
    return json_pack("{s:s, s:o}", "name", (const char*)soul->name, "traits", traits);
}

json_t* inf_deed_answer(InfBorder* border, const InfDeed* deed) {
    json_t* answer = json_pack("{s:o, s:s, s:s, s:I}", "soul", inf_id_json(deed->souls[0]), "name", deed->name, "act",
                               inf_act_word(deed->act), "tick", (json_int_t)deed->tick);
    const InfSoul* soul = inf_border_soul(border, deed->souls[0], NULL, NULL);
    if (deed->request->kind == INF_REQUEST_ACT_ASK) {
        json_object_set_new(answer, "agreed", json_true());
        json_object_set_new(answer, "text", json_string(deed->refusal));
    } else if (deed->act == INF_ACT_SAMPLE && soul != NULL) {
        json_object_set_new(answer, "dna", dna_json(soul));
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
