/** Who shares a head: a host and its passengers, as the server tells both. Null while one is alone in one's own. */
import { computed, signal } from '@preact/signals';
import type { FrameHead } from '../wire/tables.ts';
import { FEELINGS, NAME_BYTES } from '../wire/tables.ts';
import { self } from './store.ts';

export interface HeadMate {
  readonly soul: bigint;
  readonly name: string;
  readonly player: boolean;
  readonly connected: boolean;
  readonly boardedTick: number;
  readonly feelings: readonly number[];
}
export interface Head {
  readonly host: bigint;
  readonly hostName: string;
  readonly mates: readonly HeadMate[];
}

export const head = signal<Head | null>(null);
/** I ride in somebody else's head. */
export const riding = computed(() => head.value !== null && head.value.host !== (self.value?.soul ?? 0n));

/** An empty head is no head. */
export function readHead(f: FrameHead): Head | null {
  if (f.host === 0n || f.count === 0) return null;
  const names = Uint8Array.from(f.names), decoder = new TextDecoder();
  const mates = Array.from({ length: Math.min(f.count, f.souls.length) }, (_, i) => {
    const row = names.subarray(i * NAME_BYTES, (i + 1) * NAME_BYTES), end = row.indexOf(0);
    return {
      soul: f.souls[i]!, name: decoder.decode(end < 0 ? row : row.subarray(0, end)), player: f.players[i] !== 0, connected: f.connected[i] !== 0,
      boardedTick: Number(f.boarded_ticks[i]!), feelings: f.feelings.slice(i * FEELINGS, (i + 1) * FEELINGS),
    };
  });
  return { host: f.host, hostName: f.host_name, mates };
}
