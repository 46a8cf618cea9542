/// @file soul.h
/// Souls over galaxies: identities, the directory, what a passage carries, and the laws of becoming one again.
/// All of it reads worlds; only inputs change them (tables/inputs.inl, numbers 23 to 36).
#ifndef INFINITY_SOUL_H
#define INFINITY_SOUL_H

#include "infinity/world.h"

// ---- ids --------------------------------------------------------------------------------------------------------
/// Ids with this bit are of souls that began in another galaxy: the bit and 62 bits of the identity, so that the same
/// soul has the same id in every galaxy but the one it was born in, and memories of it stay true.
#define INF_ID_ELSEWHERE (UINT64_C(1) << 62)
INF_API uint64_t inf_soul_id_elsewhere(const uint8_t identity[INF_HASH_BYTES]);
/// Whose sky is it? A mark of a galaxy's seed and generator: equal marks, equal addresses. Never 0.
INF_API uint32_t inf_galaxy_mark(const InfGalaxyDef* galaxy);
/// The galaxy's tick in the soul's own time.
static inline uint64_t inf_soul_time(const InfSoul* soul, uint64_t tick) { return tick + (uint64_t)soul->clock_ticks; }
/// Has it an identity?
INF_API bool inf_soul_is_bound(const InfSoul* soul);

// ---- the directory (shard 0; elsewhere nothing is found) -----------------------------------------------------------
/// Index plus one, 0: never heard of.
INF_API uint32_t inf_world_find_identity(const InfWorld* world, const uint8_t identity[INF_HASH_BYTES]);
INF_API uint32_t inf_world_find_identity_of(const InfWorld* world, uint64_t soul);
/// By the newest passage of an identity.
INF_API uint32_t inf_world_find_passage(const InfWorld* world, const uint8_t transfer[INF_PASSAGE_BYTES]);
/// What was answered, for ever, to a passage of that life of an identity to here: whoever repeats it gets the same answer.
typedef enum InfPassageAnswer {
    INF_PASSAGE_NEW,       ///< never heard of: it may be accepted or refused
    INF_PASSAGE_ACCEPTED,  ///< it came in
    INF_PASSAGE_REFUSED,   ///< it did not and never will
    INF_PASSAGE_FORGOTTEN, ///< more than 63 lives ago: nothing can be said of it any more
} InfPassageAnswer;
INF_API InfPassageAnswer inf_world_passage_answer(const InfWorld* world, const uint8_t identity[INF_HASH_BYTES],
                                                  const uint8_t transfer[INF_PASSAGE_BYTES], uint32_t epoch);
/// The passenger row of a soul in this shard, 0 if it rides with nobody here.
INF_API uint32_t inf_world_find_passenger(const InfWorld* world, uint64_t soul);
/// Has `giver` agreed to that act of `receiver` (0: the host of the server), as of now? Consents lie where the giver is.
INF_API bool inf_world_has_consent(const InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act);

/// What a built-in mind would answer: the sum of its reasons (above zero it agrees), and the strongest on that side.
typedef struct InfAnswer {
    bool agrees;
    int32_t weight;
    InfWillReason reason;
} InfAnswer;
/// A pure function of the mind, its feelings now and its relation to `asker` (null: the host of the server).
INF_API InfAnswer inf_soul_answer(const InfWorld* world, const InfSoul* soul, const InfSoul* asker, InfAct act);

// ---- what a passage carries ------------------------------------------------------------------------------------------
/// A soul on its way: as it lies in the payload of Arrive. `tick` is the galaxy's tick when it left, by which its own time
/// goes on. ship.id 0: without a ship (it wakes in a new shuttle).
typedef struct InfPassage {
    uint64_t tick;
    int64_t carried_credits, banked_credits;
    InfSoul soul;
    InfShip ship;
} InfPassage;
/// @return bytes written, 0 if they do not fit into INF_TRANSFER_BYTES (never with a whole row)
INF_API size_t inf_passage_write(const InfPassage* passage, uint8_t bytes[INF_TRANSFER_BYTES]);
/// Form only. @return INF_OK, INF_ERROR_VERSION, INF_ERROR_FORMAT
INF_API InfResult inf_passage_read(const uint8_t* bytes, size_t count, InfPassage* out);
/// How many more crossings the border has room for (shard 0).
INF_API uint32_t inf_world_border_room(const InfWorld* world);
/// The passage of a crossing that waits at the border. Whom the soul knows goes by names that hold in every galaxy:
/// ids with INF_ID_ELSEWHERE, of their identities, or of their numbers here (which this galaxy alone reads again).
INF_API void inf_crossing_passage(const InfWorld* world, uint32_t crossing_index1, InfPassage* out);

#endif
