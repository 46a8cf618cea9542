// All browser stories, one after the other; the last line is the sum.  npm run e2e
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

let passed = 0, failed = 0;
for (const story of ['newcomer.mjs', 'souls.mjs', 'ownkey.mjs', 'leaving.mjs', 'riders.mjs']) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(story, import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (d) => { text += d; process.stdout.write(d); });
  const code = await new Promise((resolve) => { child.once('close', resolve); });
  const found = [...text.matchAll(/^(\d+) passed, (\d+) failed$/gm)].pop();
  passed += Number(found?.[1] ?? 0);
  failed += found ? Number(found[2]) : 1;
  if (code !== 0 && found && Number(found[2]) === 0) failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
