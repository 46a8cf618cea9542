// A newcomer's goals, one at a time and in order: reaching a later one does nothing yet, so the screen never jumps.
// Minds have no such list.
#include "soul/soul.h"

void inf_soul_goal(InfWorld* world, uint32_t soul_index1, InfGoal reached)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    if (inf_soul_is_mind(soul) || soul->goal != (uint8_t)reached || reached >= INF_GOAL_DECIDE) {
        return;
    }
    soul->goal++;
    inf_soul_feel(world, soul, INF_FEELING_JOY, 120);
    INF_EMIT(world, inf_soul_here(world, soul), GoalReached, event)
    {
        event->GoalReached.soul = soul->id;
        event->GoalReached.goal = (uint8_t)reached;
        event->GoalReached.next = soul->goal;
    }
}
