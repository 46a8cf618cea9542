// Identity and lineage. Bind gives a soul its key, its identity (the hash of its founding record) and the newest record of
// its lineage; once given, an identity never changes. Record keeps a signed record: no state, an event for the books.
#include "border/border.h"
#include "mind/mind.h"
#include "soul/riders.h"

void inf_soul_bind(InfWorld* world, InfSoul* soul, const uint8_t* key, const uint8_t* identity, const uint8_t* root,
                   const uint8_t* lineage)
{
    memcpy(soul->key, key, INF_KEY_BYTES);
    memcpy(soul->identity, identity, INF_HASH_BYTES);
    memcpy(soul->root, root, INF_HASH_BYTES);
    memcpy(soul->lineage, lineage, INF_HASH_BYTES);
    soul->epoch = soul->epoch != 0 ? soul->epoch : 1;
    INF_EMIT(world, 0, Bound, event)
    {
        event->Bound.soul = soul->id;
        event->Bound.epoch = soul->epoch;
        memcpy(event->Bound.key, key, INF_KEY_BYTES);
        memcpy(event->Bound.identity, identity, INF_HASH_BYTES);
        memcpy(event->Bound.root, root, INF_HASH_BYTES);
        memcpy(event->Bound.lineage, lineage, INF_HASH_BYTES);
    }
}

InfResult inf_apply_Bind(InfWorld* world, const InfInputBind* input)
{
    InfSoul* soul = inf_soul_anyhow(world, input->soul);
    if (soul == NULL) {
        return INF_ERROR_NOT_FOUND;
    }
    if (inf_is_zero(input->key, INF_KEY_BYTES) || inf_is_zero(input->identity, INF_HASH_BYTES) ||
        inf_is_zero(input->root, INF_HASH_BYTES) || inf_is_zero(input->lineage, INF_HASH_BYTES)) {
        return INF_ERROR_FORMAT;
    }
    bool bound = inf_soul_is_bound(soul);
    if (bound && (memcmp(soul->identity, input->identity, INF_HASH_BYTES) != 0 ||
                  memcmp(soul->root, input->root, INF_HASH_BYTES) != 0)) {
        return INF_ERROR_EXISTS;
    }
    // Only a built-in mind, whose key nobody holds, is given one; everybody else keeps what they sign with.
    bool own_key = bound || !inf_mind_is_built_in(soul);
    if (own_key && memcmp(soul->key, input->key, INF_KEY_BYTES) != 0) {
        return INF_ERROR_DENIED;
    }
    if (!bound) {
        InfResult result = inf_directory_may_tell(world, input->identity, soul->id);
        if (result != INF_OK) {
            return result;
        }
    }
    inf_soul_bind(world, soul, input->key, input->identity, input->root, input->lineage);
    if (!bound) {
        inf_directory_tell(world, soul->identity, soul->id, soul->epoch, INF_DIRECTORY_HERE);
    }
    return INF_OK;
}

InfResult inf_apply_Record(InfWorld* world, const InfInputRecord* input)
{
    if (input->act == INF_LINEAGE_NONE || input->act >= INF_LINEAGE_COUNT) {
        return INF_ERROR_UNKNOWN;
    }
    if (input->text_bytes == 0 || inf_is_zero(input->hash, INF_HASH_BYTES) || inf_is_zero(input->identity, INF_HASH_BYTES)) {
        return INF_ERROR_FORMAT;
    }
    if (!inf_event_fits(world, INF_EVENT_KIND_Recorded)) {
        return INF_ERROR_FULL;
    }
    InfEvent* event = inf_event_emit_short(world, INF_EVENT_KIND_Recorded, 0, INF_RECORD_BYTES - input->text_bytes);
    event->Recorded.soul = input->soul;
    event->Recorded.act = input->act;
    memcpy(event->Recorded.identity, input->identity, INF_HASH_BYTES);
    memcpy(event->Recorded.hash, input->hash, INF_HASH_BYTES);
    event->Recorded.text_bytes = input->text_bytes;
    memcpy(event->Recorded.text, input->text, input->text_bytes);
    return INF_OK;
}
