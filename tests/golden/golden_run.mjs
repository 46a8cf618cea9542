// node tests/golden/golden_run.mjs build/wasm/golden.wasm [TICKS]: prints "golden <hash>" as golden_hash does.
import { call, load } from "../wasm_run.mjs";

const [file, ticks = "10000"] = process.argv.slice(2);
console.log(`golden ${call(await load(file), "inf_golden_run", [ticks])}`);
