/** The checked-in tables are those that the core's tables make now. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

test('src/wire/tables.ts is current', async () => {
  const script = new URL('../../scripts/types.mjs', import.meta.url).href;
  const { generateTypes } = (await import(script)) as { generateTypes(): string };
  const kept = readFileSync(new URL('../../src/wire/tables.ts', import.meta.url), 'utf8');
  assert.equal(kept, generateTypes(), 'run `npm run types` in web/');
});
