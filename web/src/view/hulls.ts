/** The shapes of everything that flies: six hulls, the pod, the wreck, two stations, three rocks. */
import * as THREE from 'three';
import { mergeVertices } from 'three/examples/jsm/utils/BufferGeometryUtils.js';
import { Kit, type Model } from './kit.ts';

const PLATE = 0xaab4bf;
const DARK = 0x59646f;
const STEEL = 0x7b8794;
const BLACK = 0x23282e;
const GLASS = 0x14283c;
const AMBER = 0xd8722c;
const CYAN = 0x2f7f96;
const RUST = 0x9a5a35;

function shuttle(): Model {
  return new Kit()
    .body([[0, 4.1], [0.42, 3.7], [0.86, 2.6], [1.12, 0.9], [1.15, -1.2], [0.92, -2.7], [0, -2.8]], 1.0, 0.78, PLATE, 14)
    .ball(0.62, 1, 0.7, 1.9, 0, 0.58, 1.7, GLASS, 0.06, 12)
    .box(1.3, 0.24, 3.2, 0, 0.82, -1.0, DARK)
    .box(1.5, 0.5, 2.6, 0, -0.82, -0.4, DARK)
    .wings([[0.8, 0.5], [2.5, -1.5], [2.6, -2.7], [0.8, -2.5]], 0.16, -0.15, STEEL, 0.12)
    .pair(0.16, 0.2, 1.1, 2.2, 0.14, -2.0, AMBER)
    .box(0.12, 1.25, 1.3, 0, 1.35, -2.1, STEEL, 0, -0.4)
    .box(0.14, 0.3, 0.5, 0, 1.84, -2.34, AMBER, 0, -0.4)
    .pair(0.05, 0.26, 0.9, 1.13, 0.15, 0.4, 0xffd9a0, 0.5)
    .engine(0.62, 0, -2.75, 0.46)
    .lamps(2.58, 0.17, -1.7, 0.09)
    .done();
}

function miner(): Model {
  const kit = new Kit()
    .box(2.6, 1.9, 4.2, 0, 0, -0.8, RUST)
    .box(2.9, 0.5, 3.2, 0, 1.05, -1.0, DARK)
    .box(1.7, 1.3, 1.6, 0, 0.35, 2.0, PLATE)
    .box(1.35, 0.55, 0.5, 0, 0.62, 2.75, GLASS, 0.1, 0.35)
    .pair(0.85, 1.25, 3.6, 1.95, -0.35, -0.6, STEEL)
    .pair(0.9, 0.3, 0.6, 1.95, -0.35, 0.9, AMBER)
    .pair(0.4, 0.4, 3.2, 1.1, -1.0, 2.4, DARK, 0, 0.1)
    .tube(0.1, 0.34, 1.2, 1.1, -1.16, 4.2, 0xc8d2dc)
    .tube(0.1, 0.34, 1.2, -1.1, -1.16, 4.2, 0xc8d2dc)
    .ball(0.14, 1, 1, 1, 1.1, -1.16, 4.8, 0x9dffb0, 0.9, 6)
    .ball(0.14, 1, 1, 1, -1.1, -1.16, 4.8, 0x9dffb0, 0.9, 6)
    .pair(0.2, 0.3, 2.2, 1.34, 0.72, -0.6, AMBER);
  for (let i = 0; i < 3; i++) kit.column(0.5, 0.5, 0.5, 0, 1.45, 0.1 - i * 1.15, 0x6f7a52, 0, 10);
  return kit.engine(0.8, 0, -3.0, 0.5).engine(1.95, -0.35, -2.5, 0.34).lamps(2.4, 0, 0.6, 0.1).done();
}

function hauler(): Model {
  const kit = new Kit()
    .box(0.9, 0.9, 9.4, 0, 0, -0.6, DARK)
    .box(2.3, 1.7, 2.0, 0, 0.3, 4.6, PLATE)
    .box(1.9, 0.6, 0.5, 0, 0.85, 5.5, GLASS, 0.12, 0.4)
    .box(1.2, 0.6, 1.2, 0, 1.35, 4.3, STEEL)
    .column(0.07, 0.07, 1.4, 0.4, 2.1, 4.0, BLACK, 0, 6)
    .box(2.6, 2.2, 1.7, 0, 0, -4.9, STEEL)
    .box(2.9, 0.3, 1.1, 0, 1.1, -4.9, AMBER);
  const colours = [0x8a4b32, 0x35566e, 0x6d7150, 0x8c8f93, 0x4c4a5c];
  for (let i = 0; i < 5; i++) {
    const z = 2.7 - i * 1.45;
    const colour = colours[i] ?? PLATE;
    kit.pair(1.25, 1.35, 1.3, 1.1, -0.02, z, colour);
    kit.box(1.5, 1.1, 1.3, 0, 1.05, z, colours[(i + 2) % 5] ?? PLATE);
    kit.box(1.5, 0.95, 1.3, 0, -0.98, z, colours[(i + 3) % 5] ?? PLATE);
  }
  return kit.engine(0.75, 0.5, -5.8, 0.5).engine(0.75, -0.6, -5.8, 0.5).lamps(1.9, 0.1, 3.4, 0.1).done();
}

function interceptor(): Model {
  return new Kit()
    .body([[0, 5.6], [0.1, 5.0], [0.34, 3.2], [0.62, 0.6], [0.66, -1.4], [0.5, -2.5], [0, -2.6]], 1.1, 0.72, PLATE, 12)
    .ball(0.36, 0.95, 0.75, 2.7, 0, 0.34, 1.5, GLASS, 0.06)
    .wings([[0.4, 1.2], [1.3, 0.5], [3.7, -2.3], [3.7, -3.0], [2.6, -2.6], [0.4, -2.1]], 0.12, 0, STEEL, -0.1)
    .wings([[0.35, 2.5], [1.5, 1.8], [1.5, 1.55], [0.35, 1.7]], 0.07, 0.05, DARK, 0.1)
    .pair(0.1, 0.95, 1.2, 0.95, 0.62, -2.0, STEEL, -0.0, -0.45, -0.45)
    .pair(0.12, 0.14, 1.4, 2.6, -0.2, -1.8, AMBER)
    .tube(0.05, 0.07, 2.6, 1.75, -0.2, 0.5, BLACK, 0, 6)
    .tube(0.05, 0.07, 2.6, -1.75, -0.2, 0.5, BLACK, 0, 6)
    .pair(0.62, 0.55, 3.0, 1.0, -0.05, -1.6, 0x424b55)
    .pair(0.5, 0.4, 0.2, 1.0, -0.05, -0.05, BLACK)
    .engine(1.0, -0.05, -3.1, 0.4)
    .lamps(3.72, -0.38, -2.5, 0.08)
    .done();
}

function frigate(): Model {
  const kit = new Kit()
    .body([[0, 7.4], [0.25, 6.6], [0.7, 4.2], [1.15, 1.0], [1.25, -2.4], [1.0, -4.3], [0, -4.4]], 1.15, 0.85, PLATE, 10)
    .box(1.3, 0.5, 6.4, 0, 0.98, -1.0, STEEL)
    .box(0.9, 0.75, 1.8, 0, 1.4, -1.6, PLATE)
    .box(0.92, 0.2, 0.35, 0, 1.55, -0.72, GLASS, 0.35)
    .box(1.6, 0.55, 5.0, 0, -1.0, -1.0, DARK)
    .wings([[1.0, 0.8], [3.2, -1.6], [3.4, -4.0], [1.0, -3.8]], 0.3, 0, STEEL, -0.08)
    .pair(0.75, 0.8, 4.6, 2.9, -0.22, -2.4, 0x4a545f)
    .pair(0.2, 0.3, 2.6, 3.3, -0.1, -2.2, CYAN)
    .box(0.12, 1.8, 1.4, 0, 2.1, -3.0, STEEL, 0, -0.4)
    .box(0.9, 0.06, 3.2, 0, 1.26, 2.0, CYAN);
  for (const z of [2.6, 0.9]) {
    kit.column(0.34, 0.42, 0.32, 0, z > 2 ? 1.05 : 1.35, z, DARK, 0, 10);
    kit.tube(0.06, 0.08, 1.3, 0.14, z > 2 ? 1.2 : 1.5, z + 0.9, BLACK, 0, 6).tube(0.06, 0.08, 1.3, -0.14, z > 2 ? 1.2 : 1.5, z + 0.9, BLACK, 0, 6);
  }
  return kit.pair(0.05, 0.12, 2.4, 1.36, 0.2, 0.4, 0xffdca8, 0.55)
    .engine(0.55, 0.2, -4.5, 0.5).engine(2.9, -0.22, -4.9, 0.42).lamps(3.5, -0.3, -3.2, 0.1).done();
}

function cruiser(): Model {
  const kit = new Kit()
    .body([[0, 12.4], [0.6, 11.2], [1.5, 7.6], [2.1, 2.0], [2.3, -5.0], [1.9, -8.2], [0, -8.4]], 1.3, 0.7, PLATE, 10)
    .box(2.6, 0.8, 12.6, 0, 1.5, -1.6, STEEL)
    .box(1.8, 1.1, 5.2, 0, 2.2, -3.4, PLATE)
    .box(1.2, 1.3, 2.0, 0, 3.2, -4.0, PLATE)
    .box(1.24, 0.22, 0.5, 0, 3.5, -2.95, 0xffe2b0, 0.5)
    .column(0.06, 0.1, 2.2, 0, 4.8, -4.4, BLACK, 0, 6)
    .box(2.8, 0.8, 11.0, 0, -1.5, -1.6, DARK)
    .wings([[2.0, 2.6], [3.6, 1.0], [5.6, -4.6], [5.6, -7.6], [2.0, -7.2]], 0.5, 0, STEEL, -0.06)
    .pair(1.5, 1.5, 7.0, 5.2, -0.3, -4.8, 0x4a545f)
    .pair(0.24, 0.4, 4.6, 5.98, -0.1, -4.4, CYAN)
    .pair(0.9, 0.12, 6.4, 1.6, 1.5, 3.6, CYAN);
  for (const [z, y] of [[6.4, 1.35], [4.2, 1.95], [1.6, 1.95]] as const) {
    kit.box(1.2, 0.5, 1.3, 0, y, z, DARK);
    kit.tube(0.1, 0.13, 2.3, 0.28, y + 0.12, z + 1.5, BLACK, 0, 6).tube(0.1, 0.13, 2.3, -0.28, y + 0.12, z + 1.5, BLACK, 0, 6);
  }
  for (let i = 0; i < 7; i++) kit.pair(0.06, 0.12, 0.7, 2.93, 0.35, 1.5 - i * 1.25, 0xffd9a0, 0.55);
  return kit.engine(0.95, 0.6, -8.4, 0.8).engine(0.95, -0.8, -8.4, 0.7).engine(5.2, -0.3, -8.5, 0.7).lamps(5.7, -0.4, -5.2, 0.16).done();
}

function pod(): Model {
  return new Kit()
    .ball(1, 1, 1, 1.25, 0, 0, 0, 0xc9ced3, 0, 14)
    .ball(0.5, 1, 0.8, 0.9, 0, 0.55, 0.62, GLASS, 0.25, 10)
    .ring(1.02, 0.12, 0, AMBER, 6, 20)
    .ball(0.13, 1, 1, 1, 0, 1.05, -0.4, 0xff4a30, 1, 6)
    .engine(0, 0, -1.3, 0.3)
    .done();
}

function wreck(): Model {
  const kit = new Kit();
  let state = 91;
  const random = () => ((state = (state * 16807) % 2147483647) / 2147483647);
  for (let i = 0; i < 16; i++) {
    const s = 0.3 + random() * 1.1;
    kit.box(s * (0.3 + random()), s * 0.4, s * (0.6 + random()), (random() - 0.5) * 3.2, (random() - 0.5) * 1.6, (random() - 0.5) * 5,
      random() > 0.5 ? 0x33302d : 0x4b4844, random() > 0.85 ? 0.15 : 0, random() * 3, random() * 3);
  }
  return kit.body([[0, 2.2], [0.9, 1.2], [1, -1], [0.6, -1.4]], 1, 0.7, 0x3a3734, 9).done();
}

/** The Concourse's kind: a turning ring, spokes, a hub with docks, solar panels. */
function stationRing(): Model {
  const kit = new Kit()
    .ring(10, 1.05, 0, 0x9aa2aa, 12, 72)
    .ring(10, 0.62, 1.15, 0x747d86, 6, 72)
    .column(1.9, 1.9, 9, 0, 0, 0, 0x808993, 0, 20)
    .column(2.7, 2.7, 1.1, 0, 2.4, 0, 0x68727c, 0, 20)
    .column(0.9, 2.6, 2.0, 0, 5.2, 0, 0x9aa3ac, 0, 20)
    .column(2.5, 1.4, 2.4, 0, -5.4, 0, 0x59626b, 0, 20)
    .column(1.7, 2.3, 0.5, 0, -6.8, 0, 0x9fdcff, 0.35, 20)
    .box(0.3, 6, 0.3, 0, 8.4, 0, 0x444c55);
  for (let i = 0; i < 4; i++) {
    const a = (i * Math.PI) / 2;
    const along = i % 2 === 0;
    const [x, z] = [Math.cos(a) * 5.6, Math.sin(a) * 5.6];
    kit.box(along ? 7.8 : 0.8, 0.6, along ? 0.8 : 7.8, x, 0, z, 0x5d6771);
    kit.box(along ? 7.4 : 0.2, 0.12, along ? 0.2 : 7.4, x, 0.36, z, 0xbfe6ff, 0.5);
  }
  for (const s of [-1, 1]) {
    kit.box(0.22, 0.22, 6.8, 0, 8.3, s * 3.6, 0x444c55);
    for (const x of [-1.9, 1.9]) kit.box(3.2, 0.08, 5.0, x, 8.3, s * 4.6, 0x122445, 0.02, 0, s * 0.08);
  }
  return kit.ball(0.2, 1, 1, 1, 0, 11.5, 0, 0xff5030, 1, 8).lamps(11.1, 0, 0, 0.16).done();
}

/** A lesser place: a stack of modules with arms, tanks and a dish. */
function stationStack(): Model {
  const kit = new Kit()
    .column(2.0, 2.0, 12, 0, 0, 0, 0x8b9199, 0, 10)
    .column(3.4, 3.4, 1.4, 0, 2.2, 0, 0x6c757f, 0, 10)
    .column(3.0, 3.4, 1.2, 0, -1.6, 0, 0xa2886a, 0, 10)
    .column(0.4, 3.2, 1.5, 0, 6.9, 0, 0x9aa3ac, 0, 10)
    .column(2.4, 1.0, 1.6, 0, -6.6, 0, 0x58616a, 0, 10);
  for (let i = 0; i < 3; i++) {
    const a = (i * Math.PI * 2) / 3 + 0.4;
    const [c, s] = [Math.cos(a), Math.sin(a)];
    for (let k = 0; k < 4; k++) kit.box(1.1, 1.1, 1.1, c * (3 + k * 1.3), 0.2, s * (3 + k * 1.3), k % 2 ? 0x5d6771 : 0x7c858f);
    kit.ball(1.5, 1, 1.15, 1, c * 8.6, 0.2, s * 8.6, i === 0 ? 0x9b5f3c : 0x8d969f, 0, 14);
    kit.box(0.16, 0.16, 0.16, c * 10.2, 0.2, s * 10.2, 0xff5030, 1);
  }
  for (const x of [-4.2, 4.2]) kit.box(4.4, 0.08, 2.2, x, 5.2, 0, 0x122445, 0.02);
  return kit.done();
}

/** A boulder: a ball pushed in and out by three waves that `seed` shifts. */
export function rock(seed: number, detail: number): THREE.BufferGeometry {
  const ball = new THREE.IcosahedronGeometry(1, detail);
  ball.deleteAttribute('uv');
  ball.deleteAttribute('normal');
  const g = mergeVertices(ball, 1e-4); // shared corners: smooth normals
  const p = g.getAttribute('position');
  const v = new THREE.Vector3();
  const wave = (k: number) => Math.sin(v.x * 2.3 * k + seed) * Math.cos(v.y * 2.1 * k + seed * 1.9) * Math.sin(v.z * 2.6 * k + seed * 0.7);
  for (let i = 0; i < p.count; i++) {
    v.fromBufferAttribute(p, i).normalize();
    const dent = Math.max(0, v.dot(new THREE.Vector3(Math.sin(seed), Math.cos(seed * 2), Math.sin(seed * 3)).normalize()) - 0.75);
    const d = 0.86 + 0.3 * wave(1) + 0.15 * wave(2.3) + 0.08 * wave(5.1) - dent * 0.9;
    p.setXYZ(i, v.x * d, v.y * d * 0.82, v.z * d);
  }
  const paint = new Float32Array(p.count * 4);
  const c = new THREE.Color(0x746a5e);
  for (let i = 0; i < p.count; i++) paint.set([c.r, c.g, c.b, 0], i * 4);
  g.setAttribute('aPaint', new THREE.BufferAttribute(paint, 4));
  g.computeVertexNormals();
  return g;
}

export type ShapeName = 'shuttle' | 'miner' | 'hauler' | 'interceptor' | 'frigate' | 'cruiser' | 'pod' | 'wreck' | 'ring' | 'stack';
const makers: Record<ShapeName, () => Model> = {
  shuttle, miner, hauler, interceptor, frigate, cruiser, pod, wreck, ring: stationRing, stack: stationStack,
};
const made = new Map<ShapeName, Model>();

/** Each shape is built once, when first asked for. */
export function shape(name: ShapeName): Model {
  let model = made.get(name);
  if (!model) made.set(name, (model = makers[name]()));
  return model;
}
