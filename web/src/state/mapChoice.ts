/** The system chosen on the galaxy map: where J jumps to. */
import { signal } from '@preact/signals';
import type { Address, SystemPoint } from './model.ts';

export const mapChoice = signal<SystemPoint | null>(null);

export function sameAddress(a: Address, b: Address): boolean {
  return a.x === b.x && a.y === b.y && a.z === b.z && a.index === b.index;
}

export function lightYearsBetween(a: SystemPoint, b: SystemPoint): number {
  return Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1], a.at[2] - b.at[2]);
}
