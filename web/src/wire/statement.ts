/** The statement as the server tells it: JSON, `lines` with the newest first. */
import type { StatementRow } from '../state/model.ts';

function whole(v: unknown): number | undefined {
  const n = typeof v === 'string' ? Number(v) : v;
  return typeof n === 'number' && Number.isFinite(n) ? Math.trunc(n) : undefined;
}

/** Rows that are not understood are left out; unreadable text keeps what was there. */
export function readStatement(bytes: Uint8Array, before: readonly StatementRow[]): readonly StatementRow[] {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return before;
  }
  const list = (data as { lines?: unknown } | null)?.lines;
  if (!Array.isArray(list)) return before;
  const rows: StatementRow[] = [];
  for (const item of list as unknown[]) {
    if (typeof item !== 'object' || item === null) continue;
    const r = item as Record<string, unknown>;
    const amount = whole(r['amount']), at = whole(r['tick']), reason = r['reason'];
    if (amount === undefined || at === undefined || typeof reason !== 'string') continue;
    rows.push({ id: rows.length, tick: at, amount, reason });
  }
  return rows;
}
