/// snapshot_write.c: the forked writer.
///
/// fork() in a program with threads leaves the child with locks that nobody will ever release (malloc's, stdio's,
/// SQLite's). So the child uses only what needs none: the pure encode, memcpy, BLAKE2b, zstd with a static
/// context, and system calls. All its memory is mapped before the fork, paths are spelled before the fork, and it
/// reports through a pipe. It closes all other descriptors: a socket that the server closes must end, and its port must be free
/// when it is killed; SQLite's file locks are the server's own and not touched by that. It ends with _exit, and with the server,
/// since the next one may write the same files. (Chosen over a thread with a copy of the world, which doubles memory and pauses for the copy,
/// and over pausing.)
#define ZSTD_STATIC_LINKING_ONLY
#include "snapshot_internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

typedef enum WriterPhase { PHASE_IDLE, PHASE_CHILD, PHASE_RECORDING } WriterPhase;

/// What the child reports about one shard, or how it failed.
typedef struct ChildReport {
    uint32_t shard;
    int32_t reason; ///< 0: written; otherwise an errno, or CHILD_ENCODE_FAILED
    uint32_t step;  ///< index into child_steps
    uint32_t reserved;
    uint64_t world_hash, file_bytes;
    uint8_t file_hash[INF_JOURNAL_HASH_BYTES];
} ChildReport;

enum { CHILD_ENCODE_FAILED = -1, CHILD_COMPRESS_FAILED = -2 };
static const char* const child_steps[] = {"encode", "open", "write", "fsync", "rename", "sync the folder of"};

struct InfSnapshotWriter {
    InfJournal* journal;
    InfSnapshotDef def;
    uint32_t shard_count;
    uint8_t* payload;     ///< mapped, capacity_bytes
    uint8_t* packed;      ///< mapped, bound of compressed size; null if not compressing
    size_t packed_bytes;
    void* context_memory; ///< mapped, for zstd
    size_t context_bytes;
    char* paths;          ///< [shard_count][2][path_bytes] temporary and final name
    size_t path_bytes;
    char* folder;
    WriterPhase phase;
    uint64_t tick;
    pid_t child;
    int pipe_fd;
    ChildReport* reports; ///< [shard_count]
    uint32_t report_count;
    size_t report_fill;   ///< bytes of the report being received
    JournalSnapshotRow* rows;
    uint64_t last_bytes, last_fork_ns;
    InfJournalError error;
};

static void* map_memory(size_t bytes) {
    void* memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static char* path_of(InfSnapshotWriter* writer, uint32_t shard, int which) {
    return writer->paths + ((size_t)shard * 2 + (size_t)which) * writer->path_bytes;
}

// ---- in the child ----

static bool child_write(int fd, const uint8_t* bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

static int child_reason(void) {
    return errno != 0 ? errno : EIO;
}

/// Write one shard's file. @return 0 or a reason, with the step it failed at.
static int child_write_shard(InfSnapshotWriter* writer, uint32_t shard, InfSnapshotEncode* encode, void* user,
                             ZSTD_CCtx* context, ChildReport* report) {
    report->step = 0;
    size_t payload_bytes = encode(user, shard, writer->payload, writer->def.capacity_bytes, &report->world_hash);
    if (payload_bytes == 0 || payload_bytes > writer->def.capacity_bytes) {
        return CHILD_ENCODE_FAILED;
    }
    const uint8_t* stored = writer->payload;
    size_t stored_bytes = payload_bytes;
    if (context != NULL) {
        stored_bytes = ZSTD_compress2(context, writer->packed, writer->packed_bytes, writer->payload, payload_bytes);
        if (ZSTD_isError(stored_bytes)) {
            return CHILD_COMPRESS_FAILED;
        }
        stored = writer->packed;
    }
    uint8_t bytes[SNAPSHOT_HEADER_BYTES];
    SnapshotHeader header = {.flags = context != NULL ? SNAPSHOT_FLAG_ZSTD : 0,
                             .shard = shard,
                             .tick = writer->tick,
                             .world_hash = report->world_hash,
                             .tip = writer->rows[shard].tip,
                             .payload_bytes = payload_bytes,
                             .stored_bytes = stored_bytes};
    memcpy(header.galaxy_id, writer->journal->meta.galaxy_id, INF_GALAXY_ID_BYTES);
    snapshot_header_put(bytes, &header);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, INF_JOURNAL_HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char*)SNAPSHOT_HASH_DOMAIN, sizeof SNAPSHOT_HASH_DOMAIN);
    crypto_generichash_update(&state, bytes, sizeof bytes);
    crypto_generichash_update(&state, stored, stored_bytes);
    crypto_generichash_final(&state, report->file_hash, INF_JOURNAL_HASH_BYTES);
    report->file_bytes = SNAPSHOT_HEADER_BYTES + stored_bytes + INF_JOURNAL_HASH_BYTES;

    errno = 0;
    report->step = 1;
    int fd = open(path_of(writer, shard, 0), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return child_reason();
    }
    report->step = 2;
    if (!child_write(fd, bytes, sizeof bytes) || !child_write(fd, stored, stored_bytes) ||
        !child_write(fd, report->file_hash, INF_JOURNAL_HASH_BYTES)) {
        return child_reason();
    }
    report->step = 3;
    if (fsync(fd) != 0 || close(fd) != 0) {
        return child_reason();
    }
    report->step = 4;
    return rename(path_of(writer, shard, 0), path_of(writer, shard, 1)) == 0 ? 0 : child_reason();
}

static _Noreturn void child_run(InfSnapshotWriter* writer, InfSnapshotEncode* encode, void* user, int pipe_fd, pid_t server) {
    ZSTD_CCtx* context = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != server) {
        _exit(1); // it died before that
    }
    close_range(STDERR_FILENO + 1, (unsigned)pipe_fd - 1, 0); // on a kernel before 5.9 they stay open till the end
    close_range((unsigned)pipe_fd + 1, UINT_MAX, 0);
    setpriority(PRIO_PROCESS, 0, 10); // the live world goes first
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_IGN); // the server decides
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (writer->def.compress) {
        context = ZSTD_initStaticCCtx(writer->context_memory, writer->context_bytes);
        ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters); // a static one begins without the defaults
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
    }
    for (uint32_t shard = 0; shard < writer->shard_count; shard++) {
        ChildReport report = {.shard = shard};
        report.reason = child_write_shard(writer, shard, encode, user, context, &report);
        if (!child_write(pipe_fd, (const uint8_t*)&report, sizeof report) || report.reason != 0) {
            _exit(1);
        }
    }
    int folder_fd = open(writer->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    _exit(folder_fd >= 0 && fsync(folder_fd) == 0 ? 0 : 2);
}

// ---- in the parent ----

static void remove_files(InfSnapshotWriter* writer) {
    for (uint32_t shard = 0; shard < writer->shard_count; shard++) {
        unlink(path_of(writer, shard, 0));
        unlink(path_of(writer, shard, 1));
    }
}

static bool tick_is_kept(const uint64_t* ticks, uint32_t count, uint64_t tick) {
    for (uint32_t i = 0; i < count; i++) {
        if (ticks[i] == tick) {
            return true;
        }
    }
    return false;
}

/// Remove temporary files and files of sets that the journal does not name. Other files are left alone.
static InfResult remove_unrecorded(InfSnapshotWriter* writer, InfJournalError* error) {
    uint64_t kept[INF_SNAPSHOT_SETS_KEPT];
    uint32_t kept_count = 0;
    uint64_t before = 0;
    while (kept_count < INF_SNAPSHOT_SETS_KEPT) {
        InfJournalError reason = {0};
        InfResult result = writer->journal->store->snapshot_find(writer->journal, before, writer->rows, &reason);
        if (result == INF_ERROR_NOT_FOUND) {
            break;
        }
        if (result != INF_OK && reason.tick == 0) {
            if (error != NULL) {
                *error = reason;
            }
            return result; // the database cannot be asked: delete nothing
        }
        // A damaged row still names its tick; its files stay for examination.
        before = result == INF_OK ? writer->rows[0].tick : reason.tick;
        kept[kept_count++] = before;
    }
    DIR* folder = opendir(writer->folder);
    if (folder == NULL) {
        return JOURNAL_ERROR(error, INF_ERROR_IO, "cannot read the folder %s: %s", writer->folder, strerror(errno));
    }
    for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
        uint64_t tick;
        size_t length = strlen(entry->d_name);
        bool is_temporary = length == 29 && strcmp(entry->d_name + 20, ".snap.tmp") == 0;
        if (is_temporary || (snapshot_name_parse(entry->d_name, &tick) && !tick_is_kept(kept, kept_count, tick))) {
            unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    closedir(folder);
    return INF_OK;
}

InfResult inf_snapshot_writer_create(InfJournal* journal, const InfSnapshotDef* def, InfSnapshotWriter** out_writer,
                                     InfJournalError* out_error) {
    *out_writer = NULL;
    if (def == NULL || def->cookie != SNAPSHOT_DEF_COOKIE || def->capacity_bytes == 0 ||
        def->capacity_bytes > SNAPSHOT_PAYLOAD_BYTES_MAX) {
        return JOURNAL_ERROR(out_error, INF_ERROR_RANGE, "the snapshot's def is not valid");
    }
    if (journal->folder == NULL || journal->read_only || journal->store->snapshot_record == NULL) {
        return JOURNAL_ERROR(out_error, INF_ERROR_STATE, "this journal keeps no snapshots: it is in memory or read-only");
    }
    InfSnapshotWriter* writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return JOURNAL_ERROR(out_error, INF_ERROR_MEMORY, "out of memory for snapshots");
    }
    uint32_t shards = journal->meta.shard_count;
    writer->journal = journal;
    writer->def = *def;
    writer->shard_count = shards;
    writer->pipe_fd = -1;
    writer->path_bytes = strlen(journal->folder) + 64;
    writer->paths = calloc(shards, 2 * writer->path_bytes);
    writer->folder = malloc(writer->path_bytes);
    writer->reports = calloc(shards, sizeof *writer->reports);
    writer->rows = calloc(shards, sizeof *writer->rows);
    writer->payload = map_memory(def->capacity_bytes);
    if (def->compress) {
        writer->packed_bytes = ZSTD_compressBound(def->capacity_bytes);
        writer->packed = map_memory(writer->packed_bytes);
        writer->context_bytes = ZSTD_estimateCCtxSize(1);
        writer->context_memory = map_memory(writer->context_bytes);
    }
    InfResult result = INF_OK;
    if (writer->paths == NULL || writer->folder == NULL || writer->reports == NULL || writer->rows == NULL ||
        writer->payload == NULL || (def->compress && (writer->packed == NULL || writer->context_memory == NULL))) {
        result = JOURNAL_ERROR(out_error, INF_ERROR_MEMORY, "out of memory for snapshots of up to %zu bytes a shard",
                               def->capacity_bytes);
    } else {
        snprintf(writer->folder, writer->path_bytes, "%s/snapshots", journal->folder);
        if (mkdir(writer->folder, 0700) != 0 && errno != EEXIST) {
            result = JOURNAL_ERROR(out_error, INF_ERROR_IO, "cannot make the folder %s: %s", writer->folder, strerror(errno));
        }
    }
    result = result != INF_OK ? result : remove_unrecorded(writer, out_error);
    if (result != INF_OK) {
        inf_snapshot_writer_destroy(writer);
        return result;
    }
    *out_writer = writer;
    return INF_OK;
}

void inf_snapshot_writer_destroy(InfSnapshotWriter* writer) {
    if (writer == NULL) {
        return;
    }
    if (writer->phase == PHASE_CHILD) {
        kill(writer->child, SIGKILL);
        waitpid(writer->child, NULL, 0);
        remove_files(writer);
    }
    while (writer->phase == PHASE_RECORDING && journal_snapshot_answer(writer->journal, NULL) == INF_ERROR_STATE) {
        usleep(1000); // the journal's thread still reads our rows
    }
    if (writer->pipe_fd >= 0) {
        close(writer->pipe_fd);
    }
    if (writer->payload != NULL) {
        munmap(writer->payload, writer->def.capacity_bytes);
    }
    if (writer->packed != NULL) {
        munmap(writer->packed, writer->packed_bytes);
    }
    if (writer->context_memory != NULL) {
        munmap(writer->context_memory, writer->context_bytes);
    }
    free(writer->paths);
    free(writer->folder);
    free(writer->reports);
    free(writer->rows);
    free(writer);
}

InfResult inf_snapshot_begin(InfSnapshotWriter* writer, InfSnapshotEncode* encode, void* user) {
    InfJournal* journal = writer->journal;
    int ends[2];
    memset(&writer->error, 0, sizeof writer->error);
    if (writer->phase != PHASE_IDLE || inf_journal_has_failed(journal) || journal->appended_tick == 0) {
        return JOURNAL_ERROR(&writer->error, INF_ERROR_STATE,
                             "a snapshot cannot begin now: one is under way, the journal has failed, or nothing has happened");
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return JOURNAL_ERROR(&writer->error, INF_ERROR_IO, "no snapshot was taken: cannot make a pipe: %s", strerror(errno));
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    writer->tick = journal->appended_tick;
    writer->report_count = 0;
    writer->report_fill = 0;
    for (uint32_t shard = 0; shard < writer->shard_count; shard++) {
        writer->rows[shard] = (JournalSnapshotRow){.tick = writer->tick, .shard = shard, .tip = journal->tips[shard]};
        snapshot_path(path_of(writer, shard, 0), writer->path_bytes, journal->folder, writer->tick, shard, ".tmp");
        snapshot_path(path_of(writer, shard, 1), writer->path_bytes, journal->folder, writer->tick, shard, "");
    }
    uint64_t begin_ns = journal_now_ns();
    pid_t server = getpid(), child = fork();
    if (child == 0) {
        child_run(writer, encode, user, ends[1], server);
    }
    int reason = errno;
    writer->last_fork_ns = journal_now_ns() - begin_ns;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return JOURNAL_ERROR(&writer->error, INF_ERROR_IO, "no snapshot was taken: cannot fork: %s", strerror(reason));
    }
    writer->child = child;
    writer->pipe_fd = ends[0];
    writer->phase = PHASE_CHILD;
    return INF_OK;
}

static void receive_reports(InfSnapshotWriter* writer) {
    while (writer->report_count < writer->shard_count) {
        uint8_t* at = (uint8_t*)&writer->reports[writer->report_count] + writer->report_fill;
        ssize_t got = read(writer->pipe_fd, at, sizeof(ChildReport) - writer->report_fill);
        if (got <= 0) {
            return;
        }
        writer->report_fill += (size_t)got;
        if (writer->report_fill == sizeof(ChildReport)) {
            writer->report_fill = 0;
            writer->report_count++;
        }
    }
}

/// Explain a child that did not finish, and clean up behind it.
static InfSnapshotState fail(InfSnapshotWriter* writer, int status) {
    const ChildReport* last = writer->report_count > 0 ? &writer->reports[writer->report_count - 1] : NULL;
    const char* kept = "the earlier snapshots are kept and the galaxy runs on";
    if (last != NULL && last->reason == CHILD_ENCODE_FAILED) {
        journal_error(&writer->error, INF_ERROR_FULL, last->shard, writer->tick,
                      "no snapshot of tick %llu: shard %u does not fit into %zu bytes; %s. Raise the snapshot capacity",
                      (unsigned long long)writer->tick, last->shard, writer->def.capacity_bytes, kept);
    } else if (last != NULL && last->reason != 0) {
        journal_error(&writer->error, last->reason == ENOSPC || last->reason == EDQUOT ? INF_ERROR_FULL : INF_ERROR_IO,
                      last->shard, writer->tick, "no snapshot of tick %llu: cannot %s %s: %s; %s. Check that disk",
                      (unsigned long long)writer->tick, child_steps[last->step], path_of(writer, last->shard, 1),
                      last->reason == CHILD_COMPRESS_FAILED ? "zstd refused" : strerror(last->reason), kept);
    } else if (WIFSIGNALED(status)) {
        journal_error(&writer->error, INF_ERROR_IO, INF_JOURNAL_ALL_SHARDS, writer->tick,
                      "no snapshot of tick %llu: its writer was ended by signal %d (out of memory?); %s",
                      (unsigned long long)writer->tick, WTERMSIG(status), kept);
    } else {
        journal_error(&writer->error, INF_ERROR_IO, INF_JOURNAL_ALL_SHARDS, writer->tick,
                      "no snapshot of tick %llu: its writer could not finish in %s (status %d); %s. Check that disk",
                      (unsigned long long)writer->tick, writer->folder, WIFEXITED(status) ? WEXITSTATUS(status) : -1, kept);
    }
    remove_files(writer);
    writer->phase = PHASE_IDLE;
    return INF_SNAPSHOT_FAILED;
}

/// Is the file there under its final name, as long as it should be, with this header and trailer?
static bool file_is_there(InfSnapshotWriter* writer, uint32_t shard) {
    const ChildReport* report = &writer->reports[shard];
    uint8_t bytes[SNAPSHOT_HEADER_BYTES], trailer[INF_JOURNAL_HASH_BYTES];
    SnapshotHeader header;
    struct stat status;
    int fd = open(path_of(writer, shard, 1), O_RDONLY | O_CLOEXEC);
    bool there = fd >= 0 && report->shard == shard && fstat(fd, &status) == 0 &&
                 (uint64_t)status.st_size == report->file_bytes && pread(fd, bytes, sizeof bytes, 0) == sizeof bytes &&
                 snapshot_header_get(bytes, &header) == NULL && header.tick == writer->tick && header.shard == shard &&
                 pread(fd, trailer, sizeof trailer, status.st_size - (off_t)sizeof trailer) == sizeof trailer &&
                 journal_hash_equal(trailer, report->file_hash);
    if (fd >= 0) {
        close(fd);
    }
    return there;
}

static InfSnapshotState poll_child(InfSnapshotWriter* writer) {
    int status = 0;
    receive_reports(writer);
    pid_t ended = waitpid(writer->child, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) {
        return INF_SNAPSHOT_WRITING;
    }
    receive_reports(writer); // what was written between the two calls
    close(writer->pipe_fd);
    writer->pipe_fd = -1;
    bool whole = ended == writer->child && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
                 writer->report_count == writer->shard_count;
    uint64_t bytes = 0;
    for (uint32_t shard = 0; shard < writer->shard_count && whole; shard++) {
        JournalSnapshotRow* row = &writer->rows[shard];
        whole = file_is_there(writer, shard);
        row->world_hash = writer->reports[shard].world_hash;
        row->file_bytes = writer->reports[shard].file_bytes;
        memcpy(row->file_hash, writer->reports[shard].file_hash, INF_JOURNAL_HASH_BYTES);
        bytes += row->file_bytes;
    }
    if (!whole) {
        return fail(writer, status);
    }
    writer->last_bytes = bytes;
    writer->phase = PHASE_RECORDING;
    journal_snapshot_ask(writer->journal, writer->rows, writer->shard_count);
    return INF_SNAPSHOT_WRITING;
}

static InfSnapshotState poll_recording(InfSnapshotWriter* writer) {
    InfResult result = journal_snapshot_answer(writer->journal, &writer->error);
    if (result == INF_ERROR_STATE) {
        return INF_SNAPSHOT_WRITING;
    }
    writer->phase = PHASE_IDLE;
    if (result != INF_OK) {
        remove_files(writer);
        return INF_SNAPSHOT_FAILED;
    }
    remove_unrecorded(writer, NULL); // what cannot be deleted now is deleted after the next one
    return INF_SNAPSHOT_DONE;
}

InfSnapshotState inf_snapshot_poll(InfSnapshotWriter* writer, uint64_t* out_tick) {
    if (out_tick != NULL) {
        *out_tick = writer->tick;
    }
    switch (writer->phase) {
    case PHASE_CHILD:
        return poll_child(writer);
    case PHASE_RECORDING:
        return poll_recording(writer);
    default:
        return INF_SNAPSHOT_IDLE;
    }
}

const InfJournalError* inf_snapshot_get_error(const InfSnapshotWriter* writer) {
    return &writer->error;
}

uint64_t inf_snapshot_last_bytes(const InfSnapshotWriter* writer) {
    return writer->last_bytes;
}

uint64_t inf_snapshot_last_fork_ns(const InfSnapshotWriter* writer) {
    return writer->last_fork_ns;
}
