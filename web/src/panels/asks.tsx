/** What others ask of me: a card each, with what a yes means, and Yes and No. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Face } from '../soul/portrait.tsx';
import { asked, dropAsked, secondsLeft, signings, type Asked, type Signing } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { openSoul } from '../state/souls.ts';
import { self, signedIn } from '../state/store.ts';
import { duration } from '../util/format.ts';
import { meaning } from '../wire/papers.ts';
import { Act, TUNE } from '../wire/tables.ts';
import { faceOf } from './faces.ts';
import { key } from './hud.tsx';
import { Kbd } from './parts.tsx';

const MEANS: Readonly<Record<number, string>> = {
  [Act.CUT]: 'move you, with ship, hold and money, to another place or galaxy',
  [Act.COPY]: 'copy you: a second soul with your memories, that lives on by itself. You keep everything',
  [Act.MERGE]: 'become one with you again: two branches of one soul, every memory once, money summed',
  [Act.DOWNLOAD]: 'move you into a file. You live nowhere until it wakes',
  [Act.CARRY]: 'come aboard: to ride in your head, and see and hear what you do',
  [Act.BOARD]: 'carry you: you ride in its head, your ship is sold, and you see and hear what it does',
  [Act.SAMPLE]: 'estimate your traits from what you did, for the DNA of somebody new. You keep everything',
  [Act.SHOW]: 'see what you remember, whom you know and what you have',
};

/** Where the focus goes when a card is answered: to the page that it lay over. */
function focusBelow(): void {
  (document.getElementById('panel-soul') ?? document.getElementById('view'))?.focus();
}

/** The frame of a card. Its answers are reached by a key, and Escape puts it away. */
function Frame(props: { label: string; kind: string; close: () => void; children: ComponentChildren }) {
  return (
    <div class={`ask panel${props.kind}`} role="alertdialog" aria-label={props.label} onKeyDown={(e) => {
      if (e.key !== 'Escape') return;
      e.stopPropagation();
      props.close();
      focusBelow();
    }}>{props.children}</div>
  );
}

const Hint = () => <span class="key-hint dim small"><Kbd>{key('answer')}</Kbd> answers</span>;

function Card(props: { ask: Asked }) {
  const { ask } = props;
  const host = ask.asker === 0n, me = self.value?.soul ?? 0n;
  const face = faceOf(ask.act === Act.SAMPLE || host ? me : ask.asker);
  const answer = (on: boolean) => {
    commands().consent(ask.asker, ask.act, on);
    if (on && ask.act === Act.BOARD && !host) commands().board(ask.asker);
    dropAsked(ask.id);
    focusBelow();
  };
  return (
    <Frame label={`${host ? 'The host of this server' : ask.name} asks you`} kind="" close={() => dropAsked(ask.id)}>
      {face ? <Face traits={face.traits} soulKey={face.key} size={72} name={face.name} /> : null}
      <div>
        <p><b>{host ? 'The host of this server' : <button class="link" onClick={() => openSoul(ask.asker)}>{ask.name || 'Somebody'}</button>}</b> asks to {MEANS[ask.act] ?? 'do something with you'}.</p>
        <p class="dim small">A yes holds for {duration(TUNE.CONSENT_TICKS / 10).replace(' 0 s', '')} and for one time; you can take it back on your page.</p>
        <div class="orders"><button class="primary" data-answer onClick={() => answer(true)}>Yes</button><button onClick={() => answer(false)}>No</button><button class="link" onClick={() => dropAsked(ask.id)}>Later</button><Hint /></div>
      </div>
    </Frame>
  );
}

const DOES: Readonly<Record<string, string>> = { copy: 'to copy you', merge: 'to become one with you', cut: 'you to leave', download: 'you to go into a file' };

/** What is signed holds for ever: it is shown before. */
function SignCard(props: { signing: Signing }) {
  const { paper, own, problem } = props.signing, host = paper.asker === 0n;
  const first = useRef<HTMLButtonElement>(null), [now, setNow] = useState(Date.now());
  useLayoutEffect(() => {
    if (own) first.current?.focus(); // who asks for it has just pressed a button, and waits for this; no key falls in between
  }, []);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = secondsLeft(paper.untilUnixS, now);
  const answer = (yes: boolean) => {
    props.signing.answer(yes);
    focusBelow();
  };
  const who = host ? 'The host of this server' : paper.askerName || 'Somebody';
  return (
    <Frame label={own ? 'To be signed with your key' : `${who} asks for your signature`} kind=" signing" close={() => { if (own) answer(false); }}>
      <div>
        {own ? <p><b>To be signed with your key:</b> {meaning(paper)}.</p>
          : <p><b>{host ? who : <button class="link" onClick={() => openSoul(paper.asker)}>{who}</button>}</b> asks {DOES[paper.act] ?? 'for your signature'}: {meaning(paper)}.</p>}
        {problem ? <p class="bad small" role="alert">{problem}</p> : null}
        <details><summary class="small">What exactly</summary>{paper.sign.map((s) => <pre key={s.number} class="small to-sign">{s.text}</pre>)}</details>
        <div class="orders"><button class="primary" ref={first} data-answer onClick={() => answer(true)}>Sign</button><button onClick={() => answer(false)}>{own ? 'Take back' : 'No'}</button>{own ? null : <Hint />}{left === null ? null : <span class={`sign-left small ${left < 20 ? 'bad' : 'dim'}`}>{duration(left)} left</span>}</div>
      </div>
    </Frame>
  );
}

export function Asks() {
  if (!signedIn.value || (asked.value.length === 0 && signings.value.length === 0)) return null;
  return (
    <div class="asks" aria-live="assertive">
      {signings.value.slice(-2).map((s) => <SignCard key={s.paper.id} signing={s} />)}
      {asked.value.slice(-2).map((a) => <Card key={a.id} ask={a} />)}
    </div>
  );
}
