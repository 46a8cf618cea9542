// `infinity soul verify|show|lineage FILE`: a soul's file is opened, checked and told.
#include "live.h"
#include "soul.h"
#include "text.h"

#include <souls/seal.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char* cli_soul_identity;

CliExit cli_soul_fail(const char* path, const InfSoulsError* error) {
    char sentence[400];
    inf_souls_error_text(error, sentence, sizeof sentence);
    cli_text_clean(sentence);
    if (strncmp(sentence, path, strlen(path)) == 0) return cli_fail(CLI_EXIT_FAILED, "%s", sentence);
    return cli_fail(CLI_EXIT_FAILED, "%s: %s", path, sentence);
}

const char* cli_soul_clean(const char* text) {
    static char rooms[4][160];
    static unsigned next;
    char* room = rooms[next++ % 4];
    snprintf(room, sizeof rooms[0], "%s", text != NULL ? text : "");
    cli_text_clean(room);
    return room;
}

bool cli_soul_has_terminal(void) {
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

void cli_soul_tell_file(const char* path) {
    json_t* told = json_pack("{s:s}", "file", path);
    json_dumpf(told, stdout, JSON_ENCODE_ANY);
    json_decref(told);
    putchar('\n');
}

void cli_soul_close(CliSoul* soul) {
    json_decref(soul->object);
    inf_lineage_destroy(soul->lineage);
    memset(soul, 0, sizeof *soul);
}

CliExit cli_soul_open_file(const char* path, const char* identity_path, CliSoul* out) {
    InfSoulsError error = {0};
    memset(out, 0, sizeof *out);
    if (!inf_sign_start()) return cli_fail(CLI_EXIT_FAILED, "this machine has no source of chance");
    size_t count;
    char* text = inf_souls_file_read(path, INF_SEAL_BYTES_MAX, &count, &error);
    if (text == NULL) return cli_soul_fail(path, &error);
    if (inf_seal_is_sealed(text, count)) {
        if (identity_path == NULL && !cli_soul_has_terminal()) {
            free(text);
            return cli_fail(CLI_EXIT_FAILED, "%s is sealed: give the age key with --identity FILE", path);
        }
        char* opened = (char*)inf_unseal(identity_path, text, count, &count, &error);
        free(text);
        if (opened == NULL) return cli_soul_fail(path, &error);
        text = opened;
        out->was_sealed = true;
    }
    out->object = inf_canonical_read(text, count, INF_DOCUMENT_BYTES_MAX, INF_CANONICAL_ANY, &error);
    free(text);
    if (out->object == NULL || !inf_document_read(out->object, &out->document, &out->lineage, &error) ||
        !inf_document_hash(out->object, out->hash, &error)) {
        cli_soul_close(out);
        return cli_soul_fail(path, &error);
    }
    InfDocument again;
    out->holds = inf_document_verify(out->object, &again, NULL, NULL, &out->fault);
    return CLI_EXIT_OK;
}

// ── verify ───────────────────────────────────────────────────────────────────────────────────────────────────────

static json_t* verify_json(const CliSoul* soul) {
    char identity[65], key[65], hash[65], server[65], sentence[400];
    const InfSoul* row = &soul->document.passage.soul;
    json_t* result = json_pack("{s:b, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:i}", "holds", soul->holds, "name", (const char*)row->name,
                               "identity", inf_hex_write(row->identity, 32, identity), "key", inf_hex_write(row->key, 32, key),
                               "epoch", (json_int_t)row->epoch, "document", inf_hex_write(soul->hash, 32, hash), "server",
                               inf_hex_write(soul->document.server, 32, server), "way",
                               soul->document.way == INF_WAY_FILE ? "file" : "server", "records", (int)inf_lineage_count(soul->lineage));
    if (!soul->holds) {
        json_object_set_new(result, "fault", json_string(inf_souls_error_text(&soul->fault, sentence, sizeof sentence)));
    }
    return result;
}

static CliExit print_json(json_t* value) {
    json_dumpf(value, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(value);
    return CLI_EXIT_OK;
}

static CliExit verify_run(int argument_count, const char** arguments) {
    CliSoul soul;
    CliExit result = cli_soul_open_file(arguments[0], cli_soul_identity, &soul);
    if (result != CLI_EXIT_OK) return result;
    char hex[65];
    const InfSoul* row = &soul.document.passage.soul;
    if (cli_json) {
        print_json(verify_json(&soul));
        result = soul.holds ? CLI_EXIT_OK : CLI_EXIT_FAILED;
    } else if (!soul.holds) {
        result = cli_soul_fail(arguments[0], &soul.fault);
    } else {
        printf("%s holds: every signature, and the lineage back to the founding.\n\n", cli_soul_clean(arguments[0]));
        printf("  soul      %s\n", (const char*)row->name);
        printf("  identity  %s\n", inf_hex_write(row->identity, 32, hex));
        printf("  epoch     %" PRIu32 "\n", row->epoch);
        printf("  left      %s%s%s\n", inf_hex_write(soul.document.galaxy, sizeof soul.document.galaxy, hex),
               soul.document.galaxy_name[0] != '\0' ? ", " : "", cli_soul_clean(soul.document.galaxy_name));
        printf("  server    %s\n", inf_hex_write(soul.document.server, 32, hex));
        printf("  lineage   %" PRIu32 " records\n", inf_lineage_count(soul.lineage));
        printf("  document  %s\n\n", inf_hex_write(soul.hash, 32, hex));
        printf("Whether it woke somewhere already, only the galaxies know that it lived in.\n");
    }
    cli_soul_close(&soul);
    return result;
}

// ── show, lineage ────────────────────────────────────────────────────────────────────────────────────────────────

static CliExit show_run(int argument_count, const char** arguments) {
    if (access(arguments[0], F_OK) != 0 && strchr(arguments[0], '/') == NULL && strstr(arguments[0], ".soul") == NULL) {
        return cli_live_show(arguments[0]); // no file: somebody who lives
    }
    CliSoul soul;
    CliExit result = cli_soul_open_file(arguments[0], cli_soul_identity, &soul);
    if (result != CLI_EXIT_OK) return result;
    char sentence[400];
    if (cli_json) {
        print_json(json_incref(soul.object));
    } else {
        cli_soul_page_print(&soul.document, soul.object);
        if (soul.holds) printf("\nSigned by the soul and by the server it left; its lineage holds.\n");
    }
    if (!soul.holds) {
        result = cli_fail(CLI_EXIT_FAILED, "%s: do not believe this page: %s", arguments[0],
                          cli_soul_clean(inf_souls_error_text(&soul.fault, sentence, sizeof sentence)));
    }
    cli_soul_close(&soul);
    return result;
}

static CliExit lineage_run(int argument_count, const char** arguments) {
    if (access(arguments[0], F_OK) != 0 && strchr(arguments[0], '/') == NULL && strstr(arguments[0], ".soul") == NULL) {
        return cli_live_lineage(arguments[0]); // no file: somebody who lives
    }
    CliSoul soul;
    CliExit result = cli_soul_open_file(arguments[0], cli_soul_identity, &soul);
    if (result != CLI_EXIT_OK) return result;
    if (cli_json) print_json(cli_soul_lineage_json(soul.lineage, soul.document.passage.soul.lineage));
    else cli_soul_lineage_print(soul.lineage, soul.document.passage.soul.lineage);
    if (!soul.holds) result = cli_soul_fail(arguments[0], &soul.fault);
    cli_soul_close(&soul);
    return result;
}

static const CliOption options[] = {CLI_OPTION_IDENTITY};
static const CliOption living_options[] = {CLI_OPTION_IDENTITY, CLI_OPTION_GALAXY};
const CliCommand cli_soul_verify = {
    .name = "soul verify",
    .usage = "FILE [--identity FILE]",
    .brief = "Checks a soul's file: signatures, identity, lineage back to the founding",
    .help = "Needs no galaxy and no network. Exit code 0: it holds. Whether this file woke somewhere already cannot be read\n"
            "off a file: the galaxy that takes it in asks the galaxy that it left.",
    .options = options, .option_count = 1, .arguments_min = 1, .arguments_max = 1, .run = verify_run,
};
const CliCommand cli_soul_show = {
    .name = "soul show",
    .usage = "FILE|NAME|ID [--identity FILE] [--galaxy DIR]",
    .brief = "Shows a soul: traits, feelings, memories, relations, ship, wallet, will",
    .help = "The page is printed even if the file does not hold; then it says so, and the exit code is 1.",
    .options = living_options, .option_count = 2, .arguments_min = 1, .arguments_max = 1, .run = show_run,
};
const CliCommand cli_soul_lineage = {
    .name = "soul lineage",
    .usage = "FILE|NAME|ID [--identity FILE] [--galaxy DIR]",
    .brief = "Draws a soul's lineage: founding, copies, merges, journeys",
    .help = "Newest first. Each record is signed and named by the hash of its text; a line per soul.",
    .options = living_options, .option_count = 2, .arguments_min = 1, .arguments_max = 1, .run = lineage_run,
};
