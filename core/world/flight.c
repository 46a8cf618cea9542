// The motion of a ship: see flight.h. Nothing here knows a world.
#include "infinity/flight.h"

static InfQuat load_attitude(const InfMotion* motion)
{
    return (InfQuat){motion->attitude[0], motion->attitude[1], motion->attitude[2], motion->attitude[3]};
}

static void store_attitude(InfMotion* motion, InfQuat q)
{
    motion->attitude[0] = q.x;
    motion->attitude[1] = q.y;
    motion->attitude[2] = q.z;
    motion->attitude[3] = q.w;
}

static float share(float value)
{
    return inf_clampf(value, -1.0f, 1.0f);
}

static void stay_in_place(InfVec3* position, InfVec3* velocity)
{
    float squared = inf_vec3_length_squared(*position);
    if (squared <= INF_PLACE_RADIUS_M * INF_PLACE_RADIUS_M) {
        return;
    }
    InfVec3 out = inf_vec3_scale(*position, 1.0f / __builtin_sqrtf(squared));
    *position = inf_vec3_scale(out, INF_PLACE_RADIUS_M);
    float outward = inf_vec3_dot(*velocity, out);
    if (outward > 0) {
        *velocity = inf_vec3_add_scaled(*velocity, out, -outward);
    }
}

void inf_flight_step(InfMotion* motion, const InfHull* hull, const InfFlightCommand* command)
{
    InfVec3 turn = inf_vec3(share(command->turn.x), share(command->turn.y), share(command->turn.z));
    InfVec3 half = inf_vec3_scale(inf_vec3_limit(turn, 1.0f), hull->turn_rad_per_s * INF_TICK_SECONDS * 0.5f);
    InfQuat q = inf_quat_normalise(inf_quat_mul(load_attitude(motion), (InfQuat){half.x, half.y, half.z, 1.0f}));

    float a = hull->acceleration_m_per_s2;
    float forward = share(command->thrust.z);
    InfVec3 thrust = inf_vec3(share(command->thrust.x) * a * INF_THRUST_SIDE,
                              share(command->thrust.y) * a * INF_THRUST_SIDE,
                              forward * (forward < 0 ? a * INF_THRUST_BACK : a));
    InfVec3 velocity = inf_vec3_load(motion->velocity_m_per_s);
    velocity = inf_vec3_add_scaled(velocity, inf_quat_rotate(q, thrust), INF_TICK_SECONDS);
    velocity = inf_vec3_limit(velocity, hull->speed_m_per_s);
    InfVec3 position = inf_vec3_add_scaled(inf_vec3_load(motion->position_m), velocity, INF_TICK_SECONDS);
    stay_in_place(&position, &velocity);

    store_attitude(motion, q);
    inf_vec3_store(motion->velocity_m_per_s, velocity);
    inf_vec3_store(motion->position_m, position);
}

static InfVec3 thrust_for(InfQuat to_ship, const InfHull* hull, InfVec3 change_m_per_s)
{
    InfVec3 local = inf_quat_rotate(to_ship, change_m_per_s);
    float per_a = 1.0f / (hull->acceleration_m_per_s2 * INF_TICK_SECONDS);
    float side = per_a / INF_THRUST_SIDE;
    return inf_vec3(share(local.x * side), share(local.y * side),
                    share(local.z < 0 ? local.z * per_a / INF_THRUST_BACK : local.z * per_a));
}

/// Turn rates that bring +z to the direction `local` (ship's axes, unit length).
static InfVec3 turn_for(const InfHull* hull, InfVec3 local)
{
    InfVec3 axis = inf_vec3(-local.y, local.x, 0);
    float sine = __builtin_sqrtf(axis.x * axis.x + axis.y * axis.y);
    if (sine < 1e-5f) {
        return local.z > 0 ? inf_vec3(0, 0, 0) : inf_vec3(0, 1, 0);
    }
    // No hull turns farther than 0.3 rad in a tick: beyond that the rate is the full one anyway.
    float angle = local.z > 0.9f ? sine * (1.0f + sine * sine * 0.16666667f) : 1.0f;
    float rate = inf_minf(angle / (hull->turn_rad_per_s * INF_TICK_SECONDS), 1.0f);
    return inf_vec3_scale(axis, rate / sine);
}

void inf_flight_steer(const InfMotion* motion, const InfHull* hull, InfVec3 velocity_m_per_s, InfVec3 aim,
                      InfFlightCommand* out)
{
    InfQuat to_ship = inf_quat_conjugate(load_attitude(motion));
    InfVec3 now = inf_vec3_load(motion->velocity_m_per_s);
    if (inf_vec3_length_squared(aim) < 1e-12f) {
        aim = inf_vec3_length_squared(velocity_m_per_s) > 1.0f ? velocity_m_per_s : inf_vec3(0, 0, 0);
    }
    out->thrust = thrust_for(to_ship, hull, inf_vec3_sub(velocity_m_per_s, now));
    InfVec3 direction = inf_vec3_normalise(aim, inf_vec3(0, 0, 0));
    if (direction.x == 0 && direction.y == 0 && direction.z == 0) {
        out->turn = direction;
        return;
    }
    out->turn = turn_for(hull, inf_quat_rotate(to_ship, direction));
}

void inf_flight_helm(const InfMotion* motion, const InfHull* hull, const int8_t thrust[3], const int8_t turn[3],
                     InfFlightCommand* out)
{
    const float unit = 1.0f / 127.0f;
    InfQuat q = load_attitude(motion);
    InfVec3 wanted = inf_vec3_scale(inf_vec3(-(float)thrust[0], (float)thrust[1], (float)thrust[2]),
                                    unit * hull->speed_m_per_s);
    wanted = inf_vec3_limit(inf_quat_rotate(q, wanted), hull->speed_m_per_s);
    InfVec3 change = inf_vec3_sub(wanted, inf_vec3_load(motion->velocity_m_per_s));
    out->thrust = thrust_for(inf_quat_conjugate(q), hull, change);
    out->turn = inf_vec3(-(float)turn[0] * unit, -(float)turn[1] * unit, (float)turn[2] * unit);
}

float inf_flight_approach_speed(const InfHull* hull, float distance_m)
{
    if (!(distance_m > 0)) {
        return 0;
    }
    float speed = __builtin_sqrtf(2.0f * INF_THRUST_PLANNED * hull->acceleration_m_per_s2 * distance_m);
    return inf_minf(speed, hull->speed_m_per_s);
}

uint32_t inf_flight_leg_ticks(const InfHull* hull, float distance_m)
{
    float a = hull->acceleration_m_per_s2 * INF_THRUST_PLANNED, v = hull->speed_m_per_s;
    float seconds;
    if (distance_m * a >= v * v) {
        seconds = distance_m / v + v / a;
    } else {
        seconds = 2.0f * inf_sqrtf(distance_m / a);
    }
    return (uint32_t)(inf_clampf(seconds, 0.0f, 100000.0f) * (float)INF_TICKS_PER_SECOND) + 1;
}

void inf_flight_leg_motion(const InfHull* hull, const float from_m[3], const float to_m[3], uint32_t total_ticks,
                           uint32_t ticks, InfMotion* out)
{
    InfVec3 from = inf_vec3_load(from_m), to = inf_vec3_load(to_m);
    InfVec3 way = inf_vec3_sub(to, from);
    float distance = inf_vec3_length(way);
    InfVec3 along = inf_vec3_normalise(way, inf_vec3(0, 0, 1));
    memset(out, 0, sizeof *out);
    store_attitude(out, inf_quat_look(along, inf_vec3(0, 1, 0)));
    if (ticks >= total_ticks) {
        inf_vec3_store(out->position_m, to);
        return;
    }
    // A trapezium of speed: distance = peak * (total - peak / a), solved for the peak.
    float a = hull->acceleration_m_per_s2 * INF_THRUST_PLANNED;
    float total = (float)total_ticks * INF_TICK_SECONDS, t = (float)ticks * INF_TICK_SECONDS;
    float root = a * a * total * total - 4.0f * a * distance;
    float peak = 0.5f * (a * total - inf_sqrtf(inf_maxf(root, 0.0f)));
    float ramp = peak / a;
    float gone, speed;
    if (t < ramp) {
        gone = 0.5f * a * t * t;
        speed = a * t;
    } else if (t < total - ramp) {
        gone = 0.5f * peak * ramp + peak * (t - ramp);
        speed = peak;
    } else {
        gone = distance - 0.5f * a * (total - t) * (total - t);
        speed = a * (total - t);
    }
    gone = inf_clampf(gone, 0.0f, distance);
    inf_vec3_store(out->position_m, inf_vec3_add_scaled(from, along, gone));
    inf_vec3_store(out->velocity_m_per_s, inf_vec3_scale(along, inf_minf(speed, hull->speed_m_per_s)));
}

InfVec3 inf_belt_rock(InfSystemAddress address, uint32_t body, uint32_t rock, float* radius_m)
{
    uint64_t where = inf_hash_combine(inf_hash_combine((uint32_t)address.x | (uint64_t)(uint32_t)address.y << 32,
                                                       (uint32_t)address.z | (uint64_t)address.index << 32),
                                      ((uint64_t)body << 32) | rock);
    InfRng rng;
    inf_rng_seed(&rng, where, 0x726f636b); // "rock"
    float sine, cosine;
    inf_sincosf(inf_rng_f32(&rng) * INF_TAU, &sine, &cosine);
    float from_centre_m = 45000.0f * inf_sqrtf(0.03f + 0.97f * inf_rng_f32(&rng)); // even over the disc
    float above_m = (inf_rng_f32(&rng) - 0.5f) * 8000.0f;
    *radius_m = 60.0f + 340.0f * inf_rng_f32(&rng) * inf_rng_f32(&rng);
    return inf_vec3(cosine * from_centre_m, sine * from_centre_m, above_m);
}
