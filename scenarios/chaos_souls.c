// Chaos with souls: hosts that bind, ask, copy, merge and move whomever the dice say, answers from other galaxies in both
// senses, files that wake, and the same again, too late, or with fields that make no sense.
#include "scenarios/chaos.h"

#define below scenario_chaos_below
#define begin scenario_chaos_begin
#define add scenario_chaos_add

static void random_bytes(ScenarioChaos* chaos, uint8_t* bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)inf_rng_next(&chaos->rng);
    }
}

/// A live soul of a shard, from the dice; null if a few throws find none.
static const InfSoul* pick(ScenarioChaos* chaos, uint32_t shard)
{
    uint32_t count;
    const InfSoul* souls = inf_world_souls(chaos->worlds[shard], &count);
    for (uint32_t throws = 0; throws < 8 && count != 0; throws++) {
        const InfSoul* soul = &souls[below(chaos, count)];
        if ((soul->generation & 1u) != 0) {
            return soul;
        }
    }
    return NULL;
}

/// Another branch of the same soul in that shard; else anybody.
static const InfSoul* pick_kin(ScenarioChaos* chaos, uint32_t shard, const InfSoul* of)
{
    uint32_t count;
    const InfSoul* souls = inf_world_souls(chaos->worlds[shard], &count);
    for (uint32_t i = 0; i < count && inf_soul_is_bound(of); i++) {
        if ((souls[i].generation & 1u) != 0 && souls[i].id != of->id && memcmp(souls[i].root, of->root, INF_HASH_BYTES) == 0) {
            return &souls[i];
        }
    }
    return pick(chaos, shard);
}

static void bind(ScenarioChaos* chaos, const InfSoul* soul)
{
    InfInputBind* bind = &begin(chaos, INF_INPUT_KIND_Bind)->Bind;
    bind->soul = soul->id;
    random_bytes(chaos, bind->identity, INF_HASH_BYTES);
    memcpy(bind->root, bind->identity, INF_HASH_BYTES);
    random_bytes(chaos, bind->lineage, INF_HASH_BYTES);
    if (below(chaos, 2) != 0) {
        memcpy(bind->key, soul->key, INF_KEY_BYTES);
    } else {
        random_bytes(chaos, bind->key, INF_KEY_BYTES);
    }
}

static void ask_or_agree(ScenarioChaos* chaos, const InfSoul* soul, const InfSoul* other)
{
    uint64_t who = below(chaos, 3) == 0 || other == NULL ? 0 : other->id;
    uint8_t act = (uint8_t)below(chaos, INF_ACT_COUNT + 1);
    if (below(chaos, 2) != 0) {
        InfInputAsk* ask = &begin(chaos, INF_INPUT_KIND_Ask)->Ask;
        ask->soul = who;
        ask->of = soul->id;
        ask->act = act;
    } else {
        InfInputConsent* consent = &begin(chaos, INF_INPUT_KIND_Consent)->Consent;
        consent->soul = soul->id;
        consent->to = who;
        consent->act = act;
        consent->on = below(chaos, 8) != 0;
    }
}

static void copy(ScenarioChaos* chaos, const InfSoul* soul, const InfSoul* other)
{
    InfInputCopy* copy = &begin(chaos, INF_INPUT_KIND_Copy)->Copy;
    copy->soul = other != NULL && below(chaos, 3) == 0 ? other->id : soul->id;
    copy->of = soul->id;
    copy->by_host = below(chaos, 6) == 0;
    copy->external = below(chaos, 10) == 0;
    random_bytes(chaos, copy->key, INF_KEY_BYTES);
    random_bytes(chaos, copy->identity, INF_HASH_BYTES);
    random_bytes(chaos, copy->lineage, INF_HASH_BYTES);
    random_bytes(chaos, copy->lineage_of, INF_HASH_BYTES);
}

static void merge(ScenarioChaos* chaos, const InfSoul* soul, const InfSoul* kin)
{
    InfInputMerge* merge = &begin(chaos, INF_INPUT_KIND_Merge)->Merge;
    merge->soul = soul->id;
    merge->other = kin != NULL ? kin->id : soul->id;
    merge->by_host = below(chaos, 6) == 0;
    random_bytes(chaos, merge->lineage, INF_HASH_BYTES);
}

static void depart(ScenarioChaos* chaos, const InfSoul* soul)
{
    InfInputDepart* depart = &begin(chaos, INF_INPUT_KIND_Depart)->Depart;
    depart->soul = soul->id;
    depart->by_host = below(chaos, 8) == 0;
    depart->way = (uint8_t)below(chaos, INF_WAY_COUNT + (below(chaos, 20) == 0));
    random_bytes(chaos, depart->lineage, INF_HASH_BYTES);
    random_bytes(chaos, depart->transfer, INF_PASSAGE_BYTES);
    if (depart->way == INF_WAY_SERVER) {
        random_bytes(chaos, depart->destination, INF_KEY_BYTES);
    }
    uint32_t count;
    const InfWorld* world = chaos->worlds[below(chaos, chaos->def.shards)];
    const InfStation* stations = inf_world_stations(world, &count);
    const InfStation* station = count != 0 ? &stations[below(chaos, count)] : NULL;
    if (depart->way == INF_WAY_GALAXY && station != NULL && (station->generation & 1u) != 0) {
        InfSystemAddress address = inf_place_address(world, station->place_index1);
        depart->sector[0] = address.x;
        depart->sector[1] = address.y;
        depart->sector[2] = address.z;
        depart->system_in_sector = address.index;
        depart->body = inf_world_places(world, &count)[station->place_index1 - 1].body;
    }
}

static void record(ScenarioChaos* chaos, const InfSoul* soul)
{
    InfInputRecord* record = &begin(chaos, INF_INPUT_KIND_Record)->Record;
    record->soul = soul->id;
    record->act = (uint8_t)below(chaos, INF_LINEAGE_COUNT + 1);
    random_bytes(chaos, record->hash, INF_HASH_BYTES);
    random_bytes(chaos, record->identity, INF_HASH_BYTES);
    record->text_bytes = (uint16_t)below(chaos, 400);
    memset(record->text, 'r', record->text_bytes);
}

/// Remember somebody at the border as it would come back: the same file, or the next life from the other server.
static void remember(ScenarioChaos* chaos, uint32_t crossing_index1, const InfCrossing* crossing)
{
    InfInputArrive* arrive = &chaos->travellers[chaos->traveller_count++ % TRAVELLERS_MAX];
    InfPassage passage;
    memset(arrive, 0, sizeof *arrive);
    inf_crossing_passage(chaos->worlds[0], crossing_index1, &passage);
    arrive->way = crossing->way;
    arrive->epoch = crossing->epoch;
    memcpy(arrive->transfer, crossing->transfer, INF_PASSAGE_BYTES);
    if (crossing->way == INF_WAY_SERVER) {
        arrive->epoch++;
        random_bytes(chaos, arrive->transfer, INF_PASSAGE_BYTES);
    }
    random_bytes(chaos, arrive->source, INF_KEY_BYTES);
    memcpy(arrive->identity, passage.soul.identity, INF_HASH_BYTES);
    memcpy(arrive->root, passage.soul.root, INF_HASH_BYTES);
    memcpy(arrive->lineage, passage.soul.lineage, INF_HASH_BYTES);
    memcpy(arrive->key, passage.soul.key, INF_KEY_BYTES);
    arrive->payload_bytes = (uint16_t)inf_passage_write(&passage, arrive->payload);
}

static void answer(ScenarioChaos* chaos)
{
    uint32_t count;
    const InfCrossing* crossings = inf_world_crossings(chaos->worlds[0], &count);
    uint32_t index = count != 0 ? (uint32_t)below(chaos, count) : 0;
    if (count == 0 || (crossings[index].generation & 1u) == 0) {
        return;
    }
    bool accepted = below(chaos, 3) != 0;
    if (accepted) {
        remember(chaos, index + 1, &crossings[index]);
    }
    InfInputSettle* settle = &begin(chaos, INF_INPUT_KIND_Settle)->Settle;
    memcpy(settle->transfer, crossings[index].transfer, INF_PASSAGE_BYTES);
    settle->accepted = accepted;
    add(chaos, (uint32_t)below(chaos, 20) == 0 ? chaos->def.shards - 1 : 0);
}

static void come_back(ScenarioChaos* chaos)
{
    uint32_t known = chaos->traveller_count < TRAVELLERS_MAX ? chaos->traveller_count : TRAVELLERS_MAX;
    if (known == 0) {
        return;
    }
    const InfInputArrive* traveller = &chaos->travellers[below(chaos, known)];
    uint64_t kind = below(chaos, 12);
    if (kind == 0) {
        InfInputRefuse* refuse = &begin(chaos, INF_INPUT_KIND_Refuse)->Refuse;
        memcpy(refuse->transfer, traveller->transfer, INF_PASSAGE_BYTES);
        memcpy(refuse->identity, traveller->identity, INF_HASH_BYTES);
        memcpy(refuse->source, traveller->source, INF_KEY_BYTES);
        refuse->epoch = traveller->epoch;
    } else if (kind == 1) {
        InfInputClaim* claim = &begin(chaos, INF_INPUT_KIND_Claim)->Claim;
        memcpy(claim->transfer, traveller->transfer, INF_PASSAGE_BYTES);
        memcpy(claim->identity, traveller->identity, INF_HASH_BYTES);
        memcpy(claim->server, traveller->source, INF_KEY_BYTES);
        claim->epoch = traveller->epoch;
    } else {
        InfInputArrive* arrive = &begin(chaos, INF_INPUT_KIND_Arrive)->Arrive;
        *arrive = *traveller;
        if (kind == 2) { // a byte that was changed on the way
            arrive->payload[below(chaos, INF_TRANSFER_BYTES)] ^= (uint8_t)(1u << below(chaos, 8));
        } else if (kind == 3) {
            arrive->epoch = (uint32_t)inf_rng_next(&chaos->rng);
        }
    }
    add(chaos, below(chaos, 20) == 0 ? chaos->def.shards - 1 : 0);
}

void scenario_chaos_souls(ScenarioChaos* chaos)
{
    if (below(chaos, 4) == 0) {
        answer(chaos);
    }
    if (below(chaos, 10) == 0) {
        come_back(chaos);
    }
    if (below(chaos, 3) != 0) {
        return;
    }
    uint32_t shard = (uint32_t)below(chaos, chaos->def.shards);
    const InfSoul* soul = pick(chaos, shard);
    const InfSoul* other = pick(chaos, shard);
    if (soul == NULL) {
        return;
    }
    switch (below(chaos, 10)) {
    case 0:
    case 1: bind(chaos, soul); break;
    case 2: ask_or_agree(chaos, soul, other); break;
    case 3:
    case 4: copy(chaos, soul, other); break;
    case 5: merge(chaos, soul, pick_kin(chaos, shard, soul)); break;
    case 6: ask_or_agree(chaos, soul, pick_kin(chaos, shard, soul)); break;
    case 7: record(chaos, soul); break;
    default: depart(chaos, soul); break;
    }
    add(chaos, below(chaos, 40) == 0 ? 0 : shard);
}
