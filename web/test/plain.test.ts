/** Pure parts: words and numbers, keys, targets, routes, what is sent again, settings, the challenge. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { actionFor, ACTIONS, bindings, keyLabel, strokeName } from '../src/input/keymap.ts';
import { stepTarget, targetList } from '../src/input/targets.ts';
import type { Place, Ship, SystemPoint } from '../src/state/model.ts';
import { findRoute } from '../src/state/route.ts';
import { credits, distance, duration, lightYears, number, percent, speed } from '../src/util/format.ts';
import { alphaFor, TickClock } from '../src/view/motion.ts';
import { isSoftware, Pace, qualityFor } from '../src/view/pace.ts';
import { challengeBytes } from '../src/wire/challenge.ts';
import { PendingInputs } from '../src/wire/pending.ts';
import { readStatement } from '../src/wire/statement.ts';

test('money, time and distance are written as people read them', () => {
  assert.equal(credits(1234), '1,234 ₡');
  assert.equal(credits(-1234567), '−1,234,567 ₡');
  assert.equal(number(999), '999');
  assert.equal(duration(200), '3 min 20 s');
  assert.equal(duration(59.9), '59 s');
  assert.equal(duration(3 * 3600 + 300), '3 h 05 min');
  assert.equal(duration(Infinity), 'for ever');
  assert.equal(distance(640), '640 m');
  assert.equal(distance(9800), '9.8 km');
  assert.equal(distance(12_400_000), '12,400 km');
  assert.equal(distance(1.4959787e11), '1.00 au');
  assert.equal(lightYears(4.23), '4.2 ly');
  assert.equal(speed(320), '320 m/s');
  assert.equal(percent(1.2), '100 %');
});

test('every action has its own default key', () => {
  const keys = ACTIONS.map(([, , key]) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test('a chosen key beats a default, and an unbound one does nothing', () => {
  assert.equal(actionFor('KeyQ', {}), 'approach');
  assert.equal(actionFor('KeyQ', { dock: 'KeyQ' }), 'dock');
  assert.equal(actionFor('KeyD', { dock: '' }), undefined);
  assert.equal(bindings({ dock: 'KeyZ' }).get('dock'), 'KeyZ');
  assert.equal(strokeName({ code: 'Slash', shiftKey: true, ctrlKey: false, altKey: false, metaKey: false }), 'Shift+Slash');
  assert.equal(keyLabel('Shift+Slash'), '?');
  assert.equal(keyLabel('KeyQ'), 'Q');
});

const ship = (slot: number, x: number): Ship => ({
  slot, id: BigInt(slot), soul: 0n, hull: 'shuttle', name: '', ghost: false, drone: false, radius: 1, hullShare: 1, shieldShare: 1, thrust: 0, docked: false, cruising: false, spooling: false, mining: false,
  bounty: 0, position: [x, 0, 0], velocity: [0, 0, 0], attitude: [0, 0, 0, 1],
});
const system: SystemPoint = { address: { x: 0, y: 0, z: 0, index: 0 }, name: 'A', law: 'charted', kelvin: 5000, at: [0, 0, 0], stations: 1 };

test('Tab walks places, then ships by distance, round and back', () => {
  const body = (place: number, kind: 'star' | 'station') => ({ place, kind, name: '', at: [0, 0, 0] as [number, number, number], radius: 1, look: 'rock' as const, rings: false, seed: 0 });
  const place: Place = { system, place: 1, kind: 'station', name: 'S', bodies: [body(0, 'star'), body(1, 'station')], rocks: [] };
  const ships = new Map([[5, ship(5, 900)], [6, ship(6, 100)], [9, ship(9, 0)]]);
  const order = targetList(ships, place, 9).map((t) => (t.kind === 'ship' ? `s${t.slot}` : `b${t.place}`));
  assert.deepEqual(order, ['b1', 's6', 's5']);
  const first = stepTarget(1, ships, place, 9, null);
  assert.deepEqual(first, { kind: 'body', place: 1 });
  assert.deepEqual(stepTarget(-1, ships, place, 9, first), { kind: 'ship', slot: 5, id: 5n });
  assert.equal(stepTarget(1, new Map(), null, 0, null), null);
});

test('a route goes over stops that are one jump apart, and says when there is none', () => {
  const at = (x: number): SystemPoint => ({ ...system, name: String(x), at: [x, 0, 0] });
  const [a, b, c, d] = [at(0), at(8), at(16), at(60)] as [SystemPoint, SystemPoint, SystemPoint, SystemPoint];
  assert.deepEqual(findRoute([a, b, c, d], a, c, 10).map((s) => s.name), ['0', '8', '16']);
  assert.deepEqual(findRoute([a, b, c, d], a, c, 20).map((s) => s.name), ['0', '16']);
  assert.deepEqual(findRoute([a, b, c, d], a, d, 10), []);
  assert.deepEqual(findRoute([a, b], a, a, 10), []);
});

test('after a lost connection only what was not applied is sent again', () => {
  const p = new PendingInputs();
  const add = (ms: number) => {
    const sequence = p.next();
    p.add({ sequence, bytes: new Uint8Array([sequence]), what: `input ${sequence}`, sentMs: ms });
    return sequence;
  };
  for (let i = 0; i < 4; i++) add(1000);
  let taken = 0;
  p.add({ sequence: 40, bytes: new Uint8Array(1), what: 'Ask', sentMs: 0, refused: () => { taken++; } });
  p.answered(40)?.refused?.();
  assert.equal(taken, 1);
  assert.equal(p.answered(2)?.what, 'input 2');
  assert.equal(p.answered(2), undefined);
  assert.deepEqual(p.resume(1, 2000).map((x) => x.sequence), [3, 4]);
  assert.deepEqual(p.resume(3, 2000).map((x) => x.sequence), [4]);
  assert.deepEqual(p.resume(3, 99_000), [], 'what is long past is not done late');
  assert.equal(p.next(), 5);
  assert.deepEqual(p.resume(70, 99_000), []);
  assert.equal(p.next(), 71, 'another page of the same soul was ahead');
});

test('the clock follows ticks without a jolt and jumps only when far off', () => {
  const c = new TickClock();
  c.heard(1000, 0);
  assert.equal(c.at(100), 1001);
  c.heard(1003, 200); // half a tick… the guess was 1002
  assert.ok(Math.abs(c.at(200) - 1002.1) < 1e-9);
  c.heard(5000, 300);
  assert.equal(c.at(300), 5000);
  assert.equal(alphaFor(1001.4, 1001), 0);
  assert.ok(Math.abs(alphaFor(1002.4, 1001) - 1) < 1e-9);
  assert.equal(alphaFor(2000, 1001), 4);
});

test('a machine without a graphics card gets low, and slow ones less resolution', () => {
  assert.ok(isSoftware('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)'));
  assert.ok(isSoftware('llvmpipe (LLVM 15.0.6, 256 bits)'));
  assert.ok(!isSoftware('ANGLE (NVIDIA, NVIDIA GeForce RTX 3060)'));
  assert.equal(qualityFor('Mesa Intel(R) UHD Graphics 620'), 'high');
  const p = new Pace(20, 0.55);
  let advice;
  for (let i = 0; i < 21; i++) advice = p.frame(100) ?? advice;
  assert.ok(advice && advice.scale < 1 && !advice.lower);
  for (let i = 0; i < 300; i++) advice = p.frame(100) ?? advice;
  assert.ok(advice?.lower && advice.scale === 0.55);
});

test('a statement is read row by row; what is broken changes nothing', () => {
  const old = [{ id: 1, tick: 2, amount: 3, reason: 'x' }];
  const text = (t: string) => new TextEncoder().encode(t);
  assert.equal(readStatement(text('{"lines"'), old), old);
  assert.deepEqual(readStatement(text('{"lines":[{"tick":9,"amount":-5,"reason":"air","pocket":"carried"},{"tick":"no"},7]}'), old), [{ id: 0, tick: 9, amount: -5, reason: 'air' }]);
});

test('the challenge is domain, galaxy, origin, nonce and expiry', () => {
  const bytes = challengeBytes({ galaxy: Array(16).fill(7) as number[], nonce: Array(32).fill(9) as number[], expires_unix_s: 258n }, 'http://a');
  assert.equal(bytes.length, 19 + 16 + 8 + 32 + 8);
  assert.equal(Buffer.from(bytes.subarray(0, 19)).toString(), 'infinity sign-in v1');
  assert.equal(Buffer.from(bytes.subarray(35, 43)).toString(), 'http://a');
  assert.deepEqual([...bytes.subarray(-8)], [2, 1, 0, 0, 0, 0, 0, 0]);
});
