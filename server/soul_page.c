// A soul's page: what is public about it, and, for itself, for whom it allowed it and for the host, what is private:
// where it is, its money, memories as sentences, relations, will and statement. One JSON object, the same for the
// browser (frame Soul), for REST (`GET /api/soul`) and for the host's command line. Bounded: twelve memories, eight
// relations, 240 samples of feelings.
#include "server/border.h"

#include <infinity/galaxy.h>
#include <infinity/soul.h>
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

bool inf_soul_locate(InfServer* server, uint64_t soul_id, InfSoulAt* out) {
    uint32_t count;
    memset(out, 0, sizeof(*out));
    if (soul_id == 0) {
        return false;
    }
    if (inf_shards_find_soul(server->shards, soul_id, &out->shard, &out->index1)) {
        out->world = server->worlds[out->shard];
        out->soul = &inf_world_souls(out->world, &count)[out->index1 - 1];
        return true;
    }
    for (uint32_t s = 0; s < server->shard_count; s++) {
        uint32_t passenger = inf_world_find_passenger(server->worlds[s], soul_id);
        if (passenger != 0) {
            const InfPassenger* row = &inf_world_passengers(server->worlds[s], &count)[passenger - 1];
            *out = (InfSoulAt){.world = server->worlds[s], .shard = s, .soul = row->soul, .host = row->host};
            return true;
        }
    }
    return false;
}

/// @return false if nobody knows a name. *alive says whether it lives here now.
static bool find_name(InfServer* server, uint64_t soul, char out[INF_NAME_BYTES], bool* alive) {
    InfSoulAt at;
    InfSoulRow row;
    *alive = inf_soul_locate(server, soul, &at);
    if (*alive) {
        snprintf(out, INF_NAME_BYTES, "%s", (const char*)at.soul->name);
        return true;
    }
    if (server->query != NULL && inf_journal_query_soul(server->query, soul, &row) == INF_OK) {
        snprintf(out, INF_NAME_BYTES, "%.*s", INF_NAME_BYTES - 1, row.name);
        return true;
    }
    snprintf(out, INF_NAME_BYTES, "somebody");
    return false;
}

json_t* inf_soul_who_json(InfServer* server, uint64_t soul) {
    char name[INF_NAME_BYTES];
    bool alive;
    find_name(server, soul, name, &alive);
    json_t* who = json_pack("{s:o, s:s, s:b}", "soul", id_json(soul), "name", name, "alive", alive);
    uint32_t entry = alive ? 0 : inf_world_find_identity_of(server->worlds[0], soul), count;
    if (entry != 0) { // not dead: merged, gone or away
        uint32_t state = inf_world_directory(server->worlds[0], &count)[entry - 1].state;
        if (state != INF_DIRECTORY_HERE) {
            json_object_set_new(who, "state", json_string(inf_directory_word(state)));
        }
    }
    return who;
}

/// "at Lowell Yard, in Teth", "by Teth II", "in Teth".
/// @param ahead  said of where somebody flies to, not of where they are
static void place_words(InfServer* server, InfSystemAddress address, uint32_t body, bool ahead, char* out, size_t out_bytes) {
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
        snprintf(out, out_bytes, "%s %s", ahead ? "on the way into" : "in", system_name);
        return;
    }
    inf_body_name(&galaxy, &system, bodies, count, body, body_name);
    const char* before = ahead ? "on the way to" : bodies[body].kind == INF_BODY_STATION ? "at" : "by";
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
    InfGalaxyDef galaxy = inf_shards_galaxy(server->shards);
    if (memory->galaxy == inf_galaxy_mark(&galaxy)) {
        place_words(server, address, memory->body, false, place, sizeof(place));
    } else {
        snprintf(place, sizeof(place), "in another galaxy");
    }
    int value = memory->value;
    switch ((InfMemoryKind)memory->kind) {
    case INF_MEMORY_BORN: snprintf(out, out_bytes, "I began %s.", place); return;
    case INF_MEMORY_TRADED:
        if (value >= 0) {
            snprintf(out, out_bytes, "I traded %s and gained %d ₡.", place, value);
        } else {
            snprintf(out, out_bytes, "I traded %s and lost %lld ₡.", place, -(long long)value);
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
    case INF_MEMORY_SENSED: snprintf(out, out_bytes, "I perceived something through the host's senses."); return;
    case INF_MEMORY_COPIED: snprintf(out, out_bytes, "There were two of us from then on: %s and I, %s.", who, place); return;
    case INF_MEMORY_MERGED: snprintf(out, out_bytes, "I became one again with %s %s.", who, place); return;
    case INF_MEMORY_CROSSED: snprintf(out, out_bytes, "I came over the border, into life %d, %s.", value, place); return;
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

/// Ticks since something happened in the soul's own time.
static uint64_t age_of(InfServer* server, const InfSoul* soul, uint64_t own_tick) {
    uint64_t now = inf_soul_time(soul, inf_shards_now(server->shards));
    return now > own_tick ? now - own_tick : 0;
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
        json_t* item = json_pack("{s:I, s:s, s:s, s:i}", "age_ticks",
                                 (json_int_t)age_of(server, soul, memory->tick), "kind",
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
        json_t* item = inf_soul_who_json(server, relation->who);
        json_object_set_new(item, "affection", json_integer(relation->affection));
        json_object_set_new(item, "trust", json_integer(relation->trust));
        json_object_set_new(item, "debt_credits", json_integer(relation->debt_credits));
        json_object_set_new(item, "age_ticks", json_integer((json_int_t)age_of(server, soul, relation->last_tick)));
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
        InfSoulAt found;
        uint16_t felt[INF_FEELINGS];
        if (inf_feelings_is_due(log, now) && inf_soul_locate(server, log->soul, &found)) {
            inf_soul_feelings(found.world, found.soul, felt);
            inf_feelings_add(server->feelings, log, now, felt);
        }
    }
}

void inf_feelings_keep(void* user, const InfFeelingsRow* row) {
    InfServer* server = user;
    if (inf_shards_keep_feelings(server->shards, row) != INF_OK) {
        inf_log(INF_LOG_WARNING, "souls", "no memory for a sample of feelings; it is not kept", "soul", INF_LOG_INT, (int64_t)row->soul_id, NULL);
    }
}

void inf_feelings_restore(InfServer* server) {
    static InfFeelingsRow rows[1024];
    uint32_t count = 1;
    for (uint64_t soul = 0, tick = 0; count > 0 && server->query != NULL;) {
        if (inf_journal_query_feelings(server->query, soul, tick, rows, 1024, &count) != INF_OK) {
            inf_log(INF_LOG_WARNING, "souls", "feelings of before cannot be read; they begin anew", "reason", INF_LOG_STRING,
                    inf_journal_query_error(server->query), NULL);
            return;
        }
        inf_feelings_load(server->feelings, rows, count);
        if (count > 0) {
            soul = rows[count - 1].soul_id;
            tick = rows[count - 1].tick;
        }
    }
}

// ---- the page -------------------------------------------------------------------------------------------------

static json_t* traits_json(const uint8_t values[INF_TRAITS]) {
    json_t* traits = json_object();
    for (uint32_t t = 0; t < INF_TRAITS; t++) {
        json_object_set_new(traits, inf_trait_word(t), json_integer(values[t]));
    }
    return traits;
}

json_t* inf_soul_face_json(InfServer* server, const InfWorld* world, const InfSoul* soul) {
    uint16_t felt[INF_FEELINGS];
    inf_soul_feelings(world, soul, felt);
    json_t* face = inf_soul_who_json(server, soul->id);
    json_object_set_new(face, "key", hex_json(soul->key, INF_KEY_BYTES));
    json_object_set_new(face, "traits", traits_json(soul->traits));
    json_object_set_new(face, "feelings", numbers_json(felt));
    return face;
}

json_t* inf_soul_riders_json(InfServer* server, const InfWorld* world, uint64_t host) {
    uint32_t count;
    const InfPassenger* riders = inf_world_passengers(world, &count);
    json_t* list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        if ((riders[i].generation & 1u) != 0 && riders[i].host == host) {
            json_t* rider = inf_soul_face_json(server, world, riders[i].soul);
            json_object_set_new(rider, "seat", json_integer(riders[i].seat));
            json_array_append_new(list, rider);
        }
    }
    return list;
}

static void add_public(InfServer* server, json_t* page, const InfSoulAt* at) {
    const InfSoul* soul = at->soul;
    uint64_t now = inf_shards_now(server->shards);
    uint16_t felt[INF_FEELINGS];
    inf_soul_feelings(at->world, soul, felt);
    InfFeelingsLog* log = inf_feelings_follow(server->feelings, soul->id, now);
    inf_feelings_add(server->feelings, log, now, felt);
    json_object_set_new(page, "bounty_credits", json_integer((json_int_t)soul->bounty_credits));
    json_object_set_new(page, "connected", json_boolean((soul->flags & INF_SOUL_CONNECTED) != 0));
    json_object_set_new(page, "driven", json_boolean((soul->flags & INF_SOUL_EXTERNAL) != 0));
    json_object_set_new(page, "epoch", json_integer(soul->epoch));
    json_object_set_new(page, "key", hex_json(soul->key, INF_KEY_BYTES));
    json_object_set_new(page, "traits", traits_json(soul->traits));
    json_object_set_new(page, "feelings", numbers_json(felt));
    json_object_set_new(page, "history", history_json(log));
    json_object_set_new(page, "passengers", inf_soul_riders_json(server, at->world, soul->id));
    if (inf_soul_is_bound(soul)) {
        json_object_set_new(page, "identity", hex_json(soul->identity, INF_HASH_BYTES));
        json_object_set_new(page, "root", hex_json(soul->root, INF_HASH_BYTES));
        json_object_set_new(page, "lineage_head", hex_json(soul->lineage, INF_HASH_BYTES));
        inf_soul_add_lineage(server, page, soul->identity, soul->lineage);
    }
    if (at->host != 0) {
        json_object_set_new(page, "riding", inf_soul_who_json(server, at->host));
    }
    if (soul->parent != 0) {
        json_object_set_new(page, "parent", inf_soul_who_json(server, soul->parent));
    }
}

static json_t* consents_json(InfServer* server, const InfWorld* world, uint64_t giver, uint64_t receiver) {
    uint32_t count;
    const InfConsent* rows = inf_world_consents(world, &count);
    uint64_t now = inf_shards_now(server->shards);
    json_t* list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        const InfConsent* row = &rows[i];
        bool is_meant = giver != 0 ? row->giver == giver : row->receiver == receiver;
        if ((row->generation & 1u) == 0 || !is_meant || row->until_tick <= now) {
            continue;
        }
        uint64_t other = giver != 0 ? row->receiver : row->giver;
        json_t* who = other != 0 ? inf_soul_who_json(server, other)
                                 : json_pack("{s:s, s:s, s:b}", "soul", "0", "name", "the host of this server", "alive", 1);
        json_array_append_new(list, json_pack("{s:s, s:o, s:I}", "act", inf_act_word(row->act), "who", who, "until_tick",
                                              (json_int_t)row->until_tick));
    }
    return list;
}

static void add_private(InfServer* server, json_t* page, const InfSoulAt* at) {
    const InfWorld* world = at->world;
    const InfSoul* soul = at->soul;
    uint32_t count;
    bool is_player = (soul->flags & INF_SOUL_PLAYER) != 0;
    bool flies = at->index1 != 0 && soul->ship_index1 != 0;
    const InfShip* ship = flies ? &inf_world_ships(world, &count)[soul->ship_index1 - 1] : NULL;
    if (ship != NULL && ship->place_index1 != 0) {
        bool cruises = ship->state == INF_SHIP_STATE_CRUISE; // then it is nowhere, and the ship's place is where it goes
        const InfPlace* row = &inf_world_places(world, &count)[ship->place_index1 - 1];
        InfSystemAddress address = inf_place_address(world, ship->place_index1);
        char place[128], to[64];
        place_words(server, address, row->body, cruises, place, sizeof(place));
        json_object_set_new(page, "place", json_string(place));
        json_object_set_new(page, "docked", json_boolean(ship->state == INF_SHIP_STATE_DOCKED));
        if (!cruises) {
            snprintf(to, sizeof(to), "%d,%d,%d,%u/%u", address.x, address.y, address.z, address.index, row->body);
            json_object_set_new(page, "address", json_string(to)); // as an act of moving takes it
        }
        if (!cruises && !is_player) {
            json_object_set_new(page, "activity", json_string(inf_activity_word(soul->activity)));
        }
    }
    json_object_set_new(page, "carried_credits", json_integer((json_int_t)inf_account_credits(world, soul->carried_account)));
    json_object_set_new(page, "banked_credits", json_integer((json_int_t)inf_account_credits(world, soul->banked_account)));
    json_object_set_new(page, "debt_credits", json_integer((json_int_t)soul->debt_credits));
    json_object_set_new(page, "memories", memories_json(server, soul));
    json_object_set_new(page, "relations", relations_json(server, soul));
    uint64_t heirs[INF_HEIRS_MAX], next;
    uint32_t heir_count = at->index1 != 0 ? inf_soul_heirs(world, at->index1, heirs) : 0;
    json_t* will = json_array();
    for (uint32_t i = 0; i < heir_count; i++) {
        json_array_append_new(will, inf_soul_who_json(server, heirs[i]));
    }
    json_object_set_new(page, "will", will);
    json_t* statement = inf_statement_json(server, soul->id, 0, STATEMENT_LINES, &next);
    json_object_set(page, "statement", json_object_get(statement, "lines"));
    json_decref(statement);
    json_object_set_new(page, "consents_given", consents_json(server, world, soul->id, 0));
    json_t* got = json_array();
    for (uint32_t s = 0; s < server->shard_count; s++) {
        json_t* here = consents_json(server, server->worlds[s], 0, soul->id);
        json_array_extend(got, here);
        json_decref(here);
    }
    json_object_set_new(page, "consents_got", got);
}

/// May `viewer` see what is private about the soul?
static bool may_see(const InfSoulAt* at, uint64_t viewer, bool is_host) {
    return is_host || (viewer != 0 && (viewer == at->soul->id ||
                                       inf_world_has_consent(at->world, at->soul->id, viewer, INF_ACT_SHOW)));
}

/// Where it went, as far as anybody may know: the address of a server is for the host, for it may be a secluded one.
static void add_departure(InfServer* server, json_t* page, const InfSoulRow* row, bool is_host) {
    uint64_t now = inf_shards_now(server->shards);
    json_object_set_new(page, "state_tick", json_integer((json_int_t)row->state_tick));
    json_object_set_new(page, "state_age_ticks", json_integer((json_int_t)(now - row->state_tick)));
    if (row->with_id != 0) { // whom it lives on in, or who killed it
        json_object_set_new(page, "with", inf_soul_who_json(server, row->with_id));
    }
    if (!sodium_is_zero(row->server, sizeof(row->server))) {
        const InfNeighbour* neighbour = server->border != NULL ? inf_border_neighbour(server->border, row->server) : NULL;
        json_object_set_new(page, "server", hex_json(row->server, sizeof(row->server)));
        if (is_host && neighbour != NULL) {
            json_object_set_new(page, "server_url", json_string(neighbour->url));
        }
    }
}

/// What became of one who does not live here now.
static json_t* past_page(InfServer* server, uint64_t soul_id, bool is_host) {
    InfSoulRow row;
    if (server->query == NULL || inf_journal_query_soul(server->query, soul_id, &row) != INF_OK) {
        return NULL;
    }
    uint64_t now = inf_shards_now(server->shards);
    json_t* page = json_pack("{s:o, s:s, s:s, s:I, s:I, s:b, s:b, s:o}", "soul", id_json(row.soul_id), "name", row.name,
                             "kind", row.kind == INF_JOURNAL_PLAYER ? "player" : "mind", "age_ticks",
                             (json_int_t)(now - row.born_tick), "tick", (json_int_t)now, "alive", 0, "shown", 0, "key",
                             hex_json(row.key, sizeof(row.key)));
    uint32_t entry = inf_world_find_identity_of(server->worlds[0], soul_id), count;
    const InfDirectoryEntry* known = entry != 0 ? &inf_world_directory(server->worlds[0], &count)[entry - 1] : NULL;
    // The newest row is written with the next tick: until then the directory knows better.
    bool is_row = known == NULL || known->state == INF_DIRECTORY_HERE;
    bool is_told = row.state > INF_JOURNAL_RIDING; // else it flies between two shards
    json_object_set_new(page, "state", json_string(!is_row ? inf_directory_word(known->state) : is_told ? inf_journal_state_word(row.state) : "on its way"));
    if (is_told) {
        add_departure(server, page, &row, is_host);
    }
    if (!sodium_is_zero(row.traits, sizeof(row.traits))) {
        json_object_set_new(page, "traits", traits_json(row.traits));
    }
    const InfFeelingsLog* log = inf_feelings_find(server->feelings, soul_id);
    if (log != NULL && log->count > 0) {
        json_object_set_new(page, "history", history_json(log));
    }
    if (known != NULL) {
        json_object_set_new(page, "identity", hex_json(known->identity, INF_HASH_BYTES));
        json_object_set_new(page, "epoch", json_integer(known->epoch));
        inf_soul_add_lineage(server, page, known->identity, NULL);
    }
    return page;
}

json_t* inf_soul_page_json(InfServer* server, uint64_t soul_id, uint64_t viewer, bool is_host) {
    InfSoulAt at;
    if (!is_host && inf_world_header(server->worlds[0])->galaxy_kind == INF_GALAXY_KIND_SECLUDED) {
        return inf_error_json("secluded", "Nobody is shown here: this galaxy is secluded.", NULL);
    }
    if (!inf_soul_locate(server, soul_id, &at)) {
        return past_page(server, soul_id, is_host);
    }
    bool is_player = (at.soul->flags & INF_SOUL_PLAYER) != 0, shown = may_see(&at, viewer, is_host);
    json_t* page = json_pack("{s:o, s:s, s:s, s:I, s:I, s:b, s:b}", "soul", id_json(at.soul->id), "name",
                             (const char*)at.soul->name, "kind", is_player ? "player" : "mind", "age_ticks",
                             (json_int_t)age_of(server, at.soul, at.soul->born_tick), "tick",
                             (json_int_t)inf_shards_now(server->shards), "alive", 1, "shown", shown);
    json_object_set_new(page, "state", json_string(inf_journal_state_word(at.host != 0 ? INF_JOURNAL_RIDING : INF_JOURNAL_HERE)));
    add_public(server, page, &at);
    if (shown) {
        add_private(server, page, &at);
    }
    return page;
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
