/** A soul's portrait as SVG elements; see portrait.ts for what it shows. */
import { drawPortrait, type Detail, type Portrait } from './portrait.ts';

const drawn = new Map<string, Portrait>();

/** Portraits are drawn once; the oldest are forgotten. */
export function portraitOf(traits: readonly number[], key: string, detail: Detail): Portrait {
  const name = `${detail}|${key}|${traits.join()}`;
  let p = drawn.get(name);
  if (!p) {
    p = drawPortrait(traits, key, detail);
    if (drawn.size > 64) drawn.delete(drawn.keys().next().value!);
    drawn.set(name, p);
  }
  return p;
}

export function Face(props: { traits: readonly number[]; soulKey: string; size: number; name: string }) {
  const p = portraitOf(props.traits, props.soulKey, props.size < 90 ? 'small' : 'full');
  return (
    <svg class="face" width={props.size} height={props.size} viewBox="-60 -60 120 120" role="img" aria-label={`${props.name}. ${p.words}`}>
      <defs>
        <clipPath id={`${p.gradients[0]!.id}c`}><circle cx="0" cy="0" r="52" /></clipPath>
        {p.gradients.map((g) => {
          const stops = g.stops.map(([offset, colour, opacity], i) => <stop key={i} offset={offset} stop-color={colour} stop-opacity={opacity} />);
          return g.radial ? <radialGradient key={g.id} id={g.id}>{stops}</radialGradient> : <linearGradient key={g.id} id={g.id} x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient>;
        })}
      </defs>
      <g clip-path={`url(#${p.gradients[0]!.id}c)`}>{p.shapes.slice(0, -17).map((s, i) => <s.tag key={i} {...s.attributes} />)}</g>
      {p.shapes.slice(-17).map((s, i) => <s.tag key={i} {...s.attributes} />)}
    </svg>
  );
}
