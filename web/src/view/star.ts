/** The system's star: a boiling disc and a corona of rays, coloured as a black body. */
import * as THREE from 'three';
import type { Light } from './light.ts';
import { BLACKBODY, NOISE, OUTPUT } from './glsl.ts';

const CORONA = 11; // corona's reach in star radii

export class Star {
  readonly group = new THREE.Group();
  private readonly disc: THREE.Mesh<THREE.SphereGeometry, THREE.ShaderMaterial>;
  private readonly corona: THREE.Mesh<THREE.PlaneGeometry, THREE.ShaderMaterial>;

  constructor(light: Light, fine: boolean) {
    const uniforms = { uTime: light.uniforms.uTime, uKelvin: { value: 5800 } };
    const defines = fine ? { FINE: '' } : {};
    this.disc = new THREE.Mesh(new THREE.SphereGeometry(1, 40, 24), new THREE.ShaderMaterial({
      uniforms, defines,
      vertexShader: /* glsl */ `
varying vec3 vLocal, vNormal_, vView;
void main() {
  vec4 world = modelMatrix * vec4(position, 1.0);
  vLocal = position;
  vNormal_ = mat3(modelMatrix) * normal;
  vView = cameraPosition - world.xyz;
  gl_Position = projectionMatrix * viewMatrix * world;
}`,
      fragmentShader: /* glsl */ `
${NOISE}${BLACKBODY}
uniform float uTime, uKelvin;
varying vec3 vLocal, vNormal_, vView;
void main() {
  vec3 p = normalize(vLocal);
  float edge = max(dot(normalize(vNormal_), normalize(vView)), 0.0);
#ifdef FINE
  float boil = fractal(p * 8.0 + fractal(p * 5.0 - uTime * 0.03, 3) * 1.8 + vec3(0.0, uTime * 0.04, 0.0), 5);
  float spot = smoothstep(0.58, 0.72, fractal(p * 2.7 + 5.0, 4));
#else
  float boil = 0.5 + 0.3 * noise3(p * 9.0 + uTime * 0.05), spot = 0.0;
#endif
  float limb = 0.4 + 0.6 * pow(edge, 0.5);
  vec3 c = blackbody(uKelvin * (0.82 + 0.3 * boil) * (1.0 - 0.25 * spot)) * limb * (1.9 + 3.4 * boil);
  gl_FragColor = vec4(c, 1.0);
  ${OUTPUT}
}`,
    }));
    this.corona = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), new THREE.ShaderMaterial({
      uniforms, defines, transparent: true, depthWrite: false, blending: THREE.AdditiveBlending,
      vertexShader: /* glsl */ `
varying vec2 vAt;
void main() {
  vAt = position.xy;
  vec4 centre = viewMatrix * modelMatrix * vec4(0.0, 0.0, 0.0, 1.0);
  centre.xy += position.xy * length(modelMatrix[0].xyz);
  gl_Position = projectionMatrix * centre;
}`,
      fragmentShader: /* glsl */ `
${NOISE}${BLACKBODY}
uniform float uTime, uKelvin;
varying vec2 vAt;
void main() {
  float r = length(vAt);
  if (r > 1.0) discard;
  float out_ = max(r - ${(1 / CORONA).toFixed(4)}, 0.0);
#ifdef FINE
  float a = atan(vAt.y, vAt.x);
  float ray = fractal(vec3(cos(a) * 3.2, sin(a) * 3.2, uTime * 0.05), 4);
#else
  float ray = 0.5;
#endif
  float halo = exp(-out_ * (13.0 - 4.0 * ray)) * 0.36 + exp(-out_ * 55.0) * 1.0 + exp(-r * 3.6) * 0.055;
  halo *= smoothstep(1.0, 0.3, r);
  vec3 c = mix(blackbody(uKelvin), blackbody(uKelvin * 0.66), smoothstep(0.0, 0.5, r)) * halo;
  gl_FragColor = vec4(c, 1.0);
  ${OUTPUT}
}`,
    }));
    this.corona.frustumCulled = false;
    this.corona.scale.setScalar(CORONA);
    this.corona.renderOrder = -8;
    this.disc.renderOrder = -9;
    this.group.add(this.disc, this.corona);
  }

  /** `direction` is a unit vector; the disc is drawn at `distance` with the given angular radius. */
  place(direction: THREE.Vector3, distance: number, angularRadius: number, kelvin: number): void {
    this.group.position.copy(direction).multiplyScalar(distance);
    this.group.scale.setScalar(distance * Math.tan(angularRadius));
    this.disc.material.uniforms['uKelvin']!.value = kelvin;
    this.corona.material.uniforms['uKelvin']!.value = kelvin;
  }
}
