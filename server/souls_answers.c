// Who lives here, and where they come from: for people and for the command line.
#include "server/acts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE_SOULS 100u

static json_t* soul_json(const InfBorder* border, const InfWorld* world, const InfSoul* soul) {
    (void)border;
    uint32_t count;
    const InfShip* ship = soul->ship_index1 != 0 ? &inf_world_ships(world, &count)[soul->ship_index1 - 1] : NULL;
    bool is_docked = ship != NULL && ship->state == INF_SHIP_STATE_DOCKED;
    json_t* json = json_pack("{s:o, s:s, s:s, s:I, s:b, s:b}", "soul", inf_id_json(soul->id), "name", (const char*)soul->name, "kind",
                             (soul->flags & INF_SOUL_PLAYER) != 0     ? "player"
                             : (soul->flags & INF_SOUL_EXTERNAL) != 0 ? "driven mind"
                                                                      : "mind",
                             "epoch", (json_int_t)soul->epoch, "docked", is_docked, "bound", inf_soul_is_bound(soul));
    if (inf_soul_is_bound(soul)) {
        json_object_set_new(json, "identity", inf_hex_json(soul->identity, 32));
    }
    return json;
}

static bool contains(const char* text, const char* part) {
    return part[0] == 0 || strcasestr(text, part) != NULL;
}

/// The cursor is shard << 32 | row; at most a hundred at a time, and a look at so many rows at most.
void inf_answer_souls(InfBorder* border, InfRequest* request) {
    json_t* list = json_array();
    uint32_t shard = (uint32_t)(request->cursor >> 32), row = (uint32_t)request->cursor;
    for (; shard < border->server->shard_count; shard++, row = 0) {
        uint32_t count, passenger_count; // rows of souls, then rows of those who ride in their heads
        const InfWorld* world = border->server->worlds[shard];
        const InfSoul* souls = inf_world_souls(world, &count);
        const InfPassenger* passengers = inf_world_passengers(world, &passenger_count);
        for (; row < count + passenger_count && json_array_size(list) < PAGE_SOULS; row++) {
            const InfPassenger* passenger = row < count ? NULL : &passengers[row - count];
            const InfSoul* soul = passenger != NULL ? passenger->soul : &souls[row];
            uint32_t generation = passenger != NULL ? passenger->generation : soul->generation;
            if ((generation & 1u) != 0 && contains((const char*)soul->name, request->text)) {
                json_t* json = soul_json(border, world, soul);
                if (passenger != NULL) {
                    json_object_set_new(json, "host", inf_id_json(passenger->host));
                }
                json_array_append_new(list, json);
            }
        }
        if (json_array_size(list) == PAGE_SOULS) {
            break;
        }
    }
    uint64_t next = shard < border->server->shard_count ? (uint64_t)shard << 32 | row : 0;
    inf_border_reply(border, request, 200, json_pack("{s:o, s:o}", "souls", list, "next", inf_id_json(next)));
}

void inf_answer_lineage(InfBorder* border, InfRequest* request) {
    uint8_t identity[32];
    uint32_t count, index1 = 0;
    const InfSoul* soul = request->soul != 0 ? inf_border_soul(border, request->soul, NULL, NULL) : NULL;
    bool has_identity = request->text[0] != 0 && inf_hex_read(request->text, identity, 32);
    if (!has_identity && soul != NULL && inf_soul_is_bound(soul)) {
        memcpy(identity, soul->identity, 32);
        has_identity = true;
    } else if (!has_identity && request->soul != 0) {
        index1 = inf_world_find_identity_of(inf_border_heart(border), request->soul);
        if (index1 != 0) {
            memcpy(identity, inf_world_directory(inf_border_heart(border), &count)[index1 - 1].identity, 32);
            has_identity = true;
        }
    }
    if (!has_identity) {
        inf_border_reply_error(border, request, 404, "not found",
                               soul != NULL ? "That soul has no identity yet: nothing was done with it." : "No such soul is known here.",
                               "Give soul=id or identity=64 hexadecimal digits.");
        return;
    }
    index1 = inf_world_find_identity(inf_border_heart(border), identity);
    soul = soul != NULL ? soul : index1 != 0 ? inf_border_soul(border, inf_world_directory(inf_border_heart(border), &count)[index1 - 1].soul, NULL, NULL) : NULL;
    const InfDirectoryEntry* entry = index1 != 0 ? &inf_world_directory(inf_border_heart(border), &count)[index1 - 1] : NULL;
    json_t* json = json_pack("{s:o, s:s, s:o}", "identity", inf_hex_json(identity, 32), "state",
                             inf_directory_word(entry != NULL ? entry->state : INF_DIRECTORY_NONE), "records",
                             inf_lineage_log_json(border->log, identity, soul != NULL ? soul->lineage : NULL));
    if (entry != NULL) {
        json_object_set_new(json, "epoch", json_integer((json_int_t)entry->epoch));
        json_object_set_new(json, "soul", inf_id_json(entry->soul));
    }
    inf_border_reply(border, request, 200, json);
}
