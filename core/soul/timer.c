// A soul's timer. For a mind it is where its next step is taken (core/mind/); for a person it keeps the books of
// breathing up to date (which gives the alarms of the wallet) and tries again to wake a body that had no room.
#include "soul/soul.h"

#define PLAYER_TURN_TICKS 300u // half a minute

static void player_turn(InfWorld* world, uint32_t soul_index1)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint64_t now = inf_world_now(world);
    if (soul->ship_index1 == 0) {
        uint64_t id = soul->id;
        if (!inf_soul_wake(world, soul_index1)) {
            inf_timer_set(world, INF_TIMER_SOUL, soul_index1, now + 10);
        } else if (inf_soul_find(world, id) != 0) {
            inf_timer_set(world, INF_TIMER_SOUL, soul_index1, now + PLAYER_TURN_TICKS);
        }
        return;
    }
    inf_soul_feelings_update(world, soul_index1);
    inf_timer_set(world, INF_TIMER_SOUL, soul_index1, now + PLAYER_TURN_TICKS);
}

void inf_soul_timer(InfWorld* world, uint32_t soul_index1)
{
    INF_ASSERT(inf_pool_is_live(&world->soul_pool, soul_index1));
    if (inf_soul_at(world, soul_index1)->ship_index1 != 0 && !inf_upkeep_charge(world, soul_index1)) {
        return; // its air ran out; the row is gone
    }
    if (inf_soul_is_mind(inf_soul_at(world, soul_index1))) {
        inf_mind_timer(world, soul_index1);
    } else {
        player_turn(world, soul_index1);
    }
}

void inf_soul_arrived(InfWorld* world, uint32_t soul_index1)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint64_t now = inf_world_now(world);
    if (inf_soul_is_mind(soul)) {
        inf_mind_notify(world, soul_index1, INF_NOTICE_JUMPED, 0);
        if (soul->timer_tick == 0 || soul->timer_tick > now + INF_TUNE_MIND_WATCH_TICKS) {
            inf_timer_set(world, INF_TIMER_SOUL, soul_index1, now + INF_TUNE_MIND_REACTION_TICKS);
        }
    } else {
        inf_timer_set(world, INF_TIMER_SOUL, soul_index1, now + 10);
    }
}
