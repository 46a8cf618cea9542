// Clients whose soul rides in another's head. They are told the place, the ship and the events of their host; their own
// are purse, feelings, and what is said in the head. Who is in a head is told to all in it by the frame Head: at once when
// somebody comes or goes, and what they feel once a second while it changes.
#include "server/internal.h"

#include <infinity/hash.h>
#include <infinity/soul.h>

#include <string.h>

#define FELT_TICKS 10

_Static_assert(INF_HEAD_FEELINGS == INF_SEATS * INF_FEELINGS && INF_HEAD_NAMES == INF_SEATS * INF_NAME_BYTES, "the frame has a row per seat");

bool inf_session_locate_rider(InfServer* server, InfSession* session) {
    uint32_t shard = session->shard, count;
    uint32_t index1 = inf_world_find_passenger(server->worlds[shard], session->soul);
    for (uint32_t s = 0; index1 == 0 && s < server->shard_count; s++) {
        index1 = inf_world_find_passenger(server->worlds[s], session->soul);
        shard = s;
    }
    if (index1 == 0) {
        return false;
    }
    const InfWorld* world = server->worlds[shard];
    uint64_t host = inf_world_passengers(world, &count)[index1 - 1].host;
    uint32_t host_index1 = inf_world_find_soul(world, host);
    session->shard = shard;
    session->passenger_index1 = index1;
    if (host_index1 == 0) {
        return true; // its host is dead, and it has no body yet
    }
    session->eyes = host;
    session->place_index1 = inf_soul_place(world, host_index1);
    session->ship_index1 = inf_world_souls(world, &count)[host_index1 - 1].ship_index1;
    if (session->ship_index1 != 0) {
        session->is_docked = inf_world_ships(world, &count)[session->ship_index1 - 1].state == INF_SHIP_STATE_DOCKED;
    }
    return true;
}

static void fill_row(InfFrameHead* head, const InfWorld* world, const InfPassenger* rider) {
    uint32_t row = head->count++;
    head->souls[row] = rider->soul->id;
    head->boarded_ticks[row] = rider->boarded_tick;
    head->seats[row] = rider->seat;
    head->players[row] = (rider->soul->flags & INF_SOUL_PLAYER) != 0;
    head->connected[row] = (rider->soul->flags & INF_SOUL_CONNECTED) != 0;
    inf_soul_feelings(world, rider->soul, &head->feelings[row * INF_FEELINGS]);
    memcpy(&head->names[row * INF_NAME_BYTES], rider->soul->name, INF_NAME_BYTES);
}

static void fill_head(InfFrameHead* head, const InfWorld* world, uint64_t host) {
    uint32_t count, host_index1 = inf_world_find_soul(world, host);
    const InfPassenger* rows = inf_world_passengers(world, &count);
    memset(head, 0, sizeof(*head));
    head->host = host;
    if (host_index1 != 0) {
        memcpy(head->host_name, inf_world_souls(world, &count)[host_index1 - 1].name, sizeof(head->host_name));
    }
    for (uint32_t at = inf_world_first_passenger(world, host); at != 0 && head->count < INF_SEATS; at = rows[at - 1].next_of_host) {
        fill_row(head, world, &rows[at - 1]);
    }
}

void inf_session_tell_head(InfServer* server, InfSession* session) {
    const InfWorld* world = server->worlds[session->shard];
    bool is_empty = inf_world_first_passenger(world, session->eyes) == 0;
    if (is_empty && session->head_hash == 0) {
        return;
    }
    InfFrameHead head;
    fill_head(&head, world, session->eyes);
    uint64_t felt = inf_hash_bytes(head.feelings, sizeof(head.feelings), 0);
    uint16_t feelings[INF_HEAD_FEELINGS];
    memcpy(feelings, head.feelings, sizeof(feelings));
    memset(head.feelings, 0, sizeof(head.feelings));
    uint64_t who = is_empty ? 0 : inf_hash_bytes(&head, sizeof(head), 1) | 1;
    memcpy(head.feelings, feelings, sizeof(feelings));
    head.tick = inf_world_header(world)->tick;
    bool is_due = who != session->head_hash || (felt != session->head_felt_hash && head.tick - session->head_tick >= FELT_TICKS);
    if (is_due && inf_session_tell(server, session, INF_FRAME_KIND_Head, &head, INF_SEND_RELIABLE)) {
        session->head_hash = who;
        session->head_felt_hash = felt;
        session->head_tick = head.tick;
    }
}
