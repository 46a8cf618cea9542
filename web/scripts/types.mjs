// Prints or writes src/wire/tables.ts: compiles tools/gen_types.c with the core's codec and runs it.
//   node scripts/types.mjs --write     (npm run types)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function generateTypes() {
  const folder = mkdtempSync(join(tmpdir(), 'infinity-types-'));
  try {
    const program = join(folder, 'gen_types');
    const sources = ['tools/gen_types.c', 'core/wire/message.c', 'core/base/reader.c', 'core/base/result.c', 'core/base/math.c', 'core/base/hash.c'];
    execFileSync(process.env.CC ?? 'cc', ['-std=c17', '-O1', '-Iinclude', '-Icore', ...sources, '-lm', '-o', program], { cwd: root });
    return execFileSync(program, { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv.includes('--write')) {
  writeFileSync(fileURLToPath(new URL('../src/wire/tables.ts', import.meta.url)), generateTypes());
}
