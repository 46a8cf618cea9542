/// @file steer.h
/// Inputs from dice: every kind, every field, sense and nonsense in a mixture that gets somewhere. The dice are bytes:
/// random ones in the tests, chosen ones in the fuzzers. Pure: the same world and dice give the same input.
#ifndef INF_TESTS_STEER_H
#define INF_TESTS_STEER_H

#include "infinity/world.h"

/// Memory in pieces of its own, so that a sanitizer sees whoever reads past a pool.
InfAllocator steer_allocator(void);
/// Make an input for a world. Souls and ships are mostly such as live there, numbers mostly small, sometimes extreme.
void steer_input(const InfWorld* world, InfReader* dice, InfInput* out);
/// The same with a fixed kind (InfInputKind).
void steer_input_of(const InfWorld* world, InfReader* dice, uint32_t kind, InfInput* out);
/// A transfer into `world` that nobody sent: a true payload of a soul of `world` or `other` with bytes of it changed
/// (mode & 1), a payment, or noise. Only the watermark is right, so that the payload is what is judged.
void steer_transfer(const InfWorld* world, const InfWorld* other, InfReader* dice, InfInput* out);

#endif
