/**
 * Everything that glows, in three draw calls: soft dots and rings that face the camera (GlowField),
 * ribbons between two points (BeamField: lasers, plumes, trails, streaks), and shields (ShieldField).
 * A field is refilled each frame: begin, add…, end. What does not fit is left out.
 */
import * as THREE from 'three';
import { NOISE, OUTPUT } from './glsl.ts';
import type { Light } from './light.ts';

export type GlowShape = 0 | 1 | 2; // dot, ring, flare with four rays
export type BeamShape = 0 | 1 | 2; // even, plume (bright root, thin end), streak (thin at both ends)

abstract class Field {
  protected count = 0;
  readonly mesh: THREE.Mesh<THREE.InstancedBufferGeometry, THREE.ShaderMaterial>;
  protected readonly data: Float32Array;
  private readonly buffer: THREE.InstancedInterleavedBuffer;

  constructor(readonly capacity: number, private readonly stride: number, base: THREE.BufferGeometry, names: readonly string[], material: THREE.ShaderMaterial) {
    this.data = new Float32Array(capacity * stride);
    this.buffer = new THREE.InstancedInterleavedBuffer(this.data, stride, 1);
    this.buffer.setUsage(THREE.DynamicDrawUsage);
    const g = new THREE.InstancedBufferGeometry();
    g.index = base.index;
    g.setAttribute('position', base.getAttribute('position'));
    names.forEach((name, i) => g.setAttribute(name, new THREE.InterleavedBufferAttribute(this.buffer, 4, i * 4)));
    g.instanceCount = 0;
    this.mesh = new THREE.Mesh(g, material);
    this.mesh.frustumCulled = false;
  }

  begin(): void {
    this.count = 0;
  }

  protected slot(): number {
    return this.count < this.capacity ? this.count++ * this.stride : -1;
  }

  end(): void {
    this.mesh.geometry.instanceCount = this.count;
    this.mesh.visible = this.count > 0;
    this.buffer.clearUpdateRanges();
    this.buffer.addUpdateRange(0, this.count * this.stride);
    this.buffer.needsUpdate = true;
  }
}

const additive = { transparent: true, depthWrite: false, blending: THREE.AdditiveBlending } as const;

export class GlowField extends Field {
  constructor(capacity: number) {
    super(capacity, 8, new THREE.PlaneGeometry(2, 2), ['iAt', 'iColour'], new THREE.ShaderMaterial({
      ...additive,
      vertexShader: /* glsl */ `
attribute vec4 iAt, iColour;
varying vec2 vAt;
varying vec4 vColour;
void main() {
  vAt = position.xy;
  vColour = iColour;
  vec4 centre = viewMatrix * vec4(iAt.xyz, 1.0);
  float least = -centre.z * 0.0016; // never smaller than about a pixel: dim it instead
  float size = max(iAt.w, least);
  vColour.rgb *= min(1.0, (iAt.w * iAt.w) / (size * size) + 0.25);
  centre.xy += position.xy * size;
  gl_Position = projectionMatrix * centre;
}`,
      fragmentShader: /* glsl */ `
varying vec2 vAt;
varying vec4 vColour;
void main() {
  float r = length(vAt);
  if (r > 1.0) discard;
  float soft = exp(-r * r * 5.0) * smoothstep(1.0, 0.6, r), a = soft;
  if (vColour.a > 1.5) {
    vec2 q = abs(vAt);
    a = soft * 0.5 + exp(-q.y * 38.0 - q.x * 3.2) + exp(-q.x * 38.0 - q.y * 3.2);
    a *= smoothstep(1.0, 0.4, r);
  } else if (vColour.a > 0.5) {
    a = exp(-pow((r - 0.82) * 13.0, 2.0)) + 0.16 * smoothstep(0.82, 0.2, r) * r;
  }
  gl_FragColor = vec4(vColour.rgb * a + vec3(0.8) * dot(vColour.rgb, vec3(0.33)) * pow(soft, 5.0), 1.0);
  ${OUTPUT}
}`,
    }));
    this.mesh.renderOrder = 8;
  }

  add(x: number, y: number, z: number, size: number, r: number, g: number, b: number, shape: GlowShape = 0): void {
    const i = this.slot();
    if (i < 0) return;
    const d = this.data;
    d[i] = x; d[i + 1] = y; d[i + 2] = z; d[i + 3] = size;
    d[i + 4] = r; d[i + 5] = g; d[i + 6] = b; d[i + 7] = shape;
  }
}

export class BeamField extends Field {
  constructor(capacity: number, light: Light) {
    const strip = new THREE.PlaneGeometry(2, 1, 1, 1).translate(0, 0.5, 0); // x across, y along 0..1
    super(capacity, 12, strip, ['iFrom', 'iTo', 'iColour'], new THREE.ShaderMaterial({
      ...additive, side: THREE.DoubleSide,
      uniforms: { uTime: light.uniforms.uTime },
      vertexShader: /* glsl */ `
attribute vec4 iFrom, iTo, iColour;
varying vec2 vAt;
varying vec4 vColour;
void main() {
  vAt = position.xy;
  vColour = iColour;
  vec3 a = (viewMatrix * vec4(iFrom.xyz, 1.0)).xyz, b = (viewMatrix * vec4(iTo.xyz, 1.0)).xyz;
  const float NEAR = -0.5; // keep both ends before the eye, or the ribbon turns inside out
  if (a.z > NEAR && b.z > NEAR) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  if (a.z > NEAR) a = mix(b, a, (NEAR - b.z) / (a.z - b.z));
  if (b.z > NEAR) b = mix(a, b, (NEAR - a.z) / (b.z - a.z));
  vec3 p = mix(a, b, position.y);
  vec3 side = normalize(cross(b - a, -p) + vec3(1e-6, 0.0, 0.0));
  float width = max(mix(iFrom.w, iTo.w, position.y), -p.z * 0.0011);
  gl_Position = projectionMatrix * vec4(p + side * position.x * width, 1.0);
}`,
      fragmentShader: /* glsl */ `
uniform float uTime;
varying vec2 vAt;
varying vec4 vColour;
void main() {
  float across = 1.0 - abs(vAt.x), a, core;
  if (vColour.a > 1.5) { a = across * across * smoothstep(0.0, 0.25, vAt.y) * smoothstep(1.0, 0.6, vAt.y); core = 0.0; }
  else if (vColour.a > 0.5) {
    float fade = pow(1.0 - vAt.y, 2.2);
    a = pow(across, 1.6) * fade * (0.85 + 0.15 * sin(vAt.y * 26.0 - uTime * 40.0));
    core = pow(across, 5.0) * pow(1.0 - vAt.y, 6.0);
  } else { a = pow(across, 1.8); core = pow(across, 7.0); }
  gl_FragColor = vec4(vColour.rgb * a + core * dot(vColour.rgb, vec3(0.45)), 1.0);
  ${OUTPUT}
}`,
    }));
    this.mesh.renderOrder = 7;
  }

  add(fx: number, fy: number, fz: number, fromWidth: number, tx: number, ty: number, tz: number, toWidth: number,
    r: number, g: number, b: number, shape: BeamShape = 0): void {
    const i = this.slot();
    if (i < 0) return;
    const d = this.data;
    d[i] = fx; d[i + 1] = fy; d[i + 2] = fz; d[i + 3] = fromWidth;
    d[i + 4] = tx; d[i + 5] = ty; d[i + 6] = tz; d[i + 7] = toWidth;
    d[i + 8] = r; d[i + 9] = g; d[i + 10] = b; d[i + 11] = shape;
  }
}

/** A shield flashes where it is hit: a cap of hexagons that spreads from the hit and fades. */
export class ShieldField extends Field {
  constructor(capacity: number) {
    super(capacity, 8, new THREE.IcosahedronGeometry(1, 4), ['iAt', 'iHit'], new THREE.ShaderMaterial({
      ...additive,
      vertexShader: /* glsl */ `
attribute vec4 iAt, iHit;
varying vec3 vDir, vHit, vView;
varying float vAge;
void main() {
  vec3 p = iAt.xyz + position * iAt.w;
  vDir = position;
  vHit = iHit.xyz;
  vAge = iHit.w;
  vView = cameraPosition - p;
  gl_Position = projectionMatrix * viewMatrix * vec4(p, 1.0);
}`,
      fragmentShader: /* glsl */ `
${NOISE}
varying vec3 vDir, vHit, vView;
varying float vAge;
void main() {
  float angle = acos(clamp(dot(normalize(vDir), vHit), -1.0, 1.0));
  float ring = exp(-pow((angle - vAge * 1.7) * 6.0, 2.0)), spot = exp(-angle * angle * 7.0);
  float rim = pow(1.0 - abs(dot(normalize(vDir), normalize(vView))), 2.0);
  float cells = smoothstep(0.35, 0.65, noise3(vDir * 17.0));
  float a = ((ring * 0.7 + spot) * (0.35 + 0.65 * cells) + rim * 0.2 * exp(-angle)) * (1.0 - vAge) * (1.0 - vAge);
  gl_FragColor = vec4(vec3(0.30, 0.62, 1.0) * a * 1.9, 1.0);
  ${OUTPUT}
}`,
    }));
    this.mesh.renderOrder = 6;
  }

  /** `hx, hy, hz` is the unit direction of the hit from the centre; `age` runs 0 to 1. */
  add(x: number, y: number, z: number, radius: number, hx: number, hy: number, hz: number, age: number): void {
    const i = this.slot();
    if (i < 0) return;
    const d = this.data;
    d[i] = x; d[i + 1] = y; d[i + 2] = z; d[i + 3] = radius;
    d[i + 4] = hx; d[i + 5] = hy; d[i + 6] = hz; d[i + 7] = age;
  }
}
