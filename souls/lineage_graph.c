// Many lineage records: a graph by their names, checked back to the founding; see lineage.h.
//
// Rows are kept in the order of adding; an open-addressed table of hashes finds them. Verifying walks to the founding
// with a stack of its own (a chain may be thousands long) and remembers of each row that it holds, so a lineage that
// grows is checked once, record by record.
#include "souls/lineage.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NONE INF_LINEAGE_RECORDS_MAX
#define SLOTS (INF_LINEAGE_RECORDS_MAX * 4) // a merge takes two in inf_lineage_find_fork(): never more than half full

typedef struct Row {
    InfLineageRecord record;
    uint8_t hash[32], body_hash[32];
    uint8_t root[32], key[32]; // valid if is_checked
    json_t* object;
    char *text, *body; // body: what is signed; written when it is asked for
    size_t text_bytes, body_bytes;
    bool is_checked, is_open; // open: on the stack of a walk
} Row;

struct InfLineage {
    Row** rows; // [INF_LINEAGE_RECORDS_MAX], each on its own so that pointers last
    uint32_t count;
    InfLineageKnown* known;
    uint16_t slots[SLOTS]; // index + 1
};

#define KNOWN_ROWS 16384
#define KNOWN_WAYS 4
struct InfLineageKnown {
    pthread_mutex_t lock;
    uint8_t hashes[KNOWN_ROWS][KNOWN_WAYS][32]; // newest first; zero: empty
};

InfLineage* inf_lineage_create(void)
{
    InfLineage* lineage = calloc(1, sizeof *lineage);
    if (lineage == NULL) return NULL;
    lineage->rows = calloc(INF_LINEAGE_RECORDS_MAX, sizeof *lineage->rows);
    if (lineage->rows != NULL) return lineage;
    free(lineage);
    return NULL;
}

static void row_destroy(Row* row)
{
    if (row == NULL) return;
    json_decref(row->object);
    free(row->text);
    free(row->body);
    free(row);
}

void inf_lineage_destroy(InfLineage* lineage)
{
    if (lineage == NULL) return;
    for (uint32_t i = 0; i < lineage->count; i++) row_destroy(lineage->rows[i]);
    free(lineage->rows);
    free(lineage);
}

static uint32_t slot_of(const InfLineage* lineage, const uint8_t hash[32])
{
    uint32_t slot;
    memcpy(&slot, hash, sizeof slot);
    for (slot %= SLOTS; lineage->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
        if (memcmp(lineage->rows[lineage->slots[slot] - 1]->hash, hash, 32) == 0) break;
    }
    return slot;
}

uint32_t inf_lineage_find(const InfLineage* lineage, const uint8_t hash[32])
{
    uint32_t index1 = lineage->slots[slot_of(lineage, hash)];
    return index1 != 0 ? index1 - 1 : NONE;
}

// Takes over text and reference, whether it goes well or not. An object comes with its own canonical text.
static bool row_add(InfLineage* lineage, char* text, size_t byte_count, json_t* object, InfSoulsError* error)
{
    Row* row = calloc(1, sizeof *row);
    if (row == NULL) {
        free(text);
        json_decref(object);
        return inf_souls_fail(error, INF_SOULS_MEMORY, "lineage");
    }
    row->text = text;
    row->text_bytes = byte_count;
    row->object = object;
    inf_canonical_hash(text, byte_count, row->hash);
    uint32_t slot = slot_of(lineage, row->hash);
    bool is_there = lineage->slots[slot] != 0, is_well = is_there;
    if (!is_there && lineage->count == INF_LINEAGE_RECORDS_MAX) {
        inf_souls_fail(error, INF_SOULS_COUNT, "lineage: at most %d records", INF_LINEAGE_RECORDS_MAX);
    } else if (!is_there && byte_count > INF_LINEAGE_BYTES_MAX) {
        inf_souls_fail(error, INF_SOULS_SIZE, "a lineage record of %zu bytes, at most %d", byte_count, INF_LINEAGE_BYTES_MAX);
    } else if (!is_there) {
        is_well = object != NULL ? inf_lineage_read_object(object, &row->record, error)
                                 : inf_lineage_read(text, byte_count, &row->record, &row->object, error);
    }
    if (is_there || !is_well) {
        row_destroy(row);
        return is_well;
    }
    lineage->rows[lineage->count++] = row;
    lineage->slots[slot] = (uint16_t)lineage->count;
    return true;
}

bool inf_lineage_add(InfLineage* lineage, const char* text, size_t byte_count, uint8_t out_hash[32],
                     InfSoulsError* error)
{
    if (out_hash != NULL) inf_canonical_hash(text, byte_count, out_hash);
    if (byte_count > INF_LINEAGE_BYTES_MAX) {
        return inf_souls_fail(error, INF_SOULS_SIZE, "a lineage record of %zu bytes, at most %d", byte_count, INF_LINEAGE_BYTES_MAX);
    }
    char* copy = malloc(byte_count + 1);
    if (copy == NULL) return inf_souls_fail(error, INF_SOULS_MEMORY, "lineage");
    memcpy(copy, text, byte_count);
    copy[byte_count] = '\0';
    return row_add(lineage, copy, byte_count, NULL, error);
}

bool inf_lineage_add_object(InfLineage* lineage, json_t* object, InfSoulsError* error)
{
    size_t count;
    char* text = inf_canonical_text(object, &count, error);
    return text != NULL && row_add(lineage, text, count, json_incref(object), error);
}

json_t* inf_lineage_object(const InfLineage* lineage, uint32_t index)
{
    return index < lineage->count ? lineage->rows[index]->object : NULL;
}

uint32_t inf_lineage_count(const InfLineage* lineage)
{
    return lineage->count;
}

const InfLineageRecord* inf_lineage_get(const InfLineage* lineage, uint32_t index, const uint8_t** out_hash,
                                        const char** out_text, size_t* out_bytes)
{
    if (index >= lineage->count) return NULL;
    const Row* row = lineage->rows[index];
    if (out_hash != NULL) *out_hash = row->hash;
    if (out_text != NULL) *out_text = row->text;
    if (out_bytes != NULL) *out_bytes = row->text_bytes;
    return &row->record;
}

// Of a record that is known nobody asks for it.
static bool body_is_written(Row* row, InfSoulsError* error)
{
    if (row->body != NULL) return true;
    row->body = inf_sign_bytes(INF_SIGN_LINEAGE, row->object, &row->body_bytes, error);
    if (row->body != NULL) inf_canonical_hash(row->body, row->body_bytes, row->body_hash);
    return row->body != NULL;
}

// ── known records ────────────────────────────────────────────────────────────────────────────────────────────────

InfLineageKnown* inf_lineage_known_create(void)
{
    InfLineageKnown* known = calloc(1, sizeof(InfLineageKnown));
    if (known != NULL) pthread_mutex_init(&known->lock, NULL);
    return known;
}

void inf_lineage_known_destroy(InfLineageKnown* known)
{
    if (known != NULL) pthread_mutex_destroy(&known->lock);
    free(known);
}

void inf_lineage_set_known(InfLineage* lineage, InfLineageKnown* known)
{
    lineage->known = known;
}

static uint8_t (*known_row(InfLineageKnown* known, const uint8_t hash[32]))[32]
{
    uint32_t row;
    memcpy(&row, hash, sizeof row);
    return known->hashes[row % KNOWN_ROWS];
}

static bool is_known(InfLineageKnown* known, const uint8_t hash[32])
{
    if (known == NULL) return false;
    bool is_there = false;
    pthread_mutex_lock(&known->lock);
    for (int i = 0; i < KNOWN_WAYS && !is_there; i++) is_there = memcmp(known_row(known, hash)[i], hash, 32) == 0;
    pthread_mutex_unlock(&known->lock);
    return is_there;
}

void inf_lineage_know(InfLineageKnown* known, const uint8_t hash[32])
{
    if (known == NULL || is_known(known, hash)) return;
    pthread_mutex_lock(&known->lock);
    uint8_t(*row)[32] = known_row(known, hash);
    memmove(row[1], row[0], (KNOWN_WAYS - 1) * 32);
    memcpy(row[0], hash, 32);
    pthread_mutex_unlock(&known->lock);
}

// ── verifying ────────────────────────────────────────────────────────────────────────────────────────────────────

static Row* row_find(const InfLineage* lineage, const uint8_t hash[32])
{
    uint32_t index = inf_lineage_find(lineage, hash);
    return index != NONE ? lineage->rows[index] : NULL;
}

static bool row_fail(const Row* row, InfSoulsFault fault, InfSoulsError* error)
{
    char digits[65];
    return inf_souls_fail(error, fault, "lineage record %.12s (%s)", inf_hex_write(row->hash, 32, digits),
                          inf_lineage_act_word(row->record.act));
}

static bool founding_fits(Row* row, InfSoulsError* error)
{
    const InfLineageRecord* record = &row->record;
    uint8_t identity[32];
    if (!inf_founding_identity(&record->founding, identity)) return row_fail(row, INF_SOULS_MEMORY, error);
    if (memcmp(identity, record->identity, 32) != 0 || record->founding.is_copy != (record->act == INF_LINEAGE_COPIED) ||
        memcmp(record->founding.galaxy, record->galaxy, INF_SOULS_GALAXY_BYTES) != 0) {
        return row_fail(row, INF_SOULS_FOUNDING, error);
    }
    if (record->epoch > 1) return row_fail(row, INF_SOULS_LINEAGE_EPOCH, error);
    memcpy(row->key, record->founding.key, 32);
    return true;
}

// The first record of a soul that was copied: its original must say so itself.
static bool copy_fits(Row* row, const Row* original, InfSoulsError* error)
{
    const InfLineageRecord* record = &row->record;
    if (!founding_fits(row, error)) return false;
    if (memcmp(record->founding.parent, original->record.identity, 32) != 0 ||
        memcmp(record->other, original->record.identity, 32) != 0 ||
        memcmp(record->founding.root, original->root, 32) != 0) {
        return row_fail(row, INF_SOULS_FOUNDING, error);
    }
    if (original->record.act != INF_LINEAGE_COPIED || memcmp(original->record.other, record->identity, 32) != 0) {
        return row_fail(row, INF_SOULS_LINEAGE_ORDER, error);
    }
    memcpy(row->root, original->root, 32);
    return true;
}

static bool act_may_follow(InfLineageAct before, InfLineageAct act)
{
    if (before == INF_LINEAGE_DEPARTED) return act == INF_LINEAGE_ARRIVED;
    if (before == INF_LINEAGE_DOWNLOADED) return act == INF_LINEAGE_WOKEN;
    return act != INF_LINEAGE_ARRIVED && act != INF_LINEAGE_WOKEN && act != INF_LINEAGE_FOUNDED;
}

// Any record but a soul's first.
static bool next_fits(Row* row, const Row* before, InfSoulsError* error)
{
    const InfLineageRecord *record = &row->record, *last = &before->record;
    bool is_leaving = record->act == INF_LINEAGE_DEPARTED || record->act == INF_LINEAGE_DOWNLOADED;
    if (memcmp(last->identity, record->identity, 32) != 0 || !act_may_follow(last->act, record->act)) {
        return row_fail(row, INF_SOULS_LINEAGE_ORDER, error);
    }
    if (record->epoch < last->epoch || record->epoch - last->epoch != (is_leaving ? 1u : 0u)) {
        return row_fail(row, INF_SOULS_LINEAGE_EPOCH, error);
    }
    bool is_here = memcmp(record->galaxy, last->galaxy, INF_SOULS_GALAXY_BYTES) == 0;
    bool may_move = record->act == INF_LINEAGE_ARRIVED || record->act == INF_LINEAGE_WOKEN;
    if ((!is_here && !may_move) || (is_here && record->tick < last->tick)) {
        return row_fail(row, INF_SOULS_LINEAGE_ORDER, error);
    }
    if (record->act == INF_LINEAGE_ARRIVED && memcmp(record->transfer, last->transfer, sizeof record->transfer) != 0) {
        return row_fail(row, INF_SOULS_LINEAGE_ORDER, error);
    }
    memcpy(row->key, before->key, 32);
    memcpy(row->root, before->root, 32);
    return true;
}

static bool merge_fits(Row* row, const Row* other, bool is_signed, InfSoulsError* error)
{
    if (memcmp(other->record.identity, row->record.other, 32) != 0 ||
        memcmp(row->record.other, row->record.identity, 32) == 0 || other->record.act == INF_LINEAGE_DEPARTED ||
        other->record.act == INF_LINEAGE_DOWNLOADED) {
        return row_fail(row, INF_SOULS_LINEAGE_ORDER, error);
    }
    if (memcmp(other->root, row->root, 32) != 0) return row_fail(row, INF_SOULS_UNRELATED, error);
    return is_signed || (body_is_written(row, error) && inf_sign_bytes_check(row->body, row->body_bytes, row->object, "other_signature", other->key)) ||
           row_fail(row, INF_SOULS_OTHER_SIGNATURE, error);
}

static bool signatures_hold(Row* row, InfSoulsError* error)
{
    const InfLineageRecord* record = &row->record;
    InfSoulsError fault = {0};
    if (!body_is_written(row, error)) return false;
    bool is_passive = record->act == INF_LINEAGE_ARRIVED || record->act == INF_LINEAGE_WOKEN;
    if (!inf_sign_bytes_check(row->body, row->body_bytes, row->object, "server_signature", record->server)) {
        return row_fail(row, INF_SOULS_SERVER_SIGNATURE, error);
    }
    if (!inf_sign_soul_bytes_check(row->body, row->body_bytes, row->object, row->key, record->identity, record->epoch,
                                   record->server, &fault) &&
        !(is_passive && fault.fault == INF_SOULS_UNSIGNED)) {
        return row_fail(row, fault.fault, error);
    }
    if (json_object_get(row->object, "mandate") != NULL && record->act != INF_LINEAGE_DEPARTED &&
        record->act != INF_LINEAGE_DOWNLOADED) {
        return row_fail(row, INF_SOULS_MANDATE, error);
    }
    return true;
}

// All that the row stands on is checked already.
static bool row_check(InfLineage* lineage, Row* row, InfSoulsError* error)
{
    const InfLineageRecord* record = &row->record;
    uint32_t wanted = record->act == INF_LINEAGE_FOUNDED ? 0 : record->act == INF_LINEAGE_MERGED ? 2 : 1;
    if (record->previous_count != wanted) return row_fail(row, INF_SOULS_LINEAGE_ORDER, error);
    const Row* before = wanted > 0 ? row_find(lineage, record->previous[0]) : NULL;
    bool fits;
    if (record->act == INF_LINEAGE_FOUNDED) {
        fits = founding_fits(row, error);
        memcpy(row->root, record->identity, 32);
    } else if (record->has_founding) {
        fits = copy_fits(row, before, error);
    } else {
        fits = next_fits(row, before, error);
    }
    bool is_signed = is_known(lineage->known, row->hash);
    if (fits && record->act == INF_LINEAGE_MERGED) fits = merge_fits(row, row_find(lineage, record->previous[1]), is_signed, error);
    if (!fits || (!is_signed && !signatures_hold(row, error))) return false;
    if (!is_signed) inf_lineage_know(lineage->known, row->hash);
    row->is_checked = true;
    return true;
}

bool inf_lineage_verify(InfLineage* lineage, const uint8_t head[32], uint8_t out_root[32], uint8_t out_key[32],
                        InfSoulsError* error)
{
    Row* top = row_find(lineage, head);
    if (top == NULL) return inf_souls_fail(error, INF_SOULS_LINEAGE_HEAD, "lineage");
    // A row stands on the stack once; its name is a hash over the names before it, so there are no circles.
    Row** stack = malloc(((size_t)lineage->count + 1) * sizeof *stack);
    if (stack == NULL) return inf_souls_fail(error, INF_SOULS_MEMORY, "lineage");
    size_t depth = 0;
    bool is_well = true;
    if (!top->is_checked) stack[depth++] = top, top->is_open = true;
    while (is_well && depth > 0) {
        Row* row = stack[depth - 1];
        Row* missing = NULL;
        for (uint32_t i = 0; i < row->record.previous_count && is_well && missing == NULL; i++) {
            Row* before = row_find(lineage, row->record.previous[i]);
            if (before == NULL) is_well = row_fail(row, INF_SOULS_LINEAGE_GAP, error);
            else if (!before->is_checked) missing = before;
        }
        if (!is_well) break;
        if (missing != NULL) {
            is_well = !missing->is_open || row_fail(row, INF_SOULS_LINEAGE_ORDER, error);
            if (is_well) stack[depth++] = missing, missing->is_open = true;
            continue;
        }
        is_well = row_check(lineage, row, error);
        row->is_open = false;
        depth--;
    }
    while (depth > 0) stack[--depth]->is_open = false;
    free(stack);
    if (!is_well) return false;
    if (out_root != NULL) memcpy(out_root, top->root, 32);
    if (out_key != NULL) memcpy(out_key, top->key, 32);
    return true;
}

// ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────

bool inf_lineage_is_ancestor(const InfLineage* lineage, const uint8_t ancestor[32], const uint8_t head[32])
{
    uint32_t wanted = inf_lineage_find(lineage, ancestor), from = inf_lineage_find(lineage, head);
    if (wanted == NONE || from == NONE) return false;
    bool* is_seen = calloc(lineage->count, sizeof *is_seen);
    uint32_t* stack = malloc(lineage->count * sizeof *stack);
    bool is_found = false;
    uint32_t depth = 0;
    if (is_seen != NULL && stack != NULL) stack[depth++] = from, is_seen[from] = true;
    while (depth > 0 && !is_found) {
        uint32_t index = stack[--depth];
        is_found = index == wanted;
        const InfLineageRecord* record = &lineage->rows[index]->record;
        for (uint32_t i = 0; i < record->previous_count; i++) {
            uint32_t before = inf_lineage_find(lineage, record->previous[i]);
            if (before != NONE && !is_seen[before]) is_seen[before] = true, stack[depth++] = before;
        }
    }
    free(is_seen);
    free(stack);
    return is_found;
}

uint32_t inf_lineage_ancestors(const InfLineage* lineage, const uint8_t head[32], uint32_t* out, uint32_t capacity)
{
    uint32_t from = inf_lineage_find(lineage, head), found = 0, depth = 0;
    if (from == NONE) return 0;
    // 0: not met, 1: on the stack, 2: written. A row stays on the stack until all before it are written.
    uint8_t* state = calloc(lineage->count, 1);
    uint32_t* stack = malloc(lineage->count * sizeof *stack);
    if (state != NULL && stack != NULL) stack[depth++] = from, state[from] = 1;
    while (depth > 0) {
        uint32_t index = stack[depth - 1], more = NONE;
        const InfLineageRecord* record = &lineage->rows[index]->record;
        for (uint32_t i = 0; i < record->previous_count && more == NONE; i++) {
            uint32_t before = inf_lineage_find(lineage, record->previous[i]);
            if (before != NONE && state[before] == 0) more = before;
        }
        if (more != NONE) {
            stack[depth++] = more, state[more] = 1;
            continue;
        }
        if (found < capacity) out[found] = index;
        found++;
        state[index] = 2;
        depth--;
    }
    free(state);
    free(stack);
    return found;
}

bool inf_lineage_related(InfLineage* lineage, const uint8_t head_a[32], const uint8_t head_b[32], InfSoulsError* error)
{
    uint8_t root_a[32], root_b[32];
    if (!inf_lineage_verify(lineage, head_a, root_a, NULL, error) || !inf_lineage_verify(lineage, head_b, root_b, NULL, error)) {
        return false;
    }
    return memcmp(root_a, root_b, 32) == 0 || inf_souls_fail(error, INF_SOULS_UNRELATED, "%s", "");
}

// A record uses up the newest record of its own identity; a merge uses up the other's as well. Nothing may be used up
// twice by different bodies.
static bool uses(const Row* row, const uint8_t hash[32])
{
    const InfLineageRecord* record = &row->record;
    for (uint32_t i = record->has_founding ? record->previous_count : 0; i < record->previous_count; i++) {
        if (memcmp(record->previous[i], hash, 32) == 0) return true;
    }
    return false;
}

bool inf_lineage_find_fork(const InfLineage* lineage, InfLineageFork* out)
{
    uint16_t* first_user = calloc(SLOTS, sizeof *first_user); // by a slot of the used hash: row index + 1
    memset(out, 0, sizeof *out);
    bool is_found = false;
    for (uint32_t b = 0; first_user != NULL && b < lineage->count && !is_found; b++) {
        Row* row = lineage->rows[b];
        for (uint32_t p = row->record.has_founding ? 2 : 0; p < row->record.previous_count && !is_found; p++) {
            const uint8_t* used = row->record.previous[p];
            uint32_t slot;
            memcpy(&slot, used, sizeof slot);
            for (slot %= SLOTS; first_user[slot] != 0 && !uses(lineage->rows[first_user[slot] - 1], used);) {
                slot = (slot + 1) % SLOTS;
            }
            if (first_user[slot] == 0) {
                first_user[slot] = (uint16_t)(b + 1);
                continue;
            }
            uint32_t a = first_user[slot] - 1u;
            Row* first = lineage->rows[a];
            if (body_is_written(first, NULL) && body_is_written(row, NULL) && memcmp(first->body_hash, row->body_hash, 32) == 0) continue;
            is_found = true;
            bool a_ends = memcmp(first->record.previous[0], used, 32) != 0, b_ends = memcmp(row->record.previous[0], used, 32) != 0;
            const Row* ends = a_ends ? first : row;
            out->after_merge = a_ends != b_ends;
            out->record_a = out->after_merge && b_ends ? b : a;
            out->record_b = out->record_a == a ? b : a;
            memcpy(out->identity, a_ends || b_ends ? ends->record.other : row->record.identity, 32);
            memcpy(out->previous, used, 32);
        }
    }
    free(first_user);
    return is_found;
}
