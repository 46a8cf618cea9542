/** The head that one shares: a host sees who rides along and how they feel; a passenger sees in whom it rides, and leaves. */
import { Face } from '../soul/portrait.tsx';
import { FEELING_COLOURS, FEELING_WORDS, moodWord } from '../soul/words.ts';
import { answerKey, answers } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { head, riding, type HeadMate } from '../state/head.ts';
import { openSoul } from '../state/souls.ts';
import { money, self, signedIn, tick } from '../state/store.ts';
import { credits } from '../util/format.ts';
import { Act, HULLS } from '../wire/tables.ts';
import { faceOf } from './faces.ts';

/** Eight small columns: what somebody feels, at a glance. */
export function Pulse(props: { feelings: readonly number[] }) {
  const told = FEELING_WORDS.map((w, i) => ((props.feelings[i] ?? 0) >= 180 ? `${w} ${Math.round((props.feelings[i] ?? 0) / 10)} %` : '')).filter(Boolean).join(', ');
  return (
    <span class="pulse" role="img" aria-label={told || 'calm'} title={told || 'calm'}>
      {FEELING_WORDS.map((w, i) => <i key={w} style={{ height: `${Math.max(6, (props.feelings[i] ?? 0) / 10)}%`, background: FEELING_COLOURS[i]! }} />)}
    </span>
  );
}

function Mate(props: { mate: HeadMate; me: bigint }) {
  const { mate } = props, face = faceOf(mate.soul);
  return (
    <li>
      <button class="row rider" onClick={() => openSoul(mate.soul)} title={`Open the page of ${mate.name}`}>
        {face ? <Face traits={face.traits} soulKey={face.key} size={40} name={mate.name} /> : <span class="face-wait" />}
        <span class="rider-name">{mate.name}{mate.soul === props.me ? ' (you)' : ''}<br /><span class="dim small">{mate.player && !mate.connected ? 'asleep' : moodWord(mate.feelings)}</span></span>
        <Pulse feelings={mate.feelings} />
      </button>
    </li>
  );
}

export function Riders() {
  const h = head.value, me = self.value?.soul ?? 0n;
  if (!signedIn.value || !h) return null;
  return (
    <section class="panel panel-riders" aria-label={riding.value ? `You ride in ${h.hostName}` : 'Passengers'}>
      <header><h2>{riding.value ? `Aboard ${h.hostName}` : `Passengers · ${h.mates.length}`}</h2></header>
      <ul class="rider-list">{h.mates.map((m) => <Mate key={String(m.soul)} mate={m} me={me} />)}</ul>
    </section>
  );
}

const BODY = HULLS[0]?.price ?? 0;

/** Out of the head, into a shuttle: told before is what it costs, and why it cannot be now. Who cannot pay asks the host to. */
function LeaveButton(props: { host: bigint; hostName: string }) {
  const s = self.value, c = commands(), a = answers.value.get(answerKey(props.host, Act.CARRY));
  const agreed = a?.state === 'yes' && (a.untilTick === 0 || a.untilTick > tick.value);
  if (s && money.value < BODY) {
    return agreed ? <button disabled={!s.docked} onClick={() => c.leave(true)}>Leave, {props.hostName} pays</button>
      : <button title={`A new shuttle costs ${credits(BODY)}, and you have ${credits(money.value)}`} onClick={() => c.ask(props.host, Act.CARRY)}>Ask {props.hostName} to pay your body</button>;
  }
  return <button disabled={!s?.docked} title={s?.docked ? 'Into a new shuttle, here' : `Where ${props.hostName} is docked`} onClick={() => c.leave(false)}>Leave for {credits(BODY)}</button>;
}

export function RidingBar() {
  const h = head.value;
  if (!signedIn.value || !h || !riding.value) return null;
  const face = faceOf(h.host);
  return (
    <div class="riding" role="status">
      {face ? <Face traits={face.traits} soulKey={face.key} size={44} name={h.hostName} /> : null}
      <p><b>You are riding in <button class="link" onClick={() => openSoul(h.host)}>{h.hostName}</button></b><br /><span class="dim small">You see what it sees, and are heard in its head only. {self.value?.docked ? '' : 'You can leave where it docks.'}</span></p>
      <LeaveButton host={h.host} hostName={h.hostName} />
    </div>
  );
}
