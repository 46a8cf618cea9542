/// @file wire.h
/// What a client sees of the ships around it: quantised rows, a full and a delta record per ship and tick that are the
/// same for every client (so that a server makes each once and copies it), and the client's side that takes them in.
///
/// The content of a Snapshot frame's `records`:
///     u64 tick, u8 flags (1: forget all ships first), u16 count, records
/// A record: u24 index of the ship's row in its shard, u8 mask, then by mask
///     0xff full      u16 generation, u8 hull kind, u8 state, 3×i24 position, 3×i16 velocity, u32 attitude, u8 shield, u8 hull
///     0x80 gone      nothing
///     else a delta against the last snapshot that the client got:
///       1 3×i8 position against the prediction   2 3×i24 position   4 3×i8 velocity against before   8 3×i16 velocity
///       16 u32 attitude   32 u8 shield, u8 hull   64 u8 state
/// A client may be told less often than every tick. A known ship without a record moved as predicted: position + velocity / 10 s
/// for each tick since the last snapshot, in integers, on both sides alike; more than INF_VIEW_GAP_TICKS_MAX count as so many.
/// Units: position 1/32 m, velocity 1/16 m/s, shield and hull 1/255 of the hull's full value, attitude the smallest
/// three components of the quaternion with 10 bits each. A slip of a frame is healed by full records.
#ifndef INFINITY_WIRE_H
#define INFINITY_WIRE_H

#include "infinity/reader.h"
#include "infinity/state.h"

#define INF_VIEW_FULL_BYTES 29
#define INF_VIEW_RECORD_BYTES_MAX 29
#define INF_VIEW_HEAD_BYTES 11
#define INF_VIEW_POSITION_PER_M 32.0f
#define INF_VIEW_VELOCITY_PER_M_PER_S 16.0f
/// Ships that a client keeps at most.
#define INF_VIEW_SHIPS_MAX 512
/// A ship is predicted over so many ticks at most.
#define INF_VIEW_GAP_TICKS_MAX 16

/// A ship as it goes over the wire.
typedef struct InfShipView {
    int32_t position[3];
    int16_t velocity[3];
    uint16_t generation; ///< low bits of the row's generation: another ship in the same row is seen
    uint32_t attitude;
    uint8_t hull_kind, state, shield, hull;
} InfShipView;

/// Bits of InfShipView.state above the InfShipState (3 bits).
#define INF_VIEW_STATE_MASK 7u
#define INF_VIEW_GHOST 8u
#define INF_VIEW_SPOOL 16u
#define INF_VIEW_THRUST 32u
#define INF_VIEW_MINING 64u
#define INF_VIEW_DRONE 128u

/// @param ghost the ship's transponder is off
INF_API void inf_view_quantise(const InfShip* ship, const InfMotion* motion, bool ghost, InfShipView* out);
/// Write a full record to `out` (INF_VIEW_RECORD_BYTES_MAX free). @return its bytes
INF_API uint32_t inf_view_write_full(uint32_t ship_index, const InfShipView* now, uint8_t* out);
/// Write what changed against the prediction from `before`. @return bytes, 0: as predicted. If the row holds another ship now,
/// writes a full record. @param ticks  between the two, [1, INF_VIEW_GAP_TICKS_MAX]
INF_API uint32_t inf_view_write_delta(uint32_t ship_index, const InfShipView* before, const InfShipView* now, uint32_t ticks,
                                      uint8_t* out);
INF_API uint32_t inf_view_write_gone(uint32_t ship_index, uint8_t* out);
INF_API void inf_view_write_head(uint64_t tick, uint8_t flags, uint16_t count, uint8_t out[INF_VIEW_HEAD_BYTES]);
/// Where the view says that the ship will be so many ticks later. @param ticks  [0, INF_VIEW_GAP_TICKS_MAX]
INF_API void inf_view_predict(InfShipView* view, uint32_t ticks);
INF_API void inf_view_motion(const InfShipView* view, InfMotion* out);

/// The client's side. Plain data, about 60 KB; zero it to begin.
typedef struct InfViewer {
    uint64_t tick;
    uint32_t count;
    uint32_t reserved;
    uint32_t indices[INF_VIEW_SHIPS_MAX]; ///< rising
    InfShipView before[INF_VIEW_SHIPS_MAX], now[INF_VIEW_SHIPS_MAX];
} InfViewer;
/// Take a snapshot's records in; on an error the viewer is as it was.
/// @return INF_OK, INF_ERROR_TRUNCATED, _FORMAT, _FULL, _NOT_FOUND (a delta of a ship that was never told in full)
INF_API InfResult inf_viewer_apply(InfViewer* viewer, const uint8_t* records, size_t bytes);
/// Floats per ship that inf_viewer_sample() writes:
/// 0-2 position m, 3-6 attitude, 7-9 velocity m/s, 10 shield, 11 hull (0..1), 12 hull kind, 13 state bits, 14 ship index,
/// 15 generation
#define INF_VIEW_SAMPLE_FLOATS 16
/// Ships around the last snapshot: `alpha` 0 is a tick before it, 1 the snapshot, up to 4 predicts ahead.
/// @return ships written
INF_API uint32_t inf_viewer_sample(const InfViewer* viewer, float alpha, float* out, uint32_t ships_max);

#endif
