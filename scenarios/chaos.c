// Chaos: see scenarios.h. The script draws from its own stream and looks at the worlds through the public header only.
#include "scenarios/scenarios.h"
#include "infinity/route.h"
#include "scenarios/chaos.h"

ScenarioChaosDef scenario_chaos_def_default(void)
{
    ScenarioChaosDef def;
    memset(&def, 0, sizeof def);
    def.seed = 7;
    def.shards = 2;
    def.minds = 1600;
    def.players = 240;
    def.stations_radius_mly = 12000;
    return def;
}

InfWorldDef scenario_chaos_world_def(const ScenarioChaos* chaos, uint32_t shard)
{
    InfWorldDef def = inf_world_def_default();
    def.shard = shard;
    def.shard_count = chaos->def.shards;
    def.allocator = chaos->def.allocator;
    if (chaos->def.capacity.souls != 0) {
        def.capacity = chaos->def.capacity;
    } else {
        def.capacity = inf_capacity_for_souls(2 * (chaos->def.minds + chaos->def.players) / chaos->def.shards + 200);
    }
    return def;
}

static void* reallocate(const ScenarioChaosDef* def, void* old, size_t old_bytes, size_t new_bytes)
{
    return def->allocator.reallocate(def->allocator.user, old, old_bytes, new_bytes);
}

ScenarioChaos* scenario_chaos_create(const ScenarioChaosDef* def)
{
    INF_ASSERT(def->shards >= 1 && def->shards <= SCENARIO_SHARDS_MAX && def->players <= PLAYERS_MAX);
    ScenarioChaos* chaos = reallocate(def, NULL, 0, sizeof *chaos);
    if (chaos == NULL) {
        return NULL;
    }
    memset(chaos, 0, sizeof *chaos);
    chaos->def = *def;
    inf_rng_seed(&chaos->rng, def->seed, 0x6368616f73); // "chaos"
    for (uint32_t s = 0; s < def->shards; s++) {
        chaos->batches[s].bytes = reallocate(def, NULL, 0, BATCH_BYTES);
        InfWorldDef world_def = scenario_chaos_world_def(chaos, s);
        if (chaos->batches[s].bytes == NULL || inf_world_create(&world_def, &chaos->worlds[s]) != INF_OK) {
            scenario_chaos_destroy(chaos);
            return NULL;
        }
        // Where pools are small the founding ends early; what there is lives.
        (void)inf_world_found(chaos->worlds[s], def->minds, def->stations_radius_mly);
    }
    return chaos;
}

void scenario_chaos_destroy(ScenarioChaos* chaos)
{
    if (chaos == NULL) {
        return;
    }
    for (uint32_t s = 0; s < chaos->def.shards; s++) {
        inf_world_destroy(chaos->worlds[s]);
        if (chaos->batches[s].bytes != NULL) {
            reallocate(&chaos->def, chaos->batches[s].bytes, BATCH_BYTES, 0);
        }
    }
    ScenarioChaosDef def = chaos->def;
    reallocate(&def, chaos, sizeof *chaos, 0);
}

// ---- batches ------------------------------------------------------------------------------------------------------

void scenario_chaos_add(ScenarioChaos* chaos, uint32_t shard)
{
    Batch* batch = &chaos->batches[shard];
    InfWriter writer = inf_writer_make(batch->bytes + batch->count, BATCH_BYTES - batch->count);
    if (inf_input_write(&writer, &chaos->input)) {
        batch->count += writer.at;
    }
}

InfInput* scenario_chaos_begin(ScenarioChaos* chaos, InfInputKind kind)
{
    memset(&chaos->input, 0, sizeof chaos->input);
    chaos->input.kind = (uint16_t)kind;
    return &chaos->input;
}

// ---- the script ---------------------------------------------------------------------------------------------------

#define add scenario_chaos_add
#define begin scenario_chaos_begin
#define below scenario_chaos_below

static void claim_tag(ScenarioChaos* chaos, uint32_t index)
{
    Player* player = &chaos->players[index];
    for (uint32_t i = 0; i < INF_KEY_BYTES; i++) {
        player->key[i] = (uint8_t)inf_rng_next(&chaos->rng);
    }
    InfInput* input = begin(chaos, INF_INPUT_KIND_TagClaim);
    memcpy(input->TagClaim.key, player->key, INF_KEY_BYTES);
    memcpy(input->TagClaim.tag, "Player", 6);
    input->TagClaim.tag[6] = (char)('a' + index / 676 % 26);
    input->TagClaim.tag[7] = (char)('a' + index / 26 % 26);
    input->TagClaim.tag[8] = (char)('a' + index % 26);
    add(chaos, 0);
}

static void look_up_soul(const ScenarioChaos* chaos, Player* player)
{
    uint32_t tag_index1 = inf_world_find_tag_by_key(chaos->worlds[0], player->key), count;
    if (tag_index1 != 0) {
        player->soul = inf_world_tags(chaos->worlds[0], &count)[tag_index1 - 1].soul;
    }
}

/// A ship in the same place: a few steps along the place's list. 0 if there is none.
static uint64_t somebody(ScenarioChaos* chaos, const InfWorld* world, const InfShip* ship)
{
    uint32_t count;
    const InfShip* ships = inf_world_ships(world, &count);
    if (ship->state != INF_SHIP_STATE_SPACE || ship->place_index1 == 0) {
        return 0;
    }
    uint32_t index1 = inf_world_places(world, &count)[ship->place_index1 - 1].first_ship;
    for (uint64_t steps = below(chaos, 24); steps > 0 && index1 != 0 && ships[index1 - 1].next_in_place != 0; steps--) {
        index1 = ships[index1 - 1].next_in_place;
    }
    return index1 != 0 ? ships[index1 - 1].id : 0;
}

static void say_where_to_jump(ScenarioChaos* chaos, const InfWorld* world, const InfShip* ship, InfInputOrder* order)
{
    if (ship->place_index1 == 0 || ship->state != INF_SHIP_STATE_SPACE) {
        return;
    }
    InfSystem from;
    InfSystemAddress near[12];
    inf_system_generate(inf_world_galaxy(world), inf_place_address(world, ship->place_index1), &from);
    uint32_t count = inf_system_neighbours(inf_world_galaxy(world), &from, 18000, near, 12);
    if (count == 0) {
        return;
    }
    InfSystemAddress to = near[below(chaos, count)];
    order->sector[0] = to.x;
    order->sector[1] = to.y;
    order->sector[2] = to.z;
    order->system_in_sector = to.index;
}

static void give_order(ScenarioChaos* chaos, const InfWorld* world, const InfShip* ship)
{
    static const uint8_t likely[] = {INF_ORDER_ATTACK, INF_ORDER_ATTACK, INF_ORDER_MINE, INF_ORDER_CRUISE, INF_ORDER_CRUISE,
                                     INF_ORDER_JUMP,   INF_ORDER_DOCK,   INF_ORDER_LOOT, INF_ORDER_CRUISE, INF_ORDER_JUMP};
    InfInputOrder* order = &begin(chaos, INF_INPUT_KIND_Order)->Order;
    order->order = below(chaos, 4) != 0 ? likely[below(chaos, sizeof likely)] : (uint8_t)below(chaos, INF_ORDER_COUNT + 2);
    order->body = (uint8_t)below(chaos, 20);
    order->range_m = (float)(uint32_t)below(chaos, 12000);
    order->target = somebody(chaos, world, ship);
    if (order->order == INF_ORDER_JUMP) {
        say_where_to_jump(chaos, world, ship, order);
    }
}

static void in_space(ScenarioChaos* chaos, const InfWorld* world, const InfShip* ship)
{
    InfInput* input;
    switch (below(chaos, 12)) {
    case 0:
        input = begin(chaos, INF_INPUT_KIND_Helm);
        for (int axis = 0; axis < 3; axis++) {
            input->Helm.thrust[axis] = (int8_t)((int32_t)below(chaos, 256) - 128);
            input->Helm.turn[axis] = (int8_t)((int32_t)below(chaos, 256) - 128);
        }
        break;
    case 1:
    case 2:
    case 3:
        input = begin(chaos, INF_INPUT_KIND_Module);
        input->Module.slot = (uint8_t)below(chaos, 5);
        input->Module.on = below(chaos, 4) != 0;
        input->Module.target = somebody(chaos, world, ship);
        break;
    case 4:
        input = begin(chaos, INF_INPUT_KIND_Scan);
        input->Scan.target = somebody(chaos, world, ship);
        break;
    case 5:
        input = begin(chaos, INF_INPUT_KIND_Jettison);
        input->Jettison.good = (uint8_t)below(chaos, INF_GOODS + 1);
        input->Jettison.units = (uint32_t)below(chaos, 8);
        break;
    case 6:
        input = begin(chaos, INF_INPUT_KIND_Transponder);
        input->Transponder.on = (uint8_t)below(chaos, 2);
        break;
    default: give_order(chaos, world, ship); break;
    }
}

static void in_station(ScenarioChaos* chaos)
{
    static const uint8_t hulls[] = {INF_HULL_INTERCEPTOR, INF_HULL_MINER, INF_HULL_HAULER, INF_HULL_FRIGATE, 99};
    InfInput* input;
    switch (below(chaos, 12)) {
    case 0:
    case 1:
        input = begin(chaos, INF_INPUT_KIND_Trade);
        input->Trade.good = (uint8_t)below(chaos, INF_GOODS + 1);
        input->Trade.sell = (uint8_t)below(chaos, 2);
        input->Trade.units = (uint32_t)below(chaos, 30);
        input->Trade.limit_credits = (int64_t)below(chaos, 3000);
        break;
    case 2:
        input = begin(chaos, INF_INPUT_KIND_Service);
        input->Service.service = (uint8_t)below(chaos, INF_SERVICE_COUNT + 1);
        input->Service.units = (uint32_t)below(chaos, 60000);
        break;
    case 3: begin(chaos, INF_INPUT_KIND_CloneBay); break;
    case 4:
        input = begin(chaos, INF_INPUT_KIND_BuyShip);
        input->BuyShip.hull = hulls[below(chaos, sizeof hulls)];
        break;
    case 5:
        input = begin(chaos, INF_INPUT_KIND_BuyModule);
        input->BuyModule.slot = (uint8_t)below(chaos, 5);
        input->BuyModule.module = (uint8_t)below(chaos, INF_MODULE_COUNT + 1);
        break;
    case 6:
        input = begin(chaos, INF_INPUT_KIND_Bank);
        input->Bank.withdraw = (uint8_t)below(chaos, 2);
        input->Bank.credits = (int64_t)below(chaos, 200) - 20;
        break;
    default: begin(chaos, INF_INPUT_KIND_Undock); break;
    }
}

static void to_others(ScenarioChaos* chaos)
{
    const Player* other = &chaos->players[below(chaos, chaos->def.players)];
    InfInput* input;
    switch (below(chaos, 3)) {
    case 0:
        input = begin(chaos, INF_INPUT_KIND_Pay);
        input->Pay.payee = other->soul;
        input->Pay.payee_shard = (uint16_t)below(chaos, chaos->def.shards + 1);
        input->Pay.credits = (int64_t)below(chaos, 40) - 4;
        break;
    case 1:
        input = begin(chaos, INF_INPUT_KIND_Bounty);
        input->Bounty.target = other->soul;
        input->Bounty.credits = (int64_t)below(chaos, 120);
        break;
    default:
        input = begin(chaos, INF_INPUT_KIND_Say);
        input->Say.reach = (uint8_t)below(chaos, INF_REACH_COUNT + 1);
        input->Say.to = other->soul;
        memcpy(input->Say.text, "Hello out there", 15);
        break;
    }
}

/// Fields from the dice: whatever the form allows.
static void nonsense(ScenarioChaos* chaos)
{
    InfInput* input = begin(chaos, (InfInputKind)(INF_INPUT_KIND_Undock + below(chaos, 16)));
    uint8_t* bytes = (uint8_t*)input;
    for (size_t i = offsetof(InfInput, Undock); i < offsetof(InfInput, Undock) + 64; i++) {
        bytes[i] = below(chaos, 3) != 0 ? 0 : (uint8_t)inf_rng_next(&chaos->rng);
    }
    if (input->kind == INF_INPUT_KIND_Say) {
        input->Say.text[INF_SAY_BYTES - 1] = 0;
    }
}

static void submit(ScenarioChaos* chaos, uint32_t shard, Player* player)
{
    inf_input_set_soul(&chaos->input, player->soul);
    // Every client's input begins with soul and sequence; now and then an old one comes again.
    chaos->input.Undock.sequence = below(chaos, 40) == 0 ? player->sequence : ++player->sequence;
    add(chaos, shard);
    if (below(chaos, 100) == 0) {
        add(chaos, shard);
    }
}

static void act(ScenarioChaos* chaos, Player* player)
{
    uint32_t shard = 0, soul_index1 = 0, count;
    for (; shard < chaos->def.shards; shard++) {
        soul_index1 = inf_world_find_soul(chaos->worlds[shard], player->soul);
        if (soul_index1 != 0) {
            break;
        }
    }
    for (uint32_t s = 0; soul_index1 == 0 && s < chaos->def.shards; s++) {
        if (inf_world_find_passenger(chaos->worlds[s], player->soul) != 0) {
            scenario_chaos_in_head(chaos);
            submit(chaos, s, player);
            return;
        }
    }
    if (soul_index1 == 0) {
        return; // on its way
    }
    const InfWorld* world = chaos->worlds[shard];
    const InfSoul* soul = &inf_world_souls(world, &count)[soul_index1 - 1];
    if (player->connected != ((soul->flags & INF_SOUL_CONNECTED) != 0) || below(chaos, 150) == 0) {
        player->connected = below(chaos, 4) != 0;
        InfInput* input = begin(chaos, INF_INPUT_KIND_Presence);
        input->Presence.soul = player->soul;
        input->Presence.connected = player->connected;
        add(chaos, shard);
        return;
    }
    uint64_t kind = below(chaos, 20);
    if (kind == 0) {
        nonsense(chaos);
    } else if (kind == 1) {
        to_others(chaos);
    } else if (soul->ship_index1 == 0) {
        return;
    } else {
        const InfShip* ship = &inf_world_ships(world, &count)[soul->ship_index1 - 1];
        bool busy = ship->order == INF_ORDER_ATTACK || ship->order == INF_ORDER_JUMP || ship->order == INF_ORDER_DOCK;
        if (busy && below(chaos, 8) != 0) {
            return; // let it come to something
        }
        if (ship->state == INF_SHIP_STATE_DOCKED && below(chaos, 3) == 0) {
            scenario_chaos_among_neighbours(chaos, player, world, ship);
        } else if (ship->state == INF_SHIP_STATE_DOCKED) {
            in_station(chaos);
        } else if (ship->state == INF_SHIP_STATE_SPACE || below(chaos, 20) == 0) {
            in_space(chaos, world, ship);
        } else {
            return;
        }
    }
    submit(chaos, shard, player);
}

void scenario_chaos_tick(ScenarioChaos* chaos)
{
    InfWriter writers[INF_SHARDS_MAX];
    for (uint32_t s = 0; s < chaos->def.shards; s++) {
        writers[s] = inf_writer_make(chaos->batches[s].bytes, BATCH_BYTES);
    }
    inf_worlds_route(chaos->worlds, chaos->def.shards, writers);
    for (uint32_t s = 0; s < chaos->def.shards; s++) {
        chaos->batches[s].count = writers[s].at;
    }
    uint64_t now = inf_world_header(chaos->worlds[0])->tick;
    for (uint32_t i = 0; i < chaos->def.players; i++) {
        Player* player = &chaos->players[i];
        if (player->soul == 0 && now == i / 4) {
            claim_tag(chaos, i);
        } else if (player->soul == 0 && now > i / 4) {
            look_up_soul(chaos, player);
        } else if (player->soul != 0 && below(chaos, 12) == 0) {
            act(chaos, player);
        }
    }
    scenario_chaos_souls(chaos);
    for (uint32_t s = 0; s < chaos->def.shards; s++) {
        Batch* batch = &chaos->batches[s];
        if (below(chaos, 200) == 0 && batch->count + 8 <= BATCH_BYTES) { // noise behind the last input
            for (int i = 0; i < 8; i++) {
                batch->bytes[batch->count++] = (uint8_t)inf_rng_next(&chaos->rng);
            }
        }
        inf_world_tick(chaos->worlds[s], batch->bytes, batch->count);
    }
}

uint64_t scenario_chaos_hash(const ScenarioChaos* chaos)
{
    uint64_t hash = chaos->def.shards;
    for (uint32_t s = 0; s < chaos->def.shards; s++) {
        hash = inf_hash_combine(hash, inf_world_hash(chaos->worlds[s]));
    }
    return hash;
}

InfWorld* scenario_chaos_world(const ScenarioChaos* chaos, uint32_t shard)
{
    return chaos->worlds[shard];
}

InfWorld* scenario_chaos_swap(ScenarioChaos* chaos, uint32_t shard, InfWorld* world)
{
    InfWorld* old = chaos->worlds[shard];
    chaos->worlds[shard] = world;
    return old;
}

const uint8_t* scenario_chaos_inputs(const ScenarioChaos* chaos, uint32_t shard, size_t* bytes)
{
    *bytes = chaos->batches[shard].count;
    return chaos->batches[shard].bytes;
}

uint64_t scenario_golden(const InfAllocator* allocator, uint32_t ticks)
{
    ScenarioChaosDef def = scenario_chaos_def_default();
    def.allocator = *allocator;
    ScenarioChaos* chaos = scenario_chaos_create(&def);
    if (chaos == NULL) {
        return 0;
    }
    uint64_t hash = 0;
    for (uint32_t t = 0; t < ticks; t++) {
        scenario_chaos_tick(chaos);
        if (t % 1000 == 999 || t + 1 == ticks) { // the way there counts, too
            hash = inf_hash_combine(hash, scenario_chaos_hash(chaos));
        }
    }
    scenario_chaos_destroy(chaos);
    return hash;
}
