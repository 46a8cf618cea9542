// The WebAssembly module of the page loads with no imports, its allocator keeps its promises, and texts
// from the core read the same as in the native build.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { load } from "./wasm_run.mjs";

const path = process.env.INF_WASM ?? new URL("../build/wasm/infinity.wasm", import.meta.url).pathname;
const header = await readFile(new URL("../include/infinity/base.h", import.meta.url), "utf8");

function text(exports, address) {
  const bytes = new Uint8Array(exports.memory.buffer, address);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

test("results have the texts of the header", async () => {
  const exports = await load(path);
  const rows = [...header.matchAll(/X\((\d+), \w+, "([^"]+)"\)/g)];
  assert.ok(rows.length >= 20);
  for (const [, number, expected] of rows) {
    assert.equal(text(exports, exports.inf_result_text(Number(number))), expected);
  }
});

test("blocks are aligned, apart, and come back after a reset", async () => {
  const exports = await load(path);
  const mark = exports.inf_wasm_mark();
  const blocks = [1, 64, 1000, 3_000_000].map((bytes) => [exports.inf_wasm_take(bytes), bytes]);
  let end = 0;
  for (const [address, bytes] of blocks) {
    assert.equal(address % 64, 0);
    assert.ok(address >= end, "blocks overlap");
    end = address + bytes;
    new Uint8Array(exports.memory.buffer, address, bytes).fill(0xa5);
  }
  exports.inf_wasm_reset(mark);
  assert.equal(exports.inf_wasm_take(1), blocks[0][0]);
});

test("memory that cannot be had is null, and the module lives on", async () => {
  const exports = await load(path);
  assert.equal(exports.inf_wasm_take(0xffffff00 | 0), 0);
  assert.equal(exports.inf_wasm_take(0xf0000000 | 0), 0);
  assert.notEqual(exports.inf_wasm_take(100), 0);
});

test("a failed assertion stops the module", async () => {
  const exports = await load(path);
  assert.throws(() => exports.inf_wasm_reset(1), WebAssembly.RuntimeError);
});
