/// @file snapshot.h
/// Snapshots: all shards' worlds at one tick, as files `folder`/snapshots/TICK-SHARD.snap beside the journal,
/// so that a restart replays minutes and not months. They are a shortcut, never the truth: without any, a
/// galaxy is replayed from its first tick.
///
/// A forked child writes them, so the live world does not pause: the child calls the pure `encode`, BLAKE2b, zstd
/// with a context made before the fork, and write/fsync/rename/_exit; never SQLite, malloc or stdio. The
/// parent polls, verifies the files and has the journal record the set; then older sets are deleted.
#ifndef INFINITY_SNAPSHOT_H
#define INFINITY_SNAPSHOT_H

#include <journal/journal.h>

#define INF_SNAPSHOT_SETS_KEPT 2

/// Encode one shard's world. Runs in the child: pure, no allocation, no locks, no stdio.
/// @param out_world_hash of that world  @return bytes written, 0 on failure (does not fit)
typedef size_t InfSnapshotEncode(void* user, uint32_t shard, uint8_t* buffer, size_t capacity_bytes,
                                 uint64_t* out_world_hash);

typedef struct InfSnapshotDef {
    size_t capacity_bytes; ///< largest encoding of one shard; address space is reserved at creation, used by the child
    bool compress;         ///< zstd level 1
    uint32_t cookie;
} InfSnapshotDef;
InfSnapshotDef inf_snapshot_def_default(void);

typedef enum InfSnapshotState {
    INF_SNAPSHOT_IDLE,    ///< nothing under way
    INF_SNAPSHOT_WRITING, ///< the child works, or the journal is recording it
    INF_SNAPSHOT_DONE,    ///< told once by poll, then idle: the set is durable and recorded
    INF_SNAPSHOT_FAILED,  ///< told once by poll, then idle: see error; the older sets are untouched, the server lives on
} InfSnapshotState;

/// Belongs to the thread that appends.
typedef struct InfSnapshotWriter InfSnapshotWriter;
/// Makes folder/snapshots, removes files of unfinished and unrecorded snapshots.
InfResult inf_snapshot_writer_create(InfJournal* journal, const InfSnapshotDef* def, InfSnapshotWriter** out_writer,
                                     InfJournalError* out_error);
/// A child still at work is ended; its files are removed.
void inf_snapshot_writer_destroy(InfSnapshotWriter* writer);
/// Fork now. The worlds that `encode` sees must be those after tick inf_journal_appended_tick().
/// @return INF_OK; INF_ERROR_STATE if one is under way or the journal has failed; INF_ERROR_IO (fork, pipe)
InfResult inf_snapshot_begin(InfSnapshotWriter* writer, InfSnapshotEncode* encode, void* user);
/// Never blocks on the child or the disk; call each tick. @param out_tick  of the set told about; may be null
InfSnapshotState inf_snapshot_poll(InfSnapshotWriter* writer, uint64_t* out_tick);
const InfJournalError* inf_snapshot_get_error(const InfSnapshotWriter* writer);
/// Of the last finished one: bytes on disk, and how long the fork held up the caller.
uint64_t inf_snapshot_last_bytes(const InfSnapshotWriter* writer);
uint64_t inf_snapshot_last_fork_ns(const InfSnapshotWriter* writer);

typedef struct InfSnapshotItem {
    uint64_t world_hash;
    InfJournalTip tip;       ///< end of the shard's chain at the set's tick: hand it to inf_journal_cursor_open
    const uint8_t* payload;  ///< what encode wrote
    size_t payload_bytes;
} InfSnapshotItem;

typedef struct InfSnapshotSet {
    uint64_t tick;           ///< worlds after this tick; replay from tick + 1
    uint32_t shard_count;
    const InfSnapshotItem* items; ///< [shard_count]
    const InfJournalTip* tips;    ///< [shard_count], the items' tips in the form that a cursor takes
} InfSnapshotSet;

/// Told about each damaged set that is skipped.
typedef void InfSnapshotReport(void* user, const InfJournalError* error);
/// Load the newest recorded set below `before_tick` (0: the newest) that is whole: everything is validated before
/// anything is handed out. If the core then refuses a payload, call again with before_tick = set->tick.
/// @return INF_OK; INF_ERROR_NOT_FOUND if there is none: replay from the beginning
InfResult inf_snapshot_set_load(InfJournal* journal, uint64_t before_tick, InfSnapshotReport* report, void* user,
                                InfSnapshotSet** out_set);
void inf_snapshot_set_free(InfSnapshotSet* set);
/// A payload that was decoded is not needed any more: its memory may be as much as the world's. Safe for different shards at
/// the same time.
void inf_snapshot_set_release(InfSnapshotSet* set, uint32_t shard);

#endif
