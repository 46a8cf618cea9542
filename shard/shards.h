/// @file shards.h
/// All shards of a galaxy in lockstep: ordering of inputs, journal, replay, transfers between shards, snapshots,
/// and the rows of the read models. One tick:
///
///   submit… ──► inf_shards_tick: route transfers and receipts, then clients' inputs, per shard
///               ├─► append to the journal (its thread commits)      ┐ side by side
///               └─► tick every world on the pool of threads         ┘
///   read worlds and events, build what clients shall see ──► inf_shards_wait_durable ──► send
///
/// Nothing that a tick caused may leave the process before that tick is durable.
/// All calls belong to one thread (the tick loop) unless said otherwise.
#ifndef INFINITY_SHARDS_H
#define INFINITY_SHARDS_H

#include <infinity/soul.h>
#include <infinity/world.h>
#include <journal/journal.h>
#include <journal/snapshot.h>

typedef enum InfShardsStore {
    INF_SHARDS_NONE,   ///< no journal: headless runs, benchmarks
    INF_SHARDS_MEMORY, ///< the memory journal
    INF_SHARDS_FOLDER, ///< SQLite in `folder`, with snapshots
} InfShardsStore;

typedef struct InfShardsDef {
    uint32_t cookie; ///< set by inf_shards_def_default()
    InfShardsStore store;
    const char* folder;     ///< FOLDER only; made when missing
    bool read_only;         ///< FOLDER only: replay what is there, beside a running server too; no ticks after that
    uint64_t until_tick;    ///< with read_only: replay up to here; 0: to the head
    bool from_beginning;    ///< replay from the first tick, not from a snapshot
    uint64_t seed;          ///< of a new galaxy
    uint32_t shard_count;   ///< of a new galaxy; a power of two up to INF_SHARDS_MAX
    uint32_t minds;         ///< born at the founding of a new galaxy
    uint32_t souls_capacity; ///< souls that a new galaxy can hold in all; 0: from `minds`
    uint64_t stations_radius_mly; ///< known from the start, around the Heart
    InfGalaxyKind kind;   ///< of a new galaxy; an awake one has no minds but its host
    const char* host;     ///< name of an awake galaxy's host
    uint8_t host_key[INF_KEY_BYTES]; ///< by which the host signs in; zero: nobody can
    uint32_t threads;       ///< that tick worlds, the caller among them; 0: one per core
    uint32_t snapshot_ticks; ///< between snapshots; 0: none but by inf_shards_snapshot()
    /// Told while a journal is replayed (may be null): ticks done and to do.
    void (*progress)(void* user, uint64_t done_ticks, uint64_t all_ticks);
    void* progress_user;
} InfShardsDef;
/// 16 shards in memory without a journal, seed 42, 2,000 minds, 48 light-years.
InfShardsDef inf_shards_def_default(void);

typedef struct InfShards InfShards;

/// What went wrong, for a person, with what to do.
typedef struct InfShardsError {
    InfResult result;
    char text[1024];
} InfShardsError;

/// Create or open a galaxy: load the newest whole snapshot, replay the rest, compare hashes.
/// @return INF_OK with *out, else the error with *out null and *error filled
InfResult inf_shards_open(const InfShardsDef* def, InfShards** out, InfShardsError* error);
/// Snapshot (if a folder), commit, close. Null is allowed.
void inf_shards_close(InfShards* shards);
/// Close without a last snapshot.
void inf_shards_abandon(InfShards* shards);

InfGalaxyDef inf_shards_galaxy(const InfShards* shards);
const uint8_t* inf_shards_galaxy_id(const InfShards* shards); ///< INF_GALAXY_ID_BYTES; zero without a journal
uint32_t inf_shards_count(const InfShards* shards);
const InfWorld* inf_shards_world(const InfShards* shards, uint32_t shard);
InfJournal* inf_shards_journal(InfShards* shards); ///< null without one
uint64_t inf_shards_now(const InfShards* shards);
bool inf_shards_was_created(const InfShards* shards); ///< this open made the galaxy
uint64_t inf_shards_replayed_ticks(const InfShards* shards);

/// Put an input into the next tick of a shard. It takes effect only when that tick is durable.
/// @return INF_OK, INF_ERROR_FORMAT (not encodable), INF_ERROR_FULL (too much for one tick)
InfResult inf_shards_submit(InfShards* shards, uint32_t shard, const InfInput* input);
/// Is anybody told what happens? Then every tick is made durable; else one a second and those with inputs.
void inf_shards_set_observed(InfShards* shards, bool observed);
/// @return INF_OK, or INF_ERROR_IO when the journal has failed: nothing may be sent from then on; see inf_shards_error()
InfResult inf_shards_tick(InfShards* shards);
/// Wait until all that has been ticked is durable. @param timeout_ms negative: for ever. INF_ERROR_STATE on timeout
InfResult inf_shards_wait_durable(InfShards* shards, int timeout_ms);
uint64_t inf_shards_durable_tick(const InfShards* shards);
/// Why the journal failed. Empty if it has not.
const char* inf_shards_error(const InfShards* shards);

/// Keep a sample of what a soul feels with the journal's next commit; its tick is taken to be now. Without a journal nothing
/// is kept. @return INF_OK, INF_ERROR_MEMORY
InfResult inf_shards_keep_feelings(InfShards* shards, const InfFeelingsRow* row);

/// Begin a snapshot now. INF_ERROR_STATE if one is being written or there is no folder.
InfResult inf_shards_snapshot(InfShards* shards);
uint64_t inf_shards_last_snapshot_tick(const InfShards* shards);

/// Which shard a soul is in, and its index1 there; false if in none (then it may be in flight).
bool inf_shards_find_soul(const InfShards* shards, uint64_t soul, uint32_t* shard, uint32_t* soul_index1);
/// Where a soul is or is flying to; UINT32_MAX if nowhere.
uint32_t inf_shards_locate_soul(const InfShards* shards, uint64_t soul);
/// The row of a soul that is between two shards; see inf_worlds_read_flying().
bool inf_shards_read_flying(const InfShards* shards, uint64_t soul, InfSoul* out);
/// One hash over all shards' worlds.
uint64_t inf_shards_hash(const InfShards* shards);

/// Sums over all shards; O(accounts + souls).
typedef struct InfTotals {
    uint64_t tick;
    uint64_t passengers; ///< of the minds and players: those that ride in another's head
    uint64_t minds, players, connected, ships, drones, wrecks, systems, stations, hot_places, in_flight_souls;
    int64_t minted_credits, burned_credits, carried_credits, banked_credits, station_credits, escrow_credits,
        border_credits, in_flight_credits, debt_credits;
    int64_t births, trades, units_mined, jumps, shots, discoveries;
    int64_t deaths[INF_CAUSES_MAX], player_deaths[INF_CAUSES_MAX], income_credits[INF_TRADES_MAX];
    int64_t price_level_milli;
} InfTotals;
void inf_shards_totals(const InfShards* shards, InfTotals* out);
/// Invariants over all shards: minted − burned = accounts + escrow + border + in flight; each soul in exactly one place; every
/// world whole. Null if all is well, else what is wrong (static text).
const char* inf_shards_check(const InfShards* shards);
/// The cheap part of it, O(shards): credits.
bool inf_shards_credits_conserved(const InfShards* shards);

#endif
