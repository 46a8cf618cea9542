#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
// Souls through all shards and the journal: identities, copies and departures come out the same after a crash, each identity
// is in one place at every tick, and the records of lineages can be asked for.
#include "../test.h"

#include <infinity/soul.h>
#include <shard/shards.h>

#include <ftw.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int remove_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static InfShards* open_galaxy(const InfShardsDef* def)
{
    InfShards* shards;
    InfShardsError error;
    if (inf_shards_open(def, &shards, &error) != INF_OK) {
        fprintf(stderr, "%s\n", error.text);
    }
    ENSURE(shards != NULL);
    return shards;
}

static void ensure_sound(const InfShards* shards)
{
    const char* wrong = inf_shards_check(shards);
    ENSURE_SAY(wrong == NULL, "tick %llu: %s", (unsigned long long)inf_shards_now(shards), wrong);
}

static void tick(InfShards* shards, uint32_t count)
{
    for (; count > 0; count--) {
        ENSURE(inf_shards_tick(shards) == INF_OK);
        ensure_sound(shards);
    }
}

static void give(InfShards* shards, uint32_t shard, const InfInput* input)
{
    ENSURE(inf_shards_submit(shards, shard, input) == INF_OK);
    tick(shards, 1);
    const InfWorld* world = inf_shards_world(shards, shard);
    for (const InfEvent* event = NULL; (event = inf_world_next_event(world, event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Rejected) {
            ENSURE_SAY(event->Rejected.input != input->kind, "%s: %s", inf_input_word(input->kind),
                       inf_result_text((InfResult)event->Rejected.result));
        }
    }
}

/// A soul that is decided from outside, so that it stays where it is, bound to an identity of that mark.
static uint64_t bear(InfShards* shards, uint32_t shard, uint8_t mark)
{
    InfInput input = {.kind = INF_INPUT_KIND_MindBirth};
    memset(input.MindBirth.key, mark, INF_KEY_BYTES);
    memset(input.MindBirth.traits, 128, INF_TRAITS);
    input.MindBirth.credits = 10000;
    input.MindBirth.hull = INF_HULL_SHUTTLE;
    give(shards, shard, &input);
    uint64_t id = 0;
    for (const InfEvent* event = NULL; (event = inf_world_next_event(inf_shards_world(shards, shard), event)) != NULL;) {
        if (event->kind == INF_EVENT_KIND_Born && event->Born.key[0] == mark) {
            id = event->Born.soul;
        }
    }
    ENSURE(id != 0);
    input = (InfInput){.kind = INF_INPUT_KIND_Bind};
    input.Bind.soul = id;
    memset(input.Bind.key, mark, INF_KEY_BYTES);
    memset(input.Bind.identity, mark, INF_HASH_BYTES);
    memset(input.Bind.root, mark, INF_HASH_BYTES);
    memset(input.Bind.lineage, mark, INF_HASH_BYTES);
    give(shards, shard, &input);
    return id;
}

static void depart(InfShards* shards, uint32_t shard, uint64_t soul, uint8_t passage)
{
    InfInput input = {.kind = INF_INPUT_KIND_Depart};
    input.Depart.soul = soul;
    input.Depart.way = INF_WAY_SERVER;
    memset(input.Depart.transfer, passage, INF_PASSAGE_BYTES);
    memset(input.Depart.destination, 0xb0, INF_KEY_BYTES);
    memset(input.Depart.lineage, 0xdd, INF_HASH_BYTES);
    give(shards, shard, &input);
}

static uint8_t state_of(const InfShards* shards, uint8_t mark)
{
    uint8_t identity[INF_HASH_BYTES];
    uint32_t count;
    memset(identity, mark, sizeof identity);
    uint32_t index1 = inf_world_find_identity(inf_shards_world(shards, 0), identity);
    return index1 != 0 ? inf_world_directory(inf_shards_world(shards, 0), &count)[index1 - 1].state : 0;
}

TEST(souls_are_in_one_place_through_copies_departures_and_a_crash)
{
    char folder[] = "/tmp/inf-shard-souls-XXXXXX";
    ENSURE(mkdtemp(folder) != NULL);
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.shard_count = 4;
    def.minds = 60;
    def.threads = 2;
    def.snapshot_ticks = 0;
    InfShards* shards = open_galaxy(&def);
    inf_shards_set_observed(shards, true);

    uint64_t first = bear(shards, 2, 0x21), second = bear(shards, 3, 0x31);
    tick(shards, 3); // shard 0 is told
    ENSURE(state_of(shards, 0x21) == INF_DIRECTORY_HERE && state_of(shards, 0x31) == INF_DIRECTORY_HERE);
    InfInput input = {.kind = INF_INPUT_KIND_Copy};
    input.Copy.soul = input.Copy.of = first;
    input.Copy.external = 1;
    memset(input.Copy.key, 0x22, INF_KEY_BYTES);
    memset(input.Copy.identity, 0x22, INF_HASH_BYTES);
    memset(input.Copy.lineage, 0x23, INF_HASH_BYTES);
    memset(input.Copy.lineage_of, 0x24, INF_HASH_BYTES);
    give(shards, 2, &input);
    input = (InfInput){.kind = INF_INPUT_KIND_Record};
    input.Record.soul = first;
    input.Record.act = INF_LINEAGE_COPIED;
    memset(input.Record.identity, 0x21, INF_HASH_BYTES);
    memset(input.Record.hash, 0x99, INF_HASH_BYTES);
    input.Record.text_bytes = 16;
    memcpy(input.Record.text, "{\"act\":\"copied\"}", 16);
    give(shards, 2, &input);
    depart(shards, 2, first, 1);
    depart(shards, 3, second, 2);
    tick(shards, 3);
    ENSURE(state_of(shards, 0x21) == INF_DIRECTORY_IN_FLIGHT && state_of(shards, 0x31) == INF_DIRECTORY_IN_FLIGHT);
    InfTotals totals;
    inf_shards_totals(shards, &totals);
    ENSURE(totals.border_credits > 10000);
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
    uint64_t hash = inf_shards_hash(shards);

    inf_shards_abandon(shards); // a crash while both are in flight
    shards = open_galaxy(&def);
    ensure_sound(shards);
    ENSURE(inf_shards_hash(shards) == hash);
    input = (InfInput){.kind = INF_INPUT_KIND_Settle};
    memset(input.Settle.transfer, 1, INF_PASSAGE_BYTES);
    give(shards, 0, &input); // refused: it is back
    uint32_t shard, index1;
    ENSURE(inf_shards_find_soul(shards, first, &shard, &index1) && shard == 0);
    memset(input.Settle.transfer, 2, INF_PASSAGE_BYTES);
    input.Settle.accepted = 1;
    give(shards, 0, &input);
    ENSURE(state_of(shards, 0x21) == INF_DIRECTORY_HERE && state_of(shards, 0x31) == INF_DIRECTORY_GONE);
    ENSURE(inf_shards_locate_soul(shards, second) == UINT32_MAX);
    tick(shards, 20);
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);

    InfJournalQuery* query;
    InfLineageRow row;
    uint8_t name[32];
    memset(name, 0x99, sizeof name);
    ENSURE(inf_journal_query_open(inf_shards_journal(shards), &query) == INF_OK);
    ENSURE(inf_journal_query_record(query, name, &row) == INF_OK);
    ENSURE(row.soul_id == first && row.text_bytes == 16 && strcmp(row.act, "copied") == 0 && row.identity[7] == 0x21);
    InfSoulRow soul;
    ENSURE(inf_journal_query_soul(query, first, &soul) == INF_OK && soul.key[0] == 0x21 && soul.shard == 0);
    inf_journal_query_close(query);
    inf_shards_close(shards);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

// ---- a crew between two shards, killed ----------------------------------------------------------------------------------------

#define CREW 4 // who carries, and three who ride

static InfShardsDef crew_def(const char* folder)
{
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.shard_count = 4;
    def.minds = 40;
    def.threads = 1;
    def.snapshot_ticks = 0;
    return def;
}

static void cut_within(InfShards* shards, uint64_t soul, InfSystemAddress to, uint32_t body)
{
    InfInput input = {.kind = INF_INPUT_KIND_Depart};
    input.Depart.soul = soul;
    input.Depart.way = INF_WAY_GALAXY;
    input.Depart.sector[0] = to.x;
    input.Depart.sector[1] = to.y;
    input.Depart.sector[2] = to.z;
    input.Depart.system_in_sector = to.index;
    input.Depart.body = (uint8_t)body;
    give(shards, inf_shards_locate_soul(shards, soul), &input);
}

/// Where a soul with a body is: shard and address.
static InfSystemAddress place_of(const InfShards* shards, uint64_t soul, uint32_t* shard, uint32_t* body)
{
    uint32_t index1, count;
    ENSURE(inf_shards_find_soul(shards, soul, shard, &index1));
    const InfWorld* world = inf_shards_world(shards, *shard);
    uint32_t place_index1 = inf_soul_place(world, index1);
    *body = inf_world_places(world, &count)[place_index1 - 1].body;
    return inf_place_address(world, place_index1);
}

/// Nowhere: -1. In a body: 0. In a head: 1. On its way: 2. Twice: 3.
static int state_of_soul(const InfShards* shards, uint64_t soul, uint64_t* out_host)
{
    uint32_t shard, index1, count, found = 0;
    int state = inf_shards_locate_soul(shards, soul) == UINT32_MAX ? -1 : 2;
    if (inf_shards_find_soul(shards, soul, &shard, &index1)) {
        state = 0;
        found++;
    }
    for (uint32_t s = 0; s < inf_shards_count(shards); s++) {
        const InfWorld* world = inf_shards_world(shards, s);
        uint32_t passenger = inf_world_find_passenger(world, soul);
        if (passenger != 0) {
            *out_host = inf_world_passengers(world, &count)[passenger - 1].host;
            state = 1;
            found++;
        }
    }
    return found > 1 ? 3 : state;
}

typedef struct CrewNote {
    uint64_t souls[CREW], hash, tick;
    uint32_t to_shard;
} CrewNote;

/// A crew on shard 2, aboard; who carries it is told to go to a station of shard 3.
static void send_crew(InfShards* shards, CrewNote* note)
{
    uint64_t there = bear(shards, 3, 0x51);
    uint32_t body;
    InfSystemAddress to = place_of(shards, there, &note->to_shard, &body);
    for (uint32_t i = 0; i < CREW; i++) {
        note->souls[i] = bear(shards, 2, (uint8_t)(0x61 + i));
    }
    for (uint32_t i = 1; i < CREW; i++) {
        InfInput input = {.kind = INF_INPUT_KIND_Consent};
        input.Consent.soul = note->souls[0];
        input.Consent.to = note->souls[i];
        input.Consent.act = INF_ACT_CARRY;
        input.Consent.on = 1;
        give(shards, 2, &input);
        input = (InfInput){.kind = INF_INPUT_KIND_Board};
        input.Board.soul = note->souls[i];
        input.Board.host = note->souls[0];
        give(shards, 2, &input);
    }
    cut_within(shards, note->souls[0], to, body);
}

/// In a process that dies: `ticks` after the crew has left, and durable.
static void die_with_crew(const char* folder, uint32_t ticks, int note_fd)
{
    InfShardsDef def = crew_def(folder);
    InfShards* shards = open_galaxy(&def);
    inf_shards_set_observed(shards, true);
    CrewNote note = {0};
    send_crew(shards, &note);
    tick(shards, ticks);
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
    note.hash = inf_shards_hash(shards);
    note.tick = inf_shards_now(shards);
    ENSURE(write(note_fd, &note, sizeof note) == (ssize_t)sizeof note);
    kill(getpid(), SIGKILL);
}

static uint64_t replayed_hash(const InfShardsDef* def, uint64_t* out_tick)
{
    InfShardsDef again = *def;
    again.read_only = again.from_beginning = true;
    InfShards* shards = open_galaxy(&again);
    uint64_t hash = inf_shards_hash(shards);
    *out_tick = inf_shards_now(shards);
    inf_shards_abandon(shards);
    return hash;
}

static uint32_t count_states(const InfShards* shards, const CrewNote* note, int state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < CREW; i++) {
        uint64_t host = note->souls[0];
        count += state_of_soul(shards, note->souls[i], &host) == state;
        ENSURE(host == note->souls[0]);
    }
    return count;
}

TEST(a_crew_between_two_shards_is_there_again_after_kill_9)
{
    uint32_t in_flight = 0;
    for (uint32_t ticks = 0; ticks < 4; ticks++) {
        char folder[] = "/tmp/inf-shard-crew-XXXXXX";
        int pipes[2], status;
        ENSURE(mkdtemp(folder) != NULL && pipe(pipes) == 0);
        fflush(NULL);
        pid_t pid = fork();
        ENSURE(pid >= 0);
        if (pid == 0) {
            die_with_crew(folder, ticks, pipes[1]);
            _exit(1);
        }
        close(pipes[1]);
        CrewNote note;
        ENSURE(read(pipes[0], &note, sizeof note) == (ssize_t)sizeof note);
        close(pipes[0]);
        ENSURE(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

        InfShardsDef def = crew_def(folder);
        uint64_t replayed_tick, replayed = replayed_hash(&def, &replayed_tick);
        ENSURE_EQ_U64(note.tick, replayed_tick);
        ENSURE_EQ_U64(note.hash, replayed);
        InfShards* shards = open_galaxy(&def);
        ensure_sound(shards);
        ENSURE_EQ_U64(note.hash, inf_shards_hash(shards));
        uint32_t on_the_way = count_states(shards, &note, 2);
        ENSURE_EQ_U64(CREW, on_the_way + count_states(shards, &note, 0) + count_states(shards, &note, 1));
        in_flight += on_the_way;
        tick(shards, 12);
        uint32_t shard, index1;
        ENSURE(inf_shards_find_soul(shards, note.souls[0], &shard, &index1) && shard == note.to_shard);
        ENSURE_EQ_U64(CREW - 1, count_states(shards, &note, 1)); // with whom they left
        inf_shards_close(shards);
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    ENSURE_SAY(in_flight >= CREW, "only %u were on their way when it was killed", in_flight);
}

/// To and fro between two shards until somebody kills it.
static void wander_with_crew(const char* folder, int note_fd)
{
    InfShardsDef def = crew_def(folder);
    InfShards* shards = open_galaxy(&def);
    inf_shards_set_observed(shards, true);
    CrewNote note = {0};
    uint32_t shard, body, other_body;
    send_crew(shards, &note);
    tick(shards, 10);
    uint64_t back = bear(shards, 2, 0x52);
    InfSystemAddress other = place_of(shards, back, &shard, &other_body);
    InfSystemAddress here = place_of(shards, note.souls[0], &shard, &body);
    ENSURE(inf_shards_wait_durable(shards, -1) == INF_OK);
    ENSURE(write(note_fd, &note, sizeof note) == (ssize_t)sizeof note);
    for (uint32_t trips = 0;;) {
        uint32_t at;
        if (trips < 25 && inf_shards_find_soul(shards, note.souls[0], &at, &shard)) { // as long as it can pay for air, too
            InfInput input = {.kind = INF_INPUT_KIND_Depart};
            InfSystemAddress to = at == 2 ? here : other;
            input.Depart.soul = note.souls[0];
            input.Depart.way = INF_WAY_GALAXY;
            input.Depart.sector[0] = to.x;
            input.Depart.sector[1] = to.y;
            input.Depart.sector[2] = to.z;
            input.Depart.system_in_sector = to.index;
            input.Depart.body = (uint8_t)(at == 2 ? body : other_body);
            ENSURE(inf_shards_submit(shards, at, &input) == INF_OK);
            trips++;
        }
        ENSURE(inf_shards_tick(shards) == INF_OK);
    }
}

TEST_RANDOM(a_crew_that_is_killed_at_any_moment_is_in_one_place)
{
    TestRandom random = {seed};
    for (uint32_t round = 0; round < 8; round++) {
        char folder[] = "/tmp/inf-shard-crew-XXXXXX";
        int pipes[2], status;
        ENSURE(mkdtemp(folder) != NULL && pipe(pipes) == 0);
        fflush(NULL);
        pid_t pid = fork();
        ENSURE(pid >= 0);
        if (pid == 0) {
            wander_with_crew(folder, pipes[1]);
        }
        close(pipes[1]);
        CrewNote note;
        ENSURE(read(pipes[0], &note, sizeof note) == (ssize_t)sizeof note);
        close(pipes[0]);
        struct timespec wait = {.tv_nsec = (long)(1000 * test_random_below(&random, 60000))};
        nanosleep(&wait, NULL);
        ENSURE(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        InfShardsDef def = crew_def(folder);
        uint64_t tick_of_replay, replayed = replayed_hash(&def, &tick_of_replay);
        InfShards* shards = open_galaxy(&def);
        ensure_sound(shards);
        ENSURE_EQ_U64(replayed, inf_shards_hash(shards));
        ENSURE_EQ_U64(tick_of_replay, inf_shards_now(shards));
        tick(shards, 12);
        uint64_t host;
        ENSURE_SAY(state_of_soul(shards, note.souls[0], &host) == 0, "tick %llu: who carries them is in state %d",
                   (unsigned long long)inf_shards_now(shards), state_of_soul(shards, note.souls[0], &host));
        ENSURE_EQ_U64(CREW - 1, count_states(shards, &note, 1));
        inf_shards_close(shards);
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
}
