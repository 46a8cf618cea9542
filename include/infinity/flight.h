/// @file flight.h
/// How a ship moves, as pure functions: the world integrates contested places with them and the browser foretells
/// its own ship with the very same code. One call of inf_flight_step() is one tick.
///
/// Axes of a ship: +z forward, +y up, +x = y cross z, which is to the left. The helm's numbers mean what a pilot
/// expects (right, up, forward; nose up, nose right, right wing down) and are turned into axes here.
/// Quiet places do not integrate: a ship there flies a leg, a straight line that speeds up, coasts and brakes.
#ifndef INFINITY_FLIGHT_H
#define INFINITY_FLIGHT_H

#include "infinity/galaxy.h"
#include "infinity/math.h"
#include "infinity/random.h"
#include "infinity/state.h"

/// A place is a sphere of this radius; no ship flies out of it but by cruise or jump.
#define INF_PLACE_RADIUS_M 250000.0f
#define INF_TICK_SECONDS 0.1f
/// Rocks that can be mined in a belt's place.
#define INF_BELT_ROCKS 64u
/// Sideways and backward thrust, as shares of the forward one.
#define INF_THRUST_SIDE 0.5f
#define INF_THRUST_BACK 0.7f
/// Share of the acceleration that legs and approaches plan with: the rest is for steering.
#define INF_THRUST_PLANNED 0.35f

/// What a ship is told for one tick. Values outside [-1, 1] are clamped, NaN counts as -1.
typedef struct InfFlightCommand {
    InfVec3 thrust; ///< share of the possible thrust along the ship's axes
    InfVec3 turn;   ///< share of the turn rate about the ship's axes; shortened to length 1
} InfFlightCommand;

/// One tick: turn, then thrust along the new axes, then move. Speed stays within the hull's limit (a faster ship is
/// slowed down to it at once) and the position inside the place's sphere.
INF_API void inf_flight_step(InfMotion* motion, const InfHull* hull, const InfFlightCommand* command);
/// The command that brings the velocity to the wanted one soonest and the nose to `aim` (any length). A zero `aim`
/// follows the wanted velocity, or stays as it is when that is below a metre per second.
INF_API void inf_flight_steer(const InfMotion* motion, const InfHull* hull, InfVec3 velocity_m_per_s, InfVec3 aim,
                              InfFlightCommand* out);
/// The helm's command: the thrust is a share of the speed limit that the ship then keeps to, so a released stick
/// brings it to rest. @param thrust, turn as in the Helm input, -127..127
INF_API void inf_flight_helm(const InfMotion* motion, const InfHull* hull, const int8_t thrust[3],
                             const int8_t turn[3], InfFlightCommand* out);
/// The speed from which the ship still comes to rest within the distance, at most its limit.
INF_API float inf_flight_approach_speed(const InfHull* hull, float distance_m);

/// Ticks of a leg of that length, at least 1.
INF_API uint32_t inf_flight_leg_ticks(const InfHull* hull, float distance_m);
/// Where a ship is on a leg that takes total_ticks (as inf_flight_leg_ticks() gave), after ticks of it. The nose points along the
/// leg; at its end the ship is at rest.
INF_API void inf_flight_leg_motion(const InfHull* hull, const float from_m[3], const float to_m[3],
                                   uint32_t total_ticks, uint32_t ticks, InfMotion* out);

/// The place and size of a belt's rock: a pure function of the belt's address.
/// @param rock below INF_BELT_ROCKS; more give more rocks
INF_API InfVec3 inf_belt_rock(InfSystemAddress address, uint32_t body, uint32_t rock, float* radius_m);

static inline InfVec3 inf_vec3_load(const float* m) { return inf_vec3(m[0], m[1], m[2]); }
static inline void inf_vec3_store(float* m, InfVec3 v) { m[0] = v.x, m[1] = v.y, m[2] = v.z; }

#endif
