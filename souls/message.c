// Messages between servers: one table gives structs, writing and reading; see message.h.
#include "souls/message.h"

#include "souls/fields.h"

#include <stdlib.h>
#include <string.h>

typedef enum FieldKind { FIELD_H, FIELD_U, FIELD_N, FIELD_T, FIELD_W, FIELD_B, FIELD_D } FieldKind;

typedef struct FieldInfo {
    const char* name;
    FieldKind kind;
    size_t offset, bytes;      // where in the struct; of B: of the bytes
    size_t count_offset;       // of B
    const char* const* words;  // of W
    uint32_t word_count;
} FieldInfo;

static const char* const reason_words[] = {
#define X(number, NAME, word, text) [number] = word,
    INF_BORDER_REASONS(X)
#undef X
};
static const char* const galaxy_words[] = {
#define X(number, NAME, word, text) [number] = word,
    INF_GALAXY_KINDS(X)
#undef X
};

#define INFO_H(name, byte_count) {#name, FIELD_H, offsetof(THIS, name), byte_count, 0, NULL, 0},
#define INFO_U(name) {#name, FIELD_U, offsetof(THIS, name), 4, 0, NULL, 0},
#define INFO_N(name) {#name, FIELD_N, offsetof(THIS, name), 8, 0, NULL, 0},
#define INFO_T(name, byte_count) {#name, FIELD_T, offsetof(THIS, name), byte_count, 0, NULL, 0},
#define INFO_W(name, list)                                                                              \
    {#name, FIELD_W, offsetof(THIS, name), 4, 0, list##_words, sizeof list##_words / sizeof *list##_words},
#define INFO_B(name, byte_count) {#name, FIELD_B, offsetof(THIS, name), byte_count, offsetof(THIS, name##_bytes), NULL, 0},
#define INFO_D(name) {#name, FIELD_D, offsetof(THIS, name), 0, 0, NULL, 0},
#define INFO_ALL(Name) INF_MESSAGE_##Name(INFO_H, INFO_U, INFO_N, INFO_T, INFO_W, INFO_B, INFO_D)

#define THIS InfMessageOffer
static const FieldInfo offer_fields[] = {INFO_ALL(Offer)};
#undef THIS
#define THIS InfMessageWelcome
static const FieldInfo welcome_fields[] = {INFO_ALL(Welcome)};
#undef THIS
#define THIS InfMessageReason
static const FieldInfo reason_fields[] = {INFO_ALL(Reason)};
#undef THIS
#define THIS InfMessageArrival
static const FieldInfo arrival_fields[] = {INFO_ALL(Arrival)};
#undef THIS
#define THIS InfMessageReceipt
static const FieldInfo receipt_fields[] = {INFO_ALL(Receipt)};
#undef THIS
#define THIS InfMessageRefusal
static const FieldInfo refusal_fields[] = {INFO_ALL(Refusal)};
#undef THIS
#define THIS InfMessageClaim
static const FieldInfo claim_fields[] = {INFO_ALL(Claim)};
#undef THIS
#define THIS InfMessageRelease
static const FieldInfo release_fields[] = {INFO_ALL(Release)};
#undef THIS
#define THIS InfMessageProblem
static const FieldInfo problem_fields[] = {INFO_ALL(Problem)};
#undef THIS
#define THIS InfMessageSeal
static const FieldInfo seal_fields[] = {INFO_ALL(Seal)};
#undef THIS

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
static const struct {
    const char* word;
    const FieldInfo* fields;
    size_t field_count, struct_bytes;
    InfSignKind sign_kind; // INF_SIGN_KIND_COUNT: unsigned
} messages[INF_MESSAGE_KIND_COUNT] = {
    {"offer", offer_fields, COUNT_OF(offer_fields), sizeof(InfMessageOffer), INF_SIGN_OFFER},
    {"welcome", welcome_fields, COUNT_OF(welcome_fields), sizeof(InfMessageWelcome), INF_SIGN_WELCOME},
    {"reason", reason_fields, COUNT_OF(reason_fields), sizeof(InfMessageReason), INF_SIGN_REASON},
    {"arrival", arrival_fields, COUNT_OF(arrival_fields), sizeof(InfMessageArrival), INF_SIGN_ARRIVAL},
    {"receipt", receipt_fields, COUNT_OF(receipt_fields), sizeof(InfMessageReceipt), INF_SIGN_RECEIPT},
    {"refusal", refusal_fields, COUNT_OF(refusal_fields), sizeof(InfMessageRefusal), INF_SIGN_REFUSAL},
    {"claim", claim_fields, COUNT_OF(claim_fields), sizeof(InfMessageClaim), INF_SIGN_CLAIM},
    {"release", release_fields, COUNT_OF(release_fields), sizeof(InfMessageRelease), INF_SIGN_RELEASE},
    {"problem", problem_fields, COUNT_OF(problem_fields), sizeof(InfMessageProblem), INF_SIGN_KIND_COUNT},
    {"seal", seal_fields, COUNT_OF(seal_fields), sizeof(InfMessageSeal), INF_SIGN_SEAL},
};

const char* inf_border_reason_text(uint32_t reason)
{
    switch (reason) {
#define X(number, NAME, word, text)                                                                     \
    case number: return text;
        INF_BORDER_REASONS(X)
#undef X
    }
    return "unknown";
}

const char* inf_border_galaxy_word(uint32_t kind)
{
    return kind < COUNT_OF(galaxy_words) ? galaxy_words[kind] : "unknown";
}

const char* inf_message_word(InfMessageKind kind)
{
    return (unsigned)kind < INF_MESSAGE_KIND_COUNT ? messages[kind].word : "unknown";
}

InfMessageKind inf_message_kind(const json_t* object)
{
    const char* word = json_string_value(json_object_get(object, "message"));
    int kind = 0;
    while (word != NULL && kind < INF_MESSAGE_KIND_COUNT && strcmp(messages[kind].word, word) != 0) kind++;
    return word != NULL ? (InfMessageKind)kind : INF_MESSAGE_KIND_COUNT;
}

// ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

static json_t* field_build(const FieldInfo* field, const uint8_t* message)
{
    const uint8_t* at = message + field->offset;
    char digits[2 * INF_MESSAGE_SECRET_BYTES_MAX + 1];
    uint32_t count;
    int64_t number;
    switch (field->kind) {
    case FIELD_H: return json_string_nocheck(inf_hex_write(at, field->bytes, digits));
    case FIELD_U: memcpy(&count, at, 4); return json_integer(count);
    case FIELD_N:
        memcpy(&number, at, 8);
        return number >= 0 && number <= INF_CANONICAL_INTEGER_MAX ? json_integer(number) : NULL;
    case FIELD_T: return memchr(at, 0, field->bytes) != NULL ? json_string((const char*)at) : NULL;
    case FIELD_W:
        memcpy(&count, at, 4);
        return count < field->word_count ? json_string_nocheck(field->words[count]) : NULL;
    case FIELD_B:
        memcpy(&count, message + field->count_offset, 4);
        return count <= field->bytes ? json_string_nocheck(inf_hex_write(at, count, digits)) : NULL;
    case FIELD_D: {
        json_t* document;
        memcpy(&document, at, sizeof document);
        return json_is_object(document) ? json_incref(document) : NULL;
    }
    }
    return NULL;
}

json_t* inf_message_build(InfMessageKind kind, const void* message, InfSoulsError* error)
{
    json_t* object = json_pack("{s:s, s:i}", "message", messages[kind].word, "version", INF_MESSAGE_VERSION);
    bool is_well = object != NULL && (messages[kind].sign_kind == INF_SIGN_KIND_COUNT ||
                                      inf_fields_set_hex(object, "server", message, 32));
    if (!is_well) inf_souls_fail(error, INF_SOULS_MEMORY, "%s", messages[kind].word);
    for (size_t i = 0; is_well && i < messages[kind].field_count; i++) {
        const FieldInfo* field = &messages[kind].fields[i];
        json_t* value = field_build(field, message);
        if (value == NULL || json_object_set_new_nocheck(object, field->name, value) != 0) {
            is_well = inf_souls_fail(error, INF_SOULS_FIELD, "%s.%s", messages[kind].word, field->name);
        }
    }
    if (is_well) return object;
    json_decref(object);
    return NULL;
}

json_t* inf_message_make(InfMessageKind kind, const void* message, const InfSignKey* server, InfSoulsError* error)
{
    InfSignKind sign_kind = messages[kind].sign_kind;
    if (sign_kind != INF_SIGN_KIND_COUNT && memcmp(message, server->public_key, 32) != 0) {
        inf_souls_fail(error, INF_SOULS_KEY, "%s.server", messages[kind].word);
        return NULL;
    }
    json_t* object = inf_message_build(kind, message, error);
    if (object == NULL || sign_kind == INF_SIGN_KIND_COUNT ||
        inf_sign_object(sign_kind, object, "server_signature", server, error)) {
        return object;
    }
    json_decref(object);
    return NULL;
}

// ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

static void bytes_read(InfFields* fields, const FieldInfo* field, uint8_t* out)
{
    const char* text = inf_fields_text(fields, field->name, 2 * field->bytes);
    size_t digits = strlen(text);
    uint32_t count = (uint32_t)(digits / 2);
    if (!fields->ok) return;
    if (digits % 2 != 0 || !inf_hex_read(text, out + field->offset, count)) {
        inf_fields_fail(fields, INF_SOULS_FIELD, field->name);
        return;
    }
    memcpy(out + field->count_offset, &count, 4);
}

static void field_read(InfFields* fields, const FieldInfo* field, uint8_t* out)
{
    uint8_t* at = out + field->offset;
    uint32_t count;
    int64_t number;
    const json_t* document;
    switch (field->kind) {
    case FIELD_H: inf_fields_hex(fields, field->name, at, field->bytes); break;
    case FIELD_U:
        count = (uint32_t)inf_fields_integer(fields, field->name, 0, UINT32_MAX);
        memcpy(at, &count, 4);
        break;
    case FIELD_N:
        number = inf_fields_integer(fields, field->name, 0, INF_CANONICAL_INTEGER_MAX);
        memcpy(at, &number, 8);
        break;
    case FIELD_T: inf_fields_text_copy(fields, field->name, (char*)at, field->bytes); break;
    case FIELD_W:
        count = inf_fields_choice(fields, field->name, field->words, field->word_count);
        memcpy(at, &count, 4);
        break;
    case FIELD_B: bytes_read(fields, field, out); break;
    case FIELD_D:
        document = inf_fields_object(fields, field->name);
        memcpy(at, &document, sizeof document);
        break;
    }
}

static bool document_fits(const InfMessageArrival* arrival, InfSoulsError* error)
{
    size_t count;
    uint8_t hash[32];
    char* text = inf_canonical_text(arrival->document, &count, error);
    if (text == NULL) return false;
    inf_canonical_hash(text, count, hash);
    free(text);
    if (count > INF_CANONICAL_BYTES_MAX) return inf_souls_fail(error, INF_SOULS_SIZE, "arrival.document");
    return memcmp(hash, arrival->document_hash, 32) == 0 || inf_souls_fail(error, INF_SOULS_HASH, "arrival.document_hash");
}

// @param is_sealed  the batch's seal stands for its signature
static bool read_message(InfMessageKind kind, const json_t* object, bool is_sealed, void* out, InfSoulsError* error)
{
    InfSoulsError fault = {0};
    char path[24];
    memset(out, 0, messages[kind].struct_bytes);
    memset(path, 0, sizeof path);
    memcpy(path, messages[kind].word, strlen(messages[kind].word));
    strcat(path, ".");
    InfFields fields = inf_fields_make(object, path, &fault);
    const char* word = fields.ok ? json_string_value(json_object_get(object, "message")) : NULL;
    if (fields.ok && (word == NULL || strcmp(word, messages[kind].word) != 0)) {
        inf_fields_fail(&fields, INF_SOULS_KIND, "message");
    }
    inf_fields_get(&fields, "message");
    const json_t* version = inf_fields_get(&fields, "version");
    if (fields.ok && (!json_is_integer(version) || json_integer_value(version) != INF_MESSAGE_VERSION)) {
        inf_fields_fail(&fields, INF_SOULS_VERSION, "version");
    }
    uint8_t signature[INF_SIGN_BYTES];
    if (messages[kind].sign_kind != INF_SIGN_KIND_COUNT) {
        inf_fields_hex(&fields, "server", out, 32);
        if (fields.ok && !is_sealed && !inf_fields_has(&fields, "server_signature")) {
            inf_fields_fail(&fields, INF_SOULS_UNSIGNED, "server_signature");
        }
        if (!is_sealed) inf_fields_hex(&fields, "server_signature", signature, sizeof signature);
    }
    for (size_t i = 0; i < messages[kind].field_count; i++) field_read(&fields, &messages[kind].fields[i], out);
    if (kind == INF_MESSAGE_KIND_Arrival) {
        InfMandate mandate;
        if (inf_fields_has(&fields, "mandate")) {
            fields.ok &= inf_mandate_read(inf_fields_get(&fields, "mandate"), &mandate, &fault);
        } else {
            inf_fields_hex(&fields, "soul_signature", signature, sizeof signature);
        }
    }
    if (inf_fields_end(&fields) && (kind != INF_MESSAGE_KIND_Arrival || document_fits(out, &fault))) return true;
    memset(out, 0, messages[kind].struct_bytes);
    if (error != NULL && error->fault == INF_SOULS_OK) *error = fault;
    return false;
}

bool inf_message_read(InfMessageKind kind, const json_t* object, void* out, InfSoulsError* error)
{
    return read_message(kind, object, false, out, error);
}

bool inf_message_open(InfMessageKind kind, const json_t* object, const uint8_t server[32], void* out,
                      InfSoulsError* error)
{
    if (!inf_message_read(kind, object, out, error)) return false;
    if (messages[kind].sign_kind == INF_SIGN_KIND_COUNT) return true;
    uint8_t speaker[32];
    memcpy(speaker, out, 32);
    InfSoulsFault fault = INF_SOULS_OK;
    if (server != NULL && memcmp(speaker, server, 32) != 0) fault = INF_SOULS_KEY;
    else if (!inf_sign_object_check(messages[kind].sign_kind, object, "server_signature", speaker)) {
        fault = INF_SOULS_SERVER_SIGNATURE;
    }
    if (fault == INF_SOULS_OK) return true;
    memset(out, 0, messages[kind].struct_bytes);
    return inf_souls_fail(error, fault, "%s", messages[kind].word);
}

// ── seals ────────────────────────────────────────────────────────────────────────────────────────────────────────

// The hashes of the first `count` messages of a batch, hashed.
static bool digest_of(const json_t* batch, size_t count, uint8_t out[32], InfSoulsError* error)
{
    uint8_t hashes[INF_MESSAGE_BATCH_MAX][32];
    memset(hashes, 0, sizeof hashes);
    for (size_t i = 0; i < count; i++) {
        const json_t* object = json_array_get(batch, i);
        InfMessageKind kind = inf_message_kind(object);
        if (kind == INF_MESSAGE_KIND_COUNT || kind == INF_MESSAGE_KIND_Seal) return inf_souls_fail(error, INF_SOULS_KIND, "seal: message %zu", i);
        if (messages[kind].sign_kind != INF_SIGN_KIND_COUNT && !inf_sign_body_hash(messages[kind].sign_kind, object, hashes[i])) {
            return inf_souls_fail(error, INF_SOULS_FIELD, "seal: message %zu", i);
        }
    }
    inf_canonical_hash(hashes, count * 32, out);
    return true;
}

bool inf_message_seal(json_t* batch, const InfSignKey* server, const uint8_t* secret, uint32_t secret_bytes, InfSoulsError* error)
{
    InfMessageSeal seal = {.count = (uint32_t)json_array_size(batch)};
    if (seal.count < 1 || seal.count > INF_MESSAGE_BATCH_MAX || secret_bytes > sizeof seal.secret) {
        return inf_souls_fail(error, INF_SOULS_COUNT, "seal of %u messages", seal.count);
    }
    memcpy(seal.server, server->public_key, 32);
    if (secret != NULL) memcpy(seal.secret, secret, seal.secret_bytes = secret_bytes);
    json_t* object = digest_of(batch, seal.count, seal.digest, error) ? inf_message_make(INF_MESSAGE_KIND_Seal, &seal, server, error) : NULL;
    return object != NULL && (json_array_append_new(batch, object) == 0 || inf_souls_fail(error, INF_SOULS_MEMORY, "seal"));
}

void inf_message_seal_read(const json_t* batch, InfSealing* out)
{
    memset(out, 0, sizeof *out);
    size_t count = json_array_size(batch);
    const json_t* last = count > 0 ? json_array_get(batch, count - 1) : NULL;
    out->is_there = inf_message_kind(last) == INF_MESSAGE_KIND_Seal;
    if (!out->is_there) return;
    uint8_t digest[32];
    InfMessageSeal* seal = &out->seal;
    out->holds = (count - 1 >= 1 && count - 1 <= INF_MESSAGE_BATCH_MAX) ||
                 inf_souls_fail(&out->error, INF_SOULS_COUNT, "seal of %zu messages", count - 1);
    out->holds = out->holds && inf_message_open(INF_MESSAGE_KIND_Seal, last, NULL, seal, &out->error) &&
                 digest_of(batch, count - 1, digest, &out->error);
    if (out->holds && (seal->count != count - 1 || memcmp(digest, seal->digest, 32) != 0)) {
        out->holds = inf_souls_fail(&out->error, INF_SOULS_HASH, "seal.digest");
    }
    if (!out->holds) memset(seal, 0, sizeof *seal);
}

bool inf_message_open_of(const InfSealing* sealing, InfMessageKind kind, const json_t* object, const uint8_t server[32], void* out,
                         InfSoulsError* error)
{
    if (!sealing->is_there) return inf_message_open(kind, object, server, out, error);
    memset(out, 0, messages[kind].struct_bytes);
    if (!sealing->holds) {
        if (error != NULL && error->fault == INF_SOULS_OK) *error = sealing->error;
        return false;
    }
    if (!read_message(kind, object, messages[kind].sign_kind != INF_SIGN_KIND_COUNT, out, error)) return false;
    const uint8_t* speaker = out;
    if (messages[kind].sign_kind == INF_SIGN_KIND_COUNT ||
        (memcmp(speaker, sealing->seal.server, 32) == 0 && (server == NULL || memcmp(speaker, server, 32) == 0))) {
        return true;
    }
    memset(out, 0, messages[kind].struct_bytes);
    return inf_souls_fail(error, INF_SOULS_KEY, "%s", messages[kind].word);
}

bool inf_message_arrival_agreed(const json_t* object, const InfMessageArrival* arrival, InfSoulsError* error)
{
    return inf_sign_soul_check(INF_SIGN_ARRIVAL, object, arrival->key, arrival->identity, arrival->epoch, arrival->server, error);
}
