// `infinity backup DIR`: a copy of a galaxy that can be served, made while the galaxy is served or not.
// The journal copies itself (SQLite's backup) and its newest snapshots and verifies the copy; keys and
// settings are added here, private ones readable by the owner only.
#include "cli.h"
#include "text.h"

#include <journal/journal.h>

#include <souls/keyring.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char* const extra_files[] = {"infinity.conf", "architect.key", "server.key", "souls.key",
                                          "host.key",      "host.token",    "neighbours", "invitations"};
// Of minds that programs drive: their keys. Of an awake galaxy: what it has seen.
static const char* const extra_folders[] = {"minds", "senses"};

typedef enum CopyResult { COPY_DONE, COPY_ABSENT, COPY_FAILED } CopyResult;

// Copy one small file with its mode, fsynced. On failure errno tells why.
static CopyResult file_copy(const char* from_folder, const char* to_folder, const char* name) {
    char from_path[1024], to_path[1024];
    snprintf(from_path, sizeof from_path, "%s/%s", from_folder, name);
    snprintf(to_path, sizeof to_path, "%s/%s", to_folder, name);
    int from = open(from_path, O_RDONLY | O_CLOEXEC);
    if (from < 0) return errno == ENOENT ? COPY_ABSENT : COPY_FAILED;
    struct stat info;
    int to = fstat(from, &info) == 0 ? open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, info.st_mode & 0777) : -1;
    bool is_copied = to >= 0;
    char bytes[16384];
    while (is_copied) {
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) break;
        is_copied = got > 0 && write(to, bytes, (size_t)got) == got;
    }
    is_copied = is_copied && fsync(to) == 0;
    int reason = errno;
    close(from);
    if (to >= 0) close(to);
    errno = reason;
    return is_copied ? COPY_DONE : COPY_FAILED;
}

// All files of one folder within the galaxy's. On failure errno tells why. @return how many, -1 on failure
static int folder_copy(const char* name, const char* destination) {
    char from[1024], to[1024];
    snprintf(from, sizeof from, "%s/%s", cli_galaxy, name);
    snprintf(to, sizeof to, "%s/%s", destination, name);
    DIR* folder = opendir(from);
    if (folder == NULL) return errno == ENOENT ? 0 : -1;
    int count = mkdir(to, 0700) == 0 ? 0 : -1;
    for (struct dirent* entry; count >= 0 && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.' || strstr(entry->d_name, ".new") != NULL) continue;
        CopyResult copied = file_copy(from, to, entry->d_name);
        count = copied == COPY_FAILED ? -1 : count + (copied == COPY_DONE); // absent: it was swept meanwhile
    }
    int reason = errno;
    closedir(folder);
    errno = reason;
    return count;
}

static CliExit backup_run(int argument_count, const char** arguments) {
    const char* destination = arguments[0];
    uint64_t head_tick = 0;
    InfJournalError error = {0};
    InfResult result = inf_journal_backup(cli_galaxy, destination, &head_tick, &error);
    if (result != INF_OK) {
        return cli_fail(cli_exit_of(result), "no backup was made: %s",
                        error.text[0] != '\0' ? error.text : inf_result_text(result));
    }
    json_t* files = json_array();
    for (size_t i = 0; i < sizeof extra_files / sizeof *extra_files; i++) {
        CopyResult copied = file_copy(cli_galaxy, destination, extra_files[i]);
        if (copied == COPY_FAILED) {
            CliExit code = cli_exit_of_errno(errno);
            json_decref(files);
            return cli_fail(code, "the journal is safe in %s, but %s could not be copied: %s", destination,
                            extra_files[i], strerror(errno));
        }
        if (copied == COPY_DONE) json_array_append_new(files, json_string(extra_files[i]));
    }
    for (size_t i = 0; i < sizeof extra_folders / sizeof *extra_folders; i++) {
        int count = folder_copy(extra_folders[i], destination);
        if (count < 0) {
            CliExit code = cli_exit_of_errno(errno);
            json_decref(files);
            return cli_fail(code, "the journal is safe in %s, but the folder %s could not be copied: %s", destination, extra_folders[i], strerror(errno));
        }
        if (count > 0) json_array_append_new(files, json_string(extra_folders[i]));
    }
    InfSoulsError fault = {0};
    bool is_copied;
    if (!inf_keyring_copy(cli_galaxy, destination, &is_copied, &fault)) {
        char sentence[400];
        json_decref(files);
        return cli_fail(CLI_EXIT_DISK, "the journal is safe in %s, but the keyring could not be copied: %s", destination,
                        inf_souls_error_text(&fault, sentence, sizeof sentence));
    }
    if (is_copied) json_array_append_new(files, json_string("keyring.db"));
    if (cli_json) {
        json_t* report = json_pack("{s:s, s:I, s:O}", "backup", destination, "tick", (json_int_t)head_tick, "files", files);
        json_dumpf(report, stdout, JSON_COMPACT);
        json_decref(report);
        printf("\n");
    } else {
        char count[CLI_TEXT_BYTES], age[CLI_TEXT_BYTES];
        printf("backup of %s in %s, up to tick %s (%s of the galaxy's life)\n", cli_galaxy, destination,
               cli_text_count(count, (int64_t)head_tick), cli_text_seconds(age, head_tick / INF_TICKS_PER_SECOND));
        printf("serve it with: infinity serve --galaxy %s\n", destination);
    }
    json_decref(files);
    return CLI_EXIT_OK;
}

static const CliOption options[] = {CLI_OPTION_GALAXY};
const CliCommand cli_backup = {
    .name = "backup",
    .usage = "DIR [--galaxy DIR]",
    .brief = "Copies a galaxy into a new folder, while it is served or not",
    .help = "The copy holds the journal, the newest snapshots, the settings and the keys: keep it as safe as the\n"
            "galaxy itself. It is verified, and can be served at once.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .arguments_min = 1,
    .arguments_max = 1,
    .run = backup_run,
};
