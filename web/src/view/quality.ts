/**
 * Three levels of looks and how to choose one. A machine that draws in software gets low; whoever is
 * slow at a higher level is moved down by measured frame time, and low lowers its resolution instead.
 */
import type * as THREE from 'three';

export type Quality = 'low' | 'medium' | 'high';

export interface Looks {
  readonly quality: Quality;
  readonly fine: boolean; // seams, grain, boiling star
  readonly bloom: boolean;
  readonly antialias: boolean;
  readonly pixelRatioMax: number;
  readonly skySize: number;
  readonly starCount: number;
  readonly planetWidth: number;
  readonly rockCount: number;
  readonly dustCount: number;
}

export const LOOKS: Record<Quality, Looks> = {
  low: { quality: 'low', fine: false, bloom: false, antialias: false, pixelRatioMax: 0.6, skySize: 256, starCount: 2500, planetWidth: 1024, rockCount: 70, dustCount: 60 },
  medium: { quality: 'medium', fine: true, bloom: false, antialias: true, pixelRatioMax: 1, skySize: 512, starCount: 6000, planetWidth: 2048, rockCount: 160, dustCount: 140 },
  high: { quality: 'high', fine: true, bloom: true, antialias: true, pixelRatioMax: 2, skySize: 1024, starCount: 12000, planetWidth: 2048, rockCount: 260, dustCount: 200 },
};

/** True if the name of the renderer says that a processor draws, not a graphics card. */
export function isSoftware(rendererName: string): boolean {
  return /swiftshader|llvmpipe|software|softpipe|basic render/i.test(rendererName);
}

export function rendererName(gl: WebGLRenderingContext | WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

export function qualityFor(renderer: string): Quality {
  return isSoftware(renderer) ? 'low' : 'high';
}

export interface Advice {
  readonly scale: number;
  readonly lower: boolean;
}

/** Watches frame times and answers every two seconds with a resolution scale, or that the level is too high. */
export class Pace {
  private spent = 0;
  private frames = 0;
  private slow = 0;
  scale = 1;
  fps = 60;

  constructor(private readonly goalFps: number, private readonly scaleMin: number) {}

  frame(ms: number): Advice | undefined {
    if (ms > 1500) return undefined; // hidden tab or a one-off stall says nothing
    this.spent += ms;
    this.frames++;
    if (this.spent < 2000) return undefined;
    this.fps = (this.frames * 1000) / this.spent;
    this.spent = this.frames = 0;
    if (this.fps < this.goalFps * 0.85) {
      const before = this.scale;
      this.scale = Math.max(this.scaleMin, this.scale * 0.85);
      this.slow = before === this.scale ? this.slow + 1 : 0;
    } else if (this.fps > this.goalFps * 1.35 && this.scale < 1) {
      this.scale = Math.min(1, this.scale * 1.08);
      this.slow = 0;
    } else {
      this.slow = 0;
    }
    return { scale: this.scale, lower: this.slow >= 2 };
  }
}

export function applyScale(renderer: THREE.WebGLRenderer, looks: Looks, scale: number): number {
  const ratio = Math.max(0.3, Math.min(window.devicePixelRatio || 1, 1) * looks.pixelRatioMax * scale);
  const native = looks.quality === 'high' ? Math.min(window.devicePixelRatio || 1, looks.pixelRatioMax) * scale : ratio;
  renderer.setPixelRatio(native);
  return native;
}
