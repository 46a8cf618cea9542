// Who, what, and by whose will: a request's body becomes a deed. The host comes in by the admin socket and may name any
// soul (whose own consent is asked for); a soul comes in by the public door with its own signature over the body:
//
//     {"act": "cut", "issued": Unix seconds, "key": hex, "nonce": hex of 16 bytes, "soul": id, …, "soul_signature": hex}
//
// signed as "infinity-order-1\n" + canonical JSON without the signature. An order is good for a minute and once, and
// never one that was issued before this server started, so a recorded one cannot be played again.
#include "server/acts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define ORDER_SECONDS 60
#define NONCES 65536u
#define WAIT_S_MAX 3600

static const struct {
    InfRequestKind request;
    InfAct act;
    uint32_t input;
    const char* word;
} kinds[] = {
    {INF_REQUEST_ACT_ASK, INF_ACT_NONE, 0, "ask"},
    {INF_REQUEST_ACT_FOUND, INF_ACT_NONE, INF_INPUT_KIND_Bind, "found"},
    {INF_REQUEST_ACT_COPY, INF_ACT_COPY, INF_INPUT_KIND_Copy, "copy"},
    {INF_REQUEST_ACT_MERGE, INF_ACT_MERGE, INF_INPUT_KIND_Merge, "merge"},
    {INF_REQUEST_ACT_CUT, INF_ACT_CUT, INF_INPUT_KIND_Depart, "cut"},
    {INF_REQUEST_ACT_DOWNLOAD, INF_ACT_DOWNLOAD, INF_INPUT_KIND_Depart, "download"},
    {INF_REQUEST_ACT_UPLOAD, INF_ACT_DOWNLOAD, INF_INPUT_KIND_Arrive, "upload"},
    {INF_REQUEST_ACT_SAMPLE, INF_ACT_SAMPLE, 0, "sample"},
};

static InfDeed* wrong(InfBorder* border, InfRequest* request, InfDeed* deed, int status, const char* reason, const char* what_to_do) {
    inf_metric_add(&border->server->metrics.acts_refused, 1);
    inf_border_reply_error(border, request, status, status == 404 ? "not found" : status == 403 ? "not allowed" : status == 429 ? "busy" : "bad request", reason,
                           what_to_do);
    if (deed != NULL) {
        inf_deed_free(deed);
    }
    return NULL;
}

// ---- souls -------------------------------------------------------------------------------------------------------------------

const InfSoul* inf_border_soul(const InfBorder* border, uint64_t id, uint32_t* out_shard, uint64_t* out_host) {
    InfSoulAt at;
    if (!inf_soul_locate(border->server, id, &at)) {
        return NULL;
    }
    if (out_shard != NULL) {
        *out_shard = at.shard;
    }
    if (out_host != NULL) {
        *out_host = at.host;
    }
    return at.soul;
}

bool inf_deed_gather_crew(InfBorder* border, InfDeed* deed) {
    uint64_t crew[INF_DEED_SOULS] = {deed->souls[0]};
    uint32_t shard, count, crew_count = 1;
    if (inf_border_soul(border, deed->souls[0], &shard, NULL) == NULL) {
        return false;
    }
    const InfPassenger* passengers = inf_world_passengers(border->server->worlds[shard], &count);
    for (uint32_t i = 0; i < count && crew_count < INF_DEED_SOULS; i++) {
        if ((passengers[i].generation & 1u) != 0 && passengers[i].host == deed->souls[0]) {
            crew[crew_count++] = passengers[i].soul[0].id;
        }
    }
    bool changed = crew_count != deed->soul_count || memcmp(crew, deed->souls, crew_count * sizeof(crew[0])) != 0;
    memcpy(deed->souls, crew, sizeof(crew));
    deed->soul_count = crew_count;
    return changed;
}

static uint64_t by_name(InfBorder* border, const char* text, const char** reason) {
    uint64_t found = 0;
    uint32_t matches = 0;
    for (uint32_t s = 0; s < border->server->shard_count; s++) {
        uint32_t count;
        const InfSoul* souls = inf_world_souls(border->server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((souls[i].generation & 1u) != 0 && strcasecmp((const char*)souls[i].name, text) == 0) {
                found = souls[i].id;
                matches++;
            }
        }
        const InfPassenger* passengers = inf_world_passengers(border->server->worlds[s], &count);
        for (uint32_t i = 0; i < count; i++) {
            if ((passengers[i].generation & 1u) != 0 && strcasecmp((const char*)passengers[i].soul[0].name, text) == 0) {
                found = passengers[i].soul[0].id;
                matches++;
            }
        }
    }
    if (matches > 1) {
        *reason = "Several souls go by that name. Name its id: infinity soul list --find NAME lists them.";
        return 0;
    }
    *reason = "No living soul of this galaxy goes by that name.";
    return found;
}

/// An id or an identity. @return whether it is one of these; *out is 0 if it is nobody's here
static bool by_number(InfBorder* border, const char* text, uint64_t* out, const char** reason) {
    uint8_t identity[32];
    if (strlen(text) == 64 && inf_hex_read(text, identity, 32)) {
        uint32_t count, index1 = inf_world_find_identity(inf_border_heart(border), identity);
        *out = index1 != 0 ? inf_world_directory(inf_border_heart(border), &count)[index1 - 1].soul : 0;
        *reason = "No soul of that identity is known here.";
        return true;
    }
    errno = 0;
    uint64_t id = strtoull(text, NULL, 10);
    *out = errno == 0 && inf_border_soul(border, id, NULL, NULL) != NULL ? id : 0;
    *reason = "No soul of that id lives in this galaxy.";
    return text[0] != 0 && strspn(text, "0123456789") == strlen(text);
}

uint64_t inf_soul_by_text(InfBorder* border, const char* text, const char** reason) {
    uint64_t id;
    return by_number(border, text, &id, reason) ? id : by_name(border, text, reason);
}

/// By the public door nobody is called by name: all souls would be gone through for it.
static uint64_t soul_by_number(InfBorder* border, const char* text, const char** reason) {
    uint64_t id;
    if (!by_number(border, text, &id, reason)) {
        *reason = "An order names a soul by its id or its identity.";
        return 0;
    }
    return id;
}

static const char* text_of(const json_t* body, const char* name) {
    const char* text = json_string_value(json_object_get(body, name));
    return text != NULL ? text : "";
}

// ---- orders of souls ------------------------------------------------------------------------------------------------------------

/// Nonces of the last minute: a slot holds the newest that fell into it, so that a replay is found or the slot is taken by
/// another order of the same minute, which refuses both.
static bool is_new_nonce(const uint8_t nonce[16], uint64_t now) {
    static struct {
        uint8_t nonce[16];
        uint64_t until;
    } slots[NONCES];
    uint32_t at = ((uint32_t)nonce[0] | (uint32_t)nonce[1] << 8) % NONCES;
    if (slots[at].until >= now) {
        return false;
    }
    memcpy(slots[at].nonce, nonce, 16);
    slots[at].until = now + 2 * ORDER_SECONDS;
    return true;
}

const char* inf_order_check(InfBorder* border, const InfRequest* request, const char* word, uint64_t* out_soul) {
    const json_t* body = request->body;
    if (request->player != 0) {
        *out_soul = request->player; // the connection has proved the key
        return NULL;
    }
    uint8_t key[32], nonce[16];
    uint64_t now = (uint64_t)time(NULL);
    json_int_t issued = json_integer_value(json_object_get(body, "issued"));
    const char* id = text_of(body, "soul");
    const char* reason;
    if (strcmp(text_of(body, "act"), word) != 0) {
        return "An order names its act, as the address does.";
    }
    if (!inf_hex_read(text_of(body, "key"), key, 32) || !inf_hex_read(text_of(body, "nonce"), nonce, 16)) {
        return "An order has a key (64 hexadecimal digits) and a nonce (32).";
    }
    uint64_t soul_id = soul_by_number(border, id, &reason);
    const InfSoul* soul = soul_id != 0 ? inf_border_soul(border, soul_id, NULL, NULL) : NULL;
    if (soul == NULL || memcmp(soul->key, key, 32) != 0) {
        return "No living soul of that id has that key.";
    }
    if (!inf_sign_object_check(INF_SIGN_ORDER, body, "soul_signature", key)) {
        return "The order's signature does not hold.";
    }
    if (issued < (json_int_t)border->started_unix_s || issued + ORDER_SECONDS < (json_int_t)now || issued > (json_int_t)now + ORDER_SECONDS) {
        return "The order is too old (a minute), of the future, or from before this server started.";
    }
    if (!is_new_nonce(nonce, now)) {
        return "The order was given before.";
    }
    *out_soul = soul_id;
    return NULL;
}

// ---- where to --------------------------------------------------------------------------------------------------------------------

/// x,y,z,index or x,y,z,index/body of a system of this galaxy.
static bool read_address(const char* text, InfDeed* deed) {
    long long part[5] = {0};
    int read = 0, count = sscanf(text, "%lld,%lld,%lld,%lld%n/%lld%n", &part[0], &part[1], &part[2], &part[3], &read, &part[4], &read);
    if (count < 4 || text[read] != 0 || part[3] < 0 || part[3] > UINT32_MAX || part[4] < 0 || part[4] > 255) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (part[i] < INT32_MIN || part[i] > INT32_MAX) {
            return false;
        }
    }
    deed->address = (InfSystemAddress){(int32_t)part[0], (int32_t)part[1], (int32_t)part[2], (uint32_t)part[3]};
    deed->body = (uint8_t)part[4];
    return true;
}

static const char* read_destination(InfBorder* border, const json_t* body, InfDeed* deed) {
    const char* to = text_of(body, "to");
    if (strncasecmp(to, "http", 4) != 0) {
        deed->way = INF_WAY_GALAXY;
        return read_address(to, deed) ? NULL : "\"to\" is the address of a server (https://…) or of a system (x,y,z,index/body).";
    }
    deed->way = INF_WAY_SERVER;
    InfBorderPrivate may = border->server->def.border.private_addresses;
    deed->allows_private = may == INF_BORDER_PRIVATE_ALL || (may == INF_BORDER_PRIVATE_HOST && deed->is_by_host);
    const char* key = text_of(body, "server");
    if (key[0] != 0 && !inf_hex_read(key, deed->destination, 32)) {
        return "\"server\" is the destination's public key, 64 hexadecimal digits.";
    }
    return inf_courier_check_url(to, deed->url);
}

/// A soul that signs itself lets this server sign one departure for it.
static const char* read_mandate(InfBorder* border, const json_t* body, InfDeed* deed) {
    json_t* object = json_object_get(body, "mandate");
    const InfSoul* soul = inf_border_soul(border, deed->souls[0], NULL, NULL);
    InfMandate mandate;
    InfSoulsError error = {0};
    if (deed->is_by_host || object == NULL || deed->input != INF_INPUT_KIND_Depart || deed->way == INF_WAY_GALAXY) {
        return NULL; // without one, it will be asked to sign one
    }
    if (!inf_mandate_read(object, &mandate, &error) ||
        !inf_sign_object_check(INF_SIGN_MANDATE, object, "soul_signature", soul->key)) {
        return "The mandate is not signed by the soul's own key, or is no mandate.";
    }
    if (memcmp(mandate.identity, soul->identity, 32) != 0 || memcmp(mandate.server, border->key.public_key, 32) != 0 ||
        mandate.epoch != inf_border_next_epoch(border, soul) || mandate.until < (uint64_t)time(NULL)) {
        return "The mandate is for another soul, server or departure, or it is too old.";
    }
    static const uint8_t file[32];
    bool is_for_file = memcmp(mandate.to, file, 32) == 0;
    if (is_for_file != (deed->way == INF_WAY_FILE)) {
        return is_for_file ? "The mandate is for a file, not for a server." : "The mandate is for a server, not for a file.";
    }
    memcpy(deed->destination, mandate.to, 32);
    deed->mandates[0] = json_deep_copy(object);
    return NULL;
}

/// The founding record that a soul has made and signed for itself: {"record": …, "soul": id}. It is an order in itself.
static const char* read_founding(InfBorder* border, const json_t* body, InfDeed* deed) {
    json_t* object = json_object_get(body, "record");
    const char* reason;
    InfLineageRecord record;
    InfSoulsError error = {0};
    deed->souls[0] = soul_by_number(border, text_of(body, "soul"), &reason);
    deed->soul_count = 1;
    const InfSoul* soul = inf_border_soul(border, deed->souls[0], NULL, NULL);
    if (soul == NULL) {
        return reason;
    }
    size_t byte_count = 0;
    char* text = object != NULL ? inf_canonical_text(object, &byte_count, &error) : NULL;
    bool fine = text != NULL && inf_lineage_read(text, byte_count, &record, NULL, &error);
    free(text);
    uint8_t identity[32];
    if (!fine || record.act != INF_LINEAGE_FOUNDED || record.founding.is_copy || !inf_founding_identity(&record.founding, identity) ||
        memcmp(identity, record.identity, 32) != 0) {
        return "\"record\" is no founding record of a lineage.";
    }
    uint64_t now = inf_shards_now(border->server->shards);
    if (memcmp(record.founding.key, soul->key, 32) != 0 || !inf_sign_object_check(INF_SIGN_LINEAGE, object, "soul_signature", soul->key)) {
        return "The founding record is not signed by the soul's own key.";
    }
    if (inf_soul_is_bound(soul)) {
        return "That soul has an identity already, and it never changes.";
    }
    if (memcmp(record.galaxy, border->galaxy, sizeof(record.galaxy)) != 0 || memcmp(record.server, border->key.public_key, 32) != 0 ||
        record.epoch > 1 || strncmp(record.founding.name, (const char*)soul->name, INF_NAME_BYTES) != 0 || record.tick > now + 600 ||
        record.tick + 6000 < now || record.previous_count != 0) {
        return "The founding record is for another galaxy, server, name, epoch (1) or time (within ten minutes).";
    }
    memcpy(deed->identity, record.identity, 32);
    snprintf(deed->name, sizeof(deed->name), "%.*s", INF_NAME_BYTES - 1, (const char*)soul->name);
    deed->record = json_deep_copy(object);
    deed->step = INF_DEED_DOCK; // docked or not: the rules do not mind
    return NULL;
}

// ---- requests ----------------------------------------------------------------------------------------------------------------------

static void answer_invite(InfBorder* border, InfRequest* request) {
    uint8_t key[32];
    if (!inf_hex_read(text_of(request->body, "key"), key, 32)) {
        wrong(border, request, NULL, 400, "\"key\" is an identity, or the public key of a soul or a server: 64 hexadecimal digits.",
              "A server tells its key at GET /border, a soul's file names its identity.");
    } else if (!inf_border_invite(border, key)) {
        wrong(border, request, NULL, 500, "The invitation could not be written down.", "Look at the disk.");
    } else {
        char hex[65];
        inf_log(INF_LOG_INFO, "border", "somebody was invited", "key", INF_LOG_STRING, inf_hex_write(key, 32, hex), NULL);
        inf_border_reply(border, request, 200, json_pack("{s:b, s:s}", "invited", 1, "key", hex));
    }
}

static const char* read_souls(InfBorder* border, const json_t* body, InfDeed* deed, int* status) {
    const char* reason = NULL;
    *status = 404;
    deed->souls[0] = deed->is_by_host ? inf_soul_by_text(border, text_of(body, "soul"), &reason) : deed->asker;
    deed->soul_count = 1;
    const char* other = text_of(body, deed->act == INF_ACT_MERGE ? "other" : "of");
    if (deed->souls[0] == 0) {
        return text_of(body, "soul")[0] != 0 ? reason : "\"soul\" is missing: the name or id of a soul.";
    }
    if (deed->act == INF_ACT_SAMPLE && other[0] != 0 && !deed->is_by_host) { // of somebody else
        deed->souls[0] = soul_by_number(border, other, &reason);
        return deed->souls[0] != 0 ? NULL : reason;
    }
    if (deed->act == INF_ACT_MERGE || (other[0] != 0 && deed->act == INF_ACT_COPY && !deed->is_by_host)) {
        uint64_t id = deed->is_by_host ? inf_soul_by_text(border, other, &reason) : soul_by_number(border, other, &reason);
        if (id == 0) {
            return other[0] != 0 ? reason : "\"other\" is missing: the name or id of the other branch.";
        }
        if (id != deed->souls[0]) {
            deed->souls[deed->soul_count++] = id;
        } else if (deed->act == INF_ACT_MERGE) {
            *status = 400;
            return "A soul cannot become one with itself.";
        }
    }
    return NULL;
}

static bool has_too_many(const InfBorder* border, uint64_t asker) {
    uint32_t count = 0;
    for (const InfDeed* deed = border->deeds; deed != NULL; deed = deed->next) {
        count += !deed->is_by_host && deed->asker == asker && deed->step != INF_DEED_OVER;
    }
    return count >= INF_DEEDS_PER_SOUL;
}

InfDeed* inf_deed_read(InfBorder* border, InfRequest* request) {
    if (request->kind == INF_REQUEST_ACT_INVITE) {
        answer_invite(border, request);
        return NULL;
    }
    uint32_t kind = 0;
    while (kind < sizeof(kinds) / sizeof(kinds[0]) && kinds[kind].request != request->kind) {
        kind++;
    }
    const json_t* body = request->body;
    InfDeed* deed = kind < sizeof(kinds) / sizeof(kinds[0]) && json_is_object(body) ? calloc(1, sizeof(*deed)) : NULL;
    if (deed == NULL) {
        return wrong(border, request, NULL, 400, "The body must be a JSON object.", "See docs/border.md, Acts.");
    }
    deed->request = request;
    deed->act = kinds[kind].act;
    deed->input = kinds[kind].input;
    deed->is_by_host = request->is_host && json_object_get(body, "soul_signature") == NULL; // an order is one by every door
    json_int_t wait_s = json_integer_value(json_object_get(body, "wait_s"));
    deed->wait_ms = 1000u * (uint64_t)(wait_s < 0 ? 0 : wait_s > WAIT_S_MAX ? WAIT_S_MAX : wait_s);
    deed->until_ms = inf_border_now_ms() + deed->wait_ms;
    json_int_t sign_s = json_integer_value(json_object_get(body, "sign_s"));
    deed->sign_ms = 1000u * (uint64_t)(sign_s <= 0 ? INF_PAPER_SECONDS : sign_s > INF_PAPER_SECONDS_MAX ? INF_PAPER_SECONDS_MAX : sign_s);
    if (request->kind == INF_REQUEST_ACT_UPLOAD) {
        return deed; // a file speaks for itself
    }
    if (request->kind == INF_REQUEST_ACT_FOUND) {
        const char* what = read_founding(border, body, deed);
        return what == NULL ? deed
                            : wrong(border, request, deed, 403, what, "Nothing was changed. See docs/border.md, Acts, and docs/souls.md, Lineage.");
    }
    const char* reason = deed->is_by_host ? NULL : inf_order_check(border, request, kinds[kind].word, &deed->asker);
    if (reason != NULL) {
        return wrong(border, request, deed, 403, reason, "Sign the order with the soul's key; see docs/border.md, Acts.");
    }
    if (!deed->is_by_host && has_too_many(border, deed->asker)) {
        return wrong(border, request, deed, 429, "Eight acts of this soul are under way already.", "Wait for them, or take them back: POST /api/souls/withdraw.");
    }
    int status = 400;
    reason = read_souls(border, body, deed, &status);
    if (reason != NULL) {
        return wrong(border, request, deed, status, reason, "infinity soul list (GET /api/souls?find=NAME) tells who lives here.");
    }
    const InfSoul* soul = inf_border_soul(border, deed->souls[0], NULL, NULL);
    if (soul == NULL) {
        return wrong(border, request, deed, 404, "That soul is not alive in this galaxy now: it is on its way, away, or gone.",
                     "GET /api/souls/crossings lists who is on the way.");
    }
    snprintf(deed->name, sizeof(deed->name), "%.*s", INF_NAME_BYTES - 1, (const char*)soul->name);
    if (request->kind == INF_REQUEST_ACT_ASK) {
        const char* word = text_of(body, "what");
        for (uint32_t a = 1; a < INF_ACT_COUNT; a++) {
            deed->act = strcmp(inf_act_word(a), word) == 0 ? (InfAct)a : deed->act;
        }
        reason = deed->act == INF_ACT_NONE ? "\"what\" is one of: cut, copy, merge, download, board, sample, show, carry." : NULL;
    } else if (request->kind == INF_REQUEST_ACT_CUT) {
        reason = read_destination(border, body, deed);
    } else if (request->kind == INF_REQUEST_ACT_DOWNLOAD) {
        deed->way = INF_WAY_FILE;
    } else if (request->kind == INF_REQUEST_ACT_COPY) {
        const char* name = text_of(body, "name");
        reason = strlen(name) >= INF_NAME_BYTES ? "The name is too long." : inf_deed_read_copy_key(border, body, deed);
        if (name[0] != 0) {
            snprintf(deed->name, sizeof(deed->name), "%.*s", INF_NAME_BYTES - 1, name);
        }
    }
    reason = reason != NULL ? reason : read_mandate(border, body, deed);
    if (reason != NULL) {
        return wrong(border, request, deed, 400, reason, "Nothing was changed. See docs/border.md, Acts, and docs/souls.md, Signing for oneself.");
    }
    if (request->kind == INF_REQUEST_ACT_CUT && deed->way == INF_WAY_SERVER) {
        inf_deed_gather_crew(border, deed);
    }
    deed->step = INF_DEED_BIND;
    if (request->kind == INF_REQUEST_ACT_ASK || request->kind == INF_REQUEST_ACT_SAMPLE ||
        (deed->input == INF_INPUT_KIND_Depart && deed->way == INF_WAY_GALAXY)) {
        deed->step = INF_DEED_ASK; // no identity is needed for that
    }
    return deed;
}

// ---- many at once ------------------------------------------------------------------------------------------------------------------

bool inf_deeds_are_many(const InfRequest* request) {
    return request->kind == INF_REQUEST_ACT_CUT && json_object_get(request->body, "souls") != NULL;
}

/// The one that it names goes as if it had been asked for alone. @return null: it does not live here
static InfDeed* one_of_many(InfBorder* border, InfRequest* request, const InfDeed* pattern, const json_t* name) {
    const char* reason;
    const char* text = json_string_value(name);
    uint64_t id = text != NULL ? inf_soul_by_text(border, text, &reason) : 0;
    const InfSoul* soul = id != 0 ? inf_border_soul(border, id, NULL, NULL) : NULL;
    InfDeed* deed = soul != NULL ? calloc(1, sizeof(*deed)) : NULL;
    if (deed == NULL) {
        return NULL;
    }
    *deed = *pattern;
    deed->request = request;
    deed->souls[0] = id;
    deed->soul_count = 1;
    snprintf(deed->name, sizeof(deed->name), "%.*s", INF_NAME_BYTES - 1, (const char*)soul->name);
    if (deed->way == INF_WAY_SERVER) {
        inf_deed_gather_crew(border, deed);
    }
    deed->step = deed->way == INF_WAY_SERVER ? INF_DEED_BIND : INF_DEED_ASK;
    return deed;
}

InfDeed* inf_deeds_read_many(InfBorder* border, InfRequest* request, InfDeed** out_last) {
    const json_t* body = request->body;
    const json_t* names = json_object_get(body, "souls");
    size_t count = json_array_size(names);
    InfDeed pattern = {.act = INF_ACT_CUT, .input = INF_INPUT_KIND_Depart, .is_by_host = request->is_host};
    if (!request->is_host) {
        return wrong(border, request, NULL, 403, "Only the host can send many souls with one request.", "Each soul signs an order of its own.");
    }
    if (!json_is_array(names) || count < 1 || count > INF_DEED_GROUP_MAX) {
        return wrong(border, request, NULL, 400, "\"souls\" is an array of 1 to 1024 names or ids.", "Nothing was changed. See docs/border.md, Acts.");
    }
    const char* reason = read_destination(border, body, &pattern);
    if (reason != NULL) {
        return wrong(border, request, NULL, 400, reason, "Nothing was changed. See docs/border.md, Acts.");
    }
    json_int_t wait_s = json_integer_value(json_object_get(body, "wait_s"));
    pattern.wait_ms = 1000u * (uint64_t)(wait_s < 0 ? 0 : wait_s > WAIT_S_MAX ? WAIT_S_MAX : wait_s);
    pattern.until_ms = inf_border_now_ms() + pattern.wait_ms;
    InfDeedGroup* group = calloc(1, sizeof(*group));
    if (group == NULL) {
        return wrong(border, request, NULL, 503, "There is no memory for it.", "Nothing was changed. Try again.");
    }
    group->request = request;
    group->answers = json_array();
    InfDeed* first = NULL;
    for (size_t i = 0; i < count; i++) {
        const json_t* name = json_array_get(names, i);
        InfDeed* deed = one_of_many(border, request, &pattern, name);
        if (deed == NULL) {
            group->refused++;
            json_array_append_new(group->answers, json_pack("{s:s, s:i, s:s, s:s}", "soul", json_string_value(name) != NULL ? json_string_value(name) : "",
                                                            "status", 404, "error", "not found", "reason", "No living soul here is called so."));
            continue;
        }
        deed->group = group;
        deed->next = first;
        *out_last = first == NULL ? deed : *out_last;
        first = deed;
        group->left++;
    }
    if (first == NULL) {
        inf_border_reply(border, request, 200, json_pack("{s:i, s:I, s:o}", "done", 0, "refused", (json_int_t)group->refused, "souls", group->answers));
        free(group);
    }
    return first;
}
