// A soul as a document: stripping, writing, signing; see document.h. Reading stands in document_read.c.
#include "souls/document.h"

#include "souls/fields.h"
#include "souls/words.h"

#include <infinity/galaxy.h>

#include <stdlib.h>
#include <string.h>

// ── what travels ─────────────────────────────────────────────────────────────────────────────────────────────────

static void strip_soul(InfSoul* soul)
{
    InfSoul kept = {
        .id = soul->id, .born_tick = soul->born_tick, .feelings_tick = soul->feelings_tick, .upkeep_tick = soul->upkeep_tick,
        .parent = soul->parent, .debt_credits = soul->debt_credits, .bounty_credits = soul->bounty_credits,
        .clock_ticks = soul->clock_ticks, .rng = {soul->rng[0], soul->rng[1]}, .epoch = soul->epoch,
        .clone_system_in_sector = soul->clone_system_in_sector, .clone_body = soul->clone_body, .goal = soul->goal,
        .trade = soul->trade, .hull_wanted = soul->hull_wanted,
        .flags = soul->flags & (INF_SOUL_PLAYER | INF_SOUL_GHOST | INF_SOUL_EXTERNAL | INF_SOUL_CLONE),
    };
    memcpy(kept.clone_sector, soul->clone_sector, sizeof kept.clone_sector);
    memcpy(kept.feelings, soul->feelings, sizeof kept.feelings);
    memcpy(kept.traits, soul->traits, sizeof kept.traits);
    memcpy(kept.key, soul->key, sizeof kept.key);
    memcpy(kept.identity, soul->identity, sizeof kept.identity);
    memcpy(kept.root, soul->root, sizeof kept.root);
    memcpy(kept.lineage, soul->lineage, sizeof kept.lineage);
    for (size_t i = 0; i + 1 < INF_NAME_BYTES && soul->name[i] != 0; i++) kept.name[i] = soul->name[i];
    size_t count = 0;
    for (size_t i = 0; i < INF_MEMORIES; i++) {
        if (soul->memories[i].kind != INF_MEMORY_NONE) kept.memories[count++] = soul->memories[i];
    }
    for (size_t i = 0; i < count; i++) kept.memories[i].reserved = 0;
    count = 0;
    for (size_t i = 0; i < INF_RELATIONS; i++) {
        if (soul->relations[i].who != 0) kept.relations[count++] = soul->relations[i];
    }
    count = 0;
    for (size_t i = 0; i < INF_PRICE_NOTES; i++) {
        if (soul->prices[i].seen_tick != 0) kept.prices[count++] = soul->prices[i];
    }
    for (size_t i = 0; i < count; i++) memset(kept.prices[i].reserved, 0, sizeof kept.prices[i].reserved);
    *soul = kept;
}

static void strip_ship(InfShip* ship)
{
    InfShip kept = {.id = ship->id};
    if (ship->id != 0) {
        kept.hull_kind = ship->hull_kind;
        kept.fuel = ship->fuel;
        kept.hull = ship->hull;
        kept.shield = ship->shield;
        kept.flags = ship->flags & INF_SHIP_CRIMINAL;
        memcpy(kept.cargo, ship->cargo, sizeof kept.cargo);
        memcpy(kept.modules, ship->modules, sizeof kept.modules);
    }
    *ship = kept;
}

void inf_document_strip(InfPassage* passage)
{
    strip_soul(&passage->soul);
    strip_ship(&passage->ship);
}

// ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

// A sticky fault: the first field that cannot be written is told, all else is let go.
typedef struct Build {
    const InfDocument* document;
    const InfDocumentNames* names;
    InfGalaxyDef galaxy;
    uint32_t mark;
    InfSoulsError* error;
    bool ok;
} Build;

static void put(Build* build, json_t* object, const char* name, json_t* value)
{
    if (object == NULL || value == NULL || json_object_set_new_nocheck(object, name, value) != 0) {
        if (build->ok) inf_souls_fail(build->error, INF_SOULS_FIELD, "%s", name);
        build->ok = false;
    }
}

static void put_in(Build* build, json_t* array, json_t* value, const char* name)
{
    if (array == NULL || value == NULL || json_array_append_new(array, value) != 0) {
        if (build->ok) inf_souls_fail(build->error, INF_SOULS_FIELD, "%s", name);
        build->ok = false;
    }
}

static json_t* integer(int64_t value)
{
    return value >= -INF_CANONICAL_INTEGER_MAX && value <= INF_CANONICAL_INTEGER_MAX ? json_integer(value) : NULL;
}

static json_t* count_of(uint64_t value)
{
    return value <= (uint64_t)INF_CANONICAL_INTEGER_MAX ? json_integer((json_int_t)value) : NULL;
}

static json_t* credits(int64_t value)
{
    return value >= 0 ? integer(value) : NULL;
}

static json_t* word(const char* const* words, uint32_t count, uint32_t index)
{
    return index < count && words[index] != NULL ? json_string_nocheck(words[index]) : NULL;
}

static void put_hex(Build* build, json_t* object, const char* name, const uint8_t* bytes, size_t count)
{
    if (!inf_fields_set_hex(object, name, bytes, count)) put(build, object, name, NULL);
}

static void put_id(Build* build, json_t* object, const char* name, uint64_t id)
{
    if (!inf_fields_set_id(object, name, id)) put(build, object, name, NULL);
}

static json_t* who_build(Build* build, uint64_t id)
{
    json_t* who = json_object();
    char name[INF_NAME_BYTES] = "";
    uint8_t identity[32];
    bool has_identity = false;
    put_id(build, who, "id", id);
    if (build->names != NULL && build->names->look(build->names->user, id, name, identity, &has_identity)) {
        name[INF_NAME_BYTES - 1] = '\0';
        json_t* text = name[0] != '\0' ? json_string(name) : NULL;
        if (text != NULL) put(build, who, "name", text);
        if (has_identity) put_hex(build, who, "identity", identity, 32);
    }
    return who;
}

// Where: addresses, and the name if the place is in the galaxy that is left.
static json_t* place_build(Build* build, const int32_t sector[3], uint32_t index, uint8_t body, uint32_t mark)
{
    json_t* place = json_pack("{s:[i,i,i], s:I, s:i}", "sector", sector[0], sector[1], sector[2], "system", (json_int_t)index,
                              "body", body);
    if (mark == build->mark && place != NULL) {
        char name[INF_NAME_BYTES];
        InfSystemAddress address = {sector[0], sector[1], sector[2], index};
        inf_system_name(&build->galaxy, address, name);
        put(build, place, "name", json_string(name));
    }
    return place;
}

static json_t* levels_build(Build* build, const InfSoul* soul, bool is_traits)
{
    json_t* object = json_object();
    for (size_t i = 0; is_traits && i < INF_TRAITS; i++) {
        put(build, object, inf_words_trait[i], json_real(inf_trait_number(soul->traits[i])));
    }
    for (size_t i = 0; !is_traits && i < INF_FEELINGS; i++) {
        put(build, object, inf_words_feeling[i], soul->feelings[i] <= 1000 ? json_integer(soul->feelings[i]) : NULL);
    }
    return object;
}

static json_t* memories_build(Build* build, const InfSoul* soul)
{
    json_t* array = json_array();
    for (size_t i = 0; i < INF_MEMORIES && soul->memories[i].kind != INF_MEMORY_NONE; i++) {
        const InfMemory* memory = &soul->memories[i];
        json_t* object = json_object();
        put(build, object, "kind", word(inf_words_memory, INF_MEMORY_COUNT, memory->kind));
        put(build, object, "tick", count_of(memory->tick));
        put(build, object, "strength", memory->strength <= 1000 ? json_integer(memory->strength) : NULL);
        put(build, object, "value", json_integer(memory->value));
        put(build, object, "sky", json_integer(memory->galaxy));
        put(build, object, "place", place_build(build, memory->sector, memory->system_in_sector, memory->body, memory->galaxy));
        if (memory->who != 0) put(build, object, "who", who_build(build, memory->who));
        put_in(build, array, object, "memories");
    }
    return array;
}

static json_t* relations_build(Build* build, const InfSoul* soul)
{
    json_t* array = json_array();
    for (size_t i = 0; i < INF_RELATIONS && soul->relations[i].who != 0; i++) {
        const InfRelation* relation = &soul->relations[i];
        json_t* object = json_object();
        put(build, object, "who", who_build(build, relation->who));
        put(build, object, "affection", abs(relation->affection) <= 1000 ? json_integer(relation->affection) : NULL);
        put(build, object, "trust", abs(relation->trust) <= 1000 ? json_integer(relation->trust) : NULL);
        put(build, object, "debt_credits", json_integer(relation->debt_credits));
        put(build, object, "last_tick", count_of(relation->last_tick));
        put_in(build, array, object, "relations");
    }
    return array;
}

static json_t* prices_build(Build* build, const InfSoul* soul)
{
    json_t* array = json_array();
    for (size_t i = 0; i < INF_PRICE_NOTES && soul->prices[i].seen_tick != 0; i++) {
        const InfPriceNote* note = &soul->prices[i];
        json_t *object = json_object(), *prices = json_object();
        for (size_t good = 0; good < INF_GOODS; good++) {
            put(build, prices, inf_words_good[good], json_integer(note->price_credits[good]));
        }
        put(build, object, "credits", prices);
        put(build, object, "seen_tick", count_of(note->seen_tick));
        put(build, object, "profile", json_integer(note->profile));
        put(build, object, "place", place_build(build, note->sector, note->system_in_sector, note->body, build->mark));
        put_in(build, array, object, "prices");
    }
    return array;
}

static json_t* ship_build(Build* build, const InfShip* ship)
{
    if (ship->id == 0) return json_null();
    json_t *object = json_object(), *cargo = json_object(), *modules = json_array();
    put_id(build, object, "id", ship->id);
    put(build, object, "hull_kind", word(inf_words_hull, INF_HULL_COUNT, ship->hull_kind));
    put(build, object, "hull", json_real((double)ship->hull));
    put(build, object, "shield", json_real((double)ship->shield));
    put(build, object, "fuel", json_integer(ship->fuel));
    put(build, object, "criminal", json_boolean(ship->flags & INF_SHIP_CRIMINAL));
    for (size_t good = 0; good < INF_GOODS; good++) {
        if (ship->cargo[good] != 0) put(build, cargo, inf_words_good[good], json_integer(ship->cargo[good]));
    }
    for (size_t slot = 0; slot < INF_MODULE_SLOTS; slot++) {
        put_in(build, modules, word(inf_words_module, INF_MODULE_COUNT, ship->modules[slot]), "modules");
    }
    put(build, object, "cargo", cargo);
    put(build, object, "modules", modules);
    return object;
}

// What the rules keep of a soul that no reader needs to understand.
static json_t* state_build(Build* build, const InfSoul* soul)
{
    json_t* object = json_object();
    put(build, object, "clock_ticks", integer(soul->clock_ticks));
    put(build, object, "feelings_tick", count_of(soul->feelings_tick));
    put(build, object, "upkeep_tick", count_of(soul->upkeep_tick));
    put_id(build, object, "chance_0", soul->rng[0]);
    put_id(build, object, "chance_1", soul->rng[1]);
    put(build, object, "goal", word(inf_words_goal, INF_GOAL_COUNT, soul->goal));
    put(build, object, "trade", soul->trade <= INF_GOODS ? json_integer(soul->trade) : NULL);
    put(build, object, "hull_wanted", json_integer(soul->hull_wanted));
    put(build, object, "player", json_boolean(soul->flags & INF_SOUL_PLAYER));
    put(build, object, "ghost", json_boolean(soul->flags & INF_SOUL_GHOST));
    put(build, object, "external", json_boolean(soul->flags & INF_SOUL_EXTERNAL));
    put(build, object, "clone", json_boolean(soul->flags & INF_SOUL_CLONE));
    return object;
}

static json_t* lineage_build(Build* build, const InfLineage* lineage, const uint8_t head[32])
{
    uint32_t rows[INF_DOCUMENT_RECORDS_MAX];
    uint32_t count = inf_lineage_ancestors(lineage, head, rows, INF_DOCUMENT_RECORDS_MAX);
    json_t* records = json_array();
    if (count == 0 || count > INF_DOCUMENT_RECORDS_MAX) {
        if (build->ok) {
            inf_souls_fail(build->error, count == 0 ? INF_SOULS_LINEAGE_HEAD : INF_SOULS_COUNT, "lineage: %u records", count);
        }
        build->ok = false;
        count = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        put_in(build, records, json_incref(inf_lineage_object(lineage, rows[i])), "lineage");
    }
    return records;
}

static void soul_build(Build* build, json_t* object, const InfSoul* soul)
{
    char name[INF_NAME_BYTES];
    memcpy(name, soul->name, sizeof name);
    put_hex(build, object, "identity", soul->identity, 32);
    put_hex(build, object, "root", soul->root, 32);
    put_hex(build, object, "key", soul->key, 32);
    put(build, object, "epoch", json_integer(soul->epoch));
    put_id(build, object, "id", soul->id);
    put(build, object, "name", json_string(name));
    put(build, object, "born_tick", count_of(soul->born_tick));
    if (soul->parent != 0) put(build, object, "parent", who_build(build, soul->parent));
    put(build, object, "traits", levels_build(build, soul, true));
    put(build, object, "feelings", levels_build(build, soul, false));
    put(build, object, "memories", memories_build(build, soul));
    put(build, object, "relations", relations_build(build, soul));
    put(build, object, "prices", prices_build(build, soul));
    put(build, object, "home", place_build(build, soul->clone_sector, soul->clone_system_in_sector, soul->clone_body, build->mark));
    put(build, object, "state", state_build(build, soul));
}

json_t* inf_document_build(const InfDocument* document, const InfLineage* lineage, const InfDocumentNames* names,
                           InfSoulsError* error)
{
    static const uint8_t nobody[32];
    InfPassage passage = document->passage;
    inf_document_strip(&passage);
    if (memcmp(passage.soul.identity, nobody, 32) == 0) {
        inf_souls_fail(error, INF_SOULS_FIELD, "identity");
        return NULL;
    }
    Build build = {document, names, {document->galaxy_seed, document->galaxy_version, 0}, 0, error, true};
    build.mark = inf_galaxy_mark(&build.galaxy);
    json_t *object = json_object(), *galaxy = json_object(), *wallet = json_object(), *will = json_array();
    put(&build, object, "format", json_string_nocheck("infinity-soul-1"));
    put_hex(&build, galaxy, "id", document->galaxy, sizeof document->galaxy);
    put_id(&build, galaxy, "seed", document->galaxy_seed);
    put(&build, galaxy, "version", json_integer(document->galaxy_version));
    put(&build, galaxy, "name", json_string(document->galaxy_name));
    put(&build, object, "galaxy", galaxy);
    put_hex(&build, object, "server", document->server, 32);
    put_hex(&build, object, "to", document->to, 32);
    put_hex(&build, object, "transfer", document->transfer, sizeof document->transfer);
    put(&build, object, "way", document->way != INF_WAY_GALAXY ? word(inf_words_way, INF_WAY_COUNT, document->way) : NULL);
    put(&build, object, "tick", count_of(passage.tick));
    soul_build(&build, object, &passage.soul);
    put(&build, object, "ship", ship_build(&build, &passage.ship));
    put(&build, wallet, "carried_credits", credits(passage.carried_credits));
    put(&build, wallet, "banked_credits", credits(passage.banked_credits));
    put(&build, wallet, "debt_credits", credits(passage.soul.debt_credits));
    put(&build, wallet, "bounty_credits", credits(passage.soul.bounty_credits));
    put(&build, object, "wallet", wallet);
    for (uint32_t i = 0; i < document->heir_count && i < INF_HEIRS_MAX; i++) {
        put_in(&build, will, who_build(&build, document->heirs[i]), "will");
    }
    put(&build, object, "will", will);
    put(&build, object, "lineage", lineage != NULL ? lineage_build(&build, lineage, passage.soul.lineage) : json_array());
    put_hex(&build, object, "lineage_head", passage.soul.lineage, 32);
    if (build.ok) return object;
    json_decref(object);
    return NULL;
}

bool inf_document_sign(json_t* object, const InfSignKey* server, const InfSignKey* soul, json_t* mandate,
                       InfSoulsError* error)
{
    if (mandate != NULL && json_object_set(object, "mandate", mandate) != 0) {
        return inf_souls_fail(error, INF_SOULS_MEMORY, "mandate");
    }
    static const char* const names[] = {"soul_signature", "server_signature"};
    const InfSignKey* const keys[] = {mandate == NULL ? soul : NULL, server};
    return inf_sign_object_all(INF_SIGN_DOCUMENT, object, 2, names, keys, error);
}

bool inf_document_hash(const json_t* object, uint8_t out[32], InfSoulsError* error)
{
    size_t count;
    char* text = inf_canonical_text(object, &count, error);
    if (text == NULL) return false;
    inf_canonical_hash(text, count, out);
    free(text);
    return true;
}
