/// @file test.h
/// A tiny test harness. A test program is one or more C files that include this header; each test is
///
///     TEST(ledger_refuses_payment_to_self) { ENSURE(inf_pay(...) == INF_ERROR_RANGE); }
///     TEST_RANDOM(codec_survives_noise) { TestRandom random = {seed}; ... test_random_u64(&random) ... }
///
/// `./test_x` runs all, `./test_x NAME...` those whose name contains a word, `./test_x --list` tells the
/// names. A failed ENSURE ends its test and the next one runs. The last line is `N passed, N failed`; the
/// exit code is 0 when all passed and 1 otherwise (no test at all counts as a failure).
/// A random test prints its seed; INF_TEST_SEED=0x... repeats it.
/// A second C file of the same program defines TEST_NO_MAIN before including this header.
#ifndef INFINITY_TEST_H
#define INFINITY_TEST_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct TestCase TestCase;
struct TestCase {
    const char* name;
    void (*run)(void);
    void (*run_random)(uint64_t seed);
    TestCase* next;
};

typedef struct TestState {
    TestCase* first;
    TestCase** end;
    jmp_buf leave;        // where a failed ENSURE goes
    jmp_buf leave_assert; // where an expected INF_ASSERT goes
    const char* name;
} TestState;

#if defined(TEST_NO_MAIN)
extern TestState test_state;
#else
TestState test_state;
#endif

static inline void test_add(TestCase* test) {
    if (test_state.end == NULL) test_state.end = &test_state.first;
    *test_state.end = test;
    test_state.end = &test->next;
}

#define TEST(test)                                                                                       \
    static void test_##test(void);                                                                       \
    __attribute__((constructor)) static void test_add_##test(void) {                                     \
        static TestCase test_case = {#test, test_##test, NULL, NULL};                                    \
        test_add(&test_case);                                                                            \
    }                                                                                                    \
    static void test_##test(void)

/// The body sees `uint64_t seed`.
#define TEST_RANDOM(test)                                                                                \
    static void test_##test(uint64_t seed);                                                              \
    __attribute__((constructor)) static void test_add_##test(void) {                                     \
        static TestCase test_case = {#test, NULL, test_##test, NULL};                                    \
        test_add(&test_case);                                                                            \
    }                                                                                                    \
    static void test_##test(uint64_t seed)

static inline _Noreturn void test_leave(void) {
    fflush(NULL);
    longjmp(test_state.leave, 1);
}

#define ENSURE(condition)                                                                                \
    do {                                                                                                 \
        if (!(condition)) {                                                                              \
            printf("%s:%d: %s: not so: %s\n", __FILE__, __LINE__, test_state.name, #condition);          \
            test_leave();                                                                                \
        }                                                                                                \
    } while (0)

/// Like ENSURE, with a printf-like text that says more.
#define ENSURE_SAY(condition, ...)                                                                       \
    do {                                                                                                 \
        if (!(condition)) {                                                                              \
            printf("%s:%d: %s: not so: %s: ", __FILE__, __LINE__, test_state.name, #condition);          \
            printf(__VA_ARGS__);                                                                         \
            printf("\n");                                                                                \
            test_leave();                                                                                \
        }                                                                                                \
    } while (0)

#define ENSURE_EQ_U64(expected, actual)                                                                  \
    do {                                                                                                 \
        uint64_t test_expected = (uint64_t)(expected), test_actual = (uint64_t)(actual);                 \
        if (test_expected != test_actual) {                                                              \
            printf("%s:%d: %s: %s is %" PRIu64 " (0x%" PRIx64 "), not %" PRIu64 " (0x%" PRIx64 ")\n",    \
                   __FILE__, __LINE__, test_state.name, #actual, test_actual, test_actual,               \
                   test_expected, test_expected);                                                        \
            test_leave();                                                                                \
        }                                                                                                \
    } while (0)

#define ENSURE_EQ_I64(expected, actual)                                                                  \
    do {                                                                                                 \
        int64_t test_expected = (int64_t)(expected), test_actual = (int64_t)(actual);                    \
        if (test_expected != test_actual) {                                                              \
            printf("%s:%d: %s: %s is %" PRId64 ", not %" PRId64 "\n", __FILE__, __LINE__,                \
                   test_state.name, #actual, test_actual, test_expected);                                \
            test_leave();                                                                                \
        }                                                                                                \
    } while (0)

#define ENSURE_EQ_STR(expected, actual)                                                                  \
    do {                                                                                                 \
        const char *test_expected = (expected), *test_actual = (actual);                                 \
        if (test_actual == NULL || strcmp(test_expected, test_actual) != 0) {                            \
            printf("%s:%d: %s: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, test_state.name,         \
                   #actual, test_actual == NULL ? "(null)" : test_actual, test_expected);                \
            test_leave();                                                                                \
        }                                                                                                \
    } while (0)

/// True within `low..high`, both included.
#define ENSURE_WITHIN(low, high, actual)                                                                 \
    do {                                                                                                 \
        double test_actual = (double)(actual);                                                           \
        if (!(test_actual >= (double)(low) && test_actual <= (double)(high))) {                          \
            printf("%s:%d: %s: %s is %g, not within %g..%g\n", __FILE__, __LINE__, test_state.name,      \
                   #actual, test_actual, (double)(low), (double)(high));                                 \
            test_leave();                                                                                \
        }                                                                                                \
    } while (0)

/// The expression must fail an INF_ASSERT (of infinity/base.h, to be included by the test).
#define ENSURE_ASSERTS(expression)                                                                       \
    do {                                                                                                 \
        inf_assert_set_handler(test_assert_handler);                                                     \
        if (setjmp(test_state.leave_assert) == 0) {                                                      \
            (void)(expression);                                                                          \
            inf_assert_set_handler(NULL);                                                                \
            printf("%s:%d: %s: no assertion failed in: %s\n", __FILE__, __LINE__, test_state.name,       \
                   #expression);                                                                         \
            test_leave();                                                                                \
        }                                                                                                \
        inf_assert_set_handler(NULL);                                                                    \
    } while (0)

static inline void test_assert_handler(const char* condition, const char* file, int line) {
    (void)condition, (void)file, (void)line;
    longjmp(test_state.leave_assert, 1);
}

/// splitmix64; the tests' own source of chance, apart from the core's.
typedef struct TestRandom {
    uint64_t state;
} TestRandom;

static inline uint64_t test_random_u64(TestRandom* random) {
    uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/// In [0, limit); limit > 0.
static inline uint64_t test_random_below(TestRandom* random, uint64_t limit) {
    return test_random_u64(random) % limit;
}

static inline void test_random_bytes(TestRandom* random, void* out, size_t byte_count) {
    uint8_t* bytes = (uint8_t*)out;
    for (size_t i = 0; i < byte_count; i++) bytes[i] = (uint8_t)(test_random_u64(random) >> 24);
}

#if !defined(TEST_NO_MAIN)
static bool test_is_wanted(const TestCase* test, int argc, char** argv) {
    for (int i = 1; i < argc; i++) {
        if (strstr(test->name, argv[i]) != NULL) return true;
    }
    return argc < 2;
}

static uint64_t test_seed_take(void) {
    const char* text = getenv("INF_TEST_SEED");
    if (text != NULL && *text != '\0') return strtoull(text, NULL, 0);
    struct timespec now = {0, 0};
    timespec_get(&now, TIME_UTC);
    TestRandom random = {(uint64_t)now.tv_sec * 1000000007u + (uint64_t)now.tv_nsec};
    return test_random_u64(&random);
}

// Apart from main, so that nothing main remembers is lost when a test is left.
__attribute__((noinline)) static bool test_run(const TestCase* test, uint64_t seed) {
    test_state.name = test->name;
    if (setjmp(test_state.leave) != 0) return false;
    if (test->run_random != NULL) test->run_random(seed);
    else test->run();
    return true;
}

int main(int argc, char** argv) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (const TestCase* test = test_state.first; test != NULL; test = test->next) puts(test->name);
        return 0;
    }
    int passed_count = 0, failed_count = 0;
    for (const TestCase* test = test_state.first; test != NULL; test = test->next) {
        if (!test_is_wanted(test, argc, argv)) continue;
        uint64_t seed = test->run_random != NULL ? test_seed_take() : 0;
        if (test->run_random != NULL) printf("%s: seed 0x%" PRIx64 "\n", test->name, seed);
        if (test_run(test, seed)) {
            passed_count++;
        } else {
            printf("failed: %s\n", test->name);
            failed_count++;
        }
    }
    if (passed_count + failed_count == 0) {
        printf("no such test; --list tells the names\n");
        failed_count++;
    }
    printf("%d passed, %d failed\n", passed_count, failed_count);
    return failed_count == 0 ? 0 : 1;
}
#endif

#endif
