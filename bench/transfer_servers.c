// Part three of what moving a soul costs: cuts between two real `infinity serve` on loopback. The minds of both galaxies that
// agree are told to leave for the other one whenever they are docked, to and fro, by the way a host empties its galaxy
// (POST /api/souls/cut with many souls). Counted are receipts that were settled. At the end both servers are stopped and
// border_audit looks for everybody and every credit.
#include "served.h"
#include "transfer.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASKERS 2       // of each galaxy; each has its share of the souls
#define BATCH 500u
#define ROUND_US 100000 // between two looks at who is docked: a tick
#define SLOTS (1u << 16)

typedef struct Side {
    Served served;
    char url[64], key[65];
    ServedMetrics metrics;
} Side;

typedef struct Asker {
    pthread_t thread;
    const Side *from, *to;
    uint32_t number;
    uint64_t* unwilling; // a table of ids
    uint32_t refused_by_will, refused_else;
} Asker;

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

static bool start(Side* side, unsigned seed, unsigned minds, unsigned threads)
{
    char settings[512];
    snprintf(settings, sizeof settings,
             "seed = %u\nminds = %u\nthreads = %u\nborder = open\nborder_claim_max = 1000000000\nborder_private = all\n", seed, minds, threads);
    if (!served_open(&side->served) || !served_start(&side->served, settings)) {
        return false;
    }
    snprintf(side->url, sizeof side->url, "http://127.0.0.1:%u", side->served.port);
    json_t* self = ask(side, "GET", "/border", NULL);
    const char* key = json_string_value(json_object_get(self, "server"));
    snprintf(side->key, sizeof side->key, "%s", key != NULL ? key : "");
    json_decref(self);
    return side->key[0] != 0;
}

// ---- telling souls to leave -----------------------------------------------------------------------------------------------------

static uint64_t* slot_of(Asker* asker, uint64_t id)
{
    uint32_t at = (uint32_t)((id * 0x9e3779b97f4a7c15ull) >> 48) % SLOTS;
    while (asker->unwilling[at] != 0 && asker->unwilling[at] != id) {
        at = (at + 1) % SLOTS;
    }
    return &asker->unwilling[at];
}

static void send_away(Asker* asker, json_t* souls)
{
    json_t* body = json_pack("{s:O, s:s, s:s, s:i}", "souls", souls, "to", asker->to->url, "server", asker->to->key, "wait_s", 3);
    json_t* answer = ask(asker->from, "POST", "/api/souls/cut", body);
    size_t i;
    json_t* one;
    json_array_foreach(json_object_get(answer, "souls"), i, one) {
        json_int_t status = json_integer_value(json_object_get(one, "status"));
        uint64_t id = strtoull(json_string_value(json_object_get(one, "soul")), NULL, 10);
        if (status == 403 && id != 0) {
            *slot_of(asker, id) = id; // it does not want to: nobody asks it again
            asker->refused_by_will++;
        } else {
            asker->refused_else += status != 200;
        }
    }
    json_decref(answer);
    json_decref(body);
    json_array_clear(souls);
}

static void* run_asker(void* user)
{
    Asker* asker = user;
    json_t* souls = json_array();
    while (!stopping) {
        usleep(ROUND_US);
        char path[64] = "/api/souls?cursor=0";
        for (bool more = true; more && !stopping;) {
            json_t* page = ask(asker->from, "GET", path, NULL);
            size_t i;
            json_t* soul;
            json_array_foreach(json_object_get(page, "souls"), i, soul) {
                const char* text = json_string_value(json_object_get(soul, "soul"));
                uint64_t id = text != NULL ? strtoull(text, NULL, 10) : 0;
                bool mine = id != 0 && id % ASKERS == asker->number && json_is_true(json_object_get(soul, "docked"));
                if (mine && *slot_of(asker, id) == 0) {
                    json_array_append_new(souls, json_string(text));
                }
            }
            const char* next = json_string_value(json_object_get(page, "next"));
            more = next != NULL && strcmp(next, "0") != 0;
            snprintf(path, sizeof path, "/api/souls?cursor=%.30s", more ? next : "0");
            json_decref(page);
            if (json_array_size(souls) >= BATCH || (!more && json_array_size(souls) > 0)) {
                send_away(asker, souls);
            }
        }
    }
    json_decref(souls);
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

int bench_transfer_servers(BenchArgs args)
{
    static Side sides[2];
    unsigned minds = (unsigned)bench_option(&args, "minds", 1500), threads = (unsigned)bench_option(&args, "threads", 1);
    double seconds = (double)bench_option(&args, "server-seconds", 20);
    if (!start(&sides[0], 21, minds, threads) || !start(&sides[1], 22, minds, threads)) {
        return 1;
    }
    static Asker askers[2 * ASKERS];
    double cpu = 0, gone = 0;
    for (int i = 0; i < 2; i++) {
        gone -= settled(&sides[i]);
        cpu -= served_cpu_s(sides[i].served.server);
    }
    double begin = bench_wall_s(), best = 0, last_gone = 0, last_s = begin;
    for (uint32_t i = 0; i < 2 * ASKERS; i++) {
        askers[i] = (Asker){.from = &sides[i % 2], .to = &sides[1 - i % 2], .number = i / 2, .unwilling = calloc(SLOTS, sizeof(uint64_t))};
        pthread_create(&askers[i].thread, NULL, run_asker, &askers[i]);
    }
    while (bench_wall_s() - begin < seconds) {
        usleep(1000000);
        double now_gone = settled(&sides[0]) + settled(&sides[1]), now_s = bench_wall_s(), rate = (now_gone - last_gone) / (now_s - last_s);
        best = rate > best ? rate : best;
        last_gone = now_gone, last_s = now_s;
    }
    double wall = bench_wall_s() - begin;
    for (int i = 0; i < 2; i++) {
        gone += settled(&sides[i]);
        cpu += served_cpu_s(sides[i].served.server);
    }
    stopping = true;
    uint32_t by_will = 0, refused = 0;
    for (uint32_t i = 0; i < 2 * ASKERS; i++) {
        pthread_join(askers[i].thread, NULL);
        free(askers[i].unwilling);
        by_will += askers[i].refused_by_will;
        refused += askers[i].refused_else;
    }
    double waiting = 1;
    for (int i = 0; i < 300 && waiting > 0; i++) { // until nobody is under way
        usleep(100000);
        waiting = 0;
        for (int s = 0; s < 2; s++) {
            served_metrics(&sides[s].served, &sides[s].metrics);
            waiting += served_metric(&sides[s].metrics, "infinity_border_waiting");
        }
    }
    double back = served_metric(&sides[0].metrics, "infinity_border_back") + served_metric(&sides[1].metrics, "infinity_border_back");
    bool whole = audit(sides);
    bench_say("%.0f cuts between two servers in %.2f s (best second %.0f), %u minds each; %.0f us CPU each, ticks and asking included; "
              "%u did not want to, %u asked in vain, %.0f came back; %s",
              gone, wall, best, minds, cpu * 1e6 / (gone + 1), by_will, refused, back,
              whole ? "everybody is in one place and every credit is somewhere" : "the books do not hold");
    bench_result("cuts_per_s_servers", gone / wall);
    bench_result("cuts_per_s_servers_best", best);
    bench_result("cut_cpu_us_servers", gone > 0 ? cpu * 1e6 / gone : 0);
    for (int i = 0; i < 2; i++) {
        served_close(&sides[i].served, !whole);
    }
    return whole && gone > 0 ? 0 : 1;
}
