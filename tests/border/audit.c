// Where is everybody, and where is each credit? Opens the folders of several galaxies as a restart would, beside their
// servers or after them, and says for each identity that any of them has met where it is, once:
//
//     border_audit SERVER_KEY_HEX=FOLDER … [--verify] [--alone]
//
// Prints one JSON object; exit code 1 when a soul is in no place or in two, or money does not sum up. Galaxies are read
// one after the other; a caller who wants one moment of all of them stops the servers first. --verify replays each from its
// founding, too; --alone looks at no souls, only at each galaxy's own border (its border_hash: directory and crossings).
#include <shard/shards.h>

#include <infinity/hash.h>
#include <infinity/soul.h>
#include <infinity/state.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GALAXIES_MAX 8

typedef struct Galaxy {
    uint8_t key[INF_KEY_BYTES];
    const char* folder;
    InfShards* shards;
    const InfWorld* heart;
    const InfDirectoryEntry* directory;
    uint32_t directory_count;
    InfTotals totals;
    int64_t exported_credits, brought_credits;
} Galaxy;

typedef enum Place { PLACE_ALIVE, PLACE_RIDING, PLACE_IN_FLIGHT, PLACE_AWAY, PLACE_RELEASED, PLACE_ENDED, PLACE_COUNT } Place;
static const char* const place_words[PLACE_COUNT] = {"alive", "riding", "in_flight", "away", "released", "ended"};

static Galaxy galaxies[GALAXIES_MAX];
static uint32_t galaxy_count;
static uint32_t counts[PLACE_COUNT], identity_count, problem_count, crew_in_flight_count;
static int64_t under_way_credits; // burned or in escrow at the source, not minted at the destination yet; less what is on both sides

static const char* hex(const uint8_t* bytes, size_t count)
{
    static char texts[8][65];
    static uint32_t next;
    char* text = texts[next++ % 8];
    for (size_t i = 0; i < count; i++) {
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    return text;
}

static bool read_hex(const char* text, uint8_t* out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned value;
        if (sscanf(text + 2 * i, "%2x", &value) != 1) {
            return false;
        }
        out[i] = (uint8_t)value;
    }
    return true;
}

static void problem(const char* what, const uint8_t* identity, const char* more)
{
    printf("%s\n  {\"what\": \"%s\", \"identity\": \"%s\", \"more\": \"%s\"}", problem_count++ == 0 ? "" : ",", what,
           identity != NULL ? hex(identity, INF_HASH_BYTES) : "", more);
}

static Galaxy* galaxy_of(const uint8_t key[INF_KEY_BYTES])
{
    for (uint32_t g = 0; g < galaxy_count; g++) {
        if (memcmp(galaxies[g].key, key, INF_KEY_BYTES) == 0) {
            return &galaxies[g];
        }
    }
    return NULL;
}

static const InfDirectoryEntry* entry_of(const Galaxy* galaxy, const uint8_t* identity)
{
    uint32_t index1 = inf_world_find_identity(galaxy->heart, identity);
    return index1 != 0 ? &galaxy->directory[index1 - 1] : NULL;
}

static bool open_galaxy(Galaxy* galaxy, bool from_beginning)
{
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = galaxy->folder;
    def.read_only = true;
    def.threads = 1;
    def.from_beginning = from_beginning;
    InfShardsError error;
    if (inf_shards_open(&def, &galaxy->shards, &error) != INF_OK) {
        fprintf(stderr, "%s: %s\n", galaxy->folder, error.text);
        return false;
    }
    galaxy->heart = inf_shards_world(galaxy->shards, 0);
    galaxy->directory = inf_world_directory(galaxy->heart, &galaxy->directory_count);
    inf_shards_totals(galaxy->shards, &galaxy->totals);
    for (uint32_t s = 0; s < inf_shards_count(galaxy->shards); s++) {
        const InfHeader* header = inf_world_header(inf_shards_world(galaxy->shards, s));
        galaxy->exported_credits += header->burned_credits[INF_REASON_EXPORTED];
        galaxy->brought_credits += header->minted_credits[INF_REASON_BROUGHT];
    }
    return true;
}

// A straight replay from the founding must come to the same state.
static void verify(Galaxy* galaxy)
{
    uint64_t hash = inf_shards_hash(galaxy->shards), tick = inf_shards_now(galaxy->shards);
    Galaxy again = {.folder = galaxy->folder};
    if (!open_galaxy(&again, true) || inf_shards_now(again.shards) != tick || inf_shards_hash(again.shards) != hash) {
        problem("replay from the first tick gives another galaxy", NULL, galaxy->folder);
    }
    if (again.shards != NULL) {
        inf_shards_abandon(again.shards);
    }
}

// Money of a passage: what its source still holds or has burned for it is not minted yet.
static int64_t escrow_of(const InfDirectoryEntry* entry) { return entry->carried_credits + entry->banked_credits; }

/// Where one galaxy says an identity is; PLACE_COUNT: not here.
static Place place_in(const Galaxy* galaxy, const InfDirectoryEntry* entry)
{
    uint32_t shard, index1;
    switch (entry->state) {
    case INF_DIRECTORY_HERE:
        if (inf_shards_find_soul(galaxy->shards, entry->soul, &shard, &index1)) {
            return PLACE_ALIVE;
        }
        if (inf_shards_locate_soul(galaxy->shards, entry->soul) == UINT32_MAX) {
            return PLACE_ENDED;
        }
        for (uint32_t s = 0; s < inf_shards_count(galaxy->shards); s++) {
            if (inf_world_find_passenger(inf_shards_world(galaxy->shards, s), entry->soul) != 0) {
                return PLACE_RIDING;
            }
        }
        return PLACE_ALIVE; // between two shards
    case INF_DIRECTORY_MERGED: return PLACE_ENDED;
    case INF_DIRECTORY_AWAY: return PLACE_AWAY;
    case INF_DIRECTORY_IN_FLIGHT:
    case INF_DIRECTORY_GONE: {
        const Galaxy* other = galaxy_of(entry->server);
        InfPassageAnswer answer =
            other != NULL ? inf_world_passage_answer(other->heart, entry->identity, entry->transfer, entry->epoch) : INF_PASSAGE_NEW;
        if (answer == INF_PASSAGE_ACCEPTED) {
            under_way_credits -= escrow_of(entry); // minted there, not burned here yet
            return PLACE_COUNT;
        }
        // A file that was released and has not woken: nothing but the waker's own directory knows better.
        return entry->state == INF_DIRECTORY_IN_FLIGHT ? PLACE_IN_FLIGHT : PLACE_RELEASED;
    }
    default: return PLACE_COUNT;
    }
}

static void look_at(const uint8_t* identity)
{
    uint32_t found = 0, newest = 0;
    char where[512] = "";
    Place place = PLACE_COUNT;
    for (uint32_t g = 0; g < galaxy_count; g++) {
        const InfDirectoryEntry* entry = entry_of(&galaxies[g], identity);
        newest = entry != NULL && entry->state != INF_DIRECTORY_NONE && entry->state != INF_DIRECTORY_REFUSED && entry->epoch > newest
                     ? entry->epoch
                     : newest;
    }
    for (uint32_t g = 0; g < galaxy_count; g++) {
        const InfDirectoryEntry* entry = entry_of(&galaxies[g], identity);
        if (entry == NULL) {
            continue;
        }
        Place here = place_in(&galaxies[g], entry);
        if (here == PLACE_RELEASED && entry->epoch < newest) {
            here = PLACE_COUNT; // it woke, and went on from there
        }
        if (here < PLACE_COUNT) {
            place = here;
            found++;
        }
        size_t at = strlen(where);
        snprintf(where + at, sizeof where - at, "galaxy %u: %s, epoch %u, transfer %.8s…, refused %u; ", g,
                 inf_directory_word(entry->state), entry->epoch, hex(entry->transfer, 16), entry->refused_epoch);
    }
    identity_count++;
    if (found != 1) {
        problem(found == 0 ? "a soul is nowhere" : "a soul is in more than one place", identity, where);
        return;
    }
    counts[place]++;
    if (place == PLACE_RELEASED) {
        fprintf(stderr, "released: %s %s\n", hex(identity, INF_HASH_BYTES), where);
    }
}

// Who rides has somebody to ride with, in the same galaxy: in the same shard, or on the way from one to another. And it is
// in nobody else's hands: no row of a living soul, no crossing.
static void look_at_riders(const Galaxy* galaxy)
{
    static const uint8_t nobody[INF_HASH_BYTES];
    uint32_t count, shard, index1;
    for (uint32_t s = 0; s < inf_shards_count(galaxy->shards); s++) {
        const InfPassenger* riders = inf_world_passengers(inf_shards_world(galaxy->shards, s), &count);
        for (uint32_t i = 0; i < count; i++) {
            const InfSoul* soul = riders[i].soul;
            if ((riders[i].generation & 1u) == 0) {
                continue;
            }
            bool is_player = (soul->flags & INF_SOUL_PLAYER) != 0; // one whose host has died waits for a body
            if (!is_player && inf_shards_locate_soul(galaxy->shards, riders[i].host) == UINT32_MAX) {
                problem("somebody rides with nobody", soul->identity, galaxy->folder);
            }
            if (inf_shards_find_soul(galaxy->shards, soul->id, &shard, &index1)) {
                problem("somebody rides and has a body", soul->identity, galaxy->folder);
            }
        }
    }
    const InfCrossing* crossings = inf_world_crossings(galaxy->heart, &count);
    for (uint32_t i = 0; i < count; i++) {
        if ((crossings[i].generation & 1u) != 0) {
            crew_in_flight_count += memcmp(crossings[i].host_identity, nobody, INF_HASH_BYTES) != 0;
            if (inf_shards_locate_soul(galaxy->shards, crossings[i].soul[0].id) != UINT32_MAX) {
                problem("somebody waits at the border and lives beside it", crossings[i].soul[0].identity, galaxy->folder);
            }
        }
    }
}

static bool is_new(uint32_t galaxy, const uint8_t* identity)
{
    for (uint32_t g = 0; g < galaxy; g++) {
        if (entry_of(&galaxies[g], identity) != NULL) {
            return false;
        }
    }
    return true;
}

static uint64_t border_hash(const Galaxy* galaxy)
{
    InfHasher hasher;
    inf_hasher_init(&hasher, 1);
    for (uint32_t i = 0; i < galaxy->directory_count; i++) {
        inf_hasher_add_u64(&hasher, inf_hash_bytes(&galaxy->directory[i], sizeof galaxy->directory[i], 1));
    }
    uint32_t count;
    const InfCrossing* crossings = inf_world_crossings(galaxy->heart, &count);
    for (uint32_t i = 0; i < count; i++) {
        inf_hasher_add_u64(&hasher, inf_hash_bytes(&crossings[i], sizeof crossings[i], 2));
    }
    return inf_hasher_end(&hasher);
}

static void look_at_money(bool alone)
{
    int64_t exported = 0, brought = 0, escrow = 0;
    for (uint32_t g = 0; g < galaxy_count; g++) {
        const InfTotals* totals = &galaxies[g].totals;
        int64_t there = totals->carried_credits + totals->banked_credits + totals->station_credits + totals->escrow_credits +
                        totals->border_credits + totals->in_flight_credits;
        if (totals->minted_credits - totals->burned_credits != there) {
            problem("minted less burned is not what is there", NULL, galaxies[g].folder);
        }
        exported += galaxies[g].exported_credits;
        brought += galaxies[g].brought_credits;
        escrow += totals->border_credits;
    }
    // What was burned as exported has been minted as brought, but for what is under way: on both sides (accepted, not
    // settled) or on none (released, not awake).
    if (!alone && counts[PLACE_RELEASED] == 0 && exported - under_way_credits != brought) {
        char more[160];
        snprintf(more, sizeof more, "exported %" PRId64 ", brought %" PRId64 ", brought and not settled %" PRId64, exported, brought,
                 -under_way_credits);
        problem("what was exported is not what was brought", NULL, more);
    }
    printf("\n ],\n \"exported_credits\": %" PRId64 ", \"brought_credits\": %" PRId64 ", \"escrow_credits\": %" PRId64
           ", \"accepted_not_settled_credits\": %" PRId64 ",\n",
           exported, brought, escrow, -under_way_credits);
}

int main(int argc, char** argv)
{
    bool wants_verify = false, alone = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verify") == 0) {
            wants_verify = true;
            continue;
        }
        if (strcmp(argv[i], "--alone") == 0) {
            alone = true;
            continue;
        }
        const char* equals = strchr(argv[i], '=');
        Galaxy* galaxy = &galaxies[galaxy_count];
        if (equals == NULL || equals - argv[i] != 2 * INF_KEY_BYTES || galaxy_count == GALAXIES_MAX ||
            !read_hex(argv[i], galaxy->key, INF_KEY_BYTES)) {
            fprintf(stderr, "usage: border_audit SERVER_KEY_HEX=FOLDER … [--verify] [--alone]\n");
            return 2;
        }
        galaxy->folder = equals + 1;
        galaxy_count++;
    }
    printf("{\"problems\": [");
    for (uint32_t g = 0; g < galaxy_count; g++) {
        if (!open_galaxy(&galaxies[g], false)) {
            return 2;
        }
        const char* wrong = inf_shards_check(galaxies[g].shards);
        if (wrong != NULL) {
            problem(wrong, NULL, galaxies[g].folder);
        }
        if (wants_verify) {
            verify(&galaxies[g]);
        }
    }
    for (uint32_t g = 0; g < galaxy_count && !alone; g++) {
        look_at_riders(&galaxies[g]);
        for (uint32_t i = 0; i < galaxies[g].directory_count; i++) {
            const InfDirectoryEntry* entry = &galaxies[g].directory[i];
            if ((entry->generation & 1u) != 0 && is_new(g, entry->identity)) {
                look_at(entry->identity);
            }
        }
    }
    look_at_money(alone);
    printf(" \"identities\": %u", identity_count);
    for (uint32_t p = 0; p < PLACE_COUNT; p++) {
        printf(", \"%s\": %u", place_words[p], counts[p]);
    }
    printf(", \"crew_in_flight\": %u,\n \"galaxies\": [", crew_in_flight_count);
    for (uint32_t g = 0; g < galaxy_count; g++) {
        const InfHeader* header = inf_world_header(galaxies[g].heart);
        printf("%s{\"tick\": %" PRIu64 ", \"hash\": \"%016" PRIx64 "\", \"border_hash\": \"%016" PRIx64
               "\", \"minted\": %" PRId64 ", \"burned\": %" PRId64
               ", \"departures\": %" PRId64 ", \"arrivals\": %" PRId64 "}",
               g == 0 ? "" : ", ", inf_shards_now(galaxies[g].shards), inf_shards_hash(galaxies[g].shards),
               border_hash(&galaxies[g]), galaxies[g].totals.minted_credits, galaxies[g].totals.burned_credits, header->departures, header->arrivals);
        inf_shards_abandon(galaxies[g].shards);
    }
    printf("]}\n");
    return problem_count == 0 ? 0 : 1;
}
