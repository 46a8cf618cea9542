/// @file bench.h
/// A benchmark is one C file in this folder:
///
///     BENCH(hot, "a crowded place, integrated at 10 Hz") { uint32_t ships = bench_option(&args, "ships", 8825); …;
///         bench_result("ships", ships); bench_result("tick_cpu_ms", ms); return 0; }
///
/// `infinity-bench --list` tells the names; `infinity-bench NAME [--option value]... [--json]` runs one and prints all its
/// results as one JSON object on the last line. CPU time where it can be.
#ifndef INF_BENCH_H
#define INF_BENCH_H

#include <stdbool.h>
#include <stdint.h>

typedef struct BenchArgs {
    int count;
    char** values;
} BenchArgs;

typedef struct Bench Bench;
struct Bench {
    const char *name, *text;
    int (*run)(BenchArgs args);
    Bench* next;
};

void bench_add(Bench* bench);

#define BENCH(bench, says)                                                                              \
    static int bench_run_##bench(BenchArgs args);                                                       \
    __attribute__((constructor)) static void bench_add_##bench(void)                                    \
    {                                                                                                   \
        static Bench row = {#bench, says, bench_run_##bench, 0};                                        \
        bench_add(&row);                                                                                \
    }                                                                                                   \
    static int bench_run_##bench(BenchArgs args)

/// The whole number after --name, or the default. Ends the program if it is not a number.
int64_t bench_option(const BenchArgs* args, const char* name, int64_t otherwise);
bool bench_flag(const BenchArgs* args, const char* name);
/// A line for people, on stderr, so that stdout ends with the JSON.
void bench_say(const char* format, ...) __attribute__((format(printf, 1, 2)));
/// Add to the JSON object.
void bench_result(const char* name, double value);
/// A hash, as a JSON string in hexadecimal: fast but wrong is seen.
void bench_result_hash(const char* name, uint64_t hash);

double bench_cpu_s(void);  ///< of this process, all threads
double bench_wall_s(void); ///< monotonic
uint64_t bench_rss_bytes(void);

#endif
