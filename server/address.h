/// @file address.h
/// Where a connection comes from, as limits see it: IPv4 whole, IPv6 by its /64, since a household has that many. And which
/// addresses may be anybody's, and which are this machine's, a private network's or nobody's.
#ifndef INFINITY_SERVER_ADDRESS_H
#define INFINITY_SERVER_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#define INF_ADDRESS_BYTES 64

/// Of a peer; empty for what is neither IPv4 nor IPv6 (a Unix socket).
void inf_address_write(const struct sockaddr_storage* peer, char out[INF_ADDRESS_BYTES]);
/// Of a text that a proxy has written; what is no address stays as it is. `text` and `out` may be the same.
void inf_address_read(const char* text, char out[INF_ADDRESS_BYTES]);
/// Of a connected socket; empty if it has none.
void inf_address_of(int fd, char out[INF_ADDRESS_BYTES]);
/// This machine itself, or nobody known: no limit per address holds for it.
bool inf_address_is_free(const char* address);

/// Of an address that was resolved: a soul may name a server that is public; others only the host may name, or this server would
/// knock at doors for strangers. An IPv6 address that carries an IPv4 one (mapped, translated, 6to4, NAT64, ISATAP) is judged by
/// that. Everything that is not known to be public is private.
bool inf_address_is_private(const struct sockaddr* address);

#endif
