// Judging text. Full Unicode normalisation needs 100 KB of tables; to *refuse* what is not composed takes little:
// a text all of whose code points have the property NFC_Quick_Check = Yes is in NFC if its marks are in order. So the
// No points are refused, and of the Maybe points the accents (U+0300..) altogether, the others only behind a
// letter that they would compose with. Tables after Unicode 15, DerivedNormalizationProps.
#include "infinity/text.h"

#include <string.h>

typedef struct Range {
    uint32_t first, last;
} Range;

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool is_in(const Range* table, size_t count, uint32_t point)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > table[middle].last) {
            low = middle + 1;
        } else if (point < table[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

// Nothing to see, or changes how others are seen; also blanks other than U+0020.
static const Range invisible[] = {
    {0xA0, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},   {0x1680, 0x1680},
    {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F}, {0x2028, 0x202F},   {0x205F, 0x206F},   {0x2800, 0x2800},
    {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFC},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

static const Range not_composed[] = {
    {0x300, 0x34E},     {0x350, 0x36F},     {0x374, 0x374},     {0x37E, 0x37E},     {0x387, 0x387},
    {0x958, 0x95F},     {0x9DC, 0x9DD},     {0x9DF, 0x9DF},     {0xA33, 0xA33},     {0xA36, 0xA36},
    {0xA59, 0xA5B},     {0xA5E, 0xA5E},     {0xB5C, 0xB5D},     {0xF43, 0xF43},     {0xF4D, 0xF4D},
    {0xF52, 0xF52},     {0xF57, 0xF57},     {0xF5C, 0xF5C},     {0xF69, 0xF69},     {0xF73, 0xF73},
    {0xF75, 0xF76},     {0xF78, 0xF78},     {0xF81, 0xF81},     {0xF93, 0xF93},     {0xF9D, 0xF9D},
    {0xFA2, 0xFA2},     {0xFA7, 0xFA7},     {0xFAC, 0xFAC},     {0xFB9, 0xFB9},     {0x1161, 0x1175},
    {0x11A8, 0x11C2},   {0x1F71, 0x1F71},   {0x1F73, 0x1F73},   {0x1F75, 0x1F75},   {0x1F77, 0x1F77},
    {0x1F79, 0x1F79},   {0x1F7B, 0x1F7B},   {0x1F7D, 0x1F7D},   {0x1FBB, 0x1FBB},   {0x1FBE, 0x1FBE},
    {0x1FC9, 0x1FC9},   {0x1FCB, 0x1FCB},   {0x1FD3, 0x1FD3},   {0x1FDB, 0x1FDB},   {0x1FE3, 0x1FE3},
    {0x1FEB, 0x1FEB},   {0x1FEE, 0x1FEF},   {0x1FF9, 0x1FF9},   {0x1FFB, 0x1FFB},   {0x1FFD, 0x1FFD},
    {0x20D0, 0x20FF},   {0x2126, 0x2126},   {0x212A, 0x212B},   {0x2329, 0x232A},   {0x2ADC, 0x2ADC},
    {0x3099, 0x309A},   {0xF900, 0xFA0D},   {0xFA10, 0xFA10},   {0xFA12, 0xFA12},   {0xFA15, 0xFA1E},
    {0xFA20, 0xFA20},   {0xFA22, 0xFA22},   {0xFA25, 0xFA26},   {0xFA2A, 0xFA6D},   {0xFA70, 0xFAD9},
    {0xFB1D, 0xFB1D},   {0xFB1F, 0xFB1F},   {0xFB2A, 0xFB36},   {0xFB38, 0xFB3C},   {0xFB3E, 0xFB3E},
    {0xFB40, 0xFB41},   {0xFB43, 0xFB44},   {0xFB46, 0xFB4E},   {0x110BA, 0x110BA}, {0x11127, 0x11127},
    {0x1133E, 0x1133E}, {0x11357, 0x11357}, {0x114B0, 0x114B0}, {0x114BA, 0x114BA}, {0x114BD, 0x114BD},
    {0x115AF, 0x115AF}, {0x11930, 0x11930}, {0x1D15E, 0x1D169}, {0x1D1BB, 0x1D1C0}, {0x2F800, 0x2FA1D}};

// Second points that compose with just these first ones.
static const uint16_t pairs[][2] = {
    {0x622, 0x655}, {0x623, 0x655}, {0x627, 0x653}, {0x627, 0x654}, {0x627, 0x655}, {0x648, 0x654}, {0x64A, 0x654}, {0x6C1, 0x654}, {0x6D2, 0x654},
    {0x6D5, 0x654}, {0x928, 0x93C}, {0x930, 0x93C}, {0x933, 0x93C}, {0x9C7, 0x9BE}, {0x9C7, 0x9D7}, {0xB47, 0xB3E},
    {0xB47, 0xB56}, {0xB47, 0xB57}, {0xB92, 0xBD7}, {0xBC6, 0xBBE}, {0xBC6, 0xBD7}, {0xBC7, 0xBBE}, {0xC46, 0xC56},
    {0xCBF, 0xCD5}, {0xCC6, 0xCC2}, {0xCC6, 0xCD5}, {0xCC6, 0xCD6}, {0xCCA, 0xCD5}, {0xD46, 0xD3E}, {0xD46, 0xD57},
    {0xD47, 0xD3E}, {0xDD9, 0xDCA}, {0xDD9, 0xDCF}, {0xDD9, 0xDDF}, {0xDDC, 0xDCA}, {0x1025, 0x102E},
    {0x1B05, 0x1B35}, {0x1B07, 0x1B35}, {0x1B09, 0x1B35}, {0x1B0B, 0x1B35}, {0x1B0D, 0x1B35}, {0x1B11, 0x1B35},
    {0x1B3A, 0x1B35}, {0x1B3C, 0x1B35}, {0x1B3E, 0x1B35}, {0x1B3F, 0x1B35}, {0x1B42, 0x1B35}};

// Marks with a combining class other than 0, apart from those refused above.
static const Range marks[] = {
    {0x483, 0x487},     {0x591, 0x5BD},     {0x5BF, 0x5BF},     {0x5C1, 0x5C2},     {0x5C4, 0x5C5},
    {0x5C7, 0x5C7},     {0x610, 0x61A},     {0x64B, 0x65F},     {0x670, 0x670},     {0x6D6, 0x6DC},
    {0x6DF, 0x6E4},     {0x6E7, 0x6E8},     {0x6EA, 0x6ED},     {0x711, 0x711},     {0x730, 0x74A},
    {0x7EB, 0x7F3},     {0x7FD, 0x7FD},     {0x816, 0x82D},     {0x859, 0x85B},     {0x898, 0x89F},
    {0x8CA, 0x8FF},     {0x93C, 0x93C},     {0x94D, 0x94D},     {0x951, 0x954},     {0x9BC, 0x9BC},
    {0x9CD, 0x9CD},     {0x9FE, 0x9FE},     {0xA3C, 0xA3C},     {0xA4D, 0xA4D},     {0xABC, 0xABC},
    {0xACD, 0xACD},     {0xB3C, 0xB3C},     {0xB4D, 0xB4D},     {0xBCD, 0xBCD},     {0xC3C, 0xC3C},
    {0xC4D, 0xC56},     {0xCBC, 0xCBC},     {0xCCD, 0xCCD},     {0xD3B, 0xD3C},     {0xD4D, 0xD4D},
    {0xDCA, 0xDCA},     {0xE38, 0xE3A},     {0xE48, 0xE4B},     {0xEB8, 0xEBA},     {0xEC8, 0xECB},
    {0xF18, 0xF19},     {0xF35, 0xF35},     {0xF37, 0xF37},     {0xF39, 0xF39},     {0xF71, 0xF84},
    {0xF86, 0xF87},     {0xFC6, 0xFC6},     {0x1037, 0x103A},   {0x108D, 0x108D},   {0x135D, 0x135F},
    {0x1714, 0x1734},   {0x17D2, 0x17D2},   {0x17DD, 0x17DD},   {0x18A9, 0x18A9},   {0x1939, 0x193B},
    {0x1A17, 0x1A18},   {0x1A60, 0x1A60},   {0x1A75, 0x1A7F},   {0x1AB0, 0x1ACE},   {0x1B34, 0x1B34},
    {0x1B44, 0x1B44},   {0x1B6B, 0x1B73},   {0x1BAA, 0x1BAB},   {0x1BE6, 0x1BF3},   {0x1C37, 0x1C37},
    {0x1CD0, 0x1CF9},   {0x1DC0, 0x1DFF},   {0x2CEF, 0x2CF1},   {0x2D7F, 0x2D7F},   {0x2DE0, 0x2DFF},
    {0x302A, 0x302F},   {0xA66F, 0xA67D},   {0xA69E, 0xA69F},   {0xA6F0, 0xA6F1},   {0xA806, 0xA806},
    {0xA82C, 0xA82C},   {0xA8C4, 0xA8F1},   {0xA92B, 0xA92D},   {0xA953, 0xA953},   {0xA9B3, 0xA9B3},
    {0xA9C0, 0xA9C0},   {0xAAB0, 0xAAC1},   {0xAAF6, 0xAAF6},   {0xABED, 0xABED},   {0xFB1E, 0xFB1E},
    {0xFE20, 0xFE2F},   {0x101FD, 0x10F85}, {0x11046, 0x11046}, {0x11070, 0x11070}, {0x1107F, 0x1107F},
    {0x110B9, 0x110B9}, {0x11100, 0x1193F}, {0x11943, 0x11D97}, {0x16AF0, 0x16B36}, {0x16FF0, 0x16FF1},
    {0x1BC9E, 0x1BC9E}, {0x1D165, 0x1D1AD}, {0x1D242, 0x1D244}, {0x1E000, 0x1E94A}};

const char* inf_text_fault_text(InfTextFault fault)
{
    switch (fault) {
#define X(number, NAME, text)                                                                           \
    case INF_TEXT_##NAME: return text;
        INF_TEXT_FAULTS(X)
#undef X
    }
    return "it is not allowed";
}

/// The next code point, strictly. @return 0 with *bytes = 0 if it is not UTF-8
static uint32_t read_point(const uint8_t* at, size_t left, size_t* bytes)
{
    *bytes = 0;
    if (left == 0) {
        return 0;
    }
    uint8_t lead = at[0];
    if (lead < 0x80) {
        *bytes = 1;
        return lead;
    }
    size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || left <= more) {
        return 0;
    }
    uint32_t point = lead & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
        point = point << 6 | (at[i] & 0x3Fu);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (point < least[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
        return 0;
    }
    *bytes = more + 1;
    return point;
}

static bool composes(uint32_t first, uint32_t second)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        if (pairs[i][0] == first && pairs[i][1] == second) {
            return true;
        }
    }
    return false;
}

/// Two marks in a row are in canonical order if their combining classes do not fall. Only where classes rise with
/// the code points, in the points of Hebrew and the vowels of Arabic, are two allowed.
static bool marks_are_ordered(uint32_t first, uint32_t second)
{
    bool hebrew = first >= 0x5B0 && second <= 0x5C2;
    bool arabic = first >= 0x64B && second <= 0x652;
    return (hebrew || arabic) && first < second;
}

static InfTextFault judge_point(uint32_t point)
{
    if (point < 0x20 || (point >= 0x7F && point <= 0x9F)) {
        return INF_TEXT_CONTROL;
    }
    if (is_in(invisible, COUNT(invisible), point)) {
        return INF_TEXT_INVISIBLE;
    }
    if ((point >= 0xE000 && point <= 0xF8FF) || point >= 0xE0000 || (point >= 0xFDD0 && point <= 0xFDEF) ||
        (point & 0xFFFE) == 0xFFFE || point == 0xFFFD || (point >= 0x323B0 && point < 0xE0000)) {
        return INF_TEXT_PRIVATE;
    }
    return is_in(not_composed, COUNT(not_composed), point) ? INF_TEXT_NOT_COMPOSED : INF_TEXT_OK;
}

InfTextFault inf_text_check(const char* text, size_t byte_count, size_t bytes_max)
{
    if (byte_count > bytes_max) {
        return INF_TEXT_LONG;
    }
    const uint8_t* at = (const uint8_t*)text;
    uint32_t previous = 0;
    uint32_t mark_count = 0;
    bool has_ink = false;
    for (size_t i = 0, bytes; i < byte_count; i += bytes) {
        uint32_t point = read_point(at + i, byte_count - i, &bytes);
        if (bytes == 0) {
            return INF_TEXT_NOT_UTF8;
        }
        InfTextFault fault = judge_point(point);
        if (fault != INF_TEXT_OK) {
            return fault;
        }
        if (composes(previous, point)) {
            return INF_TEXT_NOT_COMPOSED;
        }
        bool is_mark = is_in(marks, COUNT(marks), point);
        if (is_mark && mark_count > 0 && (mark_count >= 2 || !marks_are_ordered(previous, point))) {
            return INF_TEXT_NOT_COMPOSED;
        }
        mark_count = is_mark ? mark_count + 1 : 0;
        has_ink |= point != ' ' && !is_mark;
        previous = point;
    }
    return has_ink ? INF_TEXT_OK : INF_TEXT_EMPTY;
}

// ---- tags ----------------------------------------------------------------------------------------------------

typedef enum Script { SCRIPT_NONE, SCRIPT_COMMON, SCRIPT_LATIN, SCRIPT_GREEK, SCRIPT_CYRILLIC } Script;

static Script script_of(uint32_t point)
{
    if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
        (point >= 0xC0 && point <= 0x17F && point != 0xD7 && point != 0xF7) || (point >= 0x218 && point <= 0x21B)) {
        return SCRIPT_LATIN;
    }
    if ((point >= '0' && point <= '9') || point == ' ' || point == '-' || point == '_' || point == '\'') {
        return SCRIPT_COMMON;
    }
    if (point == 0x386 || (point >= 0x388 && point <= 0x38A) || point == 0x38C || point == 0x38E || point == 0x38F ||
        (point >= 0x390 && point <= 0x3A1) || (point >= 0x3A3 && point <= 0x3CE)) {
        return SCRIPT_GREEK;
    }
    if ((point >= 0x400 && point <= 0x45F) || point == 0x490 || point == 0x491) {
        return SCRIPT_CYRILLIC;
    }
    return SCRIPT_NONE;
}

InfTextFault inf_tag_check(const char* tag, size_t byte_count)
{
    if (byte_count == 0) {
        return INF_TEXT_EMPTY;
    }
    InfTextFault fault = inf_text_check(tag, byte_count, 255);
    if (fault != INF_TEXT_OK) {
        return fault;
    }
    Script script = SCRIPT_NONE;
    uint32_t characters = 0, previous = ' ';
    for (size_t i = 0, bytes; i < byte_count; i += bytes) {
        uint32_t point = read_point((const uint8_t*)tag + i, byte_count - i, &bytes);
        Script own = script_of(point);
        if (own == SCRIPT_NONE) {
            return INF_TEXT_LETTER;
        }
        if (own != SCRIPT_COMMON) {
            if (script != SCRIPT_NONE && script != own) {
                return INF_TEXT_MIXED;
            }
            script = own;
        }
        if (point == ' ' && previous == ' ') {
            return INF_TEXT_BLANKS;
        }
        previous = point;
        characters++;
    }
    if (previous == ' ') {
        return INF_TEXT_BLANKS;
    }
    if (characters < INF_TAG_CHARACTERS_MIN) {
        return INF_TEXT_SHORT;
    }
    if (characters > INF_TAG_CHARACTERS_MAX || byte_count > INF_NAME_BYTES - 1) {
        return INF_TEXT_LONG;
    }
    return script == SCRIPT_NONE ? INF_TEXT_NO_LETTER : INF_TEXT_OK;
}

/// Base letters of U+00C0 to U+00FF; '1' stands for ae, '2' for ss.
static const char latin1_base[] = "aaaaaa1ceeeeiiiidnooooo ouuuuyp2"
                                  "aaaaaa1ceeeeiiiidnooooo ouuuuypy";
/// Base letters of U+0100 to U+017F; '3' stands for oe.
static const char latin_a_base[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjjkkkllllllllll"
                                   "nnnnnnnnnoooooo33rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
_Static_assert(sizeof(latin1_base) == 64 + 1, "one base letter for each");
_Static_assert(sizeof(latin_a_base) == 128 + 1, "one base letter for each");

/// Greek capital without accent, and the Latin letter that looks like it.
static uint32_t fold_greek(uint32_t point)
{
    static const struct {
        uint16_t from, to;
    } accents[] = {{0x386, 0x391}, {0x388, 0x395}, {0x389, 0x397}, {0x38A, 0x399}, {0x38C, 0x39F}, {0x38E, 0x3A5},
                   {0x38F, 0x3A9}, {0x390, 0x399}, {0x3AA, 0x399}, {0x3AB, 0x3A5}, {0x3AC, 0x391}, {0x3AD, 0x395},
                   {0x3AE, 0x397}, {0x3AF, 0x399}, {0x3B0, 0x3A5}, {0x3C2, 0x3A3}, {0x3CA, 0x399}, {0x3CB, 0x3A5},
                   {0x3CC, 0x39F}, {0x3CD, 0x3A5}, {0x3CE, 0x3A9}};
    for (size_t i = 0; i < COUNT(accents); i++) {
        if (accents[i].from == point) {
            point = accents[i].to;
        }
    }
    if (point >= 0x3B1 && point <= 0x3C9) {
        point -= 0x20;
    }
    switch (point) {
    case 0x391: return 'a';
    case 0x392: return 'b';
    case 0x395: return 'e';
    case 0x396: return 'z';
    case 0x397: return 'h';
    case 0x399: return 'i';
    case 0x39A: return 'k';
    case 0x39C: return 'm';
    case 0x39D: return 'n';
    case 0x39F: return 'o';
    case 0x3A1: return 'p';
    case 0x3A4: return 't';
    case 0x3A5: return 'y';
    case 0x3A7: return 'x';
    default: return point;
    }
}

static uint32_t fold_cyrillic(uint32_t point)
{
    if (point >= 0x450 && point <= 0x45F) {
        point -= 0x50;
    } else if (point >= 0x430 && point <= 0x44F) {
        point -= 0x20;
    }
    switch (point) {
    case 0x410: return 'a';
    case 0x412: return 'b';
    case 0x400:
    case 0x401:
    case 0x415: return 'e';
    case 0x405: return 's';
    case 0x406:
    case 0x407:
    case 0x4C0: return 'i';
    case 0x408: return 'j';
    case 0x40C:
    case 0x41A: return 'k';
    case 0x41C: return 'm';
    case 0x41D: return 'h';
    case 0x41E: return 'o';
    case 0x420: return 'p';
    case 0x421: return 'c';
    case 0x422: return 't';
    case 0x40E:
    case 0x423: return 'y';
    case 0x425: return 'x';
    case 0x40D:
    case 0x419: return 0x418;
    case 0x403:
    case 0x490:
    case 0x491: return 0x413;
    default: return point;
    }
}

/// One point to one or two folded ones. @return how many, 0 for what is dropped
static size_t fold(uint32_t point, uint32_t out[2])
{
    size_t count = 1;
    out[1] = 0;
    if (point >= 'A' && point <= 'Z') {
        out[0] = point + 32;
    } else if (point >= 0xC0 && point <= 0x17F) {
        out[0] = (uint8_t)(point < 0x100 ? latin1_base[point - 0xC0] : latin_a_base[point - 0x100]);
        if (out[0] <= '3') {
            out[1] = out[0] == '2' ? 's' : 'e';
            out[0] = out[0] == '1' ? 'a' : out[0] == '2' ? 's' : 'o';
            count = 2;
        }
    } else if (point >= 0x218 && point <= 0x21B) {
        out[0] = point < 0x21A ? 's' : 't';
    } else if (point >= 0x370 && point <= 0x3FF) {
        out[0] = fold_greek(point);
    } else if (point >= 0x400) {
        out[0] = fold_cyrillic(point);
    } else {
        out[0] = point;
    }
    switch (out[0]) {
    case ' ':
    case '-':
    case '_':
    case '\'': return 0;
    case '0': out[0] = 'o'; break;
    case '1':
    case 'i': out[0] = 'l'; break;
    default: break;
    }
    return count;
}

InfTextFault inf_tag_skeleton(const char* tag, size_t byte_count, char out[INF_NAME_BYTES])
{
    memset(out, 0, INF_NAME_BYTES);
    InfTextFault fault = inf_tag_check(tag, byte_count);
    if (fault != INF_TEXT_OK) {
        return fault;
    }
    size_t used = 0;
    for (size_t i = 0, bytes; i < byte_count; i += bytes) {
        uint32_t folded[2];
        size_t count = fold(read_point((const uint8_t*)tag + i, byte_count - i, &bytes), folded);
        for (size_t k = 0; k < count; k++) { // never longer than the tag: no point grows
            uint32_t point = folded[k];
            if (used > 0 && point == 'n' && out[used - 1] == 'r') {
                out[used - 1] = 'm';
            } else if (used > 0 && point == 'v' && out[used - 1] == 'v') {
                out[used - 1] = 'w';
            } else if (point < 0x80) {
                out[used++] = (char)point;
            } else {
                out[used++] = (char)(0xC0 | point >> 6);
                out[used++] = (char)(0x80 | (point & 0x3F));
            }
        }
    }
    return INF_TEXT_OK;
}
