// A whole server in the test's process, and clients on loopback: `prepare` a galaxy of one's own, change `def` if need be,
// `start`; `stop` and `start` again is a restart; `close_galaxy` removes it.
#ifndef INFINITY_TEST_SERVER_TEST_H
#define INFINITY_TEST_SERVER_TEST_H

#include "test.h"

#include <client/client.h>
#include <infinity/wire.h>
#include <server/server.h>

#include <pthread.h>
#include <unistd.h>

#define FRAME_MS 15000

static InfServer* server;
static InfServerDef def;
static char folder[64];
static pthread_t server_thread;
static InfServerFault run_fault;

static void* server_run(void* user) {
    InfServerError error;
    run_fault = inf_server_run(server, &error);
    return user;
}

static void start(void) {
    InfServerError error;
    server = inf_server_create(&def, &error);
    ENSURE_SAY(server != NULL, "%s", error.text);
    ENSURE(pthread_create(&server_thread, NULL, server_run, NULL) == 0);
}

static void stop(void) {
    inf_server_stop(server);
    pthread_join(server_thread, NULL);
    ENSURE(run_fault == INF_SERVER_OK);
    inf_server_destroy(server);
}

static void prepare(const char* name, uint32_t minds) {
    snprintf(folder, sizeof(folder), "/tmp/inf-server-%d-%s", (int)getpid(), name);
    def = inf_server_def_default();
    def.folder = folder;
    def.port = 0;
    def.minds = minds;
    def.log_style = INF_LOG_TEXT;
    def.log_level = INF_LOG_WARNING;
}

static void close_galaxy(void) {
    char command[128];
    stop();
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ENSURE(system(command) == 0);
}

static InfClient* connect_as(const char* tag, uint8_t seed) {
    InfClientDef client_def = {.host = "127.0.0.1", .port = inf_server_get_port(server)};
    memset(client_def.seed, seed, sizeof(client_def.seed));
    snprintf(client_def.tag, sizeof(client_def.tag), "%s", tag);
    InfClient* client = inf_client_create(&client_def);
    ENSURE(client != NULL);
    return client;
}

static InfClient* join(const char* tag, uint8_t seed) {
    InfClient* client = connect_as(tag, seed);
    InfClientState state = inf_client_wait_ready(client, FRAME_MS);
    ENSURE_SAY(state == INF_CLIENT_READY, "%s: state %d: %s", tag, (int)state, inf_client_text(client));
    return client;
}

static bool read_frame(const uint8_t* bytes, size_t count, void* frame, size_t frame_bytes) {
    InfReader reader = inf_reader_make(bytes, count);
    return bytes != NULL && inf_frame_read(&reader, bytes[0], frame, frame_bytes) == INF_OK;
}

#endif
