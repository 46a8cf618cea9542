/// @file lineage_log.h
/// Where the texts of lineages' records are found again: the newest in memory, all of them in the journal's read model
/// (whose rows come with the tick after theirs). Safe from any thread.
#ifndef INFINITY_SERVER_LINEAGE_LOG_H
#define INFINITY_SERVER_LINEAGE_LOG_H

#include <journal/journal.h>
#include <souls/lineage.h>

#include <jansson.h>

typedef struct InfLineageLog InfLineageLog;

/// @param journal may be null: then only what is in memory is found. @return null: no memory, or the read model is shut
InfLineageLog* inf_lineage_log_create(InfJournal* journal);
void inf_lineage_log_destroy(InfLineageLog* log); ///< before the journal; null is allowed

/// What it takes to follow a lineage and to go on from its newest record.
typedef struct InfLineageLinks {
    InfLineageAct act;
    uint32_t epoch, previous_count;
    uint8_t previous[2][32], transfer[16];
} InfLineageLinks;

/// Remember a record that is on its way into the journal.
void inf_lineage_log_put(InfLineageLog* log, const InfLineageRecord* record, const uint8_t hash[32], const char* text, size_t byte_count);
/// @param text room for INF_LINEAGE_BYTES_MAX  @return bytes, 0: not there
size_t inf_lineage_log_find(InfLineageLog* log, const uint8_t hash[32], char* text);
/// @return false: not there
bool inf_lineage_log_links(InfLineageLog* log, const uint8_t hash[32], InfLineageLinks* out);
/// Is it in the journal's read model itself?
bool inf_lineage_log_has(InfLineageLog* log, const uint8_t hash[32]);
/// Add a record and all that it stands on. @return false: one is missing (yet)
bool inf_lineage_log_gather(InfLineageLog* log, const uint8_t head[32], InfLineage* out, InfSoulsError* error);
/// The texts of a record and all that it stands on, as a JSON array in the order of inf_lineage_ancestors(): what a document
/// has as its lineage. @return free() it; null: one is missing (yet), or more than INF_DOCUMENT_RECORDS_MAX
char* inf_lineage_log_array(InfLineageLog* log, const uint8_t head[32], size_t* out_bytes, InfSoulsError* error);
/// Did this galaxy take that soul in by that passage? Its record of arrival is known, and the life went on from there.
/// @param out_tick of the arrival
bool inf_lineage_log_accepted(InfLineageLog* log, const uint8_t identity[32], const uint8_t transfer[16], uint64_t* out_tick);
/// The records of an identity as they came: an array of {hash, act, tick, record}.
/// @param head  the newest, if it is known: its row and those before it may not be in yet; may be null
json_t* inf_lineage_log_json(InfLineageLog* log, const uint8_t identity[32], const uint8_t* head);

#endif
