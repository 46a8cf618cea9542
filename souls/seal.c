// Sealing with age as a program; see seal.h.
//
// Three pipes: in, out, and what it complains about. They are served together by poll, so that neither side can wait for
// the other for ever. The child gets nothing else: all other descriptors are closed on exec.
#include "souls/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

bool inf_seal_recipient_check(const char* recipient)
{
    size_t count = strlen(recipient);
    return count >= 20 && count <= 128 && strncmp(recipient, "age1", 4) == 0 &&
           strspn(recipient, "abcdefghijklmnopqrstuvwxyz0123456789") == count;
}

bool inf_seal_is_sealed(const void* bytes, size_t byte_count)
{
    static const char binary[] = "age-encryption.org/", armoured[] = "-----BEGIN AGE ENCRYPTED FILE-----";
    return (byte_count >= sizeof binary - 1 && memcmp(bytes, binary, sizeof binary - 1) == 0) ||
           (byte_count >= sizeof armoured - 1 && memcmp(bytes, armoured, sizeof armoured - 1) == 0);
}

typedef struct Run {
    pid_t child;
    int in, out, complaints; // our ends; -1: closed
    const uint8_t* bytes;
    size_t byte_count, written;
    uint8_t* result;
    size_t result_count, result_capacity;
    char complaint[120];
    size_t complaint_count;
} Run;

static void end_close(int* fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static bool start(Run* run, char** arguments, InfSoulsError* error)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, complaints[2] = {-1, -1};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int reason = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(complaints, O_CLOEXEC) == 0 ? 0 : errno;
    if (reason == 0) {
        posix_spawn_file_actions_adddup2(&actions, in[0], 0);
        posix_spawn_file_actions_adddup2(&actions, out[1], 1);
        posix_spawn_file_actions_adddup2(&actions, complaints[1], 2);
        reason = posix_spawnp(&run->child, arguments[0], &actions, NULL, arguments, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    end_close(&in[0]);
    end_close(&out[1]);
    end_close(&complaints[1]);
    run->in = in[1], run->out = out[0], run->complaints = complaints[0];
    if (reason == 0) {
        fcntl(run->in, F_SETFL, O_NONBLOCK);
        return true;
    }
    end_close(&run->in);
    end_close(&run->out);
    end_close(&run->complaints);
    return inf_souls_fail(error, INF_SOULS_PROGRAM, "age: %s%s", strerror(reason),
                          reason == ENOENT ? " (install the Debian package age)" : "");
}

static void serve_in(Run* run)
{
    ssize_t count = write(run->in, run->bytes + run->written, run->byte_count - run->written);
    if (count > 0) run->written += (size_t)count;
    if ((count < 0 && errno != EAGAIN && errno != EINTR) || run->written == run->byte_count) end_close(&run->in);
}

// @return false: more than is allowed, or no memory
static bool serve_out(Run* run)
{
    if (run->result_capacity - run->result_count < 4096) {
        if (run->result_count > INF_SEAL_BYTES_MAX + 65536) return false;
        size_t capacity = run->result_capacity * 2 + 65536;
        uint8_t* result = realloc(run->result, capacity);
        if (result == NULL) return false;
        run->result = result;
        run->result_capacity = capacity;
    }
    ssize_t count = read(run->out, run->result + run->result_count, run->result_capacity - run->result_count - 1);
    if (count > 0) run->result_count += (size_t)count;
    else if (count == 0 || errno != EINTR) end_close(&run->out);
    return true;
}

static void serve_complaints(Run* run)
{
    char more[256];
    ssize_t count = read(run->complaints, more, sizeof more);
    if (count == 0 || (count < 0 && errno != EINTR)) end_close(&run->complaints);
    for (ssize_t i = 0; i < count && run->complaint_count + 1 < sizeof run->complaint; i++) {
        run->complaint[run->complaint_count++] = (unsigned char)more[i] < 0x20 ? ' ' : more[i];
    }
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// What age tells people to read elsewhere is of no use here.
static const char* complaint_of(Run* run)
{
    run->complaint[run->complaint_count] = '\0';
    char* end = strstr(run->complaint, "age: report");
    if (end != NULL) *end = '\0';
    char* begin = strncmp(run->complaint, "age: error: ", 12) == 0 ? run->complaint + 12 : run->complaint;
    size_t count = strlen(begin);
    while (count > 0 && begin[count - 1] == ' ') begin[--count] = '\0';
    return begin;
}

static uint8_t* age_run(char** arguments, bool asks_people, const void* bytes, size_t byte_count, size_t* out_bytes,
                        InfSoulsError* error)
{
    Run run = {.bytes = bytes, .byte_count = byte_count};
    if (byte_count > INF_SEAL_BYTES_MAX) {
        inf_souls_fail(error, INF_SOULS_SIZE, "at most %u bytes", INF_SEAL_BYTES_MAX);
        return NULL;
    }
    // A child that stops reading must not end us.
    struct sigaction ignore, before;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before);
    if (!start(&run, arguments, error)) {
        sigaction(SIGPIPE, &before, NULL);
        return NULL;
    }
    int64_t end_ms = now_ms() + INF_SEAL_SECONDS_MAX * 1000;
    bool is_well = true, is_late = false;
    while (is_well && (run.out >= 0 || run.complaints >= 0)) {
        struct pollfd fds[3] = {{run.in, POLLOUT, 0}, {run.out, POLLIN, 0}, {run.complaints, POLLIN, 0}};
        int64_t left_ms = end_ms - now_ms();
        if (!asks_people && left_ms <= 0) {
            is_well = false;
            is_late = true;
            break;
        }
        if (poll(fds, 3, asks_people ? -1 : (int)left_ms) < 0 && errno != EINTR) is_well = false;
        if (fds[0].revents != 0 && run.in >= 0) serve_in(&run);
        if (fds[1].revents != 0 && run.out >= 0) is_well = is_well && serve_out(&run);
        if (fds[2].revents != 0 && run.complaints >= 0) serve_complaints(&run);
    }
    end_close(&run.in);
    end_close(&run.out);
    end_close(&run.complaints);
    if (!is_well) kill(run.child, SIGKILL);
    int status = -1;
    while (waitpid(run.child, &status, 0) < 0 && errno == EINTR) continue;
    sigaction(SIGPIPE, &before, NULL);
    if (is_well && WIFEXITED(status) && WEXITSTATUS(status) == 0 && run.result_count <= INF_SEAL_BYTES_MAX + 65536) {
        run.result[run.result_count] = 0;
        *out_bytes = run.result_count;
        return run.result;
    }
    free(run.result);
    if (is_late) inf_souls_fail(error, INF_SOULS_PROGRAM, "age: it took longer than %d seconds", INF_SEAL_SECONDS_MAX);
    else if (!is_well || run.result_count > INF_SEAL_BYTES_MAX) inf_souls_fail(error, INF_SOULS_SIZE, "age: its answer");
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        inf_souls_fail(error, INF_SOULS_PROGRAM, "age could not be run (install the Debian package age)");
    } else inf_souls_fail(error, INF_SOULS_PROGRAM, "age: %s", complaint_of(&run));
    return NULL;
}

uint8_t* inf_seal(const char* const* recipients, size_t recipient_count, bool armour, const void* bytes,
                  size_t byte_count, size_t* out_bytes, InfSoulsError* error)
{
    char* arguments[2 * INF_SEAL_RECIPIENTS_MAX + 5] = {(char*)"age", (char*)"--encrypt"};
    size_t count = 2;
    if (recipient_count > INF_SEAL_RECIPIENTS_MAX) {
        inf_souls_fail(error, INF_SOULS_COUNT, "at most %d recipients", INF_SEAL_RECIPIENTS_MAX);
        return NULL;
    }
    for (size_t i = 0; i < recipient_count; i++) {
        if (!inf_seal_recipient_check(recipients[i])) {
            inf_souls_fail(error, INF_SOULS_FIELD, "%.80s is no recipient of age (\"age1…\")", recipients[i]);
            return NULL;
        }
        arguments[count++] = (char*)"-r";
        arguments[count++] = (char*)recipients[i];
    }
    if (recipient_count == 0) arguments[count++] = (char*)"--passphrase";
    if (armour) arguments[count++] = (char*)"--armor";
    return age_run(arguments, recipient_count == 0, bytes, byte_count, out_bytes, error);
}

uint8_t* inf_unseal(const char* identity_path, const void* bytes, size_t byte_count, size_t* out_bytes,
                    InfSoulsError* error)
{
    char* arguments[] = {(char*)"age", (char*)"--decrypt", identity_path != NULL ? (char*)"-i" : NULL, (char*)identity_path, NULL};
    return age_run(arguments, identity_path == NULL, bytes, byte_count, out_bytes, error);
}
