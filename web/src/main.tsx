/** The page's entry: loads the core, opens the scene over whatever happens right now, binds commands to inputs. */
import { render } from 'preact';
import { startPage, type Page } from './page.tsx';
import { AwakePage, SecludedPage } from './panels/awake.tsx';
import { followAwake } from './state/awake.ts';
import { callServer, Refusal } from './wire/orders.ts';
import { knownTag } from './panels/title.tsx';
import { setAnswer } from './state/acts.ts';
import { bindCommands } from './state/commands.ts';
import { followGone } from './state/gone.ts';
import { lookAgain } from './state/souls.ts';
import { jumping, link, linkError, place, self, ships, signedIn, target, targetBody, targetShip, toast } from './state/store.ts';
import { Core } from './wire/core.ts';
import { Session } from './wire/session.ts';
import { Module, MODULES, Order, Reach, Service, ShipState } from './wire/tables.ts';
import { World } from './wire/world.ts';

let session: Session | undefined;
let world: World | undefined;
let page: Page | null = null;

function need(): Session {
  if (!session) throw new Error('The core is still loading: try again in a moment.');
  return session;
}

function orderTo(kind: 'approach' | 'orbit' | 'keep' | 'cruise' | 'stop'): void {
  const s = need(), ship = targetShip.value, body = targetBody.value;
  if (kind === 'stop') {
    s.order(Order.STOP, 'Stop');
    return;
  }
  if (self.value?.docked) {
    toast('Undock first.', 'info');
    return;
  }
  if (!ship && !body) {
    toast('Choose a target first.', 'info');
    return;
  }
  if (ship) {
    if (kind === 'cruise') toast('Cruise goes to a place, not to a ship.', 'info');
    else s.order({ approach: Order.APPROACH, orbit: Order.ORBIT, keep: Order.KEEP_RANGE }[kind], kind, { target: ship.id, range_m: kind === 'approach' ? 0 : 2000 });
  } else if (body) {
    if (body.place !== place.value?.place) s.order(Order.CRUISE, `Cruise to ${body.name}`, { body: body.place });
    else if (kind === 'cruise') toast('You are there.', 'info');
    else s.order(kind === 'approach' ? Order.APPROACH : Order.ORBIT, kind, { range_m: kind === 'approach' ? 1500 : 3000 });
  }
}

function fire(slot: number): void {
  const s = need(), me = self.value, m = me?.modules.find((x) => x.slot === slot);
  if (!me || !m) {
    toast('There is no module in that slot.', 'info');
    return;
  }
  if (me.docked) {
    toast('Undock first.', 'info');
    return;
  }
  const what = MODULES[m.kind]?.word ?? 'Module', aim = targetShip.value?.id ?? 0n;
  switch (m.kind) {
    case Module.MINING_LASER: s.order(m.active ? Order.STOP : Order.MINE, m.active ? 'Stop mining' : 'Mine'); break;
    case Module.JUMP_DRIVE: toast('Choose a system on the map, then jump.', 'info'); break;
    case Module.SCANNER: scan(); break;
    case Module.PULSE_LASER: case Module.MISSILE_RACK: case Module.INTERDICTOR:
      if (!m.active && aim === 0n) toast(`${what}: choose a ship as target first.`, 'info');
      else s.input('Module', { slot, on: m.active ? 0 : 1, target: aim }, what);
      break;
    default: s.input('Module', { slot, on: m.active ? 0 : 1, target: aim }, what);
  }
}

function scan(): void {
  const ship = targetShip.value;
  if (ship) need().input('Scan', { target: ship.id }, 'Scan');
  else toast('Choose a ship as target first.', 'info');
}

bindCommands({
  enter: (tag) => need().enter(tag),
  order: orderTo,
  dockOrUndock: () => {
    const s = need(), body = targetBody.value;
    if (self.value?.docked) s.input('Undock', {}, 'Undock');
    else s.order(Order.DOCK, 'Dock', { body: body?.kind === 'station' ? body.place : (place.value?.place ?? 255) });
  },
  jump: (to) => {
    if (self.value?.docked) toast('Undock first.', 'info');
    else need().order(Order.JUMP, 'Jump', { to });
  },
  scan,
  fire,
  helm: (thrust, yaw, pitch, roll) => {
    if (self.value?.docked || world?.lastSelf?.state !== ShipState.SPACE) return;
    const n = (v: number) => Math.round(Math.max(-1, Math.min(1, v)) * 127);
    need().input('Helm', { thrust: [0, 0, n(thrust)], turn: [n(pitch), n(yaw), n(roll)] }, 'Helm', false);
  },
  trade: (good, units) => { need().input('Trade', { good, sell: units < 0 ? 1 : 0, units: Math.abs(units), limit_credits: 0n }, units < 0 ? 'Sell' : 'Buy'); },
  buyShip: (hull) => { need().input('BuyShip', { hull }, 'Shipyard'); },
  buyModule: (slot, module) => { need().input('BuyModule', { slot, module }, 'Shipyard'); },
  transponder: (on) => { need().input('Transponder', { on: on ? 1 : 0 }, 'Transponder'); },
  bank: (amount) => { need().input('Bank', { withdraw: amount < 0 ? 1 : 0, credits: BigInt(Math.abs(Math.trunc(amount))) }, amount < 0 ? 'Withdraw' : 'Bank'); },
  service: (kind) => {
    const s = need();
    if (kind === 'clone') s.input('CloneBay', {}, 'Clone bay');
    else s.input('Service', { service: { refuel: Service.REFUEL, repair: Service.REPAIR, debt: Service.PAY_DEBT, work: Service.WORK }[kind], units: 0 }, kind[0]!.toUpperCase() + kind.slice(1));
    setTimeout(() => s.ask('STATEMENT'), 400);
  },
  say: (channel, to, text) => {
    const s = need();
    if (channel !== 'whisper') {
      s.say({ crew: Reach.CREW, head: Reach.HEAD, place: Reach.PLACE }[channel], 0n, text);
      return;
    }
    const soul = world?.soulNamed(to);
    if (soul === undefined) toast(`Nobody called ${to} is known here.`, 'bad');
    else s.say(Reach.WHISPER, soul, text);
  },
  ask: (of, act) => {
    setAnswer(of, act, { state: 'waiting', words: '', untilTick: 0 });
    const forget = () => setAnswer(of, act, null); // it may be asked again
    if (!need().input('Ask', { of, act }, 'Ask', true, forget)) forget();
  },
  consent: (to, act, on) => {
    need().input('Consent', { to, act, on: on ? 1 : 0 }, on ? 'Agree' : 'Decline');
    setTimeout(lookAgain, 400);
  },
  board: (host) => { need().input('Board', { host }, 'Board'); },
  leave: (hostPays) => { need().input('Leave', { pay: hostPays ? 1 : 0 }, 'Leave'); },
  soulAct: (act, fields, wish) => need().soulAct(act, fields, wish),
  takeBack: () => need().takeBack(),
  wake: () => session?.ask('PLACE'),
  saveKey: () => session?.saveKey(),
  loadKey: (file) => need().loadKey(file),
  wantSystems: () => world?.wantSystems(),
  retry: () => session?.retry(),
});

async function start(): Promise<void> {
  link.value = 'connecting';
  const core = await Core.fetch(new URL('infinity.wasm', document.baseURI).href);
  world = new World(core);
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  session = new Session(core, world, `${scheme}//${location.host}/ws`);
  session.knownTag = (tag) => { knownTag.value = tag; };
  followGone(() => ({ soul: world!.soul, atMs: world!.selfAtMs }));
  world.stale = (what) => session?.ask(what);
  session.start();
  setInterval(() => world?.refreshOrder(), 250);
}

/** What kind of galaxy this is decides what the page is: a world to fly in, a head to look into, or a closed door. */
async function kindOfGalaxy(): Promise<string> {
  try {
    const status = await callServer('/api/status');
    return typeof status['kind'] === 'string' ? status['kind'] : 'open';
  } catch (error) {
    return error instanceof Refusal && /secluded/i.test(error.message) ? 'secluded' : 'open'; // the socket says what is wrong
  }
}

async function begin(): Promise<void> {
  const kind = await kindOfGalaxy();
  const still = kind === 'awake' ? <AwakePage /> : kind === 'secluded' ? <SecludedPage /> : null;
  if (still) {
    for (const id of ['view', 'marks']) document.getElementById(id)?.remove();
    render(still, document.getElementById('panels')!);
    if (kind === 'awake') await followAwake();
    return;
  }
  page = startPage((now) => world?.pose(now));
  await start();
}

begin().catch((error: unknown) => {
  link.value = 'lost';
  linkError.value = error instanceof Error ? error.message : String(error);
});

// For the browser test: what a player could read off the screen.
Object.assign(window, { infinity: { get page() { return page; }, self, place, ships, target, signedIn, jumping, link } });
