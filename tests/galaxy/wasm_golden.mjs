// Walks the galaxy of tests/galaxy/golden.h, in JavaScript over the exports of the WebAssembly module, and
// asks for the same hashes as the native builds. Also the scalar mathematics.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { load } from "../wasm_run.mjs";

const path = process.env.INF_WASM ?? new URL("../../build/wasm/infinity.wasm", import.meta.url).pathname;
const golden = await readFile(new URL("golden.h", import.meta.url), "utf8");
const constants = await readFile(new URL("../../include/infinity/tables/constants.h", import.meta.url), "utf8");
const nameBytes = Number(constants.match(/#define INF_NAME_BYTES (\d+)/)[1]);
const wanted = (name) => BigInt(golden.match(new RegExp(`#define ${name} (0x[0-9a-f]+)u`))[1]);

const core = await load(path);
const take = (bytes) => core.inf_wasm_take(bytes);
const hasher = take(128), def = take(16), address = take(16), system = take(72), bodies = take(72 * 32);
const name = take(nameBytes), at_km = take(24), four = take(4);
const view = () => new DataView(core.memory.buffer);
const end = () => BigInt.asUintN(64, core.inf_hasher_end(hasher));

function addSector(x, y, z, state) {
  const count = core.inf_sector_system_count(def, x, y, z);
  for (let index = 0; index < count; index++, state.total++) {
    [x, y, z, index].forEach((value, i) => view().setInt32(address + 4 * i, value, true));
    core.inf_system_generate(def, address, system);
    core.inf_hasher_add(hasher, system, 72);
    if (state.total % 16 !== 0) continue;
    const bodyCount = core.inf_system_bodies(def, system, bodies);
    core.inf_hasher_add(hasher, bodies, bodyCount * 72);
    core.inf_system_name(def, address, name);
    core.inf_hasher_add(hasher, name, nameBytes);
    core.inf_body_name(def, system, bodies, bodyCount, bodyCount - 1, name);
    core.inf_hasher_add(hasher, name, nameBytes);
    core.inf_body_position(bodies, bodyCount, bodyCount - 1, BigInt(state.total) * 1000003n, at_km);
    core.inf_hasher_add(hasher, at_km, 24);
  }
}

test("the galaxy in WebAssembly is the native one", () => {
  core.inf_galaxy_def_default(def, 42n);
  core.inf_hasher_init(hasher, 0n);
  const state = { total: 0 };
  const limit = Number(golden.match(/#define GOLDEN_GALAXY_SYSTEMS (\d+)u/)[1]);
  for (let stride = 1; state.total < limit; stride *= 3) {
    for (let z = -4; z < 4; z++) {
      for (let y = -40; y < 40; y++) {
        for (let x = -40; x < 40; x++) addSector(x * stride, y * stride, z, state);
      }
    }
  }
  const [low, high] = [-0x80000000, 0x7fffffff];
  for (let corner = 0; corner < 8; corner++) {
    addSector(corner & 1 ? high : low, corner & 2 ? high : low, corner & 4 ? 1 : -1, state);
  }
  assert.equal(end().toString(16), wanted("GOLDEN_GALAXY_HASH").toString(16));
});

test("the mathematics in WebAssembly is the native one", () => {
  core.inf_hasher_init(hasher, 0n);
  const bits = new DataView(new ArrayBuffer(4));
  const float = (pattern) => (bits.setUint32(0, pattern), bits.getFloat32(0));
  for (let i = 0; i < 100000; i++) {
    const x = float(Number(BigInt.asUintN(32, BigInt(i) * 42949n)));
    const y = float(Number(BigInt.asUintN(32, BigInt(i) * 2654435761n)));
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const results = [core.inf_sinf(x), core.inf_cosf(x), core.inf_atan2f(x, y), core.inf_asinf(x),
      core.inf_acosf(x), core.inf_expf(x), core.inf_logf(x), core.inf_powf(x, y)];
    for (const result of results) {
      view().setFloat32(four, result, true);
      core.inf_hasher_add(hasher, four, 4);
    }
  }
  assert.equal(end().toString(16), wanted("GOLDEN_MATH_HASH").toString(16));
});
