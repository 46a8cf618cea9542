/// @file config.h
/// The settings of a galaxy: `galaxy/infinity.conf`, lines of `key = value`, `#` starts a comment. One table
/// (config.inl) gives the struct, the commented default file, the checks and `infinity help SETTING`.
/// Everything has a working default; an unknown key, a wrong value or a repeated key is an error with its line.
#ifndef INFINITY_CLI_CONFIG_H
#define INFINITY_CLI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CONFIG_TEXT_BYTES 2048

typedef struct InfConfig {
#define CONFIG_NUMBER(key, standard, min, max, comment) uint64_t key;
#define CONFIG_TEXT(key, standard, comment) char key[CONFIG_TEXT_BYTES];
#define CONFIG_CHOICE(key, standard, choices, comment) char key[CONFIG_TEXT_BYTES];
#include "config.inl"
#undef CONFIG_NUMBER
#undef CONFIG_TEXT
#undef CONFIG_CHOICE
} InfConfig;

typedef enum InfConfigKind { CONFIG_IS_NUMBER, CONFIG_IS_TEXT, CONFIG_IS_CHOICE } InfConfigKind;

/// One row of the table.
typedef struct InfConfigSetting {
    const char* key;
    InfConfigKind kind;
    uint64_t standard, min, max;  ///< of a number
    const char* standard_text;    ///< of a text or choice
    const char* choices;          ///< separated by blanks
    const char* comment;          ///< lines separated by \n
    size_t offset;                ///< in InfConfig
} InfConfigSetting;
extern const InfConfigSetting inf_config_settings[];
extern const size_t inf_config_setting_count;

/// Why a file was refused: `PATH:LINE: what, and what to do`.
typedef struct InfConfigError {
    char text[512];
} InfConfigError;

InfConfig inf_config_default(void);
/// Read `path` over the values in `config`. @return false with the reason; `config` is then as it was
bool inf_config_read(const char* path, InfConfig* config, InfConfigError* out_error);
/// The same from an open file; `path` is for messages.
bool inf_config_read_file(FILE* file, const char* path, InfConfig* config, InfConfigError* out_error);
/// Write the commented file with these values; never over an existing one. @return false: errno tells why
bool inf_config_write(const char* path, const InfConfig* config);

#endif
