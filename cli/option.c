// Options of a command line, and everything the program prints about itself.
#include "cli.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_json;
const char* cli_galaxy = "galaxy";

CliExit cli_exit_of(InfResult result) {
    switch (result) {
    case INF_ERROR_VERSION:
    case INF_ERROR_HASH:
    case INF_ERROR_FORMAT:
    case INF_ERROR_TRUNCATED: return CLI_EXIT_DAMAGED;
    case INF_ERROR_IO:
    case INF_ERROR_FULL: return CLI_EXIT_DISK;
    default: return CLI_EXIT_FAILED;
    }
}

CliExit cli_exit_of_errno(int reason) {
    return reason == ENOSPC || reason == EDQUOT || reason == EIO || reason == EROFS ? CLI_EXIT_DISK : CLI_EXIT_FAILED;
}

CliExit cli_fail(CliExit code, const char* format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fflush(stdout);
    if (cli_json) {
        json_t* error = json_pack("{s:s, s:i}", "error", text, "exit", (int)code);
        if (error != NULL) {
            json_dumpf(error, stderr, JSON_COMPACT);
            json_decref(error);
            fputc('\n', stderr);
            return code;
        }
        // A text that is no UTF-8 cannot be JSON; then plain it is.
    }
    fprintf(stderr, "infinity: %s\n", text);
    return code;
}

void cli_print_help(const CliCommand* command) {
    printf("infinity %s%s%s\n\n%s.\n", command->name, command->usage[0] != '\0' ? " " : "", command->usage,
           command->brief);
    if (command->help[0] != '\0') printf("\n%s\n", command->help);
    printf("\nOptions:\n");
    for (size_t i = 0; i < command->option_count; i++) {
        const CliOption* option = &command->options[i];
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->value_name != NULL ? " " : "",
                 option->value_name != NULL ? option->value_name : "");
        printf("  %-22s %s\n", left, option->help);
    }
    printf("  %-22s %s\n  %-22s %s\n", "--json", "print JSON", "--help", "print this");
}

static CliExit option_unknown(const CliCommand* command, const char* word) {
    const char* names[32] = {"json", "help"};
    size_t name_count = 2;
    for (size_t i = 0; i < command->option_count && name_count < 32; i++) {
        names[name_count++] = command->options[i].name;
    }
    const char* nearest = cli_text_nearest(word, names, name_count);
    if (nearest != NULL) {
        return cli_fail(CLI_EXIT_USAGE, "%s has no option --%s; did you mean --%s?", command->name, word, nearest);
    }
    return cli_fail(CLI_EXIT_USAGE, "%s has no option --%s; see infinity help %s", command->name, word,
                    command->name);
}

static CliExit option_set(const CliCommand* command, const CliOption* option, const char* value) {
    if (option->kind == CLI_TEXT) {
        if (value[0] == '\0') return cli_fail(CLI_EXIT_USAGE, "--%s wants a %s", option->name, option->value_name);
        *(const char**)option->target = value;
        return CLI_EXIT_OK;
    }
    if (!cli_text_read_u64(value, option->min, option->max, (uint64_t*)option->target)) {
        return cli_fail(CLI_EXIT_USAGE, "--%s wants a whole number from %" PRIu64 " to %" PRIu64 ", not \"%s\" (%s)",
                        option->name, option->min, option->max, value, command->name);
    }
    return CLI_EXIT_OK;
}

CliExit cli_options_read(const CliCommand* command, int argc, char** argv, const char** out_arguments,
                         int* out_argument_count) {
    int argument_count = 0;
    bool only_arguments = false;
    for (int i = 0; i < argc; i++) {
        char* word = argv[i];
        if (only_arguments || word[0] != '-' || word[1] == '\0') {
            out_arguments[argument_count++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_arguments = true;
            continue;
        }
        if (strcmp(word, "--json") == 0) { // read by main before all others
            continue;
        }
        char out_word[] = "--out"; // -o is the one short form that everybody's fingers know
        if (strcmp(word, "-o") == 0) word = out_word;
        char* name = word + (word[1] == '-' ? 2 : 1);
        char* equals = strchr(name, '=');
        size_t name_bytes = equals != NULL ? (size_t)(equals - name) : strlen(name);
        const CliOption* option = NULL;
        for (size_t o = 0; o < command->option_count; o++) {
            const char* known = command->options[o].name;
            if (strlen(known) == name_bytes && memcmp(known, name, name_bytes) == 0) option = &command->options[o];
        }
        if (option == NULL || word[1] != '-') {
            name[name_bytes] = '\0';
            return option_unknown(command, name);
        }
        if (option->kind == CLI_FLAG) {
            if (equals != NULL) return cli_fail(CLI_EXIT_USAGE, "--%s takes no value", option->name);
            *(bool*)option->target = true;
            continue;
        }
        const char* value = equals != NULL ? equals + 1 : i + 1 < argc ? argv[++i] : NULL;
        if (value == NULL) return cli_fail(CLI_EXIT_USAGE, "--%s wants a %s", option->name, option->value_name);
        CliExit result = option_set(command, option, value);
        if (result != CLI_EXIT_OK) return result;
    }
    if (argument_count < command->arguments_min || argument_count > command->arguments_max) {
        return cli_fail(CLI_EXIT_USAGE, "%s; usage: infinity %s %s",
                        argument_count < command->arguments_min ? "something is missing" : "too many words",
                        command->name, command->usage);
    }
    *out_argument_count = argument_count;
    return CLI_EXIT_OK;
}
