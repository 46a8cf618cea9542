/// @file internal.h
/// The inside of a world and the calls between the topics of the core. Rules of the house:
/// - Rows are reached by index1 (index plus one; 0 is none) through inf_<row>_at(), which asserts.
/// - Whatever steers is state (state.inl); what can be worked out from state (maps, timers, hot list) is derived
///   and made anew by inf_world_derive() after a decode.
/// - Timers of one tick ring in the order station, ship, soul, passenger, each by index. Hot places run by index.
/// - Credits move through inf_ledger_move() only.
#ifndef INF_CORE_WORLD_INTERNAL_H
#define INF_CORE_WORLD_INTERNAL_H

#include "infinity/random.h"
#include "infinity/soul.h"

#define INF_WORLD_COOKIE 0x1f14171eu
/// Ticks that a place stays hot after the last reason for it.
#define INF_HOT_LINGER_TICKS 100

/// Rows of one kind. The free list is state: the order of reuse decides the next index.
typedef struct InfPool {
    uint8_t* rows;
    uint32_t row_bytes, generation_offset, next_free_offset;
    uint32_t count;    ///< rows ever used
    uint32_t capacity;
    uint32_t free_head; ///< index1
    uint32_t live;
    uint32_t reserved; ///< rows kept free for what waits at the border; derived
} InfPool;

/// Open addressing, linear probing, backward-shift deletion; keys are never 0. Derived.
typedef struct InfMap {
    uint64_t* keys;
    uint32_t* values; ///< index1
    uint32_t mask, count;
} InfMap;

typedef enum InfTimerKind { INF_TIMER_STATION, INF_TIMER_SHIP, INF_TIMER_SOUL, INF_TIMER_PASSENGER, INF_TIMER_KINDS } InfTimerKind;
#define INF_WHEEL_SLOTS 1024u

/// Two wheels: 1,024 ticks, and 1,024 turns of it (29 hours; what is later waits in the last slot). Derived from the
/// rows' timer_tick; the order inside a slot does not matter because due nodes are sorted before they ring.
typedef struct InfTimers {
    uint32_t heads[2 * INF_WHEEL_SLOTS]; ///< node1
    uint32_t *next, *previous;           ///< node1, per node
    uint16_t* slots;                     ///< slot + 1 of a node, 0: not set
    uint32_t* due;                       ///< scratch
    uint32_t first_node[INF_TIMER_KINDS], node_count[INF_TIMER_KINDS];
} InfTimers;

/// A generated system that was asked for lately, with its bodies once somebody wanted them.
typedef struct InfGenerated {
    InfSystemAddress address;
    uint32_t body_count; ///< INF_BODIES_NOT_MADE: not yet
    bool used;
    InfSystem system;
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
} InfGenerated;
#define INF_GENERATED_SLOTS 256u
#define INF_BODIES_NOT_MADE UINT32_MAX

struct InfWorld {
    InfHeader header;
    InfGalaxyDef galaxy;
    InfAllocator allocator;
    InfCapacity capacity;
    InfPool account_pool, system_pool, place_pool, station_pool, ship_pool, soul_pool, transfer_pool, tag_pool;
    InfPool directory_pool, crossing_pool, consent_pool, passenger_pool, impression_pool;
    InfMotion* motions; ///< beside the ships
    InfMap soul_map, ship_map, system_map, tag_map, key_map;
    InfMap identity_map, known_map, passage_map; ///< of the directory: by identity, by soul id, by newest passage
    InfMap consent_map, passenger_map, host_map; ///< by giver, receiver and act; by soul id; by host: its first passenger
    InfTimers timers;
    uint32_t* hot_places; ///< index1, rising; derived
    uint32_t hot_count;
    InfGenerated* generated; ///< INF_GENERATED_SLOTS, by hash of the address; derived: what generation gives, kept at hand
    uint8_t* events;
    uint32_t event_bytes;
    uint64_t dropped_events;
    uint32_t acts; ///< of this tick: those that move, make or end souls
    uint8_t* scratch; ///< of one tick; see inf_scratch_take()
    size_t scratch_bytes, scratch_at;
    bool in_tick;
};

// ---- pools (core/world/pool.c) ------------------------------------------------------------------------------
/// How many rows can still be taken.
static inline uint32_t inf_pool_room(const InfPool* pool) { return pool->capacity - pool->live - pool->reserved; }
/// A zeroed live row, index1; 0 if the pool is full.
uint32_t inf_pool_take(InfPool* pool);
void inf_pool_give_back(InfPool* pool, uint32_t index1);
bool inf_pool_is_live(const InfPool* pool, uint32_t index1);

#define INF_ROW(Struct, row, pool_name)                                                                 \
    static inline Inf##Struct* inf_##row##_at(const InfWorld* world, uint32_t index1)                   \
    {                                                                                                   \
        INF_ASSERT(index1 != 0 && index1 <= world->pool_name.count);                                    \
        return (Inf##Struct*)(void*)world->pool_name.rows + (index1 - 1);                               \
    }
INF_ROW(Account, account, account_pool)
INF_ROW(KnownSystem, system, system_pool)
INF_ROW(Place, place, place_pool)
INF_ROW(Station, station, station_pool)
INF_ROW(Ship, ship, ship_pool)
INF_ROW(Soul, soul, soul_pool)
INF_ROW(Transfer, transfer, transfer_pool)
INF_ROW(Tag, tag, tag_pool)
INF_ROW(DirectoryEntry, directory, directory_pool)
INF_ROW(Crossing, crossing, crossing_pool)
INF_ROW(Consent, consent, consent_pool)
INF_ROW(Passenger, passenger, passenger_pool)
INF_ROW(Impression, impression, impression_pool)
static inline InfMotion* inf_motion_at(const InfWorld* world, uint32_t ship_index1)
{
    INF_ASSERT(ship_index1 != 0 && ship_index1 <= world->ship_pool.count);
    return world->motions + (ship_index1 - 1);
}

// ---- maps ---------------------------------------------------------------------------------------------------
uint32_t inf_map_get(const InfMap* map, uint64_t key); ///< 0: none
void inf_map_set(InfMap* map, uint64_t key, uint32_t value);
void inf_map_remove(InfMap* map, uint64_t key);
uint64_t inf_address_key(InfSystemAddress address); ///< never 0; collisions are checked by the caller

// ---- timers (core/world/timer.c) ------------------------------------------------------------------------------
/// Ring at `tick` (at the earliest in the next tick); replaces what was set. 0 cancels. Writes the row's timer_tick.
void inf_timer_set(InfWorld* world, InfTimerKind kind, uint32_t index1, uint64_t tick);
void inf_timers_run(InfWorld* world); ///< ring all that is due now

// ---- events ---------------------------------------------------------------------------------------------------
/// Room for an event of that kind, head filled in and the rest zeroed; null if there is none (then it is counted as
/// dropped). Ledger, Born, Died, Discovered and TransferArrived always find room (a reserve is kept for them).
InfEvent* inf_event_emit(InfWorld* world, InfEventKind kind, uint32_t place_index1);
/// inf_emit(world, place, Docked, event) { event->Docked.soul = …; }
#define INF_EMIT(world, place, Name, event)                                                             \
    for (InfEvent* event = inf_event_emit((world), INF_EVENT_KIND_##Name, (place)); event != NULL; event = NULL)

/// The same with room for `unused_bytes` less at the end of the event, where its last field is not full.
InfEvent* inf_event_emit_short(InfWorld* world, InfEventKind kind, uint32_t place_index1, uint32_t unused_bytes);
/// Would one more event of that kind find room? For those that must not get lost and can be refused.
bool inf_event_fits(const InfWorld* world, InfEventKind kind);
/// Memory for the rest of this tick, zeroed is not; asserts that it fits.
void* inf_scratch_take(InfWorld* world, size_t bytes);

static inline InfRng* inf_soul_rng(InfSoul* soul) { return (InfRng*)(void*)soul->rng; }
static inline InfRng* inf_world_rng(InfWorld* world) { return (InfRng*)(void*)world->header.rng; }
static inline uint64_t inf_world_now(const InfWorld* world) { return world->header.tick; }

// ---- inputs: one handler per row of the table; each checks everything before it changes anything ----------------
#define X(number, Name, ...) InfResult inf_apply_##Name(InfWorld* world, const InfInput##Name* input);
INF_INPUTS_TABLE(X)
#undef X

// ---- systems and places (core/world/place.c) --------------------------------------------------------------------
/// inf_system_generate() and inf_system_bodies() of this galaxy, out of what was asked for lately. Copies.
void inf_world_generate(const InfWorld* world, InfSystemAddress address, InfSystem* out);
uint32_t inf_world_bodies(const InfWorld* world, InfSystemAddress address, InfBody out[INF_SYSTEM_BODIES_MAX]);
/// The row of a system of this shard, made if nobody was there yet; 0 if the pool is full.
uint32_t inf_system_enter(InfWorld* world, InfSystemAddress address);
/// The place at a body of a system, made (with its station) if need be; 0 if full or there is no such body.
uint32_t inf_place_enter(InfWorld* world, uint32_t system_index1, uint32_t body);
uint32_t inf_place_enter_deep(InfWorld* world, uint32_t system_index1, const int64_t position_km[3]);
void inf_place_position(const InfWorld* world, uint32_t place_index1, uint64_t tick, int64_t out_km[3]);
/// Make the place hot for a while: quiet motions become integrated ones at their present point.
void inf_place_heat(InfWorld* world, uint32_t place_index1, uint32_t linger_ticks);
void inf_place_cool(InfWorld* world, uint32_t place_index1);
void inf_place_add_ship(InfWorld* world, uint32_t place_index1, uint32_t ship_index1);    ///< into space there
void inf_place_remove_ship(InfWorld* world, uint32_t ship_index1);                        ///< out of it
void inf_place_add_docked(InfWorld* world, uint32_t place_index1, uint32_t ship_index1);
void inf_place_remove_docked(InfWorld* world, uint32_t ship_index1);
/// Give a deep-space place that is empty back.
void inf_place_release_if_empty(InfWorld* world, uint32_t place_index1);

// ---- ships (core/world/ship.c, order.c, cruise.c, jump.c, dock.c, hot.c, combat.c, board.c, mining.c) ---------------
typedef struct InfShipDef {
    uint64_t owner;
    uint32_t pilot_index1;
    uint32_t place_index1;
    uint8_t hull_kind;
    bool docked;
    uint8_t modules[INF_MODULE_SLOTS];
} InfShipDef;
/// A ship with full hull, shield and fuel; 0 if the pool is full.
uint32_t inf_ship_create(InfWorld* world, const InfShipDef* def);
/// Give the ship up. Its pilot must be elsewhere (pilot_index1 0); loot must be out of the books.
void inf_ship_destroy(InfWorld* world, uint32_t ship_index1);
uint32_t inf_ship_cargo_units(const InfShip* ship);
uint32_t inf_ship_cargo_free(const InfShip* ship);
/// An order as players and minds give it. Fields that the order does not use are ignored.
typedef struct InfOrder {
    InfOrderKind kind;
    uint64_t target; ///< ship id
    float range_m;
    uint8_t body; ///< CRUISE, DOCK: body of this system
    InfSystemAddress system; ///< JUMP
} InfOrder;
InfResult inf_ship_order(InfWorld* world, uint32_t ship_index1, const InfOrder* order);
InfResult inf_ship_undock(InfWorld* world, uint32_t ship_index1);
/// Put the ship into the station of a place at once (birth, clone bay, arrival by order).
void inf_ship_put_docked(InfWorld* world, uint32_t ship_index1, uint32_t place_index1);
/// Put a ship that has jumped into the star's place of its new system. Telling and charting are the caller's.
void inf_ship_put_arrived(InfWorld* world, uint32_t ship_index1, uint32_t place_index1);
void inf_ship_timer(InfWorld* world, uint32_t ship_index1);
InfResult inf_ship_module(InfWorld* world, uint32_t ship_index1, uint32_t slot, bool on, uint64_t target);
/// Damage from a shooter (ship id, 0: none): shield, then hull, then wreck and death.
void inf_ship_damage(InfWorld* world, uint32_t ship_index1, float damage, uint64_t shooter_ship);
/// The pilot is gone (starved, erased, merged): lets go of the soul. In space the ship becomes a wreck, elsewhere it ends.
void inf_ship_abandon(InfWorld* world, uint32_t ship_index1);
/// Call the law's drones against a ship: does something in charted space only.
void inf_patrol_answer(InfWorld* world, uint32_t place_index1, uint32_t criminal_ship_index1);
/// Fuel for a jump of that length, thousandths of a light-year are one unit each.
uint32_t inf_jump_fuel(const InfShip* ship, uint64_t distance_mly);
/// Reach of the jump drive with a full tank and how far the present fuel goes, milli light-years.
uint64_t inf_jump_range_mly(const InfShip* ship);
/// Ticks of a cruise between two places of a system, fixed at its start.
uint64_t inf_cruise_ticks(const InfWorld* world, const InfShip* ship, uint32_t from_place, uint32_t to_place);
/// One tick of a hot place.
void inf_hot_tick(InfWorld* world, uint32_t place_index1);

// ---- transfers (core/world/transfer.c, transfer_in.c) ---------------------------------------------------------------
/// First word of every payload.
#define INF_TRANSFER_VERSION 1u
/// A fresh transfer in the outbox, numbered and without payload. @return null if it is full
InfTransfer* inf_transfer_open(InfWorld* world, InfTransferKind kind, uint32_t destination, uint64_t soul);
/// May something be sent now (room in the outbox)?
bool inf_transfer_ready(const InfWorld* world);
/// May that soul be sent, with all who ride with it?
bool inf_transfer_ready_for(const InfWorld* world, uint64_t soul);
/// Take the ship with its pilot and wallet out of this world and into the outbox, for jump_sector of the ship.
InfResult inf_transfer_ship(InfWorld* world, uint32_t ship_index1, uint32_t destination_shard);
/// The same for a player who wakes in a clone bay of another shard: the ship is fresh and in no place.
InfResult inf_transfer_wake(InfWorld* world, uint32_t ship_index1, uint32_t destination_shard);
/// Credits for a soul in another shard, out of an account of this one. They follow the payee, else return to the payer.
InfResult inf_transfer_pay(InfWorld* world, uint32_t destination_shard, uint64_t payee, uint64_t payer,
                           uint32_t payer_account, int64_t credits);

/// The place nearest to an address, by sectors, that is known here (with a station, if asked for); 0: none at all.
uint32_t inf_place_nearest_known(const InfWorld* world, InfSystemAddress address, bool station);
/// Word without credits or a soul (KNOWN) to another shard.
InfResult inf_transfer_note(InfWorld* world, uint32_t destination_shard, uint64_t soul, const uint8_t* payload, size_t bytes);
/// Where a cut leads: to a station of this galaxy (address, body), or by shard 0 over the border.
typedef struct InfCutAim {
    InfSystemAddress address;
    uint8_t way, body;
    uint8_t transfer[INF_PASSAGE_BYTES], destination[INF_KEY_BYTES];
    uint8_t host_identity[INF_HASH_BYTES]; ///< of a passenger's host; zero: it has a body
} InfCutAim;
/// A docked soul with ship and wallet out of this world and into the outbox.
InfResult inf_transfer_cut(InfWorld* world, uint32_t ship_index1, uint32_t destination_shard, const InfCutAim* aim);
/// A passenger out of its host's head and into the outbox, to shard 0 and over the border.
InfResult inf_transfer_cut_rider(InfWorld* world, uint32_t passenger_index1, const InfCutAim* aim);

// ---- ledger and economy (core/economy/) -----------------------------------------------------------------------------
/// The shard's own accounts are the first rows: index1 of the account of MINT … ESCROW (their number) and BORDER.
#define INF_LEDGER_OWN_COUNT 6u
static inline uint32_t inf_ledger_own(InfAccountKind kind)
{
    return kind == INF_ACCOUNT_BORDER ? INF_LEDGER_OWN_COUNT : (uint32_t)kind;
}
static inline bool inf_ledger_is_own(uint32_t kind) { return kind <= INF_ACCOUNT_ESCROW || kind == INF_ACCOUNT_BORDER; }
void inf_ledger_found(InfWorld* world); ///< makes the shard's own accounts; once, at creation
uint32_t inf_account_open(InfWorld* world, InfAccountKind kind, uint64_t owner); ///< 0: full
void inf_account_close(InfWorld* world, uint32_t account); ///< asserts that it is empty
/// Move credits; the only way. @return INF_OK, INF_ERROR_RANGE (amount < 1), INF_ERROR_FUNDS (payer would fall below
/// zero; MINT and RECEIVED may). Emits a Ledger event and counts minted, burned.
InfResult inf_ledger_move(InfWorld* world, uint32_t payer, uint32_t payee, int64_t credits, InfReason reason);
/// O(1): the shard's MINT and BURN accounts agree with the counters by reason. Asserted at every tick.
bool inf_ledger_sound(const InfWorld* world);
/// All accounts together are zero, O(accounts).
bool inf_ledger_balanced(const InfWorld* world);
int64_t inf_soul_credits(const InfWorld* world, const InfSoul* soul); ///< carried and banked
/// From the carried, then the banked pocket to `payee`; all or nothing.
InfResult inf_soul_pay(InfWorld* world, InfSoul* soul, uint32_t payee, int64_t credits, InfReason reason);
/// Count income for the statistics by trade.
void inf_income_count(InfWorld* world, InfTrade trade, int64_t credits);
/// Bring a station's stock and till up to now (production and use in closed form).
void inf_station_update(InfWorld* world, uint32_t station_index1);
void inf_station_found(InfWorld* world, uint32_t station_index1); ///< first stock and till
void inf_station_timer(InfWorld* world, uint32_t station_index1);
InfResult inf_market_trade(InfWorld* world, uint32_t soul_index1, uint32_t good, bool sell, uint32_t units, int64_t limit_credits);
/// Price list of a station now, in the form that minds remember and boards show.
void inf_station_note(InfWorld* world, uint32_t station_index1, InfPriceNote* out);
/// Bring the upkeep of a soul up to now. A mind whose credits have ended dies; then the row is gone: returns false.
bool inf_upkeep_charge(InfWorld* world, uint32_t soul_index1);
InfResult inf_service(InfWorld* world, uint32_t soul_index1, InfService service, uint32_t units);
/// The station's fee for docking; called when a ship has docked. Waived for who cannot pay.
void inf_dock_charge(InfWorld* world, uint32_t soul_index1, uint32_t station_index1);
/// Buy a hull (the old one is taken in trade) or fit a module, docked. Refusals change nothing.
InfResult inf_shop_ship(InfWorld* world, uint32_t soul_index1, uint32_t hull_kind);
InfResult inf_shop_module(InfWorld* world, uint32_t soul_index1, uint32_t slot, uint32_t module);
/// Bank carried credits (the fee is burned) or withdraw, docked.
InfResult inf_bank(InfWorld* world, uint32_t soul_index1, bool withdraw, int64_t credits);
/// A soul dies: its bounty goes to who brought it down; without one a mind's is burned, a player's stays on its head.
/// To be called before inf_soul_die() closes a mind's accounts; killer 0: nobody.
void inf_bounty_settle(InfWorld* world, uint32_t target_index1, uint64_t killer_soul);
/// What the Heart would pay whoever comes first to a system: 0 where all was known at the founding.
int64_t inf_charting_reward(const InfWorld* world, InfSystemAddress address);
/// The Heart pays the first who comes to a system; called on every arrival by jump.
void inf_charting_visit(InfWorld* world, uint32_t soul_index1, uint32_t system_index1);
/// Tell who did harm in a place what the law says (patrols, bounty).
void inf_law_crime(InfWorld* world, uint32_t place_index1, uint32_t doer_ship, uint32_t victim_ship, bool killed);

// ---- souls and minds (core/soul/, core/mind/) --------------------------------------------------------------------------
typedef struct InfSoulDef {
    bool player;
    uint64_t parent;
    uint32_t place_index1; ///< a station's place: the body wakes docked there
    uint8_t hull_kind;
    int64_t credits; ///< minted into the carried pocket
    uint8_t traits[INF_TRAITS];
    uint8_t key[INF_KEY_BYTES];
    char name[INF_NAME_BYTES];
} InfSoulDef;
/// A soul with a ship, docked. 0 if a pool is full (nothing changed then).
uint32_t inf_soul_birth(InfWorld* world, const InfSoulDef* def);
/// Death: a mind's soul is closed and its will carried out; a player wakes at the clone bay (maybe in another shard).
/// The ship is the caller's business and must have let go of the soul unless it sits docked.
void inf_soul_die(InfWorld* world, uint32_t soul_index1, InfDeathCause cause, uint64_t killer_soul);
/// The place of the Concourse's station, where players wake who have no clone bay (shard 0); 0 if the pools are full.
uint32_t inf_soul_concourse(InfWorld* world);
void inf_soul_timer(InfWorld* world, uint32_t soul_index1);
/// A soul has come into this shard or was decoded: accounts opened by the caller; sets timers.
void inf_soul_arrived(InfWorld* world, uint32_t soul_index1);
/// Feelings: 0..1000 each. `change` is added after the decay up to now.
void inf_soul_feel(InfWorld* world, InfSoul* soul, InfFeelingKind feeling, int32_t change);
int32_t inf_soul_feeling(const InfWorld* world, const InfSoul* soul, InfFeelingKind feeling);
void inf_soul_remember(InfWorld* world, InfSoul* soul, InfMemoryKind kind, uint64_t who, int32_t value, uint32_t strength);
void inf_soul_relate(InfWorld* world, InfSoul* soul, uint64_t who, int32_t affection, int32_t trust, int32_t debt_credits);
const InfRelation* inf_soul_relation(const InfSoul* soul, uint64_t who); ///< null: a stranger
void inf_soul_goal(InfWorld* world, uint32_t soul_index1, InfGoal reached);
void inf_soul_alarm(InfWorld* world, uint32_t soul_index1, InfAlarm alarm);
/// What a ship tells its pilot; a built-in mind takes its next step, a player gets nothing but the events.
typedef enum InfNotice {
    INF_NOTICE_UNDOCKED, INF_NOTICE_ARRIVED, INF_NOTICE_DOCKED, INF_NOTICE_JUMPED, INF_NOTICE_HOLD_FULL,
    INF_NOTICE_ORDER_DONE, INF_NOTICE_ORDER_FAILED, INF_NOTICE_ATTACKED, INF_NOTICE_SPOKEN_TO, INF_NOTICE_ROBBED
} InfNotice;
void inf_mind_notify(InfWorld* world, uint32_t soul_index1, InfNotice notice, uint64_t who);
void inf_mind_timer(InfWorld* world, uint32_t soul_index1);
/// Say a line with the soul's voice.
InfResult inf_soul_say(InfWorld* world, uint32_t soul_index1, InfReach reach, uint64_t to, const char* text);

// ---- inside core/world ------------------------------------------------------------------------------------------------
InfResult inf_world_allocate(const InfWorldDef* def, InfWorld** out);
/// No soul holds more in a pocket, on its head or in debt; what claims to is refused at the borders (decode, transfer).
#define INF_POCKET_CREDITS_MAX INT64_C(1000000000000000)
/// No soul's own time is later: six thousand years.
#define INF_OWN_TIME_MAX (UINT64_C(1) << 41)
/// Is a row by itself one that a world may hold at tick `now`? Null if so, else what is wrong. What it points to in its
/// shard is not looked at.
const char* inf_soul_check(const InfSoul* soul, uint64_t now);
const char* inf_ship_check(const InfShip* ship, uint64_t now);
/// First pass of inf_world_validate(): every index is in range. Needs no maps.
const char* inf_world_validate_rows(const InfWorld* world);
/// Make maps, timers and the hot list from the state.
void inf_world_derive(InfWorld* world);
void inf_border_derive(InfWorld* world); ///< core/border/directory.c: its maps
/// core/border/directory.c: what another shard tells of an identity.
InfResult inf_directory_take(InfWorld* world, const InfInputTransferIn* input);
void inf_soul_index(InfWorld* world, uint32_t soul_index1);   ///< into the map
void inf_ship_index(InfWorld* world, uint32_t ship_index1);
void inf_tag_index(InfWorld* world, uint32_t tag_index1); ///< core/heart/tags.c: by skeleton and by key
/// A player comes from another galaxy: with the tag that its key has here, else with its name, or the name and a number, if
/// that is free. INF_OK, INF_ERROR_EXISTS (its key is another soul's here, or all such tags are taken), INF_ERROR_FULL
InfResult inf_tag_may_admit(const InfWorld* world, const InfSoul* soul);
void inf_tag_admit(InfWorld* world, InfSoul* soul); ///< after INF_OK; sets its name
static inline uint64_t inf_world_new_id(const InfWorld* world, uint64_t* sequence)
{
    return ((uint64_t)world->header.shard << 48) | ++*sequence;
}
#define INF_SEQUENCE_MASK ((UINT64_C(1) << 48) - 1)
/// Of another shard, or one that this shard has given already: one to come would be given twice.
static inline bool inf_id_is_given(const InfHeader* header, uint64_t id, uint64_t sequence)
{
    return (id & INF_ID_ELSEWHERE) != 0 || (id >> 48 < header->shard_count && (id >> 48 != header->shard || (id & INF_SEQUENCE_MASK) <= sequence));
}

#endif
