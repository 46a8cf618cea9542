/**
 * DNA sampled from a soul: sixteen traits, of a player estimated from what it did, which may be shaded before they are kept.
 * The face shows who would be born. What comes out is a DNA file; the host of a server bears a mind from it (`infinity mind
 * birth --dna FILE`).
 */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SoulPage } from '../soul/page.ts';
import { Face } from '../soul/portrait.tsx';
import { HABIT_TEXTS, readSample, type Sample } from '../soul/sample.ts';
import { TRAIT_WORDS } from '../soul/words.ts';
import { commands } from '../state/commands.ts';
import { self, toast } from '../state/store.ts';
import { fileName, saveText } from '../util/save.ts';

const shaded = signal<{ soul: bigint; traits: readonly number[]; name: string } | null>(null);
const sampled = signal<{ soul: bigint; sample: Sample | null; problem: string } | null>(null);

/** The file as the command line reads it. */
export function dnaFile(name: string, traits: readonly number[], note: string): string {
  const shares = Object.fromEntries(TRAIT_WORDS.map((w, i) => [w, Math.round(((traits[i] ?? 128) / 255) * 10_000) / 10_000]));
  return `${JSON.stringify({ format: 'infinity-dna-1', name, note: `${note}, in the browser`, origin: 'sampled', traits: shares }, null, 2)}\n`;
}

async function take(soul: bigint): Promise<void> {
  sampled.value = { soul, sample: null, problem: '' };
  let sample: Sample | null = null, problem = '';
  try {
    sample = readSample(await commands().soulAct('sample', { ...(soul === self.value?.soul ? {} : { of: String(soul) }), wait_s: 10 }));
    problem = sample ? '' : 'The answer cannot be read.';
  } catch (error) {
    problem = error instanceof Error ? error.message : 'No sample came.';
  }
  if (sampled.value?.soul === soul) sampled.value = { soul, sample, problem };
}

/** What the traits of a player were estimated from. */
function Evidence(props: { sample: Sample; name: string; own: boolean }) {
  const { counted, habits } = props.sample;
  if (counted === null) return <p class="dim small">{props.name} was born with these traits.</p>;
  if (counted === 0) return <p class="dim small">{props.own ? 'You have' : `${props.name} has`} done nothing yet that tells of a trait: all are in the middle. They move with every trade, jump, gift and fight.</p>;
  const shown = [...habits].sort((a, b) => b[1] - a[1]).slice(0, 6).map(([word, times]) => `${times.toLocaleString('en')} × ${HABIT_TEXTS[word] ?? word}`);
  return <p class="dim small evidence">Estimated from what {props.own ? 'you' : props.name} did: {shown.join(', ')}{habits.length > shown.length ? ', and more' : ''}. A guess at a person, surer with every act.</p>;
}

export function DnaForm(props: { page: SoulPage }) {
  const { page } = props, own = page.soul === self.value?.soul;
  useEffect(() => {
    void take(page.soul);
  }, [page.soul]);
  const found = sampled.value?.soul === page.soul ? sampled.value : null;
  if (found?.problem) return <p class="bad" role="alert">{found.problem} <button class="link" onClick={() => { void take(page.soul); }}>Try again</button></p>;
  if (!found?.sample) return <p class="dim" role="status">Reading what {own ? 'you' : page.name} did… <span class="working" /></p>;
  const { sample } = found;
  const now = shaded.value?.soul === page.soul ? shaded.value : { soul: page.soul, traits: sample.traits, name: '' };
  const set = (part: { traits?: readonly number[]; name?: string }) => { shaded.value = { ...now, ...part }; };
  return (
    <form class="dna" onSubmit={(e) => {
      e.preventDefault();
      const name = now.name.trim() || 'Newborn';
      saveText(dnaFile(name, now.traits, sample.note), `${fileName(name)}.dna.json`, 'application/json');
      toast('The DNA file is saved. The host of a server can bear a mind from it.', 'good');
    }}>
      <Face traits={now.traits} soulKey={`${now.name || 'newborn'}`} size={120} name={now.name || 'Somebody new'} />
      <Evidence sample={sample} name={page.name} own={own} />
      <label for="dna-name">Name</label>
      <input id="dna-name" data-first maxLength={30} placeholder="of somebody new" value={now.name} onInput={(e) => set({ name: e.currentTarget.value })} />
      <ul class="sliders">
        {TRAIT_WORDS.map((w, i) => (
          <li key={w}><label for={`dna-${i}`}>{w}</label><input id={`dna-${i}`} type="range" min={0} max={255} value={now.traits[i]!} onInput={(e) => set({ traits: now.traits.map((v, k) => (k === i ? Number(e.currentTarget.value) : v)) })} /></li>
        ))}
      </ul>
      <p class="dim small">As in {page.name} at first; shade what you like.</p>
      <button class="primary">Save the DNA file</button> {shaded.value?.soul === page.soul ? <button type="button" onClick={() => { shaded.value = null; }}>As it was</button> : null}
    </form>
  );
}
