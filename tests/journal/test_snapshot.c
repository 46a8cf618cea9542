// Snapshots: written by the forked child, recorded, loaded, damaged, deleted; and the backup of all of it.
#include "journal_test.h"
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { SHARDS = 4 };

typedef struct Galaxy {
    TestFolder folder;
    InfJournal* journal;
    InfSnapshotWriter* writer;
    size_t world_bytes; ///< of each shard
} Galaxy;

static InfJournalError galaxy_error;

static uint8_t world_byte(uint64_t tick, uint32_t shard, size_t at) {
    return (uint8_t)(tick * 3 + shard * 5 + at / 16);
}

static size_t encode_world(void* user, uint32_t shard, uint8_t* buffer, size_t capacity, uint64_t* out_world_hash) {
    const Galaxy* galaxy = user;
    uint64_t tick = inf_journal_appended_tick(galaxy->journal);
    if (galaxy->world_bytes > capacity) {
        return 0;
    }
    for (size_t i = 0; i < galaxy->world_bytes; i++) {
        buffer[i] = world_byte(tick, shard, i);
    }
    *out_world_hash = tick * 100 + shard;
    return galaxy->world_bytes;
}

static Galaxy galaxy_open(const char* path, bool compress) {
    Galaxy galaxy = {.world_bytes = 10000};
    if (path == NULL) {
        galaxy.folder = folder_make();
    } else {
        snprintf(galaxy.folder.path, sizeof galaxy.folder.path, "%s", path);
    }
    InfJournalDef def = test_def(galaxy.folder.path, SHARDS);
    InfSnapshotDef snapshot_def = inf_snapshot_def_default();
    snapshot_def.capacity_bytes = 1 << 20;
    snapshot_def.compress = compress;
    ENSURE_SAY(inf_journal_open(&def, &galaxy.journal, &galaxy_error) == INF_OK, "%s", galaxy_error.text);
    ENSURE_SAY(inf_snapshot_writer_create(galaxy.journal, &snapshot_def, &galaxy.writer, &galaxy_error) == INF_OK, "%s",
               galaxy_error.text);
    return galaxy;
}

static void galaxy_close(Galaxy* galaxy) {
    inf_snapshot_writer_destroy(galaxy->writer);
    inf_journal_close(galaxy->journal);
}

static void galaxy_run(Galaxy* galaxy, uint64_t ticks) {
    uint64_t last = inf_journal_appended_tick(galaxy->journal) + ticks;
    for (uint64_t tick = last - ticks + 1; tick <= last; tick++) {
        ENSURE(append_tick(galaxy->journal, tick, NULL) == INF_OK);
    }
}

/// Begin one and poll until it is told about.
static InfSnapshotState snapshot_take(Galaxy* galaxy) {
    ENSURE(inf_snapshot_begin(galaxy->writer, encode_world, galaxy) == INF_OK);
    ENSURE(inf_snapshot_begin(galaxy->writer, encode_world, galaxy) == INF_ERROR_STATE);
    uint64_t tick;
    for (int i = 0; i < 20000; i++) {
        InfSnapshotState state = inf_snapshot_poll(galaxy->writer, &tick);
        if (state != INF_SNAPSHOT_WRITING) {
            ENSURE(tick == inf_journal_appended_tick(galaxy->journal));
            ENSURE(inf_snapshot_poll(galaxy->writer, NULL) == INF_SNAPSHOT_IDLE);
            return state;
        }
        usleep(500);
    }
    return INF_SNAPSHOT_IDLE;
}

static void ensure_set_is(const Galaxy* galaxy, const InfSnapshotSet* set, uint64_t tick) {
    ENSURE_EQ_U64(tick, set->tick);
    ENSURE_EQ_U64(SHARDS, set->shard_count);
    for (uint32_t shard = 0; shard < SHARDS; shard++) {
        const InfSnapshotItem* item = &set->items[shard];
        ENSURE(item->payload_bytes == galaxy->world_bytes && item->world_hash == tick * 100 + shard);
        for (size_t i = 0; i < item->payload_bytes; i++) {
            ENSURE(item->payload[i] == world_byte(tick, shard, i));
        }
        ENSURE(item->tip.tick <= tick && memcmp(&item->tip, &set->tips[shard], sizeof item->tip) == 0);
    }
}

static int snapshot_file_count(const char* folder) {
    char path[300];
    int count = 0;
    snprintf(path, sizeof path, "%s/snapshots", folder);
    DIR* open_folder = opendir(path);
    ENSURE(open_folder != NULL);
    for (struct dirent* entry; (entry = readdir(open_folder)) != NULL;) {
        count += strstr(entry->d_name, ".snap") != NULL;
    }
    closedir(open_folder);
    return count;
}

static void print_report(void* user, const InfJournalError* error) {
    printf("%s\n", error->text);
}

static void run_set(bool compress) {
    Galaxy galaxy = galaxy_open(NULL, compress);
    InfSnapshotSet* set;
    ENSURE(inf_snapshot_begin(galaxy.writer, encode_world, &galaxy) == INF_ERROR_STATE); // nothing has happened yet
    ENSURE(inf_snapshot_set_load(galaxy.journal, 0, NULL, NULL, &set) == INF_ERROR_NOT_FOUND && set == NULL);
    for (uint64_t tick = 10; tick <= 40; tick += 10) {
        galaxy_run(&galaxy, 10);
        ENSURE_SAY(snapshot_take(&galaxy) == INF_SNAPSHOT_DONE, "%s", inf_snapshot_get_error(galaxy.writer)->text);
    }
    ENSURE_EQ_U64(INF_SNAPSHOT_SETS_KEPT * SHARDS, snapshot_file_count(galaxy.folder.path));
    uint64_t bytes = inf_snapshot_last_bytes(galaxy.writer);
    ENSURE(compress ? bytes < 10000 : bytes == SHARDS * (10000 + 128 + 32));
    galaxy_run(&galaxy, 7);
    ENSURE(inf_journal_wait(galaxy.journal, 47, -1) == INF_OK);
    for (int round = 0; round < 2; round++) {
        ENSURE(inf_snapshot_set_load(galaxy.journal, 0, print_report, NULL, &set) == INF_OK);
        ensure_set_is(&galaxy, set, 40);
        // Replay goes on from the set's tips and is verified against them.
        InfJournalCursor* cursor;
        InfJournalRecord record;
        InfResult result = inf_journal_cursor_open(galaxy.journal, INF_JOURNAL_ALL_SHARDS, set->tick + 1, set->tips,
                                                   &cursor, &galaxy_error);
        while (result == INF_OK) {
            result = inf_journal_cursor_next(cursor, &record);
            ENSURE(result != INF_OK || (record.tick > 40 && record_is_right(&record)));
        }
        ENSURE(result == INF_ERROR_NOT_FOUND);
        inf_journal_cursor_close(cursor);
        inf_snapshot_set_free(set);
        ENSURE(inf_snapshot_set_load(galaxy.journal, 40, NULL, NULL, &set) == INF_OK);
        ensure_set_is(&galaxy, set, 30);
        inf_snapshot_set_free(set);
        ENSURE(inf_snapshot_set_load(galaxy.journal, 30, NULL, NULL, &set) == INF_ERROR_NOT_FOUND);
        TestFolder folder = galaxy.folder;
        galaxy_close(&galaxy);
        galaxy = galaxy_open(folder.path, compress);
    }
    TestFolder folder = galaxy.folder;
    galaxy_close(&galaxy);
    folder_remove(folder.path);
}

TEST(set_is_written_and_loaded) {
    run_set(false);
}

TEST(compressed_set_is_written_and_loaded) {
    run_set(true);
}

typedef struct Reports {
    uint32_t count;
    InfJournalError last;
} Reports;

static void count_report(void* user, const InfJournalError* error) {
    Reports* reports = user;
    reports->count++;
    reports->last = *error;
}

TEST_RANDOM(damaged_set_is_skipped) {
    Galaxy galaxy = galaxy_open(NULL, true);
    TestRandom random = {seed};
    InfSnapshotSet* set;
    char name[64];
    for (int i = 0; i < 2; i++) {
        galaxy_run(&galaxy, 10);
        ENSURE(snapshot_take(&galaxy) == INF_SNAPSHOT_DONE);
    }
    snprintf(name, sizeof name, "snapshots/%015d-%04d.snap", 20, 2);
    size_t bytes;
    uint8_t* file = file_read(galaxy.folder.path, name, &bytes);
    for (size_t at = 0; at < bytes; at++) {
        uint8_t mask = (uint8_t)(1 + test_random_below(&random, 255));
        Reports reports = {0};
        file[at] ^= mask;
        file_write(galaxy.folder.path, name, file, bytes);
        file[at] ^= mask;
        ENSURE(inf_snapshot_set_load(galaxy.journal, 0, count_report, &reports, &set) == INF_OK);
        ENSURE_SAY(set->tick == 10 && reports.count == 1, "byte %zu mask %u", at, mask);
        ENSURE(reports.last.tick == 20 && reports.last.shard == 2 && strstr(reports.last.text, name) != NULL);
        inf_snapshot_set_free(set);
        file_write(galaxy.folder.path, name, file, at); // cut short
        ENSURE(inf_snapshot_set_load(galaxy.journal, 0, NULL, NULL, &set) == INF_OK && set->tick == 10);
        inf_snapshot_set_free(set);
    }
    file_remove(galaxy.folder.path, name);
    Reports reports = {0};
    ENSURE(inf_snapshot_set_load(galaxy.journal, 0, count_report, &reports, &set) == INF_OK && set->tick == 10);
    ENSURE(strstr(reports.last.text, "missing") != NULL);
    inf_snapshot_set_free(set);
    file_write(galaxy.folder.path, name, file, bytes); // whole again
    ENSURE(inf_snapshot_set_load(galaxy.journal, 0, NULL, NULL, &set) == INF_OK && set->tick == 20);
    inf_snapshot_set_free(set);
    free(file);
    galaxy_close(&galaxy);
    folder_remove(galaxy.folder.path);
}

TEST(leftovers_are_removed_and_other_files_are_not) {
    Galaxy galaxy = galaxy_open(NULL, true);
    galaxy_run(&galaxy, 10);
    ENSURE(snapshot_take(&galaxy) == INF_SNAPSHOT_DONE);
    galaxy_close(&galaxy);
    const char* folder = galaxy.folder.path;
    file_write(folder, "snapshots/000000000000099-0001.snap.tmp", "x", 1);
    file_write(folder, "snapshots/000000000000099-0000.snap", "x", 1);
    file_write(folder, "snapshots/notes.txt", "x", 1);
    galaxy = galaxy_open(galaxy.folder.path, true);
    folder = galaxy.folder.path;
    ENSURE(!file_exists(folder, "snapshots/000000000000099-0001.snap.tmp"));
    ENSURE(!file_exists(folder, "snapshots/000000000000099-0000.snap"));
    ENSURE(file_exists(folder, "snapshots/notes.txt"));
    ENSURE_EQ_U64(SHARDS, snapshot_file_count(folder));
    galaxy_close(&galaxy);
    folder_remove(folder);
}

TEST(failed_child_is_told_and_the_galaxy_lives_on) {
    Galaxy galaxy = galaxy_open(NULL, false);
    InfSnapshotSet* set;
    galaxy_run(&galaxy, 10);
    ENSURE(snapshot_take(&galaxy) == INF_SNAPSHOT_DONE);
    galaxy_run(&galaxy, 10);
    galaxy.world_bytes = 2 << 20; // beyond the capacity
    ENSURE(snapshot_take(&galaxy) == INF_SNAPSHOT_FAILED);
    ENSURE_SAY(strstr(inf_snapshot_get_error(galaxy.writer)->text, "does not fit") != NULL, "%s",
               inf_snapshot_get_error(galaxy.writer)->text);
    galaxy.world_bytes = 10000;
    char path[300];
    snprintf(path, sizeof path, "%s/snapshots", galaxy.folder.path);
    if (mount("tmpfs", path, "tmpfs", 0, "size=16k") == 0) {
        ENSURE(snapshot_take(&galaxy) == INF_SNAPSHOT_FAILED);
        const InfJournalError* error = inf_snapshot_get_error(galaxy.writer);
        ENSURE_SAY(error->result == INF_ERROR_FULL && strstr(error->text, "No space left") != NULL, "%s", error->text);
        ENSURE_EQ_U64(0, snapshot_file_count(galaxy.folder.path));
        ENSURE(umount(path) == 0);
    } else {
        printf("no tmpfs can be mounted here\n");
    }
    ENSURE(!inf_journal_has_failed(galaxy.journal));
    ENSURE(inf_snapshot_set_load(galaxy.journal, 0, NULL, NULL, &set) == INF_OK && set->tick == 10);
    inf_snapshot_set_free(set);
    galaxy_run(&galaxy, 10);
    ENSURE(snapshot_take(&galaxy) == INF_SNAPSHOT_DONE);
    galaxy_close(&galaxy);
    folder_remove(galaxy.folder.path);
}

TEST(writer_ends_its_child) {
    Galaxy galaxy = galaxy_open(NULL, false);
    galaxy_run(&galaxy, 10);
    ENSURE(inf_snapshot_begin(galaxy.writer, encode_world, &galaxy) == INF_OK);
    galaxy_close(&galaxy);
    ENSURE_EQ_U64(0, snapshot_file_count(galaxy.folder.path));
    folder_remove(galaxy.folder.path);
}

static size_t encode_slowly(void* user, uint32_t shard, uint8_t* buffer, size_t capacity, uint64_t* out_world_hash) {
    sleep(4);
    return encode_world(user, shard, buffer, capacity, out_world_hash);
}

static int listen_on(struct sockaddr_in* address) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    socklen_t bytes = sizeof *address;
    ENSURE(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
    if (bind(fd, (struct sockaddr*)address, bytes) != 0 || listen(fd, 1) != 0) {
        close(fd);
        return -1;
    }
    ENSURE(getsockname(fd, (struct sockaddr*)address, &bytes) == 0);
    return fd;
}

TEST(a_connection_that_is_closed_ends_though_a_snapshot_is_being_written) {
    Galaxy galaxy = galaxy_open(NULL, false);
    galaxy_run(&galaxy, 3);
    int ends[2];
    char byte;
    ENSURE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    ENSURE(inf_snapshot_begin(galaxy.writer, encode_slowly, &galaxy) == INF_OK);
    close(ends[1]);
    struct pollfd wait = {ends[0], POLLIN, 0};
    ENSURE(poll(&wait, 1, 1500) == 1 && read(ends[0], &byte, 1) == 0); // and not when the writer is done
    ENSURE(inf_snapshot_poll(galaxy.writer, NULL) == INF_SNAPSHOT_WRITING);
    close(ends[0]);
    galaxy_close(&galaxy);
    folder_remove(galaxy.folder.path);
}

TEST(a_server_that_is_killed_leaves_no_writer_behind) {
    TestFolder folder = folder_make();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int told[2], listening = listen_on(&address);
    char byte;
    ENSURE(listening >= 0 && pipe(told) == 0);
    pid_t server = fork();
    if (server == 0) {
        Galaxy galaxy = galaxy_open(folder.path, false);
        galaxy_run(&galaxy, 3);
        ENSURE(inf_snapshot_begin(galaxy.writer, encode_slowly, &galaxy) == INF_OK);
        ENSURE(write(told[1], "x", 1) == 1);
        pause();
        _exit(0);
    }
    ENSURE(read(told[0], &byte, 1) == 1);
    close(listening);
    close(told[1]);
    usleep(100000);
    kill(server, SIGKILL);
    ENSURE(waitpid(server, NULL, 0) == server);
    for (int i = 0; i < 100 && (listening = listen_on(&address)) < 0; i++) {
        usleep(10000);
    }
    ENSURE_SAY(listening >= 0, "the port is still taken a second after the server was killed");
    close(listening);
    close(told[0]);
    sleep(5); // a writer that lived on would have renamed its first file
    ENSURE(snapshot_file_count(folder.path) == 0);
    folder_remove(folder.path);
}

TEST(memory_journal_keeps_no_snapshots) {
    InfJournalDef def = test_def(NULL, SHARDS);
    InfSnapshotDef snapshot_def = inf_snapshot_def_default();
    InfSnapshotWriter* writer;
    InfJournal* journal;
    InfSnapshotSet* set;
    ENSURE(inf_journal_open_memory(&def, &journal, NULL) == INF_OK);
    ENSURE(inf_snapshot_writer_create(journal, &snapshot_def, &writer, &galaxy_error) == INF_ERROR_STATE);
    ENSURE(inf_snapshot_set_load(journal, 0, NULL, NULL, &set) == INF_ERROR_NOT_FOUND);
    inf_journal_close(journal);
}

TEST(backup_while_running_opens_like_the_original) {
    Galaxy galaxy = galaxy_open(NULL, true);
    char destination[300];
    uint64_t head, read_head;
    snprintf(destination, sizeof destination, "%s/backup", galaxy.folder.path);
    galaxy_run(&galaxy, 30);
    ENSURE(snapshot_take(&galaxy) == INF_SNAPSHOT_DONE);
    galaxy_run(&galaxy, 5);
    ENSURE(inf_journal_wait(galaxy.journal, 35, -1) == INF_OK);
    ENSURE_SAY(inf_journal_backup(galaxy.folder.path, destination, &head, &galaxy_error) == INF_OK, "%s",
               galaxy_error.text);
    ENSURE_EQ_U64(35, head);
    ENSURE(inf_journal_backup(galaxy.folder.path, destination, &head, &galaxy_error) == INF_ERROR_EXISTS);
    galaxy_run(&galaxy, 5); // the original goes on
    ENSURE(inf_journal_wait(galaxy.journal, 40, -1) == INF_OK);
    Galaxy copy = galaxy_open(destination, true);
    InfSnapshotSet* set;
    ENSURE(read_all(copy.journal, &read_head, &galaxy_error) == INF_OK && read_head == 35);
    ENSURE(inf_snapshot_set_load(copy.journal, 0, NULL, NULL, &set) == INF_OK);
    ensure_set_is(&copy, set, 30);
    inf_snapshot_set_free(set);
    galaxy_run(&copy, 5);
    galaxy_close(&copy);
    galaxy_close(&galaxy);
    folder_remove(galaxy.folder.path);
}

TEST(backup_refuses_what_it_cannot_do) {
    TestFolder folder = folder_make();
    char destination[300];
    uint64_t head;
    snprintf(destination, sizeof destination, "%s/backup", folder.path);
    ENSURE(inf_journal_backup(folder.path, destination, &head, &galaxy_error) == INF_ERROR_NOT_FOUND);
    ENSURE(!file_exists(folder.path, "backup"));
    Galaxy galaxy = galaxy_open(folder.path, true);
    galaxy_run(&galaxy, 30);
    galaxy_close(&galaxy);
    ENSURE(mkdir(destination, 0700) == 0);
    if (mount("tmpfs", destination, "tmpfs", 0, "size=32k") == 0) {
        InfResult result = inf_journal_backup(folder.path, destination, &head, &galaxy_error);
        ENSURE_SAY(result == INF_ERROR_FULL, "%d %s", result, galaxy_error.text);
        ENSURE(!file_exists(destination, "journal.db") && !file_exists(destination, "unfinished"));
        ENSURE(umount(destination) == 0);
    } else {
        printf("no tmpfs can be mounted here\n");
    }
    folder_remove(folder.path);
}
