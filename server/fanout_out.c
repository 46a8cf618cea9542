// Sending: bytes leave by one send() per flush; only after a short write is EPOLLOUT asked for. The buffer is drawn in
// fanout_internal.h.
#include "server/fanout_internal.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SENT_TOGETHER 64u
/// So few are not worth waking anybody for.
#define ALONE_CLIENTS 256u

// --------------------------------------------------------------------------------- lanes

static _Thread_local uint32_t this_hand;

void inf_fanout_take_lane(uint32_t hand) { this_hand = hand; }

InfFanoutLane* inf_fanout_lane(const InfFanout* fanout) {
    return &fanout->lanes[this_hand < fanout->lane_count ? this_hand : 0];
}

// --------------------------------------------------------------------------------- leaving

void inf_line_kill(InfFanout* fanout, InfLine* client, uint16_t code) {
    if (client->state == INF_LINE_DEAD || client->state == INF_LINE_FREE) {
        return;
    }
    close(client->fd); // also leaves the epoll set
    client->fd = -1;
    if (client->code == 0) {
        client->code = code;
    }
    client->state = INF_LINE_DEAD;
    pthread_mutex_lock(&fanout->dead_mutex);
    fanout->dead_list[fanout->dead_end++ % fanout->def.clients_max] = inf_line_index(fanout, client);
    fanout->stats.clients--;
    fanout->stats.closed++;
    pthread_mutex_unlock(&fanout->dead_mutex);
}

void inf_line_free(InfFanout* fanout, InfLine* client) {
    if (client->tail > 4096 || client->parser.message_bytes > 4096) { // give touched pages back
        madvise(client->out, fanout->out_stride, MADV_DONTNEED);
        madvise(client->parser.message, fanout->message_stride, MADV_DONTNEED);
    }
    client->state = INF_LINE_FREE;
    client->generation = client->generation == UINT32_MAX ? 1 : client->generation + 1;
    fanout->free_list[fanout->free_count++] = inf_line_index(fanout, client);
}

static void want_out(InfFanout* fanout, InfLine* client, bool wanted) {
    if (client->wants_out == wanted) {
        return;
    }
    client->wants_out = wanted;
    struct epoll_event event = {.events = EPOLLIN | (wanted ? (uint32_t)EPOLLOUT : 0u)};
    event.data.u64 = (uint64_t)client->generation << 32 | inf_line_index(fanout, client);
    epoll_ctl(fanout->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

// --------------------------------------------------------------------------------- sending

void inf_line_write(InfFanout* fanout, InfLine* client) {
    if (client->fd < 0) {
        return;
    }
    if (client->head < client->flushed) {
        ssize_t sent = send(client->fd, client->out + client->head, client->flushed - client->head,
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        InfFanoutStats* stats = &inf_fanout_lane(fanout)->stats;
        stats->sends++;
        if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
            inf_line_kill(fanout, client, INF_WS_CODE_BROKEN);
            return;
        }
        if (sent > 0) {
            client->head += (size_t)sent;
            stats->bytes_out += (uint64_t)sent;
        }
    }
    bool drained = client->head == client->flushed;
    if (client->head >= client->snapshot_end) {
        client->snapshot_end = 0;
    }
    if (!drained) {
        inf_fanout_lane(fanout)->stats.short_writes++;
        if (client->blocked_ms == 0) {
            client->blocked_ms = fanout->now_ms | 1;
            inf_fanout_lane(fanout)->stats.filled++;
        }
    } else {
        client->blocked_ms = 0;
        if (client->head == client->tail && !client->in_frame) {
            client->head = client->flushed = client->sealed_at = client->tail = 0;
        }
        if (client->state == INF_LINE_CLOSING && client->peer_closed && client->head == client->tail && !client->shut) {
            client->shut = true;
            shutdown(client->fd, SHUT_WR);
        }
    }
    want_out(fanout, client, !drained);
}

void inf_line_stage(InfFanout* fanout, InfLine* client) {
    if (!client->staged && !client->is_direct) {
        InfFanoutLane* lane = inf_fanout_lane(fanout);
        client->staged = true;
        lane->staged_list[lane->staged_count++] = inf_line_index(fanout, client);
    }
}

bool inf_line_make_room(InfFanout* fanout, InfLine* client, size_t bytes, bool is_frame) {
    size_t frame_bytes = fanout->def.frame_bytes_max + 4u;
    size_t reserve_bytes = is_frame || client->snapshot_end > 0 ? 0 : (2 - client->held_count) * frame_bytes;
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
    for (uint32_t i = 0; i < client->held_count; i++) {
        client->held_ends[i] -= by;
    }
    return true;
}

void inf_line_append(InfLine* client, InfWsOpcode opcode, const uint8_t* bytes, size_t byte_count) {
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

void inf_line_start_close(InfFanout* fanout, InfLine* client, uint16_t code, const uint8_t* payload, size_t bytes) {
    if (client->in_frame) {
        client->in_frame = false;
        client->tail = client->frame_at;
    }
    client->state = INF_LINE_CLOSING;
    client->code = code;
    client->closing_ms = fanout->now_ms;
    if (client->tail + 4 + bytes > fanout->out_capacity) {
        inf_line_make_room(fanout, client, 4 + bytes, true);
    }
    if (client->tail + 4 + bytes <= fanout->out_capacity) {
        inf_line_append(client, INF_WS_OP_CLOSE, payload, bytes);
    }
}

void inf_line_take_back(InfLine* client) {
    client->in_frame = false;
    client->tail = client->sealed_at = client->flushed;
    client->held_count = 0;
}

void inf_line_fail(InfFanout* fanout, InfLine* client, uint16_t code, const char* reason) {
    if (client->state != INF_LINE_OPEN) {
        return;
    }
    uint8_t payload[INF_WS_CONTROL_BYTES_MAX];
    size_t bytes = write_close_payload(payload, code, reason);
    inf_line_take_back(client);
    inf_line_start_close(fanout, client, code, payload, bytes);
    client->flushed = client->sealed_at = client->tail;
    inf_line_write(fanout, client);
}

bool inf_fanout_send(InfFanout* fanout, InfClientId id, const uint8_t* bytes, size_t byte_count, InfSendKind kind) {
    InfLine* client = inf_line_find(fanout, id);
    if (client == NULL || client->state != INF_LINE_OPEN || client->in_frame || byte_count > 65535) {
        return false;
    }
    size_t need = byte_count + INF_WS_HEADER_BYTES_MAX;
    size_t waiting = client->tail - client->head;
    if (kind == INF_SEND_DETAIL && waiting + need > fanout->def.reliable_bytes_max / 2) {
        inf_fanout_lane(fanout)->stats.details_dropped++;
        return false;
    }
    if (!inf_line_make_room(fanout, client, need, false)) {
        inf_fanout_lane(fanout)->stats.slow++;
        inf_line_fail(fanout, client, INF_WS_CLOSE_TOO_SLOW, NULL);
        return false;
    }
    inf_line_append(client, INF_WS_OP_BINARY, bytes, byte_count);
    inf_fanout_lane(fanout)->stats.messages_out++;
    inf_line_stage(fanout, client);
    return true;
}

uint8_t* inf_fanout_begin_frame(InfFanout* fanout, InfClientId id) {
    InfLine* client = inf_line_find(fanout, id);
    if (client == NULL || client->state != INF_LINE_OPEN || client->in_frame) {
        return NULL;
    }
    bool is_staged = client->held_count > 0 && client->held_ends[client->held_count - 1] > client->sealed_at;
    if (client->snapshot_end > 0 || is_staged || client->held_count == 2 ||
        !inf_line_make_room(fanout, client, fanout->def.frame_bytes_max + 4u, true)) {
        inf_fanout_lane(fanout)->stats.frames_skipped++;
        return NULL;
    }
    client->in_frame = true;
    client->frame_at = client->tail;
    return client->out + client->tail + INF_WS_HEADER_BYTES_MAX;
}

void inf_fanout_end_frame(InfFanout* fanout, InfClientId id, size_t byte_count) {
    InfLine* client = inf_line_find(fanout, id);
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
    client->held_ends[client->held_count++] = client->tail;
    inf_fanout_lane(fanout)->stats.frames_out++;
    inf_line_stage(fanout, client);
}

static void release(InfFanout* fanout, InfLine* client, size_t up_to) {
    if (client->state != INF_LINE_OPEN && client->state != INF_LINE_CLOSING) {
        return;
    }
    if (up_to > client->flushed) {
        client->flushed = up_to;
    }
    while (client->held_count > 0 && client->held_ends[0] <= client->flushed) {
        client->snapshot_end = client->held_ends[0];
        client->held_ends[0] = client->held_ends[1];
        client->held_count--;
    }
    if (!client->wants_out) {
        inf_line_write(fanout, client);
    }
}

void inf_line_release(InfFanout* fanout, InfLine* client) {
    client->sealed_at = client->tail;
    release(fanout, client, client->tail);
}

static void flush_part(void* user, uint32_t hand, uint32_t from, uint32_t to) {
    InfFanout* fanout = user;
    inf_fanout_take_lane(hand);
    for (uint32_t i = from; i < to; i++) {
        InfLine* client = &fanout->clients[fanout->sealed_list[i]];
        client->sealed = false;
        release(fanout, client, client->sealed_at);
    }
}

void inf_fanout_flush_sealed(InfFanout* fanout) {
    if (fanout->def.hands != NULL && fanout->sealed_count > ALONE_CLIENTS) {
        inf_hands_do(fanout->def.hands, fanout->sealed_count, SENT_TOGETHER, flush_part, fanout);
    } else {
        flush_part(fanout, 0, 0, fanout->sealed_count);
    }
    fanout->sealed_count = 0;
}

void inf_fanout_seal(InfFanout* fanout) {
    for (uint32_t l = 0; l < fanout->lane_count; l++) {
        InfFanoutLane* lane = &fanout->lanes[l];
        for (uint32_t i = 0; i < lane->staged_count; i++) {
            uint32_t index = lane->staged_list[i];
            InfLine* client = &fanout->clients[index];
            client->staged = false;
            client->sealed_at = client->tail;
            if (!client->sealed) {
                client->sealed = true;
                fanout->sealed_list[fanout->sealed_count++] = index;
            }
        }
        lane->staged_count = 0;
    }
}

void inf_fanout_fetch(const InfFanout* fanout, InfClientId id) {
    if (id.index1 != 0 && id.index1 <= fanout->def.clients_max) {
        const char* line = (const char*)&fanout->clients[id.index1 - 1];
        for (size_t at = 0; at < offsetof(InfLine, parser); at += 64) {
            __builtin_prefetch(line + at, 1);
        }
    }
}

static uint8_t* own_buffer(const InfFanout* fanout, const InfLine* client) {
    return fanout->out_slab + inf_line_index(fanout, client) * fanout->out_stride;
}

void inf_fanout_begin_direct(InfFanout* fanout, InfClientId id) {
    InfLine* client = inf_line_find(fanout, id);
    if (client == NULL || client->state != INF_LINE_OPEN || client->head != client->flushed || client->staged ||
        client->sealed || client->in_frame || client->held_count > 0 || client->snapshot_end > 0) {
        return;
    }
    InfFanoutLane* lane = inf_fanout_lane(fanout);
    uint8_t* direct = lane->direct + lane->direct_count * fanout->direct_stride;
    lane->direct_lines[lane->direct_count++] = client;
    if (client->tail > client->head) { // what was held goes along
        memcpy(direct, client->out + client->head, client->tail - client->head);
    }
    client->tail -= client->head;
    client->head = client->flushed = client->sealed_at = 0;
    client->out = direct;
    client->is_direct = true;
}

void inf_fanout_end_direct(InfFanout* fanout, InfClientId id) {
    (void)id; // it stays in its buffer until the flush
    if (inf_fanout_lane(fanout)->direct_count == INF_FANOUT_DIRECT) {
        inf_fanout_flush_direct(fanout);
    }
}

void inf_fanout_flush_direct(InfFanout* fanout) {
    InfFanoutLane* lane = inf_fanout_lane(fanout);
    for (uint32_t i = 0; i < lane->direct_count; i++) {
        InfLine* client = lane->direct_lines[i];
        const uint8_t* direct = client->out;
        if (client->tail > 0) {
            inf_line_release(fanout, client);
        }
        client->is_direct = false;
        client->out = own_buffer(fanout, client);
        if (client->head < client->tail) { // only what has not gone lies in the way
            memcpy(client->out + client->head, direct + client->head, client->tail - client->head);
        }
    }
    lane->direct_count = 0;
}

void inf_fanout_flush(InfFanout* fanout) {
    inf_fanout_seal(fanout);
    inf_fanout_flush_sealed(fanout);
}

void inf_fanout_flush_client(InfFanout* fanout, InfClientId id) {
    InfLine* client = inf_line_find(fanout, id);
    if (client != NULL) {
        inf_line_release(fanout, client); // stays on the list; a second release finds nothing to do
    }
}

void inf_fanout_close(InfFanout* fanout, InfClientId id, uint16_t code, const char* reason) {
    InfLine* client = inf_line_find(fanout, id);
    if (client == NULL || client->state != INF_LINE_OPEN) {
        return;
    }
    uint8_t payload[INF_WS_CONTROL_BYTES_MAX];
    size_t bytes = write_close_payload(payload, code, reason);
    inf_line_start_close(fanout, client, code, payload, bytes);
    inf_line_stage(fanout, client);
}

void inf_fanout_close_all(InfFanout* fanout, uint16_t code, const char* reason) {
    for (uint32_t i = 0; i < fanout->used_high; i++) {
        inf_fanout_close(fanout, (InfClientId){i + 1, fanout->clients[i].generation}, code, reason);
    }
}

void inf_fanout_fail_all(InfFanout* fanout, uint16_t code, const char* reason) {
    for (uint32_t i = 0; i < fanout->used_high; i++) {
        inf_line_fail(fanout, &fanout->clients[i], code, reason);
    }
}
