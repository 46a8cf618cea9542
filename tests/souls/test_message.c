// Messages between servers: each kind there and back, signed, and everything that must be refused.
#include "souls/message.h"
#include "souls_test.h"

static const size_t struct_bytes[INF_MESSAGE_KIND_COUNT] = {
#define X(number, Name, ...) sizeof(InfMessage##Name),
    INF_MESSAGES(X)
#undef X
};

typedef union AnyMessage {
    uint8_t server[32];
#define X(number, Name, ...) InfMessage##Name Name;
    INF_MESSAGES(X)
#undef X
} AnyMessage;

#define FILL_H(name, byte_count) test_random_bytes(random, message->name, byte_count);
#define FILL_U(name) message->name = (uint32_t)test_random_u64(random);
#define FILL_N(name) message->name = (int64_t)(test_random_u64(random) >> 11);
#define FILL_T(name, byte_count)                                                                         \
    for (size_t i = 0, count = test_random_below(random, byte_count); i < count; i++)                    \
        message->name[i] = (char)(0x20 + test_random_below(random, 95));
#define FILL_W(name, list) message->name = (uint32_t)test_random_below(random, 3);
#define FILL_B(name, byte_count)                                                                         \
    message->name##_bytes = (uint32_t)test_random_below(random, byte_count + 1);                         \
    test_random_bytes(random, message->name, message->name##_bytes);
#define FILL_D(name)

#define X(number, Name, ...)                                                                             \
    static void fill_##Name(InfMessage##Name* message, TestRandom* random)                               \
    {                                                                                                    \
        INF_MESSAGE_##Name(FILL_H, FILL_U, FILL_N, FILL_T, FILL_W, FILL_B, FILL_D)(void) message;        \
    }
INF_MESSAGES(X)
#undef X

// A message of chance, signed; *out_document is to be freed after it.
static json_t* draw(InfMessageKind kind, TestRandom* random, const InfSignKey* server, const InfSignKey* soul, AnyMessage* out,
                    json_t** out_document)
{
    memset(out, 0, sizeof *out);
    *out_document = json_pack("{s:s, s:[i,i]}", "name", "Ada", "x", 1, 2);
    switch (kind) {
#define X(number, Name, ...)                                                                             \
    case INF_MESSAGE_KIND_##Name: fill_##Name(&out->Name, random); break;
        INF_MESSAGES(X)
#undef X
    default: break;
    }
    if (kind != INF_MESSAGE_KIND_Problem) memcpy(out->server, server->public_key, 32);
    if (kind == INF_MESSAGE_KIND_Arrival) {
        size_t count;
        char* text = inf_canonical_text(*out_document, &count, NULL);
        inf_canonical_hash(text, count, out->Arrival.document_hash);
        free(text);
        out->Arrival.document = *out_document;
        memcpy(out->Arrival.key, soul->public_key, 32);
    }
    InfSoulsError error = {0};
    json_t* object = inf_message_make(kind, out, server, &error);
    ENSURE_SAY(object != NULL, "%s %s", inf_souls_fault_text(error.fault), error.where);
    if (kind == INF_MESSAGE_KIND_Arrival) {
        ENSURE(inf_sign_object(INF_SIGN_ARRIVAL, object, "soul_signature", soul, NULL));
    }
    return object;
}

TEST_RANDOM(messages_go_there_and_back)
{
    TestRandom random = {seed};
    TestServer home = test_server_make(1), far = test_server_make(2);
    InfSignKey soul;
    inf_sign_key_draw(&soul);
    for (int round = 0; round < 40; round++) {
        for (int kind = 0; kind < INF_MESSAGE_KIND_COUNT; kind++) {
            AnyMessage message, again;
            json_t* document;
            json_t* object = draw((InfMessageKind)kind, &random, &home.key, &soul, &message, &document);
            size_t count;
            char* text = inf_canonical_text(object, &count, NULL);
            json_t* read = inf_canonical_read(text, count, INF_CANONICAL_BYTES_MAX, INF_CANONICAL_STRICT, NULL);
            free(text);
            InfSoulsError error = {0};
            ENSURE(inf_message_kind(read) == (InfMessageKind)kind);
            ENSURE_SAY(inf_message_open((InfMessageKind)kind, read, kind == INF_MESSAGE_KIND_Problem ? NULL : home.key.public_key,
                                        &again, &error),
                       "%s %s", inf_souls_fault_text(error.fault), error.where);
            if (kind == INF_MESSAGE_KIND_Arrival) {
                ENSURE(json_equal(again.Arrival.document, document));
                ENSURE(inf_message_arrival_agreed(read, &again.Arrival, NULL));
                again.Arrival.document = message.Arrival.document;
            }
            ENSURE(memcmp(&again, &message, struct_bytes[kind]) == 0);
            // By another server; as another kind; with one more field; of another version.
            if (kind != INF_MESSAGE_KIND_Problem) {
                ENSURE(!inf_message_open((InfMessageKind)kind, read, far.key.public_key, &again, &error) &&
                       error.fault == INF_SOULS_KEY);
            }
            error = (InfSoulsError){0};
            ENSURE(!inf_message_open((InfMessageKind)((kind + 1) % INF_MESSAGE_KIND_COUNT), read, NULL, &again, &error));
            ENSURE(error.fault == INF_SOULS_KIND);
            error = (InfSoulsError){0};
            json_object_set_new(read, "more", json_true());
            ENSURE(!inf_message_open((InfMessageKind)kind, read, NULL, &again, &error));
            ENSURE(error.fault == INF_SOULS_UNKNOWN_FIELD);
            error = (InfSoulsError){0};
            json_object_del(read, "more");
            json_object_set_new(read, "version", json_integer(2));
            ENSURE(!inf_message_open((InfMessageKind)kind, read, NULL, &again, &error) && error.fault == INF_SOULS_VERSION);
            json_decref(read);
            json_decref(object);
            json_decref(document);
        }
    }
}

// Whatever member of a signed message is taken away or changed, it is refused.
TEST_RANDOM(every_member_is_needed_and_guarded)
{
    TestRandom random = {seed};
    TestServer home = test_server_make(1);
    InfSignKey soul;
    inf_sign_key_draw(&soul);
    for (int kind = 0; kind < INF_MESSAGE_KIND_Problem; kind++) {
        AnyMessage message, again;
        json_t* document;
        json_t* object = draw((InfMessageKind)kind, &random, &home.key, &soul, &message, &document);
        const char* name;
        json_t* value;
        json_object_foreach(object, name, value) {
            json_t* changed = json_copy(object);
            InfSoulsError error = {0};
            json_object_del(changed, name);
            ENSURE_SAY(!inf_message_open((InfMessageKind)kind, changed, NULL, &again, &error), "%s without %s",
                       inf_message_word((InfMessageKind)kind), name);
            json_t* other = json_null();
            if (json_is_integer(value)) other = json_integer(json_integer_value(value) ^ 1);
            if (json_is_string(value)) {
                char text[512] = "";
                snprintf(text, sizeof text, "%s", json_string_value(value));
                text[0] = text[0] == '1' ? '2' : '1';
                other = json_string(text);
            }
            if (json_is_object(value)) other = json_pack("{s:s}", "name", "Eve");
            json_object_set_new(changed, name, other);
            error = (InfSoulsError){0};
            bool holds = inf_message_open((InfMessageKind)kind, changed, NULL, &again, &error) &&
                         (kind != INF_MESSAGE_KIND_Arrival || inf_message_arrival_agreed(changed, &again.Arrival, &error));
            ENSURE_SAY(!holds, "%s with another %s", inf_message_word((InfMessageKind)kind), name);
            ENSURE(error.fault != INF_SOULS_OK);
            json_decref(changed);
        }
        json_decref(object);
        json_decref(document);
    }
}

TEST(a_speaker_must_hold_the_key)
{
    TestServer home = test_server_make(1), far = test_server_make(2);
    InfMessageReceipt receipt = {.epoch = 3};
    memcpy(receipt.server, home.key.public_key, 32);
    InfSoulsError error = {0};
    ENSURE(inf_message_make(INF_MESSAGE_KIND_Receipt, &receipt, &far.key, &error) == NULL && error.fault == INF_SOULS_KEY);
    receipt.tick = -1;
    error = (InfSoulsError){0};
    ENSURE(inf_message_make(INF_MESSAGE_KIND_Receipt, &receipt, &home.key, &error) == NULL && error.fault == INF_SOULS_FIELD);
}

// Three offers of one server, unsigned, and the seal behind them.
static json_t* sealed_batch(TestRandom* random, const InfSignKey* server)
{
    json_t* batch = json_array();
    for (int i = 0; i < 3; i++) {
        AnyMessage message;
        memset(&message, 0, sizeof message);
        fill_Offer(&message.Offer, random);
        memcpy(message.server, server->public_key, 32);
        ENSURE(json_array_append_new(batch, inf_message_build(INF_MESSAGE_KIND_Offer, &message, NULL)) == 0);
    }
    ENSURE(inf_message_seal(batch, server, NULL, 0, NULL) && json_array_size(batch) == 4);
    return batch;
}

static bool all_open(const json_t* batch, const uint8_t* server)
{
    InfSealing sealing;
    InfMessageOffer offer;
    inf_message_seal_read(batch, &sealing);
    bool all = true;
    for (size_t i = 0; i < json_array_size(batch) - sealing.is_there; i++) {
        InfSoulsError error = {0};
        bool is_open = inf_message_open_of(&sealing, INF_MESSAGE_KIND_Offer, json_array_get(batch, i), server, &offer, &error);
        ENSURE(is_open || error.fault != INF_SOULS_OK);
        all &= is_open;
    }
    return all;
}

TEST_RANDOM(a_seal_holds_for_its_batch_alone)
{
    TestRandom random = {seed};
    TestServer home = test_server_make(1), far = test_server_make(2);
    json_t *batch = sealed_batch(&random, &home.key), *other = sealed_batch(&random, &home.key);
    ENSURE(all_open(batch, home.key.public_key) && all_open(batch, NULL) && !all_open(batch, far.key.public_key));
    for (size_t i = 0; i < 4; i++) { // every member of every message, and of the seal
        const char* name;
        json_t* value;
        json_object_foreach(json_array_get(batch, i), name, value) {
            json_t* changed = json_deep_copy(batch);
            json_object_set_new(json_array_get(changed, i), name,
                                json_is_integer(value) ? json_integer(json_integer_value(value) ^ 1) : json_string("00"));
            ENSURE_SAY(!all_open(changed, home.key.public_key), "%zu %s", i, name);
            json_decref(changed);
        }
    }
    json_t* changed = json_deep_copy(batch); // one left out, two exchanged, one doubled, the seal of another batch, none
    json_array_remove(changed, 1);
    ENSURE(!all_open(changed, NULL));
    json_decref(changed);
    changed = json_deep_copy(batch);
    json_array_set(changed, 0, json_array_get(batch, 1));
    json_array_set(changed, 1, json_array_get(batch, 0));
    ENSURE(!all_open(changed, NULL));
    json_array_insert(changed, 0, json_array_get(batch, 0));
    ENSURE(!all_open(changed, NULL));
    json_decref(changed);
    changed = json_deep_copy(batch);
    json_array_set(changed, 3, json_array_get(other, 3));
    ENSURE(!all_open(changed, NULL));
    json_array_remove(changed, 3);
    ENSURE(!all_open(changed, NULL));
    ENSURE(inf_message_seal(changed, &far.key, NULL, 0, NULL)); // by somebody else, in the name of the first
    ENSURE(!all_open(changed, NULL) && !all_open(changed, home.key.public_key));
    json_decref(changed);
    json_t* nothing = json_array();
    ENSURE(!inf_message_seal(nothing, &home.key, NULL, 0, NULL)); // of nothing, of a seal, of too many
    ENSURE(!inf_message_seal(batch, &home.key, NULL, 0, NULL));
    json_array_remove(batch, 3);
    while (json_array_size(batch) <= INF_MESSAGE_BATCH_MAX) json_array_append(batch, json_array_get(batch, 0));
    ENSURE(!inf_message_seal(batch, &home.key, NULL, 0, NULL));
    json_decref(nothing);
    json_decref(batch);
    json_decref(other);
}
