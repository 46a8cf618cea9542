/// @file journal.h
/// Keeps the ticks of a galaxy. A galaxy is a function of its journal, so this is the only thing that must
/// never be lost, and the only thing that may be believed after a crash.
///
///   append(tick, records, rows) ──► queue ──► journal thread: one commit for all queued ticks ──► durable_tick
///                                                                                              (wait, eventfd)
///
/// * Records form one BLAKE2b chain per shard. A tick in which no shard had inputs has no records; it still
///   moves the *head* (the last tick the galaxy has reached), which is durable too.
/// * Order: append ticks in rising order (gaps are fine). A tick is durable with all its records and rows
///   or not at all, and never before every earlier tick.
/// * If a commit fails the journal has *failed*: the reason is kept, nothing later is ever reported durable.
///   Close, mend what the error says, open again: everything reported durable is there.
/// * Damage is reported with shard and tick and makes open, read or verify fail: halt rather than lie.
///
/// Threads: append, snapshots and close belong to one thread (the tick loop). wait, durable_tick, head and
/// the error may be called from any. Cursors and queries have connections of their own.
/// Documentation: docs/journal.md (format, guarantees, limits).
#ifndef INFINITY_JOURNAL_H
#define INFINITY_JOURNAL_H

#include <infinity/base.h>
#include <journal/rows.h>

#define INF_JOURNAL_HASH_BYTES 32
#define INF_GALAXY_ID_BYTES 16
#define INF_JOURNAL_SHARDS_MAX 1024
#define INF_JOURNAL_INPUT_BYTES_MAX (64u << 20) ///< inputs of one record
#define INF_JOURNAL_TICK_MAX ((UINT64_C(1) << 47) - 1) ///< 446,000 years
#define INF_JOURNAL_QUEUE_TICKS 16 ///< appended and not yet durable; then append waits
#define INF_JOURNAL_ALL_SHARDS UINT32_MAX

/// What went wrong and what to do about it, for a person. Empty text when all is well.
typedef struct InfJournalError {
    InfResult result;
    uint32_t shard;  ///< INF_JOURNAL_ALL_SHARDS where it does not apply
    uint64_t tick;   ///< 0 where it does not apply
    char text[768];
} InfJournalError;

/// What a galaxy is; written once at creation, then equal for ever. Whoever opens without a def to compare looks at the versions.
typedef struct InfJournalMeta {
    uint8_t galaxy_id[INF_GALAXY_ID_BYTES]; ///< all zero in a def: take what is there, or draw one at creation
    uint64_t seed;
    uint32_t generator_version;
    uint32_t rules_version;
    uint32_t shard_count;    ///< [1, INF_JOURNAL_SHARDS_MAX]
    uint64_t created_unix_s; ///< 0 in a def: now
} InfJournalMeta;

typedef enum InfJournalMode {
    INF_JOURNAL_OPEN_OR_CREATE, ///< `meta` must equal what is there
    INF_JOURNAL_CREATE,         ///< INF_ERROR_EXISTS when there is one
    INF_JOURNAL_OPEN,           ///< INF_ERROR_NOT_FOUND when there is none; def.meta is not looked at
    INF_JOURNAL_READ,           ///< read only, beside a running server too; no append; def.meta is not looked at
} InfJournalMode;

typedef enum InfJournalCheck {
    INF_JOURNAL_CHECK_AUTO, ///< quick_check when the database is below INF_JOURNAL_CHECK_BYTES, ends of chains always
    INF_JOURNAL_CHECK_ENDS, ///< schema, meta, head and the last record of each chain only
    INF_JOURNAL_CHECK_FULL, ///< inf_journal_verify
} InfJournalCheck;
#define INF_JOURNAL_CHECK_BYTES (64u << 20)

typedef struct InfJournalDef {
    const char* folder;     ///< galaxy folder; made when missing. Null with the memory journal.
    InfJournalMode mode;
    InfJournalCheck check;
    InfJournalMeta meta;
    uint32_t cookie;        ///< set by inf_journal_def_default
} InfJournalDef;
/// Every field valid but folder: 16 shards, seed 0, versions 1, OPEN_OR_CREATE, CHECK_AUTO.
InfJournalDef inf_journal_def_default(void);

/// One shard's inputs of one tick.
typedef struct InfJournalRecord {
    uint32_t shard;
    uint64_t tick;
    uint64_t world_hash;    ///< of the shard's world before this record's inputs; 0: not given
    const uint8_t* inputs;  ///< encoded by the core's codec; opaque here
    size_t inputs_bytes;
    uint8_t previous[INF_JOURNAL_HASH_BYTES]; ///< hash of the shard's record before; zeros for its first
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
} InfJournalRecord;

/// The end of one shard's chain. tick 0 and zero hash: the chain has no record yet.
typedef struct InfJournalTip {
    uint64_t tick;
    uint8_t hash[INF_JOURNAL_HASH_BYTES];
} InfJournalTip;

/// SQLite in `folder`/journal.db, with WAL and synchronous=FULL. Takes `folder`/journal.lock; a second
/// server on the folder gets INF_ERROR_STATE and is told the holder's pid.
/// @param out_error  may be null; filled on failure. @return INF_OK with *out_journal, or the error with null:
/// INF_ERROR_FORMAT (not a database, malformed, schema altered), INF_ERROR_VERSION (newer schema, other rules),
/// INF_ERROR_RANGE (def), INF_ERROR_DENIED (read-only, no permission), INF_ERROR_HASH (chain, head or meta do not
/// match), INF_ERROR_STATE (wrong galaxy, held by another process), INF_ERROR_IO, INF_ERROR_FULL, _EXISTS, _NOT_FOUND
InfResult inf_journal_open(const InfJournalDef* def, InfJournal** out_journal, InfJournalError* out_error);
/// In memory, for tests, training and simulation: the same behaviour; durable at once within append, so
/// single-threaded and repeatable. Snapshots need a folder and are refused.
InfResult inf_journal_open_memory(const InfJournalDef* def, InfJournal** out_journal, InfJournalError* out_error);
/// Commits what is queued, then closes. Null is allowed.
void inf_journal_close(InfJournal* journal);

const InfJournalMeta* inf_journal_get_meta(const InfJournal* journal);

/// Queue one tick. Copies everything; does not wait for the disk unless INF_JOURNAL_QUEUE_TICKS are queued.
/// Of each record shard, world_hash, inputs and inputs_bytes are read; `tick`, `previous` and `hash` are filled in.
/// @param tick     > the last appended; ≤ INF_JOURNAL_TICK_MAX
/// @param records  rising shards, each below shard_count, at most one per shard; may be null if count is 0
/// @param rows     read-model rows of ticks up to rows->projected_tick; may be null
/// @return INF_OK; INF_ERROR_RANGE or INF_ERROR_STATE (read-only): nothing changed; INF_ERROR_IO: it has failed
InfResult inf_journal_append(InfJournal* journal, uint64_t tick, InfJournalRecord* records, uint32_t count,
                             const InfJournalRows* rows);

/// The last tick that is durable. 0: none.
uint64_t inf_journal_durable_tick(const InfJournal* journal);
/// The last tick that was appended (durable or not).
uint64_t inf_journal_appended_tick(const InfJournal* journal);
/// The last tick whose read-model rows were appended.
uint64_t inf_journal_projected_tick(const InfJournal* journal);
/// End of a shard's chain as appended. Belongs to the appending thread.
InfJournalTip inf_journal_get_tip(const InfJournal* journal, uint32_t shard);

/// Wait until `tick` is durable. @param timeout_ms 0: only look; negative: for ever.
/// @return INF_OK; INF_ERROR_STATE on timeout; INF_ERROR_RANGE if it was never appended; INF_ERROR_IO if it has failed
InfResult inf_journal_wait(InfJournal* journal, uint64_t tick, int timeout_ms);
/// An eventfd that becomes readable whenever durable_tick rises, a snapshot is recorded or the journal fails.
/// Read 8 bytes to reset. Owned by the journal. -1 for a read-only one.
int inf_journal_event_fd(const InfJournal* journal);
bool inf_journal_has_failed(const InfJournal* journal);
/// A copy of the reason of failure (empty if it has not failed).
InfJournalError inf_journal_get_error(const InfJournal* journal);

/// Counters since open, for metrics and benchmarks.
typedef struct InfJournalStats {
    uint64_t commits, ticks, records, input_bytes, rows;
    uint64_t file_bytes_written; ///< write-ahead log and checkpoints, as SQLite counts pages
    uint64_t commit_ns_last, commit_ns_max; ///< one group commit, begin to durable
    uint64_t queue_ticks_max;
} InfJournalStats;
InfJournalStats inf_journal_get_stats(const InfJournal* journal);

/// Reads durable records in order of (tick, shard) and verifies the chains: each record's hash, its link to
/// the one before, and at the end that the chains end where the head says. Has a connection of its own and sees
/// the journal as of its opening. Close before the journal.
typedef struct InfJournalCursor InfJournalCursor;
/// @param shard     one shard, or INF_JOURNAL_ALL_SHARDS
/// @param from_tick first tick wanted
/// @param previous  [shard_count] the end of each chain before from_tick, from a snapshot; null: the first record
///                  read of a shard is trusted about its `previous` (from_tick ≤ 1: it must be zeros)
InfResult inf_journal_cursor_open(InfJournal* journal, uint32_t shard, uint64_t from_tick,
                                  const InfJournalTip* previous, InfJournalCursor** out_cursor,
                                  InfJournalError* out_error);
/// A missing record is noticed at the shard's next one, at the latest at the end: until the end was reached without
/// an error, nothing that was made from the records may be shown to anybody.
/// @param out_record its inputs stay valid until the next call
/// @return INF_OK; INF_ERROR_NOT_FOUND at the end; INF_ERROR_HASH, INF_ERROR_FORMAT or INF_ERROR_IO: damage, see error
InfResult inf_journal_cursor_next(InfJournalCursor* cursor, InfJournalRecord* out_record);
/// The head (durable tick) that this cursor reads to; ticks up to it without records had no inputs.
uint64_t inf_journal_cursor_head(const InfJournalCursor* cursor);
const InfJournalError* inf_journal_cursor_get_error(const InfJournalCursor* cursor);
void inf_journal_cursor_close(InfJournalCursor* cursor);

/// Reads everything: the database's own integrity check, then all chains from their beginning.
InfResult inf_journal_verify(InfJournal* journal, InfJournalError* out_error);

/// Copy a galaxy's journal and its newest complete snapshots into `destination` (made; must not hold a journal),
/// while a server runs or not. The copy is verified, fsynced and opens like the original.
/// @param out_head  durable tick of the copy; may be null
InfResult inf_journal_backup(const char* folder, const char* destination, uint64_t* out_head,
                             InfJournalError* out_error);

/// The chain's hash: BLAKE2b-256 over "infinity journal record 1\0", galaxy id, shard u32, tick u64, previous,
/// world_hash u64, inputs_bytes u64, inputs; little-endian. For programs that check a journal by themselves.
void inf_journal_record_hash(const uint8_t galaxy_id[INF_GALAXY_ID_BYTES], const InfJournalRecord* record,
                             uint8_t out_hash[INF_JOURNAL_HASH_BYTES]);

#endif
