// A line is built in a buffer and goes out with one write(2), so that lines of several threads do not mix.
#include "server/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 2048

static _Atomic int log_fd = 2;
static _Atomic bool log_json;
static _Atomic InfLogLevel log_from = INF_LOG_INFO;

void inf_log_open(int fd, InfLogStyle style, InfLogLevel from) {
    log_fd = fd;
    log_json = style == INF_LOG_JSON || (style == INF_LOG_AUTO && !isatty(fd));
    log_from = from;
}

/// Code point at `at`, and how many bytes it takes; broken bytes count as one, value 0xfffd.
static uint32_t read_point(const unsigned char* at, size_t* bytes) {
    *bytes = 1;
    if (at[0] < 0x80) {
        return at[0];
    }
    size_t more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : at[0] >= 0xc2 ? 1 : 0;
    uint32_t point = more == 3 ? at[0] & 7u : more == 2 ? at[0] & 15u : at[0] & 31u;
    if (more == 0 || at[0] > 0xf4) {
        return 0xfffd;
    }
    for (size_t i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0xfffd;
        }
        point = point << 6 | (at[i] & 0x3fu);
    }
    *bytes = more + 1;
    return point;
}

static bool must_escape(uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x61c || point == 0xfeff || point == 0xfffd ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point > 0xffff;
}

size_t inf_log_escape(const char* text, char* out, size_t out_bytes) {
    size_t used = 0;
    const unsigned char* at = (const unsigned char*)text;
    while (*at != 0) {
        char piece[16];
        size_t bytes, piece_bytes;
        uint32_t point = read_point(at, &bytes);
        if (point == '"' || point == '\\') {
            piece_bytes = (size_t)snprintf(piece, sizeof(piece), "\\%c", (char)point);
        } else if (point == '\n') {
            piece_bytes = (size_t)snprintf(piece, sizeof(piece), "\\n");
        } else if (point > 0xffff) {
            uint32_t above = point - 0x10000;
            piece_bytes = (size_t)snprintf(piece, sizeof(piece), "\\u%04x\\u%04x", 0xd800 + (above >> 10) % 0x400,
                                           0xdc00 + above % 0x400);
        } else if (must_escape(point)) {
            piece_bytes = (size_t)snprintf(piece, sizeof(piece), "\\u%04x", point);
        } else {
            memcpy(piece, at, bytes);
            piece_bytes = bytes;
        }
        if (used + piece_bytes + 1 > out_bytes) {
            break;
        }
        memcpy(out + used, piece, piece_bytes);
        used += piece_bytes;
        at += bytes;
    }
    if (out_bytes > 0) {
        out[used] = 0;
    }
    return used;
}

void inf_log(InfLogLevel level, const char* area, const char* what, ...) {
    static const char* const names[] = {"debug", "info", "warning", "error"};
    if (level < log_from) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm parts;
    gmtime_r(&now.tv_sec, &parts);
    char line[LINE_BYTES], stamp[32], text[LINE_BYTES / 2];
    strftime(stamp, sizeof(stamp), log_json ? "%Y-%m-%dT%H:%M:%S" : "%H:%M:%S", &parts);
    inf_log_escape(what, text, sizeof(text));
    size_t used = (size_t)snprintf(line, sizeof(line),
                                   log_json ? "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\",\"area\":\"%s\",\"what\":\"%s\""
                                            : "%s.%03ld %-7s %s: %s",
                                   stamp, now.tv_nsec / 1000000, names[level], area, text);
    va_list arguments;
    va_start(arguments, what);
    for (const char* key; (key = va_arg(arguments, const char*)) != NULL && used + 64 < sizeof(line);) {
        size_t left = sizeof(line) - used - 3;
        if (va_arg(arguments, int) == INF_LOG_INT) {
            used += (size_t)snprintf(line + used, left, log_json ? ",\"%s\":%" PRId64 : " %s=%" PRId64, key,
                                     va_arg(arguments, int64_t));
        } else {
            const char* value = va_arg(arguments, const char*);
            inf_log_escape(value ? value : "", text, left / 2 < sizeof(text) ? left / 2 : sizeof(text));
            used += (size_t)snprintf(line + used, left, log_json ? ",\"%s\":\"%s\"" : " %s=\"%s\"", key, text);
        }
    }
    va_end(arguments);
    used = used > sizeof(line) - 3 ? sizeof(line) - 3 : used;
    used += (size_t)snprintf(line + used, sizeof(line) - used, log_json ? "}\n" : "\n");
    ssize_t written = write(log_fd, line, used);
    (void)written; // a log that cannot be written must not stop the galaxy
}
