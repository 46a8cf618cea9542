// Generated systems at hand. Minds and ships ask for the same few systems again and again, and bodies are the dearest thing
// to generate; so each world keeps what it was asked for last, one system per slot. It is no state: the same address gives
// the same system whether it lay here or not.
#include "world/internal.h"

static InfGenerated* slot_of(const InfWorld* world, InfSystemAddress address)
{
    InfGenerated* slot = &world->generated[inf_address_key(address) % INF_GENERATED_SLOTS];
    const InfSystemAddress* kept = &slot->address;
    if (!slot->used || kept->x != address.x || kept->y != address.y || kept->z != address.z || kept->index != address.index) {
        slot->used = true;
        slot->address = address;
        slot->body_count = INF_BODIES_NOT_MADE;
        inf_system_generate(&world->galaxy, address, &slot->system);
    }
    return slot;
}

void inf_world_generate(const InfWorld* world, InfSystemAddress address, InfSystem* out)
{
    *out = slot_of(world, address)->system;
}

uint32_t inf_world_bodies(const InfWorld* world, InfSystemAddress address, InfBody out[INF_SYSTEM_BODIES_MAX])
{
    InfGenerated* slot = slot_of(world, address);
    if (slot->body_count == INF_BODIES_NOT_MADE) {
        slot->body_count = inf_system_bodies(&world->galaxy, &slot->system, slot->bodies);
    }
    memcpy(out, slot->bodies, slot->body_count * sizeof *out);
    return slot->body_count;
}
