/// @file crowd.h
/// So many ships at one spot, everybody orbiting somebody, a third firing: what benchmarks call a crowded place.
#ifndef INF_BENCH_CROWD_H
#define INF_BENCH_CROWD_H

#include <infinity/world.h>

/// @param ships at least 2 @return null if there is not enough memory
InfWorld* crowd_create(uint32_t ships);
/// Hulls and shields full again, so that the crowd stays as large as asked for.
void crowd_top_up(InfWorld* world);

#endif
