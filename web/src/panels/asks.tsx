/** What others ask of me: a card each, with what a yes means, and Yes and No. */
import { Face } from '../soul/portrait.tsx';
import { asked, dropAsked, type Asked } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { openSoul } from '../state/souls.ts';
import { self, signedIn } from '../state/store.ts';
import { duration } from '../util/format.ts';
import { Act, TUNE } from '../wire/tables.ts';
import { faceOf } from './faces.ts';

const MEANS: Readonly<Record<number, string>> = {
  [Act.CUT]: 'move you, with ship, hold and money, to another place or galaxy',
  [Act.COPY]: 'copy you: a second soul with your memories, that lives on by itself. You keep everything',
  [Act.MERGE]: 'become one with you again: two branches of one soul, every memory once, money summed',
  [Act.DOWNLOAD]: 'move you into a file. You live nowhere until it wakes',
  [Act.BOARD]: 'come aboard: to ride in your head, and see and hear what you do',
  [Act.SAMPLE]: 'draw your traits for the DNA of somebody new. You keep everything',
  [Act.SHOW]: 'see what you remember, whom you know and what you have',
};

function Card(props: { ask: Asked }) {
  const { ask } = props;
  const host = ask.asker === 0n, me = self.value?.soul ?? 0n;
  const face = faceOf(ask.act === Act.SAMPLE || host ? me : ask.asker);
  const answer = (on: boolean) => {
    commands().consent(ask.asker, ask.act, on);
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

export function Asks() {
  if (!signedIn.value || asked.value.length === 0) return null;
  return <div class="asks" aria-live="assertive">{asked.value.slice(-2).map((a) => <Card key={a.id} ask={a} />)}</div>;
}
