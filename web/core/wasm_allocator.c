// The bump allocator of wasm_allocator.h.
//
//   0 .. stack .. data .. __heap_base .. [head 64][block] [head 64][block] .. next_address .. memory end
//
// The 64 bytes before a block hold its size, so that a block can grow: in place when it is the last.
#include "wasm_allocator.h"

#include <string.h>

#define PAGE_BYTES  65536u
#define ALIGN_BYTES 64u

extern unsigned char __heap_base; // set by the linker

static size_t next_address;

static size_t align_up(size_t value) { return (value + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1); }

// Make the memory reach up to `end`; false when the host refuses.
static bool memory_reach(size_t end) {
    size_t have_bytes = (size_t)__builtin_wasm_memory_size(0) * PAGE_BYTES;
    if (end <= have_bytes) return true;
    size_t page_count = (end - have_bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    return __builtin_wasm_memory_grow(0, page_count) != (size_t)-1;
}

size_t inf_wasm_mark(void) {
    if (next_address == 0) next_address = align_up((size_t)&__heap_base);
    return next_address;
}

void inf_wasm_reset(size_t mark) {
    INF_ASSERT(mark >= align_up((size_t)&__heap_base) && mark <= inf_wasm_mark());
    next_address = mark;
}

void* inf_wasm_take(size_t byte_count) {
    size_t head = inf_wasm_mark(), block = head + ALIGN_BYTES;
    if (byte_count > (size_t)-1 - 2 * ALIGN_BYTES - head) return NULL;
    size_t end = align_up(block + byte_count);
    if (!memory_reach(end)) return NULL;
    *(size_t*)head = byte_count;
    next_address = end;
    return (void*)block;
}

static void* reallocate(void* user, void* old, size_t old_bytes, size_t new_bytes) {
    (void)user, (void)old_bytes;
    if (old == NULL) return new_bytes == 0 ? NULL : inf_wasm_take(new_bytes);
    size_t head = (size_t)old - ALIGN_BYTES;
    size_t had_bytes = *(size_t*)head;
    bool is_last = align_up((size_t)old + had_bytes) == next_address;
    if (new_bytes == 0) {
        if (is_last) next_address = head;
        return NULL;
    }
    if (is_last) {
        size_t end = align_up((size_t)old + new_bytes);
        if (end < (size_t)old || !memory_reach(end)) return NULL;
        *(size_t*)head = new_bytes;
        next_address = end;
        return old;
    }
    if (new_bytes <= had_bytes) return old;
    void* block = inf_wasm_take(new_bytes);
    if (block != NULL) memcpy(block, old, had_bytes);
    return block;
}

const InfAllocator* inf_wasm_allocator(void) {
    static const InfAllocator allocator = {reallocate, NULL};
    return &allocator;
}
