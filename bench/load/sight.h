/// @file sight.h
/// The ships that one simulated client sees, kept leaner than InfViewer (infinity/wire.h), so that one core can take in
/// tens of thousands of snapshots a second and still look at every record. Rows stand in the order in which they were
/// told; the server keeps that order too, so a record's row is mostly the next one.
#ifndef INF_LOAD_SIGHT_H
#define INF_LOAD_SIGHT_H

#include <infinity/wire.h>

typedef struct LoadRow {
    uint32_t index; ///< of the ship's row at the server
    int32_t position[3];
    int16_t velocity[3];
    uint16_t generation;
    uint64_t ship; ///< its id, when its Ship frame has come; else 0
} LoadRow;

typedef struct LoadSight {
    uint64_t tick; ///< of the last snapshot; 0: none yet
    LoadRow* rows;
    uint32_t count, capacity;
} LoadSight;

typedef enum LoadFault {
    LOAD_FINE,
    LOAD_FAULT_FORM,       ///< the records do not end where the frame does, or a mask is unknown
    LOAD_FAULT_UNKNOWN,    ///< a delta of a ship that was never told in full
    LOAD_FAULT_SEQUENCE,   ///< a tick that goes back, or a delta frame before any other
    LOAD_FAULT_PLACE,      ///< a ship outside its place (so comes a position that was no number)
    LOAD_FAULT_SPEED,      ///< faster than any hull
    LOAD_FAULT_MEMORY
} LoadFault;

/// Take a snapshot's records in. @param out_ticks how many ticks after the one before (1 in a whole sequence, 0 first)
LoadFault load_sight_apply(LoadSight* sight, const uint8_t* records, size_t bytes, uint32_t* out_ticks);
/// The row of a ship, or null.
LoadRow* load_sight_find(const LoadSight* sight, uint32_t index);
void load_sight_free(LoadSight* sight);
/// Does it hold what the real viewer holds? (A check of this file, on a few clients.)
bool load_sight_equals(const LoadSight* sight, const InfViewer* viewer);

#endif
