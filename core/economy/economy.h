/// @file economy.h
/// What the files of economy/ and heart/ share, and what other topics need of them beyond world/internal.h.
#ifndef INF_CORE_ECONOMY_H
#define INF_CORE_ECONOMY_H

#include "infinity/tuning.h"
#include "world/internal.h"

/// The station that a soul's ship is docked at, 0 if it is not docked. Brings nothing up to date.
uint32_t inf_soul_docked_station(const InfWorld* world, const InfSoul* soul);
/// Full wealth is 1000.
int64_t inf_station_wealth(const InfStation* station);
/// What a station's till holds in quiet times.
int64_t inf_station_till_normal(const InfStation* station);
/// Target stock, in thousandths of a unit.
int64_t inf_station_target_milli(const InfStation* station, uint32_t good);
/// Middle price of the unit around a stock, milli-credits.
int64_t inf_market_price_milli(int64_t base_credits, int64_t stock_milli, int64_t target_milli);
int64_t inf_station_dock_credits(const InfStation* station);
int64_t inf_station_clone_credits(const InfStation* station);
/// How much there is to earn at a station, 0 (all stocks settled) to 1000 (nobody hauls): what births follow.
int64_t inf_station_opportunity(InfWorld* world, uint32_t station_index1);
/// At the founding: size stock, flows and till for so many souls that live there.
void inf_station_grow(InfWorld* world, uint32_t station_index1, uint32_t souls);
/// Births at a station's turn.
void inf_station_bear(InfWorld* world, uint32_t station_index1);

/// Ticks in which a soul burns one credit; 0: it burns nothing.
uint64_t inf_soul_ticks_per_credit(const InfWorld* world, const InfSoul* soul);

// Of core/soul/birth.c:
/// Traits of a child: each from one parent or between them, with a little chance. Null parents: by chance alone.
void inf_traits_mix(InfRng* rng, const uint8_t* mother, const uint8_t* father, uint8_t out[INF_TRAITS]);
/// The place of the Concourse, the first station of the Heart's system; 0 in other shards or if there is no room.
uint32_t inf_soul_concourse(InfWorld* world);

#endif
