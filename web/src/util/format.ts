/** Words and numbers as people read them: `1,234 ₡`, `3 min 20 s`, `9.8 km`, `4.2 ly`. */

export function number(value: number): string {
  const whole = Math.trunc(value);
  const text = Math.abs(whole).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return whole < 0 ? `−${text}` : text;
}

export function credits(value: number): string {
  return `${number(value)} ₡`;
}

/** Metres, as `640 m`, `9.8 km`, `12,400 km`, `1.32 au`. */
export function distance(metres: number): string {
  const m = Math.abs(metres);
  if (m < 1000) return `${Math.round(m)} m`;
  if (m < 99_950) return `${(m / 1000).toFixed(1)} km`;
  if (m < 15e9) return `${number(Math.round(m / 1000))} km`;
  return `${(m / 149_597_870_700).toFixed(2)} au`;
}

export function lightYears(ly: number): string {
  return `${ly < 100 ? ly.toFixed(1) : number(Math.round(ly))} ly`;
}

/** Seconds, as `12 s`, `3 min 20 s`, `2 h 05 min`, `4 d 3 h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'for ever';
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

export function speed(metresPerSecond: number): string {
  return metresPerSecond < 1000 ? `${Math.round(metresPerSecond)} m/s` : `${(metresPerSecond / 1000).toFixed(1)} km/s`;
}

export function percent(share: number): string {
  return `${Math.round(Math.min(1, Math.max(0, share)) * 100)} %`;
}

/** With a capital at the start and a full stop at the end. */
export function sentence(text: string): string {
  const t = text.trim();
  return t === '' ? '' : t[0]!.toUpperCase() + t.slice(1) + (/[.!?]$/.test(t) ? '' : '.');
}
