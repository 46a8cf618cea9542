/// @file mailbox.h
/// How another thread asks the world something: it posts a request, the tick thread answers it between two ticks,
/// and the asker is woken. Nobody but the tick thread ever touches the world.
///
/// Life of a request: created by the asker, posted, taken and answered by the tick thread, collected by the asker,
/// freed by the asker. An asker that has lost interest calls inf_mailbox_abandon(); whoever comes last frees it.
#ifndef INFINITY_SERVER_MAILBOX_H
#define INFINITY_SERVER_MAILBOX_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define INF_REQUEST_TEXT_BYTES 160

typedef enum InfRequestKind {
    INF_REQUEST_STATUS,
    INF_REQUEST_MARKET,    ///< system, station
    INF_REQUEST_GALAXY,    ///< cursor; answers a page and the next cursor
    INF_REQUEST_STATEMENT, ///< soul, cursor
    INF_REQUEST_SOUL,      ///< soul
    INF_REQUEST_DISCOVERIES,
    INF_REQUEST_OBITUARIES,
    INF_REQUEST_BIRTH,     ///< body; admin only
    INF_REQUEST_BOARDING,  ///< body; admin only
    INF_REQUEST_LEAVING,   ///< body; admin only
    INF_REQUEST_BACKUP,    ///< body; admin only
    INF_REQUEST_AWAKE,     ///< cursor, is_patient; an awake galaxy only
    INF_REQUEST_SENSE,     ///< body as of inf_sense_read()
    INF_REQUEST_STOP,      ///< admin only
    // Between servers; answered by border_in.c.
    INF_REQUEST_BORDER,          ///< who is here
    INF_REQUEST_BORDER_OFFERS,   ///< body: a batch
    INF_REQUEST_BORDER_ARRIVALS, ///< body: a batch
    INF_REQUEST_BORDER_CLAIMS,   ///< body: a batch
    // Souls; answered by souls_answers.c.
    INF_REQUEST_SOULS,     ///< text: part of a name
    INF_REQUEST_LINEAGE,   ///< soul or text: an identity
    INF_REQUEST_CROSSINGS, ///< text: a passage, or empty for all
    // Acts on souls; body: who, what, and by whose will. Answered by acts.c.
    INF_REQUEST_ACT_ASK,
    INF_REQUEST_ACT_FOUND,
    INF_REQUEST_ACT_COPY,
    INF_REQUEST_ACT_MERGE,
    INF_REQUEST_ACT_CUT,
    INF_REQUEST_ACT_DOWNLOAD,
    INF_REQUEST_ACT_UPLOAD,
    INF_REQUEST_ACT_SAMPLE,
    INF_REQUEST_ACT_SIGN,     ///< signatures under what an act has written; acts_paper.c
    INF_REQUEST_ACT_PAPERS,   ///< what waits for a soul's signature
    INF_REQUEST_ACT_WITHDRAW, ///< take back what is under way
    INF_REQUEST_ACT_INVITE ///< admin only
} InfRequestKind;

typedef struct InfRequest {
    InfRequestKind kind;
    int32_t system_x, system_y, system_z;
    uint32_t system_index;
    uint32_t station;
    uint64_t soul;
    uint64_t cursor;
    bool is_host;     ///< asked on the admin socket
    uint64_t player;  ///< asked over the connection of this soul, which has proved its key; 0: over HTTP
    uint64_t connection; ///< of that, and the number that it gave its question; see session_acts.c
    uint32_t number;
    bool is_patient;  ///< rather waits a while for news than hears of none
    char text[INF_REQUEST_TEXT_BYTES]; ///< an argument that is no number
    char soul_state[16]; ///< of souls: a word of InfJournalSoulState, "all", or "" for who lives here
    json_t* body;     ///< what was posted, or null
    void* prepared;   ///< what the asker's thread made of the body; see InfHttpDef.prepare
    void (*prepared_free)(void* prepared);
    void* owner;      ///< the asker's own

    int status;       ///< HTTP status of the answer
    json_t* answer;
    uint64_t next_cursor; ///< 0 = that was all

    struct InfRequest* next;
    int state;
} InfRequest;

typedef struct InfMailbox InfMailbox;

/// @param wake  called on the tick thread after each answer, to wake the asker's thread; may be null
InfMailbox* inf_mailbox_create(uint32_t waiting_max, void (*wake)(void* user), void* user);
void inf_mailbox_set_wake(InfMailbox* mailbox, void (*wake)(void* user), void* user);
void inf_mailbox_destroy(InfMailbox* mailbox);

/// A descriptor that is readable while requests wait; for the tick thread's poll.
int inf_mailbox_fd(const InfMailbox* mailbox);

InfRequest* inf_request_create(InfRequestKind kind);
/// Asker: @return false when too many wait already; the request is still the caller's
bool inf_mailbox_post(InfMailbox* mailbox, InfRequest* request);
/// Asker: next answered request, or null.
InfRequest* inf_mailbox_collect(InfMailbox* mailbox);
/// Asker: no longer interested. The request must not be touched afterwards.
void inf_mailbox_abandon(InfMailbox* mailbox, InfRequest* request);
void inf_request_free(InfRequest* request);

/// Tick thread: next waiting request, or null.
InfRequest* inf_mailbox_take(InfMailbox* mailbox);
/// Tick thread: `status`, `answer` and `next_cursor` are filled in.
void inf_mailbox_answer(InfMailbox* mailbox, InfRequest* request);
uint32_t inf_mailbox_count(InfMailbox* mailbox);

/// The one form that errors have. @param what_to_do may be null
json_t* inf_error_json(const char* error, const char* reason, const char* what_to_do);

#endif
