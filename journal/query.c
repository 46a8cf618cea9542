/// query.c: the read models' door; what is behind it is the store's.
#include "internal.h"
#include <stdlib.h>

struct InfJournalQuery {
    const JournalStore* store;
    void* raw;
    InfJournalError error;
};

InfResult inf_journal_query_open(InfJournal* journal, InfJournalQuery** out_query) {
    *out_query = NULL;
    InfJournalQuery* query = calloc(1, sizeof *query);
    if (query == NULL) {
        return INF_ERROR_MEMORY;
    }
    query->store = journal->store;
    InfResult result = journal->store->query_open(journal, &query->raw, &query->error);
    if (result != INF_OK) {
        free(query);
        return result;
    }
    *out_query = query;
    return INF_OK;
}

void inf_journal_query_close(InfJournalQuery* query) {
    if (query != NULL) {
        query->store->query_close(query->raw);
        free(query);
    }
}

InfResult inf_journal_query_statements(InfJournalQuery* query, uint64_t soul_id, uint64_t before_sequence,
                                       InfStatementRow* out_rows, uint32_t capacity, uint32_t* out_count) {
    *out_count = 0;
    query->error.text[0] = 0;
    return query->store->query_statements(query->raw, soul_id, before_sequence, out_rows, capacity, out_count,
                                          &query->error);
}

InfResult inf_journal_query_discoveries(InfJournalQuery* query, uint64_t before_sequence, InfDiscoveryRow* out_rows,
                                        uint32_t capacity, uint32_t* out_count) {
    *out_count = 0;
    query->error.text[0] = 0;
    return query->store->query_discoveries(query->raw, before_sequence, out_rows, capacity, out_count, &query->error);
}

InfResult inf_journal_query_obituaries(InfJournalQuery* query, uint64_t before_sequence, InfObituaryRow* out_rows,
                                       uint32_t capacity, uint32_t* out_count) {
    *out_count = 0;
    query->error.text[0] = 0;
    return query->store->query_obituaries(query->raw, before_sequence, out_rows, capacity, out_count, &query->error);
}

InfResult inf_journal_query_soul(InfJournalQuery* query, uint64_t soul_id, InfSoulRow* out_row) {
    query->error.text[0] = 0;
    return query->store->query_soul(query->raw, soul_id, out_row, &query->error);
}

InfResult inf_journal_query_departed(InfJournalQuery* query, uint64_t after_id, InfSoulRow* out_rows, uint32_t capacity,
                                     uint32_t* out_count) {
    *out_count = 0;
    query->error.text[0] = 0;
    return query->store->query_departed(query->raw, after_id, out_rows, capacity, out_count, &query->error);
}

InfResult inf_journal_query_feelings(InfJournalQuery* query, uint64_t after_soul, uint64_t after_tick,
                                     InfFeelingsRow* out_rows, uint32_t capacity, uint32_t* out_count) {
    *out_count = 0;
    query->error.text[0] = 0;
    return query->store->query_feelings(query->raw, after_soul, after_tick, out_rows, capacity, out_count, &query->error);
}

InfResult inf_journal_query_habits(InfJournalQuery* query, uint64_t soul_id, InfHabitSum* out_sums, uint32_t capacity,
                                   uint32_t* out_count) {
    *out_count = 0;
    query->error.text[0] = 0;
    return query->store->query_habits(query->raw, soul_id, out_sums, capacity, out_count, &query->error);
}

const char* inf_journal_state_word(uint32_t state) {
    static const char* const words[INF_JOURNAL_SOUL_STATES] = {"here", "riding", "in flight", "away", "gone", "merged", "ended"};
    return state < INF_JOURNAL_SOUL_STATES ? words[state] : "unknown";
}

InfResult inf_journal_query_tag(InfJournalQuery* query, const char* tag, InfTagRow* out_row) {
    query->error.text[0] = 0;
    return query->store->query_tag(query->raw, tag, out_row, &query->error);
}

InfResult inf_journal_query_lineage(InfJournalQuery* query, const uint8_t identity[32], uint32_t from_position,
                                    InfLineageRow* out_rows, uint32_t capacity, uint32_t* out_count) {
    *out_count = 0;
    query->error.text[0] = 0;
    return query->store->query_lineage(query->raw, identity, from_position, out_rows, capacity, out_count, &query->error);
}

InfResult inf_journal_query_record(InfJournalQuery* query, const uint8_t hash[32], InfLineageRow* out_row) {
    query->error.text[0] = 0;
    return query->store->query_record(query->raw, hash, out_row, &query->error);
}

const char* inf_journal_query_error(const InfJournalQuery* query) {
    return query->error.text;
}
