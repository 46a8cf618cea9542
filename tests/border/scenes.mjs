// Scenes that lead to those named points of the protocol which are rarely met by chance: a border that closes while a soul
// is on its way to it (refused), and files that wake elsewhere (claimed at home, released at the waker). Each sets the
// stage, kills a server and starts it again armed, and lets the rest happen over the bad road as ever.
import { sleep } from './galaxy.mjs';
import { letters } from './hands.mjs';
import { WILLING } from './own_key.mjs';

export const SCENE_POINTS = ['refused', 'claimed', 'released'];
const TURNS = 40, TURN_MS = 250;

export class Scenes {
  /** world as in Hands, and killed; hands: of which souls are taken */
  constructor(world, hands, sleepers) {
    Object.assign(this, world);
    this.hands = hands;
    this.sleepers = sleepers; // {name, galaxy, soul}
    this.isPlaying = false;
    this.names = sleepers.length;
  }

  /** Play whatever has been met least, until it is over; when all were met, only now and then. */
  async run() {
    while (!this.isOver()) {
      const { killed } = this, [point] = [...SCENE_POINTS].sort((a, b) => killed[a] - killed[b]);
      if (killed[point] > 0 && this.counts.came_home > 0 && this.counts.uploads > 0) await sleep(this.random.below(20000));
      await sleep(200);
      if (this.isOver() || this.isStill()) continue;
      this.isPlaying = true;
      try {
        if (point === 'refused') await this.closeBorder();
        else await this.wakeFile(point);
      } catch (error) {
        this.check(false, `a scene failed: ${error.stack}`);
      }
      for (const galaxy of this.galaxies) galaxy.plan = null;
      this.isPlaying = false;
    }
  }

  /** The next start of that galaxy is by this plan, and it starts now. */
  async startArmed(galaxy, plan) {
    galaxy.plan = plan;
    galaxy.isKilledByUs = true;
    const { deaths } = galaxy;
    await galaxy.kill();
    this.counts.kills_for_scenes += galaxy.deaths - deaths;
    for (let i = 0; i < 400 && galaxy.plan !== null && !this.isOver(); i++) await sleep(25);
  }

  /** Is it dead at that point? Waits a while. */
  async met(point, before, each) {
    for (let i = 0; i < TURNS && this.killed[point] === before && !this.isOver() && !this.isStill(); i++) {
      await each?.();
      await sleep(TURN_MS);
    }
    return this.killed[point] > before;
  }

  async closeBorder() {
    const to = this.random.pick(this.galaxies), from = this.random.pick(this.galaxies.filter((other) => other !== to));
    const before = this.killed.refused;
    to.road.shut = /arrivals/; // so that it is on its way for as long as this takes
    const some = await this.hands.pick(from, 3);
    try {
      for (const one of some) {
        const answer = await from.host('POST', '/api/souls/cut', { soul: one.soul, to: to.url, wait_s: 1 }, 15000);
        if (answer.status !== 200) {
          this.hands.note(answer);
          if (answer.status === 403) this.hands.homebodies.add(one.name);
          continue;
        }
        this.counts.departed++;
        this.counts.tried++;
        await this.startArmed(to, { killAt: 'refused:1', peers: this.galaxies.filter((other) => other !== to && other !== from).map((other) => other.key) });
        to.road.shut = null;
        await this.met('refused', before);
        if (this.killed.refused === before && to.isUp) await this.startArmed(to, {}); // it was not asked in time: open again
        one.identity ??= (await this.hands.settled(from, answer.json.transfer)).identity;
        return;
      }
    } finally {
      to.road.shut = null;
      for (const one of some) this.hands.release(one);
    }
  }

  /** Somebody sleeps in a file of one galaxy and wakes in another. */
  async wakeFile(point) {
    const { galaxy: at, document, sleeper } = await this.download() ?? {};
    if (!document) return sleep(500);
    const doors = this.galaxies.filter((other) => other !== at), door = this.random.pick(doors);
    const before = this.killed[point], victim = point === 'claimed' ? at : door;
    await this.startArmed(victim, { killAt: `${point}:1` });
    let isAwake = false;
    this.sleeping = { at, document, sleeper };
    const knock = async (where) => {
      const answers = await Promise.all(where.map((one) => one.isUp ? one.host('POST', '/api/souls/upload', { document, home: at.url }, 15000) : { status: 0 }));
      const woken = answers.filter((answer) => answer.status === 200).length;
      this.check(woken + isAwake <= 1, `a file woke twice: ${JSON.stringify(answers)}`);
      for (const answer of answers) if (answer.status !== 200) this.hands.note(answer);
      if (woken === 1) { this.counts.uploads++; isAwake = true; }
    };
    await this.met(point, before, () => knock([door]));
    // At all doors now, more than once, until it has woken somewhere.
    for (let i = 0; i < 200 && !this.isOver(); i++) {
      const found = await this.hands.where(sleeper.identity);
      if (found) {
        Object.assign(sleeper, { galaxy: found.galaxy, soul: found.soul });
        this.counts.transfers++;
        this.sleeping = null;
        await knock(this.galaxies);
        return;
      }
      if (!this.isStill()) await knock([this.random.pick(this.galaxies), this.random.pick(doors)].filter((one, n, all) => all.indexOf(one) === n));
      await sleep(100);
    }
  }

  /** When all is calm: a file that nobody had time to wake. Whoever it was released to, one of all doors opens. */
  async wakeLast() {
    if (!this.sleeping) return;
    const { at, document, sleeper } = this.sleeping;
    let answers = [];
    for (let i = 0; i < 20 && !(await this.hands.where(sleeper.identity)); i++) {
      answers = [];
      for (const galaxy of this.galaxies) answers.push(await galaxy.host('POST', '/api/souls/upload', { document, home: at.url }, 15000));
      await sleep(200);
    }
    this.check(await this.hands.where(sleeper.identity) !== null, `nobody can wake ${sleeper.name}: ${JSON.stringify(answers.map((answer) => answer.json?.reason))}`);
  }

  async download() {
    for (let i = 0; i < this.sleepers.length && !this.isOver(); i++) {
      const sleeper = this.random.pick(this.sleepers);
      const at = sleeper.identity ? await this.hands.where(sleeper.identity) : sleeper;
      if (!at || !at.galaxy.isUp) { await sleep(50); continue; }
      this.counts.tried++;
      const answer = await at.galaxy.host('POST', '/api/souls/download', { soul: at.soul, wait_s: 1 }, 15000);
      if (answer.status !== 200 || !answer.json.document) {
        this.hands.note(answer);
        if (answer.status === 0) await this.replace(sleeper); // it may be away, in a file that nobody has got
        continue;
      }
      this.counts.departed++;
      this.counts.downloads++;
      sleeper.identity = JSON.parse(answer.json.document).identity;
      return { galaxy: at.galaxy, document: answer.json.document, sleeper };
    }
    return null;
  }

  async replace(sleeper) {
    const galaxy = this.random.pick(this.galaxies), name = `Sleeper ${letters(this.names++)}`;
    const answer = await galaxy.host('POST', '/api/minds', { name, traits: WILLING, credits: 20000 }, 15000);
    if (answer.status === 200) this.sleepers.splice(this.sleepers.indexOf(sleeper), 1, { name, galaxy, soul: String(answer.json.soul), identity: null });
  }
}
