// `infinity soul list|show|lineage|ask|invite`: who lives in the running galaxy, where they come from, and what they say.
#include "live.h"
#include "http.h"
#include "soul.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char *find_text, *state_text;

// ---- shared -----------------------------------------------------------------------------------------------------

CliExit cli_live_ask(const char* method, const char* path, const json_t* body, uint64_t wait_s, json_t** out_answer) {
    char reason[1024];
    cli_http_set_timeout((unsigned)(wait_s + 40));
    CliExit result = cli_http_json(method, path, body, out_answer, reason, sizeof reason);
    if (result != CLI_EXIT_OK) {
        static const char rest_words[] = "GET /api/souls?find=NAME lists who lives here.";
        cli_text_clean(reason);
        char* at = strstr(reason, rest_words); // here it is a command
        if (at != NULL) snprintf(at, sizeof reason - (size_t)(at - reason), "infinity soul list --find NAME lists who lives here.");
        return cli_fail(result, "%s", reason);
    }
    return CLI_EXIT_OK;
}

const char* cli_live_encode(const char* text, char* out, size_t out_bytes) {
    size_t used = 0;
    for (; *text != '\0' && used + 4 < out_bytes; text++) {
        unsigned char c = (unsigned char)*text;
        used += (size_t)snprintf(out + used, out_bytes - used, isalnum(c) ? "%c" : "%%%02X", c);
    }
    out[used] = '\0';
    return out;
}

bool cli_live_json(const json_t* answer) {
    if (!cli_json) return false;
    json_dumpf(answer, stdout, JSON_COMPACT);
    printf("\n");
    return true;
}

const char* cli_live_text(const json_t* object, const char* name, char* out, size_t out_bytes) {
    const json_t* value = json_object_get(object, name);
    if (json_is_integer(value)) snprintf(out, out_bytes, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else snprintf(out, out_bytes, "%s", json_is_string(value) ? json_string_value(value) : "");
    cli_text_clean(out);
    return out;
}

CliExit cli_live_find(const char* word, char out_id[CLI_LIVE_ID_BYTES]) {
    uint64_t id;
    if (cli_text_read_u64(word, 1, UINT64_MAX, &id)) {
        snprintf(out_id, CLI_LIVE_ID_BYTES, "%" PRIu64, id);
        return CLI_EXIT_OK;
    }
    char encoded[512], path[640];
    cli_live_encode(word, encoded, sizeof encoded);
    unsigned matches = 0;
    for (int round = 0; round < 3 && matches == 0; round++) { // who lives here; then who has departed, known some ticks later
        if (round == 2) usleep(400000);
        char cursor[32] = "0";
        do {
            json_t* answer = NULL;
            snprintf(path, sizeof path, "/api/souls?find=%s&cursor=%s%s", encoded, cursor, round == 0 ? "" : "&state=all");
            CliExit result = cli_live_ask("GET", path, NULL, 0, &answer);
            if (result != CLI_EXIT_OK) return result;
            size_t index;
            json_t* soul;
            json_array_foreach(json_object_get(answer, "souls"), index, soul) {
                const char* known = json_string_value(json_object_get(soul, "name"));
                if (known == NULL || strcasecmp(known, word) != 0) continue;
                matches++;
                cli_live_text(soul, "soul", out_id, CLI_LIVE_ID_BYTES);
            }
            cli_live_text(answer, "next", cursor, sizeof cursor);
            json_decref(answer);
        } while (strcmp(cursor, "0") != 0 && cursor[0] != '\0' && matches < 2);
    }
    if (matches == 1) return CLI_EXIT_OK;
    if (matches == 0) return cli_fail(CLI_EXIT_FAILED, "nobody called %s lives or lived in this galaxy; infinity soul list --state all --find TEXT looks for parts of names", word);
    return cli_fail(CLI_EXIT_FAILED, "several souls are called %s: name an id of infinity soul list --state all --find", word);
}

// ---- list ---------------------------------------------------------------------------------------------------------

static CliExit list_run(int argument_count, const char** arguments) {
    (void)argument_count, (void)arguments;
    char encoded[512] = "", state_encoded[64] = "", path[800], cursor[32] = "0", id[32], name[128], kind[32], state[32];
    if (find_text != NULL) cli_live_encode(find_text, encoded, sizeof encoded);
    if (state_text != NULL) cli_live_encode(state_text, state_encoded, sizeof state_encoded);
    json_t* all = json_array();
    CliExit result = CLI_EXIT_OK;
    do {
        json_t* answer = NULL;
        snprintf(path, sizeof path, "/api/souls?cursor=%s%s%s%s%s", cursor, encoded[0] != '\0' ? "&find=" : "", encoded,
                 state_encoded[0] != '\0' ? "&state=" : "", state_encoded);
        result = cli_live_ask("GET", path, NULL, 0, &answer);
        if (result != CLI_EXIT_OK) break;
        json_array_extend(all, json_object_get(answer, "souls"));
        cli_live_text(answer, "next", cursor, sizeof cursor);
        json_decref(answer);
    } while (strcmp(cursor, "0") != 0 && cursor[0] != '\0' && json_array_size(all) < 10000);
    if (result == CLI_EXIT_OK && !cli_live_json(all)) {
        size_t index;
        json_t* soul;
        printf("%-20s  %-28s  %-12s  %-10s\n", "id", "name", "kind", "state");
        json_array_foreach(all, index, soul) {
            printf("%-20s  %-28s  %-12s  %-10s%s%s\n", cli_live_text(soul, "soul", id, sizeof id), cli_live_text(soul, "name", name, sizeof name),
                   cli_live_text(soul, "kind", kind, sizeof kind), cli_live_text(soul, "state", state, sizeof state),
                   json_is_true(json_object_get(soul, "docked")) ? " docked" : "", json_is_true(json_object_get(soul, "bound")) ? " has an identity" : "");
        }
        printf(json_array_size(all) == 1 ? "%zu soul\n" : "%zu souls\n", json_array_size(all));
        if (json_array_size(all) == 0 && state_text == NULL) printf("(who lives here; --state all also lists who has departed)\n");
    }
    json_decref(all);
    return result;
}

// ---- show, lineage ---------------------------------------------------------------------------------------------------

// "Ada is gone, since 3 min 20 s: it lives in another galaxy."
static void print_departed(const json_t* page) {
    static const struct {
        const char *state, *text;
    } words[] = {{"in flight", "it is on its way over the border, and not yet answered"},
                 {"away", "it is in a file that was downloaded here, and lives nowhere until that wakes"},
                 {"gone", "it lives in another galaxy"},
                 {"merged", "it has become one with another branch of itself"},
                 {"ended", "it does not live any more"},
                 {"on its way", "it flies from one part of this galaxy to another"}};
    char name[128], state[32], other[128], url[300], age[CLI_TEXT_BYTES];
    const char* text = "it does not live here now";
    cli_live_text(page, "state", state, sizeof state);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) text = strcmp(words[i].state, state) == 0 ? words[i].text : text;
    printf("%s is %s", cli_live_text(page, "name", name, sizeof name), state);
    const json_t* since = json_object_get(page, "state_age_ticks");
    if (since != NULL) printf(", since %s", cli_text_seconds(age, (uint64_t)json_integer_value(since) / INF_TICKS_PER_SECOND));
    printf(": %s", text);
    if (json_object_get(page, "with") != NULL) {
        printf(strcmp(state, "merged") == 0 ? " and lives on in %s" : "; %s has to do with that", cli_live_text(json_object_get(page, "with"), "name", other, sizeof other));
    }
    if (cli_live_text(page, "server", other, sizeof other)[0] != '\0') {
        printf(" (server %.16s\u2026%s%s)", other, cli_live_text(page, "server_url", url, sizeof url)[0] != '\0' ? ", " : "", url);
    }
    printf(".\nWhere it comes from and what was done with it: infinity soul lineage %s\n\n", name);
}

// What is told of a soul's traits and feelings, as the bars of a soul's file.
static void print_person(const json_t* page) {
    uint8_t traits[INF_TRAITS];
    uint32_t feelings[INF_FEELINGS];
    const json_t *told = json_object_get(page, "traits"), *felt = json_object_get(page, "feelings");
    for (uint32_t i = 0; i < INF_TRAITS; i++) traits[i] = (uint8_t)json_integer_value(json_object_get(told, inf_trait_word(i)));
    for (uint32_t i = 0; i < INF_FEELINGS; i++) feelings[i] = (uint32_t)json_integer_value(json_array_get(felt, i));
    if (json_object_size(told) > 0) {
        printf("\nTraits\n");
        cli_traits_print(traits);
    }
    if (json_array_size(felt) > 0) {
        printf("\nFeelings\n");
        cli_feelings_print(feelings);
    }
}

static const char* ago_of(char out[CLI_TEXT_BYTES], const json_t* row) {
    return cli_text_seconds(out, (uint64_t)json_integer_value(json_object_get(row, "age_ticks")) / INF_TICKS_PER_SECOND);
}

static void print_names(const char* title, const json_t* list) {
    size_t index;
    json_t* who;
    char name[128], state[32];
    json_array_foreach((json_t*)list, index, who) {
        cli_live_text(who, "state", state, sizeof state);
        printf("%s%s%s%s%s", index == 0 ? title : ", ", cli_live_text(who, "name", name, sizeof name), state[0] != '\0' ? " (" : "", state, state[0] != '\0' ? ")" : "");
    }
    if (json_array_size(list) > 0) printf("\n");
}

static void print_private(const json_t* page) {
    char text[400], name[128], age[CLI_TEXT_BYTES], carried[CLI_TEXT_BYTES], banked[CLI_TEXT_BYTES], debt[CLI_TEXT_BYTES];
    size_t index;
    json_t* row;
    printf("\nMemories\n");
    json_array_foreach(json_object_get(page, "memories"), index, row) printf("  %s (%s ago)\n", cli_live_text(row, "text", text, sizeof text), ago_of(age, row));
    if (json_array_size(json_object_get(page, "memories")) == 0) printf("  nothing that stayed\n");
    if (json_array_size(json_object_get(page, "relations")) > 0) printf("\n%-30s %9s %6s %6s\n", "Relations", "affection", "trust", "debt");
    json_array_foreach(json_object_get(page, "relations"), index, row) {
        printf("  %-28s %9" JSON_INTEGER_FORMAT " %6" JSON_INTEGER_FORMAT " %6" JSON_INTEGER_FORMAT "\n", cli_live_text(row, "name", name, sizeof name),
               json_integer_value(json_object_get(row, "affection")), json_integer_value(json_object_get(row, "trust")),
               json_integer_value(json_object_get(row, "debt_credits")));
    }
    printf("\nWallet\n  %s carried, %s banked", cli_text_credits(carried, json_integer_value(json_object_get(page, "carried_credits"))),
           cli_text_credits(banked, json_integer_value(json_object_get(page, "banked_credits"))));
    int64_t owed = json_integer_value(json_object_get(page, "debt_credits"));
    if (owed > 0) printf(", %s owed", cli_text_credits(debt, owed));
    printf("\n");
    print_names("  heirs: ", json_object_get(page, "will"));
}

static void print_page(const json_t* page) {
    char name[128], text[300], age[CLI_TEXT_BYTES];
    if (!json_is_true(json_object_get(page, "alive"))) {
        print_departed(page);
    } else {
        printf("%s\n", cli_live_text(page, "name", name, sizeof name));
    }
    printf("  %s%s, %s old", cli_live_text(page, "kind", text, sizeof text), json_is_true(json_object_get(page, "driven")) ? " driven from outside" : "", ago_of(age, page));
    printf(", soul %s\n", cli_live_text(page, "soul", text, sizeof text));
    if (json_object_get(page, "riding") != NULL) printf("  rides with %s\n", cli_live_text(json_object_get(page, "riding"), "name", name, sizeof name));
    if (json_object_get(page, "place") != NULL) {
        cli_live_text(page, "activity", text, sizeof text);
        printf("  %s%s", text, text[0] != '\0' ? " " : "");
        printf("%s%s\n", cli_live_text(page, "place", text, sizeof text), json_is_true(json_object_get(page, "docked")) ? ", docked" : "");
        printf("  address %s\n", cli_live_text(page, "address", text, sizeof text));
    }
    if (json_object_get(page, "identity") != NULL) {
        printf("  identity %s", cli_live_text(page, "identity", text, sizeof text));
        printf(", epoch %s\n", cli_live_text(page, "epoch", text, sizeof text));
    } else {
        printf("  no identity yet: it gets one when something is first done with it\n");
    }
    if (json_object_get(page, "parent") != NULL) printf("  of %s\n", cli_live_text(json_object_get(page, "parent"), "name", name, sizeof name));
    print_names("  carries ", json_object_get(page, "passengers"));
    print_names("  kin: ", json_object_get(page, "kin"));
    print_person(page);
    if (json_is_true(json_object_get(page, "shown"))) print_private(page);
}

CliExit cli_live_show(const char* word) {
    char id[CLI_LIVE_ID_BYTES], path[64];
    CliExit result = cli_live_find(word, id);
    if (result != CLI_EXIT_OK) return result;
    snprintf(path, sizeof path, "/api/soul?soul=%s", id);
    json_t* answer = NULL;
    result = cli_live_ask("GET", path, NULL, 0, &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) print_page(answer);
    json_decref(answer);
    return result;
}

CliExit cli_live_lineage(const char* word) {
    char id[CLI_LIVE_ID_BYTES], path[128], act[32], hash[80], epoch[16], tick[32], state[32];
    bool is_identity = strlen(word) == 64 && strspn(word, "0123456789abcdef") == 64;
    if (is_identity) {
        snprintf(path, sizeof path, "/api/souls/lineage?identity=%s", word);
    } else {
        CliExit result = cli_live_find(word, id);
        if (result != CLI_EXIT_OK) return result;
        snprintf(path, sizeof path, "/api/souls/lineage?soul=%s", id);
    }
    json_t* answer = NULL;
    CliExit result = cli_live_ask("GET", path, NULL, 0, &answer);
    if (result != CLI_EXIT_OK) return result;
    if (!cli_live_json(answer)) {
        size_t index;
        json_t* row;
        printf("identity %s, epoch %s, %s\n", cli_live_text(answer, "identity", hash, sizeof hash),
               cli_live_text(answer, "epoch", epoch, sizeof epoch), cli_live_text(answer, "state", state, sizeof state));
        json_array_foreach(json_object_get(answer, "records"), index, row) {
            const json_t* record = json_object_get(row, "record");
            char* detail = json_dumps(json_object_get(record, "detail"), JSON_COMPACT);
            printf("  %.12s  %-10s  epoch %-4s tick %-10s %.100s\n", cli_live_text(row, "hash", hash, sizeof hash),
                   cli_live_text(row, "act", act, sizeof act), cli_live_text(record, "epoch", epoch, sizeof epoch),
                   cli_live_text(record, "tick", tick, sizeof tick), detail != NULL ? detail : "");
            free(detail);
        }
    }
    json_decref(answer);
    return CLI_EXIT_OK;
}

// ---- ask, invite --------------------------------------------------------------------------------------------------------

static uint64_t ask_wait_s = 30;

static CliExit ask_run(int argument_count, const char** arguments) {
    (void)argument_count;
    json_t* body = json_pack("{s:s, s:s, s:I}", "soul", arguments[0], "what", arguments[1], "wait_s", (json_int_t)ask_wait_s);
    json_t* answer = NULL;
    CliExit result = cli_live_ask("POST", "/api/souls/ask", body, ask_wait_s, &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) {
        char name[128];
        printf("%s agrees: for five minutes, once.\n", cli_live_text(answer, "name", name, sizeof name));
    }
    json_decref(answer);
    json_decref(body);
    return result;
}

static CliExit invite_run(int argument_count, const char** arguments) {
    (void)argument_count;
    json_t* body = json_pack("{s:s}", "key", arguments[0]);
    json_t* answer = NULL;
    CliExit result = cli_live_ask("POST", "/api/souls/invite", body, 0, &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) printf("Invited; the border is open for %s.\n", arguments[0]);
    json_decref(answer);
    json_decref(body);
    return result;
}

static const CliOption list_options[] = {
    CLI_OPTION_GALAXY,
    {"find", CLI_TEXT, &find_text, "TEXT", 0, 0, "only those with that in their names"},
    {"state", CLI_TEXT, &state_text, "STATE", 0, 0, "all, or one of: here, riding, \"in flight\", away, gone, merged, ended"},
};
static const CliOption plain_options[] = {CLI_OPTION_GALAXY};
static const CliOption ask_options[] = {
    CLI_OPTION_GALAXY,
    {"wait", CLI_NUMBER, &ask_wait_s, "SECONDS", 0, 3600, "how long a player or a driven mind may think (default 30)"},
};
#define OPTIONS(list) .options = list, .option_count = sizeof list / sizeof *list
const CliCommand cli_soul_list = {.name = "soul list", .usage = "[--find TEXT] [--state STATE] [--galaxy DIR]",
    .brief = "Lists who lives in the running galaxy, or has departed from it",
    .help = "Each with its id, by which every other command can name it. Without --state: who lives here, in a body or in a\n"
            "host's head. away: in a file; gone: in another galaxy; merged: one with another branch of itself; ended: dead.",
    OPTIONS(list_options), .run = list_run};
const CliCommand cli_soul_ask = {.name = "soul ask", .usage = "NAME|ID ACT [--wait SECONDS] [--galaxy DIR]",
    .brief = "Asks a soul to agree to an act of the host",
    .help = "ACT is one of cut, copy, merge, download, board, sample, show, carry. A built-in mind answers at once by its will, a player or\n"
            "a driven mind itself. Every act asks by itself; this is for knowing beforehand.",
    OPTIONS(ask_options), .arguments_min = 2, .arguments_max = 2, .run = ask_run};
const CliCommand cli_soul_invite = {.name = "soul invite", .usage = "KEY|IDENTITY [--galaxy DIR]",
    .brief = "Opens the border for one soul or one server",
    .help = "KEY is the public key of a soul or of a server (GET /border tells it), or a soul's identity: 64 hexadecimal digits.",
    OPTIONS(plain_options), .arguments_min = 1, .arguments_max = 1, .run = invite_run};
