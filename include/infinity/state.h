/// @file state.h
/// The structs of a shard's state, made from tables/state.inl, for shells to read. Only the core writes them.
/// Pointers to rows are valid until the next tick or decode.
#ifndef INFINITY_STATE_H
#define INFINITY_STATE_H

#include "infinity/base.h"
#include "infinity/tables/constants.h"
#include "infinity/tables/goods.inl"
#include "infinity/tables/hulls.inl"
#include "infinity/tables/inputs.inl"
#include "infinity/tables/events.inl"
#include "infinity/tables/kinds.inl"
#include "infinity/tables/modules.inl"
#include "infinity/tables/state.inl"

// Short names for the number types that the tables use.
typedef uint8_t inf_u8;
typedef int8_t inf_i8;
typedef uint16_t inf_u16;
typedef int16_t inf_i16;
typedef uint32_t inf_u32;
typedef int32_t inf_i32;
typedef uint64_t inf_u64;
typedef int64_t inf_i64;
typedef float inf_f32;

// One enumeration per kind: INF_ORDER_DOCK, INF_GOOD_ORE, INF_HULL_SHUTTLE, …, each with its count.
#define INF_ENUM(Type, PREFIX, TABLE, ROW)                                                              \
    typedef enum Type { TABLE(ROW) PREFIX##_COUNT } Type;
#define X(n, NAME, ...) INF_SHIP_STATE_##NAME = n,
INF_ENUM(InfShipState, INF_SHIP_STATE, INF_SHIP_STATES, X)
#undef X
#define X(n, NAME, ...) INF_ORDER_##NAME = n,
INF_ENUM(InfOrderKind, INF_ORDER, INF_ORDERS, X)
#undef X
#define X(n, NAME, ...) INF_PLACE_##NAME = n,
INF_ENUM(InfPlaceKind, INF_PLACE, INF_PLACE_KINDS, X)
#undef X
#define X(n, NAME, ...) INF_REACH_##NAME = n,
INF_ENUM(InfReach, INF_REACH, INF_REACHES, X)
#undef X
#define X(n, NAME, ...) INF_FEELING_##NAME = n,
INF_ENUM(InfFeelingKind, INF_FEELING, INF_FEELING_KINDS, X)
#undef X
#define X(n, NAME, ...) INF_TRAIT_##NAME = n,
INF_ENUM(InfTraitKind, INF_TRAIT, INF_TRAIT_KINDS, X)
#undef X
#define X(n, NAME, ...) INF_MEMORY_##NAME = n,
INF_ENUM(InfMemoryKind, INF_MEMORY, INF_MEMORY_KINDS, X)
#undef X
#define X(n, NAME, ...) INF_ACTIVITY_##NAME = n,
INF_ENUM(InfActivity, INF_ACTIVITY, INF_ACTIVITIES, X)
#undef X
#define X(n, NAME, ...) INF_DEATH_##NAME = n,
INF_ENUM(InfDeathCause, INF_DEATH, INF_DEATH_CAUSES, X)
#undef X
#define X(n, NAME, ...) INF_REASON_##NAME = n,
INF_ENUM(InfReason, INF_REASON, INF_REASONS, X)
#undef X
#define X(n, NAME, ...) INF_ACCOUNT_##NAME = n,
INF_ENUM(InfAccountKind, INF_ACCOUNT, INF_ACCOUNT_KINDS, X)
#undef X
#define X(n, NAME, ...) INF_TRADE_##NAME = n,
INF_ENUM(InfTrade, INF_TRADE, INF_TRADES, X)
#undef X
#define X(n, NAME, ...) INF_GOAL_##NAME = n,
INF_ENUM(InfGoal, INF_GOAL, INF_GOALS, X)
#undef X
#define X(n, NAME, ...) INF_GOOD_##NAME = n,
INF_ENUM(InfGood, INF_GOOD, INF_GOODS_TABLE, X)
#undef X
#define X(n, NAME, ...) INF_HULL_##NAME = n,
INF_ENUM(InfHullKind, INF_HULL, INF_HULLS_TABLE, X)
#undef X
#define X(n, NAME, ...) INF_MODULE_##NAME = n,
INF_ENUM(InfModuleKind, INF_MODULE, INF_MODULES_TABLE, X)
#undef X
#define X(n, NAME, ...) INF_SERVICE_##NAME = n,
INF_ENUM(InfService, INF_SERVICE, INF_SERVICES, X)
#undef X
#define X(n, NAME, ...) INF_TRANSFER_##NAME = n,
INF_ENUM(InfTransferKind, INF_TRANSFER, INF_TRANSFER_KINDS, X)
#undef X
#define X(n, NAME, ...) INF_ALARM_##NAME = n,
INF_ENUM(InfAlarm, INF_ALARM, INF_ALARMS, X)
#undef X
#define X(n, NAME, ...) INF_ACT_##NAME = n,
INF_ENUM(InfAct, INF_ACT, INF_ACTS, X)
#undef X
#define X(n, NAME, ...) INF_WILL_##NAME = n,
INF_ENUM(InfWillReason, INF_WILL, INF_WILL_REASONS, X)
#undef X
#define X(n, NAME, ...) INF_WAY_##NAME = n,
INF_ENUM(InfWay, INF_WAY, INF_WAYS, X)
#undef X
#define X(n, NAME, ...) INF_DIRECTORY_##NAME = n,
INF_ENUM(InfDirectoryState, INF_DIRECTORY, INF_DIRECTORY_STATES, X)
#undef X
#define X(n, NAME, ...) INF_LINEAGE_##NAME = n,
INF_ENUM(InfLineageAct, INF_LINEAGE, INF_LINEAGE_ACTS, X)
#undef X
#define X(n, NAME, ...) INF_GALAXY_KIND_##NAME = n,
INF_ENUM(InfGalaxyKind, INF_GALAXY_KIND, INF_GALAXY_KINDS, X)
#undef X
#define X(n, NAME, ...) INF_SENSE_##NAME = n,
INF_ENUM(InfSenseKind, INF_SENSE, INF_SENSE_KINDS, X)
#undef X
_Static_assert(INF_GOOD_COUNT == INF_GOODS, "the table of goods and the arrays agree");
_Static_assert(INF_TRAIT_COUNT == INF_TRAITS && INF_FEELING_COUNT == INF_FEELINGS, "tables and arrays agree");

/// Soul flags.
#define INF_SOUL_PLAYER 1u    ///< has a tag; wakes again after death
#define INF_SOUL_CONNECTED 2u ///< a human is at the helm now
#define INF_SOUL_GHOST 4u     ///< the transponder is off (a mind has none and is always a ghost)
#define INF_SOUL_EXTERNAL 8u  ///< decided from outside; the built-in mind keeps the body alive only
#define INF_SOUL_CLONE 16u    ///< has paid a clone bay
/// Ship flags.
#define INF_SHIP_PATROL 1u    ///< a drone of the law
#define INF_SHIP_CRIMINAL 2u  ///< did harm against the law; patrols answer in charted space
#define INF_SHIP_FIRED_FIRST 4u ///< at a ship that had done it nothing; over with the fight

#define INF_STRUCT_F(type, name) inf_##type name;
#define INF_STRUCT_A(type, name, count) inf_##type name[count];
#define INF_STRUCT_S(Struct, name, count) Inf##Struct name[count];
#define X(Struct)                                                                                       \
    typedef struct Inf##Struct {                                                                        \
        INF_STATE_##Struct(INF_STRUCT_F, INF_STRUCT_A, INF_STRUCT_S)                                    \
    } Inf##Struct;
INF_STATE_STRUCTS(X)
#undef X

/// One row of tables/hulls.inl.
typedef struct InfHull {
    const char* word;
    int64_t price_credits;
    uint32_t cargo_units, fuel;
    float hull, shield, acceleration_m_per_s2, speed_m_per_s, turn_rad_per_s;
    uint32_t slots;
    float radius_m;
    int64_t cruise_km_per_s;
} InfHull;

/// One row of tables/modules.inl.
typedef struct InfModule {
    const char* word;
    int64_t price_credits;
    float range_m;
    uint32_t cycle_ticks;
    float amount, tracking_rad_per_s;
    const char* help;
} InfModule;

/// The tables by number; a number out of range gives the first row. Static lifetime.
INF_API const InfHull* inf_hull(uint32_t kind);
INF_API const InfModule* inf_module(uint32_t kind);
INF_API const char* inf_good_word(uint32_t good);
INF_API int64_t inf_good_base_price(uint32_t good);
INF_API const char* inf_order_word(uint32_t order);
INF_API const char* inf_reason_word(uint32_t reason);
INF_API const char* inf_activity_word(uint32_t activity);
INF_API const char* inf_cause_word(uint32_t cause);
INF_API const char* inf_trade_word(uint32_t trade);
INF_API const char* inf_trait_word(uint32_t trait);
INF_API const char* inf_feeling_word(uint32_t feeling);
INF_API const char* inf_account_word(uint32_t kind);
INF_API const char* inf_act_word(uint32_t act);
INF_API const char* inf_will_word(uint32_t reason);     ///< "affection"
INF_API const char* inf_will_sentence(uint32_t reason); ///< "You are dear to me."
INF_API const char* inf_directory_word(uint32_t state);
INF_API const char* inf_lineage_word(uint32_t act);
INF_API const char* inf_galaxy_kind_word(uint32_t kind);
INF_API const char* inf_sense_word(uint32_t kind);

#endif
