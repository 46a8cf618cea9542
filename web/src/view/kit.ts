/**
 * Builds solid models from simple shapes. Each vertex carries `aPaint`: linear colour and, in alpha,
 * how much it glows (0 paint, 1 lamp). +Z is forward, +Y up. `done` scales the model so that its
 * bounding radius is 1, and its nozzles with it.
 */
import * as THREE from 'three';
import { mergeGeometries } from 'three/examples/jsm/utils/BufferGeometryUtils.js';

export interface Nozzle {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
}
export interface Model {
  readonly geometry: THREE.BufferGeometry;
  readonly nozzles: readonly Nozzle[];
}
type Point = readonly [number, number];

export class Kit {
  private readonly parts: THREE.BufferGeometry[] = [];
  private readonly nozzles: Nozzle[] = [];

  private add(shape: THREE.BufferGeometry, colour: number, glow: number, smooth = false): void {
    const g = shape.index ? shape.toNonIndexed() : shape;
    g.deleteAttribute('uv');
    if (!smooth) g.computeVertexNormals();
    const count = g.getAttribute('position').count;
    const c = new THREE.Color(colour);
    const paint = new Float32Array(count * 4);
    for (let i = 0; i < count; i++) paint.set([c.r, c.g, c.b, glow], i * 4);
    g.setAttribute('aPaint', new THREE.BufferAttribute(paint, 4));
    this.parts.push(g);
  }

  box(w: number, h: number, d: number, x: number, y: number, z: number, colour: number, glow = 0, turnX = 0, turnZ = 0): this {
    const g = new THREE.BoxGeometry(w, h, d);
    if (turnX) g.rotateX(turnX);
    if (turnZ) g.rotateZ(turnZ);
    this.add(g.translate(x, y, z), colour, glow);
    return this;
  }

  /** The same box left and right. */
  pair(w: number, h: number, d: number, x: number, y: number, z: number, colour: number, glow = 0, turnX = 0, turnZ = 0): this {
    return this.box(w, h, d, x, y, z, colour, glow, turnX, turnZ).box(w, h, d, -x, y, z, colour, glow, turnX, -turnZ);
  }

  /** A tube along Z: `front` and `back` are its radii. */
  tube(front: number, back: number, length: number, x: number, y: number, z: number, colour: number, glow = 0, sides = 12): this {
    const g = new THREE.CylinderGeometry(front, back, length, sides);
    g.rotateX(Math.PI / 2);
    this.add(g.translate(x, y, z), colour, glow, false);
    return this;
  }

  /** A tube along Y. */
  column(top: number, bottom: number, height: number, x: number, y: number, z: number, colour: number, glow = 0, sides = 16): this {
    this.add(new THREE.CylinderGeometry(top, bottom, height, sides).translate(x, y, z), colour, glow);
    return this;
  }

  /** A body turned around Z from [radius, z] points, flattened by `wide` and `high`. */
  body(profile: readonly Point[], wide: number, high: number, colour: number, sides = 12, y = 0, z = 0): this {
    const g = new THREE.LatheGeometry(profile.map(([r, along]) => new THREE.Vector2(r, along)), sides);
    g.rotateX(Math.PI / 2);
    g.scale(wide, high, 1);
    this.add(g.translate(0, y, z), colour, 0);
    return this;
  }

  ball(radius: number, sx: number, sy: number, sz: number, x: number, y: number, z: number, colour: number, glow = 0, detail = 10): this {
    const g = new THREE.SphereGeometry(radius, detail, Math.max(4, detail >> 1)).scale(sx, sy, sz);
    this.add(g.translate(x, y, z), colour, glow, true);
    return this;
  }

  /** A flat plate from [x, z] points, left and right; `lift` raises its outer end (dihedral, radians). */
  wings(outline: readonly Point[], thick: number, y: number, colour: number, lift = 0): this {
    const shape = new THREE.Shape(outline.map(([x, z]) => new THREE.Vector2(x, z)));
    const flat = new THREE.ExtrudeGeometry(shape, {
      depth: thick, bevelEnabled: true, bevelSize: thick * 0.4, bevelThickness: thick * 0.4, bevelSegments: 1,
    });
    flat.rotateX(Math.PI / 2); // x stays, shape's y becomes +Z, depth goes down
    flat.rotateZ(lift);
    flat.translate(0, y + thick / 2, 0);
    const right = flat.index ? flat.toNonIndexed() : flat;
    const left = right.clone().scale(-1, 1, 1);
    const p = left.getAttribute('position');
    for (let i = 0; i < p.count; i += 3) { // mirrored triangles face inwards: swap two corners
      const [bx, by, bz] = [p.getX(i + 1), p.getY(i + 1), p.getZ(i + 1)];
      p.setXYZ(i + 1, p.getX(i + 2), p.getY(i + 2), p.getZ(i + 2));
      p.setXYZ(i + 2, bx, by, bz);
    }
    this.add(right, colour, 0);
    this.add(left, colour, 0);
    return this;
  }

  ring(radius: number, tube: number, y: number, colour: number, sides = 10, segments = 64): this {
    const g = new THREE.TorusGeometry(radius, tube, sides, segments);
    g.rotateX(Math.PI / 2);
    this.add(g.translate(0, y, 0), colour, 0, true);
    return this;
  }

  /** A nozzle that glows and throws a plume; mirrored when x is not 0. */
  engine(x: number, y: number, z: number, radius: number, bell = 0x30363d): this {
    for (const sx of x === 0 ? [0] : [x, -x]) {
      this.tube(radius * 0.86, radius * 1.16, radius * 1.3, sx, y, z + radius * 0.5, bell);
      this.tube(radius * 0.82, radius * 0.82, radius * 0.1, sx, y, z - radius * 0.16, 0x8fd8ff, 1, 12);
      this.nozzles.push({ x: sx, y, z: z - radius * 0.2, radius });
    }
    return this;
  }

  /** Red left, green right, as at sea; seen along +Z with +Y up, left is +X. */
  lamps(x: number, y: number, z: number, size: number): this {
    return this.ball(size, 1, 1, 1, x, y, z, 0xff3020, 1, 6).ball(size, 1, 1, 1, -x, y, z, 0x25ff66, 1, 6);
  }

  done(): Model {
    const geometry = mergeGeometries(this.parts);
    for (const part of this.parts) part.dispose();
    geometry.computeBoundingSphere();
    const radius = furthest(geometry);
    geometry.scale(1 / radius, 1 / radius, 1 / radius);
    geometry.boundingSphere = new THREE.Sphere(new THREE.Vector3(), 1);
    const nozzles = this.nozzles.map((n) => ({ x: n.x / radius, y: n.y / radius, z: n.z / radius, radius: n.radius / radius }));
    return { geometry, nozzles };
  }
}

function furthest(g: THREE.BufferGeometry): number {
  const p = g.getAttribute('position');
  let best = 0;
  for (let i = 0; i < p.count; i++) best = Math.max(best, Math.hypot(p.getX(i), p.getY(i), p.getZ(i)));
  return best || 1;
}
