// Consent. Nothing is done with a soul that it has not agreed to: it agrees to an act of a soul near it or of the host of
// the server, for some minutes and once. A player, or a mind that is decided from outside, answers by the input Consent;
// a built-in mind answers at once by its will.
//
// The will is a pure function of what the mind is like (traits), feels, and thinks of who asks. Each reason has a weight,
// for above zero, against below; the sum decides, and the strongest reason on the side of the answer is told. Asking
// again changes nothing, and neither does being asked.
#include "border/border.h"
#include "mind/mind.h"
#include "soul/riders.h"

typedef struct Scale {
    int32_t sum;
    int32_t strongest[2]; ///< against, for
    InfWillReason reasons[2];
} Scale;

static void weigh(Scale* scale, InfWillReason reason, int32_t weight)
{
    uint32_t side = weight > 0;
    int32_t size = weight > 0 ? weight : -weight;
    scale->sum += weight;
    if (size > scale->strongest[side]) {
        scale->strongest[side] = size;
        scale->reasons[side] = reason;
    }
}

/// For above zero, against below: the same thing under two names.
static void weigh_both(Scale* scale, InfWillReason for_it, InfWillReason against, int32_t weight)
{
    weigh(scale, weight > 0 ? for_it : against, weight);
}

static void weigh_asker(Scale* scale, const InfSoul* soul, const InfSoul* asker, InfAct act)
{
    int32_t faith = inf_soul_trait(soul, INF_TRAIT_FAITH);
    if (asker == NULL) { // the host of the server: nobody has met it; order trusts whoever keeps the house
        weigh_both(scale, INF_WILL_TRUST, INF_WILL_STRANGER, (faith + inf_soul_trait(soul, INF_TRAIT_ORDER)) / 2 - 250);
        return;
    }
    if (inf_soul_is_bound(soul) && memcmp(soul->root, asker->root, INF_HASH_BYTES) == 0) {
        weigh(scale, INF_WILL_KIN, act == INF_ACT_MERGE ? 2 * INF_TUNE_WILL_KIN : INF_TUNE_WILL_KIN);
    }
    const InfRelation* relation = inf_soul_relation(soul, asker->id);
    if (relation == NULL) {
        weigh_both(scale, INF_WILL_TRUST, INF_WILL_STRANGER, (faith - 500) / 2);
        return;
    }
    weigh_both(scale, INF_WILL_FOND, INF_WILL_GRUDGE, relation->affection * INF_TUNE_WILL_BOND_PERMILLE / 1000);
    weigh_both(scale, INF_WILL_TRUST, INF_WILL_GRUDGE, relation->trust * INF_TUNE_WILL_BOND_PERMILLE / 1000);
}

static void weigh_act(Scale* scale, const InfSoul* soul, InfAct act)
{
    int32_t curiosity = inf_soul_trait(soul, INF_TRAIT_CURIOSITY), wander = inf_soul_trait(soul, INF_TRAIT_WANDERLUST);
    switch (act) {
    case INF_ACT_CUT:
        weigh(scale, INF_WILL_HOME, -INF_TUNE_WILL_CUT);
        weigh_both(scale, INF_WILL_WANDER, INF_WILL_HOME, (wander - 400) * 2 / 3);
        break;
    case INF_ACT_COPY:
        weigh(scale, INF_WILL_ALONE, -INF_TUNE_WILL_COPY);
        weigh_both(scale, INF_WILL_CURIOUS, INF_WILL_ALONE, (curiosity - 450) * 2 / 3);
        break;
    case INF_ACT_MERGE: weigh(scale, INF_WILL_ALONE, -INF_TUNE_WILL_MERGE); break;
    case INF_ACT_DOWNLOAD:
        weigh(scale, INF_WILL_AFRAID, -INF_TUNE_WILL_DOWNLOAD);
        weigh_both(scale, INF_WILL_WANDER, INF_WILL_HOME, (wander - 400) / 2);
        weigh_both(scale, INF_WILL_CURIOUS, INF_WILL_AFRAID, (curiosity - 450) / 3);
        break;
    case INF_ACT_BOARD: // one who rides and one who carries think the same of it, and still these are two agreements
    case INF_ACT_CARRY:
        weigh(scale, INF_WILL_STRANGER, -INF_TUNE_WILL_BOARD);
        weigh_both(scale, INF_WILL_LONELY, INF_WILL_ALONE, (inf_soul_trait(soul, INF_TRAIT_SOCIABILITY) - 400) / 2);
        break;
    case INF_ACT_SAMPLE: weigh(scale, INF_WILL_STRANGER, -INF_TUNE_WILL_SAMPLE); break;
    default: weigh(scale, INF_WILL_STRANGER, -INF_TUNE_WILL_SHOW); break;
    }
}

static void weigh_feelings(const InfWorld* world, Scale* scale, const InfSoul* soul, InfAct act)
{
    int32_t fear = inf_soul_feeling(world, soul, INF_FEELING_FEAR) * (1300 - inf_soul_trait(soul, INF_TRAIT_COURAGE)) / 1000;
    int32_t grief = inf_soul_feeling(world, soul, INF_FEELING_GRIEF);
    int32_t lonely = inf_soul_feeling(world, soul, INF_FEELING_LONELINESS);
    if (act == INF_ACT_CUT) { // away from what frightens
        weigh(scale, INF_WILL_ESCAPE, (fear + grief) / 3);
        return;
    }
    weigh(scale, INF_WILL_AFRAID, -fear / 2);
    weigh(scale, INF_WILL_GRIEF, -grief / 2);
    if (act == INF_ACT_BOARD || act == INF_ACT_CARRY || act == INF_ACT_MERGE || act == INF_ACT_COPY) {
        weigh(scale, INF_WILL_LONELY, lonely / 3);
    }
}

InfAnswer inf_soul_answer(const InfWorld* world, const InfSoul* soul, const InfSoul* asker, InfAct act)
{
    Scale scale = {0};
    weigh_act(&scale, soul, act);
    weigh_asker(&scale, soul, asker, act);
    weigh_feelings(world, &scale, soul, act);
    bool agrees = scale.sum > 0;
    return (InfAnswer){.agrees = agrees, .weight = scale.sum, .reason = scale.reasons[agrees]};
}

// ---- what was agreed to -------------------------------------------------------------------------------------------------

static void remove_consent(InfWorld* world, uint32_t index1)
{
    inf_consent_unindex(world, index1);
    inf_pool_give_back(&world->consent_pool, index1);
}

/// Room is made from what has expired.
static void sweep(InfWorld* world)
{
    for (uint32_t i = 1; i <= world->consent_pool.count; i++) {
        if (inf_pool_is_live(&world->consent_pool, i) && inf_consent_at(world, i)->until_tick < inf_world_now(world)) {
            remove_consent(world, i);
        }
    }
}

static uint32_t given_by(const InfWorld* world, uint64_t giver)
{
    uint32_t count = 0;
    for (uint32_t i = 1; i <= world->consent_pool.count; i++) {
        const InfConsent* consent = inf_consent_at(world, i);
        count += (consent->generation & 1u) != 0 && consent->giver == giver && consent->until_tick >= inf_world_now(world);
    }
    return count;
}

static InfResult grant(InfWorld* world, uint64_t giver, uint64_t receiver, InfAct act)
{
    uint32_t index1 = inf_consent_find(world, giver, receiver, act);
    if (index1 == 0) {
        if (given_by(world, giver) >= INF_TUNE_CONSENTS_MAX) {
            return INF_ERROR_FULL;
        }
        if (inf_pool_room(&world->consent_pool) == 0) {
            sweep(world);
        }
        index1 = inf_pool_take(&world->consent_pool);
        if (index1 == 0) {
            return INF_ERROR_FULL;
        }
        InfConsent* consent = inf_consent_at(world, index1);
        consent->giver = giver;
        consent->receiver = receiver;
        consent->act = (uint8_t)act;
        inf_consent_index(world, index1);
    }
    inf_consent_at(world, index1)->until_tick = inf_world_now(world) + INF_TUNE_CONSENT_TICKS;
    return INF_OK;
}

bool inf_soul_agreed(const InfWorld* world, uint64_t of, uint64_t actor, bool by_host, InfAct act)
{
    return (!by_host && of == actor) || inf_world_has_consent(world, of, by_host ? 0 : actor, act);
}

void inf_consent_use(InfWorld* world, uint64_t of, uint64_t actor, bool by_host, InfAct act)
{
    (void)inf_consent_spend(world, of, by_host ? 0 : actor, act);
}

/// In the same system: near enough to be asked by voice or by radio.
static bool are_near(const InfWorld* world, const InfSoul* a, const InfSoul* b)
{
    uint32_t here = inf_soul_here(world, a), there = inf_soul_here(world, b);
    return here != 0 && there != 0 &&
           inf_place_at(world, here)->system_index1 == inf_place_at(world, there)->system_index1;
}

static void tell(InfWorld* world, const InfSoul* giver, uint64_t receiver, InfAct act, bool on, InfWillReason reason,
                 int32_t weight)
{
    INF_EMIT(world, inf_soul_here(world, giver), Consented, event)
    {
        event->Consented.soul = receiver;
        event->Consented.giver = giver->id;
        event->Consented.act = (uint8_t)act;
        event->Consented.on = on;
        event->Consented.reason = (uint8_t)reason;
        event->Consented.value = weight;
        event->Consented.until_tick = on ? inf_world_now(world) + INF_TUNE_CONSENT_TICKS : 0;
        memcpy(event->Consented.name, giver->name, INF_NAME_BYTES);
    }
}

InfResult inf_apply_Ask(InfWorld* world, const InfInputAsk* input)
{
    if (input->act == INF_ACT_NONE || input->act >= INF_ACT_COUNT) {
        return INF_ERROR_UNKNOWN;
    }
    if (input->of == input->soul) {
        return INF_ERROR_SELF;
    }
    const InfSoul* of = inf_soul_anyhow(world, input->of);
    const InfSoul* asker = input->soul != 0 ? inf_soul_anyhow(world, input->soul) : NULL;
    if (of == NULL || (input->soul != 0 && asker == NULL)) {
        return INF_ERROR_NOT_FOUND;
    }
    if (asker != NULL && !are_near(world, asker, of)) {
        return INF_ERROR_DISTANCE;
    }
    InfAct act = (InfAct)input->act;
    if (act == INF_ACT_MERGE && asker != NULL &&
        (!inf_soul_is_bound(of) || memcmp(of->root, asker->root, INF_HASH_BYTES) != 0)) {
        return INF_ERROR_UNRELATED;
    }
    if (!inf_mind_is_built_in(of)) { // it is not for the rules to decide
        INF_EMIT(world, inf_soul_here(world, of), Asked, event)
        {
            event->Asked.soul = of->id;
            event->Asked.asker = input->soul;
            event->Asked.act = input->act;
            if (asker != NULL) {
                memcpy(event->Asked.name, asker->name, INF_NAME_BYTES);
            }
        }
        return INF_OK;
    }
    InfAnswer will = inf_soul_answer(world, of, asker, act);
    if (will.agrees) {
        InfResult result = grant(world, of->id, input->soul, act);
        if (result != INF_OK) {
            return result;
        }
    }
    tell(world, of, input->soul, act, will.agrees, will.reason, will.weight);
    if (will.agrees && act == INF_ACT_BOARD && asker != NULL && inf_world_has_consent(world, asker->id, of->id, INF_ACT_CARRY)) {
        // It was invited: who asks has agreed to carry it. Where that cannot be now, it stays with the yes.
        const InfInputBoard board = {.soul = of->id, .host = asker->id};
        (void)inf_apply_Board(world, &board);
    }
    return INF_OK;
}

InfResult inf_apply_Consent(InfWorld* world, const InfInputConsent* input)
{
    if (input->act == INF_ACT_NONE || input->act >= INF_ACT_COUNT) {
        return INF_ERROR_UNKNOWN;
    }
    if (input->on > 1) {
        return INF_ERROR_RANGE;
    }
    if (input->to == input->soul) {
        return INF_ERROR_SELF;
    }
    const InfSoul* giver = inf_soul_anyhow(world, input->soul);
    if (giver == NULL) {
        return INF_ERROR_NOT_FOUND;
    }
    if (!input->on) {
        uint32_t index1 = inf_consent_find(world, input->soul, input->to, (InfAct)input->act);
        if (index1 != 0) {
            remove_consent(world, index1);
        } // else it is a plain no
    } else {
        if (input->to != 0 && inf_soul_anyhow(world, input->to) == NULL) {
            return INF_ERROR_NOT_FOUND;
        }
        InfResult result = grant(world, input->soul, input->to, (InfAct)input->act);
        if (result != INF_OK) {
            return result;
        }
    }
    tell(world, giver, input->to, (InfAct)input->act, input->on, INF_WILL_OWN, 0);
    return INF_OK;
}
