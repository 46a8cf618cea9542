/**
 * Marks over the scene: brackets and names of ships, where bodies lie, the target, the nose. Each mark is a
 * small element that only moves, which costs a machine without graphics card far less than a canvas over
 * everything. Colours come from the style sheet's palettes. Ghosts carry a hollow diamond. All of it is also
 * in the overview, so screen readers skip it here.
 */
import * as THREE from 'three';
import type { Place, Ship, Vec3 } from '../state/model.ts';
import { distance } from '../util/format.ts';

export interface Marked {
  readonly kind: 'ship' | 'body';
  readonly slot: number;
  readonly x: number;
  readonly y: number;
}

interface Mark {
  readonly box: HTMLElement;
  readonly label: HTMLElement;
  kind: string;
  text: string;
  used: boolean;
}

const NAMES_WITHIN_M = 20_000;

export class Overlay {
  readonly marks: Marked[] = [];
  private readonly pool: Mark[] = [];
  private next = 0;
  private readonly v = new THREE.Vector3();

  constructor(private readonly root: HTMLElement) {}

  /** A hidden overlay costs nothing. */
  show(on: boolean): void {
    if (this.root.hidden === on) this.root.hidden = !on;
    if (!on) this.marks.length = 0;
  }

  begin(): void {
    this.next = 0;
    this.marks.length = 0;
  }

  /** Hides what this frame did not use. */
  end(): void {
    for (let i = this.next; i < this.pool.length; i++) {
      const m = this.pool[i]!;
      if (!m.used) break;
      m.used = false;
      m.box.hidden = true;
    }
  }

  private put(x: number, y: number, kind: string, text: string): void {
    let m = this.pool[this.next];
    if (!m) {
      const box = document.createElement('div'), label = document.createElement('span');
      box.append(document.createElement('i'), label);
      this.root.append(box);
      this.pool.push(m = { box, label, kind: '', text: '', used: false });
    }
    this.next++;
    if (!m.used) {
      m.used = true;
      m.box.hidden = false;
    }
    if (m.kind !== kind) {
      m.kind = kind;
      m.box.className = `mark ${kind}`;
    }
    if (m.text !== text) {
      m.text = text;
      m.label.textContent = text;
    }
    m.box.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }

  private project(camera: THREE.Camera, x: number, y: number, z: number, width: number, height: number): { x: number; y: number } | undefined {
    const v = this.v.set(x, y, z).applyMatrix4(camera.matrixWorldInverse);
    if (v.z > -0.1) return undefined;
    v.applyMatrix4(camera.projectionMatrix);
    if (Math.abs(v.x) > 1.02 || Math.abs(v.y) > 1.02) return undefined;
    return { x: (v.x * 0.5 + 0.5) * width, y: (0.5 - v.y * 0.5) * height };
  }

  ships(list: Iterable<{ ship: Ship; at: Vec3; away: number }>, camera: THREE.Camera, width: number, height: number, selfSlot: number, targetSlot: number): void {
    for (const { ship, at, away } of list) {
      if (ship.slot === selfSlot) continue;
      const p = this.project(camera, at[0], at[1], at[2], width, height);
      if (!p) continue;
      this.marks.push({ kind: 'ship', slot: ship.slot, x: p.x, y: p.y });
      const chosen = ship.slot === targetSlot;
      const tone = ship.bounty > 0 ? 'foe' : ship.ghost ? 'ghost' : ship.drone ? 'drone' : 'friend';
      const name = ship.ghost ? 'ghost' : ship.name;
      this.put(p.x, p.y, `${tone} ${ship.ghost ? 'diamond' : 'bracket'}${chosen ? ' chosen' : away > 6000 ? ' far' : ''}`, chosen ? `${name} · ${distance(away)}` : away < NAMES_WITHIN_M ? name : '');
    }
  }

  bodies(place: Place, camera: THREE.Camera, width: number, height: number, targetPlace: number): void {
    const here = place.bodies.find((b) => b.place === place.place)?.at ?? [0, 0, 0];
    for (const body of place.bodies) {
      if (body.place === place.place) continue;
      const d: Vec3 = [body.at[0] - here[0], body.at[1] - here[1], body.at[2] - here[2]];
      const away = Math.hypot(...d);
      if (away < 1) continue;
      const c = camera.position, k = 1000 / away;
      const p = this.project(camera, c.x + d[0] * k, c.y + d[1] * k, c.z + d[2] * k, width, height);
      if (!p) continue;
      this.marks.push({ kind: 'body', slot: body.place, x: p.x, y: p.y });
      const chosen = body.place === targetPlace;
      const sign = body.kind === 'station' ? 'square' : body.kind === 'belt' ? 'triangle' : 'circle';
      this.put(p.x, p.y, `body ${sign}${chosen ? ' chosen' : ' far'}`, chosen ? `${body.name} · ${distance(away)}` : sign === 'circle' ? '' : body.name);
    }
  }

  /** Where the ship's nose points. */
  nose(at: Vec3, camera: THREE.Camera, width: number, height: number): void {
    const p = this.project(camera, at[0], at[1], at[2], width, height);
    if (p) this.put(p.x, p.y, 'nose', '');
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
