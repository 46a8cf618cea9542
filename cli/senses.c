// What the host of an awake galaxy reads on stdin; see senses.h.
#include "senses.h"

#include "http.h"

#include <infinity/tables/constants.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PICTURE_BYTES_MAX (2u << 20)
#define TRIES 30

size_t cli_senses_cut(const char* text, size_t bytes_max) {
    size_t bytes = strlen(text);
    if (bytes <= bytes_max) return bytes;
    size_t cut = bytes_max;
    while (cut > 0 && text[cut] != ' ') cut--;
    if (cut == 0) {
        cut = bytes_max;
        while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80) cut--;
    }
    return cut > 0 ? cut : bytes_max;
}

static void complain(unsigned long line, const char* reason) {
    fprintf(stderr, "infinity: line %lu on stdin was not perceived: %s\n", line, reason);
}

// Feed one sense; who is too fast, or comes before the server answers, waits.
static void feed(unsigned long line, const char* path, const char* type, const void* bytes, size_t byte_count) {
    char reason[1024] = "";
    for (int tries = 0; tries < TRIES; tries++) {
        json_t* answer = NULL;
        int status = 0;
        CliExit result = cli_http_send("POST", path, type, bytes, byte_count, &status, &answer, reason, sizeof reason);
        json_decref(answer);
        if (result == CLI_EXIT_OK) return;
        if (status != 0 && status != 429 && status != 503) break;
        usleep(500000);
    }
    complain(line, reason);
}

static void feed_json(unsigned long line, const json_t* sense) {
    char* text = json_dumps(sense, JSON_COMPACT);
    if (text != NULL) feed(line, "/api/senses", "application/json", text, strlen(text));
    free(text);
}

static void feed_plain(unsigned long line, const char* text) {
    while (*text != '\0') {
        size_t bytes = cli_senses_cut(text, INF_SENSE_BYTES - 1);
        json_t* sense = json_pack("{s:s%, s:s}", "text", text, bytes, "source", "stdin");
        if (sense == NULL) {
            complain(line, "it is not UTF-8");
            return;
        }
        feed_json(line, sense);
        json_decref(sense);
        text += bytes;
        while (*text == ' ') text++;
    }
}

static void put_escaped(FILE* out, const char* name, const json_t* value) {
    const char* text = json_string_value(value);
    if (text == NULL) return;
    fprintf(out, "&%s=", name);
    for (const unsigned char* at = (const unsigned char*)text; *at != '\0'; at++) fprintf(out, "%%%02X", *at);
}

static void feed_picture(unsigned long line, const char* file_path, const json_t* sense) {
    FILE* file = fopen(file_path, "re");
    char* bytes = file != NULL ? malloc(PICTURE_BYTES_MAX + 1) : NULL;
    size_t count = bytes != NULL ? fread(bytes, 1, PICTURE_BYTES_MAX + 1, file) : 0;
    if (file == NULL || ferror(file) || count > PICTURE_BYTES_MAX) {
        char reason[512];
        snprintf(reason, sizeof reason, "%.300s: %s", file_path, count > PICTURE_BYTES_MAX ? "larger than 2 MiB" : strerror(errno));
        complain(line, reason);
    } else {
        char* path = NULL;
        size_t path_bytes;
        FILE* out = open_memstream(&path, &path_bytes);
        if (out != NULL) {
            fprintf(out, "/api/senses?");
            put_escaped(out, "source", json_object_get(sense, "source"));
            put_escaped(out, "text", json_object_get(sense, "text"));
            fclose(out);
            feed(line, path, "application/octet-stream", bytes, count);
            free(path);
        }
    }
    free(bytes);
    if (file != NULL) fclose(file);
}

static void take_line(unsigned long line, char* text) {
    text[strcspn(text, "\r\n")] = '\0';
    while (*text == ' ' || *text == '\t') text++;
    if (*text == '\0') return;
    if (*text != '{') {
        feed_plain(line, text);
        return;
    }
    json_error_t error;
    json_t* sense = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    const char* picture = json_string_value(json_object_get(sense, "picture"));
    if (sense == NULL) {
        complain(line, error.text);
    } else if (picture != NULL && strspn(picture, "0123456789abcdef") != 64) {
        feed_picture(line, picture, sense);
    } else {
        feed_json(line, sense);
    }
    json_decref(sense);
}

static void* read_lines(void* user) {
    (void)user;
    char* text = NULL;
    size_t capacity = 0;
    for (unsigned long line = 1; getline(&text, &capacity, stdin) >= 0; line++) take_line(line, text);
    free(text);
    return NULL;
}

bool cli_senses_start(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, read_lines, NULL) != 0) return false;
    pthread_detach(thread); // it ends with stdin, or with the program
    return true;
}
