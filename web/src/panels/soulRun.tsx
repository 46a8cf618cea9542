/** One act at a time: it runs, and what came of it is said, with what to do when it was refused. */
import { signal } from '@preact/signals';
import { signings } from '../state/acts.ts';
import { commands } from '../state/commands.ts';
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

export function Outcome() {
  if (busy.value) {
    const waits = signings.value.some((s) => s.own);
    return <p class="dim" role="status">{waits ? 'Written: sign it, or take it back.' : 'Working…'} <span class="working" /> {waits ? null : <button class="link" onClick={() => { commands().takeBack().catch(() => undefined); }}>Take back</button>}</p>;
  }
  const o = outcome.value;
  return o ? <p class={o.good ? 'good' : 'bad'} role="alert">{o.text} {o.help ? <span class="dim">{o.help}</span> : null}</p> : null;
}
