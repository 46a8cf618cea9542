/** What others ask of me: a card each, with what a yes means, and Yes and No. */
import { Face } from '../soul/portrait.tsx';
import { asked, dropAsked, signings, type Asked, type Signing } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { openSoul } from '../state/souls.ts';
import { self, signedIn } from '../state/store.ts';
import { duration } from '../util/format.ts';
import { meaning } from '../wire/papers.ts';
import { Act, TUNE } from '../wire/tables.ts';
import { faceOf } from './faces.ts';

const MEANS: Readonly<Record<number, string>> = {
  [Act.CUT]: 'move you, with ship, hold and money, to another place or galaxy',
  [Act.COPY]: 'copy you: a second soul with your memories, that lives on by itself. You keep everything',
  [Act.MERGE]: 'become one with you again: two branches of one soul, every memory once, money summed',
  [Act.DOWNLOAD]: 'move you into a file. You live nowhere until it wakes',
  [Act.CARRY]: 'come aboard: to ride in your head, and see and hear what you do',
  [Act.BOARD]: 'carry you: you ride in its head, your ship is sold, and you see and hear what it does',
  [Act.SAMPLE]: 'draw your traits for the DNA of somebody new. You keep everything',
  [Act.SHOW]: 'see what you remember, whom you know and what you have',
};

function Card(props: { ask: Asked }) {
  const { ask } = props;
  const host = ask.asker === 0n, me = self.value?.soul ?? 0n;
  const face = faceOf(ask.act === Act.SAMPLE || host ? me : ask.asker);
  const answer = (on: boolean) => {
    commands().consent(ask.asker, ask.act, on);
    if (on && ask.act === Act.BOARD && !host) commands().board(ask.asker);
    dropAsked(ask.id);
  };
  return (
    <div class="ask panel" role="alertdialog" aria-label={`${host ? 'The host of this server' : ask.name} asks you`}>
      {face ? <Face traits={face.traits} soulKey={face.key} size={72} name={face.name} /> : null}
      <div>
        <p><b>{host ? 'The host of this server' : <button class="link" onClick={() => openSoul(ask.asker)}>{ask.name || 'Somebody'}</button>}</b> asks to {MEANS[ask.act] ?? 'do something with you'}.</p>
        <p class="dim small">A yes holds for {duration(TUNE.CONSENT_TICKS / 10).replace(' 0 s', '')} and for one time; you can take it back on your page.</p>
        <div class="orders"><button class="primary" onClick={() => answer(true)}>Yes</button><button onClick={() => answer(false)}>No</button><button class="link" onClick={() => dropAsked(ask.id)}>Later</button></div>
      </div>
    </div>
  );
}

const DOES: Readonly<Record<string, string>> = { copy: 'to copy you', merge: 'to become one with you', cut: 'you to leave', download: 'you to go into a file' };

/** What is signed holds for ever: it is shown before. */
function SignCard(props: { signing: Signing }) {
  const { paper, own, answer } = props.signing, host = paper.asker === 0n;
  const who = host ? 'The host of this server' : paper.askerName || 'Somebody';
  return (
    <div class="ask panel signing" role="alertdialog" aria-label={own ? 'To be signed with your key' : `${who} asks for your signature`}>
      <div>
        {own ? <p><b>To be signed with your key:</b> {meaning(paper)}.</p>
          : <p><b>{host ? who : <button class="link" onClick={() => openSoul(paper.asker)}>{who}</button>}</b> asks {DOES[paper.act] ?? 'for your signature'}: {meaning(paper)}.</p>}
        <details><summary class="small">What exactly</summary>{paper.sign.map((s) => <pre key={s.number} class="small to-sign">{s.text}</pre>)}</details>
        <div class="orders"><button class="primary" onClick={() => answer(true)}>Sign</button><button onClick={() => answer(false)}>{own ? 'Take back' : 'No'}</button></div>
      </div>
    </div>
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
