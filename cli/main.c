// The `infinity` program: one table of commands, and the way from the command line to one of them.
#include "cli.h"
#include "live.h"
#include "text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const CliCommand* const cli_commands[] = {
    &cli_serve, &cli_status, &cli_run, &cli_replay, &cli_backup, &cli_mind_birth,
    // Souls in files; those that are alive are asked for by the same words (soul_*.c).
    &cli_soul_show, &cli_soul_lineage, &cli_soul_verify, &cli_soul_seal, &cli_soul_open, &cli_soul_export, &cli_soul_import,
    &cli_dna_new, &cli_dna_draw, &cli_dna_show,
    // Souls of a running galaxy (live*.c).
    &cli_soul_list, &cli_soul_ask, &cli_soul_cut, &cli_soul_copy, &cli_soul_merge, &cli_soul_download, &cli_soul_upload,
    &cli_soul_invite, &cli_soul_board, &cli_soul_leave, &cli_dna_sample,
    &cli_help, NULL,
};

// The command whose words stand at the start of the line; *out_words is how many they are.
static const CliCommand* command_find(int argc, char** argv, int* out_words) {
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char* name = cli_commands[i]->name;
        const char* blank = strchr(name, ' ');
        if (blank == NULL && strcmp(argv[0], name) == 0) {
            *out_words = 1;
            return cli_commands[i];
        }
        if (blank != NULL && argc >= 2 && strlen(argv[0]) == (size_t)(blank - name) &&
            memcmp(argv[0], name, (size_t)(blank - name)) == 0 && strcmp(argv[1], blank + 1) == 0) {
            *out_words = 2;
            return cli_commands[i];
        }
    }
    return NULL;
}

// "soul" alone: its commands, or the usage of the only one.
static CliExit command_alone(const char* word) {
    char list[512] = "";
    const CliCommand* only = NULL;
    size_t word_bytes = strlen(word), count = 0;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char* name = cli_commands[i]->name;
        if (strncmp(name, word, word_bytes) != 0 || name[word_bytes] != ' ') continue;
        only = cli_commands[i];
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", count++ > 0 ? ", " : "", name + word_bytes + 1);
    }
    if (count == 1) return cli_fail(CLI_EXIT_USAGE, "%s alone is no command; usage: infinity %s %s", word, only->name, only->usage);
    return cli_fail(CLI_EXIT_USAGE, "%s alone is no command; %s what? One of: %s", word, word, list);
}

static bool is_first_word(const char* word) {
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char* name = cli_commands[i]->name;
        if (strncmp(name, word, strlen(word)) == 0 && name[strlen(word)] == ' ') return true;
    }
    return false;
}

static CliExit command_unknown(int argc, char** argv) {
    char two_words[128];
    const char* names[128];
    size_t name_count = 0;
    for (; cli_commands[name_count] != NULL && name_count < 128; name_count++) names[name_count] = cli_commands[name_count]->name;
    bool has_second = argc >= 2 && argv[1][0] != '-';
    if (has_second) snprintf(two_words, sizeof two_words, "%s %s", argv[0], argv[1]);
    if (is_first_word(argv[0])) {
        const char* near = has_second ? cli_text_nearest(two_words, names, name_count) : NULL;
        size_t word_bytes = strlen(argv[0]);
        bool is_near = near != NULL && strncmp(near, argv[0], word_bytes) == 0 && near[word_bytes] == ' ';
        if (is_near) return cli_fail(CLI_EXIT_USAGE, "no command %s; did you mean %s?", two_words, near);
        return command_alone(argv[0]);
    }
    const char* nearest = cli_text_nearest(argv[0], names, name_count);
    if (nearest == NULL && has_second) nearest = cli_text_nearest(two_words, names, name_count);
    if (nearest != NULL) return cli_fail(CLI_EXIT_USAGE, "no command %s; did you mean %s?", argv[0], nearest);
    return cli_fail(CLI_EXIT_USAGE, "no command %s; infinity help lists them", argv[0]);
}

int main(int argc, char** argv) {
    signal(SIGPIPE, SIG_IGN);
    bool is_help = false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0) cli_json = true;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) is_help = true;
    }
    int first = 1;
    while (first < argc && strcmp(argv[first], "--json") == 0) first++;
    if (first < argc && (strcmp(argv[first], "--version") == 0 || strcmp(argv[first], "-V") == 0)) {
        printf(cli_json ? "{\"version\": \"%s\"}\n" : "infinity %s\n", INF_VERSION);
        return CLI_EXIT_OK;
    }
    if (first >= argc || strcmp(argv[first], "--help") == 0 || strcmp(argv[first], "-h") == 0) {
        CliExit result = cli_help.run(0, NULL);
        return first >= argc ? CLI_EXIT_USAGE : result;
    }
    if (argv[first][0] == '-') {
        return cli_fail(CLI_EXIT_USAGE, "a command comes before option %s; infinity help lists them", argv[first]);
    }
    int word_count = 0;
    const CliCommand* command = command_find(argc - first, argv + first, &word_count);
    if (command == NULL) return command_unknown(argc - first, argv + first);
    if (is_help) {
        cli_print_help(command);
        return CLI_EXIT_OK;
    }
    const char** arguments = calloc((size_t)argc + 1, sizeof *arguments);
    if (arguments == NULL) return cli_fail(CLI_EXIT_FAILED, "out of memory");
    int argument_count = 0;
    CliExit result = cli_options_read(command, argc - first - word_count, argv + first + word_count, arguments,
                                      &argument_count);
    if (result == CLI_EXIT_OK) result = command->run(argument_count, arguments);
    free(arguments);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (result == CLI_EXIT_OK) result = cli_fail(CLI_EXIT_DISK, "the output could not be written");
    }
    return (int)result;
}
