/** The order in which Tab walks what can be targeted: other ships by distance, then places. */
import type { Place, Ship } from '../state/model.ts';
import type { Target } from '../state/store.ts';

export function targetList(ships: ReadonlyMap<number, Ship>, place: Place | null, selfSlot: number): NonNullable<Target>[] {
  const own = ships.get(selfSlot);
  const away = (s: Ship) => own
    ? Math.hypot(s.position[0] - own.position[0], s.position[1] - own.position[1], s.position[2] - own.position[2])
    : Math.hypot(...s.position);
  const near = [...ships.values()].filter((s) => s.slot !== selfSlot && !s.docked).sort((a, b) => away(a) - away(b) || a.slot - b.slot);
  const bodies = (place?.bodies ?? []).filter((b) => b.kind !== 'star' && b.kind !== 'deep');
  return [
    ...bodies.map((b) => ({ kind: 'body', place: b.place }) as const),
    ...near.map((s) => ({ kind: 'ship', slot: s.slot, id: s.id }) as const),
  ];
}

export function stepTarget(step: 1 | -1, ships: ReadonlyMap<number, Ship>, place: Place | null, selfSlot: number, now: Target): Target {
  const list = targetList(ships, place, selfSlot);
  if (list.length === 0) return null;
  const at = list.findIndex((t) => now !== null && t.kind === now.kind
    && (t.kind === 'ship' ? now.kind === 'ship' && t.id === now.id : now.kind === 'body' && t.place === now.place));
  return list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length] ?? null;
}
