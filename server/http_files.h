/// @file http_files.h
/// The browser client's files, read once at the start. What is not in this list cannot be asked for, so no path
/// trick reaches the disk.
#ifndef INFINITY_SERVER_HTTP_FILES_H
#define INFINITY_SERVER_HTTP_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct InfHttpFile {
    char* path;       ///< as in the URL, e.g. "/assets/main-4f3a.js"
    const char* type; ///< content type
    uint8_t* bytes;
    size_t byte_count;
    uint8_t* zstd;    ///< the same compressed, or null if that is not worth it
    size_t zstd_count;
    char etag[40];    ///< quoted
    bool immutable;   ///< its name carries a hash of its content
} InfHttpFile;

typedef struct InfHttpFiles {
    InfHttpFile* files; ///< sorted by path
    size_t count, capacity;
    size_t total_bytes;
} InfHttpFiles;

/// @return false with `error` written if the folder is there but cannot be read; a missing folder gives no files
bool inf_http_files_load(InfHttpFiles* files, const char* root, char* error, size_t error_bytes);
void inf_http_files_free(InfHttpFiles* files);
/// @param path decoded, without query; "/" finds index.html. @return null if there is none
const InfHttpFile* inf_http_files_find(const InfHttpFiles* files, const char* path);

#endif
