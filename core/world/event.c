// The events of a tick: one after the other in a buffer. The last quarter is kept for those that books depend on.
#include "world/internal.h"

static bool is_for_books(InfEventKind kind)
{
    return kind == INF_EVENT_KIND_Ledger || kind == INF_EVENT_KIND_Born || kind == INF_EVENT_KIND_Died ||
           kind == INF_EVENT_KIND_Discovered || kind == INF_EVENT_KIND_TransferArrived ||
           kind == INF_EVENT_KIND_Rejected || kind == INF_EVENT_KIND_Accepted || kind == INF_EVENT_KIND_Recorded ||
           kind == INF_EVENT_KIND_Bound || kind == INF_EVENT_KIND_Appeared || kind == INF_EVENT_KIND_Merged;
}

/// Where a soul is: half of the kept quarter is for it too, so that a full tick rarely leaves a read model behind.
static bool is_of_place(InfEventKind kind)
{
    return kind == INF_EVENT_KIND_Departed || kind == INF_EVENT_KIND_Settled || kind == INF_EVENT_KIND_Boarded ||
           kind == INF_EVENT_KIND_Left;
}

static uint32_t total_bytes(InfEventKind kind, uint32_t unused_bytes)
{
    const InfStructInfo* info = inf_event_info(kind);
    INF_ASSERT(info != NULL && unused_bytes < info->bytes);
    return ((uint32_t)offsetof(InfEvent, Rejected) + info->bytes - unused_bytes + 7u) & ~7u;
}

bool inf_event_fits(const InfWorld* world, InfEventKind kind)
{
    // The last quarter stays for what cannot be refused.
    uint32_t capacity = world->capacity.event_bytes - world->capacity.event_bytes / 4, total = total_bytes(kind, 0);
    return total <= capacity && world->event_bytes <= capacity - total;
}

InfEvent* inf_event_emit(InfWorld* world, InfEventKind kind, uint32_t place_index1)
{
    return inf_event_emit_short(world, kind, place_index1, 0);
}

InfEvent* inf_event_emit_short(InfWorld* world, InfEventKind kind, uint32_t place_index1, uint32_t unused_bytes)
{
    uint32_t total = total_bytes(kind, unused_bytes);
    uint32_t capacity = world->capacity.event_bytes;
    if (!is_for_books(kind)) {
        capacity -= is_of_place(kind) ? capacity / 8 : capacity / 4;
    }
    if (total > capacity || world->event_bytes > capacity - total) {
        INF_ASSERT(!is_for_books(kind)); // capacities are too small for the number of souls
        world->dropped_events++;
        return NULL;
    }
    InfEvent* event = (InfEvent*)(void*)(world->events + world->event_bytes);
    memset(event, 0, total);
    event->kind = (uint16_t)kind;
    event->total_bytes = (uint16_t)total;
    event->place_index1 = place_index1;
    world->event_bytes += total;
    return event;
}

const InfEvent* inf_world_next_event(const InfWorld* world, const InfEvent* previous)
{
    uint32_t at = 0;
    if (previous != NULL) {
        at = (uint32_t)((const uint8_t*)previous - world->events) + previous->total_bytes;
    }
    return at < world->event_bytes ? (const InfEvent*)(const void*)(world->events + at) : NULL;
}

uint64_t inf_world_dropped_events(const InfWorld* world)
{
    return world->dropped_events;
}
