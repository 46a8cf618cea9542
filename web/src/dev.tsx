/** Development only: a place fed by hand, to look at the scene and the panels without a server. */
import { bindCommands } from './state/commands.ts';
import { goalTexts } from './state/goals.ts';
import type { HullName, Place, Ship, SystemPoint } from './state/model.ts';
import { addChat, link, market, place, self, ships, showEffect, signedIn, station, systems, tick, toast } from './state/store.ts';
import { startPage } from './page.tsx';

const q = new URLSearchParams(location.search);
const page = startPage(() => undefined);
const said = (...words: unknown[]) => toast(words.join(' '));
bindCommands({
  enter: async (tag) => { signedIn.value = true; said('entered', tag); },
  order: (k) => said(k), dockOrUndock: () => { if (self.value) self.value = { ...self.value, docked: !self.value.docked }; }, jump: () => said('jump'), scan: () => said('scan'), fire: (m) => said('module', m),
  helm: () => undefined, trade: (g, u) => said('trade', g, u), buyShip: (h) => said('ship', h), buyModule: (s2, m) => said('module', s2, m), transponder: (on) => said('transponder', on), bank: (a) => said('bank', a), service: (k) => said(k),
  say: (channel, to, text) => addChat({ channel, from: to || 'you', ghost: false, text, mine: true }), wake: () => undefined, saveKey: () => undefined,
  loadKey: async () => undefined, wantSystems: () => undefined, retry: () => undefined,
});
const system: SystemPoint = { address: { x: 0, y: 0, z: 0, index: 0 }, name: 'Heart', law: 'charted', kelvin: Number(q.get('k') ?? 5600), at: [0, 0, 0], stations: 2 };
const kind = (q.get('place') ?? 'station') as Place['kind'];
const look = (q.get('look') ?? 'ocean') as 'ocean';
const au = 1.496e11;
place.value = {
  system, rocks: [], place: 9, kind, name: kind === 'belt' ? 'Heart Belt' : 'The Concourse',
  bodies: [
    { place: 0, kind: 'star', name: 'Heart', at: [0, 0, 0], radius: 7e8, look: 'rock', rings: false, seed: 1 },
    { place: 1, kind: 'planet', name: 'Aurelia', at: [au + 1.1e7, 1.4e7, 0.2e7], radius: 6.4e6, look, rings: q.has('rings'), seed: Number(q.get('seed') ?? 4) },
    { place: 2, kind: 'planet', name: 'Brontes', at: [-2e11, 4e11, 1e10], radius: 6e7, look: 'gas', rings: true, seed: 2 },
    { place: 3, kind: 'belt', name: 'Heart Belt', at: [au * 2, 0, 0], radius: 1e9, look: 'rock', rings: false, seed: 2 },
    { place: 9, kind, name: 'The Concourse', at: [au, 0, 0], radius: 1000, look: 'rock', rings: false, seed: 3 },
  ],
};
goalTexts.value = ['Undock from the Concourse.'];
link.value = 'open';
const hulls: HullName[] = ['shuttle', 'interceptor', 'miner', 'hauler', 'frigate', 'cruiser', 'pod', 'wreck'];
const radii: Record<string, number> = { shuttle: 18, miner: 35, hauler: 60, interceptor: 15, frigate: 40, cruiser: 120, pod: 6, wreck: 30 };
const count = Number(q.get('ships') ?? 10);
const lay = [[0, 0, 0], [-140, 60, 150], [190, 40, 420], [-420, -90, 800], [60, 130, 900], [-700, 160, 1600], [300, -50, 300], [260, -160, 700], [-60, -40, 260], [500, 300, 1400]] as const;
for (let i = 0; i < count; i++) {
  const hull = i === 0 ? ((q.get('hull') ?? 'interceptor') as HullName) : hulls[i % hulls.length]!;
  const ghost = i % 5 === 3;
  ships.set(i, {
    slot: i, id: BigInt(i + 77), hull, name: ghost ? '' : `Kestrel ${i}`, ghost, drone: i % 7 === 6, radius: radii[hull]!, hullShare: 1 - (i % 4) * 0.2, shieldShare: 0.8, thrust: 1,
    docked: false, cruising: q.has('cruise') && i === 0, spooling: false, mining: false, bounty: i === 8 ? 500 : 0, position: [0, 0, 0], velocity: [0, 0, 0], attitude: [0, 0, 0, 1],
  } satisfies Ship);
}
self.value = {
  soul: 1n, ship: 77n, slot: 0, tag: 'Kestrel', carried: 1234, banked: 4000, debt: 0, clonePaid: false, burnPerHour: 720, hullKind: 0, ghost: false, hull: 90, hullMax: 120, shield: 50, shieldMax: 80, fuel: 31000, fuelMax: 40000,
  jumpRange: 12, cargo: 12, cargoMax: 20, goods: [{ good: 1, units: 12 }], docked: q.has('docked'), order: 'approach', alive: true,
  modules: [{ slot: 0, kind: 3, name: 'Mining laser', short: 'Mining', active: true, cycle: 0.4 }, { slot: 1, kind: 1, name: 'Pulse laser', short: 'Laser', active: false, cycle: 0 }, { slot: 2, kind: 9, name: 'Jump drive', short: 'Jump', active: false, cycle: 0 }],
};
const goods = ['Water ice', 'Ore', 'Helium-3', 'Titanium', 'Food', 'Metals', 'Chemicals', 'Machinery', 'Medicine', 'Optronics', 'Luxuries', 'Antimatter'];
market.value = goods.map((name, good) => ({ good, name, price: 20 + good * 31, buy: 22 + good * 32, sell: 19 + good * 30, stock: 4000 - good * 300, held: good === 1 ? 12 : 0 }));
station.value = { clone: 120, fuelMilli: 4, repair: 60, dock: 2 };
systems.value = Array.from({ length: 900 }, (_, i) => ({ address: { x: i, y: 0, z: 0, index: 0 }, name: `System ${i}`, law: (['charted', 'open', 'wild'] as const)[i % 3]!, kelvin: 3000 + (i * 977) % 9000, at: [Math.sin(i * 12.9) * 30, Math.cos(i * 7.1) * 30, Math.sin(i * 3.3) * 5], stations: i % 4 === 0 ? 1 : 0 }));
addChat({ channel: 'place', from: 'Anya', ghost: false, text: 'Docking bay 4 is clear.', mine: false });
addChat({ channel: 'place', from: 'someone', ghost: true, text: 'Ore for a breath of air?', mine: false });
signedIn.value = !q.has('title');
let t = 0;
const spread = Number(q.get('spread') ?? 1);
const step = () => {
  t = performance.now() / 100;
  tick.value = t;
  for (const s of ships.values()) {
    const b = t * 0.004, r = 2600, l = lay[s.slot % lay.length]!;
    const yaw = b;
    const across = r - l[0] * spread, along = l[2] * spread;
    s.position = [Math.cos(b) * across - Math.sin(b) * along, Math.sin(b) * across + Math.cos(b) * along, l[1] * spread];
    s.velocity = [-Math.sin(b) * 90, Math.cos(b) * 90, 0];
    s.attitude = tangent(yaw);
  }
  if (q.has('fight') && Math.random() < 0.25) {
    const from = Math.floor(Math.random() * count), to = Math.floor(Math.random() * count);
    if (from !== to) showEffect({ kind: 'laser', from, to, hit: true, shield: true });
  }
  if (q.has('fight') && Math.random() < 0.03) showEffect({ kind: 'explosion', at: [...ships.get(5)!.position], size: 90 });
  if (q.has('mine') && Math.random() < 0.2) showEffect({ kind: 'mining', from: 0, seconds: 1.1 });
};
function tangent(a: number): [number, number, number, number] {
  // columns: x = radial in, y = +z, z = tangent
  const z = [-Math.sin(a), Math.cos(a), 0], y = [0, 0, 1], x = [y[1]! * z[2]! - y[2]! * z[1]!, y[2]! * z[0]! - y[0]! * z[2]!, y[0]! * z[1]! - y[1]! * z[0]!];
  const m = [x[0]!, y[0]!, z[0]!, x[1]!, y[1]!, z[1]!, x[2]!, y[2]!, z[2]!] as const;
  const tr = m[0] + m[4] + m[8];
  if (tr > 0) { const s = Math.sqrt(tr + 1) * 2; return [(m[7] - m[5]) / s, (m[2] - m[6]) / s, (m[3] - m[1]) / s, s / 4]; }
  if (m[0] > m[4] && m[0] > m[8]) { const s = Math.sqrt(1 + m[0] - m[4] - m[8]) * 2; return [s / 4, (m[1] + m[3]) / s, (m[2] + m[6]) / s, (m[7] - m[5]) / s]; }
  if (m[4] > m[8]) { const s = Math.sqrt(1 + m[4] - m[0] - m[8]) * 2; return [(m[1] + m[3]) / s, s / 4, (m[5] + m[7]) / s, (m[2] - m[6]) / s]; }
  const s = Math.sqrt(1 + m[8] - m[0] - m[4]) * 2; return [(m[2] + m[6]) / s, (m[5] + m[7]) / s, s / 4, (m[3] - m[1]) / s];
}
if (q.has('yaw')) setTimeout(() => page?.view.camera.drag(Number(q.get('yaw')) / -0.005, Number(q.get('pitch') ?? 0) / 0.005), 500);
const loop = () => { step(); requestAnimationFrame(loop); };
loop();
step();
Object.assign(window, { page });
