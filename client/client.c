// One connection: TCP or Unix socket, WebSocket (RFC 6455, client side), sign-in, frames.
#define _GNU_SOURCE
#include "client/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SEND_BYTES 65536
#define OPCODE_BINARY 2u
#define OPCODE_CLOSE 8u
#define OPCODE_PING 9u
#define OPCODE_PONG 10u

struct InfClient {
    InfClientDef def;
    int fd;
    InfClientState state;
    uint8_t key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    uint8_t *in, *out, *rest; // rest: of a frame that came in part, while others use the shared buffer
    size_t in_bytes, in_at, in_capacity, out_bytes, out_capacity, rest_bytes;
    uint32_t sequence;
    InfFrameWelcome welcome;
    char text[320];
};

static void close_with(InfClient* client, const char* text)
{
    if (client->state != INF_CLIENT_CLOSED) {
        if (client->text[0] == 0 || client->state == INF_CLIENT_READY) {
            snprintf(client->text, sizeof client->text, "%s", text);
        }
        client->state = INF_CLIENT_CLOSED;
        close(client->fd);
        client->fd = -1;
    }
}

static int open_socket(const InfClientDef* def)
{
    if (def->unix_path != NULL) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        if (strlen(def->unix_path) >= sizeof address.sun_path) {
            errno = ENAMETOOLONG;
            return -1;
        }
        strcpy(address.sun_path, def->unix_path);
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr*)&address, sizeof address) != 0 && errno != EAGAIN &&
            errno != EINPROGRESS) {
            close(fd);
            return -1;
        }
        return fd;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(def->port)};
    if (inet_pton(AF_INET, def->host != NULL ? def->host : "127.0.0.1", &address.sin_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (def->kernel_receive_bytes != 0) { // before connecting: the window's scale follows from it
        int bytes = (int)def->kernel_receive_bytes;
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    if (def->source != NULL) {
        struct sockaddr_in source = {.sin_family = AF_INET};
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (inet_pton(AF_INET, def->source, &source.sin_addr) != 1 ||
            bind(fd, (struct sockaddr*)&source, sizeof source) != 0) {
            close(fd);
            return -1;
        }
    }
    if (connect(fd, (struct sockaddr*)&address, sizeof address) != 0 && errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

static void free_buffers(InfClient* client)
{
    if (client->def.shared_receive == NULL) {
        free(client->in);
    }
    free(client->rest);
    free(client->out);
}

InfClient* inf_client_create(const InfClientDef* def)
{
    if (sodium_init() < 0) {
        return NULL;
    }
    InfClient* client = calloc(1, sizeof *client);
    if (client == NULL) {
        return NULL;
    }
    client->def = *def;
    client->in_capacity = def->receive_bytes != 0 ? def->receive_bytes : 131072;
    client->in_capacity -= def->shared_receive != NULL; // a zero goes behind the head of the answer
    client->out_capacity = def->send_bytes == 0 ? SEND_BYTES : def->send_bytes < 1024 ? 1024 : def->send_bytes;
    client->in = def->shared_receive != NULL ? def->shared_receive : malloc(client->in_capacity + 1);
    client->out = malloc(client->out_capacity);
    client->fd = client->in != NULL && client->out != NULL ? open_socket(def) : -1;
    if (client->fd < 0) {
        free_buffers(client);
        free(client);
        return NULL;
    }
    crypto_sign_seed_keypair(client->key, client->secret, def->seed);
    uint8_t nonce[16];
    char nonce_text[32];
    randombytes_buf(nonce, sizeof nonce);
    sodium_bin2base64(nonce_text, sizeof nonce_text, nonce, sizeof nonce, sodium_base64_VARIANT_ORIGINAL);
    client->out_bytes = (size_t)snprintf((char*)client->out, client->out_capacity,
                                         "GET /ws HTTP/1.1\r\nHost: %s:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                         "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
                                         def->host != NULL ? def->host : "localhost", def->port, nonce_text);
    client->state = INF_CLIENT_CONNECTING;
    return client;
}

void inf_client_destroy(InfClient* client)
{
    if (client == NULL) {
        return;
    }
    if (client->fd >= 0) {
        close(client->fd);
    }
    sodium_memzero(client->secret, sizeof client->secret);
    free_buffers(client);
    free(client);
}

int inf_client_fd(const InfClient* client) { return client->fd; }
InfClientState inf_client_state(const InfClient* client) { return client->state; }
const char* inf_client_text(const InfClient* client) { return client->text; }
const InfFrameWelcome* inf_client_welcome(const InfClient* client) { return &client->welcome; }

bool inf_client_wants_write(const InfClient* client)
{
    return client->state == INF_CLIENT_CONNECTING || client->out_bytes != 0;
}

// ---- out --------------------------------------------------------------------------------------------------------

// Unpredictable (RFC 6455, 5.3), but a system call for each would cost more than the message.
static void draw_mask(uint8_t mask[4])
{
    static _Thread_local uint8_t pool[4096];
    static _Thread_local size_t left;
    if (left < 4) {
        randombytes_buf(pool, sizeof pool);
        left = sizeof pool;
    }
    left -= 4;
    memcpy(mask, pool + left, 4);
}

static bool put_message(InfClient* client, uint32_t opcode, const uint8_t* payload, size_t bytes)
{
    size_t head = bytes < 126 ? 6 : 8;
    if (bytes > 65535 || client->out_capacity - client->out_bytes < head + bytes) {
        return false;
    }
    uint8_t* at = client->out + client->out_bytes;
    *at++ = (uint8_t)(0x80u | opcode);
    if (bytes < 126) {
        *at++ = (uint8_t)(0x80u | bytes);
    } else {
        *at++ = 0x80u | 126u;
        *at++ = (uint8_t)(bytes >> 8);
        *at++ = (uint8_t)bytes;
    }
    uint8_t mask[4];
    draw_mask(mask);
    memcpy(at, mask, 4);
    at += 4;
    for (size_t i = 0; i < bytes; i++) {
        at[i] = payload[i] ^ mask[i & 3];
    }
    client->out_bytes += head + bytes;
    return true;
}

bool inf_client_send(InfClient* client, uint32_t kind, const void* frame)
{
    uint8_t bytes[8192];
    InfWriter writer = inf_writer_make(bytes, sizeof bytes);
    return client->state != INF_CLIENT_CLOSED && inf_frame_write(&writer, kind, frame) &&
           put_message(client, OPCODE_BINARY, bytes, writer.at);
}

uint32_t inf_client_send_input(InfClient* client, InfInput* input)
{
    InfFrameInput frame;
    if (!inf_input_is_client(input->kind)) {
        return 0;
    }
    input->Undock.soul = client->welcome.soul; // every client input begins alike
    input->Undock.sequence = client->sequence + 1;
    InfWriter writer = inf_writer_make(frame.input, sizeof frame.input);
    if (!inf_input_write(&writer, input)) {
        return 0;
    }
    frame.input_bytes = (uint16_t)writer.at;
    if (!inf_client_send(client, INF_FRAME_KIND_Input, &frame)) {
        return 0;
    }
    return ++client->sequence;
}

static void flush_out(InfClient* client)
{
    while (client->out_bytes != 0) {
        ssize_t sent = send(client->fd, client->out, client->out_bytes, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EAGAIN || errno == EINTR || errno == ENOTCONN || errno == EINPROGRESS) {
                return;
            }
            close_with(client, strerror(errno));
            return;
        }
        client->out_bytes -= (size_t)sent;
        if (client->out_bytes != 0) {
            memmove(client->out, client->out + sent, client->out_bytes);
        }
        if (client->state == INF_CLIENT_CONNECTING) {
            client->state = INF_CLIENT_UPGRADING;
        }
    }
}

// ---- in ---------------------------------------------------------------------------------------------------------

static void keep_rest(InfClient* client);

static void take_upgrade(InfClient* client)
{
    client->in[client->in_bytes] = 0;
    char* end = strstr((char*)client->in, "\r\n\r\n");
    if (end == NULL) {
        if (client->in_bytes >= 8192) {
            close_with(client, "The server's answer is too long.");
        }
        return;
    }
    if (strncmp((char*)client->in, "HTTP/1.1 101", 12) != 0) {
        char* line = strstr((char*)client->in, "\r\n");
        *line = 0;
        close_with(client, (char*)client->in);
        return;
    }
    client->in_at = (size_t)(end + 4 - (char*)client->in);
    client->state = INF_CLIENT_CHALLENGED;
}

static void sign_in(InfClient* client, const InfFrameChallenge* challenge)
{
    static const char prefix[] = "infinity sign-in v1";
    uint8_t message[19 + 16 + 32 + 8];
    memcpy(message, prefix, 19);
    memcpy(message + 19, challenge->galaxy, 16);
    memcpy(message + 35, challenge->nonce, 32); // the origin of a program is empty
    for (int i = 0; i < 8; i++) {
        message[67 + i] = (uint8_t)(challenge->expires_unix_s >> (8 * i));
    }
    InfFrameSignIn answer;
    memset(&answer, 0, sizeof answer);
    memcpy(answer.key, client->key, sizeof answer.key);
    crypto_sign_detached(answer.signature, NULL, message, sizeof message, client->secret);
    answer.watch = client->def.watch;
    memcpy(answer.tag, client->def.tag, sizeof answer.tag);
    inf_client_send(client, INF_FRAME_KIND_SignIn, &answer);
    client->state = INF_CLIENT_SIGNING;
}

static void act_on(InfClient* client, const uint8_t* frame, size_t bytes)
{
    InfReader reader = inf_reader_make(frame, bytes);
    InfFrameChallenge challenge;
    InfFrameRefused refused;
    switch (bytes != 0 ? frame[0] : 0) {
    case INF_FRAME_KIND_Challenge:
        if (inf_frame_read(&reader, frame[0], &challenge, sizeof challenge) == INF_OK) {
            sign_in(client, &challenge);
        }
        break;
    case INF_FRAME_KIND_Welcome:
        if (inf_frame_read(&reader, frame[0], &client->welcome, sizeof client->welcome) == INF_OK) {
            client->state = INF_CLIENT_READY;
            client->sequence = client->welcome.sequence;
        }
        break;
    case INF_FRAME_KIND_Refused:
        if (inf_frame_read(&reader, frame[0], &refused, sizeof refused) == INF_OK) {
            snprintf(client->text, sizeof client->text, "%s: %s. %s.", inf_result_text(refused.result), refused.what,
                     refused.help);
        }
        break;
    default: break;
    }
}

// A message at in_at, if it is whole: its payload, and where the next one begins.
static const uint8_t* next_message(InfClient* client, uint32_t* opcode, size_t* bytes)
{
    size_t left = client->in_bytes - client->in_at;
    const uint8_t* at = client->in + client->in_at;
    if (left < 2) {
        return NULL;
    }
    size_t length = at[1] & 127u, head = 2;
    if (length == 126) {
        head = 4;
        length = left >= 4 ? (size_t)at[2] << 8 | at[3] : 0;
    } else if (length == 127) {
        head = 10;
        length = left >= 10 ? (size_t)at[6] << 24 | (size_t)at[7] << 16 | (size_t)at[8] << 8 | at[9] : 0;
    }
    if (left < head || left - head < length) {
        if (length + head > client->in_capacity) {
            close_with(client, "The server sent a message that is too long.");
        }
        return NULL;
    }
    *opcode = at[0] & 15u;
    *bytes = length;
    client->in_at += head + length;
    return at + head;
}

// The shared buffer is the next client's now.
static void keep_rest(InfClient* client)
{
    size_t left = client->in_bytes - client->in_at;
    if (client->def.shared_receive == NULL) {
        return;
    }
    if (left != 0) {
        client->rest = malloc(left);
        if (client->rest == NULL) {
            close_with(client, "Out of memory.");
            left = 0;
        } else {
            memcpy(client->rest, client->in + client->in_at, left);
        }
    }
    client->rest_bytes = left;
    client->in_bytes = client->in_at = 0;
}

const uint8_t* inf_client_next_frame(InfClient* client, size_t* bytes)
{
    while (client->state >= INF_CLIENT_CHALLENGED) { // what came before it closed is still handed out
        uint32_t opcode;
        const uint8_t* payload = next_message(client, &opcode, bytes);
        if (payload == NULL) {
            keep_rest(client);
            return NULL;
        }
        if (opcode == OPCODE_BINARY) {
            act_on(client, payload, *bytes);
            return payload;
        }
        if (opcode == OPCODE_PING) {
            put_message(client, OPCODE_PONG, payload, *bytes);
        } else if (opcode == OPCODE_CLOSE) {
            char text[140] = "The server closed the connection.";
            if (*bytes > 2) {
                snprintf(text, sizeof text, "%.*s", (int)(*bytes - 2), (const char*)payload + 2);
            }
            close_with(client, text);
        }
    }
    return NULL;
}

bool inf_client_run(InfClient* client)
{
    if (client->state == INF_CLIENT_CLOSED) {
        return false;
    }
    flush_out(client);
    if (client->in_at != 0) { // what was handed out is over
        client->in_bytes -= client->in_at;
        memmove(client->in, client->in + client->in_at, client->in_bytes);
        client->in_at = 0;
    }
    if (client->rest_bytes != 0) {
        memcpy(client->in, client->rest, client->rest_bytes);
        client->in_bytes = client->rest_bytes;
        client->rest_bytes = 0;
        free(client->rest);
        client->rest = NULL;
    }
    while (client->state != INF_CLIENT_CLOSED && client->in_bytes < client->in_capacity) {
        size_t room = client->in_capacity - client->in_bytes;
        ssize_t got = recv(client->fd, client->in + client->in_bytes, room, 0);
        if (got > 0) {
            client->in_bytes += (size_t)got;
            if ((size_t)got < room) {
                break; // that was all; if not, poll says so again
            }
        } else if (got == 0) {
            close_with(client, "The server closed the connection.");
        } else if (errno == EAGAIN || errno == EINTR) {
            break;
        } else if (errno == ENOTCONN && client->state == INF_CLIENT_CONNECTING) {
            break;
        } else {
            close_with(client, strerror(errno));
        }
    }
    if (client->state == INF_CLIENT_UPGRADING) {
        take_upgrade(client);
        if (client->state == INF_CLIENT_UPGRADING) { // the head came in part
            keep_rest(client);
        }
    }
    return client->state != INF_CLIENT_CLOSED;
}

bool inf_client_flush(InfClient* client)
{
    if (client->state != INF_CLIENT_CLOSED) {
        flush_out(client);
    }
    return client->state != INF_CLIENT_CLOSED;
}

// ---- for small programs -----------------------------------------------------------------------------------------

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool wait_socket(InfClient* client, int64_t until_ms)
{
    int64_t left = until_ms - now_ms();
    if (left <= 0 || client->state == INF_CLIENT_CLOSED) {
        return false;
    }
    struct pollfd poll_fd = {client->fd, (short)(POLLIN | (inf_client_wants_write(client) ? POLLOUT : 0)), 0};
    poll(&poll_fd, 1, (int)left);
    return inf_client_run(client);
}

InfClientState inf_client_wait_ready(InfClient* client, int timeout_ms)
{
    int64_t until = now_ms() + timeout_ms;
    size_t bytes;
    do {
        while (client->state != INF_CLIENT_READY && inf_client_next_frame(client, &bytes) != NULL) {
        }
    } while (client->state != INF_CLIENT_READY && wait_socket(client, until));
    return client->state;
}

const uint8_t* inf_client_wait_frame(InfClient* client, uint32_t kind, int timeout_ms, size_t* bytes)
{
    int64_t until = now_ms() + timeout_ms;
    do {
        for (const uint8_t* frame; (frame = inf_client_next_frame(client, bytes)) != NULL;) {
            if (*bytes != 0 && frame[0] == kind) {
                return frame;
            }
        }
    } while (wait_socket(client, until));
    return NULL;
}
