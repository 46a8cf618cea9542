// soak [--minutes M] [--bots N] [--minds N]: the real server under load for a long time.
//
// Bots play at random; one in ten stops reading for a while (a slow reader), one a second leaves and comes back.
// Each second the server's memory and open descriptors are read from /proc. What must hold:
//   * in the last third of the time neither has grown: memory stays within 10 % + 8 MB, descriptors within 8,
//     of their highest in the middle third;
//   * nobody who kept reading was thrown out, and ticks were made at their pace (on average, within 10 %);
//   * Ctrl-C ends it well, and a replay of its journal is whole.
// The last line is `N passed, N failed`. `make soak` runs it for two hours, the test suite for a minute.
#define _GNU_SOURCE
#include <client/client.h>
#include <infinity/random.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BOTS_MAX    1000
#define SECONDS_MAX (24 * 3600)

typedef struct Bot {
    InfClient* client;
    uint64_t soul;
    int64_t deaf_until_ms; // reads nothing until then
    bool was_deaf;         // since it connected; then the server may end the connection
} Bot;

static Bot bots[BOTS_MAX];
static int bot_count = 50, minute_count = 120, mind_count = 2000;
static char folder[256], socket_path[300];
static uint64_t thrown_out, deaf_closed, reconnects, inputs, first_tick, last_tick;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static pid_t server_start(const char* program) {
    char path[400];
    snprintf(path, sizeof path, "%s/infinity.conf", folder);
    FILE* file = mkdir(folder, 0755) == 0 ? fopen(path, "we") : NULL;
    if (file == NULL) return -1;
    fprintf(file, "minds = %d\nsocket = players.sock\nsnapshot_minutes = 1\n", mind_count);
    fclose(file);
    pid_t pid = fork();
    if (pid == 0) {
        snprintf(path, sizeof path, "%s/server.log", folder);
        int log = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        dup2(log, 1);
        dup2(log, 2);
        execl(program, program, "serve", "--galaxy", folder, "--port", "0", (char*)NULL);
        _exit(127);
    }
    for (int i = 0; i < 1200 && access(socket_path, F_OK) != 0; i++) {
        if (waitpid(pid, NULL, WNOHANG) == pid) return -1;
        usleep(50000);
    }
    return pid;
}

static void bot_connect(int number) {
    InfClientDef def = {.unix_path = socket_path};
    memset(def.seed, 0, sizeof def.seed);
    def.seed[0] = (uint8_t)number, def.seed[1] = (uint8_t)(number >> 8), def.seed[2] = 99;
    static const char letters[] = "abdefgktsz"; // no two of them look alike, or the server takes tags for the same
    snprintf(def.tag, sizeof def.tag, "Soak %c%c%c", letters[number / 100 % 10], letters[number / 10 % 10], letters[number % 10]);
    bots[number].client = inf_client_create(&def);
    bots[number].was_deaf = false;
    bots[number].deaf_until_ms = 0;
}

static void bot_act(Bot* bot, InfRng* rng) {
    static InfInput input;
    memset(&input, 0, sizeof input);
    switch (inf_rng_below(rng, 6)) {
    case 0: input.kind = INF_INPUT_KIND_Undock; break;
    case 1:
        input.kind = INF_INPUT_KIND_Order;
        input.Order.order = (uint8_t)inf_rng_below(rng, INF_ORDER_COUNT);
        input.Order.body = (uint8_t)inf_rng_below(rng, 12);
        input.Order.range_m = 500.0f;
        break;
    case 2:
        input.kind = INF_INPUT_KIND_Trade;
        input.Trade.good = (uint8_t)inf_rng_below(rng, INF_GOODS);
        input.Trade.sell = (uint8_t)inf_rng_below(rng, 2);
        input.Trade.units = 1;
        input.Trade.limit_credits = input.Trade.sell ? 0 : 1000;
        break;
    case 3:
        input.kind = INF_INPUT_KIND_Say;
        input.Say.reach = INF_REACH_PLACE;
        snprintf(input.Say.text, sizeof input.Say.text, "Still here.");
        break;
    case 4:
        input.kind = INF_INPUT_KIND_Pay;
        input.Pay.payee = bots[inf_rng_below(rng, (uint64_t)bot_count)].soul;
        input.Pay.credits = 1;
        break;
    default:
        input.kind = INF_INPUT_KIND_Helm;
        input.Helm.thrust[2] = 100;
        input.Helm.turn[1] = (int8_t)inf_rng_range(rng, -127, 127);
        break;
    }
    if (inf_client_send_input(bot->client, &input) != 0) inputs++;
}

static void bot_run(int number, InfRng* rng, int64_t now, bool act) {
    Bot* bot = &bots[number];
    if (bot->client == NULL) {
        if (act) bot_connect(number);
        return;
    }
    if (now < bot->deaf_until_ms) return;
    bool is_open = inf_client_run(bot->client);
    size_t bytes;
    while (inf_client_next_frame(bot->client, &bytes) != NULL) {}
    if (!is_open) {
        if (bot->was_deaf) deaf_closed++;
        else {
            if (thrown_out++ < 10) printf("thrown out: %s\n", inf_client_text(bot->client));
        }
        inf_client_destroy(bot->client);
        bot->client = NULL;
        return;
    }
    if (inf_client_state(bot->client) != INF_CLIENT_READY || !act) return;
    bot->soul = inf_client_welcome(bot->client)->soul;
    if (inf_rng_ratio(rng, 1, 4)) bot_act(bot, rng);
    if (number % 10 == 9 && inf_rng_ratio(rng, 1, 200)) {
        bot->deaf_until_ms = now + (int64_t)inf_rng_below(rng, 15000);
        bot->was_deaf = true;
    }
    inf_client_flush(bot->client);
}

static void second_sample(pid_t pid, uint64_t* out_rss_bytes, uint64_t* out_fd_count) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE* file = fopen(path, "re");
    unsigned long all, resident = 0;
    if (file == NULL || fscanf(file, "%lu %lu", &all, &resident) != 2) resident = 0;
    if (file != NULL) fclose(file);
    *out_rss_bytes = (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR* folder_of_fds = opendir(path);
    *out_fd_count = 0;
    if (folder_of_fds == NULL) return;
    while (readdir(folder_of_fds) != NULL) (*out_fd_count)++;
    closedir(folder_of_fds);
}

// The galaxy's tick, from `infinity status --json`.
static uint64_t tick_read(const char* program) {
    char command[700], text[65536];
    snprintf(command, sizeof command, "'%s' status --json --galaxy '%s'", program, folder);
    FILE* pipe = popen(command, "re");
    if (pipe == NULL) return 0;
    size_t bytes = fread(text, 1, sizeof text - 1, pipe);
    text[bytes] = '\0';
    uint64_t tick = 0;
    const char* at = strstr(text, "\"tick\":");
    if (pclose(pipe) != 0 || at == NULL || sscanf(at + 7, "%" SCNu64, &tick) != 1) return 0;
    return tick;
}

static uint64_t highest(const uint64_t* values, int from, int to) {
    uint64_t high = 0;
    for (int i = from; i < to; i++) high = values[i] > high ? values[i] : high;
    return high;
}

// Play for the whole time. @return seconds sampled
static int play(pid_t pid, uint64_t* rss_bytes, uint64_t* fd_counts) {
    static struct pollfd polls[BOTS_MAX];
    InfRng rng;
    inf_rng_seed(&rng, (uint64_t)time(NULL), 1);
    int64_t start = now_ms(), next_act = start, next_second = start + 1000;
    int second_count = 0;
    for (int64_t now = start; now < start + (int64_t)minute_count * 60000; now = now_ms()) {
        int poll_count = 0;
        for (int i = 0; i < bot_count; i++) {
            if (bots[i].client == NULL || now < bots[i].deaf_until_ms) continue;
            polls[poll_count++] = (struct pollfd){inf_client_fd(bots[i].client),
                                                  (short)(POLLIN | (inf_client_wants_write(bots[i].client) ? POLLOUT : 0)), 0};
        }
        poll(polls, (nfds_t)poll_count, 20);
        bool act = now >= next_act;
        if (act) next_act += 200;
        for (int i = 0; i < bot_count; i++) bot_run(i, &rng, now, act);
        if (now < next_second) continue;
        next_second += 1000;
        second_sample(pid, &rss_bytes[second_count], &fd_counts[second_count]);
        if (rss_bytes[second_count] == 0) return second_count; // it is gone
        if (++second_count % 60 == 0) {
            printf("%d min: %.1f MB, %" PRIu64 " descriptors, %" PRIu64 " inputs sent, %" PRIu64 " came back\n", second_count / 60,
                   (double)rss_bytes[second_count - 1] / 1e6, fd_counts[second_count - 1], inputs, reconnects);
        }
        Bot* leaving = &bots[inf_rng_below(&rng, (uint64_t)bot_count)];
        inf_client_destroy(leaving->client);
        leaving->client = NULL;
        reconnects++;
    }
    return second_count;
}

static int passed_count, failed_count;

static void check(bool is_so, const char* text) {
    if (is_so) passed_count++;
    else failed_count++;
    printf("%s %s\n", is_so ? "ok    " : "FAILED:", text);
}

int main(int argc, char** argv) {
    const char *bin = getenv("INF_BIN"), *work = getenv("INF_TEST_DIR");
    for (int i = 1; i + 1 < argc; i += 2) {
        int value = atoi(argv[i + 1]);
        if (strcmp(argv[i], "--minutes") == 0 && value >= 1 && value <= SECONDS_MAX / 60) minute_count = value;
        else if (strcmp(argv[i], "--bots") == 0 && value >= 1 && value <= BOTS_MAX) bot_count = value;
        else if (strcmp(argv[i], "--minds") == 0 && value >= 1) mind_count = value;
        else argc = 0;
    }
    if (argc == 0 || argc % 2 == 0 || bin == NULL) {
        fprintf(stderr, "usage: INF_BIN=build/release/bin soak [--minutes 1..1440] [--bots 1..%d] [--minds N]\n", BOTS_MAX);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    char program[512], base[200], command[1100];
    snprintf(program, sizeof program, "%s/infinity", bin);
    snprintf(base, sizeof base, "%s/inf-soak-XXXXXX", work != NULL && strlen(work) < 60 && access(work, W_OK) == 0 ? work : "/tmp");
    if (mkdtemp(base) == NULL) return 1;
    snprintf(folder, sizeof folder, "%s/galaxy", base);
    snprintf(socket_path, sizeof socket_path, "%s/players.sock", folder);
    pid_t pid = server_start(program);
    if (pid < 0) {
        printf("FAILED: the server did not start; see %s/server.log\n0 passed, 1 failed\n", folder);
        return 1;
    }
    static uint64_t rss_bytes[SECONDS_MAX], fd_counts[SECONDS_MAX];
    first_tick = tick_read(program);
    int64_t start = now_ms();
    int seconds = play(pid, rss_bytes, fd_counts);
    last_tick = tick_read(program);
    double pace = (double)(last_tick - first_tick) / ((double)(now_ms() - start) / 1000);
    for (int i = 0; i < bot_count; i++) inf_client_destroy(bots[i].client);

    check(seconds >= minute_count * 60 - 5, "the server lived all the time");
    int third = seconds / 3;
    uint64_t rss_middle = highest(rss_bytes, third, 2 * third), rss_end = highest(rss_bytes, 2 * third, seconds);
    uint64_t fd_middle = highest(fd_counts, third, 2 * third), fd_end = highest(fd_counts, 2 * third, seconds);
    printf("memory %.1f MB, then %.1f MB; descriptors %" PRIu64 ", then %" PRIu64 "; %.2f ticks a second; slow readers let go: %" PRIu64 "\n",
           (double)rss_middle / 1e6, (double)rss_end / 1e6, fd_middle, fd_end, pace, deaf_closed);
    check(rss_end <= rss_middle + rss_middle / 10 + 8000000, "memory is flat");
    check(fd_end <= fd_middle + 8, "descriptors are flat");
    check(thrown_out == 0, "nobody who read was thrown out");
    check(pace > 9 && pace < 11, "ticks keep their pace");
    check(inputs > (uint64_t)bot_count, "the bots were heard");
    kill(pid, SIGINT);
    int status = 0;
    check(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0, "Ctrl-C ends it well");
    snprintf(command, sizeof command, "'%s' replay --galaxy '%s'", program, folder);
    check(system(command) == 0, "a replay of its journal is whole");
    if (failed_count == 0) {
        snprintf(command, sizeof command, "rm -rf '%s'", base);
        if (system(command) != 0) printf("%s stays\n", base);
    } else {
        printf("see %s/server.log\n", folder);
    }
    printf("%d passed, %d failed\n", passed_count, failed_count);
    return failed_count == 0 ? 0 : 1;
}
