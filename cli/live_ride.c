// `infinity soul board|leave`: a mind into the head of another, and out again. Both are asked; see server/boarding.c.
#include "live.h"
#include "text.h"

#include <stdio.h>

static uint64_t ride_wait_s = 30;

static CliExit ride(const char* path, const char* rider, const char* host, json_t** out_answer) {
    char rider_id[CLI_LIVE_ID_BYTES], host_id[CLI_LIVE_ID_BYTES];
    CliExit result = cli_live_find(rider, rider_id);
    if (result == CLI_EXIT_OK && host != NULL) result = cli_live_find(host, host_id);
    if (result != CLI_EXIT_OK) return result;
    json_t* body = json_pack("{s:s, s:s*, s:I}", "soul", rider_id, "host", host != NULL ? host_id : NULL, "wait_s", (json_int_t)ride_wait_s);
    result = cli_live_ask("POST", path, body, ride_wait_s, out_answer);
    json_decref(body);
    return result;
}

static CliExit board_run(int argument_count, const char** arguments) {
    (void)argument_count;
    char name[128], host[128];
    json_t* answer = NULL;
    CliExit result = ride("/api/souls/board", arguments[0], arguments[1], &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) {
        printf("%s rides with %s: it perceives what %s does, and speaks in that head only.\n", cli_live_text(answer, "name", name, sizeof name),
               cli_live_text(answer, "host", host, sizeof host), host);
    }
    json_decref(answer);
    return result;
}

static CliExit leave_run(int argument_count, const char** arguments) {
    (void)argument_count;
    json_t* answer = NULL;
    CliExit result = ride("/api/souls/leave", arguments[0], NULL, &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) printf("%s has a body of its own again.\n", arguments[0]);
    json_decref(answer);
    return result;
}

static const CliOption options[] = {
    CLI_OPTION_GALAXY,
    {"wait", CLI_NUMBER, &ride_wait_s, "SECONDS", 0, 3600, "how long to wait until they are together and have answered (default 30)"},
};
#define OPTIONS .options = options, .option_count = sizeof options / sizeof *options
const CliCommand cli_soul_board = {.name = "soul board", .usage = "NAME|ID HOST [--wait SECONDS] [--galaxy DIR]",
    .brief = "Brings a mind into the head of another, as its passenger",
    .help = "Both must agree and be docked at the same station. A passenger perceives what its host does, keeps its purse, and\n"
            "speaks with the host and its fellow passengers only.",
    OPTIONS, .arguments_min = 2, .arguments_max = 2, .run = board_run};
const CliCommand cli_soul_leave = {.name = "soul leave", .usage = "NAME|ID [--wait SECONDS] [--galaxy DIR]",
    .brief = "Lets a passenger out of its host's head, into a body that it pays for",
    .help = "It must agree, and its host must be docked.",
    OPTIONS, .arguments_min = 1, .arguments_max = 1, .run = leave_run};
