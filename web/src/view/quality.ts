/**
 * Three levels of looks and how to choose one. A machine that draws in software gets low; whoever is
 * slow at a higher level is moved down by measured frame time, and low lowers its resolution instead.
 */
import type * as THREE from 'three';

import type { Quality } from './pace.ts';

export { Pace, qualityFor, type Quality } from './pace.ts';

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
  low: { quality: 'low', fine: false, bloom: false, antialias: false, pixelRatioMax: 0.7, skySize: 256, starCount: 2500, planetWidth: 1024, rockCount: 70, dustCount: 60 },
  medium: { quality: 'medium', fine: true, bloom: false, antialias: true, pixelRatioMax: 1, skySize: 512, starCount: 6000, planetWidth: 2048, rockCount: 160, dustCount: 140 },
  high: { quality: 'high', fine: true, bloom: true, antialias: true, pixelRatioMax: 2, skySize: 1024, starCount: 12000, planetWidth: 2048, rockCount: 260, dustCount: 200 },
};

export function rendererName(gl: WebGLRenderingContext | WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

export function applyScale(renderer: THREE.WebGLRenderer, looks: Looks, scale: number): number {
  const ratio = Math.max(0.3, Math.min(window.devicePixelRatio || 1, 1) * looks.pixelRatioMax * scale);
  const native = looks.quality === 'high' ? Math.min(window.devicePixelRatio || 1, looks.pixelRatioMax) * scale : ratio;
  renderer.setPixelRatio(native);
  return native;
}
