// What must be refused, with a clear error and with nothing changed: soul files that are forged, truncated, signed again,
// replayed, older or doubled; a passage without consent; a merge of strangers; a cut to a server that is down, closed,
// secluded, full or lying. Real servers; the liar is tests/border/liar.mjs.
//
//     INF_BIN=build/release/bin node tests/border/refusals.mjs
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Galaxy, ask, freePort, sleep } from './galaxy.mjs';
import { Key, Liar, canonical, seal, sha256 } from './liar.mjs';

const bin = process.env.INF_BIN;
if (!bin) throw new Error('INF_BIN is the folder of the programs, like build/release/bin');
const work = process.env.INF_TEST_DIR ? path.resolve(process.env.INF_TEST_DIR) : fs.mkdtempSync(path.join(os.tmpdir(), 'inf-refusals-'));
fs.rmSync(work, { recursive: true, force: true });
fs.mkdirSync(work, { recursive: true });
let passed = 0, failed = 0;
const begun = Date.now();
function check(is, text) {
  if (process.env.INF_SAY) console.log(`${((Date.now() - begun) / 1000).toFixed(1)} ${is ? 'ok' : 'NO'} ${text}`.slice(0, 160));
  if (is) passed++;
  else { failed++; console.log(`FAILED: ${text}`); }
  return is;
}

const program = path.join(bin, 'infinity');
const make = (name, seed, more) => Galaxy.make({ program, folder: path.join(work, name.toLowerCase()), name, seed, ...more });
const home = await make('Home', 11, { minds: 60 });
const other = await make('Other', 12, { minds: 4 });
const shut = await make('Shut', 13, { minds: 2, settings: { border: 'closed' } });
const poor = await make('Poor', 14, { minds: 2, settings: { border: 'open', border_claim_max: 0 } });
const secluded = await make('Secluded', 15, { minds: 0, settings: { kind: 'secluded' } });
const all = [home, other, shut, poor, secluded];
const liar = new Liar();

/** What the border of a galaxy knows and holds: hash of directory and crossings, and its escrow. Reads its journal. */
function border(galaxy) {
  const done = spawnSync(path.join(bin, 'border_audit'), [`${galaxy.key}=${galaxy.folder}`, '--alone'], { encoding: 'utf8' });
  const report = JSON.parse(done.stdout);
  return `${report.galaxies[0].border_hash} ${report.escrow_credits}`;
}

/** The act is refused with that status and such words, and the borders of these galaxies are what they were. */
async function refused(text, galaxy, path_, body, status, words, watch = [galaxy]) {
  const before = watch.map(border);
  const answer = await galaxy.host('POST', path_, body, 30000);
  const said = `${answer.json?.error ?? ''} ${answer.json?.reason ?? ''} ${answer.json?.what_to_do ?? ''}`;
  check(answer.status === status && words.test(said), `${text}: wanted ${status} ${words}, got ${answer.status} ${said}`);
  await sleep(250); // a tick or two, durable
  watch.forEach((one, i) => check(border(one) === before[i], `${text}: the border of ${one.name} has changed`));
  return answer;
}

async function lineage(galaxy, identity) {
  const answer = await galaxy.host('GET', `/api/souls/lineage?identity=${identity}`);
  return answer.status === 200 ? answer.json : { state: 'unknown' };
}

async function until(what, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    const value = await what();
    if (value) return value;
  }
  return null;
}

/** Minds that agree to travel, or that do not. */
async function minds(act) {
  const yes = [], no = [];
  for (const soul of await home.souls()) {
    const answer = await home.host('POST', '/api/souls/ask', { soul: String(soul.soul), what: act });
    if (answer.status === 200) yes.push(soul);
    else if (answer.status === 403) no.push(soul);
  }
  return { yes, no };
}

/** Whoever of these stands in a station now leaves. */
async function leave(candidates, to) {
  const wanted = new Set(candidates.map((one) => String(one.soul)));
  let answer = { status: 0, json: null };
  await until(async () => {
    for (const soul of (await home.souls()).filter((one) => one.docked && wanted.has(String(one.soul)))) {
      answer = await home.host('POST', '/api/souls/cut', { soul: String(soul.soul), to, wait_s: 0 }, 30000);
      if (answer.status === 200) return true;
    }
    return false;
  }, 90000);
  return { answer, transfer: answer.json?.transfer };
}

async function crossing(transfer) {
  const answer = await home.host('GET', `/api/souls/crossings?transfer=${transfer}`);
  return answer.status === 200 ? answer.json : null;
}

// ---- files ----------------------------------------------------------------------------------------------------------------------

async function download(soul) {
  const answer = await home.host('POST', '/api/souls/download', { soul: String(soul.soul), wait_s: 60 }, 70000);
  return answer.status === 200 ? answer.json.document : null;
}

const upload = (text, galaxy, document, status, words, watch, from = home) =>
  refused(text, galaxy, '/api/souls/upload', { document, home: from.direct }, status, words, watch);

function changes(document) {
  const file = JSON.parse(document);
  const deep = (change) => { const copy = structuredClone(file); change(copy); return canonical(copy); };
  const numbers = [];
  (function walk(value, at) {
    if (typeof value === 'number') numbers.push(at);
    else if (value !== null && typeof value === 'object') for (const name of Object.keys(value)) walk(value[name], [...at, name]);
  })(file, []);
  const set = (copy, at, change) => {
    const last = at.at(-1), inside = at.slice(0, -1).reduce((value, name) => value[name], copy);
    inside[last] = change(inside[last]);
  };
  return { file, deep, numbers, set };
}

async function testFiles(soul) {
  const document = await download(soul);
  if (!check(document, 'no mind gives a file')) return;
  const { file, deep, numbers, set } = changes(document);
  const bad = /does not hold|signature|truncated|JSON|field|identity|key|lineage|version/i;
  for (const at of numbers) {
    const changed = deep((copy) => set(copy, at, (value) => value + 1));
    const answer = await home.host('POST', '/api/souls/upload', { document: changed });
    check(answer.status === 400 && bad.test(answer.json.reason), `forged at ${at.join('.')}: ${answer.status} ${answer.json?.reason}`);
  }
  await upload('forged', home, deep((copy) => set(copy, numbers[0], (value) => value + 1)), 400, bad);
  for (const share of [0, 0.1, 0.5, 0.9, 0.999]) {
    await upload(`truncated to ${share}`, home, document.slice(0, Math.floor(document.length * share)), 400, bad);
  }
  const liars = [new Key(), new Key()];
  const again = deep((copy) => set(copy, numbers[0], (value) => value + 1));
  const resigned = liars[1].sign('soul', liars[0].sign('soul', JSON.parse(again), 'soul_signature'));
  await upload('signed again by strangers', home, canonical(resigned), 400, bad);
  const renamed = { ...JSON.parse(again), server: liars[1].hex };
  await upload('signed again, in the name of the stranger', home,
    canonical(liars[1].sign('soul', liars[0].sign('soul', renamed, 'soul_signature'))), 400, bad);
  const keyed = { ...JSON.parse(document), server: liars[1].hex, key: liars[0].hex };
  await upload('another key for the same soul', other,
    canonical(liars[1].sign('soul', liars[0].sign('soul', keyed, 'soul_signature'))), 400, bad);
  // Its passage, identity and epoch stand in its lineage, for all to read; it is claimed by whoever has the file.
  const claim = { message: 'claim', version: 1, transfer: file.transfer, to: home.key, identity: file.identity, epoch: file.epoch,
    document_hash: sha256('not the file'), unix_seconds: Math.floor(Date.now() / 1000), galaxy: liar.galaxy, server: liar.key.hex };
  const stolen = await home.anybody('POST', '/border/claims', [liar.key.sign('claim', claim)]);
  check(stolen.json?.[0]?.message === 'refusal', `a claim without the file: ${JSON.stringify(stolen.json)?.slice(0, 300)}`);
  await sleep(250);
  check((await lineage(home, file.identity)).state === 'away', 'a claim without the file: the soul is still away');
  // Its home would burn all that it carries: a door that does not honour that must not ask for it.
  check(file.wallet.carried_credits + file.wallet.banked_credits > 0, 'the file carries credits');
  await upload('a galaxy that does not honour its credits', poor, document, 409, /credits/, [home, poor]);
  // Two doors at once: one waking.
  const both = await Promise.all([home, other].map((galaxy) => galaxy.host('POST', '/api/souls/upload', { document, home: home.direct }, 30000)));
  const woken = both.findIndex((answer) => answer.status === 200);
  check(both.filter((answer) => answer.status === 200).length === 1, `doubled: woken at ${both.map((answer) => answer.status)}`);
  if (woken < 0) { console.log(JSON.stringify(both)); return; }
  // It stands in the Concourse now, so it can leave at once, into a second file; the first one is older then.
  const at = [home, other][woken], soulThere = String(both[woken].json.soul);
  const left = await at.host('POST', '/api/souls/download', { soul: soulThere, wait_s: 30 }, 40000);
  check(left.status === 200, `no second file: ${JSON.stringify(left.json)}`);
  const old = /met|stale|epoch|before|elsewhere|woke|lives|already|exists|past|waking/i;
  await upload('older, at home', home, document, 409, old, [home, other]);
  await upload('older, at the other door', other, document, 409, old, [home, other]);
  if (left.status !== 200) return;
  const answer = await at.host('POST', '/api/souls/upload', { document: left.json.document });
  check(answer.status === 200, `the newer file wakes: ${answer.status} ${answer.json?.reason}`);
  await upload('older, at home, with the soul awake', home, document, 409, old, [home, other]);
  await upload('replayed at home', home, left.json.document, 409, old, [home, other], at);
  await upload('replayed at the other door', other, left.json.document, 409, old, [home, other], at);
}

// ---- passages -------------------------------------------------------------------------------------------------------------------

async function testDestinations(yes, no) {
  const soul = yes[0], body = (to) => ({ soul: String(soul.soul), to, wait_s: 60 });
  const dead = `http://127.0.0.1:${await freePort()}`;
  await home.host('POST', '/api/souls/cut', body(dead), 70000); // it has its identity from now on
  await refused('a server that is down', home, '/api/souls/cut', body(dead), 502, /does not answer/);
  await refused('a server that is closed', home, '/api/souls/cut', body(shut.direct), 409, /closed/, [home, shut]);
  await refused('a secluded server', home, '/api/souls/cut', body(secluded.direct), 409, /invitation/, [home, secluded]);
  await refused('a server that does not honour its credits', home, '/api/souls/cut', body(poor.direct), 409, /credits/, [home, poor]);
  await refused('no server at all', home, '/api/souls/cut', body('http://'), 400, /address|server/);
  await refused('a soul that does not exist', home, '/api/souls/cut', { soul: '999999999999999', to: other.direct }, 404, /No|not/);
  await refused('a soul that does not agree', home, '/api/souls/cut', { soul: String(no[0].soul), to: other.direct }, 403, /does not agree/, [other]);
  await refused('a merge of strangers', home, '/api/souls/merge', { soul: String(yes[0].soul), other: String(yes[1].soul), wait_s: 0 }, 409,
    /not of one lineage/, [other]);
  const board = await home.host('POST', '/api/souls/board', { soul: String(yes[0].soul), host: String(yes[1].soul), wait_s: 0 });
  check(board.status === 200 || board.status === 409, `brought together, with nobody looking: ${board.status}`);
  const named = await ask({ host: '127.0.0.1', port: home.port }, 'POST', '/api/souls/ask',
    { act: 'ask', soul: soul.name, what: 'show', key: new Key().hex, nonce: '01'.repeat(16), issued: Math.floor(Date.now() / 1000) });
  check(named.status === 403, `an order that names a soul by its name: ${named.status}`);
  const order = { act: 'cut', soul: String(soul.soul), to: other.direct, key: new Key().hex, nonce: '00'.repeat(16), issued: Math.floor(Date.now() / 1000) };
  const answer = await ask({ host: '127.0.0.1', port: home.port }, 'POST', '/api/souls/cut', order);
  check(answer.status === 403, `an order by a stranger: ${answer.status}`);
  for (const door of ['/api/souls', '/api/souls/crossings', `/api/souls/lineage?identity=${sha256('x')}`, '/api/obituaries']) {
    const seen = await secluded.anybody('GET', door);
    check(seen.status === 403, `a stranger looks into the secluded galaxy, ${door}: ${seen.status}`);
  }
  check((await secluded.anybody('GET', '/border')).json?.name === '', 'a stranger is told the name of the secluded galaxy');
  // Invited, they may come; here whoever lives in the galaxy of that server.
  const invited = await secluded.host('POST', '/api/souls/invite', { key: home.key });
  check(invited.status === 200, `invitation: ${invited.status}`);
  const going = await leave(yes, secluded.direct);
  if (!check(going.answer.status === 200, `invited, one may leave: ${JSON.stringify(going.answer.json)}`)) return;
  const { identity } = await crossing(going.transfer);
  check(await until(async () => (await lineage(secluded, identity)).state === 'here'), 'it lives in the secluded galaxy');
  check(await until(async () => (await lineage(home, identity)).state === 'gone'), 'it is gone at home');
}

/** A host puts an old copy of its galaxy back: a soul that has left it would leave once more. Where it lives, it can sign. */
async function testRestored(travellers) {
  const dead = `http://127.0.0.1:${await freePort()}`;
  for (const one of travellers) await home.host('POST', '/api/souls/cut', { soul: String(one.soul), to: dead }, 30000); // it has its identity from now on
  const saved = `${home.folder}.saved`;
  await home.kill('SIGTERM');
  fs.cpSync(home.folder, saved, { recursive: true, filter: (name) => !name.endsWith('.sock') });
  await home.start();
  const first = await leave(travellers, other.direct);
  if (!check(first.answer.status === 200, `it leaves: ${JSON.stringify(first.answer.json)}`)) return;
  const { identity } = await crossing(first.transfer), soul = first.answer.json.soul;
  check(await until(async () => (await lineage(other, identity)).state === 'here'), 'it lives in the other galaxy');
  await home.kill('SIGTERM');
  fs.rmSync(home.folder, { recursive: true });
  fs.cpSync(saved, home.folder, { recursive: true });
  fs.rmSync(saved, { recursive: true });
  await home.start();
  liar.offerMode = 'yes';
  liar.mode = 'no';
  for (const [text, to] of [['a life for somebody who says no', liar.url], ['a later life for where it lives', other.direct]]) {
    const again = await leave([{ soul }], to);
    if (!check(again.answer.status === 200, `${text} leaves: ${JSON.stringify(again.answer.json)}`)) return;
    const state = await until(async () => { const one = await crossing(again.transfer); return ['gone', 'back'].includes(one?.state) && one.state; });
    check(state === 'back', `${text} is refused, not ${state}`);
  }
  const there = (await lineage(other, identity)).soul;
  const answer = await other.host('POST', '/api/souls/cut', { soul: String(there), to: home.direct, wait_s: 0 }, 30000); // docked or not
  check([200, 409].includes(answer.status) && answer.json?.error !== 'own key',
    `where it lives, it still has its key: ${answer.status} ${JSON.stringify(answer.json)}`);
  return soul;
}

async function testLiar(travellers) {
  const soul = (await home.souls()).find((one) => travellers.some((other) => other.soul === one.soul));
  const body = { soul: String(soul.soul), to: liar.url, wait_s: 60 };
  liar.offerMode = 'other key';
  await home.host('POST', '/api/souls/cut', body, 70000); // it has its identity from now on
  await refused('a welcome signed with another key', home, '/api/souls/cut', body, 502, /hold/);
  liar.offerMode = 'changed';
  await refused('a welcome that was changed', home, '/api/souls/cut', body, 502, /hold/);
  liar.offerMode = 'other question';
  await refused('a welcome to another offer', home, '/api/souls/cut', body, 502, /hold/);
  liar.offerMode = 'yes';
  liar.mode = 'silent';
  const { answer, transfer } = await leave(travellers, liar.url);
  if (!check(answer.status === 200, `it leaves for the liar: ${JSON.stringify(answer.json)}`)) return;
  const { identity } = await crossing(transfer);
  await until(() => liar.asked > 1);
  const before = border(home);
  for (const mode of ['other key', 'own name, other key', 'other transfer', 'other soul', 'other epoch', 'other server', 'unsigned', 'changed',
    'nonsense', 'refusal by other key', 'sealed by other key', 'seal of other answers', 'seal cut off', 'seal of another kind', 'silent']) {
    liar.mode = mode;
    await home.kill(); // and its patience begins anew
    const asked = liar.asked;
    await home.start();
    check(await until(() => liar.asked > asked + 2, 30000), `${mode}: it is asked again`);
    check((await lineage(home, identity)).state === 'in flight', `${mode}: the soul stays in flight, not ${(await lineage(home, identity)).state}`);
    check(border(home) === before, `${mode}: the border of home has changed`);
  }
  await testStolen(identity);
  liar.mode = 'no';
  await home.kill();
  await home.start();
  check(await until(async () => (await lineage(home, identity)).state === 'here', 30000), 'after a true refusal it stands at home');
}

/** The liar has a true envelope now. It is good nowhere else, and good for nothing when it is changed. */
async function testStolen(identity) {
  const arrival = liar.arrivals.at(-1);
  const key = new Key();
  const tries = {
    'as it is': arrival,
    'to another server': { ...arrival, to: other.key },
    'to another server, signed by the liar': liar.key.sign('arrival', { ...arrival, to: other.key, server: liar.key.hex }),
    'with a key of the liar': liar.key.sign('arrival', key.sign('arrival', { ...arrival, to: other.key, server: liar.key.hex, key: key.hex }, 'soul_signature')),
    'with a high epoch': liar.key.sign('arrival', key.sign('arrival', { ...arrival, to: other.key, server: liar.key.hex, key: key.hex, epoch: 4000000 }, 'soul_signature')),
  };
  // The whole batch as it came, and what one may try with its seal.
  const batch = liar.batches.at(-1), mine = { ...arrival, to: other.key, server: liar.key.hex };
  const batches = {
    'its batch as it is': batch,
    'its batch for another server': [...batch.slice(0, -1).map((one) => ({ ...one, to: other.key })), batch.at(-1)],
    'its batch without the seal': batch.slice(0, -1),
    'its batch with half a seal': [...batch.slice(0, -1), { ...batch.at(-1), server_signature: batch.at(-1).server_signature.slice(0, 64) }],
    'twice under one seal': [...batch.slice(0, -1), ...batch],
    'its seal behind another': [mine, batch.at(-1)],
    'sealed by the liar': seal(liar.key, [mine]),
    'sealed by the liar in the name of its source': seal(liar.key, [{ ...arrival, to: other.key }]),
    'sealed by the liar, with a key of the liar': seal(liar.key, [key.sign('arrival', { ...mine, key: key.hex }, 'soul_signature')]),
    'a seal alone': batch.slice(-1),
    'a seal of a seal': seal(liar.key, batch),
  };
  other.peers.push(liar.key.hex); // even a peer may not
  await other.kill('SIGTERM');
  await other.start();
  const before = border(other);
  for (const [text, envelopes] of [...Object.entries(tries).map(([what, one]) => [what, [one]]), ...Object.entries(batches)]) {
    const answer = await other.anybody('POST', '/border/arrivals', envelopes);
    const word = answer.json?.[0]?.message ?? answer.json?.error;
    check(word === 'problem' || answer.status >= 400, `stolen, ${text}: ${answer.status} ${JSON.stringify(answer.json)?.slice(0, 300)}`);
    await sleep(250);
    check(border(other) === before, `stolen, ${text}: the border of the other galaxy has changed`);
  }
  check((await lineage(other, identity)).state !== 'here', 'stolen: it lives nowhere else');
  for (const body of ['', '[', '{}', '[]', '[1]', '[{}]', JSON.stringify(Array(65).fill(arrival)), `[${'['.repeat(5000)}`]) {
    for (const door of ['/border/offer', '/border/arrivals', '/border/claims']) {
      const answer = await other.anybody('POST', door, body);
      check(answer.status >= 400 || answer.json?.[0]?.message === 'problem', `nonsense at ${door}: ${answer.status} ${body.slice(0, 20)}`);
    }
  }
  check(border(other) === before, 'nonsense: the border of the other galaxy has changed');
}

// ---- the story -------------------------------------------------------------------------------------------------------------------

try {
  await liar.listen();
  for (const galaxy of all) await galaxy.start();
  for (const galaxy of all) galaxy.peers = all.filter((one) => one !== galaxy && one !== poor).map((one) => one.key);
  poor.peers = [];
  for (const galaxy of all) { await galaxy.kill('SIGTERM'); await galaxy.start(); }
  const travel = await minds('cut'), sleepers = await minds('download');
  console.log(`of ${travel.yes.length + travel.no.length} minds ${travel.yes.length} would travel, ${sleepers.yes.length} would sleep in a file`);
  if (check(travel.yes.length >= 3 && travel.no.length >= 1 && sleepers.yes.length >= 1, 'there are minds of each sort')) {
    const file = sleepers.yes.find((soul) => travel.yes.slice(0, 3).every((one) => one.soul !== soul.soul)) ?? sleepers.yes[0];
    await testFiles(file);
    const travellers = travel.yes.filter((one) => one.soul !== file.soul);
    await testDestinations(travellers, travel.no);
    const twice = await testRestored(travellers);
    await testLiar(travellers.filter((one) => String(one.soul) !== String(twice)));
  }
} finally {
  for (const galaxy of all) await galaxy.close();
  await liar.close();
}
if (failed === 0) fs.rmSync(work, { recursive: true, force: true });
else console.log(`the galaxies stay in ${work}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
