/**
 * The material of everything solid: plates with seams, lit windows, rock. Lit by the star, by what the
 * nearest planet throws back, and by a thin rim. Draws single and instanced meshes alike; an instance
 * may carry `aTint` (livery colour, and in alpha how dark it is: 0 whole, 1 burnt out).
 */
import * as THREE from 'three';
import type { Light } from './light.ts';
import { NOISE, OUTPUT } from './glsl.ts';

export interface SolidOptions {
  readonly look: 'hull' | 'station' | 'rock';
  /** Seams and grain cost arithmetic; software rendering goes without. */
  readonly fine: boolean;
  /** Seams per model radius. */
  readonly seams?: number;
}

const vertexShader = /* glsl */ `
attribute vec4 aPaint;
#ifdef USE_INSTANCING
attribute vec4 aTint;
#endif
varying vec3 vNormal_, vView, vLocal;
varying vec4 vPaint, vTint;
void main() {
  mat4 model = modelMatrix;
#ifdef USE_INSTANCING
  model = modelMatrix * instanceMatrix;
  vTint = aTint;
#else
  vTint = vec4(0.0);
#endif
  vec4 world = model * vec4(position, 1.0);
  vPaint = aPaint;
  vLocal = position;
  vNormal_ = mat3(model) * normal;
  vView = cameraPosition - world.xyz;
  gl_Position = projectionMatrix * viewMatrix * world;
}`;

const fragmentShader = /* glsl */ `
${NOISE}
uniform vec3 uSunDir, uSunColour, uFillDir, uFillColour, uAmbient;
uniform float uTime, uSeams;
varying vec3 vNormal_, vView, vLocal;
varying vec4 vPaint, vTint;
void main() {
  vec3 n = normalize(vNormal_), v = normalize(vView);
  vec3 base = vPaint.rgb;
  float gloss = 0.5;
#ifdef HULL
  float livery = step(0.28, max(max(base.r, base.g), base.b) - min(min(base.r, base.g), base.b));
  base = mix(base, vTint.rgb, livery * step(0.01, dot(vTint.rgb, vec3(1.0))));
#ifdef FINE
  vec3 cell = vLocal * uSeams;
  vec3 edge = abs(fract(cell) - 0.5);
  vec3 flat_ = 1.0 - abs(normalize(cross(dFdx(vLocal), dFdy(vLocal)) + 1e-9));
  vec3 seam = smoothstep(0.44, 0.49, edge) * smoothstep(0.15, 0.4, flat_);
  base *= mix(0.80, 1.10, hash3(floor(cell) + 2.5));
  base *= 1.0 - 0.42 * max(max(seam.x, seam.y), seam.z);
  float wear = noise3(vLocal * 21.0) * noise3(vLocal * 57.0);
  base *= 0.86 + 0.36 * wear;
  gloss = 0.35 + 0.5 * noise3(vLocal * 34.0);
#endif
  base *= 1.0 - 0.85 * vTint.a;
#endif
#ifdef ROCK
#ifdef FINE
  float grain = fractal(vLocal * 4.5, 4);
  base *= 0.4 + 1.15 * grain;
  n = normalize(n + (vec3(noise3(vLocal * 15.0), noise3(vLocal * 15.0 + 9.0), noise3(vLocal * 15.0 + 17.0)) - 0.5) * 0.75);
#else
  base *= 0.62 + 0.7 * noise3(vLocal * 6.0);
#endif
  gloss = 0.0;
#endif
  float sun = max(dot(n, uSunDir), 0.0);
  float bounce = 0.5 + 0.5 * dot(n, uFillDir);
  vec3 h = normalize(uSunDir + v);
  float shine = max(dot(n, h), 0.0);
  shine *= shine; shine *= shine; shine *= shine; shine *= shine; shine *= shine;
  shine *= gloss * step(0.001, sun);
  float rim = 1.0 - max(dot(n, v), 0.0);
  rim *= rim * rim;
#ifdef ROCK
  rim *= 0.25;
#endif
  vec3 c = base * (uSunColour * sun * 1.7 + uFillColour * bounce * bounce * 1.9 + uAmbient) + uSunColour * shine
         + rim * (uFillColour * 0.9 + uSunColour * 0.035);
  if (vPaint.a > 0.5) c = vPaint.rgb * (0.7 + 1.7 * vPaint.a) * (1.0 - vTint.a);
  else c += vPaint.rgb * vPaint.a * 2.2 * (1.0 - vTint.a);
#ifdef STATION
  if (vPaint.a < 0.01 && base.b < 0.6 && base.g > 0.05) {
#ifdef FINE
    float around = atan(vLocal.z, vLocal.x), out_ = length(vLocal.xz);
    vec2 grid = out_ > 0.62 ? vec2(around * 104.0, vLocal.y * 92.0) : vec2(around * 26.0, vLocal.y * 62.0);
    vec2 cell = floor(grid), f = fract(grid), wide = fwidth(grid);
    float storey = step(0.35, hash3(vec3(cell.y, floor(around * 3.0), 2.0)));
    float lit = step(0.52, hash3(vec3(cell, 3.0))) * step(0.2, f.x) * step(f.x, 0.75) * step(0.3, f.y) * step(f.y, 0.7) * storey;
    float far_ = smoothstep(0.35, 1.0, max(wide.x, wide.y)); // too small to tell apart: their mean
    lit = mix(lit, 0.028, far_);
    vec3 lamp = mix(vec3(1.0, 0.76, 0.42), vec3(0.55, 0.82, 1.0), (1.0 - far_) * step(0.82, hash3(vec3(cell, 9.0))));
#else
    vec3 grid = vLocal * 84.0, cell = floor(grid), f = fract(grid);
    float lit = step(0.72, hash3(cell)) * step(0.3, f.y) * step(f.y, 0.7) * (1.0 - smoothstep(0.4, 1.0, fwidth(grid.y)));
    const vec3 lamp = vec3(1.0, 0.8, 0.5);
#endif
    c += lit * lamp * 1.5 * step(abs(normalize(vNormal_).y), 0.86);
  }
#endif
  gl_FragColor = vec4(c, 1.0);
  ${OUTPUT}
}`;

export function solidMaterial(light: Light, options: SolidOptions): THREE.ShaderMaterial {
  return new THREE.ShaderMaterial({
    defines: {
      [options.look === 'rock' ? 'ROCK' : 'HULL']: '',
      ...(options.look === 'station' ? { STATION: '' } : {}),
      ...(options.fine ? { FINE: '' } : {}),
    },
    uniforms: { ...light.uniforms, uSeams: { value: options.seams ?? 7 } },
    vertexShader,
    fragmentShader,
  });
}
