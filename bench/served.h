/// @file served.h
/// `infinity serve` as a child on a new galaxy in a temporary folder, other programs of this build beside it, and what the
/// server says of itself in /metrics.
#ifndef INF_BENCH_SERVED_H
#define INF_BENCH_SERVED_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define SERVED_BUCKETS_MAX 128

typedef struct Served {
    char folder[PATH_MAX], programs[PATH_MAX];
    uint16_t port;
    pid_t server;
    FILE* server_out;
} Served;

/// What /metrics told.
typedef struct ServedMetrics {
    double le_s[SERVED_BUCKETS_MAX], below[SERVED_BUCKETS_MAX]; ///< histogram of ticks
    uint32_t bucket_count;
    char text[1 << 16];
} ServedMetrics;

/// Make the folder and find the programs. @return false and says why if that fails
bool served_open(Served* served);
/// Serve a new galaxy there. @param settings  lines for infinity.conf besides name and port
bool served_start(Served* served, const char* settings);
/// Start a program of this build. @param out  what it prints; what it says on stderr goes to NAME.log in the folder
pid_t served_start_program(const Served* served, const char* name, char* const arguments[], FILE** out);
/// End a child: with SIGTERM, after 10 s with SIGKILL.
void served_stop_program(pid_t* child, FILE** out);
/// End the server, remove the folder (or keep it, and say where it is).
void served_close(Served* served, bool keep);
/// Repeat what a program wrote to its log, or of the server what is wrong.
void served_say_log(const Served* served, const char* name);

bool served_metrics(const Served* served, ServedMetrics* out);
/// @param name  with its "infinity_" @return 0 if there is no such metric
double served_metric(const ServedMetrics* metrics, const char* name);
/// From the histogram's growth, straight within a bucket.
double served_tick_percentile_ms(const ServedMetrics* before, const ServedMetrics* after, double share);
double served_ticks(const ServedMetrics* metrics);
/// CPU of a whole process since it began.
double served_cpu_s(pid_t process);
/// Seconds that all processors together have worked since boot, and of these in interrupts.
void served_machine_s(double* busy, double* softirq);
/// A number of a line of JSON; 0 if it is not there.
double served_field(const char* json, const char* name);
/// The next line that begins so. @return false at the end
bool served_wait_line(FILE* from, const char* word, char* line, size_t line_bytes);

#endif
