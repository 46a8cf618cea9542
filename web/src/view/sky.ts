/**
 * What lies infinitely far: a cube map of the galaxy's band, dust and nebulae, baked once a system,
 * and some thousands of stars as points. Both turn with the camera only.
 */
import * as THREE from 'three';
import { BLACKBODY, NOISE, OUTPUT } from './glsl.ts';
import type { BakeQueue } from './bake.ts';
import { randomOf } from './random.ts';

const nebulaFragment = /* glsl */ `
${NOISE}
uniform mat3 uFace;
uniform vec3 uAxis, uWarm, uCold;
uniform float uSeed;
varying vec2 vUv;
void main() {
  vec3 d = normalize(uFace * vec3(vUv * 2.0 - 1.0, 1.0));
  float off = dot(d, uAxis);
  float band = exp(-off * off * 13.0);
  float warp = fractal(d * 2.1 + uSeed, 4);
  float cloud = fractal(d * 3.7 + warp * 2.6 + uSeed * 1.3, 6);
  float dust = ridges(d * 3.0 + cloud * 1.4 + uSeed * 0.7, 5);
  vec3 c = vec3(0.0065, 0.0080, 0.0145);
  c += band * vec3(0.094, 0.082, 0.076) * smoothstep(0.24, 0.86, cloud);
  c *= 1.0 - 0.88 * band * smoothstep(0.42, 0.88, dust);
  float glow = smoothstep(0.46, 0.84, fractal(d * 1.6 + 13.0 + warp + uSeed, 5));
  vec3 tint = mix(uWarm, uCold, smoothstep(0.3, 0.7, noise3(d * 1.25 + 6.0 + uSeed)));
  c += glow * glow * tint * (0.55 + 0.8 * cloud);
  gl_FragColor = vec4(c, 1.0);
}`;

const backdropFragment = /* glsl */ `
uniform samplerCube uMap;
varying vec3 vDir;
void main() {
  gl_FragColor = vec4(textureCube(uMap, vDir).rgb, 1.0);
  ${OUTPUT}
}`;

const backdropVertex = /* glsl */ `
varying vec3 vDir;
void main() {
  vDir = position;
  gl_Position = projectionMatrix * vec4(mat3(viewMatrix) * position, 1.0);
  gl_Position.z = gl_Position.w * 0.9999999;
}`;

const FACES: readonly (readonly number[])[] = [
  // columns: right, up, forward of the face, in the layout WebGL samples
  [0, 0, -1, 0, -1, 0, 1, 0, 0], [0, 0, 1, 0, -1, 0, -1, 0, 0],
  [1, 0, 0, 0, 0, 1, 0, 1, 0], [1, 0, 0, 0, 0, -1, 0, -1, 0],
  [1, 0, 0, 0, -1, 0, 0, 0, 1], [-1, 0, 0, 0, -1, 0, 0, 0, -1],
];

export class Sky {
  readonly group = new THREE.Group();
  private readonly target: THREE.WebGLCubeRenderTarget;
  private readonly stars: THREE.Points<THREE.BufferGeometry, THREE.ShaderMaterial>;
  private seed = -1;

  constructor(private readonly bakes: BakeQueue, size: number, starCount: number) {
    this.target = new THREE.WebGLCubeRenderTarget(size, { type: THREE.HalfFloatType, depthBuffer: false });
    const backdrop = new THREE.Mesh(new THREE.BoxGeometry(2, 2, 2), new THREE.ShaderMaterial({
      side: THREE.BackSide, depthTest: false, depthWrite: false,
      uniforms: { uMap: { value: this.target.texture } }, vertexShader: backdropVertex, fragmentShader: backdropFragment,
    }));
    backdrop.frustumCulled = false;
    backdrop.renderOrder = -20;
    this.stars = makeStars(starCount);
    this.group.add(backdrop, this.stars);
  }

  setPixels(pixelRatio: number, height: number): void {
    this.stars.material.uniforms['uPixels']!.value = Math.max(0.75, (pixelRatio * height) / 640) * 2.3;
  }

  /** Bakes the sky of a system; the old one stays until the new faces replace it. */
  show(seed: number): void {
    if (seed === this.seed) return;
    this.seed = seed;
    const random = randomOf(seed);
    const axis = new THREE.Vector3(0.25 + 0.2 * random(), 0.36 - 0.2 * random(), 0.9).normalize();
    const warm = new THREE.Color().setHSL(0.94 + 0.14 * random(), 0.62, 0.07);
    const cold = new THREE.Color().setHSL(0.55 + 0.12 * random(), 0.7, 0.08);
    const shift = random() * 20;
    FACES.forEach((face, index) => {
      const material = new THREE.ShaderMaterial({
        uniforms: {
          uFace: { value: new THREE.Matrix3().fromArray([...face]) }, uAxis: { value: axis },
          uWarm: { value: warm }, uCold: { value: cold }, uSeed: { value: shift },
        },
        vertexShader: `varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }`,
        fragmentShader: nebulaFragment,
        depthTest: false,
      });
      this.bakes.add(material, this.target, index, 1);
    });
  }
}

function makeStars(count: number): THREE.Points<THREE.BufferGeometry, THREE.ShaderMaterial> {
  const random = randomOf(1977);
  const classes: readonly (readonly [number, number])[] = [[0.62, 3400], [0.78, 4700], [0.88, 5800], [0.94, 6800], [0.98, 9000], [0.997, 15000], [2, 27000]];
  const axis = new THREE.Vector3(0.32, 0.28, 0.9).normalize();
  const position = new Float32Array(count * 3);
  const star = new Float32Array(count * 2);
  const v = new THREE.Vector3();
  for (let i = 0; i < count; i++) {
    do {
      const y = random() * 2 - 1, a = random() * Math.PI * 2, s = Math.sqrt(1 - y * y);
      v.set(Math.cos(a) * s, y, Math.sin(a) * s);
    } while (random() > 0.24 + 0.76 * Math.exp(-9 * v.dot(axis) ** 2));
    v.toArray(position, i * 3);
    const kind = random(), light = random();
    star[i * 2] = classes.find((c) => kind < c[0])![1] * (0.9 + 0.2 * random());
    star[i * 2 + 1] = 0.3 + 0.42 * light + 3.0 * light ** 60;
  }
  const g = new THREE.BufferGeometry();
  g.setAttribute('position', new THREE.BufferAttribute(position, 3));
  g.setAttribute('aStar', new THREE.BufferAttribute(star, 2));
  const points = new THREE.Points(g, new THREE.ShaderMaterial({
    transparent: true, depthWrite: false, blending: THREE.AdditiveBlending,
    uniforms: { uPixels: { value: 2.4 } },
    vertexShader: /* glsl */ `
attribute vec2 aStar;
uniform float uPixels;
varying vec3 vColour;
${BLACKBODY}
void main() {
  gl_Position = projectionMatrix * vec4(mat3(viewMatrix) * position, 1.0);
  gl_Position.z = gl_Position.w * 0.999999;
  gl_PointSize = clamp(aStar.y * uPixels, 1.0, 8.0);
  vColour = blackbody(aStar.x) * mix(0.42, 3.0, smoothstep(0.3, 2.6, aStar.y));
}`,
    fragmentShader: /* glsl */ `
varying vec3 vColour;
void main() {
  vec2 d = gl_PointCoord - 0.5;
  float r = dot(d, d) * 4.0;
  if (r > 1.0) discard;
  gl_FragColor = vec4(vColour * exp(-r * 4.2), 1.0);
  ${OUTPUT}
}`,
  }));
  points.frustumCulled = false;
  points.renderOrder = -19;
  return points;
}
