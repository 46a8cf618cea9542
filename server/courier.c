// libcurl's multi interface in one thread. Two queues under one lock, as in the mailbox: errands out, errands back.
// Redirects are not followed (a server is who its key says, not where it points to), proxies of the environment are
// not used, and an address in a private network is refused for whom it is not allowed when the socket is opened, after
// the name was resolved: a name that resolves differently the second time gains nothing.
#include "server/courier.h"

#include "server/address.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

typedef struct Queue {
    InfErrand *first, *last;
} Queue;

typedef struct Run Run;

struct InfCourier {
    InfCourierDef def;
    Run* runs; ///< under way; the thread's
    uint32_t run_count;
    Queue waiting; ///< for a connection; the thread's
    char* ca_file;
    CURLM* multi;
    struct curl_slist* headers;
    pthread_t thread;
    bool has_thread;
    _Atomic bool stopping;
    pthread_mutex_t lock;
    Queue out, back;
    uint32_t count;
    int fd;
};

/// An errand under way; belongs to the thread.
struct Run {
    struct Run *next, *previous;
    InfCourier* courier;
    InfErrand* errand;
    CURL* easy;
    size_t capacity;
    bool too_long, is_private;
    char error[CURL_ERROR_SIZE];
};

static void push(Queue* queue, InfErrand* errand) {
    errand->next = NULL;
    if (queue->last != NULL) {
        queue->last->next = errand;
    } else {
        queue->first = errand;
    }
    queue->last = errand;
}

static InfErrand* pop(Queue* queue) {
    InfErrand* errand = queue->first;
    if (errand != NULL) {
        queue->first = errand->next;
        queue->last = queue->first != NULL ? queue->last : NULL;
        errand->next = NULL;
    }
    return errand;
}

InfCourierDef inf_courier_def_default(void) {
    return (InfCourierDef){
        .connect_ms = 5000, .timeout_ms = 20000, .answer_bytes_max = 4u << 20, .connections_per_host = 8,
        .connections_max = 64, .errands_max = 2048};
}

const char* inf_courier_check_url(const char* url, char out[INF_COURIER_URL_BYTES]) {
    size_t scheme_bytes = strncasecmp(url, "https://", 8) == 0 ? 8 : strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
    if (scheme_bytes == 0) {
        return "a server's address begins with https:// or http://";
    }
    size_t bytes = strlen(url);
    while (bytes > scheme_bytes && url[bytes - 1] == '/') {
        bytes--;
    }
    if (bytes == scheme_bytes || bytes >= INF_COURIER_URL_BYTES) {
        return bytes == scheme_bytes ? "the address has no host" : "the address is too long";
    }
    for (size_t i = scheme_bytes; i < bytes; i++) {
        char c = url[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr(".-:[]", c) != NULL;
        if (!fine) {
            return "a server's address is scheme, host and port only, like https://galaxy.example:8443";
        }
    }
    memcpy(out, url, bytes);
    out[bytes] = 0;
    for (size_t i = 0; i < scheme_bytes; i++) {
        out[i] = (char)(out[i] >= 'A' && out[i] <= 'Z' ? out[i] + 32 : out[i]);
    }
    return NULL;
}

InfErrand* inf_errand_create(const char* base_url, const char* path, char* body) {
    InfErrand* errand = calloc(1, sizeof(*errand));
    if (errand == NULL) {
        free(body);
        return NULL;
    }
    snprintf(errand->url, sizeof(errand->url), "%s%s", base_url, path);
    errand->base_bytes = strlen(base_url);
    errand->body = body;
    errand->body_bytes = body != NULL ? strlen(body) : 0;
    return errand;
}

void inf_errand_free(InfErrand* errand) {
    if (errand != NULL) {
        if (errand->user_free != NULL) {
            errand->user_free(errand->user);
        }
        free(errand->body);
        free(errand->answer);
        free(errand);
    }
}

// ---- one errand, on the courier's thread ------------------------------------------------------------------------

static size_t take_answer(char* bytes, size_t size, size_t count, void* user) {
    Run* run = user;
    InfErrand* errand = run->errand;
    size_t more = size * count;
    if (errand->answer_bytes + more > run->courier->def.answer_bytes_max) {
        run->too_long = true;
        return 0;
    }
    if (errand->answer_bytes + more + 1 > run->capacity) {
        size_t capacity = run->capacity < 4096 ? 4096 : run->capacity;
        while (capacity < errand->answer_bytes + more + 1) {
            capacity *= 2;
        }
        char* grown = realloc(errand->answer, capacity);
        if (grown == NULL) {
            return 0;
        }
        errand->answer = grown;
        run->capacity = capacity;
    }
    memcpy(errand->answer + errand->answer_bytes, bytes, more);
    errand->answer_bytes += more;
    errand->answer[errand->answer_bytes] = 0;
    return more;
}

static curl_socket_t open_socket(void* user, curlsocktype purpose, struct curl_sockaddr* address) {
    Run* run = user;
    if (purpose == CURLSOCKTYPE_IPCXN && !run->errand->allows_private && inf_address_is_private(&address->addr)) {
        run->is_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// A connection that somebody else's errand opened to a private address must not be taken over by one that may not.
static void keep_apart(Run* run) {
    if (!run->errand->allows_private) {
        curl_easy_setopt(run->easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(run->easy, CURLOPT_FORBID_REUSE, 1L);
    }
}

static void finish(InfCourier* courier, InfErrand* errand) {
    pthread_mutex_lock(&courier->lock);
    push(&courier->back, errand);
    pthread_mutex_unlock(&courier->lock);
    uint64_t one = 1;
    ssize_t written = write(courier->fd, &one, sizeof(one));
    (void)written; // full means that it is readable already
    if (courier->def.wake != NULL) {
        courier->def.wake(courier->def.wake_user);
    }
}

static void begin(InfCourier* courier, InfErrand* errand) {
    if (errand->pack != NULL && !errand->pack(errand)) {
        errand->end = INF_ERRAND_UNREACHED;
        finish(courier, errand);
        return;
    }
    errand->body_bytes = errand->body != NULL ? strlen(errand->body) : 0;
    Run* run = calloc(1, sizeof(*run));
    CURL* easy = run != NULL ? curl_easy_init() : NULL;
    if (easy == NULL) {
        free(run);
        errand->end = INF_ERRAND_UNREACHED;
        snprintf(errand->error, sizeof(errand->error), "out of memory");
        finish(courier, errand);
        return;
    }
    run->courier = courier;
    run->errand = errand;
    run->easy = easy;
    curl_easy_setopt(easy, CURLOPT_URL, errand->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)courier->def.connect_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(errand->timeout_ms != 0 ? errand->timeout_ms : courier->def.timeout_ms));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, run->error);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, run);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, run);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, run);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "infinity");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, courier->headers);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (courier->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, courier->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (errand->body != NULL) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)errand->body_bytes);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, errand->body);
    }
    keep_apart(run);
    run->next = courier->runs;
    if (run->next != NULL) {
        run->next->previous = run;
    }
    courier->runs = run;
    courier->run_count++;
    curl_multi_add_handle(courier->multi, easy);
}

static void drop(InfCourier* courier, Run* run) {
    curl_multi_remove_handle(courier->multi, run->easy);
    curl_easy_cleanup(run->easy);
    courier->run_count--;
    *(run->previous != NULL ? &run->previous->next : &courier->runs) = run->next;
    if (run->next != NULL) {
        run->next->previous = run->previous;
    }
    free(run);
}

static void conclude(InfCourier* courier, Run* run, CURLcode code) {
    InfErrand* errand = run->errand;
    long status = 0;
    curl_easy_getinfo(run->easy, CURLINFO_RESPONSE_CODE, &status);
    errand->status = (int)status;
    const char* why = run->error[0] != 0 ? run->error : curl_easy_strerror(code);
    switch (code) {
    case CURLE_OK:
        errand->end = INF_ERRAND_ANSWERED;
        break;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        errand->end = INF_ERRAND_UNREACHED;
        break;
    default:
        errand->end = INF_ERRAND_UNKNOWN;
        break;
    }
    if (run->is_private) {
        errand->end = INF_ERRAND_UNREACHED;
        why = "the address is on this machine or in a private network, and only the host may name such";
    } else if (run->too_long) {
        why = "the answer is longer than a server's answer can be";
    }
    if (errand->end != INF_ERRAND_ANSWERED) {
        snprintf(errand->error, sizeof(errand->error), "%s", why);
        free(errand->answer);
        errand->answer = NULL;
        errand->answer_bytes = 0;
        errand->status = 0;
    } else if (errand->unpack != NULL) {
        errand->unpack(errand);
    }
    drop(courier, run);
    finish(courier, errand);
}

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/// One server that does not answer must not hold up the others, nor all of them together the process's descriptors.
static bool has_connection_for(const InfCourier* courier, const InfErrand* errand) {
    uint32_t there = 0;
    for (const Run* run = courier->runs; run != NULL; run = run->next) {
        there += run->errand->base_bytes == errand->base_bytes && strncmp(run->errand->url, errand->url, errand->base_bytes) == 0;
    }
    return courier->run_count < courier->def.connections_max && there < courier->def.connections_per_host;
}

/// Begin what there are connections for, in the order of their coming; what has waited too long goes back.
static void begin_waiting(InfCourier* courier) {
    Queue still = {0};
    uint64_t now = now_ms();
    uint32_t left = 0;
    for (InfErrand* errand; (errand = pop(&courier->waiting)) != NULL;) {
        if (has_connection_for(courier, errand)) {
            begin(courier, errand);
        } else if (now - errand->sent_ms > courier->def.timeout_ms) {
            errand->end = INF_ERRAND_UNREACHED;
            snprintf(errand->error, sizeof(errand->error), "too many letters to other servers are under way from here; it was not its turn in time");
            if (courier->def.metrics != NULL) {
                inf_metric_add(&courier->def.metrics->letters_refused, 1);
            }
            finish(courier, errand);
        } else {
            push(&still, errand);
            left++;
        }
    }
    courier->waiting = still;
    if (courier->def.metrics != NULL) {
        inf_metric_set(&courier->def.metrics->letters_waiting, left);
        inf_metric_set(&courier->def.metrics->letters_under_way, courier->run_count);
    }
}

static void* run_courier(void* user) {
    InfCourier* courier = user;
    while (!courier->stopping) {
        pthread_mutex_lock(&courier->lock);
        Queue out = courier->out;
        courier->out = (Queue){0};
        pthread_mutex_unlock(&courier->lock);
        for (InfErrand* errand; (errand = pop(&out)) != NULL;) {
            push(&courier->waiting, errand);
        }
        begin_waiting(courier);
        int running = 0, left = 0;
        uint32_t before = courier->run_count;
        curl_multi_perform(courier->multi, &running);
        for (CURLMsg* message; (message = curl_multi_info_read(courier->multi, &left)) != NULL;) {
            if (message->msg == CURLMSG_DONE) {
                Run* run = NULL;
                CURLcode code = message->data.result;
                curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char**)&run);
                conclude(courier, run, code);
            }
        }
        bool has_room = courier->run_count < before && courier->waiting.first != NULL;
        curl_multi_poll(courier->multi, NULL, 0, has_room ? 0 : 1000, NULL);
    }
    return NULL;
}

// ---- the courier --------------------------------------------------------------------------------------------------

InfCourier* inf_courier_create(const InfCourierDef* def, char* error, size_t error_bytes) {
    if (def->ca_file != NULL && access(def->ca_file, R_OK) != 0) {
        snprintf(error, error_bytes, "the file of trusted certificates '%s' cannot be read; correct border_ca", def->ca_file);
        return NULL;
    }
    InfCourier* courier = calloc(1, sizeof(*courier));
    if (courier == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(courier);
        snprintf(error, error_bytes, "libcurl could not start");
        return NULL;
    }
    courier->def = *def;
    courier->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    courier->ca_file = def->ca_file != NULL ? strdup(def->ca_file) : NULL;
    courier->multi = curl_multi_init();
    courier->headers = curl_slist_append(NULL, "Content-Type: application/json");
    courier->headers = curl_slist_append(courier->headers, "Expect:"); // a body is sent at once
    pthread_mutex_init(&courier->lock, NULL);
    if (courier->multi != NULL) {
        curl_multi_setopt(courier->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)def->connections_per_host);
        curl_multi_setopt(courier->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)def->connections_max);
        curl_multi_setopt(courier->multi, CURLMOPT_MAXCONNECTS, (long)def->connections_max); // that are kept open
        courier->has_thread = courier->fd >= 0 && pthread_create(&courier->thread, NULL, run_courier, courier) == 0;
    }
    if (!courier->has_thread) {
        snprintf(error, error_bytes, "the courier's thread could not start");
        inf_courier_destroy(courier);
        return NULL;
    }
    return courier;
}

void inf_courier_destroy(InfCourier* courier) {
    if (courier == NULL) {
        return;
    }
    if (courier->has_thread) {
        courier->stopping = true;
        curl_multi_wakeup(courier->multi);
        pthread_join(courier->thread, NULL);
    }
    if (courier->multi != NULL) {
        while (courier->runs != NULL) {
            inf_errand_free(courier->runs->errand);
            drop(courier, courier->runs);
        }
        curl_multi_cleanup(courier->multi);
    }
    for (InfErrand* errand; (errand = pop(&courier->out)) != NULL;) {
        inf_errand_free(errand);
    }
    for (InfErrand* errand; (errand = pop(&courier->waiting)) != NULL;) {
        inf_errand_free(errand);
    }
    for (InfErrand* errand; (errand = pop(&courier->back)) != NULL;) {
        inf_errand_free(errand);
    }
    curl_slist_free_all(courier->headers);
    pthread_mutex_destroy(&courier->lock);
    if (courier->fd >= 0) {
        close(courier->fd);
    }
    free(courier->ca_file);
    free(courier);
    curl_global_cleanup();
}

void inf_courier_send(InfCourier* courier, InfErrand* errand) {
    errand->sent_ms = now_ms();
    pthread_mutex_lock(&courier->lock);
    bool is_room = courier->count < courier->def.errands_max;
    courier->count++;
    if (is_room) {
        push(&courier->out, errand);
    }
    pthread_mutex_unlock(&courier->lock);
    if (is_room) {
        curl_multi_wakeup(courier->multi);
        return;
    }
    errand->end = INF_ERRAND_UNREACHED;
    snprintf(errand->error, sizeof(errand->error), "too many letters to other servers are under way from here");
    if (courier->def.metrics != NULL) {
        inf_metric_add(&courier->def.metrics->letters_refused, 1);
    }
    finish(courier, errand);
}

InfErrand* inf_courier_collect(InfCourier* courier) {
    pthread_mutex_lock(&courier->lock);
    InfErrand* errand = pop(&courier->back);
    if (errand != NULL) {
        courier->count--;
    } else {
        uint64_t count;
        ssize_t got = read(courier->fd, &count, sizeof(count));
        (void)got; // under the lock: an errand that ends after this makes it readable again
    }
    pthread_mutex_unlock(&courier->lock);
    return errand;
}

int inf_courier_fd(const InfCourier* courier) { return courier->fd; }

uint32_t inf_courier_count(InfCourier* courier) {
    pthread_mutex_lock(&courier->lock);
    uint32_t count = courier->count;
    pthread_mutex_unlock(&courier->lock);
    return count;
}
