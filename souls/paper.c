// What a holder is asked to sign, judged and signed; see paper.h.
#include "souls/paper.h"

#include <sodium.h>
#include <string.h>

#define TO_SIGN_MAX 16

static const char lineage_prefix[] = "infinity-lineage-1\n", mandate_prefix[] = "infinity-mandate-1\n";

static const char* text_of(const json_t* object, const char* name)
{
    const char* text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static bool is_act(const InfPaperWish* wish, const char* act)
{
    return strcmp(wish->act, act) == 0;
}

// The original agrees to a copy by name of its identity alone: whose key that is stands in the founding beside it.
static bool check_copy(const json_t* paper, const InfLineageRecord* record, const InfPaperWish* wish, InfSoulsError* error)
{
    InfFounding founding;
    uint8_t identity[32];
    if (!inf_founding_read(json_object_get(paper, "founding"), &founding, error)) return false;
    if (!inf_founding_identity(&founding, identity) || memcmp(identity, record->other, 32) != 0 || !founding.is_copy ||
        memcmp(founding.parent, record->identity, 32) != 0) {
        return inf_souls_fail(error, INF_SOULS_FOUNDING, "founding");
    }
    return wish->copy_key == NULL || memcmp(founding.key, wish->copy_key, 32) == 0 || inf_souls_fail(error, INF_SOULS_KEY, "founding.key");
}

static bool check_record(const json_t* paper, const char* text, size_t byte_count, const InfPaperWish* wish, const uint8_t key[32],
                         InfSoulsError* error)
{
    InfLineageRecord record;
    if (!inf_lineage_read(text, byte_count, &record, NULL, error)) return false;
    bool founds = record.has_founding && (record.act == INF_LINEAGE_FOUNDED || is_act(wish, "copy"));
    if (founds) { // whoever founds itself does so with its own key
        uint8_t identity[32];
        bool fits = inf_founding_identity(&record.founding, identity) && memcmp(identity, record.identity, 32) == 0 &&
                    memcmp(record.founding.key, key, 32) == 0;
        return fits || inf_souls_fail(error, INF_SOULS_FOUNDING, "text");
    }
    if (record.act == INF_LINEAGE_COPIED && is_act(wish, "copy")) return check_copy(paper, &record, wish, error);
    if (record.act == INF_LINEAGE_MERGED && is_act(wish, "merge")) return true;
    return inf_souls_fail(error, INF_SOULS_KIND, "text");
}

static bool check_mandate(const char* text, size_t byte_count, const InfPaperWish* wish, InfSoulsError* error)
{
    static const uint8_t file[32];
    InfMandate mandate;
    char unsigned_hex[129];
    memset(unsigned_hex, '0', 128);
    unsigned_hex[128] = '\0';
    json_t* object = inf_canonical_read(text, byte_count, INF_LINEAGE_BYTES_MAX, INF_CANONICAL_STRICT, error);
    bool fits = object != NULL && json_object_set_new(object, "soul_signature", json_string(unsigned_hex)) == 0 &&
                inf_mandate_read(object, &mandate, error);
    json_decref(object);
    if (!fits) return false;
    bool is_file = memcmp(mandate.to, file, 32) == 0;
    if (!is_act(wish, "cut") && !is_act(wish, "download")) return inf_souls_fail(error, INF_SOULS_KIND, "text");
    bool goes_there = is_file == is_act(wish, "download") && (wish->to == NULL || memcmp(wish->to, mandate.to, 32) == 0);
    return goes_there || inf_souls_fail(error, INF_SOULS_ADDRESSEE, "text");
}

bool inf_paper_check(const json_t* paper, const json_t* item, const InfPaperWish* wish, const uint8_t key[32], InfSoulsError* error)
{
    const json_t* member = json_object_get(item, "text");
    const char* text = text_of(item, "text");
    size_t count = json_string_length(member), prefix = sizeof lineage_prefix - 1;
    uint8_t named[32];
    if (!inf_hex_read(text_of(item, "key"), named, 32) || memcmp(named, key, 32) != 0) return inf_souls_fail(error, INF_SOULS_KEY, "key");
    if (count > prefix && strncmp(text, lineage_prefix, prefix) == 0) {
        return check_record(paper, text + prefix, count - prefix, wish, key, error);
    }
    prefix = sizeof mandate_prefix - 1;
    if (count > prefix && strncmp(text, mandate_prefix, prefix) == 0) return check_mandate(text + prefix, count - prefix, wish, error);
    return inf_souls_fail(error, INF_SOULS_KIND, "text");
}

json_t* inf_paper_sign(const json_t* paper, const InfPaperWish* wish, const InfSignKey* const* keys, size_t key_count, uint32_t* out_count,
                       InfSoulsError* error)
{
    const json_t* items = json_object_get(paper, "sign");
    json_t* list = json_array();
    bool is_well = list != NULL && (json_is_array(items) && json_array_size(items) <= TO_SIGN_MAX);
    *out_count = 0;
    if (!is_well) inf_souls_fail(error, INF_SOULS_FIELD, "sign");
    for (size_t i = 0; is_well && i < json_array_size(items); i++) {
        const json_t* item = json_array_get(items, i);
        uint8_t named[32], signature[INF_SIGN_BYTES];
        char digits[2 * INF_SIGN_BYTES + 1];
        bool has_key = inf_hex_read(text_of(item, "key"), named, 32);
        for (size_t k = 0; is_well && has_key && k < key_count; k++) {
            if (memcmp(keys[k]->public_key, named, 32) != 0) continue;
            const json_t* text = json_object_get(item, "text");
            is_well = inf_paper_check(paper, item, wish, named, error);
            if (!is_well) break;
            crypto_sign_detached(signature, NULL, (const unsigned char*)json_string_value(text), json_string_length(text), keys[k]->secret_key);
            json_t* one = json_pack("{s:O, s:s}", "number", json_object_get(item, "number"), "signature",
                                    inf_hex_write(signature, sizeof signature, digits));
            is_well = json_array_append_new(list, one) == 0 || inf_souls_fail(error, INF_SOULS_FIELD, "number");
            (*out_count)++;
            break;
        }
    }
    if (is_well) return json_pack("{s:s, s:o}", "paper", text_of(paper, "paper"), "signatures", list);
    json_decref(list);
    *out_count = 0;
    return NULL;
}
