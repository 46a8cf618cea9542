// Timers: what is quiet costs nothing until its timer rings. See InfTimers in internal.h.
#include "soul/riders.h"

static uint64_t* timer_field(InfWorld* world, InfTimerKind kind, uint32_t index1)
{
    switch (kind) {
    case INF_TIMER_STATION: return &inf_station_at(world, index1)->timer_tick;
    case INF_TIMER_SHIP: return &inf_ship_at(world, index1)->timer_tick;
    case INF_TIMER_PASSENGER: return &inf_passenger_at(world, index1)->soul->timer_tick;
    default: return &inf_soul_at(world, index1)->timer_tick;
    }
}

static void link_node(InfTimers* timers, uint32_t node1, uint32_t slot)
{
    uint32_t head = timers->heads[slot];
    timers->next[node1 - 1] = head;
    timers->previous[node1 - 1] = 0;
    if (head != 0) {
        timers->previous[head - 1] = node1;
    }
    timers->heads[slot] = node1;
    timers->slots[node1 - 1] = (uint16_t)(slot + 1);
}

static void unlink_node(InfTimers* timers, uint32_t node1)
{
    uint32_t slot1 = timers->slots[node1 - 1];
    if (slot1 == 0) {
        return;
    }
    uint32_t next = timers->next[node1 - 1], previous = timers->previous[node1 - 1];
    if (previous != 0) {
        timers->next[previous - 1] = next;
    } else {
        timers->heads[slot1 - 1] = next;
    }
    if (next != 0) {
        timers->previous[next - 1] = previous;
    }
    timers->slots[node1 - 1] = 0;
}

static void place_node(InfTimers* timers, uint32_t node1, uint64_t now, uint64_t tick)
{
    uint64_t turn = tick / INF_WHEEL_SLOTS, turn_now = now / INF_WHEEL_SLOTS;
    if (turn == turn_now) {
        link_node(timers, node1, (uint32_t)(tick % INF_WHEEL_SLOTS));
        return;
    }
    uint64_t ahead = turn - turn_now;
    if (ahead >= INF_WHEEL_SLOTS) {
        turn = turn_now + INF_WHEEL_SLOTS - 1; // looked at again then
    }
    link_node(timers, node1, INF_WHEEL_SLOTS + (uint32_t)(turn % INF_WHEEL_SLOTS));
}

void inf_timer_set(InfWorld* world, InfTimerKind kind, uint32_t index1, uint64_t tick)
{
    InfTimers* timers = &world->timers;
    uint64_t now = world->header.tick;
    INF_ASSERT(index1 != 0 && index1 <= timers->node_count[kind]);
    uint32_t node1 = timers->first_node[kind] + index1;
    unlink_node(timers, node1);
    if (tick != 0 && tick <= now) {
        tick = now + 1;
    }
    *timer_field(world, kind, index1) = tick;
    if (tick != 0) {
        place_node(timers, node1, now, tick);
    }
}

static void sort_nodes(uint32_t* nodes, uint32_t count)
{
    // Shell sort, Ciura's gaps: no recursion, no memory, and hundreds of nodes at most in a usual tick.
    static const uint32_t gaps[] = {1968150, 874733, 388770, 172786, 76793, 34130, 15169, 6742, 2996,
                                    1332, 592, 263, 117, 52, 23, 10, 4, 1};
    for (uint32_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        uint32_t gap = gaps[g];
        for (uint32_t i = gap; i < count; i++) {
            uint32_t node = nodes[i], j = i;
            for (; j >= gap && nodes[j - gap] > node; j -= gap) {
                nodes[j] = nodes[j - gap];
            }
            nodes[j] = node;
        }
    }
}

static InfTimerKind node_kind(const InfTimers* timers, uint32_t node1)
{
    InfTimerKind kind = INF_TIMER_STATION;
    while (node1 > timers->first_node[kind] + timers->node_count[kind]) {
        kind++;
    }
    return kind;
}

static bool node_is_live(InfWorld* world, InfTimerKind kind, uint32_t index1)
{
    const InfPool* pool = kind == INF_TIMER_STATION ? &world->station_pool
                          : kind == INF_TIMER_SHIP      ? &world->ship_pool
                          : kind == INF_TIMER_PASSENGER ? &world->passenger_pool
                                                        : &world->soul_pool;
    return inf_pool_is_live(pool, index1);
}

void inf_timers_run(InfWorld* world)
{
    InfTimers* timers = &world->timers;
    uint64_t now = world->header.tick;
    if (now % INF_WHEEL_SLOTS == 0) { // a turn is full: bring the next one in
        uint32_t slot = INF_WHEEL_SLOTS + (uint32_t)(now / INF_WHEEL_SLOTS % INF_WHEEL_SLOTS);
        uint32_t node1 = timers->heads[slot];
        timers->heads[slot] = 0;
        while (node1 != 0) {
            uint32_t next = timers->next[node1 - 1];
            InfTimerKind kind = node_kind(timers, node1);
            uint64_t tick = *timer_field(world, kind, node1 - timers->first_node[kind]);
            place_node(timers, node1, now, tick > now ? tick : now);
            node1 = next;
        }
    }
    uint32_t due_count = 0;
    uint32_t slot = (uint32_t)(now % INF_WHEEL_SLOTS);
    for (uint32_t node1 = timers->heads[slot]; node1 != 0; node1 = timers->next[node1 - 1]) {
        timers->due[due_count++] = node1;
    }
    sort_nodes(timers->due, due_count);
    for (uint32_t i = 0; i < due_count; i++) {
        uint32_t node1 = timers->due[i];
        InfTimerKind kind = node_kind(timers, node1);
        uint32_t index1 = node1 - timers->first_node[kind];
        // What rang before may have set, cancelled or ended this one.
        if (!node_is_live(world, kind, index1) || *timer_field(world, kind, index1) != now) {
            continue;
        }
        inf_timer_set(world, kind, index1, 0);
        switch (kind) {
        case INF_TIMER_STATION: inf_station_timer(world, index1); break;
        case INF_TIMER_SHIP: inf_ship_timer(world, index1); break;
        case INF_TIMER_PASSENGER: inf_rider_timer(world, index1); break;
        default: inf_soul_timer(world, index1); break;
        }
    }
}
