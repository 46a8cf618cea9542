// infinity-load: thousands of players in one process. Real sockets, real sign-in, real frames. Pilots are shared out among
// crews, one thread each. Phases: connect (so many at a time, by epoll), settle, measure, report.
//
// While it settles and measures, a crew either reads each socket as soon as epoll tells it, or takes turns with the server
// (`--in-turns`): it waits for a tick's first frames on a few of its sockets, lets the tick gather until none of these few hears
// more, and then reads all of its sockets once. That is how it stays off the server's processors while the server works, as
// players on other machines would. What it takes for the time of a snapshot is then later than its arrival; of some pilots
// the kernel's own time of arrival is told too.
#include "load.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define RECEIVE_BYTES (1u << 18)
#define EVENTS_AT_ONCE 512
/// Ports of one source address are about 28,000; fewer keep the kernel's search for a free one short.
#define CLIENTS_PER_SOURCE 2000u
#define SOURCES_MAX 64u
/// Sockets that tell when a tick begins and ends: one of so many.
#define SENTINEL_EVERY 32u
/// So long without a frame for any of them is the end of a tick.
#define GATHER_STEP_US 3000u
/// But a tick is read after so long at the latest.
#define GATHER_MAX_US 70000u

typedef struct Load Load;

/// What one thread does: pilots one after the other, and the sums of what they found.
typedef struct Crew {
    Load* load;
    pthread_t thread;
    LoadPilot* pilots;
    uint32_t first, count; ///< number of its first pilot, and how many they are
    uint32_t begun, next_to_act;
    double due; ///< inputs
    int epoll_fd;
    uint8_t* receive;
    LoadFleet fleet;
} Crew;

struct Load {
    LoadOptions options;
    Crew crews[LOAD_THREADS_MAX];
    uint32_t crew_count;
    pthread_barrier_t barrier; ///< between two phases
    LoadPilot* pilots;
    LoadResult result; ///< at the end
    char sources[SOURCES_MAX][16];
    uint64_t begun_us, measure_from_us;
    double cpu_from_s;
};

static volatile sig_atomic_t stopped;
static void on_stop(int signal_number) { stopped = signal_number; }

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// ---- connecting -------------------------------------------------------------------------------------------------

/// Letters and digits only, and no two of them alike in the eyes of the tag registry: digits as letters far apart.
static void write_tag(char tag[INF_NAME_BYTES], uint64_t seed, uint32_t client)
{
    static const char letters[] = "bdfghkmprt";
    char digits[24];
    snprintf(digits, sizeof digits, "%u%05u", (uint32_t)(seed % 1000), client);
    char* at = tag;
    at += snprintf(at, 8, "Pilot");
    for (const char* digit = digits; *digit != 0; digit++) {
        *at++ = letters[*digit - '0'];
        *at++ = "aeiou"[(digit - digits) % 5];
    }
    *at = 0;
}

static bool start_client(Crew* crew, uint32_t i)
{
    const LoadOptions* options = &crew->load->options;
    InfClientDef def = {.host = options->host,
                        .port = (uint16_t)options->port,
                        .unix_path = options->unix_path,
                        .receive_bytes = RECEIVE_BYTES,
                        .send_bytes = 4096,
                        .kernel_receive_bytes = options->kernel_receive_bytes,
                        .shared_receive = crew->receive};
    uint32_t number = crew->first + i, source = number / CLIENTS_PER_SOURCE % SOURCES_MAX;
    bool is_loopback = strncmp(options->host, "127.", 4) == 0;
    def.source = options->unix_path == NULL && is_loopback ? crew->load->sources[source] : NULL;
    memcpy(def.seed, "infinity load", 13);
    memcpy(def.seed + 16, &options->seed, 8);
    memcpy(def.seed + 24, &number, 4);
    write_tag(def.tag, options->seed, number);
    LoadPilot* pilot = &crew->pilots[i];
    load_pilot_begin(pilot, &crew->fleet, number, options->seed);
    pilot->client = inf_client_create(&def);
    if (pilot->client == NULL) {
        pilot->is_lost = true;
        crew->fleet.closed++;
        if (crew->fleet.first_closed[0] == 0) {
            snprintf(crew->fleet.first_closed, sizeof crew->fleet.first_closed, "client %u: cannot connect: %s", number,
                     strerror(errno));
        }
        return false;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u32 = i};
    pilot->watches_out = true;
    return epoll_ctl(crew->epoll_fd, EPOLL_CTL_ADD, inf_client_fd(pilot->client), &event) == 0;
}

static void connect_more(Crew* crew)
{
    uint32_t done = crew->fleet.ready + crew->fleet.closed;
    uint32_t at_once = (crew->load->options.at_once + crew->load->crew_count - 1) / crew->load->crew_count;
    // Those that were ready and closed later are counted twice: then fewer are under way than thought, which is fine.
    while (crew->begun < crew->count && crew->begun < done + at_once) {
        start_client(crew, crew->begun++);
    }
}

// ---- the loop, eager --------------------------------------------------------------------------------------------

static void watch_out(Crew* crew, LoadPilot* pilot)
{
    bool wants = inf_client_wants_write(pilot->client);
    if (wants != pilot->watches_out && !pilot->is_lost) {
        struct epoll_event event = {.events = EPOLLIN | (wants ? (uint32_t)EPOLLOUT : 0u),
                                    .data.u32 = pilot->number - crew->first};
        epoll_ctl(crew->epoll_fd, EPOLL_CTL_MOD, inf_client_fd(pilot->client), &event);
        pilot->watches_out = wants;
    }
}

/// What is due since the last time. @param is_watched  epoll has all sockets; else what waits goes when they are read next
static void act(Crew* crew, uint64_t passed_us, bool is_watched)
{
    crew->due += (double)passed_us * 1e-9 * crew->load->options.hz_milli * crew->begun;
    if (crew->due > crew->begun) {
        crew->due = crew->begun; // behind by more than a whole round: the rest is let go
    }
    for (; crew->due >= 1 && crew->begun != 0; crew->due -= 1) {
        LoadPilot* pilot = &crew->pilots[crew->next_to_act++ % crew->begun];
        load_pilot_act(pilot, &crew->fleet);
        if (pilot->client != NULL && is_watched) {
            watch_out(crew, pilot);
        }
    }
}

static void run_until(Crew* crew, uint64_t until_us, bool until_all_ready)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    crew->fleet.now_us = now_us();
    while (!stopped && crew->fleet.now_us < until_us) {
        if (until_all_ready) {
            connect_more(crew);
            if (crew->fleet.ready + crew->fleet.closed >= crew->count) {
                return;
            }
        }
        int count = epoll_wait(crew->epoll_fd, events, EVENTS_AT_ONCE, 5);
        uint64_t now = now_us(), passed_us = now - crew->fleet.now_us;
        crew->fleet.now_us = now;
        for (int i = 0; i < count; i++) {
            LoadPilot* pilot = &crew->pilots[events[i].data.u32];
            if (i + 2 < count) {
                for (size_t at = 0; at < sizeof *pilot; at += 64) {
                    __builtin_prefetch((const char*)&crew->pilots[events[i + 2].data.u32] + at, 1);
                }
            }
            if (i + 1 < count) {
                load_pilot_fetch(&crew->pilots[events[i + 1].data.u32]);
            }
            if (i % 64 == 63) { // a long turn must not make all its snapshots look simultaneous
                crew->fleet.now_us = now_us();
                passed_us += crew->fleet.now_us - now;
                now = crew->fleet.now_us;
            }
            if (!pilot->is_lost && load_pilot_run(pilot, &crew->fleet)) {
                watch_out(crew, pilot);
            }
        }
        act(crew, passed_us, true);
    }
}

// ---- the loop, in turns with the server -------------------------------------------------------------------------

/// From now on epoll tells of the sentinels only, and only when something comes for them.
static void watch_sentinels(Crew* crew)
{
    for (uint32_t i = 0; i < crew->begun; i++) {
        LoadPilot* pilot = &crew->pilots[i];
        if (pilot->client == NULL || pilot->is_lost) {
            continue;
        }
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u32 = i};
        bool is_sentinel = i % SENTINEL_EVERY == 0;
        epoll_ctl(crew->epoll_fd, is_sentinel ? EPOLL_CTL_MOD : EPOLL_CTL_DEL, inf_client_fd(pilot->client), &event);
        pilot->watches_out = false;
    }
}

/// Wait until a tick has been sent. @return false if nothing came
static bool gather(Crew* crew)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    if (epoll_wait(crew->epoll_fd, events, EVENTS_AT_ONCE, 20) <= 0) {
        return false;
    }
    uint64_t from_us = now_us();
    do {
        nanosleep(&(struct timespec){.tv_nsec = GATHER_STEP_US * 1000}, NULL);
    } while (epoll_wait(crew->epoll_fd, events, EVENTS_AT_ONCE, 0) > 0 && now_us() - from_us < GATHER_MAX_US);
    return true;
}

static void read_all(Crew* crew)
{
    for (uint32_t i = 0; i < crew->begun; i++) {
        LoadPilot* pilot = &crew->pilots[i];
        if (i + 2 < crew->begun) {
            for (size_t at = 0; at < sizeof *pilot; at += 64) {
                __builtin_prefetch((const char*)(pilot + 2) + at, 1);
            }
            load_pilot_fetch(pilot + 1);
        }
        if (i % 64 == 0) {
            crew->fleet.now_us = now_us();
        }
        if (pilot->client != NULL && !pilot->is_lost) {
            load_pilot_run(pilot, &crew->fleet);
        }
    }
}

static void take_turns_until(Crew* crew, uint64_t until_us)
{
    uint64_t acted_us = now_us();
    while (!stopped && (crew->fleet.now_us = now_us()) < until_us) {
        if (gather(crew)) {
            read_all(crew);
        }
        uint64_t now = crew->fleet.now_us = now_us();
        act(crew, now - acted_us, false);
        acted_us = now;
    }
}

// ---- the phases -------------------------------------------------------------------------------------------------

static void tell(const Load* load, const char* what)
{
    if (load->options.tell) {
        puts(what);
        fflush(stdout);
    }
}

/// All crews come here; one of them does what is common. @return whether it is this one
static bool meet(Load* load) { return pthread_barrier_wait(&load->barrier) == PTHREAD_BARRIER_SERIAL_THREAD; }

static void play_until(Crew* crew, uint64_t until_us)
{
    if (crew->load->options.in_turns) {
        take_turns_until(crew, until_us);
    } else {
        run_until(crew, until_us, false);
    }
}

static void* run_crew(void* argument)
{
    Crew* crew = argument;
    Load* load = crew->load;
    run_until(crew, load->begun_us + load->options.ramp_s * 1000000ull, true);
    if (meet(load)) {
        load->result.connected_us = now_us() - load->begun_us;
    }
    if (load->options.in_turns) {
        watch_sentinels(crew);
    }
    play_until(crew, now_us() + load->options.settle_s * 1000000ull);
    if (meet(load)) {
        load->cpu_from_s = cpu_s();
        load->measure_from_us = now_us();
        tell(load, "measuring");
    }
    meet(load);
    crew->fleet.measuring = true;
    play_until(crew, load->measure_from_us + load->options.seconds * 1000000ull);
    crew->fleet.measuring = false;
    if (meet(load)) {
        load->result.measured_us = now_us() - load->measure_from_us;
        load->result.cpu_s = cpu_s() - load->cpu_from_s;
        tell(load, "measured");
    }
    return NULL;
}

static void add_crew(Load* load, const Crew* crew)
{
    LoadFleet* all = &load->result.fleet;
    all->ready += crew->fleet.ready;
    all->closed += crew->fleet.closed;
    if (all->first_error[0] == 0) {
        memcpy(all->first_error, crew->fleet.first_error, sizeof all->first_error);
    }
    if (all->first_closed[0] == 0) {
        memcpy(all->first_closed, crew->fleet.first_closed, sizeof all->first_closed);
    }
    load_sums_add(&all->sums, &crew->fleet.sums);
}

static void raise_descriptors(uint32_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        if (limit.rlim_cur < wanted) {
            load_die("%u clients need as many open files; the limit here is %llu (ulimit -n)", wanted,
                (unsigned long long)limit.rlim_cur);
        }
    }
}

int main(int argc, char** argv)
{
    static Load load;
    load.options = load_read_options(argc, argv);
    raise_descriptors(load.options.clients + 32);
    // Players on other machines would not push the server off its processor whenever something comes for them.
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, on_stop);
    signal(SIGTERM, on_stop);
    load.pilots = calloc(load.options.clients, sizeof *load.pilots);
    load.crew_count = load.options.threads < load.options.clients ? load.options.threads : load.options.clients;
    pthread_barrier_init(&load.barrier, NULL, load.crew_count);
    for (uint32_t i = 0; i < SOURCES_MAX; i++) {
        snprintf(load.sources[i], sizeof load.sources[i], "127.0.0.%u", i + 2);
    }
    load.begun_us = now_us();
    uint32_t given = 0;
    for (uint32_t c = 0; c < load.crew_count; c++) {
        Crew* crew = &load.crews[c];
        uint32_t count = (load.options.clients - given) / (load.crew_count - c);
        *crew = (Crew){.load = &load, .pilots = load.pilots + given, .first = given, .count = count,
                       .epoll_fd = epoll_create1(EPOLL_CLOEXEC), .receive = malloc(RECEIVE_BYTES)};
        given += count;
        crew->fleet.scene = load.options.scene;
        crew->fleet.now_us = load.begun_us;
        if (load.pilots == NULL || crew->receive == NULL || crew->epoll_fd < 0) {
            load_die("out of memory");
        }
    }
    for (uint32_t c = 1; c < load.crew_count; c++) {
        if (pthread_create(&load.crews[c].thread, NULL, run_crew, &load.crews[c]) != 0) {
            load_die("no thread can be had");
        }
    }
    run_crew(&load.crews[0]);
    for (uint32_t c = 0; c < load.crew_count; c++) {
        if (c > 0) {
            pthread_join(load.crews[c].thread, NULL);
        }
        add_crew(&load, &load.crews[c]);
    }
    for (uint32_t i = 0; i < load.options.clients; i++) {
        const LoadPilot* pilot = &load.pilots[i];
        load.result.connected += pilot->was_ready && !pilot->is_lost;
        load.result.flying += pilot->ship_state == INF_SHIP_STATE_SPACE && !pilot->is_lost;
    }
    load_report(&load.options, &load.result);
    for (uint32_t i = 0; i < load.options.clients; i++) {
        load_pilot_end(&load.pilots[i]);
    }
    for (uint32_t c = 0; c < load.crew_count; c++) {
        close(load.crews[c].epoll_fd);
        free(load.crews[c].receive);
    }
    free(load.pilots);
    const LoadSums* sums = &load.result.fleet.sums;
    bool is_fine = load.result.fleet.ready == load.options.clients && sums->decode_errors + sums->sequence_errors +
                                                                       sums->implausible + sums->proof_errors == 0;
    return is_fine ? 0 : 1;
}
