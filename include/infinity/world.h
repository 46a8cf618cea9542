/// @file world.h
/// One shard of a galaxy: a deterministic function of its inputs. No call reads a clock, a file or a socket,
/// and after inf_world_create() none but inf_world_decode() takes memory. Not thread-safe: one world, one
/// thread at a time; several worlds may run side by side.
#ifndef INFINITY_WORLD_H
#define INFINITY_WORLD_H

#include "infinity/galaxy.h"
#include "infinity/message.h"

typedef struct InfWorld InfWorld;

/// How many of each there can be at once, range [1, 2^24]. A full pool rejects an input like any other reason.
typedef struct InfCapacity {
    uint32_t souls, ships, systems, places, stations, transfers, tags;
    uint32_t directory, crossings, impressions; ///< shard 0 only; elsewhere there is one row
    uint32_t consents, passengers;
    uint32_t event_bytes; ///< buffer for the events of one tick
} InfCapacity;

typedef struct InfWorldDef {
    uint32_t cookie; ///< set by inf_world_def_default(); create checks it
    uint32_t shard;
    uint32_t shard_count; ///< a power of two, [1, INF_SHARDS_MAX]
    uint32_t reserved;
    InfGalaxyDef galaxy;
    InfCapacity capacity;
    InfAllocator allocator; ///< copied; its user data must outlive the world
} InfWorldDef;

/// Every field valid: shard 0 of 1, seed 1, room for 4,096 souls; the allocator is empty and must be set.
INF_API InfWorldDef inf_world_def_default(void);
/// Capacities for a shard that shall hold so many souls.
INF_API InfCapacity inf_capacity_for_souls(uint32_t souls);

/// @return INF_OK, INF_ERROR_RANGE or INF_ERROR_MEMORY; *out is null unless INF_OK
INF_API InfResult inf_world_create(const InfWorldDef* def, InfWorld** out);
INF_API void inf_world_destroy(InfWorld* world); ///< null is allowed

/// Found the galaxy in a new world (before or in its first tick: the input Found): the stations that are known from the start and `minds` minds
/// of the built-in kind spread over them, `stations_radius_mly` around the Heart. Each shard gets its own part.
INF_API InfResult inf_world_found(InfWorld* world, uint32_t minds, uint64_t stations_radius_mly);

/// Run one tick with its encoded inputs (inf_input_write() one after the other). What is not well-formed is
/// skipped as a whole from the first bad byte on (a shell checks before it journals); what makes no sense is
/// answered by a Rejected event. Events of the tick before are gone.
INF_API void inf_world_tick(InfWorld* world, const uint8_t* inputs, size_t inputs_bytes);

/// Walk the events of the last tick in order: null begins, null ends. Valid until the next tick.
INF_API const InfEvent* inf_world_next_event(const InfWorld* world, const InfEvent* previous);
/// Events that found no room in the last tick; only such that no book depends on (shots, words).
INF_API uint64_t inf_world_dropped_events(const InfWorld* world);

/// A hash over the whole state: equal worlds have equal hashes on every machine.
INF_API uint64_t inf_world_hash(const InfWorld* world);
/// Bytes that inf_world_encode() needs.
INF_API size_t inf_world_encoded_bytes(const InfWorld* world);
/// Bytes that it can need at most, with every pool full.
INF_API size_t inf_world_encoded_bytes_max(const InfWorld* world);
/// @return bytes written, 0 if the capacity is too small. Takes no memory: a forked child may call it.
INF_API size_t inf_world_encode(const InfWorld* world, uint8_t* bytes, size_t capacity);
/// Make a world from a snapshot; capacities are those of `def`, raised to what the snapshot needs. Everything is
/// checked before *out is set. @return INF_OK, INF_ERROR_TRUNCATED, _FORMAT, _VERSION, _RANGE, _MEMORY
INF_API InfResult inf_world_decode(const InfWorldDef* def, const uint8_t* bytes, size_t bytes_count, InfWorld** out);
/// Walk everything: books balanced, lists whole, indices valid. Null if all is well, else what is wrong.
INF_API const char* inf_world_validate(const InfWorld* world);

// Reading. Rows are those of state.h; row i is live if its generation is odd.
INF_API const InfHeader* inf_world_header(const InfWorld* world);
INF_API const InfGalaxyDef* inf_world_galaxy(const InfWorld* world);
#define INF_WORLD_POOL_API(Struct, name)                                                                \
    INF_API const Inf##Struct* inf_world_##name(const InfWorld* world, uint32_t* count);
#define X(Struct, name, doc) INF_WORLD_POOL_API(Struct, name)
INF_STATE_POOLS(X)
#undef X
/// Motions beside the ships' rows. A quiet ship's row is brought up to the present by inf_ship_motion().
INF_API const InfMotion* inf_world_motions(const InfWorld* world);
/// Where a ship is now, hot or quiet. @return false if it is not in a place (docked, cruising, none)
INF_API bool inf_ship_motion(const InfWorld* world, uint32_t ship_index1, InfMotion* out);
/// Index plus one, 0 if it is not in this shard.
INF_API uint32_t inf_world_find_soul(const InfWorld* world, uint64_t soul);
INF_API uint32_t inf_world_find_ship(const InfWorld* world, uint64_t ship);
INF_API uint32_t inf_world_find_system(const InfWorld* world, InfSystemAddress address);
INF_API uint32_t inf_world_find_place(const InfWorld* world, InfSystemAddress address, uint32_t body);
INF_API uint32_t inf_world_find_tag(const InfWorld* world, const char* tag); ///< by skeleton; shard 0
INF_API uint32_t inf_world_find_tag_by_key(const InfWorld* world, const uint8_t key[INF_KEY_BYTES]);
/// Is there room for one more soul to arrive from another shard?
INF_API bool inf_world_has_room(const InfWorld* world);
/// And for one more passenger of a host that is here?
INF_API bool inf_world_has_room_for_rider(const InfWorld* world);
/// Would the rules let that soul leave as things stand? INF_OK, or why not. Whether there is room where it goes, or at the border,
/// is found out when it leaves. @param with_crew  who rides with it leaves before it
INF_API InfResult inf_world_may_depart(const InfWorld* world, const InfInputDepart* input, bool with_crew);
/// The first passenger of a host in this shard (by seat), 0: none; the others follow by next_of_host.
INF_API uint32_t inf_world_first_passenger(const InfWorld* world, uint64_t host);
/// The place that a soul is at (its station when docked), 0 if cruising or none.
INF_API uint32_t inf_soul_place(const InfWorld* world, uint32_t soul_index1);
INF_API InfSystemAddress inf_place_address(const InfWorld* world, uint32_t place_index1);
INF_API int64_t inf_account_credits(const InfWorld* world, uint32_t account);

/// Prices at a station now, in credits per unit: what a soul pays and what it gets for the next unit.
typedef struct InfMarketView {
    int64_t buy_credits[INF_GOODS], sell_credits[INF_GOODS], stock_units[INF_GOODS];
    int64_t fuel_milli_credits, repair_credits, clone_credits, dock_credits;
} InfMarketView;
INF_API void inf_station_market(const InfWorld* world, uint32_t station_index1, InfMarketView* out);
/// What a soul burns now (thousandths of a credit per second) and the tick when its credits end (UINT64_MAX: never).
INF_API void inf_soul_burn(const InfWorld* world, uint32_t soul_index1, int64_t* milli_credits_per_s, uint64_t* zero_tick);
/// What a soul feels now: faded up to this tick, without touching its row. 0..1000 each.
INF_API void inf_soul_feelings(const InfWorld* world, const InfSoul* soul, uint16_t out[INF_FEELINGS]);
/// Who would inherit from it now, the closest first. A player, who wakes again, leaves nothing to anybody.
#define INF_HEIRS_MAX 3
INF_API uint32_t inf_soul_heirs(const InfWorld* world, uint32_t soul_index1, uint64_t heirs[INF_HEIRS_MAX]);
/// Price level: mean over stations and goods of price to base price, in thousandths; 1000 is balanced.
INF_API int64_t inf_world_price_level(const InfWorld* world);

#endif
