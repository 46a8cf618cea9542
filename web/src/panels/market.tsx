/** The market where you are docked: choose a good by arrow keys, type units, Enter buys, Shift+Enter sells. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { commands } from '../state/commands.ts';
import { market, money, openPanels, place, prices, self } from '../state/store.ts';
import { credits, number } from '../util/format.ts';
import { Panel } from './parts.tsx';
import { most } from './words.ts';

const chosen = signal(1);
const units = signal(1);

function Plot() {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const history = prices.value.get(chosen.value);
  useEffect(() => {
    if (!box.current) return undefined;
    const axis: uPlot.Axis = { stroke: '#8fa3b8', grid: { stroke: 'rgba(140,170,200,0.14)', width: 1 }, ticks: { show: false }, font: '10px system-ui' };
    plot.current = new uPlot({
      width: box.current.clientWidth || 300, height: 96, legend: { show: false }, cursor: { show: false }, scales: { x: { time: false } },
      axes: [{ ...axis, size: 18, values: (_u, v) => v.map((t) => `${Math.round(t)} s`) }, { ...axis, size: 42, values: (_u, v) => v.map((n) => number(n)) }],
      series: [{}, { stroke: '#6fc3ff', width: 1.5, fill: 'rgba(80,150,220,0.14)', points: { show: false } }],
    }, [[], []], box.current);
    return () => {
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    if (!history || history.ticks.length === 0) {
      plot.current?.setData([[], []]);
      return;
    }
    const last = history.ticks[history.ticks.length - 1]!;
    const xs = history.ticks.map((t) => (t - last) / 10), ys = [...history.prices];
    if (xs.length === 1) {
      xs.unshift(xs[0]! - 10);
      ys.unshift(ys[0]!);
    }
    plot.current?.setData([xs, ys]);
  }, [history, history?.ticks.length]);
  return <div class="plot" ref={box} role="img" aria-label={`Price of the chosen good since you came: ${history ? `${number(Math.min(...history.prices))} to ${number(Math.max(...history.prices))}` : 'not known yet'}`} />;
}

export function Market() {
  const field = useRef<HTMLInputElement>(null);
  if (!openPanels.value.has('market')) return null;
  const s = self.value, rows = market.value;
  const row = rows.find((r) => r.good === chosen.value);
  const room = s ? s.cargoMax - s.cargo : 0;
  const trade = (selling: boolean) => {
    if (!row) return;
    const n = Math.min(units.value, most(row, selling, money.value, room));
    commands().trade(row.good, selling ? -Math.max(1, n) : Math.max(1, n));
  };
  const keys = (e: KeyboardEvent) => {
    const at = rows.findIndex((r) => r.good === chosen.value);
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      const next = rows[(at + (e.key === 'ArrowDown' ? 1 : -1) + rows.length) % rows.length];
      if (next) chosen.value = next.good;
    } else if (e.key === 'Enter') {
      trade(e.shiftKey);
    } else if (e.key === 'PageUp' && row) {
      units.value = Math.max(1, most(row, row.held > 0, money.value, room));
    } else {
      return;
    }
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <Panel name="market" title={`Market${place.value && s?.docked ? ` · ${place.value.name}` : ''}`}>
      {!s?.docked || rows.length === 0 ? <p class="dim">Dock at a station to trade. Your hold: {s && s.goods.length > 0 ? s.goods.map((g) => `${number(g.units)} × good ${g.good}`).join(', ') : 'empty'}.</p> : (
        <div onKeyDown={keys}>
          <table>
            <thead><tr><th scope="col">Good</th><th scope="col" class="num">Buy</th><th scope="col" class="num">Sell</th><th scope="col" class="num">Stock</th><th scope="col" class="num">Yours</th></tr></thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.good} class={r.good === chosen.value ? 'chosen' : ''} onClick={() => { chosen.value = r.good; field.current?.focus(); }}>
                  <td>{r.name}</td><td class="num">{number(r.buy)}</td><td class="num">{number(r.sell)}</td><td class="num dim">{number(r.stock)}</td><td class="num">{r.held > 0 ? number(r.held) : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Plot />
          <div class="trade">
            <label for="units">{row ? row.name : 'Choose a good'}</label>
            <input id="units" data-first ref={field} type="number" min={1} max={9999} value={units.value} aria-describedby="trade-help"
              onInput={(e) => { units.value = Math.max(1, Math.min(9999, Math.floor(Number(e.currentTarget.value) || 1))); }} />
            <button disabled={!row || most(row, false, money.value, room) < 1} onClick={() => trade(false)}>Buy {row ? credits(row.buy * units.value) : ''}</button>
            <button disabled={!row || row.held < 1} onClick={() => trade(true)}>Sell {row ? credits(row.sell * Math.min(units.value, Math.max(1, row.held))) : ''}</button>
            <button disabled={!row || row.held < 1} onClick={() => { if (row) commands().trade(row.good, -row.held); }}>Sell all</button>
          </div>
          <p id="trade-help" class="dim small">↑ ↓ choose, Enter buys, Shift+Enter sells, Page Up takes the most. Prices move as you trade.</p>
        </div>
      )}
    </Panel>
  );
}
