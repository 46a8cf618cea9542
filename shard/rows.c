// Events to rows of the read models. Statements are kept for players (and minds driven from outside): those of the
// built-in minds would be hundreds a second and can be had by replay.
#include "shard/internal.h"

#include <stdio.h>
#include <stdlib.h>

static void* grow(void* rows, uint32_t* capacity, uint32_t count, size_t row_bytes)
{
    if (count < *capacity) {
        return rows;
    }
    uint32_t wanted = *capacity == 0 ? 64 : *capacity * 2;
    void* more = realloc(rows, wanted * row_bytes);
    if (more != NULL) {
        *capacity = wanted;
    }
    return more;
}

#define NEW_ROW(buffer, name, Row, row)                                                                 \
    Row* row = NULL;                                                                                    \
    {                                                                                                   \
        void* grown = grow((buffer)->name##s, &(buffer)->name##_capacity, (buffer)->name##_count, sizeof(Row)); \
        if (grown == NULL) {                                                                            \
            return INF_ERROR_MEMORY;                                                                    \
        }                                                                                               \
        (buffer)->name##s = grown;                                                                      \
        row = &(buffer)->name##s[(buffer)->name##_count++];                                             \
        memset(row, 0, sizeof *row);                                                                    \
    }
#define discoverys discoveries
#define obituarys obituaries

static bool keeps_statement(const InfWorld* world, uint64_t soul)
{
    uint32_t count;
    uint32_t index1 = inf_world_find_soul(world, soul);
    return index1 != 0 && (inf_world_souls(world, &count)[index1 - 1].flags & (INF_SOUL_PLAYER | INF_SOUL_EXTERNAL)) != 0;
}

static void copy_text(char* to, size_t bytes, const char* from)
{
    snprintf(to, bytes, "%s", from);
}

static void soul_name(const InfWorld* world, uint64_t soul, char* to, size_t bytes)
{
    uint32_t count;
    uint32_t index1 = inf_world_find_soul(world, soul);
    if (index1 != 0) {
        copy_text(to, bytes, (const char*)inf_world_souls(world, &count)[index1 - 1].name);
    }
}

static InfResult one_side(InfRowBuffer* rows, const InfWorld* world, const InfEventLedger* ledger, bool payer)
{
    uint64_t soul = payer ? ledger->payer : ledger->payee;
    uint8_t kind = payer ? ledger->payer_kind : ledger->payee_kind;
    if (soul == 0 || (kind != INF_ACCOUNT_CARRIED && kind != INF_ACCOUNT_BANKED) || !keeps_statement(world, soul)) {
        return INF_OK;
    }
    NEW_ROW(rows, statement, InfStatementRow, row)
    row->tick = inf_world_header(world)->tick;
    row->soul_id = soul;
    row->amount_credits = payer ? -ledger->credits : ledger->credits;
    row->balance_credits = payer ? ledger->payer_after_credits : ledger->payee_after_credits;
    row->counterpart_id = payer ? ledger->payee : ledger->payer;
    row->account = kind == INF_ACCOUNT_BANKED ? INF_JOURNAL_BANKED : INF_JOURNAL_CARRIED;
    copy_text(row->reason, sizeof row->reason, inf_reason_word(ledger->reason));
    return INF_OK;
}

static InfResult born(InfRowBuffer* rows, const InfWorld* world, const InfEventBorn* event, uint32_t shard)
{
    uint64_t tick = inf_world_header(world)->tick;
    NEW_ROW(rows, soul, InfSoulRow, row)
    row->soul_id = event->soul;
    row->tick = row->born_tick = tick;
    row->kind = event->player ? INF_JOURNAL_PLAYER : INF_JOURNAL_MIND;
    row->shard = shard;
    memcpy(row->key, event->key, sizeof row->key);
    copy_text(row->name, sizeof row->name, event->name);
    if (event->player) {
        NEW_ROW(rows, tag, InfTagRow, tag)
        tag->soul_id = event->soul;
        tag->tick = tick;
        memcpy(tag->key, event->key, sizeof tag->key);
        copy_text(tag->tag, sizeof tag->tag, event->name);
    }
    return INF_OK;
}

static void place_text(const InfWorld* world, uint32_t place_index1, char* to, size_t bytes)
{
    if (place_index1 == 0) {
        return;
    }
    InfSystemAddress address = inf_place_address(world, place_index1);
    char name[INF_NAME_BYTES];
    inf_system_name(inf_world_galaxy(world), address, name);
    snprintf(to, bytes, "%s (%d %d %d %u)", name, address.x, address.y, address.z, address.index);
}

static InfResult died(InfRowBuffer* rows, const InfWorld* world, const InfEvent* event)
{
    NEW_ROW(rows, obituary, InfObituaryRow, row)
    row->tick = inf_world_header(world)->tick;
    row->soul_id = event->Died.soul;
    row->killer_id = event->Died.killer;
    row->age_ticks = row->tick - event->Died.born_tick;
    row->left_credits = event->Died.credits;
    copy_text(row->soul_name, sizeof row->soul_name, event->Died.name);
    copy_text(row->cause, sizeof row->cause, inf_cause_word(event->Died.cause));
    soul_name(world, event->Died.killer, row->killer_name, sizeof row->killer_name);
    place_text(world, event->place_index1, row->place, sizeof row->place);
    return INF_OK;
}

static InfResult discovered(InfRowBuffer* rows, const InfWorld* world, const InfEventDiscovered* event)
{
    NEW_ROW(rows, discovery, InfDiscoveryRow, row)
    row->tick = inf_world_header(world)->tick;
    row->soul_id = event->soul;
    row->sector_x = event->sector[0];
    row->sector_y = event->sector[1];
    row->sector_z = event->sector[2];
    row->system_index = event->system_in_sector;
    copy_text(row->system_name, sizeof row->system_name, event->name);
    soul_name(world, event->soul, row->soul_name, sizeof row->soul_name);
    return INF_OK;
}

static InfResult recorded(InfRowBuffer* rows, const InfWorld* world, const InfEventRecorded* event)
{
    NEW_ROW(rows, lineage, InfLineageRow, row)
    row->tick = inf_world_header(world)->tick;
    row->soul_id = event->soul;
    memcpy(row->hash, event->hash, sizeof row->hash);
    memcpy(row->identity, event->identity, sizeof row->identity);
    copy_text(row->act, sizeof row->act, inf_lineage_word(event->act));
    row->text_bytes = event->text_bytes;
    memcpy(row->text, event->text, event->text_bytes); // the event ends with its text
    return INF_OK;
}

/// A soul got its key, or came from elsewhere: its newest row.
static InfResult known(InfRowBuffer* rows, const InfWorld* world, uint64_t soul, uint32_t shard)
{
    uint32_t count, index1 = inf_world_find_soul(world, soul);
    if (index1 == 0) {
        return INF_OK; // gone again in the same tick
    }
    const InfSoul* from = &inf_world_souls(world, &count)[index1 - 1];
    NEW_ROW(rows, soul, InfSoulRow, row)
    row->soul_id = soul;
    row->tick = inf_world_header(world)->tick;
    uint64_t age = inf_soul_time(from, row->tick) - from->born_tick;
    row->born_tick = age < row->tick ? row->tick - age : 0; // it may be older than this galaxy
    row->kind = (from->flags & INF_SOUL_PLAYER) != 0 ? INF_JOURNAL_PLAYER : INF_JOURNAL_MIND;
    row->shard = shard;
    memcpy(row->key, from->key, sizeof row->key);
    copy_text(row->name, sizeof row->name, (const char*)from->name);
    return INF_OK;
}

InfResult inf_rows_gather(InfRowBuffer* rows, const InfWorld* world, uint32_t shard)
{
    InfResult result = INF_OK;
    for (const InfEvent* event = inf_world_next_event(world, NULL); event != NULL && result == INF_OK;
         event = inf_world_next_event(world, event)) {
        switch (event->kind) {
        case INF_EVENT_KIND_Ledger:
            result = one_side(rows, world, &event->Ledger, true);
            if (result == INF_OK) {
                result = one_side(rows, world, &event->Ledger, false);
            }
            break;
        case INF_EVENT_KIND_Born: result = born(rows, world, &event->Born, shard); break;
        case INF_EVENT_KIND_Died: result = died(rows, world, event); break;
        case INF_EVENT_KIND_Discovered: result = discovered(rows, world, &event->Discovered); break;
        case INF_EVENT_KIND_Recorded: result = recorded(rows, world, &event->Recorded); break;
        case INF_EVENT_KIND_Bound: result = known(rows, world, event->Bound.soul, shard); break;
        case INF_EVENT_KIND_Appeared:
            result = event->Appeared.way == INF_WAY_GALAXY ? INF_OK : known(rows, world, event->Appeared.soul, shard);
            break;
        default: break;
        }
    }
    return result;
}

void inf_rows_clear(InfRowBuffer* rows)
{
    rows->statement_count = rows->discovery_count = rows->obituary_count = rows->soul_count = rows->tag_count = rows->lineage_count = 0;
}

void inf_rows_free(InfRowBuffer* rows)
{
    free(rows->statements);
    free(rows->discoveries);
    free(rows->obituaries);
    free(rows->souls);
    free(rows->tags);
    free(rows->lineages);
    memset(rows, 0, sizeof *rows);
}
