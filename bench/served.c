// See served.h. The server's port is read from the address that it prints.
#include "served.h"

#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// ---- children ---------------------------------------------------------------------------------------------------

static bool find_programs(Served* served)
{
    ssize_t bytes = readlink("/proc/self/exe", served->programs, sizeof served->programs - 1);
    char* slash = bytes > 0 ? strrchr(served->programs, '/') : NULL;
    if (slash == NULL) {
        return false;
    }
    *slash = 0;
    return true;
}

bool served_open(Served* served)
{
    struct rlimit limit;
    memset(served, 0, sizeof *served);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    signal(SIGPIPE, SIG_IGN);
    const char* temporary = getenv("TMPDIR");
    snprintf(served->folder, sizeof served->folder, "%.200s/infinity-served-XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (!find_programs(served) || mkdtemp(served->folder) == NULL) {
        fprintf(stderr, "infinity-bench: no temporary folder: %s\n", strerror(errno));
        return false;
    }
    return true;
}

pid_t served_start_program(const Served* served, const char* name, char* const arguments[], FILE** out)
{
    char path[PATH_MAX + 32];
    int pipe_fds[2];
    snprintf(path, sizeof path, "%s/%s", served->programs, name);
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        char log_path[PATH_MAX + 32];
        snprintf(log_path, sizeof log_path, "%s/%s.log", served->folder, name);
        int log_fd = open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        dup2(pipe_fds[1], 1);
        dup2(log_fd, 2);
        execv(path, arguments);
        _exit(127);
    }
    close(pipe_fds[1]);
    *out = child > 0 ? fdopen(pipe_fds[0], "r") : NULL;
    return *out != NULL ? child : -1;
}

bool served_start(Served* served, const char* settings)
{
    char path[PATH_MAX + 32], line[256];
    snprintf(path, sizeof path, "%s/infinity.conf", served->folder);
    FILE* file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    fprintf(file, "name = Bench\nport = 0\nsnapshot_minutes = 60\n%s", settings);
    if (fclose(file) != 0) {
        return false;
    }
    char* arguments[] = {"infinity", "serve", "--galaxy", served->folder, NULL};
    served->server = served_start_program(served, "infinity", arguments, &served->server_out);
    while (served->server > 0 && fgets(line, sizeof line, served->server_out) != NULL) {
        const char* colon = strstr(line, "http://");
        if (colon != NULL && (colon = strchr(colon + 7, ':')) != NULL) {
            served->port = (uint16_t)strtoul(colon + 1, NULL, 10);
            return served->port != 0;
        }
    }
    fprintf(stderr, "infinity-bench: `infinity serve` does not start; see %s/infinity.log\n", served->folder);
    return false;
}

void served_stop_program(pid_t* child, FILE** out)
{
    if (*child > 0) {
        kill(*child, SIGTERM);
        for (int i = 0; i < 100 && waitpid(*child, NULL, WNOHANG) == 0; i++) {
            usleep(100000);
        }
        kill(*child, SIGKILL);
        waitpid(*child, NULL, 0);
    }
    if (*out != NULL) {
        fclose(*out);
    }
    *child = 0;
    *out = NULL;
}

static void remove_folder(const char* folder)
{
    pid_t child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", folder, (char*)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

void served_close(Served* served, bool keep)
{
    served_stop_program(&served->server, &served->server_out);
    if (keep) {
        bench_say("kept: %s", served->folder);
    } else {
        remove_folder(served->folder);
    }
}

void served_say_log(const Served* served, const char* name)
{
    char path[PATH_MAX + 32], line[512], last[512] = "";
    snprintf(path, sizeof path, "%s/%s.log", served->folder, name);
    FILE* file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        snprintf(last, sizeof last, "%s", line);
        if (strcmp(name, "infinity-load") == 0 || strstr(line, "\"error\"") != NULL) {
            fputs(line, stderr);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

// ---- looking at the server --------------------------------------------------------------------------------------

double served_cpu_s(pid_t process)
{
    clockid_t clock;
    struct timespec now;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &now) != 0) {
        return 0;
    }
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void served_machine_s(double* busy, double* softirq)
{
    unsigned long long v[8] = {0};
    FILE* file = fopen("/proc/stat", "r");
    if (file != NULL) {
        if (fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6],
                   &v[7]) != 8) {
            memset(v, 0, sizeof v);
        }
        fclose(file);
    }
    double per_s = (double)sysconf(_SC_CLK_TCK);
    *busy = (double)(v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / per_s;
    *softirq = (double)(v[5] + v[6]) / per_s;
}

static bool get(uint16_t port, const char* path, char* out, size_t out_bytes)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char request[256];
    int bytes = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    size_t used = 0;
    if (fd >= 0 && connect(fd, (struct sockaddr*)&to, sizeof to) == 0 && write(fd, request, (size_t)bytes) == bytes) {
        for (ssize_t got; used + 1 < out_bytes && (got = read(fd, out + used, out_bytes - 1 - used)) > 0;) {
            used += (size_t)got;
        }
    }
    out[used] = 0;
    close(fd);
    return strstr(out, " 200 ") != NULL;
}

double served_metric(const ServedMetrics* metrics, const char* name)
{
    size_t bytes = strlen(name);
    for (const char* at = metrics->text; (at = strstr(at, name)) != NULL; at += bytes) {
        if (at > metrics->text && at[-1] == '\n' && at[bytes] == ' ') {
            return strtod(at + bytes, NULL);
        }
    }
    return 0;
}

bool served_metrics(const Served* served, ServedMetrics* out)
{
    out->bucket_count = 0;
    if (!get(served->port, "/metrics", out->text, sizeof out->text)) {
        return false;
    }
    const char* at = out->text;
    while ((at = strstr(at, "infinity_tick_seconds_bucket{le=\"")) != NULL && out->bucket_count < SERVED_BUCKETS_MAX) {
        at += 33;
        out->le_s[out->bucket_count] = strncmp(at, "+Inf", 4) == 0 ? 3600 : strtod(at, NULL);
        const char* end = strchr(at, '}');
        out->below[out->bucket_count++] = end != NULL ? strtod(end + 1, NULL) : 0;
    }
    return out->bucket_count > 0;
}

double served_ticks(const ServedMetrics* metrics) { return served_metric(metrics, "infinity_tick_seconds_count"); }

double served_tick_percentile_ms(const ServedMetrics* before, const ServedMetrics* after, double share)
{
    uint32_t last = after->bucket_count - 1;
    double all = after->below[last] - before->below[last], wanted = all * share;
    for (uint32_t i = 0; i <= last; i++) {
        double sum = after->below[i] - before->below[i];
        double lower_sum = i > 0 ? after->below[i - 1] - before->below[i - 1] : 0;
        if (sum >= wanted && sum > lower_sum) {
            double lower = i > 0 ? after->le_s[i - 1] : 0;
            if (i == last) {
                return lower * 1000; // longer than the last bound
            }
            return (lower + (after->le_s[i] - lower) * (wanted - lower_sum) / (sum - lower_sum)) * 1000;
        }
    }
    return 0;
}

// ---- what programs print ----------------------------------------------------------------------------------------

double served_field(const char* json, const char* name)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", name);
    const char* at = strstr(json, quoted);
    return at != NULL ? strtod(at + strlen(quoted), NULL) : 0;
}

bool served_wait_line(FILE* from, const char* word, char* line, size_t line_bytes)
{
    while (fgets(line, (int)line_bytes, from) != NULL) {
        if (strncmp(line, word, strlen(word)) == 0) {
            return true;
        }
    }
    return false;
}
