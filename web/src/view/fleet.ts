/**
 * Draws the ships of the place: one instanced mesh per shape, engines and trails through the fields.
 * A ship smaller than about two pixels is only a point of light.
 */
import * as THREE from 'three';
import type { HullName, Ship, Vec3 } from '../state/model.ts';
import type { BeamField, GlowField } from './fields.ts';
import { shape, type ShapeName } from './hulls.ts';
import type { Nozzle } from './kit.ts';
import type { Light } from './light.ts';
import { randomOf, seedOf } from './random.ts';
import { solidMaterial } from './solid.ts';

const CAPACITY = 192;
const TRAIL_POINTS = 12;
const TRAIL_STEP_SECONDS = 0.14;

interface Bank {
  readonly mesh: THREE.InstancedMesh;
  readonly tint: THREE.InstancedBufferAttribute;
  readonly nozzles: readonly Nozzle[];
  count: number;
}
export interface Drawn {
  at: Vec3;
  radius: number;
  attitude: THREE.Quaternion;
  seen: number;
  trail: number[];
  trailAt: number;
  livery: THREE.Color;
  throttle: number;
}

const LIVERIES = [0xd8722c, 0x2f7f96, 0xb3392f, 0xc9a227, 0x4a7d4a, 0x7a5aa8, 0x3c62b5, 0xb8b8b8];

export class Fleet {
  readonly group = new THREE.Group();
  readonly drawn = new Map<number, Drawn>();
  private readonly banks = new Map<HullName, Bank>();
  private readonly matrix = new THREE.Matrix4();
  private readonly scale = new THREE.Vector3();
  private readonly at = new THREE.Vector3();
  private readonly point = new THREE.Vector3();
  private frame = 0;
  trails = true;

  constructor(private readonly light: Light, private readonly fine: boolean) {}

  private bank(hull: HullName): Bank {
    let bank = this.banks.get(hull);
    if (!bank) {
      const model = shape(hull as ShapeName);
      const seams: Record<HullName, number> = { pod: 3, shuttle: 6, miner: 6, interceptor: 7, hauler: 9, frigate: 11, cruiser: 16, wreck: 5 };
      const mesh = new THREE.InstancedMesh(model.geometry.clone(), solidMaterial(this.light, { look: 'hull', fine: this.fine, seams: seams[hull] }), CAPACITY);
      const tint = new THREE.InstancedBufferAttribute(new Float32Array(CAPACITY * 4), 4);
      mesh.geometry.setAttribute('aTint', tint);
      mesh.frustumCulled = false;
      mesh.count = 0;
      bank = { mesh, tint, nozzles: model.nozzles, count: 0 };
      this.banks.set(hull, bank);
      this.group.add(mesh);
    }
    return bank;
  }

  /** Poses all ships relative to `origin` and fills the instances and fields. */
  update(ships: ReadonlyMap<number, Ship>, now: number, origin: Vec3, camera: THREE.PerspectiveCamera, pixelsHigh: number,
    glow: GlowField, beams: BeamField): void {
    this.frame++;
    for (const bank of this.banks.values()) bank.count = 0;
    const pixels = pixelsHigh / (2 * Math.tan((camera.fov * Math.PI) / 360));
    for (const ship of ships.values()) {
      if (ship.docked) continue;
      const p = ship.position;
      let d = this.drawn.get(ship.slot);
      if (!d) {
        const livery = new THREE.Color(LIVERIES[Math.floor(randomOf(seedOf(Number(ship.id & 0xffffffffn), Number(ship.id >> 32n)))() * LIVERIES.length)]!);
        this.drawn.set(ship.slot, d = { at: [0, 0, 0], radius: ship.radius, attitude: new THREE.Quaternion(), seen: 0, trail: [], trailAt: 0, livery, throttle: 0 });
      }
      d.seen = this.frame;
      d.radius = ship.radius;
      d.at[0] = p[0] - origin[0];
      d.at[1] = p[1] - origin[1];
      d.at[2] = p[2] - origin[2];
      d.attitude.fromArray(ship.attitude);
      d.throttle += (ship.thrust - d.throttle) * 0.15;
      this.at.set(...d.at);
      const away = Math.max(1, this.at.distanceTo(camera.position));
      const size = (ship.radius * pixels) / away;
      const small = size < 1.2;
      if (!small) this.instance(ship, d);
      this.engines(ship, d, size, camera, glow, beams);
      if (this.trails && size > 0.4) this.trail(ship, d, p, origin, now, beams);
    }
    for (const [slot, d] of this.drawn) if (d.seen !== this.frame) this.drawn.delete(slot);
    for (const bank of this.banks.values()) {
      bank.mesh.count = bank.count;
      bank.mesh.visible = bank.count > 0;
      if (bank.count === 0) continue;
      bank.mesh.instanceMatrix.needsUpdate = true;
      bank.tint.needsUpdate = true;
    }
  }

  private instance(ship: Ship, d: Drawn): void {
    const bank = this.bank(ship.hull);
    if (bank.count >= CAPACITY) return;
    this.matrix.compose(this.at, d.attitude, this.scale.setScalar(ship.radius));
    bank.mesh.setMatrixAt(bank.count, this.matrix);
    const burnt = ship.hull === 'wreck' ? 0.55 : Math.max(0, 0.6 * (0.5 - ship.hullShare));
    if (ship.ghost) bank.tint.setXYZW(bank.count, 0.03, 0.03, 0.045, burnt + 0.25);
    else bank.tint.setXYZW(bank.count, d.livery.r, d.livery.g, d.livery.b, burnt);
    bank.count++;
  }

  private engines(ship: Ship, d: Drawn, size: number, camera: THREE.Camera, glow: GlowField, beams: BeamField): void {
    if (ship.hull === 'wreck') return;
    const power = 0.14 + 0.86 * d.throttle + (ship.cruising ? 0.25 : 0);
    const r = ship.ghost ? 0.75 : 0.34, g = ship.ghost ? 0.42 : 0.74, b = 1.35;
    if (size < 5) { // one dot is enough
      glow.add(d.at[0], d.at[1], d.at[2], ship.radius * (0.7 + power), r * 1.5, g * 1.5, b * 1.5);
      return;
    }
    for (const n of shape(ship.hull as ShapeName).nozzles) {
      const p = this.point.set(n.x, n.y, n.z - n.radius * 0.25).multiplyScalar(ship.radius).applyQuaternion(d.attitude);
      const x = d.at[0] + p.x, y = d.at[1] + p.y, z = d.at[2] + p.z;
      const w = n.radius * ship.radius;
      const back = p.set(0, 0, -1).applyQuaternion(d.attitude);
      const toEye = Math.hypot(camera.position.x - x, camera.position.y - y, camera.position.z - z) || 1;
      const astern = Math.max(0, ((camera.position.x - x) * back.x + (camera.position.y - y) * back.y + (camera.position.z - z) * back.z) / toEye);
      const soft = power * (1 - 0.55 * astern); // seen from behind the plume is all glare: less of it
      glow.add(x, y, z, w * (1.9 + 1.7 * soft), r * 0.8 * soft + 0.12, g * 0.8 * soft + 0.2, b * 0.9 * soft + 0.3);
      const length = w * (2.5 + 19 * power);
      beams.add(x, y, z, w * 0.92, x + back.x * length, y + back.y * length, z + back.z * length, w * 0.1, r * 1.8 * soft, g * 1.8 * soft, b * 1.8 * soft, 1);
    }
    if (ship.shieldShare > 0 && ship.spooling) {
      const a = 0.5 + 0.5 * Math.sin(this.light.uniforms.uTime.value * 9);
      glow.add(d.at[0], d.at[1], d.at[2], ship.radius * (1.8 + a), 0.15, 0.3, 0.7, 1);
    }
  }

  /** A fading line through where the engines were. */
  private trail(ship: Ship, d: Drawn, p: Vec3, origin: Vec3, now: number, beams: BeamField): void {
    const fast = Math.hypot(...ship.velocity);
    if (now - d.trailAt > 1) d.trail.length = 0; // the picture stood still: no line across the gap
    if (now - d.trailAt > TRAIL_STEP_SECONDS) {
      d.trailAt = now;
      d.trail.unshift(p[0], p[1], p[2]);
      if (d.trail.length > TRAIL_POINTS * 3) d.trail.length = TRAIL_POINTS * 3;
    }
    if (fast < ship.radius * 0.4 || ship.hull === 'wreck') return;
    let x = d.at[0], y = d.at[1], z = d.at[2];
    const count = d.trail.length / 3;
    for (let i = 0; i < count; i++) {
      const tx = d.trail[i * 3]! - origin[0], ty = d.trail[i * 3 + 1]! - origin[1], tz = d.trail[i * 3 + 2]! - origin[2];
      const f = (1 - i / TRAIL_POINTS) ** 3 * 0.10 * (0.3 + d.throttle);
      const w = ship.radius * 0.08 * (1 - i / TRAIL_POINTS);
      beams.add(x, y, z, w, tx, ty, tz, w * 0.9, 0.35 * f, 0.75 * f, 1.3 * f);
      x = tx; y = ty; z = tz;
    }
  }
}
