// Orders and mandates by REST, end to end: each thing that can be wrong with one is refused with a sentence, and nothing
// has changed; then the good ones are carried out, once.
//
//   node orders.mjs URL_A URL_B KEYFILE KEYFILE   (two driven minds of A, docked on the Concourse)
import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [urlA, urlB, fileA, fileB] = process.argv.slice(2);
let passed = 0, failed = 0;
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });

function openKey(path) {
  const { public_key: hex, secret_key: seed } = JSON.parse(readFileSync(path, 'utf8'));
  const part = (digits) => Buffer.from(digits, 'hex').toString('base64url');
  return { hex, key: createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: part(hex), d: part(seed) } }) };
}
const drawKey = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { hex: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'), key: privateKey };
};
const canonical = (v) => (Array.isArray(v) ? `[${v.map(canonical)}]` : v !== null && typeof v === 'object'
  ? `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)}}` : JSON.stringify(v));
const signed = (text, k) => sign(null, Buffer.from(text), k.key).toString('hex');
async function call(url, path, body) {
  const got = await fetch(url + path, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: got.status, answer: await got.json() };
}
const now = () => Math.floor(Date.now() / 1000);
/** An order; `change` may spoil its members before it is signed, `after` afterwards. */
function order(act, soul, key, more = {}, after = {}) {
  const { mandate, ...rest } = more;
  const bare = { issued: now(), nonce: randomBytes(16).toString('hex'), ...rest, act: rest.act ?? act, soul, key: key.hex };
  return { ...bare, soul_signature: signed(`infinity-order-1\n${canonical(bare)}`, key), ...(mandate ? { mandate } : {}), ...after };
}
const post = (act, body, url = urlA) => call(url, `/api/souls/${act}`, body);
async function signOn(got, keys, url = urlA) {
  let { status, answer } = got;
  while (status === 202) {
    const signatures = answer.sign.flatMap((s) => keys.filter((k) => k.hex === s.key).map((k) => ({ number: s.number, signature: signed(s.text, k) })));
    if (signatures.length === 0) break;
    ({ status, answer } = await post('sign', { paper: answer.paper, signatures }, url));
  }
  return { status, answer };
}

const ada = openKey(fileA), bob = openKey(fileB);
const listed = async (url, name) => (await call(url, `/api/souls?find=${name}`)).answer.souls.filter((s) => s.name === name);
const idA = (await listed(urlA, 'Ada'))[0].soul, idB = (await listed(urlA, 'Bob'))[0].soul;
const page = async (soul) => (await call(urlA, `/api/soul?soul=${soul}`)).answer;
const state = async () => {
  const p = await page(idA);
  return JSON.stringify([p.lineage_head ?? '', p.epoch, (await listed(urlA, 'Ada')).length, (await listed(urlB, 'Ada')).length]);
};
function say(ok, what, got) {
  if (ok) passed++;
  else {
    failed++;
    console.log(`FAILED: ${what}: ${JSON.stringify(got).slice(0, 400)}`);
  }
}
/** Refused with those words and a way out, and Ada is as it was. */
async function refused(what, status, words, run) {
  const before = await state();
  const got = await run();
  say(got.status === status && words.test(`${got.answer.reason} ${got.answer.error}`) && typeof got.answer.what_to_do === 'string' && got.answer.what_to_do !== '', what, got);
  const after = await state();
  say(before === after, `${what}: nothing has changed`, { before, after });
}

// ---- orders
const copy = { copy_key: 'server', name: 'Eve' };
await refused('no signature', 403, /signature does not hold/, () => { const o = order('copy', idA, ada, copy); delete o.soul_signature; return post('copy', o); });
await refused('no order at all', 403, /names its act/, () => post('copy', { soul: idA }));
await refused('a wrong act', 403, /names its act/, () => post('cut', order('copy', idA, ada, { to: urlB })));
await refused('an act that is changed afterwards', 403, /signature does not hold/, () => post('download', order('copy', idA, ada, copy, { act: 'download' })));
await refused('a wrong soul', 403, /has that key/, () => post('copy', order('copy', idB, ada, copy)));
await refused('a soul that is changed afterwards', 403, /has that key/, () => post('copy', order('copy', idA, ada, copy, { soul: idB })));
await refused('nobody', 403, /has that key/, () => post('copy', order('copy', '999999', ada, copy)));
await refused('a key that is no key', 403, /64 hexadecimal/, () => post('copy', order('copy', idA, ada, copy, { key: 'abc' })));
await refused('the key of another', 403, /has that key/, () => post('copy', order('copy', idA, bob, copy)));
await refused('the signature of another', 403, /signature does not hold/, () => post('copy', { ...order('copy', idA, ada, copy), soul_signature: order('copy', idA, bob, copy).soul_signature }));
await refused('a member that is changed afterwards', 403, /signature does not hold/, () => post('copy', order('copy', idA, ada, copy, { name: 'Mallory' })));
await refused('a member more', 403, /signature does not hold/, () => post('copy', order('copy', idA, ada, copy, { wait_s: 3 })));
await refused('too old', 403, /too old/, () => post('copy', order('copy', idA, ada, { ...copy, issued: now() - 120 })));
await refused('from before the server started', 403, /too old|before this server/, () => post('copy', order('copy', idA, ada, { ...copy, issued: 1000 })));
await refused('of the future', 403, /too old|future/, () => post('copy', order('copy', idA, ada, { ...copy, issued: now() + 600 })));
await refused('a nonce that is none', 403, /nonce/, () => post('copy', order('copy', idA, ada, { ...copy, nonce: '12' })));
await refused('a text for a number', 403, /too old/, () => post('copy', order('copy', idA, ada, { ...copy, issued: String(now()) })));

// ---- given twice: once
const eveKey = drawKey(), once = order('copy', idA, ada, { copy_key: eveKey.hex, name: 'Eve' });
const first = await post('copy', once);
say(first.status === 202, 'a good order', first);
await refused('the same order again', 403, /given before/, () => post('copy', once));
await refused('its nonce in another order', 403, /given before/, () => post('download', order('download', idA, ada, { nonce: once.nonce })));
const made = await signOn(first, [ada, eveKey]);
say(made.status === 200 && typeof made.answer.copy === 'string', 'carried out', made);
await refused('its signatures again', 409, /carried out already/, () => post('sign', { paper: first.answer.paper, signatures: [{ number: 0, signature: '0'.repeat(128) }] }));
const one = await signOn(await post('merge', order('merge', idA, ada, { other: made.answer.copy })), [ada, eveKey]);
say(one.status === 200 && one.answer.lives === idA, 'and one again', one);

// ---- mandates
const here = (await call(urlA, '/border')).answer.server, there = (await call(urlB, '/border')).answer.server;
const self = await page(idA);
const mandate = (change = {}, key = ada) => {
  const bare = { act: 'departed', epoch: self.epoch + 1, format: 'infinity-mandate-1', identity: self.identity, server: here, to: there, until: now() + 600, ...change };
  return { ...bare, soul_signature: signed(`infinity-mandate-1\n${canonical(bare)}`, key) };
};
const cut = (m, more = {}) => post('cut', order('cut', idA, ada, { to: urlB, mandate: m, ...more }));
const identityB = (await signOn(await post('copy', order('copy', idB, bob, { copy_key: 'server', name: 'Bo' })), [bob]), (await page(idB)).identity);
await refused('a mandate by another key', 400, /not signed by the soul's own key/, () => cut(mandate({}, bob)));
await refused('a mandate without a signature', 400, /no mandate/, () => { const m = mandate(); delete m.soul_signature; return cut(m); });
await refused('a mandate with a member more', 400, /no mandate/, () => cut({ ...mandate(), more: 1 }));
await refused('a mandate that was changed', 400, /not signed/, () => cut({ ...mandate(), until: now() + 9999 }));
await refused('a mandate of another soul', 400, /another soul, server or departure/, () => cut(mandate({ identity: identityB })));
await refused('a mandate for another server to sign', 400, /another soul, server or departure/, () => cut(mandate({ server: there })));
await refused('a mandate for an earlier departure', 400, /another soul, server or departure/, () => cut(mandate({ epoch: self.epoch })));
await refused('a mandate for a later departure', 400, /another soul, server or departure/, () => cut(mandate({ epoch: self.epoch + 2 })));
await refused('a mandate that is too old', 400, /too old/, () => cut(mandate({ until: now() - 1 })));
await refused('a mandate that leads elsewhere', 502, /does not hold/, () => cut(mandate({ to: bob.hex })));
await refused('a mandate for a server, and a file', 400, /not for a file/, () => post('download', order('download', idA, ada, { mandate: mandate() })));
await refused('a mandate for a file, and a server', 400, /not for a server/, () => cut(mandate({ to: '0'.repeat(64) })));
await refused('a server that nobody is', 502, /does not answer/, () => post('cut', order('cut', idA, ada, { to: 'http://127.0.0.1:9', mandate: mandate() })));

// ---- revoked: taken back while it waits to be signed; and somebody else cannot take it back
await refused('taken back', 410, /taken/, async () => {
  const got = await post('cut', order('cut', idA, ada, { to: urlB }));
  const stranger = await post('withdraw', order('withdraw', idB, bob, { paper: got.answer.paper }));
  say(stranger.status === 404, 'a stranger cannot take it back', stranger);
  const back = await post('withdraw', order('withdraw', idA, ada));
  say(back.status === 200 && back.answer.withdrawn === 1, 'it is taken back', back);
  return signOn(got, [ada]);
});
await refused('a withdrawal without an order', 403, /names its act/, () => post('withdraw', { soul: idA }));
await refused('nothing to take back', 404, /Nothing of it/, () => post('withdraw', order('withdraw', idA, ada)));
await refused('a mandate that is signed late', 410, /time/, async () => {
  const got = await post('cut', order('cut', idA, ada, { to: urlB, sign_s: 1 }));
  await sleep(1300);
  return signOn(got, [ada]);
});
// consent that was taken back before it was used: a paper of another's asking that Ada does not sign
await refused('not agreed to', 410, /does not sign|taken/, async () => {
  const freshKey = drawKey();
  const got = await post('copy', order('copy', idB, bob, { of: idA, copy_key: freshKey.hex, name: 'Thief' }));
  const papers = await post('papers', order('papers', idA, ada));
  say(papers.status === 200 && papers.answer.papers.some((p) => p.paper === got.answer.paper), 'it is told to whom it concerns', papers);
  const no = await post('withdraw', order('withdraw', idA, ada, { paper: got.answer.paper }));
  say(no.status === 200, 'it says no', no);
  return signOn({ status: 202, answer: papers.answer.papers.find((p) => p.paper === got.answer.paper) }, [ada]);
});

// ---- a good one, once
const used = mandate();
const gone = await cut(used);
say(gone.status === 200 && typeof gone.answer.transfer === 'string', 'it leaves by its mandate', gone);
for (let i = 0; i < 100 && (await listed(urlB, 'Ada')).length === 0; i++) await sleep(100);
const far = (await listed(urlB, 'Ada'))[0];
say(far !== undefined && far.identity === self.identity && far.epoch === self.epoch + 1, 'and lives there', far);
const again = await cut(used);
say(again.status === 403, 'the mandate again: it is not here any more', again);
// back by a mandate that it is asked for; then the old one is for an epoch that is over
const home = await signOn(await post('cut', order('cut', far.soul, ada, { to: urlA }), urlB), [ada], urlB);
say(home.status === 200, 'and comes back by one that it was asked for', home);
for (let i = 0; i < 100 && (await listed(urlA, 'Ada')).length === 0; i++) await sleep(100);
const back = (await listed(urlA, 'Ada'))[0];
const replay = await post('cut', order('cut', back.soul, ada, { to: urlB, mandate: used }));
say(replay.status === 400 && /another soul, server or departure/.test(replay.answer.reason), 'the old mandate in a new order', replay);
say((await listed(urlA, 'Ada')).length === 1 && (await listed(urlB, 'Ada')).length === 0, 'it is in one place', back);

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
