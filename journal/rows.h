/// @file rows.h
/// Read models: what people want to ask about the past, as rows that SQL can query. They are made from the
/// events of ticks, so they can always be made again by replay; they are no part of the hash chain.
/// Each row names the tick that caused it, and the journal keeps `projected_tick`, the last tick whose rows
/// are in: a restart feeds the rows of later ticks only, so each row is there exactly once.
#ifndef INFINITY_JOURNAL_ROWS_H
#define INFINITY_JOURNAL_ROWS_H

#include <infinity/base.h>

/// Longest name and text, bytes with the closing zero. UTF-8 (checked where names come in); an unterminated one is refused.
#define INF_JOURNAL_NAME_BYTES 64
#define INF_JOURNAL_TEXT_BYTES 128
#define INF_JOURNAL_REASON_BYTES 32
#define INF_JOURNAL_RECORD_BYTES 2048

typedef enum InfJournalAccount { INF_JOURNAL_CARRIED = 0, INF_JOURNAL_BANKED = 1 } InfJournalAccount;
typedef enum InfJournalSoulKind { INF_JOURNAL_PLAYER = 0, INF_JOURNAL_MIND = 1 } InfJournalSoulKind;

/// Where a soul is. Who is not here or riding has departed.
typedef enum InfJournalSoulState {
    INF_JOURNAL_HERE,      ///< lives in a body of its own
    INF_JOURNAL_RIDING,    ///< in a host's head
    INF_JOURNAL_IN_FLIGHT, ///< at the border, not yet answered
    INF_JOURNAL_AWAY,      ///< in a file
    INF_JOURNAL_GONE,      ///< in another galaxy
    INF_JOURNAL_MERGED,    ///< one with another branch of itself
    INF_JOURNAL_ENDED,     ///< dead
    INF_JOURNAL_SOUL_STATES
} InfJournalSoulState;
/// "here", "in flight", …: as in the database. "unknown" for a number beyond. Never null.
const char* inf_journal_state_word(uint32_t state);

/// One movement of one account.
typedef struct InfStatementRow {
    uint64_t sequence;              ///< given by the journal, rising from 1; ignored when appending
    uint64_t tick;
    uint64_t soul_id;
    int64_t amount_credits;         ///< positive: came in
    int64_t balance_credits;        ///< of that account afterwards
    uint64_t counterpart_id;        ///< soul at the other end; 0: the galaxy, a station or the mint
    uint32_t account;               ///< InfJournalAccount
    char reason[INF_JOURNAL_REASON_BYTES]; ///< "market sale", "upkeep", …
} InfStatementRow;

/// A system that somebody was the first to chart.
typedef struct InfDiscoveryRow {
    uint64_t sequence;
    uint64_t tick;
    uint64_t soul_id;
    int32_t sector_x, sector_y, sector_z;
    uint32_t system_index;
    char system_name[INF_JOURNAL_NAME_BYTES];
    char soul_name[INF_JOURNAL_NAME_BYTES];
} InfDiscoveryRow;

/// An ending (a mind's death; a player's waking in a clone bay).
typedef struct InfObituaryRow {
    uint64_t sequence;
    uint64_t tick;
    uint64_t soul_id;
    uint64_t killer_id;             ///< 0: nobody
    uint64_t age_ticks;
    int64_t left_credits;
    char soul_name[INF_JOURNAL_NAME_BYTES];
    char cause[INF_JOURNAL_REASON_BYTES];
    char killer_name[INF_JOURNAL_NAME_BYTES];
    char place[INF_JOURNAL_TEXT_BYTES];
} InfObituaryRow;

/// Who lives or lived here. The newest row of an id replaces the older one.
typedef struct InfSoulRow {
    uint64_t soul_id;
    uint64_t tick;                  ///< of the event that made this row
    uint64_t born_tick;
    uint64_t state_tick;            ///< when the state began; ≤ tick
    uint64_t with_id;               ///< riding: the host; merged: in whom it lives on; ended: the killer; 0: nobody
    uint32_t kind;                  ///< InfJournalSoulKind
    uint32_t shard;
    uint32_t state;                 ///< InfJournalSoulState
    /// 1: if the soul has a row, only tick, state, state_tick, with_id and server of this one are taken. 0 when read.
    uint32_t is_state_only;
    uint8_t traits[16];             ///< for the portrait; zeros: not known
    uint8_t server[32];             ///< in flight, gone: key of the server it is for; zeros: not known
    uint8_t key[32];                ///< Ed25519 public key; all zero: none
    char name[INF_JOURNAL_NAME_BYTES];
} InfSoulRow;

/// A gamer tag and the key that it is bound to. The newest row of a tag replaces the older one.
typedef struct InfTagRow {
    uint64_t soul_id;
    uint64_t tick;
    uint8_t key[32];
    char tag[INF_JOURNAL_NAME_BYTES];
} InfTagRow;

/// A signed record of a soul's lineage, named by the SHA-256 of its text. A second row of the same hash is passed over.
typedef struct InfLineageRow {
    uint64_t tick;
    uint64_t soul_id;               ///< in this galaxy; 0: not known here (a record that a soul brought along)
    uint8_t hash[32];
    uint8_t identity[32];
    char act[INF_JOURNAL_REASON_BYTES];
    uint32_t text_bytes;            ///< ≤ INF_JOURNAL_RECORD_BYTES; no closing zero
    uint32_t position;              ///< of those of its identity, from 0, in the order of coming; given by the journal
    char text[INF_JOURNAL_RECORD_BYTES];
} InfLineageRow;

/// Samples of a soul's log of feelings, at ticks that are soul_id modulo INF_JOURNAL_FEELINGS_PHASE beyond a multiple
/// of `every_ticks`. Kept for souls that somebody follows; not made from events, so a replay does not bring them back.
#define INF_JOURNAL_FEELINGS 8
#define INF_JOURNAL_FEELINGS_PHASE 20
typedef struct InfFeelingsRow {
    uint64_t soul_id;
    uint64_t tick;
    uint32_t every_ticks;           ///< between samples now; 0: the soul's samples are all let go, and none is added
    uint32_t is_thinned;            ///< 1: samples that do not fit every_ticks are let go first. 0 when read.
    uint16_t values[INF_JOURNAL_FEELINGS];
} InfFeelingsRow;

/// Something that a player did, `times` more. Rows of the same soul, habit and other one add up.
typedef struct InfHabitRow {
    uint64_t soul_id;
    uint64_t tick;
    uint64_t with_id;               ///< towards whom, where that matters; else 0
    uint32_t times;                 ///< ≥ 1
    char habit[INF_JOURNAL_REASON_BYTES]; ///< "sold", "jumped", …; not empty
} InfHabitRow;

/// How often a soul did something, and towards how many different ones (1 where that does not matter).
typedef struct InfHabitSum {
    uint64_t times, others;
    uint64_t tick;                  ///< of the last time
    char habit[INF_JOURNAL_REASON_BYTES];
} InfHabitSum;

/// The kinds of rows. X(Type, one, many): wherever all of them are held or gone through, they are taken from here.
#define INF_JOURNAL_ROW_KINDS(X)                                                                                       \
    X(InfStatementRow, statement, statements)                                                                          \
    X(InfDiscoveryRow, discovery, discoveries)                                                                         \
    X(InfObituaryRow, obituary, obituaries)                                                                            \
    X(InfSoulRow, soul, souls)                                                                                         \
    X(InfTagRow, tag, tags)                                                                                            \
    X(InfLineageRow, lineage, lineage)                                                                                 \
    X(InfFeelingsRow, feeling, feelings)                                                                               \
    X(InfHabitRow, habit, habits)

/// Rows for one append; arrays (`souls`, …) may be null where their count (`soul_count`, …) is 0. Copied; may live on the
/// stack. Every row's tick must be in (the journal's projected tick, this projected_tick].
typedef struct InfJournalRows {
    uint64_t projected_tick;        ///< all rows of all ticks up to this one are in now; ≤ the appended tick
#define X(Type, one, many)                                                                                             \
    const Type* many;                                                                                                  \
    uint32_t one##_count;
    INF_JOURNAL_ROW_KINDS(X)
#undef X
} InfJournalRows;

/// @return how many there are, of all kinds
static inline uint64_t inf_journal_rows_count(const InfJournalRows* rows) {
    uint64_t count = 0;
#define X(Type, one, many) count += rows->one##_count;
    INF_JOURNAL_ROW_KINDS(X)
#undef X
    return count;
}

typedef struct InfJournal InfJournal;

/// A reader of the read models with its own connection. One reader belongs to one thread at a time;
/// several readers may work beside the journal's own thread. Close before the journal.
typedef struct InfJournalQuery InfJournalQuery;
InfResult inf_journal_query_open(InfJournal* journal, InfJournalQuery** out_query);
void inf_journal_query_close(InfJournalQuery* query);

/// Newest first. @param before_sequence  only rows older than that one; 0: from the newest.
/// @param out_rows  caller's array of `capacity` rows; *out_count ≤ capacity are written.
/// @return INF_OK (also for none), INF_ERROR_IO (text: inf_journal_query_error)
InfResult inf_journal_query_statements(InfJournalQuery* query, uint64_t soul_id, uint64_t before_sequence,
                                       InfStatementRow* out_rows, uint32_t capacity, uint32_t* out_count);
InfResult inf_journal_query_discoveries(InfJournalQuery* query, uint64_t before_sequence,
                                        InfDiscoveryRow* out_rows, uint32_t capacity, uint32_t* out_count);
InfResult inf_journal_query_obituaries(InfJournalQuery* query, uint64_t before_sequence,
                                       InfObituaryRow* out_rows, uint32_t capacity, uint32_t* out_count);
/// @return INF_OK, INF_ERROR_NOT_FOUND or INF_ERROR_IO
InfResult inf_journal_query_soul(InfJournalQuery* query, uint64_t soul_id, InfSoulRow* out_row);
/// Souls that have departed (neither here nor riding), by rising ids greater than after_id.
InfResult inf_journal_query_departed(InfJournalQuery* query, uint64_t after_id, InfSoulRow* out_rows, uint32_t capacity,
                                     uint32_t* out_count);
/// All samples, by soul and tick, after those of (after_soul, after_tick).
InfResult inf_journal_query_feelings(InfJournalQuery* query, uint64_t after_soul, uint64_t after_tick,
                                     InfFeelingsRow* out_rows, uint32_t capacity, uint32_t* out_count);
/// What a soul did, by the words of its habits in their order.
InfResult inf_journal_query_habits(InfJournalQuery* query, uint64_t soul_id, InfHabitSum* out_sums, uint32_t capacity,
                                   uint32_t* out_count);
InfResult inf_journal_query_tag(InfJournalQuery* query, const char* tag, InfTagRow* out_row);
/// Records of an identity in the order of their coming, from a position on.
InfResult inf_journal_query_lineage(InfJournalQuery* query, const uint8_t identity[32], uint32_t from_position,
                                    InfLineageRow* out_rows, uint32_t capacity, uint32_t* out_count);
/// One record by its name. @return INF_OK, INF_ERROR_NOT_FOUND or INF_ERROR_IO
InfResult inf_journal_query_record(InfJournalQuery* query, const uint8_t hash[32], InfLineageRow* out_row);
/// Why the last call on this reader failed. Never null; valid until the next call.
const char* inf_journal_query_error(const InfJournalQuery* query);

#endif
