// Two caches make this cheap: per ship row the view of this tick and of the tick before (so that its delta is made
// once), and per place that somebody looks at its list of ships and the shared runs of records. Full records lie in one
// buffer per tick. Delta records lie in slots of 32 bytes by row, each with its length and whether there is anything
// special about the ship: what a client gets of a ship in a crowd is mostly one look at one slot.
#include "server/interest.h"

#include "server/grid.h"

#include <infinity/hash.h>
#include <infinity/message.h>

#include <stdlib.h>
#include <string.h>

#define PLACES_MAX 8192u // a power of two; more places looked at in a tick than that show nothing new
#define NEVER UINT64_MAX
/// Who got nothing for longer than this is told everything anew.
#define LATE_TICKS 16u
/// Fewest ships that a look may ask for: its own, those that concern it, and a few more.
#define SHIPS_MIN 8u
/// A record is copied whole words at a time, whatever its length; there is room behind it.
#define COPY_BYTES 32u
_Static_assert(COPY_BYTES >= INF_VIEW_RECORD_BYTES_MAX, "one copy takes a record");

/// Bits of Slot.meta above the record's length.
#define SLOT_LENGTH 31u
#define SLOT_SLOW 32u  // new in its place or renamed: look at its Row
#define SLOT_ABSENT 64u // not where it was

typedef struct Slot {
    uint8_t record[COPY_BYTES - 1]; // the delta; as it was predicted: none; new in its place: the full record
    uint8_t meta;
} Slot;
_Static_assert(sizeof(Slot) == COPY_BYTES && INF_VIEW_RECORD_BYTES_MAX <= SLOT_LENGTH, "two slots in a cache line");

typedef struct Row {
    InfShipView view;
    uint64_t tick; // when the view was made
    uint64_t identity;
    uint32_t place_index1;
    uint32_t full_at; // in the records' buffer
    uint32_t named_tick; // low bits: when it was new or renamed last
    bool is_new;     // was not in this place in the tick before
    bool is_renamed; // its Ship frame has changed
} Row;

/// The encoded Ship frame of a row: apart from what is read for each client and tick.
typedef struct Name {
    uint8_t byte_count;
    uint8_t bytes[INF_INTEREST_SHIP_BYTES - 1];
} Name;

typedef struct Rows {
    Row* rows;
    Name* names;
    Slot* slots;
    uint32_t count;
} Rows;

typedef struct Run {
    uint32_t at, bytes, count;
    bool made;
} Run;

typedef struct Place {
    uint32_t shard, index1, generation;
    uint64_t tick, since_tick; // gathered last, and in every tick since
    uint32_t* ships; // rows
    uint32_t ship_count, ship_capacity;
    uint32_t* gone; // rows that left since the tick before
    uint32_t gone_count, gone_capacity;
    uint32_t before_count;
    bool is_continued; // it was gathered in the tick before too
    Run full, delta;
    uint64_t grid_tick;
    InfGrid grid;
} Place;

/// A hand's scratch.
typedef struct Desk {
    _Alignas(64) uint32_t* marks[INF_SHARDS_MAX]; // by row: who is in the set at hand
    uint32_t mark_counts[INF_SHARDS_MAX];
    uint32_t mark;
    InfGridSearch search;
} Desk;

struct InfInterest {
    const InfWorld* const* worlds;
    uint32_t shard_count;
    uint64_t tick;
    Rows rows[INF_SHARDS_MAX];
    Place* places[PLACES_MAX];
    uint32_t place_count;
    uint8_t* records;
    uint32_t record_bytes, record_capacity;
    Desk* desks;
    uint32_t desk_count;
};

InfInterest* inf_interest_create(const InfWorld* const* worlds, uint32_t shard_count, uint32_t hands) {
    InfInterest* interest = calloc(1, sizeof(*interest));
    Desk* desks = hands > 0 ? aligned_alloc(_Alignof(Desk), hands * sizeof(Desk)) : NULL;
    if (interest == NULL || desks == NULL) {
        free(interest);
        free(desks);
        return NULL;
    }
    memset(desks, 0, hands * sizeof(Desk));
    interest->desks = desks;
    interest->desk_count = hands;
    interest->worlds = worlds;
    interest->shard_count = shard_count;
    interest->tick = NEVER;
    return interest;
}

static void free_place(Place* place) {
    free(place->ships);
    free(place->gone);
    inf_grid_free(&place->grid);
    free(place);
}

void inf_interest_destroy(InfInterest* interest) {
    if (interest == NULL) {
        return;
    }
    for (uint32_t i = 0; i < PLACES_MAX; i++) {
        if (interest->places[i] != NULL) {
            free_place(interest->places[i]);
        }
    }
    for (uint32_t s = 0; s < interest->shard_count; s++) {
        free(interest->rows[s].rows);
        free(interest->rows[s].names);
        free(interest->rows[s].slots);
    }
    for (uint32_t i = 0; i < interest->desk_count; i++) {
        for (uint32_t s = 0; s < interest->shard_count; s++) {
            free(interest->desks[i].marks[s]);
        }
        inf_grid_search_free(&interest->desks[i].search);
    }
    free(interest->desks);
    free(interest->records);
    free(interest);
}

/// Grow an array to at least `count`; what was there stays.
static bool grow(void** array, uint32_t* capacity, uint32_t count, size_t element_bytes) {
    if (count <= *capacity) {
        return true;
    }
    uint32_t wanted = count + count / 2 + 64;
    void* grown = realloc(*array, wanted * element_bytes);
    if (grown == NULL) {
        return false;
    }
    *array = grown;
    *capacity = wanted;
    return true;
}

void inf_interest_begin_tick(InfInterest* interest, uint64_t tick) {
    interest->tick = tick;
    interest->record_bytes = 0;
    if (tick % 64 == 0) { // forget places that nobody has looked at for a while, all at once: keeps probing simple
        Place* kept[PLACES_MAX];
        uint32_t kept_count = 0;
        for (uint32_t i = 0; i < PLACES_MAX; i++) {
            Place* place = interest->places[i];
            interest->places[i] = NULL;
            if (place != NULL && place->tick + 16 >= tick) {
                kept[kept_count++] = place;
            } else if (place != NULL) {
                free_place(place);
            }
        }
        for (uint32_t i = 0; i < kept_count; i++) {
            uint32_t slot = (uint32_t)inf_hash_combine(kept[i]->shard, kept[i]->index1) % PLACES_MAX;
            while (interest->places[slot] != NULL) {
                slot = (slot + 1) % PLACES_MAX;
            }
            interest->places[slot] = kept[i];
        }
        interest->place_count = kept_count;
    }
}

static Row* row_of(InfInterest* interest, uint32_t shard, uint32_t row) {
    Rows* rows = &interest->rows[shard];
    if (row >= rows->count) {
        uint32_t ship_count;
        inf_world_ships(interest->worlds[shard], &ship_count);
        uint32_t wanted = ((ship_count > row + 1 ? ship_count : row + 1) + 257) & ~1u; // whole lines of slots
        Row* grown = realloc(rows->rows, wanted * sizeof(Row));
        rows->rows = grown != NULL ? grown : rows->rows;
        Name* names = realloc(rows->names, wanted * sizeof(Name));
        rows->names = names != NULL ? names : rows->names;
        Slot* slots = aligned_alloc(2 * sizeof(Slot), wanted * sizeof(Slot));
        if (grown == NULL || names == NULL || slots == NULL) {
            free(slots);
            return NULL;
        }
        if (rows->count > 0) {
            memcpy(slots, rows->slots, rows->count * sizeof(Slot));
        }
        free(rows->slots);
        rows->slots = slots;
        memset(grown + rows->count, 0, (wanted - rows->count) * sizeof(Row));
        for (uint32_t i = rows->count; i < wanted; i++) {
            grown[i].tick = NEVER;
            slots[i].meta = SLOT_ABSENT;
        }
        rows->count = wanted;
    }
    return &rows->rows[row];
}

static uint8_t* record_room(InfInterest* interest, uint32_t bytes) {
    if (!grow((void**)&interest->records, &interest->record_capacity, interest->record_bytes + bytes + COPY_BYTES, 1)) {
        return NULL;
    }
    return interest->records + interest->record_bytes;
}

// ---- who flies it ---------------------------------------------------------------------------------------------

static void make_ship_frame(const InfWorld* world, const InfShip* ship, uint32_t index, Row* row, Name* name) {
    uint32_t soul_count;
    const InfSoul* souls = inf_world_souls(world, &soul_count);
    const InfSoul* pilot = ship->pilot_index1 != 0 ? &souls[ship->pilot_index1 - 1] : NULL;
    bool is_ghost = pilot != NULL && (pilot->flags & INF_SOUL_GHOST) != 0;
    uint64_t identity = inf_hash_combine(ship->id, ship->owner);
    identity = inf_hash_combine(identity, (uint64_t)ship->hull_kind << 8 | (uint64_t)is_ghost << 1 | 1);
    if (pilot != NULL) {
        identity = inf_hash_combine(identity, (uint64_t)pilot->bounty_credits);
        identity = inf_hash_combine(identity, pilot->id);
    }
    if (row->identity == identity) {
        row->is_renamed = false;
        return;
    }
    row->is_renamed = row->identity != 0;
    row->identity = identity;
    InfFrameShip frame;
    memset(&frame, 0, sizeof(frame));
    frame.ship = ship->id;
    frame.index = index;
    frame.hull_kind = ship->hull_kind;
    frame.drone = ship->owner == 0;
    frame.ghost = is_ghost;
    if (pilot != NULL && !is_ghost) { // a ghost shows nothing but its lack of a tag
        frame.soul = pilot->id;
        frame.player = (pilot->flags & INF_SOUL_PLAYER) != 0;
        frame.bounty_credits = pilot->bounty_credits;
        memcpy(frame.name, pilot->name, sizeof(frame.name));
    }
    InfWriter writer = inf_writer_make(name->bytes, sizeof(name->bytes));
    name->byte_count = inf_frame_write(&writer, INF_FRAME_KIND_Ship, &frame) ? (uint8_t)writer.at : 0;
}

const uint8_t* inf_interest_ship_frame(const InfInterest* interest, uint32_t shard, uint32_t row, size_t* bytes) {
    const Name* name = &interest->rows[shard].names[row];
    *bytes = name->byte_count;
    return name->bytes;
}

// ---- one walk over a place ------------------------------------------------------------------------------------

static Place* known_place(const InfInterest* interest, uint32_t shard, uint32_t index1) {
    uint32_t slot = (uint32_t)inf_hash_combine(shard, index1) % PLACES_MAX;
    while (interest->places[slot] != NULL) {
        Place* place = interest->places[slot];
        if (place->shard == shard && place->index1 == index1) {
            return place;
        }
        slot = (slot + 1) % PLACES_MAX;
    }
    return NULL;
}

static Place* find_place(InfInterest* interest, uint32_t shard, uint32_t index1) {
    Place* known = known_place(interest, shard, index1);
    if (known != NULL || interest->place_count >= PLACES_MAX / 2) {
        return known;
    }
    uint32_t slot = (uint32_t)inf_hash_combine(shard, index1) % PLACES_MAX;
    while (interest->places[slot] != NULL) {
        slot = (slot + 1) % PLACES_MAX;
    }
    Place* place = calloc(1, sizeof(*place));
    if (place != NULL) {
        place->shard = shard;
        place->index1 = index1;
        place->tick = place->grid_tick = NEVER;
        interest->places[slot] = place;
        interest->place_count++;
    }
    return place;
}

static void view_ship(InfInterest* interest, Place* place, const InfShip* ship, uint32_t index) {
    const InfWorld* world = interest->worlds[place->shard];
    Row* row = row_of(interest, place->shard, index);
    uint8_t* room = record_room(interest, INF_VIEW_RECORD_BYTES_MAX);
    InfMotion motion;
    if (row == NULL || room == NULL || !inf_ship_motion(world, index + 1, &motion)) {
        return;
    }
    make_ship_frame(world, ship, index, row, &interest->rows[place->shard].names[index]);
    uint32_t soul_count;
    const InfSoul* souls = inf_world_souls(world, &soul_count);
    bool is_ghost = ship->pilot_index1 != 0 && (souls[ship->pilot_index1 - 1].flags & INF_SOUL_GHOST) != 0;
    InfShipView now;
    inf_view_quantise(ship, &motion, is_ghost, &now);
    row->is_new = row->tick + 1 != interest->tick || row->place_index1 != place->index1 ||
                  row->view.generation != now.generation;
    if (row->is_new || row->is_renamed) {
        row->named_tick = (uint32_t)interest->tick;
    }
    row->full_at = interest->record_bytes;
    uint32_t full_bytes = inf_view_write_full(index, &now, room);
    interest->record_bytes += full_bytes;
    Slot* slot = &interest->rows[place->shard].slots[index];
    uint32_t delta_bytes = full_bytes;
    if (row->is_new) {
        memcpy(slot->record, room, full_bytes);
    } else {
        delta_bytes = inf_view_write_delta(index, &row->view, &now, slot->record);
    }
    slot->meta = (uint8_t)(delta_bytes | (row->is_new || row->is_renamed ? SLOT_SLOW : 0));
    row->view = now;
    row->tick = interest->tick;
    row->place_index1 = place->index1;
    place->ships[place->ship_count++] = index;
}

static void gather(InfInterest* interest, Place* place) {
    const InfWorld* world = interest->worlds[place->shard];
    uint32_t place_count, ship_count;
    const InfPlace* state = inf_world_places(world, &place_count) + (place->index1 - 1);
    const InfShip* ships = inf_world_ships(world, &ship_count);
    place->is_continued = place->tick + 1 == interest->tick && place->generation == state->generation;
    place->generation = state->generation;
    place->since_tick = place->is_continued ? place->since_tick : interest->tick;
    place->tick = interest->tick;
    place->full.made = place->delta.made = false;
    place->before_count = place->is_continued ? place->ship_count : 0;
    uint32_t* before = NULL;
    if (place->before_count > 0 && grow((void**)&place->gone, &place->gone_capacity, place->before_count, 4)) {
        before = place->gone; // first all that were here, then only those that left
        memcpy(before, place->ships, place->before_count * 4);
    }
    place->ship_count = 0;
    place->gone_count = 0;
    if (!grow((void**)&place->ships, &place->ship_capacity, state->ship_count, 4)) {
        return;
    }
    for (uint32_t at = state->first_ship; at != 0 && place->ship_count < place->ship_capacity;
         at = ships[at - 1].next_in_place) {
        view_ship(interest, place, &ships[at - 1], at - 1);
    }
    for (uint32_t i = 0; before != NULL && i < place->before_count; i++) {
        const Row* row = &interest->rows[place->shard].rows[before[i]];
        if (row->tick != interest->tick || row->place_index1 != place->index1) {
            if (row->tick != interest->tick) { // else it is in another place by now, and new there
                interest->rows[place->shard].slots[before[i]].meta = SLOT_ABSENT;
            }
            place->gone[place->gone_count++] = before[i];
        }
    }
}

static Place* look_at(InfInterest* interest, const InfLook* look) {
    if (look->place_index1 == 0 || look->shard >= interest->shard_count) {
        return NULL;
    }
    Place* place = find_place(interest, look->shard, look->place_index1);
    if (place != NULL && place->tick != interest->tick) {
        gather(interest, place);
    }
    return place;
}

// ---- shared runs ----------------------------------------------------------------------------------------------

static void make_run(InfInterest* interest, Place* place, Run* run, bool is_full) {
    uint32_t most = (place->ship_count + place->gone_count) * INF_VIEW_RECORD_BYTES_MAX;
    uint8_t* out = record_room(interest, most);
    *run = (Run){.at = interest->record_bytes, .made = true};
    if (out == NULL) {
        return;
    }
    for (uint32_t i = 0; !is_full && i < place->gone_count; i++) {
        run->bytes += inf_view_write_gone(place->gone[i], out + run->bytes);
        run->count++;
    }
    const Rows* rows = &interest->rows[place->shard];
    for (uint32_t i = 0; i < place->ship_count; i++) {
        const Slot* slot = &rows->slots[place->ships[i]];
        uint32_t bytes = is_full ? INF_VIEW_FULL_BYTES : slot->meta & SLOT_LENGTH;
        if (bytes > 0) {
            memcpy(out + run->bytes, is_full ? interest->records + rows->rows[place->ships[i]].full_at : slot->record, bytes);
            run->bytes += bytes;
            run->count++;
        }
    }
    interest->record_bytes += run->bytes;
}

/// What was told when: decides what has to be told now.
typedef struct Past {
    bool is_continued; // it got the tick before
    bool is_known;     // it got an earlier tick, and the place has been walked in each tick since
    uint32_t tick;     // of the last snapshot that it got, low bits
} Past;

/// A late client is told the name of what was new or renamed in any of the ticks that it did not get.
static bool is_name_due(const Row* row, const Past* past) {
    return past->is_continued ? row->is_new || row->is_renamed
                              : !past->is_known || (int32_t)(row->named_tick - past->tick) > 0;
}

static size_t write_shared(InfInterest* interest, Place* place, InfSight* sight, const Past* past, uint8_t* out,
                           uint32_t* told, uint32_t* told_count) {
    bool is_full = !past->is_continued || !sight->is_shared || !place->is_continued;
    Run* run = is_full ? &place->full : &place->delta;
    if (!run->made) {
        make_run(interest, place, run, is_full);
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

/// Sort the place's ships into a grid, once a tick.
static bool make_grid(InfInterest* interest, Place* place) {
    if (place->grid_tick == interest->tick) {
        return true;
    }
    InfGridPoint* points = inf_grid_begin(&place->grid, place->ship_count);
    if (points == NULL) {
        return false;
    }
    const Row* rows = interest->rows[place->shard].rows;
    for (uint32_t i = 0; i < place->ship_count; i++) {
        const InfShipView* view = &rows[place->ships[i]].view;
        points[i] = (InfGridPoint){(float)view->position[0], (float)view->position[1], (float)view->position[2],
                                   view->state & INF_VIEW_DRONE ? 2.0f : 1.0f, place->ships[i]};
    }
    inf_grid_sort(&place->grid, place->ship_count);
    place->grid_tick = interest->tick;
    return true;
}

static bool is_here(const InfInterest* interest, const Place* place, const Row* row) {
    return row->tick == interest->tick && row->place_index1 == place->index1;
}

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

/// Choose the set anew; the chosen, and only they, carry desk->mark then. @return how many rows in `chosen`
static uint32_t choose(InfInterest* interest, Desk* desk, Place* place, const InfLook* look, InfSight* sight,
                       uint32_t chosen[INF_INTEREST_SEEN]) {
    const Rows* rows = &interest->rows[place->shard];
    if (!make_marks(desk, place->shard, rows->count) || !make_grid(interest, place)) {
        return 0;
    }
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
        if (row != NULL && is_here(interest, place, row) && marks[always[i] - 1] != chosen_mark) {
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
        if (index1 == 0 || index1 > rows->count || !is_here(interest, place, &rows->rows[index1 - 1])) {
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
static void put_seen(InfInterest* interest, const Place* place, InfSight* sight, Out* out, uint32_t* told,
                     uint32_t* told_count) {
    const Rows* rows = &interest->rows[place->shard];
    uint8_t* at = out->at;
    uint32_t kept = 0, count = 0, seen_count = sight->seen_count;
    for (uint32_t i = 0; i < seen_count; i++) {
        uint32_t index = sight->seen[i];
        const Slot* slot = &rows->slots[index];
        uint32_t meta = slot->meta;
        if (meta > SLOT_LENGTH) {
            const Row* row = &rows->rows[index];
            if (!is_here(interest, place, row)) {
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

/// The same with full records, for a client that did not get the tick before, but one not long ago.
static void put_late(InfInterest* interest, const Place* place, InfSight* sight, const Past* past, Out* out, uint32_t* told,
                     uint32_t* told_count) {
    const Row* rows = interest->rows[place->shard].rows;
    uint32_t kept = 0, seen_count = sight->seen_count;
    for (uint32_t i = 0; i < seen_count; i++) {
        uint32_t index = sight->seen[i];
        const Row* row = &rows[index];
        out->count++;
        if (!is_here(interest, place, row)) {
            out->at += inf_view_write_gone(index, out->at);
            continue;
        }
        memcpy(out->at, interest->records + row->full_at, COPY_BYTES);
        out->at += INF_VIEW_FULL_BYTES;
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
    uint32_t* marks = desk->marks[place->shard];
    for (uint32_t i = 0; i < sight->seen_count; i++) {
        uint32_t index = sight->seen[i];
        const Row* row = &rows->rows[index];
        if (marks == NULL || marks[index] != mark || !is_here(interest, place, row)) {
            out->at += inf_view_write_gone(index, out->at);
            out->count++;
            continue;
        }
        const Slot* slot = &rows->slots[index];
        uint32_t bytes = past->is_continued ? slot->meta & SLOT_LENGTH : INF_VIEW_FULL_BYTES;
        memcpy(out->at, past->is_continued ? (const uint8_t*)slot : interest->records + row->full_at, COPY_BYTES);
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
    if (is_full || (interest->tick + look->turn) % every == 0 ||
        misses_important(interest, place, sight, look)) {
        put_chosen(interest, desk, place, sight, look, past, &out, told, told_count);
    } else if (past->is_continued) {
        put_seen(interest, place, sight, &out, told, told_count);
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
    InfLook look = {.shard = shard, .place_index1 = place_index1};
    Place* place = look_at(interest, &look);
    if (place == NULL) {
        return;
    }
    if (place->ship_count > clamp_ships(ships_max)) {
        make_grid(interest, place);
        return;
    }
    if (!place->full.made) {
        make_run(interest, place, &place->full, true);
    }
    if (!place->delta.made) {
        make_run(interest, place, &place->delta, false);
    }
}

uint32_t inf_interest_neighbours(const InfInterest* interest, uint32_t shard, uint32_t place_index1, const uint32_t** rows) {
    const Place* place = known_place(interest, shard, place_index1);
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
    Place* place = look_at(interest, &look);
    uint32_t generation = place != NULL ? place->generation : 0;
    uint32_t index1 = place != NULL ? look.place_index1 : 0;
    bool is_same = sight->tick != 0 && sight->shard == look.shard && sight->place_index1 == index1 &&
                   sight->place_generation == generation;
    Past past = {.is_continued = is_same && sight->tick + 1 == interest->tick,
                 .is_known = is_same && place != NULL && sight->tick >= place->since_tick && sight->tick + LATE_TICKS >= interest->tick,
                 .tick = (uint32_t)sight->tick};
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
