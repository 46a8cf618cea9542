// Prometheus text from the table in metrics.h.
#include "server/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef INF_VERSION_TEXT
#define INF_VERSION_TEXT "0.1.0"
#endif

/// About an eighth apart, so that a percentile between two of them is known well enough.
static const uint32_t bucket_us[INF_TICK_BUCKETS] = {
    200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800, 900,
    1000, 1120, 1250, 1400, 1600, 1800, 2000, 2240, 2500, 2800, 3150, 3550, 4000, 4500,
    5000, 5600, 6300, 7100, 8000, 9000, 10000, 11200, 12500, 14000, 16000, 18000, 20000, 22400,
    25000, 28000, 31500, 35500, 40000, 45000, 50000, 56000, 60000, 63000, 71000, 80000, 90000, 100000,
    112000, 125000, 140000, 160000, 180000, 200000, 224000, 250000, 280000, 315000, 355000, 400000, 450000, 500000,
    560000, 630000, 710000, 800000, 900000, 1000000};

void inf_metrics_note_tick(InfMetrics* metrics, uint64_t took_us) {
    int bucket = 0;
    while (bucket < INF_TICK_BUCKETS && took_us > bucket_us[bucket]) {
        bucket++;
    }
    inf_metric_add(&metrics->tick_bucket[bucket], 1);
    inf_metric_add(&metrics->tick_sum_us, took_us);
    inf_metric_set(&metrics->tick_last_us, took_us);
}

uint64_t inf_metrics_tick_us(InfMetrics* metrics, uint32_t per_mille) {
    uint64_t all = 0, below = 0;
    for (int i = 0; i <= INF_TICK_BUCKETS; i++) {
        all += inf_metric_get(&metrics->tick_bucket[i]);
    }
    for (int i = 0; i < INF_TICK_BUCKETS; i++) {
        below += inf_metric_get(&metrics->tick_bucket[i]);
        if (below > 0 && below * 1000 >= all * per_mille) {
            return bucket_us[i];
        }
    }
    return all > 0 ? 10000000 : 0; // more than the last bucket's end
}

typedef struct Text {
    char* out;
    size_t out_bytes, used;
} Text;

__attribute__((format(printf, 2, 3))) static void add(Text* text, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t left = text->used < text->out_bytes ? text->out_bytes - text->used : 0;
    int bytes = vsnprintf(left ? text->out + text->used : NULL, left, format, arguments);
    va_end(arguments);
    text->used += bytes > 0 ? (size_t)bytes : 0;
}

uint64_t inf_metrics_resident_bytes(void) {
    unsigned long pages = 0, resident = 0;
    FILE* file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%lu %lu", &pages, &resident) != 2) {
            resident = 0;
        }
        fclose(file);
    }
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

size_t inf_metrics_write(InfMetrics* metrics, char* out, size_t out_bytes) {
    Text text = {out, out_bytes, 0};
    add(&text, "# HELP infinity_build_info The running program\n# TYPE infinity_build_info gauge\n"
               "infinity_build_info{version=\"%s\",compiler=\"%s\"} 1\n",
        INF_VERSION_TEXT, __VERSION__);
#define X(name, type, help)                                                                               \
    add(&text, "# HELP infinity_" #name " " help "\n# TYPE infinity_" #name " " #type "\ninfinity_" #name \
               " %" PRIu64 "\n",                                                                          \
        inf_metric_get(&metrics->name));
    INF_METRICS(X)
#undef X
    add(&text, "# HELP infinity_load_share Share of the time of a tick that its work takes, mean of the last ticks\n"
               "# TYPE infinity_load_share gauge\ninfinity_load_share %.3f\n",
        (double)inf_metric_get(&metrics->load_permille) / 1000);
    add(&text, "# HELP infinity_tick_seconds Duration of a tick: inputs, worlds, what each client sees, sending; not the wait for the disk\n# TYPE infinity_tick_seconds histogram\n");
    uint64_t sum = 0;
    for (int i = 0; i < INF_TICK_BUCKETS; i++) {
        sum += inf_metric_get(&metrics->tick_bucket[i]);
        add(&text, "infinity_tick_seconds_bucket{le=\"%g\"} %" PRIu64 "\n", bucket_us[i] / 1e6, sum);
    }
    sum += inf_metric_get(&metrics->tick_bucket[INF_TICK_BUCKETS]);
    add(&text, "infinity_tick_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\ninfinity_tick_seconds_sum %.6f\n"
               "infinity_tick_seconds_count %" PRIu64 "\n",
        sum, (double)inf_metric_get(&metrics->tick_sum_us) / 1e6, sum);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    add(&text, "# HELP process_cpu_seconds_total CPU time\n# TYPE process_cpu_seconds_total counter\n"
               "process_cpu_seconds_total %.3f\n",
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    add(&text, "# HELP process_resident_memory_bytes Memory in use\n# TYPE process_resident_memory_bytes gauge\n"
               "process_resident_memory_bytes %" PRIu64 "\n",
        inf_metrics_resident_bytes());
    return text.used;
}
