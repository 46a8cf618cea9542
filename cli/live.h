/// @file live.h
/// What the commands `infinity soul …` on a running server share.
#ifndef INFINITY_CLI_LIVE_H
#define INFINITY_CLI_LIVE_H

#include "cli.h"

#include <jansson.h>

#define CLI_LIVE_ID_BYTES 24

/// Ask the server; says what is wrong. @param wait_s  how long it may take. @return CLI_EXIT_OK with *out_answer
CliExit cli_live_ask(const char* method, const char* path, const json_t* body, uint64_t wait_s, json_t** out_answer);
/// The id of a soul by its name, id or identity. @return CLI_EXIT_OK, or an exit after having said why
CliExit cli_live_find(const char* word, char out_id[CLI_LIVE_ID_BYTES]);
/// Percent-encode a text for a query. @return out
const char* cli_live_encode(const char* text, char* out, size_t out_bytes);
/// With --json: print the answer as it is. @return whether it did
bool cli_live_json(const json_t* answer);
/// A member as text that is safe for a terminal. @return out
const char* cli_live_text(const json_t* object, const char* name, char* out, size_t out_bytes);

/// `infinity soul show` and `lineage` of one that lives in the running galaxy: by name, id or identity.
CliExit cli_live_show(const char* word);
CliExit cli_live_lineage(const char* word);

extern const CliCommand cli_soul_list, cli_soul_ask, cli_soul_cut, cli_soul_copy, cli_soul_merge, cli_soul_download, cli_soul_upload,
    cli_soul_invite, cli_soul_board, cli_soul_leave, cli_dna_sample;

#endif
