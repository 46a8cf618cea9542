/// @file transfer.h
/// The parts of `infinity-bench transfer` that stand in files of their own. Each adds its results; 0 when all went well.
#ifndef INF_BENCH_TRANSFER_H
#define INF_BENCH_TRANSFER_H

#include "bench.h"

/// copy_cpu_us: copies with a signed lineage (--copies 2000).
int bench_transfer_copies(BenchArgs args);
/// cuts_per_s_servers, cut_cpu_us_servers: two real servers on loopback (--minds 1500 --server-seconds 20).
int bench_transfer_servers(BenchArgs args);

#endif
