// Strict reading of objects; see fields.h.
#include "souls/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

InfFields inf_fields_make(const json_t* object, const char* path, InfSoulsError* error)
{
    InfFields fields = {object, error, path, 0, true};
    if (!json_is_object(object)) fields.ok = inf_souls_fail(error, INF_SOULS_FIELD, "%swants an object", path);
    return fields;
}

bool inf_fields_fail(InfFields* fields, InfSoulsFault fault, const char* name)
{
    if (fields->ok) inf_souls_fail(fields->error, fault, "%s%s", fields->path, name);
    return fields->ok = false;
}

bool inf_fields_has(const InfFields* fields, const char* name)
{
    return fields->ok && json_object_get(fields->object, name) != NULL;
}

const json_t* inf_fields_get(InfFields* fields, const char* name)
{
    if (!fields->ok) return NULL;
    const json_t* value = json_object_get(fields->object, name);
    if (value == NULL) inf_fields_fail(fields, INF_SOULS_MISSING, name);
    else fields->read_count++;
    return value;
}

int64_t inf_fields_integer(InfFields* fields, const char* name, int64_t min, int64_t max)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value == NULL) return 0;
    if (!json_is_integer(value) || json_integer_value(value) < min || json_integer_value(value) > max) {
        inf_fields_fail(fields, INF_SOULS_FIELD, name);
        return 0;
    }
    return json_integer_value(value);
}

uint64_t inf_fields_id(InfFields* fields, const char* name)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value == NULL) return 0;
    const char* text = json_string_value(value);
    uint64_t id = 0;
    bool is_well = text != NULL && text[0] >= '0' && text[0] <= '9' && strlen(text) <= 20 &&
                   (text[0] != '0' || text[1] == '\0');
    for (; is_well && *text != '\0'; text++) {
        is_well = *text >= '0' && *text <= '9' && !__builtin_mul_overflow(id, 10u, &id) &&
                  !__builtin_add_overflow(id, (uint64_t)(*text - '0'), &id);
    }
    if (!is_well) inf_fields_fail(fields, INF_SOULS_FIELD, name);
    return is_well ? id : 0;
}

double inf_fields_number(InfFields* fields, const char* name, double min, double max)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value == NULL) return 0;
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= min && number <= max)) {
        inf_fields_fail(fields, INF_SOULS_FIELD, name);
        return 0;
    }
    return number;
}

bool inf_fields_bool(InfFields* fields, const char* name)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value != NULL && !json_is_boolean(value)) inf_fields_fail(fields, INF_SOULS_FIELD, name);
    return fields->ok && json_is_true(value);
}

const char* inf_fields_text(InfFields* fields, const char* name, size_t bytes_max)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value == NULL) return "";
    const char* text = json_string_value(value);
    bool is_well = text != NULL && json_string_length(value) <= bytes_max && strlen(text) == json_string_length(value);
    for (const char* at = text; is_well && *at != '\0'; at++) {
        is_well = (unsigned char)*at >= 0x20 && *at != 0x7f &&
                  !((unsigned char)at[0] == 0xc2 && (unsigned char)at[1] < 0xa0); // U+0080 to U+009F
    }
    if (!is_well) inf_fields_fail(fields, INF_SOULS_FIELD, name);
    return is_well ? text : "";
}

void inf_fields_text_copy(InfFields* fields, const char* name, char* out, size_t out_bytes)
{
    const char* text = inf_fields_text(fields, name, out_bytes - 1);
    memset(out, 0, out_bytes);
    memcpy(out, text, strlen(text));
}

void inf_fields_hex(InfFields* fields, const char* name, uint8_t* out, size_t byte_count)
{
    const json_t* value = inf_fields_get(fields, name);
    if (!inf_hex_read(value != NULL ? json_string_value(value) : NULL, out, byte_count) && value != NULL) {
        inf_fields_fail(fields, INF_SOULS_FIELD, name);
    }
}

void inf_fields_word(InfFields* fields, const char* name, const char* word)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value != NULL && (!json_is_string(value) || strcmp(json_string_value(value), word) != 0)) {
        inf_fields_fail(fields, INF_SOULS_FIELD, name);
    }
}

uint32_t inf_fields_choice(InfFields* fields, const char* name, const char* const* words, uint32_t count)
{
    const json_t* value = inf_fields_get(fields, name);
    const char* text = value != NULL ? json_string_value(value) : NULL;
    for (uint32_t i = 0; text != NULL && i < count; i++) {
        if (words[i] != NULL && strcmp(words[i], text) == 0) return i;
    }
    if (value != NULL) inf_fields_fail(fields, INF_SOULS_FIELD, name);
    return 0;
}

const json_t* inf_fields_object(InfFields* fields, const char* name)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value != NULL && !json_is_object(value)) inf_fields_fail(fields, INF_SOULS_FIELD, name);
    return fields->ok ? value : NULL;
}

const json_t* inf_fields_array(InfFields* fields, const char* name, size_t count_max)
{
    const json_t* value = inf_fields_get(fields, name);
    if (value != NULL && !json_is_array(value)) inf_fields_fail(fields, INF_SOULS_FIELD, name);
    else if (value != NULL && json_array_size(value) > count_max) inf_fields_fail(fields, INF_SOULS_COUNT, name);
    return fields->ok ? value : NULL;
}

bool inf_fields_end(InfFields* fields)
{
    if (fields->ok && fields->read_count != json_object_size(fields->object)) {
        inf_fields_fail(fields, INF_SOULS_UNKNOWN_FIELD, fields->path[0] != '\0' ? "" : "the object");
    }
    return fields->ok;
}

bool inf_fields_set_hex(json_t* object, const char* name, const uint8_t* bytes, size_t byte_count)
{
    char near[2 * 256 + 1];
    char* digits = 2 * byte_count + 1 <= sizeof near ? near : malloc(2 * byte_count + 1);
    if (digits == NULL) return false;
    bool is_set = object != NULL &&
                  json_object_set_new_nocheck(object, name, json_string_nocheck(inf_hex_write(bytes, byte_count, digits))) == 0;
    if (digits != near) free(digits);
    return is_set;
}

bool inf_fields_set_id(json_t* object, const char* name, uint64_t id)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)id);
    return object != NULL && json_object_set_new_nocheck(object, name, json_string_nocheck(digits)) == 0;
}
