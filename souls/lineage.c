// Founding and lineage records: struct to canonical JSON and back; see lineage.h.
#include "souls/lineage.h"

#include "souls/fields.h"

#include <stdlib.h>
#include <string.h>

static const char* const act_words[INF_LINEAGE_COUNT] = {
#define X(number, NAME, word, text) [number] = number != 0 ? word : NULL, // a record without an act is none
    INF_LINEAGE_ACTS(X)
#undef X
};

const char* inf_lineage_act_word(InfLineageAct act)
{
    return (unsigned)act < INF_LINEAGE_COUNT && act != 0 ? act_words[act] : "none";
}

// ── the founding ─────────────────────────────────────────────────────────────────────────────────────────────────

json_t* inf_founding_build(const InfFounding* founding)
{
    json_t* object = json_pack("{s:s, s:s, s:I}", "format", "infinity-founding-1", "name", founding->name, "tick",
                               (json_int_t)founding->tick);
    bool is_well = inf_fields_set_hex(object, "galaxy", founding->galaxy, sizeof founding->galaxy) &&
                   inf_fields_set_hex(object, "key", founding->key, 32) &&
                   inf_fields_set_hex(object, "nonce", founding->nonce, sizeof founding->nonce) &&
                   (!founding->is_copy || (inf_fields_set_hex(object, "parent", founding->parent, 32) &&
                                           inf_fields_set_hex(object, "root", founding->root, 32)));
    if (is_well) return object;
    json_decref(object);
    return NULL;
}

bool inf_founding_read(const json_t* object, InfFounding* out, InfSoulsError* error)
{
    InfSoulsError fault = {0};
    memset(out, 0, sizeof *out);
    InfFields fields = inf_fields_make(object, "founding.", &fault);
    inf_fields_word(&fields, "format", "infinity-founding-1");
    inf_fields_text_copy(&fields, "name", out->name, sizeof out->name);
    out->tick = (uint64_t)inf_fields_integer(&fields, "tick", 0, INF_CANONICAL_INTEGER_MAX);
    inf_fields_hex(&fields, "galaxy", out->galaxy, sizeof out->galaxy);
    inf_fields_hex(&fields, "key", out->key, 32);
    inf_fields_hex(&fields, "nonce", out->nonce, sizeof out->nonce);
    out->is_copy = inf_fields_has(&fields, "parent");
    if (out->is_copy) {
        inf_fields_hex(&fields, "parent", out->parent, 32);
        inf_fields_hex(&fields, "root", out->root, 32);
    }
    if (inf_fields_end(&fields)) return true;
    if (error != NULL && error->fault == INF_SOULS_OK) *error = fault;
    return false;
}

bool inf_founding_identity(const InfFounding* founding, uint8_t out[32])
{
    json_t* object = inf_founding_build(founding);
    size_t count;
    char* text = object != NULL ? inf_canonical_text(object, &count, NULL) : NULL;
    if (text != NULL) inf_canonical_hash(text, count, out);
    json_decref(object);
    bool is_well = text != NULL;
    free(text);
    return is_well;
}

// ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────

static json_t* detail_build(const InfLineageRecord* record)
{
    json_t* detail = json_object();
    bool is_well = detail != NULL;
    switch (record->act) {
    case INF_LINEAGE_FOUNDED: break;
    case INF_LINEAGE_COPIED: is_well &= inf_fields_set_hex(detail, record->has_founding ? "of" : "copy", record->other, 32); break;
    case INF_LINEAGE_MERGED: is_well &= inf_fields_set_hex(detail, "other", record->other, 32); break;
    case INF_LINEAGE_DEPARTED: is_well &= inf_fields_set_hex(detail, "to", record->peer, 32); break;
    case INF_LINEAGE_ARRIVED: is_well &= inf_fields_set_hex(detail, "from", record->peer, 32); break;
    case INF_LINEAGE_DOWNLOADED: break;
    case INF_LINEAGE_WOKEN:
        is_well &= inf_fields_set_hex(detail, "document", record->document, 32) &&
                   json_object_set_new(detail, "verified", json_boolean(record->is_verified)) == 0;
        break;
    default: is_well = false;
    }
    if (record->act == INF_LINEAGE_DEPARTED || record->act == INF_LINEAGE_ARRIVED || record->act == INF_LINEAGE_DOWNLOADED) {
        is_well &= inf_fields_set_hex(detail, "transfer", record->transfer, sizeof record->transfer);
    }
    if (record->has_founding) is_well &= json_object_set_new(detail, "founding", inf_founding_build(&record->founding)) == 0;
    if (is_well) return detail;
    json_decref(detail);
    return NULL;
}

json_t* inf_lineage_build(const InfLineageRecord* record)
{
    json_t* object = json_object();
    json_t* previous = json_array();
    bool is_well = object != NULL && previous != NULL && record->previous_count <= 2;
    for (uint32_t i = 0; is_well && i < record->previous_count; i++) {
        char digits[65];
        is_well = json_array_append_new(previous, json_string(inf_hex_write(record->previous[i], 32, digits))) == 0;
    }
    is_well = is_well && json_object_set_new(object, "act", json_string(inf_lineage_act_word(record->act))) == 0 &&
              json_object_set_new(object, "epoch", json_integer(record->epoch)) == 0 &&
              json_object_set_new(object, "tick", json_integer((json_int_t)record->tick)) == 0 &&
              inf_fields_set_hex(object, "identity", record->identity, 32) &&
              inf_fields_set_hex(object, "galaxy", record->galaxy, sizeof record->galaxy) &&
              inf_fields_set_hex(object, "server", record->server, 32) &&
              json_object_set_new(object, "detail", detail_build(record)) == 0 &&
              json_object_set(object, "previous", previous) == 0;
    json_decref(previous);
    if (is_well) return object;
    json_decref(object);
    return NULL;
}

char* inf_lineage_text(const json_t* object, size_t* out_bytes, uint8_t out_hash[32], InfSoulsError* error)
{
    size_t count;
    char* text = inf_canonical_text(object, &count, error);
    if (text == NULL) return NULL;
    if (count > INF_LINEAGE_BYTES_MAX) {
        inf_souls_fail(error, INF_SOULS_SIZE, "a lineage record of %zu bytes, at most %d", count, INF_LINEAGE_BYTES_MAX);
        free(text);
        return NULL;
    }
    if (out_bytes != NULL) *out_bytes = count;
    if (out_hash != NULL) inf_canonical_hash(text, count, out_hash);
    return text;
}

char* inf_lineage_write(const InfLineageRecord* record, const InfSignKey* server, const InfSignKey* soul,
                        const InfSignKey* other, size_t* out_bytes, uint8_t out_hash[32], InfSoulsError* error)
{
    json_t* object = inf_lineage_build(record);
    if (object == NULL) {
        inf_souls_fail(error, INF_SOULS_MEMORY, "a lineage record");
        return NULL;
    }
    // All three sign the same bytes.
    static const char* const names[] = {"soul_signature", "other_signature", "server_signature"};
    const InfSignKey* const keys[] = {soul, other, server};
    bool is_well = inf_sign_object_all(INF_SIGN_LINEAGE, object, 3, names, keys, error);
    char* text = is_well ? inf_lineage_text(object, out_bytes, out_hash, error) : NULL;
    json_decref(object);
    return text;
}

static void detail_read(InfLineageRecord* out, const json_t* object, InfFields* record_fields)
{
    if (object == NULL) return;
    InfFields fields = inf_fields_make(object, "detail.", record_fields->error);
    switch (out->act) {
    case INF_LINEAGE_FOUNDED: break;
    case INF_LINEAGE_COPIED: inf_fields_hex(&fields, inf_fields_has(&fields, "founding") ? "of" : "copy", out->other, 32); break;
    case INF_LINEAGE_MERGED: inf_fields_hex(&fields, "other", out->other, 32); break;
    case INF_LINEAGE_DEPARTED: inf_fields_hex(&fields, "to", out->peer, 32); break;
    case INF_LINEAGE_ARRIVED: inf_fields_hex(&fields, "from", out->peer, 32); break;
    case INF_LINEAGE_DOWNLOADED: break;
    default:
        inf_fields_hex(&fields, "document", out->document, 32);
        out->is_verified = inf_fields_bool(&fields, "verified");
        break;
    }
    if (out->act == INF_LINEAGE_DEPARTED || out->act == INF_LINEAGE_ARRIVED || out->act == INF_LINEAGE_DOWNLOADED) {
        inf_fields_hex(&fields, "transfer", out->transfer, sizeof out->transfer);
    }
    out->has_founding = out->act == INF_LINEAGE_FOUNDED || (out->act == INF_LINEAGE_COPIED && inf_fields_has(&fields, "founding"));
    if (out->has_founding) {
        const json_t* founding = inf_fields_object(&fields, "founding");
        if (founding != NULL) fields.ok &= inf_founding_read(founding, &out->founding, fields.error);
    }
    if (!inf_fields_end(&fields)) record_fields->ok = false;
}

// One signature member of the right form, if it is there.
static void signature_read(InfFields* fields, const char* name)
{
    uint8_t signature[INF_SIGN_BYTES];
    if (inf_fields_has(fields, name)) inf_fields_hex(fields, name, signature, sizeof signature);
}

bool inf_lineage_read_object(const json_t* object, InfLineageRecord* out, InfSoulsError* error)
{
    InfSoulsError fault = {0};
    memset(out, 0, sizeof *out);
    InfFields fields = inf_fields_make(object, "", &fault);
    out->act = (InfLineageAct)inf_fields_choice(&fields, "act", act_words, INF_LINEAGE_COUNT);
    out->epoch = (uint32_t)inf_fields_integer(&fields, "epoch", 0, UINT32_MAX);
    out->tick = (uint64_t)inf_fields_integer(&fields, "tick", 0, INF_CANONICAL_INTEGER_MAX);
    inf_fields_hex(&fields, "identity", out->identity, 32);
    inf_fields_hex(&fields, "galaxy", out->galaxy, sizeof out->galaxy);
    inf_fields_hex(&fields, "server", out->server, 32);
    const json_t* previous = inf_fields_array(&fields, "previous", 2);
    for (; previous != NULL && out->previous_count < json_array_size(previous); out->previous_count++) {
        const json_t* name = json_array_get(previous, out->previous_count);
        if (!inf_hex_read(json_string_value(name), out->previous[out->previous_count], 32)) {
            inf_fields_fail(&fields, INF_SOULS_FIELD, "previous");
            break;
        }
    }
    detail_read(out, inf_fields_object(&fields, "detail"), &fields);
    signature_read(&fields, "soul_signature");
    signature_read(&fields, "other_signature");
    signature_read(&fields, "server_signature");
    if (inf_fields_has(&fields, "mandate")) {
        InfMandate mandate;
        fields.ok &= inf_mandate_read(inf_fields_get(&fields, "mandate"), &mandate, &fault);
    }
    if (inf_fields_end(&fields)) return true;
    memset(out, 0, sizeof *out);
    if (error != NULL && error->fault == INF_SOULS_OK) *error = fault;
    return false;
}

bool inf_lineage_read(const char* text, size_t byte_count, InfLineageRecord* out, json_t** out_object,
                      InfSoulsError* error)
{
    memset(out, 0, sizeof *out);
    if (out_object != NULL) *out_object = NULL;
    json_t* object = inf_canonical_read(text, byte_count, INF_LINEAGE_BYTES_MAX, INF_CANONICAL_STRICT, error);
    if (object == NULL) return false;
    bool is_well = (text[byte_count - 1] != '\n' || inf_souls_fail(error, INF_SOULS_CANONICAL, "at its end")) &&
                   inf_lineage_read_object(object, out, error);
    if (is_well && out_object != NULL) *out_object = object;
    else json_decref(object);
    return is_well;
}
