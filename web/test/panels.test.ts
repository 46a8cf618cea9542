/** What panels decide without a page: tags, chat lines, the most one can trade, the search of the map. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MarketRow, SystemPoint } from '../src/state/model.ts';
import { most, readLine, search, tagProblem } from '../src/panels/words.ts';

test('a tag that cannot be says why', () => {
  assert.match(tagProblem('  '), /Type a tag/);
  assert.match(tagProblem('x'), /2 characters/);
  assert.match(tagProblem('₡'.repeat(9)), /too long/);
  assert.match(tagProblem('ab\u202ec'), /invisible/);
  assert.equal(tagProblem(' Kestrel '), '');
});

test('chat lines know where they go', () => {
  assert.deepEqual(readLine(' hello ', 'place', ''), { channel: 'place', to: '', text: 'hello' });
  assert.deepEqual(readLine('/w Anya how are you', 'place', ''), { channel: 'whisper', to: 'Anya', text: 'how are you' });
  assert.deepEqual(readLine('/crew ready', 'whisper', 'Anya'), { channel: 'crew', to: '', text: 'ready' });
  assert.deepEqual(readLine('yes', 'whisper', 'Anya'), { channel: 'whisper', to: 'Anya', text: 'yes' });
  assert.deepEqual(readLine('/w Anya', 'place', ''), { channel: 'place', to: '', text: '/w Anya' });
});

test('the most one can trade is bound by stock, hold and money', () => {
  const row: MarketRow = { good: 1, name: 'Ore', price: 16, buy: 20, sell: 15, stock: 100, held: 7 };
  assert.equal(most(row, true, 0, 0), 7);
  assert.equal(most(row, false, 90, 50), 4);
  assert.equal(most(row, false, 9000, 50), 50);
  assert.equal(most({ ...row, stock: 3 }, false, 9000, 50), 3);
  assert.equal(most({ ...row, buy: 0 }, false, 9000, 50), 0);
});

test('the map finds by beginning first, then nearest, never where one is', () => {
  const at = (index: number, name: string, x: number): SystemPoint => ({ address: { x: 0, y: 0, z: 0, index }, name, law: 'open', kelvin: 5000, at: [x, 0, 0], stations: 0 });
  const here = at(0, 'Heart', 0);
  const list = [here, at(1, 'Brae', 9), at(2, 'Abra', 2), at(3, 'Bra', 12)];
  assert.deepEqual(search(list, 'bra', here).map((s) => s.name), ['Brae', 'Bra', 'Abra']);
  assert.deepEqual(search(list, '', here).map((s) => s.name), ['Abra', 'Brae', 'Bra']);
});
