// Where bodies are, in closed form: circles, inclined and turned. All in integers: a float32 sine would make a
// planet at 1 AU shake by some 10 km from tick to tick; this one is good to 2^-29.
#include "galaxy/space.h"

// Sine of an angle in 2^-32 turns, 30 bits behind the point. Taylor's series to x^13 in the first quarter.
static int64_t sine_q30(uint32_t turn)
{
    uint32_t quarter = turn >> 30, rest = turn & 0x3fffffffu;
    if (quarter & 1) {
        rest = 0x40000000u - rest;
    }
    uint64_t x = (uint64_t)rest * 1686629713u >> 30; // * pi/2: radians, 30 bits behind the point
    uint64_t t = x * x >> 30;
    uint64_t s = (1u << 30) - (t * 6882960u >> 30);         // 1 - t/156
    s = (1u << 30) - ((t * s >> 30) * 9761289u >> 30);      // 1 - t/110 * s
    s = (1u << 30) - ((t * s >> 30) * 14913081u >> 30);     // 1 - t/72 * s
    s = (1u << 30) - ((t * s >> 30) * 25565282u >> 30);     // 1 - t/42 * s
    s = (1u << 30) - ((t * s >> 30) * 53687091u >> 30);     // 1 - t/20 * s
    s = (1u << 30) - ((t * s >> 30) * 178956971u >> 30);    // 1 - t/6 * s
    int64_t value = (int64_t)(x * s >> 30);
    return (quarter & 2) ? -value : value;
}

static int64_t cosine_q30(uint32_t turn)
{
    return sine_q30(turn + 0x40000000u);
}

// orbit * sine without overflow: orbits are below 2^60 km, sines at most 2^30.
static int64_t scale_q30(uint64_t orbit_km, int64_t sine)
{
    uint64_t size = inf_abs_i64(sine);
    uint64_t value = (orbit_km >> 30) * size + ((orbit_km & 0x3fffffffu) * size >> 30);
    return sine < 0 ? -(int64_t)value : (int64_t)value;
}

static uint32_t turn_at(const InfBody* body, uint64_t tick)
{
    uint64_t period = body->period_ticks == 0 ? 1 : body->period_ticks;
    uint64_t into = tick % period;
    uint64_t turn = inf_div_u128(into >> 32, into << 32, period);
    return body->phase + (uint32_t)turn;
}

void inf_body_position(const InfBody* bodies, uint32_t count, uint32_t body, uint64_t tick, int64_t out_km[3])
{
    INF_ASSERT(body < count);
    out_km[0] = out_km[1] = out_km[2] = 0;
    for (;;) {
        const InfBody* at = &bodies[body];
        if (at->orbit_km != 0) {
            uint32_t turn = turn_at(at, tick);
            int64_t along = cosine_q30(turn), across = sine_q30(turn);
            int64_t flat = across * cosine_q30(at->inclination) / (1 << 30);
            int64_t up = across * sine_q30(at->inclination) / (1 << 30);
            int64_t node_cosine = cosine_q30(at->node), node_sine = sine_q30(at->node);
            out_km[0] += scale_q30(at->orbit_km, (along * node_cosine - flat * node_sine) / (1 << 30));
            out_km[1] += scale_q30(at->orbit_km, (along * node_sine + flat * node_cosine) / (1 << 30));
            out_km[2] += scale_q30(at->orbit_km, up);
        }
        if (at->parent >= body) { // none; or nonsense, which must not loop
            return;
        }
        body = at->parent;
    }
}

uint64_t space_period_around_star(uint64_t orbit_km, uint32_t mass_msol)
{
    float au = (float)orbit_km / (float)AU_KM, suns = 0.001f * (float)mass_msol;
    float years = au * inf_sqrtf(au / suns);
    return 1 + (uint64_t)inf_minf(years * 26298000.0f, 1e15f); // 365.25 days * 864,000 ticks / 12
}

uint64_t space_period_around_planet(uint64_t orbit_km, uint32_t mass_mearth)
{
    float km = (float)orbit_km, pull = 398.6f * (float)(mass_mearth + 1); // G M in km^3/s^2
    float seconds = INF_TAU * km * inf_sqrtf(km / pull);
    return 1 + (uint64_t)inf_minf(seconds * (10.0f / 12.0f), 1e15f);
}

uint32_t space_temperature_k(uint64_t luminosity_usol, uint64_t orbit_km)
{
    float au = (float)orbit_km / (float)AU_KM;
    float light = 1e-6f * (float)luminosity_usol / (au * au);
    return 3 + (uint32_t)inf_minf(278.0f * inf_sqrtf(inf_sqrtf(light)), 20000.0f);
}
