/**
 * A portrait from DNA: the sixteen traits shape face, hair and colour, so that copies of a soul look like each other;
 * the key draws the sigil on the brow and the sky behind it, which tell them apart.
 * Pure and deterministic: the same traits and key give the same shapes, everywhere. Drawn as plain SVG shapes in a
 * square from −60 to 60; colours are written into the shapes, so no style sheet is needed.
 *
 *   traits   0…255 each, in the order of the core's table
 *   ring     sixteen rays around the disc: each as long as its trait is strong
 *   sigil    on the brow, mirrored, from the key
 */
import { TRAIT_WORDS } from './words.ts';

export interface Shape {
  readonly tag: 'circle' | 'ellipse' | 'path';
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface Gradient {
  readonly id: string;
  readonly radial: boolean;
  readonly stops: readonly (readonly [offset: number, colour: string, opacity: number])[];
}

export interface Portrait {
  readonly gradients: readonly Gradient[];
  readonly shapes: readonly Shape[];
  /** The colour of its light, for frames and lines about this soul. */
  readonly light: string;
  /** What the picture shows, in words. */
  readonly words: string;
}

export type Detail = 'full' | 'small';

const COURAGE = 0, GREED = 1, EMPATHY = 2, CURIOSITY = 3, PATIENCE = 5, HUMOUR = 6, FAITH = 7, AGGRESSION = 8, DILIGENCE = 10, SOCIABILITY = 12, RESILIENCE = 13, ORDER = 14, WANDERLUST = 15;

/** 32 bits of a text (FNV-1a, then mixed). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

/** Numbers in 0…1, a stream per seed (mulberry32). */
export function stream(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const n = (v: number) => Math.round(v * 100) / 100;
const hsl = (h: number, s: number, l: number) => `hsl(${Math.round(((h % 360) + 360) % 360)},${Math.round(s)}%,${Math.round(l)}%)`;

/** Blue when calm, violet, then the reds of those who dare and strike. */
export function hueOf(t: (i: number) => number, drawn: number): number {
  const heat = 0.38 * t(AGGRESSION) + 0.32 * t(COURAGE) + 0.16 * t(GREED) + 0.14 * (1 - t(PATIENCE));
  const spread = Math.min(1, Math.max(0, (heat - 0.5) * 2.6 + 0.46));
  return 178 + 212 * spread + (drawn - 0.5) * 110;
}

function strongest(traits: readonly number[]): string[] {
  return traits.map((v, i) => [v, i] as const).sort((a, b) => Math.abs(b[0] - 128) - Math.abs(a[0] - 128) || a[1] - b[1]).slice(0, 3)
    .map(([v, i]) => `${v >= 128 ? 'much' : 'little'} ${TRAIT_WORDS[i] ?? 'unknown'}`);
}

export function drawPortrait(traits: readonly number[], key: string, detail: Detail = 'full'): Portrait {
  const t = (i: number) => Math.min(255, Math.max(0, traits[i] ?? 128)) / 255;
  const dna = Array.from({ length: 16 }, (_, i) => traits[i] ?? 128).join(), seed = hashText(`${key}|${dna}`);
  const r = stream(seed), f = stream(hashText(dna)); // of this one, of its kind
  const hue = hueOf(t, f()), other = hue + 110 + 110 * f(), cloud = hue + (r() < 0.5 ? -1 : 1) * (34 + 40 * r());
  const id = `p${seed.toString(36)}${detail === 'small' ? 's' : ''}`;
  const url = (name: string) => `url(#${id}${name})`;
  const light = hsl(hue, 70, 74), glow = hsl(other, 88, 74);
  const shapes: Shape[] = [];
  const add = (tag: Shape['tag'], attributes: Shape['attributes']) => { shapes.push({ tag, attributes }); };
  const stroke = (d: string, colour: string, width: number, opacity: number) => add('path', { d, fill: 'none', stroke: colour, 'stroke-width': n(width), 'stroke-linecap': 'round', opacity: n(opacity) });

  const gradients: Gradient[] = [
    { id: `${id}b`, radial: true, stops: [[0, hsl(hue, 42, 27), 1], [0.55, hsl(hue + 20, 42, 12), 1], [1, '#04070e', 1]] },
    { id: `${id}n`, radial: true, stops: [[0, hsl(cloud, 66, 50), 0.55], [1, hsl(cloud, 70, 36), 0]] },
    { id: `${id}h`, radial: false, stops: [[0, hsl(hue + 8, 34, 36), 1], [0.45, hsl(hue + 14, 34, 20), 1], [1, hsl(hue + 24, 42, 7), 1]] },
    { id: `${id}s`, radial: false, stops: [[0, hsl(hue + 14, 38, 19), 1], [1, '#03060b', 1]] },
    { id: `${id}e`, radial: true, stops: [[0, '#ffffff', 1], [0.28, glow, 0.95], [1, hsl(other, 90, 55), 0]] },
    { id: `${id}l`, radial: true, stops: [[0, hsl(hue, 90, 86), 0.9], [0.3, light, 0.35], [1, light, 0]] },
  ];

  // The sky behind it.
  add('circle', { cx: 0, cy: 0, r: 52, fill: url('b') });
  for (let i = 0; i < 3; i++) {
    const at = r() * Math.PI * 2, away = 14 + 20 * r();
    add('ellipse', { cx: n(Math.cos(at) * away), cy: n(Math.sin(at) * away * 0.8 - 8), rx: n(16 + 16 * r()), ry: n(9 + 12 * r()), fill: url('n'), opacity: n(0.35 + 0.4 * r()) });
  }
  const stars = detail === 'full' ? 22 : 6;
  for (let i = 0; i < stars; i++) {
    const at = r() * Math.PI * 2, away = 50 * Math.sqrt(0.12 + 0.88 * r());
    add('circle', { cx: n(Math.cos(at) * away), cy: n(Math.sin(at) * away), r: n(0.25 + 0.75 * r() * r()), fill: r() < 0.3 ? glow : '#e8f2ff', opacity: n(0.35 + 0.6 * r()) });
  }
  const sunAt = -Math.PI * (0.18 + 0.64 * r()), sunX = 36 * Math.cos(sunAt), sunY = 36 * Math.sin(sunAt);
  add('circle', { cx: n(sunX), cy: n(sunY), r: n(11 + 5 * t(RESILIENCE)), fill: url('l') });
  add('circle', { cx: n(sunX), cy: n(sunY), r: 1.6, fill: '#ffffff' });

  // The shape of the head.
  const wide = 18.5 + 5 * t(SOCIABILITY) + 2.5 * f(), high = 28 + 4 * t(PATIENCE), jaw = 0.5 + 0.26 * t(AGGRESSION) + 0.1 * f(), chin = 20.5 + 6 * (1 - t(EMPATHY)), brow = -high * (0.2 + 0.12 * t(FAITH));
  const angular = 0.25 + 0.5 * t(AGGRESSION), lift = 0;
  const y = (v: number) => n(v + lift);

  // Shoulders, then the neck.
  const span = 31 + 9 * t(COURAGE), drop = 30 + 3 * (1 - t(DILIGENCE));
  const bust = `M${n(-span)},52 C${n(-span)},${n(drop + 4)} ${n(-wide * 0.9)},${n(drop + 2)} ${n(-wide * 0.46)},${n(drop - 3)} L${n(-wide * 0.42)},${y(chin - 6)} L${n(wide * 0.42)},${y(chin - 6)} L${n(wide * 0.46)},${n(drop - 3)} C${n(wide * 0.9)},${n(drop + 2)} ${n(span)},${n(drop + 4)} ${n(span)},52 Z`;

  // Hair: strands from the crown, mirrored; neat with order, wild without.
  const strands = 5 + Math.round(7 * t(WANDERLUST)), wild = 1 - t(ORDER), long = 10 + 22 * t(WANDERLUST) * (0.6 + 0.4 * f());
  for (let i = 0; i < strands; i++) {
    const share = (i + 0.6) / strands, out = wide * (0.04 + 1.12 * share), rise = high * (1.03 - 0.55 * share * share), bend = (f() - 0.5) * 14 * wild, reach = long * (0.75 + 0.35 * f()) * (0.55 + 0.45 * (1 - share));
    const fall = t(SOCIABILITY) > 0.5 ? 1 : -0.35;
    for (const side of [-1, 1]) {
      const x0 = side * out * 0.8, y0 = -rise + 2, x1 = side * (out + 5 + reach * 0.35 + bend * 0.3), y1 = y0 - reach * (0.75 - share * 0.5) + bend * 0.4, x2 = side * (out + 7 + reach * 0.62), y2 = y0 + fall * reach * (0.35 + share);
      stroke(`M${n(x0)},${y(y0)} Q${n(x1)},${y(y1)} ${n(x2)},${y(y2)}`, share < 0.5 ? light : hsl(hue + 26, 62, 56), 2.5 - 1.5 * share, 0.35 + 0.45 * (1 - share));
    }
  }

  add('path', { d: bust, fill: url('s'), stroke: light, 'stroke-width': 0.7, 'stroke-opacity': 0.55 });
  const head = (k: number) => {
    const w = wide * k, h = high * k, c = chin * (k < 1 ? 0.97 : 1);
    return `M0,${y(-h)} C${n(w * 0.72)},${y(-h)} ${n(w)},${y(-h * 0.62)} ${n(w)},${y(brow * 0.4)} C${n(w)},${y(c * (0.2 + angular * 0.35))} ${n(w * jaw * 1.25)},${y(c * (0.62 + angular * 0.2))} ${n(w * jaw * 0.62)},${y(c * 0.93)} Q${n(w * jaw * 0.3)},${y(c + 1.2)} 0,${y(c + 1.2)} Q${n(-w * jaw * 0.3)},${y(c + 1.2)} ${n(-w * jaw * 0.62)},${y(c * 0.93)} C${n(-w * jaw * 1.25)},${y(c * (0.62 + angular * 0.2))} ${n(-w)},${y(c * (0.2 + angular * 0.35))} ${n(-w)},${y(brow * 0.4)} C${n(-w)},${y(-h * 0.62)} ${n(-w * 0.72)},${y(-h)} 0,${y(-h)} Z`;
  };
  add('path', { d: head(1), fill: url('h'), stroke: light, 'stroke-width': 0.9, 'stroke-opacity': 0.85 });
  // The light of its star on one cheek.
  const side = sunX < 0 ? -1 : 1;
  stroke(`M${n(side * wide * 0.35)},${y(-high * 0.93)} C${n(side * wide * 0.8)},${y(-high * 0.86)} ${n(side * wide * 0.93)},${y(-high * 0.5)} ${n(side * wide * 0.93)},${y(brow * 0.4)} C${n(side * wide * 0.93)},${y(chin * 0.3)} ${n(side * wide * jaw * 1.12)},${y(chin * 0.62)} ${n(side * wide * jaw * 0.6)},${y(chin * 0.86)}`, hsl(hue, 95, 88), 1.5, 0.55);

  // Eyes: open with curiosity, slanted with aggression; the pupil narrows without faith in strangers.
  const eyeX = wide * (0.43 + 0.06 * f()), eyeY = -1.5 + lift, eyeW = 4.9 + 1.9 * t(EMPATHY), open = 1.5 + 2.5 * t(CURIOSITY), slant = 2.6 * (t(AGGRESSION) - 0.42);
  for (const s of [-1, 1]) {
    add('circle', { cx: n(s * eyeX), cy: n(eyeY), r: n(6.5 + 4.5 * t(CURIOSITY)), fill: url('e'), opacity: 0.34 });
    const inner = s * (eyeX - eyeW), outer = s * (eyeX + eyeW);
    add('path', { d: `M${n(inner)},${n(eyeY + slant)} Q${n(s * eyeX)},${n(eyeY - open * 1.5)} ${n(outer)},${n(eyeY - slant)} Q${n(s * eyeX)},${n(eyeY + open * 1.3)} ${n(inner)},${n(eyeY + slant)} Z`, fill: '#050910', stroke: light, 'stroke-width': 0.45, 'stroke-opacity': 0.8 });
    add('circle', { cx: n(s * eyeX), cy: n(eyeY - 0.1), r: n(Math.min(open * 1.12, 3.1)), fill: url('e') });
    add('ellipse', { cx: n(s * eyeX), cy: n(eyeY - 0.1), rx: n(0.35 + 0.75 * t(FAITH)), ry: n(0.85 + 0.4 * open * 0.5), fill: '#04070d' });
    stroke(`M${n(inner * 0.92)},${n(eyeY - open - 1.2 + slant * 1.3)} Q${n(s * eyeX)},${n(eyeY - open - 3.4)} ${n(outer * 1.03)},${n(eyeY - open - 0.6 - slant)}`, light, 0.8, 0.5);
  }
  // Nose and mouth.
  stroke(`M${n(-side * 0.8)},${n(eyeY + 1.5)} L${n(-side * 1.8)},${n(eyeY + 8.2)} L${n(side * 0.9)},${n(eyeY + 8.9)}`, light, 0.6, 0.4);
  const smile = 4.6 * (t(HUMOUR) - 0.42) + 1.4 * (t(EMPATHY) - 0.5), mouth = 4 + 2.6 * t(SOCIABILITY), mouthY = y(chin * 0.66);
  stroke(`M${n(-mouth)},${n(mouthY - smile * 0.35)} Q0,${n(mouthY + smile)} ${n(mouth)},${n(mouthY - smile * 0.35)}`, hsl(hue + 10, 75, 76), 1, 0.8);
  if (detail === 'full') stroke(`M${n(-mouth * 0.42)},${n(mouthY + 2.2 + Math.max(0, smile * 0.4))} Q0,${n(mouthY + 2.9 + smile * 0.5)} ${n(mouth * 0.42)},${n(mouthY + 2.2 + Math.max(0, smile * 0.4))}`, light, 0.5, 0.3);

  // The sigil on the brow: a walk over a small lattice, mirrored.
  const steps = 3 + Math.floor(r() * 3), top = -high * 0.84;
  let px = 0, py = 0, line = `M0,${y(top)}`, mirror = line;
  const nodes: [number, number][] = [[0, 0]];
  for (let i = 0; i < steps; i++) {
    px = Math.min(2, Math.max(0, px + (r() < 0.5 ? 1 : r() < 0.4 ? -1 : 0)));
    py = Math.min(4, py + (r() < 0.75 ? 1 : 0));
    nodes.push([px, py]);
    line += ` L${n(px * 2.5)},${y(top + py * 2.7)}`;
    mirror += ` L${n(-px * 2.5)},${y(top + py * 2.7)}`;
  }
  stroke(line, glow, 0.65, 0.75);
  stroke(mirror, glow, 0.65, 0.75);
  if (detail === 'full') {
    for (const [cx, cy] of nodes) for (const s of cx === 0 ? [1] : [-1, 1]) add('circle', { cx: n(s * cx * 2.5), cy: y(top + cy * 2.7), r: 0.75, fill: '#ffffff', opacity: 0.9 });
    // Marks on the cheeks for those who work much.
    const marks = Math.round(3 * t(DILIGENCE));
    for (let i = 0; i < marks; i++) for (const s of [-1, 1]) stroke(`M${n(s * wide * 0.84)},${y(5 + i * 2.4)} l${n(-s * (3.4 - 0.6 * i))},${n(1 + 1.4 * t(COURAGE))}`, glow, 0.6, 0.55);
  }
  // The disc's edge and the ring of traits.
  add('circle', { cx: 0, cy: 0, r: 52, fill: 'none', stroke: light, 'stroke-width': 0.6, 'stroke-opacity': 0.4 });
  for (let i = 0; i < 16; i++) {
    const at = -Math.PI / 2 + (i / 16) * Math.PI * 2, c = Math.cos(at), s = Math.sin(at), from = 53.4, to = 53.9 + 5.6 * t(i);
    stroke(`M${n(c * from)},${n(s * from)} L${n(c * to)},${n(s * to)}`, t(i) > 0.5 ? light : hsl(hue, 35, 52), 1.5, 0.3 + 0.65 * t(i));
  }
  return { gradients, shapes, light, words: `A face with ${strongest(Array.from({ length: 16 }, (_, i) => traits[i] ?? 128)).join(', ')}` };
}
