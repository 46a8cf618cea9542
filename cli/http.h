/// @file http.h
/// One HTTP/1.1 request to the running server over its admin socket (galaxy/admin.sock). Who may open that
/// socket is the galaxy's owner; no other sign-in is needed.
#ifndef INFINITY_CLI_HTTP_H
#define INFINITY_CLI_HTTP_H

#include "cli.h"

#include <jansson.h>

/// How long an answer may take from now on; 10 s at the start.
void cli_http_set_timeout(unsigned seconds);
/// Ask and read a JSON answer.
/// @param method  "GET" or "POST"  @param body  null for none; sent as application/json
/// @return CLI_EXIT_OK with *out_answer (json_decref it); CLI_EXIT_NO_SERVER if nobody listens; CLI_EXIT_FAILED
/// if the server refused or spoke nonsense. The reason is in out_text then.
CliExit cli_http_json(const char* method, const char* path, const json_t* body, json_t** out_answer,
                      char* out_text, size_t out_text_bytes);

/// The same with any body. @param type  its content type; null: no body  @param out_status  HTTP's, 0: there was no answer
CliExit cli_http_send(const char* method, const char* path, const char* type, const void* body, size_t body_bytes, int* out_status,
                      json_t** out_answer, char* out_text, size_t out_text_bytes);

#endif
