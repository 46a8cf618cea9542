/**
 * The window into the world. Each frame: bake a strip, pose everything around the focus (one's own ship,
 * or what a spectator looks at), draw the far backdrop, then the near scene, then marks on top.
 */
import * as THREE from 'three';
import { EffectComposer } from 'three/examples/jsm/postprocessing/EffectComposer.js';
import { OutputPass } from 'three/examples/jsm/postprocessing/OutputPass.js';
import { RenderPass } from 'three/examples/jsm/postprocessing/RenderPass.js';
import { UnrealBloomPass } from 'three/examples/jsm/postprocessing/UnrealBloomPass.js';
import type { Effect, Place, Ship, Vec3 } from '../state/model.ts';
import { Backdrop } from './backdrop.ts';
import { BakeQueue } from './bake.ts';
import { ChaseCamera } from './camera.ts';
import { Effects } from './effects.ts';
import { BeamField, GlowField, ShieldField } from './fields.ts';
import { Fleet } from './fleet.ts';
import { chooseOutput } from './glsl.ts';
import { Light } from './light.ts';
import { Overlay, type Marked } from './overlay.ts';
import { applyScale, LOOKS, Pace, qualityFor, rendererName, type Looks, type Quality } from './quality.ts';
import { Surroundings } from './surroundings.ts';
import { Tunnel } from './tunnel.ts';

export interface ViewInput {
  readonly ships: ReadonlyMap<number, Ship>;
  readonly selfSlot: number;
  readonly docked: boolean;
  readonly targetSlot: number;
  readonly targetPlace: number;
  readonly jumping: boolean;
  readonly spectating: boolean;
}

export class View {
  readonly camera = new ChaseCamera();
  readonly renderer: THREE.WebGLRenderer;
  readonly looks: Looks;
  readonly rendererName: string;
  readonly software: boolean;
  readonly overlay: Overlay;
  calm = false;
  showMarks = true;
  fps = 0;
  frames = 0;
  onTooSlow: (() => void) | undefined;
  private readonly light = new Light();
  private readonly bakes: BakeQueue;
  private readonly backdrop: Backdrop;
  private readonly backCamera = new THREE.PerspectiveCamera(52, 1, 1, 8000);
  private readonly scene = new THREE.Scene();
  private readonly fleet: Fleet;
  private readonly around: Surroundings;
  private readonly glow = new GlowField(1600);
  private readonly beams: BeamField;
  private readonly shields = new ShieldField(32);
  private readonly effects = new Effects();
  private readonly tunnel: Tunnel;
  private readonly composer: EffectComposer | undefined;
  private readonly bloom: UnrealBloomPass | undefined;
  private readonly pace: Pace;
  private place: Place | null = null;
  private framed = false;
  private mode = '';
  private offset = 0;
  private jumped = false;
  private origin: Vec3 = [0, 0, 0];
  private last = 0;
  private width = 1;
  private height = 1;
  private readonly forward = new THREE.Vector3(0, 0, 1);

  constructor(private readonly canvas: HTMLCanvasElement, marks: HTMLElement, wanted: Quality | 'auto') {
    const probe = document.createElement('canvas').getContext('webgl2');
    if (!probe) throw new Error('This browser cannot draw in 3D (no WebGL 2). Turn on hardware acceleration, or try another browser.');
    this.rendererName = rendererName(probe);
    probe.getExtension('WEBGL_lose_context')?.loseContext();
    const best = qualityFor(this.rendererName);
    this.software = best === 'low';
    this.looks = LOOKS[wanted === 'auto' ? best : wanted];
    const looks = this.looks;
    chooseOutput(looks.quality === 'low');
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: looks.antialias && !looks.bloom, powerPreference: 'high-performance', alpha: false, stencil: false });
    this.renderer.debug.checkShaderErrors = import.meta.env.DEV;
    this.renderer.toneMapping = THREE.ACESFilmicToneMapping;
    this.renderer.toneMappingExposure = 1.05;
    this.renderer.autoClear = false;
    this.overlay = new Overlay(marks);
    this.bakes = new BakeQueue(this.renderer);
    this.backdrop = new Backdrop(this.bakes, this.light, looks);
    this.fleet = new Fleet(this.light, looks.fine);
    this.around = new Surroundings(this.light, looks);
    this.beams = new BeamField(2600, this.light);
    this.tunnel = new Tunnel(this.light);
    this.scene.add(this.fleet.group, this.around.group, this.glow.mesh, this.beams.mesh, this.shields.mesh, this.tunnel.mesh);
    this.pace = looks.quality === 'low' ? new Pace(13, 0.6) : new Pace(45, 0.6);
    if (looks.bloom) {
      const target = new THREE.WebGLRenderTarget(4, 4, { type: THREE.HalfFloatType, samples: 4 });
      this.composer = new EffectComposer(this.renderer, target);
      const far = new RenderPass(this.backdrop.scene, this.backCamera);
      const near = new RenderPass(this.scene, this.camera.camera);
      near.clear = false;
      near.clearDepth = true;
      this.bloom = new UnrealBloomPass(new THREE.Vector2(256, 256), 0.26, 0.55, 1.0);
      this.composer.addPass(far);
      this.composer.addPass(near);
      this.composer.addPass(this.bloom);
      this.composer.addPass(new OutputPass());
    }
    this.resize();
  }

  resize(): void {
    this.width = Math.max(1, window.innerWidth);
    this.height = Math.max(1, window.innerHeight);
    const ratio = applyScale(this.renderer, this.looks, this.pace.scale);
    this.renderer.setSize(this.width, this.height, false);
    this.composer?.setPixelRatio(ratio);
    this.composer?.setSize(this.width, this.height);
    this.bloom?.setSize(this.width * ratio * 0.5, this.height * ratio * 0.5);
    this.offset = 0;
    for (const c of [this.backCamera, this.camera.camera]) {
      c.clearViewOffset();
      c.aspect = this.width / this.height;
      c.fov = this.width < this.height ? 70 : 52;
      c.updateProjectionMatrix();
    }
    this.backdrop.sky.setPixels(ratio, this.height);
  }

  setPlace(place: Place): void {
    if (this.place === place) return;
    const moved = this.place?.place !== place.place || this.place.system !== place.system;
    this.place = place;
    this.backdrop.show(place);
    if (!moved) return;
    this.around.show(place);
    this.effects.clear();
    this.framed = false;
  }

  effect(e: Effect): void {
    this.effects.add(e, performance.now() / 1000);
  }

  /** Turns the camera so that the greatest planet stands to the right; without one, the star to the left. */
  private compose(own: Ship | undefined): void {
    this.framed = true;
    const b = this.backdrop;
    if (own?.cruising) {
      this.camera.snap(new THREE.Quaternion(...own.attitude));
      this.camera.centre();
      return;
    }
    if (own && this.camera.chase) {
      const q = new THREE.Quaternion(...own.attitude);
      if (b.hasPlanet) this.camera.lookToward(b.planetDir, q, 0.36, 0.1);
      else this.camera.lookToward(b.starDir, q, -0.4, 0.12);
      return;
    }
    if (b.hasPlanet) {
      this.camera.face(b.planetDir, 0.42, 0.05);
    } else {
      this.camera.face(b.starDir, -0.38, 0.1);
    }
  }

  draw(input: ViewInput, now: number): void {
    const ms = this.last ? now - this.last : 16;
    this.last = now;
    const seconds = Math.min(0.1, ms / 1000);
    this.light.uniforms.uTime.value = (now / 1000) % 3600;
    const advice = this.bakes.busy ? undefined : this.pace.frame(ms);
    if (advice) {
      this.fps = this.pace.fps;
      this.resize();
      if (advice.lower && this.looks.quality !== 'low') this.onTooSlow?.();
    }
    this.bakes.step();
    const own = input.docked ? undefined : input.ships.get(input.selfSlot);
    const cam = this.camera;
    cam.calm = this.calm;
    const mode = own ? `${own.cruising ? 'cruise' : 'ship'} ${own.hull}` : input.spectating ? 'watch' : 'docked';
    if (mode !== this.mode) {
      this.mode = mode;
      cam.distance = own ? own.radius * 5.2 : input.spectating ? 3300 : 2300;
      this.framed = false;
    }
    if (!this.framed && this.place) this.compose(own);
    this.origin = own ? [...own.position] : [0, 0, 0];
    this.glow.begin();
    this.beams.begin();
    this.shields.begin();
    const pixelsHigh = this.renderer.getDrawingBufferSize(new THREE.Vector2()).y;
    this.fleet.update(input.ships, now / 1000, this.origin, cam.camera, pixelsHigh, this.glow, this.beams);
    const focus = own ? this.fleet.drawn.get(own.slot) : undefined;
    if (!own && !this.calm) cam.drag(seconds * 3, 0);
    cam.update(focus?.attitude ?? null, focus ? focus.radius * 0.9 : 0, seconds);
    if (input.jumping && !this.jumped) cam.centre(); // into the tunnel, nose first
    this.jumped = input.jumping;
    const offset = input.spectating ? Math.round(this.width * 0.17) : 0;
    if (offset !== this.offset) {
      this.offset = offset;
      for (const c of [cam.camera, this.backCamera]) c.setViewOffset(this.width, this.height, offset, 0, this.width, this.height);
    }
    const velocity: Vec3 = own ? own.velocity : [0, 0, 0];
    if (own && Math.hypot(...velocity) > 1) this.forward.set(...velocity).normalize();
    else if (focus) this.forward.set(0, 0, 1).applyQuaternion(focus.attitude);
    this.around.update(this.origin, velocity, cam.camera, own?.cruising ?? false, this.calm, seconds, this.glow, this.beams);
    const scene = {
      glow: this.glow, beams: this.beams, shields: this.shields, origin: this.origin, calm: this.calm,
      pose: (slot: number) => this.fleet.drawn.get(slot),
      bump: (s: number) => cam.bump(s),
      isSelf: (slot: number) => slot === input.selfSlot,
    };
    this.effects.draw(scene, now / 1000);
    this.tunnel.update(input.jumping, this.forward, Math.min(1, ms / 1000), this.calm);
    this.glow.end();
    this.beams.end();
    this.shields.end();
    this.backCamera.quaternion.copy(cam.camera.quaternion);
    this.backCamera.updateMatrixWorld();
    if (this.composer) {
      this.composer.render();
    } else {
      this.renderer.clear();
      this.renderer.render(this.backdrop.scene, this.backCamera);
      this.renderer.clearDepth();
      this.renderer.render(this.scene, cam.camera);
    }
    this.marks(input, own);
    this.frames++;
  }

  private marks(input: ViewInput, own: Ship | undefined): void {
    const shown = this.showMarks && !input.spectating && !input.jumping;
    this.overlay.show(shown);
    if (!shown) return;
    this.overlay.begin();
    if (!this.place) return;
    const cam = this.camera.camera;
    const list = [];
    for (const ship of input.ships.values()) {
      const d = this.fleet.drawn.get(ship.slot);
      if (d) list.push({ ship, at: d.at, away: Math.hypot(...d.at) });
    }
    list.sort((a, b) => b.away - a.away);
    this.overlay.bodies(this.place, cam, this.width, this.height, input.targetPlace);
    this.overlay.ships(list.slice(-60), cam, this.width, this.height, input.selfSlot, input.targetSlot);
    const self = own && this.fleet.drawn.get(own.slot);
    if (self) {
      const f = new THREE.Vector3(0, 0, 1).applyQuaternion(self.attitude).multiplyScalar(4000);
      this.overlay.nose([f.x, f.y, f.z], cam, this.width, this.height);
    }
    this.overlay.end();
  }

  pick(x: number, y: number): Marked | undefined {
    const box = this.canvas.getBoundingClientRect();
    return this.overlay.pick(x - box.left, y - box.top);
  }

  dispose(): void {
    this.composer?.dispose();
    this.renderer.dispose();
  }
}
