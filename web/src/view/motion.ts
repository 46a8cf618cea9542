/**
 * Follows the server's ticks with the local clock: smooth, never backwards by a jolt. Ships are drawn a
 * little in the past, so that two snapshots are known; when the next is late they carry on for a while.
 */
export const DELAY_TICKS = 1.4;

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

  /** The tick, with its fraction, at a local time. */
  at(nowMs: number): number {
    return this.base + (this.known ? (nowMs - this.baseMs) / 100 : 0);
  }

  reset(): void {
    this.known = false;
  }
}

/** When to draw around the newest snapshot: 0 is a tick before it, 1 the snapshot, 2 a tick ahead; 4 at most. */
export function alphaFor(clockTick: number, newestTick: number): number {
  return Math.min(4, Math.max(0, clockTick - DELAY_TICKS - (newestTick - 1)));
}
