// Acts in two steps, of souls that keep their own keys, and a server that is killed between the two: nothing is half done, what
// was written before is void and that is said at once, and asked anew it can be done.
//
//     INF_BIN=build/release/bin node tests/border/papers.mjs
import crypto from 'node:crypto';
import { OwnSoul } from './own_key.mjs';
import { Key } from './liar.mjs';
import { Stage, until } from './stage.mjs';

const stage = new Stage('papers'), { check } = stage;
const home = await stage.make('Home', 61);

function order(soul, act, more) {
  const body = { act, soul: soul.soul, key: soul.key.hex, issued: Math.floor(Date.now() / 1000), nonce: crypto.randomBytes(16).toString('hex'), ...more };
  return home.anybody('POST', `/api/souls/${act}`, soul.key.sign('order', body, 'soul_signature'), 30000);
}

/** A server that has just started takes no order that is older than it. */
const begin = (soul, act, more) => until(async () => {
  const answer = await order(soul, act, more);
  return (answer.status !== 403 || !/issued|before this server|started/.test(answer.json?.reason)) && answer;
});

const signed = (paper, keys) => ({ paper: paper.paper, signatures: paper.sign.flatMap((item) => keys.filter((key) => key.hex === item.key)
  .map((key) => ({ number: item.number, signature: crypto.sign(null, Buffer.from(item.text), key.secret).toString('hex') }))) });
const send = (paper, keys) => home.anybody('POST', '/api/souls/sign', signed(paper, keys), 30000);

async function kill() {
  await home.kill();
  await home.start();
}

/** What must be as it was: its newest record, its epoch, where it is, and who lives here. */
async function look(soul) {
  const page = (await home.host('GET', `/api/soul?soul=${soul.soul}`)).json, all = await home.souls();
  return { head: page.lineage_head, names: all.map((row) => row.name).sort().join(), row: all.find((row) => String(row.soul) === soul.soul) };
}
const same = (a, b) => a.head === b.head && a.names === b.names && a.row?.epoch === b.row?.epoch && a.row?.identity === b.row?.identity;

/** Sign until `stop` papers have been signed, then the server dies: the one that waits is void. */
async function dieAfter(text, soul, act, more, keys, stop) {
  let answer = await begin(soul, act, more);
  for (let i = 0; i < stop && answer.status === 202; i++) answer = await send(answer.json, keys);
  if (!check(answer.status === 202, `${text}: there is something to sign: ${JSON.stringify(answer)?.slice(0, 300)}`)) return;
  const paper = answer.json, before = await look(soul);
  await until(async () => (await home.host('GET', '/api/soul?soul=' + soul.soul)).json?.lineage_head === before.head);
  await kill();
  const asked = Date.now(), late = await send(paper, keys);
  check(late.status === 410 && /started anew/.test(late.json.reason) && /ask anew/.test(late.json.what_to_do), `${text}: what was written before: ${JSON.stringify(late)}`);
  check(Date.now() - asked < 3000, `${text}: that took ${Date.now() - asked} ms`);
  const list = await begin(soul, 'papers', {});
  check(list.status === 200 && list.json.papers.length === 0, `${text}: something waits still: ${JSON.stringify(list)?.slice(0, 300)}`);
  const after = await look(soul);
  check(same(before, after), `${text}: something was changed: ${JSON.stringify([before, after])}`);
}

async function whole(text, soul, act, more, keys) {
  let answer = await begin(soul, act, more);
  for (let i = 0; i < 5 && answer.status === 202; i++) answer = await send(answer.json, keys);
  check(answer.status === 200, `${text}: asked anew it is done: ${JSON.stringify(answer)?.slice(0, 300)}`);
  return answer.json;
}

await stage.play(async () => {
  await home.start();
  const ada = new OwnSoul('Ada'), eve = new Key(), keys = [ada.key, eve], copy = { copy_key: eve.hex, name: 'Eve', wait_s: 5 };
  check(await ada.bear(home) === null, 'Ada is not born');
  await dieAfter('a founding', ada, 'copy', copy, keys, 0);
  await dieAfter('the record of a copy', ada, 'copy', copy, keys, 1); // the founding that was signed stays
  check((await look(ada)).row.identity !== undefined, 'its founding was signed, and is lost');
  await dieAfter('the copy\'s own record', ada, 'copy', copy, keys, 1);
  const done = await whole('a copy', ada, 'copy', copy, keys);
  check((await look(ada)).names === 'Ada,Eve', 'there is one copy');
  // What was carried out before it died is said to be void, not to be open: nothing happens twice.
  await dieAfter('a merge', ada, 'merge', { other: String(done?.copy), wait_s: 5 }, [ada.key], 1); // of two one has signed
  await whole('a merge', ada, 'merge', { other: String(done?.copy), wait_s: 5 }, keys);
  check((await look(ada)).names === 'Ada', 'they are one');
  await dieAfter('a mandate', ada, 'download', { wait_s: 5 }, [ada.key], 0);
  const file = await whole('a download', ada, 'download', { wait_s: 5 }, [ada.key]);
  check(JSON.parse(file?.document ?? '{}').identity !== undefined && (await home.souls()).length === 0, 'Ada is in a file');
  // Numbers that nobody wrote, and ones that were changed, are not taken for papers of before.
  for (const number of ['00'.repeat(16), crypto.randomBytes(16).toString('hex')]) {
    const answer = await home.anybody('POST', '/api/souls/sign', { paper: number, signatures: [{ number: 0, signature: '00'.repeat(64) }] });
    check(answer.status === 404, `a number that nobody wrote: ${JSON.stringify(answer)}`);
  }
  stage.audit('at the end');
});
