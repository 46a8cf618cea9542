/// @file words.h
/// Words of the core's tables for documents. Internal to souls/.
#ifndef INFINITY_SOULS_WORDS_H
#define INFINITY_SOULS_WORDS_H

#include <infinity/state.h>

extern const char* const inf_words_trait[INF_TRAITS];
extern const char* const inf_words_feeling[INF_FEELINGS];
extern const char* const inf_words_memory[INF_MEMORY_COUNT];
extern const char* const inf_words_hull[INF_HULL_COUNT];
extern const char* const inf_words_module[INF_MODULE_COUNT];
extern const char* const inf_words_good[INF_GOODS];
extern const char* const inf_words_goal[INF_GOAL_COUNT];
extern const char* const inf_words_way[INF_WAY_COUNT];

/// 0..255 as a number from 0 to 1 with three decimals, and back; exact.
double inf_trait_number(uint8_t trait);
uint8_t inf_trait_of(double number);

#endif
