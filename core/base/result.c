// Texts of results, and what happens when an assertion fails.
#include "infinity/base.h"

const char* inf_result_text(InfResult result)
{
    switch (result) {
#define X(number, name, text)                                                                           \
    case INF_##name:                                                                                    \
        return text;
        INF_RESULTS(X)
#undef X
    }
    return "unknown result";
}

// The one variable of the library: set once by a shell before worlds exist, read only when dying.
static InfAssertHandler* assert_handler;

void inf_assert_set_handler(InfAssertHandler* handler)
{
    assert_handler = handler;
}

_Noreturn void inf_assert_fail(const char* condition, const char* file, int line)
{
    if (assert_handler != NULL) {
        assert_handler(condition, file, line);
    }
    __builtin_trap(); // also if a handler dares to return
}
