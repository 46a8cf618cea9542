// What a fuzzer needs. FUZZ_ENSURE stays on and ends the run with the input kept.
#ifndef INF_FUZZ_FUZZ_H
#define INF_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_ENSURE(condition)                                                                          \
    do {                                                                                                \
        if (!(condition)) {                                                                             \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                     \
            abort();                                                                                    \
        }                                                                                               \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count);

#endif
