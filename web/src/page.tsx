/** Puts scene, panels, keys and sound together; `main` binds them to the server. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { listen } from './input/keys.ts';
import { App } from './panels/app.tsx';
import { SoundDesk } from './sound/sound.ts';
import { followHash } from './state/souls.ts';
import { keepSettings, settings } from './state/settings.ts';
import { fps, jumping, machine, onEffect, openPanels, place, self, ships, shipsVersion, signedIn, target, toast } from './state/store.ts';
import { View } from './view/view.ts';
import './style.css';

export interface Page {
  readonly view: View;
  readonly sound: SoundDesk;
}

function fatal(text: string): void {
  const box = document.createElement('div');
  box.className = 'fatal';
  box.textContent = text;
  document.body.append(box);
}

/** @param before called each frame before the scene is drawn, with the frame's time */
export function startPage(before: (nowMs: number) => void): Page | null {
  const canvas = document.getElementById('view') as HTMLCanvasElement, marks = document.getElementById('marks')!;
  const wantedQuality = settings.value.quality;
  let view: View;
  try {
    view = new View(canvas, marks, wantedQuality);
  } catch (error) {
    fatal(error instanceof Error ? error.message : String(error));
    return null;
  }
  const sound = new SoundDesk();
  machine.value = { renderer: view.rendererName, quality: view.looks.quality };
  keepSettings();
  render(<App />, document.getElementById('panels')!);
  listen(view, canvas);
  followHash();
  for (const kind of ['pointerdown', 'keydown'] as const) window.addEventListener(kind, () => sound.wake(), { passive: true });
  window.addEventListener('resize', () => view.resize());
  effect(() => {
    const s = settings.value;
    sound.set(s.volume, s.muted);
    view.calm = s.calm;
    view.showMarks = s.marks;
    document.documentElement.className = `palette-${s.palette}`;
    if (s.quality !== wantedQuality) location.reload();
  });
  effect(() => { if (place.value) view.setPlace(place.value); });
  view.onTooSlow = () => {
    view.onTooSlow = undefined;
    toast('This machine is slow at these looks: choose a lower level in Settings.', 'info');
  };
  onEffect((e) => {
    view.effect(e);
    const near = (at: readonly number[]) => {
      const own = ships.get(self.value?.slot ?? -1)?.position ?? [0, 0, 0];
      return Math.min(1, 900 / (1 + Math.hypot(at[0]! - own[0], at[1]! - own[1], at[2]! - own[2])));
    };
    if (e.kind === 'laser') {
      const from = ships.get(e.from);
      if (from) sound.play('laser', Math.max(0.05, near(from.position)));
      if (e.hit && e.to === self.value?.slot) sound.play('hit', 0.8);
    } else if (e.kind === 'explosion') sound.play('explosion', Math.max(0.1, near(e.at)));
    else if (e.kind === 'mining' && e.from === self.value?.slot) sound.play('mine');
    else if (e.kind === 'jump') sound.play('jump');
    else if (e.kind === 'sound') sound.play(e.name);
  });
  let shown = 0, counted = 0, skipped = 0;
  const frame = (now: number) => {
    requestAnimationFrame(frame);
    before(now);
    const s = self.value, t = target.value;
    const own = ships.get(s?.slot ?? -1);
    const over = openPanels.value.has('map') || (openPanels.value.has('soul') && innerWidth <= 1400);
    const covered = over && ++skipped % 8 !== 0; // a page lies over the scene: spare the machine
    if (!covered) view.draw({
      ships, selfSlot: s?.slot ?? -1, docked: s?.docked ?? false, targetSlot: t?.kind === 'ship' ? t.slot : -1,
      targetPlace: t?.kind === 'body' ? t.place : -1, jumping: jumping.value, spectating: !signedIn.value,
    }, now);
    sound.setEngine(own && !s?.docked ? own.thrust : 0, own?.cruising ?? false);
    if (now - shown > 250) {
      shown = now;
      shipsVersion.value++;
      if (++counted % 8 === 0) fps.value = view.fps;
    }
  };
  requestAnimationFrame(frame);
  return { view, sound };
}
