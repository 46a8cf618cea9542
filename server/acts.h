/// @file acts.h
/// Acts on souls while they are under way. Each is a little machine that a person's request drives over several ticks:
///
///     begin ─► bind and ask (inputs) ─► agreed? ─► offer (another server) ─► docked? ─► act (input) ─► done
///
/// A step that needs a tick ends when that tick is durable; whatever fails before the act itself leaves everything as it
/// was, but for identities that were given and questions that were asked. All of it may be lost at any moment: then the
/// asker gets no answer, and what the world says is what happened.
#ifndef INFINITY_SERVER_ACTS_H
#define INFINITY_SERVER_ACTS_H

#include "server/border.h"

/// Souls that one act is about at most, the first being the one it is done to: two branches, or a host with its crew.
#define INF_DEED_SOULS (1 + INF_SEATS)

typedef enum InfDeedStep {
    INF_DEED_BIND,    ///< identities are to be given
    INF_DEED_BOUND,   ///< … in tick `tick`
    INF_DEED_ASK,     ///< consents are to be asked for
    INF_DEED_ASKED,   ///< … in tick `tick`, and until `until_ms` for those who take their time
    INF_DEED_OFFER,   ///< the destination is to be asked
    INF_DEED_OFFERED, ///< … a letter is under way
    INF_DEED_DOCK,    ///< wait until they are docked, until `until_ms`
    INF_DEED_ACT,     ///< the input is in tick `tick`
    INF_DEED_LEAVING, ///< it is on its way to shard 0's border
    INF_DEED_OVER     ///< answered
} InfDeedStep;

/// Souls that one request of the host names at most: each has its own deed, and they are answered together.
#define INF_DEED_GROUP_MAX 1024u

typedef struct InfDeedGroup {
    InfRequest* request;
    uint32_t left, done, refused;
    json_t* answers;
} InfDeedGroup;

typedef struct InfBinding InfBinding; ///< an identity to be given; acts_inputs.c

struct InfDeed {
    InfDeed* next;
    InfRequest* request;
    InfDeedGroup* group;      ///< to which `request` belongs, or null
    InfDeedStep step;
    InfAct act;               ///< the consent that it takes
    uint32_t input;           ///< kind of the input that does it
    bool is_by_host;
    uint64_t asker;           ///< the soul that has signed; 0: the host
    uint64_t souls[INF_DEED_SOULS];
    uint32_t soul_count;
    bool is_asked[INF_DEED_SOULS];
    int8_t answers[INF_DEED_SOULS]; ///< 1 agreed, -1 did not
    char refusal[160];        ///< in whose words
    InfBinding* bindings[INF_DEED_SOULS]; ///< for this tick
    uint64_t tick, until_ms, wait_ms;

    // Where to, of a cut.
    InfWay way;
    char url[INF_COURIER_URL_BYTES];
    bool allows_private;
    uint8_t destination[32];
    InfSystemAddress address;
    uint8_t body;
    json_t* mandate;          ///< of a soul that signs itself
    json_t* record;           ///< its founding record

    uint8_t transfer[INF_PASSAGE_BYTES];                       ///< of the first
    uint8_t rider_transfers[INF_DEED_SOULS][INF_PASSAGE_BYTES]; ///< of those who follow it; the first is not used
    uint8_t identity[32];     ///< of a copy; of what was uploaded
    char name[INF_NAME_BYTES];
    uint64_t made;            ///< soul id of a copy, or who lives on
    InfResult result;         ///< of the input; INF_OK until it is rejected
    bool is_seen;             ///< its event was seen

    // Of an upload.
    InfDocument* document;
    InfLineage* lineage;
    uint8_t document_hash[32];
    bool is_unverified, is_released;
    int64_t released_credits[2]; ///< carried, banked
};

// ---- acts_read.c: who, what, by whose will
/// @return a deed, or null after the request was answered with what is wrong
InfDeed* inf_deed_read(InfBorder* border, InfRequest* request);
/// Is it about many souls: {"souls": [name or id, …], "to": URL, "wait_s"}?
bool inf_deeds_are_many(const InfRequest* request);
/// Their deeds, or null after the request was answered. @param out_last  the last of them
InfDeed* inf_deeds_read_many(InfBorder* border, InfRequest* request, InfDeed** out_last);
/// Who rides with the first soul goes where it goes. @return whether others ride than were known
bool inf_deed_gather_crew(InfBorder* border, InfDeed* deed);
/// A living soul by id, identity or name. @return 0 with a sentence
uint64_t inf_soul_by_text(InfBorder* border, const char* text, const char** reason);
/// The row of a soul that is alive, in a body of its own or in another's head; or null.
/// @param out_host  whom it rides with, 0: nobody; may be null
const InfSoul* inf_border_soul(const InfBorder* border, uint64_t id, uint32_t* out_shard, uint64_t* out_host);

// ---- acts.c
/// Between two shards for a tick or two: it will be there again.
bool inf_deed_is_on_the_way(const InfBorder* border, const InfDeed* deed, uint64_t id);
void inf_deed_fail(InfBorder* border, InfDeed* deed, int status, const char* error, const char* reason, const char* what_to_do);
void inf_deed_done(InfBorder* border, InfDeed* deed, json_t* answer);
void inf_deed_free(InfDeed* deed);

// ---- acts_offer.c
/// InfErrand.kind of what acts send; 0 is an arrival's.
#define INF_ERRAND_KIND_OFFER 1u
#define INF_ERRAND_KIND_CLAIM 2u
/// Ask the destinations of all deeds whose step that is.
void inf_deeds_offer(InfBorder* border);
void inf_deeds_take_offers(InfBorder* border, InfErrand* errand);

// ---- acts_inputs.c: the inputs and records of each act
/// Draw the keys of those who are to be given identities, and keep them: the disk is asked once for all.
void inf_deeds_prepare_bindings(InfBorder* border);
void inf_deed_free_bindings(InfDeed* deed);
/// @return false: no room in this tick, come again
bool inf_deed_submit_bind(InfBorder* border, InfDeed* deed, uint32_t which);
bool inf_deed_submit_act(InfBorder* border, InfDeed* deed);
json_t* inf_deed_answer(InfBorder* border, const InfDeed* deed);

// ---- acts_file.c: downloads and uploads
void inf_deed_begin_upload(InfBorder* border, InfDeed* deed);
bool inf_deed_submit_upload(InfBorder* border, InfDeed* deed);
void inf_deed_take_release(InfBorder* border, InfDeed* deed, InfErrand* errand);

#endif
