// `infinity mind birth --dna FILE --name NAME`: brings a mind into the running galaxy.
//
// The key is drawn here and its secret half never leaves this machine: the server gets the public half. The key
// file is written before the birth, so that no mind can be alive without its key; a refused birth removes it.
#include "cli.h"
#include "http.h"
#include "keys.h"
#include "text.h"

#include <infinity/state.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *dna_path, *mind_name, *key_path;
static bool is_built_in;

static const char* const trait_words[INF_TRAITS] = {
#define X(number, name, word, text) [number] = word,
    INF_TRAIT_KINDS(X)
#undef X
};

static const char* const hull_words[INF_HULL_COUNT] = {
#define X(number, NAME, word, ...) [number] = word,
    INF_HULLS_TABLE(X)
#undef X
};

// The last four say how the DNA came to be (souls/dna.h): they are for people.
static const char* const dna_keys[] = {"name", "traits", "credits", "hull", "format", "origin", "seed", "note"};

// Check what a person wrote and make the body of the request of it.
static CliExit dna_read(json_t** out_body) {
    json_error_t error;
    json_t* dna = json_load_file(dna_path, JSON_REJECT_DUPLICATES, &error);
    if (dna == NULL && error.line < 0) return cli_fail(CLI_EXIT_FAILED, "%s", error.text); // it names the file
    if (dna == NULL) return cli_fail(CLI_EXIT_FAILED, "%s:%d: %s", dna_path, error.line, error.text);
    CliExit result = CLI_EXIT_OK;
    json_t* traits = json_object();
    const char* key;
    json_t* value;
    if (!json_is_object(dna)) {
        result = cli_fail(CLI_EXIT_FAILED, "%s: a mind's DNA is a JSON object like {\"traits\": {\"courage\": 0.7}}", dna_path);
        goto end;
    }
    json_object_foreach(dna, key, value) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof dna_keys / sizeof *dna_keys; i++) is_known |= strcmp(key, dna_keys[i]) == 0;
        if (is_known) continue;
        const char* nearest = cli_text_nearest(key, dna_keys, sizeof dna_keys / sizeof *dna_keys);
        result = nearest != NULL ? cli_fail(CLI_EXIT_FAILED, "%s: unknown \"%s\"; did you mean \"%s\"?", dna_path, key, nearest)
                                 : cli_fail(CLI_EXIT_FAILED, "%s: unknown \"%s\"; known are name, traits, credits, hull", dna_path, key);
        goto end;
    }
    value = json_object_get(dna, "traits");
    if (value != NULL && !json_is_object(value)) {
        result = cli_fail(CLI_EXIT_FAILED, "%s: traits is an object like {\"courage\": 0.7}", dna_path);
        goto end;
    }
    json_t* amount;
    json_object_foreach(value, key, amount) {
        size_t trait = 0;
        while (trait < INF_TRAITS && (trait_words[trait] == NULL || strcmp(trait_words[trait], key) != 0)) trait++;
        if (trait == INF_TRAITS) {
            const char* nearest = cli_text_nearest(key, trait_words, INF_TRAITS);
            result = cli_fail(CLI_EXIT_FAILED, "%s: there is no trait \"%s\"%s%s%s", dna_path, key,
                              nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                              nearest != NULL ? "\"?" : "");
            goto end;
        }
        double share = json_is_number(amount) ? json_number_value(amount) : -1;
        if (!(share >= 0 && share <= 1)) {
            result = cli_fail(CLI_EXIT_FAILED, "%s: trait %s wants a number from 0 to 1", dna_path, key);
            goto end;
        }
        json_object_set_new(traits, key, json_integer((json_int_t)(share * 255 + 0.5)));
    }
    if (mind_name == NULL) mind_name = json_string_value(json_object_get(dna, "name"));
    if (mind_name == NULL) {
        result = cli_fail(CLI_EXIT_USAGE, "the mind has no name: give --name NAME, or \"name\" in %s", dna_path);
        goto end;
    }
    *out_body = json_pack("{s:s, s:O}", "name", mind_name, "traits", traits);
    if (*out_body == NULL) {
        result = cli_fail(CLI_EXIT_FAILED, "the name is not UTF-8");
        goto end;
    }
    mind_name = json_string_value(json_object_get(*out_body, "name"));
    // The server knows the limits of these and says so.
    if (json_object_get(dna, "credits") != NULL) json_object_set(*out_body, "credits", json_object_get(dna, "credits"));
    value = json_object_get(dna, "hull");
    if (value != NULL) {
        int hull = 0;
        while (hull < INF_HULL_POD && (!json_is_string(value) || strcasecmp(json_string_value(value), hull_words[hull]) != 0)) hull++;
        if (hull == INF_HULL_POD) {
            json_decref(*out_body);
            *out_body = NULL;
            result = cli_fail(CLI_EXIT_FAILED, "%s: hull is one of shuttle, miner, hauler, interceptor, frigate, cruiser", dna_path);
            goto end;
        }
        json_object_set_new(*out_body, "hull", json_integer(hull));
    }
end:
    json_decref(traits);
    json_decref(dna);
    return result;
}

// The file name of a mind: letters, digits and dashes of its name.
static void key_path_default(char* out, size_t out_bytes) {
    char word[64];
    size_t count = 0;
    for (const char* at = mind_name; *at != '\0' && count + 1 < sizeof word; at++) {
        bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (is_plain) word[count++] = *at;
        else if (count > 0 && word[count - 1] != '-') word[count++] = '-';
    }
    while (count > 0 && word[count - 1] == '-') count--;
    word[count] = '\0';
    char folder[512];
    snprintf(folder, sizeof folder, "%s/minds", cli_galaxy);
    mkdir(folder, 0700);
    snprintf(out, out_bytes, "%s/%s.key", folder, count > 0 ? word : "mind");
}

static void address_read(char* out, size_t out_bytes) {
    char path[512];
    snprintf(path, sizeof path, "%s/address", cli_galaxy);
    FILE* file = fopen(path, "re");
    if (file == NULL || fgets(out, (int)out_bytes, file) == NULL) snprintf(out, out_bytes, "http://127.0.0.1:8080");
    if (file != NULL) fclose(file);
    out[strcspn(out, "\r\n")] = '\0';
}

static void report(const json_t* answer, const char* soul, const char* path) {
    char address[256], socket_address[300];
    address_read(address, sizeof address);
    snprintf(socket_address, sizeof socket_address, "ws%s/ws", strncmp(address, "http", 4) == 0 ? address + 4 : address);
    json_t* settings = json_pack("{s:s, s:s, s:s, s:s}", "url", socket_address, "api", address, "soul", soul, "key_file", path);
    if (cli_json) {
        json_t* all = json_pack("{s:s, s:s, s:s, s:O, s:O}", "soul", soul, "name", mind_name, "key_file", path, "settings", settings,
                                "answer", answer);
        json_dumpf(all, stdout, JSON_COMPACT);
        json_decref(all);
        printf("\n");
    } else {
        char clean[128];
        snprintf(clean, sizeof clean, "%s", mind_name);
        cli_text_clean(clean);
        printf("%s is born\n  soul      %s\n  key file  %s  (who has it is this mind: keep it)\n", clean, soul, path);
        printf("  settings for a program that wants to be its will:\n");
        char* text = json_dumps(settings, JSON_INDENT(2));
        for (char* line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) printf("    %s\n", line);
        free(text);
    }
    json_decref(settings);
}

static CliExit birth_run(int argument_count, const char** arguments) {
    (void)argument_count, (void)arguments;
    if (dna_path == NULL) return cli_fail(CLI_EXIT_USAGE, "--dna FILE is missing; usage: infinity mind birth %s", cli_mind_birth.usage);
    CliKey key;
    if (!cli_key_draw(&key)) return cli_fail(CLI_EXIT_FAILED, "no source of chance for keys on this machine");
    json_t* body = NULL;
    CliExit result = dna_read(&body);
    if (result != CLI_EXIT_OK) return result;

    if (is_built_in) {
        json_object_del(body, "key");
        json_t* born = NULL;
        char why[512];
        result = cli_http_json("POST", "/api/minds", body, &born, why, sizeof why);
        if (result != CLI_EXIT_OK) cli_fail(result, "%s", why);
        else if (cli_json) json_dumpf(born, stdout, JSON_COMPACT), printf("\n");
        else printf("%s is born, with a will of its own\n  soul      %s\n", mind_name, json_string_value(json_object_get(born, "soul")));
        json_decref(born);
        json_decref(body);
        return result;
    }
    char path[1024];
    if (key_path != NULL) snprintf(path, sizeof path, "%s", key_path);
    else key_path_default(path, sizeof path);
    json_object_set_new(body, "key", json_string(key.public_hex));

    char reason[512];
    json_t* answer = NULL;
    if (!cli_key_write(path, "mind", mind_name, NULL, &key, true)) {
        result = errno == EEXIST ? cli_fail(CLI_EXIT_FAILED, "%s exists: it is the key of another mind; choose --key FILE", path)
                                 : cli_fail(CLI_EXIT_FAILED, "%s cannot be written: %s", path, strerror(errno));
    } else if ((result = cli_http_json("POST", "/api/minds", body, &answer, reason, sizeof reason)) != CLI_EXIT_OK) {
        // Only a refusal is certain not to have made a mind; after silence the key is kept.
        bool is_certain = result == CLI_EXIT_NO_SERVER || strstr(reason, "does not answer") == NULL;
        if (is_certain) unlink(path);
        cli_fail(result, "%s%s%s", reason, is_certain ? "" : "; whether the mind was born is unknown, its key stays in ",
                 is_certain ? "" : path);
    } else {
        const json_t* id = json_object_get(answer, "soul");
        char soul[32] = "";
        if (json_is_string(id)) snprintf(soul, sizeof soul, "%s", json_string_value(id));
        else snprintf(soul, sizeof soul, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
        if (!cli_key_write(path, "mind", mind_name, soul, &key, false)) {
            result = cli_fail(CLI_EXIT_DISK, "the mind is born (soul %s), but its id could not be added to %s: %s", soul, path, strerror(errno));
        } else {
            report(answer, soul, path);
        }
    }
    cli_key_wipe(&key);
    json_decref(answer);
    json_decref(body);
    return result;
}

static const CliOption options[] = {
    CLI_OPTION_GALAXY,
    {"dna", CLI_TEXT, &dna_path, "FILE", 0, 0, "JSON: {\"traits\": {\"courage\": 0.7, ...}}, each from 0 to 1"},
    {"name", CLI_TEXT, &mind_name, "NAME", 0, 0, "its name (default: \"name\" of the DNA)"},
    {"built-in", CLI_FLAG, &is_built_in, NULL, 0, 0, "its will is built in: nobody drives it, the server keeps its key"},
    {"key", CLI_TEXT, &key_path, "FILE", 0, 0, "where its key goes (default: GALAXY/minds/NAME.key)"},
};
const CliCommand cli_mind_birth = {
    .name = "mind birth",
    .usage = "--dna FILE [--name NAME] [--key FILE] [--built-in] [--galaxy DIR]",
    .brief = "Brings a mind into the running galaxy",
    .help = "Prints its soul id, where its key lies, and settings for a program that wants to speak for it.\n"
            "Traits: courage, greed, empathy, curiosity, loyalty, patience, humour, faith in strangers, aggression,\n"
            "honesty, diligence, thrift, sociability, resilience, order, wanderlust. What is left out is drawn.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 0,
    .arguments_max = 0,
    .run = birth_run,
};
