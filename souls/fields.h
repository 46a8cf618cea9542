/// @file fields.h
/// Reading the members of a JSON object strictly: each once, of the right kind and within its bounds, none left over.
/// After the first fault nothing more is read; every target is then zero or empty. Internal to souls/.
#ifndef INFINITY_SOULS_FIELDS_H
#define INFINITY_SOULS_FIELDS_H

#include "souls/canonical.h"

/// Borrows object and error. `path` is put before names in faults ("memories[3].").
typedef struct InfFields {
    const json_t* object;
    InfSoulsError* error;
    const char* path;
    size_t read_count; ///< members that were asked for and were there
    bool ok;
} InfFields;

/// @param error not null
InfFields inf_fields_make(const json_t* object, const char* path, InfSoulsError* error);
/// Fail with FIELD at a member. @return false
bool inf_fields_fail(InfFields* fields, InfSoulsFault fault, const char* name);
/// Is it there? Counts nothing.
bool inf_fields_has(const InfFields* fields, const char* name);
/// The member, or null with MISSING.
const json_t* inf_fields_get(InfFields* fields, const char* name);
/// An integer in [min, max]; both within ±INF_CANONICAL_INTEGER_MAX.
int64_t inf_fields_integer(InfFields* fields, const char* name, int64_t min, int64_t max);
/// A 64-bit id as a text of decimal digits in its shortest form.
uint64_t inf_fields_id(InfFields* fields, const char* name);
double inf_fields_number(InfFields* fields, const char* name, double min, double max);
bool inf_fields_bool(InfFields* fields, const char* name);
/// A text of at most bytes_max bytes without control characters. Borrowed from the object; "" on failure.
const char* inf_fields_text(InfFields* fields, const char* name, size_t bytes_max);
/// As inf_fields_text, copied and filled with zeros to its end. @param out_bytes one for the terminating zero
void inf_fields_text_copy(InfFields* fields, const char* name, char* out, size_t out_bytes);
/// Exactly byte_count bytes as hexadecimal digits.
void inf_fields_hex(InfFields* fields, const char* name, uint8_t* out, size_t byte_count);
/// A text that must be this very one.
void inf_fields_word(InfFields* fields, const char* name, const char* word);
/// Number of the word in a list ([count]; null entries never match), or 0 with FIELD.
uint32_t inf_fields_choice(InfFields* fields, const char* name, const char* const* words, uint32_t count);
/// Null on failure.
const json_t* inf_fields_object(InfFields* fields, const char* name);
const json_t* inf_fields_array(InfFields* fields, const char* name, size_t count_max);
/// True if all was well and every member of the object was read. Otherwise UNKNOWN_FIELD is told.
bool inf_fields_end(InfFields* fields);

/// Set members; each does nothing if the object is null, and gives false when memory ran out.
bool inf_fields_set_hex(json_t* object, const char* name, const uint8_t* bytes, size_t byte_count);
bool inf_fields_set_id(json_t* object, const char* name, uint64_t id);

#endif
