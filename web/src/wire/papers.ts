/**
 * Papers: what a soul that keeps its own key has to sign for an act, as the server has written it. Whoever signs looks
 * first whether it is what was asked for, since a signature in a lineage holds for ever and a server may lie
 * (souls/paper.c does the same for programs). docs/souls.md, Signing for oneself.
 */
import { id, isObject, text } from '../util/json.ts';
import { canonical, hex, Refusal, type JsonObject, type JsonValue, type Signer } from './orders.ts';

export interface ToSign {
  readonly number: number;
  /** Whose: the soul's, the other branch's, the copy's that is to be. */
  readonly by: string;
  readonly soul: bigint;
  readonly name: string;
  readonly kind: string;
  readonly key: string;
  /** Exactly what is signed, with its prefix. */
  readonly text: string;
}
export interface Paper {
  readonly id: string;
  readonly act: string;
  /** Who wants it; 0: the host of the server. */
  readonly asker: bigint;
  readonly askerName: string;
  readonly soul: bigint;
  readonly name: string;
  /** Where to, of a departure to another server. */
  readonly to: string;
  readonly untilUnixS: number;
  readonly founding: JsonObject | null;
  readonly sign: readonly ToSign[];
}
/** What is wanted, or agreed to. */
export interface Wish {
  readonly act: string;
  /** The copy's own key; absent: whichever the paper says. */
  readonly copyKey?: string;
  /** Key of the server to go to; absent: whichever the paper says. */
  readonly to?: string;
}

const isHex = (v: string, digits: number): boolean => v.length === digits && /^[0-9a-f]*$/.test(v);

export function readPaper(data: unknown): Paper | null {
  if (!isObject(data) || !Array.isArray(data['sign']) || !isHex(text(data['paper']), 32)) return null;
  const sign: ToSign[] = [];
  for (const item of data['sign'] as unknown[]) {
    if (!isObject(item) || typeof item['number'] !== 'number' || !isHex(text(item['key']), 64)) return null;
    sign.push({ number: item['number'], by: text(item['by']), soul: id(item['soul']), name: text(item['name']), kind: text(item['kind']), key: text(item['key']), text: text(item['text']) });
  }
  return {
    id: text(data['paper']), act: text(data['act']), asker: id(data['asker']), askerName: text(data['asker_name']), soul: id(data['soul']), name: text(data['name']), to: text(data['to']),
    untilUnixS: typeof data['until'] === 'number' ? data['until'] : 0, founding: isObject(data['founding']) ? data['founding'] as JsonObject : null, sign,
  };
}

/** Is nothing but the beginning of its lineage signed here? */
export const foundsOnly = (paper: Paper): boolean => paper.sign.every((s) => s.text.startsWith('infinity-lineage-1\n{"act":"founded"'));

async function sha256(value: JsonValue): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical(value)))));
}

const LINEAGE = 'infinity-lineage-1\n', MANDATE = 'infinity-mandate-1\n', NOWHERE = '0'.repeat(64);

/** Why this text is not to be signed for that, or nothing. */
export async function problemOf(paper: Paper, item: ToSign, wish: Wish): Promise<string> {
  const prefix = [LINEAGE, MANDATE].find((p) => item.text.startsWith(p));
  if (!prefix) return 'it is neither a record of a lineage nor a mandate';
  let object: Record<string, unknown>;
  try {
    const data: unknown = JSON.parse(item.text.slice(prefix.length));
    if (!isObject(data) || canonical(data as JsonObject) !== item.text.slice(prefix.length)) return 'it is not in the one form that is signed';
    object = data;
  } catch {
    return 'it is no JSON';
  }
  const detail = isObject(object['detail']) ? object['detail'] : {};
  if (prefix === MANDATE) {
    const to = text(object['to']);
    if (object['act'] !== 'departed' || object['format'] !== 'infinity-mandate-1' || (wish.act !== 'cut' && wish.act !== 'download')) return 'it is a mandate for leaving';
    return (to === NOWHERE) !== (wish.act === 'download') || (wish.to !== undefined && wish.to !== to) ? 'it leads to another server' : '';
  }
  const founding = isObject(detail['founding']) ? detail['founding'] as JsonObject : null;
  if (founding && (object['act'] === 'founded' || (object['act'] === 'copied' && wish.act === 'copy'))) {
    return founding['key'] === item.key && object['identity'] === await sha256(founding) ? '' : 'it founds somebody else';
  }
  if (object['act'] === 'copied' && wish.act === 'copy') {
    if (!paper.founding || detail['copy'] !== await sha256(paper.founding) || paper.founding['parent'] !== object['identity']) return 'the copy that it names is another one';
    return wish.copyKey !== undefined && paper.founding['key'] !== wish.copyKey ? 'the copy would have another key' : '';
  }
  return object['act'] === 'merged' && wish.act === 'merge' ? '' : 'it is a record of something else';
}

/**
 * Signs what these keys can sign of it; nothing at all if one of those texts is not what was wished for.
 * Gives the body of `sign`, or null if there is nothing for these keys.
 */
export async function signPaper(paper: Paper, wish: Wish, signers: readonly Signer[]): Promise<JsonObject | null> {
  const signatures: JsonObject[] = [];
  for (const item of paper.sign) {
    const signer = signers.find((s) => hex(s.publicKey) === item.key);
    if (!signer) continue;
    const problem = await problemOf(paper, item, wish);
    if (problem) throw new Refusal(`The server wants something signed that was not asked for: ${problem}.`, 'Nothing was signed.', 0);
    signatures.push({ number: item.number, signature: hex(await signer.sign(new TextEncoder().encode(item.text))) });
  }
  return signatures.length > 0 ? { paper: paper.id, signatures } : null;
}

/** What a yes means, for people. */
export function meaning(paper: Paper): string {
  switch (paper.act) {
    case 'copy': return `${paper.name || 'a copy'} will live beside you, with your memories. You keep everything; your lineage says so for ever`;
    case 'merge': return 'two branches become one: every memory once, money summed, and your lineage says so for ever';
    case 'cut': return `you leave with all that you have${paper.to ? ` for ${paper.to}` : ''}`;
    case 'download': return 'you leave into a file, and live nowhere until it wakes';
    default: return 'something is done with your soul';
  }
}
