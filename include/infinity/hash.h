/// @file hash.h
/// Fast, unkeyed, 64-bit hashes for state checks, generation and tables. Not cryptographic: whoever may
/// choose the bytes can find collisions; the journal chain uses BLAKE2b instead.
///
/// The same number on every machine: bytes are read as little-endian words, only 64-bit wrapping
/// arithmetic is used (no 64x64->128 product, which WebAssembly lacks).
///
/// Construction: four independent lanes take one 64-bit word each of a 32-byte block,
/// `lane = rotl(lane + word * A, 29) * B` (A, B odd, so each step is a bijection of the lane for a
/// given word and of the word for a given lane; the multiplication before the addition spreads a
/// word's low bits, the rotation and the one after it its high bits). The rest is padded with zeros; the
/// length goes into the end, so padding is not ambiguous. One multiplication alone was rejected: flipping a
/// word's top bit then flips one predictable bit, which a second flip cancels.
#ifndef INFINITY_HASH_H
#define INFINITY_HASH_H

#include "infinity/base.h"

#include <string.h>

#define INF_HASH_BLOCK_BYTES 32

/// Mix one word so that each input bit flips each output bit with probability one half. A bijection;
/// 0 is not a fixed point. (Two multiply-xorshift rounds, the multipliers of Stafford's "Mix13".)
static inline uint64_t inf_hash_u64(uint64_t value)
{
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

/// Mix two words into one. The order matters: combine(a, b) differs from combine(b, a).
static inline uint64_t inf_hash_combine(uint64_t a, uint64_t b)
{
    return inf_hash_u64((a ^ (a >> 32)) * 0xd6e8feb86659fd93u + b);
}

/// A hash in the making. Any split of the same bytes into inf_hasher_add() calls gives the same end.
/// A plain value: copying it forks the stream.
typedef struct InfHasher {
    uint64_t lanes[4];
    uint64_t byte_count;                         ///< all bytes added so far
    uint8_t pending[INF_HASH_BLOCK_BYTES];       ///< the first byte_count % 32 are valid
} InfHasher;

INF_API void inf_hasher_init(InfHasher* hasher, uint64_t seed);
/// @param bytes may be null if byte_count is 0
INF_API void inf_hasher_add(InfHasher* hasher, const void* bytes, size_t byte_count);
/// Add a word as its eight little-endian bytes.
INF_API void inf_hasher_add_u64(InfHasher* hasher, uint64_t value);
/// The hash of what was added so far. Does not change the hasher: adding may go on.
INF_API uint64_t inf_hasher_end(const InfHasher* hasher);
/// init, add, end.
INF_API uint64_t inf_hash_bytes(const void* bytes, size_t byte_count, uint64_t seed);

#endif
