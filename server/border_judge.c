// The part of judging a letter that needs no world, on HTTP's thread: form, signatures, the document with its whole
// lineage, and the secret that came along. It is most of the work, so the tick has it not.
//
// What is wrong with a letter (a signature of its server or its soul that does not hold, a lineage that does not lead to this
// identity and key, another server's name) gets a problem, unsigned, and nothing is kept: otherwise any server could have a soul
// that is not its own refused for ever. A true letter whose secret does not open is refused.
#include "server/border.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void problem(InfBorder* border, InfLetter* letter, InfBorderReason reason, const InfSoulsError* error) {
    InfMessageProblem message = {.reason = reason};
    memcpy(message.server, border->key.public_key, 32);
    char text[200];
    snprintf(message.text, sizeof(message.text), "%.*s", (int)sizeof(message.text) - 1,
             error->fault != INF_SOULS_OK ? inf_souls_error_text(error, text, sizeof(text)) : inf_border_reason_text(reason));
    letter->answer = inf_message_make(INF_MESSAGE_KIND_Problem, &message, NULL, NULL);
    letter->answer = letter->answer != NULL ? letter->answer : json_null();
    letter->step = INF_LETTER_DONE;
    inf_metric_add(&border->server->metrics.border_problems, 1);
    inf_log(INF_LOG_WARNING, "border", "a letter of another server does not hold", "reason", INF_LOG_STRING, message.text, NULL);
}

static bool is_for_me(const InfBorder* border, const uint8_t to[32]) {
    static const uint8_t anybody[32];
    return memcmp(to, border->key.public_key, 32) == 0 || memcmp(to, anybody, 32) == 0;
}

/// Does the document say what the envelope says?
static bool agree(const InfMessageArrival* arrival, const InfDocument* document) {
    const InfSoul* soul = &document->passage.soul;
    return document->way == INF_WAY_SERVER && memcmp(document->server, arrival->server, 32) == 0 &&
           memcmp(document->to, arrival->to, 32) == 0 && memcmp(document->galaxy, arrival->galaxy, INF_SOULS_GALAXY_BYTES) == 0 &&
           memcmp(document->transfer, arrival->transfer, INF_SOULS_TRANSFER_BYTES) == 0 &&
           memcmp(soul->identity, arrival->identity, 32) == 0 && memcmp(soul->root, arrival->root, 32) == 0 &&
           memcmp(soul->key, arrival->key, 32) == 0 && memcmp(soul->lineage, arrival->lineage, 32) == 0 &&
           soul->epoch == arrival->epoch && document->passage.carried_credits == arrival->carried_credits &&
           document->passage.banked_credits == arrival->banked_credits;
}

/// Only of those who could come at all: nobody else fills the keyring.
static bool may_keep(const InfBorder* border, const InfMessageArrival* arrival) {
    return border->server->def.border.open == INF_BORDER_OPEN || inf_border_is_peer(border, arrival->server) ||
           inf_border_is_invited(border, arrival->server) || inf_border_is_invited(border, arrival->identity) ||
           inf_border_is_invited(border, arrival->key);
}

static void judge_arrival(InfBorder* border, InfLetter* letter, const InfSealing* sealing, const json_t* object) {
    InfMessageArrival* arrival = &letter->arrival;
    InfSoulsError error = {0};
    if (!inf_message_open_of(sealing, INF_MESSAGE_KIND_Arrival, object, NULL, arrival, &error)) {
        problem(border, letter, INF_BORDER_REASON_FORGED, &error);
        return;
    }
    if (memcmp(arrival->to, border->key.public_key, 32) != 0) {
        problem(border, letter, INF_BORDER_REASON_FOREIGN, &error);
        return;
    }
    InfDocument* document = calloc(1, sizeof(*document));
    letter->passage = calloc(1, sizeof(*letter->passage));
    bool fine = document != NULL && letter->passage != NULL && inf_message_arrival_agreed(object, arrival, &letter->fault) &&
                inf_document_verify_enclosed(arrival->document, document, &letter->lineage, border->known, &letter->fault);
    if (fine && !agree(arrival, document)) {
        fine = inf_souls_fail(&letter->fault, INF_SOULS_FIELD, "the document is not that of the envelope");
    }
    if (fine) {
        *letter->passage = document->passage;
    }
    free(document);
    if (!fine) { // who the soul is was not proven, so nothing is written down about it: a refusal would bar the true one
        problem(border, letter, INF_BORDER_REASON_FORGED, &letter->fault);
        return;
    }
}

static bool brings_secret(const InfBorder* border, const InfLetter* letter) {
    return letter->kind == INF_MESSAGE_KIND_Arrival && letter->step == INF_LETTER_NEW && letter->arrival.secret_bytes != 0 &&
           may_keep(border, &letter->arrival);
}

/// The secrets of a batch become durable together. If the disk refuses, nothing was done and nobody is refused: asked again.
static void keep_secrets(InfBorder* border, InfLetters* letters, const InfSealing* sealing) {
    InfSoulsError error = {0};
    uint8_t batch_key[INF_KEYRING_BATCH_KEY_BYTES];
    bool has_batch_key = sealing->holds && sealing->seal.secret_bytes != 0 &&
                         inf_keyring_batch_key_open(sealing->seal.secret, sealing->seal.secret_bytes, &border->key, batch_key);
    bool any = false;
    for (uint32_t i = 0; i < letters->count; i++) {
        any |= brings_secret(border, &letters->items[i]);
    }
    bool fine = any && inf_keyring_begin(border->keyring, &error);
    for (uint32_t i = 0; fine && i < letters->count; i++) {
        InfLetter* letter = &letters->items[i];
        const InfMessageArrival* arrival = &letter->arrival;
        if (brings_secret(border, letter)) {
            letter->has_key = has_batch_key
                                  ? inf_keyring_take_locked(border->keyring, arrival->identity, arrival->key, arrival->secret,
                                                            arrival->secret_bytes, batch_key, &letter->fault)
                                  : inf_keyring_take(border->keyring, arrival->identity, arrival->key, arrival->secret,
                                                     arrival->secret_bytes, &border->key, &letter->fault);
            letter->is_forged = !letter->has_key && letter->fault.fault != INF_SOULS_IO;
            if (!letter->has_key && !letter->is_forged) {
                problem(border, letter, INF_BORDER_REASON_BUSY, &letter->fault);
            }
        }
    }
    sodium_memzero(batch_key, sizeof(batch_key));
    fine = fine && inf_keyring_commit(border->keyring, &error);
    for (uint32_t i = 0; any && !fine && i < letters->count; i++) {
        InfLetter* letter = &letters->items[i];
        if (brings_secret(border, letter)) {
            letter->has_key = letter->is_forged = false;
            problem(border, letter, INF_BORDER_REASON_BUSY, &error);
        }
    }
}

static void judge(InfBorder* border, InfLetter* letter, const InfSealing* sealing, const json_t* object) {
    InfSoulsError error = {0};
    switch (letter->kind) {
    case INF_MESSAGE_KIND_Offer:
        if (!inf_message_open_of(sealing, INF_MESSAGE_KIND_Offer, object, NULL, &letter->offer, &error) ||
            !inf_sign_body_hash(INF_SIGN_OFFER, object, letter->body_hash)) {
            problem(border, letter, INF_BORDER_REASON_FORGED, &error);
        } else if (!is_for_me(border, letter->offer.to)) {
            problem(border, letter, INF_BORDER_REASON_FOREIGN, &error);
        }
        break;
    case INF_MESSAGE_KIND_Claim:
        if (!inf_message_open_of(sealing, INF_MESSAGE_KIND_Claim, object, NULL, &letter->claim, &error)) {
            problem(border, letter, INF_BORDER_REASON_FORGED, &error);
        } else if (memcmp(letter->claim.to, border->key.public_key, 32) != 0) {
            problem(border, letter, INF_BORDER_REASON_FOREIGN, &error);
        }
        break;
    default:
        judge_arrival(border, letter, sealing, object);
        break;
    }
}

InfLetters* inf_border_read_letters(InfBorder* border, InfMessageKind kind, const json_t* body, const char** reason) {
    InfSealing sealing;
    inf_message_seal_read(body, &sealing);
    size_t count = json_array_size(body) - sealing.is_there;
    if (!json_is_array(body) || count < 1 || count > INF_MESSAGE_BATCH_MAX) {
        *reason = "The body is no array of 1 to 64 messages.";
        return NULL;
    }
    InfLetters* letters = calloc(1, sizeof(*letters) + count * sizeof(InfLetter));
    if (letters == NULL) {
        *reason = "There is no memory for it.";
        return NULL;
    }
    letters->count = (uint32_t)count;
    letters->is_sealed = sealing.is_there;
    for (uint32_t i = 0; i < letters->count; i++) {
        letters->items[i].kind = kind;
        letters->items[i].is_sealed = sealing.is_there;
        judge(border, &letters->items[i], &sealing, json_array_get(body, i));
    }
    keep_secrets(border, letters, &sealing);
    return letters;
}
