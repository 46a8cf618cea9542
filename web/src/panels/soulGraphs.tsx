/** The relations of a soul and its lineage, as drawings that can be read and pressed. */
import { layRelations } from '../soul/layout.ts';
import { actWord, drawLineage } from '../soul/lineage.ts';
import type { Relation, SoulPage } from '../soul/page.ts';
import { portraitOf } from '../soul/portrait.tsx';
import { relationWord } from '../soul/words.ts';
import { openSoul } from '../state/souls.ts';
import { self } from '../state/store.ts';
import { credits, duration } from '../util/format.ts';

const WIDE = 320, HIGH = 232;

function colourOf(r: Relation): string {
  if (r.affection >= 80) return '#7fd4a8';
  if (r.affection <= -80) return '#ff6b5e';
  return '#8fa3b8';
}

export function RelationGraph(props: { page: SoulPage }) {
  const { relations, name, traits, key } = props.page;
  if (relations.length === 0) return <p class="dim">{props.page.soul === self.value?.soul ? 'You know' : 'It knows'} nobody well yet.</p>;
  const pull = (r: Relation) => Math.min(1, Math.abs(r.affection) / 700 + Math.abs(r.trust) / 3000);
  const placed = layRelations(relations.map((r) => ({ id: String(r.soul), pull: pull(r) })), WIDE, HIGH);
  const light = traits ? portraitOf(traits, key, 'small').light : '#8ecbff';
  return (
    <svg class="relations" viewBox={`${-WIDE / 2} ${-HIGH / 2} ${WIDE} ${HIGH}`} role="group" aria-label={`Whom ${name} knows`}>
      {relations.map((r, i) => <line key={String(r.soul)} x1={0} y1={0} x2={placed[i]!.x} y2={placed[i]!.y} stroke={colourOf(r)} stroke-width={0.8 + 3 * pull(r)} stroke-opacity={0.3 + 0.5 * pull(r)} stroke-dasharray={r.trust < -100 ? '4 4' : undefined} />)}
      <circle r={11} fill="#0b1624" stroke={light} stroke-width={2} /><circle r={4} fill={light} />
      {relations.map((r, i) => {
        const p = placed[i]!;
        const words = `${relationWord(r.affection, r.trust)} ${r.name}${r.alive ? '' : r.state ? `, who is ${r.state}` : ', who is dead'}${r.debt > 0 ? `, who owes ${credits(r.debt)}` : r.debt < 0 ? `, owes ${credits(-r.debt)}` : ''}`;
        const press = () => openSoul(r.soul);
        return (
          <g key={String(r.soul)} class="relation" role="button" tabIndex={0} aria-label={words} transform={`translate(${p.x} ${p.y})`} onClick={press}
            onKeyDown={(e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); press(); } }}>
            <title>{`${name} ${words}`}</title>
            <circle r={6 + 4 * pull(r)} fill={r.alive ? colourOf(r) : '#0b1624'} fill-opacity={r.alive ? 0.85 : 1} stroke={colourOf(r)} stroke-width={1.2} />
            <text y={p.y > 0 ? 21 : -14} text-anchor="middle">{r.alive || r.state ? '' : '† '}{r.name.length > 16 ? `${r.name.slice(0, 15)}…` : r.name}</text>
          </g>
        );
      })}
    </svg>
  );
}

const ROW = 34, LANE = 18, LANE_COLOURS = ['#8ecbff', '#ffc861', '#c7a6ff', '#7fd4a8', '#ff9ec7', '#c9b48a'];

export function LineageGraph(props: { page: SoulPage }) {
  const { lineage, tick } = props.page;
  if (lineage.length === 0) return <p class="dim">No record yet: a soul gets its founding record when it is first copied, merged, moved or asked to be.</p>;
  const d = drawLineage(lineage);
  const x = (lane: number) => 10 + lane * LANE, y = (row: number) => ROW / 2 + row * ROW, colour = (lane: number) => LANE_COLOURS[lane % LANE_COLOURS.length]!;
  const width = 20 + (d.lanes - 1) * LANE;
  return (
    <div class="lineage">
      <svg width={width} height={d.dots.length * ROW} aria-hidden="true">
        {d.lines.map((l, i) => {
          const x1 = x(l.from.lane), y1 = y(l.from.row), x2 = x(l.to.lane), y2 = y(l.to.row);
          const lane = l.kind === 'branch' ? l.to.lane : l.from.lane;
          const bend = l.kind === 'same' ? `L${x2},${y2}` : l.kind === 'branch' ? `C${x1},${y1 + 20} ${x2},${y1 + 12} ${x2},${Math.min(y2, y1 + ROW)} L${x2},${y2}` : `L${x1},${Math.max(y1, y2 - ROW)} C${x1},${y2 - 12} ${x2},${y2 - 20} ${x2},${y2}`;
          return <path key={i} d={`M${x1},${y1} ${bend}`} fill="none" stroke={colour(lane)} stroke-width={2} stroke-opacity={0.75} />;
        })}
        {d.dots.map((p) => <circle key={p.record.hash} cx={x(p.lane)} cy={y(p.row)} r={p.head ? 6 : 4.5} fill={p.head ? colour(p.lane) : '#0b1624'} stroke={colour(p.lane)} stroke-width={2} />)}
      </svg>
      <ol>
        {d.dots.map((p) => (
          <li key={p.record.hash} title={`record ${p.record.hash}`}>
            <b>{actWord(p.record.act)}</b>{p.head ? <em> newest</em> : null}
            <span class="dim"> {p.record.here && p.record.tick <= tick ? `${duration((tick - p.record.tick) / 10)} ago` : 'in another galaxy'} · <code>{p.record.hash.slice(0, 8)}</code></span>
            <span class="lineage-text">{p.record.text}</span>
          </li>
        ))}
      </ol>
      {d.broken ? <p class="bad small">Some records contradict each other and are not drawn: a fork, or a forgery.</p> : null}
    </div>
  );
}
