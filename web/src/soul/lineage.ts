/**
 * A lineage as a drawing: time runs down, each identity has a lane, a record is a dot on it. A copy branches off into a
 * new lane; a merge runs two lanes together. Records come in any order and may be incomplete (what was signed before a
 * soul came here may be unknown): a record whose predecessors are missing simply begins its lane.
 */
export interface LineageRecord {
  readonly hash: string;
  readonly act: string;
  readonly identity: string;
  /** Of the galaxy where it was made: comparable with others of that galaxy only. */
  readonly tick: number;
  /** It was made in this galaxy. */
  readonly here: boolean;
  readonly previous: readonly string[];
  /** What a person may read beside the dot. */
  readonly text: string;
}

export interface LineageDot {
  readonly record: LineageRecord;
  readonly row: number;
  readonly lane: number;
  /** No later record of the lineage follows this one. */
  readonly head: boolean;
}

export interface LineageLine {
  readonly from: { readonly row: number; readonly lane: number };
  readonly to: { readonly row: number; readonly lane: number };
  readonly kind: 'same' | 'branch' | 'merge';
}

export interface LineageDrawing {
  readonly dots: readonly LineageDot[];
  readonly lines: readonly LineageLine[];
  readonly lanes: number;
  /** Records name each other in a circle, or one twice: those are left out. */
  readonly broken: boolean;
}

/** Orders records so that predecessors come first; ties by tick, then by hash, so the drawing is always the same. */
export function orderRecords(records: readonly LineageRecord[]): { readonly list: LineageRecord[]; readonly broken: boolean } {
  const byHash = new Map<string, LineageRecord>();
  let broken = false;
  for (const r of records) {
    if (byHash.has(r.hash)) broken = true;
    else byHash.set(r.hash, r);
  }
  const waits = new Map<string, number>(), next = new Map<string, string[]>();
  for (const r of byHash.values()) {
    const known = [...new Set(r.previous)].filter((p) => byHash.has(p));
    waits.set(r.hash, known.length);
    for (const p of known) next.set(p, [...(next.get(p) ?? []), r.hash]);
  }
  const earlier = (a: LineageRecord, b: LineageRecord) => a.tick - b.tick || (a.hash < b.hash ? -1 : 1);
  const ready = [...byHash.values()].filter((r) => waits.get(r.hash) === 0).sort(earlier);
  const list: LineageRecord[] = [];
  while (ready.length > 0) {
    const r = ready.shift()!;
    list.push(r);
    for (const h of next.get(r.hash) ?? []) {
      const left = waits.get(h)! - 1;
      waits.set(h, left);
      if (left > 0) continue;
      const record = byHash.get(h)!, at = ready.findIndex((o) => earlier(record, o) < 0);
      ready.splice(at < 0 ? ready.length : at, 0, record);
    }
  }
  return { list, broken: broken || list.length < byHash.size };
}

export function drawLineage(records: readonly LineageRecord[]): LineageDrawing {
  const { list, broken } = orderRecords(records);
  const lanes = new Map<string, number>(), placed = new Map<string, LineageDot>();
  const followed = new Set(list.flatMap((r) => r.previous));
  const dots: LineageDot[] = [], lines: LineageLine[] = [];
  list.forEach((record, row) => {
    let lane = lanes.get(record.identity);
    if (lane === undefined) {
      lane = lanes.size;
      lanes.set(record.identity, lane);
    }
    const dot = { record, row, lane, head: !followed.has(record.hash) };
    dots.push(dot);
    placed.set(record.hash, dot);
    for (const p of new Set(record.previous)) {
      const from = placed.get(p);
      if (!from) continue;
      const kind = from.lane === lane ? 'same' : record.act === 'merged' ? 'merge' : 'branch';
      lines.push({ from: { row: from.row, lane: from.lane }, to: { row, lane }, kind });
    }
  });
  return { dots, lines, lanes: Math.max(1, lanes.size), broken };
}

const ACTS: Readonly<Record<string, string>> = {
  founded: 'founded', copied: 'copied', merged: 'merged', departed: 'left', arrived: 'arrived', downloaded: 'went into a file', woken: 'woke from a file',
};

/** A word for the act of a record; an unknown one is shown as it is. */
export function actWord(act: string): string {
  return ACTS[act] ?? act;
}
