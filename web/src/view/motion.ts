/**
 * Where a ship is drawn between two ticks. The client draws a little in the past, so that two states
 * are known; when the next is late it carries on along the velocity, and no further than half a second.
 */
import type { Quat, Ship, Vec3 } from '../state/model.ts';

export const DELAY_TICKS = 1.6;
const AHEAD_MAX_TICKS = 5;
const TICKS_PER_SECOND = 10;

export interface Pose {
  position: Vec3;
  attitude: Quat;
}

export function poseAt(ship: Ship, tick: number, out: Pose): Pose {
  const { before } = ship;
  const span = ship.tick - before.tick;
  const p = out.position;
  if (tick >= ship.tick || span <= 0) {
    const seconds = Math.min(Math.max(0, tick - ship.tick), AHEAD_MAX_TICKS) / TICKS_PER_SECOND;
    for (let i = 0; i < 3; i++) p[i] = ship.position[i]! + ship.velocity[i]! * seconds;
    copyQuat(ship.attitude, out.attitude);
    return out;
  }
  const share = Math.max(0, (tick - before.tick) / span);
  for (let i = 0; i < 3; i++) p[i] = before.position[i]! + (ship.position[i]! - before.position[i]!) * share;
  blend(before.attitude, ship.attitude, share, out.attitude);
  return out;
}

function copyQuat(from: Quat, to: Quat): void {
  for (let i = 0; i < 4; i++) to[i] = from[i]!;
}

/** Normalised linear blend by the shorter way. */
export function blend(a: Quat, b: Quat, share: number, out: Quat): Quat {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = dot < 0 ? -1 : 1;
  let length = 0;
  for (let i = 0; i < 4; i++) {
    const v = a[i]! + (b[i]! * sign - a[i]!) * share;
    out[i] = v;
    length += v * v;
  }
  length = Math.sqrt(length) || 1;
  for (let i = 0; i < 4; i++) out[i] = out[i]! / length;
  return out;
}

/** Follows the server's ticks with the local clock: smooth, never backwards by a jolt. */
export class TickClock {
  private base = 0;
  private baseMs = 0;
  private known = false;

  heard(tick: number, nowMs: number): void {
    const guess = this.at(nowMs);
    const error = tick - guess;
    if (!this.known || Math.abs(error) > 8) {
      this.base = tick;
      this.known = true;
    } else {
      this.base = guess + error * 0.1;
    }
    this.baseMs = nowMs;
  }

  at(nowMs: number): number {
    return this.base + (this.known ? (nowMs - this.baseMs) / 100 : 0);
  }

  reset(): void {
    this.known = false;
  }
}
