// A small client for tests: a socket that speaks just enough HTTP and RFC 6455, and lets the test break all rules.
#ifndef INFINITY_TEST_NET_CLIENT_H
#define INFINITY_TEST_NET_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct NetClient {
    int fd;
    size_t count, at;
    uint8_t bytes[(1 << 18) + 1]; // one more, so that a test may end it as text
} NetClient;

static inline int net_connect(uint16_t port, int receive_buffer) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer > 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr*)&to, sizeof(to)) != 0) {
        close(fd);
        return -1;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static inline int net_connect_unix(const char* path) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
    if (connect(fd, (struct sockaddr*)&to, sizeof(to)) != 0) {
        close(fd);
        return -1;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static inline void net_send(NetClient* client, const void* bytes, size_t count) {
    ssize_t sent = send(client->fd, bytes, count, MSG_NOSIGNAL);
    (void)sent;
}

/// A masked frame with the given first byte.
static inline void net_send_frame(NetClient* client, uint8_t first, const void* payload, size_t count) {
    uint8_t head[14] = {first};
    size_t used = 2;
    head[1] = (uint8_t)(0x80 | (count < 126 ? count : count < 65536 ? 126 : 127));
    for (int i = count < 126 ? -1 : count < 65536 ? 1 : 7; i >= 0; i--) {
        head[used++] = (uint8_t)((uint64_t)count >> (8 * i));
    }
    memcpy(head + used, "\x0f\xf0\x55\xaa", 4);
    static uint8_t out[70000 + 14];
    memcpy(out, head, used + 4);
    for (size_t i = 0; i < count; i++) {
        out[used + 4 + i] = ((const uint8_t*)payload)[i] ^ head[used + (i & 3)];
    }
    net_send(client, out, used + 4 + count);
}

/// Take what has come. @return false when the other side has closed
static inline bool net_receive(NetClient* client) {
    if (client->at > 0 && client->at == client->count) {
        client->at = client->count = 0;
    }
    for (;;) {
        if (client->count == sizeof(client->bytes) - 1) {
            return true;
        }
        ssize_t got = recv(client->fd, client->bytes + client->count, sizeof(client->bytes) - 1 - client->count, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            return false;
        }
        if (got < 0) {
            return true;
        }
        client->count += (size_t)got;
    }
}

typedef struct NetFrame {
    uint8_t first;
    const uint8_t* payload;
    size_t bytes;
} NetFrame;

/// The next whole frame of the server.
static inline bool net_next_frame(NetClient* client, NetFrame* out) {
    const uint8_t* at = client->bytes + client->at;
    size_t left = client->count - client->at;
    if (left < 2) {
        return false;
    }
    size_t head = (at[1] & 0x7f) < 126 ? 2 : 4;
    size_t bytes = head == 2 ? at[1] : left >= 4 ? (size_t)at[2] << 8 | at[3] : SIZE_MAX / 2;
    if (left < head + bytes) {
        return false;
    }
    *out = (NetFrame){at[0], at + head, bytes};
    client->at += head + bytes;
    return true;
}

static const char net_upgrade[] = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

#endif
