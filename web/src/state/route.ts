/**
 * The shortest way over systems that are at most one jump apart. Only a plan for the eye: whether a jump
 * is possible is decided by the core when it is ordered.
 */
import { lightYearsBetween } from './mapChoice.ts';
import type { SystemPoint } from './model.ts';

/** From `from` to `to` inclusive, or empty if there is no way with jumps of `range` light years. */
export function findRoute(systems: readonly SystemPoint[], from: SystemPoint, to: SystemPoint, range: number): SystemPoint[] {
  if (from === to || range <= 0) return [];
  const nodes = systems.includes(to) ? systems : [...systems, to];
  const cost = new Map<SystemPoint, number>([[from, 0]]);
  const cameFrom = new Map<SystemPoint, SystemPoint>();
  const open = new Set<SystemPoint>([from]);
  const done = new Set<SystemPoint>();
  for (let step = 0; step < 4000 && open.size > 0; step++) {
    let here: SystemPoint | undefined, least = Infinity;
    for (const s of open) {
      const guess = cost.get(s)! + lightYearsBetween(s, to);
      if (guess < least) [here, least] = [s, guess];
    }
    if (!here) break;
    if (here === to) {
      const way = [to];
      for (let s = cameFrom.get(to); s; s = cameFrom.get(s)) way.unshift(s);
      return way;
    }
    open.delete(here);
    done.add(here);
    for (const next of nodes) {
      if (done.has(next)) continue;
      const far = lightYearsBetween(here, next);
      if (far > range) continue;
      const sum = cost.get(here)! + far + 0.5; // half a light year for each stop: fewer jumps
      if (sum >= (cost.get(next) ?? Infinity)) continue;
      cost.set(next, sum);
      cameFrom.set(next, here);
      open.add(next);
    }
  }
  return [];
}
