// A small HTTP client over the galaxy's Unix socket; see http.h. The answer ends when the server closes.
#include "http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_BYTES_MAX (16u << 20)
static unsigned timeout_s = 10;

void cli_http_set_timeout(unsigned seconds) { timeout_s = seconds; }

typedef struct Answer {
    char* bytes;
    size_t count, capacity;
} Answer;

static int connect_admin(const char* path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct timeval timeout = {.tv_sec = timeout_s};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (connect(fd, (struct sockaddr*)&address, sizeof address) != 0) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

static bool send_all(int fd, const char* bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent, count -= (size_t)sent;
    }
    return true;
}

static bool answer_read(int fd, Answer* answer) {
    for (;;) {
        if (answer->capacity - answer->count < 4096) {
            if (answer->capacity >= ANSWER_BYTES_MAX) {
                errno = EMSGSIZE;
                return false;
            }
            size_t capacity = answer->capacity == 0 ? 16384 : answer->capacity * 2;
            char* grown = realloc(answer->bytes, capacity);
            if (grown == NULL) return false;
            answer->bytes = grown, answer->capacity = capacity;
        }
        ssize_t got = recv(fd, answer->bytes + answer->count, answer->capacity - answer->count - 1, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        answer->count += (size_t)got;
    }
    answer->bytes[answer->count] = '\0';
    return true;
}

// Join the chunks in place. @return the body's bytes, or SIZE_MAX when they are not what they say
static size_t chunks_join(char* body, size_t count) {
    size_t from = 0, to = 0;
    for (;;) {
        char* end;
        if (from >= count) return SIZE_MAX;
        unsigned long chunk_bytes = strtoul(body + from, &end, 16);
        char* line_end = strstr(end, "\r\n");
        if (end == body + from || line_end == NULL) return SIZE_MAX;
        from = (size_t)(line_end + 2 - body);
        if (chunk_bytes == 0) return to;
        if (chunk_bytes > count - from) return SIZE_MAX;
        memmove(body + to, body + from, chunk_bytes);
        to += chunk_bytes, from += chunk_bytes + 2;
    }
}

static CliExit answer_parse(Answer* answer, const char* path, int* out_status, json_t** out_answer, char* out_text, size_t text_bytes) {
    int status = 0;
    char* head_end = strstr(answer->bytes, "\r\n\r\n");
    if (head_end == NULL || sscanf(answer->bytes, "HTTP/1.%*d %d", &status) != 1) {
        snprintf(out_text, text_bytes, "the server's answer to %s is no HTTP", path);
        return CLI_EXIT_FAILED;
    }
    *out_status = status;
    *head_end = '\0';
    char* body = head_end + 4;
    size_t body_bytes = answer->count - (size_t)(body - answer->bytes);
    if (strcasestr(answer->bytes, "\r\ntransfer-encoding: chunked") != NULL) {
        body_bytes = chunks_join(body, body_bytes);
        if (body_bytes == SIZE_MAX) {
            snprintf(out_text, text_bytes, "the server's answer to %s was cut off", path);
            return CLI_EXIT_FAILED;
        }
    }
    json_error_t error;
    json_t* value = json_loadb(body, body_bytes, JSON_DECODE_ANY, &error);
    if (status >= 200 && status < 300 && value != NULL) {
        *out_answer = value;
        return CLI_EXIT_OK;
    }
    const char* reason = json_string_value(json_object_get(value, "reason"));
    const char* what_to_do = json_string_value(json_object_get(value, "what_to_do"));
    if (reason == NULL) reason = json_string_value(json_object_get(value, "error"));
    if (reason != NULL) { // two sentences
        bool is_whole = reason[0] != '\0' && strchr(".!?\"", reason[strlen(reason) - 1]) != NULL;
        snprintf(out_text, text_bytes, "%s%s%s", reason, what_to_do == NULL ? "" : is_whole ? " " : ". ", what_to_do != NULL ? what_to_do : "");
    }
    else if (status >= 400) snprintf(out_text, text_bytes, "the server answered %s with status %d", path, status);
    else snprintf(out_text, text_bytes, "the server's answer to %s is no JSON: %s", path, error.text);
    json_decref(value);
    return CLI_EXIT_FAILED;
}

CliExit cli_http_send(const char* method, const char* path, const char* type, const void* body, size_t body_bytes, int* out_status,
                      json_t** out_answer, char* out_text, size_t out_text_bytes) {
    *out_answer = NULL;
    *out_status = 0;
    char socket_path[512];
    snprintf(socket_path, sizeof socket_path, "%s/admin.sock", cli_galaxy);
    int fd = connect_admin(socket_path);
    if (fd < 0) {
        bool is_absent = errno == ENOENT || errno == ECONNREFUSED;
        snprintf(out_text, out_text_bytes,
                 is_absent ? "no server is running on the galaxy in %s (%s: %s); start one with infinity serve"
                           : "the server of %s cannot be reached (%s: %s)",
                 cli_galaxy, socket_path, strerror(errno));
        return is_absent ? CLI_EXIT_NO_SERVER : CLI_EXIT_FAILED;
    }
    char head[4096];
    int head_bytes = snprintf(head, sizeof head,
                              "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: application/json\r\n"
                              "%s%s%sContent-Length: %zu\r\n\r\n",
                              method, path, type != NULL ? "Content-Type: " : "", type != NULL ? type : "",
                              type != NULL ? "\r\n" : "", body_bytes);
    Answer answer = {0};
    CliExit result = CLI_EXIT_FAILED;
    if (head_bytes < 0 || (size_t)head_bytes >= sizeof head) {
        snprintf(out_text, out_text_bytes, "the request is too long");
    } else if (!send_all(fd, head, (size_t)head_bytes) || !send_all(fd, body, body_bytes) || !answer_read(fd, &answer)) {
        snprintf(out_text, out_text_bytes, "the server does not answer: %s", strerror(errno));
    } else {
        result = answer_parse(&answer, path, out_status, out_answer, out_text, out_text_bytes);
    }
    free(answer.bytes);
    close(fd);
    return result;
}

CliExit cli_http_json(const char* method, const char* path, const json_t* body, json_t** out_answer,
                      char* out_text, size_t out_text_bytes) {
    int status;
    char* text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    if (body != NULL && text == NULL) {
        *out_answer = NULL;
        snprintf(out_text, out_text_bytes, "the request cannot be written as JSON");
        return CLI_EXIT_FAILED;
    }
    CliExit result = cli_http_send(method, path, text != NULL ? "application/json" : NULL, text != NULL ? text : "",
                                   text != NULL ? strlen(text) : 0, &status, out_answer, out_text, out_text_bytes);
    free(text);
    return result;
}
