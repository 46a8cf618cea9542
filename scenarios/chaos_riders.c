// Chaos with passengers: players who ask and agree to be carried, board, talk in the head they ride in, get out again, and try
// what a passenger cannot do.
#include "scenarios/chaos.h"

#define below scenario_chaos_below
#define begin scenario_chaos_begin

/// Another player docked at the same station, 0: none.
static uint64_t other_player(ScenarioChaos* chaos, const InfWorld* world, const InfShip* ship)
{
    uint32_t count, start = (uint32_t)below(chaos, chaos->def.players);
    const InfSoul* souls = inf_world_souls(world, &count);
    const InfShip* ships = inf_world_ships(world, &count);
    for (uint32_t i = 0; i < chaos->def.players; i++) {
        uint64_t soul = chaos->players[(start + i) % chaos->def.players].soul;
        uint32_t soul_index1 = inf_world_find_soul(world, soul);
        uint32_t ship_index1 = soul_index1 != 0 ? souls[soul_index1 - 1].ship_index1 : 0;
        if (ship_index1 != 0 && &ships[ship_index1 - 1] != ship && ships[ship_index1 - 1].place_index1 == ship->place_index1 &&
            ships[ship_index1 - 1].state == INF_SHIP_STATE_DOCKED) {
            return soul;
        }
    }
    return 0;
}

/// Somebody else docked at the same station: a player, else a few steps along the list. 0: nobody, or a drone.
static uint64_t neighbour(ScenarioChaos* chaos, const InfWorld* world, const InfShip* ship)
{
    uint64_t player = below(chaos, 4) != 0 ? other_player(chaos, world, ship) : 0;
    if (player != 0) {
        return player;
    }
    uint32_t count;
    const InfShip* ships = inf_world_ships(world, &count);
    uint32_t index1 = inf_world_places(world, &count)[ship->place_index1 - 1].docked_first;
    for (uint64_t steps = below(chaos, 12); index1 != 0; index1 = ships[index1 - 1].next_in_place) {
        if (&ships[index1 - 1] != ship && steps-- == 0) {
            break;
        }
    }
    uint32_t pilot_index1 = index1 != 0 ? ships[index1 - 1].pilot_index1 : 0;
    return pilot_index1 != 0 ? inf_world_souls(world, &count)[pilot_index1 - 1].id : 0;
}

/// Who is at the same station and would carry this soul; 0: nobody.
static uint64_t carrier(const InfWorld* world, const InfShip* ship, uint64_t soul)
{
    uint32_t count;
    const InfShip* ships = inf_world_ships(world, &count);
    const InfSoul* souls = inf_world_souls(world, &count);
    const InfConsent* consents = inf_world_consents(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        bool given = (consents[i].generation & 1u) != 0 && consents[i].receiver == soul && consents[i].act == INF_ACT_CARRY;
        uint32_t giver_index1 = given ? inf_world_find_soul(world, consents[i].giver) : 0;
        uint32_t ship_index1 = giver_index1 != 0 ? souls[giver_index1 - 1].ship_index1 : 0;
        if (ship_index1 != 0 && ships[ship_index1 - 1].place_index1 == ship->place_index1) {
            return consents[i].giver;
        }
    }
    return 0;
}

void scenario_chaos_among_neighbours(ScenarioChaos* chaos, const Player* player, const InfWorld* world, const InfShip* ship)
{
    uint64_t host = carrier(world, ship, player->soul);
    InfInput* input;
    if (host != 0 || below(chaos, 8) == 0) {
        input = begin(chaos, INF_INPUT_KIND_Board);
        input->Board.host = host != 0 ? host : neighbour(chaos, world, ship);
    } else if (below(chaos, 2) == 0) {
        input = begin(chaos, INF_INPUT_KIND_Ask);
        input->Ask.of = neighbour(chaos, world, ship);
        input->Ask.act = below(chaos, 4) != 0 ? INF_ACT_CARRY : INF_ACT_BOARD;
    } else {
        input = begin(chaos, INF_INPUT_KIND_Consent);
        input->Consent.to = neighbour(chaos, world, ship);
        input->Consent.act = INF_ACT_CARRY;
        input->Consent.on = below(chaos, 8) != 0;
    }
}

void scenario_chaos_in_head(ScenarioChaos* chaos)
{
    InfInput* input;
    switch (below(chaos, 12)) {
    case 0:
        input = begin(chaos, INF_INPUT_KIND_Leave);
        input->Leave.pay = (uint8_t)below(chaos, 3);
        break;
    case 1: begin(chaos, INF_INPUT_KIND_Undock); break;
    default:
        input = begin(chaos, INF_INPUT_KIND_Say);
        input->Say.reach = below(chaos, 8) != 0 ? INF_REACH_HEAD : INF_REACH_PLACE;
        memcpy(input->Say.text, "How are you in there?", 22);
        break;
    }
}
