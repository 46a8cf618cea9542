/** Whose page is open, what the server told of it, and the link that opens it (`#soul=ID`). */
import { signal } from '@preact/signals';
import { readSoulPage, type SoulPage } from '../soul/page.ts';
import { openPanels, togglePanel, type PanelName } from './store.ts';

export const soulShown = signal(0n);
export const soulPage = signal<SoulPage | null>(null);
/** Why there is no page. */
export const soulProblem = signal('');

const EVERY_MS = 3000;
let asks: (soul: bigint) => void = () => undefined;
let timer: ReturnType<typeof setInterval> | undefined;
let before: Element | null = null;

/** Set by the wire: asks the server for a page. */
export function bindLook(ask: (soul: bigint) => void): void {
  asks = ask;
}

export function soulOfHash(hash: string): bigint {
  const found = /^#soul=(\d{1,20})$/.exec(hash);
  return found ? BigInt(found[1]!) : 0n;
}

export function lookAgain(): void {
  if (soulShown.value !== 0n) asks(soulShown.value);
}

export function openSoul(soul: bigint): void {
  if (soul === 0n) return;
  if (!openPanels.value.has('soul')) before = document.activeElement;
  if (soul !== soulShown.value) {
    soulPage.value = null;
    soulProblem.value = '';
  }
  soulShown.value = soul;
  togglePanel('soul', true);
  history.replaceState(null, '', `#soul=${soul}`);
  asks(soul);
  clearInterval(timer);
  timer = setInterval(() => { if (!document.hidden) lookAgain(); }, EVERY_MS);
  setTimeout(() => document.getElementById('panel-soul')?.focus(), 0);
}

export function closeSoul(): void {
  clearInterval(timer);
  togglePanel('soul', false);
  soulShown.value = 0n;
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  const back = before;
  setTimeout(() => { // when what lay below can be reached again
    if (openPanels.value.has('soul')) return;
    if (back instanceof HTMLElement && back.isConnected && back !== document.body) back.focus();
    else document.getElementById('view')?.focus();
  }, 0);
}

/** What lies over all other panels goes, so that one of these can be seen. @return whether anything lay there */
export function uncover(but: PanelName): boolean {
  const soul = openPanels.value.has('soul'), map = but !== 'map' && openPanels.value.has('map');
  if (soul) closeSoul();
  if (map) togglePanel('map', false);
  return soul || map;
}

/** Takes in a page; one that nobody waits for any more is passed over. */
export function hearSoul(soul: bigint, json: Uint8Array): void {
  if (soul !== soulShown.value) return;
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(json));
  } catch {
    data = null;
  }
  const page = readSoulPage(data);
  if (typeof page === 'string') {
    soulProblem.value = page;
    soulPage.value = null;
  } else {
    soulProblem.value = '';
    soulPage.value = page;
  }
}

/** Opens what the address names, now and whenever it changes. */
export function followHash(): void {
  const open = () => {
    const soul = soulOfHash(location.hash);
    if (soul !== 0n && soul !== soulShown.value) openSoul(soul);
  };
  window.addEventListener('hashchange', open);
  open();
}
