/// @file acts.h
/// Acts on souls while they are under way. Each is a little machine that a person's request drives over several ticks:
///
///     begin ─► bind and ask (inputs) ─► agreed? ─► offer (another server) ─► docked? ─► signed? ─► act (input) ─► done
///
/// A soul that keeps its own key signs for itself: what it has to sign is written down (acts_paper.c) and told to whoever
/// asked and to the soul's player, and the act waits for the signatures for a while. Its signature is its consent.
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
    INF_DEED_SIGN,    ///< wait until all is signed, until `sign_until_ms`, then go on with `signed_step`
    INF_DEED_ACT,     ///< the input is in tick `tick`
    INF_DEED_LEAVING, ///< it is on its way to shard 0's border
    INF_DEED_RECALL,  ///< some of a crew left and their host did not: they come home again
    INF_DEED_OVER     ///< answered
} InfDeedStep;

/// Souls that one request of the host names at most: each has its own deed, and they are answered together.
#define INF_DEED_GROUP_MAX 1024u

typedef struct InfDeedGroup {
    InfRequest* request;
    uint32_t left, done, refused;
    json_t* answers;
} InfDeedGroup;

/// Bytes of the number of what waits for signatures.
#define INF_PAPER_BYTES 16
/// Seconds that it waits if nothing else is said, and at most.
#define INF_PAPER_SECONDS 120u
#define INF_PAPER_SECONDS_MAX 300u
/// Acts that a soul may have under way.
#define INF_DEEDS_PER_SOUL 8u

/// A text that somebody's own key has to sign before the act goes on.
typedef struct InfToSign {
    InfSignKind kind;
    json_t* object;        ///< borrowed from the deed; two may sign one
    const char* signature; ///< its member that it becomes
    const char* by;        ///< "soul", "other" or "copy"
    uint64_t soul;         ///< whose key that is; 0: of the copy that is to be
    uint8_t key[32];
    bool is_given;
} InfToSign;

/// A record that goes into the tick with its act, when it is signed.
typedef struct InfDraft {
    json_t* object;
    uint64_t soul;
    InfLineageAct act;
    uint8_t identity[32];
} InfDraft;
#define INF_DRAFTS_MAX 4

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
    bool is_asked[INF_DEED_SOULS], is_asked_again;
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
    json_t* mandates[INF_DEED_SOULS];  ///< of souls that sign themselves, for leaving the galaxy
    json_t* foundings[INF_DEED_SOULS]; ///< their founding records
    json_t* record;           ///< of `found`: the founding record that came signed

    // What waits for signatures; acts_paper.c.
    uint8_t paper[INF_PAPER_BYTES];
    bool has_paper, is_withdrawn;
    uint64_t withdrawn_by;
    InfDeedStep signed_step;
    uint64_t sign_ms, sign_until_ms, sign_until_unix_s;
    InfToSign to_sign[INF_DEED_SOULS];
    uint32_t to_sign_count;

    // Of a copy or a merge; acts_branch.c.
    InfDraft drafts[INF_DRAFTS_MAX];
    uint32_t draft_count;
    bool is_drafted;
    uint8_t heads[2][32];     ///< of the lineages that the records go on from
    uint32_t epochs[2];
    uint64_t branches[2];     ///< whose those are; of a merge: who lives on, then who ends
    bool has_copy_key;        ///< the copy is to keep its own key: `copy_key`
    uint8_t copy_key[32];
    InfSignKey fresh;         ///< else that is the server's, by number on the keyring
    uint64_t fresh_number;
    InfFounding copy_founding;

    uint8_t transfer[INF_PASSAGE_BYTES];                       ///< of the first
    uint8_t rider_transfers[INF_DEED_SOULS][INF_PASSAGE_BYTES]; ///< of those who follow it; the first is not used
    uint8_t identity[32];     ///< of a copy; of what was uploaded
    char name[INF_NAME_BYTES];
    uint64_t made;            ///< soul id of a copy, or who lives on
    InfResult result;         ///< of the input; INF_OK until it is rejected
    bool is_seen;             ///< its event was seen
    bool has_left[INF_DEED_SOULS]; ///< of those who ride with it
    InfResult rider_result;   ///< why one of them could not
    uint64_t recall_until_ms;

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
/// Whoever gives that order has the soul's key: by its signature, or by the connection. @param word  the act
/// @return null if so, else a sentence
const char* inf_order_check(InfBorder* border, const InfRequest* request, const char* word, uint64_t* out_soul);
/// A living soul by id, identity or name. @return 0 with a sentence
uint64_t inf_soul_by_text(InfBorder* border, const char* text, const char** reason);
/// The row of a soul that is alive, in a body of its own or in another's head; or null.
/// @param out_host  whom it rides with, 0: nobody; may be null
const InfSoul* inf_border_soul(const InfBorder* border, uint64_t id, uint32_t* out_shard, uint64_t* out_host);

// ---- acts.c: steps between ticks; acts_tick.c: what a tick made of them
/// Between two shards for a tick or two: it will be there again.
bool inf_deed_is_on_the_way(const InfBorder* border, const InfDeed* deed, uint64_t id);
bool inf_deed_needs_identity(const InfDeed* deed, uint32_t i);
/// Are all of its souls docked, at one station?
bool inf_deed_is_docked(const InfBorder* border, const InfDeed* deed);
void inf_deed_fail(InfBorder* border, InfDeed* deed, int status, const char* error, const char* reason, const char* what_to_do);
void inf_deed_done(InfBorder* border, InfDeed* deed, json_t* answer);
void inf_deed_fail_by_rules(InfBorder* border, InfDeed* deed); ///< `result` says why
bool inf_deed_is_bound(const InfBorder* border, uint64_t soul);
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

/// Did the soul get its keys from a person or program? Then it signs for itself.
bool inf_soul_keeps_key(const InfSoul* soul);
void inf_deed_lost(InfBorder* border, InfDeed* deed);          ///< fails: a soul is not here
void inf_deed_keeps_own_key(InfBorder* border, InfDeed* deed); ///< fails: nobody here can sign for it
InfLineageRecord inf_deed_record(const InfBorder* border, const InfSoul* soul, InfLineageAct act, const uint8_t previous[32]);
void inf_deed_draw_founding(const InfBorder* border, InfFounding* founding, const uint8_t key[32], const char* name);
/// The newest of its lineage; where it was sent home without a record of it, that record is written first.
/// @param out_home  that record, or null
bool inf_deed_write_home(InfBorder* border, const InfSoul* soul, const InfSignKey* key, uint8_t head[32], json_t** out_home);
/// Whoever has signed has agreed: the rules are told so in the tick of the act.
bool inf_deed_submit_consents(InfBorder* border, const InfDeed* deed);
/// Put a record that has all its signatures into the tick. @return false: no room in it
bool inf_deed_submit_record(InfBorder* border, uint64_t soul, const json_t* object, InfLineageAct act, const uint8_t identity[32],
                            uint8_t out_hash[32]);

// ---- acts_branch.c: copy and merge
/// Write what has to be signed, with the signatures of keys that are kept here. @return false: the deed has failed
bool inf_deed_draft_branch(InfBorder* border, InfDeed* deed);
/// All that was written is signed: write what stands on it. @return false: the deed has failed
bool inf_deed_draft_rest(InfBorder* border, InfDeed* deed, bool* is_whole);
bool inf_deed_submit_branch(InfBorder* border, InfDeed* deed);
/// "copy_key" of a request. @return null if it is fine
const char* inf_deed_read_copy_key(InfBorder* border, const json_t* body, InfDeed* deed);

// ---- acts_paper.c: what waits for signatures
void inf_deed_put_to_sign(InfDeed* deed, InfSignKind kind, json_t* object, const char* signature, const char* by, const InfSoul* soul,
                          const uint8_t key[32]);
/// Does it wait for nobody? Else it is told who has to sign what, and waits.
bool inf_deed_has_signatures(InfBorder* border, InfDeed* deed, InfDeedStep then);
/// Is all of its act signed? Else it waits, or has failed.
bool inf_deed_is_signed(InfBorder* border, InfDeed* deed);
/// Does its n-th soul agree by signing?
bool inf_deed_agrees_by_signing(const InfBorder* border, const InfDeed* deed, uint32_t i);
void inf_deed_drop_signatures(InfDeed* deed); ///< what was written is void
void inf_paper_note_end(InfBorder* border, const InfDeed* deed, int status, const char* reason);
void inf_papers_answer(InfBorder* border, InfRequest* request); ///< sign, papers, withdraw
void inf_papers_before_tick(InfBorder* border);                 ///< what is late or taken back ends

// ---- acts_file.c: downloads and uploads
void inf_deed_begin_upload(InfBorder* border, InfDeed* deed);
bool inf_deed_submit_upload(InfBorder* border, InfDeed* deed);
void inf_deed_take_release(InfBorder* border, InfDeed* deed, InfErrand* errand);

#endif
