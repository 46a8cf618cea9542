// Those who send souls about in tests/border/fault.mjs: hands that take whoever stands in a station, alone or several with
// one request; crews, of whom one carries the others; and souls that keep their own key and sign for themselves.
//
// A passage is followed at the galaxy that it left: one question there tells of all that are under way. Who has gone from
// there lives where it went, and its next departure from there shows that it does.
import { OwnSoul, WILLING } from './own_key.mjs';
import { sleep } from './galaxy.mjs';

const SETTLE_TRIES = 400, SETTLE_MS = 150;

export class Hands {
  /** world: {galaxies, random, counts, check, isStill(), isOver()} */
  constructor(world) {
    Object.assign(this, world);
    this.busy = new Set(); // identities and "galaxy soul" of those in somebody's hands
    this.homebodies = new Set();
    this.reasons = new Map();
    this.crews = [];
  }

  note(answer) {
    if (answer.status === 0) { this.counts.unanswered_acts++; return; }
    this.counts.refused_acts++;
    const said = answer.status === 403 ? 'it does not agree' : answer.json?.reason ?? '';
    const reason = `${answer.status} ${answer.json?.error ?? ''}: ${said}`.replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
      .replace(/says no to [^:]*:/, 'says no to NAME:').replace(/with \d+ (out of \d+ )?bytes/, 'with N bytes');
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  // ---- where somebody is ------------------------------------------------------------------------------------------------

  /** Where it lives now; null: nowhere that can be asked. */
  async where(identity) {
    const answers = await Promise.all(this.galaxies.map((galaxy) => galaxy.isUp
      ? galaxy.host('GET', `/api/souls/lineage?identity=${identity}`, undefined, 3000) : { status: 0 }));
    for (const [i, answer] of answers.entries()) {
      if (answer.status === 200 && answer.json.state === 'here') {
        return { galaxy: this.galaxies[i], soul: String(answer.json.soul), epoch: answer.json.epoch };
      }
    }
    return null;
  }

  /** What a galaxy says of a passage: all who wait share one question. @return its row, or null */
  async passage(galaxy, transfer) {
    if (!galaxy.isUp) return null;
    if (!galaxy.crossingsAsked || Date.now() - galaxy.crossingsMs > SETTLE_MS) {
      galaxy.crossingsMs = Date.now();
      galaxy.crossingsAsked = galaxy.host('GET', '/api/souls/crossings', undefined, 3000).then((answer) =>
        answer.status === 200 ? new Map(answer.json.crossings.map((one) => [one.transfer, one])) : null);
    }
    const all = await galaxy.crossingsAsked;
    if (all === null) return null;
    if (all.has(transfer)) return all.get(transfer);
    const answer = await galaxy.host('GET', `/api/souls/crossings?transfer=${transfer}`, undefined, 3000);
    return answer.status === 200 ? answer.json : null;
  }

  /** Wait until the passage has ended. @return the galaxy that it is in, and its identity; null: not known yet */
  async settled(from, transfer) {
    let identity = null;
    for (let i = 0; i < SETTLE_TRIES && !this.isOver(); i++) {
      const row = await this.passage(from, transfer);
      if (row?.identity && identity === null) this.busy.add(identity = row.identity);
      if (row?.state === 'gone' || row?.state === 'back') {
        const to = row.state === 'back' ? from : this.galaxies.find((galaxy) => galaxy.key === row.server);
        this.counts.transfers++;
        this.counts.came_home += to === from;
        return { galaxy: to, identity };
      }
      await sleep(SETTLE_MS);
    }
    return { galaxy: null, identity };
  }

  // ---- lone souls ---------------------------------------------------------------------------------------------------------

  /** Some who stand in a station of one galaxy and are in nobody's hands; fewer if there are not so many. */
  async pick(galaxy, count) {
    if (!galaxy.isUp) return [];
    if (!galaxy.listed || Date.now() - galaxy.listedMs > 700) {
      galaxy.listedMs = Date.now();
      galaxy.listed = (await galaxy.souls()) ?? galaxy.listed ?? [];
    }
    const nameOf = (soul) => soul.identity ?? `${galaxy.name} ${soul.soul}`;
    const free = galaxy.listed.filter((soul) => soul.docked && soul.kind === 'mind' && !/^(Carrier|Rider|Sleeper) /.test(soul.name) &&
      !this.busy.has(nameOf(soul)) && !this.homebodies.has(soul.name));
    const picked = [];
    for (let i = 0; i < count && free.length > 0; i++) {
      const [soul] = free.splice(this.random.below(free.length), 1);
      this.busy.add(nameOf(soul));
      picked.push({ soul: String(soul.soul), name: soul.name, identity: soul.identity ?? null, busyAs: nameOf(soul) });
    }
    return picked;
  }

  release(one) {
    this.busy.delete(one.busyAs);
    if (one.identity) this.busy.delete(one.identity);
  }

  /** Leave together, by one request. @return those who are in the next galaxy, by galaxy */
  async journey(galaxy, some) {
    this.counts.tried += some.length;
    const to = this.random.pick(this.galaxies.filter((other) => other !== galaxy));
    const body = some.length > 1 ? { souls: some.map((one) => one.soul), to: to.url, wait_s: 1 } : { soul: some[0].soul, to: to.url, wait_s: 1 };
    const answer = await galaxy.host('POST', '/api/souls/cut', body, 15000);
    if (answer.status !== 200) { this.note(answer); if (answer.status === 403) this.homebodies.add(some[0].name); return []; }
    const rows = some.length > 1 ? answer.json.souls : [{ ...answer.json, status: 200 }];
    this.counts.together += some.length > 1 ? rows.filter((row) => row.status === 200).length : 0;
    return Promise.all(some.map(async (one) => {
      const row = rows.length === 1 ? rows[0] : rows.find((other) => other.soul === one.soul);
      if (!row || row.status !== 200) {
        this.note({ status: row?.status ?? 404, json: row });
        if (row?.status === 403) this.homebodies.add(one.name);
        return { one, galaxy: null };
      }
      this.counts.departed++;
      const at = await this.settled(galaxy, row.transfer);
      one.identity ??= at.identity;
      if (at.identity) one.soul = at.identity; // it is known by that everywhere
      return { one, galaxy: at.galaxy };
    }));
  }

  async hand() {
    while (!this.isOver()) {
      let galaxy = this.random.pick(this.galaxies);
      let some = this.isStill() ? [] : await this.pick(galaxy, this.random.chance(500) ? 1 : 2 + this.random.below(4));
      if (some.length === 0) { await sleep(60); continue; }
      try {
        // Who has just come stands in the station still, and may go on at once.
        while (some.length > 0 && !this.isOver() && !this.isStill()) {
          const ended = await this.journey(galaxy, some);
          const next = ended.find((end) => end.galaxy !== null)?.galaxy ?? null;
          const stay = some.filter((one) => !ended.some((end) => end.one === one && end.galaxy === next && next !== null) || !this.random.chance(850));
          for (const one of stay) this.release(one);
          some = some.filter((one) => !stay.includes(one));
          galaxy = next;
        }
      } catch (error) {
        this.check(false, `a hand slipped: ${error.stack}`);
      }
      for (const one of some) this.release(one);
    }
  }

  // ---- births ----------------------------------------------------------------------------------------------------------------

  /** Minds that travel when they are asked, and can pay for it. @return their ids */
  async bear(galaxy, names, credits) {
    const answers = await Promise.all(names.map((name) => galaxy.host('POST', '/api/minds', { name, traits: WILLING, credits }, 20000)));
    for (const answer of answers) this.check(answer.status === 200, `nobody is born: ${JSON.stringify(answer)}`);
    return answers.map((answer) => String(answer.json?.soul));
  }

  // ---- crews -----------------------------------------------------------------------------------------------------------------

  /** One who carries and some who ride; all of them live in that galaxy. */
  async bearCrew(galaxy, number, size) {
    const names = [`Carrier ${letters(number)}`, ...Array.from({ length: size }, (_, i) => `Rider ${letters(number)} ${letters(i)}`)];
    const ids = await this.bear(galaxy, names, 50000);
    this.crews.push(names.map((name, i) => ({ name, soul: ids[i], identity: null, galaxy, host: null })));
  }

  /** What a galaxy says of them. @return row by name, or null */
  async muster(galaxy, number) {
    const answers = await Promise.all(['Carrier', 'Rider'].map((word) =>
      galaxy.isUp ? galaxy.host('GET', `/api/souls?find=${word}%20${letters(number)}`, undefined, 3000) : { status: 0 }));
    if (answers.some((answer) => answer.status !== 200)) return null;
    return new Map(answers.flatMap((answer) => answer.json.souls).map((row) => [row.name, { ...row, soul: String(row.soul), galaxy }]));
  }

  /** All of a crew, wherever they are. @return null: not everybody is to be found just now */
  async musterAll(crew, number) {
    const found = new Map();
    for (const rows of await Promise.all(this.galaxies.map((galaxy) => this.muster(galaxy, number)))) {
      if (rows === null) return null;
      for (const [name, row] of rows) {
        if (!crew.some((one) => one.name === name)) continue;
        // Galaxies are asked one after the other: somebody may go from one to the next meanwhile, but not at rest.
        if (found.has(name)) return null;
        found.set(name, row);
      }
    }
    return crew.every((one) => found.has(one.name)) ? crew.map((one) => found.get(one.name)) : null;
  }

  async crewHand(number) {
    const crew = this.crews[number];
    while (!this.isOver()) {
      if (this.isStill()) { await sleep(50); continue; }
      try {
        await this.crewTurn(crew, number);
      } catch (error) {
        this.check(false, `a crew fell apart: ${error.stack}`);
      }
      await sleep(50);
    }
  }

  async crewTurn(crew, number) {
    const rows = await this.musterAll(crew, number);
    if (rows === null) { await sleep(250); return; }
    const [carrier, ...riders] = rows, { galaxy } = carrier;
    const aboard = riders.filter((row) => row.galaxy === galaxy && row.host === carrier.soul);
    const lost = riders.find((row) => row.host !== undefined && !aboard.includes(row));
    if (lost) { // galaxies are asked one after the other: once more, when what was under way has ended
      crew.strange = (crew.strange ?? 0) + 1;
      this.check(crew.strange < 20, `${lost.name} rides with a stranger: ${JSON.stringify({ ...lost, galaxy: lost.galaxy.name })}`);
      return sleep(250);
    }
    crew.strange = 0;
    if (!this.check(carrier.host === undefined, `${carrier.name} rides itself: ${JSON.stringify({ ...carrier, galaxy: galaxy.name })}`)) return sleep(5000);
    for (const row of riders.filter((one) => !aboard.includes(one))) {
      if (this.isStill() || this.isOver()) return;
      await this.comeAboard(carrier, row);
    }
    if (this.isStill() || this.isOver()) return;
    if (aboard.length > 0 && this.random.chance(250)) {
      const row = this.random.pick(aboard);
      const answer = await galaxy.host('POST', '/api/souls/leave', { soul: row.soul, wait_s: 2 }, 15000);
      if (answer.status === 200) this.counts.left++;
      else this.note(answer);
    }
    if (aboard.length > 0) await this.crewJourney(carrier, aboard);
  }

  async comeAboard(carrier, row) {
    const { galaxy } = carrier;
    if (row.galaxy !== galaxy) { // left behind when its carrier went: it follows
      const answer = await row.galaxy.host('POST', '/api/souls/cut', { soul: row.soul, to: galaxy.url, wait_s: 1 }, 15000);
      if (answer.status !== 200) return this.note(answer);
      this.counts.departed++;
      return this.settled(row.galaxy, answer.json.transfer);
    }
    const answer = await galaxy.host('POST', '/api/souls/board', { soul: row.soul, host: carrier.soul, wait_s: 1 }, 15000);
    if (answer.status === 200) { this.counts.boarded++; return; }
    this.note(answer);
    // Minds go where they will: who is at another station is brought together anew.
    const [here, there] = await Promise.all([carrier, row].map((one) => galaxy.host('GET', `/api/soul?soul=${one.soul}`, undefined, 3000)));
    if (here.json?.docked && there.json && here.json.address !== there.json.address) {
      await galaxy.host('POST', '/api/souls/cut', { soul: row.soul, to: here.json.address, wait_s: 2 }, 15000);
    }
  }

  /** The carrier is cut, and all who ride with it go where it goes, and home again if it is not taken in. */
  async crewJourney(carrier, aboard) {
    const { galaxy } = carrier, to = this.random.pick(this.galaxies.filter((other) => other !== galaxy));
    this.counts.tried += 1 + aboard.length;
    const answer = await galaxy.host('POST', '/api/souls/cut', { soul: carrier.soul, to: to.url, wait_s: 2 }, 15000);
    if (answer.status !== 200) return this.note(answer);
    const at = await this.settled(galaxy, answer.json.transfer);
    this.counts.departed++;
    if (at.galaxy === null) return;
    // Who was aboard when it left is told by its lineage: a departure in the tick of its carrier's, or none at all.
    for (let i = 0; i < SETTLE_TRIES && !this.isOver(); i++) {
      const open = await galaxy.host('GET', '/api/souls/crossings', undefined, 3000);
      const waits = open.status !== 200 || open.json.crossings.some((one) => aboard.some((row) => row.name === one.name) && !['gone', 'back'].includes(one.state));
      const rows = waits ? null : await this.musterAll(this.crews.find((crew) => crew[0].name === carrier.name), number_of(carrier.name));
      if (rows === null) { await sleep(SETTLE_MS); continue; }
      const [host, ...riders] = rows;
      const came = riders.filter((row) => aboard.some((one) => one.name === row.name) && row.epoch > aboard.find((one) => one.name === row.name).epoch);
      if (came.length === 0) return;
      this.counts.crews++;
      this.counts.crew_transfers += came.length;
      this.counts.transfers += came.length;
      this.counts.departed += came.length;
      for (const row of came) {
        // A border that closed before the crew came sends them home; a carrier that flew off meanwhile is not found in the
        // station, and they get bodies there.
        this.check(row.galaxy === host.galaxy || row.galaxy === galaxy, `${row.name} is in ${row.galaxy.name}, its carrier went from ${galaxy.name} to ${host.galaxy.name}`);
        if (row.galaxy !== host.galaxy) this.counts.crew_parted++;
        else if (row.host === host.soul) this.counts.crew_seated++;
        else this.counts.crew_in_bodies++;
      }
      return;
    }
  }

  // ---- souls that keep their own key -------------------------------------------------------------------------------------------

  async ownHand(galaxy, name) {
    const one = new OwnSoul(name);
    while (!this.isOver()) {
      const failed = this.isStill() ? { status: 0 } : !one.soul ? await one.bear(galaxy) : one.identity ? null : await one.found(galaxy);
      if (one.identity) break;
      // An answer that was lost may have been a yes: then it is there, or has its identity.
      const row = failed === null || this.isStill() ? null : (await galaxy.host('GET', `/api/souls?find=${encodeURIComponent(name)}`, undefined, 3000)).json?.souls?.[0];
      if (row) one.soul = String(row.soul);
      if (row?.identity) one.identity = row.identity;
      else if (row && failed.status === 403) return this.check(false, `${name} cannot be founded: ${JSON.stringify(failed)}`);
      await sleep(100);
    }
    this.busy.add(one.identity);
    while (!this.isOver()) {
      if (this.isStill()) { await sleep(50); continue; }
      try {
        await this.ownTurn(one);
      } catch (error) {
        this.check(false, `a soul with a key of its own slipped: ${error.stack}`);
      }
      await sleep(50);
    }
  }

  async ownTurn(one) {
    const at = await this.where(one.identity);
    if (at === null) { await sleep(200); return; }
    this.counts.tried++;
    const to = this.random.pick(this.galaxies.filter((other) => other !== at.galaxy));
    const answer = await one.cut(at.galaxy, to, at.epoch + 1);
    if (answer.status !== 200) {
      this.note(answer);
      this.check(answer.status !== 403 || /issued|before this server/.test(answer.json.reason) || /too old/.test(answer.json.reason),
        `an order with a good signature is not believed: ${JSON.stringify(answer.json)}`);
      return;
    }
    this.counts.departed++;
    const ended = await this.settled(at.galaxy, answer.json.transfer);
    if (ended.galaxy !== null) this.counts.own_key++;
  }
}

/** 0: Ab, 1: Ac, … in letters of which no two look alike. */
export function letters(number) {
  const list = 'bcdefghk';
  return `A${list[Math.floor(number / 8) % 8]}${list[number % 8]}`;
}

function number_of(name) {
  const list = 'bcdefghk', [, text] = name.split(' ');
  return list.indexOf(text[1]) * 8 + list.indexOf(text[2]);
}
