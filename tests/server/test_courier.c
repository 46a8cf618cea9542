// Letters to other servers, over real sockets: HTTPS with a certificate authority of the test's own, made by openssl.
// The server's side is the real HTTP thread; this test plays the tick thread.
#include "test.h"

#include "server/address.h"
#include "server/courier.h"
#include "server/http.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[64], ca_path[96], certificate_path[96], key_path[96];
static InfHttp* http;
static InfMailbox* mailbox;
static InfMetrics metrics;
static InfCourier* courier;

static void run_shell(const char* command) {
    char line[1024];
    snprintf(line, sizeof(line), "cd %s && (%s) >openssl.log 2>&1", folder, command);
    ENSURE_SAY(system(line) == 0, "%s", line);
}

static void make_certificates(void) {
    ENSURE(sodium_init() >= 0);
    snprintf(folder, sizeof(folder), "/tmp/inf-courier-%d", (int)getpid());
    snprintf(ca_path, sizeof(ca_path), "%s/ca.pem", folder);
    snprintf(certificate_path, sizeof(certificate_path), "%s/server.pem", folder);
    snprintf(key_path, sizeof(key_path), "%s/server.key", folder);
    mkdir(folder, 0755);
    run_shell("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout ca.key -out ca.pem "
              "-subj '/CN=Test authority'");
    run_shell("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr "
              "-subj '/CN=127.0.0.1' && printf 'subjectAltName=IP:127.0.0.1' >ext && openssl x509 -req -in server.csr "
              "-CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out server.pem");
    run_shell("openssl ecparam -genkey -name prime256v1 -noout -out other.key && openssl req -x509 -new -key other.key "
              "-days 2 -subj '/CN=Other' -out other.pem");
}

static InfHttp* open_https(const char* certificate, const char* key, uint16_t port, char error[512]) {
    InfHttpDef def = {.mailbox = mailbox,
                      .metrics = &metrics,
                      .tls_certificate = certificate,
                      .tls_key = key,
                      .tls_host = "127.0.0.1",
                      .tls_port = port};
    return inf_http_create(&def, error, 512);
}

static void open_all(const char* ca_file) {
    make_certificates();
    char error[512] = "";
    mailbox = inf_mailbox_create(64, NULL, NULL);
    http = open_https(certificate_path, key_path, 0, error);
    ENSURE_SAY(http != NULL, "%s", error);
    ENSURE(inf_http_get_tls_port(http) != 0);
    InfCourierDef def = inf_courier_def_default();
    def.ca_file = ca_file;
    def.timeout_ms = 3000;
    def.answer_bytes_max = 100000;
    courier = inf_courier_create(&def, error, sizeof(error));
    ENSURE_SAY(courier != NULL, "%s", error);
}

static void close_all(void) {
    inf_courier_destroy(courier);
    inf_http_destroy(http);
    inf_mailbox_destroy(mailbox);
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ENSURE(system(command) == 0);
}

/// Ask, play the tick thread meanwhile: a request is answered with what it brought and `padding` bytes.
static InfErrand* ask(const char* base, const char* path, const char* body, bool allows_private, size_t padding) {
    InfErrand* errand = inf_errand_create(base, path, body != NULL ? strdup(body) : NULL);
    ENSURE(errand != NULL);
    errand->allows_private = allows_private;
    inf_courier_send(courier, errand);
    for (int i = 0; i < 1000; i++) {
        for (InfRequest* request; (request = inf_mailbox_take(mailbox)) != NULL;) {
            char* text = calloc(1, padding + 1);
            memset(text, 'x', padding);
            request->status = 200;
            request->answer = json_pack("{s:O?, s:s}", "got", request->body, "padding", text);
            free(text);
            inf_mailbox_answer(mailbox, request);
        }
        struct pollfd wait = {inf_courier_fd(courier), POLLIN, 0};
        poll(&wait, 1, 10);
        InfErrand* back = inf_courier_collect(courier);
        if (back != NULL) {
            ENSURE(back == errand && inf_courier_count(courier) == 0);
            return back;
        }
    }
    ENSURE(!"the errand never came back");
    return NULL;
}

static const char* base_url(void) {
    static char url[64];
    snprintf(url, sizeof(url), "https://127.0.0.1:%u", inf_http_get_tls_port(http));
    return url;
}

TEST(a_letter_goes_by_https_and_is_answered) {
    make_certificates();
    open_all(ca_path);
    InfErrand* errand = ask(base_url(), "/api/status", NULL, true, 10);
    ENSURE_SAY(errand->end == INF_ERRAND_ANSWERED && errand->status == 200, "%d %s", errand->status, errand->error);
    ENSURE(strstr(errand->answer, "xxxxxxxxxx") != NULL);
    inf_errand_free(errand);
    for (int i = 0; i < 20; i++) { // connections are used again, and errors of HTTP are answers
        errand = ask(base_url(), i % 2 == 0 ? "/api/status" : "/api/nothing", NULL, true, 10);
        ENSURE(errand->end == INF_ERRAND_ANSWERED && errand->status == (i % 2 == 0 ? 200 : 404));
        inf_errand_free(errand);
    }
    close_all();
}

TEST(who_is_not_vouched_for_is_not_spoken_to) {
    make_certificates();
    char other[96];
    snprintf(other, sizeof(other), "%s/other.pem", folder);
    open_all(other);
    InfErrand* errand = ask(base_url(), "/api/status", NULL, true, 10);
    ENSURE_SAY(errand->end == INF_ERRAND_UNREACHED && errand->answer == NULL, "%d %s", errand->status, errand->error);
    ENSURE_SAY(strstr(errand->error, "certificate") != NULL, "%s", errand->error);
    inf_errand_free(errand);
    close_all();
}

TEST(bad_files_are_named) {
    make_certificates();
    char error[512], other_key[96], empty[96];
    snprintf(other_key, sizeof(other_key), "%s/other.key", folder);
    snprintf(empty, sizeof(empty), "%s/openssl.log", folder);
    mailbox = inf_mailbox_create(64, NULL, NULL);
    ENSURE(open_https("/nowhere/x.pem", key_path, 0, error) == NULL && strstr(error, "tls_certificate") && strstr(error, "/nowhere/x.pem"));
    ENSURE(open_https(certificate_path, "/nowhere/x.key", 0, error) == NULL && strstr(error, "tls_key"));
    ENSURE(open_https(empty, key_path, 0, error) == NULL && strstr(error, "no PEM file"));
    ENSURE(open_https(certificate_path, certificate_path, 0, error) == NULL && strstr(error, "private key"));
    ENSURE(open_https(certificate_path, other_key, 0, error) == NULL && strstr(error, "belong together"));
    InfCourierDef def = inf_courier_def_default();
    def.ca_file = "/nowhere/ca.pem";
    ENSURE(inf_courier_create(&def, error, sizeof(error)) == NULL && strstr(error, "border_ca"));
    inf_mailbox_destroy(mailbox);
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ENSURE(system(command) == 0);
}

static int listen_somewhere(uint16_t* port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof(address);
    ENSURE(bind(fd, (struct sockaddr*)&address, sizeof(address)) == 0 && listen(fd, 4) == 0);
    getsockname(fd, (struct sockaddr*)&address, &bytes);
    *port = ntohs(address.sin_port);
    return fd;
}

TEST(silence_refusal_and_flood_are_told_apart) {
    make_certificates();
    open_all(ca_path);
    uint16_t port;
    int fd = listen_somewhere(&port);
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
    InfErrand* errand = ask(url, "/border", NULL, true, 0); // taken by the system, answered by nobody
    ENSURE_SAY(errand->end == INF_ERRAND_UNKNOWN, "%s", errand->error);
    inf_errand_free(errand);
    close(fd);
    errand = ask(url, "/border", "{}", true, 0);
    ENSURE_SAY(errand->end == INF_ERRAND_UNREACHED, "%s", errand->error);
    inf_errand_free(errand);
    errand = ask(base_url(), "/api/status", NULL, false, 0);
    ENSURE_SAY(errand->end == INF_ERRAND_UNREACHED && strstr(errand->error, "private") != NULL, "%s", errand->error);
    inf_errand_free(errand);
    errand = ask(base_url(), "/api/status", NULL, true, 200000);
    ENSURE_SAY(errand->end == INF_ERRAND_UNKNOWN && strstr(errand->error, "longer") != NULL, "%s", errand->error);
    inf_errand_free(errand);
    errand = ask("http://no-such-host.invalid", "/border", NULL, true, 0);
    ENSURE_SAY(errand->end == INF_ERRAND_UNREACHED, "%s", errand->error);
    inf_errand_free(errand);
    // What is under way when it ends is dropped, and nothing leaks.
    fd = listen_somewhere(&port);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
    for (int i = 0; i < 5; i++) {
        errand = inf_errand_create(url, "/border", strdup("[]"));
        errand->allows_private = true;
        inf_courier_send(courier, errand);
    }
    usleep(50000);
    close_all();
    close(fd);
}

TEST(addresses_are_checked) {
    char out[INF_COURIER_URL_BYTES];
    ENSURE(inf_courier_check_url("https://galaxy.example:8443/", out) == NULL);
    ENSURE_EQ_STR("https://galaxy.example:8443", out);
    ENSURE(inf_courier_check_url("HTTP://[::1]:80", out) == NULL);
    ENSURE_EQ_STR("http://[::1]:80", out);
    const char* bad[] = {"galaxy.example", "ftp://x", "https://", "https://user@host", "https://host/path", "https://host?x",
                         "https://ho st", "file:///etc/passwd", "https://host#x", "https://h\u00f6st"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ENSURE_SAY(inf_courier_check_url(bad[i], out) != NULL, "%s", bad[i]);
    }
}

static bool is_private(const char* text) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found = NULL;
    ENSURE_SAY(getaddrinfo(text, "80", &hints, &found) == 0, "%s", text);
    bool is = inf_address_is_private(found->ai_addr);
    freeaddrinfo(found);
    return is;
}

TEST(private_addresses_are_known_in_every_form) {
    const char* inside[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.1",
        "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "2130706433", "0x7f000001", "0177.0.0.1", "0x0a.1", "167772161", "10.1",
        "::", "::1", "::10.0.0.1", "::ffff:0.0.0.0", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:192.168.1.1",
        "::ffff:0:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "64:ff9b:1:2::1",
        "2002:0a00:0001::", "2002:7f00:1::1", "2002:c0a8:101::5", "2002:a9fe:a9fe::1", "2002:ac10:1::",
        "2001::1", "2001:0:808:808::f5ff:fffe", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1", "3fff::1", "3fff:fff::1",
        "2a00:1::5efe:10.0.0.1", "2a00:1::200:5efe:192.168.0.1",
        "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "100::1", "5f00::1", "4000::1", "::2:3:4"};
    const char* outside[] = {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.1.1.1", "128.0.0.1",
        "169.253.1.1", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.1.1", "192.169.1.1", "198.17.1.1", "198.20.0.1", "223.255.255.255",
        "134744072", "::8.8.8.8", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:200::1", "2001:4860:4860::8888",
        "2606:4700::1111", "2a00:1::5efe:8.8.8.8", "2a00:1::5efe", "3ffe::1", "3fff:1000::1"};
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        ENSURE_SAY(is_private(inside[i]), "%s", inside[i]);
    }
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        ENSURE_SAY(!is_private(outside[i]), "%s", outside[i]);
    }
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    ENSURE(inf_address_is_private((const struct sockaddr*)&local));
}

/// However a URL says it: the address is judged when the name is resolved, and no byte goes there.
TEST(no_door_of_this_machine_opens_for_strangers) {
    make_certificates();
    open_all(ca_path);
    uint16_t port;
    int fd = listen_somewhere(&port);
    const char* hosts[] = {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0.0.0.0", "0", "localhost",
        "LOCALHOST", "127.0.0.1.", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]", "[fe80::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::ffff:10.0.0.1]", "[2002:0a00:0001::]",
        "[64:ff9b::10.0.0.1]", "[fd00::1]"};
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        char url[96], checked[INF_COURIER_URL_BYTES];
        snprintf(url, sizeof(url), "http://%s:%u", hosts[i], port);
        ENSURE_SAY(inf_courier_check_url(url, checked) == NULL, "%s", url);
        InfErrand* errand = ask(checked, "/border", "{}", false, 0);
        // Refused, or (a final dot, a family that this machine does not speak) no address at all.
        bool is_refused = strstr(errand->error, "private") != NULL, is_nothing = strstr(errand->error, "resolve") != NULL;
        ENSURE_SAY(errand->end == INF_ERRAND_UNREACHED && (is_refused || is_nothing), "%s: %s", url, errand->error);
        inf_errand_free(errand);
    }
    struct pollfd knock = {fd, POLLIN, 0};
    ENSURE(poll(&knock, 1, 50) == 0);
    close(fd);
    close_all();
}

// ---- how many ------------------------------------------------------------------------------------------------------------------

static uint32_t accept_all(int fd, int* out, uint32_t most) {
    uint32_t count = 0;
    for (struct pollfd knock = {fd, POLLIN, 0}; count < most && poll(&knock, 1, 300) == 1;) {
        out[count++] = accept(fd, NULL, NULL);
    }
    return count;
}

/// All that are to come back. @return how many of them were told so
static uint32_t collect(uint32_t count, const char* words) {
    uint32_t told = 0;
    for (uint32_t i = 0; i < count;) {
        struct pollfd wait = {inf_courier_fd(courier), POLLIN, 0};
        ENSURE_SAY(poll(&wait, 1, 10000) == 1, "%u of %u are back", i, count);
        for (InfErrand* back; (back = inf_courier_collect(courier)) != NULL; i++) {
            told += back->end == INF_ERRAND_UNREACHED && strstr(back->error, words) != NULL;
            inf_errand_free(back);
        }
    }
    return told;
}

static void send_some(const char* url, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        InfErrand* errand = inf_errand_create(url, "/border", strdup("[]"));
        errand->allows_private = true;
        inf_courier_send(courier, errand);
    }
}

TEST(servers_that_are_silent_take_no_more_than_their_share) {
    make_certificates();
    open_all(ca_path);
    inf_courier_destroy(courier);
    char error[512] = "", urls[3][64];
    memset(&metrics, 0, sizeof(metrics));
    InfCourierDef def = inf_courier_def_default();
    def.ca_file = ca_path;
    def.timeout_ms = 1500;
    def.connections_per_host = 2;
    def.connections_max = 5;
    def.errands_max = 12;
    def.metrics = &metrics;
    courier = inf_courier_create(&def, error, sizeof(error));
    ENSURE_SAY(courier != NULL, "%s", error);
    int doors[3], taken[16];
    for (int i = 0; i < 3; i++) {
        uint16_t port;
        doors[i] = listen_somewhere(&port);
        snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%u", port);
    }
    // Of 14 letters to one that is silent two go out, ten wait, two are refused at once.
    send_some(urls[0], 14);
    ENSURE_EQ_U64(2, collect(2, "too many letters"));
    ENSURE_EQ_U64(2, inf_metric_get(&metrics.letters_refused));
    ENSURE_EQ_U64(2, accept_all(doors[0], taken, 16));
    ENSURE_EQ_U64(10, inf_metric_get(&metrics.letters_waiting));
    ENSURE_EQ_U64(2, inf_metric_get(&metrics.letters_under_way));
    for (int i = 0; i < 2; i++) {
        close(taken[i]);
    }
    collect(12, ""); // some were silent, the others have waited as long as a letter may
    ENSURE(inf_metric_get(&metrics.letters_refused) > 2);
    close(doors[0]);
    doors[0] = -1;
    // To two that are silent four go out; another server is still reached. To three: five.
    send_some(urls[1], 3);
    send_some(urls[2], 3);
    InfErrand* errand = inf_errand_create(base_url(), "/healthz", NULL);
    errand->allows_private = true;
    inf_courier_send(courier, errand);
    struct pollfd wait = {inf_courier_fd(courier), POLLIN, 0};
    ENSURE(poll(&wait, 1, 1000) == 1 && inf_courier_collect(courier) == errand);
    ENSURE_SAY(errand->end == INF_ERRAND_ANSWERED, "%s", errand->error);
    inf_errand_free(errand);
    ENSURE_EQ_U64(2, accept_all(doors[1], taken, 8));
    ENSURE_EQ_U64(2, accept_all(doors[2], taken + 2, 8));
    for (int i = 0; i < 4; i++) {
        close(taken[i]);
    }
    close(doors[1]);
    close(doors[2]);
    collect(6, "");
    usleep(1100000); // the thread looks once a second
    ENSURE_EQ_U64(0, inf_metric_get(&metrics.letters_under_way));
    ENSURE_EQ_U64(0, inf_metric_get(&metrics.letters_waiting));
    close_all();
}

static int knock(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(inf_http_get_tls_port(http)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ENSURE(connect(fd, (struct sockaddr*)&to, sizeof(to)) == 0);
    return fd;
}

static bool is_shut(int fd) {
    char byte;
    struct pollfd wait = {fd, POLLIN, 0};
    return poll(&wait, 1, 0) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

/// @param fits, told  how many come in, and how many more are told
static void crowd_is_told(uint32_t total, bool bounds_this_machine, uint32_t fits, uint32_t told) {
    make_certificates();
    char error[512] = "";
    memset(&metrics, 0, sizeof(metrics));
    mailbox = inf_mailbox_create(64, NULL, NULL);
    InfHttpDef def = {.mailbox = mailbox, .metrics = &metrics, .tls_certificate = certificate_path, .tls_key = key_path,
                      .tls_host = "127.0.0.1", .tls_connections_max = total, .bounds_this_machine = bounds_this_machine};
    http = inf_http_create(&def, error, sizeof(error));
    ENSURE_SAY(http != NULL, "%s", error);
    InfCourierDef courier_def = inf_courier_def_default();
    courier_def.ca_file = ca_path;
    courier_def.timeout_ms = 3000;
    courier = inf_courier_create(&courier_def, error, sizeof(error));
    int crowd[128];
    for (uint32_t i = 0; i + 1 < fits; i++) { // they say nothing, not even in TLS
        crowd[i] = knock();
    }
    InfErrand* errand = ask(base_url(), "/api/status", NULL, true, 10);
    ENSURE_SAY(errand->end == INF_ERRAND_ANSWERED && errand->status == 200, "%d %s", errand->status, errand->error);
    inf_errand_free(errand);
    ENSURE_EQ_U64(fits, inf_metric_get(&metrics.http_connections)); // the courier's is kept open
    inf_courier_destroy(courier);
    courier = inf_courier_create(&courier_def, error, sizeof(error));
    for (int i = 0; i < 100 && inf_metric_get(&metrics.http_connections) >= fits; i++) {
        usleep(10000);
    }
    crowd[fits - 1] = knock();
    errand = ask(base_url(), "/api/status", NULL, true, 10);
    ENSURE_SAY(errand->end == INF_ERRAND_ANSWERED && errand->status == 503 && strstr(errand->answer, "Too many connections") != NULL, "%d %s",
               errand->status, errand->error);
    inf_errand_free(errand);
    ENSURE_EQ_U64(1, inf_metric_get(&metrics.http_refused));
    uint32_t shut = 0;
    for (uint32_t i = 0; i < told + 4; i++) {
        crowd[fits + i] = knock();
    }
    for (int i = 0; i < 100 && shut < 3; i++, usleep(10000)) {
        shut = 0;
        for (uint32_t k = 0; k < told + 4; k++) {
            shut += is_shut(crowd[fits + k]);
        }
    }
    ENSURE_SAY(shut >= 3 && shut <= 5, "%u of %u were shut out", shut, told + 4); // the courier's may be open still
    ENSURE(inf_metric_get(&metrics.http_connections) <= fits + told);
    for (uint32_t i = 0; i < fits + told + 4; i++) {
        close(crowd[i]);
    }
    for (int i = 0; i < 200 && inf_metric_get(&metrics.http_connections) > 1; i++) {
        usleep(10000);
    }
    ENSURE(inf_metric_get(&metrics.http_connections) <= 1);
    errand = ask(base_url(), "/api/status", NULL, true, 10);
    ENSURE_SAY(errand->end == INF_ERRAND_ANSWERED && errand->status == 200, "%d %s", errand->status, errand->error);
    inf_errand_free(errand);
    close_all();
}

TEST(a_crowd_at_the_door_of_https_is_told_so) { crowd_is_told(6, false, 6, 32); }
TEST(nobody_alone_takes_all_places_of_https) { crowd_is_told(0, true, 64, 8); }
