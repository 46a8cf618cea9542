// The fan-out over epoll. One record per client; its send buffer is one straight run of bytes:
//
//   0 ........ head ............ flushed ........ sealed_at ......... tail ........ capacity
//     (sent)        (may be sent)       (sealed)           (staged)
//
// A tick's bytes are sealed when it has been told whole, and may be sent when it is durable; meanwhile the next
// tick's are staged behind them.
// `snapshot_end` is where the last snapshot in that run ends; while head is before it, the client has not taken
// the snapshot whole. Room for one snapshot is always kept free, so reliable messages cannot squeeze it out.
// Bytes leave by one send() per flush; only after a short write is EPOLLOUT asked for.
#include "server/fanout.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 16384
#define EVENTS_AT_ONCE 256
#define SWEEP_MS 500
#define CODE_BROKEN 1006

typedef enum ClientState { FREE, OPEN, CLOSING, DEAD } ClientState;

/// Level of what may still be taken now, refilled as time passes. In thousandths.
typedef struct Bucket {
    uint64_t level_milli;
} Bucket;

typedef struct Client {
    int fd;
    uint32_t generation;
    ClientState state;
    uint16_t code;
    bool staged, sealed, wants_out, peer_closed, shut, in_frame;
    uint8_t* out;
    size_t head, flushed, sealed_at, tail, snapshot_end, frame_at;
    uint64_t heard_ms, pinged_ms, blocked_ms, closing_ms, refilled_ms;
    Bucket messages, bytes;
    InfWsParser parser;
    char origin[256], address[64];
} Client;

typedef struct Record {
    uint32_t kind, index, generation, byte_count;
} Record;

struct InfFanout {
    InfFanoutDef def;
    int epoll_fd;
    size_t out_capacity, out_stride, message_stride;
    uint8_t* out_slab;
    uint8_t* message_slab;
    size_t slab_bytes;
    Client* clients;
    uint32_t* free_list;
    uint32_t free_count, used_high;
    uint32_t *staged_list, *sealed_list;
    uint32_t staged_count, sealed_count;
    uint32_t* dead_list;
    uint64_t dead_begin, dead_end; // a ring; each slot is in it once at most
    uint32_t pending_free1; // client whose CLOSED event was handed out last
    uint8_t* inbox;
    size_t inbox_read, inbox_used;
    uint64_t now_ms, swept_ms;
    InfFanoutStats stats;
    uint8_t scratch[READ_BYTES];
};

InfFanoutDef inf_fanout_def_default(void) {
    return (InfFanoutDef){.clients_max = 4096,
                          .frame_bytes_max = 16384,
                          .reliable_bytes_max = 65536,
                          .message_bytes_max = INF_WS_MESSAGE_BYTES_MAX,
                          .inbox_bytes = 4u << 20,
                          .messages_per_s = 60,
                          .messages_burst = 120,
                          .bytes_per_s = 65536,
                          .bytes_burst = 262144,
                          .ping_ms = 15000,
                          .idle_ms = 30000,
                          .write_deadline_ms = 30000,
                          .close_wait_ms = 2000,
                          .send_buffer_bytes = 65536};
}

static bool def_is_valid(const InfFanoutDef* def) {
    return def->clients_max >= 1 && def->clients_max <= 65535 && def->frame_bytes_max >= 128 &&
           def->frame_bytes_max <= 65535 && def->reliable_bytes_max >= 256 &&
           def->reliable_bytes_max <= (16u << 20) && def->message_bytes_max >= 1 &&
           def->message_bytes_max <= INF_WS_MESSAGE_BYTES_MAX && def->inbox_bytes >= 262144 &&
           def->messages_per_s > 0 && def->bytes_per_s > 0;
}

/// Address space that costs memory only where it is touched.
static uint8_t* reserve(size_t bytes) {
    void* at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

InfFanout* inf_fanout_create(const InfFanoutDef* def) {
    if (!def_is_valid(def)) {
        return NULL;
    }
    InfFanout* fanout = calloc(1, sizeof(*fanout));
    if (fanout == NULL) {
        return NULL;
    }
    uint32_t count = def->clients_max;
    fanout->def = *def;
    fanout->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    fanout->out_capacity = def->reliable_bytes_max + def->frame_bytes_max + 512u;
    fanout->out_stride = (fanout->out_capacity + 4095) & ~(size_t)4095;
    fanout->message_stride = (def->message_bytes_max + 4095u) & ~(size_t)4095;
    fanout->out_slab = reserve(count * fanout->out_stride);
    fanout->message_slab = reserve(count * fanout->message_stride);
    fanout->clients = calloc(count, sizeof(Client));
    fanout->free_list = calloc(count, sizeof(uint32_t));
    fanout->staged_list = calloc(count, sizeof(uint32_t));
    fanout->sealed_list = calloc(count, sizeof(uint32_t));
    fanout->dead_list = calloc(count, sizeof(uint32_t));
    fanout->inbox = malloc(def->inbox_bytes);
    if (fanout->epoll_fd < 0 || !fanout->out_slab || !fanout->message_slab || !fanout->clients ||
        !fanout->free_list || !fanout->staged_list || !fanout->sealed_list || !fanout->dead_list || !fanout->inbox) {
        inf_fanout_destroy(fanout);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        fanout->free_list[i] = count - 1 - i;
        fanout->clients[i].fd = -1;
        fanout->clients[i].generation = 1;
        fanout->clients[i].out = fanout->out_slab + i * fanout->out_stride;
    }
    fanout->free_count = count;
    return fanout;
}

void inf_fanout_destroy(InfFanout* fanout) {
    if (fanout == NULL) {
        return;
    }
    for (uint32_t i = 0; fanout->clients != NULL && i < fanout->used_high; i++) {
        if (fanout->clients[i].fd >= 0) {
            close(fanout->clients[i].fd);
        }
    }
    if (fanout->out_slab) {
        munmap(fanout->out_slab, fanout->def.clients_max * fanout->out_stride);
    }
    if (fanout->message_slab) {
        munmap(fanout->message_slab, fanout->def.clients_max * fanout->message_stride);
    }
    if (fanout->epoll_fd >= 0) {
        close(fanout->epoll_fd);
    }
    free(fanout->clients);
    free(fanout->free_list);
    free(fanout->staged_list);
    free(fanout->sealed_list);
    free(fanout->dead_list);
    free(fanout->inbox);
    free(fanout);
}

int inf_fanout_fd(const InfFanout* fanout) { return fanout->epoll_fd; }

static Client* find(const InfFanout* fanout, InfClientId id) {
    if (id.index1 == 0 || id.index1 > fanout->def.clients_max) {
        return NULL;
    }
    Client* client = &fanout->clients[id.index1 - 1];
    return client->generation == id.generation && client->state != FREE ? client : NULL;
}

static uint32_t index_of(const InfFanout* fanout, const Client* client) {
    return (uint32_t)(client - fanout->clients);
}

// --------------------------------------------------------------------------------- leaving

static void kill_client(InfFanout* fanout, Client* client, uint16_t code) {
    if (client->state == DEAD || client->state == FREE) {
        return;
    }
    close(client->fd); // also leaves the epoll set
    client->fd = -1;
    if (client->code == 0) {
        client->code = code;
    }
    client->state = DEAD;
    fanout->dead_list[fanout->dead_end++ % fanout->def.clients_max] = index_of(fanout, client);
    fanout->stats.clients--;
    fanout->stats.closed++;
}

static void free_client(InfFanout* fanout, Client* client) {
    if (client->tail > 4096 || client->parser.message_bytes > 4096) { // give touched pages back
        madvise(client->out, fanout->out_stride, MADV_DONTNEED);
        madvise(client->parser.message, fanout->message_stride, MADV_DONTNEED);
    }
    client->state = FREE;
    client->generation = client->generation == UINT32_MAX ? 1 : client->generation + 1;
    fanout->free_list[fanout->free_count++] = index_of(fanout, client);
}

static void want_out(InfFanout* fanout, Client* client, bool wanted) {
    if (client->wants_out == wanted) {
        return;
    }
    client->wants_out = wanted;
    struct epoll_event event = {.events = EPOLLIN | (wanted ? (uint32_t)EPOLLOUT : 0u)};
    event.data.u64 = (uint64_t)client->generation << 32 | index_of(fanout, client);
    epoll_ctl(fanout->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

// --------------------------------------------------------------------------------- sending

static void write_out(InfFanout* fanout, Client* client) {
    if (client->fd < 0) {
        return;
    }
    if (client->head < client->flushed) {
        ssize_t sent = send(client->fd, client->out + client->head, client->flushed - client->head,
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        fanout->stats.sends++;
        if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
            kill_client(fanout, client, CODE_BROKEN);
            return;
        }
        if (sent > 0) {
            client->head += (size_t)sent;
            fanout->stats.bytes_out += (uint64_t)sent;
        }
    }
    bool drained = client->head == client->flushed;
    if (client->head >= client->snapshot_end) {
        client->snapshot_end = 0;
    }
    if (!drained) {
        fanout->stats.short_writes++;
        if (client->blocked_ms == 0) {
            client->blocked_ms = fanout->now_ms | 1;
        }
    } else {
        client->blocked_ms = 0;
        if (client->head == client->tail && !client->in_frame) {
            client->head = client->flushed = client->sealed_at = client->tail = 0;
        }
        if (client->state == CLOSING && client->peer_closed && client->head == client->tail && !client->shut) {
            client->shut = true;
            shutdown(client->fd, SHUT_WR);
        }
    }
    want_out(fanout, client, !drained);
}

static void mark_staged(InfFanout* fanout, Client* client) {
    if (!client->staged) {
        client->staged = true;
        fanout->staged_list[fanout->staged_count++] = index_of(fanout, client);
    }
}

/// Make room for `bytes` at the tail by moving what is unsent to the front. The snapshot's reserve is kept.
static bool make_room(InfFanout* fanout, Client* client, size_t bytes, bool is_frame) {
    size_t reserve_bytes = is_frame || client->snapshot_end > 0 ? 0 : fanout->def.frame_bytes_max + 4u;
    size_t limit = fanout->out_capacity - reserve_bytes;
    if (client->tail + bytes <= limit) {
        return true;
    }
    if (client->tail - client->head + bytes > limit) {
        return false;
    }
    size_t by = client->head;
    memmove(client->out, client->out + by, client->tail - by);
    client->head = 0;
    client->flushed -= by;
    client->sealed_at -= client->sealed_at < by ? client->sealed_at : by;
    client->tail -= by;
    client->snapshot_end = client->snapshot_end > by ? client->snapshot_end - by : 0;
    return true;
}

static void append(Client* client, InfWsOpcode opcode, const uint8_t* bytes, size_t byte_count) {
    client->tail += inf_ws_write_header(client->out + client->tail, opcode, byte_count);
    if (byte_count > 0) {
        memcpy(client->out + client->tail, bytes, byte_count);
    }
    client->tail += byte_count;
}

static size_t write_close_payload(uint8_t* payload, uint16_t code, const char* reason) {
    const char* text = reason != NULL ? reason : inf_ws_close_text((InfWsClose)code);
    size_t bytes = strlen(text);
    if (bytes > INF_WS_CONTROL_BYTES_MAX - 2) {
        bytes = INF_WS_CONTROL_BYTES_MAX - 2;
        while (bytes > 0 && ((uint8_t)text[bytes] & 0xc0) == 0x80) {
            bytes--; // do not cut a character
        }
    }
    payload[0] = (uint8_t)(code >> 8);
    payload[1] = (uint8_t)code;
    memcpy(payload + 2, text, bytes);
    return bytes + 2;
}

/// Enter the closing state with a close frame behind what is already in the buffer.
static void start_close(InfFanout* fanout, Client* client, uint16_t code, const uint8_t* payload, size_t bytes) {
    if (client->in_frame) {
        client->in_frame = false;
        client->tail = client->frame_at;
    }
    client->state = CLOSING;
    client->code = code;
    client->closing_ms = fanout->now_ms;
    if (client->tail + 4 + bytes > fanout->out_capacity) {
        make_room(fanout, client, 4 + bytes, true);
    }
    if (client->tail + 4 + bytes <= fanout->out_capacity) {
        append(client, INF_WS_OP_CLOSE, payload, bytes);
    }
}

/// What may not be sent yet is never sent.
static void take_back(Client* client) {
    client->in_frame = false;
    client->tail = client->sealed_at = client->flushed;
    if (client->snapshot_end > client->tail) {
        client->snapshot_end = 0;
    }
}

/// Close from inside: what is staged but not released is not sent, for it may not be durable yet.
static void fail_client(InfFanout* fanout, Client* client, uint16_t code, const char* reason) {
    if (client->state != OPEN) {
        return;
    }
    uint8_t payload[INF_WS_CONTROL_BYTES_MAX];
    size_t bytes = write_close_payload(payload, code, reason);
    take_back(client);
    start_close(fanout, client, code, payload, bytes);
    client->flushed = client->sealed_at = client->tail;
    write_out(fanout, client);
}

bool inf_fanout_send(InfFanout* fanout, InfClientId id, const uint8_t* bytes, size_t byte_count, InfSendKind kind) {
    Client* client = find(fanout, id);
    if (client == NULL || client->state != OPEN || client->in_frame || byte_count > 65535) {
        return false;
    }
    size_t need = byte_count + INF_WS_HEADER_BYTES_MAX;
    size_t waiting = client->tail - client->head;
    if (kind == INF_SEND_DETAIL && waiting + need > fanout->def.reliable_bytes_max / 2) {
        fanout->stats.details_dropped++;
        return false;
    }
    if (!make_room(fanout, client, need, false)) {
        fanout->stats.slow++;
        fail_client(fanout, client, INF_WS_CLOSE_TOO_SLOW, NULL);
        return false;
    }
    append(client, INF_WS_OP_BINARY, bytes, byte_count);
    fanout->stats.messages_out++;
    mark_staged(fanout, client);
    return true;
}

uint8_t* inf_fanout_begin_frame(InfFanout* fanout, InfClientId id) {
    Client* client = find(fanout, id);
    if (client == NULL || client->state != OPEN || client->in_frame) {
        return NULL;
    }
    if (client->snapshot_end > 0 || !make_room(fanout, client, fanout->def.frame_bytes_max + 4u, true)) {
        fanout->stats.frames_skipped++;
        return NULL;
    }
    client->in_frame = true;
    client->frame_at = client->tail;
    return client->out + client->tail + INF_WS_HEADER_BYTES_MAX;
}

void inf_fanout_end_frame(InfFanout* fanout, InfClientId id, size_t byte_count) {
    Client* client = find(fanout, id);
    if (client == NULL || !client->in_frame) {
        return;
    }
    client->in_frame = false;
    if (byte_count == 0 || byte_count > fanout->def.frame_bytes_max) {
        return;
    }
    uint8_t* at = client->out + client->frame_at;
    size_t header = inf_ws_write_header(at, INF_WS_OP_BINARY, byte_count);
    if (header < INF_WS_HEADER_BYTES_MAX) { // below 126 bytes the header is shorter
        memmove(at + header, at + INF_WS_HEADER_BYTES_MAX, byte_count);
    }
    client->tail = client->frame_at + header + byte_count;
    client->snapshot_end = client->tail;
    fanout->stats.frames_out++;
    mark_staged(fanout, client);
}

static void release(InfFanout* fanout, Client* client, size_t up_to) {
    if (client->state != OPEN && client->state != CLOSING) {
        return;
    }
    if (up_to > client->flushed) {
        client->flushed = up_to;
    }
    if (!client->wants_out) {
        write_out(fanout, client);
    }
}

static void release_all(InfFanout* fanout, Client* client) {
    client->sealed_at = client->tail;
    release(fanout, client, client->tail);
}

void inf_fanout_flush_sealed(InfFanout* fanout) {
    for (uint32_t i = 0; i < fanout->sealed_count; i++) {
        Client* client = &fanout->clients[fanout->sealed_list[i]];
        client->sealed = false;
        release(fanout, client, client->sealed_at);
    }
    fanout->sealed_count = 0;
}

void inf_fanout_seal(InfFanout* fanout) {
    for (uint32_t i = 0; i < fanout->staged_count; i++) {
        uint32_t index = fanout->staged_list[i];
        Client* client = &fanout->clients[index];
        client->staged = false;
        client->sealed_at = client->tail;
        if (!client->sealed) {
            client->sealed = true;
            fanout->sealed_list[fanout->sealed_count++] = index;
        }
    }
    fanout->staged_count = 0;
}

void inf_fanout_flush(InfFanout* fanout) {
    inf_fanout_seal(fanout);
    inf_fanout_flush_sealed(fanout);
}

void inf_fanout_flush_client(InfFanout* fanout, InfClientId id) {
    Client* client = find(fanout, id);
    if (client != NULL) {
        release_all(fanout, client); // stays on the list; a second release finds nothing to do
    }
}

void inf_fanout_close(InfFanout* fanout, InfClientId id, uint16_t code, const char* reason) {
    Client* client = find(fanout, id);
    if (client == NULL || client->state != OPEN) {
        return;
    }
    uint8_t payload[INF_WS_CONTROL_BYTES_MAX];
    size_t bytes = write_close_payload(payload, code, reason);
    start_close(fanout, client, code, payload, bytes);
    mark_staged(fanout, client);
}

void inf_fanout_close_all(InfFanout* fanout, uint16_t code, const char* reason) {
    for (uint32_t i = 0; i < fanout->used_high; i++) {
        inf_fanout_close(fanout, (InfClientId){i + 1, fanout->clients[i].generation}, code, reason);
    }
}

void inf_fanout_fail_all(InfFanout* fanout, uint16_t code, const char* reason) {
    for (uint32_t i = 0; i < fanout->used_high; i++) {
        fail_client(fanout, &fanout->clients[i], code, reason);
    }
}

// --------------------------------------------------------------------------------- receiving

static void put_record(InfFanout* fanout, Client* client, InfFanoutEventKind kind, const uint8_t* bytes, size_t count) {
    Record record = {kind, index_of(fanout, client), client->generation, (uint32_t)count};
    memcpy(fanout->inbox + fanout->inbox_used, &record, sizeof(record));
    if (count > 0) {
        memcpy(fanout->inbox + fanout->inbox_used + sizeof(record), bytes, count);
    }
    fanout->inbox_used += (sizeof(record) + count + 7) & ~(size_t)7;
}

/// Whether whatever one read can bring fits. The shortest message takes 6 bytes on the wire.
static bool inbox_has_room(const InfFanout* fanout, size_t read_bytes) {
    size_t worst = (read_bytes / 6 + 2) * (sizeof(Record) + 8) + read_bytes + fanout->def.message_bytes_max;
    return fanout->inbox_used + worst <= fanout->def.inbox_bytes;
}

static void refill(const InfFanout* fanout, Client* client) {
    uint64_t passed = fanout->now_ms - client->refilled_ms;
    uint64_t most = 60000; // more than fills any bucket we allow
    passed = passed > most ? most : passed;
    client->refilled_ms = fanout->now_ms;
    client->messages.level_milli += passed * fanout->def.messages_per_s;
    client->bytes.level_milli += passed * fanout->def.bytes_per_s;
    if (client->messages.level_milli > fanout->def.messages_burst * 1000ull) {
        client->messages.level_milli = fanout->def.messages_burst * 1000ull;
    }
    if (client->bytes.level_milli > fanout->def.bytes_burst * 1000ull) {
        client->bytes.level_milli = fanout->def.bytes_burst * 1000ull;
    }
}

static bool take(Bucket* bucket, uint64_t amount) {
    if (bucket->level_milli < amount * 1000) {
        return false;
    }
    bucket->level_milli -= amount * 1000;
    return true;
}

static void flood(InfFanout* fanout, Client* client, const char* reason) {
    fanout->stats.floods++;
    fail_client(fanout, client, INF_WS_CLOSE_POLICY, reason);
}

static void answer_ping(InfFanout* fanout, Client* client, const uint8_t* payload, size_t bytes) {
    if (client->in_frame || !make_room(fanout, client, bytes + 4, false)) {
        return; // a later ping will be answered
    }
    bool nothing_staged = client->flushed == client->tail;
    append(client, INF_WS_OP_PONG, payload, bytes);
    if (nothing_staged) {
        release_all(fanout, client);
    } else {
        mark_staged(fanout, client);
    }
}

static void handle_close(InfFanout* fanout, Client* client, const InfWsEvent* event) {
    client->peer_closed = true;
    if (client->state == OPEN) {
        take_back(client);
        size_t echo = event->payload_bytes >= 2 ? 2 : 0;
        start_close(fanout, client, event->code, event->payload, echo);
        client->flushed = client->sealed_at = client->tail;
    }
    write_out(fanout, client);
}

static void feed(InfFanout* fanout, Client* client, const uint8_t* bytes, size_t byte_count) {
    refill(fanout, client);
    client->heard_ms = fanout->now_ms;
    fanout->stats.bytes_in += byte_count;
    if (client->state == OPEN && !take(&client->bytes, byte_count)) {
        flood(fanout, client, "too many bytes at once; send less");
    }
    while (byte_count > 0 && (client->state == OPEN || client->state == CLOSING)) {
        InfWsEvent event = inf_ws_parser_next(&client->parser, &bytes, &byte_count);
        if (event.kind == INF_WS_EVENT_NONE) {
            break;
        }
        if (event.kind == INF_WS_EVENT_CLOSE) {
            handle_close(fanout, client, &event);
            break;
        }
        if (client->state != OPEN) {
            if (event.kind == INF_WS_EVENT_FAIL) {
                break;
            }
            continue; // we said goodbye already; only the peer's goodbye still counts
        }
        if (event.kind == INF_WS_EVENT_FAIL) {
            fanout->stats.protocol_errors++;
            fail_client(fanout, client, event.code, NULL);
        } else if (!take(&client->messages, 1)) {
            flood(fanout, client, "too many messages at once; send fewer");
        } else if (event.kind == INF_WS_EVENT_MESSAGE) {
            fanout->stats.messages_in++;
            put_record(fanout, client, INF_FANOUT_MESSAGE, event.payload, event.payload_bytes);
        } else if (event.kind == INF_WS_EVENT_PING) {
            answer_ping(fanout, client, event.payload, event.payload_bytes);
        }
    }
}

static void read_client(InfFanout* fanout, Client* client) {
    if (!inbox_has_room(fanout, READ_BYTES)) {
        return; // the kernel keeps it; that is the back-pressure
    }
    ssize_t got = recv(client->fd, fanout->scratch, READ_BYTES, MSG_DONTWAIT);
    if (got > 0) {
        feed(fanout, client, fanout->scratch, (size_t)got);
    } else if (got == 0) {
        kill_client(fanout, client, CODE_BROKEN);
    } else if (errno != EAGAIN && errno != EINTR) {
        kill_client(fanout, client, CODE_BROKEN);
    }
}

InfClientId inf_fanout_adopt(InfFanout* fanout, int fd, const InfWsHandshake* handshake, const char* address,
                             const uint8_t* more, size_t more_bytes, uint64_t now_ms) {
    fanout->now_ms = now_ms;
    if (fanout->free_count == 0 || !inbox_has_room(fanout, more_bytes)) {
        return (InfClientId){0};
    }
    uint32_t index = fanout->free_list[fanout->free_count - 1];
    Client* client = &fanout->clients[index];
    struct epoll_event event = {.events = EPOLLIN};
    event.data.u64 = (uint64_t)client->generation << 32 | index;
    if (epoll_ctl(fanout->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        return (InfClientId){0};
    }
    fanout->free_count--;
    int on = 1, buffer = (int)fanout->def.send_buffer_bytes;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); // fails on a Unix socket, which needs none
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
    uint32_t generation = client->generation;
    uint8_t* out = client->out;
    bool staged = client->staged, sealed = client->sealed; // the slot's former client may still be on the lists
    memset(client, 0, sizeof(*client));
    client->generation = generation;
    client->out = out;
    client->staged = staged;
    client->sealed = sealed;
    client->fd = fd;
    client->state = OPEN;
    client->heard_ms = client->pinged_ms = client->refilled_ms = now_ms;
    client->messages.level_milli = fanout->def.messages_burst * 1000ull;
    client->bytes.level_milli = fanout->def.bytes_burst * 1000ull;
    memcpy(client->origin, handshake->origin, sizeof(client->origin));
    strncpy(client->address, address, sizeof(client->address) - 1);
    inf_ws_parser_init(&client->parser, fanout->message_slab + index * fanout->message_stride,
                       fanout->def.message_bytes_max);
    if (index >= fanout->used_high) {
        fanout->used_high = index + 1;
    }
    fanout->stats.clients++;
    fanout->stats.opened++;
    put_record(fanout, client, INF_FANOUT_OPENED, NULL, 0);
    char answer[1024];
    size_t answer_bytes = inf_ws_write_answer(handshake, answer, sizeof(answer));
    memcpy(client->out, answer, answer_bytes);
    client->tail = answer_bytes;
    release_all(fanout, client);
    if (more_bytes > 0) {
        feed(fanout, client, more, more_bytes);
    }
    return (InfClientId){index + 1, generation};
}

// --------------------------------------------------------------------------------- time and events

static void keep_time(InfFanout* fanout, Client* client) {
    uint64_t now = fanout->now_ms;
    if (client->state == CLOSING) {
        if (now - client->closing_ms > fanout->def.close_wait_ms) {
            kill_client(fanout, client, client->code);
        }
        return;
    }
    if (now - client->heard_ms >= fanout->def.idle_ms) {
        fail_client(fanout, client, INF_WS_CLOSE_IDLE, NULL);
    } else if (client->blocked_ms != 0 && now - client->blocked_ms >= fanout->def.write_deadline_ms) {
        fanout->stats.slow++;
        fail_client(fanout, client, INF_WS_CLOSE_TOO_SLOW, NULL);
    } else if (now - client->heard_ms >= fanout->def.ping_ms && now - client->pinged_ms >= fanout->def.ping_ms &&
               !client->in_frame && client->flushed == client->tail && make_room(fanout, client, 4, false)) {
        client->pinged_ms = now;
        append(client, INF_WS_OP_PING, NULL, 0);
        release_all(fanout, client);
    }
}

void inf_fanout_poll(InfFanout* fanout, uint64_t now_ms) {
    fanout->now_ms = now_ms;
    if (fanout->inbox_read == fanout->inbox_used) {
        fanout->inbox_read = fanout->inbox_used = 0;
    }
    struct epoll_event events[EVENTS_AT_ONCE];
    int count = epoll_wait(fanout->epoll_fd, events, EVENTS_AT_ONCE, 0);
    for (int i = 0; i < count; i++) {
        uint32_t index = (uint32_t)events[i].data.u64;
        Client* client = &fanout->clients[index];
        if (client->generation != (uint32_t)(events[i].data.u64 >> 32) || client->fd < 0) {
            continue;
        }
        if (events[i].events & EPOLLOUT) {
            write_out(fanout, client);
        }
        if (client->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
            read_client(fanout, client);
        }
    }
    if (now_ms - fanout->swept_ms >= SWEEP_MS) {
        fanout->swept_ms = now_ms;
        for (uint32_t i = 0; i < fanout->used_high; i++) {
            if (fanout->clients[i].fd >= 0) {
                keep_time(fanout, &fanout->clients[i]);
            }
        }
    }
}

bool inf_fanout_next(InfFanout* fanout, InfFanoutEvent* out) {
    if (fanout->pending_free1 != 0) {
        free_client(fanout, &fanout->clients[fanout->pending_free1 - 1]);
        fanout->pending_free1 = 0;
    }
    if (fanout->inbox_read < fanout->inbox_used) {
        Record record;
        memcpy(&record, fanout->inbox + fanout->inbox_read, sizeof(record));
        *out = (InfFanoutEvent){.kind = (InfFanoutEventKind)record.kind,
                                .client = {record.index + 1, record.generation},
                                .bytes = fanout->inbox + fanout->inbox_read + sizeof(record),
                                .byte_count = record.byte_count};
        fanout->inbox_read += (sizeof(record) + record.byte_count + 7) & ~(size_t)7;
        return true;
    }
    if (fanout->dead_begin < fanout->dead_end) {
        uint32_t index = fanout->dead_list[fanout->dead_begin++ % fanout->def.clients_max];
        Client* client = &fanout->clients[index];
        *out = (InfFanoutEvent){.kind = INF_FANOUT_CLOSED,
                                .client = {index + 1, client->generation},
                                .code = client->code};
        fanout->pending_free1 = index + 1;
        return true;
    }
    return false;
}

const char* inf_fanout_get_origin(const InfFanout* fanout, InfClientId id) {
    const Client* client = find(fanout, id);
    return client ? client->origin : NULL;
}

const char* inf_fanout_get_address(const InfFanout* fanout, InfClientId id) {
    const Client* client = find(fanout, id);
    return client ? client->address : NULL;
}

uint32_t inf_fanout_count_address(const InfFanout* fanout, const char* address) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < fanout->used_high; i++) {
        count += fanout->clients[i].fd >= 0 && strcmp(fanout->clients[i].address, address) == 0;
    }
    return count;
}

InfFanoutStats inf_fanout_get_stats(const InfFanout* fanout) { return fanout->stats; }
