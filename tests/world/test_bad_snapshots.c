// Every number of every struct of the state, in a few rows each, set to what it should not be, with a right hash: the
// decoder refuses it, or the world lives on. Nothing may trip an assertion (or a sanitizer).
#include "test.h"

#include "steer.h"
#include "world/internal.h"

#define TICKS_AFTER 40

typedef struct Field {
    const char* name;
    uint32_t offset, bytes, count;
} Field;

#define FIELD_F(type, name) {#name, (uint32_t)offsetof(OF, name), sizeof(inf_##type), 1},
#define FIELD_A(type, name, length) {#name, (uint32_t)offsetof(OF, name), sizeof(inf_##type), length},
#define FIELD_S(Struct, name, length) {#name, (uint32_t)offsetof(OF, name), 4, sizeof(Inf##Struct) / 4},
#define FIELDS(Struct) static const Field fields_##Struct[] = {INF_STATE_##Struct(FIELD_F, FIELD_A, FIELD_S)}
#define OF InfSoul
FIELDS(Soul);
#undef OF
#define OF InfShip
FIELDS(Ship);
#undef OF
#define OF InfMotion
FIELDS(Motion);
#undef OF
#define OF InfPlace
FIELDS(Place);
#undef OF
#define OF InfKnownSystem
FIELDS(KnownSystem);
#undef OF
#define OF InfStation
FIELDS(Station);
#undef OF
#define OF InfAccount
FIELDS(Account);
#undef OF
#define OF InfTransfer
FIELDS(Transfer);
#undef OF
#define OF InfTag
FIELDS(Tag);
#undef OF
#define OF InfHeader
FIELDS(Header);
#undef OF

static struct {
    uint8_t* bytes;
    size_t count;
} stage;
static const char* doing;
static uint32_t refused_count, taken_count;

static InfWorldDef world_def(void)
{
    InfWorldDef def = inf_world_def_default();
    def.capacity = (InfCapacity){.souls = 24, .ships = 40, .systems = 12, .places = 64, .stations = 12, .transfers = 4,
                                 .tags = 6, .event_bytes = 1u << 16};
    def.shard_count = 2;
    def.allocator = steer_allocator();
    return def;
}

static void write_order(InfWriter* writer, uint64_t soul, uint32_t order)
{
    static InfInput input;
    memset(&input, 0, sizeof input);
    input.kind = INF_INPUT_KIND_Order;
    input.Order.soul = soul;
    input.Order.order = (uint8_t)order;
    input.Order.body = 0;
    inf_input_write(writer, &input);
}

// Shard 0 of 2 with minds and four players: one connected in space, one asleep in space, one docked, one dead or away, and
// a payment that waits in the outbox.
static void make_stage(uint32_t ticks)
{
    static InfInput input;
    InfWorldDef def = world_def();
    InfWorld* world;
    ENSURE(inf_world_create(&def, &world) == INF_OK);
    InfResult founded = inf_world_found(world, 14, 9000);
    ENSURE(founded == INF_OK || founded == INF_ERROR_FULL);
    for (uint32_t tick = 0; tick < ticks; tick++) {
        uint8_t batch[1024];
        InfWriter writer = inf_writer_make(batch, sizeof batch);
        memset(&input, 0, sizeof input);
        if (tick < 4) {
            input.kind = INF_INPUT_KIND_TagClaim;
            memset(input.TagClaim.key, (int)(tick + 1), INF_KEY_BYTES);
            snprintf(input.TagClaim.tag, sizeof input.TagClaim.tag, "Player %c", (char)('A' + tick));
            inf_input_write(&writer, &input);
        } else if (tick < 8) {
            uint64_t soul = inf_tag_at(world, 1 + tick % 4)->soul;
            input.kind = INF_INPUT_KIND_Presence;
            input.Presence.soul = soul;
            input.Presence.connected = 1;
            inf_input_write(&writer, &input);
            memset(&input, 0, sizeof input);
            input.kind = tick == 4 ? INF_INPUT_KIND_Pay : INF_INPUT_KIND_Undock;
            input.Pay.soul = soul;
            if (tick == 4) {
                input.Pay.payee = UINT64_C(1) << 48 | 1;
                input.Pay.payee_shard = 1;
                input.Pay.credits = 5;
            }
            inf_input_write(&writer, &input);
        } else if (tick == 120) {
            write_order(&writer, inf_tag_at(world, 2)->soul, INF_ORDER_CRUISE);
            input.kind = INF_INPUT_KIND_Presence;
            input.Presence.soul = inf_tag_at(world, 3)->soul;
            inf_input_write(&writer, &input);
        }
        inf_world_tick(world, batch, writer.at);
    }
    ENSURE(inf_world_validate(world) == NULL);
    free(stage.bytes);
    stage.count = inf_world_encoded_bytes(world);
    stage.bytes = malloc(stage.count);
    ENSURE(inf_world_encode(world, stage.bytes, stage.count) == stage.count);
    inf_world_destroy(world);
}

static void say_what(const char* condition, const char* file, int line)
{
    printf("%s: %s:%d: %s\n", doing, file, line, condition);
    fflush(stdout);
    abort();
}

static void try_world(const InfWorld* world)
{
    static uint8_t* bytes;
    static size_t capacity;
    size_t count = inf_world_encoded_bytes(world);
    if (count > capacity) {
        capacity = count * 2;
        bytes = realloc(bytes, capacity);
        ENSURE(bytes != NULL);
    }
    ENSURE(inf_world_encode(world, bytes, capacity) == count);
    InfWorldDef def = world_def();
    InfWorld* copy;
    if (inf_world_decode(&def, bytes, count, &copy) != INF_OK) {
        ENSURE(copy == NULL);
        refused_count++;
        return;
    }
    taken_count++;
    for (int i = 0; i < TICKS_AFTER; i++) {
        inf_world_tick(copy, NULL, 0);
    }
    const char* wrong = inf_world_validate(copy);
    if (wrong != NULL) {
        printf("%s: later %s\n", doing, wrong);
    }
    ENSURE(wrong == NULL);
    inf_world_destroy(copy);
}

static void try_field(InfWorld* world, const char* what, uint32_t row, uint8_t* at, const Field* field)
{
    static const uint64_t values[] = {0, 2, 39, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0x7fc000007fc00000};
    static char text[160];
    uint32_t step = field->count > 16 ? field->count / 5 : 1; // of long arrays a few
    for (uint32_t element = 0; element < field->count; element += step) {
        uint8_t* number = at + field->offset + (size_t)element * field->bytes;
        uint64_t old = 0;
        memcpy(&old, number, field->bytes);
        for (uint32_t v = 0; v < sizeof values / sizeof values[0] + 1; v++) {
            uint32_t high = 8 * (8 - field->bytes); // the values' upper bytes matter: sign and size
            uint64_t value = v < 3 ? values[v] : v < 7 ? values[v] >> high : old ^ 0x10;
            snprintf(text, sizeof text, "%s %u %s[%u] = %#llx (was %#llx)", what, row, field->name, element,
                     (unsigned long long)value, (unsigned long long)old);
            doing = text;
            memcpy(number, &value, field->bytes);
            try_world(world);
        }
        memcpy(number, &old, field->bytes);
    }
}

static void try_rows(InfWorld* world, const char* what, uint8_t* rows, uint32_t row_bytes, uint32_t count, const Field* fields,
                     uint32_t field_count, uint32_t rows_max)
{
    uint32_t step = count > rows_max ? count / rows_max : 1;
    for (uint32_t row = 0; row < count; row += step) {
        for (uint32_t f = 0; f < field_count; f++) {
            try_field(world, what, row + 1, rows + (size_t)row * row_bytes, &fields[f]);
        }
    }
}

#define TRY(Struct, pool_name, rows_max)                                                                \
    try_rows(world, #Struct, world->pool_name.rows, world->pool_name.row_bytes, world->pool_name.count, \
             fields_##Struct, sizeof fields_##Struct / sizeof fields_##Struct[0], rows_max)

static void try_all(uint32_t ticks)
{
    make_stage(ticks);
    inf_assert_set_handler(say_what);
    InfWorldDef def = world_def();
    InfWorld* world;
    ENSURE(inf_world_decode(&def, stage.bytes, stage.count, &world) == INF_OK);
    refused_count = taken_count = 0;
    TRY(Ship, ship_pool, 5);
    TRY(Soul, soul_pool, 3);
    TRY(Place, place_pool, 3);
    TRY(Station, station_pool, 2);
    TRY(KnownSystem, system_pool, 2);
    TRY(Account, account_pool, 6);
    TRY(Transfer, transfer_pool, 2);
    TRY(Tag, tag_pool, 2);
    try_rows(world, "Motion", (uint8_t*)world->motions, sizeof(InfMotion), world->ship_pool.count, fields_Motion,
             sizeof fields_Motion / sizeof fields_Motion[0], 6);
    try_rows(world, "Header", (uint8_t*)&world->header, sizeof world->header, 1, fields_Header,
             sizeof fields_Header / sizeof fields_Header[0], 1);
    InfPool* pools[] = {&world->account_pool, &world->system_pool, &world->place_pool, &world->station_pool,
                        &world->ship_pool, &world->soul_pool, &world->transfer_pool, &world->tag_pool};
    static const Field heads[] = {{"free_head", offsetof(InfPool, free_head), 4, 1}, {"live", offsetof(InfPool, live), 4, 1}};
    for (uint32_t p = 0; p < sizeof pools / sizeof pools[0]; p++) {
        try_rows(world, "Pool", (uint8_t*)pools[p], sizeof *pools[p], 1, heads, 2, 1);
    }
    inf_world_destroy(world);
    printf("after %u ticks: %u changed worlds refused, %u lived on\n", ticks, refused_count, taken_count);
    ENSURE(refused_count > 1000 && taken_count > 1000);
    inf_assert_set_handler(NULL);
}

TEST(a_changed_number_is_refused_or_lived_with)
{
    try_all(400);
}

TEST(a_changed_number_in_an_old_world_too)
{
    try_all(9000);
}

TEST(a_changed_byte_of_head_and_schema_is_refused)
{
    make_stage(100);
    InfWorldDef def = world_def();
    uint8_t* bytes = malloc(stage.count);
    uint32_t refused = 0, tried = 0;
    for (size_t at = 0; at < 6000; at++) { // head, schema, header and the first rows
        memcpy(bytes, stage.bytes, stage.count);
        bytes[at] ^= (uint8_t)(1u << at % 8);
        uint64_t hash = inf_hash_bytes(bytes, stage.count - 8, 1);
        memcpy(bytes + stage.count - 8, &hash, 8);
        InfWorld* world;
        if (inf_world_decode(&def, bytes, stage.count, &world) != INF_OK) {
            refused++;
        }
        tried++;
        inf_world_destroy(world);
    }
    for (size_t cut = 0; cut < stage.count; cut += 1 + stage.count / 500) { // cut short, with a right hash
        memcpy(bytes, stage.bytes, cut);
        uint64_t hash = cut >= 8 ? inf_hash_bytes(bytes, cut - 8, 1) : 0;
        if (cut >= 8) {
            memcpy(bytes + cut - 8, &hash, 8);
        }
        InfWorld* world;
        ENSURE(inf_world_decode(&def, bytes, cut, &world) != INF_OK && world == NULL);
    }
    printf("%u of %u refused\n", refused, tried);
    ENSURE(refused > tried / 4);
    free(bytes);
    free(stage.bytes);
    memset(&stage, 0, sizeof stage);
}
