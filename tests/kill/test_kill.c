// The real server is killed with SIGKILL at random moments while 100 bots play, again and again on the same galaxy.
// After each kill the galaxy's folder is opened as a restart would and
//   acknowledged ⊆ recovered ⊆ attempted   per bot, by the sequence numbers of its inputs,
//   the ledger sums, each soul is in exactly one place,
//   and a straight replay from the first tick gives the same hash as snapshot and replay.
// INF_KILL_ROUNDS sets the rounds (50), INF_KILL_BOTS the bots (100).
#define _GNU_SOURCE
#include "../test.h"

#include <client/client.h>
#include <shard/shards.h>

#include <fcntl.h>
#include <ftw.h>
#include <infinity/random.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOTS_MAX 400

typedef struct Bot {
    InfClient* client;
    uint64_t soul;
    uint32_t acknowledged; // newest sequence that the server said took effect or was refused
    uint32_t attempted;    // newest that was handed to the socket
    uint32_t welcomed;
    char tag[INF_NAME_BYTES];
} Bot;

static Bot bots[BOTS_MAX];
static int bot_count = 100;

static int setting(const char* name, int otherwise)
{
    const char* text = getenv(name);
    return text != NULL && atoi(text) > 0 ? atoi(text) : otherwise;
}

static int remove_one(const char* path, const struct stat* status, int type, struct FTW* walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static pid_t start_server(const char* folder, const char* socket_path)
{
    unlink(socket_path);
    char log_path[256];
    snprintf(log_path, sizeof log_path, "%s.log", folder);
    pid_t pid = fork();
    if (pid == 0) {
        int log_file = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0644);
        dup2(log_file, 1);
        dup2(log_file, 2);
        execl(INF_PROGRAM, INF_PROGRAM, "serve", "--galaxy", folder, "--port", "0", (char*)NULL);
        _exit(127);
    }
    return pid;
}

static void write_settings(const char* folder)
{
    char path[160];
    snprintf(path, sizeof path, "%s/infinity.conf", folder);
    ENSURE(mkdir(folder, 0755) == 0);
    FILE* file = fopen(path, "w");
    ENSURE(file != NULL);
    fputs("minds = 200\nsocket = players.sock\nsnapshot_minutes = 1\n", file);
    fclose(file);
}

static bool connect_bot(Bot* bot, int number, const char* socket_path)
{
    InfClientDef def = {.unix_path = socket_path, .receive_bytes = 1 << 18};
    memset(def.seed, 0, sizeof def.seed);
    def.seed[0] = (uint8_t)number;
    def.seed[1] = (uint8_t)(number >> 8);
    def.seed[2] = 77;
    static const char letters[] = "abdefghk"; // no two of them look alike
    snprintf(bot->tag, sizeof bot->tag, "Bot %c%c%c", letters[number / 64 % 8], letters[number / 8 % 8],
             letters[number % 8]);
    snprintf(def.tag, sizeof def.tag, "%s", bot->tag);
    bot->client = inf_client_create(&def);
    return bot->client != NULL;
}

static bool wait_for_server(pid_t pid, const char* socket_path)
{
    for (int i = 0; i < 600; i++) {
        if (access(socket_path, F_OK) == 0 && connect_bot(&bots[0], 0, socket_path)) {
            return true;
        }
        if (waitpid(pid, NULL, WNOHANG) == pid) {
            return false;
        }
        usleep(50000);
    }
    return false;
}

static void take_event(Bot* bot, const InfEvent* event)
{
    if (event->kind == INF_EVENT_KIND_Accepted && event->Accepted.soul == bot->soul &&
        event->Accepted.sequence > bot->acknowledged) {
        bot->acknowledged = event->Accepted.sequence;
    }
    if (event->kind == INF_EVENT_KIND_Rejected && event->Rejected.soul == bot->soul &&
        event->Rejected.sequence > bot->acknowledged) {
        bot->acknowledged = event->Rejected.sequence;
    }
}

static void take_frame(Bot* bot, const uint8_t* bytes, size_t count)
{
    static InfFrameEvents frame;
    static InfEvent event;
    InfReader reader = inf_reader_make(bytes, count);
    if (count == 0 || bytes[0] != INF_FRAME_KIND_Events ||
        inf_frame_read(&reader, INF_FRAME_KIND_Events, &frame, sizeof frame) != INF_OK) {
        return;
    }
    InfReader inner = inf_reader_make(frame.events, frame.events_bytes);
    while (inf_reader_left(&inner) != 0 && inf_event_read(&inner, &event) == INF_OK) {
        take_event(bot, &event);
    }
}

static void act(Bot* bot, InfRng* rng)
{
    static InfInput input;
    memset(&input, 0, sizeof input);
    switch (inf_rng_below(rng, 8)) {
    case 0:
        input.kind = INF_INPUT_KIND_Undock;
        break;
    case 1:
        input.kind = INF_INPUT_KIND_Order;
        input.Order.order = (uint8_t)inf_rng_below(rng, INF_ORDER_COUNT + 1);
        input.Order.body = (uint8_t)inf_rng_below(rng, 12);
        input.Order.range_m = 1000.0f;
        input.Order.sector[0] = (int32_t)inf_rng_range(rng, -1, 1);
        break;
    case 2:
        input.kind = INF_INPUT_KIND_Trade;
        input.Trade.good = (uint8_t)inf_rng_below(rng, INF_GOODS);
        input.Trade.sell = (uint8_t)inf_rng_below(rng, 2);
        input.Trade.units = 1;
        input.Trade.limit_credits = input.Trade.sell ? 0 : 1000;
        break;
    case 3:
        input.kind = INF_INPUT_KIND_Bank;
        input.Bank.withdraw = (uint8_t)inf_rng_below(rng, 2);
        input.Bank.credits = (int64_t)inf_rng_below(rng, 50);
        break;
    case 4:
    case 5:
        input.kind = INF_INPUT_KIND_Pay; // between the bots, so that money moves while the server dies
        input.Pay.payee = bots[inf_rng_below(rng, (uint64_t)bot_count)].soul;
        input.Pay.credits = (int64_t)inf_rng_range(rng, 1, 5);
        break;
    case 6:
        input.kind = INF_INPUT_KIND_Say;
        input.Say.reach = INF_REACH_PLACE;
        snprintf(input.Say.text, sizeof input.Say.text, "Number %u.", bot->attempted);
        break;
    default:
        input.kind = INF_INPUT_KIND_Helm;
        input.Helm.thrust[2] = 100;
        input.Helm.turn[1] = (int8_t)inf_rng_range(rng, -127, 127);
        break;
    }
    uint32_t sequence = inf_client_send_input(bot->client, &input);
    if (sequence != 0) {
        bot->attempted = sequence;
    }
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Play until the time is over. @return bots that were welcomed
static int play(InfRng* rng, int64_t milliseconds)
{
    int64_t until = now_ms() + milliseconds;
    static struct pollfd polls[BOTS_MAX];
    int64_t next_act = now_ms();
    int welcomed = 0;
    while (now_ms() < until) {
        for (int i = 0; i < bot_count; i++) {
            polls[i] = (struct pollfd){inf_client_fd(bots[i].client),
                                       (short)(POLLIN | (inf_client_wants_write(bots[i].client) ? POLLOUT : 0)), 0};
        }
        poll(polls, (nfds_t)bot_count, 10);
        bool act_now = now_ms() >= next_act;
        next_act += act_now ? 100 : 0;
        for (int i = 0; i < bot_count; i++) {
            Bot* bot = &bots[i];
            if (!inf_client_run(bot->client)) {
                continue;
            }
            size_t count;
            for (const uint8_t* frame; (frame = inf_client_next_frame(bot->client, &count)) != NULL;) {
                take_frame(bot, frame, count);
            }
            if (inf_client_state(bot->client) != INF_CLIENT_READY) {
                continue;
            }
            const InfFrameWelcome* welcome = inf_client_welcome(bot->client);
            if (!bot->welcomed) {
                bot->welcomed = 1;
                welcomed++;
                ENSURE(bot->soul == 0 || bot->soul == welcome->soul); // the same soul as before the crash
                bot->soul = welcome->soul;
                ENSURE(welcome->sequence >= bot->acknowledged);
                bot->attempted = welcome->sequence > bot->attempted ? welcome->sequence : bot->attempted;
            }
            if (act_now && inf_rng_ratio(rng, 1, 3)) {
                act(bot, rng);
            }
            inf_client_run(bot->client);
        }
    }
    return welcomed;
}

// What came before the kill and was not read yet is acknowledged, too.
static void drain_and_close(void)
{
    for (int i = 0; i < bot_count; i++) {
        if (bots[i].client == NULL) {
            continue;
        }
        size_t count;
        bool open = true;
        while (open) {
            open = inf_client_run(bots[i].client);
            for (const uint8_t* frame; (frame = inf_client_next_frame(bots[i].client, &count)) != NULL;) {
                take_frame(&bots[i], frame, count);
            }
        }
        inf_client_destroy(bots[i].client);
        bots[i].client = NULL;
    }
}

static InfShards* open_folder(const char* folder, bool from_beginning)
{
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = folder;
    def.read_only = true;
    def.from_beginning = from_beginning;
    InfShards* shards;
    InfShardsError error;
    if (inf_shards_open(&def, &shards, &error) != INF_OK) {
        fprintf(stderr, "%s\n", error.text);
    }
    ENSURE(shards != NULL);
    return shards;
}

static void check_folder(const char* folder, bool straight)
{
    InfShards* shards = open_folder(folder, false);
    const char* wrong = inf_shards_check(shards);
    if (wrong != NULL) {
        fprintf(stderr, "%s\n", wrong);
    }
    ENSURE(wrong == NULL);
    for (int i = 0; i < bot_count; i++) {
        const Bot* bot = &bots[i];
        if (bot->soul == 0) {
            continue;
        }
        uint32_t shard, index1, count;
        if (!inf_shards_find_soul(shards, bot->soul, &shard, &index1)) {
            ENSURE(inf_shards_locate_soul(shards, bot->soul) != UINT32_MAX); // in flight
            continue;
        }
        const InfSoul* soul = &inf_world_souls(inf_shards_world(shards, shard), &count)[index1 - 1];
        if (soul->client_sequence < bot->acknowledged || soul->client_sequence > bot->attempted) {
            fprintf(stderr, "%s: acknowledged %u, recovered %u, attempted %u\n", bot->tag, bot->acknowledged,
                    soul->client_sequence, bot->attempted);
        }
        ENSURE(soul->client_sequence >= bot->acknowledged);
        ENSURE(soul->client_sequence <= bot->attempted);
    }
    uint64_t hash = inf_shards_hash(shards), tick = inf_shards_now(shards);
    inf_shards_abandon(shards);
    if (straight) {
        shards = open_folder(folder, true);
        ENSURE(inf_shards_now(shards) == tick && inf_shards_hash(shards) == hash);
        inf_shards_abandon(shards);
    }
}

TEST_RANDOM(nothing_acknowledged_is_lost)
{
    int rounds = setting("INF_KILL_ROUNDS", 50);
    bot_count = setting("INF_KILL_BOTS", 100);
    ENSURE(bot_count <= BOTS_MAX);
    InfRng rng;
    inf_rng_seed(&rng, seed, 1);
    char base[] = "/tmp/inf-kill-XXXXXX";
    ENSURE(mkdtemp(base) != NULL);
    char folder[128], socket_path[160];
    snprintf(folder, sizeof folder, "%s/galaxy", base);
    snprintf(socket_path, sizeof socket_path, "%s/players.sock", folder);
    write_settings(folder);
    uint64_t acknowledged_all = 0;
    for (int round = 0; round < rounds; round++) {
        pid_t pid = start_server(folder, socket_path);
        ENSURE(pid > 0);
        if (!wait_for_server(pid, socket_path)) {
            fprintf(stderr, "The server did not start; see %s.log\n", folder);
            ENSURE(false);
        }
        for (int i = 0; i < bot_count; i++) {
            bots[i].welcomed = 0;
            ENSURE(i == 0 || connect_bot(&bots[i], i, socket_path));
        }
        int64_t first_round = round == 0 ? 3000 : 0; // all tags are bound in the first one
        int welcomed = play(&rng, first_round + 300 + (int64_t)inf_rng_below(&rng, 1500));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        drain_and_close();
        ENSURE(welcomed > 0 || round != 0);
        check_folder(folder, round % 10 == 9 || round == rounds - 1);
    }
    for (int i = 0; i < bot_count; i++) {
        acknowledged_all += bots[i].acknowledged;
    }
    printf("%d kills, %d bots, %llu inputs acknowledged\n", rounds, bot_count, (unsigned long long)acknowledged_all);
    ENSURE(acknowledged_all > (uint64_t)bot_count);
    nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
