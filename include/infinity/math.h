/// @file math.h
/// The only mathematics the rules may use: float32 with + - * / and sqrt, which IEEE 754 rounds in one
/// way only, own polynomials for the rest, and integers with 128 bits inside. The same bits from every
/// compiler, optimisation level and in WebAssembly, given -ffp-contract=off (the build sets it).
///
/// Every function is total: no input traps or is undefined; what is given instead is documented.
#ifndef INFINITY_MATH_H
#define INFINITY_MATH_H

#include "infinity/base.h"

#include <string.h>

#define INF_PI 3.14159265f
#define INF_TAU 6.28318531f
#define INF_F32_MAX 3.40282347e+38f

// ---- Scalars --------------------------------------------------------------------------------------

static inline uint32_t inf_f32_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float inf_f32_from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/// Neither infinite nor NaN.
static inline bool inf_is_finite(float value)
{
    return (inf_f32_bits(value) & 0x7f800000u) != 0x7f800000u;
}

static inline float inf_absf(float value) { return inf_f32_from_bits(inf_f32_bits(value) & 0x7fffffffu); }
static inline float inf_minf(float a, float b) { return b < a ? b : a; }
static inline float inf_maxf(float a, float b) { return b > a ? b : a; }
static inline float inf_lerpf(float a, float b, float t) { return a + (b - a) * t; }

/// NaN gives low.
static inline float inf_clampf(float value, float low, float high)
{
    return value > low ? (value < high ? value : high) : low;
}

/// Correctly rounded; 0 for negative numbers and NaN.
static inline float inf_sqrtf(float value)
{
    return value > 0.0f ? __builtin_sqrtf(value) : 0.0f;
}

/// Absolute error below 1.5e-7 for any finite angle in radians; not finite counts as 0.
INF_API float inf_sinf(float angle);
INF_API float inf_cosf(float angle);
/// Both at once, at little more than the cost of one.
INF_API void inf_sincosf(float angle, float* sine, float* cosine);
/// In [-pi, pi]; absolute error below 3.5e-7. atan2(0, 0) is 0, whatever the signs; NaN counts as 0; both
/// infinite as a diagonal.
INF_API float inf_atan2f(float y, float x);
/// In [-pi/2, pi/2]; absolute error below 4e-7; the argument is clamped to [-1, 1].
INF_API float inf_asinf(float sine);
/// In [0, pi]; as inf_asinf().
INF_API float inf_acosf(float cosine);
/// Relative error below 2e-7. 0 below -87.3 (no denormal results), INF_F32_MAX above 88.7; NaN counts as 0.
INF_API float inf_expf(float exponent);
/// Natural logarithm; error below 1.5e-7 relative to max(1, |result|). -INF_F32_MAX for 0, negative and NaN;
/// infinity counts as INF_F32_MAX.
INF_API float inf_logf(float value);
/// base^exponent as exp(exponent * log(base)): relative error below 2e-7 * (2 + |log of the result|);
/// saturates like inf_expf(). 0 if base <= 0 (1 if exponent is 0).
INF_API float inf_powf(float base, float exponent);

// ---- Integers -------------------------------------------------------------------------------------

static inline int64_t inf_min_i64(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t inf_max_i64(int64_t a, int64_t b) { return a > b ? a : b; }
static inline uint32_t inf_min_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }

static inline int64_t inf_clamp_i64(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/// |value| without overflow: 2^63 for INT64_MIN.
static inline uint64_t inf_abs_i64(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/// Saturate at the ends of int64.
static inline int64_t inf_add_saturating_i64(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? (a < 0 ? INT64_MIN : INT64_MAX) : sum;
}

/// The 128-bit product: returns the high word. Four 32-bit products where the machine (WebAssembly)
/// has no wide one; the same answer.
static inline uint64_t inf_mul_u64(uint64_t a, uint64_t b, uint64_t* low)
{
#if defined(__SIZEOF_INT128__) && !defined(__wasm__) && !defined(INF_NO_INT128)
    __extension__ typedef unsigned __int128 Wide;
    Wide product = (Wide)a * b;
    *low = (uint64_t)product;
    return (uint64_t)(product >> 64);
#else
    uint64_t al = a & 0xffffffffu, ah = a >> 32, bl = b & 0xffffffffu, bh = b >> 32;
    uint64_t ll = al * bl, lh = al * bh, hl = ah * bl;
    uint64_t middle = (ll >> 32) + (lh & 0xffffffffu) + hl; // cannot overflow
    *low = (middle << 32) | (ll & 0xffffffffu);
    return ah * bh + (middle >> 32) + (lh >> 32);
#endif
}

/// (high * 2^64 + low) / divisor, rounded down. UINT64_MAX if the quotient does not fit or divisor is 0.
INF_API uint64_t inf_div_u128(uint64_t high, uint64_t low, uint64_t divisor);
/// a * b / divisor with 128 bits inside, rounded down; UINT64_MAX if it does not fit or divisor is 0.
INF_API uint64_t inf_mul_div_u64(uint64_t a, uint64_t b, uint64_t divisor);
/// a * b / divisor with 128 bits inside, rounded towards zero; saturates at the ends of int64; a divisor of
/// 0 counts as an infinitely small positive one (and 0 / 0 is 0).
INF_API int64_t inf_mul_div_i64(int64_t a, int64_t b, int64_t divisor);
/// The largest r with r * r <= value.
INF_API uint32_t inf_isqrt_u64(uint64_t value);

// ---- Vectors --------------------------------------------------------------------------------------

typedef struct InfVec3 {
    float x, y, z;
} InfVec3;

static inline InfVec3 inf_vec3(float x, float y, float z) { return (InfVec3){x, y, z}; }

static inline InfVec3 inf_vec3_add(InfVec3 a, InfVec3 b) { return (InfVec3){a.x + b.x, a.y + b.y, a.z + b.z}; }
static inline InfVec3 inf_vec3_sub(InfVec3 a, InfVec3 b) { return (InfVec3){a.x - b.x, a.y - b.y, a.z - b.z}; }
static inline InfVec3 inf_vec3_negate(InfVec3 a) { return (InfVec3){-a.x, -a.y, -a.z}; }
static inline InfVec3 inf_vec3_scale(InfVec3 a, float s) { return (InfVec3){a.x * s, a.y * s, a.z * s}; }

/// a + b * s
static inline InfVec3 inf_vec3_add_scaled(InfVec3 a, InfVec3 b, float s)
{
    return (InfVec3){a.x + b.x * s, a.y + b.y * s, a.z + b.z * s};
}

static inline InfVec3 inf_vec3_lerp(InfVec3 a, InfVec3 b, float t)
{
    return inf_vec3_add_scaled(a, inf_vec3_sub(b, a), t);
}

static inline float inf_vec3_dot(InfVec3 a, InfVec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

static inline InfVec3 inf_vec3_cross(InfVec3 a, InfVec3 b)
{
    return (InfVec3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

static inline float inf_vec3_length_squared(InfVec3 a) { return inf_vec3_dot(a, a); }
static inline float inf_vec3_length(InfVec3 a) { return inf_sqrtf(inf_vec3_dot(a, a)); }
static inline float inf_vec3_distance(InfVec3 a, InfVec3 b) { return inf_vec3_length(inf_vec3_sub(a, b)); }

static inline bool inf_vec3_is_finite(InfVec3 a)
{
    return inf_is_finite(a.x) && inf_is_finite(a.y) && inf_is_finite(a.z);
}

/// a / |a|, or the fallback if the length is below 1e-15, above 1e19 or not a number.
static inline InfVec3 inf_vec3_normalise(InfVec3 a, InfVec3 fallback)
{
    float squared = inf_vec3_length_squared(a);
    if (!(squared > 1e-30f && squared < INF_F32_MAX)) {
        return fallback;
    }
    return inf_vec3_scale(a, 1.0f / __builtin_sqrtf(squared));
}

/// Shorten to at most length_max (>= 0), keeping the direction.
static inline InfVec3 inf_vec3_limit(InfVec3 a, float length_max)
{
    float squared = inf_vec3_length_squared(a);
    return squared > length_max * length_max ? inf_vec3_scale(a, length_max / __builtin_sqrtf(squared)) : a;
}

/// A unit vector at a right angle to a.
static inline InfVec3 inf_vec3_perpendicular(InfVec3 a)
{
    InfVec3 axis = inf_absf(a.x) < 0.6f * inf_vec3_length(a) ? inf_vec3(1, 0, 0) : inf_vec3(0, 1, 0);
    return inf_vec3_normalise(inf_vec3_cross(a, axis), inf_vec3(0, 0, 1));
}

// ---- Rotations ------------------------------------------------------------------------------------

/// A unit quaternion x i + y j + z k + w. A ship's own axes: +z forward, +y up, +x = y cross z (as
/// three.js objects). Rotations act from the left: mul(a, b) rotates by b, then by a.
typedef struct InfQuat {
    float x, y, z, w;
} InfQuat;

static inline InfQuat inf_quat_identity(void) { return (InfQuat){0, 0, 0, 1}; }
static inline InfQuat inf_quat_conjugate(InfQuat q) { return (InfQuat){-q.x, -q.y, -q.z, q.w}; }

static inline InfQuat inf_quat_mul(InfQuat a, InfQuat b)
{
    return (InfQuat){
        a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
        a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
        a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
        a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
    };
}

static inline float inf_quat_dot(InfQuat a, InfQuat b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}

/// Identity if the length is about zero or not a number.
static inline InfQuat inf_quat_normalise(InfQuat q)
{
    float squared = inf_quat_dot(q, q);
    if (!(squared > 1e-30f && squared < INF_F32_MAX)) {
        return inf_quat_identity();
    }
    float scale = 1.0f / __builtin_sqrtf(squared);
    return (InfQuat){q.x * scale, q.y * scale, q.z * scale, q.w * scale};
}

/// Rotate a vector: v + 2 w (u x v) + 2 u x (u x v), u the vector part.
static inline InfVec3 inf_quat_rotate(InfQuat q, InfVec3 v)
{
    InfVec3 u = {q.x, q.y, q.z};
    InfVec3 t = inf_vec3_scale(inf_vec3_cross(u, v), 2.0f);
    return inf_vec3_add(inf_vec3_add_scaled(v, t, q.w), inf_vec3_cross(u, t));
}

static inline InfVec3 inf_quat_forward(InfQuat q) { return inf_quat_rotate(q, inf_vec3(0, 0, 1)); }
static inline InfVec3 inf_quat_up(InfQuat q) { return inf_quat_rotate(q, inf_vec3(0, 1, 0)); }

/// @param axis  unit length
/// @param angle radians, right-handed
INF_API InfQuat inf_quat_from_axis_angle(InfVec3 axis, float angle);
/// The shortest rotation that takes the direction of `from` to that of `to` (any lengths; identity if one is 0;
/// half a turn about some perpendicular axis if they are opposite).
INF_API InfQuat inf_quat_from_to(InfVec3 from, InfVec3 to);
/// The attitude with +z along forward and +y as near to up as can be. Zero forward gives the identity.
INF_API InfQuat inf_quat_look(InfVec3 forward, InfVec3 up);
/// Turn from `from` towards `to` by the shorter way, by at most angle_max radians (>= 0).
INF_API InfQuat inf_quat_turn(InfQuat from, InfQuat to, float angle_max);

#endif
