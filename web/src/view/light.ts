/** The light of a place, shared by every material: one far star, and the glow of the nearest planet. */
import * as THREE from 'three';

export class Light {
  readonly uniforms = {
    uSunDir: { value: new THREE.Vector3(0, 0, 1) },
    uSunColour: { value: new THREE.Color(1, 0.94, 0.84) },
    uFillDir: { value: new THREE.Vector3(0, -1, 0) },
    uFillColour: { value: new THREE.Color(0.02, 0.035, 0.06) },
    uAmbient: { value: new THREE.Color(0.016, 0.018, 0.026) },
    uTime: { value: 0 },
  };
}

/** The same fit as the shader's blackbody(), for lamps computed on the CPU. Linear, brightest channel 1. */
export function blackbody(kelvin: number): THREE.Color {
  const t = Math.min(40000, Math.max(1000, kelvin)) / 100;
  const unit = (v: number) => Math.min(1, Math.max(0, v));
  const hot = Math.max(t - 60, 0.01);
  const r = t <= 66 ? 1 : unit(1.293 * hot ** -0.1332);
  const g = t <= 66 ? unit(0.3901 * Math.log(t) - 0.6318) : unit(1.13 * hot ** -0.0755);
  const b = t >= 66 ? 1 : t <= 19 ? 0 : unit(0.5432 * Math.log(t - 10) - 1.1963);
  return new THREE.Color(r ** 2.2, g ** 2.2, b ** 2.2);
}
