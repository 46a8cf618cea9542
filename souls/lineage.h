/// @file lineage.h
/// The lineage of souls: records of what was done with a soul, each named by the SHA-256 of its text and naming the
/// records before it, like commits. Nothing in it can be changed without every later name changing.
///
/// A *founding record* is who a soul is; its SHA-256 is the soul's **identity**:
///
///     {"format":"infinity-founding-1","galaxy":…,"key":…,"name":…,"nonce":…,"parent":…,"root":…,"tick":…}
///
/// `parent` and `root` stand in a copy's only. A *lineage record* is at most INF_LINEAGE_BYTES_MAX bytes of canonical JSON:
///
///     {"act":…,"detail":{…},"epoch":…,"galaxy":…,"identity":…,"previous":[…],"server":…,"tick":…,
///      "server_signature":…,"soul_signature":…}
///
/// | act | previous | detail | epoch | who signs |
/// | --- | --- | --- | --- | --- |
/// | founded | none | founding | 0 or 1 | server, soul |
/// | copied, the original's | own | copy: identity of the copy | stays | server, soul |
/// | copied, the copy's first | the original's | founding, of: the original | 0 or 1 | server, soul (the copy's key) |
/// | merged | own, then the other's | other: identity that ends | stays | server, soul, other |
/// | departed | own | transfer, to: server's key | rises by one | server, soul |
/// | downloaded | own | transfer | rises by one | server, soul |
/// | arrived | own (departed) | transfer, from: server's key | stays | server |
/// | woken | own (downloaded) | document: hash of the file, verified | stays | server; the soul if it can |
///
/// After `departed` only `arrived` may come (at home, if the transfer was refused), after `downloaded` only `woken`. A
/// *fork* is one soul that lived twice: two different records that follow the same record of one identity (or that go
/// on after it was merged away). Two copies are no fork: a copy has an identity of its own.
#ifndef INFINITY_SOULS_LINEAGE_H
#define INFINITY_SOULS_LINEAGE_H

#include "souls/sign.h"

#include <infinity/state.h>

#define INF_LINEAGE_BYTES_MAX INF_RECORD_BYTES
/// Records of one lineage that are held in memory at most.
#define INF_LINEAGE_RECORDS_MAX 4096
#define INF_SOULS_GALAXY_BYTES 16
#define INF_SOULS_TRANSFER_BYTES INF_PASSAGE_BYTES

/// The acts are those of INF_LINEAGE_ACTS (infinity/tables/kinds.inl); "none" is no act of a record. Static lifetime.
const char* inf_lineage_act_word(InfLineageAct act);

/// Who a soul is. A fresh nonce makes two souls of one name and tick two.
typedef struct InfFounding {
    uint8_t key[32];
    uint8_t galaxy[INF_SOULS_GALAXY_BYTES]; ///< where it was born or copied
    uint8_t nonce[16];
    uint64_t tick;
    char name[INF_NAME_BYTES];
    bool is_copy;
    uint8_t parent[32]; ///< of a copy: the original's identity
    uint8_t root[32];   ///< of a copy: the first of the lineage
} InfFounding;

/// @return json_decref() it; null: out of memory, or the name is not UTF-8
json_t* inf_founding_build(const InfFounding* founding);
bool inf_founding_read(const json_t* object, InfFounding* out, InfSoulsError* error);
/// The identity: SHA-256 of its canonical text.
bool inf_founding_identity(const InfFounding* founding, uint8_t out[32]);

/// A lineage record, to be written or as it was read. Of the fields after `previous_count` those count that the act's
/// detail has (see the table above); the others are zero.
typedef struct InfLineageRecord {
    InfLineageAct act;
    uint32_t epoch;
    uint64_t tick;
    uint8_t identity[32];
    uint8_t galaxy[INF_SOULS_GALAXY_BYTES];
    uint8_t server[32];
    uint8_t previous[2][32];
    uint32_t previous_count;
    bool has_founding;
    InfFounding founding;
    uint8_t other[32];    ///< copied: the copy (in the original's record) or the original (in the copy's); merged: who ended
    uint8_t peer[32];     ///< departed: to; arrived: from
    uint8_t transfer[INF_SOULS_TRANSFER_BYTES];
    uint8_t document[32]; ///< woken: SHA-256 of the file
    bool is_verified;     ///< woken: the galaxy that the file names has released it
} InfLineageRecord;

/// The object without signatures: sign it with INF_SIGN_LINEAGE as "soul_signature", "server_signature" (and
/// "other_signature"), or set a `mandate`, then inf_lineage_text(). @return json_decref() it; null: out of memory
json_t* inf_lineage_build(const InfLineageRecord* record);
/// The text and its name. @return free() it; null: SIZE or MEMORY
char* inf_lineage_text(const json_t* object, size_t* out_bytes, uint8_t out_hash[32], InfSoulsError* error);
/// build, sign with all three (soul and other may be null), text: for a server that keeps the keys.
char* inf_lineage_write(const InfLineageRecord* record, const InfSignKey* server, const InfSignKey* soul,
                        const InfSignKey* other, size_t* out_bytes, uint8_t out_hash[32], InfSoulsError* error);
/// Read a text, strictly canonical; checks form, not signatures. @param out_object may be null; else json_decref() it
bool inf_lineage_read(const char* text, size_t byte_count, InfLineageRecord* out, json_t** out_object,
                      InfSoulsError* error);

/// The same from an object, whatever its text was.
bool inf_lineage_read_object(const json_t* object, InfLineageRecord* out, InfSoulsError* error);

// ── many records ─────────────────────────────────────────────────────────────────────────────────────────────────

/// Records by their names. Not safe from two threads.
typedef struct InfLineage InfLineage;

/// @return null: out of memory
InfLineage* inf_lineage_create(void);
void inf_lineage_destroy(InfLineage* lineage); ///< null is fine

/// Take a record in; one that is there already is fine. Records may come in any order. @param out_hash may be null
bool inf_lineage_add(InfLineage* lineage, const char* text, size_t byte_count, uint8_t out_hash[32],
                     InfSoulsError* error);
/// Take in an object; its canonical text is the record's. Keeps a reference: it must not be changed afterwards.
bool inf_lineage_add_object(InfLineage* lineage, json_t* object, InfSoulsError* error);
/// The object of a record, borrowed and not to be changed; null past the end.
json_t* inf_lineage_object(const InfLineage* lineage, uint32_t index);
uint32_t inf_lineage_count(const InfLineage* lineage);
/// In the order of adding. The pointers live as long as the lineage. @param out_text, out_bytes may be null
const InfLineageRecord* inf_lineage_get(const InfLineage* lineage, uint32_t index, const uint8_t** out_hash,
                                        const char** out_text, size_t* out_bytes);
/// Index of a record by its name, or INF_LINEAGE_RECORDS_MAX.
uint32_t inf_lineage_find(const InfLineage* lineage, const uint8_t hash[32]);

/// Names of records whose signatures were checked before, by whoever keeps it: a server that meets the same souls again
/// and again checks each record once. A fixed table (2 MiB); the oldest are forgotten. Safe from any thread.
typedef struct InfLineageKnown InfLineageKnown;
InfLineageKnown* inf_lineage_known_create(void); ///< null: out of memory
void inf_lineage_known_destroy(InfLineageKnown* known);
/// Of a record that the caller has signed itself, with all whose signatures it wants.
void inf_lineage_know(InfLineageKnown* known, const uint8_t hash[32]);
/// From now on inf_lineage_verify() takes the signatures of these records as good, and adds what it finds good.
/// @param known  must outlive the lineage's use; null: none
void inf_lineage_set_known(InfLineage* lineage, InfLineageKnown* known);

/// The record and all before it that are there, earlier ones first. @param out [capacity]
/// @return how many there are; of more than capacity the earliest were written
uint32_t inf_lineage_ancestors(const InfLineage* lineage, const uint8_t head[32], uint32_t* out, uint32_t capacity);

/// Check everything that a record stands on, back to the founding: names, order, epochs, consent, every signature.
/// What was checked once is not checked again. Faults: all of LINEAGE_*, FOUNDING, signatures.
/// @param out_root, out_key  the lineage's root and the soul's key; may be null
bool inf_lineage_verify(InfLineage* lineage, const uint8_t head[32], uint8_t out_root[32], uint8_t out_key[32],
                        InfSoulsError* error);
/// Is `ancestor` the record itself or before it? Needs no signatures.
bool inf_lineage_is_ancestor(const InfLineage* lineage, const uint8_t ancestor[32], const uint8_t head[32]);
/// Two verified records of one root: branches that may be merged. Faults: UNRELATED, or what verifying tells.
bool inf_lineage_related(InfLineage* lineage, const uint8_t head_a[32], const uint8_t head_b[32], InfSoulsError* error);

/// One soul that lived twice.
typedef struct InfLineageFork {
    uint8_t identity[32];
    uint8_t previous[32]; ///< the last record that the two lives share
    uint32_t record_a, record_b; ///< indices
    bool after_merge;     ///< record_a merged it away, record_b goes on
} InfLineageFork;

/// The first fork in the order of adding. Records that differ in signatures only are the same.
bool inf_lineage_find_fork(const InfLineage* lineage, InfLineageFork* out);

#endif
