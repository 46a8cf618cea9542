/// @file internal.h
/// The inside of InfServer: who is connected (session.c), what they are told (tell.c, events.c), what HTTP is
/// answered (answers.c), and the loop (server.c). All of it belongs to the loop's thread.
#ifndef INFINITY_SERVER_INTERNAL_H
#define INFINITY_SERVER_INTERNAL_H

#include "server/fanout.h"
#include "server/feelings.h"
#include "server/hands.h"
#include "server/http.h"
#include "server/interest.h"
#include "server/listener.h"
#include "server/mailbox.h"
#include "server/metrics.h"
#include "server/overload.h"
#include "server/senses.h"
#include "server/server.h"
#include "server/signin.h"

#include <infinity/message.h>

/// Version of the frames' meaning, told in the Challenge.
#define INF_PROTOCOL_VERSION 1
/// Tries to sign in on one connection.
#define INF_SIGNIN_TRIES 5
/// Encoded events that one client is told in one tick; detail beyond that is left out.
#define INF_SESSION_EVENT_BYTES 16384

typedef enum InfSessionState {
    INF_SESSION_NONE,
    INF_SESSION_CHALLENGED, ///< has to sign in
    INF_SESSION_CLAIMING,   ///< its tag is in a tick
    INF_SESSION_PLAYING,
    INF_SESSION_WATCHING
} InfSessionState;

/// One connection. Its slot is that of the fan-out.
typedef struct InfSession {
    // What is looked at in each tick comes first: with thousands of clients it is memory that takes the time.
    InfClientId client;
    InfSessionState state;
    bool has_helm, is_docked;
    bool is_concerned;       ///< events.c: something of the place is told to it on its own
    bool is_urgent;          ///< ... and something that does not wait for its turn
    bool wants_statement, wants_market, wants_place;
    uint64_t soul;
    uint64_t eyes;           ///< whose it looks through: its own soul, or the host that it rides with
    // Where it is after this tick.
    uint32_t shard, soul_index1, place_index1, ship_index1; ///< place and ship of a passenger are its host's
    uint32_t passenger_index1; ///< 0: it does not ride
    uint32_t next_rider1;    ///< slot + 1 of the next client that rides with the same host
    uint32_t listeners;      ///< how many look at its place, from this one on along the list of InfSeat
    uint32_t scene1;         ///< events.c: of the first of the list, what happens in the place
    uint32_t event_bytes;
    uint8_t* events;         ///< INF_SESSION_EVENT_BYTES, encoded one after the other
    uint64_t place_seat;     ///< where `place` was last looked at
    uint64_t statement_tick, market_tick, place_tick, self_tick, ghost_tick;
    uint64_t head_hash, head_felt_hash, head_tick; ///< of the Head frame: who is in it; what they feel
    uint64_t wants_soul, looked_tick; ///< whose page it asked for; 0: none
    uint64_t opened_tick;
    uint32_t aim_index1[3];  ///< ships that it is concerned with, where they were last found
    InfSight sight;

    // What it was told last.
    InfFrameSelf self;
    InfFramePlace place;
    InfFrameMarket market;

    // What it sends.
    uint32_t tries;
    uint32_t sequence;                         ///< newest that was taken
    uint16_t level_tenths[INF_INPUT_KINDS_END]; ///< of each verb's bucket
    uint64_t refilled_tick;
    InfInputHelm helm;                         ///< the newest helm of this tick
    InfSignIn signin;
    uint8_t key[INF_KEY_BYTES];
    char tag[INF_NAME_BYTES];
} InfSession;

/// What is asked of all sessions several times in each tick, by slot: it fits into the cache.
typedef struct InfSeat {
    uint32_t next_in_place1; ///< slot + 1 of the next client that looks at the same place
    uint32_t ship_index1;    ///< as in its session
    bool is_told;            ///< it plays or watches
    bool is_in_place;
} InfSeat;

/// A birth that waits for its tick.
typedef struct InfBirth {
    struct InfBirth* next;
    InfRequest* request;
    uint8_t key[INF_KEY_BYTES]; ///< zero: a mind that decides by itself, known by its name
    char name[INF_NAME_BYTES];
    uint64_t tick; ///< in which it takes effect
} InfBirth;

/// Open addressing from a u64 (never 0) to slot + 1; filled anew each tick.
typedef struct InfSlotMap {
    uint64_t* keys;
    uint32_t* slots1;
    uint32_t mask;
} InfSlotMap;

typedef struct InfAwakeWait InfAwakeWait;
typedef struct InfEventDesk InfEventDesk;
typedef struct InfBoarding InfBoarding;

struct InfServer {
    InfServerDef def;
    InfShards* shards;
    uint32_t shard_count;
    InfGalaxyKind kind;
    const InfWorld* worlds[INF_SHARDS_MAX];
    InfJournalQuery* query; ///< null without a folder
    InfHands* hands; ///< that tell and send together
    InfFanout* fanout;
    InfListener* listener;
    InfMailbox* mailbox;
    InfHttp* http;
    struct InfBorder* border;
    InfMetrics metrics;
    InfInterest* interest;
    int stop_fd;

    InfSession* sessions;
    InfSeat* seats; ///< [session_max], made after each tick
    uint32_t session_max, session_end; ///< slots in use are below session_end
    uint32_t* order; ///< slots in which clients are told: neighbours in space follow each other
    uint32_t order_count;
    uint32_t waiting_count; ///< whose turn it is not, from the end of `order` backwards
    uint32_t* slot1_of_row; ///< scratch of making that: all 0 in between
    uint32_t row_capacity;
    uint8_t* event_slab;
    InfEventDesk* event_desk;
    InfFeelingsDesk* feelings;
    InfSlotMap by_soul, by_place, by_host;
    uint32_t galaxy_listeners; ///< clients that are signed in or watch

    uint32_t stage_shard, stage_place1; ///< what watchers see
    uint64_t stage_tick;
    InfTotals totals;
    uint64_t totals_tick;
    InfBirth* births;
    InfBoarding* boardings;
    struct InfActAnswer* act_answers; ///< long ones, piece by piece
    InfAwakeWait* awake_waits; ///< HTTP that waits for an awake galaxy
    uint32_t awake_waiting;
    char host_token[INF_HOST_TOKEN_BYTES];
    uint64_t sealed_tick, sealed_us; ///< told, not yet durable; 0 = none
    InfOverload overload;
    uint64_t waited_us; ///< for the disk, while telling
    uint64_t sealed_took_us; ///< what the sealed tick has taken so far, without the wait for the disk
    uint64_t search_tick;
    uint32_t search_count;
    bool failed;
    bool has_requests; ///< HTTP asks while not all is durable: the next tick is made so, then it is answered
};

// ---- server.c
uint64_t inf_server_now_us(void); ///< monotonic

// ---- session.c
/// Take what the fan-out has received.
void inf_sessions_receive(InfServer* server);
/// Put what waits for the tick into it.
void inf_sessions_before_tick(InfServer* server);
/// Look who has got a tag, and where everybody is.
void inf_sessions_after_tick(InfServer* server);
/// Send a frame. @return false if it was not taken
bool inf_session_tell(InfServer* server, InfSession* session, InfFrameKind kind, const void* frame, InfSendKind send);
/// Let go what is staged for it, if all that has happened is durable.
void inf_session_flush(InfServer* server, InfSession* session);
/// @param what, help  phrases without a full stop
void inf_session_refuse(InfServer* server, InfSession* session, InfResult result, uint32_t sequence, const char* what,
                        const char* help);
/// Souls that the journal says are connected are not: the server has just started.
void inf_sessions_forget_connected(InfServer* server);

// ---- input.c
/// Judge and submit an Input frame of a client that plays.
void inf_session_take_input(InfServer* server, InfSession* session, const uint8_t* bytes, size_t byte_count);
/// May it do one more of that kind now? Counts it.
bool inf_session_take_token(InfServer* server, InfSession* session, uint32_t kind);
void inf_session_submit_helm(InfServer* server, InfSession* session);

// ---- events.c
/// Sort the events of the tick by those whom they reach.
void inf_events_sort(InfServer* server);
/// Send one client what inf_events_sort() found for it, and what has been kept. Hands may do it side by side for different clients.
void inf_events_send(InfServer* server, InfSession* session);
/// Is there anything for those whose turn it is not?
bool inf_events_have_to_keep(const InfServer* server);
/// The same as sending for a client whose turn it is not: kept until then, unless it is urgent.
void inf_events_keep(InfServer* server, InfSession* session);
InfEventDesk* inf_event_desk_create(void);
void inf_event_desk_destroy(InfEventDesk* desk); ///< null is allowed

// ---- tell.c
/// Self, place, market, statement, and the snapshot of each client.
void inf_sessions_tell(InfServer* server);

// ---- riders.c
/// Is the soul of this session a passenger? Then it is where its host is, and looks through its eyes.
bool inf_session_locate_rider(InfServer* server, InfSession* session);
/// Tell who is in the head that the session is in, when that or what they feel has changed.
void inf_session_tell_head(InfServer* server, InfSession* session);

// ---- answers.c
void inf_answer_requests(InfServer* server);
/// Births whose tick is over and durable.
void inf_answer_births(InfServer* server);
void inf_totals_refresh(InfServer* server, uint32_t age_ticks_max);
json_t* inf_statement_json(InfServer* server, uint64_t soul, uint64_t before, uint32_t rows_max, uint64_t* next_cursor);

// ---- awake.c
/// The host's token and what lies in senses/. @return null if fine, else what is wrong
const char* inf_awake_open(InfServer* server);
void inf_awake_ask(InfServer* server, InfRequest* request);  ///< GET /api/awake
void inf_awake_feed(InfServer* server, InfRequest* request); ///< POST /api/senses
/// A Sense from the host's own session: checked, then submitted; what is wrong is refused with its reason.
void inf_awake_take_input(InfServer* server, InfSession* session, InfInputSense* sense);
/// Put a sense as of inf_sense_read() into the next tick. @return false if that is full
bool inf_awake_submit(InfServer* server, const json_t* sense);
/// Those who wait for news, and senses whose tick is durable.
void inf_awake_answer(InfServer* server);
void inf_awake_forget(InfServer* server);

// ---- soul_page.c
/// Where a soul is: in a shard's pool, or in the head of a host there.
typedef struct InfSoulAt {
    const InfWorld* world;
    uint32_t shard;
    uint32_t index1;      ///< in the pool of souls; 0: a passenger
    uint64_t host;        ///< of a passenger
    const InfSoul* soul;
} InfSoulAt;
/// @return false: it does not live here now
bool inf_soul_locate(InfServer* server, uint64_t soul_id, InfSoulAt* out);
json_t* inf_soul_who_json(InfServer* server, uint64_t soul); ///< {soul, name, alive}
/// {soul, name, alive, key, traits, feelings}
json_t* inf_soul_face_json(InfServer* server, const InfWorld* world, const InfSoul* soul);
/// The faces of who rides with a host.
json_t* inf_soul_riders_json(InfServer* server, const InfWorld* world, uint64_t host);
/// soul_lineage.c: add `lineage` (records in words) and `kin` to a page. @param head  its newest record, or null
void inf_soul_add_lineage(InfServer* server, json_t* page, const uint8_t identity[INF_HASH_BYTES],
                          const uint8_t head[INF_HASH_BYTES]);
/// What `viewer` (0: anybody) may see about a soul. @return null: there is and was no such soul here
json_t* inf_soul_page_json(InfServer* server, uint64_t soul_id, uint64_t viewer, bool is_host);
/// Answer a Look.
void inf_session_tell_soul(InfServer* server, InfSession* session);

// ---- session_acts.c: acts on souls over the connections of their players
typedef struct InfActAnswer InfActAnswer; ///< one that is told piece by piece
void inf_session_take_act(InfServer* server, InfSession* session, const InfFrameAct* frame);
/// A request that came over a connection is answered; it remains the caller's.
void inf_session_answer_act(InfServer* server, const InfRequest* request);
/// What the player of that soul is to sign, if it is connected.
void inf_session_tell_paper(InfServer* server, uint64_t soul, const json_t* json);
void inf_session_acts_after_tick(InfServer* server); ///< the next pieces
void inf_session_acts_free(InfServer* server);
/// Write down what the souls that are followed feel.
void inf_feelings_sample(InfServer* server);
/// With the journal's next commit.
void inf_feelings_keep(void* server, const InfFeelingsRow* row);
/// What was kept before the last stop.
void inf_feelings_restore(InfServer* server);

// ---- boarding.c
void inf_boarding_begin(InfServer* server, InfRequest* request);
void inf_boarding_begin_leave(InfServer* server, InfRequest* request);
/// All up to the newest tick is durable: go on with those under way.
void inf_boardings_durable(InfServer* server);
void inf_boardings_free(InfServer* server);

// ---- slot maps (session.c)
bool inf_slot_map_create(InfSlotMap* map, uint32_t count_max);
void inf_slot_map_free(InfSlotMap* map);
void inf_slot_map_clear(InfSlotMap* map);
/// The value's place: 0 if the key is new. @param key not 0
uint32_t* inf_slot_map_at(InfSlotMap* map, uint64_t key);
uint32_t inf_slot_map_get(const InfSlotMap* map, uint64_t key);
static inline uint64_t inf_place_key(uint32_t shard, uint32_t place_index1) {
    return (uint64_t)(shard + 1) << 32 | place_index1;
}

#endif
