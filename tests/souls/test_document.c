// Soul documents: exact round trips of thousands of drawn souls, and each way in which a file can be wrong.
#include "souls/document.h"
#include "souls_test.h"
#include "document_text.h"

#include <unistd.h>

static TestServer home, far;
static InfLineage* lineage;
static TestSoul ada;

static void begin(void)
{
    home = test_server_make(1);
    far = test_server_make(2);
    inf_lineage_destroy(lineage);
    lineage = inf_lineage_create();
    ada = test_soul_found(lineage, &home, 1, "Ada");
}

// Everything drawn, within what the rules allow; also what does not travel.
static void passage_draw(TestRandom* random, InfPassage* out)
{
    test_random_bytes(random, out, sizeof *out);
    out->tick = test_random_u64(random) >> 20;
    out->carried_credits = (int64_t)(test_random_u64(random) >> 12);
    out->banked_credits = (int64_t)test_random_below(random, 100000);
    InfSoul* soul = &out->soul;
    soul->born_tick = test_random_u64(random) >> 20;
    soul->feelings_tick = test_random_u64(random) >> 12;
    soul->upkeep_tick = test_random_u64(random) >> 12;
    soul->clock_ticks = (int64_t)test_random_u64(random) >> 12;
    soul->debt_credits = (int64_t)test_random_below(random, 1000);
    soul->bounty_credits = (int64_t)(test_random_u64(random) >> 30);
    soul->goal = (uint8_t)test_random_below(random, INF_GOAL_COUNT);
    soul->trade = (uint8_t)test_random_below(random, INF_GOODS + 1);
    if (test_random_below(random, 3) == 0) soul->parent = 0;
    for (int i = 0; i < INF_FEELINGS; i++) soul->feelings[i] = (uint16_t)test_random_below(random, 1001);
    static const char* const names[] = {"Ada", ("Ko\xc3\xa7" "a Bel"), "\xce\x91\xce\xbb\xcf\x86\xce\xb1", "x", "Mind \"7\" \\ of \xe2\x98\x85"};
    memset(soul->name, 0, sizeof soul->name);
    strcpy((char*)soul->name, names[test_random_below(random, 5)]);
    for (int i = 0; i < INF_MEMORIES; i++) {
        InfMemory* memory = &soul->memories[i];
        memory->tick >>= 12;
        memory->strength = (uint16_t)test_random_below(random, 1001);
        memory->kind = (uint8_t)test_random_below(random, INF_MEMORY_COUNT);
        if (test_random_below(random, 2) == 0) memory->who = 0;
    }
    for (int i = 0; i < INF_RELATIONS; i++) {
        InfRelation* relation = &soul->relations[i];
        relation->last_tick >>= 12;
        relation->affection = (int16_t)((int)test_random_below(random, 2001) - 1000);
        relation->trust = (int16_t)((int)test_random_below(random, 2001) - 1000);
        if (test_random_below(random, 3) == 0) relation->who = 0;
    }
    for (int i = 0; i < INF_PRICE_NOTES; i++) {
        soul->prices[i].seen_tick = test_random_below(random, 3) == 0 ? 0 : soul->prices[i].seen_tick >> 12;
        soul->prices[i].profile = (uint8_t)test_random_below(random, 9);
    }
    InfShip* ship = &out->ship;
    if (test_random_below(random, 5) == 0) ship->id = 0;
    ship->hull_kind = (uint8_t)test_random_below(random, INF_HULL_COUNT);
    const InfHull* hull = inf_hull(ship->hull_kind);
    ship->fuel = (uint32_t)test_random_below(random, hull->fuel + 1);
    ship->hull = hull->hull * (float)test_random_below(random, 10001) / 10000.0f;
    ship->shield = hull->shield * (float)test_random_below(random, 10001) / 10000.0f;
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        ship->modules[i] = i < hull->slots ? (uint8_t)test_random_below(random, INF_MODULE_COUNT) : 0;
    }
    uint32_t room = hull->cargo_units;
    for (int i = 0; i < INF_GOODS; i++) {
        ship->cargo[i] = (uint16_t)test_random_below(random, room / 3 + 1);
        room -= ship->cargo[i];
    }
}

// Make the drawn soul Ada, on her way out.
static void document_of(InfDocument* document, TestRandom* random, InfWay way)
{
    memset(document, 0, sizeof *document);
    memcpy(document->galaxy, home.galaxy, 16);
    memcpy(document->server, home.key.public_key, 32);
    if (way == INF_WAY_SERVER) memcpy(document->to, far.key.public_key, 32);
    document->galaxy_seed = test_random_u64(random);
    document->galaxy_version = 1;
    document->way = way;
    document->transfer[0] = 7;
    snprintf(document->galaxy_name, sizeof document->galaxy_name, "Home");
    document->heir_count = (uint32_t)test_random_below(random, INF_HEIRS_MAX + 1);
    for (uint32_t i = 0; i < document->heir_count; i++) document->heirs[i] = 1 + test_random_below(random, 1000000);
    passage_draw(random, &document->passage);
    InfSoul* soul = &document->passage.soul;
    memcpy(soul->identity, ada.identity, 32);
    memcpy(soul->root, ada.root, 32);
    memcpy(soul->key, ada.key.public_key, 32);
    memcpy(soul->lineage, ada.head, 32);
    soul->epoch = ada.epoch;
}

static bool look(void* user, uint64_t soul, char name[INF_NAME_BYTES], uint8_t identity[32], bool* has_identity)
{
    *has_identity = soul % 2 == 0;
    memset(identity, (int)(soul & 255), 32);
    snprintf(name, INF_NAME_BYTES, "Soul %u", (unsigned)(soul % 1000));
    return soul % 3 != 0;
}
static const InfDocumentNames names = {look, NULL};

static char* document_text(const InfDocument* document, size_t* count)
{
    InfSoulsError error = {0};
    char* text = document_write(document, lineage, &names, &home.key, &ada.key, NULL, count, NULL, &error);
    ENSURE_SAY(text != NULL, "%s: %s", error.where, inf_souls_fault_text(error.fault));
    return text;
}

TEST_RANDOM(ten_thousand_souls_go_there_and_back)
{
    TestRandom random = {seed};
    begin();
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DOWNLOADED, NULL, 7));
    size_t bytes_most = 0;
    for (int i = 0; i < 10000; i++) {
        InfDocument document, again;
        document_of(&document, &random, INF_WAY_FILE);
        InfSoulsError error = {0};
        json_t* object = inf_document_build(&document, lineage, i % 2 == 0 ? &names : NULL, &error);
        ENSURE_SAY(object != NULL, "soul %d: %s: %s", i, error.where, inf_souls_fault_text(error.fault));
        size_t count;
        char* text = inf_canonical_text(object, &count, &error);
        json_t* read = inf_canonical_read(text, count, INF_DOCUMENT_BYTES_MAX, INF_CANONICAL_STRICT, &error);
        ENSURE(read != NULL);
        ENSURE_SAY(inf_document_read(read, &again, NULL, &error), "soul %d: %s: %s", i, error.where, inf_souls_fault_text(error.fault));
        inf_document_strip(&document.passage);
        ENSURE_SAY(memcmp(&again, &document, sizeof again) == 0, "soul %d of seed 0x%" PRIx64, i, seed);
        if (count > bytes_most) bytes_most = count;
        if (i % 100 == 0) { // and written again it is the same text, but for the names of others
            json_t* second = inf_document_build(&again, lineage, i % 2 == 0 ? &names : NULL, &error);
            size_t second_count;
            char* second_text = inf_canonical_text(second, &second_count, &error);
            ENSURE(second_count == count && memcmp(text, second_text, count) == 0);
            free(second_text);
            json_decref(second);
        }
        free(text);
        json_decref(object);
        json_decref(read);
    }
    printf("largest document: %zu bytes\n", bytes_most);
    ENSURE(bytes_most < 32768);
}

// A file, opened as text.
static InfSoulsError open_text(const char* text, size_t count)
{
    InfSoulsError error = {0};
    InfDocument document;
    InfLineage* read = NULL;
    bool is_well = document_open(text, count, &document, &read, NULL, &error);
    ENSURE(is_well == (error.fault == INF_SOULS_OK) && is_well == (read != NULL));
    inf_lineage_destroy(read);
    return error;
}

static InfSoulsFault fault_of_object(json_t* object)
{
    size_t count;
    char* text = inf_canonical_text(object, &count, NULL);
    InfSoulsFault fault = open_text(text, count).fault;
    free(text);
    return fault;
}

TEST_RANDOM(a_file_holds_in_any_layout)
{
    TestRandom random = {seed};
    begin();
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DOWNLOADED, NULL, 7));
    InfDocument document;
    document_of(&document, &random, INF_WAY_FILE);
    size_t count;
    char* text = document_text(&document, &count);
    ENSURE(open_text(text, count).fault == INF_SOULS_OK);
    json_t* object = json_loadb(text, count, 0, NULL);
    char* indented = json_dumps(object, JSON_INDENT(3) | JSON_ENSURE_ASCII);
    ENSURE(open_text(indented, strlen(indented)).fault == INF_SOULS_OK);
    for (int i = 0; i < 200; i++) { // every cut is told as such
        size_t cut = test_random_below(&random, count);
        ENSURE(open_text(text, cut).fault == INF_SOULS_TRUNCATED);
    }
    free(indented);
    free(text);
    json_decref(object);
}

// Walk all members and elements; change each leaf a little and see that the file does not hold.
static int leaves_changed;
static void change_leaves(json_t* top, json_t* value, TestRandom* random)
{
    if (json_is_object(value)) {
        const char* name;
        json_t* member;
        void* tmp;
        json_object_foreach_safe(value, tmp, name, member) {
            if (json_is_object(member) || json_is_array(member)) {
                change_leaves(top, member, random);
                continue;
            }
            json_t* kept = json_incref(member);
            json_t* changed = json_true();
            if (json_is_integer(kept)) changed = json_integer(json_integer_value(kept) + 1);
            if (json_is_real(kept)) changed = json_real(json_real_value(kept) > 0.5 ? 0.004 : 0.996);
            if (json_is_true(kept)) changed = json_false();
            if (json_is_string(kept)) {
                char text[4200];
                snprintf(text, sizeof text, "%s", json_string_value(kept));
                size_t at = test_random_below(random, strlen(text) + 1);
                if (text[at] == '\0') text[at + 1] = '\0';
                text[at] = text[at] == '2' ? '3' : '2';
                changed = json_string(text);
            }
            json_object_set_new(value, name, changed);
            InfSoulsFault fault = changed != NULL ? fault_of_object(top) : INF_SOULS_JSON;
            ENSURE_SAY(fault != INF_SOULS_OK && fault != INF_SOULS_MEMORY, "%s was changed unnoticed", name);
            leaves_changed++;
            json_object_set_new(value, name, kept);
        }
    }
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
        json_t* member = json_array_get(value, i);
        if (json_is_object(member) || json_is_array(member)) {
            change_leaves(top, member, random);
        } else if (json_is_integer(member)) {
            json_integer_set(member, json_integer_value(member) ^ 1);
            ENSURE(fault_of_object(top) != INF_SOULS_OK);
            json_integer_set(member, json_integer_value(member) ^ 1);
            leaves_changed++;
        }
    }
}

TEST_RANDOM(no_field_can_be_changed)
{
    TestRandom random = {seed};
    begin();
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DOWNLOADED, NULL, 7));
    InfDocument document;
    document_of(&document, &random, INF_WAY_FILE);
    size_t count;
    char* text = document_text(&document, &count);
    json_t* object = json_loadb(text, count, 0, NULL);
    ENSURE(fault_of_object(object) == INF_SOULS_OK);
    change_leaves(object, object, &random);
    ENSURE(leaves_changed > 100 && fault_of_object(object) == INF_SOULS_OK);
    // A field more, a field less.
    json_object_set_new(object, "luck", json_integer(7));
    ENSURE(fault_of_object(object) == INF_SOULS_UNKNOWN_FIELD);
    json_object_del(object, "luck");
    json_object_del(object, "feelings");
    ENSURE(fault_of_object(object) == INF_SOULS_MISSING);
    json_decref(object);
    free(text);
}

static json_t* fresh(InfDocument* document, TestRandom* random, InfWay way)
{
    InfSoulsError error = {0};
    document_of(document, random, way);
    json_t* object = inf_document_build(document, lineage, &names, &error);
    ENSURE_SAY(object != NULL, "%s: %s", error.where, inf_souls_fault_text(error.fault));
    return object;
}

TEST_RANDOM(each_fraud_has_its_own_answer)
{
    TestRandom random = {seed};
    InfDocument document;
    begin();
    InfSignKey thief;
    inf_sign_key_draw(&thief);
    TestSoul founded = ada;
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DOWNLOADED, NULL, 7));

    json_t* object = fresh(&document, &random, INF_WAY_FILE); // a version from the future
    json_object_set_new(object, "format", json_string("infinity-soul-2"));
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_VERSION);
    json_object_set_new(object, "format", json_string("something"));
    ENSURE(fault_of_object(object) == INF_SOULS_KIND);
    json_decref(object);

    object = fresh(&document, &random, INF_WAY_FILE); // signed by nobody
    ENSURE(fault_of_object(object) == INF_SOULS_UNSIGNED);
    ENSURE(inf_document_sign(object, &home.key, NULL, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_UNSIGNED);
    ENSURE(inf_document_sign(object, &home.key, &thief, NULL, NULL)); // by a thief in the soul's stead
    ENSURE(fault_of_object(object) == INF_SOULS_SOUL_SIGNATURE);
    ENSURE(inf_document_sign(object, &thief, &ada.key, NULL, NULL)); // by a thief in the server's stead
    ENSURE(fault_of_object(object) == INF_SOULS_SERVER_SIGNATURE);
    char digits[65]; // re-signed throughout by another key, which it names as its own
    json_object_set_new(object, "key", json_string(inf_hex_write(thief.public_key, 32, digits)));
    ENSURE(inf_document_sign(object, &home.key, &thief, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_KEY);
    json_object_set_new(object, "key", json_string(inf_hex_write(ada.key.public_key, 32, digits)));
    json_object_set_new(object, "root", json_string(inf_hex_write(thief.public_key, 32, digits)));
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_FOUNDING);
    json_object_set_new(object, "root", json_string(inf_hex_write(ada.root, 32, digits)));
    json_object_set_new(object, "epoch", json_integer(9)); // an epoch that the lineage does not know
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_LINEAGE_EPOCH);
    json_object_set_new(object, "epoch", json_integer(ada.epoch));
    json_object_set_new(object, "lineage_head", json_string(inf_hex_write(founded.head, 32, digits))); // not its newest record
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_LINEAGE_HEAD);
    json_object_set_new(object, "lineage_head", json_string(inf_hex_write(ada.head, 32, digits)));
    json_t* records = json_object_get(object, "lineage");
    json_t* first = json_incref(json_array_get(records, 0));
    json_array_remove(records, 0); // its founding torn out
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_LINEAGE_GAP);
    json_array_insert_new(records, 0, first);
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_OK);
    json_array_append(records, first); // a record twice
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_LAYOUT);
    json_decref(object);

    object = fresh(&document, &random, INF_WAY_FILE); // more aboard than the hold takes
    document.passage.ship.id = 5;
    document.passage.ship.hull_kind = INF_HULL_SHUTTLE;
    document.passage.ship.cargo[0] = 21;
    document.passage.ship.fuel = 1;
    document.passage.ship.hull = document.passage.ship.shield = 1;
    memset(document.passage.ship.modules, 0, sizeof document.passage.ship.modules);
    json_decref(object);
    object = inf_document_build(&document, lineage, NULL, NULL);
    ENSURE(object != NULL && inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_LAYOUT);
    json_decref(object);
    object = fresh(&document, &random, INF_WAY_FILE); // a name that turns the line around
    json_object_set_new(object, "name", json_string("Ada\xe2\x80\xae" "evil"));
    ENSURE(inf_document_sign(object, &home.key, &ada.key, NULL, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_FIELD);
    json_decref(object);
}

TEST_RANDOM(a_server_may_sign_by_mandate)
{
    TestRandom random = {seed};
    begin();
    InfMandate mandate = {.epoch = ada.epoch + 1, .until = 1900000000};
    memcpy(mandate.identity, ada.identity, 32);
    memcpy(mandate.server, home.key.public_key, 32);
    memcpy(mandate.to, far.key.public_key, 32);
    json_t* given = inf_mandate_build(&mandate);
    ENSURE(inf_sign_object(INF_SIGN_MANDATE, given, "soul_signature", &ada.key, NULL));
    InfLineageRecord record = test_record(&home, &ada, INF_LINEAGE_DEPARTED);
    record.epoch++;
    record.transfer[0] = 7;
    memcpy(record.peer, far.key.public_key, 32);
    json_t* object = inf_lineage_build(&record);
    json_object_set(object, "mandate", given);
    ENSURE(inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &home.key, NULL));
    size_t count;
    char* text = inf_lineage_text(object, &count, ada.head, NULL);
    ENSURE(inf_lineage_add(lineage, text, count, NULL, NULL));
    ada.epoch++;
    free(text);
    json_decref(object);
    InfDocument document;
    object = fresh(&document, &random, INF_WAY_SERVER);
    ENSURE(inf_document_sign(object, &home.key, NULL, given, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_OK);
    json_object_set_new(given, "epoch", json_integer(3));
    ENSURE(inf_sign_object(INF_SIGN_MANDATE, given, "soul_signature", &ada.key, NULL));
    ENSURE(inf_document_sign(object, &home.key, NULL, given, NULL));
    ENSURE(fault_of_object(object) == INF_SOULS_MANDATE);
    json_decref(object);
    json_decref(given);
}

TEST(what_a_document_cannot_hold_is_told)
{
    TestRandom random = {1};
    begin();
    InfDocument document;
    document_of(&document, &random, INF_WAY_FILE);
    InfSoulsError error = {0};
    document.passage.soul.born_tick = UINT64_MAX;
    ENSURE(inf_document_build(&document, lineage, NULL, &error) == NULL && error.fault == INF_SOULS_FIELD);
    ENSURE_EQ_STR("born_tick", error.where);
    error = (InfSoulsError){0};
    document_of(&document, &random, INF_WAY_FILE);
    memset(document.passage.soul.lineage, 1, 32);
    ENSURE(inf_document_build(&document, lineage, NULL, &error) == NULL && error.fault == INF_SOULS_LINEAGE_HEAD);
    error = (InfSoulsError){0};
    memset(document.passage.soul.identity, 0, 32);
    ENSURE(inf_document_build(&document, lineage, NULL, &error) == NULL && error.fault == INF_SOULS_FIELD);
}

TEST(files_are_never_overwritten)
{
    char path[] = "soul-test-XXXXXX";
    int fd = mkstemp(path);
    ENSURE(fd >= 0);
    InfSoulsError error = {0};
    ENSURE(!inf_souls_file_write(path, "x", 1, false, &error) && error.fault == INF_SOULS_EXISTS);
    ENSURE(inf_souls_file_write(path, "hello", 5, true, NULL));
    size_t count;
    char* text = inf_souls_file_read(path, 10, &count, NULL);
    ENSURE(text != NULL && count == 5 && strcmp(text, "hello") == 0);
    free(text);
    error = (InfSoulsError){0};
    ENSURE(inf_souls_file_read(path, 4, &count, &error) == NULL && error.fault == INF_SOULS_SIZE);
    remove(path);
    error = (InfSoulsError){0};
    ENSURE(inf_souls_file_read(path, 4, &count, &error) == NULL && error.fault == INF_SOULS_IO);
}
