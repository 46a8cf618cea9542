// What a pilot does depends on its number only, so that two runs put the same demand on a server:
//   battle: each third pilot attacks one of its neighbours at a time, each other one flies by hand or circles the
//   station; one of 100 speaks every ten seconds. move: nobody attacks. chat: one of ten speaks every five seconds.
#include "pilot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SECOND_US 1000000u
#define FAR_M 12000.0f

static void note_error(LoadFleet* fleet, const LoadPilot* pilot, const char* what, uint32_t detail)
{
    if (fleet->first_error[0] == 0) {
        snprintf(fleet->first_error, sizeof fleet->first_error, "client %u at tick %llu: %s (%u)", pilot->number,
                 (unsigned long long)pilot->sight.tick, what, detail);
    }
}

static uint64_t draw(LoadPilot* pilot) // xorshift64*
{
    pilot->random ^= pilot->random >> 12;
    pilot->random ^= pilot->random << 25;
    pilot->random ^= pilot->random >> 27;
    return pilot->random * 0x2545f4914f6cdd1dull;
}

void load_sums_add(LoadSums* to, const LoadSums* from)
{
#define ADD(name) to->name += from->name;
    ADD(snapshots) ADD(snapshot_bytes) ADD(frames) ADD(bytes) ADD(events) ADD(fired_events) ADD(said_events) ADD(inputs)
    ADD(accepted) ADD(rejected) ADD(refused) ADD(said) ADD(ticks_skipped) ADD(decode_errors) ADD(sequence_errors)
    ADD(implausible) ADD(proof_errors) ADD(acks) ADD(acks_lost) ADD(ships_seen)
#undef ADD
    for (uint32_t i = 0; i <= LOAD_GAP_MS_MAX; i++) {
        to->gap_ms[i] += from->gap_ms[i];
        to->arrival_gap_ms[i] += from->arrival_gap_ms[i];
    }
    for (uint32_t i = 0; i <= LOAD_ACK_MS_MAX; i++) {
        to->ack_ms[i] += from->ack_ms[i];
    }
}

void load_pilot_begin(LoadPilot* pilot, LoadFleet* fleet, uint32_t number, uint64_t seed)
{
    pilot->number = number;
    pilot->started_us = fleet->now_us;
    pilot->random = (seed + number + 1) * 0x9e3779b97f4a7c15ull | 1;
    if (number % LOAD_PROOF_EVERY == 0) {
        pilot->viewer = calloc(1, sizeof *pilot->viewer);
    }
}

void load_pilot_end(LoadPilot* pilot)
{
    inf_client_destroy(pilot->client);
    pilot->client = NULL;
    load_sight_free(&pilot->sight);
    free(pilot->viewer);
    pilot->viewer = NULL;
}

// ---- what it is told --------------------------------------------------------------------------------------------

static void take_snapshot(LoadPilot* pilot, LoadFleet* fleet, const uint8_t* frame, size_t bytes)
{
    LoadSums* sums = &fleet->sums;
    if (bytes < 3 || (size_t)(frame[1] | frame[2] << 8) != bytes - 3) {
        sums->decode_errors++;
        note_error(fleet, pilot, "the snapshot's length is not that of its message", (uint32_t)bytes);
        return;
    }
    uint32_t ticks;
    LoadFault fault = load_sight_apply(&pilot->sight, frame + 3, bytes - 3, &ticks);
    if (fault != LOAD_FINE) {
        static const char* const texts[] = {"", "malformed records", "a delta of an unknown ship", "ticks out of sequence",
                                            "a ship outside its place", "an impossible speed", "too many ships"};
        sums->decode_errors += fault == LOAD_FAULT_FORM || fault == LOAD_FAULT_UNKNOWN || fault == LOAD_FAULT_MEMORY;
        sums->sequence_errors += fault == LOAD_FAULT_SEQUENCE;
        sums->implausible += fault == LOAD_FAULT_PLACE || fault == LOAD_FAULT_SPEED;
        note_error(fleet, pilot, texts[fault], (uint32_t)bytes);
    }
    if (pilot->viewer != NULL) {
        InfResult result = inf_viewer_apply(pilot->viewer, frame + 3, bytes - 3);
        if (result != INF_OK || (fault == LOAD_FINE && !load_sight_equals(&pilot->sight, pilot->viewer))) {
            sums->proof_errors++;
            note_error(fleet, pilot, "the viewer disagrees", (uint32_t)result);
        }
    }
    if (fleet->measuring) {
        sums->snapshots++;
        sums->snapshot_bytes += bytes;
        sums->ships_seen += pilot->sight.count;
        sums->ticks_skipped += ticks > 1 ? ticks - 1 : 0;
        if (pilot->last_snapshot_us != 0) {
            uint64_t gap_ms = (fleet->now_us - pilot->last_snapshot_us) / 1000;
            sums->gap_ms[gap_ms < LOAD_GAP_MS_MAX ? gap_ms : LOAD_GAP_MS_MAX]++;
        }
    }
    pilot->last_snapshot_us = fleet->now_us;
    if (pilot->arrived_us != 0) { // a second one of the same reading came later, nobody knows when
        uint64_t gap_ms = (pilot->arrived_us - pilot->last_arrived_us) / 1000;
        if (pilot->last_arrived_us != 0 && fleet->measuring) {
            sums->arrival_gap_ms[gap_ms < LOAD_GAP_MS_MAX ? gap_ms : LOAD_GAP_MS_MAX]++;
        }
        pilot->last_arrived_us = pilot->arrived_us;
        pilot->arrived_us = 0;
    }
}

static void take_ack(LoadPilot* pilot, LoadFleet* fleet, uint32_t sequence)
{
    if (pilot->ack_sequence == 0 || (int32_t)(sequence - pilot->ack_sequence) < 0) {
        return;
    }
    pilot->ack_sequence = 0;
    if (fleet->measuring) {
        uint64_t ms = (fleet->now_us - pilot->ack_sent_us) / 1000;
        fleet->sums.acks++;
        fleet->sums.ack_ms[ms < LOAD_ACK_MS_MAX ? ms : LOAD_ACK_MS_MAX]++;
    }
}

static void take_event(LoadPilot* pilot, LoadFleet* fleet, uint32_t kind, const uint8_t* body, size_t bytes)
{
    LoadSums* sums = &fleet->sums;
    uint32_t sequence;
    sums->events += fleet->measuring;
    switch (kind) {
    case INF_EVENT_KIND_Accepted:
    case INF_EVENT_KIND_Rejected:
        if (bytes < 12) {
            sums->decode_errors++;
            return;
        }
        memcpy(&sequence, body + 8, 4);
        take_ack(pilot, fleet, sequence);
        sums->accepted += kind == INF_EVENT_KIND_Accepted;
        sums->rejected += kind == INF_EVENT_KIND_Rejected;
        break;
    case INF_EVENT_KIND_Fired: sums->fired_events += fleet->measuring; break;
    case INF_EVENT_KIND_Said: sums->said_events += fleet->measuring; break;
    default: break;
    }
}

static void take_events(LoadPilot* pilot, LoadFleet* fleet, const uint8_t* frame, size_t bytes)
{
    if (bytes < 11 || (size_t)(frame[9] | frame[10] << 8) != bytes - 11) {
        fleet->sums.decode_errors++;
        note_error(fleet, pilot, "the events' length is not that of their message", (uint32_t)bytes);
        return;
    }
    size_t at = 11;
    while (at < bytes) {
        uint32_t kind = bytes - at >= 4 ? (uint32_t)frame[at] | (uint32_t)frame[at + 1] << 8 : 0;
        size_t length = bytes - at >= 4 ? (size_t)(frame[at + 2] | frame[at + 3] << 8) : 0;
        if (kind == 0 || kind >= INF_EVENT_KINDS_END || length > bytes - at - 4) {
            fleet->sums.decode_errors++;
            note_error(fleet, pilot, "malformed event", kind);
            return;
        }
        if (pilot->viewer != NULL) {
            InfReader reader = inf_reader_make(frame + at, length + 4);
            InfEvent event;
            if (inf_event_read(&reader, &event) != INF_OK || !inf_reader_done(&reader)) {
                fleet->sums.decode_errors++;
                note_error(fleet, pilot, "undecodable event", kind);
            }
        }
        take_event(pilot, fleet, kind, frame + at + 4, length);
        at += 4 + length;
    }
}

static void take_self(LoadPilot* pilot, LoadFleet* fleet, const uint8_t* frame, size_t bytes)
{
    InfReader reader = inf_reader_make(frame, bytes);
    InfFrameSelf self;
    if (inf_frame_read(&reader, INF_FRAME_KIND_Self, &self, sizeof self) != INF_OK) {
        fleet->sums.decode_errors++;
        note_error(fleet, pilot, "undecodable Self", (uint32_t)bytes);
        return;
    }
    if (!isfinite(self.hull) || !isfinite(self.shield) || self.hull < 0 || self.shield < 0 || self.hull > 1e6f ||
        self.shield > 1e6f || (inf_client_welcome(pilot->client)->soul != self.soul)) {
        fleet->sums.implausible++;
        note_error(fleet, pilot, "an implausible Self", self.state);
    }
    if (self.ship != pilot->ship) {
        pilot->ship = self.ship;
        pilot->own_index1 = 0;
    }
    pilot->ship_state = self.state;
    pilot->order = self.order;
}

static void take_ship(LoadPilot* pilot, LoadFleet* fleet, const uint8_t* frame, size_t bytes)
{
    // u8 kind, u64 ship, u64 soul, u32 index, ...
    if (bytes < 21) {
        fleet->sums.decode_errors++;
        note_error(fleet, pilot, "undecodable Ship", (uint32_t)bytes);
        return;
    }
    uint64_t ship, soul;
    uint32_t index;
    memcpy(&ship, frame + 1, 8);
    memcpy(&soul, frame + 9, 8);
    memcpy(&index, frame + 17, 4);
    LoadRow* row = load_sight_find(&pilot->sight, index);
    if (row != NULL) { // it may be gone again by now
        row->ship = ship;
    }
    if (ship == pilot->ship || soul == inf_client_welcome(pilot->client)->soul) {
        pilot->own_index1 = index + 1;
    }
}

static void take_frame(LoadPilot* pilot, LoadFleet* fleet, const uint8_t* frame, size_t bytes)
{
    fleet->sums.frames += fleet->measuring;
    fleet->sums.bytes += fleet->measuring ? bytes : 0;
    switch (bytes != 0 ? frame[0] : 0) {
    case INF_FRAME_KIND_Snapshot: take_snapshot(pilot, fleet, frame, bytes); break;
    case INF_FRAME_KIND_Events: take_events(pilot, fleet, frame, bytes); break;
    case INF_FRAME_KIND_Self: take_self(pilot, fleet, frame, bytes); break;
    case INF_FRAME_KIND_Ship: take_ship(pilot, fleet, frame, bytes); break;
    case INF_FRAME_KIND_Refused:
        fleet->sums.refused++;
        if (bytes >= 6) {
            uint32_t sequence;
            memcpy(&sequence, frame + 2, 4);
            take_ack(pilot, fleet, sequence);
        }
        note_error(fleet, pilot, inf_client_text(pilot->client), 0);
        break;
    case INF_FRAME_KIND_Challenge:
    case INF_FRAME_KIND_Welcome:
    case INF_FRAME_KIND_Place:
    case INF_FRAME_KIND_Market:
    case INF_FRAME_KIND_Statement:
    case INF_FRAME_KIND_Pong:
    case INF_FRAME_KIND_News: break;
    default:
        fleet->sums.decode_errors++;
        note_error(fleet, pilot, "a frame of unknown kind", bytes != 0 ? frame[0] : 0);
        break;
    }
}

static void note_lost(LoadPilot* pilot, LoadFleet* fleet)
{
    if (pilot->is_lost) {
        return;
    }
    pilot->is_lost = true;
    fleet->closed++;
    if (fleet->first_closed[0] == 0) {
        snprintf(fleet->first_closed, sizeof fleet->first_closed, "client %u: %.120s", pilot->number,
                 inf_client_text(pilot->client));
    }
}

void load_pilot_fetch(const LoadPilot* pilot)
{
    __builtin_prefetch(pilot->client);
    for (size_t at = 0; at < pilot->sight.count * sizeof(LoadRow); at += 64) {
        __builtin_prefetch((const char*)pilot->sight.rows + at, 1);
    }
}

/// When the first of the bytes that wait came, microseconds; 0 if there are none or nobody knows.
static uint64_t look_at_stamp(LoadPilot* pilot)
{
    int on = 1, fd = inf_client_fd(pilot->client);
    if (!pilot->is_stamped) {
        pilot->is_stamped = true;
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    }
    union { // aligned for a header
        struct cmsghdr header;
        uint8_t bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    uint8_t byte;
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    if (recvmsg(fd, &message, MSG_PEEK | MSG_DONTWAIT) <= 0) {
        return 0;
    }
    for (struct cmsghdr* at = CMSG_FIRSTHDR(&message); at != NULL; at = CMSG_NXTHDR(&message, at)) {
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(at), sizeof stamp);
            return (uint64_t)stamp.tv_sec * 1000000u + (uint64_t)stamp.tv_nsec / 1000u;
        }
    }
    return 0;
}

bool load_pilot_run(LoadPilot* pilot, LoadFleet* fleet)
{
    if (pilot->number % LOAD_STAMP_EVERY == 0 && pilot->was_ready) {
        pilot->arrived_us = look_at_stamp(pilot);
    }
    bool is_open = inf_client_run(pilot->client);
    size_t bytes;
    for (const uint8_t* frame; (frame = inf_client_next_frame(pilot->client, &bytes)) != NULL;) {
        take_frame(pilot, fleet, frame, bytes);
    }
    InfClientState state = inf_client_state(pilot->client);
    if (state == INF_CLIENT_READY && !pilot->was_ready) {
        pilot->was_ready = true;
        pilot->ready_us = fleet->now_us;
        fleet->ready++;
    }
    if (!is_open || state == INF_CLIENT_CLOSED) {
        note_lost(pilot, fleet);
    }
    return !pilot->is_lost;
}

// ---- what it does -----------------------------------------------------------------------------------------------

static void submit(LoadPilot* pilot, LoadFleet* fleet, InfInput* input)
{
    uint32_t sequence = inf_client_send_input(pilot->client, input);
    if (sequence == 0) {
        return; // no room: the server does not read just now
    }
    fleet->sums.inputs += fleet->measuring;
    if (pilot->ack_sequence != 0 && fleet->now_us - pilot->ack_sent_us > LOAD_ACK_MS_MAX * 1000ull) {
        fleet->sums.acks_lost++;
        pilot->ack_sequence = 0;
    }
    if (pilot->ack_sequence == 0) {
        pilot->ack_sequence = sequence;
        pilot->ack_sent_us = fleet->now_us;
    }
    if (!inf_client_flush(pilot->client)) {
        note_lost(pilot, fleet);
    }
}

static void order(LoadPilot* pilot, LoadFleet* fleet, InfOrderKind kind, uint64_t target, float range_m)
{
    InfInput input;
    memset(&input, 0, sizeof input);
    input.kind = INF_INPUT_KIND_Order;
    input.Order.order = (uint8_t)kind;
    input.Order.target = target;
    input.Order.range_m = range_m;
    pilot->ordered_us = fleet->now_us;
    submit(pilot, fleet, &input);
}

static void helm(LoadPilot* pilot, LoadFleet* fleet)
{
    InfInput input;
    memset(&input, 0, sizeof input);
    input.kind = INF_INPUT_KIND_Helm;
    uint64_t chance = draw(pilot);
    input.Helm.thrust[2] = (int8_t)(64 + chance % 64);
    input.Helm.turn[0] = (int8_t)((int)(chance >> 8 & 127) - 64);
    input.Helm.turn[1] = (int8_t)((int)(chance >> 16 & 127) - 64);
    submit(pilot, fleet, &input);
}

static void say(LoadPilot* pilot, LoadFleet* fleet)
{
    InfInput input;
    memset(&input, 0, sizeof input);
    input.kind = INF_INPUT_KIND_Say;
    input.Say.reach = INF_REACH_PLACE;
    snprintf(input.Say.text, sizeof input.Say.text, "This is number %u. Is anybody there?", pilot->number);
    pilot->spoke_us = fleet->now_us;
    fleet->sums.said += fleet->measuring;
    submit(pilot, fleet, &input);
}

static bool speaks_now(const LoadPilot* pilot, const LoadFleet* fleet)
{
    uint32_t one_of = fleet->scene == LOAD_CHAT ? 10 : fleet->scene == LOAD_BATTLE ? 100 : 0;
    uint64_t every_us = (fleet->scene == LOAD_CHAT ? 5u : 10u) * SECOND_US;
    return one_of != 0 && pilot->number % one_of == one_of / 2 && fleet->now_us - pilot->spoke_us >= every_us;
}

static float distance_m(const LoadRow* a, const LoadRow* b)
{
    float sum = 0;
    for (int k = 0; k < 3; k++) {
        float d = (float)(a->position[k] - (b != NULL ? b->position[k] : 0)) * (1.0f / INF_VIEW_POSITION_PER_M);
        sum += d * d;
    }
    return sqrtf(sum);
}

/// The nearest of some ships it sees, taken by chance, that is not its own.
static uint64_t choose_target(LoadPilot* pilot, const LoadRow* own)
{
    uint64_t best = 0;
    float best_m = 9000.0f;
    for (int i = 0; i < 6 && pilot->sight.count > 0; i++) {
        const LoadRow* row = &pilot->sight.rows[draw(pilot) % pilot->sight.count];
        float there_m = row->ship != 0 && row->ship != pilot->ship ? distance_m(own, row) : FAR_M;
        if (there_m < best_m) {
            best_m = there_m;
            best = row->ship;
        }
    }
    return best;
}

static bool attack(LoadPilot* pilot, LoadFleet* fleet, const LoadRow* own)
{
    bool is_at_it = pilot->order == INF_ORDER_ATTACK && fleet->now_us - pilot->ordered_us < 20u * SECOND_US;
    if (own == NULL || is_at_it) {
        return is_at_it;
    }
    uint64_t target = choose_target(pilot, own);
    if (target == 0) {
        return false;
    }
    order(pilot, fleet, INF_ORDER_ATTACK, target, 1500.0f);
    return true;
}

void load_pilot_act(LoadPilot* pilot, LoadFleet* fleet)
{
    if (pilot->is_lost || !pilot->was_ready || fleet->scene == LOAD_IDLE) {
        return;
    }
    if (pilot->ship_state == INF_SHIP_STATE_DOCKED) {
        if (pilot->undock_us == 0 || fleet->now_us - pilot->undock_us > 5u * SECOND_US) {
            InfInput input;
            memset(&input, 0, sizeof input);
            input.kind = INF_INPUT_KIND_Undock;
            pilot->undock_us = fleet->now_us;
            submit(pilot, fleet, &input);
        }
        return;
    }
    if (pilot->ship_state != INF_SHIP_STATE_SPACE) {
        return;
    }
    if (speaks_now(pilot, fleet)) {
        say(pilot, fleet);
        return;
    }
    const LoadRow* own = pilot->own_index1 != 0 ? load_sight_find(&pilot->sight, pilot->own_index1 - 1) : NULL;
    if (fleet->scene == LOAD_BATTLE && pilot->number % 3 == 0 && attack(pilot, fleet, own)) {
        return;
    }
    bool is_far = own != NULL && distance_m(own, NULL) > FAR_M;
    if (is_far || pilot->number % 3 == 1) { // back to the crowd, or in circles around the station
        if (pilot->order != INF_ORDER_ORBIT || fleet->now_us - pilot->ordered_us > 8u * SECOND_US) {
            order(pilot, fleet, INF_ORDER_ORBIT, 0, 2000.0f + (float)(draw(pilot) % 8000));
        }
        return;
    }
    helm(pilot, fleet);
}
