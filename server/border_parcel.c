// A batch of souls for one server, on the courier's thread: documents and signatures are made before it goes, and what comes
// back is held against them.
#include "server/border_parcel.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEAL_BYTES 1024u // at most, with what stands around it

/// The document with its lineage, whose records are texts already. @return free() it
static char* document_text(InfParcel* parcel, const InfParcelItem* item, size_t* out_bytes, InfSoulsError* error) {
    InfDocument* document = malloc(sizeof(*document));
    size_t lineage_bytes;
    char* lineage = inf_lineage_log_array(parcel->border->log, item->passage.soul.lineage, &lineage_bytes, error);
    json_t* object = NULL;
    if (document != NULL && lineage != NULL) {
        inf_border_fill_document(parcel->border, &item->passage, INF_WAY_SERVER, item->transfer, parcel->destination, document);
        object = inf_document_build(document, NULL, NULL, error);
    }
    char* text = object != NULL ? inf_canonical_text_with(object, "lineage", lineage, lineage_bytes, out_bytes, error) : NULL;
    if (text != NULL && *out_bytes > INF_DOCUMENT_BYTES_MAX) {
        inf_souls_fail(error, INF_SOULS_SIZE, "document");
        free(text);
        text = NULL;
    }
    json_decref(object);
    free(lineage);
    free(document);
    return text;
}

/// @param batch_key  its secret is locked with it
/// @param out_object  the arrival as the batch's seal sees it, which does not look at the document; json_decref() it
/// @return what is sent of it; free() it
static char* pack_one(InfParcel* parcel, InfParcelItem* item, const uint8_t* batch_key, json_t** out_object, size_t* out_bytes,
                      InfSoulsError* error) {
    InfBorder* border = parcel->border;
    const InfSoul* soul = &item->passage.soul;
    InfSignKey key;
    bool has_key = inf_soul_key(border, soul->identity, soul->key, &key);
    size_t document_bytes = 0;
    char *document = document_text(parcel, item, &document_bytes, error), *text = NULL;
    json_t *object = NULL, *mandate = inf_border_mandate(border, soul->lineage), *empty = json_object();
    InfMessageArrival arrival = {.epoch = item->epoch,
                                 .carried_credits = item->passage.carried_credits,
                                 .banked_credits = item->passage.banked_credits,
                                 .document = empty};
    if (document != NULL) {
        inf_canonical_hash(document, document_bytes, arrival.document_hash);
        memcpy(arrival.server, border->key.public_key, 32);
        memcpy(arrival.transfer, item->transfer, sizeof(arrival.transfer));
        memcpy(arrival.to, parcel->destination, 32);
        memcpy(arrival.galaxy, border->galaxy, sizeof(arrival.galaxy));
        memcpy(arrival.identity, soul->identity, 32);
        memcpy(arrival.root, soul->root, 32);
        memcpy(arrival.key, soul->key, 32);
        memcpy(arrival.lineage, soul->lineage, 32);
        memcpy(arrival.host, item->host, 32);
        if (inf_keyring_lock(border->keyring, soul->identity, batch_key, arrival.secret, NULL)) {
            arrival.secret_bytes = INF_KEYRING_LOCKED_BYTES;
        }
        object = inf_message_build(INF_MESSAGE_KIND_Arrival, &arrival, error); // the batch is signed as a whole
        bool agreed = object != NULL && (mandate != NULL ? json_object_set(object, "mandate", mandate) == 0
                                         : has_key && inf_sign_object(INF_SIGN_ARRIVAL, object, "soul_signature", &key, error));
        if (object != NULL && !agreed) {
            inf_souls_fail(error, INF_SOULS_UNSIGNED, "arrival");
        }
        text = agreed ? inf_canonical_text_with(object, "document", document, document_bytes, out_bytes, error) : NULL;
    }
    *out_object = text != NULL ? json_incref(object) : NULL;
    free(document);
    inf_sign_key_wipe(&key);
    json_decref(mandate);
    json_decref(empty);
    json_decref(object);
    return text;
}

bool inf_parcel_is_too_long(const InfSoulsError* error) { return error->fault == INF_SOULS_COUNT || error->fault == INF_SOULS_SIZE; }

typedef struct Pack {
    InfParcelItem* item;
    char* text;
    size_t byte_count;
} Pack;

/// Lives that are long make a letter that nobody takes: the later half of them waits for the next one. @return how many go
static uint32_t shorten(Pack* packs, uint32_t count, json_t* list) {
    for (;;) {
        size_t sum = SEAL_BYTES;
        for (uint32_t i = 0; i < count; i++) {
            sum += packs[i].byte_count + 1;
        }
        if (sum <= INF_MESSAGE_BATCH_BYTES_MAX || count <= 1) {
            return count;
        }
        for (uint32_t left = count / 2; count > left;) {
            Pack* pack = &packs[--count];
            pack->item->is_packed = false;
            pack->item->verdict = INF_VERDICT_PROBLEM;
            snprintf(pack->item->note, sizeof(pack->item->note), "there was no room for it in the letter; it goes with the next");
            json_array_remove(list, count);
        }
    }
}

/// The batch as it is sent, its seal at its end. @return free() it
static char* body_of(const Pack* packs, uint32_t count, const json_t* seal) {
    size_t sum = 2, seal_bytes = 0, at = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += packs[i].byte_count + 1;
    }
    char* seal_text = inf_canonical_text(seal, &seal_bytes, NULL);
    char* body = seal_text != NULL ? malloc(sum + seal_bytes + 1) : NULL;
    for (uint32_t i = 0; body != NULL && i < count; i++) {
        body[at++] = i == 0 ? '[' : ',';
        memcpy(body + at, packs[i].text, packs[i].byte_count);
        at += packs[i].byte_count;
    }
    if (body != NULL) {
        body[at++] = ',';
        memcpy(body + at, seal_text, seal_bytes);
        memcpy(body + at + seal_bytes, "]", 2);
    }
    free(seal_text);
    return body;
}

bool inf_parcel_pack(InfErrand* errand) {
    InfParcel* parcel = errand->user;
    Pack packs[INF_MESSAGE_BATCH_MAX];
    uint32_t count = 0;
    json_t* list = json_array();
    uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES], sealed[INF_KEYRING_SEALED_BYTES];
    InfSoulsError fault = {0};
    bool has_key = inf_keyring_batch_key(parcel->destination, batch_key, sealed, &fault);
    for (uint32_t i = 0; i < parcel->count; i++) {
        InfParcelItem* item = &parcel->items[i];
        InfSoulsError error = fault;
        Pack pack = {.item = item};
        json_t* object = NULL;
        pack.text = has_key ? pack_one(parcel, item, batch_key, &object, &pack.byte_count, &error) : NULL;
        item->is_packed = pack.text != NULL;
        if (item->is_packed) {
            packs[count++] = pack;
            json_array_append_new(list, object);
        } else {
            item->verdict = inf_parcel_is_too_long(&error) ? INF_VERDICT_REFUSED : INF_VERDICT_PROBLEM;
            inf_souls_error_text(&error, item->note, sizeof(item->note));
        }
    }
    sodium_memzero(batch_key, sizeof(batch_key));
    uint32_t going = shorten(packs, count, list);
    bool is_sealed = going > 0 && json_array_size(list) == going &&
                     inf_message_seal(list, &parcel->border->key, sealed, sizeof(sealed), &fault);
    errand->body = is_sealed ? body_of(packs, going, json_array_get(list, going)) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        free(packs[i].text);
    }
    json_decref(list);
    if (errand->body == NULL) {
        snprintf(errand->error, sizeof(errand->error), "nothing could be made ready to be sent");
    }
    return errand->body != NULL;
}

static InfVerdict judge_answer(const InfParcel* parcel, InfParcelItem* item, const InfSealing* sealing, const json_t* object) {
    const uint8_t* me = parcel->border->key.public_key;
    const uint8_t* identity = item->passage.soul.identity;
    InfMessageReceipt receipt;
    InfMessageRefusal refusal;
    InfMessageProblem problem;
    InfSoulsError error = {0};
    char text[200];
    switch (inf_message_kind(object)) {
    case INF_MESSAGE_KIND_Receipt:
        if (inf_message_open_of(sealing, INF_MESSAGE_KIND_Receipt, object, parcel->destination, &receipt, &error) &&
            memcmp(receipt.transfer, item->transfer, INF_PASSAGE_BYTES) == 0 && memcmp(receipt.to, me, 32) == 0 &&
            memcmp(receipt.identity, identity, 32) == 0 && receipt.epoch == item->epoch) {
            return INF_VERDICT_ACCEPTED;
        }
        break;
    case INF_MESSAGE_KIND_Refusal:
        if (inf_message_open_of(sealing, INF_MESSAGE_KIND_Refusal, object, parcel->destination, &refusal, &error) &&
            memcmp(refusal.transfer, item->transfer, INF_PASSAGE_BYTES) == 0 && memcmp(refusal.to, me, 32) == 0 &&
            memcmp(refusal.identity, identity, 32) == 0 && refusal.epoch == item->epoch) {
            snprintf(item->note, sizeof(item->note), "%s", refusal.text);
            return INF_VERDICT_REFUSED;
        }
        break;
    case INF_MESSAGE_KIND_Problem:
        if (inf_message_read(INF_MESSAGE_KIND_Problem, object, &problem, &error)) {
            snprintf(item->note, sizeof(item->note), "%s", problem.text);
            return INF_VERDICT_PROBLEM;
        }
        break;
    default:
        break;
    }
    snprintf(item->note, sizeof(item->note), "the answer does not hold: %.150s",
             error.fault != INF_SOULS_OK ? inf_souls_error_text(&error, text, sizeof(text)) : "it is about something else");
    return INF_VERDICT_LIE;
}

void inf_parcel_unpack(InfErrand* errand) {
    InfParcel* parcel = errand->user;
    json_t* list = errand->status == 200 ? json_loadb(errand->answer, errand->answer_bytes, JSON_REJECT_DUPLICATES, NULL) : NULL;
    InfSealing sealing;
    inf_message_seal_read(list, &sealing);
    size_t at = 0;
    for (uint32_t i = 0; i < parcel->count; i++) {
        InfParcelItem* item = &parcel->items[i];
        if (!item->is_packed) {
            continue;
        }
        const json_t* object = json_array_get(list, at++);
        if (object != NULL) {
            item->verdict = judge_answer(parcel, item, &sealing, object);
        }
    }
    if (list == NULL) {
        json_t* wrong = json_loadb(errand->answer, errand->answer_bytes, 0, NULL);
        const char* reason = json_string_value(json_object_get(wrong, "reason"));
        snprintf(errand->error, sizeof(errand->error), "status %d: %.200s", errand->status, reason != NULL ? reason : "no batch");
        json_decref(wrong);
    }
    json_decref(list);
}
