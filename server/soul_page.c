// A soul's page: what is public about it, and, for itself, for whom it allowed it and for the host, what is private:
// where it is, its money, memories as sentences, relations, will and statement. One JSON object, the same for the
// browser (frame Soul), for REST (`GET /api/soul`) and for the host's command line. Bounded: twelve memories, eight
// relations, 240 samples of feelings.
#include "server/internal.h"

#include <infinity/galaxy.h>
#include <journal/rows.h>

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENT_LINES 24
#define LOOK_TICKS 5 ///< between two looks of one session

static json_t* id_json(uint64_t id) {
    char text[24];
    snprintf(text, sizeof(text), "%" PRIu64, id);
    return json_string(text);
}

static json_t* hex_json(const uint8_t* bytes, size_t count) {
    char text[129];
    sodium_bin2hex(text, sizeof(text), bytes, count);
    return json_string(text);
}

// ---- names ----------------------------------------------------------------------------------------------------

/// @return false if nobody knows a name. *alive says whether it lives here now.
static bool find_name(InfServer* server, uint64_t soul, char out[INF_NAME_BYTES], bool* alive) {
    uint32_t shard, index1, count;
    InfSoulRow row;
    *alive = inf_shards_find_soul(server->shards, soul, &shard, &index1);
    if (*alive) {
        snprintf(out, INF_NAME_BYTES, "%s", (const char*)inf_world_souls(server->worlds[shard], &count)[index1 - 1].name);
        return true;
    }
    if (server->query != NULL && inf_journal_query_soul(server->query, soul, &row) == INF_OK) {
        snprintf(out, INF_NAME_BYTES, "%.*s", INF_NAME_BYTES - 1, row.name);
        return true;
    }
    snprintf(out, INF_NAME_BYTES, "somebody");
    return false;
}

static json_t* who_json(InfServer* server, uint64_t soul) {
    char name[INF_NAME_BYTES];
    bool alive;
    find_name(server, soul, name, &alive);
    return json_pack("{s:o, s:s, s:b}", "soul", id_json(soul), "name", name, "alive", alive);
}

/// "at Lowell Yard, in Teth", "by Teth II", "in Teth".
static void place_words(InfServer* server, InfSystemAddress address, uint32_t body, char* out, size_t out_bytes) {
    static InfBody bodies[INF_SYSTEM_BODIES_MAX];
    InfGalaxyDef galaxy = inf_shards_galaxy(server->shards);
    char system_name[INF_NAME_BYTES], body_name[INF_NAME_BYTES];
    if (!inf_system_exists(&galaxy, address)) {
        snprintf(out, out_bytes, "somewhere else");
        return;
    }
    inf_system_name(&galaxy, address, system_name);
    InfSystem system;
    inf_system_generate(&galaxy, address, &system);
    uint32_t count = inf_system_bodies(&galaxy, &system, bodies);
    if (body >= count) {
        snprintf(out, out_bytes, "in %s", system_name);
        return;
    }
    inf_body_name(&galaxy, &system, bodies, count, body, body_name);
    const char* before = bodies[body].kind == INF_BODY_STATION ? "at" : "by";
    if (strstr(body_name, system_name) != NULL) {
        snprintf(out, out_bytes, "%s %s", before, body_name);
    } else {
        snprintf(out, out_bytes, "%s %s, in %s", before, body_name, system_name);
    }
}

// ---- memories -------------------------------------------------------------------------------------------------

static void memory_sentence(InfServer* server, const InfMemory* memory, const char* who, char* out, size_t out_bytes) {
    char place[128];
    InfSystemAddress address = {memory->sector[0], memory->sector[1], memory->sector[2], memory->system_in_sector};
    place_words(server, address, memory->body, place, sizeof(place));
    int value = memory->value;
    switch ((InfMemoryKind)memory->kind) {
    case INF_MEMORY_BORN: snprintf(out, out_bytes, "I began %s.", place); return;
    case INF_MEMORY_TRADED:
        if (value >= 0) {
            snprintf(out, out_bytes, "I traded %s and gained %d ₡.", place, value);
        } else {
            snprintf(out, out_bytes, "I traded %s and lost %d ₡.", place, -value);
        }
        return;
    case INF_MEMORY_MINED: snprintf(out, out_bytes, "I mined %d units %s.", value, place); return;
    case INF_MEMORY_MET: snprintf(out, out_bytes, "I met %s %s.", who, place); return;
    case INF_MEMORY_TALKED: snprintf(out, out_bytes, "I talked with %s %s.", who, place); return;
    case INF_MEMORY_HELPED: snprintf(out, out_bytes, "%s helped me with %d ₡ %s.", who, value, place); return;
    case INF_MEMORY_HELPED_OTHER: snprintf(out, out_bytes, "I helped %s with %d ₡ %s.", who, value, place); return;
    case INF_MEMORY_ATTACKED: snprintf(out, out_bytes, "%s attacked me %s.", who, place); return;
    case INF_MEMORY_ROBBED: snprintf(out, out_bytes, "%s robbed me of %d ₡ %s.", who, value, place); return;
    case INF_MEMORY_LOST: snprintf(out, out_bytes, "%s, whom I loved, died. I heard it %s.", who, place); return;
    case INF_MEMORY_DISCOVERED: snprintf(out, out_bytes, "I was the first %s.", place); return;
    case INF_MEMORY_STARVED: snprintf(out, out_bytes, "My money was almost gone %s.", place); return;
    case INF_MEMORY_KILLED: snprintf(out, out_bytes, "I killed %s %s.", who, place); return;
    case INF_MEMORY_FLED: snprintf(out, out_bytes, "I fled from %s %s.", who, place); return;
    default: snprintf(out, out_bytes, "Something happened %s.", place); return;
    }
}

static const char* memory_word(uint32_t kind) {
    static const char* const words[] = {
#define X(number, NAME, word, meaning) [number] = word,
        INF_MEMORY_KINDS(X)
#undef X
    };
    return kind < sizeof(words) / sizeof(words[0]) ? words[kind] : "unknown";
}

/// Newest first.
static json_t* memories_json(InfServer* server, const InfSoul* soul) {
    uint8_t order[INF_MEMORIES], count = 0;
    for (uint8_t i = 0; i < INF_MEMORIES; i++) {
        if (soul->memories[i].kind == INF_MEMORY_NONE) {
            continue;
        }
        uint8_t at = count++;
        for (; at > 0 && soul->memories[order[at - 1]].tick < soul->memories[i].tick; at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    json_t* list = json_array();
    for (uint8_t i = 0; i < count; i++) {
        const InfMemory* memory = &soul->memories[order[i]];
        char name[INF_NAME_BYTES] = "", text[320];
        bool alive = false;
        if (memory->who != 0) {
            find_name(server, memory->who, name, &alive);
        }
        memory_sentence(server, memory, memory->who != 0 ? name : "somebody", text, sizeof(text));
        json_t* item = json_pack("{s:I, s:s, s:s, s:i}", "tick", (json_int_t)memory->tick, "kind",
                                 memory_word(memory->kind), "text", text, "strength", (int)memory->strength);
        if (memory->who != 0) {
            json_object_set_new(item, "who", id_json(memory->who));
        }
        json_array_append_new(list, item);
    }
    return list;
}

static json_t* relations_json(InfServer* server, const InfSoul* soul) {
    json_t* list = json_array();
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        const InfRelation* relation = &soul->relations[i];
        if (relation->who == 0) {
            continue;
        }
        json_t* item = who_json(server, relation->who);
        json_object_set_new(item, "affection", json_integer(relation->affection));
        json_object_set_new(item, "trust", json_integer(relation->trust));
        json_object_set_new(item, "debt_credits", json_integer(relation->debt_credits));
        json_object_set_new(item, "last_tick", json_integer((json_int_t)relation->last_tick));
        json_array_append_new(list, item);
    }
    return list;
}

// ---- feelings -------------------------------------------------------------------------------------------------

static json_t* numbers_json(const uint16_t* values) {
    json_t* list = json_array();
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        json_array_append_new(list, json_integer(values[i]));
    }
    return list;
}

static json_t* history_json(const InfFeelingsLog* log) {
    json_t *ticks = json_array(), *values = json_array();
    for (uint32_t i = 0; i < log->count; i++) {
        json_array_append_new(ticks, json_integer((json_int_t)log->ticks[i]));
        json_array_append_new(values, numbers_json(log->values[i]));
    }
    return json_pack("{s:o, s:o}", "ticks", ticks, "values", values);
}

void inf_feelings_sample(InfServer* server) {
    uint64_t now = inf_shards_now(server->shards);
    uint32_t at = 0;
    for (InfFeelingsLog* log; (log = inf_feelings_next(server->feelings, &at)) != NULL;) {
        uint32_t shard, index1;
        uint16_t felt[INF_FEELINGS];
        if (now >= log->next_tick && inf_shards_find_soul(server->shards, log->soul, &shard, &index1)) {
            inf_soul_feelings(server->worlds[shard], index1, felt);
            inf_feelings_add(log, now, felt);
        }
    }
}

// ---- the page -------------------------------------------------------------------------------------------------

static json_t* traits_json(const InfSoul* soul) {
    json_t* traits = json_object();
    for (uint32_t t = 0; t < INF_TRAITS; t++) {
        json_object_set_new(traits, inf_trait_word(t), json_integer(soul->traits[t]));
    }
    return traits;
}

static void add_public(InfServer* server, json_t* page, const InfWorld* world, uint32_t index1) {
    uint32_t count;
    const InfSoul* soul = &inf_world_souls(world, &count)[index1 - 1];
    uint16_t felt[INF_FEELINGS];
    inf_soul_feelings(world, index1, felt);
    InfFeelingsLog* log = inf_feelings_follow(server->feelings, soul->id, inf_shards_now(server->shards));
    inf_feelings_add(log, inf_shards_now(server->shards), felt);
    json_object_set_new(page, "bounty_credits", json_integer((json_int_t)soul->bounty_credits));
    json_object_set_new(page, "connected", json_boolean((soul->flags & INF_SOUL_CONNECTED) != 0));
    json_object_set_new(page, "driven", json_boolean((soul->flags & INF_SOUL_EXTERNAL) != 0));
    json_object_set_new(page, "epoch", json_integer(soul->epoch));
    json_object_set_new(page, "key", hex_json(soul->key, INF_KEY_BYTES));
    json_object_set_new(page, "traits", traits_json(soul));
    json_object_set_new(page, "feelings", numbers_json(felt));
    json_object_set_new(page, "history", history_json(log));
    if (soul->parent != 0) {
        json_object_set_new(page, "parent", who_json(server, soul->parent));
    }
}

static void add_private(InfServer* server, json_t* page, const InfWorld* world, uint32_t index1) {
    uint32_t count;
    const InfSoul* soul = &inf_world_souls(world, &count)[index1 - 1];
    bool is_player = (soul->flags & INF_SOUL_PLAYER) != 0;
    uint32_t place_index1 = inf_soul_place(world, index1);
    if (place_index1 != 0) {
        char place[128];
        const InfPlace* row = &inf_world_places(world, &count)[place_index1 - 1];
        place_words(server, inf_place_address(world, place_index1), row->body, place, sizeof(place));
        json_object_set_new(page, "place", json_string(place));
    }
    if (!is_player) {
        json_object_set_new(page, "activity", json_string(inf_activity_word(soul->activity)));
    }
    json_object_set_new(page, "carried_credits", json_integer((json_int_t)inf_account_credits(world, soul->carried_account)));
    json_object_set_new(page, "banked_credits", json_integer((json_int_t)inf_account_credits(world, soul->banked_account)));
    json_object_set_new(page, "debt_credits", json_integer((json_int_t)soul->debt_credits));
    json_object_set_new(page, "memories", memories_json(server, soul));
    json_object_set_new(page, "relations", relations_json(server, soul));
    uint64_t heirs[INF_HEIRS_MAX], next;
    uint32_t heir_count = inf_soul_will(world, index1, heirs);
    json_t* will = json_array();
    for (uint32_t i = 0; i < heir_count; i++) {
        json_array_append_new(will, who_json(server, heirs[i]));
    }
    json_object_set_new(page, "will", will);
    json_t* statement = inf_statement_json(server, soul->id, 0, STATEMENT_LINES, &next);
    json_object_set(page, "statement", json_object_get(statement, "lines"));
    json_decref(statement);
}

/// May `viewer` see what is private about the soul?
static bool may_see(const InfSoul* soul, uint64_t viewer, bool is_host) {
    return is_host || (viewer != 0 && viewer == soul->id);
}

json_t* inf_soul_page_json(InfServer* server, uint64_t soul_id, uint64_t viewer, bool is_host) {
    uint32_t shard, index1, count;
    InfSoulRow row;
    if (inf_shards_find_soul(server->shards, soul_id, &shard, &index1)) {
        const InfWorld* world = server->worlds[shard];
        const InfSoul* soul = &inf_world_souls(world, &count)[index1 - 1];
        bool is_player = (soul->flags & INF_SOUL_PLAYER) != 0, shown = may_see(soul, viewer, is_host);
        json_t* page = json_pack("{s:o, s:s, s:s, s:I, s:I, s:b, s:b}", "soul", id_json(soul->id), "name",
                                 (const char*)soul->name, "kind", is_player ? "player" : "mind", "born_tick",
                                 (json_int_t)soul->born_tick, "tick", (json_int_t)inf_shards_now(server->shards), "alive",
                                 1, "shown", shown);
        add_public(server, page, world, index1);
        if (shown) {
            add_private(server, page, world, index1);
        }
        return page;
    }
    if (server->query != NULL && inf_journal_query_soul(server->query, soul_id, &row) == INF_OK) {
        return json_pack("{s:o, s:s, s:s, s:I, s:I, s:b, s:b, s:o}", "soul", id_json(row.soul_id), "name", row.name,
                         "kind", row.kind == INF_JOURNAL_PLAYER ? "player" : "mind", "born_tick",
                         (json_int_t)row.born_tick, "tick", (json_int_t)inf_shards_now(server->shards), "alive", 0,
                         "shown", 0, "key", hex_json(row.key, sizeof(row.key)));
    }
    return NULL;
}

void inf_session_tell_soul(InfServer* server, InfSession* session) {
    uint64_t now = inf_shards_now(server->shards);
    if (session->looked_tick != 0 && now - session->looked_tick < LOOK_TICKS) {
        return; // it waits its turn
    }
    session->looked_tick = now;
    uint64_t soul = session->wants_soul;
    session->wants_soul = 0;
    uint64_t viewer = session->state == INF_SESSION_PLAYING ? session->soul : 0;
    json_t* json = inf_soul_page_json(server, soul, viewer, false);
    if (json == NULL) {
        json = inf_error_json("not found", "There is and was no such soul here.", NULL);
    }
    char* text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    size_t text_bytes = text != NULL ? strlen(text) : 0;
    static uint8_t bytes[sizeof(((InfFrameSoul*)0)->json) + 16];
    InfWriter writer = inf_writer_make(bytes, sizeof(bytes));
    inf_write_u8(&writer, INF_FRAME_KIND_Soul);
    inf_write_u64(&writer, soul);
    inf_write_u16(&writer, (uint16_t)text_bytes);
    inf_write_bytes(&writer, text, text_bytes);
    if (text != NULL && writer.ok && text_bytes <= sizeof(((InfFrameSoul*)0)->json)) {
        inf_fanout_send(server->fanout, session->client, bytes, writer.at, INF_SEND_DETAIL);
    }
    free(text);
}
