/** An awake galaxy as its page follows it: host, passengers, and the stream of senses and talk, newest last. */
import { signal } from '@preact/signals';
import { readRider, type Rider } from '../soul/page.ts';

export interface AwakeItem {
  readonly id: number;
  readonly tick: number;
  readonly kind: 'text' | 'picture' | 'transcript' | 'said';
  readonly source: string;
  readonly text: string;
  readonly picture: string;
  /** Who said it. */
  readonly soul: bigint;
}
export interface AwakeState {
  readonly name: string;
  readonly tick: number;
  readonly host: Rider | null;
  readonly passengers: readonly Rider[];
}

export const awake = signal<AwakeState | null>(null);
export const stream = signal<readonly AwakeItem[]>([]);
export const awakeProblem = signal('');
/** The galaxy wants the host's token. */
export const wantsToken = signal(false);
export const token = signal('');

const KEPT = 200, KINDS = new Set(['text', 'picture', 'transcript', 'said']);

export function readItem(v: unknown): AwakeItem | null {
  const o = typeof v === 'object' && v !== null ? (v as Record<string, unknown>) : {};
  const str = (k: string) => (typeof o[k] === 'string' ? o[k] : ''), kind = str('kind');
  if (typeof o['id'] !== 'number' || !KINDS.has(kind)) return null;
  const picture = str('picture');
  return {
    id: o['id'], tick: typeof o['tick'] === 'number' ? o['tick'] : 0, kind: kind as AwakeItem['kind'], source: str('source'), text: str('text'),
    picture: /^\/api\/senses\/[0-9a-f]{64}$/.test(picture) ? picture : '', soul: /^\d{1,20}$/.test(str('soul')) ? BigInt(str('soul')) : 0n,
  };
}

/** New items after those that are there; a repeated one is passed over. */
export function addItems(before: readonly AwakeItem[], list: readonly unknown[]): readonly AwakeItem[] {
  const last = before[before.length - 1]?.id ?? 0;
  const fresh = list.map(readItem).filter((i): i is AwakeItem => i !== null && i.id > last).sort((a, b) => a.id - b.id);
  return fresh.length === 0 ? before : [...before, ...fresh].slice(-KEPT);
}

export function headers(): Record<string, string> {
  return token.value === '' ? {} : { authorization: `Bearer ${token.value}` };
}

let cursor = 0, running = false;

async function look(patient: boolean): Promise<void> {
  const answer = await fetch(`/api/awake?cursor=${cursor}${patient ? '&wait=1' : ''}`, { headers: headers() });
  const data = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) {
    wantsToken.value ||= answer.status === 401;
    throw new Error(typeof data['reason'] === 'string' ? data['reason'] : `The galaxy answers ${answer.status}.`);
  }
  wantsToken.value = false;
  awake.value = {
    name: typeof data['name'] === 'string' ? data['name'] : '', tick: typeof data['tick'] === 'number' ? data['tick'] : 0,
    host: readRider(data['host']), passengers: (Array.isArray(data['passengers']) ? (data['passengers'] as unknown[]) : []).map(readRider).filter((r): r is Rider => r !== null),
  };
  stream.value = addItems(stream.value, Array.isArray(data['items']) ? (data['items'] as unknown[]) : []);
  if (typeof data['cursor'] === 'number') cursor = data['cursor'];
  awakeProblem.value = '';
}

/** Follows the galaxy as long as the page is open: news at once by waiting, feelings every few seconds. */
export async function followAwake(): Promise<void> {
  if (running) return;
  running = true;
  setInterval(() => { look(false).catch(() => undefined); }, 3000);
  for (let patient = false; ; patient = true) {
    try {
      await look(patient);
    } catch (error) {
      awakeProblem.value = error instanceof TypeError ? 'The galaxy does not answer. Trying again…' : error instanceof Error ? error.message : String(error);
      await new Promise((resolve) => { setTimeout(resolve, 2000); });
      patient = false;
    }
  }
}

export async function feed(body: BodyInit, type: string, query = ''): Promise<void> {
  const answer = await fetch(`/api/senses${query}`, { method: 'POST', headers: { 'content-type': type, ...headers() }, body });
  if (answer.ok) return;
  const data = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  wantsToken.value ||= answer.status === 401;
  throw new Error([data['reason'], data['what_to_do']].filter((t) => typeof t === 'string').join(' ') || `The galaxy answers ${answer.status}.`);
}
