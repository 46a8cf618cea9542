/** The newcomer's goals, one at a time, in the order of the core's table; the hint names the player's keys. */
import { computed, signal } from '@preact/signals';
import { bindings, keyLabel, type Action } from '../input/keymap.ts';
import { settings } from './settings.ts';

/** Number of the current goal; beyond the last: none. */
export const goalNumber = signal(0);
/** Texts of the table, filled in by the wire. */
export const goalTexts = signal<readonly string[]>([]);

const HINTS: readonly ((key: (a: Action) => string) => string)[] = [
  (k) => `Press ${k('dock')}. The Concourse lets go and you float before its ring.`,
  (k) => `${k('target')} until a belt is the target, then ${k('cruise')} to cruise.`,
  (k) => `At the belt, press ${k('module2')}: the mining laser works until the hold is full.`,
  (k) => `Target a station, ${k('cruise')} to cruise, ${k('dock')} to dock, ${k('market')} to sell.`,
  (k) => `In the wallet (${k('wallet')}), pay for a clone bay: death is then only expensive.`,
  (k) => `${k('map')} opens the map: choose a near system, then ${k('jump')}.`,
  (k) => `Ghosts show ◇. Target one and press ${k('scan')} to scan it.`,
  (k) => `Mine, haul, trade, explore, hunt or rob. ${k('help')} lists all keys.`,
];

export const goal = computed(() => {
  const n = goalNumber.value, text = goalTexts.value[n], hint = HINTS[n];
  if (!text || !hint) return null;
  const keys = bindings(settings.value.keys);
  return { title: text, hint: hint((a) => keyLabel(keys.get(a) ?? '')) };
});
