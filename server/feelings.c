// See feelings.h. A sample is due at ticks that are the soul's id modulo twenty beyond a multiple of the interval, so that
// souls take turns, and what is let go when the interval doubles is the same in memory and in the table.
#include "server/feelings.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(INF_FEELINGS == INF_JOURNAL_FEELINGS, "a row holds every feeling");
_Static_assert(INF_FEELINGS_EVERY_TICKS == INF_JOURNAL_FEELINGS_PHASE, "the phase is that of the first interval");

struct InfFeelingsDesk {
    InfFeelingsKeep* keep;
    void* user;
    uint32_t count;
    InfFeelingsLog logs[INF_FEELINGS_SOULS];
};

InfFeelingsDesk* inf_feelings_desk_create(InfFeelingsKeep* keep, void* user) {
    InfFeelingsDesk* desk = calloc(1, sizeof(*desk));
    if (desk != NULL) {
        desk->keep = keep;
        desk->user = user;
    }
    return desk;
}

void inf_feelings_desk_destroy(InfFeelingsDesk* desk) { free(desk); }

static bool fits(uint64_t soul, uint64_t tick, uint32_t every_ticks) {
    uint64_t phase = soul % INF_FEELINGS_EVERY_TICKS;
    return tick >= phase && (tick - phase) % every_ticks == 0;
}

static InfFeelingsLog* find(InfFeelingsDesk* desk, uint64_t soul) {
    for (uint32_t i = 0; i < desk->count; i++) {
        if (desk->logs[i].soul == soul) {
            return &desk->logs[i];
        }
    }
    return NULL;
}

const InfFeelingsLog* inf_feelings_find(const InfFeelingsDesk* desk, uint64_t soul) {
    return find((InfFeelingsDesk*)(uintptr_t)desk, soul);
}

static void keep(InfFeelingsDesk* desk, const InfFeelingsRow* row) {
    if (desk->keep != NULL) {
        desk->keep(desk->user, row);
    }
}

InfFeelingsLog* inf_feelings_follow(InfFeelingsDesk* desk, uint64_t soul, uint64_t now_tick) {
    InfFeelingsLog* log = find(desk, soul);
    if (log != NULL) {
        log->touched_tick = now_tick;
        return log;
    }
    if (desk->count < INF_FEELINGS_SOULS) {
        log = &desk->logs[desk->count++];
    } else {
        log = &desk->logs[0];
        for (uint32_t i = 1; i < desk->count; i++) {
            log = desk->logs[i].touched_tick < log->touched_tick ? &desk->logs[i] : log;
        }
        keep(desk, &(InfFeelingsRow){.soul_id = log->soul, .tick = now_tick}); // let go
    }
    log->soul = soul;
    log->touched_tick = now_tick;
    log->every_ticks = INF_FEELINGS_EVERY_TICKS;
    log->count = 0;
    log->is_thinned = false;
    return log;
}

bool inf_feelings_is_due(const InfFeelingsLog* log, uint64_t now_tick) {
    return fits(log->soul, now_tick, log->every_ticks) && (log->count == 0 || log->ticks[log->count - 1] < now_tick);
}

/// Double the interval until there is room, and let go of what does not fit it.
static void thin(InfFeelingsLog* log) {
    while (log->count == INF_FEELINGS_SAMPLES) {
        uint32_t kept = 0;
        log->every_ticks *= 2;
        for (uint32_t i = 0; i < log->count; i++) {
            if (fits(log->soul, log->ticks[i], log->every_ticks)) {
                log->ticks[kept] = log->ticks[i];
                memmove(log->values[kept++], log->values[i], sizeof(log->values[i]));
            }
        }
        log->count = kept;
        log->is_thinned = true;
    }
}

void inf_feelings_add(InfFeelingsDesk* desk, InfFeelingsLog* log, uint64_t now_tick, const uint16_t feelings[INF_FEELINGS]) {
    if (!inf_feelings_is_due(log, now_tick)) {
        return;
    }
    thin(log);
    if (!fits(log->soul, now_tick, log->every_ticks)) {
        return;
    }
    InfFeelingsRow row = {.soul_id = log->soul, .tick = now_tick, .every_ticks = log->every_ticks, .is_thinned = log->is_thinned};
    log->is_thinned = false;
    log->ticks[log->count] = now_tick;
    memcpy(log->values[log->count++], feelings, sizeof(log->values[0]));
    memcpy(row.values, feelings, sizeof(row.values));
    keep(desk, &row);
}

void inf_feelings_load(InfFeelingsDesk* desk, const InfFeelingsRow* rows, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const InfFeelingsRow* row = &rows[i];
        InfFeelingsLog* log = find(desk, row->soul_id);
        if (row->every_ticks < INF_FEELINGS_EVERY_TICKS || (log == NULL && desk->count == INF_FEELINGS_SOULS) ||
            (log != NULL && (log->count == INF_FEELINGS_SAMPLES || log->ticks[log->count - 1] >= row->tick))) {
            continue;
        }
        if (log == NULL) {
            log = &desk->logs[desk->count++];
            log->soul = row->soul_id;
        }
        log->touched_tick = row->tick;
        log->every_ticks = row->every_ticks;
        log->ticks[log->count] = row->tick;
        memcpy(log->values[log->count++], row->values, sizeof(row->values));
    }
}

InfFeelingsLog* inf_feelings_next(InfFeelingsDesk* desk, uint32_t* at) {
    return *at < desk->count ? &desk->logs[(*at)++] : NULL;
}
