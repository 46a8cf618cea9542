// Reads a folder tree into memory. Links and names with a leading dot are left out.
#include "server/http_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define ZSTD_LEVEL 9 // a client of 1 MB in 50 ms at the start
#define ZSTD_FROM_BYTES 1024
#define FILES_MAX 4096
#define TOTAL_BYTES_MAX (256u << 20)
#define DEPTH_MAX 8

static const char* type_of(const char* path) {
    static const struct {
        const char *ending, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".mjs", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".json", "application/json"},
                 {".map", "application/json"},
                 {".webmanifest", "application/manifest+json"},
                 {".wasm", "application/wasm"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".jpg", "image/jpeg"},
                 {".webp", "image/webp"},
                 {".ico", "image/x-icon"},
                 {".woff2", "font/woff2"},
                 {".txt", "text/plain; charset=utf-8"}};
    const char* dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(dot, types[i].ending) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

/// Vite writes `/assets/name-HASH.ending` with a hash of 8 characters or more.
static bool name_has_hash(const char* path) {
    const char* dash = strrchr(path, '-');
    const char* dot = strrchr(path, '.');
    return strncmp(path, "/assets/", 8) == 0 && dash != NULL && dot != NULL && dot - dash > 8;
}

static bool fail(char* error, size_t error_bytes, const char* path, const char* reason) {
    snprintf(error, error_bytes, "cannot read the web client's '%s': %s", path, reason);
    return false;
}

/// Text and code halve or better; pictures and fonts are compressed already.
static void compress(InfHttpFile* file) {
    bool is_worth = strncmp(file->type, "text/", 5) == 0 || strstr(file->type, "json") || strstr(file->type, "wasm") ||
                    strstr(file->type, "svg");
    if (!is_worth || file->byte_count < ZSTD_FROM_BYTES) {
        return;
    }
    size_t room = ZSTD_compressBound(file->byte_count);
    uint8_t* bytes = malloc(room);
    size_t count = bytes ? ZSTD_compress(bytes, room, file->bytes, file->byte_count, ZSTD_LEVEL) : 0;
    if (bytes == NULL || ZSTD_isError(count) || count >= file->byte_count * 9 / 10) {
        free(bytes);
        return;
    }
    file->zstd = bytes;
    file->zstd_count = count;
}

static bool add_file(InfHttpFiles* files, const char* disk, const char* url, size_t byte_count, char* error,
                     size_t error_bytes) {
    if (files->count >= FILES_MAX || files->total_bytes + byte_count > TOTAL_BYTES_MAX) {
        return fail(error, error_bytes, disk, "the folder has too many or too large files");
    }
    if (files->count == files->capacity) {
        size_t capacity = files->capacity ? files->capacity * 2 : 64;
        InfHttpFile* grown = realloc(files->files, capacity * sizeof(InfHttpFile));
        if (grown == NULL) {
            return fail(error, error_bytes, disk, "out of memory");
        }
        files->files = grown;
        files->capacity = capacity;
    }
    InfHttpFile* file = &files->files[files->count];
    memset(file, 0, sizeof(*file));
    FILE* stream = fopen(disk, "rb");
    file->path = strdup(url);
    file->bytes = malloc(byte_count + 1);
    bool fine = stream && file->path && file->bytes && fread(file->bytes, 1, byte_count, stream) == byte_count;
    if (stream != NULL) {
        fclose(stream);
    }
    if (!fine) {
        free(file->path);
        free(file->bytes);
        return fail(error, error_bytes, disk, strerror(errno));
    }
    file->byte_count = byte_count;
    file->type = type_of(url);
    file->immutable = name_has_hash(url);
    uint8_t hash[16];
    crypto_generichash(hash, sizeof(hash), file->bytes, byte_count, NULL, 0);
    file->etag[0] = '"';
    sodium_bin2hex(file->etag + 1, 33, hash, sizeof(hash));
    strcat(file->etag, "\"");
    compress(file);
    files->count++;
    files->total_bytes += byte_count;
    return true;
}

static bool load_folder(InfHttpFiles* files, const char* disk, const char* url, int depth, char* error,
                        size_t error_bytes) {
    DIR* folder = opendir(disk);
    if (folder == NULL) {
        return fail(error, error_bytes, disk, strerror(errno));
    }
    bool fine = depth <= DEPTH_MAX || fail(error, error_bytes, disk, "folders are nested too deeply");
    for (struct dirent* entry; fine && (entry = readdir(folder)) != NULL;) {
        char disk_path[1024], url_path[512];
        struct stat info;
        if (entry->d_name[0] == '.') {
            continue;
        }
        int a = snprintf(disk_path, sizeof(disk_path), "%s/%s", disk, entry->d_name);
        int b = snprintf(url_path, sizeof(url_path), "%s/%s", url, entry->d_name);
        if (a >= (int)sizeof(disk_path) || b >= (int)sizeof(url_path) || lstat(disk_path, &info) != 0) {
            continue;
        }
        if (S_ISDIR(info.st_mode)) {
            fine = load_folder(files, disk_path, url_path, depth + 1, error, error_bytes);
        } else if (S_ISREG(info.st_mode)) {
            fine = add_file(files, disk_path, url_path, (size_t)info.st_size, error, error_bytes);
        }
    }
    closedir(folder);
    return fine;
}

static int compare_paths(const void* a, const void* b) {
    return strcmp(((const InfHttpFile*)a)->path, ((const InfHttpFile*)b)->path);
}

bool inf_http_files_load(InfHttpFiles* files, const char* root, char* error, size_t error_bytes) {
    memset(files, 0, sizeof(*files));
    struct stat info;
    if (root == NULL || stat(root, &info) != 0) {
        return true;
    }
    if (!load_folder(files, root, "", 0, error, error_bytes)) {
        inf_http_files_free(files);
        return false;
    }
    if (files->count > 0) {
        qsort(files->files, files->count, sizeof(InfHttpFile), compare_paths);
    }
    return true;
}

void inf_http_files_free(InfHttpFiles* files) {
    for (size_t i = 0; i < files->count; i++) {
        free(files->files[i].path);
        free(files->files[i].bytes);
        free(files->files[i].zstd);
    }
    free(files->files);
    memset(files, 0, sizeof(*files));
}

const InfHttpFile* inf_http_files_find(const InfHttpFiles* files, const char* path) {
    if (files->count == 0) {
        return NULL;
    }
    InfHttpFile key = {.path = (char*)(strcmp(path, "/") == 0 ? "/index.html" : path)};
    return bsearch(&key, files->files, files->count, sizeof(InfHttpFile), compare_paths);
}
