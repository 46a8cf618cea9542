/** What the player chose, kept in this browser. Unknown or broken stored values fall back one by one. */
import { effect, signal } from '@preact/signals';

export interface Settings {
  quality: 'auto' | 'low' | 'medium' | 'high';
  volume: number;
  muted: boolean;
  calm: boolean;
  palette: 'standard' | 'deutan' | 'tritan';
  chase: boolean;
  marks: boolean;
  keys: Record<string, string>;
}

const STORE = 'infinity.settings';
const defaults = (): Settings => ({
  quality: 'auto', volume: 0.5, muted: false,
  calm: typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches,
  palette: 'standard', chase: true, marks: true, keys: {},
});

/** Takes from `stored` what has the right type and range. */
export function readSettings(stored: unknown, base: Settings): Settings {
  const out = { ...base };
  if (typeof stored !== 'object' || stored === null) return out;
  const s = stored as Record<string, unknown>;
  if (s['quality'] === 'low' || s['quality'] === 'medium' || s['quality'] === 'high' || s['quality'] === 'auto') out.quality = s['quality'];
  if (typeof s['volume'] === 'number' && s['volume'] >= 0 && s['volume'] <= 1) out.volume = s['volume'];
  for (const k of ['muted', 'calm', 'chase', 'marks'] as const) if (typeof s[k] === 'boolean') out[k] = s[k];
  if (s['palette'] === 'standard' || s['palette'] === 'deutan' || s['palette'] === 'tritan') out.palette = s['palette'];
  if (typeof s['keys'] === 'object' && s['keys'] !== null) {
    out.keys = {};
    for (const [k, v] of Object.entries(s['keys'])) if (typeof v === 'string' && v.length < 24) out.keys[k] = v;
  }
  return out;
}

function load(): Settings {
  try {
    return readSettings(JSON.parse(localStorage.getItem(STORE) ?? 'null'), defaults());
  } catch {
    return defaults();
  }
}

export const settings = signal<Settings>(load());

export function change(part: Partial<Settings>): void {
  settings.value = { ...settings.value, ...part };
}

/** Writes every change to the browser's store; a store that is full or forbidden is simply not used. */
export function keepSettings(): void {
  effect(() => {
    const text = JSON.stringify(settings.value);
    try {
      localStorage.setItem(STORE, text);
    } catch { /* private window: settings last as long as the page */ }
  });
}
