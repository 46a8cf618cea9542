// Shared by the tests of souls/: keys, and lineages made by hand.
#ifndef INF_TESTS_SOULS_TEST_H
#define INF_TESTS_SOULS_TEST_H

#include "souls/lineage.h"
#include "test.h"

// A soul with its key, its founding and its newest record.
typedef struct TestSoul {
    InfSignKey key;
    InfFounding founding;
    uint8_t identity[32], head[32], root[32];
    uint32_t epoch;
} TestSoul;

// A server of a galaxy.
typedef struct TestServer {
    InfSignKey key;
    uint8_t galaxy[16];
    uint64_t tick;
} TestServer;

static inline TestServer test_server_make(uint8_t number)
{
    uint8_t seed[32] = {0x5e, number};
    TestServer server = {.tick = 1000};
    inf_sign_start();
    inf_sign_key_from_seed(seed, &server.key);
    memset(server.galaxy, number, sizeof server.galaxy);
    return server;
}

static inline InfLineageRecord test_record(TestServer* server, const TestSoul* soul, InfLineageAct act)
{
    InfLineageRecord record = {.act = act, .epoch = soul->epoch, .tick = server->tick++, .previous_count = 1};
    memcpy(record.identity, soul->identity, 32);
    memcpy(record.galaxy, server->galaxy, 16);
    memcpy(record.server, server->key.public_key, 32);
    memcpy(record.previous[0], soul->head, 32);
    return record;
}

// Sign, add and make it the soul's head. @return false: not taken; *error tells why
static inline bool test_record_add(InfLineage* lineage, const TestServer* server, TestSoul* soul, const TestSoul* other,
                                   const InfLineageRecord* record, InfSoulsError* error)
{
    size_t count;
    uint8_t hash[32];
    char* text = inf_lineage_write(record, &server->key, &soul->key, other != NULL ? &other->key : NULL, &count, hash, error);
    bool is_well = text != NULL && inf_lineage_add(lineage, text, count, hash, error);
    free(text);
    if (is_well) {
        memcpy(soul->head, hash, 32);
        soul->epoch = record->epoch;
    }
    return is_well;
}

static inline TestSoul test_soul_found(InfLineage* lineage, TestServer* server, uint8_t number, const char* name)
{
    TestSoul soul = {.epoch = 0};
    uint8_t seed[32] = {0x50, number};
    inf_sign_key_from_seed(seed, &soul.key);
    soul.founding.tick = server->tick;
    soul.founding.nonce[0] = number;
    snprintf(soul.founding.name, sizeof soul.founding.name, "%s", name);
    memcpy(soul.founding.key, soul.key.public_key, 32);
    memcpy(soul.founding.galaxy, server->galaxy, 16);
    ENSURE(inf_founding_identity(&soul.founding, soul.identity));
    memcpy(soul.root, soul.identity, 32);
    InfLineageRecord record = test_record(server, &soul, INF_LINEAGE_FOUNDED);
    record.previous_count = 0;
    record.has_founding = true;
    record.founding = soul.founding;
    ENSURE(test_record_add(lineage, server, &soul, NULL, &record, NULL));
    return soul;
}

// Two records: the original's, and the copy's first.
static inline TestSoul test_soul_copy(InfLineage* lineage, TestServer* server, TestSoul* original, uint8_t number,
                                      const char* name)
{
    TestSoul copy = {.epoch = 1};
    uint8_t seed[32] = {0xc0, number};
    inf_sign_key_from_seed(seed, &copy.key);
    copy.founding.is_copy = true;
    copy.founding.tick = server->tick;
    copy.founding.nonce[0] = number;
    snprintf(copy.founding.name, sizeof copy.founding.name, "%s", name);
    memcpy(copy.founding.key, copy.key.public_key, 32);
    memcpy(copy.founding.galaxy, server->galaxy, 16);
    memcpy(copy.founding.parent, original->identity, 32);
    memcpy(copy.founding.root, original->root, 32);
    memcpy(copy.root, original->root, 32);
    ENSURE(inf_founding_identity(&copy.founding, copy.identity));
    InfLineageRecord record = test_record(server, original, INF_LINEAGE_COPIED);
    memcpy(record.other, copy.identity, 32);
    ENSURE(test_record_add(lineage, server, original, NULL, &record, NULL));
    record = test_record(server, &copy, INF_LINEAGE_COPIED);
    memcpy(record.previous[0], original->head, 32);
    memcpy(record.other, original->identity, 32);
    record.has_founding = true;
    record.founding = copy.founding;
    ENSURE(test_record_add(lineage, server, &copy, NULL, &record, NULL));
    return copy;
}

static inline bool test_soul_leave(InfLineage* lineage, TestServer* from, TestSoul* soul, InfLineageAct act,
                                   const TestServer* to, uint8_t transfer)
{
    InfLineageRecord record = test_record(from, soul, act);
    record.epoch++;
    record.transfer[0] = transfer;
    if (to != NULL) memcpy(record.peer, to->key.public_key, 32);
    return test_record_add(lineage, from, soul, NULL, &record, NULL);
}

static inline bool test_soul_arrive(InfLineage* lineage, TestServer* at, TestSoul* soul, const TestServer* from,
                                    uint8_t transfer)
{
    InfLineageRecord record = test_record(at, soul, from != NULL ? INF_LINEAGE_ARRIVED : INF_LINEAGE_WOKEN);
    if (from != NULL) {
        record.transfer[0] = transfer;
        memcpy(record.peer, from->key.public_key, 32);
    }
    return test_record_add(lineage, at, soul, NULL, &record, NULL);
}

static inline bool test_soul_merge(InfLineage* lineage, TestServer* server, TestSoul* soul, const TestSoul* other)
{
    InfLineageRecord record = test_record(server, soul, INF_LINEAGE_MERGED);
    record.previous_count = 2;
    memcpy(record.previous[1], other->head, 32);
    memcpy(record.other, other->identity, 32);
    return test_record_add(lineage, server, soul, other, &record, NULL);
}

#endif
