/** What is always on screen in flight: top bar, goal, target, ship bars and modules, alerts, connection. */
import { commands } from '../state/commands.ts';
import { goal } from '../state/goals.ts';
import { bindings, keyLabel, type Action } from '../input/keymap.ts';
import { gone } from '../state/gone.ts';
import { riding } from '../state/head.ts';
import { closeSoul, openSoul, soulShown, uncover } from '../state/souls.ts';
import { change, settings } from '../state/settings.ts';
import {
  death, fps, link, linkError, money, openPanels, place, retryIn, secondsToZero, self, ships, shipsVersion, signedIn, target, targetBody, targetShip,
  toasts, togglePanel, type PanelName,
} from '../state/store.ts';
import { credits, distance, duration, number, percent, speed } from '../util/format.ts';
import { Kbd, Meter } from './parts.tsx';

const BUTTONS: readonly (readonly [PanelName, string, Action])[] = [
  ['overview', 'Overview', 'overview'], ['market', 'Market', 'market'], ['map', 'Map', 'map'], ['wallet', 'Wallet', 'wallet'], ['shipyard', 'Shipyard', 'shipyard'],
  ['chat', 'Chat', 'chat'], ['settings', 'Settings', 'settings'], ['help', 'Help', 'help'],
];

export function key(action: Action): string {
  return keyLabel(bindings(settings.value.keys).get(action) ?? '');
}

export function TopBar() {
  if (!signedIn.value) return null;
  const s = self.value, p = place.value;
  const zero = secondsToZero.value;
  return (
    <nav class="topbar" aria-label="Panels">
      <strong class="brand">INFINITY</strong>
      {gone.value ? null : BUTTONS.map(([name, label, action]) => (
        <button key={name} aria-pressed={openPanels.value.has(name)} title={`${label} (${key(action)})`} onClick={() => togglePanel(name, uncover(name) || undefined)}>{label}</button>
      ))}
      <span class="where">{p ? `${p.name}${p.name.startsWith(p.system.name) ? '' : ` · ${p.system.name}`}` : ''}{p ? <em class={`law ${p.system.law}`}>{p.system.law}</em> : null}</span>
      <span class="spacer" />
      {s && s.tag ? <button class="me" aria-pressed={openPanels.value.has('soul') && soulShown.value === s.soul} title={`Your soul (${key('soul')})`} onClick={() => (soulShown.value === s.soul ? closeSoul() : openSoul(s.soul))}>{s.tag}</button> : null}
      {s && !gone.value ? (
        <span class="money" title="Carried and banked; time until it is gone">
          <b>{credits(money.value)}</b>
          <span class={zero < 600 ? 'zero soon' : 'zero'}>{s.burnPerHour > 0 ? `zero in ${duration(zero)}` : 'nothing burns'}</span>
        </span>
      ) : null}
      <span class="fps">{fps.value > 0 ? `${Math.round(fps.value)} fps` : ''}</span>
      <button class="mute" aria-pressed={settings.value.muted} aria-label={settings.value.muted ? 'Sound is off' : 'Sound is on'} onClick={() => change({ muted: !settings.value.muted })}>{settings.value.muted ? <s>♪</s> : '♪'}</button>
    </nav>
  );
}

export function GoalBar() {
  const g = goal.value;
  if (!signedIn.value || !g) return null;
  return (
    <aside class="goal" aria-live="polite" aria-label="Your next goal">
      <b>{g.title}</b><span>{g.hint}</span>
    </aside>
  );
}

function away(at: readonly number[]): number {
  const own = ships.get(self.value?.slot ?? -1);
  const o = own?.position ?? [0, 0, 0];
  return Math.hypot(at[0]! - o[0], at[1]! - o[1], at[2]! - o[2]);
}

export function TargetPanel() {
  void shipsVersion.value;
  if (!signedIn.value || !target.value) return null;
  const ship = targetShip.value, body = targetBody.value, p = place.value, s = self.value;
  if (!ship && !body) return null;
  const here = p?.bodies.find((b) => b.place === p.place)?.at ?? [0, 0, 0];
  const c = commands();
  return (
    <section class="panel panel-target" aria-label="Target">
      <header><h2>Target</h2><button class="close" aria-label="Drop the target" onClick={() => { target.value = null; }}>×</button></header>
      {ship ? (
        <>
          <p class={ship.ghost ? 'ghost target-name' : 'target-name'}>{ship.ghost ? '◇ ghost: no tag' : ship.name}</p>
          <p class="dim">{ship.hull}{ship.drone ? ' · drone' : ''} · {distance(away(ship.position))} · {speed(Math.hypot(...ship.velocity))}{ship.bounty > 0 ? ` · bounty ${credits(ship.bounty)}` : ''}</p>
          <Meter label="Shield" value={ship.shieldShare} max={1} text={percent(ship.shieldShare)} tone="shield" />
          <Meter label="Hull" value={ship.hullShare} max={1} text={percent(ship.hullShare)} />
        </>
      ) : body ? (
        <>
          <p class="target-name">{body.name}</p>
          <p class="dim">{body.kind} · {body.place === p?.place ? 'you are here' : distance(Math.hypot(body.at[0] - here[0], body.at[1] - here[1], body.at[2] - here[2]))}</p>
        </>
      ) : null}
      {s?.docked ? null : <div class="orders">
        <button onClick={() => c.order('approach')}>Approach <Kbd>{key('approach')}</Kbd></button>
        {ship ? <button onClick={() => c.order('orbit')}>Orbit <Kbd>{key('orbit')}</Kbd></button> : null}
        {ship ? <button onClick={() => c.order('keep')}>Range <Kbd>{key('keep')}</Kbd></button> : null}
        {ship ? <button onClick={() => c.scan()}>Scan <Kbd>{key('scan')}</Kbd></button> : null}
        {ship && ship.soul !== 0n ? <button onClick={() => openSoul(ship.soul)}>Soul <Kbd>{key('soul')}</Kbd></button> : null}
        {body && body.place !== p?.place ? <button onClick={() => c.order('cruise')}>Cruise <Kbd>{key('cruise')}</Kbd></button> : null}
        {body?.kind === 'station' ? <button onClick={() => c.dockOrUndock()}>Dock <Kbd>{key('dock')}</Kbd></button> : null}
      </div>}
    </section>
  );
}

export function ShipBar() {
  void shipsVersion.value;
  const s = self.value;
  if (!signedIn.value || !s) return null;
  const own = ships.get(s.slot);
  const c = commands();
  return (
    <section class={riding.value ? 'shipbar still' : 'shipbar'} aria-label={riding.value ? 'The ship of your host' : 'Your ship'} inert={riding.value || openPanels.value.has('soul') || openPanels.value.has('map')}>
      <div class="meters">
        <Meter label="Shield" value={s.shield} max={s.shieldMax} text={`${Math.round(s.shield)} / ${Math.round(s.shieldMax)}`} tone="shield" />
        <Meter label="Hull" value={s.hull} max={s.hullMax} text={`${Math.round(s.hull)} / ${Math.round(s.hullMax)}`} />
        <Meter label="Fuel" value={s.fuel} max={s.fuelMax} text={`${(s.fuel / 1000).toFixed(1)} ly`} tone="fuel" />
        <div class="meter" aria-label={`Cargo ${s.cargo} of ${s.cargoMax}`}><span class="meter-label">Cargo</span><span class="meter-track"><span class="meter-fill cargo" style={{ width: `${s.cargoMax > 0 ? (100 * s.cargo) / s.cargoMax : 0}%` }} /></span><span class="meter-text">{s.cargo} / {s.cargoMax}</span></div>
      </div>
      <div class="state" aria-live="polite">
        <b>{s.docked ? 'Docked' : s.order}</b>
        <span>{own && !s.docked && !own.cruising ? speed(Math.hypot(...own.velocity)) : ''}</span>
        <div class="row-of">
        <button onClick={() => c.dockOrUndock()}>{s.docked ? 'Undock' : 'Dock'} <Kbd>{key('dock')}</Kbd></button>
        {!s.docked ? <button onClick={() => c.order('stop')}>Stop <Kbd>{key('stop')}</Kbd></button> : null}
        </div>
        <button aria-pressed={s.ghost} onClick={() => c.transponder(s.ghost)}>{s.ghost ? '◇ Ghost' : 'Tag shown'} <Kbd>{key('transponder')}</Kbd></button>
      </div>
      <div class="modules" role="group" aria-label="Modules">
        {s.modules.map((m) => (
          <button key={m.slot} class={m.active ? 'module active' : 'module'} aria-pressed={m.active} title={m.name} onClick={() => c.fire(m.slot)}>
            <span class="module-cycle" style={{ height: `${m.cycle * 100}%` }} />
            <Kbd>{key(`module${m.slot + 1}` as Action)}</Kbd><span>{m.short}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="assertive">
      {toasts.value.map((t) => <p key={t.id} class={`toast ${t.kind}`}>{t.text}</p>)}
    </div>
  );
}

export function LinkState() {
  const l = link.value;
  if (l === 'open' || l === 'closed') return null;
  return (
    <div class="link-state" role="alert">
      {l === 'lost' ? `${linkError.value || 'Connection lost.'} Trying again${retryIn.value > 0 ? ` in ${number(retryIn.value)} s` : '…'}` : l === 'signing' ? 'Proving your key…' : 'Connecting…'}
      {l === 'lost' ? <button onClick={() => commands().retry()}>Try now</button> : null}
    </div>
  );
}

export function Death() {
  const d = death.value;
  if (!d) return null;
  return (
    <div class="dialog death" role="alertdialog" aria-label="You died">
      <h2>You died</h2>
      <p>{d.by ? `Brought down by ${d.by}.` : 'Your ship was lost.'} You wake in the clone bay that you last paid for, without ship and cargo.</p>
      <p>{d.fee > 0 ? `The bay takes ${credits(d.fee)}.` : 'The Concourse lends you a shuttle.'} What was banked is still yours.</p>
      <button class="primary" autofocus onClick={() => { death.value = null; commands().wake(); }}>Wake up</button>
    </div>
  );
}
