/// @file senses.h
/// Lines on stdin of `infinity serve --awake`: a plain line is text that the host perceives, a line that begins with { is
/// JSON ({"kind", "source", "text", "picture": path of a file}). A thread of its own reads them and feeds them through
/// the admin socket, as any program may; a line that is wrong is told on stderr and the next one is read.
#ifndef INFINITY_CLI_SENSES_H
#define INFINITY_CLI_SENSES_H

#include <stdbool.h>
#include <stddef.h>

/// Start reading. Call when the server listens. @return false: no thread could be started
bool cli_senses_start(void);
/// Bytes of `text` that one sense takes, at most `bytes_max`: to the end, else to the last blank, never inside a character.
size_t cli_senses_cut(const char* text, size_t bytes_max);

#endif
