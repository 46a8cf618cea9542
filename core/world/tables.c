// The data tables by number.
#include "infinity/state.h"

static const InfHull hulls[] = {
#define X(number, NAME, ...) [number] = {__VA_ARGS__},
    INF_HULLS_TABLE(X)
#undef X
};
static const InfModule modules[] = {
#define X(number, NAME, ...) [number] = {__VA_ARGS__},
    INF_MODULES_TABLE(X)
#undef X
};
static const char* const good_words[] = {
#define X(number, NAME, word, price) [number] = word,
    INF_GOODS_TABLE(X)
#undef X
};
static const int64_t good_prices[] = {
#define X(number, NAME, word, price) [number] = price,
    INF_GOODS_TABLE(X)
#undef X
};

const InfHull* inf_hull(uint32_t kind) { return &hulls[kind < INF_HULL_COUNT ? kind : 0]; }
const InfModule* inf_module(uint32_t kind) { return &modules[kind < INF_MODULE_COUNT ? kind : 0]; }
const char* inf_good_word(uint32_t good) { return good_words[good < INF_GOOD_COUNT ? good : 0]; }
int64_t inf_good_base_price(uint32_t good) { return good_prices[good < INF_GOOD_COUNT ? good : 0]; }

#define X(number, NAME, word, help) [number] = word,
#define WORDS(function, TABLE, COUNT)                                                                   \
    const char* function(uint32_t number)                                                               \
    {                                                                                                   \
        static const char* const words[] = {TABLE(X)};                                                  \
        return words[number < (uint32_t)(COUNT) ? number : 0];                                          \
    }
WORDS(inf_order_word, INF_ORDERS, INF_ORDER_COUNT)
WORDS(inf_reason_word, INF_REASONS, INF_REASON_COUNT)
WORDS(inf_activity_word, INF_ACTIVITIES, INF_ACTIVITY_COUNT)
WORDS(inf_cause_word, INF_DEATH_CAUSES, INF_DEATH_COUNT)
WORDS(inf_trade_word, INF_TRADES, INF_TRADE_COUNT)
WORDS(inf_trait_word, INF_TRAIT_KINDS, INF_TRAIT_COUNT)
WORDS(inf_feeling_word, INF_FEELING_KINDS, INF_FEELING_COUNT)
WORDS(inf_account_word, INF_ACCOUNT_KINDS, INF_ACCOUNT_COUNT)
WORDS(inf_act_word, INF_ACTS, INF_ACT_COUNT)
WORDS(inf_will_word, INF_WILL_REASONS, INF_WILL_COUNT)
WORDS(inf_directory_word, INF_DIRECTORY_STATES, INF_DIRECTORY_COUNT)
WORDS(inf_lineage_word, INF_LINEAGE_ACTS, INF_LINEAGE_COUNT)
WORDS(inf_galaxy_kind_word, INF_GALAXY_KINDS, INF_GALAXY_KIND_COUNT)
WORDS(inf_sense_word, INF_SENSE_KINDS, INF_SENSE_COUNT)
#undef X
#define X(number, NAME, word, help) [number] = help,
WORDS(inf_will_sentence, INF_WILL_REASONS, INF_WILL_COUNT)
#undef X
