// A soul's page for the terminal: what stands in its document, in words and bars.
#include "soul.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR 20

static void bar_print(uint32_t value, uint32_t most) {
    uint32_t count = most > 0 ? (value * BAR + most / 2) / most : 0;
    for (uint32_t i = 0; i < BAR; i++) fputs(i < count ? "\u2588" : "\u00b7", stdout);
}

void cli_traits_print(const uint8_t traits[INF_TRAITS]) {
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        printf("  %-19s ", inf_trait_word(i));
        bar_print(traits[i], 255);
        printf("  %.2f\n", traits[i] / 255.0);
    }
}

void cli_feelings_print(const uint32_t feelings[INF_FEELINGS]) {
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        printf("  %-19s ", inf_feeling_word(i));
        bar_print(feelings[i], 1000);
        printf("  %" PRIu32 "\n", feelings[i]);
    }
}

static const char* day_of(char out[CLI_TEXT_BYTES], uint64_t tick) {
    snprintf(out, CLI_TEXT_BYTES, "day %" PRIu64, tick / INF_TICKS_PER_DAY + 1);
    return out;
}

// Somebody: the name if the document knows one, else the id.
static const char* who_of(const json_t* who) {
    static char text[64];
    const char *name = json_string_value(json_object_get(who, "name")), *id = json_string_value(json_object_get(who, "id"));
    snprintf(text, sizeof text, "%s%s", name != NULL ? "" : "soul ", name != NULL ? name : id != NULL ? id : "?");
    cli_text_clean(text);
    return text;
}

static const char* place_of(const json_t* place) {
    static char text[80];
    const json_t* sector = json_object_get(place, "sector");
    const char* name = json_string_value(json_object_get(place, "name"));
    if (name != NULL) snprintf(text, sizeof text, "%s", name);
    else {
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT " %" JSON_INTEGER_FORMAT " %" JSON_INTEGER_FORMAT " / %" JSON_INTEGER_FORMAT,
                 json_integer_value(json_array_get(sector, 0)), json_integer_value(json_array_get(sector, 1)),
                 json_integer_value(json_array_get(sector, 2)), json_integer_value(json_object_get(place, "system")));
    }
    cli_text_clean(text);
    return text;
}

static void memories_print(const json_t* object) {
    const json_t* memory;
    size_t i;
    char day[CLI_TEXT_BYTES], amount[CLI_TEXT_BYTES];
    if (json_array_size(json_object_get(object, "memories")) > 0) printf("\nMemories\n");
    json_array_foreach(json_object_get(object, "memories"), i, memory) {
        const char* kind = json_string_value(json_object_get(memory, "kind"));
        const json_t* who = json_object_get(memory, "who");
        int64_t value = json_integer_value(json_object_get(memory, "value"));
        bool counts = kind != NULL && (strcmp(kind, "traded") == 0 || strcmp(kind, "mined") == 0 || strcmp(kind, "helped") == 0 ||
                                       strcmp(kind, "was helped") == 0 || strcmp(kind, "was robbed") == 0);
        day_of(day, (uint64_t)json_integer_value(json_object_get(memory, "tick")));
        printf("  %-10s %s%s%s", day, kind != NULL ? kind : "?", who != NULL ? ", " : "", who != NULL ? who_of(who) : "");
        if (counts) printf(", %s", cli_text_count(amount, value));
        printf("  (%s)\n", place_of(json_object_get(memory, "place")));
    }
}

static void relations_print(const InfSoul* soul, const json_t* object) {
    const json_t* relation;
    size_t i;
    if (json_array_size(json_object_get(object, "relations")) > 0) printf("\n%-30s %9s %6s %6s\n", "Relations", "affection", "trust", "debt");
    json_array_foreach(json_object_get(object, "relations"), i, relation) {
        const InfRelation* row = &soul->relations[i];
        printf("  %-28s %9d %6d %6" PRId32 "\n", who_of(json_object_get(relation, "who")), row->affection, row->trust, row->debt_credits);
    }
}

static void ship_print(const InfShip* ship) {
    if (ship->id == 0) {
        printf("\nNo ship.\n");
        return;
    }
    const InfHull* hull = inf_hull(ship->hull_kind);
    printf("\nShip\n  %s, hull %.0f of %.0f, fuel for %.1f light-years%s\n", hull->word, (double)ship->hull, (double)hull->hull,
           ship->fuel / 1000.0, ship->flags & INF_SHIP_CRIMINAL ? ", wanted by the law" : "");
    for (uint32_t slot = 0; slot < hull->slots; slot++) {
        if (ship->modules[slot] != 0) printf("  %s\n", inf_module(ship->modules[slot])->word);
    }
    for (uint32_t good = 0; good < INF_GOODS; good++) {
        if (ship->cargo[good] != 0) printf("  %u %s\n", ship->cargo[good], inf_good_word(good));
    }
}

static void wallet_print(const InfPassage* passage, const json_t* object) {
    char carried[CLI_TEXT_BYTES], banked[CLI_TEXT_BYTES], debt[CLI_TEXT_BYTES];
    const json_t* heir;
    size_t i;
    printf("\nWallet\n  %s carried, %s banked", cli_text_credits(carried, passage->carried_credits),
           cli_text_credits(banked, passage->banked_credits));
    if (passage->soul.debt_credits > 0) printf(", %s owed", cli_text_credits(debt, passage->soul.debt_credits));
    if (passage->soul.bounty_credits > 0) printf(", %s on its head", cli_text_credits(debt, passage->soul.bounty_credits));
    printf("\n");
    json_array_foreach(json_object_get(object, "will"), i, heir) printf("%s%s", i == 0 ? "  heirs: " : ", ", who_of(heir));
    if (json_array_size(json_object_get(object, "will")) > 0) printf("\n");
}

void cli_soul_page_print(const InfDocument* document, const json_t* object) {
    const InfSoul* soul = &document->passage.soul;
    char identity[65], day[CLI_TEXT_BYTES];
    uint64_t own = document->passage.tick + (uint64_t)soul->clock_ticks;
    printf("%s\n", (const char*)soul->name);
    printf("  %s, epoch %" PRIu32 ", %s old\n", soul->flags & INF_SOUL_PLAYER ? "player" : "mind", soul->epoch,
           own > soul->born_tick ? cli_text_seconds(day, (own - soul->born_tick) / INF_TICKS_PER_SECOND) : "0 s");
    printf("  identity %s\n", inf_hex_write(soul->identity, 32, identity));
    if (memcmp(soul->root, soul->identity, 32) != 0) printf("  branch of %s\n", inf_hex_write(soul->root, 32, identity));
    printf("  home %s\n", place_of(json_object_get(object, "home")));
    if (json_object_get(object, "parent") != NULL) printf("  of %s\n", who_of(json_object_get(object, "parent")));
    printf("  left %s on %s, %s\n", document->galaxy_name[0] != '\0' ? cli_soul_clean(document->galaxy_name) : "its galaxy",
           day_of(day, document->passage.tick), document->way == INF_WAY_FILE ? "into this file" : "for another server");
    printf("\nTraits\n");
    cli_traits_print(soul->traits);
    printf("\nFeelings\n");
    uint32_t feelings[INF_FEELINGS];
    for (uint32_t i = 0; i < INF_FEELINGS; i++) feelings[i] = soul->feelings[i];
    cli_feelings_print(feelings);
    memories_print(object);
    relations_print(soul, object);
    ship_print(&document->passage.ship);
    wallet_print(&document->passage, object);
}
