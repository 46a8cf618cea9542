// The harness and the base: what must fail does fail, and every result has its text.
#include "test.h"
#include "infinity/base.h"

TEST(base_results_have_texts) {
#define X(number, name, text) ENSURE_EQ_STR(text, inf_result_text(INF_##name));
    INF_RESULTS(X)
#undef X
    ENSURE(inf_result_text((InfResult)9999) != NULL);
    ENSURE(strlen(inf_result_text((InfResult)9999)) > 0);
}

TEST(harness_sees_assertions) { ENSURE_ASSERTS((inf_assert_fail("planted", __FILE__, __LINE__), 0)); }

TEST(harness_ensure_leaves_the_test) {
    jmp_buf outer;
    memcpy(&outer, &test_state.leave, sizeof outer);
    static volatile bool went_on;
    went_on = false;
    if (setjmp(test_state.leave) == 0) {
        ENSURE(1 + 1 == 3); // planted: the line printed for it is wanted
        went_on = true;
    }
    memcpy(&test_state.leave, &outer, sizeof outer);
    ENSURE(!went_on);
}

TEST_RANDOM(harness_random_is_a_function_of_the_seed) {
    TestRandom one = {seed}, two = {seed};
    for (int i = 0; i < 100; i++) ENSURE_EQ_U64(test_random_u64(&one), test_random_u64(&two));
    TestRandom other = {seed + 1};
    ENSURE(test_random_u64(&one) != test_random_u64(&other));
}
