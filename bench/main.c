// infinity-bench: runs one benchmark by name and prints its results as one JSON object.
#include "bench.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static Bench* first;
static char results[16384];

void bench_add(Bench* bench)
{
    Bench** at = &first;
    while (*at != NULL && strcmp((*at)->name, bench->name) < 0) {
        at = &(*at)->next;
    }
    bench->next = *at;
    *at = bench;
}

int64_t bench_option(const BenchArgs* args, const char* name, int64_t otherwise)
{
    for (int i = 0; i + 1 < args->count; i++) {
        if (strncmp(args->values[i], "--", 2) == 0 && strcmp(args->values[i] + 2, name) == 0) {
            char* end;
            errno = 0;
            long long value = strtoll(args->values[i + 1], &end, 10);
            if (errno != 0 || end == args->values[i + 1] || *end != '\0' || value < 0) {
                fprintf(stderr, "infinity-bench: --%s needs a whole number, not %s\n", name, args->values[i + 1]);
                exit(2);
            }
            return value;
        }
    }
    return otherwise;
}

bool bench_flag(const BenchArgs* args, const char* name)
{
    for (int i = 0; i < args->count; i++) {
        if (strncmp(args->values[i], "--", 2) == 0 && strcmp(args->values[i] + 2, name) == 0) {
            return true;
        }
    }
    return false;
}

void bench_say(const char* format, ...)
{
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
}

void bench_result(const char* name, double value)
{
    size_t at = strlen(results);
    snprintf(results + at, sizeof results - at, "%s\"%s\": %.10g", at == 0 ? "" : ", ", name, value);
}

void bench_result_hash(const char* name, uint64_t hash)
{
    size_t at = strlen(results);
    snprintf(results + at, sizeof results - at, "%s\"%s\": \"%016llx\"", at == 0 ? "" : ", ", name,
             (unsigned long long)hash);
}

static double clock_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double bench_cpu_s(void)
{
    return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_wall_s(void)
{
    return clock_s(CLOCK_MONOTONIC);
}

uint64_t bench_rss_bytes(void)
{
    unsigned long long pages = 0, resident = 0;
    FILE* file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%llu %llu", &pages, &resident) != 2) {
            resident = 0;
        }
        fclose(file);
    }
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static int usage(FILE* to)
{
    fprintf(to, "usage: infinity-bench NAME [--option value]... [--json]\n       infinity-bench --list\n");
    return to == stdout ? 0 : 2;
}

int main(int argc, char** argv)
{
    if (argc < 2) {
        return usage(stderr);
    }
    if (strcmp(argv[1], "--help") == 0) {
        return usage(stdout);
    }
    if (strcmp(argv[1], "--list") == 0) {
        for (const Bench* bench = first; bench != NULL; bench = bench->next) {
            printf("%-12s %s\n", bench->name, bench->text);
        }
        return 0;
    }
    for (const Bench* bench = first; bench != NULL; bench = bench->next) {
        if (strcmp(bench->name, argv[1]) == 0) {
            int status = bench->run((BenchArgs){argc - 2, argv + 2});
            if (status == 0) {
                printf("{%s}\n", results);
            }
            return status;
        }
    }
    fprintf(stderr, "infinity-bench: there is no benchmark %s; --list tells the names\n", argv[1]);
    return 2;
}
