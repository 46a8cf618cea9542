/** Leaving for another server, going into a file, waking from one: what it costs, what happens, how far it is. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SoulPage } from '../soul/page.ts';
import { dropPassage, passages, setPassage, type Passage } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { openSoul } from '../state/souls.ts';
import { credits } from '../util/format.ts';
import { saveDocument } from '../util/save.ts';
import { callServer, Refusal } from '../wire/orders.ts';
import { TUNE } from '../wire/tables.ts';
import { busy, run } from './soulRun.tsx';

const to = signal(''), serverKey = signal('');
const STEPS = ['offer', 'escrow', 'sent', 'received'] as const;
const WORDS: Readonly<Record<string, string>> = { offer: 'offered', escrow: 'held at the border', sent: 'sent', received: 'received' };

/** Server's words for how far a passage is, as the page's four steps. */
export function passageState(word: string): Passage['state'] {
  if (word === 'gone' || word === 'received' || word === 'settled') return 'received';
  if (word === 'back' || word === 'refused') return 'refused';
  return word === 'escrow' ? 'escrow' : 'sent';
}

/** @param brief  the steps alone, where all else is said around them */
export function PassageSteps(props: { passage: Passage; brief?: boolean }) {
  const p = props.passage, at = p.state === 'refused' ? 2 : STEPS.indexOf(p.state);
  return (
    <li class="passage">
      <p><b>{p.name}</b> → <span class="dim">{p.to}</span> {!props.brief && (p.state === 'received' || p.state === 'refused') ? <button class="link" onClick={() => dropPassage(p.transfer)}>clear</button> : null}</p>
      <ol class="steps" aria-label={`Passage: ${p.state}`}>
        {STEPS.map((s, i) => <li key={s} class={p.state === 'refused' && i === 3 ? 'no' : i <= at ? 'done' : ''} aria-current={i === at ? 'step' : undefined}>{p.state === 'refused' && i === 3 ? 'refused' : WORDS[s]}</li>)}
      </ol>
      {p.text && !(props.brief && p.state === 'received') ? <p class="dim small">{p.text}</p> : null}
    </li>
  );
}

/** Asks how far passages are, until each is answered; they are kept over a reload. */
export function usePassages(): void {
  useEffect(() => {
    const look = () => {
      for (const p of passages.value) {
        if (p.state === 'received' || p.state === 'refused') continue;
        callServer(`/api/souls/crossings?transfer=${p.transfer}`).then((a) => {
          const state = passageState(typeof a['state'] === 'string' ? a['state'] : '');
          const text = state === 'received' ? 'The other galaxy has signed the receipt: it lives there now.' : typeof a['note'] === 'string' ? a['note'] : state === 'refused' ? 'The other galaxy refused, and it is back.' : '';
          if (state !== p.state || text !== p.text) setPassage({ ...p, state, text });
        }, () => undefined);
      }
    };
    look();
    const timer = setInterval(look, 1500);
    return () => clearInterval(timer);
  }, []);
}

export function Passages(props: { name: string }) {
  usePassages();
  const own = passages.value.filter((p) => p.name === props.name);
  if (own.length === 0) return null;
  return <ul class="passages">{own.map((p) => <PassageSteps key={p.transfer} passage={p} />)}</ul>;
}

export function CutForm(props: { page: SoulPage }) {
  const { page } = props;
  return (
    <form onSubmit={(e) => {
      e.preventDefault();
      void run('Leave', async () => {
        const key = serverKey.value, address = to.value.trim();
        if (!/^https?:\/\//i.test(address)) throw new Refusal('That is no address of a server: it begins with https://.', 'Nothing was changed.', 0);
        if (key !== '' && !/^[0-9a-f]{64}$/.test(key)) throw new Refusal('A server’s key has 64 digits: its host tells them, or its address with /border at the end.', 'Leave it empty to go to whoever answers there.', 0);
        const done = await commands().soulAct('cut', { to: address, wait_s: 30, ...(key ? { server: key } : {}) }, key ? { to: key } : {});
        if (typeof done['transfer'] === 'string') setPassage({ transfer: done['transfer'], name: page.name, to: address, state: 'escrow', text: '' });
        return 'You are at the border: what you have is held for you until the other galaxy answers.';
      });
    }}>
      <p>To another galaxy, with body, hold and money. You must be docked. If it refuses, you are back here with everything. Fee: {credits(TUNE.BORDER_FEE_CREDITS)}.</p>
      <label for="cut-to">Address of the server</label>
      <input id="cut-to" data-first type="url" placeholder="https://…" value={to.value} onInput={(e) => { to.value = e.currentTarget.value; }} />
      <label for="cut-key">Its key, if you know it: then nobody can stand in for it</label>
      <input id="cut-key" placeholder="64 hexadecimal digits" spellcheck={false} autocomplete="off" value={serverKey.value} onInput={(e) => { serverKey.value = e.currentTarget.value.trim().toLowerCase(); }} />
      <button class="primary" disabled={busy.value || to.value.trim() === ''}>Leave for {credits(TUNE.BORDER_FEE_CREDITS)}</button>
      <Passages name={page.name} />
    </form>
  );
}

export function DownloadForm(props: { page: SoulPage }) {
  const { page } = props;
  return (
    <>
      <p>The whole soul in one file, signed. It is then away: it lives nowhere until the file wakes here or on another server, and it wakes once. Whoever has the file has you. Fee: {credits(TUNE.BORDER_FEE_CREDITS)}.</p>
      <button class="primary" disabled={busy.value} onClick={() => {
        void run('Download', async () => {
          const done = await commands().soulAct('download', { wait_s: 30 });
          if (typeof done['document'] !== 'string') throw new Refusal('The server gave no file.', 'Ask its host: the soul is away in the galaxy’s journal.', 0);
          saveDocument(done['document'], page.name);
          return 'The file is saved. Keep it well.';
        });
      }}>Into a file for {credits(TUNE.BORDER_FEE_CREDITS)}</button>
    </>
  );
}

const LARGEST = 1 << 20;

export async function wakeFile(file: File): Promise<string> {
  if (file.size > LARGEST) throw new Refusal('That file is too large to be a soul.', 'Nothing was changed.', 0);
  const text = await file.text();
  try {
    JSON.parse(text);
  } catch {
    throw new Refusal('That is no soul file: it is not JSON (a sealed one is opened by its owner first).', 'Nothing was changed.', 0);
  }
  const done = await callServer('/api/souls/upload', JSON.stringify({ document: text }));
  if (typeof done['soul'] === 'string') openSoul(BigInt(done['soul']));
  return `${typeof done['name'] === 'string' ? done['name'] : 'The soul'} is awake${done['verified'] === false ? ', but its home could not be asked: its lineage says so, and it has no credits.' : '. Its home has released it.'}`;
}

export function UploadForm() {
  return (
    <label class="drop" onDragOver={(e) => e.preventDefault()} onDrop={(e) => {
      e.preventDefault();
      const file = e.dataTransfer?.files[0];
      if (file) void run('Wake', () => wakeFile(file));
    }}>
      <p>Drop a .soul file here, or choose one. Signatures, lineage and whether its home lets it go are checked before anything is done.</p>
      <input type="file" data-first accept=".soul,application/json" disabled={busy.value} onChange={(e) => {
        const file = e.currentTarget.files?.[0];
        if (file) void run('Wake', () => wakeFile(file));
        e.currentTarget.value = '';
      }} />
    </label>
  );
}
