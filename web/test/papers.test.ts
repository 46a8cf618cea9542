/** Papers: what a holder signs and what it does not; acts whose answers come in pieces, are signed, or taken back. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import test from 'node:test';
import { ActDesk } from '../src/wire/acts.ts';
import { secondsLeft, signings } from '../src/state/acts.ts';
import { readGone } from '../src/state/gone.ts';
import { openIdentity, named, type Identity } from '../src/wire/keys.ts';
import { canonical, hex, Refusal, type JsonObject } from '../src/wire/orders.ts';
import { foundsOnly, problemOf, readPaper, signPaper, type Paper } from '../src/wire/papers.ts';

interface Key extends Identity { readonly open: KeyObject }
function makeKey(): Key {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)) as Uint8Array<ArrayBuffer>;
  return { tag: 'Ada', name: 'Ada', open: publicKey, publicKey: raw, recovery: () => '', sign: async (m) => new Uint8Array(sign(null, m, privateKey)) as Uint8Array<ArrayBuffer> };
}
const sha = (o: JsonObject): string => createHash('sha256').update(canonical(o)).digest('hex');
const me = makeKey(), copy = makeKey(), other = makeKey();
const NUMBER = 'ab'.repeat(16), SELF = '11'.repeat(32);

const founding = (key: Key): JsonObject => ({ format: 'infinity-founding-1', galaxy: '22'.repeat(16), key: hex(key.publicKey), name: 'Eve', nonce: '33'.repeat(16), parent: SELF, root: SELF, tick: 5 });
function paper(prefix: string, object: JsonObject, key: Key, more: JsonObject = {}): Paper {
  const read = readPaper({ paper: NUMBER, act: 'copy', asker: '7', soul: '7', name: 'Eve', until: 9, sign: [{ number: 0, by: 'soul', kind: 'lineage', key: hex(key.publicKey), soul: '7', name: 'Ada', text: `${prefix}\n${canonical(object)}` }], ...more });
  assert.ok(read);
  return read;
}
const copied = (key: Key): Paper => paper('infinity-lineage-1', { act: 'copied', detail: { copy: sha(founding(key)) }, identity: SELF }, me, { founding: founding(key) });
const problem = (p: Paper, act: string, more: object = {}) => problemOf(p, p.sign[0]!, { act, ...more });

test('a copy is signed for the key that was wished for', async () => {
  assert.equal(await problem(copied(copy), 'copy', { copyKey: hex(copy.publicKey) }), '');
  assert.equal(await problem(copied(copy), 'copy'), '');
  assert.match(await problem(copied(other), 'copy', { copyKey: hex(copy.publicKey) }), /another key/);
  assert.match(await problem({ ...copied(copy), founding: founding(other) }, 'copy'), /another one/);
  assert.match(await problem({ ...copied(copy), founding: null }, 'copy'), /another one/);
  assert.match(await problem(copied(copy), 'merge'), /something else/);
  const first = (key: Key, identity = sha(founding(copy))) => paper('infinity-lineage-1', { act: 'copied', detail: { founding: founding(copy), of: SELF }, identity }, key);
  assert.equal(await problem(first(copy), 'copy'), '');
  assert.match(await problem(first(me), 'copy'), /somebody else/);
  assert.match(await problem(first(copy, SELF), 'copy'), /somebody else/);
});

test('a mandate is signed for where one wants to go', async () => {
  const to = '55'.repeat(32), mandate = (where: string) => paper('infinity-mandate-1', { act: 'departed', epoch: 2, format: 'infinity-mandate-1', identity: SELF, server: SELF, to: where, until: 9 }, me);
  assert.equal(await problem(mandate(to), 'cut'), '');
  assert.equal(await problem(mandate(to), 'cut', { to }), '');
  assert.match(await problem(mandate(to), 'cut', { to: '66'.repeat(32) }), /another server/);
  assert.match(await problem(mandate(to), 'download'), /another server/);
  assert.equal(await problem(mandate('0'.repeat(64)), 'download'), '');
  assert.match(await problem(mandate(to), 'copy'), /mandate for leaving/);
});

test('what was not asked for is not signed', async () => {
  for (const prefix of ['infinity-order-1', 'infinity-soul-1', 'infinity-lineage-2', '']) assert.match(await problem(paper(prefix, { act: 'merged', identity: SELF }, me), 'merge'), /neither/);
  assert.match(await problem(paper('infinity-lineage-1', { act: 'departed', detail: {}, identity: SELF }, me), 'merge'), /something else/);
  const odd = copied(copy);
  for (const text of ['infinity-lineage-1\n{ "act":"merged"}', 'infinity-lineage-1\n{', 'infinity-lineage-1\n']) assert.notEqual(await problem({ ...odd, sign: [{ ...odd.sign[0]!, text }] }, 'merge'), '');
  const bad = paper('infinity-order-1', { act: 'cut' }, me).sign[0]!;
  await assert.rejects(signPaper({ ...odd, sign: [odd.sign[0]!, bad] }, { act: 'copy' }, [me]), Refusal);
  assert.equal(await signPaper(odd, { act: 'copy' }, [other]), null);
  const body = await signPaper(odd, { act: 'copy' }, [other, me]), one = (body!['signatures'] as JsonObject[])[0]!;
  assert.ok(verify(null, Buffer.from(odd.sign[0]!.text), me.open, Buffer.from(one['signature'] as string, 'hex')));
  for (const form of [null, 7, {}, { paper: 'x', sign: [] }, { paper: NUMBER, sign: [7] }, { paper: NUMBER, sign: [{ number: 0, key: 'short' }] }]) assert.equal(readPaper(form), null);
});

/** A server of one's own: what was asked, and answers in pieces of 40 bytes. */
function desk(answers: (what: string, fields: JsonObject) => { status: number; data: unknown }) {
  const asked: string[] = [];
  const it: ActDesk = new ActDesk((number, what, json) => {
    asked.push(what);
    const { status, data } = answers(what, JSON.parse(new TextDecoder().decode(json)) as JsonObject), bytes = new TextEncoder().encode(JSON.stringify(data));
    queueMicrotask(() => {
      for (let at = 0; at < bytes.length; at += 40) it.hear({ number, status, more: at + 40 < bytes.length ? 1 : 0, json: bytes.subarray(at, at + 40) });
    });
    return true;
  });
  return { it, asked };
}
const raw = (p: Paper) => ({ paper: p.id, act: p.act, asker: '7', soul: '7', name: 'Eve', until: 9, founding: p.founding, sign: p.sign.map((s) => ({ ...s, soul: '7' })) });
async function card(): Promise<void> {
  for (let i = 0; i < 50 && signings.value.length === 0; i++) await new Promise((done) => { setTimeout(done, 5); });
  assert.equal(signings.value.length, 1);
}

test('an act is shown before it is signed, and is done or taken back', async () => {
  const merged = paper('infinity-lineage-1', { act: 'merged', detail: { other: SELF }, identity: SELF }, me, { act: 'merge' });
  const { it, asked } = desk((what) => (what === 'merge' ? { status: 202, data: raw(merged) } : what === 'sign' ? { status: 200, data: { lives: '7', text: 'x'.repeat(200) } } : { status: 200, data: { withdrawn: 1 } }));
  const done = it.act('merge', { other: '8' }, {}, me, 'galaxy');
  await card();
  signings.value[0]!.answer(true);
  assert.equal((await done)['lives'], '7');
  assert.deepEqual(asked, ['merge', 'sign']);
  assert.equal(signings.value.length, 0);
  const back = it.act('merge', { other: '8' }, {}, me, 'galaxy');
  await card();
  signings.value[0]!.answer(false);
  await assert.rejects(back, /not signed it/);
  assert.deepEqual(asked.slice(2), ['merge', 'withdraw']);
});

test('a signature that is not accepted is taken back; one for another stays to be signed again', async () => {
  const merged = paper('infinity-lineage-1', { act: 'merged', detail: { other: SELF }, identity: SELF }, me, { act: 'merge' });
  const { it, asked } = desk((what) => (what === 'merge' ? { status: 202, data: raw(merged) } : what === 'sign' ? { status: 403, data: { reason: 'A signature does not hold.' } } : { status: 200, data: { papers: [raw(merged)] } }));
  const done = it.act('merge', { other: '8' }, {}, me, 'galaxy');
  await card();
  signings.value[0]!.answer(true);
  await assert.rejects(done, (e: unknown) => e instanceof Refusal && e.status === 403 && /not accept/.test(e.message) && /recovery file/.test(e.help));
  assert.deepEqual(asked, ['merge', 'sign', 'withdraw']);
  const { it: mine, asked: did } = desk((what) => (what === 'sign' ? { status: 403, data: {} } : { status: 200, data: { papers: [raw(merged)] } }));
  mine.show({ ...merged, asker: 9n }, me, 7n, 'galaxy');
  await card();
  assert.ok(!signings.value[0]!.own && signings.value[0]!.problem === '');
  signings.value[0]!.answer(true);
  await card();
  assert.match(signings.value[0]!.problem, /not accepted/);
  signings.value[0]!.answer(false);
  await new Promise((r) => { setTimeout(r, 5); });
  assert.deepEqual(did, ['sign', 'withdraw']);
});

test('what another has to sign is waited for, and its end is told; nothing is asked of who has nothing to sign', async () => {
  const theirs = paper('infinity-lineage-1', { act: 'copied', detail: { copy: SELF }, identity: SELF }, other, {});
  let looks = 0;
  const answers = (end: { status: number; data: unknown }) => desk((what) => (what === 'copy' ? { status: 202, data: raw(theirs) } : what === 'papers' ? { status: 200, data: { papers: ++looks % 2 === 1 ? [raw(theirs)] : [] } } : end));
  const bad = answers({ status: 410, data: { error: 'over', reason: 'That is over: Ada does not sign.' } }), good = answers({ status: 409, data: { error: 'used' } });
  const refused = assert.rejects(bad.it.act('copy', {}, {}, me, 'g'), /does not sign/);
  await refused;
  assert.equal(signings.value.length, 0);
  assert.deepEqual(bad.asked, ['copy', 'papers', 'papers', 'sign']);
  assert.equal((await good.it.act('copy', {}, {}, me, 'g'))['signedBy'], 'Ada');
});

test('a paper whose time is over goes by itself', async () => {
  const late = { ...paper('infinity-lineage-1', { act: 'merged', detail: {}, identity: SELF }, me, { act: 'merge' }), untilUnixS: Math.floor(Date.now() / 1000) + 1 };
  const { it, asked } = desk((what) => (what === 'merge' ? { status: 202, data: { ...raw(late), until: late.untilUnixS } } : { status: 200, data: {} }));
  await assert.rejects(it.act('merge', {}, {}, me, 'g'), /not signed in time/);
  assert.deepEqual(asked, ['merge', 'withdraw']);
  assert.equal(signings.value.length, 0);
  assert.equal(secondsLeft(1000, 990_500), 10);
  assert.equal(secondsLeft(1000, 1_000_500), 0);
  assert.equal(secondsLeft(1000, 0), null); // clocks that differ by more than a paper lives
});

test('a key without a tag has a name here, and signs in without one', async () => {
  const { privateKey } = generateKeyPairSync('ed25519'), jwk = privateKey.export({ format: 'jwk' }) as JsonWebKey;
  const bare = await openIdentity({ tag: '', jwk }), called = await named(bare, 'Rook'), again = await openIdentity(JSON.parse(called.recovery()));
  assert.deepEqual([bare.tag, bare.name, again.tag, again.name], ['', '', '', 'Rook']);
  assert.equal(hex(again.publicKey), hex(bare.publicKey));
  assert.equal((await openIdentity({ tag: 'Ada', jwk })).name, 'Ada');
});

test('where somebody is who has left is read from the public page', () => {
  assert.equal(readGone(7n, { alive: true, state: '' }), null);
  assert.equal(readGone(7n, { alive: false, state: 'on its way' }), null);
  assert.deepEqual(readGone(7n, { alive: false, state: 'merged', name: 'Eve', with: { soul: '8', name: 'Ada' } }), { soul: 7n, state: 'merged', name: 'Eve', withName: 'Ada', withSoul: 8n });
  assert.equal(readGone(7n, { state: 'away', with: { soul: 'x' } })?.withSoul, 0n);
});

test('a refusal is told in the server’s words, a lost connection is no answer', async () => {
  const { it } = desk(() => ({ status: 409, data: { error: 'moved on', reason: 'The world has gone on.', what_to_do: 'Ask anew.' } }));
  await assert.rejects(it.act('merge', {}, {}, me, 'g'), (e: unknown) => e instanceof Refusal && e.message === 'The world has gone on.' && e.help === 'Ask anew.' && e.status === 409);
  const silent = new ActDesk(() => true), asked = silent.act('merge', {}, {}, me, 'g');
  await new Promise((done) => { setTimeout(done, 5); });
  silent.lost();
  await assert.rejects(asked, /connection was lost/);
  await assert.rejects(new ActDesk(() => false).act('merge', {}, {}, me, 'g'), /no connection/);
});

test('who founds itself only is not asked first', () => {
  assert.ok(foundsOnly(paper('infinity-lineage-1', { act: 'founded', detail: {}, identity: SELF }, me)));
  assert.ok(!foundsOnly(copied(copy)));
});
