// A soul's document, read and verified; see document.h. Nothing here believes a field before it is within its bounds.
#include "souls/document.h"

#include "souls/fields.h"
#include "souls/words.h"

#include <infinity/galaxy.h>
#include <infinity/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_MAX INF_CANONICAL_INTEGER_MAX

// Names and identities beside an id are for readers; the row keeps the id.
static uint64_t who_read(InfFields* parent, const char* name, const char* path)
{
    const json_t* object = inf_fields_object(parent, name);
    if (object == NULL) return 0;
    uint8_t identity[32];
    char text[INF_NAME_BYTES];
    InfFields fields = inf_fields_make(object, path, parent->error);
    uint64_t id = inf_fields_id(&fields, "id");
    if (inf_fields_has(&fields, "name")) inf_fields_text_copy(&fields, "name", text, sizeof text);
    if (inf_fields_has(&fields, "identity")) inf_fields_hex(&fields, "identity", identity, sizeof identity);
    if (fields.ok && id == 0) inf_fields_fail(&fields, INF_SOULS_FIELD, "id");
    parent->ok &= inf_fields_end(&fields);
    return id;
}

static void place_read(InfFields* parent, const char* name, const char* path, int32_t sector[3], uint32_t* system, uint8_t* body)
{
    const json_t* object = inf_fields_object(parent, name);
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, path, parent->error);
    const json_t* array = inf_fields_array(&fields, "sector", 3);
    for (size_t i = 0; array != NULL && i < 3; i++) {
        const json_t* value = json_array_get(array, i);
        json_int_t number = json_is_integer(value) ? json_integer_value(value) : INT64_MAX;
        if (number < INT32_MIN || number > INT32_MAX) inf_fields_fail(&fields, INF_SOULS_FIELD, "sector");
        else sector[i] = (int32_t)number;
    }
    *system = (uint32_t)inf_fields_integer(&fields, "system", 0, UINT32_MAX);
    *body = (uint8_t)inf_fields_integer(&fields, "body", 0, UINT8_MAX);
    if (inf_fields_has(&fields, "name")) inf_fields_text(&fields, "name", INF_NAME_BYTES - 1);
    parent->ok &= inf_fields_end(&fields);
}

static void traits_read(InfFields* parent, InfSoul* soul)
{
    const json_t* object = inf_fields_object(parent, "traits");
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "traits.", parent->error);
    for (size_t i = 0; i < INF_TRAITS; i++) {
        double number = inf_fields_number(&fields, inf_words_trait[i], 0, 1);
        soul->traits[i] = inf_trait_of(number);
        if (fields.ok && inf_trait_number(soul->traits[i]) != number) inf_fields_fail(&fields, INF_SOULS_FIELD, inf_words_trait[i]);
    }
    parent->ok &= inf_fields_end(&fields);
}

static void feelings_read(InfFields* parent, InfSoul* soul)
{
    const json_t* object = inf_fields_object(parent, "feelings");
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "feelings.", parent->error);
    for (size_t i = 0; i < INF_FEELINGS; i++) {
        soul->feelings[i] = (uint16_t)inf_fields_integer(&fields, inf_words_feeling[i], 0, 1000);
    }
    parent->ok &= inf_fields_end(&fields);
}

static void memories_read(InfFields* parent, InfSoul* soul)
{
    const json_t* array = inf_fields_array(parent, "memories", INF_MEMORIES);
    for (size_t i = 0; array != NULL && parent->ok && i < json_array_size(array); i++) {
        InfMemory* memory = &soul->memories[i];
        char path[40], place_path[64];
        snprintf(path, sizeof path, "memories[%zu].", i);
        snprintf(place_path, sizeof place_path, "%splace.", path);
        InfFields fields = inf_fields_make(json_array_get(array, i), path, parent->error);
        memory->kind = (uint8_t)inf_fields_choice(&fields, "kind", inf_words_memory, INF_MEMORY_COUNT);
        if (fields.ok && memory->kind == INF_MEMORY_NONE) inf_fields_fail(&fields, INF_SOULS_FIELD, "kind");
        memory->tick = (uint64_t)inf_fields_integer(&fields, "tick", 0, TICK_MAX);
        memory->strength = (uint16_t)inf_fields_integer(&fields, "strength", 0, 1000);
        memory->value = (int32_t)inf_fields_integer(&fields, "value", INT32_MIN, INT32_MAX);
        memory->galaxy = (uint32_t)inf_fields_integer(&fields, "sky", 0, UINT32_MAX);
        place_read(&fields, "place", place_path, memory->sector, &memory->system_in_sector, &memory->body);
        if (inf_fields_has(&fields, "who")) memory->who = who_read(&fields, "who", path);
        parent->ok &= inf_fields_end(&fields);
    }
}

static void relations_read(InfFields* parent, InfSoul* soul)
{
    const json_t* array = inf_fields_array(parent, "relations", INF_RELATIONS);
    for (size_t i = 0; array != NULL && parent->ok && i < json_array_size(array); i++) {
        InfRelation* relation = &soul->relations[i];
        char path[40];
        snprintf(path, sizeof path, "relations[%zu].", i);
        InfFields fields = inf_fields_make(json_array_get(array, i), path, parent->error);
        relation->who = who_read(&fields, "who", path);
        relation->affection = (int16_t)inf_fields_integer(&fields, "affection", -1000, 1000);
        relation->trust = (int16_t)inf_fields_integer(&fields, "trust", -1000, 1000);
        relation->debt_credits = (int32_t)inf_fields_integer(&fields, "debt_credits", INT32_MIN, INT32_MAX);
        relation->last_tick = (uint64_t)inf_fields_integer(&fields, "last_tick", 0, TICK_MAX);
        for (size_t j = 0; j < i && fields.ok; j++) {
            if (soul->relations[j].who == relation->who) inf_fields_fail(&fields, INF_SOULS_LAYOUT, "who");
        }
        parent->ok &= inf_fields_end(&fields);
    }
}

static void prices_read(InfFields* parent, InfSoul* soul)
{
    const json_t* array = inf_fields_array(parent, "prices", INF_PRICE_NOTES);
    for (size_t i = 0; array != NULL && parent->ok && i < json_array_size(array); i++) {
        InfPriceNote* note = &soul->prices[i];
        char path[40], deep_path[64];
        snprintf(path, sizeof path, "prices[%zu].", i);
        InfFields fields = inf_fields_make(json_array_get(array, i), path, parent->error);
        note->seen_tick = (uint64_t)inf_fields_integer(&fields, "seen_tick", 1, TICK_MAX);
        note->profile = (uint8_t)inf_fields_integer(&fields, "profile", 0, INF_STATION_PROFILE_COUNT - 1);
        snprintf(deep_path, sizeof deep_path, "%splace.", path);
        place_read(&fields, "place", deep_path, note->sector, &note->system_in_sector, &note->body);
        const json_t* object = inf_fields_object(&fields, "credits");
        if (object != NULL) {
            snprintf(deep_path, sizeof deep_path, "%scredits.", path);
            InfFields prices = inf_fields_make(object, deep_path, parent->error);
            for (size_t good = 0; good < INF_GOODS; good++) {
                note->price_credits[good] = (uint16_t)inf_fields_integer(&prices, inf_words_good[good], 0, UINT16_MAX);
            }
            fields.ok &= inf_fields_end(&prices);
        }
        parent->ok &= inf_fields_end(&fields);
    }
}

static void hold_read(InfFields* parent, InfShip* ship, const InfHull* hull)
{
    const json_t* object = inf_fields_object(parent, "cargo");
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "ship.cargo.", parent->error);
    uint32_t units = 0;
    for (size_t good = 0; good < INF_GOODS; good++) {
        if (!inf_fields_has(&fields, inf_words_good[good])) continue;
        ship->cargo[good] = (uint16_t)inf_fields_integer(&fields, inf_words_good[good], 1, UINT16_MAX);
        units += ship->cargo[good];
    }
    if (fields.ok && units > hull->cargo_units) inf_fields_fail(&fields, INF_SOULS_LAYOUT, "more than the hold takes");
    parent->ok &= inf_fields_end(&fields);
}

static void ship_read(InfFields* parent, InfShip* ship)
{
    const json_t* object = inf_fields_get(parent, "ship");
    if (object == NULL || json_is_null(object)) return;
    InfFields fields = inf_fields_make(object, "ship.", parent->error);
    ship->id = inf_fields_id(&fields, "id");
    if (fields.ok && ship->id == 0) inf_fields_fail(&fields, INF_SOULS_FIELD, "id");
    ship->hull_kind = (uint8_t)inf_fields_choice(&fields, "hull_kind", inf_words_hull, INF_HULL_COUNT);
    const InfHull* hull = inf_hull(ship->hull_kind);
    ship->hull = (float)inf_fields_number(&fields, "hull", 0, (double)hull->hull);
    ship->shield = (float)inf_fields_number(&fields, "shield", 0, (double)hull->shield);
    ship->fuel = (uint32_t)inf_fields_integer(&fields, "fuel", 0, hull->fuel);
    ship->flags = inf_fields_bool(&fields, "criminal") ? INF_SHIP_CRIMINAL : 0;
    hold_read(&fields, ship, hull);
    const json_t* modules = inf_fields_array(&fields, "modules", INF_MODULE_SLOTS);
    if (modules != NULL && json_array_size(modules) != INF_MODULE_SLOTS) inf_fields_fail(&fields, INF_SOULS_FIELD, "modules");
    for (uint32_t slot = 0; fields.ok && slot < INF_MODULE_SLOTS; slot++) {
        const char* text = json_string_value(json_array_get(modules, slot));
        uint32_t kind = 0;
        while (kind < INF_MODULE_COUNT && (text == NULL || strcmp(inf_words_module[kind], text) != 0)) kind++;
        if (kind == INF_MODULE_COUNT) inf_fields_fail(&fields, INF_SOULS_FIELD, "modules");
        else if (kind != 0 && slot >= hull->slots) inf_fields_fail(&fields, INF_SOULS_LAYOUT, "modules");
        else ship->modules[slot] = (uint8_t)kind;
    }
    parent->ok &= inf_fields_end(&fields);
}

static void state_read(InfFields* parent, InfSoul* soul)
{
    const json_t* object = inf_fields_object(parent, "state");
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "state.", parent->error);
    soul->clock_ticks = inf_fields_integer(&fields, "clock_ticks", -TICK_MAX, TICK_MAX);
    soul->feelings_tick = (uint64_t)inf_fields_integer(&fields, "feelings_tick", 0, TICK_MAX);
    soul->upkeep_tick = (uint64_t)inf_fields_integer(&fields, "upkeep_tick", 0, TICK_MAX);
    soul->rng[0] = inf_fields_id(&fields, "chance_0");
    soul->rng[1] = inf_fields_id(&fields, "chance_1");
    soul->goal = (uint8_t)inf_fields_choice(&fields, "goal", inf_words_goal, INF_GOAL_COUNT);
    soul->trade = (uint8_t)inf_fields_integer(&fields, "trade", 0, INF_GOODS);
    soul->hull_wanted = (uint8_t)inf_fields_integer(&fields, "hull_wanted", 0, UINT8_MAX);
    soul->flags = (inf_fields_bool(&fields, "player") ? INF_SOUL_PLAYER : 0) | (inf_fields_bool(&fields, "ghost") ? INF_SOUL_GHOST : 0) |
                  (inf_fields_bool(&fields, "external") ? INF_SOUL_EXTERNAL : 0) |
                  (inf_fields_bool(&fields, "clone") ? INF_SOUL_CLONE : 0);
    parent->ok &= inf_fields_end(&fields);
}

static void wallet_read(InfFields* parent, InfPassage* passage)
{
    const json_t* object = inf_fields_object(parent, "wallet");
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "wallet.", parent->error);
    passage->carried_credits = inf_fields_integer(&fields, "carried_credits", 0, INF_CANONICAL_INTEGER_MAX);
    passage->banked_credits = inf_fields_integer(&fields, "banked_credits", 0, INF_CANONICAL_INTEGER_MAX);
    passage->soul.debt_credits = inf_fields_integer(&fields, "debt_credits", 0, INF_CANONICAL_INTEGER_MAX);
    passage->soul.bounty_credits = inf_fields_integer(&fields, "bounty_credits", 0, INF_CANONICAL_INTEGER_MAX);
    parent->ok &= inf_fields_end(&fields);
}

static void will_read(InfFields* parent, InfDocument* out)
{
    const json_t* array = inf_fields_array(parent, "will", INF_HEIRS_MAX);
    for (size_t i = 0; array != NULL && parent->ok && i < json_array_size(array); i++) {
        json_t* holder = json_pack("{s:O}", "who", json_array_get(array, i));
        InfFields fields = inf_fields_make(holder, "will.", parent->error);
        out->heirs[out->heir_count++] = who_read(&fields, "who", "will.");
        parent->ok &= fields.ok;
        json_decref(holder);
    }
}

static void galaxy_read(InfFields* parent, InfDocument* out)
{
    const json_t* object = inf_fields_object(parent, "galaxy");
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "galaxy.", parent->error);
    inf_fields_hex(&fields, "id", out->galaxy, sizeof out->galaxy);
    out->galaxy_seed = inf_fields_id(&fields, "seed");
    out->galaxy_version = (uint32_t)inf_fields_integer(&fields, "version", 0, UINT32_MAX);
    inf_fields_text_copy(&fields, "name", out->galaxy_name, sizeof out->galaxy_name);
    parent->ok &= inf_fields_end(&fields);
}

static void name_read(InfFields* fields, InfSoul* soul)
{
    char name[INF_NAME_BYTES];
    inf_fields_text_copy(fields, "name", name, sizeof name);
    memcpy(soul->name, name, sizeof name);
    if (fields->ok && inf_text_check(name, strlen(name), INF_NAME_BYTES - 1) != INF_TEXT_OK) {
        inf_fields_fail(fields, INF_SOULS_FIELD, "name");
    }
}

static void soul_read(InfFields* fields, InfSoul* soul)
{
    inf_fields_hex(fields, "identity", soul->identity, 32);
    inf_fields_hex(fields, "root", soul->root, 32);
    inf_fields_hex(fields, "key", soul->key, 32);
    inf_fields_hex(fields, "lineage_head", soul->lineage, 32);
    soul->epoch = (uint32_t)inf_fields_integer(fields, "epoch", 0, UINT32_MAX);
    soul->id = inf_fields_id(fields, "id");
    name_read(fields, soul);
    soul->born_tick = (uint64_t)inf_fields_integer(fields, "born_tick", 0, TICK_MAX);
    if (inf_fields_has(fields, "parent")) soul->parent = who_read(fields, "parent", "parent.");
    traits_read(fields, soul);
    feelings_read(fields, soul);
    memories_read(fields, soul);
    relations_read(fields, soul);
    prices_read(fields, soul);
    place_read(fields, "home", "home.", soul->clone_sector, &soul->clone_system_in_sector, &soul->clone_body);
    state_read(fields, soul);
}

// The records, each by its canonical text.
static InfLineage* lineage_read(InfFields* fields)
{
    const json_t* array = inf_fields_array(fields, "lineage", INF_DOCUMENT_RECORDS_MAX);
    InfLineage* lineage = array != NULL ? inf_lineage_create() : NULL;
    if (array != NULL && lineage == NULL) inf_fields_fail(fields, INF_SOULS_MEMORY, "lineage");
    for (size_t i = 0; lineage != NULL && fields->ok && i < json_array_size(array); i++) {
        uint32_t before = inf_lineage_count(lineage);
        if (!inf_lineage_add_object(lineage, json_array_get(array, i), fields->error)) fields->ok = false;
        else if (inf_lineage_count(lineage) == before) inf_fields_fail(fields, INF_SOULS_LAYOUT, "lineage: a record twice");
    }
    if (fields->ok) return lineage;
    inf_lineage_destroy(lineage);
    return NULL;
}

bool inf_document_read(const json_t* object, InfDocument* out, InfLineage** out_lineage, InfSoulsError* error)
{
    InfSoulsError fault = {0};
    uint8_t signature[INF_SIGN_BYTES];
    memset(out, 0, sizeof *out);
    if (out_lineage != NULL) *out_lineage = NULL;
    InfFields fields = inf_fields_make(object, "", &fault);
    const char* format = json_string_value(inf_fields_get(&fields, "format"));
    if (fields.ok && (format == NULL || strncmp(format, "infinity-soul-", 14) != 0)) inf_fields_fail(&fields, INF_SOULS_KIND, "format");
    if (fields.ok && strcmp(format, "infinity-soul-1") != 0) inf_fields_fail(&fields, INF_SOULS_VERSION, "format");
    galaxy_read(&fields, out);
    inf_fields_hex(&fields, "server", out->server, 32);
    inf_fields_hex(&fields, "to", out->to, 32);
    inf_fields_hex(&fields, "transfer", out->transfer, sizeof out->transfer);
    out->way = inf_fields_choice(&fields, "way", inf_words_way, INF_WAY_COUNT);
    if (fields.ok && out->way == INF_WAY_GALAXY) inf_fields_fail(&fields, INF_SOULS_FIELD, "way");
    out->passage.tick = (uint64_t)inf_fields_integer(&fields, "tick", 0, TICK_MAX);
    soul_read(&fields, &out->passage.soul);
    ship_read(&fields, &out->passage.ship);
    wallet_read(&fields, &out->passage);
    will_read(&fields, out);
    InfLineage* lineage = lineage_read(&fields);
    if (inf_fields_has(&fields, "soul_signature")) inf_fields_hex(&fields, "soul_signature", signature, sizeof signature);
    if (inf_fields_has(&fields, "server_signature")) inf_fields_hex(&fields, "server_signature", signature, sizeof signature);
    if (inf_fields_has(&fields, "mandate")) {
        InfMandate mandate;
        fields.ok &= inf_mandate_read(inf_fields_get(&fields, "mandate"), &mandate, &fault);
    }
    if (inf_fields_end(&fields)) {
        if (out_lineage != NULL) *out_lineage = lineage;
        else inf_lineage_destroy(lineage);
        return true;
    }
    inf_lineage_destroy(lineage);
    memset(out, 0, sizeof *out);
    if (error != NULL && error->fault == INF_SOULS_OK) *error = fault;
    return false;
}

// ── believing it ─────────────────────────────────────────────────────────────────────────────────────────────────

// The newest record must be this very departure.
static bool head_fits(const InfDocument* document, const InfLineage* lineage, InfSoulsError* error)
{
    const InfSoul* soul = &document->passage.soul;
    const InfLineageRecord* head =
        inf_lineage_get(lineage, inf_lineage_find(lineage, soul->lineage), NULL, NULL, NULL);
    InfLineageAct act = document->way == INF_WAY_FILE ? INF_LINEAGE_DOWNLOADED : INF_LINEAGE_DEPARTED;
    if (head == NULL || memcmp(head->identity, soul->identity, 32) != 0 || head->act != act ||
        memcmp(head->galaxy, document->galaxy, sizeof head->galaxy) != 0 ||
        memcmp(head->transfer, document->transfer, sizeof head->transfer) != 0 ||
        memcmp(head->server, document->server, 32) != 0 || memcmp(head->peer, document->to, 32) != 0) {
        return inf_souls_fail(error, INF_SOULS_LINEAGE_HEAD, "lineage_head");
    }
    return head->epoch == soul->epoch || inf_souls_fail(error, INF_SOULS_LINEAGE_EPOCH, "epoch");
}

// @param is_enclosed  an arrival that soul and server have signed names its hash
static bool document_holds(const json_t* object, const InfDocument* document, InfLineage* lineage, bool is_enclosed, InfSoulsError* error)
{
    const InfSoul* soul = &document->passage.soul;
    uint8_t root[32], key[32];
    InfLineageFork fork;
    bool is_bare = json_object_get(object, "server_signature") == NULL && json_object_get(object, "soul_signature") == NULL &&
                   json_object_get(object, "mandate") == NULL;
    if (is_enclosed && (!is_bare || document->way != INF_WAY_SERVER)) return inf_souls_fail(error, INF_SOULS_UNKNOWN_FIELD, "a signature of an enclosed document");
    if (!is_enclosed && json_object_get(object, "server_signature") == NULL) return inf_souls_fail(error, INF_SOULS_UNSIGNED, "server_signature");
    if (!inf_lineage_verify(lineage, soul->lineage, root, key, error)) return false;
    if (memcmp(key, soul->key, 32) != 0) return inf_souls_fail(error, INF_SOULS_KEY, "key");
    if (memcmp(root, soul->root, 32) != 0) return inf_souls_fail(error, INF_SOULS_FOUNDING, "root");
    if (!head_fits(document, lineage, error)) return false;
    if (inf_lineage_find_fork(lineage, &fork)) return inf_souls_fail(error, INF_SOULS_LINEAGE_FORK, "lineage");
    uint32_t rows[INF_DOCUMENT_RECORDS_MAX];
    if (inf_lineage_ancestors(lineage, soul->lineage, rows, INF_DOCUMENT_RECORDS_MAX) != inf_lineage_count(lineage)) {
        return inf_souls_fail(error, INF_SOULS_LAYOUT, "lineage: a record of somebody else");
    }
    if (is_enclosed) return true;
    size_t count;
    char* bytes = inf_sign_bytes(INF_SIGN_DOCUMENT, object, &count, error);
    bool holds = bytes != NULL &&
                 inf_sign_soul_bytes_check(bytes, count, object, key, soul->identity, soul->epoch, document->server, error) &&
                 (inf_sign_bytes_check(bytes, count, object, "server_signature", document->server) ||
                  inf_souls_fail(error, INF_SOULS_SERVER_SIGNATURE, "server_signature"));
    free(bytes);
    return holds;
}

static bool verify(const json_t* object, InfDocument* out, InfLineage** out_lineage, InfLineageKnown* known, bool is_enclosed,
                   InfSoulsError* error)
{
    InfLineage* lineage;
    if (out_lineage != NULL) *out_lineage = NULL;
    if (!inf_document_read(object, out, &lineage, error)) return false;
    inf_lineage_set_known(lineage, known);
    if (!document_holds(object, out, lineage, is_enclosed, error)) {
        inf_lineage_destroy(lineage);
        memset(out, 0, sizeof *out);
        return false;
    }
    inf_lineage_set_known(lineage, NULL);
    if (out_lineage != NULL) *out_lineage = lineage;
    else inf_lineage_destroy(lineage);
    return true;
}

bool inf_document_verify(const json_t* object, InfDocument* out, InfLineage** out_lineage, InfLineageKnown* known,
                         InfSoulsError* error)
{
    return verify(object, out, out_lineage, known, false, error);
}

bool inf_document_verify_enclosed(const json_t* object, InfDocument* out, InfLineage** out_lineage, InfLineageKnown* known,
                                  InfSoulsError* error)
{
    return verify(object, out, out_lineage, known, true, error);
}
