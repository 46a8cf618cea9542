/// @file wasm_allocator.h
/// Memory for the core inside a WebAssembly module: a bump allocator over the module's growing memory.
/// A block is given back only when it is the last one, or all at once by inf_wasm_reset: the page makes
/// its worlds and buffers at the start and keeps them.
#ifndef INFINITY_WASM_ALLOCATOR_H
#define INFINITY_WASM_ALLOCATOR_H

#include "infinity/base.h"

/// For the core's definitions. Static lifetime.
const InfAllocator* inf_wasm_allocator(void);
/// A buffer for the page, 64-byte aligned, not zeroed; null when memory cannot grow any more.
INF_API void* inf_wasm_take(size_t byte_count);
/// Where the next block will be; give it to inf_wasm_reset to free all that was taken since.
INF_API size_t inf_wasm_mark(void);
INF_API void inf_wasm_reset(size_t mark);

#endif
