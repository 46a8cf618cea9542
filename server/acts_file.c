// Files. A download is a departure whose crossing is settled by writing: galaxy/away/TRANSFER.soul is made from the
// crossing (so it says exactly what is in escrow), is durable first, and then the soul is away. While it is away the same
// bytes can be had again. An upload asks the galaxy that the file left to let it go, then wakes it here.
#include "server/acts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define PATH_BYTES 640

static void file_path(const InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES], char out[PATH_BYTES]) {
    char hex[33];
    snprintf(out, PATH_BYTES, "%s/away/%s.soul", border->server->def.folder, inf_hex_write(transfer, INF_PASSAGE_BYTES, hex));
}

char* inf_border_file_read(const InfBorder* border, const uint8_t transfer[INF_PASSAGE_BYTES], size_t* out_bytes) {
    char path[PATH_BYTES];
    file_path(border, transfer, path);
    return inf_souls_file_read(path, INF_DOCUMENT_BYTES_MAX, out_bytes, NULL);
}

// ---- documents of those who leave ----------------------------------------------------------------------------------------------

void inf_border_fill_document(const InfBorder* border, const InfPassage* passage, InfWay way, const uint8_t transfer[INF_PASSAGE_BYTES],
                              const uint8_t destination[32], InfDocument* out) {
    InfGalaxyDef galaxy = inf_shards_galaxy(border->server->shards);
    memset(out, 0, sizeof(*out));
    memcpy(out->galaxy, border->galaxy, sizeof(out->galaxy));
    out->galaxy_seed = galaxy.seed;
    out->galaxy_version = galaxy.version;
    out->way = way;
    snprintf(out->galaxy_name, sizeof(out->galaxy_name), "%.*s", INF_NAME_BYTES - 1, border->server->def.name);
    memcpy(out->server, border->key.public_key, 32);
    memcpy(out->to, destination, 32);
    memcpy(out->transfer, transfer, sizeof(out->transfer));
    out->passage = *passage;
}

json_t* inf_border_mandate(InfBorder* border, const uint8_t lineage[32]) {
    char text[INF_LINEAGE_BYTES_MAX];
    size_t byte_count = inf_lineage_log_find(border->log, lineage, text);
    bool may_have = byte_count > 0 && memmem(text, byte_count, "\"mandate\":", 10) != NULL; // most have none, and are not read for it
    json_t* record = may_have ? json_loadb(text, byte_count, 0, NULL) : NULL;
    json_t* mandate = json_incref(json_object_get(record, "mandate"));
    json_decref(record);
    return mandate;
}

/// Signed by soul, or its mandate, and server.
static json_t* file_document(InfBorder* border, const InfPassage* passage, const uint8_t transfer[INF_PASSAGE_BYTES], const InfSignKey* key,
                             InfSoulsError* error) {
    static const uint8_t nobody[32];
    InfDocument* document = malloc(sizeof(*document));
    InfLineage* lineage = inf_lineage_create();
    json_t *object = NULL, *mandate = inf_border_mandate(border, passage->soul.lineage);
    if (document != NULL && lineage != NULL && inf_lineage_log_gather(border->log, passage->soul.lineage, lineage, error)) {
        inf_border_fill_document(border, passage, INF_WAY_FILE, transfer, nobody, document);
        object = inf_document_build(document, lineage, NULL, error);
        if (object != NULL && !inf_document_sign(object, &border->key, mandate == NULL ? key : NULL, mandate, error)) {
            json_decref(object);
            object = NULL;
        }
    }
    json_decref(mandate);
    inf_lineage_destroy(lineage);
    free(document);
    return object;
}

bool inf_border_file_write(InfBorder* border, const InfPassage* passage, const uint8_t transfer[INF_PASSAGE_BYTES],
                           InfSoulsError* error) {
    char folder[PATH_BYTES], path[PATH_BYTES];
    size_t byte_count = 0;
    char* before = inf_border_file_read(border, transfer, &byte_count);
    free(before);
    if (before != NULL) {
        return true; // made before a crash
    }
    InfSignKey key;
    bool has_key = inf_soul_key(border, passage->soul.identity, passage->soul.key, &key);
    json_t* object = file_document(border, passage, transfer, has_key ? &key : NULL, error);
    inf_sign_key_wipe(&key);
    char* text = object != NULL ? inf_canonical_text(object, &byte_count, error) : NULL;
    json_decref(object);
    snprintf(folder, sizeof(folder), "%s/away", border->server->def.folder);
    mkdir(folder, 0700);
    file_path(border, transfer, path);
    bool fine = text != NULL && (byte_count <= INF_DOCUMENT_BYTES_MAX || inf_souls_fail(error, INF_SOULS_SIZE, "document")) &&
                inf_souls_file_write(path, text, byte_count, true, error);
    free(text);
    return fine;
}

// ---- waking ----------------------------------------------------------------------------------------------------------------------

static void send_claim(InfBorder* border, InfDeed* deed, const char* url, bool allows_private) {
    const InfDocument* document = deed->document;
    InfMessageClaim claim = {.epoch = document->passage.soul.epoch, .unix_seconds = (int64_t)time(NULL)};
    memcpy(claim.server, border->key.public_key, 32);
    memcpy(claim.transfer, document->transfer, sizeof(claim.transfer));
    memcpy(claim.to, document->server, 32);
    memcpy(claim.identity, document->passage.soul.identity, 32);
    memcpy(claim.document_hash, deed->document_hash, 32);
    memcpy(claim.galaxy, border->galaxy, sizeof(claim.galaxy));
    json_t* batch = json_pack("[o]", inf_message_make(INF_MESSAGE_KIND_Claim, &claim, &border->key, NULL));
    InfErrand* errand = batch != NULL ? inf_errand_create(url, "/border/claims", json_dumps(batch, JSON_COMPACT)) : NULL;
    json_decref(batch);
    if (errand == NULL) {
        inf_deed_fail(border, deed, 500, "internal", "The claim could not be written.", "Nothing was changed.");
        return;
    }
    errand->kind = INF_ERRAND_KIND_CLAIM;
    errand->user = deed;
    errand->allows_private = allows_private;
    deed->step = INF_DEED_OFFERED;
    inf_courier_send(border->courier, errand);
}

/// @return null if the file may wake, else why not; whether it needs the leave of another galaxy is told in out_foreign
static const char* judge_file(InfBorder* border, InfDeed* deed, bool* out_foreign) {
    const InfDocument* document = deed->document;
    const InfSoul* soul = &document->passage.soul;
    uint32_t count, index1 = inf_world_find_identity(inf_border_heart(border), soul->identity);
    const InfDirectoryEntry* entry = index1 != 0 ? &inf_world_directory(inf_border_heart(border), &count)[index1 - 1] : NULL;
    *out_foreign = memcmp(document->galaxy, border->galaxy, sizeof(border->galaxy)) != 0;
    if (document->way != INF_WAY_FILE) {
        return "That is the document of a passage between two servers, not a file.";
    }
    if (!*out_foreign && (entry == NULL || entry->state != INF_DIRECTORY_AWAY || entry->epoch != soul->epoch ||
                          memcmp(entry->transfer, document->transfer, INF_PASSAGE_BYTES) != 0)) {
        return "That file has had its one waking: the soul woke from it here or elsewhere, or has left with a newer file.";
    }
    if (*out_foreign && entry != NULL &&
        (entry->epoch >= soul->epoch || entry->refused_epoch >= soul->epoch || entry->state == INF_DIRECTORY_HERE)) {
        return "This galaxy has met the soul with this epoch or a later one: the file is old, or a second one.";
    }
    int64_t credits = document->passage.carried_credits + document->passage.banked_credits;
    bool is_claimed = *out_foreign && !(deed->is_unverified && deed->is_by_host); // its home burns all of that for us
    if (is_claimed && !inf_border_is_peer(border, document->server) && credits > border->server->def.border.claim_max) {
        return inf_border_reason_text(INF_BORDER_REASON_CLAIM);
    }
    if (deed->is_by_host || !*out_foreign) { // at home the escrow says what it owns
        return NULL;
    }
    InfBorderReason reason = inf_border_judge(border, document->server, soul->identity, soul->key, credits);
    return reason != INF_BORDER_REASON_NONE ? inf_border_reason_text(reason) : NULL;
}

/// A file that holds: InfRequest.prepared of an upload.
typedef struct Upload {
    InfDocument* document;
    InfLineage* lineage;
    uint8_t hash[32];
} Upload;

static void upload_free(void* user) {
    Upload* upload = user;
    if (upload != NULL) {
        free(upload->document);
        inf_lineage_destroy(upload->lineage);
        free(upload);
    }
}

void inf_upload_prepare(InfBorder* border, InfRequest* request) {
    json_t* object = json_object_get(request->body, "document");
    const char* text = json_string_value(object);
    InfSoulsError error = {0};
    json_t* opened = text != NULL ? inf_canonical_read(text, json_string_length(object), INF_DOCUMENT_BYTES_MAX, INF_CANONICAL_ANY, &error)
                                  : json_incref(object);
    Upload* upload = calloc(1, sizeof(*upload));
    bool fine = upload != NULL && (upload->document = calloc(1, sizeof(InfDocument))) != NULL && error.fault == INF_SOULS_OK &&
                inf_document_verify(opened, upload->document, &upload->lineage, border->known, &error) &&
                inf_document_hash(opened, upload->hash, &error);
    json_decref(opened);
    if (!fine) {
        char reason[240], what[200];
        snprintf(reason, sizeof(reason), "The file does not hold: %s.", inf_souls_error_text(&error, what, sizeof(what)));
        inf_metric_add(&border->server->metrics.acts_refused, 1);
        request->status = 400;
        request->answer = inf_error_json("bad file", reason, "Nothing was changed. Fetch the file again from the galaxy that it left.");
        upload_free(upload);
        return;
    }
    request->prepared = upload;
    request->prepared_free = upload_free;
}

void inf_deed_begin_upload(InfBorder* border, InfDeed* deed) {
    const json_t* body = deed->request->body;
    Upload* upload = deed->request->prepared;
    deed->document = upload->document;
    deed->lineage = upload->lineage;
    memcpy(deed->document_hash, upload->hash, 32);
    upload->document = NULL;
    upload->lineage = NULL;
    const InfSoul* soul = &deed->document->passage.soul;
    snprintf(deed->name, sizeof(deed->name), "%.*s", INF_NAME_BYTES - 1, (const char*)soul->name);
    memcpy(deed->identity, soul->identity, 32);
    memcpy(deed->transfer, deed->document->transfer, sizeof(deed->transfer));
    deed->is_unverified = json_is_true(json_object_get(body, "unverified"));
    bool is_foreign;
    const char* wrong = judge_file(border, deed, &is_foreign);
    const char* home = json_string_value(json_object_get(body, "home"));
    const InfNeighbour* neighbour = inf_border_neighbour(border, deed->document->server);
    char url[INF_COURIER_URL_BYTES] = "";
    bool allows_private = border->server->def.border.private_addresses == INF_BORDER_PRIVATE_ALL || deed->is_by_host;
    if (wrong != NULL) {
        inf_deed_fail(border, deed, 409, "refused", wrong, "Nothing was changed.");
    } else if (!is_foreign || (deed->is_unverified && deed->is_by_host)) {
        deed->is_unverified = is_foreign;
        deed->step = INF_DEED_DOCK;
    } else if (deed->is_unverified) {
        inf_deed_fail(border, deed, 403, "not allowed", "Only the host may wake a soul whose galaxy was not asked.", "Nothing was changed.");
    } else if (home != NULL && (wrong = inf_courier_check_url(home, url)) != NULL) {
        inf_deed_fail(border, deed, 400, "bad request", wrong, "Nothing was changed. Correct \"home\".");
    } else if (home == NULL && neighbour == NULL) {
        inf_deed_fail(border, deed, 409, "unreachable", "The file names a galaxy whose address is not known here.",
                      "Nothing was changed. Tell its address (--home URL); or, as the host, wake the soul without its credits (--unverified).");
    } else {
        send_claim(border, deed, home != NULL ? url : neighbour->url, home != NULL ? allows_private : neighbour->allows_private);
    }
}

void inf_deed_take_release(InfBorder* border, InfDeed* deed, InfErrand* errand) {
    char reason[320], text[200];
    if (errand->end != INF_ERRAND_ANSWERED || errand->status != 200) {
        snprintf(reason, sizeof(reason), "The galaxy that the file left does not answer: %.200s",
                 errand->end == INF_ERRAND_ANSWERED ? "it has too much to do, or is none" : errand->error);
        inf_deed_fail(border, deed, 502, "unreachable", reason,
                      "Nothing was changed here; the same file can be tried again. The host may wake it without its credits (--unverified).");
        return;
    }
    json_t* batch = json_loadb(errand->answer, errand->answer_bytes, JSON_REJECT_DUPLICATES, NULL);
    const json_t* object = json_array_get(batch, 0);
    const uint8_t* home = deed->document->server;
    InfMessageRelease release;
    InfMessageRefusal refusal;
    InfSoulsError error = {0};
    if (inf_message_kind(object) == INF_MESSAGE_KIND_Refusal && inf_message_open(INF_MESSAGE_KIND_Refusal, object, home, &refusal, &error)) {
        snprintf(reason, sizeof(reason), "The galaxy that the file left says: %.200s.", refusal.text);
        inf_deed_fail(border, deed, 409, "refused", reason, "Nothing was changed. A file wakes once.");
    } else if (inf_message_kind(object) != INF_MESSAGE_KIND_Release ||
               !inf_message_open(INF_MESSAGE_KIND_Release, object, home, &release, &error) ||
               memcmp(release.transfer, deed->transfer, INF_PASSAGE_BYTES) != 0 || memcmp(release.identity, deed->identity, 32) != 0 ||
               memcmp(release.to, border->key.public_key, 32) != 0 || release.epoch != deed->document->passage.soul.epoch) {
        snprintf(reason, sizeof(reason), "The answer of the galaxy that the file left does not hold: %.180s.",
                 error.fault != INF_SOULS_OK ? inf_souls_error_text(&error, text, sizeof(text)) : "it is about something else");
        inf_metric_add(&border->server->metrics.border_lies, 1);
        inf_deed_fail(border, deed, 502, "lying server", reason, "Nothing was changed.");
    } else {
        inf_border_reach(border, INF_KILL_RELEASED);
        if (release.secret_bytes != 0 &&
            !inf_keyring_take(border->keyring, deed->identity, deed->document->passage.soul.key, release.secret, release.secret_bytes,
                              &border->key, &error)) {
            snprintf(reason, sizeof(reason), "Its key could not be put on the keyring: %.200s.", inf_souls_error_text(&error, text, sizeof(text)));
            inf_deed_fail(border, deed, 500, "keyring", reason, "Nothing was changed here; the same file can be tried again.");
            json_decref(batch);
            return;
        }
        deed->is_released = true;
        deed->released_credits[0] = release.carried_credits;
        deed->released_credits[1] = release.banked_credits;
        deed->step = INF_DEED_DOCK;
    }
    json_decref(batch);
}

bool inf_deed_submit_upload(InfBorder* border, InfDeed* deed) {
    static InfInput input;
    const InfDocument* document = deed->document;
    InfPassage passage = document->passage;
    memset(&input, 0, sizeof(input));
    input.kind = INF_INPUT_KIND_Arrive;
    InfInputArrive* arrive = &input.Arrive;
    if (deed->is_released) {
        passage.carried_credits = deed->released_credits[0];
        passage.banked_credits = deed->released_credits[1];
        // No more than the file has told, which was judged before its home was asked: nothing of it may be lost between the two.
        if (passage.carried_credits + passage.banked_credits > document->passage.carried_credits + document->passage.banked_credits) {
            passage.carried_credits = document->passage.carried_credits;
            passage.banked_credits = document->passage.banked_credits;
        }
    } else if (deed->is_unverified) {
        passage.carried_credits = passage.banked_credits = 0;
    }
    for (uint32_t i = 0; i < inf_lineage_count(deed->lineage); i++) {
        const uint8_t* hash;
        const char* text;
        size_t byte_count;
        const InfLineageRecord* record = inf_lineage_get(deed->lineage, i, &hash, &text, &byte_count);
        if (!inf_lineage_log_has(border->log, hash) &&
            !inf_border_record(border, 0, text, byte_count, hash, record)) {
            return false;
        }
    }
    InfLineageRecord woken = {.act = INF_LINEAGE_WOKEN,
                              .epoch = passage.soul.epoch,
                              .tick = inf_shards_now(border->server->shards) + 1,
                              .previous_count = 1,
                              .is_verified = !deed->is_unverified};
    memcpy(woken.identity, deed->identity, 32);
    memcpy(woken.galaxy, border->galaxy, sizeof(woken.galaxy));
    memcpy(woken.server, border->key.public_key, 32);
    memcpy(woken.previous[0], passage.soul.lineage, 32);
    memcpy(woken.document, deed->document_hash, 32);
    InfSignKey key;
    bool has_key = inf_soul_key(border, deed->identity, passage.soul.key, &key);
    size_t byte_count;
    char* text = inf_lineage_write(&woken, &border->key, has_key ? &key : NULL, NULL, &byte_count, arrive->lineage, NULL);
    inf_sign_key_wipe(&key);
    bool fine = text != NULL && inf_border_record(border, 0, text, byte_count, arrive->lineage, &woken);
    free(text);
    memcpy(arrive->transfer, deed->transfer, INF_PASSAGE_BYTES);
    memcpy(arrive->source, document->server, 32);
    arrive->epoch = passage.soul.epoch;
    arrive->way = INF_WAY_FILE;
    memcpy(arrive->identity, deed->identity, 32);
    memcpy(arrive->root, passage.soul.root, 32);
    memcpy(arrive->key, passage.soul.key, 32);
    arrive->payload_bytes = (uint16_t)inf_passage_write(&passage, arrive->payload);
    return fine && inf_border_submit(border, 0, &input);
}
