/// @file border.h
/// Souls between servers: what the files border*.c and acts*.c share. All of it belongs to the loop's thread unless it
/// says otherwise. The protocol, why each step is there, and what happens when something fails: docs/border.md.
///
///     border.c      keys, policy, address book, who I am; the hooks of the loop
///     border_in.c   what other servers ask: offers, arrivals, claims
///     border_judge.c the part of it that needs no world, on HTTP's thread: signatures, documents, secrets
///     border_out.c  what waits at shard 0's border is sent until it is answered
///     border_parcel.c  the letters of it, on the courier's thread
///     lineage_log.c records of lineages: written, found again
///     away.c        files of those who were downloaded, as long as they are of use
///     acts.c        copy, merge, cut, download, upload …: each a little machine over several ticks (acts_tick.c)
///     acts_paper.c  what souls that keep their own keys have to sign for that
#ifndef INFINITY_SERVER_BORDER_H
#define INFINITY_SERVER_BORDER_H

#include "server/courier.h"
#include "server/internal.h"
#include "server/lineage_log.h"

#include <infinity/soul.h>
#include <pthread.h>
#include <souls/document.h>
#include <souls/keyring.h>
#include <souls/message.h>

/// Where a process may kill itself, for tests: INFINITY_KILL_AT=point[:n], the n-th time it comes there.
/// X(NAME, "point", "when")
#define INF_KILL_POINTS(X)                                                                                              \
    X(OFFERED, "offered", "source: the destination would take it; nothing is done yet")                                \
    X(DEPARTING, "departing", "source: the departure is in a tick that is not durable")                                \
    X(ESCROW, "escrow", "source: the escrow is durable, nothing is sent")                                              \
    X(SENT, "sent", "source: the arrival is on its way")                                                               \
    X(JUDGED, "judged", "destination: all is checked, nothing is done yet")                                            \
    X(ARRIVING, "arriving", "destination: the arrival is in a tick that is not durable")                               \
    X(ARRIVED, "arrived", "destination: the arrival is durable, the receipt is not sent")                              \
    X(REFUSED, "refused", "destination: the refusal is durable and not sent")                                          \
    X(RECEIVED, "received", "source: the answer is here, nothing is done yet")                                         \
    X(SETTLING, "settling", "source: the settlement is in a tick that is not durable")                                 \
    X(SETTLED, "settled", "source: the settlement is durable")                                                         \
    X(CLAIMED, "claimed", "home of a file: its release is durable and not sent")                                       \
    X(RELEASED, "released", "waker of a file: the release is here, nothing is done yet")

typedef enum InfKillPoint {
#define X(NAME, word, help) INF_KILL_##NAME,
    INF_KILL_POINTS(X)
#undef X
    INF_KILL_COUNT
} InfKillPoint;

#define INF_BORDER_PEERS_MAX 64
#define INF_BORDER_INVITED_MAX 4096
/// Shard 0 takes 512 acts of souls in a tick, and an arrival that it does not take is refused for ever: so no more of each
/// are put into a tick, however many are waiting. Claims are counted with the arrivals.
#define INF_BORDER_ARRIVALS_PER_TICK 240u
#define INF_BORDER_SETTLEMENTS_PER_TICK 240u
/// A record that finds no room in the tick's events is lost, though the act that stands on it is taken: so no more are put
/// into a tick. Three quarters of the smallest buffer (2^20 bytes) may be filled by them, and something comes before them.
#define INF_BORDER_RECORD_BYTES_PER_TICK (600u << 10)
/// What a record takes in the events beside its text.
#define INF_BORDER_RECORD_HEAD_BYTES 112u
/// Seconds that a welcome is good for.
#define INF_BORDER_WELCOME_S 60

/// One message of a batch, from its judgement to its answer.
typedef enum InfLetterStep {
    INF_LETTER_NEW,      ///< judged, the world has not been asked
    INF_LETTER_WAITING,  ///< did not fit into the tick
    INF_LETTER_ARRIVING, ///< the input is in tick `tick`
    INF_LETTER_REFUSING,
    INF_LETTER_CLAIMING,
    INF_LETTER_DONE      ///< `answer` is set
} InfLetterStep;

typedef struct InfLetter {
    InfMessageKind kind;
    InfLetterStep step;
    uint64_t tick;
    InfBorderReason reason;   ///< of the refusal that is under way
    bool is_sealed;           ///< its answer is signed with all others of its batch
    json_t* answer;
    union {
        InfMessageOffer offer;
        InfMessageArrival arrival;
        InfMessageClaim claim;
    };
    uint8_t body_hash[32];    ///< of an offer
    // Of an arrival:
    bool is_forged;           ///< signed by its server, but what is inside does not hold: refused for ever
    InfSoulsError fault;
    InfPassage* passage;
    InfLineage* lineage;      ///< all of its records
    bool has_key;             ///< its secret came along, and is on the keyring
} InfLetter;

/// A batch: InfRequest.prepared of the three POSTs.
typedef struct InfLetters {
    struct InfLetters* next;  ///< of those under way
    InfRequest* request;
    uint32_t count;
    bool is_sealed;           ///< signed once: so is the answer
    InfLetter items[];
} InfLetters;

/// A server that souls are sent to.
typedef struct InfNeighbour {
    struct InfNeighbour* next;
    uint8_t key[32];
    char url[INF_COURIER_URL_BYTES];
    uint32_t under_way;       ///< batches
    uint32_t failures;        ///< in a row
    bool allows_private;      ///< the host has named it, or this is no matter here
    uint64_t next_ms;         ///< not before
    bool told;                ///< its silence is in the log
} InfNeighbour;

typedef struct InfPassing InfPassing; ///< what is known of a passage beside the world; border_out.c
typedef struct InfDeed InfDeed;       ///< an act under way; acts.c
typedef struct InfAway InfAway;       ///< a walk through the files of those who are away; away.c

typedef struct InfBorder {
    InfServer* server;
    InfSignKey key;
    uint8_t galaxy[INF_GALAXY_ID_BYTES];
    char url[INF_COURIER_URL_BYTES];
    InfKeyring* keyring;
    InfLineageLog* log;
    InfLineageKnown* known;   ///< records of lineages whose signatures were checked; HTTP's thread
    InfCourier* courier;
    uint8_t peers[INF_BORDER_PEERS_MAX][32];
    uint32_t peer_count;
    uint8_t invited[INF_BORDER_INVITED_MAX][32]; ///< identities, keys of souls, keys of servers
    _Atomic uint32_t invited_count; ///< HTTP's thread looks, too
    InfNeighbour* neighbours;
    InfLetters* letters;      ///< under way
    InfPassing** passings;    ///< lists by transfer; border_out.c
    InfPassing* answered;     ///< of them, those that are answered and not settled
    uint64_t looked_tick;     ///< crossings were looked at as of this tick
    uint64_t look_ms;         ///< and are to be again then, whatever happens
    InfDeed* deeds;
    InfAway* away;
    uint64_t started_unix_s;
    uint8_t run[4];           ///< drawn at each start; papers tell it
    uint32_t kill_left[INF_KILL_COUNT]; ///< 0: never
    uint32_t queued_inputs;   ///< submitted in this round
    uint32_t queued_arrivals, queued_settlements; ///< of them; see INF_BORDER_ARRIVALS_PER_TICK
    uint32_t queued_record_bytes;
    uint64_t record_tick;     ///< in which the newest record of a lineage is: its row comes with the next tick
} InfBorder;

// ---- the hooks of the loop (border.c) ------------------------------------------------------------------------------
InfBorder* inf_border_create(InfServer* server, char* error, size_t error_bytes);
void inf_border_destroy(InfBorder* border); ///< null is allowed
/// The address that others shall use, when it is known where is listened.
void inf_border_set_port(InfBorder* border);
int inf_border_fd(const InfBorder* border);
/// Is somebody waiting for a tick? Then each is made durable.
bool inf_border_is_busy(const InfBorder* border);
/// Take what the courier brings.
void inf_border_collect(InfBorder* border);
/// Between two ticks: take what the courier brings, submit what waits.
void inf_border_before_tick(InfBorder* border);
/// The tick is computed, not durable: note what became of inputs.
void inf_border_after_tick(InfBorder* border);
/// All up to the newest tick is durable.
void inf_border_durable(InfBorder* border);
/// InfHttpDef.prepare; user is the InfBorder. Runs on HTTP's thread.
void inf_border_prepare(void* border, InfRequest* request);
/// A request of one of the border's or souls' kinds.
void inf_border_answer(InfBorder* border, InfRequest* request);

// ---- shared --------------------------------------------------------------------------------------------------------
const InfWorld* inf_border_heart(const InfBorder* border); ///< shard 0
bool inf_border_is_peer(const InfBorder* border, const uint8_t server[32]);
bool inf_border_is_invited(const InfBorder* border, const uint8_t key[32]);
/// Durable before it counts. @return false: the disk refused
bool inf_border_invite(InfBorder* border, const uint8_t key[32]);
/// @return null: never heard of
InfNeighbour* inf_border_neighbour(InfBorder* border, const uint8_t key[32]);
/// Remember how a server is reached, durably. Whether somebody may say so is the caller's to know: acts_offer.c. @return false: the disk refused
bool inf_border_know(InfBorder* border, const uint8_t key[32], const char* url, bool allows_private);
bool inf_border_submit(InfBorder* border, uint32_t shard, const InfInput* input);
/// Put records that the lineage log does not have into the next tick of shard 0. @return false: no room in this tick
bool inf_border_record(InfBorder* border, uint64_t soul, const char* text, size_t byte_count, const uint8_t hash[32],
                       const InfLineageRecord* record);
/// Would so many records, however long, go into the next tick?
bool inf_border_has_record_room(const InfBorder* border, uint32_t records);
void inf_border_reach(InfBorder* border, InfKillPoint point); ///< kills the process if a test wants that
InfKillPoint inf_kill_point_find(const char* word);
json_t* inf_hex_json(const uint8_t* bytes, size_t count);
json_t* inf_id_json(uint64_t id);
uint64_t inf_border_now_ms(void); ///< monotonic
void inf_border_reply(InfBorder* border, InfRequest* request, int status, json_t* json);
void inf_border_reply_error(InfBorder* border, InfRequest* request, int status, const char* error, const char* reason,
                            const char* what_to_do);

/// The key of a soul, if this server keeps it and it belongs to that public half. Wipe it. Safe from any thread.
bool inf_soul_key(InfBorder* border, const uint8_t identity[32], const uint8_t public_key[32], InfSignKey* out);

// ---- border_in.c ---------------------------------------------------------------------------------------------------
void inf_border_take_letters(InfBorder* border, InfRequest* request);
void inf_border_letters_before_tick(InfBorder* border);
void inf_border_letters_durable(InfBorder* border);
void inf_border_letters_free(void* letters);
/// Of one that has gone or was refused; one that is here, at the border or on its way back keeps it.
void inf_border_forget_key(InfBorder* border, const uint8_t identity[32]);
/// May these come? INF_BORDER_REASON_NONE if so. @param stale_too  look into the directory
InfBorderReason inf_border_judge(const InfBorder* border, const uint8_t server[32], const uint8_t identity[32],
                                 const uint8_t key[32], int64_t credits);

// ---- border_judge.c ------------------------------------------------------------------------------------------------
/// @return the letters, or null with a reason
InfLetters* inf_border_read_letters(InfBorder* border, InfMessageKind kind, const json_t* body, const char** reason);

// ---- border_out.c --------------------------------------------------------------------------------------------------
void inf_border_out_before_tick(InfBorder* border);
void inf_border_out_durable(InfBorder* border);
void inf_border_out_free(InfBorder* border);
void inf_border_take_errand(InfBorder* border, InfErrand* errand);
/// One that waits at the border for its host, which has not left after all, is to come home: it was not sent.
/// @return false: it was sent, or has ended
bool inf_border_recall(InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]);
/// Has that passage been at the border, durably, since the server started (and lately)?
bool inf_border_knows(InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]);
json_t* inf_border_crossings_json(InfBorder* border, const char* transfer_hex);

/// The epoch that a soul's next departure from the galaxy begins.
uint32_t inf_border_next_epoch(const InfBorder* border, const InfSoul* soul);

// ---- acts_file.c ---------------------------------------------------------------------------------------------------
/// What the document of one that leaves is made of. Safe from any thread, as are the next two.
void inf_border_fill_document(const InfBorder* border, const InfPassage* passage, InfWay way, const uint8_t transfer[INF_PASSAGE_BYTES],
                              const uint8_t destination[32], InfDocument* out);
/// The mandate that stands in for the key of one that leaves. @return json_decref() it; null: there is none
json_t* inf_border_mandate(InfBorder* border, const uint8_t lineage[32]);
/// Write the file of a soul that goes into one, durably; it may be there already.
bool inf_border_file_write(InfBorder* border, const InfPassage* passage, const uint8_t transfer[INF_PASSAGE_BYTES],
                           InfSoulsError* error);
/// Read and verify the file that is uploaded: hundreds of signatures, so that is done on HTTP's thread.
void inf_upload_prepare(InfBorder* border, InfRequest* request);
/// @return free() it, or null
char* inf_border_file_read(const InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES], size_t* out_bytes);

// ---- away.c --------------------------------------------------------------------------------------------------------
/// What is in the worlds is durable: remove some files that are of no use any more.
void inf_away_durable(InfBorder* border);
void inf_away_free(InfBorder* border);

// ---- acts.c --------------------------------------------------------------------------------------------------------
void inf_acts_begin(InfBorder* border, InfRequest* request);
/// Tell the player of a soul what waits for its signature.
void inf_border_tell_papers(InfBorder* border, uint64_t soul);
void inf_acts_before_tick(InfBorder* border);
void inf_acts_after_tick(InfBorder* border);
void inf_acts_durable(InfBorder* border);
void inf_acts_take_errand(InfBorder* border, InfErrand* errand);
void inf_acts_free(InfBorder* border);
bool inf_acts_are_waiting(const InfBorder* border);

// ---- souls_answers.c -----------------------------------------------------------------------------------------------
void inf_answer_souls(InfBorder* border, InfRequest* request);
void inf_answer_lineage(InfBorder* border, InfRequest* request);

#endif
