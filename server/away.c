// The files of those who were downloaded here, away/TRANSFER.soul. As long as its soul is away, or may be claimed by the server
// that was given leave to wake it, a file is kept: it is fetched again, and it answers a claim again. It is of no use any more when
// the directory knows that its soul has gone on: it woke here, or has come with a later life. Then the file is removed.
//
// What is looked at is durable: a crash right after never brings a state back that would need the file. A file of whom the
// directory knows nothing, or nothing later, stays: after an old backup it may be the only copy.
//
//     found by transfer:  in flight, away, gone with this file ─► keep       here ─► remove
//     not found:          its identity is read from the file: a later epoch is known ─► remove, else keep
//
// The folder is walked a little at a time; those that are removed are few, so reading one costs nobody a tick.
#include "server/border.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 640
#define EVERY_MS 200u
#define NAMES_AT_ONCE 64u
#define FILES_AT_ONCE 4u   // that are read
#define ROUND_MS 10000u    // between two walks

struct InfAway {
    DIR* folder;
    uint64_t next_ms;
};

/// TRANSFER.soul
static bool read_name(const char* name, uint8_t transfer[INF_PASSAGE_BYTES]) {
    char hex[2 * INF_PASSAGE_BYTES + 1];
    snprintf(hex, sizeof(hex), "%.*s", (int)sizeof(hex) - 1, name);
    return strlen(name) == 2 * INF_PASSAGE_BYTES + 5 && strcmp(name + 2 * INF_PASSAGE_BYTES, ".soul") == 0 &&
           inf_hex_read(hex, transfer, INF_PASSAGE_BYTES);
}

/// Does the directory know a later life of the soul in that file?
static bool has_gone_on(const InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES]) {
    size_t byte_count;
    char* text = inf_border_file_read(border, transfer, &byte_count);
    json_t* object = text != NULL ? json_loadb(text, byte_count, JSON_REJECT_DUPLICATES, NULL) : NULL;
    InfDocument* document = calloc(1, sizeof(*document));
    bool gone_on = false;
    if (object != NULL && document != NULL && inf_document_read(object, document, NULL, NULL) &&
        memcmp(document->transfer, transfer, INF_PASSAGE_BYTES) == 0) {
        uint32_t count, index1 = inf_world_find_identity(inf_border_heart(border), document->passage.soul.identity);
        gone_on = index1 != 0 && inf_world_directory(inf_border_heart(border), &count)[index1 - 1].epoch > document->passage.soul.epoch;
    }
    free(document);
    json_decref(object);
    free(text);
    return gone_on;
}

static void consider(InfBorder* border, const char* name, uint32_t* files) {
    uint8_t transfer[INF_PASSAGE_BYTES];
    if (!read_name(name, transfer)) {
        return;
    }
    const InfWorld* heart = inf_border_heart(border);
    uint32_t count, index1 = inf_world_find_passage(heart, transfer);
    bool is_useless = index1 != 0 && inf_world_directory(heart, &count)[index1 - 1].state == INF_DIRECTORY_HERE;
    if (index1 == 0) {
        ++*files;
        is_useless = has_gone_on(border, transfer);
    }
    if (is_useless) {
        char path[PATH_BYTES];
        snprintf(path, sizeof(path), "%s/away/%s", border->server->def.folder, name);
        bool removed = unlink(path) == 0;
        inf_log(removed ? INF_LOG_INFO : INF_LOG_WARNING, "souls",
                removed ? "the file of a soul that has gone on was removed" : "the file of a soul that has gone on cannot be removed", "file",
                INF_LOG_STRING, path, "reason", INF_LOG_STRING, removed ? "" : strerror(errno), NULL);
    }
}

void inf_away_durable(InfBorder* border) {
    uint64_t now_ms = inf_border_now_ms();
    InfAway* away = border->away;
    if (away == NULL) {
        away = border->away = calloc(1, sizeof(*away));
    }
    if (away == NULL || now_ms < away->next_ms) {
        return;
    }
    away->next_ms = now_ms + EVERY_MS;
    if (away->folder == NULL) {
        char path[PATH_BYTES];
        snprintf(path, sizeof(path), "%s/away", border->server->def.folder);
        away->folder = opendir(path);
    }
    uint32_t files = 0;
    for (uint32_t i = 0; i < NAMES_AT_ONCE && files < FILES_AT_ONCE; i++) {
        const struct dirent* entry = away->folder != NULL ? readdir(away->folder) : NULL;
        if (entry == NULL) {
            inf_away_free(border);
            border->away = calloc(1, sizeof(*away));
            if (border->away != NULL) {
                border->away->next_ms = now_ms + ROUND_MS;
            }
            return;
        }
        consider(border, entry->d_name, &files);
    }
}

void inf_away_free(InfBorder* border) {
    if (border->away != NULL && border->away->folder != NULL) {
        closedir(border->away->folder);
    }
    free(border->away);
    border->away = NULL;
}
