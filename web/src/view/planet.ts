/**
 * Planets: a surface baked once into two textures (colour and height; clouds and city lights), lit per
 * frame, and a shell of air. Each kind of world has its own recipe for the surface.
 */
import * as THREE from 'three';
import type { BakeQueue } from './bake.ts';
import type { Light } from './light.ts';
import { NOISE, OUTPUT } from './glsl.ts';
import { randomOf } from './random.ts';

export type PlanetKind = 'rock' | 'desert' | 'ocean' | 'ice' | 'gas' | 'lava';

/** Each recipe sets `colour` (linear) and `height` (0 = level, water); `p` is on the unit ball. */
const RECIPES: Record<PlanetKind, string> = {
  ocean: /* glsl */ `
  vec3 q = p * 1.8 + uSeed;
  float h = fractal(q + fractal(q * 1.3, 3) * 1.15, 6);
  float hills = ridges(q * 3.1 + 2.0, 5);
  float land = smoothstep(0.488, 0.512, h);
  float up = clamp((h - 0.5) * 5.0, 0.0, 1.0);
  float lat = abs(p.y) + 0.12 * (noise3(p * 9.0) - 0.5);
  vec3 sea = mix(vec3(0.004, 0.020, 0.060), vec3(0.012, 0.095, 0.125), smoothstep(0.37, 0.5, h));
  vec3 green = mix(vec3(0.028, 0.072, 0.020), vec3(0.135, 0.108, 0.045), smoothstep(0.26, 0.74, fractal(p * 6.0 + 8.0, 4)));
  green = mix(green, vec3(0.235, 0.160, 0.085), smoothstep(0.09, 0.0, abs(lat - 0.34)) * 0.85);
  vec3 ground = mix(green, vec3(0.125, 0.102, 0.085), smoothstep(0.3, 0.8, up * hills * 2.0));
  ground = mix(ground, vec3(0.74), smoothstep(0.6, 0.9, up * hills * 2.2));
  colour = mix(sea, ground, land);
  float ice = smoothstep(0.80, 0.88, lat + 0.1 * hills);
  colour = mix(colour, vec3(0.68, 0.75, 0.80), ice);
  height = max(land * (0.25 + 0.75 * up * hills), ice * 0.3);`,
  desert: /* glsl */ `
  vec3 q = p * 2.0 + uSeed;
  float h = fractal(q + fractal(q * 1.5, 3) * 1.3, 6);
  float dunes = ridges(p * vec3(7.0, 13.0, 7.0) + h * 3.0 + uSeed, 4);
  colour = mix(vec3(0.17, 0.075, 0.032), vec3(0.42, 0.245, 0.115), smoothstep(0.3, 0.7, h));
  colour *= 0.72 + 0.5 * dunes;
  colour = mix(colour, vec3(0.10, 0.055, 0.04), smoothstep(0.60, 0.72, h));
  colour = mix(colour, vec3(0.6, 0.56, 0.52), smoothstep(0.9, 0.97, abs(p.y) + 0.06 * dunes));
  height = 0.2 + 0.8 * h * dunes;`,
  rock: /* glsl */ `
  vec3 q = p * 2.6 + uSeed;
  float h = fractal(q + ridges(q * 1.4, 3), 6);
  float pits = 0.0;
  for (int i = 0; i < 3; i++) {
    float scale = 4.0 * pow(2.1, float(i));
    vec3 cell = floor(p * scale + uSeed);
    vec3 at = (fract(p * scale + uSeed) - 0.5) * 2.0;
    float size = 0.35 + 0.5 * hash3(cell + 7.0);
    float d = length(at - (vec3(hash3(cell), hash3(cell + 3.0), hash3(cell + 5.0)) - 0.5) * 0.7);
    pits += (smoothstep(size, size * 0.75, d) - smoothstep(size * 1.15, size, d) * 0.6) * step(0.45, hash3(cell + 11.0)) / float(i + 1);
  }
  colour = mix(vec3(0.060, 0.055, 0.052), vec3(0.21, 0.19, 0.17), smoothstep(0.3, 0.72, h)) * (1.0 - 0.32 * pits);
  height = 0.3 + 0.7 * h - 0.35 * pits;`,
  ice: /* glsl */ `
  vec3 q = p * 2.2 + uSeed;
  float h = fractal(q + fractal(q * 1.6, 3), 6);
  float cracks = ridges(p * 5.0 + h * 1.6 + uSeed, 5);
  colour = mix(vec3(0.30, 0.42, 0.52), vec3(0.74, 0.80, 0.84), smoothstep(0.3, 0.65, h));
  colour = mix(colour, vec3(0.10, 0.20, 0.30), smoothstep(0.62, 0.82, cracks) * 0.75);
  height = 0.3 + 0.4 * h + 0.3 * cracks;`,
  gas: /* glsl */ `
  float turn = fractal(p * vec3(3.0, 7.0, 3.0) + uSeed, 4);
  float y = p.y * 6.5 + (turn - 0.5) * 1.3 + uSeed;
  float belts = fractal(vec3(y * 1.1, uSeed, 0.3), 5);
  float swirl = fractal(p * vec3(5.0, 16.0, 5.0) + vec3(turn * 3.0, 0.0, turn * 2.0), 5);
  vec3 a = mix(vec3(0.52, 0.36, 0.21), vec3(0.23, 0.34, 0.46), uHue);
  vec3 b = mix(vec3(0.72, 0.60, 0.45), vec3(0.52, 0.64, 0.72), uHue);
  vec3 d = mix(vec3(0.30, 0.15, 0.085), vec3(0.09, 0.16, 0.29), uHue);
  colour = mix(a, b, smoothstep(0.35, 0.65, belts));
  colour = mix(colour, d, smoothstep(0.5, 0.7, swirl * 0.5 + belts * 0.5) * 0.8);
  vec3 eye = p - normalize(vec3(sin(uSeed), -0.35, cos(uSeed)));
  colour = mix(colour, d * 1.3, smoothstep(0.22, 0.08, length(eye * vec3(1.0, 2.1, 1.0))));
  height = 0.3;`,
  lava: /* glsl */ `
  vec3 q = p * 2.6 + uSeed;
  float h = fractal(q + ridges(q, 4), 6);
  colour = mix(vec3(0.022, 0.018, 0.017), vec3(0.085, 0.065, 0.055), h);
  height = 0.3 + 0.6 * h;`,
};

/** Clouds in red, lights of the night side in green. */
const LIGHTS: Record<PlanetKind, string> = {
  ocean: /* glsl */ `
  vec3 q = p * vec3(2.2, 3.5, 2.2) + uSeed;
  float w = fractal(q * 1.4 + 5.0, 4);
  float sheet = fractal(q + vec3(w * 2.1, w * 0.7, -w * 1.3), 6) + 0.05 * sin(p.y * 14.0);
  float cloud = smoothstep(0.53, 0.80, sheet) * (0.55 + 0.45 * smoothstep(0.25, 0.7, fractal(q * 3.1 + w * 2.0, 5)));
  float city = smoothstep(0.5, 0.72, noise3(p * 105.0)) * smoothstep(0.46, 0.6, fractal(p * 21.0, 3)) * smoothstep(0.42, 0.56, fractal(p * 5.0 + 2.0, 3));
  outp = vec2(cloud, city * 1.4);`,
  desert: `outp = vec2(smoothstep(0.58, 0.85, fractal(p * vec3(2.0, 4.0, 2.0) + uSeed, 5)) * 0.45, 0.0);`,
  rock: `outp = vec2(0.0);`,
  ice: `outp = vec2(smoothstep(0.55, 0.8, fractal(p * vec3(2.5, 4.0, 2.5) + uSeed, 5)) * 0.5, 0.0);`,
  gas: `outp = vec2(0.0);`,
  lava: /* glsl */ `float v = ridges(p * 4.0 + fractal(p * 3.0, 3) + uSeed, 5); outp = vec2(0.0, smoothstep(0.66, 0.9, v) * 3.0);`,
};

const AIR: Record<PlanetKind, readonly [number, number, number, number]> = {
  // colour of the air and how thick it is
  ocean: [0.20, 0.44, 1.0, 1], desert: [0.85, 0.50, 0.28, 0.6], rock: [0.4, 0.4, 0.45, 0.06],
  ice: [0.45, 0.70, 1.0, 0.5], gas: [0.75, 0.66, 0.52, 0.75], lava: [1.0, 0.30, 0.10, 0.5],
};

const bakeVertex = `varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }`;
const bakeHead = /* glsl */ `
${NOISE}
uniform float uSeed, uHue;
varying vec2 vUv;
vec3 onBall() {
  float turn = vUv.x * 6.2831853, lift = (vUv.y - 0.5) * 3.1415927;
  return vec3(-cos(lift) * cos(turn), sin(lift), cos(lift) * sin(turn)); // as the sphere's own texture coordinates run
}`;

const surfaceVertex = /* glsl */ `
varying vec3 vNormal_, vView;
varying vec2 vAt;
varying float vLift;
void main() {
  vec4 world = modelMatrix * vec4(position, 1.0);
  vAt = uv;
  vLift = position.y;
  vNormal_ = mat3(modelMatrix) * normal;
  vView = cameraPosition - world.xyz;
  gl_Position = projectionMatrix * viewMatrix * world;
}`;

const surfaceFragment = /* glsl */ `
uniform sampler2D uMap, uAux;
uniform vec3 uSunDir, uSunColour;
uniform vec4 uAir;
uniform float uTime;
varying vec3 vNormal_, vView;
varying vec2 vAt;
varying float vLift;
void main() {
  vec3 smooth_ = normalize(vNormal_), n = smooth_, v = normalize(vView);
  vec4 ground = texture2D(uMap, vAt);
  ground.rgb *= ground.rgb;
#ifdef FINE
  vec2 texel = 1.0 / vec2(textureSize(uMap, 0));
  float dx = texture2D(uMap, vAt + vec2(texel.x, 0.0)).a - ground.a, dy = texture2D(uMap, vAt + vec2(0.0, texel.y)).a - ground.a;
  vec3 east = normalize(cross(vec3(0.0, 1.0, 0.0), n) + 1e-5), north = cross(n, east);
  n = normalize(n + (east * dx - north * dy) * 2.4);
#endif
#ifdef FINE
  float cloud = texture2D(uAux, vAt + vec2(uTime * 0.0008, 0.0)).r, lamps = texture2D(uAux, vAt).g;
#else
  vec2 aux = texture2D(uAux, vAt).rg;
  float cloud = aux.r, lamps = aux.g;
#endif
  float level = dot(smooth_, uSunDir), sun = max(dot(n, uSunDir), 0.0);
  float day = smoothstep(-0.12, 0.2, level);
  vec3 light = uSunColour * mix(vec3(1.0, 0.44, 0.18), vec3(1.0), smoothstep(0.0, 0.35, level));
  vec3 c = ground.rgb * sun * 1.9 * light;
#ifdef WATER
  float water = 1.0 - step(0.01, ground.a);
  float shine = max(dot(smooth_, normalize(uSunDir + v)), 0.0);
  shine *= shine; shine *= shine; shine *= shine; shine *= shine; shine *= shine; shine *= shine; shine *= shine;
  c += shine * water * (1.0 - cloud) * light * 0.55;
#endif
  c = mix(c, vec3(0.66) * max(level + 0.05, 0.0) * light, cloud * 0.9 * day);
#ifdef LAVA
  c += lamps * vec3(1.0, 0.22, 0.03) * 1.2;
#else
  c += lamps * step(0.01, ground.a) * (1.0 - day) * (1.0 - cloud * 0.8) * vec3(1.0, 0.64, 0.27) * 0.85 * step(abs(vLift), 0.78);
#endif
  float rim = 1.0 - max(dot(smooth_, v), 0.0);
  rim *= rim * (0.3 + 0.7 * rim);
  c = mix(c, uAir.rgb * uSunColour * day * 1.05, rim * 0.64 * uAir.a);
  c += vec3(0.9, 0.32, 0.1) * rim * max(0.0, 1.0 - level * level * 36.0) * 0.35 * uAir.a;
  gl_FragColor = vec4(c, 1.0);
  ${OUTPUT}
}`;

/** Air seen edge on: light gathered along the ray through an exponential shell, dimmed by what it passed. */
const airFragment = /* glsl */ `
uniform vec3 uSunDir, uSunColour, uCentre;
uniform vec4 uAir;
uniform float uGround, uTop;
varying vec3 vWorld;
vec2 cut(vec3 o, vec3 d, float radius) {
  float b = dot(o, d), h = b * b - dot(o, o) + radius * radius;
  if (h < 0.0) return vec2(1e9, -1e9);
  h = sqrt(h);
  return vec2(-b - h, -b + h);
}
void main() {
  vec3 o = cameraPosition - uCentre, d = normalize(vWorld - cameraPosition);
  vec2 air = cut(o, d, uTop), ground = cut(o, d, uGround);
  float from = max(air.x, 0.0), to = ground.x < ground.y && ground.x > 0.0 ? min(air.y, ground.x) : air.y;
  if (to <= from) discard;
  float scale = (uTop - uGround) * 0.24, stride = (to - from) / float(STEPS), depth = 0.0;
  vec3 beta = (uAir.rgb * uAir.rgb * 0.82 + 0.18) * 2.4 / (uTop - uGround), sum = vec3(0.0);
  for (int i = 0; i < STEPS; i++) {
    vec3 p = o + d * (from + stride * (float(i) + 0.5));
    float thin = exp(-max(length(p) - uGround, 0.0) / scale);
    depth += thin * stride;
    float up = dot(normalize(p), uSunDir);
    float slant = scale * thin * (up > 0.0 ? 1.0 / (up + 0.12) : (1.0 - up * 9.0) * 8.33);
    sum += thin * stride * exp(-beta * (depth * 0.55 + slant)) * smoothstep(-0.3, 0.12, up);
  }
  float c = dot(d, uSunDir);
  vec3 colour = sum * beta * 0.75 * (1.0 + c * c) + sum * beta.g * vec3(1.0, 0.62, 0.35) * pow(max(c, 0.0), 10.0) * 0.5;
  gl_FragColor = vec4(1.1 * (1.0 - exp(-colour * uSunColour)) * uAir.a, 1.0);
  ${OUTPUT}
}`;

export class Planet {
  readonly group = new THREE.Group();
  readonly colour = new THREE.Color();
  private readonly ball: THREE.Mesh<THREE.SphereGeometry, THREE.ShaderMaterial>;
  private readonly shell: THREE.Mesh<THREE.SphereGeometry, THREE.ShaderMaterial> | undefined;
  private readonly targets: THREE.WebGLRenderTarget[] = [];
  private readonly top: number;

  constructor(bakes: BakeQueue, light: Light, kind: PlanetKind, seed: number, textureWidth: number, fine: boolean, rings: boolean) {
    const random = randomOf(seed);
    const target = () => {
      const t = new THREE.WebGLRenderTarget(textureWidth, textureWidth / 2, {
        depthBuffer: false, generateMipmaps: fine, minFilter: fine ? THREE.LinearMipmapLinearFilter : THREE.LinearFilter, wrapS: THREE.RepeatWrapping, anisotropy: fine ? 8 : 1,
      });
      this.targets.push(t);
      return t;
    };
    const shift = random() * 12, hue = random();
    const bake = (text: string) => new THREE.ShaderMaterial({
      depthTest: false, uniforms: { uSeed: { value: shift }, uHue: { value: hue } }, vertexShader: bakeVertex, fragmentShader: bakeHead + text,
    });
    const strips = Math.max(1, Math.round(textureWidth / 256));
    const map = target(), aux = target();
    this.group.visible = false;
    bakes.add(bake(`void main() { vec3 p = onBall(), colour; float height; ${RECIPES[kind]} gl_FragColor = vec4(sqrt(max(colour, 0.0)), clamp(height, 0.0, 1.0)); }`), map, 0, strips);
    bakes.add(bake(`void main() { vec3 p = onBall(); vec2 outp; ${LIGHTS[kind]} gl_FragColor = vec4(outp, 0.0, 1.0); }`), aux, 0, strips, () => { this.group.visible = true; });
    const air = new THREE.Vector4(...AIR[kind]);
    this.colour.setRGB(air.x, air.y, air.z);
    this.ball = new THREE.Mesh(new THREE.SphereGeometry(1, fine ? 96 : 64, fine ? 64 : 40), new THREE.ShaderMaterial({
      defines: { ...(fine ? { FINE: '' } : {}), ...(kind === 'ocean' ? { WATER: '' } : {}), ...(kind === 'lava' ? { LAVA: '' } : {}) },
      uniforms: { ...light.uniforms, uMap: { value: map.texture }, uAux: { value: aux.texture }, uAir: { value: air } },
      vertexShader: surfaceVertex, fragmentShader: surfaceFragment,
    }));
    this.ball.rotation.set(Math.PI / 2 + 0.45 * (random() - 0.5), random() * 6.28, 0); // the axis stands on the system's plane
    this.group.add(this.ball);
    this.top = 1.0 + (kind === 'gas' ? 0.02 : 0.045);
    if (air.w > 0.1) {
      this.shell = new THREE.Mesh(new THREE.SphereGeometry(this.top, fine ? 96 : 48, fine ? 64 : 32), new THREE.ShaderMaterial({
        side: THREE.BackSide, transparent: true, depthWrite: false, blending: THREE.AdditiveBlending,
        defines: { STEPS: fine ? 8 : 3 },
        uniforms: { ...light.uniforms, uCentre: { value: new THREE.Vector3() }, uAir: { value: air }, uGround: { value: 1 }, uTop: { value: this.top } },
        vertexShader: `varying vec3 vWorld; void main() { vec4 world = modelMatrix * vec4(position, 1.0); vWorld = world.xyz; gl_Position = projectionMatrix * viewMatrix * world; }`,
        fragmentShader: airFragment,
      }));
      this.shell.renderOrder = 2;
      this.group.add(this.shell);
    }
    if (rings) this.group.add(makeRings(light, random() * 9));
  }

  place(direction: THREE.Vector3, distance: number, angularRadius: number): void {
    const radius = distance * Math.sin(Math.min(angularRadius, 1.2));
    this.group.position.copy(direction).multiplyScalar(distance);
    this.group.scale.setScalar(radius);
    const u = this.shell?.material.uniforms;
    if (u) {
      (u['uCentre']!.value as THREE.Vector3).copy(this.group.position);
      u['uGround']!.value = radius;
      u['uTop']!.value = radius * this.top;
    }
  }

  dispose(): void {
    for (const t of this.targets) t.dispose();
    this.group.traverse((o) => {
      if (o instanceof THREE.Mesh) {
        o.geometry.dispose();
        (o.material as THREE.Material).dispose();
      }
    });
  }
}

function makeRings(light: Light, seed: number): THREE.Mesh {
  const g = new THREE.RingGeometry(1.35, 2.4, 96, 1);
  g.rotateX(0.35);
  const m = new THREE.Mesh(g, new THREE.ShaderMaterial({
    side: THREE.DoubleSide, transparent: true, depthWrite: false,
    uniforms: { ...light.uniforms, uSeed: { value: seed } },
    vertexShader: `varying vec3 vLocal; void main() { vLocal = position; gl_Position = projectionMatrix * viewMatrix * modelMatrix * vec4(position, 1.0); }`,
    fragmentShader: /* glsl */ `
${NOISE}
uniform vec3 uSunDir, uSunColour;
uniform float uSeed;
varying vec3 vLocal;
void main() {
  float r = length(vLocal);
  float bands = fractal(vec3(r * 14.0, uSeed, 0.0), 5) * smoothstep(1.35, 1.42, r) * smoothstep(2.4, 2.2, r);
  float along = dot(normalize(vLocal), uSunDir);
  float miss = length(vLocal - uSunDir * dot(vLocal, uSunDir));
  float shade = along < 0.0 ? smoothstep(0.94, 1.02, miss) : 1.0;
  gl_FragColor = vec4(vec3(0.62, 0.55, 0.46) * uSunColour * (0.08 + shade), bands * 0.85);
  ${OUTPUT}
}`,
  }));
  m.renderOrder = 3;
  return m;
}
