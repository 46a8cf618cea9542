// The bad road itself: each fate does what it says, and the seed decides.
import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import { Proxy } from './proxy.mjs';

const none = { dropRequest: 0, dropAnswer: 0, halveRequest: 0, halveAnswer: 0, repeat: 0, repeatLate: 0, delay: 0, reorder: 0,
  delayMs: 10, reorderMs: 100, lateMs: 30 };

async function withRoad(rates, go) {
  const seen = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => { text += piece; });
    request.on('end', () => { seen.push(text); response.end(`got ${text}`); });
    request.on('error', () => seen.push('broken'));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const road = new Proxy({ seed: 5n, target: server.address().port, rates: { ...none, ...rates } });
  const port = await road.listen();
  const ask = (body) => fetch(`http://127.0.0.1:${port}/x`, { method: 'POST', body }).then((answer) => answer.text()).catch(() => 'failed');
  try {
    await go({ seen, road, ask });
  } finally {
    await road.close();
    server.closeAllConnections();
    server.close();
  }
}

test('a good road passes', () => withRoad({}, async ({ seen, ask }) => {
  assert.equal(await ask('one'), 'got one');
  assert.deepEqual(seen, ['one']);
}));
test('a dropped request never arrives, a dropped answer does its work', async () => {
  await withRoad({ dropRequest: 1000 }, async ({ seen, ask }) => {
    assert.equal(await ask('one'), 'failed');
    assert.deepEqual(seen, []);
  });
  await withRoad({ dropAnswer: 1000 }, async ({ seen, ask }) => {
    assert.equal(await ask('one'), 'failed');
    assert.deepEqual(seen, ['one']);
  });
});
test('a repeated request is the same again', () => withRoad({ repeatLate: 1000 }, async ({ seen, ask }) => {
  assert.equal(await ask('one'), 'got one');
  await new Promise((done) => setTimeout(done, 150));
  assert.deepEqual(seen, ['one', 'one']);
}));
test('a halved request is not taken for a whole one', () => withRoad({ halveRequest: 1000 }, async ({ seen, ask }) => {
  assert.equal(await ask('x'.repeat(1000)), 'failed');
  assert.ok(!seen.includes('x'.repeat(1000)));
}));
test('a halved answer does not reach the asker whole', () => withRoad({ halveAnswer: 1000 }, async ({ seen, ask }) => {
  assert.equal(await ask('one'), 'failed');
  assert.deepEqual(seen, ['one']);
}));
test('a reordered request comes after the next one', () => withRoad({ reorder: 500 }, async ({ seen, ask, road }) => {
  for (let i = 0; i < 20 && !seen.some((text, at) => at > 0 && Number(text) < Number(seen[at - 1])); i++) {
    const first = ask(String(2 * i)), second = new Promise((done) => setTimeout(() => done(ask(String(2 * i + 1))), 10));
    await Promise.all([first, second]);
  }
  assert.ok(road.counts.reordered > 0);
  assert.ok(seen.some((text, at) => at > 0 && Number(text) < Number(seen[at - 1])));
}));
