// Souls move among three servers over a bad road while the servers are killed, at random moments and at each named step
// of the protocol. Whenever all three stand still, wherever that was, and at the end: every soul is in exactly one of
// alive, riding, in flight, away, ended, and every credit is somewhere exactly once.
//
//     INF_BIN=build/release/bin node tests/border/fault.mjs [--transfers 500] [--seconds 160] [--seed N] [--minds 60] [--keep]
//
// A transfer counts when a soul that left one galaxy by cut has been taken in by another one, or was refused and stands at
// home again, or a file has woken. Some go alone, some many with one request, some carry others (hands.mjs), some keep their
// own key and sign for themselves (own_key.mjs). Each named point has to be met (scenes.mjs). The seed decides what is tried;
// what happens depends on the machine's timing too. --calm N: so many times fewer deaths; the long form has proportionately
// as many as the short one. The last lines are a JSON object and `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { awakeMs } from './clock.mjs';
import { Galaxy, sleep } from './galaxy.mjs';
import { Hands, letters } from './hands.mjs';
import { Random } from './proxy.mjs';
import { SCENE_POINTS, Scenes } from './scenes.mjs';

const options = { transfers: 500, seconds: 160, seed: 0, minds: 40, travellers: 30, hands: 16, crews: 6, own: 4, looks: 6, calm: 1, tick: 50, keep: false };
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
// What must have happened at least once before it may end; all of it is tried until then.
const DEEDS = ['crews', 'boarded', 'left', 'crew_seated', 'own_key', 'together', 'uploads', 'came_home'];
const EVERYDAY = POINTS.filter((point) => !SCENE_POINTS.includes(point));

const counts = {
  tried: 0, departed: 0, transfers: 0, came_home: 0, together: 0, downloads: 0, uploads: 0, crews: 0, boarded: 0, left: 0, crew_transfers: 0,
  crew_seated: 0, crew_in_bodies: 0, crew_parted: 0, own_key: 0, refused_acts: 0, unanswered_acts: 0, kills_random: 0, kills_at_points: 0,
  kills_for_scenes: 0, looks: 0, looks_in_flight: 0, looks_riding: 0, looks_crew_in_flight: 0,
};
const killed = Object.fromEntries(POINTS.map((point) => [point, 0]));
/** Points and deeds that have not been met. */
const missing = () => [...POINTS.filter((point) => killed[point] === 0), ...DEEDS.filter((name) => counts[name] === 0)];
let passed = 0, failed = 0;
function check(is, text) {
  if (is) passed++;
  else { failed++; console.log(`FAILED: ${text}`); }
  return is;
}

const galaxies = [];
let isStill = false; // nobody acts, nobody is killed
let isOver = false;
const startedMs = awakeMs();
const seconds = () => Math.round((awakeMs() - startedMs) / 1000);
const world = { galaxies, random, counts, killed, check, isStill: () => isStill, isOver: () => isOver };
const hands = new Hands(world);
let scenes = null;

/** The point where the next start of this galaxy shall die: one of those that were met least. */
function drawPoint() {
  if (!random.chance(700)) return undefined;
  const least = Math.min(...EVERYDAY.map((point) => killed[point]));
  const point = random.pick(EVERYDAY.filter((one) => killed[one] === least || random.chance(200)));
  return `${point}:${1 + random.below(least === 0 ? 3 : 4 * options.calm)}`;
}

async function live(galaxy) {
  // Keeps one server alive: whenever it is gone, it is started again at once.
  while (!isOver) {
    if (isStill) { await sleep(20); continue; }
    const { plan } = galaxy;
    const killAt = plan ? plan.killAt : drawPoint();
    galaxy.killAt = killAt;
    // Now and then a border is closed while souls are on their way: they are refused, and come home.
    const others = galaxies.filter((other) => other !== galaxy).map((other) => other.key);
    galaxy.peers = plan?.peers ?? (random.chance(50) ? others.slice(random.below(3)) : others);
    const isUp = await galaxy.start(killAt);
    galaxy.plan = null;
    if (!isUp) continue;
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
    await sleep((300 + random.below(1700)) * options.calm);
    if (isStill || isOver) continue;
    const galaxy = random.pick(galaxies);
    if (!galaxy.isUp) continue;
    galaxy.isKilledByUs = true;
    counts.kills_random++;
    await galaxy.kill();
  }
}

/** Stop everything at once, wherever it stands, and count. */
async function look(isLast) {
  for (let i = 0; i < 400 && scenes.isPlaying && !isLast; i++) await sleep(25); // a scene that is under way
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
  if (report.riding > 0) counts.looks_riding++;
  if (report.crew_in_flight > 0) counts.looks_crew_in_flight++;
  const told = report.problems.slice(0, 5).map((problem) => `${problem.what}: ${problem.identity} ${problem.more}`).join(' | ');
  check(report.problems.length === 0, `look ${counts.looks}: ${report.problems.length} problems: ${told}`);
  isStill = isLast;
  return report;
}

// ---- the story ----------------------------------------------------------------------------------------------------------------

for (const [i, name] of ['Ares', 'Bellona', 'Ceres'].entries()) {
  galaxies.push(await Galaxy.make({ program: path.join(bin, 'infinity'), folder: path.join(work, name.toLowerCase()), name, seed: seed % 100000 + i,
    minds: options.minds, settings: { tick_ms: options.tick } }));
}

/** Who travels: minds that want to and can pay, crews, sleepers. */
async function populate() {
  const sleepers = [];
  for (const [n, galaxy] of galaxies.entries()) {
    await hands.bear(galaxy, Array.from({ length: options.travellers }, (_, i) => `Traveller ${letters(n)} ${letters(i)}`), 20000);
    const names = [0, 1].map((i) => `Sleeper ${letters(2 * n + i)}`);
    sleepers.push(...(await hands.bear(galaxy, names, 20000)).map((soul, i) => ({ name: names[i], galaxy, soul, identity: null })));
    for (let c = n; c < options.crews; c += galaxies.length) await hands.bearCrew(galaxy, c, 1 + c % 3);
  }
  hands.crews = hands.crews.sort((a, b) => (a[0].name < b[0].name ? -1 : 1)); // each at its number
  scenes = new Scenes(world, hands, sleepers);
}

let last = null;
try {
  for (const galaxy of galaxies) await galaxy.start();
  await populate();
  for (const galaxy of galaxies) galaxy.peers = galaxies.filter((other) => other !== galaxy).map((other) => other.key);
  for (const galaxy of galaxies) await galaxy.kill('SIGTERM');
  for (const galaxy of galaxies) galaxy.road.rough();
  const lives = galaxies.map((galaxy) => live(galaxy));
  while (!galaxies.every((galaxy) => galaxy.isUp)) await sleep(20);
  console.log(`begun after ${seconds()} s`);
  const working = [scenes.run(), ...Array.from({ length: options.hands }, () => hands.hand()), ...hands.crews.map((_, number) => hands.crewHand(number)),
    ...Array.from({ length: options.own }, (_, i) => hands.ownHand(galaxies[i % galaxies.length], `Own ${letters(i)}`))];
  const death = killer();
  const isLate = () => seconds() >= options.seconds;
  let toldMs = awakeMs();
  const until = async (isSo) => {
    while (!isSo() && !isLate()) {
      await sleep(50);
      if (awakeMs() - toldMs > 30000) {
        toldMs = awakeMs();
        console.log(`${counts.transfers} transfers after ${seconds()} s (${counts.own_key} with a key of their own, ${counts.crews} crews), ` +
          `${counts.kills_random + counts.kills_at_points + counts.kills_for_scenes} deaths, not met yet: ${missing().join(' ') || 'nothing'}`);
      }
    }
  };
  for (let n = 1; n <= options.looks; n++) {
    await until(() => counts.transfers >= options.transfers * n / (options.looks + 1));
    await look(false);
  }
  await until(() => counts.transfers >= options.transfers && missing().length === 0);
  for (let n = 0; n < 10 && (counts.looks_in_flight === 0 || counts.looks_riding === 0) && !isLate(); n++) {
    await sleep(1000);
    await look(false);
  }
  isOver = true;
  for (const galaxy of galaxies) { galaxy.isKilledByUs = true; await galaxy.kill(); }
  console.log(`everybody stands still after ${seconds()} s`);
  await Promise.all([...lives, ...working, death]);
  // On a good road, with nobody dying, every cut is answered.
  for (const galaxy of galaxies) {
    galaxy.road.calm();
    galaxy.peers = galaxies.filter((other) => other !== galaxy).map((other) => other.key);
    await galaxy.start();
  }
  await scenes.wakeLast();
  const calmMs = awakeMs();
  let open = []; // retries may have backed off: a start begins them anew
  for (let quiet = 0; quiet < 20 && awakeMs() - calmMs < 90000; quiet = open.length === 0 ? quiet + 1 : 0) {
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
  const keyless = [...hands.reasons].filter(([reason]) => /own key/.test(reason)).map(([reason, count]) => `${count} × ${reason}`);
  check(keyless.length === 0, `the key of a built-in mind was lost on the way: ${keyless.join(' | ')}`);
  last = await look(true);
  check(last !== null && last.in_flight === 0 && last.released === 0 && last.accepted_not_settled_credits === 0, `not settled at the end: ${JSON.stringify(last)}`);
  check(counts.transfers >= options.transfers, `${counts.transfers} transfers of ${options.transfers} in ${options.seconds} s`);
  for (const point of POINTS) check(killed[point] > 0, `nobody was killed at ${point}`);
  check(counts.looks_in_flight > 0, 'no look has seen a soul on its way');
  check(counts.looks_riding > 0, 'no look has seen anybody riding');
  for (const name of DEEDS) check(counts[name] > 0, `${name}: there was none`);
} finally {
  isOver = true;
  for (const galaxy of galaxies) await galaxy.close();
}
const road = {};
for (const galaxy of galaxies) for (const [name, count] of Object.entries(galaxy.road.counts)) road[name] = (road[name] ?? 0) + count;
for (const [reason, count] of [...hands.reasons].sort((a, b) => b[1] - a[1]).slice(0, failed > 0 ? 20 : 6)) console.log(`  ${count} × ${reason}`);
console.log(JSON.stringify({ seed, seconds: seconds(), ...counts, killed_at: killed, road, end: last && { ...last, problems: last.problems.length } }));
if (failed === 0 && !options.keep) fs.rmSync(work, { recursive: true, force: true });
else console.log(`the galaxies stay in ${work}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
