/** Canonical form, questions between souls, passages that survive a reload. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { asked, dropAsked, hearAsked, readPassages } from '../src/state/acts.ts';
import { soulOfHash } from '../src/state/souls.ts';
import { canonical } from '../src/wire/orders.ts';

test('canonical JSON sorts keys by their units, and knows no broken numbers', () => {
  assert.equal(canonical({ b: 1, a: [true, null, 'ö\u2028"'], '\ud83d\ude00': 2, '\ufb33': 3, B: {} }), '{"B":{},"a":[true,null,"ö\u2028\\""],"b":1,"\ud83d\ude00":2,"\ufb33":3}');
  assert.throws(() => canonical({ a: 0.5 }), RangeError);
  assert.throws(() => canonical(2 ** 60), RangeError);
});

test('the same question again takes the place of the older one', () => {
  hearAsked(5n, 'Ada', 7);
  hearAsked(5n, 'Ada', 7);
  hearAsked(5n, 'Ada', 2);
  assert.deepEqual(asked.value.map((a) => a.act), [7, 2]);
  dropAsked(asked.value[0]!.id);
  assert.deepEqual(asked.value.map((a) => a.act), [2]);
});

test('stored passages are read with care', () => {
  const good = { transfer: 'ab'.repeat(16), name: 'Ada', to: 'https://a', state: 'sent', text: '' };
  assert.deepEqual(readPassages(JSON.stringify([good, { ...good, transfer: 'x' }, 7, null, { ...good, state: 'odd' }])), [good]);
  for (const bad of [null, '', '{', '7', '{}']) assert.deepEqual(readPassages(bad), []);
});

test('a link opens a soul only if it names one', () => {
  assert.equal(soulOfHash('#soul=281474976710657'), 281474976710657n);
  for (const bad of ['', '#soul=', '#soul=abc', '#soul=1&x', '#map']) assert.equal(soulOfHash(bad), 0n);
});
