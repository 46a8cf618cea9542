// The pure flight model: limits, steering, legs.
#include "flight_test.h"

static InfMotion at_rest(void)
{
    InfMotion motion;
    memset(&motion, 0, sizeof motion);
    motion.attitude[3] = 1.0f;
    return motion;
}

static float speed_of(const InfMotion* motion)
{
    return inf_vec3_length(inf_vec3_load(motion->velocity_m_per_s));
}

static float angle_between(const float a[4], const float b[4])
{
    InfQuat p = {a[0], a[1], a[2], a[3]}, q = {b[0], b[1], b[2], b[3]};
    return 2.0f * inf_acosf(inf_minf(inf_absf(inf_quat_dot(p, q)), 1.0f));
}

TEST_RANDOM(flight_keeps_every_limit_whatever_it_is_told)
{
    TestRandom random = {seed};
    for (uint32_t kind = 0; kind < INF_HULL_COUNT; kind++) {
        const InfHull* hull = inf_hull(kind);
        InfMotion motion = at_rest();
        for (int i = 0; i < 3000; i++) {
            InfFlightCommand command;
            float* values = &command.thrust.x;
            for (int k = 0; k < 6; k++) {
                uint32_t bits = (uint32_t)test_random_u64(&random);
                values[k] = i % 7 == 0 ? inf_f32_from_bits(bits) : (float)(int32_t)bits / 1e9f; // NaN and infinities, too
            }
            InfMotion before = motion;
            inf_flight_step(&motion, hull, &command);
            ENSURE(inf_vec3_is_finite(inf_vec3_load(motion.position_m)));
            ENSURE_WITHIN(0, hull->speed_m_per_s * 1.00001f, speed_of(&motion));
            ENSURE_WITHIN(0, hull->turn_rad_per_s * INF_TICK_SECONDS + 1e-3f, angle_between(before.attitude, motion.attitude));
            ENSURE_WITHIN(0.9999f, 1.0001f, motion.attitude[0] * motion.attitude[0] + motion.attitude[1] * motion.attitude[1] +
                                                motion.attitude[2] * motion.attitude[2] + motion.attitude[3] * motion.attitude[3]);
            ENSURE_WITHIN(0, INF_PLACE_RADIUS_M * 1.00001f, inf_vec3_length(inf_vec3_load(motion.position_m)));
        }
    }
}

TEST(a_ship_does_not_leave_the_sphere)
{
    const InfHull* hull = inf_hull(INF_HULL_INTERCEPTOR);
    InfMotion motion = at_rest();
    motion.position_m[2] = INF_PLACE_RADIUS_M - 100.0f;
    InfFlightCommand full = {.thrust = {0, 0, 1}};
    for (int i = 0; i < 300; i++) {
        inf_flight_step(&motion, hull, &full);
    }
    ENSURE_WITHIN(INF_PLACE_RADIUS_M - 1, INF_PLACE_RADIUS_M + 1, motion.position_m[2]);
    ENSURE_WITHIN(-0.1f, 0.1f, motion.velocity_m_per_s[2]);
}

TEST_RANDOM(steering_reaches_the_wanted_velocity_and_aim)
{
    TestRandom random = {seed};
    for (int trial = 0; trial < 200; trial++) {
        const InfHull* hull = inf_hull((uint32_t)test_random_below(&random, INF_HULL_COUNT));
        InfMotion motion = at_rest();
        float v[6];
        for (int k = 0; k < 6; k++) {
            v[k] = (float)(int32_t)(test_random_u64(&random) % 2001) / 1000.0f - 1.0f;
        }
        InfVec3 wanted = inf_vec3_limit(inf_vec3_scale(inf_vec3(v[0], v[1], v[2]), hull->speed_m_per_s), hull->speed_m_per_s);
        InfVec3 aim = inf_vec3_normalise(inf_vec3(v[3], v[4], v[5]), inf_vec3(1, 0, 0));
        for (int i = 0; i < 600; i++) {
            InfFlightCommand command;
            inf_flight_steer(&motion, hull, wanted, aim, &command);
            inf_flight_step(&motion, hull, &command);
        }
        ENSURE_WITHIN(0, 1.0f, inf_vec3_distance(wanted, inf_vec3_load(motion.velocity_m_per_s)));
        InfQuat q = {motion.attitude[0], motion.attitude[1], motion.attitude[2], motion.attitude[3]};
        ENSURE_WITHIN(0.9999f, 1.0001f, inf_vec3_dot(inf_quat_forward(q), aim));
    }
}

TEST(the_helm_means_what_a_pilot_expects)
{
    const InfHull* hull = inf_hull(INF_HULL_SHUTTLE);
    InfFlightCommand command;
    InfMotion motion = at_rest();
    const int8_t none[3] = {0, 0, 0}, right[3] = {127, 0, 0}, up[3] = {0, 127, 0}, forward[3] = {0, 0, 127};
    inf_flight_helm(&motion, hull, right, none, &command);
    ENSURE(command.thrust.x < -0.99f); // +x is to the left
    inf_flight_helm(&motion, hull, up, none, &command);
    ENSURE(command.thrust.y > 0.99f);
    const int8_t nose_up[3] = {127, 0, 0}, nose_right[3] = {0, 127, 0};
    inf_flight_helm(&motion, hull, none, nose_up, &command);
    inf_flight_step(&motion, hull, &command);
    InfQuat q = {motion.attitude[0], motion.attitude[1], motion.attitude[2], motion.attitude[3]};
    ENSURE(inf_quat_forward(q).y > 0.05f);
    motion = at_rest();
    inf_flight_helm(&motion, hull, none, nose_right, &command);
    inf_flight_step(&motion, hull, &command);
    q = (InfQuat){motion.attitude[0], motion.attitude[1], motion.attitude[2], motion.attitude[3]};
    ENSURE(inf_quat_forward(q).x < -0.05f);
    // Full throttle, then hands off: it comes to rest.
    motion = at_rest();
    for (int i = 0; i < 200; i++) {
        inf_flight_helm(&motion, hull, forward, none, &command);
        inf_flight_step(&motion, hull, &command);
    }
    ENSURE_WITHIN(hull->speed_m_per_s * 0.99f, hull->speed_m_per_s * 1.001f, speed_of(&motion));
    for (int i = 0; i < 200; i++) {
        inf_flight_helm(&motion, hull, none, none, &command);
        inf_flight_step(&motion, hull, &command);
    }
    ENSURE_WITHIN(0, 0.1f, speed_of(&motion));
}

TEST_RANDOM(a_leg_is_smooth_and_keeps_the_hulls_limits)
{
    TestRandom random = {seed};
    for (int trial = 0; trial < 200; trial++) {
        const InfHull* hull = inf_hull((uint32_t)test_random_below(&random, INF_HULL_COUNT));
        float from[3], to[3];
        float scale = trial % 2 == 0 ? 100.0f : 1.0f;
        for (int k = 0; k < 3; k++) {
            from[k] = ((float)(int32_t)(test_random_u64(&random) % 2001) - 1000.0f) * scale;
            to[k] = ((float)(int32_t)(test_random_u64(&random) % 2001) - 1000.0f) * scale;
        }
        float distance = inf_vec3_distance(inf_vec3_load(from), inf_vec3_load(to));
        uint32_t total = inf_flight_leg_ticks(hull, distance);
        InfMotion motion, before;
        inf_flight_leg_motion(hull, from, to, total, 0, &before);
        ENSURE_WITHIN(0, 1.0f + distance * 1e-5f, inf_vec3_distance(inf_vec3_load(before.position_m), inf_vec3_load(from)));
        for (uint32_t t = 1; t <= total; t++) {
            inf_flight_leg_motion(hull, from, to, total, t, &motion);
            float step = inf_vec3_distance(inf_vec3_load(motion.position_m), inf_vec3_load(before.position_m));
            ENSURE_WITHIN(0, hull->speed_m_per_s * INF_TICK_SECONDS * 1.02f + 1.0f, step);
            ENSURE_WITHIN(0, hull->speed_m_per_s * 1.0001f, speed_of(&motion));
            ENSURE_WITHIN(0, hull->acceleration_m_per_s2 * INF_TICK_SECONDS + 1.0f, inf_absf(speed_of(&motion) - speed_of(&before)));
            before = motion;
        }
        ENSURE_WITHIN(0, 0.01f, inf_vec3_distance(inf_vec3_load(motion.position_m), inf_vec3_load(to)));
        ENSURE_WITHIN(0, 0.001f, speed_of(&motion));
    }
}

TEST(rocks_are_the_same_for_everyone_and_not_in_one_spot)
{
    InfSystemAddress address = {3, -2, 0, 1};
    float radius, again;
    float spread = 0;
    for (uint32_t i = 0; i < INF_BELT_ROCKS; i++) {
        InfVec3 a = inf_belt_rock(address, 5, i, &radius), b = inf_belt_rock(address, 5, i, &again);
        ENSURE(memcmp(&a, &b, sizeof a) == 0 && radius == again);
        ENSURE_WITHIN(50, 500, radius);
        ENSURE_WITHIN(0, 50000, inf_vec3_length(a));
        spread = inf_maxf(spread, inf_vec3_length(a));
    }
    ENSURE(spread > 30000.0f);
    InfVec3 here = inf_belt_rock(address, 5, 0, &radius), there = inf_belt_rock(address, 6, 0, &radius);
    ENSURE(memcmp(&here, &there, sizeof here) != 0);
}
