// Who is told what happened. Each event is encoded once: what reaches everyone lies in one run that is copied whole,
// what happened in a place lies in that place's scene, what concerns one soul goes into its session's own buffer.
//
// A scene with few listeners is told to all of them. In a crowd an event about a ship is told to those who see the
// ship (server/interest.h) and to those whom it concerns, so that its cost does not grow with the square of the crowd;
// what is said is still heard by all, up to a bound per tick. Scenes are sorted by one thread; what a client of a crowd gets
// of them is put together when it is told, by whichever hand does that. For a client whose turn it is not (server/overload.h)
// it goes into its own buffer, without what is detail, and is sent in its turn; a death or a whisper takes it along at once.
#include "server/internal.h"

#include <stdlib.h>
#include <string.h>

#define CROWD INF_INTEREST_SHARED
#define GALAXY_BYTES 2048u ///< that everyone is told in one tick, at most
#define PLACE_BYTES 4096u  ///< that everyone in a crowd is told, at most
#define NO_ROW UINT32_MAX
#define EVENTS_HEAD 11u ///< bytes of an Events frame before its events
#define ROW_BITS 16384u

typedef struct Encoded {
    const uint8_t* bytes;
    uint32_t byte_count;
    bool is_detail; ///< may be left out when there is too much
    bool is_urgent; ///< is not kept for whom it concerns until it is their turn
} Encoded;

typedef struct Item {
    uint64_t soul, other; ///< who are told on their own
    uint32_t at, byte_count;
    uint32_t row; ///< of the ship that it is about, or NO_ROW
    uint32_t next1, next_of_row1;
    bool is_detail;
} Item;

typedef struct Scene {
    uint32_t shard, place_index1, first_slot1, first_item1, last_item1;
    bool is_crowd, has_rows, has_lasting; ///< something about ships; of it something that is no detail
    uint32_t all_at, all_bytes; ///< in the desk's bytes: what everyone in a crowd hears
} Scene;

struct InfEventDesk {
    uint8_t* bytes;
    uint32_t byte_count, byte_capacity;
    Item* items;
    uint32_t item_count, item_capacity;
    Scene* scenes;
    uint32_t scene_count, scene_capacity;
    uint32_t* row_items1[INF_SHARDS_MAX]; ///< first item about a row, for those that have a bit
    uint32_t row_capacity[INF_SHARDS_MAX];
    bool has_bits;
    uint64_t row_bits[ROW_BITS / 64]; ///< of rows modulo ROW_BITS: is there an item? Small enough to stay near at hand
    bool has_urgent, has_common; ///< something that does not wait; that is in nobody's own buffer yet
    uint32_t galaxy_bytes;
    uint8_t galaxy[GALAXY_BYTES];
    uint64_t destroyed_soul; ///< a death follows the end of a ship
    uint32_t destroyed_row;
};

InfEventDesk* inf_event_desk_create(void) { return calloc(1, sizeof(InfEventDesk)); }

void inf_event_desk_destroy(InfEventDesk* desk) {
    if (desk != NULL) {
        free(desk->bytes);
        free(desk->items);
        free(desk->scenes);
        for (uint32_t s = 0; s < INF_SHARDS_MAX; s++) {
            free(desk->row_items1[s]);
        }
        free(desk);
    }
}

static bool grow(void** array, uint32_t* capacity, uint32_t count, size_t element_bytes) {
    if (count <= *capacity) {
        return true;
    }
    uint32_t wanted = count * 2 + 64;
    void* grown = realloc(*array, wanted * element_bytes);
    if (grown != NULL) {
        *array = grown;
        *capacity = wanted;
    }
    return grown != NULL;
}

/// Where events are put one after the other.
typedef struct Sink {
    uint8_t* bytes;
    uint32_t count;
} Sink;

// ---- to one session -------------------------------------------------------------------------------------------

static void add(Sink* sink, const uint8_t* bytes, uint32_t byte_count, bool is_detail) {
    uint32_t limit = is_detail ? INF_SESSION_EVENT_BYTES / 2 : INF_SESSION_EVENT_BYTES;
    if (sink->count + byte_count <= limit) {
        memcpy(sink->bytes + sink->count, bytes, byte_count);
        sink->count += byte_count;
    }
}

static void add_to_session(InfServer* server, InfSession* session, const Encoded* event) {
    Sink sink = {session->events, session->event_bytes};
    add(&sink, event->bytes, event->byte_count, event->is_detail);
    session->event_bytes = sink.count;
    session->is_urgent |= event->is_urgent;
    server->event_desk->has_urgent |= event->is_urgent;
}

static InfSession* session_of(InfServer* server, uint64_t soul) {
    uint32_t slot1 = soul != 0 ? inf_slot_map_get(&server->by_soul, soul) : 0;
    return slot1 != 0 ? &server->sessions[slot1 - 1] : NULL;
}

/// The first of the clients that ride with a soul; the others by next_rider1. Null: none.
static InfSession* rider_of(InfServer* server, uint64_t soul) {
    uint32_t slot1 = soul != 0 ? inf_slot_map_get(&server->by_host, soul) : 0;
    return slot1 != 0 ? &server->sessions[slot1 - 1] : NULL;
}

static InfSession* next_rider(InfServer* server, const InfSession* session) {
    return session->next_rider1 != 0 ? &server->sessions[session->next_rider1 - 1] : NULL;
}

static bool has_listener(InfServer* server, uint64_t soul) {
    return session_of(server, soul) != NULL || rider_of(server, soul) != NULL;
}

static void add_to_own(InfServer* server, uint64_t soul, const Encoded* event) {
    InfSession* session = session_of(server, soul);
    if (session != NULL) {
        add_to_session(server, session, event);
    }
}

/// What reaches a soul reaches those in its head.
static void add_to_soul(InfServer* server, uint64_t soul, const Encoded* event) {
    add_to_own(server, soul, event);
    for (InfSession* rider = rider_of(server, soul); rider != NULL; rider = next_rider(server, rider)) {
        add_to_session(server, rider, event);
    }
}

static void set_concerned(InfServer* server, uint64_t soul) {
    InfSession* own = session_of(server, soul);
    if (own != NULL) {
        own->is_concerned = true;
    }
    for (InfSession* rider = rider_of(server, soul); rider != NULL; rider = next_rider(server, rider)) {
        rider->is_concerned = true;
    }
}

/// Is it told on its own what concerns that soul?
static bool is_told_of(const InfSession* session, uint64_t soul) {
    return soul != 0 && (soul == session->soul || soul == session->eyes);
}

// ---- to a place -----------------------------------------------------------------------------------------------

static Scene* scene_of(InfServer* server, uint32_t shard, uint32_t place_index1) {
    InfEventDesk* desk = server->event_desk;
    uint32_t slot1 = place_index1 != 0 ? inf_slot_map_get(&server->by_place, inf_place_key(shard, place_index1)) : 0;
    if (slot1 == 0) {
        return NULL;
    }
    InfSession* first = &server->sessions[slot1 - 1];
    if (first->scene1 == 0) {
        if (!grow((void**)&desk->scenes, &desk->scene_capacity, desk->scene_count + 1, sizeof(Scene))) {
            return NULL;
        }
        desk->scenes[desk->scene_count++] = (Scene){.shard = shard, .place_index1 = place_index1, .first_slot1 = slot1};
        first->scene1 = desk->scene_count;
    }
    return &desk->scenes[first->scene1 - 1];
}

static void add_to_place(InfServer* server, uint32_t shard, uint32_t place_index1, const Item* like, const Encoded* event) {
    InfEventDesk* desk = server->event_desk;
    Scene* scene = scene_of(server, shard, place_index1);
    if (scene == NULL || !grow((void**)&desk->items, &desk->item_capacity, desk->item_count + 1, sizeof(Item)) ||
        !grow((void**)&desk->bytes, &desk->byte_capacity, desk->byte_count + event->byte_count, 1)) {
        return;
    }
    Item* item = &desk->items[desk->item_count++];
    *item = *like;
    item->at = desk->byte_count;
    item->byte_count = event->byte_count;
    item->is_detail = event->is_detail;
    memcpy(desk->bytes + desk->byte_count, event->bytes, event->byte_count);
    desk->byte_count += event->byte_count;
    if (scene->last_item1 != 0) {
        desk->items[scene->last_item1 - 1].next1 = desk->item_count;
    } else {
        scene->first_item1 = desk->item_count;
    }
    scene->last_item1 = desk->item_count;
}

/// What concerns it it has been told on its own.
static void add_item(const InfEventDesk* desk, const InfSession* session, const Item* item, Sink* sink) {
    if (session->soul == 0 || (!is_told_of(session, item->soul) && !is_told_of(session, item->other))) {
        add(sink, desk->bytes + item->at, item->byte_count, item->is_detail);
    }
}

static void tell_few(InfServer* server, const Scene* scene) {
    const InfEventDesk* desk = server->event_desk;
    for (uint32_t i = scene->first_item1; i != 0; i = desk->items[i - 1].next1) {
        for (uint32_t slot1 = scene->first_slot1; slot1 != 0; slot1 = server->seats[slot1 - 1].next_in_place1) {
            InfSession* session = &server->sessions[slot1 - 1];
            Sink sink = {session->events, session->event_bytes};
            add_item(desk, session, &desk->items[i - 1], &sink);
            session->event_bytes = sink.count;
        }
    }
}

/// Part a crowd's scene into what all hear (a run in the desk's bytes) and what those hear who see a ship.
static void sort_crowd(InfServer* server, Scene* scene) {
    InfEventDesk* desk = server->event_desk;
    uint32_t ship_count, before = desk->row_capacity[scene->shard];
    inf_world_ships(server->worlds[scene->shard], &ship_count);
    if (!grow((void**)&desk->row_items1[scene->shard], &desk->row_capacity[scene->shard], ship_count, sizeof(uint32_t)) ||
        !grow((void**)&desk->bytes, &desk->byte_capacity, desk->byte_count + PLACE_BYTES, 1)) {
        return;
    }
    uint32_t* row_items1 = desk->row_items1[scene->shard];
    memset(row_items1 + before, 0, (desk->row_capacity[scene->shard] - before) * sizeof(uint32_t));
    scene->is_crowd = true;
    scene->all_at = desk->byte_count;
    for (uint32_t i = scene->first_item1; i != 0; i = desk->items[i - 1].next1) {
        Item* item = &desk->items[i - 1];
        if (item->row != NO_ROW) {
            item->next_of_row1 = row_items1[item->row];
            row_items1[item->row] = i;
            desk->row_bits[item->row % ROW_BITS / 64] |= 1ull << item->row % 64;
            scene->has_rows = desk->has_bits = true;
            scene->has_lasting |= !item->is_detail;
        } else if (scene->all_bytes + item->byte_count <= PLACE_BYTES) {
            memcpy(desk->bytes + desk->byte_count, desk->bytes + item->at, item->byte_count);
            desk->byte_count += item->byte_count;
            scene->all_bytes += item->byte_count;
            set_concerned(server, item->soul);
            set_concerned(server, item->other);
        } else {
            item->byte_count = 0; // too much at once
        }
    }
    desk->has_common |= scene->all_bytes > 0 || scene->has_lasting;
}

/// Make the rows' heads empty again.
static void clear_rows(InfEventDesk* desk) {
    for (uint32_t i = 0; desk->has_bits && i < desk->scene_count; i++) {
        const Scene* scene = &desk->scenes[i];
        for (uint32_t k = scene->is_crowd ? scene->first_item1 : 0; k != 0; k = desk->items[k - 1].next1) {
            if (desk->items[k - 1].row != NO_ROW) {
                desk->row_items1[scene->shard][desk->items[k - 1].row] = 0;
            }
        }
    }
    if (desk->has_bits) {
        memset(desk->row_bits, 0, sizeof(desk->row_bits));
        desk->has_bits = false;
    }
}

static void add_seen(const InfEventDesk* desk, const Scene* scene, const InfSession* session, bool with_detail, Sink* sink) {
    const uint32_t* row_items1 = desk->row_items1[scene->shard];
    for (uint32_t i = 0; i < session->sight.seen_count; i++) {
        uint32_t row = session->sight.seen[i];
        if ((desk->row_bits[row % ROW_BITS / 64] >> row % 64 & 1) == 0) {
            continue;
        }
        for (uint32_t at = row < desk->row_capacity[scene->shard] ? row_items1[row] : 0; at != 0;
             at = desk->items[at - 1].next_of_row1) {
            if (with_detail || !desk->items[at - 1].is_detail) {
                add_item(desk, session, &desk->items[at - 1], sink);
            }
        }
    }
}

/// What the crowd around it makes this client see and hear.
static void add_crowd(const InfServer* server, const InfSession* session, bool with_detail, Sink* sink) {
    const InfEventDesk* desk = server->event_desk;
    uint32_t first1 = session->place_index1 != 0
                          ? inf_slot_map_get(&server->by_place, inf_place_key(session->shard, session->place_index1))
                          : 0;
    uint32_t scene1 = first1 != 0 ? server->sessions[first1 - 1].scene1 : 0;
    const Scene* scene = scene1 != 0 ? &desk->scenes[scene1 - 1] : NULL;
    if (scene == NULL || !scene->is_crowd) {
        return;
    }
    if (!session->is_concerned) {
        add(sink, desk->bytes + scene->all_at, scene->all_bytes, false);
    } else {
        for (uint32_t i = scene->first_item1; i != 0; i = desk->items[i - 1].next1) {
            if (desk->items[i - 1].row == NO_ROW) {
                add_item(desk, session, &desk->items[i - 1], sink);
            }
        }
    }
    const InfSight* sight = &session->sight;
    if ((with_detail ? scene->has_rows : scene->has_lasting) && sight->shard == scene->shard &&
        sight->place_index1 == scene->place_index1) {
        add_seen(desk, scene, session, with_detail, sink);
    }
}

// ---- each event -----------------------------------------------------------------------------------------------

/// The soul in the first field of most events; 0 where the first field is something else.
static uint64_t soul_of(const InfEvent* event) {
    switch (event->kind) {
    case INF_EVENT_KIND_Fired:
    case INF_EVENT_KIND_Ledger:
    case INF_EVENT_KIND_TransferArrived:
        return 0;
    default:
        return event->Woke.soul;
    }
}

static uint32_t row_of_ship(const InfServer* server, uint32_t shard, uint64_t ship) {
    uint32_t index1 = inf_world_find_ship(server->worlds[shard], ship);
    return index1 != 0 ? index1 - 1 : NO_ROW;
}

/// The ship that an event of a place is about.
static uint32_t row_of(InfServer* server, uint32_t shard, const InfEvent* event) {
    InfEventDesk* desk = server->event_desk;
    switch (event->kind) {
    case INF_EVENT_KIND_Fired:
        return row_of_ship(server, shard, event->Fired.ship);
    case INF_EVENT_KIND_Destroyed:
        desk->destroyed_soul = event->Destroyed.soul;
        desk->destroyed_row = row_of_ship(server, shard, event->Destroyed.ship);
        return desk->destroyed_row;
    case INF_EVENT_KIND_Died:
        return event->Died.soul == desk->destroyed_soul ? desk->destroyed_row : NO_ROW;
    case INF_EVENT_KIND_Undocked:
    case INF_EVENT_KIND_Docked:
    case INF_EVENT_KIND_CruiseStarted:
    case INF_EVENT_KIND_Arrived:
    case INF_EVENT_KIND_JumpSpool:
    case INF_EVENT_KIND_JumpBroken:
    case INF_EVENT_KIND_Jumped:
    case INF_EVENT_KIND_Entered:
        return row_of_ship(server, shard, event->Undocked.ship); // all begin with soul and ship
    default:
        return NO_ROW;
    }
}

/// Who else is told, wherever they look: the one that is fired at, the killer.
static uint64_t other_of(const InfServer* server, uint32_t shard, const InfEvent* event) {
    if (event->kind == INF_EVENT_KIND_Died) {
        return event->Died.killer;
    }
    if (event->kind != INF_EVENT_KIND_Fired) {
        return 0;
    }
    uint32_t count, row = row_of_ship(server, shard, event->Fired.target);
    uint32_t pilot_index1 = row != NO_ROW ? inf_world_ships(server->worlds[shard], &count)[row].pilot_index1 : 0;
    return pilot_index1 != 0 ? inf_world_souls(server->worlds[shard], &count)[pilot_index1 - 1].id : 0;
}

static bool encode(const InfEvent* event, uint8_t* buffer, size_t buffer_bytes, Encoded* out) {
    InfWriter writer = inf_writer_make(buffer, buffer_bytes);
    if (!inf_event_write(&writer, event)) {
        return false;
    }
    bool is_meant = event->kind == INF_EVENT_KIND_Said && event->Said.reach == INF_REACH_WHISPER;
    *out = (Encoded){.bytes = buffer,
                     .byte_count = (uint32_t)writer.at,
                     .is_detail = event->kind == INF_EVENT_KIND_Fired || event->kind == INF_EVENT_KIND_Mined,
                     .is_urgent = is_meant || event->kind == INF_EVENT_KIND_Died};
    return true;
}

/// A player with the transponder off speaks without a name. A mind has no transponder; its voice is its own.
static bool is_veiled(const InfServer* server, uint32_t shard, const InfEvent* event) {
    uint32_t count, index1 = inf_world_find_soul(server->worlds[shard], event->Said.soul);
    return event->Said.ghost != 0 && index1 != 0 &&
           (inf_world_souls(server->worlds[shard], &count)[index1 - 1].flags & INF_SOUL_PLAYER) != 0;
}

static void tell_said(InfServer* server, uint32_t shard, const InfEvent* event) {
    uint8_t whole_bytes[512], veiled_bytes[512];
    Encoded whole, veiled;
    InfEvent copy;
    size_t bytes = event->total_bytes < sizeof(copy) ? event->total_bytes : sizeof(copy);
    memset(&copy, 0, sizeof(copy));
    memcpy(&copy, event, bytes);
    if (is_veiled(server, shard, event)) {
        copy.Said.soul = 0;
        memset(copy.Said.name, 0, sizeof(copy.Said.name));
    }
    if (!encode(event, whole_bytes, sizeof(whole_bytes), &whole) ||
        !encode(&copy, veiled_bytes, sizeof(veiled_bytes), &veiled)) {
        return;
    }
    if (event->Said.reach == INF_REACH_HEAD) { // the host and all who ride with it, the speaker among them
        add_to_soul(server, event->Said.to, &whole);
        return;
    }
    add_to_soul(server, event->Said.soul, &whole);
    if (event->Said.reach == INF_REACH_WHISPER) {
        add_to_soul(server, event->Said.to, &whole); // a whisper is meant: its speaker is known
    } else if (event->Said.reach == INF_REACH_PLACE) {
        Item item = {.soul = event->Said.soul, .row = NO_ROW};
        add_to_place(server, shard, event->place_index1, &item, &veiled);
    }
}

static void tell_galaxy(InfEventDesk* desk, const Encoded* event) {
    if (desk->galaxy_bytes + event->byte_count <= GALAXY_BYTES) {
        memcpy(desk->galaxy + desk->galaxy_bytes, event->bytes, event->byte_count);
        desk->galaxy_bytes += event->byte_count;
    }
}

static void tell_event(InfServer* server, uint32_t shard, const InfEvent* event) {
    InfReach reach = inf_event_reach(event->kind);
    if (reach == INF_REACH_NONE) {
        return;
    }
    if (event->kind == INF_EVENT_KIND_Said) {
        tell_said(server, shard, event);
        return;
    }
    uint64_t soul = soul_of(event);
    bool is_seen = reach == INF_REACH_PLACE && event->place_index1 != 0 &&
                   inf_slot_map_get(&server->by_place, inf_place_key(shard, event->place_index1)) != 0;
    bool is_heard = reach == INF_REACH_GALAXY || is_seen || has_listener(server, soul) ||
                    (event->kind == INF_EVENT_KIND_Died && has_listener(server, event->Died.killer));
    uint8_t bytes[1024];
    Encoded encoded;
    if (!is_heard || !encode(event, bytes, sizeof(bytes), &encoded)) {
        return;
    }
    if (reach == INF_REACH_GALAXY) {
        tell_galaxy(server->event_desk, &encoded);
        return;
    }
    if (event->kind == INF_EVENT_KIND_Accepted || event->kind == INF_EVENT_KIND_Rejected) {
        add_to_own(server, soul, &encoded); // the answer to a client's own input
        return;
    }
    add_to_soul(server, soul, &encoded);
    if (reach != INF_REACH_PLACE) {
        return;
    }
    Item item = {.soul = soul, .other = other_of(server, shard, event), .row = row_of(server, shard, event)};
    if (item.other != soul) {
        add_to_soul(server, item.other, &encoded);
    }
    if (is_seen) {
        add_to_place(server, shard, event->place_index1, &item, &encoded);
    }
}

/// One Events frame: number, tick, count of bytes, events. @param frame  with EVENTS_HEAD bytes free before the events
static void send_frame(InfServer* server, InfSession* session, uint8_t* frame, uint32_t event_bytes) {
    session->event_bytes = 0;
    session->is_urgent = false;
    if (event_bytes == 0) {
        return;
    }
    InfWriter writer = inf_writer_make(frame, EVENTS_HEAD);
    inf_write_u8(&writer, INF_FRAME_KIND_Events);
    inf_write_u64(&writer, inf_shards_now(server->shards));
    inf_write_u16(&writer, (uint16_t)event_bytes);
    inf_fanout_send(server->fanout, session->client, frame, EVENTS_HEAD + event_bytes, INF_SEND_RELIABLE);
}

void inf_events_send(InfServer* server, InfSession* session) {
    uint8_t frame[EVENTS_HEAD + INF_SESSION_EVENT_BYTES + GALAXY_BYTES];
    const InfEventDesk* desk = server->event_desk;
    Sink sink = {frame + EVENTS_HEAD, session->event_bytes};
    memcpy(sink.bytes, session->events, session->event_bytes);
    add_crowd(server, session, true, &sink);
    memcpy(sink.bytes + sink.count, desk->galaxy, desk->galaxy_bytes);
    send_frame(server, session, frame, sink.count + desk->galaxy_bytes);
}

bool inf_events_have_to_keep(const InfServer* server) {
    return server->event_desk->has_common || server->event_desk->has_urgent || server->event_desk->galaxy_bytes > 0;
}

void inf_events_keep(InfServer* server, InfSession* session) {
    const InfEventDesk* desk = server->event_desk;
    Sink sink = {session->events, session->event_bytes};
    add_crowd(server, session, false, &sink);
    add(&sink, desk->galaxy, desk->galaxy_bytes, false);
    session->event_bytes = sink.count;
    if (session->is_urgent) {
        uint8_t frame[EVENTS_HEAD + INF_SESSION_EVENT_BYTES];
        memcpy(frame + EVENTS_HEAD, session->events, session->event_bytes);
        send_frame(server, session, frame, session->event_bytes);
    }
}

void inf_events_sort(InfServer* server) {
    InfEventDesk* desk = server->event_desk;
    clear_rows(desk);
    desk->byte_count = desk->item_count = desk->scene_count = desk->galaxy_bytes = 0;
    desk->has_urgent = desk->has_common = false;
    if (server->galaxy_listeners == 0) {
        return;
    }
    desk->destroyed_soul = 0;
    for (uint32_t s = 0; s < server->shard_count; s++) {
        const InfEvent* event = NULL;
        while ((event = inf_world_next_event(server->worlds[s], event)) != NULL) {
            tell_event(server, s, event);
        }
    }
    for (uint32_t i = 0; i < desk->scene_count; i++) {
        Scene* scene = &desk->scenes[i];
        if (server->sessions[scene->first_slot1 - 1].listeners <= CROWD) {
            tell_few(server, scene);
        } else {
            sort_crowd(server, scene);
        }
    }
}
