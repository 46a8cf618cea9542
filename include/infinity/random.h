/// @file random.h
/// Random streams that are world state: a plain struct to store, hash and encode; equal state, equal
/// future. The generator is xoroshiro128++ (Blackman and Vigna, "Scrambled linear pseudorandom number
/// generators", 2021): period 2^128 - 1. Not for secrets.
#ifndef INFINITY_RANDOM_H
#define INFINITY_RANDOM_H

#include "infinity/base.h"
#include "infinity/hash.h"
#include "infinity/math.h"

/// Never all zero; inf_rng_is_valid() for what comes from outside.
typedef struct InfRng {
    uint64_t state[2];
} InfRng;

/// Start a stream. Different (seed, stream) pairs give unrelated streams.
static inline void inf_rng_seed(InfRng* rng, uint64_t seed, uint64_t stream)
{
    uint64_t mixed = inf_hash_combine(seed, stream);
    rng->state[0] = inf_hash_u64(mixed);
    rng->state[1] = inf_hash_u64(mixed ^ 0x6a09e667f3bcc909u); // differs from state[0]: a bijection
}

static inline bool inf_rng_is_valid(const InfRng* rng)
{
    return (rng->state[0] | rng->state[1]) != 0;
}

static inline uint64_t inf_rng_rotate(uint64_t value, unsigned count)
{
    return (value << count) | (value >> (64 - count));
}

/// 64 random bits.
static inline uint64_t inf_rng_next(InfRng* rng)
{
    uint64_t a = rng->state[0], b = rng->state[1];
    uint64_t result = inf_rng_rotate(a + b, 17) + a;
    b ^= a;
    rng->state[0] = inf_rng_rotate(a, 49) ^ b ^ (b << 21);
    rng->state[1] = inf_rng_rotate(b, 28);
    return result;
}

/// A number in [0, bound), each exactly as likely; 0 if bound is 0. Draws once, rarely more
/// (Lemire, "Fast random integer generation in an interval", 2019).
static inline uint64_t inf_rng_below(InfRng* rng, uint64_t bound)
{
    uint64_t low, high = inf_mul_u64(inf_rng_next(rng), bound, &low);
    if (low < bound) {
        uint64_t threshold = (0 - bound) % bound;
        while (low < threshold) {
            high = inf_mul_u64(inf_rng_next(rng), bound, &low);
        }
    }
    return high;
}

/// A number in [low, high], both ends included; low if high < low.
static inline int64_t inf_rng_range(InfRng* rng, int64_t low, int64_t high)
{
    if (high <= low) {
        return low;
    }
    uint64_t span = (uint64_t)high - (uint64_t)low + 1; // 0 means all of 2^64
    uint64_t offset = span == 0 ? inf_rng_next(rng) : inf_rng_below(rng, span);
    return (int64_t)((uint64_t)low + offset);
}

/// True numerator times in denominator: inf_rng_ratio(rng, 3, 10) is true three times in ten. Never
/// if numerator is 0, always if it is at least the denominator. Draws once in any case but rejection.
static inline bool inf_rng_ratio(InfRng* rng, uint64_t numerator, uint64_t denominator)
{
    if (denominator == 0) {
        return false;
    }
    return inf_rng_below(rng, denominator) < numerator;
}

/// A multiple of 2^-24 in [0, 1).
static inline float inf_rng_f32(InfRng* rng)
{
    return (float)(uint32_t)(inf_rng_next(rng) >> 40) * 0x1p-24f;
}

#endif
