/** The core in the page: codec round trips, struct offsets, the galaxy, what came damaged. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Core } from '../src/wire/core.ts';
import { FRAMES } from '../src/wire/tables.ts';

const bytes = readFileSync(new URL('../../public/infinity.wasm', import.meta.url));
const core = await Core.from(bytes);

test('a frame comes back as it was written', () => {
  const written = core.encodeFrame('Place', {
    tick: 123456789012n, sector: [-1, 2, -2147483648], system_in_sector: 7, kind: 5, body: 255, law: 2, position_km: [-5n, 6n, 1n << 60n], discoverer_name: 'Ægir ₡',
  });
  assert.equal(written[0], FRAMES.Place.number);
  const back = core.decode(written);
  assert.equal(back?.kind, 'Place');
  assert.ok(back?.kind === 'Place');
  assert.deepEqual(back.data.sector, [-1, 2, -2147483648]);
  assert.deepEqual(back.data.position_km, [-5n, 6n, 1n << 60n]);
  assert.equal(back.data.tick, 123456789012n);
  assert.equal(back.data.discoverer_name, 'Ægir ₡');
  assert.equal(back.data.ships, 0);
});

test('an input is wrapped into an Input frame', () => {
  const frame = core.encodeInput('Say', { soul: 5n, sequence: 9, reach: 2, to: 0n, text: 'hello' });
  const back = core.decode(frame);
  assert.ok(back?.kind === 'Input');
  assert.equal(new DataView(back.data.input.buffer).getUint16(0, true), 11);
  assert.ok(Buffer.from(back.data.input).includes('hello'));
});

test('what only a host may send cannot be encoded', () => {
  assert.throws(() => core.encodeInput('TagClaim', { tag: 'x' }), /cannot be encoded/);
});

test('damaged, truncated and unknown messages are refused', () => {
  const whole = core.encodeFrame('Welcome', { soul: 1n, tag: 'Kestrel' });
  assert.equal(core.decode(whole.subarray(0, whole.length - 1)), undefined);
  assert.equal(core.decode(new Uint8Array([...whole, 0])), undefined);
  assert.equal(core.decode(new Uint8Array([250, 1, 2, 3])), undefined);
  assert.equal(core.decode(new Uint8Array()), undefined);
  assert.equal(core.decode(new Uint8Array(1 << 20)), undefined);
});

test('a text that is too long is an error that names the field', () => {
  assert.throws(() => core.encodeFrame('SignIn', { tag: 'x'.repeat(99) }), /tag is too long/);
});

test('the Heart is what the table says', () => {
  core.openGalaxy(42n, 1);
  const heart = core.system({ x: 0, y: 0, z: 0, index: 0 }, 0);
  assert.ok(heart);
  assert.equal(heart.point.law, 'charted');
  assert.equal(heart.point.stations, 5);
  assert.equal(heart.point.kelvin, 5772);
  const concourse = heart.bodies.find((b) => b.name === 'The Concourse');
  const haven = heart.bodies.find((b) => b.name === 'Haven');
  assert.ok(concourse && haven);
  assert.equal(concourse.kind, 'station');
  assert.equal(haven.look, 'ocean');
  assert.equal(haven.radius, 6_580_000);
  const away = Math.hypot(concourse.at[0] - haven.at[0], concourse.at[1] - haven.at[1], concourse.at[2] - haven.at[2]);
  assert.ok(Math.abs(away / 21_000_000 - 1) < 0.01, `the Concourse circles Haven at 21,000 km, not ${away}`);
  assert.ok(heart.bodies.some((b) => b.rings), 'a planet with rings is seen as one');
});

test('there is no system beyond a sector’s count', () => {
  assert.equal(core.system({ x: 0, y: 0, z: 0, index: 4_000_000 }, 0), undefined);
});

test('neighbours have distinct addresses, names, and places near by', () => {
  const list = core.systemsAround({ x: 0, y: 0, z: 0, index: 0 }, 2);
  assert.ok(list.length > 20, `${list.length} systems`);
  assert.equal(new Set(list.map((s) => JSON.stringify(s.address))).size, list.length);
  for (const s of list) {
    assert.ok(s.name.length > 1);
    assert.ok(Math.max(...s.at.map(Math.abs)) <= 20.001);
  }
});

test('a belt has rocks of some size within its place', () => {
  const rocks = core.rocks({ x: 0, y: 0, z: 0, index: 0 }, 10);
  assert.equal(rocks.length, 64);
  for (const r of rocks) assert.ok(r.radius > 1 && Math.hypot(...r.at) < 250_000);
});

test('the cloud of the arms is densest somewhere and nowhere below zero', () => {
  const cloud = core.cloudAround({ x: 0, y: 0, z: 0, index: 0 }, 10, 50);
  const weights = cloud.filter((_, i) => i % 4 === 3);
  assert.equal(weights.length, 441);
  assert.ok(Math.min(...weights) >= 0 && Math.max(...weights) > Math.min(...weights));
});
