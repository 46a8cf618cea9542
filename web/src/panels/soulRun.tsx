/** One act at a time: it runs, and what came of it is said, with what to do when it was refused. */
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { secondsLeft, signings, waitsFor } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
import { self } from '../state/store.ts';
import { duration } from '../util/format.ts';
import { Refusal } from '../wire/orders.ts';

export const busy = signal(false);
export const outcome = signal<{ readonly good: boolean; readonly text: string; readonly help: string } | null>(null);

export async function run(what: string, act: () => Promise<string>): Promise<boolean> {
  if (busy.value) return false;
  busy.value = true;
  outcome.value = null;
  try {
    outcome.value = { good: true, text: await act(), help: '' };
    return true;
  } catch (error) {
    outcome.value = { good: false, text: error instanceof Error ? error.message : `${what} failed.`, help: error instanceof Refusal ? error.help : '' };
    return false;
  } finally {
    busy.value = false;
  }
}

/** What an act under way waits for, and a way to end it. */
function Progress() {
  const [now, setNow] = useState(Date.now()), others = waitsFor.value;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const waits = signings.value.some((s) => s.own), left = others ? secondsLeft(others.untilUnixS, now) : null;
  const words = waits ? 'Written: sign it, or take it back.' : others ? `${others.signed ? `You have signed. ${others.names} has to sign, too` : `${others.names} is asked to sign`}${left === null ? '' : `: ${duration(left)} left`}.`
    : self.value?.docked === false ? 'Waits until you are docked.' : 'Working…';
  return <p class="dim"><span role="status">{words}</span> <span class="working" /> {waits ? null : <button class="link" onClick={() => { commands().takeBack().catch(() => undefined); }}>Take back</button>}</p>;
}

export function Outcome() {
  const line = useRef<HTMLParagraphElement>(null), o = busy.value ? null : outcome.value;
  useEffect(() => line.current?.scrollIntoView({ block: 'nearest' }), [o]); // it may end below the edge of a long form
  if (busy.value) return <Progress />;
  return o ? <p ref={line} class={o.good ? 'good' : 'bad'} role="alert">{o.text} {o.help ? <span class="dim">{o.help}</span> : null}</p> : null;
}
