// A lineage as a graph in the terminal, newest record first: a column per line of records that is still to be told.
//
//     ●    merged      Ada, with Ada II           day 9   8f2c61d0a9b3
//     ├─╮
//     │ ●  copied      Ada II, from Ada           day 4   41aa…
//     ├─╯
//     ●    copied      Ada, into Ada II           day 4
//     ●    founded     Ada
//
// Each column waits for the record that comes before what it told last. A record that several columns wait for joins
// them; one with two before it opens a column.
#include "soul.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 24

// The name in a founding record, else the beginning of the identity.
static const char* name_of(const InfLineage* lineage, const uint8_t identity[32], char out[INF_NAME_BYTES]) {
    for (uint32_t i = 0; i < inf_lineage_count(lineage); i++) {
        const InfLineageRecord* record = inf_lineage_get(lineage, i, NULL, NULL, NULL);
        if (!record->has_founding || memcmp(record->identity, identity, 32) != 0) continue;
        memcpy(out, record->founding.name, INF_NAME_BYTES);
        cli_text_clean(out);
        return out;
    }
    char digits[65];
    snprintf(out, INF_NAME_BYTES, "%.12s", inf_hex_write(identity, 32, digits));
    return out;
}

static void text_print(const InfLineage* lineage, const InfLineageRecord* record, const uint8_t hash[32]) {
    char name[INF_NAME_BYTES], other[INF_NAME_BYTES], line[256], digits[65];
    name_of(lineage, record->identity, name);
    name_of(lineage, record->other, other);
    switch (record->act) {
    case INF_LINEAGE_COPIED: snprintf(line, sizeof line, "%s, %s %s", name, record->has_founding ? "from" : "into", other); break;
    case INF_LINEAGE_MERGED: snprintf(line, sizeof line, "%s, with %s", name, other); break;
    case INF_LINEAGE_DEPARTED: snprintf(line, sizeof line, "%s, to server %.8s", name, inf_hex_write(record->peer, 32, digits)); break;
    case INF_LINEAGE_ARRIVED: snprintf(line, sizeof line, "%s, from server %.8s", name, inf_hex_write(record->peer, 32, digits)); break;
    case INF_LINEAGE_DOWNLOADED: snprintf(line, sizeof line, "%s, into a file", name); break;
    case INF_LINEAGE_WOKEN: snprintf(line, sizeof line, "%s, from a file%s", name, record->is_verified ? "" : " that nobody vouched for"); break;
    default: snprintf(line, sizeof line, "%s", name); break;
    }
    printf("%-11s %-44s epoch %-4" PRIu32 " galaxy %.8s day %-5" PRIu64, inf_lineage_act_word(record->act), line, record->epoch,
           inf_hex_write(record->galaxy, sizeof record->galaxy, digits), record->tick / INF_TICKS_PER_DAY + 1);
    printf("  %.12s\n", inf_hex_write(hash, 32, digits));
}

typedef struct Columns {
    uint8_t waits[COLUMNS_MAX][32];
    bool is_used[COLUMNS_MAX];
    uint32_t count; // up to the last one in use
} Columns;

static void columns_trim(Columns* columns) {
    while (columns->count > 0 && !columns->is_used[columns->count - 1]) columns->count--;
}

static uint32_t column_free(Columns* columns) {
    uint32_t at = 0;
    while (at < columns->count && columns->is_used[at]) at++;
    if (at == columns->count && columns->count < COLUMNS_MAX) columns->count++;
    return at < COLUMNS_MAX ? at : COLUMNS_MAX - 1;
}

// A row that joins `from` (a set) into `into`, or opens `from` out of it.
static void link_print(const Columns* columns, uint32_t into, const bool* from, const char* last, const char* middle) {
    uint32_t end = into;
    for (uint32_t i = 0; i < COLUMNS_MAX; i++) {
        if (from[i] && i > end) end = i;
    }
    for (uint32_t i = 0; i < columns->count || i <= end; i++) {
        const char* sign = columns->is_used[i] ? "\u2502" : " ";
        if (i == into) sign = "\u251c";
        else if (from[i]) sign = i == end ? last : middle;
        else if (i > into && i < end) sign = columns->is_used[i] ? "\u253c" : "\u2500";
        printf("%s%s", sign, i >= into && i < end ? "\u2500" : " ");
    }
    printf("\n");
}

static void record_print(const InfLineage* lineage, uint32_t index, Columns* columns, uint32_t width) {
    const uint8_t* hash;
    const InfLineageRecord* record = inf_lineage_get(lineage, index, &hash, NULL, NULL);
    uint32_t column = COLUMNS_MAX;
    bool joins[COLUMNS_MAX] = {false}, is_joined = false;
    for (uint32_t i = 0; i < columns->count; i++) {
        if (!columns->is_used[i] || memcmp(columns->waits[i], hash, 32) != 0) continue;
        if (column == COLUMNS_MAX) column = i;
        else joins[i] = true, is_joined = true;
    }
    if (column == COLUMNS_MAX) column = column_free(columns);
    columns->is_used[column] = true;
    if (is_joined) {
        link_print(columns, column, joins, "\u256f", "\u2534");
        for (uint32_t i = 0; i < COLUMNS_MAX; i++) columns->is_used[i] &= !joins[i];
        columns_trim(columns);
    }
    for (uint32_t i = 0; i < columns->count; i++) {
        printf("%s ", i == column ? "\u25cf" : columns->is_used[i] ? "\u2502" : " ");
    }
    printf("%*s", columns->count < width ? (int)(2 * (width - columns->count)) : 0, "");
    text_print(lineage, record, hash);
    if (record->previous_count == 0) columns->is_used[column] = false;
    else memcpy(columns->waits[column], record->previous[0], 32);
    if (record->previous_count == 2) {
        bool opens[COLUMNS_MAX] = {false};
        uint32_t more = column_free(columns);
        opens[more] = true;
        if (more != column) link_print(columns, column, opens, "\u256e", "\u252c");
        columns->is_used[more] = true;
        memcpy(columns->waits[more], record->previous[1], 32);
    }
    columns_trim(columns);
}

// All records that the head stands on, earliest first. @return how many; free() *out
static uint32_t rows_find(const InfLineage* lineage, const uint8_t head[32], uint32_t** out) {
    uint32_t most = inf_lineage_count(lineage);
    *out = calloc((size_t)most + 1, sizeof **out);
    return *out != NULL ? inf_lineage_ancestors(lineage, head, *out, most) : 0;
}

void cli_soul_lineage_print(const InfLineage* lineage, const uint8_t head[32]) {
    uint32_t* rows;
    uint32_t count = rows_find(lineage, head, &rows), merges = 0;
    for (uint32_t i = 0; i < count; i++) {
        merges += inf_lineage_get(lineage, rows[i], NULL, NULL, NULL)->act == INF_LINEAGE_MERGED;
    }
    Columns columns;
    memset(&columns, 0, sizeof columns);
    for (uint32_t i = count; i > 0; i--) record_print(lineage, rows[i - 1], &columns, merges + 1 < 6 ? merges + 1 : 6);
    free(rows);
}

json_t* cli_soul_lineage_json(const InfLineage* lineage, const uint8_t head[32]) {
    uint32_t* rows;
    uint32_t count = rows_find(lineage, head, &rows);
    json_t* array = json_array();
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t* hash;
        char name[INF_NAME_BYTES], hex[5][65];
        const InfLineageRecord* record = inf_lineage_get(lineage, rows[i], &hash, NULL, NULL);
        json_t* previous = json_array();
        for (uint32_t p = 0; p < record->previous_count; p++) {
            json_array_append_new(previous, json_string(inf_hex_write(record->previous[p], 32, hex[0])));
        }
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:o}", "hash", inf_hex_write(hash, 32, hex[0]), "act",
                             inf_lineage_act_word(record->act), "identity", inf_hex_write(record->identity, 32, hex[1]), "name",
                             name_of(lineage, record->identity, name), "epoch", (json_int_t)record->epoch, "tick",
                             (json_int_t)record->tick, "galaxy", inf_hex_write(record->galaxy, sizeof record->galaxy, hex[2]), "server",
                             inf_hex_write(record->server, 32, hex[3]), "previous", previous));
    }
    free(rows);
    return array;
}
