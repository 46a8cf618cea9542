/** Money: two pockets, what life costs, when it ends, what moved; and what a station sells to stay alive. */
import { signal } from '@preact/signals';
import { commands } from '../state/commands.ts';
import { secondsToZero, self, statement, station, tick } from '../state/store.ts';
import { credits, duration, number } from '../util/format.ts';
import { Panel } from './parts.tsx';

const amount = signal(100);

export function Wallet() {
  const s = self.value;
  const zero = secondsToZero.value;
  const c = commands();
  return (
    <Panel name="wallet" title="Wallet">
      {s ? (
        <>
          <dl class="figures">
            <dt>Carried</dt><dd>{credits(s.carried)} <span class="dim">a pirate can take it</span></dd>
            <dt>Banked</dt><dd>{credits(s.banked)} <span class="dim">safe</span></dd>
            {s.debt > 0 ? <><dt>Debt</dt><dd class="bad">{credits(s.debt)}</dd></> : null}
            <dt>Burns</dt><dd>{credits(Math.round(s.burnPerHour))} an hour</dd>
            <dt>Zero in</dt><dd class={zero < 600 ? 'bad' : ''}>{s.burnPerHour > 0 ? duration(zero) : 'never'}</dd>
            <dt>Clone bay</dt><dd class={s.clonePaid ? '' : 'bad'}>{s.clonePaid ? 'paid: you wake there' : 'none: waking costs more'}</dd>
          </dl>
          {s.docked ? (
            <div class="services">
              <button data-first onClick={() => c.service('clone')}>Clone bay {station.value ? credits(station.value.clone) : ''}</button>
              <button disabled={s.fuel >= s.fuelMax} onClick={() => c.service('refuel')}>Refuel {station.value ? credits(Math.ceil(((s.fuelMax - s.fuel) * station.value.fuelMilli) / 1000)) : ''}</button>
              <button disabled={s.hull >= s.hullMax} onClick={() => c.service('repair')}>Repair {station.value ? credits(station.value.repair) : ''}</button>
              <button onClick={() => c.service('work')}>Work a shift</button>
              {s.debt > 0 ? <button onClick={() => c.service('debt')}>Pay debt</button> : null}
              <label for="amount" class="visually-hidden">Amount to bank or withdraw</label>
              <input id="amount" type="number" min={1} value={amount.value} onInput={(e) => { amount.value = Math.max(1, Math.floor(Number(e.currentTarget.value) || 1)); }} />
              <button onClick={() => c.bank(amount.value)}>Bank</button>
              <button onClick={() => c.bank(-amount.value)}>Withdraw</button>
            </div>
          ) : <p class="dim">Docked at a station you can bank, refuel, repair and pay for a clone bay.</p>}
          <h3>Statement</h3>
          <div class="scroll statement">
            <table>
              <tbody>
                {statement.value.map((r) => (
                  <tr key={r.id}><td class="dim">{duration((tick.value - r.tick) / 10)} ago</td><td>{r.reason}</td><td class={r.amount < 0 ? 'num bad' : 'num good'}>{r.amount > 0 ? '+' : ''}{number(r.amount)} ₡</td></tr>
                ))}
              </tbody>
            </table>
            {statement.value.length === 0 ? <p class="dim">Nothing has moved yet.</p> : null}
          </div>
          <p class="small"><button class="link" onClick={() => c.saveKey()}>Save a recovery file</button> <span class="dim">Whoever has it is you. Without it, a lost browser is a lost soul.</span></p>
        </>
      ) : null}
    </Panel>
  );
}
