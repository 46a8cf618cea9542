/// @file own_key.h
/// Acts of a soul on itself, from the command line: its key signs the order, and what the server writes for that act
/// (souls/paper.h), after that was looked at. By the galaxy's own socket, or by a server's address.
#ifndef INFINITY_CLI_OWN_KEY_H
#define INFINITY_CLI_OWN_KEY_H

#include "live.h"

/// Options of all commands that a soul can give for itself.
extern const char *cli_own_key, *cli_own_server;
#define CLI_OPTION_KEY                                                                                   \
    {"key", CLI_TEXT, &cli_own_key, "FILE", 0, 0, "the soul itself asks, by its key (a key file, or a browser's recovery file)"}
#define CLI_OPTION_SERVER                                                                                \
    {"server", CLI_TEXT, &cli_own_server, "URL", 0, 0, "with --key: the galaxy's address (default: the one of --galaxy)"}

/// Ask, and sign until it is done. @param act  "copy", "merge", "cut" or "download"
/// @param body  what that act takes, without the order's members
/// @param other_key_path  a second key file: of the copy to be, or of the other branch; may be null
/// @param copy_key  the copy's public half, if it keeps its own; may be null
/// @return OK with *out_answer, or an exit after having said why
CliExit cli_own_act(const char* act, json_t* body, const char* other_key_path, const uint8_t* copy_key, uint64_t wait_s, json_t** out_answer);
/// GET, or POST, from where cli_own_act() asks. As cli_live_ask() without --key.
CliExit cli_own_ask(const char* method, const char* path, const json_t* body, uint64_t wait_s, json_t** out_answer);

#endif
