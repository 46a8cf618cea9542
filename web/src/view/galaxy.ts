/**
 * The galaxy map's scene: systems as points with law and star colours, the arms as a faint cloud, a route
 * and a mark. It draws only when something changed, so that an open map costs nothing.
 */
import * as THREE from 'three';
import type { Law, SystemPoint, Vec3 } from '../state/model.ts';
import { OUTPUT } from './glsl.ts';
import { blackbody } from './light.ts';

export const LAW_COLOURS: Record<Law, string> = { charted: '#6fc3ff', open: '#ffc861', wild: '#ff7a66' };

export class GalaxyView {
  private readonly renderer: THREE.WebGLRenderer;
  private readonly scene = new THREE.Scene();
  private readonly camera = new THREE.PerspectiveCamera(50, 1, 0.1, 40_000);
  private systems: readonly SystemPoint[] = [];
  private points: THREE.Points | undefined;
  private cloud: THREE.Points | undefined;
  private readonly line = new THREE.Line(new THREE.BufferGeometry(), new THREE.LineBasicMaterial({ color: 0x9fe0ff, transparent: true, opacity: 0.9 }));
  private readonly marks: THREE.Points;
  private readonly centre = new THREE.Vector3();
  private yaw = 0.6;
  private pitch = 0.75;
  private distance = 42;
  private asked = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: false, alpha: true });
    this.renderer.setPixelRatio(1);
    this.camera.up.set(0, 0, 1);
    this.line.frustumCulled = false;
    this.marks = new THREE.Points(new THREE.BufferGeometry(), pointMaterial(true));
    this.marks.frustumCulled = false;
    this.scene.add(this.line, this.marks);
  }

  setSystems(systems: readonly SystemPoint[]): void {
    this.systems = systems;
    if (this.points) {
      this.scene.remove(this.points);
      this.points.geometry.dispose();
    }
    const at = new Float32Array(systems.length * 3), look = new Float32Array(systems.length * 4);
    const law = new THREE.Color();
    systems.forEach((s, i) => {
      at.set(s.at, i * 3);
      const c = blackbody(s.kelvin || 1500).lerp(law.set(LAW_COLOURS[s.law]), s.stations > 0 ? 0.75 : 0.3);
      look.set([c.r, c.g, c.b, s.stations > 0 ? 1.0 : 0.5], i * 4);
    });
    this.points = makePoints(at, look);
    this.scene.add(this.points);
    this.ask();
  }

  /** A faint cloud: positions in light years with a weight each. */
  setCloud(at: Float32Array, weights: Float32Array): void {
    if (this.cloud) this.scene.remove(this.cloud);
    const look = new Float32Array(weights.length * 4);
    weights.forEach((w, i) => look.set([0.34 * w, 0.42 * w, 0.62 * w, -0.2 - w], i * 4));
    this.cloud = makePoints(at, look);
    this.cloud.renderOrder = -1;
    this.scene.add(this.cloud);
    this.ask();
  }

  setMarks(here: SystemPoint | undefined, chosen: SystemPoint | null, route: readonly SystemPoint[]): void {
    this.line.geometry.setFromPoints(route.map((s) => new THREE.Vector3(...s.at)));
    const list = [here, chosen].filter((s): s is SystemPoint => s !== undefined && s !== null);
    const at = new Float32Array(list.length * 3), look = new Float32Array(list.length * 4);
    list.forEach((s, i) => {
      at.set(s.at, i * 3);
      look.set(s === here ? [0.4, 1, 0.6, 2] : [1, 1, 1, 2.4], i * 4);
    });
    this.marks.geometry.dispose();
    this.marks.geometry = new THREE.BufferGeometry();
    this.marks.geometry.setAttribute('position', new THREE.BufferAttribute(at, 3));
    this.marks.geometry.setAttribute('aLook', new THREE.BufferAttribute(look, 4));
    this.ask();
  }

  look(at: Vec3): void {
    this.centre.set(...at);
    this.ask();
  }

  turn(dx: number, dy: number): void {
    this.yaw -= dx * 0.006;
    this.pitch = Math.min(1.54, Math.max(-1.54, this.pitch + dy * 0.006));
    this.ask();
  }

  zoom(steps: number): void {
    this.distance = Math.min(9000, Math.max(4, this.distance * 1.18 ** steps));
    this.ask();
  }

  resize(width: number, height: number): void {
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / Math.max(1, height);
    this.camera.updateProjectionMatrix();
    this.ask();
  }

  pick(x: number, y: number): SystemPoint | undefined {
    const w = this.canvas.clientWidth, h = this.canvas.clientHeight, v = new THREE.Vector3();
    let best: SystemPoint | undefined, least = 18;
    for (const s of this.systems) {
      v.set(...s.at).project(this.camera);
      if (v.z > 1) continue;
      const d = Math.hypot((v.x * 0.5 + 0.5) * w - x, (0.5 - v.y * 0.5) * h - y) + (s.stations > 0 ? 0 : 3);
      if (d < least) [best, least] = [s, d];
    }
    return best;
  }

  /** Where a system is on the canvas, or nothing. */
  onScreen(s: SystemPoint): { x: number; y: number } | undefined {
    const v = new THREE.Vector3(...s.at).project(this.camera);
    return v.z > 1 || Math.abs(v.x) > 1 || Math.abs(v.y) > 1 ? undefined : { x: (v.x * 0.5 + 0.5) * this.canvas.clientWidth, y: (0.5 - v.y * 0.5) * this.canvas.clientHeight };
  }

  onDraw: (() => void) | undefined;

  private ask(): void {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      const c = Math.cos(this.pitch);
      this.camera.position.set(Math.sin(this.yaw) * c, -Math.cos(this.yaw) * c, Math.sin(this.pitch)).multiplyScalar(this.distance).add(this.centre);
      this.camera.lookAt(this.centre);
      this.camera.updateMatrixWorld();
      this.renderer.render(this.scene, this.camera);
      this.onDraw?.();
    });
  }

  dispose(): void {
    cancelAnimationFrame(this.asked);
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }
}

function pointMaterial(ring: boolean): THREE.ShaderMaterial {
  return new THREE.ShaderMaterial({
    transparent: true, depthWrite: false, depthTest: false, blending: THREE.AdditiveBlending,
    vertexShader: /* glsl */ `
attribute vec4 aLook;
varying vec4 vLook;
void main() {
  vec4 eye = modelViewMatrix * vec4(position, 1.0);
  gl_Position = projectionMatrix * eye;
  vLook = aLook;
  float size = aLook.a < 0.0 ? clamp(9000.0 / -eye.z, 2.0, 40.0) : clamp(220.0 * aLook.a / -eye.z + 2.0, 1.5, ${ring ? '30.0' : '12.0'});
  gl_PointSize = ${ring ? 'max(size, 18.0)' : 'size'};
}`,
    fragmentShader: /* glsl */ `
varying vec4 vLook;
void main() {
  float r = length(gl_PointCoord - 0.5) * 2.0;
  if (r > 1.0) discard;
  float a = ${ring ? 'exp(-pow((r - 0.78) * 9.0, 2.0))' : 'vLook.a < 0.0 ? exp(-r * r * 3.0) * 0.10 : exp(-r * r * 4.0) * 1.3'};
  gl_FragColor = vec4(vLook.rgb * a, 1.0);
  ${OUTPUT}
}`,
  });
}

function makePoints(at: Float32Array, look: Float32Array): THREE.Points {
  const g = new THREE.BufferGeometry();
  g.setAttribute('position', new THREE.BufferAttribute(at, 3));
  g.setAttribute('aLook', new THREE.BufferAttribute(look, 4));
  const p = new THREE.Points(g, pointMaterial(false));
  p.frustumCulled = false;
  return p;
}
