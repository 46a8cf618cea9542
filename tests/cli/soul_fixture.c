// Writes souls' files into the folder it stands in, for the tests of `infinity soul`: Ada, who was copied, merged with her
// copy and downloaded; and files that are wrong, each in its own way.
#include "../souls/souls_test.h"
#include "../souls/document_text.h"
#include "souls/document.h"

#include <infinity/galaxy.h>

static TestServer home, far;
static InfLineage* lineage;

static bool look(void* user, uint64_t soul, char name[INF_NAME_BYTES], uint8_t identity[32], bool* has_identity)
{
    *has_identity = false;
    snprintf(name, INF_NAME_BYTES, "%s", soul == 21 ? "Bel" : "Corvus");
    return soul == 21 || soul == 22;
}
static const InfDocumentNames names = {look, NULL};

static void write_text(const char* path, const char* text, size_t count)
{
    FILE* file = fopen(path, "w");
    ENSURE(file != NULL && fwrite(text, 1, count, file) == count);
    fclose(file);
}

static void document_fill(InfDocument* document, const TestSoul* ada)
{
    memset(document, 0, sizeof *document);
    memcpy(document->galaxy, home.galaxy, 16);
    memcpy(document->server, home.key.public_key, 32);
    snprintf(document->galaxy_name, sizeof document->galaxy_name, "Aurelia Reach");
    document->galaxy_seed = 7;
    document->galaxy_version = INF_GALAXY_VERSION;
    document->way = INF_WAY_FILE;
    document->transfer[0] = 7;
    document->heirs[0] = 21;
    document->heir_count = 1;
    document->passage.tick = 5 * INF_TICKS_PER_DAY;
    document->passage.carried_credits = 1234;
    document->passage.banked_credits = 56000;
    InfGalaxyDef galaxy = {7, INF_GALAXY_VERSION, 0};
    InfSoul* soul = &document->passage.soul;
    soul->id = 17;
    soul->born_tick = 1000;
    soul->epoch = ada->epoch;
    strcpy((char*)soul->name, "Ada");
    for (int i = 0; i < INF_TRAITS; i++) soul->traits[i] = (uint8_t)(255 - i * 16);
    soul->feelings[INF_FEELING_JOY] = 700;
    soul->feelings[INF_FEELING_GRIEF] = 120;
    soul->memories[0] = (InfMemory){.tick = 2000, .kind = INF_MEMORY_BORN, .strength = 900, .galaxy = inf_galaxy_mark(&galaxy)};
    soul->memories[1] = (InfMemory){.tick = 90000, .kind = INF_MEMORY_TRADED, .value = 4200, .who = 21, .strength = 500, .galaxy = inf_galaxy_mark(&galaxy)};
    soul->memories[2] = (InfMemory){.tick = 91000, .kind = INF_MEMORY_LOST, .who = 22, .strength = 1000, .sector = {1, -2, 3}};
    soul->relations[0] = (InfRelation){.who = 21, .affection = 640, .trust = 300, .debt_credits = -50, .last_tick = 90000};
    memcpy(soul->identity, ada->identity, 32);
    memcpy(soul->root, ada->root, 32);
    memcpy(soul->key, ada->key.public_key, 32);
    memcpy(soul->lineage, ada->head, 32);
    InfShip* ship = &document->passage.ship;
    ship->id = 99;
    ship->hull_kind = INF_HULL_MINER;
    ship->hull = 180.5f;
    ship->fuel = 31500;
    ship->modules[0] = INF_MODULE_MINING_LASER;
    ship->modules[1] = INF_MODULE_JUMP_DRIVE;
    ship->cargo[INF_GOOD_ORE] = 12;
}

// Replace the first `from` by `to`, of the same length.
static void write_changed(const char* path, const char* text, size_t count, const char* from, const char* to)
{
    char* copy = malloc(count + 1);
    memcpy(copy, text, count + 1);
    char* at = strstr(copy, from);
    ENSURE(at != NULL && strlen(from) == strlen(to));
    memcpy(at, to, strlen(to));
    write_text(path, copy, count);
    free(copy);
}

TEST(write_the_files)
{
    home = test_server_make(1);
    far = test_server_make(2);
    lineage = inf_lineage_create();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    TestSoul twin = test_soul_copy(lineage, &home, &ada, 2, "Ada II");
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DEPARTED, &far, 3));
    ENSURE(test_soul_arrive(lineage, &far, &ada, &home, 3));
    ENSURE(test_soul_leave(lineage, &far, &ada, INF_LINEAGE_DEPARTED, &home, 4));
    ENSURE(test_soul_arrive(lineage, &home, &ada, &far, 4));
    ENSURE(test_soul_merge(lineage, &home, &ada, &twin));
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DOWNLOADED, NULL, 7));
    InfDocument document;
    InfSoulsError error = {0};
    document_fill(&document, &ada);
    size_t count;
    char* text = document_write(&document, lineage, &names, &home.key, &ada.key, NULL, &count, NULL, &error);
    ENSURE_SAY(text != NULL, "%s: %s", error.where, inf_souls_fault_text(error.fault));
    write_text("ada.soul", text, count);
    write_text("cut.soul", text, count / 2);
    write_changed("changed.soul", text, count, "\"carried_credits\":1234", "\"carried_credits\":9234");
    write_changed("future.soul", text, count, "infinity-soul-1", "infinity-soul-9");
    TestSoul thief = ada;
    inf_sign_key_draw(&thief.key);
    document_fill(&document, &thief);
    free(text);
    text = document_write(&document, lineage, &names, &home.key, &thief.key, NULL, &count, NULL, &error);
    ENSURE(text != NULL);
    write_text("thief.soul", text, count);
    free(text);
    write_text("no.soul", "hello", 5);
    inf_lineage_destroy(lineage);
}
