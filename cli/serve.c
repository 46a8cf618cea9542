// `infinity serve`: settings, then the server until Ctrl-C. What a host reads first is printed here.
#include "cli.h"
#include "config.h"
#include "text.h"

#include <server/server.h>
#include <shard/shards.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *config_path, *address, *web_folder;
static uint64_t port = UINT64_MAX;

static InfServer* running; // for the signal handler

static void stop(int signal_number) {
    (void)signal_number;
    inf_server_stop(running);
}

static CliExit exit_of_errno(int reason) {
    return reason == ENOSPC || reason == EDQUOT || reason == EIO || reason == EROFS ? CLI_EXIT_DISK : CLI_EXIT_FAILED;
}

// Read the settings; a new galaxy gets the commented file with the defaults.
static CliExit settings_read(InfConfig* config) {
    *config = inf_config_default();
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/infinity.conf", cli_galaxy);
    InfConfigError error;
    if (config_path == NULL && access(path, F_OK) != 0) {
        if (mkdir(cli_galaxy, 0755) != 0 && errno != EEXIST) {
            return cli_fail(exit_of_errno(errno), "the folder %s cannot be made: %s", cli_galaxy, strerror(errno));
        }
        if (!inf_config_write(path, config)) {
            return cli_fail(exit_of_errno(errno), "%s cannot be written: %s", path, strerror(errno));
        }
    } else if (!inf_config_read(config_path != NULL ? config_path : path, config, &error)) {
        return cli_fail(CLI_EXIT_CONFIG, "%s", error.text);
    }
    if (address != NULL) snprintf(config->address, sizeof config->address, "%s", address);
    if (port != UINT64_MAX) config->port = port;
    if (web_folder != NULL) snprintf(config->web, sizeof config->web, "%s", web_folder);
    return CLI_EXIT_OK;
}

// Where the page lies when no setting says so: beside the sources, or where it was installed.
static void web_find(char out[CONFIG_TEXT_BYTES]) {
    static const char* const candidates[] = {"../../../web/dist", "../share/infinity/web", "web/dist"};
    char program[PATH_MAX], path[PATH_MAX + 64];
    ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 1);
    program[bytes > 0 ? bytes : 0] = '\0';
    char* slash = strrchr(program, '/');
    if (slash != NULL) *slash = '\0';
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        char file[PATH_MAX + 128];
        bool is_beside = candidates[i][0] == '.';
        snprintf(path, sizeof path, "%s%s%s", is_beside ? program : "", is_beside ? "/" : "", candidates[i]);
        snprintf(file, sizeof file, "%s/index.html", path);
        if (access(file, R_OK) == 0 && strlen(path) < CONFIG_TEXT_BYTES) {
            snprintf(out, CONFIG_TEXT_BYTES, "%s", path);
            return;
        }
    }
    out[0] = '\0';
}

// GALAXY/address tells other commands, and people, what is being served.
static bool address_write(const char* url) {
    char path[PATH_MAX], fresh[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/address", cli_galaxy);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE* file = fopen(fresh, "we");
    if (file == NULL) return false;
    fprintf(file, "%s\n", url);
    return fclose(file) == 0 && rename(fresh, path) == 0;
}
