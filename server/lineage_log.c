// A table of the newest records by hash, direct-mapped, before a query of the journal; one lock around both.
#include "server/lineage_log.h"

#include <souls/document.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 65536u
#define PAGE_ROWS 32u
#define ROWS_MAX 4096u

typedef struct Slot {
    uint8_t hash[32];
    uint16_t byte_count;
    InfLineageLinks* links; ///< with the text behind it; null: empty
} Slot;

struct InfLineageLog {
    pthread_mutex_t lock;
    InfJournalQuery* query;
    Slot slots[SLOTS];
    InfLineageRow row, page[PAGE_ROWS];
};

InfLineageLog* inf_lineage_log_create(InfJournal* journal) {
    InfLineageLog* log = calloc(1, sizeof(*log));
    if (log == NULL) {
        return NULL;
    }
    pthread_mutex_init(&log->lock, NULL);
    if (journal != NULL && inf_journal_query_open(journal, &log->query) != INF_OK) {
        inf_lineage_log_destroy(log);
        return NULL;
    }
    return log;
}

void inf_lineage_log_destroy(InfLineageLog* log) {
    if (log == NULL) {
        return;
    }
    for (uint32_t i = 0; i < SLOTS; i++) {
        free(log->slots[i].links);
    }
    if (log->query != NULL) {
        inf_journal_query_close(log->query);
    }
    pthread_mutex_destroy(&log->lock);
    free(log);
}

static Slot* slot_of(InfLineageLog* log, const uint8_t hash[32]) {
    return &log->slots[((uint32_t)hash[0] | (uint32_t)hash[1] << 8 | (uint32_t)hash[2] << 16) % SLOTS];
}

static const char* text_of(const Slot* slot) { return (const char*)(slot->links + 1); }

static bool holds(const Slot* slot, const uint8_t hash[32]) { return slot->links != NULL && memcmp(slot->hash, hash, 32) == 0; }

static InfLineageLinks links_of(const InfLineageRecord* record) {
    InfLineageLinks links = {.act = record->act, .epoch = record->epoch, .previous_count = record->previous_count};
    memcpy(links.previous, record->previous, sizeof(links.previous));
    memcpy(links.transfer, record->transfer, sizeof(links.transfer));
    return links;
}

/// The lock is held, or the record is on its way.
static void keep(InfLineageLog* log, const InfLineageLinks* links, const uint8_t hash[32], const char* text, size_t byte_count) {
    InfLineageLinks* copy = byte_count > 0 && byte_count <= INF_LINEAGE_BYTES_MAX ? malloc(sizeof(*links) + byte_count) : NULL;
    if (copy == NULL) {
        return;
    }
    *copy = *links;
    memcpy(copy + 1, text, byte_count);
    Slot* slot = slot_of(log, hash);
    free(slot->links);
    slot->links = copy;
    slot->byte_count = (uint16_t)byte_count;
    memcpy(slot->hash, hash, 32);
}

void inf_lineage_log_put(InfLineageLog* log, const InfLineageRecord* record, const uint8_t hash[32], const char* text, size_t byte_count) {
    InfLineageLinks links = links_of(record);
    pthread_mutex_lock(&log->lock);
    keep(log, &links, hash, text, byte_count);
    pthread_mutex_unlock(&log->lock);
}

/// The lock is held. @return the slot that has it now, from the journal if it had to be; null: it is not there, or is not whole
static const Slot* fetch(InfLineageLog* log, const uint8_t hash[32]) {
    const Slot* slot = slot_of(log, hash);
    if (holds(slot, hash)) {
        return slot;
    }
    InfLineageRecord record;
    uint8_t found[32];
    if (log->query == NULL || inf_journal_query_record(log->query, hash, &log->row) != INF_OK) {
        return NULL;
    }
    inf_canonical_hash(log->row.text, log->row.text_bytes, found);
    if (memcmp(found, hash, 32) != 0 || !inf_lineage_read(log->row.text, log->row.text_bytes, &record, NULL, NULL)) {
        return NULL;
    }
    InfLineageLinks links = links_of(&record);
    keep(log, &links, hash, log->row.text, log->row.text_bytes);
    return holds(slot, hash) ? slot : NULL;
}

size_t inf_lineage_log_find(InfLineageLog* log, const uint8_t hash[32], char* text) {
    size_t byte_count = 0;
    pthread_mutex_lock(&log->lock);
    const Slot* slot = fetch(log, hash);
    if (slot != NULL) {
        byte_count = slot->byte_count;
        memcpy(text, text_of(slot), byte_count);
    }
    pthread_mutex_unlock(&log->lock);
    return byte_count;
}

bool inf_lineage_log_links(InfLineageLog* log, const uint8_t hash[32], InfLineageLinks* out) {
    pthread_mutex_lock(&log->lock);
    const Slot* slot = fetch(log, hash);
    if (slot != NULL) {
        *out = *slot->links;
    }
    pthread_mutex_unlock(&log->lock);
    return slot != NULL;
}

bool inf_lineage_log_has(InfLineageLog* log, const uint8_t hash[32]) {
    pthread_mutex_lock(&log->lock);
    // What was put into a tick by this process is in the journal before anything stands on it.
    bool is_there = holds(slot_of(log, hash), hash) ||
                    (log->query != NULL && inf_journal_query_record(log->query, hash, &log->row) == INF_OK);
    pthread_mutex_unlock(&log->lock);
    return is_there;
}

bool inf_lineage_log_gather(InfLineageLog* log, const uint8_t head[32], InfLineage* out, InfSoulsError* error) {
    // What is still to be fetched: the names before records that were fetched. Each record is looked at once.
    uint8_t (*open)[32] = malloc(sizeof(uint8_t[INF_LINEAGE_RECORDS_MAX][32]));
    if (open == NULL) {
        return inf_souls_fail(error, INF_SOULS_MEMORY, "lineage");
    }
    uint32_t open_count = 1;
    memcpy(open[0], head, 32);
    bool fine = true;
    while (fine && open_count > 0) {
        uint8_t hash[32];
        memcpy(hash, open[--open_count], 32);
        if (inf_lineage_find(out, hash) < INF_LINEAGE_RECORDS_MAX) {
            continue;
        }
        char text[INF_LINEAGE_BYTES_MAX];
        size_t byte_count = inf_lineage_log_find(log, hash, text);
        if (byte_count == 0) {
            fine = inf_souls_fail(error, INF_SOULS_LINEAGE_GAP, "lineage");
            break;
        }
        fine = inf_lineage_add(out, text, byte_count, NULL, error);
        uint32_t index = fine ? inf_lineage_find(out, hash) : INF_LINEAGE_RECORDS_MAX;
        if (index == INF_LINEAGE_RECORDS_MAX) {
            fine = inf_souls_fail(error, INF_SOULS_HASH, "lineage");
            break;
        }
        const InfLineageRecord* record = inf_lineage_get(out, index, NULL, NULL, NULL);
        for (uint32_t i = 0; i < record->previous_count && open_count < INF_LINEAGE_RECORDS_MAX; i++) {
            memcpy(open[open_count++], record->previous[i], 32);
        }
    }
    free(open);
    return fine;
}

typedef struct Node {
    uint8_t hash[32];
    InfLineageLinks links;
    size_t at, byte_count; ///< of its text, in the order of fetching
} Node;

typedef struct Walk {
    Node* nodes;
    uint32_t* stack;
    char* texts;
    size_t used, capacity;
    uint32_t count, depth;
} Walk;

/// The lock is held.
static bool visit(InfLineageLog* log, Walk* walk, const uint8_t hash[32], InfSoulsError* error) {
    const Slot* slot = fetch(log, hash);
    if (slot == NULL) {
        return inf_souls_fail(error, INF_SOULS_LINEAGE_GAP, "lineage");
    }
    if (walk->count == INF_DOCUMENT_RECORDS_MAX) {
        return inf_souls_fail(error, INF_SOULS_COUNT, "lineage: more than %d records", INF_DOCUMENT_RECORDS_MAX);
    }
    if (walk->used + slot->byte_count > walk->capacity) {
        size_t capacity = 2 * (walk->used + slot->byte_count);
        char* texts = realloc(walk->texts, capacity);
        if (texts == NULL) {
            return inf_souls_fail(error, INF_SOULS_MEMORY, "lineage");
        }
        walk->texts = texts;
        walk->capacity = capacity;
    }
    Node* node = &walk->nodes[walk->count];
    memcpy(node->hash, hash, 32);
    node->links = *slot->links;
    node->at = walk->used;
    node->byte_count = slot->byte_count;
    memcpy(walk->texts + walk->used, text_of(slot), slot->byte_count);
    walk->used += slot->byte_count;
    walk->stack[walk->depth++] = walk->count++;
    return true;
}

static bool is_visited(const Walk* walk, const uint8_t hash[32]) {
    uint32_t i = walk->count;
    while (i > 0 && memcmp(walk->nodes[i - 1].hash, hash, 32) != 0) {
        i--;
    }
    return i > 0;
}

char* inf_lineage_log_array(InfLineageLog* log, const uint8_t head[32], size_t* out_bytes, InfSoulsError* error) {
    Walk walk = {.nodes = malloc(INF_DOCUMENT_RECORDS_MAX * sizeof(Node)),
                 .stack = malloc(INF_DOCUMENT_RECORDS_MAX * sizeof(uint32_t))};
    uint32_t* order = malloc(INF_DOCUMENT_RECORDS_MAX * sizeof(*order));
    uint32_t count = 0;
    bool fine = (walk.nodes != NULL && walk.stack != NULL && order != NULL) || inf_souls_fail(error, INF_SOULS_MEMORY, "lineage");
    pthread_mutex_lock(&log->lock);
    fine = fine && visit(log, &walk, head, error);
    while (fine && walk.depth > 0) { // a record is written when all before it are
        const InfLineageLinks* links = &walk.nodes[walk.stack[walk.depth - 1]].links;
        uint32_t p = 0;
        while (p < links->previous_count && is_visited(&walk, links->previous[p])) {
            p++;
        }
        if (p < links->previous_count) {
            fine = visit(log, &walk, links->previous[p], error);
        } else {
            order[count++] = walk.stack[--walk.depth];
        }
    }
    pthread_mutex_unlock(&log->lock);
    char* array = fine ? malloc(walk.used + count + 2) : NULL;
    size_t at = 0;
    for (uint32_t i = 0; array != NULL && i < count; i++) {
        const Node* node = &walk.nodes[order[i]];
        array[at++] = i == 0 ? '[' : ',';
        memcpy(array + at, walk.texts + node->at, node->byte_count);
        at += node->byte_count;
    }
    if (array != NULL) {
        array[at++] = ']';
        array[at] = 0;
    } else if (fine) {
        inf_souls_fail(error, INF_SOULS_MEMORY, "lineage");
    }
    *out_bytes = at;
    free(walk.nodes);
    free(walk.stack);
    free(walk.texts);
    free(order);
    return array;
}

/// Walk the rows of an identity in the order of their coming; `look` says when to stop.
static void walk_rows(InfLineageLog* log, const uint8_t identity[32], bool (*look)(void* user, const InfLineageRow* row), void* user) {
    uint32_t from = 0, count = 0;
    pthread_mutex_lock(&log->lock);
    do {
        if (log->query == NULL ||
            inf_journal_query_lineage(log->query, identity, from, log->page, PAGE_ROWS, &count) != INF_OK) {
            break;
        }
        for (uint32_t i = 0; i < count; i++) {
            from = log->page[i].position + 1;
            if (!look(user, &log->page[i])) {
                count = 0;
                break;
            }
        }
    } while (count == PAGE_ROWS && from < ROWS_MAX);
    pthread_mutex_unlock(&log->lock);
}

/// Records of arrival that never took effect (the tick had no room, and it was written anew) have nothing that follows.
#define ARRIVALS_MAX 8u
typedef struct Search {
    const uint8_t* transfer;
    uint8_t arrived[ARRIVALS_MAX][32];
    uint64_t arrived_tick[ARRIVALS_MAX], tick;
    uint32_t arrived_count;
    bool went_on;
} Search;

static bool look_for_arrival(void* user, const InfLineageRow* row) {
    Search* search = user;
    InfLineageRecord record;
    if (!inf_lineage_read(row->text, row->text_bytes, &record, NULL, NULL)) {
        return true;
    }
    for (uint32_t i = 0; i < record.previous_count; i++) {
        for (uint32_t k = 0; k < search->arrived_count; k++) {
            if (memcmp(record.previous[i], search->arrived[k], 32) == 0) {
                search->went_on = true;
                search->tick = search->arrived_tick[k];
            }
        }
    }
    if (record.act == INF_LINEAGE_ARRIVED && memcmp(record.transfer, search->transfer, 16) == 0) {
        uint32_t k = search->arrived_count < ARRIVALS_MAX ? search->arrived_count++ : ARRIVALS_MAX - 1;
        search->arrived_tick[k] = record.tick;
        memcpy(search->arrived[k], row->hash, 32);
    }
    return !search->went_on;
}

bool inf_lineage_log_accepted(InfLineageLog* log, const uint8_t identity[32], const uint8_t transfer[16], uint64_t* out_tick) {
    Search search = {.transfer = transfer};
    walk_rows(log, identity, look_for_arrival, &search);
    *out_tick = search.tick;
    return search.went_on;
}

static bool put_json(void* user, const InfLineageRow* row) {
    char hash[65];
    inf_hex_write(row->hash, 32, hash);
    json_t* record = json_loadb(row->text, row->text_bytes, 0, NULL);
    json_array_append_new(user, json_pack("{s:s, s:s, s:I, s:o*}", "hash", hash, "act", row->act, "tick", (json_int_t)row->tick,
                                          "record", record));
    return true;
}

static bool is_in(const json_t* list, const char* hash) {
    size_t index;
    const json_t* row;
    json_array_foreach(list, index, row) {
        if (strcmp(json_string_value(json_object_get(row, "hash")), hash) == 0) {
            return true;
        }
    }
    return false;
}

/// Those whose rows are not in yet, the earliest first.
static void put_newest(InfLineageLog* log, json_t* list, const uint8_t identity[32], const uint8_t head[32], uint32_t depth) {
    char text[INF_LINEAGE_BYTES_MAX], hash[65];
    InfLineageRecord record;
    size_t byte_count = depth > 0 && !is_in(list, inf_hex_write(head, 32, hash)) ? inf_lineage_log_find(log, head, text) : 0;
    if (byte_count == 0 || !inf_lineage_read(text, byte_count, &record, NULL, NULL) || memcmp(record.identity, identity, 32) != 0) {
        return;
    }
    if (record.previous_count > 0) {
        put_newest(log, list, identity, record.previous[0], depth - 1);
    }
    InfLineageRow row = {.tick = record.tick, .text_bytes = (uint32_t)byte_count};
    memcpy(row.hash, head, 32);
    memcpy(row.text, text, byte_count);
    strcpy(row.act, inf_lineage_act_word(record.act));
    put_json(list, &row);
}

json_t* inf_lineage_log_json(InfLineageLog* log, const uint8_t identity[32], const uint8_t* head) {
    json_t* list = json_array();
    walk_rows(log, identity, put_json, list);
    if (head != NULL) {
        put_newest(log, list, identity, head, 8);
    }
    return list;
}
