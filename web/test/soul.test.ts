/** Portraits, relations and lineages as they are drawn, and the page of a soul as it is read. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { layRelations } from '../src/soul/layout.ts';
import { drawLineage, type LineageRecord } from '../src/soul/lineage.ts';
import { readSoulPage } from '../src/soul/page.ts';
import { drawPortrait, stream } from '../src/soul/portrait.ts';
import { HABIT_TEXTS, readSample } from '../src/soul/sample.ts';
import { FEELING_WORDS, moodWord, relationWord, TRAIT_WORDS } from '../src/soul/words.ts';

const some = (seed: number) => {
  const r = stream(seed);
  return Array.from({ length: 16 }, () => Math.floor(r() * 256));
};

test('the words are those of the core, in its order', () => {
  const kinds = readFileSync(new URL('../../../include/infinity/tables/kinds.inl', import.meta.url), 'utf8');
  const words = (table: string) => {
    const part = kinds.slice(kinds.indexOf(`#define ${table}(X)`)).split('\n\n')[0]!;
    return [...part.matchAll(/X\(\d+, \w+, "([^"]+)"/g)].map((m) => m[1]);
  };
  assert.deepEqual(words('INF_TRAIT_KINDS'), [...TRAIT_WORDS]);
  assert.deepEqual(words('INF_FEELING_KINDS'), [...FEELING_WORDS]);
});

test('a sample is read, and each habit of the server has words', () => {
  const header = readFileSync(new URL('../../../souls/habits.h', import.meta.url), 'utf8');
  const table = header.slice(header.indexOf('#define INF_HABITS(X)')).split('\n\n')[0]!;
  assert.deepEqual([...table.matchAll(/X\(\w+, (\w+), "/g)].map((m) => m[1]!).sort(), Object.keys(HABIT_TEXTS).sort());
  const sample = readSample({ dna: { note: 'estimated', traits: { courage: 1, greed: 0.5, empathy: 7 } }, counted: 3, habits: { sold: 2, jumped: 1, odd: 'x', never: 0 } });
  assert.deepEqual(sample?.traits.slice(0, 4), [255, 128, 255, 128]);
  assert.deepEqual(sample?.habits, [['sold', 2], ['jumped', 1]]);
  assert.equal(sample?.counted, 3);
  assert.equal(readSample({ dna: { traits: {} } })?.counted, null);
  for (const wrong of [null, 1, {}, { dna: 3 }, { dna: { traits: 'x' } }]) assert.equal(readSample(wrong), null);
});

test('a portrait is the same every time, and another for each soul', () => {
  assert.deepEqual(drawPortrait(some(1), 'ab'), drawPortrait(some(1), 'ab'));
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) seen.add(JSON.stringify(drawPortrait(some(i), `key ${i}`).shapes));
  assert.equal(seen.size, 200);
  const one = drawPortrait(some(1), 'ab'), copy = drawPortrait(some(1), 'cd');
  assert.notDeepEqual(one.shapes, copy.shapes);
  assert.equal(one.light, copy.light, 'a copy has the face and the colour of its original');
});

test('a portrait stays in its square, whatever the traits', () => {
  for (const traits of [some(3), Array<number>(16).fill(0), Array<number>(16).fill(255), [], [999, -5]]) {
    const p = drawPortrait(traits, 'k');
    const all = JSON.stringify(p);
    assert.ok(!/NaN|undefined|Infinity/.test(all), all);
    for (const s of p.shapes) {
      if (s.tag !== 'circle') continue;
      assert.ok(Math.abs(Number(s.attributes['cx'])) <= 60 && Math.abs(Number(s.attributes['cy'])) <= 60);
    }
    assert.equal(new Set(p.gradients.map((g) => g.id)).size, p.gradients.length);
  }
});

test('relations lie in their box, apart, the dear ones near, always the same', () => {
  for (let count = 0; count <= 8; count++) {
    const nodes = Array.from({ length: count }, (_, i) => ({ id: String(i), pull: i === 0 ? 1 : (i % 4) / 8 }));
    const a = layRelations(nodes, 320, 240), b = layRelations(nodes, 320, 240);
    assert.deepEqual(a, b);
    for (const p of a) assert.ok(Math.abs(p.x) <= 160 - 26 && Math.abs(p.y) <= 120 - 26);
    for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) assert.ok(Math.hypot(a[i]!.x - a[j]!.x, a[i]!.y - a[j]!.y) > 22, `${count}: ${i} and ${j} lie on each other`);
    if (count > 2) {
      const away = (i: number) => Math.hypot(a[i]!.x / 134, a[i]!.y / 94);
      const far = a.slice(1).reduce((sum, _, i) => sum + away(i + 1), 0) / (count - 1);
      assert.ok(away(0) < far, `${count}: the dearest stands at ${away(0)}, the others at ${far}`);
    }
  }
});

const record = (hash: string, act: string, identity: string, tick: number, ...previous: string[]): LineageRecord => ({ hash, act, identity, tick, here: true, previous, text: '' });
const story = [
  record('f', 'founded', 'A', 1), record('c', 'copied', 'B', 5, 'f'), record('o', 'copied', 'A', 5, 'f'), record('m', 'merged', 'A', 9, 'o', 'c'), record('d', 'departed', 'A', 12, 'm'),
];

test('a lineage is drawn downwards, a lane for each identity, whatever order the records come in', () => {
  const drawing = drawLineage(story);
  assert.equal(drawing.lanes, 2);
  assert.equal(drawing.broken, false);
  assert.deepEqual(drawing.dots.map((d) => d.record.hash), ['f', 'c', 'o', 'm', 'd']);
  assert.deepEqual(drawing.dots.map((d) => d.lane), [0, 1, 0, 0, 0]);
  assert.deepEqual(drawing.lines.map((l) => l.kind), ['branch', 'same', 'same', 'merge', 'same']);
  assert.deepEqual(drawing.dots.filter((d) => d.head).map((d) => d.record.hash), ['d']);
  for (const l of drawing.lines) assert.ok(l.from.row < l.to.row);
  const r = stream(9);
  for (let i = 0; i < 50; i++) assert.deepEqual(drawLineage([...story].sort(() => r() - 0.5)), drawing);
});

test('missing predecessors begin a lane; circles and doubles are told and left out', () => {
  const cut = drawLineage(story.slice(2));
  assert.equal(cut.dots.length, 3);
  assert.equal(cut.broken, false);
  const circle = drawLineage([record('x', 'merged', 'A', 1, 'y'), record('y', 'merged', 'A', 2, 'x'), record('z', 'founded', 'A', 3)]);
  assert.equal(circle.broken, true);
  assert.deepEqual(circle.dots.map((d) => d.record.hash), ['z']);
  assert.equal(drawLineage([story[0]!, story[0]!]).broken, true);
  assert.deepEqual(drawLineage([]).dots, []);
});

test('a soul page is read with what it has, and an error is a sentence', () => {
  assert.equal(readSoulPage({ error: 'not found', reason: 'There is no such soul.' }), 'There is no such soul.');
  for (const bad of [null, 7, [], {}, { soul: 'x' }, { soul: 12 }]) assert.equal(typeof readSoulPage(bad), 'string');
  const page = readSoulPage({ soul: '281474976710657', name: 'Ada', kind: 'mind', alive: true, traits: { courage: 255, greed: 'x', order: 999 }, feelings: [5000, -3], memories: [{ text: 'I met Bob.' }, 4], relations: [{ soul: '9', name: '', affection: 500 }] });
  if (typeof page === 'string') throw new Error(page);
  assert.equal(page.soul, 281474976710657n);
  assert.equal(page.traits![0], 255);
  assert.equal(page.traits![1], 128);
  assert.equal(page.traits![14], 255);
  assert.deepEqual(page.feelings.slice(0, 3), [1000, 0, 0]);
  assert.equal(page.memories.length, 1);
  assert.equal(page.relations[0]!.name, 'somebody');
  assert.equal(page.shown, false);
  assert.equal(page.stateAge, null);
  const gone = readSoulPage({ soul: '12', name: 'Eve', alive: false, state: 'merged', state_age_ticks: 70, with: { soul: '9', name: 'Ada', alive: true }, server: 'ab', history: { ticks: [5], values: [[1]] } });
  if (typeof gone === 'string') throw new Error(gone);
  assert.deepEqual([gone.alive, gone.state, gone.stateAge, gone.with!.name, gone.server, gone.traits, gone.history.ticks], [false, 'merged', 70, 'Ada', 'ab', null, [5]]);
});

test('moods and bonds have words', () => {
  assert.equal(moodWord([0, 0, 0, 0, 0, 0, 0, 0]), 'calm');
  assert.equal(moodWord([0, 900, 0, 0, 0, 0, 500, 0]), 'afraid');
  assert.equal(moodWord([0, 0, 0, 0, 0, 0, 400, 0]), 'glad');
  assert.equal(relationWord(800, 0), 'loves');
  assert.equal(relationWord(-700, 0), 'hates');
  assert.equal(relationWord(0, 0), 'knows');
});
