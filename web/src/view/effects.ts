/**
 * Things that happen and fade: lasers, impacts, explosions, mining beams, flashes. Each lives in place
 * coordinates and draws itself into the fields every frame until its time is over.
 */
import type { Effect, Vec3 } from '../state/model.ts';
import type { BeamField, GlowField, ShieldField } from './fields.ts';
import { randomOf } from './random.ts';

export interface Scene {
  readonly glow: GlowField;
  readonly beams: BeamField;
  readonly shields: ShieldField;
  /** Position and radius of a ship as drawn now, relative to the scene's origin. */
  pose(slot: number): { at: Vec3; radius: number } | undefined;
  readonly origin: Vec3;
  readonly calm: boolean;
  bump(strength: number): void;
  isSelf(slot: number): boolean;
}

interface Live {
  readonly effect: Effect;
  readonly born: number;
  readonly seconds: number;
  readonly seed: number;
}

const SECONDS: Record<Effect['kind'], number> = { laser: 0.55, explosion: 2.6, mining: 1, flash: 0.7, jump: 3, sound: 0 };

export class Effects {
  private live: Live[] = [];
  private seed = 1;

  add(effect: Effect, now: number): void {
    if (effect.kind === 'sound') return;
    const seconds = effect.kind === 'mining' || effect.kind === 'jump' ? effect.seconds : SECONDS[effect.kind];
    if (effect.kind === 'mining') this.live = this.live.filter((l) => l.effect.kind !== 'mining' || l.effect.from !== effect.from);
    if (this.live.length < 160) this.live.push({ effect, born: now, seconds, seed: ++this.seed });
  }

  clear(): void {
    this.live = [];
  }

  draw(scene: Scene, now: number): void {
    this.live = this.live.filter((l) => now - l.born < l.seconds);
    for (const l of this.live) {
      const age = (now - l.born) / l.seconds;
      switch (l.effect.kind) {
        case 'laser': laser(scene, l.effect, age, l.seed); break;
        case 'explosion': explosion(scene, l.effect, age, now - l.born, l.seed); break;
        case 'mining': mining(scene, l.effect, now, l.seed); break;
        case 'flash': flash(scene, l.effect, age); break;
        case 'jump': case 'sound': break;
      }
    }
  }
}

function laser(s: Scene, e: Effect & { kind: 'laser' }, age: number, seed: number): void {
  const from = s.pose(e.from), to = s.pose(e.to);
  if (!from || !to) return;
  const random = randomOf(seed);
  const d: Vec3 = [from.at[0] - to.at[0], from.at[1] - to.at[1], from.at[2] - to.at[2]];
  const length = Math.hypot(...d) || 1;
  const n: Vec3 = [d[0] / length, d[1] / length, d[2] / length];
  const reach = e.shield ? to.radius * 1.15 : to.radius * 0.4;
  const off = e.hit ? to.radius * 0.3 : to.radius * 3;
  const end: Vec3 = [0, 0, 0];
  for (let i = 0; i < 3; i++) end[i] = to.at[i]! + (e.hit ? n[i]! * reach : -n[i]! * length * 0.4) + (random() - 0.5) * off;
  const power = Math.max(0, 1 - age * 1.9);
  const w = Math.max(0.35, from.radius * 0.035);
  if (power > 0) {
    s.beams.add(from.at[0] - n[0] * from.radius * 0.6, from.at[1] - n[1] * from.radius * 0.6, from.at[2] - n[2] * from.radius * 0.6, w,
      end[0], end[1], end[2], w, 4.5 * power, 1.0 * power, 0.5 * power);
    s.glow.add(from.at[0] - n[0] * from.radius * 0.7, from.at[1] - n[1] * from.radius * 0.7, from.at[2] - n[2] * from.radius * 0.7, w * 9, 1.6 * power, 0.5 * power, 0.3 * power);
  }
  if (!e.hit) return;
  if (e.shield) s.shields.add(to.at[0], to.at[1], to.at[2], to.radius * 1.2, n[0], n[1], n[2], age);
  const spark = Math.max(0, 1 - age * 2.6);
  if (spark > 0) s.glow.add(end[0], end[1], end[2], to.radius * 0.75 * (0.6 + age), 2.6 * spark, 1.3 * spark, (e.shield ? 2.4 : 0.5) * spark, 2);
  if (s.isSelf(e.to) && age < 0.05) s.bump(0.25);
}

function explosion(s: Scene, e: Effect & { kind: 'explosion' }, age: number, seconds: number, seed: number): void {
  const random = randomOf(seed);
  const x = e.at[0] - s.origin[0], y = e.at[1] - s.origin[1], z = e.at[2] - s.origin[2];
  const cool = 1 - age;
  const first = Math.max(0, 1 - seconds * 4);
  if (first > 0 && !s.calm) s.glow.add(x, y, z, e.size * 9 * (0.4 + first), 3 * first, 2.6 * first, 2 * first, 2);
  const ball = Math.max(0, 1 - age * 1.4);
  s.glow.add(x, y, z, e.size * (1.4 + 3.2 * Math.sqrt(age)), 2.8 * ball, 1.05 * ball * ball, 0.25 * ball * ball * ball);
  s.glow.add(x, y, z, e.size * (0.5 + 11 * age), 0.55 * cool * cool, 0.62 * cool * cool, 0.8 * cool * cool, 1);
  for (let i = 0; i < 34; i++) {
    const a = random() * 6.283, c = random() * 2 - 1, q = Math.sqrt(1 - c * c), v = (0.25 + random() ** 2) * e.size * 3.4;
    const t = seconds * (1 - 0.25 * age), px = x + Math.cos(a) * q * v * t, py = y + c * v * t, pz = z + Math.sin(a) * q * v * t;
    const h = Math.max(0, 1 - age * (0.8 + random() * 0.9));
    s.glow.add(px, py, pz, e.size * (0.10 + 0.34 * random()) * (0.5 + age), 2.4 * h, 0.95 * h * h, 0.2 * h * h * h);
    if (i % 3 === 0) s.beams.add(px, py, pz, e.size * 0.05, px - Math.cos(a) * q * v * 0.22, py - c * v * 0.22, pz - Math.sin(a) * q * v * 0.22, 0, 2 * h, 0.8 * h, 0.2 * h, 1);
  }
  if (seconds < 0.06) s.bump(Math.min(1, (e.size * 40) / (1 + Math.hypot(x, y, z))));
}

function mining(s: Scene, e: Effect & { kind: 'mining' }, now: number, seed: number): void {
  const from = s.pose(e.from);
  if (!from) return;
  const random = randomOf(seed);
  const a = random() * 6.283, r = from.radius * (6 + 5 * random());
  const x = e.to ? e.to[0] - s.origin[0] : from.at[0] + Math.cos(a) * r;
  const y = e.to ? e.to[1] - s.origin[1] : from.at[1] + Math.sin(a) * r;
  const z = e.to ? e.to[2] - s.origin[2] : from.at[2] - r * 0.22;
  const pulse = 0.75 + 0.25 * Math.sin(now * 21);
  const w = from.radius * 0.05;
  s.beams.add(from.at[0], from.at[1] - from.radius * 0.25, from.at[2], w, x, y, z, w * 1.8, 0.35 * pulse, 2.1 * pulse, 0.85 * pulse);
  s.glow.add(x, y, z, from.radius * 0.9 * pulse, 0.9, 1.9, 0.9);
  for (let i = 0; i < 8; i++) {
    const t = (now * 0.9 + i * 0.37) % 1, b = i * 2.4 + Math.floor(now * 0.9 + i * 0.37);
    s.glow.add(x + Math.cos(b) * t * from.radius, y + (0.4 + Math.sin(b * 3)) * t * from.radius, z + Math.sin(b) * t * from.radius, from.radius * 0.12, 1.6 * (1 - t), 1.1 * (1 - t), 0.4 * (1 - t));
  }
}

function flash(s: Scene, e: Effect & { kind: 'flash' }, age: number): void {
  const x = e.at[0] - s.origin[0], y = e.at[1] - s.origin[1], z = e.at[2] - s.origin[2], p = (1 - age) ** 2;
  s.glow.add(x, y, z, e.size * (1 + 5 * age), 1.1 * p, 1.7 * p, 2.8 * p, 2);
  s.glow.add(x, y, z, e.size * (0.5 + 6 * age), 0.5 * p, 0.8 * p, 1.4 * p, 1);
}
