// Crews over borders, and what is full, at real servers on a good road: who rides is seated with its carrier at the
// destination, and at home again when it is refused, also when servers die meanwhile; a head has eight seats; a galaxy that is
// full, and an awake one whose host's head is full, take nobody more, and nothing changes at home.
//
//     INF_BIN=build/release/bin node tests/border/crew.mjs
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Galaxy, sleep } from './galaxy.mjs';
import { letters } from './hands.mjs';
import { OwnSoul, WILLING } from './own_key.mjs';

const bin = process.env.INF_BIN;
if (!bin) throw new Error('INF_BIN is the folder of the programs, like build/release/bin');
const work = process.env.INF_TEST_DIR ? path.resolve(process.env.INF_TEST_DIR) : fs.mkdtempSync(path.join(os.tmpdir(), 'inf-crew-'));
fs.rmSync(work, { recursive: true, force: true });
fs.mkdirSync(work, { recursive: true });
let passed = 0, failed = 0;
function check(is, text) {
  if (is) passed++;
  else { failed++; console.log(`FAILED: ${text}`); }
  return is;
}

const SEATS = 8;
const make = (name, seed, more = {}) => Galaxy.make({ program: path.join(bin, 'infinity'), folder: path.join(work, name.toLowerCase()), name, seed, minds: 4,
  ...more, settings: { tick_ms: 50, ...more.settings } });
const home = await make('Home', 21), other = await make('Other', 22);
const small = await make('Small', 23, { minds: 0, settings: { players: 1 } }); // the smallest galaxy that there is
const awake = await make('Awake', 24, { minds: 0, settings: { kind: 'awake', host: 'Noor' } });
const wide = await make('Wide', 25, { minds: 200 }); // so many that they live in many systems
const all = [home, other, small, awake, wide];

const UNWILLING = Object.fromEntries(Object.keys(WILLING).map((trait) => [trait, 0]));

async function bear(galaxy, name, credits = 50000, traits = WILLING) {
  const answer = await galaxy.host('POST', '/api/minds', { name, traits, credits }, 30000);
  check(answer.status === 200, `${name} is not born: ${JSON.stringify(answer)}`);
  return String(answer.json?.soul);
}

async function until(what, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    const value = await what();
    if (value) return value;
  }
  return null;
}

/** Row of everybody who goes by these words, by name; epoch and host as the galaxy tells them. */
async function rows(galaxy, words) {
  const answer = await galaxy.host('GET', `/api/souls?find=${encodeURIComponent(words)}`);
  return new Map((answer.json?.souls ?? []).map((row) => [row.name, { ...row, soul: String(row.soul) }]));
}

function border(galaxy) {
  const done = spawnSync(path.join(bin, 'border_audit'), [`${galaxy.key}=${galaxy.folder}`, '--alone'], { encoding: 'utf8' });
  const report = JSON.parse(done.stdout);
  return `${report.galaxies[0].border_hash} ${report.escrow_credits}`;
}

function audit(text) {
  const done = spawnSync(path.join(bin, 'border_audit'), all.map((galaxy) => `${galaxy.key}=${galaxy.folder}`), { encoding: 'utf8' });
  const report = JSON.parse(done.stdout);
  check(report.problems.length === 0, `${text}: ${JSON.stringify(report.problems)}`);
  return report;
}

/** The act is refused with that status and such words; borders are what they were, and so is who rides with whom. */
async function refused(text, galaxy, path_, body, status, words, watch = [galaxy]) {
  const seats = async () => JSON.stringify(await Promise.all(watch.map(async (one) => (await one.souls()).map((row) => [row.name, row.host, row.epoch]))));
  const before = watch.map(border), seatsBefore = await seats();
  const answer = await galaxy.host('POST', path_, body, 60000);
  const said = `${answer.json?.error ?? ''} ${answer.json?.reason ?? ''} ${answer.json?.what_to_do ?? ''}`;
  check(answer.status === status && words.test(said), `${text}: wanted ${status} ${words}, got ${answer.status} ${said}`);
  await sleep(250);
  watch.forEach((one, i) => check(border(one) === before[i], `${text}: the border of ${one.name} has changed`));
  check(await seats() === seatsBefore, `${text}: somebody sits elsewhere now`);
}

/** Minds fly when they like to: who is not docked just now is asked again. */
async function whenDocked(act) {
  let answer;
  await until(async () => (answer = await act()).status !== 409 || !/docked|between two systems/.test(answer.json.reason), 150000);
  return answer;
}

async function cut(galaxy, soul, to) {
  const answer = await whenDocked(() => galaxy.host('POST', '/api/souls/cut', { soul, to: to.url, wait_s: 20 }, 60000));
  check(answer.status === 200, `cut to ${to.name}: ${JSON.stringify(answer)}`);
  return answer.json?.transfer;
}

const ended = (galaxy, transfer, state) =>
  until(async () => (await galaxy.host('GET', `/api/souls/crossings?transfer=${transfer}`)).json?.state === state, 30000);

/** Carrier and riders of one crew are together in that galaxy, the riders in its head. */
async function together(text, galaxy, word, count) {
  const good = await until(async () => {
    const riders = [...(await rows(galaxy, `Rider ${word}`)).values()], carrier = (await rows(galaxy, `Carrier ${word}`)).get(`Carrier ${word}`);
    return carrier && riders.length === count && riders.every((row) => row.host === carrier.soul) ? carrier : null;
  });
  check(good, `${text}: ${JSON.stringify([...(await rows(galaxy, word)).values()])}`);
  return good?.soul;
}

async function makeCrew(galaxy, word, count) {
  const carrier = await bear(galaxy, `Carrier ${word}`), riders = [];
  for (let i = 0; i < count; i++) {
    riders.push(await bear(galaxy, `Rider ${word} ${letters(i)}`));
    const answer = await whenDocked(() => galaxy.host('POST', '/api/souls/board', { soul: riders[i], host: carrier, wait_s: 20 }, 60000));
    check(answer.status === 200, `${word}: number ${i + 1} does not come aboard: ${JSON.stringify(answer)}`);
  }
  return { carrier, riders };
}

// ---- seats ------------------------------------------------------------------------------------------------------------------------

async function testSeated() {
  const { carrier, riders } = await makeCrew(home, 'Abb', 3);
  await refused('out of a head that one is not in', home, '/api/souls/leave', { soul: carrier }, 404, /rides/);
  await refused('aboard who rides itself', home, '/api/souls/board', { soul: carrier, host: riders[0] }, 404, /bodies/);
  const transfer = await cut(home, carrier, other);
  check(await ended(home, transfer, 'gone'), 'the carrier has not gone');
  const there = await together('they are seated at the destination', other, 'Abb', 3);
  check((await rows(home, 'Abb')).size === 0, 'somebody of them stayed at home');
  // One leaves there, pays for its body, and is left behind; the others go home with their carrier.
  const out = (await rows(other, 'Rider Abb')).get(`Rider Abb ${letters(1)}`);
  const left = await whenDocked(() => other.host('POST', '/api/souls/leave', { soul: out.soul, wait_s: 20 }, 60000));
  check(left.status === 200, `it does not leave: ${JSON.stringify(left)}`);
  const body = (await rows(other, 'Rider Abb')).get(out.name);
  check(body?.host === undefined && body.docked, `it has a body: ${JSON.stringify(body)}`);
  const back = await cut(other, there, home);
  check(await ended(other, back, 'gone'), 'the carrier has not come home');
  await together('they are home', home, 'Abb', 2);
  check((await rows(other, 'Abb')).size === 1, 'who has left its head has not stayed');
  audit('seated');
}

/** Refused on the way: the carrier is home again, and all of them in its head; the servers die in between. */
async function testComeHome() {
  const { carrier } = await makeCrew(home, 'Abc', 3);
  other.road.shut = /arrivals/;
  const transfer = await cut(home, carrier, other);
  check(await until(async () => (await rows(home, 'Abc')).size === 0), 'they have not left');
  await home.kill(); // all of them are in flight
  const report = audit('in flight');
  check(report.in_flight === 4 && report.crew_in_flight === 3, `four are in flight: ${JSON.stringify(report)}`);
  await home.start();
  await other.kill('SIGTERM');
  other.peers = [];
  await other.start();
  other.road.shut = null;
  check(await ended(home, transfer, 'back'), 'the carrier is not home');
  await together('they are home again', home, 'Abc', 3);
  await other.kill('SIGTERM');
  other.peers = all.filter((one) => one !== other).map((one) => one.key);
  await other.start();
  const again = await until(async () => (await rows(home, 'Carrier Abc')).get('Carrier Abc')?.soul);
  await cut(home, again, other); // and now they may
  await together('they came after all', other, 'Abc', 3);
  audit('home again');
}

// ---- full -------------------------------------------------------------------------------------------------------------------------

async function testFullHead() {
  const { carrier } = await makeCrew(home, 'Abd', SEATS);
  const ninth = await bear(home, 'Nobody');
  await refused('a ninth in one head', home, '/api/souls/board', { soul: ninth, host: carrier, wait_s: 1 }, 409, /eight seats/);
  await together('eight are aboard', home, 'Abd', SEATS);
  await cut(home, carrier, other);
  await together('all eight are seated at the destination', other, 'Abd', SEATS);
}

async function testFullAwake() {
  for (const key of [home.key]) await awake.host('POST', '/api/souls/invite', { key });
  const { carrier } = await makeCrew(home, 'Abe', SEATS - 1); // a carrier is one of them there
  const transfer = await cut(home, carrier, awake);
  check(await ended(home, transfer, 'gone'), 'the carrier has not come to the awake galaxy');
  check(await until(async () => (await awake.souls()).filter((row) => row.host !== undefined).length === SEATS), 'they are not all in its host\'s head');
  const late = await bear(home, 'Latecomer');
  await home.host('POST', '/api/souls/cut', { soul: late, to: awake.url, wait_s: 20 }, 60000); // it has its identity from now on
  await refused('a ninth in the head of an awake galaxy', home, '/api/souls/cut', { soul: late, to: awake.url, wait_s: 5 }, 409, /full|room/, [home, awake]);
  const { carrier: second } = await makeCrew(home, 'Abf', 1);
  await home.host('POST', '/api/souls/cut', { soul: second, to: awake.url, wait_s: 20 }, 60000);
  await refused('a crew, too', home, '/api/souls/cut', { soul: second, to: awake.url, wait_s: 5 }, 409, /full|room/, [home, awake]);
}

/** One of a crew cannot leave: nobody does. They sit where they sat, and each has what it had (but for a fee). */
async function stayTogether(text, galaxy, carrier, word, count, to, words) {
  const answer = await whenDocked(() => galaxy.host('POST', '/api/souls/cut', { soul: carrier, to: to.url, wait_s: 2 }, 60000));
  check(answer.status === 409 && words.test(answer.json?.reason), `${text}: ${JSON.stringify(answer)}`);
  await together(text, galaxy, word, count);
  await sleep(1500); // longer than who has left waits for its host
  await together(`${text}, and later`, galaxy, word, count);
  check((await rows(to, word)).size === 0, `${text}: somebody is abroad`);
}

async function testTorn() {
  // Who carries them cannot pay the fee.
  const carrier = await bear(home, 'Carrier Abh', 40);
  for (const name of ['Rider Abh One', 'Rider Abh Two']) {
    const rider = await bear(home, name);
    const answer = await whenDocked(() => home.host('POST', '/api/souls/board', { soul: rider, host: carrier, wait_s: 20 }, 60000));
    check(answer.status === 200, `${name} does not come aboard: ${JSON.stringify(answer)}`);
  }
  await stayTogether('a carrier without the fee', home, carrier, 'Abh', 2, other, /Carrier Abh cannot leave/); // they have their identities from now on
  const before = border(home);
  await stayTogether('a carrier without the fee, again', home, carrier, 'Abh', 2, other, /Carrier Abh cannot leave/);
  check(border(home) === before, 'a carrier without the fee: the border has changed');
}

/** In a full galaxy with one place: the first of a crew finds room for its way back, the second does not. */
async function testTornByRoom() {
  const crew = await small.host('GET', '/api/souls?find=Carrier%20Abi');
  const carrier = String(crew.json.souls[0].soul);
  const two = (await small.souls()).filter((row) => row.docked && row.name.startsWith('Mind ')).slice(0, 2).map((row) => String(row.soul));
  const answer = await whenDocked(() => small.host('POST', '/api/souls/board', { soul: two[0], host: two[1], wait_s: 20 }, 60000));
  if (!check(answer.status === 200, `no place becomes free: ${JSON.stringify(answer)}`)) return;
  await stayTogether('room for one', small, carrier, 'Abi', 3, other, /room|Not all/);
  audit('room for one');
  const last = await small.host('POST', '/api/minds', { name: 'Mind Last', traits: WILLING, credits: 100000 }, 30000);
  check(last.status === 200, `the last place: ${JSON.stringify(last)}`);
}

async function testFullGalaxy() {
  await makeCrew(small, 'Abi', 3);
  let born = 0, last = null;
  for (let round = 0; round < 200 && last === null; round++) {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => small.host('POST', '/api/minds', { name: `Mind ${letters(round)} ${letters(i)}`, traits: WILLING, credits: 100000 }, 30000)));
    born += answers.filter((answer) => answer.status === 200).length;
    last = answers.find((answer) => answer.status !== 200) ?? null;
  }
  console.log(`a galaxy is full with ${born} more`);
  check(last?.status === 409 && /no room/.test(last.json.reason), `nobody more is born: ${JSON.stringify(last)}`);
  await testTornByRoom();
  const late = await bear(home, 'Latest'), own = new OwnSoul('Latest Own');
  check(await own.bear(home) === null && await own.found(home) === null, 'a soul with its own key is not founded');
  const { carrier } = await makeCrew(home, 'Abg', 1);
  const first = await home.host('POST', '/api/souls/cut', { soul: late, to: small.url, wait_s: 20 }, 60000);
  check(first.status === 409 && /full|room/.test(JSON.stringify(first.json)), `the first try: ${JSON.stringify(first)}`);
  await home.host('POST', '/api/souls/cut', { soul: carrier, to: small.url, wait_s: 20 }, 60000);
  await refused('a galaxy that is full', home, '/api/souls/cut', { soul: late, to: small.url, wait_s: 5 }, 409, /full|room/, [home, small]);
  await refused('a galaxy that is full, and a crew', home, '/api/souls/cut', { soul: carrier, to: small.url, wait_s: 5 }, 409, /full|room/, [home, small]);
  const before = border(home), answer = await own.cut(home, small, 2);
  check(answer.status === 409 && /full|room/.test(JSON.stringify(answer.json)), `a galaxy that is full, by its own order: ${JSON.stringify(answer)}`);
  check(border(home) === before, 'by its own order: the border of home has changed');
  // Whoever holds its key: orders and mandates that are not its own, or for something else, move nothing.
  const wrong = new OwnSoul('Wrong').key;
  for (const [text, change, status] of [['another key', { key: wrong }, 403], ['another key, named', { key: wrong, order: { key: wrong.hex } }, 403],
    ['a mandate of another', { mandateKey: wrong }, 400], ['a mandate for another epoch', { mandate: { epoch: 7 } }, 400],
    ['a mandate for another server', { mandate: { server: other.key } }, 400], ['a mandate that is too old', { mandate: { until: 1000 } }, 400],
    ['an old order', { order: { issued: Math.floor(Date.now() / 1000) - 100 } }, 403]]) {
    const said = await own.cut(home, other, 2, change);
    check(said.status === status && said.json?.reason, `an order with ${text}: ${JSON.stringify(said)}`);
    check(border(home) === before, `an order with ${text}: the border of home has changed`);
  }
  const asked = await own.cut(home, other, 2, { noMandate: true }); // then it is shown what it has to sign first
  check(asked.status === 202 && asked.json.sign?.some((sheet) => sheet.kind === 'mandate'), `an order without a mandate: ${JSON.stringify(asked)}`);
  check(border(home) === before, 'an order without a mandate: the border of home has changed');
  const good = await own.cut(home, other, 2);
  check(good.status === 200 && await ended(home, good.json.transfer, 'gone'), `its own good order: ${JSON.stringify(good)}`);
}

/** Who was just sent to another system is on its way there for a moment: it is waited for, and not called unknown. */
async function testOnTheWay() {
  const carrier = await bear(wide, 'Carrier Dag', 50000, UNWILLING), rider = await bear(wide, 'Rider Dag');
  let state;
  for (const row of (await wide.souls()).filter((one) => !one.name.endsWith(' Dag')).slice(0, 30)) {
    const to = (await wide.host('GET', `/api/soul?soul=${row.soul}`)).json?.address;
    if (!to) continue;
    await wide.host('POST', '/api/souls/cut', { soul: rider, to, wait_s: 20 }, 60000);
    ({ state } = (await wide.host('GET', `/api/soul?soul=${rider}`)).json);
    const answer = await wide.host('POST', '/api/souls/board', { soul: rider, host: carrier, wait_s: 0 }, 60000);
    check(answer.status === 409 && /between two systems|not agree/.test(answer.json.reason), `aboard when it is ${state}: ${JSON.stringify(answer)}`);
    if (state === 'on its way') break;
  }
  check(state === 'on its way', 'it was never on its way');
}

/** More agree at once than the rules have room for: nobody is told to have not answered, they go as those before them have gone. */
async function testManyAsked() {
  const crowd = (await small.souls()).filter((row) => row.docked && row.name.startsWith('Mind ')).slice(0, 600).map((row) => String(row.soul));
  check(crowd.length >= 450, `only ${crowd.length} are docked`);
  const answer = await small.host('POST', '/api/souls/cut', { souls: crowd, to: other.url, wait_s: 40 }, 90000);
  const unheard = answer.json?.souls?.filter((row) => row.error === 'no answer').length;
  check(answer.status === 200 && unheard === 0 && answer.json.done >= 400, `many asked at once: ${answer.json?.done} of ${crowd.length} went, ${unheard} were not heard`);
  audit('many asked at once');
}

try {
  for (const galaxy of all) await galaxy.start();
  for (const galaxy of all) galaxy.peers = all.filter((one) => one !== galaxy).map((one) => one.key);
  for (const galaxy of all) { await galaxy.kill('SIGTERM'); await galaxy.start(); }
  await testSeated();
  await testOnTheWay();
  await testComeHome();
  await testTorn();
  await testFullHead();
  await testFullAwake();
  await testFullGalaxy();
  await testManyAsked();
} finally {
  for (const galaxy of all) await galaxy.close();
}
if (failed === 0) fs.rmSync(work, { recursive: true, force: true });
else console.log(`the galaxies stay in ${work}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
