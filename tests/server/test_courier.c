// Letters to other servers, over real sockets: HTTPS with a certificate authority of the test's own, made by openssl.
// The server's side is the real HTTP thread; this test plays the tick thread.
#include "test.h"

#include "server/courier.h"
#include "server/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/stat.h>
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
