// What HTTP and the host's commands are answered. Runs on the loop's thread between two ticks, when all that can be
// seen is durable. JSON by jansson; ids are strings, since JavaScript's numbers end at 2^53.
#include "server/border.h"

#include <infinity/galaxy.h>
#include <infinity/text.h>
#include <journal/rows.h>

#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS 100
#define GALAXY_ROWS 256

static void answer(InfServer* server, InfRequest* request, int status, json_t* json) {
    request->status = status;
    request->answer = json;
    inf_mailbox_answer(server->mailbox, request);
}

static void answer_error(InfServer* server, InfRequest* request, int status, const char* error, const char* reason,
                         const char* what_to_do) {
    answer(server, request, status, inf_error_json(error, reason, what_to_do));
}

static json_t* id_json(uint64_t id) {
    char text[24];
    snprintf(text, sizeof(text), "%" PRIu64, id);
    return json_string(text);
}

static json_t* address_json(const int32_t sector[3], uint32_t in_sector) {
    return json_pack("[i, i, i, I]", sector[0], sector[1], sector[2], (json_int_t)in_sector);
}

// ---- status ---------------------------------------------------------------------------------------------------

static uint64_t sum(const int64_t* values, size_t count) {
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += values[i];
    }
    return (uint64_t)total;
}

void inf_totals_refresh(InfServer* server, uint32_t age_ticks_max) {
    uint64_t now = inf_shards_now(server->shards);
    if (server->totals_tick != 0 && now - server->totals_tick < age_ticks_max) {
        return;
    }
    server->totals_tick = now > 0 ? now : 1;
    InfTotals* totals = &server->totals;
    InfMetrics* metrics = &server->metrics;
    inf_shards_totals(server->shards, totals);
    inf_metric_set(&metrics->ships, totals->ships);
    inf_metric_set(&metrics->souls, totals->minds + totals->players);
    inf_metric_set(&metrics->minds, totals->minds);
    inf_metric_set(&metrics->hot_places, totals->hot_places);
    inf_metric_set(&metrics->credits_minted, (uint64_t)totals->minted_credits);
    inf_metric_set(&metrics->credits_burned, (uint64_t)totals->burned_credits);
    inf_metric_set(&metrics->deaths, sum(totals->deaths, INF_CAUSES_MAX) + sum(totals->player_deaths, INF_CAUSES_MAX));
}

/// Who is not listed tells a stranger no more than what it is: not its name, not who lives there.
static bool is_hidden_from(const InfServer* server, const InfRequest* request) {
    return server->kind != INF_GALAXY_KIND_OPEN && !request->is_host;
}

static void answer_status(InfServer* server, InfRequest* request) {
    if (is_hidden_from(server, request)) {
        answer(server, request, 200, json_pack("{s:s, s:I}", "kind", inf_galaxy_kind_word(server->kind), "tick",
                                               (json_int_t)inf_shards_now(server->shards)));
        return;
    }
    inf_totals_refresh(server, INF_TICKS_PER_SECOND);
    const InfTotals* totals = &server->totals;
    InfMetrics* metrics = &server->metrics;
    InfGalaxyDef galaxy = inf_shards_galaxy(server->shards);
    json_t* json = json_pack(
        "{s:s, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "name", server->def.name, "tick",
        (json_int_t)inf_shards_now(server->shards), "seed", id_json(galaxy.seed), "galaxy_version",
        (json_int_t)galaxy.version, "shards", (json_int_t)server->shard_count, "minds", (json_int_t)totals->minds,
        "players", (json_int_t)inf_metric_get(&metrics->players), "souls",
        (json_int_t)(totals->minds + totals->players), "ships", (json_int_t)totals->ships, "systems",
        (json_int_t)totals->systems, "stations", (json_int_t)totals->stations, "hot_places",
        (json_int_t)totals->hot_places);
    json_t* more = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "births", (json_int_t)totals->births, "deaths",
        (json_int_t)inf_metric_get(&metrics->deaths), "trades", (json_int_t)totals->trades, "units_mined",
        (json_int_t)totals->units_mined, "jumps", (json_int_t)totals->jumps, "discoveries",
        (json_int_t)totals->discoveries, "shots", (json_int_t)totals->shots, "price_level",
        (json_int_t)totals->price_level_milli, "credits",
        (json_int_t)(totals->minted_credits - totals->burned_credits), "credits_minted",
        (json_int_t)totals->minted_credits, "credits_burned", (json_int_t)totals->burned_credits, "clients",
        (json_int_t)inf_metric_get(&metrics->clients));
    json_object_set_new(json, "kind", json_string(inf_galaxy_kind_word(server->kind)));
    json_object_set_new(json, "passengers", json_integer((json_int_t)totals->passengers));
    json_object_update(json, more);
    json_decref(more);
    json_object_set_new(json, "tick_us", json_integer((json_int_t)inf_metric_get(&metrics->tick_last_us)));
    json_object_set_new(json, "tick_p99_us", json_integer((json_int_t)inf_metrics_tick_us(metrics, 990)));
    json_object_set_new(json, "rss_bytes", json_integer((json_int_t)inf_metrics_resident_bytes()));
    json_object_set_new(json, "journal_bytes", json_integer((json_int_t)inf_metric_get(&metrics->journal_bytes)));
    json_object_set_new(json, "ticks_late", json_integer((json_int_t)inf_metric_get(&metrics->ticks_late)));
    json_object_set_new(json, "journal_lag_us", json_integer((json_int_t)inf_metric_get(&metrics->journal_lag_us)));
    json_object_set_new(json, "durable_tick", json_integer((json_int_t)inf_shards_durable_tick(server->shards)));
    json_object_set_new(json, "snapshot_tick", json_integer((json_int_t)inf_shards_last_snapshot_tick(server->shards)));
    answer(server, request, 200, json);
}

// ---- market, galaxy, souls ------------------------------------------------------------------------------------

static json_t* market_json(const InfWorld* world, const InfPlace* place) {
    static const char* const words[INF_GOODS] = {
#define X(number, NAME, word, price) [number] = word,
        INF_GOODS_TABLE(X)
#undef X
    };
    uint32_t count;
    const InfStation* station = &inf_world_stations(world, &count)[place->station_index1 - 1];
    InfMarketView view;
    inf_station_market(world, place->station_index1, &view);
    json_t* goods = json_array();
    for (uint32_t g = 0; g < INF_GOODS; g++) {
        json_array_append_new(goods, json_pack("{s:s, s:I, s:I, s:I}", "good", words[g], "buy_credits",
                                               (json_int_t)view.buy_credits[g], "sell_credits",
                                               (json_int_t)view.sell_credits[g], "stock_units",
                                               (json_int_t)view.stock_units[g]));
    }
    return json_pack("{s:i, s:s, s:o, s:I, s:I, s:I, s:I}", "station", (int)place->body, "profile",
                     inf_station_profile_word(station->profile), "goods", goods, "fuel_milli_credits",
                     (json_int_t)view.fuel_milli_credits, "repair_credits", (json_int_t)view.repair_credits,
                     "clone_credits", (json_int_t)view.clone_credits, "dock_credits", (json_int_t)view.dock_credits);
}

static void answer_market(InfServer* server, InfRequest* request) {
    InfSystemAddress address = {request->system_x, request->system_y, request->system_z, request->system_index};
    InfGalaxyDef galaxy = inf_shards_galaxy(server->shards);
    const InfWorld* world = server->worlds[inf_system_shard(address, server->shard_count)];
    uint32_t system_index1 = inf_world_find_system(world, address), count;
    json_t* markets = json_array();
    if (system_index1 != 0) {
        const InfPlace* places = inf_world_places(world, &count);
        uint32_t at = inf_world_systems(world, &count)[system_index1 - 1].first_place;
        for (; at != 0; at = places[at - 1].next_in_system) {
            if (places[at - 1].station_index1 != 0 && (request->station == 0 || request->station == places[at - 1].body)) {
                json_array_append_new(markets, market_json(world, &places[at - 1]));
            }
        }
    }
    if (json_array_size(markets) == 0) {
        json_decref(markets);
        bool is_there = inf_system_exists(&galaxy, address);
        answer_error(server, request, 404, "not found",
                     is_there ? "No station that anybody has been to is there." : "There is no such system.",
                     "GET /api/galaxy lists what is charted.");
        return;
    }
    char name[INF_NAME_BYTES];
    inf_system_name(&galaxy, address, name);
    int32_t sector[3] = {address.x, address.y, address.z};
    answer(server, request, 200, json_pack("{s:s, s:o, s:I, s:o}", "name", name, "system",
                                           address_json(sector, address.index), "tick",
                                           (json_int_t)inf_shards_now(server->shards), "markets", markets));
}

/// The cursor is shard << 32 | row + 1.
static void answer_galaxy(InfServer* server, InfRequest* request) {
    InfGalaxyDef galaxy = inf_shards_galaxy(server->shards);
    uint32_t shard = (uint32_t)(request->cursor >> 32), row = (uint32_t)request->cursor;
    json_t* page = json_array();
    uint32_t rows_left = GALAXY_ROWS;
    for (; shard < server->shard_count && rows_left > 0; shard++, row = 0) {
        uint32_t count;
        const InfKnownSystem* systems = inf_world_systems(server->worlds[shard], &count);
        for (; row < count && rows_left > 0; row++) {
            const InfKnownSystem* known = &systems[row];
            if ((known->generation & 1u) == 0) {
                continue;
            }
            InfSystemAddress address = {known->sector[0], known->sector[1], known->sector[2], known->in_sector};
            InfSystem system;
            inf_system_generate(&galaxy, address, &system);
            char name[INF_NAME_BYTES];
            inf_system_name(&galaxy, address, name);
            json_t* item = json_pack("{s:o, s:s, s:[i,i,i], s:s, s:I}", "system",
                                     address_json(known->sector, known->in_sector), "name", name, "position_mly",
                                     system.position_mly[0], system.position_mly[1], system.position_mly[2], "law",
                                     inf_law_word(inf_system_law(&galaxy, address)), "visits",
                                     (json_int_t)known->visits);
            if (known->discoverer != 0) {
                json_object_set_new(item, "discoverer", id_json(known->discoverer));
                json_object_set_new(item, "discovered_tick", json_integer((json_int_t)known->discovered_tick));
            }
            json_array_append_new(page, item);
            rows_left--;
        }
        if (rows_left == 0) {
            break;
        }
    }
    request->next_cursor = shard < server->shard_count ? (uint64_t)shard << 32 | row : 0;
    answer(server, request, 200, page);
}

static void answer_soul(InfServer* server, InfRequest* request) {
    json_t* page = inf_soul_page_json(server, request->soul, 0, request->is_host);
    if (page != NULL) {
        answer(server, request, 200, page);
    } else {
        answer_error(server, request, 404, "not found", "There is and was no such soul here.", NULL);
    }
}

// ---- the past, from the read models ---------------------------------------------------------------------------

json_t* inf_statement_json(InfServer* server, uint64_t soul, uint64_t before, uint32_t rows_max, uint64_t* next_cursor) {
    static InfStatementRow rows[PAGE_ROWS];
    uint32_t count = 0;
    *next_cursor = 0;
    json_t* lines = json_array();
    rows_max = rows_max < PAGE_ROWS ? rows_max : PAGE_ROWS;
    if (server->query != NULL &&
        inf_journal_query_statements(server->query, soul, before, rows, rows_max, &count) != INF_OK) {
        inf_log(INF_LOG_WARNING, "server", "a statement could not be read", "reason", INF_LOG_STRING,
                inf_journal_query_error(server->query), NULL);
    }
    for (uint32_t i = 0; i < count; i++) {
        json_t* line = json_pack("{s:I, s:I, s:I, s:s, s:s}", "tick", (json_int_t)rows[i].tick, "amount",
                                 (json_int_t)rows[i].amount_credits, "balance", (json_int_t)rows[i].balance_credits,
                                 "account", rows[i].account == INF_JOURNAL_BANKED ? "banked" : "carried", "reason",
                                 rows[i].reason);
        if (rows[i].counterpart_id != 0) {
            json_object_set_new(line, "with", id_json(rows[i].counterpart_id));
        }
        json_array_append_new(lines, line);
    }
    *next_cursor = count == rows_max ? rows[count - 1].sequence : 0;
    return json_pack("{s:o, s:o, s:I}", "soul", id_json(soul), "lines", lines, "next", (json_int_t)*next_cursor);
}

static void answer_statement(InfServer* server, InfRequest* request) {
    answer(server, request, 200,
           inf_statement_json(server, request->soul, request->cursor, PAGE_ROWS, &request->next_cursor));
}

static void answer_discoveries(InfServer* server, InfRequest* request) {
    static InfDiscoveryRow rows[PAGE_ROWS];
    uint32_t count = 0;
    json_t* list = json_array();
    if (server->query != NULL) {
        inf_journal_query_discoveries(server->query, request->cursor, rows, PAGE_ROWS, &count);
    }
    for (uint32_t i = 0; i < count; i++) {
        int32_t sector[3] = {rows[i].sector_x, rows[i].sector_y, rows[i].sector_z};
        json_array_append_new(list, json_pack("{s:I, s:s, s:o, s:o, s:s}", "tick", (json_int_t)rows[i].tick, "name",
                                              rows[i].system_name, "system", address_json(sector, rows[i].system_index),
                                              "soul", id_json(rows[i].soul_id), "by", rows[i].soul_name));
    }
    answer(server, request, 200, json_pack("{s:o, s:I}", "discoveries", list, "next",
                                           (json_int_t)(count == PAGE_ROWS ? rows[count - 1].sequence : 0)));
}

static void answer_obituaries(InfServer* server, InfRequest* request) {
    static InfObituaryRow rows[PAGE_ROWS];
    uint32_t count = 0;
    json_t* list = json_array();
    if (server->query != NULL) {
        inf_journal_query_obituaries(server->query, request->cursor, rows, PAGE_ROWS, &count);
    }
    for (uint32_t i = 0; i < count; i++) {
        json_array_append_new(list, json_pack("{s:I, s:o, s:s, s:s, s:s, s:s, s:I, s:I}", "tick",
                                              (json_int_t)rows[i].tick, "soul", id_json(rows[i].soul_id), "name",
                                              rows[i].soul_name, "cause", rows[i].cause, "killer", rows[i].killer_name,
                                              "place", rows[i].place, "age_ticks", (json_int_t)rows[i].age_ticks,
                                              "left_credits", (json_int_t)rows[i].left_credits));
    }
    answer(server, request, 200, json_pack("{s:o, s:I}", "obituaries", list, "next",
                                           (json_int_t)(count == PAGE_ROWS ? rows[count - 1].sequence : 0)));
}

// ---- what the host may do -------------------------------------------------------------------------------------

static const char* read_traits(const json_t* traits, uint8_t out[INF_TRAITS]) {
    static const char* const words[INF_TRAITS] = {
#define X(number, NAME, word, meaning) [number] = word,
        INF_TRAIT_KINDS(X)
#undef X
    };
    for (uint32_t t = 0; t < INF_TRAITS; t++) {
        out[t] = (uint8_t)(64 + randombytes_uniform(128)); // what is left out is drawn; the draw goes into the journal
    }
    const char* key;
    json_t* value;
    json_object_foreach((json_t*)traits, key, value) {
        uint32_t t = 0;
        while (t < INF_TRAITS && strcmp(words[t], key) != 0) {
            t++;
        }
        if (t == INF_TRAITS || !json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > 255) {
            return "traits are named as in the table, each with a whole number from 0 to 255";
        }
        out[t] = (uint8_t)json_integer_value(value);
    }
    return NULL;
}

static const char* read_birth(const json_t* body, InfInputMindBirth* out) {
    const char* name = json_string_value(json_object_get(body, "name"));
    const char* key = json_string_value(json_object_get(body, "key"));
    const json_t *credits = json_object_get(body, "credits"), *hull = json_object_get(body, "hull");
    memset(out, 0, sizeof(*out));
    if (name == NULL || inf_text_check(name, strlen(name), INF_NAME_BYTES - 1) != INF_TEXT_OK) {
        return "name is missing, too long, or has characters that cannot be shown";
    }
    snprintf(out->name, sizeof(out->name), "%s", name);
    size_t bytes = 0; // without a key it decides by itself; with one it is driven from outside
    if (key != NULL && (sodium_hex2bin(out->key, sizeof(out->key), key, strlen(key), NULL, &bytes, NULL) != 0 ||
                        bytes != sizeof(out->key) || strlen(key) != 2 * sizeof(out->key))) {
        return "key must be an Ed25519 public key, 64 hexadecimal digits; leave it out for a mind that decides by itself";
    }
    const char* parent = json_string_value(json_object_get(body, "parent"));
    if (parent != NULL) {
        char* end;
        out->parent = strtoull(parent, &end, 10);
        if (*parent < '0' || *parent > '9' || *end != 0) {
            return "parent must be the id of a soul, as a text of digits";
        }
    }
    if (credits != NULL && (!json_is_integer(credits) || json_integer_value(credits) < 0)) {
        return "credits must be a whole number, 0 or more";
    }
    out->credits = credits != NULL ? json_integer_value(credits) : 500;
    if (hull != NULL && (!json_is_integer(hull) || json_integer_value(hull) < 0 || json_integer_value(hull) >= INF_HULL_COUNT)) {
        return "hull must be the number of a hull";
    }
    out->hull = hull != NULL ? (uint8_t)json_integer_value(hull) : INF_HULL_SHUTTLE;
    return read_traits(json_object_get(body, "traits"), out->traits);
}

static void answer_birth(InfServer* server, InfRequest* request) {
    InfInput input = {.kind = INF_INPUT_KIND_MindBirth};
    const char* wrong = json_is_object(request->body) ? read_birth(request->body, &input.MindBirth)
                                                      : "the body must be a JSON object";
    if (wrong != NULL) {
        answer_error(server, request, 400, "bad request", wrong, "Correct it and send it again.");
        return;
    }
    InfBirth* birth = calloc(1, sizeof(*birth));
    if (birth == NULL || inf_shards_submit(server->shards, 0, &input) != INF_OK) {
        free(birth);
        answer_error(server, request, 503, "busy", "Too many things happen in one tick.", "Try again in a second.");
        return;
    }
    birth->request = request;
    birth->tick = inf_shards_now(server->shards) + 1;
    memcpy(birth->key, input.MindBirth.key, sizeof(birth->key));
    memcpy(birth->name, input.MindBirth.name, sizeof(birth->name));
    birth->next = server->births;
    server->births = birth;
}

static bool has_key(const InfBirth* birth) {
    static const uint8_t none[INF_KEY_BYTES];
    return memcmp(birth->key, none, sizeof(none)) != 0;
}

void inf_answer_births(InfServer* server) {
    for (InfBirth** at = &server->births; *at != NULL;) {
        InfBirth* birth = *at;
        if (inf_shards_durable_tick(server->shards) < birth->tick) {
            at = &birth->next;
            continue;
        }
        uint32_t count;
        const InfSoul *souls = inf_world_souls(server->worlds[0], &count), *born = NULL;
        for (uint32_t i = 0; i < count; i++) {
            bool is_it = has_key(birth) ? memcmp(souls[i].key, birth->key, INF_KEY_BYTES) == 0
                                                  : strcmp((const char*)souls[i].name, birth->name) == 0;
            if ((souls[i].generation & 1u) != 0 && is_it && souls[i].born_tick >= birth->tick) {
                born = &souls[i];
            }
        }
        if (born != NULL) {
            answer(server, birth->request, 200,
                   json_pack("{s:o, s:s, s:I}", "soul", id_json(born->id), "name", (const char*)born->name, "tick",
                             (json_int_t)birth->tick));
        } else {
            answer_error(server, birth->request, 409, "refused",
                         "The mind was not born: its key is taken, its credits or hull are out of range, or there is "
                         "no room.",
                         "Draw a new key, or ask for less.");
        }
        *at = birth->next;
        free(birth);
    }
}

typedef struct Backup {
    InfMailbox* mailbox;
    InfRequest* request;
    char folder[512], path[512];
} Backup;

/// Copying takes a while: not on the loop's thread.
static void* run_backup(void* user) {
    Backup* backup = user;
    InfJournalError error;
    uint64_t head = 0;
    InfResult result = inf_journal_backup(backup->folder, backup->path, &head, &error);
    backup->request->status = result == INF_OK ? 200 : 500;
    backup->request->answer = result == INF_OK
                                  ? json_pack("{s:s, s:I}", "path", backup->path, "tick", (json_int_t)head)
                                  : inf_error_json("backup failed", error.text, "Nothing was changed in the galaxy.");
    inf_mailbox_answer(backup->mailbox, backup->request);
    free(backup);
    return NULL;
}

static void answer_backup(InfServer* server, InfRequest* request) {
    const char* path = json_string_value(json_object_get(request->body, "path"));
    Backup* backup = path != NULL && strlen(path) < 512 ? calloc(1, sizeof(*backup)) : NULL;
    if (backup == NULL) {
        answer_error(server, request, 400, "bad request", "path is missing or too long.", "Send {\"path\": folder}.");
        return;
    }
    backup->mailbox = server->mailbox;
    backup->request = request;
    snprintf(backup->folder, sizeof(backup->folder), "%s", server->def.folder);
    snprintf(backup->path, sizeof(backup->path), "%s", path);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_backup, backup) != 0) {
        free(backup);
        answer_error(server, request, 503, "busy", "No thread could be started.", "Try again later.");
        return;
    }
    pthread_detach(thread);
}

void inf_answer_requests(InfServer* server) {
    for (InfRequest* request; (request = inf_mailbox_take(server->mailbox)) != NULL;) {
        bool is_public = request->kind == INF_REQUEST_MARKET || request->kind == INF_REQUEST_GALAXY || request->kind == INF_REQUEST_SOUL ||
                         request->kind == INF_REQUEST_DISCOVERIES || request->kind == INF_REQUEST_OBITUARIES || request->kind == INF_REQUEST_SOULS ||
                         request->kind == INF_REQUEST_LINEAGE || (request->kind == INF_REQUEST_CROSSINGS && request->text[0] == 0);
        if (is_public && is_hidden_from(server, request)) {
            answer_error(server, request, 403, "secluded", "This galaxy shows nothing of itself to strangers.",
                         "Its host can ask on the galaxy's admin socket.");
            continue;
        }
        switch (request->kind) {
        case INF_REQUEST_STATUS: answer_status(server, request); break;
        case INF_REQUEST_MARKET: answer_market(server, request); break;
        case INF_REQUEST_GALAXY: answer_galaxy(server, request); break;
        case INF_REQUEST_STATEMENT: answer_statement(server, request); break;
        case INF_REQUEST_SOUL: answer_soul(server, request); break;
        case INF_REQUEST_DISCOVERIES: answer_discoveries(server, request); break;
        case INF_REQUEST_OBITUARIES: answer_obituaries(server, request); break;
        case INF_REQUEST_BIRTH: answer_birth(server, request); break;
        case INF_REQUEST_BOARDING: inf_boarding_begin(server, request); break;
        case INF_REQUEST_LEAVING: inf_boarding_begin_leave(server, request); break;
        case INF_REQUEST_BACKUP: answer_backup(server, request); break;
        case INF_REQUEST_AWAKE: inf_awake_ask(server, request); break;
        case INF_REQUEST_SENSE: inf_awake_feed(server, request); break;
        case INF_REQUEST_STOP:
            answer(server, request, 200, json_pack("{s:b}", "stopping", 1));
            inf_server_stop(server);
            break;
        default:
            inf_border_answer(server->border, request);
            break;
        }
    }
}
