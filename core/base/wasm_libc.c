// The four memory functions that a compiler may call on its own, and strlen, for WebAssembly: there the
// core runs with no C library. Built with -fno-builtin (cmake/wasm.mk), or the compiler would turn the
// loops into calls of themselves. memcpy, memmove and memset are single instructions (bulk memory).
#if defined(__wasm__)

#include <stddef.h>

void* memcpy(void* restrict to, const void* restrict from, size_t byte_count);
void* memmove(void* to, const void* from, size_t byte_count);
void* memset(void* to, int value, size_t byte_count);
int memcmp(const void* left, const void* right, size_t byte_count);
size_t strlen(const char* text);

void* memcpy(void* restrict to, const void* restrict from, size_t byte_count) {
    return __builtin_memmove(to, from, byte_count);
}

void* memmove(void* to, const void* from, size_t byte_count) {
    return __builtin_memmove(to, from, byte_count);
}

void* memset(void* to, int value, size_t byte_count) { return __builtin_memset(to, value, byte_count); }

int memcmp(const void* left, const void* right, size_t byte_count) {
    const unsigned char *l = left, *r = right;
    for (size_t i = 0; i < byte_count; i++) {
        if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
    }
    return 0;
}

size_t strlen(const char* text) {
    size_t byte_count = 0;
    while (text[byte_count] != '\0') byte_count++;
    return byte_count;
}

#else
// Elsewhere the C library has them.
_Static_assert(sizeof(int) >= 2, "a C file needs at least one declaration");
#endif
