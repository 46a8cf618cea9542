// A batch of souls for one server, on the courier's thread: documents and signatures are made before it goes, and what comes
// back is held against them.
#include "server/border_parcel.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEAL_BYTES 1024u // at most, with what stands around it

/// @param batch_key  its secret is locked with it
static json_t* pack_one(InfParcel* parcel, InfParcelItem* item, const uint8_t* batch_key, InfSoulsError* error) {
    InfBorder* border = parcel->border;
    const InfSoul* soul = &item->passage.soul;
    InfSignKey key;
    bool has_key = inf_soul_key(border, soul->identity, soul->key, &key);
    json_t* mandate = NULL;
    json_t* document = inf_border_document(border, &item->passage, INF_WAY_SERVER, item->transfer, parcel->destination,
                                           has_key ? &key : NULL, &mandate, error);
    json_t* object = NULL;
    InfMessageArrival arrival = {.epoch = item->epoch,
                                 .carried_credits = item->passage.carried_credits,
                                 .banked_credits = item->passage.banked_credits,
                                 .document = document};
    size_t byte_count = 0;
    char* text = document != NULL ? inf_canonical_text(document, &byte_count, error) : NULL;
    if (text != NULL && byte_count > INF_DOCUMENT_BYTES_MAX) {
        inf_souls_fail(error, INF_SOULS_SIZE, "document");
    } else if (text != NULL) {
        inf_canonical_hash(text, byte_count, arrival.document_hash);
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
            json_decref(object);
            object = NULL;
        }
    }
    free(text);
    inf_sign_key_wipe(&key);
    json_decref(mandate);
    json_decref(document);
    return object;
}

bool inf_parcel_is_too_long(const InfSoulsError* error) { return error->fault == INF_SOULS_COUNT || error->fault == INF_SOULS_SIZE; }

bool inf_parcel_pack(InfErrand* errand) {
    InfParcel* parcel = errand->user;
    json_t* list = json_array();
    uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES], sealed[INF_KEYRING_SEALED_BYTES];
    InfSoulsError fault = {0};
    bool has_key = inf_keyring_batch_key(parcel->destination, batch_key, sealed, &fault);
    for (uint32_t i = 0; i < parcel->count; i++) {
        InfParcelItem* item = &parcel->items[i];
        InfSoulsError error = fault;
        json_t* object = has_key ? pack_one(parcel, item, batch_key, &error) : NULL;
        item->is_packed = object != NULL;
        if (object != NULL) {
            json_array_append_new(list, object);
        } else {
            item->verdict = inf_parcel_is_too_long(&error) ? INF_VERDICT_REFUSED : INF_VERDICT_PROBLEM;
            inf_souls_error_text(&error, item->note, sizeof(item->note));
        }
    }
    sodium_memzero(batch_key, sizeof(batch_key));
    errand->body = json_array_size(list) > 0 ? json_dumps(list, JSON_COMPACT) : NULL;
    // Lives that are long make a letter that nobody takes: the later half of them waits for the next one.
    for (uint32_t last = parcel->count; errand->body != NULL && strlen(errand->body) + SEAL_BYTES > INF_MESSAGE_BATCH_BYTES_MAX && json_array_size(list) > 1;) {
        for (size_t left = json_array_size(list) / 2; json_array_size(list) > left;) {
            InfParcelItem* item = &parcel->items[--last];
            if (item->is_packed) {
                item->is_packed = false;
                item->verdict = INF_VERDICT_PROBLEM;
                snprintf(item->note, sizeof(item->note), "there was no room for it in the letter; it goes with the next");
                json_array_remove(list, json_array_size(list) - 1);
            }
        }
        free(errand->body);
        errand->body = json_dumps(list, JSON_COMPACT);
    }
    free(errand->body);
    errand->body = json_array_size(list) > 0 && inf_message_seal(list, &parcel->border->key, sealed, sizeof(sealed), &fault)
                       ? json_dumps(list, JSON_COMPACT)
                       : NULL;
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
