// A mutator that knows JSON: half of the time one value of the document is changed, removed, doubled or exchanged for
// another one and the whole is written canonically; otherwise the bytes are changed as libFuzzer would.
#ifndef INF_FUZZ_MUTATE_JSON_H
#define INF_FUZZ_MUTATE_JSON_H

#include <stddef.h>
#include <stdint.h>

/// What LLVMFuzzerCustomMutator asks for, of an input whose document begins after the first `before` bytes.
/// @return how many bytes there are now, at most `bytes_max`
size_t fuzz_mutate_json(uint8_t* bytes, size_t count, size_t bytes_max, unsigned seed, size_t before);

#endif
