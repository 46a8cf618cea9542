/** Orders: canonical form, what is signed, and what a refusal says; passages that survive a reload. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import test from 'node:test';
import { asked, dropAsked, hearAsked, readPassages } from '../src/state/acts.ts';
import { soulOfHash } from '../src/state/souls.ts';
import { canonical, hex, signedBytes, signMandate, signOrder } from '../src/wire/orders.ts';

test('canonical JSON sorts keys by their units, and knows no broken numbers', () => {
  assert.equal(canonical({ b: 1, a: [true, null, 'ö\u2028"'], '\ud83d\ude00': 2, '\ufb33': 3, B: {} }), '{"B":{},"a":[true,null,"ö\u2028\\""],"b":1,"\ud83d\ude00":2,"\ufb33":3}');
  assert.throws(() => canonical({ a: 0.5 }), RangeError);
  assert.throws(() => canonical(2 ** 60), RangeError);
});

test('an order is signed over its canonical form without signatures', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const signer = { publicKey: raw as Uint8Array<ArrayBuffer>, sign: async (m: Uint8Array) => new Uint8Array(sign(null, m, privateKey)) as Uint8Array<ArrayBuffer> };
  const mandate = await signMandate({ identity: 'aa'.repeat(32), epoch: 3, server: 'bb'.repeat(32), to: '00'.repeat(32) }, signer, 5000);
  const order = await signOrder('cut', 77n, { to: 'https://a.example', mandate }, signer, 1234567);
  assert.equal(order['issued'], 1234);
  assert.equal(order['soul'], '77');
  assert.equal(order['key'], hex(raw));
  const bytes = signedBytes('infinity-order-1', order);
  assert.ok(!new TextDecoder().decode(bytes).includes('mandate'));
  assert.ok(new TextDecoder().decode(bytes).startsWith('infinity-order-1\n{"act":"cut","issued":1234,"key":"'));
  assert.ok(verify(null, bytes, publicKey, Buffer.from(order['soul_signature'] as string, 'hex')));
  assert.ok(verify(null, signedBytes('infinity-mandate-1', mandate), publicKey, Buffer.from(mandate['soul_signature'] as string, 'hex')));
  const other = await signOrder('cut', 77n, { to: 'https://a.example' }, signer, 1234567);
  assert.notEqual(other['nonce'], order['nonce']);
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
