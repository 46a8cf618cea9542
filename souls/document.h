/// @file document.h
/// A soul as a document: what it is, remembers, feels, owns and stems from, as canonical JSON that a person can read. As a
/// file it is called NAME.soul; between servers it is inside the arrival. docs/souls.md lists every field.
///
/// Signed by the soul (or by a mandate, see sign.h) and by the server that it leaves. The layout of the text does not
/// matter, its content does: a file may be indented by hand and still holds; one changed letter of a memory does not.
///
/// **What travels**: all that makes the person, its ship with hold and modules, and its credits. What means something only
/// in the galaxy it leaves does not: indices, plans, timers, the activity of the moment. inf_document_strip() says which;
/// a stripped passage comes out of its document exactly as it went in, field by field.
#ifndef INFINITY_SOULS_DOCUMENT_H
#define INFINITY_SOULS_DOCUMENT_H

#include "souls/lineage.h"

#include <infinity/soul.h>

/// Largest file, and the most records of a lineage in it.
#define INF_DOCUMENT_BYTES_MAX INF_CANONICAL_BYTES_MAX
#define INF_DOCUMENT_RECORDS_MAX 1024

typedef struct InfDocument {
    uint8_t galaxy[INF_SOULS_GALAXY_BYTES]; ///< that it leaves
    uint64_t galaxy_seed;                   ///< of that galaxy: gives places their names
    uint32_t galaxy_version;
    uint32_t way;        ///< INF_WAY_SERVER or INF_WAY_FILE
    char galaxy_name[INF_NAME_BYTES]; ///< may be ""
    uint8_t server[32];  ///< who signs for that galaxy
    uint8_t to[32];      ///< key of the server it goes to; zero: into a file
    uint8_t transfer[INF_SOULS_TRANSFER_BYTES];
    uint32_t heir_count; ///< its will: who inherits, the closest first
    uint64_t heirs[INF_HEIRS_MAX];
    InfPassage passage;  ///< soul (with identity, root, lineage, key, epoch), ship, credits, tick of leaving
} InfDocument;

/// Make of a passage what a document can hold: clear what does not travel, close gaps in memories, relations and prices.
void inf_document_strip(InfPassage* passage);

/// Who is meant by an id, for readers. @return false: not known; then only the id is written
typedef struct InfDocumentNames {
    bool (*look)(void* user, uint64_t soul, char name[INF_NAME_BYTES], uint8_t identity[32], bool* has_identity);
    void* user;
} InfDocumentNames;

/// Struct to object, unsigned; the passage is stripped on the way. The soul's whole lineage, from its head (soul.lineage)
/// back, must be in `lineage`; with null the document has an empty one, in whose place it is written
/// (inf_canonical_text_with).
/// @param names  may be null: then no souls' names are written
/// @return json_decref() it; null: FIELD (a value that a document cannot hold), COUNT, LINEAGE_GAP, MEMORY
json_t* inf_document_build(const InfDocument* document, const InfLineage* lineage, const InfDocumentNames* names,
                           InfSoulsError* error);
/// Sign with the server's key and the soul's, or with a mandate that the soul has signed (then soul is null).
bool inf_document_sign(json_t* object, const InfSignKey* server, const InfSignKey* soul, json_t* mandate,
                       InfSoulsError* error);
/// SHA-256 of the canonical text of an object.
bool inf_document_hash(const json_t* object, uint8_t out[32], InfSoulsError* error);

/// Object to struct: the form of every field and its bounds, no signatures.
/// @param out_lineage  inf_lineage_destroy() it; may be null
bool inf_document_read(const json_t* object, InfDocument* out, InfLineage** out_lineage, InfSoulsError* error);
/// Everything: form, identity, key, lineage back to the founding, its newest record being this departure, and both
/// signatures. Whether the epoch is still good is for the galaxies' directories to say.
/// @param known  record hashes that were verified before, or null (see lineage.h)
bool inf_document_verify(const json_t* object, InfDocument* out, InfLineage** out_lineage, InfLineageKnown* known,
                         InfSoulsError* error);
/// The same of a document that goes to another server inside of an arrival: it has no signatures of its own, since the
/// arrival, signed by soul and server, names its hash. The caller has checked those. A signature in it is UNKNOWN_FIELD.
bool inf_document_verify_enclosed(const json_t* object, InfDocument* out, InfLineage** out_lineage, InfLineageKnown* known,
                                  InfSoulsError* error);

/// Read a whole file (at most bytes_max). @return free() it, terminated by a zero; null: IO or SIZE
char* inf_souls_file_read(const char* path, size_t bytes_max, size_t* out_bytes, InfSoulsError* error);
/// Write a file durably: never over another, or (replace) as a whole. Mode 0600.
bool inf_souls_file_write(const char* path, const void* bytes, size_t byte_count, bool replace, InfSoulsError* error);

#endif
