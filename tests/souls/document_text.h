// A document as a text, whole and signed, and back: what tests do with one.
#ifndef INFINITY_TEST_DOCUMENT_TEXT_H
#define INFINITY_TEST_DOCUMENT_TEXT_H

#include <souls/document.h>

#include <stdlib.h>
#include <string.h>

static inline char* document_write(const InfDocument* document, const InfLineage* lineage, const InfDocumentNames* names,
                         const InfSignKey* speaker, const InfSignKey* soul, json_t* mandate, size_t* out_bytes,
                         uint8_t out_hash[32], InfSoulsError* error)
{
    size_t count = 0;
    json_t* object = inf_document_build(document, lineage, names, error);
    char* text = object != NULL && inf_document_sign(object, speaker, soul, mandate, error)
                     ? inf_canonical_text(object, &count, error)
                     : NULL;
    json_decref(object);
    if (text != NULL && count > INF_DOCUMENT_BYTES_MAX) {
        inf_souls_fail(error, INF_SOULS_SIZE, "a document of %zu bytes, at most %u", count, INF_DOCUMENT_BYTES_MAX);
        free(text);
        return NULL;
    }
    if (text != NULL && out_hash != NULL) inf_canonical_hash(text, count, out_hash);
    if (out_bytes != NULL) *out_bytes = count;
    return text;
}

static inline bool document_open(const char* text, size_t byte_count, InfDocument* out, InfLineage** out_lineage,
                       json_t** out_object, InfSoulsError* error)
{
    memset(out, 0, sizeof *out);
    if (out_lineage != NULL) *out_lineage = NULL;
    if (out_object != NULL) *out_object = NULL;
    json_t* object = inf_canonical_read(text, byte_count, INF_DOCUMENT_BYTES_MAX, INF_CANONICAL_ANY, error);
    if (object == NULL) return false;
    bool holds = inf_document_verify(object, out, out_lineage, NULL, error);
    if (holds && out_object != NULL) *out_object = object;
    else json_decref(object);
    return holds;
}

#endif
