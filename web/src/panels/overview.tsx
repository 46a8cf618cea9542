/** What is here: ships and places, sortable. Ghosts stand out by sign and colour. */
import { signal } from '@preact/signals';
import { place, self, ships, shipsVersion, target } from '../state/store.ts';
import { openSoul } from '../state/souls.ts';
import { distance } from '../util/format.ts';
import { Panel } from './parts.tsx';

type Column = 'name' | 'kind' | 'away';
const sort = signal<{ by: Column; down: boolean }>({ by: 'away', down: false });

interface Row {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly away: number;
  readonly sign: string;
  readonly tone: string;
  readonly chosen: boolean;
  /** Whose page a double click opens; 0: nobody's. */
  readonly soul: bigint;
  choose(): void;
}

function rows(): Row[] {
  void shipsVersion.value;
  const p = place.value, t = target.value, own = ships.get(self.value?.slot ?? -1);
  const o = own?.position ?? [0, 0, 0];
  const here = p?.bodies.find((b) => b.place === p.place)?.at ?? [0, 0, 0];
  const out: Row[] = [];
  for (const s of ships.values()) {
    if (s === own || s.docked) continue;
    out.push({
      key: `s${s.slot}`, name: s.ghost ? 'ghost' : s.name || s.hull, kind: s.drone ? `${s.hull}, drone` : s.hull,
      away: Math.hypot(s.position[0] - o[0], s.position[1] - o[1], s.position[2] - o[2]),
      sign: s.hull === 'wreck' ? '✕' : s.ghost ? '◇' : s.drone ? '▫' : '●',
      tone: s.bounty > 0 ? 'foe' : s.ghost ? 'ghost' : s.drone ? 'drone' : 'friend',
      chosen: t?.kind === 'ship' && t.slot === s.slot, soul: s.soul, choose: () => { target.value = { kind: 'ship', slot: s.slot, id: s.id }; },
    });
  }
  for (const b of p?.bodies ?? []) {
    if (b.kind === 'star' || b.kind === 'deep') continue;
    out.push({
      key: `b${b.place}`, name: b.name, kind: b.kind,
      away: b.place === p?.place ? Math.hypot(...o) : Math.hypot(b.at[0] - here[0], b.at[1] - here[1], b.at[2] - here[2]),
      sign: b.kind === 'station' ? '■' : b.kind === 'belt' ? '▲' : '○', tone: 'body',
      chosen: t?.kind === 'body' && t.place === b.place, soul: 0n, choose: () => { target.value = { kind: 'body', place: b.place }; },
    });
  }
  const { by, down } = sort.value;
  out.sort((a, b) => (by === 'away' ? a.away - b.away : a[by].localeCompare(b[by])) * (down ? -1 : 1));
  return out.slice(0, 80);
}

export function Overview() {
  const head = (by: Column, label: string) => (
    <th scope="col" aria-sort={sort.value.by === by ? (sort.value.down ? 'descending' : 'ascending') : 'none'}>
      <button onClick={() => { sort.value = { by, down: sort.value.by === by && !sort.value.down }; }}>{label}{sort.value.by === by ? (sort.value.down ? ' ↓' : ' ↑') : ''}</button>
    </th>
  );
  return (
    <Panel name="overview" title="Overview">
      <div class="scroll">
        <table>
          <thead><tr>{head('name', 'Name')}{head('kind', 'Kind')}{head('away', 'Away')}</tr></thead>
          <tbody>
            {rows().map((r) => (
              <tr key={r.key} class={`${r.tone}${r.chosen ? ' chosen' : ''}`} aria-selected={r.chosen} onClick={r.choose} onDblClick={() => openSoul(r.soul)}>
                <td><button class="row" onClick={r.choose}><span class="sign" aria-hidden="true">{r.sign}</span> {r.name}</button></td>
                <td class="dim">{r.kind}</td><td class="num">{distance(r.away)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
