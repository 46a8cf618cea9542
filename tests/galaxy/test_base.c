// core/base: hashes, random streams, mathematics against libm, integers against __int128, readers that are
// lied to.
#include "golden.h"
#include "infinity/random.h"
#include "infinity/reader.h"
#include "test.h"

#include <float.h>
#include <math.h>

__extension__ typedef unsigned __int128 Wide;

// ---- Results --------------------------------------------------------------------------------------

TEST(results_have_texts)
{
    ENSURE_EQ_STR("ok", inf_result_text(INF_OK));
    ENSURE_EQ_STR("out of memory", inf_result_text(INF_ERROR_MEMORY));
    ENSURE_EQ_STR("unknown result", inf_result_text((InfResult)200));
}

// ---- Hash -----------------------------------------------------------------------------------------

TEST_RANDOM(hash_does_not_depend_on_chunks)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 0);
    static uint8_t bytes[5000];
    for (uint32_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)inf_rng_next(&rng);
    }
    for (uint32_t round = 0; round < 500; round++) {
        size_t count = (size_t)inf_rng_below(&rng, sizeof bytes + 1), at = 0;
        InfHasher hasher;
        inf_hasher_init(&hasher, seed);
        uint64_t longest = round % 2 != 0 ? 100 : 5;
        while (at < count) {
            size_t part = (size_t)inf_rng_below(&rng, longest);
            part = part > count - at ? count - at : part;
            inf_hasher_add(&hasher, bytes + at, part);
            (void)inf_hasher_end(&hasher); // looking changes nothing
            at += part;
        }
        ENSURE_EQ_U64(inf_hash_bytes(bytes, count, seed), inf_hasher_end(&hasher));
    }
}

TEST(hash_of_words_is_that_of_their_bytes)
{
    static const uint8_t bytes[16] = {8, 7, 6, 5, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0};
    InfHasher hasher;
    inf_hasher_init(&hasher, 7);
    inf_hasher_add_u64(&hasher, 0x0102030405060708u);
    inf_hasher_add_u64(&hasher, 1);
    ENSURE_EQ_U64(inf_hash_bytes(bytes, sizeof bytes, 7), inf_hasher_end(&hasher));
}

TEST(hash_tells_lengths_of_zeros_apart)
{
    static const uint8_t zeros[200];
    for (size_t a = 0; a < sizeof zeros; a++) {
        for (size_t b = a + 1; b < sizeof zeros; b++) {
            ENSURE(inf_hash_bytes(zeros, a, 1) != inf_hash_bytes(zeros, b, 1));
        }
    }
}

// Every input bit flips every output bit about half of the time.
TEST_RANDOM(hash_spreads_every_bit)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 1);
    enum { BYTES = 72, ROUNDS = 400 };
    static uint32_t flips[BYTES * 8][64];
    memset(flips, 0, sizeof flips);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint8_t bytes[BYTES];
        for (uint32_t i = 0; i < BYTES; i++) {
            bytes[i] = (uint8_t)inf_rng_next(&rng);
        }
        uint64_t hash = inf_hash_bytes(bytes, BYTES, 0);
        for (uint32_t bit = 0; bit < BYTES * 8; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            uint64_t changed = hash ^ inf_hash_bytes(bytes, BYTES, 0);
            bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            for (uint32_t out = 0; out < 64; out++) {
                flips[bit][out] += changed >> out & 1;
            }
        }
    }
    // 36,864 coins thrown 400 times: 6 standard deviations are 60.
    for (uint32_t bit = 0; bit < BYTES * 8; bit++) {
        for (uint32_t out = 0; out < 64; out++) {
            ENSURE_WITHIN(ROUNDS / 2 - 65, ROUNDS / 2 + 65, flips[bit][out]);
        }
    }
}

static int compare_u64(const void* a, const void* b)
{
    uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
    return x < y ? -1 : x > y;
}

// All pairs of flipped bits of a block of 96 bytes: a step that cancels differences would collide here.
TEST(hash_has_no_collisions_among_sparse_keys)
{
    enum { BITS = 96 * 8 };
    static uint64_t hashes[BITS * (BITS - 1) / 2 + BITS + 1];
    uint8_t bytes[96] = {0};
    size_t count = 0;
    hashes[count++] = inf_hash_bytes(bytes, sizeof bytes, 0);
    for (uint32_t a = 0; a < BITS; a++) {
        bytes[a / 8] ^= (uint8_t)(1u << (a % 8));
        hashes[count++] = inf_hash_bytes(bytes, sizeof bytes, 0);
        for (uint32_t b = a + 1; b < BITS; b++) {
            bytes[b / 8] ^= (uint8_t)(1u << (b % 8));
            hashes[count++] = inf_hash_bytes(bytes, sizeof bytes, 0);
            bytes[b / 8] ^= (uint8_t)(1u << (b % 8));
        }
        bytes[a / 8] ^= (uint8_t)(1u << (a % 8));
    }
    qsort(hashes, count, sizeof *hashes, compare_u64);
    for (size_t i = 1; i < count; i++) {
        ENSURE(hashes[i] != hashes[i - 1]);
    }
}

// ---- Random streams -------------------------------------------------------------------------------

TEST(rng_has_the_sequence_of_its_paper)
{
    // xoroshiro128++ from state {1, 2}: worked out with Python's integers from the published definition.
    InfRng rng = {{1, 2}};
    ENSURE_EQ_U64(393217, inf_rng_next(&rng));
    ENSURE_EQ_U64(669327710093319, inf_rng_next(&rng));
    ENSURE_EQ_U64(1732421326133921491u, inf_rng_next(&rng));
}

TEST_RANDOM(rng_below_is_even_and_in_bounds)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 2);
    uint32_t counts[7] = {0};
    for (uint32_t i = 0; i < 70000; i++) {
        uint64_t value = inf_rng_below(&rng, 7);
        ENSURE(value < 7);
        counts[value]++;
    }
    for (uint32_t i = 0; i < 7; i++) {
        ENSURE_WITHIN(10000 - 600, 10000 + 600, counts[i]);
    }
    // A bound of two thirds of 2^64: a product without rejection would give the lower half too often.
    uint64_t bound = 0xaaaaaaaaaaaaaaaau, low = 0;
    for (uint32_t i = 0; i < 30000; i++) {
        uint64_t value = inf_rng_below(&rng, bound);
        ENSURE(value < bound);
        low += value < bound / 2;
    }
    ENSURE_WITHIN(15000 - 600, 15000 + 600, low);
    ENSURE_EQ_U64(0, inf_rng_below(&rng, 0));
    ENSURE_EQ_U64(0, inf_rng_below(&rng, 1));
}

TEST_RANDOM(rng_ranges_reach_both_ends)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 3);
    bool low = false, high = false;
    for (uint32_t i = 0; i < 1000; i++) {
        int64_t value = inf_rng_range(&rng, -3, 3);
        ENSURE(value >= -3 && value <= 3);
        low |= value == -3;
        high |= value == 3;
    }
    ENSURE(low && high);
    ENSURE_EQ_I64(5, inf_rng_range(&rng, 5, 5));
    ENSURE_EQ_I64(5, inf_rng_range(&rng, 5, 4));
    uint32_t negative = 0, hits = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        negative += inf_rng_range(&rng, INT64_MIN, INT64_MAX) < 0;
        hits += inf_rng_ratio(&rng, 3, 10);
        float unit = inf_rng_f32(&rng);
        ENSURE(unit >= 0.0f && unit < 1.0f);
        ENSURE(!inf_rng_ratio(&rng, 0, 10) && inf_rng_ratio(&rng, 10, 10) && !inf_rng_ratio(&rng, 1, 0));
    }
    ENSURE_WITHIN(4700, 5300, negative);
    ENSURE_WITHIN(2700, 3300, hits);
}

TEST(rng_streams_differ)
{
    InfRng a, b, c;
    inf_rng_seed(&a, 1, 0);
    inf_rng_seed(&b, 1, 1);
    inf_rng_seed(&c, 0, 1);
    uint64_t x = inf_rng_next(&a), y = inf_rng_next(&b), z = inf_rng_next(&c);
    ENSURE(x != y && y != z && x != z);
    ENSURE(inf_rng_is_valid(&a) && !inf_rng_is_valid(&(InfRng){{0, 0}}));
}

// ---- Scalar mathematics ---------------------------------------------------------------------------

#define ENSURE_NEAR(low, high, name, actual, wanted, scale, bound)                                       \
    do {                                                                                                 \
        double worst = 0, worst_at = 0;                                                                  \
        for (uint32_t i = 0; i < 400000; i++) {                                                          \
            float x = (low) + ((high) - (low)) * inf_rng_f32(&rng);                                      \
            double exact = (wanted), error = fabs((double)(actual)-exact) / (scale);                     \
            if (!(error <= worst)) {                                                                     \
                worst = error, worst_at = (double)x;                                                     \
            }                                                                                            \
        }                                                                                                \
        ENSURE_SAY(worst < (bound), "%s is off by %g at %.9g", name, worst, worst_at);                   \
    } while (0)

TEST_RANDOM(functions_keep_the_bounds_that_math_h_states)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 4);
    static const float spans[] = {1, 10, 8192, 1e6f, 1e20f, 1e38f};
    for (uint32_t s = 0; s < 6; s++) {
        ENSURE_NEAR(-spans[s], spans[s], "sin", inf_sinf(x), sin((double)x), 1.0, 1.5e-7);
        ENSURE_NEAR(-spans[s], spans[s], "cos", inf_cosf(x), cos((double)x), 1.0, 1.5e-7);
    }
    float one = inf_rng_f32(&rng) + 0.1f;
    ENSURE_NEAR(-50.0f, 50.0f, "atan2", inf_atan2f(x, one), atan2((double)x, (double)one), 1.0, 3.5e-7);
    ENSURE_NEAR(-50.0f, 50.0f, "atan2 behind", inf_atan2f(x, -one), atan2((double)x, -(double)one), 1.0, 3.5e-7);
    ENSURE_NEAR(-1.0f, 1.0f, "asin", inf_asinf(x), asin((double)x), 1.0, 4e-7);
    ENSURE_NEAR(-1.0f, 1.0f, "acos", inf_acosf(x), acos((double)x), 1.0, 4e-7);
    ENSURE_NEAR(-87.3f, 88.7f, "exp", inf_expf(x), exp((double)x), exact, 2e-7);
    ENSURE_NEAR(1e-38f, 1e-30f, "log", inf_logf(x), log((double)x), fmax(1.0, fabs(exact)), 1.5e-7);
    ENSURE_NEAR(1e-6f, 4.0f, "log", inf_logf(x), log((double)x), fmax(1.0, fabs(exact)), 1.5e-7);
    ENSURE_NEAR(1.0f, 3e38f, "log", inf_logf(x), log((double)x), fmax(1.0, fabs(exact)), 1.5e-7);
    for (uint32_t k = 0; k < 8; k++) {
        float power = 16.0f * (inf_rng_f32(&rng) - 0.5f);
        ENSURE_NEAR(1e-3f, 100.0f, "pow", inf_powf(x, power), pow((double)x, (double)power),
                    exact * (2 + fabs(log(exact))), 2e-7);
    }
    float s, c;
    inf_sincosf(1.25f, &s, &c);
    ENSURE(s == inf_sinf(1.25f) && c == inf_cosf(1.25f));
}

TEST(functions_are_total)
{
    float infinity = inf_f32_from_bits(0x7f800000u), nan = inf_f32_from_bits(0x7fc00000u);
    ENSURE(inf_sinf(infinity) == 0.0f && inf_cosf(-infinity) == 1.0f && inf_sinf(nan) == 0.0f);
    ENSURE(inf_atan2f(0.0f, 0.0f) == 0.0f && inf_atan2f(nan, nan) == 0.0f);
    ENSURE(fabsf(inf_atan2f(infinity, infinity) - 0.785398f) < 1e-6f);
    ENSURE(inf_atan2f(1.0f, 0.0f) > 1.5707f && inf_atan2f(-1.0f, 0.0f) < -1.5707f);
    ENSURE(inf_expf(infinity) == INF_F32_MAX && inf_expf(-infinity) == 0.0f && inf_expf(nan) == 1.0f);
    ENSURE(inf_logf(0.0f) == -INF_F32_MAX && inf_logf(nan) == -INF_F32_MAX);
    ENSURE(inf_is_finite(inf_logf(infinity)));
    ENSURE(inf_powf(-2.0f, 2.0f) == 0.0f && inf_powf(0.0f, 0.0f) == 1.0f);
    ENSURE(inf_asinf(2.0f) > 1.57f && inf_acosf(-7.0f) > 3.14f && inf_is_finite(inf_asinf(nan)));
    ENSURE(inf_sqrtf(-1.0f) == 0.0f && inf_sqrtf(nan) == 0.0f && inf_sqrtf(9.0f) == 3.0f);
    ENSURE(inf_clampf(nan, 1.0f, 2.0f) == 1.0f && inf_clampf(9.0f, 1.0f, 2.0f) == 2.0f);
}

TEST(mathematics_has_its_golden_hash)
{
    ENSURE_EQ_U64(GOLDEN_MATH_HASH, golden_math_hash());
}

// ---- Integers -------------------------------------------------------------------------------------

static uint64_t any_size(InfRng* rng)
{
    return inf_rng_next(rng) >> inf_rng_below(rng, 64);
}

TEST_RANDOM(wide_integers_agree_with_int128)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 5);
    for (uint32_t i = 0; i < 500000; i++) {
        uint64_t a = any_size(&rng), b = any_size(&rng), c = any_size(&rng) | 1, low;
        uint64_t high = inf_mul_u64(a, b, &low);
        ENSURE(((Wide)high << 64 | low) == (Wide)a * b);
        Wide wanted = (Wide)a * b / c;
        ENSURE_EQ_U64(wanted >> 64 != 0 ? UINT64_MAX : (uint64_t)wanted, inf_mul_div_u64(a, b, c));
        uint64_t root = inf_isqrt_u64(a);
        ENSURE((Wide)root * root <= a && (Wide)(root + 1) * (root + 1) > a);
    }
    ENSURE_EQ_U64(UINT32_MAX, inf_isqrt_u64(UINT64_MAX));
}

TEST_RANDOM(signed_mul_div_truncates_and_saturates)
{
    __extension__ typedef __int128 SignedWide;
    InfRng rng;
    inf_rng_seed(&rng, seed, 6);
    for (uint32_t i = 0; i < 500000; i++) {
        int64_t a = (int64_t)any_size(&rng), b = (int64_t)any_size(&rng), c = (int64_t)(any_size(&rng) | 1);
        a = i & 1 ? a : (int64_t)(0 - (uint64_t)a);
        c = i & 2 ? c : (int64_t)(0 - (uint64_t)c);
        SignedWide wanted = (SignedWide)a * b / c;
        wanted = wanted > INT64_MAX ? INT64_MAX : wanted < INT64_MIN ? INT64_MIN : wanted;
        ENSURE_EQ_I64((int64_t)wanted, inf_mul_div_i64(a, b, c));
    }
    ENSURE_EQ_I64(INT64_MIN, inf_mul_div_i64(INT64_MIN, 1, 1));
    ENSURE_EQ_I64(INT64_MAX, inf_mul_div_i64(INT64_MIN, 1, -1));
    ENSURE_EQ_I64(INT64_MAX, inf_mul_div_i64(7, 1, 0));
    ENSURE_EQ_I64(0, inf_mul_div_i64(0, 1, 0));
    ENSURE_EQ_I64(INT64_MAX, inf_add_saturating_i64(INT64_MAX, 1));
    ENSURE_EQ_I64(INT64_MIN, inf_add_saturating_i64(INT64_MIN, -1));
    ENSURE_EQ_U64((uint64_t)1 << 63, inf_abs_i64(INT64_MIN));
}

// ---- Vectors and rotations ------------------------------------------------------------------------

static InfVec3 any_vector(InfRng* rng)
{
    return inf_vec3(inf_rng_f32(rng) - 0.5f, inf_rng_f32(rng) - 0.5f, inf_rng_f32(rng) - 0.5f);
}

TEST_RANDOM(rotations_do_what_they_say)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 7);
    InfVec3 none = {0, 0, 0};
    for (uint32_t i = 0; i < 20000; i++) {
        InfVec3 a = inf_vec3_normalise(any_vector(&rng), none), b = inf_vec3_normalise(any_vector(&rng), none);
        InfQuat turn = inf_quat_from_to(a, b);
        ENSURE(inf_vec3_distance(inf_quat_rotate(turn, a), b) < 2e-3f);
        ENSURE(inf_vec3_distance(inf_quat_rotate(inf_quat_conjugate(turn), b), a) < 2e-3f);
        InfQuat look = inf_quat_look(a, b);
        ENSURE(inf_vec3_distance(inf_quat_forward(look), a) < 1e-5f);
        ENSURE(inf_vec3_dot(inf_quat_up(look), b) > -1e-3f);
        float angle = inf_rng_f32(&rng) * 3.0f;
        InfQuat q = inf_quat_from_axis_angle(a, angle);
        ENSURE(fabsf(inf_quat_dot(q, q) - 1.0f) < 1e-5f);
        InfQuat half = inf_quat_turn(inf_quat_identity(), q, angle * 0.5f);
        InfQuat whole = inf_quat_mul(half, half);
        ENSURE(inf_absf(inf_quat_dot(whole, q)) > 0.9999f);
        ENSURE(inf_absf(inf_quat_dot(inf_quat_turn(half, q, 4.0f), q)) > 0.9999f);
        ENSURE(inf_absf(inf_vec3_dot(inf_vec3_perpendicular(a), a)) < 1e-5f);
        ENSURE(inf_vec3_length(inf_vec3_limit(inf_vec3_scale(a, 9.0f), 2.0f)) < 2.0001f);
    }
    InfVec3 x = {1, 0, 0};
    InfVec3 back = inf_quat_rotate(inf_quat_from_to(x, inf_vec3_negate(x)), x);
    ENSURE(inf_vec3_distance(back, inf_vec3(-1, 0, 0)) < 1e-5f);
    ENSURE(inf_vec3_distance(inf_quat_forward(inf_quat_look(x, x)), x) < 1e-5f);
    ENSURE(inf_quat_look(none, x).w == 1.0f);
    ENSURE(inf_vec3_normalise(none, x).x == 1.0f);
    ENSURE(inf_vec3_normalise(inf_vec3(1e38f, 1e38f, 0), none).x == 0.0f);
}

// ---- Reader and writer ----------------------------------------------------------------------------

TEST(what_is_written_is_read_back)
{
    uint8_t bytes[128];
    InfWriter writer = inf_writer_make(bytes, sizeof bytes);
    inf_write_u8(&writer, 200);
    inf_write_u16(&writer, 60000);
    inf_write_u32(&writer, 4000000000u);
    inf_write_u64(&writer, UINT64_MAX - 1);
    inf_write_i8(&writer, -100);
    inf_write_i16(&writer, -30000);
    inf_write_i32(&writer, INT32_MIN);
    inf_write_i64(&writer, INT64_MIN + 1);
    inf_write_f32(&writer, -1.5f);
    inf_write_varint(&writer, 300);
    inf_write_bytes(&writer, "abc", 3);
    ENSURE(writer.ok);
    ENSURE(bytes[1] == (60000 & 0xff) && bytes[2] == 60000 >> 8);
    InfReader reader = inf_reader_make(bytes, writer.at);
    ENSURE(inf_read_u8(&reader) == 200 && inf_read_u16(&reader) == 60000 && inf_read_u32(&reader) == 4000000000u);
    ENSURE_EQ_U64(UINT64_MAX - 1, inf_read_u64(&reader));
    ENSURE(inf_read_i8(&reader) == -100 && inf_read_i16(&reader) == -30000 && inf_read_i32(&reader) == INT32_MIN);
    ENSURE_EQ_I64(INT64_MIN + 1, inf_read_i64(&reader));
    ENSURE(inf_read_f32(&reader) == -1.5f);
    ENSURE_EQ_U64(300, inf_read_varint(&reader));
    char text[3];
    inf_read_bytes(&reader, text, 3);
    ENSURE(memcmp(text, "abc", 3) == 0 && inf_reader_done(&reader));
    ENSURE(inf_read_u8(&reader) == 0 && !reader.ok && !inf_reader_done(&reader));
}

TEST_RANDOM(varints_have_one_form)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 8);
    for (uint32_t i = 0; i < 100000; i++) {
        uint64_t value = i == 0 ? UINT64_MAX : any_size(&rng);
        uint8_t bytes[16];
        InfWriter writer = inf_writer_make(bytes, sizeof bytes), measure = inf_writer_measure();
        inf_write_varint(&writer, value);
        inf_write_varint(&measure, value);
        ENSURE(writer.ok && measure.ok && measure.at == writer.at && writer.at <= 10);
        InfReader reader = inf_reader_make(bytes, writer.at);
        ENSURE_EQ_U64(value, inf_read_varint(&reader));
        ENSURE(inf_reader_done(&reader));
        for (size_t cut = 0; cut < writer.at; cut++) {
            reader = inf_reader_make(bytes, cut);
            ENSURE(inf_read_varint(&reader) == 0 && !reader.ok);
        }
    }
    static const uint8_t longer[] = {0x80, 0x00}, too_large[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 2};
    InfReader reader = inf_reader_make(longer, sizeof longer);
    ENSURE(inf_read_varint(&reader) == 0 && !reader.ok);
    reader = inf_reader_make(too_large, sizeof too_large);
    ENSURE(inf_read_varint(&reader) == 0 && !reader.ok);
}

// Random reads over exactly allocated bytes: under the address sanitizer, a step past the end is seen.
TEST_RANDOM(reader_never_runs_off)
{
    InfRng rng;
    inf_rng_seed(&rng, seed, 9);
    for (uint32_t round = 0; round < 20000; round++) {
        size_t count = (size_t)inf_rng_below(&rng, 40);
        uint8_t* bytes = malloc(count + 1);
        ENSURE(bytes != NULL);
        uint8_t* data = realloc(bytes, count == 0 ? 1 : count);
        ENSURE(data != NULL);
        for (size_t i = 0; i < count; i++) {
            data[i] = (uint8_t)inf_rng_next(&rng);
        }
        InfReader reader = inf_reader_make(data, count);
        bool was_ok = true;
        for (uint32_t step = 0; step < 16; step++) {
            size_t before = reader.at;
            uint64_t value = 0;
            uint8_t target[64] = {0};
            switch (inf_rng_below(&rng, 8)) {
            case 0: value = inf_read_u8(&reader); break;
            case 1: value = inf_read_u16(&reader); break;
            case 2: value = inf_read_u32(&reader); break;
            case 3: value = inf_read_u64(&reader); break;
            case 4: value = inf_read_varint(&reader); break;
            case 5: value = inf_f32_bits(inf_read_f32(&reader)); break;
            case 6: inf_read_bytes(&reader, target, (size_t)inf_rng_below(&rng, sizeof target)); break;
            default: (void)inf_read_fits(&reader, any_size(&rng), (size_t)inf_rng_below(&rng, 9)); break;
            }
            ENSURE(reader.at <= reader.count && reader.at >= before);
            ENSURE(was_ok || (!reader.ok && value == 0 && reader.at == before)); // sticky
            was_ok = reader.ok;
        }
        free(data);
    }
}

TEST(writer_stops_at_its_end)
{
    uint8_t bytes[8];
    memset(bytes, 0xee, sizeof bytes);
    InfWriter writer = inf_writer_make(bytes, 6);
    inf_write_u32(&writer, 1);
    inf_write_u32(&writer, 2);
    ENSURE(!writer.ok && writer.at == 4);
    inf_write_u8(&writer, 3);
    ENSURE(writer.at == 4 && bytes[4] == 0xee && bytes[6] == 0xee);
}

TEST(a_count_that_lies_does_not_fit)
{
    uint8_t bytes[16] = {0};
    InfReader reader = inf_reader_make(bytes, sizeof bytes);
    ENSURE(inf_read_fits(&reader, 4, 4) && inf_read_fits(&reader, UINT64_MAX, 0));
    ENSURE(!inf_read_fits(&reader, UINT64_MAX / 4 + 2, 4) && !reader.ok); // the product wraps to 4
    ENSURE(!inf_read_fits(&reader, 0, 4));
}
