// What each client gets of the places that interest.c has walked: in a small place the shared run, in a full one the records
// of its own set of ships. Nothing here changes what hands share, once the places are prepared.
#include "server/interest_internal.h"

#include <stdlib.h>
#include <string.h>

/// What was told when: decides what has to be told now.
typedef struct Past {
    bool is_continued; // it got the tick before
    bool is_known;     // it got an earlier tick, and the place has been walked in each tick since
    bool is_kept;      // and the views of that tick have been kept
    bool is_wide;      // and the wide slots tell what has changed since
    uint32_t tick;     // of the last snapshot that it got, low bits
    uint32_t ticks;    // ago
} Past;

/// A late client is told the name of what was new or renamed in any of the ticks that it did not get.
static bool is_name_due(const Row* row, const Past* past) {
    return past->is_continued ? row->is_new || row->is_renamed
                              : !past->is_known || (int32_t)(row->named_tick - past->tick) > 0;
}

static size_t write_shared(InfInterest* interest, Place* place, InfSight* sight, const Past* past, uint8_t* out,
                           uint32_t* told, uint32_t* told_count) {
    RunKind kind = !sight->is_shared ? RUN_FULL : past->is_continued && place->is_continued ? RUN_DELTA : RUN_WIDE;
    if (kind == RUN_WIDE && !(past->is_wide && place->runs[RUN_WIDE].made)) {
        kind = RUN_FULL;
    }
    const Run* run = &place->runs[kind];
    bool is_full = kind == RUN_FULL;
    if (!run->made) {
        inf_interest_make_run(interest, place, kind);
    }
    const Row* rows = interest->rows[place->shard].rows;
    bool is_all_new = is_full && !(sight->is_shared && past->is_known);
    for (uint32_t i = 0; i < place->ship_count; i++) {
        if (is_all_new || is_name_due(&rows[place->ships[i]], past)) {
            told[(*told_count)++] = place->ships[i];
        }
    }
    sight->is_shared = true;
    sight->seen_count = 0;
    inf_view_write_head(interest->tick, is_full, (uint16_t)run->count, out);
    memcpy(out + INF_VIEW_HEAD_BYTES, interest->records + run->at, run->bytes);
    return INF_VIEW_HEAD_BYTES + run->bytes;
}

// ---- the nearest and most important ---------------------------------------------------------------------------

static bool make_marks(Desk* desk, uint32_t shard, uint32_t count) {
    if (count > desk->mark_counts[shard]) {
        uint32_t* marks = realloc(desk->marks[shard], count * sizeof(uint32_t));
        if (marks == NULL) {
            return false;
        }
        memset(marks + desk->mark_counts[shard], 0, (count - desk->mark_counts[shard]) * sizeof(uint32_t));
        desk->marks[shard] = marks;
        desk->mark_counts[shard] = count;
    }
    return true;
}

/// After some thousand million sets, half a day of a great battle, the numbers begin anew.
static void renew_marks(Desk* desk) {
    if (desk->mark < UINT32_MAX - 2) {
        return;
    }
    for (uint32_t s = 0; s < INF_SHARDS_MAX; s++) {
        if (desk->marks[s] != NULL) {
            memset(desk->marks[s], 0, desk->mark_counts[s] * sizeof(uint32_t));
        }
    }
    desk->mark = 0;
}

/// Choose the set anew; the chosen, and only they, carry desk->mark then. @return how many rows in `chosen`
static uint32_t choose(InfInterest* interest, Desk* desk, Place* place, const InfLook* look, InfSight* sight,
                       uint32_t chosen[INF_INTEREST_SEEN]) {
    const Rows* rows = &interest->rows[place->shard];
    if (!make_marks(desk, place->shard, rows->count) || !inf_interest_make_grid(interest, place)) {
        return 0;
    }
    renew_marks(desk);
    uint32_t* marks = desk->marks[place->shard];
    uint32_t seen_mark = ++desk->mark;
    for (uint32_t i = 0; i < sight->seen_count; i++) {
        marks[sight->seen[i]] = seen_mark;
    }
    float from[3] = {0, 0, 0};
    for (int k = 0; k < 3 && look->ship_index1 != 0 && look->ship_index1 <= rows->count; k++) {
        from[k] = (float)rows->rows[look->ship_index1 - 1].view.position[k];
    }
    const uint32_t* nearest;
    uint32_t count = inf_grid_find(&place->grid, &desk->search, from, look->ships_max, marks, seen_mark, &sight->reach, &nearest);
    uint32_t chosen_mark = ++desk->mark, chosen_count = 0;
    uint32_t always[5] = {look->ship_index1, look->important[0], look->important[1], look->important[2],
                          look->important[3]};
    for (int i = 0; i < 5; i++) {
        const Row* row = always[i] != 0 && always[i] <= rows->count ? &rows->rows[always[i] - 1] : NULL;
        if (row != NULL && inf_interest_is_here(interest, place, row) && marks[always[i] - 1] != chosen_mark) {
            marks[always[i] - 1] = chosen_mark;
            chosen[chosen_count++] = always[i] - 1;
        }
    }
    for (uint32_t i = 0; i < count && chosen_count < look->ships_max; i++) {
        uint32_t* mark = &marks[nearest[i]];
        if (*mark != chosen_mark) {
            *mark = chosen_mark;
            chosen[chosen_count++] = nearest[i];
        }
    }
    return chosen_count;
}

/// An attacker does not wait until it is somebody's turn.
static bool misses_important(const InfInterest* interest, const Place* place, const InfSight* sight, const InfLook* look) {
    const Rows* rows = &interest->rows[place->shard];
    for (int i = 0; i < 4; i++) {
        uint32_t index1 = look->important[i];
        if (index1 == 0 || index1 > rows->count || !inf_interest_is_here(interest, place, &rows->rows[index1 - 1])) {
            continue;
        }
        bool is_seen = false;
        for (uint32_t k = 0; k < sight->seen_count; k++) {
            is_seen |= sight->seen[k] == index1 - 1;
        }
        if (!is_seen) {
            return true;
        }
    }
    return false;
}

typedef struct Out {
    uint8_t* at;
    uint32_t count;
} Out;

/// What has changed of those that stay, as long as nothing else is to be done: no set is chosen anew. Slots tell all that
/// is needed; who is new, renamed or gone is looked at closely.
static void put_seen(InfInterest* interest, const Place* place, InfSight* sight, const Slot* slots, Out* out, uint32_t* told,
                     uint32_t* told_count) {
    const Rows* rows = &interest->rows[place->shard];
    uint8_t* at = out->at;
    uint32_t kept = 0, count = 0, seen_count = sight->seen_count;
    for (uint32_t i = 0; i < seen_count; i++) {
        uint32_t index = sight->seen[i];
        const Slot* slot = &slots[index];
        uint32_t meta = slot->meta;
        if (meta > SLOT_LENGTH) {
            const Row* row = &rows->rows[index];
            if (!inf_interest_is_here(interest, place, row)) {
                at += inf_view_write_gone(index, at);
                count++;
                continue;
            }
            told[(*told_count)++] = index;
            meta &= SLOT_LENGTH;
        }
        memcpy(at, slot, COPY_BYTES);
        at += meta;
        count += meta != 0;
        sight->seen[kept++] = index;
    }
    sight->seen_count = kept;
    out->at = at;
    out->count += count;
}

/// The slots that tell what has changed since then, or null.
static const Slot* slots_since(const Rows* rows, const Past* past) {
    return past->is_continued ? rows->slots : past->is_wide ? rows->wide : NULL;
}

/// A known ship's record for one whom no slots serve. @return bytes
static uint32_t put_late_record(const InfInterest* interest, const Rows* rows, uint32_t index, const Past* past, uint8_t* at) {
    const Row* row = &rows->rows[index];
    if (past->is_kept && (int32_t)(row->since_tick - past->tick) <= 0) {
        return inf_view_write_delta(index, &rows->kept[index][past->tick % KEPT_TICKS], &row->view, past->ticks, at);
    }
    memcpy(at, interest->records + row->full_at, COPY_BYTES);
    return INF_VIEW_FULL_BYTES;
}

/// The same for a client that did not get the tick before, nor one a stride ago, but one not long ago.
static void put_late(InfInterest* interest, const Place* place, InfSight* sight, const Past* past, Out* out, uint32_t* told,
                     uint32_t* told_count) {
    const Rows* rows = &interest->rows[place->shard];
    uint32_t kept = 0, seen_count = sight->seen_count;
    for (uint32_t i = 0; i < seen_count; i++) {
        uint32_t index = sight->seen[i];
        const Row* row = &rows->rows[index];
        if (!inf_interest_is_here(interest, place, row)) {
            out->at += inf_view_write_gone(index, out->at);
            out->count++;
            continue;
        }
        uint32_t bytes = put_late_record(interest, rows, index, past, out->at);
        out->at += bytes;
        out->count += bytes != 0;
        if (is_name_due(row, past)) {
            told[(*told_count)++] = index;
        }
        sight->seen[kept++] = index;
    }
    sight->seen_count = kept;
}

/// The same in a turn in which the set is chosen anew: who is not in it is told as gone, who is new in it in full.
static void put_chosen(InfInterest* interest, Desk* desk, Place* place, InfSight* sight, const InfLook* look,
                       const Past* past, Out* out, uint32_t* told, uint32_t* told_count) {
    uint32_t chosen[INF_INTEREST_SEEN];
    uint32_t chosen_count = choose(interest, desk, place, look, sight, chosen), kept = 0, mark = desk->mark;
    const Rows* rows = &interest->rows[place->shard];
    const Slot* slots = slots_since(rows, past);
    uint32_t* marks = desk->marks[place->shard];
    for (uint32_t i = 0; i < sight->seen_count; i++) {
        uint32_t index = sight->seen[i];
        const Row* row = &rows->rows[index];
        if (marks == NULL || marks[index] != mark || !inf_interest_is_here(interest, place, row)) {
            out->at += inf_view_write_gone(index, out->at);
            out->count++;
            continue;
        }
        uint32_t bytes;
        if (slots != NULL) {
            memcpy(out->at, &slots[index], COPY_BYTES);
            bytes = slots[index].meta & SLOT_LENGTH;
        } else {
            bytes = put_late_record(interest, rows, index, past, out->at);
        }
        out->at += bytes;
        out->count += bytes != 0;
        if (is_name_due(row, past)) {
            told[(*told_count)++] = index;
        }
        marks[index] = 0; // told already
        sight->seen[kept++] = index;
    }
    sight->seen_count = kept;
    for (uint32_t i = 0; i < chosen_count; i++) {
        if (marks[chosen[i]] == mark && sight->seen_count < INF_INTEREST_SEEN) {
            memcpy(out->at, interest->records + rows->rows[chosen[i]].full_at, COPY_BYTES);
            out->at += INF_VIEW_FULL_BYTES;
            out->count++;
            told[(*told_count)++] = chosen[i];
            sight->seen[sight->seen_count++] = chosen[i];
        }
    }
}

static size_t write_chosen(InfInterest* interest, Desk* desk, Place* place, InfSight* sight, const InfLook* look,
                           const Past* past, uint8_t* out_bytes, uint32_t* told, uint32_t* told_count) {
    Out out = {out_bytes + INF_VIEW_HEAD_BYTES, 0};
    bool is_full = sight->is_shared || !(past->is_continued || past->is_known);
    uint32_t every = place->ship_count > INF_INTEREST_CROWD ? INF_INTEREST_CROWD_TICKS : INF_INTEREST_EVERY_TICKS;
    if (is_full) {
        sight->seen_count = 0;
    }
    const Slot* slots = slots_since(&interest->rows[place->shard], past);
    if (is_full || (interest->tick + look->turn) % every < past->ticks || // its turn, or it was in between
        misses_important(interest, place, sight, look)) {
        put_chosen(interest, desk, place, sight, look, past, &out, told, told_count);
    } else if (slots != NULL) {
        put_seen(interest, place, sight, slots, &out, told, told_count);
    } else {
        put_late(interest, place, sight, past, &out, told, told_count);
    }
    sight->is_shared = false;
    inf_view_write_head(interest->tick, is_full, (uint16_t)out.count, out_bytes);
    return (size_t)(out.at - out_bytes);
}

static uint32_t clamp_ships(uint32_t ships_max) {
    return ships_max == 0 || ships_max > INF_INTEREST_SEEN ? INF_INTEREST_SEEN : ships_max > SHIPS_MIN ? ships_max : SHIPS_MIN;
}

void inf_interest_prepare(InfInterest* interest, uint32_t shard, uint32_t place_index1, uint32_t ships_max) {
    Place* place = inf_interest_look_at(interest, shard, place_index1);
    if (place == NULL) {
        return;
    }
    inf_interest_make_wide(interest, place);
    if (place->ship_count > clamp_ships(ships_max)) {
        inf_interest_make_grid(interest, place);
        return;
    }
    bool has_wide = place->wide_tick == interest->tick &&
                    (place->vague_tick == NEVER || place->vague_tick + interest->every <= interest->tick);
    for (int kind = 0; kind < RUN_KINDS; kind++) {
        if (!place->runs[kind].made && (kind != RUN_WIDE || has_wide)) {
            inf_interest_make_run(interest, place, (RunKind)kind);
        }
    }
}

uint32_t inf_interest_neighbours(const InfInterest* interest, uint32_t shard, uint32_t place_index1, const uint32_t** rows) {
    const Place* place = inf_interest_known_place(interest, shard, place_index1);
    if (place == NULL || place->grid_tick != interest->tick) {
        return 0;
    }
    *rows = place->grid.row;
    return place->grid.count;
}

size_t inf_interest_write(InfInterest* interest, uint32_t hand, InfSight* sight, const InfLook* wanted, uint8_t* out,
                          uint32_t* told, uint32_t* told_count) {
    *told_count = 0;
    InfLook look = *wanted;
    look.ships_max = clamp_ships(wanted->ships_max);
    Place* place = inf_interest_look_at(interest, look.shard, look.place_index1);
    uint32_t generation = place != NULL ? place->generation : 0;
    uint32_t index1 = place != NULL ? look.place_index1 : 0;
    bool is_same = sight->tick != 0 && sight->shard == look.shard && sight->place_index1 == index1 &&
                   sight->place_generation == generation;
    Past past = {.is_continued = is_same && sight->tick + 1 == interest->tick,
                 .is_known = is_same && place != NULL && sight->tick >= place->since_tick && sight->tick + LATE_TICKS >= interest->tick,
                 .tick = (uint32_t)sight->tick,
                 .ticks = is_same && interest->tick - sight->tick < LATE_TICKS ? (uint32_t)(interest->tick - sight->tick) : LATE_TICKS};
    past.is_kept = past.is_known && interest->kept_since <= sight->tick && past.ticks < KEPT_TICKS;
    past.is_wide = past.is_kept && past.ticks == interest->every && place->wide_tick == interest->tick;
    sight->tick = interest->tick;
    sight->shard = look.shard;
    sight->place_index1 = index1;
    sight->place_generation = generation;
    if (place == NULL) { // between places there is nothing to see
        inf_view_write_head(interest->tick, !past.is_continued, 0, out);
        sight->seen_count = 0;
        sight->is_shared = false;
        return INF_VIEW_HEAD_BYTES;
    }
    return place->ship_count <= look.ships_max
               ? write_shared(interest, place, sight, &past, out, told, told_count)
               : write_chosen(interest, &interest->desks[hand], place, sight, &look, &past, out, told, told_count);
}
