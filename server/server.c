// The loop. A tick every 100 ms by the monotonic clock; in between, sockets and requests are served. What a tick
// caused is staged in the clients' buffers while the journal writes, and let go when the tick is durable.
#include "server/border.h"

#include <infinity/text.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define SERVER_COOKIE 0x5e12fe12u
/// Further behind than this the lost time is let go, instead of running after it.
#define BEHIND_US_MAX 1000000u
#define DURABLE_WAIT_MS 30000
#define GOODBYE_MS 1000
#define TOTALS_TICKS 50
#define CROWD_CLIENTS 256
#define GATHER_US 2000u

InfServerDef inf_server_def_default(void) {
    return (InfServerDef){.cookie = SERVER_COOKIE,
                          .name = "Infinity",
                          .host = "127.0.0.1",
                          .port = 8080,
                          .players_max = 1000,
                          .sockets_per_address = 64,
                          .tls_port = 8443,
                          .border = {.open = INF_BORDER_PEERS,
                                     .private_addresses = INF_BORDER_PRIVATE_HOST,
                                     .claim_max = 1000,
                                     .retry_ms = 1000},
                          .seed = 42,
                          .minds = 10000,
                          .tick_ms = 1000 / INF_TICKS_PER_SECOND,
                          .tick_budget_percent = 90,
                          .tick_late_percent = 100,
                          .snapshot_ticks = 10 * 60 * INF_TICKS_PER_SECOND,
                          .log_level = INF_LOG_INFO};
}

uint64_t inf_server_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static uint64_t now_us(void) { return inf_server_now_us(); }
static uint64_t now_ms(void) { return now_us() / 1000; }

__attribute__((format(printf, 4, 5))) static void set_error(InfServerError* error, InfServerFault fault,
                                                            InfResult result, const char* format, ...) {
    error->fault = fault;
    error->result = result;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
}

// ---- opening --------------------------------------------------------------------------------------------------

static bool open_galaxy(InfServer* server, InfServerError* error) {
    InfShardsDef def = inf_shards_def_default();
    def.store = INF_SHARDS_FOLDER;
    def.folder = server->def.folder;
    def.seed = server->def.seed;
    def.minds = server->def.minds;
    def.kind = server->def.kind;
    def.host = server->def.host_soul;
    memcpy(def.host_key, server->def.host_key, sizeof(def.host_key));
    // All players may come to one shard, which holds twice the mean and a little.
    def.souls_capacity = def.minds + def.minds / 2 + 4096 + server->def.players_max * (def.shard_count / 2);
    def.threads = server->def.threads;
    def.snapshot_ticks = server->def.snapshot_ticks;
    def.progress = server->def.progress;
    def.progress_user = server->def.progress_user;
    InfShardsError shards_error = {0};
    InfResult result = inf_shards_open(&def, &server->shards, &shards_error);
    if (result != INF_OK) {
        set_error(error, INF_SERVER_FAULT_GALAXY, result, "%s", shards_error.text);
        return false;
    }
    server->shard_count = inf_shards_count(server->shards);
    for (uint32_t s = 0; s < server->shard_count; s++) {
        server->worlds[s] = inf_shards_world(server->shards, s);
    }
    server->kind = (InfGalaxyKind)inf_world_header(server->worlds[0])->galaxy_kind;
    if (server->def.kind_is_wanted && server->kind != server->def.kind) {
        set_error(error, INF_SERVER_FAULT_SETTINGS, INF_ERROR_STATE, "the galaxy in %s is %s, not %s, and stays so; make a new one in another folder",
                  server->def.folder, inf_galaxy_kind_word(server->kind), inf_galaxy_kind_word(server->def.kind));
        return false;
    }
    InfJournal* journal = inf_shards_journal(server->shards);
    if (journal != NULL && inf_journal_query_open(journal, &server->query) != INF_OK) {
        set_error(error, INF_SERVER_FAULT_GALAXY, INF_ERROR_IO, "the journal's read models cannot be opened");
        return false;
    }
    return true;
}

static bool open_clients(InfServer* server, InfServerError* error) {
    InfFanoutDef fanout_def = inf_fanout_def_default();
    server->hands = inf_hands_create(server->def.threads < INF_HANDS_MAX ? server->def.threads : INF_HANDS_MAX);
    if (server->hands == NULL) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_MEMORY, "no thread can be had");
        return false;
    }
    fanout_def.hands = server->hands;
    fanout_def.clients_max = server->def.players_max;
    server->fanout = inf_fanout_create(&fanout_def);
    server->interest = inf_interest_create(server->worlds, server->shard_count, server->hands);
    server->session_max = server->def.players_max;
    server->sessions = calloc(server->session_max, sizeof(InfSession));
    server->seats = calloc(server->session_max, sizeof(InfSeat));
    server->order = calloc(server->session_max, sizeof(uint32_t));
    server->event_slab = calloc(server->session_max, INF_SESSION_EVENT_BYTES);
    server->event_desk = inf_event_desk_create();
    server->feelings = inf_feelings_desk_create(inf_feelings_keep, server);
    if (!server->fanout || !server->interest || !server->sessions || !server->seats || !server->order || !server->event_slab ||
        !server->event_desk || !server->feelings ||
        !inf_slot_map_create(&server->by_soul, server->session_max) ||
        !inf_slot_map_create(&server->by_place, server->session_max) ||
        !inf_slot_map_create(&server->by_host, server->session_max)) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_MEMORY, "out of memory for %u players; set fewer",
                  server->def.players_max);
        return false;
    }
    inf_feelings_restore(server);
    return true;
}

static bool open_doors(InfServer* server, InfServerError* error) {
    char text[512] = "", admin_path[512];
    server->mailbox = inf_mailbox_create(1024, NULL, NULL);
    bool is_awake = server->kind == INF_GALAXY_KIND_AWAKE;
    const char* wrong = is_awake ? inf_awake_open(server) : NULL;
    if (wrong != NULL) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_IO, "%s", wrong);
        return false;
    }
    server->border = inf_border_create(server, text, sizeof(text));
    if (server->border == NULL) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_IO, "%s", text);
        return false;
    }
    InfHttpDef http_def = {.awake_folder = is_awake ? server->def.folder : NULL,
                           .host_token = is_awake ? server->host_token : NULL,
                           .web_root = server->def.web_root,
                           .mailbox = server->mailbox,
                           .metrics = &server->metrics,
                           .prepare = inf_border_prepare,
                           .prepare_user = server->border,
                           .tls_certificate = server->def.tls_certificate,
                           .tls_key = server->def.tls_key,
                           .tls_host = server->def.host,
                           .tls_port = server->def.tls_port};
    if ((http_def.tls_certificate != NULL) != (http_def.tls_key != NULL)) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_RANGE,
                  "HTTPS wants both tls_certificate and tls_key; one of them is missing");
        return false;
    }
    server->http = server->mailbox ? inf_http_create(&http_def, text, sizeof(text)) : NULL;
    if (server->http == NULL) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_IO, "%s", text);
        return false;
    }
    snprintf(admin_path, sizeof(admin_path), "%s/admin.sock", server->def.folder);
    InfListenerDef def = inf_listener_def_default();
    def.host = server->def.host;
    def.port = server->def.port;
    def.unix_path = server->def.unix_path;
    def.admin_path = admin_path;
    def.rules = (InfWsRules){server->def.origins, server->def.origin_count, server->def.hosts, server->def.host_count};
    def.sockets_per_address = server->def.sockets_per_address;
    def.hand_over = inf_http_hand_over;
    def.hand_over_user = server->http;
    server->listener = inf_listener_create(&def, server->fanout, text, sizeof(text));
    if (server->listener == NULL) {
        set_error(error, INF_SERVER_FAULT_ADDRESS, INF_ERROR_IO, "%s", text);
        return false;
    }
    inf_border_set_port(server->border);
    return true;
}

/// Sockets need descriptors: take as many as the system gives.
static void raise_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

InfServer* inf_server_create(const InfServerDef* def, InfServerError* error) {
    memset(error, 0, sizeof(*error));
    if (def->cookie != SERVER_COOKIE || def->folder == NULL || def->name == NULL || def->players_max < 1 ||
        def->players_max > 65535) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_RANGE,
                  "the server's settings are out of range: players must be 1 to 65535, folder and name are needed");
        return NULL;
    }
    if (def->tick_ms < 10 || def->tick_ms > 1000 || def->tick_budget_percent < 1 || def->tick_budget_percent > 100 ||
        def->tick_late_percent < 1 || def->tick_late_percent > 100) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_RANGE,
                  "the server's settings are out of range: a tick may take 10 to 1000 ms, its budget and what is late 1 to 100 percent");
        return NULL;
    }
    if (strlen(def->name) > 63 || inf_text_check(def->name, strlen(def->name), 63) != INF_TEXT_OK) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_RANGE,
                  "the galaxy's name must be a line of up to 63 bytes without control characters");
        return NULL;
    }
    InfServer* server = calloc(1, sizeof(*server));
    if (server == NULL || sodium_init() < 0) {
        free(server);
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_MEMORY, "out of memory, or no source of chance for keys");
        return NULL;
    }
    server->def = *def;
    inf_log_open(2, def->log_style, def->log_level);
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    if (def->nice != 0) { // threads that are made from here on take it over; without the right to it all is as it was
        setpriority(PRIO_PROCESS, 0, def->nice);
    }
    server->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (server->stop_fd < 0) {
        set_error(error, INF_SERVER_FAULT_OTHER, INF_ERROR_IO, "no descriptor left; raise the limit of open files");
        inf_server_destroy(server);
        return NULL;
    }
    if (!open_galaxy(server, error) || !open_clients(server, error) || !open_doors(server, error)) {
        server->failed = true;
        inf_server_destroy(server);
        return NULL;
    }
    inf_totals_refresh(server, 0);
    inf_metric_set(&server->metrics.tick_at_ms, now_ms());
    return server;
}

void inf_server_destroy(InfServer* server) {
    if (server == NULL) {
        return;
    }
    inf_listener_destroy(server->listener);
    inf_http_destroy(server->http);
    inf_border_destroy(server->border);
    inf_session_acts_free(server);
    inf_mailbox_destroy(server->mailbox);
    inf_fanout_destroy(server->fanout);
    inf_hands_destroy(server->hands);
    inf_interest_destroy(server->interest);
    inf_slot_map_free(&server->by_soul);
    inf_slot_map_free(&server->by_place);
    inf_slot_map_free(&server->by_host);
    free(server->sessions);
    free(server->seats);
    free(server->order);
    free(server->slot1_of_row);
    free(server->event_slab);
    inf_event_desk_destroy(server->event_desk);
    inf_feelings_desk_destroy(server->feelings);
    inf_boardings_free(server);
    while (server->births != NULL) {
        InfBirth* next = server->births->next;
        inf_request_free(server->births->request);
        free(server->births);
        server->births = next;
    }
    inf_awake_forget(server);
    if (server->query != NULL) {
        inf_journal_query_close(server->query);
    }
    if (server->failed) {
        inf_shards_abandon(server->shards);
    } else {
        inf_shards_close(server->shards);
    }
    if (server->stop_fd >= 0) {
        close(server->stop_fd);
    }
    free(server);
}

void inf_server_stop(InfServer* server) {
    if (server != NULL) {
        uint64_t one = 1;
        ssize_t written = write(server->stop_fd, &one, sizeof(one));
        (void)written; // full means that it is set already
    }
}

uint16_t inf_server_get_port(const InfServer* server) { return inf_listener_get_port(server->listener); }
uint16_t inf_server_get_tls_port(const InfServer* server) { return inf_http_get_tls_port(server->http); }
InfShards* inf_server_get_shards(InfServer* server) { return server->shards; }

// ---- running --------------------------------------------------------------------------------------------------

static void update_metrics(InfServer* server) {
    InfMetrics* metrics = &server->metrics;
    InfFanoutStats fanout = inf_fanout_get_stats(server->fanout);
    InfListenerStats listener = inf_listener_get_stats(server->listener);
#define COPY(name) inf_metric_set(&metrics->name, fanout.name)
    COPY(clients), COPY(opened), COPY(closed), COPY(messages_in), COPY(bytes_in), COPY(messages_out);
    COPY(frames_out), COPY(bytes_out), COPY(sends), COPY(frames_skipped), COPY(short_writes), COPY(filled), COPY(details_dropped);
    COPY(floods), COPY(slow), COPY(protocol_errors);
#undef COPY
    inf_metric_set(&metrics->accepted, listener.accepted);
    inf_metric_set(&metrics->refused, listener.refused);
    inf_metric_set(&metrics->head_timeouts, listener.timeouts);
    inf_metric_set(&metrics->out_of_descriptors, listener.out_of_descriptors);
    inf_metric_set(&metrics->mailbox_waiting, inf_mailbox_count(server->mailbox));
    inf_metric_set(&metrics->tick, inf_shards_now(server->shards));
    inf_metric_set(&metrics->tick_at_ms, now_ms());
    InfJournal* journal = inf_shards_journal(server->shards);
    if (journal != NULL) {
        inf_metric_set(&metrics->journal_bytes, inf_journal_get_stats(journal).file_bytes_written);
    }
}

/// Answer what HTTP asks. If not all that has happened is durable, that waits until it is.
static void take_requests(InfServer* server) {
    server->has_requests = inf_shards_durable_tick(server->shards) != inf_shards_now(server->shards);
    if (!server->has_requests) {
        inf_answer_requests(server);
    }
}

/// The tick's work is done: does what is told have to fall?
static void note_tick(InfServer* server, uint64_t took_us) {
    uint64_t period_us = server->def.tick_ms * 1000ull;
    inf_metrics_note_tick(&server->metrics, took_us);
    uint64_t load_permille = took_us * 1000 / period_us;
    uint32_t step = server->overload.step;
    inf_overload_note(&server->overload, load_permille < UINT32_MAX ? (uint32_t)load_permille : UINT32_MAX,
                      server->def.tick_budget_percent * 10, server->def.tick_late_percent * 10);
    inf_metric_set(&server->metrics.load_permille, server->overload.mean_permille);
    inf_metric_set(&server->metrics.detail_ships, inf_overload_ships(&server->overload));
    inf_metric_set(&server->metrics.snapshot_every_ticks, inf_overload_every(&server->overload));
    if (server->overload.step != step) {
        inf_metric_add(server->overload.step > step ? &server->metrics.detail_falls : &server->metrics.detail_rises, 1);
        inf_log(INF_LOG_INFO, "server", server->overload.step > step ? "much to do: clients are told less" : "calm: clients are told more",
                "ships", INF_LOG_INT, (int64_t)inf_overload_ships(&server->overload), "every_ticks", INF_LOG_INT,
                (int64_t)inf_overload_every(&server->overload), NULL);
    }
}

/// Has the sealed tick become durable? Then its effects may be seen.
static void release_durable(InfServer* server) {
    if (server->sealed_tick == 0 || inf_shards_durable_tick(server->shards) < server->sealed_tick) {
        return;
    }
    uint64_t begin = now_us();
    inf_metric_set(&server->metrics.journal_lag_us, server->waited_us + (begin - server->sealed_us));
    server->sealed_tick = 0;
    inf_fanout_flush_sealed(server->fanout);
    uint64_t took_us = now_us() - begin;
    inf_metric_add(&server->metrics.send_us, took_us);
    note_tick(server, server->sealed_took_us + took_us);
    inf_answer_births(server);
    inf_boardings_durable(server);
    inf_awake_answer(server);
    inf_border_durable(server->border);
    if (server->has_requests) {
        take_requests(server);
    }
}

/// With many clients something comes every moment: let a little gather, so that a round serves many at a time.
static void gather_input(const InfServer* server, uint64_t until_us) {
    uint64_t now = now_us();
    if (inf_fanout_get_stats(server->fanout).clients >= CROWD_CLIENTS && server->sealed_tick == 0 && now < until_us) {
        uint64_t pause_us = until_us - now < GATHER_US ? until_us - now : GATHER_US;
        nanosleep(&(struct timespec){.tv_nsec = (long)pause_us * 1000}, NULL);
    }
}

/// Serve sockets and requests until the given time. @return false when asked to stop
static bool serve_until(InfServer* server, uint64_t until_us) {
    InfJournal* journal = inf_shards_journal(server->shards);
    struct pollfd fds[6] = {{inf_fanout_fd(server->fanout), POLLIN, 0},
                            {inf_listener_fd(server->listener), POLLIN, 0},
                            {inf_mailbox_fd(server->mailbox), POLLIN, 0},
                            {server->stop_fd, POLLIN, 0},
                            {journal != NULL ? inf_journal_event_fd(journal) : -1, POLLIN, 0},
                            {inf_border_fd(server->border), POLLIN, 0}};
    for (;;) {
        uint64_t now = now_us();
        int wait_ms = now < until_us ? (int)((until_us - now + 999) / 1000) : 0;
        fds[2].fd = server->has_requests ? -1 : inf_mailbox_fd(server->mailbox); // below 0 is passed over by poll()
        int ready = poll(fds, 6, wait_ms);
        if (ready > 0 && (fds[3].revents & POLLIN)) {
            return false;
        }
        if (ready > 0 && (fds[4].revents & POLLIN)) {
            uint64_t count;
            ssize_t got = read(fds[4].fd, &count, sizeof(count));
            (void)got; // it only wakes us
        }
        release_durable(server);
        if (ready > 0 && (fds[5].revents & POLLIN)) {
            inf_border_collect(server->border);
        }
        if (server->sealed_tick == 0 && inf_shards_durable_tick(server->shards) == inf_shards_now(server->shards)) {
            inf_border_durable(server->border); // looks once a tick, and when the courier was back
        }
        inf_listener_poll(server->listener, now_ms());
        inf_fanout_poll(server->fanout, now_ms());
        inf_sessions_receive(server);
        if (ready > 0 && (fds[2].revents & POLLIN)) {
            take_requests(server);
        }
        if (now_us() >= until_us) {
            return true;
        }
        gather_input(server, until_us);
    }
}

/// Wait for the sealed tick: only two ticks are ever under way, the one that becomes durable and the one at hand.
static bool wait_sealed(InfServer* server) {
    uint64_t begin = now_us();
    while (server->sealed_tick != 0) {
        release_durable(server);
        if (server->sealed_tick == 0) {
            break;
        }
        InfResult result = inf_journal_wait(inf_shards_journal(server->shards), server->sealed_tick, 20);
        if ((result != INF_OK && result != INF_ERROR_STATE) || now_us() - begin > DURABLE_WAIT_MS * 1000ull) {
            return false;
        }
        inf_fanout_poll(server->fanout, now_ms()); // nothing is taken in, but nobody is lost
    }
    return true;
}

static bool run_tick(InfServer* server) {
    uint64_t begin = now_us();
    inf_sessions_before_tick(server);
    inf_border_before_tick(server->border);
    bool is_observed = inf_fanout_get_stats(server->fanout).clients > 0 || server->births != NULL || server->boardings != NULL ||
                       server->awake_waits != NULL || server->has_requests || inf_border_is_busy(server->border);
    inf_shards_set_observed(server->shards, is_observed);
    if (inf_shards_tick(server->shards) != INF_OK) {
        return false;
    }
    inf_sessions_after_tick(server);
    inf_session_acts_after_tick(server);
    inf_border_after_tick(server->border);
    inf_feelings_sample(server);
    uint64_t took_us = now_us() - begin;
    inf_metric_add(&server->metrics.worlds_us, took_us);
    if (!wait_sealed(server)) { // a slow disk makes late frames, not lost ones: a lost one is told anew, whole
        return false;
    }
    begin = now_us();
    server->waited_us = 0;
    inf_events_sort(server);
    inf_sessions_tell(server);
    took_us += now_us() - begin - server->waited_us;
    if (!is_observed) {
        note_tick(server, took_us);
    } else { // and noted when it has been sent
        inf_fanout_seal(server->fanout);
        server->sealed_tick = inf_shards_now(server->shards);
        server->sealed_us = now_us();
        server->sealed_took_us = took_us;
        release_durable(server);
    }
    inf_totals_refresh(server, TOTALS_TICKS);
    update_metrics(server);
    return !inf_journal_has_failed(inf_shards_journal(server->shards));
}

/// Goodbyes are on their way: give clients a moment to answer.
static void wait_goodbyes(InfServer* server) {
    uint64_t until = now_ms() + GOODBYE_MS;
    while (now_ms() < until && inf_fanout_get_stats(server->fanout).clients > 0) {
        struct pollfd wait = {inf_fanout_fd(server->fanout), POLLIN, 0};
        poll(&wait, 1, 20);
        inf_fanout_poll(server->fanout, now_ms());
        for (InfFanoutEvent event; inf_fanout_next(server->fanout, &event);) {
        }
    }
}

InfServerFault inf_server_run(InfServer* server, InfServerError* error) {
    memset(error, 0, sizeof(*error));
    inf_sessions_forget_connected(server);
    inf_log(INF_LOG_INFO, "server", "the galaxy runs", "tick", INF_LOG_INT, (int64_t)inf_shards_now(server->shards),
            "port", INF_LOG_INT, (int64_t)inf_server_get_port(server), "files", INF_LOG_INT,
            (int64_t)inf_http_get_file_count(server->http), NULL);
    const uint64_t period_us = server->def.tick_ms * 1000ull;
    uint64_t next_us = now_us() + period_us;
    bool is_asked = false;
    while (!is_asked) {
        if (!serve_until(server, next_us)) {
            is_asked = true;
            break;
        }
        uint64_t late_us = now_us() - next_us;
        if (late_us > period_us) {
            inf_metric_add(&server->metrics.ticks_late, 1);
        }
        if (late_us > BEHIND_US_MAX) { // the galaxy slows down rather than running after its clock
            inf_metric_add(&server->metrics.slowed_ticks_total, late_us / period_us);
            next_us += late_us / period_us * period_us;
        }
        next_us += period_us;
        if (!run_tick(server)) {
            break;
        }
    }
    if (!is_asked) {
        server->failed = true;
        InfJournalError journal_error = inf_journal_get_error(inf_shards_journal(server->shards));
        const char* reason = journal_error.text[0] != 0 ? journal_error.text : inf_shards_error(server->shards);
        set_error(error, INF_SERVER_FAULT_GALAXY, INF_ERROR_IO, "%s",
                  reason[0] != 0 ? reason : "the journal did not become durable in 30 seconds; nothing was sent");
        inf_log(INF_LOG_ERROR, "server", "the journal failed; the galaxy halts", "reason", INF_LOG_STRING, error->text, NULL);
        inf_fanout_fail_all(server->fanout, INF_WS_CLOSE_INTERNAL, NULL); // without what is staged: it is not durable
        wait_goodbyes(server);
        return error->fault;
    }
    inf_log(INF_LOG_INFO, "server", "stopping", "tick", INF_LOG_INT, (int64_t)inf_shards_now(server->shards), NULL);
    if (inf_shards_wait_durable(server->shards, DURABLE_WAIT_MS) != INF_OK) {
        server->failed = true;
        set_error(error, INF_SERVER_FAULT_GALAXY, INF_ERROR_IO, "%s", inf_shards_error(server->shards));
        return error->fault;
    }
    inf_fanout_close_all(server->fanout, INF_WS_CLOSE_GOING_AWAY, NULL);
    inf_fanout_flush(server->fanout);
    wait_goodbyes(server);
    return INF_SERVER_OK;
}
