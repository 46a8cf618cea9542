// Saying something. Who hears it follows from the reach: everybody in the place, those aboard, or one soul. A bounded
// few minds of the place take notice, so that a word in a crowd costs no more than a word in a bar.
#include "soul/riders.h"

#include "mind/mind.h"

#include "infinity/text.h"

#define HEARERS_LOOKED_AT 24u
#define HEARERS_NOTICING 2u

static size_t bytes_of(const char* text)
{
    size_t count = 0;
    while (count < INF_SAY_BYTES && text[count] != '\0') {
        count++;
    }
    return count;
}

/// How readily a mind turns to a voice: those who know the speaker first, then the sociable.
static int32_t readiness(const InfSoul* mind, uint64_t speaker)
{
    const InfRelation* relation = inf_soul_relation(mind, speaker);
    return inf_soul_trait(mind, INF_TRAIT_SOCIABILITY) + (relation != NULL ? 400 + relation->affection : 0);
}

static void tell_the_place(InfWorld* world, const InfSoul* speaker, uint32_t place_index1, bool docked,
                           const char* text)
{
    const InfPlace* place = inf_place_at(world, place_index1);
    uint32_t ship_index1 = docked ? place->docked_first : place->first_ship;
    uint32_t best[HEARERS_NOTICING] = {0};
    int32_t best_readiness[HEARERS_NOTICING] = {-1, -1};
    for (uint32_t i = 0; i < HEARERS_LOOKED_AT && ship_index1 != 0; i++) {
        const InfShip* ship = inf_ship_at(world, ship_index1);
        ship_index1 = ship->next_in_place;
        if (ship->pilot_index1 == 0) continue;
        const InfSoul* mind = inf_soul_at(world, ship->pilot_index1);
        if (!inf_soul_is_mind(mind) || mind->id == speaker->id) continue;
        int32_t value = readiness(mind, speaker->id);
        for (uint32_t k = 0; k < HEARERS_NOTICING; k++) {
            if (value > best_readiness[k]) {
                for (uint32_t j = HEARERS_NOTICING - 1; j > k; j--) {
                    best[j] = best[j - 1];
                    best_readiness[j] = best_readiness[j - 1];
                }
                best[k] = ship->pilot_index1;
                best_readiness[k] = value;
                break;
            }
        }
    }
    for (uint32_t k = 0; k < HEARERS_NOTICING; k++) {
        if (best[k] != 0) {
            inf_mind_hear(world, best[k], speaker->id, text);
        }
    }
}

InfResult inf_soul_say(InfWorld* world, uint32_t soul_index1, InfReach reach, uint64_t to, const char* text)
{
    InfSoul* soul = inf_soul_at(world, soul_index1);
    size_t bytes = bytes_of(text);
    if (bytes == 0 || inf_text_check(text, bytes, INF_SAY_BYTES - 1) != INF_TEXT_OK) {
        return INF_ERROR_FORMAT;
    }
    if (reach != INF_REACH_PLACE && reach != INF_REACH_CREW && reach != INF_REACH_WHISPER) {
        return INF_ERROR_RANGE;
    }
    if (soul->ship_index1 == 0) {
        return INF_ERROR_STATE;
    }
    const InfShip* ship = inf_ship_at(world, soul->ship_index1);
    if (reach == INF_REACH_PLACE && (ship->state == INF_SHIP_STATE_CRUISE || ship->place_index1 == 0)) {
        return INF_ERROR_DISTANCE; // between places nobody hears
    }
    uint32_t hearer = 0;
    if (reach == INF_REACH_WHISPER) {
        hearer = inf_soul_find(world, to);
        if (hearer == 0 || hearer == soul_index1) {
            return INF_ERROR_NOT_FOUND;
        }
    }
    uint32_t place_index1 = reach == INF_REACH_PLACE ? ship->place_index1 : inf_soul_here(world, soul);
    INF_EMIT(world, place_index1, Said, event)
    {
        event->Said.soul = soul->id;
        event->Said.to = reach == INF_REACH_WHISPER ? to : 0;
        event->Said.reach = (uint8_t)reach;
        event->Said.ghost = (soul->flags & INF_SOUL_GHOST) != 0;
        memcpy(event->Said.name, soul->name, INF_NAME_BYTES);
        memcpy(event->Said.text, text, bytes);
    }
    if (hearer != 0) {
        inf_mind_hear(world, hearer, soul->id, text);
    } else if (reach == INF_REACH_PLACE && !inf_mind_is_built_in(soul)) {
        // Minds among themselves speak to somebody (core/mind/social.c); a person speaks to whoever listens.
        tell_the_place(world, soul, place_index1, ship->state == INF_SHIP_STATE_DOCKED, text);
    }
    return INF_OK;
}

InfResult inf_apply_Say(InfWorld* world, const InfInputSay* input)
{
    uint32_t soul_index1 = inf_soul_find(world, input->soul);
    uint32_t rider_index1 = soul_index1 == 0 ? inf_rider_find(world, input->soul) : 0;
    if (rider_index1 != 0) { // no voice but the one in the head
        return input->reach != INF_REACH_HEAD ? INF_ERROR_PASSENGER
                                              : inf_head_say(world, inf_rider_soul(world, rider_index1),
                                                             inf_passenger_at(world, rider_index1)->host, input->text);
    }
    if (soul_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    if (input->reach == INF_REACH_HEAD) {
        return inf_head_say(world, inf_soul_at(world, soul_index1), input->soul, input->text);
    }
    return inf_soul_say(world, soul_index1, (InfReach)input->reach, input->to, input->text);
}
