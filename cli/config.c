// The configuration file; see config.h. The table makes both directions, so file and program cannot differ.
#include "config.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 2304

const InfConfigSetting inf_config_settings[] = {
#define CONFIG_NUMBER(key, standard, min, max, comment)                                                  \
    {#key, CONFIG_IS_NUMBER, standard, min, max, "", "", comment, offsetof(InfConfig, key)},
#define CONFIG_TEXT(key, standard, comment)                                                              \
    {#key, CONFIG_IS_TEXT, 0, 0, 0, standard, "", comment, offsetof(InfConfig, key)},
#define CONFIG_CHOICE(key, standard, choices, comment)                                                   \
    {#key, CONFIG_IS_CHOICE, 0, 0, 0, standard, choices, comment, offsetof(InfConfig, key)},
#include "config.inl"
#undef CONFIG_NUMBER
#undef CONFIG_TEXT
#undef CONFIG_CHOICE
};
const size_t inf_config_setting_count = sizeof inf_config_settings / sizeof *inf_config_settings;

static void* field(InfConfig* config, const InfConfigSetting* setting) { return (char*)config + setting->offset; }

InfConfig inf_config_default(void) {
    InfConfig config;
    memset(&config, 0, sizeof config);
    for (size_t i = 0; i < inf_config_setting_count; i++) {
        const InfConfigSetting* setting = &inf_config_settings[i];
        if (setting->kind == CONFIG_IS_NUMBER) *(uint64_t*)field(&config, setting) = setting->standard;
        else snprintf(field(&config, setting), CONFIG_TEXT_BYTES, "%s", setting->standard_text);
    }
    return config;
}

static char* trim(char* text) {
    while (isspace((unsigned char)*text)) text++;
    char* end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1])) end--;
    *end = '\0';
    return text;
}

static bool is_choice(const char* value, const char* choices) {
    size_t value_bytes = strlen(value);
    for (const char* at = choices; *at != '\0';) {
        size_t word_bytes = strcspn(at, " ");
        if (word_bytes == value_bytes && memcmp(at, value, word_bytes) == 0) return true;
        at += word_bytes;
        while (*at == ' ') at++;
    }
    return false;
}

// Put a value into its field. @return null, or a printf-made reason in `reason`
static const char* value_set(InfConfig* config, const InfConfigSetting* setting, const char* value, char* reason,
                             size_t reason_bytes) {
    switch (setting->kind) {
    case CONFIG_IS_NUMBER:
        if (cli_text_read_u64(value, setting->min, setting->max, field(config, setting))) return NULL;
        snprintf(reason, reason_bytes, "%s wants a whole number from %" PRIu64 " to %" PRIu64 ", not \"%.64s\"",
                 setting->key, setting->min, setting->max, value);
        return reason;
    case CONFIG_IS_CHOICE:
        if (!is_choice(value, setting->choices)) {
            snprintf(reason, reason_bytes, "%s is one of: %s; not \"%.64s\"", setting->key, setting->choices, value);
            return reason;
        }
        break;
    case CONFIG_IS_TEXT:
        if (strlen(value) >= CONFIG_TEXT_BYTES) {
            snprintf(reason, reason_bytes, "the value of %s is longer than %d bytes", setting->key,
                     CONFIG_TEXT_BYTES - 1);
            return reason;
        }
        for (const char* at = value; *at != '\0'; at++) {
            if ((unsigned char)*at < 0x20 || *at == 0x7f) {
                snprintf(reason, reason_bytes, "the value of %s has a control character in it", setting->key);
                return reason;
            }
        }
        break;
    }
    snprintf(field(config, setting), CONFIG_TEXT_BYTES, "%s", value);
    return NULL;
}

static const InfConfigSetting* setting_find(const char* key, const char** out_nearest) {
    const char* keys[64];
    for (size_t i = 0; i < inf_config_setting_count; i++) {
        keys[i] = inf_config_settings[i].key;
        if (strcmp(keys[i], key) == 0) return &inf_config_settings[i];
    }
    *out_nearest = cli_text_nearest(key, keys, inf_config_setting_count);
    return NULL;
}

bool inf_config_read_file(FILE* file, const char* path, InfConfig* config, InfConfigError* out_error) {
    _Static_assert(sizeof inf_config_settings / sizeof *inf_config_settings <= 64, "setting_find and seen_line");
    InfConfig fresh = *config;
    int seen_line[64] = {0}, line_number = 0;
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, file) != NULL) {
        line_number++;
        if (strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n') {
            snprintf(out_error->text, sizeof out_error->text, "%s:%d: the line is longer than %d bytes", path,
                     line_number, LINE_BYTES - 2);
            return false;
        }
        // A comment starts the line or follows a blank, so that a value may hold a #.
        for (char* at = line; *at != '\0'; at++) {
            if (*at == '#' && (at == line || isspace((unsigned char)at[-1]))) {
                *at = '\0';
                break;
            }
        }
        char* key = trim(line);
        if (*key == '\0') continue;
        char* equals = strchr(key, '=');
        if (equals == NULL) {
            snprintf(out_error->text, sizeof out_error->text, "%s:%d: not `key = value`: %.64s", path, line_number, key);
            return false;
        }
        *equals = '\0';
        key = trim(key);
        const char* value = trim(equals + 1);
        const char* nearest = NULL;
        const InfConfigSetting* setting = setting_find(key, &nearest);
        if (setting == NULL) {
            snprintf(out_error->text, sizeof out_error->text, "%s:%d: there is no setting \"%.64s\"%s%s%s", path,
                     line_number, key, nearest != NULL ? "; did you mean \"" : "; infinity help settings lists them",
                     nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
            return false;
        }
        size_t index = (size_t)(setting - inf_config_settings);
        if (seen_line[index] != 0) {
            snprintf(out_error->text, sizeof out_error->text, "%s:%d: %s was set in line %d already; keep one", path,
                     line_number, key, seen_line[index]);
            return false;
        }
        seen_line[index] = line_number;
        char reason[384];
        if (value_set(&fresh, setting, value, reason, sizeof reason) != NULL) {
            snprintf(out_error->text, sizeof out_error->text, "%s:%d: %s", path, line_number, reason);
            return false;
        }
    }
    if (ferror(file)) {
        snprintf(out_error->text, sizeof out_error->text, "%s: cannot be read: %s", path, strerror(errno));
        return false;
    }
    *config = fresh;
    return true;
}

bool inf_config_read(const char* path, InfConfig* config, InfConfigError* out_error) {
    FILE* file = fopen(path, "re");
    if (file == NULL) {
        snprintf(out_error->text, sizeof out_error->text, "%s: cannot be opened: %s", path, strerror(errno));
        return false;
    }
    bool is_read = inf_config_read_file(file, path, config, out_error);
    fclose(file);
    return is_read;
}

bool inf_config_write(const char* path, const InfConfig* config) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    FILE* file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL) {
        if (fd >= 0) close(fd);
        return false;
    }
    fprintf(file, "# Settings of this galaxy. Each line is `key = value`; what stands here is the default.\n"
                  "# `infinity help settings` explains them; a change takes effect at the next start.\n");
    for (size_t i = 0; i < inf_config_setting_count; i++) {
        const InfConfigSetting* setting = &inf_config_settings[i];
        fputs("\n# ", file);
        for (const char* at = setting->comment; *at != '\0'; at++) {
            if (*at == '\n') fputs("\n# ", file);
            else fputc(*at, file);
        }
        InfConfig* mutable_config = (InfConfig*)(uintptr_t)config;
        if (setting->kind == CONFIG_IS_NUMBER) {
            fprintf(file, "\n%s = %" PRIu64 "\n", setting->key, *(uint64_t*)field(mutable_config, setting));
        } else {
            const char* text = field(mutable_config, setting);
            fprintf(file, "\n%s =%s%s\n", setting->key, text[0] != '\0' ? " " : "", text);
        }
    }
    bool is_written = fflush(file) == 0 && fsync(fd) == 0 && !ferror(file);
    int reason = errno;
    if (fclose(file) != 0) is_written = false;
    if (!is_written) {
        unlink(path);
        errno = reason;
    }
    return is_written;
}
