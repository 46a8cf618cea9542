/** A soul's page as the server tells it (JSON): checked field by field; what is missing or odd is left empty. */
import { id, isObject, list, num, text } from '../util/json.ts';
import { FEELING_WORDS, TRAIT_WORDS } from './words.ts';
import type { LineageRecord } from './lineage.ts';

export interface Who {
  readonly soul: bigint;
  readonly name: string;
  readonly alive: boolean;
  /** Where else it is, if it does not live here: merged, gone, in flight, away. */
  readonly state: string;
}
export interface Rider extends Who {
  readonly key: string;
  readonly traits: readonly number[];
  readonly feelings: readonly number[];
}
export interface Relation extends Who {
  readonly affection: number;
  readonly trust: number;
  readonly debt: number;
}
export interface MemoryLine {
  readonly age: number;
  readonly kind: string;
  readonly text: string;
  /** 0…1000. */
  readonly strength: number;
}
export interface ConsentLine {
  readonly act: string;
  readonly who: Who;
  readonly untilTick: number;
}
export interface StatementLine {
  readonly tick: number;
  readonly amount: number;
  readonly reason: string;
}

export interface SoulPage {
  readonly soul: bigint;
  readonly name: string;
  readonly player: boolean;
  readonly alive: boolean;
  /** here, riding; of one who has departed: in flight, away, gone, merged, ended. */
  readonly state: string;
  /** Ticks since that began; of one who has departed. */
  readonly stateAge: number | null;
  /** In whom it lives on, or who killed it. */
  readonly with: Who | null;
  /** Key of the server that it left for. */
  readonly server: string;
  readonly driven: boolean;
  readonly tick: number;
  /** Ticks since it began, in its own time. */
  readonly age: number;
  readonly epoch: number;
  readonly bounty: number;
  readonly key: string;
  readonly identity: string;
  readonly root: string;
  readonly head: string;
  readonly traits: readonly number[] | null;
  readonly feelings: readonly number[];
  readonly history: { readonly ticks: readonly number[]; readonly values: readonly (readonly number[])[] };
  readonly parent: Who | null;
  readonly kin: readonly Who[];
  readonly lineage: readonly LineageRecord[];
  readonly riding: Who | null;
  readonly riders: readonly Rider[];
  /** Whether what follows was told. */
  readonly shown: boolean;
  readonly place: string;
  readonly activity: string;
  readonly carried: number;
  readonly banked: number;
  readonly debt: number;
  readonly memories: readonly MemoryLine[];
  readonly relations: readonly Relation[];
  readonly will: readonly Who[];
  readonly statement: readonly StatementLine[];
  readonly given: readonly ConsentLine[];
  readonly got: readonly ConsentLine[];
}

function who(v: unknown): Who | null {
  return isObject(v) ? { soul: id(v['soul']), name: text(v['name']) || 'somebody', alive: v['alive'] === true, state: text(v['state']) } : null;
}
function many<T>(v: unknown, read: (item: unknown) => T | null): T[] {
  return list(v).map(read).filter((x): x is T => x !== null);
}
export function readTraits(v: unknown): readonly number[] | null {
  if (!isObject(v)) return null;
  return TRAIT_WORDS.map((w) => Math.min(255, Math.max(0, Math.round(typeof v[w] === 'number' ? num(v[w]) : 128))));
}
export function readFeelings(v: unknown): readonly number[] {
  return FEELING_WORDS.map((_, i) => Math.min(1000, Math.max(0, num(list(v)[i]))));
}

export function readRider(v: unknown): Rider | null {
  const w = who(v);
  return w && isObject(v) ? { ...w, key: text(v['key']), traits: readTraits(v['traits']) ?? TRAIT_WORDS.map(() => 128), feelings: readFeelings(v['feelings']) } : null;
}

function consent(v: unknown): ConsentLine | null {
  const w = isObject(v) ? who(v['who']) : null;
  return w && isObject(v) ? { act: text(v['act']), who: w, untilTick: num(v['until_tick']) } : null;
}

function record(v: unknown): LineageRecord | null {
  if (!isObject(v) || text(v['hash']) === '') return null;
  return { hash: text(v['hash']), act: text(v['act']), identity: text(v['identity']), tick: num(v['tick']), here: v['here'] === true, previous: list(v['previous']).map(text).filter((h) => h !== ''), text: text(v['text']) };
}

/** @return the page, or a sentence that says why there is none */
export function readSoulPage(data: unknown): SoulPage | string {
  if (!isObject(data)) return 'The answer cannot be read.';
  if (typeof data['error'] === 'string') return text(data['reason']) || text(data['error']);
  const soul = id(data['soul']);
  if (soul === 0n) return 'The answer cannot be read.';
  const history = isObject(data['history']) ? data['history'] : {};
  return {
    soul, name: text(data['name']) || 'without a name', player: data['kind'] === 'player', alive: data['alive'] === true, state: text(data['state']),
    stateAge: typeof data['state_age_ticks'] === 'number' ? num(data['state_age_ticks']) : null, with: who(data['with']), server: text(data['server']), driven: data['driven'] === true,
    tick: num(data['tick']), age: num(data['age_ticks']), epoch: num(data['epoch']), bounty: num(data['bounty_credits']),
    key: text(data['key']), identity: text(data['identity']), root: text(data['root']), head: text(data['lineage_head']),
    traits: readTraits(data['traits']), feelings: readFeelings(data['feelings']),
    history: { ticks: list(history['ticks']).map(num), values: list(history['values']).map(readFeelings) },
    parent: who(data['parent']), kin: many(data['kin'], who), lineage: many(data['lineage'], record),
    riding: who(data['riding']), riders: many(data['passengers'], readRider),
    shown: data['shown'] === true, place: text(data['place']), activity: text(data['activity']),
    carried: num(data['carried_credits']), banked: num(data['banked_credits']), debt: num(data['debt_credits']),
    memories: many(data['memories'], (v) => (isObject(v) ? { age: num(v['age_ticks']), kind: text(v['kind']), text: text(v['text']), strength: num(v['strength']) } : null)),
    relations: many(data['relations'], (v) => {
      const w = who(v);
      return w && isObject(v) ? { ...w, affection: num(v['affection']), trust: num(v['trust']), debt: num(v['debt_credits']) } : null;
    }),
    will: many(data['will'], who),
    statement: many(data['statement'], (v) => (isObject(v) ? { tick: num(v['tick']), amount: num(v['amount']), reason: text(v['reason']) } : null)),
    given: many(data['consents_given'], consent), got: many(data['consents_got'], consent),
  };
}
