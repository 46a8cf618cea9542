// Prints web/src/wire/tables.ts: the words, numbers and struct layouts of the wire, from the core's tables.
//
//   cc -std=c17 -Iinclude -Icore tools/gen_types.c core/wire/message.c core/base/{reader,result,math,hash}.c -lm -o gen_types
//
// web/scripts/types.mjs does that; `npm test` checks that the checked-in file is current.
#include "infinity/galaxy.h"
#include "infinity/message.h"
#include "infinity/tables/tuning.inl"
#include "infinity/wire.h"

#include <stdio.h>

#define WORDS(TITLE, TABLE)                                                                             \
    printf("export const %s: readonly string[] = [\n", TITLE);                                          \
    TABLE(WORD_ROW)                                                                                     \
    printf("];\n");
#define WORD_ROW(number, NAME, word, ...) print_text(word), printf(",\n");

#define TEXTS(TITLE, TABLE)                                                                             \
    printf("export const %s: readonly string[] = [\n", TITLE);                                          \
    TABLE(TEXT_ROW)                                                                                     \
    printf("];\n");
#define TEXT_ROW(number, NAME, word, text, ...) print_text(text), printf(",\n");

#define NUMBERS(TITLE, TABLE)                                                                           \
    printf("export const %s = {\n", TITLE);                                                             \
    TABLE(NUMBER_ROW)                                                                                   \
    printf("} as const;\n");
#define NUMBER_ROW(number, NAME, ...) printf("  %s: %d,\n", #NAME, number);

static void print_text(const char* text)
{
    putchar('\'');
    for (; *text != 0; text++) {
        if (*text == '\'' || *text == '\\') {
            putchar('\\');
        }
        putchar(*text);
    }
    putchar('\'');
}

static const char* type_words[] = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "text", "bytes"};

static const char* ts_type(const InfFieldInfo* field)
{
    bool is_big = field->type == INF_TYPE_u64 || field->type == INF_TYPE_i64;
    if (field->type == INF_TYPE_TEXT) {
        return "string";
    }
    if (field->type == INF_TYPE_BYTES) {
        return "Uint8Array";
    }
    if (field->count == 1) {
        return is_big ? "bigint" : "number";
    }
    return is_big ? "bigint[]" : "number[]";
}

static void print_struct(const char* group, const InfStructInfo* info)
{
    printf("export interface %s%s {\n", group, info->name);
    for (uint32_t f = 0; f < info->field_count; f++) {
        printf("  %s: %s;\n", info->fields[f].name, ts_type(&info->fields[f]));
    }
    printf("}\n");
}

static void print_layout(const InfStructInfo* info)
{
    printf("  %s: { name: '%s', number: %u, bytes: %u, fields: [", info->name, info->name, info->number, info->bytes);
    for (uint32_t f = 0; f < info->field_count; f++) {
        const InfFieldInfo* field = &info->fields[f];
        printf("%s['%s', '%s', %u, %u]", f == 0 ? "" : ", ", field->name, type_words[field->type], field->offset, field->count);
    }
    printf("] },\n");
}

static void print_group(const char* group, const char* title, const InfStructInfo* (*info_of)(uint32_t kind))
{
    for (uint32_t kind = 1; kind < 256; kind++) {
        if (info_of(kind) != NULL) {
            print_struct(group, info_of(kind));
        }
    }
    printf("export interface %sTypes {\n", group);
    for (uint32_t kind = 1; kind < 256; kind++) {
        if (info_of(kind) != NULL) {
            printf("  %s: %s%s;\n", info_of(kind)->name, group, info_of(kind)->name);
        }
    }
    printf("}\nexport const %s: { readonly [K in keyof %sTypes]: Layout } = {\n", title, group);
    for (uint32_t kind = 1; kind < 256; kind++) {
        if (info_of(kind) != NULL) {
            print_layout(info_of(kind));
        }
    }
    printf("};\n");
}

int main(void)
{
    printf("// Made by tools/gen_types.c from the core's tables: do not edit, run `npm run types`.\n\n");
    printf("export type FieldType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64' | 'f32' | 'text' | 'bytes';\n");
    printf("/** Name, type, offset in the struct, count of elements (of text and bytes: room). */\n");
    printf("export type Field = readonly [name: string, type: FieldType, offset: number, count: number];\n");
    printf("export interface Layout {\n  readonly name: string;\n  readonly number: number;\n  readonly bytes: number;\n"
           "  readonly fields: readonly Field[];\n}\n\n");
    printf("export const RULES_VERSION = %d;\n", INF_RULES_VERSION);
    printf("export const NAME_BYTES = %d;\n", INF_NAME_BYTES);
    printf("export const SAY_BYTES = %d;\n", INF_SAY_BYTES);
    printf("export const FEELINGS = %d;\n", INF_FEELINGS);
    printf("export const TICKS_PER_SECOND = %d;\n", INF_TICKS_PER_SECOND);
    printf("export const SAMPLE_FLOATS = %d;\n", INF_VIEW_SAMPLE_FLOATS);
    printf("export const VIEW_BITS = { STATE: %u, GHOST: %u, SPOOL: %u, THRUST: %u, MINING: %u, DRONE: %u } as const;\n\n",
           INF_VIEW_STATE_MASK, INF_VIEW_GHOST, INF_VIEW_SPOOL, INF_VIEW_THRUST, INF_VIEW_MINING, INF_VIEW_DRONE);

    printf("/** The numbers of the rules that screens tell; the rules themselves are in the core. */\nexport const TUNE = {\n");
#define X(NAME, value, why) printf("  %s: %lld,\n", #NAME, (long long)(value));
    INF_TUNING_TABLE(X)
#undef X
    printf("} as const;\n\n");
    NUMBERS("ShipState", INF_SHIP_STATES)
    NUMBERS("Order", INF_ORDERS)
    WORDS("ORDER_WORDS", INF_ORDERS)
    NUMBERS("PlaceKind", INF_PLACE_KINDS)
    WORDS("PLACE_WORDS", INF_PLACE_KINDS)
    NUMBERS("Reach", INF_REACHES)
    NUMBERS("Service", INF_SERVICES)
    NUMBERS("Alarm", INF_ALARMS)
    WORDS("ALARM_TEXTS", INF_ALARMS)
    NUMBERS("Act", INF_ACTS)
    WORDS("ACT_WORDS", INF_ACTS)
    NUMBERS("WillReason", INF_WILL_REASONS)
    WORDS("WILL_WORDS", INF_WILL_REASONS)
    NUMBERS("Way", INF_WAYS)
    NUMBERS("DirectoryState", INF_DIRECTORY_STATES)
    NUMBERS("LineageAct", INF_LINEAGE_ACTS)
    WORDS("LINEAGE_WORDS", INF_LINEAGE_ACTS)
    NUMBERS("GalaxyKind", INF_GALAXY_KINDS)
    NUMBERS("SenseKind", INF_SENSE_KINDS)
    WORDS("REASON_WORDS", INF_REASONS)
    NUMBERS("Reason", INF_REASONS)
    NUMBERS("AccountKind", INF_ACCOUNT_KINDS)
    WORDS("CAUSE_WORDS", INF_DEATH_CAUSES)
    WORDS("LAW_WORDS", INF_LAWS)
    WORDS("PLANET_WORDS", INF_PLANET_CLASSES)
    WORDS("PROFILE_WORDS", INF_STATION_PROFILES)
    NUMBERS("Result", INF_RESULTS)
    WORDS("RESULT_TEXTS", INF_RESULTS)

    TEXTS("ACT_TEXTS", INF_ACTS)
    TEXTS("WILL_TEXTS", INF_WILL_REASONS)
    WORDS("DIRECTORY_WORDS", INF_DIRECTORY_STATES)
    WORDS("GALAXY_KIND_WORDS", INF_GALAXY_KINDS)
    WORDS("SENSE_WORDS", INF_SENSE_KINDS)

    printf("export const GOAL_TEXTS: readonly string[] = [\n");
#define X(number, NAME, word, text) print_text(text), printf(",\n");
    INF_GOALS(X)
#undef X
    printf("];\n");
    printf("export const GOODS: readonly { readonly word: string; readonly base: number }[] = [\n");
#define X(number, NAME, word, base) printf("  { word: '%s', base: %d },\n", word, base);
    INF_GOODS_TABLE(X)
#undef X
    printf("];\n");
    printf("export const HULLS: readonly { readonly word: string; readonly price: number; readonly cargo: number; readonly fuel: number; "
           "readonly hull: number; readonly shield: number; readonly speed: number; readonly slots: number; readonly radius: number }[] = [\n");
#define X(number, NAME, word, price, cargo, fuel, hull, shield, acceleration, speed, turn, slots, radius, cruise)             \
    printf("  { word: '%s', price: %d, cargo: %d, fuel: %d, hull: %g, shield: %g, speed: %g, slots: %d, radius: %g },\n", word, \
           price, cargo, fuel, (double)hull, (double)shield, (double)speed, slots, (double)radius);
    INF_HULLS_TABLE(X)
#undef X
    printf("];\n");
    NUMBERS("Module", INF_MODULES_TABLE)
    printf("export const MODULES: readonly { readonly word: string; readonly price: number; readonly range: number; readonly cycle: number; "
           "readonly help: string }[] = [\n");
#define X(number, NAME, word, price, range, cycle, amount, tracking, help) \
    printf("  { word: '%s', price: %d, range: %g, cycle: %d, help: '%s' },\n", word, price, (double)range, cycle, help);
    INF_MODULES_TABLE(X)
#undef X
    printf("];\n\n");

    print_group("Frame", "FRAMES", inf_frame_info);
    print_group("Event", "EVENTS", inf_event_info);
    print_group("Input", "INPUTS", inf_input_info);
    return 0;
}
