// The family of a soul for its page: every record that the journal has of its lineage, of all branches, in words.
// Walked from its identity and its newest record over what records name: previous ones, copies, originals, the merged.
// Bounded: RECORDS_MAX records and IDENTITIES_MAX branches.
#include "server/internal.h"

#include <infinity/soul.h>
#include <journal/rows.h>

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define RECORDS_MAX 64
#define IDENTITIES_MAX 16

typedef struct Family {
    InfServer* server;
    json_t* records;                                  ///< what the page shows
    uint8_t hashes[RECORDS_MAX][INF_HASH_BYTES];      ///< of those
    uint32_t count;
    uint8_t identities[IDENTITIES_MAX][INF_HASH_BYTES];
    uint32_t identity_count;
    uint8_t wanted[RECORDS_MAX][INF_HASH_BYTES];      ///< named by others and not looked for yet
    uint32_t wanted_count;
} Family;

static bool read_hash(const json_t* value, uint8_t out[INF_HASH_BYTES]) {
    const char* text = json_string_value(value);
    size_t bytes = 0;
    return text != NULL && strlen(text) == 2 * INF_HASH_BYTES &&
           sodium_hex2bin(out, INF_HASH_BYTES, text, strlen(text), NULL, &bytes, NULL) == 0 && bytes == INF_HASH_BYTES;
}

static bool put_once(uint8_t (*list)[INF_HASH_BYTES], uint32_t* count, uint32_t max, const uint8_t* hash) {
    for (uint32_t i = 0; i < *count; i++) {
        if (memcmp(list[i], hash, INF_HASH_BYTES) == 0) {
            return false;
        }
    }
    if (*count == max) {
        return false;
    }
    memcpy(list[(*count)++], hash, INF_HASH_BYTES);
    return true;
}

static void want_identity(Family* family, const json_t* value) {
    uint8_t hash[INF_HASH_BYTES];
    if (read_hash(value, hash)) {
        put_once(family->identities, &family->identity_count, IDENTITIES_MAX, hash);
    }
}

/// The name of an identity, if the galaxy knows whom it belongs to, else the beginning of its hash.
static void name_of(Family* family, const json_t* value, char out[INF_NAME_BYTES]) {
    uint8_t hash[INF_HASH_BYTES];
    uint32_t count, entry = read_hash(value, hash) ? inf_world_find_identity(family->server->worlds[0], hash) : 0;
    InfSoulAt at;
    InfSoulRow row;
    const char* text = json_string_value(value);
    snprintf(out, INF_NAME_BYTES, "%.8s", text != NULL ? text : "somebody");
    if (entry == 0) {
        return;
    }
    uint64_t soul = inf_world_directory(family->server->worlds[0], &count)[entry - 1].soul;
    if (inf_soul_locate(family->server, soul, &at)) {
        snprintf(out, INF_NAME_BYTES, "%s", (const char*)at.soul->name);
    } else if (soul != 0 && family->server->query != NULL &&
               inf_journal_query_soul(family->server->query, soul, &row) == INF_OK) {
        snprintf(out, INF_NAME_BYTES, "%.*s", INF_NAME_BYTES - 1, row.name);
    }
}

static void sentence_of(Family* family, const char* act, const json_t* detail, char* out, size_t out_bytes) {
    char name[INF_NAME_BYTES];
    const json_t* founding = json_object_get(detail, "founding");
    const char* founded = json_string_value(json_object_get(founding, "name"));
    const char *to = json_string_value(json_object_get(detail, "to")), *from = json_string_value(json_object_get(detail, "from"));
    if (strcmp(act, "founded") == 0) {
        snprintf(out, out_bytes, "%s", founded != NULL ? founded : "");
    } else if (strcmp(act, "copied") == 0 && founding != NULL) {
        name_of(family, json_object_get(detail, "of"), name);
        snprintf(out, out_bytes, "%s, from %s", founded != NULL ? founded : "a copy", name);
    } else if (strcmp(act, "copied") == 0) {
        name_of(family, json_object_get(detail, "copy"), name);
        snprintf(out, out_bytes, "%s lives beside it from here", name);
    } else if (strcmp(act, "merged") == 0) {
        name_of(family, json_object_get(detail, "other"), name);
        snprintf(out, out_bytes, "%s came home into it", name);
    } else if (to != NULL) {
        snprintf(out, out_bytes, "for server %.8s", to);
    } else if (from != NULL) {
        snprintf(out, out_bytes, "from server %.8s", from);
    } else if (strcmp(act, "woken") == 0) {
        snprintf(out, out_bytes, "%s", json_is_true(json_object_get(detail, "verified")) ? "released by its home" : "its home could not be asked");
    }
}

static void add_record(Family* family, const InfLineageRow* row) {
    if (!put_once(family->hashes, &family->count, RECORDS_MAX, row->hash)) {
        return;
    }
    json_t* record = json_loadb(row->text, row->text_bytes, 0, NULL);
    const json_t *detail = json_object_get(record, "detail"), *previous = json_object_get(record, "previous");
    char text[160] = "", hash[65], identity[65], galaxy[65];
    sentence_of(family, row->act, detail, text, sizeof(text));
    sodium_bin2hex(hash, sizeof(hash), row->hash, INF_HASH_BYTES);
    sodium_bin2hex(identity, sizeof(identity), row->identity, INF_HASH_BYTES);
    sodium_bin2hex(galaxy, sizeof(galaxy), inf_shards_galaxy_id(family->server->shards), 16);
    const char* where = json_string_value(json_object_get(record, "galaxy"));
    json_array_append_new(family->records,
                          json_pack("{s:s, s:s, s:s, s:I, s:b, s:s, s:o}", "hash", hash, "act", row->act, "identity",
                                    identity, "tick", (json_int_t)json_integer_value(json_object_get(record, "tick")),
                                    "here", where != NULL && strcmp(where, galaxy) == 0, "text", text, "previous",
                                    previous != NULL ? json_deep_copy(previous) : json_array()));
    put_once(family->identities, &family->identity_count, IDENTITIES_MAX, row->identity);
    size_t index;
    json_t* value;
    json_array_foreach((json_t*)previous, index, value) {
        uint8_t before[INF_HASH_BYTES];
        if (read_hash(value, before)) {
            put_once(family->wanted, &family->wanted_count, RECORDS_MAX, before);
        }
    }
    static const char* const others[] = {"of", "copy", "other"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        want_identity(family, json_object_get(detail, others[i]));
    }
    json_decref(record);
}

void inf_soul_add_lineage(InfServer* server, json_t* page, const uint8_t identity[INF_HASH_BYTES],
                          const uint8_t head[INF_HASH_BYTES]) {
    static InfLineageRow rows[RECORDS_MAX]; // the loop's thread only
    static Family family;
    memset(&family, 0, sizeof(family));
    family.server = server;
    family.records = json_array();
    put_once(family.identities, &family.identity_count, IDENTITIES_MAX, identity);
    if (head != NULL) {
        put_once(family.wanted, &family.wanted_count, RECORDS_MAX, head);
    }
    uint32_t looked = 0, found = 0;
    while (server->query != NULL && (looked < family.wanted_count || found < family.identity_count)) {
        if (looked < family.wanted_count) {
            if (inf_journal_query_record(server->query, family.wanted[looked++], &rows[0]) == INF_OK) {
                add_record(&family, &rows[0]);
            }
            continue;
        }
        uint32_t count = 0;
        if (inf_journal_query_lineage(server->query, family.identities[found++], 0, rows, RECORDS_MAX, &count) == INF_OK) {
            for (uint32_t i = 0; i < count; i++) {
                add_record(&family, &rows[i]);
            }
        }
    }
    json_object_set_new(page, "lineage", family.records);
    json_t* kin = json_array();
    for (uint32_t i = 0; i < family.identity_count; i++) {
        uint32_t count, entry = inf_world_find_identity(server->worlds[0], family.identities[i]);
        uint64_t soul = entry != 0 ? inf_world_directory(server->worlds[0], &count)[entry - 1].soul : 0;
        if (soul != 0 && memcmp(family.identities[i], identity, INF_HASH_BYTES) != 0) {
            json_array_append_new(kin, inf_soul_who_json(server, soul));
        }
    }
    json_object_set_new(page, "kin", kin);
}
