#include "server/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
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

// ---- public or private ---------------------------------------------------------------------------------------------------
//
// By the registries of special-purpose addresses (RFC 6890 and what came after): public is what may be routed and is not
// listed there. IPv6: only global unicast (2000::/3) can be, without the blocks in it that are for something else.
//
//     ::/96, ::ffff:0:0/96, ::ffff:0:0:0/96   IPv4-compatible, -mapped, -translated     bytes 12 to 15
//     64:ff9b::/96                            NAT64, as everybody has it                bytes 12 to 15
//     64:ff9b:1::/48                          NAT64 of one's own network                private
//     2001::/23                               Teredo (its client is masked), ORCHID …   private
//     2002::/16                               6to4                                      bytes 2 to 5
//     …:0:5efe:…, …:200:5efe:…                ISATAP, in any prefix                     bytes 12 to 15, too

static bool is_private_v4(const uint8_t four[4]) {
    static const struct {
        uint32_t address;
        int bits;
    } blocks[] = {
        {0x00000000, 8},  // this network; 0.0.0.0 reaches this machine
        {0x0a000000, 8},  // private
        {0x64400000, 10}, // carriers' NAT
        {0x7f000000, 8},  // this machine
        {0xa9fe0000, 16}, // link local, clouds' metadata
        {0xac100000, 12}, // private
        {0xc0000000, 24}, // protocols
        {0xc0000200, 24}, // documentation
        {0xc0586300, 24}, // 6to4 relays
        {0xc0a80000, 16}, // private
        {0xc6120000, 15}, // benchmarks
        {0xc6336400, 24}, // documentation
        {0xcb007100, 24}, // documentation
        {0xe0000000, 3},  // multicast, reserved, broadcast
    };
    uint32_t address = (uint32_t)four[0] << 24 | (uint32_t)four[1] << 16 | (uint32_t)four[2] << 8 | four[3];
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if ((address ^ blocks[i].address) >> (32 - blocks[i].bits) == 0) {
            return true;
        }
    }
    return false;
}

static bool begins(const uint8_t* six, const char* prefix, size_t count) { return memcmp(six, prefix, count) == 0; }

static bool is_private_v6(const uint8_t six[16]) {
    if (begins(six, "\0\0\0\0\0\0\0\0\0\0\0\0", 12) || begins(six, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) ||
        begins(six, "\0\0\0\0\0\0\0\0\xff\xff\0\0", 12) || begins(six, "\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12)) {
        return is_private_v4(six + 12);
    }
    bool is_isatap = (six[8] & 0xfd) == 0 && begins(six + 9, "\0\x5e\xfe", 3);
    return (six[0] & 0xe0) != 0x20 ||                                        // not global unicast: ULA, link local, multicast …
           (begins(six, "\x20\x01", 2) && six[2] < 2) ||                     // Teredo, ORCHID, benchmarks …
           begins(six, "\x20\x01\x0d\xb8", 4) ||                             // documentation
           (begins(six, "\x3f\xff", 2) && six[2] < 0x10) ||                  // documentation
           (begins(six, "\x20\x02", 2) && is_private_v4(six + 2)) ||         // 6to4
           (is_isatap && is_private_v4(six + 12));
}

bool inf_address_is_private(const struct sockaddr* address) {
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    switch (address->sa_family) {
    case AF_INET:
        memcpy(&four, address, sizeof(four));
        return is_private_v4((const uint8_t*)&four.sin_addr);
    case AF_INET6:
        memcpy(&six, address, sizeof(six));
        return is_private_v6(six.sin6_addr.s6_addr);
    default: return true;
    }
}
