/// @file join.h
/// Two branches of one soul become one: the pure law. See join.c.
#ifndef INF_CORE_JOIN_H
#define INF_CORE_JOIN_H

#include "soul/soul.h"

/// Does `a` live on when the two become one?
bool inf_soul_precedes(const InfSoul* a, const InfSoul* b);
/// @param out      the branch that lives on, with the contents of both; may be `a` or `b`
/// @param own_now  the moment, in the common time of both, at which strengths are compared
void inf_soul_join(InfSoul* out, const InfSoul* a, const InfSoul* b, uint64_t own_now);
/// One row per person, the largest by the same law; the newest first, no gaps.
void inf_soul_gather_relations(InfSoul* soul);

#endif
