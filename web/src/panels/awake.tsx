/** The page of an awake galaxy: in whose head one is, what comes in through its senses, and what is said about it, live. */
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Rider } from '../soul/page.ts';
import { Face } from '../soul/portrait.tsx';
import { moodWord } from '../soul/words.ts';
import { awake, awakeProblem, feed, stream, token, wantsToken, type AwakeItem } from '../state/awake.ts';
import { duration } from '../util/format.ts';
import { useEndInSight } from './parts.tsx';
import { Pulse } from './riders.tsx';
import { Outcome, run, busy } from './soulRun.tsx';

const words = signal(''), kind = signal<'text' | 'transcript'>('text'), over = signal(false);
const TYPES = ['image/png', 'image/jpeg', 'image/webp'], LARGEST = 2 << 20;

function Person(props: { who: Rider; size: number }) {
  const { who } = props;
  return (
    <li class="awake-person">
      <Face traits={who.traits} soulKey={who.key} size={props.size} name={who.name} />
      <span class="rider-name"><b>{who.name}</b><br /><span class="dim small">{moodWord(who.feelings)}</span></span>
      <Pulse feelings={who.feelings} />
    </li>
  );
}

function Item(props: { item: AwakeItem; people: ReadonlyMap<bigint, Rider>; now: number }) {
  const { item, people, now } = props, ago = duration(Math.max(0, now - item.tick) / 10);
  if (item.kind === 'said') {
    const who = people.get(item.soul);
    return (
      <li class="said">
        {who ? <Face traits={who.traits} soulKey={who.key} size={36} name={who.name} /> : <span class="face-wait" />}
        <p><b>{item.source || who?.name}</b> <span class="dim small">{ago} ago</span><br />{item.text}</p>
      </li>
    );
  }
  return (
    <li class={`sense ${item.kind}`}>
      <p class="small"><b>{item.kind === 'picture' ? 'seen' : item.kind === 'transcript' ? 'heard' : 'read'}</b>{item.source ? <span class="dim"> · {item.source}</span> : null} <span class="dim">{ago} ago</span></p>
      {item.picture ? <img src={`${item.picture}${token.value ? `?token=${encodeURIComponent(token.value)}` : ''}`} alt={item.text || 'a picture without words'} loading="lazy" /> : null}
      {item.text ? <p>{item.text}</p> : null}
    </li>
  );
}

function sendPicture(file: File): void {
  void run('Picture', async () => {
    if (!TYPES.includes(file.type)) throw new Error('A picture is PNG, JPEG or WebP.');
    if (file.size > LARGEST) throw new Error('A picture may have 2 MiB.');
    const said = words.value.trim();
    await feed(file, file.type, `?source=${encodeURIComponent('page')}${said ? `&text=${encodeURIComponent(said)}` : ''}`);
    words.value = '';
    return '';
  });
}

function Feed() {
  const send = (e: Event) => {
    e.preventDefault();
    const text = words.value.trim();
    if (text === '') return;
    void run('Line', async () => {
      await feed(JSON.stringify({ kind: kind.value, source: 'page', text }), 'application/json');
      words.value = '';
      return '';
    });
  };
  return (
    <form class={over.value ? 'feed over' : 'feed'} onSubmit={send} aria-label="Feed the senses"
      onDragOver={(e) => { e.preventDefault(); over.value = true; }} onDragLeave={() => { over.value = false; }}
      onDrop={(e) => {
        e.preventDefault();
        over.value = false;
        const file = e.dataTransfer?.files[0];
        if (file) sendPicture(file);
      }}>
      <label for="feed-token" class={token.value === '' ? '' : 'visually-hidden'}>The host’s token <span class="dim">(host.token in the galaxy’s folder)</span></label>
      {token.value === '' || wantsToken.value ? <input id="feed-token" type="password" autocomplete="off" placeholder="64 characters" onChange={(e) => { token.value = e.currentTarget.value.trim(); }} /> : null}
      <div class="feed-row">
        <select aria-label="Kind of sense" value={kind.value} onChange={(e) => { kind.value = e.currentTarget.value as 'text' | 'transcript'; }}><option value="text">read</option><option value="transcript">heard</option></select>
        <input id="feed-text" aria-label="What the host perceives" maxLength={460} placeholder="A line for the host’s senses, or drop a picture" value={words.value} onInput={(e) => { words.value = e.currentTarget.value; }} />
        <button class="primary" disabled={busy.value || token.value === ''}>Feed</button>
        <label class="button">Picture<input type="file" class="visually-hidden" accept={TYPES.join()} disabled={busy.value || token.value === ''} onChange={(e) => {
          const file = e.currentTarget.files?.[0];
          if (file) sendPicture(file);
          e.currentTarget.value = '';
        }} /></label>
      </div>
      {token.value === '' ? <p class="dim small">Without the token one can watch, where the host lets one; nothing is sent. A line has 479 bytes, a picture 2 MiB; ten a second.</p> : null}
      <Outcome />
    </form>
  );
}

export function AwakePage() {
  const log = useRef<HTMLDivElement>(null), a = awake.value, items = stream.value;
  useEndInSight(log, null);
  const people = new Map((a ? [...(a.host ? [a.host] : []), ...a.passengers] : []).map((p) => [p.soul, p]));
  return (
    <main class="awake">
      <header><strong class="brand">INFINITY</strong><span class="dim">{a ? `${a.name} · awake` : 'awake'}</span>
        <p class="dim small awake-what">One host, whose eyes and ears are outside, and the souls who ride in its head: they perceive what it perceives, remember, and talk. Whoever has the host’s token feeds the senses; others watch. Nobody signs in or flies here.</p></header>
      <aside class="panel awake-who" aria-label="Host and passengers">
        {a?.host ? <div class="awake-host"><Face traits={a.host.traits} soulKey={a.host.key} size={168} name={a.host.name} /><div><p class="soul-name">{a.host.name}</p><p class="dim">host of this head, awake</p></div></div> : <p class="dim">{awakeProblem.value || 'Looking for the host…'}</p>}
        <h3>{a && a.passengers.length > 0 ? `Aboard · ${a.passengers.length}` : 'Nobody is aboard yet'}</h3>
        {a && a.passengers.length === 0 ? <p class="dim small">Souls come from their own galaxies, by invitation of this one’s host: <code>infinity soul invite KEY</code> here, then <code>infinity soul cut NAME {location.origin}</code> there.</p> : null}
        <ul class="rider-list scroll">{a?.passengers.map((p) => <Person key={String(p.soul)} who={p} size={52} />)}</ul>
      </aside>
      <section class="panel awake-stream" aria-label="Senses and talk">
        <h2>What is perceived, and what is said about it</h2>
        <div class="stream scroll" ref={log} role="log" aria-live="polite"><ol>
          {items.length === 0 ? <li class="dim">{awakeProblem.value || 'Nothing yet. Feed a line or a picture below, or by POST /api/senses.'}</li> : null}
          {items.map((i) => <Item key={i.id} item={i} people={people} now={a?.tick ?? i.tick} />)}
        </ol></div>
        {awakeProblem.value && items.length > 0 ? <p class="bad small" role="alert">{awakeProblem.value}</p> : null}
        <Feed />
      </section>
    </main>
  );
}

export function SecludedPage() {
  return (
    <main class="secluded">
      <h1>INFINITY</h1>
      <p class="title-line">This galaxy is secluded.</p>
      <p>Nobody enters here: it has no players, no tags and no list of who lives in it. Souls come by invitation, from the galaxies that they knew before, and are left in peace.</p>
      <p class="dim small">Nothing about them is shown on this page, and nothing is kept about you.</p>
      <details>
        <summary>How does a soul come in?</summary>
        <p>The host of this galaxy invites it, or the server that it lives on: <code>infinity soul invite KEY</code>. Then it leaves its own galaxy for this address: <code>infinity soul cut NAME {location.origin}</code>, or “Leave” on its page there. Without an invitation the border refuses it, and it stays where it is with everything.</p>
        <p>What is here is for the host alone, on the machine that serves it: <code>infinity soul list</code>, <code>infinity status</code>.</p>
      </details>
    </main>
  );
}
