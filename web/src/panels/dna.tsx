/**
 * DNA drawn from a soul: its sixteen traits, which may be shaded before they are kept. The face shows who would be born.
 * What comes out is a DNA file; the host of a server bears a mind from it (`infinity mind birth --dna FILE`).
 */
import { signal } from '@preact/signals';
import type { SoulPage } from '../soul/page.ts';
import { Face } from '../soul/portrait.tsx';
import { TRAIT_WORDS } from '../soul/words.ts';
import { toast } from '../state/store.ts';
import { fileName, saveText } from '../util/save.ts';

const shaded = signal<{ soul: bigint; traits: readonly number[]; name: string } | null>(null);

/** The file as the command line reads it. */
export function dnaFile(name: string, traits: readonly number[], from: { name: string }): string {
  const shares = Object.fromEntries(TRAIT_WORDS.map((w, i) => [w, Math.round(((traits[i] ?? 128) / 255) * 10_000) / 10_000]));
  return `${JSON.stringify({ format: 'infinity-dna-1', name, note: `sampled from ${from.name}, in the browser`, origin: 'sampled', traits: shares }, null, 2)}\n`;
}

export function DnaForm(props: { page: SoulPage }) {
  const { page } = props;
  if (!page.traits) return <p class="dim">Its traits are not known.</p>;
  const now = shaded.value?.soul === page.soul ? shaded.value : { soul: page.soul, traits: page.traits, name: '' };
  const set = (part: { traits?: readonly number[]; name?: string }) => { shaded.value = { ...now, ...part }; };
  return (
    <form class="dna" onSubmit={(e) => {
      e.preventDefault();
      const name = now.name.trim() || 'Newborn';
      saveText(dnaFile(name, now.traits, page), `${fileName(name)}.dna.json`, 'application/json');
      toast('The DNA file is saved. The host of a server can bear a mind from it.', 'good');
    }}>
      <Face traits={now.traits} soulKey={`${now.name || 'newborn'}`} size={120} name={now.name || 'Somebody new'} />
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
