// See feelings.h.
#include "server/feelings.h"

#include <stdlib.h>
#include <string.h>

struct InfFeelingsDesk {
    uint32_t count;
    InfFeelingsLog logs[INF_FEELINGS_SOULS];
};

InfFeelingsDesk* inf_feelings_desk_create(void) { return calloc(1, sizeof(InfFeelingsDesk)); }
void inf_feelings_desk_destroy(InfFeelingsDesk* desk) { free(desk); }

InfFeelingsLog* inf_feelings_follow(InfFeelingsDesk* desk, uint64_t soul, uint64_t now_tick) {
    InfFeelingsLog* oldest = &desk->logs[0];
    for (uint32_t i = 0; i < desk->count; i++) {
        InfFeelingsLog* log = &desk->logs[i];
        if (log->soul == soul) {
            log->touched_tick = now_tick;
            return log;
        }
        if (log->touched_tick < oldest->touched_tick) {
            oldest = log;
        }
    }
    InfFeelingsLog* log = desk->count < INF_FEELINGS_SOULS ? &desk->logs[desk->count++] : oldest;
    log->soul = soul;
    log->touched_tick = now_tick;
    log->next_tick = now_tick;
    log->every_ticks = INF_FEELINGS_EVERY_TICKS;
    log->count = 0;
    return log;
}

void inf_feelings_add(InfFeelingsLog* log, uint64_t now_tick, const uint16_t feelings[INF_FEELINGS]) {
    if (now_tick < log->next_tick) {
        return;
    }
    if (log->count == INF_FEELINGS_SAMPLES) {
        for (uint32_t i = 0; i < INF_FEELINGS_SAMPLES / 2; i++) {
            log->ticks[i] = log->ticks[2 * i];
            memcpy(log->values[i], log->values[2 * i], sizeof(log->values[i]));
        }
        log->count = INF_FEELINGS_SAMPLES / 2;
        log->every_ticks *= 2;
    }
    log->ticks[log->count] = now_tick;
    memcpy(log->values[log->count++], feelings, sizeof(log->values[0]));
    log->next_tick = now_tick + log->every_ticks;
}

InfFeelingsLog* inf_feelings_next(InfFeelingsDesk* desk, uint32_t* at) {
    return *at < desk->count ? &desk->logs[(*at)++] : NULL;
}
