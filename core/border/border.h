/// @file border.h
/// What the files of core/border/ share: consents, the directory, crossings, copies and merges. Nothing here is state.
#ifndef INF_CORE_BORDER_H
#define INF_CORE_BORDER_H

#include "infinity/soul.h"
#include "soul/soul.h"

/// Lives of one soul; each departure begins one.
#define INF_EPOCH_MAX 0x3fffffffu

bool inf_is_zero(const uint8_t* bytes, size_t count);

// ---- maps and entries (directory.c) -----------------------------------------------------------------------------------
void inf_directory_index(InfWorld* world, uint32_t index1);
void inf_consent_index(InfWorld* world, uint32_t index1);
void inf_consent_unindex(InfWorld* world, uint32_t index1);
/// Index plus one, expired or not.
uint32_t inf_consent_find(const InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act);
/// The entry of an identity, made if need be; 0 if there is no room. A new one's state is NONE: the caller sets it at once.
uint32_t inf_directory_enter(InfWorld* world, const uint8_t* identity);
/// The newest passage of an identity, and its other side.
void inf_directory_pass(InfWorld* world, uint32_t index1, const uint8_t* transfer, const uint8_t* server);
void inf_directory_set_soul(InfWorld* world, uint32_t index1, uint64_t soul);
/// A new life begins: here (accepted), or on its way out.
void inf_directory_begin_epoch(InfDirectoryEntry* entry, uint32_t epoch, bool accepted);
bool inf_passage_is_new(const InfWorld* world, const uint8_t* transfer); ///< and not all zero
/// Can shard 0 be told of an identity now? INF_OK, INF_ERROR_FULL, INF_ERROR_EXISTS (it is another soul's)
InfResult inf_directory_may_tell(const InfWorld* world, const uint8_t* identity, uint64_t soul);
/// HERE or MERGED; elsewhere than on shard 0 it goes by a transfer.
void inf_directory_tell(InfWorld* world, const uint8_t* identity, uint64_t soul, uint32_t epoch, InfDirectoryState state);

/// Use a consent up. False: there is none (nothing changes).
bool inf_consent_spend(InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act);

// ---- consent (consent.c) ------------------------------------------------------------------------------------------------
/// May `actor` (by_host: the host of the server) do that to `of`? Whoever acts on itself agrees.
bool inf_soul_agreed(const InfWorld* world, uint64_t of, uint64_t actor, bool by_host, InfAct act);
/// A consent is used once.
void inf_consent_use(InfWorld* world, uint64_t of, uint64_t actor, bool by_host, InfAct act);

// ---- identity (bind.c) ----------------------------------------------------------------------------------------------------
/// Gives a soul its identity and tells it. The directory is the caller's.
void inf_soul_bind(InfWorld* world, InfSoul* soul, const uint8_t* key, const uint8_t* identity, const uint8_t* root,
                   const uint8_t* lineage);

// ---- whom a soul knows (passage.c, shard 0) ----------------------------------------------------------------------------------
uint64_t inf_soul_id_abroad(const InfWorld* world, uint64_t who);  ///< the name that holds everywhere; 0: there is none
uint64_t inf_soul_id_at_home(const InfWorld* world, uint64_t who); ///< what that name is here; itself, if nobody's
/// All whom it knows by the names that the function gives; rows of one person become one.
void inf_soul_rename(const InfWorld* world, InfSoul* soul, uint64_t (*name)(const InfWorld* world, uint64_t who));

// ---- bodies (body.c) ------------------------------------------------------------------------------------------------------
/// The place of the station where both are docked, and not about to leave it; 0 if they are not.
uint32_t inf_souls_docked_together(const InfWorld* world, const InfSoul* a, const InfSoul* b);
/// What a station gives for a ship that is left for good: a part of what is left of it, no more than the till has.
int64_t inf_ship_scrap_credits(const InfWorld* world, const InfShip* ship, uint32_t station_index1);
/// The ship of a soul that leaves it for good, docked: sold to the station for a part of its price (into the carried
/// pocket, as far as the till goes), its cargo given to `heir_ship` (index1, 0: none) and what finds no room there to the
/// station. The ship is gone then. @return credits paid
int64_t inf_ship_scrap(InfWorld* world, uint32_t soul_index1, uint32_t heir_ship);
/// What of a ship goes along: hull, modules, fuel, cargo. All that moves or points somewhere is zero then.
void inf_ship_still(InfShip* ship);
/// A soul leaves its row (ended or gone); its pockets must be empty and its ship must be gone.
void inf_soul_remove(InfWorld* world, uint32_t soul_index1);

// ---- the border (crossing.c, shard 0) --------------------------------------------------------------------------------------
/// A soul that is out of its row, with what it had: to the border, or back to the Concourse if that cannot be. Its credits
/// come out of `from_carried` and `from_banked` (accounts; RECEIVED for one from another shard). Needs inf_world_has_room().
typedef struct InfLeaving {
    InfSoul soul;
    InfShip ship; ///< id 0: none
    int64_t carried_credits, banked_credits;
    uint32_t from_carried, from_banked;
    uint8_t way;
    uint8_t transfer[INF_PASSAGE_BYTES], destination[INF_KEY_BYTES], host_identity[INF_HASH_BYTES];
} InfLeaving;
void inf_border_leave(InfWorld* world, const InfLeaving* leaving);
/// Could it leave now? INF_OK, INF_ERROR_FULL, INF_ERROR_EXISTS (passage used, or the identity is another's), INF_ERROR_RANGE
InfResult inf_border_may_leave(const InfWorld* world, const InfSoul* soul, const uint8_t* transfer);
/// A soul with its ship into a body on the Concourse, with credits from two accounts. @return its index1
uint32_t inf_border_embody(InfWorld* world, const InfSoul* soul, const InfShip* ship, int64_t carried_credits,
                           uint32_t from_carried, int64_t banked_credits, uint32_t from_banked, InfReason reason);
/// The same into a seat of a host of this shard, where there is one and room for it; else into a body as above.
/// @return index1 of the soul; 0: it has a seat
uint32_t inf_border_seat_or_embody(InfWorld* world, uint64_t host, const InfSoul* soul, const InfShip* ship, int64_t carried_credits,
                                   uint32_t from_carried, int64_t banked_credits, uint32_t from_banked, InfReason reason);
/// The host that a soul which comes in rides with: the awake galaxy's, or the one that it came with, if that is here; else 0.
uint64_t inf_border_host(const InfWorld* world, const uint8_t* host_identity);
/// Where souls come in: the Concourse, else the nearest station that is known; 0 if there is none.
uint32_t inf_border_place(InfWorld* world);
void inf_border_tell_appeared(InfWorld* world, const InfSoul* soul, InfWay way, bool returned, const uint8_t* transfer,
                              const uint8_t* source);
/// Burn what an identity has in escrow, as exported. @return how much
int64_t inf_border_export(InfWorld* world, InfDirectoryEntry* entry);
/// Rows that are kept free for what waits at the border.
void inf_border_reserve(InfWorld* world);

#endif
