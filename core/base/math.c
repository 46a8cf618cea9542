// Scalar functions by range reduction and a short polynomial. The coefficients interpolate each
// function at Chebyshev nodes (near the best possible for the degree); tests/test_base.c measures the errors.
#include "infinity/math.h"

// ---- Sine and cosine ------------------------------------------------------------------------------

// 2/pi in binary after the point, behind a zero word: bit i + 32 weighs 2^-(i + 1).
static const uint32_t two_over_pi[8] = {
    0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab,
};

// Reduce a large angle (8192 and more) exactly, in integers: angle = mantissa * 2^exponent, and of
// mantissa * 2/pi only the part modulo 4 matters, so 64 bits of 2/pi, from the one of weight 2, are
// enough for 38 bits behind the point.
static float reduce_large(float angle, uint32_t* quadrant)
{
    uint32_t bits = inf_f32_bits(angle);
    uint32_t exponent = (bits >> 23) & 0xff;
    if (exponent == 0xff) {
        *quadrant = 0;
        return 0.0f;
    }
    uint64_t mantissa = (bits & 0x7fffff) | 0x800000;
    uint32_t at = 32 + exponent - 150 - 2; // exponent >= 140: from 20 to 134
    uint32_t word = at / 32, shift = at % 32;
    uint64_t window = (uint64_t)two_over_pi[word] << 32 | two_over_pi[word + 1];
    if (shift != 0) {
        window = window << shift | two_over_pi[word + 2] >> (32 - shift);
    }
    uint64_t turns = window * mantissa; // in quarters, modulo 4: 2 bits before the point, 62 behind
    uint32_t whole = (uint32_t)((turns + ((uint64_t)1 << 61)) >> 62);
    float rest = (float)(int32_t)(uint32_t)(turns >> 30) * (0x1p-32f * 1.57079633f);
    bool is_negative = (bits >> 31) != 0;
    *quadrant = is_negative ? 0u - whole : whole;
    return is_negative ? -rest : rest;
}

// angle = quadrant * pi/2 + result, |result| <= pi/4 and a little.
static inline float reduce(float angle, uint32_t* quadrant)
{
    if (!(inf_absf(angle) < 8192.0f)) {
        return reduce_large(angle, quadrant);
    }
    float quarters = angle * 0.636619772f;
    int32_t whole = (int32_t)(quarters + (quarters < 0.0f ? -0.5f : 0.5f));
    float count = (float)whole; // at most 13 bits, so the first two products are exact
    *quadrant = (uint32_t)whole;
    return ((angle - count * 0x1.92p+0f) - count * 0x1.fb4p-12f) - count * 7.54978995e-8f;
}

static inline float sine_near(float x)
{
    float t = x * x;
    return x + x * t * (-0.166666647f + t * (0.00833274827f + t * -0.000195878909f));
}

static inline float cosine_near(float x)
{
    float t = x * x;
    return 1.0f - 0.5f * t + t * t * (0.0416666647f + t * (-0.00138883030f + t * 2.45479421e-5f));
}

void inf_sincosf(float angle, float* sine, float* cosine)
{
    uint32_t quadrant;
    float x = reduce(angle, &quadrant);
    float s = sine_near(x), c = cosine_near(x);
    float major = (quadrant & 1) ? c : s, minor = (quadrant & 1) ? s : c;
    *sine = (quadrant & 2) ? -major : major;
    *cosine = ((quadrant + 1) & 2) ? -minor : minor;
}

float inf_sinf(float angle)
{
    uint32_t quadrant;
    float x = reduce(angle, &quadrant);
    float value = (quadrant & 1) ? cosine_near(x) : sine_near(x);
    return (quadrant & 2) ? -value : value;
}

float inf_cosf(float angle)
{
    uint32_t quadrant;
    float x = reduce(angle, &quadrant);
    float value = (quadrant & 1) ? sine_near(x) : cosine_near(x);
    return ((quadrant + 1) & 2) ? -value : value;
}

// ---- Arcs -----------------------------------------------------------------------------------------

// atan of a ratio in [0, 1]
static float atan_unit(float ratio)
{
    float offset = 0.0f;
    if (ratio > 0.414213562f) { // tan(pi/8)
        ratio = (ratio - 1.0f) / (ratio + 1.0f);
        offset = 0.785398163f;
    }
    float t = ratio * ratio;
    float poly = -0.333332866f + t * (0.199912377f + t * (-0.140241428f + t * 0.0852049204f));
    return offset + (ratio + ratio * t * poly);
}

float inf_atan2f(float y, float x)
{
    float ay = inf_absf(y), ax = inf_absf(x);
    ay = ay >= 0.0f ? inf_minf(ay, INF_F32_MAX) : 0.0f;
    ax = ax >= 0.0f ? inf_minf(ax, INF_F32_MAX) : 0.0f;
    float low = inf_minf(ax, ay), high = inf_maxf(ax, ay);
    if (high == 0.0f) {
        return 0.0f;
    }
    float angle = atan_unit(low / high);
    angle = ay > ax ? 1.57079633f - angle : angle;
    angle = x < 0.0f ? INF_PI - angle : angle;
    return y < 0.0f ? -angle : angle;
}

float inf_asinf(float sine)
{
    float s = inf_clampf(sine, -1.0f, 1.0f);
    return inf_atan2f(s, inf_sqrtf((1.0f - s) * (1.0f + s)));
}

float inf_acosf(float cosine)
{
    float c = inf_clampf(cosine, -1.0f, 1.0f);
    return inf_atan2f(inf_sqrtf((1.0f - c) * (1.0f + c)), c);
}

// ---- Exponential and logarithm --------------------------------------------------------------------

float inf_expf(float exponent)
{
    if (!(exponent >= -87.3f)) {
        return exponent < -87.3f ? 0.0f : 1.0f; // NaN counts as 0
    }
    if (exponent > 88.7f) {
        return INF_F32_MAX;
    }
    float twos = exponent * 1.44269504f;
    int32_t whole = (int32_t)(twos + (twos < 0.0f ? -0.5f : 0.5f)); // in [-126, 128]
    float count = (float)whole;
    float r = (exponent - count * 0x1.62ep-1f) - count * 0x1.0bfbe8p-15f; // ln 2 in two parts
    float poly = 0.5f + r * (0.16666577f + r * (0.0416665547f + r * (0.00836317307f + r * 0.00139261761f)));
    float value = 1.0f + (r + r * r * poly);
    int32_t half = whole / 2; // two steps: 2^128 alone is not a float
    return value * inf_f32_from_bits((uint32_t)(half + 127) << 23) *
           inf_f32_from_bits((uint32_t)(whole - half + 127) << 23);
}

float inf_logf(float value)
{
    if (!(value > 0.0f)) {
        return -INF_F32_MAX;
    }
    int32_t whole = 0;
    if (value < 0x1p-126f) { // a denormal
        value *= 0x1p+24f;
        whole = -24;
    }
    uint32_t bits = inf_f32_bits(inf_minf(value, INF_F32_MAX));
    // The mantissa in [sqrt(1/2), sqrt(2)): move the border of the exponent there.
    uint32_t moved = bits - 0x3f3504f3u;
    whole += (int32_t)moved >> 23;
    float m = inf_f32_from_bits((moved & 0x7fffffu) + 0x3f3504f3u);
    float s = (m - 1.0f) / (m + 1.0f); // log m = 2 atanh s
    float t = s * s;
    float tail = t * (0.333333425f + t * (0.199943903f + t * 0.147899747f));
    float count = (float)whole;
    float small = 2.0f * s;
    return count * 0x1.62ep-1f + (small + (small * tail + count * 0x1.0bfbe8p-15f));
}

float inf_powf(float base, float exponent)
{
    if (exponent == 0.0f) {
        return 1.0f;
    }
    if (!(base > 0.0f)) {
        return 0.0f;
    }
    return inf_expf(exponent * inf_logf(base));
}

// ---- Integers -------------------------------------------------------------------------------------

// Schoolbook division in base 2^32 (Knuth, TAOCP 2, algorithm D, for two digits by two): no
// compiler runtime is needed, so WebAssembly and native run the same steps.
static uint64_t divide_wide(uint64_t high, uint64_t low, uint64_t divisor)
{
    unsigned shift = (unsigned)__builtin_clzll(divisor);
    if (shift != 0) {
        divisor <<= shift;
        high = high << shift | low >> (64 - shift);
        low <<= shift;
    }
    uint64_t top = divisor >> 32, bottom = divisor & 0xffffffffu;
    uint64_t quotient = 0, rest = high;
    for (unsigned digit = 0; digit < 2; digit++) {
        uint64_t next = digit == 0 ? low >> 32 : low & 0xffffffffu;
        uint64_t guess = rest / top, left = rest % top;
        while (guess >> 32 != 0 || guess * bottom > (left << 32 | next)) { // at most twice
            guess--;
            left += top;
            if (left >> 32 != 0) {
                break;
            }
        }
        rest = (rest << 32 | next) - guess * divisor; // wraps, and back: the result fits
        quotient = quotient << 32 | guess;
    }
    return quotient;
}

uint64_t inf_div_u128(uint64_t high, uint64_t low, uint64_t divisor)
{
    if (high >= divisor) {
        return UINT64_MAX;
    }
    return high == 0 ? low / divisor : divide_wide(high, low, divisor);
}

uint64_t inf_mul_div_u64(uint64_t a, uint64_t b, uint64_t divisor)
{
    uint64_t low, high = inf_mul_u64(a, b, &low);
    return inf_div_u128(high, low, divisor);
}

int64_t inf_mul_div_i64(int64_t a, int64_t b, int64_t divisor)
{
    if (a == 0 || b == 0) {
        return 0;
    }
    bool is_negative = (a < 0) ^ (b < 0) ^ (divisor < 0);
    uint64_t size = inf_mul_div_u64(inf_abs_i64(a), inf_abs_i64(b), inf_abs_i64(divisor));
    if (is_negative) {
        return size >= (uint64_t)1 << 63 ? INT64_MIN : -(int64_t)size;
    }
    return size > INT64_MAX ? INT64_MAX : (int64_t)size;
}

uint32_t inf_isqrt_u64(uint64_t value)
{
    // A float start is within 2^-22 of the root; one Newton step in integers, then at most a step or two.
    if (value == 0) {
        return 0;
    }
    uint64_t root = (uint64_t)__builtin_sqrtf((float)value);
    root = (root + value / root) / 2;
    root = root > UINT32_MAX ? UINT32_MAX : root;
    while (root * root > value) {
        root--;
    }
    while (root < UINT32_MAX && (root + 1) * (root + 1) <= value) {
        root++;
    }
    return (uint32_t)root;
}

// ---- Rotations ------------------------------------------------------------------------------------

InfQuat inf_quat_from_axis_angle(InfVec3 axis, float angle)
{
    float s, c;
    inf_sincosf(0.5f * angle, &s, &c);
    return (InfQuat){axis.x * s, axis.y * s, axis.z * s, c};
}

InfQuat inf_quat_from_to(InfVec3 from, InfVec3 to)
{
    InfVec3 none = {0, 0, 0};
    InfVec3 a = inf_vec3_normalise(from, none), b = inf_vec3_normalise(to, none);
    float dot = inf_vec3_dot(a, b);
    if (dot < -0.999999f) {
        InfVec3 axis = inf_vec3_perpendicular(a);
        return (InfQuat){axis.x, axis.y, axis.z, 0.0f};
    }
    InfVec3 cross = inf_vec3_cross(a, b);
    return inf_quat_normalise((InfQuat){cross.x, cross.y, cross.z, 1.0f + dot});
}

InfQuat inf_quat_look(InfVec3 forward, InfVec3 up)
{
    InfVec3 z = inf_vec3_normalise(forward, inf_vec3(0, 0, 0));
    if (inf_vec3_length_squared(z) == 0.0f) {
        return inf_quat_identity();
    }
    InfVec3 x = inf_vec3_normalise(inf_vec3_cross(up, z), inf_vec3(0, 0, 0));
    if (inf_vec3_length_squared(x) == 0.0f) {
        x = inf_vec3_perpendicular(z); // up is along forward, or zero: any roll is as good
    }
    InfVec3 y = inf_vec3_cross(z, x);
    // From the matrix with columns x, y, z, by its largest diagonal term (Shepperd, 1978).
    float trace = x.x + y.y + z.z;
    InfQuat q;
    if (trace > 0.0f) {
        q = (InfQuat){y.z - z.y, z.x - x.z, x.y - y.x, 1.0f + trace};
    } else if (x.x >= y.y && x.x >= z.z) {
        q = (InfQuat){1.0f + x.x - y.y - z.z, x.y + y.x, z.x + x.z, y.z - z.y};
    } else if (y.y >= z.z) {
        q = (InfQuat){x.y + y.x, 1.0f + y.y - x.x - z.z, y.z + z.y, z.x - x.z};
    } else {
        q = (InfQuat){z.x + x.z, y.z + z.y, 1.0f + z.z - x.x - y.y, x.y - y.x};
    }
    return inf_quat_normalise(q);
}

InfQuat inf_quat_turn(InfQuat from, InfQuat to, float angle_max)
{
    InfQuat delta = inf_quat_mul(to, inf_quat_conjugate(from));
    if (delta.w < 0.0f) { // q and -q are one attitude; take the nearer
        delta = (InfQuat){-delta.x, -delta.y, -delta.z, -delta.w};
    }
    InfVec3 axis = {delta.x, delta.y, delta.z};
    float sine = inf_vec3_length(axis);
    float angle = 2.0f * inf_atan2f(sine, delta.w);
    if (!(angle > angle_max)) {
        return inf_quat_normalise(to);
    }
    axis = inf_vec3_normalise(axis, inf_vec3(0, 1, 0));
    return inf_quat_normalise(inf_quat_mul(inf_quat_from_axis_angle(axis, angle_max), from));
}
