/// @file transfer.h
/// The parts of `infinity-bench transfer` that stand in files of their own. Each adds its results; 0 when all went well.
#ifndef INF_BENCH_TRANSFER_H
#define INF_BENCH_TRANSFER_H

#include "bench.h"

/// copy_cpu_us: copies with a signed lineage (--copies 2000).
int bench_transfer_copies(BenchArgs args);

#endif
