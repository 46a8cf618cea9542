/// @file border.h
/// What the files of core/border/ share: consents, the directory, crossings, copies and merges. Nothing here is state.
#ifndef INF_CORE_BORDER_H
#define INF_CORE_BORDER_H

#include "infinity/soul.h"
#include "soul/soul.h"

bool inf_is_zero(const uint8_t* bytes, size_t count);

// ---- maps (directory.c) ---------------------------------------------------------------------------------------------
void inf_directory_index(InfWorld* world, uint32_t index1);
void inf_consent_index(InfWorld* world, uint32_t index1);
/// Index plus one, expired or not.
uint32_t inf_consent_find(const InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act);
/// Use a consent up. False: there is none (nothing changes).
bool inf_consent_spend(InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act);
/// Make the maps of this room from the state.
void inf_border_derive(InfWorld* world);

#endif
