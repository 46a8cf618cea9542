// Lineages: a life over two galaxies, and everything that must not hold.
#include "souls_test.h"

static TestServer home, far;
static InfLineage* lineage;

static void begin(void)
{
    home = test_server_make(1);
    far = test_server_make(2);
    inf_lineage_destroy(lineage);
    lineage = inf_lineage_create();
    ENSURE(lineage != NULL);
}

static InfSoulsFault fault_of(const uint8_t head[32])
{
    InfSoulsError error = {0};
    bool is_well = inf_lineage_verify(lineage, head, NULL, NULL, &error);
    ENSURE(is_well == (error.fault == INF_SOULS_OK));
    return error.fault;
}

TEST(a_whole_life_holds)
{
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    TestSoul twin = test_soul_copy(lineage, &home, &ada, 2, "Ada II");
    uint8_t at_copy[32], root[32], key[32];
    memcpy(at_copy, ada.head, 32);
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DEPARTED, &far, 7));
    ENSURE(test_soul_arrive(lineage, &far, &ada, &home, 7));
    ENSURE(ada.epoch == 1);
    ENSURE(test_soul_leave(lineage, &far, &ada, INF_LINEAGE_DOWNLOADED, NULL, 8));
    ENSURE(test_soul_arrive(lineage, &home, &ada, NULL, 8));
    ENSURE(test_soul_merge(lineage, &home, &ada, &twin));
    ENSURE(inf_lineage_verify(lineage, ada.head, root, key, NULL));
    ENSURE(memcmp(root, ada.identity, 32) == 0 && memcmp(key, ada.key.public_key, 32) == 0);
    ENSURE(inf_lineage_verify(lineage, twin.head, root, key, NULL));
    ENSURE(memcmp(root, ada.identity, 32) == 0 && memcmp(key, twin.key.public_key, 32) == 0);
    ENSURE(inf_lineage_is_ancestor(lineage, at_copy, ada.head) && inf_lineage_is_ancestor(lineage, at_copy, twin.head));
    ENSURE(inf_lineage_is_ancestor(lineage, twin.head, ada.head) && !inf_lineage_is_ancestor(lineage, ada.head, twin.head));
    ENSURE(inf_lineage_is_ancestor(lineage, ada.head, ada.head));
    InfLineageFork fork;
    ENSURE(!inf_lineage_find_fork(lineage, &fork));
    TestSoul stranger = test_soul_found(lineage, &home, 3, "Ada");
    ENSURE(memcmp(stranger.identity, ada.identity, 32) != 0);
    ENSURE(inf_lineage_related(lineage, ada.head, twin.head, NULL));
    InfSoulsError error = {0};
    ENSURE(!inf_lineage_related(lineage, ada.head, stranger.head, &error) && error.fault == INF_SOULS_UNRELATED);
}

TEST(records_read_back_and_bad_ones_are_refused)
{
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada \xe2\x98\x83");
    test_soul_copy(lineage, &home, &ada, 2, "Two");
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DEPARTED, &far, 7));
    for (uint32_t i = 0; i < inf_lineage_count(lineage); i++) {
        const char* text;
        size_t count;
        const InfLineageRecord* record = inf_lineage_get(lineage, i, NULL, &text, &count);
        InfLineageRecord again;
        json_t* object;
        ENSURE(inf_lineage_read(text, count, &again, &object, NULL));
        ENSURE(memcmp(&again, record, sizeof again) == 0);
        json_t* body = inf_lineage_build(&again);
        size_t body_count, object_count;
        char* one = inf_sign_bytes(INF_SIGN_LINEAGE, body, &body_count, NULL);
        char* two = inf_sign_bytes(INF_SIGN_LINEAGE, object, &object_count, NULL);
        ENSURE(body_count == object_count && memcmp(one, two, body_count) == 0);
        free(one);
        free(two);
        json_decref(body);
        json_decref(object);
        // No part of a record is a record.
        for (size_t cut = 0; cut < count; cut++) {
            InfSoulsError error = {0};
            ENSURE(!inf_lineage_read(text, cut, &again, NULL, &error) && error.fault == INF_SOULS_TRUNCATED);
        }
    }
    ENSURE(inf_lineage_get(lineage, inf_lineage_count(lineage), NULL, NULL, NULL) == NULL);
}

// Every single change of a byte of a signed record is noticed: it has another name, so the chain ends there.
TEST_RANDOM(a_changed_record_is_noticed)
{
    begin();
    TestRandom random = {seed};
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DEPARTED, &far, 7));
    const char *first, *second;
    size_t first_bytes, second_bytes;
    inf_lineage_get(lineage, 0, NULL, &first, &first_bytes);
    inf_lineage_get(lineage, 1, NULL, &second, &second_bytes);
    for (int i = 0; i < 3000; i++) {
        InfLineage* other = inf_lineage_create();
        bool is_first = i % 2 == 0;
        char changed[INF_LINEAGE_BYTES_MAX];
        size_t count = is_first ? first_bytes : second_bytes;
        memcpy(changed, is_first ? first : second, count);
        size_t at = test_random_below(&random, count);
        char before = changed[at];
        changed[at] = (char)(0x20 + test_random_below(&random, 95));
        if (changed[at] != before) {
            uint8_t head[32];
            InfSoulsError error = {0};
            bool holds = inf_lineage_add(other, is_first ? changed : first, first_bytes, is_first ? NULL : head, &error) &&
                         inf_lineage_add(other, is_first ? second : changed, second_bytes, head, &error) &&
                         inf_lineage_verify(other, head, NULL, NULL, &error);
            ENSURE_SAY(!holds, "byte %zu of record %d", at, is_first ? 1 : 2);
            ENSURE(error.fault != INF_SOULS_OK && error.fault != INF_SOULS_MEMORY);
        }
        inf_lineage_destroy(other);
    }
}

TEST(what_cannot_follow_is_refused)
{
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada"), soul = ada;
    InfLineageRecord record = test_record(&home, &soul, INF_LINEAGE_ARRIVED); // never left
    ENSURE(test_record_add(lineage, &home, &soul, NULL, &record, NULL));
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_ORDER);
    soul = ada;
    record = test_record(&home, &soul, INF_LINEAGE_DEPARTED); // its epoch did not rise
    ENSURE(test_record_add(lineage, &home, &soul, NULL, &record, NULL));
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_EPOCH);
    soul = ada;
    record = test_record(&home, &soul, INF_LINEAGE_DEPARTED); // it rose by two
    record.epoch += 2;
    ENSURE(test_record_add(lineage, &home, &soul, NULL, &record, NULL));
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_EPOCH);
    soul = ada;
    ENSURE(test_soul_leave(lineage, &home, &soul, INF_LINEAGE_DEPARTED, &far, 1));
    ENSURE(test_soul_arrive(lineage, &far, &soul, &home, 2)); // by another transfer
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_ORDER);
    soul = ada;
    ENSURE(test_soul_leave(lineage, &home, &soul, INF_LINEAGE_DOWNLOADED, NULL, 1));
    record = test_record(&home, &soul, INF_LINEAGE_DEPARTED); // while it is a file
    record.epoch++;
    ENSURE(test_record_add(lineage, &home, &soul, NULL, &record, NULL));
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_ORDER);
    soul = ada;
    record = test_record(&far, &soul, INF_LINEAGE_DEPARTED); // from a galaxy where it is not
    record.epoch++;
    ENSURE(test_record_add(lineage, &far, &soul, NULL, &record, NULL));
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_ORDER);
    soul = ada;
    record = test_record(&home, &soul, INF_LINEAGE_DEPARTED); // before it was born
    record.epoch++;
    record.tick = 5;
    ENSURE(test_record_add(lineage, &home, &soul, NULL, &record, NULL));
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_ORDER);
    soul = ada;
    memset(soul.head, 9, 32); // after a record that is not there
    ENSURE(test_soul_leave(lineage, &home, &soul, INF_LINEAGE_DEPARTED, &far, 1));
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_GAP);
    memset(soul.head, 9, 32);
    ENSURE(fault_of(soul.head) == INF_SOULS_LINEAGE_HEAD);
    ENSURE(fault_of(ada.head) == INF_SOULS_OK);
}

TEST(forged_and_unsigned_records_are_refused)
{
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada"), soul = ada;
    TestSoul thief = test_soul_found(lineage, &home, 2, "Thief");
    soul.key = thief.key; // signed by somebody else
    ENSURE(test_soul_leave(lineage, &home, &soul, INF_LINEAGE_DEPARTED, &far, 1));
    ENSURE(fault_of(soul.head) == INF_SOULS_SOUL_SIGNATURE);
    InfLineageRecord record = test_record(&home, &ada, INF_LINEAGE_DEPARTED);
    record.epoch++;
    size_t count;
    uint8_t hash[32];
    char* text = inf_lineage_write(&record, &far.key, &ada.key, NULL, &count, hash, NULL); // home did not sign
    ENSURE(text != NULL && inf_lineage_add(lineage, text, count, NULL, NULL));
    free(text);
    ENSURE(fault_of(hash) == INF_SOULS_SERVER_SIGNATURE);
    text = inf_lineage_write(&record, &home.key, NULL, NULL, &count, hash, NULL); // without the soul
    ENSURE(text != NULL && inf_lineage_add(lineage, text, count, NULL, NULL));
    free(text);
    ENSURE(fault_of(hash) == INF_SOULS_UNSIGNED);
    // A founding that is another's: the identity is the hash of it.
    TestSoul false_soul = thief;
    memcpy(false_soul.identity, ada.identity, 32);
    record = test_record(&home, &false_soul, INF_LINEAGE_FOUNDED);
    record.previous_count = 0;
    record.has_founding = true;
    record.founding = thief.founding;
    ENSURE(test_record_add(lineage, &home, &false_soul, NULL, &record, NULL));
    ENSURE(fault_of(false_soul.head) == INF_SOULS_FOUNDING);
}

TEST(a_copy_needs_its_originals_word)
{
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    TestSoul bob = test_soul_found(lineage, &home, 2, "Bob");
    TestSoul twin = test_soul_copy(lineage, &home, &ada, 3, "Twin");
    ENSURE(fault_of(twin.head) == INF_SOULS_OK);
    // Claims to be a copy of Ada, behind a record in which Ada agrees to another copy.
    TestSoul false_twin = twin;
    false_twin.founding.nonce[0] = 99;
    ENSURE(inf_founding_identity(&false_twin.founding, false_twin.identity));
    InfLineageRecord record = test_record(&home, &false_twin, INF_LINEAGE_COPIED);
    memcpy(record.previous[0], ada.head, 32);
    memcpy(record.other, ada.identity, 32);
    record.has_founding = true;
    record.founding = false_twin.founding;
    ENSURE(test_record_add(lineage, &home, &false_twin, NULL, &record, NULL));
    ENSURE(fault_of(false_twin.head) == INF_SOULS_LINEAGE_ORDER);
    // Says that it stems from another root.
    memcpy(false_twin.founding.root, bob.identity, 32);
    ENSURE(inf_founding_identity(&false_twin.founding, false_twin.identity));
    memcpy(record.identity, false_twin.identity, 32);
    record.founding = false_twin.founding;
    ENSURE(test_record_add(lineage, &home, &false_twin, NULL, &record, NULL));
    ENSURE(fault_of(false_twin.head) == INF_SOULS_FOUNDING);
}

TEST(a_merge_needs_one_root_and_both_words)
{
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    TestSoul bob = test_soul_found(lineage, &home, 2, "Bob");
    TestSoul twin = test_soul_copy(lineage, &home, &ada, 3, "Twin"), soul = ada;
    ENSURE(test_soul_merge(lineage, &home, &soul, &bob));
    ENSURE(fault_of(soul.head) == INF_SOULS_UNRELATED);
    soul = ada;
    TestSoul forger = twin;
    forger.key = bob.key;
    ENSURE(test_soul_merge(lineage, &home, &soul, &forger));
    ENSURE(fault_of(soul.head) == INF_SOULS_OTHER_SIGNATURE);
    soul = ada;
    ENSURE(test_soul_merge(lineage, &home, &soul, &twin));
    ENSURE(fault_of(soul.head) == INF_SOULS_OK);
}

TEST(forks_are_found)
{
    InfLineageFork fork;
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    test_soul_copy(lineage, &home, &ada, 2, "One");
    test_soul_copy(lineage, &home, &ada, 3, "Two");
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DOWNLOADED, NULL, 4));
    ENSURE(!inf_lineage_find_fork(lineage, &fork)); // copies are no forks
    TestSoul here = ada, there = ada;
    ENSURE(test_soul_arrive(lineage, &home, &here, NULL, 4));
    ENSURE(!inf_lineage_find_fork(lineage, &fork));
    ENSURE(test_soul_arrive(lineage, &far, &there, NULL, 4)); // the same file wakes twice
    ENSURE(inf_lineage_find_fork(lineage, &fork) && !fork.after_merge);
    ENSURE(memcmp(fork.identity, ada.identity, 32) == 0 && memcmp(fork.previous, ada.head, 32) == 0);
    ENSURE(fork.record_a == inf_lineage_find(lineage, here.head) && fork.record_b == inf_lineage_find(lineage, there.head));
    ENSURE(fault_of(here.head) == INF_SOULS_OK && fault_of(there.head) == INF_SOULS_OK); // each alone is well

    begin();
    ada = test_soul_found(lineage, &home, 1, "Ada");
    TestSoul twin = test_soul_copy(lineage, &home, &ada, 2, "Twin");
    ENSURE(test_soul_merge(lineage, &home, &ada, &twin));
    ENSURE(!inf_lineage_find_fork(lineage, &fork));
    ENSURE(test_soul_leave(lineage, &home, &twin, INF_LINEAGE_DEPARTED, &far, 5)); // goes on after its end
    ENSURE(inf_lineage_find_fork(lineage, &fork) && fork.after_merge);
    ENSURE(memcmp(fork.identity, twin.identity, 32) == 0);
    ENSURE(fork.record_a == inf_lineage_find(lineage, ada.head) && fork.record_b == inf_lineage_find(lineage, twin.head));

    // The same record, signed once more by a mandate: no fork.
    begin();
    ada = test_soul_found(lineage, &home, 1, "Ada");
    InfLineageRecord record = test_record(&home, &ada, INF_LINEAGE_DEPARTED);
    record.epoch++;
    TestSoul one = ada;
    ENSURE(test_record_add(lineage, &home, &one, NULL, &record, NULL));
    InfMandate mandate = {.epoch = record.epoch};
    memcpy(mandate.identity, ada.identity, 32);
    memcpy(mandate.server, home.key.public_key, 32);
    json_t *given = inf_mandate_build(&mandate), *object = inf_lineage_build(&record);
    ENSURE(inf_sign_object(INF_SIGN_MANDATE, given, "soul_signature", &ada.key, NULL));
    ENSURE(inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &home.key, NULL));
    json_object_set_new(object, "mandate", given);
    size_t count;
    uint8_t hash[32];
    char* text = inf_lineage_text(object, &count, hash, NULL);
    ENSURE(text != NULL && inf_lineage_add(lineage, text, count, NULL, NULL));
    free(text);
    ENSURE(fault_of(hash) == INF_SOULS_OK && memcmp(hash, one.head, 32) != 0);
    ENSURE(!inf_lineage_find_fork(lineage, &fork));
    // For another epoch it does not hold.
    json_object_set_new(given, "epoch", json_integer(9));
    ENSURE(inf_sign_object(INF_SIGN_MANDATE, given, "soul_signature", &ada.key, NULL));
    text = inf_lineage_text(object, &count, hash, NULL);
    ENSURE(text != NULL && inf_lineage_add(lineage, text, count, NULL, NULL));
    free(text);
    json_decref(object);
    ENSURE(fault_of(hash) == INF_SOULS_MANDATE);
}

TEST(a_long_life_is_checked_without_a_deep_stack)
{
    begin();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada");
    TestServer *here = &home, *there = &far;
    for (int i = 0; i < 400; i++) {
        ENSURE(test_soul_leave(lineage, here, &ada, INF_LINEAGE_DEPARTED, there, (uint8_t)i));
        ENSURE(test_soul_arrive(lineage, there, &ada, here, (uint8_t)i));
        TestServer* swap = here;
        here = there, there = swap;
    }
    ENSURE(inf_lineage_count(lineage) == 801 && ada.epoch == 400);
    ENSURE(fault_of(ada.head) == INF_SOULS_OK);
}
