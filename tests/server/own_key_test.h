// What tests of acts on souls share: a server in this process, souls that keep their own keys, and both ways in: the
// connection of a player, and REST with orders.
#ifndef INFINITY_TEST_ACTS_H
#define INFINITY_TEST_ACTS_H

#include "test.h"

#include <client/client.h>
#include <infinity/wire.h>
#include <server/server.h>
#include <souls/document.h>

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MS 20000

static InfServer* server;
static pthread_t thread;
static char folder[80];
static InfServerFault run_fault;
static uint32_t acts_minds = 60;
static bool acts_opens_border; ///< to everybody, on this machine too
static uint16_t acts_port;     ///< of another process, which is asked then; 0: the server here

static inline void* acts_run(void* user) {
    InfServerError error;
    run_fault = inf_server_run(server, &error);
    return user;
}

static inline void acts_start(void) {
    InfServerDef def = inf_server_def_default();
    def.folder = folder;
    def.port = 0;
    def.minds = acts_minds;
    def.tick_ms = 20;
    if (acts_opens_border) {
        def.border.open = INF_BORDER_OPEN;
        def.border.private_addresses = INF_BORDER_PRIVATE_ALL;
        def.border.claim_max = 1000000000000;
        def.border.retry_ms = 50;
    }
    def.log_style = INF_LOG_TEXT;
    def.log_level = INF_LOG_WARNING;
    InfServerError error;
    server = inf_server_create(&def, &error);
    ENSURE_SAY(server != NULL, "%s", error.text);
    ENSURE(pthread_create(&thread, NULL, acts_run, NULL) == 0);
}

static inline void acts_stop(void) {
    inf_server_stop(server);
    pthread_join(thread, NULL);
    ENSURE(run_fault == INF_SERVER_OK);
    inf_server_destroy(server);
}

static inline void open_galaxy(const char* name) {
    ENSURE(inf_sign_start());
    snprintf(folder, sizeof(folder), "/tmp/inf-acts-%d-%s", (int)getpid(), name);
    acts_start();
}

static inline void close_galaxy(void) {
    char command[128];
    acts_stop();
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ENSURE(system(command) == 0);
}

// ---- HTTP -----------------------------------------------------------------------------------------------------------------------

/// One request; by the admin socket if is_host. @param out_status may be null @return the answer; never null
static inline json_t* http(bool is_host, const char* method, const char* path, const json_t* body, int* out_status) {
    static char text[1 << 21];
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in remote = {.sin_family = AF_INET, .sin_port = htons(acts_port != 0 ? acts_port : inf_server_get_port(server)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    snprintf(local.sun_path, sizeof(local.sun_path), "%s/admin.sock", folder);
    int fd = socket(is_host ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    ENSURE(fd >= 0 && (is_host ? connect(fd, (struct sockaddr*)&local, sizeof(local)) : connect(fd, (struct sockaddr*)&remote, sizeof(remote))) == 0);
    char* body_text = body != NULL ? json_dumps(body, JSON_COMPACT) : strdup("");
    int count = snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                         method, path, strlen(body_text), body_text);
    free(body_text);
    for (int sent = 0; sent < count;) {
        ssize_t now = send(fd, text + sent, (size_t)(count - sent), MSG_NOSIGNAL);
        ENSURE(now > 0);
        sent += (int)now;
    }
    size_t got = 0;
    for (;;) {
        struct pollfd at = {.fd = fd, .events = POLLIN};
        ENSURE_SAY(poll(&at, 1, ANSWER_MS) == 1, "no answer to %s %s", method, path);
        ssize_t now = recv(fd, text + got, sizeof(text) - 1 - got, 0);
        if (now <= 0) {
            break;
        }
        got += (size_t)now;
    }
    close(fd);
    text[got] = 0;
    char* at = strstr(text, "\r\n\r\n");
    ENSURE_SAY(at != NULL, "%s %s: %.200s", method, path, text);
    if (out_status != NULL) {
        *out_status = atoi(text + 9);
    }
    json_t* json = json_loads(at + 4, 0, NULL);
    ENSURE_SAY(json != NULL, "%s %s: %.300s", method, path, at);
    return json;
}

// ---- souls that keep their own keys -----------------------------------------------------------------------------------------------

typedef struct Who {
    InfSignKey key;
    uint64_t soul;
    char id[24];
    InfClient* client; ///< null: it comes by REST
    uint32_t number;
} Who;

static inline const char* hex_of(const uint8_t* bytes, size_t count) {
    static char texts[8][132];
    static int at;
    return inf_hex_write(bytes, count, texts[at++ % 8]);
}

static inline void name_soul(Who* who, uint64_t soul) {
    who->soul = soul;
    snprintf(who->id, sizeof(who->id), "%llu", (unsigned long long)soul);
}

static inline void connect_who(Who* who, const char* tag) {
    InfClientDef def = {.host = "127.0.0.1", .port = inf_server_get_port(server)};
    memcpy(def.seed, who->key.secret_key, sizeof(def.seed));
    snprintf(def.tag, sizeof(def.tag), "%s", tag);
    who->client = inf_client_create(&def);
    ENSURE(who->client != NULL);
    InfClientState state = inf_client_wait_ready(who->client, ANSWER_MS);
    ENSURE_SAY(state == INF_CLIENT_READY, "%s: state %d: %s", tag, (int)state, inf_client_text(who->client));
    name_soul(who, inf_client_welcome(who->client)->soul);
}

static inline void seed_key(InfSignKey* key, uint8_t seed) {
    uint8_t bytes[32];
    memset(bytes, seed, sizeof(bytes));
    inf_sign_key_from_seed(bytes, key);
}

/// A mind that is driven from outside by its own key, rich enough for a few copies.
static inline Who bear(const char* name, uint8_t seed, bool by_frames) {
    Who who = {.number = 1};
    seed_key(&who.key, seed);
    json_t* traits = json_object();
    static const char* const words[] = {"faith in strangers", "order", "curiosity", "courage", "sociability", "wanderlust"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        json_object_set_new(traits, words[i], json_integer(255));
    }
    json_t* body = json_pack("{s:s, s:o, s:i, s:s}", "name", name, "traits", traits, "credits", 20000, "key", hex_of(who.key.public_key, 32));
    int status;
    json_t* answer = http(true, "POST", "/api/minds", body, &status);
    ENSURE_SAY(status == 200, "%s", json_dumps(answer, 0));
    name_soul(&who, strtoull(json_string_value(json_object_get(answer, "soul")), NULL, 10));
    json_decref(answer);
    json_decref(body);
    if (by_frames) {
        connect_who(&who, "");
    }
    return who;
}

static inline void leave(Who* who) {
    inf_client_destroy(who->client);
    who->client = NULL;
}

/// An order: signed, and new each time. Keeps a reference to nothing; takes over `fields`.
static inline json_t* order(const Who* who, const char* act, json_t* fields) {
    uint8_t nonce[16];
    randombytes_buf(nonce, sizeof(nonce));
    json_t* body = fields != NULL ? fields : json_object();
    json_object_set_new(body, "act", json_string(act));
    json_object_set_new(body, "soul", json_string(who->id));
    json_object_set_new(body, "issued", json_integer((json_int_t)time(NULL)));
    json_object_set_new(body, "key", json_string(hex_of(who->key.public_key, 32)));
    json_object_set_new(body, "nonce", json_string(hex_of(nonce, 16)));
    ENSURE(inf_sign_object(INF_SIGN_ORDER, body, "soul_signature", &who->key, NULL));
    return body;
}

static inline bool read_frame(const uint8_t* bytes, size_t count, void* frame, size_t frame_bytes) {
    InfReader reader = inf_reader_make(bytes, count);
    return bytes != NULL && inf_frame_read(&reader, bytes[0], frame, frame_bytes) == INF_OK;
}

/// The answer with that number, its pieces put together.
static inline json_t* wait_answer(InfClient* client, uint32_t number, int* out_status) {
    static InfFrameAnswer frame;
    static char text[1 << 21];
    size_t at = 0, bytes;
    for (;;) {
        const uint8_t* got = inf_client_wait_frame(client, INF_FRAME_KIND_Answer, ANSWER_MS, &bytes);
        ENSURE_SAY(read_frame(got, bytes, &frame, sizeof(frame)), "no answer: %s", inf_client_text(client));
        if (frame.number != number) {
            continue;
        }
        memcpy(text + at, frame.json, frame.json_bytes);
        at += frame.json_bytes;
        if (frame.more == 0) {
            break;
        }
    }
    *out_status = frame.status;
    json_t* json = json_loadb(text, at, 0, NULL);
    ENSURE(json != NULL);
    return json;
}

/// Ask for an act by whichever way it comes. Takes over `body` (may be null).
static inline json_t* act(Who* who, const char* what, json_t* body, int* out_status) {
    if (who->client == NULL) {
        char path[64];
        snprintf(path, sizeof(path), "/api/souls/%s", what);
        bool is_signed = strcmp(what, "sign") == 0 || strcmp(what, "found") == 0; // those need no order
        json_t* sent = is_signed ? body : order(who, what, body);
        json_t* answer = http(false, "POST", path, sent, out_status);
        json_decref(sent);
        return answer;
    }
    static InfFrameAct frame;
    memset(&frame, 0, sizeof(frame));
    usleep(50000); // a connection may ask so often
    frame.number = ++who->number;
    snprintf(frame.what, sizeof(frame.what), "%s", what);
    char* text = json_dumps(body, JSON_COMPACT);
    frame.json_bytes = (uint16_t)(text != NULL ? strlen(text) : 2);
    memcpy(frame.json, text != NULL ? text : "{}", frame.json_bytes);
    free(text);
    json_decref(body);
    ENSURE(inf_client_send(who->client, INF_FRAME_KIND_Act, &frame) && inf_client_run(who->client));
    return wait_answer(who->client, frame.number, out_status);
}

// ---- signing ------------------------------------------------------------------------------------------------------------------------

static inline const char* text_at(const json_t* json, const char* name) {
    const char* text = json_string_value(json_object_get(json, name));
    return text != NULL ? text : "";
}

/// The body that signs one text of a paper with a key.
static inline json_t* signature_of(const json_t* paper, const json_t* item, const InfSignKey* key) {
    uint8_t signature[64];
    const json_t* text = json_object_get(item, "text");
    crypto_sign_detached(signature, NULL, (const unsigned char*)json_string_value(text), json_string_length(text), key->secret_key);
    return json_pack("{s:s, s:[{s:O, s:s}]}", "paper", text_at(paper, "paper"), "signatures", "number", json_object_get(item, "number"), "signature",
                     hex_of(signature, 64));
}

/// All that these keys can sign of it. @return null if there is nothing
static inline json_t* signatures_of(const json_t* paper, const InfSignKey* const* keys, size_t key_count) {
    json_t* list = json_array();
    size_t index;
    json_t* item;
    json_array_foreach(json_object_get(paper, "sign"), index, item) {
        for (size_t k = 0; k < key_count; k++) {
            if (strcmp(text_at(item, "key"), hex_of(keys[k]->public_key, 32)) == 0) {
                json_t* one = signature_of(paper, item, keys[k]);
                json_array_append(list, json_array_get(json_object_get(one, "signatures"), 0));
                json_decref(one);
            }
        }
    }
    if (json_array_size(list) == 0) {
        json_decref(list);
        return NULL;
    }
    return json_pack("{s:s, s:o}", "paper", text_at(paper, "paper"), "signatures", list);
}

/// Sign what there is to sign until it is answered, or somebody else has to. Takes over `answer`.
static inline json_t* sign_all(Who* who, json_t* answer, int* status, const InfSignKey* const* keys, size_t key_count) {
    while (*status == 202) {
        json_t* body = signatures_of(answer, keys, key_count);
        if (body == NULL) {
            return answer;
        }
        json_decref(answer);
        answer = act(who, "sign", body, status);
    }
    return answer;
}

#define SIGN_ALL(who, answer, status, ...)                                                               \
    sign_all(who, answer, status, (const InfSignKey* const[]){__VA_ARGS__}, sizeof((const InfSignKey* const[]){__VA_ARGS__}) / sizeof(void*))

/// Asked, signed with these keys, done. @return the answer
#define DO(who, what, body, ...) do_act(who, what, body, (const InfSignKey* const[]){__VA_ARGS__}, sizeof((const InfSignKey* const[]){__VA_ARGS__}) / sizeof(void*))
static inline json_t* do_act(Who* who, const char* what, json_t* body, const InfSignKey* const* keys, size_t key_count) {
    int status;
    json_t* answer = sign_all(who, act(who, what, body, &status), &status, keys, key_count);
    ENSURE_SAY(status == 200, "%s: %d %s", what, status, json_dumps(answer, 0));
    return answer;
}

#define ENSURE_REFUSED(wanted, pattern, status, answer)                                                  \
    do {                                                                                                 \
        const char* reason_ = text_at(answer, "reason");                                                 \
        ENSURE_SAY((status) == (wanted) && strstr(reason_, pattern) != NULL, "%d %s", status, json_dumps(answer, 0)); \
        ENSURE_SAY(text_at(answer, "what_to_do")[0] != 0, "no way out: %s", reason_);                    \
        json_decref(answer);                                                                             \
    } while (0)

// ---- looking ------------------------------------------------------------------------------------------------------------------------

static inline json_t* page_of(uint64_t soul) {
    char path[64];
    snprintf(path, sizeof(path), "/api/soul?soul=%llu", (unsigned long long)soul);
    return http(true, "GET", path, NULL, NULL);
}

/// What must stay as it is when something is refused: its newest record, money that it carries, how many there are.
typedef struct State {
    char head[80];
    json_int_t credits;
    size_t souls;
} State;

static inline State state_of(const Who* who) {
    State state = {0};
    json_t* page = page_of(who->soul);
    snprintf(state.head, sizeof(state.head), "%s", text_at(page, "lineage_head"));
    state.credits = json_integer_value(json_object_get(page, "carried_credits"));
    json_decref(page);
    size_t index;
    json_t *soul, *list = http(true, "GET", "/api/souls", NULL, NULL);
    json_array_foreach(json_object_get(list, "souls"), index, soul) { // other minds are born by themselves
        state.souls += strcmp(text_at(soul, "kind"), "driven mind") == 0 || strncmp(text_at(soul, "name"), "Eve", 3) == 0;
    }
    json_decref(list);
    return state;
}

static inline void ensure_same(const Who* who, const State* before) {
    State now = state_of(who);
    ENSURE_EQ_STR(before->head, now.head);
    ENSURE_EQ_U64(before->souls, now.souls);
    ENSURE_SAY(now.credits <= before->credits && now.credits > before->credits - 100, "%lld, was %lld", (long long)now.credits, (long long)before->credits); // it breathes
}

/// All records of its family that can be had now. @param out_head  its newest, of which the journal's row may not be in yet
static inline InfLineage* lineage_of(const Who* who, uint8_t out_head[32]) {
    InfLineage* lineage = inf_lineage_create();
    json_t *page = page_of(who->soul), *seen = json_object(), *row, *flag;
    ENSURE_SAY(inf_hex_read(text_at(page, "lineage_head"), out_head, 32), "%s", json_dumps(page, 0));
    size_t index;
    json_object_set_new(seen, text_at(page, "identity"), json_true());
    json_array_foreach(json_object_get(page, "lineage"), index, row) {
        json_object_set_new(seen, text_at(row, "identity"), json_true());
    }
    const char* identity;
    json_object_foreach(seen, identity, flag) {
        char path[128];
        snprintf(path, sizeof(path), "/api/souls/lineage?identity=%s", identity);
        json_t* answer = http(true, "GET", path, NULL, NULL);
        json_array_foreach(json_object_get(answer, "records"), index, row) {
            ENSURE(inf_lineage_add_object(lineage, json_object_get(row, "record"), NULL));
        }
        json_decref(answer);
    }
    json_decref(seen);
    json_decref(page);
    return lineage;
}

/// The whole lineage of a soul, every signature checked. @return its newest record
static inline InfLineageRecord check_lineage(const Who* who) {
    uint8_t head[32], key[32];
    InfSoulsError error = {0};
    char sentence[200];
    InfLineage* lineage = lineage_of(who, head);
    bool holds = inf_lineage_verify(lineage, head, NULL, key, &error);
    for (int i = 0; i < 60 && !holds; i++) { // rows come with the next ticks
        usleep(50000);
        inf_lineage_destroy(lineage);
        lineage = lineage_of(who, head);
        error = (InfSoulsError){0};
        holds = inf_lineage_verify(lineage, head, NULL, key, &error);
    }
    ENSURE_SAY(holds, "%s", inf_souls_error_text(&error, sentence, sizeof(sentence)));
    ENSURE(memcmp(key, who->key.public_key, 32) == 0);
    InfLineageRecord newest = *inf_lineage_get(lineage, inf_lineage_find(lineage, head), NULL, NULL, NULL);
    InfLineageFork fork;
    ENSURE(!inf_lineage_find_fork(lineage, &fork));
    inf_lineage_destroy(lineage);
    return newest;
}

#endif
