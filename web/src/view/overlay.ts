/**
 * Marks over the scene on a flat canvas: brackets and names of ships, where bodies lie, the target, the
 * nose. Ghosts carry a hollow diamond. What is drawn here is also in the overview for screen readers.
 */
import * as THREE from 'three';
import type { Body, Place, Ship, Vec3 } from '../state/model.ts';
import { distance } from '../util/format.ts';

export interface Palette {
  readonly friend: string;
  readonly ghost: string;
  readonly foe: string;
  readonly body: string;
  readonly drone: string;
}
export const PALETTES: Record<'standard' | 'deutan' | 'tritan', Palette> = {
  standard: { friend: '#7fd4a8', ghost: '#d69bff', foe: '#ff6b5e', body: '#9fc7ff', drone: '#8a97a8' },
  deutan: { friend: '#6db6ff', ghost: '#ffd24a', foe: '#ff8c1a', body: '#c9d3df', drone: '#8a97a8' },
  tritan: { friend: '#59d9c9', ghost: '#ff9ec7', foe: '#ff4d4d', body: '#d5d5d5', drone: '#9a9a9a' },
};

export interface Marked {
  readonly kind: 'ship' | 'body';
  readonly slot: number;
  readonly x: number;
  readonly y: number;
}

export class Overlay {
  readonly marks: Marked[] = [];
  palette: Palette = PALETTES.standard;
  private readonly ctx: CanvasRenderingContext2D;
  private readonly v = new THREE.Vector3();

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.ctx = canvas.getContext('2d', { willReadFrequently: true })!;
  }

  resize(width: number, height: number): void {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  private project(camera: THREE.Camera, x: number, y: number, z: number, width: number, height: number): { x: number; y: number } | undefined {
    const v = this.v.set(x, y, z).applyMatrix4(camera.matrixWorldInverse);
    if (v.z > -0.1) return undefined;
    v.applyMatrix4(camera.projectionMatrix);
    if (Math.abs(v.x) > 1.05 || Math.abs(v.y) > 1.05) return undefined;
    return { x: (v.x * 0.5 + 0.5) * width, y: (0.5 - v.y * 0.5) * height };
  }

  /** A hidden overlay costs the compositor nothing. */
  show(on: boolean): void {
    if (this.canvas.hidden === on) this.canvas.hidden = !on;
    if (!on) this.marks.length = 0;
  }

  clear(width: number, height: number): void {
    this.ctx.clearRect(0, 0, width, height);
    this.marks.length = 0;
  }

  ships(list: Iterable<{ ship: Ship; at: Vec3; away: number }>, camera: THREE.Camera, width: number, height: number, selfSlot: number, targetSlot: number): void {
    const c = this.ctx;
    c.font = '11px system-ui, sans-serif';
    c.textBaseline = 'middle';
    for (const { ship, at, away } of list) {
      if (ship.slot === selfSlot) continue;
      const p = this.project(camera, at[0], at[1], at[2], width, height);
      if (!p) continue;
      this.marks.push({ kind: 'ship', slot: ship.slot, x: p.x, y: p.y });
      const chosen = ship.slot === targetSlot;
      const colour = ship.bounty > 0 ? this.palette.foe : ship.ghost ? this.palette.ghost : ship.drone ? this.palette.drone : this.palette.friend;
      c.strokeStyle = c.fillStyle = colour;
      c.globalAlpha = chosen ? 1 : Math.max(0.35, Math.min(0.85, 6000 / away));
      c.lineWidth = chosen ? 1.8 : 1.1;
      const r = chosen ? 13 : 6;
      c.beginPath();
      if (ship.ghost) {
        c.moveTo(p.x, p.y - r); c.lineTo(p.x + r, p.y); c.lineTo(p.x, p.y + r); c.lineTo(p.x - r, p.y); c.closePath();
      } else {
        for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
          c.moveTo(p.x + sx * r, p.y + sy * r * 0.45); c.lineTo(p.x + sx * r, p.y + sy * r); c.lineTo(p.x + sx * r * 0.45, p.y + sy * r);
        }
      }
      c.stroke();
      if (chosen || away < 20_000) {
        c.fillText(ship.ghost ? 'ghost' : ship.name, p.x + r + 6, p.y - (chosen ? 6 : 0));
        if (chosen) c.fillText(distance(away), p.x + r + 6, p.y + 8);
      }
    }
    c.globalAlpha = 1;
  }

  bodies(place: Place, camera: THREE.Camera, width: number, height: number, targetPlace: number): void {
    const here = place.bodies.find((b) => b.place === place.place)?.at ?? [0, 0, 0];
    const c = this.ctx;
    for (const body of place.bodies) {
      if (body.place === place.place) continue;
      const d: Vec3 = [body.at[0] - here[0], body.at[1] - here[1], body.at[2] - here[2]];
      const away = Math.hypot(...d);
      if (away < 1) continue;
      const p = this.project(camera, camera.position.x + (d[0] / away) * 1000, camera.position.y + (d[1] / away) * 1000, camera.position.z + (d[2] / away) * 1000, width, height);
      if (!p) continue;
      this.marks.push({ kind: 'body', slot: body.place, x: p.x, y: p.y });
      const chosen = body.place === targetPlace;
      this.bodyMark(c, body, p.x, p.y, chosen, away);
    }
    c.globalAlpha = 1;
  }

  private bodyMark(c: CanvasRenderingContext2D, body: Body, x: number, y: number, chosen: boolean, away: number): void {
    c.strokeStyle = c.fillStyle = this.palette.body;
    c.globalAlpha = chosen ? 1 : 0.4;
    c.lineWidth = chosen ? 1.8 : 1;
    c.beginPath();
    if (body.kind === 'station') c.rect(x - 4, y - 4, 8, 8);
    else if (body.kind === 'belt') { c.moveTo(x - 5, y + 4); c.lineTo(x, y - 5); c.lineTo(x + 5, y + 4); c.closePath(); }
    else c.arc(x, y, 4, 0, 7);
    c.stroke();
    if (chosen) {
      c.beginPath();
      c.arc(x, y, 11, 0, 7);
      c.stroke();
    }
    if (chosen || body.kind === 'station' || body.kind === 'belt') {
      c.fillText(chosen ? `${body.name} · ${distance(away)}` : body.name, x + 12, y);
    }
  }

  /** A small cross where the ship's nose points. */
  nose(at: Vec3, camera: THREE.Camera, width: number, height: number): void {
    const p = this.project(camera, at[0], at[1], at[2], width, height);
    if (!p) return;
    const c = this.ctx;
    c.strokeStyle = '#cfe6ff';
    c.globalAlpha = 0.55;
    c.lineWidth = 1;
    c.beginPath();
    c.arc(p.x, p.y, 3, 0, 7);
    c.moveTo(p.x - 10, p.y); c.lineTo(p.x - 5, p.y);
    c.moveTo(p.x + 5, p.y); c.lineTo(p.x + 10, p.y);
    c.stroke();
    c.globalAlpha = 1;
  }

  pick(x: number, y: number): Marked | undefined {
    let best: Marked | undefined, least = 26;
    for (const m of this.marks) {
      const d = Math.hypot(m.x - x, m.y - y) + (m.kind === 'body' ? 6 : 0);
      if (d < least) [best, least] = [m, d];
    }
    return best;
  }
}
