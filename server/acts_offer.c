// Offers: the destination is asked before anybody leaves. All deeds that want to ask the same server between two ticks ask it
// together, in batches of at most 64 messages; what each is told is its own. Letters are signed and answers checked on the
// courier's thread.
#include "server/acts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef enum Verdict { VERDICT_NONE, VERDICT_WELCOME, VERDICT_NO } Verdict;

typedef struct Item {
    InfDeed* deed;  ///< the loop's; those of one deed lie side by side
    uint64_t soul;
    InfMessageOffer offer;
    uint8_t offer_hash[32]; ///< of what is signed of it: an answer names it
    Verdict verdict;
    InfMessageWelcome welcome;
    InfMessageReason no;
    InfSoulsError error;
} Item;

/// A letter under way; its items belong to the courier's thread between pack and unpack.
typedef struct Offers {
    struct Offers* next;
    InfBorder* border;
    const InfDeed* to;  ///< the first deed: where it goes
    uint32_t count;
    Item items[];
} Offers;

// ---- on the courier's thread ------------------------------------------------------------------------------------------------

static bool pack(InfErrand* errand) {
    Offers* offers = errand->user;
    json_t* batch = json_array();
    for (uint32_t i = 0; i < offers->count; i++) {
        json_t* offer = inf_message_build(INF_MESSAGE_KIND_Offer, &offers->items[i].offer, NULL);
        if (offer != NULL && inf_sign_body_hash(INF_SIGN_OFFER, offer, offers->items[i].offer_hash)) {
            json_array_append(batch, offer);
        }
        json_decref(offer);
    }
    errand->body = json_array_size(batch) == offers->count && inf_message_seal(batch, &offers->border->key, NULL, 0, NULL) ? json_dumps(batch, JSON_COMPACT) : NULL;
    json_decref(batch);
    if (errand->body == NULL) {
        snprintf(errand->error, sizeof(errand->error), "the offer could not be written");
    }
    return errand->body != NULL;
}

static void unpack(InfErrand* errand) {
    Offers* offers = errand->user;
    json_t* batch = errand->status == 200 ? json_loadb(errand->answer, errand->answer_bytes, JSON_REJECT_DUPLICATES, NULL) : NULL;
    InfSealing sealing;
    inf_message_seal_read(batch, &sealing);
    for (uint32_t i = 0; i < offers->count; i++) {
        Item* item = &offers->items[i];
        const json_t* object = json_array_get(batch, i);
        if (inf_message_kind(object) == INF_MESSAGE_KIND_Reason) {
            item->verdict = inf_message_open_of(&sealing, INF_MESSAGE_KIND_Reason, object, NULL, &item->no, &item->error) ? VERDICT_NO : VERDICT_NONE;
        } else if (inf_message_open_of(&sealing, INF_MESSAGE_KIND_Welcome, object, NULL, &item->welcome, &item->error)) {
            item->verdict = VERDICT_WELCOME;
        }
        const uint8_t* about = item->verdict == VERDICT_NO ? item->no.offer : item->welcome.offer;
        if (item->verdict != VERDICT_NONE && memcmp(about, item->offer_hash, 32) != 0) {
            item->verdict = VERDICT_NONE; // a true answer to another question, perhaps an old one
        }
    }
    json_decref(batch);
}

// ---- on the loop's thread: out ----------------------------------------------------------------------------------------------

static void write_offer(InfBorder* border, const InfDeed* deed, const InfSoul* soul, const InfWorld* world, InfMessageOffer* offer) {
    offer->epoch = inf_border_next_epoch(border, soul);
    offer->carried_credits = inf_account_credits(world, soul->carried_account);
    offer->banked_credits = inf_account_credits(world, soul->banked_account);
    offer->unix_seconds = (int64_t)time(NULL);
    memcpy(offer->server, border->key.public_key, 32);
    memcpy(offer->to, deed->destination, 32);
    memcpy(offer->identity, soul->identity, 32);
    memcpy(offer->root, soul->root, 32);
    memcpy(offer->key, soul->key, 32);
    memcpy(offer->galaxy, border->galaxy, sizeof(offer->galaxy));
    snprintf(offer->name, sizeof(offer->name), "%.*s", INF_NAME_BYTES - 1, (const char*)soul->name);
    snprintf(offer->galaxy_name, sizeof(offer->galaxy_name), "%.*s", INF_NAME_BYTES - 1, border->server->def.name);
}

/// The letter that has room for it and goes where it goes.
static Offers* letter_for(InfBorder* border, Offers** letters, const InfDeed* deed) {
    for (Offers* offers = *letters; offers != NULL; offers = offers->next) {
        if (offers->count + deed->soul_count <= INF_MESSAGE_BATCH_MAX && offers->to->allows_private == deed->allows_private &&
            strcmp(offers->to->url, deed->url) == 0) {
            return offers;
        }
    }
    Offers* offers = calloc(1, sizeof(*offers) + INF_MESSAGE_BATCH_MAX * sizeof(Item));
    if (offers != NULL) {
        offers->border = border;
        offers->to = deed;
        offers->next = *letters;
        *letters = offers;
    }
    return offers;
}

/// Of many, whoever flies is not asked for: it would have to be asked for again when it is docked. One alone is told at once
/// what the destination says.
static bool waits_for_dock(InfBorder* border, const InfDeed* deed) {
    return deed->group != NULL && inf_border_now_ms() < deed->until_ms && !inf_deed_is_docked(border, deed);
}

static void put_offer(InfBorder* border, Offers** letters, InfDeed* deed) {
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        if (inf_deed_is_on_the_way(border, deed, deed->souls[i])) {
            return;
        }
        if (inf_border_soul(border, deed->souls[i], NULL, NULL) == NULL) {
            inf_deed_lost(border, deed);
            return;
        }
    }
    Offers* offers = letter_for(border, letters, deed);
    if (offers == NULL) {
        inf_deed_lost(border, deed);
        return;
    }
    for (uint32_t i = 0; i < deed->soul_count; i++) {
        uint32_t shard;
        const InfSoul* soul = inf_border_soul(border, deed->souls[i], &shard, NULL);
        Item* item = &offers->items[offers->count++];
        item->deed = deed;
        item->soul = deed->souls[i];
        write_offer(border, deed, soul, border->server->worlds[shard], &item->offer);
    }
    deed->step = INF_DEED_OFFERED;
}

void inf_deeds_offer(InfBorder* border) {
    Offers* letters = NULL;
    for (InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        if (deed->step == INF_DEED_OFFER && !waits_for_dock(border, deed)) {
            put_offer(border, &letters, deed);
        }
    }
    while (letters != NULL) {
        Offers* offers = letters;
        letters = letters->next;
        InfErrand* errand = inf_errand_create(offers->to->url, "/border/offer", NULL);
        if (errand == NULL) {
            for (uint32_t i = 0; i < offers->count; i++) {
                offers->items[i].deed->step = INF_DEED_OFFER; // come again with the next tick
            }
            free(offers);
            continue;
        }
        errand->kind = INF_ERRAND_KIND_OFFER;
        errand->user = offers;
        errand->user_free = free;
        errand->pack = pack;
        errand->unpack = unpack;
        errand->allows_private = offers->to->allows_private;
        inf_courier_send(border->courier, errand);
    }
}

// ---- on the loop's thread: back ---------------------------------------------------------------------------------------------

/// One answer; a failure ends the deed. @param server  whom we speak with: zero until the first has told it
/// @param out_url  the address that it says is its own
static void judge(InfBorder* border, Item* item, uint8_t server[32], const char** out_url) {
    char reason[320], text[200];
    InfDeed* deed = item->deed;
    const InfSoul* soul = inf_border_soul(border, item->soul, NULL, NULL);
    static const uint8_t nobody[32];
    const uint8_t* speaker = item->verdict == VERDICT_NO ? item->no.server : item->welcome.server;
    if (item->verdict != VERDICT_NONE && memcmp(server, nobody, 32) != 0 && memcmp(server, speaker, 32) != 0) {
        item->verdict = VERDICT_NONE;
        inf_souls_fail(&item->error, INF_SOULS_KEY, "welcome");
    }
    if (soul == NULL && inf_deed_is_on_the_way(border, deed, item->soul)) {
        deed->step = INF_DEED_OFFER; // asked once more when it is there
    } else if (soul == NULL) {
        inf_deed_lost(border, deed);
    } else if (item->verdict == VERDICT_NO) {
        snprintf(reason, sizeof(reason), "The server at %.100s says no to %s: %.140s.", deed->url, (const char*)soul->name, item->no.text);
        inf_deed_fail(border, deed, 409, inf_border_reason_text(item->no.reason), reason,
                      item->no.reason == INF_BORDER_REASON_CLAIM
                          ? "Nothing was changed. Spend what is too much, or ask its host to make this server a peer."
                          : "Nothing was changed. Ask its host for an invitation, or choose another.");
    } else if (item->verdict != VERDICT_WELCOME || memcmp(item->welcome.identity, soul->identity, 32) != 0 ||
               item->welcome.epoch != inf_border_next_epoch(border, soul)) {
        snprintf(reason, sizeof(reason), "The answer of %.100s does not hold: %.180s.", deed->url,
                 item->error.fault != INF_SOULS_OK ? inf_souls_error_text(&item->error, text, sizeof(text)) : "it is about something else");
        inf_metric_add(&border->server->metrics.border_lies, 1);
        inf_deed_fail(border, deed, 502, "lying server", reason, "Nothing was changed. Do not send souls there.");
    } else {
        memcpy(server, item->welcome.server, 32);
        *out_url = item->welcome.url;
    }
}

/// Whoever stands between can pass a server's letters on, answers and all. So a server that is known stays where it is known,
/// unless our host names the address, or the server itself has signed that it is its own.
static bool is_known_elsewhere(InfBorder* border, const InfDeed* deed, const uint8_t server[32], const char* own_url) {
    const InfNeighbour* neighbour = inf_border_neighbour(border, server);
    return neighbour != NULL && strcmp(neighbour->url, deed->url) != 0 && !deed->is_by_host && strcmp(own_url, deed->url) != 0;
}

static void conclude(InfBorder* border, InfDeed* deed, const uint8_t server[32], const char* own_url) {
    if (is_known_elsewhere(border, deed, server, own_url)) {
        const InfNeighbour* neighbour = inf_border_neighbour(border, server);
        inf_log(INF_LOG_INFO, "border", "a server that is known was named by another address, which is not its own word; it is asked where it is known",
                "known", INF_LOG_STRING, neighbour->url, "named", INF_LOG_STRING, deed->url, NULL);
        snprintf(deed->url, sizeof(deed->url), "%s", neighbour->url);
        deed->allows_private = neighbour->allows_private;
        memcpy(deed->destination, server, 32); // nobody else may answer there
        deed->step = INF_DEED_OFFER;
    } else if (memcmp(server, border->key.public_key, 32) == 0) {
        inf_deed_fail(border, deed, 400, "bad request", "That address is this galaxy itself.", "Name another server.");
    } else if (!inf_border_know(border, server, deed->url, deed->allows_private)) {
        inf_deed_fail(border, deed, 500, "disk", "The server's address could not be written down.", "Nothing was changed. Look at the disk.");
    } else {
        memcpy(deed->destination, server, 32);
        inf_border_reach(border, INF_KILL_OFFERED);
        deed->step = INF_DEED_DOCK;
    }
}

void inf_deeds_take_offers(InfBorder* border, InfErrand* errand) {
    Offers* offers = errand->user;
    bool is_answered = errand->end == INF_ERRAND_ANSWERED && errand->status == 200;
    char reason[320];
    for (uint32_t i = 0; i < offers->count;) {
        InfDeed* deed = offers->items[i].deed;
        uint8_t server[32];
        const char* own_url = "";
        memcpy(server, deed->destination, 32);
        if (!is_answered) {
            char said[80];
            snprintf(said, sizeof(said), "it is no galaxy, or has too much to do (HTTP status %d)", errand->status);
            snprintf(reason, sizeof(reason), "The server at %.100s does not answer: %.180s", deed->url,
                     errand->end == INF_ERRAND_ANSWERED ? said : errand->error);
            inf_deed_fail(border, deed, 502, "unreachable", reason, "Nothing was changed. Try again when it is there.");
        }
        for (; i < offers->count && offers->items[i].deed == deed; i++) {
            if (deed->step == INF_DEED_OFFERED) {
                judge(border, &offers->items[i], server, &own_url);
            }
        }
        if (deed->step == INF_DEED_OFFERED) {
            conclude(border, deed, server, own_url);
        }
    }
}
