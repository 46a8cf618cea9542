// A crew of whom one keeps its own key: the others wait for its signature, and nobody goes without it. Home is in this process,
// where they are to go is another.
#include "own_key_test.h"

#include <sys/wait.h>

static uint16_t there_port;
static pid_t there;
static int there_end;

/// Before there is a thread: a galaxy whose border is open, in a process of its own.
static void open_there(void) {
    int tell[2], end[2];
    acts_opens_border = true;
    ENSURE(pipe(tell) == 0 && pipe(end) == 0);
    there = fork();
    ENSURE(there >= 0);
    if (there == 0) {
        close(end[1]);
        acts_minds = 0;
        open_galaxy("there");
        uint16_t port = inf_server_get_port(server);
        ENSURE(write(tell[1], &port, sizeof(port)) == sizeof(port));
        char byte;
        ssize_t got = read(end[0], &byte, 1);
        (void)got; // its end is the end
        close_galaxy();
        _exit(0);
    }
    close(end[0]);
    there_end = end[1];
    ENSURE(read(tell[0], &there_port, sizeof(there_port)) == sizeof(there_port));
}

static void close_there(void) {
    int status;
    close(there_end);
    ENSURE(waitpid(there, &status, 0) == there && status == 0);
}

static void bear_mind(const char* name, char id[24]) {
    json_t* traits = json_object();
    static const char* const yes[] = {"faith in strangers", "sociability", "order", "courage", "curiosity"};
    static const char* const no[] = {"wanderlust", "diligence", "greed"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        json_object_set_new(traits, yes[i], json_integer(255));
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        json_object_set_new(traits, no[i], json_integer(0));
    }
    json_t* body = json_pack("{s:s, s:o, s:i}", "name", name, "traits", traits, "credits", 20000);
    int status;
    json_t* born = http(true, "POST", "/api/minds", body, &status);
    ENSURE_SAY(status == 200, "%s", json_dumps(born, 0));
    snprintf(id, 24, "%s", text_at(born, "soul"));
    json_decref(born);
    json_decref(body);
}

/// The host brings them together; minds fly when they like to, so it is patient. @return whether it is aboard
static bool bring_aboard(const char* rider, const char* carrier, int wait_s) {
    json_t* body = json_pack("{s:s, s:s, s:i}", "soul", rider, "host", carrier, "wait_s", wait_s);
    int status;
    json_decref(http(true, "POST", "/api/souls/board", body, &status));
    json_decref(body);
    return status == 200;
}

/// How many ride with that one, by the names that begin with "Crew".
static uint32_t riders_of(const char* carrier_name) {
    json_t *list = http(false, "GET", "/api/souls?find=Crew", NULL, NULL), *row;
    char carrier[24] = "?";
    size_t index;
    uint32_t count = 0;
    json_array_foreach(json_object_get(list, "souls"), index, row) {
        if (strcmp(text_at(row, "name"), carrier_name) == 0) {
            snprintf(carrier, sizeof(carrier), "%s", text_at(row, "soul"));
        }
    }
    json_array_foreach(json_object_get(list, "souls"), index, row) {
        count += strcmp(text_at(row, "host"), carrier) == 0;
    }
    json_decref(list);
    return count;
}

static char carrier_id[24];
static json_t* host_answer;
static int host_status, host_wait_s;

static void* host_cuts(void* user) {
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", there_port);
    json_t* body = json_pack("{s:s, s:s, s:i}", "soul", carrier_id, "to", url, "wait_s", host_wait_s);
    host_answer = http(true, "POST", "/api/souls/cut", body, &host_status);
    json_decref(body);
    return user;
}

static pthread_t begin_cut(int wait_s) {
    pthread_t host;
    host_wait_s = wait_s;
    ENSURE(pthread_create(&host, NULL, host_cuts, NULL) == 0);
    return host;
}

/// Refused so, and they sit as they sat: now, and when who had left would have gone on alone.
static void ensure_together(pthread_t host, int status, const char* words) {
    pthread_join(host, NULL);
    ENSURE_SAY(host_status == status && strstr(text_at(host_answer, "reason"), words) != NULL, "%d %s", host_status, json_dumps(host_answer, 0));
    json_decref(host_answer);
    for (int i = 0; i < 10; i++) {
        ENSURE_EQ_U64(2, riders_of("Crew Carrier"));
        usleep(60000);
    }
    acts_port = there_port;
    json_t* list = http(false, "GET", "/api/souls?find=Crew", NULL, NULL);
    ENSURE_EQ_U64(0, json_array_size(json_object_get(list, "souls")));
    json_decref(list);
    acts_port = 0;
}

static json_t* next_paper(Who* who) {
    static InfFramePaper frame;
    size_t bytes;
    const uint8_t* got = inf_client_wait_frame(who->client, INF_FRAME_KIND_Paper, ANSWER_MS, &bytes);
    ENSURE_SAY(read_frame(got, bytes, &frame, sizeof(frame)), "nothing to sign: %s", inf_client_text(who->client));
    json_t* json = json_loadb((const char*)frame.json, frame.json_bytes, 0, NULL);
    ENSURE(json != NULL);
    return json;
}

static void sign_next(Who* who, const char* kind) {
    int status;
    json_t* paper = next_paper(who);
    ENSURE_EQ_STR(kind, text_at(json_array_get(json_object_get(paper, "sign"), 0), "kind"));
    json_t* answer = act(who, "sign", signatures_of(paper, (const InfSignKey* const[]){&who->key}, 1), &status);
    ENSURE_SAY(status == 200, "%d %s", status, json_dumps(answer, 0));
    json_decref(answer);
    json_decref(paper);
}

TEST(a_crew_goes_with_all_signatures_or_not_at_all) {
    open_there();
    acts_minds = 0;
    open_galaxy("home");
    char bo[24];
    bear_mind("Crew Carrier", carrier_id);
    bear_mind("Crew Bo", bo);
    Who ada = bear("Crew Ada", 1, true);
    ENSURE(bring_aboard(bo, carrier_id, 60));
    for (int i = 0; i < 60 && riders_of("Crew Carrier") < 2; i++) {
        (void)bring_aboard(ada.id, carrier_id, 0); // the carrier agrees; Ada boards by its own will
        InfInput input = {.kind = INF_INPUT_KIND_Board};
        input.Board.host = strtoull(carrier_id, NULL, 10);
        ENSURE(inf_client_send_input(ada.client, &input) != 0 && inf_client_run(ada.client));
        usleep(200000);
    }
    ENSURE_EQ_U64(2, riders_of("Crew Carrier"));

    // it does not sign in time: its founding, then its mandate
    ensure_together(begin_cut(1), 409, "not signed in time");
    json_decref(next_paper(&ada)); // of that
    pthread_t host = begin_cut(2);
    sign_next(&ada, "lineage");
    ensure_together(host, 409, "not signed in time");
    json_decref(next_paper(&ada));

    // it says no
    host = begin_cut(10);
    json_t* paper = next_paper(&ada);
    int status;
    json_t* answer = act(&ada, "withdraw", json_pack("{s:s}", "paper", text_at(paper, "paper")), &status);
    ENSURE_SAY(status == 200, "%d %s", status, json_dumps(answer, 0));
    ensure_together(host, 403, "does not sign");
    json_decref(answer);
    json_decref(paper);

    // it signs: all of them go, and sit there as they sat here
    host = begin_cut(30);
    sign_next(&ada, "mandate");
    pthread_join(host, NULL);
    ENSURE_SAY(host_status == 200, "%d %s", host_status, json_dumps(host_answer, 0));
    json_decref(host_answer);
    acts_port = there_port;
    for (int i = 0; i < 200 && riders_of("Crew Carrier") < 2; i++) {
        usleep(100000);
    }
    ENSURE_EQ_U64(2, riders_of("Crew Carrier"));
    acts_port = 0;
    leave(&ada);
    close_galaxy();
    close_there();
}
