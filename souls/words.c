// Words of the core's tables; see words.h.
#include "souls/words.h"

#define X(number, NAME, word, ...) [number] = word,
const char* const inf_words_trait[INF_TRAITS] = {INF_TRAIT_KINDS(X)};
const char* const inf_words_feeling[INF_FEELINGS] = {INF_FEELING_KINDS(X)};
const char* const inf_words_memory[INF_MEMORY_COUNT] = {INF_MEMORY_KINDS(X)};
const char* const inf_words_hull[INF_HULL_COUNT] = {INF_HULLS_TABLE(X)};
const char* const inf_words_module[INF_MODULE_COUNT] = {INF_MODULES_TABLE(X)};
const char* const inf_words_good[INF_GOODS] = {INF_GOODS_TABLE(X)};
const char* const inf_words_goal[INF_GOAL_COUNT] = {INF_GOALS(X)};
const char* const inf_words_way[INF_WAY_COUNT] = {INF_WAYS(X)};
#undef X

// A step of 1/255 is nearly four thousandths, so three decimals tell all 256 apart.
double inf_trait_number(uint8_t trait)
{
    return (double)((trait * 2000u + 255u) / 510u) / 1000.0;
}

uint8_t inf_trait_of(double number)
{
    return number <= 0 ? 0 : number >= 1 ? 255 : (uint8_t)(number * 255.0 + 0.5);
}
