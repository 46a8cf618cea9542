/**
 * What can be done with a soul: ask it, and when it agrees, do it. The price is told before, the answer comes in the
 * soul's own words, and nothing happens without a yes. On one's own page: leave, go into a file, draw DNA, and what one
 * has agreed to.
 */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { SoulPage } from '../soul/page.ts';
import { answerKey, answers } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { lookAgain, openSoul } from '../state/souls.ts';
import { money, self, signedIn, tick, toast } from '../state/store.ts';
import { credits, duration } from '../util/format.ts';
import { Act, ACT_WORDS, HULLS, TUNE } from '../wire/tables.ts';
import { CutForm, DownloadForm, UploadForm } from './soulTravel.tsx';
import { DnaForm } from './dna.tsx';
import { busy, Outcome, outcome, run } from './soulRun.tsx';

type Form = 'show' | 'copy' | 'sample' | 'ride' | 'carry' | 'merge' | 'cut' | 'download' | 'dna' | 'upload';
const open = signal<{ soul: bigint; form: Form } | null>(null);

const BODY = HULLS[0]?.price ?? 0;

function Ask(props: { page: SoulPage; act: number; children?: ComponentChildren }) {
  const { page, act } = props;
  const a = answers.value.get(answerKey(page.soul, act));
  const held = a?.state === 'yes' && (a.untilTick === 0 || a.untilTick > tick.value);
  const again = <button class={a ? '' : 'primary'} data-first onClick={() => commands().ask(page.soul, act)}>{a ? 'Ask again' : `Ask ${page.name}`}</button>;
  if (a?.state === 'waiting') return <p class="dim" role="status">Asked. A mind answers at once; a player, or a mind that is driven from outside, when it reads it. {again}</p>;
  if (held) {
    return (
      <>
        <p class="good" role="status">{page.name} agrees{a.words ? `: “${a.words}”` : '.'} {a.untilTick > 0 ? <span class="dim">For {duration((a.untilTick - tick.value) / 10)}.</span> : null}</p>
        {props.children}
      </>
    );
  }
  return <>{a?.state === 'no' ? <p class="bad" role="status">{page.name} does not agree{a.words ? `: “${a.words}”` : '.'}</p> : null}<p>{again}</p></>;
}

const copyName = signal<{ soul: bigint; name: string } | null>(null);
/** Whether I keep the copy's key, or the server does. */
const keepsKey = signal(false);

/** Two of one name cannot be told apart. */
function secondName(name: string): string {
  const second = `${name} the Second`;
  return new TextEncoder().encode(second).length <= 24 ? second : name;
}

function CopyForm(props: { page: SoulPage; own: boolean }) {
  const name = copyName.value?.soul === props.page.soul ? copyName.value.name : secondName(props.page.name);
  const signs = props.page.player || props.page.driven; // it keeps its own key: its signature is its yes
  const price = BODY + TUNE.COPY_FEE_CREDITS + TUNE.COPY_PURSE_CREDITS;
  const form = (
    <form onSubmit={(e) => {
      e.preventDefault();
      void run('Copy', async () => {
        const called = name.trim() || props.page.name, own = signs && keepsKey.value;
        const made = await commands().soulAct('copy', { ...(props.own ? {} : { of: String(props.page.soul) }), name: called, ...(signs && !own ? { copy_key: 'server' } : {}) }, own ? { ownKeyOf: called } : {});
        copyName.value = null;
        if (typeof made['signedBy'] === 'string') return `${made['signedBy']} has signed, and ${called} lives.`;
        if (typeof made['copy'] === 'string') openSoul(BigInt(made['copy']));
        lookAgain();
        return own ? `${called} lives. Its key is kept in this browser, and saved as a file: a program with that key decides for it.` : `${called} lives.`;
      });
    }}>
      <label for="copy-name">Its name</label>
      <input id="copy-name" maxLength={24} value={name} onInput={(e) => { copyName.value = { soul: props.page.soul, name: e.currentTarget.value }; }} />
      {signs ? (
        <fieldset>
          <legend>Who decides for it</legend>
          <label><input type="radio" name="copy-keeper" checked={!keepsKey.value} onChange={() => { keepsKey.value = false; }} /> Its own mind; the server keeps its key</label>
          <label><input type="radio" name="copy-keeper" checked={keepsKey.value} onChange={() => { keepsKey.value = true; }} /> Whoever has its key: drawn and kept here, and saved as a file</label>
        </fieldset>
      ) : null}
      <button class="primary" disabled={busy.value || money.value < price}>Copy for {credits(price)}</button>
      {money.value < price ? <p class="bad small">You have {credits(money.value)}.</p> : null}
    </form>
  );
  return (
    <>
      <p>A second {props.page.name} with the same memories and feelings, in a new shuttle at your station. From then on they are two. From what you have: {credits(BODY)} for the body and {credits(TUNE.COPY_FEE_CREDITS)} are burned, {credits(TUNE.COPY_PURSE_CREDITS)} are in its pocket.</p>
      {signs ? form : <Ask page={props.page} act={Act.COPY}>{form}</Ask>}
    </>
  );
}

function MergeButton(props: { page: SoulPage }) {
  return (
    <button class="primary" disabled={busy.value} onClick={() => {
      void run('Merge', async () => {
        const done = await commands().soulAct('merge', { other: String(props.page.soul), wait_s: 10 });
        if (done['lives'] === String(self.value?.soul)) {
          toast(`${props.page.name} has come home: you are one.`, 'good');
          openSoul(self.value!.soul);
        } else lookAgain();
        return typeof done['signedBy'] === 'string' ? `${done['signedBy']} has signed, too: you are one.` : 'You are one.';
      });
    }}>Become one</button>
  );
}

function FormOf(props: { form: Form; page: SoulPage; own: boolean }) {
  const { page, own } = props, c = commands();
  switch (props.form) {
    case 'show': return <><p>If it agrees, you see what {page.name} remembers, whom it knows and what it has.</p><Ask page={page} act={Act.SHOW}><p class="dim small">The page fills in by itself.</p></Ask></>;
    case 'copy': return <CopyForm page={page} own={own} />;
    case 'sample': return (
      <>
        <p>Its traits{page.player ? ', estimated from what it did,' : ''} for the DNA of somebody new. {page.name} keeps everything; a soul begins with it only when the host lets it be born.</p>
        <Ask page={page} act={Act.SAMPLE}><DnaForm page={page} /></Ask>
      </>
    );
    case 'dna': return <DnaForm page={page} />;
    case 'ride': return (
      <>
        <p>You ride in {page.name}’s head: you see and hear what it does, and talk to it and its other passengers only. Your ship is sold at half of its price, your money stays yours. Both docked at the same station.</p>
        <Ask page={page} act={Act.CARRY}><button class="primary" onClick={() => c.board(page.soul)}>Board {page.name}</button></Ask>
      </>
    );
    case 'carry': return (
      <>
        <p>{page.name} rides in your head: it perceives what you perceive, and talks to you. Its ship is sold. Both docked at the same station.</p>
        <p><button onClick={() => { c.consent(page.soul, Act.CARRY, true); toast(`${page.name} may come aboard.`, 'good'); }}>Let it come aboard</button></p>
        <Ask page={page} act={Act.BOARD}><p class="dim small">It comes aboard when you are docked at the same station.</p></Ask>
      </>
    );
    case 'merge': return (
      <>
        <p>{page.name} and you become one again: every memory once, money summed, {page.driven ? 'you live on' : 'the older of the two lives on'}. Both docked at the same station.</p>
        {page.driven ? <><p class="dim small">It keeps its own key. If that is in this browser, both sign at once; else whoever has it is asked.</p><MergeButton page={page} /></>
          : <Ask page={page} act={Act.MERGE}><MergeButton page={page} /></Ask>}
      </>
    );
    case 'cut': return <CutForm page={page} />;
    case 'download': return <DownloadForm page={page} />;
    case 'upload': return <UploadForm />;
  }
}

const LABELS: Readonly<Record<Form, string>> = {
  show: 'Ask to see more', copy: 'Copy', sample: 'Sample DNA', ride: 'Ride along', carry: 'Take aboard', merge: 'Become one', cut: 'Leave', download: 'Into a file', dna: 'Draw DNA', upload: 'Wake a soul',
};

export function SoulActs(props: { page: SoulPage }) {
  const section = useRef<HTMLElement>(null), opened = open.value?.soul === props.page.soul ? open.value.form : null;
  useEffect(() => { if (opened) section.current?.scrollIntoView({ block: 'nearest' }); }, [opened]);
  if (!signedIn.value) return <p class="dim small soul-acts">Who has woken may ask it things: close this page and choose a tag.</p>;
  const { page } = props, me = self.value?.soul ?? 0n, own = page.soul === me;
  const mate = page.riding !== null || page.riders.some((r) => r.soul === me);
  const forms: readonly Form[] = own ? ['copy', 'cut', 'download', 'dna', 'upload']
    : [...(page.shown ? [] : ['show' as const]), ...(mate ? [] : ['carry' as const, 'ride' as const]), 'sample', 'copy', ...(page.root !== '' && !page.player && page.kin.some((k) => k.soul === me) ? ['merge' as const] : [])];
  const now = opened && (opened === 'show' || forms.includes(opened)) ? opened : null; // what cannot be done any more closes
  return (
    <section ref={section} class="soul-part soul-acts">
      <h3>{own ? 'What you can do' : 'Ask'}</h3>
      <div class="orders">
        {forms.map((f) => <button key={f} aria-pressed={now === f} onClick={() => { open.value = now === f ? null : { soul: page.soul, form: f }; outcome.value = null; }}>{LABELS[f]}</button>)}
      </div>
      {now ? <div class="act-form"><FormOf form={now} page={page} own={own} /><Outcome /></div> : null}
      {own && page.given.length > 0 ? (
        <>
          <h3>You agreed to</h3>
          <ul class="consents">
            {page.given.map((g) => (
              <li key={`${g.act}${g.who.soul}`}>
                <span>{g.act}: {g.who.soul === 0n ? 'the host of this server' : <button class="link" onClick={() => openSoul(g.who.soul)}>{g.who.name}</button>} <span class="dim small">{duration((g.untilTick - page.tick) / 10)}</span></span>
                <button onClick={() => commands().consent(g.who.soul, Math.max(0, ACT_WORDS.indexOf(g.act)), false)}>Take back</button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
