/** Hulls and modules for sale at a station. Prices are those of the table; the core takes the old ones in part payment. */
import { signal } from '@preact/signals';
import { commands } from '../state/commands.ts';
import { openPanels, self } from '../state/store.ts';
import { credits, distance, number } from '../util/format.ts';
import { HULLS, Module, MODULES, TUNE } from '../wire/tables.ts';
import { Panel } from './parts.tsx';

const slot = signal(0);

export function Shipyard() {
  if (!openPanels.value.has('shipyard')) return null;
  const s = self.value;
  const own = s ? HULLS[s.hullKind] : undefined;
  return (
    <Panel name="shipyard" title="Shipyard">
      {!s?.docked || !own ? <p class="dim">Dock at a station to buy ships and modules.</p> : (
        <div class="scroll">
          <p class="dim small">You fly a {own.word.toLowerCase()}. The yard takes old hulls and modules at {TUNE.TRADE_IN_PERMILLE / 10} % of their price.</p>
          <table>
            <thead><tr><th scope="col">Hull</th><th scope="col" class="num">Hold</th><th scope="col" class="num">Hull + shield</th><th scope="col" class="num">Slots</th><th scope="col" class="num">Price</th></tr></thead>
            <tbody>
              {HULLS.map((h, kind) => (h.price === 0 ? null : (
                <tr key={kind} class={kind === s.hullKind ? 'chosen' : ''}>
                  <td><button data-first={kind === 1} disabled={kind === s.hullKind} onClick={() => commands().buyShip(kind)}>{h.word}</button></td>
                  <td class="num">{h.cargo}</td><td class="num">{h.hull} + {h.shield}</td><td class="num">{h.slots}</td><td class="num">{credits(h.price)}</td>
                </tr>
              )))}
            </tbody>
          </table>
          <h3>Modules</h3>
          <label for="slot">Slot </label>
          <select id="slot" value={slot.value} onChange={(e) => { slot.value = Number(e.currentTarget.value); }}>
            {Array.from({ length: own.slots }, (_, i) => <option key={i} value={i}>{`${i + 1}: ${s.modules.find((m) => m.slot === i)?.short ?? 'empty'}`}</option>)}
          </select>
          <table>
            <tbody>
              {MODULES.map((m, kind) => (kind === Module.NONE ? null : (
                <tr key={kind}>
                  <td><button onClick={() => commands().buyModule(Math.min(slot.value, own.slots - 1), kind)}>{m.word}</button></td>
                  <td class="dim">{m.help}{m.range > 0 ? `, ${distance(m.range)}` : ''}</td><td class="num">{number(m.price)} ₡</td>
                </tr>
              )))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
