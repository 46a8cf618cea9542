/// @file hands.h
/// A few threads that do one piece of work together: the caller takes part and goes on when all of it is done. Pieces are
/// taken one after the other, so that a slow one holds nobody up.
#ifndef INFINITY_SERVER_HANDS_H
#define INFINITY_SERVER_HANDS_H

#include <stdint.h>

/// Hands at most, the caller's own among them.
#define INF_HANDS_MAX 16u

typedef struct InfHands InfHands;
/// Do the pieces `from` to `to - 1`. @param hand  which hand does them, below inf_hands_count(); 0 is the caller
typedef void InfHandsWork(void* user, uint32_t hand, uint32_t from, uint32_t to);

/// @param count  of hands, the caller's among them, [1, INF_HANDS_MAX]; 0: one per processor that there is
/// @return null if threads cannot be had
InfHands* inf_hands_create(uint32_t count);
void inf_hands_destroy(InfHands* hands); ///< null is allowed
uint32_t inf_hands_count(const InfHands* hands);
/// Do `pieces` of work, `step` at a time. Only the thread that made the hands may call it, and not from within the work.
void inf_hands_do(InfHands* hands, uint32_t pieces, uint32_t step, InfHandsWork* work, void* user);

#endif
