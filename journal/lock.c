/// lock.c: one server per galaxy folder. `journal.lock` is held with a POSIX record lock: the kernel frees it
/// however the process ends, a forked snapshot writer does not inherit it (flock and OFD locks would keep the
/// folder shut until that child ends), and it names the holder's pid. POSIX locks do not exclude a second
/// opening in the same process, so a list of held files does that.
#include "internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct JournalLock {
    int fd;
    dev_t device;
    ino_t inode;
    JournalLock* next;
};

static pthread_mutex_t held_mutex = PTHREAD_MUTEX_INITIALIZER;
static JournalLock* held_list;

/// An open of a file that this process has locked, followed by close, would drop the lock: look before opening.
static bool is_held_here(const char* path) {
    struct stat status;
    if (stat(path, &status) != 0) {
        return false;
    }
    for (const JournalLock* lock = held_list; lock != NULL; lock = lock->next) {
        if (lock->device == status.st_dev && lock->inode == status.st_ino) {
            return true;
        }
    }
    return false;
}

static InfResult take(const char* folder, const char* path, JournalLock* lock, InfJournalError* error) {
    if (is_held_here(path)) {
        return JOURNAL_ERROR(error, INF_ERROR_STATE,
                             "the galaxy in %s is already open in this process (pid %ld); close it first", folder,
                             (long)getpid());
    }
    lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock->fd < 0) {
        InfResult result = errno == EACCES || errno == EROFS || errno == EPERM ? INF_ERROR_DENIED
                           : errno == ENOSPC                                   ? INF_ERROR_FULL
                                                                               : INF_ERROR_IO;
        return JOURNAL_ERROR(error, result,
                             "cannot write in the galaxy folder %s (%s); a server needs to: check its owner, "
                             "permissions, mount and free space",
                             folder, strerror(errno));
    }
    struct flock wish = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(lock->fd, F_SETLK, &wish) != 0) {
        int reason = errno;
        struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if ((reason == EACCES || reason == EAGAIN) && fcntl(lock->fd, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK) {
            return JOURNAL_ERROR(error, INF_ERROR_STATE,
                                 "the galaxy in %s is already served by process %ld; stop that one first, or serve "
                                 "another folder",
                                 folder, (long)holder.l_pid);
        }
        return JOURNAL_ERROR(error, reason == EACCES || reason == EAGAIN ? INF_ERROR_STATE : INF_ERROR_IO,
                             "cannot lock %s (%s); the folder must be on a file system with locks", path, strerror(reason));
    }
    struct stat status;
    if (fstat(lock->fd, &status) != 0) {
        return JOURNAL_ERROR(error, INF_ERROR_IO, "cannot look at %s: %s", path, strerror(errno));
    }
    lock->device = status.st_dev;
    lock->inode = status.st_ino;
    return INF_OK;
}

InfResult journal_lock_take(const char* folder, JournalLock** out_lock, InfJournalError* error) {
    *out_lock = NULL;
    size_t path_bytes = strlen(folder) + sizeof "/journal.lock";
    char* path = malloc(path_bytes);
    JournalLock* lock = calloc(1, sizeof *lock);
    if (path == NULL || lock == NULL) {
        free(path);
        free(lock);
        return JOURNAL_ERROR(error, INF_ERROR_MEMORY, "out of memory while locking %s", folder);
    }
    snprintf(path, path_bytes, "%s/journal.lock", folder);
    lock->fd = -1;
    pthread_mutex_lock(&held_mutex);
    InfResult result = take(folder, path, lock, error);
    if (result == INF_OK) {
        lock->next = held_list;
        held_list = lock;
        *out_lock = lock;
        lock = NULL;
    }
    pthread_mutex_unlock(&held_mutex);
    if (lock != NULL && lock->fd >= 0) {
        close(lock->fd);
    }
    free(lock);
    free(path);
    return result;
}

void journal_lock_release(JournalLock* lock) {
    if (lock == NULL) {
        return;
    }
    pthread_mutex_lock(&held_mutex);
    for (JournalLock** link = &held_list; *link != NULL; link = &(*link)->next) {
        if (*link == lock) {
            *link = lock->next;
            break;
        }
    }
    close(lock->fd);
    pthread_mutex_unlock(&held_mutex);
    free(lock);
}
