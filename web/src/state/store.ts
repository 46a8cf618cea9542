/**
 * The one store. Signals for what panels show; `ships` is a plain map that the scene reads every frame,
 * and `shipsVersion` counts up a few times a second for the panels that list them.
 */
import { computed, effect, signal } from '@preact/signals';
import type { ChatLine, Effect, MarketRow, Place, Self, Ship, StatementRow, SystemPoint } from './model.ts';

export type Link = 'closed' | 'connecting' | 'signing' | 'open' | 'lost';
export type PanelName = 'overview' | 'market' | 'map' | 'wallet' | 'shipyard' | 'chat' | 'help' | 'settings' | 'soul';

export const link = signal<Link>('closed');
export const linkError = signal('');
/** Seconds until the next attempt, when lost. */
export const retryIn = signal(0);
export const signedIn = signal(false);
export const self = signal<Self | null>(null);
export const place = signal<Place | null>(null);
export const market = signal<readonly MarketRow[]>([]);
export const prices = signal<ReadonlyMap<number, { readonly ticks: number[]; readonly prices: number[] }>>(new Map());
export const chat = signal<readonly ChatLine[]>([]);
export const statement = signal<readonly StatementRow[]>([]);
export const systems = signal<readonly SystemPoint[]>([]);
/** The arms of the galaxy around here: light years and weights, for the map. */
export const cloud = signal<{ readonly at: Float32Array; readonly weights: Float32Array } | null>(null);
export const tick = signal(0);
/** What services cost where one is docked. */
export const station = signal<{ readonly clone: number; readonly fuelMilli: number; readonly repair: number; readonly dock: number } | null>(null);
/** What draws this page, and how well. */
export const machine = signal<{ readonly renderer: string; readonly quality: string }>({ renderer: '', quality: 'high' });
export const population = signal<{ players: number; minds: number } | null>(null);

export const ships = new Map<number, Ship>();
export const shipsVersion = signal(0);
/** Slot of the ship, or place number of the body, that orders go to. */
export type Target = { readonly kind: 'ship'; readonly slot: number; readonly id: bigint } | { readonly kind: 'body'; readonly place: number } | null;
export const target = signal<Target>(null);

export const openPanels = signal<ReadonlySet<PanelName>>(new Set(['overview', 'chat']));
export const death = signal<{ readonly by: string; readonly fee: number } | null>(null);
export const jumping = signal(false);
export const fps = signal(0);

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'good' | 'bad';
}
export const toasts = signal<readonly Toast[]>([]);
let toastId = 0;

/** Shows a short message for some seconds; screen readers hear it at once. */
export function toast(text: string, kind: Toast['kind'] = 'info'): void {
  const id = ++toastId;
  toasts.value = [...toasts.value.filter((t) => t.text !== text), { id, text, kind }].slice(-4);
  setTimeout(() => { toasts.value = toasts.value.filter((t) => t.id !== id); }, kind === 'bad' ? 7000 : 4500);
}

/** Who tells of new systems: too often for the talk of a place. */
export const CHARTED = 'Charted';

let chatId = 0;
export function addChat(line: Omit<ChatLine, 'id' | 'soul'> & { readonly soul?: bigint }): void {
  chat.value = [...chat.value, { soul: 0n, ...line, id: ++chatId }].slice(-200);
}

let effectSinks: ((e: Effect) => void)[] = [];
/** The scene and the sound listen here. */
export function onEffect(sink: (e: Effect) => void): () => void {
  effectSinks = [...effectSinks, sink];
  return () => { effectSinks = effectSinks.filter((s) => s !== sink); };
}
export function showEffect(e: Effect): void {
  for (const sink of effectSinks) sink(e);
}

export function togglePanel(name: PanelName, on?: boolean): void {
  const next = new Set(openPanels.value);
  if (on ?? !next.has(name)) next.add(name);
  else next.delete(name);
  openPanels.value = next;
}

/** What one can pay with: the rules take from the pocket, and then from the bank. */
export const money = computed(() => (self.value ? self.value.carried + self.value.banked : 0));

/** Seconds until the money is gone; infinite when nothing burns. */
export const secondsToZero = computed(() => {
  const s = self.value;
  if (!s || s.burnPerHour <= 0) return Infinity;
  return Math.max(0, (money.value / s.burnPerHour) * 3600);
});

export const targetShip = computed(() => {
  const t = target.value;
  void shipsVersion.value;
  return t?.kind === 'ship' ? ships.get(t.slot) : undefined;
});
export const targetBody = computed(() => {
  const t = target.value;
  return t?.kind === 'body' ? place.value?.bodies.find((b) => b.place === t.place) : undefined;
});

export { effect };
