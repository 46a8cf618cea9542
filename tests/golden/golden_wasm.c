// The golden scene as a WebAssembly export; golden_run.mjs calls it.
#include "scenarios/scenarios.h"
#include "web/core/wasm_allocator.h"

INF_API uint64_t inf_golden_run(uint32_t ticks);

uint64_t inf_golden_run(uint32_t ticks)
{
    return scenario_golden(inf_wasm_allocator(), ticks);
}
