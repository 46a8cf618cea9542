/**
 * A small force layout for the relations of one soul: it stands in the middle, whom it loves or hates stands near, who
 * is indifferent far; the others push each other apart. Deterministic: they begin on a circle in their order and a
 * fixed count of steps follows. Names need room, so the push is stronger sideways than up and down.
 */
export interface Node {
  readonly id: string;
  /** 0…1: how much the bond pulls it to the middle. */
  readonly pull: number;
}

export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

const STEPS = 240;

/** @param width, height  of the box; the middle is at (0, 0) and nothing is placed nearer than `margin` to the edge */
export function layRelations(nodes: readonly Node[], width: number, height: number, margin = 26): Placed[] {
  const rx = width / 2 - margin, ry = height / 2 - margin, count = nodes.length;
  const x: number[] = [], y: number[] = [];
  nodes.forEach((_, i) => {
    const at = -Math.PI / 2 + (i / Math.max(1, count)) * Math.PI * 2;
    x.push(Math.cos(at) * rx * 0.7);
    y.push(Math.sin(at) * ry * 0.7);
  });
  const room = Math.sqrt((width * height) / (count + 1)) * 0.62;
  for (let step = 0; step < STEPS; step++) {
    const heat = 0.35 * (1 - step / STEPS) + 0.02;
    for (let i = 0; i < count; i++) {
      const want = 0.42 + 0.5 * (1 - Math.min(1, Math.max(0, nodes[i]!.pull)));
      const ex = x[i]! / rx, ey = y[i]! / ry, away = Math.hypot(ex, ey) || 1e-6;
      let fx = (ex / away) * (want - away) * rx, fy = (ey / away) * (want - away) * ry;
      for (let j = 0; j < count; j++) {
        if (j === i) continue;
        const dx = (x[i]! - x[j]!) / 1.6, dy = y[i]! - y[j]!, d = Math.hypot(dx, dy);
        if (d >= room) continue;
        const push = (room - d) / (d || 1);
        fx += (d === 0 ? (i < j ? -1 : 1) : dx) * push * 1.6;
        fy += dy * push;
      }
      x[i] = Math.max(-rx, Math.min(rx, x[i]! + fx * heat));
      y[i] = Math.max(-ry, Math.min(ry, y[i]! + fy * heat));
    }
  }
  return nodes.map((n, i) => ({ id: n.id, x: Math.round(x[i]! * 10) / 10, y: Math.round(y[i]! * 10) / 10 }));
}
