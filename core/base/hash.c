// The streaming hash; construction and reasons are in hash.h.
#include "infinity/hash.h"

#define FACTOR_A 0x9fb21c651e98df25u
#define FACTOR_B 0xc2b2ae3d27d4eb4fu

static inline uint64_t load_u64(const uint8_t* bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline uint64_t step(uint64_t lane, uint64_t word)
{
    lane += word * FACTOR_A;
    return ((lane << 29) | (lane >> 35)) * FACTOR_B;
}

// Whole blocks only. The lanes live in registers over the loop: four chains of 8 cycles hide each other.
static void add_blocks(uint64_t lanes[4], const uint8_t* bytes, size_t block_count)
{
    uint64_t a = lanes[0], b = lanes[1], c = lanes[2], d = lanes[3];
    for (; block_count != 0; block_count--, bytes += INF_HASH_BLOCK_BYTES) {
        a = step(a, load_u64(bytes));
        b = step(b, load_u64(bytes + 8));
        c = step(c, load_u64(bytes + 16));
        d = step(d, load_u64(bytes + 24));
    }
    lanes[0] = a, lanes[1] = b, lanes[2] = c, lanes[3] = d;
}

void inf_hasher_init(InfHasher* hasher, uint64_t seed)
{
    memset(hasher, 0, sizeof *hasher);
    for (uint64_t i = 0; i < 4; i++) {
        hasher->lanes[i] = inf_hash_u64(seed + i * 0xa0761d6478bd642fu);
    }
}

void inf_hasher_add(InfHasher* hasher, const void* bytes, size_t byte_count)
{
    const uint8_t* from = (const uint8_t*)bytes;
    size_t held = (size_t)(hasher->byte_count % INF_HASH_BLOCK_BYTES);
    hasher->byte_count += byte_count;
    if (held != 0) {
        size_t room = INF_HASH_BLOCK_BYTES - held;
        if (byte_count < room) {
            if (byte_count != 0) {
                memcpy(hasher->pending + held, from, byte_count);
            }
            return;
        }
        memcpy(hasher->pending + held, from, room);
        add_blocks(hasher->lanes, hasher->pending, 1);
        from += room;
        byte_count -= room;
    }
    size_t block_count = byte_count / INF_HASH_BLOCK_BYTES;
    add_blocks(hasher->lanes, from, block_count);
    size_t rest = byte_count % INF_HASH_BLOCK_BYTES;
    if (rest != 0) {
        memcpy(hasher->pending, from + block_count * INF_HASH_BLOCK_BYTES, rest);
    }
}

void inf_hasher_add_u64(InfHasher* hasher, uint64_t value)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    inf_hasher_add(hasher, bytes, sizeof bytes);
}

uint64_t inf_hasher_end(const InfHasher* hasher)
{
    uint64_t lanes[4];
    memcpy(lanes, hasher->lanes, sizeof lanes);
    size_t held = (size_t)(hasher->byte_count % INF_HASH_BLOCK_BYTES);
    if (held != 0) {
        uint8_t block[INF_HASH_BLOCK_BYTES] = {0};
        memcpy(block, hasher->pending, held);
        add_blocks(lanes, block, 1);
    }
    uint64_t end = inf_hash_u64(hasher->byte_count);
    for (unsigned i = 0; i < 4; i++) {
        end = inf_hash_combine(end, lanes[i]);
    }
    return end;
}

uint64_t inf_hash_bytes(const void* bytes, size_t byte_count, uint64_t seed)
{
    InfHasher hasher;
    inf_hasher_init(&hasher, seed);
    inf_hasher_add(&hasher, bytes, byte_count);
    return inf_hasher_end(&hasher);
}
