// Birth: a soul, its two pockets and its ship, all or nothing. The order of taking is the order of the checks, so
// what was taken is given back when a later pool is full.
#include "soul/soul.h"

#include "infinity/text.h"
#include "mind/mind.h"

/// What a newborn's ship carries, by what it is like: everybody can jump; the peaceable mine, the aggressive shoot.
static void choose_modules(const InfSoulDef* def, uint8_t modules[INF_MODULE_SLOTS])
{
    static const uint8_t peaceable[INF_MODULE_SLOTS] = {INF_MODULE_JUMP_DRIVE, INF_MODULE_MINING_LASER,
                                                        INF_MODULE_SCANNER, INF_MODULE_MINING_LASER,
                                                        INF_MODULE_SHIELD_BOOSTER};
    static const uint8_t armed[INF_MODULE_SLOTS] = {INF_MODULE_JUMP_DRIVE, INF_MODULE_PULSE_LASER,
                                                    INF_MODULE_MINING_LASER, INF_MODULE_PULSE_LASER,
                                                    INF_MODULE_TRACTOR, INF_MODULE_SHIELD_BOOSTER};
    bool shoots = def->traits[INF_TRAIT_AGGRESSION] > 160 && def->traits[INF_TRAIT_HONESTY] < 128;
    uint32_t slots = inf_hull(def->hull_kind)->slots;
    for (uint32_t i = 0; i < INF_MODULE_SLOTS; i++) {
        uint8_t module = def->player ? peaceable[i] : shoots ? armed[i] : peaceable[i];
        modules[i] = i < slots ? module : (uint8_t)INF_MODULE_NONE;
    }
    if (def->player && slots > 2) {
        modules[2] = INF_MODULE_PULSE_LASER; // a person wants to be able to answer fire
    }
}

void inf_traits_mix(InfRng* rng, const uint8_t* mother, const uint8_t* father, uint8_t out[INF_TRAITS])
{
    for (uint32_t i = 0; i < INF_TRAITS; i++) {
        // The sum of two draws: most are in the middle, few at the ends.
        int64_t chance = inf_rng_range(rng, 0, 127) + inf_rng_range(rng, 0, 128);
        int64_t value = chance;
        if (mother != NULL && father != NULL) {
            int64_t between = inf_rng_range(rng, 0, 4); // 0: the mother's, 4: the father's
            value = (mother[i] * (4 - between) + father[i] * between) / 4 + (chance - 127) / 6;
        } else if (mother != NULL) {
            value = mother[i] + (chance - 127) / 4;
        }
        out[i] = (uint8_t)inf_clamp_i64(value, 0, 255);
    }
}

static size_t text_bytes(const char* text)
{
    size_t count = 0;
    while (count < INF_NAME_BYTES && text[count] != '\0') {
        count++;
    }
    return count;
}

static bool is_empty_key(const uint8_t key[INF_KEY_BYTES])
{
    uint8_t any = 0;
    for (uint32_t i = 0; i < INF_KEY_BYTES; i++) {
        any |= key[i];
    }
    return any == 0;
}

/// A built-in mind has no keyholder; its public identity is a hash of its beginning, so no signature fits it.
static void make_key(const InfWorld* world, uint64_t id, uint8_t key[INF_KEY_BYTES])
{
    for (uint32_t i = 0; i < INF_KEY_BYTES / 8; i++) {
        uint64_t word = inf_hash_combine(inf_hash_combine(world->galaxy.seed, id), 0x736f756cu + i);
        memcpy(key + 8 * i, &word, 8);
    }
}

uint32_t inf_soul_birth(InfWorld* world, const InfSoulDef* def)
{
    INF_ASSERT(def->place_index1 != 0 && inf_place_at(world, def->place_index1)->station_index1 != 0);
    INF_ASSERT(def->hull_kind < INF_HULL_COUNT && def->credits >= 0);
    uint32_t soul_index1 = inf_pool_take(&world->soul_pool);
    if (soul_index1 == 0) {
        return 0;
    }
    InfSoul* soul = inf_soul_at(world, soul_index1);
    uint64_t id = inf_world_new_id(world, &world->header.soul_sequence);
    uint32_t carried = inf_account_open(world, INF_ACCOUNT_CARRIED, id);
    uint32_t banked = carried == 0 ? 0 : inf_account_open(world, INF_ACCOUNT_BANKED, id);
    uint32_t ship_index1 = 0;
    if (banked != 0) {
        InfShipDef ship_def = {.owner = id,
                               .pilot_index1 = soul_index1,
                               .place_index1 = def->place_index1,
                               .hull_kind = def->hull_kind,
                               .docked = true};
        choose_modules(def, ship_def.modules);
        ship_index1 = inf_ship_create(world, &ship_def);
    }
    if (ship_index1 == 0) {
        if (banked != 0) inf_account_close(world, banked);
        if (carried != 0) inf_account_close(world, carried);
        inf_pool_give_back(&world->soul_pool, soul_index1);
        world->header.soul_sequence--; // the id was never seen
        return 0;
    }
    uint64_t now = inf_world_now(world);
    soul->id = id;
    soul->parent = def->parent;
    soul->born_tick = soul->feelings_tick = soul->upkeep_tick = now;
    soul->ship_index1 = ship_index1;
    soul->carried_account = carried;
    soul->banked_account = banked;
    soul->hull_wanted = def->hull_kind;
    soul->plan_body = INF_BODY_NONE;
    soul->clone_body = INF_BODY_NONE;
    if (!def->player) { // a mind has no clone bay; here it keeps where its home is
        InfSystemAddress home = inf_place_address(world, def->place_index1);
        memcpy(soul->clone_sector, &home, sizeof soul->clone_sector);
        soul->clone_system_in_sector = home.index;
        soul->clone_body = inf_place_at(world, def->place_index1)->body;
    }
    soul->flags = def->player ? INF_SOUL_PLAYER : INF_SOUL_GHOST;
    memcpy(soul->traits, def->traits, INF_TRAITS);
    inf_soul_seed(world, id, inf_soul_rng(soul));
    if (is_empty_key(def->key)) {
        make_key(world, id, soul->key);
    } else {
        memcpy(soul->key, def->key, INF_KEY_BYTES);
        if (!def->player) {
            soul->flags |= INF_SOUL_EXTERNAL;
        }
    }
    if (def->name[0] != '\0') {
        memcpy(soul->name, def->name, INF_NAME_BYTES);
        soul->name[INF_NAME_BYTES - 1] = 0;
    } else {
        inf_name_draw(inf_soul_rng(soul), (char*)soul->name);
    }
    if (!def->player) { // who is new somewhere wants to know somebody
        soul->feelings[INF_FEELING_LONELINESS] = (uint16_t)inf_rng_below(inf_soul_rng(soul), 600);
    }
    inf_soul_index(world, soul_index1);
    if (def->credits > 0) {
        InfResult minted = inf_ledger_move(world, inf_ledger_own(INF_ACCOUNT_MINT), carried, def->credits, INF_REASON_BIRTH);
        INF_ASSERT(minted == INF_OK);
    }
    world->header.births++;
    inf_soul_remember(world, soul, INF_MEMORY_BORN, def->parent, 0, 1000);
    INF_EMIT(world, def->place_index1, Born, event)
    {
        event->Born.soul = id;
        event->Born.parent = def->parent;
        event->Born.player = def->player;
        memcpy(event->Born.name, soul->name, INF_NAME_BYTES);
        memcpy(event->Born.key, soul->key, INF_KEY_BYTES);
    }
    // Spread the first decisions, so that a founded galaxy does not think all at once.
    uint64_t pause = def->player ? 10 : 1 + inf_rng_below(inf_soul_rng(soul), 2u * INF_TUNE_MIND_PAUSE_TICKS);
    inf_timer_set(world, INF_TIMER_SOUL, soul_index1, now + pause);
    if (def->player) {
        inf_mind_welcome(world, def->place_index1, id);
    }
    return soul_index1;
}

uint8_t inf_soul_concourse_body(const InfWorld* world)
{
    static const InfSystemAddress heart = {0, 0, 0, 0};
    InfBody bodies[INF_SYSTEM_BODIES_MAX];
    uint32_t count = inf_world_bodies(world, heart, bodies);
    for (uint32_t i = 0; i < count; i++) {
        if (bodies[i].kind == INF_BODY_STATION) {
            return (uint8_t)i;
        }
    }
    return INF_BODY_NONE;
}

uint32_t inf_soul_concourse(InfWorld* world)
{
    static const InfSystemAddress heart = {0, 0, 0, 0};
    uint8_t body = inf_soul_concourse_body(world);
    if (body == INF_BODY_NONE || inf_system_shard(heart, world->header.shard_count) != world->header.shard) {
        return 0;
    }
    uint32_t system_index1 = inf_system_enter(world, heart);
    return system_index1 == 0 ? 0 : inf_place_enter(world, system_index1, body);
}

/// The place where minds of this shard begin: on shard 0 the Concourse, elsewhere the first station there is.
static uint32_t birth_place(InfWorld* world)
{
    if (world->header.shard == 0) {
        return inf_soul_concourse(world);
    }
    for (uint32_t i = 1; i <= world->station_pool.count; i++) {
        if (inf_pool_is_live(&world->station_pool, i)) {
            return inf_station_at(world, i)->place_index1;
        }
    }
    return 0;
}

/// A walk over all souls: births by hand are rare.
static bool key_is_taken(const InfWorld* world, const uint8_t key[INF_KEY_BYTES])
{
    for (uint32_t i = 1; i <= world->soul_pool.count; i++) {
        if (inf_pool_is_live(&world->soul_pool, i) && memcmp(inf_soul_at(world, i)->key, key, INF_KEY_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

InfResult inf_apply_MindBirth(InfWorld* world, const InfInputMindBirth* input)
{
    static const int64_t credits_max = 1000000;
    if (world->header.galaxy_kind == INF_GALAXY_KIND_AWAKE) {
        return INF_ERROR_AWAKE; // there is one body, and it is the host's
    }
    if (input->hull >= INF_HULL_COUNT || input->hull == INF_HULL_POD || input->credits < 0 ||
        input->credits > credits_max) {
        return INF_ERROR_RANGE;
    }
    if (input->name[0] != '\0' && inf_text_check(input->name, text_bytes(input->name), INF_NAME_BYTES - 1) != INF_TEXT_OK) {
        return INF_ERROR_FORMAT;
    }
    if (!is_empty_key(input->key) && key_is_taken(world, input->key)) {
        return INF_ERROR_EXISTS;
    }
    uint32_t place_index1 = birth_place(world);
    if (place_index1 == 0) {
        return INF_ERROR_NOT_FOUND;
    }
    InfSoulDef def = {.player = false,
                      .parent = input->parent,
                      .place_index1 = place_index1,
                      .hull_kind = input->hull,
                      .credits = input->credits};
    memcpy(def.traits, input->traits, INF_TRAITS);
    memcpy(def.key, input->key, INF_KEY_BYTES);
    memcpy(def.name, input->name, INF_NAME_BYTES);
    uint32_t soul_index1 = inf_soul_birth(world, &def);
    if (soul_index1 == 0) {
        return INF_ERROR_FULL;
    }
    if (input->parent != 0 && input->parent != inf_soul_at(world, soul_index1)->id) {
        inf_soul_relate(world, inf_soul_at(world, soul_index1), input->parent, INF_TUNE_CHILD_BOND, INF_TUNE_CHILD_BOND, 0);
    }
    return INF_OK;
}
