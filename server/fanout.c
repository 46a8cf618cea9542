// The fan-out over epoll: lines come in, are read, and are kept in time. Sending is in fanout_out.c.
#include "server/fanout_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_AT_ONCE 256
#define SWEEP_MS 500

typedef struct Record {
    uint32_t kind, index, generation, byte_count;
} Record;

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
    pthread_mutex_init(&fanout->dead_mutex, NULL);
    fanout->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    fanout->out_capacity = def->reliable_bytes_max + 2u * def->frame_bytes_max + 512u;
    fanout->out_stride = (fanout->out_capacity + 4095) & ~(size_t)4095;
    // Not a multiple of a page: beginnings that are pages apart share the few places that a cache has for them.
    fanout->direct_stride = fanout->out_stride + 27u * 64u;
    fanout->message_stride = (def->message_bytes_max + 4095u) & ~(size_t)4095;
    uint32_t lane_count = def->hands != NULL ? inf_hands_count(def->hands) : 1;
    fanout->lanes = aligned_alloc(_Alignof(InfFanoutLane), lane_count * sizeof(InfFanoutLane));
    if (fanout->lanes != NULL) {
        memset(fanout->lanes, 0, lane_count * sizeof(InfFanoutLane));
        fanout->lane_count = lane_count;
    }
    bool has_lanes = fanout->lanes != NULL;
    for (uint32_t i = 0; i < fanout->lane_count; i++) {
        fanout->lanes[i].staged_list = calloc(count, sizeof(uint32_t));
        fanout->lanes[i].direct = reserve(INF_FANOUT_DIRECT * fanout->direct_stride);
        has_lanes = has_lanes && fanout->lanes[i].staged_list != NULL && fanout->lanes[i].direct != NULL;
    }
    fanout->out_slab = reserve(count * fanout->out_stride);
    fanout->message_slab = reserve(count * fanout->message_stride);
    fanout->clients = calloc(count, sizeof(InfLine));
    fanout->free_list = calloc(count, sizeof(uint32_t));
    fanout->sealed_list = calloc(count, sizeof(uint32_t));
    fanout->dead_list = calloc(count, sizeof(uint32_t));
    fanout->inbox = malloc(def->inbox_bytes);
    if (fanout->epoll_fd < 0 || !fanout->out_slab || !fanout->message_slab || !fanout->clients ||
        !fanout->free_list || !has_lanes || !fanout->sealed_list || !fanout->dead_list || !fanout->inbox) {
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
    for (uint32_t i = 0; i < fanout->lane_count; i++) {
        free(fanout->lanes[i].staged_list);
        if (fanout->lanes[i].direct != NULL) {
            munmap(fanout->lanes[i].direct, INF_FANOUT_DIRECT * fanout->direct_stride);
        }
    }
    free(fanout->lanes);
    pthread_mutex_destroy(&fanout->dead_mutex);
    free(fanout->sealed_list);
    free(fanout->dead_list);
    free(fanout->inbox);
    free(fanout);
}

int inf_fanout_fd(const InfFanout* fanout) { return fanout->epoll_fd; }

InfLine* inf_line_find(const InfFanout* fanout, InfClientId id) {
    if (id.index1 == 0 || id.index1 > fanout->def.clients_max) {
        return NULL;
    }
    InfLine* client = &fanout->clients[id.index1 - 1];
    return client->generation == id.generation && client->state != INF_LINE_FREE ? client : NULL;
}

uint32_t inf_line_index(const InfFanout* fanout, const InfLine* client) {
    return (uint32_t)(client - fanout->clients);
}
// --------------------------------------------------------------------------------- receiving

static void put_record(InfFanout* fanout, InfLine* client, InfFanoutEventKind kind, const uint8_t* bytes, size_t count) {
    Record record = {kind, inf_line_index(fanout, client), client->generation, (uint32_t)count};
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

static void refill(const InfFanout* fanout, InfLine* client) {
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

static bool take(InfBucket* bucket, uint64_t amount) {
    if (bucket->level_milli < amount * 1000) {
        return false;
    }
    bucket->level_milli -= amount * 1000;
    return true;
}

static void flood(InfFanout* fanout, InfLine* client, const char* reason) {
    fanout->stats.floods++;
    inf_line_fail(fanout, client, INF_WS_CLOSE_POLICY, reason);
}

static void answer_ping(InfFanout* fanout, InfLine* client, const uint8_t* payload, size_t bytes) {
    if (client->in_frame || !inf_line_make_room(fanout, client, bytes + 4, false)) {
        return; // a later ping will be answered
    }
    bool nothing_staged = client->flushed == client->tail;
    inf_line_append(client, INF_WS_OP_PONG, payload, bytes);
    if (nothing_staged) {
        inf_line_release(fanout, client);
    } else {
        inf_line_stage(fanout, client);
    }
}

static void handle_close(InfFanout* fanout, InfLine* client, const InfWsEvent* event) {
    client->peer_closed = true;
    if (client->state == INF_LINE_OPEN) {
        inf_line_take_back(client);
        size_t echo = event->payload_bytes >= 2 ? 2 : 0;
        inf_line_start_close(fanout, client, event->code, event->payload, echo);
        client->flushed = client->sealed_at = client->tail;
    }
    inf_line_write(fanout, client);
}

static void feed(InfFanout* fanout, InfLine* client, const uint8_t* bytes, size_t byte_count) {
    refill(fanout, client);
    client->heard_ms = fanout->now_ms;
    fanout->stats.bytes_in += byte_count;
    if (client->state == INF_LINE_OPEN && !take(&client->bytes, byte_count)) {
        flood(fanout, client, "too many bytes at once; send less");
    }
    while (byte_count > 0 && (client->state == INF_LINE_OPEN || client->state == INF_LINE_CLOSING)) {
        InfWsEvent event = inf_ws_parser_next(&client->parser, &bytes, &byte_count);
        if (event.kind == INF_WS_EVENT_NONE) {
            break;
        }
        if (event.kind == INF_WS_EVENT_CLOSE) {
            handle_close(fanout, client, &event);
            break;
        }
        if (client->state != INF_LINE_OPEN) {
            if (event.kind == INF_WS_EVENT_FAIL) {
                break;
            }
            continue; // we said goodbye already; only the peer's goodbye still counts
        }
        if (event.kind == INF_WS_EVENT_FAIL) {
            fanout->stats.protocol_errors++;
            inf_line_fail(fanout, client, event.code, NULL);
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

static void read_client(InfFanout* fanout, InfLine* client) {
    if (!inbox_has_room(fanout, INF_FANOUT_READ_BYTES)) {
        return; // the kernel keeps it; that is the back-pressure
    }
    ssize_t got = recv(client->fd, fanout->scratch, INF_FANOUT_READ_BYTES, MSG_DONTWAIT);
    if (got > 0) {
        feed(fanout, client, fanout->scratch, (size_t)got);
    } else if (got == 0) {
        inf_line_kill(fanout, client, INF_WS_CODE_BROKEN);
    } else if (errno != EAGAIN && errno != EINTR) {
        inf_line_kill(fanout, client, INF_WS_CODE_BROKEN);
    }
}

InfClientId inf_fanout_adopt(InfFanout* fanout, int fd, const InfWsHandshake* handshake, const char* address,
                             const uint8_t* more, size_t more_bytes, uint64_t now_ms) {
    fanout->now_ms = now_ms;
    if (fanout->free_count == 0 || !inbox_has_room(fanout, more_bytes)) {
        return (InfClientId){0};
    }
    uint32_t index = fanout->free_list[fanout->free_count - 1];
    InfLine* client = &fanout->clients[index];
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
    client->state = INF_LINE_OPEN;
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
    inf_line_release(fanout, client);
    if (more_bytes > 0) {
        feed(fanout, client, more, more_bytes);
    }
    return (InfClientId){index + 1, generation};
}

// --------------------------------------------------------------------------------- time and events

static void keep_time(InfFanout* fanout, InfLine* client) {
    uint64_t now = fanout->now_ms;
    if (client->state == INF_LINE_CLOSING) {
        if (now - client->closing_ms > fanout->def.close_wait_ms) {
            inf_line_kill(fanout, client, client->code);
        }
        return;
    }
    if (now - client->heard_ms >= fanout->def.idle_ms) {
        inf_line_fail(fanout, client, INF_WS_CLOSE_IDLE, NULL);
    } else if (client->blocked_ms != 0 && now - client->blocked_ms >= fanout->def.write_deadline_ms) {
        fanout->stats.slow++;
        inf_line_fail(fanout, client, INF_WS_CLOSE_TOO_SLOW, NULL);
    } else if (now - client->heard_ms >= fanout->def.ping_ms && now - client->pinged_ms >= fanout->def.ping_ms &&
               !client->in_frame && client->flushed == client->tail && inf_line_make_room(fanout, client, 4, false)) {
        client->pinged_ms = now;
        inf_line_append(client, INF_WS_OP_PING, NULL, 0);
        inf_line_release(fanout, client);
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
        InfLine* client = &fanout->clients[index];
        if (client->generation != (uint32_t)(events[i].data.u64 >> 32) || client->fd < 0) {
            continue;
        }
        if (events[i].events & EPOLLOUT) {
            inf_line_write(fanout, client);
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
        inf_line_free(fanout, &fanout->clients[fanout->pending_free1 - 1]);
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
        InfLine* client = &fanout->clients[index];
        *out = (InfFanoutEvent){.kind = INF_FANOUT_CLOSED,
                                .client = {index + 1, client->generation},
                                .code = client->code};
        fanout->pending_free1 = index + 1;
        return true;
    }
    return false;
}

const char* inf_fanout_get_origin(const InfFanout* fanout, InfClientId id) {
    const InfLine* client = inf_line_find(fanout, id);
    return client ? client->origin : NULL;
}

const char* inf_fanout_get_address(const InfFanout* fanout, InfClientId id) {
    const InfLine* client = inf_line_find(fanout, id);
    return client ? client->address : NULL;
}

uint32_t inf_fanout_count_address(const InfFanout* fanout, const char* address) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < fanout->used_high; i++) {
        count += fanout->clients[i].fd >= 0 && strcmp(fanout->clients[i].address, address) == 0;
    }
    return count;
}

InfFanoutStats inf_fanout_get_stats(const InfFanout* fanout) {
    InfFanoutStats sum = fanout->stats;
    for (uint32_t i = 0; i < fanout->lane_count; i++) {
        const InfFanoutStats* lane = &fanout->lanes[i].stats;
        sum.messages_out += lane->messages_out;
        sum.frames_out += lane->frames_out;
        sum.bytes_out += lane->bytes_out;
        sum.sends += lane->sends;
        sum.frames_skipped += lane->frames_skipped;
        sum.short_writes += lane->short_writes;
        sum.filled += lane->filled;
        sum.details_dropped += lane->details_dropped;
        sum.slow += lane->slow;
    }
    return sum;
}
