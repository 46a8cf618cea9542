// Whole files, read with a bound and written durably; see document.h.
#include "souls/document.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char* inf_souls_file_read(const char* path, size_t bytes_max, size_t* out_bytes, InfSoulsError* error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0) {
        inf_souls_fail(error, INF_SOULS_IO, "%s: %s", path, strerror(errno));
        if (fd >= 0) close(fd);
        return NULL;
    }
    // A pipe has no size; it is read up to the bound all the same.
    size_t capacity = S_ISREG(about.st_mode) && (size_t)about.st_size < bytes_max ? (size_t)about.st_size + 1 : bytes_max + 1;
    char* bytes = malloc(capacity + 1);
    size_t count = 0;
    ssize_t more = bytes != NULL ? 1 : 0;
    while (more > 0 && count < capacity) {
        more = read(fd, bytes + count, capacity - count);
        if (more < 0 && errno == EINTR) more = 1;
        else if (more > 0) count += (size_t)more;
    }
    int reason = errno;
    close(fd);
    if (bytes == NULL) inf_souls_fail(error, INF_SOULS_MEMORY, "%s", path);
    else if (more < 0) inf_souls_fail(error, INF_SOULS_IO, "%s: %s", path, strerror(reason));
    else if (count > bytes_max) inf_souls_fail(error, INF_SOULS_SIZE, "%s: more than %zu bytes", path, bytes_max);
    else {
        bytes[count] = '\0';
        *out_bytes = count;
        return bytes;
    }
    free(bytes);
    return NULL;
}

static bool folder_sync(const char* path)
{
    char folder[PATH_MAX];
    const char* slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 1, slash != NULL ? path : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return is_synced;
}

// Never over another. Not every file system knows how to rename so, and not every one knows links.
static int name_new(const char* fresh, const char* path)
{
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    return link(fresh, path) == 0 ? unlink(fresh) : -1;
}

// Whole under a name of its own first: a crash leaves the old file or the new one, and never half of a key.
bool inf_souls_file_write(const char* path, const void* bytes, size_t byte_count, bool replace, InfSoulsError* error)
{
    char fresh[PATH_MAX];
    int name_bytes = snprintf(fresh, sizeof fresh, "%s.new", path);
    if (name_bytes < 0 || (size_t)name_bytes >= sizeof fresh) return inf_souls_fail(error, INF_SOULS_IO, "%s: the name is too long", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC | O_NOFOLLOW, 0600);
    if (fd < 0) return inf_souls_fail(error, INF_SOULS_IO, "%s: %s", path, strerror(errno));
    size_t written = 0;
    bool is_well = fchmod(fd, 0600) == 0;
    while (is_well && written < byte_count) {
        ssize_t more = write(fd, (const char*)bytes + written, byte_count - written);
        if (more < 0 && errno != EINTR) is_well = false;
        else if (more > 0) written += (size_t)more;
    }
    is_well = is_well && fsync(fd) == 0;
    int reason = errno;
    close(fd);
    if (is_well && (replace ? rename(fresh, path) : name_new(fresh, path)) != 0) is_well = false, reason = errno;
    if (!is_well) unlink(fresh);
    if (is_well && !folder_sync(path)) is_well = false, reason = errno;
    if (is_well) return true;
    return inf_souls_fail(error, reason == EEXIST ? INF_SOULS_EXISTS : INF_SOULS_IO, "%s: %s", path, strerror(reason));
}
