// A world: creation, the tick, and reading it. The order of a tick is written here and nowhere else.
#include "soul/riders.h"

static InfCapacity clamp_capacity(InfCapacity capacity)
{
    uint32_t* counts[] = {&capacity.souls, &capacity.ships, &capacity.systems, &capacity.places,
                          &capacity.stations, &capacity.transfers, &capacity.tags, &capacity.directory,
                          &capacity.crossings, &capacity.impressions, &capacity.consents, &capacity.passengers};
    for (uint32_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (*counts[i] == 0) {
            *counts[i] = 1;
        }
    }
    return capacity;
}

InfCapacity inf_capacity_for_souls(uint32_t souls)
{
#ifdef INF_TINY
    return (InfCapacity){.souls = 8, .ships = 12, .systems = 6, .places = 24, .stations = 8, .transfers = 3,
                         .tags = 4, .directory = 12, .crossings = 3, .impressions = 4, .consents = 4,
                         .passengers = 4, .event_bytes = 1u << 18};
#else
    InfCapacity capacity;
    uint32_t more = souls / 4;
    capacity.souls = souls + more + 256;
    capacity.ships = souls + souls / 2 + 1024;
    capacity.systems = souls / 8 + 4096;
    capacity.places = souls / 2 + 16384;
    capacity.stations = souls / 16 + 4096;
    capacity.transfers = souls / 32 + 256;
    capacity.tags = souls + 4096;
    capacity.directory = souls + 8192;
    capacity.crossings = souls / 32 + 256;
    capacity.impressions = 1024;
    capacity.consents = souls / 16 + 256;
    capacity.passengers = souls / 32 + 256;
    capacity.event_bytes = (1u << 20) + souls * 64;
    return capacity;
#endif
}

InfWorldDef inf_world_def_default(void)
{
    InfWorldDef def;
    memset(&def, 0, sizeof def);
    def.cookie = INF_WORLD_COOKIE;
    def.shard_count = 1;
    def.galaxy.seed = 1;
    def.galaxy.version = INF_GALAXY_VERSION;
    def.capacity = inf_capacity_for_souls(4096);
    return def;
}

static void* take(InfWorld* world, size_t bytes, bool* ok)
{
    if (!*ok) {
        return NULL;
    }
    void* memory = world->allocator.reallocate(world->allocator.user, NULL, 0, bytes);
    if (memory == NULL) {
        *ok = false;
        return NULL;
    }
    if (!world->allocator.gives_zeroed) {
        memset(memory, 0, bytes);
    }
    return memory;
}

static void give_back(InfWorld* world, void* memory, size_t bytes)
{
    if (memory != NULL) {
        world->allocator.reallocate(world->allocator.user, memory, bytes, 0);
    }
}

static uint32_t map_slots(uint32_t capacity)
{
    uint32_t slots = 16;
    while (slots / 2 < capacity) {
        slots *= 2;
    }
    return slots;
}

static void map_init(InfWorld* world, InfMap* map, uint32_t capacity, bool* ok)
{
    uint32_t slots = map_slots(capacity);
    map->keys = take(world, (size_t)slots * sizeof *map->keys, ok);
    map->values = take(world, (size_t)slots * sizeof *map->values, ok);
    map->mask = slots - 1;
    map->count = 0;
}

static void map_free(InfWorld* world, InfMap* map)
{
    size_t slots = (size_t)map->mask + 1;
    give_back(world, map->keys, slots * sizeof *map->keys);
    give_back(world, map->values, slots * sizeof *map->values);
}

static void map_clear(InfMap* map)
{
    memset(map->keys, 0, ((size_t)map->mask + 1) * sizeof *map->keys);
    map->count = 0;
}

#define POOL_INIT(pool_name, Struct, wanted)                                                            \
    world->pool_name.row_bytes = sizeof(Inf##Struct);                                                   \
    world->pool_name.generation_offset = offsetof(Inf##Struct, generation);                             \
    world->pool_name.next_free_offset = offsetof(Inf##Struct, next_free);                               \
    world->pool_name.capacity = (wanted);                                                               \
    world->pool_name.rows = take(world, (size_t)(wanted) * sizeof(Inf##Struct), &ok);

/// Scratch of a tick: room for the structure of arrays of every ship in one hot place.
static size_t scratch_bytes_for(const InfCapacity* capacity)
{
    return (size_t)capacity->ships * 320 + (1u << 16);
}

InfResult inf_world_allocate(const InfWorldDef* def, InfWorld** out)
{
    *out = NULL;
    INF_ASSERT(def->cookie == INF_WORLD_COOKIE && def->allocator.reallocate != NULL);
    uint32_t shards = def->shard_count;
    const InfCapacity* c = &def->capacity;
    const uint32_t limit = 1u << 24;
    if (shards == 0 || shards > INF_SHARDS_MAX || (shards & (shards - 1)) != 0 || def->shard >= shards ||
        c->souls > limit || c->ships > limit || c->systems > limit || c->places > limit || c->stations > limit ||
        c->transfers > limit || c->tags > limit || c->directory > limit || c->crossings > limit ||
        c->impressions > limit || c->consents > limit || c->passengers > limit || c->event_bytes < 4096 || c->event_bytes > 1u << 30) {
        return INF_ERROR_RANGE;
    }
    InfWorld* world = def->allocator.reallocate(def->allocator.user, NULL, 0, sizeof *world);
    if (world == NULL) {
        return INF_ERROR_MEMORY;
    }
    memset(world, 0, sizeof *world);
    world->allocator = def->allocator;
    world->galaxy = def->galaxy;
    world->capacity = clamp_capacity(def->capacity);
    world->header.galaxy_seed = def->galaxy.seed;
    world->header.galaxy_version = def->galaxy.version;
    world->header.shard = def->shard;
    world->header.shard_count = shards;
    inf_rng_seed(inf_world_rng(world), def->galaxy.seed, 0x5a5a0000u + def->shard);

    bool ok = true;
    c = &world->capacity;
    bool heart = def->shard == 0; // keeps the galaxy's registries
    POOL_INIT(account_pool, Account, (c->souls + c->passengers) * 2 + c->stations + 16)
    POOL_INIT(system_pool, KnownSystem, c->systems)
    POOL_INIT(place_pool, Place, c->places)
    POOL_INIT(station_pool, Station, c->stations)
    POOL_INIT(ship_pool, Ship, c->ships)
    POOL_INIT(soul_pool, Soul, c->souls)
    POOL_INIT(transfer_pool, Transfer, c->transfers)
    POOL_INIT(tag_pool, Tag, heart ? c->tags : 1)
    POOL_INIT(directory_pool, DirectoryEntry, heart ? c->directory : 1)
    POOL_INIT(crossing_pool, Crossing, heart ? c->crossings : 1)
    POOL_INIT(consent_pool, Consent, c->consents)
    POOL_INIT(passenger_pool, Passenger, c->passengers)
    POOL_INIT(impression_pool, Impression, heart ? c->impressions : 1)
    world->motions = take(world, (size_t)c->ships * sizeof *world->motions, &ok);
    map_init(world, &world->soul_map, c->souls, &ok);
    map_init(world, &world->ship_map, c->ships, &ok);
    map_init(world, &world->system_map, c->systems, &ok);
    map_init(world, &world->tag_map, world->tag_pool.capacity, &ok);
    map_init(world, &world->key_map, world->tag_pool.capacity, &ok);
    map_init(world, &world->identity_map, world->directory_pool.capacity, &ok);
    map_init(world, &world->known_map, 2 * world->directory_pool.capacity, &ok);
    map_init(world, &world->passage_map, world->directory_pool.capacity, &ok);
    map_init(world, &world->consent_map, world->consent_pool.capacity, &ok);
    map_init(world, &world->passenger_map, world->passenger_pool.capacity, &ok);
    map_init(world, &world->host_map, world->passenger_pool.capacity, &ok);
    InfTimers* timers = &world->timers;
    timers->node_count[INF_TIMER_STATION] = c->stations;
    timers->node_count[INF_TIMER_SHIP] = c->ships;
    timers->node_count[INF_TIMER_SOUL] = c->souls;
    timers->first_node[INF_TIMER_SHIP] = c->stations;
    timers->node_count[INF_TIMER_PASSENGER] = c->passengers;
    timers->first_node[INF_TIMER_SOUL] = c->stations + c->ships;
    timers->first_node[INF_TIMER_PASSENGER] = c->stations + c->ships + c->souls;
    size_t nodes = (size_t)c->stations + c->ships + c->souls + c->passengers;
    timers->next = take(world, nodes * sizeof(uint32_t), &ok);
    timers->previous = take(world, nodes * sizeof(uint32_t), &ok);
    timers->slots = take(world, nodes * sizeof(uint16_t), &ok);
    timers->due = take(world, nodes * sizeof(uint32_t), &ok);
    world->hot_places = take(world, (size_t)c->places * sizeof(uint32_t), &ok);
    world->generated = take(world, INF_GENERATED_SLOTS * sizeof *world->generated, &ok);
    world->events = take(world, c->event_bytes, &ok);
    world->scratch_bytes = scratch_bytes_for(c);
    world->scratch = take(world, world->scratch_bytes, &ok);
    if (!ok) {
        inf_world_destroy(world);
        return INF_ERROR_MEMORY;
    }
    *out = world;
    return INF_OK;
}

InfResult inf_world_create(const InfWorldDef* def, InfWorld** out)
{
    InfResult result = inf_world_allocate(def, out);
    if (result == INF_OK) {
        inf_ledger_found(*out);
    }
    return result;
}

static void pool_free(InfWorld* world, InfPool* pool)
{
    give_back(world, pool->rows, (size_t)pool->capacity * pool->row_bytes);
}

void inf_world_destroy(InfWorld* world)
{
    if (world == NULL) {
        return;
    }
    InfPool* pools[] = {&world->account_pool, &world->system_pool, &world->place_pool, &world->station_pool,
                        &world->ship_pool, &world->soul_pool, &world->transfer_pool, &world->tag_pool,
                        &world->directory_pool, &world->crossing_pool, &world->consent_pool, &world->passenger_pool,
                        &world->impression_pool};
    for (uint32_t i = 0; i < sizeof pools / sizeof pools[0]; i++) {
        pool_free(world, pools[i]);
    }
    map_free(world, &world->soul_map);
    map_free(world, &world->ship_map);
    map_free(world, &world->system_map);
    map_free(world, &world->tag_map);
    map_free(world, &world->key_map);
    map_free(world, &world->identity_map);
    map_free(world, &world->known_map);
    map_free(world, &world->passage_map);
    map_free(world, &world->consent_map);
    map_free(world, &world->passenger_map);
    map_free(world, &world->host_map);
    const InfCapacity* c = &world->capacity;
    size_t nodes = (size_t)c->stations + c->ships + c->souls + c->passengers;
    give_back(world, world->motions, (size_t)c->ships * sizeof *world->motions);
    give_back(world, world->timers.next, nodes * sizeof(uint32_t));
    give_back(world, world->timers.previous, nodes * sizeof(uint32_t));
    give_back(world, world->timers.slots, nodes * sizeof(uint16_t));
    give_back(world, world->timers.due, nodes * sizeof(uint32_t));
    give_back(world, world->hot_places, (size_t)c->places * sizeof(uint32_t));
    give_back(world, world->generated, INF_GENERATED_SLOTS * sizeof *world->generated);
    give_back(world, world->events, c->event_bytes);
    give_back(world, world->scratch, world->scratch_bytes);
    InfAllocator allocator = world->allocator;
    allocator.reallocate(allocator.user, world, sizeof *world, 0);
}

void* inf_scratch_take(InfWorld* world, size_t bytes)
{
    bytes = (bytes + 63u) & ~(size_t)63u;
    INF_ASSERT(bytes <= world->scratch_bytes - world->scratch_at);
    void* memory = world->scratch + world->scratch_at;
    world->scratch_at += bytes;
    return memory;
}

// A client's input counts once: what is not above the newest applied sequence is a repetition.
static InfSoul* client_soul(InfWorld* world, const InfInput* input)
{
    return inf_soul_anyhow(world, inf_input_soul(input));
}

/// Who has no body can speak in the head, agree, ask, and leave.
static bool is_for_passengers(uint32_t kind)
{
    return kind == INF_INPUT_KIND_Say || kind == INF_INPUT_KIND_Ask || kind == INF_INPUT_KIND_Consent ||
           kind == INF_INPUT_KIND_Leave || kind == INF_INPUT_KIND_Depart;
}

/// In an awake galaxy nobody flies, trades or fights.
static bool is_for_awake(uint32_t kind)
{
    return is_for_passengers(kind);
}

/// So many acts that move, make or end souls are taken by a shard in a tick; each tells much, and all of it has to fit. A
/// number of the rules, not of the buffer: a replay may have another buffer and must refuse the same.
#define ACTS_MAX 512u
static bool is_act_of_souls(uint32_t kind)
{
    return kind == INF_INPUT_KIND_Bind || kind == INF_INPUT_KIND_Copy || kind == INF_INPUT_KIND_Merge ||
           kind == INF_INPUT_KIND_Depart || kind == INF_INPUT_KIND_Arrive || kind == INF_INPUT_KIND_Settle ||
           kind == INF_INPUT_KIND_Claim;
}

static InfResult dispatch(InfWorld* world, const InfInput* input)
{
    switch (input->kind) {
#define X(number, Name, who, doc)                                                                       \
    case number: return inf_apply_##Name(world, &input->Name);
        INF_INPUTS_TABLE(X)
#undef X
    default: return INF_ERROR_UNKNOWN;
    }
}

static void apply(InfWorld* world, const InfInput* input)
{
    // Whatever begins with a soul and its sequence is counted; the host asks as soul 0.
    bool client = inf_input_is_client(input->kind) || input->kind == INF_INPUT_KIND_Copy ||
                  input->kind == INF_INPUT_KIND_Merge || input->kind == INF_INPUT_KIND_Depart;
    client = client && !(input->kind == INF_INPUT_KIND_Ask && inf_input_soul(input) == 0);
    uint64_t soul_id = inf_input_soul(input);
    uint32_t sequence = inf_input_sequence(input);
    InfResult result = INF_OK;
    if (client) {
        InfSoul* soul = soul_id != 0 ? client_soul(world, input) : NULL;
        if (soul == NULL) {
            result = INF_ERROR_NOT_FOUND;
        } else if (sequence != 0 && sequence <= soul->client_sequence) {
            return;
        } else if (sequence != 0) {
            soul->client_sequence = sequence;
        }
        if (soul != NULL && inf_rider_find(world, soul_id) != 0 && !is_for_passengers(input->kind)) {
            result = INF_ERROR_PASSENGER;
        } else if (soul != NULL && world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE && !is_for_awake(input->kind)) {
            result = INF_ERROR_AWAKE;
        }
    }
    if (result == INF_OK && is_act_of_souls(input->kind) && world->acts++ >= ACTS_MAX) {
        result = INF_ERROR_FULL; // in the next tick again
    }
    if (result == INF_OK) {
        result = dispatch(world, input);
    }
    if (result != INF_OK) {
        INF_EMIT(world, 0, Rejected, event)
        {
            event->Rejected.soul = soul_id;
            event->Rejected.sequence = sequence;
            event->Rejected.input = input->kind;
            event->Rejected.result = (uint8_t)result;
        }
    } else if (client) {
        INF_EMIT(world, 0, Accepted, event)
        {
            event->Accepted.soul = soul_id;
            event->Accepted.sequence = sequence;
            event->Accepted.input = input->kind;
        }
    }
}

/// The whole ledger is walked once a minute; MINT and BURN are held against their counters at every tick.
#define LEDGER_WALK_TICKS 600

void inf_world_tick(InfWorld* world, const uint8_t* inputs, size_t inputs_bytes)
{
    INF_ASSERT(!world->in_tick);
    world->in_tick = true;
    world->header.tick++;
    world->event_bytes = 0;
    world->dropped_events = 0;
    world->acts = 0;

    // 1. inputs, in the order given
    InfReader reader = inf_reader_make(inputs, inputs_bytes);
    InfInput input;
    while (inf_reader_left(&reader) != 0) {
        world->scratch_at = 0;
        if (inf_input_read(&reader, &input) != INF_OK) {
            break;
        }
        apply(world, &input);
    }
    // 2. timers: stations, ships, souls, each by index
    world->scratch_at = 0;
    inf_timers_run(world);
    // 3. hot places, by index; a place may cool down and leave the list while it runs
    for (uint32_t i = 0; i < world->hot_count;) {
        uint32_t place = world->hot_places[i];
        world->scratch_at = 0;
        inf_hot_tick(world, place);
        if (i < world->hot_count && world->hot_places[i] == place) {
            i++;
        } else { // the list changed: go on behind this place
            for (i = 0; i < world->hot_count && world->hot_places[i] <= place;) {
                i++;
            }
        }
    }
    world->scratch_at = 0;
    // Rather stop than journal a world whose books do not hold.
    INF_ASSERT(inf_ledger_sound(world));
    INF_ASSERT(world->header.tick % LEDGER_WALK_TICKS != 0 || inf_ledger_balanced(world));
#ifdef INF_VALIDATE
    INF_ASSERT(inf_world_validate(world) == NULL);
#endif
    world->in_tick = false;
}

void inf_world_derive(InfWorld* world)
{
    map_clear(&world->soul_map);
    map_clear(&world->ship_map);
    map_clear(&world->system_map);
    map_clear(&world->tag_map);
    map_clear(&world->key_map);
    map_clear(&world->identity_map);
    map_clear(&world->known_map);
    map_clear(&world->passage_map);
    map_clear(&world->consent_map);
    map_clear(&world->passenger_map);
    map_clear(&world->host_map);
    for (uint32_t i = 1; i <= world->system_pool.count; i++) {
        if (inf_pool_is_live(&world->system_pool, i)) {
            const InfKnownSystem* system = inf_system_at(world, i);
            InfSystemAddress address = {system->sector[0], system->sector[1], system->sector[2], system->in_sector};
            inf_map_set(&world->system_map, inf_address_key(address), i);
        }
    }
    for (uint32_t i = 1; i <= world->tag_pool.count; i++) {
        if (inf_pool_is_live(&world->tag_pool, i)) {
            inf_tag_index(world, i);
        }
    }
    inf_border_derive(world);
    world->hot_count = 0;
    for (uint32_t i = 1; i <= world->place_pool.count; i++) {
        if (inf_pool_is_live(&world->place_pool, i) && inf_place_at(world, i)->hot) {
            world->hot_places[world->hot_count++] = i;
        }
    }
    InfTimers* timers = &world->timers;
    memset(timers->heads, 0, sizeof timers->heads);
    memset(timers->slots, 0, ((size_t)timers->first_node[INF_TIMER_PASSENGER] + timers->node_count[INF_TIMER_PASSENGER]) * 2);
    for (uint32_t i = 1; i <= world->station_pool.count; i++) {
        if (inf_pool_is_live(&world->station_pool, i) && inf_station_at(world, i)->timer_tick != 0) {
            inf_timer_set(world, INF_TIMER_STATION, i, inf_station_at(world, i)->timer_tick);
        }
    }
    for (uint32_t i = 1; i <= world->ship_pool.count; i++) {
        if (inf_pool_is_live(&world->ship_pool, i)) {
            inf_ship_index(world, i);
            if (inf_ship_at(world, i)->timer_tick != 0) {
                inf_timer_set(world, INF_TIMER_SHIP, i, inf_ship_at(world, i)->timer_tick);
            }
        }
    }
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (inf_pool_is_live(&world->soul_pool, i)) {
            inf_soul_index(world, i);
            if (inf_soul_at(world, i)->timer_tick != 0) {
                inf_timer_set(world, INF_TIMER_SOUL, i, inf_soul_at(world, i)->timer_tick);
            }
        }
    }
    for (uint32_t i = 1; i <= world->passenger_pool.count; i++) {
        if (inf_pool_is_live(&world->passenger_pool, i) && inf_rider_soul(world, i)->timer_tick != 0) {
            inf_timer_set(world, INF_TIMER_PASSENGER, i, inf_rider_soul(world, i)->timer_tick);
        }
    }
}

void inf_soul_index(InfWorld* world, uint32_t soul_index1)
{
    inf_map_set(&world->soul_map, inf_soul_at(world, soul_index1)->id, soul_index1);
}

void inf_ship_index(InfWorld* world, uint32_t ship_index1)
{
    inf_map_set(&world->ship_map, inf_ship_at(world, ship_index1)->id, ship_index1);
}

// ---- reading ------------------------------------------------------------------------------------------------

const InfHeader* inf_world_header(const InfWorld* world) { return &world->header; }
const InfGalaxyDef* inf_world_galaxy(const InfWorld* world) { return &world->galaxy; }
const InfMotion* inf_world_motions(const InfWorld* world) { return world->motions; }

#define POOL_OF_accounts account_pool
#define POOL_OF_systems system_pool
#define POOL_OF_places place_pool
#define POOL_OF_stations station_pool
#define POOL_OF_ships ship_pool
#define POOL_OF_souls soul_pool
#define POOL_OF_transfers transfer_pool
#define POOL_OF_tags tag_pool
#define POOL_OF_directory directory_pool
#define POOL_OF_crossings crossing_pool
#define POOL_OF_consents consent_pool
#define POOL_OF_passengers passenger_pool
#define POOL_OF_impressions impression_pool
#define X(Struct, name, doc)                                                                            \
    const Inf##Struct* inf_world_##name(const InfWorld* world, uint32_t* count)                         \
    {                                                                                                   \
        *count = world->POOL_OF_##name.count;                                                           \
        return (const Inf##Struct*)(const void*)world->POOL_OF_##name.rows;                             \
    }
INF_STATE_POOLS(X)
#undef X

uint32_t inf_world_find_soul(const InfWorld* world, uint64_t soul)
{
    return soul != 0 ? inf_map_get(&world->soul_map, soul) : 0;
}

uint32_t inf_world_find_ship(const InfWorld* world, uint64_t ship)
{
    return ship != 0 ? inf_map_get(&world->ship_map, ship) : 0;
}

uint32_t inf_world_find_system(const InfWorld* world, InfSystemAddress address)
{
    uint32_t index1 = inf_map_get(&world->system_map, inf_address_key(address));
    if (index1 != 0) {
        const InfKnownSystem* system = inf_system_at(world, index1);
        if (system->sector[0] != address.x || system->sector[1] != address.y || system->sector[2] != address.z ||
            system->in_sector != address.index) {
            return 0;
        }
    }
    return index1;
}

uint32_t inf_world_find_place(const InfWorld* world, InfSystemAddress address, uint32_t body)
{
    uint32_t system = inf_world_find_system(world, address);
    for (uint32_t i = system != 0 ? inf_system_at(world, system)->first_place : 0; i != 0;
         i = inf_place_at(world, i)->next_in_system) {
        const InfPlace* place = inf_place_at(world, i);
        if (place->kind != INF_PLACE_DEEP && place->body == body) {
            return i;
        }
    }
    return 0;
}

uint32_t inf_soul_place(const InfWorld* world, uint32_t soul_index1)
{
    const InfSoul* soul = inf_soul_at(world, soul_index1);
    if (soul->ship_index1 == 0) {
        return 0;
    }
    const InfShip* ship = inf_ship_at(world, soul->ship_index1);
    return ship->state == INF_SHIP_STATE_CRUISE ? 0 : ship->place_index1;
}

InfSystemAddress inf_place_address(const InfWorld* world, uint32_t place_index1)
{
    const InfKnownSystem* system = inf_system_at(world, inf_place_at(world, place_index1)->system_index1);
    return (InfSystemAddress){system->sector[0], system->sector[1], system->sector[2], system->in_sector};
}

int64_t inf_account_credits(const InfWorld* world, uint32_t account)
{
    return inf_account_at(world, account)->credits;
}
