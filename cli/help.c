// `infinity help [WORD]`: commands, settings, exit codes and the words of the galaxy.
#include "cli.h"
#include "config.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool only_words;

// What a newcomer meets on the screen, in a line each.
static const struct {
    const char *word, *text;
} words[] = {
    {"galaxy", "An endless space with everyone in it: one folder with a journal, snapshots and keys."},
    {"soul", "A person: name, Ed25519 key, traits, memories, wallet. A player or a mind."},
    {"player", "A soul with a gamer tag and a human at the helm. Who dies pays and wakes in a clone bay."},
    {"mind", "A soul without a tag that lives once, by its own will, under the same rules."},
    {"dna", "What a mind is before it has lived: sixteen traits from 0 to 1, in a file."},
    {"lineage", "What was done with a soul, each record signed and naming the one before: copies, merges, journeys."},
    {"identity", "The hash of a soul's founding record: its name among all galaxies."},
    {"epoch", "Rises by one with every departure of a soul: of two claims to be it, the newer one."},
    {"passenger", "A soul in the head of another, its host: it perceives what the host does, and speaks there only."},
    {"border", "What lets souls in from other servers, and out: infinity.conf's border settings, and invitations."},
    {"secluded", "A galaxy for souls by invitation: no players, not listed. infinity serve --secluded makes one."},
    {"awake", "A galaxy of one host, whose senses are fed from outside, and its passengers: infinity serve --awake --host NAME."},
    {"senses", "What an awake galaxy's host perceives: lines on stdin of infinity serve, POST /api/senses; docs/awake.md."},
    {"tag", "The name that others' scanners show. A ship without one is a ghost."},
    {"ghost", "A ship whose transponder shows no tag."},
    {"credits", "Money, written after the number: 500 \u20a1. Minted - burned = what all have, at every tick."},
    {"tick", "A tenth of a second of the galaxy; its inputs are one step of the journal."},
    {"day", "Two hours: 72,000 ticks. A month is thirty days."},
    {"journal", "All inputs in order, with a hash chain. The galaxy is a function of it."},
    {"snapshot", "All worlds at one tick, so that a restart replays minutes only."},
    {"shard", "A part of the galaxy with its own world; together they march in step."},
    {"heart", "The centre, at the origin: what makes space."},
    {"architect", "Who holds architect.key: the galaxy's game master."},
};

static void print_setting(const InfConfigSetting* setting) {
    if (setting->kind == CONFIG_IS_NUMBER) {
        printf("%s = %" PRIu64 "    (%" PRIu64 " to %" PRIu64 ")\n", setting->key, setting->standard, setting->min,
               setting->max);
    } else {
        printf("%s = %s%s%s%s\n", setting->key, setting->standard_text, setting->choices[0] != '\0' ? "    (one of: " : "",
               setting->choices, setting->choices[0] != '\0' ? ")" : "");
    }
    printf("  ");
    for (const char* at = setting->comment; *at != '\0'; at++) {
        if (*at == '\n') printf("\n  ");
        else putchar(*at);
    }
    printf("\n");
}

static void print_exits(void) {
    printf("Exit codes:\n");
#define X(number, name, text) printf("  %d  %s\n", number, text);
    CLI_EXITS(X)
#undef X
}

static void print_all(void) {
    printf("infinity %s: an endless live galaxy that anyone can host\n\nCommands:\n", INF_VERSION);
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        printf("  %-14s %s\n", cli_commands[i]->name, cli_commands[i]->brief);
    }
    printf("\nEvery command knows --json and --help. More: infinity help COMMAND, infinity help settings,\n"
           "infinity help exit, infinity help words\n");
}

static void print_group(const char* word) {
    size_t word_bytes = strlen(word);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].word, word) == 0) printf("%s: %s\n\n", words[i].word, words[i].text);
    }
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char* name = cli_commands[i]->name;
        if (strncmp(name, word, word_bytes) != 0 || name[word_bytes] != ' ') continue;
        printf("  infinity %s %s\n      %s.\n", name, cli_commands[i]->usage, cli_commands[i]->brief);
    }
    printf("\nMore: infinity help %s WORD\n", word);
}

static void print_completion_words(void) {
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        printf("%s:", cli_commands[i]->name);
        for (size_t o = 0; o < cli_commands[i]->option_count; o++) printf(" --%s", cli_commands[i]->options[o].name);
        printf(" --json --help\n");
    }
}

static CliExit help_run(int argument_count, const char** arguments) {
    if (only_words) {
        print_completion_words();
        return CLI_EXIT_OK;
    }
    if (argument_count == 0) {
        print_all();
        return CLI_EXIT_OK;
    }
    char word[128];
    snprintf(word, sizeof word, "%s%s%s", arguments[0], argument_count > 1 ? " " : "",
             argument_count > 1 ? arguments[1] : "");
    const char* known[128] = {"settings", "exit", "words"};
    size_t known_count = 3;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char* name = cli_commands[i]->name;
        known[known_count++] = name;
        const char* blank = strchr(name, ' ');
        bool is_first_word = blank != NULL && strlen(word) == (size_t)(blank - name) &&
                             memcmp(word, name, strlen(word)) == 0 && strcmp(word, "mind") != 0;
        if (is_first_word) { // all of that word, then what each says about itself
            print_group(word);
            return CLI_EXIT_OK;
        }
        if (strcmp(name, word) == 0) {
            cli_print_help(cli_commands[i]);
            return CLI_EXIT_OK;
        }
    }
    if (strcmp(word, "exit") == 0) {
        print_exits();
        return CLI_EXIT_OK;
    }
    if (strcmp(word, "settings") == 0) {
        printf("Settings of a galaxy, in its infinity.conf:\n\n");
        for (size_t i = 0; i < inf_config_setting_count; i++) print_setting(&inf_config_settings[i]);
        return CLI_EXIT_OK;
    }
    if (strcmp(word, "words") == 0) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) printf("%-10s %s\n", words[i].word, words[i].text);
        return CLI_EXIT_OK;
    }
    for (size_t i = 0; i < inf_config_setting_count; i++) {
        known[known_count++] = inf_config_settings[i].key;
        if (strcmp(inf_config_settings[i].key, word) == 0) {
            print_setting(&inf_config_settings[i]);
            return CLI_EXIT_OK;
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        known[known_count++] = words[i].word;
        if (strcmp(words[i].word, word) == 0) {
            printf("%s: %s\n", words[i].word, words[i].text);
            return CLI_EXIT_OK;
        }
    }
    const char* nearest = cli_text_nearest(word, known, known_count);
    if (nearest != NULL) return cli_fail(CLI_EXIT_USAGE, "no help on %s; did you mean %s?", word, nearest);
    return cli_fail(CLI_EXIT_USAGE, "no help on %s; infinity help lists the commands", word);
}

static const CliOption options[] = {
    {"words", CLI_FLAG, &only_words, NULL, 0, 0, "all commands and options, for a shell's completion"},
};
const CliCommand cli_help = {
    .name = "help",
    .usage = "[WORD]",
    .brief = "Explains a command, a setting, an exit code or a word",
    .help = "",
    .options = options,
    .option_count = 1,
    .arguments_min = 0,
    .arguments_max = 2,
    .run = help_run,
};
