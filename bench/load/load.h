// What the parts of infinity-load share beside the pilots: its options, and what is reported.
#ifndef INFINITY_LOAD_H
#define INFINITY_LOAD_H

#include "pilot.h"

#define LOAD_THREADS_MAX 16u

typedef struct LoadOptions {
    uint32_t clients, seconds, settle_s, ramp_s, at_once, hz_milli, tick_hz, kernel_receive_bytes, threads;
    const char *host, *unix_path;
    LoadScene scene;
    uint32_t port;
    uint64_t seed;
    bool json, tell, in_turns;
} LoadOptions;

/// What all crews found together.
typedef struct LoadResult {
    LoadFleet fleet;
    uint64_t connected_us, measured_us;
    double cpu_s;
    uint32_t connected, flying; ///< at the end
} LoadResult;

/// Say why and end with 2.
__attribute__((format(printf, 1, 2))) _Noreturn void load_die(const char* format, ...);
/// Options of the command line; what is wrong with them ends the program.
LoadOptions load_read_options(int argc, char** argv);
void load_report(const LoadOptions* options, const LoadResult* result);

#endif
