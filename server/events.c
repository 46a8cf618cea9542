// Who is told what happened. Each event is encoded once and copied to those that it reaches: the soul it happened
// to, everyone in the place, speaker and addressee of a whisper, those aboard a ship, or everyone.
#include "server/internal.h"

#include <string.h>

typedef struct Encoded {
    const uint8_t* bytes;
    uint32_t byte_count;
    bool is_detail; ///< may be left out when there is too much
} Encoded;

static void add(InfSession* session, const Encoded* event) {
    uint32_t limit = event->is_detail ? INF_SESSION_EVENT_BYTES / 2 : INF_SESSION_EVENT_BYTES;
    if (session->event_bytes + event->byte_count <= limit) {
        memcpy(session->events + session->event_bytes, event->bytes, event->byte_count);
        session->event_bytes += event->byte_count;
    }
}

static void add_to_soul(InfServer* server, uint64_t soul, const Encoded* event) {
    uint32_t slot1 = soul != 0 ? inf_slot_map_get(&server->by_soul, soul) : 0;
    if (slot1 != 0) {
        add(&server->sessions[slot1 - 1], event);
    }
}

static void add_to_place(InfServer* server, uint32_t shard, uint32_t place_index1, uint64_t but_soul,
                         const Encoded* event) {
    uint32_t slot1 = place_index1 != 0 ? inf_slot_map_get(&server->by_place, inf_place_key(shard, place_index1)) : 0;
    while (slot1 != 0) {
        InfSession* session = &server->sessions[slot1 - 1];
        if (but_soul == 0 || session->soul != but_soul) {
            add(session, event);
        }
        slot1 = session->next_in_place1;
    }
}

static void add_to_all(InfServer* server, const Encoded* event) {
    for (uint32_t i = 0; i < server->session_end; i++) {
        InfSession* session = &server->sessions[i];
        if (session->state == INF_SESSION_PLAYING || session->state == INF_SESSION_WATCHING) {
            add(session, event);
        }
    }
}

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

static bool encode(const InfEvent* event, uint8_t* buffer, size_t buffer_bytes, Encoded* out) {
    InfWriter writer = inf_writer_make(buffer, buffer_bytes);
    if (!inf_event_write(&writer, event)) {
        return false;
    }
    *out = (Encoded){buffer, (uint32_t)writer.at, event->kind == INF_EVENT_KIND_Fired || event->kind == INF_EVENT_KIND_Mined};
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
    add_to_soul(server, event->Said.soul, &whole);
    if (event->Said.reach == INF_REACH_WHISPER) {
        add_to_soul(server, event->Said.to, &whole); // a whisper is meant: its speaker is known
    } else if (event->Said.reach == INF_REACH_PLACE) {
        add_to_place(server, shard, event->place_index1, event->Said.soul, &veiled);
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
    bool is_heard = reach == INF_REACH_GALAXY ||
                    (soul != 0 && inf_slot_map_get(&server->by_soul, soul) != 0) ||
                    (reach == INF_REACH_PLACE && event->place_index1 != 0 &&
                     inf_slot_map_get(&server->by_place, inf_place_key(shard, event->place_index1)) != 0);
    uint8_t bytes[1024];
    Encoded encoded;
    if (!is_heard || !encode(event, bytes, sizeof(bytes), &encoded)) {
        return;
    }
    if (reach == INF_REACH_GALAXY) {
        add_to_all(server, &encoded);
        return;
    }
    add_to_soul(server, soul, &encoded);
    if (reach == INF_REACH_PLACE) {
        add_to_place(server, shard, event->place_index1, soul, &encoded);
    }
}

/// One Events frame: number, tick, count of bytes, events.
static void send_events(InfServer* server, InfSession* session) {
    static uint8_t frame[11 + INF_SESSION_EVENT_BYTES];
    InfWriter writer = inf_writer_make(frame, sizeof(frame));
    inf_write_u8(&writer, INF_FRAME_KIND_Events);
    inf_write_u64(&writer, inf_shards_now(server->shards));
    inf_write_u16(&writer, (uint16_t)session->event_bytes);
    inf_write_bytes(&writer, session->events, session->event_bytes);
    inf_fanout_send(server->fanout, session->client, frame, writer.at, INF_SEND_RELIABLE);
    session->event_bytes = 0;
}

void inf_events_tell(InfServer* server) {
    if (server->galaxy_listeners == 0) {
        return;
    }
    for (uint32_t s = 0; s < server->shard_count; s++) {
        const InfEvent* event = NULL;
        while ((event = inf_world_next_event(server->worlds[s], event)) != NULL) {
            tell_event(server, s, event);
        }
    }
    for (uint32_t i = 0; i < server->session_end; i++) {
        if (server->sessions[i].event_bytes > 0) {
            send_events(server, &server->sessions[i]);
        }
    }
}
