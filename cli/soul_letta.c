// `infinity soul export|import`: Letta Agent Files (.af), with what they can hold.
#include "soul.h"
#include "text.h"

#include <souls/letta.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char* out_path;
static bool is_af;

// FILE with another ending. @param from  the ending that is dropped, if it is there
static const char* path_with(char out[PATH_MAX], const char* path, const char* from, const char* to) {
    size_t bytes = strlen(path), ending = strlen(from);
    if (bytes > ending && strcmp(path + bytes - ending, from) == 0) bytes -= ending;
    snprintf(out, PATH_MAX, "%.*s%s", (int)bytes, path, to);
    return out;
}

static CliExit write_json(const char* path, const json_t* value) {
    InfSoulsError error = {0};
    char* text = json_dumps(value, JSON_INDENT(1));
    if (text == NULL) return cli_fail(CLI_EXIT_FAILED, "out of memory");
    size_t count = strlen(text);
    text[count] = '\n'; // in place of the terminating zero
    bool is_written = inf_souls_file_write(path, text, count + 1, false, &error);
    free(text);
    return is_written ? CLI_EXIT_OK : cli_soul_fail(path, &error);
}

static CliExit export_run(int argument_count, const char** arguments) {
    CliSoul soul;
    InfSoulsError error = {0};
    char path[PATH_MAX];
    if (!is_af) return cli_fail(CLI_EXIT_USAGE, "as what? --af is the one format that there is (Letta Agent File)");
    CliExit result = cli_soul_open_file(arguments[0], cli_soul_identity, &soul);
    if (result != CLI_EXIT_OK) return result;
    if (!soul.holds) {
        result = cli_soul_fail(arguments[0], &soul.fault);
        cli_soul_close(&soul);
        return result;
    }
    json_t* file = inf_letta_export(soul.object, &soul.document, &error);
    const char* to = out_path != NULL ? out_path : path_with(path, arguments[0], ".soul", ".af");
    result = file != NULL ? write_json(to, file) : cli_soul_fail(arguments[0], &error);
    if (result == CLI_EXIT_OK) {
        if (cli_json) cli_soul_tell_file(to);
        else {
            printf("%s: a persona block and a block of whom %s knows.\n"
                   "Left behind, for an agent file cannot hold it: key and signatures, lineage, exact memories, credits, ship.\n",
                   cli_soul_clean(to), (const char*)soul.document.passage.soul.name);
        }
    }
    json_decref(file);
    cli_soul_close(&soul);
    return result;
}

static CliExit import_run(int argument_count, const char** arguments) {
    InfSoulsError error = {0};
    char path[PATH_MAX];
    size_t count;
    InfLettaImport* import = calloc(1, sizeof *import);
    char* text = inf_souls_file_read(arguments[0], INF_LETTA_BYTES_MAX, &count, &error);
    if (import == NULL || text == NULL || !inf_letta_import(text, count, import, &error)) {
        free(text);
        free(import);
        return cli_soul_fail(arguments[0], &error);
    }
    free(text);
    json_t* dna = inf_dna_build(&import->dna);
    const char* to = out_path != NULL ? out_path : path_with(path, arguments[0], ".af", ".dna");
    CliExit result = dna != NULL ? write_json(to, dna) : cli_fail(CLI_EXIT_FAILED, "out of memory");
    if (result == CLI_EXIT_OK && cli_json) {
        json_t* told = json_pack("{s:s, s:s, s:I, s:I, s:I}", "file", to, "name", import->dna.name, "agents", (json_int_t)import->agent_count,
                                 "messages_left", (json_int_t)import->message_count, "tools_left", (json_int_t)import->tool_count);
        json_dumpf(told, stdout, 0);
        json_decref(told);
        putchar('\n');
    } else if (result == CLI_EXIT_OK) {
        printf("%s: DNA of %s, traits %s.\n", cli_soul_clean(to), import->dna.name[0] != '\0' ? import->dna.name : "a mind without a name",
               import->dna.origin == INF_DNA_WRITTEN ? "as the file says" : "drawn from a hash of name and blocks");
        printf("Left behind: %u messages, %u tools (neither run nor kept)%s.\n", import->message_count, import->tool_count,
               import->agent_count > 1 ? ", all agents but the first" : "");
        if (import->has_document) printf("It came from a soul of Infinity; that soul itself is in its .soul file, this is somebody new.\n");
        printf("To bear it: infinity mind birth --dna %s%s\n", cli_soul_clean(to), import->dna.name[0] != '\0' ? "" : " --name NAME");
    }
    json_decref(dna);
    free(import);
    return result;
}

static const CliOption export_options[] = {
    {"af", CLI_FLAG, &is_af, NULL, 0, 0, "as a Letta Agent File"},
    CLI_OPTION_IDENTITY,
    {"out", CLI_TEXT, &out_path, "FILE", 0, 0, "where to (default: FILE with .af)"},
};
static const CliOption import_options[] = {
    {"out", CLI_TEXT, &out_path, "FILE", 0, 0, "where to (default: FILE with .dna)"},
};
const CliCommand cli_soul_export = {
    .name = "soul export",
    .usage = "FILE --af [--identity FILE] [--out FILE]",
    .brief = "Writes what a Letta Agent File can hold of a soul",
    .help = "A persona block and a block of whom it knows; identity, document hash and traits as metadata. Key, lineage, exact\n"
            "memories, credits and ship stay behind: the soul itself is its .soul file, and stays where it is.",
    .options = export_options, .option_count = 3, .arguments_min = 1, .arguments_max = 1, .run = export_run,
};
const CliCommand cli_soul_import = {
    .name = "soul import",
    .usage = "FILE [--out FILE]",
    .brief = "Makes DNA of a Letta Agent File",
    .help = "Takes its name and traits (if its metadata has them; else they are drawn from a hash of name and blocks, the same\n"
            "each time). Messages, files and tools are left behind; nothing of the file is run.",
    .options = import_options, .option_count = 1, .arguments_min = 1, .arguments_max = 1, .run = import_run,
};
