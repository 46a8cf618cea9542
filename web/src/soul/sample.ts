/** A sample of a soul, as the server answers it: DNA, and what a player's traits were estimated from. */
import { isObject } from '../util/json.ts';
import { TRAIT_WORDS } from './words.ts';

export interface Sample {
  /** [0, 255], in the order of TRAIT_WORDS. */
  readonly traits: readonly number[];
  readonly note: string;
  /** Acts that tell of a trait; null: it is no player, and was born with its traits. */
  readonly counted: number | null;
  /** [word, times] */
  readonly habits: readonly (readonly [string, number])[];
}

/** The words of `souls/habits.h`, for people. */
export const HABIT_TEXTS: Readonly<Record<string, string>> = {
  sold: 'sold', bought: 'bought', mined: 'mined', jumped: 'jumped', wandered: 'flew somewhere', attacked: 'attacked', fled: 'fled', looted: 'looted',
  docked: 'docked', scanned: 'scanned', gave: 'gave money', talked: 'spoke', whispered: 'whispered', joked: 'laughed', banked: 'saved money',
  withdrew: 'took money out', repaired: 'repaired or refuelled', worked: 'worked at a station', insured: 'paid for a clone bay', hid: 'hid its sign',
  showed: 'showed its sign', hunted: 'set a bounty', jettisoned: 'threw cargo out', refitted: 'bought a ship or a module', helmed: 'flew by hand for a minute',
  asked: 'asked for consent', agreed: 'agreed',
};

/** @return null if the answer is none */
export function readSample(data: unknown): Sample | null {
  const dna = isObject(data) ? data['dna'] : null;
  if (!isObject(data) || !isObject(dna) || !isObject(dna['traits'])) return null;
  const shares = dna['traits'], counted = data['counted'], habits = isObject(data['habits']) ? data['habits'] : {};
  return {
    traits: TRAIT_WORDS.map((w) => (typeof shares[w] === 'number' ? Math.min(255, Math.max(0, Math.round(shares[w] * 255))) : 128)),
    note: typeof dna['note'] === 'string' ? dna['note'] : 'sampled',
    counted: typeof counted === 'number' ? counted : null,
    habits: Object.entries(habits).flatMap(([word, times]) => (typeof times === 'number' && times > 0 ? [[word, times] as const] : [])),
  };
}
