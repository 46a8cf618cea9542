// Pictures by the hash of their content, so that nothing is kept twice and a name cannot lie; see senses.h.
#include "server/senses.h"

#include <infinity/text.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEX_BYTES (2 * INF_PICTURE_HASH_BYTES + 1)
#define SWEEP_AGE_S (24 * 60 * 60)

const char* inf_picture_type(const uint8_t* bytes, size_t byte_count) {
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, jpeg[] = {0xff, 0xd8, 0xff};
    if (byte_count >= 24 && memcmp(bytes, png, sizeof(png)) == 0 && memcmp(bytes + 12, "IHDR", 4) == 0) {
        return "image/png";
    }
    if (byte_count >= 4 && memcmp(bytes, jpeg, sizeof(jpeg)) == 0) {
        return "image/jpeg";
    }
    if (byte_count >= 16 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBPVP8", 7) == 0) {
        return "image/webp";
    }
    return NULL;
}

static void path_of(const char* folder, const uint8_t hash[INF_PICTURE_HASH_BYTES], char out[PATH_MAX]) {
    char hex[HEX_BYTES];
    sodium_bin2hex(hex, sizeof(hex), hash, INF_PICTURE_HASH_BYTES);
    snprintf(out, PATH_MAX, "%s/senses/%s", folder, hex);
}

static bool write_all(int fd, const uint8_t* bytes, size_t byte_count) {
    while (byte_count > 0) {
        ssize_t written = write(fd, bytes, byte_count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes += written;
        byte_count -= (size_t)written;
    }
    return true;
}

static bool sync_folder(const char* path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return fine;
}

/// Whole and durable under its name, or not at all.
static bool write_file(const char* folder, const char* path, mode_t mode, const uint8_t* bytes, size_t byte_count) {
    static _Atomic unsigned count;
    char fresh[PATH_MAX + 32];
    snprintf(fresh, sizeof(fresh), "%s.%d.%u.new", path, (int)getpid(), count++);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) {
        return false;
    }
    bool fine = write_all(fd, bytes, byte_count) && fsync(fd) == 0;
    fine = close(fd) == 0 && fine && rename(fresh, path) == 0 && sync_folder(folder);
    if (!fine) {
        int reason = errno;
        unlink(fresh);
        errno = reason;
    }
    return fine;
}

const char* inf_picture_keep(const char* folder, const uint8_t* bytes, size_t byte_count, uint8_t hash[INF_PICTURE_HASH_BYTES]) {
    char senses[PATH_MAX], path[PATH_MAX];
    if (byte_count > INF_PICTURE_BYTES_MAX) {
        return "A picture may have 2 MiB at most.";
    }
    if (inf_picture_type(bytes, byte_count) == NULL) {
        return "That is no PNG, JPEG or WebP by its first bytes.";
    }
    crypto_hash_sha256(hash, bytes, byte_count);
    snprintf(senses, sizeof(senses), "%s/senses", folder);
    path_of(folder, hash, path);
    if (access(path, F_OK) == 0) {
        return NULL;
    }
    if ((mkdir(senses, 0700) != 0 && errno != EEXIST) || !write_file(senses, path, 0600, bytes, byte_count)) {
        return errno == ENOSPC || errno == EDQUOT ? "The disk is full; the picture was not kept."
                                                  : "The picture could not be written into the galaxy's folder.";
    }
    return NULL;
}

bool inf_picture_is_kept(const char* folder, const uint8_t hash[INF_PICTURE_HASH_BYTES]) {
    char path[PATH_MAX];
    path_of(folder, hash, path);
    return access(path, R_OK) == 0;
}

static bool read_hash(const char* hex, uint8_t hash[INF_PICTURE_HASH_BYTES]) {
    size_t bytes = 0;
    if (strlen(hex) != HEX_BYTES - 1 || strspn(hex, "0123456789abcdef") != HEX_BYTES - 1) {
        return false;
    }
    return sodium_hex2bin(hash, INF_PICTURE_HASH_BYTES, hex, HEX_BYTES - 1, NULL, &bytes, NULL) == 0 &&
           bytes == INF_PICTURE_HASH_BYTES;
}

uint8_t* inf_picture_load(const char* folder, const char* hex, size_t* byte_count) {
    uint8_t hash[INF_PICTURE_HASH_BYTES];
    char path[PATH_MAX];
    if (!read_hash(hex, hash)) {
        return NULL;
    }
    path_of(folder, hash, path);
    FILE* file = fopen(path, "re");
    if (file == NULL) {
        return NULL;
    }
    uint8_t* bytes = malloc(INF_PICTURE_BYTES_MAX + 1);
    *byte_count = bytes != NULL ? fread(bytes, 1, INF_PICTURE_BYTES_MAX + 1, file) : 0;
    fclose(file);
    if (bytes != NULL && (*byte_count > INF_PICTURE_BYTES_MAX || inf_picture_type(bytes, *byte_count) == NULL)) {
        free(bytes); // somebody has put something else there
        return NULL;
    }
    return bytes;
}

size_t inf_pictures_sweep(const char* folder, bool (*is_needed)(void* user, const uint8_t hash[INF_PICTURE_HASH_BYTES]), void* user) {
    char senses[PATH_MAX], path[PATH_MAX + 300];
    snprintf(senses, sizeof(senses), "%s/senses", folder);
    DIR* dir = opendir(senses);
    size_t removed = 0;
    if (dir == NULL) {
        return 0;
    }
    time_t now = time(NULL);
    for (struct dirent* entry; (entry = readdir(dir)) != NULL;) {
        uint8_t hash[INF_PICTURE_HASH_BYTES];
        struct stat info;
        snprintf(path, sizeof(path), "%s/%s", senses, entry->d_name);
        bool is_left_over = strstr(entry->d_name, ".new") != NULL;
        if ((!is_left_over && !read_hash(entry->d_name, hash)) || stat(path, &info) != 0 || info.st_mtime + SWEEP_AGE_S > now) {
            continue;
        }
        if (is_left_over || !is_needed(user, hash)) {
            removed += unlink(path) == 0;
        }
    }
    closedir(dir);
    return removed;
}

// ---- the token ------------------------------------------------------------------------------------------------

static bool is_token(const char* text) {
    return strlen(text) == INF_HOST_TOKEN_BYTES - 1 && strspn(text, "0123456789abcdef") == INF_HOST_TOKEN_BYTES - 1;
}

const char* inf_host_token_ensure(const char* folder, char out[INF_HOST_TOKEN_BYTES]) {
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/host.token", folder);
    FILE* file = fopen(path, "re");
    if (file != NULL) {
        char line[INF_HOST_TOKEN_BYTES + 8] = "";
        bool is_read = fgets(line, sizeof(line), file) != NULL;
        fclose(file);
        line[strcspn(line, "\r\n")] = '\0';
        if (!is_read || !is_token(line)) {
            return "host.token in the galaxy's folder is no token (64 hexadecimal digits); remove it to have a new one drawn";
        }
        memcpy(out, line, INF_HOST_TOKEN_BYTES);
        return NULL;
    }
    uint8_t bytes[(INF_HOST_TOKEN_BYTES - 1) / 2], text[INF_HOST_TOKEN_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2hex(out, INF_HOST_TOKEN_BYTES, bytes, sizeof(bytes));
    memcpy(text, out, INF_HOST_TOKEN_BYTES - 1);
    text[INF_HOST_TOKEN_BYTES - 1] = '\n';
    return write_file(folder, path, 0600, text, sizeof(text)) ? NULL : "host.token cannot be written into the galaxy's folder";
}

// ---- the form -------------------------------------------------------------------------------------------------

/// One line: blanks and line ends in a run become one blank, none at the ends. @return malloc'd
static char* one_line(const char* text) {
    char* line = malloc(strlen(text) + 1);
    size_t count = 0;
    bool is_blank = true;
    for (const char* at = text; line != NULL && *at != '\0'; at++) {
        bool blank = *at == ' ' || (*at >= '\t' && *at <= '\r');
        if (!blank) {
            line[count++] = *at;
        } else if (!is_blank) {
            line[count++] = ' ';
        }
        is_blank = blank;
    }
    if (line != NULL) {
        count -= count > 0 && line[count - 1] == ' ';
        line[count] = '\0';
    }
    return line;
}

static const char* check_text(const char* text, size_t bytes_max, const char* too_long, const char* bad) {
    size_t bytes = strlen(text);
    if (bytes > bytes_max) {
        return too_long;
    }
    return bytes != 0 && inf_text_check(text, bytes, bytes_max) != INF_TEXT_OK ? bad : NULL;
}

const char* inf_sense_read(const json_t* body, json_t** out) {
    static const char* const kinds[] = {"text", "picture", "transcript"};
    *out = NULL;
    if (!json_is_object(body)) {
        return "A sense is a JSON object like {\"text\": \"rain on the window\"}.";
    }
    const char* key;
    json_t* value;
    json_object_foreach((json_t*)body, key, value) {
        if (strcmp(key, "kind") != 0 && strcmp(key, "source") != 0 && strcmp(key, "text") != 0 && strcmp(key, "picture") != 0) {
            return "A sense has kind, source, text and picture, and nothing else.";
        }
        if (!json_is_string(value)) {
            return "kind, source, text and picture are texts.";
        }
    }
    const char* kind_word = json_string_value(json_object_get(body, "kind"));
    const char* picture = json_string_value(json_object_get(body, "picture"));
    int kind = picture != NULL ? 1 : 0;
    if (kind_word != NULL) {
        for (kind = 0; kind < 3 && strcmp(kinds[kind], kind_word) != 0; kind++) {
        }
        if (kind == 3) {
            return "kind is one of: text, picture, transcript.";
        }
    }
    uint8_t hash[INF_PICTURE_HASH_BYTES];
    if ((kind == 1) != (picture != NULL) || (picture != NULL && !read_hash(picture, hash))) {
        return "A picture, and only that, has \"picture\": the hash that posting its bytes gave.";
    }
    const char* said = json_string_value(json_object_get(body, "text"));
    const char* from = json_string_value(json_object_get(body, "source"));
    char* text = one_line(said != NULL ? said : "");
    char* source = one_line(from != NULL ? from : "");
    const char* wrong = text == NULL || source == NULL ? "Out of memory." : NULL;
    if (wrong == NULL && kind != 1 && text[0] == '\0') {
        wrong = "text is missing or empty.";
    }
    if (wrong == NULL) {
        wrong = check_text(text, INF_SENSE_BYTES - 1, "text has 479 bytes at most; send a long one in parts.",
                           "text has characters that cannot be shown.");
    }
    if (wrong == NULL) {
        wrong = check_text(source, INF_SENSE_SOURCE_BYTES - 1, "source has 31 bytes at most.", "source has characters that cannot be shown.");
    }
    if (wrong == NULL) {
        *out = json_pack("{s:i, s:s, s:s, s:s*}", "kind", kind, "source", source, "text", text, "hash", picture);
        wrong = *out == NULL ? "text and source must be UTF-8." : NULL;
    }
    free(text);
    free(source);
    return wrong;
}

void inf_sense_to_input(const json_t* sense, InfInputSense* out) {
    const char *text = json_string_value(json_object_get(sense, "text")), *hash = json_string_value(json_object_get(sense, "hash"));
    memset(out, 0, sizeof(*out));
    out->kind = (uint8_t)json_integer_value(json_object_get(sense, "kind"));
    snprintf(out->source, sizeof(out->source), "%s", json_string_value(json_object_get(sense, "source")));
    out->text_bytes = (uint16_t)strlen(text);
    memcpy(out->text, text, strlen(text));
    if (hash != NULL) {
        sodium_hex2bin(out->hash, sizeof(out->hash), hash, strlen(hash), NULL, NULL, NULL);
    }
}

const char* inf_sense_check(const InfInputSense* sense) {
    bool is_picture = sense->kind == INF_SENSE_PICTURE;
    if (sense->kind >= INF_SENSE_SAID || (!is_picture && sense->text_bytes == 0) || sense->text_bytes >= INF_SENSE_BYTES) {
        return "A sense is a text, a picture or a transcript of up to 479 bytes";
    }
    if (sense->text_bytes > 0 && inf_text_check((const char*)sense->text, sense->text_bytes, INF_SENSE_BYTES - 1) != INF_TEXT_OK) {
        return "The text has characters that cannot be shown";
    }
    size_t source_bytes = strnlen(sense->source, sizeof(sense->source));
    if (source_bytes == sizeof(sense->source) ||
        (source_bytes > 0 && inf_text_check(sense->source, source_bytes, INF_SENSE_SOURCE_BYTES - 1) != INF_TEXT_OK)) {
        return "The source has characters that cannot be shown";
    }
    return sodium_is_zero(sense->hash, sizeof(sense->hash)) == is_picture
               ? "A picture, and only that, names the hash of one that was posted to /api/senses"
               : NULL;
}
