/** The title over a live place: one field, your tag. A key made earlier signs in again with one press. */
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { commands } from '../state/commands.ts';
import { link, linkError, population, signedIn } from '../state/store.ts';
import { number } from '../util/format.ts';
import { Outcome } from './soulRun.tsx';
import { UploadForm } from './soulTravel.tsx';
import { tagProblem } from './words.ts';

/** The tag of the key that this browser keeps for this galaxy. */
export const knownTag = signal('');
const typed = signal<string | null>(null);
const busy = signal(false);
const problem = signal('');

export function Title() {
  const field = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  if (signedIn.value) return null;
  const enter = async (e: Event) => {
    e.preventDefault();
    const tag = (typed.value ?? knownTag.value).trim();
    problem.value = tagProblem(tag);
    if (problem.value) {
      field.current?.focus();
      return;
    }
    busy.value = true;
    try {
      await commands().enter(tag);
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    } finally {
      busy.value = false;
    }
  };
  const people = population.value;
  return (
    <main class="title">
      <h1>INFINITY</h1>
      <p class="title-line">An endless galaxy. Minds live in it, and so can you.</p>
      <form onSubmit={(e) => { void enter(e); }}>
        <label for="tag">Your tag</label>
        <div class="title-row">
          <input id="tag" ref={field} name="tag" autocomplete="nickname" spellcheck={false} maxLength={24} placeholder="e.g. Kestrel"
            value={typed.value ?? knownTag.value} onInput={(e) => { typed.value = e.currentTarget.value; }} disabled={busy.value} autofocus aria-describedby="tag-problem" />
          <button type="submit" class="primary" disabled={busy.value || link.value !== 'open'}>
            {busy.value ? 'Waking you…' : knownTag.value ? 'Fly on' : 'Wake up'}
          </button>
        </div>
        <p id="tag-problem" class="problem" role="alert">{problem.value || (link.value === 'lost' ? linkError.value : '')}</p>
      </form>
      <p class="title-small">
        {link.value === 'open' && people && people.minds > 0 ? `${number(people.minds)} ${people.minds === 1 ? 'ship' : 'ships'} in sight, right now. ` : ''}
        No password: this browser keeps your key.{' '}
        <button class="link" type="button" onClick={() => file.current?.click()}>Use a recovery file</button>
      </p>
      <details class="title-small title-wake"><summary>Wake a soul from its file</summary><UploadForm /><Outcome /></details>
      <input ref={file} type="file" accept=".json,application/json" class="visually-hidden" tabIndex={-1} aria-label="Recovery file"
        onChange={(e) => {
          const chosen = e.currentTarget.files?.[0];
          if (chosen) {
            problem.value = '';
            commands().loadKey(chosen).catch((error: unknown) => { problem.value = error instanceof Error ? error.message : String(error); });
          }
          e.currentTarget.value = '';
        }} />
    </main>
  );
}
