#include "steer.h"

#include <stdlib.h>
#include <string.h>

static void* reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes)
{
    (void)user;
    void* memory = NULL;
    if (new_bytes != 0) {
        if (posix_memalign(&memory, 64, new_bytes) != 0) {
            return NULL;
        }
        if (old != NULL) {
            memcpy(memory, old, old_bytes < new_bytes ? old_bytes : new_bytes);
        }
    }
    free(old);
    return memory;
}

InfAllocator steer_allocator(void)
{
    return (InfAllocator){.reallocate = reallocate};
}

static uint64_t pick_soul(const InfWorld* world, InfReader* dice)
{
    uint32_t count, at = inf_read_u8(dice);
    const InfSoul* souls = inf_world_souls(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        const InfSoul* soul = &souls[(at + i) % count];
        if ((soul->generation & 1u) != 0) {
            return soul->id;
        }
    }
    return 0;
}

static uint64_t pick_ship(const InfWorld* world, InfReader* dice)
{
    uint32_t count, at = inf_read_u8(dice);
    const InfShip* ships = inf_world_ships(world, &count);
    for (uint32_t i = 0; i < count; i++) {
        const InfShip* ship = &ships[(at + i) % count];
        if ((ship->generation & 1u) != 0) {
            return ship->id;
        }
    }
    return 0;
}

/// A ship in the same place as a soul's: a few steps along the list; any ship if the soul is nowhere.
static uint64_t pick_neighbour(const InfWorld* world, InfReader* dice, uint64_t soul)
{
    uint32_t count, steps = inf_read_u8(dice) % 16, soul_index1 = soul != 0 ? inf_world_find_soul(world, soul) : 0;
    const InfShip* ships = inf_world_ships(world, &count);
    uint32_t ship_index1 = soul_index1 != 0 ? inf_world_souls(world, &count)[soul_index1 - 1].ship_index1 : 0;
    uint32_t place_index1 = ship_index1 != 0 ? ships[ship_index1 - 1].place_index1 : 0;
    uint32_t at = place_index1 != 0 ? inf_world_places(world, &count)[place_index1 - 1].first_ship : 0;
    if (at == 0) {
        return pick_ship(world, dice);
    }
    for (; steps > 0 && ships[at - 1].next_in_place != 0; steps--) {
        at = ships[at - 1].next_in_place;
    }
    return ships[at - 1].id;
}

static uint64_t number(InfReader* dice, uint32_t bytes)
{
    uint8_t style = inf_read_u8(dice);
    uint64_t bits = bytes == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * bytes)) - 1;
    switch (style % 8) {
    case 0: return 0;
    case 1:
    case 2:
    case 3: return inf_read_u8(dice) % 16;
    case 4: return inf_read_u8(dice);
    case 5: {
        uint64_t value = inf_read_u64(dice);
        return value & bits;
    }
    case 6: return bits >> (style / 8 % 8); // all ones, greatest positive, …
    default: return (UINT64_C(1) << (8 * bytes - 1)) - (style / 8 % 2); // least negative, greatest positive
    }
}

static float real(InfReader* dice)
{
    static const uint32_t odd[] = {0x7f800000u, 0xff800000u, 0x7fc00000u, 0xffc00001u, 1u, 0x80000000u, 0x7f7fffffu, 0xff7fffffu};
    uint8_t style = inf_read_u8(dice);
    uint32_t bits = style % 4 == 3 ? odd[style / 4 % 8] : 0;
    float value = (float)(inf_read_u16(dice) % 20000u);
    if (style % 4 == 3) {
        memcpy(&value, &bits, 4);
    }
    return value;
}

static uint64_t an_id(const InfWorld* world, InfReader* dice, bool soul_first)
{
    uint8_t style = inf_read_u8(dice);
    if (style % 16 == 15) {
        return number(dice, 8);
    }
    return (style % 4 == 3) != soul_first ? pick_soul(world, dice) : pick_ship(world, dice);
}

static void fill_field(const InfWorld* world, InfReader* dice, const InfFieldInfo* field, uint64_t soul, uint8_t* row)
{
    uint8_t* at = row + field->offset;
    if (field->type == INF_TYPE_TEXT) {
        uint32_t length = inf_read_u8(dice) % field->count;
        for (uint32_t i = 0; i < length; i++) {
            uint8_t c = inf_read_u8(dice);
            at[i] = c < 200 ? (uint8_t)(' ' + c % 95) : c;
        }
    } else if (field->type == INF_TYPE_BYTES) {
        uint16_t length = (uint16_t)(inf_read_u16(dice) % (field->count + 1u));
        memcpy(at, &length, 2);
        inf_read_bytes(dice, at + 2, inf_reader_left(dice) < length ? inf_reader_left(dice) : length);
    } else if (field->type == INF_TYPE_u64 && field->count == 1) {
        bool target = strcmp(field->name, "target") == 0;
        static const char* const ids[] = {"payee", "to", "parent", "of", "other", "host"};
        bool id = false;
        for (uint32_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
            id = id || strcmp(field->name, ids[i]) == 0;
        }
        uint64_t value = strcmp(field->name, "soul") == 0           ? pick_soul(world, dice)
                         : target && inf_read_u8(dice) % 4 != 0     ? pick_neighbour(world, dice, soul)
                         : target || id                             ? an_id(world, dice, id)
                                                                    : number(dice, 8);
        memcpy(at, &value, 8);
    } else if (field->type == INF_TYPE_f32) {
        for (uint32_t i = 0; i < field->count; i++) {
            float value = real(dice);
            memcpy(at + 4 * i, &value, 4);
        }
    } else if (strcmp(field->name, "sequence") != 0) { // 0: not counted
        for (uint32_t i = 0; i < field->count; i++) {
            uint64_t value = number(dice, field->element_bytes);
            memcpy(at + (size_t)i * field->element_bytes, &value, field->element_bytes);
        }
    }
}

static void aim_jump(const InfWorld* world, InfReader* dice, InfInputOrder* order)
{
    uint32_t soul_index1 = inf_world_find_soul(world, order->soul);
    uint32_t place_index1 = soul_index1 != 0 ? inf_soul_place(world, soul_index1) : 0;
    if (place_index1 == 0) {
        return;
    }
    InfSystem from;
    InfSystemAddress near[8];
    inf_system_generate(inf_world_galaxy(world), inf_place_address(world, place_index1), &from);
    uint32_t count = inf_system_neighbours(inf_world_galaxy(world), &from, 14000, near, 8);
    if (count != 0) {
        InfSystemAddress to = near[inf_read_u8(dice) % count];
        order->sector[0] = to.x, order->sector[1] = to.y, order->sector[2] = to.z;
        order->system_in_sector = to.index;
    }
}

void steer_input_of(const InfWorld* world, InfReader* dice, uint32_t kind, InfInput* out)
{
    memset(out, 0, sizeof *out);
    out->kind = (uint16_t)kind;
    const InfStructInfo* info = inf_input_info(kind);
    if (info == NULL) {
        return;
    }
    for (uint32_t f = 0; f < info->field_count; f++) {
        fill_field(world, dice, &info->fields[f], inf_input_soul(out), (uint8_t*)out + offsetof(InfInput, Undock));
    }
    if (kind == INF_INPUT_KIND_Order && out->Order.order == INF_ORDER_JUMP && inf_read_u8(dice) % 4 != 0) {
        aim_jump(world, dice, &out->Order);
    }
    if (kind == INF_INPUT_KIND_Order && inf_read_u8(dice) % 4 == 0) {
        out->Order.order = INF_ORDER_ATTACK;
    }
    if (kind == INF_INPUT_KIND_Presence && inf_read_u8(dice) % 4 != 0) {
        out->Presence.connected = 1;
    }
}

void steer_input(const InfWorld* world, InfReader* dice, InfInput* out)
{
    // What moves a ship comes more often than what one does at a counter.
    static const uint8_t often[] = {INF_INPUT_KIND_Undock, INF_INPUT_KIND_Order, INF_INPUT_KIND_Order, INF_INPUT_KIND_Order,
                                    INF_INPUT_KIND_Module, INF_INPUT_KIND_Helm, INF_INPUT_KIND_Order, INF_INPUT_KIND_Presence};
    uint8_t style = inf_read_u8(dice);
    steer_input_of(world, dice, style < 128 ? often[style % 8] : 1 + style % (INF_INPUT_KINDS_END - 1), out);
}

void steer_transfer(const InfWorld* world, const InfWorld* other, InfReader* dice, InfInput* out)
{
    const InfHeader* header = inf_world_header(world);
    uint8_t style = inf_read_u8(dice);
    steer_input_of(world, dice, INF_INPUT_KIND_TransferIn, out);
    InfInputTransferIn* in = &out->TransferIn;
    in->source = (uint16_t)((header->shard + 1) % header->shard_count);
    in->transfer_sequence = header->in_sequence[in->source] + 1;
    in->forward = (uint16_t)(style / 64 % 2 != 0 ? UINT16_MAX : in->source);
    if (style % 4 == 0) {
        in->kind = INF_TRANSFER_PAY;
        InfWriter writer = inf_writer_make(in->payload, INF_TRANSFER_BYTES);
        inf_write_u32(&writer, 1);
        inf_write_u64(&writer, pick_soul(world, dice));
        in->payload_bytes = (uint16_t)writer.at;
        return;
    }
    const InfWorld* from = style % 4 == 1 ? world : other;
    uint32_t soul_index1 = inf_world_find_soul(from, pick_soul(from, dice)), count;
    const InfSoul* soul = soul_index1 != 0 ? &inf_world_souls(from, &count)[soul_index1 - 1] : NULL;
    if (soul == NULL || soul->ship_index1 == 0) {
        return;
    }
    InfSoul soul_row = *soul;
    InfShip ship_row = inf_world_ships(from, &count)[soul->ship_index1 - 1];
    if (style / 4 % 2 != 0) { // somebody new
        soul_row.id ^= UINT64_C(1) << (20 + style % 8);
        ship_row.id ^= UINT64_C(1) << (20 + style % 8);
    }
    int64_t carried = inf_read_u16(dice), banked = inf_read_u8(dice);
    soul_row.bounty_credits = style / 8 % 2 != 0 ? soul_row.bounty_credits : 0;
    in->kind = style / 16 % 4 != 0 ? INF_TRANSFER_JUMP : INF_TRANSFER_WAKE;
    in->soul = soul_row.id;
    uint32_t place_index1 = style / 128 != 0 ? 1 : ship_row.place_index1;
    if (place_index1 != 0 && from == world) { // a system of the right shard
        InfSystemAddress to = inf_place_address(from, place_index1);
        ship_row.jump_sector[0] = soul_row.clone_sector[0] = to.x;
        ship_row.jump_sector[1] = soul_row.clone_sector[1] = to.y;
        ship_row.jump_sector[2] = soul_row.clone_sector[2] = to.z;
        ship_row.jump_system_in_sector = soul_row.clone_system_in_sector = to.index;
        soul_row.clone_body = inf_world_places(from, &count)[place_index1 - 1].body;
    }
    for (uint32_t changes = inf_read_u8(dice) % 8; changes > 0; changes--) {
        uint32_t at = inf_read_u16(dice);
        uint8_t value = inf_read_u8(dice);
        if (at % 2 != 0) {
            ((uint8_t*)&ship_row)[at / 2 % sizeof ship_row] = value;
        } else {
            ((uint8_t*)&soul_row)[at / 2 % sizeof soul_row] = value;
        }
    }
    in->soul = soul_row.id;
    in->credits = (int64_t)((uint64_t)(carried + banked) + (uint64_t)soul_row.bounty_credits);
    InfWriter writer = inf_writer_make(in->payload, INF_TRANSFER_BYTES);
    inf_write_u32(&writer, 1);
    inf_write_i64(&writer, carried);
    inf_write_i64(&writer, banked);
    inf_write_bytes(&writer, &soul_row, sizeof soul_row);
    inf_write_bytes(&writer, &ship_row, sizeof ship_row);
    in->payload_bytes = (uint16_t)writer.at;
}
