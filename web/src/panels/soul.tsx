/** A soul's page: who it is, what it feels, and, for those who may see it, what it remembers, whom it knows and what it has. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { SoulPage, Who } from '../soul/page.ts';
import { Face } from '../soul/portrait.tsx';
import { moodWord, TRAIT_WORDS } from '../soul/words.ts';
import { closeSoul, openSoul, soulPage, soulProblem, soulShown } from '../state/souls.ts';
import { link, openPanels, self, toast } from '../state/store.ts';
import { credits, duration, number } from '../util/format.ts';
import { SoulActs } from './soulActs.tsx';
import { LineageGraph, RelationGraph } from './soulGraphs.tsx';
import { Passages } from './soulTravel.tsx';
import { FeelingBars, FeelingLegend, FeelingPlot } from './soulPlot.tsx';

export function SoulLink(props: { who: Who }) {
  return <button class="link" onClick={() => openSoul(props.who.soul)}>{props.who.alive || props.who.state ? '' : '† '}{props.who.name}{props.who.state ? ` (${props.who.state})` : ''}</button>;
}

function Part(props: { title: string; children: ComponentChildren; name?: string }) {
  return <section class={`soul-part${props.name ? ` soul-${props.name}` : ''}`}><h3>{props.title}</h3>{props.children}</section>;
}

const allTraits = signal(false);

function Traits(props: { traits: readonly number[] }) {
  const order = props.traits.map((v, i) => [i, v] as const).sort((a, b) => Math.abs(b[1] - 128) - Math.abs(a[1] - 128) || a[0] - b[0]);
  const shown = allTraits.value ? props.traits.map((v, i) => [i, v] as const) : order.slice(0, 5);
  return (
    <>
      <ul class="traits">
        {shown.map(([i, v]) => (
          <li key={i} role="meter" aria-label={TRAIT_WORDS[i]} aria-valuemin={0} aria-valuemax={255} aria-valuenow={v}>
            <span>{TRAIT_WORDS[i]}</span><span class="trait-track"><i style={v >= 128 ? { left: '50%', width: `${(v - 128) / 2.54}%` } : { right: '50%', width: `${(128 - v) / 2.56}%` }} /></span>
          </li>
        ))}
      </ul>
      <button class="link small" aria-expanded={allTraits.value} onClick={() => { allTraits.value = !allTraits.value; }}>{allTraits.value ? 'The strongest only' : 'All sixteen'}</button>
    </>
  );
}

/** Where a soul is that does not live here, by the directory's words. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  gone: 'It lives in another galaxy. It left with all that it had, and the other galaxy has signed the receipt. What this one remembers of it stays here.',
  'in flight': 'It is on its way to another galaxy: held at the border with all that it has, until the other galaxy signs that it has arrived, or refuses and it comes back.',
  away: 'It is in a file that was downloaded here, and lives nowhere until the file wakes.',
  merged: 'It has become one with another branch of itself, and lives on in it.',
  refused: 'Its passage to here was refused, for ever.',
  'on its way': 'It flies from one part of this galaxy to another, and will be there in a moment.',
};
const SIGNS: Readonly<Record<string, string>> = { gone: '↗', 'in flight': '↗', away: '▣', merged: '∞', refused: '×' };

/** What became of one who does not live here: in words, since when, with whom and where. */
function Departure(props: { page: SoulPage }) {
  const p = props.page;
  return (
    <Part title={p.state && p.state !== 'ended' ? p.state : 'Ended'} name="departed">
      <p>{ELSEWHERE[p.state] ?? 'It does not live any more. What the galaxy remembers of it is here.'}</p>
      <dl class="figures small">
        {p.stateAge !== null ? <><dt>since</dt><dd>{duration(p.stateAge / 10)}</dd></> : null}
        {p.with ? <><dt>{p.state === 'merged' ? 'lives on in' : 'killed by'}</dt><dd><SoulLink who={p.with} /></dd></> : null}
        {p.server ? <><dt>server</dt><dd title={p.server}><code>{p.server.slice(0, 16)}…</code></dd></> : null}
      </dl>
      <Passages name={p.name} />
      {p.history.ticks.length > 1 ? <><h3>What it felt here</h3><FeelingPlot page={p} /><FeelingLegend /></> : null}
    </Part>
  );
}

function copyLink(soul: bigint): void {
  const address = `${location.origin}${location.pathname}#soul=${soul}`;
  navigator.clipboard?.writeText(address).then(() => toast('Link copied.', 'good'), () => toast(address, 'info'));
}

function WhoIs(props: { page: SoulPage }) {
  const p = props.page, own = p.soul === self.value?.soul;
  const age = duration(p.age / 10);
  return (
    <aside class="soul-who">
      {p.traits ? <Face traits={p.traits} soulKey={p.key} size={196} name={p.name} /> : <div class="face-none" aria-hidden="true">{SIGNS[p.state] ?? '†'}</div>}
      <p class="soul-name">{p.name}</p>
      <p class="dim">{p.player ? 'player' : p.driven ? (own ? 'mind, by your key' : 'mind, driven from outside') : 'mind'}{own && !p.driven ? ' · you' : ''}{p.alive ? ` · ${moodWord(p.feelings)}` : ` · ${p.state || 'not here any more'}`}</p>
      <p class="dim small">{p.age < 10 ? 'just born' : `${age} old`}{p.epoch > 1 ? ` · life ${number(p.epoch)}` : ''}{p.bounty > 0 ? <span class="foe"> · bounty {credits(p.bounty)}</span> : null}</p>
      {p.riding ? <p class="small">rides with <SoulLink who={p.riding} /></p> : null}
      {p.place ? <p class="small">{p.activity ? `${p.activity} ` : ''}{p.place}</p> : null}
      <p class="small"><button class="link" onClick={() => copyLink(p.soul)}>Copy the link to this page</button></p>
      {p.riders.length > 0 ? (
        <Part title="Passengers" name="riders">
          <ul class="rider-list">
            {p.riders.map((r) => (
              <li key={String(r.soul)}><button class="row rider" onClick={() => openSoul(r.soul)}><Face traits={r.traits} soulKey={r.key} size={34} name={r.name} /><span>{r.name}<br /><span class="dim small">{moodWord(r.feelings)}</span></span></button></li>
            ))}
          </ul>
        </Part>
      ) : null}
      {p.alive ? <SoulActs page={p} /> : null}
      {p.traits ? <Part title="Traits" name="traits"><Traits traits={p.traits} /></Part> : null}
      <Part title="Identity" name="identity">
        {p.identity ? (
          <dl class="figures small hashes">
            <dt>identity</dt><dd title={p.identity}><code>{p.identity.slice(0, 16)}…</code></dd>
            {p.root && p.root !== p.identity ? <><dt>root</dt><dd title={p.root}><code>{p.root.slice(0, 16)}…</code></dd></> : null}
            <dt>key</dt><dd title={p.key}><code>{p.key.slice(0, 16)}…</code></dd>
          </dl>
        ) : <p class="dim small">Not bound to an identity yet.</p>}
      </Part>
    </aside>
  );
}

function People(props: { list: readonly Who[] }) {
  return <>{props.list.map((w, i) => <span key={String(w.soul)}>{i > 0 ? (i === props.list.length - 1 ? ' and ' : ', ') : ''}<SoulLink who={w} /></span>)}</>;
}

function Private(props: { page: SoulPage }) {
  const p = props.page;
  return (
    <Part title="Memories" name="memories">
      {p.memories.length === 0 ? <p class="dim">Nothing that stayed.</p> : (
        <ol class="memories">
          {p.memories.map((m, i) => (
            <li key={i} style={{ opacity: 0.75 + 0.25 * Math.min(1, m.strength / 600) }}>
              <span>{m.text}</span> <span class="dim small">{duration(m.age / 10)} ago</span>
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}

function Side(props: { page: SoulPage }) {
  const p = props.page;
  const kin = [...(p.parent ? [p.parent] : []), ...p.kin.filter((k) => k.soul !== p.parent?.soul)];
  return (
    <div class="soul-side">
      {p.shown ? <Part title="Relations"><RelationGraph page={p} /></Part> : null}
      {kin.length > 0 ? <Part title="Kin"><p><People list={kin} /></p></Part> : null}
      <Part title="Lineage"><LineageGraph page={p} /></Part>
      {p.shown ? (
        <>
          {!p.player ? <Part title="Will"><p>{p.will.length > 0 ? <>If it dies, what it has goes to <People list={p.will} />.</> : <span class="dim">It loves nobody enough to leave them something.</span>}</p></Part> : null}
          <Part title="Money">
            <dl class="figures">
              <dt>Carried</dt><dd>{credits(p.carried)}</dd><dt>Banked</dt><dd>{credits(p.banked)}</dd>{p.debt > 0 ? <><dt>Debt</dt><dd class="bad">{credits(p.debt)}</dd></> : null}
            </dl>
            {p.statement.length > 0 ? (
              <div class="scroll soul-statement"><table><tbody>
                {p.statement.map((l, i) => <tr key={i}><td class="dim">{duration(Math.max(0, p.tick - l.tick) / 10)} ago</td><td>{l.reason}</td><td class={l.amount < 0 ? 'num bad' : 'num good'}>{l.amount > 0 ? '+' : ''}{number(l.amount)} ₡</td></tr>)}
              </tbody></table></div>
            ) : <p class="dim small">{p.player || p.driven ? 'Nothing has moved yet.' : 'Of a built-in mind no statement is kept.'}</p>}
          </Part>
        </>
      ) : null}
    </div>
  );
}

export function SoulPanel() {
  if (!openPanels.value.has('soul') || soulShown.value === 0n) return null;
  const p = soulPage.value;
  return (
    <section id="panel-soul" class="panel panel-soul" role="dialog" aria-label={p ? `Soul of ${p.name}` : 'Soul'} tabIndex={-1}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        closeSoul();
      }}>
      <header><h2>Soul</h2><button class="close" aria-label="Close the soul page" onClick={closeSoul}>×</button></header>
      {soulProblem.value ? <p class="soul-empty bad" role="alert">{soulProblem.value}<br /><span class="dim">The link may be of another galaxy. <button class="link" onClick={closeSoul}>Close</button></span></p>
        : !p ? <p class="soul-empty dim" role="status">{link.value === 'open' ? 'Asking for this soul…' : 'Waiting for the connection…'}</p> : (
          <div class="soul scroll">
            <WhoIs page={p} />
            <div class="soul-mid">
              {p.alive ? <Part title="Feelings"><FeelingBars feelings={p.feelings} /><FeelingPlot page={p} /></Part> : <Departure page={p} />}
              {p.shown ? <Private page={p} /> : p.alive ? <Part title="Memories"><p class="dim">What {p.name} remembers, whom it knows and what it has is its own. It may show you, if you ask.</p></Part> : null}
            </div>
            <Side page={p} />
          </div>
        )}
    </section>
  );
}
