// The files of those who were downloaded: kept as long as their souls may need them, over crashes too, and removed then.
//
//     INF_BIN=build/release/bin node tests/border/files.mjs
import fs from 'node:fs';
import path from 'node:path';
import { Key, sha256 } from './liar.mjs';
import { sleep } from './galaxy.mjs';
import { Stage, until } from './stage.mjs';

const stage = new Stage('files'), { check } = stage;
const home = await stage.make('Home', 51), other = await stage.make('Other', 52);
const file = (one) => path.join(home.folder, 'away', `${one.transfer}.soul`);
const ROUND_MS = 25000; // a walk through the folder begins every ten seconds

async function docked(act) {
  return until(async () => {
    const answer = await act();
    return (answer.status !== 409 || !/docked/.test(answer.json?.reason)) && answer;
  }, 90000);
}

async function download(name) {
  const soul = await stage.bear(home, name);
  const answer = await docked(() => home.host('POST', '/api/souls/download', { soul, wait_s: 20 }, 60000));
  if (!check(answer?.status === 200, `${name} does not go into a file: ${JSON.stringify(answer)?.slice(0, 200)}`)) return null;
  const one = { name, document: answer.json.document, ...JSON.parse(answer.json.document) };
  check(fs.existsSync(file(one)), `${name}: there is no file`);
  return one;
}

const wake = (galaxy, one) => galaxy.host('POST', '/api/souls/upload', { document: one.document, home: home.direct }, 30000);
const state = async (galaxy, one) => (await galaxy.host('GET', `/api/souls/lineage?identity=${one.identity}`)).json?.state;
const removed = (one) => until(() => !fs.existsSync(file(one)), ROUND_MS);

await stage.play(async () => {
  await stage.startAsPeers();
  const [ada, bela, cleo, dora] = [await download('Ada'), await download('Bela'), await download('Cleo'), await download('Dora')];
  if (!ada || !bela || !cleo || !dora) return;
  fs.writeFileSync(path.join(home.folder, 'away', 'notes.txt'), 'of the host');
  fs.writeFileSync(path.join(home.folder, 'away', `${'ab'.repeat(16)}.soul`), 'not of this galaxy');

  // Ada wakes at home, and home dies at once: the file goes when she is there for good.
  check((await wake(home, ada)).status === 200, 'Ada does not wake at home');
  await home.kill();
  await home.start();
  check(await state(home, ada) === 'here' && await removed(ada), 'Ada is here, and her file is not removed');

  // Bela wakes elsewhere: home still answers the claim.
  check((await wake(other, bela)).status === 200, 'Bela does not wake elsewhere');
  // Cleo is claimed by somebody who then dies: the release is repeated for ever, and for that the file is there.
  const waker = new Key();
  home.peers.push(waker.hex);
  await home.kill();
  await home.start();
  const claim = () => home.anybody('POST', '/border/claims', [waker.sign('claim', { message: 'claim', version: 1, transfer: cleo.transfer,
    to: home.key, identity: cleo.identity, epoch: cleo.epoch, document_hash: sha256(cleo.document.trimEnd()), unix_seconds: Math.floor(Date.now() / 1000),
    galaxy: 'ab'.repeat(16), server: waker.hex })]);
  const first = await claim();
  check(first.json?.[0]?.message === 'release', `Cleo is released: ${JSON.stringify(first.json)?.slice(0, 300)}`);
  await sleep(ROUND_MS);
  check([bela, cleo, dora].every((one) => fs.existsSync(file(one))), 'a file that may be needed is removed');
  await home.kill();
  await home.start();
  const again = await claim();
  check(again.json?.[0]?.message === 'release' && again.json[0].carried_credits === first.json[0].carried_credits, 'Cleo is released again, after a crash');

  // Bela comes home: then her file is of no use.
  const there = (await other.host('GET', '/api/souls?find=Bela')).json.souls[0];
  const back = await docked(() => other.host('POST', '/api/souls/cut', { soul: String(there.soul), to: home.url, wait_s: 20 }, 60000));
  check(back?.status === 200 && await until(async () => await state(home, bela) === 'here'), `Bela does not come home: ${JSON.stringify(back)}`);
  check(await removed(bela), 'Bela is home, and her file is not removed');

  // Dora is away all the time, and wakes from the very file that home kept.
  check(fs.existsSync(file(dora)) && fs.readFileSync(file(dora), 'utf8').trimEnd() === dora.document.trimEnd(), 'the file of Dora is as it was');
  dora.document = fs.readFileSync(file(dora), 'utf8').trimEnd();
  check((await wake(home, dora)).status === 200 && await removed(dora), 'Dora wakes, and her file is not removed');
  check(fs.readdirSync(path.join(home.folder, 'away')).sort().join() === [`${'ab'.repeat(16)}.soul`, 'notes.txt', `${cleo.transfer}.soul`].sort().join(),
    `what is not known stays: ${fs.readdirSync(path.join(home.folder, 'away'))}`);
  stage.audit('at the end');
});
