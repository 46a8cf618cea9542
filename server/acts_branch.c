// Copy and merge: two branches of one lineage begin, or become one. Their records are written and signed first, then put
// into the tick with the input that names the newest of them.
//
// Who keeps its own key signs itself, and may take a while: so what was written is kept, byte by byte, with what it stands
// on (the newest records and epochs of those it is about). If the world has gone on meanwhile it is void. The copy's first
// record names the original's, signatures and all, so the original signs first and the copy's key after it.
#include "server/acts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const InfSoul* of_copy(const InfBorder* border, const InfDeed* deed) {
    return inf_border_soul(border, deed->souls[deed->soul_count - 1], NULL, NULL);
}

static void put_draft(InfDeed* deed, json_t* object, uint64_t soul, InfLineageAct act, const uint8_t identity[32]) {
    InfDraft* draft = &deed->drafts[deed->draft_count++];
    *draft = (InfDraft){.object = object, .soul = soul, .act = act};
    memcpy(draft->identity, identity, 32);
}

/// What the records go on from: its newest one, or that it came home, which is written first.
static bool stand_on(InfBorder* border, InfDeed* deed, uint32_t branch, const InfSoul* soul, const InfSignKey* key, uint8_t head[32]) {
    json_t* home = NULL;
    if (!inf_deed_write_home(border, soul, key, head, &home)) {
        return false;
    }
    if (home != NULL) {
        put_draft(deed, home, soul->id, INF_LINEAGE_ARRIVED, soul->identity);
    }
    deed->branches[branch] = soul->id;
    deed->epochs[branch] = soul->epoch;
    memcpy(deed->heads[branch], soul->lineage, 32);
    return true;
}

static bool sign_or_ask(InfDeed* deed, json_t* object, const char* signature, const char* by, const InfSoul* soul,
                        const uint8_t public_key[32], const InfSignKey* key) {
    if (key != NULL) {
        return inf_sign_object(INF_SIGN_LINEAGE, object, signature, key, NULL);
    }
    inf_deed_put_to_sign(deed, INF_SIGN_LINEAGE, object, signature, by, soul, public_key);
    return true;
}

static bool fail_memory(InfBorder* border, InfDeed* deed) {
    inf_deed_fail(border, deed, 503, "busy", "The records could not be written.", "Nothing was changed. Try again.");
    return false;
}

// ---- copy -----------------------------------------------------------------------------------------------------------------------

static bool is_key_of_somebody(const InfBorder* border, const uint8_t key[32]) {
    if (inf_world_find_tag_by_key(inf_border_heart(border), key) != 0) {
        return true;
    }
    for (uint32_t s = 0; s < border->server->shard_count; s++) {
        uint32_t count;
        const InfSoul* souls = inf_world_souls(border->server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((souls[i].generation & 1u) != 0 && memcmp(souls[i].key, key, 32) == 0) {
                return true;
            }
        }
        const InfPassenger* riders = inf_world_passengers(border->server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((riders[i].generation & 1u) != 0 && memcmp(riders[i].soul->key, key, 32) == 0) {
                return true;
            }
        }
    }
    return false;
}

const char* inf_deed_read_copy_key(InfBorder* border, const json_t* body, InfDeed* deed) {
    const json_t* member = json_object_get(body, "copy_key");
    const char* text = json_string_value(member);
    const InfSoul* of = of_copy(border, deed);
    if (of == NULL || !inf_soul_keeps_key(of)) {
        return member == NULL ? NULL : "\"copy_key\" is for copies of souls that keep their own keys; this one's copy is a mind of the server, as it is.";
    }
    if (text == NULL) {
        return "\"copy_key\" is missing: the public key that the copy is to have (64 hexadecimal digits; it signs, too), or \"server\": "
               "then it is a mind of its own, whose key the server keeps.";
    }
    if (strcmp(text, "server") == 0) {
        return NULL;
    }
    if (!inf_hex_read(text, deed->copy_key, 32)) {
        return "\"copy_key\" is a public key of 64 hexadecimal digits, or \"server\".";
    }
    deed->has_copy_key = true;
    return is_key_of_somebody(border, deed->copy_key) ? "\"copy_key\" is the key of somebody who lives here: draw a new one." : NULL;
}

static bool draft_copy(InfBorder* border, InfDeed* deed) {
    const InfSoul* of = of_copy(border, deed);
    InfSignKey key;
    uint8_t head[32];
    if (of == NULL) {
        inf_deed_lost(border, deed);
        return false;
    }
    bool has_key = inf_soul_key(border, of->identity, of->key, &key);
    if (!has_key && (!inf_soul_keeps_key(of) || deed->group != NULL)) {
        inf_deed_keeps_own_key(border, deed);
        return false;
    }
    if (!deed->has_copy_key) {
        if (!inf_keyring_derive(border->keyring, &deed->fresh, &deed->fresh_number, NULL)) {
            inf_sign_key_wipe(&key);
            inf_deed_fail(border, deed, 500, "disk", "The keyring could not be written.", "Nothing was changed. Look at the disk.");
            return false;
        }
        memcpy(deed->copy_key, deed->fresh.public_key, 32);
    }
    InfFounding* founding = &deed->copy_founding;
    *founding = (InfFounding){.is_copy = true};
    inf_deed_draw_founding(border, founding, deed->copy_key, deed->name);
    memcpy(founding->parent, of->identity, 32);
    memcpy(founding->root, of->root, 32);
    bool fine = inf_founding_identity(founding, deed->identity) && stand_on(border, deed, 0, of, has_key ? &key : NULL, head);
    if (fine) {
        InfLineageRecord record = inf_deed_record(border, of, INF_LINEAGE_COPIED, head);
        memcpy(record.other, deed->identity, 32);
        json_t* object = inf_lineage_build(&record);
        fine = object != NULL;
        if (fine) {
            put_draft(deed, object, of->id, INF_LINEAGE_COPIED, of->identity);
            fine = inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &border->key, NULL) &&
                   sign_or_ask(deed, object, "soul_signature", "soul", of, of->key, has_key ? &key : NULL);
        }
    }
    inf_sign_key_wipe(&key);
    return fine || fail_memory(border, deed);
}

/// The first record of the copy, behind the original's.
static bool draft_first(InfBorder* border, InfDeed* deed) {
    const InfDraft* original = &deed->drafts[deed->draft_count - 1];
    InfLineageRecord record = {.act = INF_LINEAGE_COPIED, .epoch = 1, .tick = deed->copy_founding.tick, .previous_count = 1, .has_founding = true};
    record.founding = deed->copy_founding;
    memcpy(record.identity, deed->identity, 32);
    memcpy(record.galaxy, border->galaxy, sizeof(record.galaxy));
    memcpy(record.server, border->key.public_key, 32);
    memcpy(record.other, original->identity, 32);
    char* text = inf_lineage_text(original->object, NULL, record.previous[0], NULL);
    json_t* object = text != NULL ? inf_lineage_build(&record) : NULL;
    free(text);
    if (object == NULL) {
        return fail_memory(border, deed);
    }
    put_draft(deed, object, 0, INF_LINEAGE_COPIED, deed->identity);
    return (inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &border->key, NULL) &&
            sign_or_ask(deed, object, "soul_signature", "copy", NULL, deed->copy_key, deed->has_copy_key ? NULL : &deed->fresh)) ||
           fail_memory(border, deed);
}

// ---- merge ------------------------------------------------------------------------------------------------------------------------

/// As the rules do (core/soul/join.c): a player first, then who was born first, then the smaller identity.
static bool precedes(const InfSoul* a, const InfSoul* b) {
    bool player_a = (a->flags & INF_SOUL_PLAYER) != 0, player_b = (b->flags & INF_SOUL_PLAYER) != 0;
    if (player_a != player_b) {
        return player_a;
    }
    return a->born_tick != b->born_tick ? a->born_tick < b->born_tick : memcmp(a->identity, b->identity, 32) <= 0;
}

static bool draft_merge(InfBorder* border, InfDeed* deed) {
    const InfSoul* a = inf_border_soul(border, deed->souls[0], NULL, NULL);
    const InfSoul* b = inf_border_soul(border, deed->souls[1], NULL, NULL);
    if (a == NULL || b == NULL) {
        inf_deed_lost(border, deed);
        return false;
    }
    if ((a->flags & b->flags & INF_SOUL_PLAYER) != 0) { // nobody shall sign for nothing
        inf_deed_fail(border, deed, 409, "refused", inf_result_text(INF_ERROR_PLAYER), "Nothing was changed.");
        return false;
    }
    const InfSoul *lives = precedes(a, b) ? a : b, *ends = lives == a ? b : a;
    InfSignKey lives_key, ends_key;
    bool has_lives = inf_soul_key(border, lives->identity, lives->key, &lives_key);
    bool has_ends = inf_soul_key(border, ends->identity, ends->key, &ends_key);
    if ((!has_lives && !inf_soul_keeps_key(lives)) || (!has_ends && !inf_soul_keeps_key(ends))) {
        inf_sign_key_wipe(&lives_key);
        inf_sign_key_wipe(&ends_key);
        inf_deed_keeps_own_key(border, deed);
        return false;
    }
    uint8_t lives_head[32], ends_head[32];
    bool fine = stand_on(border, deed, 0, lives, has_lives ? &lives_key : NULL, lives_head) &&
                stand_on(border, deed, 1, ends, has_ends ? &ends_key : NULL, ends_head);
    if (fine) {
        InfLineageRecord record = inf_deed_record(border, lives, INF_LINEAGE_MERGED, lives_head);
        memcpy(record.previous[1], ends_head, 32);
        record.previous_count = 2;
        memcpy(record.other, ends->identity, 32);
        json_t* object = inf_lineage_build(&record);
        fine = object != NULL;
        if (fine) {
            put_draft(deed, object, lives->id, INF_LINEAGE_MERGED, lives->identity);
            fine = inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &border->key, NULL) &&
                   sign_or_ask(deed, object, "soul_signature", "soul", lives, lives->key, has_lives ? &lives_key : NULL) &&
                   sign_or_ask(deed, object, "other_signature", "other", ends, ends->key, has_ends ? &ends_key : NULL);
        }
    }
    inf_sign_key_wipe(&lives_key);
    inf_sign_key_wipe(&ends_key);
    return fine || fail_memory(border, deed);
}

// ---- both ---------------------------------------------------------------------------------------------------------------------------

bool inf_deed_draft_branch(InfBorder* border, InfDeed* deed) {
    return deed->input == INF_INPUT_KIND_Copy ? draft_copy(border, deed) : draft_merge(border, deed);
}

bool inf_deed_draft_rest(InfBorder* border, InfDeed* deed, bool* is_whole) {
    bool lacks_first = deed->input == INF_INPUT_KIND_Copy && memcmp(deed->drafts[deed->draft_count - 1].identity, deed->identity, 32) != 0;
    *is_whole = !lacks_first;
    return !lacks_first || draft_first(border, deed);
}

/// Is everything still as it was when the records were written?
static bool still_stands(const InfBorder* border, const InfDeed* deed) {
    uint32_t count = deed->input == INF_INPUT_KIND_Merge ? 2 : 1;
    const InfSoul* souls[2] = {NULL, NULL};
    for (uint32_t i = 0; i < count; i++) {
        souls[i] = inf_border_soul(border, deed->branches[i], NULL, NULL);
        if (souls[i] == NULL || souls[i]->epoch != deed->epochs[i] || memcmp(souls[i]->lineage, deed->heads[i], 32) != 0) {
            return false;
        }
    }
    return count == 1 || precedes(souls[0], souls[1]);
}

bool inf_deed_submit_branch(InfBorder* border, InfDeed* deed) {
    static InfInput input;
    uint32_t shard;
    uint8_t hashes[INF_DRAFTS_MAX][32];
    bool stands = still_stands(border, deed);
    if (!stands && !deed->has_paper) { // nobody has signed it but the server: it is written anew with the next tick
        inf_deed_drop_signatures(deed);
        return false;
    }
    if (!stands || inf_border_soul(border, deed->souls[0], &shard, NULL) == NULL) {
        inf_deed_fail(border, deed, 409, "moved on", "The world has gone on since this was written: something else was done with that soul.",
                      "Nothing was changed. Ask anew, and sign what is written then.");
        return false;
    }
    bool is_copy = deed->input == INF_INPUT_KIND_Copy;
    if (is_copy && !deed->has_copy_key && !inf_keyring_keep(border->keyring, deed->identity, deed->fresh_number, NULL)) {
        inf_deed_fail(border, deed, 500, "disk", "The keyring could not be written.", "Nothing was changed. Look at the disk.");
        return false;
    }
    for (uint32_t i = 0; i < deed->draft_count; i++) {
        const InfDraft* draft = &deed->drafts[i];
        if (!inf_deed_submit_record(border, draft->soul, draft->object, draft->act, draft->identity, hashes[i])) {
            return false;
        }
    }
    memset(&input, 0, sizeof(input));
    input.kind = (uint16_t)deed->input;
    if (is_copy) {
        input.Copy.soul = deed->souls[0];
        input.Copy.of = deed->souls[deed->soul_count - 1];
        input.Copy.by_host = deed->is_by_host;
        input.Copy.external = deed->has_copy_key;
        snprintf(input.Copy.name, sizeof(input.Copy.name), "%s", deed->name);
        memcpy(input.Copy.key, deed->copy_key, 32);
        memcpy(input.Copy.identity, deed->identity, 32);
        memcpy(input.Copy.lineage_of, hashes[deed->draft_count - 2], 32);
        memcpy(input.Copy.lineage, hashes[deed->draft_count - 1], 32);
    } else {
        input.Merge.soul = deed->souls[0];
        input.Merge.other = deed->souls[1];
        input.Merge.by_host = deed->is_by_host;
        memcpy(input.Merge.lineage, hashes[deed->draft_count - 1], 32);
    }
    return inf_deed_submit_consents(border, deed) && inf_border_submit(border, shard, &input);
}
