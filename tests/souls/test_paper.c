// A holder signs what it asked for and nothing else, whatever a server puts before it.
#include "souls_test.h"

#include <souls/paper.h>

#include <sodium.h>
#include <unistd.h>

static InfSignKey own, fresh, other;

static void begin(void)
{
    uint8_t seed[32];
    ENSURE(inf_sign_start());
    memset(seed, 1, sizeof seed);
    inf_sign_key_from_seed(seed, &own);
    memset(seed, 2, sizeof seed);
    inf_sign_key_from_seed(seed, &fresh);
    memset(seed, 3, sizeof seed);
    inf_sign_key_from_seed(seed, &other);
}

static json_t* item_of(InfSignKind kind, json_t* object, const uint8_t key[32])
{
    size_t count;
    char hex[65], *text = inf_sign_bytes(kind, object, &count, NULL);
    ENSURE(text != NULL);
    json_t* item = json_pack("{s:i, s:s, s:s%}", "number", 0, "key", inf_hex_write(key, 32, hex), "text", text, count);
    free(text);
    json_decref(object);
    return item;
}

static json_t* paper_of(json_t* item, json_t* founding)
{
    return json_pack("{s:s, s:[o], s:o*}", "paper", "00112233445566778899aabbccddeeff", "sign", item, "founding", founding);
}

static InfLineageRecord record_of(InfLineageAct act)
{
    InfLineageRecord record = {.act = act, .epoch = 1, .tick = 5, .previous_count = act == INF_LINEAGE_MERGED ? 2 : 1};
    memset(record.identity, 7, 32);
    memset(record.other, 8, 32);
    return record;
}

static InfFounding founding_of(const InfSignKey* key)
{
    InfFounding founding = {.is_copy = true, .tick = 5, .name = "Eve"};
    memcpy(founding.key, key->public_key, 32);
    memset(founding.parent, 7, 32);
    memset(founding.root, 7, 32);
    return founding;
}

static InfSoulsFault fault_of(json_t* paper, const InfPaperWish* wish, const InfSignKey* key)
{
    InfSoulsError error = {0};
    uint32_t count;
    const InfSignKey* keys[] = {key};
    json_t* body = inf_paper_sign(paper, wish, keys, 1, &count, &error);
    ENSURE((body != NULL) == (error.fault == INF_SOULS_OK) && (body != NULL || count == 0));
    json_decref(body);
    json_decref(paper);
    return error.fault;
}

static json_t* copy_paper(const InfSignKey* copy_key)
{
    InfFounding founding = founding_of(copy_key);
    InfLineageRecord record = record_of(INF_LINEAGE_COPIED);
    ENSURE(inf_founding_identity(&founding, record.other));
    return paper_of(item_of(INF_SIGN_LINEAGE, inf_lineage_build(&record), own.public_key), inf_founding_build(&founding));
}

TEST(a_copy_is_signed_for_the_key_that_was_wished_for)
{
    begin();
    InfPaperWish copy = {.act = "copy", .copy_key = fresh.public_key}, any = {.act = "copy"}, merge = {.act = "merge"};
    ENSURE(fault_of(copy_paper(&fresh), &copy, &own) == INF_SOULS_OK);
    ENSURE(fault_of(copy_paper(&other), &any, &own) == INF_SOULS_OK);
    ENSURE(fault_of(copy_paper(&other), &copy, &own) == INF_SOULS_KEY);
    ENSURE(fault_of(copy_paper(&fresh), &merge, &own) == INF_SOULS_KIND);
    json_t* paper = copy_paper(&fresh);
    json_object_set_new(json_object_get(paper, "founding"), "name", json_string("Eva")); // another than the record names
    ENSURE(fault_of(paper, &copy, &own) == INF_SOULS_FOUNDING);
    paper = copy_paper(&fresh);
    json_object_del(paper, "founding");
    ENSURE(fault_of(paper, &copy, &own) != INF_SOULS_OK);
    // its first record, by its own key and no other
    InfFounding founding = founding_of(&fresh);
    for (int is_own = 0; is_own < 2; is_own++) {
        InfLineageRecord record = record_of(INF_LINEAGE_COPIED);
        record.has_founding = true;
        record.founding = founding;
        ENSURE(inf_founding_identity(&founding, record.identity));
        const InfSignKey* key = is_own ? &own : &fresh;
        paper = paper_of(item_of(INF_SIGN_LINEAGE, inf_lineage_build(&record), key->public_key), NULL);
        ENSURE(fault_of(paper, &copy, key) == (is_own ? INF_SOULS_FOUNDING : INF_SOULS_OK));
    }
}

TEST(a_signature_is_what_the_server_checks)
{
    begin();
    InfPaperWish merge = {.act = "merge"};
    InfLineageRecord record = record_of(INF_LINEAGE_MERGED);
    json_t* object = inf_lineage_build(&record);
    json_t* paper = paper_of(item_of(INF_SIGN_LINEAGE, json_incref(object), own.public_key), NULL);
    const InfSignKey* keys[] = {&other, &own};
    uint32_t count;
    json_t* body = inf_paper_sign(paper, &merge, keys, 2, &count, NULL);
    ENSURE(body != NULL && count == 1);
    const json_t* one = json_array_get(json_object_get(body, "signatures"), 0);
    json_object_set(object, "soul_signature", json_object_get(one, "signature"));
    ENSURE(inf_sign_object_check(INF_SIGN_LINEAGE, object, "soul_signature", own.public_key));
    ENSURE(!inf_sign_object_check(INF_SIGN_LINEAGE, object, "soul_signature", other.public_key));
    json_decref(body);
    json_decref(object);
    body = inf_paper_sign(paper, &merge, keys, 1, &count, NULL); // a key that is not asked for signs nothing
    ENSURE(body != NULL && count == 0 && json_array_size(json_object_get(body, "signatures")) == 0);
    json_decref(body);
    json_decref(paper);
}

static json_t* mandate_paper(uint8_t to)
{
    InfMandate mandate = {.epoch = 2, .until = 99};
    memset(mandate.identity, 7, 32);
    memset(mandate.server, 9, 32);
    memset(mandate.to, to, 32);
    return paper_of(item_of(INF_SIGN_MANDATE, inf_mandate_build(&mandate), own.public_key), NULL);
}

TEST(a_mandate_is_signed_for_where_one_wants_to_go)
{
    begin();
    uint8_t there[32], elsewhere[32];
    memset(there, 5, 32);
    memset(elsewhere, 6, 32);
    InfPaperWish cut = {.act = "cut"}, cut_there = {.act = "cut", .to = there}, cut_elsewhere = {.act = "cut", .to = elsewhere};
    InfPaperWish file = {.act = "download"}, copy = {.act = "copy"};
    ENSURE(fault_of(mandate_paper(5), &cut, &own) == INF_SOULS_OK);
    ENSURE(fault_of(mandate_paper(5), &cut_there, &own) == INF_SOULS_OK);
    ENSURE(fault_of(mandate_paper(5), &cut_elsewhere, &own) == INF_SOULS_ADDRESSEE);
    ENSURE(fault_of(mandate_paper(5), &file, &own) == INF_SOULS_ADDRESSEE);
    ENSURE(fault_of(mandate_paper(0), &file, &own) == INF_SOULS_OK);
    ENSURE(fault_of(mandate_paper(0), &cut, &own) == INF_SOULS_ADDRESSEE);
    ENSURE(fault_of(mandate_paper(5), &copy, &own) == INF_SOULS_KIND);
}

TEST(what_was_not_asked_for_is_not_signed)
{
    begin();
    InfPaperWish copy = {.act = "copy"}, merge = {.act = "merge"};
    // an order in its name, a document, a departure
    json_t* order = json_pack("{s:s, s:s}", "act", "cut", "to", "http://thief.example");
    ENSURE(fault_of(paper_of(item_of(INF_SIGN_ORDER, order, own.public_key), NULL), &copy, &own) == INF_SOULS_KIND);
    ENSURE(fault_of(paper_of(item_of(INF_SIGN_DOCUMENT, json_object(), own.public_key), NULL), &copy, &own) == INF_SOULS_KIND);
    InfLineageRecord record = record_of(INF_LINEAGE_DEPARTED);
    ENSURE(fault_of(paper_of(item_of(INF_SIGN_LINEAGE, inf_lineage_build(&record), own.public_key), NULL), &copy, &own) == INF_SOULS_KIND);
    ENSURE(fault_of(paper_of(item_of(INF_SIGN_LINEAGE, inf_lineage_build(&record), own.public_key), NULL), &merge, &own) == INF_SOULS_KIND);
    // not canonical, cut off, no text at all
    static const char* const texts[] = {"infinity-lineage-1\n{ }", "infinity-lineage-1\n", "infinity-lineage-1\n{\"act\":\"merged\"", "", "infinity-mandate-1\n{}"};
    char hex[65];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t* item = json_pack("{s:i, s:s, s:s}", "number", 0, "key", inf_hex_write(own.public_key, 32, hex), "text", texts[i]);
        ENSURE(fault_of(paper_of(item, NULL), &merge, &own) != INF_SOULS_OK);
    }
    // one good text and one that is not: neither is signed
    record = record_of(INF_LINEAGE_MERGED);
    json_t* paper = paper_of(item_of(INF_SIGN_LINEAGE, inf_lineage_build(&record), own.public_key), NULL);
    order = json_pack("{s:s}", "act", "cut");
    json_array_append_new(json_object_get(paper, "sign"), item_of(INF_SIGN_ORDER, order, own.public_key));
    ENSURE(fault_of(paper, &merge, &own) == INF_SOULS_KIND);
    ENSURE(fault_of(json_object(), &merge, &own) == INF_SOULS_FIELD);
}

TEST(a_recovery_file_is_a_key_file)
{
    begin();
    char path[64], x[64], d[64];
    snprintf(path, sizeof path, "/tmp/inf-recovery-%d.json", (int)getpid());
    sodium_bin2base64(x, sizeof x, own.public_key, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_bin2base64(d, sizeof d, own.secret_key, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    for (int is_bad = 0; is_bad < 2; is_bad++) {
        if (is_bad) x[3] = x[3] == 'A' ? 'B' : 'A'; // another public half
        json_t* file = json_pack("{s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "what", "Infinity recovery file", "tag", "Ada", "jwk", "kty", "OKP", "crv", "Ed25519", "x", x, "d", d);
        ENSURE(json_dump_file(file, path, 0) == 0);
        json_decref(file);
        InfSignKey key;
        InfSoulsError error = {0};
        ENSURE(inf_sign_key_read(path, &key, &error) == !is_bad);
        ENSURE(is_bad ? error.fault == INF_SOULS_KEY : memcmp(&key, &own, sizeof key) == 0);
    }
    unlink(path);
}
