// Who lives here, who has departed, and where they come from: for people and for the command line.
#include "server/acts.h"

#include <journal/rows.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE_SOULS 100u
/// A cursor of those who have departed: this bit and the id of the last one that was looked at. Others are shard << 32 | row.
#define DEPARTED (UINT64_C(1) << 63)
#define ROWS_LOOKED_AT 2000u    // of the read model
#define LIVING_LOOKED_AT 4096u  // rows of the worlds: a tick must not wait for a name that nobody has
#define BATCH 100u

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

/// Is the one in this state asked for? "": who lives here; "all": everybody.
static bool is_asked(const InfRequest* request, uint32_t state) {
    return request->soul_state[0] == 0 ? state <= INF_JOURNAL_RIDING
                                  : strcmp(request->soul_state, "all") == 0 || strcmp(request->soul_state, inf_journal_state_word(state)) == 0;
}

/// From the read model, whose rows come one tick late. @return the next cursor, 0: that was all
static uint64_t list_departed(const InfBorder* border, const InfRequest* request, uint64_t cursor, json_t* list) {
    static InfSoulRow rows[BATCH];
    uint32_t count = BATCH, looked = 0;
    uint64_t after = cursor & ~DEPARTED;
    for (; looked < ROWS_LOOKED_AT && count == BATCH; looked += count) {
        if (border->server->query == NULL || inf_journal_query_departed(border->server->query, after, rows, BATCH, &count) != INF_OK) {
            return 0;
        }
        for (uint32_t i = 0; i < count; i++) {
            const InfSoulRow* row = &rows[i];
            if (json_array_size(list) == PAGE_SOULS) {
                return DEPARTED | after;
            }
            after = row->soul_id;
            if (is_asked(request, row->state) && contains(row->name, request->text)) {
                json_array_append_new(list, json_pack("{s:o, s:s, s:s, s:s, s:I}", "soul", inf_id_json(row->soul_id), "name", row->name, "kind",
                                                      row->kind == INF_JOURNAL_PLAYER ? "player" : "mind", "state",
                                                      inf_journal_state_word(row->state), "state_tick", (json_int_t)row->state_tick));
            }
        }
    }
    return count == BATCH ? DEPARTED | after : 0;
}

/// At most a hundred at a time, and a look at so many rows at most: a page may be empty though more follow.
void inf_answer_souls(InfBorder* border, InfRequest* request) {
    json_t* list = json_array();
    if ((request->cursor & DEPARTED) != 0) {
        uint64_t more = list_departed(border, request, request->cursor, list);
        inf_border_reply(border, request, 200, json_pack("{s:o, s:o}", "souls", list, "next", inf_id_json(more)));
        return;
    }
    bool is_departed_asked = false, is_known = request->soul_state[0] == 0 || strcmp(request->soul_state, "all") == 0;
    for (uint32_t state = 0; state < INF_JOURNAL_SOUL_STATES; state++) {
        is_known |= strcmp(request->soul_state, inf_journal_state_word(state)) == 0;
    }
    if (!is_known) {
        json_decref(list);
        inf_border_reply_error(border, request, 400, "bad request", "state is all or one of: here, riding, in flight, away, gone, merged, ended.",
                               "Without it: who lives here.");
        return;
    }
    for (uint32_t state = INF_JOURNAL_IN_FLIGHT; state < INF_JOURNAL_SOUL_STATES; state++) {
        is_departed_asked |= is_asked(request, state);
    }
    uint32_t shard = (uint32_t)(request->cursor >> 32), row = (uint32_t)request->cursor, looked = 0;
    for (; shard < border->server->shard_count; shard++, row = 0) {
        uint32_t count, passenger_count; // rows of souls, then rows of those who ride in their heads
        const InfWorld* world = border->server->worlds[shard];
        const InfSoul* souls = inf_world_souls(world, &count);
        const InfPassenger* passengers = inf_world_passengers(world, &passenger_count);
        for (; row < count + passenger_count && json_array_size(list) < PAGE_SOULS && looked < LIVING_LOOKED_AT; row++, looked++) {
            const InfPassenger* passenger = row < count ? NULL : &passengers[row - count];
            const InfSoul* soul = passenger != NULL ? passenger->soul : &souls[row];
            uint32_t generation = passenger != NULL ? passenger->generation : soul->generation;
            uint32_t state = passenger != NULL ? INF_JOURNAL_RIDING : INF_JOURNAL_HERE;
            if ((generation & 1u) != 0 && is_asked(request, state) && contains((const char*)soul->name, request->text)) {
                json_t* json = soul_json(border, world, soul);
                json_object_set_new(json, "state", json_string(inf_journal_state_word(state)));
                if (passenger != NULL) {
                    json_object_set_new(json, "host", inf_id_json(passenger->host));
                }
                json_array_append_new(list, json);
            }
        }
        if (json_array_size(list) == PAGE_SOULS || looked == LIVING_LOOKED_AT) {
            break;
        }
    }
    uint64_t next = shard < border->server->shard_count ? (uint64_t)shard << 32 | row : is_departed_asked ? DEPARTED : 0;
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
                               soul != NULL ? "It gets one when it is first copied, merged, sent away or downloaded."
                                            : "Give soul=id or identity=64 hexadecimal digits.");
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
