// What other servers ask. Each letter of a batch is judged, put into a tick as an input, and answered when that tick is
// durable: a receipt or refusal is a promise for ever, so nothing is promised that a crash could take back.
//
// The same letter again gets the same answer again: from the directory while the passage is the newest of its soul, from
// the lineage when the soul has gone on since. For an identity the directory knows with an epoch, nothing of that epoch
// or below can ever be accepted: that is what makes a refusal final, and a second arrival impossible.
#include "server/border.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void done(InfLetter* letter, json_t* answer) {
    letter->step = INF_LETTER_DONE;
    letter->answer = answer != NULL ? answer : json_null();
}

/// An answer of this server, signed by itself or with its batch.
static json_t* say(const InfBorder* border, const InfLetter* letter, InfMessageKind kind, const void* message) {
    return letter->is_sealed ? inf_message_build(kind, message, NULL) : inf_message_make(kind, message, &border->key, NULL);
}

static json_t* problem_json(InfBorder* border, InfBorderReason reason, const char* text) {
    InfMessageProblem problem = {.reason = reason};
    memcpy(problem.server, border->key.public_key, 32);
    snprintf(problem.text, sizeof(problem.text), "%s", text);
    return inf_message_make(INF_MESSAGE_KIND_Problem, &problem, NULL, NULL);
}

static const InfDirectoryEntry* entry_of(const InfBorder* border, const uint8_t identity[32]) {
    const InfWorld* heart = inf_border_heart(border);
    uint32_t count, index1 = inf_world_find_identity(heart, identity);
    return index1 != 0 ? &inf_world_directory(heart, &count)[index1 - 1] : NULL;
}

void inf_border_forget_key(InfBorder* border, const uint8_t identity[32]) {
    const InfDirectoryEntry* entry = entry_of(border, identity);
    if (entry != NULL && entry->state != INF_DIRECTORY_GONE && entry->state != INF_DIRECTORY_REFUSED) {
        return; // it lives here, or is at the border, or in a file: what it signs is still to come
    }
    for (const InfLetters* letters = border->letters; letters != NULL; letters = letters->next) {
        for (uint32_t i = 0; i < letters->count; i++) {
            const InfLetter* letter = &letters->items[i];
            if (letter->has_key && letter->step == INF_LETTER_ARRIVING && memcmp(letter->arrival.identity, identity, 32) == 0) {
                return; // it is back already
            }
        }
    }
    inf_keyring_forget(border->keyring, identity, NULL);
}

// ---- who may come --------------------------------------------------------------------------------------------------------

/// For one more: everywhere a body, in an awake galaxy a seat in its host's head, too.
static bool has_room(const InfWorld* heart) {
    const InfHeader* header = inf_world_header(heart);
    uint32_t count, riders = 0;
    if (header->galaxy_kind == INF_GALAXY_KIND_AWAKE) {
        const InfPassenger* rows = inf_world_passengers(heart, &count);
        for (uint32_t at = inf_world_first_passenger(heart, header->host_soul); at != 0; at = rows[at - 1].next_of_host) {
            riders++;
        }
    }
    return riders < INF_SEATS && inf_world_has_room(heart);
}

InfBorderReason inf_border_judge(const InfBorder* border, const uint8_t server[32], const uint8_t identity[32],
                                 const uint8_t key[32], int64_t credits) {
    const InfBorderDef* def = &border->server->def.border;
    const InfWorld* heart = inf_border_heart(border);
    bool is_peer = inf_border_is_peer(border, server);
    bool is_invited = inf_border_is_invited(border, identity) || inf_border_is_invited(border, key) ||
                      inf_border_is_invited(border, server);
    if (inf_world_header(heart)->galaxy_kind != INF_GALAXY_KIND_OPEN && !is_invited) {
        return INF_BORDER_REASON_UNINVITED;
    }
    if (!is_invited && (def->open == INF_BORDER_CLOSED || (def->open == INF_BORDER_PEERS && !is_peer))) {
        return INF_BORDER_REASON_CLOSED;
    }
    if (!is_peer && credits > def->claim_max) {
        return INF_BORDER_REASON_CLAIM;
    }
    return has_room(heart) ? INF_BORDER_REASON_NONE : INF_BORDER_REASON_FULL;
}

static void answer_offer(InfBorder* border, InfLetter* letter) {
    const InfMessageOffer* offer = &letter->offer;
    const InfDirectoryEntry* entry = entry_of(border, offer->identity);
    int64_t credits = offer->carried_credits + offer->banked_credits;
    InfBorderReason reason = inf_border_judge(border, offer->server, offer->identity, offer->key, credits);
    if (entry != NULL && entry->epoch >= offer->epoch) {
        reason = INF_BORDER_REASON_STALE;
    }
    inf_metric_add(&border->server->metrics.border_offers, 1);
    if (reason == INF_BORDER_REASON_NONE) {
        InfMessageWelcome welcome = {.epoch = offer->epoch,
                                     .until = (int64_t)time(NULL) + INF_BORDER_WELCOME_S,
                                     .claim_credits = inf_border_is_peer(border, offer->server) ? credits
                                                                                                : border->server->def.border.claim_max,
                                     .galaxy_kind = inf_world_header(inf_border_heart(border))->galaxy_kind};
        memcpy(welcome.server, border->key.public_key, 32);
        memcpy(welcome.identity, offer->identity, 32);
        memcpy(welcome.offer, letter->body_hash, 32);
        memcpy(welcome.galaxy, border->galaxy, sizeof(welcome.galaxy));
        snprintf(welcome.url, sizeof(welcome.url), "%s", border->url);
        snprintf(welcome.galaxy_name, sizeof(welcome.galaxy_name), "%.*s", (int)sizeof(welcome.galaxy_name) - 1,
                 border->server->def.name);
        done(letter, say(border, letter, INF_MESSAGE_KIND_Welcome, &welcome));
        return;
    }
    InfMessageReason no = {.epoch = offer->epoch, .reason = reason};
    memcpy(no.server, border->key.public_key, 32);
    memcpy(no.identity, offer->identity, 32);
    memcpy(no.offer, letter->body_hash, 32);
    memcpy(no.galaxy, border->galaxy, sizeof(no.galaxy));
    snprintf(no.text, sizeof(no.text), "%s", inf_border_reason_text(reason));
    done(letter, say(border, letter, INF_MESSAGE_KIND_Reason, &no));
}

// ---- arrivals --------------------------------------------------------------------------------------------------------------

static void give_receipt(InfBorder* border, InfLetter* letter, uint64_t tick) {
    const InfMessageArrival* arrival = &letter->arrival;
    InfMessageReceipt receipt = {.epoch = arrival->epoch, .tick = (int64_t)tick};
    memcpy(receipt.server, border->key.public_key, 32);
    memcpy(receipt.transfer, arrival->transfer, sizeof(receipt.transfer));
    memcpy(receipt.to, arrival->server, 32);
    memcpy(receipt.identity, arrival->identity, 32);
    memcpy(receipt.galaxy, border->galaxy, sizeof(receipt.galaxy));
    done(letter, say(border, letter, INF_MESSAGE_KIND_Receipt, &receipt));
}

static void give_refusal(InfBorder* border, InfLetter* letter, InfBorderReason reason, uint64_t tick) {
    const InfMessageArrival* arrival = &letter->arrival;
    InfMessageRefusal refusal = {.epoch = arrival->epoch, .tick = (int64_t)tick, .reason = reason};
    memcpy(refusal.server, border->key.public_key, 32);
    memcpy(refusal.transfer, arrival->transfer, sizeof(refusal.transfer));
    memcpy(refusal.to, arrival->server, 32);
    memcpy(refusal.identity, arrival->identity, 32);
    memcpy(refusal.galaxy, border->galaxy, sizeof(refusal.galaxy));
    if (letter->has_key && reason != INF_BORDER_REASON_STALE) {
        inf_border_forget_key(border, arrival->identity);
    }
    char fault[200];
    snprintf(refusal.text, sizeof(refusal.text), "%.*s", (int)sizeof(refusal.text) - 1,
             letter->is_forged ? inf_souls_error_text(&letter->fault, fault, sizeof(fault)) : inf_border_reason_text(reason));
    inf_metric_add(&border->server->metrics.border_refused, 1);
    char identity[65];
    inf_hex_write(arrival->identity, 32, identity);
    inf_log(INF_LOG_WARNING, "border", "a soul was refused", "identity", INF_LOG_STRING, identity, "reason", INF_LOG_STRING,
            refusal.text, "epoch", INF_LOG_INT, (int64_t)arrival->epoch, NULL);
    done(letter, say(border, letter, INF_MESSAGE_KIND_Refusal, &refusal));
}

/// Is there an answer to this passage already?
static bool answer_again(InfBorder* border, InfLetter* letter) {
    const InfMessageArrival* arrival = &letter->arrival;
    const InfDirectoryEntry* entry = entry_of(border, arrival->identity);
    bool is_newest = entry != NULL && memcmp(entry->transfer, arrival->transfer, INF_PASSAGE_BYTES) == 0;
    uint64_t tick = 0;
    switch (inf_world_passage_answer(inf_border_heart(border), arrival->identity, arrival->transfer, arrival->epoch)) {
    case INF_PASSAGE_ACCEPTED:
        if (is_newest || !inf_lineage_log_accepted(border->log, arrival->identity, arrival->transfer, &tick)) {
            tick = is_newest ? entry->tick : 0;
        }
        give_receipt(border, letter, tick);
        return true;
    case INF_PASSAGE_REFUSED:
        give_refusal(border, letter, letter->reason != INF_BORDER_REASON_NONE ? letter->reason : INF_BORDER_REASON_STALE,
                     entry != NULL ? entry->tick : 0);
        return true;
    case INF_PASSAGE_FORGOTTEN: // more lives ago than the directory counts: the lineage knows, or nobody does
        if (inf_lineage_log_accepted(border->log, arrival->identity, arrival->transfer, &tick)) {
            give_receipt(border, letter, tick);
        } else {
            done(letter, problem_json(border, INF_BORDER_REASON_UNKNOWN, "That was too many lives ago; nothing can be said of it."));
        }
        return true;
    default:
        return false;
    }
}

static bool submit_refusal(InfBorder* border, InfLetter* letter, InfBorderReason reason) {
    InfInput input = {.kind = INF_INPUT_KIND_Refuse};
    memcpy(input.Refuse.transfer, letter->arrival.transfer, INF_PASSAGE_BYTES);
    memcpy(input.Refuse.identity, letter->arrival.identity, 32);
    memcpy(input.Refuse.source, letter->arrival.server, 32);
    input.Refuse.epoch = letter->arrival.epoch;
    if (!inf_border_submit(border, 0, &input)) {
        return false;
    }
    letter->reason = reason;
    letter->step = INF_LETTER_REFUSING;
    letter->tick = inf_shards_now(border->server->shards) + 1;
    return true;
}

/// The records that the soul brings along and are not known here, then the one of its arrival. @return false: no room
static bool submit_lineage(InfBorder* border, InfLetter* letter, uint8_t out_head[32]) {
    const InfMessageArrival* arrival = &letter->arrival;
    uint32_t count = inf_lineage_count(letter->lineage);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t* hash;
        const char* text;
        size_t byte_count;
        const InfLineageRecord* record = inf_lineage_get(letter->lineage, i, &hash, &text, &byte_count);
        if (!inf_lineage_log_has(border->log, hash) &&
            !inf_border_record(border, 0, text, byte_count, hash, record)) {
            return false;
        }
    }
    InfLineageRecord arrived = {.act = INF_LINEAGE_ARRIVED,
                                .epoch = arrival->epoch,
                                .tick = inf_shards_now(border->server->shards) + 1,
                                .previous_count = 1};
    memcpy(arrived.identity, arrival->identity, 32);
    memcpy(arrived.galaxy, border->galaxy, sizeof(arrived.galaxy));
    memcpy(arrived.server, border->key.public_key, 32);
    memcpy(arrived.previous[0], arrival->lineage, 32);
    memcpy(arrived.peer, arrival->server, 32);
    memcpy(arrived.transfer, arrival->transfer, sizeof(arrived.transfer));
    size_t byte_count;
    char* text = inf_lineage_write(&arrived, &border->key, NULL, NULL, &byte_count, out_head, NULL);
    bool fine = text != NULL && inf_border_record(border, 0, text, byte_count, out_head, &arrived);
    if (fine) {
        inf_lineage_know(border->known, out_head);
    }
    free(text);
    return fine;
}

static bool submit_arrival(InfBorder* border, InfLetter* letter) {
    static InfInput input;
    const InfMessageArrival* arrival = &letter->arrival;
    memset(&input, 0, sizeof(input));
    input.kind = INF_INPUT_KIND_Arrive;
    InfInputArrive* arrive = &input.Arrive;
    if (border->queued_arrivals >= INF_BORDER_ARRIVALS_PER_TICK || !submit_lineage(border, letter, arrive->lineage)) {
        return false;
    }
    memcpy(arrive->transfer, arrival->transfer, INF_PASSAGE_BYTES);
    memcpy(arrive->source, arrival->server, 32);
    arrive->epoch = arrival->epoch;
    arrive->way = INF_WAY_SERVER;
    memcpy(arrive->identity, arrival->identity, 32);
    memcpy(arrive->root, arrival->root, 32);
    memcpy(arrive->key, arrival->key, 32);
    memcpy(arrive->host, arrival->host, 32);
    arrive->payload_bytes = (uint16_t)inf_passage_write(letter->passage, arrive->payload);
    if (!inf_border_submit(border, 0, &input)) {
        return false;
    }
    border->queued_arrivals++;
    letter->step = INF_LETTER_ARRIVING;
    letter->tick = inf_shards_now(border->server->shards) + 1;
    return true;
}

/// @return false: it has to wait for the next tick
static bool take_arrival(InfBorder* border, InfLetter* letter) {
    const InfMessageArrival* arrival = &letter->arrival;
    if (answer_again(border, letter)) {
        inf_metric_add(&border->server->metrics.border_repeated, 1);
        return true;
    }
    inf_border_reach(border, INF_KILL_JUDGED);
    InfBorderReason reason = letter->is_forged ? INF_BORDER_REASON_FORGED
                                               : inf_border_judge(border, arrival->server, arrival->identity, arrival->key,
                                                                  arrival->carried_credits + arrival->banked_credits);
    if (reason == INF_BORDER_REASON_NONE && letter->has_key && !inf_keyring_has(border->keyring, arrival->identity)) {
        // It came back so soon that its key was forgotten, as that of one who has gone, after this letter had brought it.
        done(letter, problem_json(border, INF_BORDER_REASON_BUSY, "The settlement of its last departure was under way; ask again."));
        return true;
    }
    return reason != INF_BORDER_REASON_NONE ? submit_refusal(border, letter, reason) : submit_arrival(border, letter);
}

static void conclude_arrival(InfBorder* border, InfLetter* letter) {
    const InfMessageArrival* arrival = &letter->arrival;
    bool was_arriving = letter->step == INF_LETTER_ARRIVING;
    if (answer_again(border, letter)) {
        const char* word = json_string_value(json_object_get(letter->answer, "message"));
        if (word != NULL && strcmp(word, "receipt") == 0) {
            inf_border_reach(border, INF_KILL_ARRIVED);
            inf_metric_add(&border->server->metrics.border_arrived, was_arriving);
            char identity[65];
            inf_log(INF_LOG_INFO, "border", "a soul arrived", "identity", INF_LOG_STRING, inf_hex_write(arrival->identity, 32, identity),
                    "name", INF_LOG_STRING, letter->passage != NULL ? (const char*)letter->passage->soul.name : "", "epoch",
                    INF_LOG_INT, (int64_t)arrival->epoch, "credits", INF_LOG_INT,
                    arrival->carried_credits + arrival->banked_credits, NULL);
        } else {
            inf_border_reach(border, INF_KILL_REFUSED);
        }
        return;
    }
    const InfDirectoryEntry* entry = entry_of(border, arrival->identity);
    if (!was_arriving || (entry != NULL && entry->state == INF_DIRECTORY_IN_FLIGHT)) {
        done(letter, problem_json(border, INF_BORDER_REASON_BUSY, "That cannot be answered now; ask again."));
    } else { // the rules did not take it in: now it is for ever
        letter->reason = has_room(inf_border_heart(border)) ? INF_BORDER_REASON_RULES : INF_BORDER_REASON_FULL;
        letter->step = INF_LETTER_WAITING;
    }
}

// ---- claims ------------------------------------------------------------------------------------------------------------------

static void give_no_release(InfBorder* border, InfLetter* letter, InfBorderReason reason) {
    const InfMessageClaim* claim = &letter->claim;
    InfMessageRefusal refusal = {.epoch = claim->epoch, .tick = (int64_t)inf_shards_now(border->server->shards), .reason = reason};
    memcpy(refusal.server, border->key.public_key, 32);
    memcpy(refusal.transfer, claim->transfer, sizeof(refusal.transfer));
    memcpy(refusal.to, claim->server, 32);
    memcpy(refusal.identity, claim->identity, 32);
    memcpy(refusal.galaxy, border->galaxy, sizeof(refusal.galaxy));
    snprintf(refusal.text, sizeof(refusal.text), "%s", inf_border_reason_text(reason));
    done(letter, say(border, letter, INF_MESSAGE_KIND_Refusal, &refusal));
}

typedef enum FileIs { FILE_IS_THEIRS, FILE_IS_ANOTHER, FILE_IS_LOST } FileIs;

/// The file that is claimed, as it is kept here: what it carries was made of the escrow. Passages are no secret (lineages
/// tell them); who has the file knows its hash, and nobody else gets its soul.
static FileIs read_claimed(InfBorder* border, const InfMessageClaim* claim, InfPassage* out) {
    size_t byte_count;
    uint8_t hash[32];
    char* text = inf_border_file_read(border, claim->transfer, &byte_count);
    if (text == NULL) {
        return FILE_IS_LOST;
    }
    inf_canonical_hash(text, byte_count, hash);
    if (memcmp(hash, claim->document_hash, 32) != 0) {
        free(text);
        return FILE_IS_ANOTHER;
    }
    InfDocument* document = calloc(1, sizeof(*document));
    json_t* object = document != NULL ? json_loadb(text, byte_count, 0, NULL) : NULL;
    bool fine = object != NULL && inf_document_read(object, document, NULL, NULL);
    if (fine) {
        *out = document->passage;
    }
    json_decref(object);
    free(document);
    free(text);
    return fine ? FILE_IS_THEIRS : FILE_IS_LOST;
}

static void give_release(InfBorder* border, InfLetter* letter, const InfDirectoryEntry* entry, const InfPassage* passage) {
    const InfMessageClaim* claim = &letter->claim;
    InfMessageRelease release = {.epoch = claim->epoch,
                                 .tick = (int64_t)entry->tick,
                                 .carried_credits = passage->carried_credits,
                                 .banked_credits = passage->banked_credits};
    if (inf_keyring_seal(border->keyring, claim->identity, claim->server, release.secret, NULL)) {
        release.secret_bytes = INF_KEYRING_SEALED_BYTES;
    }
    memcpy(release.server, border->key.public_key, 32);
    memcpy(release.transfer, claim->transfer, sizeof(release.transfer));
    memcpy(release.to, claim->server, 32);
    memcpy(release.identity, claim->identity, 32);
    memcpy(release.galaxy, border->galaxy, sizeof(release.galaxy));
    done(letter, say(border, letter, INF_MESSAGE_KIND_Release, &release));
}

static bool take_claim(InfBorder* border, InfLetter* letter, bool may_submit) {
    static InfPassage passage;
    const InfMessageClaim* claim = &letter->claim;
    const InfDirectoryEntry* entry = entry_of(border, claim->identity);
    if (entry == NULL || memcmp(entry->transfer, claim->transfer, INF_PASSAGE_BYTES) != 0 || entry->epoch != claim->epoch) {
        give_no_release(border, letter, entry == NULL ? INF_BORDER_REASON_UNKNOWN : INF_BORDER_REASON_STALE);
        return true;
    }
    if (entry->state == INF_DIRECTORY_GONE && memcmp(entry->server, claim->server, 32) != 0) {
        give_no_release(border, letter, INF_BORDER_REASON_ELSEWHERE);
        return true;
    }
    if (entry->state != INF_DIRECTORY_GONE && entry->state != INF_DIRECTORY_AWAY) {
        give_no_release(border, letter, INF_BORDER_REASON_STALE);
        return true;
    }
    switch (read_claimed(border, claim, &passage)) {
    case FILE_IS_LOST:
        done(letter, problem_json(border, INF_BORDER_REASON_BUSY, "The copy of the file that is kept here cannot be read; its host must look."));
        return true;
    case FILE_IS_ANOTHER: give_no_release(border, letter, INF_BORDER_REASON_UNKNOWN); return true;
    default: break;
    }
    if (entry->state == INF_DIRECTORY_GONE) {
        give_release(border, letter, entry, &passage);
    } else if (may_submit) {
        InfInput input = {.kind = INF_INPUT_KIND_Claim};
        memcpy(input.Claim.transfer, claim->transfer, INF_PASSAGE_BYTES);
        memcpy(input.Claim.identity, claim->identity, 32);
        memcpy(input.Claim.server, claim->server, 32);
        input.Claim.epoch = claim->epoch;
        if (border->queued_arrivals >= INF_BORDER_ARRIVALS_PER_TICK || !inf_border_submit(border, 0, &input)) {
            return false;
        }
        border->queued_arrivals++;
        letter->step = INF_LETTER_CLAIMING;
        letter->tick = inf_shards_now(border->server->shards) + 1;
    } else {
        done(letter, problem_json(border, INF_BORDER_REASON_BUSY, "The claim was not taken; ask again."));
    }
    return true;
}

// ---- batches -------------------------------------------------------------------------------------------------------------------

void inf_border_letters_free(void* user) {
    InfLetters* letters = user;
    for (uint32_t i = 0; letters != NULL && i < letters->count; i++) {
        InfLetter* letter = &letters->items[i];
        json_decref(letter->answer);
        free(letter->passage);
        inf_lineage_destroy(letter->lineage);
    }
    free(letters);
}

/// Answer the batch if all of it is answered. @return whether it was
static bool send_if_done(InfBorder* border, InfLetters* letters) {
    for (uint32_t i = 0; i < letters->count; i++) {
        if (letters->items[i].step != INF_LETTER_DONE) {
            return false;
        }
    }
    json_t* list = json_array();
    for (uint32_t i = 0; i < letters->count; i++) {
        json_array_append(list, letters->items[i].answer);
    }
    InfSoulsError error = {0};
    if (letters->is_sealed && !inf_message_seal(list, &border->key, NULL, 0, &error)) {
        json_decref(list); // out of memory: asked again, the same is answered
        inf_border_reply_error(border, letters->request, 503, "busy", "The answer could not be signed.", "Ask again.");
        return true;
    }
    inf_border_reply(border, letters->request, 200, list);
    return true;
}

static void advance(InfBorder* border, InfLetter* letter) {
    if (letter->step == INF_LETTER_NEW || letter->step == INF_LETTER_WAITING) {
        bool taken = true;
        switch (letter->kind) {
        case INF_MESSAGE_KIND_Offer: answer_offer(border, letter); break;
        case INF_MESSAGE_KIND_Claim: taken = take_claim(border, letter, letter->step == INF_LETTER_NEW); break;
        default:
            // One that the rules did not take in is refused; else it is judged anew.
            taken = letter->reason != INF_BORDER_REASON_NONE ? submit_refusal(border, letter, letter->reason)
                                                             : take_arrival(border, letter);
            break;
        }
        if (!taken) {
            letter->step = letter->step == INF_LETTER_NEW ? INF_LETTER_NEW : INF_LETTER_WAITING;
        }
    }
}

void inf_border_take_letters(InfBorder* border, InfRequest* request) {
    InfLetters* letters = request->prepared;
    for (uint32_t i = 0; i < letters->count; i++) {
        advance(border, &letters->items[i]);
    }
    if (!send_if_done(border, letters)) {
        letters->next = border->letters;
        border->letters = letters;
    }
}

void inf_border_letters_before_tick(InfBorder* border) {
    bool is_durable = inf_shards_durable_tick(border->server->shards) == inf_shards_now(border->server->shards);
    for (InfLetters* letters = border->letters; letters != NULL && is_durable; letters = letters->next) {
        for (uint32_t i = 0; i < letters->count; i++) {
            advance(border, &letters->items[i]);
        }
    }
    if (border->letters != NULL) {
        inf_border_reach(border, INF_KILL_ARRIVING);
    }
}

void inf_border_letters_durable(InfBorder* border) {
    uint64_t now = inf_shards_now(border->server->shards);
    for (InfLetters** at = &border->letters; *at != NULL;) {
        InfLetters* letters = *at;
        for (uint32_t i = 0; i < letters->count; i++) {
            InfLetter* letter = &letters->items[i];
            if (letter->tick == 0 || letter->tick > now) {
                continue;
            }
            if (letter->step == INF_LETTER_ARRIVING || letter->step == INF_LETTER_REFUSING) {
                conclude_arrival(border, letter);
            } else if (letter->step == INF_LETTER_CLAIMING) {
                inf_border_reach(border, INF_KILL_CLAIMED);
                take_claim(border, letter, false);
            }
        }
        InfLetters* next = letters->next;
        if (send_if_done(border, letters)) {
            *at = next;
        } else {
            at = &letters->next;
        }
    }
}
