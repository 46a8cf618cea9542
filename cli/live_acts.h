/// @file live_acts.h
/// What live_acts.c and live_all.c share.
#ifndef INFINITY_CLI_LIVE_ACTS_H
#define INFINITY_CLI_LIVE_ACTS_H

#include "live.h"

/// A line of what happens, as it happens; not with --json.
void cli_live_say(const char* step, const char* format, ...) __attribute__((format(printf, 2, 3)));
/// `infinity soul cut --all URL`
CliExit cli_live_cut_all(const char* to, uint64_t wait_s);

#endif
