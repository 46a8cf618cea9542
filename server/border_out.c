// What waits at shard 0's border is sent until it is answered. The world alone knows what waits: a crossing's row, with
// the soul in it and its credits in escrow. What is kept here beside it (tries, errors, answers not yet put into a tick)
// may be lost at any moment; after a restart all is sent once more, and answered the same.
//
//     crossing ─► pack (border_parcel.c: document, signatures) ─► POST /border/arrivals ─► unpack (signatures checked)
//              ─► verdict ─► input Settle ─► durable: gone, or back home
//
// An answer that does not hold (wrong key, wrong passage, bad signature) changes nothing: it is told and asked again.
#include "server/border_parcel.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCHES_AT_ONCE 6u   // to one server
#define RETRY_MS_MAX 300000u
#define LOOK_MS 200u
#define HOST_TICKS 10u // also in core/border/crossing.c: who waits so long was not sent
#define REMEMBERED_MS 600000u // passages that have ended are told of for so long,
#define REMEMBERED_BRIEF_MS 5000u // or, when they are many, for so long; then the directory tells
#define REMEMBERED_MANY 16384u
#define BUCKETS 4096u

// X(NAME, "word"): what a person is told about a passage.
#define PASSING_STATES(X)                                                                                \
    X(ESCROW, "escrow")     /* it is at the border, durably; nothing was sent since the server started */ \
    X(SENT, "sent")         /* on its way; no answer yet */                                               \
    X(WAITING, "waiting")   /* was not answered; it will be sent again */                                 \
    X(ANSWERED, "answered") /* the answer is being put into a tick */                                     \
    X(GONE, "gone")         /* it lives there now, or is in its file */                                   \
    X(BACK, "back")         /* refused: it is home again */

typedef enum PassingState {
#define X(NAME, word) PASSING_##NAME,
    PASSING_STATES(X)
#undef X
} PassingState;

static const char* const state_words[] = {
#define X(NAME, word) word,
    PASSING_STATES(X)
#undef X
};

struct InfPassing {
    struct InfPassing* next; // in its bucket
    struct InfPassing* next_answered;
    uint8_t transfer[INF_PASSAGE_BYTES], destination[32], identity[32];
    char name[INF_NAME_BYTES];
    uint32_t epoch, tries;
    PassingState state;
    bool has_verdict, is_accepted, is_submitted;
    uint64_t since_ms, next_ms, ended_ms, seen_round, settle_tick;
    char note[INF_MESSAGE_TEXT_BYTES + 64]; // the last thing that went wrong, or why it was refused
};

// ---- what is known beside the world -------------------------------------------------------------------------------------

static InfPassing** bucket_of(InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]) {
    return border->passings + ((uint32_t)transfer[0] | (uint32_t)transfer[1] << 8) % BUCKETS;
}

static InfPassing* find_passing(InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]) {
    if (border->passings == NULL) {
        return NULL;
    }
    InfPassing* passing = *bucket_of(border, transfer);
    while (passing != NULL && memcmp(passing->transfer, transfer, INF_PASSAGE_BYTES) != 0) {
        passing = passing->next;
    }
    return passing;
}

bool inf_border_knows(InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]) { return find_passing(border, transfer) != NULL; }

/// It is put into ticks until it has ended.
static void note_verdict(InfBorder* border, InfPassing* passing, bool is_accepted) {
    passing->has_verdict = true;
    passing->is_accepted = is_accepted;
    passing->state = PASSING_ANSWERED;
    passing->next_answered = border->answered;
    border->answered = passing;
}

bool inf_border_recall(InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]) {
    InfPassing* passing = find_passing(border, transfer);
    if (passing != NULL && !passing->has_verdict && passing->tries == 0 && passing->state == PASSING_ESCROW) {
        note_verdict(border, passing, false); // nobody else has heard of it
        snprintf(passing->note, sizeof(passing->note), "its host could not leave");
    }
    return passing == NULL || (passing->state == PASSING_ANSWERED && !passing->is_accepted);
}

static InfPassing* note_crossing(InfBorder* border, const InfCrossing* crossing) {
    InfPassing* passing = find_passing(border, crossing->transfer);
    if (passing != NULL) {
        return passing;
    }
    if (border->passings == NULL) {
        border->passings = calloc(BUCKETS, sizeof(InfPassing*));
    }
    passing = border->passings != NULL ? calloc(1, sizeof(*passing)) : NULL;
    if (passing == NULL) {
        return NULL;
    }
    memcpy(passing->transfer, crossing->transfer, INF_PASSAGE_BYTES);
    memcpy(passing->destination, crossing->destination, 32);
    memcpy(passing->identity, crossing->soul[0].identity, 32);
    memcpy(passing->name, crossing->soul[0].name, INF_NAME_BYTES);
    passing->name[INF_NAME_BYTES - 1] = 0;
    passing->epoch = crossing->epoch;
    passing->since_ms = inf_border_now_ms();
    InfPassing** bucket = bucket_of(border, crossing->transfer);
    passing->next = *bucket;
    *bucket = passing;
    inf_border_reach(border, INF_KILL_ESCROW);
    return passing;
}

void inf_border_out_free(InfBorder* border) {
    for (uint32_t i = 0; border->passings != NULL && i < BUCKETS; i++) {
        InfPassing* passing = border->passings[i];
        while (passing != NULL) {
            InfPassing* next = passing->next;
            free(passing);
            passing = next;
        }
    }
    free(border->passings);
    border->passings = NULL;
    border->answered = NULL;
}

static uint64_t wait_ms(const InfBorder* border, uint32_t failures) {
    uint64_t wait = border->server->def.border.retry_ms;
    for (uint32_t i = 1; i < failures && wait < RETRY_MS_MAX; i++) {
        wait *= 2;
    }
    wait = wait < RETRY_MS_MAX ? wait : RETRY_MS_MAX;
    return wait * 3 / 4 + randombytes_uniform((uint32_t)(wait / 2 + 1)); // so that many do not come at once
}

// ---- on the loop's thread ------------------------------------------------------------------------------------------------

static void take_verdict(InfBorder* border, const InfParcel* parcel, const InfParcelItem* item, const char* failure) {
    InfPassing* passing = find_passing(border, item->transfer);
    if (passing == NULL || passing->state >= PASSING_GONE || passing->has_verdict) {
        return; // answered before
    }
    InfMetrics* metrics = &border->server->metrics;
    char key[65];
    switch (item->verdict) {
    case INF_VERDICT_ACCEPTED:
    case INF_VERDICT_REFUSED:
        inf_border_reach(border, INF_KILL_RECEIVED);
        note_verdict(border, passing, item->verdict == INF_VERDICT_ACCEPTED);
        snprintf(passing->note, sizeof(passing->note), "%s", item->note);
        return;
    case INF_VERDICT_LIE:
        inf_metric_add(&metrics->border_lies, 1);
        inf_log(INF_LOG_WARNING, "border", "another server's answer does not hold; the soul stays at the border", "server",
                INF_LOG_STRING, inf_hex_write(parcel->destination, 32, key), "name", INF_LOG_STRING, passing->name, "reason",
                INF_LOG_STRING, item->note, NULL);
        snprintf(passing->note, sizeof(passing->note), "%s", item->note);
        break;
    default:
        snprintf(passing->note, sizeof(passing->note), "%s", item->note[0] != 0 ? item->note : failure);
        break;
    }
    passing->state = PASSING_WAITING;
    passing->next_ms = inf_border_now_ms() + wait_ms(border, passing->tries);
}

void inf_border_take_errand(InfBorder* border, InfErrand* errand) {
    InfParcel* parcel = errand->user;
    InfNeighbour* neighbour = inf_border_neighbour(border, parcel->destination);
    const char* failure = errand->error[0] != 0 ? errand->error : "no answer";
    if (neighbour != NULL) {
        neighbour->under_way--;
        if (errand->end == INF_ERRAND_ANSWERED && errand->status == 200) {
            if (neighbour->told) {
                inf_log(INF_LOG_INFO, "border", "a server answers again", "url", INF_LOG_STRING, neighbour->url, NULL);
            }
            neighbour->failures = 0;
            neighbour->told = false;
            neighbour->next_ms = 0;
        } else {
            neighbour->failures++;
            neighbour->next_ms = inf_border_now_ms() + wait_ms(border, neighbour->failures);
            if (!neighbour->told) {
                neighbour->told = true;
                inf_log(INF_LOG_WARNING, "border", "a server does not answer; souls wait at the border", "url", INF_LOG_STRING,
                        neighbour->url, "reason", INF_LOG_STRING, failure, NULL);
            }
        }
    }
    for (uint32_t i = 0; i < parcel->count; i++) {
        take_verdict(border, parcel, &parcel->items[i], failure);
    }
    border->look_ms = 0;
    inf_errand_free(errand);
}

void inf_border_out_before_tick(InfBorder* border) {
    bool any = false;
    for (InfPassing** at = &border->answered; *at != NULL;) {
        InfPassing* passing = *at;
        if (passing->state != PASSING_ANSWERED) {
            *at = passing->next_answered;
            continue;
        }
        if (!passing->is_submitted) {
            InfInput input = {.kind = INF_INPUT_KIND_Settle};
            memcpy(input.Settle.transfer, passing->transfer, INF_PASSAGE_BYTES);
            input.Settle.accepted = passing->is_accepted;
            passing->is_submitted = border->queued_settlements < INF_BORDER_SETTLEMENTS_PER_TICK && inf_border_submit(border, 0, &input);
            border->queued_settlements += passing->is_submitted;
            passing->settle_tick = inf_shards_now(border->server->shards) + 1;
            any |= passing->is_submitted;
        }
        at = &passing->next_answered;
    }
    if (any) {
        inf_border_reach(border, INF_KILL_SETTLING);
    }
}

static void end_passing(InfBorder* border, InfPassing* passing, uint64_t now_ms) {
    if (passing->ended_ms != 0) {
        return;
    }
    passing->ended_ms = now_ms;
    if (!passing->has_verdict) { // it ended by something else: a passenger whose host came back
        uint32_t count, index1 = inf_world_find_passage(inf_border_heart(border), passing->transfer);
        passing->is_accepted = index1 != 0 && inf_world_directory(inf_border_heart(border), &count)[index1 - 1].state == INF_DIRECTORY_GONE;
    }
    passing->state = passing->is_accepted ? PASSING_GONE : PASSING_BACK;
    inf_border_reach(border, INF_KILL_SETTLED);
    static const uint8_t nobody[32];
    if (passing->is_accepted && memcmp(passing->destination, nobody, 32) != 0) {
        inf_border_forget_key(border, passing->identity); // it signs over there now
    }
    inf_metric_add(passing->is_accepted ? &border->server->metrics.border_gone : &border->server->metrics.border_back, 1);
    char identity[65], server[65];
    inf_log(INF_LOG_INFO, "border", passing->is_accepted ? "a soul has gone to another galaxy" : "a soul was refused and is home again",
            "name", INF_LOG_STRING, passing->name, "identity", INF_LOG_STRING, inf_hex_write(passing->identity, 32, identity),
            "server", INF_LOG_STRING, inf_hex_write(passing->destination, 32, server), "tries", INF_LOG_INT, (int64_t)passing->tries,
            "reason", INF_LOG_STRING, passing->note, NULL);
}

/// Passages whose crossing is no more have ended; long ended ones are forgotten. Keys that are not needed any more are
/// forgotten together: the disk is asked once.
static void sweep(InfBorder* border, uint64_t round, uint64_t now_ms) {
    static uint32_t passings; // as of the last sweep
    uint64_t remembered_ms = passings > REMEMBERED_MANY ? REMEMBERED_BRIEF_MS : REMEMBERED_MS;
    bool is_batch = false;
    passings = 0;
    for (uint32_t i = 0; border->passings != NULL && i < BUCKETS; i++) {
        for (InfPassing** at = border->passings + i; *at != NULL;) {
            InfPassing* passing = *at;
            if (passing->seen_round != round && passing->ended_ms == 0) {
                is_batch = is_batch || inf_keyring_begin(border->keyring, NULL);
                end_passing(border, passing, now_ms);
            }
            passings++;
            if (passing->ended_ms != 0 && now_ms - passing->ended_ms > remembered_ms) {
                *at = passing->next;
                free(passing);
            } else {
                at = &passing->next;
            }
        }
    }
    if (is_batch) {
        inf_keyring_commit(border->keyring, NULL);
    }
}

static void send_parcel(InfBorder* border, InfNeighbour* neighbour, InfParcel* parcel) {
    InfErrand* errand = inf_errand_create(neighbour->url, "/border/arrivals", NULL);
    if (errand == NULL) {
        free(parcel);
        return;
    }
    errand->user = parcel;
    errand->user_free = free;
    errand->pack = inf_parcel_pack;
    errand->unpack = inf_parcel_unpack;
    errand->allows_private = neighbour->allows_private;
    neighbour->under_way++;
    for (uint32_t i = 0; i < parcel->count; i++) {
        InfPassing* passing = find_passing(border, parcel->items[i].transfer);
        passing->state = PASSING_SENT;
        inf_metric_add(&border->server->metrics.border_sent, 1);
        inf_metric_add(&border->server->metrics.border_retries, passing->tries > 0);
        passing->tries++;
    }
    inf_courier_send(border->courier, errand);
    inf_border_reach(border, INF_KILL_SENT);
}

typedef struct Bag {
    struct Bag* next;
    InfNeighbour* neighbour;
    InfParcel* parcel;
} Bag;

static Bag* bag_of(InfBorder* border, Bag** bags, InfNeighbour* neighbour) {
    Bag* bag = *bags;
    while (bag != NULL && bag->neighbour != neighbour) {
        bag = bag->next;
    }
    if (bag == NULL) {
        bag = calloc(1, sizeof(*bag));
        if (bag == NULL) {
            return NULL;
        }
        bag->neighbour = neighbour;
        bag->next = *bags;
        *bags = bag;
    }
    if (bag->parcel == NULL) {
        bag->parcel = calloc(1, sizeof(InfParcel) + INF_MESSAGE_BATCH_MAX * sizeof(InfParcelItem));
        if (bag->parcel == NULL) {
            return NULL;
        }
        bag->parcel->border = border;
        memcpy(bag->parcel->destination, neighbour->key, 32);
    }
    return bag;
}

/// Passengers follow when their host has been taken in; a host that waits is a crossing itself.
/// One whose host has not left may be about to: its departure is in the same tick, but may take longer to the border.
static bool host_waits(const InfBorder* border, const InfCrossing* crossings, uint32_t count, const InfCrossing* crossing) {
    static const uint8_t nobody[INF_HASH_BYTES];
    bool rides = memcmp(crossing->host_identity, nobody, INF_HASH_BYTES) != 0;
    if (rides && crossing->tick + HOST_TICKS > inf_shards_now(border->server->shards)) {
        uint32_t entries, index1 = inf_world_find_identity(inf_border_heart(border), crossing->host_identity);
        if (index1 != 0 && inf_world_directory(inf_border_heart(border), &entries)[index1 - 1].state == INF_DIRECTORY_HERE) {
            return true;
        }
    }
    for (uint32_t i = 0; rides && i < count; i++) {
        if ((crossings[i].generation & 1u) != 0 && memcmp(crossings[i].soul[0].identity, crossing->host_identity, INF_HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

/// One that goes into a file is answered by the disk.
static void settle_file(InfBorder* border, InfPassing* passing, uint32_t crossing_index1, uint64_t now_ms) {
    InfPassage passage;
    InfSoulsError error = {0};
    inf_crossing_passage(inf_border_heart(border), crossing_index1, &passage);
    if (inf_border_file_write(border, &passage, passing->transfer, &error)) {
        note_verdict(border, passing, true);
        return;
    }
    char text[200];
    inf_souls_error_text(&error, text, sizeof(text));
    if (inf_parcel_is_too_long(&error)) {
        note_verdict(border, passing, false);
        snprintf(passing->note, sizeof(passing->note), "%s", text);
        return;
    }
    snprintf(passing->note, sizeof(passing->note), "its file cannot be written: %.180s", text);
    passing->next_ms = now_ms + wait_ms(border, ++passing->tries);
    passing->state = PASSING_WAITING;
    if (error.fault != INF_SOULS_LINEAGE_GAP) { // whose rows come with the next tick
        inf_log(INF_LOG_WARNING, "souls", "the file of a soul cannot be written; it stays at the border", "name", INF_LOG_STRING,
                passing->name, "reason", INF_LOG_STRING, text, NULL);
    }
}

static void consider(InfBorder* border, Bag** bags, const InfCrossing* crossings, uint32_t count, uint32_t i, uint64_t now_ms,
                     uint64_t round) {
    const InfCrossing* crossing = &crossings[i];
    InfPassing* passing = note_crossing(border, crossing);
    if (passing == NULL) {
        return;
    }
    passing->seen_round = round;
    if (passing->is_submitted && passing->settle_tick <= inf_shards_now(border->server->shards)) {
        passing->is_submitted = false; // the settlement was not taken: once more
    }
    if (passing->state == PASSING_SENT || passing->state == PASSING_ANSWERED || now_ms < passing->next_ms ||
        host_waits(border, crossings, count, crossing)) {
        return;
    }
    if (crossing->way == INF_WAY_FILE) {
        settle_file(border, passing, i + 1, now_ms);
        return;
    }
    InfNeighbour* neighbour = inf_border_neighbour(border, crossing->destination);
    if (neighbour == NULL) {
        snprintf(passing->note, sizeof(passing->note),
                 "its server's address is not known: add a line KEY URL to the file neighbours in the galaxy's folder and restart");
        return;
    }
    if (now_ms < neighbour->next_ms || neighbour->under_way >= BATCHES_AT_ONCE || (neighbour->failures > 0 && neighbour->under_way > 0)) {
        return;
    }
    Bag* bag = bag_of(border, bags, neighbour);
    if (bag == NULL) {
        return;
    }
    InfParcelItem* item = &bag->parcel->items[bag->parcel->count++];
    memcpy(item->transfer, crossing->transfer, INF_PASSAGE_BYTES);
    memcpy(item->host, crossing->host_identity, 32);
    item->epoch = crossing->epoch;
    inf_crossing_passage(inf_border_heart(border), i + 1, &item->passage);
    if (bag->parcel->count == INF_MESSAGE_BATCH_MAX) {
        send_parcel(border, neighbour, bag->parcel);
        bag->parcel = NULL;
    }
}

void inf_border_out_durable(InfBorder* border) {
    uint64_t tick = inf_shards_now(border->server->shards), now_ms = inf_border_now_ms();
    if (tick == border->looked_tick && now_ms < border->look_ms) {
        return;
    }
    bool is_new_tick = tick != border->looked_tick;
    border->looked_tick = tick;
    border->look_ms = now_ms + LOOK_MS;
    static uint64_t round;
    round++;
    uint32_t count, waiting = 0;
    const InfCrossing* crossings = inf_world_crossings(inf_border_heart(border), &count);
    Bag* bags = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if ((crossings[i].generation & 1u) != 0) {
            waiting++;
            consider(border, &bags, crossings, count, i, now_ms, round);
        }
    }
    while (bags != NULL) {
        Bag* next = bags->next;
        if (bags->parcel != NULL) {
            send_parcel(border, bags->neighbour, bags->parcel);
        }
        free(bags);
        bags = next;
    }
    inf_metric_set(&border->server->metrics.border_waiting, waiting);
    if (is_new_tick) { // nothing ends between two ticks; and none is forgotten before it has left the list of those answered
        sweep(border, round, now_ms);
    }
}

// ---- what a person is told ---------------------------------------------------------------------------------------------------

static json_t* passing_json(InfBorder* border, const InfPassing* passing) {
    const InfNeighbour* neighbour = inf_border_neighbour(border, passing->destination);
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:s, s:I, s:I, s:s}", "transfer", inf_hex_json(passing->transfer, INF_PASSAGE_BYTES),
                     "state", state_words[passing->state], "name", passing->name, "identity", inf_hex_json(passing->identity, 32),
                     "server", inf_hex_json(passing->destination, 32), "url", neighbour != NULL ? neighbour->url : "", "epoch",
                     (json_int_t)passing->epoch, "tries", (json_int_t)passing->tries, "note", passing->note);
}

/// One that ended before this server started: the directory remembers the newest passage of each soul.
static json_t* remembered_json(InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]) {
    const InfWorld* heart = inf_border_heart(border);
    uint32_t count, index1 = inf_world_find_passage(heart, transfer);
    if (index1 == 0) {
        return NULL;
    }
    const InfDirectoryEntry* entry = &inf_world_directory(heart, &count)[index1 - 1];
    const char* state = entry->state == INF_DIRECTORY_GONE        ? "gone"
                        : entry->state == INF_DIRECTORY_IN_FLIGHT ? "escrow"
                        : entry->state == INF_DIRECTORY_AWAY      ? "away"
                                                                  : "back";
    return json_pack("{s:o, s:s, s:o, s:o, s:I}", "transfer", inf_hex_json(transfer, INF_PASSAGE_BYTES), "state", state, "identity",
                     inf_hex_json(entry->identity, 32), "server", inf_hex_json(entry->server, 32), "epoch", (json_int_t)entry->epoch);
}

json_t* inf_border_crossings_json(InfBorder* border, const char* transfer_hex) {
    uint8_t transfer[INF_PASSAGE_BYTES];
    if (transfer_hex[0] != 0) {
        if (!inf_hex_read(transfer_hex, transfer, sizeof(transfer))) {
            return NULL;
        }
        const InfPassing* passing = find_passing(border, transfer);
        return passing != NULL ? passing_json(border, passing) : remembered_json(border, transfer);
    }
    json_t* list = json_array();
    for (uint32_t i = 0; border->passings != NULL && i < BUCKETS && json_array_size(list) < 1000; i++) {
        for (InfPassing* passing = border->passings[i]; passing != NULL; passing = passing->next) {
            json_array_append_new(list, passing_json(border, passing));
        }
    }
    return json_pack("{s:o}", "crossings", list);
}
