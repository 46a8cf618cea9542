/// @file text.h
/// What people may write: chat lines, and tags that cannot be mistaken for each other. Pure; used by the rules, the
/// server and, as WebAssembly, the page, so that a name is judged alike everywhere.
#ifndef INFINITY_TEXT_H
#define INFINITY_TEXT_H

#include "infinity/base.h"
#include "infinity/tables/constants.h"

/// X(number, NAME, "what is wrong and what to do")
#define INF_TEXT_FAULTS(X)                                                                              \
    X(0, OK, "fine")                                                                                    \
    X(1, EMPTY, "it is empty; write something")                                                         \
    X(2, LONG, "it is too long; write less")                                                            \
    X(3, SHORT, "it is too short; a tag has 3 to 20 characters")                                        \
    X(4, NOT_UTF8, "it is not UTF-8")                                                                   \
    X(5, NOT_COMPOSED, "it is not in Unicode's composed form (NFC); use composed letters")              \
    X(6, CONTROL, "it has control characters; remove them")                                             \
    X(7, INVISIBLE, "it has invisible or direction-changing characters; remove them")                   \
    X(8, PRIVATE, "it has characters without a meaning; remove them")                                   \
    X(9, LETTER, "a tag may have letters, digits, blanks and - _ ' only")                               \
    X(10, MIXED, "a tag may be in one script only: Latin, Greek or Cyrillic")                           \
    X(11, BLANKS, "a tag may not begin or end with a blank or have two in a row")                       \
    X(12, NO_LETTER, "a tag needs at least one letter")

typedef enum InfTextFault {
#define X(number, NAME, text) INF_TEXT_##NAME = number,
    INF_TEXT_FAULTS(X)
#undef X
} InfTextFault;

/// Never null; static lifetime.
INF_API const char* inf_text_fault_text(InfTextFault fault);

#define INF_TAG_CHARACTERS_MIN 3
#define INF_TAG_CHARACTERS_MAX 20

/// A line of chat or a free name: strict UTF-8 in composed form (NFC), one line, no C0 and C1 controls, no bidi,
/// zero-width or other invisible characters, no private use and no noncharacters, not all blanks. Combining accents
/// are refused where a composed letter may exist (U+0300 to U+036F), and two marks in a row but for Hebrew and Arabic vowels.
/// @param bytes_max  longest that is allowed, without a terminator
INF_API InfTextFault inf_text_check(const char* text, size_t byte_count, size_t bytes_max);

/// A tag: 3 to 20 characters and at most INF_NAME_BYTES - 1 bytes; letters of one script (Latin to U+017F and the
/// Romanian four, Greek, Cyrillic), digits, single blanks inside, and - _ '.
INF_API InfTextFault inf_tag_check(const char* tag, size_t byte_count);

/// What two tags must not share: case, accents, blanks and punctuation are dropped, and letters that look alike in
/// some script or other are folded (0 o O, 1 l I i, rn m, vv w, Greek and Cyrillic capitals that look Latin).
/// @param out  zero-filled to its end @return the fault of the tag; out is all zero unless INF_TEXT_OK
INF_API InfTextFault inf_tag_skeleton(const char* tag, size_t byte_count, char out[INF_NAME_BYTES]);

#endif
