#include "server/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static void write_v6(struct in6_addr address, char out[INF_ADDRESS_BYTES]) {
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        inet_ntop(AF_INET, &address.s6_addr[12], out, INF_ADDRESS_BYTES);
        return;
    }
    if (!IN6_IS_ADDR_LOOPBACK(&address)) {
        memset(&address.s6_addr[8], 0, 8);
    }
    inet_ntop(AF_INET6, &address, out, INF_ADDRESS_BYTES);
}

void inf_address_write(const struct sockaddr_storage* peer, char out[INF_ADDRESS_BYTES]) {
    out[0] = 0;
    if (peer->ss_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in*)peer)->sin_addr, out, INF_ADDRESS_BYTES);
    } else if (peer->ss_family == AF_INET6) {
        write_v6(((const struct sockaddr_in6*)peer)->sin6_addr, out);
    }
}

void inf_address_read(const char* text, char out[INF_ADDRESS_BYTES]) {
    char copy[INF_ADDRESS_BYTES];
    struct in6_addr address;
    snprintf(copy, sizeof(copy), "%s", text);
    size_t bytes = strlen(copy);
    bool is_bracketed = bytes > 2 && copy[0] == '[' && copy[bytes - 1] == ']';
    if (is_bracketed) {
        copy[bytes - 1] = 0;
    }
    if (inet_pton(AF_INET6, copy + is_bracketed, &address) == 1) {
        write_v6(address, out);
    } else {
        snprintf(out, INF_ADDRESS_BYTES, "%s", copy);
    }
}

void inf_address_of(int fd, char out[INF_ADDRESS_BYTES]) {
    struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
    socklen_t bytes = sizeof(peer);
    out[0] = 0;
    if (getpeername(fd, (struct sockaddr*)&peer, &bytes) == 0) {
        inf_address_write(&peer, out);
    }
}

bool inf_address_is_free(const char* address) {
    return address[0] == 0 || strcmp(address, "::1") == 0 || strncmp(address, "127.", 4) == 0;
}
