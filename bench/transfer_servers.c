// Part three of what moving a soul costs: cuts between two real `infinity serve` on loopback. Each host founds minds that like
// to stay in their station and trust their host (POST /api/minds), so that some thousands stand docked and agree to go, as in
// a galaxy that is to be emptied. They are told to leave for the other galaxy and back, many with one request (POST
// /api/souls/cut). Counted are receipts that were settled, and the CPU of both servers. At the end both are stopped and
// border_audit looks for everybody and every credit. Beside it: what the signatures alone of such a cut cost, by libsodium.
#include "served.h"
#include "transfer.h"

#include <jansson.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASKERS 10       // of each galaxy: requests that are under way at once
#define FOUNDERS 48     // of each galaxy
#define BATCH 200u
#define QUEUE 8192u
#define SLOTS (1u << 20) // a soul may have another number each time that it comes
#define AGAIN_S 2.0     // who was asked so lately is under way
#define NEVER 1e300

typedef struct Slot {
    uint64_t soul;
    double not_before_s;
} Slot;

typedef struct Side {
    Served served;
    char url[64], key[65];
    ServedMetrics metrics;
    pthread_mutex_t lock;
    uint64_t queue[QUEUE]; ///< docked, as it was listed
    uint32_t queued;
    Slot* slots;           ///< whom not to ask, and until when
    uint32_t refused_by_will, refused_else;
} Side;

typedef struct Worker {
    pthread_t thread;
    Side *side, *other;
    uint32_t number, count; ///< of a founder: how many it founds
} Worker;

static _Atomic bool stopping;

/// As the host, over the admin socket. @return null: no answer of JSON
static json_t* ask(const Side* side, const char* method, const char* path, const json_t* body)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%.80s/admin.sock", side->served.folder);
    char* text = body != NULL ? json_dumps(body, JSON_COMPACT) : strdup("");
    size_t head_bytes = 300, bytes = strlen(text), capacity = 1 << 16, used = 0;
    char *request = malloc(head_bytes + bytes), *answer = malloc(capacity);
    int length = snprintf(request, head_bytes + bytes,
                          "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          method, path, bytes, text);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool fine = fd >= 0 && connect(fd, (struct sockaddr*)&to, sizeof to) == 0 && write(fd, request, (size_t)length) == length;
    for (ssize_t got; fine && (got = read(fd, answer + used, capacity - 1 - used)) > 0;) {
        used += (size_t)got;
        if (used + 1 == capacity) {
            answer = realloc(answer, capacity *= 2);
        }
    }
    answer[used] = 0;
    if (fd >= 0) {
        close(fd);
    }
    const char* content = strstr(answer, "\r\n\r\n");
    json_t* json = content != NULL ? json_loads(content + 4, 0, NULL) : NULL;
    free(text);
    free(request);
    free(answer);
    return json;
}

static bool start(Side* side, unsigned seed, unsigned minds, unsigned founded, unsigned threads)
{
    char settings[512];
    // All who are founded and all who arrive are on one shard: it has room for as many as come with so many players.
    snprintf(settings, sizeof settings,
             "seed = %u\nminds = %u\nplayers = %u\nthreads = %u\nborder = open\nborder_claim_max = 1000000000\nborder_private = all\n",
             seed, minds, 1000 + 2 * founded, threads);
    side->slots = calloc(SLOTS, sizeof(Slot));
    pthread_mutex_init(&side->lock, NULL);
    if (side->slots == NULL || !served_open(&side->served) || !served_start(&side->served, settings)) {
        return false;
    }
    snprintf(side->url, sizeof side->url, "http://127.0.0.1:%u", side->served.port);
    json_t* self = ask(side, "GET", "/border", NULL);
    const char* key = json_string_value(json_object_get(self, "server"));
    snprintf(side->key, sizeof side->key, "%s", key != NULL ? key : "");
    json_decref(self);
    return side->key[0] != 0;
}

// ---- founding souls -------------------------------------------------------------------------------------------------------------

static void* run_founder(void* user)
{
    Worker* worker = user;
    for (uint32_t i = 0; i < worker->count; i++) {
        char name[32];
        snprintf(name, sizeof name, "Mover %c%u-%u", worker->side < worker->other ? 'A' : 'B', worker->number, i);
        json_t* body = json_pack("{s:s, s:i, s:{s:i, s:i, s:i, s:i, s:i, s:i, s:i}}", "name", name, "credits", 240, "traits",
                                 "faith in strangers", 255, "order", 255, "patience", 255, "wanderlust", 255, "curiosity", 0, "diligence", 0,
                                 "greed", 0);
        json_t* answer = ask(worker->side, "POST", "/api/minds", body);
        if (json_object_get(answer, "soul") == NULL && i + 1 < worker->count) {
            usleep(100000); // too many in one tick
        }
        json_decref(answer);
        json_decref(body);
    }
    return NULL;
}

static void found(Side sides[2], uint32_t count)
{
    static Worker founders[2 * FOUNDERS];
    for (uint32_t i = 0; i < 2 * FOUNDERS; i++) {
        founders[i] = (Worker){.side = &sides[i % 2], .other = &sides[1 - i % 2], .number = i / 2, .count = (count + FOUNDERS - 1) / FOUNDERS};
        pthread_create(&founders[i].thread, NULL, run_founder, &founders[i]);
    }
    for (uint32_t i = 0; i < 2 * FOUNDERS; i++) {
        pthread_join(founders[i].thread, NULL);
    }
}

// ---- telling souls to leave -----------------------------------------------------------------------------------------------------

static Slot* slot_of(Side* side, uint64_t soul)
{
    uint32_t at = (uint32_t)((soul * 0x9e3779b97f4a7c15ull) >> 40) % SLOTS;
    while (side->slots[at].soul != 0 && side->slots[at].soul != soul) {
        at = (at + 1) % SLOTS;
    }
    side->slots[at].soul = soul;
    return &side->slots[at];
}

/// Put all who are docked on the shard of arrivals into the queue.
static void list_docked(Side* side)
{
    char path[64] = "/api/souls?cursor=0";
    for (bool more = true; more && !stopping;) {
        json_t* page = ask(side, "GET", path, NULL);
        double now_s = bench_wall_s();
        size_t i;
        json_t* soul;
        pthread_mutex_lock(&side->lock);
        json_array_foreach(json_object_get(page, "souls"), i, soul) {
            const char* text = json_string_value(json_object_get(soul, "soul"));
            uint64_t id = text != NULL ? strtoull(text, NULL, 10) : 0;
            if (id != 0 && json_is_true(json_object_get(soul, "docked")) && side->queued < QUEUE && slot_of(side, id)->not_before_s < now_s) {
                slot_of(side, id)->not_before_s = now_s + AGAIN_S;
                side->queue[side->queued++] = id;
            }
        }
        pthread_mutex_unlock(&side->lock);
        const char* next = json_string_value(json_object_get(page, "next"));
        uint64_t cursor = next != NULL ? strtoull(next, NULL, 10) : 0;
        more = cursor != 0 && cursor >> 32 == 0; // rows of shard 0
        snprintf(path, sizeof path, "/api/souls?cursor=%llu", (unsigned long long)cursor);
        json_decref(page);
    }
}

static void* run_lister(void* user)
{
    Worker* worker = user;
    while (!stopping) {
        pthread_mutex_lock(&worker->side->lock);
        bool is_short = worker->side->queued < 2 * BATCH;
        pthread_mutex_unlock(&worker->side->lock);
        if (is_short) {
            list_docked(worker->side);
        }
        usleep(250000);
    }
    return NULL;
}

static void send_away(Side* side, const Side* to, json_t* souls)
{
    json_t* body = json_pack("{s:O, s:s, s:s, s:i}", "souls", souls, "to", to->url, "server", to->key, "wait_s", 4);
    json_t* answer = ask(side, "POST", "/api/souls/cut", body);
    size_t i;
    json_t* one;
    double now_s = bench_wall_s();
    pthread_mutex_lock(&side->lock);
    json_array_foreach(json_object_get(answer, "souls"), i, one) {
        json_int_t status = json_integer_value(json_object_get(one, "status"));
        uint64_t id = strtoull(json_string_value(json_object_get(one, "soul")), NULL, 10);
        if (id != 0) {
            slot_of(side, id)->not_before_s = status == 403 ? NEVER : now_s; // it does not want to: nobody asks it again
        }
        side->refused_by_will += status == 403;
        side->refused_else += status != 200 && status != 403;
    }
    pthread_mutex_unlock(&side->lock);
    json_decref(answer);
    json_decref(body);
}

static void* run_asker(void* user)
{
    Worker* worker = user;
    Side* side = worker->side;
    while (!stopping) {
        json_t* souls = json_array();
        pthread_mutex_lock(&side->lock);
        while (side->queued > 0 && json_array_size(souls) < BATCH) {
            char text[24];
            snprintf(text, sizeof text, "%llu", (unsigned long long)side->queue[--side->queued]);
            json_array_append_new(souls, json_string(text));
        }
        pthread_mutex_unlock(&side->lock);
        if (json_array_size(souls) > 0) {
            send_away(side, worker->other, souls);
        } else {
            usleep(20000);
        }
        json_decref(souls);
    }
    return NULL;
}

// ---- the measurement --------------------------------------------------------------------------------------------------------------

static double settled(Side* side) { return served_metrics(&side->served, &side->metrics) ? served_metric(&side->metrics, "infinity_border_gone") : 0; }

static bool audit(Side sides[2])
{
    char of[2][PATH_MAX + 80];
    for (int i = 0; i < 2; i++) {
        served_stop_program(&sides[i].served.server, &sides[i].served.server_out);
        snprintf(of[i], sizeof of[i], "%s=%s", sides[i].key, sides[i].served.folder);
    }
    char* arguments[] = {"border_audit", of[0], of[1], NULL};
    FILE* out = NULL;
    pid_t child = served_start_program(&sides[0].served, "border_audit", arguments, &out);
    char line[512];
    while (child > 0 && fgets(line, sizeof line, out) != NULL) {
        if (strstr(line, "\"problem\"") != NULL || strstr(line, "\"identities\"") != NULL) {
            bench_say("%.*s", (int)strcspn(line, "\n"), line);
        }
    }
    int status = 1;
    bool whole = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    if (out != NULL) {
        fclose(out);
    }
    return whole;
}

/// The signatures of a cut alone, on one processor: the departure's record by soul and server, the arrival by its soul, the
/// record of the arrival by the server; at the other side those of the departure and of the arrival are checked, that of the
/// last arrival there, and that the secret that came along is that of the key. A soul's first departure has more: its founding.
static double signatures_us(void)
{
    enum { TIMES = 500, SIGNED = 4, CHECKED = 4, BYTES = 700 };
    unsigned char public_key[32], secret_key[64], seed[32] = {0}, text[BYTES] = {0}, signature[64];
    uint32_t wrong = 0;
    double cpu = bench_cpu_s();
    for (uint32_t i = 0; i < TIMES; i++) {
        memcpy(seed, &i, sizeof i);
        crypto_sign_seed_keypair(public_key, secret_key, seed);
        for (uint32_t k = 0; k < SIGNED; k++) {
            text[0] = (unsigned char)k;
            crypto_sign_detached(signature, NULL, text, sizeof text, secret_key);
        }
        for (uint32_t k = 0; k < CHECKED; k++) {
            wrong += crypto_sign_verify_detached(signature, text, sizeof text, public_key) != 0;
        }
    }
    return wrong == 0 ? (bench_cpu_s() - cpu) * 1e6 / TIMES : 0;
}

typedef struct Sum {
    double wall_s, gone, servers_s, machine_s, bench_s;
} Sum;

static Sum sum_of(Side sides[2])
{
    Sum sum = {.wall_s = bench_wall_s(), .bench_s = bench_cpu_s()};
    double softirq;
    served_machine_s(&sum.machine_s, &softirq);
    for (int i = 0; i < 2; i++) {
        sum.gone += settled(&sides[i]);
        sum.servers_s += served_cpu_s(sides[i].served.server);
    }
    return sum;
}

static void wait_until_home(Side sides[2])
{
    double waiting = 1;
    for (int i = 0; i < 300 && waiting > 0; i++) { // until nobody is under way
        usleep(100000);
        waiting = 0;
        for (int s = 0; s < 2; s++) {
            served_metrics(&sides[s].served, &sides[s].metrics);
            waiting += served_metric(&sides[s].metrics, "infinity_border_waiting");
        }
    }
}

int bench_transfer_servers(BenchArgs args)
{
    static Side sides[2];
    unsigned minds = (unsigned)bench_option(&args, "minds", 1500), threads = (unsigned)bench_option(&args, "threads", 1);
    unsigned founded = (unsigned)bench_option(&args, "founded", 6000);
    double seconds = (double)bench_option(&args, "server-seconds", 8), warm_s = (double)bench_option(&args, "warm-seconds", 1);
    if (!start(&sides[0], 21, minds, founded, threads) || !start(&sides[1], 22, minds, founded, threads)) {
        return 1;
    }
    found(sides, founded);
    static Worker workers[2 * (ASKERS + 1)];
    for (uint32_t i = 0; i < 2 * (ASKERS + 1); i++) {
        workers[i] = (Worker){.side = &sides[i % 2], .other = &sides[1 - i % 2], .number = i / 2};
        pthread_create(&workers[i].thread, NULL, i / 2 < ASKERS ? run_asker : run_lister, &workers[i]);
    }
    usleep((useconds_t)(warm_s * 1e6));
    Sum begin = sum_of(sides), last = begin, end = begin;
    double best = 0;
    while (end.wall_s - begin.wall_s < seconds) {
        usleep(1000000);
        end = sum_of(sides);
        double rate = (end.gone - last.gone) / (end.wall_s - last.wall_s);
        best = rate > best ? rate : best;
        last = end;
    }
    stopping = true;
    for (uint32_t i = 0; i < 2 * (ASKERS + 1); i++) {
        pthread_join(workers[i].thread, NULL);
    }
    wait_until_home(sides);
    double wall = end.wall_s - begin.wall_s, gone = end.gone - begin.gone, cpus = (double)sysconf(_SC_NPROCESSORS_ONLN);
    double cut_us = (end.servers_s - begin.servers_s) * 1e6 / (gone + 1), busy = (end.machine_s - begin.machine_s) / wall / cpus;
    double servers = (end.servers_s - begin.servers_s) / wall / cpus, asking = (end.bench_s - begin.bench_s) / wall / cpus, floor_us = signatures_us();
    double back = served_metric(&sides[0].metrics, "infinity_border_back") + served_metric(&sides[1].metrics, "infinity_border_back");
    bool whole = audit(sides);
    bench_say("%.0f cuts between two servers in %.2f s, %.0f a second (best second %.0f); %.0f us CPU of both servers each, ticks included, of it "
              "%.0f us signatures by libsodium alone",
              gone, wall, gone / wall, best, cut_us, floor_us);
    bench_say("%u minds each and %u founded each; %.0f processors %.0f %% busy: the servers %.0f %%, asking %.0f %%; %u did not want to, %u asked in "
              "vain, %.0f came back; %s",
              minds, founded, cpus, busy * 100, servers * 100, asking * 100, sides[0].refused_by_will + sides[1].refused_by_will,
              sides[0].refused_else + sides[1].refused_else, back,
              whole ? "everybody is in one place and every credit is somewhere" : "the books do not hold");
    bench_result("cuts_per_s_servers", gone / wall);
    bench_result("cuts_per_s_servers_best", best);
    bench_result("cut_cpu_us_servers", cut_us);
    bench_result("cut_signatures_us", floor_us);
    bench_result("cuts_per_s_signatures", floor_us > 0 ? cpus * 1e6 / floor_us : 0);
    bench_result("cut_busy_percent", busy * 100);
    for (int i = 0; i < 2; i++) {
        served_close(&sides[i].served, !whole);
        free(sides[i].slots);
    }
    return whole && gone > 0 ? 0 : 1;
}
