// Encode, decode and hash of a whole world, from the table of state.
//
//   bytes   what
//   8       magic "INFWORLD"
//   4 4     format version, rules version
//   ...     schema: u16 structs; each: name, u16 fields; each field: name, u8 type, u16 count, name of struct or ""
//           (a name is u8 count + characters)
//   ...     header struct
//   ...     per pool: u32 capacity, count, free head, live; rows; behind the ships' rows their motions
//   8       hash of all before
//
// A row of the same schema is its bytes; of another schema each field is found by name, and one that the snapshot
// does not have is zero. Structs have no padding (asserted below), so on a little-endian machine bytes are the encoding.
#include "world/internal.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the state's encoding is written for little-endian machines"
#endif

#define FORMAT_VERSION 1u
static const uint8_t magic[8] = {'I', 'N', 'F', 'W', 'O', 'R', 'L', 'D'};

// ---- descriptors ----------------------------------------------------------------------------------------------
enum {
#define X(Struct) STRUCT_##Struct,
    INF_STATE_STRUCTS(X)
#undef X
        STRUCT_COUNT
};
static const InfStructInfo infos[STRUCT_COUNT];

#define D_F(type, name) {#name, INF_TYPE_##type, sizeof(inf_##type), 1, (uint32_t)offsetof(OF, name), NULL},
#define D_A(type, name, count) {#name, INF_TYPE_##type, sizeof(inf_##type), count, (uint32_t)offsetof(OF, name), NULL},
#define D_S(Struct, name, count) {#name, INF_TYPE_STRUCT, 0, count, (uint32_t)offsetof(OF, name), &infos[STRUCT_##Struct]},
#define BYTES_F(type, name) +sizeof(inf_##type)
#define BYTES_A(type, name, count) +sizeof(inf_##type) * (count)
#define BYTES_S(Struct, name, count) +sizeof(Inf##Struct) * (count)
#define X(Struct)                                                                                       \
    _Static_assert(sizeof(Inf##Struct) == 0 INF_STATE_##Struct(BYTES_F, BYTES_A, BYTES_S),              \
                   "no padding: order the fields by size and fill up with reserved");
INF_STATE_STRUCTS(X)
#undef X

// OF names the struct whose fields are listed; one table per struct.
#define OF InfPriceNote
static const InfFieldInfo fields_PriceNote[] = {INF_STATE_PriceNote(D_F, D_A, D_S)};
#undef OF
#define OF InfMemory
static const InfFieldInfo fields_Memory[] = {INF_STATE_Memory(D_F, D_A, D_S)};
#undef OF
#define OF InfRelation
static const InfFieldInfo fields_Relation[] = {INF_STATE_Relation(D_F, D_A, D_S)};
#undef OF
#define OF InfSoul
static const InfFieldInfo fields_Soul[] = {INF_STATE_Soul(D_F, D_A, D_S)};
#undef OF
#define OF InfShip
static const InfFieldInfo fields_Ship[] = {INF_STATE_Ship(D_F, D_A, D_S)};
#undef OF
#define OF InfMotion
static const InfFieldInfo fields_Motion[] = {INF_STATE_Motion(D_F, D_A, D_S)};
#undef OF
#define OF InfPlace
static const InfFieldInfo fields_Place[] = {INF_STATE_Place(D_F, D_A, D_S)};
#undef OF
#define OF InfKnownSystem
static const InfFieldInfo fields_KnownSystem[] = {INF_STATE_KnownSystem(D_F, D_A, D_S)};
#undef OF
#define OF InfStation
static const InfFieldInfo fields_Station[] = {INF_STATE_Station(D_F, D_A, D_S)};
#undef OF
#define OF InfAccount
static const InfFieldInfo fields_Account[] = {INF_STATE_Account(D_F, D_A, D_S)};
#undef OF
#define OF InfTransfer
static const InfFieldInfo fields_Transfer[] = {INF_STATE_Transfer(D_F, D_A, D_S)};
#undef OF
#define OF InfTag
static const InfFieldInfo fields_Tag[] = {INF_STATE_Tag(D_F, D_A, D_S)};
#undef OF
#define OF InfDirectoryEntry
static const InfFieldInfo fields_DirectoryEntry[] = {INF_STATE_DirectoryEntry(D_F, D_A, D_S)};
#undef OF
#define OF InfCrossing
static const InfFieldInfo fields_Crossing[] = {INF_STATE_Crossing(D_F, D_A, D_S)};
#undef OF
#define OF InfConsent
static const InfFieldInfo fields_Consent[] = {INF_STATE_Consent(D_F, D_A, D_S)};
#undef OF
#define OF InfPassenger
static const InfFieldInfo fields_Passenger[] = {INF_STATE_Passenger(D_F, D_A, D_S)};
#undef OF
#define OF InfImpression
static const InfFieldInfo fields_Impression[] = {INF_STATE_Impression(D_F, D_A, D_S)};
#undef OF
#define OF InfHeader
static const InfFieldInfo fields_Header[] = {INF_STATE_Header(D_F, D_A, D_S)};
#undef OF

static const InfStructInfo infos[STRUCT_COUNT] = {
#define X(Struct)                                                                                       \
    [STRUCT_##Struct] = {#Struct, STRUCT_##Struct, sizeof(Inf##Struct),                                 \
                         sizeof fields_##Struct / sizeof fields_##Struct[0], 0, fields_##Struct, ""},
    INF_STATE_STRUCTS(X)
#undef X
};

typedef struct PoolInfo {
    uint32_t pool_offset;
    const InfStructInfo* row;
} PoolInfo;
static const PoolInfo pool_infos[] = {
    {offsetof(InfWorld, account_pool), &infos[STRUCT_Account]}, {offsetof(InfWorld, system_pool), &infos[STRUCT_KnownSystem]},
    {offsetof(InfWorld, place_pool), &infos[STRUCT_Place]},     {offsetof(InfWorld, station_pool), &infos[STRUCT_Station]},
    {offsetof(InfWorld, ship_pool), &infos[STRUCT_Ship]},       {offsetof(InfWorld, soul_pool), &infos[STRUCT_Soul]},
    {offsetof(InfWorld, transfer_pool), &infos[STRUCT_Transfer]}, {offsetof(InfWorld, tag_pool), &infos[STRUCT_Tag]},
    {offsetof(InfWorld, directory_pool), &infos[STRUCT_DirectoryEntry]}, {offsetof(InfWorld, crossing_pool), &infos[STRUCT_Crossing]},
    {offsetof(InfWorld, consent_pool), &infos[STRUCT_Consent]}, {offsetof(InfWorld, passenger_pool), &infos[STRUCT_Passenger]},
    {offsetof(InfWorld, impression_pool), &infos[STRUCT_Impression]},
};
#define POOL_COUNT (sizeof pool_infos / sizeof pool_infos[0])
#define X(Struct, name, doc) +1
_Static_assert(POOL_COUNT == 0 INF_STATE_POOLS(X), "every pool of the table is here");
#undef X
#define SHIP_POOL 4u

static const InfPool* pool_of(const InfWorld* world, uint32_t number)
{
    return (const InfPool*)(const void*)((const uint8_t*)world + pool_infos[number].pool_offset);
}

// ---- hash -----------------------------------------------------------------------------------------------------
uint64_t inf_world_hash(const InfWorld* world)
{
    InfHasher hasher;
    inf_hasher_init(&hasher, INF_RULES_VERSION);
    inf_hasher_add(&hasher, &world->header, sizeof world->header);
    for (uint32_t p = 0; p < POOL_COUNT; p++) {
        const InfPool* pool = pool_of(world, p);
        inf_hasher_add_u64(&hasher, (uint64_t)pool->count << 32 | pool->free_head);
        inf_hasher_add_u64(&hasher, pool->live);
        inf_hasher_add(&hasher, pool->rows, (size_t)pool->count * pool->row_bytes);
        if (p == SHIP_POOL) {
            inf_hasher_add(&hasher, world->motions, (size_t)pool->count * sizeof(InfMotion));
        }
    }
    return inf_hasher_end(&hasher);
}

// ---- encode -----------------------------------------------------------------------------------------------------
static void write_name(InfWriter* writer, const char* name)
{
    uint8_t count = 0;
    while (name[count] != 0) {
        count++;
    }
    inf_write_u8(writer, count);
    inf_write_bytes(writer, name, count);
}

static void write_schema(InfWriter* writer)
{
    inf_write_u16(writer, STRUCT_COUNT);
    for (uint32_t s = 0; s < STRUCT_COUNT; s++) {
        write_name(writer, infos[s].name);
        inf_write_u16(writer, (uint16_t)infos[s].field_count);
        for (uint32_t f = 0; f < infos[s].field_count; f++) {
            const InfFieldInfo* field = &infos[s].fields[f];
            write_name(writer, field->name);
            inf_write_u8(writer, field->type);
            inf_write_u16(writer, field->count);
            write_name(writer, field->of != NULL ? field->of->name : "");
        }
    }
}

static void write_world(InfWriter* writer, const InfWorld* world)
{
    inf_write_bytes(writer, magic, sizeof magic);
    inf_write_u32(writer, FORMAT_VERSION);
    inf_write_u32(writer, INF_RULES_VERSION);
    write_schema(writer);
    inf_write_bytes(writer, &world->header, sizeof world->header);
    for (uint32_t p = 0; p < POOL_COUNT; p++) {
        const InfPool* pool = pool_of(world, p);
        inf_write_u32(writer, pool->capacity);
        inf_write_u32(writer, pool->count);
        inf_write_u32(writer, pool->free_head);
        inf_write_u32(writer, pool->live);
        inf_write_bytes(writer, pool->rows, (size_t)pool->count * pool->row_bytes);
        if (p == SHIP_POOL) {
            inf_write_bytes(writer, world->motions, (size_t)pool->count * sizeof(InfMotion));
        }
    }
}

size_t inf_world_encoded_bytes(const InfWorld* world)
{
    InfWriter writer = inf_writer_measure();
    write_world(&writer, world);
    return writer.at + 8;
}

size_t inf_world_encoded_bytes_max(const InfWorld* world)
{
    InfWriter writer = inf_writer_measure();
    write_schema(&writer);
    size_t bytes = writer.at + sizeof magic + 16 + sizeof world->header + POOL_COUNT * 16;
    for (uint32_t p = 0; p < POOL_COUNT; p++) {
        const InfPool* pool = pool_of(world, p);
        bytes += (size_t)pool->capacity * pool->row_bytes;
    }
    return bytes + (size_t)world->ship_pool.capacity * sizeof(InfMotion);
}

size_t inf_world_encode(const InfWorld* world, uint8_t* bytes, size_t capacity)
{
    if (bytes == NULL || capacity < 8) {
        return 0;
    }
    InfWriter writer = inf_writer_make(bytes, capacity);
    write_world(&writer, world);
    if (!writer.ok || capacity - writer.at < 8) {
        return 0;
    }
    inf_write_u64(&writer, inf_hash_bytes(bytes, writer.at, FORMAT_VERSION));
    return writer.at;
}

// ---- decode -----------------------------------------------------------------------------------------------------
// The schema of a snapshot, read into fixed tables: a newer or older program's structs by name.
#define OLD_STRUCTS_MAX 32u
#define OLD_FIELDS_MAX 512u
typedef struct OldField {
    const uint8_t* name; // u8 count + characters, in the snapshot
    uint8_t type;
    uint16_t count;
    int32_t of; // index of the old struct, -1
    uint32_t offset;
} OldField;
typedef struct OldStruct {
    const uint8_t* name;
    uint32_t first_field, field_count, bytes;
    bool same; // as ours, to the byte
} OldStruct;
typedef struct Schema {
    OldStruct structs[OLD_STRUCTS_MAX];
    OldField fields[OLD_FIELDS_MAX];
    uint32_t struct_count, field_count;
} Schema;

static const uint8_t type_bytes[] = {1, 1, 2, 2, 4, 4, 8, 8, 4};

static bool name_is(const uint8_t* counted, const char* name)
{
    uint32_t i = 0;
    for (; i < counted[0]; i++) {
        if (name[i] == 0 || (uint8_t)name[i] != counted[1 + i]) {
            return false;
        }
    }
    return name[i] == 0;
}

static const uint8_t* read_name(InfReader* reader)
{
    const uint8_t* at = reader->bytes + reader->at;
    uint8_t count = inf_read_u8(reader);
    return inf_read_view(reader, count) != NULL || (count == 0 && reader->ok) ? at : NULL;
}

static int32_t find_old(const Schema* schema, const uint8_t* counted)
{
    for (uint32_t s = 0; s < schema->struct_count; s++) {
        const uint8_t* name = schema->structs[s].name;
        if (name[0] == counted[0] && memcmp(name + 1, counted + 1, counted[0]) == 0) {
            return (int32_t)s;
        }
    }
    return -1;
}

static bool same_struct(const Schema* schema, const OldStruct* old, const InfStructInfo* info)
{
    if (old->field_count != info->field_count || old->bytes != info->bytes) {
        return false;
    }
    for (uint32_t f = 0; f < info->field_count; f++) {
        const OldField* a = &schema->fields[old->first_field + f];
        const InfFieldInfo* b = &info->fields[f];
        if (!name_is(a->name, b->name) || a->type != b->type || a->count != b->count || a->offset != b->offset ||
            (b->of != NULL && !schema->structs[a->of].same)) {
            return false;
        }
    }
    return true;
}

static InfResult read_schema(InfReader* reader, Schema* schema)
{
    schema->struct_count = 0;
    schema->field_count = 0;
    uint32_t struct_count = inf_read_u16(reader);
    if (struct_count > OLD_STRUCTS_MAX) {
        return INF_ERROR_VERSION;
    }
    for (uint32_t s = 0; s < struct_count; s++) {
        OldStruct* old = &schema->structs[s];
        old->name = read_name(reader);
        old->field_count = inf_read_u16(reader);
        old->first_field = schema->field_count;
        old->same = false;
        if (!reader->ok || old->field_count > OLD_FIELDS_MAX - schema->field_count) {
            return reader->ok ? INF_ERROR_VERSION : INF_ERROR_TRUNCATED;
        }
        uint64_t bytes = 0;
        for (uint32_t f = 0; f < old->field_count; f++) {
            OldField* field = &schema->fields[schema->field_count++];
            field->name = read_name(reader);
            field->type = inf_read_u8(reader);
            field->count = inf_read_u16(reader);
            const uint8_t* of = read_name(reader);
            if (!reader->ok) {
                return INF_ERROR_TRUNCATED;
            }
            field->offset = (uint32_t)bytes;
            field->of = -1;
            uint64_t each;
            if (field->type == INF_TYPE_STRUCT) {
                field->of = find_old(schema, of); // structs come before their users
                if (field->of < 0) {
                    return INF_ERROR_FORMAT;
                }
                each = schema->structs[field->of].bytes;
            } else if (field->type < sizeof type_bytes) {
                each = type_bytes[field->type];
            } else {
                return INF_ERROR_FORMAT;
            }
            bytes += each * field->count;
            if (bytes > 1u << 20) {
                return INF_ERROR_FORMAT;
            }
        }
        old->bytes = (uint32_t)bytes;
        schema->struct_count = s + 1;
        for (uint32_t i = 0; i < STRUCT_COUNT; i++) {
            if (name_is(old->name, infos[i].name)) {
                old->same = same_struct(schema, old, &infos[i]);
            }
        }
    }
    return INF_OK;
}

static const OldStruct* old_of(const Schema* schema, const InfStructInfo* info)
{
    for (uint32_t s = 0; s < schema->struct_count; s++) {
        if (name_is(schema->structs[s].name, info->name)) {
            return &schema->structs[s];
        }
    }
    return NULL;
}

// One row of an older (or newer) schema: fields by name, of the same type; the rest stays zero.
static void read_row(const Schema* schema, const OldStruct* old, const InfStructInfo* info, const uint8_t* from, uint8_t* to)
{
    if (old->same) {
        memcpy(to, from, info->bytes);
        return;
    }
    for (uint32_t f = 0; f < info->field_count; f++) {
        const InfFieldInfo* field = &info->fields[f];
        for (uint32_t o = 0; o < old->field_count; o++) {
            const OldField* a = &schema->fields[old->first_field + o];
            if (!name_is(a->name, field->name) || a->type != field->type) {
                continue;
            }
            uint32_t count = a->count < field->count ? a->count : field->count;
            if (field->of == NULL) {
                memcpy(to + field->offset, from + a->offset, (size_t)count * field->element_bytes);
            } else {
                const OldStruct* inner = &schema->structs[a->of];
                for (uint32_t i = 0; i < count; i++) {
                    read_row(schema, inner, field->of, from + a->offset + (size_t)i * inner->bytes,
                             to + field->offset + (size_t)i * field->of->bytes);
                }
            }
        }
    }
}

static InfResult read_rows(InfReader* reader, const Schema* schema, const InfStructInfo* info, uint8_t* rows, uint32_t count)
{
    const OldStruct* old = old_of(schema, info);
    if (old == NULL || (old->bytes == 0 && count != 0)) {
        return INF_ERROR_FORMAT;
    }
    if (!inf_read_fits(reader, count, old->bytes)) {
        return INF_ERROR_TRUNCATED;
    }
    const uint8_t* from = inf_read_view(reader, (size_t)count * old->bytes);
    if (old->same) {
        memcpy(rows, from, (size_t)count * info->bytes);
    } else {
        for (uint32_t i = 0; i < count; i++) {
            read_row(schema, old, info, from + (size_t)i * old->bytes, rows + (size_t)i * info->bytes);
        }
    }
    return INF_OK;
}

static uint32_t* capacity_of(InfCapacity* capacity, uint32_t pool, uint32_t shard)
{
    switch (pool) {
    case 1: return &capacity->systems;
    case 2: return &capacity->places;
    case 3: return &capacity->stations;
    case 4: return &capacity->ships;
    case 5: return &capacity->souls;
    case 6: return &capacity->transfers;
    case 7: return shard == 0 ? &capacity->tags : NULL; // the Heart's registries
    case 8: return shard == 0 ? &capacity->directory : NULL;
    case 9: return shard == 0 ? &capacity->crossings : NULL;
    case 10: return &capacity->consents;
    case 11: return &capacity->passengers;
    case 12: return shard == 0 ? &capacity->impressions : NULL;
    default: return NULL; // accounts follow souls and stations
    }
}

// Walk over the pools once to learn their capacities and whether all bytes are there.
static InfResult measure(InfReader reader, const Schema* schema, InfCapacity* capacity, uint32_t shard)
{
    for (uint32_t p = 0; p < POOL_COUNT; p++) {
        uint32_t pool_capacity = inf_read_u32(&reader);
        uint32_t count = inf_read_u32(&reader);
        inf_read_view(&reader, 8);
        const OldStruct* old = old_of(schema, pool_infos[p].row);
        const OldStruct* motion = old_of(schema, &infos[STRUCT_Motion]);
        if (old == NULL || motion == NULL) {
            return INF_ERROR_FORMAT;
        }
        if (count > pool_capacity || pool_capacity > 1u << 26) {
            return INF_ERROR_RANGE;
        }
        if (!inf_read_fits(&reader, count, old->bytes)) {
            return INF_ERROR_TRUNCATED;
        }
        inf_read_view(&reader, (size_t)count * old->bytes);
        if (p == SHIP_POOL) {
            if (!inf_read_fits(&reader, count, motion->bytes)) {
                return INF_ERROR_TRUNCATED;
            }
            inf_read_view(&reader, (size_t)count * motion->bytes);
        }
        uint32_t* wanted = capacity_of(capacity, p, shard);
        if (wanted != NULL && *wanted < pool_capacity) {
            *wanted = pool_capacity;
        }
    }
    return inf_reader_left(&reader) == 0 ? INF_OK : INF_ERROR_FORMAT;
}

static InfResult read_pools(InfReader* reader, const Schema* schema, InfWorld* world)
{
    for (uint32_t p = 0; p < POOL_COUNT; p++) {
        InfPool* pool = (InfPool*)(void*)((uint8_t*)world + pool_infos[p].pool_offset);
        inf_read_u32(reader);
        pool->count = inf_read_u32(reader);
        pool->free_head = inf_read_u32(reader);
        pool->live = inf_read_u32(reader);
        if (pool->count > pool->capacity || pool->free_head > pool->count || pool->live > pool->count) {
            return INF_ERROR_RANGE;
        }
        InfResult result = read_rows(reader, schema, pool_infos[p].row, pool->rows, pool->count);
        if (result == INF_OK && p == SHIP_POOL) {
            result = read_rows(reader, schema, &infos[STRUCT_Motion], (uint8_t*)world->motions, pool->count);
        }
        if (result != INF_OK) {
            return result;
        }
    }
    return reader->ok ? INF_OK : INF_ERROR_TRUNCATED;
}

static InfResult check_head(InfReader* reader, const uint8_t* bytes, size_t bytes_count)
{
    if (bytes_count < sizeof magic + 16) {
        return INF_ERROR_TRUNCATED;
    }
    const uint8_t* head = inf_read_view(reader, sizeof magic);
    if (memcmp(head, magic, sizeof magic) != 0) {
        return INF_ERROR_FORMAT;
    }
    InfReader tail = inf_reader_make(bytes + bytes_count - 8, 8);
    if (inf_read_u64(&tail) != inf_hash_bytes(bytes, bytes_count - 8, FORMAT_VERSION)) {
        return INF_ERROR_HASH;
    }
    uint32_t format = inf_read_u32(reader), rules = inf_read_u32(reader);
    return format == FORMAT_VERSION && rules == INF_RULES_VERSION ? INF_OK : INF_ERROR_VERSION;
}

static InfResult decode_into(const InfWorldDef* def, InfReader* reader, Schema* schema, InfWorld** out)
{
    InfResult result = read_schema(reader, schema);
    if (result != INF_OK) {
        return result;
    }
    InfHeader header;
    memset(&header, 0, sizeof header);
    result = read_rows(reader, schema, &infos[STRUCT_Header], (uint8_t*)&header, 1);
    if (result != INF_OK) {
        return result;
    }
    if (header.shard != def->shard || header.shard_count != def->shard_count || header.galaxy_seed != def->galaxy.seed ||
        header.galaxy_version != def->galaxy.version || header.tick > UINT64_MAX / 4) {
        return INF_ERROR_RANGE;
    }
    InfWorldDef sized = *def;
    result = measure(*reader, schema, &sized.capacity, def->shard);
    if (result != INF_OK) {
        return result;
    }
    InfWorld* world;
    result = inf_world_allocate(&sized, &world);
    if (result != INF_OK) {
        return result;
    }
    world->header = header;
    result = read_pools(reader, schema, world);
    if (result == INF_OK && inf_world_validate_rows(world) != NULL) {
        result = INF_ERROR_RANGE;
    }
    if (result == INF_OK) {
        inf_world_derive(world);
        if (inf_world_validate(world) != NULL) {
            result = INF_ERROR_RANGE;
        }
    }
    if (result != INF_OK) {
        inf_world_destroy(world);
        return result;
    }
    *out = world;
    return INF_OK;
}

InfResult inf_world_decode(const InfWorldDef* def, const uint8_t* bytes, size_t bytes_count, InfWorld** out)
{
    *out = NULL;
    INF_ASSERT(def->cookie == INF_WORLD_COOKIE && def->allocator.reallocate != NULL);
    InfReader reader = inf_reader_make(bytes, bytes_count);
    InfResult result = check_head(&reader, bytes, bytes_count);
    if (result != INF_OK) {
        return result;
    }
    reader.count = bytes_count - 8;
    Schema* schema = def->allocator.reallocate(def->allocator.user, NULL, 0, sizeof *schema);
    if (schema == NULL) {
        return INF_ERROR_MEMORY;
    }
    result = decode_into(def, &reader, schema, out);
    def->allocator.reallocate(def->allocator.user, schema, sizeof *schema, 0);
    return result;
}
