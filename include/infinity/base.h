/// @file base.h
/// What every part shares: results, assertions, export marks and the allocator. Knows nothing else.
#ifndef INFINITY_BASE_H
#define INFINITY_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__wasm__)
#define INF_API __attribute__((visibility("default"))) __attribute__((used))
#else
#define INF_API __attribute__((visibility("default")))
#endif

/// Ticks in a second of game time: one tick is 100 ms.
#define INF_TICKS_PER_SECOND 10
/// A day on the Concourse is two hours.
#define INF_TICKS_PER_DAY (2 * 60 * 60 * INF_TICKS_PER_SECOND)
/// A month is thirty days.
#define INF_TICKS_PER_MONTH (30 * INF_TICKS_PER_DAY)

/// Outcome of a call that can fail for a reason other than a bug. The text of each is inf_result_text().
/// X(number, NAME, text): numbers are wire format, never reused.
#define INF_RESULTS(X)                                                                                  \
    X(0, OK, "ok")                                                                                      \
    X(1, ERROR_TRUNCATED, "the data ends too early")                                                    \
    X(2, ERROR_RANGE, "a value is out of range")                                                        \
    X(3, ERROR_FORMAT, "the data is malformed")                                                         \
    X(4, ERROR_VERSION, "the data is of a version that this program does not know")                     \
    X(5, ERROR_FULL, "there is no room left for it")                                                    \
    X(6, ERROR_MEMORY, "out of memory")                                                                 \
    X(7, ERROR_NOT_FOUND, "there is no such thing here")                                                \
    X(8, ERROR_EXISTS, "that exists already")                                                           \
    X(9, ERROR_STATE, "that cannot be done now")                                                        \
    X(10, ERROR_DENIED, "that is not allowed")                                                          \
    X(11, ERROR_FUNDS, "not enough credits")                                                            \
    X(12, ERROR_DISTANCE, "it is too far away")                                                         \
    X(13, ERROR_FUEL, "not enough fuel")                                                                \
    X(14, ERROR_CARGO, "not enough room in the hold")                                                   \
    X(15, ERROR_STOCK, "the market has not that much")                                                  \
    X(16, ERROR_HASH, "a hash does not match")                                                          \
    X(17, ERROR_SIGNATURE, "a signature does not match")                                                \
    X(18, ERROR_IO, "the system reported an error")                                                     \
    X(19, ERROR_UNKNOWN, "unknown kind")                                                                \
    X(20, ERROR_PRICE, "the price has moved past the limit")                                            \
    X(21, ERROR_DEAD, "that soul is dead")                                                              \
    X(22, ERROR_MODULE, "the ship has no such module")                                                  \
    X(23, ERROR_CONSENT, "the soul that it is about has not agreed to it")                              \
    X(24, ERROR_STALE, "a newer life of that soul is known here")                                       \
    X(25, ERROR_UNRELATED, "these two souls are not of one lineage")                                    \
    X(26, ERROR_DOCKED, "that is done docked, and two souls at the same station")                       \
    X(27, ERROR_AWAY, "that soul is not in this galaxy now")                                            \
    X(28, ERROR_PLAYER, "that cannot be done to the soul of a player")                                  \
    X(29, ERROR_REFUSED, "that passage was refused, and a refusal is for ever")                         \
    X(30, ERROR_UNBOUND, "that soul has no identity yet")                                               \
    X(31, ERROR_SEATS, "all seats are taken")                                                           \
    X(32, ERROR_SECLUDED, "this galaxy knows no players")                                               \
    X(33, ERROR_PASSENGER, "a passenger cannot do that: it speaks in the head, and leaves where its host is docked")                                                \
    X(34, ERROR_SELF, "that needs another soul")                                                        \
    X(35, ERROR_WANTED, "a soul with a bounty on its head cannot slip away like that")                     \
    X(36, ERROR_DEBT, "the debt has to be paid first")                                                  \
    X(37, ERROR_WAY, "that is no way to travel")                                                        \
    X(38, ERROR_NOT_AWAKE, "only an awake galaxy has senses")                                           \
    X(39, ERROR_AWAKE, "an awake galaxy has no space to do that in")                                    \
    X(40, ERROR_ABOARD, "its passengers have to leave it or to depart first")

typedef enum InfResult {
#define X(number, name, text) INF_##name = number,
    INF_RESULTS(X)
#undef X
} InfResult;

/// One plain sentence without a full stop. Never null; static lifetime.
INF_API const char* inf_result_text(InfResult result);

/// Called when an assertion fails; does not return. A shell may install its own handler (to write a
/// last log line); the default traps.
typedef void InfAssertHandler(const char* condition, const char* file, int line);
INF_API void inf_assert_set_handler(InfAssertHandler* handler);
INF_API _Noreturn void inf_assert_fail(const char* condition, const char* file, int line);

/// Cheap and always on: rather stop than journal a wrong world.
#define INF_ASSERT(condition)                                                                           \
    do {                                                                                                \
        if (__builtin_expect(!(condition), 0)) {                                                        \
            inf_assert_fail(#condition, __FILE__, __LINE__);                                            \
        }                                                                                               \
    } while (0)

/// Memory comes from here, at creation only. `new_bytes == 0` frees and returns null. Memory that is
/// handed out need not be zeroed unless `gives_zeroed` says so (then big pools cost no pages until they are used); it is
/// aligned to at least 64 bytes.
typedef struct InfAllocator {
    void* (*reallocate)(void* user, void* old, size_t old_bytes, size_t new_bytes);
    void* user;
    bool gives_zeroed;
} InfAllocator;

#endif
