/// @file cli.h
/// What the commands of the `infinity` program share. One table (main.c) lists them; each command is one
/// file with its options, its help and its function. The table gives dispatch, --help, `infinity help WORD`,
/// suggestions for misspelt words, and `infinity help --words` for the shell's completion.
#ifndef INFINITY_CLI_H
#define INFINITY_CLI_H

#include <infinity/base.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// X(number, NAME, text): exit codes; documented by `infinity help exit` and the manual page.
#define CLI_EXITS(X)                                                                                     \
    X(0, OK, "success")                                                                                  \
    X(1, FAILED, "the command failed; the reason is printed")                                            \
    X(2, USAGE, "wrong command, option or value; nothing was done")                                      \
    X(3, CONFIG, "the configuration file is wrong; the line is printed")                                 \
    X(4, DAMAGED, "the galaxy is damaged or of another version, or a replay differs")                    \
    X(5, ADDRESS, "the address cannot be listened on (taken, or not allowed)")                           \
    X(6, DISK, "the disk is full, or the system reported a read or write error")                         \
    X(7, NO_SERVER, "no server is running on that galaxy")

typedef enum CliExit {
#define X(number, name, text) CLI_EXIT_##name = number,
    CLI_EXITS(X)
#undef X
} CliExit;

typedef enum CliOptionKind {
    CLI_FLAG,   ///< target bool*
    CLI_TEXT,   ///< target const char**; points into argv
    CLI_NUMBER, ///< target uint64_t*; decimal or 0x…, within [min, max]
} CliOptionKind;

typedef struct CliOption {
    const char* name; ///< without the dashes
    CliOptionKind kind;
    void* target;
    const char* value_name; ///< in the usage, e.g. "N"; null for a flag
    uint64_t min, max;      ///< of a number
    const char* help;       ///< one line, with the default
} CliOption;

typedef struct CliCommand {
    const char* name;  ///< one word, or two ("mind birth")
    const char* usage; ///< what follows the name
    const char* brief; ///< one line
    const char* help;  ///< the rest, plain lines
    const CliOption* options;
    size_t option_count;
    int arguments_min, arguments_max; ///< words that are no options
    CliExit (*run)(int argument_count, const char** arguments);
} CliCommand;

extern const CliCommand cli_serve, cli_status, cli_run, cli_replay, cli_backup, cli_mind_birth, cli_help;
extern const CliCommand cli_soul_show, cli_soul_lineage, cli_soul_verify, cli_soul_seal, cli_soul_open, cli_soul_export,
    cli_soul_import, cli_dna_new, cli_dna_draw, cli_dna_show;
/// All commands, ended by null.
extern const CliCommand* const cli_commands[];

/// Asked for by --json anywhere on the line: results and errors are one JSON value.
extern bool cli_json;
/// `--galaxy DIR`, an option of most commands; ./galaxy by default.
extern const char* cli_galaxy;
#define CLI_OPTION_GALAXY                                                                                \
    { "galaxy", CLI_TEXT, &cli_galaxy, "DIR", 0, 0, "the galaxy's folder (default: galaxy)" }

/// The exit code for a galaxy that could not be opened, read or written.
CliExit cli_exit_of(InfResult result);
/// For what the system refused, by its errno: a full or failing disk is CLI_EXIT_DISK.
CliExit cli_exit_of_errno(int reason);
/// Print `infinity: …` to stderr (with --json: {"error": …, "exit": …}) and give the exit code back.
CliExit cli_fail(CliExit code, const char* format, ...) __attribute__((format(printf, 2, 3)));
/// Print a command's usage and options to stdout.
void cli_print_help(const CliCommand* command);
/// Fill the options' targets and gather the other words. @param out_arguments room for argc words
/// @return CLI_EXIT_OK, or USAGE after having said why
CliExit cli_options_read(const CliCommand* command, int argc, char** argv, const char** out_arguments,
                         int* out_argument_count);

#endif
