// Records of lineages that are found again: the array that a document has in place of its lineage is the same, byte by byte,
// as that of the records read and written once more.
#include "server/lineage_log.h"
#include "souls/document.h"
#include "souls_test.h"

#include <stdlib.h>

static TestServer home, far;
static InfLineage* lineage;

/// Two branches that were merged, and a departure.
static TestSoul live(void)
{
    home = test_server_make(1);
    far = test_server_make(2);
    lineage = inf_lineage_create();
    TestSoul ada = test_soul_found(lineage, &home, 1, "Ada \"previous\":[7] \\"), eda = test_soul_copy(lineage, &home, &ada, 2, "Eda");
    for (uint8_t i = 0; i < 3; i++) {
        ENSURE(test_soul_leave(lineage, &home, &eda, INF_LINEAGE_DEPARTED, &far, (uint8_t)(10 + i)));
        ENSURE(test_soul_arrive(lineage, &far, &eda, &home, (uint8_t)(10 + i)));
        ENSURE(test_soul_leave(lineage, &far, &eda, INF_LINEAGE_DEPARTED, &home, (uint8_t)(20 + i)));
        ENSURE(test_soul_arrive(lineage, &home, &eda, &far, (uint8_t)(20 + i)));
    }
    ENSURE(test_soul_merge(lineage, &home, &ada, &eda));
    ENSURE(test_soul_leave(lineage, &home, &ada, INF_LINEAGE_DEPARTED, &far, 30));
    return ada;
}

/// @param left_out  index of a record that is not put in
static InfLineageLog* log_of(uint32_t left_out)
{
    InfLineageLog* log = inf_lineage_log_create(NULL);
    for (uint32_t i = 0; i < inf_lineage_count(lineage); i++) {
        const uint8_t* hash;
        const char* text;
        size_t byte_count;
        const InfLineageRecord* record = inf_lineage_get(lineage, i, &hash, &text, &byte_count);
        if (i != left_out) inf_lineage_log_put(log, record, hash, text, byte_count);
    }
    return log;
}

TEST(a_lineage_is_written_as_its_records_are)
{
    TestSoul ada = live();
    InfLineageLog* log = log_of(UINT32_MAX);
    InfSoulsError error = {0};
    size_t array_bytes = 0, byte_count = 0, whole_bytes = 0;
    char* array = inf_lineage_log_array(log, ada.head, &array_bytes, &error);
    ENSURE_SAY(array != NULL && strlen(array) == array_bytes, "%s", error.where);

    InfDocument* document = calloc(1, sizeof *document);
    memcpy(document->passage.soul.identity, ada.identity, 32);
    memcpy(document->passage.soul.lineage, ada.head, 32);
    strcpy((char*)document->passage.soul.name, "Ada");
    document->way = INF_WAY_SERVER;
    json_t *bare = inf_document_build(document, NULL, NULL, &error), *whole = inf_document_build(document, lineage, NULL, &error);
    ENSURE_SAY(bare != NULL && whole != NULL, "%s", error.where);
    char* text = inf_canonical_text_with(bare, "lineage", array, array_bytes, &byte_count, &error);
    char* expected = inf_canonical_text(whole, &whole_bytes, &error);
    ENSURE(text != NULL && expected != NULL && json_array_size(json_object_get(whole, "lineage")) == inf_lineage_count(lineage));
    ENSURE(byte_count == whole_bytes && memcmp(text, expected, whole_bytes) == 0);
    free(text);
    free(expected);
    free(array);
    free(document);
    json_decref(bare);
    json_decref(whole);
    inf_lineage_log_destroy(log);
    inf_lineage_destroy(lineage);
}

TEST(a_lineage_with_a_gap_is_none)
{
    TestSoul ada = live();
    for (uint32_t i = 0; i < inf_lineage_count(lineage); i++) {
        InfLineageLog* log = log_of(i);
        InfSoulsError error = {0};
        size_t byte_count;
        ENSURE(inf_lineage_log_array(log, ada.head, &byte_count, &error) == NULL && error.fault == INF_SOULS_LINEAGE_GAP);
        inf_lineage_log_destroy(log);
    }
    inf_lineage_destroy(lineage);
}

TEST(what_goes_on_from_a_record_is_at_hand)
{
    TestSoul ada = live();
    InfLineageLog* log = log_of(UINT32_MAX);
    InfLineageLinks links;
    const InfLineageRecord* head = inf_lineage_get(lineage, inf_lineage_find(lineage, ada.head), NULL, NULL, NULL);
    ENSURE(inf_lineage_log_links(log, ada.head, &links) && links.act == INF_LINEAGE_DEPARTED && links.epoch == head->epoch);
    ENSURE(links.previous_count == 1 && memcmp(links.previous[0], head->previous[0], 32) == 0);
    ENSURE(memcmp(links.transfer, head->transfer, sizeof links.transfer) == 0);
    ENSURE(inf_lineage_log_links(log, links.previous[0], &links) && links.act == INF_LINEAGE_MERGED && links.previous_count == 2);
    uint8_t nobody[32] = {1};
    ENSURE(!inf_lineage_log_links(log, nobody, &links));
    inf_lineage_log_destroy(log);
    inf_lineage_destroy(lineage);
}
