// `infinity soul seal|open`: a soul's file, sealed with age and opened again. Signed first, sealed then.
#include "soul.h"

#include <souls/seal.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char* out_path;
static bool is_armoured;

static CliExit tell(const char* what, const char* path, size_t count) {
    if (cli_json) {
        json_t* result = json_pack("{s:s, s:I}", "file", path, "bytes", (json_int_t)count);
        json_dumpf(result, stdout, 0);
        json_decref(result);
        putchar('\n');
    } else {
        printf("%s %s\n", what, cli_soul_clean(path));
    }
    return CLI_EXIT_OK;
}

static CliExit seal_run(int argument_count, const char** arguments) {
    CliSoul soul;
    InfSoulsError error = {0};
    char path[PATH_MAX];
    for (int i = 1; i < argument_count; i++) {
        if (!inf_seal_recipient_check(arguments[i])) {
            return cli_fail(CLI_EXIT_USAGE, "%s is no recipient of age (age1…); age-keygen makes one", cli_soul_clean(arguments[i]));
        }
    }
    if (argument_count == 1 && !cli_soul_has_terminal()) {
        return cli_fail(CLI_EXIT_USAGE, "there is no terminal to ask for a passphrase at: name a recipient (age1…)");
    }
    CliExit result = cli_soul_open_file(arguments[0], NULL, &soul);
    if (result != CLI_EXIT_OK) return result;
    if (!soul.holds || soul.was_sealed) {
        result = soul.was_sealed ? cli_fail(CLI_EXIT_FAILED, "%s is sealed already", arguments[0]) : cli_soul_fail(arguments[0], &soul.fault);
        cli_soul_close(&soul);
        return result;
    }
    cli_soul_close(&soul);
    snprintf(path, sizeof path, "%s%s", out_path != NULL ? out_path : arguments[0], out_path != NULL ? "" : ".age");
    size_t count, sealed_count;
    char* text = inf_souls_file_read(arguments[0], INF_SEAL_BYTES_MAX, &count, &error);
    uint8_t* sealed = text != NULL ? inf_seal(arguments + 1, (size_t)argument_count - 1, is_armoured, text, count, &sealed_count, &error) : NULL;
    if (sealed == NULL || !inf_souls_file_write(path, sealed, sealed_count, false, &error)) result = cli_soul_fail(arguments[0], &error);
    else tell("sealed in", path, sealed_count);
    free(sealed);
    free(text);
    return result;
}

static CliExit open_run(int argument_count, const char** arguments) {
    CliSoul soul;
    InfSoulsError error = {0};
    char path[PATH_MAX];
    size_t bytes = strlen(arguments[0]);
    bool has_ending = bytes > 4 && strcmp(arguments[0] + bytes - 4, ".age") == 0;
    if (out_path == NULL && !has_ending) return cli_fail(CLI_EXIT_USAGE, "where to? Give --out FILE");
    snprintf(path, sizeof path, "%.*s", out_path != NULL ? PATH_MAX - 1 : (int)bytes - 4, out_path != NULL ? out_path : arguments[0]);
    CliExit result = cli_soul_open_file(arguments[0], cli_soul_identity, &soul);
    if (result != CLI_EXIT_OK) return result;
    if (!soul.was_sealed) result = cli_fail(CLI_EXIT_FAILED, "%s is not sealed", arguments[0]);
    else if (!soul.holds) result = cli_soul_fail(arguments[0], &soul.fault);
    size_t count;
    char* text = result == CLI_EXIT_OK ? inf_canonical_text(soul.object, &count, &error) : NULL;
    if (text != NULL) {
        text[count] = '\n'; // in place of the terminating zero
        if (!inf_souls_file_write(path, text, count + 1, false, &error)) result = cli_soul_fail(path, &error);
        else tell("opened into", path, count + 1);
    } else if (result == CLI_EXIT_OK) {
        result = cli_soul_fail(arguments[0], &error);
    }
    free(text);
    cli_soul_close(&soul);
    return result;
}

static const CliOption seal_options[] = {
    {"out", CLI_TEXT, &out_path, "FILE", 0, 0, "the sealed file (default: FILE.age)"},
    {"armour", CLI_FLAG, &is_armoured, NULL, 0, 0, "as lines of text, for a letter"},
};
static const CliOption open_options[] = {
    CLI_OPTION_IDENTITY,
    {"out", CLI_TEXT, &out_path, "FILE", 0, 0, "the opened file (default: without .age)"},
};
const CliCommand cli_soul_seal = {
    .name = "soul seal",
    .usage = "FILE [RECIPIENT...] [--out FILE] [--armour]",
    .brief = "Seals a soul's file with age, for recipients or by a passphrase",
    .help = "A recipient is an age public key (age1…; age-keygen makes a pair). Without one, age asks for a passphrase at the\n"
            "terminal. Only a file that holds is sealed; the open file stays.",
    .options = seal_options, .option_count = 2, .arguments_min = 1, .arguments_max = 1 + INF_SEAL_RECIPIENTS_MAX, .run = seal_run,
};
const CliCommand cli_soul_open = {
    .name = "soul open",
    .usage = "FILE [--identity FILE] [--out FILE]",
    .brief = "Opens a sealed soul's file",
    .help = "Without --identity, age asks for the passphrase at the terminal. What does not hold is not written.",
    .options = open_options, .option_count = 2, .arguments_min = 1, .arguments_max = 1, .run = open_run,
};
