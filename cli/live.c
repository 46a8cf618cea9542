// `infinity soul list|show|lineage|ask|invite`: who lives in the running galaxy, where they come from, and what they say.
#include "live.h"
#include "http.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char* find_text;

// ---- shared -----------------------------------------------------------------------------------------------------

CliExit cli_live_ask(const char* method, const char* path, const json_t* body, uint64_t wait_s, json_t** out_answer) {
    char reason[1024];
    cli_http_set_timeout((unsigned)(wait_s + 40));
    CliExit result = cli_http_json(method, path, body, out_answer, reason, sizeof reason);
    if (result != CLI_EXIT_OK) {
        cli_text_clean(reason);
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
    snprintf(path, sizeof path, "/api/souls?find=%s", cli_live_encode(word, encoded, sizeof encoded));
    json_t* answer = NULL;
    CliExit result = cli_live_ask("GET", path, NULL, 0, &answer);
    if (result != CLI_EXIT_OK) return result;
    size_t index;
    unsigned matches = 0;
    json_t* soul;
    json_array_foreach(json_object_get(answer, "souls"), index, soul) {
        const char* known = json_string_value(json_object_get(soul, "name"));
        if (known == NULL || strcasecmp(known, word) != 0) continue;
        matches++;
        cli_live_text(soul, "soul", out_id, CLI_LIVE_ID_BYTES);
    }
    json_decref(answer);
    if (matches == 1) return CLI_EXIT_OK;
    if (matches == 0) return cli_fail(CLI_EXIT_FAILED, "nobody called %s lives in this galaxy; infinity soul list --find TEXT looks for parts of names", word);
    return cli_fail(CLI_EXIT_FAILED, "%u souls are called %s: name an id of infinity soul list --find", matches, word);
}

// ---- list ---------------------------------------------------------------------------------------------------------

static CliExit list_run(int argument_count, const char** arguments) {
    (void)argument_count, (void)arguments;
    char encoded[512] = "", path[700], cursor[32] = "0", id[32], name[128], kind[32];
    if (find_text != NULL) cli_live_encode(find_text, encoded, sizeof encoded);
    json_t* all = json_array();
    CliExit result = CLI_EXIT_OK;
    do {
        json_t* answer = NULL;
        snprintf(path, sizeof path, "/api/souls?cursor=%s%s%s", cursor, encoded[0] != '\0' ? "&find=" : "", encoded);
        result = cli_live_ask("GET", path, NULL, 0, &answer);
        if (result != CLI_EXIT_OK) break;
        json_array_extend(all, json_object_get(answer, "souls"));
        cli_live_text(answer, "next", cursor, sizeof cursor);
        json_decref(answer);
    } while (strcmp(cursor, "0") != 0 && cursor[0] != '\0' && json_array_size(all) < 10000);
    if (result == CLI_EXIT_OK && !cli_live_json(all)) {
        size_t index;
        json_t* soul;
        printf("%-20s  %-28s  %-12s  %s\n", "id", "name", "kind", "");
        json_array_foreach(all, index, soul) {
            printf("%-20s  %-28s  %-12s  %s%s\n", cli_live_text(soul, "soul", id, sizeof id), cli_live_text(soul, "name", name, sizeof name),
                   cli_live_text(soul, "kind", kind, sizeof kind), json_is_true(json_object_get(soul, "docked")) ? "docked" : json_object_get(soul, "host") != NULL ? "rides" : "",
                   json_is_true(json_object_get(soul, "bound")) ? " has an identity" : "");
        }
        printf("%zu souls\n", json_array_size(all));
    }
    json_decref(all);
    return result;
}

// ---- show, lineage ---------------------------------------------------------------------------------------------------

static void print_value(const char* key, const json_t* value, int depth) {
    if (json_is_object(value) || json_is_array(value)) {
        char* text = json_dumps(value, JSON_COMPACT);
        if (text != NULL && strlen(text) < 100) printf("%*s%-18s %s\n", 2 * depth, "", key, text);
        else if (json_is_object(value)) {
            const char* name;
            json_t* member;
            printf("%*s%s\n", 2 * depth, "", key);
            json_object_foreach((json_t*)value, name, member) print_value(name, member, depth + 1);
        } else {
            size_t index;
            json_t* item;
            printf("%*s%s\n", 2 * depth, "", key);
            json_array_foreach(value, index, item) {
                char* line = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
                printf("%*s- %s\n", 2 * (depth + 1), "", line != NULL ? line : "");
                free(line);
            }
        }
        free(text);
        return;
    }
    char* text = json_is_string(value) ? strdup(json_string_value(value)) : json_dumps(value, JSON_ENCODE_ANY);
    if (text != NULL) cli_text_clean(text);
    printf("%*s%-18s %s\n", 2 * depth, "", key, text != NULL ? text : "");
    free(text);
}

CliExit cli_live_show(const char* word) {
    char id[CLI_LIVE_ID_BYTES], path[64];
    CliExit result = cli_live_find(word, id);
    if (result != CLI_EXIT_OK) return result;
    snprintf(path, sizeof path, "/api/soul?soul=%s", id);
    json_t* answer = NULL;
    result = cli_live_ask("GET", path, NULL, 0, &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) {
        const char* key;
        json_t* value;
        json_object_foreach(answer, key, value) print_value(key, value, 0);
    }
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
};
static const CliOption plain_options[] = {CLI_OPTION_GALAXY};
static const CliOption ask_options[] = {
    CLI_OPTION_GALAXY,
    {"wait", CLI_NUMBER, &ask_wait_s, "SECONDS", 0, 3600, "how long a player or a driven mind may think (default 30)"},
};
#define OPTIONS(list) .options = list, .option_count = sizeof list / sizeof *list
const CliCommand cli_soul_list = {.name = "soul list", .usage = "[--find TEXT] [--galaxy DIR]",
    .brief = "Lists who lives in the running galaxy", .help = "Each with its id, by which every other command can name it.",
    OPTIONS(list_options), .run = list_run};
const CliCommand cli_soul_ask = {.name = "soul ask", .usage = "NAME|ID ACT [--wait SECONDS] [--galaxy DIR]",
    .brief = "Asks a soul to agree to an act of the host",
    .help = "ACT is one of cut, copy, merge, download, board, sample, show. A built-in mind answers at once by its will, a player or\n"
            "a driven mind itself. Every act asks by itself; this is for knowing beforehand.",
    OPTIONS(ask_options), .arguments_min = 2, .arguments_max = 2, .run = ask_run};
const CliCommand cli_soul_invite = {.name = "soul invite", .usage = "KEY|IDENTITY [--galaxy DIR]",
    .brief = "Opens the border for one soul or one server",
    .help = "KEY is the public key of a soul or of a server (GET /border tells it), or a soul's identity: 64 hexadecimal digits.",
    OPTIONS(plain_options), .arguments_min = 1, .arguments_max = 1, .run = invite_run};
