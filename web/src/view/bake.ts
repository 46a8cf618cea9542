/**
 * Draws costly textures a strip at a time, one strip a frame, so that a slow machine never stops.
 * A job draws one full-screen material into a target; strips are cut by scissor.
 */
import * as THREE from 'three';

interface Job {
  readonly material: THREE.ShaderMaterial;
  readonly target: THREE.WebGLRenderTarget;
  readonly face: number;
  readonly strips: number;
  readonly done: (() => void) | undefined;
  next: number;
}

export class BakeQueue {
  private readonly jobs: Job[] = [];
  private readonly quad: THREE.Mesh<THREE.PlaneGeometry, THREE.Material>;
  private readonly scene = new THREE.Scene();
  private readonly camera = new THREE.Camera();

  constructor(private readonly renderer: THREE.WebGLRenderer) {
    this.quad = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), new THREE.MeshBasicMaterial());
    this.quad.frustumCulled = false;
    this.scene.add(this.quad);
  }

  get busy(): boolean {
    return this.jobs.length > 0;
  }

  add(material: THREE.ShaderMaterial, target: THREE.WebGLRenderTarget, face: number, strips: number, done?: () => void): void {
    this.jobs.push({ material, target, face, strips, done, next: 0 });
  }

  /** Draws the next strip, if any. Call before the frame is drawn. */
  step(): void {
    const job = this.jobs[0];
    if (!job) return;
    const r = this.renderer;
    const height = job.target.height / job.strips;
    const auto = r.autoClear;
    r.autoClear = false;
    this.quad.material = job.material;
    job.target.scissorTest = job.strips > 1;
    job.target.scissor.set(0, Math.floor(height * job.next), job.target.width, Math.ceil(height));
    r.setRenderTarget(job.target, job.face);
    r.render(this.scene, this.camera);
    r.setRenderTarget(null);
    r.autoClear = auto;
    if (++job.next < job.strips) return;
    this.jobs.shift();
    job.material.dispose();
    job.done?.();
  }
}
