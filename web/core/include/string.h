// The part of <string.h> that the core may use; core/base/wasm_libc.c defines it for WebAssembly.
#ifndef INFINITY_WASM_STRING_H
#define INFINITY_WASM_STRING_H
#include <stddef.h>
void* memcpy(void* restrict to, const void* restrict from, size_t byte_count);
void* memmove(void* to, const void* from, size_t byte_count);
void* memset(void* to, int value, size_t byte_count);
int memcmp(const void* left, const void* right, size_t byte_count);
size_t strlen(const char* text);
#endif
