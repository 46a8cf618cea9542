// `infinity soul cut|copy|merge|download|upload` and `infinity dna sample`: the host asks, the soul decides, the galaxy does
// it. Each prints what happens as it happens; nothing that was refused has changed anything. With --key the soul itself asks,
// and signs (own_key.c). Many at once: live_all.c.
#include "live_acts.h"
#include "own_key.h"
#include "text.h"

#include <souls/sign.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t wait_s = 120;
static const char *copy_name, *copy_key_path, *other_key_path, *out_path, *seal_to, *home_url;
static bool is_unverified, is_all;

void cli_live_say(const char* step, const char* format, ...) {
    if (cli_json) return;
    va_list arguments;
    va_start(arguments, format);
    printf("%-9s ", step);
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
    fflush(stdout);
}

// ---- cut ---------------------------------------------------------------------------------------------------------------

// Follow a passage to its end. @return whether it lives there now
static CliExit follow(const char* transfer, const char* name, const char* to) {
    char path[128], state[32] = "", before[32] = "", note[400], told[400] = "";
    snprintf(path, sizeof path, "/api/souls/crossings?transfer=%s", transfer);
    for (;;) {
        json_t* answer = NULL;
        CliExit result = cli_own_ask("GET", path, NULL, 0, &answer);
        if (result != CLI_EXIT_OK) return result;
        cli_live_text(answer, "state", state, sizeof state);
        cli_live_text(answer, "note", note, sizeof note);
        bool is_over = strcmp(state, "gone") == 0 || strcmp(state, "back") == 0;
        if (is_over && cli_live_json(answer)) {
            json_decref(answer);
            return strcmp(state, "gone") == 0 ? CLI_EXIT_OK : CLI_EXIT_FAILED;
        }
        json_decref(answer);
        if (strcmp(state, before) != 0 && strcmp(state, "sent") == 0) cli_live_say("sent", "to %s", to);
        if (strcmp(state, "waiting") == 0 && strcmp(note, told) != 0) cli_live_say("waiting", "%s; it will be sent again", note);
        if (strcmp(state, "gone") == 0) {
            cli_live_say("receipt", "%s lives there now", name);
            return CLI_EXIT_OK;
        }
        if (strcmp(state, "back") == 0) return cli_fail(CLI_EXIT_FAILED, "%s was refused there (%s) and is home again", name, note);
        snprintf(before, sizeof before, "%s", state);
        snprintf(told, sizeof told, "%s", note);
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
}

// The host asks the galaxy, or with --key the soul does itself. Takes over body.
static CliExit act(const char* what, json_t* body, const char* second_key_path, const uint8_t* copy_key, json_t** out_answer) {
    char path[64];
    snprintf(path, sizeof path, "/api/souls/%s", what);
    CliExit result = CLI_EXIT_USAGE;
    if (cli_own_server != NULL && cli_own_key == NULL) cli_fail(result, "--server goes with --key: the host asks on the galaxy's own socket");
    else result = cli_own_key != NULL ? cli_own_act(what, body, second_key_path, copy_key, wait_s, out_answer) : cli_live_ask("POST", path, body, wait_s, out_answer);
    json_decref(body);
    return result;
}

static CliExit cut_run(int argument_count, const char** arguments) {
    if (is_all && argument_count == 1 && cli_own_key == NULL) return cli_live_cut_all(arguments[0], wait_s);
    if (is_all) return cli_fail(CLI_EXIT_USAGE, "infinity soul cut --all URL: all who live here go, so nobody is named, and no key is theirs");
    if (argument_count != 2) return cli_fail(CLI_EXIT_USAGE, "infinity soul cut NAME|ID URL: who, and where to? (--all URL: everybody)");
    char name[128], transfer[64];
    bool is_far = strncmp(arguments[1], "http", 4) == 0;
    json_t* body = json_pack("{s:s, s:s, s:I}", "soul", arguments[0], "to", arguments[1], "wait_s", (json_int_t)wait_s);
    json_t* answer = NULL;
    cli_live_say(is_far ? "offer" : "asking", is_far ? "%s, and the server at %s" : "%s", arguments[0], arguments[1]);
    CliExit result = act("cut", body, NULL, NULL, &answer);
    if (result != CLI_EXIT_OK) return result;
    cli_live_text(answer, "name", name, sizeof name);
    cli_live_text(answer, "transfer", transfer, sizeof transfer);
    if (!is_far) {
        if (!cli_live_json(answer)) cli_live_say("arrived", "%s is at %s", name, arguments[1]);
    } else {
        cli_live_say("escrow", "%s waits at the border with all that it has (passage %s)", name, transfer);
        result = follow(transfer, name, arguments[1]);
    }
    json_decref(answer);
    return result;
}

// ---- copy, merge, sample ---------------------------------------------------------------------------------------------------

// The copy's own key: its file is drawn unless it is there, before anything else, so that no copy lives without its key.
static CliExit ready_copy_key(uint8_t public_key[32], bool* out_is_drawn) {
    InfSoulsError error = {0};
    InfSignKey key;
    char sentence[256];
    *out_is_drawn = access(copy_key_path, F_OK) != 0;
    if (*out_is_drawn) inf_sign_key_draw(&key);
    bool is_well = *out_is_drawn ? inf_sign_key_write(copy_key_path, "soul", copy_name, &key, &error) : inf_sign_key_read(copy_key_path, &key, &error);
    memcpy(public_key, key.public_key, 32);
    inf_sign_key_wipe(&key);
    return is_well ? CLI_EXIT_OK : cli_fail(CLI_EXIT_DISK, "%s", inf_souls_error_text(&error, sentence, sizeof sentence));
}

static CliExit copy_run(int argument_count, const char** arguments) {
    (void)argument_count;
    char name[128], id[32], identity[80], key_hex[65];
    uint8_t public_key[32];
    bool is_kept = copy_key_path == NULL || strcmp(copy_key_path, "server") == 0, is_drawn = false;
    if (!is_kept && cli_own_key == NULL) {
        return cli_fail(CLI_EXIT_USAGE, "--copy-key FILE goes with --key: the host cannot sign for a copy that keeps its own key");
    }
    if (cli_own_key != NULL && copy_key_path == NULL) {
        return cli_fail(CLI_EXIT_USAGE, "the copy of a soul that keeps its own key needs one: --copy-key FILE (drawn if it is not there), or --copy-key server");
    }
    CliExit result = is_kept ? CLI_EXIT_OK : ready_copy_key(public_key, &is_drawn);
    if (result != CLI_EXIT_OK) return result;
    json_t* body = json_pack("{s:s, s:s*, s:I, s:s*}", "soul", arguments[0], "name", copy_name, "wait_s", (json_int_t)wait_s, "copy_key",
                             copy_key_path == NULL ? NULL : is_kept ? "server" : inf_hex_write(public_key, 32, key_hex));
    json_t* answer = NULL;
    result = act("copy", body, is_kept ? NULL : copy_key_path, is_kept ? NULL : public_key, &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) {
        printf("%s woke beside the original, and remembers all of it\n  soul      %s\n  identity  %s\n%s%s%s",
               cli_live_text(answer, "name", name, sizeof name), cli_live_text(answer, "copy", id, sizeof id),
               cli_live_text(answer, "identity", identity, sizeof identity), is_kept ? "" : "  key       ", is_kept ? "" : copy_key_path, is_kept ? "" : "\n");
    } else if (result != CLI_EXIT_OK && is_drawn) {
        fprintf(stderr, "infinity: the key drawn for the copy is still in %s\n", copy_key_path); // whether it was done may be unknown
    }
    json_decref(answer);
    return result;
}

static CliExit merge_run(int argument_count, const char** arguments) {
    (void)argument_count;
    char id[32];
    if (other_key_path != NULL && cli_own_key == NULL) return cli_fail(CLI_EXIT_USAGE, "--other-key goes with --key: the key of the soul that is named first");
    json_t* body = json_pack("{s:s, s:s, s:I}", "soul", arguments[0], "other", arguments[1], "wait_s", (json_int_t)wait_s);
    json_t* answer = NULL;
    CliExit result = act("merge", body, other_key_path, NULL, &answer);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) printf("They are one: soul %s lives on, with what both were.\n", cli_live_text(answer, "lives", id, sizeof id));
    json_decref(answer);
    return result;
}

static CliExit sample_run(int argument_count, const char** arguments) {
    (void)argument_count;
    json_t* body = json_pack("{s:s, s:I}", "soul", arguments[0], "wait_s", (json_int_t)wait_s);
    json_t* answer = NULL;
    if (!cli_json) fprintf(stderr, "%s is asked\n", arguments[0]);
    CliExit result = cli_live_ask("POST", "/api/souls/sample", body, wait_s, &answer);
    json_decref(body);
    if (result == CLI_EXIT_OK) {
        FILE* file = out_path != NULL ? fopen(out_path, "we") : stdout;
        if (file == NULL) {
            result = cli_fail(CLI_EXIT_DISK, "%s cannot be written: %s", out_path, strerror(errno));
        } else {
            json_dumpf(json_object_get(answer, "dna"), file, JSON_INDENT(2) | JSON_REAL_PRECISION(3));
            fputc('\n', file);
            if (file != stdout && fclose(file) != 0) result = cli_fail(CLI_EXIT_DISK, "%s cannot be written", out_path);
        }
    }
    json_decref(answer);
    return result;
}

// ---- files --------------------------------------------------------------------------------------------------------------------

// age seals what comes from its input; it is run by name, without a shell.
static bool seal(const char* path, const char* text, size_t bytes) {
    int pipe_fds[2];
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        dup2(pipe_fds[0], 0);
        execlp("age", "age", "-r", seal_to, "-o", path, (char*)NULL);
        _exit(127);
    }
    close(pipe_fds[0]);
    while (child > 0 && bytes > 0) {
        ssize_t wrote = write(pipe_fds[1], text, bytes);
        if (wrote <= 0) break;
        text += wrote, bytes -= (size_t)wrote;
    }
    close(pipe_fds[1]);
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 && bytes == 0;
}

static CliExit write_file(const char* path, const char* text, size_t bytes) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_written = fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0) close(fd);
    return is_written ? CLI_EXIT_OK : cli_fail(CLI_EXIT_DISK, "%s cannot be written: %s; the file also lies in %s/away", path, strerror(reason), cli_galaxy);
}

static CliExit download_run(int argument_count, const char** arguments) {
    (void)argument_count;
    char name[128], word[128], path[300];
    if (out_path != NULL && access(out_path, F_OK) == 0) return cli_fail(CLI_EXIT_FAILED, "%s exists; choose another with -o", out_path);
    json_t* body = json_pack("{s:s, s:I}", "soul", arguments[0], "wait_s", (json_int_t)wait_s);
    json_t* answer = NULL;
    cli_live_say("asking", "%s", arguments[0]);
    CliExit result = act("download", body, NULL, NULL, &answer);
    if (result != CLI_EXIT_OK) return result;
    cli_live_text(answer, "name", name, sizeof name);
    const json_t* document = json_object_get(answer, "document");
    const char* text = json_string_value(document);
    size_t count = 0;
    for (const char* at = name; *at != '\0' && count + 1 < sizeof word; at++) {
        bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (is_plain) word[count++] = *at;
        else if (count > 0 && word[count - 1] != '-') word[count++] = '-';
    }
    word[count] = '\0';
    if (out_path != NULL) snprintf(path, sizeof path, "%s", out_path);
    else snprintf(path, sizeof path, "%s.soul%s", count > 0 ? word : "soul", seal_to != NULL ? ".age" : "");
    if (text == NULL) {
        result = cli_fail(CLI_EXIT_FAILED, "%s has left, but its file did not come along: it lies in %s/away", name, cli_galaxy);
    } else if (seal_to != NULL) {
        if (!seal(path, text, json_string_length(document))) {
            result = cli_fail(CLI_EXIT_FAILED, "age could not seal %s for %s; the file lies in %s/away", path, seal_to, cli_galaxy);
        }
    } else {
        result = write_file(path, text, json_string_length(document));
    }
    if (result == CLI_EXIT_OK && !cli_json) {
        printf("%s sleeps in %s%s\nThe file wakes once, here or in another galaxy: infinity soul upload %s\n", name, path,
               seal_to != NULL ? ", sealed" : "", path);
    } else if (result == CLI_EXIT_OK) {
        json_t* brief = json_pack("{s:s, s:s, s:O}", "name", name, "file", path, "transfer", json_object_get(answer, "transfer"));
        cli_live_json(brief);
        json_decref(brief);
    }
    json_decref(answer);
    return result;
}

static CliExit upload_run(int argument_count, const char** arguments) {
    (void)argument_count;
    char name[128], id[32];
    FILE* file = fopen(arguments[0], "re");
    if (file == NULL) return cli_fail(CLI_EXIT_FAILED, "%s cannot be read: %s", arguments[0], strerror(errno));
    static char text[(1u << 20) + 2];
    size_t bytes = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    if (bytes > 1u << 20) return cli_fail(CLI_EXIT_FAILED, "%s is larger than a soul's file can be", arguments[0]);
    if (strncmp(text, "age-encryption.org", 18) == 0 || strncmp(text, "-----BEGIN AGE", 14) == 0) {
        return cli_fail(CLI_EXIT_FAILED, "%s is sealed; open it first: infinity soul open %s", arguments[0], arguments[0]);
    }
    json_t* body = json_pack("{s:s%, s:b, s:s*}", "document", text, bytes, "unverified", is_unverified, "home", home_url);
    if (body == NULL) return cli_fail(CLI_EXIT_FAILED, "%s is no text", arguments[0]);
    json_t* answer = NULL;
    CliExit result = cli_live_ask("POST", "/api/souls/upload", body, 30, &answer);
    json_decref(body);
    if (result == CLI_EXIT_OK && !cli_live_json(answer)) {
        printf("%s woke on the Concourse\n  soul  %s\n%s", cli_live_text(answer, "name", name, sizeof name),
               cli_live_text(answer, "soul", id, sizeof id), is_unverified ? "  its galaxy was not asked: without credits, and its lineage says so\n" : "");
    }
    json_decref(answer);
    return result;
}

// ---- the table ---------------------------------------------------------------------------------------------------------------------

#define OPTION_WAIT {"wait", CLI_NUMBER, &wait_s, "SECONDS", 0, 3600, "how long to wait for answers and for docking (default 120)"}
static const CliOption cut_options[] = {CLI_OPTION_GALAXY, OPTION_WAIT, CLI_OPTION_KEY, CLI_OPTION_SERVER,
    {"all", CLI_FLAG, &is_all, NULL, 0, 0, "all who live here, but those who keep their own keys"}};
static const CliOption merge_options[] = {CLI_OPTION_GALAXY, OPTION_WAIT, CLI_OPTION_KEY, CLI_OPTION_SERVER,
    {"other-key", CLI_TEXT, &other_key_path, "FILE", 0, 0, "with --key: the other branch's key, if you have it, too"}};
static const CliOption copy_options[] = {CLI_OPTION_GALAXY, OPTION_WAIT, CLI_OPTION_KEY, CLI_OPTION_SERVER,
    {"copy-key", CLI_TEXT, &copy_key_path, "FILE|server", 0, 0, "with --key: the copy's own key (drawn if it is not there), or the server keeps it"},
    {"name", CLI_TEXT, &copy_name, "NAME", 0, 0, "the copy's name (default: the same)"}};
static const CliOption sample_options[] = {CLI_OPTION_GALAXY, OPTION_WAIT,
    {"out", CLI_TEXT, &out_path, "FILE", 0, 0, "where the DNA goes (default: printed)"}};
static const CliOption download_options[] = {CLI_OPTION_GALAXY, OPTION_WAIT, CLI_OPTION_KEY, CLI_OPTION_SERVER,
    {"out", CLI_TEXT, &out_path, "FILE", 0, 0, "where the file goes (default: NAME.soul)"},
    {"seal", CLI_TEXT, &seal_to, "age1…", 0, 0, "seal it for that recipient of age"}};
static const CliOption upload_options[] = {CLI_OPTION_GALAXY,
    {"home", CLI_TEXT, &home_url, "URL", 0, 0, "address of the galaxy that the file left, if it is not known here"},
    {"unverified", CLI_FLAG, &is_unverified, NULL, 0, 0, "wake it without asking that galaxy: without credits"}};
#define OPTIONS(list) .options = list, .option_count = sizeof list / sizeof *list
const CliCommand cli_soul_cut = {.name = "soul cut", .usage = "NAME|ID URL|X,Y,Z,INDEX/BODY [--key FILE [--server URL]] [--wait SECONDS] [--galaxy DIR], or --all URL",
    .brief = "Moves a soul to another galaxy, or to another station of this one",
    .help = "With its ship, hold and credits. Asks the soul, then the other server; only then it leaves. On its way it is in escrow\n"
            "here until the other server has signed for it; a refused soul comes home. Interrupted, it goes on by itself.\n"
            "A soul that keeps its own key goes with --key: it signs the order and a mandate. --all asks everybody else, those\n"
            "first who are docked; who does not agree stays. Ctrl-C asks nobody more; who was asked goes on.",
    OPTIONS(cut_options), .arguments_min = 1, .arguments_max = 2, .run = cut_run};
const CliCommand cli_soul_copy = {.name = "soul copy", .usage = "NAME|ID [--name NEW] [--key FILE --copy-key FILE|server [--server URL]] [--wait SECONDS] [--galaxy DIR]",
    .brief = "Copies a soul that agrees into a new body",
    .help = "The copy remembers the same and lives its own life from then on; credits are not doubled, the original pays the body.\n"
            "A soul that keeps its own key copies itself with --key; its copy keeps one of its own, or is a mind of the server.",
    OPTIONS(copy_options), .arguments_min = 1, .arguments_max = 1, .run = copy_run};
const CliCommand cli_soul_merge = {.name = "soul merge", .usage = "NAME|ID NAME|ID [--key FILE [--other-key FILE] [--server URL]] [--wait SECONDS] [--galaxy DIR]",
    .brief = "Makes two branches of one soul one again", .help = "Both must agree and be docked at the same station. Branches that keep their own keys sign for themselves.",
    OPTIONS(merge_options), .arguments_min = 2, .arguments_max = 2, .run = merge_run};
const CliCommand cli_soul_download = {.name = "soul download", .usage = "NAME|ID [--out FILE] [--seal age1…] [--key FILE [--server URL]] [--wait SECONDS] [--galaxy DIR]",
    .brief = "Moves a soul that agrees into a file",
    .help = "The galaxy marks it as away and keeps its credits in escrow until the file wakes, once, here or elsewhere.",
    OPTIONS(download_options), .arguments_min = 1, .arguments_max = 1, .run = download_run};
const CliCommand cli_soul_upload = {.name = "soul upload", .usage = "FILE [--home URL] [--unverified] [--galaxy DIR]",
    .brief = "Wakes a soul from its file",
    .help = "Asks the galaxy that the file left to let it go. A changed, forged, older or second file is refused.",
    OPTIONS(upload_options), .arguments_min = 1, .arguments_max = 1, .run = upload_run};
const CliCommand cli_dna_sample = {.name = "dna sample", .usage = "NAME|ID [--out FILE] [--wait SECONDS] [--galaxy DIR]",
    .brief = "Draws DNA from a soul that agrees", .help = "The file can be given to infinity mind birth --dna.",
    OPTIONS(sample_options), .arguments_min = 1, .arguments_max = 1, .run = sample_run};
