// `infinity serve`: settings, then the server until Ctrl-C. What a host reads first is printed here.
#include "cli.h"
#include "config.h"
#include "keys.h"
#include "senses.h"
#include "text.h"

#include <server/server.h>
#include <shard/shards.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <sodium.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *config_path, *address, *web_folder;
static uint64_t port = UINT64_MAX;
static bool is_secluded, is_awake;
static const char* host_name;

static InfServer* running; // for the signal handler

static void stop(int signal_number) {
    (void)signal_number;
    inf_server_stop(running);
}

static bool is_new_galaxy(void) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/journal.db", cli_galaxy);
    return access(path, F_OK) != 0;
}

// --secluded, --awake and --host make a new galaxy what it is, whatever its settings say. One that is there knows by itself
// what it is; the server compares (kind_of_galaxy).
static CliExit kind_apply(InfConfig* config, bool is_fresh_file) {
    const char* wanted = is_secluded ? "secluded" : is_awake ? "awake" : NULL;
    if (is_secluded && is_awake) return cli_fail(CLI_EXIT_USAGE, "a galaxy is secluded or awake, not both");
    if (wanted != NULL) snprintf(config->kind, sizeof config->kind, "%s", wanted);
    if (!is_new_galaxy()) return CLI_EXIT_OK;
    if (host_name != NULL && strcmp(config->kind, "awake") != 0) {
        return cli_fail(CLI_EXIT_USAGE, "only an awake galaxy has a host: serve --awake --host NAME");
    }
    if (wanted != NULL && is_fresh_file) config->minds = 0;
    if (host_name != NULL) snprintf(config->host, sizeof config->host, "%s", host_name);
    if (strcmp(config->kind, "awake") == 0 && config->host[0] == '\0') {
        return cli_fail(CLI_EXIT_USAGE, "an awake galaxy needs a host: serve --awake --host NAME");
    }
    return CLI_EXIT_OK;
}

// What the galaxy is stands in its journal; settings that do not say so, or were changed, are no matter.
static CliExit kind_of_galaxy(InfShards* shards, InfConfig* config) {
    const InfWorld* heart = inf_shards_world(shards, 0);
    uint32_t kind = inf_world_header(heart)->galaxy_kind, count, host_index1 = inf_world_find_soul(heart, inf_world_header(heart)->host_soul);
    snprintf(config->kind, sizeof config->kind, "%s", inf_galaxy_kind_word(kind));
    if (kind != INF_GALAXY_KIND_AWAKE) {
        return host_name == NULL ? CLI_EXIT_OK
                                 : cli_fail(CLI_EXIT_CONFIG, "the galaxy in %s is %s and has no host; make an awake one: serve --awake --host NAME "
                                                             "--galaxy ANOTHER_FOLDER", cli_galaxy, config->kind);
    }
    if (host_index1 != 0) snprintf(config->host, sizeof config->host, "%s", (const char*)inf_world_souls(heart, &count)[host_index1 - 1].name);
    if (host_name != NULL && strcmp(config->host, host_name) != 0) {
        return cli_fail(CLI_EXIT_CONFIG, "the host of the galaxy in %s is %s, and stays so; make a new one: serve --awake --host NAME --galaxy "
                                         "ANOTHER_FOLDER", cli_galaxy, config->host);
    }
    return CLI_EXIT_OK;
}

// Read the settings; a new galaxy gets the commented file with the defaults.
static CliExit settings_read(InfConfig* config) {
    *config = inf_config_default();
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/infinity.conf", cli_galaxy);
    InfConfigError error;
    if (config_path == NULL && access(path, F_OK) != 0) {
        CliExit result = kind_apply(config, true);
        if (result != CLI_EXIT_OK) return result;
        if (mkdir(cli_galaxy, 0700) != 0 && errno != EEXIST) {
            return cli_fail(cli_exit_of_errno(errno), "the folder %s cannot be made: %s", cli_galaxy, strerror(errno));
        }
        if (!inf_config_write(path, config)) {
            return cli_fail(cli_exit_of_errno(errno), "%s cannot be written: %s", path, strerror(errno));
        }
    } else if (!inf_config_read(config_path != NULL ? config_path : path, config, &error)) {
        return cli_fail(CLI_EXIT_CONFIG, "%s", error.text);
    } else {
        CliExit result = kind_apply(config, false);
        if (result != CLI_EXIT_OK) return result;
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
        size_t bytes_of_path = strlen(path) + 1;
        if (access(file, R_OK) == 0 && bytes_of_path <= CONFIG_TEXT_BYTES) {
            memcpy(out, path, bytes_of_path);
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

// "galaxy/x" for a path inside the galaxy's folder, itself when it starts at the root.
static const char* path_in_galaxy(const char* path, char* out, size_t out_bytes) {
    if (path[0] == '\0') return NULL;
    if (path[0] == '/') snprintf(out, out_bytes, "%s", path);
    else snprintf(out, out_bytes, "%s/%s", cli_galaxy, path);
    return out;
}

// Cut at blanks, in place. @return how many words
static size_t words_cut(char* text, const char** out, size_t out_count) {
    size_t count = 0;
    for (char* word = strtok(text, " \t"); word != NULL && count < out_count; word = strtok(NULL, " \t")) out[count++] = word;
    return count;
}

static CliExit exit_of(const InfServerError* error) {
    switch (error->fault) {
    case INF_SERVER_OK: return CLI_EXIT_OK;
    case INF_SERVER_FAULT_ADDRESS: return CLI_EXIT_ADDRESS;
    case INF_SERVER_FAULT_SETTINGS: return CLI_EXIT_CONFIG;
    case INF_SERVER_FAULT_OTHER: return CLI_EXIT_FAILED;
    case INF_SERVER_FAULT_GALAXY: break;
    }
    return cli_exit_of(error->result);
}

static void replay_progress(void* user, uint64_t done_ticks, uint64_t all_ticks) {
    (void)user;
    if (all_ticks == 0 || !isatty(STDERR_FILENO)) return;
    int filled = (int)(30 * done_ticks / all_ticks);
    fprintf(stderr, "\r\x1b[K[");
    for (int i = 0; i < 30; i++) fputs(i < filled ? "#" : "-", stderr);
    fprintf(stderr, "] remembering: tick %" PRIu64 " of %" PRIu64, done_ticks, all_ticks);
    if (done_ticks >= all_ticks) fputs("\r\x1b[K", stderr);
    fflush(stderr);
}

// The galaxy's own keys, drawn when it is made. Nobody has an Architect's seat in a galaxy that is not open.
static CliExit keys_ensure(const InfConfig* config) {
    static const char* const owners[] = {"server", "architect"};
    size_t count = strcmp(config->kind, "open") == 0 ? 2 : 1;
    for (size_t i = 0; i < count; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s.key", cli_galaxy, owners[i]);
        if (!cli_key_ensure(path, owners[i], NULL)) {
            return cli_fail(cli_exit_of_errno(errno), "%s cannot be written: %s", path, strerror(errno));
        }
    }
    return CLI_EXIT_OK;
}

// An awake galaxy's host signs in by this key; its public half stands in the founding.
static CliExit host_key_read(uint8_t out[INF_KEY_BYTES]) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/host.key", cli_galaxy);
    if ((mkdir(cli_galaxy, 0700) != 0 && errno != EEXIST) || !cli_key_ensure(path, "host", host_name)) {
        return cli_fail(cli_exit_of_errno(errno), "%s cannot be written: %s", path, strerror(errno));
    }
    json_error_t error;
    json_t* key = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    const char* hex = json_string_value(json_object_get(key, "public_key"));
    size_t bytes = 0;
    bool is_key = hex != NULL && sodium_hex2bin(out, INF_KEY_BYTES, hex, strlen(hex), NULL, &bytes, NULL) == 0 && bytes == INF_KEY_BYTES;
    json_decref(key);
    return is_key ? CLI_EXIT_OK : cli_fail(CLI_EXIT_FAILED, "%s is no key; remove it to have a new one drawn", path);
}

static void greet(InfServer* server, const InfConfig* config, const char* url) {
    InfShards* shards = inf_server_get_shards(server);
    InfTotals totals;
    inf_shards_totals(shards, &totals);
    char key_path[PATH_MAX], real_path[PATH_MAX];
    snprintf(key_path, sizeof key_path, "%s/architect.key", cli_galaxy);
    const char* key = realpath(key_path, real_path);
    if (cli_json) {
        json_t* greeting = json_pack("{s:s, s:i, s:s, s:s, s:b, s:I, s:I, s:I, s:s*}", "address", url, "https_port",
                                     (int)inf_server_get_tls_port(server), "galaxy", cli_galaxy, "name", config->name,
                                     "created", (int)inf_shards_was_created(shards), "tick", (json_int_t)totals.tick, "minds",
                                     (json_int_t)totals.minds, "players", (json_int_t)totals.players, "architect_key", key);
        json_dumpf(greeting, stdout, JSON_COMPACT);
        json_decref(greeting);
        printf("\n");
        fflush(stdout);
        return;
    }
    char a[CLI_TEXT_BYTES], b[CLI_TEXT_BYTES], c[CLI_TEXT_BYTES];
    if (inf_shards_was_created(shards)) {
        printf("A new galaxy in %s, seed %" PRIu64 ".\n", cli_galaxy, config->seed);
    } else {
        printf("The galaxy in %s, tick %s (%s old).\n", cli_galaxy, cli_text_count(a, (int64_t)totals.tick),
               cli_text_seconds(b, totals.tick / INF_TICKS_PER_SECOND));
    }
    printf("\n  open            %s\n", url);
    bool awake = strcmp(config->kind, "awake") == 0;
    if (strcmp(config->kind, "open") != 0) {
        printf("  kind            %s%s%s\n", config->kind, awake ? ", host " : ": souls by invitation, no players", awake ? config->host : "");
    }
    if (awake) printf("  host's key      %s/host.key\n  token           %s/host.token (to feed the senses over HTTP)\n", cli_galaxy, cli_galaxy);
    printf("  population      %s minds, %s players, %s ships\n", cli_text_count(a, (int64_t)totals.minds),
           cli_text_count(b, (int64_t)totals.players), cli_text_count(c, (int64_t)totals.ships));
    if (key != NULL) printf("  Architect's key %s\n", key);
    printf("  settings        %s\n", config_path != NULL ? config_path : "infinity.conf in that folder");
    if (config->socket[0] != '\0') printf("  socket          %s\n", config->socket);
    unsigned tls_port = inf_server_get_tls_port(server);
    if (tls_port != 0) printf("  https           port %u\n", tls_port);
    if (awake) printf("  senses          lines on stdin, POST %s/api/senses\n", url);
    if (config->web[0] == '\0') printf("  (no page was found: build it with make web, or give --web DIR)\n");
    printf("\nCtrl-C saves and stops.\n");
    fflush(stdout);
}

static CliExit serve_with(InfConfig* config, InfServerDef* def) {
    InfServerError error = {0};
    InfServer* server = inf_server_create(def, &error);
    if (server == NULL) return cli_fail(exit_of(&error), "%s", error.text);
    char url[CONFIG_TEXT_BYTES + 32], address_path[PATH_MAX];
    const char* host = strcmp(config->address, "0.0.0.0") == 0 || strcmp(config->address, "::") == 0 ? "localhost" : config->address;
    snprintf(url, sizeof url, strchr(host, ':') != NULL ? "http://[%s]:%u" : "http://%s:%u", host, (unsigned)inf_server_get_port(server));
    snprintf(address_path, sizeof address_path, "%s/address", cli_galaxy);

    CliExit result = kind_of_galaxy(inf_server_get_shards(server), config);
    if (result == CLI_EXIT_OK) result = keys_ensure(config);
    if (result != CLI_EXIT_OK) {
        inf_server_destroy(server);
        return result;
    }
    running = server;
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    greet(server, config, url);
    if (strcmp(config->kind, "awake") == 0 && !cli_senses_start()) {
        fprintf(stderr, "infinity: no thread for stdin; feed the senses through the admin socket or HTTP\n");
    }
    if (!address_write(url)) {
        result = cli_fail(cli_exit_of_errno(errno), "%s cannot be written: %s", address_path, strerror(errno));
    } else {
        InfServerFault fault = inf_server_run(server, &error);
        if (fault != INF_SERVER_OK) result = cli_fail(exit_of(&error), "%s", error.text);
    }
    uint64_t tick = inf_shards_now(inf_server_get_shards(server));
    inf_server_destroy(server);
    running = NULL;
    unlink(address_path);
    char a[CLI_TEXT_BYTES];
    if (result == CLI_EXIT_OK && !cli_json) printf("\nSaved at tick %s. Everyone will be where they were.\n", cli_text_count(a, (int64_t)tick));
    return result;
}

static CliExit serve_run(int argument_count, const char** arguments) {
    (void)argument_count, (void)arguments;
    InfConfig config;
    CliExit result = settings_read(&config);
    if (result != CLI_EXIT_OK) return result;
    if (config.web[0] == '\0') web_find(config.web);

    char socket_path[PATH_MAX], certificate_path[PATH_MAX], tls_key_path[PATH_MAX], ca_path[PATH_MAX];
    char origins[CONFIG_TEXT_BYTES], hosts[CONFIG_TEXT_BYTES];
    const char *origin_words[32], *host_words[32];
    snprintf(origins, sizeof origins, "%s", config.origins);
    snprintf(hosts, sizeof hosts, "%s", config.hosts);
    InfServerDef def = inf_server_def_default();
    def.folder = cli_galaxy;
    def.name = config.name;
    def.host = config.address;
    def.port = (uint16_t)config.port;
    def.unix_path = path_in_galaxy(config.socket, socket_path, sizeof socket_path);
    def.tls_certificate = path_in_galaxy(config.tls_certificate, certificate_path, sizeof certificate_path);
    def.tls_key = path_in_galaxy(config.tls_key, tls_key_path, sizeof tls_key_path);
    def.tls_port = (uint16_t)config.tls_port;
    def.border.open = strcmp(config.border, "open") == 0 ? INF_BORDER_OPEN : strcmp(config.border, "peers") == 0 ? INF_BORDER_PEERS : INF_BORDER_CLOSED;
    def.border.private_addresses = strcmp(config.border_private, "all") == 0    ? INF_BORDER_PRIVATE_ALL
                                   : strcmp(config.border_private, "host") == 0 ? INF_BORDER_PRIVATE_HOST
                                                                                : INF_BORDER_PRIVATE_NONE;
    def.border.peers = config.border_peers;
    def.border.claim_max = (int64_t)config.border_claim_max;
    def.border.url = config.border_url;
    def.border.ca_file = path_in_galaxy(config.border_ca, ca_path, sizeof ca_path);
    def.border.retry_ms = (uint32_t)config.border_retry_ms;
    def.border.kill_at = getenv("INFINITY_KILL_AT"); // for tests of what a crash may break
    def.web_root = config.web[0] != '\0' ? config.web : NULL;
    def.origins = origin_words;
    def.origin_count = words_cut(origins, origin_words, 32);
    def.hosts = host_words;
    def.host_count = words_cut(hosts, host_words, 32);
    def.players_max = (uint32_t)config.players;
    def.sockets_per_address = (uint32_t)config.players_per_address;
    def.seed = config.seed;
    def.minds = (uint32_t)config.minds;
    def.kind = strcmp(config.kind, "awake") == 0 ? INF_GALAXY_KIND_AWAKE : strcmp(config.kind, "secluded") == 0 ? INF_GALAXY_KIND_SECLUDED : INF_GALAXY_KIND_OPEN;
    def.kind_is_wanted = is_secluded || is_awake || def.kind != INF_GALAXY_KIND_OPEN;
    def.host_soul = config.host;
    if (def.kind == INF_GALAXY_KIND_AWAKE && is_new_galaxy() && (result = host_key_read(def.host_key)) != CLI_EXIT_OK) return result;
    def.threads = (uint32_t)config.threads;
    def.tick_ms = (uint32_t)config.tick_ms;
    def.tick_budget_percent = (uint32_t)config.tick_budget_percent;
    def.tick_late_percent = (uint32_t)config.tick_late_percent;
    def.snapshot_ticks = (uint32_t)(config.snapshot_minutes * 60 * INF_TICKS_PER_SECOND);
    def.log_style = strcmp(config.log, "json") == 0 ? INF_LOG_JSON : strcmp(config.log, "text") == 0 ? INF_LOG_TEXT : INF_LOG_AUTO;
    def.progress = replay_progress;
    return serve_with(&config, &def);
}

static const CliOption options[] = {
    CLI_OPTION_GALAXY,
    {"config", CLI_TEXT, &config_path, "FILE", 0, 0, "the settings (default: GALAXY/infinity.conf, made if absent)"},
    {"address", CLI_TEXT, &address, "ADDRESS", 0, 0, "where to listen, before the setting of that name"},
    {"port", CLI_NUMBER, &port, "N", 0, 65535, "port, before the setting of that name; 0: any free one"},
    {"secluded", CLI_FLAG, &is_secluded, NULL, 0, 0, "make a galaxy for souls by invitation: no players, not listed"},
    {"awake", CLI_FLAG, &is_awake, NULL, 0, 0, "make an awake galaxy: one host, its passengers, senses from outside"},
    {"host", CLI_TEXT, &host_name, "NAME", 0, 0, "who hosts an awake galaxy"},
    {"web", CLI_TEXT, &web_folder, "DIR", 0, 0, "folder of the page, before the setting of that name"},
};
const CliCommand cli_serve = {
    .name = "serve",
    .usage = "[--galaxy DIR] [--config FILE] [--address ADDRESS] [--port N] [--web DIR] [--secluded | --awake --host NAME]",
    .brief = "Serves a galaxy; makes one if there is none",
    .help = "Prints the address to open, the population, and where the Architect's key lies. Ctrl-C saves and stops.\n"
            "Killed at any moment, it goes on from the last tick that anyone was told about.\n"
            "\n"
            "--secluded and --awake say what a new galaxy is; one that is there stays what it is. An awake galaxy\n"
            "perceives what is fed to it: lines on stdin (text, or JSON like {\"text\": ..., \"source\": ...,\n"
            "\"picture\": file}) and POST /api/senses; docs/awake.md has all of it.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 0,
    .arguments_max = 0,
    .run = serve_run,
};
