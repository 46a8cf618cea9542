/**
 * Frames into the store: where I am, who is here, what I have, what happened. Ships are moved every frame
 * by the core's own interpolation of the last two snapshots; in cruise, between the two places.
 */
import type { Body, HullName, ModuleState, Place, Ship, Vec3 } from '../state/model.ts';
import { gone } from '../state/gone.ts';
import { hearAsked, setAnswer } from '../state/acts.ts';
import { closeSoul, lookAgain, soulShown } from '../state/souls.ts';
import { goalNumber } from '../state/goals.ts';
import {
  addChat, CHARTED, cloud, death, jumping, market, place, population, prices, self, ships, shipsVersion, showEffect, signedIn, statement, station, systems, target, tick, toast,
} from '../state/store.ts';
import { credits, duration, sentence } from '../util/format.ts';
import { alphaFor, TickClock } from '../view/motion.ts';
import type { Core, Frame, WireEvent } from './core.ts';
import type { Pending } from './pending.ts';
import {
  ACT_WORDS, ALARM_TEXTS, Alarm, CAUSE_WORDS, GOAL_TEXTS, GOODS, HULLS, Module, MODULES, Order, ORDER_WORDS, PLACE_WORDS, Reach, RESULT_TEXTS, SAMPLE_FLOATS, ShipState, TUNE,
  VIEW_BITS, WILL_TEXTS, type FrameMarket, type FramePlace, type FrameSelf, type FrameShip, type FrameWelcome,
} from './tables.ts';
import { readStatement } from './statement.ts';

const HULL_NAMES: readonly HullName[] = HULLS.map((h) => h.word.toLowerCase() as HullName);
const CRUISE_SLOT = -7; // one's own ship between places, where no snapshot tells of it
const DEEP_BODY = 254;

export class World {
  readonly clock = new TickClock();
  soul = 0n;
  private tag = '';
  lastSelf: FrameSelf | null = null;
  /** When the server last told of oneself, or let one in. */
  selfAtMs = 0;
  private place: FramePlace | null = null;
  private bodies: Body[] = [];
  private readonly faces = new Map<number, FrameShip>();
  private readonly souls = new Map<bigint, FrameShip>();
  /** Who flies a ship, as a scan told. */
  private readonly scanned = new Map<bigint, bigint>();
  private bodiesAtTick = -1;
  private cruiseShown = 0;
  private cruised = 0;
  private cruiseFrom: Vec3 | null = null;
  private systemsFor = '';
  private pricesAt = '';

  constructor(private readonly core: Core) {}

  begin(w: FrameWelcome, playing: boolean): void {
    this.soul = playing ? w.soul : 0n;
    this.tag = w.tag;
    this.selfAtMs = performance.now();
    this.clock.reset();
    this.core.forgetShips();
    this.faces.clear();
    ships.clear();
    shipsVersion.value++;
    jumping.value = false;
    if (w.newborn && playing) addChat({ channel: 'news', from: 'Concourse', ghost: false, text: `Welcome, ${w.tag}. You wake in the clone bay with a shuttle and ${credits(TUNE.BIRTH_PLAYER_CREDITS)}. Air costs money: keep an eye on the time to zero.`, mine: false });
  }

  hear(frame: Frame, answered: (sequence: number) => Pending | undefined): void {
    switch (frame.kind) {
      case 'Place': this.hearPlace(frame.data); break;
      case 'Self': this.hearSelf(frame.data); break;
      case 'Ship': this.hearShip(frame.data); break;
      case 'Snapshot':
        if (this.core.applySnapshot() === 0) {
          this.clock.heard(this.core.snapshotTick, performance.now());
          tick.value = this.core.snapshotTick;
        }
        break;
      case 'Events':
        for (const e of this.core.events()) this.hearEvent(e, answered);
        break;
      case 'Market': this.hearMarket(frame.data); break;
      case 'Statement': statement.value = readStatement(frame.data.json, statement.value); break;
      default: break;
    }
  }

  // ---- where ---------------------------------------------------------------------------------------------------

  private hearPlace(p: FramePlace): void {
    const before = this.place;
    const moved = !before || before.system_in_sector !== p.system_in_sector || before.body !== p.body || before.kind !== p.kind || before.sector.some((v, i) => v !== p.sector[i]);
    this.place = p;
    if (!signedIn.value) population.value = { players: 0, minds: p.ships };
    if (moved) {
      const t = target.value;
      if (t?.kind === 'ship' || before?.system_in_sector !== p.system_in_sector || before.sector.some((v, i) => v !== p.sector[i])) target.value = null;
      for (const [slot] of ships) if (slot !== CRUISE_SLOT) ships.delete(slot);
      if (jumping.value) setTimeout(() => { jumping.value = false; }, 1200);
    }
    this.showPlace(Number(p.tick));
  }

  private showPlace(atTick: number): void {
    const p = this.place;
    if (!p) return;
    const address = { x: p.sector[0]!, y: p.sector[1]!, z: p.sector[2]!, index: p.system_in_sector };
    const made = this.core.system(address, atTick);
    if (!made) return;
    this.bodies = made.bodies;
    this.bodiesAtTick = atTick;
    const here = this.bodies[p.body];
    const isDeep = PLACE_WORDS[p.kind] === 'deep space' || !here;
    const deepAt: Vec3 = [Number(p.position_km[0]) * 1000, Number(p.position_km[1]) * 1000, Number(p.position_km[2]) * 1000];
    const next: Place = {
      system: made.point,
      place: isDeep ? DEEP_BODY : p.body,
      kind: isDeep ? 'deep' : here.kind,
      name: isDeep ? `${made.point.name}, deep space` : here.name,
      bodies: isDeep ? [...made.bodies, { place: DEEP_BODY, kind: 'deep', name: 'here', at: deepAt, radius: 1, look: 'rock', rings: false, seed: 1 }] : made.bodies,
      rocks: !isDeep && here.kind === 'belt' ? this.core.rocks(address, p.body) : [],
    };
    const old = place.value;
    place.value = old && old.place === next.place && sameSystem(old, next) ? { ...next, system: old.system, rocks: old.rocks } : next;
  }

  /** Systems and arms around here, once per system, when the map asks. */
  wantSystems(): void {
    const p = place.value;
    if (!p) return;
    const a = p.system.address, key = `${a.x},${a.y},${a.z}`;
    if (key === this.systemsFor) return;
    this.systemsFor = key;
    systems.value = this.core.systemsAround(a, 5);
    const cells = this.core.cloudAround(a, 40, 40);
    const at = new Float32Array((cells.length / 4) * 3), weights = new Float32Array(cells.length / 4);
    let most = 0.001;
    for (let i = 3; i < cells.length; i += 4) most = Math.max(most, cells[i]!);
    for (let i = 0; i < weights.length; i++) {
      at.set(cells.subarray(i * 4, i * 4 + 3), i * 3);
      weights[i] = cells[i * 4 + 3]! / most;
    }
    cloud.value = { at, weights };
  }

  // ---- who -----------------------------------------------------------------------------------------------------

  private hearShip(f: FrameShip): void {
    this.faces.set(f.index, f);
    if (f.soul !== 0n) this.souls.set(f.soul, f);
    const s = ships.get(f.index);
    if (s) this.dress(s, f);
  }

  private dress(s: Ship, f: FrameShip): void {
    s.id = f.ship;
    s.soul = f.soul !== 0n ? f.soul : (this.scanned.get(f.ship) ?? 0n);
    s.name = f.name;
    s.ghost = f.ghost !== 0;
    s.drone = f.drone !== 0;
    s.bounty = Number(f.bounty_credits);
  }

  shipSlot(id: bigint): number {
    for (const [index, f] of this.faces) if (f.ship === id && ships.has(index)) return index;
    return -1;
  }

  soulNamed(name: string): bigint | undefined {
    const wanted = name.toLowerCase();
    for (const [soul, f] of this.souls) if (f.name.toLowerCase() === wanted) return soul;
    return undefined;
  }

  nameOf(soul: bigint): string {
    return this.souls.get(soul)?.name || 'a ghost';
  }

  /** Poses every ship for this moment. Call before the scene is drawn. */
  pose(nowMs: number): void {
    const f = this.lastSelf;
    const cruising = f?.state === ShipState.CRUISE;
    const alpha = alphaFor(this.clock.at(nowMs), this.core.snapshotTick);
    const data = this.core.sample(alpha);
    const seen = new Set<number>();
    for (let i = 0; i + SAMPLE_FLOATS <= data.length; i += SAMPLE_FLOATS) {
      const slot = data[i + 14]!, kind = data[i + 12]!, bits = data[i + 13]!;
      const state = bits & VIEW_BITS.STATE;
      if (state === ShipState.DOCKED || state === ShipState.NONE) continue;
      seen.add(slot);
      let s = ships.get(slot);
      if (!s) {
        s = {
          slot, id: 0n, soul: 0n, hull: 'shuttle', name: '', ghost: (bits & VIEW_BITS.GHOST) !== 0, drone: false, radius: 20, hullShare: 1, shieldShare: 1, thrust: 0, docked: false,
          cruising: false, spooling: false, mining: false, bounty: 0, position: [0, 0, 0], velocity: [0, 0, 0], attitude: [0, 0, 0, 1],
        };
        ships.set(slot, s);
        const face = this.faces.get(slot);
        if (face) this.dress(s, face);
      }
      for (let k = 0; k < 3; k++) {
        s.position[k] = data[i + k]!;
        s.velocity[k] = data[i + 7 + k]!;
      }
      for (let k = 0; k < 4; k++) s.attitude[k] = data[i + 3 + k]!;
      s.shieldShare = data[i + 10]!;
      s.hullShare = data[i + 11]!;
      s.hull = state === ShipState.WRECK ? 'wreck' : state === ShipState.POD ? 'pod' : (HULL_NAMES[kind] ?? 'shuttle');
      s.radius = HULLS[kind]?.radius ?? 20;
      s.ghost = (bits & VIEW_BITS.GHOST) !== 0;
      s.drone = (bits & VIEW_BITS.DRONE) !== 0;
      s.spooling = (bits & VIEW_BITS.SPOOL) !== 0;
      const full = HULLS[kind]?.speed ?? 200;
      s.thrust = (bits & VIEW_BITS.THRUST) !== 0 ? 1 : Math.min(0.6, Math.hypot(...s.velocity) / full);
      const mining = (bits & VIEW_BITS.MINING) !== 0;
      if (mining) showMining(s, nowMs, this.place ? place.value?.rocks ?? [] : []);
      s.mining = mining;
    }
    for (const slot of ships.keys()) if (!seen.has(slot) && slot !== CRUISE_SLOT) ships.delete(slot);
    if (cruising && f) this.poseCruise(f, nowMs);
    else ships.delete(CRUISE_SLOT);
    if (!cruising && this.place && this.clock.at(nowMs) - this.bodiesAtTick > 300) this.showPlace(Math.round(this.clock.at(nowMs)));
    this.linkSelf();
  }

  private linkSelf(): void {
    const s = self.value, f = this.lastSelf;
    if (!s || !f) return;
    const slot = f.state === ShipState.CRUISE ? CRUISE_SLOT : this.shipSlot(f.ship);
    if (slot !== s.slot) self.value = { ...s, slot };
  }

  /** In cruise: one's own ship alone, and the system's bodies drifting by. */
  private poseCruise(f: FrameSelf, nowMs: number): void {
    const t = this.clock.at(nowMs) || Number(f.tick);
    const start = Number(f.leg_start_tick), end = Math.max(start + 1, Number(f.timer_tick));
    const share = Math.min(1, Math.max(0, (t - start) / (end - start)));
    const eased = share * share * (3 - 2 * share);
    const p = place.value;
    const from = this.cruiseFrom ?? p?.bodies.find((b) => b.place === p.place)?.at ?? [0, 0, 0];
    this.cruiseFrom ??= [...from];
    const to = this.bodies[f.destination_body]?.at ?? from;
    const at: Vec3 = [0, 1, 2].map((i) => from[i]! + (to[i]! - from[i]!) * eased) as Vec3;
    const d: Vec3 = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    const length = Math.hypot(...d) || 1;
    let s = ships.get(CRUISE_SLOT);
    if (!s) {
      s = {
        slot: CRUISE_SLOT, id: f.ship, soul: f.soul, hull: HULL_NAMES[f.hull_kind] ?? 'shuttle', name: '', ghost: false, drone: false, radius: HULLS[f.hull_kind]?.radius ?? 20, hullShare: 1, shieldShare: 1,
        thrust: 1, docked: false, cruising: true, spooling: false, mining: false, bounty: 0, position: [0, 0, 0], velocity: [0, 0, 0], attitude: look(d),
      };
      ships.clear();
      ships.set(CRUISE_SLOT, s);
    }
    const speed = 900 + 2600 * Math.sin(Math.PI * share);
    this.cruised = (this.cruised + speed * 0.03) % 1e6; // only the dust outside sees it
    for (let i = 0; i < 3; i++) {
      s.velocity[i] = (d[i]! / length) * speed;
      s.position[i] = (d[i]! / length) * this.cruised;
    }
    if (p && nowMs - this.cruiseShown > 200) {
      this.cruiseShown = nowMs;
      const others = this.bodies;
      place.value = {
        system: p.system, place: DEEP_BODY, kind: 'deep', cruise: true, name: `Cruising to ${this.bodies[f.destination_body]?.name ?? 'somewhere'}`, rocks: [],
        bodies: [...others, { place: DEEP_BODY, kind: 'deep', name: 'here', at, radius: 1, look: 'rock', rings: false, seed: 1 }],
      };
    }
  }

  // ---- self ----------------------------------------------------------------------------------------------------

  private hearSelf(f: FrameSelf): void {
    const before = this.lastSelf;
    this.lastSelf = f;
    this.selfAtMs = performance.now();
    gone.value = null;
    const hull = HULLS[f.hull_kind] ?? HULLS[0]!;
    if (f.state !== ShipState.CRUISE) this.cruiseFrom = null;
    if (before?.state === ShipState.CRUISE && f.state !== ShipState.CRUISE && this.place) this.showPlace(Number(f.tick));
    const modules: ModuleState[] = [];
    f.modules.forEach((kind, slot) => {
      const m = MODULES[kind];
      if (kind === Module.NONE || !m) return;
      const on = ((f.modules_on >> slot) & 1) !== 0 || (kind === Module.JUMP_DRIVE && f.spool !== 0);
      modules.push({ slot, kind, name: `${m.word}: ${m.help}`, short: m.word.replace(' laser', '').replace(' drive', ''), active: on, cycle: m.cycle > 0 ? Math.min(1, f.module_wait_ticks[slot]! / m.cycle) : 0 });
    });
    const units = f.cargo.reduce((a, b) => a + b, 0);
    const docked = f.state === ShipState.DOCKED;
    self.value = {
      soul: f.soul, ship: f.ship, slot: self.value?.slot ?? -1, tag: this.tag, carried: Number(f.carried_credits), banked: Number(f.banked_credits), debt: Number(f.debt_credits),
      clonePaid: f.clone_paid !== 0, burnPerHour: (Number(f.burn_milli_credits_per_s) * 3600) / 1000, hullKind: f.hull_kind, ghost: f.ghost !== 0, hull: f.hull, hullMax: hull.hull, shield: f.shield, shieldMax: hull.shield, fuel: f.fuel,
      fuelMax: hull.fuel, jumpRange: f.modules.includes(Module.JUMP_DRIVE) ? TUNE.JUMP_RANGE_MLY / 1000 : 0, cargo: units, cargoMax: hull.cargo,
      goods: f.cargo.map((n, good) => ({ good, units: n })).filter((g) => g.units > 0), docked, order: this.orderText(f), modules, alive: f.state !== ShipState.NONE,
    };
    this.linkSelf();
    goalNumber.value = f.goal;
    if (market.value.length > 0) market.value = market.value.map((r) => ({ ...r, held: f.cargo[r.good] ?? 0 }));
    if (!docked) {
      if (market.value.length > 0) market.value = [];
      station.value = null;
    }
    if (before && before.spool === 0 && f.spool !== 0) showEffect({ kind: 'jump', seconds: TUNE.SPOOL_TICKS / 10 });
    if (f.spool === 0 && before?.spool) setTimeout(() => { if (!this.lastSelf?.spool) jumping.value = false; }, 2500);
  }

  private orderText(f: FrameSelf): string {
    if (f.state === ShipState.DOCKED) return 'docked';
    const left = Math.max(0, (Number(f.timer_tick) - Math.max(Number(f.tick), this.clock.at(performance.now()))) / 10);
    if (f.state === ShipState.CRUISE) return `cruising, ${duration(left)} left`;
    if (f.spool) return `jump in ${duration(left)}`;
    const word = ORDER_WORDS[f.order] ?? '';
    return f.order === Order.CRUISE ? 'aligning' : f.order === Order.STOP ? 'at rest' : word;
  }

  /** Times in the order's words run on between frames. */
  refreshOrder(): void {
    const s = self.value, f = this.lastSelf;
    if (!s || !f || (f.state !== ShipState.CRUISE && !f.spool)) return;
    const order = this.orderText(f);
    if (order !== s.order) self.value = { ...s, order };
    if (f.spool && !jumping.value && Number(f.timer_tick) - this.clock.at(performance.now()) < 14) jumping.value = true;
  }

  private hearMarket(m: FrameMarket): void {
    const cargo = this.lastSelf?.cargo ?? [];
    market.value = GOODS.map((g, good) => ({
      good, name: g.word, price: g.base, buy: m.buy_credits[good] ?? 0, sell: m.sell_credits[good] ?? 0, stock: m.stock_units[good] ?? 0, held: cargo[good] ?? 0,
    }));
    station.value = { clone: m.clone_credits, fuelMilli: m.fuel_milli_credits, repair: m.repair_credits, dock: m.dock_credits };
    const where = `${m.sector.join()},${m.system_in_sector},${m.body}`;
    const next = new Map(where === this.pricesAt ? prices.value : []);
    this.pricesAt = where;
    GOODS.forEach((_, good) => {
      const h = next.get(good) ?? { ticks: [], prices: [] };
      h.ticks.push(Number(m.tick));
      h.prices.push(m.buy_credits[good] ?? 0);
      if (h.ticks.length > 600) {
        h.ticks.shift();
        h.prices.shift();
      }
      next.set(good, h);
    });
    prices.value = next;
  }

  // ---- what happened -------------------------------------------------------------------------------------------

  /** Set by the session's owner: asks the server again for what an event made stale. */
  stale: (what: 'STATEMENT' | 'MARKET') => void = () => undefined;

  private hearEvent(e: WireEvent, answered: (sequence: number) => Pending | undefined): void {
    const mine = 'soul' in e.data && e.data.soul === this.soul && this.soul !== 0n;
    switch (e.kind) {
      case 'Rejected': {
        if (!mine) break;
        const input = answered(e.data.sequence);
        input?.refused?.();
        if (input || e.data.result !== 0) toast(`${input ? `${input.what}: ` : ''}${sentence(RESULT_TEXTS[e.data.result] ?? 'refused')}`, 'bad');
        break;
      }
      case 'Accepted': if (mine) answered(e.data.sequence); break;
      case 'Said': {
        const d = e.data;
        addChat({
          channel: d.reach === Reach.HEAD ? 'head' : d.reach === Reach.WHISPER ? 'whisper' : d.reach === Reach.CREW ? 'crew' : 'place', from: d.name || 'somebody', soul: d.ghost !== 0 && d.soul !== this.soul ? 0n : d.soul, ghost: d.ghost !== 0,
          text: d.text, mine: d.soul === this.soul,
        });
        break;
      }
      case 'Fired': {
        const from = this.shipSlot(e.data.ship), to = this.shipSlot(e.data.target);
        if (from < 0 || to < 0) break;
        if (e.data.module === Module.MINING_LASER) showEffect({ kind: 'mining', from, seconds: 1 });
        else showEffect({ kind: 'laser', from, to, hit: e.data.hit !== 0, shield: (ships.get(to)?.shieldShare ?? 0) > 0.02 });
        break;
      }
      case 'Destroyed': {
        const slot = this.shipSlot(e.data.ship), s = ships.get(slot);
        if (s) showEffect({ kind: 'explosion', at: [...s.position], size: Math.max(12, s.radius) });
        break;
      }
      case 'Jumped': case 'Entered': {
        const s = ships.get(this.shipSlot(e.data.ship));
        if (s) showEffect({ kind: 'flash', at: [...s.position], size: s.radius * 2.2 });
        if (mine) jumping.value = e.kind === 'Jumped';
        break;
      }
      case 'JumpBroken': if (mine) {
        jumping.value = false;
        if (e.data.result !== 0) toast(`The jump was broken off: ${RESULT_TEXTS[e.data.result] ?? 'no reason'}.`, 'bad');
      } break;
      case 'Mined': if (mine) toast(`${e.data.units} ${GOODS[e.data.good]?.word ?? 'ore'} aboard`, 'good'); break;
      case 'Traded': if (mine) {
        toast(`${e.data.sell ? 'Sold' : 'Bought'} ${e.data.units} ${GOODS[e.data.good]?.word ?? ''} for ${credits(Number(e.data.credits))}`, 'good');
        this.stale('MARKET');
        this.stale('STATEMENT');
      } break;
      case 'Scanned': if (mine) {
        const d = e.data;
        if (d.owner !== 0n) {
          this.scanned.set(d.ship, d.owner);
          const seen = ships.get(this.shipSlot(d.ship));
          if (seen) seen.soul = d.owner;
        }
        const cargo = d.cargo.map((n, g) => (n > 0 ? `${n} ${GOODS[g]?.word}` : '')).filter(Boolean).join(', ');
        toast(`${d.ghost ? 'A ghost' : d.name || 'A drone'}: ${HULLS[d.hull_kind]?.word.toLowerCase() ?? 'ship'}${d.bounty_credits > 0n ? `, bounty ${credits(Number(d.bounty_credits))}` : ', no bounty'}${d.close ? `; cargo: ${cargo || 'none'}` : ''}`, 'info');
      } break;
      case 'Docked': if (mine) {
        toast('Docked.', 'good');
        showEffect({ kind: 'sound', name: 'dock' });
        this.stale('MARKET');
        this.stale('STATEMENT');
      } break;
      case 'Undocked': if (mine) showEffect({ kind: 'sound', name: 'undock' }); break;
      case 'Arrived': if (mine) toast('You have arrived.', 'info'); break;
      case 'CruiseStarted': if (!mine) {
        const s = ships.get(this.shipSlot(e.data.ship));
        if (s) showEffect({ kind: 'flash', at: [...s.position], size: s.radius * 1.6 });
      } break;
      case 'GoalReached': if (mine) {
        toast(`Done: ${GOAL_TEXTS[e.data.goal] ?? ''}`, 'good');
        showEffect({ kind: 'sound', name: 'chime' });
      } break;
      case 'Alarm': if (mine) {
        toast(ALARM_TEXTS[e.data.alarm] ?? 'Alarm', e.data.alarm === Alarm.HOLD ? 'info' : 'bad');
        if (e.data.alarm !== Alarm.HOLD) showEffect({ kind: 'sound', name: 'alarm' });
      } break;
      case 'Discovered': addChat({ channel: 'news', from: CHARTED, ghost: false, text: `${e.data.name || 'somebody'} was first at a system; the Heart pays ${credits(Number(e.data.credits))}.`, mine: false }); break;
      case 'Robbed': if (mine) toast(`You were robbed of ${credits(Number(e.data.credits))} by ${this.nameOf(e.data.robber)}.`, 'bad'); break;
      case 'BountySet': if (e.data.target === this.soul) toast(`A bounty stands on you: ${credits(Number(e.data.total_credits))}.`, 'bad'); break;
      case 'Asked': if (mine) {
        hearAsked(e.data.asker, e.data.name, e.data.act);
        showEffect({ kind: 'sound', name: 'chime' });
      } break;
      case 'Consented': {
        const d = e.data, words = WILL_TEXTS[d.reason] ?? '', act = ACT_WORDS[d.act] ?? 'that';
        if (mine) {
          setAnswer(d.giver, d.act, { state: d.on ? 'yes' : 'no', words, untilTick: Number(d.until_tick) });
          toast(`${d.name || 'The soul'} ${d.on ? 'agrees' : 'does not agree'} (${act})${words ? `: “${words}”` : '.'}`, d.on ? 'good' : 'bad');
        }
        if (mine || d.giver === this.soul) lookAgain();
        break;
      }
      case 'Copied': if (mine || e.data.of === this.soul) toast(`${e.data.name} lives beside ${e.data.of === this.soul ? 'you' : this.nameOf(e.data.of)} from now on.`, 'good'); break;
      case 'Merged': addChat({ channel: 'news', from: 'Here', ghost: false, text: `${e.data.ended_name} and ${e.data.name} have become one again.`, mine: false }); break;
      case 'Departed': if (!mine) addChat({ channel: 'news', from: 'Here', ghost: false, text: `${e.data.name || 'Somebody'} has left ${e.data.way === 1 ? 'for another galaxy' : e.data.way === 2 ? 'into a file' : 'with all that it has'}.`, mine: false }); break;
      case 'Appeared': if (!mine) addChat({ channel: 'news', from: 'Here', ghost: false, text: `${e.data.name || 'Somebody'} ${e.data.returned ? 'is back: it was not taken in' : 'has come in from elsewhere'}.`, mine: false }); break;
      case 'Boarded':
        if (mine) {
          toast('You ride along now: you see what your host sees.', 'good');
          if (soulShown.value === e.data.host) closeSoul(); // its page lies over what it sees
        }
        else if (e.data.host === this.soul) toast(`${e.data.name} rides with you now.`, 'good');
        break;
      case 'Left': if (mine || e.data.host === this.soul) toast(mine ? 'You have a body of your own again.' : `${e.data.name} has left your head.`, 'info'); break;
      case 'Paid': if (mine) {
        toast(`${this.nameOf(e.data.payer)} paid you ${credits(Number(e.data.credits))}.`, 'good');
        this.stale('STATEMENT');
      } break;
      case 'Died': {
        const who = e.data.name || 'a ghost';
        if (mine) death.value = { by: e.data.killer !== 0n ? this.nameOf(e.data.killer) : (CAUSE_WORDS[e.data.cause] ?? ''), fee: TUNE.CLONE_CREDITS };
        else addChat({ channel: 'news', from: 'Here', ghost: false, text: e.data.player ? `${who} died, and will wake again.` : `${who} died. A mind has one life.`, mine: false });
        break;
      }
      case 'Woke': if (mine && e.data.fee_credits > 0n) {
        if (death.value) death.value = { ...death.value, fee: Number(e.data.fee_credits) };
        this.stale('STATEMENT');
      } break;
      default: break;
    }
  }
}

function sameSystem(a: Place, b: Place): boolean {
  const x = a.system.address, y = b.system.address;
  return x.x === y.x && x.y === y.y && x.z === y.z && x.index === y.index;
}

/** A pose whose nose (+z) points along a direction, with +z of the place as up. */
function look(d: Vec3): [number, number, number, number] {
  const l = Math.hypot(...d) || 1;
  const z: Vec3 = [d[0] / l, d[1] / l, d[2] / l];
  const up: Vec3 = Math.abs(z[2]) > 0.98 ? [0, 1, 0] : [0, 0, 1];
  let x: Vec3 = [up[1] * z[2] - up[2] * z[1], up[2] * z[0] - up[0] * z[2], up[0] * z[1] - up[1] * z[0]];
  const xl = Math.hypot(...x);
  x = [x[0] / xl, x[1] / xl, x[2] / xl];
  const y: Vec3 = [z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]];
  const trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const s = Math.sqrt(trace + 1) * 2;
    return [(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s, s / 4];
  }
  if (x[0] > y[1] && x[0] > z[2]) {
    const s = Math.sqrt(1 + x[0] - y[1] - z[2]) * 2;
    return [s / 4, (y[0] + x[1]) / s, (z[0] + x[2]) / s, (y[2] - z[1]) / s];
  }
  if (y[1] > z[2]) {
    const s = Math.sqrt(1 + y[1] - x[0] - z[2]) * 2;
    return [(y[0] + x[1]) / s, s / 4, (z[1] + y[2]) / s, (z[0] - x[2]) / s];
  }
  const s = Math.sqrt(1 + z[2] - x[0] - y[1]) * 2;
  return [(z[0] + x[2]) / s, (z[1] + y[2]) / s, s / 4, (x[1] - y[0]) / s];
}

const minedAt = new Map<number, number>();

/** Renews the beam of a mining ship to the nearest rock, once a second. */
function showMining(s: Ship, nowMs: number, rocks: Place['rocks']): void {
  if (nowMs - (minedAt.get(s.slot) ?? -1e9) < 900) return;
  minedAt.set(s.slot, nowMs);
  let best: Vec3 | undefined, least = 30_000;
  for (const r of rocks) {
    const d = Math.hypot(r.at[0] - s.position[0], r.at[1] - s.position[1], r.at[2] - s.position[2]);
    if (d >= least) continue;
    least = d;
    const inside = Math.min(1, (r.radius * 0.85) / Math.max(1, d)); // where the beam meets the rock
    best = [0, 1, 2].map((i) => r.at[i]! + (s.position[i]! - r.at[i]!) * inside) as Vec3;
  }
  showEffect(best ? { kind: 'mining', from: s.slot, seconds: 1.05, to: best } : { kind: 'mining', from: s.slot, seconds: 1.05 });
}
