// What each client is told about its own state, its place and the market, when it has changed, and its snapshot.
#include "server/internal.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Slow numbers (what burns, what is felt) are told so seldom at most.
#define SLOW_TICKS 10
#define PLACE_TICKS 10
#define MARKET_TICKS 20
#define STATEMENT_TICKS 10
#define STATEMENT_ROWS 40
#define CROWD_CLIENTS 1000
#define GREAT_CROWD_CLIENTS 4000
#define TOLD_TOGETHER 64u
#define DISK_WAIT_MS 15
/// So few are told by the loop alone.
#define ALONE_CLIENTS 256u

// ---- self -----------------------------------------------------------------------------------------------------

static void fill_ship(InfFrameSelf* self, const InfWorld* world, const InfShip* ship) {
    uint32_t count;
    const InfPlace* places = inf_world_places(world, &count);
    uint64_t now = inf_world_header(world)->tick;
    self->ship = ship->id;
    self->timer_tick = ship->timer_tick;
    self->leg_start_tick = ship->leg_start_tick;
    self->target = ship->target;
    self->weapon_target = ship->weapon_target;
    self->fuel = ship->fuel;
    self->hull = ship->hull;
    self->shield = ship->shield;
    memcpy(self->cargo, ship->cargo, sizeof(self->cargo));
    memcpy(self->modules, ship->modules, sizeof(self->modules));
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        int16_t wait = (int16_t)(uint16_t)(ship->module_ready[i] - (uint16_t)now);
        self->module_wait_ticks[i] = wait > 0 ? (uint16_t)wait : 0;
    }
    self->modules_on = ship->modules_on;
    self->hull_kind = ship->hull_kind;
    self->state = ship->state;
    self->order = ship->order;
    self->spool = ship->spool;
    if (ship->destination_index1 != 0) {
        self->destination_body = places[ship->destination_index1 - 1].body;
    }
}

/// A passenger's purse and feelings are its own, the ship is its host's.
static void fill_self(InfFrameSelf* self, const InfWorld* world, const InfSession* session) {
    uint32_t count;
    const InfSoul* soul = session->passenger_index1 != 0 ? inf_world_passengers(world, &count)[session->passenger_index1 - 1].soul
                                                         : &inf_world_souls(world, &count)[session->soul_index1 - 1];
    memset(self, 0, sizeof(*self));
    self->tick = inf_world_header(world)->tick;
    self->soul = soul->id;
    self->carried_credits = inf_account_credits(world, soul->carried_account);
    self->banked_credits = inf_account_credits(world, soul->banked_account);
    self->debt_credits = soul->debt_credits;
    self->bounty_credits = soul->bounty_credits;
    inf_soul_burn(world, session->soul_index1, &self->burn_milli_credits_per_s, &self->zero_tick); // row 0, a passenger: nothing
    self->ghost = (soul->flags & INF_SOUL_GHOST) != 0;
    self->goal = soul->goal;
    self->clone_paid = (soul->flags & INF_SOUL_CLONE) != 0;
    memcpy(self->feelings, soul->feelings, sizeof(self->feelings));
    if (session->ship_index1 != 0) {
        fill_ship(self, world, &inf_world_ships(world, &count)[session->ship_index1 - 1]);
    }
}

#define SPAN(first, behind) offsetof(InfFrameSelf, first), offsetof(InfFrameSelf, behind) - offsetof(InfFrameSelf, first)

static bool is_span_equal(const InfFrameSelf* a, const InfFrameSelf* b, size_t from, size_t bytes) {
    return memcmp((const char*)a + from, (const char*)b + from, bytes) == 0;
}

/// Equal but for what changes all the time: time, what burns, what is felt, modules that run down (a new cycle is news),
/// hull and shield that grow (a loss is news).
static bool is_equal_but_slow(const InfFrameSelf* now, const InfFrameSelf* told) {
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        if (now->module_wait_ticks[i] > told->module_wait_ticks[i]) {
            return false;
        }
    }
    return now->hull >= told->hull && now->shield >= told->shield && is_span_equal(now, told, SPAN(soul, burn_milli_credits_per_s)) &&
           is_span_equal(now, told, SPAN(timer_tick, hull)) && is_span_equal(now, told, SPAN(cargo, module_wait_ticks)) &&
           is_span_equal(now, told, SPAN(modules_on, feelings));
}

static bool is_slow_equal(const InfFrameSelf* now, const InfFrameSelf* told) {
    return memcmp(now->feelings, told->feelings, sizeof(now->feelings)) == 0 &&
           now->burn_milli_credits_per_s == told->burn_milli_credits_per_s && !(now->hull > told->hull) &&
           !(now->shield > told->shield) && llabs((int64_t)(now->zero_tick - told->zero_tick)) < INF_TICKS_PER_SECOND;
}

static void tell_self(InfServer* server, InfSession* session) {
    InfFrameSelf self;
    fill_self(&self, server->worlds[session->shard], session);
    bool is_slow = is_equal_but_slow(&self, &session->self);
    if (is_slow && (self.tick - session->self_tick < SLOW_TICKS || is_slow_equal(&self, &session->self))) {
        return;
    }
    if (inf_session_tell(server, session, INF_FRAME_KIND_Self, &self, INF_SEND_DETAIL)) {
        session->self = self;
        session->self_tick = self.tick;
    }
}

// ---- place ----------------------------------------------------------------------------------------------------

static void fill_discoverer(InfServer* server, InfFramePlace* frame) {
    uint32_t shard, index1, count;
    if (frame->discoverer != 0 && inf_shards_find_soul(server->shards, frame->discoverer, &shard, &index1)) {
        memcpy(frame->discoverer_name, inf_world_souls(server->worlds[shard], &count)[index1 - 1].name,
               sizeof(frame->discoverer_name));
    }
}

static void fill_place(InfServer* server, const InfSession* session, InfFramePlace* frame) {
    const InfWorld* world = server->worlds[session->shard];
    uint32_t count;
    const InfPlace* place = &inf_world_places(world, &count)[session->place_index1 - 1];
    const InfKnownSystem* system = &inf_world_systems(world, &count)[place->system_index1 - 1];
    memset(frame, 0, sizeof(*frame));
    frame->tick = inf_world_header(world)->tick;
    memcpy(frame->sector, system->sector, sizeof(frame->sector));
    frame->system_in_sector = system->in_sector;
    frame->kind = place->kind;
    frame->body = place->body;
    frame->law = place->law;
    frame->docked = session->is_docked;
    frame->spectator = session->state == INF_SESSION_WATCHING;
    memcpy(frame->position_km, place->position_km, sizeof(frame->position_km));
    frame->ships = place->ship_count;
    frame->souls_docked = place->docked_count;
    frame->discoverer = system->discoverer;
}

static void tell_place(InfServer* server, InfSession* session, uint32_t slot) {
    // Another place, or in or out of the dock, is seen at once; the rest of it each second, the clients in turn.
    uint64_t seat = inf_place_key(session->shard, session->place_index1) << 1 | session->is_docked;
    if (seat == session->place_seat && !session->wants_place && (inf_shards_now(server->shards) + slot) % PLACE_TICKS != 0) {
        return;
    }
    session->place_seat = seat;
    InfFramePlace frame;
    fill_place(server, session, &frame);
    InfFramePlace a = frame, b = session->place;
    a.tick = b.tick = 0;
    memset(b.discoverer_name, 0, sizeof(b.discoverer_name));
    bool is_same = memcmp(&a, &b, sizeof(a)) == 0;
    a.ships = b.ships;
    a.souls_docked = b.souls_docked;
    bool is_only_counts = memcmp(&a, &b, sizeof(a)) == 0;
    if (!session->wants_place && (is_same || (is_only_counts && frame.tick - session->place_tick < PLACE_TICKS))) {
        return;
    }
    fill_discoverer(server, &frame);
    if (inf_session_tell(server, session, INF_FRAME_KIND_Place, &frame, INF_SEND_DETAIL)) {
        session->place = frame;
        session->place_tick = frame.tick;
        session->wants_place = false;
    }
}

// ---- market ---------------------------------------------------------------------------------------------------

static uint16_t to_u16(int64_t value) { return (uint16_t)(value < 0 ? 0 : value > UINT16_MAX ? UINT16_MAX : value); }
static uint32_t to_u32(int64_t value) { return (uint32_t)(value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : value); }

static void tell_market(InfServer* server, InfSession* session) {
    const InfWorld* world = server->worlds[session->shard];
    uint32_t count;
    const InfPlace* place = &inf_world_places(world, &count)[session->place_index1 - 1];
    uint64_t now = inf_world_header(world)->tick;
    bool is_new = session->market_tick == 0 || session->wants_market;
    if (place->station_index1 == 0 || (!is_new && now - session->market_tick < MARKET_TICKS)) {
        return;
    }
    const InfKnownSystem* system = &inf_world_systems(world, &count)[place->system_index1 - 1];
    const InfStation* station = &inf_world_stations(world, &count)[place->station_index1 - 1];
    InfMarketView view;
    inf_station_market(world, place->station_index1, &view);
    InfFrameMarket frame;
    memset(&frame, 0, sizeof(frame));
    memcpy(frame.sector, system->sector, sizeof(frame.sector));
    frame.system_in_sector = system->in_sector;
    frame.body = place->body;
    frame.profile = station->profile;
    for (uint32_t g = 0; g < INF_GOODS; g++) {
        frame.buy_credits[g] = to_u16(view.buy_credits[g]);
        frame.sell_credits[g] = to_u16(view.sell_credits[g]);
        frame.stock_units[g] = to_u32(view.stock_units[g]);
    }
    frame.fuel_milli_credits = to_u16(view.fuel_milli_credits);
    frame.repair_credits = to_u16(view.repair_credits);
    frame.clone_credits = to_u32(view.clone_credits);
    frame.dock_credits = to_u16(view.dock_credits);
    InfFrameMarket before = session->market;
    before.tick = 0;
    if (!is_new && memcmp(&frame, &before, sizeof(frame)) == 0) {
        session->market_tick = now;
        return;
    }
    frame.tick = now;
    if (inf_session_tell(server, session, INF_FRAME_KIND_Market, &frame, INF_SEND_DETAIL)) {
        session->market = frame;
        session->market_tick = now;
        session->wants_market = false;
    }
}

// ---- statement ------------------------------------------------------------------------------------------------

static void tell_statement(InfServer* server, InfSession* session) {
    uint64_t now = inf_shards_now(server->shards), cursor;
    if (session->statement_tick != 0 && now - session->statement_tick < STATEMENT_TICKS) {
        return; // it waits its turn
    }
    session->statement_tick = now;
    session->wants_statement = false;
    json_t* json = inf_statement_json(server, session->soul, 0, STATEMENT_ROWS, &cursor);
    char* text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    if (text == NULL) {
        return;
    }
    static uint8_t bytes[33000];
    InfWriter writer = inf_writer_make(bytes, sizeof(bytes));
    inf_write_u8(&writer, INF_FRAME_KIND_Statement);
    inf_write_u16(&writer, (uint16_t)strlen(text));
    inf_write_bytes(&writer, text, strlen(text));
    if (writer.ok) {
        inf_fanout_send(server->fanout, session->client, bytes, writer.at, INF_SEND_DETAIL);
    }
    free(text);
}

// ---- snapshot -------------------------------------------------------------------------------------------------

static InfLook look_of(InfServer* server, InfSession* session, uint32_t slot) {
    InfLook look = {.shard = session->shard,
                    .place_index1 = session->place_index1,
                    .ships_max = inf_overload_ships(&server->overload),
                    .turn = slot};
    if (session->ship_index1 == 0) {
        return look;
    }
    const InfWorld* world = server->worlds[session->shard];
    uint32_t count;
    const InfShip* ship = &inf_world_ships(world, &count)[session->ship_index1 - 1];
    look.ship_index1 = ship->state == INF_SHIP_STATE_SPACE || ship->state == INF_SHIP_STATE_POD ? session->ship_index1 : 0;
    const InfShip* ships = ship - (session->ship_index1 - 1);
    uint64_t ids[3] = {ship->target, ship->weapon_target, ship->aggressor};
    for (int i = 0; i < 3; i++) { // mostly the ship stands where it stood
        uint32_t index1 = session->aim_index1[i];
        if (ids[i] == 0) {
            index1 = 0;
        } else if (index1 == 0 || index1 > count || ships[index1 - 1].id != ids[i]) {
            index1 = inf_world_find_ship(world, ids[i]);
        }
        look.important[i] = session->aim_index1[i] = index1;
    }
    return look;
}

static void tell_snapshot(InfServer* server, uint32_t hand, InfSession* session, uint32_t slot) {
    uint8_t* frame = inf_fanout_begin_frame(server->fanout, session->client);
    if (frame == NULL) {
        return; // it has not taken the last one; the next that it gets begins anew
    }
    uint32_t told[INF_INTEREST_SHARED + INF_INTEREST_SEEN], told_count;
    InfLook look = look_of(server, session, slot);
    size_t bytes = inf_interest_write(server->interest, hand, &session->sight, &look, frame + 3, told, &told_count);
    frame[0] = INF_FRAME_KIND_Snapshot;
    frame[1] = (uint8_t)bytes;
    frame[2] = (uint8_t)(bytes >> 8);
    inf_fanout_end_frame(server->fanout, session->client, bytes + 3);
    for (uint32_t i = 0; i < told_count; i++) {
        size_t ship_bytes;
        const uint8_t* ship = inf_interest_ship_frame(server->interest, session->shard, told[i], &ship_bytes);
        inf_fanout_send(server->fanout, session->client, ship, ship_bytes, INF_SEND_RELIABLE);
    }
}

static void tell_session(InfServer* server, uint32_t hand, InfSession* session, uint32_t slot) {
    inf_events_send(server, session);
    // In a crowd the own state is looked at each second or fourth tick; its ship's hull and shield are in each snapshot.
    uint32_t every = server->galaxy_listeners > GREAT_CROWD_CLIENTS ? 4 : server->galaxy_listeners > CROWD_CLIENTS ? 2 : 1;
    bool is_here = session->soul_index1 != 0 || session->passenger_index1 != 0;
    if (is_here && (inf_shards_now(server->shards) + slot) % every == 0) {
        tell_self(server, session);
    }
    if (is_here) {
        inf_session_tell_head(server, session);
    }
    if (session->place_index1 != 0) {
        tell_place(server, session, slot);
    }
    if (session->is_docked && session->place_index1 != 0) {
        tell_market(server, session);
    } else {
        session->market_tick = 0;
    }
    tell_snapshot(server, hand, session, slot);
}

// ---- all of them ----------------------------------------------------------------------------------------------

static bool is_told(const InfSession* session) {
    return session->state == INF_SESSION_PLAYING || session->state == INF_SESSION_WATCHING;
}

static void fetch(const void* at, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) {
        __builtin_prefetch((const char*)at + i);
    }
}

/// What telling the next client will look at; its session is on its way already.
static void fetch_around(const InfServer* server, const InfSession* session) {
    uint32_t count;
    inf_fanout_fetch(server->fanout, session->client);
    if (session->ship_index1 != 0) {
        fetch(&inf_world_ships(server->worlds[session->shard], &count)[session->ship_index1 - 1], sizeof(InfShip));
    }
}

/// What one hand does.
static void tell_some(void* user, uint32_t hand, uint32_t from, uint32_t to) {
    InfServer* server = user;
    inf_fanout_take_lane(hand);
    bool is_durable = inf_shards_durable_tick(server->shards) == inf_shards_now(server->shards);
    for (uint32_t i = from; i < to; i++) {
        uint32_t slot = server->order[i];
        InfSession* session = &server->sessions[slot];
        if (i + 2 < to) {
            fetch(&server->sessions[server->order[i + 2]], offsetof(InfSession, self));
        }
        if (i + 1 < to) {
            fetch_around(server, &server->sessions[server->order[i + 1]]);
        }
        if (!is_told(session)) { // it has left since the tick
            continue;
        }
        if (is_durable) {
            inf_fanout_begin_direct(server->fanout, session->client);
        }
        tell_session(server, hand, session, slot);
        if (is_durable) {
            inf_fanout_end_direct(server->fanout, session->client);
        }
    }
    inf_fanout_flush_direct(server->fanout);
}

/// For those whose turn it is not.
static void keep_some(void* user, uint32_t hand, uint32_t from, uint32_t to) {
    InfServer* server = user;
    inf_fanout_take_lane(hand);
    const uint32_t* slots = &server->order[server->session_max - 1]; // backwards
    for (uint32_t i = from; i < to; i++) {
        if (i + 4 < to) {
            fetch(&server->sessions[*(slots - (i + 4))], offsetof(InfSession, sight) + 128);
        }
        if (i + 2 < to) {
            const InfSession* next = &server->sessions[*(slots - (i + 2))];
            fetch(next->events + next->event_bytes, 128);
        }
        inf_events_keep(server, &server->sessions[*(slots - i)]);
    }
}

/// Under load each client is told every second or fourth tick, in turns.
static void append(InfServer* server, uint32_t slot) {
    if ((inf_shards_now(server->shards) + slot) % inf_overload_every(&server->overload) == 0) {
        server->order[server->order_count++] = slot;
    } else {
        server->order[server->session_max - 1 - server->waiting_count++] = slot;
    }
}

/// Append those who look at one place, by where their ships are.
static void order_place(InfServer* server, uint32_t first_slot1, const uint32_t* rows, uint32_t row_count) {
    const InfSeat* seats = server->seats;
    for (uint32_t slot1 = first_slot1; slot1 != 0; slot1 = seats[slot1 - 1].next_in_place1) {
        uint32_t index1 = seats[slot1 - 1].ship_index1;
        if (index1 != 0 && index1 <= server->row_capacity && server->slot1_of_row[index1 - 1] == 0) {
            server->slot1_of_row[index1 - 1] = slot1;
        } else { // without a ship, or another one is aboard too
            append(server, slot1 - 1);
        }
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t* slot1 = rows[i] < server->row_capacity ? &server->slot1_of_row[rows[i]] : NULL;
        if (slot1 != NULL && *slot1 != 0) {
            append(server, *slot1 - 1);
            *slot1 = 0;
        }
    }
    for (uint32_t slot1 = first_slot1; slot1 != 0; slot1 = seats[slot1 - 1].next_in_place1) {
        uint32_t index1 = seats[slot1 - 1].ship_index1;
        if (index1 != 0 && index1 <= server->row_capacity && server->slot1_of_row[index1 - 1] == slot1) {
            server->slot1_of_row[index1 - 1] = 0; // its ship is not in space
            append(server, slot1 - 1);
        }
    }
}

static void grow_rows(InfServer* server, uint32_t shard) {
    uint32_t ship_count;
    inf_world_ships(server->worlds[shard], &ship_count);
    if (ship_count <= server->row_capacity) {
        return;
    }
    uint32_t* grown = calloc(ship_count, sizeof(uint32_t)); // nothing is in it between two places
    if (grown != NULL) {
        free(server->slot1_of_row);
        server->slot1_of_row = grown;
        server->row_capacity = ship_count;
    }
}

/// Each place that somebody looks at is walked before hands are shared: afterwards it is only read. And clients are put in
/// an order: those who are near to each other see the same ships, which are still in the cache then.
static void prepare(InfServer* server) {
    server->order_count = server->waiting_count = 0;
    for (uint32_t i = 0; i < server->session_end; i++) {
        const InfSeat* seat = &server->seats[i];
        if (!seat->is_told) {
            continue;
        }
        if (!seat->is_in_place) {
            append(server, i);
        } else if (seat->next_in_place1 == 0) { // the last of its place's list
            const InfSession* session = &server->sessions[i];
            const uint32_t* rows;
            inf_interest_prepare(server->interest, session->shard, session->place_index1, inf_overload_ships(&server->overload));
            uint32_t row_count = inf_interest_neighbours(server->interest, session->shard, session->place_index1, &rows);
            grow_rows(server, session->shard);
            order_place(server, inf_slot_map_get(&server->by_place, inf_place_key(session->shard, session->place_index1)),
                        rows, row_count);
        }
    }
}

/// What is told of a durable tick goes from the cache into the kernel; what has to wait goes through memory twice. So a crowd
/// is worth a short wait. @return how long
static uint64_t wait_for_disk(InfServer* server) {
    uint64_t begin_us = inf_server_now_us(), now = inf_shards_now(server->shards);
    if (inf_shards_journal(server->shards) != NULL && inf_shards_durable_tick(server->shards) != now) {
        inf_journal_wait(inf_shards_journal(server->shards), now, DISK_WAIT_MS); // in vain: it is staged then
    }
    server->waited_us = inf_server_now_us() - begin_us;
    return server->waited_us;
}

void inf_sessions_tell(InfServer* server) {
    uint64_t begin_us = inf_server_now_us();
    inf_interest_begin_tick(server->interest, inf_shards_now(server->shards), inf_overload_every(&server->overload));
    prepare(server);
    for (uint32_t i = 0; i < server->order_count; i++) { // these ask the disk, or write to what is common: one after the other
        InfSession* session = &server->sessions[server->order[i]];
        if (session->wants_statement) {
            tell_statement(server, session);
        }
        if (session->wants_soul != 0) {
            inf_session_tell_soul(server, session);
        }
    }
    uint64_t prepared_us = inf_server_now_us();
    inf_metric_add(&server->metrics.prepare_us, prepared_us - begin_us);
    if (server->order_count > ALONE_CLIENTS) {
        prepared_us += wait_for_disk(server);
    }
    if (server->order_count > ALONE_CLIENTS) {
        inf_hands_do(server->hands, server->order_count, TOLD_TOGETHER, tell_some, server);
    } else if (server->order_count > 0) {
        tell_some(server, 0, 0, server->order_count);
    }
    if (server->waiting_count > 0 && inf_events_have_to_keep(server)) {
        if (server->waiting_count > ALONE_CLIENTS) {
            inf_hands_do(server->hands, server->waiting_count, TOLD_TOGETHER, keep_some, server);
        } else {
            keep_some(server, 0, 0, server->waiting_count);
        }
    }
    inf_metric_add(&server->metrics.clients_waited, server->waiting_count);
    inf_metric_add(&server->metrics.tell_us, inf_server_now_us() - prepared_us);
}
