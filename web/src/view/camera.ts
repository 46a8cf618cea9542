/**
 * A place's plane is z = 0, so a free camera has +z up; a ship's own axes are +z ahead, +y up.
 * The camera looks at a focus from behind and above. Chase follows the ship's nose softly; free keeps
 * its own direction. Drag turns, wheel and +/− zoom; both settle smoothly unless motion is reduced.
 */
import * as THREE from 'three';

/** Turns +y up into +z up. */
const FLAT = new THREE.Quaternion().setFromAxisAngle(new THREE.Vector3(1, 0, 0), Math.PI / 2);

export class ChaseCamera {
  readonly camera = new THREE.PerspectiveCamera(52, 16 / 9, 1, 800_000);
  chase = true;
  calm = false;
  /** Metres from the focus. */
  distance = 90;
  private distanceNow = 90;
  private yaw = 0;
  private pitch = 0.16;
  private readonly follow = new THREE.Quaternion();
  private readonly wanted = new THREE.Quaternion();
  private readonly turn = new THREE.Quaternion();
  private readonly euler = new THREE.Euler(0, 0, 0, 'YXZ');
  private shake = 0;

  drag(dx: number, dy: number): void {
    this.yaw -= dx * 0.005;
    this.pitch = Math.min(1.5, Math.max(-1.5, this.pitch + dy * 0.005));
  }

  zoom(steps: number, min: number, max: number): void {
    this.distance = Math.min(max, Math.max(min, this.distance * 1.16 ** steps));
  }

  /** Looks along the nose again. */
  centre(): void {
    this.yaw = 0;
    this.pitch = 0.16;
  }

  /** Chase from the side that shows `direction` off the middle; the offset stays until the helm is taken. */
  lookToward(direction: THREE.Vector3, attitude: THREE.Quaternion, yawOff: number, pitchOff: number): void {
    const d = direction.clone().applyQuaternion(attitude.clone().invert());
    this.yaw = Math.atan2(d.x, d.z) + yawOff;
    this.pitch = Math.max(-0.5, Math.min(0.5, pitchOff - Math.asin(Math.min(1, Math.max(-1, d.y)))));
    this.snap(attitude);
  }

  /** Free view from a given side; `direction` is where the camera looks. */
  face(direction: THREE.Vector3, yawOff: number, pitchOff: number): void {
    const d = direction.clone().applyQuaternion(FLAT.clone().invert());
    this.yaw = Math.atan2(d.x, d.z) + yawOff;
    this.pitch = pitchOff - Math.asin(Math.min(1, Math.max(-1, d.y)));
    this.follow.copy(FLAT);
    this.distanceNow = this.distance;
  }

  bump(strength: number): void {
    if (!this.calm) this.shake = Math.min(1, this.shake + strength);
  }

  snap(attitude: THREE.Quaternion): void {
    this.follow.copy(attitude);
    this.distanceNow = this.distance;
  }

  update(attitude: THREE.Quaternion | null, lift: number, seconds: number): void {
    if (this.chase && attitude) this.wanted.copy(attitude);
    else this.wanted.copy(FLAT);
    this.follow.slerp(this.wanted, 1 - Math.exp(-seconds * (this.calm ? 20 : 4.5)));
    this.distanceNow += (this.distance - this.distanceNow) * (1 - Math.exp(-seconds * 9));
    this.turn.setFromEuler(this.euler.set(this.pitch, this.yaw, 0));
    const q = this.turn.premultiply(this.follow);
    // The camera looks along −Z; the ship's nose is +Z.
    const back = new THREE.Vector3(0, 0, -1).applyQuaternion(q);
    const up = new THREE.Vector3(0, 1, 0).applyQuaternion(q);
    const c = this.camera;
    c.position.copy(back).multiplyScalar(this.distanceNow).addScaledVector(up, lift);
    c.up.copy(up);
    c.lookAt(up.multiplyScalar(lift));
    if (this.shake > 0.001) {
      const t = performance.now() * 0.05;
      c.rotateX(Math.sin(t * 1.3) * this.shake * 0.012);
      c.rotateY(Math.cos(t * 1.7) * this.shake * 0.012);
      this.shake *= Math.exp(-seconds * 5);
    }
    c.near = Math.max(0.4, this.distanceNow * 0.02);
    c.updateProjectionMatrix();
    c.updateMatrixWorld();
  }
}
