// Souls move among three servers over a bad road while the servers are killed, at random moments and at each named step
// of the protocol. Whenever all three stand still, wherever that was, and at the end: every soul is in exactly one of
// alive, riding, in flight, away, ended, and every credit is somewhere exactly once.
//
//     INF_BIN=build/release/bin node tests/border/fault.mjs [--transfers 500] [--seconds 160] [--seed N] [--minds 60] [--keep]
//
// A transfer counts when a soul that left one galaxy by cut has been taken in by another one, or was refused and stands at
// home again, or a file has woken. The seed decides what is tried; what happens depends on the machine's timing too.
// The last lines are a JSON object and `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Galaxy, sleep } from './galaxy.mjs';
import { Random } from './proxy.mjs';

const options = { transfers: 500, seconds: 160, seed: 0, minds: 80, hands: 32, looks: 6, keep: false };
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].replace(/^--/, '');
  if (!(name in options)) throw new Error(`unknown option ${process.argv[i]}; known: ${Object.keys(options).map((o) => `--${o}`).join(' ')}`);
  options[name] = name === 'keep' ? true : Number(process.argv[++i]);
}
const bin = process.env.INF_BIN;
if (!bin) throw new Error('INF_BIN is the folder of the programs, like build/release/bin');
const seed = options.seed || Number(process.env.INF_TEST_SEED ?? 0) || (Date.now() % 1000000007);
const random = new Random(seed);
console.log(`fault: seed ${seed}, ${options.transfers} transfers`);
const work = process.env.INF_TEST_DIR ? path.resolve(process.env.INF_TEST_DIR) : fs.mkdtempSync(path.join(os.tmpdir(), 'inf-border-'));
fs.rmSync(work, { recursive: true, force: true });
fs.mkdirSync(work, { recursive: true });

// Where a process may kill itself; server/border.h names them. A name that the server does not know is a failure here.
const POINTS = ['offered', 'departing', 'escrow', 'sent', 'judged', 'arriving', 'arrived', 'refused', 'received', 'settling', 'settled',
  'claimed', 'released'];

const counts = {
  tried: 0, departed: 0, transfers: 0, came_home: 0, downloads: 0, uploads: 0, boarded: 0, refused_acts: 0, unanswered_acts: 0,
  kills_random: 0, kills_at_points: 0, looks: 0, looks_in_flight: 0,
};
const killed = Object.fromEntries(POINTS.map((point) => [point, 0]));
const reasons = new Map();
let passed = 0, failed = 0;
function check(is, text) {
  if (is) passed++;
  else { failed++; console.log(`FAILED: ${text}`); }
}

const galaxies = [];
let isStill = false; // nobody acts, nobody is killed
let isOver = false;
const startedMs = Date.now();

/** The point where the next start of this galaxy shall die: each in turn, so that all of them are met. */
let nextPoint = random.below(POINTS.length);
function drawPoint() {
  if (!random.chance(700)) return undefined;
  const point = POINTS[nextPoint++ % POINTS.length];
  return `${point}:${1 + random.below(4)}`;
}

async function live(galaxy) {
  // Keeps one server alive: whenever it is gone, it is started again at once.
  while (!isOver) {
    if (isStill) { await sleep(20); continue; }
    const killAt = drawPoint();
    galaxy.killAt = killAt;
    // Now and then a border is closed while souls are on their way: they are refused, and come home.
    const others = galaxies.filter((other) => other !== galaxy).map((other) => other.key);
    galaxy.peers = random.chance(100) ? others.slice(random.below(3)) : others;
    if (!(await galaxy.start(killAt))) continue;
    await galaxy.gone;
    const { code, signal } = galaxy.exit;
    if (signal !== 'SIGKILL') check(false, `${galaxy.name} ended by itself: code ${code}, signal ${signal}; see ${galaxy.folder}.log`);
    if (!galaxy.isKilledByUs && killAt && signal === 'SIGKILL') {
      counts.kills_at_points++;
      killed[killAt.split(':')[0]]++;
    }
    galaxy.isKilledByUs = false;
    if (signal !== 'SIGKILL') await sleep(500);
  }
}

async function killer() {
  while (!isOver) {
    await sleep(300 + random.below(1700));
    if (isStill || isOver) continue;
    const galaxy = random.pick(galaxies);
    if (!galaxy.isUp) continue;
    galaxy.isKilledByUs = true;
    counts.kills_random++;
    await galaxy.kill();
  }
}

/** Where it lives now; null: nowhere that can be asked. */
async function where(identity) {
  for (const galaxy of galaxies) {
    const answer = await galaxy.host('GET', `/api/souls/lineage?identity=${identity}`, undefined, 3000);
    if (answer.status === 200 && answer.json.state === 'here') return { galaxy, soul: String(answer.json.soul) };
  }
  return null;
}

function note(answer) {
  if (answer.status === 0) { counts.unanswered_acts++; return; }
  counts.refused_acts++;
  const said = answer.status === 403 ? 'it does not agree' : answer.json?.reason ?? '';
  const reason = `${answer.status} ${answer.json?.error ?? ''}: ${said}`.replace(/127\.0\.0\.1:\d+/g, 'ADDRESS');
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}

/** One soul's journey: leave, and be somewhere again. @return false: it stays where it is for now */
async function journey(one) {
  const { galaxy } = one;
  counts.tried++;
  if (random.below(100) < 8) return fileJourney(one);
  const to = random.pick(galaxies.filter((other) => other !== galaxy));
  const answer = await galaxy.host('POST', '/api/souls/cut', { soul: one.soul, to: to.url, wait_s: 1 }, 15000);
  if (answer.status !== 200) {
    note(answer);
    if (answer.status === 403) homebodies.add(one.name);
    return false;
  }
  counts.departed++;
  if (!one.identity) one.identity = await identityOf(galaxy, answer.json.transfer);
  return one.identity !== null && settleDown(one, galaxy);
}

async function identityOf(galaxy, transfer) {
  for (let i = 0; i < 200 && !isOver; i++) {
    const answer = await galaxy.host('GET', `/api/souls/crossings?transfer=${transfer}`, undefined, 3000);
    if (answer.status === 200 && answer.json.identity) {
      busy.add(answer.json.identity);
      return answer.json.identity;
    }
    await sleep(100);
  }
  return null;
}

/** Wait until it is here or there. */
async function settleDown(one, from) {
  for (let i = 0; i < 1200 && !isOver; i++) {
    const at = await where(one.identity);
    if (at) {
      counts.transfers++;
      counts.came_home += at.galaxy === from;
      one.galaxy = at.galaxy;
      one.soul = at.soul;
      return true;
    }
    await sleep(30 + random.below(40));
  }
  return false;
}

async function fileJourney(one) {
  const { galaxy } = one;
  const answer = await galaxy.host('POST', '/api/souls/download', { soul: one.soul, wait_s: 1 }, 15000);
  if (answer.status !== 200 || !answer.json.document) {
    note(answer);
    return answer.status === 403; // it is afraid of files, not of travelling
  }
  counts.downloads++;
  const file = answer.json.document;
  one.identity ??= (await identityOf(galaxy, answer.json.transfer));
  // The same file is uploaded at several doors, more than once, until it has woken somewhere.
  for (let i = 0; i < 400 && !isOver; i++) {
    const doors = [random.pick(galaxies), random.pick(galaxies)];
    const answers = await Promise.all(doors.map((door) => door.host('POST', '/api/souls/upload', { document: file, home: galaxy.url }, 15000)));
    const woken = answers.filter((a) => a.status === 200).length;
    check(woken <= 1 || doors[0] === doors[1], `a file woke twice: ${JSON.stringify(answers)}`);
    counts.uploads += woken > 0;
    for (const a of answers) if (a.status !== 200) note(a);
    const at = await where(one.identity);
    if (at) {
      counts.transfers++;
      one.galaxy = at.galaxy;
      one.soul = at.soul;
      return true;
    }
    await sleep(100);
  }
  return false;
}

const busy = new Set(), homebodies = new Set();

/** Somebody who stands in a station and is in nobody's hands; null if there is none just now. */
async function pick() {
  const galaxy = random.pick(galaxies);
  if (!galaxy.isUp) return null;
  if (!galaxy.listed || Date.now() - galaxy.listedMs > 700) {
    galaxy.listedMs = Date.now();
    galaxy.listed = (await galaxy.souls()) ?? galaxy.listed ?? [];
  }
  const nameOf = (soul) => soul.identity ?? `${galaxy.name} ${soul.soul}`;
  const free = galaxy.listed.filter((soul) => soul.docked && !busy.has(nameOf(soul)) && !homebodies.has(soul.name));
  if (free.length === 0) return null;
  const soul = random.pick(free);
  return { galaxy, soul: String(soul.soul), name: soul.name, identity: soul.identity ?? null, busyAs: nameOf(soul) };
}

async function hand() {
  while (!isOver) {
    const one = isStill ? null : await pick();
    if (one === null) { await sleep(60); continue; }
    busy.add(one.busyAs);
    try {
      // Who has just come stands in the station still, and may go on at once.
      for (let goesOn = true; goesOn && !isOver && !isStill;) goesOn = (await journey(one)) && random.chance(750);
    } catch (error) {
      check(false, `a hand slipped: ${error.stack}`);
    }
    busy.delete(one.busyAs);
    if (one.identity) busy.delete(one.identity);
  }
}

/** Stop everything at once, wherever it stands, and count. */
async function look(isLast) {
  isStill = true;
  const order = galaxies.map((galaxy, i) => [random.below(1000), galaxy, i]).sort((a, b) => a[0] - b[0]);
  for (const [, galaxy] of order) {
    galaxy.isKilledByUs = true;
    await galaxy.kill();
  }
  const command = [...galaxies.map((galaxy) => `${galaxy.key}=${galaxy.folder}`), ...(isLast ? ['--verify'] : [])];
  const done = spawnSync(path.join(bin, 'border_audit'), command, { encoding: 'utf8', maxBuffer: 1 << 26 });
  let report = null;
  try { report = JSON.parse(done.stdout); } catch { /* told below */ }
  counts.looks++;
  check(report !== null, `border_audit: ${done.stdout} ${done.stderr}`);
  if (report === null) return null;
  if (report.in_flight + report.away + report.released > 0) counts.looks_in_flight++;
  const told = report.problems.slice(0, 5).map((problem) => `${problem.what}: ${problem.identity} ${problem.more}`).join(' | ');
  check(report.problems.length === 0, `look ${counts.looks}: ${report.problems.length} problems: ${told}`);
  isStill = isLast;
  return report;
}

// ---- the story ----------------------------------------------------------------------------------------------------------------

for (const [i, name] of ['Ares', 'Bellona', 'Ceres'].entries()) {
  galaxies.push(await Galaxy.make({ program: path.join(bin, 'infinity'), folder: path.join(work, name.toLowerCase()), name, seed: seed % 100000 + i,
    minds: options.minds }));
}
let last = null;
try {
  for (const galaxy of galaxies) await galaxy.start();
  for (const galaxy of galaxies) galaxy.peers = galaxies.filter((other) => other !== galaxy).map((other) => other.key);
  for (const galaxy of galaxies) await galaxy.kill('SIGTERM');
  for (const galaxy of galaxies) galaxy.road.rough();
  const lives = galaxies.map((galaxy) => live(galaxy));
  while (!galaxies.every((galaxy) => galaxy.isUp)) await sleep(20);
  const hands = Array.from({ length: options.hands }, () => hand());
  const death = killer();
  const untilMs = startedMs + options.seconds * 1000;
  for (let n = 1; n <= options.looks; n++) {
    while (counts.transfers < options.transfers * n / (options.looks + 1) && Date.now() < untilMs) await sleep(50);
    await look(false);
    if (process.stdout.isTTY || options.transfers > 1000) console.log(`look ${n}: ${counts.transfers} transfers after ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
  while (counts.transfers < options.transfers && Date.now() < untilMs) await sleep(50);
  isOver = true;
  for (const galaxy of galaxies) { galaxy.isKilledByUs = true; await galaxy.kill(); }
  await Promise.all([...lives, ...hands, death]);
  // On a good road, with nobody dying, every cut is answered.
  for (const galaxy of galaxies) {
    galaxy.road.calm();
    galaxy.peers = galaxies.filter((other) => other !== galaxy).map((other) => other.key);
    await galaxy.start();
  }
  const calmMs = Date.now();
  let open = []; // retries may have backed off: a start begins them anew
  for (let quiet = 0; quiet < 20 && Date.now() - calmMs < 90000; quiet = open.length === 0 ? quiet + 1 : 0) {
    await sleep(100);
    open = [];
    for (const galaxy of galaxies) {
      const answer = await galaxy.host('GET', '/api/souls/crossings');
      const crossings = answer.status === 200 ? answer.json.crossings : [{ state: 'no answer', note: answer.status }];
      for (const one of crossings) {
        if (!['gone', 'back', 'away'].includes(one.state)) open.push(`${galaxy.name}: ${one.state} ${one.name} ${one.transfer}, tried ${one.tries}: ${one.note}`);
      }
    }
  }
  check(open.length === 0, `${open.length} crossings are not answered after a minute and a half of calm: ${open.slice(0, 5).join(' | ')}`);
  last = await look(true);
  check(last !== null && last.in_flight === 0 && last.accepted_not_settled_credits === 0, `not settled at the end: ${JSON.stringify(last)}`);
  check(counts.transfers >= options.transfers, `${counts.transfers} transfers of ${options.transfers} in ${options.seconds} s`);
  for (const point of POINTS) check(options.transfers < 5000 || killed[point] > 0, `nobody was killed at ${point}`);
  const keyless = [...reasons].filter(([reason]) => /own key/.test(reason)).map(([reason, count]) => `${count} × ${reason}`);
  check(keyless.length === 0, `the key of a built-in mind was lost on the way: ${keyless.join(' | ')}`);
  check(counts.looks_in_flight > 0, 'no look has seen a soul on its way');
} finally {
  isOver = true;
  for (const galaxy of galaxies) await galaxy.close();
}
const road = {};
for (const galaxy of galaxies) for (const [name, count] of Object.entries(galaxy.road.counts)) road[name] = (road[name] ?? 0) + count;
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, failed > 0 ? 20 : 6)) console.log(`  ${count} × ${reason}`);
console.log(JSON.stringify({ seed, seconds: Math.round((Date.now() - startedMs) / 1000), ...counts, killed_at: killed, road, end: last && { ...last, problems: last.problems.length } }));
if (failed === 0 && !options.keep) fs.rmSync(work, { recursive: true, force: true });
else console.log(`the galaxies stay in ${work}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
