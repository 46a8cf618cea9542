// Feelings: eight numbers, 0..1000, that fade by themselves.
//
//   pain fear grief anger joy boredom   value(t) = value * 2^(-t / half)    half by tuning, shorter with resilience
//   loneliness                          grows in a line with time, company takes it away
//   hunger                              not stored but read off the time until the credits end (stored for readers)
//
// The decay is closed form: one evaluation for any stretch of time, so a soul that nobody looks at costs nothing.
// Rounding goes down, and the stored tick only moves in whole steps of STEP_TICKS, so that being touched often does
// not make a feeling fade faster than that rounding allows.
#include "soul/soul.h"

#define STEP_TICKS 64u
/// Hunger begins when the credits last less than this and is 1000 at zero: forty minutes.
#define HUNGER_FROM_TICKS ((int64_t)INF_TUNE_HUNGER_FROM_TICKS)

static const uint32_t half_ticks[INF_FEELINGS] = {
    [INF_FEELING_PAIN] = INF_TUNE_HALF_PAIN_TICKS,   [INF_FEELING_FEAR] = INF_TUNE_HALF_FEAR_TICKS,
    [INF_FEELING_HUNGER] = 1,                        [INF_FEELING_LONELINESS] = 1,
    [INF_FEELING_GRIEF] = INF_TUNE_HALF_GRIEF_TICKS, [INF_FEELING_ANGER] = INF_TUNE_HALF_ANGER_TICKS,
    [INF_FEELING_JOY] = INF_TUNE_HALF_JOY_TICKS,     [INF_FEELING_BOREDOM] = INF_TUNE_HALF_BOREDOM_TICKS,
};

int32_t inf_decay(int32_t value, uint64_t ticks, uint32_t half)
{
    // 2^-x for x in sixteenths, scaled by 2^16; between two of them a straight line (error below 0.03 %).
    static const uint32_t table[17] = {65536, 62757, 60097, 57549, 55109, 52772, 50535, 48393, 46341,
                                       44376, 42495, 40693, 38968, 37316, 35734, 34219, 32768};
    INF_ASSERT(half > 0);
    if (value <= 0 || ticks / half >= 31) {
        return 0;
    }
    uint32_t whole = (uint32_t)(ticks / half);
    uint64_t fraction = (ticks % half) * 65536u / half; // 16 bits
    uint32_t slot = (uint32_t)(fraction >> 12), rest = (uint32_t)(fraction & 4095u);
    uint32_t factor = table[slot] - (((table[slot] - table[slot + 1]) * rest) >> 12);
    return (int32_t)((((uint64_t)(uint32_t)value * factor) >> 16) >> whole);
}

static int32_t clamp_feeling(int64_t value) { return (int32_t)inf_clamp_i64(value, 0, 1000); }

static uint32_t half_of(const InfSoul* soul, uint32_t feeling)
{
    // Resilience 0: half as long again, 1000: half of it. Patience makes boredom pass sooner.
    uint64_t half = half_ticks[feeling];
    half = half * (uint64_t)(1500 - inf_soul_trait(soul, INF_TRAIT_RESILIENCE)) / 1000u;
    if (feeling == INF_FEELING_BOREDOM) {
        half = half * (uint64_t)(1500 - inf_soul_trait(soul, INF_TRAIT_PATIENCE)) / 1000u;
    }
    return half < STEP_TICKS ? STEP_TICKS : (uint32_t)half;
}

static int32_t value_after(const InfSoul* soul, uint32_t feeling, uint64_t ticks)
{
    if (feeling == INF_FEELING_LONELINESS) {
        uint64_t full = (uint64_t)INF_TUNE_LONELINESS_FULL_TICKS * 1000u /
                        (uint64_t)(300 + inf_soul_trait(soul, INF_TRAIT_SOCIABILITY));
        uint64_t grown = ticks > full ? 1000 : ticks * 1000u / full;
        return clamp_feeling((int64_t)soul->feelings[feeling] + (int64_t)grown);
    }
    return inf_decay(soul->feelings[feeling], ticks, half_of(soul, feeling));
}

static int32_t hunger_of(const InfWorld* world, const InfSoul* soul)
{
    int64_t milli_per_s;
    uint64_t zero_tick;
    uint32_t soul_index1 = inf_map_get(&world->soul_map, soul->id);
    if (soul_index1 == 0) {
        return soul->feelings[INF_FEELING_HUNGER];
    }
    inf_soul_burn(world, soul_index1, &milli_per_s, &zero_tick);
    uint64_t now = inf_world_now(world);
    if (zero_tick == UINT64_MAX || zero_tick > now + (uint64_t)HUNGER_FROM_TICKS) {
        return 0;
    }
    int64_t left = zero_tick > now ? (int64_t)(zero_tick - now) : 0;
    return clamp_feeling(1000 - left * 1000 / HUNGER_FROM_TICKS);
}

static void update(const InfWorld* world, InfSoul* soul)
{
    uint64_t now = inf_world_now(world);
    uint64_t ticks = now > soul->feelings_tick ? now - soul->feelings_tick : 0;
    ticks -= ticks % STEP_TICKS;
    if (ticks == 0) {
        return;
    }
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        if (i == INF_FEELING_HUNGER || (soul->feelings[i] == 0 && i != INF_FEELING_LONELINESS)) {
            continue;
        }
        soul->feelings[i] = (uint16_t)value_after(soul, i, ticks);
    }
    soul->feelings_tick += ticks;
}

void inf_soul_feelings_update(InfWorld* world, uint32_t soul_index1)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    update(world, soul);
    soul->feelings[INF_FEELING_HUNGER] = (uint16_t)hunger_of(world, soul);
}

int32_t inf_soul_feeling(const InfWorld* world, const InfSoul* soul, InfFeelingKind feeling)
{
    INF_ASSERT((uint32_t)feeling < INF_FEELINGS);
    if (feeling == INF_FEELING_HUNGER) {
        return hunger_of(world, soul);
    }
    uint64_t now = inf_world_now(world);
    uint64_t ticks = now > soul->feelings_tick ? now - soul->feelings_tick : 0;
    return value_after(soul, feeling, ticks - ticks % STEP_TICKS);
}

void inf_soul_feel(InfWorld* world, InfSoul* soul, InfFeelingKind feeling, int32_t change)
{
    INF_ASSERT((uint32_t)feeling < INF_FEELINGS);
    if (feeling == INF_FEELING_HUNGER) {
        return; // follows from the wallet alone
    }
    update(world, soul);
    int64_t rise = change;
    if (rise > 0) {
        switch (feeling) {
        case INF_FEELING_FEAR: { // threat, times having one life, times what courage leaves of it
            int64_t one_life = inf_soul_is_mind(soul) ? 1000 : 400;
            rise = rise * one_life / 1000 * (1300 - inf_soul_trait(soul, INF_TRAIT_COURAGE)) / 1000;
            break;
        }
        case INF_FEELING_ANGER: rise = rise * (500 + inf_soul_trait(soul, INF_TRAIT_AGGRESSION)) / 1000; break;
        case INF_FEELING_GRIEF: rise = rise * (600 + inf_soul_trait(soul, INF_TRAIT_LOYALTY)) / 1000; break;
        case INF_FEELING_BOREDOM: rise = rise * (1400 - inf_soul_trait(soul, INF_TRAIT_PATIENCE)) / 1000; break;
        default: break;
        }
    }
    soul->feelings[feeling] = (uint16_t)clamp_feeling((int64_t)soul->feelings[feeling] + rise);
}

void inf_soul_company(InfWorld* world, InfSoul* soul, int32_t warmth)
{
    inf_soul_feel(world, soul, INF_FEELING_LONELINESS, -warmth);
    inf_soul_feel(world, soul, INF_FEELING_JOY, warmth / 8);
    inf_soul_feel(world, soul, INF_FEELING_GRIEF, -warmth / 10);
}

void inf_soul_feelings(const InfWorld* world, const InfSoul* soul, uint16_t out[INF_FEELINGS])
{
    for (uint32_t i = 0; i < INF_FEELINGS; i++) {
        out[i] = (uint16_t)inf_soul_feeling(world, soul, (InfFeelingKind)i);
    }
}
