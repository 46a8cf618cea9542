/** Faces of souls by id: asked for once, kept while the page is open. What a face shows is public. */
import { signal } from '@preact/signals';
import { readSoulPage } from '../soul/page.ts';
import { callServer } from '../wire/orders.ts';

export interface SoulFace {
  readonly name: string;
  readonly key: string;
  readonly traits: readonly number[];
}

const faces = signal<ReadonlyMap<bigint, SoulFace>>(new Map());
const asking = new Set<bigint>();

export function putFace(soul: bigint, face: SoulFace): void {
  if (faces.value.has(soul)) return;
  const next = new Map(faces.value);
  if (next.size >= 256) next.delete(next.keys().next().value!);
  next.set(soul, face);
  faces.value = next;
}

/** The face if it is known; if not it is asked for, and whoever reads this is drawn again when it comes. */
export function faceOf(soul: bigint): SoulFace | undefined {
  const known = faces.value.get(soul);
  if (!known && soul !== 0n && !asking.has(soul)) {
    asking.add(soul);
    callServer(`/api/soul?soul=${soul}`).then((data) => {
      const page = readSoulPage(data);
      if (typeof page !== 'string' && page.traits) putFace(soul, { name: page.name, key: page.key, traits: page.traits });
    }, () => undefined).finally(() => setTimeout(() => asking.delete(soul), 5000));
  }
  return known;
}
