/// @file fault.h
/// What can be wrong with what people and servers hand in: one sentence each, and where it was found.
#ifndef INFINITY_SOULS_FAULT_H
#define INFINITY_SOULS_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/// X(number, NAME, "what is wrong"): numbers may be told to others and are never reused.
#define INF_SOULS_FAULTS(X)                                                                             \
    X(0, OK, "fine")                                                                                    \
    X(1, MEMORY, "out of memory")                                                                       \
    X(2, SIZE, "it is larger than allowed")                                                             \
    X(3, DEPTH, "it is nested deeper than allowed")                                                     \
    X(4, TRUNCATED, "it ends too early: a part of it is missing")                                       \
    X(5, JSON, "it is not JSON")                                                                        \
    X(6, CANONICAL, "it is not in the canonical form of RFC 8785")                                      \
    X(7, NUMBER, "a number cannot be written exactly")                                                  \
    X(8, VERSION, "it is of a version that this program does not know")                                 \
    X(9, KIND, "it is something else than what was asked for")                                          \
    X(10, MISSING, "a field is missing")                                                                \
    X(11, FIELD, "a field has a wrong value")                                                           \
    X(12, UNKNOWN_FIELD, "there is a field that does not belong there")                                 \
    X(13, COUNT, "there are more of them than allowed")                                                 \
    X(14, UNSIGNED, "a signature is missing")                                                           \
    X(15, SOUL_SIGNATURE, "the soul's signature does not hold: it was forged, or changed after it was signed")     \
    X(16, SERVER_SIGNATURE, "the server's signature does not hold: it was forged, or changed after it was signed") \
    X(17, OTHER_SIGNATURE, "the other soul's signature does not hold")                                  \
    X(18, KEY, "it was signed by another key than the soul's own")                                      \
    X(19, FOUNDING, "the founding record does not fit the identity")                                    \
    X(20, HASH, "a hash does not match")                                                                \
    X(21, LINEAGE_GAP, "the lineage has a gap: an earlier record is missing")                           \
    X(22, LINEAGE_HEAD, "the lineage does not lead to this soul's newest record")                       \
    X(23, LINEAGE_ORDER, "the lineage tells things that cannot follow each other")                      \
    X(24, LINEAGE_EPOCH, "the lineage's epochs do not follow each other")                               \
    X(25, LINEAGE_FORK, "the lineage forks: one soul lived twice")                                      \
    X(26, UNRELATED, "they are not of one lineage")                                                     \
    X(27, MANDATE, "the mandate does not cover this")                                                   \
    X(28, ADDRESSEE, "it is for another server")                                                        \
    X(29, IO, "it could not be read or written")                                                        \
    X(30, PROGRAM, "a program that is needed could not do its work")                                    \
    X(31, NOT_FOUND, "there is no such thing here")                                                     \
    X(32, EXISTS, "that exists already")                                                                \
    X(33, FORGOTTEN, "its secret was given away when it left")                                          \
    X(34, LAYOUT, "the words and numbers of it do not fit together")

typedef enum InfSoulsFault {
#define X(number, NAME, text) INF_SOULS_##NAME = number,
    INF_SOULS_FAULTS(X)
#undef X
} InfSoulsFault;

/// A fault and where it was found ("memories[3].kind", a path, a line); `where` may be empty. Start it as {0}.
typedef struct InfSoulsError {
    InfSoulsFault fault;
    char where[160];
} InfSoulsError;

/// One plain sentence without a full stop; static lifetime.
const char* inf_souls_fault_text(InfSoulsFault fault);
/// Keep the first fault that is told. `error` may be null. @return false, for `return inf_souls_fail(…)`
bool inf_souls_fail(InfSoulsError* error, InfSoulsFault fault, const char* format, ...) __attribute__((format(printf, 3, 4)));
/// "memories[3].kind: a field has a wrong value" @return out
const char* inf_souls_error_text(const InfSoulsError* error, char* out, size_t out_bytes);

#endif
