// Two caches make this cheap: per ship row the view of this tick and of the tick before (so that its delta is made
// once), and per place that somebody looks at its list of ships and the shared runs of records. Full records lie in one
// buffer per tick. Delta records lie in slots of 32 bytes by row, each with its length and whether there is anything
// special about the ship: what a client gets of a ship in a crowd is mostly one look at one slot. This file fills them;
// what a client gets is put together in interest_write.c. While clients are told every second or fourth tick, views are kept for
// some ticks and a second set of slots holds the deltas over that stride.
#include "server/interest_internal.h"

#include <infinity/hash.h>
#include <infinity/message.h>

#include <stdlib.h>
#include <string.h>

InfInterest* inf_interest_create(const InfWorld* const* worlds, uint32_t shard_count, InfHands* shared_hands) {
    InfInterest* interest = calloc(1, sizeof(*interest));
    uint32_t hands = shared_hands != NULL ? inf_hands_count(shared_hands) : 1;
    Desk* desks = aligned_alloc(_Alignof(Desk), hands * sizeof(Desk));
    if (interest == NULL || desks == NULL) {
        free(interest);
        free(desks);
        return NULL;
    }
    memset(desks, 0, hands * sizeof(Desk));
    interest->desks = desks;
    interest->desk_count = hands;
    interest->hands = shared_hands;
    interest->worlds = worlds;
    interest->shard_count = shard_count;
    interest->tick = interest->kept_since = NEVER;
    interest->every = 1;
    return interest;
}

static void free_place(Place* place) {
    free(place->ships);
    free(place->gone);
    free(place->left);
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
        free(interest->rows[s].kept);
        free(interest->rows[s].wide);
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

void inf_interest_begin_tick(InfInterest* interest, uint64_t tick, uint32_t every) {
    interest->tick = tick;
    interest->every = every < INF_INTEREST_STRIDE_MAX ? every : INF_INTEREST_STRIDE_MAX;
    interest->kept_since = every <= 1 ? NEVER : interest->kept_since == NEVER ? tick : interest->kept_since;
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

/// Room to keep the views of all ships of a shard.
static void make_kept_room(InfInterest* interest, uint32_t shard) {
    Rows* rows = &interest->rows[shard];
    uint32_t ship_count;
    inf_world_ships(interest->worlds[shard], &ship_count);
    if (interest->kept_since == NEVER || ship_count <= rows->kept_count) {
        return;
    }
    uint32_t wanted = (ship_count + 257) & ~1u;
    InfShipView(*kept)[KEPT_TICKS] = realloc(rows->kept, wanted * sizeof(*kept));
    rows->kept = kept != NULL ? kept : rows->kept;
    Slot* wide = aligned_alloc(2 * sizeof(Slot), wanted * sizeof(Slot)); // made anew in each tick: nothing to take along
    if (kept == NULL || wide == NULL) {
        free(wide);
        interest->kept_since = NEVER; // full records do, too; it is tried again in the next tick
        return;
    }
    free(rows->wide);
    rows->wide = wide;
    for (uint32_t i = 0; i < wanted; i++) {
        wide[i].meta = SLOT_ABSENT;
    }
    rows->kept_count = wanted;
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

Place* inf_interest_known_place(const InfInterest* interest, uint32_t shard, uint32_t index1) {
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
    Place* known = inf_interest_known_place(interest, shard, index1);
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
        place->tick = place->grid_tick = place->wide_tick = place->vague_tick = NEVER;
        interest->places[slot] = place;
        interest->place_count++;
    }
    return place;
}

/// @param record  room for its full record
/// @return whether it can be seen
static bool view_ship(InfInterest* interest, const Place* place, uint32_t index, uint8_t* record) {
    const InfWorld* world = interest->worlds[place->shard];
    uint32_t ship_count, soul_count;
    const InfShip* ship = &inf_world_ships(world, &ship_count)[index];
    Row* row = &interest->rows[place->shard].rows[index];
    InfMotion motion;
    if (!inf_ship_motion(world, index + 1, &motion)) {
        return false;
    }
    make_ship_frame(world, ship, index, row, &interest->rows[place->shard].names[index]);
    const InfSoul* souls = inf_world_souls(world, &soul_count);
    bool is_ghost = ship->pilot_index1 != 0 && (souls[ship->pilot_index1 - 1].flags & INF_SOUL_GHOST) != 0;
    InfShipView now;
    inf_view_quantise(ship, &motion, is_ghost, &now);
    row->is_new = row->tick + 1 != interest->tick || row->place_index1 != place->index1 ||
                  row->view.generation != now.generation;
    if (row->is_new || row->is_renamed) {
        row->named_tick = (uint32_t)interest->tick;
    }
    row->since_tick = row->is_new ? (uint32_t)interest->tick : row->since_tick;
    if (interest->kept_since != NEVER && index < interest->rows[place->shard].kept_count) {
        interest->rows[place->shard].kept[index][interest->tick % KEPT_TICKS] = now;
    }
    row->full_at = (uint32_t)(record - interest->records);
    uint32_t full_bytes = inf_view_write_full(index, &now, record);
    Slot* slot = &interest->rows[place->shard].slots[index];
    uint32_t delta_bytes = full_bytes;
    if (row->is_new) {
        memcpy(slot->record, record, full_bytes);
    } else {
        delta_bytes = inf_view_write_delta(index, &row->view, &now, 1, slot->record);
    }
    slot->meta = (uint8_t)(delta_bytes | (row->is_new || row->is_renamed ? SLOT_SLOW : 0));
    row->view = now;
    row->tick = interest->tick;
    row->place_index1 = place->index1;
    return true;
}

static void fetch(const void* at, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) {
        __builtin_prefetch((const char*)at + i);
    }
}

/// Those that are viewed a little later.
static void fetch_ships(const InfInterest* interest, const Place* place, uint32_t at, uint32_t to) {
    const InfWorld* world = interest->worlds[place->shard];
    uint32_t count;
    if (at + 8 < to) {
        uint32_t index = place->ships[at + 8];
        fetch(&inf_world_ships(world, &count)[index], sizeof(InfShip));
        fetch(&interest->rows[place->shard].rows[index], sizeof(Row));
    }
    if (at + 4 < to) {
        uint32_t pilot_index1 = inf_world_ships(world, &count)[place->ships[at + 4]].pilot_index1;
        if (pilot_index1 != 0) {
            const InfSoul* soul = &inf_world_souls(world, &count)[pilot_index1 - 1];
            __builtin_prefetch(&soul->id);
            __builtin_prefetch(&soul->bounty_credits);
            __builtin_prefetch(&soul->flags);
        }
    }
}

typedef struct Viewing {
    InfInterest* interest;
    Place* place;
    uint32_t records_at;
} Viewing;

/// What one hand views: each ship's row, slot and record are its own. Who cannot be seen is not listed any more.
static void view_some(void* user, uint32_t hand, uint32_t from, uint32_t to) {
    (void)hand;
    const Viewing* viewing = user;
    InfInterest* interest = viewing->interest;
    Place* place = viewing->place;
    for (uint32_t i = from; i < to; i++) {
        fetch_ships(interest, place, i, to);
        uint8_t* record = interest->records + viewing->records_at + i * INF_VIEW_FULL_BYTES;
        if (!view_ship(interest, place, place->ships[i], record)) {
            place->ships[i] = NO_SHIP;
        }
    }
}

/// List the place's ships, and have room for all that will be made of them.
static bool list_ships(InfInterest* interest, Place* place, const InfPlace* state) {
    uint32_t count, highest = 0;
    const InfShip* ships = inf_world_ships(interest->worlds[place->shard], &count);
    place->ship_count = 0;
    if (!grow((void**)&place->ships, &place->ship_capacity, state->ship_count, 4)) {
        return false;
    }
    for (uint32_t at = state->first_ship; at != 0 && place->ship_count < place->ship_capacity;
         at = ships[at - 1].next_in_place) {
        if (at > 8) { // who came one after the other mostly has rows one behind the other
            __builtin_prefetch(&ships[at - 8].next_in_place);
        }
        place->ships[place->ship_count++] = at - 1;
        highest = at - 1 > highest ? at - 1 : highest;
    }
    return place->ship_count == 0 || (row_of(interest, place->shard, highest) != NULL &&
                                      record_room(interest, place->ship_count * INF_VIEW_FULL_BYTES) != NULL);
}

static void view_ships(InfInterest* interest, Place* place) {
    Viewing viewing = {interest, place, interest->record_bytes};
    uint32_t listed = place->ship_count, kept = 0;
    interest->record_bytes += listed * INF_VIEW_FULL_BYTES;
    if (interest->hands != NULL && listed >= VIEWED_TOGETHER) {
        inf_hands_do(interest->hands, listed, VIEWED_AT_ONCE, view_some, &viewing);
    } else {
        view_some(&viewing, 0, 0, listed);
    }
    for (uint32_t i = 0; i < listed; i++) {
        place->ships[kept] = place->ships[i];
        kept += place->ships[i] != NO_SHIP;
    }
    place->ship_count = kept;
}

/// Who has just left is remembered for those who were told some ticks ago.
static void note_leaving(InfInterest* interest, Place* place) {
    uint32_t kept = 0, now = (uint32_t)interest->tick;
    if (!place->is_continued || interest->kept_since == NEVER) {
        place->left_count = 0;
        return;
    }
    for (uint32_t i = 0; i < place->left_count; i++) {
        if (now - place->left[i].tick < KEPT_TICKS) {
            place->left[kept++] = place->left[i];
        }
    }
    place->left_count = kept;
    if (!grow((void**)&place->left, &place->left_capacity, kept + place->gone_count, sizeof(Leaving))) {
        place->vague_tick = interest->tick;
        return;
    }
    for (uint32_t i = 0; i < place->gone_count; i++) {
        const Row* row = &interest->rows[place->shard].rows[place->gone[i]];
        place->left[place->left_count++] = (Leaving){now, row->since_tick, place->gone[i]};
        if (row->tick == interest->tick) { // the row tells already of another place
            place->vague_tick = interest->tick;
        }
    }
}

static void gather(InfInterest* interest, Place* place) {
    const InfWorld* world = interest->worlds[place->shard];
    uint32_t place_count;
    const InfPlace* state = inf_world_places(world, &place_count) + (place->index1 - 1);
    place->is_continued = place->tick + 1 == interest->tick && place->generation == state->generation;
    place->generation = state->generation;
    place->since_tick = place->is_continued ? place->since_tick : interest->tick;
    place->tick = interest->tick;
    for (int i = 0; i < RUN_KINDS; i++) {
        place->runs[i].made = false;
    }
    make_kept_room(interest, place->shard);
    place->before_count = place->is_continued ? place->ship_count : 0;
    uint32_t* before = NULL;
    if (place->before_count > 0 && grow((void**)&place->gone, &place->gone_capacity, place->before_count, 4)) {
        before = place->gone; // first all that were here, then only those that left
        memcpy(before, place->ships, place->before_count * 4);
    }
    place->gone_count = 0;
    if (!list_ships(interest, place, state)) {
        place->ship_count = 0;
        return;
    }
    view_ships(interest, place);
    for (uint32_t i = 0; before != NULL && i < place->before_count; i++) {
        const Row* row = &interest->rows[place->shard].rows[before[i]];
        if (row->tick != interest->tick || row->place_index1 != place->index1) {
            if (row->tick != interest->tick) { // else it is in another place by now, and new there
                interest->rows[place->shard].slots[before[i]].meta = SLOT_ABSENT;
            }
            place->gone[place->gone_count++] = before[i];
        }
    }
    note_leaving(interest, place);
}

Place* inf_interest_look_at(InfInterest* interest, uint32_t shard, uint32_t place_index1) {
    if (place_index1 == 0 || shard >= interest->shard_count) {
        return NULL;
    }
    Place* place = find_place(interest, shard, place_index1);
    if (place != NULL && place->tick != interest->tick) {
        gather(interest, place);
    }
    return place;
}

// ---- shared runs ----------------------------------------------------------------------------------------------

/// Those who are not there any more. @return records
static uint32_t write_gone(const InfInterest* interest, const Place* place, RunKind kind, uint8_t* out, uint32_t* bytes) {
    uint32_t count = 0, base = (uint32_t)interest->tick - interest->every;
    for (uint32_t i = 0; kind == RUN_DELTA && i < place->gone_count; i++, count++) {
        *bytes += inf_view_write_gone(place->gone[i], out + *bytes);
    }
    for (uint32_t i = 0; kind == RUN_WIDE && i < place->left_count; i++) {
        const Leaving* leaving = &place->left[i];
        if ((int32_t)(leaving->tick - base) > 0 && (int32_t)(leaving->since_tick - base) <= 0) { // it was there then
            *bytes += inf_view_write_gone(leaving->row, out + *bytes);
            count++;
        }
    }
    return count;
}

void inf_interest_make_run(InfInterest* interest, Place* place, RunKind kind) {
    uint32_t most = (place->ship_count + place->gone_count + place->left_count) * INF_VIEW_RECORD_BYTES_MAX;
    uint8_t* out = record_room(interest, most);
    Run* run = &place->runs[kind];
    *run = (Run){.at = interest->record_bytes, .made = true};
    if (out == NULL) {
        return;
    }
    run->count = write_gone(interest, place, kind, out, &run->bytes);
    const Rows* rows = &interest->rows[place->shard];
    for (uint32_t i = 0; i < place->ship_count; i++) {
        const Slot* slot = &(kind == RUN_WIDE ? rows->wide : rows->slots)[place->ships[i]];
        uint32_t bytes = kind == RUN_FULL ? INF_VIEW_FULL_BYTES : slot->meta & SLOT_LENGTH;
        if (bytes > 0) {
            memcpy(out + run->bytes, kind == RUN_FULL ? interest->records + rows->rows[place->ships[i]].full_at : slot->record, bytes);
            run->bytes += bytes;
            run->count++;
        }
    }
    interest->record_bytes += run->bytes;
}

void inf_interest_make_wide(InfInterest* interest, Place* place) {
    const Rows* rows = &interest->rows[place->shard];
    uint64_t base = interest->tick - interest->every;
    if (place->wide_tick == interest->tick || interest->every <= 1 || interest->tick < interest->every ||
        interest->kept_since > base || place->since_tick > base) {
        return;
    }
    for (uint32_t i = 0; i < place->ship_count; i++) {
        uint32_t index = place->ships[i];
        const Row* row = &rows->rows[index];
        Slot* slot = &rows->wide[index];
        uint32_t bytes = INF_VIEW_FULL_BYTES;
        if ((int32_t)(row->since_tick - (uint32_t)base) > 0) {
            memcpy(slot->record, interest->records + row->full_at, INF_VIEW_FULL_BYTES);
        } else {
            bytes = inf_view_write_delta(index, &rows->kept[index][base % KEPT_TICKS], &row->view, interest->every, slot->record);
        }
        slot->meta = (uint8_t)(bytes | ((int32_t)(row->named_tick - (uint32_t)base) > 0 ? SLOT_SLOW : 0));
    }
    for (uint32_t i = 0; i < place->left_count; i++) {
        const Row* row = &rows->rows[place->left[i].row];
        Slot* slot = &rows->wide[place->left[i].row];
        if (row->tick != interest->tick) {
            slot->meta = SLOT_ABSENT;
        } else if (row->place_index1 != place->index1) { // new in another place, whose wide slots may not be made: look closely
            slot->meta |= SLOT_SLOW;
        }
    }
    place->wide_tick = interest->tick;
}

bool inf_interest_make_grid(InfInterest* interest, Place* place) {
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
