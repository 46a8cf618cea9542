/** Which level a machine gets, and how frame times change the resolution. Knows no drawing. */
export type Quality = 'low' | 'medium' | 'high';

/** True if the name of the renderer says that a processor draws, not a graphics card. */
export function isSoftware(rendererName: string): boolean {
  return /swiftshader|llvmpipe|software|softpipe|basic render/i.test(rendererName);
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
