/** What panels decide without a page: tags, chat lines, amounts, search. */
import { lightYearsBetween, sameAddress } from '../state/mapChoice.ts';
import type { MarketRow, SystemPoint } from '../state/model.ts';

export type Channel = 'place' | 'crew' | 'whisper' | 'head';

/** Why a tag cannot be, or nothing. The server has the last word. */
export function tagProblem(tag: string): string {
  const t = tag.trim();
  if (t.length === 0) return 'Type a tag: the name that others will see.';
  if ([...t].length < 2) return 'A tag has at least 2 characters.';
  if (new TextEncoder().encode(t).length > 24) return 'That tag is too long: 24 bytes at most.';
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(t)) return 'A tag has no invisible characters.';
  return '';
}

export interface Line {
  readonly channel: Channel;
  readonly to: string;
  readonly text: string;
}

/** Splits what was typed into channel, addressee and text. */
export function readLine(typed: string, now: Channel, to: string): Line {
  const t = typed.trim();
  const whisper = /^\/w\s+(\S+)\s+(.+)$/su.exec(t);
  if (whisper) return { channel: 'whisper', to: whisper[1]!, text: whisper[2]! };
  const crew = /^\/crew\s+(.+)$/su.exec(t);
  if (crew) return { channel: 'crew', to: '', text: crew[1]! };
  const inside = /^\/head\s+(.+)$/su.exec(t);
  if (inside) return { channel: 'head', to: '', text: inside[1]! };
  return { channel: now, to: now === 'whisper' ? to : '', text: t };
}

/** Most units that money and hold allow, and that are there. */
export function most(row: MarketRow, selling: boolean, money: number, room: number): number {
  if (selling) return row.held;
  return Math.max(0, Math.min(row.stock, room, row.buy > 0 ? Math.floor(money / row.buy) : 0));
}

/** Systems whose name begins with, or contains, the words; nearest first. */
export function search(list: readonly SystemPoint[], text: string, here: SystemPoint | undefined): SystemPoint[] {
  const t = text.trim().toLowerCase();
  const away = (s: SystemPoint) => (here ? lightYearsBetween(here, s) : Math.hypot(...s.at));
  const rank = (s: SystemPoint) => (t === '' ? 0 : s.name.toLowerCase().startsWith(t) ? 0 : 1);
  return list
    .filter((s) => (t === '' || s.name.toLowerCase().includes(t)) && !(here && sameAddress(s.address, here.address)))
    .sort((a, b) => rank(a) - rank(b) || away(a) - away(b))
    .slice(0, 14);
}
