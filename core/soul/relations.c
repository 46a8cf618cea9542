// Relations: what a soul feels for eight others, by id, so that they outlast jumps. Affection and trust are
// -1000..1000, debt is what they owe me in credits. When a ninth comes the weakest stranger is dropped: who matters
// least by the sum of the three, faded by the time since they last met.
#include "soul/soul.h"

const InfRelation* inf_soul_relation(const InfSoul* soul, uint64_t who)
{
    if (who == 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < INF_RELATIONS; i++) {
        if (soul->relations[i].who == who) {
            return &soul->relations[i];
        }
    }
    return NULL;
}

static int32_t weight_of(uint64_t now, const InfRelation* relation)
{
    if (relation->who == 0) {
        return -1;
    }
    uint64_t age = now > relation->last_tick ? now - relation->last_tick : 0;
    int64_t weight = (int64_t)inf_abs_i64(relation->affection) + (int64_t)inf_abs_i64(relation->trust) +
                     inf_min_i64((int64_t)inf_abs_i64(relation->debt_credits) / 4, 500);
    // The closest bonds hold: half of the weight fades in five days, the other half never.
    return (int32_t)(weight / 2) + inf_decay((int32_t)(weight / 2), age, 5u * INF_TICKS_PER_DAY);
}

void inf_soul_relate(InfWorld* world, InfSoul* soul, uint64_t who, int32_t affection, int32_t trust,
                     int32_t debt_credits)
{
    if (who == 0 || who == soul->id) {
        return;
    }
    InfRelation* relation = NULL;
    InfRelation* weakest = &soul->relations[0];
    int32_t weakest_weight = INT32_MAX;
    for (uint32_t i = 0; i < INF_RELATIONS && relation == NULL; i++) {
        InfRelation* row = &soul->relations[i];
        if (row->who == who) {
            relation = row;
            break;
        }
        int32_t weight = weight_of(inf_soul_time(soul, inf_world_now(world)), row);
        if (weight < weakest_weight) {
            weakest = row;
            weakest_weight = weight;
        }
    }
    if (relation == NULL) {
        int64_t news = (int64_t)inf_abs_i64(affection) + (int64_t)inf_abs_i64(trust) + 40;
        if (weakest_weight > news) {
            return; // everybody in mind matters more
        }
        relation = weakest;
        *relation = (InfRelation){.who = who};
        inf_soul_remember(world, soul, INF_MEMORY_MET, who, 0, 150);
    }
    relation->affection = (int16_t)inf_clamp_i64((int64_t)relation->affection + affection, -1000, 1000);
    relation->trust = (int16_t)inf_clamp_i64((int64_t)relation->trust + trust, -1000, 1000);
    relation->debt_credits =
        (int32_t)inf_clamp_i64((int64_t)relation->debt_credits + debt_credits, -1000000000, 1000000000);
    relation->last_tick = inf_soul_time(soul, inf_world_now(world));
}
