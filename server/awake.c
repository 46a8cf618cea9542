// An awake galaxy, over HTTP: what is fed to its host's senses goes into the next tick and is answered when that is
// durable; GET /api/awake tells who is in the host's head, what they feel, and the newest impressions, senses and talk
// alike, out of the world's own ring. A patient asker waits here until there is something new.
#include "server/internal.h"

#include "server/senses.h"

#include <infinity/soul.h>
#include <infinity/text.h>

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX 100
/// Without a cursor: the newest ones only.
#define ITEMS_AT_FIRST 60
#define PATIENCE_TICKS (20 * INF_TICKS_PER_SECOND)
#define WAITING_MAX 256

struct InfAwakeWait {
    InfAwakeWait* next;
    InfRequest* request;
    uint64_t tick; ///< of a sense: in which it takes effect; of a patient one: until when it waits
};

static void answer(InfServer* server, InfRequest* request, int status, json_t* json) {
    request->status = status;
    request->answer = json;
    inf_mailbox_answer(server->mailbox, request);
}

static json_t* id_json(uint64_t id) {
    char text[24];
    snprintf(text, sizeof(text), "%" PRIu64, id);
    return json_string(text);
}

/// Name, key, traits (for the portrait) and feelings, as on a soul's page; and what matters here.
static json_t* soul_json(InfServer* server, const InfSoul* soul) {
    json_t* json = inf_soul_face_json(server, server->worlds[0], soul);
    json_object_set_new(json, "kind", json_string((soul->flags & INF_SOUL_PLAYER) != 0 ? "player" : "mind"));
    json_object_set_new(json, "connected", json_boolean((soul->flags & INF_SOUL_CONNECTED) != 0));
    return json;
}

static json_t* passengers_json(InfServer* server, uint64_t host) {
    uint32_t count;
    const InfPassenger* rows = inf_world_passengers(server->worlds[0], &count);
    json_t* list = json_array();
    for (uint32_t at = inf_world_first_passenger(server->worlds[0], host); at != 0; at = rows[at - 1].next_of_host) {
        json_t* one = soul_json(server, rows[at - 1].soul);
        json_object_set_new(one, "seat", json_integer(rows[at - 1].seat));
        json_object_set_new(one, "boarded_tick", json_integer((json_int_t)rows[at - 1].boarded_tick));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t* item_json(const InfImpression* row) {
    char picture[16 + 2 * INF_HASH_BYTES + 1] = "/api/senses/";
    json_t* item = json_pack("{s:I, s:I, s:s, s:s, s:s%}", "id", (json_int_t)row->sequence, "tick", (json_int_t)row->tick,
                             "kind", inf_sense_word(row->kind), "source", (const char*)row->source, "text",
                             (const char*)row->text, (size_t)row->text_bytes);
    if (row->kind == INF_SENSE_PICTURE) {
        sodium_bin2hex(picture + 12, sizeof(picture) - 12, row->hash, INF_HASH_BYTES);
        json_object_set_new(item, "picture", json_string(picture));
    } else if (row->kind == INF_SENSE_SAID) {
        uint64_t soul;
        memcpy(&soul, row->hash, sizeof(soul));
        json_object_set_new(item, "soul", id_json(soul));
    }
    return item;
}

static int by_sequence(const void* a, const void* b) {
    uint64_t x = (*(const InfImpression* const*)a)->sequence, y = (*(const InfImpression* const*)b)->sequence;
    return x < y ? -1 : x > y;
}

/// The impressions after a cursor, oldest first, the newest ITEMS_MAX of them; *cursor becomes the last one's.
static json_t* items_json(const InfWorld* world, uint64_t* cursor) {
    uint32_t count, found = 0, most = *cursor == 0 ? ITEMS_AT_FIRST : ITEMS_MAX;
    const InfImpression* rows = inf_world_impressions(world, &count);
    const InfImpression** list = malloc((count + 1) * sizeof(*list));
    json_t* items = json_array();
    for (uint32_t i = 0; list != NULL && i < count; i++) {
        if ((rows[i].generation & 1u) != 0 && rows[i].sequence > *cursor) {
            list[found++] = &rows[i];
        }
    }
    if (found > 0) {
        qsort(list, found, sizeof(*list), by_sequence);
        for (uint32_t i = found > most ? found - most : 0; i < found; i++) {
            json_array_append_new(items, item_json(list[i]));
        }
        *cursor = list[found - 1]->sequence;
    }
    free(list);
    return items;
}

static void answer_awake(InfServer* server, InfRequest* request) {
    const InfWorld* world = server->worlds[0];
    uint64_t host = inf_world_header(world)->host_soul, cursor = request->cursor;
    uint32_t count, host_index1 = inf_world_find_soul(world, host);
    json_t* items = items_json(world, &cursor);
    json_t* json = json_pack("{s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:I}", "name", server->def.name, "kind", "awake", "tick",
                             (json_int_t)inf_shards_now(server->shards), "ticks_per_second", (json_int_t)INF_TICKS_PER_SECOND,
                             "host", host_index1 != 0 ? soul_json(server, &inf_world_souls(world, &count)[host_index1 - 1]) : json_null(),
                             "passengers", passengers_json(server, host), "items", items, "cursor", (json_int_t)cursor);
    answer(server, request, 200, json);
}

static bool has_news(const InfServer* server, const InfRequest* request) {
    return inf_world_header(server->worlds[0])->impression_sequence > request->cursor;
}

static bool wait_for(InfServer* server, InfRequest* request, uint64_t tick) {
    InfAwakeWait* wait = server->awake_waiting < WAITING_MAX ? calloc(1, sizeof(*wait)) : NULL;
    if (wait == NULL) {
        return false;
    }
    *wait = (InfAwakeWait){.next = server->awake_waits, .request = request, .tick = tick};
    server->awake_waits = wait;
    server->awake_waiting++;
    return true;
}

void inf_awake_ask(InfServer* server, InfRequest* request) {
    if (server->kind != INF_GALAXY_KIND_AWAKE) {
        answer(server, request, 404, inf_error_json("not awake", "This galaxy is not awake.", NULL));
    } else if (!request->is_patient || has_news(server, request) ||
               !wait_for(server, request, inf_shards_now(server->shards) + PATIENCE_TICKS)) {
        answer_awake(server, request);
    }
}

// ---- feeding --------------------------------------------------------------------------------------------------

bool inf_awake_submit(InfServer* server, const json_t* sense) {
    InfInput input = {.kind = INF_INPUT_KIND_Sense};
    inf_sense_to_input(sense, &input.Sense);
    return inf_shards_submit(server->shards, 0, &input) == INF_OK;
}

void inf_awake_take_input(InfServer* server, InfSession* session, InfInputSense* sense) {
    uint64_t host = inf_world_header(server->worlds[0])->host_soul;
    const char* wrong = NULL;
    if (session->soul != host) {
        wrong = "Only the host has senses";
    } else if (!inf_session_take_token(server, session, INF_INPUT_KIND_Sense)) {
        wrong = "Too many senses at once";
    } else if ((wrong = inf_sense_check(sense)) == NULL && sense->kind == INF_SENSE_PICTURE && !inf_picture_is_kept(server->def.folder, sense->hash)) {
        wrong = "A picture, and only that, names the hash of one that was posted to /api/senses";
    }
    if (wrong != NULL) {
        inf_session_refuse(server, session, session->soul != host ? INF_ERROR_DENIED : INF_ERROR_FORMAT, 0, wrong, "It was not perceived");
        return;
    }
    InfInput input = {.kind = INF_INPUT_KIND_Sense, .Sense = *sense};
    if (inf_shards_submit(server->shards, 0, &input) != INF_OK) {
        inf_session_refuse(server, session, INF_ERROR_FULL, 0, "Too much happens at once", "Try again in a moment");
    }
}

void inf_awake_feed(InfServer* server, InfRequest* request) {
    uint8_t hash[INF_PICTURE_HASH_BYTES];
    const char* hex = json_string_value(json_object_get(request->body, "hash"));
    if (server->kind != INF_GALAXY_KIND_AWAKE) {
        answer(server, request, 404, inf_error_json("not awake", "This galaxy is not awake.", NULL));
        return;
    }
    if (hex != NULL && (sodium_hex2bin(hash, sizeof(hash), hex, strlen(hex), NULL, NULL, NULL) != 0 ||
                        !inf_picture_is_kept(server->def.folder, hash))) {
        answer(server, request, 404, inf_error_json("not found", "There is no picture of that hash.", "Post its bytes first."));
        return;
    }
    if (!wait_for(server, request, inf_shards_now(server->shards) + 1)) {
        answer(server, request, 503, inf_error_json("busy", "Too many wait already.", "Try again in a second."));
    } else if (!inf_awake_submit(server, request->body)) {
        InfAwakeWait* wait = server->awake_waits;
        server->awake_waits = wait->next;
        server->awake_waiting--;
        free(wait);
        answer(server, request, 503, inf_error_json("busy", "Too many things happen in one tick.", "Try again in a second."));
    }
}

void inf_awake_answer(InfServer* server) {
    uint64_t durable = inf_shards_durable_tick(server->shards);
    for (InfAwakeWait** at = &server->awake_waits; *at != NULL;) {
        InfAwakeWait* wait = *at;
        bool is_sense = wait->request->kind == INF_REQUEST_SENSE;
        bool is_due = is_sense ? durable >= wait->tick
                               : durable == inf_shards_now(server->shards) &&
                                     (has_news(server, wait->request) || durable >= wait->tick);
        if (!is_due) {
            at = &wait->next;
            continue;
        }
        *at = wait->next;
        if (is_sense) {
            json_t* json = json_pack("{s:b, s:I, s:s*}", "perceived", 1, "tick", (json_int_t)wait->tick, "picture",
                                     json_string_value(json_object_get(wait->request->body, "hash")));
            answer(server, wait->request, 200, json);
        } else {
            answer_awake(server, wait->request);
        }
        server->awake_waiting--;
        free(wait);
    }
}

void inf_awake_forget(InfServer* server) {
    while (server->awake_waits != NULL) {
        InfAwakeWait* next = server->awake_waits->next;
        inf_request_free(server->awake_waits->request);
        free(server->awake_waits);
        server->awake_waits = next;
    }
}

// ---- opening --------------------------------------------------------------------------------------------------

static bool is_remembered(void* user, const uint8_t hash[INF_PICTURE_HASH_BYTES]) {
    uint32_t count;
    const InfImpression* rows = inf_world_impressions(user, &count);
    for (uint32_t i = 0; i < count; i++) {
        if ((rows[i].generation & 1u) != 0 && rows[i].kind == INF_SENSE_PICTURE && memcmp(rows[i].hash, hash, INF_HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

const char* inf_awake_open(InfServer* server) {
    const char* wrong = inf_host_token_ensure(server->def.folder, server->host_token);
    if (wrong == NULL) {
        size_t removed = inf_pictures_sweep(server->def.folder, is_remembered, (void*)(uintptr_t)server->worlds[0]);
        if (removed > 0) {
            inf_log(INF_LOG_INFO, "senses", "forgotten pictures were removed", "count", INF_LOG_INT, (int64_t)removed, NULL);
        }
    }
    return wrong;
}
