/** What a soul feels: bars for now, lines for the time since it is followed. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SoulPage } from '../soul/page.ts';
import { FEELING_COLOURS, FEELING_WORDS } from '../soul/words.ts';

const HEIGHT = 128;

export function FeelingBars(props: { feelings: readonly number[] }) {
  return (
    <ul class="feelings">
      {FEELING_WORDS.map((word, i) => {
        const v = props.feelings[i] ?? 0;
        return (
          <li key={word} role="meter" aria-label={word} aria-valuemin={0} aria-valuemax={1000} aria-valuenow={v}>
            <i style={{ background: FEELING_COLOURS[i]! }} /><span>{word}</span>
            <span class="meter-track"><span class="meter-fill" style={{ width: `${v / 10}%`, background: FEELING_COLOURS[i]! }} /></span>
          </li>
        );
      })}
    </ul>
  );
}

/** Whose line is whose, where no bars say it. */
export function FeelingLegend() {
  return <ul class="feeling-legend dim small">{FEELING_WORDS.map((word, i) => <li key={word}><i style={{ background: FEELING_COLOURS[i]! }} />{word}</li>)}</ul>;
}

/** Steps of the axis that are whole seconds, minutes, hours or days. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800, 604800, 1209600, 2419200];

function minutes(seconds: number): string {
  const s = Math.round(-seconds);
  if (s < 1) return 'now';
  if (s < 120 && s % 60 !== 0) return `-${s} s`;
  if (s < 7200) return s % 60 === 0 ? `-${s / 60} min` : `-${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  return s < 172800 ? `-${+(s / 3600).toFixed(1)} h` : `-${+(s / 86400).toFixed(1)} d`;
}

export function FeelingPlot(props: { page: SoulPage }) {
  const box = useRef<HTMLDivElement>(null), plot = useRef<uPlot | null>(null);
  const { history, tick, feelings, alive } = props.page;
  useEffect(() => {
    if (!box.current) return undefined;
    const axis: uPlot.Axis = { stroke: '#8fa3b8', grid: { stroke: 'rgba(140,170,200,0.12)', width: 1 }, ticks: { show: false }, font: '10px system-ui' };
    const size = () => ({ width: Math.max(160, box.current?.clientWidth ?? 300), height: HEIGHT });
    plot.current = new uPlot({
      ...size(), legend: { show: false }, cursor: { show: false }, scales: { x: { time: false }, y: { range: [0, 1000] } },
      axes: [{ ...axis, size: 18, space: 54, incrs: STEPS, values: (_u, v) => v.map(minutes) }, { ...axis, size: 30, splits: () => [0, 250, 500, 750, 1000], values: (_u, v) => v.map((n) => `${n / 10}`) }],
      series: [{}, ...FEELING_WORDS.map((word, i) => ({ label: word, stroke: FEELING_COLOURS[i]!, width: i === 6 ? 2.2 : 1.5, points: { show: false } }))],
    }, [[], ...FEELING_WORDS.map(() => [])] as uPlot.AlignedData, box.current);
    const watch = new ResizeObserver(() => plot.current?.setSize(size()));
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    const xs = history.ticks.map((t) => (t - tick) / 10), rows = FEELING_WORDS.map((_, i) => history.values.map((v) => v[i] ?? 0));
    if (alive) {
      xs.push(0);
      rows.forEach((row, i) => row.push(feelings[i] ?? 0));
    }
    if (xs.length > 1 && xs[xs.length - 2]! >= 0) {
      xs.splice(-2, 1);
      rows.forEach((row) => row.splice(-2, 1));
    }
    if (xs.length === 1) {
      xs.unshift(-10);
      rows.forEach((row) => row.unshift(row[0]!));
    }
    plot.current?.setData([xs, ...rows] as uPlot.AlignedData);
  }, [tick, history, alive]);
  const since = history.ticks[0] === undefined ? 0 : (history.ticks[0] - tick) / 10;
  return <div class="feeling-plot" ref={box} role="img" aria-label={`Eight feelings over ${minutes(since)}; the bars say what they are now`} />;
}
