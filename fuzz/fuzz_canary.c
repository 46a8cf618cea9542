// The canary: a planted bug that fuzz/run must find, or fuzzing is blind. Behind a decoder's varint.
#include "fuzz.h"
#include "infinity/reader.h"

static void canary_was_heard(void)
{
    fprintf(stderr, "canary_was_heard\n");
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count)
{
    InfReader reader = inf_reader_make(bytes, count);
    uint64_t first = inf_read_varint(&reader);
    if (reader.ok && first > 300 && inf_read_u8(&reader) == 'c' && inf_read_u8(&reader) == 'h') {
        canary_was_heard();
    }
    return 0;
}
