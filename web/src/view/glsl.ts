/**
 * Shader text that several materials share: value noise, fractal sums and the colour of a black body.
 * Materials end with OUTPUT, which tone-maps when drawing to the screen and does nothing when drawing
 * to a texture (the bloom chain tone-maps last).
 */

import * as THREE from 'three';

export const NOISE = /* glsl */ `
float hash3(vec3 p) {
  p = fract(p * vec3(0.1031, 0.1030, 0.0973));
  p += dot(p, p.yxz + 33.33);
  return fract((p.x + p.y) * p.z);
}
float noise3(vec3 x) {
  vec3 cell = floor(x), f = fract(x);
  vec3 u = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
  float near_ = mix(mix(hash3(cell), hash3(cell + vec3(1, 0, 0)), u.x),
                    mix(hash3(cell + vec3(0, 1, 0)), hash3(cell + vec3(1, 1, 0)), u.x), u.y);
  float far_ = mix(mix(hash3(cell + vec3(0, 0, 1)), hash3(cell + vec3(1, 0, 1)), u.x),
                   mix(hash3(cell + vec3(0, 1, 1)), hash3(cell + vec3(1, 1, 1)), u.x), u.y);
  return mix(near_, far_, u.z);
}
const mat3 TURN = mat3(0.36, 0.48, -0.80, -0.80, 0.60, 0.00, 0.48, 0.64, 0.60);
float fractal(vec3 p, int octaves) {
  float sum = 0.0, weight = 0.5;
  for (int i = 0; i < 7; i++) {
    if (i >= octaves) break;
    sum += weight * noise3(p);
    p = TURN * p * 2.02 + 1.7;
    weight *= 0.5;
  }
  return sum;
}
float ridges(vec3 p, int octaves) {
  float sum = 0.0, weight = 0.5;
  for (int i = 0; i < 7; i++) {
    if (i >= octaves) break;
    float v = 1.0 - abs(2.0 * noise3(p) - 1.0);
    sum += weight * v * v;
    p = TURN * p * 2.03 + 4.1;
    weight *= 0.5;
  }
  return sum;
}
`;

/** Linear colour of a black body of `kelvin`, brightest channel 1. */
export const BLACKBODY = /* glsl */ `
vec3 blackbody(float kelvin) {
  float t = clamp(kelvin, 1000.0, 40000.0) * 0.01;
  float hot = max(t - 60.0, 0.01);
  float r = t <= 66.0 ? 1.0 : clamp(1.293 * pow(hot, -0.1332), 0.0, 1.0);
  float g = t <= 66.0 ? clamp(0.3901 * log(t) - 0.6318, 0.0, 1.0) : clamp(1.130 * pow(hot, -0.0755), 0.0, 1.0);
  float b = t >= 66.0 ? 1.0 : t <= 19.0 ? 0.0 : clamp(0.5432 * log(t - 10.0) - 1.1963, 0.0, 1.0);
  return pow(vec3(r, g, b), vec3(2.2));
}
`;

export const OUTPUT = '#include <infinity_output>';

/**
 * How colours reach the screen, chosen once before materials are compiled. Software rendering takes a curve
 * of a few multiplications and a square root instead of three's tone mapping and exact sRGB.
 */
export function chooseOutput(cheap: boolean): void {
  const chunks = THREE.ShaderChunk as unknown as Record<string, string>;
  chunks['infinity_output'] = cheap
    ? `{ vec3 c_ = gl_FragColor.rgb * 0.72; gl_FragColor.rgb = sqrt(clamp((c_ * (2.51 * c_ + 0.03)) / (c_ * (2.43 * c_ + 0.59) + 0.14), 0.0, 1.0)); }`
    : '#include <tonemapping_fragment>\n#include <colorspace_fragment>';
}
