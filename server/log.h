/// @file log.h
/// Log lines: for a terminal plain text, else one JSON object a line. Control characters are escaped in both,
/// so that a name in a log line cannot forge another line or steer a terminal. Any thread may log.
#ifndef INFINITY_SERVER_LOG_H
#define INFINITY_SERVER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum InfLogLevel { INF_LOG_DEBUG, INF_LOG_INFO, INF_LOG_WARNING, INF_LOG_ERROR } InfLogLevel;
typedef enum InfLogStyle { INF_LOG_AUTO, INF_LOG_TEXT, INF_LOG_JSON } InfLogStyle;

/// @param fd where to, normally 2  @param style AUTO = text if fd is a terminal
void inf_log_open(int fd, InfLogStyle style, InfLogLevel from);

/// One fact with named details. `area` and `what` are fixed texts; details end with a null key.
/// inf_log(INF_LOG_INFO, "server", "listening", "port", INF_LOG_INT, (int64_t)7777, "host", INF_LOG_STRING, host, NULL)
typedef enum InfLogDetail { INF_LOG_INT, INF_LOG_STRING } InfLogDetail;
void inf_log(InfLogLevel level, const char* area, const char* what, ...) __attribute__((sentinel));

/// Escape into one line: control characters, quotes and backslash as in JSON, bidi and other format characters too.
/// @return bytes written without the final zero; always ended, cut at a whole character if it does not fit
size_t inf_log_escape(const char* text, char* out, size_t out_bytes);

#endif
