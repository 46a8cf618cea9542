/** What stands still in a place: its station or its rocks, and the dust that shows one's own speed. */
import * as THREE from 'three';
import type { Place, Vec3 } from '../state/model.ts';
import type { BeamField, GlowField } from './fields.ts';
import { rock, shape } from './hulls.ts';
import type { Light } from './light.ts';
import type { Looks } from './quality.ts';
import { randomOf, seedOf } from './random.ts';
import { solidMaterial } from './solid.ts';

/** Ships undock at 1,000 m and more from the middle: a station stays within. */
export const STATION_RADIUS = 560;
const BELT_REACH = 9000;

export class Surroundings {
  readonly group = new THREE.Group();
  private readonly stationMaterial: THREE.ShaderMaterial;
  private readonly rockMaterial: THREE.ShaderMaterial;
  private station: THREE.Mesh | undefined;
  private rocks: THREE.InstancedMesh[] = [];
  private readonly dust: Float32Array;

  constructor(private readonly light: Light, private readonly looks: Looks) {
    this.stationMaterial = solidMaterial(light, { look: 'station', fine: looks.fine, seams: 34 });
    this.rockMaterial = solidMaterial(light, { look: 'rock', fine: looks.fine });
    const random = randomOf(5);
    this.dust = Float32Array.from({ length: looks.dustCount * 3 }, () => random());
  }

  show(place: Place): void {
    for (const r of this.rocks) {
      this.group.remove(r);
      r.geometry.dispose();
      r.dispose();
    }
    this.rocks = [];
    if (this.station) this.group.remove(this.station);
    this.station = undefined;
    const { address } = place.system;
    const seed = seedOf(address.x, address.y, address.z, address.index, place.place);
    if (place.kind === 'station') {
      const heart = address.x === 0 && address.y === 0 && address.z === 0 && address.index === 0;
      const model = shape(heart || seed % 3 === 0 ? 'ring' : 'stack');
      this.station = new THREE.Mesh(model.geometry, this.stationMaterial);
      this.station.scale.setScalar(heart ? STATION_RADIUS * 1.5 : STATION_RADIUS);
      this.station.rotation.set(Math.PI / 2 + 0.16, seed % 7, -0.12);
      this.station.frustumCulled = false;
      this.group.add(this.station);
    }
    if (place.kind === 'belt') {
      this.boulders(seed, place.rocks);
      this.scatter(seed, this.looks.rockCount, 2.2);
    }
    else if (place.kind === 'station' || (place.kind === 'deep' && !place.cruise)) this.scatter(seed, Math.round(this.looks.rockCount * 0.3), 2.4);
  }

  /** The rocks that the core knows: what can be mined. */
  private boulders(seed: number, rocks: Place['rocks']): void {
    if (rocks.length === 0) return;
    const random = randomOf(seed ^ 77);
    const m = new THREE.Matrix4(), q = new THREE.Quaternion(), e = new THREE.Euler();
    const g = rock(2.1 + (seed % 4), this.looks.fine ? 7 : 4);
    const mesh = new THREE.InstancedMesh(g, this.rockMaterial, rocks.length);
    g.setAttribute('aTint', new THREE.InstancedBufferAttribute(new Float32Array(rocks.length * 4), 4));
    rocks.forEach((r, i) => {
      q.setFromEuler(e.set(random() * 6, random() * 6, random() * 6));
      m.compose(new THREE.Vector3(...r.at), q, new THREE.Vector3(r.radius, r.radius, r.radius));
      mesh.setMatrixAt(i, m);
    });
    mesh.frustumCulled = false;
    this.rocks.push(mesh);
    this.group.add(mesh);
  }

  /** A lane of boulders through the place: many small, few great. */
  private scatter(seed: number, count: number, spread: number): void {
    const random = randomOf(seed);
    const shapes = 3;
    const m = new THREE.Matrix4(), q = new THREE.Quaternion(), e = new THREE.Euler();
    const tilt = random() * 6.28;
    for (let s = 0; s < shapes; s++) {
      const g = rock(1.3 + s * 1.9 + (seed % 5), this.looks.fine ? 3 : 2);
      const mesh = new THREE.InstancedMesh(g, this.rockMaterial, Math.ceil(count / shapes));
      g.setAttribute('aTint', new THREE.InstancedBufferAttribute(new Float32Array(mesh.count * 4), 4));
      for (let i = 0; i < mesh.count; i++) {
        const along = (random() - 0.5) * 2, off = (random() + random() + random() - 1.5) * 0.6;
        const size = 26 + 420 * random() ** 7;
        const x = (Math.cos(tilt) * along + Math.sin(tilt) * off * 0.8) * BELT_REACH * spread;
        const y = (Math.sin(tilt) * along - Math.cos(tilt) * off * 0.8) * BELT_REACH * spread;
        const z = (random() - 0.5) * BELT_REACH * 0.22 * spread - (spread > 1 ? 2600 : 350);
        q.setFromEuler(e.set(random() * 6, random() * 6, random() * 6));
        m.compose(new THREE.Vector3(x, y, z), q, new THREE.Vector3(size, size * (0.75 + 0.3 * random()), size));
        mesh.setMatrixAt(i, m);
      }
      mesh.frustumCulled = false;
      this.rocks.push(mesh);
      this.group.add(mesh);
    }
  }

  update(origin: Vec3, velocity: Vec3, camera: THREE.Camera, cruising: boolean, calm: boolean, seconds: number, glow: GlowField, beams: BeamField): void {
    this.group.position.set(-origin[0], -origin[1], -origin[2]);
    if (this.station) this.station.rotateY(seconds * 0.03);
    if (this.station) {
      const blink = (this.light.uniforms.uTime.value % 2) < 0.18 ? 1 : 0;
      if (blink) glow.add(-origin[0], -origin[1], STATION_RADIUS * 1.24 - origin[2], 60, 2, 0.5, 0.3);
    }
    this.drawDust(origin, velocity, camera, cruising, calm, beams);
  }

  /** Points fixed in space in a box around the camera, drawn as long as one's own speed. */
  private drawDust(origin: Vec3, velocity: Vec3, camera: THREE.Camera, cruising: boolean, calm: boolean, beams: BeamField): void {
    const speed = Math.hypot(...velocity);
    if (speed < 4) return;
    const box = cruising ? 2400 : 500;
    const blur = Math.min(cruising ? 700 : 26, speed * (cruising ? 0.5 : 0.05)) * (calm ? 0.3 : 1);
    const k = blur / speed;
    const bright = Math.min(1, speed / 200) * (cruising ? 1.1 : 0.28);
    const c = camera.position;
    for (let i = 0; i < this.dust.length; i += 3) {
      const at: Vec3 = [0, 0, 0];
      for (let a = 0; a < 3; a++) {
        const eye = origin[a]! + (a === 0 ? c.x : a === 1 ? c.y : c.z);
        const grid = this.dust[i + a]! * box;
        at[a] = grid + Math.round((eye - grid) / box) * box - origin[a]!;
      }
      beams.add(at[0], at[1], at[2], 0.12, at[0] - velocity[0] * k, at[1] - velocity[1] * k, at[2] - velocity[2] * k, 0.12,
        0.55 * bright, 0.7 * bright, 1.0 * bright, 2);
    }
  }
}
