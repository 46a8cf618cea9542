/**
 * Where one is oneself when one does not live here any more: on the way, in another galaxy, in a file, or one with
 * another branch. The wire tells of oneself as long as one lives; when it falls silent, the public page is asked.
 */
import { signal } from '@preact/signals';
import { callServer } from '../wire/orders.ts';
import { closeSoul, soulShown } from './souls.ts';
import { self, signedIn } from './store.ts';

export type GoneState = 'in flight' | 'gone' | 'away' | 'merged' | 'ended';
export interface Gone {
  readonly soul: bigint;
  readonly state: GoneState;
  readonly name: string;
  /** Who one has become one with, if that is known. */
  readonly withName: string;
  readonly withSoul: bigint;
}
export const gone = signal<Gone | null>(null);

const SILENT_MS = 2500, LOOK_MS = 1500;
const STATES: readonly string[] = ['in flight', 'gone', 'away', 'merged', 'ended'];

/** What a public page says of a soul that may have left; null while it lives, or is between two parts of the galaxy. */
export function readGone(soul: bigint, page: Record<string, unknown>): Gone | null {
  const state = typeof page['state'] === 'string' ? page['state'] : '';
  if (page['alive'] === true || page['alive'] === 1 || !STATES.includes(state)) return null;
  const other = (typeof page['with'] === 'object' && page['with'] !== null ? page['with'] : {}) as Record<string, unknown>;
  return {
    soul, state: state as GoneState, name: typeof page['name'] === 'string' ? page['name'] : '', withName: typeof other['name'] === 'string' ? other['name'] : '',
    withSoul: typeof other['soul'] === 'string' && /^\d{1,20}$/.test(other['soul']) ? BigInt(other['soul']) : 0n,
  };
}

/** @param heard  who one is, and when one was last told of oneself */
export function followGone(heard: () => { readonly soul: bigint; readonly atMs: number }): void {
  const look = async () => {
    const { soul, atMs } = heard();
    if (signedIn.value && soul !== 0n && performance.now() - atMs > SILENT_MS) {
      try {
        const found = readGone(soul, await callServer(`/api/soul?soul=${soul}`));
        if (found && performance.now() - heard().atMs > SILENT_MS) {
          if (!gone.value && soulShown.value === soul) closeSoul(); // what it says now stands before it
          if (gone.value?.state !== found.state || gone.value.withSoul !== found.withSoul) gone.value = found;
        }
      } catch { /* asked again soon */ }
    } else if (gone.value && self.value) gone.value = null;
    setTimeout(() => void look(), LOOK_MS);
  };
  void look();
}
