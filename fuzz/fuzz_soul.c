// What people and servers hand in about souls: documents, lineage records, messages, DNA and agent files. Any bytes are
// refused or read; what was read and is written again is the same; nothing verifies that was not signed.
// The first byte chooses; so that chance gets past the signatures, the second one can have the rest signed first.
#include "fuzz.h"
#include "fuzz/mutate_json.h"
#include "souls/letta.h"
#include "souls/message.h"

static InfSignKey key;
static const char corpus_founding[] = "ea80fd74bcf09667927928a41b3302920c64952e48750ca16d352d0b8bc450c9"; // corpus/soul/lineage_founded

static void check_canonical(const char* text, size_t count)
{
    json_t* value = inf_canonical_read(text, count, 65536, INF_CANONICAL_ANY, NULL);
    if (value == NULL) return;
    size_t again_count, twice_count;
    char* again = inf_canonical_text(value, &again_count, NULL);
    json_decref(value);
    if (again == NULL) return; // an integer that has no exact form
    value = inf_canonical_read(again, again_count, 1 << 20, INF_CANONICAL_STRICT, NULL);
    // A real number that is written as a large integer is the one thing that jansson cannot read back as it was.
    if (value != NULL) {
        char* twice = inf_canonical_text(value, &twice_count, NULL);
        FUZZ_ENSURE(twice != NULL && twice_count == again_count && memcmp(again, twice, twice_count) == 0);
        free(twice);
    }
    json_decref(value);
    free(again);
}

static void check_lineage(const char* text, size_t count, bool is_signed)
{
    InfLineageRecord record, again;
    json_t* object = NULL;
    char* signed_text = NULL;
    if (is_signed) {
        object = inf_canonical_read(text, count, 4096, INF_CANONICAL_ANY, NULL);
        if (!json_is_object(object)) {
            json_decref(object);
            return;
        }
        if (inf_sign_object(INF_SIGN_LINEAGE, object, "soul_signature", &key, NULL) &&
            inf_sign_object(INF_SIGN_LINEAGE, object, "server_signature", &key, NULL)) {
            signed_text = inf_canonical_text(object, &count, NULL);
        }
        json_decref(object);
        if (signed_text == NULL) return;
        text = signed_text;
    }
    if (inf_lineage_read(text, count, &record, &object, NULL)) {
        json_t* body = inf_lineage_build(&record);
        uint8_t one[32], two[32];
        FUZZ_ENSURE(body != NULL && inf_sign_body_hash(INF_SIGN_LINEAGE, body, one) && inf_sign_body_hash(INF_SIGN_LINEAGE, object, two));
        FUZZ_ENSURE(memcmp(one, two, 32) == 0);
        json_decref(body);
        json_decref(object);
        InfLineage* lineage = inf_lineage_create();
        uint8_t hash[32];
        FUZZ_ENSURE(inf_lineage_add(lineage, text, count, hash, NULL) && inf_lineage_add(lineage, text, count, NULL, NULL));
        FUZZ_ENSURE(inf_lineage_count(lineage) == 1 && inf_lineage_is_ancestor(lineage, hash, hash));
        InfLineageFork fork;
        FUZZ_ENSURE(!inf_lineage_find_fork(lineage, &fork));
        InfSoulsError error = {0};
        if (inf_lineage_verify(lineage, hash, NULL, NULL, &error)) {
            // Signed above, or the corpus' own record, whose key nobody has, as it was written.
            char hash_hex[65];
            FUZZ_ENSURE(record.act == INF_LINEAGE_FOUNDED);
            FUZZ_ENSURE(is_signed ? memcmp(record.founding.key, key.public_key, 32) == 0
                                  : strcmp(inf_hex_write(hash, 32, hash_hex), corpus_founding) == 0);
        } else FUZZ_ENSURE(error.fault != INF_SOULS_OK);
        inf_lineage_destroy(lineage);
        FUZZ_ENSURE(!inf_lineage_read(text, count - 1, &again, NULL, NULL));
    }
    free(signed_text);
}

static void check_document(const char* text, size_t count)
{
    InfDocument document, again;
    InfLineage *lineage = NULL, *lineage_again = NULL;
    InfSoulsError error = {0};
    json_t* object = inf_canonical_read(text, count, 65536, INF_CANONICAL_ANY, NULL);
    if (object == NULL) return;
    if (inf_document_read(object, &document, &lineage, &error)) {
        InfPassage stripped = document.passage;
        inf_document_strip(&stripped);
        FUZZ_ENSURE(memcmp(&stripped, &document.passage, sizeof stripped) == 0);
        json_t* written = inf_document_build(&document, lineage, NULL, NULL);
        if (written != NULL) { // a document whose lineage leads to its head
            FUZZ_ENSURE(inf_document_read(written, &again, &lineage_again, NULL));
            FUZZ_ENSURE(memcmp(&document, &again, sizeof again) == 0);
            inf_lineage_destroy(lineage_again);
        }
        json_decref(written);
        inf_lineage_destroy(lineage);
    } else FUZZ_ENSURE(error.fault != INF_SOULS_OK);
    error = (InfSoulsError){0};
    if (!inf_document_verify(object, &document, NULL, NULL, &error)) FUZZ_ENSURE(error.fault != INF_SOULS_OK);
    json_decref(object);
}

static void check_message(const char* text, size_t count, bool is_signed)
{
    static union {
        uint8_t server[32];
#define X(number, Name, ...) InfMessage##Name Name;
        INF_MESSAGES(X)
#undef X
    } message;
    json_t* array = inf_canonical_read(text, count, INF_MESSAGE_BATCH_BYTES_MAX, INF_CANONICAL_ANY, NULL);
    InfSealing sealing;
    inf_message_seal_read(array, &sealing);
    FUZZ_ENSURE(!sealing.is_there || sealing.holds || sealing.error.fault != INF_SOULS_OK);
    for (size_t i = 0; i < json_array_size(array); i++) {
        json_t* object = json_array_get(array, i);
        InfMessageKind kind = inf_message_kind(object);
        InfSoulsError error = {0};
        if (kind != INF_MESSAGE_KIND_COUNT && !inf_message_open_of(&sealing, kind, object, NULL, &message, &error)) {
            FUZZ_ENSURE(error.fault != INF_SOULS_OK);
        }
        error = (InfSoulsError){0};
        if (kind == INF_MESSAGE_KIND_COUNT || !inf_message_read(kind, object, &message, &error)) {
            FUZZ_ENSURE(kind == INF_MESSAGE_KIND_COUNT || error.fault != INF_SOULS_OK);
            continue;
        }
        json_t* again = inf_message_build(kind, &message, NULL);
        FUZZ_ENSURE(again != NULL);
        size_t one_count, two_count;
        char *one = inf_sign_bytes(INF_SIGN_CLAIM, object, &one_count, NULL), *two = inf_sign_bytes(INF_SIGN_CLAIM, again, &two_count, NULL);
        FUZZ_ENSURE(one != NULL && two != NULL && one_count == two_count && memcmp(one, two, one_count) == 0);
        free(one);
        free(two);
        if (is_signed && kind != INF_MESSAGE_KIND_Problem) {
            memcpy(message.server, key.public_key, 32);
            json_t* made = inf_message_make(kind, &message, &key, NULL);
            FUZZ_ENSURE(made != NULL);
            if (kind == INF_MESSAGE_KIND_Arrival) FUZZ_ENSURE(inf_sign_object(INF_SIGN_ARRIVAL, made, "soul_signature", &key, NULL));
            FUZZ_ENSURE(inf_message_open(kind, made, key.public_key, &message, NULL));
            json_t* batch = json_pack("[o]", inf_message_build(kind, &message, NULL));
            bool is_sealed = inf_message_seal(batch, &key, NULL, 0, NULL);
            FUZZ_ENSURE(is_sealed == (kind != INF_MESSAGE_KIND_Seal));
            inf_message_seal_read(batch, &sealing);
            FUZZ_ENSURE(kind == INF_MESSAGE_KIND_Seal || kind == INF_MESSAGE_KIND_Arrival || // which its soul signs, too
                        inf_message_open_of(&sealing, kind, json_array_get(batch, 0), key.public_key, &message, NULL));
            json_decref(batch);
            inf_message_seal_read(array, &sealing);
            json_decref(made);
        }
        json_decref(again);
    }
    json_decref(array);
}

static void check_dna(const char* text, size_t count)
{
    InfDna dna, again;
    if (!inf_dna_read(text, count, &dna, NULL)) return;
    json_t* object = inf_dna_build(&dna);
    FUZZ_ENSURE(object != NULL);
    size_t written;
    char* out = inf_canonical_text(object, &written, NULL);
    FUZZ_ENSURE(out != NULL && inf_dna_read(out, written, &again, NULL) && memcmp(&dna, &again, sizeof dna) == 0);
    free(out);
    json_decref(object);
}

static void check_letta(const char* text, size_t count)
{
    static InfLettaImport import;
    if (!inf_letta_import(text, count, &import, NULL)) return;
    FUZZ_ENSURE(memchr(import.dna.name, 0, sizeof import.dna.name) != NULL && memchr(import.persona, 0, sizeof import.persona) != NULL);
    FUZZ_ENSURE(import.dna.known == (1u << INF_TRAITS) - 1);
    json_t* object = inf_dna_build(&import.dna); // whatever the name was, the DNA can be read again
    size_t written;
    char* out = object != NULL ? inf_canonical_text(object, &written, NULL) : NULL;
    InfDna again;
    FUZZ_ENSURE(out != NULL && inf_dna_read(out, written, &again, NULL));
    free(out);
    json_decref(object);
}

size_t LLVMFuzzerCustomMutator(uint8_t* bytes, size_t count, size_t bytes_max, unsigned seed)
{
    return fuzz_mutate_json(bytes, count, bytes_max, seed, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    if (key.public_key[0] == 0) {
        static const uint8_t seed[32] = {1};
        FUZZ_ENSURE(inf_sign_start());
        inf_sign_key_from_seed(seed, &key);
    }
    if (count < 2) return 0;
    const char* text = (const char*)bytes + 2;
    switch (bytes[0] % 6) {
    case 0: check_canonical(text, count - 2); break;
    case 1: check_lineage(text, count - 2, bytes[1] % 2 == 1); break;
    case 2: check_document(text, count - 2); break;
    case 3: check_message(text, count - 2, bytes[1] % 2 == 1); break;
    case 4: check_dna(text, count - 2); break;
    default: check_letta(text, count - 2); break;
    }
    return 0;
}
