/** The way between two stars: streaks that run past, faster and bluer, and a flash at each end. */
import * as THREE from 'three';
import type { Light } from './light.ts';
import { NOISE, OUTPUT } from './glsl.ts';

export class Tunnel {
  readonly mesh: THREE.Mesh<THREE.CylinderGeometry, THREE.ShaderMaterial>;
  private strength = 0;

  constructor(light: Light) {
    const g = new THREE.CylinderGeometry(1, 1, 40, 48, 1, true).rotateX(Math.PI / 2);
    this.mesh = new THREE.Mesh(g, new THREE.ShaderMaterial({
      side: THREE.BackSide, transparent: true, depthWrite: false, depthTest: false, blending: THREE.AdditiveBlending,
      uniforms: { uTime: light.uniforms.uTime, uPower: { value: 0 } },
      vertexShader: /* glsl */ `
varying vec3 vLocal;
void main() {
  vLocal = position;
  gl_Position = projectionMatrix * vec4(mat3(viewMatrix) * (mat3(modelMatrix) * position), 1.0);
  gl_Position.z = gl_Position.w * 0.5;
}`,
      fragmentShader: /* glsl */ `
${NOISE}
uniform float uTime, uPower;
varying vec3 vLocal;
void main() {
  float a = atan(vLocal.y, vLocal.x) / 6.2831853, z = vLocal.z;
  float lane = floor(a * 220.0);
  float own = hash3(vec3(lane, 3.0, 1.0));
  float run = fract(z * 0.045 * (0.4 + own) - uTime * (0.9 + 1.6 * own) + own * 9.0);
  float streak = pow(run, 9.0) * step(0.45, own) * smoothstep(0.0, 0.2, fract(a * 220.0)) * smoothstep(1.0, 0.8, fract(a * 220.0));
  float mist = noise3(vec3(cos(a * 6.2831853) * 2.0, sin(a * 6.2831853) * 2.0, z * 0.32 - uTime * 3.0));
  float deep = smoothstep(20.0, 2.0, abs(z));
  vec3 c = mix(vec3(0.25, 0.5, 1.0), vec3(1.0, 0.95, 0.9), own * own) * streak * 2.4 + vec3(0.08, 0.16, 0.42) * mist * mist * deep;
  gl_FragColor = vec4((c * (1.0 - 0.4 * deep) + vec3(0.5, 0.7, 1.0) * pow(abs(z) / 20.0, 10.0) * 0.7) * uPower, 1.0);
  ${OUTPUT}
}`,
    }));
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 30;
    this.mesh.visible = false;
  }

  update(on: boolean, forward: THREE.Vector3, seconds: number, calm: boolean): void {
    this.strength += ((on ? (calm ? 0.25 : 1) : 0) - this.strength) * (1 - Math.exp(-seconds * 3));
    this.mesh.visible = this.strength > 0.01;
    this.mesh.material.uniforms['uPower']!.value = this.strength;
    this.mesh.quaternion.setFromUnitVectors(new THREE.Vector3(0, 0, 1), forward);
  }
}
