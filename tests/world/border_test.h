/// @file border_test.h
/// What the tests of souls share: a world on which one input is tried at a time, and how the inputs are made.
#ifndef BORDER_TEST_H
#define BORDER_TEST_H

#include "test.h"

#include "../soul_test.h"
#include "border/border.h"
#include "infinity/route.h"
#include "mind/mind.h"
#include "soul/join.h"
#include "soul/riders.h"

// ---- a world and its inputs -------------------------------------------------------------------------------------------------

static uint8_t batch[1u << 16];

static inline void ensure_sound(const InfWorld* world)
{
    const char* wrong = inf_world_validate_rows(world);
    wrong = wrong != NULL ? wrong : inf_world_validate(world);
    ENSURE_SAY(wrong == NULL, "%s", wrong);
}

static inline const InfEvent* find_event(const InfWorld* world, uint32_t kind)
{
    const InfEvent* event = NULL;
    while ((event = inf_world_next_event(world, event)) != NULL && event->kind != kind) {
    }
    return event;
}

/// One tick with one input. @return why it was refused, INF_OK if it was not
static inline InfResult give(InfWorld* world, const InfInput* input)
{
    InfWriter writer = inf_writer_make(batch, sizeof batch);
    ENSURE(inf_input_write(&writer, input));
    inf_world_tick(world, batch, writer.at);
    ensure_sound(world);
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Rejected && event->Rejected.input == input->kind) {
            return (InfResult)event->Rejected.result;
        }
    }
    return INF_OK;
}

static inline InfWorld* through_bytes(const InfWorld* world)
{
    size_t bytes = inf_world_encoded_bytes(world);
    uint8_t* image = malloc(bytes);
    ENSURE(image != NULL && inf_world_encode(world, image, bytes) == bytes);
    InfWorldDef def = inf_world_def_default();
    def.allocator = (InfAllocator){.reallocate = soul_test_reallocate};
    def.galaxy = world->galaxy;
    def.shard = world->header.shard;
    def.shard_count = world->header.shard_count;
    def.capacity = world->capacity;
    InfWorld* copy = NULL;
    ENSURE_EQ_U64(INF_OK, inf_world_decode(&def, image, bytes, &copy));
    free(image);
    return copy;
}

/// Refused with that reason, and but for the tick nothing is different.
static inline void refuse(InfWorld* world, const InfInput* input, InfResult expected)
{
    InfWorld* twin = through_bytes(world);
    InfResult result = give(world, input);
    ENSURE_SAY(result == expected, "%s: expected \"%s\", got \"%s\"", inf_input_word(input->kind), inf_result_text(expected),
               inf_result_text(result));
    inf_world_tick(twin, NULL, 0);
    ENSURE_EQ_U64(inf_world_hash(twin), inf_world_hash(world));
    inf_world_destroy(twin);
}

static inline InfSoul* soul_of(const InfWorld* world, uint64_t id)
{
    InfSoul* soul = inf_soul_anyhow(world, id);
    ENSURE(soul != NULL);
    return soul;
}

static inline int64_t credits_of(const InfWorld* world, uint64_t id) { return inf_soul_credits(world, soul_of(world, id)); }

static inline void fill(uint8_t* bytes, size_t count, uint8_t value) { memset(bytes, value, count); }

/// Somebody on the Concourse, even-tempered, with credits.
static inline uint64_t bear(InfWorld* world, int64_t credits, bool player, uint8_t mark)
{
    InfSoulDef def = {.player = player, .place_index1 = inf_soul_concourse(world), .hull_kind = INF_HULL_SHUTTLE, .credits = credits};
    memset(def.traits, 128, sizeof def.traits);
    snprintf(def.name, sizeof def.name, "%s %c", player ? "Player" : "Mind", 'A' + mark % 26);
    if (player) {
        fill(def.key, sizeof def.key, mark);
    }
    uint32_t index1 = inf_soul_birth(world, &def);
    ENSURE(index1 != 0);
    return inf_soul_at(world, index1)->id;
}

static inline InfInput bind_of(uint64_t soul, uint8_t mark)
{
    InfInput input = {.kind = INF_INPUT_KIND_Bind};
    input.Bind.soul = soul;
    fill(input.Bind.key, INF_KEY_BYTES, mark);
    fill(input.Bind.identity, INF_HASH_BYTES, mark);
    fill(input.Bind.root, INF_HASH_BYTES, mark);
    fill(input.Bind.lineage, INF_HASH_BYTES, mark);
    return input;
}

static inline uint64_t bear_bound(InfWorld* world, int64_t credits, uint8_t mark)
{
    uint64_t id = bear(world, credits, false, mark);
    InfInput input = bind_of(id, mark);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    return id;
}

static inline InfInput ask_of(uint64_t asker, uint64_t of, InfAct act)
{
    InfInput input = {.kind = INF_INPUT_KIND_Ask};
    input.Ask.soul = asker;
    input.Ask.of = of;
    input.Ask.act = (uint8_t)act;
    return input;
}

static inline InfInput consent_of(uint64_t giver, uint64_t to, InfAct act, bool on)
{
    InfInput input = {.kind = INF_INPUT_KIND_Consent};
    input.Consent.soul = giver;
    input.Consent.to = to;
    input.Consent.act = (uint8_t)act;
    input.Consent.on = on;
    return input;
}

static inline InfInput copy_of(uint64_t payer, uint64_t of, uint8_t mark)
{
    InfInput input = {.kind = INF_INPUT_KIND_Copy};
    input.Copy.soul = payer;
    input.Copy.of = of;
    fill(input.Copy.key, INF_KEY_BYTES, mark);
    fill(input.Copy.identity, INF_HASH_BYTES, mark);
    fill(input.Copy.lineage, INF_HASH_BYTES, (uint8_t)(mark + 1));
    fill(input.Copy.lineage_of, INF_HASH_BYTES, (uint8_t)(mark + 2));
    return input;
}

/// A copy that the soul makes of itself. @return its id
static inline uint64_t copy_self(InfWorld* world, uint64_t of, uint8_t mark)
{
    InfInput input = copy_of(of, of, mark);
    ENSURE_EQ_U64(INF_OK, give(world, &input));
    const InfEvent* event = find_event(world, INF_EVENT_KIND_Copied);
    ENSURE(event != NULL && event->Copied.of == of);
    return event->Copied.copy;
}

static inline InfInput merge_of(uint64_t soul, uint64_t other)
{
    InfInput input = {.kind = INF_INPUT_KIND_Merge};
    input.Merge.soul = soul;
    input.Merge.other = other;
    fill(input.Merge.lineage, INF_HASH_BYTES, 0xee);
    return input;
}

static inline InfInput depart_of(uint64_t soul, InfWay way, uint8_t passage)
{
    InfInput input = {.kind = INF_INPUT_KIND_Depart};
    input.Depart.soul = soul;
    input.Depart.way = (uint8_t)way;
    fill(input.Depart.transfer, INF_PASSAGE_BYTES, passage);
    fill(input.Depart.lineage, INF_HASH_BYTES, 0xdd);
    if (way == INF_WAY_SERVER) {
        fill(input.Depart.destination, INF_KEY_BYTES, 0xb0);
    }
    return input;
}

static inline InfInput settle_of(uint8_t passage, bool accepted)
{
    InfInput input = {.kind = INF_INPUT_KIND_Settle};
    fill(input.Settle.transfer, INF_PASSAGE_BYTES, passage);
    input.Settle.accepted = accepted;
    return input;
}

static inline const InfDirectoryEntry* entry_of(const InfWorld* world, uint8_t mark)
{
    uint8_t identity[INF_HASH_BYTES];
    fill(identity, sizeof identity, mark);
    uint32_t index1 = inf_world_find_identity(world, identity);
    ENSURE(index1 != 0);
    return inf_directory_at(world, index1);
}

/// What another galaxy gets: the envelope that its shell would make of the crossing.
static inline InfInput arrival_of(const InfWorld* world, uint8_t mark)
{
    const InfDirectoryEntry* entry = entry_of(world, mark);
    ENSURE(entry->crossing_index1 != 0);
    const InfCrossing* crossing = inf_crossing_at(world, entry->crossing_index1);
    InfPassage passage;
    inf_crossing_passage(world, entry->crossing_index1, &passage);
    InfInput input = {.kind = INF_INPUT_KIND_Arrive};
    InfInputArrive* arrive = &input.Arrive;
    memcpy(arrive->transfer, crossing->transfer, INF_PASSAGE_BYTES);
    fill(arrive->source, INF_KEY_BYTES, 0xa0);
    arrive->epoch = crossing->epoch;
    arrive->way = crossing->way;
    memcpy(arrive->identity, passage.soul.identity, INF_HASH_BYTES);
    memcpy(arrive->root, passage.soul.root, INF_HASH_BYTES);
    memcpy(arrive->lineage, passage.soul.lineage, INF_HASH_BYTES);
    memcpy(arrive->key, passage.soul.key, INF_KEY_BYTES);
    memcpy(arrive->host, crossing->host_identity, INF_HASH_BYTES);
    arrive->payload_bytes = (uint16_t)inf_passage_write(&passage, arrive->payload);
    return input;
}

static inline InfWorld* home(void) { return soul_test_world(3, 40, 300, 6000); }
static inline InfWorld* abroad(void) { return soul_test_world(8, 40, 300, 6000); }

static inline int64_t supply(const InfWorld* world)
{
    return -inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_MINT)) - inf_account_credits(world, inf_ledger_own(INF_ACCOUNT_BURN));
}

static inline void run(InfWorld* world, uint32_t ticks)
{
    for (; ticks > 0; ticks--) {
        inf_world_tick(world, NULL, 0);
    }
    ensure_sound(world);
}

/// Nobody flies off while a test is busy with others.
static inline void keep(InfWorld* world, uint64_t id);
static inline void bring(InfWorld* world, uint64_t id, uint32_t place_index1)
{
    inf_ship_at(world, soul_of(world, id)->ship_index1)->phase = 0;
    inf_ship_put_docked(world, soul_of(world, id)->ship_index1, place_index1);
    keep(world, id);
}

static inline void keep(InfWorld* world, uint64_t id)
{
    inf_timer_set(world, INF_TIMER_SOUL, inf_world_find_soul(world, id), 0);
}

#endif
