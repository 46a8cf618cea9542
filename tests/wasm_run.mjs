// Calls one export of a WebAssembly module of ours: node tests/wasm_run.mjs FILE [EXPORT [NUMBER...]]
// Without an export it lists them. A 64-bit result is printed as unsigned hexadecimal, so that a hash
// looks as it does from the native programs. The modules import nothing: no clock, no chance, no host.
import { readFile } from "node:fs/promises";

export async function load(path) {
  const module = await WebAssembly.compile(await readFile(path));
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) {
    throw new Error(`${path} imports ${imports.map((i) => `${i.module}.${i.name}`).join(", ")}; it must import nothing`);
  }
  return (await WebAssembly.instantiate(module, {})).exports;
}

export function call(exports, name, texts) {
  const run = exports[name];
  if (typeof run !== "function") throw new Error(`no such export: ${name}`);
  // A u64 parameter wants a BigInt and others a number; written `5n` it is a BigInt.
  const values = texts.map((text) => (/^\d+n$/.test(text) ? BigInt(text.slice(0, -1)) : Number(text)));
  const result = run(...values);
  return typeof result === "bigint" ? BigInt.asUintN(64, result).toString(16).padStart(16, "0") : String(result);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const [path, name, ...texts] = process.argv.slice(2);
  if (path === undefined) {
    console.error("usage: node tests/wasm_run.mjs FILE [EXPORT [NUMBER...]]");
    process.exit(2);
  }
  const exports = await load(path);
  console.log(name === undefined ? Object.keys(exports).join("\n") : call(exports, name, texts));
}
