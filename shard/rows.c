// Events, and what players did, to rows of the read models. Statements are kept for players (and minds driven from outside): those of the
// built-in minds would be hundreds a second and can be had by replay.
#include "shard/internal.h"

#include <souls/habits.h>

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

// new_soul(rows), …: one more row, zeroed, good until the next of its kind; null without memory.
#define X(Type, one, many)                                                                              \
    static Type* new_##one(InfRowBuffer* rows)                                                          \
    {                                                                                                   \
        Type* grown = grow(rows->many, &rows->one##_capacity, rows->one##_count, sizeof(Type));         \
        if (grown == NULL) {                                                                            \
            return NULL;                                                                                \
        }                                                                                               \
        rows->many = grown;                                                                             \
        return memset(&grown[rows->one##_count++], 0, sizeof(Type));                                    \
    }
INF_JOURNAL_ROW_KINDS(X)
#undef X

static const InfSoul* soul_of(const InfWorld* world, uint64_t soul)
{
    uint32_t count, index1 = inf_world_find_soul(world, soul);
    return index1 != 0 ? &inf_world_souls(world, &count)[index1 - 1] : NULL;
}

/// Is it alive here, with one of these flags?
static bool is_any(const InfWorld* world, uint64_t soul, uint32_t flags)
{
    const InfSoul* found = soul != 0 ? soul_of(world, soul) : NULL;
    return found != NULL && (found->flags & flags) != 0;
}

static void copy_text(char* to, size_t bytes, const char* from)
{
    snprintf(to, bytes, "%s", from);
}

static void soul_name(const InfWorld* world, uint64_t soul, char* to, size_t bytes)
{
    const InfSoul* found = soul_of(world, soul);
    if (found != NULL) {
        copy_text(to, bytes, (const char*)found->name);
    }
}

static InfResult one_side(InfRowBuffer* rows, const InfWorld* world, const InfEventLedger* ledger, bool payer)
{
    uint64_t soul = payer ? ledger->payer : ledger->payee;
    uint8_t kind = payer ? ledger->payer_kind : ledger->payee_kind;
    if ((kind != INF_ACCOUNT_CARRIED && kind != INF_ACCOUNT_BANKED) || !is_any(world, soul, INF_SOUL_PLAYER | INF_SOUL_EXTERNAL)) {
        return INF_OK;
    }
    InfStatementRow* row = new_statement(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
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
    const InfSoul* newborn = soul_of(world, event->soul);
    uint64_t tick = inf_world_header(world)->tick;
    InfSoulRow* row = new_soul(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
    row->soul_id = event->soul;
    row->tick = row->born_tick = row->state_tick = tick;
    row->kind = event->player ? INF_JOURNAL_PLAYER : INF_JOURNAL_MIND;
    row->shard = shard;
    memcpy(row->key, event->key, sizeof row->key);
    copy_text(row->name, sizeof row->name, event->name);
    if (newborn != NULL) {
        memcpy(row->traits, newborn->traits, sizeof row->traits);
    }
    if (event->player) {
        InfTagRow* tag = new_tag(rows);
        if (tag == NULL) {
            return INF_ERROR_MEMORY;
        }
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
    InfObituaryRow* row = new_obituary(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
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
    InfDiscoveryRow* row = new_discovery(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
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
    InfLineageRow* row = new_lineage(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
    row->tick = inf_world_header(world)->tick;
    row->soul_id = event->soul;
    memcpy(row->hash, event->hash, sizeof row->hash);
    memcpy(row->identity, event->identity, sizeof row->identity);
    copy_text(row->act, sizeof row->act, inf_lineage_word(event->act));
    row->text_bytes = event->text_bytes;
    memcpy(row->text, event->text, event->text_bytes); // the event ends with its text
    return INF_OK;
}

/// A soul got its key, came from elsewhere, or into or out of a head: its newest row.
static InfResult known(InfRowBuffer* rows, const InfWorld* world, uint64_t soul, uint32_t shard)
{
    uint32_t count, index1 = inf_world_find_soul(world, soul), rider1 = index1 == 0 ? inf_world_find_passenger(world, soul) : 0;
    if (index1 == 0 && rider1 == 0) {
        return INF_OK; // gone again in the same tick
    }
    const InfPassenger* rider = rider1 != 0 ? &inf_world_passengers(world, &count)[rider1 - 1] : NULL;
    const InfSoul* from = rider != NULL ? rider->soul : &inf_world_souls(world, &count)[index1 - 1];
    InfSoulRow* row = new_soul(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
    row->soul_id = soul;
    row->tick = row->state_tick = inf_world_header(world)->tick;
    row->state = rider != NULL ? INF_JOURNAL_RIDING : INF_JOURNAL_HERE;
    row->with_id = rider != NULL ? rider->host : 0;
    uint64_t age = inf_soul_time(from, row->tick) - from->born_tick;
    row->born_tick = age < row->tick ? row->tick - age : 0; // it may be older than this galaxy
    row->kind = (from->flags & INF_SOUL_PLAYER) != 0 ? INF_JOURNAL_PLAYER : INF_JOURNAL_MIND;
    row->shard = shard;
    memcpy(row->key, from->key, sizeof row->key);
    memcpy(row->traits, from->traits, sizeof row->traits);
    copy_text(row->name, sizeof row->name, (const char*)from->name);
    return INF_OK;
}

/// It is not here any more, or not as it was: a row of its state. What else is known of it stays.
static InfResult departed(InfRowBuffer* rows, const InfWorld* world, uint32_t shard, InfJournalSoulState state, uint64_t soul,
                          const char* name, uint64_t with, const uint8_t* server)
{
    InfSoulRow* row = new_soul(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
    row->is_state_only = 1;
    row->soul_id = soul;
    row->tick = row->state_tick = inf_world_header(world)->tick;
    row->kind = INF_JOURNAL_MIND;
    row->shard = shard;
    row->state = state;
    row->with_id = with;
    if (server != NULL) {
        memcpy(row->server, server, sizeof row->server);
    }
    copy_text(row->name, sizeof row->name, name);
    return INF_OK;
}

static InfResult ended(InfRowBuffer* rows, const InfWorld* world, uint32_t shard, const InfEvent* event)
{
    InfResult result = died(rows, world, event);
    if (result != INF_OK || event->Died.player) {
        return result; // a player wakes in a clone bay
    }
    result = departed(rows, world, shard, INF_JOURNAL_ENDED, event->Died.soul, event->Died.name, event->Died.killer, NULL);
    if (result == INF_OK) {
        InfSoulRow* row = &rows->souls[rows->soul_count - 1]; // of the first minds, who have no row before
        row->born_tick = event->Died.born_tick < row->tick ? event->Died.born_tick : 0;
    }
    return result;
}

/// How a passage was answered. Who came back has appeared, which tells more.
static InfResult settled(InfRowBuffer* rows, const InfWorld* world, uint32_t shard, const InfEventSettled* event)
{
    if (event->state != INF_DIRECTORY_AWAY && event->state != INF_DIRECTORY_GONE) {
        return INF_OK;
    }
    bool is_file = event->state == INF_DIRECTORY_AWAY;
    return departed(rows, world, shard, is_file ? INF_JOURNAL_AWAY : INF_JOURNAL_GONE, event->soul, "somebody", 0,
                    is_file ? NULL : event->server);
}

InfResult inf_rows_keep_feelings(InfRowBuffer* rows, const InfFeelingsRow* feelings)
{
    InfFeelingsRow* row = new_feeling(rows);
    if (row == NULL) {
        return INF_ERROR_MEMORY;
    }
    *row = *feelings;
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
        case INF_EVENT_KIND_Died: result = ended(rows, world, shard, event); break;
        case INF_EVENT_KIND_Discovered: result = discovered(rows, world, &event->Discovered); break;
        case INF_EVENT_KIND_Recorded: result = recorded(rows, world, &event->Recorded); break;
        case INF_EVENT_KIND_Bound: result = known(rows, world, event->Bound.soul, shard); break;
        case INF_EVENT_KIND_Appeared:
            result = event->Appeared.way == INF_WAY_GALAXY ? INF_OK : known(rows, world, event->Appeared.soul, shard);
            break;
        case INF_EVENT_KIND_Boarded: result = known(rows, world, event->Boarded.soul, shard); break;
        case INF_EVENT_KIND_Left: result = known(rows, world, event->Left.soul, shard); break;
        case INF_EVENT_KIND_Woke: result = known(rows, world, event->Woke.soul, shard); break;
        case INF_EVENT_KIND_Departed:
            if (event->Departed.way != INF_WAY_GALAXY) {
                result = departed(rows, world, shard, INF_JOURNAL_IN_FLIGHT, event->Departed.soul, event->Departed.name, 0,
                                  event->Departed.destination);
            }
            break;
        case INF_EVENT_KIND_Settled: result = settled(rows, world, shard, &event->Settled); break;
        case INF_EVENT_KIND_Merged:
            result = departed(rows, world, shard, INF_JOURNAL_MERGED, event->Merged.ended, event->Merged.ended_name, event->Merged.soul,
                              NULL);
            break;
        default: break;
        }
    }
    return result;
}

InfResult inf_rows_gather_habits(InfRowBuffer* rows, const InfWorld* world, const uint8_t* inputs, size_t inputs_bytes)
{
    static _Thread_local InfInput input; // some kilobytes
    uint64_t tick = inf_world_header(world)->tick;
    InfReader reader = inf_reader_make(inputs, inputs_bytes);
    while (inf_reader_left(&reader) != 0 && inf_input_read(&reader, &input) == INF_OK) {
        InfHabitShown shown[INF_HABITS_SHOWN_MAX];
        uint32_t count = inf_habits_of(&input, tick, shown);
        uint64_t soul = inf_input_soul(&input);
        if (count == 0 || !is_any(world, soul, INF_SOUL_PLAYER)) {
            continue;
        }
        for (uint32_t i = 0; i < count; i++) {
            InfHabitRow* row = new_habit(rows);
            if (row == NULL) {
                return INF_ERROR_MEMORY;
            }
            row->soul_id = soul;
            row->tick = tick;
            row->with_id = shown[i].with;
            row->times = 1;
            copy_text(row->habit, sizeof row->habit, inf_habit_word(shown[i].habit));
        }
    }
    return INF_OK;
}

InfJournalRows inf_rows_of(const InfRowBuffer* rows, uint64_t projected_tick)
{
    return (InfJournalRows){.projected_tick = projected_tick,
#define X(Type, one, many) .many = rows->many, .one##_count = rows->one##_count,
                            INF_JOURNAL_ROW_KINDS(X)
#undef X
    };
}

void inf_rows_clear(InfRowBuffer* rows)
{
#define X(Type, one, many) rows->one##_count = 0;
    INF_JOURNAL_ROW_KINDS(X)
#undef X
}

void inf_rows_free(InfRowBuffer* rows)
{
#define X(Type, one, many) free(rows->many);
    INF_JOURNAL_ROW_KINDS(X)
#undef X
    memset(rows, 0, sizeof *rows);
}
